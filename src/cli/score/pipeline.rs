//! From batches to rows: on this thread or on several, output always in the order of the input.

use super::beside::{Beside, Extra};
use super::columns::ColumnRows;
use super::reports::{Origin, ReportFormat, Row};
use super::rows::RowWriter;
use super::tally::Tally;
use crate::blocks::{BLOCK, Blocks, Decided, count_held};
use crate::cli::exit::Failure;
use crate::cli::{batches, leads};
use crate::data::{Batch, Cursor, Decoded, Decoder, EventStore, LeadReader, Plan};
use crate::eval::{Block, Evaluator, Leads, Mask, Memo, Outcomes};
use crate::model::{Lead, Problem};
use arrow_array::RecordBatch;
use bumpalo::Bump;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What is done to every batch. Threads share it.
pub struct Job<'e> {
    pub evaluator: &'e Evaluator<'e>,
    pub plan: &'e Plan<'e>,
    /// The path of the leads.
    pub leads: &'e str,
    /// The events of a second file.
    pub events: Option<&'e EventStore>,
    /// Writes the rows, if there are to be any.
    pub rows: Option<RowWriter<'e>>,
    /// Whether the rows are typed columns.
    pub columns: bool,
    /// What the second file has for a lead that could not be read.
    pub event_problems: Arc<EventProblems>,
    /// Whether a data problem rejects its record.
    pub strict: bool,
    /// The form of the file of problems, if there is to be one.
    pub problems: Option<ReportFormat>,
    /// The form of the file of rejects, if there is to be one.
    pub rejects: Option<ReportFormat>,
}

/// The values of each lead's events in a second file that could not be read, and the line of the first. They are not
/// kept where nothing asks for them.
pub type EventProblems = HashMap<String, (u64, Vec<Problem>)>;

/// What a batch came to, as text for each file.
#[derive(Debug, Default)]
pub struct Done {
    pub rows: String,
    pub columns: Option<RecordBatch>,
    pub problems: String,
    pub rejects: String,
}

/// What a thread needs to work: memory that is used again, and its counts.
struct Worker<'e> {
    job: &'e Job<'e>,
    decoder: Decoder<'e>,
    /// Of a batch.
    batch: Bump,
    /// Of one block: little enough to stay in the processor's cache.
    block: Bump,
    memo: Memo,
    columns: Option<ColumnRows<'e>>,
    tally: Tally,
}

impl<'e> Worker<'e> {
    fn new(job: &'e Job<'e>) -> Worker<'e> {
        let tally = Tally::new(job.evaluator.program());
        let columns = job.columns.then(|| ColumnRows::new(job.evaluator));
        Worker {
            job,
            decoder: Decoder::new(job.plan),
            batch: Bump::new(),
            block: Bump::new(),
            memo: job.evaluator.memo(),
            columns,
            tally,
        }
    }
}

impl batches::Worker<(Batch, Extra)> for Worker<'_> {
    type Done = Done;
    type Rest = Tally;

    fn work(&mut self, (batch, extra): &mut (Batch, Extra)) -> Done {
        let Worker { job, decoder, batch: arena, block: block_arena, memo, columns, tally } = self;
        memo.tidy();
        let (problems, rejects) = (std::mem::take(&mut extra.problems), std::mem::take(&mut extra.rejects));
        let mut done = Done { problems, rejects, ..Done::default() };
        let extra = &*extra;
        let inside = extra.store.is_none() && job.events.is_none();
        if let Some(parts) = Blocks::open(batch, job.plan, job.evaluator, memo, inside, arena) {
            for blocks in parts {
                job.decide(blocks, extra, block_arena, memo, columns.as_mut(), tally, &mut done);
            }
            done.columns = columns.as_mut().and_then(ColumnRows::take);
            arena.reset();
            return done;
        }
        let (store, by_lead) = (extra.store.as_ref().or(job.events), &extra.by_lead);
        // Where nothing but counts is asked of events, they are counted where the store holds them.
        let counted = store.filter(|_| !job.evaluator.needs_events());
        let mut waiting = Waiting { counted: counted.map(|store| (store, Cursor::default())), ..Waiting::default() };
        let mut take = |decoded| match decoded {
            Decoded::Lead { line, lead, problems } => {
                let of_events = by_lead.get(lead.key).or_else(|| job.of_events(lead.key));
                let scored = Scored { line, problems, of_events };
                if job.takes(lead.key, &scored, tally, &mut done) {
                    waiting.leads.push(lead);
                    waiting.scored.push(scored);
                } else if let Some(store) = counted {
                    store.claim(lead.key);
                }
                if waiting.leads.len() >= BLOCK {
                    job.score(&mut waiting, block_arena, memo, columns.as_mut(), tally, &mut done);
                }
            }
            Decoded::Reject(reject) => {
                tally.reject(&reject);
                if let Some(format) = job.rejects {
                    Row::reject(Origin::Leads, &reject).write(format, &mut done.rejects);
                }
            }
        };
        match counted {
            Some(store) => decoder.decode_alone(batch, store, arena, &mut take),
            None => decoder.decode(batch, None, store, arena, &mut take),
        }
        job.score(&mut waiting, block_arena, memo, columns.as_mut(), tally, &mut done);
        done.columns = columns.as_mut().and_then(ColumnRows::take);
        arena.reset();
        done
    }

    fn rest(self) -> Tally {
        self.tally
    }
}

/// Where a lead was read, and what of it could not be read.
struct Scored<'l> {
    line: u64,
    problems: Vec<Problem>,
    /// What the second file has for it that could not be read, and where.
    of_events: Option<&'l (u64, Vec<Problem>)>,
}

/// Leads that are decided together.
#[derive(Default)]
struct Waiting<'l> {
    leads: Vec<Lead<'l>>,
    /// By lead.
    scored: Vec<Scored<'l>>,
    /// The store whose events are counted, and where those of the next lead are expected.
    counted: Option<(&'l EventStore, Cursor)>,
}

impl<'l> Scored<'l> {
    /// All that could not be read.
    fn problems(&self) -> Cow<'_, [Problem]> {
        match self.of_events {
            Some((_, more)) => [&self.problems[..], more].concat().into(),
            None => Cow::Borrowed(&self.problems),
        }
    }
}

/// Leads that are decided, and which of them are told.
struct Told<'t, 'b> {
    keys: &'t [&'t str],
    leads: Leads<'b>,
    outcomes: &'t Outcomes<'b>,
    which: Mask<'b>,
}

impl Job<'_> {
    fn of_events(&self, key: &str) -> Option<&(u64, Vec<Problem>)> {
        if self.event_problems.is_empty() { None } else { self.event_problems.get(key) }
    }

    /// Counts and tells what of a lead could not be read; whether it is to be decided all the same.
    fn takes(&self, key: &str, scored: &Scored<'_>, tally: &mut Tally, done: &mut Done) -> bool {
        let Scored { line, problems, of_events } = scored;
        tally.problems(problems);
        if let Some(format) = self.problems {
            for problem in problems {
                Row::problem(Origin::Leads, *line, key, problem).write(format, &mut done.problems);
            }
        }
        if self.strict {
            let own = problems.first().map(|problem| (Origin::Leads, *line, problem));
            let of_events = of_events.and_then(|(line, problems)| Some((Origin::Events, *line, problems.first()?)));
            if let Some((origin, line, problem)) = own.or(of_events) {
                tally.strict += 1;
                if let Some(format) = self.rejects {
                    Row::problem(origin, line, key, problem).write(format, &mut done.rejects);
                }
                return false;
            }
        }
        true
    }

    /// Decides the leads that wait.
    fn score(
        &self,
        waiting: &mut Waiting<'_>,
        arena: &mut Bump,
        memo: &mut Memo,
        columns: Option<&mut ColumnRows<'_>>,
        tally: &mut Tally,
        done: &mut Done,
    ) {
        {
            let leads = Leads::from(&waiting.leads[..]);
            let keys = &*arena.alloc_slice_fill_iter(waiting.leads.iter().map(|lead| lead.key));
            let counts = waiting.counted.as_mut().map(|(store, cursor)| {
                count_held(keys, leads, (*store, cursor), self.plan, self.evaluator, memo, arena)
            });
            let outcomes = self.evaluator.evaluate_block(Block { leads, columns: &[], counts }, memo, arena);
            let told = Told { keys, leads, outcomes: &outcomes, which: outcomes.everyone() };
            let lines = |lead: usize| waiting.scored.get(lead).map_or(0, |scored| scored.line);
            let problems = |lead: usize| waiting.scored.get(lead).map(Scored::problems).unwrap_or_default();
            self.tell(told, &lines, &problems, columns, tally, done);
        }
        waiting.leads.clear();
        waiting.scored.clear();
        arena.reset();
    }

    /// Decides leads that stand in columns.
    #[allow(clippy::too_many_arguments)]
    fn decide(
        &self,
        mut blocks: Blocks<'_>,
        extra: &Extra,
        arena: &mut Bump,
        memo: &mut Memo,
        mut columns: Option<&mut ColumnRows<'_>>,
        tally: &mut Tally,
        done: &mut Done,
    ) {
        let events = extra.store.as_ref().or(self.events);
        let clean = extra.by_lead.is_empty() && self.event_problems.is_empty();
        for from in (0..blocks.rows()).step_by(BLOCK) {
            let rows = from..(from + BLOCK).min(blocks.rows());
            let decided = blocks.decide(rows, self.plan, events, self.evaluator, memo, arena);
            let Decided { keys, leads, outcomes, first } = &decided;
            let of_events = |key: &str| extra.by_lead.get(key).or_else(|| self.of_events(key));
            let which = if clean {
                outcomes.everyone()
            } else {
                let takes = |lead: usize| {
                    let key = keys.get(lead).copied().unwrap_or_default();
                    let scored = Scored { line: first + lead as u64, problems: Vec::new(), of_events: of_events(key) };
                    self.takes(key, &scored, tally, done)
                };
                outcomes.those(takes)
            };
            let lines = |lead: usize| first + lead as u64;
            let problems = |lead: usize| match keys.get(lead).filter(|_| !clean).and_then(|key| of_events(key)) {
                Some((_, problems)) => Cow::Borrowed(&problems[..]),
                None => Cow::default(),
            };
            let told = Told { keys, leads: *leads, outcomes, which };
            self.tell(told, &lines, &problems, columns.as_deref_mut(), tally, done);
            arena.reset();
        }
    }

    /// Counts decisions and writes their rows; `lines`: where each lead stands in the data, `problems`: what of its values
    /// could not be read.
    fn tell<'p>(
        &self,
        told: Told<'_, '_>,
        lines: &dyn Fn(usize) -> u64,
        problems: &dyn Fn(usize) -> Cow<'p, [Problem]>,
        columns: Option<&mut ColumnRows<'_>>,
        tally: &mut Tally,
        done: &mut Done,
    ) {
        let Told { keys, leads, outcomes, which } = told;
        let lead = |lead: usize| (keys.get(lead).copied().unwrap_or_default(), lines(lead));
        tally.block(self.evaluator.program(), outcomes, which, lead);
        if let Some(columns) = columns {
            columns.add(keys, outcomes, which);
        }
        if let Some(rows) = &self.rows {
            rows.rows(keys, leads, outcomes, which, problems, &mut done.rows);
        }
    }

    /// Scores all leads. `sink` gets what each batch came to, in the order of the input.
    pub fn run(
        &self,
        reader: &mut LeadReader,
        threads: u16,
        mut beside: Option<&mut Beside<'_>>,
        sink: &mut impl FnMut(Done) -> Result<(), Failure>,
    ) -> Result<Tally, Failure> {
        keep_memory();
        // The events of a whole row group may be more than memory holds.
        if threads > 1 && beside.is_none() {
            reader.spread();
        }
        let mut next = |used: Option<(Batch, Extra)>| {
            used.into_iter().for_each(|(batch, _)| reader.recycle(batch));
            let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(self.leads, error))? else {
                return Ok(None);
            };
            let extra = beside.as_mut().map_or_else(|| Ok(Extra::default()), |beside| beside.of(&batch))?;
            Ok(Some((batch, extra)))
        };
        let tallies = batches::in_order(threads, &mut next, &|| Worker::new(self), sink)?;
        reader.check().map_err(|error| leads::unreadable(self.leads, error))?;
        let mut tally = Tally::new(self.evaluator.program());
        tallies.into_iter().for_each(|of_thread| tally.merge(of_thread));
        Ok(tally)
    }
}

/// Lets the allocator keep what is freed after each batch, for the next one: glibc's keeps twice as much as the largest
/// piece that it ever got back, if that is below 32 MB. No page of this one is touched.
fn keep_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(31 << 20)));
}
