//! Amounts (points, limits, thresholds, factors) and the constants that may stand in them.

use super::checker::{Checker, DefineState};
use super::expr::{INT, is_numeric};
use super::hir::{Define, DefineId, Expr, ExprKind, Step};
use super::names::Entity;
use super::order::Owner;
use super::{Reported, Result, errors};
use crate::model::number::{LIMIT, NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE, divide, fit};
use crate::model::{Literal, Type};
use crate::syntax::ast::{self, AmountValue, ArithmeticOp, Sign};
use std::collections::HashMap;

const MICROS: i128 = NUMBER_SCALE as i128;

impl<'a> Checker<'a> {
    /// Replaces the values of constants (`--set`).
    pub fn overrides(&mut self, overrides: &'a [(String, ast::Expr)]) {
        for (name, value) in overrides {
            let Some(Entity::Define(id)) = self.names.get(name) else {
                let declared = self.names.get(name).is_some();
                let names: Vec<&str> = self.defines.iter().map(|define| define.name.value.as_str()).collect();
                let error = errors::override_unknown(name, declared, names);
                self.report(error);
                continue;
            };
            let place = self.defines[id.index()].name.span;
            if !self.may_be_constant_named(id, &mut HashMap::new()) {
                self.report(errors::override_of_no_constant(name, place));
                continue;
            }
            match signed_number(value) {
                Some(instead) => self.defines[id.index()].instead = Some(instead),
                None => {
                    self.report(errors::override_by_no_number(name, place));
                }
            }
        }
    }

    /// Whether it is made of numbers and names that are. `seen` remembers names; one that needs itself is none.
    fn may_be_constant(&self, expr: &ast::Expr, seen: &mut HashMap<DefineId, bool>) -> bool {
        match &*expr.kind {
            ast::ExprKind::Number(_) => true,
            ast::ExprKind::Negate(inner) => self.may_be_constant(inner, seen),
            ast::ExprKind::Arithmetic(_, left, right) => {
                self.may_be_constant(left, seen) && self.may_be_constant(right, seen)
            }
            ast::ExprKind::Path(path) => match path.parts.as_slice() {
                [name] => match self.names.get(&name.value) {
                    Some(Entity::Define(id)) => self.may_be_constant_named(id, seen),
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        }
    }

    fn may_be_constant_named(&self, id: DefineId, seen: &mut HashMap<DefineId, bool>) -> bool {
        if let Some(known) = seen.get(&id) {
            return *known;
        }
        // Longer chains than this are refused, so that nothing nests without end.
        if seen.len() > 1000 {
            return false;
        }
        seen.insert(id, false);
        let constant = self.may_be_constant(self.defines[id.index()].value, seen);
        seen.insert(id, constant);
        constant
    }

    /// Checks all defines, those that others need first, so that long chains do not nest.
    pub fn all_defines(&mut self) {
        for id in self.define_order() {
            let _ = self.define_type(id);
        }
    }

    /// The type of a define; checks it first where that is still to do.
    pub fn define_type(&mut self, id: DefineId) -> Result<Type> {
        match &self.defines[id.index()].state {
            DefineState::Done(define, _) => return Ok(define.value.ty),
            // A circle: reported with all others.
            DefineState::InProgress | DefineState::Broken => return Err(Reported),
            DefineState::Untouched => {}
        }
        self.defines[id.index()].state = DefineState::InProgress;
        let (value, persona) = (self.defines[id.index()].value, self.defines[id.index()].persona);
        let checked = self.for_step(Step::Define(id), |checker| {
            let slot = &checker.defines[id.index()];
            if let Some((number, negative)) = slot.instead {
                return checker.number(number, negative, slot.name.span, None);
            }
            if persona { checker.condition(value) } else { checker.value(value, None) }
        });
        match checked {
            Ok(expr) => {
                let ty = expr.ty;
                self.defines[id.index()].state = self.define_done(id, expr);
                Ok(ty)
            }
            Err(reported) => {
                self.defines[id.index()].state = DefineState::Broken;
                Err(reported)
            }
        }
    }

    fn define_done(&mut self, id: DefineId, mut value: Expr) -> DefineState {
        let slot = &self.defines[id.index()];
        let micros = match slot.instead {
            Some((number, negative)) => Some(if negative { -number.micros } else { number.micros }),
            None if is_numeric(value.ty) && !slot.persona => self.constant_value(slot.value),
            None => None,
        };
        let literal = micros.and_then(|micros| match value.ty {
            INT => fit(micros / MICROS).map(Literal::Int),
            _ => fit(micros).map(Literal::Number),
        });
        let micros = micros.filter(|_| literal.is_some());
        if let Some(literal) = literal {
            value.kind = ExprKind::Constant(literal);
        }
        let define = Define {
            name: slot.name.value.clone(),
            label: slot.label.clone(),
            persona: slot.persona,
            value,
            constant: micros.is_some(),
            span: slot.name.span,
        };
        DefineState::Done(Box::new(define), micros)
    }

    /// The value of a constant in millionths; the defines that it names are checked.
    fn constant_value(&self, expr: &ast::Expr) -> Option<i128> {
        match &*expr.kind {
            ast::ExprKind::Number(number) => Some(number.micros),
            ast::ExprKind::Negate(inner) => self.constant_value(inner).map(|value| -value),
            ast::ExprKind::Path(path) => match path.parts.as_slice() {
                [name] => match self.names.get(&name.value) {
                    Some(Entity::Define(id)) => match &self.defines[id.index()].state {
                        DefineState::Done(_, micros) => *micros,
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            },
            ast::ExprKind::Arithmetic(op, left, right) => {
                let (left, right) = (self.constant_value(left)?, self.constant_value(right)?);
                let result = match op {
                    ArithmeticOp::Add => left.checked_add(right)?,
                    ArithmeticOp::Subtract => left.checked_sub(right)?,
                    ArithmeticOp::Multiply => divide(left.checked_mul(right)?, MICROS)?,
                    ArithmeticOp::Divide => divide(left.checked_mul(MICROS)?, right)?,
                };
                // A whole number has up to 18 digits, any other 12 before the point.
                let limit = i128::from(LIMIT);
                let whole = result % MICROS == 0 && *op != ArithmeticOp::Divide;
                (result.abs() < if whole { limit * MICROS } else { limit }).then_some(result)
            }
            _ => None,
        }
    }

    /// The value of a constant's name in millionths.
    fn constant_named(&mut self, name: &ast::Name) -> Result<i128> {
        match self.names.get(&name.value) {
            Some(Entity::Define(id)) => {
                if matches!(self.owner, Owner::Step(Step::Define(_))) {
                    // For the sake of circles: nothing else reads a constant when leads are decided.
                    self.need(Step::Define(id), name.span);
                }
                self.define_type(id)?;
                match &self.defines[id.index()].state {
                    DefineState::Done(_, Some(micros)) => Ok(*micros),
                    DefineState::Done(..) => {
                        let place = self.defines[id.index()].name.span;
                        self.fail(errors::not_a_constant(&name.value, Some(place), name.span))
                    }
                    _ => Err(Reported),
                }
            }
            Some(Entity::Broken) => Err(Reported),
            Some(_) => self.fail(errors::not_a_constant(&name.value, None, name.span)),
            None => {
                let defines: Vec<&'a str> = self.defines.iter().map(|define| define.name.value.as_str()).collect();
                Err(self.unknown_name(name, Some(defines)))
            }
        }
    }

    /// An amount in millionths.
    pub fn amount(&mut self, amount: &ast::Amount) -> Result<i128> {
        let size = match &amount.value {
            AmountValue::Number(number) => number.micros,
            AmountValue::Constant(name) => self.constant_named(name)?,
        };
        Ok(if amount.sign == Some(Sign::Minus) { -size } else { size })
    }

    /// Points in ten-thousandths.
    pub fn points(&mut self, amount: &ast::Amount) -> Result<i64> {
        let micros = self.amount(amount)?;
        let finer = i128::from(NUMBER_SCALE / POINTS_SCALE);
        let raw = micros / finer;
        if micros % finer == 0 && raw.abs() <= i128::from(POINTS_LIMIT) {
            return Ok(raw as i64);
        }
        let holds = "12 digits before the point and 4 after it";
        self.fail(errors::too_many_digits(self.text(amount.span), "points have", holds, amount.span))
    }

    /// Points above 0, in ten-thousandths.
    pub fn points_above_zero(&mut self, amount: &ast::Amount, what: &str) -> Result<i64> {
        match self.points(amount)? {
            points if points > 0 => Ok(points),
            _ => self.fail(errors::not_above_zero(what, amount.span)),
        }
    }

    /// A whole number from `low` to `high`.
    pub fn whole(&mut self, amount: &ast::Amount, low: u32, high: u32, what: &str) -> Result<u32> {
        let micros = self.amount(amount)?;
        if micros % MICROS != 0 {
            return self.fail(errors::not_whole(what, self.text(amount.span), amount.span));
        }
        match u32::try_from(micros / MICROS) {
            Ok(count) if (low..=high).contains(&count) => Ok(count),
            _ => self.fail(errors::out_of_range(what, low, (high < u32::MAX).then_some(high), amount.span)),
        }
    }
}

/// A number literal and whether it is negative.
fn signed_number(expr: &ast::Expr) -> Option<(&ast::Number, bool)> {
    match &*expr.kind {
        ast::ExprKind::Number(number) => Some((number, false)),
        ast::ExprKind::Negate(inner) => signed_number(inner).map(|(number, negative)| (number, !negative)),
        _ => None,
    }
}
