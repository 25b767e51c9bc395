//! `qualify test`: runs the tests that policies hold.

use super::check::print_json;
use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::{Paint, Terminal, count, print, style};
use super::{input, junit};
use crate::base::{visible, visible_excerpt};
use crate::check::hir::{Expr, Program};
use crate::eval::{TestResult, run_tests};
use crate::explain::{Reason, text::reason, why};
use crate::model::Tri;
use serde::Serialize;

/// Run the tests of policies
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify test policy.qual
  qualify test policies/*.qual --format junit > report.xml
  qualify test policy.qual --set demo_points=25

Exit codes: 0 all tests pass; 1 a test failed, or there is none and --fail-on-empty was given; 2 could not run.")]
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

/// The tests of a policy and how they came out.
#[derive(Debug, Serialize)]
struct Suite {
    /// The policy's file as it was named.
    file: String,
    tests: Vec<Case>,
}

/// A test and how it came out.
#[derive(Debug, Serialize)]
struct Case {
    /// Its label.
    name: String,
    file: String,
    line: usize,
    passed: bool,
    /// The expectations that are not true.
    failures: Vec<Failed>,
}

/// An expectation that is not true.
#[derive(Debug, Serialize)]
struct Failed {
    line: usize,
    /// As the policy writes it.
    expected: String,
    /// What it is: `false` or `unknown`.
    truth: &'static str,
    /// The parts that fail, with what they read.
    because: Vec<String>,
    /// The same for programs.
    reasons: Vec<Reason>,
    /// Its lines of the policy, whole.
    #[serde(skip)]
    excerpt: Vec<String>,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    input::one_standard_input(&args.policies.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut suites = Vec::new();
    for path in &args.policies {
        suites.push(suite(path, &policy::program(path, &args.set)?));
    }
    match args.format {
        Format::Text => print(&text(&suites, terminal.paint()))?,
        Format::Json => print_json(&suites)?,
        Format::Junit => print(&junit::report(&suites.iter().map(junit_suite).collect::<Vec<_>>())?)?,
    }
    let (passed, failed) = counts(&suites);
    if failed > 0 {
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

fn suite(path: &str, program: &Program) -> Suite {
    let tests = run_tests(program).iter().map(|result| case(program, result)).collect();
    Suite { file: program.sources.files().first().map_or_else(|| path.to_owned(), |file| file.name.clone()), tests }
}

fn case(program: &Program, result: &TestResult<'_>) -> Case {
    let (file, line) = program
        .sources
        .locate(result.test.span)
        .map_or_else(|| (String::new(), 0), |(file, location)| (file.to_owned(), location.line));
    let expects = result.test.expects.iter().zip(&result.expects).filter(|(_, expect)| !expect.value.is_true());
    let failures = expects.map(|(expr, expect)| failed(program, result, expr, expect.value)).collect();
    Case { name: result.test.label.clone(), file, line, passed: result.passed(), failures }
}

fn failed(program: &Program, result: &TestResult<'_>, expr: &Expr, value: Tri) -> Failed {
    let reasons = why(program, &result.ledger, expr);
    let written = program.sources.text(expr.span);
    let (line, excerpt) = match program.sources.get(expr.span.file) {
        Some(source) => {
            let first = source.location(expr.span.start).line;
            let last = source.location(expr.span.end).line;
            let lines = source.text.lines().skip(first - 1).take(last + 1 - first);
            (first, lines.map(str::to_owned).collect())
        }
        None => (0, Vec::new()),
    };
    Failed {
        line,
        expected: written.split_whitespace().collect::<Vec<_>>().join(" "),
        truth: value.as_str(),
        because: reasons.iter().map(reason).collect(),
        reasons,
        excerpt,
    }
}

fn junit_suite(suite: &Suite) -> junit::Suite {
    let problem = |failed: &Failed| junit::Problem {
        message: format!("expected {}; it is {}", failed.expected, failed.truth),
        kind: "expectation".to_owned(),
        text: failed.because.join("\n"),
    };
    let case = |case: &Case| junit::Case {
        name: case.name.clone(),
        file: case.file.clone(),
        line: case.line,
        problems: case.failures.iter().map(problem).collect(),
    };
    junit::Suite { name: suite.file.clone(), cases: suite.tests.iter().map(case).collect() }
}

fn counts(suites: &[Suite]) -> (u64, u64) {
    let cases = || suites.iter().flat_map(|suite| &suite.tests);
    let passed = cases().filter(|case| case.passed).count() as u64;
    (passed, cases().count() as u64 - passed)
}

fn text(suites: &[Suite], paint: Paint) -> String {
    let mut out = String::new();
    for suite in suites {
        out.push_str(&format!("{}\n", paint.with(style::HEADING, visible(&suite.file))));
        if suite.tests.is_empty() {
            out.push_str(&format!("  {}\n", paint.with(style::QUIET, "no tests")));
        }
        for case in &suite.tests {
            let (mark, style) = if case.passed { ("✓", style::GOOD) } else { ("✗", style::BAD) };
            out.push_str(&format!("  {} {}\n", paint.with(style, mark), visible(&case.name)));
            for failed in &case.failures {
                failure(&mut out, case, failed, paint);
            }
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    let (passed, failed) = counts(suites);
    let passed_text = count(passed, "test passed", "tests passed");
    if failed == 0 {
        out.push_str(&format!("{}\n", paint.with(style::GOOD, passed_text)));
    } else {
        let failed = paint.with(style::BAD, count(failed, "test failed", "tests failed"));
        out.push_str(&format!("{failed}, {passed_text}\n"));
    }
    out
}

/// The lines of the expectation, then what is not as expected.
fn failure(out: &mut String, case: &Case, failed: &Failed, paint: Paint) {
    let place = format!("{}:{}", visible(&case.file), failed.line);
    out.push_str(&format!("      {}\n", paint.with(style::QUIET, place)));
    let indent = failed.excerpt.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    for (place, line) in failed.excerpt.iter().enumerate() {
        let gutter = paint.with(style::QUIET, format!("{:>6} │", failed.line + place));
        let line = visible_excerpt(line.get(indent..).unwrap_or(line)).replace('\t', "    ");
        out.push_str(&format!("{gutter} {}\n", line.trim_end()));
    }
    let head = paint.with(style::BAD, format!("is {}", failed.truth));
    match failed.because.as_slice() {
        [] => out.push_str(&format!("      {head}\n")),
        [one] => out.push_str(&format!("      {head}: {one}\n")),
        many => {
            out.push_str(&format!("      {head}:\n"));
            for reason in many {
                out.push_str(&format!("        {reason}\n"));
            }
        }
    }
    out.push('\n');
}
