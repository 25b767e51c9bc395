//! Values as people read them.

use crate::check::hir::{ExprKind as Hir, Program};
use crate::model::number::{self, NUMBER_SCALE};
use crate::model::time::{DAY, EARLIEST, LATEST, Zone, display_instant, from_days};
use crate::model::{Literal, OUTSIDE, Scalar, Type};
use crate::syntax::ast::{Amount, AmountValue, Duration, Number, Sign, Unit};

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

/// A value inside a sentence: `120,000 USD`, `“US”`, `“dog”, “cat”`, `yes`; bands and stages by their labels. None for a
/// missing one. Text is as the data has it.
pub fn spoken_value(program: &Program, ty: Type, value: &Literal) -> Option<String> {
    use crate::model::DomainKind::{OneOf, Ranked};
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    Some(match value {
        Literal::Missing => return None,
        Literal::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        Literal::Text(text) => format!("“{text}”"),
        Literal::Choice(choice) => match scalar {
            Scalar::Choice(domain) => {
                let domain = program.schema.domain(domain);
                match domain.choices.get(usize::from(*choice)) {
                    Some(choice) if matches!(domain.kind, OneOf | Ranked) => format!("“{}”", choice.label),
                    Some(choice) => choice.label.clone(),
                    None => bare_choice(program, scalar, *choice).to_owned(),
                }
            }
            _ => bare_choice(program, scalar, *choice).to_owned(),
        },
        Literal::Time(instant) => minute(*instant, &program.zone),
        Literal::List(values) if values.is_empty() => "none".to_owned(),
        Literal::List(values) => {
            let entries: Vec<String> =
                values.iter().filter_map(|value| spoken_value(program, Type::One(scalar), value)).collect();
            entries.join(", ")
        }
        value => show_value(program, ty, value),
    })
}

/// An instant in the zone to the minute, where nobody needs to be told the zone: `2026-10-01 12:30`.
pub fn minute(instant: i64, zone: &Zone) -> String {
    if !(EARLIEST..=LATEST + DAY).contains(&instant) {
        return display_instant(instant);
    }
    let local = zone.local(instant);
    let in_day = local.rem_euclid(DAY);
    format!("{} {:02}:{:02}", from_days(local.div_euclid(DAY) as i32), in_day / 3_600_000, in_day / 60_000 % 60)
}

/// The name of a choice.
pub fn bare_choice(program: &Program, scalar: Scalar, choice: u16) -> &str {
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
pub fn grouped(plain: &str, least: usize) -> String {
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

/// A count with commas between thousands: `45,211`.
pub fn thousands(count: u64) -> String {
    grouped(&count.to_string(), 4)
}

/// A factor in millionths as people write it: `50%`, `1.25`.
pub fn factor(millionths: i64) -> String {
    if millionths < NUMBER_SCALE {
        format!("{}%", number::display(millionths, 4))
    } else {
        number::display(millionths, 6).to_string()
    }
}

/// An instant in the zone: `2026-10-01 12:30 UTC-4`, seconds only where there are any.
pub fn clock(instant: i64, zone: &Zone) -> String {
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

/// `1 event`, `7 events`
pub fn plural(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A length of exact time as policies write it, in the largest unit that it is whole in.
pub fn period(millis: i64) -> String {
    let units = [(DAY, "day"), (3_600_000, "hour"), (60_000, "minute")];
    let (size, unit) = units.into_iter().find(|(size, _)| millis % size == 0).unwrap_or((60_000, "minute"));
    plural((millis / size).unsigned_abs(), unit)
}

/// A number as a policy writes it, with commas between thousands: `100k` is `100,000`, `20%` stays, and so does `2026`.
pub fn number(number: &Number) -> String {
    match number.written.ends_with('%') {
        true => number.written.replace('_', ""),
        // A number of four digits may be a year, unless its thousands stand apart.
        false => grouped(&decimal(number.micros), if number.written.contains(['_', 'k', 'M']) { 4 } else { 5 }),
    }
}

/// An amount of money, with commas between thousands: `1500` is `1,500`.
pub fn money(number: &Number) -> String {
    grouped(&decimal(number.micros), 4)
}

/// An amount: a constant by its value.
pub fn amount(program: &Program, amount: &Amount) -> String {
    let sign = if amount.sign == Some(Sign::Minus) { "-" } else { "" };
    match &amount.value {
        AmountValue::Number(value) => format!("{sign}{}", number(value)),
        AmountValue::Constant(name) => {
            let define = program.defines.iter().find(|define| define.name == name.value);
            match define.map(|define| (&define.value.kind, define.value.ty)) {
                Some((Hir::Constant(literal), ty)) => {
                    let value = show_value(program, ty, literal);
                    match (sign, value.strip_prefix('-')) {
                        ("-", Some(positive)) => positive.to_owned(),
                        _ => format!("{sign}{value}"),
                    }
                }
                _ => format!("{sign}{}", name.value),
            }
        }
    }
}

/// Millionths as a plain decimal.
fn decimal(micros: i128) -> String {
    let (size, scale) = (micros.unsigned_abs(), NUMBER_SCALE as u128);
    let text = format!("{}{}.{:06}", if micros < 0 { "-" } else { "" }, size / scale, size % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A length of time as a policy writes it: `30 days`.
pub fn duration(length: Duration) -> String {
    plural(u64::from(length.count), unit(length.unit))
}

/// A length of time behind "the last": `30 days`, `day`.
pub fn window(length: Duration) -> String {
    if length.count == 1 { unit(length.unit).to_owned() } else { duration(length) }
}

/// A unit of time.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    }
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
