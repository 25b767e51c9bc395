//! Events of a second file that are given batch by batch of the leads: read beside them (`--sorted`), or from a disk.

use super::pipeline::EventProblems;
use super::reports::{Origin, ReportFormat, Row};
use super::rows::RowFormat;
use super::tally::Tally;
use crate::cli::exit::Failure;
use crate::cli::leads;
use crate::data::{Batch, EventProblem, EventStore, JoinedEvents, SortedEvents};
use std::sync::Arc;

/// Where a batch's events come from.
pub enum Source<'p> {
    /// A file in the order of the leads.
    Sorted(Box<SortedEvents<'p>>),
    /// A disk, where the events stand that had no room in memory; and what was wrong with those before it came to this.
    Joined(Box<JoinedEvents<'p>>, Arc<EventProblems>),
}

/// A second file of events, batch by batch.
pub struct Beside<'p> {
    pub path: &'p str,
    pub events: Source<'p>,
    /// Which problems are kept for the lead: those that its row or `--strict` asks for.
    pub rows: Option<RowFormat>,
    pub strict: bool,
    pub problems: Option<ReportFormat>,
    pub rejects: Option<ReportFormat>,
    pub found: Found,
}

/// What was wrong with what was read so far.
#[derive(Default)]
pub struct Found {
    pub tally: Tally,
    /// Of leads that have not come yet.
    waiting: EventProblems,
    /// Rows of the reports that are not written yet.
    problems: String,
    rejects: String,
    last: u64,
}

/// The events of a batch of leads, and what is wrong with them.
#[derive(Default)]
pub struct Extra {
    pub store: Option<EventStore>,
    pub by_lead: EventProblems,
    pub problems: String,
    pub rejects: String,
}

impl Beside<'_> {
    /// The events of the next batch of leads.
    pub fn of(&mut self, batch: &Batch) -> Result<Extra, Failure> {
        let (found, rows, strict) = (&mut self.found, self.rows, self.strict);
        let (problems, rejects) = (self.problems, self.rejects);
        let mut report = |problem| found.add(problem, rows, strict, problems, rejects);
        let unreadable = |error| leads::unreadable(self.path, error);
        let events = match &mut self.events {
            Source::Sorted(events) => events,
            Source::Joined(events, earlier) => {
                let (store, problems) = events.of(batch).map_err(unreadable)?;
                let mut extra =
                    Extra { store: Some(store), by_lead: problems.into_iter().collect(), ..self.found.take() };
                for (key, (line, problems)) in &mut extra.by_lead {
                    if let Some((first, before)) = earlier.get(key) {
                        *line = *first;
                        problems.splice(0..0, before.iter().cloned());
                    }
                }
                return Ok(extra);
            }
        };
        let store = events.of(batch, &mut report).map_err(unreadable)?;
        let mut extra = self.found.take();
        if !self.found.waiting.is_empty() {
            extra.by_lead = store.expected().filter_map(|key| self.found.waiting.remove_entry(key)).collect();
        }
        extra.store = Some(store);
        Ok(extra)
    }

    /// What was read in all, and what was wrong with the rest.
    pub fn finish(mut self) -> Result<(EventStore, Extra, Tally), Failure> {
        let (found, rows, strict) = (&mut self.found, self.rows, self.strict);
        let (problems, rejects) = (self.problems, self.rejects);
        let mut report = |problem| found.add(problem, rows, strict, problems, rejects);
        let store = match self.events {
            Source::Sorted(events) => events.finish(&mut report),
            Source::Joined(events, _) => events.finish(),
        };
        let store = store.map_err(|error| leads::unreadable(self.path, error))?;
        let extra = self.found.take();
        Ok((store, extra, self.found.tally))
    }
}

impl Found {
    /// Counts what is wrong with a record of the events, and writes it down where it is asked for.
    pub fn add(
        &mut self,
        problem: EventProblem,
        rows: Option<RowFormat>,
        strict: bool,
        problems: Option<ReportFormat>,
        rejects: Option<ReportFormat>,
    ) {
        match problem {
            EventProblem::Value { line, key, problem } => {
                self.tally.problem(&problem);
                self.tally.records_with_problems += u64::from(line != self.last);
                self.last = line;
                if let Some(format) = problems {
                    Row::problem(Origin::Events, line, &key, &problem).write(format, &mut self.problems);
                }
                if rows == Some(RowFormat::Ndjson) {
                    self.waiting.entry(key).or_insert_with(|| (line, Vec::new())).1.push(problem);
                } else if strict {
                    self.waiting.entry(key).or_insert_with(|| (line, vec![problem]));
                }
            }
            EventProblem::Reject(reject) => {
                if let Some(format) = rejects {
                    Row::reject(Origin::Events, &reject).write(format, &mut self.rejects);
                }
            }
        }
    }

    /// How much text of the reports is not written yet.
    pub fn written(&self) -> usize {
        self.problems.len() + self.rejects.len()
    }

    /// The rows of the reports, and no more.
    pub fn take(&mut self) -> Extra {
        Extra {
            problems: std::mem::take(&mut self.problems),
            rejects: std::mem::take(&mut self.rejects),
            ..Extra::default()
        }
    }

    /// What was wrong with a whole file.
    pub fn all(mut self) -> (Extra, Tally) {
        let mut extra = self.take();
        extra.by_lead = self.waiting;
        (extra, self.tally)
    }
}
