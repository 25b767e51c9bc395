//! The events of a second file, in memory, joined to leads on their key.

use super::events::Decoded;
use super::input::Format;
use super::plan::Plan;
use super::reader::RecordReader;
use super::seek::Seek;
use super::spill::SpilledEvents;
use super::taking::Taking;
use super::texts::Texts;
use super::{ReadError, Warning};
use crate::model::{Event, EventTypeId, Problem, Reject, Value};
use bumpalo::Bump;
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

/// An event as a store holds it.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    at: i64,
    lead: u32,
    index: u32,
    spelling: u32,
    /// Where its values begin: one for each field of its type that is read.
    values: u32,
    ty: Option<EventTypeId>,
}

#[derive(Clone, Copy, Debug)]
enum Packed {
    Plain(Small),
    Text(u32),
    /// Where its values begin, and how many they are.
    List(u32, u32),
}

/// A value without text in it.
#[derive(Clone, Copy, Debug)]
enum Small {
    Missing,
    Bool(bool),
    Int(i64),
    Number(i64),
    Money(i64),
    Date(i32),
    Time(i64),
    Choice(u16),
}

/// Most types have no more fields that are read.
const FEW: usize = 4;

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

    /// As [`EventStore::read_sought`], of a file of Parquet, whose columns are read where they stand.
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
            passed: 0,
        };
        store.spellings = plan.schema.events.iter().map(|ty| store.texts.add(&ty.from)).collect();
        store
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

    /// Keeps an event; whether there is room for its number.
    pub(super) fn add(&mut self, event: &Decoded<'_>, lead: u32, index: u32, plan: &Plan<'_>) -> bool {
        let Decoded { at, ty, spelling, fields } = *event;
        if self.events.len() >= u32::MAX as usize || self.values.len() >= (u32::MAX / 2) as usize {
            return false;
        }
        let readings = ty.and_then(|ty| plan.file.types.get(ty.index()));
        let readings = readings.map_or(&[][..], |ty| &ty.fields);
        let values = if readings.is_empty() {
            self.values.len() as u32
        } else {
            let read = |place: usize| fields.get(place).copied().unwrap_or(Value::Missing);
            // Lists put their entries among the values: they go first.
            let mut packed = [Packed::Plain(Small::Missing); FEW];
            if readings.len() <= FEW {
                for (slot, reading) in packed.iter_mut().zip(readings) {
                    *slot = self.pack(read(reading.field));
                }
                let values = self.values.len() as u32;
                self.values.extend(packed.iter().take(readings.len()));
                values
            } else {
                let packed: Vec<Packed> = readings.iter().map(|reading| self.pack(read(reading.field))).collect();
                let values = self.values.len() as u32;
                self.values.extend(packed);
                values
            }
        };
        let declared = ty.and_then(|ty| self.spellings.get(ty.index())).copied();
        let spelling = declared.unwrap_or_else(|| self.texts.add(spelling));
        self.events.push(Stored { at, lead, index, spelling, values, ty });
        true
    }

    /// A lead's key and events, once the store is finished.
    pub(super) fn stored(&self, lead: u32) -> (&str, &[Stored]) {
        let bound = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        let stored = self.events.get(bound(lead as usize)..bound(lead as usize + 1)).unwrap_or_default();
        (self.keys.get(lead), stored)
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

    /// Several stores as one, in the order of the file.
    pub(super) fn chain(parts: impl Iterator<Item = Arc<EventStore>>, plan: &Plan<'_>) -> EventStore {
        EventStore { parts: parts.collect(), ..EventStore::empty(plan) }
    }

    /// What [`EventStore::claim`] tells keys by.
    pub(super) fn hash(key: &str) -> u64 {
        Texts::hash(key)
    }

    /// Counts the lead as found; whether there is anything of it.
    pub(super) fn claim(&self, key: &str) -> bool {
        self.claim_hashed(key, EventStore::hash(key))
    }

    /// As [`EventStore::claim`], where the hash is known.
    pub(super) fn claim_hashed(&self, key: &str, hash: u64) -> bool {
        let lead = self.keys.find_hashed(key, hash);
        if let Some(asked) = lead.and_then(|lead| self.asked.get(lead as usize)) {
            asked.store(true, Ordering::Relaxed);
        }
        lead.is_some()
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
        let order = |event: &Stored| (event.lead, event.at, event.index);
        if !self.events.is_sorted_by_key(order) {
            self.events.sort_unstable_by_key(order);
        }
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
        self.events.shrink_to_fit();
        self.values.shrink_to_fit();
    }

    /// The events of a lead, earliest first. The lead counts as found.
    pub fn events<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        if !self.parts.is_empty() {
            return self.joined(key, plan, bump);
        }
        let Some(lead) = self.keys.find(key) else { return &[] };
        self.events_of(lead, plan, bump)
    }

    fn events_of<'a>(&'a self, lead: u32, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        if let Some(asked) = self.asked.get(lead as usize) {
            asked.store(true, Ordering::Relaxed);
        }
        let bound = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        let stored = self.events.get(bound(lead as usize)..bound(lead as usize + 1)).unwrap_or_default();
        bump.alloc_slice_fill_iter(stored.iter().map(|event| self.event(event, plan, bump)))
    }

    /// The events of a lead as they are held. The lead counts as found.
    pub fn held<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> Held<'a> {
        let mut holders = self.parts.iter().filter(|part| part.keys.find(key).is_some());
        let store = match (holders.next(), holders.next()) {
            (None, _) => self,
            (Some(part), None) => &**part,
            (Some(_), Some(_)) => return Held::Built(self.joined(key, plan, bump)),
        };
        let Some(lead) = store.keys.find(key) else { return Held::Built(&[]) };
        if let Some(asked) = store.asked.get(lead as usize) {
            asked.store(true, Ordering::Relaxed);
        }
        Held::Stored(store, store.stored(lead).1)
    }

    /// The events that several stores have of a lead.
    fn joined<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        let mut found: &[Event<'a>] = &[];
        let mut rows = 0;
        let hash = Texts::hash(key);
        for part in &self.parts {
            let Some(lead) = part.keys.find_hashed(key, hash) else { continue };
            let more = part.events_of(lead, plan, bump);
            if rows == 0 {
                found = more;
            } else {
                let later = more.iter().map(|event| Event { index: event.index + rows, ..*event });
                let mut all: Vec<Event<'a>> = found.iter().copied().chain(later).collect();
                all.sort_by_key(|event| (event.at, event.index));
                found = bump.alloc_slice_copy(&all);
            }
            rows += part.rows.get(lead as usize).copied().unwrap_or_default();
        }
        found
    }

    pub(super) fn event<'a>(&'a self, event: &Stored, plan: &Plan<'_>, bump: &'a Bump) -> Event<'a> {
        let fields: &mut [Value<'a>] = match event.ty.and_then(|ty| plan.file.types.get(ty.index())) {
            Some(ty) if ty.width > 0 => {
                let fields = bump.alloc_slice_fill_copy(ty.width, Value::Missing);
                for (place, reading) in ty.fields.iter().enumerate() {
                    let value = self.values.get(event.values as usize + place);
                    if let (Some(field), Some(value)) = (fields.get_mut(reading.field), value) {
                        *field = self.value(*value, bump);
                    }
                }
                fields
            }
            _ => &mut [],
        };
        Event { at: event.at, ty: event.ty, spelling: self.texts.get(event.spelling), fields, index: event.index }
    }

    fn value<'a>(&'a self, packed: Packed, bump: &'a Bump) -> Value<'a> {
        match packed {
            Packed::Text(text) => Value::Text(self.texts.get(text)),
            Packed::List(from, count) => {
                let values = self.values.get(from as usize..(from + count) as usize).unwrap_or_default();
                Value::List(bump.alloc_slice_fill_iter(values.iter().map(|value| self.value(*value, bump))))
            }
            Packed::Plain(small) => match small {
                Small::Missing => Value::Missing,
                Small::Bool(value) => Value::Bool(value),
                Small::Int(value) => Value::Int(value),
                Small::Number(value) => Value::Number(value),
                Small::Money(value) => Value::Money(value),
                Small::Date(value) => Value::Date(value),
                Small::Time(value) => Value::Time(value),
                Small::Choice(value) => Value::Choice(value),
            },
        }
    }

    fn pack(&mut self, value: Value<'_>) -> Packed {
        let small = match value {
            Value::Text(text) => return Packed::Text(self.texts.add(text)),
            Value::List(values) => {
                let packed: Vec<Packed> = values.iter().map(|value| self.pack(*value)).collect();
                let from = self.values.len() as u32;
                self.values.extend(packed);
                return Packed::List(from, values.len() as u32);
            }
            Value::Missing => Small::Missing,
            Value::Bool(value) => Small::Bool(value),
            Value::Int(value) => Small::Int(value),
            Value::Number(value) => Small::Number(value),
            Value::Money(value) => Small::Money(value),
            Value::Date(value) => Small::Date(value),
            Value::Time(value) => Small::Time(value),
            Value::Choice(value) => Small::Choice(value),
        };
        Packed::Plain(small)
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

/// The events of a lead, earliest first.
#[derive(Clone, Copy)]
pub enum Held<'a> {
    /// As a store holds them.
    Stored(&'a EventStore, &'a [Stored]),
    /// As they are evaluated.
    Built(&'a [Event<'a>]),
}

impl<'a> Held<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Held::Stored(_, events) => events.len(),
            Held::Built(events) => events.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type and the instant of an event.
    #[inline]
    pub fn at(&self, place: usize) -> Option<(Option<EventTypeId>, i64)> {
        match self {
            Held::Stored(_, events) => events.get(place).map(|event| (event.ty, event.at)),
            Held::Built(events) => events.get(place).map(|event| (event.ty, event.at)),
        }
    }

    /// An event.
    pub fn event(&self, place: usize, plan: &Plan<'_>, bump: &'a Bump) -> Option<Event<'a>> {
        match self {
            Held::Stored(store, events) => Some(store.event(events.get(place)?, plan, bump)),
            Held::Built(events) => events.get(place).copied(),
        }
    }
}

/// Where events come from.
pub enum Input {
    /// Bytes of any format.
    Stream(Box<dyn Read + Send>),
    /// A file of Parquet.
    Columns(File),
}
