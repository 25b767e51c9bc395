//! Events as a store holds them: typed values, each text once.

use super::EventStore;
use crate::data::events::Decoded;
use crate::data::plan::Plan;
use crate::model::{Event, EventTypeId, Value};
use bumpalo::Bump;

/// An event as a store holds it.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    pub(super) at: i64,
    pub(super) lead: u32,
    index: u32,
    spelling: u32,
    /// Where its values begin: one for each field of its type that is read.
    values: u32,
    pub(super) ty: Option<EventTypeId>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Packed {
    Plain(Small),
    Text(u32),
    /// Where its values begin, and how many they are.
    List(u32, u32),
}

/// A value without text in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Small {
    Missing,
    Bool(bool),
    Int(i64),
    Number(i64),
    Money(i64),
    Date(i32),
    Time(i64),
    Choice(u16),
}

/// Most types have no more fields that are read.
const FEW: usize = 4;

impl EventStore {
    /// Keeps an event; whether there is room for its number.
    #[inline]
    pub(in crate::data) fn add(&mut self, event: &Decoded<'_>, lead: u32, index: u32, plan: &Plan<'_>) -> bool {
        let Decoded { at, ty, spelling, fields } = *event;
        if self.events.len() >= u32::MAX as usize || self.values.len() >= (u32::MAX / 2) as usize {
            return false;
        }
        let readings = ty.and_then(|ty| plan.file.types.get(ty.index()));
        let readings = readings.map_or(&[][..], |ty| &ty.fields);
        let values = if readings.is_empty() {
            self.values.len() as u32
        } else {
            let read = |place: usize| fields.get(place).copied().unwrap_or(Value::Missing);
            // Lists put their entries among the values: they go first.
            let mut packed = [Packed::Plain(Small::Missing); FEW];
            if readings.len() <= FEW {
                for (slot, reading) in packed.iter_mut().zip(readings) {
                    *slot = self.pack(read(reading.field));
                }
                let values = self.values.len() as u32;
                self.values.extend(packed.iter().take(readings.len()));
                values
            } else {
                let packed: Vec<Packed> = readings.iter().map(|reading| self.pack(read(reading.field))).collect();
                let values = self.values.len() as u32;
                self.values.extend(packed);
                values
            }
        };
        let declared = ty.and_then(|ty| self.spellings.get(ty.index())).copied();
        let spelling = declared.unwrap_or_else(|| self.texts.add(spelling));
        self.events.push(Stored { at, lead, index, spelling, values, ty });
        true
    }

    pub(in crate::data) fn event<'a>(&'a self, event: &Stored, plan: &Plan<'_>, bump: &'a Bump) -> Event<'a> {
        let fields: &mut [Value<'a>] = match event.ty.and_then(|ty| plan.file.types.get(ty.index())) {
            Some(ty) if ty.width > 0 => {
                let fields = bump.alloc_slice_fill_copy(ty.width, Value::Missing);
                for (place, reading) in ty.fields.iter().enumerate() {
                    let value = self.values.get(event.values as usize + place);
                    if let (Some(field), Some(value)) = (fields.get_mut(reading.field), value) {
                        *field = self.value(*value, bump);
                    }
                }
                fields
            }
            _ => &mut [],
        };
        Event { at: event.at, ty: event.ty, spelling: self.texts.get(event.spelling), fields, index: event.index }
    }

    fn value<'a>(&'a self, packed: Packed, bump: &'a Bump) -> Value<'a> {
        match packed {
            Packed::Text(text) => Value::Text(self.texts.get(text)),
            Packed::List(from, count) => {
                let values = self.values.get(from as usize..(from + count) as usize).unwrap_or_default();
                Value::List(bump.alloc_slice_fill_iter(values.iter().map(|value| self.value(*value, bump))))
            }
            Packed::Plain(small) => match small {
                Small::Missing => Value::Missing,
                Small::Bool(value) => Value::Bool(value),
                Small::Int(value) => Value::Int(value),
                Small::Number(value) => Value::Number(value),
                Small::Money(value) => Value::Money(value),
                Small::Date(value) => Value::Date(value),
                Small::Time(value) => Value::Time(value),
                Small::Choice(value) => Value::Choice(value),
            },
        }
    }

    fn pack(&mut self, value: Value<'_>) -> Packed {
        let small = match value {
            Value::Text(text) => return Packed::Text(self.texts.add(text)),
            Value::List(values) => {
                let packed: Vec<Packed> = values.iter().map(|value| self.pack(*value)).collect();
                let from = self.values.len() as u32;
                self.values.extend(packed);
                return Packed::List(from, values.len() as u32);
            }
            Value::Missing => Small::Missing,
            Value::Bool(value) => Small::Bool(value),
            Value::Int(value) => Small::Int(value),
            Value::Number(value) => Small::Number(value),
            Value::Money(value) => Small::Money(value),
            Value::Date(value) => Small::Date(value),
            Value::Time(value) => Small::Time(value),
            Value::Choice(value) => Small::Choice(value),
        };
        Packed::Plain(small)
    }

    /// Puts the events into the order of the leads, then of time.
    pub(super) fn sort(&mut self) {
        let order = |event: &Stored| (event.lead, event.at, event.index);
        if self.events.is_sorted_by_key(|event| event.lead) {
            // Nearly all leads have their events in order.
            for of_lead in self.events.chunk_by_mut(|a, b| a.lead == b.lead) {
                if !of_lead.is_sorted_by_key(order) {
                    of_lead.sort_unstable_by_key(order);
                }
            }
        } else {
            self.events.sort_unstable_by_key(order);
        }
    }
}
