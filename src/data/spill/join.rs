//! Joining the parts: each is taken into memory for itself, and all are merged in the order of the leads.

use super::blocks::{BlockWriter, Blocks, Records};
use super::record::{Parser, Writer};
use super::{EARLIER, EVENT, PARTS, ROW, ROWS, SpilledEvents, failed, part};
use crate::data::events::Decoded;
use crate::data::plan::Plan;
use crate::data::store::{EventCounts, EventProblem, EventStore};
use crate::data::taking::full;
use crate::data::{Batch, ReadError};
use crate::model::{Event, Problem};
use bumpalo::Bump;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

/// Parts are parted again at most so often: what is then too large is of one lead.
const DEEPEST: u64 = 4;
/// Smaller parts are never parted again.
const LEAST: u64 = 1 << 12;
/// So many keys of leads that are not there are remembered.
const SAMPLE: usize = 8;

/// What the values of a lead's events that could not be read are, and the line of the first.
pub type LeadProblems = Vec<(String, (u64, Vec<Problem>))>;

/// Events that are given batch by batch of the leads.
pub struct JoinedEvents<'p> {
    plan: &'p Plan<'p>,
    runs: Vec<Records>,
    /// The number of the lead that each run gives next, and the run.
    next: BinaryHeap<Reverse<(u64, usize)>>,
    /// What was read of each run and belongs to that lead.
    waiting: Vec<Vec<u8>>,
    /// How many leads with a key have been given their events.
    given: u64,
    keys: u64,
    bump: Bump,
    rest: EventStore,
}

/// What the parts are joined into.
struct Joining<'p> {
    plan: &'p Plan<'p>,
    memory: u64,
    /// Whether what is wrong with a lead's events is kept for the lead.
    keep: bool,
    runs: BlockWriter,
    problems: BlockWriter,
    orphans: u64,
    /// Keys of leads that are not there, and the first row of each.
    sample: Vec<(u64, String)>,
    bump: Bump,
    record: Writer,
}

#[cold]
fn damaged() -> ReadError {
    failed(&std::io::ErrorKind::InvalidData.into())
}

impl SpilledEvents {
    /// Joins the events to the leads, whose keys have been read. What is wrong with values goes to `report`, in the
    /// file's order; with `keep` it is given with the leads too.
    pub fn join<'p>(
        self,
        plan: &'p Plan<'p>,
        keep: bool,
        report: &mut dyn FnMut(EventProblem),
    ) -> Result<JoinedEvents<'p>, ReadError> {
        let io = |error: std::io::Error| failed(&error);
        let (events, leads) = (self.events.finish().map_err(io)?, self.leads.finish().map_err(io)?);
        let block = (self.memory / (PARTS * 4)).clamp(1 << 8, 1 << 16);
        let mut joining = Joining {
            plan,
            memory: (self.memory as u64 / 2).max(LEAST),
            keep,
            runs: BlockWriter::new(0, block).map_err(io)?,
            problems: BlockWriter::new(0, block).map_err(io)?,
            orphans: 0,
            sample: Vec::new(),
            bump: Bump::new(),
            record: Writer::default(),
        };
        for part in 0..PARTS {
            joining.part(&events, &leads, part, 0)?;
        }
        drop((events, leads));
        let Joining { runs, problems, orphans, sample, .. } = joining;
        tell(&problems.finish().map_err(io)?, report)?;
        let runs = runs.finish().map_err(io)?;
        let runs: Vec<Records> = (0..runs.count()).map(|stream| runs.read(stream)).collect();
        let rest = EventStore::of_rest(plan, self.counts, orphans, sample.iter().map(|(_, key)| key.as_str()));
        let mut joined = JoinedEvents {
            plan,
            waiting: vec![Vec::new(); runs.len()],
            runs,
            next: BinaryHeap::new(),
            given: 0,
            keys: self.keys,
            bump: Bump::new(),
            rest,
        };
        for run in 0..joined.runs.len() {
            joined.read(run)?;
        }
        Ok(joined)
    }
}

/// A part in memory: its keys, and what is wrong with their events.
#[derive(Default)]
struct Wrong {
    /// By lead.
    by_lead: HashMap<u32, (u64, Vec<Problem>)>,
    /// The stream of the part's problems, once there is one.
    stream: Option<usize>,
}

impl Joining<'_> {
    /// Joins a part. One that is too large is parted again.
    fn part(&mut self, events: &Arc<Blocks>, leads: &Arc<Blocks>, number: usize, depth: u64) -> Result<(), ReadError> {
        if events.length(number) == 0 {
            return Ok(());
        }
        let size = events.length(number).saturating_add(leads.length(number));
        if size > self.memory && depth < DEEPEST {
            let (events, leads) = (split(events, number, depth + 1, EVENTS)?, split(leads, number, depth + 1, LEADS)?);
            for number in 0..PARTS {
                self.part(&events, &leads, number, depth + 1)?;
            }
            return Ok(());
        }
        let mut store = EventStore::empty(self.plan);
        let mut found: Vec<(u64, u32)> = Vec::new();
        let mut records = leads.read(number);
        while let Some(record) = records.next().map_err(|error| failed(&error))? {
            let mut record = Parser(record);
            let (Some(number), Some(key)) = (record.number(), record.text()) else { return Err(damaged()) };
            found.push((number, store.lead(key)));
        }
        let known = store.leads();
        let mut wrong = Wrong::default();
        let mut records = events.read(number);
        while let Some(record) = records.next().map_err(|error| failed(&error))? {
            self.event(&mut store, &mut wrong, known, record)?;
            self.bump.reset();
        }
        if let Some(stream) = wrong.stream {
            self.problems.end(stream).map_err(|error| failed(&error))?;
        }
        store.finish();
        self.write(&store, &wrong, &found)
    }

    /// A record of the part in memory, which begins with `known` leads.
    fn event(&mut self, store: &mut EventStore, wrong: &mut Wrong, known: u32, record: &[u8]) -> Result<(), ReadError> {
        let mut record = Parser(record);
        let (Some(kind), Some(key), Some(number)) = (record.byte(), record.text(), record.number()) else {
            return Err(damaged());
        };
        let lead = store.lead(key);
        let rows = match kind {
            ROW | EVENT => 1,
            ROWS => record.number().and_then(|rows| u32::try_from(rows).ok()).ok_or_else(damaged)?,
            _ => 0,
        };
        let index = store.add_rows(lead, rows);
        if lead >= known {
            self.orphans += u64::from(rows);
            let at = self.sample.partition_point(|(before, _)| *before < number);
            if kind != EARLIER && at < SAMPLE && self.sample.iter().all(|(_, known)| known != key) {
                self.sample.insert(at, (number, key.to_owned()));
                self.sample.truncate(SAMPLE);
            }
        }
        if kind == EARLIER || kind == EVENT {
            let index = match kind {
                EARLIER => record.number().and_then(|index| u32::try_from(index).ok()).ok_or_else(damaged)?,
                _ => index,
            };
            let event = record.event(self.plan, &self.bump).ok_or_else(damaged)?;
            if lead < known && !store.add(&event, lead, index, self.plan) {
                return Err(full());
            }
        }
        if kind == ROWS || kind == EARLIER || record.0.is_empty() {
            return Ok(());
        }
        let line = record.number().ok_or_else(damaged)?;
        while !record.0.is_empty() {
            let problem = record.problem(index).ok_or_else(damaged)?;
            self.record.0.clear();
            self.record.number(number);
            self.record.number(line);
            self.record.text(key);
            self.record.number(u64::from(index));
            self.record.problem(&problem);
            let stream = *wrong.stream.get_or_insert_with(|| self.problems.add());
            self.problems.record(stream, &self.record.0).map_err(|error| failed(&error))?;
            if self.keep && lead < known {
                wrong.by_lead.entry(lead).or_insert_with(|| (line, Vec::new())).1.push(problem);
            }
        }
        Ok(())
    }

    /// Writes what each lead of a part has, in the order of the leads.
    fn write(&mut self, store: &EventStore, wrong: &Wrong, leads: &[(u64, u32)]) -> Result<(), ReadError> {
        let run = self.runs.add();
        for (number, lead) in leads {
            let (key, stored) = store.stored(*lead);
            let problems = wrong.by_lead.get(lead);
            if stored.is_empty() && problems.is_none() {
                continue;
            }
            self.record.0.clear();
            self.record.number(*number);
            self.record.text(key);
            self.record.number(stored.len() as u64);
            for event in stored {
                let Event { at, ty, spelling, fields, index } = store.event(event, self.plan, &self.bump);
                self.record.number(u64::from(index));
                self.record.event(self.plan, &Decoded { at, ty, spelling, fields });
            }
            if let Some((line, problems)) = problems {
                self.record.number(*line);
                for problem in problems {
                    self.record.number(u64::from(problem.event.unwrap_or_default()));
                    self.record.problem(problem);
                }
            }
            self.bump.reset();
            self.runs.record(run, &self.record.0).map_err(|error| failed(&error))?;
        }
        self.runs.end(run).map_err(|error| failed(&error))
    }
}

/// Where the key stands in a record.
type KeyOf = fn(&mut Parser<'_>) -> Option<()>;
const EVENTS: KeyOf = |record| record.byte().map(|_| ());
const LEADS: KeyOf = |record| record.number().map(|_| ());

/// Parts a stream again.
fn split(from: &Arc<Blocks>, stream: usize, depth: u64, before: KeyOf) -> Result<Arc<Blocks>, ReadError> {
    let io = |error: std::io::Error| failed(&error);
    let mut writer = BlockWriter::new(PARTS, from.block()).map_err(io)?;
    let mut records = from.read(stream);
    while let Some(record) = records.next().map_err(io)? {
        let mut parser = Parser(record);
        let key = before(&mut parser).and_then(|()| parser.text()).ok_or_else(damaged)?;
        writer.record(part(key, depth), record).map_err(io)?;
    }
    writer.finish().map_err(io)
}

/// Reports what is wrong with values, all parts in the order of the file.
fn tell(problems: &Arc<Blocks>, report: &mut dyn FnMut(EventProblem)) -> Result<(), ReadError> {
    let mut streams: Vec<Records> = (0..problems.count()).map(|stream| problems.read(stream)).collect();
    let mut next = BinaryHeap::new();
    let mut waiting: Vec<Vec<u8>> = vec![Vec::new(); streams.len()];
    for stream in 0..streams.len() {
        advance(&mut streams, &mut waiting, stream, &mut next)?;
    }
    while let Some(Reverse((_, stream))) = next.pop() {
        let record = waiting.get(stream).map_or(&[][..], Vec::as_slice);
        report(value(record).ok_or_else(damaged)?);
        advance(&mut streams, &mut waiting, stream, &mut next)?;
    }
    Ok(())
}

fn value(record: &[u8]) -> Option<EventProblem> {
    let mut record = Parser(record);
    let (_, line, key) = (record.number()?, record.number()?, record.text()?.to_owned());
    let index = u32::try_from(record.number()?).ok()?;
    Some(EventProblem::Value { line, key, problem: record.problem(index)? })
}

/// Takes the next record of a stream in its turn, by the number that it begins with.
fn advance(
    streams: &mut [Records],
    waiting: &mut [Vec<u8>],
    stream: usize,
    next: &mut BinaryHeap<Reverse<(u64, usize)>>,
) -> Result<(), ReadError> {
    let (Some(records), Some(waiting)) = (streams.get_mut(stream), waiting.get_mut(stream)) else { return Ok(()) };
    waiting.clear();
    if let Some(record) = records.next().map_err(|error| failed(&error))? {
        waiting.extend_from_slice(record);
        next.push(Reverse((Parser(record).number().ok_or_else(damaged)?, stream)));
    }
    Ok(())
}

impl JoinedEvents<'_> {
    fn read(&mut self, run: usize) -> Result<(), ReadError> {
        advance(&mut self.runs, &mut self.waiting, run, &mut self.next)
    }

    /// The events of the next batch of leads, and what is wrong with them where that was to be kept.
    ///
    /// Batches have to come in their order.
    pub fn of(&mut self, batch: &Batch) -> Result<(EventStore, LeadProblems), ReadError> {
        let mut keys = Vec::new();
        batch.keys(self.plan, &self.bump, &mut |key| keys.push(key.to_owned()));
        self.bump.reset();
        let mut store = EventStore::empty(self.plan);
        let mut problems = Vec::new();
        for key in &keys {
            if let Some(Reverse((number, run))) = self.next.peek().copied()
                && number == self.given
            {
                self.next.pop();
                let record = std::mem::take(self.waiting.get_mut(run).ok_or_else(damaged)?);
                if !take(&record, key, self.plan, &self.bump, &mut store, &mut problems)? {
                    return Err(changed());
                }
                self.bump.reset();
                if let Some(waiting) = self.waiting.get_mut(run) {
                    *waiting = record;
                }
                self.read(run)?;
            }
            self.given += 1;
        }
        store.finish();
        Ok((store, problems))
    }

    /// What was read in all: the counts, and the events that have no lead.
    pub fn finish(self) -> Result<EventStore, ReadError> {
        if self.given == self.keys { Ok(self.rest) } else { Err(changed()) }
    }
}

#[cold]
fn changed() -> ReadError {
    ReadError::new("the leads were changed while they were read, once for their keys and once for all the rest")
        .help("run it again")
}

/// Adds what a record has for a lead; whether it is of this lead.
fn take(
    record: &[u8],
    key: &str,
    plan: &Plan<'_>,
    bump: &Bump,
    store: &mut EventStore,
    problems: &mut LeadProblems,
) -> Result<bool, ReadError> {
    let mut record = Parser(record);
    let (Some(_), Some(of), Some(count)) = (record.number(), record.text(), record.number()) else {
        return Err(damaged());
    };
    if of != key {
        return Ok(false);
    }
    // A lead that comes again in the batch has the same.
    let known = store.leads();
    let lead = store.lead(key);
    if lead < known {
        return Ok(true);
    }
    for _ in 0..count {
        let index = record.number().and_then(|index| u32::try_from(index).ok()).ok_or_else(damaged)?;
        let event = record.event(plan, bump).ok_or_else(damaged)?;
        store.add(&event, lead, index, plan);
    }
    if !record.0.is_empty() {
        let line = record.number().ok_or_else(damaged)?;
        let mut of_lead = Vec::new();
        while !record.0.is_empty() {
            let index = record.number().and_then(|index| u32::try_from(index).ok()).ok_or_else(damaged)?;
            of_lead.push(record.problem(index).ok_or_else(damaged)?);
        }
        problems.push((key.to_owned(), (line, of_lead)));
    }
    Ok(true)
}

impl EventStore {
    /// What is left to say of events that were joined elsewhere.
    fn of_rest<'k>(
        plan: &Plan<'_>,
        counts: EventCounts,
        orphans: u64,
        keys: impl Iterator<Item = &'k str>,
    ) -> EventStore {
        let mut rest = EventStore::empty(plan);
        rest.left(counts, orphans, keys);
        rest
    }
}
