//! `no-owner`: nobody answers for the policy.

use crate::base::Span;
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
    let head = context.main().and_then(|file| file.items.first()).map_or_else(Span::default, |item| item.span);
    let finding =
        findings.at(head, "nobody owns this policy").help("name who answers for it: `owner \"revops@example.com\"`");
    findings.push(finding);
}
