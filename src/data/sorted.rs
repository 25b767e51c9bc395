//! A second file of events in the order of the leads: read beside them, a few batches of each in memory.

use super::batch::{Batch, Flaw, Handler, Position};
use super::decode::KeyReader;
use super::input::Format;
use super::json::{Fault, Json, Lists};
use super::plan::Plan;
use super::reader::RecordReader;
use super::shape::{Rank, Slots};
use super::store::{EventCounts, EventProblem, EventStore, Input};
use super::taking::Taking;
use super::{ReadError, Warning};
use crate::model::convert::Raw;
use bumpalo::Bump;
use foldhash::fast::RandomState;
use std::collections::{HashSet, VecDeque};
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
    open: VecDeque<Arc<EventStore>>,
    /// All that has been left behind, as counts and some keys.
    passed: EventStore,
    bump: Bump,
    ended: bool,
    /// Whether both files have been sorted by the bytes of their keys so far, and the last keys.
    sorted: bool,
    last_lead: String,
    last_event: String,
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
        })
    }

    /// Columns that are read and are not there.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The keys of a batch of leads, and the events of these. What is wrong with records goes to `report`.
    ///
    /// Batches have to come in their order.
    pub fn of(
        &mut self,
        batch: &Batch,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<(Vec<String>, EventStore), ReadError> {
        let mut keys = Vec::new();
        batch.keys(self.plan, &self.bump, &mut |key| keys.push(key.to_owned()));
        self.bump.reset();
        for key in &keys {
            self.sorted &= *self.last_lead <= **key;
            self.last_lead.clone_from(key);
        }
        let wanted: HashSet<&str, RandomState> = keys.iter().map(String::as_str).collect();
        while !self.ended && !wanted.is_empty() && !self.is_ahead_of(&wanted) {
            self.read_more(report)?;
        }
        let mut keep = 0;
        for key in &keys {
            let hash = EventStore::hash(key);
            let mut holders =
                self.open.iter().enumerate().filter(|(_, store)| store.claim_hashed(key, hash)).map(|(place, _)| place);
            if let Some(first) = holders.next() {
                // What follows is not before this lead; a lead with its key may come next.
                keep = keep.max(first);
                holders.for_each(drop);
            }
        }
        let found = EventStore::chain(self.open.iter().cloned(), self.plan);
        for store in self.open.drain(..keep) {
            self.passed.pass(&store);
        }
        if !self.sorted && self.passed.orphans() > 0 {
            return Err(self.disordered());
        }
        Ok((keys, found))
    }

    /// Whether what was read of the events ends behind these leads.
    fn is_ahead_of(&self, wanted: &HashSet<&str, RandomState>) -> bool {
        let Some(store) = self.open.back() else { return false };
        let mut last = store.last_keys(AHEAD).peekable();
        last.peek().is_some() && last.all(|key| !wanted.contains(key))
    }

    fn read_more(&mut self, report: &mut dyn FnMut(EventProblem)) -> Result<(), ReadError> {
        let Some(batch) = self.records.next_batch()? else {
            self.ended = true;
            return Ok(());
        };
        let mut store = EventStore::empty(self.plan);
        store.take(&batch, &Taking { plan: self.plan, seek: None, key: &self.key }, None, &self.bump, report)?;
        self.bump.reset();
        self.records.recycle(batch);
        store.finish();
        for key in store.last_keys(usize::MAX) {
            self.sorted &= *self.last_event <= *key;
            key.clone_into(&mut self.last_event);
        }
        self.open.push_back(Arc::new(store));
        Ok(())
    }

    /// What was read in all, after the last lead: the counts, and the events that have no lead. Reads what is left.
    pub fn finish(mut self, report: &mut dyn FnMut(EventProblem)) -> Result<EventStore, ReadError> {
        while !self.ended {
            self.read_more(report)?;
            for store in self.open.drain(..) {
                self.passed.pass(&store);
            }
        }
        for store in self.open.drain(..) {
            self.passed.pass(&store);
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

    fn cell_list(&mut self, _: Raw<'a>) {}

    fn flaw(&mut self, _: Position, _: &Slots<'a>, _: Flaw) {}
}
