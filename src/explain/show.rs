//! Values, instants and policy text as people read them.

use super::model::{Instant, Shown};
use crate::base::Span;
use crate::check::hir::Program;
use crate::eval::Points;
use crate::model::number::{self, NUMBER_SCALE};
use crate::model::time::{AsOf, DAY, EARLIEST, LATEST, Zone, display_instant, from_days};
use crate::model::{Literal, OUTSIDE, Scalar, Type};
use serde_json::Value as Json;

/// A value for people: `120,000 USD`, `"US"`, `["dog", "cat"]`, `2026-10-01`, `2026-10-01 12:30 UTC-4`, `true`,
/// `missing`. Text is as the data has it: pass what reaches a terminal through [`crate::base::visible`].
pub fn show_value(program: &Program, ty: Type, value: &Literal) -> String {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    match value {
        Literal::Missing => "missing".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => grouped(&value.to_string(), 5),
        Literal::Number(value) => grouped(&number::display(*value, 6).to_string(), 5),
        Literal::Money(value) => {
            let mut amount = grouped(&number::display(*value, 4).to_string(), 4);
            if amount.split_once('.').is_some_and(|(_, fraction)| fraction.len() == 1) {
                amount.push('0');
            }
            match scalar {
                Scalar::Money(currency) => format!("{amount} {}", currency.as_str()),
                _ => amount,
            }
        }
        Literal::Date(day) => from_days(*day).to_string(),
        Literal::Time(instant) => clock(*instant, &program.zone),
        Literal::Choice(choice) => choice_name(program, scalar, *choice),
        Literal::Text(text) => quoted(text),
        Literal::List(values) => {
            let entries: Vec<String> =
                values.iter().map(|value| show_value(program, Type::One(scalar), value)).collect();
            format!("[{}]", entries.join(", "))
        }
    }
}

/// A value for people and exactly.
pub(super) fn shown(program: &Program, ty: Type, value: &Literal) -> Shown {
    Shown { text: show_value(program, ty, value), value: exact(program, ty, value) }
}

/// Points for people and exactly.
pub(super) fn shown_points(points: i64) -> Shown {
    Shown { text: Points(points).to_string(), value: Json::String(Points(points).to_string()) }
}

/// A value exactly, as JSON.
pub(super) fn exact(program: &Program, ty: Type, value: &Literal) -> Json {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    match value {
        Literal::Missing => Json::Null,
        Literal::Bool(value) => Json::Bool(*value),
        Literal::Int(value) => Json::from(*value),
        Literal::Number(value) => Json::String(number::display(*value, 6).to_string()),
        Literal::Money(value) => Json::String(number::display(*value, 4).to_string()),
        Literal::Date(day) => Json::String(from_days(*day).to_string()),
        Literal::Time(instant) => Json::String(display_instant(*instant)),
        Literal::Choice(choice) => Json::String(bare_choice(program, scalar, *choice).to_owned()),
        Literal::Text(text) => Json::String(text.to_string()),
        Literal::List(values) => values.iter().map(|value| exact(program, Type::One(scalar), value)).collect(),
    }
}

fn bare_choice(program: &Program, scalar: Scalar, choice: u16) -> &str {
    if choice == OUTSIDE {
        return "disqualified";
    }
    match scalar {
        Scalar::Choice(domain) => {
            program.schema.domain(domain).choices.get(choice as usize).map_or("?", |choice| choice.name.as_str())
        }
        _ => "?",
    }
}

/// Listed texts in quotes, names bare.
fn choice_name(program: &Program, scalar: Scalar, choice: u16) -> String {
    use crate::model::DomainKind::{OneOf, Ranked};
    let name = bare_choice(program, scalar, choice);
    match scalar {
        Scalar::Choice(domain) if matches!(program.schema.domain(domain).kind, OneOf | Ranked) && choice != OUTSIDE => {
            quoted(name)
        }
        _ => name.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// A plain decimal with commas between thousands, when it has at least so many digits before the point.
fn grouped(plain: &str, least: usize) -> String {
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len() >= least && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A factor in millionths as people write it: `50%`, `1.25`.
pub(super) fn factor(millionths: i64) -> String {
    if millionths < NUMBER_SCALE {
        format!("{}%", number::display(millionths, 4))
    } else {
        number::display(millionths, 6).to_string()
    }
}

/// An instant in the zone: `2026-10-01 12:30 UTC-4`, seconds only where there are any.
fn clock(instant: i64, zone: &Zone) -> String {
    if !(EARLIEST..=LATEST + DAY).contains(&instant) {
        return display_instant(instant);
    }
    let local = zone.local(instant);
    let in_day = local.rem_euclid(DAY);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60);
    let date = from_days(local.div_euclid(DAY) as i32);
    let second = if second == 0 || in_day == DAY - 1 { String::new() } else { format!(":{second:02}") };
    format!("{date} {hour:02}:{minute:02}{second} UTC{}", offset(local - instant))
}

fn offset(millis: i64) -> String {
    let sign = if millis < 0 { '-' } else { '+' };
    let minutes = millis.abs() / 60_000;
    match (minutes / 60, minutes % 60) {
        (0, 0) => String::new(),
        (hours, 0) => format!("{sign}{hours}"),
        (hours, minutes) => format!("{sign}{hours}:{minutes:02}"),
    }
}

/// An instant, seen from the as-of.
pub(super) fn instant(at: i64, as_of: &AsOf, zone: &Zone) -> Instant {
    Instant { utc: display_instant(at), local: clock(at, zone), ago: ago(as_of.instant - at) }
}

/// The as-of itself: a day's last millisecond is the end of that day.
pub(super) fn as_of(as_of: &AsOf, zone: &Zone) -> Instant {
    let mut shown = instant(as_of.instant, as_of, zone);
    if as_of.instant == AsOf::end_of_day(as_of.day, zone) {
        shown.local = format!("{}, end of day", from_days(as_of.day));
    }
    shown
}

/// An age in milliseconds: `12 days ago`, `in 5 hours`. Whole units, as rules count them.
fn ago(age: i64) -> String {
    let size = age.unsigned_abs();
    let (count, unit) = match size {
        0..60_000 => {
            return if age == 0 {
                "now"
            } else if age > 0 {
                "just now"
            } else {
                "in a moment"
            }
            .to_owned();
        }
        60_000..3_600_000 => (size / 60_000, "minute"),
        3_600_000..86_400_000 => (size / 3_600_000, "hour"),
        _ => (size / 86_400_000, "day"),
    };
    from_now(age > 0, &plural(count, unit))
}

fn from_now(past: bool, length: &str) -> String {
    if past { format!("{length} ago") } else { format!("in {length}") }
}

/// How long ago a date or time was; none for other values.
pub(super) fn note(value: &Literal, as_of: &AsOf) -> Option<String> {
    match value {
        Literal::Time(at) => Some(ago(as_of.instant - at)),
        Literal::Date(day) if *day == as_of.day => Some("today".to_owned()),
        Literal::Date(day) => {
            let days = i64::from(as_of.day) - i64::from(*day);
            Some(from_now(days > 0, &plural(days.unsigned_abs(), "day")))
        }
        _ => None,
    }
}

/// `1 event`, `7 events`
pub(super) fn plural(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A length of exact time as policies write it, in the largest unit that it is whole in.
pub(super) fn period(millis: i64) -> String {
    let units = [(DAY, "day"), (3_600_000, "hour"), (60_000, "minute")];
    let (size, unit) = units.into_iter().find(|(size, _)| millis % size == 0).unwrap_or((60_000, "minute"));
    plural((millis / size).unsigned_abs(), unit)
}

/// Policy text on one line: comments left out, white space outside quotes made one blank, and no parentheses around
/// the whole.
pub(super) fn source(program: &Program, span: Span) -> String {
    let flat = one_line(program.sources.text(span));
    bare(&flat).to_owned()
}

fn one_line(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '#' => {
                chars.by_ref().find(|c| *c == '\n');
                blank(&mut out);
            }
            c if c.is_whitespace() => blank(&mut out),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn blank(out: &mut String) {
    if !out.ends_with(' ') && !out.is_empty() {
        out.push(' ');
    }
}

/// Without parentheses that enclose the whole.
fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let (mut depth, mut quoted, mut escaped) = (0i32, false, false);
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    bare(inner.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped("120000", 4), "120,000");
        assert_eq!(grouped("-1234567.5", 4), "-1,234,567.5");
        assert_eq!(grouped("2026", 5), "2026");
        assert_eq!(grouped("2026", 4), "2,026");
        assert_eq!(grouped("999", 4), "999");
    }

    #[test]
    fn policy_text_is_one_line() {
        assert_eq!(one_line("  a is \"x  #y\" # comment \"\n\n   and  b  "), "a is \"x  #y\" and b");
        assert_eq!(bare("((a or b))"), "a or b");
        assert_eq!(bare("(a) or (b)"), "(a) or (b)");
        assert_eq!(bare("(a is \")\")"), "a is \")\"");
    }

    #[test]
    fn instants_read_well() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let now = AsOf::parse("2026-11-01", &zone).expect("a date");
        assert_eq!(as_of(&now, &zone).local, "2026-11-01, end of day");
        let at = AsOf::parse("2026-10-20T14:00:00Z", &zone).expect("an instant");
        let seen = instant(at.instant, &now, &zone);
        assert_eq!((seen.local.as_str(), seen.ago.as_str()), ("2026-10-20 10:00 UTC-4", "12 days ago"));
        assert_eq!(clock(at.instant, &Zone::default()), "2026-10-20 14:00 UTC");
        assert_eq!(ago(-3 * 3_600_000), "in 3 hours");
        assert_eq!(offset(19_800_000), "+5:30");
    }

    #[test]
    fn factors_and_periods() {
        assert_eq!(factor(500_000), "50%");
        assert_eq!(factor(1_250_000), "1.25");
        assert_eq!(period(30 * DAY), "30 days");
        assert_eq!(period(90 * 60_000), "90 minutes");
    }
}
