//! The model: the policy's query, its tables and its as-of given by dbt.

use super::jinja::{escaped, relation};
use super::{AS_OF, INCOMPLETE, Options};
use crate::check::hir::Program;
use crate::diagnostic::Diagnostic;
use crate::sql::{self, AsOfSource, ColumnType};

/// Text that stands for something that dbt fills in. The policy's digest is in it, so that no text of the policy can be
/// the same.
fn stand_in(program: &Program, what: &str) -> String {
    format!("qualify_{what}_{}", program.digest().short())
}

/// The model's SQL.
///
/// Errors: what the dialect cannot say exactly.
pub fn model(program: &Program, options: &Options) -> Result<String, Vec<Diagnostic>> {
    let dialect = options.dialect;
    let (leads, events, as_of) = (stand_in(program, "leads"), stand_in(program, "events"), stand_in(program, "as_of"));
    let mut asked = sql::Options::new(dialect);
    asked.leads.clone_from(&leads);
    asked.events.clone_from(&events);
    asked.explain = options.explain;
    asked.as_of = AsOfSource::Expression(as_of.clone());
    let incomplete = stand_in(program, "incomplete");
    asked.incomplete_if = Some(incomplete.clone());
    let query = escaped(&sql::sql(program, &asked)?)
        .replace(&dialect.quote_name(&leads), &relation(&options.leads))
        .replace(&dialect.quote_name(&events), &relation(&options.events))
        .replace(&incomplete, &format!("{{{{ var('{INCOMPLETE}', false) }}}}"))
        .replace(&as_of, &dialect.literal(Some("{{ as_of }}"), &ColumnType::Time));
    Ok(format!("{}\n{query}\n", head()))
}

/// The as-of: the variable, or the instant that the run began at, the same for all models of a run.
fn head() -> String {
    let iso = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$";
    format!(
        "\
{{#- The instant that leads are judged at: `--vars '{{\"{AS_OF}\": \"2026-11-01T23:59:59.999Z\"}}'`; else when the run began. -#}}
{{%- set as_of = var('{AS_OF}', none) or run_started_at.strftime('%Y-%m-%dT%H:%M:%S.000Z') -%}}
{{%- if not modules.re.match('{iso}', as_of | string) -%}}
  {{{{ exceptions.raise_compiler_error('{AS_OF} is no instant with its offset, such as 2026-11-01T23:59:59.999Z') }}}}
{{%- endif -%}}",
        iso = iso.replace('\\', "\\\\")
    )
}
