//! What explanations say: every lead of `tests/explain/CASE/leads.ndjson` under `policy.qual` (of `doggie`, the policy of
//! section 1), at every length, beside the text that is expected. `UPDATE_GOLDEN=1` rewrites it.

mod laws;
#[path = "../reference/mod.rs"]
mod reference;
mod screen;
#[path = "../support/compared.rs"]
mod support;

use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Decoded, EventsRead, LeadReader, Plan};
use qualify::eval::{Evaluator, run_tests};
use qualify::explain::page;
use qualify::explain::text::{self, TextOptions};
use qualify::explain::{Ahead, EventFate, Explanation, How, Length, OutlookOptions, PartItem, explain, outlook, why};
use qualify::model::time::AsOf;
use qualify::syntax::{MemoryFiles, load};
use qualify::words::Spoken;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program(path: &str) -> (Program, Spoken) {
    let text = std::fs::read_to_string(root().join(path)).expect("a policy");
    let files = MemoryFiles::new().with("lists/free-mail.txt", "gmail.com\nyahoo.com\n");
    let loaded = load(path, text, &files);
    let checked = qualify::check::check(&loaded, &[]);
    let program = checked.program.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let spoken = Spoken::new(&program, &loaded.files);
    (program, spoken)
}

fn explanations((program, spoken): &(Program, Spoken), leads: &str, as_of: &str) -> Vec<Explanation> {
    let evaluator = Evaluator::new(program, AsOf::parse(as_of, &program.zone).expect("an as-of"));
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::All);
    let data = std::fs::read(root().join(leads)).expect("leads");
    let mut reader = LeadReader::open(Box::new(std::io::Cursor::new(data)), None, &plan).expect("leads");
    let mut found = Vec::new();
    while let Some(batch) = reader.next_batch().expect("a batch") {
        let arena = Bump::new();
        batch.decode(&plan, None, &arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, problems, .. } => {
                let lead = arena.alloc(lead);
                let own = Bump::new();
                let (outcome, ledger) = evaluator.explain(lead, &own);
                let mut explained = explain(&evaluator, spoken, lead, &outcome, &ledger, &problems);
                let ahead = OutlookOptions {
                    until: Some(evaluator.as_of().instant + 90 * 86_400_000),
                    bounds: true,
                    plans: true,
                    to: None,
                    history: true,
                    quick: false,
                };
                explained.outlook = Some(outlook(&evaluator, spoken, &Ahead::new(&evaluator), lead, ahead));
                found.push(explained);
            }
            Decoded::Reject(reject) => panic!("{reject:?}"),
        });
    }
    found
}

/// The cases: policy, folder, as-of.
const CASES: [(&str, &str, &str); 2] = [
    ("tests/policies/doggie.qual", "tests/explain/doggie", "2026-11-01"),
    ("tests/explain/everything/policy.qual", "tests/explain/everything", "2026-11-01T12:00:00Z"),
];

/// Every length, and the ending of its golden files.
const LENGTHS: [(Length, &str); 3] =
    [(Length::Brief, "brief.txt"), (Length::Screen, "txt"), (Length::Full, "full.txt")];

fn all() -> impl Iterator<Item = (PathBuf, Explanation)> {
    CASES.into_iter().flat_map(|(policy, folder, as_of)| {
        let found = explanations(&program(policy), &format!("{folder}/leads.ndjson"), as_of);
        found.into_iter().map(move |found| (root().join(folder).join(&found.key), found))
    })
}

fn golden(path: &Path, text: &str) -> Option<String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value != "0") {
        std::fs::write(path, text).expect("a golden file");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    (expected != text).then(|| format!("{}:\n{text}\ninstead of\n{expected}", path.display()))
}

#[test]
fn texts_are_as_expected() {
    let mut wrong = Vec::new();
    for (path, explanation) in all() {
        for (length, ending) in LENGTHS {
            let text = text::render(&explanation, length, &TextOptions::default());
            wrong.extend(golden(&path.with_extension(ending), &text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same leads, each as Markdown, as a page without its stylesheet, and as JSON.
#[test]
fn pages_and_json_are_as_expected() {
    let mut wrong = Vec::new();
    for (path, explanation) in all() {
        wrong.extend(golden(&path.with_extension("md"), &page::markdown(&explanation, Length::Screen)));
        if ["todd", "mallory", "ann"].contains(&explanation.key.as_str()) {
            let html = page::html(&explanation, Length::Screen);
            let (before, rest) = html.split_once("<style>").expect("a stylesheet");
            let (_, after) = rest.split_once("</style>").expect("a stylesheet");
            let html = format!("{before}{after}").replace(" class=\"\"", "").replace("><", ">\n<");
            wrong.extend(golden(&path.with_extension("html"), &html));
            let json = serde_json::to_string_pretty(&explanation).expect("JSON") + "\n";
            wrong.extend(golden(&path.with_extension("json"), &json));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_keep_to_their_width_and_to_ascii() {
    for (path, explanation) in all() {
        for (width, (length, _)) in
            [40, 60, 80, 200].into_iter().flat_map(|width| LENGTHS.map(|length| (width, length)))
        {
            let text = text::render(&explanation, length, &TextOptions { width, ascii: true, color: false });
            for line in text.lines() {
                assert!(line.is_ascii() && line.len() <= width, "{} at {width}: {line}", path.display());
            }
            let colored = text::render(&explanation, length, &TextOptions { width, ascii: true, color: true });
            assert_eq!(without_colors(&colored), text, "{} at {width}", path.display());
        }
    }
}

fn without_colors(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(|c| *c == 'm');
        } else {
            out.push(c);
        }
    }
    out
}

#[test]
fn the_form_is_as_its_schema_says_and_reads_back() {
    let schema = schemars::schema_for!(Explanation);
    let validator = jsonschema::validator_for(schema.as_value()).expect("a schema");
    for (path, explanation) in all() {
        let json = serde_json::to_value(&explanation).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        let back: Explanation = serde_json::from_value(json).expect("an explanation");
        assert_eq!(back, explanation);
    }
}

#[test]
fn points_add_up() {
    fn add_up(parts: &[PartItem]) -> i64 {
        for part in parts {
            match &part.how {
                How::Group { sum, parts, .. } => assert_eq!(add_up(parts), sum.0, "{}", part.item.name),
                How::Per(per) => {
                    let lost = [per.outside, per.duplicates, per.over_cap, per.decay, per.over_limit];
                    let net = per.raw.0 - lost.iter().map(|points| points.0).sum::<i64>();
                    assert_eq!(net, part.points.0, "{}", part.item.name);
                    let earned: i64 = per.events.iter().map(|event| event.points.0).sum();
                    assert_eq!(earned - per.over_limit.0, part.points.0, "{}", part.item.name);
                    let counted = per.events.iter().filter(|event| event.fate == EventFate::Counts).count() as u64;
                    assert_eq!(per.counted, counted);
                    let lost: i64 = per.lost.iter().map(|lost| lost.points.0).sum();
                    assert_eq!(lost, per.outside.0 + per.duplicates.0 + per.over_cap.0, "{}", part.item.name);
                }
                _ => {}
            }
        }
        parts.iter().map(|part| part.points.0).sum()
    }
    for (_, explanation) in all() {
        for score in &explanation.scores {
            assert_eq!(add_up(&score.parts), score.sum.0, "{}", score.item.name);
            let from = score.from.map_or(i64::MIN, |from| from.0);
            let to = score.to.map_or(i64::MAX, |to| to.0);
            assert_eq!(score.sum.0.min(to).max(from), score.points.0, "{}", score.item.name);
        }
    }
}

#[test]
fn a_failed_expectation_shows_its_sides() {
    let text = std::fs::read_to_string(root().join("tests/policies/doggie.qual")).expect("a policy");
    let text =
        text.replace("expect engagement is 33.7055", "expect engagement is 34 and stage is mql\n  expect stage is sql");
    let files = MemoryFiles::new().with("lists/free-mail.txt", "gmail.com\n");
    let program = qualify::check::check(&load("p.qual", text, &files), &[]).program.expect("a program");
    let result = run_tests(&program).into_iter().next().expect("a test");
    let failed: Vec<String> = result
        .test
        .expects
        .iter()
        .zip(&result.expects)
        .filter(|(_, result)| !result.value.is_true())
        .map(|(expect, found)| text::reasons(&why(&program, &result.ledger, expect), found.value.into()))
        .collect();
    assert_eq!(failed, ["engagement is 34 (engagement is 33.7055)", "stage is sql (stage is mql)"]);
}
