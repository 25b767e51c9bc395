//! The leads as Parquet, their events inside.

use crate::leads::{Event, Lead, NUMBERS, TEXTS};
use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray, StructArray, TimestampMillisecondArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

fn texts<'t>(of: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(of))
}

fn numbers(of: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(Int64Array::from_iter(of))
}

fn field(name: &str, column: &ArrayRef) -> Field {
    Field::new(name, column.data_type().clone(), true)
}

/// One file, a row a lead.
pub fn nested(leads: &[Lead]) -> Vec<u8> {
    let mut columns = vec![("id", texts(leads.iter().map(|lead| Some(lead.id.as_str()))))];
    columns.extend(
        TEXTS
            .iter()
            .enumerate()
            .map(|(place, name)| (*name, texts(leads.iter().map(|lead| lead.texts[place].as_deref())))),
    );
    columns.extend(
        NUMBERS.iter().enumerate().map(|(place, name)| (*name, numbers(leads.iter().map(|lead| lead.numbers[place])))),
    );
    columns.push(("events", events(leads)));
    let fields: Fields = columns.iter().map(|(name, column)| field(name, column)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch");
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("the leads");
    writer.close().expect("the file");
    out
}

fn events(leads: &[Lead]) -> ArrayRef {
    let all = || leads.iter().flat_map(|lead| &lead.events);
    let at = TimestampMillisecondArray::from_iter(all().map(|event: &Event| Some(event.at))).with_timezone("UTC");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("type", texts(all().map(|event| Some(event.kind)))),
        ("at", Arc::new(at)),
        ("path", texts(all().map(|event| event.path))),
        ("minutes", numbers(all().map(|event| event.minutes))),
        ("campaign", texts(all().map(|event| event.campaign.as_deref()))),
    ];
    let fields: Fields = columns.iter().map(|(name, column)| field(name, column)).collect();
    let entries: ArrayRef =
        Arc::new(StructArray::new(fields, columns.into_iter().map(|(_, column)| column).collect(), None));
    let offsets = OffsetBuffer::<i32>::from_lengths(leads.iter().map(|lead| lead.events.len()));
    Arc::new(ListArray::new(Arc::new(field("item", &entries)), offsets, entries, None))
}
