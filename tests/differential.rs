//! The evaluator against the plain reference evaluator, on random policies and leads: every observable is the same.

#[path = "differential/blocks.rs"]
mod blocks;
mod reference;
#[path = "support/compared.rs"]
mod support;

use qualify::eval::run_tests;
use reference::generate::{Generated, lead, minimise, minimise_lead, policy};
use serde_json::Value as Json;
use support::agree::{compile, differences, differences_of, ours, trees};

/// Pairs of a policy and a lead; more with `DIFFERENTIAL_POLICIES` (leads a policy: [`LEADS`]).
const POLICIES: u64 = 1250;
const LEADS: u64 = 10;

#[test]
fn random_policies_and_leads_are_decided_alike() {
    let policies = std::env::var("DIFFERENTIAL_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(POLICIES);
    let first = std::env::var("DIFFERENTIAL_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let (mut compared, mut failures) = (0u64, Vec::new());
    for seed in first..first + policies {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = match compile(&made.text, &made.files()) {
            Ok(program) => program,
            Err(shown) => {
                failures.push(format!("policy seed {seed} does not check:\n{shown}"));
                continue;
            }
        };
        let trees = trees(&made.text);
        let their_tests: Vec<Vec<Option<bool>>> =
            reference::run_tests(&trees, &made.lists()).into_iter().map(|test| test.expected).collect();
        let our_tests: Vec<Vec<Option<bool>>> = run_tests(&program)
            .iter()
            .map(|test| test.expects.iter().map(|expect| truth(expect.value)).collect())
            .collect();
        if our_tests != their_tests {
            failures.push(format!("policy seed {seed}: tests: ours {our_tests:?}, the reference's {their_tests:?}"));
        }
        for number in 0..LEADS {
            let data = lead(&made.schema, seed * LEADS + number);
            compared += 1;
            let found = differences_of(&program, &trees, &made, &data);
            if !found.is_empty() {
                failures.push(report(seed, number, &made, &data));
                break;
            }
        }
        if failures.len() >= 5 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} failures, the first:\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(compared >= policies * LEADS, "only {compared} pairs");
    println!("{compared} pairs of a policy and a lead");
}

fn truth(value: qualify::model::Tri) -> Option<bool> {
    match value {
        qualify::model::Tri::True => Some(true),
        qualify::model::Tri::False => Some(false),
        qualify::model::Tri::Unknown => None,
    }
}

/// A failing pair, made as small as it can be.
fn report(seed: u64, number: u64, made: &Generated, data: &Json) -> String {
    let fails = |text: &str, lead: &Json| differences(text, made, lead).is_ok_and(|found| !found.is_empty());
    let text = minimise(&made.text, &|text| fails(text, data));
    let small = minimise_lead(data, &|lead| fails(&text, lead));
    let found = differences(&text, made, &small).unwrap_or_default();
    format!("policy seed {seed}, lead {number}, as of {}\n{}\n{text}\n{small}", made.schema.as_of, found.join("\n"))
}

#[test]
fn a_ledger_changes_nothing() {
    // `ours` evaluates each lead with and without a ledger and compares.
    for (policy, leads) in [
        ("examples/doggie-delights/policy.qual", "examples/doggie-delights/leads.ndjson"),
        ("examples/spotted-media/policy.qual", "examples/spotted-media/leads.json"),
    ] {
        let root = support::shell::root();
        let text = std::fs::read_to_string(root.join(policy)).expect("a policy");
        let folder = root.join(policy).parent().expect("a folder").join("lists");
        let files = std::fs::read_dir(folder).expect("lists").map(|entry| {
            let path = entry.expect("a list").path();
            let name = format!("lists/{}", path.file_name().expect("a name").to_string_lossy());
            (name, std::fs::read_to_string(path).expect("a list"))
        });
        let program = compile(&text, &files.collect()).unwrap_or_else(|shown| panic!("{shown}"));
        let text = std::fs::read_to_string(root.join(leads)).expect("leads");
        let leads: Vec<Json> = match serde_json::from_str::<Json>(&text) {
            Ok(Json::Array(leads)) => leads,
            _ => text.lines().map(|line| serde_json::from_str(line).expect("a lead")).collect(),
        };
        for lead in leads {
            ours(&program, &lead, "2026-11-01").unwrap_or_else(|reject| panic!("{reject}: {lead}"));
        }
    }
}
