//! An event from its raw values.

use super::json::Known;
use super::plan::{EventPlan, Plan, Reading, TypePlan};
use super::shape::{Raws, Slots};
use crate::model::convert::{self, Raw};
use crate::model::{EventTypeId, Months, Problem, ProblemKind, Value, text};
use bumpalo::Bump;

/// Reads events by a plan into an arena.
pub(super) struct EventDecoder<'a, 'p> {
    pub plan: &'p Plan<'p>,
    pub events: &'p EventPlan,
    pub bump: &'a Bump,
    /// As many missing values as the widest type has fields: for types of which no field is read.
    missing: &'a [Value<'a>],
    /// How the types are spelled, by their place.
    spelled: &'a [&'a str],
    months: Months,
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
        let missing = bump.alloc_slice_fill_copy(events.width, Value::Missing);
        let spelled = events.types.iter().filter_map(|ty| plan.schema.events.get(ty.id.index()));
        let spelled: Vec<&str> = spelled.map(|ty| &*bump.alloc_str(&ty.from)).collect();
        EventDecoder { plan, events, bump, missing, spelled: bump.alloc_slice_copy(&spelled), months: Months::new() }
    }

    /// The event; none when it is not read or cannot be, which is a problem.
    #[inline(always)]
    pub fn decode(&mut self, raws: &impl Raws<'a>, index: u32, problems: &mut Vec<Problem>) -> Option<Decoded<'a>> {
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
        self.decode_type(known, spelling, None, raws, index, problems)
    }

    /// The number of a type by its plain spelling, for [`EventDecoder::decode_as`].
    pub fn kind(&self, spelling: &str) -> Option<u16> {
        let plain = spelling.bytes().next().is_some_and(|byte| byte > b' ' && byte < 0x80);
        let place = plain.then(|| self.events.spellings.find(spelling.as_bytes()))?;
        u16::try_from(place.unwrap_or(self.events.types.len())).ok()
    }

    /// As [`EventDecoder::decode`], where the number of the type is known, and perhaps the instant.
    #[inline(always)]
    pub fn decode_as(
        &mut self,
        known: Known,
        slots: &Slots<'a>,
        index: u32,
        problems: &mut Vec<Problem>,
    ) -> Option<Decoded<'a>> {
        let kind = usize::from(known.kind);
        let spelling = match (self.spelled.get(kind), self.events.ty.get(slots)) {
            (Some(spelling), _) => spelling,
            (None, Raw::Text(spelling)) => spelling,
            (None, _) => return self.decode(&slots, index, problems),
        };
        self.decode_type(self.events.types.get(kind), spelling, known.at, &slots, index, problems)
    }

    #[inline(always)]
    fn decode_type(
        &mut self,
        known: Option<&TypePlan>,
        spelling: &'a str,
        at: Option<i64>,
        raws: &impl Raws<'a>,
        index: u32,
        problems: &mut Vec<Problem>,
    ) -> Option<Decoded<'a>> {
        let read = match known {
            Some(ty) => ty.read,
            None => self.plan.reads == super::EventsRead::All,
        };
        if !read {
            return None;
        }
        let at = match at {
            Some(at) => at,
            None => self.at(raws, index, problems)?,
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

    /// The event's instant; without one that can be read it is none, which is a problem.
    #[inline]
    fn at(&mut self, raws: &impl Raws<'a>, index: u32, problems: &mut Vec<Problem>) -> Option<i64> {
        let raw = raws.raw(self.events.at);
        let read = self.instant(raw);
        read.map_err(|kind| problems.push(problem("at", index, raw, kind))).ok()
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
            let (Some(field), Some(value)) = (ty.fields.get(reading.field), values.get_mut(reading.field)) else {
                continue;
            };
            let read = raws.look(reading.place, |raw| {
                convert::read_into(value, reading.way, raw, field, self.plan.schema, self.plan.zone, self.bump)
            });
            if let Err(kind) = read {
                let raw = raws.raw(reading.place);
                problems.push(problem(&format!("{}.{}", ty.name, field.name), index, raw, kind));
            }
        }
        values
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
    pub fn instant(&mut self, raw: Raw<'a>) -> Result<i64, ProblemKind> {
        if let Raw::Text(written) = raw
            && let Some(Ok(at)) = self.months.read(written.as_bytes()).map(convert::in_range)
        {
            return Ok(at);
        }
        self.any_instant(raw)
    }

    #[inline(never)]
    fn any_instant(&self, raw: Raw<'a>) -> Result<i64, ProblemKind> {
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
