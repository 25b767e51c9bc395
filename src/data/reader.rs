//! Leads from any input.

use super::array::ArrayReader;
use super::batch::{Batch, Content};
use super::input::{Format, Source};
use super::lines::LineReader;
use super::parquet::{self, ArrowReader, ColumnReader};
use super::plan::Plan;
use super::seek::Seek;
use super::shape::Shape;
use super::table::TableReader;
use super::{ReadError, Warning};
use std::fs::File;
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
        let (records, warnings) =
            RecordReader::open(input, format, &plan.lead, plan.events_inside(), needed, numbered)?;
        Ok(LeadReader { records, warnings })
    }

    /// Opens a file of Parquet or Arrow, whose columns are read where they stand.
    ///
    /// Errors: as [`LeadReader::open`], and a file that is cut off or damaged.
    pub fn open_columns(file: File, plan: &Plan<'_>) -> Result<LeadReader, ReadError> {
        let key = plan.schema.key.map(|id| plan.schema.field(id).from.whole.as_str());
        let (records, warnings) = RecordReader::columns(file, &plan.lead, plan.events_inside(), key.as_slice())?;
        Ok(LeadReader { records, warnings })
    }

    /// Cuts what follows into larger batches where that lets more of the work be done by those who decode them: of
    /// Parquet whole row groups. What goes wrong in them is told by [`LeadReader::next_batch`], and, after the last
    /// batch, by [`LeadReader::check`].
    pub fn spread(&mut self) {
        if let RecordReader::Columns(columns) = &mut self.records {
            columns.spread();
        }
    }

    /// Whether all batches that were decoded could be.
    pub fn check(&self) -> Result<(), ReadError> {
        match &self.records {
            RecordReader::Columns(columns) => columns.check(),
            _ => Ok(()),
        }
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
    Columns(Box<ColumnReader>),
    Arrow(Box<ArrowReader>),
}

impl RecordReader {
    pub fn open(
        input: Box<dyn Read + Send>,
        format: Option<Format>,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
        numbered: bool,
    ) -> Result<(RecordReader, Vec<Warning>), ReadError> {
        let source = Source::open(input)?;
        let head = source.head();
        if format == Some(Format::Parquet) || head.starts_with(parquet::MAGIC) {
            let (head, rest) = source.parts();
            let file = parquet::spooled(&head, rest).map_err(|error| ReadError::io(&error, false, 0))?;
            return RecordReader::columns(file, shape, events, needed);
        }
        if format == Some(Format::Arrow) || parquet::begins_arrow(head) {
            let mut warnings = Vec::new();
            let arrow = ArrowReader::open(source, shape, events, needed, &mut warnings)?;
            return Ok((RecordReader::Arrow(Box::new(arrow)), warnings));
        }
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

    /// Reads a file of Parquet or Arrow.
    pub fn columns(
        mut file: File,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
    ) -> Result<(RecordReader, Vec<Warning>), ReadError> {
        let mut warnings = Vec::new();
        if parquet::is_arrow(&mut file).map_err(|error| ReadError::io(&error, false, 0))? {
            let arrow = ArrowReader::file(file, shape, events, needed, &mut warnings)?;
            return Ok((RecordReader::Arrow(Box::new(arrow)), warnings));
        }
        let columns = ColumnReader::open(file, shape, events, needed, &mut warnings)?;
        Ok((RecordReader::Columns(Box::new(columns)), warnings))
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        match self {
            RecordReader::Lines(lines) => lines.next_batch(),
            RecordReader::Array(array) => array.next_batch(),
            RecordReader::Table(table) => table.next_batch(),
            RecordReader::Columns(columns) => columns.next_batch(),
            RecordReader::Arrow(arrow) => arrow.next_batch(),
        }
    }

    pub fn sought(&mut self, seek: &Seek) {
        if let RecordReader::Table(table) = self {
            table.sought(seek);
        }
    }

    pub fn recycle(&mut self, batch: Batch) {
        match (self, batch.content) {
            (RecordReader::Lines(lines), Content::Lines(bytes)) => lines.recycle(bytes),
            (RecordReader::Table(table), Content::Plain(lines)) => table.recycle(lines),
            _ => {}
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
