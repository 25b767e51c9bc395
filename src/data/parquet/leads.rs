//! Leads as columns, where everything that a plan reads of a batch is in order: no lead and no event is built that
//! nobody asks for. Where something is not (a value that cannot be read, a record without a key) the batch is read
//! lead by lead, which tells what is wrong.

use super::cell::Column;
use super::events::EventColumns;
use super::rows::{Bound, List};
use crate::data::batch::Position;
use crate::data::decode::{KeyReader, Row};
use crate::data::plan::{Plan, Reading};
use crate::model::{Field, FieldId, Scalar, Type, Value, convert, text};
use arrow_array::{Array, RecordBatch};
use bumpalo::Bump;

/// The leads of a batch of columns.
pub struct LeadColumns<'a> {
    /// Each lead's key.
    pub keys: &'a [&'a str],
    /// The number of the first one's record.
    pub first: u64,
    /// The fields that are read, but the key.
    pub fields: Vec<(FieldId, FieldColumn<'a>)>,
    /// The values of the key's field, where it is one.
    pub key: Option<(FieldId, &'a [Value<'a>])>,
    pub(super) events: Option<EventColumns<'a>>,
}

/// The values of a field, one below the other.
#[derive(Clone, Copy, Debug)]
pub enum FieldColumn<'a> {
    /// By the place of each among some values. The last is missing.
    Codes(&'a [u32], &'a [Value<'a>]),
    /// Whole numbers, and a bit for each that is known.
    Whole(&'a [i64], &'a [u64]),
    /// As they are.
    Values(&'a [Value<'a>]),
    /// None is known.
    Missing,
}

impl<'a> FieldColumn<'a> {
    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Value<'a> {
        match self {
            FieldColumn::Codes(codes, values) => {
                let code = codes.get(row).map_or(usize::MAX, |code| *code as usize);
                values.get(code).copied().unwrap_or(Value::Missing)
            }
            FieldColumn::Whole(values, known) => {
                let is_known = known.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
                values.get(row).filter(|_| is_known).map_or(Value::Missing, |value| Value::Int(*value))
            }
            FieldColumn::Values(values) => values.get(row).copied().unwrap_or(Value::Missing),
            FieldColumn::Missing => Value::Missing,
        }
    }
}

/// The column of a place as values; none where one cannot be read. `rows`: of which rows it is asked.
pub(super) fn values<'a>(
    columns: &Bound<'a>,
    reading: &Reading,
    field: &Field,
    plan: &Plan<'_>,
    rows: usize,
    asked: impl Fn(usize) -> bool,
    bump: &'a Bump,
) -> Option<FieldColumn<'a>> {
    let Some(column) = columns.column_of(reading.place) else { return Some(FieldColumn::Missing) };
    let read = |raw| convert::read(raw, field, plan.schema, plan.zone, bump);
    if let Some((codes, raws)) = column.dictionary()
        && raws.len() * 2 <= codes.len()
    {
        let mut found = bumpalo::collections::Vec::with_capacity_in(raws.len() + 1, bump);
        for raw in raws {
            found.push(read(*raw).ok()?);
        }
        found.push(Value::Missing);
        let missing = raws.len() as u32;
        let codes: &[u32] = match column.null_rows().filter(|nulls| nulls.null_count() > 0) {
            None => bump.alloc_slice_fill_iter(codes.iter().map(|code| *code as u32)),
            Some(nulls) => {
                let codes = codes.iter().enumerate();
                bump.alloc_slice_fill_iter(
                    codes.map(|(row, code)| if nulls.is_null(row) { missing } else { *code as u32 }),
                )
            }
        };
        return Some(FieldColumn::Codes(codes, found.into_bump_slice()));
    }
    if field.ty == Type::One(Scalar::Int)
        && field.missing.texts.is_empty()
        && field.missing.numbers.is_empty()
        && let Some((ints, known)) = whole(column, rows, bump)
    {
        return Some(FieldColumn::Whole(ints, known));
    }
    if let Some(texts) = texts(column, field, rows) {
        let values = texts.map(|text| text.map_or(Value::Missing, Value::Text));
        return Some(FieldColumn::Values(bump.alloc_slice_fill_iter(values)));
    }
    let mut found = bumpalo::collections::Vec::with_capacity_in(rows, bump);
    for row in 0..rows {
        found.push(if asked(row) { read(column.get(row, bump)).ok()? } else { Value::Missing });
    }
    Some(FieldColumn::Values(found.into_bump_slice()))
}

/// The texts of a plain column of text, none where one is missing; none at all for other columns and fields.
fn texts<'a>(
    column: &Column<'a>,
    field: &Field,
    rows: usize,
) -> Option<impl ExactSizeIterator<Item = Option<&'a str>> + use<'a>> {
    let plain =
        field.ty == Type::One(Scalar::Text) && field.missing.texts.is_empty() && field.missing.numbers.is_empty();
    let texts = column.texts().filter(|texts| plain && texts.len() == rows)?;
    let seen = |text: &'a str| Some(text::trim(text)).filter(|text| !text.is_empty());
    Some(texts.iter().map(move |text| text.and_then(seen)))
}

/// Whole numbers that all fit an `int`, and which of them are known.
fn whole<'a>(column: &Column<'a>, rows: usize, bump: &'a Bump) -> Option<(&'a [i64], &'a [u64])> {
    const MOST: i64 = 1_000_000_000_000_000_000;
    let (ints, nulls) = column.ints()?;
    if ints.len() != rows || ints.iter().any(|value| *value <= -MOST || *value >= MOST) {
        return None;
    }
    let known: &mut [u64] = bump.alloc_slice_fill_copy(rows.div_ceil(64), u64::MAX);
    if let Some(nulls) = nulls {
        for (word, bits) in known.iter_mut().zip(nulls.inner().bit_chunks().iter_padded()) {
            *word = bits;
        }
    }
    Some((ints, known))
}

impl<'a> LeadColumns<'a> {
    /// The leads of a batch; none where something is not in order. Events inside are read where `inside` says so.
    pub(in crate::data) fn new(
        batch: &'a RecordBatch,
        plan: &Plan<'_>,
        at: Position,
        inside: bool,
        bump: &'a Bump,
    ) -> Option<LeadColumns<'a>> {
        let rows = batch.num_rows();
        let mut bound = Bound::new(batch, &plan.lead, inside.then_some(plan), bump);
        let reader = KeyReader { plan, bump };
        let (mut keys, mut key_values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let plain = plan
            .key
            .zip(plan.schema.key)
            .and_then(|(place, id)| texts(bound.column_of(place)?, plan.schema.field(id), rows));
        match plain {
            Some(texts) => {
                for text in texts {
                    keys.push(text?);
                    key_values.push(text.map_or(Value::Missing, Value::Text));
                }
            }
            None => {
                for row in 0..rows {
                    let (key, value) = reader.key(&Row { columns: &bound, row, bump }, at.number + row as u64).ok()?;
                    keys.push(key);
                    key_values.push(value);
                }
            }
        }
        let mut fields = Vec::new();
        for reading in &plan.fields {
            let field = plan.schema.fields.get(reading.field)?;
            let column = values(&bound, reading, field, plan, rows, |_| true, bump)?;
            if field.required && (0..rows).any(|row| column.get(row).is_missing()) {
                return None;
            }
            fields.push((FieldId(reading.field as u16), column));
        }
        let events = match bound.list.take() {
            None => None,
            Some((_, List::Other(_))) => return None,
            Some((_, List::Records(entries))) => Some(EventColumns::new(entries, plan, rows, bump)?),
        };
        let key = plan.schema.key.map(|id| (id, &*bump.alloc_slice_copy(&key_values)));
        Some(LeadColumns { keys: bump.alloc_slice_copy(&keys), first: at.line, fields, key, events })
    }

    /// How many leads there are.
    pub fn rows(&self) -> usize {
        self.keys.len()
    }
}
