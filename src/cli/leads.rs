//! Opening a file of leads, and going through it.

use super::exit::Failure;
use super::input;
use super::terminal::Terminal;
use crate::base::visible;
use crate::data::{Decoded, EventStore, Format, LeadReader, Plan, ReadError, Seek};
use bumpalo::Bump;
use std::fs::File;
use std::io::Seek as _;

/// Opens a file of leads; what is odd about it as a whole is said on standard error.
pub fn open(path: &str, plan: &Plan<'_>, terminal: &Terminal) -> Result<LeadReader, Failure> {
    let reader = open_again(path, plan, terminal)?;
    warn(path, &reader, terminal);
    Ok(reader)
}

/// As [`open`], saying nothing that has been said before.
pub fn open_again(path: &str, plan: &Plan<'_>, terminal: &Terminal) -> Result<LeadReader, Failure> {
    let reader = match input::columns(path)? {
        Some(file) => LeadReader::open_columns(file, plan),
        None => LeadReader::open(input::open(path, terminal)?, Format::of(path), plan),
    };
    reader.map_err(|error| unreadable(path, error))
}

/// Opens a copy of leads, from its beginning.
pub fn open_copy(
    path: &str,
    mut copy: &File,
    plan: &Plan<'_>,
    terminal: Option<&Terminal>,
) -> Result<LeadReader, Failure> {
    let input = copy.rewind().and_then(|()| copy.try_clone()).map_err(|error| Failure::unreadable(path, &error))?;
    let reader = LeadReader::open(Box::new(input), Format::of(path), plan).map_err(|error| unreadable(path, error))?;
    if let Some(terminal) = terminal {
        warn(path, &reader, terminal);
    }
    Ok(reader)
}

fn warn(path: &str, reader: &LeadReader, terminal: &Terminal) {
    for warning in reader.warnings() {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
}

/// Reading ended before the end of the leads.
pub fn unreadable(path: &str, error: ReadError) -> Failure {
    Failure::new(format!("{}: {}", input::name(path), visible(&error.message))).maybe_help(error.help)
}

/// Gives every record to a sink; with `seek` at least those that it looks for.
pub fn scan(
    path: &str,
    plan: &Plan<'_>,
    seek: Option<&Seek>,
    store: Option<&EventStore>,
    terminal: &Terminal,
    sink: &mut dyn FnMut(Decoded<'_>),
) -> Result<(), Failure> {
    let mut reader = open(path, plan, terminal)?;
    if let Some(seek) = seek {
        reader.sought(seek);
    }
    let mut arena = Bump::new();
    while let Some(batch) = reader.next_batch().map_err(|error| unreadable(path, error))? {
        batch.decode_sought(plan, seek, store, &arena, &mut |decoded| sink(decoded));
        arena.reset();
        reader.recycle(batch);
    }
    Ok(())
}
