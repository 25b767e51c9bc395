//! Suggested tests as policy text.

use super::probe::Probe;
use crate::base::quoted;
use crate::check::hir::{Program, TestEvent};
use crate::eval::Points;
use crate::model::number::display;
use crate::model::time::{AsOf, DAY, Length, display_instant, from_days};
use crate::model::{Field, Literal, Scalar, Tri, Type};
use crate::syntax::ast::Unit;
use crate::testing::decision::{Fact, What};

/// As wide may a line be before it is broken.
const WIDTH: usize = 110;

/// A test as a policy writes it; none when a value cannot be written.
pub fn test(program: &Program, label: &str, probe: &Probe, expects: &[String]) -> Option<String> {
    let as_of = AsOf::new(probe.as_of, &program.zone);
    let when = if AsOf::end_of_day(as_of.day, &program.zone) == as_of.instant {
        from_days(as_of.day).to_string()
    } else {
        display_instant(as_of.instant)
    };
    let mut out = format!("test {} as of {when} {{\n", quoted(label));
    let fields = entries(program, &program.schema.fields, &probe.lead)?;
    out.push_str(&block("  lead", &fields));
    for (event, times) in grouped(probe) {
        let ty = program.schema.event(event.ty);
        let fields = entries(program, &ty.fields, &event.fields)?;
        let times = if times == 1 { String::new() } else { format!(", {times} times") };
        let head = format!("  event {} {}{times}", ty.name, ago(program, &as_of, event.at));
        out.push_str(&if fields.is_empty() { head + "\n" } else { block(&head, &fields) });
    }
    for expect in expects {
        out.push_str(&format!("  expect {expect}\n"));
    }
    out.push_str("}\n");
    Some(out)
}

/// `head { a: 1, b: 2 }`, a line an entry where it is long.
fn block(head: &str, entries: &[String]) -> String {
    let line = match entries {
        [] => format!("{head} {{ }}\n"),
        entries => format!("{head} {{ {} }}\n", entries.join(", ")),
    };
    match line.chars().count() > WIDTH {
        true => format!("{head} {{\n    {}\n  }}\n", entries.join(",\n    ")),
        false => line,
    }
}

fn entries(program: &Program, fields: &[Field], values: &[Literal]) -> Option<Vec<String>> {
    let known = fields.iter().zip(values).filter(|(_, value)| **value != Literal::Missing);
    known.map(|(field, value)| Some(format!("{}: {}", field.name, literal(program, field.ty, value)?))).collect()
}

/// Events that are alike, with how many there are; the latest first.
fn grouped(probe: &Probe) -> Vec<(&TestEvent, usize)> {
    let mut groups: Vec<(&TestEvent, usize)> = Vec::new();
    for event in &probe.events {
        let alike = |other: &TestEvent| (other.at, other.ty, &other.fields) == (event.at, event.ty, &event.fields);
        match groups.iter_mut().find(|(other, _)| alike(other)) {
            Some((_, times)) => *times += 1,
            None => groups.push((event, 1)),
        }
    }
    groups.sort_by_key(|(event, _)| std::cmp::Reverse(event.at));
    groups
}

/// When an event was, as people say it.
fn ago(program: &Program, as_of: &AsOf, at: i64) -> String {
    let age = as_of.instant - at;
    let count = |count: i64, unit: &str| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    if age >= 0 && age % DAY == 0 {
        return count(age / DAY, "day");
    }
    for (unit, word, most) in [(Unit::Month, "month", 60), (Unit::Year, "year", 30)] {
        let found = (1..=most).find(|count| as_of.reach(Length { count: *count, unit }, &program.zone).back == at);
        if let Some(found) = found {
            return count(i64::from(found), word);
        }
    }
    for (unit, word) in [(3_600_000, "hour"), (60_000, "minute")] {
        if age > 0 && age % unit == 0 {
            return count(age / unit, word);
        }
    }
    let day = program.zone.day(at);
    if program.zone.start_of_day(day) == at {
        format!("on {}", from_days(day))
    } else {
        format!("at {}", display_instant(at))
    }
}

/// A value as a test writes it.
fn literal(program: &Program, ty: Type, value: &Literal) -> Option<String> {
    Some(match (value, ty) {
        (Literal::List(values), Type::List(scalar)) => {
            let values: Option<Vec<String>> =
                values.iter().map(|value| literal(program, Type::One(scalar), value)).collect();
            format!("[{}]", values?.join(", "))
        }
        (Literal::Bool(value), _) => value.to_string(),
        (Literal::Int(value), _) => grouped_digits(&value.to_string()),
        (Literal::Number(value), _) => grouped_digits(&display(*value, 6).to_string()),
        (Literal::Money(value), Type::One(Scalar::Money(currency))) => {
            format!("{} {}", grouped_digits(&display(*value, 4).to_string()), currency.as_str())
        }
        (Literal::Date(day), _) => from_days(*day).to_string(),
        (Literal::Time(at), _) => {
            let day = program.zone.day(*at);
            if program.zone.start_of_day(day) == *at { from_days(day).to_string() } else { display_instant(*at) }
        }
        (Literal::Choice(choice), Type::One(Scalar::Choice(domain))) => {
            quoted(&program.schema.domain(domain).choices.get(usize::from(*choice))?.name)
        }
        (Literal::Text(text), _) => quoted(text),
        _ => return None,
    })
}

/// `_` between thousands of long numbers.
fn grouped_digits(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, String::new()), |(whole, part)| (whole, format!(".{part}")));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if whole.len() > 3 && place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out + &fraction
}

/// A fact as an expectation; none for what no expectation can name.
pub fn expectation(program: &Program, what: What, fact: &Fact<'_>) -> Option<String> {
    let path = what.path(program);
    Some(match (what, fact) {
        (What::Route | What::Reached(_), _) => return None,
        (What::Stage, Fact::Name("disqualified")) => "disqualified".to_owned(),
        (What::Reason(_), Fact::Truth(Tri::True)) => format!("disqualified by {path}"),
        (What::Reason(_), _) => format!("not (disqualified by {path})"),
        (What::Fit(_), Fact::Truth(Tri::True)) => format!("{path} fits"),
        (What::Fit(_), Fact::Truth(Tri::False)) => format!("{path} fails"),
        (What::Fit(_), _) => format!("{path} is unknown"),
        (_, Fact::Name(name)) => format!("{path} is {name}"),
        (_, Fact::Truth(Tri::True)) => path,
        (_, Fact::Truth(Tri::False)) => format!("{path} is false"),
        (_, Fact::Truth(Tri::Unknown)) => format!("{path} is missing"),
        (_, Fact::Points(points)) => format!("{path} is {}", grouped_digits(&Points(*points).to_string())),
        (What::Define(place), Fact::Value(value)) => match value {
            Literal::Missing => format!("{path} is missing"),
            Literal::List(_) | Literal::Time(_) => format!("{path} is known"),
            value => format!("{path} is {}", literal(program, program.defines.get(place)?.value.ty, value)?),
        },
        (_, Fact::Value(_)) => return None,
    })
}
