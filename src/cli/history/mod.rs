//! `qualify history`: a lead's scores, bands and stage over its whole life; or every lead's changes of stage as rows.

mod draw;
mod rows;
mod text;

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::search::{self, Want};
use super::terminal::{Terminal, count, print};
use super::when::WhenArgs;
use super::{batches, events, input, leads};
use crate::base::visible;
use crate::data::{Decoded, Output, Plan};
use crate::eval::Evaluator;
use crate::model::time::{AsOf, Zone};
use crate::whatif::{HistoryOptions, TimePlan, history};
use bumpalo::Bump;
use std::io::Write;

/// Show a lead's scores, bands and stage over its whole life, exact at every change
#[derive(Debug, clap::Args)]
#[command(
    long_about = "\
Show a lead's scores, bands and stage over its whole life, exact at every change.

Each event counts from the instant that it came. The lead's fields are those of today at every instant: what they were \
is not in the data. `keep while` is asked of the stage that the history itself stood at just before.",
    after_help = "\
Examples:
  qualify history policy.qual leads.csv --lead todd
  qualify history policy.qual leads.csv --events events.csv --lead todd --from 2026-01-01
  qualify history policy.qual leads.csv --lead todd --format svg > todd.svg
  qualify history policy.qual leads.ndjson --all --format csv --output stages.csv

Exit codes: 0 done; 2 could not run; 3 done, but records were rejected."
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON or Parquet, also with .gz or .zst; `-` is standard input
    leads: String,
    /// The lead's key; its record's number where the policy declares no key
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, required_unless_present = "all")]
    lead: Option<String>,
    /// Write every lead's changes of stage as rows: a first row a lead, then one a change
    #[arg(long, conflicts_with = "lead")]
    all: bool,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// The first instant that is shown; where the lead's life begins unless given
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// The last instant that is shown; the as-of unless given
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// How to print it; with --all `csv` or `ndjson`
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The score that is drawn; unless given, the one that the stages ask for
    #[arg(long, value_name = "NAME")]
    score: Option<String>,
    /// At most so many of the latest changes as text; all are in the other formats
    #[arg(long, value_name = "N", default_value = "40")]
    rows: usize,
    /// Write to a file, whole or not at all; .gz and .zst are compressed
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
    /// With --all: work on several threads, at most 256; the output is the same
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: stages, a chart, the changes
    Text,
    /// For programs: everything
    Json,
    /// A picture of a score over time
    Svg,
    /// Rows
    Csv,
    /// Rows
    Ndjson,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [Some(&args.policy), Some(&args.leads), args.events.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let format = args.format.unwrap_or(if args.all { Format::Csv } else { Format::Text });
    if args.all && !matches!(format, Format::Csv | Format::Ndjson) {
        return Err(Failure::new("with --all rows are written").help("`--format csv` or `--format ndjson`"));
    }
    let program = policy::program(&args.policy, &args.set)?;
    let zone = &program.zone;
    let when = args.when.when(zone)?;
    let options = HistoryOptions {
        from: args.from.as_deref().map(|text| first_of(text, "--from", zone)).transpose()?,
        until: args.until.as_deref().map(|text| last_of(text, zone)).transpose()?,
        ..HistoryOptions::default()
    };
    if let (Some(from), until) = (options.from, options.until.unwrap_or(when.as_of.instant))
        && from > until
    {
        return Err(Failure::new("`--from` is later than the last instant").help("give an earlier one"));
    }
    let evaluator = Evaluator::new(&program, when.as_of);
    let plan = events::plan(&program);
    if args.all {
        return all(&args, format, &evaluator, &plan, options, terminal);
    }
    let keys = [args.lead.clone().unwrap_or_default()];
    let want = Want { keys: &keys, leads: &args.leads, events: args.events.as_deref() };
    let what_if = TimePlan::new(&evaluator);
    let found = search::find(&want, &plan, terminal, &mut |lead, _| history(&evaluator, &what_if, lead, options))?;
    let Some(told) = found.first() else { return Ok(Exit::Done) };
    if told.covered < told.until {
        let covered = told.covered;
        terminal.warn(&format!("the history ends at {covered}: there are too many events and changes"), None);
    }
    let score = policy::main_score(&program, args.score.as_deref())?;
    let printed = match format {
        Format::Json if args.output.is_none() => return print_json(told).map(|()| Exit::Done),
        Format::Json => serde_json::to_string_pretty(told).map_err(|error| Failure::new(error.to_string()))? + "\n",
        Format::Text => text::page(&program, told, score, args.rows, terminal),
        Format::Svg => draw::svg(&program, told, score)?,
        Format::Csv => rows::moments_csv(told),
        Format::Ndjson => rows::moments_ndjson(told),
    };
    match &args.output {
        None => print(&printed)?,
        Some(path) => {
            let unwritable = |error| Failure::unwritable(path, &error);
            let mut output = Output::create(path).map_err(unwritable)?;
            output.write_all(printed.as_bytes()).map_err(unwritable)?;
            output.finish().map_err(unwritable)?;
        }
    }
    Ok(Exit::Done)
}

/// The first instant of a date, or an instant.
fn first_of(text: &str, option: &str, zone: &Zone) -> Result<i64, Failure> {
    crate::model::time::Moment::read(text.trim().as_bytes()).map(|moment| moment.instant(zone)).ok_or_else(|| {
        Failure::new(format!("`{option} {}` is no date or time", visible(text)))
            .help("write a date, `2026-11-01`, or a time, `2026-11-01T09:30:00Z`")
    })
}

/// The last instant of a date, or an instant.
fn last_of(text: &str, zone: &Zone) -> Result<i64, Failure> {
    match AsOf::parse(text, zone) {
        Some(as_of) => Ok(as_of.instant),
        None => first_of(text, "--until", zone),
    }
}

fn all(
    args: &Args,
    format: Format,
    evaluator: &Evaluator<'_>,
    plan: &Plan<'_>,
    options: HistoryOptions,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let program = evaluator.program();
    if program.stages.is_empty() {
        return Err(Failure::new("the policy has no stages: no lead can change its stage"));
    }
    let path = args.output.as_deref().unwrap_or("-");
    let unwritable = |error| Failure::unwritable(path, &error);
    let mut reader = leads::open(&args.leads, plan, terminal)?;
    let store = match &args.events {
        Some(path) => Some(events::read(path, plan, terminal, &mut |_| {})?),
        None => None,
    };
    let mut output = Output::create(path).map_err(unwritable)?;
    let rows = rows::Rows::new(program, format == Format::Ndjson);
    output.write_all(rows.header().as_bytes()).map_err(unwritable)?;
    let what_if = TimePlan::new(evaluator);
    let work = |batch: &crate::data::Batch| {
        let arena = Bump::new();
        let mut done = rows::Done::default();
        batch.decode(plan, store.as_ref(), &arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, .. } => rows.lead(evaluator, &what_if, &lead, options, &mut done),
            Decoded::Reject(_) => done.rejected += 1,
        });
        done
    };
    let (mut rejected, mut cut) = (0, 0);
    batches::each(&mut reader, &args.leads, args.threads, &|| &work, &mut |done| {
        rejected += done.rejected;
        cut += done.cut;
        output.write_all(done.text.as_bytes()).map_err(unwritable)
    })?;
    output.finish().map_err(unwritable)?;
    if cut > 0 {
        let leads = count(cut, "lead has", "leads have");
        terminal.warn(&format!("{leads} too many events and changes: their rows end early"), None);
    }
    if rejected > 0 {
        let records = count(rejected, "record was", "records were");
        terminal.warn(&format!("{records} rejected"), Some("`qualify score --rejects FILE` says why"));
        return Ok(Exit::Rejected);
    }
    Ok(Exit::Done)
}
