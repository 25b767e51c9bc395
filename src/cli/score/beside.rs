//! Events of a second file that are read beside the leads (`--sorted`).

use super::pipeline::EventProblems;
use super::reports::{Origin, ReportFormat, Row};
use super::rows::RowFormat;
use super::tally::Tally;
use crate::cli::exit::Failure;
use crate::cli::leads;
use crate::data::{Batch, EventProblem, EventStore, SortedEvents};

/// A second file of events in the order of the leads.
pub struct Beside<'p> {
    pub path: &'p str,
    pub events: SortedEvents<'p>,
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
        let read = self.events.of(batch, &mut report);
        let (keys, store) = read.map_err(|error| leads::unreadable(self.path, error))?;
        let mut extra = self.found.take();
        extra.store = Some(store);
        if !self.found.waiting.is_empty() {
            extra.by_lead = keys.iter().filter_map(|key| self.found.waiting.remove_entry(key)).collect();
        }
        Ok(extra)
    }

    /// What was read in all, and what was wrong with the rest.
    pub fn finish(mut self) -> Result<(EventStore, Extra, Tally), Failure> {
        let (found, rows, strict) = (&mut self.found, self.rows, self.strict);
        let (problems, rejects) = (self.problems, self.rejects);
        let mut report = |problem| found.add(problem, rows, strict, problems, rejects);
        let store = self.events.finish(&mut report).map_err(|error| leads::unreadable(self.path, error))?;
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

    /// The rows of the reports, and no more.
    fn take(&mut self) -> Extra {
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
