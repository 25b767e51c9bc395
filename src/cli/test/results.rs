//! The tests of policies and how they came out.

use crate::base::{visible, visible_excerpt};
use crate::check::hir::{Expr, Program};
use crate::cli::junit;
use crate::cli::terminal::{Paint, count, style};
use crate::eval::{TestResult, run_tests};
use crate::explain::{Reason, text::reason, why};
use crate::model::Tri;
use serde::Serialize;

/// The tests of a policy and how they came out.
#[derive(Clone, Debug, Serialize)]
pub struct Suite {
    /// The policy's file as it was named.
    pub file: String,
    /// Its tests.
    pub tests: Vec<Case>,
}

/// A test and how it came out.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// Its label.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Whether all expectations are true.
    pub passed: bool,
    /// The expectations that are not true.
    pub failures: Vec<Failed>,
}

/// An expectation that is not true.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    /// Its line, from 1.
    pub line: usize,
    /// As the policy writes it.
    pub expected: String,
    /// What it is: `false` or `unknown`.
    pub truth: &'static str,
    /// The parts that fail, with what they read.
    pub because: Vec<String>,
    /// The same for programs.
    pub reasons: Vec<Reason>,
    /// Its lines of the policy, whole.
    #[serde(skip)]
    pub excerpt: Vec<String>,
}

/// Runs the tests of a policy.
pub fn suite(path: &str, program: &Program) -> Suite {
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

/// How many tests passed and how many failed.
pub fn counts(suites: &[Suite]) -> (u64, u64) {
    let cases = || suites.iter().flat_map(|suite| &suite.tests);
    let passed = cases().filter(|case| case.passed).count() as u64;
    (passed, cases().count() as u64 - passed)
}

/// The results for people.
pub fn text(suites: &[Suite], paint: Paint) -> String {
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

/// The suites with their failing tests only; those without any are left out.
pub fn failing(suites: &[Suite]) -> Vec<Suite> {
    let failing = suites.iter().map(|suite| Suite {
        file: suite.file.clone(),
        tests: suite.tests.iter().filter(|case| !case.passed).cloned().collect(),
    });
    failing.filter(|suite| !suite.tests.is_empty()).collect()
}

/// The results for CI.
pub fn junit(suite: &Suite) -> junit::Suite {
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
