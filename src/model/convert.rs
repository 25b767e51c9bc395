//! From raw data to values of a field's type (§3).

use super::number::{self, NumberProblem};
use super::time::{DAY, EARLIEST, LATEST, Moment, Zone};
use super::{Field, ProblemKind, Scalar, Schema, Sentinels, Type, Value, text};
use bumpalo::Bump;

/// A value as data holds it: JSON, text from a CSV cell, or typed, from a column of Parquet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'a> {
    /// `null`, or nothing at all.
    Null,
    /// A JSON bool.
    Bool(bool),
    /// A JSON number as written, a valid one.
    Number(&'a str),
    /// A whole number from a typed column.
    Int(i64),
    /// A day or time from a typed column.
    Moment(Moment),
    /// Text.
    Text(&'a str),
    /// Bytes that should be text and are not UTF-8.
    NotUtf8,
    /// A JSON array.
    Array(&'a [Raw<'a>]),
    /// A JSON object, in order; of equal keys the last counts.
    Object(&'a [(&'a str, Raw<'a>)]),
}

impl<'a> Raw<'a> {
    /// The value of a key of an object; of equal keys the last counts.
    pub fn get(&self, key: &str) -> Option<Raw<'a>> {
        match self {
            Raw::Object(entries) => entries.iter().rev().find(|(name, _)| *name == key).map(|(_, value)| *value),
            _ => None,
        }
    }

    /// The value as text for messages, at most 100 characters.
    pub fn excerpt(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        if out.chars().count() > 100 { out.chars().take(99).chain(['…']).collect() } else { out }
    }

    fn write(&self, out: &mut String) {
        if out.len() > 400 {
            return;
        }
        match self {
            Raw::Null => out.push_str("null"),
            Raw::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Raw::Number(text) | Raw::Text(text) => out.extend(text.chars().take(101)),
            Raw::Int(value) => out.push_str(&value.to_string()),
            Raw::Moment(moment) => out.push_str(&moment.to_string()),
            Raw::NotUtf8 => out.push_str("(not UTF-8)"),
            Raw::Array(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Raw::Object(entries) => {
                out.push('{');
                for (place, (name, value)) in entries.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    out.extend(name.chars().take(101));
                    out.push_str(": ");
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// How the values of a field are read, as far as that can be told by the field alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Text of which none means missing.
    Text,
    /// A whole number of which none means missing.
    Int,
    /// Any other.
    Any,
}

impl Way {
    /// Of a field.
    pub fn of(field: &Field) -> Way {
        match field.ty {
            _ if !field.missing.texts.is_empty() || !field.missing.numbers.is_empty() => Way::Any,
            Type::One(Scalar::Text) => Way::Text,
            Type::One(Scalar::Int) => Way::Int,
            _ => Way::Any,
        }
    }
}

/// Reads a field's value. Missing and what means missing is [`Value::Missing`]; a data problem is an error.
#[inline]
pub fn read<'a>(
    raw: Raw<'a>,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<Value<'a>, ProblemKind> {
    read_by(Way::of(field), raw, field, schema, zone, arena)
}

/// As [`read`], where it is known how the field's values are read.
#[inline(always)]
pub fn read_by<'a>(
    way: Way,
    raw: Raw<'a>,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<Value<'a>, ProblemKind> {
    let mut value = Value::Missing;
    read_into(&mut value, way, &raw, field, schema, zone, arena).map(|()| value)
}

/// As [`read_by`], into a place that holds [`Value::Missing`]. A value that is written in parts and copied as a whole at
/// once makes the processor wait: it is best written where it stays, and looked at where it stands.
#[inline(always)]
pub fn read_into<'a>(
    to: &mut Value<'a>,
    way: Way,
    raw: &Raw<'a>,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<(), ProblemKind> {
    // Nearly all values are nothing, text or a whole number, and nothing is said of what means missing.
    match (way, raw) {
        (_, Raw::Null) => {}
        (Way::Text, Raw::Text(written)) => {
            let written = text::trim(written);
            if !written.is_empty() {
                *to = Value::Text(written);
            }
        }
        (Way::Int, Raw::Number(written) | Raw::Text(written)) if let Some(value) = small(written.as_bytes()) => {
            *to = Value::Int(value);
        }
        _ => *to = read_any(*raw, field, schema, zone, arena)?,
    }
    Ok(())
}

/// A whole number of few digits.
#[inline]
fn small(digits: &[u8]) -> Option<i64> {
    const ZEROS: u32 = 0x3030_3030;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = match (digits.first_chunk::<4>(), digits.last_chunk::<4>(), digits) {
        (Some(head), Some(tail), _) if digits.len() <= 8 => {
            let (head, tail) = (u32::from_le_bytes(*head) ^ ZEROS, u32::from_le_bytes(*tail) ^ ZEROS);
            // As of eight digits: what both hold counts once.
            let head = u64::from(head) << (8 * (8 - digits.len())) & 0xffff_ffff;
            head | u64::from(tail) << 32
        }
        (.., [a]) => u64::from(a ^ b'0') << 56,
        (.., [a, b]) => u64::from(a ^ b'0') << 48 | u64::from(b ^ b'0') << 56,
        (.., [a, b, c]) => u64::from(a ^ b'0') << 40 | u64::from(b ^ b'0') << 48 | u64::from(c ^ b'0') << 56,
        _ => return longer(digits),
    };
    // A digit's value plus 0x76 stays below 0x80.
    if (word | (word & !HIGH).wrapping_add(0x7676_7676_7676_7676)) & HIGH != 0 {
        return None;
    }
    let pairs = (word * 10 + (word >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some(((fours * 10_000 + (fours >> 32)) & 0xffff_ffff) as i64)
}

/// A whole number of 9 to 12 digits.
#[inline(never)]
fn longer(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 12 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

#[inline(never)]
fn read_any<'a>(
    raw: Raw<'a>,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<Value<'a>, ProblemKind> {
    match field.ty {
        Type::One(scalar) => read_scalar(raw, scalar, field, schema, zone, arena),
        Type::List(scalar) => read_list(raw, scalar, field, schema, zone, arena),
    }
}

fn read_list<'a>(
    raw: Raw<'a>,
    scalar: Scalar,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<Value<'a>, ProblemKind> {
    let mut values = bumpalo::collections::Vec::new_in(arena);
    match raw {
        Raw::Array(entries) => {
            for entry in entries {
                match read_scalar(*entry, scalar, field, schema, zone, arena)? {
                    Value::Missing => {}
                    value => values.push(value),
                }
            }
        }
        Raw::Text(written) => {
            if text::trim(written).is_empty() || is_sentinel(raw, &field.missing) {
                return Ok(Value::Missing);
            }
            for entry in written.split(';') {
                match read_scalar(Raw::Text(text::trim(entry)), scalar, field, schema, zone, arena)? {
                    Value::Missing => {}
                    value => values.push(value),
                }
            }
        }
        Raw::Null => return Ok(Value::Missing),
        Raw::NotUtf8 => return Err(ProblemKind::NotUtf8),
        _ if is_sentinel(raw, &field.missing) => return Ok(Value::Missing),
        _ => return Err(ProblemKind::WrongType),
    }
    Ok(Value::List(values.into_bump_slice()))
}

fn read_scalar<'a>(
    raw: Raw<'a>,
    scalar: Scalar,
    field: &Field,
    schema: &Schema,
    zone: &Zone,
    arena: &'a Bump,
) -> Result<Value<'a>, ProblemKind> {
    if is_missing(raw, &field.missing) {
        return Ok(Value::Missing);
    }
    match scalar {
        Scalar::Text => Ok(Value::Text(read_text(raw, arena)?)),
        Scalar::Int => Ok(Value::Int(read_number(raw, 0, true)?)),
        Scalar::Number => Ok(Value::Number(read_number(raw, 6, false)?)),
        Scalar::Money(currency) => read_money(raw, currency.as_str(), &field.missing),
        Scalar::Bool => read_bool(raw).map(Value::Bool),
        Scalar::Date => read_moment(raw, field).and_then(|moment| {
            // Every day that can be written is one; an instant's day is, where the instant is one.
            if let Moment::Instant(instant) = moment {
                in_range(instant)?;
            }
            Ok(Value::Date(moment.day(zone)))
        }),
        Scalar::Time => read_moment(raw, field).and_then(|moment| in_range(moment.instant(zone)).map(Value::Time)),
        Scalar::Choice(domain) => {
            let domain = schema.domain(domain);
            let written = read_text(raw, arena)?;
            match domain.find(written) {
                Some(choice) => Ok(Value::Choice(choice)),
                // A lead's own stage may be `disqualified`, which is no rung.
                None if domain.kind == super::DomainKind::Stages && text::same(written, "disqualified") => {
                    Ok(Value::Missing)
                }
                None => Err(ProblemKind::NotListed),
            }
        }
    }
}

fn is_missing(raw: Raw<'_>, sentinels: &Sentinels) -> bool {
    match raw {
        Raw::Null => true,
        Raw::Text(written) => text::trim(written).is_empty() || is_sentinel(raw, sentinels),
        _ => is_sentinel(raw, sentinels),
    }
}

/// Whether data means missing: a listed text, or a listed number (also as text), before the type is read.
fn is_sentinel(raw: Raw<'_>, sentinels: &Sentinels) -> bool {
    if sentinels.texts.is_empty() && sentinels.numbers.is_empty() {
        return false;
    }
    let is_number = |written: &str| {
        !sentinels.numbers.is_empty()
            && number::parse(written.as_bytes(), 6, false)
                .is_ok_and(|micros| sentinels.numbers.contains(&i128::from(micros)))
    };
    match raw {
        Raw::Text(written) => {
            sentinels.texts.iter().any(|sentinel| text::same(sentinel, written)) || is_number(text::trim(written))
        }
        Raw::Number(written) => {
            is_number(written)
                || (!sentinels.texts.is_empty()
                    && plain_decimal(written)
                        .is_some_and(|plain| sentinels.texts.iter().any(|sentinel| text::same(sentinel, &plain))))
        }
        Raw::Int(value) => is_sentinel(Raw::Number(&value.to_string()), sentinels),
        Raw::Moment(moment) => is_sentinel(Raw::Text(&moment.to_string()), sentinels),
        _ => false,
    }
}

/// Text as data holds it, without its outer white space; a number in its plain decimal form.
pub fn read_text<'a>(raw: Raw<'a>, arena: &'a Bump) -> Result<&'a str, ProblemKind> {
    match raw {
        Raw::Text(written) => Ok(text::trim(written)),
        Raw::Number(written) if is_plain_integer(written) => Ok(written),
        Raw::Number(written) => {
            let plain = plain_decimal(written).ok_or(ProblemKind::TooLarge)?;
            Ok(arena.alloc_str(&plain))
        }
        Raw::Int(value) => Ok(arena.alloc_str(&value.to_string())),
        Raw::Moment(moment) => Ok(arena.alloc_str(&moment.to_string())),
        Raw::NotUtf8 => Err(ProblemKind::NotUtf8),
        _ => Err(ProblemKind::WrongType),
    }
}

/// Whether a JSON number is in its plain decimal form already, and an integer.
fn is_plain_integer(written: &str) -> bool {
    written.len() <= 400 && written != "-0" && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// A JSON number without exponent, leading and trailing zeros: `1.0` is `1`, `1e3` is `1000`. None when that would be
/// longer than 400 digits.
pub fn plain_decimal(written: &str) -> Option<String> {
    let (sign, rest) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|e: &i64| e.abs() <= 400)?;
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = format!("{integer}{fraction}");
    if digits.len() > 400 {
        return None;
    }
    let point = integer.len() as i64 + exponent;
    let digit = |place: i64| {
        usize::try_from(place).ok().and_then(|place| digits.as_bytes().get(place)).map_or('0', |&d| d as char)
    };
    let whole: String = (0..point).map(digit).collect();
    let whole = whole.trim_start_matches('0');
    let part: String = (point..digits.len() as i64).map(digit).collect();
    let part = part.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() {
        return Some(if whole == "0" { "0".to_owned() } else { format!("{sign}{whole}") });
    }
    Some(format!("{sign}{whole}.{part}"))
}

fn read_number(raw: Raw<'_>, places: u32, whole: bool) -> Result<i64, ProblemKind> {
    let written = match raw {
        Raw::Number(written) => written,
        Raw::Text(written) => text::trim(written),
        Raw::Int(value) => {
            let scaled = i128::from(value) * i128::from(10i64.pow(places));
            return number::fit(scaled).ok_or(ProblemKind::TooLarge);
        }
        Raw::NotUtf8 => return Err(ProblemKind::NotUtf8),
        _ => return Err(ProblemKind::WrongType),
    };
    number::parse(written.as_bytes(), places, whole).map_err(|problem| match problem {
        NumberProblem::NotANumber => ProblemKind::NotANumber,
        NumberProblem::NotWhole => ProblemKind::NotWhole,
        NumberProblem::TooLarge => ProblemKind::TooLarge,
    })
}

fn read_money<'a>(raw: Raw<'a>, currency: &str, sentinels: &Sentinels) -> Result<Value<'a>, ProblemKind> {
    if let Raw::Object(_) = raw {
        match raw.get("currency") {
            Some(Raw::Text(code)) if text::same(code, currency) => {}
            Some(Raw::Text(_)) => return Err(ProblemKind::OtherCurrency),
            _ => return Err(ProblemKind::WrongType),
        }
        return match raw.get("amount") {
            None => Ok(Value::Missing),
            Some(amount) if is_missing(amount, sentinels) => Ok(Value::Missing),
            Some(amount) => read_number(amount, 4, false).map(Value::Money),
        };
    }
    read_number(raw, 4, false).map(Value::Money)
}

fn read_bool(raw: Raw<'_>) -> Result<bool, ProblemKind> {
    match raw {
        Raw::Bool(value) => Ok(value),
        Raw::Number(_) | Raw::Int(_) => match read_number(raw, 0, true) {
            Ok(1) => Ok(true),
            Ok(0) => Ok(false),
            _ => Err(ProblemKind::WrongType),
        },
        Raw::Text(written) => {
            let is = |texts: [&str; 3]| texts.iter().any(|text| text::same(text, written));
            if is(["true", "yes", "1"]) {
                Ok(true)
            } else if is(["false", "no", "0"]) {
                Ok(false)
            } else {
                Err(ProblemKind::WrongType)
            }
        }
        Raw::NotUtf8 => Err(ProblemKind::NotUtf8),
        _ => Err(ProblemKind::WrongType),
    }
}

fn read_moment(raw: Raw<'_>, field: &Field) -> Result<Moment, ProblemKind> {
    let read = |written: &str| match &field.format {
        Some(format) => format.read(written).ok_or(ProblemKind::NotATime),
        None => moment(written),
    };
    match raw {
        Raw::Number(written) => read(&plain_decimal(written).ok_or(ProblemKind::NotATime)?),
        Raw::Text(written) => read(text::trim(written)),
        Raw::Int(value) if field.format.is_some() => read(&value.to_string()),
        Raw::Int(value) => epoch(value),
        Raw::Moment(moment) => known(moment),
        Raw::NotUtf8 => Err(ProblemKind::NotUtf8),
        _ => Err(ProblemKind::WrongType),
    }
}

/// A day or time of a typed column, if it is one that can be written.
pub fn known(moment: Moment) -> Result<Moment, ProblemKind> {
    let start = match moment {
        Moment::Day(day) => i64::from(day) * DAY,
        Moment::Local(reading) => reading,
        Moment::Instant(instant) => instant,
    };
    if (EARLIEST - DAY..=LATEST + 2 * DAY).contains(&start) { Ok(moment) } else { Err(ProblemKind::NotATime) }
}

/// A whole number as epoch milliseconds.
pub fn epoch(millis: i64) -> Result<Moment, ProblemKind> {
    match millis {
        ..0 => Err(ProblemKind::NotATime),
        0..100_000_000_000 => Err(ProblemKind::Seconds),
        _ => Ok(Moment::Instant(millis)),
    }
}

/// Reads a date, a time, or digits alone: epoch milliseconds.
#[inline]
pub fn moment(written: &str) -> Result<Moment, ProblemKind> {
    if let Some(moment) = Moment::read(written.as_bytes()) {
        return Ok(moment);
    }
    if written.is_empty() || !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ProblemKind::NotATime);
    }
    written.parse().map_or(Err(ProblemKind::NotATime), epoch)
}

/// The instant, if it is one that the language reaches.
#[inline]
pub fn in_range(instant: i64) -> Result<i64, ProblemKind> {
    if (EARLIEST..=LATEST).contains(&instant) { Ok(instant) } else { Err(ProblemKind::NotATime) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_text_are_plain() {
        for (written, plain) in [
            ("1.0", "1"),
            ("1e3", "1000"),
            ("-0", "0"),
            ("-0.50", "-0.5"),
            ("12.5e-1", "1.25"),
            ("5e-3", "0.005"),
            ("100", "100"),
        ] {
            assert_eq!(plain_decimal(written).as_deref(), Some(plain), "{written}");
        }
        assert_eq!(plain_decimal("1e401"), None);
        let arena = Bump::new();
        for (written, plain) in [("-17", "-17"), ("0", "0"), ("-0", "0"), ("1.0", "1")] {
            assert_eq!(read_text(Raw::Number(written), &arena), Ok(plain));
        }
    }

    proptest! {
        #[test]
        fn small_numbers_are_read_as_others(digits in "[0-9]{0,14}|[0-9:/ -]{1,9}|[\\x00-\\x7f]{1,8}|\\PC{1,3}") {
            let all = !digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
            prop_assert_eq!(small(digits.as_bytes()), all.then(|| digits.parse().expect("a number")), "{}", digits);
        }
    }

    #[test]
    fn epoch_milliseconds_and_seconds() {
        assert_eq!(moment("1760000000000"), Ok(Moment::Instant(1_760_000_000_000)));
        assert_eq!(moment("1760000000"), Err(ProblemKind::Seconds));
        assert_eq!(moment("12a"), Err(ProblemKind::NotATime));
    }
}
