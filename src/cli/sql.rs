//! `qualify sql`: a policy as SQL.

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::print;
use crate::base::visible;
use crate::data::{Output, same_file};
use crate::model::time::AsOf;
use crate::sql::{AsOfSource, DIALECTS, Dialect, Options, Wrap, dialect, sql};
use std::io::Write;

/// Write the policy as SQL that gives every lead in a warehouse the same decision
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Write the policy as SQL: one SELECT of named parts that gives every lead of a table the decision that \
`qualify score` gives it, to the last decimal. Nothing of Qualify runs in the warehouse.

Leads stand in a table with a column a field, called as the data call it (`from`); events in another one with the lead's \
key, the type, the instant, and a column a field. docs/sql.md tells the columns' types.

What a dialect cannot say exactly is an error that names the rule.",
    after_help = "\
Examples:
  qualify sql policy.qual --dialect duckdb --as-of 2026-11-01
  qualify sql policy.qual --dialect postgres --leads crm.leads --events crm.activities
  qualify sql policy.qual --dialect duckdb --explain --as view --name decisions --output decisions.sql"
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// Whose SQL
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(DIALECTS.iter().map(|dialect| dialect.name())))]
    dialect: String,
    /// The table of leads; dots part it from its schema
    #[arg(long, value_name = "TABLE", default_value = "leads")]
    leads: String,
    /// The table of events
    #[arg(long, value_name = "TABLE", default_value = "events")]
    events: String,
    /// The instant that leads are judged at: a date (its end), a time, `now` (when the query runs) or `parameter` (the
    /// query's own parameter `as_of`)
    #[arg(long, value_name = "WHEN", default_value = "now")]
    as_of: String,
    /// A column for each rule's points too
    #[arg(long)]
    explain: bool,
    /// Events stand inside leads, as a list of records
    #[arg(long)]
    nested: bool,
    /// Wrap the query: a view, a new table, or a merge on the key into a table
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<Form>,
    /// The name of the view or table
    #[arg(long, value_name = "NAME", default_value = "decisions")]
    name: String,
    /// Every list of texts is a part of its own, however short
    #[arg(long)]
    lists_as_tables: bool,
    /// Write to a file, whole or not at all; `-` is standard output
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// CREATE OR REPLACE VIEW
    View,
    /// CREATE TABLE … AS
    Table,
    /// MERGE INTO
    Merge,
}

pub fn run(args: Args) -> Result<Exit, Failure> {
    let program = policy::program(&args.policy, &args.set)?;
    let Some(dialect): Option<&'static dyn Dialect> = dialect(&args.dialect) else {
        return Err(Failure::new(format!("`{}` is no dialect", visible(&args.dialect))));
    };
    let as_of = match args.as_of.trim() {
        "now" => AsOfSource::Now,
        "parameter" => AsOfSource::Parameter,
        written => match AsOf::parse(written, &program.zone) {
            Some(as_of) => AsOfSource::At(as_of),
            None => {
                return Err(Failure::new(format!("`--as-of {}` is no date or time", visible(written)))
                    .help("write a date, `2026-11-01`, a time, `2026-11-01T09:30:00Z`, `now` or `parameter`"));
            }
        },
    };
    let wrap = match args.form {
        None => Wrap::Query,
        Some(Form::View) => Wrap::View(args.name.clone()),
        Some(Form::Table) => Wrap::Table(args.name.clone()),
        Some(Form::Merge) => Wrap::Merge(args.name.clone()),
    };
    let options = Options {
        leads: args.leads.clone(),
        events: args.events.clone(),
        as_of,
        explain: args.explain,
        nested: args.nested,
        wrap,
        lists_as_tables: args.lists_as_tables,
        ..Options::new(dialect)
    };
    let text = match sql(&program, &options) {
        Ok(text) => text + ";\n",
        Err(diagnostics) => {
            return Err(Failure::Policy { diagnostics, sources: Box::new(program.sources.clone()) });
        }
    };
    match args.output.as_deref() {
        None | Some("-") => print(&text)?,
        Some(path) => {
            if program.sources.files().iter().any(|source| same_file(&source.name, path)) {
                return Err(Failure::new(format!("`{}` would be written over what is read", visible(path)))
                    .help("write to another file"));
            }
            let unwritable = |error| Failure::unwritable(path, &error);
            let mut output = Output::create(path).map_err(unwritable)?;
            output.write_all(text.as_bytes()).map_err(unwritable)?;
            output.finish().map_err(unwritable)?;
        }
    }
    Ok(Exit::Done)
}
