//! The as-of and what is counted from it: constants where it is given, else columns of the query's own clock.

use super::{Lower, Scope};
use crate::check::hir::LengthId;
use crate::model::time::{DAY, Length, display_instant};
use crate::sql::AsOfSource;
use crate::sql::tree::{Piece, Sql, int, raw};
use crate::syntax::ast::CompareOp;

/// The first day that there is, and the last.
const DAYS: std::ops::RangeInclusive<i64> = -719_528..=2_932_896;

impl Lower<'_> {
    /// A column of the clock, made when it is first asked for.
    fn clock(&mut self, name: &str, make: impl FnOnce(&Self) -> Sql) -> Sql {
        if !self.clock.iter().any(|(known, _)| known == name) {
            let value = make(self);
            self.clock.push((name.to_owned(), value));
        }
        match self.scope {
            Scope::Lead => Sql::Col(name.to_owned()),
            Scope::Event(_) => Sql::Of("e", name.to_owned()),
        }
    }

    /// An instant as people read it behind its milliseconds.
    pub(super) fn instant_literal(&self, millis: i64) -> Sql {
        int(millis).remark(display_instant(millis))
    }

    /// The as-of in milliseconds.
    pub(super) fn as_of(&mut self) -> Sql {
        match &self.options.as_of {
            AsOfSource::At(as_of) => self.instant_literal(as_of.instant),
            // Every clock has it first.
            _ => self.clock("as_of", |lower| lower.clock_now()),
        }
    }

    /// The as-of's instant where the clock is made.
    fn clock_now(&self) -> Sql {
        match &self.options.as_of {
            AsOfSource::Parameter => self.d.parameter(),
            AsOfSource::Expression(instant) => self.d.millis(raw("{}", [Sql::Raw(vec![Piece::Text(instant.clone())])])),
            _ => self.d.now(),
        }
    }

    fn clock_day(&self) -> Sql {
        self.d.day(self.clock_now(), &self.program.zone)
    }

    /// The as-of's day.
    pub(super) fn as_of_day(&mut self) -> Sql {
        match &self.options.as_of {
            AsOfSource::At(as_of) => self.d.date(as_of.day),
            _ => self.clock("as_of_day", |lower| lower.clock_day()),
        }
    }

    pub(super) fn length(&self, id: LengthId) -> Length {
        self.program.lengths[id.index()]
    }

    /// The instant so long before the as-of (after it, with `ahead`).
    pub(super) fn reach(&mut self, id: LengthId, ahead: bool) -> Sql {
        let length = self.length(id);
        if let Some(reaches) = &self.reaches {
            let reach = reaches[id.index()];
            return self.instant_literal(if ahead { reach.ahead } else { reach.back });
        }
        let sign = if ahead { 1 } else { -1 };
        if let Some(millis) = length.millis() {
            let op = if ahead { "+" } else { "-" };
            return self.as_of().bin(op, int(millis).remark(length.to_string()));
        }
        let name = format!("{}_{}_months", if ahead { "ahead" } else { "back" }, length.months());
        self.clock(&name, |lower| lower.d.months_later(lower.clock_now(), sign * length.months(), &lower.program.zone))
    }

    /// Whether an instant is as an age's comparison says: the older, the greater.
    pub(super) fn age(&mut self, op: CompareOp, value: Sql, id: LengthId) -> Sql {
        let back = self.reach(id, false);
        value.bin(word(flip(op)), back)
    }

    /// The last day that is no later than so long before (after) the as-of's day, or the first that is no earlier.
    fn day_bound(&mut self, id: LengthId, ahead: bool, first: bool) -> Result<Sql, bool> {
        let length = self.length(id);
        let round = |millis: i64| if first { -(-millis).div_euclid(DAY) } else { millis.div_euclid(DAY) };
        if let Some(reaches) = &self.reaches {
            let reach = reaches[id.index()];
            let day = round(if ahead { reach.day_ahead } else { reach.day_back });
            // Beyond all days: whether every day is later.
            return if DAYS.contains(&day) { Ok(self.d.date(day as i32)) } else { Err(day < *DAYS.start()) };
        }
        let sign = if ahead { 1 } else { -1 };
        if let Some(millis) = length.millis() {
            let days = round(sign * millis);
            let as_of = self.as_of_day();
            return Ok(if days == 0 { as_of } else { self.d.days_later(as_of, days) });
        }
        let name = format!("day_{}_{}_months", if ahead { "ahead" } else { "back" }, length.months());
        Ok(self.clock(&name, |lower| lower.d.date_months_later(lower.clock_day(), sign * length.months())))
    }

    fn day_compare(&mut self, value: Sql, op: CompareOp, bound: Result<Sql, bool>) -> Sql {
        match bound {
            Ok(bound) => value.bin(word(op), bound),
            Err(later) => {
                let holds = match op {
                    CompareOp::Less | CompareOp::LessOrEqual => !later,
                    CompareOp::Greater | CompareOp::GreaterOrEqual => later,
                    CompareOp::Is => false,
                    CompareOp::IsNot => true,
                };
                known_then(value, Sql::Bool(holds))
            }
        }
    }

    /// As [`Lower::age`], of a day.
    pub(super) fn day_age(&mut self, op: CompareOp, value: Sql, id: LengthId) -> Sql {
        use CompareOp::{Greater, GreaterOrEqual, Is, IsNot, Less, LessOrEqual};
        match op {
            GreaterOrEqual => {
                let bound = self.day_bound(id, false, false);
                self.day_compare(value, LessOrEqual, bound)
            }
            Greater => {
                let bound = self.day_bound(id, false, true);
                self.day_compare(value, Less, bound)
            }
            LessOrEqual => {
                let bound = self.day_bound(id, false, true);
                self.day_compare(value, GreaterOrEqual, bound)
            }
            Less => {
                let bound = self.day_bound(id, false, false);
                self.day_compare(value, Greater, bound)
            }
            Is | IsNot => {
                // Part of a day is no day's age.
                if self.length(id).millis().is_some_and(|millis| millis % DAY != 0) {
                    return known_then(value, Sql::Bool(op == IsNot));
                }
                let bound = self.day_bound(id, false, false);
                self.day_compare(value, op, bound)
            }
        }
    }

    /// Whether a time is at most so long before the as-of, or after it.
    pub(super) fn within(&mut self, value: Sql, next: bool, id: LengthId) -> Sql {
        let now = self.as_of();
        let reach = self.reach(id, next);
        let (from, to) = if next { (now, reach) } else { (reach, now) };
        value.clone().bin(">=", from).and(value.bin("<=", to))
    }

    /// As [`Lower::within`], of a day.
    pub(super) fn day_within(&mut self, value: Sql, next: bool, id: LengthId) -> Sql {
        let today = Ok(self.as_of_day());
        let bound = self.day_bound(id, next, !next);
        let (from, to) = if next { (today, bound) } else { (bound, today) };
        let from = self.day_compare(value.clone(), CompareOp::GreaterOrEqual, from);
        from.and(self.day_compare(value, CompareOp::LessOrEqual, to))
    }

    /// The first instant of a day in the zone.
    pub(super) fn start_of_day(&mut self, day: Sql) -> Sql {
        let zone = &self.program.zone;
        let plain = self.d.start_of_day(day.clone(), zone);
        // Days whose midnight the clock skips or strikes twice are told one by one.
        let mut odd = Vec::new();
        for change in zone.changes(crate::model::time::EARLIEST, 4_102_444_800_000) {
            let (before, after) = (zone.local(change - 1) + 1, zone.local(change));
            let midnight = before.max(after).div_euclid(DAY) * DAY;
            if before.min(after) <= midnight && midnight <= before.max(after) && before != after {
                odd.push(midnight.div_euclid(DAY) as i32);
            }
        }
        odd.dedup();
        if odd.is_empty() || zone.name() == "UTC" {
            return plain;
        }
        let arms = odd.iter().map(|day| (self.d.date(*day), int(zone.start_of_day(*day)))).collect();
        Sql::Case(Some(Box::new(day)), arms, Some(Box::new(plain)))
    }
}

/// A value where something is known.
pub(super) fn known_then(value: Sql, then: Sql) -> Sql {
    crate::sql::tree::when(value.known(), then, None)
}

/// A comparison's sign.
pub(super) fn word(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Is => "=",
        CompareOp::IsNot => "<>",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    }
}

/// The comparison with its sides changed.
pub(super) fn flip(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}
