//! `qualify score`: decisions for all leads, as a summary for people or as rows for programs.

mod beside;
mod columns;
mod pipeline;
mod reports;
mod rows;
mod second;
mod summary;
mod tally;

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, count, print};
use super::when::WhenArgs;
use super::{events, input};
use crate::base::{SourceMap, visible};
use crate::data::{ColumnOutput, Format, Output, is_stream, same_file};
use crate::eval::Evaluator;
use crate::model::time::display_instant;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use pipeline::{Done, Job};
use reports::ReportFormat;
use rows::{RowFormat, RowWriter};
use second::Opened;
use std::io::Write;
use std::sync::Arc;
use summary::Summary;
use tally::Tally;

/// Score leads with a policy
#[derive(Debug, clap::Args)]
#[command(
    long_about = "\
Score leads with a policy.

On a terminal this prints a summary: how many leads stand at each stage, who is disqualified and why, where leads are \
routed, the best leads, and what is wrong with the data. Piped, or with --output, it writes a row for each lead.",
    after_help = "\
Examples:
  qualify score policy.qual leads.csv
  qualify score policy.qual leads.ndjson.gz --as-of 2026-11-01 --output decisions.csv
  qualify score policy.qual leads.csv --events events.csv --format ndjson | jq .stage
  qualify score policy.qual leads.csv --events events.csv --sorted --output decisions.csv
  qualify score policy.qual leads.csv --events events.csv --memory 500MB --output decisions.csv
  qualify score policy.qual leads.csv --problems problems.csv --rejects rejects.csv
  qualify score policy.qual leads.csv --set demo_points=25
  qualify score policy.qual leads.parquet --events events.parquet --output decisions.parquet
  cat leads.csv | qualify score policy.qual - > decisions.csv

Exit codes: 0 done; 1 an `always` of the policy is broken; 2 could not run; 3 done, but records were rejected."
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON or Parquet, also with .gz or .zst; `-` is standard input
    leads: String,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    /// The leads and the events of --events are sorted by key, or in one order: read them side by side, in little memory
    #[arg(long, requires = "events")]
    sorted: bool,
    /// About how much memory the events of --events may take; what is more stands in a temporary file (TMPDIR)
    #[arg(long, value_name = "SIZE", default_value = "2GB", value_parser = input::size)]
    memory: usize,
    #[command(flatten)]
    when: WhenArgs,
    /// Write the rows to a file, whole or not at all; .gz and .zst are compressed; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
    /// The form of the rows; by the ending of --output, else CSV
    #[arg(long, value_enum)]
    format: Option<RowFormat>,
    /// Write values that could not be read to a file: CSV or NDJSON by its ending
    #[arg(long, value_name = "FILE")]
    problems: Option<String>,
    /// Write records without a decision to a file: CSV or NDJSON by its ending
    #[arg(long, value_name = "FILE")]
    rejects: Option<String>,
    /// Reject every lead with a value that cannot be read, its events included
    #[arg(long)]
    strict: bool,
    /// Print the summary on standard error when rows go to standard output or a file
    #[arg(long)]
    summary: bool,
    /// Work on several threads, at most 256; the output is the same
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    #[command(flatten)]
    set: SetArgs,
}

impl Args {
    /// The form of the rows; none for a summary instead of rows.
    fn rows(&self, terminal: &Terminal) -> Option<RowFormat> {
        if self.format.is_none() && self.output.is_none() && terminal.interactive {
            return None;
        }
        let by_name = self.output.as_deref().and_then(Format::of).map(|format| match format {
            Format::Csv => RowFormat::Csv,
            Format::Parquet => RowFormat::Parquet,
            _ => RowFormat::Ndjson,
        });
        self.format.or(by_name).or(Some(RowFormat::Csv))
    }
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [Some(&args.policy), Some(&args.leads), args.events.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let program = policy::program(&args.policy, &args.set)?;
    let when = args.when.when(&program.zone)?;
    let evaluator = Evaluator::new(&program, when.as_of.clone());
    let format = args.rows(terminal);
    let to_terminal = terminal.interactive && args.output.as_deref().is_none_or(|output| output == "-");
    let mut files = Files::create(&args, format, to_terminal, &program.sources)?;

    // With --strict what is wrong with old events counts too.
    let plan = match args.strict {
        true => events::plan(&program),
        false => events::plan(&program).since(|ty| evaluator.oldest(ty)),
    };
    let Opened { mut reader, mut events, mut beside } = second::open(&args, format, &plan, &mut files, terminal)?;

    let job = Job {
        evaluator: &evaluator,
        plan: &plan,
        leads: &args.leads,
        events: events.store.as_ref(),
        rows: format.map(|format| RowWriter::new(&evaluator, format, to_terminal)),
        columns: format == Some(RowFormat::Parquet),
        event_problems: Arc::clone(&events.by_lead),
        strict: args.strict,
        problems: args.problems.as_deref().map(ReportFormat::of),
        rejects: args.rejects.as_deref().map(ReportFormat::of),
    };
    if let Some(rows) = &job.rows {
        files.rows.write(&rows.header())?;
        if job.columns {
            files.rows.columns(columns::schema(&program))?;
        }
    }
    let mut tally = job.run(&mut reader, args.threads, beside.as_mut(), &mut |done| files.write(&done))?;
    drop(job);
    if let Some(beside) = beside {
        let (store, extra, of_events) = beside.finish()?;
        files.write(&Done { problems: extra.problems, rejects: extra.rejects, ..Done::default() })?;
        events.store = Some(store);
        events.tally.merge(of_events);
    }
    tally.merge(events.tally);
    files.finish()?;

    let summary = Summary {
        program: &program,
        when: &when,
        leads: &args.leads,
        events: args.events.as_deref().zip(events.store.as_ref()),
        strict: args.strict,
        tally: &tally,
    };
    if format.is_none() {
        print(&summary.render(terminal.paint(), terminal.width))?;
    } else if args.summary {
        terminal.say(summary.render(terminal.paint_errors(), terminal.width).trim_end());
    } else {
        closing_line(&summary, &args, terminal);
    }
    Ok(match (tally.broken, tally.rejected() + summary.event_rejects()) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::Rejected,
        _ => Exit::Findings,
    })
}

/// The files that a run writes; none is there under its name before the whole run went well.
struct Files {
    rows: Target,
    problems: Target,
    rejects: Target,
}

/// A file, or nothing.
struct Target(Option<(String, Sink)>);

/// What is written to a file.
enum Sink {
    Text(Box<Output>),
    Columns(Box<ColumnOutput>),
}

impl Target {
    fn create(path: Option<&str>) -> Result<Target, Failure> {
        let Some(path) = path else { return Ok(Target(None)) };
        let output = Output::create(path).map_err(|error| Failure::unwritable(path, &error))?;
        Ok(Target(Some((path.to_owned(), Sink::Text(Box::new(output))))))
    }

    /// From here on rows are columns.
    fn columns(&mut self, schema: SchemaRef) -> Result<(), Failure> {
        if let Some((path, Sink::Text(output))) = self.0.take() {
            let columns = ColumnOutput::new(*output, schema).map_err(|error| Failure::unwritable(&path, &error))?;
            self.0 = Some((path, Sink::Columns(Box::new(columns))));
        }
        Ok(())
    }

    fn rows(&mut self, rows: &RecordBatch) -> Result<(), Failure> {
        match &mut self.0 {
            Some((path, Sink::Columns(columns))) => {
                columns.write(rows).map_err(|error| Failure::unwritable(path, &error))
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        match &mut self.0 {
            Some((path, Sink::Text(output))) => {
                output.write_all(text.as_bytes()).map_err(|error| Failure::unwritable(path, &error))
            }
            _ => Ok(()),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        match self.0 {
            Some((path, Sink::Text(output))) => output.finish().map_err(|error| Failure::unwritable(&path, &error)),
            Some((path, Sink::Columns(columns))) => {
                columns.finish().map_err(|error| Failure::unwritable(&path, &error))
            }
            None => Ok(()),
        }
    }
}

impl Files {
    fn create(args: &Args, format: Option<RowFormat>, to_terminal: bool, policy: &SourceMap) -> Result<Files, Failure> {
        if let (Some(path), None) = (&args.output, args.format) {
            let help = "say what to write: `--format csv`, `--format ndjson` or `--format parquet`";
            written_format("--output", path, &[".csv", ".ndjson", ".jsonl", ".parquet"], help)?;
        }
        for (option, path) in [("--problems", &args.problems), ("--rejects", &args.rejects)] {
            if let Some(path) = path {
                let help = "the ending says what to write: give the file another name";
                written_format(option, path, &[".csv", ".ndjson", ".jsonl"], help)?;
            }
        }
        let rows = format.map(|_| args.output.as_deref().unwrap_or("-"));
        let written = [rows, args.problems.as_deref(), args.rejects.as_deref()];
        let inputs = [Some(args.policy.as_str()), Some(args.leads.as_str()), args.events.as_deref()];
        let policy = policy.files().iter().map(|source| source.name.as_str());
        let read: Vec<&str> = inputs.into_iter().flatten().filter(|path| *path != "-").chain(policy).collect();
        for (place, path) in written.iter().enumerate().filter_map(|(place, path)| Some((place, (*path)?))) {
            if written[..place].iter().flatten().any(|other| same_file(other, path)) {
                return Err(Failure::new(format!("`{}` would be written twice", visible(path)))
                    .help("give --output, --problems and --rejects a file each"));
            }
            if read.iter().any(|other| same_file(other, path)) {
                return Err(Failure::new(format!("`{}` would be written over what is read", visible(path)))
                    .help("write to another file"));
            }
        }
        if format == Some(RowFormat::Parquet) && to_terminal {
            return Err(Failure::new("Parquet is not for a terminal").help("write it to a file: `--output FILE`"));
        }
        let mut files = Files {
            rows: Target::create(rows)?,
            problems: Target::create(args.problems.as_deref())?,
            rejects: Target::create(args.rejects.as_deref())?,
        };
        for (target, path) in [(&mut files.problems, &args.problems), (&mut files.rejects, &args.rejects)] {
            target.write(path.as_deref().map_or("", |path| ReportFormat::of(path).header()))?;
        }
        Ok(files)
    }

    fn write(&mut self, done: &Done) -> Result<(), Failure> {
        self.rows.write(&done.rows)?;
        if let Some(columns) = &done.columns {
            self.rows.rows(columns)?;
        }
        self.problems.write(&done.problems)?;
        self.rejects.write(&done.rejects)
    }

    /// The rows come last: when they are there, all is.
    fn finish(self) -> Result<(), Failure> {
        self.problems.finish()?;
        self.rejects.finish()?;
        self.rows.finish()
    }
}

/// Refuses a file whose ending does not say how its rows are written.
fn written_format(option: &str, path: &str, endings: &[&str], help: &str) -> Result<(), Failure> {
    let lower = path.to_ascii_lowercase();
    let plain = [".gz", ".zst"].iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower);
    if endings.iter().any(|ending| plain.ends_with(ending)) || is_stream(path) {
        return Ok(());
    }
    let (last, others) = endings.split_last().unwrap_or((&"", &[]));
    let message = format!("`{option} {}` does not end with {} or {last}", visible(path), others.join(", "));
    Err(Failure::new(message).help(help))
}

/// What must not stay unsaid when only rows are written: one line on standard error, or none when the data is clean and
/// the as-of was given.
fn closing_line(summary: &Summary<'_>, args: &Args, terminal: &Terminal) {
    let Tally { leads, broken, .. } = *summary.tally;
    let mut parts = Vec::new();
    let rejected = summary.tally.rejected();
    if rejected > 0 {
        let hint = if args.rejects.is_none() { " (--rejects FILE lists them)" } else { "" };
        parts.push(format!("{}{hint}", count(rejected, "record rejected", "records rejected")));
    }
    if summary.event_rejects() > 0 {
        parts.push(count(summary.event_rejects(), "event record rejected", "event records rejected"));
    }
    let problems = summary.tally.problem_count();
    if problems > 0 && !args.strict {
        let hint = if args.problems.is_none() { " (--problems FILE lists them)" } else { "" };
        parts.push(format!("{}{hint}", count(problems, "value could not be read", "values could not be read")));
    }
    parts.extend(summary.unmatched());
    if broken > 0 {
        parts.push(count(broken, "lead breaks an `always`", "leads break an `always`"));
    }
    if parts.is_empty() && !summary.when.now {
        return;
    }
    let when = &summary.when;
    let as_of = format!("as of {}", display_instant(when.as_of.instant));
    let now = if when.now { " (now; --as-of WHEN makes it the same tomorrow)" } else { "" };
    let mut line = format!("{} scored {as_of}{now}", count(leads, "lead", "leads"));
    for part in parts {
        line.push_str("; ");
        line.push_str(&part);
    }
    terminal.say(&line);
}
