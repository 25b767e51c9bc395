//! What it would take to stand higher.

use super::screen::rows;
use super::standing::{mattering, plainly};
use super::{About, Mark, Row, Section};
use crate::explain::model::{Explanation, Truth};
use crate::explain::show::plural;
use crate::whatif::{Blocker, BlockerKind, Plan, PlanPart, Plans};
use crate::words::field_words;

/// What it would take: each plan on a line, the cheapest first.
pub(super) fn plans(explanation: &Explanation, most: usize, all: bool) -> Section {
    let plans = explanation.outlook.as_ref().and_then(|outlook| outlook.plans.as_ref());
    let Some(plans) = plans else { return rows(About::Plans, "", Vec::new()) };
    if explanation.disqualified && !all {
        return rows(About::Plans, "What it would take", vec![Row::new(0, Mark::Plain, undone(explanation))]);
    }
    let title = format!("What it would take to become {}", plans.goal.label);
    rows(About::Plans, &title, lines(explanation, plans, most, all))
}

/// A disqualified lead stays so unless what disqualifies it is wrong.
pub(super) fn undone(explanation: &Explanation) -> String {
    let by = explanation.disqualify.iter().filter(|reason| reason.condition.truth == Truth::True);
    let by: Vec<String> = by.map(|reason| format!("“{}”", reason.item.label)).collect();
    format!("nothing helps as long as {} holds", by.join(" or "))
}

fn lines(explanation: &Explanation, plans: &Plans, most: usize, all: bool) -> Vec<Row> {
    let mut lines = Vec::new();
    for blocker in &plans.itself {
        let text = format!("{} itself is out of reach: {}", plans.goal.label, self::blocker(blocker, explanation));
        lines.push(Row::new(0, Mark::Bad, text));
    }
    let shown = plans.plans.len().min(most);
    for (place, plan) in plans.plans.iter().take(most).enumerate() {
        let mut text = told(plan);
        if plan.passes_by {
            text = format!("straight to {}, which needs no stage before it: {text}", plan.stage.label);
        } else if plan.stage != plans.goal {
            text.push_str(&format!(" (that makes it {})", plan.stage.label));
        }
        if all {
            for score in &plan.scores {
                text.push_str(&format!("; {} {} → {}", score.what.label, score.from, score.to));
            }
        } else if !plan.passes_by {
            let mattering: Vec<&str> = mattering(explanation).map(|score| score.item.name.as_str()).collect();
            for score in plan.scores.iter().filter(|score| mattering.contains(&score.what.name.as_str())).take(1) {
                text.push_str(&format!(" ({} {} → {})", score.what.label, score.from, score.to));
            }
        }
        let label = match (place, shown) {
            (_, 1) => "",
            (0, _) => "Simplest",
            _ => "Or",
        };
        lines.push(Row::labelled(Mark::Plain, label, text));
    }
    for blocker in &plans.impossible {
        let what = self::blocker(blocker, explanation);
        lines.push(Row::new(0, Mark::Bad, format!("out of reach, whatever is changed: {what}")));
    }
    if plans.plans.is_empty() && plans.impossible.is_empty() && plans.itself.is_empty() {
        let text = match plans.smallest {
            true => "nothing that can be changed reaches it",
            false => "no way was found in the time that is given to looking",
        };
        lines.push(Row::new(0, Mark::Plain, text));
    } else if !plans.smallest && all {
        lines.push(Row::new(0, Mark::Plain, "there may be cheaper ways: not all were looked at"));
    }
    lines
}

/// What stands in the way whatever is changed, and how it is.
fn blocker(blocker: &Blocker, explanation: &Explanation) -> String {
    let label = &blocker.what.label;
    let fixed = match blocker.fixed.is_empty() {
        true => String::new(),
        false => format!(" ({} cannot be changed)", field_list(&blocker.fixed)),
    };
    let because = match blocker.kind {
        BlockerKind::Disqualified => return format!("it stays disqualified, “{label}”{fixed}"),
        BlockerKind::Condition => return format!("it would need that {label}{fixed}"),
        BlockerKind::Check => {
            let mut checks = explanation.fits.iter().flat_map(|fit| &fit.checks);
            let check = checks.find(|check| check.item.name == blocker.what.name);
            check.map_or_else(String::new, |check| plainly(&check.condition.because, 3))
        }
    };
    match because.is_empty() {
        true => format!("“{label}” cannot be met{fixed}"),
        false => format!("“{label}” cannot be met: {because}{fixed}"),
    }
}

/// `company industry and company country`
fn field_list(fields: &[String]) -> String {
    fields.iter().map(String::as_str).map(field_words).collect::<Vec<_>>().join(" and ")
}

/// A plan as one sentence.
pub(super) fn told(plan: &Plan) -> String {
    let parts: Vec<String> = plan.parts.iter().map(part).collect();
    parts.join("; and ")
}

fn part(part: &PlanPart) -> String {
    match part {
        PlanPart::Answer { ask: Some(ask), value, or, .. } => format!("“{ask}” is answered {}", values(value, or)),
        PlanPart::Answer { field, value, or, .. } => match value.as_str() {
            "yes" | "no" => format!("{} becomes {value}", field_words(field)),
            _ => format!("{} is found to be {}", field_words(field), values(value, or)),
        },
        PlanPart::Change { field, from, to, or } => {
            let verb = if to.starts_with("so that ") { "changes" } else { "becomes" };
            format!("{}, now {from}, {verb} {}", field_words(field), values(to, or))
        }
        PlanPart::Event { event, times, fields } => {
            let with: Vec<String> =
                fields.iter().map(|field| format!("{} {}", field_words(&field.field), field.value)).collect();
            let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
            match times {
                1 => format!("“{}” happens{with}", event.label),
                times => format!("“{}” happens {}{with}", event.label, plural(u64::from(*times), "time")),
            }
        }
    }
}

/// `“Software”, “Construction” or “Agencies”`
fn values(value: &str, or: &[String]) -> String {
    match or.split_last() {
        None => value.to_owned(),
        Some((last, before)) => {
            let all: Vec<&str> = std::iter::once(value).chain(before.iter().map(String::as_str)).collect();
            format!("{} or {last}", all.join(", "))
        }
    }
}
