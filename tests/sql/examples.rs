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

/// The events of a second file.
pub fn store(path: &Path, plan: &Plan<'_>) -> EventStore {
    let input = Box::new(std::fs::File::open(path).expect("events"));
    EventStore::read(input, Format::of(&path.to_string_lossy()), plan, &mut |_| {}).expect("readable events")
}

impl Example {
    /// What the policy reads of the data.
    fn plan(&self) -> Plan<'_> {
        Plan::new(&self.program.schema, &self.program.zone, EventsRead::of(&self.program))
    }

    /// All leads.
    pub fn batches(&self) -> Vec<Batch> {
        self.first(usize::MAX)
    }

    /// The first leads, as far as a line is a lead.
    pub fn first(&self, most: usize) -> Vec<Batch> {
        let mut lines: Vec<&[u8]> = self.leads.split_inclusive(|byte| *byte == b'\n').collect();
        if self.leads_format != Some(Format::Json) {
            lines.truncate(most.saturating_add(1));
        }
        let input = Box::new(Cursor::new(lines.concat()));
        let mut reader = LeadReader::open(input, self.leads_format, &self.plan()).expect("readable leads");
        let mut batches: Vec<Batch> = Vec::new();
        while let Some(batch) = reader.next_batch().expect("readable leads") {
            batches.push(batch);
        }
        batches
    }
}

/// Asks an engine about an example, of its leads the first ones only.
pub fn run(speaker: &mut Speaker, example: &Example, most: usize) -> Came {
    let batches = example.first(most);
    let (program, as_of) = (&example.program, example.as_of.as_str());
    ask(speaker, &Case { program, as_of, batches: &batches, events: example.events.as_deref(), dress: None })
}
