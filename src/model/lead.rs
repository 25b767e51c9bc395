//! A lead and its events as they are evaluated, and what can be wrong with a record.

use super::{EventTypeId, FieldId, Value};

/// A lead: one value a field of the schema, and its events. Everything borrows from the batch that it was read with.
#[derive(Clone, Copy, Debug)]
pub struct Lead<'a> {
    /// The key as trimmed text; the record's number (from 1) where the policy declares no key.
    pub key: &'a str,
    /// A value a field, by [`FieldId`].
    pub fields: &'a [Value<'a>],
    /// Its events, earliest first; of two at one instant, the later in the data last.
    pub events: &'a [Event<'a>],
}

/// Something that a lead did.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When: milliseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Its declared type; none for a type that no `event` declares.
    pub ty: Option<EventTypeId>,
    /// The type as the data spells it.
    pub spelling: &'a str,
    /// A value a field of its type.
    pub fields: &'a [Value<'a>],
    /// Its place among the lead's events in the data, from 0.
    pub index: u32,
}

/// A value that could not be read: it counts as missing, and the decision stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's name; of an event, `page_viewed.seconds`, `type` or `at`.
    pub field: String,
    /// The event's place in the data, from 0, when it is an event's field.
    pub event: Option<u32>,
    /// The value as the data has it, at most 100 characters.
    pub value: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Not of the field's type.
    WrongType,
    /// Not wholly a number.
    NotANumber,
    /// Digits after the point where a whole number is needed.
    NotWhole,
    /// More digits before the point than the type holds.
    TooLarge,
    /// Money in another currency.
    OtherCurrency,
    /// Not among the listed texts.
    NotListed,
    /// Not a date or time.
    NotATime,
    /// Epoch seconds where milliseconds are needed.
    Seconds,
    /// Text that is not UTF-8.
    NotUtf8,
    /// An event without a readable type.
    EventWithoutType,
    /// An event without a readable time.
    EventWithoutTime,
    /// An event that is no record, or events that are no list.
    NotEvents,
}

impl ProblemKind {
    /// A stable kebab-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::WrongType => "wrong-type",
            ProblemKind::NotANumber => "not-a-number",
            ProblemKind::NotWhole => "not-whole",
            ProblemKind::TooLarge => "too-large",
            ProblemKind::OtherCurrency => "other-currency",
            ProblemKind::NotListed => "not-listed",
            ProblemKind::NotATime => "not-a-time",
            ProblemKind::Seconds => "epoch-seconds",
            ProblemKind::NotUtf8 => "not-utf8",
            ProblemKind::EventWithoutType => "event-without-type",
            ProblemKind::EventWithoutTime => "event-without-time",
            ProblemKind::NotEvents => "not-events",
        }
    }

    /// What is wrong, for people.
    pub fn describe(self) -> &'static str {
        match self {
            ProblemKind::WrongType => "not of the field's type",
            ProblemKind::NotANumber => "not a number",
            ProblemKind::NotWhole => "not a whole number",
            ProblemKind::TooLarge => "too many digits before the point",
            ProblemKind::OtherCurrency => "in another currency",
            ProblemKind::NotListed => "not among the listed texts",
            ProblemKind::NotATime => "not a date or time",
            ProblemKind::Seconds => "epoch seconds, where milliseconds are needed",
            ProblemKind::NotUtf8 => "not UTF-8",
            ProblemKind::EventWithoutType => "an event without a readable type",
            ProblemKind::EventWithoutTime => "an event without a readable time",
            ProblemKind::NotEvents => "not a list of events",
        }
    }
}

/// A record that has no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The line of the file that the record begins on, from 1; for Parquet and JSON arrays, the record's number.
    pub line: u64,
    /// The key, where it could be read.
    pub key: Option<String>,
    /// The field that is at fault, if it is one.
    pub field: Option<String>,
    /// Why.
    pub kind: RejectKind,
    /// Details for people: what the parser says, or the value.
    pub detail: String,
}

/// Why a record has no decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectKind {
    /// Broken JSON or CSV.
    Malformed,
    /// Not UTF-8.
    NotUtf8,
    /// A record longer than the limit.
    TooLong,
    /// Nested deeper than the limit.
    TooDeep,
    /// Not an object.
    NotARecord,
    /// No readable key.
    NoKey,
    /// A required field without a readable value.
    NoRequiredField,
}

impl RejectKind {
    /// A stable kebab-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            RejectKind::Malformed => "malformed",
            RejectKind::NotUtf8 => "not-utf8",
            RejectKind::TooLong => "too-long",
            RejectKind::TooDeep => "too-deep",
            RejectKind::NotARecord => "not-a-record",
            RejectKind::NoKey => "no-key",
            RejectKind::NoRequiredField => "no-required-field",
        }
    }
}

impl<'a> Lead<'a> {
    /// The value of a field.
    #[inline]
    pub fn field(&self, id: FieldId) -> Value<'a> {
        self.fields.get(id.index()).copied().unwrap_or(Value::Missing)
    }
}
