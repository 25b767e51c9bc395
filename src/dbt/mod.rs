//! A policy as part of a dbt project: a model, what its columns mean, and tests, the policy's own among them.

mod answer;
mod jinja;
mod model;
mod properties;
mod unit;
mod yaml;

pub use answer::answer;

use crate::check::hir::Program;
use crate::diagnostic::Diagnostic;
use crate::sql::Dialect;

/// The dialects that dbt has adapters for.
pub const DIALECTS: &[&str] = &["duckdb", "postgres", "spark", "clickhouse", "bigquery", "snowflake"];

/// The variable that holds the as-of.
pub const AS_OF: &str = "qualify_as_of";

/// The variable that says whether leads that lack a required field have a row too: unit tests of such leads set it.
pub const INCOMPLETE: &str = "qualify_keeps_incomplete_leads";

/// What the files say.
#[derive(Clone, Debug)]
pub struct Options {
    /// The dialect of the warehouse; one of [`DIALECTS`].
    pub dialect: &'static dyn Dialect,
    /// The model's name.
    pub model: String,
    /// The model of leads, or a source: `raw.leads`.
    pub leads: String,
    /// The model of events, or a source.
    pub events: String,
    /// Whether each rule's points are columns.
    pub explain: bool,
}

/// A file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder of models.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The files of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The model and its properties.
    pub files: Vec<File>,
    /// How many of the policy's tests are unit tests of the model.
    pub tests: usize,
}

/// The model, `NAME.sql`, and its properties, `NAME.yml`.
///
/// Errors: what the dialect cannot say exactly.
pub fn files(program: &Program, options: &Options) -> Result<Files, Vec<Diagnostic>> {
    let model = model::model(program, options)?;
    let unit::Tests { yaml, made } = unit::tests(program, options);
    let properties = properties::properties(program, options, &yaml);
    let file = |ending: &str, text: String| File { name: format!("{}.{ending}", options.model), text };
    Ok(Files { files: vec![file("sql", model), file("yml", properties)], tests: made })
}
