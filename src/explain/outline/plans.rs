//! What it would take to stand higher.

use super::screen::rows;
use super::{About, Mark, Row, Section};
use crate::explain::model::Explanation;
use crate::explain::show::plural;
use crate::whatif::{BlockerKind, Plan, PlanPart, Plans};

/// What it would take: each plan on a line, the cheapest first.
pub(super) fn plans(explanation: &Explanation, all: bool) -> Section {
    let plans = explanation.outlook.as_ref().and_then(|outlook| outlook.plans.as_ref());
    let Some(plans) = plans else { return rows(About::Plans, "", Vec::new()) };
    let title = format!("What it would take to become {}", plans.goal.label);
    rows(About::Plans, &title, lines(plans, all))
}

fn lines(plans: &Plans, all: bool) -> Vec<Row> {
    let mut lines = Vec::new();
    for (place, plan) in plans.plans.iter().enumerate() {
        let label = if place == 0 { "Cheapest" } else { "Or" };
        let mut text = told(plan);
        if plan.stage != plans.goal {
            text.push_str(&format!(" → {}", plan.stage.label));
        }
        if all {
            for score in &plan.scores {
                text.push_str(&format!("; {} {} → {}", score.what.label, score.from, score.to));
            }
        }
        lines.push(Row::labelled(Mark::Plain, label, text));
    }
    for blocker in &plans.impossible {
        let what = match blocker.kind {
            BlockerKind::Disqualified => format!("stays disqualified: {}", blocker.what.label),
            BlockerKind::Check => format!("“{}” cannot pass", blocker.what.label),
            BlockerKind::Condition => format!("cannot become true: {}", blocker.what.label),
        };
        lines.push(Row::new(0, Mark::Bad, format!("out of reach, whatever is changed: {what}")));
    }
    if plans.plans.is_empty() && plans.impossible.is_empty() {
        let text = match plans.smallest {
            true => "nothing that can be changed reaches it",
            false => "no way was found in the time that is given to looking",
        };
        lines.push(Row::new(0, Mark::Open, text));
    } else if !plans.smallest && all {
        lines.push(Row::new(0, Mark::Plain, "there may be cheaper ways: not all were looked at"));
    }
    lines
}

/// A plan as one sentence.
pub(super) fn told(plan: &Plan) -> String {
    let parts: Vec<String> = plan.parts.iter().map(part).collect();
    parts.join("; and ")
}

fn part(part: &PlanPart) -> String {
    match part {
        PlanPart::Answer { field, ask: Some(ask), value } => format!("“{ask}” — {field} is {value}"),
        PlanPart::Answer { field, ask: None, value } => format!("find out that {field} is {value}"),
        PlanPart::Change { field, from, to } => format!("{field} changes from {from} to {to}"),
        PlanPart::Event { event, times, fields } => {
            let with: Vec<String> = fields.iter().map(|field| format!("{} {}", field.field, field.value)).collect();
            let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
            match times {
                1 => format!("“{}” happens{with}", event.label),
                times => format!("“{}” happens {}{with}", event.label, plural(u64::from(*times), "time")),
            }
        }
    }
}
