//! A second file of events that has no room in memory: the same leads, events, problems and counts as when it has.

use crate::reference::generate::{Rng, policy};
use crate::same::{conforming, ndjson, policies, two_files};
use crate::support::agree::compile;
use crate::write::parquet;
use crate::{How, file, told};
use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{
    Decoded, EventProblem, EventStore, EventsHeld, EventsRead, Format, Input, LeadProblems, LeadReader, Plan,
};
use std::collections::HashMap;
use std::io::Cursor;

fn open(leads: &[u8], how: How, plan: &Plan<'_>) -> LeadReader {
    match how {
        How::Stream(format) => LeadReader::open(Box::new(Cursor::new(leads.to_vec())), Some(format), plan).unwrap(),
        How::File { .. } => LeadReader::open_columns(file(leads), plan).unwrap(),
    }
}

/// What `told` tells of the same files, with so many bytes of memory; none where that was enough. What is wrong with
/// the events of each lead comes with the lead: it is held against what was reported.
fn spilled(program: &Program, leads: &[u8], how: How, events: (&[u8], How), memory: usize) -> Option<Vec<String>> {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let (mut lines, mut wrong) = (Vec::new(), HashMap::<String, Vec<String>>::new());
    let mut report = |problem: EventProblem| {
        lines.push(format!("{problem:?}"));
        if let EventProblem::Value { key, problem, .. } = problem {
            wrong.entry(key).or_default().push(format!("{problem:?}"));
        }
    };
    let (input, format) = match events {
        (bytes, How::Stream(format)) => (Input::Stream(Box::new(Cursor::new(bytes.to_vec()))), Some(format)),
        (bytes, How::File { .. }) => (Input::Columns(file(bytes)), Some(Format::Parquet)),
    };
    let held = EventStore::read_within(input, format, &plan, memory, &mut report).unwrap();
    let EventsHeld::Disk(mut held) = held else { return None };
    let keys = plan.keys_alone();
    held.leads(&mut open(leads, how, &keys), &keys).unwrap();
    let mut joined = held.join(&plan, true, &mut report).unwrap();
    let mut reader = open(leads, how, &plan);
    let (mut arena, mut of_leads) = (Bump::new(), LeadProblems::new());
    while let Some(batch) = reader.next_batch().unwrap() {
        let (store, mut problems) = joined.of(&batch).unwrap();
        of_leads.append(&mut problems);
        batch.decode(&plan, Some(&store), &arena, &mut |decoded| match decoded {
            Decoded::Lead { line, lead, problems } => {
                lines.push(format!("{line}: {} {:?}", lead.key, lead.fields));
                lines.extend(lead.events.iter().map(|event| format!("  {event:?}")));
                lines.extend(problems.iter().map(|problem| format!("  ! {problem:?}")));
            }
            Decoded::Reject(reject) => lines.push(format!("{reject:?}")),
        });
        arena.reset();
    }
    let store = joined.finish().unwrap();
    lines.push(crate::counts(&store));
    for (key, (_, problems)) in of_leads {
        let all = &wrong[&key];
        let later: Vec<String> = problems.iter().map(|problem| format!("{problem:?}")).collect();
        assert!(all.ends_with(&later), "{key}: {later:?} of {all:?}");
    }
    Some(lines)
}

/// Broken records are told at once, broken values when their leads are known: each in the order of the file.
fn same(mut found: Vec<String>, expected: &[String], what: &str) {
    let mut expected = expected.to_vec();
    for lines in [&mut found, &mut expected] {
        lines.sort_by_key(|line| !line.starts_with("Reject("));
    }
    assert_eq!(found.len(), expected.len(), "{what}");
    let differs = found.iter().zip(&expected).find(|(found, expected)| found != expected);
    assert_eq!(differs, None, "{what}");
}

#[test]
fn any_memory_gives_the_same() {
    let (mut on_disk, mut events_told, mut problems) = (0, 0, 0);
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
        let texts = (ndjson(&leads), ndjson(&events));
        let expected = told(&program, &texts.0, stream, Some((&texts.1, stream))).unwrap();
        let columns = (parquet(&leads, &lead_ty, &mut rng), parquet(&events, &event_ty, &mut rng));
        let file = How::File { spread: false };
        for (leads, events) in [
            ((&texts.0, stream), (&texts.1, stream)),
            ((&columns.0, file), (&columns.1, file)),
            ((&texts.0, stream), (&columns.1, file)),
        ] {
            for memory in [1, 20_000] {
                let events = (events.0.as_slice(), events.1);
                let Some(found) = spilled(&program, leads.0, leads.1, events, memory) else { continue };
                same(found, &expected, &format!("seed {seed}, {memory} bytes"));
                on_disk += 1;
            }
        }
        events_told += expected.iter().filter(|line| line.starts_with("  Event")).count();
        problems += expected.iter().filter(|line| line.starts_with("Value")).count();
    }
    assert!(on_disk > 50 && events_told > 100 && problems > 20, "{on_disk} on disk, {events_told}, {problems}");
}

const POLICY: &str = "policy \"P\"\nlead { id text key  n int }\nevent a { x text }\nevent b\n\
                      score s { a: +1 per distinct x of a  b: +1 per b }";

/// Events of many batches that are read in part before memory is full, leads that come twice, keys of many events
/// without a lead, parts that are parted again.
#[test]
fn many_events_in_any_order() {
    let program = crate::program(POLICY);
    let mut rng = Rng::new(7);
    let (mut leads, mut events) = (String::from("id,n\n"), String::from("id,type,at,x\n"));
    for lead in 0..6000 {
        leads.push_str(&format!("k{},{lead}\n", if lead % 50 == 0 { 17 } else { lead }));
    }
    leads.push_str(",1\n\"k5\",x,y\n");
    for event in 0..60_000 {
        let key = match rng.below(10) {
            0 => "anonymous".to_owned(),
            1 => format!("gone-{}", rng.below(300)),
            2 => format!("k{}", rng.below(3)),
            _ => format!("k{}", rng.below(7000)),
        };
        let ty = ["a", "b", "other"][rng.below(3)];
        let at = if rng.below(500) == 0 { "soon".to_owned() } else { format!("2026-10-{:02}", 1 + rng.below(28)) };
        events.push_str(&format!("{key},{ty},{at},{}\n", ["one", "\"two, \n2\"", ""][event % 3]));
    }
    let (leads, events) = (leads.into_bytes(), events.into_bytes());
    let csv = How::Stream(Format::Csv);
    let expected = told(&program, &leads, csv, Some((&events, csv))).unwrap();
    for memory in [1, 50_000, 700_000] {
        let found = spilled(&program, &leads, csv, (&events, csv), memory).unwrap();
        same(found, &expected, &format!("{memory} bytes"));
    }
}
