//! What an expression can be.

use super::super::values::{Choices, Interval, Set, Tris, amount_of};
use super::{Range, Run};
use crate::analysis::orders;
use crate::analysis::state::MANY;
use crate::builtins::Function;
use crate::check::hir::{CheckState, Expr, ExprKind, QueryId, Set as Lookup};
use crate::model::number::{LIMIT, NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE};
use crate::model::time::DAY;
use crate::model::{FieldId, Literal, OUTSIDE, Scalar, Tri, Type};
use crate::syntax::ast::{AggregateOp, ArithmeticOp, CompareOp};

const SCALE: i128 = NUMBER_SCALE as i128;

impl Run<'_, '_> {
    /// What a condition can be. `subject` is what a `by` looks at.
    pub(in crate::analysis) fn condition(&mut self, expr: &Expr, subject: Option<Set>) -> Tris {
        self.expr(expr, subject).tris()
    }

    /// What an expression can be.
    pub(in crate::analysis) fn expr(&mut self, expr: &Expr, subject: Option<Set>) -> Set {
        let set = self.unforced(expr, subject);
        match (set, self.state.forced(expr.id)) {
            (Set::Tris(tris), Some(forced)) => Set::Tris(tris.both(forced)),
            _ => set,
        }
    }

    fn unforced(&mut self, expr: &Expr, subject: Option<Set>) -> Set {
        let set = self.looked_up_or_worked_out(expr, subject);
        match (&expr.kind, set) {
            // A whole number that is too large as a number is missing.
            (ExprKind::If(..) | ExprKind::Otherwise(..) | ExprKind::Call(..), Set::Interval(interval))
                if expr.ty == Type::One(Scalar::Number) =>
            {
                Set::Interval(interval.fit(false))
            }
            (_, set) => set,
        }
    }

    fn looked_up_or_worked_out(&mut self, expr: &Expr, subject: Option<Set>) -> Set {
        let Some(table) = &self.space.tables[expr.id.index()] else { return self.of_kind(expr, subject) };
        let mut set: Option<Set> = None;
        if self.state.is_narrowed(table.field) {
            let alive = self.state.alive(self.space, table.field);
            for (cell, _) in table.sets.iter().zip(alive).filter(|(_, alive)| **alive) {
                set = Some(set.map_or(*cell, |set| set.union(*cell)));
            }
        } else {
            set = Some(table.all);
        }
        match set {
            Some(set) if table.exact => set,
            // Texts that were not tried: true or false, and unknown where that is possible at all.
            Some(Set::Tris(tris)) if self.state.may_be_known(self.space, table.field) => {
                let known = table.sets.iter().skip(1).fold(Tris::KNOWN, |tris, set| tris.union(set.tris()));
                Set::Tris(tris.union(known))
            }
            Some(set) if !self.state.may_be_known(self.space, table.field) => set,
            Some(_) => self.of_kind(expr, subject),
            None => Set::Tris(Tris::NONE),
        }
    }

    fn of_kind(&mut self, expr: &Expr, subject: Option<Set>) -> Set {
        if let Some(asks) = self.space.events.asks.get(&expr.id) {
            return Set::Tris(asks.tris(&self.state.counts));
        }
        match &expr.kind {
            ExprKind::Constant(literal) => of_literal(literal, expr.ty),
            ExprKind::Field(field) => self.field(*field),
            ExprKind::EventField(_) | ExprKind::EventType | ExprKind::EventDay => Set::anything(expr.ty),
            ExprKind::Subject => subject.unwrap_or_else(|| Set::anything(expr.ty)),
            ExprKind::Define(id) => self.define(*id),
            ExprKind::Points(part) => points(self.range(*part)),
            ExprKind::Check(check) => Set::Tris(self.out.checks[check.index()]),
            ExprKind::CheckCount(fit, state) => {
                let fit = self.out.fits[fit.index()];
                let (low, high) = match state {
                    CheckState::Passed => fit.passed,
                    CheckState::Failed => fit.failed,
                    CheckState::Unknown => fit.unknown,
                };
                Set::Interval(Interval::new(i128::from(low) * SCALE, i128::from(high) * SCALE))
            }
            ExprKind::Fits(fit) => Set::Tris(self.out.fits[fit.index()].verdict),
            ExprKind::FitUnknown(fit) => {
                let verdict = self.out.fits[fit.index()].verdict;
                let of = |value: Tri| {
                    if verdict.has(value) { Tris::of(Tri::from(value == Tri::Unknown)) } else { Tris::NONE }
                };
                Set::Tris(of(Tri::True).union(of(Tri::False)).union(of(Tri::Unknown)))
            }
            ExprKind::Band(bands) => {
                let (low, high) = self.out.bands[bands.index()];
                let mut choices = Choices::NONE;
                (low..=high).for_each(|band| choices.add(band));
                Set::Choices(choices)
            }
            ExprKind::Cell(matrix) => Set::Choices(self.out.cells[matrix.index()]),
            ExprKind::Stage => Set::Choices(self.out.standings()),
            ExprKind::Disqualified => Set::Tris(self.out.disqualified),
            ExprKind::DisqualifiedBy(reason) => Set::Tris(settle(self.out.reasons[reason.index()])),
            ExprKind::Not(of) => Set::Tris(!self.condition(of, subject)),
            ExprKind::And(all) => Set::Tris(self.joined(all, subject, Tris::TRUE, Tris::and)),
            ExprKind::Or(any) => Set::Tris(self.joined(any, subject, Tris::FALSE, Tris::or)),
            ExprKind::Implies(a, b) => Set::Tris((!self.condition(a, subject)).or(self.condition(b, subject))),
            ExprKind::AtLeastOf(least, all) => Set::Tris(self.tally(all, subject, |count| count >= *least)),
            ExprKind::AtMostOf(most, all) => Set::Tris(self.tally(all, subject, |count| count <= *most)),
            ExprKind::Compare(op, a, b) => {
                let (left, right) = (self.expr(a, subject), self.expr(b, subject));
                Set::Tris(self.compare(*op, left, a, right, b))
            }
            ExprKind::Between(value, low, high) => {
                let (a, b, c) = (self.expr(value, subject), self.expr(low, subject), self.expr(high, subject));
                let from = self.compare(CompareOp::GreaterOrEqual, a, value, b, low);
                Set::Tris(from.and(self.compare(CompareOp::LessOrEqual, a, value, c, high)))
            }
            ExprKind::In { value, set, negated } => {
                let value = self.expr(value, subject);
                let tris = looked_up(value, set);
                Set::Tris(if *negated { !tris } else { tris })
            }
            ExprKind::Exactly { value, .. } | ExprKind::Match { value, .. } | ExprKind::Has { value, .. } => {
                let value = self.expr(value, subject);
                Set::Tris(either(value))
            }
            ExprKind::IsKnown(of) => Set::Tris(self.known(of, subject)),
            ExprKind::IsMissing(of) => Set::Tris(!self.known(of, subject)),
            ExprKind::Age(..) | ExprKind::AgeBetween(..) | ExprKind::Within { .. } => {
                Set::Tris(self.aged(expr, subject))
            }
            ExprKind::If(condition, then, other) => {
                let condition = self.condition(condition, subject);
                let (then, other) = (self.expr(then, subject), self.expr(other, subject));
                let mut set: Option<Set> = condition.has(Tri::Unknown).then(|| missing(expr.ty));
                for (value, branch) in [(Tri::True, then), (Tri::False, other)] {
                    if condition.has(value) {
                        set = Some(set.map_or(branch, |set| set.union(branch)));
                    }
                }
                set.unwrap_or_else(|| missing(expr.ty))
            }
            ExprKind::Otherwise(value, default) => {
                let (value, default) = (self.expr(value, subject), self.expr(default, subject));
                match (value.may_be_known(), value.may_be_missing()) {
                    (_, false) => value,
                    (true, true) => value.known().union(default),
                    (false, true) => default,
                }
            }
            ExprKind::Negate(of) => match self.expr(of, subject) {
                Set::Interval(of) if of.is_known() => {
                    Set::Interval(Interval { low: -of.high, high: -of.low, missing: of.missing })
                }
                set => set,
            },
            ExprKind::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, expr.ty, subject),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr.ty, subject),
            ExprKind::AtLeastEvents(least, query) => {
                let (low, high) = self.state.counts[query.index()];
                Set::Tris(decided(low >= *least, high < *least))
            }
            ExprKind::AtMostEvents(most, query) => {
                let (low, high) = self.state.counts[query.index()];
                Set::Tris(decided(high <= *most, low > *most))
            }
            ExprKind::Count(query) => Set::Interval(self.count(*query)),
            ExprKind::Aggregate(op, field, query) => self.aggregate(*op, field, *query, expr.ty),
            ExprKind::Edge(_, query) => {
                let (low, high) = self.state.counts[query.index()];
                let start = self.space.events.questions[query.index()].start;
                let now = self.space.evaluator.as_of().instant;
                let start = start.unwrap_or(crate::model::time::EARLIEST).max(crate::model::time::EARLIEST);
                Set::Interval(match high {
                    0 => Interval::MISSING,
                    _ => Interval { low: i128::from(start), high: i128::from(now), missing: low == 0 },
                })
            }
        }
    }

    /// `and`, `or`: conditions on the same field are joined cell by cell first.
    fn joined(&mut self, all: &[Expr], subject: Option<Set>, start: Tris, join: fn(Tris, Tris) -> Tris) -> Tris {
        let mut found = start;
        let mut by_field: Vec<(FieldId, Vec<Tris>)> = Vec::new();
        for condition in all {
            match &self.space.tables[condition.id.index()] {
                Some(table) if table.exact && self.state.forced(condition.id).is_none() => {
                    let place = by_field.iter().position(|(field, _)| *field == table.field).unwrap_or_else(|| {
                        by_field.push((table.field, vec![start; table.sets.len()]));
                        by_field.len() - 1
                    });
                    for (cell, set) in by_field[place].1.iter_mut().zip(&table.sets) {
                        *cell = join(*cell, set.tris());
                    }
                }
                _ => found = join(found, self.condition(condition, subject)),
            }
        }
        for (field, cells) in by_field {
            let alive = self.state.alive(self.space, field);
            let cells = cells.into_iter().zip(alive).filter(|(_, alive)| **alive);
            found = join(found, cells.fold(Tris::NONE, |found, (cell, _)| found.union(cell)));
        }
        found
    }

    fn known(&mut self, of: &Expr, subject: Option<Set>) -> Tris {
        let set = self.expr(of, subject);
        decided(!set.may_be_missing(), !set.may_be_known())
    }

    /// `at least N of`, `at most N of`.
    fn tally(&mut self, conditions: &[Expr], subject: Option<Set>, holds: impl Fn(u32) -> bool) -> Tris {
        let sets: Vec<Tris> = conditions.iter().map(|condition| self.condition(condition, subject)).collect();
        // Every pair of how many are true and how many are unknown that may be.
        let mut pairs = std::collections::BTreeSet::from([(0u32, 0u32)]);
        for set in sets {
            let mut next = std::collections::BTreeSet::new();
            for (sure, unknown) in &pairs {
                for value in set.iter() {
                    next.insert(match value {
                        Tri::True => (sure + 1, *unknown),
                        Tri::Unknown => (*sure, unknown + 1),
                        Tri::False => (*sure, *unknown),
                    });
                }
            }
            pairs = next;
        }
        pairs.into_iter().fold(Tris::NONE, |found, (sure, unknown)| {
            found.union(if holds(sure) == holds(sure + unknown) {
                Tris::of(Tri::from(holds(sure)))
            } else {
                Tris::UNKNOWN
            })
        })
    }

    fn compare(&self, op: CompareOp, a: Set, a_expr: &Expr, b: Set, b_expr: &Expr) -> Tris {
        if let Some((one, other)) = orders::fields(self.space.program, a_expr, b_expr)
            && let Some(order) = self.state.order(one, other)
        {
            let unknown = if a.may_be_missing() || b.may_be_missing() { Tris::UNKNOWN } else { Tris::NONE };
            let known = a.may_be_known() && b.may_be_known();
            return unknown.union(if known { Tris::of(Tri::from(crate::eval::holds(op, order))) } else { Tris::NONE });
        }
        let (a, b) = match (a_expr.ty, b_expr.ty) {
            // A time and a date are compared by the day.
            (Type::One(Scalar::Time), Type::One(Scalar::Date)) => (self.days(a), b),
            (Type::One(Scalar::Date), Type::One(Scalar::Time)) => (a, self.days(b)),
            _ => (a, b),
        };
        match (a, b) {
            (Set::Interval(a), Set::Interval(b)) => a.compare(op, b),
            (Set::Choices(a), Set::Choices(b)) => compare_choices(op, a, b),
            (Set::Tris(a), Set::Tris(b)) => {
                let mut found = Tris::NONE;
                for a in a.iter() {
                    for b in b.iter() {
                        found = found.union(if a == Tri::Unknown || b == Tri::Unknown {
                            Tris::UNKNOWN
                        } else {
                            Tris::of(Tri::from((a == b) == (op == CompareOp::Is)))
                        });
                    }
                }
                found
            }
            (a, b) => either(a).and(either(b)).union(if a.may_be_known() && b.may_be_known() {
                Tris::KNOWN
            } else {
                Tris::NONE
            }),
        }
    }

    fn days(&self, set: Set) -> Set {
        let zone = &self.space.program.zone;
        match set {
            Set::Interval(of) if of.is_known() => {
                let day = |instant: i128| i128::from(zone.day(instant as i64));
                Set::Interval(Interval { low: day(of.low), high: day(of.high), ..of })
            }
            set => set,
        }
    }

    fn aged(&mut self, expr: &Expr, subject: Option<Set>) -> Tris {
        let program = self.space.program;
        let as_of = self.space.evaluator.as_of().clone();
        let reach = |length: crate::check::hir::LengthId| as_of.reach(program.lengths[length.index()], &program.zone);
        let value = match &expr.kind {
            ExprKind::Age(_, value, _) | ExprKind::AgeBetween(value, ..) | ExprKind::Within { value, .. } => value,
            _ => return Tris::ANY,
        };
        let is_date = value.ty == Type::One(Scalar::Date);
        let Set::Interval(set) = self.expr(value, subject) else { return Tris::ANY };
        let scale = if is_date { i128::from(DAY) } else { 1 };
        let at = Interval { low: set.low.saturating_mul(scale), high: set.high.saturating_mul(scale), ..set };
        let at = if set.is_known() { at } else { set };
        let point = |instant: i64| Interval::new(i128::from(instant), i128::from(instant));
        let back = |length| if is_date { reach(length).day_back } else { reach(length).back };
        match &expr.kind {
            // The older, the smaller the instant.
            ExprKind::Age(op, _, length) => point(back(*length)).compare(*op, at),
            ExprKind::AgeBetween(_, low, high) => {
                let low = point(back(*low)).compare(CompareOp::GreaterOrEqual, at);
                low.and(point(back(*high)).compare(CompareOp::LessOrEqual, at))
            }
            ExprKind::Within { next, length, .. } => {
                let now = if is_date { i64::from(as_of.day) * DAY } else { as_of.instant };
                let reach = reach(*length);
                let ahead = if is_date { reach.day_ahead } else { reach.ahead };
                let (from, to) = if *next { (now, ahead) } else { (back(*length), now) };
                at.compare(CompareOp::GreaterOrEqual, point(from)).and(at.compare(CompareOp::LessOrEqual, point(to)))
            }
            _ => Tris::ANY,
        }
    }

    fn count(&self, query: QueryId) -> Interval {
        let (low, high) = self.state.counts[query.index()];
        let high = if high == MANY { i128::from(LIMIT - 1) } else { i128::from(high) };
        Interval::new(i128::from(low) * SCALE, high * SCALE)
    }

    fn aggregate(&mut self, op: AggregateOp, field: &Expr, query: QueryId, ty: Type) -> Set {
        let (low, high) = self.state.counts[query.index()];
        let zero = Set::Interval(Interval::new(0, 0));
        match op {
            AggregateOp::Distinct => {
                let day = matches!(field.kind, ExprKind::EventDay | ExprKind::EventType);
                let least = if day && low > 0 { SCALE } else { 0 };
                Set::Interval(Interval { low: least, ..self.count(query) })
            }
            AggregateOp::Total if high == 0 => zero,
            AggregateOp::Highest | AggregateOp::Lowest if high == 0 => Set::Interval(Interval::MISSING),
            _ => Set::anything(ty),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, a: &Expr, b: &Expr, ty: Type, subject: Option<Set>) -> Set {
        let (Set::Interval(left), Set::Interval(right)) = (self.expr(a, subject), self.expr(b, subject)) else {
            return Set::anything(ty);
        };
        let whole = ty == Type::One(Scalar::Int);
        let result = match op {
            ArithmeticOp::Add => left.zip(right, |a, b| (a.0 + b.0, a.1 + b.1)),
            ArithmeticOp::Subtract => left.zip(right, |a, b| (a.0 - b.1, a.1 - b.0)),
            // One side counts in millionths; products are rounded by less than one unit.
            ArithmeticOp::Multiply => left.zip(right, |a, b| {
                let ends = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(a, b)| a.saturating_mul(b));
                let (low, high) = (ends.iter().min().copied().unwrap_or(0), ends.iter().max().copied().unwrap_or(0));
                (round(low, SCALE), round(high, SCALE))
            }),
            ArithmeticOp::Divide => {
                if right.is_known() && right.low <= 0 && right.high >= 0 {
                    return Set::anything(ty);
                }
                left.zip(right, |a, b| {
                    let ends = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)]
                        .map(|(a, b)| crate::model::number::divide(a.saturating_mul(SCALE), b).unwrap_or(0));
                    (ends.iter().min().copied().unwrap_or(0), ends.iter().max().copied().unwrap_or(0))
                })
            }
        };
        Set::Interval(result.fit(whole))
    }

    fn call(&mut self, function: Function, arguments: &[Expr], ty: Type, subject: Option<Set>) -> Set {
        let sets: Vec<Set> = arguments.iter().map(|argument| self.expr(argument, subject)).collect();
        match (function, &*sets) {
            (Function::Min, [Set::Interval(a), Set::Interval(b)]) => {
                Set::Interval(a.zip(*b, |a, b| (a.0.min(b.0), a.1.min(b.1))))
            }
            (Function::Max, [Set::Interval(a), Set::Interval(b)]) => {
                Set::Interval(a.zip(*b, |a, b| (a.0.max(b.0), a.1.max(b.1))))
            }
            (Function::Length | Function::Size, [value]) => {
                let least = if function == Function::Length { SCALE } else { 0 };
                let known = if value.may_be_known() {
                    Interval::new(least, i128::from(LIMIT - 1) * SCALE)
                } else {
                    Interval::NONE
                };
                Set::Interval(known.or_missing(value.may_be_missing()))
            }
            _ => Set::anything(ty),
        }
    }
}

fn of_literal(literal: &Literal, ty: Type) -> Set {
    match literal {
        Literal::Text(_) | Literal::List(_) => Set::Other { known: true, missing: false },
        Literal::Bool(value) => Set::Tris(Tris::of(Tri::from(*value))),
        Literal::Choice(choice) => {
            let mut choices = Choices::NONE;
            choices.add(*choice);
            Set::Choices(choices)
        }
        literal => match amount_of(literal) {
            Some(amount) => Set::Interval(Interval::new(amount, amount)),
            None => missing(ty),
        },
    }
}

fn missing(ty: Type) -> Set {
    Set::of(crate::model::Value::Missing, ty)
}

/// A quotient rounded half away from zero; monotone, so that the ends of an interval stay its ends.
fn round(value: i128, scale: i128) -> i128 {
    crate::model::number::divide(value, scale).unwrap_or(0)
}

/// True, false, or either.
fn decided(yes: bool, no: bool) -> Tris {
    match (yes, no) {
        (true, _) => Tris::TRUE,
        (_, true) => Tris::FALSE,
        _ => Tris::KNOWN,
    }
}

/// A condition on a value of which only being known is known.
fn either(value: Set) -> Tris {
    let known = if value.may_be_known() { Tris::KNOWN } else { Tris::NONE };
    known.union(if value.may_be_missing() { Tris::UNKNOWN } else { Tris::NONE })
}

/// Unknown counts as false.
fn settle(tris: Tris) -> Tris {
    let known = tris.both(Tris::KNOWN);
    if tris.has(Tri::Unknown) { known.union(Tris::FALSE) } else { known }
}

fn looked_up(value: Set, set: &Lookup) -> Tris {
    match (value, set) {
        (Set::Choices(choices), Lookup::Choices(listed)) => {
            let unknown = if choices.missing { Tris::UNKNOWN } else { Tris::NONE };
            let Some(possible) = choices.listed() else { return Tris::KNOWN.union(unknown) };
            let outside = choices.outside.then_some(OUTSIDE);
            possible
                .chain(outside)
                .fold(unknown, |found, choice| found.union(Tris::of(Tri::from(listed.contains(&choice)))))
        }
        (value, _) => either(value),
    }
}

fn compare_choices(op: CompareOp, a: Choices, b: Choices) -> Tris {
    let mut found = if a.missing || b.missing { Tris::UNKNOWN } else { Tris::NONE };
    let (Some(left), Some(right)) = (a.listed(), b.listed()) else { return Tris::KNOWN.union(found) };
    let right: Vec<u16> = right.chain(b.outside.then_some(OUTSIDE)).collect();
    for a in left.chain(a.outside.then_some(OUTSIDE)) {
        for b in &right {
            let holds = if a == OUTSIDE || *b == OUTSIDE {
                op == CompareOp::IsNot
            } else {
                match op {
                    CompareOp::Is => a == *b,
                    CompareOp::IsNot => a != *b,
                    CompareOp::Less => a < *b,
                    CompareOp::LessOrEqual => a <= *b,
                    CompareOp::Greater => a > *b,
                    CompareOp::GreaterOrEqual => a >= *b,
                }
            };
            found = found.union(Tris::of(Tri::from(holds)));
        }
    }
    found
}

/// Points as a number.
fn points(range: Range) -> Set {
    let scale = i128::from(NUMBER_SCALE / POINTS_SCALE);
    let wide = |end: Option<i64>, most: i64| i128::from(end.unwrap_or(most)) * scale;
    Set::Interval(Interval::new(wide(range.low, -POINTS_LIMIT), wide(range.high, POINTS_LIMIT)))
}
