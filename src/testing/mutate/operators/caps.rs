//! Moves a cap by one.

use super::Operator;
use crate::syntax::ast::Limit;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a cap by one.
pub const OPERATOR: Operator = Operator {
    name: "cap",
    does: "a cap is one higher or one lower: `at most 3 times` becomes `at most 4 times`",
    example: ("score s { r: +1 per visit, at most 3 times }", "score s { r: +1 per visit, at most 4 times }"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Limits(_, limits) = site else { return Vec::new() };
    let moved = limits.iter().map(|limit| match limit {
        Limit::Points(amount) | Limit::Times { count: amount, .. } => number::amount(amount),
        Limit::Halving(_) | Limit::Fading(_) | Limit::Losing { .. } => Vec::new(),
    });
    moved.flatten().collect()
}
