//! Expressions: each form is typed in a function of its own; [`Checker::value`] only dispatches.

mod compare;
mod events;
mod literals;
mod logic;
mod names;
mod numbers;
mod texts;
mod time;

use super::checker::Checker;
use super::hir::{Expr, ExprKind};
use super::{Reported, Result, errors};
use crate::model::time::Zone;
use crate::model::{Literal, Scalar, Type};
use crate::syntax::ast;

pub(super) const BOOL: Type = Type::One(Scalar::Bool);
pub(super) const INT: Type = Type::One(Scalar::Int);
pub(super) const NUMBER: Type = Type::One(Scalar::Number);
pub(super) const TEXT: Type = Type::One(Scalar::Text);
pub(super) const DATE: Type = Type::One(Scalar::Date);
pub(super) const TIME: Type = Type::One(Scalar::Time);

/// Expressions are nested at most this deep, through defines too.
const DEEPEST: u32 = 250;

impl<'a> Checker<'a> {
    /// An expression of any type. `expected` is the type of what stands left of it: bare names and texts are looked up
    /// there, and number literals become of it; whether the types agree is for the caller to see.
    pub fn value(&mut self, expr: &'a ast::Expr, expected: Option<Type>) -> Result<Expr> {
        if self.depth > DEEPEST {
            if !std::mem::replace(&mut self.too_deep, true) {
                self.report(errors::too_deep(expr.span));
            }
            return Err(Reported);
        }
        self.depth += 1;
        let result = self.dispatch(expr, expected);
        self.depth -= 1;
        result
    }

    fn dispatch(&mut self, expr: &'a ast::Expr, expected: Option<Type>) -> Result<Expr> {
        use ast::ExprKind as K;
        let span = expr.span;
        match &*expr.kind {
            K::Number(number) => self.number(number, false, span, expected),
            K::Money(number, currency) => self.money(number, currency, false, span),
            K::Text(text) => self.text_literal(text, span, expected),
            K::Bool(value) => Ok(self.constant(BOOL, span, Literal::Bool(*value))),
            K::Date(date) => Ok(self.date(*date, span)),
            K::Instant(instant) => Ok(self.constant(TIME, span, Literal::Time(instant.as_millisecond()))),
            K::Duration(_) => self.fail(errors::duration_alone(span)),
            K::List(entries) => self.list_value(entries, span, expected),
            K::Path(path) => self.path(path, expected),
            K::Subject => self.subject(span),
            K::Call(name, arguments) => self.call(name, arguments, span),
            K::Negate(inner) => self.negate(inner, span, expected),
            K::Arithmetic(op, left, right) => self.arithmetic(*op, left, right, span),
            K::Otherwise(value, instead) => self.otherwise(value, instead, span, expected),
            K::If(condition, yes, no) => self.conditional(condition, yes, no, span, expected),
            K::Not(inner) => self.not(inner, span),
            K::And(conditions) => self.and(conditions, span),
            K::Or(conditions) => self.or(conditions, span),
            K::Implies(left, right) => self.implies(left, right, span),
            K::Among(among, conditions) => self.among(among, conditions, span),
            K::Compare(op, left, right) => self.compare(*op, left, right, span),
            K::Between(value, low, high) => self.between(value, low, high, span),
            K::Exactly(value, negated, text) => self.exactly(value, *negated, text, span),
            K::In(value, negated, set) => self.in_set(value, *negated, set, span),
            K::TextTest(value, op, pattern) => self.text_test(value, *op, pattern, span),
            K::Has(value, pattern) => self.has(value, pattern, span),
            K::IsKnown(inner) => self.is_known(inner, true, span),
            K::IsMissing(inner) => self.is_known(inner, false, span),
            K::Within(value, next, duration) => self.within_duration(value, *next, duration, span),
            K::Age(_) => self.fail(errors::age_alone(self.text(span), span)),
            K::Verdict(fit, op) => self.verdict(fit, *op, span),
            K::Disqualified(reason) => self.disqualified(reason.as_ref(), span),
            K::EventTest(quantifier, events) => self.event_test(quantifier, events, span),
            K::Count(events) => self.count(events, span),
            K::Aggregate(op, field, events) => self.aggregate(*op, field, events, span),
            K::Edge(first, events) => self.edge(*first, events, span),
            K::Junk => Err(Reported),
        }
    }

    pub(super) fn constant(&mut self, ty: Type, span: crate::base::Span, literal: Literal) -> Expr {
        self.make(ty, span, ExprKind::Constant(literal))
    }

    /// Brings two values to one type: whole numbers become numbers, date literals become the first instant of the day.
    /// Gives none when they differ.
    pub(super) fn unify(&self, mut left: Expr, mut right: Expr) -> Option<(Expr, Expr, Type)> {
        let ty = common_type(left.ty, right.ty)?;
        convert(&mut left, ty, &self.zone);
        convert(&mut right, ty, &self.zone);
        (left.ty == ty || is_numeric(left.ty)).then_some(())?;
        (right.ty == ty || is_numeric(right.ty)).then_some(())?;
        Some((left, right, ty))
    }
}

/// Whether it is a whole number or a number.
pub(super) fn is_numeric(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Int | Scalar::Number))
}

/// Whether it is a date or a time.
pub(super) fn is_temporal(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Date | Scalar::Time))
}

fn common_type(left: Type, right: Type) -> Option<Type> {
    if left == right {
        Some(left)
    } else if is_numeric(left) && is_numeric(right) {
        Some(NUMBER)
    } else if is_temporal(left) && is_temporal(right) {
        Some(TIME)
    } else {
        None
    }
}

/// Turns a literal into one of the type, where that is exact. Literals are checked for their digits before.
pub(super) fn convert(expr: &mut Expr, ty: Type, zone: &Zone) {
    let ExprKind::Constant(literal) = &expr.kind else { return };
    let converted = match (literal, ty) {
        (Literal::Int(value), NUMBER) => {
            let raw = i128::from(*value) * i128::from(crate::model::number::NUMBER_SCALE);
            crate::model::number::fit(raw).map(Literal::Number)
        }
        (Literal::Date(day), TIME) => Some(Literal::Time(zone.start_of_day(*day))),
        _ => None,
    };
    if let Some(literal) = converted {
        expr.kind = ExprKind::Constant(literal);
        expr.ty = ty;
    }
}
