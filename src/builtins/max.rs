//! `max(a, b)`: the larger of two values.

use super::{Builtin, min};
use crate::model::Value;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "max",
    form: "max(a, b)",
    docs: "The larger of two numbers, two amounts of one currency, two dates or two times. Missing when a side is.",
    examples: &[("max(3, 2.5)", "3"), ("max(2026-01-01, 2025-12-31)", "2026-01-01")],
};

pub(super) fn evaluate<'a>(a: Value<'a>, b: Value<'a>) -> Value<'a> {
    match min::order(a, b) {
        Some(std::cmp::Ordering::Less) => b,
        Some(_) => a,
        None => Value::Missing,
    }
}
