//! Lets a check pass always.

use super::Operator;
use crate::syntax::ast::ExprKind;
use crate::testing::mutate::site::{Change, Site, Text};

/// Lets a check pass always.
pub const OPERATOR: Operator = Operator {
    name: "drop-check",
    does: "a check of a fit always passes",
    example: ("fit g { big: size >= 50 }", "fit g { big: true }"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Check(check) if !matches!(*check.condition.kind, ExprKind::Bool(_)) => {
            vec![Change::of(check.condition.span, "true")]
        }
        _ => Vec::new(),
    }
}
