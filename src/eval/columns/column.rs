//! Values of some leads, one below the other.

use super::mask::{self, Mask, Tris};
use crate::model::{Tri, Value};
use bumpalo::Bump;

/// The values of an expression, a value a lead.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// The same for all.
    Same(Value<'a>),
    /// Conditions.
    Tris(Tris<'a>),
    /// Whole numbers of one kind and unit; known where `known` has a bit, else 0.
    Whole {
        /// What they are.
        kind: Kind,
        /// By lead.
        values: &'a [i64],
        /// Of the known.
        known: Mask<'a>,
    },
    /// Any values.
    Any(&'a [Value<'a>]),
}

/// What a whole number stands for: the variants of [`Value`] that are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Numbers, in millionths.
    Number,
    /// Money, in ten-thousandths.
    Money,
    /// Days.
    Date,
    /// Instants.
    Time,
    /// Listed texts.
    Choice,
}

impl Kind {
    /// A number as a value.
    #[inline(always)]
    pub fn value(self, raw: i64) -> Value<'static> {
        match self {
            Kind::Int => Value::Int(raw),
            Kind::Number => Value::Number(raw),
            Kind::Money => Value::Money(raw),
            Kind::Date => Value::Date(raw as i32),
            Kind::Time => Value::Time(raw),
            Kind::Choice => Value::Choice(raw as u16),
        }
    }

    /// A value as a number.
    #[inline(always)]
    pub fn of(value: Value<'_>) -> Option<(Kind, i64)> {
        Some(match value {
            Value::Int(raw) => (Kind::Int, raw),
            Value::Number(raw) => (Kind::Number, raw),
            Value::Money(raw) => (Kind::Money, raw),
            Value::Date(raw) => (Kind::Date, i64::from(raw)),
            Value::Time(raw) => (Kind::Time, raw),
            Value::Choice(raw) => (Kind::Choice, i64::from(raw)),
            _ => return None,
        })
    }
}

impl<'a> Values<'a> {
    /// The value of a lead.
    #[inline(always)]
    pub fn get(&self, lead: usize) -> Value<'a> {
        match self {
            Values::Same(value) => *value,
            Values::Tris(tris) => tris.value(lead),
            Values::Whole { kind, values, known } if mask::bit(known, lead) => {
                values.get(lead).map_or(Value::Missing, |raw| kind.value(*raw))
            }
            Values::Whole { .. } => Value::Missing,
            Values::Any(values) => values.get(lead).copied().unwrap_or(Value::Missing),
        }
    }

    /// As conditions: anything but a bool is unknown.
    pub fn tris(&self, leads: usize, arena: &'a Bump) -> Tris<'a> {
        match self {
            Values::Tris(tris) => *tris,
            Values::Same(value) => Tris::all(value.tri(), leads, arena),
            Values::Whole { .. } => Tris::all(Tri::Unknown, leads, arena),
            Values::Any(values) => {
                Tris::each(leads, arena, |lead| values.get(lead).map_or(Tri::Unknown, |value| value.tri()))
            }
        }
    }

    /// The leads whose value is known.
    pub fn is_known(&self, leads: usize, arena: &'a Bump) -> Mask<'a> {
        match self {
            Values::Tris(tris) => tris.is_known(arena),
            Values::Whole { known, .. } => known,
            Values::Same(value) => mask::each(leads, arena, |_| !value.is_missing()),
            Values::Any(values) => mask::of(values, arena, |value| !value.is_missing()),
        }
    }

    /// Values as they come; whole numbers where all are of one kind.
    pub fn new(values: &'a [Value<'a>], arena: &'a Bump) -> Values<'a> {
        let Some(first) = values.iter().find(|value| !value.is_missing()) else { return Values::Same(Value::Missing) };
        if let Value::Bool(_) = first {
            return Values::Tris(Tris::each(values.len(), arena, |lead| {
                values.get(lead).map_or(Tri::Unknown, |value| value.tri())
            }));
        }
        let Some((kind, _)) = Kind::of(*first) else { return Values::Any(values) };
        Values::whole(kind, values.len(), arena, values.iter().copied()).unwrap_or(Values::Any(values))
    }

    /// Whole numbers of one kind; none where some value is of another.
    #[inline(always)]
    pub fn whole(
        kind: Kind,
        leads: usize,
        arena: &'a Bump,
        values: impl Iterator<Item = Value<'a>>,
    ) -> Option<Values<'a>> {
        let raws = arena.alloc_slice_fill_copy(leads, 0i64);
        let known = arena.alloc_slice_fill_copy(mask::words(leads), 0u64);
        for (place, (slot, value)) in raws.iter_mut().zip(values).enumerate() {
            match Kind::of(value) {
                Some((found, raw)) if found == kind => {
                    *slot = raw;
                    if let Some(word) = known.get_mut(place / 64) {
                        *word |= 1 << (place % 64);
                    }
                }
                None if value.is_missing() => {}
                _ => return None,
            }
        }
        Some(Values::Whole { kind, values: raws, known })
    }
}
