//! Cells: for each field the finitely many values that a policy can tell apart.
//!
//! A policy looks at a field through finitely many conditions: `employees >= 50`, `title mentions "ceo"`. Two values
//! that no condition tells apart are in one *cell*, and one of them stands for all. A field's first cell is always
//! "missing" ([`Literal::Missing`]), also where the field is required.
//!
//! What is claimed for a field is its [`FieldCells::exactness`]:
//!
//! - [`Exactness::Every`]: the cells are all the values that there are (bools, listed texts, stages). Trying them all is
//!   complete whatever a policy does with the field.
//! - [`Exactness::Exact`]: every value lies in a cell, and all values of a cell give every *condition on this field
//!   alone* the same truth. Trying one value a cell is complete as far as nothing else looks at the field.
//! - [`Exactness::Sampled`]: the values are a sample. The reasons say why: the field is compared with another one, is
//!   calculated with, is added to a score, or its texts have more combinations than were looked for. Of numbers, dates
//!   and times the ranges of the cells still cover all values, and conditions on the field alone are still the same
//!   within each.

mod automata;
mod collect;
mod lazy;
mod lists;
mod numbers;
mod texts;

use crate::check::hir::Program;
use crate::model::time::AsOf;
use crate::model::{EventTypeId, FieldId, Literal, Scalar, Schema, Type};
use collect::{Facts, collect};
use std::collections::BTreeMap;

pub use collect::Target;
pub(super) use collect::{constant, field_of, steady};
pub use lazy::LazyCells;
pub(super) use numbers::{borrowed, literal, units, whole_range, with_units};

/// A value that stands for all that a policy does not tell apart from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Literal,
    /// Of numbers, dates and times: the first and last value of the cell, in the units of [`Literal`].
    pub range: Option<(i64, i64)>,
}

impl Cell {
    /// The cell of one value.
    pub fn of(value: Literal) -> Cell {
        Cell { value, range: None }
    }

    /// The values at the ends of the cell; one where they are the same, or where the cell has no range.
    pub fn ends(&self) -> Vec<Literal> {
        let Some((low, high)) = self.range else { return vec![self.value.clone()] };
        let mut ends = vec![self.value.clone()];
        for end in [low, high] {
            let end = numbers::with_units(&self.value, end);
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        ends
    }
}

/// What is claimed of a field's cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// The cells are all values that there are.
    Every,
    /// One value a cell is complete for all that the policy does with the field.
    Exact,
    /// The values are a sample, for these reasons.
    Sampled(Vec<Why>),
}

impl Exactness {
    /// Whether trying one value a cell is complete for all that the policy does with the field.
    pub fn is_complete(&self) -> bool {
        !matches!(self, Exactness::Sampled(_))
    }
}

/// Why a field's cells are a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is compared with another field, with events, or with something calculated.
    Compared,
    /// It is calculated with.
    Calculated,
    /// It is added to a score, or earns points by the time since it.
    Added,
    /// Its texts or entries have more combinations than are looked for.
    Combinations,
}

impl Why {
    /// In words that end the sentence "not complete, for …".
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Compared => "it is compared with another value that can vary",
            Why::Calculated => "it is calculated with",
            Why::Added => "it is added to a score",
            Why::Combinations => "its texts have too many combinations to try",
        }
    }
}

/// The cells of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCells {
    /// The cells; the first is "missing".
    pub cells: Vec<Cell>,
    /// What is claimed of them.
    pub exactness: Exactness,
    /// Whether every known value lies in a cell whose values all conditions on this field alone treat alike. It holds
    /// of all fields but texts and lists with too many combinations.
    pub covers: bool,
    /// Whether any decision looks at the field at all.
    pub used: bool,
}

impl FieldCells {
    /// Whether trying one value a cell is complete for all conditions; what it adds to a sum may vary within a cell.
    pub(super) fn is_complete_alone(&self) -> bool {
        match &self.exactness {
            Exactness::Every | Exactness::Exact => true,
            Exactness::Sampled(why) => self.covers && why.iter().all(|why| *why == Why::Added),
        }
    }

    /// The values, missing first.
    pub fn values(&self) -> impl Iterator<Item = &Literal> {
        self.cells.iter().map(|cell| &cell.value)
    }
}

/// The cells of all fields of leads and events.
#[derive(Clone, Debug)]
pub struct Cells {
    lead: Vec<FieldCells>,
    events: BTreeMap<(EventTypeId, u16), FieldCells>,
}

impl Cells {
    /// The cells of a policy at an as-of: the edges of ages and windows are instants that the as-of decides.
    pub fn of(program: &Program, as_of: &AsOf) -> Cells {
        let facts = collect(program);
        let none = Facts::default();
        let build = |target: &Target, ty: Type| {
            let facts = facts.get(target).unwrap_or(&none);
            field_cells(program, as_of, ty, facts, Effort::Whole)
        };
        let lead = program.schema.fields.iter().enumerate();
        let lead = lead.map(|(place, field)| build(&Target::Lead(FieldId(place as u16)), field.ty)).collect();
        let mut events = BTreeMap::new();
        for (ty, event) in program.schema.events.iter().enumerate() {
            let ty = EventTypeId(ty as u16);
            for (place, field) in event.fields.iter().enumerate() {
                let target = Target::Event(ty, place as u16);
                events.insert((ty, place as u16), build(&target, field.ty));
            }
        }
        Cells { lead, events }
    }

    /// The cells of a lead's field.
    pub fn field(&self, field: FieldId) -> &FieldCells {
        &self.lead[field.index()]
    }

    /// The cells of an event's field, by its place in the type's fields.
    pub fn event_field(&self, ty: EventTypeId, place: u16) -> Option<&FieldCells> {
        self.events.get(&(ty, place))
    }
}

/// How hard cells are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As far as is bearable: of most texts every combination of patterns.
    Whole,
    /// A sample of texts is enough where there are many patterns.
    Quick,
}

fn field_cells(program: &Program, as_of: &AsOf, ty: Type, facts: &Facts<'_>, effort: Effort) -> FieldCells {
    let Found { cells, covers, every } = match ty {
        Type::List(scalar) => lists::cells(&program.schema, as_of, scalar, facts),
        Type::One(Scalar::Bool) => Found::every([Literal::Bool(false), Literal::Bool(true)]),
        Type::One(Scalar::Choice(domain)) => {
            let count = program.schema.domain(domain).choices.len() as u16;
            Found::every((0..count).map(Literal::Choice))
        }
        Type::One(Scalar::Text) => texts::cells(facts, effort),
        Type::One(scalar) => numbers::cells(program, as_of, scalar, facts),
    };
    let mut cells = cells;
    cells.insert(0, Cell::of(Literal::Missing));
    let mut why: Vec<Why> = facts.why.iter().copied().collect();
    if !covers {
        why.push(Why::Combinations);
    }
    let exactness = match (every, why.is_empty()) {
        (true, _) => Exactness::Every,
        (false, true) => Exactness::Exact,
        (false, false) => Exactness::Sampled(why),
    };
    FieldCells { cells, exactness, covers, used: facts.used }
}

/// Known values, before "missing" is put before them.
struct Found {
    cells: Vec<Cell>,
    covers: bool,
    every: bool,
}

impl Found {
    fn every(values: impl IntoIterator<Item = Literal>) -> Found {
        Found { cells: values.into_iter().map(Cell::of).collect(), covers: true, every: true }
    }
}

/// A value of a scalar type that no condition names: what lists are filled with.
fn filler(schema: &Schema, scalar: Scalar) -> Literal {
    match scalar {
        Scalar::Bool => Literal::Bool(true),
        Scalar::Int => Literal::Int(1),
        Scalar::Number => Literal::Number(1_000_000),
        Scalar::Money(_) => Literal::Money(10_000),
        Scalar::Text => Literal::Text("something else".into()),
        Scalar::Date => Literal::Date(0),
        Scalar::Time => Literal::Time(0),
        Scalar::Choice(domain) => Literal::Choice(schema.domain(domain).choices.len().saturating_sub(1) as u16),
    }
}
