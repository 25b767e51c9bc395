//! Values and cells of values in words: `“US”`, `100,000 USD or more`, `10 to 49`.

use crate::analysis::cells::Cell;
use crate::check::hir::Program;
use crate::model::number::LIMIT;
use crate::model::time::{EARLIEST, LATEST};
use crate::model::{Literal, Type};
use crate::words::spoken_value;

/// A value inside a sentence; `not known` for a missing one.
pub fn show_literal(program: &Program, ty: Type, value: &Literal) -> String {
    spoken_value(program, ty, value).unwrap_or_else(|| "not known".to_owned())
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
