//! Leads that are decided together against the same leads one by one: random policies, and all examples.

use super::reference::generate::{lead, policy};
use super::support::agree::compile;
use super::support::shell::root;
use bumpalo::Bump;
use qualify::check::check;
use qualify::check::hir::{PartId, Program};
use qualify::data::{Batch, Decoded, EventStore, EventsRead, Folder, LeadReader, Plan};
use qualify::eval::{Block, Column, Evaluator, Leads, Memo, Outcome, Outcomes, Tris, bit};
use qualify::model::time::AsOf;
use qualify::model::{Lead, Value};
use qualify::syntax::load;
use std::collections::HashMap;
use std::path::Path;

/// How many leads are decided together: around the edges of a word of bits, and more.
const SIZES: [usize; 5] = [1, 63, 64, 65, 200];
/// Random policies; more with `DIFFERENTIAL_BLOCKS`.
const POLICIES: u64 = 60;

/// Holds leads that are decided together against each alone; how much had to be worked out lead by lead.
fn hold(evaluator: &Evaluator<'_>, leads: &[Lead<'_>], memo: &mut Memo, what: &str) -> usize {
    let arena = Bump::new();
    let outcomes = evaluator.evaluate_block(Block { leads: leads.into(), columns: &[], counts: None }, memo, &arena);
    let all = outcomes.all();
    assert_eq!((all.len(), outcomes.len()), (leads.len(), leads.len()));
    for ((place, lead), together) in leads.iter().enumerate().zip(all) {
        let alone = evaluator.evaluate(lead, &arena);
        assert_eq!(format!("{together:#?}"), format!("{alone:#?}"), "{what}, lead {}", lead.key);
        assert_eq!(in_columns(&outcomes, place, alone.points.len()), told(&alone), "{what}, lead {}", lead.key);
    }
    hold_columns(evaluator, leads, &outcomes, memo, what);
    outcomes.lead_by_lead
}

/// What columns tell of a lead that rows and counts are made of.
fn in_columns(outcomes: &Outcomes<'_>, lead: usize, parts: usize) -> String {
    let tris = |columns: &[Tris<'_>]| columns.iter().map(|tris| tris.get(lead)).collect::<Vec<_>>();
    let places = |columns: &[&[u16]]| columns.iter().map(|places| places[lead]).collect::<Vec<_>>();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {} {:?} {:?}",
        (0..parts).map(|part| outcomes.points(PartId(part as u16))[lead]).collect::<Vec<_>>(),
        outcomes.defines.iter().map(|values| values.get(lead)).collect::<Vec<_>>(),
        tris(outcomes.checks),
        tris(outcomes.fits),
        places(outcomes.bands),
        places(outcomes.cells),
        tris(outcomes.reasons),
        bit(outcomes.disqualified, lead),
        outcomes.stage[lead],
        outcomes.route(lead),
        tris(outcomes.always),
    )
}

/// The same of an outcome.
fn told(outcome: &Outcome<'_>) -> String {
    let Outcome { points, defines, checks, fits, bands, cells, reasons, disqualified, stage, route, always, .. } =
        outcome;
    let fits: Vec<_> = fits.iter().map(|fit| fit.verdict).collect();
    format!(
        "{points:?} {defines:?} {checks:?} {fits:?} {bands:?} {cells:?} {reasons:?} {disqualified} {stage} {route:?} {always:?}"
    )
}

/// Holds leads whose fields stand in columns, as they are or by a code, and that are made only when something asks for
/// them.
fn hold_columns(evaluator: &Evaluator<'_>, leads: &[Lead<'_>], all: &Outcomes<'_>, memo: &mut Memo, what: &str) {
    let arena = Bump::new();
    let width = evaluator.program().schema.fields.len();
    let column = |field: usize| -> Column<'_> {
        let values = &*arena.alloc_slice_fill_iter(leads.iter().map(|lead| lead.fields[field]));
        if values.iter().all(|value| value.is_missing()) {
            return Column::Missing;
        }
        match field % 3 {
            0 => Column::Leads,
            1 => Column::Values(values),
            _ => {
                // A code for each lead, the last of all for what is missing.
                let code = |(lead, value): (usize, &Value<'_>)| if value.is_missing() { values.len() } else { lead };
                let codes = arena.alloc_slice_fill_iter(values.iter().enumerate().map(|lead| code(lead) as u32));
                let texts = values.iter().copied().chain([Value::Missing]).collect::<Vec<_>>();
                let texts = &*arena.alloc_slice_copy(&texts);
                Column::Codes { codes, values: texts, rows: &[] }
            }
        }
    };
    let columns = &*arena.alloc_slice_fill_iter((0..width).map(column));
    let later = Leads::later(leads.len(), &arena, || leads);
    let outcomes = evaluator.evaluate_block(Block { leads: later, columns, counts: None }, memo, &arena);
    for lead in 0..leads.len() {
        let parts = evaluator.program().parts.len();
        assert_eq!(in_columns(&outcomes, lead, parts), in_columns(all, lead, parts), "{what}, in columns");
    }
}

#[test]
fn texts_that_hardly_repeat_are_decided_as_others() {
    let policy = r#"policy "P"
        lead { id text key  mail text  note text }
        list free = ["free1.example", "Free7.Example", "free9.example"]
        list rivals = ["rival2.example", "free9.example"]
        score s {
          free: -5 if domain(mail) in free
          rival: -9 if domain(mail) in rivals
          work: +2 if domain(mail) is "work3.example"
          odd: +1 if note matches "7$"
          even: +2 if note mentions "n8"
        }
        stages { low  high "High": s >= 1 }"#;
    let program = compile(policy, &HashMap::new()).expect("a policy");
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::None);
    let evaluator = Evaluator::new(&program, AsOf::parse("2026-11-01", &program.zone).expect("a day"));
    let mut memo = evaluator.memo();
    // Now and then the same text again, so that some are remembered and most are not.
    let line = |number: usize| {
        let host = match number % 5 {
            0 => format!("free{}.example", number % 11),
            1 => format!("RIVAL{}.example", number % 7),
            2 => format!("work{}.example", number % 4),
            _ => format!("host{number}.example"),
        };
        format!(r#"{{"id":"{number}","mail":"a@{host}","note":"n{}"}}"#, number * 7 % 9973)
    };
    for from in (0..12_000).step_by(200) {
        let lines: Vec<String> = (from..from + 200).map(line).collect();
        let batches: Vec<Batch> = lines.iter().map(|line| Batch::of_json(line)).collect();
        let (arena, mut leads) = (Bump::new(), Vec::new());
        for batch in &batches {
            batch.decode(&plan, None, &arena, &mut |record| {
                if let Decoded::Lead { lead, .. } = record {
                    leads.push(lead);
                }
            });
        }
        hold(&evaluator, &leads, &mut memo, "texts that hardly repeat");
        if from % 1000 == 0 {
            memo.tidy();
        }
    }
}

#[test]
fn random_leads_are_decided_together_as_alone() {
    let policies = std::env::var("DIFFERENTIAL_BLOCKS").ok().and_then(|n| n.parse().ok()).unwrap_or(POLICIES);
    for seed in 50_000..50_000 + policies {
        let made = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("seed {seed}: {shown}"));
        let size = if seed % 50 == 49 { 1000 } else { SIZES[seed as usize % SIZES.len()] };
        let as_of = AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of");
        let evaluator = Evaluator::new(&program, as_of);
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
        let batches: Vec<Batch> = (0..size as u64)
            .map(|number| Batch::of_json(&lead(&made.schema, seed * 7919 + number).to_string()))
            .collect();
        let arena = Bump::new();
        let mut leads = Vec::new();
        for batch in &batches {
            batch.decode(&plan, None, &arena, &mut |record| {
                if let Decoded::Lead { lead, .. } = record {
                    leads.push(lead);
                }
            });
        }
        let mut memo = evaluator.memo();
        // Twice: at first the memory knows no text, then all of them.
        for _ in 0..2 {
            hold(&evaluator, &leads, &mut memo, &format!("policy seed {seed}"));
            memo.tidy();
        }
    }
}

fn compile_file(path: &Path) -> Program {
    let text = std::fs::read(path).expect("a policy");
    let folder = Folder::new(path.parent().expect("a folder"));
    let name = path.file_name().expect("a name").to_string_lossy();
    let loaded = load(&name, text, &folder);
    check(&loaded, &[]).program.unwrap_or_else(|| panic!("{} does not check", path.display()))
}

/// Holds a file of leads batch by batch; how much had to be worked out lead by lead.
fn hold_file(program: &Program, leads: &Path, events: Option<&Path>, as_of: &str) -> usize {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let open = |path: &Path| Box::new(std::fs::File::open(path).expect("a file"));
    let events = events.map(|path| EventStore::read(open(path), None, &plan, &mut |_| {}).expect("events"));
    let mut reader = LeadReader::open(open(leads), None, &plan).expect("leads");
    let evaluator = Evaluator::new(program, AsOf::parse(as_of, &program.zone).expect("an as-of"));
    let (mut memo, mut lead_by_lead, mut read) = (evaluator.memo(), 0, 0);
    while let Some(batch) = reader.next_batch().expect("a batch") {
        let arena = Bump::new();
        let mut found = Vec::new();
        batch.decode(&plan, events.as_ref(), &arena, &mut |record| {
            if let Decoded::Lead { lead, .. } = record {
                found.push(lead);
            }
        });
        read += found.len();
        for (place, size) in [77, 256, 1000].iter().enumerate() {
            for leads in found.chunks(*size).take(4) {
                lead_by_lead = lead_by_lead.max(hold(&evaluator, leads, &mut memo, "an example"));
            }
            if place < 2 {
                memo.tidy();
            }
        }
    }
    assert!(read > 0, "no leads in {}", leads.display());
    lead_by_lead
}

#[test]
fn examples_are_decided_together_as_alone() {
    let mut held = 0;
    for folder in
        std::fs::read_dir(root().join("examples")).expect("examples").map(|entry| entry.expect("an entry").path())
    {
        let beside = |names: &[&str]| names.iter().map(|name| folder.join(name)).find(|path| path.exists());
        let Some(leads) = beside(&["leads.ndjson", "leads.json", "leads.csv"]) else { continue };
        let events = beside(&["events.csv", "events.ndjson"]);
        for policy in ["policy.qual", "policy-90.qual", "better.qual"].map(|name| folder.join(name)) {
            if policy.exists() {
                hold_file(&compile_file(&policy), &leads, events.as_deref(), "2026-11-01");
                held += 1;
            }
        }
    }
    assert!(held >= 9, "only {held} policies");
}

#[test]
fn the_workload_is_decided_without_going_lead_by_lead() {
    let program = compile_file(&root().join("benches/workload/policy.qual"));
    let leads = [
        r#"{"id":"a","email":"x@GMAIL.com","title":"VP Sales","country":"us","employees":300,"budget":26000,"events":[
            {"type":"page_view","at":"2025-05-20T00:00:00Z","path":"/pricing/x"},{"type":"demo_request","at":"2025-05-21"}]}"#,
        r#"{"id":"b","title":null,"industry":"Software","annual_revenue":12000000}"#,
    ];
    let path = std::env::temp_dir().join(format!("qualify-blocks-{}.ndjson", std::process::id()));
    std::fs::write(&path, leads.map(|lead| lead.replace('\n', "")).join("\n")).expect("written");
    let lead_by_lead = hold_file(&program, &path, None, "2025-06-01");
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(lead_by_lead, 0, "a step or expression of the workload has no form for many leads at once");
}
