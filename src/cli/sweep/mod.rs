//! `qualify sweep`: what a policy would do with other numbers, on the same leads.

mod place;
mod show;
mod vary;

use super::backtest::{end_of, ending, instant, json, length, line, outcome_file, outcomes, written};
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs, main_score};
use super::terminal::Terminal;
use super::when::WhenArgs;
use super::{events, input, leads};
use crate::backtest::{
    Counted, Instant, Judge, JudgeOptions, LeftOut, OutcomeTable, SWEEP_VERSION, Sweep, SweepRow, in_time, part_name,
    policy_name, stage_name,
};
use crate::base::visible;
use crate::check::hir::{PartId, Program, StageId};
use crate::check::{Worth, check};
use crate::data::{Decoded, EventsRead, Plan};
use crate::diagnostic::Severity;
use crate::eval::Evaluator;
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::time::{AsOf, Length};
use crate::syntax::{Loaded, ast, parse_constant};
use crate::whatif::At;
use bumpalo::Bump;
use indexmap::IndexMap;
use place::Place;
use vary::{Target, Vary};

/// Try other numbers in a policy, and see what each would do
#[derive(Debug, clap::Args)]
#[command(
    long_about = "\
Try other numbers in a policy, and see what each would do.

Numbers that have a name (`define mql_line: 30`), the points of rules (`engagement.opens`) and of their cases \
(`profile.size:2`, `profile.size:missing`), and any number where it stands (`31:12` is line 31, column 12) are varied over \
ranges; the leads are read once. With --outcomes each setting is held against what became of the leads, judged as `qualify backtest` \
judges them; without, leads are counted at each stage.",
    after_help = "\
Examples:
  qualify sweep policy.qual leads.csv --vary mql_line=20..80
  qualify sweep policy.qual leads.csv --outcomes outcomes.csv --at created+14d --vary \"mql_line=20..80 step 5\"
  qualify sweep policy.qual leads.csv --outcomes outcomes.csv --vary engagement.opens=0,5,10 --vary mql_line=20..40
  qualify sweep policy.qual leads.csv --vary profile.size:2=0,5,10 --vary 31:12=20..40
  qualify sweep policy.qual leads.csv --vary mql_line=20..80 --format csv > sweep.csv
  qualify sweep policy.qual leads.csv --outcomes outcomes.csv --vary mql_line=20..80 --output sweep.html

Exit codes: 0 done; 2 could not run; 3 done, but records were rejected."
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON, Parquet or Arrow, also with .gz or .zst; `-` is standard input
    leads: String,
    /// What is varied: NAME=FROM..TO, also with `step N`, or NAME=A,B,C; a number with a name, the points of a rule or of a
    /// case of it, or LINE:COLUMN
    #[arg(long, value_name = "NAME=RANGE", required = true, allow_hyphen_values = true)]
    vary: Vec<String>,
    /// What became of the leads; without, leads are counted at each stage
    #[arg(long, value_name = "FILE")]
    outcomes: Option<String>,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// With --outcomes: when each lead is judged, as for `qualify backtest`
    #[arg(long, value_name = "WHEN", requires = "outcomes")]
    at: Option<String>,
    /// With --outcomes: only conversions within so long after the decision count
    #[arg(long, value_name = "LENGTH", requires = "outcomes")]
    within: Option<String>,
    /// With --outcomes: the last instant of which outcomes are known
    #[arg(long, value_name = "WHEN", requires = "outcomes")]
    known_until: Option<String>,
    /// With --outcomes: only leads judged until then, so that later ones can judge what is chosen
    #[arg(long, value_name = "WHEN", requires = "outcomes")]
    train_until: Option<String>,
    /// The score that leads are ranked by; unless given, the one that the stages ask for
    #[arg(long, value_name = "NAME")]
    score: Option<String>,
    /// The stage from which on leads are passed to sales; unless given, the second
    #[arg(long, value_name = "STAGE")]
    line: Option<String>,
    /// How to print it
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to a file, whole or not at all; .gz and .zst are compressed
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: a table
    Text,
    /// For programs: everything
    Json,
    /// A row for each setting
    Csv,
    /// A page with a chart
    Html,
    /// The page without charts
    Markdown,
}

impl Args {
    fn format(&self) -> Format {
        let by_name = match ending(self.output.as_deref()).as_deref() {
            Some("json") => Some(Format::Json),
            Some("csv") => Some(Format::Csv),
            Some("html" | "htm") => Some(Format::Html),
            Some("md" | "markdown") => Some(Format::Markdown),
            _ => None,
        };
        self.format.or(by_name).unwrap_or(Format::Text)
    }
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [Some(&args.policy), Some(&args.leads), args.outcomes.as_ref(), args.events.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let (loaded, program) = policy::compiled(&args.policy, &args.set)?;
    let varied =
        args.vary.iter().map(|text| Vary::parse(text, &program, &loaded)).collect::<Result<Vec<Vary>, Failure>>()?;
    if let Some(twice) =
        varied.iter().enumerate().find(|(place, vary)| varied.iter().take(*place).any(|other| other.name == vary.name))
    {
        return Err(Failure::new(format!("`--vary` names `{}` twice", visible(&twice.1.name))));
    }
    let now: Vec<i64> = varied.iter().map(|vary| vary.now).collect();
    let settings = vary::settings(&varied)?;
    let mut rows = Vec::new();
    for values in std::iter::once(&now).chain(&settings) {
        let setting = setting(&varied, values);
        rows.push(match with(&loaded, &args.set, &varied, values)? {
            Ok(program) => Variant { setting, program: Ok(Box::new(program)) },
            Err(why) => Variant { setting, program: Err(why) },
        });
    }
    let told = swept(&args, &program, &varied, &rows, terminal)?;
    show(&args, &told, terminal)?;
    Ok(if told.rejected > 0 { Exit::Rejected } else { Exit::Done })
}

/// The policy with a setting, or why it cannot be had.
struct Variant {
    setting: IndexMap<String, f64>,
    program: Result<Box<Program>, String>,
}

fn setting(varied: &[Vary], values: &[i64]) -> IndexMap<String, f64> {
    let each = varied.iter().zip(values);
    each.map(|(vary, value)| (vary.name.clone(), *value as f64 / NUMBER_SCALE as f64)).collect()
}

/// The policy with other numbers; the inner error says why it has none.
fn with(loaded: &Loaded, set: &SetArgs, varied: &[Vary], values: &[i64]) -> Result<Result<Program, String>, Failure> {
    let mut overrides: Vec<(String, ast::Expr)> = set.overrides()?;
    for (vary, value) in varied.iter().zip(values) {
        if matches!(vary.target, Target::Constant) {
            let Ok(value) = parse_constant(&Vary::written(*value)) else {
                return Ok(Err(format!("`{}` cannot be {}", vary.name, Vary::written(*value))));
            };
            overrides.retain(|(name, _)| *name != vary.name);
            overrides.push((vary.name.clone(), value));
        }
    }
    let in_place = |(vary, value): (&'_ Vary, &i64)| match &vary.target {
        Target::Place(place) => Some((place.clone(), *value)),
        _ => None,
    };
    let places: Vec<(Place, i64)> = varied.iter().zip(values).filter_map(in_place).collect();
    let mut changed = None;
    if !places.is_empty() {
        let other = changed.insert(loaded.clone());
        if !place::put(other, loaded, &places.iter().map(|(place, value)| (place, *value)).collect::<Vec<_>>()) {
            return Ok(Err("the policy is not valid".to_owned()));
        }
    }
    let checked = check(changed.as_ref().unwrap_or(loaded), &overrides);
    let Some(mut program) = checked.program else {
        let error = checked.diagnostics.iter().find(|one| one.severity == Severity::Error);
        return Ok(Err(error.map_or_else(|| "the policy is not valid".to_owned(), |error| error.message.clone())));
    };
    for (vary, value) in varied.iter().zip(values) {
        if let Target::Points(id, at) = vary.target
            && !program.set_points(id, at, *value / (NUMBER_SCALE / POINTS_SCALE))
        {
            return Ok(Err(format!("`{}` cannot be worth {}", vary.name, Vary::written(*value))));
        }
    }
    Ok(Ok(program))
}

/// How leads are looked at: with their outcome, or as they stand.
enum Look {
    Outcomes { instant: Instant, table: OutcomeTable, until: Option<i64>, within: Option<Length>, train: Option<i64> },
    AsOf(AsOf),
}

fn look(args: &Args, program: &Program, terminal: &Terminal) -> Result<(Look, String), Failure> {
    let zone = &program.zone;
    let Some(path) = &args.outcomes else {
        let when = args.when.when(zone)?;
        let words = when.describe(zone);
        return Ok((Look::AsOf(when.as_of), words));
    };
    if args.when.given() {
        return Err(Failure::new("with --outcomes leads are judged one by one: `--as-of` says nothing")
            .help("`--at created+14d` says when; `--at 2026-10-01` judges all at one instant"));
    }
    let instant = instant(args.at.as_deref(), program)?;
    let table = outcomes(path, &outcome_file(program)?, program, terminal)?;
    let end = |option: &str, text: &Option<String>| text.as_deref().map(|text| end_of(option, text, zone)).transpose();
    let until = end("--known-until", &args.known_until)?.or(table.latest());
    if matches!(instant, Instant::Reached(_)) {
        return Err(Failure::new("`--at reached:…` is another instant for every setting: they could not be compared")
            .help("judge all settings at the same instants: `--at created+14d`"));
    }
    let words = instant.describe(program);
    let within = args.within.as_deref().map(|text| length("--within", text)).transpose()?;
    let train = end("--train-until", &args.train_until)?;
    Ok((Look::Outcomes { instant, table, until, within, train }, words))
}

/// A setting under way.
struct Running<'p> {
    program: &'p Program,
    judge: Judge<'p>,
    evaluator: Evaluator<'p>,
    counted: Counted,
}

fn swept(
    args: &Args,
    program: &Program,
    varied: &[Vary],
    variants: &[Variant],
    terminal: &Terminal,
) -> Result<Sweep, Failure> {
    let score = main_score(program, args.score.as_deref())?;
    let line = line(program, args.line.as_deref())?;
    let (mut look, judged) = look(args, program, terminal)?;
    let (instant, until, as_of) = match &look {
        Look::Outcomes { instant, until, .. } => (instant.clone(), *until, AsOf::new(0, &program.zone)),
        Look::AsOf(as_of) => (Instant::Fixed(as_of.instant), None, as_of.clone()),
    };
    let options = JudgeOptions { instant: instant.clone(), given: None, score, line, without_rules: false, until };
    let mut running: Vec<Option<Running<'_>>> = variants
        .iter()
        .map(|variant| {
            let program = variant.program.as_ref().ok()?;
            Some(Running {
                program,
                judge: Judge::new(program, options.clone()),
                evaluator: Evaluator::new(program, as_of.clone()),
                counted: Counted::new(program),
            })
        })
        .collect();
    let schema = match &look {
        Look::Outcomes { instant, .. } => instant.schema(program),
        Look::AsOf(_) => program.schema.clone(),
    };
    let plan = Plan::new(&schema, &program.zone, EventsRead::of(program));
    let mut reader = leads::open(&args.leads, &plan, terminal)?;
    let store = match &args.events {
        Some(path) => Some(events::read(path, &plan, terminal, &mut |_| {})?),
        None => None,
    };
    let (mut records, mut rejected, mut left_out, mut later) = (0u64, 0u64, 0u64, 0u64);
    let (mut arena, mut scratch) = (Bump::new(), Bump::new());
    while let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(&args.leads, error))? {
        batch.decode(&plan, store.as_ref(), &arena, &mut |record| {
            records += 1;
            let Decoded::Lead { lead, .. } = record else {
                rejected += 1;
                return;
            };
            match &mut look {
                Look::AsOf(_) => {
                    for one in running.iter_mut().flatten() {
                        one.counted.outcome(&one.evaluator.evaluate(&lead, &scratch));
                        scratch.reset();
                    }
                }
                Look::Outcomes { table, until, within, train, .. } => {
                    let known = table.find(lead.key);
                    let mut left = None;
                    for one in running.iter_mut().flatten() {
                        let case = one.judge.lead(&lead, records, known, &scratch);
                        scratch.reset();
                        let case = case.and_then(|case| match *within {
                            Some(length) => in_time(one.program, case, length, *until),
                            None => Ok(case),
                        });
                        let case = case.and_then(|case| match *train {
                            // The other side of the same split as a backtest's.
                            Some(train) if case.at > train => Err(LeftOut::Past),
                            _ => Ok(case),
                        });
                        match case {
                            Ok(case) => one.counted.case(&case),
                            // Whether a lead is judged rests on its data alone: it is the same for every setting.
                            Err(why) => left = Some(why),
                        }
                    }
                    match left {
                        Some(LeftOut::Past) => later += 1,
                        Some(_) => left_out += 1,
                        None => {}
                    }
                }
            }
        });
        arena.reset();
        reader.recycle(batch);
    }
    let with_outcomes = matches!(look, Look::Outcomes { .. });
    let rows = variants.iter().zip(&running).map(|(variant, one)| match (one, &variant.program) {
        (Some(one), _) => one.counted.row(one.program, variant.setting.clone(), with_outcomes, score.is_some()),
        (None, Err(why)) => SweepRow::invalid(variant.setting.clone(), why.clone()),
        (None, Ok(_)) => SweepRow::invalid(variant.setting.clone(), String::new()),
    });
    let mut rows = rows.collect::<Vec<SweepRow>>().into_iter();
    let Some(now) = rows.next() else { return Err(Failure::new("there is nothing to vary")) };
    if now.leads == 0 {
        return Err(Failure::new("no lead can be judged").help("`qualify backtest` says why for each"));
    }
    Ok(Sweep {
        schema_version: SWEEP_VERSION,
        policy: policy_name(program),
        judged,
        known_until: until.map(At),
        score: score.map(|score| part_name(program, score)),
        line: line.and_then(|line: StageId| stage_name(program, line)),
        varied: varied.iter().map(|vary| label(program, vary)).collect(),
        now,
        rows: rows.collect(),
        records,
        rejected,
        left_out,
        later,
    })
}

fn label(program: &Program, vary: &Vary) -> crate::whatif::Name {
    let found = |id: PartId| part_name(program, id);
    match &vary.target {
        Target::Points(id, Worth::Whole) => found(*id),
        Target::Points(id, at) => {
            let rule = found(*id);
            let case = match at {
                Worth::Case(place) => format!("case {}", place + 1),
                Worth::Missing => "missing".to_owned(),
                Worth::Otherwise | Worth::Whole => "otherwise".to_owned(),
            };
            crate::whatif::Name { name: vary.name.clone(), label: format!("{}, {case}", rule.label) }
        }
        Target::Place(place) => crate::whatif::Name { name: vary.name.clone(), label: place.line.clone() },
        Target::Constant => {
            let define = program.defines.iter().find(|define| define.name == vary.name);
            let label = define.map_or(vary.name.as_str(), |define| define.label.as_str());
            crate::whatif::Name { name: vary.name.clone(), label: label.to_owned() }
        }
    }
}

fn show(args: &Args, told: &Sweep, terminal: &Terminal) -> Result<(), Failure> {
    let output = args.output.as_deref();
    match args.format() {
        Format::Json => written(output, &json(told)?),
        Format::Csv => written(output, &show::csv(told)),
        Format::Text => {
            let (width, paint) = terminal.on(output);
            written(output, &show::table(told, width, paint))
        }
        Format::Html => written(output, &show::page(told).html()),
        Format::Markdown => written(output, &show::page(told).markdown()),
    }
}
