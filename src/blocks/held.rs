//! Counting the events of a second file where a store holds them.

use crate::data::{Cursor, EventStore, Plan};
use crate::eval::{Counts, Evaluator, Leads, Memo};
use crate::model::Event;
use bumpalo::Bump;

/// Counts the events that a second file has of leads; the cursor is where those of the first are expected.
pub fn count_held<'b>(
    keys: &[&str],
    leads: Leads<'b>,
    (events, cursor): (&'b EventStore, &mut Cursor),
    plan: &Plan<'_>,
    evaluator: &'b Evaluator<'b>,
    memo: &mut Memo,
    arena: &'b Bump,
) -> Counts<'b> {
    let mut counts = evaluator.counts(leads.len(), arena);
    evaluator.ask(leads, memo, arena, &mut |asking| {
        for (number, key) in keys.iter().enumerate() {
            let held = events.held(key, cursor, plan, arena);
            for place in (0..held.len()).rev() {
                let Some((ty, at)) = held.at(place) else { continue };
                let mut event: Option<&'b Event<'b>> = None;
                counts.add(evaluator, number, ty, at, &mut |condition, _| {
                    if event.is_none() {
                        event = held.event(place, plan, arena).map(|event| &*arena.alloc(event));
                    }
                    event.is_some_and(|event| asking.holds(number, event, condition))
                });
            }
        }
    });
    counts
}
