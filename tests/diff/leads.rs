//! What a change does to given leads: against both policies' own decisions, and as people see it.

use crate::support::shell::{golden, root, run};
use serde_json::Value;
use std::collections::BTreeMap;

const LEADS: &str = "tests/diff/leads/leads.ndjson --as-of 2026-11-01T12:00:00Z";

fn policy(name: &str) -> String {
    format!("tests/diff/leads/{name}.qual")
}

/// The stage and route of each lead by its key, as `qualify score` says.
fn decisions(name: &str) -> BTreeMap<String, (String, String)> {
    let ran = run(&format!("qualify score {} {LEADS} --format ndjson 2>/dev/null", policy(name)));
    let decided = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a decision"));
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let route = |decision: &Value| text(decision.get("route").map_or(&Value::Null, |route| &route["name"]));
    decided
        .map(|decision| {
            let stage = match decision["disqualified"].as_bool() {
                Some(true) => "disqualified".to_owned(),
                _ => text(&decision["stage"]),
            };
            (text(&decision["key"]), (stage, route(&decision)))
        })
        .collect()
}

/// The rows are the leads that the two policies decide otherwise, and the counts are theirs.
fn agrees(new: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, after) = (decisions("old"), decisions(new));
    assert_eq!(before.len(), after.len());
    let moved: BTreeMap<&String, _> = before
        .iter()
        .filter(|(key, was)| after[*key] != **was)
        .map(|(key, was)| (key, (was.clone(), after[key].clone())))
        .collect();
    assert!(moved.len() > 10, "{moved:?}");
    for ending in ["ndjson", "csv"] {
        let path = folder.path().join(format!("rows.{ending}"));
        let line = format!("qualify diff {} {} --leads {LEADS} --format json", policy("old"), policy(new));
        let ran = run(&format!("{line} --output {}", path.display()));
        let told: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.transcript()));
        let text = std::fs::read_to_string(&path).expect("rows");
        let rows: BTreeMap<String, [String; 4]> = match ending {
            "ndjson" => text
                .lines()
                .map(|line| {
                    let row: Value = serde_json::from_str(line).expect("a row");
                    let of = |what: &str, side: &str| row[what][side].as_str().unwrap_or_default().to_owned();
                    let row_of = [of("stage", "old"), of("stage", "new"), of("route", "old"), of("route", "new")];
                    (row["key"].as_str().unwrap_or_default().to_owned(), row_of)
                })
                .collect(),
            _ => text
                .lines()
                .skip(1)
                .map(|line| {
                    let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
                    // A formula of the data is written as text.
                    let key = cells[0].trim_matches('"').trim_start_matches('\'').to_owned();
                    (key, [1, 2, 3, 4].map(|cell| cells[cell].clone()))
                })
                .collect(),
        };
        let decided_otherwise = rows.iter().filter(|(_, [a, b, c, d])| a != b || c != d);
        let decided_otherwise: BTreeMap<&String, _> = decided_otherwise.collect();
        assert_eq!(decided_otherwise.keys().collect::<Vec<_>>(), moved.keys().collect::<Vec<_>>(), "{new} as {ending}");
        for (key, [a, b, c, d]) in decided_otherwise {
            let ((was, from), (is, to)) = &moved[key];
            assert_eq!([a, b, c, d], [was, is, from, to], "{key} of {new}");
        }
        assert_eq!(told["leads"]["moved"], rows.len(), "{new}");
        assert_eq!(told["leads"]["leads"], before.len(), "{new}");
        for pair in told["leads"]["stages"].as_array().expect("stages") {
            let count = before.iter().filter(|(key, (was, _))| pair["old"] == **was && pair["new"] == *after[*key].0);
            assert_eq!(pair["leads"], count.count(), "{pair}");
        }
        for load in told["leads"]["load"].as_array().expect("a load") {
            let count = |all: &BTreeMap<String, (String, String)>| {
                all.values().filter(|(_, route)| load["route"] == *route).count()
            };
            assert_eq!((&load["old"], &load["new"]), (&count(&before).into(), &count(&after).into()), "{load}");
        }
    }
}

#[test]
fn rows_and_counts_are_those_of_both_policies() {
    agrees("new");
}

/// Days counted in two zones, events found in two places: each policy reads the leads its own way.
#[test]
fn policies_that_read_the_data_in_two_ways() {
    agrees("apart");
    let line = format!("qualify diff {} {}", policy("old"), policy("apart"));
    let ran = run(&format!("{line} --leads - --as-of 2026-11-01 < tests/diff/leads/leads.ndjson"));
    assert_eq!(ran.code, 2, "{}", ran.transcript());
    assert!(ran.stderr.contains("standard input can be read once"), "{}", ran.stderr);
}

/// Several changes at once: what each one alone would put back, and what only comes of them together.
#[test]
fn leads_as_people_see_them() {
    let line = format!("qualify diff {} {} --leads {LEADS}", policy("old"), policy("new"));
    let mut wrong = Vec::new();
    for format in ["text", "markdown", "html"] {
        let ran = run(&format!("{line} --format {format}"));
        let shown = format!("$ {line} --format {format}\n{}", ran.transcript());
        wrong.extend(golden(&root().join(format!("tests/diff/leads/{format}.txt")), &shown).err());
        assert!(!ran.stdout.contains("<b>x</b>"), "a key of the data is markup");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let told: Value = serde_json::from_str(&run(&format!("{line} --format json")).stdout).expect("JSON");
    let causes = told["leads"]["causes"].as_array().expect("causes");
    assert!(causes.len() > 2, "{causes:?}");
    assert!(told["leads"]["together"].as_u64() > Some(0), "{told:#}");
    assert_eq!(told["leads"]["rejected"], 1);
}
