//! Turns arithmetic round.

use super::Operator;
use crate::syntax::ast::{ArithmeticOp, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Turns arithmetic round.
pub const OPERATOR: Operator = Operator {
    name: "arithmetic",
    does: "`+` becomes `-`, `*` becomes `/`, and the other way round",
    example: ("define d: size * 2", "define d: size / 2"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let ExprKind::Arithmetic(op, a, b) = &*expr.kind else { return Vec::new() };
    let (from, to) = match op {
        ArithmeticOp::Add => ("+", "-"),
        ArithmeticOp::Subtract => ("-", "+"),
        ArithmeticOp::Multiply => ("*", "/"),
        ArithmeticOp::Divide => ("/", "*"),
    };
    let found = text.find(a.span.end, b.span.start, from);
    found.map(|(start, end)| Change::new(start, end, to)).into_iter().collect()
}
