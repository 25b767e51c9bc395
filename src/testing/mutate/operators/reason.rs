//! Drops a reason to disqualify.

use super::Operator;
use crate::syntax::ast::ExprKind;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a reason to disqualify.
pub const OPERATOR: Operator = Operator {
    name: "drop-reason",
    does: "a reason disqualifies nobody",
    example: ("disqualify { far: country is \"AQ\" }", "disqualify { far: false }"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Reason(reason) if !matches!(*reason.condition.kind, ExprKind::Bool(_)) => {
            vec![Change::of(reason.condition.span, "false")]
        }
        _ => Vec::new(),
    }
}
