//! Every observable of an outcome as `name → text`, the form that engines are compared in.

use qualify::check::hir::{Define, DefineId, PartKind, Program, Step};
use qualify::eval::{Evaluator, Outcome};
use qualify::model::{Literal, OUTSIDE, Problem, Scalar, Tri, Type, number, time};
use std::collections::BTreeMap;

/// The observables of an outcome.
pub fn flat(evaluator: &Evaluator<'_>, outcome: &Outcome<'_>, problems: &[Problem]) -> BTreeMap<String, String> {
    let program = evaluator.program();
    let mut out = BTreeMap::new();
    let mut put = |name: String, value: String| {
        assert!(out.insert(name.clone(), value).is_none(), "{name} twice");
    };
    let points = |raw: i64| number::display(raw, 4).to_string();
    let reasons: Vec<&str> = program
        .reasons
        .iter()
        .zip(outcome.reasons.iter())
        .filter(|(_, value)| value.is_true())
        .map(|(reason, _)| reason.name.as_str())
        .collect();
    put("disqualified".into(), reasons.join(","));
    for (reason, value) in program.reasons.iter().zip(outcome.reasons.iter()) {
        put(format!("disqualified.{}", reason.name), value.as_str().into());
    }
    if let Some(stage) = program.stages.get(outcome.stage as usize) {
        put("stage".into(), if outcome.disqualified { "disqualified".into() } else { stage.name.clone() });
    }
    for (place, stage) in program.stages.iter().enumerate() {
        put(format!("stage.{}", stage.name), outcome.reached[place].to_string());
        put(format!("stage.{}.condition", stage.name), outcome.conditions[place].as_str().into());
    }
    for (fit, value) in program.fits.iter().zip(outcome.fits.iter()) {
        put(format!("fit.{}", fit.name), verdict(value.verdict, ["fits", "fails"]));
        for (state, count) in [("passed", value.passed), ("failed", value.failed), ("unknown", value.unknown)] {
            put(format!("fit.{}.{state}", fit.name), count.to_string());
        }
        for check in fit.checks.clone() {
            let check = check as usize;
            let name = format!("check.{}.{}", fit.name, program.checks[check].name);
            put(name, verdict(outcome.checks[check], ["passes", "fails"]));
        }
    }
    for (place, part) in program.parts.iter().enumerate() {
        let kind = match part.kind {
            PartKind::Group { .. } if part.parent.is_none() => {
                put(format!("score.{}", part.name), points(outcome.points[place]));
                continue;
            }
            PartKind::Group { .. } => "group",
            PartKind::Include { .. } => "include",
            _ => "rule",
        };
        let score = &program.parts[part.score.index()].name;
        put(format!("{kind}.{score}.{}", part.name), points(outcome.points[place]));
    }
    let choice = |domain, place: u16| program.schema.domain(domain).choices[place as usize].name.clone();
    for (bands, band) in program.bands.iter().zip(outcome.bands.iter()) {
        put(format!("band.{}", bands.name), choice(bands.domain, *band));
    }
    for (matrix, cell) in program.matrices.iter().zip(outcome.cells.iter()) {
        put(format!("matrix.{}", matrix.name), choice(matrix.domain, *cell));
    }
    for (place, (define, value)) in program.defines.iter().zip(outcome.defines.iter()).enumerate() {
        // A definition that nothing needs is not worked out.
        if !program.order.contains(&Step::Define(DefineId(place as u16))) {
            continue;
        }
        let kind = if define.persona { "persona" } else { "define" };
        put(format!("{kind}.{}", define.name), show(program, define, &value.to_literal()));
    }
    if !program.routes.is_empty() {
        put("route".into(), outcome.route.map_or("none".into(), |route| program.routes[route.index()].name.clone()));
    }
    if let Some(within) = outcome.route.and_then(|route| program.routes[route.index()].within) {
        let reach = evaluator.as_of().reach(program.lengths[within.index()], &program.zone);
        put("route.deadline".into(), millis(reach.ahead));
    }
    for (place, value) in outcome.always.iter().enumerate() {
        put(format!("always.{place}"), value.as_str().into());
    }
    let of_a_field = |problem: &&Problem| program.schema.fields.iter().any(|field| field.name == problem.field);
    for problem in problems.iter().filter(|problem| problem.event.is_none()).filter(of_a_field) {
        put(format!("problem.{}", problem.field), "yes".into());
    }
    out
}

fn verdict(value: Tri, [yes, no]: [&str; 2]) -> String {
    match value {
        Tri::True => yes,
        Tri::False => no,
        Tri::Unknown => "unknown",
    }
    .into()
}

/// RFC 3339 in UTC, always with milliseconds.
pub fn millis(instant: i64) -> String {
    jiff::Timestamp::from_millisecond(instant).map_or("out of range".into(), |instant| format!("{instant:.3}"))
}

fn show(program: &Program, define: &Define, value: &Literal) -> String {
    let condition = define.value.ty == Type::One(Scalar::Bool);
    match value {
        Literal::Missing if condition => "unknown".into(),
        Literal::Missing => "missing".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Number(raw) => number::display(*raw, 6).to_string(),
        Literal::Money(raw) => number::display(*raw, 4).to_string(),
        Literal::Date(day) => time::from_days(*day).to_string(),
        Literal::Time(instant) => millis(*instant),
        Literal::Text(text) => text.to_string(),
        Literal::Choice(OUTSIDE) => "disqualified".into(),
        Literal::Choice(choice) => match define.value.ty {
            Type::One(Scalar::Choice(domain)) => program.schema.domain(domain).choices[*choice as usize].name.clone(),
            _ => choice.to_string(),
        },
        Literal::List(values) => values.iter().map(|value| show(program, define, value)).collect::<Vec<_>>().join(";"),
    }
}
