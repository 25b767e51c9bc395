//! Cells that are worked out when they are asked for: of a field whose texts have many patterns that takes a while, and
//! who asks about one lead needs few.

use super::collect::{Facts, Target, collect};
use super::{Effort, FieldCells, field_cells};
use crate::check::hir::Program;
use crate::model::time::AsOf;
use crate::model::{EventTypeId, FieldId};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The cells of all fields of leads and events, each worked out at the first look.
#[derive(Debug)]
pub struct LazyCells<'p> {
    program: &'p Program,
    as_of: AsOf,
    effort: Effort,
    facts: BTreeMap<Target, Facts<'p>>,
    none: Facts<'p>,
    lead: Vec<OnceLock<FieldCells>>,
    events: BTreeMap<(EventTypeId, u16), OnceLock<FieldCells>>,
}

impl<'p> LazyCells<'p> {
    /// The cells of a policy at an as-of: the edges of ages and windows are instants that the as-of decides.
    pub fn of(program: &'p Program, as_of: &AsOf, effort: Effort) -> LazyCells<'p> {
        let types = program.schema.events.iter().enumerate();
        let fields = types.flat_map(|(ty, event)| {
            (0..event.fields.len()).map(move |place| ((EventTypeId(ty as u16), place as u16), OnceLock::new()))
        });
        LazyCells {
            program,
            as_of: as_of.clone(),
            effort,
            facts: collect(program),
            none: Facts::default(),
            lead: program.schema.fields.iter().map(|_| OnceLock::new()).collect(),
            events: fields.collect(),
        }
    }

    /// The cells of a lead's field.
    pub fn field(&self, field: FieldId) -> &FieldCells {
        let ty = self.program.schema.field(field).ty;
        self.lead[field.index()].get_or_init(|| {
            let facts = self.facts.get(&Target::Lead(field)).unwrap_or(&self.none);
            field_cells(self.program, &self.as_of, ty, facts, self.effort)
        })
    }

    /// The cells of an event's field, by its place in the type's fields.
    pub fn event_field(&self, ty: EventTypeId, place: u16) -> Option<&FieldCells> {
        let cells = self.events.get(&(ty, place))?;
        let declared = self.program.schema.event(ty).fields.get(usize::from(place))?.ty;
        Some(cells.get_or_init(|| {
            let facts = self.facts.get(&Target::Event(ty, place)).unwrap_or(&self.none);
            field_cells(self.program, &self.as_of, declared, facts, self.effort)
        }))
    }
}
