//! Leaving out of a witness what it does not need.

use super::goal::Goal;
use super::search::confirmed;
use super::space::Space;
use super::witness::Witness;
use crate::model::Literal;

/// Leaves out known fields, events and fields of events as long as the goal is reached.
pub(super) fn simplest<'p>(space: &Space<'p>, goal: &Goal<'p>, witness: Witness) -> Witness {
    let mut best = witness;
    let without = |best: &mut Witness, change: &dyn Fn(&mut Witness)| {
        let mut other = best.clone();
        change(&mut other);
        let simpler = other != *best && confirmed(space, goal, &other);
        if simpler {
            *best = other;
        }
        simpler
    };
    without(&mut best, &|witness| witness.events.clear());
    // Ever smaller runs of events.
    let mut size = best.events.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < best.events.len() {
            let to = (from + size).min(best.events.len());
            if !without(&mut best, &|witness| drop(witness.events.drain(from..to))) {
                from += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    for (field, declared) in space.program.schema.fields.iter().enumerate() {
        // A record without it is rejected.
        if declared.required {
            continue;
        }
        without(&mut best, &|witness| witness.fields[field] = Literal::Missing);
    }
    let most = best.events.iter().map(|event| event.fields.len()).max().unwrap_or(0);
    for field in 0..most {
        without(&mut best, &|witness| {
            for event in &mut witness.events {
                if let Some(value) = event.fields.get_mut(field) {
                    *value = Literal::Missing;
                }
            }
        });
    }
    best
}
