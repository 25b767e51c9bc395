//! What is not known, and what it could change.

use super::screen::rows;
use super::{About, Mark, Row, Section, standing};
use crate::explain::model::Explanation;
use crate::whatif::{Bounds, FieldBound};

/// So many questions on one screen.
const QUESTIONS: usize = 3;
/// So many answers a question.
const ANSWERS: usize = 3;

/// What is not known, ranked by what it could change.
pub(super) fn unknown(explanation: &Explanation, all: bool) -> Section {
    let bounds = explanation.outlook.as_ref().and_then(|outlook| outlook.bounds.as_ref());
    let mut lines = Vec::new();
    if let Some(bounds) = bounds.filter(|_| !explanation.questions.is_empty()) {
        lines.push(Row::new(0, Mark::Open, span(bounds)));
        if !bounds.best.answers.is_empty() && bounds.fields.len() > 1 {
            let answers = bounds.best.answers.iter().map(|answer| format!("{} {}", answer.field, answer.value));
            let answers: Vec<String> = answers.collect();
            let text = format!("{} it is with {}", bounds.best.stage.label, answers.join(", "));
            lines.push(Row::new(0, Mark::Open, text));
        }
        let most = if all { usize::MAX } else { QUESTIONS };
        for field in bounds.fields.iter().take(most) {
            lines.push(Row::labelled(Mark::Open, &field.field, question(field, bounds)));
        }
        if bounds.fields.len() > most {
            let more = standing::more(bounds.fields.len() - most, "question");
            lines.push(Row::new(0, Mark::Plain, format!("{more} more: --full shows all")));
        }
        if all {
            lines.extend(bounds.because.iter().map(|because| Row::new(0, Mark::Plain, because.as_str())));
        }
    }
    let told = |field: &str| bounds.is_some_and(|bounds| bounds.fields.iter().any(|bound| bound.field == field));
    let others: Vec<_> = explanation.questions.iter().filter(|question| !told(&question.field)).cloned().collect();
    match (all, bounds.is_some()) {
        (false, true) if !others.is_empty() => {
            let names: Vec<&str> = others.iter().map(|question| question.field.as_str()).collect();
            lines.push(Row::new(
                0,
                Mark::Plain,
                format!("also missing, with no say on the stage: {}", names.join(", ")),
            ));
        }
        (false, true) => {}
        (_, _) => {
            let mut questions = standing::questions(&others);
            if !all {
                questions.truncate(QUESTIONS);
            }
            lines.append(&mut questions);
        }
    }
    rows(About::Other, "What is not known", lines)
}

/// The best and the worst that can be.
fn span(bounds: &Bounds) -> String {
    let (best, worst, now) = (&bounds.best, &bounds.worst, &bounds.stage);
    let exact = best.exact && worst.exact;
    let as_found = if exact { "" } else { ", as far as was found" };
    if best.stage == *now && worst.stage == *now {
        let sure = if exact { "no answer changes" } else { "no answer was found that changes" };
        return format!("{sure} the stage");
    }
    format!(
        "with the answers that are missing the lead can be {} at best and {} at worst{as_found}",
        best.stage.label, worst.stage.label
    )
}

/// `“Which country do you live in?” — "US" makes it Marketing qualified lead`
fn question(field: &FieldBound, bounds: &Bounds) -> String {
    let effects: Vec<String> = field
        .answers
        .iter()
        .filter(|answer| answer.stage != bounds.stage)
        .take(ANSWERS)
        .map(|answer| format!("{} makes it {}", answer.value, answer.stage.label))
        .collect();
    let mut parts: Vec<String> = Vec::new();
    if !effects.is_empty() {
        parts.push(effects.join(", "));
    } else if field.changes == Some(true) {
        parts.push("decides together with other answers".to_owned());
    } else {
        parts.push("may decide together with other answers".to_owned());
    }
    for points in field.points.iter().take(1) {
        parts.push(format!("{} between {} and {}", points.score.label, points.low, points.high));
    }
    match &field.ask {
        Some(ask) => format!("“{ask}” — {}", parts.join("; ")),
        None => parts.join("; "),
    }
}
