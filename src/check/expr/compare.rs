//! `is`, the orders, `between`, `is exactly`.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind};
use super::super::{Reported, Result, errors};
use super::{BOOL, TEXT, is_numeric, is_temporal};
use crate::base::Span;
use crate::model::{DomainKind, Literal, Scalar, Type, text};
use crate::syntax::ast::{self, CompareOp};

impl<'a> Checker<'a> {
    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        if self.is_age(left) {
            return self.age_compared(op, left, right, span);
        }
        if self.is_age(right) {
            return self.age_compared(mirrored(op), right, left, span);
        }
        let left_value = self.value(left, None);
        let right_value = self.right_side(&left_value, right);
        let (left_value, right_value) = (left_value?, right_value?);
        let (left_value, right_value) = self.comparable(left_value, right_value, span)?;
        if !matches!(op, CompareOp::Is | CompareOp::IsNot) {
            self.ordered(&left_value)?;
        }
        Ok(self.make(BOOL, span, ExprKind::Compare(op, Box::new(left_value), Box::new(right_value))))
    }

    /// What stands right of a comparison, typed by what stands left.
    fn right_side(&mut self, left: &Result<Expr>, right: &'a ast::Expr) -> Result<Expr> {
        let Ok(left) = left else {
            // A bare name may be a choice of what is wrong on the left.
            let bare = matches!(&*right.kind, ast::ExprKind::Path(path) if path.parts.len() == 1);
            let special = matches!(&*right.kind, ast::ExprKind::Duration(_) | ast::ExprKind::List(_));
            return if bare || special { Err(Reported) } else { self.value(right, None) };
        };
        let (ty, left_span) = (left.ty, left.span);
        match &*right.kind {
            ast::ExprKind::Disqualified(None) if self.is_stage(ty) => {
                self.fail(errors::stage_is_disqualified(matches!(left.kind, ExprKind::Stage), left_span.to(right.span)))
            }
            ast::ExprKind::Duration(_) => {
                let what = self.describe(ty);
                let help = is_temporal(ty).then(|| {
                    let (text, right) = (self.text(left_span), self.text(right.span));
                    // Behind events `within` would be their window.
                    let window = match left.kind {
                        ExprKind::Edge { .. } => format!("({text})"),
                        _ => text.to_owned(),
                    };
                    format!("compare its age: `age of {text} <= {right}`, or write `{window} within {right}`")
                });
                let error = errors::cannot_compare(&what, left_span, "a duration", right.span).maybe_help(help);
                self.fail(error)
            }
            ast::ExprKind::List(_) => {
                let text = self.text(left_span);
                let help = match ty {
                    Type::List(_) => format!("`{text} has any of {}`", self.text(right.span)),
                    Type::One(_) => format!("`{text} in {}`", self.text(right.span)),
                };
                self.fail(errors::list_compared(Some(&help), right.span))
            }
            _ => self.value(right, Some(ty)),
        }
    }

    fn is_stage(&self, ty: Type) -> bool {
        matches!(ty, Type::One(Scalar::Choice(domain)) if Some(domain) == self.stage_domain)
    }

    /// Makes sure that two values can be compared.
    fn comparable(&mut self, left: Expr, mut right: Expr, span: Span) -> Result<(Expr, Expr)> {
        if let (Type::List(_), _) | (_, Type::List(_)) = (left.ty, right.ty) {
            let (list, other) = if matches!(left.ty, Type::List(_)) { (&left, &right) } else { (&right, &left) };
            let one = matches!(other.ty, Type::One(_));
            let help = one.then(|| format!("`{} has {}`", self.text(list.span), self.text(other.span)));
            return self.fail(errors::list_compared(help.as_deref(), span));
        }
        let same = left.ty == right.ty
            || is_numeric(left.ty) && is_numeric(right.ty)
            || is_temporal(left.ty) && is_temporal(right.ty);
        if same {
            if is_numeric(left.ty) {
                super::convert(&mut right, left.ty, &self.zone);
            }
            return Ok((left, right));
        }
        self.fail_compared(&left, &right)
    }

    fn fail_compared<T>(&mut self, left: &Expr, right: &Expr) -> Result<T> {
        if let (Type::One(Scalar::Money(one)), Type::One(Scalar::Money(other))) = (left.ty, right.ty) {
            return self.fail(errors::other_currency(one.as_str(), left.span, other.as_str(), right.span));
        }
        let (one, other) = (self.describe(left.ty), self.describe(right.ty));
        let help = self.money_help(left.ty, right).or_else(|| self.unquoted_help(left, right));
        self.fail(errors::cannot_compare(&one, left.span, &other, right.span).maybe_help(help))
    }

    /// `employees >= "50"`: the number without quotes.
    fn unquoted_help(&self, left: &Expr, right: &Expr) -> Option<String> {
        let ExprKind::Constant(Literal::Text(written)) = &right.kind else {
            let quoted = left.ty == TEXT && matches!(right.kind, ExprKind::Constant(_)) && is_numeric(right.ty);
            return quoted.then(|| format!("write it in quotes: `\"{}\"`", self.text(right.span)));
        };
        let number = crate::model::number::parse(text::trim(written).as_bytes(), 6, false).is_ok();
        (number && is_numeric(left.ty)).then(|| format!("write `{}` without quotes", text::trim(written)))
    }

    /// Makes sure that values of this type have an order.
    fn ordered(&mut self, left: &Expr) -> Result<()> {
        let ordered = match left.ty {
            Type::One(Scalar::Int | Scalar::Number | Scalar::Money(_) | Scalar::Date | Scalar::Time) => true,
            Type::One(Scalar::Choice(domain)) => self.schema.domain(domain).ordered(),
            Type::One(Scalar::Bool | Scalar::Text) | Type::List(_) => false,
        };
        if ordered {
            return Ok(());
        }
        let help = match left.ty {
            Type::One(Scalar::Choice(domain)) => match self.schema.domain(domain).kind {
                DomainKind::Cells => "compare cells with `is`, `is not` or `in`",
                _ => "declare it as `ranked […]`, lowest first, or compare it with `is` or `in`",
            },
            Type::One(Scalar::Bool) => "join conditions with `and`, `or`, `implies`, or compare them with `is`",
            _ => "compare text with `is`, `in`, `starts with`, `contains`, `mentions`",
        };
        let what = self.describe(left.ty);
        self.fail(errors::no_order(&what, left.span, help))
    }

    pub(super) fn between(
        &mut self,
        value: &'a ast::Expr,
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        if self.is_age(value) {
            return self.age_between(value, low, high, span);
        }
        let left = self.value(value, None);
        self.value_between(left, low, high, span)
    }

    /// `a to b` of what a `by` looks at.
    pub(in super::super) fn range_of_subject(
        &mut self,
        (ty, age): (Type, bool),
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let subject = self.make(ty, span, ExprKind::Subject);
        if age {
            self.between_ages(Ok(subject), low, high, span)
        } else {
            self.value_between(Ok(subject), low, high, span)
        }
    }

    fn value_between(
        &mut self,
        left: Result<Expr>,
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let (low, high) = (self.right_side(&left, low), self.right_side(&left, high));
        let (left, low, high) = (left?, low?, high?);
        let (left, low) = self.comparable(left, low, span)?;
        let (left, high) = self.comparable(left, high, span)?;
        self.ordered(&left)?;
        Ok(self.make(BOOL, span, ExprKind::Between(Box::new(left), Box::new(low), Box::new(high))))
    }

    /// `is exactly "US"`. A listed text has to be written as it is listed.
    pub(super) fn exactly(
        &mut self,
        value: &'a ast::Expr,
        negated: bool,
        written: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let value = self.value(value, None);
        let text = match &*written.kind {
            ast::ExprKind::Text(text) if text::trim(text).is_empty() => self.fail(errors::empty_text(written.span)),
            ast::ExprKind::Text(text) => Ok(text::trim(text)),
            ast::ExprKind::Junk => Err(Reported),
            _ => self.fail(errors::literal_needed(self.text(written.span), written.span)),
        };
        let (value, text) = (value?, text?);
        match value.ty {
            TEXT => {
                let kind = ExprKind::Exactly { value: Box::new(value), text: text.into(), negated };
                Ok(self.make(BOOL, span, kind))
            }
            Type::One(Scalar::Choice(domain)) if self.is_listed(domain) => {
                let choices = self.schema.domain(domain);
                let Some(place) = choices.choices.iter().position(|choice| choice.name == text) else {
                    let error = errors::not_listed(text, choices, written.span);
                    return self.fail(error);
                };
                let choice = self.constant(value.ty, written.span, Literal::Choice(place as u16));
                let op = if negated { CompareOp::IsNot } else { CompareOp::Is };
                Ok(self.make(BOOL, span, ExprKind::Compare(op, Box::new(value), Box::new(choice))))
            }
            ty => {
                let what = self.describe(ty);
                self.fail(errors::not_text("is exactly", &what, None, value.span))
            }
        }
    }

    pub(in super::super) fn is_listed(&self, domain: crate::model::DomainId) -> bool {
        matches!(self.schema.domain(domain).kind, DomainKind::OneOf | DomainKind::Ranked)
    }
}

/// The operator when the sides change places.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        CompareOp::Is | CompareOp::IsNot => op,
    }
}
