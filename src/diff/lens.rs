//! A lead that was read once, as each policy reads it.

use crate::check::hir::Program;
use crate::check::keys::{Keys, Meanings};
use crate::model::{Event, EventTypeId, Lead, Value};
use bumpalo::Bump;

/// How a policy sees leads that were read for the joint one.
#[derive(Debug)]
pub(super) struct Lens {
    /// By the policy's field: the joint one.
    fields: Vec<usize>,
    /// By joint event type: the policy's, and its fields' places in the joint one.
    types: Vec<Option<(EventTypeId, Vec<usize>)>>,
    /// Whether both are the same.
    plain: bool,
    /// The policy's fields that every lead must have.
    needed: Vec<usize>,
}

impl Lens {
    /// For a policy all of whose data the joint one reads; none otherwise.
    pub(super) fn new(joint: &Program, program: &Program, meanings: &Meanings) -> Option<Lens> {
        let (joint_keys, keys) = (Keys::new(joint, meanings), Keys::new(program, meanings));
        let known: Vec<_> = joint.schema.fields.iter().map(|field| joint_keys.field_of(field)).collect();
        let find = |field| known.iter().position(|other| *other == keys.field_of(field));
        let fields: Vec<usize> = program.schema.fields.iter().map(find).collect::<Option<_>>()?;
        let mut types = vec![None; joint.schema.events.len()];
        for (place, event) in program.schema.events.iter().enumerate() {
            let at = joint.schema.events.iter().position(|other| other.from == event.from)?;
            let known: Vec<_> = joint.schema.events[at].fields.iter().map(|field| joint_keys.field_of(field)).collect();
            let find = |field| known.iter().position(|other| *other == keys.field_of(field));
            let places: Vec<usize> = event.fields.iter().map(find).collect::<Option<_>>()?;
            types[at] = Some((EventTypeId(place as u16), places));
        }
        let in_order = |places: &[usize]| places.iter().enumerate().all(|(place, other)| place == *other);
        let plain = fields.len() == joint.schema.fields.len()
            && in_order(&fields)
            && types.iter().enumerate().all(|(at, own)| {
                own.as_ref().is_some_and(|(ty, places)| {
                    ty.index() == at && places.len() == joint.schema.events[at].fields.len() && in_order(places)
                })
            });
        let needed = program.schema.fields.iter().enumerate().filter(|(_, field)| field.required);
        let needed = needed.map(|(place, _)| fields[place]).collect();
        Some(Lens { fields, types, plain, needed })
    }

    /// Whether the policy rejects a lead: a field that it must have is missing.
    pub(super) fn rejects(&self, lead: &Lead<'_>) -> bool {
        self.needed.iter().any(|field| lead.fields.get(*field).is_none_or(Value::is_missing))
    }

    /// The lead as the policy reads it.
    pub(super) fn lead<'a>(&self, lead: &Lead<'a>, arena: &'a Bump) -> Lead<'a> {
        if self.plain {
            return *lead;
        }
        let value = |values: &[Value<'a>], place: usize| values.get(place).copied().unwrap_or(Value::Missing);
        let fields = arena.alloc_slice_fill_iter(self.fields.iter().map(|field| value(lead.fields, *field)));
        let events = arena.alloc_slice_fill_iter(lead.events.iter().map(|event| {
            match event.ty.and_then(|ty| self.types.get(ty.index())).and_then(Option::as_ref) {
                Some((ty, places)) => {
                    let fields = arena.alloc_slice_fill_iter(places.iter().map(|place| value(event.fields, *place)));
                    Event { ty: Some(*ty), fields, ..*event }
                }
                None => Event { ty: None, fields: &[], ..*event },
            }
        }));
        Lead { key: lead.key, fields, events }
    }
}
