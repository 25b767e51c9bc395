//! Opening a file of Parquet and reading its row groups.

use super::Columns;
use super::layout::Layout;
use super::source::Shared;
use crate::data::batch::{Batch, Content, Position};
use crate::data::shape::Shape;
use crate::data::{ReadError, Warning};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;
use std::collections::HashMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock};

/// Rows that are read at once.
const ROWS: usize = 8192;
/// Row groups with more bytes to read, unpacked, are not decoded at a time, so that memory stays bounded.
const MOST_BYTES: i64 = 64 << 20;

/// An open file: what is read of it, and how.
#[derive(Debug)]
pub(in crate::data) struct Opened {
    file: Shared,
    metadata: ArrowReaderMetadata,
    layout: Layout,
    mask: ProjectionMask,
    /// By the columns whose dictionaries are kept: they may differ from row group to row group.
    readers: Mutex<HashMap<Vec<usize>, ArrowReaderMetadata>>,
    /// What went wrong while a batch was decoded.
    failure: Mutex<Option<ReadError>>,
    /// The number of the first row of each row group, from 1.
    firsts: Vec<u64>,
}

impl Opened {
    fn new(file: File, shape: &Shape, events: Option<&Shape>) -> Result<Opened, ReadError> {
        let file = Shared::new(file).map_err(|error| ReadError::io(&error, false, 0))?;
        match file.get_bytes(0, 4).as_deref() {
            Ok(b"PAR1") => {}
            Ok(b"PARE") => {
                return Err(ReadError::new("the Parquet file is encrypted").help("write it without encryption"));
            }
            _ => {
                let help = "give the file the ending of what it is, such as .csv or .ndjson";
                return Err(ReadError::new("the file is not Parquet: it does not begin with `PAR1`").help(help));
            }
        }
        let load = |options: ArrowReaderOptions| guarded(|| ArrowReaderMetadata::load(&file, options));
        let metadata = load(ArrowReaderOptions::new())
            // What a writer says of its own types may be broken, and the file be whole.
            .or_else(|error| load(ArrowReaderOptions::new().with_skip_arrow_metadata(true)).map_err(|_| error))
            .map_err(|error| damaged("the Parquet file is cut off or damaged: its footer cannot be read", &error))?;
        let layout = Layout::of(metadata.schema().fields(), shape, events);
        let mask = ProjectionMask::leaves(metadata.parquet_schema(), layout.leaves.iter().copied());
        let mut next: u64 = 1;
        let mut firsts = Vec::new();
        for group in metadata.metadata().row_groups() {
            firsts.push(next);
            let rows = u64::try_from(group.num_rows()).ok().and_then(|rows| next.checked_add(rows));
            let Some(end) = rows.filter(|_| group.num_columns() == metadata.parquet_schema().num_columns()) else {
                return Err(damaged("the Parquet file is damaged: its row groups cannot be read", "wrong counts"));
            };
            next = end;
        }
        let (readers, failure) = (Mutex::default(), Mutex::default());
        Ok(Opened { file, metadata, layout, mask, readers, failure, firsts })
    }

    fn groups(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    /// Reads the columns of a row group.
    fn reader(&self, group: usize) -> Result<ParquetRecordBatchReader, ReadError> {
        let metadata = self.keeping(self.dictionaries(group));
        guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), metadata)
                .with_projection(self.mask.clone())
                .with_row_groups(vec![group])
                .with_batch_size(ROWS)
                .build()
        })
        .map_err(|error| self.broken(group, &error))
    }

    /// The columns of text that a row group holds by dictionary alone.
    fn dictionaries(&self, group: usize) -> Vec<usize> {
        let group = self.groups().row_group(group);
        let by_code = |leaf: &usize| group.columns().get(*leaf).is_some_and(by_dictionary);
        self.layout.leaves.iter().copied().filter(by_code).collect()
    }

    /// How to read a row group so that these columns keep their dictionaries.
    fn keeping(&self, dictionaries: Vec<usize>) -> ArrowReaderMetadata {
        let Ok(mut readers) = self.readers.lock() else { return self.metadata.clone() };
        let known = readers.entry(dictionaries).or_insert_with_key(|dictionaries| {
            let mut leaf = 0;
            let fields = keep(self.metadata.schema().fields(), dictionaries, &mut leaf);
            let schema = Schema::new_with_metadata(fields, self.metadata.schema().metadata().clone());
            let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
            let metadata = Arc::clone(self.groups_shared());
            guarded(|| ArrowReaderMetadata::try_new(metadata, options)).unwrap_or_else(|_| self.metadata.clone())
        });
        known.clone()
    }

    fn groups_shared(&self) -> &Arc<ParquetMetaData> {
        self.metadata.metadata()
    }

    /// All rows of a row group. What goes wrong is kept, to be told by the reader.
    pub fn decode(&self, group: usize) -> Vec<RecordBatch> {
        let mut batches = Vec::new();
        let mut read = || {
            let mut reader = self.reader(group)?;
            while let Some(batch) = self.next(&mut reader, group)? {
                batches.push(batch);
            }
            self.whole(group, batches.iter().map(RecordBatch::num_rows).sum())
        };
        if let (Err(error), Ok(mut failure)) = (read(), self.failure.lock()) {
            failure.get_or_insert(error);
            batches.clear();
        }
        batches
    }

    fn next(&self, reader: &mut ParquetRecordBatchReader, group: usize) -> Result<Option<RecordBatch>, ReadError> {
        guarded(|| reader.next().transpose()).map_err(|error| self.broken(group, &error))
    }

    /// Whether a row group gave all rows that it declares.
    fn whole(&self, group: usize, rows: usize) -> Result<(), ReadError> {
        let declared = self.groups().row_group(group).num_rows();
        if i64::try_from(rows) == Ok(declared) {
            return Ok(());
        }
        Err(self.broken(group, &format!("it declares {declared} rows and holds {rows}")))
    }

    fn broken(&self, group: usize, error: &str) -> ReadError {
        let first = self.firsts.get(group).copied().unwrap_or(1);
        let rows = self.groups().row_group(group).num_rows().unsigned_abs();
        let place = format!("row group {} (rows {first} to {})", group + 1, (first + rows).saturating_sub(1));
        damaged(&format!("the Parquet file is damaged in {place}"), error)
    }
}

pub(super) fn damaged(what: &str, error: &str) -> ReadError {
    ReadError::new(format!("{what} ({error})")).help("fetch or write the file again")
}

/// Runs what reads a file that may be broken in any way. The decoder's own mistakes on such files are errors as well.
pub(super) fn guarded<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("its pages contradict each other".to_owned()),
    }
}

/// Whether all pages of a column chunk are codes of one dictionary.
fn by_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    chunk.dictionary_page_offset().is_some()
        && chunk.page_encoding_stats_mask().is_none_or(|mask| {
            [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY].iter().any(|encoding| mask.is_only(*encoding))
        })
}

/// The columns with text as codes where the dictionary is kept, as plain text elsewhere.
fn keep(fields: &Fields, dictionaries: &[usize], leaf: &mut usize) -> Fields {
    fields.iter().map(|field| Arc::new(kept(field, dictionaries, leaf))).collect()
}

fn kept(field: &Field, dictionaries: &[usize], leaf: &mut usize) -> Field {
    let mut inner = |item: &Arc<Field>| Arc::new(kept(item, dictionaries, leaf));
    let ty = match field.data_type() {
        DataType::Struct(fields) => DataType::Struct(keep(fields, dictionaries, leaf)),
        DataType::List(item) => DataType::List(inner(item)),
        DataType::LargeList(item) => DataType::LargeList(inner(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(inner(item), *size),
        DataType::Map(item, sorted) => DataType::Map(inner(item), *sorted),
        ty => {
            let keep = dictionaries.contains(leaf);
            *leaf += 1;
            plain_text(ty, keep)
        }
    };
    field.clone().with_data_type(ty)
}

/// Text as codes or plain; other types as they are.
fn plain_text(ty: &DataType, keep: bool) -> DataType {
    let text = match ty {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    };
    match text {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if keep => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        DataType::Utf8View => DataType::Utf8,
        other => other.clone(),
    }
}

/// Reads a file of Parquet, row group by row group.
pub(in crate::data) struct ColumnReader {
    opened: Arc<Opened>,
    group: usize,
    reader: Option<ParquetRecordBatchReader>,
    /// Rows of the row group at hand that have been given out.
    given: usize,
    /// Whether batches are whole row groups, decoded where they are worked on.
    spread: bool,
}

impl ColumnReader {
    /// Opens a file. `needed` columns have to be there, others are warned of.
    pub fn open(
        file: File,
        shape: &Shape,
        events: Option<&Shape>,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<ColumnReader, ReadError> {
        let opened = Opened::new(file, shape, events)?;
        opened.layout.check(opened.metadata.schema().fields(), shape, needed, warnings)?;
        Ok(ColumnReader { opened: Arc::new(opened), group: 0, reader: None, given: 0, spread: false })
    }

    /// From here on batches are whole row groups, which are decoded when they are worked on, unless one is too large.
    pub fn spread(&mut self) {
        let opened = &self.opened;
        self.spread = opened.groups().row_groups().iter().all(|group| {
            let leaves = opened.layout.leaves.iter().filter_map(|leaf| group.columns().get(*leaf));
            leaves.fold(0i64, |sum, leaf| sum.saturating_add(leaf.uncompressed_size())) <= MOST_BYTES
        });
    }

    /// What went wrong in batches that were decoded elsewhere.
    pub fn check(&self) -> Result<(), ReadError> {
        match self.opened.failure.lock().ok().and_then(|failure| failure.clone()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        self.check()?;
        while self.group < self.opened.groups().num_row_groups() {
            if self.spread {
                self.group += 1;
                let group = Some((Arc::clone(&self.opened), self.group - 1));
                return Ok(Some(self.batch(self.group - 1, 0, Columns { group, batches: OnceLock::new() })));
            }
            let mut reader = match self.reader.take() {
                Some(reader) => reader,
                None => self.opened.reader(self.group)?,
            };
            if let Some(rows) = self.opened.next(&mut reader, self.group)? {
                self.reader = Some(reader);
                let given = self.given;
                self.given += rows.num_rows();
                return Ok(Some(self.batch(self.group, given, Columns::of(rows))));
            }
            self.opened.whole(self.group, self.given)?;
            (self.group, self.given) = (self.group + 1, 0);
        }
        Ok(None)
    }

    fn batch(&self, group: usize, given: usize, columns: Columns) -> Batch {
        let first = self.opened.firsts.get(group).copied().unwrap_or(1) + given as u64;
        Batch { content: Content::Columns(columns), first: Position { line: first, number: first } }
    }
}
