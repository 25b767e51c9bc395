//! `qualify lint`: what is valid in a policy and yet wrong, risky or hard to read.

mod baseline;
mod data;
mod explain;
mod fix;
mod github;
mod gitlab;
mod levels;
mod report;
mod sarif;
mod text;
mod xml;

pub use report::Report;

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, Policy, SetArgs};
use super::project::Project;
use super::terminal::{Terminal, print};
use super::{input, when};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Context, Levels, lint};
use report::Linted;
use std::collections::HashSet;

/// Lint policies: what is valid and yet wrong, risky or hard to read
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify lint policy.qual
  qualify lint policies/                                   # every *.qual below a folder
  qualify lint policy.qual --deny warnings --allow style
  qualify lint policy.qual --fix --diff                    # what --fix would do
  qualify lint policies/ --baseline lint.json --write-baseline
  qualify lint policies/ --format sarif > lint.sarif
  qualify lint policy.qual --data leads.csv --events events.csv --as-of 2026-11-01
  qualify lint --explain counted-twice

Exit codes: 0 no errors; 1 errors were found, or with --diff there is something to fix; 2 could not run.")]
pub struct Args {
    /// The policies, or folders of policies; `-` is standard input
    #[arg(required_unless_present_any = ["explain", "list"], value_name = "POLICY")]
    policies: Vec<String>,
    #[command(flatten)]
    levels: levels::LevelArgs,
    #[command(flatten)]
    baseline: baseline::BaselineArgs,
    #[command(flatten)]
    fix: fix::FixArgs,
    #[command(flatten)]
    data: data::DataArgs,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The day on which policies are judged, for what is overdue; today unless given
    #[arg(long, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
    /// Tell what a lint reports and why, with an example
    #[arg(long, value_name = "NAME", conflicts_with_all = ["policies", "list"])]
    explain: Option<String>,
    /// List all lints
    #[arg(long, conflicts_with = "policies")]
    list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, with excerpts of the policy
    Text,
    /// For programs (`qualify schema lint`)
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// GitLab's Code Quality
    Gitlab,
    /// JUnit XML, for CI
    Junit,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(name) = &args.explain {
        return explain::explain(name, terminal);
    }
    if args.list {
        return explain::list(terminal);
    }
    let project = Project::find(&args.policies)?;
    input::one_standard_input(
        &project.policies.iter().map(String::as_str).chain(args.data.paths()).collect::<Vec<_>>(),
    )?;
    if args.data.data.is_some() && project.policies.len() != 1 {
        return Err(Failure::new("`--data` goes with one policy").help("name the policy that these leads are for"));
    }
    let run = Run { today: args.today.unwrap_or_else(when::today), args: &args, terminal };
    if args.fix.fix
        && let Some(exit) = run.fix(&project)?
    {
        return Ok(exit);
    }
    let mut linted = run.lint_all(&project)?;
    let baseline = args.baseline.hide(&mut linted)?;
    if args.baseline.write_baseline {
        let count = args.baseline.write(&linted)?;
        terminal.say(&count);
        return Ok(Exit::Done);
    }
    match args.format {
        Format::Text => print(&text::text(&linted, baseline.as_ref(), terminal))?,
        Format::Json => print_json(&Report::new(&linted, baseline))?,
        Format::Sarif => print_json(&sarif::log(&linted))?,
        Format::Github => print(&github::annotations(&linted))?,
        Format::Gitlab => print_json(&gitlab::issues(&linted))?,
        Format::Junit => print(&xml::report(&linted)?)?,
    }
    let errors =
        linted.iter().flat_map(|linted| &linted.found).any(|found| found.diagnostic.severity == Severity::Error);
    Ok(if errors { Exit::Findings } else { Exit::Done })
}

/// A run of the command.
struct Run<'a> {
    args: &'a Args,
    today: jiff::civil::Date,
    terminal: &'a Terminal,
}

impl Run<'_> {
    fn lint_all(&self, project: &Project) -> Result<Vec<Linted>, Failure> {
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        let mut files = HashSet::new();
        for path in &project.policies {
            let policy = policy::read(path, &SetArgs::default())?;
            files
                .extend(policy.loaded.sources.files().iter().filter_map(|file| std::fs::canonicalize(&file.name).ok()));
            let levels = self.args.levels.levels(path)?;
            let found = self.lint(&policy, &levels)?;
            let mut linted = Linted::new(policy, found);
            // What two policies take in is reported once.
            linted.found.retain(|found| seen.insert(found.place_and_words()));
            all.push(linted);
        }
        for part in &project.parts {
            if std::fs::canonicalize(part).is_ok_and(|path| !files.contains(&path)) {
                let help = "a policy takes it in by `use`, and has a `policy` line itself";
                self.terminal
                    .warn(&format!("{part} has no `policy` line and no policy uses it: it is not linted"), Some(help));
            }
        }
        Ok(all)
    }

    /// What the checker finds, else what the lints do.
    fn lint(&self, policy: &Policy, levels: &Levels) -> Result<Vec<Diagnostic>, Failure> {
        let mut found = policy.checked.diagnostics.clone();
        if let Some(program) = &policy.checked.program {
            let data = self.args.data.statistics(program, self.terminal)?;
            let mut context = Context::new(&policy.loaded, program).on(self.today);
            if let Some(data) = &data {
                context = context.with_data(data);
            }
            found.extend(lint(&context, levels));
        }
        Ok(found)
    }
}
