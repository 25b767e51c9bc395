//! Arrow IPC: files (Feather) and streams, read from their beginning, record batch by record batch.

use super::Columns;
use super::layout::Layout;
use super::open::{damaged, guarded};
use crate::data::batch::{Batch, Content, Position};
use crate::data::input::Source;
use crate::data::shape::Shape;
use crate::data::{ReadError, Warning};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::SchemaRef;

/// How a file begins, and ends; a stream stands between.
const MAGIC: &[u8] = b"ARROW1";
/// The beginning with what fills it up to eight bytes.
const HEAD: usize = 8;
/// How a stream begins.
const CONTINUATION: &[u8] = &[0xff; 4];
/// How files of the format before this one begin.
const FIRST_FEATHER: &[u8] = b"FEA1";
/// So many bytes are read at once.
const CHUNK: usize = 1 << 20;

/// Whether bytes begin an Arrow file or stream.
pub(in crate::data) fn begins(head: &[u8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(CONTINUATION) || head.starts_with(FIRST_FEATHER)
}

/// Reads record batches.
pub(in crate::data) struct ArrowReader {
    source: Source,
    decoder: StreamDecoder,
    /// What was read and not yet decoded.
    rest: Buffer,
    /// Whether it is a file, which has an end of its own.
    file: bool,
    ended: bool,
    next: u64,
}

impl ArrowReader {
    /// Opens a file or a stream. `needed` columns have to be there, others are warned of.
    pub fn open(
        source: Source,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<ArrowReader, ReadError> {
        if source.head().starts_with(FIRST_FEATHER) {
            return Err(ReadError::new("the file is Feather of version 1, which nobody writes any more")
                .help("read it and write it again: Feather 2 is Arrow IPC"));
        }
        let file = source.head().starts_with(MAGIC);
        if !file && !source.head().starts_with(CONTINUATION) {
            return Err(ReadError::new("the file is not Arrow IPC: it does not begin with `ARROW1`")
                .help("give the file the ending of what it is, such as .csv or .parquet"));
        }
        let decoder = StreamDecoder::new();
        let rest = Buffer::from_vec(Vec::<u8>::new());
        let mut reader = ArrowReader { source, decoder, rest, file, ended: false, next: 1 };
        reader.fill()?;
        if file {
            // Writers fill up to a boundary of their own.
            let zeros = reader.rest.chunks_exact(4).skip(HEAD / 4).take_while(|word| *word == [0; 4]).count();
            reader.rest.advance((HEAD + zeros * 4).min(reader.rest.len()));
        }
        let schema = reader.schema()?;
        let fields = schema.fields();
        Layout::of(fields, shape, events).check(fields, shape, needed, warnings)?;
        Ok(reader)
    }

    /// What stands before the first record batch.
    fn schema(&mut self) -> Result<SchemaRef, ReadError> {
        loop {
            // The decoder stops for nothing but a record batch, and this one must not be lost: a byte more at a time.
            while self.decoder.schema().is_none() && !self.rest.is_empty() {
                let mut byte = self.rest.slice_with_length(0, 1);
                let decoded = guarded(|| self.decoder.decode(&mut byte));
                decoded.map_err(|error| self.broken(&error))?;
                self.rest.advance(1);
            }
            if let Some(schema) = self.decoder.schema() {
                return Ok(schema);
            }
            if self.fill()? == 0 {
                return Err(self.broken("it ends before its columns are told"));
            }
        }
    }

    /// Reads more; how much, 0 at the end.
    fn fill(&mut self) -> Result<usize, ReadError> {
        let mut bytes = Vec::with_capacity(CHUNK + 64);
        let packed = self.source.packed();
        let read = self.source.read(&mut bytes, CHUNK).map_err(|error| ReadError::io(&error, packed, 0))?;
        self.rest = Buffer::from_vec(bytes);
        Ok(read)
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        while !self.ended {
            let decoded = guarded(|| self.decoder.decode(&mut self.rest));
            match decoded {
                Ok(Some(rows)) => return Ok(Some(self.batch(rows))),
                Ok(None) => {
                    if self.fill()? == 0 {
                        self.ended = true;
                        self.finish(false)?;
                    }
                }
                // Behind the stream's end stands what the decoder does not take.
                Err(error) => {
                    self.decoder.finish().map_err(|_| self.broken(&error))?;
                    self.ended = true;
                    self.finish(true)?;
                }
            }
        }
        Ok(None)
    }

    fn batch(&mut self, rows: RecordBatch) -> Batch {
        let first = self.next;
        self.next += rows.num_rows() as u64;
        let content = Content::Columns(Columns::of(rows));
        Batch { content, first: Position { line: first, number: first } }
    }

    /// At the end: whether all is there. A stream may end without telling so.
    fn finish(&mut self, told: bool) -> Result<(), ReadError> {
        guarded(|| self.decoder.finish()).map_err(|error| self.broken(&error))?;
        let mut last = Vec::new();
        while told {
            last.extend_from_slice(&self.rest);
            last.drain(..last.len().saturating_sub(MAGIC.len()));
            if self.fill()? == 0 {
                break;
            }
        }
        match (self.file, &last[..]) {
            (true, MAGIC) | (false, []) => Ok(()),
            (true, _) => Err(self.broken("it does not end as it begins")),
            (false, _) => Err(self.broken("there is more behind its end")),
        }
    }

    fn broken(&self, error: &str) -> ReadError {
        let place = match self.next {
            1 => String::new(),
            next => format!(" after row {}", next - 1),
        };
        damaged(&format!("the Arrow file is cut off or damaged{place}"), error)
    }
}
