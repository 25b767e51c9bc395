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

/// Questions that are all counts, so that events are counted where they stand, in any order.
const COUNTS: &str = r#"policy "P"
    lead { id text key  size int }
    event opened
    event viewed { path text  seconds int }
    event called { minutes int }
    event either is any of [opened, called]
    score s {
      opens: +1 per opened within 30 days, at most 5 points
      views: +2 per viewed within 7 days
      prices: +3 per viewed where (path starts with "/pricing") within 90 days
      long: +4 per viewed where (seconds >= 30)
      short: +1 per called where (minutes > 5 and minutes < 50) within 90 days
      fading: +6 per either, halving every 10 days, at most 500 points
      worth: +2 per viewed where (path contains "a") within 300 days, halving every 30 days
      own: +7 per called where (minutes >= size)
      quiet: -9 if no event within 7 days
      some: +11 if at least 3 opened within 90 days
    }
    stages { low  high "High": s >= 40 and any viewed within 30 days }"#;

#[test]
fn events_that_are_counted_in_any_order() {
    use qualify::model::time::display_instant;
    let mut rng = Rng::new(77);
    // With four ages or fewer, and with more.
    for text in [COUNTS.to_owned(), COUNTS.replace("300 days", "90 days")] {
        let program = compile(&text, &std::collections::HashMap::new()).expect("a policy");
        let as_of = AsOf::parse("2026-11-01", &program.zone).expect("a day");
        let now = as_of.instant;
        let evaluator = Evaluator::new(&program, as_of);
        assert!(evaluator.feeding([Some(None)].into_iter(), 1).is_some(), "not counted in any order");
        let day = 86_400_000;
        let mut event = || {
            let edge = *rng.pick(&[0, 7, 30, 90, 300]) * day;
            let at = match rng.below(3) {
                0 => now - edge + rng.between(-1, 1),
                _ => now - rng.between(-5 * day, 400 * day),
            };
            let mut event = serde_json::json!({ "at": display_instant(at) });
            let ty = *rng.pick(&["opened", "viewed", "called", "elsewhere", "opened"]);
            event["type"] = ty.into();
            if ty == "viewed" && rng.chance(80) {
                event["path"] = (*rng.pick(&["/pricing/a", "/pricing", "/about", "/"])).into();
                event["seconds"] = rng.between(0, 60).into();
            }
            if ty == "called" && rng.chance(80) {
                event["minutes"] = rng.between(0, 60).into();
            }
            event
        };
        let mut records = Vec::new();
        for number in 0..700 {
            // More than a byte counts, now and then.
            let events = if number % 90 == 7 { 900 } else { number % 13 };
            let events: Vec<Json> = (0..events).map(|_| event()).collect();
            let mut record = serde_json::json!({ "id": number.to_string(), "events": events });
            if number % 3 > 0 {
                record["size"] = (number % 40).into();
            }
            records.push(record);
        }
        let (records, ty) = conforming(&records);
        let expected = one_by_one(&program, &evaluator, &ndjson(&records), None);
        for seed in 0..3 {
            let found = in_blocks(&program, &evaluator, &parquet(&records, &ty, &mut Rng::new(seed)), None, false);
            assert_eq!(same(found, &expected, "counts"), records.len());
        }
    }
}
