//! An event from its raw values.

use super::plan::{EventPlan, Plan, Reading};
use super::shape::Raws;
use crate::model::convert::{self, Raw};
use crate::model::{EventTypeId, Field, Problem, ProblemKind, Value, text};
use bumpalo::Bump;

/// Reads events by a plan into an arena.
pub(super) struct EventDecoder<'a, 'p> {
    pub plan: &'p Plan<'p>,
    pub events: &'p EventPlan,
    pub bump: &'a Bump,
    /// As many missing values as the widest type has fields: for types of which no field is read.
    missing: &'a [Value<'a>],
}

/// An event but for its place.
pub(super) struct Decoded<'a> {
    pub at: i64,
    pub ty: Option<EventTypeId>,
    pub spelling: &'a str,
    pub fields: &'a [Value<'a>],
}

impl<'a, 'p> EventDecoder<'a, 'p> {
    pub fn new(plan: &'p Plan<'p>, events: &'p EventPlan, bump: &'a Bump) -> EventDecoder<'a, 'p> {
        EventDecoder { plan, events, bump, missing: bump.alloc_slice_fill_copy(events.width, Value::Missing) }
    }

    /// The event; none when it is not read or cannot be, which is a problem.
    #[inline(always)]
    pub fn decode(&self, raws: &impl Raws<'a>, index: u32, problems: &mut Vec<Problem>) -> Option<Decoded<'a>> {
        let spelling = match raws.raw(self.events.ty) {
            Raw::Text(written) if written.bytes().next().is_some_and(|byte| byte > b' ' && byte < 0x80) => written,
            raw => match self.spelling(raw) {
                Ok(spelling) => spelling,
                Err(kind) => {
                    problems.push(problem("type", index, raw, kind));
                    return None;
                }
            },
        };
        let known = self.events.spellings.find(spelling.as_bytes()).and_then(|place| self.events.types.get(place));
        let read = match known {
            Some(ty) => ty.read,
            None => self.plan.reads == super::EventsRead::All,
        };
        if !read {
            return None;
        }
        let raw = raws.raw(self.events.at);
        let at = match self.instant(raw) {
            Ok(at) => at,
            Err(kind) => {
                problems.push(problem("at", index, raw, kind));
                return None;
            }
        };
        if self.plan.too_old(known.map(|ty| ty.id), at) {
            return None;
        }
        let Some(ty) = known else { return Some(Decoded { at, ty: None, spelling, fields: &[] }) };
        let fields = if ty.fields.is_empty() {
            self.bare(ty.width)
        } else {
            self.fields(ty.id, &ty.fields, raws, index, problems)
        };
        Some(Decoded { at, ty: Some(ty.id), spelling, fields })
    }

    /// The values of a type of which no field is read.
    #[inline(always)]
    pub fn bare(&self, width: usize) -> &'a [Value<'a>] {
        self.missing.get(..width).unwrap_or(self.missing)
    }

    /// The values of a type by its place.
    pub fn fields_of(
        &self,
        place: usize,
        raws: &impl Raws<'a>,
        index: u32,
        problems: &mut Vec<Problem>,
    ) -> &'a [Value<'a>] {
        let Some(ty) = self.events.types.get(place) else { return &[] };
        self.fields(ty.id, &ty.fields, raws, index, problems)
    }

    fn fields(
        &self,
        ty: EventTypeId,
        readings: &[Reading],
        raws: &impl Raws<'a>,
        index: u32,
        problems: &mut Vec<Problem>,
    ) -> &'a [Value<'a>] {
        let ty = self.plan.schema.event(ty);
        let values = self.bump.alloc_slice_fill_copy(ty.fields.len(), Value::Missing);
        for reading in readings {
            let raw = raws.raw(reading.place);
            let (Some(field), Some(value)) = (ty.fields.get(reading.field), values.get_mut(reading.field)) else {
                continue;
            };
            match self.read(raw, field) {
                Ok(read) => *value = read,
                Err(kind) => problems.push(problem(&format!("{}.{}", ty.name, field.name), index, raw, kind)),
            }
        }
        values
    }

    #[inline(always)]
    fn read(&self, raw: Raw<'a>, field: &Field) -> Result<Value<'a>, ProblemKind> {
        convert::read(raw, field, self.plan.schema, self.plan.zone, self.bump)
    }

    /// The type's spelling: text to the letter, or a number in its plain form.
    pub fn spelling(&self, raw: Raw<'a>) -> Result<&'a str, ProblemKind> {
        match raw {
            Raw::Text(written) if !text::trim(written).is_empty() => Ok(written),
            Raw::Number(_) | Raw::Int(_) => convert::read_text(raw, self.bump),
            Raw::NotUtf8 => Err(ProblemKind::NotUtf8),
            _ => Err(ProblemKind::EventWithoutType),
        }
    }

    #[inline(always)]
    pub fn instant(&self, raw: Raw<'a>) -> Result<i64, ProblemKind> {
        let read = match raw {
            Raw::Text(written) => convert::moment(text::trim(written)),
            Raw::Number(_) => convert::read_text(raw, self.bump).and_then(convert::moment),
            Raw::Moment(moment) => convert::known(moment),
            Raw::Int(value) => convert::epoch(value),
            Raw::NotUtf8 => return Err(ProblemKind::NotUtf8),
            _ => return Err(ProblemKind::EventWithoutTime),
        };
        match read.and_then(|moment| convert::in_range(moment.instant(self.plan.zone))) {
            Ok(at) => Ok(at),
            Err(ProblemKind::Seconds) => Err(ProblemKind::Seconds),
            Err(_) => Err(ProblemKind::EventWithoutTime),
        }
    }
}

#[cold]
fn problem(field: &str, index: u32, raw: Raw<'_>, kind: ProblemKind) -> Problem {
    let value = if raw == Raw::Null { String::new() } else { raw.excerpt() };
    Problem { field: field.to_owned(), event: Some(index), value, kind }
}
