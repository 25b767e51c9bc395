//! Drops a cap.

use super::Operator;
use crate::syntax::ast::{Limit, Rule};
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a cap.
pub const OPERATOR: Operator = Operator {
    name: "drop-cap",
    does: "a cap is gone: `at most 3 times`, `at most 30 points`",
    example: ("score s { r: +1 per visit, at most 3 times }", "score s { r: +1 per visit }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Limits(rule, limits) = site else { return Vec::new() };
    dropped(rule, limits, text, |limit| matches!(limit, Limit::Points(_) | Limit::Times { .. }))
}

/// Each limit of this kind dropped, with the comma before it.
pub fn dropped(rule: &Rule, limits: &[Limit], text: &Text<'_>, of: fn(&Limit) -> bool) -> Vec<Change> {
    let comma = |limit: &Limit| {
        let at = match limit {
            Limit::Points(amount) => amount.span.start,
            Limit::Times { count, .. } => count.span.start,
            Limit::Halving(length) | Limit::Fading(length) => length.span.start,
            Limit::Losing { amount, .. } => amount.span.start,
        };
        text.text.get(..at as usize).and_then(|before| before.rfind(',')).map(|at| at as u32)
    };
    let mut changes = Vec::new();
    for (place, limit) in limits.iter().enumerate().filter(|(_, limit)| of(limit)) {
        let next = limits.get(place + 1).map_or(Some(rule.span.end), comma);
        if let (Some(start), Some(end)) = (comma(limit), next) {
            changes.push(Change::new(start, end, ""));
        }
    }
    changes
}
