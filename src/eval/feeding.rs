//! Events that stand in columns, counted without a branch: what an event feeds is looked up by its type and its age.

use super::counts::Counts;
use super::{Evaluator, decay};
use crate::check::hir::Expr;
use crate::model::EventTypeId;

/// At most so many counters, a byte each in some words.
const COUNTERS: usize = WORDS * 8;
const WORDS: usize = 4;
/// At most so many different ages, the one behind the as-of among them.
const AGES: usize = 8;

/// What events of each type and age feed.
#[derive(Debug)]
pub struct Feeding {
    /// The first tick of each age, earliest first; behind them the latest of all.
    ages: [i64; AGES],
    /// How many ages there are, the one before the first among them.
    width: usize,
    /// By code of a type, and in it by age.
    cells: Vec<Cell>,
    /// What needs more than one added to a counter: the place of the type, and of the feed in it.
    more: Vec<(u32, u32)>,
    /// How many ticks are a millisecond.
    by: i64,
}

/// What an event feeds.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    /// A byte a counter: what is added to it.
    add: [u64; WORDS],
    /// Which of the others.
    more: (u32, u32),
}

impl<'p> Evaluator<'p> {
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
        let (mut cells, mut more) = (Vec::new(), Vec::new());
        for ty in types {
            for age in 0..width {
                let mut cell = Cell::default();
                let from = more.len() as u32;
                // The last age is behind the as-of.
                let feeds = ty.filter(|_| age + 1 < width).map_or(&[][..], |ty| counting.feeds(ty));
                for (place, feed) in feeds.iter().enumerate() {
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
                        more.push((ty.flatten().map_or(0, |ty| ty.index() as u32 + 1), place as u32));
                    }
                }
                cell.more = (from, more.len() as u32);
                cells.push(cell);
            }
        }
        Some(Feeding { ages, width, cells, more, by })
    }
}

impl Feeding {
    /// Counts events of a lead: their types' codes and their ticks. `holds`: whether a `where` with this number is true for
    /// an event by its place among these and its type (by its place, the undeclared ones at 0).
    #[inline]
    pub fn count<'e>(
        &self,
        evaluator: &'e Evaluator<'_>,
        counts: &mut Counts<'_>,
        lead: usize,
        codes: &[i32],
        ticks: &[i64],
        holds: &mut impl FnMut(usize, usize, &'e Expr, usize) -> bool,
    ) {
        // What is after the last age is in no age's way: so few are compared as there are.
        match self.width {
            0..=5 => self.count_in::<4>(evaluator, counts, lead, codes, ticks, holds),
            _ => self.count_in::<AGES>(evaluator, counts, lead, codes, ticks, holds),
        }
    }

    #[inline(always)]
    fn count_in<'e, const N: usize>(
        &self,
        evaluator: &'e Evaluator<'_>,
        counts: &mut Counts<'_>,
        lead: usize,
        codes: &[i32],
        ticks: &[i64],
        holds: &mut impl FnMut(usize, usize, &'e Expr, usize) -> bool,
    ) {
        let Some(ages) = self.ages.first_chunk::<N>() else { return };
        let mut first = 0;
        // A byte holds so many.
        for (codes, ticks) in codes.chunks(255).zip(ticks.chunks(255)) {
            let mut sums = [0u64; WORDS];
            for (place, (code, tick)) in codes.iter().zip(ticks).enumerate() {
                let age: usize = ages.iter().map(|start| usize::from(*tick >= *start)).sum();
                let Some(cell) = self.cells.get(*code as usize * self.width + age) else { continue };
                sums.iter_mut().zip(cell.add).for_each(|(sum, add)| *sum += add);
                if cell.more.0 != cell.more.1 {
                    self.more(evaluator, counts, lead, *cell, *tick, &mut |ty, condition, number| {
                        holds(first + place, ty, condition, number)
                    });
                }
            }
            first += codes.len();
            counts.add_bytes(lead, &sums);
        }
    }

    #[inline]
    fn more<'e>(
        &self,
        evaluator: &'e Evaluator<'_>,
        counts: &mut Counts<'_>,
        lead: usize,
        cell: Cell,
        tick: i64,
        holds: &mut impl FnMut(usize, &'e Expr, usize) -> bool,
    ) {
        for (ty, place) in self.more.get(cell.more.0 as usize..cell.more.1 as usize).unwrap_or_default() {
            let Some(feed) = evaluator.counting.feed(*ty as usize, *place as usize) else { continue };
            if let Some((condition, number)) = feed.condition {
                if !holds(*ty as usize, condition, number) {
                    continue;
                }
                counts.add_one(lead, usize::from(feed.counter));
            }
            if let Some((per, part, sum)) = feed.sum {
                // Division by what is known while it is compiled is many times faster.
                let at = match self.by {
                    1 => tick,
                    1000 => tick.div_euclid(1000),
                    by => tick.div_euclid(by),
                };
                let table = evaluator.tables.get(part.index()).and_then(Option::as_ref);
                let points = decay::points(per, table, evaluator.as_of.instant - at);
                counts.add_points(lead, usize::from(sum), points);
            }
        }
    }
}
