//! The tables that the SQL reads, and the columns that it gives.

use super::names::Names;
use super::{ColumnType, Options};
use crate::check::hir::{BandsId, CheckId, CheckState, FitId, MatrixId, PartId, Program};
use crate::data::EventsRead;
use crate::model::{EventTypeId, Field, FieldId, Scalar, Type};

/// A column of a table that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, to the letter.
    pub name: String,
    /// What it holds.
    pub ty: ColumnType,
    /// The lead's fields that are read from it.
    pub fields: Vec<FieldId>,
    /// The fields of events that are read from it: the type, and the field's place in it.
    pub event_fields: Vec<(EventTypeId, usize)>,
}

/// The tables that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The columns of the table of leads.
    pub leads: Vec<Column>,
    /// The columns of the table of events: the lead's key, the type, the instant, then the fields. Empty when the policy
    /// reads no events.
    pub events: Vec<Column>,
}

/// A column of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name.
    pub name: String,
    /// What it says.
    pub what: What,
    /// What to say about it: a label.
    pub label: String,
}

/// What a column of the result says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The lead's key: text.
    Key,
    /// The stage's name, or `disqualified`; none without stages.
    Stage,
    /// The highest stage that is reached, disqualified or not.
    Ladder,
    /// Whether any reason is true.
    Disqualified,
    /// The names of the reasons that are true, with `, ` between them; none for none.
    DisqualifiedBy,
    /// A fit's verdict: true, false or nothing.
    Fit(FitId),
    /// A check: true, false or nothing.
    Check(CheckId),
    /// How many checks of a fit pass (fail, are unknown).
    Count(FitId, CheckState),
    /// The points of a score, or of a part of one: a decimal with four digits after the point.
    Points(PartId),
    /// A band's name.
    Band(BandsId),
    /// A cell's name.
    Cell(MatrixId),
    /// The names of the personas that the lead is, with `, ` between them; none for none.
    Personas,
    /// The route's name; none for none.
    Route,
    /// When the route is due: an instant.
    Deadline,
    /// The labels of the `always` declarations that are false, with `; ` between them; none for none.
    Broken,
    /// The policy's version.
    Version,
    /// The policy's digest.
    Digest,
    /// The instant that leads were judged at.
    AsOf,
}

/// The type of a field's column.
pub fn column_type(ty: Type) -> ColumnType {
    let scalar = |scalar: Scalar| match scalar {
        Scalar::Bool => ColumnType::Bool,
        Scalar::Int => ColumnType::Int,
        Scalar::Number => ColumnType::Number,
        Scalar::Money(_) => ColumnType::Money,
        Scalar::Text | Scalar::Choice(_) => ColumnType::Text,
        Scalar::Date => ColumnType::Date,
        Scalar::Time => ColumnType::Time,
    };
    match ty {
        Type::One(one) => scalar(one),
        Type::List(of) => ColumnType::List(Box::new(scalar(of))),
    }
}

/// Whether a decision reads a field.
pub(super) fn is_read(field: &Field) -> bool {
    field.used || field.required || field.key
}

fn add(columns: &mut Vec<Column>, name: &str, ty: ColumnType) -> usize {
    match columns.iter().position(|column| column.name == name) {
        Some(place) => {
            // Fields of several types in one column: text holds them all.
            if columns[place].ty != ty {
                columns[place].ty = ColumnType::Text;
            }
            place
        }
        None => {
            columns.push(Column { name: name.to_owned(), ty, fields: Vec::new(), event_fields: Vec::new() });
            columns.len() - 1
        }
    }
}

/// The tables that the SQL of a policy reads.
pub fn layout(program: &Program, _options: &Options) -> Layout {
    let schema = &program.schema;
    let mut leads = Vec::new();
    for (place, field) in schema.fields.iter().enumerate().filter(|(_, field)| is_read(field)) {
        let column = add(&mut leads, &field.from.whole, column_type(field.ty));
        leads[column].fields.push(FieldId(place as u16));
    }
    let reads = EventsRead::of(program);
    let mut events = Vec::new();
    if reads != EventsRead::None {
        let source = &schema.event_source;
        if let Some(key) = schema.key {
            let own = &schema.field(key).from;
            let ty = column_type(schema.field(key).ty);
            add(&mut events, &source.lead.as_ref().unwrap_or(own).whole, ty);
        }
        add(&mut events, &source.ty.whole, ColumnType::Text);
        add(&mut events, &source.at.whole, ColumnType::Time);
        for (id, ty) in schema.events.iter().enumerate() {
            if reads == EventsRead::Used && !ty.used {
                continue;
            }
            for (place, field) in ty.fields.iter().enumerate().filter(|(_, field)| field.used) {
                let column = add(&mut events, &field.from.whole, column_type(field.ty));
                events[column].event_fields.push((EventTypeId(id as u16), place));
            }
        }
    }
    Layout { leads, events }
}

/// The columns of the result, in their order.
pub fn columns(program: &Program, options: &Options) -> Vec<OutputColumn> {
    let mut out = Vec::new();
    let mut names = Names::default();
    let mut add = |name: &str, what: What, label: &str| {
        out.push(OutputColumn { name: names.unique(name), what, label: label.to_owned() });
    };
    add("key", What::Key, "The lead's key");
    add("stage", What::Stage, "The stage, or `disqualified`");
    add("ladder", What::Ladder, "The highest stage that is reached, disqualified or not");
    add("disqualified", What::Disqualified, "Whether any reason to disqualify is true");
    add("disqualified_by", What::DisqualifiedBy, "The reasons that are true");
    for (place, fit) in program.fits.iter().enumerate() {
        let id = FitId(place as u16);
        add(&fit.name, What::Fit(id), &fit.label);
        for check in fit.checks.clone() {
            let declared = &program.checks[check as usize];
            add(&format!("{}__{}", fit.name, declared.name), What::Check(CheckId(check)), &declared.label);
        }
        if options.explain {
            for (state, word) in
                [(CheckState::Passed, "passed"), (CheckState::Failed, "failed"), (CheckState::Unknown, "unknown")]
            {
                add(&format!("{}__{word}", fit.name), What::Count(id, state), &format!("{}: checks {word}", fit.label));
            }
        }
    }
    for score in &program.scores {
        let root = &program.parts[score.index()];
        add(&root.name, What::Points(*score), &root.label);
        if options.explain {
            for (place, part) in program.parts.iter().enumerate() {
                if part.score == *score && place != score.index() {
                    let id = PartId(place as u16);
                    add(&format!("{}__{}", root.name, part.name), What::Points(id), &part.label);
                }
            }
        }
    }
    for (place, bands) in program.bands.iter().enumerate() {
        add(&bands.name, What::Band(BandsId(place as u16)), &bands.label);
    }
    for (place, matrix) in program.matrices.iter().enumerate() {
        add(&matrix.name, What::Cell(MatrixId(place as u16)), &matrix.label);
    }
    add("personas", What::Personas, "The personas that the lead is");
    add("route", What::Route, "The route");
    add("route_deadline", What::Deadline, "When the route is due");
    add("broken", What::Broken, "What must never be false and is");
    add("policy_version", What::Version, "The policy's version");
    add("policy_digest", What::Digest, "The policy's digest");
    add("as_of", What::AsOf, "The instant that leads are judged at");
    out
}
