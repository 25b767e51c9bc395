//! A file of Parquet that is being written, row group by row group.

use crate::data::Output;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::io::{Error, Result};

/// So many rows are held in memory before they are written.
const ROWS: usize = 1 << 16;

/// Writes batches of rows to an [`Output`].
pub struct ColumnOutput {
    writer: ArrowWriter<Output>,
}

impl ColumnOutput {
    /// Begins a file with these columns.
    pub fn new(output: Output, schema: SchemaRef) -> Result<ColumnOutput> {
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(ROWS))
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("qualify ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = ArrowWriter::try_new(output, schema, Some(properties)).map_err(plain)?;
        Ok(ColumnOutput { writer })
    }

    /// Adds rows.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        self.writer.write(rows).map_err(plain)
    }

    /// Ends the file and gives it its name.
    pub fn finish(self) -> Result<()> {
        self.writer.into_inner().map_err(plain)?.finish()
    }
}

/// What went wrong with the file itself is told as such.
fn plain(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => Error::other(other),
        },
        other => Error::other(other),
    }
}
