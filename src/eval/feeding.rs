//! Events that stand in columns, counted without a branch: what an event feeds is looked up by its type and its age.

use super::counts::Counts;
use super::{Evaluator, decay};
use crate::check::hir::Expr;
use crate::model::EventTypeId;
use std::ops::Range;

/// At most so many counters, a byte each in some words.
const COUNTERS: usize = WORDS * 8;
const WORDS: usize = 4;
/// At most so many different ages, the one behind the as-of among them.
const AGES: usize = 8;
/// At most so many types of which more is asked than how many events there are, and the place of all others.
const LISTS: usize = 8;

/// What events of each type and age feed.
#[derive(Debug)]
pub struct Feeding {
    /// The first tick of each age, earliest first; behind them the latest of all.
    ages: [i64; AGES],
    /// How many ages there are, the one before the first among them.
    width: usize,
    /// By code of a type, and in it by age.
    cells: Vec<Cell>,
    /// What more is asked of the events of some types, from the second on.
    more: Vec<Vec<More>>,
    /// How many ticks are a millisecond.
    by: i64,
    /// The events of which more is asked, list by list.
    listed: Vec<Listed>,
}

/// What an event feeds.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    /// A byte a counter: what is added to it.
    add: [u64; WORDS],
    /// The list that it is written to, and whether it stays there.
    list: u32,
    stays: u32,
}

/// A feed that is more than one added to a counter: the place of its type (undeclared ones at 0), its place among those
/// of the type, and the first tick at which it counts.
#[derive(Clone, Copy, Debug)]
struct More {
    ty: u32,
    place: u32,
    start: i64,
}

/// An event: its lead, and its place among all.
#[derive(Clone, Copy, Debug, Default)]
struct Listed {
    lead: u32,
    entry: u32,
}

impl Evaluator<'_> {
    /// How events feed the counters of leads whose events stand in columns: `types`: by code, the type (none: an undeclared
    /// one), where it is read at all; `by`: so many ticks are a millisecond. None where the events have to be looked at
    /// in their order, or where there are too many counters.
    pub fn feeding(&self, types: impl Iterator<Item = Option<Option<EventTypeId>>>, by: i64) -> Option<Feeding> {
        let counting = &self.counting;
        if !counting.in_any_order() || counting.counter_count() > COUNTERS {
            return None;
        }
        let tick = |instant: i64| instant.saturating_mul(by);
        let mut starts: Vec<i64> = counting.all_feeds().map(|feed| feed.start).filter(|at| *at > i64::MIN).collect();
        starts.sort_unstable();
        starts.dedup();
        let now = self.as_of.instant.saturating_add(1);
        if starts.last().is_some_and(|last| *last >= now) || starts.len() >= AGES {
            return None;
        }
        let mut ages = [i64::MAX; AGES];
        for (slot, at) in ages.iter_mut().zip(starts.iter().copied().chain([now])) {
            *slot = tick(at);
        }
        let width = starts.len() + 2;
        let mut feeding = Feeding { ages, width, cells: Vec::new(), more: vec![Vec::new()], by, listed: Vec::new() };
        for ty in types {
            let feeds = ty.map_or(&[][..], |ty| counting.feeds(ty));
            let of_type = ty.flatten().map_or(0, |ty| ty.index() as u32 + 1);
            let more = feeds.iter().enumerate().filter(|(_, feed)| feed.condition.is_some() || feed.sum.is_some());
            let more: Vec<More> =
                more.map(|(place, feed)| More { ty: of_type, place: place as u32, start: tick(feed.start) }).collect();
            let list = if more.is_empty() { 0 } else { feeding.more.len() };
            for age in 0..width {
                let mut cell = Cell { list: list as u32, ..Cell::default() };
                // The last age is behind the as-of.
                for feed in feeds.iter().filter(|_| age + 1 < width) {
                    let begins = match feed.start {
                        i64::MIN => 0,
                        start => starts.partition_point(|at| *at <= start),
                    };
                    if age < begins {
                        continue;
                    }
                    if feed.condition.is_none() {
                        let counter = usize::from(feed.counter);
                        *cell.add.get_mut(counter / 8)? += 1 << (counter % 8 * 8);
                    }
                    if feed.condition.is_some() || feed.sum.is_some() {
                        cell.stays = 1;
                    }
                }
                feeding.cells.push(cell);
            }
            if list > 0 {
                feeding.more.push(more);
            }
        }
        (feeding.more.len() <= LISTS).then_some(feeding)
    }
}

impl Feeding {
    /// Counts the events of leads: the codes of the types of all events and their ticks, and by lead which are its own.
    /// `holds`: whether a `where` with this number is true for an event by the lead, its place among all and its type (by
    /// its place, the undeclared ones at 0).
    pub fn count<'e>(
        &mut self,
        evaluator: &'e Evaluator<'_>,
        counts: &mut Counts<'_>,
        (codes, ticks): (&[i32], &[i64]),
        leads: impl Iterator<Item = Range<usize>> + Clone,
        holds: &mut impl FnMut((usize, usize), usize, &'e Expr, usize) -> bool,
    ) {
        let events: usize = leads.clone().map(|span| span.len()).sum();
        // A place more for each list: what does not stay is written behind what does.
        let room = events + 1;
        let mut listed = std::mem::take(&mut self.listed);
        if listed.len() < room * self.more.len() {
            listed.resize(room * self.more.len(), Listed::default());
        }
        let lengths = match self.width {
            // What is after the last age is in no age's way: so few are compared as there are.
            0..=5 => self.look::<4>(counts, (codes, ticks), leads, &mut listed, room),
            _ => self.look::<AGES>(counts, (codes, ticks), leads, &mut listed, room),
        };
        for ((list, length), more) in listed.chunks(room).zip(lengths).zip(&self.more) {
            let list = list.get(..length).unwrap_or_default();
            more.iter().for_each(|more| self.feed(evaluator, counts, *more, ticks, list, holds));
        }
        self.listed = listed;
    }

    /// Adds to plain counters, and lists the other events; how many there are in each list.
    #[inline(always)]
    fn look<const N: usize>(
        &self,
        counts: &mut Counts<'_>,
        (codes, ticks): (&[i32], &[i64]),
        leads: impl Iterator<Item = Range<usize>>,
        listed: &mut [Listed],
        room: usize,
    ) -> [usize; LISTS] {
        let mut lengths = [0; LISTS];
        let Some(ages) = self.ages.first_chunk::<N>() else { return lengths };
        for (lead, span) in leads.enumerate() {
            let mut from = span.start;
            while from < span.end {
                // A byte holds so many.
                let to = span.end.min(from + 255);
                let (Some(codes), Some(ticks)) = (codes.get(from..to), ticks.get(from..to)) else { break };
                let mut sums = [0u64; WORDS];
                for (entry, (code, tick)) in (from..to).zip(codes.iter().zip(ticks)) {
                    let age: usize = ages.iter().map(|start| usize::from(*tick >= *start)).sum();
                    let Some(cell) = self.cells.get(*code as usize * self.width + age) else { continue };
                    sums.iter_mut().zip(cell.add).for_each(|(sum, add)| *sum += add);
                    let list = cell.list as usize % LISTS;
                    let length = &mut lengths[list];
                    if let Some(slot) = listed.get_mut(list * room + *length) {
                        *slot = Listed { lead: lead as u32, entry: entry as u32 };
                    }
                    *length += cell.stays as usize;
                }
                counts.add_bytes(lead, &sums);
                from = to;
            }
        }
        lengths
    }

    /// What is more than one added to a counter.
    #[inline]
    fn feed<'e>(
        &self,
        evaluator: &'e Evaluator<'_>,
        counts: &mut Counts<'_>,
        more: More,
        ticks: &[i64],
        list: &[Listed],
        holds: &mut impl FnMut((usize, usize), usize, &'e Expr, usize) -> bool,
    ) {
        let Some(feed) = evaluator.counting.feed(more.ty as usize, more.place as usize) else { return };
        let counter = usize::from(feed.counter);
        let at = |event: &Listed| {
            let entry = event.entry as usize;
            (event.lead as usize, entry, ticks.get(entry).copied().unwrap_or(i64::MIN))
        };
        let events = list.iter().map(at).filter(|(_, _, tick)| *tick >= more.start);
        match (feed.condition, feed.sum) {
            (Some((condition, number)), None) => {
                for (lead, entry, _) in events {
                    counts.add_some(lead, counter, holds((lead, entry), more.ty as usize, condition, number));
                }
            }
            (condition, Some((per, part, sum))) => {
                let halving = decay::Halving::of(per);
                let table = evaluator.tables.get(part.index()).and_then(Option::as_ref);
                for (lead, entry, tick) in events {
                    if let Some((condition, number)) = condition {
                        if !holds((lead, entry), more.ty as usize, condition, number) {
                            continue;
                        }
                        counts.add_some(lead, counter, true);
                    }
                    // Division by what is known while it is compiled is many times faster.
                    let at = match self.by {
                        1 => tick,
                        1000 => tick.div_euclid(1000),
                        by => tick.div_euclid(by),
                    };
                    let age = evaluator.as_of.instant - at;
                    let points = halving.map_or_else(|| decay::points(per, table, age), |halving| halving.points(age));
                    counts.add_points(lead, usize::from(sum), points);
                }
            }
            (None, None) => {}
        }
    }
}
