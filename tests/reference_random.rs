//! Random policies and leads: the same for the same seeds, free of errors of syntax, decided without a stop, and varied.

#![allow(clippy::unwrap_used)]

mod reference;

use qualify::base::{FileId, Source};
use qualify::syntax::{ast, parse};
use reference::generate::{Generated, lead, minimise, minimise_lead, policy};
use reference::{Decision, decide, run_tests};
use serde_json::json;
use std::collections::BTreeMap;

const POLICIES: u64 = 40;
const LEADS: u64 = 8;

fn tree(made: &Generated, seed: u64) -> Vec<ast::File> {
    let parsed = parse(&Source::new("policy.qual", made.text.as_str()), FileId(0));
    let wrong: Vec<String> = parsed
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic:?}\n   at {}", &made.text[diagnostic.span().range()]))
        .collect();
    assert!(wrong.is_empty(), "policy seed {seed}: {}\n{}", wrong.join("\n"), made.text);
    vec![parsed.file]
}

#[test]
fn random_policies_parse() {
    for seed in 0..POLICIES * 5 {
        tree(&policy(seed, 1 + seed as usize % 3), seed);
    }
}

#[test]
fn the_same_seed_makes_the_same() {
    for seed in 0..20 {
        let (a, b) = (policy(seed, 2), policy(seed, 2));
        assert_eq!(a.text, b.text);
        assert_eq!(lead(&a.schema, seed), lead(&b.schema, seed));
    }
}

#[test]
fn random_leads_are_decided() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut rejects = 0;
    for seed in 0..POLICIES {
        let made = policy(seed, 1 + seed as usize % 3);
        let files = tree(&made, seed);
        run_tests(&files, &made.lists());
        for number in 0..LEADS {
            match decide(&files, &made.lists(), &lead(&made.schema, number), None, made.schema.as_of) {
                Ok(flat) => count(&flat, &mut seen),
                Err(_) => rejects += 1,
            }
        }
    }
    println!("{rejects} rejects of {}: {seen:#?}", POLICIES * LEADS);
    // Every outcome of every kind is met often.
    for (kind, least) in [
        ("check passes", 15),
        ("check fails", 15),
        ("check unknown", 10),
        ("fit fits", 10),
        ("fit fails", 10),
        ("fit unknown", 5),
        ("rule 0", 20),
        ("rule other", 20),
        ("stage disqualified", 3),
        ("problems 0", 20),
        ("problems other", 20),
    ] {
        let all: usize =
            seen.iter().filter(|(name, _)| name.split(' ').next() == kind.split(' ').next()).map(|x| x.1).sum();
        let share = 100 * seen.get(kind).copied().unwrap_or(0) / all.max(1);
        assert!(share >= least, "{kind}: {share} of a hundred");
    }
}

fn count(flat: &Decision, seen: &mut BTreeMap<String, usize>) {
    for (name, value) in flat {
        let depth = name.matches('.').count();
        let kind = match (name.split('.').next().unwrap_or(""), depth) {
            ("fit" | "stage", 2) | ("route", 1) => continue,
            ("stage", 1) => "rung",
            (kind, _) => kind,
        };
        let shown = match (kind, value.as_str()) {
            (_, value @ ("0" | "missing" | "unknown" | "true" | "false" | "disqualified" | "none")) => value,
            ("check" | "fit", value) => value,
            _ => "other",
        };
        *seen.entry(format!("{kind} {shown}")).or_default() += 1;
    }
}

#[test]
fn failures_are_made_small() {
    let made = policy(1, 2);
    let has =
        |text: &str| text.contains("stages {") && parse(&Source::new("p", text), FileId(0)).diagnostics.is_empty();
    let small = minimise(&made.text, &has);
    assert!(has(&small) && small.lines().count() <= 5, "{small}");
    let big = json!({"a": 1, "b": {"c": [1, 2, {"d": 5}]}, "e": []});
    let small =
        minimise_lead(&big, &|lead| lead.pointer("/b/c").and_then(|c| c.as_array()).is_some_and(|c| !c.is_empty()));
    assert_eq!(small, json!({"b": {"c": [{}]}}));
}

#[test]
#[ignore = "shows a policy: SEED=1 SIZE=1 cargo test --test reference_random show -- --ignored --nocapture"]
fn show() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let made = policy(number("SEED"), number("SIZE") as usize);
    println!("{}\n{:#}", made.text, lead(&made.schema, number("LEAD")));
}
