//! `unknown-allowance`: an allowance of a lint that does not exist.

use crate::diagnostic::{Severity, did_you_mean};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint, all, named};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unknown-allowance",
    group: Group::Governance,
    level: Severity::Error,
    what: "A comment `# allow(name): reason` names no lint.",
    why: "It allows nothing: the name is misspelt, or a group, which an allowance cannot name.",
    example: Example::new(
        r#"policy "Inbound leads" # allow(no-ower): the pilot has none until January

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
    for allowance in context.allowances() {
        for (name, span) in allowance.names.iter().filter(|(name, _)| named(name).is_none()) {
            let help = did_you_mean(name, all().map(|lint| lint.name));
            let help = help.unwrap_or_else(|| "`qualify lint --list` shows all names".to_owned());
            findings.push(findings.at(*span, format!("no lint is called `{name}`")).help(help));
        }
    }
}
