//! The values of an expression, of all leads of a block.

use super::Column;
use super::column::{Kind, Values};
use super::mask::{self, Mask, Tris};
use super::sheet::Sheet;
use crate::builtins::Function;
use crate::check::hir::{CheckState, Expr, ExprKind, PartId, QueryId, Set};
use crate::eval::compare::{compare, holds};
use crate::eval::expr::{arithmetic, conform, is_among, negate, tallied};
use crate::model::number::{self, NUMBER_SCALE, POINTS_SCALE};
use crate::model::{OUTSIDE, Tri, Value};
use crate::syntax::ast::{ArithmeticOp, CompareOp};

impl<'a> Sheet<'a, '_> {
    /// A condition's values.
    pub fn condition(&mut self, expr: &'a Expr) -> Tris<'a> {
        let values = self.value(expr);
        values.tris(self.len(), self.arena)
    }

    /// An expression's values; missing for an unknown condition.
    pub fn value(&mut self, expr: &'a Expr) -> Values<'a> {
        let arena = self.arena;
        match &expr.kind {
            ExprKind::Constant(literal) => Values::Same(literal.value(arena)),
            ExprKind::Field(field) => self.field(*field),
            ExprKind::Subject => self.subject,
            ExprKind::Define(define) => {
                self.out.defines.get(define.index()).copied().unwrap_or(Values::Same(Value::Missing))
            }
            ExprKind::Points(part) => self.points_as_number(*part),
            ExprKind::Check(check) => self.told(self.out.checks.get(check.index()).copied()),
            ExprKind::CheckCount(fit, state) => {
                let wanted = match state {
                    CheckState::Passed => Tri::True,
                    CheckState::Failed => Tri::False,
                    CheckState::Unknown => Tri::Unknown,
                };
                let checks = self.out.checks_of(*fit);
                let count = |lead: usize| checks.iter().filter(|check| check.get(lead) == wanted).count() as i64;
                Values::Whole {
                    kind: Kind::Int,
                    values: arena.alloc_slice_fill_with(self.len(), count),
                    known: self.all,
                }
            }
            ExprKind::Fits(fit) => self.told(self.out.fits.get(fit.index()).copied()),
            ExprKind::FitUnknown(fit) => match self.out.fits.get(fit.index()) {
                Some(fit) => Values::Tris(Tris::sure(fit.is_known(arena), arena).not()),
                None => Values::Same(Value::Missing),
            },
            ExprKind::Band(bands) => self.choices(self.out.bands.get(bands.index()).copied().unwrap_or_default()),
            ExprKind::Cell(matrix) => self.choices(self.out.cells.get(matrix.index()).copied().unwrap_or_default()),
            ExprKind::Stage => {
                let out = self.out.disqualified;
                let stages = self.out.stage.iter().enumerate();
                let stage = |(lead, stage): (usize, &u16)| if mask::bit(out, lead) { OUTSIDE } else { *stage };
                self.choices(arena.alloc_slice_fill_iter(stages.map(stage)))
            }
            ExprKind::Disqualified => Values::Tris(Tris::sure(self.out.disqualified, arena)),
            ExprKind::DisqualifiedBy(reason) => match self.out.reasons.get(reason.index()) {
                Some(reason) => Values::Tris(Tris::sure(reason.yes, arena)),
                None => Values::Same(Value::Missing),
            },
            ExprKind::Not(of) => Values::Tris(self.condition(of).not()),
            ExprKind::And(all) => Values::Tris(self.fold(all, Tri::True, |a, b| a.and(b, arena))),
            ExprKind::Or(any) => Values::Tris(self.fold(any, Tri::False, |a, b| a.or(b, arena))),
            ExprKind::Implies(a, b) => {
                let premise = self.condition(a).not();
                Values::Tris(premise.or(self.condition(b), arena))
            }
            ExprKind::AtLeastOf(least, conditions) => {
                let least = u64::from(*least);
                self.tally(conditions, |count| count >= least)
            }
            ExprKind::AtMostOf(most, conditions) => {
                let most = u64::from(*most);
                self.tally(conditions, |count| count <= most)
            }
            ExprKind::Compare(op, a, b) => {
                if let Some(tris) = self.remembered(expr) {
                    return Values::Tris(tris);
                }
                let (a, b) = (self.value(a), self.value(b));
                Values::Tris(self.compare(*op, a, b))
            }
            ExprKind::Between(value, low, high) => {
                let (value, low, high) = (self.value(value), self.value(low), self.value(high));
                let from = self.compare(CompareOp::GreaterOrEqual, value, low);
                Values::Tris(from.and(self.compare(CompareOp::LessOrEqual, value, high), arena))
            }
            ExprKind::In { value, set, negated } if !matches!(set, Set::Texts(_)) => {
                let value = self.value(value);
                let zone = &self.program.zone;
                self.map(&[value], |values| match values {
                    [value] => is_among(*value, set, *negated, zone, arena),
                    _ => Value::Missing,
                })
            }
            ExprKind::Exactly { .. } | ExprKind::In { .. } | ExprKind::Match { .. } => match self.remembered(expr) {
                Some(tris) => Values::Tris(tris),
                None => self.ask(expr),
            },
            ExprKind::IsKnown(of) => Values::Tris(self.is_known(of)),
            ExprKind::IsMissing(of) => Values::Tris(self.is_known(of).not()),
            ExprKind::Age(op, of, length) => {
                let value = self.value(of);
                let evaluator = self.evaluator;
                self.map(&[value], |values| {
                    let order = values.first().and_then(|value| evaluator.age(*value, *length));
                    order.map_or(Value::Missing, |order| Value::Bool(holds(*op, order)))
                })
            }
            ExprKind::AgeBetween(of, low, high) => {
                let value = self.value(of);
                let evaluator = self.evaluator;
                self.map(&[value], |values| evaluator.age_between(first(values), *low, *high))
            }
            ExprKind::Within { value, next, length } => {
                let value = self.value(value);
                let evaluator = self.evaluator;
                self.map(&[value], |values| evaluator.within(first(values), *next, *length))
            }
            ExprKind::If(condition, then, other) => {
                let condition = Values::Tris(self.condition(condition));
                let (then, other) = (self.value(then), self.value(other));
                self.map(&[condition, then, other], |values| match values {
                    [Value::Bool(true), then, _] => conform(*then, expr.ty),
                    [Value::Bool(false), _, other] => conform(*other, expr.ty),
                    _ => Value::Missing,
                })
            }
            ExprKind::Otherwise(value, default) => {
                let (value, default) = (self.value(value), self.value(default));
                self.map(&[value, default], |values| match values {
                    [Value::Missing, default] => conform(*default, expr.ty),
                    [value, _] => conform(*value, expr.ty),
                    _ => Value::Missing,
                })
            }
            ExprKind::Negate(of) => {
                let value = self.value(of);
                self.map(&[value], |values| negate(first(values)))
            }
            ExprKind::Arithmetic(op, a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                if let (ArithmeticOp::Multiply, Some(product)) = (op, self.product(a, b).or_else(|| self.product(b, a)))
                {
                    return product;
                }
                self.map(&[a, b], |values| match values {
                    [a, b] => arithmetic(*op, *a, *b),
                    _ => Value::Missing,
                })
            }
            ExprKind::Call(function, arguments) => {
                let arguments: Vec<Values<'a>> =
                    arguments.iter().take(2).map(|argument| self.value(argument)).collect();
                if let (Function::Round, [Values::Whole { kind: Kind::Number, values, known }]) =
                    (function, &arguments[..])
                {
                    let rounded = |raw: i64| number::divide(raw.into(), NUMBER_SCALE.into()).and_then(number::fit);
                    return self.numbers(Kind::Int, values, known, rounded);
                }
                self.map(&arguments, |values| conform(function.evaluate(values, arena), expr.ty))
            }
            ExprKind::AtLeastEvents(least, query) => {
                let least = u64::from(*least);
                self.how_many(*query, |count| count >= least).map_or_else(|| self.ask(expr), Values::Tris)
            }
            ExprKind::AtMostEvents(most, query) => {
                let most = u64::from(*most);
                self.how_many(*query, |count| count <= most).map_or_else(|| self.ask(expr), Values::Tris)
            }
            ExprKind::Count(query) => match self.evaluator.counter(*query) {
                Some(place) => {
                    let counted = self.counted();
                    let mut counts = counted.counter(place);
                    let count = |_| counts.next().unwrap_or(0) as i64;
                    let values = &*arena.alloc_slice_fill_with(self.len(), count);
                    Values::Whole { kind: Kind::Int, values, known: self.all }
                }
                None => self.ask(expr),
            },
            ExprKind::Edge(first, query) => match self.evaluator.counter(*query) {
                Some(place) => {
                    let counted = self.counted();
                    self.each(|_, lead| Some(counted.lead(lead).edge(place, *first)))
                }
                None => self.ask(expr),
            },
            ExprKind::Has { .. }
            | ExprKind::Aggregate(..)
            | ExprKind::EventField(_)
            | ExprKind::EventType
            | ExprKind::EventDay => self.ask(expr),
        }
    }

    /// What has no form of its own here: asked of the evaluator of one lead.
    fn ask(&mut self, expr: &'a Expr) -> Values<'a> {
        let values = self.arena.alloc_slice_fill_copy(self.len(), Value::Missing);
        self.one_by_one(|run, lead| {
            if let Some(slot) = values.get_mut(lead) {
                *slot = run.value(expr);
            }
        });
        Values::new(values, self.arena)
    }

    /// Numbers times the same whole number.
    fn product(&self, a: Values<'a>, b: Values<'a>) -> Option<Values<'a>> {
        let (Values::Whole { kind: Kind::Number, values, known }, Values::Same(Value::Int(by))) = (a, b) else {
            return None;
        };
        let product = |raw: i64| raw.checked_mul(by).and_then(|product| number::fit(product.into()));
        Some(self.numbers(Kind::Number, values, known, product))
    }

    /// Whole numbers made of others; missing where one does not fit.
    #[inline(always)]
    fn numbers(&self, kind: Kind, of: &[i64], known: Mask<'a>, with: impl Fn(i64) -> Option<i64>) -> Values<'a> {
        let mut fits = true;
        let made = of.iter().map(|raw| {
            let made = with(*raw);
            fits &= made.is_some();
            made.unwrap_or(0)
        });
        let values = &*self.arena.alloc_slice_fill_iter(made);
        if fits {
            return Values::Whole { kind, values, known };
        }
        let fit = mask::of(of, self.arena, |raw| with(*raw).is_some());
        Values::Whole { kind, values, known: mask::join(known, fit, self.arena, |known, fit| known & fit) }
    }

    /// A value a lead, of what is known of it.
    fn each(&self, of: impl Fn(&Self, usize) -> Option<Value<'a>>) -> Values<'a> {
        let value = |lead| of(self, lead).unwrap_or(Value::Missing);
        Values::new(self.arena.alloc_slice_fill_with(self.len(), value), self.arena)
    }

    /// A condition that has been worked out.
    fn told(&self, known: Option<Tris<'a>>) -> Values<'a> {
        known.map_or(Values::Same(Value::Missing), Values::Tris)
    }

    /// Places among listed texts.
    fn choices(&self, places: &[u16]) -> Values<'a> {
        let values = self.arena.alloc_slice_fill_iter(places.iter().map(|place| i64::from(*place)));
        Values::Whole { kind: Kind::Choice, values, known: self.all }
    }

    /// Lead by lead from values that are there already, at most three.
    fn map(&self, of: &[Values<'a>], with: impl Fn(&[Value<'a>]) -> Value<'a>) -> Values<'a> {
        let row = |lead: usize| {
            let mut row = [Value::Missing; 3];
            row.iter_mut().zip(of).for_each(|(slot, values)| *slot = values.get(lead));
            with(row.get(..of.len()).unwrap_or(&row))
        };
        if of.iter().all(|values| matches!(values, Values::Same(_))) {
            return Values::Same(row(0));
        }
        // Nearly always they are whole numbers of one kind.
        let mut kind = None;
        let numbers = self.arena.alloc_slice_fill_copy(self.len(), 0i64);
        let known = self.arena.alloc_slice_fill_copy(mask::words(self.len()), 0u64);
        for (lead, slot) in numbers.iter_mut().enumerate() {
            let value = row(lead);
            match Kind::of(value) {
                Some((found, raw)) if *kind.get_or_insert(found) == found => {
                    *slot = raw;
                    if let Some(word) = known.get_mut(lead / 64) {
                        *word |= 1 << (lead % 64);
                    }
                }
                None if value.is_missing() => {}
                _ => return Values::new(self.arena.alloc_slice_fill_with(self.len(), row), self.arena),
            }
        }
        match kind {
            Some(kind) => Values::Whole { kind, values: numbers, known },
            None => Values::Same(Value::Missing),
        }
    }

    fn fold(&mut self, conditions: &'a [Expr], start: Tri, with: impl Fn(Tris<'a>, Tris<'a>) -> Tris<'a>) -> Tris<'a> {
        let start = Tris::all(start, self.len(), self.arena);
        conditions.iter().fold(start, |so_far, condition| with(so_far, self.condition(condition)))
    }

    fn tally(&mut self, conditions: &'a [Expr], holds: impl Fn(u64) -> bool) -> Values<'a> {
        let conditions: Vec<Tris<'a>> = conditions.iter().map(|condition| self.condition(condition)).collect();
        Values::Tris(Tris::each(self.len(), self.arena, |lead| {
            tallied(conditions.iter().map(|condition| condition.get(lead)), &holds)
        }))
    }

    fn is_known(&mut self, of: &'a Expr) -> Tris<'a> {
        if let ExprKind::Field(field) = of.kind
            && let Column::Codes { codes, values, .. } = self.column(field)
            && codes.len() == self.len()
        {
            let known = |code: &u32| values.get(*code as usize).is_some_and(|value| !value.is_missing());
            return Tris::sure(mask::of(codes, self.arena, known), self.arena);
        }
        let values = self.value(of);
        Tris::sure(values.is_known(self.len(), self.arena), self.arena)
    }

    /// Of how many events a question is true; none where they are not counted.
    fn how_many(&mut self, query: QueryId, holds: impl Fn(u64) -> bool) -> Option<Tris<'a>> {
        let place = self.evaluator.counter(query)?;
        let counted = self.counted();
        let mut counts = counted.counter(place);
        let yes = mask::each(self.len(), self.arena, |_| counts.next().is_some_and(&holds));
        Some(Tris::sure(yes, self.arena))
    }

    fn points_as_number(&mut self, part: PartId) -> Values<'a> {
        let points = self.out.points(part).iter().map(|points| points * (NUMBER_SCALE / POINTS_SCALE));
        Values::Whole { kind: Kind::Number, values: self.arena.alloc_slice_fill_iter(points), known: self.all }
    }

    fn compare(&self, op: CompareOp, a: Values<'a>, b: Values<'a>) -> Tris<'a> {
        let arena = self.arena;
        match (a, b) {
            (Values::Whole { kind, values, known }, Values::Same(other)) => {
                if let Some(other) = in_unit(kind, other) {
                    return Tris::known(compared(op, values, other, arena), known, arena);
                }
            }
            (Values::Same(_), Values::Whole { .. }) => return self.compare(turned(op), b, a),
            (
                Values::Whole { kind, values, known },
                Values::Whole { kind: other_kind, values: others, known: other_known },
            ) if kind == other_kind && kind != Kind::Choice => {
                let mut pairs = values.iter().zip(others);
                let yes = mask::each(values.len(), arena, |_| {
                    pairs.next().is_some_and(|(value, other)| holds(op, value.cmp(other)))
                });
                return Tris::known(yes, mask::join(known, other_known, arena, |a, b| a & b), arena);
            }
            _ => {}
        }
        let zone = &self.program.zone;
        Tris::each(self.len(), arena, |lead| compare(op, a.get(lead), b.get(lead), zone))
    }
}

fn first<'a>(values: &[Value<'a>]) -> Value<'a> {
    values.first().copied().unwrap_or(Value::Missing)
}

/// A known value as a whole number of a kind's unit, where it is exactly one. Choices are not: one of them stands in no
/// order.
fn in_unit(kind: Kind, value: Value<'_>) -> Option<i64> {
    match (kind, value) {
        (Kind::Choice, _) => None,
        (Kind::Number, Value::Int(whole)) => whole.checked_mul(NUMBER_SCALE),
        (Kind::Int, Value::Number(micros)) => (micros % NUMBER_SCALE == 0).then_some(micros / NUMBER_SCALE),
        (kind, value) => Kind::of(value).filter(|(found, _)| *found == kind).map(|(_, raw)| raw),
    }
}

/// A loop for each operator, that each is as plain as can be.
fn compared<'a>(op: CompareOp, values: &[i64], other: i64, arena: &'a bumpalo::Bump) -> Mask<'a> {
    match op {
        CompareOp::Is => mask::of(values, arena, |value| *value == other),
        CompareOp::IsNot => mask::of(values, arena, |value| *value != other),
        CompareOp::Less => mask::of(values, arena, |value| *value < other),
        CompareOp::LessOrEqual => mask::of(values, arena, |value| *value <= other),
        CompareOp::Greater => mask::of(values, arena, |value| *value > other),
        CompareOp::GreaterOrEqual => mask::of(values, arena, |value| *value >= other),
    }
}

/// The operator with its sides changed.
fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        CompareOp::Is | CompareOp::IsNot => op,
    }
}
