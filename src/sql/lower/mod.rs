//! From a checked policy to a tree of SQL.
//!
//! Steps are lowered in the order in which the evaluator works them out. What a step rests on says into which part of
//! the query it goes; questions about events are columns of one pass over the events, or, where they rest on the lead,
//! of a later one.

mod assemble;
mod clock;
mod events;
mod expr;
mod fields;
mod output;
mod per;
mod points;
mod steps;
mod texts;

use super::dialect::Dialect;
use super::names::Names;
use super::tree::{Item, Part, Query, Sql};
use super::{AsOfSource, Options};
use crate::check::hir::{EventTypes, Program, Step};
use crate::diagnostic::Diagnostic;
use crate::model::time::Reach;
use crate::model::{DomainId, FieldId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The query of a policy.
///
/// Errors: what the dialect cannot say.
pub(super) fn lower(program: &Program, options: &Options) -> Result<Query, Vec<Diagnostic>> {
    let mut lower = Lower::new(program, options);
    lower.check_tables();
    lower.name_fields();
    for step in &program.order {
        lower.step(*step);
    }
    let query = lower.assemble();
    if lower.refused.is_empty() { Ok(query) } else { Err(lower.refused) }
}

/// Where in the query a column is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// How many passes over the events stand before it, less one.
    level: u32,
    /// Its layer behind that pass.
    layer: u32,
}

/// What an expression stands on.
#[derive(Clone, Debug)]
enum Scope {
    /// The lead.
    Lead,
    /// An event of these types.
    Event(EventTypes),
}

/// A column that is made from a text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Made {
    /// Case ignored.
    Folded,
    /// An address without what stands around its host.
    Address,
    /// The host of an address, in lower case.
    Host,
    /// Its words in a row.
    Words,
    /// The host without `www.`.
    Bare,
    /// The domain.
    Domain,
}

/// A column that is worked out of a lead.
#[derive(Debug)]
struct Column {
    item: Item,
    kind: &'static str,
}

/// A column of a pass over the events.
#[derive(Debug)]
struct Counted {
    name: String,
    value: Sql,
    /// Whether a lead without events has 0.
    zero: bool,
    /// The columns of the lead that it rests on.
    rests_on: BTreeSet<String>,
    remark: String,
}

/// Events that a rule keeps under its caps, added up.
#[derive(Debug)]
struct Kept {
    /// The column of the lead.
    name: String,
    /// The part of the query that holds it, the last of the steps.
    part: String,
    steps: Vec<Part>,
    rests_on: BTreeSet<String>,
}

/// One pass over the events.
#[derive(Debug, Default)]
struct Pass {
    counted: Vec<Counted>,
    kept: Vec<Kept>,
    by_text: HashMap<String, String>,
}

struct Lower<'p> {
    program: &'p Program,
    options: &'p Options,
    d: &'static dyn Dialect,
    names: Names,
    /// By field: its column.
    fields: Vec<Option<String>>,
    made: BTreeMap<(Made, FieldId), String>,
    /// The text fields whose final sigma tells.
    sigma: BTreeSet<FieldId>,
    /// Whether no text of the policy has more than ASCII, however it is written.
    ascii: bool,
    steps: HashMap<Step, String>,
    places: HashMap<String, Place>,
    /// By level and layer.
    columns: BTreeMap<Place, Vec<Column>>,
    passes: BTreeMap<u32, Pass>,
    lists: Vec<(String, Vec<String>)>,
    scope: Scope,
    /// The columns of the lead that were named since somebody asked.
    named: BTreeSet<String>,
    /// What a `by` looks at: its value, and the value with case ignored.
    subject: Option<(Sql, Option<Sql>)>,
    /// What is lowered, for names and messages.
    context: String,
    /// By length, when the as-of is given.
    reaches: Option<Vec<Reach>>,
    /// Columns of the clock, when it is not.
    clock: Vec<(String, Sql)>,
    /// Whether the day of events is asked for.
    event_day: bool,
    refused: Vec<Diagnostic>,
}

impl<'p> Lower<'p> {
    fn new(program: &'p Program, options: &'p Options) -> Lower<'p> {
        let reaches = match &options.as_of {
            AsOfSource::At(as_of) => {
                Some(program.lengths.iter().map(|length| as_of.reach(*length, &program.zone)).collect())
            }
            _ => None,
        };
        let mut names = Names::default();
        for table in [&options.leads, &options.events] {
            names.unique(table.rsplit('.').next().unwrap_or(table));
        }
        for name in ["l", "e", "a", "k", "c", "lead_key", "event_key", "event_type", "at", "age", "event_day"] {
            names.unique(name);
        }
        for helper in options.dialect.helpers(&program.zone) {
            names.unique(helper.name);
        }
        for name in ["clock", "as_of", "as_of_day", "lead_fields", "event_fields", "entry", "place", "points", "value"]
        {
            names.unique(name);
        }
        for name in ["lead_columns", "event_columns"] {
            names.unique(name);
        }
        Lower {
            program,
            options,
            d: options.dialect,
            names,
            fields: vec![None; program.schema.fields.len()],
            made: BTreeMap::new(),
            sigma: BTreeSet::new(),
            ascii: program.sources.files().iter().all(|source| source.text.is_ascii() && !source.text.contains("\\u")),
            steps: HashMap::new(),
            places: HashMap::new(),
            columns: BTreeMap::new(),
            passes: BTreeMap::new(),
            lists: Vec::new(),
            scope: Scope::Lead,
            named: BTreeSet::new(),
            subject: None,
            context: String::new(),
            reaches,
            clock: Vec::new(),
            event_day: false,
            refused: Vec::new(),
        }
    }

    /// A column of the lead, from where the expression stands.
    fn lead_column(&mut self, name: &str) -> Sql {
        self.named.insert(name.to_owned());
        match self.scope {
            Scope::Lead => Sql::Col(name.to_owned()),
            Scope::Event(_) => Sql::Of("l", name.to_owned()),
        }
    }

    /// The column of a step that was lowered.
    fn step_column(&mut self, step: Step) -> Sql {
        match self.steps.get(&step).cloned() {
            Some(name) => self.lead_column(&name),
            None => Sql::Null,
        }
    }

    /// Works something out and says which columns of the lead it names.
    fn resting<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, BTreeSet<String>) {
        let before = std::mem::take(&mut self.named);
        let result = work(self);
        let named = std::mem::replace(&mut self.named, before);
        (result, named)
    }

    /// The first place behind all of these columns.
    fn behind(&self, named: &BTreeSet<String>) -> Place {
        let places = named.iter().filter_map(|name| self.places.get(name));
        let last = places.max().copied().unwrap_or_default();
        Place { level: last.level, layer: last.layer + 1 }
    }

    /// Adds a column of the lead: no earlier than `phase` among the layers.
    fn add_column(&mut self, item: Item, kind: &'static str, phase: u32, named: &BTreeSet<String>) {
        let mut place = self.behind(named);
        place.layer = place.layer.max(phase);
        self.places.insert(item.name.clone(), place);
        self.columns.entry(place).or_default().push(Column { item, kind });
    }

    /// Whether the choices of a domain are told by their rank; else by their name.
    fn ranked(&self, domain: DomainId) -> bool {
        self.program.schema.domain(domain).ordered()
    }
}
