//! When the reach of a length passes an instant or a day: [`AsOf::reach`], turned around.
//!
//! What is found is every instant `t` of a range at which the reach of the as-of `t` stands otherwise to what it is
//! compared with than the reach of the as-of `t − 1`. Months make that more than a subtraction: a month that lacks a
//! day ends with its last, clocks are set forward and back, and a local time may not be there or be there twice. Within
//! a day of one offset the reach moves as the as-of does; all that is needed is to look into every such piece.

use crate::model::time::{AsOf, DAY, EARLIEST, LATEST, Length, Zone, months_later};
use std::cmp::Ordering;

/// A month that lacks a day moves a reach by up to three of them; offsets and clocks by two more.
const NEAR: i64 = 6 * DAY;

/// Whether the reach is before the as-of or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Back,
    Ahead,
}

/// A range of instants that is looked at: later than `from`, up to `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Range {
    pub(super) fn contains(&self, at: i64) -> bool {
        at > self.from && at <= self.to
    }
}

/// The instants of a range at which the as-of passes an instant: it is there, and it is behind.
pub(super) fn now_passes(instant: i64, range: Range, found: &mut impl FnMut(i64)) {
    for at in [instant, instant.saturating_add(1)] {
        if range.contains(at) {
            found(at);
        }
    }
}

/// The instants of a range at which the reach of a length passes an instant.
pub(super) fn reach_passes(
    length: Length,
    side: Side,
    instant: i64,
    zone: &Zone,
    range: Range,
    found: &mut impl FnMut(i64),
) {
    match length.millis() {
        Some(millis) => {
            let moved =
                if side == Side::Back { instant.saturating_add(millis) } else { instant.saturating_sub(millis) };
            now_passes(moved, range, found);
        }
        None => calendar_passes(length, side, instant, zone, range, found),
    }
}

fn calendar_passes(length: Length, side: Side, instant: i64, zone: &Zone, range: Range, found: &mut impl FnMut(i64)) {
    let months = if side == Side::Back { -length.months() } else { length.months() };
    let Some(guess) = months_later(zone.local(instant), -months).map(|reading| zone.instant(reading)) else { return };
    let (first, last) = ((guess - NEAR).max(range.from + 1), (guess + NEAR).min(range.to));
    if first > last {
        return;
    }
    // The readings at which the reach is the instant, or at which the clock there is set.
    let mut readings = vec![zone.local(instant)];
    for change in zone.changes(instant - 2 * DAY, instant + 2 * DAY) {
        let offsets = [zone.local(change - 1) - (change - 1), zone.local(change) - change];
        readings.extend(offsets.iter().flat_map(|offset| [change + offset, instant + offset]));
    }
    let mut at = Vec::new();
    for (from, to, offset) in pieces(zone, first - 1, last) {
        for day in (from + offset).div_euclid(DAY)..=(to + offset).div_euclid(DAY) {
            let start = day * DAY;
            let Some(moved) = months_later(start, months) else { continue };
            at.push(start - offset);
            at.push(from);
            let shift = moved - start;
            for reading in &readings {
                at.extend([reading - shift - offset, reading - shift - offset + 1]);
            }
        }
    }
    at.sort_unstable();
    at.dedup();
    let stands = |at: i64| -> Ordering {
        let reach = AsOf::new(at, zone).reach(length, zone);
        (if side == Side::Back { reach.back } else { reach.ahead }).cmp(&instant)
    };
    for at in at {
        if at >= first && at <= last && stands(at - 1) != stands(at) {
            found(at);
        }
    }
}

/// The parts of `from..=to` in which the zone's offset is one, with the offset.
fn pieces(zone: &Zone, from: i64, to: i64) -> Vec<(i64, i64, i64)> {
    let mut starts = vec![from];
    starts.extend(zone.changes(from + 1, to));
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([to]);
    starts.iter().zip(ends).map(|(start, end)| (*start, end, zone.local(*start) - start)).collect()
}

/// The instants of a range at which the as-of's day becomes this day or a later one, or an earlier one again.
pub(super) fn day_begins(day: i64, zone: &Zone, range: Range, found: &mut impl FnMut(i64)) {
    let middle = day.saturating_mul(DAY);
    if !(EARLIEST - NEAR..=LATEST + NEAR).contains(&middle) {
        return;
    }
    let mut at: Vec<i64> = Vec::new();
    for (from, _, offset) in pieces(zone, middle - 2 * DAY, middle + 2 * DAY) {
        at.extend([from, middle - offset]);
    }
    at.sort_unstable();
    at.dedup();
    let begun = |at: i64| i64::from(zone.day(at)) >= day;
    for at in at {
        if range.contains(at) && begun(at - 1) != begun(at) {
            found(at);
        }
    }
}

/// The instants of a range at which the reach of a length, for days, passes a day.
pub(super) fn day_reach_passes(
    length: Length,
    side: Side,
    day: i32,
    zone: &Zone,
    range: Range,
    found: &mut impl FnMut(i64),
) {
    let wanted = i64::from(day) * DAY;
    let reach = |day: i64| -> i64 {
        let reach = AsOf { instant: 0, day: day as i32 }.reach(length, zone);
        if side == Side::Back { reach.day_back } else { reach.day_ahead }
    };
    let (low, high) = (i64::from(zone.day(range.from)) - 2, i64::from(zone.day(range.to)) + 2);
    // The reach rises with the day: the first day that it is there, and the first that it is past.
    for past in [false, true] {
        let there = |day: i64| if past { reach(day) > wanted } else { reach(day) >= wanted };
        let (mut before, mut at) = (low, high);
        if there(before) || !there(at) {
            continue;
        }
        while at - before > 1 {
            let middle = before + (at - before) / 2;
            if there(middle) { at = middle } else { before = middle }
        }
        day_begins(at, zone, range, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast::Unit;

    const HOUR: i64 = 3_600_000;

    fn at(text: &str) -> i64 {
        AsOf::parse(text, &Zone::default()).expect("an instant").instant
    }

    /// Steps through a range and compares with what is found.
    fn stepped(zone: &Zone, length: Length, side: Side, instant: i64, range: Range, step: i64) {
        let mut found = Vec::new();
        reach_passes(length, side, instant, zone, range, &mut |at| found.push(at));
        found.sort_unstable();
        found.dedup();
        let stands = |at: i64| {
            let reach = AsOf::new(at, zone).reach(length, zone);
            (if side == Side::Back { reach.back } else { reach.ahead }).cmp(&instant)
        };
        let mut now = range.from;
        let mut state = stands(now);
        while now < range.to {
            let next = (now + step).min(range.to);
            let inside: Vec<i64> = found.iter().copied().filter(|at| *at > now && *at <= next).collect();
            for at in &inside {
                assert_ne!(stands(at - 1), stands(*at), "{at} is no change");
            }
            let end = stands(next);
            assert!(!inside.is_empty() || end == state, "{length} {side:?} {instant}: nothing found in {now}..{next}");
            (now, state) = (next, end);
        }
    }

    #[test]
    fn months_are_turned_around_exactly() {
        let month = Length { count: 1, unit: Unit::Month };
        for name in ["UTC", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "America/Sao_Paulo"] {
            let zone = Zone::named(name).expect("a zone");
            for written in [
                "2026-02-28T10:17:03Z",
                "2026-02-28T23:59:59Z",
                "2026-03-08T07:30:00Z",
                "2026-11-01T05:30:00Z",
                "2026-11-01T06:30:00Z",
                "2026-12-31T03:00:00Z",
                "2007-11-04T02:31:00Z",
                "2018-11-04T02:30:00Z",
            ] {
                let instant = at(written);
                for (side, sign) in [(Side::Back, 1), (Side::Ahead, -1)] {
                    let around = instant + sign * 30 * DAY;
                    let range = Range { from: around - 5 * DAY, to: around + 5 * DAY };
                    stepped(&zone, month, side, instant, range, HOUR / 4);
                }
            }
        }
    }

    #[test]
    fn days_that_begin_twice() {
        // On 2007-11-04 the clock of St. John's went from 00:01 back to 23:01 of the day before.
        let zone = Zone::named("America/St_Johns").expect("a zone");
        let day = i64::from(crate::model::time::Moment::read(b"2007-11-04").expect("a day").day(&zone));
        let mut found = Vec::new();
        let range = Range { from: (day - 2) * DAY, to: (day + 2) * DAY };
        day_begins(day, &zone, range, &mut |at| found.push(at));
        assert_eq!(found, [at("2007-11-04T02:30:00Z"), at("2007-11-04T02:31:00Z"), at("2007-11-04T03:30:00Z")]);
    }
}
