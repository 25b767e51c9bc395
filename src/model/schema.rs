//! The shape of leads and events, as a policy declares it.

use super::{DomainId, EventTypeId, FieldId, Type};
use crate::base::Span;
use crate::model::time::TimeFormat;

/// What a policy declares of its data.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The lead's fields, nested ones by their dotted name; a [`FieldId`] is a place in it.
    pub fields: Vec<Field>,
    /// The key, if one is declared.
    pub key: Option<FieldId>,
    /// The field of type `stage`, if one is declared.
    pub stage_field: Option<FieldId>,
    /// The event types; an [`EventTypeId`] is a place in it.
    pub events: Vec<EventType>,
    /// How the data spells events.
    pub event_source: EventSource,
    /// All lists of choices; a [`DomainId`] is a place in it.
    pub domains: Vec<Domain>,
}

impl Schema {
    /// A field.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// An event type.
    pub fn event(&self, id: EventTypeId) -> &EventType {
        &self.events[id.index()]
    }

    /// A list of choices.
    pub fn domain(&self, id: DomainId) -> &Domain {
        &self.domains[id.index()]
    }
}

/// Where a value stands in a record of data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// As written: a column or key of exactly this name comes first.
    pub whole: String,
    /// Split at its dots: the way through nested objects.
    pub parts: Vec<String>,
}

impl FieldPath {
    /// A path from its dotted form.
    pub fn new(path: &str) -> FieldPath {
        FieldPath { whole: path.to_owned(), parts: path.split('.').map(str::to_owned).collect() }
    }
}

/// Texts and numbers that mean missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentinels {
    /// Texts, folded (see [`crate::model::text::fold`]).
    pub texts: Vec<String>,
    /// Numbers in millionths.
    pub numbers: Vec<i128>,
}

/// A field of the lead or of an event.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; nested: `company.employees`.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Where the data holds it.
    pub from: FieldPath,
    /// Whether it is the lead's key.
    pub key: bool,
    /// Whether a lead without it is rejected.
    pub required: bool,
    /// The stage from which on people fill it in.
    pub known_from: Option<u16>,
    /// Whether a plan for a lead cannot change it.
    pub fixed: bool,
    /// The question that asks for it.
    pub ask: Option<String>,
    /// How its dates or times are written.
    pub format: Option<TimeFormat>,
    /// What means missing, the block's included.
    pub missing: Sentinels,
    /// Whether any decision reads it: the key, required fields, and what expressions name. Readers skip the others.
    pub used: bool,
    /// Where it is declared.
    pub span: Span,
}

/// An event type.
#[derive(Clone, Debug)]
pub struct EventType {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How the data spells it, to the letter.
    pub from: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether any rule counts it by name.
    pub used: bool,
    /// Where it is declared.
    pub span: Span,
}

/// How the data spells events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSource {
    /// The lead's field that holds its events.
    pub inside: FieldPath,
    /// The field or column of the type.
    pub ty: FieldPath,
    /// The field or column of the instant.
    pub at: FieldPath,
    /// The column of a second file that holds the lead's key; the key's own spelling unless said.
    pub lead: Option<FieldPath>,
}

impl Default for EventSource {
    fn default() -> EventSource {
        EventSource {
            inside: FieldPath::new("events"),
            ty: FieldPath::new("type"),
            at: FieldPath::new("at"),
            lead: None,
        }
    }
}

/// What kind of choices a domain holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainKind {
    /// `one of [..]`: no order.
    OneOf,
    /// `ranked [..]`: lowest first.
    Ranked,
    /// The policy's stages: lowest first.
    Stages,
    /// The bands of a `bands` declaration: lowest first.
    Bands,
    /// The cells of a matrix: no order.
    Cells,
}

/// A list of choices.
#[derive(Clone, Debug)]
pub struct Domain {
    /// What it is.
    pub kind: DomainKind,
    /// What it is called in messages: a field's, bands' or matrix's name, or "stages".
    pub name: String,
    /// The choices; a [`crate::model::Value::Choice`] is a place in it.
    pub choices: Vec<Choice>,
}

/// One of a list of choices.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The listed text, or the name of the stage, band or cell.
    pub name: String,
    /// How people read it: the listed text itself, or the label.
    pub label: String,
    /// The name as data is compared with it (see [`crate::model::text::fold`]).
    pub folded: String,
}

impl Domain {
    /// Whether its choices can be compared with `<`.
    pub fn ordered(&self) -> bool {
        !matches!(self.kind, DomainKind::OneOf | DomainKind::Cells)
    }

    /// The choice that a text of the data or of the policy means: ignoring case and outer white space; stages also by
    /// their label.
    pub fn find(&self, text: &str) -> Option<u16> {
        let folded = crate::model::text::fold(text);
        let by_name = self.choices.iter().position(|choice| choice.folded == folded);
        let place = by_name.or_else(|| {
            (self.kind == DomainKind::Stages)
                .then(|| self.choices.iter().position(|choice| crate::model::text::fold(&choice.label) == folded))
                .flatten()
        });
        place.map(|place| place as u16)
    }
}
