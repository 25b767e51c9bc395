//! Drops a part of a condition.

use super::Operator;
use crate::base::Span;
use crate::syntax::ast::{Among, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a part of a condition.
pub const OPERATOR: Operator = Operator {
    name: "drop-part",
    does: "a part of an `and`, an `or` or a list of conditions is gone",
    example: ("define d: a and b", "define d: b"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    match &*expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Among(Among::Any | Among::All, parts)
            if parts.len() > 1 =>
        {
            each(&parts.iter().map(|part| part.span).collect::<Vec<_>>())
        }
        _ => Vec::new(),
    }
}

/// Each of several parts dropped, with what stands between it and the next.
pub fn each(spans: &[Span]) -> Vec<Change> {
    let dropped = spans.iter().enumerate().map(|(place, span)| match place.checked_sub(1) {
        Some(before) => Change::new(spans[before].end, span.end, ""),
        None => Change::new(span.start, spans.get(1).map_or(span.end, |next| next.start), ""),
    });
    dropped.collect()
}
