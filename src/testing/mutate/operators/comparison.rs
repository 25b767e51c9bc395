//! Flips comparisons.

use super::Operator;
use crate::syntax::ast::{CompareOp, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Flips comparisons.
pub const OPERATOR: Operator = Operator {
    name: "comparison",
    does: "`>=` becomes `>` and `<`, `<` becomes `<=` and `>=`, and so on",
    example: ("define d: size >= 50", "define d: size > 50"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let ExprKind::Compare(op, a, b) = &*expr.kind else { return Vec::new() };
    let (from, to): (&str, &[&str]) = match op {
        CompareOp::Less => ("<", &["<=", ">="]),
        CompareOp::LessOrEqual => ("<=", &["<", ">"]),
        CompareOp::Greater => (">", &[">=", "<="]),
        CompareOp::GreaterOrEqual => (">=", &[">", "<"]),
        CompareOp::Is | CompareOp::IsNot => return Vec::new(),
    };
    // Nothing is written for the left side of a case.
    let start = if matches!(*a.kind, ExprKind::Subject) { expr.span.start } else { a.span.end };
    let Some((start, end)) = text.find(start, b.span.start, from) else { return Vec::new() };
    to.iter().map(|to| Change::new(start, end, *to)).collect()
}
