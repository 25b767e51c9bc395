//! `NAME.yml`: what the model and its columns mean, and what must hold of every row.

use super::jinja::escaped;
use super::yaml::quoted;
use super::{AS_OF, Options};
use crate::check::hir::Program;
use crate::model::DomainId;
use crate::sql::{self, OutputColumn, What, columns};
use std::fmt::Write;

/// The file's text; `unit_tests` is the YAML of the policy's own tests.
pub fn properties(program: &Program, options: &Options, unit_tests: &str) -> String {
    let mut asked = sql::Options::new(options.dialect);
    asked.explain = options.explain;
    let version = program.meta.version.as_ref().map(|version| format!(", version {version}")).unwrap_or_default();
    let about = format!(
        "{}{version}: a row a lead. Written by `qualify dbt`; change the policy, not this file. The instant that leads \
         are judged at is the variable `{AS_OF}`, else when the run began.",
        program.meta.label
    );
    let mut out = format!(
        "version: 2\n\nmodels:\n  - name: {}\n    description: {}\n    columns:\n",
        quoted(&options.model),
        text(&about)
    );
    for column in columns(program, &asked) {
        let _ = write!(
            out,
            "      - name: {}\n        description: {}\n{}",
            quoted(&column.name),
            text(&column.label),
            tests(program, &column)
        );
    }
    if !unit_tests.is_empty() {
        let _ = write!(out, "\nunit_tests:\n{unit_tests}");
    }
    out
}

/// A text as dbt's files have it.
pub fn text(text: &str) -> String {
    quoted(&escaped(text))
}

/// What must hold of every row's value.
fn tests(program: &Program, column: &OutputColumn) -> String {
    let of = |domain: DomainId| {
        program.schema.domain(domain).choices.iter().map(|choice| choice.name.clone()).collect::<Vec<_>>()
    };
    let stages = || program.stages.iter().map(|stage| stage.name.clone());
    let (known, accepted): (bool, Vec<String>) = match column.what {
        What::Key | What::Disqualified | What::Count(..) | What::Points(_) | What::Digest | What::AsOf => {
            (true, vec![])
        }
        What::Stage if !program.stages.is_empty() => (true, stages().chain(["disqualified".to_owned()]).collect()),
        What::Ladder if !program.stages.is_empty() => (true, stages().collect()),
        What::Band(bands) => (true, of(program.bands[bands.index()].domain)),
        What::Cell(matrix) => (true, of(program.matrices[matrix.index()].domain)),
        What::Route if !program.routes.is_empty() => {
            let always = program.routes.iter().any(|route| route.condition.is_none());
            (always, program.routes.iter().map(|route| route.name.clone()).collect())
        }
        _ => (false, vec![]),
    };
    let mut out = String::new();
    if known || !accepted.is_empty() {
        out.push_str("        data_tests:\n");
    }
    if known {
        out.push_str("          - not_null\n");
    }
    if !accepted.is_empty() {
        let values: Vec<String> = accepted.iter().map(|value| text(value)).collect();
        let _ = write!(
            out,
            "          - accepted_values:\n              arguments:\n                values: [{}]\n",
            values.join(", ")
        );
    }
    out
}
