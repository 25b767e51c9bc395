//! Records of a second file of events, on their way into memory or onto a disk.

use super::ReadError;
use super::batch::{Batch, Flaw, Handler, Position};
use super::decode::Row;
use super::events::{Decoded, EventDecoder};
use super::json::{Fault, Json, Lists};
use super::parquet::{Bound, Entry, Quick};
use super::plain::Cells;
use super::plan::Plan;
use super::seek::Seek;
use super::shape::{Rank, Raws, Slots};
use super::spill::SpilledEvents;
use super::store::{EventProblem, EventStore};
use crate::base::same;
use crate::model::convert::{self, Raw};
use crate::model::{Problem, Reject, RejectKind};
use bumpalo::Bump;

/// Reads records of events into a store, or onto a disk.
pub(super) struct Reading<'a, 'p> {
    decoder: EventDecoder<'a, 'p>,
    store: &'p mut EventStore,
    /// Where events go that have no room in memory.
    disk: Option<&'p mut SpilledEvents>,
    seek: Option<&'p Seek>,
    problems: Vec<Problem>,
    key: &'p str,
    report: &'p mut dyn FnMut(EventProblem),
    failure: Option<ReadError>,
    /// Of the columns at hand: types by code and instants by tick, and each key's lead.
    quick: Option<Quick<'a>>,
    leads: Vec<Option<(u32, &'a str)>>,
    /// The key of the last record as it is written, its lead, and the key: most often it comes again.
    last: Option<(&'a str, u32, &'a str)>,
}

/// How events are read.
pub(super) struct Taking<'p> {
    pub plan: &'p Plan<'p>,
    pub seek: Option<&'p Seek>,
    /// The name of the key.
    pub key: &'p str,
}

impl EventStore {
    /// Adds the records of a batch; with `disk` their events go there.
    pub(super) fn take(
        &mut self,
        batch: &Batch,
        taking: &Taking<'_>,
        disk: Option<&mut SpilledEvents>,
        bump: &Bump,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<(), ReadError> {
        let Taking { plan, seek, key } = *taking;
        let mut reading = Reading {
            decoder: EventDecoder::new(plan, &plan.file, bump),
            store: self,
            disk,
            seek,
            problems: Vec::new(),
            key,
            report,
            failure: None,
            quick: None,
            leads: Vec::new(),
            last: None,
        };
        batch.records(&plan.file.shape, seek, None, bump, &mut reading);
        reading.failure.map_or(Ok(()), Err)
    }
}

impl<'a> Reading<'a, '_> {
    /// The number of a record's lead, and its key; none where it has none or is not looked for.
    #[inline(always)]
    fn lead(&mut self, line: u64, raw: Raw<'a>) -> Option<(u32, &'a str)> {
        if let (Raw::Text(written), Some((before, lead, key))) = (raw, self.last)
            && same(written.as_bytes(), before.as_bytes())
        {
            return Some((lead, key));
        }
        let found = self.other_lead(line, raw);
        self.last = match (raw, found) {
            (Raw::Text(written), Some((lead, key))) => Some((written, lead, key)),
            _ => None,
        };
        found
    }

    #[inline(never)]
    fn other_lead(&mut self, line: u64, raw: Raw<'a>) -> Option<(u32, &'a str)> {
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
        // On a disk nothing is known of other records of the lead.
        Some((if self.disk.is_some() { 0 } else { self.store.lead(key) }, key))
    }

    /// Keeps a record without an event that is read.
    fn empty(&mut self, line: u64, lead: u32, key: &str) {
        match &mut self.disk {
            None => {
                self.store.add_rows(lead, 1);
            }
            Some(disk) => {
                let kept = disk.row((self.store.records(), line), key, None, &[], self.decoder.plan);
                self.failure = self.failure.take().or(kept.err());
            }
        }
    }

    /// Reads and keeps an event.
    #[inline(always)]
    fn event(&mut self, line: u64, lead: u32, key: &str, raws: &impl Raws<'a>) {
        let index = if self.disk.is_some() { 0 } else { self.store.add_rows(lead, 1) };
        let event = self.decoder.decode(raws, index, &mut self.problems);
        if event.is_none() && !self.problems.is_empty() {
            self.store.counts_mut().unreadable += 1;
        }
        self.take_event(line, lead, key, index, event);
    }

    /// Keeps what was read of a record, and tells what could not be.
    #[inline(always)]
    fn take_event(&mut self, line: u64, lead: u32, key: &str, index: u32, event: Option<Decoded<'a>>) {
        if self.disk.is_some() {
            return self.spill(line, key, event.as_ref());
        }
        if !self.problems.is_empty() {
            for problem in self.problems.drain(..) {
                (self.report)(EventProblem::Value { line, key: key.to_owned(), problem });
            }
        }
        if let Some(event) = event {
            self.keep(&event, lead, index);
        }
    }

    /// Writes a record's event and problems to the disk.
    fn spill(&mut self, line: u64, key: &str, event: Option<&Decoded<'a>>) {
        if let Some(disk) = &mut self.disk {
            self.store.counts_mut().kept += u64::from(event.is_some());
            let kept = disk.row((self.store.records(), line), key, event, &self.problems, self.decoder.plan);
            self.failure = self.failure.take().or(kept.err());
        }
        self.problems.clear();
    }

    fn keep(&mut self, event: &Decoded<'a>, lead: u32, index: u32) {
        self.store.counts_mut().kept += 1;
        if !self.store.add(event, lead, index, self.decoder.plan) {
            self.failure = Some(full());
        }
    }

    fn reject(&mut self, line: u64, field: Option<String>, kind: RejectKind, detail: String) {
        self.store.counts_mut().rejected += 1;
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
        self.store.counts_mut().records += 1;
    }

    fn record(&mut self, position: Position, slots: &Slots<'a>) {
        let line = position.line;
        let raw = self.decoder.events.lead.map_or(Raw::Null, |place| place.get(slots));
        if let Some((lead, key)) = self.lead(line, raw) {
            self.event(line, lead, key, &slots);
        }
    }

    #[inline(always)]
    fn cells(&mut self, position: Position, cells: &Cells<'a, '_>, _: &mut Slots<'a>) {
        let raw = self.decoder.events.lead.map_or(Raw::Null, |place| cells.raw(place));
        if let Some((lead, key)) = self.lead(position.line, raw) {
            self.event(position.line, lead, key, cells);
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
        match self.quick.as_ref().map_or(Entry::Any, |quick| quick.get(row)) {
            Entry::Unread => self.empty(line, lead, key),
            Entry::Bare(at, ty) | Entry::Fields(at, ty) if self.decoder.plan.too_old(ty.id, at) => {
                self.empty(line, lead, key);
            }
            Entry::Bare(at, ty) => {
                let event = Decoded { at, ty: ty.id, spelling: ty.spelling, fields: &[] };
                if self.disk.is_some() {
                    return self.spill(line, key, Some(&event));
                }
                let index = self.store.add_rows(lead, 1);
                self.keep(&event, lead, index);
            }
            Entry::Fields(at, ty) => {
                let index = if self.disk.is_some() { 0 } else { self.store.add_rows(lead, 1) };
                let raws = Row { columns, row, bump };
                let fields = self.decoder.fields_of(ty.place, &raws, index, &mut self.problems);
                let event = Decoded { at, ty: ty.id, spelling: ty.spelling, fields };
                self.take_event(line, lead, key, index, Some(event));
            }
            _ => {
                columns.fill(row, slots, bump);
                self.event(line, lead, key, &&*slots);
            }
        }
    }

    fn cell_list(&mut self, _: Raw<'a>) {}

    fn flaw(&mut self, position: Position, _: &Slots<'a>, flaw: Flaw) {
        self.reject(position.line, None, flaw.kind, flaw.detail.into_owned());
    }
}

/// More than the numbers of events in memory can tell apart.
#[cold]
pub(super) fn full() -> ReadError {
    ReadError::new("more than 4,294,967,295 events or values of events")
}
