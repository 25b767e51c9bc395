//! Changes points.

use super::Operator;
use crate::syntax::ast::AmountValue;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Changes points.
pub const OPERATOR: Operator = Operator {
    name: "points",
    does: "points are one more in size: `+5` becomes `+6`",
    example: ("score s { r: +5 if a }", "score s { r: +6 if a }"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Points(amount) = site else { return Vec::new() };
    let AmountValue::Number(number) = &amount.value else { return Vec::new() };
    number::moved(number, true).map(|with| Change::of(number.span, with)).into_iter().collect()
}
