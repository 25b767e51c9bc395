//! Which parts of the data a policy reads.

use super::keys::Keys;
use super::shape::{Place, Shape};
use crate::check::hir::{EventTypes, Program};
use crate::model::convert::Way;
use crate::model::time::Zone;
use crate::model::{EventTypeId, Field, FieldPath, Schema};

/// Which events a policy reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsRead {
    /// None: lists of events are passed over.
    None,
    /// Those whose type is [used](crate::model::EventType::used); the others are passed over, readable or not.
    Used,
    /// All, those of undeclared types too, because the policy counts `event` itself.
    All,
}

impl EventsRead {
    /// Which events a program reads.
    pub fn of(program: &Program) -> EventsRead {
        if program.queries.iter().any(|query| query.types == EventTypes::All) {
            EventsRead::All
        } else if program.reads_events {
            EventsRead::Used
        } else {
            EventsRead::None
        }
    }
}

/// What to read of the data: fields that are [used](Field::used), the key, required fields; of events only the fields
/// of types that are read.
#[derive(Clone, Debug)]
pub struct Plan<'s> {
    pub(super) schema: &'s Schema,
    pub(super) zone: &'s Zone,
    pub(super) reads: EventsRead,
    /// By type plus one (0: undeclared ones): older events are left out; empty: none are.
    pub(super) oldest: Vec<i64>,
    /// A lead with its events inside.
    pub(super) lead: Shape,
    pub(super) key: Option<Place>,
    /// How the key is read.
    pub(super) key_way: Way,
    /// The fields to read but the key.
    pub(super) fields: Vec<Reading>,
    /// Events inside leads.
    pub(super) inside: EventPlan,
    /// Events of a second file.
    pub(super) file: EventPlan,
}

/// A field to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// The place among the fields of the lead or of the event type.
    pub field: usize,
    pub place: Place,
    pub way: Way,
}

/// What to read of an event.
#[derive(Clone, Debug)]
pub(super) struct EventPlan {
    pub shape: Shape,
    pub ty: Place,
    pub at: Place,
    /// The lead's key, in a second file.
    pub lead: Option<Place>,
    /// Types by their spelling in the data; places in `types`.
    pub spellings: Keys,
    pub types: Vec<TypePlan>,
    /// The most fields that a type has.
    pub width: usize,
}

/// What to read of an event of a type.
#[derive(Clone, Debug)]
pub(super) struct TypePlan {
    pub id: EventTypeId,
    pub read: bool,
    pub width: usize,
    pub fields: Vec<Reading>,
}

impl<'s> Plan<'s> {
    /// The plan of a checked policy.
    pub fn new(schema: &'s Schema, zone: &'s Zone, events: EventsRead) -> Plan<'s> {
        let mut lead = Shape::new();
        let key = schema.key.map(|id| lead.field(&schema.field(id).from));
        let read = |field: &Field| field.used || field.required;
        let fields = readings(&mut lead, &schema.fields, |place, field| {
            read(field) && schema.key.is_none_or(|key| key.index() != place)
        });
        if events != EventsRead::None {
            lead.list(&schema.event_source.inside);
        }
        let by_key = schema.event_source.lead.clone().or_else(|| schema.key.map(|id| schema.field(id).from.clone()));
        Plan {
            schema,
            zone,
            reads: events,
            oldest: Vec::new(),
            lead: lead.finish(),
            key,
            key_way: schema.key.map_or(Way::Any, |id| Way::of(schema.field(id))),
            fields,
            inside: EventPlan::new(schema, events, None),
            file: EventPlan::new(schema, events, by_key.as_ref()),
        }
    }

    /// Leaves out the events that are older than what is said of their type (none: of undeclared ones), once their time
    /// is known: their fields are not read, nor is reported what is wrong with these. The latest instant of all leaves
    /// the type out.
    pub fn since(mut self, oldest: impl Fn(Option<EventTypeId>) -> i64) -> Plan<'s> {
        let types = (0..self.schema.events.len()).map(|ty| Some(EventTypeId(ty as u16)));
        self.oldest = std::iter::once(None).chain(types).map(oldest).collect();
        self
    }

    /// The same of which only the leads' keys are read.
    pub fn keys_alone(&self) -> Plan<'s> {
        let mut lead = Shape::new();
        let key = self.schema.key.map(|id| lead.field(&self.schema.field(id).from));
        Plan { reads: EventsRead::None, lead: lead.finish(), key, fields: Vec::new(), ..self.clone() }
    }

    /// Older events of a type are left out.
    pub(super) fn oldest_of(&self, ty: Option<EventTypeId>) -> i64 {
        self.oldest.get(ty.map_or(0, |ty| ty.index() + 1)).copied().unwrap_or(i64::MIN)
    }

    /// By place among the types of events inside leads, and last for undeclared ones: older events are left out; the
    /// latest instant of all where none is read.
    pub(super) fn oldest_inside(&self) -> Vec<i64> {
        let declared = self.inside.types.iter().map(|ty| (ty.read, Some(ty.id)));
        let all = declared.chain([(self.reads == EventsRead::All, None)]);
        all.map(|(read, ty)| if read { self.oldest_of(ty) } else { i64::MAX }).collect()
    }

    /// Whether an event of a type is too old to be read.
    #[inline(always)]
    pub(super) fn too_old(&self, ty: Option<EventTypeId>, at: i64) -> bool {
        self.oldest.get(ty.map_or(0, |ty| ty.index() + 1)).is_some_and(|oldest| at < *oldest)
    }

    /// Which events are read.
    pub fn events(&self) -> EventsRead {
        self.reads
    }

    /// What is read of events inside leads, if any are.
    pub(super) fn events_inside(&self) -> Option<&Shape> {
        (self.reads != EventsRead::None).then_some(&self.inside.shape)
    }

    /// The column or key of a second file that holds the lead's key; none when the policy has no key.
    pub fn event_key(&self) -> Option<&FieldPath> {
        let key = self.schema.key.map(|id| &self.schema.field(id).from);
        key.map(|key| self.schema.event_source.lead.as_ref().unwrap_or(key))
    }
}

fn readings(shape: &mut Shape, fields: &[Field], read: impl Fn(usize, &Field) -> bool) -> Vec<Reading> {
    let read = fields.iter().enumerate().filter(|(place, field)| read(*place, field));
    read.map(|(place, field)| Reading { field: place, place: shape.field(&field.from), way: Way::of(field) }).collect()
}

impl EventPlan {
    /// The slot of the type, by which an event's kind is told.
    pub fn kind_slot(&self) -> usize {
        self.ty.slots().0
    }

    /// The slot of the instant, if no field is read from it.
    pub fn time_slot(&self) -> Option<usize> {
        let slot = self.at.slots().0;
        let fields = self.types.iter().flat_map(|ty| &ty.fields).map(|reading| reading.place);
        let taken = fields.chain([self.ty]).chain(self.lead).any(|place| place.slots().0 == slot);
        (!taken).then_some(slot)
    }

    fn new(schema: &Schema, reads: EventsRead, lead: Option<&FieldPath>) -> EventPlan {
        let source = &schema.event_source;
        let mut shape = Shape::new();
        let lead = lead.map(|path| shape.field(path));
        let ty = shape.field(&source.ty);
        let at = shape.field(&source.at);
        let types: Vec<TypePlan> = schema
            .events
            .iter()
            .enumerate()
            .map(|(place, ty)| {
                let read = reads == EventsRead::All || (reads == EventsRead::Used && ty.used);
                let fields = readings(&mut shape, &ty.fields, |_, field| read && field.used);
                TypePlan { id: EventTypeId(place as u16), read, width: ty.fields.len(), fields }
            })
            .collect();
        EventPlan {
            shape: shape.finish(),
            ty,
            at,
            lead,
            spellings: Keys::new(schema.events.iter().map(|ty| ty.from.as_str())),
            width: types.iter().map(|ty| ty.width).max().unwrap_or(0),
            types,
        }
    }
}
