//! The instant at which each lead is judged: what is later does not exist.

use super::outcomes::plain_field;
use crate::check::hir::{Program, StageId};
use crate::diagnostic::did_you_mean;
use crate::model::time::{AsOf, LATEST, Length, Zone};
use crate::model::{FieldId, Lead, Scalar, Schema, Type, Value};
use crate::syntax::ast::Unit;

/// When leads are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instant {
    /// All at one instant.
    Fixed(i64),
    /// So long after what a field says.
    After {
        /// The field: a date or a time.
        field: FieldId,
        /// How long after it.
        length: Option<Length>,
    },
    /// At what a column of the leads says that the policy need not know.
    Column {
        /// The column.
        column: String,
        /// Its place behind the fields of the policy.
        field: FieldId,
    },
    /// When they first stood at this stage or a higher one.
    Reached(StageId),
}

/// An instant that cannot be understood, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInstant {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Names that people give to the field of a lead's beginning.
const CREATED: [&str; 6] = ["created_at", "created", "created_on", "created_date", "created_time", "create_date"];

impl Instant {
    /// From text: `created+14d`, `column:NAME`, `reached:STAGE`, a date or an instant.
    pub fn parse(text: &str, program: &Program) -> Result<Instant, NoInstant> {
        let text = text.trim();
        if let Some(stage) = text.strip_prefix("reached:") {
            return reached(stage.trim(), program);
        }
        if let Some(column) = text.strip_prefix("column:") {
            let column = column.trim();
            if column.is_empty() {
                return Err(NoInstant { message: "`column:` names no column".to_owned(), help: Some(HOW.to_owned()) });
            }
            let field = FieldId(program.schema.fields.len() as u16);
            return Ok(Instant::Column { column: column.to_owned(), field });
        }
        if let Some(as_of) = AsOf::parse(text, &program.zone) {
            return Ok(Instant::Fixed(as_of.instant));
        }
        let (name, length) = match text.split_once('+') {
            Some((name, length)) => (name.trim(), Some(length.trim())),
            None => (text, None),
        };
        let length = match length {
            Some(written) => Some(short_length(written).ok_or_else(|| NoInstant {
                message: format!("`{written}` is no length of time"),
                help: Some("write `14d`, `12h`, `2w`, `1 month`".to_owned()),
            })?),
            None => None,
        };
        Ok(Instant::After { field: time_field(name, program)?, length })
    }

    /// The shape of the leads, with all that the instant needs.
    pub fn schema(&self, program: &Program) -> Schema {
        let mut schema = program.schema.clone();
        let begun = created(program);
        let asked = match self {
            Instant::After { field, .. } => Some(*field),
            _ => None,
        };
        for field in begun.into_iter().chain(asked) {
            if let Some(field) = schema.fields.get_mut(field.index()) {
                field.used = true;
            }
        }
        if let Instant::Column { column, .. } = self {
            schema.fields.push(plain_field(column, Scalar::Time, false));
        }
        schema
    }

    /// The instant of a lead, unless its history has to be looked at.
    pub fn of(&self, lead: &Lead<'_>, zone: &Zone) -> Option<i64> {
        match self {
            Instant::Fixed(instant) => Some(*instant),
            Instant::After { field, length } => {
                let from = instant_of(lead.field(*field), zone)?;
                Some(length.map_or(from, |length| later(from, length, zone)))
            }
            Instant::Column { field, .. } => instant_of(lead.field(*field), zone),
            Instant::Reached(_) => None,
        }
    }

    /// What people read: "14 days after `created_at`".
    pub fn describe(&self, program: &Program) -> String {
        match self {
            Instant::Fixed(instant) => {
                let reading = crate::model::time::display_instant(program.zone.local(*instant));
                let (day, _) = reading.split_once('T').unwrap_or((&reading, ""));
                if *instant == AsOf::end_of_day(program.zone.day(*instant), &program.zone) {
                    format!("at the end of {day}")
                } else {
                    format!("at {}", crate::model::time::display_instant(*instant))
                }
            }
            Instant::After { field, length } => {
                let name = &program.schema.field(*field).name;
                length.map_or_else(|| format!("at `{name}`"), |length| format!("{length} after `{name}`"))
            }
            Instant::Column { column, .. } => format!("at the instant in column `{column}`"),
            Instant::Reached(stage) => {
                let label = program.stages.get(stage.index()).map_or("a stage", |stage| stage.label.as_str());
                format!("when they first reached \"{label}\"")
            }
        }
    }
}

const HOW: &str =
    "write `created+14d`, `column:NAME`, `reached:STAGE`, a date `2026-10-01` or a time `2026-10-01T12:00:00Z`";

/// The field that says when a lead began, by its name.
pub fn created(program: &Program) -> Option<FieldId> {
    CREATED.iter().find_map(|name| {
        let place = program.schema.fields.iter().position(|field| field.name == *name && is_time(field.ty))?;
        Some(FieldId(place as u16))
    })
}

fn is_time(ty: Type) -> bool {
    matches!(ty, Type::One(Scalar::Time | Scalar::Date))
}

fn time_field(name: &str, program: &Program) -> Result<FieldId, NoInstant> {
    let fields = &program.schema.fields;
    if let Some(place) = fields.iter().position(|field| field.name == name) {
        if is_time(fields[place].ty) {
            return Ok(FieldId(place as u16));
        }
        let message = format!("the field `{name}` is no date or time");
        return Err(NoInstant { message, help: Some(HOW.to_owned()) });
    }
    if name == "created"
        && let Some(field) = created(program)
    {
        return Ok(field);
    }
    let times = fields.iter().filter(|field| is_time(field.ty)).map(|field| field.name.as_str());
    let help = did_you_mean(name, times).unwrap_or_else(|| HOW.to_owned());
    Err(NoInstant { message: format!("the policy has no date or time called `{name}`"), help: Some(help) })
}

fn reached(stage: &str, program: &Program) -> Result<Instant, NoInstant> {
    match program.stages.iter().position(|known| known.name == stage) {
        Some(place) => Ok(Instant::Reached(StageId(place as u16))),
        None => {
            let help = did_you_mean(stage, program.stages.iter().map(|stage| stage.name.as_str()));
            Err(NoInstant { message: format!("the policy has no stage `{stage}`"), help })
        }
    }
}

/// The instant of a date or time.
pub fn instant_of(value: Value<'_>, zone: &Zone) -> Option<i64> {
    match value {
        Value::Time(instant) => Some(instant),
        Value::Date(day) => Some(zone.start_of_day(day)),
        _ => None,
    }
}

/// So long after an instant, by the policy's zone.
pub fn later(instant: i64, length: Length, zone: &Zone) -> i64 {
    AsOf::new(instant, zone).reach(length, zone).ahead.min(LATEST)
}

/// `14d`, `12h`, `2w`, `3 months`.
pub fn short_length(text: &str) -> Option<Length> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let count: u32 = text.get(..end)?.parse().ok()?;
    let unit = match text.get(end..)?.trim() {
        "min" | "minute" | "minutes" => Unit::Minute,
        "h" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mo" | "month" | "months" => Unit::Month,
        "y" | "year" | "years" => Unit::Year,
        _ => return None,
    };
    Some(Length { count, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_short_or_long() {
        assert_eq!(short_length("14d"), Some(Length { count: 14, unit: Unit::Day }));
        assert_eq!(short_length(" 3 months"), Some(Length { count: 3, unit: Unit::Month }));
        assert_eq!(short_length("d"), None);
        assert_eq!(short_length("14"), None);
        assert_eq!(short_length("99999999999d"), None);
    }
}
