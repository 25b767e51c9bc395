//! What a policy reads of the data, and the second file of events.

use super::exit::Failure;
use super::terminal::Terminal;
use super::{input, leads};
use crate::check::hir::Program;
use crate::data::{EventProblem, EventStore, EventsHeld, EventsRead, Format, Input, Plan, Seek};

/// What the policy reads of the data.
pub fn plan(program: &Program) -> Plan<'_> {
    Plan::new(&program.schema, &program.zone, EventsRead::of(program))
}

/// Reads a second file of events. What is wrong with single records goes to `report`.
pub fn read(
    path: &str,
    plan: &Plan<'_>,
    terminal: &Terminal,
    report: &mut dyn FnMut(EventProblem),
) -> Result<EventStore, Failure> {
    read_sought(path, plan, None, terminal, report)
}

/// As [`read`]: events that need more than so many bytes of memory are held on a disk.
pub fn read_within(
    path: &str,
    plan: &Plan<'_>,
    memory: usize,
    terminal: &Terminal,
    report: &mut dyn FnMut(EventProblem),
) -> Result<EventsHeld, Failure> {
    let (input, format) = match input::columns(path)? {
        Some(file) => (Input::Columns(file), Some(Format::Parquet)),
        None => (Input::Stream(input::open(path, terminal)?), Format::of(path)),
    };
    let held = EventStore::read_within(input, format, plan, memory, report);
    let held = held.map_err(|error| leads::unreadable(path, error))?;
    let warnings = match &held {
        EventsHeld::Memory(store) => store.warnings(),
        EventsHeld::Disk(spilled) => spilled.warnings(),
    };
    for warning in warnings {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
    Ok(held)
}

/// As [`read`], only the events of leads that are looked for.
pub fn read_sought(
    path: &str,
    plan: &Plan<'_>,
    seek: Option<&Seek>,
    terminal: &Terminal,
    report: &mut dyn FnMut(EventProblem),
) -> Result<EventStore, Failure> {
    let store = match input::columns(path)? {
        Some(file) => EventStore::read_columns(file, plan, seek, report),
        None => EventStore::read_sought(input::open(path, terminal)?, Format::of(path), plan, seek, report),
    };
    let store = store.map_err(|error| leads::unreadable(path, error))?;
    for warning in store.warnings() {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
    Ok(store)
}
