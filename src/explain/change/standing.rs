//! What differs in where a lead stands.

use crate::eval::{CheckVerdict, FitVerdict};
use crate::explain::model::*;
use crate::explain::outline::{plainly, why_not_line};

/// Stage, route, bands, cells, fits, checks, personas and reasons to disqualify that differ.
pub(super) fn standing(then: &Explanation, now: &Explanation) -> Vec<Changed> {
    let mut out = Vec::new();
    let label = |name: &Option<Name>| name.as_ref().map(|name| name.label.clone());
    let plain = |what: &str, label: &str| Name { name: what.to_owned(), label: label.to_owned() };
    push(&mut out, plain("stage", "Stage"), label(&then.stage), label(&now.stage), || stage(then, now));
    let route = |explanation: &Explanation| explanation.route.as_ref().map(|route| route.item.label.clone());
    push(&mut out, plain("route", "Route"), route(then), route(now), Vec::new);
    pairs(
        &then.bands,
        &now.bands,
        |bands| &bands.item,
        &mut out,
        |bands| (bands.band.label.clone(), format!("{} is {}", bands.of.label, bands.points)),
    );
    pairs(
        &then.matrices,
        &now.matrices,
        |matrix| &matrix.item,
        &mut out,
        |matrix| {
            let side = |side: &AxisPlace| format!("{}: {}", side.of.label, side.place.label);
            (matrix.cell.label.clone(), format!("{} × {}", side(&matrix.row), side(&matrix.column)))
        },
    );
    pairs(&then.disqualify, &now.disqualify, |reason| &reason.item, &mut out, |reason| condition(&reason.condition));
    pairs(
        &then.fits,
        &now.fits,
        |fit| &fit.item,
        &mut out,
        |fit| {
            let verdict = match fit.verdict {
                FitVerdict::Fits => "fits",
                FitVerdict::Fails => "does not fit",
                FitVerdict::Unknown => "not known",
            };
            (verdict.to_owned(), format!("{} of {} checks pass", fit.passed, fit.checks.len()))
        },
    );
    let checks = |explanation: &'_ Explanation| -> Vec<CheckItem> {
        explanation.fits.iter().flat_map(|fit| fit.checks.clone()).collect()
    };
    pairs(
        &checks(then),
        &checks(now),
        |check| &check.item,
        &mut out,
        |check| {
            let verdict = match check.verdict {
                CheckVerdict::Passes => "passes",
                CheckVerdict::Fails => "fails",
                CheckVerdict::Unknown => "not known",
            };
            (verdict.to_owned(), plainly(&check.condition.because, 3))
        },
    );
    pairs(&then.personas, &now.personas, |persona| &persona.item, &mut out, |persona| condition(&persona.condition));
    out
}

fn condition(condition: &Condition) -> (String, String) {
    let truth = match condition.truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "not known",
    };
    (truth.to_owned(), plainly(&condition.because, 3))
}

/// Declarations of both, by name: those whose value differs, or that only one has.
fn pairs<T>(
    then: &[T],
    now: &[T],
    item: impl Fn(&T) -> &Item,
    out: &mut Vec<Changed>,
    value: impl Fn(&T) -> (String, String),
) {
    let gone = then.iter().filter(|then| !now.iter().any(|now| item(now).name == item(then).name));
    for declared in now.iter().chain(gone) {
        let name = &item(declared).name;
        let of = |all: &[T]| all.iter().find(|other| item(other).name == *name).map(&value);
        let (before, after) = (of(then), of(now));
        let why = || after.clone().or(before.clone()).map(|(_, why)| why).filter(|why| !why.is_empty());
        let what = Name { name: name.clone(), label: item(declared).label.clone() };
        let text = |value: &Option<(String, String)>| value.as_ref().map(|(text, _)| text.clone());
        push(out, what, text(&before), text(&after), || why().into_iter().collect());
    }
}

fn push(
    out: &mut Vec<Changed>,
    what: Name,
    then: Option<String>,
    now: Option<String>,
    why: impl FnOnce() -> Vec<String>,
) {
    if then != now {
        out.push(Changed { what, then, now, why: why() });
    }
}

/// Why the stage is another.
fn stage(then: &Explanation, now: &Explanation) -> Vec<String> {
    if now.disqualified {
        let by = now.disqualify.iter().filter(|reason| reason.condition.truth == Truth::True);
        return by.map(|reason| format!("disqualified: {}", reason.item.label)).collect();
    }
    let place = |name: &Option<Name>| {
        name.as_ref().and_then(|name| now.stages.iter().position(|rung| rung.item.name == name.name))
    };
    let (was, is) = (place(&then.stage), place(&now.stage));
    match (was, is) {
        (Some(was), Some(is)) if is < was => {
            let lost = now.stages.get(was).map(|rung| rung.item.name.as_str());
            let told = now.why_not.iter().filter(|told| Some(told.item.name.as_str()) == lost);
            told.map(|told| fall(told, then.stages.iter().find(|rung| rung.item.name == told.item.name))).collect()
        }
        (_, Some(is)) => {
            let Some(rung) = now.stages.get(is) else { return Vec::new() };
            let kept = rung.keep_while.as_ref().filter(|_| is_kept(rung));
            let why = match kept {
                Some(keep) => Some(format!("kept there, since {}", plainly(&keep.condition.because, 3))),
                None => rung.condition.as_ref().map(|condition| plainly(&condition.because, 3)),
            };
            why.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Why a stage that was reached no longer is: of one that a lead was only kept at, what it was kept by.
fn fall(told: &WhyNot, before: Option<&Rung>) -> String {
    if !told.not_kept.is_empty() && before.is_some_and(is_kept) {
        let only = WhyNot { fails: Vec::new(), unknown: Vec::new(), not_applicable: Vec::new(), ..told.clone() };
        return format!("{} is no longer kept; {}", told.item.label, why_not_line(&only, 4));
    }
    format!("{} is not reached: {}", told.item.label, why_not_line(told, 4))
}

/// Whether a stage is reached only since the lead stood there.
fn is_kept(rung: &Rung) -> bool {
    let met = rung.condition.as_ref().is_none_or(|condition| condition.truth == Truth::True)
        && rung.after.as_ref().is_none_or(|after| after.reached);
    rung.reached && !met && rung.keep_while.is_some()
}
