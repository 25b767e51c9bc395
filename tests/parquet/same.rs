//! Random leads, written as NDJSON and as Parquet: both say the same, word for word.

use crate::reference::generate::{Rng, Schema, lead, policy};
use crate::support::agree::compile;
use crate::write::{arrow, conform, infer, parquet};
use crate::{How, told};
use qualify::check::hir::Program;
use qualify::data::Format;
use serde_json::{Value as Json, json};

/// How many policies; `PARQUET_POLICIES` says otherwise.
pub fn policies() -> u64 {
    std::env::var("PARQUET_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(25)
}

pub fn ndjson(records: &[Json]) -> Vec<u8> {
    records.iter().map(|record| format!("{record}\n")).collect::<String>().into_bytes()
}

pub fn conforming(records: &[Json]) -> (Vec<Json>, crate::write::Ty) {
    let ty = infer(&records.iter().collect::<Vec<_>>());
    (records.iter().map(|record| conform(record, &ty)).collect(), ty)
}

#[test]
fn leads_with_their_events() {
    let (mut leads, mut problems) = (0, 0);
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        let mut rng = Rng::new(seed);
        let records: Vec<Json> = (0..40).map(|number| lead(&made.schema, seed * 40 + number)).collect();
        let (records, ty) = conforming(&records);
        let expected = told(&program, &ndjson(&records), How::Stream(Format::Ndjson), None).unwrap();
        let bytes = parquet(&records, &ty, &mut rng);
        for how in [How::Stream(Format::Parquet), How::File { spread: false }, How::File { spread: true }] {
            let found = told(&program, &bytes, how, None).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(found, expected, "seed {seed}, {how:?}");
        }
        let found = told(&program, &arrow(&records, &ty, &mut rng), How::Stream(Format::Arrow), None);
        assert_eq!(found.unwrap_or_else(|error| panic!("seed {seed}: {error}")), expected, "seed {seed}, Arrow");
        leads += records.len();
        problems += expected.iter().filter(|line| line.contains("Problem")).count();
    }
    assert!(problems * 20 > leads, "{problems} problems in {leads} leads: too few to compare");
}

/// Leads, and their events as records of their own: some without a lead, some without a key, often in any order.
pub fn two_files(program: &Program, schema: &Schema, seed: u64, rng: &mut Rng) -> (Vec<Json>, Vec<Json>) {
    let source = &program.schema.event_source;
    let key = source.lead.clone().unwrap_or_else(|| program.schema.field(program.schema.key.unwrap()).from.clone());
    let mut events = Vec::new();
    let leads: Vec<Json> = (0..40)
        .map(|number| {
            let mut lead = lead(schema, seed * 40 + number);
            let inside = lead.as_object_mut().unwrap().remove(&source.inside.whole);
            for mut event in inside.as_ref().and_then(Json::as_array).cloned().unwrap_or_default() {
                if let Some(event) = event.as_object_mut() {
                    let of = if rng.chance(3) { "nobody".to_owned() } else { format!("lead-{}", seed * 40 + number) };
                    event.insert(key.whole.clone(), if rng.chance(2) { Json::Null } else { json!(of) });
                }
                events.push(event);
            }
            lead
        })
        .collect();
    if rng.chance(50) {
        let places = events.len();
        (0..places).for_each(|place| events.swap(place, rng.below(places)));
    }
    (leads, events)
}

#[test]
fn leads_and_a_second_file() {
    let mut kept = 0;
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        let mut rng = Rng::new(seed);
        let (leads, events) = two_files(&program, &made.schema, seed, &mut rng);
        let ((leads, lead_ty), (events, event_ty)) = (conforming(&leads), conforming(&events));
        if events.is_empty() {
            continue;
        }
        let stream = How::Stream(Format::Ndjson);
        let expected = told(&program, &ndjson(&leads), stream, Some((&ndjson(&events), stream))).unwrap();
        let how = How::Stream(Format::Arrow);
        let (leads_arrow, events_arrow) = (arrow(&leads, &lead_ty, &mut rng), arrow(&events, &event_ty, &mut rng));
        let found = told(&program, &leads_arrow, how, Some((&events_arrow, how)));
        assert_eq!(found.unwrap_or_else(|error| panic!("seed {seed}: {error}")), expected, "seed {seed}, Arrow");
        let (leads, events) = (parquet(&leads, &lead_ty, &mut rng), parquet(&events, &event_ty, &mut rng));
        for how in [How::Stream(Format::Parquet), How::File { spread: false }, How::File { spread: true }] {
            let found = told(&program, &leads, how, Some((&events, how)));
            let found = found.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(found, expected, "seed {seed}, {how:?}");
        }
        kept += expected.iter().filter(|line| line.starts_with("  Event")).count();
    }
    assert!(kept > 100, "{kept} events: too few to compare");
}
