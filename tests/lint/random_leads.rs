//! Random leads for any policy, made of what it compares with.

use crate::reference::generate::Rng;
use qualify::check::hir::Program;
use qualify::model::{Scalar, Schema, Type};
use serde_json::{Map, Value, json};

/// A random lead with events, as of 2026-11-01.
pub fn lead(program: &Program, text: &str, rng: &mut Rng) -> Value {
    let pool = Pool::of(text);
    let schema = &program.schema;
    let mut lead = Map::new();
    for field in &schema.fields {
        if field.key || field.required || rng.chance(75) {
            lead.insert(field.from.whole.clone(), pool.value(schema, field.ty, rng));
        }
    }
    let mut events = Vec::new();
    for event in &schema.events {
        for _ in 0..rng.below(4) {
            let mut made = Map::new();
            for field in &event.fields {
                if rng.chance(75) {
                    made.insert(field.from.whole.clone(), pool.value(schema, field.ty, rng));
                }
            }
            made.insert(schema.event_source.ty.whole.clone(), json!(event.from));
            let at = 1_793_577_600_000_i64 - rng.between(0, 400) * 86_400_000;
            made.insert(schema.event_source.at.whole.clone(), json!(at));
            events.push(Value::Object(made));
        }
    }
    lead.insert(schema.event_source.inside.whole.clone(), Value::Array(events));
    Value::Object(lead)
}

/// Texts and numbers that a policy names.
struct Pool {
    texts: Vec<String>,
    numbers: Vec<i64>,
}

impl Pool {
    fn of(text: &str) -> Pool {
        let mut texts: Vec<String> = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        texts.push("x".to_owned());
        let digits = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<i64>().ok());
        let numbers = digits.filter(|number| *number < 10_000_000).chain([0, 1]).collect();
        Pool { texts, numbers }
    }

    fn value(&self, schema: &Schema, ty: Type, rng: &mut Rng) -> Value {
        match ty {
            Type::One(scalar) => self.scalar(schema, scalar, rng),
            Type::List(scalar) => (0..rng.below(4)).map(|_| self.scalar(schema, scalar, rng)).collect(),
        }
    }

    fn scalar(&self, schema: &Schema, scalar: Scalar, rng: &mut Rng) -> Value {
        match scalar {
            Scalar::Text => json!(rng.pick(&self.texts)),
            Scalar::Int | Scalar::Number | Scalar::Money(_) => json!(rng.pick(&self.numbers) + rng.between(-1, 1)),
            Scalar::Bool => json!(rng.chance(50)),
            Scalar::Date | Scalar::Time => {
                let days = rng.between(-400, 15_000);
                let day = jiff::civil::date(2026, 11, 1) - jiff::Span::new().days(days);
                json!(day.to_string())
            }
            Scalar::Choice(domain) => json!(rng.pick(&schema.domain(domain).choices).name),
        }
    }
}
