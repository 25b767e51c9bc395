//! Moves a threshold by one unit.

use super::Operator;
use crate::syntax::ast::{Among, CaseTest, EventQuantifier, ExprKind};
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a threshold by one unit.
pub const OPERATOR: Operator = Operator {
    name: "threshold",
    does: "a number that is compared with, a count, `needs`, the edge of a range or of a band is one unit higher or lower",
    example: ("define d: size >= 50", "define d: size >= 51"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Line(amount) => number::amount(amount),
        Site::Cases(cases) => cases
            .iter()
            .flat_map(|case| match &case.test {
                CaseTest::Range(low, high) => [number::literal(low), number::literal(high)].concat(),
                _ => Vec::new(),
            })
            .collect(),
        Site::Expr(expr) => match &*expr.kind {
            ExprKind::Compare(_, a, b) => [number::literal(a), number::literal(b)].concat(),
            ExprKind::Between(_, low, high) => [number::literal(low), number::literal(high)].concat(),
            ExprKind::EventTest(EventQuantifier::AtLeast(count) | EventQuantifier::AtMost(count), _)
            | ExprKind::Among(Among::AtLeast(count) | Among::AtMost(count), _) => number::amount(count),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
