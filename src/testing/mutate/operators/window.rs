//! Shifts a window.

use super::Operator;
use crate::syntax::ast::{EventWindow, ExprKind};
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Shifts a window.
pub const OPERATOR: Operator = Operator {
    name: "window",
    does: "`within 14 days` becomes 15 or 13 days; a window since a date begins a day later or earlier",
    example: ("define d: any visit within 14 days", "define d: any visit within 15 days"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Events(events) => match &events.window {
            Some(EventWindow::Within(length)) => number::duration(length),
            Some(EventWindow::Since(time)) => number::literal(time),
            None => Vec::new(),
        },
        Site::Period(length) => number::duration(length),
        Site::Expr(expr) => match &*expr.kind {
            ExprKind::Within(_, _, length) => number::duration(length),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
