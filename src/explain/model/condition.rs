//! Conditions, what decides them and what they read.

use super::{Instant, Item};
use crate::model::Tri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A condition's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Not known.
    Unknown,
}

impl From<Tri> for Truth {
    fn from(tri: Tri) -> Truth {
        match tri {
            Tri::True => Truth::True,
            Tri::False => Truth::False,
            Tri::Unknown => Truth::Unknown,
        }
    }
}

/// A condition and what decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// As the policy writes it, on one line, without comments.
    pub source: String,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// Its value.
    pub truth: Truth,
    /// The smallest parts that decide it.
    pub because: Vec<Reason>,
}

/// A declaration that is a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The condition.
    #[serde(flatten)]
    pub condition: Condition,
}

/// A part of a condition that decides it: a comparison, or something with a name that was decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// As the policy writes it, on one line, without comments.
    pub source: String,
    /// In words, names by their labels: what it is, and what it would have to be where it speaks against the condition.
    pub plain: String,
    /// Its value.
    pub truth: Truth,
    /// What it reads.
    pub readings: Vec<Reading>,
    /// How far a comparison of numbers that is false is from being true.
    pub gap: Option<Gap>,
    /// What it names, when it is nothing but a name.
    pub named: Option<Named>,
    /// The parts that decide what it names.
    pub because: Vec<Reason>,
}

/// What a reason names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// What kind of thing it is.
    pub kind: NamedKind,
    /// Its label.
    pub label: String,
}

/// A kind of thing that a condition can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamedKind {
    /// A `define`.
    Define,
    /// A persona.
    Persona,
    /// A check of a fit.
    Check,
    /// A fit.
    Fit,
    /// A reason to disqualify, or any of them.
    Disqualified,
}

/// A value that a condition reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// The name, or the text of what was worked out: `income`, `engagement.opens`, `domain(email)`.
    pub source: String,
    /// What it is.
    pub kind: ReadingKind,
    /// In words: what it is and its value.
    #[serde(default)]
    pub plain: String,
    /// Its value.
    pub value: Shown,
    /// More about the value: how long ago it was, how many checks pass.
    pub note: Option<String>,
    /// Of a question about events: which there were.
    pub events: Option<EventsSeen>,
}

/// What a condition reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReadingKind {
    /// A field of the lead.
    Field,
    /// The points of a score, group, include or rule.
    Points,
    /// A `define`, persona, check, count of checks, band, cell or stage.
    Named,
    /// A fit's verdict.
    Fit,
    /// How many events there are.
    Events,
    /// Something worked out.
    Worked,
}

/// A value, for people and exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shown {
    /// For people: `120,000 USD`, `"US"`, `missing`.
    pub text: String,
    /// Exactly: null when missing; whole numbers as numbers; other numbers and money as decimal text; dates and
    /// instants as RFC 3339 text; choices by name.
    pub value: serde_json::Value,
}

/// The events that a question was answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventsSeen {
    /// How many are in the window.
    pub count: u64,
    /// When the first of these was.
    pub first: Option<Instant>,
    /// When the latest of these was.
    pub latest: Option<Instant>,
    /// How many are too old for the window.
    pub outside: u64,
    /// When the latest of the too old was.
    pub latest_outside: Option<Instant>,
}

/// How far a comparison is from being true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// For people: `1.5`, `20,000 USD`.
    pub text: String,
    /// Whether the left side is too small; else too large.
    pub short: bool,
}
