//! The points of the parts of a score, of all leads of a block.

use super::mask::{Mask, join};
use super::sheet::Sheet;
use crate::check::hir::{Case, Expr, Included, PartId, PartKind};
use crate::eval::counts::Counter;
use crate::eval::points::{held, included};
use crate::model::number::saturate;
use bumpalo::Bump;

/// A score may be the plain sum of so many parts: their points, held as they are, fit 64 bits.
const MOST_PARTS: usize = 900;

impl<'a> Sheet<'a, '_> {
    /// Works a part out.
    pub fn part(&mut self, id: PartId) {
        let Some(part) = self.program.parts.get(id.index()) else { return };
        let arena = self.arena;
        if let PartKind::If { points: worth, condition } = &part.kind {
            let who = self.condition(condition).yes;
            if let Some(slot) = self.out.parts.get_mut(id.index()) {
                *slot = PartPoints::Who(who, held(*worth, None, None));
            }
            return;
        }
        let points: &mut [i64] = arena.alloc_slice_fill_copy(self.len(), 0);
        match &part.kind {
            PartKind::Group { parts, from, to } if parts.len() <= MOST_PARTS => {
                for part in parts {
                    match self.out.parts.get(part.index()) {
                        Some(PartPoints::Each(of_part)) => {
                            points.iter_mut().zip(*of_part).for_each(|(sum, points)| *sum += points);
                        }
                        Some(PartPoints::Who(who, worth)) => add(points, who, *worth),
                        None => {}
                    }
                }
                hold(points, *from, *to);
            }
            PartKind::Per(per) if let Some(counter) = self.evaluator.counter_of(id, per) => {
                let counted = self.counted();
                let worth = |sum: i128| held(saturate(sum), per.most.map(|most| -most), per.most);
                // Most counts are small, and of all leads the same ones.
                let few: [i64; 16] = std::array::from_fn(|count| worth(Counter::of_count(per, count as u64)));
                match counter {
                    Counter::Count(counter) => {
                        for (slot, count) in points.iter_mut().zip(counted.counter(counter)) {
                            let known = few.get(count as usize).copied();
                            *slot = known.unwrap_or_else(|| worth(Counter::of_count(per, count)));
                        }
                    }
                    Counter::Sum(sum) => {
                        for (lead, slot) in points.iter_mut().enumerate() {
                            *slot = worth(counted.lead(lead).sum(sum));
                        }
                    }
                }
            }
            PartKind::Include { of, factor } => {
                let evaluated = match of {
                    Included::Score(part) => Err(self.out.points(*part)),
                    Included::Number(expr) => Ok(self.value(expr)),
                };
                for (lead, slot) in points.iter_mut().enumerate() {
                    *slot = match evaluated {
                        Err(points) => included(Err(points.get(lead).copied().unwrap_or(0)), *factor),
                        Ok(values) => included(Ok(values.get(lead)), *factor),
                    };
                }
                hold(points, None, None);
            }
            PartKind::PerPeriod { points: worth, period, since, most } => {
                let since = self.value(since);
                for (lead, slot) in points.iter_mut().enumerate() {
                    let periods = self.evaluator.periods(since.get(lead), *period);
                    let sum = saturate(i128::from(*worth) * i128::from(periods));
                    *slot = held(sum, most.map(|most| -most), *most);
                }
            }
            PartKind::By { value, cases, missing, otherwise } => {
                self.by(points, value, cases, *missing, *otherwise);
            }
            PartKind::FirstOf { cases, otherwise } => {
                let mut open = self.all;
                let mut sure = self.all;
                for case in cases {
                    let condition = self.condition(&case.condition);
                    set(points, join(open, condition.yes, arena, |open, yes| open & yes), case.points);
                    open = join(open, condition.yes, arena, |open, yes| open & !yes);
                    sure = join(sure, condition.no, arena, |sure, no| sure & no);
                }
                set(points, sure, otherwise.unwrap_or(0));
            }
            PartKind::If { .. } | PartKind::Group { .. } | PartKind::Per(_) => {
                self.one_by_one(|run, lead| {
                    if let Some(slot) = points.get_mut(lead) {
                        *slot = run.part(id);
                    }
                });
            }
        }
        if let Some(slot) = self.out.parts.get_mut(id.index()) {
            *slot = PartPoints::Each(points);
        }
    }

    fn by(
        &mut self,
        points: &mut [i64],
        value: &'a Expr,
        cases: &'a [Case],
        missing: Option<i64>,
        otherwise: Option<i64>,
    ) {
        let arena = self.arena;
        let value = self.value(value);
        let known = value.is_known(self.len(), arena);
        let before = std::mem::replace(&mut self.subject, value);
        let mut open = known;
        for case in cases {
            let yes = self.condition(&case.condition).yes;
            set(points, join(open, yes, arena, |open, yes| open & yes), case.points);
            open = join(open, yes, arena, |open, yes| open & !yes);
        }
        self.subject = before;
        set(points, open, otherwise.unwrap_or(0));
        set(points, join(known, self.all, arena, |known, all| !known & all), missing.unwrap_or(0));
    }
}

/// The points of a part.
#[derive(Clone, Copy, Debug)]
pub enum PartPoints<'a> {
    /// By lead.
    Each(&'a [i64]),
    /// So many for these leads, none for the others.
    Who(Mask<'a>, i64),
}

impl<'a> PartPoints<'a> {
    /// By lead.
    pub fn each(self, leads: usize, arena: &'a Bump) -> &'a [i64] {
        match self {
            PartPoints::Each(points) => points,
            PartPoints::Who(who, worth) => {
                let points = arena.alloc_slice_fill_copy(leads, 0);
                add(points, who, worth);
                points
            }
        }
    }
}

/// By four bits: all bits of the places whose bit is set.
static FOURS: [[i64; 4]; 16] = {
    let mut fours = [[0; 4]; 16];
    let mut place = 0;
    while place < 64 {
        fours[place / 4][place % 4] = -(((place / 4) >> (place % 4) & 1) as i64);
        place += 1;
    }
    fours
};

/// What each lead's points become, by all bits or none: which leads get points is as good as random, so there is no
/// branch.
#[inline(always)]
fn change(points: &mut [i64], leads: Mask<'_>, of: impl Fn(i64, i64) -> i64) {
    for (chunk, word) in points.chunks_mut(64).zip(leads) {
        if *word == 0 {
            continue;
        }
        let mut word = *word;
        let (fours, rest) = chunk.as_chunks_mut::<4>();
        for four in fours {
            if let Some(masks) = FOURS.get((word & 15) as usize) {
                four.iter_mut().zip(masks).for_each(|(slot, mask)| *slot = of(*slot, *mask));
            }
            word >>= 4;
        }
        for (place, slot) in rest.iter_mut().enumerate() {
            *slot = of(*slot, -((word >> place & 1) as i64));
        }
    }
}

/// Gives some leads these points, held between the limits of all points.
fn set(points: &mut [i64], leads: Mask<'_>, worth: i64) {
    let worth = held(worth, None, None);
    change(points, leads, |points, mask| (points & !mask) | (worth & mask));
}

/// Adds to the points of some leads.
fn add(points: &mut [i64], leads: Mask<'_>, worth: i64) {
    change(points, leads, |points, mask| points + (worth & mask));
}

fn hold(points: &mut [i64], from: Option<i64>, to: Option<i64>) {
    points.iter_mut().for_each(|points| *points = held(*points, from, to));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_set_where_a_bit_is() {
        let mut points: Vec<i64> = (0..130).collect();
        set(&mut points, &[0, 1 << 3 | 1 << 63, 2], -5);
        let expected = (0..130).map(|lead| if [67, 127, 129].contains(&lead) { -5 } else { lead });
        assert_eq!(points, expected.collect::<Vec<i64>>());
        let before = points.clone();
        let words = [0x8421_8000_7fff_1234, u64::MAX, 2];
        add(&mut points, &words, 7);
        for (lead, (after, before)) in points.iter().zip(&before).enumerate() {
            assert_eq!(after - before, i64::from(super::super::bit(&words, lead)) * 7, "{lead}");
        }
    }
}
