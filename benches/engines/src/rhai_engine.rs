//! Rhai: one script, compiled once; regular expressions are the host's.

use crate::rules::*;
use regex::Regex;
use rhai::{AST, Dynamic, Engine as Rhai, ImmutableString, Map, Scope};
use serde_json::Value as Json;
use std::collections::HashMap;

pub struct Engine {
    engine: Rhai,
    script: AST,
}

fn listed(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
}

fn patterns() -> Vec<&'static str> {
    let of = |test: &Test| if let Test::Matches(pattern) = test { Some(*pattern) } else { None };
    FIT.iter().filter_map(of).chain(POINTS.iter().filter_map(|(_, _, test)| of(test))).collect()
}

fn test(test: &Test) -> String {
    match test {
        Test::In(field, texts) => format!("lead.{field} in {}", listed(texts)),
        Test::Between(field, low, high) => format!("lead.{field} != () && lead.{field} >= {low} && lead.{field} <= {high}"),
        Test::AtLeast(field, low) => format!("lead.{field} != () && lead.{field} >= {low}"),
        Test::Matches(pattern) => {
            let place = patterns().iter().position(|known| known == pattern).expect("a pattern");
            format!("lead.title != () && matches(lead.title, {place})")
        }
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
        let mut engine = Rhai::new();
        let regexes: Vec<Regex> = patterns().iter().map(|pattern| Regex::new(pattern).expect("a pattern")).collect();
        engine.register_fn("matches", move |text: ImmutableString, place: i64| regexes[place as usize].is_match(&text));
        engine.set_max_expr_depths(0, 0);
        let script = engine.compile(script()).expect("a script");
        Engine { engine, script }
    }

    /// A lead as the engine takes it.
    pub fn prepare(lead: &Json) -> Dynamic {
        value(lead)
    }

    pub fn run(&self, lead: &Dynamic) -> Found {
        let mut scope = Scope::new();
        scope.push_constant_dynamic("lead", lead.clone());
        let out: Vec<Dynamic> = self.engine.eval_ast_with_scope(&mut scope, &self.script).expect("an answer");
        let bool = |place: usize| out[place].as_bool().expect("a bool");
        let numbers = |place: usize| -> HashMap<usize, f64> {
            let list = out[place].read_lock::<Vec<Dynamic>>().expect("a list");
            list.iter().enumerate().map(|(place, of)| (place, of.as_float().unwrap_or_else(|_| of.as_int().expect("a number") as f64))).collect()
        };
        let mut found = Found {
            fit: bool(0), learning: out[3].as_float().expect("a number"), demo: bool(4), recent: bool(5), intent: bool(6), rival: bool(7),
            ..Found::default()
        };
        numbers(1).into_iter().for_each(|(place, value)| found.points[place] = value);
        numbers(2).into_iter().for_each(|(place, value)| found.counts[place] = value);
        found
    }
}
