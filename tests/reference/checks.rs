//! The tests that a policy holds: their lead, their events, what they expect.

use super::events::Event;
use super::policy::{Leaf, Policy};
use super::read;
use super::run::{Run, Scope};
use super::time::{Clock, Stamp};
use super::value::{Ty, Value};
use super::{number, types};
use qualify::syntax::ast::{self, Entry, EntryValue, Expr, ExprKind, TestEvent, TestStep, When};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::collections::HashMap;

/// What came of a test: its label, and each expectation's truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub label: String,
    pub expected: Vec<Option<bool>>,
}

/// Runs all tests of a policy.
pub fn run_tests(files: &[ast::File], lists: &HashMap<String, Vec<String>>) -> Vec<Outcome> {
    let policy = Policy::new(files, lists);
    policy.tests.iter().map(|test| run_test(&policy, test)).collect()
}

fn run_test(policy: &Policy, test: &ast::Test) -> Outcome {
    let as_of = match &*test.as_of.kind {
        ExprKind::Date(date) => Stamp::Day(*date),
        ExprKind::Instant(at) => Stamp::Instant(at.as_duration().as_nanos().div_euclid(1_000_000)),
        other => panic!("no date or instant: {other:?}"),
    };
    let mut run = Run {
        policy,
        clock: Clock::new(policy.zone.clone(), as_of),
        fields: policy.fields.iter().map(|field| (field.name.clone(), None)).collect(),
        events: Vec::new(),
        problems: Vec::new(),
        known: RefCell::default(),
        scored: RefCell::default(),
    };
    for step in &test.steps {
        match step {
            TestStep::Lead(entries, _) => fill(policy, &policy.fields, entries, "", &mut run.fields),
            TestStep::Event(event) => add_event(&mut run, event),
            TestStep::Expect(..) => {}
            TestStep::Junk(_) => panic!("a checked policy has no junk"),
        }
    }
    let expected = test.steps.iter().filter_map(|step| match step {
        TestStep::Expect(condition, _) => Some(run.truth(condition, Scope::default())),
        _ => None,
    });
    Outcome { label: test.label.value.clone(), expected: expected.collect() }
}

fn fill(
    policy: &Policy,
    fields: &[Leaf],
    entries: &[Entry],
    prefix: &str,
    values: &mut HashMap<String, Option<Value>>,
) {
    for entry in entries {
        let name = format!("{prefix}{}", types::dotted(&entry.name));
        match &entry.value {
            EntryValue::Record(inner) => fill(policy, fields, inner, &format!("{name}."), values),
            EntryValue::Value(written) => {
                let field = fields.iter().find(|field| field.name == name);
                let field = field.unwrap_or_else(|| panic!("no field {name}"));
                values.insert(name, value(policy, field, &field.ty, written));
            }
        }
    }
}

/// A written value as the field reads it.
fn value(policy: &Policy, field: &Leaf, ty: &Ty, written: &Expr) -> Option<Value> {
    if let (Ty::List(inner), ExprKind::List(items)) = (ty, &*written.kind) {
        return Some(Value::List(items.iter().filter_map(|item| value(policy, field, inner, item)).collect()));
    }
    let is_time = matches!(&*written.kind, ExprKind::Date(_) | ExprKind::Instant(_));
    let format = if is_time { None } else { field.format.as_deref() };
    let said = as_data(written);
    read::value(policy, ty, &said, &field.missing, format)
        .unwrap_or_else(|problem| panic!("a test's value is a data problem: {said} ({problem})"))
}

/// A literal as data would say it.
fn as_data(written: &Expr) -> Json {
    match &*written.kind {
        ExprKind::Number(number) => Json::String(number::plain(&number::micros(number.micros))),
        ExprKind::Negate(inner) => match as_data(inner) {
            Json::String(said) => Json::String(format!("-{said}")),
            Json::Object(mut money) => {
                let amount = format!("-{}", money["amount"].as_str().expect("text"));
                money.insert("amount".into(), Json::String(amount));
                Json::Object(money)
            }
            other => panic!("no number: {other}"),
        },
        ExprKind::Money(number, currency) => {
            json!({ "amount": number::plain(&number::micros(number.micros)), "currency": currency.value })
        }
        ExprKind::Text(text) => Json::String(text.clone()),
        ExprKind::Bool(x) => Json::Bool(*x),
        ExprKind::Date(date) => Json::String(date.to_string()),
        ExprKind::Instant(at) => Json::String(at.to_string()),
        ExprKind::Path(path) => Json::String(types::dotted(path)),
        ExprKind::List(items) => Json::Array(items.iter().map(as_data).collect()),
        other => panic!("no literal: {other:?}"),
    }
}

fn add_event(run: &mut Run, written: &TestEvent) {
    let policy = run.policy;
    let at = match &written.when {
        When::Ago(duration) => run.clock.before(*duration),
        When::On(date) => run.clock.first_instant(date.date),
        When::At(instant) => run.instant(instant, Scope::default()).expect("an instant"),
    };
    if at > run.clock.now {
        return;
    }
    let declared = policy.event(&written.name.value).unwrap_or_else(|| panic!("no event {}", written.name.value));
    let mut fields = declared.fields.iter().map(|field| (field.name.clone(), None)).collect();
    fill(policy, &declared.fields, &written.fields, "", &mut fields);
    let times = written.times.as_ref().map_or(1, |times| times.micros / 1_000_000);
    for _ in 0..times {
        let event = Event {
            index: run.events.len(),
            said: declared.spelled.clone(),
            name: Some(declared.name.clone()),
            at,
            fields: fields.clone(),
        };
        run.events.push(event);
    }
}
