//! `qualify lint`: what is valid in a policy and yet wrong, risky or hard to read.

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs, severities};
use super::terminal::{Paint, Terminal, count, print, style};
use super::{input, when};
use crate::base::visible;
use crate::diagnostic::did_you_mean;
use crate::lint::{Context, Level, Levels, lint};

/// Lint policies: what is valid and yet wrong, risky or hard to read
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify lint policy.qual
  qualify lint policy.qual --deny warnings --allow style

Exit codes: 0 no errors; 1 errors were found; 2 could not run.")]
pub struct Args {
    /// The policies; `-` is standard input
    #[arg(required = true, value_name = "POLICY")]
    policies: Vec<String>,
    #[command(flatten)]
    levels: LevelArgs,
    /// The day on which the policy is judged, for what is overdue; today unless given
    #[arg(long, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
}

/// The arguments that set levels. What is said of one lint outranks what is said of its group, and that what is said
/// of all.
#[derive(Debug, clap::Args)]
struct LevelArgs {
    /// Report findings of this lint, group, `all` or `warnings` as errors
    #[arg(long, value_name = "NAME")]
    deny: Vec<String>,
    /// Report findings of this lint, group or `all` as warnings
    #[arg(long, value_name = "NAME")]
    warn: Vec<String>,
    /// Do not report findings of this lint, group or `all`
    #[arg(long, value_name = "NAME")]
    allow: Vec<String>,
}

impl LevelArgs {
    fn levels(&self) -> Result<Levels, Failure> {
        let mut levels = Levels::default();
        for (names, level) in [(&self.deny, Level::Deny), (&self.warn, Level::Warn), (&self.allow, Level::Allow)] {
            for name in names {
                if !levels.set(name, level) {
                    return Err(Failure::new(format!("no lint is called `{}`", visible(name)))
                        .maybe_help(did_you_mean(name, Levels::names())));
                }
            }
        }
        Ok(levels)
    }
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    input::one_standard_input(&args.policies.iter().map(String::as_str).collect::<Vec<_>>())?;
    let levels = args.levels.levels()?;
    let today = args.today.unwrap_or_else(when::today);
    let mut exit = Exit::Done;
    for path in &args.policies {
        let policy = policy::read(path, &SetArgs::default())?;
        let mut found = policy.checked.diagnostics;
        if let Some(program) = &policy.checked.program {
            found.extend(lint(&Context::new(&policy.loaded, program).on(today), &levels));
        }
        let (errors, warnings) = severities(&found);
        if errors > 0 {
            exit = Exit::Findings;
        }
        let mut text = terminal.findings(&found, &policy.loaded.sources);
        text.push_str(&closing(&input::name(path), errors, warnings, found.len() as u64, terminal.paint()));
        print(&text)?;
    }
    Ok(exit)
}

fn closing(name: &str, errors: u64, warnings: u64, all: u64, paint: Paint) -> String {
    let notes = all.saturating_sub(errors + warnings);
    let found = [
        (errors > 0).then(|| paint.with(style::BAD, count(errors, "error", "errors"))),
        (warnings > 0).then(|| paint.with(style::WARNING, count(warnings, "warning", "warnings"))),
        (notes > 0).then(|| count(notes, "note", "notes")),
    ];
    let found = found.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match found.is_empty() {
        true => format!("{name}: {}\n", paint.with(style::GOOD, "no findings")),
        false => format!("{found} in {name}\n"),
    }
}
