//! Event types, groups of them, and what names mean in `where ( )`.

use super::checker::Checker;
use super::errors;
use super::fields::FieldsOf;
use super::hir::EventTypes;
use super::names::Entity;
use super::{Reported, Result};
use crate::base::Span;
use crate::model::{EventType, EventTypeId, FieldPath, Sentinels, Type};
use crate::syntax::ast;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Several types under one name.
pub(super) struct EventGroup {
    pub types: Vec<EventTypeId>,
    /// Whether a member was wrong: then its fields are not known for sure.
    pub broken: bool,
}

/// A field that a `where ( )` can name.
#[derive(Clone)]
pub(super) struct ScopeField {
    pub name: String,
    pub ty: Type,
    /// Its place in each type that has it.
    pub places: Vec<(EventTypeId, u16)>,
}

/// What names mean in `where ( )`.
pub(super) struct EventScope {
    /// As written: `page_viewed`, `event`.
    pub name: String,
    pub types: EventTypes,
    pub fields: Vec<ScopeField>,
    /// Dotted names that are no field but are not unknown either: their type is wrong, and that is reported.
    pub broken: HashSet<String>,
    pub records: HashSet<String>,
    /// Whether nothing is known of the fields: a member of the group is wrong.
    pub open: bool,
}

impl<'a> Checker<'a> {
    /// Declares event types and their fields, then groups.
    pub fn events(&mut self) {
        let mut spellings: HashMap<String, (String, Span)> = HashMap::new();
        for place in 0..self.items.events.len() {
            let item = &self.items.events[place];
            let (name, label, from, fields) = (item.name, item.label.clone(), item.from, item.fields);
            let id = EventTypeId(self.slot(self.schema.events.len(), name.span));
            self.declare(name, Entity::Event(id));
            let flat = self.fields(fields, FieldsOf::Event, Sentinels::default());
            let spelling = from.map_or(&name.value, |from| &from.value);
            let span = from.map_or(name.span, |from| from.span);
            match spellings.get(spelling) {
                Some((other, first)) if *other != name.value => {
                    let error = errors::duplicate_spelling(spelling, other, *first, span);
                    self.report(error);
                }
                Some(_) => {}
                None => {
                    spellings.insert(spelling.clone(), (name.value.clone(), span));
                }
            }
            self.event_records.push((flat.records, flat.broken));
            self.schema.events.push(EventType {
                name: name.value.clone(),
                label,
                from: spelling.clone(),
                fields: flat.fields,
                used: false,
                span: name.span,
            });
        }
        for place in 0..self.items.groups.len() {
            self.declare(self.items.groups[place].name, Entity::EventGroup(place));
        }
        for place in 0..self.items.groups.len() {
            self.group(self.items.groups[place].of);
        }
        self.event_source();
    }

    fn group(&mut self, of: &[ast::Name]) {
        let mut group = EventGroup { types: Vec::new(), broken: false };
        self.unique(of);
        for name in of {
            match self.names.get(&name.value) {
                Some(Entity::Event(id)) => {
                    if !group.types.contains(&id) {
                        group.types.push(id);
                    }
                }
                Some(Entity::EventGroup(_)) => {
                    group.broken = true;
                    self.report(errors::group_in_group(&name.value, name.span));
                }
                _ => {
                    group.broken = true;
                    self.unknown_event(name);
                }
            }
        }
        self.groups.push(group);
    }

    fn event_source(&mut self) {
        let Some(clauses) = self.items.events_block else { return };
        let mut seen: HashMap<&'static str, Span> = HashMap::new();
        for clause in clauses {
            let (word, text) = match clause {
                ast::EventsClause::In(text) => ("in", text),
                ast::EventsClause::Type(text) => ("type", text),
                ast::EventsClause::At(text) => ("at", text),
                ast::EventsClause::Lead(text) => ("lead", text),
            };
            if let Some(first) = seen.insert(word, text.span) {
                self.report(errors::duplicate_clause(word, first, text.span));
                continue;
            }
            let path = FieldPath::new(&text.value);
            let source = &mut self.schema.event_source;
            match clause {
                ast::EventsClause::In(_) => source.inside = path,
                ast::EventsClause::Type(_) => source.ty = path,
                ast::EventsClause::At(_) => source.at = path,
                ast::EventsClause::Lead(_) => source.lead = Some(path),
            }
        }
    }

    /// The events that a name means, and their fields.
    pub fn event_scope(&mut self, name: &ast::Name) -> Result<Rc<EventScope>> {
        if let Some(scope) = self.scopes.get(&name.value) {
            return Ok(scope.clone());
        }
        let scope = if name.value == "event" {
            self.scope_of(EventTypes::All, "event", false)
        } else {
            match self.names.get(&name.value) {
                Some(Entity::Event(id)) => self.scope_of(EventTypes::One(id), &name.value, false),
                Some(Entity::EventGroup(place)) => {
                    let group = &self.groups[place];
                    self.scope_of(EventTypes::Any(group.types.clone()), &name.value, group.broken)
                }
                _ => return Err(self.unknown_event(name)),
            }
        };
        let scope = Rc::new(scope);
        self.scopes.insert(name.value.clone(), scope.clone());
        Ok(scope)
    }

    fn scope_of(&self, types: EventTypes, name: &str, open: bool) -> EventScope {
        let ids: Vec<EventTypeId> = match &types {
            EventTypes::All => Vec::new(),
            EventTypes::One(id) => vec![*id],
            EventTypes::Any(ids) => ids.clone(),
        };
        let mut fields: Vec<ScopeField> = Vec::new();
        let (mut broken, mut records) = (HashSet::new(), HashSet::new());
        if let Some((first, others)) = ids.split_first() {
            for (place, field) in self.schema.event(*first).fields.iter().enumerate() {
                let mut places = vec![(*first, place as u16)];
                places.extend(others.iter().filter_map(|id| {
                    let fields = &self.schema.event(*id).fields;
                    let alike = |other: &crate::model::Field| other.name == field.name && other.ty == field.ty;
                    Some((*id, fields.iter().position(alike)? as u16))
                }));
                if places.len() == ids.len() {
                    fields.push(ScopeField { name: field.name.clone(), ty: field.ty, places });
                }
            }
        }
        for id in &ids {
            if let Some((own_records, own_broken)) = self.event_records.get(id.index()) {
                records.extend(own_records.iter().cloned());
                broken.extend(own_broken.iter().cloned());
            }
        }
        EventScope { name: name.to_owned(), types, fields, broken, records, open }
    }

    /// Reports a name that is no event.
    pub fn unknown_event(&mut self, name: &ast::Name) -> Reported {
        if self.may_be_junk(&name.value) || self.names.get(&name.value) == Some(Entity::Broken) {
            return Reported;
        }
        let declared = self.names.span(&name.value);
        let names = self.names.iter().filter(|(_, entity)| matches!(entity, Entity::Event(_) | Entity::EventGroup(_)));
        let error = errors::unknown_event(&name.value, name.span, declared, names.map(|(name, _)| name));
        self.report(error)
    }
}
