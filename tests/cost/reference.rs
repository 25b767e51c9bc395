//! A piece of work of the test's own, built by the same compiler in the same way as the program: what paths are held against where
//! the baseline's counts do not hold. It does not use the program, so that it costs what it costs whatever becomes of that.

use crate::leads;
use std::collections::BTreeMap;

/// Its row in the baseline, and how this test program runs it.
pub const NAME: &str = "the test's own work";
pub const ARGS: &[&str] = &["reference::the_work", "--exact", "--ignored", "--test-threads=1"];

/// Leads are written, read again in a plain way, and summed up by type, as the program does in its own ways.
fn work() -> i64 {
    let leads = leads::made(400);
    let (flat, events) = leads::tables(&leads);
    let mut kinds: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for line in events.lines().skip(1) {
        let cells = cells(line);
        let sum: i64 = cells.iter().flat_map(|cell| cell.bytes()).map(i64::from).sum();
        kinds.entry(cells[1].clone()).or_default().push(sum);
    }
    let mut total = flat.lines().map(|line| cells(line).iter().map(|cell| cell.len() as i64).sum::<i64>()).sum();
    for sums in kinds.values_mut() {
        sums.sort();
        for (place, sum) in sums.iter().enumerate() {
            total += if place % 2 == 0 { *sum } else { -sum / 2 };
        }
    }
    for line in leads::ndjson(&leads).lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("a lead");
        let events = record["events"].as_array().expect("events");
        total += events.iter().filter(|event| event["type"] == "page_view").count() as i64;
    }
    total
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    for char in line.chars() {
        match char {
            ',' => cells.push(String::new()),
            other => cells.last_mut().expect("a cell").push(other),
        }
    }
    cells
}

#[test]
#[ignore = "the guard of cost runs it and counts its instructions"]
fn the_work() {
    assert_ne!(work(), 0);
}
