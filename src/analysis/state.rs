//! A set of leads: which cells each field may be in, how many events may count for each question, and what was assumed
//! of conditions that cells do not decide.

use super::events::Bits;
use super::space::Space;
use super::values::Tris;
use crate::check::hir::{ExprId, PartId, QueryId};
use crate::model::FieldId;
use std::cmp::Ordering;

/// No limit on a number of events.
pub(super) const MANY: u32 = u32::MAX;

/// A set of leads; it may be empty.
#[derive(Clone, Debug)]
pub(super) struct State {
    alive: Vec<bool>,
    /// Fields with fewer cells than there are.
    narrowed: Vec<bool>,
    /// The fewest and most events that count, by question.
    pub(super) counts: Vec<(u32, u32)>,
    /// What was assumed of conditions.
    pub(super) forced: Vec<(ExprId, Tris)>,
    /// Orders of two fields that were assumed where both are known.
    pub(super) orders: Vec<(FieldId, FieldId, Ordering)>,
    /// The fewest and most points that were assumed of parts.
    pub(super) points: Vec<(PartId, i64, i64)>,
}

impl State {
    /// All leads that are not rejected.
    pub(super) fn all(space: &Space<'_>) -> State {
        let fields = &space.program.schema.fields;
        let mut alive = vec![true; space.offsets.last().copied().unwrap_or(0)];
        let mut narrowed = vec![false; fields.len()];
        for (place, field) in fields.iter().enumerate() {
            // A record without it is rejected.
            if field.required || field.key {
                alive[space.offsets[place]] = false;
                narrowed[place] = true;
            }
        }
        let counts =
            space.events.questions.iter().map(|question| (0, if question.kinds.is_empty() { 0 } else { MANY }));
        State { alive, narrowed, counts: counts.collect(), forced: Vec::new(), orders: Vec::new(), points: Vec::new() }
    }

    /// Whether any cell of the field was left out.
    pub(super) fn is_narrowed(&self, field: FieldId) -> bool {
        self.narrowed[field.index()]
    }

    /// Which cells of a field may be.
    pub(super) fn alive<'s>(&'s self, space: &Space<'_>, field: FieldId) -> &'s [bool] {
        &self.alive[space.offsets[field.index()]..space.offsets[field.index() + 1]]
    }

    /// Whether the field may be known.
    pub(super) fn may_be_known(&self, space: &Space<'_>, field: FieldId) -> bool {
        self.alive(space, field).iter().skip(1).any(|alive| *alive)
    }

    /// Leaves only those cells of a field that `keep` holds for; false when none is left.
    pub(super) fn keep(&mut self, space: &Space<'_>, field: FieldId, keep: impl Fn(usize) -> bool) -> bool {
        let start = space.offsets[field.index()];
        let mut any = false;
        for cell in 0..space.count(field) {
            let alive = &mut self.alive[start + cell];
            *alive &= keep(cell);
            any |= *alive;
        }
        self.narrowed[field.index()] = true;
        any
    }

    /// What was assumed of a condition.
    pub(super) fn forced(&self, expr: ExprId) -> Option<Tris> {
        self.forced.iter().find(|(forced, _)| *forced == expr).map(|(_, tris)| *tris)
    }

    /// Assumes that so many events count for a question; false when that cannot be.
    pub(super) fn count(&mut self, space: &Space<'_>, query: QueryId, least: u32, most: u32) -> bool {
        let events = &space.events;
        let mut open = vec![(query.index(), least, most)];
        while let Some((place, least, most)) = open.pop() {
            let (low, high) = self.counts[place];
            let next = (low.max(least), high.min(most));
            if next.0 > next.1 {
                return false;
            }
            if next == (low, high) {
                continue;
            }
            self.counts[place] = next;
            open.extend(events.questions[place].above.iter().map(|above| (*above, next.0, MANY)));
            open.extend(events.questions[place].below.iter().map(|below| (*below, 0, next.1)));
        }
        self.counts_can_be(space)
    }

    /// Whether each question that needs events has a kind of event that no question forbids.
    fn counts_can_be(&self, space: &Space<'_>) -> bool {
        let mut banned = Bits::none(self.counts.len());
        for (place, (_, most)) in self.counts.iter().enumerate() {
            if *most == 0 {
                banned.set(place);
            }
        }
        let questions = &space.events.questions;
        self.counts
            .iter()
            .enumerate()
            .filter(|(_, (least, _))| *least > 0)
            .all(|(place, _)| questions[place].kinds.iter().any(|kind| !space.events.kinds[*kind].must.meets(&banned)))
    }
}
