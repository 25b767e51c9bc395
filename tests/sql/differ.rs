//! One policy and its leads on one engine, held against the evaluator; and making what differs small.

use crate::engine::{Engine, Job, Table};
use crate::expected::{differences, expected, types};
use crate::reference::generate::{minimise, minimise_lead};
use crate::tables::tables;
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::data::Batch;
use qualify::model::time::AsOf;
use qualify::sql::{AsOfSource, Dialect, Options, columns, dialect, sql};
use qualify::syntax::{MemoryFiles, load};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// An engine and the dialect that it speaks.
pub struct Speaker {
    pub engine: Engine,
    pub dialect: &'static dyn Dialect,
}

impl Speaker {
    pub fn new(engine: &'static str, dialect_name: &str) -> Speaker {
        let dialect = dialect(dialect_name).unwrap_or_else(|| panic!("no dialect `{dialect_name}`"));
        Speaker { engine: Engine::start(engine), dialect }
    }
}

/// What came of a policy.
#[derive(Debug)]
pub enum Came {
    /// All rows are as expected: so many.
    Same(usize),
    /// The dialect refuses it: the codes and messages.
    Refused(Vec<String>),
    /// What differs, and what the engine says.
    Differs(Vec<String>),
}

/// A policy with the leads that it is asked about.
pub struct Case<'c> {
    pub program: &'c Program,
    pub as_of: &'c str,
    pub batches: &'c [Batch],
    pub events: Option<&'c Path>,
    /// How oddly the tables are dressed.
    pub dress: Option<u64>,
}

/// The options that the suite asks with: every column.
pub fn options(speaker: &Speaker, case: &Case<'_>) -> Options {
    let as_of = AsOf::parse(case.as_of, &case.program.zone).expect("an as-of");
    Options { as_of: AsOfSource::At(as_of), explain: true, ..Options::new(speaker.dialect) }
}

/// Asks the engine and compares.
pub fn ask(speaker: &mut Speaker, case: &Case<'_>) -> Came {
    let options = options(speaker, case);
    let text = match sql(case.program, &options) {
        Ok(text) => text,
        Err(refused) => {
            return Came::Refused(refused.iter().map(|one| format!("{}: {}", one.code, one.message)).collect());
        }
    };
    let columns = columns(case.program, &options);
    let tables = tables(case.program, &options, case.batches, case.events, case.dress);
    let as_of = AsOf::parse(case.as_of, &case.program.zone).expect("an as-of");
    let expected = expected(case.program, as_of, &columns, case.batches, case.events);
    let mut tables: Vec<_> = tables.into_iter().filter(|table| !table.columns.is_empty()).collect();
    if tables.iter().all(|table| table.name != "leads") {
        // A policy that reads nothing of a lead: engines know no table without a column.
        let rows = case.batches.iter().map(|_| vec![Json::Null]).collect();
        tables.push(Table { name: "leads".into(), columns: vec![("unread".into(), "text".into())], rows });
    }
    let dialect = (speaker.engine.name == "transpiled").then(|| speaker.dialect.name());
    let job = Job { tables: &tables, sql: text, types: types(&columns), dialect, ..Job::default() };
    match speaker.engine.ask(&job) {
        Err(error) => Came::Differs(vec![format!("{} says: {error}", speaker.engine.version)]),
        Ok((names, rows)) => match differences(&expected, &columns, &names, &rows) {
            none if none.is_empty() => Came::Same(expected.len()),
            found => Came::Differs(found),
        },
    }
}

/// A checked policy; none when it has errors.
pub fn compile(text: &str, files: &HashMap<String, String>) -> Option<Program> {
    let files = files.iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path.clone(), text.clone()));
    check(&load("policy.qual", text.as_bytes(), &files), &[]).program
}

/// Leads, each a batch of its own.
pub fn batches(leads: &[Json]) -> Vec<Batch> {
    leads.iter().map(|lead| Batch::of_json(&lead.to_string())).collect()
}

/// A failing policy and lead, made as small as they get in a minute or two.
pub struct Small {
    pub policy: String,
    pub lead: Json,
    pub differs: Vec<String>,
}

/// Makes a mismatch small. None when no single lead shows it, or time runs out.
pub fn shrink(
    speaker: &mut Speaker,
    text: &str,
    files: &HashMap<String, String>,
    leads: &[Json],
    as_of: &str,
    dress: u64,
) -> Option<Small> {
    // Plain tables first: what shows there needs no odd ones.
    [None, Some(dress)].into_iter().find_map(|dress| shrink_dressed(speaker, text, files, leads, as_of, dress))
}

fn shrink_dressed(
    speaker: &mut Speaker,
    text: &str,
    files: &HashMap<String, String>,
    leads: &[Json],
    as_of: &str,
    dress: Option<u64>,
) -> Option<Small> {
    let until = Instant::now() + Duration::from_secs(150);
    let speaker = std::cell::RefCell::new(speaker);
    let differs = |text: &str, leads: &[Json]| -> Vec<String> {
        let Some(program) = compile(text, files) else { return Vec::new() };
        if Instant::now() > until {
            return Vec::new();
        }
        let batches = batches(leads);
        let case = Case { program: &program, as_of, batches: &batches, events: None, dress };
        match ask(&mut speaker.borrow_mut(), &case) {
            Came::Differs(found) => found,
            _ => Vec::new(),
        }
    };
    // An error of the engine stays an error, another answer another answer: else something else would be made small.
    let says = format!("{} says: ", speaker.borrow().engine.version);
    let error = |found: &[String]| found.iter().any(|one| one.starts_with(&says));
    let whole = differs(text, leads);
    let fails = |text: &str, lead: &Json| {
        let found = differs(text, std::slice::from_ref(lead));
        !found.is_empty() && error(&found) == error(&whole)
    };
    let lead = leads.iter().find(|lead| fails(text, lead))?;
    let policy = minimise(text, &|text| fails(text, lead));
    let lead = minimise_lead(lead, &|lead| fails(&policy, lead));
    if Instant::now() > until {
        println!("time ran out while a mismatch was made small; what is left of it:\n{policy}{lead:#}");
        return None;
    }
    let differs = differs(&policy, std::slice::from_ref(&lead));
    Some(Small { policy, lead, differs })
}
