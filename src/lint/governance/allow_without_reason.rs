//! `allow-without-reason`: an allowance that does not say why.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "allow-without-reason",
    group: Group::Governance,
    level: Severity::Error,
    what: "A comment `# allow(name)` gives no reason.",
    why: "An allowance says that somebody looked at a finding and found it right. Without the reason nobody can tell \
          whether it still is.",
    example: Example::new(
        r#"policy "Inbound leads" # allow(no-owner)

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads" # allow(no-owner): the pilot has none until January

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for allowance in context.allowances().iter().filter(|allowance| allowance.reason.is_none()) {
        let names: Vec<&str> = allowance.names.iter().map(|(name, _)| name.as_str()).collect();
        let finding = findings.at(allowance.comment, "this allowance has no reason");
        findings.push(finding.help(format!("say why: `# allow({}): the reason`", names.join(", "))));
    }
}
