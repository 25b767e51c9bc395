//! A second file of events in the order of the leads: read beside them, a few batches of each in memory.

use super::batch::{Batch, Flaw, Handler, Position};
use super::decode::KeyReader;
use super::input::Format;
use super::json::{Fault, Json, Lists};
use super::plain::Cells;
use super::plan::Plan;
use super::reader::RecordReader;
use super::shape::{Rank, Slots};
use super::store::{EventCounts, EventProblem, EventStore, Expected, Input, Place};
use super::taking::Taking;
use super::{ReadError, Warning};
use crate::base::same;
use crate::model::convert::Raw;
use bumpalo::Bump;
use hashbrown::HashTable;
use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

/// So many leads at the end of what was read of the events are looked at to see whether the leads at hand lie behind it.
const AHEAD: usize = 16;

/// Events that stand in the order of their leads.
pub struct SortedEvents<'p> {
    plan: &'p Plan<'p>,
    records: RecordReader,
    key: String,
    warnings: Vec<Warning>,
    /// What may belong to the leads that come next.
    open: VecDeque<Part>,
    /// All that has been left behind, as counts and some keys.
    passed: EventStore,
    bump: Bump,
    ended: bool,
    /// Whether both files have been sorted by the bytes of their keys so far, and the last keys.
    sorted: bool,
    last_lead: String,
    last_event: String,
    /// Memory to be used again.
    hashes: Vec<u64>,
}

/// Some events, and what their leads are told by.
struct Part {
    store: Arc<EventStore>,
    /// Of each lead's key; none where only counts are left of it.
    hashes: Vec<u64>,
}

impl Part {
    fn last_key(&self) -> Option<&str> {
        self.store.last_keys(1).next()
    }
}

/// A lead of what was read of the events.
#[derive(Clone, Copy)]
struct Run {
    hash: u64,
    /// The first part that has events of it, and its number there.
    part: u32,
    lead: u32,
    /// Whether other parts have as well.
    several: bool,
}

impl<'p> SortedEvents<'p> {
    /// Opens a file of events.
    ///
    /// Errors: as [`EventStore::read`].
    pub fn open(
        input: Box<dyn Read + Send>,
        format: Option<Format>,
        plan: &'p Plan<'p>,
    ) -> Result<SortedEvents<'p>, ReadError> {
        let (records, warnings, key) = EventStore::open(Input::Stream(input), format, plan)?;
        Ok(SortedEvents {
            plan,
            records,
            key,
            warnings,
            open: VecDeque::new(),
            passed: EventStore::empty(plan),
            bump: Bump::new(),
            ended: false,
            sorted: true,
            last_lead: String::new(),
            last_event: String::new(),
            hashes: Vec::new(),
        })
    }

    /// Columns that are read and are not there.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The events of a batch of leads. What is wrong with records goes to `report`.
    ///
    /// Batches have to come in their order.
    pub fn of(&mut self, batch: &Batch, report: &mut dyn FnMut(EventProblem)) -> Result<EventStore, ReadError> {
        let mut expected = Expected::default();
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        batch.keys(self.plan, &self.bump, &mut |key| {
            expected.add(key);
            hashes.push(EventStore::hash(key));
        });
        self.bump.reset();
        if self.sorted {
            self.sorted =
                expected.keys().next().is_none_or(|first| *self.last_lead <= *first) && expected.keys().is_sorted();
            if let Some(last) = expected.len().checked_sub(1).and_then(|last| expected.key(last)) {
                last.clone_into(&mut self.last_lead);
            }
        }
        let mut wanted = HashTable::with_capacity(hashes.len());
        for hash in &hashes {
            wanted.entry(*hash, |known| known == hash, |hash| *hash).or_insert(*hash);
        }
        while !self.ended && !hashes.is_empty() && !self.is_ahead_of(&wanted) {
            self.read_more(report)?;
            self.leave_what_has_no_lead(&wanted);
        }
        let runs = self.runs();
        let mut keep = 0;
        for (number, hash) in hashes.iter().enumerate() {
            let key = expected.key(number).unwrap_or_default();
            let found = runs.find(*hash, |run| run.hash == *hash && same(self.key(run).as_bytes(), key.as_bytes()));
            let Some(Run { part, lead, several, .. }) = found.copied() else { continue };
            // What follows is not before this lead; a lead with its key may come next.
            keep = keep.max(part as usize);
            if several {
                self.open.iter().for_each(|part| part.store.claim(key));
                expected.set(number, Place::Several);
            } else {
                self.open.get(part as usize).iter().for_each(|part| part.store.claim_lead(lead));
                expected.set(number, Place::At(part, lead));
            }
        }
        self.hashes = hashes;
        if self.sorted {
            // Nor is before the last lead what belongs to leads that come.
            let behind = |part: &&Part| part.last_key().is_none_or(|last| *last < *self.last_lead);
            keep = keep.max(self.open.iter().take_while(behind).count());
        }
        let found = EventStore::chain(self.open.iter().map(|part| Arc::clone(&part.store)), expected, self.plan);
        for part in self.open.drain(..keep) {
            self.passed.pass(&part.store);
        }
        if !self.sorted && self.passed.orphans() > 0 {
            return Err(self.disordered());
        }
        Ok(found)
    }

    /// The leads of what was read of the events, each once.
    fn runs(&self) -> HashTable<Run> {
        let leads = self.open.iter().map(|part| part.hashes.len()).sum();
        let mut runs: HashTable<Run> = HashTable::with_capacity(leads);
        for (number, part) in self.open.iter().enumerate() {
            for (lead, hash) in part.hashes.iter().enumerate() {
                let run = Run { hash: *hash, part: number as u32, lead: lead as u32, several: false };
                let same =
                    |known: &Run| known.hash == *hash && same(self.key(known).as_bytes(), self.key(&run).as_bytes());
                runs.entry(*hash, same, |run| run.hash).and_modify(|known| known.several = true).or_insert(run);
            }
        }
        runs
    }

    fn key(&self, run: &Run) -> &str {
        self.open.get(run.part as usize).map_or("", |part| part.store.key(run.lead))
    }

    /// Whether what was read of the events ends behind these leads: of sorted files that is known; of others it is so when
    /// nothing near the end belongs to one of them, for there every event has a lead.
    fn is_ahead_of(&self, wanted: &HashTable<u64>) -> bool {
        if self.sorted {
            return self.last_event > self.last_lead;
        }
        let Some(part) = self.open.back() else { return false };
        let last = part.hashes.get(part.hashes.len().saturating_sub(AHEAD)..).unwrap_or_default();
        !last.is_empty() && !any(wanted, last)
    }

    /// Leaves behind what was read last of sorted events if it has no lead: none of these, and none that comes.
    fn leave_what_has_no_lead(&mut self, wanted: &HashTable<u64>) {
        let left =
            |part: &Part| part.last_key().is_none_or(|last| *last < *self.last_lead) && !any(wanted, &part.hashes);
        if !self.sorted || !self.open.back().is_some_and(left) {
            return;
        }
        let Some(part) = self.open.pop_back() else { return };
        let counts = match self.open.back_mut() {
            // All before it has been left behind.
            None => return self.passed.pass(&part.store),
            Some(before) if before.hashes.is_empty() => Arc::get_mut(&mut before.store),
            Some(_) => None,
        };
        if let Some(counts) = counts {
            return counts.pass(&part.store);
        }
        // Its counts keep its place.
        let mut counts = EventStore::empty(self.plan);
        counts.pass(&part.store);
        self.open.push_back(Part { store: Arc::new(counts), hashes: Vec::new() });
    }

    fn read_more(&mut self, report: &mut dyn FnMut(EventProblem)) -> Result<(), ReadError> {
        let Some(batch) = self.records.next_batch()? else {
            self.ended = true;
            return Ok(());
        };
        let mut store = EventStore::empty(self.plan);
        if let Some(last) = self.open.back() {
            store.make_room(&last.store);
        }
        store.take(&batch, &Taking { plan: self.plan, seek: None, key: &self.key }, None, &self.bump, report)?;
        self.bump.reset();
        self.records.recycle(batch);
        store.finish();
        if self.sorted {
            let keys = || store.last_keys(usize::MAX);
            self.sorted = keys().next().is_none_or(|first| *self.last_event <= *first) && keys().is_sorted();
            if let Some(last) = store.last_keys(1).next() {
                last.clone_into(&mut self.last_event);
            }
        }
        let hashes = store.last_keys(usize::MAX).map(EventStore::hash).collect();
        self.open.push_back(Part { store: Arc::new(store), hashes });
        Ok(())
    }

    /// What was read in all, after the last lead: the counts, and the events that have no lead. Reads what is left.
    pub fn finish(mut self, report: &mut dyn FnMut(EventProblem)) -> Result<EventStore, ReadError> {
        while !self.ended {
            self.read_more(report)?;
            for part in self.open.drain(..) {
                self.passed.pass(&part.store);
            }
        }
        for part in self.open.drain(..) {
            self.passed.pass(&part.store);
        }
        if !self.sorted && self.passed.orphans() > 0 {
            return Err(self.disordered());
        }
        Ok(self.passed)
    }

    fn disordered(&self) -> ReadError {
        let key = self.passed.orphan_keys().next().unwrap_or_default();
        let key: String = key.chars().take(60).collect();
        ReadError::new(format!("the events of `{key}` are not where its lead is: the two files are not in one order"))
            .help("sort both files by the key (`LC_ALL=C sort`), or leave out --sorted")
    }

    /// What was read so far.
    pub fn counts(&self) -> EventCounts {
        self.passed.counts()
    }
}

/// Whether any of these hashes is wanted.
fn any(wanted: &HashTable<u64>, hashes: &[u64]) -> bool {
    hashes.iter().any(|hash| wanted.find(*hash, |known| known == hash).is_some())
}

/// Tells the keys of records.
struct Keys<'a, 'p> {
    reader: KeyReader<'a, 'p>,
    sink: &'p mut dyn FnMut(&str),
}

impl Batch {
    /// The keys of the leads, in their order; records without one are left out.
    pub(super) fn keys(&self, plan: &Plan<'_>, bump: &Bump, sink: &mut dyn FnMut(&str)) {
        let mut keys = Keys { reader: KeyReader { plan, bump }, sink };
        self.records(&plan.lead, None, None, bump, &mut keys);
    }
}

impl<'a> Lists<'a> for Keys<'a, '_> {
    fn list(&mut self, json: &mut Json<'a>, _: Rank, depth: u32) -> Result<(), Fault> {
        json.skip(depth)
    }

    fn forget(&mut self) {}
}

impl<'a> Handler<'a> for Keys<'a, '_> {
    fn begin(&mut self) {}

    fn record(&mut self, position: Position, slots: &Slots<'a>) {
        if let Ok((key, _)) = self.reader.key(&slots, position.number) {
            (self.sink)(key);
        }
    }

    #[inline(always)]
    fn cells(&mut self, position: Position, cells: &Cells<'a, '_>, _: &mut Slots<'a>) {
        if let Ok((key, _)) = self.reader.key(cells, position.number) {
            (self.sink)(key);
        }
    }

    fn cell_list(&mut self, _: Raw<'a>) {}

    fn flaw(&mut self, _: Position, _: &Slots<'a>, _: Flaw) {}
}
