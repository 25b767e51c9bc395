//! Opening the leads and a second file of events, in memory, on a disk, or to be read side by side.

use super::beside::{Beside, Found, Source};
use super::pipeline::{Done, EventProblems};
use super::reports::ReportFormat;
use super::rows::RowFormat;
use super::tally::Tally;
use super::{Args, Files};
use crate::cli::exit::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::{events, input, leads};
use crate::data::{EventProblem, EventStore, EventsHeld, Format, LeadReader, Plan, SortedEvents, SpilledEvents};
use std::fs::File;
use std::sync::Arc;

/// The leads, and their events where these stand in a second file.
pub struct Opened<'p> {
    pub reader: LeadReader,
    pub events: Events,
    /// Events that are given batch by batch.
    pub beside: Option<Beside<'p>>,
}

/// A second file of events, or nothing.
#[derive(Default)]
pub struct Events {
    pub store: Option<EventStore>,
    /// What is wrong with the events of each lead: with `--strict`, and for whole decisions.
    pub by_lead: Arc<EventProblems>,
    /// Counts of the values that could not be read.
    pub tally: Tally,
}

/// So much text of reports is held in memory before it is written.
const REPORTS: usize = 1 << 20;

/// What is wrong with events, on its way into the reports.
struct Report<'f> {
    files: &'f mut Files,
    found: Found,
    rows: Option<RowFormat>,
    strict: bool,
    problems: Option<ReportFormat>,
    rejects: Option<ReportFormat>,
    failure: Option<Failure>,
}

impl Report<'_> {
    fn add(&mut self, problem: EventProblem) {
        self.found.add(problem, self.rows, self.strict, self.problems, self.rejects);
        if self.found.written() > REPORTS {
            self.write();
        }
    }

    fn write(&mut self) {
        let extra = self.found.take();
        let done = Done { problems: extra.problems, rejects: extra.rejects, ..Done::default() };
        if self.failure.is_none() {
            self.failure = self.files.write(&done).err();
        }
    }
}

impl Args {
    fn reports(&self) -> (Option<ReportFormat>, Option<ReportFormat>) {
        let (problems, rejects) = (self.problems.as_deref(), self.rejects.as_deref());
        (problems.map(ReportFormat::of), rejects.map(ReportFormat::of))
    }

    fn beside<'p>(&self, path: &'p str, rows: Option<RowFormat>, events: Source<'p>) -> Beside<'p> {
        let (problems, rejects) = self.reports();
        Beside { path, events, rows, strict: self.strict, problems, rejects, found: Found::default() }
    }
}

/// Opens the leads, and reads a second file of events or opens it.
pub fn open<'p>(
    args: &'p Args,
    rows: Option<RowFormat>,
    plan: &'p Plan<'p>,
    files: &mut Files,
    terminal: &Terminal,
) -> Result<Opened<'p>, Failure> {
    let of_leads = || leads::open(&args.leads, plan, terminal);
    let Some(path) = &args.events else {
        return Ok(Opened { reader: of_leads()?, events: Events::default(), beside: None });
    };
    if args.sorted {
        let reader = of_leads()?;
        let events = SortedEvents::open(input::open(path, terminal)?, Format::of(path), plan)
            .map_err(|error| leads::unreadable(path, error))?;
        for warning in events.warnings() {
            terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
        }
        let beside = Some(args.beside(path, rows, Source::Sorted(Box::new(events))));
        return Ok(Opened { reader, events: Events::default(), beside });
    }
    // What can be read once only is kept until it is known whether it has to be read twice.
    let again = input::is_file(&args.leads);
    let reader = if again { Some(of_leads()?) } else { None };
    let (problems, rejects) = args.reports();
    let (found, failure) = (Found::default(), None);
    let mut report = Report { files, found, rows, strict: args.strict, problems, rejects, failure };
    match events::read_within(path, plan, args.memory, terminal, &mut |problem| report.add(problem))? {
        EventsHeld::Memory(store) => {
            let (by_lead, tally) = report.end()?;
            let events = Events { store: Some(*store), by_lead: Arc::new(by_lead), tally };
            Ok(Opened { reader: reader.map_or_else(of_leads, Ok)?, events, beside: None })
        }
        EventsHeld::Disk(spilled) => {
            let copy = if again { None } else { Some(copied(&args.leads, terminal)?) };
            let (joined, reader) = {
                let mut spilled = *spilled;
                spill_leads(&mut spilled, args, plan, copy.as_ref(), terminal)?;
                // What belongs to a lead comes with its events from here on.
                (report.rows, report.strict) = (None, false);
                let keep = args.strict || rows == Some(RowFormat::Ndjson);
                let joined = spilled.join(plan, keep, &mut |problem| report.add(problem));
                let reader = match (reader, &copy) {
                    (Some(reader), _) => reader,
                    (None, Some(copy)) => leads::open_copy(&args.leads, copy, plan, Some(terminal))?,
                    (None, None) => of_leads()?,
                };
                (joined.map_err(|error| leads::unreadable(path, error))?, reader)
            };
            let (by_lead, tally) = report.end()?;
            let events = Events { store: None, by_lead: Arc::new(by_lead), tally };
            let source = Source::Joined(Box::new(joined), Arc::clone(&events.by_lead));
            Ok(Opened { reader, events, beside: Some(args.beside(path, rows, source)) })
        }
    }
}

impl Report<'_> {
    fn end(mut self) -> Result<(EventProblems, Tally), Failure> {
        self.write();
        match self.failure {
            Some(failure) => Err(failure),
            None => {
                let (extra, tally) = self.found.all();
                Ok((extra.by_lead, tally))
            }
        }
    }
}

/// Reads the keys of all leads, once before they are read for good.
fn spill_leads(
    spilled: &mut SpilledEvents,
    args: &Args,
    plan: &Plan<'_>,
    copy: Option<&File>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let plan = plan.keys_alone();
    let mut reader = match copy {
        Some(copy) => leads::open_copy(&args.leads, copy, &plan, None)?,
        None => leads::open_again(&args.leads, &plan, terminal)?,
    };
    spilled.leads(&mut reader, &plan).map_err(|error| leads::unreadable(&args.leads, error))
}

/// A copy of leads that can be read once only.
fn copied(path: &str, terminal: &Terminal) -> Result<File, Failure> {
    let mut input = input::open(path, terminal)?;
    let copy = tempfile::tempfile().and_then(|mut file| std::io::copy(&mut input, &mut file).map(|_| file));
    copy.map_err(|error| {
        Failure::new(format!("{} cannot be copied to a temporary file: {error}", input::name(path)))
            .help("let TMPDIR name a folder with more room, or allow more --memory")
    })
}
