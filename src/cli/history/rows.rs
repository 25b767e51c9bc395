//! Histories as rows: CSV and NDJSON.

use crate::check::hir::Program;
use crate::data::cell;
use crate::eval::Evaluator;
use crate::model::Lead;
use crate::whatif::{At, History, HistoryOptions, StageChange, TimePlan, stage_changes};
use serde_json::{Map, json};

/// What leads came to.
#[derive(Debug, Default)]
pub struct Done {
    /// The rows.
    pub text: String,
    /// Records that were rejected.
    pub rejected: u64,
    /// Leads whose rows end early.
    pub cut: u64,
}

/// Writes changes of stage.
#[derive(Debug)]
pub struct Rows {
    scores: Vec<String>,
    ndjson: bool,
}

impl Rows {
    pub fn new(program: &Program, ndjson: bool) -> Rows {
        let scores = program.scores.iter().map(|id| program.parts[id.index()].name.clone()).collect();
        Rows { scores, ndjson }
    }

    /// The names of the columns.
    pub fn header(&self) -> String {
        if self.ndjson {
            return String::new();
        }
        let columns = ["key", "at", "from", "to"].into_iter().chain(self.scores.iter().map(String::as_str));
        columns.collect::<Vec<_>>().join(",") + "\r\n"
    }

    /// Adds the rows of a lead.
    pub fn lead(
        &self,
        evaluator: &Evaluator<'_>,
        plan: &TimePlan,
        lead: &Lead<'_>,
        options: HistoryOptions,
        done: &mut Done,
    ) {
        let (changes, covered) = stage_changes(evaluator, plan, lead, options);
        let until = options.until.unwrap_or(evaluator.as_of().instant);
        done.cut += u64::from(covered < until);
        for change in &changes {
            self.row(lead.key, change, &mut done.text);
        }
    }

    fn row(&self, key: &str, change: &StageChange, out: &mut String) {
        let from = change.from.as_ref().map(|from| from.name.as_str());
        if self.ndjson {
            let scores: Map<String, serde_json::Value> =
                self.scores.iter().zip(&change.points).map(|(name, points)| (name.clone(), json!(points))).collect();
            let row = json!({
                "key": key, "at": At(change.at), "from": from, "to": change.to.name, "scores": scores
            });
            out.push_str(&row.to_string());
            out.push('\n');
            return;
        }
        cell(key, out);
        out.push_str(&format!(",{},{},{}", At(change.at), from.unwrap_or(""), change.to.name));
        for points in &change.points {
            out.push_str(&format!(",{points}"));
        }
        out.push_str("\r\n");
    }
}

/// A row for every moment of a lead.
pub fn moments_csv(history: &History) -> String {
    let first = history.moments.first();
    let scores = history.scores.iter().map(|score| score.name.as_str());
    let bands = first.iter().flat_map(|moment| moment.bands.keys().map(String::as_str));
    let columns: Vec<&str> = ["at", "stage"].into_iter().chain(scores).chain(bands).collect();
    let mut out = columns.join(",") + "\r\n";
    for moment in &history.moments {
        out.push_str(&moment.at.to_string());
        out.push(',');
        out.push_str(moment.stage.as_ref().map_or("", |stage| stage.name.as_str()));
        for points in moment.scores.values() {
            out.push_str(&format!(",{points}"));
        }
        for band in moment.bands.values() {
            out.push(',');
            out.push_str(&band.name);
        }
        out.push_str("\r\n");
    }
    out
}

/// An object for every moment of a lead.
pub fn moments_ndjson(history: &History) -> String {
    let lines = history.moments.iter().filter_map(|moment| serde_json::to_string(moment).ok());
    lines.map(|line| line + "\n").collect()
}
