//! `never-fires`: real leads never meet a rule.

use super::Statistics;
use super::counts::{data_says, of_leads, thousands};
use crate::base::Span;
use crate::check::hir::{Expr, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "never-fires",
    group: Group::WithData,
    level: Severity::Note,
    what: "Of the leads given, none passes a check, earns the points of a rule or takes one of its cases, is disqualified \
           for a reason, reaches a stage, stands in a band, is a persona, or takes a route.",
    why: "Either such leads are rare, or the rule looks for what the data spells otherwise. The finding says what the data \
          holds.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id      text key
  country text
}

fit icp {
  in_us "Lives in the US": country is "United States"
}
"#,
        r#"{"id": "1", "country": "US"}
{"id": "2", "country": "US"}
{"id": "3", "country": "DE"}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id      text key
  country text
}

fit icp {
  in_us "Lives in the US": country is "US"
}
"#,
        r#"{"id": "1", "country": "US"}
{"id": "2", "country": "US"}
{"id": "3", "country": "DE"}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let program = context.program();
    let mut found: Vec<(Span, String, String, Option<&Expr>)> = Vec::new();
    let none = of_leads(0, data);
    for (check, seen) in program.checks.iter().zip(&data.checks) {
        if seen.passes == 0 {
            let name = format!("{}.{}", program.fits[check.fit.index()].name, check.name);
            let here = format!("{} fail, of {} it is not known", thousands(seen.fails), thousands(seen.unknown));
            found.push((check.span, format!("no lead passes `{name}`: {none}"), here, Some(&check.condition)));
        }
    }
    for (part, seen) in program.parts.iter().zip(&data.parts) {
        let name = format!("{}.{}", program.parts[part.score.index()].name, part.name);
        let plain = |what: &str| (part.span, format!("{what} `{name}`: {none}"), String::new());
        match &part.kind {
            PartKind::If { condition, .. } if seen.fires == 0 => {
                let (span, message, here) = plain("no lead gets the points of");
                found.push((span, message, here, Some(condition)));
            }
            PartKind::Per(_) | PartKind::PerPeriod { .. } if seen.fires == 0 => {
                let (span, message, here) = plain("no lead gets the points of");
                found.push((span, message, here, None));
            }
            PartKind::By { cases, value, .. } => {
                cases_of(data, &name, cases, &seen.cases, Some(value), &mut found);
            }
            PartKind::FirstOf { cases, .. } => cases_of(data, &name, cases, &seen.cases, None, &mut found),
            _ => {}
        }
    }
    for (reason, count) in program.reasons.iter().zip(&data.reasons) {
        if *count == 0 {
            let message = format!("no lead is disqualified by `{}`: {none}", reason.name);
            found.push((reason.span, message, String::new(), Some(&reason.condition)));
        }
    }
    for (define, count) in program.defines.iter().zip(&data.defines) {
        if define.persona && *count == 0 {
            let message = format!("no lead is the persona `{}`: {none}", define.name);
            found.push((define.span, message, String::new(), Some(&define.value)));
        }
    }
    for (bands, counts) in program.bands.iter().zip(&data.bands) {
        let choices = &program.schema.domain(bands.domain).choices;
        for (choice, _) in choices.iter().zip(counts).filter(|(_, count)| **count == 0) {
            let message = format!("no lead is in the band `{}` of `{}`: {none}", choice.name, bands.name);
            found.push((bands.span, message, String::new(), None));
        }
    }
    for (stage, count) in program.stages.iter().zip(&data.stages) {
        if *count == 0 {
            let condition = stage.condition.as_ref();
            found.push((stage.span, format!("no lead reaches `{}`: {none}", stage.name), String::new(), condition));
        }
    }
    for (route, count) in program.routes.iter().zip(&data.routes) {
        if let (Some(condition), 0) = (&route.condition, *count) {
            found.push((
                route.span,
                format!("no lead takes the route `{}`: {none}", route.name),
                String::new(),
                Some(condition),
            ));
        }
    }
    for (span, message, here, condition) in found {
        let says = condition.and_then(|condition| data_says(program, data, condition));
        let help = says
            .unwrap_or_else(|| "is it spelled as the data has it, and is the line where it ought to be?".to_owned());
        findings.push(findings.at(span, message).here(here).help(help));
    }
}

fn cases_of<'p>(
    data: &Statistics,
    name: &str,
    cases: &'p [crate::check::hir::Case],
    counts: &[u64],
    value: Option<&'p Expr>,
    found: &mut Vec<(Span, String, String, Option<&'p Expr>)>,
) {
    for (case, count) in cases.iter().zip(counts) {
        if *count == 0 {
            let message = format!("no lead takes this case of `{name}`: {}", of_leads(0, data));
            found.push((case.span, message, String::new(), Some(value.unwrap_or(&case.condition))));
        }
    }
}
