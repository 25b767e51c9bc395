//! A lead that shows that something can happen.

use crate::check::hir::Program;
use crate::model::number::{MONEY_SCALE, NUMBER_SCALE, display};
use crate::model::time::{AsOf, DAY, display_instant, from_days};
use crate::model::{Event, EventTypeId, Lead, Literal, Scalar, Type};
use bumpalo::Bump;
use std::collections::BTreeMap;

/// A lead that shows that something can happen. The engine confirmed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// A value a field of the schema, by [`crate::model::FieldId`].
    pub fields: Vec<Literal>,
    /// Its events, earliest first.
    pub events: Vec<WitnessEvent>,
}

/// An event of a [`Witness`].
#[derive(Clone, Debug, PartialEq)]
pub struct WitnessEvent {
    /// Its type; none for one that no `event` declares.
    pub ty: Option<EventTypeId>,
    /// The type as the data spells it.
    pub spelling: Box<str>,
    /// When it was.
    pub at: i64,
    /// A value a field of its type.
    pub fields: Vec<Literal>,
}

impl Witness {
    /// The lead as the evaluator takes it; it lives in `arena`.
    pub fn lead<'a>(&'a self, arena: &'a Bump) -> Lead<'a> {
        let fields = arena.alloc_slice_fill_iter(self.fields.iter().map(|literal| literal.value(arena)));
        let events = arena.alloc_slice_fill_iter(self.events.iter().enumerate().map(|(index, event)| Event {
            at: event.at,
            ty: event.ty,
            spelling: &event.spelling,
            fields: arena.alloc_slice_fill_iter(event.fields.iter().map(|literal| literal.value(arena))),
            index: index as u32,
        }));
        Lead { key: "witness", fields, events }
    }

    /// The lead in words: its known fields, then its events, newest first. Texts are shown as they are: whoever prints
    /// them escapes them.
    pub fn describe(&self, program: &Program, as_of: &AsOf) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (field, value) in program.schema.fields.iter().zip(&self.fields) {
            if *value != Literal::Missing && !field.key {
                parts.push(format!("{} {}", field.name, show(program, value, field.ty)));
            }
        }
        let mut events: Vec<(String, usize)> = Vec::new();
        for event in self.events.iter().rev() {
            let text = self.event(program, event, as_of);
            match events.last_mut() {
                Some((last, count)) if *last == text => *count += 1,
                _ => events.push((text, 1)),
            }
        }
        let counted = |(text, count): (String, usize)| if count == 1 { text } else { format!("{count} × {text}") };
        parts.extend(events.into_iter().map(counted));
        if parts.is_empty() { "a lead of which nothing is known".to_owned() } else { parts.join(", ") }
    }

    fn event(&self, program: &Program, event: &WitnessEvent, as_of: &AsOf) -> String {
        let name = match event.ty {
            Some(ty) => program.schema.event(ty).name.clone(),
            None => format!("event {:?}", &*event.spelling),
        };
        let days = (as_of.instant - event.at) / DAY;
        let when = match days {
            0 => "today".to_owned(),
            1 => "1 day ago".to_owned(),
            days if days < 4_000 => format!("{days} days ago"),
            _ => "long ago".to_owned(),
        };
        let mut fields: BTreeMap<&str, String> = BTreeMap::new();
        if let Some(ty) = event.ty {
            for (field, value) in program.schema.event(ty).fields.iter().zip(&event.fields) {
                if *value != Literal::Missing {
                    fields.insert(&field.name, show(program, value, field.ty));
                }
            }
        }
        let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
        if fields.is_empty() { format!("{name} {when}") } else { format!("{name} {when} ({})", fields.join(", ")) }
    }
}

/// A value as policies write it.
pub fn show(program: &Program, value: &Literal, ty: Type) -> String {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    match value {
        Literal::Missing => "missing".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Number(value) => display(*value, NUMBER_SCALE.ilog10()).to_string(),
        Literal::Money(value) => {
            let currency =
                if let Scalar::Money(currency) = scalar { format!(" {}", currency.as_str()) } else { String::new() };
            format!("{}{currency}", display(*value, MONEY_SCALE.ilog10()))
        }
        Literal::Date(day) => from_days(*day).to_string(),
        Literal::Time(instant) => display_instant(*instant),
        Literal::Text(text) => format!("{text:?}"),
        Literal::Choice(choice) => {
            let Scalar::Choice(domain) = scalar else { return String::new() };
            let domain = program.schema.domain(domain);
            let name = domain.choices.get(usize::from(*choice)).map_or("disqualified", |choice| &choice.name);
            match domain.kind {
                crate::model::DomainKind::OneOf | crate::model::DomainKind::Ranked => format!("{name:?}"),
                _ => name.to_owned(),
            }
        }
        Literal::List(values) => {
            let values: Vec<String> = values.iter().map(|value| show(program, value, Type::One(scalar))).collect();
            format!("[{}]", values.join(", "))
        }
    }
}
