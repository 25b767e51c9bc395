//! Leads from any input.

use super::array::ArrayReader;
use super::batch::{Batch, Content};
use super::input::{Format, Source};
use super::lines::LineReader;
use super::plan::Plan;
use super::seek::Seek;
use super::shape::Shape;
use super::table::TableReader;
use super::{ReadError, Warning};
use std::io::Read;

/// Reads leads, batch by batch.
pub struct LeadReader {
    records: RecordReader,
    warnings: Vec<Warning>,
}

impl LeadReader {
    /// Opens input of a format, or of the one that its first byte tells: `[` and `{` are JSON, else it is a table.
    ///
    /// Errors: a table without the key's column or with two of one name that is read, UTF-16, Parquet or a spreadsheet,
    /// input that cannot be read.
    pub fn open(input: Box<dyn Read + Send>, format: Option<Format>, plan: &Plan<'_>) -> Result<LeadReader, ReadError> {
        let key = plan.schema.key.map(|id| plan.schema.field(id).from.whole.as_str());
        let (needed, numbered) = (key.as_slice(), key.is_none());
        let (records, warnings) = RecordReader::open(input, format, &plan.lead, needed, numbered)?;
        Ok(LeadReader { records, warnings })
    }

    /// What is odd about the file as a whole: columns that are read and are not there.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// From now on at least those records are given that may have a wanted key; what the others hold need not be right.
    pub fn sought(&mut self, seek: &Seek) {
        self.records.sought(seek);
    }

    /// The next records; none at the end.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        self.records.next_batch()
    }

    /// Gives a batch's memory back, to be used for another.
    pub fn recycle(&mut self, batch: Batch) {
        self.records.recycle(batch);
    }
}

/// Cuts any input into batches of records.
pub(super) enum RecordReader {
    Lines(LineReader),
    Array(ArrayReader),
    Table(Box<TableReader>),
}

impl RecordReader {
    pub fn open(
        input: Box<dyn Read + Send>,
        format: Option<Format>,
        shape: &Shape,
        needed: &[&str],
        numbered: bool,
    ) -> Result<(RecordReader, Vec<Warning>), ReadError> {
        let source = Source::open(input)?;
        let head = source.head();
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let first = head.iter().find(|byte| !blank(byte)).copied();
        let mut warnings = Vec::new();
        if first.is_none() {
            warnings.push(Warning { message: "the file is empty".to_owned(), help: None });
        }
        let records = match (format, first) {
            (Some(Format::Csv), _) | (None, Some(_)) if !json(format, first) => {
                let table = TableReader::open(source, shape, needed, &mut warnings)?;
                RecordReader::Table(Box::new(table))
            }
            (Some(Format::Ndjson), _) | (_, None) => RecordReader::Lines(LineReader::new(source, numbered)),
            (_, Some(b'[')) => RecordReader::Array(ArrayReader::new(source, true)),
            _ if spread_out(head) => RecordReader::Array(ArrayReader::new(source, false)),
            _ => RecordReader::Lines(LineReader::new(source, numbered)),
        };
        Ok((records, warnings))
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        match self {
            RecordReader::Lines(lines) => lines.next_batch(),
            RecordReader::Array(array) => array.next_batch(),
            RecordReader::Table(table) => table.next_batch(),
        }
    }

    pub fn sought(&mut self, seek: &Seek) {
        if let RecordReader::Table(table) = self {
            table.sought(seek);
        }
    }

    pub fn recycle(&mut self, batch: Batch) {
        if let (RecordReader::Lines(lines), Content::Lines(bytes)) = (self, batch.content) {
            lines.recycle(bytes);
        }
    }
}

fn json(format: Option<Format>, first: Option<u8>) -> bool {
    format != Some(Format::Csv) && (format.is_some() || matches!(first, Some(b'[' | b'{')))
}

/// Whether JSON that begins with an object is written over several lines, not a record a line: its first line does not
/// end with `}`, and its second does not begin with `{`.
fn spread_out(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().is_some_and(|line| !line.ends_with(b"}"));
    first && lines.next().is_some_and(|line| !line.starts_with(b"{"))
}
