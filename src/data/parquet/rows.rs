//! Rows of columns as records: the slots that a shape asks for, filled row by row.

use super::cell::Column;
use super::entries::Entries;
use crate::data::batch::{Handler, Position};
use crate::data::plan::Plan;
use crate::data::shape::{Place, Rank, Shape, Slots};
use crate::model::convert::Raw;
use crate::model::{ProblemKind, Value};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_buffer::NullBuffer;
use bumpalo::Bump;

/// The columns of one batch that fill a shape's slots.
pub(in crate::data) struct Bound<'a> {
    slots: Vec<(usize, Column<'a>)>,
    /// The column of the list of events, by rank.
    pub(super) list: Option<(Rank, List<'a>)>,
}

/// A column of codes, and the value of each.
pub(in crate::data) struct KnownValues<'a> {
    codes: &'a [i32],
    nulls: Option<&'a NullBuffer>,
    values: Vec<Result<Value<'a>, ProblemKind>>,
}

impl<'a> KnownValues<'a> {
    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Result<Value<'a>, ProblemKind> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return Ok(Value::Missing);
        }
        let code = self.codes.get(row).and_then(|code| usize::try_from(*code).ok());
        code.and_then(|code| self.values.get(code)).copied().unwrap_or(Ok(Value::Missing))
    }
}

/// A column where a list of events stands.
pub(super) enum List<'a> {
    Records(Box<Entries<'a>>),
    /// Something else.
    Other(Column<'a>),
}

impl<'a> Bound<'a> {
    /// Finds the columns of a record, and of the events in it.
    pub fn new(batch: &'a RecordBatch, shape: &Shape, plan: Option<&Plan<'_>>, bump: &'a Bump) -> Bound<'a> {
        let mut bound = Bound::empty();
        let schema = batch.schema_ref();
        let columns = schema.fields().iter().zip(batch.columns());
        for (field, column) in columns {
            bound.column(field.name(), column.as_ref(), shape, 0, plan, &[], bump);
        }
        bound
    }

    pub fn record(
        &mut self,
        records: &'a StructArray,
        shape: &Shape,
        node: usize,
        plan: Option<&Plan<'_>>,
        parents: &[&'a NullBuffer],
        bump: &'a Bump,
    ) {
        for (field, column) in records.fields().iter().zip(records.columns()) {
            self.column(field.name(), column.as_ref(), shape, node, plan, parents, bump);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn column(
        &mut self,
        name: &str,
        column: &'a dyn Array,
        shape: &Shape,
        node: usize,
        plan: Option<&Plan<'_>>,
        parents: &[&'a NullBuffer],
        bump: &'a Bump,
    ) {
        let Some(target) = shape.target_of(node, name) else { return };
        if let Some(slot) = target.slot {
            self.slots.push((slot, Column::new(column, parents, bump)));
        }
        if let (Some(child), Some(records)) = (target.child, column.as_struct_opt()) {
            let mut parents = parents.to_vec();
            parents.extend(records.nulls());
            self.record(records, shape, child, plan, &parents, bump);
        }
        if let (Some(rank), Some(plan)) = (target.list, plan)
            && self.list.as_ref().is_none_or(|(known, _)| *known < rank)
        {
            self.list = Some((rank, List::new(column, plan, parents, bump)));
        }
    }

    /// No columns.
    pub fn empty() -> Bound<'a> {
        Bound { slots: Vec::new(), list: None }
    }

    /// The column of a place: that of the whole name, else the one at the end of the path.
    pub fn column_of(&self, place: Place) -> Option<&Column<'a>> {
        let of = |wanted: usize| self.slots.iter().find(|(slot, _)| *slot == wanted).map(|(_, column)| column);
        let (whole, nested) = place.slots();
        of(whole).or_else(|| of(nested?))
    }

    /// The raw value of a place in a row.
    #[inline]
    pub fn raw(&self, place: Place, row: usize, bump: &'a Bump) -> Raw<'a> {
        self.column_of(place).map_or(Raw::Null, |column| column.get(row, bump))
    }

    /// The values of a column of codes, each read once.
    pub fn known(
        &self,
        place: Place,
        read: impl Fn(Raw<'a>) -> Result<Value<'a>, ProblemKind>,
    ) -> Option<KnownValues<'a>> {
        let column = self.column_of(place)?;
        let (codes, raws) = column.dictionary()?;
        // Where hardly any value repeats, it would only be more work.
        (raws.len() * 2 <= codes.len()).then(|| KnownValues {
            codes,
            nulls: column.null_rows(),
            values: raws.iter().map(|raw| read(*raw)).collect(),
        })
    }

    /// Fills the slots with a row.
    #[inline]
    pub fn fill(&self, row: usize, slots: &mut Slots<'a>, bump: &'a Bump) {
        slots.reset();
        for (slot, column) in &self.slots {
            slots.set(*slot, column.get(row, bump));
        }
    }

    /// Gives every row to a handler, its events first.
    pub fn walk(&self, rows: usize, shape: &Shape, mut at: Position, bump: &'a Bump, handler: &mut impl Handler<'a>) {
        let mut slots = Slots::new(shape);
        handler.columns(self);
        for row in 0..rows {
            handler.begin();
            match &self.list {
                Some((_, List::Records(entries))) if entries.is_list(row) => handler.event_rows(entries, row),
                Some((_, List::Other(column))) => handler.cell_list(column.get(row, bump)),
                _ => {}
            }
            handler.column_row(at, self, row, &mut slots, bump);
            at.line += 1;
            at.number += 1;
        }
    }
}

impl<'a> List<'a> {
    fn new(column: &'a dyn Array, plan: &Plan<'_>, parents: &[&'a NullBuffer], bump: &'a Bump) -> List<'a> {
        match Entries::new(column, plan, parents, bump) {
            Some(entries) => List::Records(Box::new(entries)),
            None => List::Other(Column::new(column, parents, bump)),
        }
    }
}
