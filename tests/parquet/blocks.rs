//! Leads in columns, decided in blocks: what is said of them is what is said of the same leads as NDJSON, one by one.

use crate::reference::generate::{Rng, lead, policy};
use crate::same::{conforming, ndjson, policies, two_files};
use crate::support::agree::compile;
use crate::write::parquet;
use crate::{file, told};
use bumpalo::Bump;
use qualify::blocks::{BLOCK, Blocks};
use qualify::check::hir::Program;
use qualify::data::{Decoded, EventStore, EventsRead, Format, LeadReader, Plan};
use qualify::eval::Evaluator;
use qualify::model::time::AsOf;
use serde_json::Value as Json;
use std::io::Cursor;

/// The outcome of each lead, decided one by one.
fn one_by_one(program: &Program, evaluator: &Evaluator<'_>, leads: &[u8], events: Option<&EventStore>) -> Vec<String> {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let mut reader =
        LeadReader::open(Box::new(Cursor::new(leads.to_vec())), Some(Format::Ndjson), &plan).expect("opens");
    let mut lines = Vec::new();
    while let Some(batch) = reader.next_batch().expect("reads") {
        let arena = Bump::new();
        batch.decode(&plan, events, &arena, &mut |decoded| match decoded {
            Decoded::Lead { line, lead, problems } => {
                assert!(problems.is_empty(), "{problems:?}");
                let lead = arena.alloc(lead);
                lines.push(format!("{line} {} {:?}", lead.key, evaluator.evaluate(lead, &arena)));
            }
            Decoded::Reject(reject) => panic!("{reject:?}"),
        });
    }
    lines
}

/// The same by columns; none where they are not read so. Old events are left out too.
fn in_blocks(
    program: &Program,
    evaluator: &Evaluator<'_>,
    leads: &[u8],
    events: Option<&EventStore>,
    spread: bool,
) -> Option<Vec<String>> {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program)).since(|ty| evaluator.oldest(ty));
    let mut reader = LeadReader::open_columns(file(leads), &plan).expect("opens");
    if spread {
        reader.spread();
    }
    let mut memo = evaluator.memo();
    let mut lines = Vec::new();
    while let Some(batch) = reader.next_batch().expect("reads") {
        memo.tidy();
        let arena = Bump::new();
        for mut blocks in Blocks::open(&batch, &plan, evaluator, &mut memo, events.is_none(), &arena)? {
            for from in (0..blocks.rows()).step_by(BLOCK) {
                let arena = Bump::new();
                let rows = from..(from + BLOCK).min(blocks.rows());
                let decided = blocks.decide(rows, &plan, events, evaluator, &mut memo, &arena);
                for ((lead, outcome), line) in
                    decided.leads.all().iter().zip(decided.outcomes.all()).zip(decided.first..)
                {
                    lines.push(format!("{line} {} {outcome:?}", lead.key));
                }
            }
        }
    }
    reader.check().expect("reads");
    Some(lines)
}

fn same(found: Option<Vec<String>>, expected: &[String], what: &str) -> usize {
    let Some(found) = found else { return 0 };
    assert_eq!(found.len(), expected.len(), "{what}");
    let differs = found.iter().zip(expected).find(|(found, expected)| found != expected);
    assert_eq!(differs, None, "{what}");
    found.len()
}

/// Records that are read without a word: each alone, and its events too.
fn clean(program: &Program, records: Vec<Json>) -> Vec<Json> {
    let is_clean = |record: &Json| {
        let lines = told(program, &ndjson(std::slice::from_ref(record)), crate::How::Stream(Format::Ndjson), None);
        lines.expect("reads").iter().all(|line| !line.contains("  ! ") && !line.starts_with("Reject"))
    };
    records.into_iter().filter(is_clean).collect()
}

#[test]
fn events_inside() {
    let (mut decided, mut tried) = (0, 0);
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        let evaluator = Evaluator::new(&program, AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of"));
        let mut rng = Rng::new(seed);
        let records: Vec<Json> = (0..60).map(|number| lead(&made.schema, seed * 60 + number)).collect();
        let (records, ty) = conforming(&clean(&program, conforming(&records).0));
        if records.is_empty() {
            continue;
        }
        // Often enough that texts repeat, and more than a block.
        let records: Vec<Json> = records.iter().cycle().take(records.len() * 9).cloned().collect();
        let expected = one_by_one(&program, &evaluator, &ndjson(&records), None);
        let bytes = parquet(&records, &ty, &mut rng);
        tried += 1;
        for spread in [false, true] {
            let found = in_blocks(&program, &evaluator, &bytes, None, spread);
            decided += same(found, &expected, &format!("seed {seed}"));
        }
    }
    assert!(decided > tried * 200, "{decided} leads of {tried} files: too few to compare");
}

#[test]
fn events_of_a_second_file() {
    let mut decided = 0;
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        let evaluator = Evaluator::new(&program, AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of"));
        let mut rng = Rng::new(seed);
        let (leads, events) = two_files(&program, &made.schema, seed, &mut rng);
        let ((leads, ty), (events, event_ty)) =
            (conforming(&clean(&program, conforming(&leads).0)), conforming(&events));
        if leads.is_empty() || events.is_empty() {
            continue;
        }
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
        let store = EventStore::read_columns(file(&parquet(&events, &event_ty, &mut rng)), &plan, None, &mut |_| {});
        let store = store.expect("reads");
        let expected = one_by_one(&program, &evaluator, &ndjson(&leads), Some(&store));
        let found = in_blocks(&program, &evaluator, &parquet(&leads, &ty, &mut rng), Some(&store), false);
        decided += same(found, &expected, &format!("seed {seed}"));
    }
    assert!(decided > 200, "{decided} leads: too few to compare");
}
