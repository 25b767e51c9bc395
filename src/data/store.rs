//! The events of a second file, in memory, joined to leads on their key.

use super::batch::{Batch, Flaw, Handler, Position};
use super::events::EventDecoder;
use super::input::Format;
use super::json::{Fault, Json, Lists};
use super::parquet::{Bound, Entry, Quick};
use super::plan::Plan;
use super::reader::RecordReader;
use super::seek::Seek;
use super::shape::{Rank, Slots};
use super::{ReadError, Warning};
use crate::model::convert::{self, Raw};
use crate::model::{Event, EventTypeId, Problem, Reject, RejectKind, Value};
use bumpalo::Bump;
use std::fs::File;
use std::hash::BuildHasher;
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

#[derive(Clone, Copy, Debug)]
struct Stored {
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
        EventStore::read_input(Input::Stream(input), format, plan, seek, report)
    }

    /// As [`EventStore::read_sought`], of a file of Parquet, whose columns are read where they stand.
    pub fn read_columns(
        file: File,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventStore, ReadError> {
        EventStore::read_input(Input::Columns(file), Some(Format::Parquet), plan, seek, report)
    }

    fn read_input(
        input: Input,
        format: Option<Format>,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<EventStore, ReadError> {
        let (mut records, warnings, key) = EventStore::open(input, format, plan)?;
        if let Some(seek) = seek {
            records.sought(seek);
        }
        let mut store = EventStore { warnings, ..EventStore::empty(plan) };
        let mut bump = Bump::new();
        while let Some(batch) = records.next_batch()? {
            store.take(&batch, plan, seek, &bump, &key, report)?;
            bump.reset();
            records.recycle(batch);
        }
        store.finish();
        Ok(store)
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

    /// Adds the records of a batch.
    pub(super) fn take(
        &mut self,
        batch: &Batch,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        bump: &Bump,
        key: &str,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<(), ReadError> {
        let mut reading = Reading {
            decoder: EventDecoder::new(plan, &plan.file, bump),
            store: self,
            seek,
            problems: Vec::new(),
            key,
            report,
            full: false,
            quick: None,
            leads: Vec::new(),
        };
        batch.records(&plan.file.shape, seek, None, bump, &mut reading);
        if reading.full {
            return Err(ReadError::new("more than 4,294,967,295 events or values of events"));
        }
        Ok(())
    }

    /// Several stores as one, in the order of the file.
    pub(super) fn chain(parts: impl Iterator<Item = Arc<EventStore>>, plan: &Plan<'_>) -> EventStore {
        EventStore { parts: parts.collect(), ..EventStore::empty(plan) }
    }

    /// Counts the lead as found; whether there is anything of it.
    pub(super) fn claim(&self, key: &str) -> bool {
        let lead = self.keys.find(key);
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
    pub(super) fn events<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        if !self.parts.is_empty() {
            return self.joined(key, plan, bump);
        }
        let Some(lead) = self.keys.find(key) else { return &[] };
        if let Some(asked) = self.asked.get(lead as usize) {
            asked.store(true, Ordering::Relaxed);
        }
        let bound = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        let stored = self.events.get(bound(lead as usize)..bound(lead as usize + 1)).unwrap_or_default();
        bump.alloc_slice_fill_iter(stored.iter().map(|event| self.event(event, plan, bump)))
    }

    /// The events that several stores have of a lead.
    fn joined<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        let mut found: &[Event<'a>] = &[];
        let mut rows = 0;
        for part in &self.parts {
            let Some(lead) = part.keys.find(key) else { continue };
            let more = part.events(key, plan, bump);
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

    fn event<'a>(&'a self, event: &Stored, plan: &Plan<'_>, bump: &'a Bump) -> Event<'a> {
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

/// Where events come from.
pub(super) enum Input {
    Stream(Box<dyn Read + Send>),
    /// A file of Parquet.
    Columns(File),
}

struct Reading<'a, 'p> {
    decoder: EventDecoder<'a, 'p>,
    store: &'p mut EventStore,
    seek: Option<&'p Seek>,
    problems: Vec<Problem>,
    key: &'p str,
    report: &'p mut dyn FnMut(EventProblem),
    full: bool,
    /// Of the columns at hand: types by code and instants by tick, and each key's lead.
    quick: Option<Quick<'a>>,
    leads: Vec<Option<(u32, &'a str)>>,
}

impl<'a> Reading<'a, '_> {
    /// The number of a record's lead, and its key; none where it has none or is not looked for.
    fn lead(&mut self, line: u64, raw: Raw<'a>) -> Option<(u32, &'a str)> {
        let key = match convert::read_text(raw, self.decoder.bump) {
            Ok(key) if !key.is_empty() => key,
            Err(kind) if raw != Raw::Null => {
                let detail = super::decode::fault(self.key, kind, &raw.excerpt());
                self.reject(line, Some(self.key.to_owned()), RejectKind::NoKey, detail);
                return None;
            }
            _ => {
                let detail = format!("`{}` is missing", self.key);
                self.reject(line, Some(self.key.to_owned()), RejectKind::NoKey, detail);
                return None;
            }
        };
        if self.seek.is_some_and(|seek| !seek.wants(key)) {
            return None;
        }
        Some((self.store.keys.add(key), key))
    }

    /// The place of a lead's next record among its records.
    fn index(&mut self, lead: u32) -> u32 {
        if self.store.rows.len() <= lead as usize {
            self.store.rows.resize(lead as usize + 1, 0);
        }
        let Some(rows) = self.store.rows.get_mut(lead as usize) else { return 0 };
        *rows += 1;
        *rows - 1
    }

    /// Reads and keeps an event.
    fn event(&mut self, line: u64, lead: u32, key: &str, index: u32, slots: &Slots<'a>) {
        let event = self.decoder.decode(slots, index, &mut self.problems);
        if event.is_none() && !self.problems.is_empty() {
            self.store.counts.unreadable += 1;
        }
        for problem in self.problems.drain(..) {
            (self.report)(EventProblem::Value { line, key: key.to_owned(), problem });
        }
        if let Some(event) = event {
            self.keep(event.at, lead, index, event.ty, event.spelling, event.fields);
        }
    }

    fn keep(&mut self, at: i64, lead: u32, index: u32, ty: Option<EventTypeId>, spelling: &str, fields: &[Value<'_>]) {
        if self.store.events.len() >= u32::MAX as usize || self.store.values.len() >= (u32::MAX / 2) as usize {
            self.full = true;
            return;
        }
        let readings = ty.and_then(|ty| self.decoder.events.types.get(ty.index()));
        let readings = readings.map_or(&[][..], |ty| &ty.fields);
        let values = if readings.is_empty() {
            self.store.values.len() as u32
        } else {
            let read = |place: usize| fields.get(place).copied().unwrap_or(Value::Missing);
            // Lists put their entries among the values: they go first.
            let packed: Vec<Packed> = readings.iter().map(|reading| self.store.pack(read(reading.field))).collect();
            let values = self.store.values.len() as u32;
            self.store.values.extend(packed);
            values
        };
        self.store.counts.kept += 1;
        let declared = ty.and_then(|ty| self.store.spellings.get(ty.index())).copied();
        let spelling = declared.unwrap_or_else(|| self.store.texts.add(spelling));
        self.store.events.push(Stored { at, lead, index, spelling, values, ty });
    }

    fn reject(&mut self, line: u64, field: Option<String>, kind: RejectKind, detail: String) {
        self.store.counts.rejected += 1;
        (self.report)(EventProblem::Reject(Reject { line, key: None, field, kind, detail }));
    }
}

impl<'a> Lists<'a> for Reading<'a, '_> {
    fn list(&mut self, json: &mut Json<'a>, _: Rank, depth: u32) -> Result<(), Fault> {
        json.skip(depth)
    }

    fn forget(&mut self) {}
}

impl<'a> Handler<'a> for Reading<'a, '_> {
    fn begin(&mut self) {
        self.store.counts.records += 1;
    }

    fn record(&mut self, position: Position, slots: &Slots<'a>) {
        let line = position.line;
        let raw = self.decoder.events.lead.map_or(Raw::Null, |place| place.get(slots));
        if let Some((lead, key)) = self.lead(line, raw) {
            let index = self.index(lead);
            self.event(line, lead, key, index, slots);
        }
    }

    fn columns(&mut self, columns: &Bound<'a>) {
        self.quick = Quick::new(columns, self.decoder.plan, self.decoder.events);
        let keys = self.decoder.events.lead.and_then(|place| columns.column_of(place)?.codes());
        self.leads.clear();
        self.leads.resize(keys.map_or(0, |(_, texts)| texts.len()), None);
    }

    fn column_row(
        &mut self,
        position: Position,
        columns: &Bound<'a>,
        row: usize,
        slots: &mut Slots<'a>,
        bump: &'a Bump,
    ) {
        let line = position.line;
        let key = self.decoder.events.lead.and_then(|place| columns.column_of(place));
        let code = key.and_then(|key| key.codes()?.0.get(row).copied()).and_then(|code| usize::try_from(code).ok());
        let known = code.and_then(|code| self.leads.get(code).copied().flatten());
        let found = known.or_else(|| self.lead(line, key.map_or(Raw::Null, |key| key.get(row, bump))));
        let Some((lead, key)) = found else { return };
        if let Some(slot) = code.and_then(|code| self.leads.get_mut(code)) {
            *slot = found;
        }
        let index = self.index(lead);
        match self.quick.as_ref().map_or(Entry::Any, |quick| quick.get(row)) {
            Entry::Unread => {}
            Entry::Bare(at, ty) => self.keep(at, lead, index, ty.id, ty.spelling, &[]),
            _ => {
                columns.fill(row, slots, bump);
                self.event(line, lead, key, index, slots);
            }
        }
    }

    fn cell_list(&mut self, _: Raw<'a>) {}

    fn flaw(&mut self, position: Position, _: &Slots<'a>, flaw: Flaw) {
        self.reject(position.line, None, flaw.kind, flaw.detail.into_owned());
    }
}

/// Texts, each once.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
    /// Numbers of texts plus one by hash; 0 is free. A power of two, at most half full.
    table: Vec<u32>,
    /// The text that was added last: most often it comes again.
    recent: u32,
    hasher: foldhash::fast::FixedState,
}

impl Texts {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let from = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(from);
        self.text.get(from..end).unwrap_or("")
    }

    /// Where in the table a text is, or would be.
    fn place(&self, text: &str) -> usize {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = self.hasher.hash_one(text) as usize & mask;
        while let Some(number) = self.table.get(at).and_then(|number| number.checked_sub(1)) {
            if self.get(number) == text {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn find(&self, text: &str) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        self.table.get(self.place(text))?.checked_sub(1)
    }

    fn add(&mut self, text: &str) -> u32 {
        if !self.ends.is_empty() && self.get(self.recent) == text {
            return self.recent;
        }
        if self.table.len() < (self.ends.len() + 1) * 2 {
            self.grow();
        }
        let place = self.place(text);
        let number = self.table[place].checked_sub(1).unwrap_or_else(|| {
            self.text.push_str(text);
            self.ends.push(self.text.len());
            let number = self.ends.len() as u32 - 1;
            self.table[place] = number + 1;
            number
        });
        self.recent = number;
        number
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(64)];
        for number in 0..self.ends.len() as u32 {
            let place = self.place(self.get(number));
            self.table[place] = number + 1;
        }
    }
}
