//! A lead as data that an explanation carries, and back.

use super::model::{Input, InputEvent};
use super::show;
use crate::check::hir::Program;
use crate::model::number;
use crate::model::time::{Moment, display_instant, to_days};
use crate::model::{Event, EventTypeId, Field, Lead, Scalar, Type, Value};
use bumpalo::Bump;
use serde_json::{Map, Value as Json};

/// The lead as it was read.
pub(super) fn input(program: &Program, lead: &Lead<'_>) -> Input {
    let events = lead.events.iter().map(|event| {
        let declared = event.ty.map_or(&[][..], |ty| &program.schema.event(ty).fields);
        InputEvent {
            ty: event.spelling.to_owned(),
            at: display_instant(event.at),
            index: event.index,
            fields: values(program, declared, event.fields),
        }
    });
    Input { fields: values(program, &program.schema.fields, lead.fields), events: events.collect(), set: Vec::new() }
}

fn values(program: &Program, declared: &[Field], values: &[Value<'_>]) -> Map<String, Json> {
    let known = declared.iter().zip(values).filter(|(_, value)| !value.is_missing());
    known.map(|(field, value)| (field.name.clone(), show::exact(program, field.ty, &value.to_literal()))).collect()
}

/// What of an input a policy cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The field, with its event's type: `page_viewed.seconds`.
    pub field: String,
    /// The value.
    pub value: String,
}

impl Input {
    /// The lead that it was made from, in `arena`, and what the policy cannot read of it: fields that it does not know,
    /// values that its types do not hold. With the policy that it was made with there is nothing of that kind.
    pub fn lead<'a>(&'a self, key: &'a str, program: &Program, arena: &'a Bump) -> (Lead<'a>, Vec<Unread>) {
        let mut unread = Vec::new();
        let schema = &program.schema;
        let fields = read_all(program, &schema.fields, &self.fields, "", arena, &mut unread);
        let mut events = Vec::with_capacity(self.events.len());
        for event in &self.events {
            let Some(at) = Moment::read(event.at.as_bytes()).map(|moment| moment.instant(&program.zone)) else {
                unread.push(Unread { field: format!("{}.at", event.ty), value: event.at.clone() });
                continue;
            };
            let place = schema.events.iter().position(|ty| ty.from == event.ty);
            let ty = place.map(|place| EventTypeId(place as u16));
            let fields = match ty {
                Some(ty) => {
                    let declared = schema.event(ty);
                    let prefix = format!("{}.", declared.name);
                    read_all(program, &declared.fields, &event.fields, &prefix, arena, &mut unread)
                }
                None => &[],
            };
            events.push(Event { at, ty, spelling: &event.ty, fields, index: event.index });
        }
        events.sort_by_key(|event| (event.at, event.index));
        (Lead { key, fields, events: arena.alloc_slice_copy(&events) }, unread)
    }
}

fn read_all<'a>(
    program: &Program,
    declared: &[Field],
    values: &'a Map<String, Json>,
    prefix: &str,
    arena: &'a Bump,
    unread: &mut Vec<Unread>,
) -> &'a [Value<'a>] {
    let read = arena.alloc_slice_fill_copy(declared.len(), Value::Missing);
    for (name, value) in values {
        let place = declared.iter().position(|field| field.name == *name);
        let found = place.and_then(|place| Some((place, read_value(program, declared[place].ty, value, arena)?)));
        match found.and_then(|(place, value)| Some((read.get_mut(place)?, value))) {
            Some((slot, value)) => *slot = value,
            None => unread.push(Unread { field: format!("{prefix}{name}"), value: value.to_string() }),
        }
    }
    read
}

fn read_value<'a>(program: &Program, ty: Type, value: &'a Json, arena: &'a Bump) -> Option<Value<'a>> {
    match ty {
        Type::One(scalar) => read_one(program, scalar, value),
        Type::List(scalar) => {
            let entries = value.as_array()?.iter().map(|entry| read_one(program, scalar, entry));
            let entries: Option<Vec<Value<'a>>> = entries.collect();
            Some(Value::List(arena.alloc_slice_copy(&entries?)))
        }
    }
}

fn read_one<'a>(program: &Program, scalar: Scalar, value: &'a Json) -> Option<Value<'a>> {
    let text = value.as_str();
    let decimal = |places| number::parse(text?.as_bytes(), places, false).ok();
    let moment = || Moment::read(text?.as_bytes());
    match scalar {
        Scalar::Bool => value.as_bool().map(Value::Bool),
        Scalar::Int => value.as_i64().map(Value::Int),
        Scalar::Number => decimal(6).map(Value::Number),
        Scalar::Money(_) => decimal(4).map(Value::Money),
        Scalar::Text => text.map(Value::Text),
        Scalar::Date => text?.parse().ok().map(|date| Value::Date(to_days(date))),
        Scalar::Time => moment().map(|moment| Value::Time(moment.instant(&program.zone))),
        Scalar::Choice(domain) => {
            let choices = &program.schema.domain(domain).choices;
            let place = choices.iter().position(|choice| Some(choice.name.as_str()) == text)?;
            Some(Value::Choice(place as u16))
        }
    }
}
