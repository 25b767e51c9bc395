//! Whether nothing but points can change while rules move one way, from what they are worth at one end to what they
//! are worth at the other.
//!
//! Between two instants at which values can jump, every rule that shrinks with age or counts periods rises or falls all
//! the way. Its points then lie between those at the ends, and so what is summed of them lies between the sums. Where
//! no threshold lies in between, nothing changes; where one does, the answer is "perhaps", and the caller looks closer.

use crate::check::hir::{Expr, ExprId, ExprKind, Included, PartId, PartKind, Program, QueryId, Step};
use crate::eval::holds;
use crate::model::number::{NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE, divide, hold_points};
use crate::model::{Literal, Scalar, Type, Value};
use crate::syntax::ast::{ArithmeticOp, CompareOp};
use std::cmp::Ordering;

/// What of a policy rests on points that move; worked out once.
#[derive(Debug)]
pub(super) struct Moving {
    /// By part: whether its points move by themselves: they shrink with age or count periods.
    pub(super) by_itself: Vec<bool>,
    /// By part: whether its points move without a step that people would call one: they shrink all the time.
    pub(super) drifts: Vec<bool>,
    /// By part: whether its points move, or those of what it rests on.
    parts: Vec<bool>,
    /// By define: likewise.
    defines: Vec<bool>,
}

impl Moving {
    pub(super) fn new(program: &Program) -> Moving {
        use crate::check::hir::Decay;
        let by_itself: Vec<bool> = program
            .parts
            .iter()
            .map(|part| match &part.kind {
                PartKind::Per(per) => per.decay.is_some(),
                PartKind::PerPeriod { .. } => true,
                _ => false,
            })
            .collect();
        let drifts = program
            .parts
            .iter()
            .map(|part| match &part.kind {
                PartKind::Per(per) => matches!(per.decay, Some(Decay::Halving { .. } | Decay::Fading { .. })),
                _ => false,
            })
            .collect();
        let mut moving =
            Moving { parts: by_itself.clone(), by_itself, drifts, defines: vec![false; program.defines.len()] };
        for step in &program.order {
            match step {
                Step::Define(id) => {
                    let mut moves = false;
                    program.walk_step(*step, &mut |expr| moves |= moving.names(expr));
                    moving.defines[id.index()] = moves;
                }
                Step::Part(id) => {
                    let mut moves = moving.parts[id.index()];
                    match &program.parts[id.index()].kind {
                        PartKind::Group { parts, .. } => moves |= parts.iter().any(|part| moving.parts[part.index()]),
                        PartKind::Include { of: Included::Score(part), .. } => moves |= moving.parts[part.index()],
                        _ => program.walk_step(*step, &mut |expr| moves |= moving.names(expr)),
                    }
                    moving.parts[id.index()] = moves;
                }
                _ => {}
            }
        }
        moving
    }

    /// Whether anything moves by itself at all.
    pub(super) fn any(&self) -> bool {
        self.by_itself.iter().any(|moves| *moves)
    }

    /// Whether the points of a rule that moves in steps are others.
    pub(super) fn steps_differ(&self, from: &[i64], to: &[i64]) -> bool {
        let steps = self.by_itself.iter().zip(&self.drifts).enumerate();
        steps.into_iter().any(|(place, (moves, drifts))| *moves && !*drifts && from[place] != to[place])
    }

    /// Whether a part's points shrink all the time, or those of a part of it do, and have moved.
    pub(super) fn has_drift(&self, program: &Program, id: PartId, moved: &dyn Fn(PartId) -> bool) -> bool {
        match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => parts.iter().any(|part| self.has_drift(program, *part, moved)),
            PartKind::Include { of: Included::Score(part), .. } => self.has_drift(program, *part, moved),
            _ => self.drifts[id.index()] && moved(id),
        }
    }

    fn names(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Points(part) => self.parts[part.index()],
            ExprKind::Define(define) => self.defines[define.index()],
            _ => false,
        }
    }

    /// Whether an expression rests on points that move, through numbers alone: conditions are settled one by one.
    fn touches(&self, program: &Program, expr: &Expr) -> bool {
        let mut touches = false;
        expr.walk(program, &mut |expr| touches |= self.names(expr));
        touches
    }
}

/// From the least to the most that a number can be, in millionths or ten-thousandths as its type has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Within(i128, i128),
    Missing,
    /// It cannot be said.
    Any,
}

/// The points at both ends of a stretch of time, and the values that expressions have at its beginning.
pub(super) struct Stretch<'a> {
    pub(super) program: &'a Program,
    pub(super) moving: &'a Moving,
    pub(super) from: &'a [i64],
    pub(super) to: &'a [i64],
    pub(super) value: &'a dyn Fn(ExprId) -> Option<Literal>,
}

impl Stretch<'_> {
    /// Whether nothing but points that drift changes from one end to the other.
    pub(super) fn is_steady(&self) -> bool {
        let moving = self.moving;
        if moving.steps_differ(self.from, self.to) {
            return false;
        }
        let moves = |place: usize| self.from[place] != self.to[place];
        if !(0..self.from.len()).any(|place| moving.by_itself[place] && moves(place)) {
            return true;
        }
        let mut walk = Walk { stretch: self, parts: Vec::new(), subject: Span::Any };
        walk.parts.extend(self.from.iter().zip(self.to).map(|(from, to)| (*from.min(to), *from.max(to))));
        self.program.order.iter().all(|step| walk.step(*step))
    }
}

struct Walk<'a> {
    stretch: &'a Stretch<'a>,
    /// By part: the least and the most points.
    parts: Vec<(i64, i64)>,
    /// What a `by` looks at.
    subject: Span,
}

impl Walk<'_> {
    fn step(&mut self, step: Step) -> bool {
        let program = self.stretch.program;
        match step {
            // A number is looked at where it is named.
            Step::Define(id) => {
                let define = &program.defines[id.index()];
                is_number(define.value.ty) || self.settled(&define.value)
            }
            Step::Check(id) => self.settled(&program.checks[id.index()].condition),
            Step::Reason(id) => self.settled(&program.reasons[id.index()].condition),
            Step::Always(id) => self.settled(&program.always[id.index()].condition),
            Step::StageReached(id) => {
                let stage = &program.stages[id.index()];
                stage.condition.iter().chain(&stage.keep_while).all(|condition| self.settled(condition))
            }
            Step::Route => program.routes.iter().filter_map(|route| route.condition.as_ref()).all(|c| self.settled(c)),
            Step::Bands(id) => {
                let bands = &program.bands[id.index()];
                let (low, high) = self.parts[bands.of.index()];
                let band = |points: i64| bands.from.partition_point(|from| *from <= points);
                band(low) == band(high)
            }
            Step::Part(id) => self.part(id),
            Step::Fit(_) | Step::Matrix(_) | Step::Disqualified | Step::Stage => true,
        }
    }

    /// Finds what a part's points lie between; false when that cannot be said.
    fn part(&mut self, id: PartId) -> bool {
        let program = self.stretch.program;
        let (low, high) = match &program.parts[id.index()].kind {
            PartKind::Group { parts, from, to } => {
                let sum = |ends: &dyn Fn((i64, i64)) -> i64| {
                    let sum: i128 = parts.iter().map(|part| i128::from(ends(self.parts[part.index()]))).sum();
                    let sum = crate::model::number::saturate(sum);
                    sum.min(to.unwrap_or(POINTS_LIMIT)).max(from.unwrap_or(-POINTS_LIMIT))
                };
                (sum(&|(low, _)| low), sum(&|(_, high)| high))
            }
            PartKind::Include { of: Included::Score(part), factor } => {
                let (low, high) = self.parts[part.index()];
                let times = |points: i64| match factor {
                    Some(factor) => {
                        let product = i128::from(points) * i128::from(*factor);
                        divide(product, i128::from(NUMBER_SCALE)).map_or(0, hold_points)
                    }
                    None => hold_points(i128::from(points)),
                };
                (times(low), times(high))
            }
            PartKind::Include { of: Included::Number(number), factor } => {
                if !self.moves(number) || self.fixed(number) {
                    return true;
                }
                let Span::Within(low, high) = self.span(number) else { return false };
                let unit = i128::from(NUMBER_SCALE / POINTS_SCALE);
                let times = |raw: i128| match factor {
                    Some(factor) => divide(raw * i128::from(*factor), unit * i128::from(NUMBER_SCALE)),
                    None => divide(raw, unit),
                };
                let points = |raw: i128| times(raw).map_or(0, hold_points);
                (points(low), points(high))
            }
            PartKind::If { condition, .. } => return self.settled(condition),
            PartKind::Per(per) => {
                let distinct = per.distinct.as_ref().is_none_or(|field| !self.moves(field));
                return distinct && self.query_is_settled(per.query);
            }
            PartKind::PerPeriod { since, .. } => return self.settled(since),
            PartKind::By { value, cases, .. } => {
                if !self.moves(value) && cases.iter().all(|case| !self.moves(&case.condition)) {
                    return true;
                }
                let before = std::mem::replace(&mut self.subject, Span::Any);
                self.subject = self.span(value);
                let settled = self.subject != Span::Any
                    && cases.iter().all(|case| self.condition_on_subject_is_settled(&case.condition));
                self.subject = before;
                return settled;
            }
            PartKind::FirstOf { cases, .. } => return cases.iter().all(|case| self.settled(&case.condition)),
        };
        self.parts[id.index()] = (low, high);
        true
    }

    fn moves(&self, expr: &Expr) -> bool {
        self.stretch.moving.touches(self.stretch.program, expr)
    }

    fn query_is_settled(&self, query: QueryId) -> bool {
        let mut fixed = true;
        self.stretch.program.walk_query(query, &mut |expr| fixed &= self.leaf_is_fixed(expr));
        fixed
    }

    /// Whether none of the points that an expression names moves here.
    fn fixed(&self, expr: &Expr) -> bool {
        let mut fixed = true;
        expr.walk(self.stretch.program, &mut |expr| fixed &= self.leaf_is_fixed(expr));
        fixed
    }

    fn leaf_is_fixed(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Points(part) => {
                let (low, high) = self.parts[part.index()];
                low == high
            }
            ExprKind::Define(define) if self.stretch.moving.defines[define.index()] => {
                self.fixed(&self.stretch.program.defines[define.index()].value)
            }
            _ => true,
        }
    }

    /// Whether a value is the same from one end to the other.
    fn settled(&self, expr: &Expr) -> bool {
        if !self.moves(expr) || self.fixed(expr) {
            return true;
        }
        match &expr.kind {
            ExprKind::Not(of) => self.settled(of),
            ExprKind::And(all) | ExprKind::Or(all) | ExprKind::AtLeastOf(_, all) | ExprKind::AtMostOf(_, all) => {
                all.iter().all(|one| self.settled(one))
            }
            ExprKind::Implies(a, b) => self.settled(a) && self.settled(b),
            ExprKind::Compare(op, a, b) => self.comparison(*op, a, b),
            ExprKind::Between(value, low, high) => {
                self.comparison(CompareOp::GreaterOrEqual, value, low)
                    && self.comparison(CompareOp::LessOrEqual, value, high)
            }
            // Whether a number is there does not hang on how large it is.
            ExprKind::IsKnown(of) | ExprKind::IsMissing(of) => self.span(of) != Span::Any,
            ExprKind::If(condition, then, other) if !is_number(expr.ty) => {
                self.settled(condition) && self.settled(then) && self.settled(other)
            }
            ExprKind::Otherwise(value, default) if !is_number(expr.ty) => self.settled(value) && self.settled(default),
            ExprKind::Define(define) => {
                let value = &self.stretch.program.defines[define.index()].value;
                // A condition was settled when its turn came.
                !is_number(value.ty) || matches!(self.span(value), Span::Within(low, high) if low == high)
            }
            _ => matches!(self.span(expr), Span::Within(low, high) if low == high),
        }
    }

    fn condition_on_subject_is_settled(&self, condition: &Expr) -> bool {
        match &condition.kind {
            ExprKind::Compare(op, a, b) => self.comparison(*op, a, b),
            ExprKind::Between(value, low, high) => {
                self.comparison(CompareOp::GreaterOrEqual, value, low)
                    && self.comparison(CompareOp::LessOrEqual, value, high)
            }
            ExprKind::And(all) | ExprKind::Or(all) => all.iter().all(|one| self.condition_on_subject_is_settled(one)),
            ExprKind::Not(of) => self.condition_on_subject_is_settled(of),
            _ => matches!(self.subject, Span::Within(low, high) if low == high) && self.settled(condition),
        }
    }

    fn comparison(&self, op: CompareOp, a: &Expr, b: &Expr) -> bool {
        if !is_number(a.ty) || !is_number(b.ty) {
            return self.settled(a) && self.settled(b);
        }
        match (self.span(a), self.span(b)) {
            (Span::Missing, _) | (_, Span::Missing) => true,
            (Span::Within(a_low, a_high), Span::Within(b_low, b_high)) => {
                // All orders that can be: the comparison is settled when it holds for all of them or for none.
                let mut orders = Vec::new();
                if a_low < b_high {
                    orders.push(Ordering::Less);
                }
                if a_low <= b_high && b_low <= a_high {
                    orders.push(Ordering::Equal);
                }
                if a_high > b_low {
                    orders.push(Ordering::Greater);
                }
                orders.iter().all(|order| holds(op, *order)) || orders.iter().all(|order| !holds(op, *order))
            }
            _ => false,
        }
    }

    /// What a number lies between. Whole numbers and numbers are in millionths, money in ten-thousandths.
    fn span(&self, expr: &Expr) -> Span {
        if matches!(expr.kind, ExprKind::Subject) {
            return self.subject;
        }
        if let ExprKind::Constant(literal) = &expr.kind {
            return span_of(match literal {
                Literal::Int(value) => Value::Int(*value),
                Literal::Number(value) => Value::Number(*value),
                Literal::Money(value) => Value::Money(*value),
                _ => return Span::Any,
            });
        }
        if !self.moves(expr) {
            // What does not move has the value that it has anywhere in the stretch.
            return match (self.stretch.value)(expr.id) {
                Some(Literal::Int(value)) => span_of(Value::Int(value)),
                Some(Literal::Number(value)) => span_of(Value::Number(value)),
                Some(Literal::Money(value)) => span_of(Value::Money(value)),
                Some(Literal::Missing) => Span::Missing,
                _ => Span::Any,
            };
        }
        match &expr.kind {
            ExprKind::Points(part) => {
                let (low, high) = self.parts[part.index()];
                let micros = |points: i64| i128::from(points) * i128::from(NUMBER_SCALE / POINTS_SCALE);
                Span::Within(micros(low), micros(high))
            }
            ExprKind::Define(define) => self.span(&self.stretch.program.defines[define.index()].value),
            ExprKind::Negate(of) => match self.span(of) {
                Span::Within(low, high) => Span::Within(-high, -low),
                other => other,
            },
            ExprKind::Arithmetic(op, a, b) if !is_money(a.ty) && !is_money(b.ty) => self.arithmetic(*op, a, b),
            ExprKind::Otherwise(value, default) => match self.span(value) {
                Span::Missing => self.span(default),
                other => other,
            },
            ExprKind::If(condition, then, other) if !self.moves(condition) => {
                match (self.stretch.value)(condition.id) {
                    Some(Literal::Bool(true)) => self.span(then),
                    Some(Literal::Bool(false)) => self.span(other),
                    Some(Literal::Missing) => Span::Missing,
                    _ => Span::Any,
                }
            }
            _ => Span::Any,
        }
    }

    fn arithmetic(&self, op: ArithmeticOp, a: &Expr, b: &Expr) -> Span {
        let (a, b) = (self.span(a), self.span(b));
        let ((a_low, a_high), (b_low, b_high)) = match (a, b) {
            (Span::Missing, _) | (_, Span::Missing) => return Span::Missing,
            (Span::Within(a_low, a_high), Span::Within(b_low, b_high)) => ((a_low, a_high), (b_low, b_high)),
            _ => return Span::Any,
        };
        let scale = i128::from(NUMBER_SCALE);
        let corners = match op {
            ArithmeticOp::Add => vec![Some(a_low + b_low), Some(a_high + b_high)],
            ArithmeticOp::Subtract => vec![Some(a_low - b_high), Some(a_high - b_low)],
            ArithmeticOp::Multiply => {
                let product = |a: i128, b: i128| a.checked_mul(b).and_then(|product| divide(product, scale));
                vec![product(a_low, b_low), product(a_low, b_high), product(a_high, b_low), product(a_high, b_high)]
            }
            ArithmeticOp::Divide => {
                if b_low <= 0 && b_high >= 0 {
                    return if b_low == 0 && b_high == 0 { Span::Missing } else { Span::Any };
                }
                let quotient = |a: i128, b: i128| a.checked_mul(scale).and_then(|a| divide(a, b));
                vec![quotient(a_low, b_low), quotient(a_low, b_high), quotient(a_high, b_low), quotient(a_high, b_high)]
            }
        };
        let Some(corners) = corners.into_iter().collect::<Option<Vec<i128>>>() else { return Span::Any };
        // A result that does not fit would be missing.
        let fits = corners.iter().all(|corner| crate::model::number::fit(*corner).is_some());
        match (corners.iter().min(), corners.iter().max()) {
            (Some(low), Some(high)) if fits => Span::Within(*low, *high),
            _ => Span::Any,
        }
    }
}

fn span_of(value: Value<'_>) -> Span {
    match value {
        Value::Money(amount) => Span::Within(i128::from(amount), i128::from(amount)),
        value => value.micros().map_or(Span::Any, |micros| Span::Within(micros, micros)),
    }
}

fn is_number(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Int | Scalar::Number | Scalar::Money(_)))
}

fn is_money(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Money(_)))
}
