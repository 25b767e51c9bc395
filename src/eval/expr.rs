//! The value of an expression.

use super::compare::{compare, holds, same};
use super::run::Run;
use super::{Evaluator, Recorder};
use crate::check::hir::{CheckState, Expr, ExprKind, LengthId, Set};
use crate::model::number::{self, NUMBER_SCALE, POINTS_SCALE};
use crate::model::time::{DAY, Zone};
use crate::model::{Literal, Scalar, Tri, Type, Value, text};
use crate::syntax::ast::{ArithmeticOp, CompareOp};
use bumpalo::Bump;
use std::cmp::Ordering;

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// A condition's value.
    #[inline]
    pub(super) fn condition(&mut self, expr: &'a Expr) -> Tri {
        self.value(expr).tri()
    }

    /// An expression's value; missing for an unknown condition.
    pub(super) fn value(&mut self, expr: &'a Expr) -> Value<'a> {
        let value = self.compute(expr);
        if R::RECORDS && self.event.is_none() {
            self.recorder.value(expr.id, value);
            if let Some(query) = expr.query() {
                let seen = self.seen(query);
                self.recorder.seen(expr.id, seen);
            }
        }
        value
    }

    fn compute(&mut self, expr: &'a Expr) -> Value<'a> {
        match &expr.kind {
            ExprKind::Constant(literal) => literal.value(self.arena),
            ExprKind::Field(field) => self.lead.field(*field),
            ExprKind::EventField(places) => self.event_field(places),
            ExprKind::EventType => self.event.map_or(Value::Missing, |event| Value::Text(event.spelling)),
            ExprKind::EventDay => {
                self.event.map_or(Value::Missing, |event| Value::Date(self.program.zone.day(event.at)))
            }
            ExprKind::Subject => self.subject,
            ExprKind::Define(define) => self.out.define(*define),
            ExprKind::Points(part) => Value::Number(self.out.points(*part) * (NUMBER_SCALE / POINTS_SCALE)),
            ExprKind::Check(check) => self.out.checks[check.index()].value(),
            ExprKind::CheckCount(fit, state) => {
                let fit = self.out.fit(*fit);
                Value::Int(i64::from(match state {
                    CheckState::Passed => fit.passed,
                    CheckState::Failed => fit.failed,
                    CheckState::Unknown => fit.unknown,
                }))
            }
            ExprKind::Fits(fit) => self.out.fit(*fit).verdict.value(),
            ExprKind::FitUnknown(fit) => Value::Bool(self.out.fit(*fit).verdict == Tri::Unknown),
            ExprKind::Band(bands) => Value::Choice(self.out.bands[bands.index()]),
            ExprKind::Cell(matrix) => Value::Choice(self.out.cells[matrix.index()]),
            ExprKind::Stage => self.out.stage_value(),
            ExprKind::Disqualified => Value::Bool(self.out.disqualified),
            ExprKind::DisqualifiedBy(reason) => Value::Bool(self.out.reasons[reason.index()].is_true()),
            ExprKind::Not(of) => (!self.condition(of)).value(),
            ExprKind::And(all) => self.all(all),
            ExprKind::Or(any) => self.any(any),
            ExprKind::Implies(a, b) => {
                let premise = !self.condition(a);
                if !R::RECORDS && premise == Tri::True {
                    return Value::Bool(true);
                }
                premise.or(self.condition(b)).value()
            }
            ExprKind::AtLeastOf(least, conditions) => {
                tallied(conditions.iter().map(|condition| self.condition(condition)), |count| {
                    count >= u64::from(*least)
                })
                .value()
            }
            ExprKind::AtMostOf(most, conditions) => {
                tallied(conditions.iter().map(|condition| self.condition(condition)), |count| count <= u64::from(*most))
                    .value()
            }
            ExprKind::Compare(op, a, b) => {
                if let Some(value) = self.remembered(expr) {
                    return value;
                }
                let (a, b) = (self.value(a), self.value(b));
                compare(*op, a, b, &self.program.zone).value()
            }
            ExprKind::Between(value, low, high) => {
                let (value, low, high) = (self.value(value), self.value(low), self.value(high));
                let from = compare(CompareOp::GreaterOrEqual, value, low, &self.program.zone);
                from.and(compare(CompareOp::LessOrEqual, value, high, &self.program.zone)).value()
            }
            ExprKind::Exactly { value, text, negated } => {
                self.remembered(expr).unwrap_or_else(|| match self.text(value) {
                    Some(written) => Value::Bool((text::trim(written) == &**text) != *negated),
                    None => Value::Missing,
                })
            }
            ExprKind::In { value, set, negated } => {
                self.remembered(expr).unwrap_or_else(|| self.is_in(value, set, *negated))
            }
            ExprKind::Match { value, matcher } => self.remembered(expr).unwrap_or_else(|| match self.text(value) {
                Some(written) => Value::Bool(matcher.matches(written, self.arena)),
                None => Value::Missing,
            }),
            ExprKind::Has { value, entries, all } => self.has(value, entries, *all),
            ExprKind::IsKnown(of) => Value::Bool(!self.value(of).is_missing()),
            ExprKind::IsMissing(of) => Value::Bool(self.value(of).is_missing()),
            ExprKind::Age(op, of, length) => {
                let value = self.value(of);
                self.evaluator.age(value, *length).map_or(Value::Missing, |order| Value::Bool(holds(*op, order)))
            }
            ExprKind::AgeBetween(of, low, high) => {
                let value = self.value(of);
                self.evaluator.age_between(value, *low, *high)
            }
            ExprKind::Within { value, next, length } => {
                let value = self.value(value);
                self.evaluator.within(value, *next, *length)
            }
            ExprKind::If(condition, then, other) => {
                let condition = self.condition(condition);
                // Each branch is worked out at most once, that nesting costs no more than its size.
                let then = if R::RECORDS || condition == Tri::True { self.value(then) } else { Value::Missing };
                let other = if R::RECORDS || condition == Tri::False { self.value(other) } else { Value::Missing };
                match condition {
                    Tri::True => conform(then, expr.ty),
                    Tri::False => conform(other, expr.ty),
                    Tri::Unknown => Value::Missing,
                }
            }
            ExprKind::Otherwise(value, default) => {
                let value = self.value(value);
                let default = if R::RECORDS || value.is_missing() { self.value(default) } else { Value::Missing };
                conform(if value.is_missing() { default } else { value }, expr.ty)
            }
            ExprKind::Negate(of) => negate(self.value(of)),
            ExprKind::Arithmetic(op, a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                arithmetic(*op, a, b)
            }
            ExprKind::Call(function, arguments) => {
                let mut values = [Value::Missing; 2];
                for (slot, argument) in values.iter_mut().zip(arguments) {
                    *slot = self.value(argument);
                }
                conform(function.evaluate(&values[..arguments.len().min(2)], self.arena), expr.ty)
            }
            ExprKind::AtLeastEvents(least, query) => self.at_least_events(*least, *query).value(),
            ExprKind::AtMostEvents(most, query) => self.at_most_events(*most, *query).value(),
            ExprKind::Count(query) => Value::Int(self.count(*query, u64::MAX) as i64),
            ExprKind::Aggregate(op, field, query) => self.aggregate(*op, field, *query, expr.ty),
            ExprKind::Edge(first, query) => self.edge(*first, *query),
        }
    }

    fn all(&mut self, conditions: &'a [Expr]) -> Value<'a> {
        let mut all = Tri::True;
        for condition in conditions {
            all = all.and(self.condition(condition));
            if !R::RECORDS && all == Tri::False {
                break;
            }
        }
        all.value()
    }

    fn any(&mut self, conditions: &'a [Expr]) -> Value<'a> {
        let mut any = Tri::False;
        for condition in conditions {
            any = any.or(self.condition(condition));
            if !R::RECORDS && any == Tri::True {
                break;
            }
        }
        any.value()
    }

    /// The text of a text or of a listed text.
    fn text(&mut self, expr: &'a Expr) -> Option<&'a str> {
        match (self.value(expr), expr.ty) {
            (Value::Text(text), _) => Some(text),
            (Value::Choice(choice), Type::One(Scalar::Choice(domain))) => {
                self.program.schema.domain(domain).choices.get(choice as usize).map(|choice| choice.name.as_str())
            }
            _ => None,
        }
    }

    fn is_in(&mut self, value: &'a Expr, set: &'a Set, negated: bool) -> Value<'a> {
        let Set::Texts(texts) = set else {
            return is_among(self.value(value), set, negated, &self.program.zone, self.arena);
        };
        match self.text(value) {
            Some(text) => Value::Bool(texts.contains(text::fold_in(text, self.arena)) != negated),
            None => Value::Missing,
        }
    }

    fn has(&mut self, value: &'a Expr, entries: &'a [Literal], all: bool) -> Value<'a> {
        let Value::List(values) = self.value(value) else { return Value::Missing };
        let zone = &self.program.zone;
        let mut found = entries.iter().map(|entry| {
            let entry = entry.value(self.arena);
            values.iter().any(|value| same(*value, entry, zone))
        });
        Value::Bool(if all { found.all(|found| found) } else { found.any(|found| found) })
    }
}

impl Evaluator<'_> {
    /// How the age of a time or date compares with a length; none when it is missing.
    pub(super) fn age(&self, value: Value<'_>, length: LengthId) -> Option<Ordering> {
        let reach = self.reach(length);
        match value {
            Value::Time(instant) => Some(reach.back.cmp(&instant)),
            Value::Date(day) => Some(reach.day_back.cmp(&(i64::from(day) * DAY))),
            _ => None,
        }
    }

    /// `age of value between D and E`.
    pub(super) fn age_between(&self, value: Value<'_>, low: LengthId, high: LengthId) -> Value<'static> {
        match (self.age(value, low), self.age(value, high)) {
            (Some(low), Some(high)) => Value::Bool(low.is_ge() && high.is_le()),
            _ => Value::Missing,
        }
    }

    /// `value within D`, `value within next D`.
    pub(super) fn within(&self, value: Value<'_>, next: bool, length: LengthId) -> Value<'static> {
        let reach = self.reach(length);
        let as_of = &self.as_of;
        let (at, now, back, ahead) = match value {
            Value::Time(instant) => (instant, as_of.instant, reach.back, reach.ahead),
            Value::Date(day) => (i64::from(day) * DAY, i64::from(as_of.day) * DAY, reach.day_back, reach.day_ahead),
            _ => return Value::Missing,
        };
        Value::Bool(if next { at >= now && at <= ahead } else { at >= back && at <= now })
    }
}

/// Whether so many of some conditions are true: true or false where all that can be agree, else unknown.
pub(super) fn tallied(conditions: impl Iterator<Item = Tri>, holds: impl Fn(u64) -> bool) -> Tri {
    let (mut sure, mut possible) = (0, 0);
    for condition in conditions {
        sure += u64::from(condition == Tri::True);
        possible += u64::from(condition != Tri::False);
    }
    if holds(sure) == holds(possible) { Tri::from(holds(sure)) } else { Tri::Unknown }
}

/// `value in set`, of what is no text.
pub(super) fn is_among<'a>(value: Value<'a>, set: &'a Set, negated: bool, zone: &Zone, arena: &'a Bump) -> Value<'a> {
    let found = match (set, value) {
        (_, Value::Missing) | (Set::Texts(_), _) => return Value::Missing,
        (Set::Choices(choices), Value::Choice(choice)) => choices.contains(&choice),
        (Set::Choices(_), _) => return Value::Missing,
        (Set::Numbers(numbers), Value::Money(amount)) => numbers.binary_search(&i128::from(amount)).is_ok(),
        (Set::Numbers(numbers), number) => number.micros().is_some_and(|micros| numbers.binary_search(&micros).is_ok()),
        (Set::Values(values), value) => values.iter().any(|entry| same(value, entry.value(arena), zone)),
    };
    Value::Bool(found != negated)
}

/// Unary `-`.
pub(super) fn negate(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Int(value) => Value::Int(-value),
        Value::Number(value) => Value::Number(-value),
        Value::Money(value) => Value::Money(-value),
        _ => Value::Missing,
    }
}

/// A whole number where a number is due.
pub(super) fn conform(value: Value<'_>, ty: Type) -> Value<'_> {
    match (value, ty) {
        (Value::Int(whole), Type::One(Scalar::Number)) => {
            number::fit(i128::from(whole) * i128::from(NUMBER_SCALE)).map_or(Value::Missing, Value::Number)
        }
        _ => value,
    }
}

/// `a OP b`, rounded as §3 says; missing for a division by zero or a result that does not fit.
pub(super) fn arithmetic<'a>(op: ArithmeticOp, a: Value<'a>, b: Value<'a>) -> Value<'a> {
    use ArithmeticOp::{Add, Divide, Multiply, Subtract};
    let scale = i128::from(NUMBER_SCALE);
    let sign = if op == Subtract { -1 } else { 1 };
    let whole = |raw: i128| number::fit(raw).map(Value::Int);
    let number = |raw: i128| number::fit(raw).map(Value::Number);
    let money = |raw: i128| number::fit(raw).map(Value::Money);
    let result = match (op, a, b) {
        (Add | Subtract, Value::Int(a), Value::Int(b)) => whole(i128::from(a) + sign * i128::from(b)),
        (Add | Subtract, Value::Money(a), Value::Money(b)) => money(i128::from(a) + sign * i128::from(b)),
        (Add | Subtract, a, b) => a.micros().zip(b.micros()).and_then(|(a, b)| number(a + sign * b)),
        (Multiply, Value::Int(a), Value::Int(b)) => whole(i128::from(a) * i128::from(b)),
        (Multiply, Value::Int(a), Value::Number(b)) | (Multiply, Value::Number(a), Value::Int(b)) => {
            number(i128::from(a) * i128::from(b))
        }
        (Multiply, Value::Number(a), Value::Number(b)) => {
            number::divide(i128::from(a) * i128::from(b), scale).and_then(number)
        }
        (Multiply, Value::Int(a), Value::Money(b)) | (Multiply, Value::Money(a), Value::Int(b)) => {
            money(i128::from(a) * i128::from(b))
        }
        (Multiply, Value::Number(a), Value::Money(b)) | (Multiply, Value::Money(b), Value::Number(a)) => {
            number::divide(i128::from(a) * i128::from(b), scale).and_then(money)
        }
        (Divide, Value::Money(a), Value::Int(b)) => number::divide(i128::from(a), i128::from(b)).and_then(money),
        (Divide, Value::Money(a), Value::Number(b)) => {
            number::divide(i128::from(a) * scale, i128::from(b)).and_then(money)
        }
        (Divide, Value::Money(a), Value::Money(b)) => {
            number::divide(i128::from(a) * scale, i128::from(b)).and_then(number)
        }
        (Divide, a, b) => a.micros().zip(b.micros()).and_then(|(a, b)| number::divide(a * scale, b)).and_then(number),
        _ => None,
    };
    result.unwrap_or(Value::Missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_quotients_round_at_once() {
        let number = |text: &str| Value::Number(number::parse(text.as_bytes(), 6, false).expect("a number"));
        assert_eq!(arithmetic(ArithmeticOp::Divide, Value::Int(2), Value::Int(3)), number("0.666667"));
        assert_eq!(arithmetic(ArithmeticOp::Divide, Value::Int(-1), Value::Int(3)), number("-0.333333"));
        assert_eq!(arithmetic(ArithmeticOp::Multiply, number("0.000001"), number("0.5")), number("0.000001"));
        assert_eq!(arithmetic(ArithmeticOp::Divide, Value::Int(1), Value::Int(0)), Value::Missing);
        assert_eq!(arithmetic(ArithmeticOp::Multiply, number("999999999999"), Value::Int(2)), Value::Missing);
        assert_eq!(arithmetic(ArithmeticOp::Divide, Value::Money(10_000), Value::Int(3)), Value::Money(3333));
    }
}
