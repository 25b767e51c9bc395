//! `round(x)`: the nearest whole number.

use super::Builtin;
use crate::model::number::{self, MONEY_SCALE, NUMBER_SCALE};
use crate::model::{Scalar, Type, Value};

pub(super) static BUILTIN: Builtin = Builtin {
    name: "round",
    form: "round(x)",
    docs: "A number or an amount of money to the nearest whole number, half away from zero. A number becomes a whole \
           number; money stays money.",
    examples: &[("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(9.49 USD)", "9")],
};

pub(super) fn check(arguments: &[Type]) -> Result<Type, &'static str> {
    match arguments {
        [Type::One(Scalar::Int | Scalar::Number)] => Ok(Type::One(Scalar::Int)),
        [Type::One(money @ Scalar::Money(_))] => Ok(Type::One(*money)),
        _ => Err("one number or one amount of money"),
    }
}

pub(super) fn evaluate(value: Value<'_>) -> Value<'_> {
    let whole = |raw: i64, scale: i64| number::divide(i128::from(raw), i128::from(scale));
    match value {
        Value::Int(_) => value,
        Value::Number(raw) => whole(raw, NUMBER_SCALE).and_then(number::fit).map_or(Value::Missing, Value::Int),
        Value::Money(raw) => whole(raw, MONEY_SCALE)
            .and_then(|whole| number::fit(whole * i128::from(MONEY_SCALE)))
            .map_or(Value::Missing, Value::Money),
        _ => Value::Missing,
    }
}
