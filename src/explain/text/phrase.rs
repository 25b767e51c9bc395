//! What the parts of an explanation say, in words on one line.

use super::page::cut;
use crate::eval::Points;
use crate::explain::model::*;
use crate::explain::outline::plainly;
use crate::explain::show::plural;

/// Columns that a policy's text takes at most.
const SOURCE: usize = 90;
/// Columns that a condition in words takes at most.
const WORDS: usize = 160;
/// Columns that a value takes at most.
const VALUE: usize = 50;

/// The parts that decide a condition of this value, each with what it reads. A part whose own value is another says so;
/// parts in a row that read the same say it once.
pub(super) fn reasons(reasons: &[Reason], truth: Truth) -> String {
    let mut told: Vec<(String, String)> = Vec::new();
    for reason in reasons {
        let (part, reads) = self::reason(reason);
        let part = match reason.truth == truth {
            true => part,
            false => format!("{}: {part}", truth_word(reason.truth)),
        };
        match told.last_mut() {
            Some((parts, last)) if !reads.is_empty() && *last == reads => *parts = format!("{parts}, {part}"),
            _ => told.push((part, reads)),
        }
    }
    let told: Vec<String> = told
        .into_iter()
        .map(|(part, reads)| match reads.is_empty() {
            true => part,
            false if part.ends_with(')') => format!("{part} — {reads}"),
            false => format!("{part} ({reads})"),
        })
        .collect();
    told.join("; ")
}

/// A condition's deciding parts.
pub(in crate::explain) fn condition(condition: &Condition) -> String {
    reasons(&condition.because, condition.truth)
}

fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    }
}

/// A part of a condition and what it reads: `income >= 100k USD`, `income is 120,000 USD`.
fn reason(reason: &Reason) -> (String, String) {
    let source = cut(&reason.source, SOURCE);
    if let Some(named) = &reason.named
        && named.kind != NamedKind::Fit
        && !reason.because.is_empty()
    {
        let because = reasons(&reason.because, reason.truth);
        // A define speaks for itself; what turns it round (`not`) must be seen.
        return match reason.because.iter().all(|below| below.truth == reason.truth) {
            true if named.kind != NamedKind::Disqualified => (because, String::new()),
            _ => (source, because),
        };
    }
    let mut said: Vec<String> = Vec::new();
    let alone = reason.readings.len() == 1;
    for reading in &reason.readings {
        let phrase = self::reading(reading, alone && reading.kind == ReadingKind::Events);
        if alone && reading.source == reason.source && reading.kind != ReadingKind::Events {
            return (phrase, String::new());
        }
        // `total seconds of page_viewed >= 600 (0, 600 short)`: what was worked out stands right before.
        if alone && reading.kind == ReadingKind::Worked && reason.source.starts_with(&reading.source) {
            let worked = phrase.strip_prefix(&cut(&reading.source, SOURCE)).unwrap_or(&phrase);
            said.push(worked.trim_start_matches(" is ").trim_start_matches(": ").to_owned());
            continue;
        }
        match &reading.note {
            // `icp fits (icp fits, 3 of 3 checks pass)` says it twice.
            Some(note) if alone && phrase == format!("{source}, {note}") => said.push(note.clone()),
            _ if phrase.eq_ignore_ascii_case(&source) => {}
            _ => said.push(phrase),
        }
    }
    if let Some(gap) = &reason.gap {
        said.push(if gap.short { format!("{} short", gap.text) } else { format!("{} too much", gap.text) });
    }
    (source, said.join(", "))
}

/// A value with its name: `income is 120,000 USD`; of events only how many there are when they have been named.
pub(in crate::explain) fn reading(reading: &Reading, named: bool) -> String {
    let note = |text: String| match &reading.note {
        Some(note) => format!("{text}, {note}"),
        None => text,
    };
    match (&reading.events, reading.kind) {
        (Some(events), ReadingKind::Events) => {
            let found = self::events(events);
            if named { found } else { format!("{}: {found}", cut(&reading.source, SOURCE)) }
        }
        (Some(events), _) if events.count == 0 && reading.value.value.is_null() => {
            format!("{}: {}", cut(&reading.source, SOURCE), self::events(events))
        }
        (_, ReadingKind::Fit) => match reading.value.text.as_str() {
            "unknown" => note(format!("{} is unknown", reading.source)),
            verdict => note(format!("{} {verdict}", reading.source)),
        },
        _ => note(format!("{} is {}", cut(&reading.source, SOURCE), value(&reading.value))),
    }
}

/// A value, cut where it is long.
pub(in crate::explain) fn value(value: &Shown) -> String {
    cut_value(&value.text)
}

/// A value's text, cut where it is long.
pub(in crate::explain) fn cut_value(text: &str) -> String {
    cut(text, VALUE)
}

/// A text, cut where it is longer than so many columns.
pub(in crate::explain) fn cut_to(text: &str, columns: usize) -> String {
    cut(text, columns)
}

/// A policy's text, cut where it is long.
pub(in crate::explain) fn source(text: &str) -> String {
    cut(text, SOURCE)
}

/// A condition in words, cut where it is long.
pub(in crate::explain) fn words(text: &str) -> String {
    cut(text, WORDS)
}

/// The events that a question was answered with: `2 events, the latest 20 days ago`.
pub(in crate::explain) fn events(events: &EventsSeen) -> String {
    let latest = |at: &Option<Instant>| at.as_ref().map_or_else(String::new, |at| format!(", the latest {}", at.ago));
    let found = match events.count {
        0 => "none".to_owned(),
        1 => format!("1 event{}", events.latest.as_ref().map_or_else(String::new, |at| format!(", {}", at.ago))),
        count => format!("{}{}", plural(count, "event"), latest(&events.latest)),
    };
    match events.outside {
        0 => found,
        1 if events.count == 0 => {
            format!(
                "none{}",
                events.latest_outside.as_ref().map_or_else(String::new, |at| format!("; 1 earlier, {}", at.ago))
            )
        }
        outside if events.count == 0 => format!("none; {outside} earlier{}", latest(&events.latest_outside)),
        _ => found,
    }
}

/// How a part's points came about, in words.
pub(in crate::explain) fn how(part: &PartItem) -> String {
    match &part.how {
        How::Include { value, words, .. } if value.value.is_null() => format!("{words} is not known"),
        How::Include { words, value, factor, .. } => match factor {
            Some(factor) if factor.ends_with('%') => format!("{factor} of {words}, which is {}", self::value(value)),
            Some(factor) => format!("{factor} × {words}, which is {}", self::value(value)),
            None if *words == part.item.label => "counts in full".to_owned(),
            None => format!("all of {words}"),
        },
        How::If { condition, worth } => match condition.truth {
            Truth::Unknown => format!("not known, worth {worth}: {}", plainly(&condition.because, 3)),
            _ => plainly(&condition.because, 3),
        },
        How::By { value, case } => match case {
            Some(case) if case.source == "otherwise" => format!("{} (none of the other cases)", value.plain),
            None if !value.value.value.is_null() => format!("{} (none of the cases)", value.plain),
            _ => value.plain.clone(),
        },
        How::FirstOf { case, passed_over } => match case {
            Some(case) if case.because.is_empty() => "none of the conditions holds".to_owned(),
            Some(case) => plainly(&case.because, 3),
            None => {
                let unknown = passed_over.iter().filter(|other| other.truth == Truth::Unknown);
                let unknown: Vec<String> = unknown.map(|other| plainly(&other.because, 3)).collect();
                if unknown.is_empty() { "none of the conditions holds".to_owned() } else { unknown.join("; ") }
            }
        },
        _ => written(part),
    }
}

/// How a part's points came about, by what the policy writes and what it read.
pub(in crate::explain) fn written(part: &PartItem) -> String {
    match &part.how {
        How::Group { sum, from, to, .. } => match limits(*from, *to) {
            Some(limits) if *sum != part.points => format!("{sum}, held {limits}"),
            _ => String::new(),
        },
        How::Include { of, value, .. } if value.value.is_null() => format!("{of} is missing"),
        How::Include { of, value, factor, .. } => match factor {
            Some(factor) if factor.ends_with('%') => format!("{factor} of {of} ({})", self::value(value)),
            Some(factor) => format!("{factor} × {of} ({})", self::value(value)),
            None => format!("all of {of}"),
        },
        How::If { condition, worth } => match condition.truth {
            Truth::Unknown => format!("not known, worth {worth}: {}", self::condition(condition)),
            _ => self::condition(condition),
        },
        How::Per(per) => per_events(per),
        How::PerPeriod { each, period, since, periods, over_limit, most, .. } => {
            if since.value.value.is_null() {
                return format!("{}: no points", since.plain);
            }
            let mut text = format!("{each} for each of {periods} × {period}: {}", since.plain);
            if let (Some(most), true) = (most, over_limit.0 != 0) {
                let verb = if over_limit.0 < 0 { "are taken off" } else { "count" };
                text.push_str(&format!("; at most {} {verb}: {}", Points(most.0.abs()), lost(*over_limit)));
            }
            text
        }
        How::By { value, case } => {
            let value = reading(value, false);
            match case {
                Some(case) if case.source == "missing" || value.ends_with(&case.source) => value,
                Some(case) => format!("{value}: {}", cut(&case.source, SOURCE)),
                None if value.ends_with(" is missing") => value,
                None => format!("{value}: no case"),
            }
        }
        How::FirstOf { case, passed_over } => first_of(case.as_ref(), passed_over),
    }
}

fn first_of(case: Option<&Case>, passed_over: &[Condition]) -> String {
    match case {
        Some(case) if case.because.is_empty() => cut(&case.source, SOURCE),
        Some(case) => reasons(&case.because, Truth::True),
        None => {
            let unknown: Vec<String> =
                passed_over.iter().filter(|other| other.truth == Truth::Unknown).map(condition).collect();
            match unknown.is_empty() {
                true => "no condition is true".to_owned(),
                false => format!("not known: {}", unknown.join("; ")),
            }
        }
    }
}

/// `5 events × 10 = 50; 2 too old: -20; faded by 1.2945; latest 12 days ago`: what is lost is what lies between the
/// product and the points.
fn per_events(per: &PerEvents) -> String {
    if per.events.is_empty() {
        return format!("no {}", cut(&per.query, SOURCE));
    }
    let mut terms = vec![format!("{} × {}", plural(per.events.len() as u64, "event"), per.each)];
    for group in &per.lost {
        terms.push(format!("{}: {}", lost_events(group, per.distinct.as_deref()), lost(group.points)));
    }
    if per.decay.0 != 0 {
        let how = per.fades.as_ref().map_or_else(String::new, |fades| format!(" ({fades})"));
        terms.push(format!("faded by {}{how}", Points(per.decay.0.saturating_abs())));
    }
    if let (Some(most), true) = (per.most, per.over_limit.0 != 0) {
        let verb = if per.over_limit.0 < 0 { "are taken off" } else { "count" };
        terms.push(format!("at most {} {verb}: {}", Points(most.0.abs()), lost(per.over_limit)));
    }
    if terms.len() > 1 {
        terms[0].push_str(&format!(" = {}", per.raw));
    }
    if let Some(latest) = &per.latest {
        let word = if per.events.len() == 1 { "" } else { "latest " };
        terms.push(format!("{word}{}", latest.ago));
    }
    terms.join("; ")
}

/// How a part's points came about, in few words, where the whole may be long: `5 events × 2 = 10, less 4 (too old, not
/// counted)`.
pub(in crate::explain) fn brief(part: &PartItem) -> Option<String> {
    if let How::If { condition, .. } = &part.how {
        // The label says what is asked; what was found is left.
        let [reason] = condition.because.as_slice() else { return None };
        let [reading] = reason.readings.as_slice() else { return None };
        return reading.events.as_ref().map(|seen| format!("given once, for {}", events(seen)));
    }
    let How::Per(per) = &part.how else { return None };
    if per.events.is_empty() {
        return None;
    }
    let mut why: Vec<&str> = Vec::new();
    for group in &per.lost {
        let word = if group.fate == EventFate::OutsideWindow { "too old" } else { "not counted" };
        if !why.contains(&word) {
            why.push(word);
        }
    }
    why.extend((per.decay.0 != 0).then_some("faded"));
    why.extend((per.over_limit.0 != 0).then_some("over the limit"));
    let events = format!("{} × {}", plural(per.events.len() as u64, "event"), per.each);
    Some(match why.is_empty() {
        true => events,
        false => {
            format!("{events} = {}, less {} ({})", per.raw, Points((per.raw.0 - part.points.0).abs()), why.join(", "))
        }
    })
}

/// As many of the parts of a text, between semicolons, as fit into so many columns; the first is cut where it does not.
pub(in crate::explain) fn whole_parts(text: &str, room: usize) -> String {
    let mut out = String::new();
    for part in text.split("; ") {
        let longer = if out.is_empty() { part.to_owned() } else { format!("{out}; {part}") };
        if super::columns(&longer) > room {
            break;
        }
        out = longer;
    }
    if out.is_empty() { cut(text, room) } else { out }
}

/// Events that do not count, and why: `2 too old`, `1 not counted (at most 3 a week)`.
pub(in crate::explain) fn lost_events(group: &LostEvents, distinct: Option<&str>) -> String {
    let (events, cap) = (group.events, group.cap.unwrap_or(0));
    let field = cut(distinct.unwrap_or("value"), 30);
    match group.fate {
        EventFate::Counts => format!("{events} counting"),
        EventFate::OutsideWindow => format!("{events} too old"),
        EventFate::NoValue => format!("{events} not counted ({field} not known)"),
        EventFate::Duplicate => format!("{events} not counted (each {field} once)"),
        EventFate::OverDay => format!("{events} not counted (at most {cap} a day)"),
        EventFate::OverWeek => format!("{events} not counted (at most {cap} a week)"),
        EventFate::OverMonth => format!("{events} not counted (at most {cap} a month)"),
        EventFate::OverTimes => format!("{events} not counted (at most {})", plural(u64::from(cap), "time")),
    }
}

/// Points that are taken away, with their sign.
pub(in crate::explain) fn lost(points: Points) -> String {
    if points.0 < 0 { format!("+{}", Points(-points.0)) } else { Points(-points.0).to_string() }
}

/// `between 0 and 100`, `to at most 25`
pub(in crate::explain) fn limits(from: Option<Points>, to: Option<Points>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("between {from} and {to}")),
        (Some(from), None) => Some(format!("to at least {from}")),
        (None, Some(to)) => Some(format!("to at most {to}")),
        (None, None) => None,
    }
}

/// What a question decides, each kind of thing once.
pub(in crate::explain) fn decides(decides: &[Undecided]) -> String {
    let mut kinds: Vec<(UndecidedKind, Vec<String>)> = Vec::new();
    for undecided in decides {
        let label = format!("“{}”", undecided.label);
        match kinds.iter_mut().find(|(kind, _)| *kind == undecided.kind) {
            Some((_, labels)) => labels.push(label),
            None => kinds.push((undecided.kind, vec![label])),
        }
    }
    let told = kinds.into_iter().map(|(kind, labels)| {
        let (one, many) = match kind {
            UndecidedKind::Check => ("the check", "the checks"),
            UndecidedKind::Stage => ("the stage", "the stages"),
            UndecidedKind::Disqualify => ("whether disqualified:", "whether disqualified:"),
            UndecidedKind::Persona => ("the persona", "the personas"),
            UndecidedKind::Rule => ("the points of", "the points of"),
            UndecidedKind::Route => ("the route", "the routes"),
        };
        format!("{} {}", if labels.len() == 1 { one } else { many }, labels.join(", "))
    });
    format!("decides {}", told.collect::<Vec<_>>().join("; "))
}
