//! Swaps `and` and `or`.

use super::Operator;
use crate::syntax::ast::{Among, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Swaps `and` and `or`.
pub const OPERATOR: Operator = Operator {
    name: "and-or",
    does: "`and` becomes `or`, `any of` becomes `all of`, and the other way round",
    example: ("define d: a and b", "define d: a or b"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Expr(expr) = site else { return Vec::new() };
    let swap = |from: &str, to: &str, (start, end): (u32, u32)| {
        text.find(start, end, from).map(|(start, end)| Change::new(start, end, to)).into_iter().collect()
    };
    match &*expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            let (from, to) = if matches!(*expr.kind, ExprKind::And(_)) { ("and", "or") } else { ("or", "and") };
            // All of its words at once: `and` beside `or` would need parentheses.
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Vec::new() };
            let mut with = text.of(first.span).to_owned();
            for pair in parts.windows(2) {
                let (one, two) = (pair[0].span, pair[1].span);
                let Some((start, end)) = text.find(one.end, two.start, from) else { return Vec::new() };
                let (before, after) = (crate::base::Span { end: start, start: one.end, ..one }, two);
                let behind = crate::base::Span { start: end, end: after.start, ..one };
                with.extend([text.of(before), to, text.of(behind), text.of(two)]);
            }
            vec![Change::new(first.span.start, last.span.end, with)]
        }
        ExprKind::Among(among, parts) if parts.len() > 1 => {
            let Some(first) = parts.first() else { return Vec::new() };
            let words = (expr.span.start, first.span.start);
            match among {
                Among::Any => swap("any", "all", words),
                Among::All => swap("all", "any", words),
                Among::AtLeast(_) | Among::AtMost(_) => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}
