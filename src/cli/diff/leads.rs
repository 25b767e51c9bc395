//! Leads decided under both policies: each record is read once.

use super::super::exit::Failure;
use super::super::terminal::Terminal;
use super::super::{batches, events, leads};
use crate::base::visible;
use crate::blocks::BLOCK;
use crate::check::hir::Program;
use crate::data::{Batch, Decoded, Decoder, EventStore, Output, cell};
use crate::diff::{Comparison, Memory, Mover, Moves, Reads, Sides, Tally};
use crate::model::Lead;
use crate::model::time::AsOf;
use bumpalo::Bump;
use serde_json::{Map, Value, json};
use std::io::Write;

/// Which leads, and where the rows of those that move go.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub leads: &'a str,
    pub events: Option<&'a str>,
    pub output: Option<&'a str>,
    pub threads: u16,
}

/// What the change does to the leads of a file.
pub fn moves(
    comparison: &Comparison<'_>,
    as_of: &AsOf,
    given: &Given<'_>,
    terminal: &Terminal,
) -> Result<Moves, Failure> {
    let sides = comparison.at(as_of);
    let mut rows = given.output.map(|path| Rows::create(path, &sides)).transpose()?;
    let form = rows.as_ref().map(|rows| rows.ndjson);
    let mut all = Tally::default();
    let program = match comparison.reads() {
        Reads::Once(program) => program,
        Reads::Twice { old, new } => {
            let text = twice(&sides, (old, new), given, form, &mut all, terminal)?;
            if let Some(mut rows) = rows {
                rows.write(&text)?;
                rows.finish()?;
            }
            return Ok(sides.moves_of(&all));
        }
    };
    let plan = events::plan(program);
    let store = given.events.map(|path| events::read(path, &plan, terminal, &mut |_| {})).transpose()?;
    let mut reader = leads::open(given.leads, &plan, terminal)?;
    let worker = || Worker {
        sides: &sides,
        form,
        decoder: Decoder::new(&plan),
        store: store.as_ref(),
        memory: sides.memory(),
        batch: Bump::new(),
        block: Bump::new(),
    };
    batches::each(&mut reader, given.leads, given.threads, &worker, &mut |(tally, text)| {
        all.add(tally);
        match &mut rows {
            Some(rows) => rows.write(&text),
            None => Ok(()),
        }
    })?;
    if let Some(rows) = rows {
        rows.finish()?;
    }
    Ok(sides.moves_of(&all))
}

/// What a thread needs to decide leads under both policies.
struct Worker<'w> {
    sides: &'w Sides<'w>,
    /// Whether rows are NDJSON; none where there are none.
    form: Option<bool>,
    decoder: Decoder<'w>,
    store: Option<&'w EventStore>,
    memory: Memory,
    /// Of a batch.
    batch: Bump,
    /// Of leads that are decided together.
    block: Bump,
}

impl batches::Worker<Batch> for Worker<'_> {
    type Done = (Tally, String);
    type Rest = ();

    fn work(&mut self, batch: &mut Batch) -> (Tally, String) {
        let Worker { sides, form, decoder, store, memory, batch: arena, block } = self;
        memory.tidy();
        let (mut tally, mut text) = (Tally::for_batch(sides), String::new());
        let mut waiting = Vec::new();
        let mut decide = |waiting: &mut Vec<Lead<'_>>, tally: &mut Tally| {
            sides.leads(block.alloc_slice_copy(waiting), memory, block, tally, &mut |lead, mover| {
                if let Some(ndjson) = *form {
                    row(lead.key, &mover, sides, ndjson, &mut text);
                }
            });
            waiting.clear();
            block.reset();
        };
        decoder.decode(batch, None, *store, arena, &mut |decoded| match decoded {
            Decoded::Reject(_) => tally.reject(),
            Decoded::Lead { lead, .. } => {
                waiting.push(lead);
                if waiting.len() >= BLOCK {
                    decide(&mut waiting, &mut tally);
                }
            }
        });
        decide(&mut waiting, &mut tally);
        arena.reset();
        (tally, text)
    }

    fn rest(self) {}
}

/// Goes through the leads twice, once as each policy reads them. The rows of those that move are given back.
fn twice(
    sides: &Sides<'_>,
    (old, new): (&Program, &Program),
    given: &Given<'_>,
    form: Option<bool>,
    all: &mut Tally,
    terminal: &Terminal,
) -> Result<String, Failure> {
    if [Some(given.leads), given.events].contains(&Some("-")) {
        return Err(Failure::new("the policies read these leads in two ways, so that they are read twice")
            .help("standard input can be read once: give a file"));
    }
    let scan = |program: &Program, sink: &mut dyn FnMut(Option<&Lead<'_>>, &Bump)| {
        let plan = events::plan(program);
        let store = given.events.map(|path| events::read(path, &plan, terminal, &mut |_| {})).transpose()?;
        let mut arena = Bump::new();
        leads::scan(given.leads, &plan, None, store.as_ref(), terminal, &mut |decoded| {
            match decoded {
                Decoded::Lead { lead, .. } => sink(Some(&lead), &arena),
                Decoded::Reject(_) => sink(None, &arena),
            }
            arena.reset();
        })
    };
    let (mut decided, mut memory) = (Vec::new(), sides.memory());
    scan(old, &mut |lead, arena| decided.push(lead.map(|lead| sides.decided(lead, &mut memory, arena))))?;
    let mut before = decided.iter();
    let (mut text, mut more) = (String::new(), 0u64);
    let mut tally = Tally::for_batch(sides);
    scan(new, &mut |lead, arena| match before.next() {
        Some(was) => {
            let mover = sides.again(was.as_ref(), lead, &mut memory, arena, &mut tally);
            if let (Some(mover), Some(ndjson)) = (mover, form) {
                row(lead.map_or("", |lead| lead.key), &mover, sides, ndjson, &mut text);
            }
        }
        None => more += 1,
    })?;
    if more > 0 || before.next().is_some() {
        return Err(Failure::new(format!("{} changed while it was read", visible(given.leads))));
    }
    all.add(tally);
    Ok(text)
}

/// The file of the leads that move.
struct Rows {
    path: String,
    output: Output,
    ndjson: bool,
}

impl Rows {
    fn create(path: &str, sides: &Sides<'_>) -> Result<Rows, Failure> {
        let plain = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".zst")).unwrap_or(path);
        let ndjson = [".ndjson", ".jsonl"].iter().any(|ending| plain.to_ascii_lowercase().ends_with(ending));
        let output = Output::create(path).map_err(|error| Failure::unwritable(path, &error))?;
        let mut rows = Rows { path: path.to_owned(), output, ndjson };
        if !ndjson {
            let scores = sides.scores().into_iter().flat_map(|score| [format!("old_{score}"), format!("new_{score}")]);
            let columns = ["key", "old_stage", "new_stage", "old_route", "new_route"].map(str::to_owned);
            let columns: Vec<String> = columns.into_iter().chain(scores).collect();
            rows.write(&format!("{}\r\n", columns.join(",")))?;
        }
        Ok(rows)
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.output.write_all(text.as_bytes()).map_err(|error| Failure::unwritable(&self.path, &error))
    }

    fn finish(self) -> Result<(), Failure> {
        let Rows { path, output, .. } = self;
        output.finish().map_err(|error| Failure::unwritable(&path, &error))
    }
}

fn row(key: &str, mover: &Mover<'_>, sides: &Sides<'_>, ndjson: bool, out: &mut String) {
    let ((old_stage, new_stage), (old_route, new_route)) = (mover.stages(), mover.routes());
    if ndjson {
        let mut scores = Map::new();
        for (name, (old, new)) in sides.scores().into_iter().zip(mover.scores()) {
            scores.insert(name, json!({ "old": old, "new": new }));
        }
        let row = json!({
            "key": key,
            "stage": { "old": old_stage, "new": new_stage },
            "route": { "old": old_route, "new": new_route },
            "scores": Value::Object(scores),
        });
        out.push_str(&crate::base::visible_json(&row.to_string()));
        out.push('\n');
        return;
    }
    cell(key, out);
    for text in [old_stage, new_stage, old_route, new_route] {
        out.push(',');
        cell(&text, out);
    }
    for (old, new) in mover.scores() {
        for points in [old, new] {
            out.push(',');
            out.push_str(&points.map_or_else(String::new, |points| points.to_string()));
        }
    }
    out.push_str("\r\n");
}
