//! `--data`: what real leads look like under a policy.

use crate::check::hir::Program;
use crate::cli::exit::Failure;
use crate::cli::terminal::{Terminal, count};
use crate::cli::when::WhenArgs;
use crate::cli::{events, leads};
use crate::data::{Decoded, EventProblem};
use crate::eval::Evaluator;
use crate::lint::with_data::Statistics;
use bumpalo::Bump;

/// The arguments that name the data.
#[derive(Debug, clap::Args)]
pub struct DataArgs {
    /// Look at these leads too, for what only real leads show: CSV, NDJSON, JSON, Parquet or Arrow, also with .gz or .zst; `-` is
    /// standard input
    #[arg(long, value_name = "LEADS")]
    pub data: Option<String>,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE", requires = "data")]
    pub events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
}

impl DataArgs {
    /// The files that are read.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.data.iter().chain(&self.events).map(String::as_str)
    }

    /// Decides all leads and says what they look like; none without leads.
    pub fn statistics(&self, program: &Program, terminal: &Terminal) -> Result<Option<Statistics>, Failure> {
        let Some(path) = &self.data else { return Ok(None) };
        let when = self.when.when(&program.zone)?;
        let as_of = when.describe(&program.zone);
        let evaluator = Evaluator::new(program, when.as_of);
        let plan = Statistics::plan(program);
        let mut data = Statistics::new(program);
        let mut reader = leads::open(path, &plan, terminal)?;
        let store = match &self.events {
            Some(path) => {
                let mut problem = |problem: EventProblem| {
                    if let EventProblem::Value { problem, .. } = problem {
                        data.problem(&problem);
                    }
                };
                Some(events::read(path, &plan, terminal, &mut problem)?)
            }
            None => None,
        };
        let (mut arena, mut lead_arena, mut rejected) = (Bump::new(), Bump::new(), 0);
        while let Some(batch) = reader.next_batch().map_err(|error| leads::unreadable(path, error))? {
            batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| match decoded {
                Decoded::Lead { lead, problems, .. } => {
                    data.lead(&evaluator, &lead, &problems, &lead_arena);
                    lead_arena.reset();
                }
                Decoded::Reject(_) => rejected += 1,
            });
            arena.reset();
            reader.recycle(batch);
        }
        if rejected > 0 {
            let records = count(rejected, "record has", "records have");
            let help = "`qualify score` with `--rejects FILE` tells why";
            terminal.warn(&format!("{records} no decision and count for nothing here"), Some(help));
        }
        if !data.says_something() {
            let leads = count(data.leads, "lead is", "leads are");
            let help = format!("lints that look at leads need {} of them", data.enough);
            terminal.warn(&format!("{leads} too few to judge by"), Some(&help));
        } else {
            terminal.say(&format!("looked at {}, {as_of}", count(data.leads, "lead", "leads")));
        }
        Ok(Some(data))
    }
}
