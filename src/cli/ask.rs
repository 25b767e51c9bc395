//! `qualify ask`: over a cohort, which unknown fields hold back the most leads.

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, columns, count, left, print, right, shown, thousands};
use super::when::WhenArgs;
use super::{batches, events, input, leads};
use crate::data::{Decoded, cell};
use crate::eval::Evaluator;
use crate::whatif::{AskTally, Asks, BoundsOptions, WhatIf};
use anstyle::Style;
use bumpalo::Bump;

/// Say which questions to ask: over all leads, which unknown fields hold back the most of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify ask policy.qual leads.csv
  qualify ask policy.qual leads.csv --events events.csv --as-of 2026-11-01
  qualify ask policy.qual leads.ndjson --format csv > questions.csv

Exit codes: 0 done; 2 could not run; 3 done, but records were rejected.")]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON or Parquet, also with .gz or .zst; `-` is standard input
    leads: String,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// How to print the questions
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Work on several threads, at most 256; the output is the same
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Try at most so many answers a lead; what is not decided then is counted
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u64).range(1..))]
    work: u64,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// A row a field
    Csv,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [Some(&args.policy), Some(&args.leads), args.events.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    let program = policy::program(&args.policy, &args.set)?;
    if program.stages.is_empty() && program.reasons.is_empty() {
        return Err(Failure::new("the policy has no stages: no answer can change one"));
    }
    let when = args.when.when(&program.zone)?;
    let evaluator = Evaluator::new(&program, when.as_of.clone());
    let what_if = WhatIf::new(&evaluator);
    let plan = events::plan(&program);
    let mut reader = leads::open(&args.leads, &plan, terminal)?;
    let store = match &args.events {
        Some(path) => Some(events::read(path, &plan, terminal, &mut |_| {})?),
        None => None,
    };
    let work = |batch: &crate::data::Batch| {
        let arena = Bump::new();
        let mut tally = AskTally::new(&program);
        let mut rejected = 0u64;
        batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, .. } => tally.lead(&evaluator, &what_if, &lead, BoundsOptions { work: args.work }),
            Decoded::Reject(_) => rejected += 1,
        });
        (tally, rejected)
    };
    let mut all = AskTally::new(&program);
    let mut rejected = 0;
    batches::each(&mut reader, &args.leads, args.threads, &|| &work, &mut |(tally, rejects)| {
        all.merge(&tally);
        rejected += rejects;
        Ok(())
    })?;
    let asks = all.asks(&evaluator);
    match args.format {
        Format::Json => print_json(&asks)?,
        Format::Csv => print(&csv(&asks))?,
        Format::Text => print(&text(&asks, &when.describe(&program.zone), terminal))?,
    }
    if rejected > 0 {
        let records = count(rejected, "record was", "records were");
        terminal.warn(&format!("{records} rejected"), Some("`qualify score --rejects FILE` says why"));
        return Ok(Exit::Rejected);
    }
    Ok(Exit::Done)
}

fn csv(asks: &Asks) -> String {
    let mut out = "field,ask,missing,could_change,could_raise,alone,undecided\r\n".to_owned();
    for field in &asks.fields {
        cell(&field.field, &mut out);
        out.push(',');
        cell(field.ask.as_deref().unwrap_or(""), &mut out);
        let numbers = [field.missing, field.could_change, field.could_raise, field.alone, field.undecided];
        for number in numbers {
            out.push(',');
            out.push_str(&number.to_string());
        }
        out.push_str("\r\n");
    }
    out
}

fn text(asks: &Asks, when: &str, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let version = asks.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let head = format!("{}{version}", shown(&asks.policy.name, 80));
    let mut out = format!("{} {}\n\n", paint.with(bold, head), paint.with(dim, when));
    let leads = |number: u64| count(number, "lead", "leads");
    out.push_str(&format!(
        "{}: what is not known holds back {}, and could move {} in all\n",
        leads(asks.leads),
        thousands(asks.leads_held_back),
        thousands(asks.leads_open),
    ));
    if asks.leads_undecided > 0 {
        let number = leads(asks.leads_undecided);
        out.push_str(&format!("of {number} not all was decided: more answers than were tried (see --work)\n"));
    }
    let (useful, idle): (Vec<_>, Vec<_>) =
        asks.fields.iter().partition(|field| field.could_change + field.undecided > 0);
    if useful.is_empty() {
        out.push_str("\nno question is open: no answer could change a stage\n");
    } else {
        let width = useful.iter().map(|field| columns(&field.field)).max().unwrap_or(0).clamp(5, 30);
        let undecided = useful.iter().any(|field| field.undecided > 0);
        let title = format!(
            "\n{}  {:>8}  {:>8}  {:>8}  {:>8}{}  question\n",
            left("field", width),
            "lack it",
            "raises",
            "moves",
            "alone",
            if undecided { "      open" } else { "" },
        );
        out.push_str(&paint.with(bold, title.trim_end_matches('\n')));
        out.push('\n');
        let room = terminal.width.saturating_sub(width + 42 + if undecided { 10 } else { 0 }).max(16);
        for field in &useful {
            let mut row = left(&shown(&field.field, width), width);
            let mut numbers = vec![field.missing, field.could_raise, field.could_change, field.alone];
            if undecided {
                numbers.push(field.undecided);
            }
            for number in numbers {
                row.push_str("  ");
                row.push_str(&right(&thousands(number), 8));
            }
            let ask = field.ask.as_deref().map(|ask| shown(ask, room));
            let ask = ask.unwrap_or_else(|| paint.with(dim, "(the policy has no question for it)"));
            out.push_str(&format!("{row}  {ask}\n"));
        }
        out.push_str(&format!(
            "\n{}\n",
            paint.with(
                dim,
                "raises: leads that an answer could lift to a higher stage, alone or with other answers\n\
                 moves: leads whose stage it could change at all   alone: leads that its answer moves by itself"
            )
        ));
    }
    if !idle.is_empty() {
        let names: Vec<String> = idle.iter().map(|field| shown(&field.field, 40)).collect();
        out.push_str(&format!("\nmissing too, but no answer could change a stage: {}\n", names.join(", ")));
    }
    out
}
