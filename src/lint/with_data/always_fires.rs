//! `always-fires`: a rule tells no lead from another.

use super::counts::of_leads;
use crate::base::Span;
use crate::check::hir::PartKind;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "always-fires",
    group: Group::WithData,
    level: Severity::Note,
    what: "Of the leads given, every one passes a check, earns the points of an `if` or takes the same case, is \
           disqualified for the same reason, is the same persona, reaches a stage above the first, or takes the same \
           route.",
    why: "What holds for every lead tells none from another. The points are a constant, the check is for show; or the \
          data holds only leads that have been sifted already.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

score profile {
  size "Company size": +10 if employees >= 1
}
"#,
        r#"{"id": "1", "employees": 12}
{"id": "2", "employees": 340}
{"id": "3", "employees": 9}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

score profile {
  size "Company size": +10 if employees >= 50
}
"#,
        r#"{"id": "1", "employees": 12}
{"id": "2", "employees": 340}
{"id": "3", "employees": 9}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let program = context.program();
    let all = of_leads(data.leads, data);
    let mut found: Vec<(Span, String)> = Vec::new();
    for (check, seen) in program.checks.iter().zip(&data.checks) {
        if seen.passes == data.leads {
            let name = format!("{}.{}", program.fits[check.fit.index()].name, check.name);
            found.push((check.span, format!("every lead passes `{name}`: {all}")));
        }
    }
    for (part, seen) in program.parts.iter().zip(&data.parts) {
        let name = format!("{}.{}", program.parts[part.score.index()].name, part.name);
        match &part.kind {
            PartKind::If { .. } if seen.fires == data.leads => {
                found.push((part.span, format!("every lead gets the points of `{name}`: {all}")));
            }
            PartKind::By { cases, .. } | PartKind::FirstOf { cases, .. } => {
                let taken = cases.iter().zip(&seen.cases).find(|(_, count)| **count == data.leads);
                if let Some((case, _)) = taken {
                    found.push((case.span, format!("every lead takes this case of `{name}`: {all}")));
                }
            }
            _ => {}
        }
    }
    for (reason, count) in program.reasons.iter().zip(&data.reasons) {
        if *count == data.leads {
            found.push((reason.span, format!("every lead is disqualified by `{}`: {all}", reason.name)));
        }
    }
    for (define, count) in program.defines.iter().zip(&data.defines) {
        if define.persona && *count == data.leads {
            found.push((define.span, format!("every lead is the persona `{}`: {all}", define.name)));
        }
    }
    for (stage, count) in program.stages.iter().zip(&data.stages).skip(1) {
        if *count == data.leads {
            found.push((stage.span, format!("every lead reaches `{}`: {all}", stage.name)));
        }
    }
    for (route, count) in program.routes.iter().zip(&data.routes) {
        if *count == data.leads && program.routes.len() > 1 {
            found.push((route.span, format!("every lead takes the route `{}`: {all}", route.name)));
        }
    }
    for (span, message) in found {
        findings.push(findings.at(span, message).help("move the line to where it tells leads apart, or leave it out"));
    }
}
