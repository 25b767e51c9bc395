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
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_buffer::NullBuffer;
use bumpalo::Bump;

/// The leads of a batch of columns.
pub struct LeadColumns<'a> {
    /// Each lead's key.
    pub keys: &'a [&'a str],
    /// The number of the first one's record.
    pub first: u64,
    /// The fields that are read, but the key.
    pub fields: Vec<(FieldId, FieldColumn<'a>)>,
    /// The key's field, and its values where they are not the keys as texts.
    pub key: Option<(FieldId, Option<&'a [Value<'a>]>)>,
    pub(super) events: Option<EventColumns<'a>>,
}

/// The values of a field, one below the other.
#[derive(Clone, Copy, Debug)]
pub enum FieldColumn<'a> {
    /// By the place of each among some values. The last is missing.
    Codes(&'a [u32], &'a [Value<'a>]),
    /// The same as the file has it: rows that are null have any key.
    Keys(&'a [i32], Option<&'a NullBuffer>, &'a [Value<'a>]),
    /// Whole numbers, and a bit for each that is known.
    Whole(&'a [i64], &'a [u64]),
    /// As they are.
    Values(&'a [Value<'a>]),
    /// Texts with white space around them, of which none and empty ones are missing.
    Texts(&'a StringArray),
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
            FieldColumn::Keys(_, _, values) => {
                self.code(row).and_then(|code| values.get(code)).copied().unwrap_or(Value::Missing)
            }
            FieldColumn::Whole(..) => self.whole(row).map_or(Value::Missing, Value::Int),
            FieldColumn::Values(values) => values.get(row).copied().unwrap_or(Value::Missing),
            FieldColumn::Texts(texts) if row < texts.len() && !texts.is_null(row) => seen(texts.value(row)),
            FieldColumn::Texts(_) => Value::Missing,
            FieldColumn::Missing => Value::Missing,
        }
    }

    /// The place of a row's value among some, where they stand in codes.
    #[inline]
    pub fn code(&self, row: usize) -> Option<usize> {
        match self {
            FieldColumn::Codes(codes, _) => codes.get(row).map(|code| *code as usize),
            FieldColumn::Keys(_, Some(nulls), values) if nulls.is_null(row) => values.len().checked_sub(1),
            FieldColumn::Keys(keys, _, _) => keys.get(row).map(|key| *key as usize),
            _ => None,
        }
    }

    /// A row's whole number, where such stand here and this one is known.
    #[inline]
    pub fn whole(&self, row: usize) -> Option<i64> {
        let FieldColumn::Whole(values, known) = self else { return None };
        let is_known = known.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
        values.get(row).copied().filter(|_| is_known)
    }
}

/// The column of a place as values; none where one cannot be read. `asked`: of which rows it is asked; `few`: whether
/// few of them will be, so that codes are left as they are.
pub(super) fn values<'a>(
    columns: &Bound<'a>,
    (reading, field): (&Reading, &Field),
    plan: &Plan<'_>,
    rows: usize,
    asked: impl Fn(usize) -> bool,
    few: bool,
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
        let nulls = column.null_rows().filter(|nulls| nulls.null_count() > 0);
        if few {
            return Some(FieldColumn::Keys(codes, nulls, found.into_bump_slice()));
        }
        let known: &mut [u32] = bump.alloc_slice_fill_iter(codes.iter().map(|code| *code as u32));
        if let Some(nulls) = nulls {
            for (codes, bits) in known.chunks_mut(64).zip(nulls.inner().bit_chunks().iter_padded()) {
                for (place, code) in codes.iter_mut().enumerate() {
                    // Without a branch: which values are missing is as good as random.
                    let null = ((bits >> place & 1) as u32).wrapping_sub(1);
                    *code = (*code & !null) | (missing & null);
                }
            }
        }
        let codes = &*known;
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
        return Some(FieldColumn::Texts(texts));
    }
    let mut found = bumpalo::collections::Vec::with_capacity_in(rows, bump);
    for row in 0..rows {
        found.push(if asked(row) { read(column.get(row, bump)).ok()? } else { Value::Missing });
    }
    Some(FieldColumn::Values(found.into_bump_slice()))
}

/// A plain column of text, read as it is.
fn texts<'a>(column: &Column<'a>, field: &Field, rows: usize) -> Option<&'a StringArray> {
    let plain =
        field.ty == Type::One(Scalar::Text) && field.missing.texts.is_empty() && field.missing.numbers.is_empty();
    column.texts().filter(|texts| plain && texts.len() == rows)
}

/// A text without white space around it; missing where nothing is left.
#[inline]
fn seen(text: &str) -> Value<'_> {
    match text::trim(text) {
        "" => Value::Missing,
        text => Value::Text(text),
    }
}

/// Whole numbers that all fit an `int`, and which of them are known.
fn whole<'a>(column: &Column<'a>, rows: usize, bump: &'a Bump) -> Option<(&'a [i64], &'a [u64])> {
    const MOST: i64 = 1_000_000_000_000_000_000;
    let (ints, nulls) = column.ints()?;
    // Nearly always all numbers are smaller than 2^59, which is seen without a branch for each.
    let small = ints.iter().fold(0, |bits, value| bits | value.wrapping_add(1 << 59)) as u64 >> 60 == 0;
    if ints.len() != rows || (!small && ints.iter().any(|value| *value <= -MOST || *value >= MOST)) {
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
        let mut keys = bumpalo::collections::Vec::with_capacity_in(rows, bump);
        let plain = plan
            .key
            .zip(plan.schema.key)
            .and_then(|(place, id)| texts(bound.column_of(place)?, plan.schema.field(id), rows));
        let key_values = match plain {
            Some(texts) => {
                for text in texts {
                    keys.push(text.map(text::trim).filter(|key| !key.is_empty())?);
                }
                None
            }
            None => {
                let mut values = bumpalo::collections::Vec::with_capacity_in(rows, bump);
                for row in 0..rows {
                    let (key, value) = reader.key(&Row { columns: &bound, row, bump }, at.number + row as u64).ok()?;
                    keys.push(key);
                    values.push(value);
                }
                Some(values.into_bump_slice())
            }
        };
        let mut fields = Vec::new();
        for reading in &plan.fields {
            let field = plan.schema.fields.get(reading.field)?;
            let column = values(&bound, (reading, field), plan, rows, |_| true, false, bump)?;
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
        let key = plan.schema.key.map(|id| (id, key_values));
        Some(LeadColumns { keys: keys.into_bump_slice(), first: at.line, fields, key, events })
    }

    /// How many leads there are.
    pub fn rows(&self) -> usize {
        self.keys.len()
    }
}
