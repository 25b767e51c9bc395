//! `qualify test`: runs the tests that policies hold, and tells what they leave untested.

mod coverage;
mod mutation;
mod results;
mod suggestion;

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::project::Project;
use super::terminal::{Terminal, print};
use super::{input, junit};
use crate::base::visible;
use crate::check::hir::Program;
use crate::data::{Output, same_file};
use crate::syntax::Loaded;
use crate::testing::{Mutants, Mutation};
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
  qualify test policy.qual --mutate
  qualify test policy.qual --suggest --output suggested.qual

Exit codes: 0 all tests pass and the threshold is met; 1 a test failed, the threshold is not met, or there is no test
and --fail-on-empty was given; 2 could not run.")]
pub struct Args {
    /// Policies, and folders with policies in them; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
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
    /// Make small mistakes in the policy, one at a time, and tell which of them no test notices
    #[arg(long, conflicts_with = "coverage")]
    mutate: bool,
    /// Write the tests that are missing, with what the policy says today, ready to review
    #[arg(long, conflicts_with_all = ["coverage", "mutate"])]
    suggest: bool,
    /// Write the suggested tests to a file; `-` is standard output
    #[arg(long, value_name = "FILE", requires = "suggest")]
    output: Option<String>,
    /// Fail when less than this is reached: `90%`
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    threshold: Option<f64>,
    /// Write a page with the policy's text beside its outcomes
    #[arg(long, value_name = "FILE", requires = "coverage")]
    html: Option<String>,
    /// List also what is shown, and by which tests
    #[arg(long)]
    all: bool,
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

/// A policy whose tests are run.
struct Tested<'a> {
    path: &'a str,
    loaded: Loaded,
    program: Program,
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
    let measured = args.depth.coverage || args.depth.mutate;
    let deeper = measured || args.depth.suggest;
    for (given, option) in [(args.depth.threshold.is_some(), "--threshold"), (args.depth.all, "--all")] {
        if given && !measured {
            return Err(Failure::new(format!("`{option}` needs --coverage or --mutate")));
        }
    }
    if deeper && args.format == Format::Junit {
        return Err(Failure::new("`--format junit` is for the results of tests alone").help("use text or json"));
    }
    let mut policies = Vec::new();
    let project = Project::find(&args.policies)?;
    for path in &project.policies {
        let (loaded, program) = policy::compiled(path, &args.set)?;
        policies.push(Tested { path, loaded, program });
    }
    let suites: Vec<Suite> = policies.iter().map(|policy| results::suite(policy.path, &policy.program)).collect();
    let met = if args.depth.coverage {
        coverage(&args, &policies, &suites, terminal)?
    } else if args.depth.mutate {
        mutate(&args, &policies, &suites, terminal)?
    } else if args.depth.suggest {
        suggest(&args, &policies, &suites, terminal)?;
        true
    } else {
        match args.format {
            Format::Text => print(&results::text(&suites, terminal.paint()))?,
            Format::Json => print_json(&suites)?,
            Format::Junit => print(&junit::report(&suites.iter().map(results::junit).collect::<Vec<_>>())?)?,
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
fn coverage(args: &Args, policies: &[Tested<'_>], suites: &[Suite], terminal: &Terminal) -> Result<bool, Failure> {
    let reports: Vec<_> = policies.iter().map(|policy| crate::testing::coverage(&policy.program)).collect();
    if let Some(path) = &args.depth.html {
        let ([policy], [report]) = (policies, reports.as_slice()) else {
            return Err(Failure::new("--html takes one policy").help("run it once for each"));
        };
        write_file("--html", path, &crate::testing::coverage::page(report, &policy.program.sources), policies)?;
    }
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
    let reached = policies.iter().zip(&reports).map(|(policy, report)| (policy.path, report.outcomes.percent));
    Ok(threshold(args, reached, "of the outcomes are shown by tests", terminal))
}

/// Prints what the tests say of mutants; whether the threshold is met by every policy.
fn mutate(args: &Args, policies: &[Tested<'_>], suites: &[Suite], terminal: &Terminal) -> Result<bool, Failure> {
    all_pass(suites, terminal)?;
    let overrides = args.set.overrides()?;
    let mut reports = Vec::new();
    for policy in policies {
        let mutants = Mutants::new(&policy.loaded, &policy.program, &overrides);
        reports.push(Mutation::new(&mutants, &mutation::judge(&mutants)));
    }
    match args.format {
        Format::Json => print_json(&reports)?,
        _ => {
            let pages: Vec<String> = reports
                .iter()
                .map(|report| mutation::text(report, args.depth.all, terminal.width, terminal.paint()))
                .collect();
            print(&pages.join("\n"))?;
        }
    }
    let reached = policies.iter().zip(&reports).map(|(policy, report)| (policy.path, report.mutants.percent));
    Ok(threshold(args, reached, "of the mutants are killed by tests", terminal))
}

/// A test that fails on the policy fails on its mutants as well, and would seem to kill them.
fn all_pass(suites: &[Suite], terminal: &Terminal) -> Result<(), Failure> {
    if results::counts(suites).1 == 0 {
        return Ok(());
    }
    print(&failures(suites, terminal))?;
    Err(Failure::new("a test fails already").help("mend it first"))
}

/// Writes the tests that are missing, and says on standard error how much they add.
fn suggest(args: &Args, policies: &[Tested<'_>], suites: &[Suite], terminal: &Terminal) -> Result<(), Failure> {
    let [policy] = policies else {
        return Err(Failure::new("--suggest takes one policy").help("run it once for each"));
    };
    if args.format != Format::Text {
        return Err(Failure::new("--suggest writes policy text").help("leave --format out"));
    }
    all_pass(suites, terminal)?;
    let overrides = args.set.overrides()?;
    let mutants = Mutants::new(&policy.loaded, &policy.program, &overrides);
    let fates = mutation::judge(&mutants);
    let suggestions = crate::testing::suggest(&mutants, &fates);
    let text = suggestion::text(&policy.program, &suggestions);
    match args.depth.output.as_deref() {
        Some(path) if path != "-" => write_file("--output", path, &text, policies)?,
        _ => print(&text)?,
    }
    let before = (crate::testing::coverage(&policy.program).outcomes, Mutation::new(&mutants, &fates).mutants);
    for line in suggestion::gain(&policy.loaded, &overrides, &suggestions, before) {
        terminal.say(&line);
    }
    Ok(())
}

/// Says of each policy that stays below the threshold that it does; whether none does.
fn threshold<'a>(args: &Args, reached: impl Iterator<Item = (&'a str, f64)>, what: &str, terminal: &Terminal) -> bool {
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
fn write_file(option: &str, path: &str, text: &str, policies: &[Tested<'_>]) -> Result<(), Failure> {
    let files = policies.iter().flat_map(|policy| policy.program.sources.files());
    let read = files.map(|source| source.name.as_str());
    if read.chain(policies.iter().map(|policy| policy.path)).any(|read| read != "-" && same_file(read, path)) {
        return Err(Failure::new(format!("`{}` would be written over what is read", visible(path)))
            .help(format!("give {option} another file")));
    }
    let unwritable = |error| Failure::unwritable(path, &error);
    let mut output = Output::create(path).map_err(unwritable)?;
    output.write_all(text.as_bytes()).map_err(unwritable)?;
    output.finish().map_err(unwritable)
}
