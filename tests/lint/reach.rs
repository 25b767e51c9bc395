//! What the lints that rest on analysis say, word for word, what they keep silent on, and the shipped examples.

use qualify::check::check;
use qualify::data::Folder;
use qualify::diagnostic::{ColorChoice, Diagnostic, render};
use qualify::lint::{Context, Group, Levels, all, lint};
use qualify::syntax::{Loaded, MemoryFiles, load};
use std::path::Path;

const OTHERS: &[&str] = &["missing-undecided", "weights-contradict-points", "single-event-qualifies"];

/// What the lints that rest on analysis find.
fn found(loaded: &Loaded) -> Vec<Diagnostic> {
    let checked = check(loaded, &[]);
    let Some(program) = &checked.program else {
        panic!("not valid:\n{}", render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 100));
    };
    let mut found = lint(&Context::new(loaded, program), &Levels::default());
    found.retain(|found| {
        OTHERS.contains(&found.code) || all().any(|lint| lint.group == Group::Reach && lint.name == found.code)
    });
    found
}

fn codes(declarations: &str) -> Vec<&'static str> {
    let text = format!("policy \"p\"\n{declarations}");
    let loaded = load("policy.qual", text.as_bytes(), &MemoryFiles::default());
    found(&loaded).iter().map(|found| found.code).collect()
}

/// A note that holds of the example of another lint as well, and of something else in it.
fn side_note(of: &str, code: &str) -> bool {
    of != code && code == "single-event-qualifies"
}

#[test]
fn words_of_the_examples() {
    let mut shown = String::new();
    for lint in all().filter(|lint| lint.group == Group::Reach || OTHERS.contains(&lint.name)) {
        let loaded = load("policy.qual", lint.example.policy, &MemoryFiles::default());
        shown.push_str(&format!("== {}\n\n", lint.name));
        let found = found(&loaded);
        // One root cause, one finding.
        let found: Vec<Diagnostic> = found.into_iter().filter(|found| !side_note(lint.name, found.code)).collect();
        assert_eq!(found.len(), 1, "{}:\n{}", lint.name, render(&found, &loaded.sources, ColorChoice::Plain, 100));
        shown.push_str(&render(&found, &loaded.sources, ColorChoice::Plain, 100));
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases/reach.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&expected, &shown).expect("a folder");
    }
    let expected = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(shown, expected, "UPDATE_GOLDEN=1 rewrites it");
}

#[test]
fn the_shipped_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut shown = String::new();
    for story in std::fs::read_dir(examples).expect("examples").flatten() {
        let Ok(text) = std::fs::read(story.path().join("policy.qual")) else { continue };
        let loaded = load("policy.qual", text, &Folder::new(story.path()));
        let name = story.file_name();
        let start = std::time::Instant::now();
        let found = found(&loaded);
        println!("{}: {} in {:?}", name.to_string_lossy(), found.len(), start.elapsed());
        shown.push_str(&render(&found, &loaded.sources, ColorChoice::Plain, 100));
    }
    assert!(shown.is_empty(), "{shown}");
}

#[test]
fn silent_where_nothing_is_wrong() {
    const FIELDS: &str =
        "lead { id text key  n int  x number  m money USD  t text  p ranked [\"a\", \"b\", \"c\"] }\nevent e";
    for declarations in [
        // Whole numbers have no gap between 49 and 50; a wide gap is meant.
        "score s { r: by n { 10 to 49: +5  50 to 499: +15 } }",
        "score s { r: by x { <= 5: -5  >= 100: +5 } }",
        "score s { r: by x { 10 to 49: +5  50 to 499: +15  otherwise: +1 } }",
        // One behind the other.
        "score s { r: by n { >= 500: +15  >= 50: +10  >= 5: +5 } }",
        // A scale is no floor, and its top no cap.
        "score s from 0 to 100 { r: +5 if n >= 5 }",
        // Decay: nearly 30 is 30 at the instant itself.
        "score s { r: +30 per e, at most 1 time, fading over 30 days } stages { a  b: s >= 30 and n > 3 }",
        // 7 and 3 add up over a correlated field.
        "score s { a: +7 if p >= \"b\"  b: +3 if p is \"c\" } stages { a  b: s >= 10 }",
    ] {
        let found = codes(&format!("{FIELDS}\n{declarations}"));
        let found: Vec<_> =
            found.into_iter().filter(|code| !matches!(*code, "always-true" | "single-event-qualifies")).collect();
        assert!(found.is_empty(), "{declarations}: {found:?}");
    }
}

#[test]
fn exact_where_rules_share_a_field() {
    const FIELDS: &str = "lead { id text key  p ranked [\"a\", \"b\", \"c\"] }";
    // 7 and 3 exclude each other: 10 cannot be reached.
    let declarations = "score s { a: +7 if p is \"b\"  b: +3 if p is \"c\" } stages { a  b: s >= 10 }";
    assert_eq!(codes(&format!("{FIELDS}\n{declarations}")), ["threshold-above-maximum"]);
    // Through an include with a factor.
    let declarations = "score s { a: +7 if p is \"b\"  b: +3 if p is \"c\" } score w { include s * 50%  c: +1 if p is \"c\" } stages { a  b: w >= 4 }";
    assert_eq!(codes(&format!("{FIELDS}\n{declarations}")), ["threshold-above-maximum"]);
    // An event cannot be within 30 days and not within 60.
    let declarations =
        "event e score s { a: +7 if no e within 60 days  b: +3 if any e within 30 days } stages { a  b: s >= 10 }";
    assert_eq!(codes(&format!("{FIELDS}\n{declarations}")), ["threshold-above-maximum"]);
}
