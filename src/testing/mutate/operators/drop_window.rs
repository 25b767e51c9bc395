//! Drops a window.

use super::Operator;
use crate::syntax::ast::EventWindow;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a window.
pub const OPERATOR: Operator = Operator {
    name: "drop-window",
    does: "`within` or `since` of events is gone",
    example: ("define d: any visit within 14 days", "define d: any visit"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Events(events) = site else { return Vec::new() };
    let dropped = events.window.as_ref().and_then(|window| {
        let (word, span) = match window {
            EventWindow::Within(length) => ("within", length.span),
            EventWindow::Since(time) => ("since", time.span),
        };
        Some(Change::new(text.blanks_before(text.back(span.start, word)?), span.end, ""))
    });
    dropped.into_iter().collect()
}
