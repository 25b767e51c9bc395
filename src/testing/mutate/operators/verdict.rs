//! Turns a verdict round.

use super::Operator;
use crate::syntax::ast::{ExprKind, VerdictOp};
use crate::testing::mutate::site::{Change, Site, Text};

/// Turns a verdict round.
pub const OPERATOR: Operator = Operator {
    name: "verdict",
    does: "`fits` becomes `fails`, and the other way round",
    example: ("define d: f fits", "define d: f fails"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let (fit, from, to) = match &*expr.kind {
        ExprKind::Verdict(fit, VerdictOp::Fits) => (fit, "fits", "fails"),
        ExprKind::Verdict(fit, VerdictOp::Fails) => (fit, "fails", "fits"),
        _ => return Vec::new(),
    };
    let found = text.find(fit.span.end, expr.span.end, from);
    found.map(|(start, end)| Change::new(start, end, to)).into_iter().collect()
}
