//! `size(list)`: how many entries a list has.

use super::Builtin;
use crate::model::{Scalar, Type};

pub(super) static BUILTIN: Builtin = Builtin {
    name: "size",
    form: "size(list)",
    docs: "How many entries a list has, equal ones counted each.",
    examples: &[(r#"size(pets)"#, "2")],
};

pub(super) fn check(arguments: &[Type]) -> Result<Type, &'static str> {
    match arguments {
        [Type::List(_)] => Ok(Type::One(Scalar::Int)),
        _ => Err("one list"),
    }
}
