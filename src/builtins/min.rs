//! `min(a, b)`: the smaller of two values.

use super::Builtin;
use crate::model::{Scalar, Type, Value};

pub(super) static BUILTIN: Builtin = Builtin {
    name: "min",
    form: "min(a, b)",
    docs: "The smaller of two numbers, two amounts of one currency, two dates or two times. Missing when a side is.",
    examples: &[("min(3, 2.5)", "2.5"), ("min(10 USD, 9.99 USD)", "9.99")],
};

/// The signature of `min` and of `max`.
pub(super) fn check(arguments: &[Type]) -> Result<Type, &'static str> {
    const TAKES: &str = "two numbers, two amounts of one currency, two dates or two times";
    let [Type::One(a), Type::One(b)] = arguments else { return Err(TAKES) };
    match (a, b) {
        (Scalar::Int, Scalar::Int) => Ok(Type::One(Scalar::Int)),
        (Scalar::Int | Scalar::Number, Scalar::Int | Scalar::Number) => Ok(Type::One(Scalar::Number)),
        (Scalar::Money(_), _) | (Scalar::Date, _) | (Scalar::Time, _) if a == b => Ok(Type::One(*a)),
        _ => Err(TAKES),
    }
}

pub(super) fn evaluate<'a>(a: Value<'a>, b: Value<'a>) -> Value<'a> {
    match order(a, b) {
        Some(std::cmp::Ordering::Greater) => b,
        Some(_) => a,
        None => Value::Missing,
    }
}

/// The order of two values of one kind; none when a side is missing.
pub(super) fn order(a: Value<'_>, b: Value<'_>) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Money(a), Value::Money(b)) | (Value::Time(a), Value::Time(b)) => Some(a.cmp(&b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
        _ => Some(a.micros()?.cmp(&b.micros()?)),
    }
}
