//! What made the points of a rule differ: parts that add up to the difference.

use crate::eval::Points;
use crate::explain::model::{Cause, ChangesKind, EventFate, EventItem, How, PartItem, PerEvents, Truth};
use crate::explain::outline::plainly;
use crate::explain::text::phrase;

/// What a limit takes or adds depends on what the parts come to.
pub(super) fn limit(change: Points) -> Vec<Cause> {
    let text = if change.0 < 0 { "the limit takes more" } else { "the limit takes less" };
    vec![Cause { points: change, text: text.to_owned() }]
}

/// Why a rule's points differ.
pub(super) fn causes(kind: ChangesKind, then: Option<&PartItem>, now: Option<&PartItem>, change: Points) -> Vec<Cause> {
    let one = |text: String| vec![Cause { points: change, text }];
    let (then, now) = match (then, now) {
        (Some(then), Some(now)) => (then, now),
        (None, Some(now)) => return one(format!("a new rule: {}", phrase::how(now))),
        (Some(then), None) => return one(format!("the rule is gone: {}", phrase::how(then))),
        (None, None) => return Vec::new(),
    };
    match (&then.how, &now.how) {
        // Two leads have nothing in common that could have become something else.
        _ if kind == ChangesKind::Compare => one(format!("{}, against {}", beside(now), beside(then))),
        (How::Per(before), How::Per(after)) if before.each == after.each => events(before, after),
        (How::Per(before), How::Per(after)) => {
            one(format!("the points of an event: {} → {}{}", before.each, after.each, counts(before, after)))
        }
        (How::If { worth: before, condition: was }, How::If { worth: after, condition: is }) => {
            if before != after {
                return one(format!("the rule's points: {before} → {after}"));
            }
            let word = |truth: Truth| match truth {
                Truth::True => "holds",
                Truth::False => "does not hold",
                Truth::Unknown => "is not known",
            };
            let (was_so, is_so) = (plainly(&was.because, 3), plainly(&is.because, 3));
            one(format!("it {} ({is_so}); before, it {} ({was_so})", word(is.truth), self::past(word(was.truth))))
        }
        (How::Include { value: before, factor: was, words: of, .. }, How::Include { value: after, factor: is, .. }) => {
            match was == is {
                true => one(format!("{of}: {} → {}", before.text, after.text)),
                false => {
                    let factor = |factor: &Option<String>| factor.clone().unwrap_or_else(|| "100%".to_owned());
                    one(format!("the share of {of}: {} → {}", factor(was), factor(is)))
                }
            }
        }
        (How::PerPeriod { each: was, periods: before, .. }, How::PerPeriod { each: is, periods: after, .. }) => {
            match was == is {
                true => one(format!("whole periods: {before} → {after}")),
                false => one(format!("the points of a period: {was} → {is}")),
            }
        }
        _ => one(format!("{}; before: {}", phrase::how(now), phrase::how(then))),
    }
}

fn past(word: &str) -> &str {
    match word {
        "holds" => "held",
        "does not hold" => "did not hold",
        _ => "was not known",
    }
}

/// How a rule's points came about, beside those of another lead.
fn beside(part: &PartItem) -> String {
    match &part.how {
        How::If { condition, .. } if condition.truth != Truth::True => {
            let word = if condition.truth == Truth::Unknown { "not known" } else { "no" };
            format!("{word}: {}", plainly(&condition.because, 3))
        }
        How::Include { words: of, value, .. } => format!("{of} {}", phrase::value(value)),
        How::If { condition, .. } => format!("yes: {}", plainly(&condition.because, 3)),
        _ => phrase::how(part),
    }
}

fn counts(before: &PerEvents, after: &PerEvents) -> String {
    if before.counted == after.counted {
        return String::new();
    }
    format!("; events that count: {} → {}", before.counted, after.counted)
}

/// One rule, the same events seen at two instants or under two policies: event by event.
fn events(before: &PerEvents, after: &PerEvents) -> Vec<Cause> {
    let mut groups: Vec<(&str, i64)> = Vec::new();
    let mut add = |what: &'static str, points: i64| match groups.iter_mut().find(|(known, _)| *known == what) {
        Some((_, sum)) => *sum += points,
        None if points != 0 => groups.push((what, points)),
        None => {}
    };
    for event in &after.events {
        match before.events.iter().find(|other| same(other, event)) {
            None => add("new", event.points.0),
            Some(was) => add(turn(was.fate, event.fate), event.points.0 - was.points.0),
        }
    }
    for was in before.events.iter().filter(|was| !after.events.iter().any(|event| same(was, event))) {
        add("gone", -was.points.0);
    }
    let mut causes: Vec<Cause> = groups
        .into_iter()
        .filter(|(_, points)| *points != 0)
        .map(|(what, points)| Cause { points: Points(points), text: told(what, before, after) })
        .collect();
    let over = after.over_limit.0 - before.over_limit.0;
    if over != 0 {
        let text = after.most.or(before.most).map_or_else(
            || "the limit of points".to_owned(),
            |most| format!("the limit of {most} points takes {}", if over > 0 { "more" } else { "less" }),
        );
        causes.push(Cause { points: Points(-over), text });
    }
    causes
}

/// Whether it is one event, seen twice.
fn same(a: &EventItem, b: &EventItem) -> bool {
    a.index == b.index && a.at.utc == b.at.utc && a.ty == b.ty
}

/// What became of an event between two instants.
fn turn(was: EventFate, is: EventFate) -> &'static str {
    match (was, is) {
        (EventFate::Counts, EventFate::Counts) => "aged",
        (EventFate::Counts, EventFate::OutsideWindow) => "out of its window",
        (EventFate::Counts, EventFate::Duplicate | EventFate::NoValue) => "the same again",
        (EventFate::Counts, _) => "over a limit",
        (_, EventFate::Counts) => "counts again",
        _ => "aged",
    }
}

fn told(what: &str, before: &PerEvents, after: &PerEvents) -> String {
    let known = |per: &PerEvents, event: &EventItem| per.events.iter().any(|other| same(other, event));
    let turned = |is: &dyn Fn(EventFate, EventFate) -> bool| {
        let pairs = after.events.iter().filter_map(|event| {
            let was = before.events.iter().find(|was| same(was, event))?;
            is(was.fate, event.fate).then_some(event)
        });
        pairs.collect::<Vec<_>>()
    };
    let list = |events: Vec<&EventItem>| match events.as_slice() {
        [] => String::new(),
        [event] => format!("1 event ({})", event.at.local),
        events => format!("{} events", events.len()),
    };
    match what {
        "new" => {
            let new: Vec<&EventItem> =
                after.events.iter().filter(|event| !known(before, event) && event.points.0 != 0).collect();
            format!("new: {}", list(new))
        }
        "gone" => {
            let gone: Vec<&EventItem> =
                before.events.iter().filter(|event| !known(after, event) && event.points.0 != 0).collect();
            format!("no longer among the events: {}", list(gone))
        }
        "aged" => "events lost points to age".to_owned(),
        "counts again" => {
            let back = turned(&|was, is| was != EventFate::Counts && is == EventFate::Counts);
            format!("counts now: {}", list(back))
        }
        what => {
            let out = turned(&|was, is| was == EventFate::Counts && self::turn(was, is) == what);
            match what {
                "out of its window" => format!("too old now, out of the window: {}", list(out)),
                "the same again" => format!("a later event has the same value: {}", list(out)),
                _ => format!("later events fill the limit of times: {}", list(out)),
            }
        }
    }
}
