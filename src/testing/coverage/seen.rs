//! Whether an outcome is seen on a lead: read off the evaluator's outcome and ledger, never worked out a second time.

use super::goal::{Anchor, Cap, Events, Held, Side, Sight, Start, Taken, Unit};
use crate::check::hir::{Axis, Expr, ExprKind, MatrixId, PartId, PartKind, Program};
use crate::eval::{Fate, Ledger, Outcome};
use crate::model::time::{DAY, Length};
use crate::model::{Lead, Literal, Tri, Value};
use std::collections::BTreeMap;

/// A lead and what came out of it.
#[derive(Clone, Copy)]
pub struct Seen<'s, 'a> {
    /// The policy.
    pub program: &'s Program,
    /// The lead.
    pub lead: &'s Lead<'s>,
    /// What the policy says of it.
    pub outcome: &'s Outcome<'a>,
    /// Every value.
    pub ledger: &'s Ledger,
}

impl Seen<'_, '_> {
    /// Whether this outcome is seen.
    pub fn shows(&self, sight: &Sight<'_>) -> bool {
        let outcome = self.outcome;
        match *sight {
            Sight::Truth(expr, truth) => self.truth(expr) == Some(truth),
            Sight::Missing(expr, missing) => {
                self.ledger.value(expr.id).is_some_and(|value| (*value == Literal::Missing) == missing)
            }
            Sight::Alone(expr, place) => self.alone(expr, place),
            Sight::Exercised(premise, whole) => {
                self.truth(premise) == Some(Tri::True) && self.truth(whole) == Some(Tri::True)
            }
            Sight::Range(expr, unit, low, high) => self.raw(expr, unit).is_some_and(|raw| (low..=high).contains(&raw)),
            Sight::Reach(expr, length, anchor, low, high) => self
                .behind(expr, self.program.lengths[length.index()], anchor)
                .is_some_and(|behind| (low..=high).contains(&behind)),
            Sight::Window(events, start, side) => self.window(events, start, side),
            Sight::Count(expr, count) => self.ledger.seen(expr.id).is_some_and(|seen| seen.count == count),
            Sight::Fit(fit, verdict) => outcome.fit(fit).verdict == verdict,
            Sight::Fires(part, fires) => self.fires(part) == fires,
            Sight::Case(part, taken) => self.taken(part) == Some(taken),
            Sight::Cap(part, cap, over) => {
                let lost = self.ledger.events(part).any(|entry| lost_to(cap).contains(&entry.fate));
                if over { lost } else { !lost && self.full(part, cap) }
            }
            Sight::Limit(part, held) => {
                let lost = self.ledger.part(part).lost_to_limit;
                match held {
                    Held::AtTheBottom => lost < 0,
                    Held::AtTheTop => lost > 0,
                    Held::Within => lost == 0,
                }
            }
            Sight::Decay(part, aged) => {
                let PartKind::Per(per) = &self.program.parts[part.index()].kind else { return false };
                let mut counting = self.ledger.events(part).filter(|entry| entry.fate == Fate::Counts);
                counting.any(|entry| (entry.points != per.points) == aged)
            }
            Sight::Band(bands, band) => outcome.bands[bands.index()] == band,
            Sight::Cell(matrix, row, column) => self.cell(matrix) == (row, column),
            Sight::Reason(reason, holds) => outcome.reasons[reason.index()].is_true() == holds,
            Sight::Stage(stage) => !outcome.disqualified && outcome.stage == stage.0,
            Sight::Standing(stage, standing) => outcome.standing[stage.index()] == standing,
            Sight::HeldBack(stage) => {
                let after = self.program.stages[stage.index()].after;
                outcome.conditions[stage.index()].is_true()
                    && after.is_some_and(|after| !outcome.reached[after.index()])
            }
            Sight::Kept(stage, kept) => {
                let declared = &self.program.stages[stage.index()];
                let after = declared.after.is_none_or(|after| outcome.reached[after.index()]);
                let anyway = outcome.conditions[stage.index()].is_true() && after;
                self.program.stands_at(self.lead, stage) && !anyway && outcome.reached[stage.index()] == kept
            }
            Sight::Route(route) => outcome.route == route,
            Sight::Always(always) => outcome.always[always.index()].is_true(),
        }
    }

    fn truth(&self, expr: &Expr) -> Option<Tri> {
        Some(match self.ledger.value(expr.id)? {
            Literal::Bool(value) => Tri::from(*value),
            _ => Tri::Unknown,
        })
    }

    /// Whether one part of an `and` alone is false, of an `or` alone is true.
    fn alone(&self, expr: &Expr, place: usize) -> bool {
        let (parts, deciding) = match &expr.kind {
            ExprKind::And(parts) => (parts, Tri::False),
            ExprKind::Or(parts) => (parts, Tri::True),
            _ => return false,
        };
        parts.iter().enumerate().all(|(other, part)| match self.truth(part) {
            Some(truth) if other == place => truth == deciding,
            // Of an `and`, what is unknown beside it would leave the whole open.
            Some(truth) if deciding == Tri::False => truth == Tri::True,
            Some(truth) => truth != Tri::True,
            None => false,
        })
    }

    fn raw(&self, expr: &Expr, unit: Unit) -> Option<i128> {
        raw(self.ledger.value(expr.id)?, unit, self.program)
    }

    fn behind(&self, expr: &Expr, length: Length, anchor: Anchor) -> Option<i64> {
        let as_of = self.ledger.as_of();
        let reach = as_of.reach(length, &self.program.zone);
        let (at, back, now, ahead) = match self.ledger.value(expr.id)? {
            Literal::Time(at) => (*at, reach.back, as_of.instant, reach.ahead),
            Literal::Date(day) => (i64::from(*day) * DAY, reach.day_back, i64::from(as_of.day) * DAY, reach.day_ahead),
            _ => return None,
        };
        Some(match anchor {
            Anchor::Back => at - back,
            Anchor::Now => at - now,
            Anchor::Ahead => at - ahead,
        })
    }

    fn window(&self, events: Events<'_>, start: Start<'_>, side: Side) -> bool {
        let (start, slack) = match start {
            Start::Within(length) => {
                let length = self.program.lengths[length.index()];
                (self.ledger.as_of().reach(length, &self.program.zone).back, slack(length))
            }
            Start::Since(expr) => match self.ledger.value(expr.id) {
                Some(Literal::Time(at)) => (*at, DAY),
                Some(Literal::Date(day)) => (self.program.zone.start_of_day(*day), DAY),
                _ => return false,
            },
        };
        let near = |at: i64| match side {
            Side::Inside => (start..start.saturating_add(slack)).contains(&at),
            Side::Outside => (start.saturating_sub(slack)..start).contains(&at),
        };
        match events {
            // An event without a value of `distinct` says nothing of the window.
            Events::Rule(part) => self.ledger.events(part).any(|entry| entry.fate != Fate::NoValue && near(entry.at)),
            Events::Question(expr) => self.ledger.seen(expr.id).is_some_and(|seen| match side {
                Side::Inside => seen.first.is_some_and(near),
                Side::Outside => seen.latest_outside.is_some_and(near),
            }),
        }
    }

    fn fires(&self, part: PartId) -> bool {
        match &self.program.parts[part.index()].kind {
            PartKind::Per(_) => self.ledger.events(part).any(|entry| entry.fate == Fate::Counts),
            PartKind::If { condition, .. } => self.truth(condition) == Some(Tri::True),
            _ => self.ledger.part(part).raw != 0,
        }
    }

    /// Whether as many events count as a cap lets, in one of its periods.
    fn full(&self, part: PartId, cap: Cap) -> bool {
        let PartKind::Per(per) = &self.program.parts[part.index()].kind else { return false };
        let period = |at: i64| {
            let day = self.program.zone.day(at);
            match cap {
                Cap::Day => day,
                // 1970-01-01 is a Thursday; weeks begin on Monday.
                Cap::Week => (day + 3).div_euclid(7),
                Cap::Month => {
                    let date = crate::model::time::from_days(day);
                    i32::from(date.year()) * 12 + i32::from(date.month())
                }
                Cap::Times | Cap::Distinct => 0,
            }
        };
        let most = match cap {
            Cap::Day => per.per_day,
            Cap::Week => per.per_week,
            Cap::Month => per.per_month,
            Cap::Times => per.times,
            Cap::Distinct => None,
        };
        let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
        for entry in self.ledger.events(part).filter(|entry| entry.fate == Fate::Counts) {
            *counts.entry(period(entry.at)).or_default() += 1;
        }
        counts.values().any(|count| Some(*count) == most)
    }

    fn taken(&self, part: PartId) -> Option<Taken> {
        let is_true = |case: &crate::check::hir::Case| self.truth(&case.condition) == Some(Tri::True);
        match &self.program.parts[part.index()].kind {
            PartKind::By { value, cases, otherwise, .. } => {
                if *self.ledger.value(value.id)? == Literal::Missing {
                    return Some(Taken::Missing);
                }
                Some(match cases.iter().position(is_true) {
                    Some(place) => Taken::At(place as u16),
                    None if otherwise.is_some() => Taken::Otherwise,
                    None => Taken::None,
                })
            }
            PartKind::FirstOf { cases, otherwise } => Some(match cases.iter().position(is_true) {
                Some(place) => Taken::At(place as u16),
                None if cases.iter().any(|case| self.truth(&case.condition) == Some(Tri::Unknown)) => Taken::Missing,
                None if otherwise.is_some() => Taken::Otherwise,
                None => Taken::None,
            }),
            _ => None,
        }
    }

    fn cell(&self, matrix: MatrixId) -> (u16, u16) {
        let matrix = &self.program.matrices[matrix.index()];
        (self.place(&matrix.rows), self.place(&matrix.columns))
    }

    fn place(&self, axis: &Axis) -> u16 {
        match axis {
            Axis::Bands(bands) => self.outcome.bands[bands.index()],
            Axis::Fit(fit) => match self.outcome.fit(*fit).verdict {
                Tri::True => 0,
                Tri::Unknown => 1,
                Tri::False => 2,
            },
            Axis::Field(field, domain) => match self.lead.field(*field) {
                Value::Choice(choice) => choice,
                _ => self.program.schema.domain(*domain).choices.len() as u16,
            },
        }
    }
}

fn lost_to(cap: Cap) -> &'static [Fate] {
    match cap {
        Cap::Day => &[Fate::OverDay],
        Cap::Week => &[Fate::OverWeek],
        Cap::Month => &[Fate::OverMonth],
        Cap::Times => &[Fate::OverTimes],
        Cap::Distinct => &[Fate::Duplicate],
    }
}

/// A value as a number of a unit.
pub fn raw(value: &Literal, unit: Unit, program: &Program) -> Option<i128> {
    match (value, unit) {
        (Literal::Int(value), Unit::Micros) => Some(i128::from(*value) * 1_000_000),
        (Literal::Number(value), Unit::Micros) => Some(i128::from(*value)),
        (Literal::Money(value) | Literal::Time(value), Unit::Raw) => Some(i128::from(*value)),
        (Literal::Time(value), Unit::Days) => Some(i128::from(program.zone.day(*value))),
        (Literal::Date(day), Unit::Days | Unit::Raw) => Some(i128::from(*day)),
        (Literal::Choice(choice), Unit::Raw) if *choice != crate::model::OUTSIDE => Some(i128::from(*choice)),
        _ => None,
    }
}

/// How far from the edge of a length of time is "just": a day, less for hours and minutes.
pub fn slack(length: Length) -> i64 {
    Length { count: 1, unit: length.unit }.millis().map_or(DAY, |unit| unit.min(DAY))
}
