//! `qualify check`: what is wrong with a policy.

use super::describe::{Description, Finding};
use super::exit::{Exit, Failure};
use super::input;
use super::policy::{self, severities};
use super::project::Project;
use super::terminal::{Paint, Terminal, count, print, style};
use crate::base::visible_json;
use crate::check::hir::Program;
use schemars::JsonSchema;
use serde::Serialize;

/// Check policies: every mistake, with its place and what to write instead
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify check policy.qual
  qualify check policies            all policies below this folder
  qualify check policy.qual --format json | jq '.[0].policy.scores'

Exit codes: 0 no errors; 1 errors were found; 2 could not run.")]
pub struct Args {
    /// Policies, and folders with policies in them; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    policies: Vec<String>,
    /// How to print what is found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, with excerpts of the policy
    Text,
    /// For programs: findings, and what each policy declares (`qualify schema policy`)
    Json,
}

/// What was found in a policy, and what it declares.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The policy's file as it was named; `<stdin>` for standard input.
    pub file: String,
    /// What is wrong with it, in the order of its text.
    pub findings: Vec<Finding>,
    /// What it declares; null when it has an error.
    pub policy: Option<Description>,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    input::one_standard_input(&args.policies.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut reports = Vec::new();
    let mut exit = Exit::Done;
    for path in &Project::find(&args.policies)?.policies {
        let policy = policy::read(path, &policy::SetArgs::default())?;
        let (sources, diagnostics) = (&policy.loaded.sources, &policy.checked.diagnostics);
        let program = policy.checked.program.as_ref();
        if program.is_none() {
            exit = Exit::Findings;
        }
        match args.format {
            Format::Text => {
                let mut text = terminal.findings(diagnostics, sources);
                text.push_str(&closing(&input::name(path), severities(diagnostics), program, terminal.paint()));
                print(&text)?;
            }
            Format::Json => reports.push(Report {
                file: sources.files().first().map_or_else(|| path.clone(), |source| source.name.clone()),
                findings: diagnostics.iter().map(|diagnostic| Finding::new(diagnostic, sources)).collect(),
                policy: program.map(Description::new),
            }),
        }
    }
    if args.format == Format::Json {
        print_json(&reports)?;
    }
    Ok(exit)
}

/// Prints JSON for people and programs, a line feed at its end.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(value).map_err(|error| Failure::new(error.to_string()))?;
    print(&(visible_json(&json) + "\n"))
}

fn closing(name: &str, (errors, warnings): (u64, u64), program: Option<&Program>, paint: Paint) -> String {
    let found = [
        (errors > 0).then(|| paint.with(style::BAD, count(errors, "error", "errors"))),
        (warnings > 0).then(|| paint.with(style::WARNING, count(warnings, "warning", "warnings"))),
    ];
    let found = found.into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let declares = program.map_or_else(String::new, |program| format!(" ({})", declares(program)));
    if found.is_empty() {
        format!("{name}: {}{declares}\n", paint.with(style::GOOD, "no problems"))
    } else {
        format!("{found} in {name}{declares}\n")
    }
}

/// "2 fits, 3 scores, 4 stages": what there is none of is left out.
fn declares(program: &Program) -> String {
    let parts = [
        (program.schema.fields.len(), "field", "fields"),
        (program.schema.events.len(), "event", "events"),
        (program.fits.len(), "fit", "fits"),
        (program.scores.len(), "score", "scores"),
        (program.stages.len(), "stage", "stages"),
        (program.routes.len(), "route", "routes"),
        (program.always.len(), "promise", "promises"),
        (program.tests.len(), "test", "tests"),
    ];
    let parts = parts.iter().filter(|(number, ..)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, one, many)| count(*number as u64, one, many)).collect();
    if parts.is_empty() { "nothing declared".to_owned() } else { parts.join(", ") }
}
