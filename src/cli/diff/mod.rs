//! `qualify diff`: what a change of a policy does.

mod git;
mod leads;

use super::exit::{Exit, Failure};
use super::input;
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, print, style};
use super::when::WhenArgs;
use crate::analysis::Budget;
use crate::base::{visible, visible_json};
use crate::check::check;
use crate::check::hir::Program;
use crate::data::same_file;
use crate::diagnostic::Severity;
use crate::diff::{Comparison, Difference, Ink, Policy, Verdict, diff, text};
use crate::syntax::{Loaded, load};
use git::Revision;
use leads::Given;

/// Tell what a change of a policy does: rule by rule, for all leads that could exist, and for your leads
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Tell what a change of a policy does, before it is published: what changed in meaning, rule by rule (a \
rename or a move is no change); whether any lead that could ever exist is decided otherwise, with a lead that shows it \
for each kind of change; and with --leads, which of your leads move, why, and how many each team gets.

Old versions are read from the repository with `git`, with the files that they use; the work tree is not touched.

Exit codes: 0 no decision can change; 1 one can, or it is not decided; 2 could not run.",
    after_help = "\
Examples:
  qualify diff old.qual new.qual
  qualify diff HEAD~1 -- policy.qual
  qualify diff v2026.3..HEAD -- policy.qual
  qualify diff old.qual new.qual --leads leads.csv --events events.csv --as-of 2026-11-01
  qualify diff old.qual new.qual --leads leads.csv --output movers.csv
  qualify diff --format markdown main -- policy.qual"
)]
pub struct Args {
    /// The old policy; with `-- POLICY`, a revision of it, or two: `main`, `HEAD~3..HEAD`
    #[arg(allow_hyphen_values = true)]
    old: String,
    /// The new policy; `-` is standard input
    new: Option<String>,
    /// The policy whose versions are compared; the new one is the file as it is, unless two revisions are given
    #[arg(last = true, value_name = "POLICY")]
    path: Vec<String>,
    /// Leads to decide under both policies: CSV, NDJSON or JSON, also with .gz or .zst; `-` is standard input
    #[arg(long, value_name = "FILE")]
    leads: Option<String>,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE", requires = "leads")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// Write a row for each lead that moves to a file: NDJSON by its ending, else CSV
    #[arg(long, short, value_name = "FILE", requires = "leads")]
    output: Option<String>,
    /// Work on several threads, at most 256; the result is the same
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, as wide as the terminal
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
    /// One self-contained page with charts
    Html,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = [args.leads.as_deref(), args.events.as_deref(), args.new.as_deref(), Some(args.old.as_str())];
    input::one_standard_input(&inputs.into_iter().flatten().collect::<Vec<_>>())?;
    let (old, new) = policies(&args)?;
    let (before, after) = (Policy { program: &old.1, loaded: &old.0 }, Policy { program: &new.1, loaded: &new.0 });
    let mut difference = diff(before, after, Budget::FULL);
    if let Some(leads) = &args.leads {
        let given =
            Given { leads, events: args.events.as_deref(), output: args.output.as_deref(), threads: args.threads };
        refuse_to_overwrite(&args, &[&old.1, &new.1])?;
        let when = args.when.when(&new.1.zone)?;
        let comparison = Comparison::new(before, after, &difference.changes, &args.set.overrides()?)
            .map_err(|why| Failure::new(format!("the leads cannot be read for both policies at once: {why}")))?;
        difference.leads = Some(leads::moves(&comparison, &when.as_of, &given, terminal)?);
    }
    print(&shown(&difference, args.format, terminal)?)?;
    let rejected = difference.leads.as_ref().is_some_and(|moves| moves.rejected > 0);
    Ok(match difference.verdict {
        Verdict::Changes | Verdict::NotDecided => Exit::Findings,
        Verdict::Equivalent | Verdict::SameDecisions if rejected => Exit::Rejected,
        Verdict::Equivalent | Verdict::SameDecisions => Exit::Done,
    })
}

/// Nothing that is read is written over.
fn refuse_to_overwrite(args: &Args, programs: &[&Program]) -> Result<(), Failure> {
    let Some(output) = &args.output else { return Ok(()) };
    let sources = programs.iter().flat_map(|program| program.sources.files()).map(|source| source.name.as_str());
    let inputs = [args.leads.as_deref(), args.events.as_deref()].into_iter().flatten().filter(|path| *path != "-");
    if sources.chain(inputs).any(|read| same_file(read, output)) {
        return Err(Failure::new(format!("`{}` would be written over what is read", visible(output)))
            .help("write to another file"));
    }
    Ok(())
}

/// A policy and what it was made of.
type Compiled = (Loaded, Program);

/// The old and the new policy.
fn policies(args: &Args) -> Result<(Compiled, Compiled), Failure> {
    match (args.path.as_slice(), &args.new) {
        ([], Some(new)) => {
            input::one_standard_input(&[&args.old, new])?;
            Ok((policy::compiled(&args.old, &args.set)?, policy::compiled(new, &args.set)?))
        }
        ([], None) => Err(Failure::new("which policies? there is only one").help(
            "give two, `qualify diff OLD NEW`, or a revision and a policy, `qualify diff HEAD~1 -- policy.qual`",
        )),
        ([path], new) => {
            let (from, to) = match (args.old.split_once(".."), new) {
                (Some((from, to)), None) => {
                    let or_head =
                        |revision: &str| if revision.is_empty() { "HEAD".to_owned() } else { revision.to_owned() };
                    // `A...B` of git is another thing.
                    if to.starts_with('.') {
                        return Err(Failure::new(format!("`{}` is no pair of revisions", visible(&args.old)))
                            .help("write `OLD..NEW`"));
                    }
                    (or_head(from), Some(or_head(to)))
                }
                (_, new) => (args.old.clone(), new.clone()),
            };
            if path == "-" {
                return Err(Failure::new("standard input has no old versions"));
            }
            let old = at(&from, path, &args.set)?;
            let new = match to {
                Some(to) => at(&to, path, &args.set)?,
                None => policy::compiled(path, &args.set)?,
            };
            Ok((old, new))
        }
        _ => Err(Failure::new("several policies stand behind `--`").help("one policy is compared at a time")),
    }
}

/// A policy as a revision has it.
fn at(revision: &str, path: &str, set: &SetArgs) -> Result<Compiled, Failure> {
    let files = Revision::of(revision, path)?;
    let text = files.policy(revision, path)?;
    let loaded = load(path, text, &files);
    let checked = check(&loaded, &set.overrides()?);
    match checked.program {
        Some(program) => Ok((loaded, program)),
        None => {
            let mut diagnostics = checked.diagnostics;
            diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
            Err(Failure::Policy { diagnostics, sources: Box::new(loaded.sources) })
        }
    }
}

fn shown(difference: &Difference, format: Format, terminal: &Terminal) -> Result<String, Failure> {
    match format {
        Format::Text => {
            let ink = if terminal.color { COLORS } else { Ink::PLAIN };
            Ok(text(difference, ink, terminal.width.clamp(40, 120)))
        }
        Format::Markdown => Ok(difference.page().markdown()),
        Format::Html => Ok(difference.page().html()),
        Format::Json => {
            let json = serde_json::to_string_pretty(difference)
                .map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
            Ok(format!("{}\n", visible_json(&json)))
        }
    }
}

const COLORS: Ink = Ink {
    heading: |text| painted(style::HEADING, text),
    good: |text| painted(style::GOOD, text),
    bad: |text| painted(style::WARNING, text),
    quiet: |text| painted(style::QUIET, text),
};

fn painted(style: anstyle::Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
