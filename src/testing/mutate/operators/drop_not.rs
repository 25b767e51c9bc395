//! Removes `not`.

use super::Operator;
use crate::syntax::ast::ExprKind;
use crate::testing::mutate::site::{Change, Site, Text};

/// Removes `not`.
pub const OPERATOR: Operator =
    Operator { name: "drop-not", does: "`not` is gone", example: ("define d: not a", "define d: a"), changes };

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let ExprKind::Not(inner) = &*expr.kind else { return Vec::new() };
    let found = text.find(expr.span.start, inner.span.start, "not");
    found.map(|(start, _)| Change::new(start, inner.span.start, "")).into_iter().collect()
}
