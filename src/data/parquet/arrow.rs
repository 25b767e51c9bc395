//! Arrow IPC: files (Feather) by what their footer tells, streams from their beginning; record batch by record batch.

use super::layout::Layout;
use super::open::{damaged, guarded};
use super::{Columns, spooled};
use crate::data::batch::{Batch, Content, Position};
use crate::data::input::Source;
use crate::data::shape::Shape;
use crate::data::{ReadError, Warning};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{FileReader, FileReaderBuilder, StreamDecoder};
use arrow_schema::SchemaRef;
use std::fs::File;
use std::io::BufReader;

/// How a file begins, and ends.
pub(super) const MAGIC: &[u8] = b"ARROW1";
/// How a stream begins.
const CONTINUATION: &[u8] = &[0xff; 4];
/// How files of the format before this one begin.
const FIRST_FEATHER: &[u8] = b"FEA1";
/// So many bytes of a stream are read at once.
const CHUNK: usize = 1 << 20;

/// Whether bytes begin an Arrow file or stream.
pub(in crate::data) fn begins(head: &[u8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(CONTINUATION) || head.starts_with(FIRST_FEATHER)
}

/// Reads record batches.
pub(in crate::data) struct ArrowReader {
    rows: Rows,
    /// The number of the next row.
    next: u64,
}

enum Rows {
    File(Box<FileReader<BufReader<File>>>),
    Stream(Box<Stream>),
}

impl ArrowReader {
    /// Opens what comes byte by byte; a file in it is copied first. `needed` columns have to be there, others are warned of.
    pub fn open(
        source: Source,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<ArrowReader, ReadError> {
        let head = source.head();
        if head.starts_with(FIRST_FEATHER) {
            return Err(ReadError::new("the file is Feather of version 1, which nobody writes any more")
                .help("read it and write it again: Feather 2 is Arrow IPC"));
        }
        if head.starts_with(MAGIC) {
            let (head, rest) = source.parts();
            let file = spooled(&head, rest).map_err(|error| ReadError::io(&error, false, 0))?;
            return ArrowReader::file(file, shape, events, needed, warnings);
        }
        if !head.starts_with(CONTINUATION) {
            return Err(ReadError::new("the file is not Arrow IPC: it does not begin with `ARROW1`")
                .help("give the file the ending of what it is, such as .csv or .parquet"));
        }
        let (stream, schema) = Stream::open(source)?;
        check(&schema, shape, events, needed, warnings)?;
        Ok(ArrowReader { rows: Rows::Stream(Box::new(stream)), next: 1 })
    }

    /// Opens a file, of which only the columns that are read are decoded.
    pub fn file(
        file: File,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<ArrowReader, ReadError> {
        let again = file.try_clone().map_err(|error| ReadError::io(&error, false, 0))?;
        let opened = |file: File, columns: Option<Vec<usize>>| {
            let builder = FileReaderBuilder::new();
            let builder = match columns {
                Some(columns) => builder.with_projection(columns),
                None => builder,
            };
            guarded(|| builder.build(BufReader::new(file))).map_err(|error| broken(1, &error))
        };
        let schema = opened(file, None)?.schema();
        check(&schema, shape, events, needed, warnings)?;
        let reads = |name: &str| {
            let target = shape.target_of(0, name);
            target.is_some_and(|target| {
                target.slot.is_some() || target.child.is_some() || target.list.is_some() && events.is_some()
            })
        };
        let columns = schema.fields().iter().enumerate().filter(|(_, field)| reads(field.name()));
        let columns = columns.map(|(place, _)| place).collect();
        Ok(ArrowReader { rows: Rows::File(Box::new(opened(again, Some(columns))?)), next: 1 })
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        let rows = match &mut self.rows {
            Rows::File(file) => guarded(|| file.next().transpose()).map_err(|error| broken(self.next, &error))?,
            Rows::Stream(stream) => stream.next(self.next)?,
        };
        Ok(rows.map(|rows| {
            let first = self.next;
            self.next += rows.num_rows() as u64;
            let content = Content::Columns(Columns::of(rows));
            Batch { content, first: Position { line: first, number: first } }
        }))
    }
}

fn check(
    schema: &SchemaRef,
    shape: &Shape,
    events: Option<&Shape>,
    needed: &[&str],
    warnings: &mut Vec<Warning>,
) -> Result<(), ReadError> {
    Layout::of(schema.fields(), shape, events).check(schema.fields(), shape, needed, warnings)
}

fn broken(next: u64, error: &str) -> ReadError {
    let place = if next == 1 { String::new() } else { format!(" after row {}", next - 1) };
    damaged(&format!("the Arrow file is cut off or damaged{place}"), error)
}

/// A stream, which is read as it comes.
struct Stream {
    source: Source,
    decoder: StreamDecoder,
    /// What was read and not yet decoded.
    rest: Buffer,
    ended: bool,
}

impl Stream {
    /// Reads on to the first record batch: a stream and its columns.
    fn open(source: Source) -> Result<(Stream, SchemaRef), ReadError> {
        let rest = Buffer::from_vec(Vec::<u8>::new());
        let mut stream = Stream { source, decoder: StreamDecoder::new(), rest, ended: false };
        while stream.fill()? > 0 {
            // The decoder stops for nothing but a record batch, and the first must not be lost: byte by byte.
            while !stream.rest.is_empty() {
                let mut byte = stream.rest.slice_with_length(0, 1);
                guarded(|| stream.decoder.decode(&mut byte)).map_err(|error| broken(1, &error))?;
                stream.rest.advance(1);
                if let Some(schema) = stream.decoder.schema() {
                    return Ok((stream, schema));
                }
            }
        }
        Err(broken(1, "it ends before its columns are told"))
    }

    /// Reads more; how much, 0 at the end.
    fn fill(&mut self) -> Result<usize, ReadError> {
        let mut bytes = Vec::with_capacity(CHUNK + 64);
        let packed = self.source.packed();
        let read = self.source.read(&mut bytes, CHUNK).map_err(|error| ReadError::io(&error, packed, 0))?;
        self.rest = Buffer::from_vec(bytes);
        Ok(read)
    }

    /// The next record batch, which begins with the row `next`.
    fn next(&mut self, next: u64) -> Result<Option<RecordBatch>, ReadError> {
        while !self.ended {
            match guarded(|| self.decoder.decode(&mut self.rest)) {
                Ok(Some(rows)) => return Ok(Some(rows)),
                Ok(None) => self.ended = self.fill()? == 0,
                // What the decoder does not take behind the end is no part of a record batch.
                Err(error) => {
                    let error = if self.decoder.finish().is_ok() { "there is more behind its end" } else { &error };
                    return Err(broken(next, error));
                }
            }
        }
        // A stream may end without telling so, but not within anything.
        guarded(|| self.decoder.finish()).map_err(|error| broken(next, &error))?;
        Ok(None)
    }
}
