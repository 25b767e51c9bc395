//! What the evaluator says, a text a column of the SQL's result; and what an engine's answer lacks of it.

use crate::engine::Rows;
use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Batch, Decoded, EventStore, EventsRead, Plan};
use qualify::dbt::answer;
use qualify::eval::{Decision, Evaluator};
use qualify::model::time::AsOf;
use qualify::sql::{OutputColumn, What};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The evaluator's rows, by the lead's key and its place among the leads of that key.
pub type Expected = BTreeMap<String, Vec<Option<String>>>;

/// The rows of all leads that have a decision.
pub fn expected(
    program: &Program,
    as_of: AsOf,
    columns: &[OutputColumn],
    batches: &[Batch],
    events: Option<&EventStore>,
) -> Expected {
    let evaluator = Evaluator::new(program, as_of);
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let arena = Bump::new();
    let mut rows = Expected::new();
    for batch in batches {
        batch.decode(&plan, events, &arena, &mut |record| {
            if let Decoded::Lead { lead, problems, .. } = record {
                let lead = arena.alloc(lead);
                let outcome = evaluator.evaluate(lead, &arena);
                let decision = Decision::new(&evaluator, lead, &outcome, &problems);
                let row = columns
                    .iter()
                    .map(|column| {
                        answer(&evaluator, &outcome, &decision, column.what).map(|text| spelled(column.what, text))
                    })
                    .collect();
                assert!(rows.insert(decision.key.clone(), row).is_none(), "two leads `{}`", decision.key);
            }
        });
    }
    rows
}

/// How `run.py` reads each column.
pub fn types(columns: &[OutputColumn]) -> Vec<&'static str> {
    columns.iter().map(|column| ty(column.what)).collect()
}

/// How `run.py` reads a column.
pub fn ty(what: What) -> &'static str {
    match what {
        What::Disqualified | What::Fit(_) | What::Check(_) => "bool",
        What::Count(..) => "int",
        What::Points(_) => "number",
        What::Deadline | What::AsOf => "time",
        _ => "text",
    }
}

/// A text in the one spelling: instants have milliseconds.
fn spelled(what: What, text: String) -> String {
    match (ty(what), text.split_once('.')) {
        ("time", None) => text.replace('Z', ".000Z"),
        ("time", Some((seconds, rest))) => format!("{seconds}.{:0<3}Z", rest.trim_end_matches('Z')),
        _ => text,
    }
}

/// What differs, a line each; none when the answer is right.
pub fn differences(expected: &Expected, columns: &[OutputColumn], names: &[String], rows: &Rows) -> Vec<String> {
    let mut wrong = Vec::new();
    let told: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    if names != told {
        return vec![format!("columns {names:?}, expected {told:?}")];
    }
    let mut left: BTreeMap<&str, &Vec<Option<String>>> =
        expected.iter().map(|(key, row)| (key.as_str(), row)).collect();
    for row in rows {
        let key = row.first().and_then(Json::as_str).unwrap_or("(no key)");
        let Some(expected) = left.remove(key) else {
            wrong.push(format!("{key}: a row that is not expected"));
            continue;
        };
        for ((column, expected), found) in columns.iter().zip(expected).zip(row) {
            if *found != json!(expected) {
                wrong.push(format!("{key}: {} is {found}, expected {}", column.name, json!(expected)));
            }
        }
    }
    wrong.extend(left.keys().map(|key| format!("{key}: no row")));
    wrong
}
