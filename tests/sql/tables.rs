//! The tables that the SQL reads, from leads as data have them: values of their column's type, texts raw.

use crate::engine::Table;
use crate::reference::generate::Rng;
use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Batch, Decoded, EventStore, EventsRead, Plan};
use qualify::model::{Event, Scalar, Schema, Sentinels, Type, Value, number, time};
use qualify::sql::{Column, ColumnType, Options, layout};
use serde_json::{Value as Json, json};

/// Both tables of some records. With `dress`, as odd as warehouses are: outer white space, blank texts for holes, finer
/// digits than milliseconds, events that cannot count.
pub fn tables(
    program: &Program,
    options: &Options,
    batches: &[Batch],
    events: Option<&EventStore>,
    dress: Option<u64>,
) -> [Table; 2] {
    let layout = layout(program, options);
    let schema = raw(&program.schema, events.is_some());
    let plan = Plan::new(&schema, &program.zone, EventsRead::All);
    let mut made = Maker {
        leads: table("leads", &layout.leads),
        events: table("events", &layout.events),
        columns: [layout.leads, layout.events],
        dress: dress.map(Rng::new),
    };
    let arena = Bump::new();
    for batch in batches {
        batch.decode(&plan, events, &arena, &mut |record| {
            if let Decoded::Lead { lead, .. } = record {
                let key = program.schema.key.map(|key| lead.fields[key.index()]);
                made.lead(lead.fields);
                for event in lead.events {
                    made.event(key.unwrap_or(Value::Missing), event);
                }
            }
        });
    }
    made.junk();
    [made.leads, made.events]
}

fn table(name: &str, columns: &[Column]) -> Table {
    let columns = columns.iter().map(|column| (column.name.clone(), kind(&column.ty))).collect();
    Table { name: name.into(), columns, rows: Vec::new() }
}

/// A type as `run.py` calls it.
pub fn kind(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Text => "text".into(),
        ColumnType::Int => "int".into(),
        ColumnType::Number => "number".into(),
        ColumnType::Money => "money".into(),
        ColumnType::Bool => "bool".into(),
        ColumnType::Date => "date".into(),
        ColumnType::Time => "time".into(),
        ColumnType::List(inner) => format!("list of {}", kind(inner)),
    }
}

/// A schema that reads values of the right type and leaves the rest to SQL: listed texts, what means missing, what a
/// lead must have.
fn raw(schema: &Schema, keeps_key: bool) -> Schema {
    let mut schema = schema.clone();
    let fields = schema.fields.iter_mut().chain(schema.events.iter_mut().flat_map(|event| event.fields.iter_mut()));
    for field in fields {
        field.used |= field.key || field.required;
        (field.key, field.required, field.missing) = (field.key && keeps_key, false, Sentinels::default());
        field.ty = match field.ty {
            Type::One(Scalar::Choice(_)) => Type::One(Scalar::Text),
            Type::List(Scalar::Choice(_)) => Type::List(Scalar::Text),
            ty => ty,
        };
    }
    schema.key = schema.key.filter(|_| keeps_key);
    schema.stage_field = None;
    schema
}

struct Maker {
    columns: [Vec<Column>; 2],
    leads: Table,
    events: Table,
    dress: Option<Rng>,
}

impl Maker {
    fn lead(&mut self, fields: &[Value<'_>]) {
        let columns = std::mem::take(&mut self.columns[0]);
        let value = |column: &Column| column.fields.first().map_or(Value::Missing, |field| fields[field.index()]);
        let row = columns.iter().map(|column| self.cell(value(column), &column.ty)).collect();
        self.leads.rows.push(row);
        self.columns[0] = columns;
    }

    fn event(&mut self, key: Value<'_>, event: &Event<'_>) {
        let columns = std::mem::take(&mut self.columns[1]);
        // Without a key, events have no way to their lead.
        let first = columns.len() - columns.iter().filter(|column| !column.event_fields.is_empty()).count() - 2;
        let mut row = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            row.push(match place as isize - first as isize {
                ..0 => self.cell(key, &column.ty),
                0 => json!(event.spelling),
                1 => self.cell(Value::Time(event.at), &column.ty),
                _ => {
                    let own = column.event_fields.iter().find(|(ty, _)| Some(*ty) == event.ty);
                    self.cell(own.map_or(Value::Missing, |(_, place)| event.fields[*place]), &column.ty)
                }
            });
        }
        self.events.rows.push(row);
        self.columns[1] = columns;
    }

    /// Rows that count for nobody.
    fn junk(&mut self) {
        let Some(row) = self.events.rows.first().cloned().filter(|_| self.dress.is_some()) else { return };
        for (place, value) in [(0, Json::Null), (1, Json::Null), (2, Json::Null), (0, spelled_key(&row[0]))] {
            let mut odd = row.clone();
            odd[place] = value;
            self.events.rows.push(odd);
        }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.dress.as_mut().is_some_and(|rng| rng.chance(percent))
    }

    fn white(&mut self) -> &'static str {
        self.dress.as_mut().map_or("", |rng| *rng.pick(&["", " ", "\t", "\u{a0}", " \n", "\r\n"]))
    }

    fn cell(&mut self, value: Value<'_>, ty: &ColumnType) -> Json {
        match (value, ty) {
            (Value::Missing, ColumnType::Text) if self.chance(25) => json!(self.white()),
            (Value::Text(text), _) if self.chance(15) => {
                let (before, after) = (self.white(), self.white());
                json!(format!("{before}{text}{after}"))
            }
            (Value::List(entries), ColumnType::List(inner)) => {
                let mut all: Vec<Json> = entries.iter().map(|entry| self.cell(*entry, inner)).collect();
                if **inner == ColumnType::Text && self.chance(10) {
                    all.push(json!(self.white()));
                }
                Json::Array(all)
            }
            // Finer digits are cut off.
            (Value::Time(at), ColumnType::Time) if self.chance(15) => {
                json!(format!("{}999Z", millis(at).trim_end_matches('Z')))
            }
            // A column that several types of events share may be wider than the field.
            (Value::Int(value), ColumnType::Money | ColumnType::Number) => json!(value.to_string()),
            (value, _) => spelled(value),
        }
    }
}

/// A key that no lead has.
fn spelled_key(key: &Json) -> Json {
    match key.as_str() {
        Some(text) if text.parse::<i64>().is_ok() => json!("987654321987654321"),
        Some(text) => json!(format!("nobody {text}")),
        None => Json::Null,
    }
}

/// An instant in UTC with milliseconds.
pub fn millis(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or("out of range".into(), |instant| format!("{instant:.3}"))
}

/// A value in the one spelling.
fn spelled(value: Value<'_>) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Bool(value) => json!(value.to_string()),
        Value::Int(value) => json!(value.to_string()),
        Value::Number(raw) => json!(number::display(raw, 6).to_string()),
        Value::Money(raw) => json!(number::display(raw, 4).to_string()),
        Value::Date(day) => json!(time::from_days(day).to_string()),
        Value::Time(at) => json!(millis(at)),
        Value::Choice(place) => json!(place),
        Value::Text(text) => json!(text),
        Value::List(entries) => Json::Array(entries.iter().map(|entry| spelled(*entry)).collect()),
    }
}
