//! Cells of typed columns as raw values, the same that other formats hold.

use crate::model::convert::Raw;
use crate::model::time::Moment;
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{AnyDictionaryArray, Array, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, TimeUnit};
use bumpalo::Bump;
use std::fmt::Write;

/// A column of a batch, and the records that it stands in: where one of them is null, so is the cell.
pub(in crate::data) struct Column<'a> {
    cells: Cells<'a>,
    nulls: Option<&'a NullBuffer>,
    parents: Vec<&'a NullBuffer>,
}

enum Cells<'a> {
    Texts(&'a StringArray),
    /// Codes, and the value of each: made once for all rows.
    Codes(&'a [i32], Vec<Raw<'a>>),
    Ints(&'a [i64]),
    Bools(&'a BooleanArray),
    /// Ticks, ticks a millisecond (or, below 0, milliseconds a tick), and whether they are instants.
    Times {
        ticks: &'a [i64],
        unit: TimeUnit,
        instants: bool,
    },
    Other(&'a dyn Array),
    /// Only whether there is something.
    Shell,
}

impl<'a> Column<'a> {
    pub fn new(array: &'a dyn Array, parents: &[&'a NullBuffer], bump: &'a Bump) -> Column<'a> {
        let cells = match array.data_type() {
            DataType::Utf8 => Cells::Texts(array.as_string()),
            DataType::Int64 => Cells::Ints(array.as_primitive::<Int64Type>().values()),
            DataType::Boolean => Cells::Bools(array.as_boolean()),
            DataType::Timestamp(unit, zone) => {
                Cells::Times { ticks: ticks(array, *unit), unit: *unit, instants: zone.is_some() }
            }
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                let values = dictionary.values().as_ref();
                let raws = (0..values.len()).map(|place| raw(values, place, bump)).collect();
                Cells::Codes(codes(dictionary, bump), raws)
            }
            _ => Cells::Other(array),
        };
        Column { cells, nulls: array.nulls(), parents: parents.to_vec() }
    }

    /// The codes of a column of text that stands in no record, and the texts.
    pub fn dictionary(&self) -> Option<(&'a [i32], &[Raw<'a>])> {
        match &self.cells {
            Cells::Codes(codes, raws) if self.parents.is_empty() => Some((codes, raws)),
            _ => None,
        }
    }

    /// Whole numbers that stand in no record, and which of them are null.
    pub fn ints(&self) -> Option<(&'a [i64], Option<&'a NullBuffer>)> {
        match self.cells {
            Cells::Ints(values) if self.parents.is_empty() => Some((values, self.nulls)),
            _ => None,
        }
    }

    /// Plain texts that stand in no record.
    pub fn texts(&self) -> Option<&'a StringArray> {
        match self.cells {
            Cells::Texts(texts) if self.parents.is_empty() => Some(texts),
            _ => None,
        }
    }

    /// Which rows are null.
    pub fn null_rows(&self) -> Option<&'a NullBuffer> {
        self.nulls
    }

    /// The codes of a column of text and the texts, where all rows are known.
    pub fn codes(&self) -> Option<(&'a [i32], &[Raw<'a>])> {
        match &self.cells {
            Cells::Codes(codes, raws)
                if self.parents.is_empty() && self.nulls.is_none_or(|nulls| nulls.null_count() == 0) =>
            {
                Some((codes, raws))
            }
            _ => None,
        }
    }

    /// The instants of a column, where all rows are known: ticks, and how many are a millisecond.
    pub fn instants(&self) -> Option<(&'a [i64], i64)> {
        match &self.cells {
            Cells::Times { ticks, unit, instants: true }
                if self.parents.is_empty() && self.nulls.is_none_or(|nulls| nulls.null_count() == 0) =>
            {
                let by = match unit {
                    TimeUnit::Second => return None,
                    TimeUnit::Millisecond => 1,
                    TimeUnit::Microsecond => 1000,
                    TimeUnit::Nanosecond => 1_000_000,
                };
                Some((ticks, by))
            }
            _ => None,
        }
    }

    /// A column of which only is asked whether a row is null.
    pub fn shell(array: &'a dyn Array, parents: &[&'a NullBuffer]) -> Column<'a> {
        Column { cells: Cells::Shell, nulls: array.nulls(), parents: parents.to_vec() }
    }

    /// Whether a row is null, or a record that it stands in.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(row)) || self.parents.iter().any(|nulls| nulls.is_null(row))
    }

    /// The raw value of a row.
    #[inline]
    pub fn get(&self, row: usize, bump: &'a Bump) -> Raw<'a> {
        if self.is_null(row) {
            return Raw::Null;
        }
        match &self.cells {
            Cells::Texts(texts) => Raw::Text(texts.value(row)),
            Cells::Codes(codes, raws) => {
                let code = codes.get(row).and_then(|code| usize::try_from(*code).ok());
                code.and_then(|code| raws.get(code)).copied().unwrap_or(Raw::Null)
            }
            Cells::Ints(values) => values.get(row).map_or(Raw::Null, |value| Raw::Int(*value)),
            Cells::Bools(values) => Raw::Bool(values.value(row)),
            Cells::Times { ticks, unit, instants } => {
                ticks.get(row).map_or(Raw::Null, |tick| moment(*tick, *unit, *instants))
            }
            Cells::Other(array) => raw(*array, row, bump),
            Cells::Shell => Raw::Array(&[]),
        }
    }
}

/// The codes of a dictionary, of whatever width they are.
fn codes<'a>(dictionary: &'a dyn AnyDictionaryArray, bump: &'a Bump) -> &'a [i32] {
    if let Some(keys) = dictionary.keys().as_primitive_opt::<Int32Type>() {
        return keys.values();
    }
    if dictionary.values().is_empty() {
        return bump.alloc_slice_fill_copy(dictionary.len(), 0);
    }
    let code = |place: usize| i32::try_from(place).unwrap_or(i32::MAX);
    bump.alloc_slice_fill_iter(dictionary.normalized_keys().into_iter().map(code))
}

fn ticks(array: &dyn Array, unit: TimeUnit) -> &[i64] {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().values(),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().values(),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().values(),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().values(),
    }
}

/// An instant, or without a zone a local clock's reading. Digits after the milliseconds are cut off.
#[inline]
fn moment<'a>(tick: i64, unit: TimeUnit, instants: bool) -> Raw<'a> {
    let millis = match unit {
        TimeUnit::Second => tick.saturating_mul(1000),
        TimeUnit::Millisecond => tick,
        TimeUnit::Microsecond => tick.div_euclid(1000),
        TimeUnit::Nanosecond => tick.div_euclid(1_000_000),
    };
    Raw::Moment(if instants { Moment::Instant(millis) } else { Moment::Local(millis) })
}

/// Any cell as a raw value.
fn raw<'a>(array: &'a dyn Array, row: usize, bump: &'a Bump) -> Raw<'a> {
    if array.is_null(row) {
        return Raw::Null;
    }
    let int = |value: i64| Raw::Int(value);
    match array.data_type() {
        DataType::Null => Raw::Null,
        DataType::Utf8 => Raw::Text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Raw::Text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Raw::Text(array.as_string_view().value(row)),
        DataType::Binary => bytes(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => bytes(array.as_fixed_size_binary().value(row)),
        DataType::Boolean => Raw::Bool(array.as_boolean().value(row)),
        DataType::Int8 => int(at::<Int8Type>(array, row).into()),
        DataType::Int16 => int(at::<Int16Type>(array, row).into()),
        DataType::Int32 => int(at::<Int32Type>(array, row).into()),
        DataType::Int64 => int(at::<Int64Type>(array, row)),
        DataType::UInt8 => int(at::<UInt8Type>(array, row).into()),
        DataType::UInt16 => int(at::<UInt16Type>(array, row).into()),
        DataType::UInt32 => int(at::<UInt32Type>(array, row).into()),
        DataType::UInt64 => {
            let value = at::<UInt64Type>(array, row);
            i64::try_from(value).map_or_else(|_| Raw::Number(written(value, bump)), Raw::Int)
        }
        DataType::Float16 => float(f64::from(at::<Float16Type>(array, row)), bump),
        // By its own shortest digits: 0.1 is not 0.10000000149.
        DataType::Float32 => {
            let value = at::<Float32Type>(array, row);
            if value.is_finite() { Raw::Number(written(value, bump)) } else { float(f64::from(value), bump) }
        }
        DataType::Float64 => float(at::<Float64Type>(array, row), bump),
        DataType::Decimal32(_, scale) => decimal(at::<Decimal32Type>(array, row), *scale, bump),
        DataType::Decimal64(_, scale) => decimal(at::<Decimal64Type>(array, row), *scale, bump),
        DataType::Decimal128(_, scale) => decimal(at::<Decimal128Type>(array, row), *scale, bump),
        DataType::Decimal256(_, scale) => decimal(at::<Decimal256Type>(array, row), *scale, bump),
        DataType::Date32 => Raw::Moment(Moment::Day(at::<Date32Type>(array, row))),
        DataType::Date64 => {
            let day = at::<Date64Type>(array, row).div_euclid(crate::model::time::DAY);
            Raw::Moment(Moment::Day(day.clamp(i32::MIN.into(), i32::MAX.into()) as i32))
        }
        DataType::Timestamp(unit, zone) => {
            let tick = ticks(array, *unit).get(row).copied();
            tick.map_or(Raw::Null, |tick| moment(tick, *unit, zone.is_some()))
        }
        DataType::Dictionary(_, _) => match array.as_any_dictionary_opt() {
            Some(dictionary) => match key(dictionary.keys(), row) {
                Some(place) if place < dictionary.values().len() => raw(dictionary.values().as_ref(), place, bump),
                _ => Raw::Null,
            },
            None => Raw::Null,
        },
        DataType::Struct(fields) => {
            let columns = array.as_struct();
            let entries = fields.iter().zip(columns.columns());
            let entries = entries.map(|(field, column)| (field.name().as_str(), raw(column.as_ref(), row, bump)));
            Raw::Object(bump.alloc_slice_fill_iter(entries.collect::<Vec<_>>()))
        }
        DataType::List(_) => list(array.as_list::<i32>().values().as_ref(), span(array.as_list::<i32>(), row), bump),
        DataType::LargeList(_) => {
            list(array.as_list::<i64>().values().as_ref(), span(array.as_list::<i64>(), row), bump)
        }
        DataType::FixedSizeList(_, size) => {
            let size = usize::try_from(*size).unwrap_or(0);
            list(array.as_fixed_size_list().values().as_ref(), row * size..(row + 1) * size, bump)
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            let (from, to) = (map.value_offsets().get(row), map.value_offsets().get(row + 1));
            let span = from.map_or(0, |from| *from as usize)..to.map_or(0, |to| *to as usize);
            let entries = span.filter_map(|place| match raw(map.keys().as_ref(), place, bump) {
                Raw::Text(name) => Some((name, raw(map.values().as_ref(), place, bump))),
                _ => None,
            });
            Raw::Object(bump.alloc_slice_fill_iter(entries.collect::<Vec<_>>()))
        }
        // Times of the day, lengths of time, unions: of no type of the language.
        _ => Raw::Object(&[]),
    }
}

fn at<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    let values: &PrimitiveArray<T> = array.as_primitive();
    values.value(row)
}

/// The place of a dictionary's value.
fn key(keys: &dyn Array, row: usize) -> Option<usize> {
    match raw(keys, row, &Bump::new()) {
        Raw::Int(place) => usize::try_from(place).ok(),
        _ => None,
    }
}

/// The entries of a row of a list.
fn span<O: arrow_array::OffsetSizeTrait>(
    lists: &arrow_array::GenericListArray<O>,
    row: usize,
) -> std::ops::Range<usize> {
    let offset = |place: usize| lists.value_offsets().get(place).map_or(0, |offset| offset.as_usize());
    offset(row)..offset(row + 1)
}

fn list<'a>(values: &'a dyn Array, span: std::ops::Range<usize>, bump: &'a Bump) -> Raw<'a> {
    let entries: Vec<Raw<'a>> = span.map(|place| raw(values, place, bump)).collect();
    Raw::Array(bump.alloc_slice_copy(&entries))
}

/// Bytes that some writers leave without saying that they are text.
fn bytes(bytes: &[u8]) -> Raw<'_> {
    std::str::from_utf8(bytes).map_or(Raw::NotUtf8, Raw::Text)
}

fn written(value: impl std::fmt::Display, bump: &Bump) -> &str {
    let mut out = bumpalo::collections::String::new_in(bump);
    // Writing to memory cannot fail.
    let _ = write!(out, "{value}");
    out.into_bump_str()
}

/// By its shortest digits; what is no number is no number to the language either.
fn float(value: f64, bump: &Bump) -> Raw<'_> {
    match (value.is_finite(), value.is_nan(), value > 0.0) {
        (true, _, _) => Raw::Number(written(value, bump)),
        (false, true, _) => Raw::Text("NaN"),
        (false, false, true) => Raw::Text("Infinity"),
        (false, false, false) => Raw::Text("-Infinity"),
    }
}

/// Digits with the point `scale` places from their end; a negative scale stands for zeros.
fn decimal<'a>(digits: impl std::fmt::Display, scale: i8, bump: &'a Bump) -> Raw<'a> {
    let digits = digits.to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
    Raw::Number(match usize::try_from(scale) {
        Ok(0) => written(format_args!("{sign}{digits}"), bump),
        Ok(scale) => {
            let padded = format!("{digits:0>width$}", width = scale + 1);
            let (whole, fraction) = padded.split_at(padded.len() - scale);
            written(format_args!("{sign}{whole}.{fraction}"), bump)
        }
        Err(_) => written(format_args!("{sign}{digits}{}", "0".repeat(scale.unsigned_abs().into())), bump),
    })
}
