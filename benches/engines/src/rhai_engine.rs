//! Rhai: one script, compiled once.

use crate::rules::*;
use rhai::{AST, Dynamic, Engine as Rhai, Map, Scope};
use serde_json::Value as Json;
use std::cell::RefCell;

pub struct Engine {
    engine: Rhai,
    script: AST,
}

fn listed(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
}

fn test(test: &Test) -> String {
    match test {
        Test::In(field, texts) => format!("lead.{field} in {}", listed(texts)),
        Test::Between(field, low, high) => format!("lead.{field} != () && lead.{field} >= {low} && lead.{field} <= {high}"),
        Test::AtLeast(field, low) => format!("lead.{field} != () && lead.{field} >= {low}"),
        Test::Matches(pattern) => format!("lead.{}", field(pattern)),
        Test::Missing(field) => format!("lead.{field} == ()"),
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
        More::Pricing => " && e.path != () && e.path.starts_with(\"/pricing\")",
        More::Attended => " && e.minutes != () && e.minutes >= 20",
    };
    format!("e.age <= {days}.0 && {kind}{more}")
}

fn script() -> String {
    let mut out = String::from("let counts = [0, 0, 0, 0, 0, 0, 0]; let learning = 0.0; let demo = false; let recent = false; let intent = false;\n");
    out.push_str("for e in lead.events { if e.age < 0.0 { continue; }\n");
    for (place, (_, _, events)) in COUNTED.iter().enumerate() {
        out.push_str(&format!("if {} {{ counts[{place}] += 1; }}\n", event(events)));
    }
    for (name, events) in [("demo", DEMO), ("recent", RECENT), ("intent", INTENT)] {
        out.push_str(&format!("if {} {{ {name} = true; }}\n", event(&events)));
    }
    out.push_str("if e.type == \"content_download\" || e.type == \"webinar_attended\" { learning += e.worth; }\n}\n");
    let points: Vec<String> =
        POINTS.iter().map(|(_, points, of)| format!("if {} {{ {points:?} }} else {{ 0.0 }}", test(of))).collect();
    let fit: Vec<String> = FIT.iter().map(|of| format!("({})", test(of))).collect();
    out.push_str(&format!("let points = [{}];\nlet fit = {};\n", points.join(", "), fit.join(" && ")));
    out.push_str(&format!("let rival = {};\n", test(&Test::In("domain", RIVALS))));
    out.push_str("[fit, points, counts, learning, demo, recent, intent, rival]");
    out
}

fn value(json: &Json) -> Dynamic {
    match json {
        Json::Null => Dynamic::UNIT,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => number.as_i64().map_or_else(|| number.as_f64().unwrap_or(0.0).into(), Dynamic::from),
        Json::String(text) => text.as_str().into(),
        Json::Array(values) => values.iter().map(value).collect::<Vec<Dynamic>>().into(),
        Json::Object(entries) => {
            let map: Map = entries.iter().map(|(name, of)| (name.as_str().into(), value(of))).collect();
            map.into()
        }
    }
}

impl Engine {
    pub fn new() -> Engine {
        let engine = Rhai::new();
        let script = engine.compile(script()).expect("a script");
        Engine { engine, script }
    }

    /// A lead as the engine takes it.
    pub fn prepare(lead: &Json) -> RefCell<Scope<'static>> {
        let mut scope = Scope::new();
        scope.push_constant_dynamic("lead", value(lead));
        RefCell::new(scope)
    }

    pub fn run(&self, lead: &RefCell<Scope<'static>>) -> Found {
        let scope = &mut *lead.borrow_mut();
        let out: Vec<Dynamic> = self.engine.eval_ast_with_scope(scope, &self.script).expect("an answer");
        scope.rewind(1);
        let bool = |place: usize| out[place].as_bool().expect("a bool");
        let fill = |slots: &mut [f64], place: usize| {
            let list = out[place].read_lock::<Vec<Dynamic>>().expect("a list");
            for (slot, of) in slots.iter_mut().zip(list.iter()) {
                *slot = of.as_float().unwrap_or_else(|_| of.as_int().expect("a number") as f64);
            }
        };
        let mut found = Found {
            fit: bool(0), learning: out[3].as_float().expect("a number"), demo: bool(4), recent: bool(5), intent: bool(6), rival: bool(7),
            ..Found::default()
        };
        fill(&mut found.points, 1);
        fill(&mut found.counts, 2);
        found
    }
}
