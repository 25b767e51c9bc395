//! Opening a file of leads, and going through it.

use super::exit::Failure;
use super::input;
use super::terminal::Terminal;
use crate::base::visible;
use crate::data::{Decoded, EventStore, Format, LeadReader, Plan, ReadError, Seek};
use bumpalo::Bump;

/// Opens a file of leads; what is odd about it as a whole is said on standard error.
pub fn open(path: &str, plan: &Plan<'_>, terminal: &Terminal) -> Result<LeadReader, Failure> {
    let reader = match input::columns(path)? {
        Some(file) => LeadReader::open_columns(file, plan),
        None => LeadReader::open(input::open(path, terminal)?, Format::of(path), plan),
    };
    let reader = reader.map_err(|error| unreadable(path, error))?;
    for warning in reader.warnings() {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
    Ok(reader)
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
