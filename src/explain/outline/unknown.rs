//! What is not known, and what it could change.

use super::screen::{Room, rows};
use super::{About, Mark, Row, Section, standing};
use crate::explain::model::Explanation;
use crate::whatif::{Answer, Bounds, FieldBound, PlanPart};
use crate::words::field_words;

/// So many answers a question.
const ANSWERS: usize = 3;

/// What is not known, ranked by what it could change: on one screen as many questions as there is room for.
pub(super) fn unknown(explanation: &Explanation, room: Option<&Room>) -> Section {
    let bounds = explanation.outlook.as_ref().and_then(|outlook| outlook.bounds.as_ref());
    let mut lines = Vec::new();
    if let Some(bounds) = bounds.filter(|_| !explanation.questions.is_empty()) {
        let open = bounds.best.stage != bounds.stage || bounds.worst.stage != bounds.stage;
        lines.push(Row::new(0, if open { Mark::Open } else { Mark::Plain }, span(bounds, explanation)));
        let decisive =
            bounds.fields.iter().filter(|field| room.is_none() || field.changes == Some(true) || field.alone);
        let decisive: Vec<&FieldBound> = decisive.collect();
        let most = room.map_or(usize::MAX, |room| room.questions);
        // A plan of one answer has told what that does.
        let plan = explanation.outlook.iter().filter_map(|outlook| outlook.plans.as_ref()?.plans.first()).next();
        let alone = |field: &FieldBound| {
            room.is_some()
                && plan.is_some_and(|plan| {
                    matches!(plan.parts.as_slice(), [PlanPart::Answer { field: other, .. }] if *other == field.field)
                })
        };
        for field in decisive.iter().take(most).filter(|field| !alone(field)) {
            lines.push(Row::labelled(Mark::Open, &field_words(&field.field), question(field, bounds)));
        }
        // What the best stage needs has been told.
        let told = |field: &FieldBound| bounds.best.answers.iter().any(|answer| answer.field == field.field);
        let rest = decisive.iter().skip(most).filter(|field| !told(field));
        let rest: Vec<String> = rest.map(|field| field_words(&field.field)).collect();
        if !rest.is_empty() {
            lines.push(Row::new(0, Mark::Plain, format!("also of weight: {}", listed(&rest, 6))));
        }
        if room.is_none() {
            lines.extend(bounds.because.iter().map(|because| Row::new(0, Mark::Plain, because.as_str())));
        }
    }
    let told = |field: &str| bounds.is_some_and(|bounds| bounds.fields.iter().any(|bound| bound.field == field));
    let others: Vec<_> = explanation.questions.iter().filter(|question| !told(&question.field)).cloned().collect();
    match (room, bounds.is_some()) {
        (Some(room), true) if !others.is_empty() && room.questions > 2 => {
            let names: Vec<String> = others.iter().map(|question| field_words(&question.field)).collect();
            let text = format!("also missing, with no say on the stage: {}", listed(&names, 6));
            lines.push(Row::new(0, Mark::Plain, text));
        }
        (Some(_), true) => {}
        _ => {
            let mut questions = standing::questions(&others);
            questions.truncate(room.map_or(usize::MAX, |room| room.questions));
            lines.append(&mut questions);
        }
    }
    rows(About::Other, "What is not known", lines)
}

/// The first names, and how many more there are.
pub(super) fn listed(names: &[String], most: usize) -> String {
    match names.len().checked_sub(most) {
        None | Some(0 | 1) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..most].join(", ")),
    }
}

/// Where answers alone change nothing: that, as a remark.
pub(super) fn nothing_open(explanation: &Explanation) -> Option<String> {
    let bounds = explanation.outlook.as_ref().and_then(|outlook| outlook.bounds.as_ref())?;
    let closed = bounds.best.stage == bounds.stage && bounds.worst.stage == bounds.stage;
    (closed && !explanation.questions.is_empty()).then(|| span(bounds, explanation))
}

/// The best and the worst that can be.
fn span(bounds: &Bounds, explanation: &Explanation) -> String {
    let (best, worst, now) = (&bounds.best, &bounds.worst, &bounds.stage);
    let exact = best.exact && worst.exact;
    let as_found = if exact { "" } else { ", as far as was found" };
    if best.stage == *now && worst.stage == *now {
        let plans = explanation.outlook.iter().filter_map(|outlook| outlook.plans.as_ref());
        let needed = plans
            .flat_map(|plans| &plans.plans)
            .any(|plan| plan.parts.iter().any(|part| matches!(part, PlanPart::Answer { .. })));
        return match (exact, needed && !explanation.disqualified) {
            (true, true) => "answers alone do not change the stage: something has to happen as well".to_owned(),
            (true, false) => "no answer changes the stage".to_owned(),
            (false, _) => "no answer changes the stage, as far as was tried".to_owned(),
        };
    }
    // What the first plan asks has been told.
    let plan = explanation.outlook.iter().filter_map(|outlook| outlook.plans.as_ref()?.plans.first()).next();
    let planned = |answer: &Answer| plan.is_some_and(|plan| plan.parts.iter().any(|part| gives(part, answer)));
    let side = |name: &str, bound: &crate::whatif::StageBound, with: bool| {
        let told = bound.answers.iter().filter(|answer| !planned(answer));
        let answers: Vec<String> =
            told.map(|answer| format!("{} {}", field_words(&answer.field), answer.value)).collect();
        match with && !answers.is_empty() {
            false if bound.stage != *now && bound.answers.len() == 1 => {
                format!("{name} {} (with the answer above)", bound.stage.label)
            }
            false if bound.stage != *now && !bound.answers.is_empty() => {
                format!("{name} {} (with the answers above)", bound.stage.label)
            }
            true if answers.len() < bound.answers.len() => {
                format!("{name} {} (with the answers above, and {})", bound.stage.label, answers.join(", "))
            }
            true => format!("{name} {} (for example with {})", bound.stage.label, answers.join(", ")),
            false => format!("{name} {}", bound.stage.label),
        }
    };
    let (best, worst) = (side("at best", best, true), side("at worst", worst, worst.stage != *now));
    format!("as of now, with answers alone, it can become {best}; {worst}{as_found}").replace(
        "; at worst",
        if worst == format!("at worst {}", now.label) { "; at worst it stays" } else { "; at worst" },
    )
}

/// Whether a part of a plan is this answer.
fn gives(part: &PlanPart, answer: &Answer) -> bool {
    let PlanPart::Answer { field, value, or, .. } = part else { return false };
    *field == answer.field && (*value == answer.value || or.contains(&answer.value))
}

/// `“Which country do you live in?” “US” makes it Marketing qualified lead`
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
        parts.push(format!("{} from {} to {}", points.score.label, points.low, points.high));
    }
    match &field.ask {
        Some(ask) => format!("“{ask}” {}", parts.join("; ")),
        None => parts.join("; "),
    }
}
