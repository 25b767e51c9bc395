//! `qualify schema`: JSON Schemas of what the program writes and reads.

use super::check::{Report, print_json};
use super::exit::{Exit, Failure};
use super::lint;
use super::policy::{self, SetArgs};
use super::prove;
use super::terminal::Terminal;
use crate::backtest::{Backtest, Sweep};
use crate::check::hir::Program;
use crate::diff::Difference;
use crate::eval::Decision;
use crate::explain::{Changes, Explanation};
use crate::model::number::NUMBER_SCALE;
use crate::model::{DomainKind, Field, Scalar, Schema, Type};
use crate::testing::{Coverage, Mutation};
use crate::whatif::{Asks, History};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Print a JSON Schema: of what the program writes, or of the leads that a policy reads
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify schema decision > decision.schema.json
  qualify schema policy
  qualify schema coverage
  qualify schema mutation
  qualify schema lint
  qualify schema proof
  qualify schema lead policy.qual > lead.schema.json")]
pub struct Args {
    #[command(subcommand)]
    of: Of,
}

#[derive(Debug, clap::Subcommand)]
enum Of {
    /// A line of `qualify score --format ndjson`
    Decision,
    /// What `qualify check --format json` prints
    Policy,
    /// What `qualify test --coverage --format json` prints
    Coverage,
    /// What `qualify test --mutate --format json` prints
    Mutation,
    /// What `qualify lint --format json` prints
    Lint,
    /// What `qualify prove --format json` prints
    Proof,
    /// What `qualify explain --format json` prints
    Explanation,
    /// What `qualify explain --format json` prints with `--since`, `--against`, `--compare` or `--replay`
    Changes,
    /// What `qualify diff --format json` prints
    Difference,
    /// What `qualify history --format json` prints
    History,
    /// What `qualify ask --format json` prints
    Asks,
    /// What `qualify backtest --format json` prints
    Backtest,
    /// What `qualify sweep --format json` prints
    Sweep,
    /// A lead with its events, as a policy reads it from JSON
    Lead {
        /// The policy; `-` is standard input
        policy: String,
    },
}

pub fn run(args: Args, _: &Terminal) -> Result<Exit, Failure> {
    let generator = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    match args.of {
        Of::Decision => print_json(&generator().into_root_schema_for::<Decision>())?,
        Of::Policy => print_json(&generator().into_root_schema_for::<Vec<Report>>())?,
        Of::Coverage => print_json(&generator().into_root_schema_for::<Vec<Coverage>>())?,
        Of::Mutation => print_json(&generator().into_root_schema_for::<Vec<Mutation>>())?,
        Of::Lint => print_json(&generator().into_root_schema_for::<lint::Report>())?,
        Of::Proof => print_json(&generator().into_root_schema_for::<prove::Report>())?,
        Of::Explanation => print_json(&generator().into_root_schema_for::<Explanation>())?,
        Of::Changes => print_json(&generator().into_root_schema_for::<Changes>())?,
        Of::Difference => print_json(&generator().into_root_schema_for::<Difference>())?,
        Of::History => print_json(&generator().into_root_schema_for::<History>())?,
        Of::Asks => print_json(&generator().into_root_schema_for::<Asks>())?,
        Of::Sweep => print_json(&generator().into_root_schema_for::<Sweep>())?,
        Of::Backtest => print_json(&generator().into_root_schema_for::<Backtest>())?,
        Of::Lead { policy } => print_json(&lead(&policy::program(&policy, &SetArgs::default())?))?,
    }
    Ok(Exit::Done)
}

/// The shape of a lead that has no data problem. Nothing but the key and required fields must be there, and what the
/// policy does not read may be anything.
fn lead(program: &Program) -> Value {
    let schema = &program.schema;
    let mut root = object();
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!(format!("A lead of the policy \"{}\"", program.meta.label)));
    for field in &schema.fields {
        place(&mut root, &field.from.parts, read(schema, field), field.key || field.required);
    }
    let source = &schema.event_source;
    if program.reads_events {
        let events = schema.events.iter().map(|event| {
            let mut one = object();
            place(&mut one, &source.ty.parts, json!({ "const": event.from, "title": event.label }), true);
            place(&mut one, &source.at.parts, instant(), true);
            for field in &event.fields {
                place(&mut one, &field.from.parts, read(schema, field), false);
            }
            Value::Object(one)
        });
        let mut events: Vec<Value> = events.collect();
        let mut other = object();
        let spellings: Vec<&String> = schema.events.iter().map(|event| &event.from).collect();
        let ty = json!({ "type": "string", "not": { "enum": spellings }, "title": "A type that no `event` declares" });
        place(&mut other, &source.ty.parts, ty, true);
        place(&mut other, &source.at.parts, instant(), true);
        events.push(Value::Object(other));
        let list = json!({ "type": ["array", "null"], "items": { "anyOf": events } });
        place(&mut root, &source.inside.parts, list, false);
    }
    Value::Object(root)
}

fn object() -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), json!("object")), ("properties".to_owned(), json!({}))])
}

/// Puts the schema of a value where its path leads, through nested objects.
fn place(object: &mut Map<String, Value>, path: &[String], value: Value, required: bool) {
    let Some((first, rest)) = path.split_first() else { return };
    if required {
        let names = object.entry("required").or_insert_with(|| json!([]));
        if let Some(names) = names.as_array_mut().filter(|names| !names.contains(&json!(first))) {
            names.push(json!(first));
        }
    }
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    let Some(properties) = properties.as_object_mut() else { return };
    if rest.is_empty() {
        properties.insert(first.clone(), value);
        return;
    }
    let inner = properties.entry(first.clone()).or_insert_with(|| {
        let ty = if required { json!("object") } else { json!(["object", "null"]) };
        json!({ "type": ty, "properties": {} })
    });
    if let Some(inner) = inner.as_object_mut() {
        place(inner, rest, value, required);
    }
}

/// What a field's value may be, null included where the field may be missing.
fn read(schema: &Schema, field: &Field) -> Value {
    let mut any = match field.ty {
        Type::One(scalar) => scalar_forms(schema, scalar),
        Type::List(scalar) => {
            let mut entries = scalar_forms(schema, scalar);
            entries.push(json!({ "type": "null" }));
            vec![
                json!({ "type": "array", "items": { "anyOf": entries } }),
                json!({ "type": "string", "description": "entries with `;` between them" }),
            ]
        }
    };
    if !field.key && !field.required {
        any.push(json!({ "type": "null" }));
        let numbers = field.missing.numbers.iter().map(|micros| json!(*micros as f64 / NUMBER_SCALE as f64));
        let listed: Vec<Value> = field.missing.texts.iter().map(|text| json!(text)).chain(numbers).collect();
        if !listed.is_empty() {
            any.push(json!({ "enum": listed, "description": "means missing" }));
        }
    }
    let mut value = Map::new();
    value.insert("title".to_owned(), json!(field.name));
    if let Some(ask) = &field.ask {
        value.insert("description".to_owned(), json!(ask));
    }
    value.insert("anyOf".to_owned(), Value::Array(any));
    Value::Object(value)
}

/// The forms that data may have (§3 of the language), without those that depend on white space and case.
fn scalar_forms(schema: &Schema, scalar: Scalar) -> Vec<Value> {
    let number = || json!({ "type": "number" });
    let decimal = || json!({ "type": "string", "pattern": r"^\s*([+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)?\s*$" });
    match scalar {
        Scalar::Text => vec![json!({ "type": "string" }), number()],
        Scalar::Int => {
            let whole = json!({ "type": "string", "pattern": r"^\s*([+-]?[0-9]+(\.0+)?)?\s*$" });
            vec![json!({ "type": "integer" }), whole]
        }
        Scalar::Number => vec![number(), decimal()],
        Scalar::Money(currency) => {
            let amount = json!({ "anyOf": [number(), decimal(), { "type": "null" }] });
            vec![
                number(),
                decimal(),
                json!({
                    "type": "object",
                    "properties": { "amount": amount, "currency": { "const": currency.as_str() } },
                    "required": ["amount", "currency"]
                }),
            ]
        }
        Scalar::Bool => vec![
            json!({ "type": "boolean" }),
            json!({ "enum": [0, 1] }),
            json!({ "type": "string", "pattern": r"^\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|0|1)?\s*$" }),
        ],
        Scalar::Date | Scalar::Time => vec![instant()],
        Scalar::Choice(domain) => {
            let domain = schema.domain(domain);
            let mut names: Vec<&str> = domain.choices.iter().map(|choice| choice.name.as_str()).collect();
            if domain.kind == DomainKind::Stages {
                names.extend(domain.choices.iter().map(|choice| choice.label.as_str()));
                names.push("disqualified");
            }
            vec![json!({ "enum": names })]
        }
    }
}

fn instant() -> Value {
    json!({
        "anyOf": [
            { "type": "string", "description": "`YYYY-MM-DD`, then optionally a time and an offset" },
            { "type": "integer", "minimum": 100_000_000_000_i64, "description": "epoch milliseconds" }
        ]
    })
}
