//! Moves a decay.

use super::Operator;
use crate::syntax::ast::Limit;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a decay.
pub const OPERATOR: Operator = Operator {
    name: "decay",
    does: "a decay is one unit slower or faster",
    example: (
        "score s { r: +8 per visit, halving every 30 days }",
        "score s { r: +8 per visit, halving every 31 days }",
    ),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Limits(_, limits) = site else { return Vec::new() };
    let moved = limits.iter().map(|limit| match limit {
        Limit::Halving(length) | Limit::Fading(length) => number::duration(length),
        Limit::Losing { amount, every } => [number::amount(amount), number::duration(every)].concat(),
        Limit::Points(_) | Limit::Times { .. } => Vec::new(),
    });
    moved.flatten().collect()
}
