//! `no-version`: decisions cannot say which policy made them.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "no-version",
    group: Group::Governance,
    level: Severity::Warning,
    what: "The policy has no `version`.",
    why: "Every decision names the policy and its version. When somebody asks next year why a lead was turned down, the \
          version tells which rules held that day.",
    example: Example::new(
        r#"policy "Inbound leads"

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

version "2026.1"

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.program().meta.version.is_none() {
        let finding = findings.at(context.head(), "this policy has no version");
        findings.push(finding.help("give it one, and another with each change that is agreed: `version \"2026.1\"`"));
    }
}
