//! Reading data: from JSON to values, with the problems that are met.

use super::number::{self, Written};
use super::policy::{Leaf, Policy};
use super::text;
use super::time::{self, Stamp};
use super::value::{Ty, Value};
use qualify::syntax::ast::{Expr, ExprKind};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// A record that gets no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The key or required field that is missing; empty when the record is no record.
    pub field: String,
}

/// A value that could not be read: the field and the kind of reason.
pub type Problem = (String, &'static str);

/// What an object holds at a path: the key of exactly that name comes first, else the dotted path.
pub fn look_up<'j>(object: &'j Map<String, Json>, path: &str) -> Option<&'j Json> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let mut parts = path.split('.');
    let mut value = object.get(parts.next()?)?;
    for part in parts {
        value = value.as_object()?.get(part)?;
    }
    Some(value)
}

/// What a record holds for a field that may stand in nested records.
pub fn look_up_nested<'j>(object: &'j Map<String, Json>, path: &[String]) -> Option<&'j Json> {
    if let Some(value) = look_up(object, &path.join(".")) {
        return Some(value);
    }
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        return None;
    }
    look_up_nested(look_up(object, first)?.as_object()?, rest)
}

/// The lead's fields by their names.
pub fn lead(
    policy: &Policy,
    record: &Json,
    problems: &mut Vec<Problem>,
) -> Result<HashMap<String, Option<Value>>, Reject> {
    let Some(object) = record.as_object() else { return Err(Reject { field: String::new() }) };
    for (name, path) in &policy.records {
        let known = look_up_nested(object, path).filter(|json| !is_missing(json, &policy.missing));
        if known.is_some_and(|json| !json.is_object()) {
            problems.push((name.clone(), "type"));
        }
    }
    let mut values = HashMap::new();
    for field in &policy.fields {
        let value = read(policy, field, look_up_nested(object, &field.path), problems, &field.name);
        if field.required && value.is_none() {
            return Err(Reject { field: field.name.clone() });
        }
        values.insert(field.name.clone(), value);
    }
    Ok(values)
}

/// A field's value; a value that cannot be read is missing and a problem.
pub fn read(
    policy: &Policy,
    field: &Leaf,
    json: Option<&Json>,
    problems: &mut Vec<Problem>,
    reported_as: &str,
) -> Option<Value> {
    let json = json?;
    match value(policy, &field.ty, json, &field.missing, field.format.as_deref()) {
        Ok(value) => value,
        Err(kind) => {
            problems.push((reported_as.to_string(), kind));
            None
        }
    }
}

/// Null, empty text, and what the policy says means missing.
fn is_missing(json: &Json, sentinels: &[&Expr]) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) if text::trim(text).is_empty() => true,
        Json::String(_) | Json::Number(_) => sentinels.iter().any(|sentinel| is_sentinel(json, sentinel)),
        _ => false,
    }
}

fn is_sentinel(json: &Json, sentinel: &Expr) -> bool {
    let said = plain_text(json).expect("text or number");
    match &*sentinel.kind {
        ExprKind::Text(text) => text::same(text, &said),
        ExprKind::Number(number) => is_number(&said, &number::micros(number.micros)),
        ExprKind::Negate(inner) => match &*inner.kind {
            ExprKind::Number(number) => is_number(&said, &-number::micros(number.micros)),
            other => panic!("no literal: {other:?}"),
        },
        other => panic!("no literal: {other:?}"),
    }
}

fn is_number(said: &str, wanted: &number::Q) -> bool {
    matches!(number::parse(text::trim(said)), Written::Number(found) if found == *wanted)
}

/// Reads a value; `Ok(None)` is missing, `Err` a data problem.
pub fn value(
    policy: &Policy,
    ty: &Ty,
    json: &Json,
    sentinels: &[&Expr],
    format: Option<&str>,
) -> Result<Option<Value>, &'static str> {
    if is_missing(json, sentinels) {
        return Ok(None);
    }
    let read = match ty {
        Ty::Bool => boolean(json)?,
        Ty::Int => whole(json)?,
        Ty::Number => Value::Number(decimal(json, 12, 6)?),
        Ty::Money(currency) => return money(json, currency, sentinels),
        Ty::Text => Value::Text(super::text::trim(&plain_text(json).ok_or("type")?).to_string()),
        Ty::OneOf(listed) => {
            let at = listed_at(json, listed)?;
            Value::OneOf(listed[at].clone())
        }
        Ty::Ranked(listed) => {
            let at = listed_at(json, listed)?;
            Value::Ranked(at, listed[at].clone())
        }
        Ty::Date => match stamp(policy, json, format)? {
            Stamp::Day(date) => Value::Date(date),
            Stamp::Instant(ms) => Value::Date(time::day_of(&policy.zone, ms)),
        },
        Ty::Time => match stamp(policy, json, format)? {
            Stamp::Day(date) => Value::Time(time::first_instant(&policy.zone, date)),
            Stamp::Instant(ms) => Value::Time(ms),
        },
        Ty::Stage => return stage(policy, json),
        Ty::List(inner) => Value::List(list(policy, inner, json, sentinels, format)?),
        Ty::Band(_) | Ty::Cell => panic!("no field has this type"),
    };
    Ok(Some(read))
}

/// A JSON text as it is, a JSON number in its plain decimal form.
fn plain_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) => match number_of(json) {
            Some(Written::Number(number)) => Some(number::plain(&number)),
            _ => None,
        },
        _ => None,
    }
}

/// The number that a JSON number or a text is; `None` for other JSON.
fn number_of(json: &Json) -> Option<Written> {
    match json {
        Json::Number(number) => Some(number::parse(&number.to_string())),
        Json::String(said) => Some(number::parse(text::trim(said))),
        _ => None,
    }
}

fn any_number(json: &Json) -> Result<number::Q, &'static str> {
    match number_of(json) {
        None => Err("type"),
        Some(Written::No) => Err("number"),
        Some(Written::Huge) => Err("digits"),
        Some(Written::Number(number)) => Ok(number),
    }
}

fn whole(json: &Json) -> Result<Value, &'static str> {
    let number = any_number(json)?;
    if !number.is_integer() {
        return Err("whole");
    }
    if !number::fits(&number, 18) {
        return Err("digits");
    }
    Ok(Value::Int(number))
}

fn decimal(json: &Json, before: u32, after: u32) -> Result<number::Q, &'static str> {
    let number = number::round(&any_number(json)?, after);
    if number::fits(&number, before) { Ok(number) } else { Err("digits") }
}

fn money(json: &Json, currency: &str, sentinels: &[&Expr]) -> Result<Option<Value>, &'static str> {
    let Some(object) = json.as_object() else { return Ok(Some(Value::Money(decimal(json, 14, 4)?))) };
    let Some(Json::String(given)) = object.get("currency") else { return Err("currency") };
    if !text::same(given, currency) {
        return Err("currency");
    }
    match object.get("amount") {
        None => Ok(None),
        Some(amount) if is_missing(amount, sentinels) => Ok(None),
        Some(amount) => Ok(Some(Value::Money(decimal(amount, 14, 4)?))),
    }
}

fn boolean(json: &Json) -> Result<Value, &'static str> {
    let yes = match json {
        Json::Bool(yes) => *yes,
        Json::Number(_) => match number_of(json) {
            Some(Written::Number(number)) if number == number::whole(1) => true,
            Some(Written::Number(number)) if number == number::whole(0) => false,
            _ => return Err("bool"),
        },
        Json::String(said) => match text::trim(said).to_lowercase().as_str() {
            "true" | "yes" | "1" => true,
            "false" | "no" | "0" => false,
            _ => return Err("bool"),
        },
        _ => return Err("type"),
    };
    Ok(Value::Bool(yes))
}

fn listed_at(json: &Json, listed: &[String]) -> Result<usize, &'static str> {
    let said = plain_text(json).ok_or("type")?;
    listed.iter().position(|text| text::same(text, &said)).ok_or("listed")
}

fn stamp(policy: &Policy, json: &Json, format: Option<&str>) -> Result<Stamp, &'static str> {
    let said = plain_text(json).ok_or("type")?;
    time::read(&policy.zone, &said, format).ok_or("time")
}

fn stage(policy: &Policy, json: &Json) -> Result<Option<Value>, &'static str> {
    let Json::String(said) = json else { return Err("type") };
    if text::same(said, "disqualified") {
        return Ok(None);
    }
    let rung = policy.stage_of_data(said).ok_or("listed")?;
    Ok(Some(Value::Stage(Some(rung), policy.stages[rung].name.value.clone())))
}

fn list(
    policy: &Policy,
    ty: &Ty,
    json: &Json,
    sentinels: &[&Expr],
    format: Option<&str>,
) -> Result<Vec<Value>, &'static str> {
    let entries: Vec<Json> = match json {
        Json::Array(entries) => entries.clone(),
        Json::String(said) => said.split(';').map(|entry| Json::String(entry.to_string())).collect(),
        _ => return Err("type"),
    };
    let mut values = Vec::new();
    for entry in entries {
        let entry = match entry {
            Json::String(said) => Json::String(text::trim(&said).to_string()),
            other => other,
        };
        match value(policy, ty, &entry, sentinels, format) {
            Ok(value) => values.extend(value),
            Err(_) => return Err("entry"),
        }
    }
    Ok(values)
}
