//! `qualify backtest`: how well a policy told who would convert, on leads whose outcome is known.

mod lines;
mod page;
mod read;
mod text;
pub mod words;

use super::exit::{Exit, Failure};
use super::input;
use super::policy::{self, SetArgs, main_score};
use super::terminal::{Terminal, print};
use crate::backtest::{
    Backtest, Case, Cases, Instant, Judge, JudgeOptions, Options, Other, OutcomeTable, Workload, against, backtest,
    within,
};
use crate::base::{visible, visible_json};
use crate::check::hir::Program;
use crate::data::Output;
use crate::model::number;
use std::io::Write;

pub use lines::{rows_of, say_words};
use read::Paths;
pub use read::{end_of, instant, length, line, outcome_file, outcomes};

/// Hold a policy against what became of the leads
#[derive(Debug, clap::Args)]
#[command(
    long_about = "\
Hold a policy against what became of the leads.

Each lead is judged as of an instant that knows nothing later: later events do not exist, and neither do fields that \
people fill in at a later stage, nor the stage of today. Then the outcomes are looked up: how often each stage, band and \
rule was right, what every threshold would bring, and what the policy would lose without each of its rules.

The policy says how the file of outcomes is written: \
`outcome { lead \"lead_id\" converted \"converted\" at \"converted_at\" amount \"amount\" in USD }`.",
    after_help = "\
Examples:
  qualify backtest policy.qual leads.csv --events events.csv --outcomes outcomes.csv
  qualify backtest policy.qual leads.csv --outcomes outcomes.csv --at created_at+14d --within 90d
  qualify backtest policy.qual leads.csv --outcomes outcomes.csv --at reached:mql
  qualify backtest policy.qual leads.csv --outcomes outcomes.csv --at column:assigned_at --cost 40 --capacity 200/month
  qualify backtest new.qual leads.csv --outcomes outcomes.csv --against old.qual --train-until 2026-06-30
  qualify backtest policy.qual leads.csv --outcomes outcomes.csv --format html --output backtest.html

Exit codes: 0 done; 2 could not run; 3 done, but records were rejected."
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON, Parquet or Arrow, also with .gz or .zst; `-` is standard input
    leads: String,
    /// What became of the leads: key, whether it converted, when, for how much; `-` is standard input
    #[arg(long, value_name = "FILE")]
    outcomes: String,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    /// When each lead is judged: `created+14d` (unless given), FIELD+LENGTH, `column:NAME`, `reached:STAGE`, or a date
    #[arg(long, value_name = "WHEN")]
    at: Option<String>,
    /// Only conversions within so long after the decision count; leads that had not that time are left out
    #[arg(long, value_name = "LENGTH")]
    within: Option<String>,
    /// The last instant of which outcomes are known: a date (its end) or a time; unless given, that of the latest outcome
    #[arg(long, value_name = "WHEN")]
    known_until: Option<String>,
    /// Choose thresholds on leads judged until then, and judge them on the later ones: all figures are of those
    #[arg(long, value_name = "WHEN")]
    train_until: Option<String>,
    /// The score that leads are ranked by; unless given, the one that the stages ask for
    #[arg(long, value_name = "NAME")]
    score: Option<String>,
    /// The stage from which on leads are passed to sales; unless given, the second
    #[arg(long, value_name = "STAGE")]
    line: Option<String>,
    /// What a lead costs: costs by stage and by customer are told
    #[arg(long, value_name = "AMOUNT")]
    cost: Option<String>,
    /// How many leads sales can work: `200/month`, or a day, a week, a year
    #[arg(long, value_name = "LEADS/TIME")]
    capacity: Option<String>,
    /// Another policy, judged on the same leads: what differs, with an interval
    #[arg(long, value_name = "POLICY")]
    against: Option<String>,
    /// How often the leads are drawn anew for the intervals of --against
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    resamples: u32,
    /// The seed of the random numbers of --against; the same seed gives the same intervals
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// How to print it
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// As text: every rule, and more thresholds
    #[arg(long)]
    full: bool,
    /// Write to a file, whole or not at all; .gz and .zst are compressed
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: a screen
    Text,
    /// For programs: everything
    Json,
    /// A page with charts
    Html,
    /// The page without charts
    Markdown,
}

impl Args {
    fn format(&self) -> Format {
        let by_name = match ending(self.output.as_deref()).as_deref() {
            Some("json") => Some(Format::Json),
            Some("html" | "htm") => Some(Format::Html),
            Some("md" | "markdown") => Some(Format::Markdown),
            _ => None,
        };
        self.format.or(by_name).unwrap_or(Format::Text)
    }
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs =
        [Some(&args.policy), Some(&args.leads), Some(&args.outcomes), args.events.as_ref(), args.against.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let twice = [Some(&args.leads), args.events.as_ref()];
    if args.against.is_some() && twice.into_iter().flatten().any(|path| path == "-") {
        return Err(Failure::new("with --against the leads are read twice: `-` cannot be one of their files")
            .help("write the data to a file first"));
    }
    let program = policy::program(&args.policy, &args.set)?;
    let file = outcome_file(&program)?;
    let table = outcomes(&args.outcomes, &file, &program, terminal)?;
    let Run { judge, options, read } = judged(&args, &program, &table, None, terminal)?;
    let read::Judged { mut cases, outcomes, events } = read;
    let instants = cases.all.iter().map(|case| (case.record, case.at)).collect();
    let mut told = backtest(&judge, &program, &file, &mut cases, &options);
    (told.data.outcomes, told.data.events) = (outcomes, events);
    if told.data.judged == 0 {
        return Err(nothing_judged(&told));
    }
    if let Some(path) = &args.against {
        let other_program = policy::program(path, &SetArgs::default())?;
        let other = judged(&args, &other_program, &table, Some(instants), terminal)?;
        let mut cases_there = other.read.cases;
        restrict(&mut cases_there, &other_program, &options, other.options.within);
        let (score, line) = (other.options.score, other.options.line);
        let mine = Other { program: &program, cases: &cases.all, score: options.score, line: options.line };
        let there = Other { program: &other_program, cases: &cases_there.all, score, line };
        told.against = Some(against(&mine, &there, args.resamples, args.seed));
    }
    show(&args, &told, terminal)?;
    Ok(if told.data.rejected > 0 || outcomes.rejected > 0 { Exit::Rejected } else { Exit::Done })
}

/// The other policy's leads: those of the same time.
fn restrict(cases: &mut Cases, program: &Program, options: &Options, length: Option<crate::model::time::Length>) {
    if let Some(length) = length {
        within(program, cases, length, options.until);
    }
    if let Some(until) = options.train_until {
        cases.all.retain(|case: &Case| case.at > until);
    }
}

/// A policy with its leads judged.
struct Run<'p> {
    judge: Judge<'p>,
    options: Options,
    read: read::Judged,
}

fn judged<'p>(
    args: &Args,
    program: &'p Program,
    table: &OutcomeTable,
    given: Option<std::collections::HashMap<u64, i64>>,
    terminal: &Terminal,
) -> Result<Run<'p>, Failure> {
    let zone = &program.zone;
    let other = given.is_some();
    // A policy that another is held against need not know the field of the instant, the score, the line.
    let instant = match other {
        true => Instant::Fixed(0),
        false => instant(args.at.as_deref(), program)?,
    };
    let known = args.known_until.as_deref().map(|text| end_of("--known-until", text, zone)).transpose()?;
    let until = known.or(table.latest());
    if matches!(instant, Instant::Reached(_)) && until.is_none() {
        return Err(Failure::new("no outcome has an instant: until when leads are to be looked at is not known")
            .help("give `--known-until 2026-11-01`"));
    }
    let named = |name: &Option<String>| if other { None } else { name.clone() };
    let options = Options {
        judged: instant.describe(program),
        until,
        within: args.within.as_deref().map(|text| length("--within", text)).transpose()?,
        score: main_score(program, named(&args.score).as_deref())?,
        line: line(program, named(&args.line).as_deref())?,
        cost: args.cost.as_deref().map(cost).transpose()?,
        workload: args.capacity.as_deref().map(workload).transpose()?,
        train_until: args.train_until.as_deref().map(|text| end_of("--train-until", text, zone)).transpose()?,
    };
    let judge = Judge::new(
        program,
        JudgeOptions {
            instant: instant.clone(),
            given,
            score: options.score,
            line: options.line,
            without_rules: !other && options.score.is_some(),
            until,
        },
    );
    let paths = Paths { leads: &args.leads, events: args.events.as_deref() };
    let read = read::judge(paths, program, &instant, &judge, table.clone(), terminal)?;
    Ok(Run { judge, options, read })
}

fn cost(text: &str) -> Result<i64, Failure> {
    let cost = number::parse(text.trim().as_bytes(), 4, false).ok().filter(|cost| *cost >= 0);
    cost.ok_or_else(|| {
        Failure::new(format!("`--cost {}` is no amount", visible(text))).help("write what a lead costs: `40`, `12.50`")
    })
}

fn workload(text: &str) -> Result<Workload, Failure> {
    Workload::parse(text).ok_or_else(|| {
        Failure::new(format!("`--capacity {}` is not understood", visible(text)))
            .help("write how many leads in what time: `200/month`, `50/week`, `10/day`")
    })
}

fn nothing_judged(told: &Backtest) -> Failure {
    let why = text::left_out(&told.data);
    let why = if why.is_empty() { "there are no leads".to_owned() } else { why.join("; ") };
    Failure::new(format!("no lead can be judged: {why}"))
        .help("`--at` says when leads are judged; the key of the leads and that of the outcomes have to be the same")
}

fn show(args: &Args, told: &Backtest, terminal: &Terminal) -> Result<(), Failure> {
    let output = args.output.as_deref();
    match args.format() {
        Format::Json => written(output, &json(told)?),
        Format::Text => {
            let (width, paint) = terminal.on(output);
            written(output, &text::screen(told, args.full, width, paint))
        }
        Format::Html => written(output, &page::page(told).html()),
        Format::Markdown => written(output, &page::page(told).markdown()),
    }
}

/// What programs read, as text.
pub fn json(told: &impl serde::Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string_pretty(told).map_err(|error| Failure::new(error.to_string()))?;
    Ok(visible_json(&json).into_owned() + "\n")
}

/// Writes text to a file, whole or not at all, or prints it.
pub fn written(output: Option<&str>, text: &str) -> Result<(), Failure> {
    match output {
        None | Some("-") => print(text),
        Some(path) => {
            let unwritable = |error| Failure::unwritable(path, &error);
            let mut output = Output::create(path).map_err(unwritable)?;
            output.write_all(text.as_bytes()).map_err(unwritable)?;
            output.finish().map_err(unwritable)
        }
    }
}

/// The ending of a file that is written, without `.gz` and `.zst`, in small letters.
pub fn ending(output: Option<&str>) -> Option<String> {
    let path = output?.to_ascii_lowercase();
    let path = path.strip_suffix(".gz").or(path.strip_suffix(".zst")).unwrap_or(&path);
    path.rsplit_once('.').map(|(_, ending)| ending.to_owned())
}
