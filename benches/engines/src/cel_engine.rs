//! CEL: an expression for each rule.

use crate::rules::*;
use cel::{Context, Program, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

pub struct Engine {
    fit: Program,
    points: Vec<Program>,
    counts: Vec<Program>,
    learning: Program,
    any: Vec<Program>,
}

fn listed(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
}

fn test(test: &Test) -> String {
    match test {
        Test::In(field, texts) => format!("{field} in {}", listed(texts)),
        Test::Between(field, low, high) => format!("{field} != null && {field} >= {low} && {field} <= {high}"),
        Test::AtLeast(field, low) => format!("{field} != null && {field} >= {low}"),
        Test::Matches(pattern) => field(pattern),
        Test::Missing(field) => format!("{field} == null"),
    }
}

fn event(Events(types, days, more): &Events) -> String {
    let kind = match types {
        [] => "true".to_owned(),
        [one] => format!("e.type == {one:?}"),
        many => format!("e.type in {}", listed(many)),
    };
    let more = match more {
        More::Nothing => "",
        More::Pricing => " && e.path != null && e.path.startsWith(\"/pricing\")",
        More::Attended => " && e.minutes != null && e.minutes >= 20",
    };
    format!("{kind} && e.age >= 0.0 && e.age <= {days}.0{more}")
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or(Value::Float(number.as_f64().unwrap_or(0.0)), Value::Int),
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(values) => Value::List(Arc::new(values.iter().map(value).collect())),
        Json::Object(entries) => {
            let map: HashMap<String, Value> = entries.iter().map(|(name, of)| (name.clone(), value(of))).collect();
            map.into()
        }
    }
}

impl Engine {
    pub fn new() -> Engine {
        let compile = |text: String| Program::compile(&text).expect("an expression");
        let exists = |events: &Events| compile(format!("events.exists(e, {})", event(events)));
        Engine {
            fit: compile(FIT.iter().map(|of| format!("({})", test(of))).collect::<Vec<_>>().join(" && ")),
            points: POINTS.iter().map(|(_, points, of)| compile(format!("({}) ? {points:?} : 0.0", test(of)))).collect(),
            counts: COUNTED.iter().map(|(_, _, of)| compile(format!("events.filter(e, {}).size()", event(of)))).collect(),
            learning: compile(
                "events.filter(e, e.type in [\"content_download\", \"webinar_attended\"] && e.age >= 0.0).map(e, e.worth)".into(),
            ),
            any: vec![exists(&DEMO), exists(&RECENT), exists(&INTENT), compile(test(&Test::In("domain", RIVALS)))],
        }
    }

    /// A lead as the engine takes it.
    pub fn prepare(lead: &Json) -> Context<'static, 'static> {
        let mut context = Context::default();
        for (name, of) in lead.as_object().expect("a lead") {
            context.add_variable_from_value(name.as_str(), value(of));
        }
        context
    }

    pub fn run(&self, lead: &Context<'_, '_>) -> Found {
        let float = |program: &Program| match program.execute(lead) {
            Ok(Value::Float(value)) => value,
            Ok(Value::Int(value)) => value as f64,
            other => panic!("{other:?}"),
        };
        let bool = |program: &Program| match program.execute(lead) {
            Ok(Value::Bool(value)) => value,
            other => panic!("{other:?}"),
        };
        let mut found = Found { fit: bool(&self.fit), ..Found::default() };
        found.points.iter_mut().zip(&self.points).for_each(|(slot, program)| *slot = float(program));
        found.counts.iter_mut().zip(&self.counts).for_each(|(slot, program)| *slot = float(program));
        if let Ok(Value::List(worths)) = self.learning.execute(lead) {
            found.learning = worths.iter().map(|worth| if let Value::Float(worth) = worth { *worth } else { 0.0 }).sum();
        }
        let any: Vec<bool> = self.any.iter().map(bool).collect();
        (found.demo, found.recent, found.intent, found.rival) = (any[0], any[1], any[2], any[3]);
        found
    }
}
