//! Every example with its leads and events.

use crate::differ::{Came, Case, Speaker, ask};
use crate::support::root;
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::data::{Batch, EventStore, EventsRead, Folder, Format, LeadReader, Plan};
use qualify::syntax::load;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// An example's policy and data.
pub struct Example {
    pub name: String,
    pub program: Program,
    pub as_of: String,
    pub leads: Vec<u8>,
    pub leads_format: Option<Format>,
    pub events: Option<PathBuf>,
}

/// All examples.
pub fn all() -> Vec<Example> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("examples"))
        .expect("examples")
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    folders.sort();
    folders.iter().map(|folder| example(folder)).collect()
}

fn example(folder: &Path) -> Example {
    let policy = folder.join("policy.qual");
    let text = std::fs::read_to_string(&policy).expect("a policy");
    let name = policy.to_string_lossy().into_owned();
    let program = check(&load(&name, text.as_bytes(), &Folder::of(&name)), &[]).program.expect("a valid policy");
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
    let leads = ["leads.csv", "leads.ndjson", "leads.json"].iter().find_map(|name| there(name)).expect("leads");
    let readme = std::fs::read_to_string(folder.join("README.md")).expect("a README");
    let as_of = readme.split("--as-of ").nth(1).and_then(|rest| rest.split_whitespace().next());
    Example {
        name: folder.file_name().expect("a name").to_string_lossy().into_owned(),
        as_of: as_of.unwrap_or("2026-11-01").to_owned(),
        program,
        leads_format: Format::of(&leads.to_string_lossy()),
        leads: std::fs::read(leads).expect("leads"),
        events: ["events.csv", "events.ndjson"].iter().find_map(|name| there(name)),
    }
}

/// Asks an engine about an example, of its leads the first ones only.
pub fn run(speaker: &mut Speaker, example: &Example, most: usize) -> Came {
    let program = &example.program;
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let events = example.events.as_ref().map(|path| {
        let input = Box::new(std::fs::File::open(path).expect("events"));
        EventStore::read(input, Format::of(&path.to_string_lossy()), &plan, &mut |_| {}).expect("readable events")
    });
    let mut lines: Vec<&[u8]> = example.leads.split_inclusive(|byte| *byte == b'\n').collect();
    if example.leads_format != Some(Format::Json) {
        lines.truncate(most.saturating_add(1));
    }
    let mut reader =
        LeadReader::open(Box::new(Cursor::new(lines.concat())), example.leads_format, &plan).expect("readable leads");
    let mut batches: Vec<Batch> = Vec::new();
    while let Some(batch) = reader.next_batch().expect("readable leads") {
        batches.push(batch);
    }
    let case = Case { program, as_of: &example.as_of, batches: &batches, events: events.as_ref(), dress: None };
    ask(speaker, &case)
}
