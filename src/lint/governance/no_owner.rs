//! `no-owner`: nobody answers for the policy.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "no-owner",
    group: Group::Governance,
    level: Severity::Warning,
    what: "The policy names no `owner`.",
    why: "Somebody has to answer when a lead is decided wrongly, and to say yes when the policy changes. A policy without \
          an owner is changed by whoever comes by.",
    example: Example::new(
        r#"policy "Inbound leads"

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

owner "revops@example.com"

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if !context.program().meta.owners.is_empty() {
        return;
    }
    let finding = findings.at(context.head(), "nobody owns this policy");
    findings.push(finding.help("name who answers for it: `owner \"revops@example.com\"`"));
}
