//! `where`s that look at one field of an event, asked without walking their tree.

use super::compare::compare;
use super::events::field_at;
use super::memo::is_dear;
use crate::builtins::Matcher;
use crate::check::hir::{Expr, ExprKind};
use crate::model::time::Zone;
use crate::model::{Event, Literal, Scalar, Type, Value};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;

/// A `where` in its short form.
#[derive(Clone, Copy, Debug)]
pub(super) enum Where<'p> {
    /// A field compared with a number, a choice, a date or time.
    Compare(CompareOp, &'p [u16], Value<'static>),
    /// A text operator on a field.
    Match(&'p [u16], &'p Matcher),
    /// None: it is walked.
    Tree,
}

impl<'p> Where<'p> {
    pub(super) fn new(condition: &'p Expr) -> Where<'p> {
        match &condition.kind {
            ExprKind::Compare(op, field, other) => match (&field.kind, &other.kind) {
                (ExprKind::EventField(places), ExprKind::Constant(literal)) => {
                    plain(literal).map_or(Where::Tree, |literal| Where::Compare(*op, places, literal))
                }
                _ => Where::Tree,
            },
            // A dear one is better remembered by its text.
            ExprKind::Match { value, matcher } if value.ty == Type::One(Scalar::Text) && !is_dear(condition) => {
                match &value.kind {
                    ExprKind::EventField(places) => Where::Match(places, matcher),
                    _ => Where::Tree,
                }
            }
            _ => Where::Tree,
        }
    }

    /// Whether it is true for an event; none where it has no short form.
    #[inline]
    pub(super) fn holds<'a>(&self, event: &'a Event<'a>, zone: &Zone, arena: &'a Bump) -> Option<bool> {
        match self {
            Where::Compare(op, places, other) => Some(compare(*op, field_at(event, places), *other, zone).is_true()),
            Where::Match(places, matcher) => Some(match field_at(event, places) {
                Value::Text(text) => matcher.matches(text, arena),
                _ => false,
            }),
            Where::Tree => None,
        }
    }
}

/// A literal that holds no text.
fn plain(literal: &Literal) -> Option<Value<'static>> {
    Some(match literal {
        Literal::Int(value) => Value::Int(*value),
        Literal::Number(value) => Value::Number(*value),
        Literal::Money(value) => Value::Money(*value),
        Literal::Date(value) => Value::Date(*value),
        Literal::Time(value) => Value::Time(*value),
        Literal::Choice(value) => Value::Choice(*value),
        Literal::Bool(value) => Value::Bool(*value),
        _ => return None,
    })
}
