//! Rules per event: counts, caps that keep the latest, decay.

use super::events::Filter;
use super::{Kept, Lower, Place, assemble};
use crate::check::hir::{Decay, PartId, Per};
use crate::model::number::{NUMBER_SCALE, POINTS_LIMIT};
use crate::sql::tree::{From, Item, Select, Sql, call, col, int, when};
use num_bigint::BigUint;

/// Longer tables of what is left of a share are worked out in floating point behind their end.
const TABLE: usize = 2048;

impl Lower<'_> {
    /// What a rule per event is worth, before its limit in points.
    pub(super) fn per(&mut self, id: PartId, per: &Per) -> Sql {
        let calendar = [per.per_day, per.per_week, per.per_month].iter().flatten().count();
        let one_a_period = calendar == 1 && [per.per_day, per.per_week, per.per_month].contains(&Some(1));
        let types = self.program.queries[per.query.index()].types.clone();
        let filter = self.filter(per.query, |_| Vec::new());
        let simple =
            per.decay.is_none() && !(per.distinct.is_some() && calendar > 0) && (calendar == 0 || one_a_period);
        if simple {
            let (value, named) = self.resting(|lower| {
                lower.on_event(&types, |lower| match &per.distinct {
                    Some(field) => Some(lower.distinct_value(field)),
                    None if one_a_period => {
                        let day = lower.event_day();
                        Some(lower.period(per, day))
                    }
                    None => None,
                })
            });
            let Filter { conditions, mut rests_on } = filter;
            rests_on.extend(named);
            let distinct = value.is_some();
            let value = self.d.aggregate("count", value, distinct, Sql::all(conditions));
            let wanted = self.wanted("events");
            let mut count = self.counted(&wanted, value, true, rests_on);
            if let Some(times) = per.times {
                count = call("least", [count, int(times)]);
            }
            return self.times(count, per.points);
        }
        if calendar == 0 && per.distinct.is_none() && per.times.is_none() {
            // Every event counts: the sum of what each is still worth.
            let worth = self.on_event(&types, |lower| lower.decayed(per, Sql::Of("e", "age".into())));
            let value = self.d.aggregate("sum", Some(worth), false, Sql::all(filter.conditions));
            let wanted = self.wanted("decayed");
            let raw = self.counted(&wanted, value, true, filter.rests_on);
            return self.d.points_of(raw);
        }
        self.kept(id, per, filter)
    }

    /// N times a count.
    fn times(&self, count: Sql, points: i64) -> Sql {
        let factor = self.d.number(i128::from(points), 4);
        if points.unsigned_abs() > 10_000_000_000 {
            return self.d.as_decimal(factor, 38, 4).bin("*", count);
        }
        factor.bin("*", count)
    }

    /// The one calendar period of a rule that has one.
    fn period(&self, per: &Per, day: Sql) -> Sql {
        if per.per_day.is_some() {
            day
        } else if per.per_week.is_some() {
            self.d.week(day)
        } else {
            self.d.month(day)
        }
    }

    /// The events that a rule keeps, in a query of its own: cap after cap, the latest first.
    fn kept(&mut self, id: PartId, per: &Per, filter: Filter) -> Sql {
        let types = self.program.queries[per.query.index()].types.clone();
        let calendar = per.per_day.is_some() || per.per_week.is_some() || per.per_month.is_some();
        let (value, named) = self.resting(|lower| {
            lower.on_event(&types, |lower| {
                if calendar {
                    lower.event_day();
                }
                per.distinct.as_ref().map(|field| lower.distinct_value(field))
            })
        });
        let Filter { mut conditions, mut rests_on } = filter;
        rests_on.extend(named);
        let level = self.level(&rests_on);
        let keys: Vec<String> = std::iter::once("lead_key".to_owned()).chain(rests_on.iter().cloned()).collect();
        let own = |name: &String| Sql::Of(if rests_on.is_empty() { "e" } else { "l" }, name.clone());
        let mut first = Select::of(From::Part("event_fields".into()), "e");
        first.items.extend(keys.iter().map(|key| Item::new(own(key), key.clone())));
        for name in ["at", "age"] {
            first.items.push(Item::new(Sql::Of("e", name.into()), name));
        }
        if calendar {
            first.items.push(Item::new(Sql::Of("e", "event_day".into()), "event_day"));
        }
        if let Some(value) = value {
            conditions.push(value.clone().known());
            first.items.push(Item::new(value, "value"));
        }
        first.filter = conditions;
        if !rests_on.is_empty() {
            self.join_leads(&mut first, &rests_on, level);
        }
        // Each cap numbers the events that are left; what reads them keeps those within it.
        let mut caps: Vec<(String, Option<Sql>, u32)> = Vec::new();
        if per.distinct.is_some() {
            caps.push(("the latest of each value".to_owned(), Some(col("value")), 1));
        }
        let day = || col("event_day");
        let calendar_caps = [
            (per.per_day, day(), "day"),
            (per.per_week, self.d.week(day()), "week"),
            (per.per_month, self.d.month(day()), "month"),
        ];
        caps.extend(calendar_caps.into_iter().filter_map(|(cap, period, word)| {
            let cap = cap?;
            Some((format!("the latest {cap} a {word}"), Some(period), cap))
        }));
        if let Some(times) = per.times {
            caps.push((format!("the latest {times}"), None, times));
        }
        let part = &self.program.parts[id.index()];
        let score = &self.program.parts[part.score.index()].name;
        let rule = format!("{score}__{}", part.name);
        let context = self.context.clone();
        let step = |name: &str, what: &str, select: Select| assemble::part(name, &format!("{context}: {what}"), select);
        let columns: Vec<String> = first.items.iter().map(|item| item.name.clone()).collect();
        // What is left of a step: all of it, or what its cap keeps.
        let left = |step: &str, cap: Option<u32>| {
            let mut select = Select::of(From::Part(step.to_owned()), "e");
            select.filter.extend(cap.map(|cap| Sql::Of("e", "place".into()).bin("<=", int(cap))));
            select
        };
        let mut last = self.names.unique(&format!("{rule}__events"));
        let mut steps = vec![step(&last, "its events", first)];
        let mut within = None;
        for (number, (remark, period, cap)) in caps.into_iter().enumerate() {
            let mut numbered = left(&last, within.replace(cap));
            numbered.items = columns.iter().map(|name| Item::new(Sql::Of("e", name.clone()), name.clone())).collect();
            let by: Vec<Sql> = keys.iter().map(|key| col(key.as_str())).chain(period).collect();
            numbered.items.push(Item::new(Sql::Latest(by, Box::new(col("at"))), "place"));
            last = self.names.unique(&format!("{rule}__numbered_{}", number + 1));
            steps.push(step(&last, &format!("numbered to keep {remark}"), numbered));
        }
        let mut sum = left(&last, within);
        sum.items = keys.iter().map(|key| Item::new(col(key.as_str()), key.clone())).collect();
        let worth = self.decayed(per, col("age"));
        sum.items.push(Item::new(self.d.aggregate("sum", Some(worth), false, Sql::Bool(true)), "points"));
        sum.group = keys.iter().map(|key| col(key.as_str())).collect();
        let name = self.names.unique(&format!("{rule}__kept"));
        self.places.insert(name.clone(), Place { level, layer: 0 });
        let part_name = self.names.unique(&format!("{name}_events"));
        steps.push(step(&part_name, "what the kept events are worth", sum));
        let kept = Kept { name: name.clone(), part: part_name, steps, rests_on };
        self.passes.entry(level).or_default().kept.push(kept);
        let raw = self.lead_column(&name);
        self.d.points_of(raw)
    }

    /// What an event of this age is worth, in whole ten-thousandths.
    fn decayed(&mut self, per: &Per, age: Sql) -> Sql {
        let full = per.points;
        let size = i128::from(full.unsigned_abs());
        let signed = |value: Sql| if full < 0 { Sql::Neg(Box::new(value)) } else { value };
        match &per.decay {
            None => int(full),
            Some(Decay::Halving { every }) => {
                // As the evaluator: in floating point, rounded to nine places, then to four.
                let periods = self.d.double(Sql::Neg(Box::new(age))).bin("/", self.d.double(int(*every)));
                let left = self.d.power_of_two(periods);
                let nine = self.d.double(int(size)).bin("*", left).bin("*", self.d.double(int(100_000)));
                signed(self.d.nine_to_four(nine, size > 10_000_000_000))
            }
            Some(Decay::Fading { over }) => {
                let over = i128::from(*over);
                let left = int(over).bin("-", age.clone());
                let large = size.saturating_mul(over).saturating_mul(4) > i128::from(i64::MAX);
                let worth = if large {
                    self.d.share_of(size, left, over)
                } else {
                    let twice = int(2 * size).bin("*", left).bin("+", int(over));
                    self.d.whole_quotient(twice, int(2 * over))
                };
                signed(when(age.bin("<", int(over)), worth, Some(int(0))))
            }
            Some(Decay::LosingShare { share, every }) => {
                let periods = self.d.whole_quotient(age, int(*every));
                signed(self.share_left(size, *share, periods))
            }
            Some(Decay::LosingPoints { points, every }) => {
                let periods = self.d.whole_quotient(age, int(*every));
                let large = i128::from(*points) * 315_569_520_000_000 / i128::from((*every).max(1)) > 1 << 62;
                let periods = if large { self.d.wide(periods) } else { periods };
                let left = int(size).bin("-", int(*points).bin("*", periods));
                signed(call("greatest", [left, int(0)]))
            }
        }
    }

    /// What is left of points after so many periods, each losing a share: a table, each row rounded once.
    fn share_left(&self, size: i128, share: i64, periods: Sql) -> Sql {
        let left = (NUMBER_SCALE - share).clamp(0, NUMBER_SCALE) as u32;
        let mut numerator = BigUint::from(size.unsigned_abs());
        let mut denominator = BigUint::from(1u32);
        let mut arms = Vec::new();
        let mut whole = false;
        while arms.len() < TABLE {
            let rounded = (&numerator * 2u32 + &denominator) / (&denominator * 2u32);
            let rounded = i64::try_from(&rounded).unwrap_or(0);
            if rounded == 0 {
                whole = true;
                break;
            }
            arms.push((int(arms.len() as i128), int(rounded)));
            numerator *= left;
            denominator *= NUMBER_SCALE as u32;
        }
        let behind = if whole {
            int(0)
        } else {
            let rate = self.d.double(Sql::Dec(i128::from(left), 6));
            // Behind this nothing is left, and no engine has to work out so small a power.
            let end = (80.0 / -(f64::from(left) / 1e6).ln()) as i128 + 1;
            let power = self.d.power(rate, self.d.double(call("least", [periods.clone(), int(end)])));
            self.d.round_double(self.d.double(int(size)).bin("*", power))
        };
        if arms.is_empty() {
            return behind;
        }
        Sql::Case(Some(Box::new(periods)), arms, Some(Box::new(behind)))
    }

    /// The most points in size that a rule per event comes to before its limit: no lead has a million events.
    pub(super) fn sum_of_per(&self, per: &Per) -> i128 {
        i128::from(per.points.unsigned_abs()) * i128::from(per.times.unwrap_or(1_000_000))
    }

    /// As [`Lower::sum_of_per`], within the rule's limit.
    pub(super) fn most_of_per(&self, per: &Per) -> i128 {
        let sum = self.sum_of_per(per);
        per.most.map_or(sum, |most| sum.min(i128::from(most))).min(i128::from(POINTS_LIMIT))
    }
}
