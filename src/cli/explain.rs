//! `qualify explain`: why a policy says what it says of one lead.

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, count, print, shown};
use super::when::WhenArgs;
use super::{events, input, leads};
use crate::data::{Decoded, EventProblem};
use crate::diagnostic::did_you_mean;
use crate::eval::Evaluator;
use crate::explain::text::{TextOptions, render};
use crate::explain::{Explanation, Length, explain};
use crate::model::text::trim;
use crate::model::{Problem, Reject};
use bumpalo::Bump;

/// So many keys are remembered for "did you mean".
const REMEMBERED: usize = 100_000;

/// Explain the decision on one lead: every check, every point, every event
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify explain policy.qual leads.csv --lead todd
  qualify explain policy.qual leads.csv --events events.csv --lead todd --as-of 2026-11-01
  qualify explain policy.qual leads.ndjson --lead todd --format json | jq .scores")]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON or JSON, also with .gz or .zst; `-` is standard input
    leads: String,
    /// The lead's key; its record's number where the policy declares no key
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    lead: String,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// A few lines: where the lead stands, the top reasons for and against, the one next step
    #[arg(long)]
    brief: bool,
    /// Everything: every rule, every event, with the policy's lines
    #[arg(long, conflicts_with = "brief")]
    full: bool,
    /// How to print the explanation
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: everything that the text says, and more
    Json,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [Some(&args.policy), Some(&args.leads), args.events.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let program = policy::program(&args.policy, &args.set)?;
    let when = args.when.when(&program.zone)?;
    let evaluator = Evaluator::new(&program, when.as_of);
    let plan = events::plan(&program);
    let mut reader = leads::open(&args.leads, &plan, terminal)?;
    let mut search = Search { key: trim(&args.lead).to_owned(), ..Search::default() };
    let store = match &args.events {
        Some(path) => Some(events::read(path, &plan, terminal, &mut |problem| search.event_problem(problem))?),
        None => None,
    };
    let mut arena = Bump::new();
    while let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(&args.leads, error))? {
        batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| search.look(decoded, &evaluator));
        arena.reset();
        reader.recycle(batch);
    }
    drop(reader);
    let Some(explanation) = &search.found else { return Err(search.not_found(&args.leads)) };
    if search.times > 1 {
        let records = count(search.times, "record has", "records have");
        terminal.warn(&format!("{records} the key `{}`: the first is explained", search.key), None);
    }
    let length = match (args.brief, args.full) {
        (true, _) => Length::Brief,
        (_, true) => Length::Full,
        _ => Length::Screen,
    };
    match args.format {
        Format::Json => print_json(explanation)?,
        Format::Text => {
            let options =
                TextOptions { color: terminal.color, width: terminal.width.max(40), ..TextOptions::default() };
            print(&render(explanation, length, &options))?;
        }
    }
    Ok(Exit::Done)
}

/// Looks for a lead among the records.
#[derive(Default)]
struct Search {
    key: String,
    found: Option<Explanation>,
    /// How many records have the key.
    times: u64,
    records: u64,
    rejected: Option<Reject>,
    /// What is wrong with its events in a second file.
    event_problems: Vec<Problem>,
    /// Keys of other leads.
    keys: Vec<String>,
}

impl Search {
    fn event_problem(&mut self, problem: EventProblem) {
        match problem {
            EventProblem::Value { key, problem, .. } if key == self.key => self.event_problems.push(problem),
            _ => {}
        }
    }

    fn look(&mut self, decoded: Decoded<'_>, evaluator: &Evaluator<'_>) {
        self.records += 1;
        match decoded {
            Decoded::Lead { lead, mut problems, .. } if lead.key == self.key => {
                self.times += 1;
                if self.found.is_none() {
                    problems.append(&mut self.event_problems);
                    let arena = Bump::new();
                    let (outcome, ledger) = evaluator.explain(&lead, &arena);
                    self.found = Some(explain(evaluator, &lead, &outcome, &ledger, &problems));
                }
            }
            Decoded::Lead { lead, .. } if self.keys.len() < REMEMBERED => self.keys.push(lead.key.to_owned()),
            Decoded::Lead { .. } => {}
            Decoded::Reject(reject) => {
                if reject.key.as_deref().is_some_and(|key| trim(key) == self.key) {
                    self.rejected.get_or_insert(reject);
                }
            }
        }
    }

    fn not_found(&self, path: &str) -> Failure {
        let (key, path) = (shown(&self.key, 60), input::name(path));
        if let Some(reject) = &self.rejected {
            let detail = shown(&reject.detail, 200);
            return Failure::new(format!(
                "the record of `{key}` in {path}, line {}, is rejected: {detail} ({})",
                reject.line,
                reject.kind.as_str()
            ));
        }
        let near = match self.key.is_empty() {
            true => None,
            false => did_you_mean(&self.key, self.keys.iter().map(String::as_str)),
        };
        Failure::new(format!("no lead `{key}` among the {} of {path}", count(self.records, "record", "records")))
            .maybe_help(near.map(|near| crate::base::visible(&near).into_owned()))
    }
}
