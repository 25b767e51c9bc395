//! Parquet in and out, Arrow in: the same leads say the same as in other formats, every type is read, and broken files are told.

#![allow(clippy::unwrap_used)]

#[path = "../reference/mod.rs"]
mod reference;
#[path = "../support/compared.rs"]
mod support;

mod arrow;
mod blocks;
mod hostile;
mod output;
mod same;
mod spilled;
mod types;
mod write;

use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Decoded, EventProblem, EventStore, EventsRead, Format, LeadReader, Plan, ReadError};
use std::fs::File;
use std::io::{Seek, Write};

/// Bytes as a file.
fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// How leads are read.
#[derive(Clone, Copy, Debug)]
enum How {
    Stream(Format),
    /// From a file, batch by batch, or by whole row groups.
    File {
        spread: bool,
    },
}

/// Everything that reading tells, a line each.
fn told(program: &Program, leads: &[u8], how: How, events: Option<(&[u8], How)>) -> Result<Vec<String>, ReadError> {
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let mut lines = Vec::new();
    let mut report = |problem: EventProblem| lines.push(format!("{problem:?}"));
    let store = match events {
        None => None,
        Some((bytes, How::Stream(format))) => {
            Some(EventStore::read(Box::new(std::io::Cursor::new(bytes.to_vec())), Some(format), &plan, &mut report)?)
        }
        Some((bytes, How::File { .. })) => Some(EventStore::read_columns(file(bytes), &plan, None, &mut report)?),
    };
    let mut reader = match how {
        How::Stream(format) => LeadReader::open(Box::new(std::io::Cursor::new(leads.to_vec())), Some(format), &plan)?,
        How::File { .. } => LeadReader::open_columns(file(leads), &plan)?,
    };
    if matches!(how, How::File { spread: true }) {
        reader.spread();
    }
    let mut arena = Bump::new();
    while let Some(batch) = reader.next_batch()? {
        batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| match decoded {
            Decoded::Lead { line, lead, problems } => {
                lines.push(format!("{line}: {} {:?}", lead.key, lead.fields));
                lines.extend(lead.events.iter().map(|event| format!("  {event:?}")));
                lines.extend(problems.iter().map(|problem| format!("  ! {problem:?}")));
            }
            Decoded::Reject(reject) => lines.push(format!("{reject:?}")),
        });
        arena.reset();
        reader.recycle(batch);
    }
    reader.check()?;
    if let Some(store) = &store {
        lines.push(counts(store));
    }
    Ok(lines)
}

/// What was read of a second file, and what has no lead.
fn counts(store: &EventStore) -> String {
    let keys: Vec<&str> = store.orphan_keys().take(4).collect();
    format!("{:?}, {} orphans: {keys:?}", store.counts(), store.orphans())
}

/// A policy from its text.
fn program(text: &str) -> Program {
    support::agree::compile(text, &Default::default()).unwrap_or_else(|shown| panic!("{shown}"))
}
