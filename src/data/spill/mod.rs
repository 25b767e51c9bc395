//! Events of a second file in any order that do not fit into memory: parted by their lead's key in a temporary file, and
//! joined to the leads part by part.
//!
//! The events are read once and written into parts. The leads are read twice: first their keys, into the same parts.
//! Then each part is taken into memory, and what each lead has is written in the order of the leads; with the second
//! reading all parts are merged, so that every batch of leads gets its events.

mod blocks;
mod join;
mod record;

pub use join::{JoinedEvents, LeadProblems};

use super::events::Decoded;
use super::plan::Plan;
use super::store::EventCounts;
use super::{Batch, LeadReader, ReadError, Warning};
use crate::model::Problem;
use blocks::BlockWriter;
use bumpalo::Bump;
use record::Writer;
use std::hash::BuildHasher;

/// How many parts there are.
const PARTS: usize = 256;

/// Events that are written to a temporary file as they are read.
pub struct SpilledEvents {
    events: BlockWriter,
    leads: BlockWriter,
    /// How many leads with a key have been read.
    keys: u64,
    record: Writer,
    memory: usize,
    counts: EventCounts,
    warnings: Vec<Warning>,
}

/// What stands first in a record of a part.
const ROW: u8 = 0;
/// A row with an event.
const EVENT: u8 = 1;
/// How many rows of a lead were read before it came to this.
const ROWS: u8 = 2;
/// An event of these.
const EARLIER: u8 = 3;

/// The part of a key, at a depth of parting.
fn part(key: &str, depth: u64) -> usize {
    let hasher = foldhash::fast::FixedState::with_seed(0x5eed_0000 + depth);
    (hasher.hash_one(key) >> 56) as usize % PARTS
}

/// What went wrong with a temporary file.
#[cold]
fn failed(error: &std::io::Error) -> ReadError {
    let folder = std::env::temp_dir();
    let message = format!(
        "the events need more memory than --memory allows, and their temporary file in `{}` fails: {error}",
        folder.display()
    );
    ReadError::new(message).help(
        "let TMPDIR name a folder with room for twice the events, allow more memory, or sort both files by the key and \
         give --sorted",
    )
}

impl SpilledEvents {
    pub(super) fn new(memory: usize) -> Result<SpilledEvents, ReadError> {
        // Of 256 parts, and as many again of keys, one block each is in memory.
        let block = (memory / (PARTS * 8)).clamp(1 << 8, 1 << 16);
        let writer = || BlockWriter::new(PARTS, block).map_err(|error| failed(&error));
        let (events, leads) = (writer()?, writer()?);
        Ok(SpilledEvents {
            events,
            leads,
            keys: 0,
            record: Writer::default(),
            memory,
            counts: EventCounts::default(),
            warnings: Vec::new(),
        })
    }

    /// A record of the file, with its event, if it has one that is read, and what is wrong with it.
    pub(super) fn row(
        &mut self,
        (number, line): (u64, u64),
        key: &str,
        event: Option<&Decoded<'_>>,
        problems: &[Problem],
        plan: &Plan<'_>,
    ) -> Result<(), ReadError> {
        self.begin(if event.is_some() { EVENT } else { ROW }, key, number);
        if let Some(event) = event {
            self.record.event(plan, event);
        }
        if !problems.is_empty() {
            self.record.number(line);
            problems.iter().for_each(|problem| self.record.problem(problem));
        }
        self.end(key)
    }

    /// So many rows of a lead have been read already.
    pub(super) fn rows(&mut self, key: &str, number: u64, rows: u32) -> Result<(), ReadError> {
        self.begin(ROWS, key, number);
        self.record.number(u64::from(rows));
        self.end(key)
    }

    /// An event that has been read already.
    pub(super) fn earlier(
        &mut self,
        key: &str,
        index: u32,
        event: &Decoded<'_>,
        plan: &Plan<'_>,
    ) -> Result<(), ReadError> {
        self.begin(EARLIER, key, 0);
        self.record.number(u64::from(index));
        self.record.event(plan, event);
        self.end(key)
    }

    fn begin(&mut self, kind: u8, key: &str, number: u64) {
        self.record.0.clear();
        self.record.0.push(kind);
        self.record.text(key);
        self.record.number(number);
    }

    fn end(&mut self, key: &str) -> Result<(), ReadError> {
        self.events.record(part(key, 0), &self.record.0).map_err(|error| failed(&error))
    }

    /// All of the file has been read.
    pub(super) fn read(&mut self, counts: EventCounts, warnings: Vec<Warning>) {
        (self.counts, self.warnings) = (counts, warnings);
    }

    /// Columns that are read and are not there.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Reads the keys of all leads.
    pub fn leads(&mut self, reader: &mut LeadReader, plan: &Plan<'_>) -> Result<(), ReadError> {
        let mut bump = Bump::new();
        while let Some(batch) = reader.next_batch()? {
            self.batch(&batch, plan, &bump)?;
            bump.reset();
            reader.recycle(batch);
        }
        reader.check()
    }

    fn batch(&mut self, batch: &Batch, plan: &Plan<'_>, bump: &Bump) -> Result<(), ReadError> {
        let mut result = Ok(());
        batch.keys(plan, bump, &mut |key| {
            self.record.0.clear();
            self.record.number(self.keys);
            self.record.text(key);
            self.keys += 1;
            if result.is_ok() {
                result = self.leads.record(part(key, 0), &self.record.0);
            }
        });
        result.map_err(|error| failed(&error))
    }
}
