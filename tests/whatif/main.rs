//! What would be otherwise, held against the evaluator: over time, over answers, over changes.

#![allow(clippy::unwrap_used)]

#[path = "../reference/mod.rs"]
mod reference;
#[path = "../support/compared.rs"]
mod support;

mod bounds;
mod commands;
mod doggie;
mod plans;
mod time;

use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::eval::{Decision, Evaluator};
use qualify::model::Lead;
use qualify::model::time::AsOf;
use reference::generate::{Generated, policy};
use support::agree::compile;

/// How many pairs of a policy and a lead; `WHATIF_PAIRS` says otherwise.
fn pairs(default: u64) -> u64 {
    std::env::var("WHATIF_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Random policies, and for each some leads.
fn random_pairs(count: u64, mut each: impl FnMut(u64, &Program, &Generated, &Lead<'_>)) {
    const LEADS: u64 = 4;
    let first: u64 = std::env::var("WHATIF_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut done = 0;
    for seed in first.. {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        for number in 0..LEADS {
            if done >= count {
                return;
            }
            let data = reference::generate::lead(&made.schema, seed * LEADS + number);
            with_lead(&program, &data.to_string(), |lead| each(seed * LEADS + number, &program, &made, lead));
            done += 1;
        }
    }
}

/// Reads a lead; nothing is done with a reject.
fn with_lead(program: &Program, json: &str, mut each: impl FnMut(&Lead<'_>)) {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let arena = Bump::new();
    let batch = Batch::of_json(json);
    batch.decode(&plan, None, &arena, &mut |record| {
        if let Decoded::Lead { lead, .. } = record {
            each(&lead);
        }
    });
}

fn as_of(program: &Program, text: &str) -> AsOf {
    AsOf::parse(text, &program.zone).expect("an as-of")
}

/// The decision at an instant, by an evaluator that is made for it.
fn decision(evaluator: &Evaluator<'_>, lead: &Lead<'_>) -> Decision {
    let arena = Bump::new();
    let outcome = evaluator.evaluate(lead, &arena);
    Decision::new(evaluator, lead, &outcome, &[])
}

/// All of a decision that has a state: without points, counts of checks, deadlines and questions.
fn state(decision: &Decision) -> String {
    let fits: Vec<_> = decision.fits.iter().map(|(name, fit)| (name, fit.verdict, &fit.checks)).collect();
    format!(
        "{:?} {:?} {fits:?} {:?} {:?} {:?} {:?} {:?}",
        decision.stage,
        decision.disqualified_by,
        decision.bands,
        decision.matrices,
        decision.personas,
        decision.route.as_ref().map(|route| &route.name),
        decision.broken
    )
}

/// The points of the scores.
fn points(decision: &Decision) -> Vec<i64> {
    decision.scores.values().map(|score| score.points.0).collect()
}
