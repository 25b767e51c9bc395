//! The evaluator against the plain reference evaluator, on random policies and leads: every observable is the same.

mod reference;
mod support;

use bumpalo::Bump;
use qualify::base::{FileId, Source};
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::eval::{Evaluator, run_tests};
use qualify::model::time::AsOf;
use qualify::syntax::{MemoryFiles, ast, load, parse};
use reference::generate::{Generated, lead, minimise, minimise_lead, policy};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// Pairs of a policy and a lead; more with `DIFFERENTIAL_POLICIES` (leads a policy: [`LEADS`]).
const POLICIES: u64 = 1250;
const LEADS: u64 = 10;

type Flat = BTreeMap<String, String>;

fn compile(text: &str, files: &HashMap<String, String>) -> Result<Program, String> {
    let files = files.iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path.clone(), text.clone()));
    let loaded = load("policy.qual", text.as_bytes(), &files);
    let checked = check(&loaded, &[]);
    let shown = || {
        let plain = qualify::diagnostic::ColorChoice::Plain;
        qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, plain, 100)
    };
    match checked.program {
        Some(program) => Ok(program),
        None => Err(shown()),
    }
}

/// The program's answer, once plainly and once with the ledger; both are the same.
fn ours(program: &Program, lead: &Json, as_of: &str) -> Result<Flat, String> {
    let as_of = AsOf::parse(as_of, &program.zone).expect("an as-of");
    let evaluator = Evaluator::new(program, as_of);
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let arena = Bump::new();
    let batch = Batch::of_json(&lead.to_string());
    let mut answer = Err("no record".to_owned());
    batch.decode(&plan, None, &arena, &mut |record| {
        answer = match record {
            Decoded::Reject(reject) => Err(reject.kind.as_str().to_owned()),
            Decoded::Lead { lead, problems, .. } => {
                let lead = arena.alloc(lead);
                let plain = support::flat::flat(&evaluator, &evaluator.evaluate(lead, &arena), &problems);
                let (outcome, ledger) = evaluator.explain(lead, &arena);
                assert_eq!(plain, support::flat::flat(&evaluator, &outcome, &problems), "recording changed the result");
                support::ledger::adds_up(program, &outcome, &ledger);
                Ok(plain)
            }
        }
    });
    answer
}

/// What differs between the program and the reference, a line each; none when they agree.
fn differences(text: &str, made: &Generated, lead: &Json) -> Result<Vec<String>, String> {
    let program = compile(text, &made.files())?;
    Ok(differences_of(&program, &trees(text), made, lead))
}

fn trees(text: &str) -> Vec<ast::File> {
    vec![parse(&Source::new("policy.qual", text), FileId(0)).file]
}

fn differences_of(program: &Program, trees: &[ast::File], made: &Generated, lead: &Json) -> Vec<String> {
    let ours = ours(program, lead, made.schema.as_of);
    let theirs = reference::decide(trees, &made.lists(), lead, None, made.schema.as_of);
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, comparable(theirs, program)),
        (Err(_), Err(_)) => return Vec::new(),
        (Ok(_), Err(reject)) => return vec![format!("decided, and the reference rejects: {reject:?}")],
        (Err(reject), Ok(_)) => return vec![format!("rejected ({reject}), and the reference decides")],
    };
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    names
        .into_iter()
        // Only the reference works out definitions that nothing needs.
        .filter(|name| !name.starts_with("define.") || ours.contains_key(*name))
        .filter(|name| ours.get(*name) != theirs.get(*name))
        .map(|name| format!("{name}: ours {:?}, the reference's {:?}", ours.get(name), theirs.get(name)))
        .collect()
}

/// Of the reference's answer the problems of fields that the program reads; which one it was is not compared.
fn comparable(theirs: Flat, program: &Program) -> Flat {
    let read = |name: &str| program.schema.fields.iter().any(|field| field.used && field.name == name);
    theirs
        .into_iter()
        .filter(|(name, _)| name != "problems" && name.strip_prefix("problem.").is_none_or(read))
        .map(|(name, value)| if name.starts_with("problem.") { (name, "yes".to_owned()) } else { (name, value) })
        .collect()
}

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
