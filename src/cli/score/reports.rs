//! The files of data problems and of rejected records.

use crate::base::visible_json;
use crate::data::cell;
use crate::model::{Problem, Reject};
use serde::Serialize;

/// The form of a file of problems or rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// A table with a header.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

impl ReportFormat {
    /// By the ending, without `.gz` and `.zst`: `.csv` is a table, all else NDJSON.
    pub fn of(path: &str) -> ReportFormat {
        match crate::data::Format::of(path) {
            Some(crate::data::Format::Csv) => ReportFormat::Csv,
            _ => ReportFormat::Ndjson,
        }
    }

    /// What stands before the first row.
    pub fn header(self) -> &'static str {
        match self {
            ReportFormat::Csv => "source,line,key,field,event,reason,value\n",
            ReportFormat::Ndjson => "",
        }
    }
}

/// Which file a row speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The leads.
    Leads,
    /// A second file of events.
    Events,
}

/// A row of either file.
#[derive(Debug, Serialize)]
pub struct Row<'r> {
    /// The file.
    pub source: Origin,
    /// The line that the record begins on, from 1; of a JSON array the record's number.
    pub line: u64,
    /// The lead's key, where it could be read.
    pub key: Option<&'r str>,
    /// The field that is at fault, if it is one.
    pub field: Option<&'r str>,
    /// The event's place in the lead's events, from 0, when it is an event's field.
    pub event: Option<u32>,
    /// A stable name of what is wrong.
    pub reason: &'r str,
    /// The value as the data has it, or what the parser says.
    pub value: &'r str,
}

impl<'r> Row<'r> {
    pub fn problem(source: Origin, line: u64, key: &'r str, problem: &'r Problem) -> Row<'r> {
        Row {
            source,
            line,
            key: Some(key),
            field: Some(&problem.field),
            event: problem.event,
            reason: problem.kind.as_str(),
            value: &problem.value,
        }
    }

    pub fn reject(source: Origin, reject: &'r Reject) -> Row<'r> {
        Row {
            source,
            line: reject.line,
            key: reject.key.as_deref(),
            field: reject.field.as_deref(),
            event: None,
            reason: reject.kind.as_str(),
            value: &reject.detail,
        }
    }

    /// Appends the row.
    pub fn write(&self, format: ReportFormat, out: &mut String) {
        match format {
            ReportFormat::Ndjson => {
                // Writing to memory cannot fail.
                if let Ok(line) = serde_json::to_string(self) {
                    out.push_str(&visible_json(&line));
                }
            }
            ReportFormat::Csv => {
                out.push_str(match self.source {
                    Origin::Leads => "leads",
                    Origin::Events => "events",
                });
                out.push_str(&format!(",{},", self.line));
                cell(self.key.unwrap_or_default(), out);
                out.push(',');
                cell(self.field.unwrap_or_default(), out);
                out.push(',');
                out.extend(self.event.map(|event| event.to_string()));
                out.push(',');
                out.push_str(self.reason);
                out.push(',');
                cell(self.value, out);
            }
        }
        out.push('\n');
    }
}
