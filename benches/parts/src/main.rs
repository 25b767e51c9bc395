//! What the parts of Qualify cost, each by itself: `cargo run --release --manifest-path benches/parts/Cargo.toml [FILTER]`.
//!
//! The policy is that of the workload (benches/workload/policy.qual); its leads are made here, the same each time.

use bumpalo::Bump;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use qualify::Policy;
use qualify::data::{Decoded, Decoder, EventStore, EventsRead, Format, LeadReader, Plan};
use qualify::eval::{Block, Decision, Evaluator};
use qualify::model::Lead;
use qualify::model::time::AsOf;
use std::fmt::Write;
use std::io::Cursor;

const POLICY: &str = include_str!("../../workload/policy.qual");
const LEADS: usize = 2_000;
const EVENTS: usize = 8;

fn main() {
    divan::Divan::from_args().run_benches();
}

fn policy() -> Policy {
    Policy::compile(POLICY).expect("a valid policy")
}

fn as_of(policy: &Policy) -> AsOf {
    AsOf::parse("2025-06-01T00:00:00Z", &policy.program().zone).expect("an as-of")
}

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// A lead's fields in the order of the header, and its events as kind, instant and one more key with its value.
type Made = (Vec<(&'static str, String)>, Vec<(&'static str, String, &'static str, String)>);

fn made() -> Vec<Made> {
    let mut numbers = Numbers(7);
    (0..LEADS)
        .map(|number| {
            let title = format!(
                "{} {}",
                numbers.pick(&["VP", "Head of", "Director of", "Chief", "Senior Manager,", "Student", "Assistant"]),
                numbers.pick(&["Marketing", "Sales", "Finance", "Revenue Operations", "Engineering", "People"])
            );
            let fields = vec![
                ("id", format!("00Q5f{number:013}")),
                ("email", format!("someone{}@company{}.example", number, numbers.below(LEADS))),
                ("title", title),
                ("country", numbers.pick(&["US", "CA", "DE", "FR", "IN", "BR"]).to_owned()),
                ("industry", numbers.pick(&["Software", "Retail", "Healthcare", "Education", "Media"]).to_owned()),
                ("lead_source", numbers.pick(&["Web", "Referral", "Webinar", "Purchased List"]).to_owned()),
                ("employees", (1 + numbers.below(20_000)).to_string()),
                ("annual_revenue", (1000 * numbers.below(500_000)).to_string()),
                ("budget", (500 * numbers.below(400)).to_string()),
            ];
            let events = (0..numbers.below(2 * EVENTS + 1))
                .map(|_| {
                    let (month, day) = (1 + numbers.below(5), 1 + numbers.below(28));
                    let at = format!("2025-{month:02}-{day:02}T{:02}:15:{:02}Z", numbers.below(24), numbers.below(60));
                    match numbers.below(4) {
                        0 => (
                            "page_view",
                            at,
                            "path",
                            numbers.pick(&["/pricing", "/", "/careers", "/product"]).to_owned(),
                        ),
                        1 => ("webinar_attended", at, "minutes", (1 + numbers.below(90)).to_string()),
                        2 => ("email_open", at, "campaign", "2025-q1".to_owned()),
                        _ => ("demo_request", at, "source", "site".to_owned()),
                    }
                })
                .collect();
            (fields, events)
        })
        .collect()
}

fn is_number(name: &str) -> bool {
    ["employees", "annual_revenue", "budget", "minutes"].contains(&name)
}

fn ndjson() -> String {
    let mut out = String::new();
    let quoted = |name: &str, value: &str| if is_number(name) { value.to_owned() } else { format!("\"{value}\"") };
    for (fields, events) in made() {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("\"{name}\":{}", quoted(name, value))).collect();
        let event = |(kind, at, name, value): &(&str, String, &str, String)| {
            format!("{{\"type\":\"{kind}\",\"at\":\"{at}\",\"{name}\":{}}}", quoted(name, value))
        };
        let events: Vec<String> = events.iter().map(event).collect();
        writeln!(out, "{{{},\"events\":[{}]}}", fields.join(","), events.join(",")).expect("memory");
    }
    out
}

/// The leads and their events as tables.
fn tables() -> (String, String) {
    let (mut leads, mut events) = (String::new(), String::from("lead_id,type,at,path,minutes\n"));
    for (number, (fields, of_lead)) in made().iter().enumerate() {
        if number == 0 {
            leads += &(fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",") + "\n");
        }
        let quoted = |value: &String| if value.contains(',') { format!("\"{value}\"") } else { value.clone() };
        leads += &(fields.iter().map(|(_, value)| quoted(value)).collect::<Vec<_>>().join(",") + "\n");
        for (kind, at, name, value) in of_lead {
            let of = |column: &str| if *name == column { value.as_str() } else { "" };
            writeln!(events, "{},{kind},{at},{},{}", fields[0].1, of("path"), of("minutes")).expect("memory");
        }
    }
    (leads, events)
}

/// Reads all leads; how many.
fn read(text: &str, format: Format, plan: &Plan<'_>, arena: &mut Bump) -> usize {
    let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut reader = LeadReader::open(input, Some(format), plan).expect("leads");
    let (mut decoder, mut count) = (Decoder::new(plan), 0);
    while let Some(batch) = reader.next_batch().expect("leads") {
        decoder.decode(&batch, None, None, arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, .. } => {
                black_box(lead);
                count += 1;
            }
            Decoded::Reject(reject) => panic!("{reject:?}"),
        });
        arena.reset();
    }
    assert_eq!(count, LEADS);
    count
}

/// A policy of 26 rules parsed and checked.
#[divan::bench]
fn check() -> Policy {
    Policy::compile(black_box(POLICY)).expect("a valid policy")
}

/// Leads of NDJSON have their events inside.
#[divan::bench(args = ["NDJSON", "CSV"])]
fn read_leads(bencher: Bencher<'_, '_>, written: &str) {
    let (text, format) = match written {
        "CSV" => (tables().0, Format::Csv),
        _ => (ndjson(), Format::Ndjson),
    };
    let policy = policy();
    let plan = Plan::new(&policy.program().schema, &policy.program().zone, EventsRead::of(policy.program()));
    let mut arena = Bump::new();
    let bencher = bencher.counter(BytesCount::of_str(&text)).counter(ItemsCount::new(LEADS));
    bencher.bench_local(|| read(&text, format, &plan, &mut arena));
}

#[divan::bench]
fn read_events_of_a_table(bencher: Bencher<'_, '_>) {
    let (policy, (_, text)) = (policy(), tables());
    let plan = Plan::new(&policy.program().schema, &policy.program().zone, EventsRead::of(policy.program()));
    let bencher = bencher.counter(BytesCount::of_str(&text)).counter(ItemsCount::new(text.lines().count() - 1));
    bencher.bench_local(|| {
        let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
        EventStore::read(input, Some(Format::Csv), &plan, &mut |problem| panic!("{problem:?}")).expect("events")
    });
}

/// Gives leads that are in memory to `run`.
fn with_leads(run: impl FnOnce(&Evaluator<'_>, &[Lead<'_>])) {
    let (policy, text) = (policy(), ndjson());
    let evaluator = Evaluator::new(policy.program(), as_of(&policy));
    let plan = Plan::new(&policy.program().schema, &policy.program().zone, EventsRead::of(policy.program()));
    let mut reader =
        LeadReader::open(Box::new(Cursor::new(text.into_bytes())), Some(Format::Ndjson), &plan).expect("leads");
    let (arena, mut batches, mut leads) = (Bump::new(), Vec::new(), Vec::new());
    while let Some(batch) = reader.next_batch().expect("leads") {
        batches.push(batch);
    }
    for batch in &batches {
        batch.decode(&plan, None, &arena, &mut |decoded| {
            if let Decoded::Lead { lead, .. } = decoded {
                leads.push(lead);
            }
        });
    }
    run(&evaluator, &leads);
}

/// So many leads at once, nothing remembered from the pass before.
#[divan::bench(args = [1, 64, 256, 1024])]
fn decide_at_once(bencher: Bencher<'_, '_>, size: usize) {
    with_leads(|evaluator, leads| {
        let mut arena = Bump::new();
        bencher.counter(ItemsCount::new(LEADS)).bench_local(|| {
            let mut memo = evaluator.memo();
            for leads in leads.chunks(size) {
                let block = Block { leads: leads.into(), columns: &[], counts: None };
                black_box(evaluator.evaluate_block(block, &mut memo, &arena).stage);
                arena.reset();
            }
        });
    });
}

#[divan::bench]
fn decide_one_by_one(bencher: Bencher<'_, '_>) {
    with_leads(|evaluator, leads| {
        let mut arena = Bump::new();
        bencher.counter(ItemsCount::new(LEADS)).bench_local(|| {
            for lead in leads {
                black_box(evaluator.evaluate(lead, &arena).stage);
                arena.reset();
            }
        });
    });
}

/// Whole decisions, with every rule.
#[divan::bench]
fn tell(bencher: Bencher<'_, '_>) {
    with_leads(|evaluator, leads| {
        let mut arena = Bump::new();
        bencher.counter(ItemsCount::new(LEADS)).bench_local(|| {
            for lead in leads {
                let outcome = evaluator.evaluate(lead, &arena);
                black_box(Decision::new(evaluator, lead, &outcome, &[]));
                drop(outcome);
                arena.reset();
            }
        });
    });
}
