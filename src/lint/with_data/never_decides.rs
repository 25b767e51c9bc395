//! `never-decides`: a check of a fit changes the verdict on no lead.

use super::counts::{of_leads, thousands};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "never-decides",
    group: Group::WithData,
    level: Severity::Note,
    what: "Of the leads given, none would get another verdict if every lead passed this check (where not all checks are \
           needed: nor if every lead failed it). Some pass it and some do not, but whoever does not fails another check \
           too.",
    why: "The check costs a question on the form and an answer from the lead, and changes nothing.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  country   text
  employees int
}

fit icp {
  in_us "Lives in the US":       country is "US"
  size  "Has 50 people or more": employees >= 50
}
"#,
        r#"{"id": "1", "country": "US", "employees": 80}
{"id": "2", "country": "US", "employees": 20}
{"id": "3", "country": "DE", "employees": 12}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  country   text
  employees int
}

fit icp {
  size "Has 50 people or more": employees >= 50
}
"#,
        r#"{"id": "1", "country": "US", "employees": 80}
{"id": "2", "country": "US", "employees": 20}
{"id": "3", "country": "DE", "employees": 12}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let program = context.program();
    for (check, seen) in program.checks.iter().zip(&data.checks) {
        // Checks that all leads pass or none does are reported as such.
        let fit = &program.fits[check.fit.index()];
        if seen.decides > 0 || seen.passes == 0 || seen.passes == data.leads || fit.checks.len() < 2 {
            continue;
        }
        let name = format!("{}.{}", fit.name, check.name);
        let finding = findings
            .at(check.span, format!("`{name}` never decides: it changes the verdict on {}", of_leads(0, data)))
            .here(format!("{} pass it, and who does not fails another check too", thousands(seen.passes)))
            .help("leave it out, or move it to the points");
        findings.push(finding);
    }
}
