//! Values and cells of values in words: `"US"`, `100,000 USD or more`, `10 to 49`.

use crate::analysis::cells::Cell;
use crate::check::hir::Program;
use crate::model::number::{self, LIMIT};
use crate::model::time::{EARLIEST, LATEST, display_instant, from_days};
use crate::model::{Literal, Scalar, Type};

/// A value as a policy writes it; `not known` for a missing one.
pub fn show_literal(program: &Program, ty: Type, value: &Literal) -> String {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    match value {
        Literal::Missing => "not known".to_owned(),
        Literal::Bool(true) => "yes".to_owned(),
        Literal::Bool(false) => "no".to_owned(),
        Literal::Int(value) => thousands(&value.to_string()),
        Literal::Number(value) => thousands(&number::display(*value, 6).to_string()),
        Literal::Money(value) => {
            let amount = thousands(&number::display(*value, 4).to_string());
            match scalar {
                Scalar::Money(currency) => format!("{amount} {}", currency.as_str()),
                _ => amount,
            }
        }
        Literal::Date(day) => from_days(*day).to_string(),
        Literal::Time(instant) => display_instant(*instant),
        Literal::Choice(place) => match scalar {
            Scalar::Choice(domain) => {
                let choices = &program.schema.domain(domain).choices;
                choices
                    .get(usize::from(*place))
                    .map_or_else(|| "disqualified".to_owned(), |choice| quoted(&choice.name))
            }
            _ => place.to_string(),
        },
        Literal::Text(text) => quoted(text),
        Literal::List(values) if values.is_empty() => "none".to_owned(),
        Literal::List(values) => {
            let all: Vec<String> = values.iter().map(|value| show_literal(program, Type::One(scalar), value)).collect();
            format!("[{}]", all.join(", "))
        }
    }
}

/// A cell of values: its range where it has one, else the value that stands for it.
pub(super) fn show_cell(program: &Program, ty: Type, cell: &Cell) -> String {
    let show = |value: &Literal| show_literal(program, ty, value);
    let Some((low, high)) = cell.range else { return show(&cell.value) };
    let with = |raw: i64| match cell.value {
        Literal::Int(_) => Literal::Int(raw),
        Literal::Number(_) => Literal::Number(raw),
        Literal::Money(_) => Literal::Money(raw),
        Literal::Date(_) => Literal::Date(raw as i32),
        _ => Literal::Time(raw),
    };
    let time = matches!(cell.value, Literal::Date(_) | Literal::Time(_));
    let (first, last) = match cell.value {
        Literal::Date(_) => (EARLIEST / 86_400_000, LATEST / 86_400_000),
        Literal::Time(_) => (EARLIEST, LATEST),
        _ => (-(LIMIT - 1), LIMIT - 1),
    };
    match (low <= first, high >= last) {
        (true, true) => "any".to_owned(),
        (true, false) if time => format!("before {}", show(&with(high + 1))),
        (true, false) => format!("less than {}", show(&with(high + 1))),
        (false, true) if time => format!("{} or later", show(&with(low))),
        (false, true) => format!("{} or more", show(&with(low))),
        (false, false) if low == high => show(&with(low)),
        (false, false) if matches!(cell.value, Literal::Int(_) | Literal::Date(_)) => {
            format!("{} to {}", show(&with(low)), show(&with(high)))
        }
        (false, false) => format!("from {} to less than {}", show(&with(low)), show(&with(high + 1))),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Commas between thousands, from five digits on.
fn thousands(plain: &str) -> String {
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = rest.find('.').map_or((rest, ""), |point| rest.split_at(point));
    if whole.len() < 5 {
        return plain.to_owned();
    }
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    format!("{sign}{}{fraction}", groups.join(","))
}
