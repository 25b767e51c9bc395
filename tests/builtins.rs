//! What the examples of functions and text operators say happens, happens.

#[path = "support/flat.rs"]
#[allow(dead_code, reason = "this suite uses a part of it")]
mod flat;

use bumpalo::Bump;
use qualify::Policy;
use qualify::eval::Evaluator;
use qualify::model::time::AsOf;
use qualify::model::{Lead, Value};

/// The value of an expression, as a decision shows it, for a lead with two pets.
fn value(expression: &str) -> String {
    let policy = format!(
        "lead {{ pets list of text }}\ndefine value: {expression}\ndefine there: value is known\n\
         test \"needs the value\" as of 2026-11-01 {{ lead {{ }} expect there or not there }}"
    );
    let policy = Policy::compile(&policy).unwrap_or_else(|invalid| panic!("{expression}:\n{invalid}"));
    let program = policy.program();
    let as_of = AsOf::parse("2026-11-01", &program.zone).expect("a date");
    let evaluator = Evaluator::new(program, as_of);
    let arena = Bump::new();
    let pets = [Value::Text("dog"), Value::Text("cat")];
    let fields = [Value::List(&pets)];
    let lead = Lead { key: "two pets", fields: &fields, events: &[] };
    flat::flat(&evaluator, &evaluator.evaluate(&lead, &arena), &[])["define.value"].clone()
}

#[test]
fn examples_happen_as_they_say() {
    let mut count = 0;
    for builtin in qualify::builtins::ALL {
        assert!(!builtin.examples.is_empty(), "`{}` has no example", builtin.name);
        for (expression, expected) in builtin.examples {
            assert_eq!(value(expression), *expected, "{expression}");
            count += 1;
        }
    }
    assert!(count > 20, "only {count} examples");
}
