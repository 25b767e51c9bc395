//! Drops `after`.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops `after`.
pub const OPERATOR: Operator = Operator {
    name: "drop-after",
    does: "a stage no longer comes after another",
    example: ("stages { lead mql: a sql after mql: b }", "stages { lead mql: a sql: b }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Stage(stage) = site else { return Vec::new() };
    let dropped = stage.after.as_ref().and_then(|after| {
        let start = text.blanks_before(text.back(after.span.start, "after")?);
        Some(Change::new(start, after.span.end, ""))
    });
    dropped.into_iter().collect()
}
