//! JSON as columns: each gets one type, what is of another is nothing, in the columns and in the JSON.

use crate::reference::generate::Rng;
use arrow_array::builder::{BooleanBuilder, StringDictionaryBuilder};
use arrow_array::types::*;
use arrow_array::*;
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The type of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Null,
    Bool,
    Int,
    Float,
    Text,
    List(Box<Ty>),
    Record(BTreeMap<String, Ty>),
}

/// What most values are; records and lists are taken together.
pub fn infer(values: &[&Json]) -> Ty {
    let mut votes = [0; 6];
    for value in values {
        match value {
            Json::Null => {}
            Json::Bool(_) => votes[0] += 1,
            Json::Number(number) if number.is_i64() => votes[1] += 1,
            Json::Number(_) => votes[2] += 1,
            Json::String(_) => votes[3] += 1,
            Json::Array(_) => votes[4] += 1,
            Json::Object(_) => votes[5] += 1,
        }
    }
    let most = votes.iter().max().copied().unwrap_or(0);
    match votes.iter().position(|votes| *votes == most) {
        _ if most == 0 => Ty::Null,
        Some(0) => Ty::Bool,
        Some(1) if votes[2] == 0 => Ty::Int,
        Some(1 | 2) => Ty::Float,
        Some(3) => Ty::Text,
        Some(4) => {
            Ty::List(Box::new(infer(&values.iter().filter_map(|value| value.as_array()).flatten().collect::<Vec<_>>())))
        }
        _ => {
            let records: Vec<&Map<String, Json>> = values.iter().filter_map(|value| value.as_object()).collect();
            let names: std::collections::BTreeSet<&String> = records.iter().flat_map(|record| record.keys()).collect();
            let of = |name: &String| infer(&records.iter().filter_map(|record| record.get(name)).collect::<Vec<_>>());
            Ty::Record(names.into_iter().map(|name| (name.clone(), of(name))).collect())
        }
    }
}

/// A value as its column holds it: of another type it is nothing; every key of a record is there.
pub fn conform(value: &Json, ty: &Ty) -> Json {
    match (value, ty) {
        (Json::Bool(_), Ty::Bool) | (Json::String(_), Ty::Text) => value.clone(),
        (Json::Number(number), Ty::Int) if number.is_i64() => value.clone(),
        (Json::Number(number), Ty::Float) => number
            .as_f64()
            .filter(|float| float.to_string().len() < 20)
            .map_or(Json::Null, |float| serde_json::from_str(&float.to_string()).unwrap()),
        (Json::Array(entries), Ty::List(inner)) => entries.iter().map(|entry| conform(entry, inner)).collect(),
        (Json::Object(record), Ty::Record(fields)) => Json::Object(
            fields
                .iter()
                .map(|(name, ty)| (name.clone(), conform(record.get(name).unwrap_or(&Json::Null), ty)))
                .collect(),
        ),
        _ => Json::Null,
    }
}

/// Conforming values as an array, of one of the forms that the type may have.
pub fn array(values: &[&Json], ty: &Ty, rng: &mut Rng) -> ArrayRef {
    let ints = || values.iter().map(|value| value.as_i64());
    let texts = || values.iter().map(|value| value.as_str());
    match ty {
        Ty::Null => Arc::new(NullArray::new(values.len())),
        Ty::Bool => {
            let mut bools = BooleanBuilder::new();
            values.iter().for_each(|value| bools.append_option(value.as_bool()));
            Arc::new(bools.finish())
        }
        Ty::Int if rng.chance(50) && ints().flatten().all(|value| i32::try_from(value).is_ok()) => {
            Arc::new(Int32Array::from_iter(ints().map(|value| value.map(|value| value as i32))))
        }
        Ty::Int if rng.chance(30) && ints().flatten().all(|value| value >= 0) => {
            Arc::new(UInt64Array::from_iter(ints().map(|value| value.map(|value| value as u64))))
        }
        Ty::Int if rng.chance(30) => {
            let decimals = Decimal128Array::from_iter(ints().map(|value| value.map(i128::from)));
            Arc::new(decimals.with_precision_and_scale(20, 0).unwrap())
        }
        Ty::Int => Arc::new(Int64Array::from_iter(ints())),
        Ty::Float => Arc::new(Float64Array::from_iter(values.iter().map(|value| value.as_f64()))),
        Ty::Text => match rng.below(4) {
            0 => Arc::new(LargeStringArray::from_iter(texts())),
            1 => Arc::new(StringViewArray::from_iter(texts())),
            2 => {
                let mut codes = StringDictionaryBuilder::<Int16Type>::new();
                texts().for_each(|text| codes.append_option(text));
                Arc::new(codes.finish())
            }
            _ => Arc::new(StringArray::from_iter(texts())),
        },
        Ty::List(inner) => {
            let lengths = values.iter().map(|value| value.as_array().map_or(0, Vec::len));
            let entries: Vec<&Json> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
            let nulls = NullBuffer::from_iter(values.iter().map(|value| value.is_array()));
            let entries = array(&entries, inner, rng);
            let field = Arc::new(Field::new("item", entries.data_type().clone(), true));
            if rng.chance(25) {
                let offsets = OffsetBuffer::<i64>::from_lengths(lengths);
                return Arc::new(LargeListArray::new(field, offsets, entries, Some(nulls)));
            }
            Arc::new(ListArray::new(field, OffsetBuffer::<i32>::from_lengths(lengths), entries, Some(nulls)))
        }
        Ty::Record(fields) => {
            // Parquet has no records without fields.
            let none = BTreeMap::from([("nothing".to_owned(), Ty::Null)]);
            let fields = if fields.is_empty() { &none } else { fields };
            let column = |name: &String| -> Vec<&Json> {
                values.iter().map(|value| value.get(name).unwrap_or(&Json::Null)).collect()
            };
            let columns: Vec<ArrayRef> =
                fields.iter().map(|(name, ty)| instants(name, array(&column(name), ty, rng), rng)).collect();
            let fields: Fields = fields
                .keys()
                .zip(&columns)
                .map(|(name, column)| Field::new(name, column.data_type().clone(), true))
                .collect();
            let nulls = NullBuffer::from_iter(values.iter().map(|value| value.is_object()));
            Arc::new(StructArray::new(fields, columns, Some(nulls)))
        }
    }
}

/// The instants of events as timestamps, where all of them are instants.
fn instants(name: &str, column: ArrayRef, rng: &mut Rng) -> ArrayRef {
    let Some(texts) = column.as_any().downcast_ref::<StringArray>() else { return column };
    if !["at", "occurred_at", "time", "when"].contains(&name) || rng.chance(30) {
        return column;
    }
    let plain = |text: &str| text.len() >= 20 && text.as_bytes()[10] == b'T' && !text.contains(' ');
    let read = |text: &str| text.parse::<jiff::Timestamp>().ok().filter(|_| plain(text));
    let Some(read) = texts
        .iter()
        .map(|text| text.map(read))
        .map(|read| match read {
            None => Some(None),
            Some(read) => read.map(Some),
        })
        .collect::<Option<Vec<Option<jiff::Timestamp>>>>()
    else {
        return column;
    };
    let millis = read.iter().map(|instant| instant.map(jiff::Timestamp::as_millisecond));
    match rng.below(3) {
        0 => Arc::new(TimestampMillisecondArray::from_iter(millis).with_timezone("UTC")),
        1 => Arc::new(
            TimestampMicrosecondArray::from_iter(millis.map(|at| at.map(|at| at * 1000))).with_timezone("+02:00"),
        ),
        _ => Arc::new(
            TimestampNanosecondArray::from_iter(millis.map(|at| at.map(|at| at * 1_000_000))).with_timezone("UTC"),
        ),
    }
}

/// Records as rows of columns.
fn rows(records: &[Json], ty: &Ty, rng: &mut Rng) -> RecordBatch {
    let records: Vec<&Json> = records.iter().collect();
    let records = array(&records, ty, rng);
    RecordBatch::from(records.as_any().downcast_ref::<StructArray>().unwrap())
}

/// Records as an Arrow file or stream, in record batches of a random size.
pub fn arrow(records: &[Json], ty: &Ty, rng: &mut Rng) -> Vec<u8> {
    let batch = rows(records, ty, rng);
    let packing = [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)];
    let options = IpcWriteOptions::default().try_with_compression(*rng.pick(&packing)).unwrap();
    arrow_bytes(&batch, 1 + rng.below(20), options, rng.chance(50))
}

/// A batch as an Arrow file or stream, in record batches of so many rows.
pub fn arrow_bytes(batch: &RecordBatch, rows: usize, options: IpcWriteOptions, file: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let parts = (0..batch.num_rows()).step_by(rows).map(|at| batch.slice(at, rows.min(batch.num_rows() - at)));
    if file {
        let mut writer = FileWriter::try_new_with_options(&mut out, &batch.schema(), options).unwrap();
        parts.for_each(|part| writer.write(&part).unwrap());
        writer.finish().unwrap();
    } else {
        let mut writer = StreamWriter::try_new_with_options(&mut out, &batch.schema(), options).unwrap();
        parts.for_each(|part| writer.write(&part).unwrap());
        writer.finish().unwrap();
    }
    out
}

/// Records as a file, in row groups and pages of a random size.
pub fn parquet(records: &[Json], ty: &Ty, rng: &mut Rng) -> Vec<u8> {
    let batch = rows(records, ty, rng);
    let packing =
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW, Compression::ZSTD(Default::default())];
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(1 + rng.below(20)))
        .set_data_page_row_count_limit(1 + rng.below(10))
        .set_write_batch_size(1 + rng.below(5))
        .set_dictionary_enabled(rng.chance(70))
        .set_dictionary_page_size_limit(if rng.chance(30) { 20 } else { 1 << 20 })
        .set_compression(*rng.pick(&packing))
        .build();
    bytes(&batch, properties)
}

/// A batch as a file.
pub fn bytes(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    out
}

/// Columns as a file of a single row group.
pub fn columns(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    bytes(&of_columns(columns), WriterProperties::new())
}

/// Columns as rows.
pub fn of_columns(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Fields =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// A timestamp column of any unit.
pub fn timestamps(unit: TimeUnit, zone: Option<&str>, millis: &[Option<i64>]) -> ArrayRef {
    let zone: Option<Arc<str>> = zone.map(Into::into);
    let scaled = |by: i64| millis.iter().map(move |at| at.map(|at| at * by)).collect::<Vec<_>>();
    match unit {
        TimeUnit::Second => {
            let seconds: Vec<Option<i64>> = millis.iter().map(|at| at.map(|at| at.div_euclid(1000))).collect();
            Arc::new(TimestampSecondArray::from(seconds).with_timezone_opt(zone))
        }
        TimeUnit::Millisecond => Arc::new(TimestampMillisecondArray::from(scaled(1)).with_timezone_opt(zone)),
        TimeUnit::Microsecond => Arc::new(TimestampMicrosecondArray::from(scaled(1000)).with_timezone_opt(zone)),
        TimeUnit::Nanosecond => Arc::new(TimestampNanosecondArray::from(scaled(1_000_000)).with_timezone_opt(zone)),
    }
}

/// The type of text by its keys.
pub fn codes(texts: &[Option<&str>]) -> ArrayRef {
    let mut codes = StringDictionaryBuilder::<Int8Type>::new();
    texts.iter().for_each(|text| codes.append_option(*text));
    let codes = codes.finish();
    assert!(matches!(codes.data_type(), DataType::Dictionary(_, _)));
    Arc::new(codes)
}
