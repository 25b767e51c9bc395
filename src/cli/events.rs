//! What a policy reads of the data, and the second file of events.

use super::exit::Failure;
use super::{input, leads};
use super::terminal::Terminal;
use crate::check::hir::{EventTypes, Program};
use crate::data::{EventStore, EventsRead, Format, Plan};

pub use crate::data::EventProblem;

/// What the policy reads of the data.
pub fn plan(program: &Program) -> Plan<'_> {
    let all = program.queries.iter().any(|query| query.types == EventTypes::All);
    let events = match (program.reads_events, all) {
        (false, _) => EventsRead::None,
        (true, false) => EventsRead::Used,
        (true, true) => EventsRead::All,
    };
    Plan::new(&program.schema, &program.zone, events)
}

/// Reads a second file of events. What is wrong with single records goes to `report`.
pub fn read(
    path: &str,
    plan: &Plan<'_>,
    terminal: &Terminal,
    report: &mut dyn FnMut(EventProblem),
) -> Result<EventStore, Failure> {
    let input = input::open(path, terminal)?;
    let store = EventStore::read(input, Format::of(path), plan, report).map_err(|error| leads::unreadable(path, error))?;
    for warning in store.warnings() {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
    Ok(store)
}
