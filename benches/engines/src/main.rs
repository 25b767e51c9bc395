//! Leads that are in memory already, decided by rule engines in process and by Qualify, on one thread.
//!
//! Usage: `qualify-engines POLICY LEADS.ndjson [COUNT]`, with benches/workload/policy.qual and leads of benches/generate.py.
//! What costs each engine dearly is done for it before the clock runs: values in its own types, domains cut out of
//! addresses, patterns on titles, ages of events in days, what each event is still worth. Qualify gets its leads as its own
//! readers give them, and works out all of that by itself. An engine whose score or stage of any lead differs from Qualify's ends
//! the run. Time is this thread's CPU time.

mod cel_engine;
mod rego_engine;
mod rhai_engine;
mod rules;
mod zen_engine;

use bumpalo::Bump;
use qualify::Policy;
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::eval::{Block, Evaluator};
use qualify::model::Lead;
use qualify::model::convert::moment;
use qualify::model::time::AsOf;
use regex::{Regex, RegexBuilder};
use rules::{Found, decide};
use serde_json::{Value as Json, json};

const AS_OF: &str = "2025-06-01T00:00:00Z";

/// A lead with all that engines are given.
fn prepared(lead: &Json, regexes: &[Regex], zone: &qualify::model::time::Zone, now: i64) -> Json {
    let mut out = serde_json::Map::new();
    for name in ["title", "country", "industry", "employees", "annual_revenue", "budget", "lead_source"] {
        out.insert(name.into(), lead.get(name).cloned().unwrap_or(Json::Null));
    }
    for (pattern, regex) in rules::patterns().iter().zip(regexes) {
        out.insert(rules::field(pattern), lead["title"].as_str().is_some_and(|title| regex.is_match(title)).into());
    }
    let domain = lead["email"].as_str().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain.to_lowercase());
    out.insert("domain".into(), domain.map_or(Json::Null, Json::from));
    let events = lead["events"].as_array().into_iter().flatten().map(|event| {
        let at = moment(event["at"].as_str().unwrap_or_default()).expect("a time").instant(zone);
        let age = (now - at) as f64 / 86_400_000.0;
        let worth = if age >= 0.0 { (6.0 * 0.5f64.powf(age / 30.0) * 10_000.0).round() / 10_000.0 } else { 0.0 };
        json!({ "type": event["type"], "age": age, "worth": worth, "path": event["path"], "minutes": event["minutes"] })
    });
    out.insert("events".into(), events.collect());
    out.into()
}

/// CPU seconds of this thread, so that a busy machine does not count.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells the CPU time of a thread");
    stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}

/// Leads a second: the median of five times that take a second or more each.
fn speed(leads: usize, mut pass: impl FnMut()) -> f64 {
    let mut speeds: Vec<f64> = (0..5)
        .map(|_| {
            let (start, mut passes) = (cpu(), 0);
            loop {
                pass();
                passes += 1;
                let gone = cpu() - start;
                if gone >= 1.0 {
                    return (passes * leads) as f64 / gone;
                }
            }
        })
        .collect();
    speeds.sort_by(f64::total_cmp);
    speeds[2]
}

/// Leads a second, where every decision is the true one.
fn race<L>(name: &'static str, leads: &[L], truth: &[(f64, String)], mut run: impl FnMut(&L) -> Found) -> (&'static str, f64) {
    for (place, (lead, (score, stage))) in leads.iter().zip(truth).enumerate() {
        let found = run(lead);
        let (found_score, found_stage) = decide(&found);
        // Both round: Qualify every decayed event to ten-thousandths, `prepared` likewise.
        let same = (found_score - score).abs() < 0.000_05 && found_stage == stage;
        assert!(same, "{name}: lead {place} is {found_score} {found_stage}, not {score} {stage}: {found:?}");
    }
    let speed = speed(leads.len(), || {
        for lead in leads {
            std::hint::black_box(decide(&run(lead)));
        }
    });
    println!("{name}: {speed:.0} leads/s");
    (name, speed)
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let count = args.get(3).map_or(10_000, |count| count.parse().expect("a count"));
    let policy = Policy::compile(&std::fs::read_to_string(&args[1]).expect("a policy")).expect("a valid policy");
    let program = policy.program();
    let as_of = AsOf::parse(AS_OF, &program.zone).expect("an as-of");
    let now = as_of.instant;
    let evaluator = Evaluator::new(program, as_of);
    let text = std::fs::read_to_string(&args[2]).expect("leads");
    let lines: Vec<&str> = text.lines().take(count).collect();

    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let arena = Bump::new();
    let batches: Vec<Batch> = lines.iter().map(|line| Batch::of_json(line)).collect();
    let mut leads: Vec<Lead<'_>> = Vec::new();
    for batch in &batches {
        batch.decode(&plan, None, &arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, .. } => leads.push(lead),
            Decoded::Reject(reject) => panic!("{reject:?}"),
        });
    }
    let score = program.scores[0];
    let mut work = Bump::new();
    let mut truth = Vec::new();
    for lead in &leads {
        let outcome = evaluator.evaluate(lead, &work);
        let stage = if outcome.disqualified { "disqualified" } else { &program.stages[outcome.stage as usize].name };
        truth.push((outcome.points(score) as f64 / 10_000.0, stage.to_owned()));
        drop(outcome);
        work.reset();
    }
    let one = speed(leads.len(), || {
        for lead in &leads {
            let outcome = evaluator.evaluate(lead, &work);
            std::hint::black_box((outcome.points(score), outcome.stage));
            drop(outcome);
            work.reset();
        }
    });
    println!("qualify, lead by lead, nothing remembered: {one:.0} leads/s");
    let mut work = Bump::new();
    let ours = speed(leads.len(), || {
        // Nothing is known from the pass before.
        let mut memo = evaluator.memo();
        for leads in leads.chunks(256) {
            let outcomes = evaluator.evaluate_block(Block { leads: leads.into(), columns: &[], counts: None }, &mut memo, &work);
            std::hint::black_box((outcomes.points(score), outcomes.stage));
            memo.tidy();
            work.reset();
        }
    });
    println!("qualify, 256 leads at a time: {ours:.0} leads/s");

    let parsed: Vec<Json> = lines.iter().map(|line| serde_json::from_str(line).expect("a lead")).collect();
    let regex = |pattern: &str| RegexBuilder::new(pattern).case_insensitive(true).build().expect("a pattern");
    let regexes: Vec<Regex> = rules::patterns().into_iter().map(regex).collect();
    let ready: Vec<Json> = parsed.iter().map(|lead| prepared(lead, &regexes, &program.zone, now)).collect();
    let mut results = Vec::new();
    {
        let mut engine = zen_engine::Engine::new();
        let leads: Vec<_> = ready.iter().map(zen_engine::Engine::prepare).collect();
        results.push(race("ZEN expressions", &leads, &truth, |lead| engine.run(lead)));
    }
    {
        let engine = rhai_engine::Engine::new();
        let leads: Vec<_> = ready.iter().map(rhai_engine::Engine::prepare).collect();
        results.push(race("rhai", &leads, &truth, |lead| engine.run(lead)));
    }
    {
        let engine = rego_engine::Engine::new();
        let leads: Vec<_> = ready.iter().map(rego_engine::Engine::prepare).collect();
        results.push(race("regorus", &leads, &truth, |lead| engine.run(lead)));
    }
    {
        let engine = cel_engine::Engine::new();
        let leads: Vec<_> = ready.iter().map(cel_engine::Engine::prepare).collect();
        results.push(race("cel", &leads, &truth, |lead| engine.run(lead)));
    }
    for (name, theirs) in results {
        println!("qualify is {:.0} times as fast as {name}", ours / theirs);
    }
}
