//! Drops `keep while`.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops `keep while`.
pub const OPERATOR: Operator = Operator {
    name: "drop-keep",
    does: "a stage no longer keeps the leads that are there",
    example: ("lead { s stage } stages { lead mql: a, keep while b }", "lead { s stage } stages { lead mql: a }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Stage(stage) = site else { return Vec::new() };
    let dropped = stage.keep_while.as_ref().and_then(|keep| {
        let start = text.back(text.back(keep.span.start, "while")?, "keep")?;
        Some(Change::new(text.back(start, ",").unwrap_or(start), keep.span.end, ""))
    });
    dropped.into_iter().collect()
}
