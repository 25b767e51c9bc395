//! A few lines: where a lead stands, what speaks for it and against it, the one next step.

use super::{About, Block, Entry, Fact, Mark, Section, plans, points, screen, signed, standing};
use crate::eval::FitVerdict;
use crate::explain::model::{Explanation, How, PartItem, Truth};

/// So many reasons a side.
const REASONS: usize = 3;

pub(super) fn sections(explanation: &Explanation) -> Vec<Section> {
    let mut facts: Vec<Fact> = standing::head(explanation, false);
    facts.retain(|fact| !matches!(fact.name.as_str(), "Bands" | "Persona"));
    let mut fact = |name: &str, mark: Mark, text: String| {
        if !text.is_empty() {
            facts.push(Fact { name: name.to_owned(), text, mark });
        }
    };
    let (good, bad) = reasons(explanation);
    fact("For", Mark::Good, good.join("; "));
    fact("Against", Mark::Bad, bad.join("; "));
    if let Some(next) = explanation.why_not.first().filter(|_| !explanation.disqualified) {
        let name = if next.standing == Truth::Unknown { "Not known" } else { "Not yet" };
        fact(name, Mark::Open, format!("{}: {}", next.item.label, standing::why_not_line(next, 3)));
    }
    let plans = explanation.outlook.as_ref().and_then(|outlook| outlook.plans.as_ref());
    if explanation.disqualified {
        fact("Next", Mark::Plain, plans::undone(explanation));
    } else if let Some((plans, plan)) = plans.and_then(|plans| Some((plans, plans.plans.first()?))) {
        let text = match plan.passes_by {
            true => format!("straight to {}: {}", plan.stage.label, plans::told(plan)),
            false => format!("for {}: {}", plans.goal.label, plans::told(plan)),
        };
        fact("Next", Mark::Plain, text);
    }
    vec![screen::section(About::Head, "", vec![Block::Facts(facts)])]
}

/// What speaks for the lead and against it, the most first.
fn reasons(explanation: &Explanation) -> (Vec<String>, Vec<String>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for reason in explanation.disqualify.iter().filter(|reason| reason.condition.truth == Truth::True) {
        bad.push(format!("disqualified: {}", reason.item.label));
    }
    for fit in explanation.fits.iter().filter(|fit| explanation.matters.contains(&fit.item.name)) {
        let failed = fit.checks.iter().filter(|check| check.condition.truth == Truth::False);
        match fit.verdict {
            FitVerdict::Fits => good.push(format!("“{}” is met", fit.item.label)),
            FitVerdict::Fails => {
                let failed: Vec<&str> = failed.map(|check| check.item.label.as_str()).collect();
                bad.push(format!("“{}” is not met ({})", fit.item.label, failed.join(", ")));
            }
            FitVerdict::Unknown => bad.push(format!("“{}” is not known", fit.item.label)),
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut losses: Vec<(i64, String)> = Vec::new();
    for score in standing::mattering(explanation) {
        entries.extend(points::short(explanation, score, usize::MAX, 0, usize::MAX).entries);
        lost(&score.parts, &mut losses);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.points.map_or(0, |points| points.0.unsigned_abs())));
    for entry in &entries {
        let Some(points) = entry.points else { continue };
        let side = if points.0 > 0 { &mut good } else { &mut bad };
        side.push(format!("{} {}", signed(points), entry.label));
    }
    losses.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    bad.extend(losses.into_iter().map(|(_, text)| text));
    good.truncate(REASONS);
    bad.truncate(REASONS);
    (good, bad)
}

/// Points that events gave once or would give, and do not.
fn lost(parts: &[PartItem], out: &mut Vec<(i64, String)>) {
    for part in parts {
        match &part.how {
            How::Group { parts, .. } => lost(parts, out),
            How::Per(per) if per.raw.0 > part.points.0 && per.raw.0 > 0 => {
                let causes = [
                    (per.outside, "too old"),
                    (per.duplicates, "the same again and again"),
                    (per.over_cap, "more often than is counted"),
                    (per.decay, "faded"),
                    (per.over_limit, "over a limit of points"),
                ];
                let most = causes.into_iter().max_by_key(|(points, _)| points.0);
                if let Some((points, why)) = most.filter(|(points, _)| points.0 > 0) {
                    out.push((points.0, format!("{} has lost {points} ({why})", part.item.label)));
                }
            }
            _ => {}
        }
    }
}
