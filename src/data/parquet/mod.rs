//! Parquet and Arrow IPC: leads and events in typed columns, of which only those that a plan reads are decoded.

mod arrow;
mod cell;
mod entries;
mod events;
mod layout;
mod leads;
mod open;
mod rows;
mod source;
mod write;

pub(super) use arrow::{ArrowReader, begins as begins_arrow};
pub(super) use entries::{Entries, Entry, Quick};
pub use events::EventEntry;
pub use leads::{FieldColumn, LeadColumns};
pub(super) use open::ColumnReader;
pub(super) use rows::{Bound, KnownValues};
pub use write::ColumnOutput;

use super::batch::{Handler, Position};
use super::plan::Plan;
use super::shape::Shape;
use arrow_array::RecordBatch;
use bumpalo::Bump;
use open::Opened;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::sync::{Arc, OnceLock};

/// How every file begins and ends.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows of a file: some that have been decoded, or a whole row group that will be when it is worked on.
#[derive(Debug)]
pub(super) struct Columns {
    /// The row group that they are of, where it is not decoded yet.
    group: Option<(Arc<Opened>, usize)>,
    batches: OnceLock<Vec<RecordBatch>>,
}

impl Columns {
    /// Rows that have been decoded.
    fn of(rows: RecordBatch) -> Columns {
        Columns { group: None, batches: OnceLock::from(vec![rows]) }
    }

    /// The rows. Where they cannot be decoded there are none, and the reader tells why.
    pub fn batches(&self) -> &[RecordBatch] {
        let decode = || self.group.as_ref().map_or_else(Vec::new, |(opened, group)| opened.decode(*group));
        self.batches.get_or_init(decode)
    }

    /// The rows as columns; none where something of them is not in order.
    pub fn leads<'a>(
        &'a self,
        plan: &Plan<'_>,
        mut at: Position,
        inside: bool,
        bump: &'a Bump,
    ) -> Option<Vec<LeadColumns<'a>>> {
        let mut parts = Vec::new();
        for batch in self.batches() {
            parts.push(LeadColumns::new(batch, plan, at, inside, bump)?);
            let rows = batch.num_rows() as u64;
            at = Position { line: at.line + rows, number: at.number + rows };
        }
        Some(parts)
    }

    /// Gives every row to a handler.
    pub fn records<'a>(
        &'a self,
        shape: &Shape,
        plan: Option<&Plan<'_>>,
        mut at: Position,
        bump: &'a Bump,
        handler: &mut impl Handler<'a>,
    ) {
        for batch in self.batches() {
            let rows = batch.num_rows();
            Bound::new(batch, shape, plan, bump).walk(rows, shape, at, bump, handler);
            at = Position { line: at.line + rows as u64, number: at.number + rows as u64 };
        }
    }
}

/// Whether a file is one of Arrow.
pub(super) fn is_arrow(file: &mut File) -> std::io::Result<bool> {
    Ok(head(file)? == arrow::MAGIC)
}

/// Whether a file is one of Parquet or Arrow, which are read at several places.
pub fn stands_in_columns(file: &mut File) -> std::io::Result<bool> {
    let head = head(file)?;
    Ok(head.starts_with(MAGIC) || head == arrow::MAGIC)
}

/// How a file begins, as far as that tells what it is.
fn head(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(arrow::MAGIC.len() as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head)
}

/// What a stream holds, as a file that can be read at any place.
pub(super) fn spooled(head: &[u8], mut rest: impl Read) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(head)?;
    std::io::copy(&mut rest, &mut file)?;
    file.rewind()?;
    Ok(file)
}
