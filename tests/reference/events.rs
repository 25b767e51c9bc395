//! A lead's events: reading them and choosing those that an expression means.

use super::policy::{EventType, Policy};
use super::read::{self, Problem};
use super::run::{Run, Scope};
use super::time::{Clock, Ms, Stamp};
use super::value::{Ty, Value};
use qualify::syntax::ast::{self, EventWindow};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// An event that is there at the as-of.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place in the data.
    pub index: usize,
    /// Its type as the data say it.
    pub said: String,
    /// The declared type, if one is.
    pub name: Option<String>,
    /// When it was.
    pub at: Ms,
    /// Its fields by name, if its type is declared.
    pub fields: HashMap<String, Option<Value>>,
}

/// The events inside a lead.
pub fn inside<'j>(policy: &Policy, lead: &'j Json, problems: &mut Vec<Problem>) -> &'j [Json] {
    let found = lead.as_object().and_then(|object| read::look_up(object, &policy.events_in));
    match found {
        None | Some(Json::Null) => &[],
        Some(Json::Array(events)) => events,
        Some(_) => {
            problems.push((policy.events_in.clone(), "type"));
            &[]
        }
    }
}

/// Reads events; those after the as-of do not exist.
pub fn read_all(policy: &Policy, clock: &Clock, events: &[Json], problems: &mut Vec<Problem>) -> Vec<Event> {
    let mut found = Vec::new();
    for (index, json) in events.iter().enumerate() {
        let Some(object) = json.as_object() else {
            problems.push((policy.events_in.clone(), "event"));
            continue;
        };
        let Some((said, at)) = head(policy, object, problems) else { continue };
        if at > clock.now {
            continue;
        }
        let declared = policy.event_spelled(&said);
        let fields = declared.map(|declared| fields(policy, declared, object, problems)).unwrap_or_default();
        found.push(Event { index, said, name: declared.map(|declared| declared.name.clone()), at, fields });
    }
    found
}

/// An event's type and time.
fn head(policy: &Policy, object: &Map<String, Json>, problems: &mut Vec<Problem>) -> Option<(String, Ms)> {
    let mut get = |key: &str, ty: Ty| {
        let json = read::look_up(object, key).unwrap_or(&Json::Null);
        match read::value(policy, &ty, json, &[], None) {
            Ok(Some(value)) => Some(value),
            Ok(None) | Err(_) => {
                problems.push((format!("{}.{key}", policy.events_in), "event"));
                None
            }
        }
    };
    // One event that is left out is one problem.
    let said = get(&policy.event_type, Ty::Text)?.text().to_string();
    match get(&policy.event_at, Ty::Time)? {
        Value::Time(at) => Some((said, at)),
        other => panic!("no time: {other:?}"),
    }
}

fn fields(
    policy: &Policy,
    declared: &EventType,
    object: &Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> HashMap<String, Option<Value>> {
    let read_one = |field: &super::policy::Leaf, problems: &mut Vec<Problem>| {
        let json = read::look_up_nested(object, &field.path);
        read::read(policy, field, json, problems, &format!("{}.{}", declared.name, field.name))
    };
    declared.fields.iter().map(|field| (field.name.clone(), read_one(field, problems))).collect()
}

impl Event {
    /// A field of the event: `type` under the name `event`, a declared field, or its `day`.
    pub fn field(&self, clock: &Clock, used_as: &str, name: &str) -> Option<Option<Value>> {
        if used_as == "event" && name == "type" {
            return Some(Some(Value::Text(self.said.clone())));
        }
        if let (Some(value), true) = (self.fields.get(name), used_as != "event") {
            return Some(value.clone());
        }
        (name == "day").then(|| Some(Value::Date(clock.day_of(self.at))))
    }
}

impl Run<'_> {
    /// The events that `events` means, in the order of the data.
    pub fn select<'r>(&'r self, events: &ast::Events, scope: Scope) -> Vec<&'r Event> {
        let types = self.policy.types_of(&events.name.value);
        let mut chosen = Vec::new();
        for event in &self.events {
            let is_meant = events.name.value == "event" || event.name.as_ref().is_some_and(|name| types.contains(name));
            if is_meant && self.is_in_window(event, events.window.as_ref(), scope) && self.fulfils(event, events) {
                chosen.push(event);
            }
        }
        chosen
    }

    fn fulfils(&self, event: &Event, events: &ast::Events) -> bool {
        let inside = Scope { event: Some((event, &events.name.value)), subject: None };
        events.condition.as_ref().is_none_or(|condition| self.truth(condition, inside) == Some(true))
    }

    fn is_in_window(&self, event: &Event, window: Option<&EventWindow>, scope: Scope) -> bool {
        match window {
            None => true,
            Some(EventWindow::Within(duration)) => {
                event.at >= self.clock.before(*duration) && event.at <= self.clock.now
            }
            Some(EventWindow::Since(start)) => match self.instant(start, scope) {
                Some(start) => event.at >= start,
                None => true,
            },
        }
    }

    /// An expression as an instant: a day is its first.
    pub fn instant(&self, e: &ast::Expr, scope: Scope) -> Option<Ms> {
        match self.eval(e, scope)? {
            Value::Time(ms) => Some(ms),
            Value::Date(date) => Some(self.clock.first_instant(date)),
            other => panic!("no time: {other:?}"),
        }
    }

    /// The latest `k` of some events; of events at one instant the later in the data is the latest.
    pub fn latest<'r>(&self, mut events: Vec<&'r Event>, k: usize) -> Vec<&'r Event> {
        events.sort_by_key(|event| (event.at, event.index));
        events.split_off(events.len().saturating_sub(k))
    }
}

/// What a text or literal says about the as-of.
pub fn as_of(policy: &Policy, said: &str) -> Stamp {
    super::time::read(&policy.zone, said, None).unwrap_or_else(|| panic!("no date or instant: {said}"))
}
