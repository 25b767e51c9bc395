//! Comparing values of one kind.

use crate::model::time::Zone;
use crate::model::{OUTSIDE, Tri, Value, text};
use crate::syntax::ast::CompareOp;
use std::cmp::Ordering;

/// `a OP b`: unknown when a side is missing. A disqualified lead's stage stands in no order and is none.
pub(super) fn compare(op: CompareOp, a: Value<'_>, b: Value<'_>, zone: &Zone) -> Tri {
    if a == Value::Choice(OUTSIDE) || b == Value::Choice(OUTSIDE) {
        return Tri::from(op == CompareOp::IsNot);
    }
    if let (Value::Text(a), Value::Text(b)) = (a, b) {
        return Tri::from(text::same(a, b) == (op == CompareOp::Is));
    }
    match order(a, b, zone) {
        Some(order) => Tri::from(holds(op, order)),
        None => Tri::Unknown,
    }
}

/// Whether a comparison holds for two values in this order.
pub fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Is => order.is_eq(),
        CompareOp::IsNot => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

/// The order of two values of one kind; none when a side is missing. A time and a date are compared by the day.
#[inline]
pub(super) fn order(a: Value<'_>, b: Value<'_>, zone: &Zone) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b))
        | (Value::Number(a), Value::Number(b))
        | (Value::Money(a), Value::Money(b))
        | (Value::Time(a), Value::Time(b)) => Some(a.cmp(&b)),
        (Value::Choice(a), Value::Choice(b)) => Some(a.cmp(&b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(&b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
        (Value::Time(a), Value::Date(b)) => Some(zone.day(a).cmp(&b)),
        (Value::Date(a), Value::Time(b)) => Some(a.cmp(&zone.day(b))),
        _ => Some(a.micros()?.cmp(&b.micros()?)),
    }
}

/// Whether two values are the same to the language; both are known.
pub(super) fn same(a: Value<'_>, b: Value<'_>, zone: &Zone) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => text::same(a, b),
        _ => order(a, b, zone) == Some(Ordering::Equal),
    }
}
