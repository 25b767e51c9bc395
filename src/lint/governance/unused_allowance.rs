//! `unused-allowance`: an allowance that hides nothing.

use crate::diagnostic::{Fix, Severity};
use crate::lint::{Allowance, Context, Example, Findings, FixKind, Group, Lint, named};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unused-allowance",
    group: Group::Governance,
    level: Severity::Warning,
    what: "A comment `# allow(name): reason` hides no finding: nothing of that name is found in what it stands on.",
    why: "It speaks of a state of the policy that is past. Left there, it hides the next finding, which nobody looked at.",
    example: Example::new(
        r#"policy "Inbound leads"

# allow(no-owner): the pilot has none until January
owner "revops@example.com"

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

owner "revops@example.com"

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::Safe,
    // Only after all other lints it is known what they found: see `report`.
    run: |_, _| {},
};

/// Reports allowances of lints that ran and that hid nothing.
pub(in crate::lint) fn report(
    context: &Context<'_>,
    allowances: &[Allowance],
    ran: &[&'static str],
    findings: &mut Findings,
) {
    for allowance in allowances {
        let unused = |index: usize, name: &str| !allowance.used[index] && ran.contains(&name) && named(name).is_some();
        let names = allowance.names.iter().enumerate();
        let idle: Vec<_> = names.filter(|(index, (name, _))| unused(*index, name)).map(|(_, name)| name).collect();
        let whole = idle.len() == allowance.names.len();
        for (name, span) in idle {
            let finding = findings.at(*span, format!("nothing is found here that `{name}` could allow"));
            let finding = match whole {
                true => finding
                    .help("remove the comment")
                    .fix(Fix::new("remove the comment").remove(context.lines(allowance.comment))),
                false => finding.help("remove the name"),
            };
            findings.push(finding);
        }
    }
}
