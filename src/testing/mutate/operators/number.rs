//! Moves a number of a calculation.

use super::Operator;
use crate::syntax::ast::ExprKind;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a number of a calculation.
pub const OPERATOR: Operator = Operator {
    name: "number",
    does: "a number in arithmetic, or a number that a `define` names, is one unit more or less",
    example: ("define line: 40", "define line: 41"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Constant(value) => number::literal(value),
        Site::Expr(expr) => match &*expr.kind {
            ExprKind::Arithmetic(_, a, b) | ExprKind::Otherwise(a, b) => {
                [number::literal(a), number::literal(b)].concat()
            }
            ExprKind::Call(_, arguments) => arguments.iter().flat_map(number::literal).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
