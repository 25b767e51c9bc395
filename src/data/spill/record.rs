//! Events, problems and keys as bytes, for temporary files.

use crate::data::events::Decoded;
use crate::data::plan::{Plan, Reading};
use crate::model::{EventTypeId, Problem, ProblemKind, Value};
use bumpalo::Bump;

/// A number in groups of seven bits, the lowest first.
pub(super) fn varint(mut number: u64, out: &mut [u8; 10]) -> &[u8] {
    let mut length = 0;
    for place in out.iter_mut() {
        length += 1;
        *place = (number & 0x7f) as u8 | if number > 0x7f { 0x80 } else { 0 };
        number >>= 7;
        if number == 0 {
            break;
        }
    }
    out.get(..length).unwrap_or_default()
}

/// Appends values to a record.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, number: u64) {
        self.0.extend_from_slice(varint(number, &mut [0; 10]));
    }

    pub fn signed(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &Value<'_>) {
        let (tag, number) = match value {
            Value::Missing => return self.0.push(0),
            Value::Bool(value) => return self.0.push(1 + u8::from(*value)),
            Value::Text(text) => {
                self.0.push(3);
                return self.text(text);
            }
            Value::List(values) => {
                self.0.push(4);
                self.number(values.len() as u64);
                return values.iter().for_each(|value| self.value(value));
            }
            Value::Int(value) => (5, *value),
            Value::Number(value) => (6, *value),
            Value::Money(value) => (7, *value),
            Value::Date(value) => (8, i64::from(*value)),
            Value::Time(value) => (9, *value),
            Value::Choice(value) => (10, i64::from(*value)),
        };
        self.0.push(tag);
        self.signed(number);
    }

    /// An event but for its place: of its fields those that are read.
    pub fn event(&mut self, plan: &Plan<'_>, event: &Decoded<'_>) {
        self.signed(event.at);
        match event.ty {
            None => {
                self.number(0);
                self.text(event.spelling);
            }
            Some(ty) => {
                self.number(ty.index() as u64 + 1);
                for reading in readings(plan, ty) {
                    self.value(event.fields.get(reading.field).unwrap_or(&Value::Missing));
                }
            }
        }
    }

    /// A problem but for its event's place.
    pub fn problem(&mut self, problem: &Problem) {
        self.text(&problem.field);
        self.text(&problem.value);
        let kind = KINDS.iter().position(|kind| *kind == problem.kind).unwrap_or(0);
        self.0.push(kind as u8);
    }
}

fn readings<'p>(plan: &'p Plan<'_>, ty: EventTypeId) -> &'p [Reading] {
    plan.file.types.get(ty.index()).map_or(&[], |ty| &ty.fields)
}

const KINDS: [ProblemKind; 12] = [
    ProblemKind::WrongType,
    ProblemKind::NotANumber,
    ProblemKind::NotWhole,
    ProblemKind::TooLarge,
    ProblemKind::OtherCurrency,
    ProblemKind::NotListed,
    ProblemKind::NotATime,
    ProblemKind::Seconds,
    ProblemKind::NotUtf8,
    ProblemKind::EventWithoutType,
    ProblemKind::EventWithoutTime,
    ProblemKind::NotEvents,
];

/// Takes values off a record; none where it does not hold them.
pub(super) struct Parser<'a>(pub &'a [u8]);

impl<'a> Parser<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub fn signed(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn value(&mut self, bump: &'a Bump) -> Option<Value<'a>> {
        let number = |parser: &mut Self| parser.signed();
        Some(match self.byte()? {
            0 => Value::Missing,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Text(self.text()?),
            4 => {
                let count = self.number()?;
                let mut values = bumpalo::collections::Vec::new_in(bump);
                for _ in 0..count {
                    values.push(self.value(bump)?);
                }
                Value::List(values.into_bump_slice())
            }
            5 => Value::Int(number(self)?),
            6 => Value::Number(number(self)?),
            7 => Value::Money(number(self)?),
            8 => Value::Date(i32::try_from(number(self)?).ok()?),
            9 => Value::Time(number(self)?),
            10 => Value::Choice(u16::try_from(number(self)?).ok()?),
            _ => return None,
        })
    }

    pub fn event(&mut self, plan: &Plan<'_>, bump: &'a Bump) -> Option<Decoded<'a>> {
        let at = self.signed()?;
        let Some(ty) = self.number()?.checked_sub(1) else {
            return Some(Decoded { at, ty: None, spelling: self.text()?, fields: &[] });
        };
        let ty = EventTypeId(u16::try_from(ty).ok()?);
        let width = plan.file.types.get(ty.index())?.width;
        let readings = readings(plan, ty);
        if readings.is_empty() {
            return Some(Decoded { at, ty: Some(ty), spelling: "", fields: &[] });
        }
        let fields = bump.alloc_slice_fill_copy(width, Value::Missing);
        for reading in readings {
            *fields.get_mut(reading.field)? = self.value(bump)?;
        }
        Some(Decoded { at, ty: Some(ty), spelling: "", fields })
    }

    pub fn problem(&mut self, event: u32) -> Option<Problem> {
        let (field, value) = (self.text()?.to_owned(), self.text()?.to_owned());
        let kind = *KINDS.get(usize::from(self.byte()?))?;
        Some(Problem { field, event: Some(event), value, kind })
    }
}
