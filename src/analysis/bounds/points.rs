//! What the parts of a score can be worth.

use super::super::values::{Interval, Set, Tris};
use super::{Range, Run};
use crate::analysis::state::MANY;
use crate::check::hir::{Case, Expr, Included, PartId, PartKind, Per};
use crate::model::number::{NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE, divide, hold_points};
use crate::model::{FieldId, Scalar, Tri, Type};
use std::collections::BTreeMap;

impl Run<'_, '_> {
    /// The points of a part.
    pub(in crate::analysis) fn part(&mut self, id: PartId) -> Range {
        if let Some(table) = self.space.exact_part(id) {
            let alive = self.state.alive(self.space, table.field);
            let points = || table.points.iter().zip(alive).filter(|(_, alive)| **alive).map(|(points, _)| *points);
            return Range { low: points().min().or(Some(0)), high: points().max().or(Some(0)) };
        }
        match &self.space.program.parts[id.index()].kind {
            PartKind::Group { parts, from, to } => {
                let sum = self.sum(parts);
                let hold = |end: Option<i64>, open: i64| {
                    let limited =
                        end.unwrap_or(open).min(to.unwrap_or(POINTS_LIMIT)).max(from.unwrap_or(-POINTS_LIMIT));
                    (end.is_some() || limited != open).then_some(limited)
                };
                Range { low: hold(sum.low, -POINTS_LIMIT), high: hold(sum.high, POINTS_LIMIT) }
            }
            PartKind::Include { of, factor } => self.include(of, *factor),
            PartKind::If { points, condition } => {
                let condition = self.condition(condition, None);
                let holds = condition.has(Tri::True).then(|| Range::one(*points));
                let not = (condition != Tris::TRUE).then(|| Range::one(0));
                join([holds, not])
            }
            PartKind::Per(per) => self.per(id, per),
            PartKind::PerPeriod { points, period, since, most } => {
                let periods = self.periods(since, *period);
                let worth = |periods: i128| {
                    let sum = hold_points(i128::from(*points) * periods);
                    most.map_or(sum, |most| sum.clamp(-most, most))
                };
                let (a, b) = (worth(periods.0), worth(periods.1));
                Range { low: Some(a.min(b)), high: Some(a.max(b)) }
            }
            PartKind::By { value, cases, missing, otherwise } => self.by(value, cases, *missing, *otherwise),
            PartKind::FirstOf { cases, otherwise } => self.first_of(cases, *otherwise),
        }
    }

    /// The sum of parts: those on the same field are added cell by cell.
    fn sum(&self, parts: &[PartId]) -> Range {
        let mut by_field: BTreeMap<FieldId, Vec<i128>> = BTreeMap::new();
        let (mut low, mut high) = (Some(0i128), Some(0i128));
        let mut add = |range: (Option<i128>, Option<i128>)| {
            low = low.zip(range.0).map(|(a, b)| a + b);
            high = high.zip(range.1).map(|(a, b)| a + b);
        };
        for part in parts {
            match self.space.exact_part(*part) {
                Some(table) => {
                    let sums = by_field.entry(table.field).or_insert_with(|| vec![0; table.points.len()]);
                    sums.iter_mut().zip(&table.points).for_each(|(sum, points)| *sum += i128::from(*points));
                }
                None => {
                    let range = self.range(*part);
                    add((range.low.map(i128::from), range.high.map(i128::from)));
                }
            }
        }
        for (field, sums) in by_field {
            let alive = self.state.alive(self.space, field);
            let sums = || sums.iter().zip(alive).filter(|(_, alive)| **alive).map(|(sum, _)| *sum);
            add((sums().min().or(Some(0)), sums().max().or(Some(0))));
        }
        Range { low: low.map(hold_points), high: high.map(hold_points) }
    }

    fn include(&mut self, of: &Included, factor: Option<i64>) -> Range {
        let (range, unit) = match of {
            Included::Score(part) => {
                let range = self.range(*part);
                if factor.is_none() {
                    return range;
                }
                ((range.low.map(i128::from), range.high.map(i128::from)), 1)
            }
            Included::Number(expr) => {
                let Set::Interval(mut number) = self.expr(expr, None) else { return Range { low: None, high: None } };
                if number.missing {
                    number = number.union(Interval::new(0, 0));
                }
                ((Some(number.low), Some(number.high)), i128::from(NUMBER_SCALE / POINTS_SCALE))
            }
        };
        let times = |raw: i128| match factor {
            Some(factor) => divide(raw.saturating_mul(i128::from(factor)), unit * i128::from(NUMBER_SCALE)),
            None => divide(raw, unit),
        };
        let worth = |raw: Option<i128>| raw.map(|raw| times(raw).map_or(0, hold_points));
        Range { low: worth(range.0), high: worth(range.1) }
    }

    fn per(&mut self, id: PartId, per: &Per) -> Range {
        let (low, mut high) = self.state.counts[per.query.index()];
        if high == 0 {
            return Range::one(0);
        }
        let question = &self.space.events.questions[per.query.index()];
        if let Some(field) = &per.distinct
            && let Some(values) = self.different(field)
        {
            high = high.min(values);
        }
        let count = if high == MANY { u64::MAX } else { u64::from(high) };
        let most = self.space.most_points(id, count);
        // At least one event counts for sure: what the oldest of them would still be worth.
        let least = match (low, &per.distinct) {
            (0, _) | (_, Some(_)) => 0,
            _ => {
                let age = question.start.map(|start| self.space.evaluator.as_of().instant - start);
                let worth = match (&per.decay, age) {
                    (None, _) => per.points.abs(),
                    (Some(_), Some(age)) => self.space.evaluator.event_points(id, age).abs(),
                    (Some(_), None) => 0,
                };
                // Without caps every event counts; with them at least one does.
                let caps = per.per_day.is_some() || per.per_week.is_some() || per.per_month.is_some();
                let events = if caps { 1 } else { per.times.map_or(low, |times| times.min(low)) };
                let sum = hold_points(i128::from(worth) * i128::from(events));
                per.most.map_or(sum, |most| sum.min(most))
            }
        };
        let (least, most) = (i128::from(least), most);
        if per.points >= 0 {
            Range { low: Some(hold_points(least)), high: most.map(hold_points) }
        } else {
            Range { low: most.map(|most| hold_points(-most)), high: Some(hold_points(-least)) }
        }
    }

    /// How many different known values a field of events has; none is without limit.
    fn different(&self, field: &Expr) -> Option<u32> {
        match field.ty {
            Type::One(Scalar::Bool) => Some(2),
            Type::One(Scalar::Choice(domain)) => Some(self.choices_of(domain) as u32),
            _ => None,
        }
    }

    /// The fewest and most whole periods gone by.
    fn periods(&mut self, since: &Expr, period: i64) -> (i128, i128) {
        let as_of = self.space.evaluator.as_of().instant;
        let date = since.ty == Type::One(Scalar::Date);
        let Set::Interval(start) = self.expr(since, None) else { return (0, 0) };
        if !start.is_known() {
            return (0, 0);
        }
        let zone = &self.space.program.zone;
        let gone = |at: i128| {
            let at = if date { zone.start_of_day(at as i32) } else { at as i64 };
            i128::from(((as_of - at) / period.max(1)).max(0))
        };
        let (few, many) = (gone(start.high), gone(start.low));
        (if start.missing { 0 } else { few }, many)
    }

    fn by(&mut self, value: &Expr, cases: &[Case], missing: Option<i64>, otherwise: Option<i64>) -> Range {
        let looked_at = self.expr(value, None);
        let mut ranges = vec![looked_at.may_be_missing().then(|| Range::one(missing.unwrap_or(0)))];
        if looked_at.may_be_known() {
            let known = Some(looked_at.known());
            let mut left = true;
            for case in cases {
                let holds = self.condition(&case.condition, known);
                ranges.push(holds.has(Tri::True).then(|| Range::one(case.points)));
                if holds == Tris::TRUE {
                    left = false;
                    break;
                }
            }
            ranges.push(left.then(|| Range::one(otherwise.unwrap_or(0))));
        }
        join(ranges)
    }

    fn first_of(&mut self, cases: &[Case], otherwise: Option<i64>) -> Range {
        let mut ranges = Vec::new();
        let (mut all_false, mut some_unknown, mut left) = (true, false, true);
        for case in cases {
            let holds = self.condition(&case.condition, None);
            ranges.push(holds.has(Tri::True).then(|| Range::one(case.points)));
            all_false &= holds.has(Tri::False);
            some_unknown |= holds.has(Tri::Unknown);
            if holds == Tris::TRUE {
                left = false;
                break;
            }
        }
        if left {
            ranges.push(all_false.then(|| Range::one(otherwise.unwrap_or(0))));
            ranges.push(some_unknown.then(|| Range::one(0)));
        }
        join(ranges)
    }
}

fn join(ranges: impl IntoIterator<Item = Option<Range>>) -> Range {
    ranges.into_iter().flatten().reduce(Range::union).unwrap_or(Range::one(0))
}
