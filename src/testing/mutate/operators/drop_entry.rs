//! Drops an entry of a list.

use super::Operator;
use crate::syntax::ast::ExprKind;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops an entry of a list.
pub const OPERATOR: Operator = Operator {
    name: "drop-entry",
    does: "an entry of a list of texts or patterns is gone (lists of two to eight)",
    example: ("define d: country in [\"US\", \"CA\"]", "define d: country in [\"CA\"]"),
    changes,
};

/// Longer lists are data rather than logic.
const MOST: usize = 8;

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let list = match &*expr.kind {
        ExprKind::In(_, _, list) => list,
        ExprKind::TextTest(_, _, pattern) | ExprKind::Has(_, pattern) => &pattern.of,
        _ => return Vec::new(),
    };
    let ExprKind::List(entries) = &*list.kind else { return Vec::new() };
    if !(2..=MOST).contains(&entries.len()) {
        return Vec::new();
    }
    super::drop_part::each(&entries.iter().map(|entry| entry.span).collect::<Vec<_>>())
}
