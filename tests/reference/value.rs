//! Values, their types, how they compare and how they are written.

use super::number::{self, Q};
use super::text;
use super::time::{self, Clock, Ms};
use jiff::civil::Date;
use std::cmp::Ordering;
use std::rc::Rc;

/// A known value. What is missing or unknown is `None` of an `Option<Value>`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Bool(bool),
    /// At most 18 digits.
    Int(Q),
    /// At most 12 digits before the point and 6 after it.
    Number(Q),
    /// At most 14 digits before the point and 4 after it.
    Money(Q),
    Text(String),
    /// The text as the policy lists it.
    OneOf(String),
    /// The place in the list and the text as the policy lists it.
    Ranked(usize, String),
    Date(Date),
    Time(Ms),
    /// The rung and its name; no rung for a disqualified lead.
    Stage(Option<usize>, String),
    Band(usize, String),
    Cell(String),
    List(Vec<Value>),
}

/// What a value can be, as far as looking up names and rounding needs it.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Bool,
    Int,
    Number,
    Money(String),
    Text,
    OneOf(Rc<Vec<String>>),
    Ranked(Rc<Vec<String>>),
    Date,
    Time,
    Stage,
    Band(String),
    Cell,
    List(Box<Ty>),
}

impl Value {
    /// The number that this is; panics on anything else.
    pub fn q(&self) -> &Q {
        match self {
            Value::Int(x) | Value::Number(x) | Value::Money(x) => x,
            other => panic!("no number: {other:?}"),
        }
    }

    /// The text that this is; panics on anything else.
    pub fn text(&self) -> &str {
        match self {
            Value::Text(x) | Value::OneOf(x) | Value::Ranked(_, x) | Value::Cell(x) => x,
            other => panic!("no text: {other:?}"),
        }
    }

    /// `is`; times and days are compared by their day.
    pub fn same(&self, other: &Value, clock: &Clock) -> bool {
        use Value::*;
        match (self, other) {
            (Bool(a), Bool(b)) => a == b,
            (Stage(a, _), Stage(b, _)) => a == b,
            (Band(a, _), Band(b, _)) => a == b,
            (Text(_) | OneOf(_) | Ranked(..) | Cell(_), Text(_) | OneOf(_) | Ranked(..) | Cell(_)) => {
                text::same(self.text(), other.text())
            }
            _ => self.order(other, clock) == Ordering::Equal,
        }
    }

    /// The order of two values of one ordered type.
    pub fn order(&self, other: &Value, clock: &Clock) -> Ordering {
        use Value::*;
        match (self, other) {
            (Int(a) | Number(a), Int(b) | Number(b)) | (Money(a), Money(b)) => a.cmp(b),
            (Date(a), Date(b)) => a.cmp(b),
            (Time(a), Time(b)) => a.cmp(b),
            (Time(a), Date(b)) => clock.day_of(*a).cmp(b),
            (Date(a), Time(b)) => a.cmp(&clock.day_of(*b)),
            (Ranked(a, _), Ranked(b, _)) | (Band(a, _), Band(b, _)) | (Stage(Some(a), _), Stage(Some(b), _)) => {
                a.cmp(b)
            }
            _ => panic!("no order between {self:?} and {other:?}"),
        }
    }

    /// How the value stands in the flat decision.
    pub fn render(&self) -> String {
        match self {
            Value::Bool(x) => x.to_string(),
            Value::Int(x) | Value::Number(x) | Value::Money(x) => number::plain(x),
            Value::Text(x) | Value::OneOf(x) | Value::Ranked(_, x) | Value::Cell(x) => x.clone(),
            Value::Stage(_, x) | Value::Band(_, x) => x.clone(),
            Value::Date(x) => x.to_string(),
            Value::Time(x) => time::rfc3339(*x),
            Value::List(x) => x.iter().map(Value::render).collect::<Vec<_>>().join("; "),
        }
    }
}

/// How a three-valued condition is written.
pub fn truth(x: Option<bool>) -> String {
    x.map_or("unknown".into(), |x| x.to_string())
}
