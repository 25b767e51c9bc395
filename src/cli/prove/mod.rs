//! `qualify prove`: what holds for all leads that could ever exist.

mod asked;
mod report;
mod text;

pub use report::Report;

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, Policy, SetArgs};
use super::terminal::{Terminal, print};
use super::when;
use crate::analysis::{Analysis, Budget, survey};
use crate::base::visible;
use crate::check::check;
use crate::check::hir::Program;
use crate::diagnostic::Severity;
use crate::model::time::AsOf;
use crate::syntax::Loaded;
use crate::words::Spoken;
use asked::Asked;

/// Prove what a policy promises for all leads that could exist, or show a lead that breaks it
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Prove what a policy promises for all leads that could exist, or show a lead that breaks it.

Every `always` is proved, broken by a lead that cannot be made simpler and that the engine confirms, or not decided, with \
the reason. Besides: the range of every score and rule; the stages, bands, places of matrices and routes that leads can \
reach; which fields can change a stage at all.",
    after_help = "\
Examples:
  qualify prove policy.qual
  qualify prove policy.qual --format json | jq '.promises'
  qualify prove policy.qual --implies 'stage >= sql' 'icp fits'
  qualify prove policy.qual --disjoint 'icp fails' 'stage is sql' --equivalent decision_maker profile.decides
  qualify prove policy.qual --time-limit '10 seconds'

With --implies, --equivalent and --disjoint these questions are answered, and nothing else.

Exit codes: 0 done; 1 a promise is broken, or what was asked does not hold (with --strict also: or is not decided);
2 could not run."
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// Ask whether B is true whenever A is: conditions as a policy writes them
    #[arg(long, value_names = ["A", "B"], num_args = 2, action = clap::ArgAction::Append)]
    implies: Vec<String>,
    /// Ask whether A and B are the same for every lead, unknown included
    #[arg(long, value_names = ["A", "B"], num_args = 2, action = clap::ArgAction::Append)]
    equivalent: Vec<String>,
    /// Ask whether A and B are never true at once
    #[arg(long, value_names = ["A", "B"], num_args = 2, action = clap::ArgAction::Append)]
    disjoint: Vec<String>,
    /// The instant that leads are judged at: a date (its end) or a time; the latest day that the policy names unless
    /// given
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Leave open what is not decided after so long
    #[arg(long, value_name = "LENGTH", default_value = "1 minute")]
    time_limit: String,
    /// Take what is not decided for broken
    #[arg(long)]
    strict: bool,
    /// How to print what is found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs (`qualify schema proof`)
    Json,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let stop = when::after("--time-limit", &args.time_limit)?;
    let (program, asked, loaded) = read(&args)?;
    let analysis = match &args.as_of {
        Some(text) => Analysis::new(&program, as_of(text, &program)?),
        None => Analysis::of(&program),
    };
    let analysis = analysis.until(stop);
    let report = if asked.is_empty() {
        let spoken = Spoken::new(&program, &loaded.files);
        Report::of(&analysis, &survey(&analysis, Budget::FULL), &spoken)
    } else {
        Report::answers(&analysis, &asked)
    };
    match args.format {
        Format::Text => print(&text::text(&report, terminal))?,
        Format::Json => print_json(&report)?,
    }
    Ok(if report.fails(args.strict) { Exit::Findings } else { Exit::Done })
}

fn as_of(text: &str, program: &Program) -> Result<AsOf, Failure> {
    AsOf::parse(text.trim(), &program.zone).ok_or_else(|| {
        Failure::new(format!("`--as-of {}` is no date or time", visible(text)))
            .help("write a date, `2026-11-01`, or a time, `2026-11-01T09:30:00Z`")
    })
}

/// The program with the conditions that are asked about as its last promises.
fn read(args: &Args) -> Result<(Program, Vec<Asked>, Loaded), Failure> {
    let Policy { mut loaded, checked } = policy::read(&args.policy, &args.set)?;
    let fail = |mut diagnostics: Vec<crate::diagnostic::Diagnostic>, sources| {
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        Err(Failure::Policy { diagnostics, sources: Box::new(sources) })
    };
    let Some(program) = checked.program else { return fail(checked.diagnostics, loaded.sources) };
    let wanted = asked::wanted(args);
    if wanted.is_empty() {
        return Ok((program, Vec::new(), loaded));
    }
    let asked = asked::add(&mut loaded, &wanted, program.always.len())?;
    let checked = check(&loaded, &args.set.overrides()?);
    match checked.program {
        Some(program) => Ok((program, asked, loaded)),
        None => fail(checked.diagnostics, loaded.sources),
    }
}
