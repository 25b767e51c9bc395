//! `length(text)`: how many characters a text has.

use super::Builtin;
use crate::model::text::trim;
use crate::model::{Scalar, Type, Value};

pub(super) static BUILTIN: Builtin = Builtin {
    name: "length",
    form: "length(text)",
    docs: "How many characters (code points) a text has, outer white space left out.",
    examples: &[(r#"length("Todd")"#, "4"), (r#"length(" Zoë ")"#, "3")],
};

pub(super) fn check(arguments: &[Type]) -> Result<Type, &'static str> {
    match arguments {
        [Type::One(Scalar::Text)] => Ok(Type::One(Scalar::Int)),
        _ => Err("one text"),
    }
}

pub(super) fn evaluate(text: &str) -> Value<'static> {
    Value::Int(trim(text).chars().count() as i64)
}
