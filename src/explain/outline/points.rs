//! Points that add up: a score's rules in one column, what limits take as lines of their own.

use super::{Column, Detail, Entry, signed};
use crate::eval::Points;
use crate::explain::model::{EventFate, Explanation, How, PartItem, PerEvents, Place, ScoreItem};
use crate::explain::show::plural;
use crate::explain::text::{columns, phrase};

/// Scores in scores in scores: deeper ones are told as one line.
const DEPTH: usize = 6;

/// A score on one screen: what it takes in whole is told rule by rule, rules without points by their labels, and of very
/// many rules the small ones together.
pub(super) fn short(explanation: &Explanation, score: &ScoreItem, most: usize, labels: usize, cut: usize) -> Column {
    let mut gather = Gather { explanation, full: false, entries: Vec::new(), quiet: Vec::new() };
    gather.score(score, 0, DEPTH);
    let Gather { entries, quiet, .. } = gather;
    let quiet = if labels == 0 { Vec::new() } else { vec![super::unknown::listed(&quiet, labels)] };
    let quiet = quiet.into_iter().filter(|quiet| !quiet.is_empty()).collect();
    let says = format!("{}: the points above add up to it", score.item.label);
    let all = entries.len();
    let mut entries = fewer(entries, most);
    let widest = entries.iter().map(|entry| columns(&entry.label)).max().unwrap_or(0);
    let room = cut.saturating_sub(widest).max(30);
    let told = entries.len() - usize::from(entries.len() < all);
    for entry in entries.iter_mut().take(told).filter(|entry| columns(&entry.text) > room) {
        entry.text = phrase::whole_parts(entry.brief.as_ref().unwrap_or(&entry.text), room);
    }
    Column { entries, sum: score.points, says, quiet }
}

/// A score with every rule and every event.
pub(super) fn full(explanation: &Explanation, score: &ScoreItem) -> Column {
    let mut gather = Gather { explanation, full: true, entries: Vec::new(), quiet: Vec::new() };
    gather.score(score, 0, 0);
    let says = format!("{}: the points above add up to it", score.item.label);
    Column { entries: gather.entries, sum: score.points, says, quiet: Vec::new() }
}

/// The largest entries in their order, and all others as one.
fn fewer(entries: Vec<Entry>, most: usize) -> Vec<Entry> {
    if entries.len() <= most {
        return entries;
    }
    let size = |entry: &Entry| entry.points.map_or(0, |points| points.0.unsigned_abs());
    let mut sizes: Vec<u64> = entries.iter().map(size).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(most.saturating_sub(2)).copied().unwrap_or(0);
    // Of those that are as large as the smallest that has room, the first ones have it.
    let mut ties =
        most.saturating_sub(1) - sizes.iter().take(most.saturating_sub(1)).filter(|size| **size > least).count();
    let (mut kept, mut others, mut sum) = (Vec::new(), Vec::new(), 0i64);
    for entry in entries {
        let tie = size(&entry) == least && ties > 0;
        ties -= usize::from(tie);
        if size(&entry) > least || tie {
            kept.push(entry);
        } else {
            let told = format!("{} {}", signed(entry.points.unwrap_or(Points(0))), entry.label);
            others.push((size(&entry), told));
            sum += entry.points.map_or(0, |points| points.0);
        }
    }
    others.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let count = others.len();
    let others: Vec<String> = others.into_iter().map(|(_, told)| told).collect();
    // The largest first: nothing large hides behind a sum.
    let text = super::unknown::listed(&others, 6);
    let label = format!("{count} others together");
    kept.push(Entry {
        points: Some(Points(sum)),
        depth: 0,
        label,
        text,
        brief: None,
        limit: false,
        details: Vec::new(),
    });
    kept
}

struct Gather<'e> {
    explanation: &'e Explanation,
    full: bool,
    entries: Vec<Entry>,
    quiet: Vec<String>,
}

impl<'e> Gather<'e> {
    fn score(&mut self, score: &'e ScoreItem, depth: usize, flatten: usize) {
        self.parts(&score.parts, depth, flatten);
        self.limit(&score.item.label, depth, score.sum, score.points, score.from, score.to);
    }

    fn parts(&mut self, parts: &'e [PartItem], depth: usize, flatten: usize) {
        for part in parts {
            self.part(part, depth, flatten);
        }
    }

    fn part(&mut self, part: &'e PartItem, depth: usize, flatten: usize) {
        match &part.how {
            How::Group { sum, from, to, parts } => {
                if self.full {
                    let text = match phrase::limits(*from, *to) {
                        Some(limits) => format!("a group of {}, held {limits}", plural(parts.len() as u64, "part")),
                        None => format!("a group of {}", plural(parts.len() as u64, "part")),
                    };
                    let details = rule_place(part).into_iter().collect();
                    self.entries.push(Entry {
                        points: None,
                        depth,
                        label: part.item.label.clone(),
                        text,
                        brief: None,
                        limit: false,
                        details,
                    });
                }
                self.parts(parts, depth + usize::from(self.full), flatten);
                self.limit(&part.item.label, depth + usize::from(self.full), *sum, part.points, *from, *to);
            }
            How::Include { of, factor: None, .. } if flatten > 0 && self.included(of).is_some() => {
                if let Some(score) = self.included(of) {
                    self.score(score, depth, flatten - 1);
                }
            }
            _ if part.points == Points(0) && !self.full => self.quiet.push(part.item.label.clone()),
            _ => self.rule(part, depth),
        }
    }

    fn included(&self, name: &str) -> Option<&'e ScoreItem> {
        self.explanation.scores.iter().find(|score| score.item.name == name)
    }

    fn rule(&mut self, part: &PartItem, depth: usize) {
        let mut text = if self.full { phrase::written(part) } else { phrase::how(part) };
        if let (false, How::Include { of, .. }) = (self.full, &part.how)
            && let Some(score) = self.included(of)
        {
            text.push_str(&inside(&score.parts));
        }
        let details = if self.full { details(part) } else { Vec::new() };
        let label = part.item.label.clone();
        let brief = phrase::brief(part);
        self.entries.push(Entry { points: Some(part.points), depth, label, text, brief, limit: false, details });
    }

    /// What limits take away or add, as a line of its own.
    fn limit(
        &mut self,
        label: &str,
        depth: usize,
        sum: Points,
        points: Points,
        from: Option<Points>,
        to: Option<Points>,
    ) {
        let change = Points(points.0 - sum.0);
        if change.0 == 0 {
            return;
        }
        let limit = if change.0 < 0 { to } else { from };
        let text = match limit {
            Some(limit) if change.0 < 0 => format!("{label} counts {limit} at most; its parts come to {sum}"),
            Some(limit) => {
                format!("{label} counts {limit} at least; its parts come to {sum}, which new points make up for first")
            }
            None => format!("{label} is held to the size that points can have"),
        };
        let label = format!("Limit of {label}");
        let points = Some(change);
        self.entries.push(Entry { points, depth, label, text, brief: None, limit: true, details: Vec::new() });
    }
}

/// The rules that make up a score or a group, most first.
pub(super) fn inside(parts: &[PartItem]) -> String {
    fn leaves<'e>(parts: &'e [PartItem], out: &mut Vec<&'e PartItem>) {
        for part in parts {
            match &part.how {
                How::Group { parts, .. } => leaves(parts, out),
                _ if part.points.0 != 0 => out.push(part),
                _ => {}
            }
        }
    }
    let mut rules = Vec::new();
    leaves(parts, &mut rules);
    rules.sort_by_key(|part| std::cmp::Reverse(part.points.0.unsigned_abs()));
    if rules.is_empty() {
        return String::new();
    }
    let told: Vec<String> = rules
        .iter()
        .take(3)
        .map(|part| format!("{} {}{}", signed(part.points), part.item.label, unknown(part)))
        .collect();
    let more = if rules.len() > 3 { format!(" and {} more", rules.len() - 3) } else { String::new() };
    format!(": {}{more}", told.join(", "))
}

/// ` (not known)` of a rule that counts a missing value.
fn unknown(part: &PartItem) -> &'static str {
    match &part.how {
        How::By { value, .. } if value.value.value.is_null() => " (not known)",
        _ => "",
    }
}

/// A place in the policy's files, short: `policy.qual:61`.
pub(super) fn place(at: &Place) -> String {
    let file = at.file.rsplit(['/', '\\']).next().unwrap_or(&at.file);
    format!("{file}:{}", at.line)
}

/// Where a rule stands in the policy.
fn rule_place(part: &PartItem) -> Option<Detail> {
    let at = part.item.at.as_ref()?;
    Some(Detail::Note(format!("{} · {}", part.item.name, place(at))))
}

/// How a rule's points came about, line by line.
fn details(part: &PartItem) -> Vec<Detail> {
    let mut details: Vec<Detail> = rule_place(part).into_iter().collect();
    match &part.how {
        How::Per(per) => per_details(per, part.points, &mut details),
        How::PerPeriod { raw, over_limit, most, .. } if over_limit.0 != 0 => {
            details.push(Detail::Step { points: *raw, text: "raw".to_owned() });
            let most = most.map_or_else(String::new, |most| format!("over the limit of {most}"));
            details.push(Detail::Step { points: Points(-over_limit.0), text: most });
            details.push(Detail::Step { points: part.points, text: "net".to_owned() });
        }
        How::FirstOf { passed_over, .. } => {
            for condition in passed_over {
                let because = phrase::condition(condition);
                let word = match condition.truth {
                    crate::explain::model::Truth::Unknown => "passed over, not known",
                    _ => "passed over",
                };
                details.push(Detail::Note(format!("{word}: {because}")));
            }
        }
        _ => {}
    }
    details
}

fn per_details(per: &PerEvents, net: Points, details: &mut Vec<Detail>) {
    if per.events.is_empty() {
        return;
    }
    if per.raw != net {
        let raw = format!("raw: {} × {}", plural(per.events.len() as u64, "event"), per.each);
        details.push(Detail::Step { points: per.raw, text: raw });
        for group in &per.lost {
            let text = phrase::lost_events(group, per.distinct.as_deref());
            details.push(Detail::Step { points: Points(-group.points.0), text });
        }
        let mut less = |points: Points, text: String| {
            if points.0 != 0 {
                details.push(Detail::Step { points: Points(-points.0), text });
            }
        };
        less(per.decay, "faded".to_owned());
        less(per.over_limit, per.most.map_or_else(String::new, |most| format!("over the limit of {most} points")));
        details.push(Detail::Step { points: net, text: "net".to_owned() });
    }
    for event in &per.events {
        details.push(Detail::Event {
            at: event.at.local.clone(),
            ty: event.ty.clone(),
            points: event.points,
            fate: fate(event.fate, &event.at.ago),
        });
    }
}

fn fate(fate: EventFate, ago: &str) -> String {
    let told = match fate {
        EventFate::Counts => "counts",
        EventFate::OutsideWindow => "too old for the window",
        EventFate::NoValue => "without a value to tell apart",
        EventFate::Duplicate => "a later event has the same value",
        EventFate::OverDay => "later events of its day fill the limit",
        EventFate::OverWeek => "later events of its week fill the limit",
        EventFate::OverMonth => "later events of its month fill the limit",
        EventFate::OverTimes => "later events fill the limit",
    };
    format!("{told}, {ago}")
}
