//! Arithmetic, functions, `otherwise`, `if`.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind};
use super::super::{Reported, Result, errors};
use super::{INT, NUMBER, TEXT, is_numeric};
use crate::base::Span;
use crate::builtins::Function;
use crate::model::{Scalar, Type};
use crate::syntax::ast::{self, ArithmeticOp};

impl<'a> Checker<'a> {
    pub(super) fn negate(&mut self, inner: &'a ast::Expr, span: Span, expected: Option<Type>) -> Result<Expr> {
        match &*inner.kind {
            ast::ExprKind::Number(number) => return self.number(number, true, span, expected),
            ast::ExprKind::Money(number, currency) => return self.money(number, currency, true, span),
            ast::ExprKind::Duration(_) => return self.fail(errors::negative_duration(span)),
            _ => {}
        }
        let inner = self.value(inner, expected)?;
        match inner.ty {
            INT | NUMBER | Type::One(Scalar::Money(_)) => {
                Ok(self.make(inner.ty, span, ExprKind::Negate(Box::new(inner))))
            }
            ty => {
                let what = self.describe(ty);
                self.fail(errors::cannot_calculate("-", &what, None, inner.span))
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        let (left, right) = (self.side(op, left), self.side(op, right));
        if let (Ok(Expr { ty: TEXT, span: left, .. }), Ok(Expr { ty: TEXT, span: right, .. })) = (&left, &right) {
            // One error for `title + "x"`.
            let error = errors::cannot_calculate(sign(op), "text", None, *left).label(*right, "text");
            return self.fail(error);
        }
        let left = left.and_then(|left| self.number_or_money(op, left));
        let right = right.and_then(|right| self.number_or_money(op, right));
        let (left, right) = (left?, right?);
        let ty = self.arithmetic_type(op, &left, &right)?;
        Ok(self.make(ty, span, ExprKind::Arithmetic(op, Box::new(left), Box::new(right))))
    }

    /// A side of `+ - * /`.
    fn side(&mut self, op: ArithmeticOp, side: &'a ast::Expr) -> Result<Expr> {
        if let ast::ExprKind::Duration(_) = &*side.kind {
            let help = "lengths of time stand in `age of x <= …` and `x within …`";
            return self.fail(errors::cannot_calculate(sign(op), "a duration", Some(help), side.span));
        }
        self.value(side, None)
    }

    fn number_or_money(&mut self, op: ArithmeticOp, value: Expr) -> Result<Expr> {
        match value.ty {
            INT | NUMBER | Type::One(Scalar::Money(_)) => Ok(value),
            ty => {
                let what = self.describe(ty);
                let help = super::is_temporal(ty).then_some("ask for its age: `age of x <= 30 days`");
                self.fail(errors::cannot_calculate(sign(op), &what, help, value.span))
            }
        }
    }

    /// The type of the result: money only with money of its currency, or times or by a number.
    fn arithmetic_type(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<Type> {
        use ArithmeticOp as A;
        let money = |ty| matches!(ty, Type::One(Scalar::Money(_)));
        match (op, left.ty, right.ty) {
            (A::Divide, a, b) if is_numeric(a) && is_numeric(b) => Ok(NUMBER),
            (_, INT, INT) => Ok(INT),
            (_, a, b) if is_numeric(a) && is_numeric(b) => Ok(NUMBER),
            (A::Add | A::Subtract, a, b) if money(a) && a == b => Ok(a),
            (A::Divide, a, b) if money(a) && a == b => Ok(NUMBER),
            (A::Multiply | A::Divide, a, b) if money(a) && is_numeric(b) => Ok(a),
            (A::Multiply, a, b) if is_numeric(a) && money(b) => Ok(b),
            (_, Type::One(Scalar::Money(one)), Type::One(Scalar::Money(other))) if one != other => {
                self.fail(errors::other_currency(one.as_str(), left.span, other.as_str(), right.span))
            }
            (_, a, b) => {
                let (one, other) = (self.describe(a), self.describe(b));
                let help = self.money_help(a, right).or_else(|| self.money_help(b, left));
                let help = help.filter(|_| matches!(op, A::Add | A::Subtract));
                let error = errors::wrong_money(sign(op), (&one, left.span), (&other, right.span), help);
                self.fail(error)
            }
        }
    }

    /// `x otherwise y`
    pub(super) fn otherwise(
        &mut self,
        value: &'a ast::Expr,
        instead: &'a ast::Expr,
        span: Span,
        expected: Option<Type>,
    ) -> Result<Expr> {
        let value = self.value(value, expected);
        let ty = value.as_ref().ok().map(|value| value.ty);
        let bare = matches!(&*instead.kind, ast::ExprKind::Path(path) if path.parts.len() == 1);
        let instead = match ty {
            None if bare => Err(Reported),
            None => self.value(instead, None),
            Some(ty) => self.value(instead, Some(ty)),
        };
        let (value, instead) = (value?, instead?);
        let (value, instead, ty) = self.one_type(value, instead)?;
        Ok(self.make(ty, span, ExprKind::Otherwise(Box::new(value), Box::new(instead))))
    }

    /// `if c then a else b`
    pub(super) fn conditional(
        &mut self,
        condition: &'a ast::Expr,
        yes: &'a ast::Expr,
        no: &'a ast::Expr,
        span: Span,
        expected: Option<Type>,
    ) -> Result<Expr> {
        let condition = self.condition(condition);
        let yes = self.value(yes, expected);
        let ty = yes.as_ref().ok().map(|yes| yes.ty).or(expected);
        let no = self.value(no, ty);
        let (condition, yes, no) = (condition?, yes?, no?);
        let (yes, no, ty) = self.one_type(yes, no)?;
        Ok(self.make(ty, span, ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no))))
    }

    fn one_type(&mut self, left: Expr, right: Expr) -> Result<(Expr, Expr, Type)> {
        let (left_ty, left_span) = (left.ty, left.span);
        let (right_ty, right_span) = (right.ty, right.span);
        let help = self.money_help(left_ty, &right);
        if let Some(same) = self.unify(left, right) {
            return Ok(same);
        }
        if let (Type::One(Scalar::Money(one)), Type::One(Scalar::Money(other))) = (left_ty, right_ty) {
            return self.fail(errors::other_currency(one.as_str(), left_span, other.as_str(), right_span));
        }
        let (one, other) = (self.describe(left_ty), self.describe(right_ty));
        self.fail(errors::different_types(&one, left_span, &other, right_span).maybe_help(help))
    }

    /// A function with its arguments.
    pub(super) fn call(&mut self, name: &ast::Name, arguments: &'a [ast::Expr], span: Span) -> Result<Expr> {
        let function = Function::named(&name.value);
        let results: Vec<Result<Expr>> = arguments.iter().map(|argument| self.value(argument, None)).collect();
        let Some(function) = function else {
            let declared = self.names.get(&name.value).is_some();
            return self.fail(errors::unknown_function(&name.value, declared, Function::names(), name.span));
        };
        let arguments = results.into_iter().collect::<Result<Vec<Expr>>>()?;
        let types: Vec<Type> = arguments.iter().map(|argument| argument.ty).collect();
        match function.check(&types) {
            Ok(ty) => Ok(self.make(ty, span, ExprKind::Call(function, arguments))),
            Err(takes) => {
                let found: Vec<String> = types.iter().map(|ty| self.describe(*ty)).collect();
                self.fail(errors::wrong_arguments(&name.value, takes, &found, span))
            }
        }
    }

    /// What a `by` looks at.
    pub(super) fn subject(&mut self, span: Span) -> Result<Expr> {
        match self.scope.subject {
            Some((ty, false)) => Ok(self.make(ty, span, ExprKind::Subject)),
            Some((_, true)) => self.fail(errors::age_alone("x", span)),
            None => Err(Reported),
        }
    }
}

fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}
