//! Coverage, mutants and suggested tests: what they print, and the laws that they keep.

mod reference;
mod support;

use qualify::base::SourceMap;
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::eval::run_tests;
use qualify::syntax::{Loaded, MemoryFiles, load};
use qualify::testing::coverage::{Coverage, page};
use qualify::testing::mutate::{Fate, Mutants, Mutation, Text, operators, sites};
use qualify::testing::{coverage, suggest};
use reference::generate::policy;
use std::collections::BTreeSet;
use std::path::PathBuf;
use support::shell::{golden, root, run};

const SMALL: &str = "tests/testing/small.qual";

/// A command line and the file that holds what it prints.
fn prints(name: &str, line: &str) {
    let file: PathBuf = root().join("tests/testing").join(name);
    let text = format!("$ {line}\n{}", run(line).transcript());
    if let Err(problem) = golden(&file, &text) {
        panic!("{problem}");
    }
}

#[test]
fn coverage_for_people() {
    prints("coverage.txt", &format!("qualify test {SMALL} --coverage"));
    prints("impossible.txt", "qualify test tests/testing/impossible.qual --coverage");
    prints("impossible-all.txt", "qualify test tests/testing/impossible.qual --coverage --all");
    prints("coverage-all.txt", "qualify test examples/seattle-condos/policy.qual --coverage --all");
}

#[test]
fn mutants_for_people() {
    prints("mutate.txt", &format!("qualify test {SMALL} --mutate"));
}

#[test]
fn suggestions_for_people() {
    prints("suggest.txt", &format!("qualify test {SMALL} --suggest"));
}

fn compiled(text: &str, files: &MemoryFiles) -> (Loaded, Program) {
    let loaded = load("policy.qual", text, files);
    let checked = check(&loaded, &[]);
    let program = checked.program.unwrap_or_else(|| panic!("{:?}\n{text}", checked.diagnostics));
    (loaded, program)
}

fn judged(loaded: &Loaded, program: &Program) -> (Mutation, Vec<Fate>) {
    let mutants = Mutants::new(loaded, program, &[]);
    let mut bench = mutants.bench();
    let fates: Vec<Fate> = mutants.all.iter().map(|mutant| bench.judge(mutant)).collect();
    (Mutation::new(&mutants, &fates), fates)
}

/// The example of each operator is a change that it makes, and every change that it makes can be parsed.
#[test]
fn every_operator_makes_its_example() {
    for operator in operators::ALL {
        let (before, after) = operator.example;
        let loaded = load("policy.qual", before, &MemoryFiles::default());
        assert!(loaded.diagnostics.is_empty(), "{}: {:?}", operator.name, loaded.diagnostics);
        let text = Text { text: before };
        let mut made = Vec::new();
        sites(&loaded.files[0], &mut |site| {
            made.extend((operator.changes)(&site, &text).iter().map(|change| change.apply(before)));
        });
        assert!(made.iter().any(|made| made == after), "{}: {made:#?}", operator.name);
        for made in made {
            let parsed = load("policy.qual", made.as_str(), &MemoryFiles::default());
            assert!(parsed.diagnostics.is_empty(), "{}: {made}\n{:?}", operator.name, parsed.diagnostics);
        }
    }
}

/// A file for each operator, a row for each file, a row of the document for each operator.
#[test]
fn operators_stand_in_their_folder_and_in_the_document() {
    let folder = root().join("src/testing/mutate/operators");
    let files = std::fs::read_dir(folder).expect("the operators").count();
    assert_eq!(files - 1, operators::ALL.len());
    let names: BTreeSet<&str> = operators::ALL.iter().map(|operator| operator.name).collect();
    assert_eq!(names.len(), operators::ALL.len());
    let mut table = String::from("| operator | what it does | for example |\n|---|---|---|\n");
    let cell = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    for operator in operators::ALL {
        let (before, after) = operator.example;
        let row = format!("| `{}` | {} | `{}` → `{}` |\n", operator.name, operator.does, cell(before), cell(after));
        table.push_str(&row);
    }
    let path = root().join("docs/testing.md");
    let text = std::fs::read_to_string(&path).expect("the document");
    let (head, rest) = text.split_once("### Operators\n\n").expect("the heading");
    let (_, tail) = rest.split_once("\n## ").expect("the next heading");
    if let Err(problem) = golden(&path, &format!("{head}### Operators\n\n{table}\n## {tail}")) {
        panic!("{problem}");
    }
}

/// Numbers of a report agree with each other.
fn consistent(report: &Coverage) {
    let outcomes: Vec<_> = report.items.iter().flat_map(|item| &item.outcomes).collect();
    assert_eq!(report.outcomes.all + report.cannot_happen, outcomes.len());
    assert_eq!(report.cannot_happen, outcomes.iter().filter(|outcome| outcome.cannot_happen).count());
    assert_eq!(report.outcomes.covered, outcomes.iter().filter(|outcome| outcome.covered).count());
    assert!(report.outcomes.covered <= report.outcomes.all && report.outcomes.percent <= 100.0);
    assert_eq!(report.kinds.iter().map(|kind| kind.tally.all).sum::<usize>(), report.outcomes.all);
    for outcome in outcomes {
        assert_eq!(outcome.covered, !outcome.tests.is_empty());
        assert!(!(outcome.covered && outcome.cannot_happen), "{outcome:?}");
        assert!(outcome.tests.iter().all(|test| *test < report.tests.len()));
    }
}

fn count(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// The files of a random policy's lists.
fn files(made: &reference::generate::Generated) -> MemoryFiles {
    made.files().into_iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path, text))
}

/// On random policies nothing panics, numbers agree, and a test less never shows more.
#[test]
fn random_policies_are_covered_and_mutated() {
    for seed in 0..count("TESTING_POLICIES", 4) {
        let made = policy(seed, 1 + seed as usize % 2);
        let (loaded, program) = compiled(&made.text, &files(&made));
        let report = coverage(&program);
        consistent(&report);
        page(&report, &program.sources);
        let (mutation, _) = judged(&loaded, &program);
        assert!(mutation.mutants.covered <= mutation.mutants.all, "seed {seed}");
        assert_eq!(mutation.operators.iter().map(|operator| operator.tally.all).sum::<usize>(), mutation.mutants.all);
        let mut fewer = loaded.clone();
        for file in &mut fewer.files {
            let last =
                file.items.iter().rposition(|item| matches!(item.value, qualify::syntax::ast::ItemKind::Test(_)));
            last.map(|last| file.items.remove(last));
        }
        let program = check(&fewer, &[]).program.expect("the policy without its last test");
        let less = coverage(&program);
        assert_eq!(less.outcomes.all + less.cannot_happen, report.outcomes.all + report.cannot_happen, "seed {seed}");
        for (one, other) in less.items.iter().zip(&report.items) {
            for (one, other) in one.outcomes.iter().zip(&other.outcomes) {
                assert!(!one.covered || other.covered, "seed {seed}: {one:?}");
                // What a test shows was never called impossible without it.
                assert!(!(one.cannot_happen && other.covered), "seed {seed}: {one:?}");
            }
        }
    }
}

/// What no lead can show is not asked of the tests; what only looks alike is.
#[test]
fn outcomes_that_cannot_happen_are_left_out() {
    let text = std::fs::read_to_string(root().join("tests/testing/impossible.qual")).expect("the policy");
    let (_, program) = compiled(&text, &MemoryFiles::default());
    let report = coverage(&program);
    consistent(&report);
    let impossible: Vec<String> = report
        .items
        .iter()
        .flat_map(|item| item.outcomes.iter().map(move |outcome| (item, outcome)))
        .filter(|(_, outcome)| outcome.cannot_happen)
        .map(|(item, outcome)| format!("{}: {}", item.name, outcome.outcome))
        .collect();
    assert_eq!(
        impossible,
        [
            "icp.small: passes",
            "icp: fits",
            "points.size: no case",
            "priority: fits × low: a",
            "priority: fits × high: b",
            "priority: unknown × high: d",
            "good: `points` is just below 50",
            "top: is the lead's stage",
            "top: `points` is just 70",
            "top: `points` is just below 70",
        ]
    );
    assert!(page(&report, &program.sources).contains("cannot happen: "));
    // With these in reach most of it can happen.
    let more = text.replace("and employees < 50", "and employees < 500").replace("+40 if", "+50 if");
    let (_, program) = compiled(&more, &MemoryFiles::default());
    assert_eq!(coverage(&program).cannot_happen, 4, "no case; who fits has 50 points; none has 49 or 69");
}

/// A policy with its suggested tests: they pass, more is shown, more mutants die, none comes back to life.
fn gains(loaded: &Loaded, program: &Program, what: &str) -> [f64; 4] {
    let failing = run_tests(program).iter().any(|result| !result.passed());
    let mutants = Mutants::new(loaded, program, &[]);
    let (before, fates) = judged(loaded, program);
    let suggestions = suggest(&mutants, &fates);
    let mut with = loaded.clone();
    let source = qualify::base::Source::new("suggested.qual", suggestions.text.as_str());
    let parsed = qualify::syntax::parse(&source, qualify::base::FileId(u16::MAX));
    assert!(parsed.diagnostics.is_empty(), "{what}: {:?}\n{}", parsed.diagnostics, suggestions.text);
    assert_eq!(parsed.file.items.len(), suggestions.tests, "{what}");
    with.files[0].items.extend(parsed.file.items);
    let checked = check(&with, &[]);
    let after = checked.program.unwrap_or_else(|| panic!("{what}: {:?}\n{}", checked.diagnostics, suggestions.text));
    let new: Vec<_> = run_tests(&after).into_iter().filter(|result| result.test.span.file.0 == u16::MAX).collect();
    assert_eq!(new.len(), suggestions.tests);
    for result in &new {
        assert!(result.passed(), "{what}: {}\n{}", result.test.label, suggestions.text);
    }
    let labels: BTreeSet<&str> = after.tests.iter().map(|test| test.label.as_str()).collect();
    let own = program.tests.iter().map(|test| test.label.as_str()).collect::<BTreeSet<_>>().len();
    assert_eq!(labels.len(), own + new.len(), "{what}: labels are told apart");
    let (shown, reached) = (coverage(program).outcomes, coverage(&after).outcomes);
    assert!(reached.covered >= shown.covered && reached.all == shown.all, "{what}: {shown:?} {reached:?}");
    let (killed, _) = judged(&with, &after);
    if !failing {
        assert!(killed.mutants.covered >= before.mutants.covered, "{what}");
    }
    [shown.percent, reached.percent, before.mutants.percent, killed.mutants.percent]
}

#[test]
fn suggestions_on_random_policies_pass() {
    for seed in 0..count("SUGGEST_POLICIES", 2) {
        let made = policy(1000 + seed, 1);
        let (loaded, program) = compiled(&made.text, &files(&made));
        gains(&loaded, &program, &format!("seed {seed}"));
    }
}

/// The examples' own tests and the suggested ones together show more and kill more.
#[test]
fn suggestions_raise_what_the_examples_show() {
    let all = std::env::var_os("SUGGEST_EXAMPLES").is_some();
    let examples: &[&str] = match all {
        true => &[
            "doggie-delights",
            "seattle-condos",
            "spotted-media",
            "points-and-thresholds",
            "bank-marketing",
            "b2c-persona",
            "b2b-saas",
            "saas-funnel",
        ],
        false => &["seattle-condos"],
    };
    for example in examples {
        let path = root().join("examples").join(example).join("policy.qual");
        let name = path.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a policy");
        let loaded = load(&name, text, &qualify::data::Folder::of(&name));
        let program = check(&loaded, &[]).program.expect("a policy without errors");
        let [shown, reached, before, killed] = gains(&loaded, &program, example);
        println!("{example}: outcomes {shown}% → {reached}%, mutants {before}% → {killed}%");
        assert!(reached > shown && killed > before, "{example}: {shown} {reached} {before} {killed}");
    }
}

/// What a policy says is text on the page, never markup.
#[test]
fn the_page_escapes_hostile_text() {
    let text = r##"
policy "<script>alert(1)</script> \" onload=\"x"
lead { a bool  b text }
fit f "<img src=x onerror=alert(2)>" { c "</style><script>": a and b is "<b>\u{202e}</b>" }
test "</title><script>alert(3)</script>" as of 2026-01-01 { lead { a: true } expect f is unknown }
"##;
    let (_, program) = compiled(text, &MemoryFiles::default());
    let html = page(&coverage(&program), &program.sources);
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains('\u{202e}'), "{html}");
    assert!(html.contains("&lt;script&gt;alert(3)&lt;/script&gt;"));
    let empty = page(&coverage(&compiled("lead { a bool }", &MemoryFiles::default()).1), &SourceMap::default());
    assert!(empty.contains("100.0%"));
}

/// Usage that makes no sense is told so; thresholds decide the exit code.
#[test]
fn thresholds_and_usage() {
    let test = |options: &str| run(&format!("qualify test {SMALL} {options}"));
    assert_eq!(test("--coverage --threshold 10%").code, 0);
    let below = test("--coverage --threshold 99.5");
    assert_eq!(below.code, 1);
    assert!(below.stderr.contains("fewer than the 99.5% of --threshold"), "{}", below.stderr);
    assert_eq!(test("--mutate --threshold 99%").code, 1);
    for wrong in [
        "--threshold 90%",
        "--coverage --threshold 101%",
        "--coverage --threshold x",
        "--coverage --mutate",
        "--all",
        "--html page.html",
        "--output x.qual",
        "--coverage --format junit",
        "--suggest --format json",
        "--coverage --html tests/testing/small.qual",
        "--suggest --output tests/testing/small.qual",
    ] {
        assert_eq!(test(wrong).code, 2, "{wrong}");
    }
    for (verb, schema) in [("coverage", "coverage"), ("mutate", "mutation")] {
        let schema: serde_json::Value =
            serde_json::from_str(&run(&format!("qualify schema {schema}")).stdout).expect("JSON");
        let report: serde_json::Value =
            serde_json::from_str(&test(&format!("--{verb} --format json")).stdout).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
        let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{verb}: {wrong:?}");
    }
    let failing = run(&format!("sed 's/icp.passed is 3/icp.passed is 2/' {SMALL} | qualify test - --mutate"));
    assert_eq!(failing.code, 2);
    assert!(failing.stderr.contains("a test fails already"), "{}", failing.stderr);
}
