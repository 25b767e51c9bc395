//! What the evaluator says, a text a column of the SQL's result; and what an engine's answer lacks of it.

use crate::engine::Rows;
use crate::tables::millis;
use bumpalo::Bump;
use qualify::check::hir::{CheckState, Program};
use qualify::data::{Batch, Decoded, EventStore, EventsRead, Plan};
use qualify::eval::{Decision, Evaluator, FitVerdict, Outcome};
use qualify::model::time::AsOf;
use qualify::model::{Tri, number};
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
                let row = columns.iter().map(|column| text(&evaluator, &outcome, &decision, column.what)).collect();
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

/// A text that is null when it is empty.
fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// What a column of a lead's row holds.
pub fn text(evaluator: &Evaluator<'_>, outcome: &Outcome<'_>, decision: &Decision, what: What) -> Option<String> {
    let program = evaluator.program();
    let truth = |value: Tri| match value {
        Tri::True => Some("true".to_owned()),
        Tri::False => Some("false".to_owned()),
        Tri::Unknown => None,
    };
    match what {
        What::Key => Some(decision.key.clone()),
        What::Stage => decision.stage.clone(),
        What::Ladder => decision.ladder.clone(),
        What::Disqualified => Some(decision.disqualified.to_string()),
        What::DisqualifiedBy => some(decision.disqualified_by.join(", ")),
        What::Fit(fit) => match decision.fits[&program.fits[fit.index()].name].verdict {
            FitVerdict::Fits => Some("true".into()),
            FitVerdict::Fails => Some("false".into()),
            FitVerdict::Unknown => None,
        },
        What::Check(check) => truth(outcome.checks[check.index()]),
        What::Count(fit, state) => {
            let fit = outcome.fits[fit.index()];
            let count = match state {
                CheckState::Passed => fit.passed,
                CheckState::Failed => fit.failed,
                CheckState::Unknown => fit.unknown,
            };
            Some(count.to_string())
        }
        What::Points(part) => Some(number::display(outcome.points(part), 4).to_string()),
        What::Band(bands) => decision.bands.get(&program.bands[bands.index()].name).cloned(),
        What::Cell(matrix) => decision.matrices.get(&program.matrices[matrix.index()].name).cloned(),
        What::Personas => some(decision.personas.join(", ")),
        What::Route => decision.route.as_ref().map(|route| route.name.clone()),
        What::Deadline => {
            let route = outcome.route.map(|route| &program.routes[route.index()]);
            let within = route.and_then(|route| route.within);
            within.map(|within| millis(evaluator.as_of().reach(program.lengths[within.index()], &program.zone).ahead))
        }
        What::Broken => some(decision.broken.join("; ")),
        What::Version => program.meta.version.clone(),
        What::Digest => None,
        What::AsOf => Some(millis(evaluator.as_of().instant)),
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
            // A digest is compared by its length: it is no part of a decision.
            let same = match column.what {
                What::Digest => found.as_str().is_some_and(|text| text.len() >= 8),
                _ => *found == json!(expected),
            };
            if !same {
                wrong.push(format!("{key}: {} is {found}, expected {}", column.name, json!(expected)));
            }
        }
    }
    wrong.extend(left.keys().map(|key| format!("{key}: no row")));
    wrong
}
