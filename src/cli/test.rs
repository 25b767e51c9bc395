//! `qualify test`: runs the tests that policies hold, and tells what they leave untested.

mod coverage;
mod junit;
mod results;

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::input;
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, print};
use crate::base::visible;
use crate::check::hir::Program;
use crate::data::{Output, same_file};
use results::Suite;
use std::io::Write;

/// Run the tests of policies, and find out what they leave untested
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify test policy.qual
  qualify test policies/*.qual --format junit > report.xml
  qualify test policy.qual --set demo_points=25
  qualify test policy.qual --coverage
  qualify test policy.qual --coverage --threshold 90% --html coverage.html

Exit codes: 0 all tests pass and the threshold is met; 1 a test failed, the threshold is not met, or there is no test
and --fail-on-empty was given; 2 could not run.")]
pub struct Args {
    /// The policies; `-` is standard input
    #[arg(required = true, value_name = "POLICY")]
    policies: Vec<String>,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Fail when there are no tests
    #[arg(long)]
    fail_on_empty: bool,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    depth: Depth,
}

/// What else to find out than whether the tests pass.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What the tests leave untested")]
struct Depth {
    /// Tell which outcomes of the policy the tests show, and which they do not
    #[arg(long)]
    coverage: bool,
    /// Fail when less than this is reached: `90%`
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "coverage")]
    threshold: Option<f64>,
    /// List also what is shown, and by which tests
    #[arg(long, requires = "coverage")]
    all: bool,
    /// Write a page with the policy's text beside its outcomes
    #[arg(long, value_name = "FILE", requires = "coverage")]
    html: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// JUnit XML, for CI
    Junit,
}

/// `90%`, `90`, `87.5%`
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let value = if plain { number.parse::<f64>().ok() } else { None };
    value.filter(|value| (0.0..=100.0).contains(value)).ok_or_else(|| "write a percentage from 0% to 100%".to_owned())
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    input::one_standard_input(&args.policies.iter().map(String::as_str).collect::<Vec<_>>())?;
    let deeper = args.depth.coverage;
    if deeper && args.format == Format::Junit {
        return Err(Failure::new("`--format junit` is for the results of tests alone").help("use text or json"));
    }
    let mut programs = Vec::new();
    for path in &args.policies {
        programs.push((path.as_str(), policy::program(path, &args.set)?));
    }
    let suites: Vec<Suite> = programs.iter().map(|(path, program)| results::suite(path, program)).collect();
    let met = if args.depth.coverage {
        coverage(&args, &programs, &suites, terminal)?
    } else {
        match args.format {
            Format::Text => print(&results::text(&suites, terminal.paint()))?,
            Format::Json => print_json(&suites)?,
            Format::Junit => print(&junit::report(&suites)?)?,
        }
        true
    };
    let (passed, failed) = results::counts(&suites);
    if failed > 0 || !met {
        return Ok(Exit::Findings);
    }
    if passed == 0 && args.fail_on_empty {
        terminal.report(
            &Failure::new("there are no tests").help("a test of a policy begins with `test \"what it shows\"`"),
        );
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

/// Tests that fail are shown before anything else is said of them.
fn failures(suites: &[Suite], terminal: &Terminal) -> String {
    let failing = results::failing(suites);
    if failing.is_empty() { String::new() } else { results::text(&failing, terminal.paint()) + "\n" }
}

/// Prints what the tests show; whether the threshold is met by every policy.
fn coverage(
    args: &Args,
    programs: &[(&str, Program)],
    suites: &[Suite],
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let reports: Vec<_> = programs.iter().map(|(_, program)| crate::testing::coverage(program)).collect();
    match args.format {
        Format::Json => print_json(&reports)?,
        _ => {
            let mut text = failures(suites, terminal);
            let pages: Vec<String> = reports
                .iter()
                .map(|report| coverage::text(report, args.depth.all, terminal.width, terminal.paint()))
                .collect();
            text.push_str(&pages.join("\n"));
            print(&text)?;
        }
    }
    let reached = programs.iter().zip(&reports).map(|((path, _), report)| (*path, report.outcomes.percent));
    Ok(threshold(args, reached, "of the outcomes are shown by tests", terminal))
}

/// Says of each policy that stays below the threshold that it does; whether none does.
fn threshold<'a>(
    args: &Args,
    reached: impl Iterator<Item = (&'a str, f64)>,
    what: &str,
    terminal: &Terminal,
) -> bool {
    let Some(least) = args.depth.threshold else { return true };
    let mut met = true;
    for (path, percent) in reached.filter(|(_, percent)| *percent < least) {
        met = false;
        let name = input::name(path);
        terminal.report(&Failure::new(format!("{name}: {percent:.1}% {what}, fewer than the {least}% of --threshold")));
    }
    met
}

/// Writes a file whole or not at all, and none that the policy is read from.
#[allow(dead_code)]
fn write_file(option: &str, path: &str, text: &str, programs: &[(&str, Program)]) -> Result<(), Failure> {
    let read = programs.iter().flat_map(|(_, program)| program.sources.files()).map(|source| source.name.as_str());
    if read.chain(programs.iter().map(|(path, _)| *path)).any(|read| read != "-" && same_file(read, path)) {
        return Err(Failure::new(format!("`{}` would be written over what is read", visible(path)))
            .help(format!("give {option} another file")));
    }
    let unwritable = |error| Failure::unwritable(path, &error);
    let mut output = Output::create(path).map_err(unwritable)?;
    output.write_all(text.as_bytes()).map_err(unwritable)?;
    output.finish().map_err(unwritable)
}
