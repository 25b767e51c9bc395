//! The ledger: every value that was worked out and where every point came from and went.

use super::Recorder;
use crate::check::hir::{ExprId, PartId, Program};
use crate::model::time::AsOf;
use crate::model::{Literal, Value};
use std::collections::BTreeMap;

/// What was written down of one lead. All points are in ten-thousandths.
#[derive(Clone, Debug)]
pub struct Ledger {
    as_of: AsOf,
    values: Vec<Option<Literal>>,
    parts: Vec<RuleEntry>,
    events: Vec<(PartId, EventEntry)>,
    seen: BTreeMap<ExprId, SeenEvents>,
}

/// How the points of a part came about. For rules per event,
/// `raw − outside − duplicates − over_cap − lost_to_decay − lost_to_limit = net`; for the others `raw − lost_to_limit =
/// net`. Losses have the sign of the points that are lost; what a floor adds is a negative loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleEntry {
    /// Points if every event counted in full (a group: the sum of its parts).
    pub raw: i64,
    /// Of events outside the window.
    pub outside: i64,
    /// Of events whose field has a value that a later event has, or none that is known.
    pub duplicates: i64,
    /// Of events over a number of times: a day, a week, a month, in all.
    pub over_cap: i64,
    /// Lost to the age of the events that count.
    pub lost_to_decay: i64,
    /// Lost to `at most M points`, or to a group's or score's limits.
    pub lost_to_limit: i64,
    /// What is left: the part's points.
    pub net: i64,
}

/// What became of an event under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventEntry {
    /// The event's place among the lead's events in the data, from 0.
    pub index: u32,
    /// When it was.
    pub at: i64,
    /// What became of it.
    pub fate: Fate,
    /// What it earned, after decay; 0 unless it counts.
    pub points: i64,
}

/// The events that a question about events (`any EVENTS`, `count of EVENTS`, `last EVENTS`, …) was answered with: those
/// of its types whose `where` is true. Instants are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenEvents {
    /// How many are in the window.
    pub count: u64,
    /// When the first of these was.
    pub first: Option<i64>,
    /// When the latest of these was.
    pub latest: Option<i64>,
    /// How many are too old for the window.
    pub outside: u64,
    /// When the latest of the too old was.
    pub latest_outside: Option<i64>,
}

/// What became of an event of the right type, whose `where` is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It counts.
    Counts,
    /// It is too old for the window.
    OutsideWindow,
    /// Its field's value is not known (`per distinct`).
    NoValue,
    /// A later event has the same value (`per distinct`).
    Duplicate,
    /// Later events of its day fill the cap.
    OverDay,
    /// Later events of its week fill the cap.
    OverWeek,
    /// Later events of its month fill the cap.
    OverMonth,
    /// Later events fill the cap.
    OverTimes,
}

impl Ledger {
    pub(super) fn new(program: &Program, as_of: &AsOf) -> Ledger {
        Ledger {
            as_of: as_of.clone(),
            values: vec![None; program.expressions as usize],
            parts: vec![RuleEntry::default(); program.parts.len()],
            events: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// The instant that the lead was evaluated at.
    pub fn as_of(&self) -> &AsOf {
        &self.as_of
    }

    /// The events that a question about events was answered with; none for other expressions and inside a `where`.
    pub fn seen(&self, id: ExprId) -> Option<&SeenEvents> {
        self.seen.get(&id)
    }

    /// The value that an expression had; none when it was not worked out or stands inside a `where`.
    pub fn value(&self, id: ExprId) -> Option<&Literal> {
        self.values.get(id.index()).and_then(Option::as_ref)
    }

    /// How a part's points came about.
    pub fn part(&self, id: PartId) -> &RuleEntry {
        &self.parts[id.index()]
    }

    /// What became of the events under a rule, latest first.
    pub fn events(&self, rule: PartId) -> impl Iterator<Item = &EventEntry> {
        self.events.iter().filter(move |(part, _)| *part == rule).map(|(_, entry)| entry)
    }
}

impl Recorder for Ledger {
    const RECORDS: bool = true;

    fn value(&mut self, id: ExprId, value: Value<'_>) {
        if let Some(slot) = self.values.get_mut(id.index()) {
            *slot = Some(value.to_literal());
        }
    }

    fn seen(&mut self, id: ExprId, seen: SeenEvents) {
        self.seen.insert(id, seen);
    }

    fn event(&mut self, rule: PartId, entry: EventEntry) {
        self.events.push((rule, entry));
    }

    fn part(&mut self, part: PartId, entry: RuleEntry) {
        self.parts[part.index()] = entry;
    }
}
