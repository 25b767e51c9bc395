//! Drops `where`.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops `where`.
pub const OPERATOR: Operator = Operator {
    name: "drop-where",
    does: "the condition on events is gone",
    example: ("define d: any visit where (pages >= 3)", "define d: any visit"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Events(events) = site else { return Vec::new() };
    let dropped = events.condition.as_ref().and_then(|condition| {
        let start = text.back(condition.span.start, "where").or_else(|| {
            let open = text.back(condition.span.start, "(")?;
            text.back(open, "where")
        })?;
        let end = match text.text.get(condition.span.end as usize..)?.trim_start().strip_prefix(')') {
            Some(rest) if !text.of(condition.span).starts_with('(') => (text.text.len() - rest.len()) as u32,
            _ => condition.span.end,
        };
        Some(Change::new(text.blanks_before(start), end, ""))
    });
    dropped.into_iter().collect()
}
