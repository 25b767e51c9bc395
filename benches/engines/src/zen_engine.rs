//! ZEN: an expression for each rule, compiled once, run on the engine's virtual machine.

use crate::rules::*;
use serde_json::Value as Json;
use std::sync::Arc;
use zen_expression::variable::Variable;
use zen_expression::{Isolate, OpcodeCache};

pub struct Engine {
    isolate: Isolate,
    fit: String,
    points: Vec<String>,
    counts: Vec<String>,
    learning: String,
    any: Vec<String>,
}

fn listed(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", "))
}

fn test(test: &Test) -> String {
    match test {
        Test::In(field, texts) => format!("{field} != null and {field} in {}", listed(texts)),
        Test::Between(field, low, high) => format!("{field} != null and {field} in [{low}..{high}]"),
        Test::AtLeast(field, low) => format!("{field} != null and {field} >= {low}"),
        Test::Matches(pattern) => field(pattern),
        Test::Missing(field) => format!("{field} == null"),
    }
}

fn event(Events(types, days, more): &Events) -> String {
    let kind = match types {
        [] => "true".to_owned(),
        [one] => format!("#.type == '{one}'"),
        many => format!("#.type in {}", listed(many)),
    };
    let more = match more {
        More::Nothing => "",
        More::Pricing => " and #.path != null and startsWith(#.path, '/pricing')",
        More::Attended => " and #.minutes != null and #.minutes >= 20",
    };
    format!("{kind} and #.age >= 0 and #.age <= {days}{more}")
}

impl Engine {
    pub fn new() -> Engine {
        let some = |events: &Events| format!("some(events, {})", event(events));
        let mut engine = Engine {
            isolate: Isolate::new(),
            fit: FIT.iter().map(|of| format!("({})", test(of))).collect::<Vec<_>>().join(" and "),
            points: POINTS.iter().map(|(_, points, of)| format!("({}) ? {points} : 0", test(of))).collect(),
            counts: COUNTED.iter().map(|(_, _, of)| format!("count(events, {})", event(of))).collect(),
            learning: "sum(map(filter(events, #.type in ['content_download', 'webinar_attended'] and #.age >= 0), #.worth))".into(),
            any: vec![some(&DEMO), some(&RECENT), some(&INTENT), test(&Test::In("domain", RIVALS))],
        };
        let mut cache = OpcodeCache::new();
        let Engine { isolate, fit, points, counts, learning, any } = &mut engine;
        for text in [&*fit, &*learning].into_iter().chain(points.iter()).chain(counts.iter()).chain(any.iter()) {
            let compiled = isolate.compile_standard(text).expect("an expression");
            cache.standard.insert(Arc::from(text.as_str()), Arc::from(compiled.bytecode().to_vec()));
        }
        engine.isolate.set_cache(Arc::new(cache));
        engine
    }

    /// A lead as the engine takes it.
    pub fn prepare(lead: &Json) -> Variable {
        Variable::from(lead)
    }

    pub fn run(&mut self, lead: &Variable) -> Found {
        self.isolate.set_environment(lead.shallow_clone());
        let isolate = &mut self.isolate;
        let mut value = |text: &String| isolate.run_standard(text).expect("a value");
        let number = |of: Variable| of.as_number().and_then(|number| f64::try_from(number).ok()).expect("a number");
        let mut found = Found { fit: value(&self.fit).as_bool().expect("a bool"), ..Found::default() };
        found.points.iter_mut().zip(&self.points).for_each(|(slot, text)| *slot = number(value(text)));
        found.counts.iter_mut().zip(&self.counts).for_each(|(slot, text)| *slot = number(value(text)));
        found.learning = value(&self.learning).as_number().and_then(|number| f64::try_from(number).ok()).unwrap_or(0.0);
        let any: Vec<bool> = self.any.iter().map(|text| value(text).as_bool().expect("a bool")).collect();
        (found.demo, found.recent, found.intent, found.rival) = (any[0], any[1], any[2], any[3]);
        found
    }
}
