//! Turns a test round.

use super::Operator;
use crate::base::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Turns a test round.
pub const OPERATOR: Operator = Operator {
    name: "negation",
    does: "`is` becomes `is not`, `in` becomes `not in`, `is known` becomes `is missing`, and the other way round",
    example: ("define d: country is \"US\"", "define d: country is not \"US\""),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    // Nothing is written for the left side of a case.
    let behind = |value: &Expr| if matches!(*value.kind, ExprKind::Subject) { expr.span.start } else { value.span.end };
    let (start, end, from, to) = match &*expr.kind {
        ExprKind::Compare(CompareOp::Is, a, b) => (behind(a), b.span.start, "is", "is not"),
        ExprKind::Compare(CompareOp::IsNot, a, b) => (behind(a), b.span.start, "not", ""),
        ExprKind::Exactly(a, false, b) => (behind(a), b.span.start, "is", "is not"),
        ExprKind::Exactly(a, true, b) => (behind(a), b.span.start, "not", ""),
        ExprKind::In(a, false, b) => (behind(a), b.span.start, "in", "not in"),
        ExprKind::In(a, true, b) => (behind(a), b.span.start, "not", ""),
        ExprKind::IsKnown(a) => (a.span.end, expr.span.end, "known", "missing"),
        ExprKind::IsMissing(a) => (a.span.end, expr.span.end, "missing", "known"),
        _ => return Vec::new(),
    };
    let Some((start, end)) = text.find(start, end, from) else { return Vec::new() };
    // With the word go the blanks behind it.
    let rest = Span { start: end, end: expr.span.end, ..expr.span };
    let blanks = if to.is_empty() { text.of(rest).len() - text.of(rest).trim_start().len() } else { 0 };
    vec![Change::new(start, end + blanks as u32, to)]
}
