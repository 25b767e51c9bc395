//! The functions: their names, signatures and evaluation, each in its file.

use super::{domain, length, max, min, round, size};
use crate::model::{Type, Value};
use bumpalo::Bump;

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Function {
    Domain,
    Length,
    Size,
    Min,
    Max,
    Round,
}

const ALL: [(Function, &super::Builtin); 6] = [
    (Function::Domain, &domain::BUILTIN),
    (Function::Length, &length::BUILTIN),
    (Function::Size, &size::BUILTIN),
    (Function::Min, &min::BUILTIN),
    (Function::Max, &max::BUILTIN),
    (Function::Round, &round::BUILTIN),
];

impl Function {
    /// The function with this name.
    pub fn named(name: &str) -> Option<Function> {
        ALL.iter().find(|(_, builtin)| builtin.name == name).map(|(function, _)| *function)
    }

    /// All names, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(_, builtin)| builtin.name)
    }

    /// The type of the result for arguments of these types; what it takes, in words, when they do not fit.
    pub fn check(self, arguments: &[Type]) -> Result<Type, &'static str> {
        match self {
            Function::Domain => domain::check(arguments),
            Function::Length => length::check(arguments),
            Function::Size => size::check(arguments),
            Function::Min | Function::Max => min::check(arguments),
            Function::Round => round::check(arguments),
        }
    }

    /// The value for arguments of checked types; missing when one that counts is missing.
    pub fn evaluate<'a>(self, arguments: &[Value<'a>], arena: &'a Bump) -> Value<'a> {
        match (self, arguments) {
            (Function::Domain, [Value::Text(text)]) => domain::evaluate(text, arena),
            (Function::Length, [Value::Text(text)]) => length::evaluate(text),
            (Function::Size, [Value::List(values)]) => Value::Int(values.len() as i64),
            (Function::Min, [a, b]) => min::evaluate(*a, *b),
            (Function::Max, [a, b]) => max::evaluate(*a, *b),
            (Function::Round, [value]) => round::evaluate(*value),
            _ => Value::Missing,
        }
    }
}
