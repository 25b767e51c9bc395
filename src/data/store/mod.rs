//! The events of a second file, in memory, joined to leads on their key.

mod find;
mod pack;

pub use find::{Cursor, Held};
pub(super) use find::{Expected, Place};
pub use pack::Stored;

use super::events::Decoded;
use super::input::Format;
use super::plan::Plan;
use super::reader::RecordReader;
use super::seek::Seek;
use super::spill::SpilledEvents;
use super::taking::Taking;
use super::texts::Texts;
use super::{ReadError, Warning};
use crate::model::{Event, Problem, Reject};
use bumpalo::Bump;
use pack::Packed;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The events of a second file: typed values and each text once, some 40 bytes an event.
#[derive(Debug)]
pub struct EventStore {
    /// Of leads; a lead's number is its key's place.
    keys: Texts,
    texts: Texts,
    /// The spelling of each declared type, among the texts.
    spellings: Vec<u32>,
    /// By lead, then by time, then as they stand in the file.
    events: Vec<Stored>,
    /// Where each lead's events begin in `events`, and where the last one's end.
    starts: Vec<u32>,
    values: Vec<Packed>,
    /// How many rows each lead has, those that were left out too.
    rows: Vec<u32>,
    asked: Vec<AtomicBool>,
    counts: EventCounts,
    warnings: Vec<Warning>,
    /// Stores that hold the events of a lead together, in the order of the file.
    parts: Vec<Arc<EventStore>>,
    /// The leads that will be asked for, in their order, and where their events are.
    expected: Expected,
    /// Records without a lead in stores that are gone.
    passed: u64,
}

/// What was read of a file of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// All records.
    pub records: u64,
    /// Of them events that the policy reads.
    pub kept: u64,
    /// Records that are broken or have no key.
    pub rejected: u64,
    /// Events without a readable type or time.
    pub unreadable: u64,
}

/// Something wrong in a file of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventProblem {
    /// A value could not be read; of `type` and `at`: the event is left out.
    Value {
        /// The line of the file, from 1; of a JSON array the record's number.
        line: u64,
        /// The lead's key.
        key: String,
        /// The field, the value and what is wrong with it.
        problem: Problem,
    },
    /// A record is broken or has no key: it is left out.
    Reject(Reject),
}

impl EventStore {
    /// Reads a whole file of events. What is wrong with single records goes to `report`, in the file's order.
    ///
    /// Errors: the policy has no key, a table lacks the column of the key, the type or the time, or the input cannot be
    /// read.
    pub fn read(
        input: Box<dyn Read + Send>,
        format: Option<Format>,
        plan: &Plan<'_>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventStore, ReadError> {
        EventStore::read_sought(input, format, plan, None, report)
    }

    /// As [`EventStore::read`], holding only the events of leads that are looked for. What is counted and reported of
    /// others is not complete.
    pub fn read_sought(
        input: Box<dyn Read + Send>,
        format: Option<Format>,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventStore, ReadError> {
        Ok(EventStore::read_input(Input::Stream(input), format, plan, seek, None, report)?.0)
    }

    /// As [`EventStore::read`]: events that need more than so many bytes of memory are held on a disk.
    pub fn read_within(
        input: Input,
        format: Option<Format>,
        plan: &Plan<'_>,
        memory: usize,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventsHeld, ReadError> {
        Ok(match EventStore::read_input(input, format, plan, None, Some(memory), report)? {
            (_, Some(disk)) => EventsHeld::Disk(disk),
            (store, None) => EventsHeld::Memory(Box::new(store)),
        })
    }

    /// As [`EventStore::read_sought`], of a file of Parquet or Arrow, whose columns are read where they stand.
    pub fn read_columns(
        file: File,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventStore, ReadError> {
        Ok(EventStore::read_input(Input::Columns(file), Some(Format::Parquet), plan, seek, None, report)?.0)
    }

    /// Reads a file into memory, or where there is a bound, and it is reached, onto a disk.
    fn read_input(
        input: Input,
        format: Option<Format>,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        memory: Option<usize>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<(EventStore, Option<Box<SpilledEvents>>), ReadError> {
        let (mut records, warnings, key) = EventStore::open(input, format, plan)?;
        if let Some(seek) = seek {
            records.sought(seek);
        }
        let mut store = EventStore { warnings, ..EventStore::empty(plan) };
        let mut bump = Bump::new();
        let taking = Taking { plan, seek, key: &key };
        let mut disk: Option<Box<SpilledEvents>> = None;
        while let Some(batch) = records.next_batch()? {
            store.take(&batch, &taking, disk.as_deref_mut(), &bump, report)?;
            bump.reset();
            records.recycle(batch);
            // While it grows, a store takes up to twice its size.
            if disk.is_none()
                && let Some(memory) = memory
                && store.size() > memory / 2
            {
                let mut spilled = Box::new(SpilledEvents::new(memory)?);
                store.unload(plan, &mut spilled)?;
                disk = Some(spilled);
            }
        }
        if let Some(disk) = &mut disk {
            disk.read(store.counts, std::mem::take(&mut store.warnings));
        }
        store.finish();
        store.events.shrink_to_fit();
        store.values.shrink_to_fit();
        Ok((store, disk))
    }

    /// Opens a file of events: its records, what is odd about it, and the name of the key.
    pub(super) fn open(
        input: Input,
        format: Option<Format>,
        plan: &Plan<'_>,
    ) -> Result<(RecordReader, Vec<Warning>, String), ReadError> {
        let Some(key) = plan.event_key() else {
            let help = "mark the field that both files share: `id text key`";
            return Err(ReadError::new("events of a second file need a key, and no lead field is one").help(help));
        };
        let source = &plan.schema.event_source;
        let needed = [key.whole.as_str(), source.ty.whole.as_str(), source.at.whole.as_str()];
        let shape = &plan.file.shape;
        let (records, warnings) = match input {
            Input::Stream(input) => RecordReader::open(input, format, shape, None, &needed, false)?,
            Input::Columns(file) => RecordReader::columns(file, shape, None, &needed)?,
        };
        Ok((records, warnings, key.whole.clone()))
    }

    /// A store that holds nothing.
    pub(super) fn empty(plan: &Plan<'_>) -> EventStore {
        let mut store = EventStore {
            keys: Texts::default(),
            texts: Texts::default(),
            spellings: Vec::new(),
            events: Vec::new(),
            starts: Vec::new(),
            values: Vec::new(),
            rows: Vec::new(),
            asked: Vec::new(),
            counts: EventCounts::default(),
            warnings: Vec::new(),
            parts: Vec::new(),
            expected: Expected::default(),
            passed: 0,
        };
        store.spellings = plan.schema.events.iter().map(|ty| store.texts.add(&ty.from)).collect();
        store
    }

    /// Makes room for about as much as another holds.
    pub(super) fn make_room(&mut self, other: &EventStore) {
        self.keys.make_room(&other.keys);
        self.events.reserve(other.events.len() + other.events.len() / 8);
        self.values.reserve(other.values.len() + other.values.len() / 8);
        self.rows.reserve(other.rows.len() + other.rows.len() / 8);
    }

    /// The number of a lead.
    pub(super) fn lead(&mut self, key: &str) -> u32 {
        self.keys.add(key)
    }

    /// How many leads there are.
    pub(super) fn leads(&self) -> u32 {
        self.keys.len() as u32
    }

    /// Counts rows of a lead; how many it had before.
    pub(super) fn add_rows(&mut self, lead: u32, more: u32) -> u32 {
        if self.rows.len() <= lead as usize {
            self.rows.resize(lead as usize + 1, 0);
        }
        let Some(rows) = self.rows.get_mut(lead as usize) else { return 0 };
        let before = *rows;
        *rows = before.saturating_add(more);
        before
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        self.events.capacity() * size_of::<Stored>()
            + self.values.capacity() * size_of::<Packed>()
            + self.rows.capacity() * size_of::<u32>()
            + self.keys.size()
            + self.texts.size()
    }

    /// Moves all that is in memory to a disk; the counts stay.
    fn unload(&mut self, plan: &Plan<'_>, disk: &mut SpilledEvents) -> Result<(), ReadError> {
        let mut bump = Bump::new();
        for lead in 0..self.leads() {
            let rows = self.rows.get(lead as usize).copied().unwrap_or(0);
            disk.rows(self.keys.get(lead), u64::from(lead), rows)?;
        }
        for stored in &self.events {
            let Event { at, ty, spelling, fields, index } = self.event(stored, plan, &bump);
            disk.earlier(self.keys.get(stored.lead), index, &Decoded { at, ty, spelling, fields }, plan)?;
            bump.reset();
        }
        let (counts, warnings) = (self.counts, std::mem::take(&mut self.warnings));
        *self = EventStore { counts, warnings, ..EventStore::empty(plan) };
        Ok(())
    }

    /// From here on holds only counts, and some keys of leads that are not there.
    pub(super) fn left<'k>(&mut self, counts: EventCounts, orphans: u64, keys: impl Iterator<Item = &'k str>) {
        (self.counts, self.passed) = (counts, orphans);
        for key in keys {
            self.keys.add(key);
        }
        self.rows.resize(self.keys.len(), 0);
        self.asked.resize_with(self.keys.len(), AtomicBool::default);
    }

    /// How many records were read.
    pub(super) fn records(&self) -> u64 {
        self.counts.records
    }

    pub(super) fn counts_mut(&mut self) -> &mut EventCounts {
        &mut self.counts
    }

    /// The last keys, as they first stand in the file.
    pub(super) fn last_keys(&self, count: usize) -> impl Iterator<Item = &str> {
        (self.keys.len().saturating_sub(count)..self.keys.len()).map(|lead| self.keys.get(lead as u32))
    }

    /// Keeps of a store that is left behind its counts and some keys of leads that were not found.
    pub(super) fn pass(&mut self, store: &EventStore) {
        self.counts.records += store.counts.records;
        self.counts.kept += store.counts.kept;
        self.counts.rejected += store.counts.rejected;
        self.counts.unreadable += store.counts.unreadable;
        self.passed += store.orphans();
        for key in store.orphan_keys() {
            if self.keys.len() >= 8 {
                break;
            }
            self.keys.add(key);
        }
        self.rows.resize(self.keys.len(), 0);
        self.asked.resize_with(self.keys.len(), AtomicBool::default);
    }

    pub(super) fn finish(&mut self) {
        self.sort();
        self.starts = vec![0; self.keys.len() + 1];
        for event in &self.events {
            if let Some(count) = self.starts.get_mut(event.lead as usize + 1) {
                *count += 1;
            }
        }
        for lead in 1..self.starts.len() {
            self.starts[lead] += self.starts[lead - 1];
        }
        self.asked.resize_with(self.keys.len(), AtomicBool::default);
    }

    /// What was read.
    pub fn counts(&self) -> EventCounts {
        self.counts
    }

    /// Columns that are read and are not there.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Records whose lead no decoded batch has held. Known when all leads have been read.
    pub fn orphans(&self) -> u64 {
        let unasked = self.asked.iter().zip(&self.rows).filter(|(asked, _)| !asked.load(Ordering::Relaxed));
        unasked.map(|(_, rows)| u64::from(*rows)).sum::<u64>() + self.passed
    }

    /// Some keys of leads that only the events name, as they first stand in the file.
    pub fn orphan_keys(&self) -> impl Iterator<Item = &str> {
        let unasked = self.asked.iter().enumerate().filter(|(_, asked)| !asked.load(Ordering::Relaxed));
        unasked.map(|(lead, _)| self.keys.get(lead as u32))
    }
}

/// The events of a second file, where they had room.
pub enum EventsHeld {
    /// In memory.
    Memory(Box<EventStore>),
    /// On a disk, to be joined to the leads.
    Disk(Box<SpilledEvents>),
}

/// Where events come from.
pub enum Input {
    /// Bytes of any format.
    Stream(Box<dyn Read + Send>),
    /// A file of Parquet.
    Columns(File),
}
