//! Rego, by regorus: one module, compiled once.

use crate::rules::*;
use regorus::{CompiledPolicy, Engine as Regorus, Rc, Value};
use serde_json::Value as Json;

pub struct Engine {
    policy: CompiledPolicy,
}

fn listed(texts: &[&str]) -> String {
    format!("{{{}}}", texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
}

fn test(test: &Test) -> String {
    match test {
        Test::In(field, texts) => format!("input.{field} in {}", listed(texts)),
        Test::Between(field, low, high) => {
            format!("input.{field} != null; input.{field} >= {low}; input.{field} <= {high}")
        }
        Test::AtLeast(field, low) => format!("input.{field} != null; input.{field} >= {low}"),
        Test::Matches(pattern) => format!("input.{}", field(pattern)),
        Test::Missing(field) => format!("input.{field} == null"),
    }
}

fn event(Events(types, days, more): &Events) -> String {
    let kind = match types {
        [] => String::new(),
        [one] => format!("e.type == {one:?}; "),
        many => format!("e.type in {}; ", listed(many)),
    };
    let more = match more {
        More::Nothing => "",
        More::Pricing => "; e.path != null; startswith(e.path, \"/pricing\")",
        More::Attended => "; e.minutes != null; e.minutes >= 20",
    };
    format!("some e in input.events; {kind}e.age >= 0; e.age <= {days}{more}")
}

fn module() -> String {
    let mut out = String::from("package q\nimport rego.v1\n");
    let fit: Vec<String> = FIT.iter().map(test).collect();
    out.push_str(&format!("default fit := false\nfit if {{ {} }}\n", fit.join("; ")));
    for (place, (_, points, of)) in POINTS.iter().enumerate() {
        out.push_str(&format!("default p{place} := 0\np{place} := {points} if {{ {} }}\n", test(of)));
    }
    for (place, (_, _, events)) in COUNTED.iter().enumerate() {
        out.push_str(&format!("c{place} := count([1 | {}])\n", event(events)));
    }
    out.push_str("learning := sum([e.worth | some e in input.events; e.type in {\"content_download\", \"webinar_attended\"}; e.age >= 0])\n");
    for (name, events) in [("demo", DEMO), ("recent", RECENT), ("intent", INTENT)] {
        out.push_str(&format!("default {name} := false\n{name} if {{ {} }}\n", event(&events)));
    }
    out.push_str(&format!("default rival := false\nrival if {{ {} }}\n", test(&Test::In("domain", RIVALS))));
    let list = |letter: char, count: usize| (0..count).map(|place| format!("{letter}{place}")).collect::<Vec<_>>().join(", ");
    out.push_str(&format!("out := [fit, [{}], [{}], learning, demo, recent, intent, rival]\n", list('p', 15), list('c', 7)));
    out
}

impl Engine {
    pub fn new() -> Engine {
        let mut engine = Regorus::new();
        engine.add_policy("q.rego".into(), module()).expect("a module");
        let policy = engine.compile_with_entrypoint(&Rc::from("data.q.out")).expect("a policy");
        Engine { policy }
    }

    /// A lead as the engine takes it.
    pub fn prepare(lead: &Json) -> Value {
        Value::from_json_str(&lead.to_string()).expect("a lead")
    }

    pub fn run(&self, lead: &Value) -> Found {
        let out = self.policy.eval_with_input(lead.clone()).expect("an answer");
        let out = out.as_array().expect("a list");
        let bool = |place: usize| *out[place].as_bool().expect("a bool");
        let mut found = Found {
            fit: bool(0), learning: out[3].as_f64().expect("a number"), demo: bool(4), recent: bool(5), intent: bool(6), rival: bool(7),
            ..Found::default()
        };
        let fill = |slots: &mut [f64], place: usize| {
            let list = out[place].as_array().expect("a list");
            slots.iter_mut().zip(list.iter()).for_each(|(slot, of)| *slot = of.as_f64().expect("a number"));
        };
        fill(&mut found.points, 1);
        fill(&mut found.counts, 2);
        found
    }
}
