//! Ages and `within`.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind, LengthId};
use super::super::{Reported, Result, errors};
use super::{BOOL, is_temporal};
use crate::base::Span;
use crate::syntax::ast::{self, CompareOp};

impl<'a> Checker<'a> {
    /// Whether it is `age of x`, or what a `by age of x` looks at.
    pub(in super::super) fn is_age(&self, expr: &ast::Expr) -> bool {
        match &*expr.kind {
            ast::ExprKind::Age(_) => true,
            ast::ExprKind::Subject => matches!(self.scope.subject, Some((_, true))),
            _ => false,
        }
    }

    /// The date or time whose age is meant.
    pub(in super::super) fn aged(&mut self, age: &'a ast::Expr) -> Result<Expr> {
        let ast::ExprKind::Age(inner) = &*age.kind else {
            let Some((ty, _)) = self.scope.subject else { return Err(Reported) };
            return Ok(self.make(ty, age.span, ExprKind::Subject));
        };
        let inner = self.value(inner, None)?;
        if is_temporal(inner.ty) {
            return Ok(inner);
        }
        let what = self.describe(inner.ty);
        self.fail(errors::age_of_no_time(&what, inner.span))
    }

    fn duration(&mut self, expr: &'a ast::Expr) -> Result<LengthId> {
        if let ast::ExprKind::Duration(duration) = &*expr.kind {
            return Ok(self.length(duration));
        }
        if self.is_age(expr) {
            return self.fail(errors::age_compared("another age", expr.span));
        }
        let value = self.value(expr, None)?;
        let what = self.describe(value.ty);
        self.fail(errors::age_compared(&what, expr.span))
    }

    pub(super) fn age_compared(
        &mut self,
        op: CompareOp,
        age: &'a ast::Expr,
        duration: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let (value, length) = (self.aged(age), self.duration(duration));
        let kind = ExprKind::Age(op, Box::new(value?), length?);
        Ok(self.make(BOOL, span, kind))
    }

    pub(super) fn age_between(
        &mut self,
        age: &'a ast::Expr,
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let value = self.aged(age);
        self.between_ages(value, low, high, span)
    }

    pub(super) fn between_ages(
        &mut self,
        value: Result<Expr>,
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let (low, high) = (self.duration(low), self.duration(high));
        let kind = ExprKind::AgeBetween(Box::new(value?), low?, high?);
        Ok(self.make(BOOL, span, kind))
    }

    /// `x within 30 days`, `x within next 90 days`
    pub(super) fn within_duration(
        &mut self,
        value: &'a ast::Expr,
        next: bool,
        duration: &'a ast::Duration,
        span: Span,
    ) -> Result<Expr> {
        if let ast::ExprKind::Among(_, conditions) = &*value.kind {
            self.no_events_among(conditions, span, Some(self.text(duration.span)))?;
        }
        if let Some(name) = self.event_name(value) {
            let offer = format!("any {name} within {}", self.text(duration.span));
            return self.fail(errors::events_as_conditions(&[name], &offer, span));
        }
        let value = self.value(value, None)?;
        if !is_temporal(value.ty) {
            let what = self.describe(value.ty);
            return self.fail(errors::within_of_no_time(&what, value.span));
        }
        let length = self.length(duration);
        Ok(self.make(BOOL, span, ExprKind::Within { value: Box::new(value), next, length }))
    }
}
