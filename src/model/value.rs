//! Types and values of expressions.

use super::{DomainId, number};

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// The currency with this code, if it is three capital ASCII letters.
    pub fn new(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

/// The type of a single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// A condition: true, false, or unknown.
    Bool,
    /// A whole number of up to 18 digits.
    Int,
    /// An exact decimal: 12 digits before the point, 6 after.
    Number,
    /// An exact decimal in a currency: 14 digits before the point, 4 after.
    Money(Currency),
    /// Text.
    Text,
    /// A calendar day.
    Date,
    /// An instant.
    Time,
    /// One of a list of choices: a listed text, a stage, a band, a cell.
    Choice(DomainId),
}

/// The type of a field or an expression (§3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// One value.
    One(Scalar),
    /// A list of values.
    List(Scalar),
}

/// The choice of a lead that stands outside the ladder of stages: it is disqualified.
pub const OUTSIDE: u16 = u16::MAX;

/// A value while a lead is evaluated. Text and lists borrow from the lead, the policy or the evaluator's arena.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known; of a condition: unknown.
    Missing,
    /// A condition.
    Bool(bool),
    /// A whole number, less than 10^18 in size.
    Int(i64),
    /// Millionths, less than 10^18 in size.
    Number(i64),
    /// Ten-thousandths of the currency's unit, less than 10^18 in size.
    Money(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// The place in the list of choices, or [`OUTSIDE`].
    Choice(u16),
    /// Text.
    Text(&'a str),
    /// A list without missing values.
    List(&'a [Value<'a>]),
}

impl Value<'_> {
    /// Whether the value is missing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// The value as a condition; anything but a bool is unknown.
    pub fn tri(self) -> Tri {
        match self {
            Value::Bool(true) => Tri::True,
            Value::Bool(false) => Tri::False,
            _ => Tri::Unknown,
        }
    }

    /// A copy that owns its text.
    pub fn to_literal(self) -> Literal {
        match self {
            Value::Missing => Literal::Missing,
            Value::Bool(value) => Literal::Bool(value),
            Value::Int(value) => Literal::Int(value),
            Value::Number(value) => Literal::Number(value),
            Value::Money(value) => Literal::Money(value),
            Value::Date(value) => Literal::Date(value),
            Value::Time(value) => Literal::Time(value),
            Value::Choice(value) => Literal::Choice(value),
            Value::Text(value) => Literal::Text(value.into()),
            Value::List(values) => Literal::List(values.iter().map(|value| value.to_literal()).collect()),
        }
    }

    /// Whole numbers, numbers and points in millionths, for comparing them with each other.
    pub fn micros(self) -> Option<i128> {
        match self {
            Value::Int(value) => Some(i128::from(value) * i128::from(number::NUMBER_SCALE)),
            Value::Number(value) => Some(i128::from(value)),
            _ => None,
        }
    }
}

/// A [`Value`] that owns its text: what stands in policies, ledgers and tests.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Literal {
    Missing,
    Bool(bool),
    Int(i64),
    Number(i64),
    Money(i64),
    Date(i32),
    Time(i64),
    Choice(u16),
    Text(Box<str>),
    List(Vec<Literal>),
}

impl Literal {
    /// The value, lists in `arena`.
    pub fn value<'a>(&'a self, arena: &'a bumpalo::Bump) -> Value<'a> {
        match self {
            Literal::Missing => Value::Missing,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Int(value) => Value::Int(*value),
            Literal::Number(value) => Value::Number(*value),
            Literal::Money(value) => Value::Money(*value),
            Literal::Date(value) => Value::Date(*value),
            Literal::Time(value) => Value::Time(*value),
            Literal::Choice(value) => Value::Choice(*value),
            Literal::Text(value) => Value::Text(value),
            Literal::List(values) => {
                Value::List(arena.alloc_slice_fill_iter(values.iter().map(|value| value.value(arena))))
            }
        }
    }
}

/// A condition's value: Kleene's three, as in SQL (§3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tri {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Not known.
    Unknown,
}

impl std::ops::Not for Tri {
    type Output = Tri;

    fn not(self) -> Tri {
        match self {
            Tri::True => Tri::False,
            Tri::False => Tri::True,
            Tri::Unknown => Tri::Unknown,
        }
    }
}

impl Tri {
    /// False if a side is false, true if both are true.
    pub fn and(self, other: Tri) -> Tri {
        match (self, other) {
            (Tri::False, _) | (_, Tri::False) => Tri::False,
            (Tri::True, Tri::True) => Tri::True,
            _ => Tri::Unknown,
        }
    }

    /// True if a side is true, false if both are false.
    pub fn or(self, other: Tri) -> Tri {
        !(!self).and(!other)
    }

    /// Whether it is true; unknown is not.
    pub fn is_true(self) -> bool {
        self == Tri::True
    }

    /// As a value; unknown is missing.
    pub fn value<'a>(self) -> Value<'a> {
        match self {
            Tri::True => Value::Bool(true),
            Tri::False => Value::Bool(false),
            Tri::Unknown => Value::Missing,
        }
    }

    /// `true`, `false` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Tri::True => "true",
            Tri::False => "false",
            Tri::Unknown => "unknown",
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Tri {
        if value { Tri::True } else { Tri::False }
    }
}
