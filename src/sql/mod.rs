//! A policy as SQL: one query that gives every lead in a table the decision that the evaluator gives it.

mod dialect;
mod dialects;
mod layout;
mod lower;
mod names;
mod print;
mod quoting;
mod regex;
mod sqlite;
mod tree;

pub use dialect::{DIALECTS, Dialect, dialect};
pub use layout::{Column, Layout, OutputColumn, What, columns, layout};

use crate::check::hir::Program;
use crate::diagnostic::Diagnostic;
use crate::model::time::AsOf;

/// What a column of a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Text; also what is one of a list.
    Text,
    /// A whole number of up to 18 digits.
    Int,
    /// A decimal: 12 digits before the point, 6 after.
    Number,
    /// A decimal: 14 digits before the point, 4 after.
    Money,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// An instant; milliseconds count.
    Time,
    /// A list.
    List(Box<ColumnType>),
}

/// The instant that leads are judged at.
#[derive(Clone, Debug)]
pub enum AsOfSource {
    /// This one.
    At(AsOf),
    /// The one that the query runs at.
    Now,
    /// A parameter of the query, `as_of`: an instant.
    Parameter,
    /// What this SQL says, an instant of the dialect's type; it is written as it is.
    Expression(String),
}

/// What the query is wrapped in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Nothing: the query itself.
    Query,
    /// A view of this name.
    View(String),
    /// A new table of this name.
    Table(String),
    /// A merge on the key into a table of this name.
    Merge(String),
}

/// How a policy is written as SQL.
#[derive(Clone, Debug)]
pub struct Options {
    /// The dialect.
    pub dialect: &'static dyn Dialect,
    /// The table of leads; dots part it from its schema.
    pub leads: String,
    /// The table of events.
    pub events: String,
    /// The instant that leads are judged at.
    pub as_of: AsOfSource,
    /// Whether each rule's points are columns.
    pub explain: bool,
    /// Whether events stand inside leads.
    pub nested: bool,
    /// What the query is wrapped in.
    pub wrap: Wrap,
    /// Whether every list of texts is a part of its own, however short.
    pub lists_as_tables: bool,
    /// A condition, written as it is, under which leads that lack a required field have a row too.
    pub incomplete_if: Option<String>,
}

impl Options {
    /// Tables `leads` and `events`, as of when the query runs.
    pub fn new(dialect: &'static dyn Dialect) -> Options {
        Options {
            dialect,
            leads: "leads".to_owned(),
            events: "events".to_owned(),
            as_of: AsOfSource::Now,
            explain: false,
            nested: false,
            wrap: Wrap::Query,
            lists_as_tables: false,
            incomplete_if: None,
        }
    }
}

/// A policy as SQL, without a semicolon at its end.
///
/// Errors: what the dialect cannot say exactly, one for each place.
pub fn sql(program: &Program, options: &Options) -> Result<String, Vec<Diagnostic>> {
    let query = lower::lower(program, options)?;
    let text = print::Printer::new(options.dialect).query(&query);
    let names: Vec<String> =
        columns(program, options).iter().map(|column| options.dialect.quote_name(&column.name)).collect();
    Ok(options.dialect.wrap(&options.wrap, &text, &names))
}
