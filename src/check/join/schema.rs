//! The data of two policies as one: fields that are read alike are one field.

use super::{Join, Side};
use crate::check::hir::Program;
use crate::check::keys::Keys;
use crate::model::{DomainId, EventType, EventTypeId, Field, FieldId, Scalar, Type};

impl Join<'_> {
    /// The fields and event types of one of the policies.
    pub(super) fn schema(&mut self, program: &Program, keys: &Keys<'_>, side: &mut Side) {
        for (place, domain) in program.schema.domains.iter().enumerate() {
            let key = keys.domain(DomainId(place as u16), true);
            let domains = &mut self.out.schema.domains;
            let id = *self.shared.domains.entry(key).or_insert_with(|| {
                domains.push(domain.clone());
                DomainId(domains.len() as u16 - 1)
            });
            side.domains.push(id);
        }
        for field in &program.schema.fields {
            let key = keys.field_of(field);
            let fields = &mut self.out.schema.fields;
            let id = *self.shared.fields.entry(key).or_insert_with(|| {
                fields.push(plain(field, &side.domains));
                FieldId(fields.len() as u16 - 1)
            });
            let joint = &mut fields[id.index()];
            joint.key |= field.key;
            joint.required |= field.required;
            joint.used |= field.used;
            side.fields.push(id);
        }
        for event in &program.schema.events {
            let events = &mut self.out.schema.events;
            let place = events.iter().position(|other| other.from == event.from).unwrap_or_else(|| {
                events.push(EventType { fields: Vec::new(), used: false, ..event.clone() });
                self.shared.event_fields.push(Vec::new());
                events.len() - 1
            });
            let (joint, known) = (&mut events[place], &mut self.shared.event_fields[place]);
            joint.used |= event.used;
            let mut places = Vec::new();
            for field in &event.fields {
                let key = keys.field_of(field);
                let at = known.iter().position(|other| *other == key).unwrap_or_else(|| {
                    joint.fields.push(plain(field, &side.domains));
                    known.push(key);
                    known.len() - 1
                });
                joint.fields[at].used |= field.used;
                places.push(at as u16);
            }
            side.events.push((EventTypeId(place as u16), places));
        }
    }

    /// A type of one of the policies in the joint one.
    pub(super) fn ty(&self, ty: Type, side: &Side) -> Type {
        joint_type(ty, &side.domains)
    }
}

fn joint_type(ty: Type, domains: &[DomainId]) -> Type {
    let scalar = |scalar: Scalar| match scalar {
        Scalar::Choice(domain) => Scalar::Choice(domains[domain.index()]),
        scalar => scalar,
    };
    match ty {
        Type::One(one) => Type::One(scalar(one)),
        Type::List(one) => Type::List(scalar(one)),
    }
}

/// A field without what only its own policy can say of it.
fn plain(field: &Field, domains: &[DomainId]) -> Field {
    let ty = joint_type(field.ty, domains);
    Field { ty, key: false, required: false, used: false, known_from: None, fixed: false, ..field.clone() }
}
