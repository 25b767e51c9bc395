//! Reading what a backtest needs: outcomes, then leads as they were judged.

use crate::backtest::{Cases, EventRecords, Instant, Judge, OutcomeFile, OutcomeRecords, OutcomeTable, short_length};
use crate::base::visible;
use crate::check::hir::{Program, StageId};
use crate::cli::exit::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::{events, input, leads};
use crate::data::{EventStore, EventsRead, Format, LeadReader, Plan};
use crate::diagnostic::did_you_mean;
use crate::model::time::{AsOf, Length, Zone};
use bumpalo::Bump;

/// The instant of the decision, as it was given; 14 days after the lead's beginning where nothing is.
pub fn instant(given: Option<&str>, program: &Program) -> Result<Instant, Failure> {
    let parsed = Instant::parse(given.unwrap_or("created+14d"), program);
    parsed.map_err(|wrong| match given {
        Some(given) => {
            Failure::new(format!("`--at {}`: {}", visible(given), visible(&wrong.message))).maybe_help(wrong.help)
        }
        None => Failure::new("nothing says when each lead is to be judged")
            .help("`--at created_at+14d` names a date or time of the policy; `--at 2026-10-01` one instant for all"),
    })
}

/// The last instant of a date, or an instant.
pub fn end_of(option: &str, text: &str, zone: &Zone) -> Result<i64, Failure> {
    AsOf::parse(text, zone).map(|as_of| as_of.instant).ok_or_else(|| {
        Failure::new(format!("`{option} {}` is no date or time", visible(text)))
            .help("write a date, `2026-11-01`, or a time, `2026-11-01T09:30:00Z`")
    })
}

/// A length of time, short or long: `90d`, `3 months`.
pub fn length(option: &str, text: &str) -> Result<Length, Failure> {
    short_length(text).ok_or_else(|| {
        Failure::new(format!("`{option} {}` is no length of time", visible(text))).help("write `90d`, or `3 months`")
    })
}

/// The stage from which on leads are passed to sales: the one that is named, else the second.
pub fn line(program: &Program, named: Option<&str>) -> Result<Option<StageId>, Failure> {
    let Some(name) = named else { return Ok((program.stages.len() > 1).then_some(StageId(1))) };
    match program.stages.iter().position(|stage| stage.name == name) {
        Some(place) => Ok(Some(StageId(place as u16))),
        None => Err(Failure::new(format!("the policy has no stage `{}`", visible(name)))
            .maybe_help(did_you_mean(name, program.stages.iter().map(|stage| stage.name.as_str())))),
    }
}

/// How the policy says that outcomes are written.
pub fn outcome_file(program: &Program) -> Result<OutcomeFile, Failure> {
    OutcomeFile::new(program).ok_or_else(|| {
        Failure::new("the policy does not say how outcomes are written")
            .help("add `outcome { lead \"lead_id\" converted \"converted\" at \"converted_at\" }` with your columns")
    })
}

/// A file of outcomes.
pub fn outcomes(
    path: &str,
    file: &OutcomeFile,
    program: &Program,
    terminal: &Terminal,
) -> Result<OutcomeTable, Failure> {
    let plan = file.plan(program);
    let input = input::open(path, terminal)?;
    let mut reader =
        LeadReader::open(input, Format::of(path), &plan).map_err(|error| leads::unreadable(path, error))?;
    // What `outcome` names has to be there: without it every lead would seem not to have converted.
    if let Some(warning) = reader.warnings().first() {
        let named = warning.message.contains("column").then(|| "`outcome` in the policy names the columns".to_owned());
        return Err(Failure::new(format!("{}: {}", input::name(path), visible(&warning.message)))
            .maybe_help(warning.help.clone().or(named)));
    }
    let mut table = file.table();
    let mut arena = Bump::new();
    while let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(path, error))? {
        batch.decode(&plan, None, &arena, &mut |record| file.add(&mut table, record));
        arena.reset();
        reader.recycle(batch);
    }
    Ok(table)
}

/// Where the data is.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// The leads.
    pub leads: &'a str,
    /// A second file of events.
    pub events: Option<&'a str>,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Judged {
    /// The leads.
    pub cases: Cases,
    /// What was counted of the file of outcomes.
    pub outcomes: OutcomeRecords,
    /// What was counted of the second file of events.
    pub events: Option<EventRecords>,
}

/// Judges all leads by a policy.
pub fn judge(
    paths: Paths<'_>,
    program: &Program,
    instant: &Instant,
    judge: &Judge<'_>,
    mut outcomes: OutcomeTable,
    terminal: &Terminal,
) -> Result<Judged, Failure> {
    let schema = instant.schema(program);
    let plan = Plan::new(&schema, &program.zone, EventsRead::of(program));
    let mut judged = Judged::default();
    let mut reader = leads::open(paths.leads, &plan, terminal)?;
    let store = match paths.events {
        Some(path) => Some(events::read(path, &plan, terminal, &mut |_| {})?),
        None => None,
    };
    while let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(paths.leads, error))? {
        judge.batch(&batch, &plan, store.as_ref(), &mut outcomes, &mut judged.cases);
        reader.recycle(batch);
    }
    let counts = outcomes.counts;
    judged.outcomes = OutcomeRecords {
        records: counts.records,
        rejected: counts.rejected,
        problems: counts.problems,
        repeated: counts.repeated,
        without_lead: outcomes.without_lead(),
    };
    judged.events = store.as_ref().map(event_records);
    Ok(judged)
}

/// What was counted of a second file of events, when all leads have been read.
pub fn event_records(store: &EventStore) -> EventRecords {
    let counts = store.counts();
    EventRecords {
        records: counts.records,
        rejected: counts.rejected,
        unreadable: counts.unreadable,
        without_lead: store.orphans(),
    }
}
