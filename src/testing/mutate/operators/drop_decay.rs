//! Drops a decay.

use super::Operator;
use crate::syntax::ast::Limit;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a decay.
pub const OPERATOR: Operator = Operator {
    name: "drop-decay",
    does: "points no longer shrink with age",
    example: ("score s { r: +8 per visit, halving every 30 days }", "score s { r: +8 per visit }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Limits(rule, limits) = site else { return Vec::new() };
    super::drop_cap::dropped(rule, limits, text, |limit| !matches!(limit, Limit::Points(_) | Limit::Times { .. }))
}
