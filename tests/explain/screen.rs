//! The default explanation is one screen, for the leads of every example, and no answer is left out. Of the large examples
//! some leads by default; `EXPLAIN_SCREENS=all` looks at every one.

use bumpalo::Bump;
use qualify::check::check;
use qualify::data::{Decoded, EventProblem, EventStore, EventsRead, Folder, Format, LeadReader, Plan};
use qualify::eval::Evaluator;
use qualify::explain::text::{self, TextOptions};
use qualify::explain::{Ahead, Explanation, Length, OutlookOptions, explain, outlook};
use qualify::model::time::AsOf;
use qualify::syntax::load;
use qualify::words::Spoken;
use std::path::Path;

/// Lines of a screen.
const LINES: usize = 40;

/// Every example: its leads, its events, its as-of, and how many leads are passed over for each that is looked at.
const EXAMPLES: [(&str, &str, Option<&str>, &str, usize); 9] = [
    ("b2b-saas", "leads.csv", Some("events.csv"), "2024-02-20", 80),
    ("b2c-persona", "leads.csv", None, "2026-11-01", 1),
    ("bank-marketing", "leads.csv", None, "2026-11-01", 1500),
    ("doggie-delights", "leads.ndjson", None, "2026-11-01", 1),
    ("gitlab-threshold", "leads.csv", Some("events.csv"), "2026-11-01", 1),
    ("points-and-thresholds", "leads.csv", Some("events.csv"), "2026-11-01", 1),
    ("saas-funnel", "leads.ndjson", Some("events.ndjson"), "2026-11-01", 1),
    ("seattle-condos", "leads.csv", None, "2026-11-01", 1),
    ("spotted-media", "leads.json", None, "2026-11-01", 1),
];

#[test]
fn every_lead_of_every_example_is_one_screen() {
    let all = std::env::var("EXPLAIN_SCREENS").is_ok_and(|which| which == "all");
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).expect("examples");
    let folders = folders.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir())).count();
    assert_eq!(folders, EXAMPLES.len(), "an example is not looked at");
    let (mut wrong, mut longest, mut seen) = (Vec::new(), 0, 0);
    for (name, leads, events, as_of, step) in EXAMPLES {
        each(name, leads, events, as_of, if all { 1 } else { step }, &mut |explanation| {
            let told = text::render(&explanation, Length::Screen, &TextOptions::default());
            let lines = told.lines().count();
            (longest, seen) = (longest.max(lines), seen + 1);
            let lacks = lacks(&explanation, &told);
            if lines > LINES || !lacks.is_empty() {
                wrong.push(format!("{name}, {}: {lines} lines, without {lacks:?}\n{told}", explanation.key));
            }
        });
    }
    println!("{seen} leads, the longest has {longest} lines");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The answers that are not given.
fn lacks(explanation: &Explanation, told: &str) -> Vec<&'static str> {
    let says = |title: &str| told.lines().any(|line| line.starts_with(title));
    let outlook = explanation.outlook.as_ref().expect("an outlook");
    let higher = !explanation.why_not.is_empty() && !explanation.disqualified;
    let why = explanation.stage.is_some();
    let unknown = outlook.bounds.is_some() && !explanation.questions.is_empty();
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let closed = ["no answer changes", "answers alone do not change"];
    let closed = closed.iter().any(|start| words.contains(&format!("· {start} the stage")));
    [
        ("why", why && !says("Why ")),
        ("why not", higher && !says("Why not higher") && !told.contains(" and not higher")),
        ("what it would take", outlook.plans.is_some() && !says("What it would take")),
        ("what changes by itself", outlook.forecast.is_some() && !says("What will change by itself")),
        ("what is not known", unknown && !says("What is not known") && !closed),
        ("what it was made from", !says("Policy ") || !says("As of ")),
    ]
    .into_iter()
    .filter_map(|(what, lacks)| lacks.then_some(what))
    .collect()
}

fn each(name: &str, leads: &str, events: Option<&str>, as_of: &str, step: usize, look: &mut dyn FnMut(Explanation)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let path = folder.join("policy.qual");
    let name = path.to_string_lossy();
    let loaded = load(&name, std::fs::read(&path).expect("a policy"), &Folder::of(&*name));
    let program = check(&loaded, &[]).program.expect("a policy without errors");
    let spoken = Spoken::new(&program, &loaded.files);
    let evaluator = Evaluator::new(&program, AsOf::parse(as_of, &program.zone).expect("an as-of"));
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
    let open = |file: &str| Box::new(std::fs::File::open(folder.join(file)).expect("a file"));
    let store = events.map(|file| {
        let report: &mut dyn FnMut(EventProblem) = &mut |_| {};
        EventStore::read(open(file), Format::of(file), &plan, report).expect("events")
    });
    let mut reader = LeadReader::open(open(leads), Format::of(leads), &plan).expect("leads");
    let ahead = Ahead::new(&evaluator);
    let options = OutlookOptions {
        until: Some(evaluator.as_of().instant + 90 * 86_400_000),
        bounds: true,
        plans: true,
        to: None,
        history: false,
        quick: false,
    };
    let mut number = 0;
    while let Some(batch) = reader.next_batch().expect("a batch") {
        let arena = Bump::new();
        batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| {
            let Decoded::Lead { lead, problems, .. } = decoded else { return };
            number += 1;
            if number % step != 0 {
                return;
            }
            let own = Bump::new();
            let (outcome, ledger) = evaluator.explain(&lead, &own);
            let mut explained = explain(&evaluator, &spoken, &lead, &outcome, &ledger, &problems);
            explained.outlook = Some(outlook(&evaluator, &spoken, &ahead, &lead, options));
            look(explained);
        });
    }
}
