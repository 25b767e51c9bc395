//! Leaving out of a witness what it does not need.

use super::cells::literal;
use super::goal::Goal;
use super::search::confirmed;
use super::space::Space;
use super::witness::Witness;
use crate::model::number::{MONEY_SCALE, NUMBER_SCALE};
use crate::model::{FieldId, Literal, Scalar, Type};

/// Leaves out known fields, events and fields of events as long as the goal is reached.
pub(super) fn simplest<'p>(space: &Space<'p>, goal: &Goal<'p>, witness: Witness) -> Witness {
    let cone = goal.cone(space.program);
    let mut best = witness;
    let without = |best: &mut Witness, change: &dyn Fn(&mut Witness)| {
        let mut other = best.clone();
        change(&mut other);
        let simpler = other != *best && confirmed(space, goal, &cone, &other);
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
    for (field, declared) in space.program.schema.fields.iter().enumerate() {
        plainer(space, &mut best, FieldId(field as u16), declared.ty, &mut |witness| {
            confirmed(space, goal, &cone, witness)
        });
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

/// Puts a plainer number in the place of a number: one that people may have written.
fn plainer(space: &Space<'_>, best: &mut Witness, field: FieldId, ty: Type, reaches: &mut dyn FnMut(&Witness) -> bool) {
    let size = |literal: &Literal| match literal {
        Literal::Int(value) => Some(value.unsigned_abs()),
        Literal::Number(value) | Literal::Money(value) => Some(value.unsigned_abs()),
        _ => None,
    };
    let Some(now) = size(&best.fields[field.index()]) else { return };
    let Type::One(scalar) = ty else { return };
    let one = match scalar {
        Scalar::Int => 1,
        Scalar::Number => NUMBER_SCALE,
        _ => MONEY_SCALE,
    };
    let round = [0, 1, -1, 10, -10, 100, -100, 1_000, -1_000, 1_000_000, -1_000_000].map(|value| value * one);
    let mut values: Vec<Literal> = round.into_iter().map(|value| literal(scalar, value)).collect();
    values.extend(space.cells.field(field).cells.iter().map(|cell| cell.value.clone()).take(60));
    values.retain(|value| size(value).is_some_and(|size| size < now));
    values.sort_by_key(|value| size(value));
    for value in values {
        let mut other = best.clone();
        other.fields[field.index()] = value;
        if reaches(&other) {
            *best = other;
            return;
        }
    }
}
