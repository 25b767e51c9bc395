//! Turns a question about events round.

use super::Operator;
use crate::syntax::ast::{AggregateOp, EventQuantifier, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Turns a question about events round.
pub const OPERATOR: Operator = Operator {
    name: "events",
    does: "`any` becomes `no`, `first` becomes `last`, `highest` becomes `lowest`, and the other way round",
    example: ("define d: any visit", "define d: no visit"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let (from, to, end) = match &*expr.kind {
        ExprKind::EventTest(EventQuantifier::Any, events) => ("any", "no", events.span.start),
        ExprKind::EventTest(EventQuantifier::No, events) => ("no", "any", events.span.start),
        ExprKind::Edge(true, events) => ("first", "last", events.span.start),
        ExprKind::Edge(false, events) => ("last", "first", events.span.start),
        ExprKind::Aggregate(AggregateOp::Highest, field, _) => ("highest", "lowest", field.span.start),
        ExprKind::Aggregate(AggregateOp::Lowest, field, _) => ("lowest", "highest", field.span.start),
        _ => return Vec::new(),
    };
    let found = text.find(expr.span.start, end, from);
    found.map(|(start, end)| Change::new(start, end, to)).into_iter().collect()
}
