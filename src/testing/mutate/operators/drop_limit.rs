//! Drops a limit of a score or group.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a limit of a score or group.
pub const OPERATOR: Operator = Operator {
    name: "drop-limit",
    does: "`from` or `to` of a score or group is gone",
    example: ("score s from 0 to 50 { r: +1 if a }", "score s from 0 { r: +1 if a }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Group(group) = site else { return Vec::new() };
    let limits = [(&group.from, "from"), (&group.to, "to")];
    let dropped = limits.into_iter().filter_map(|(limit, word)| {
        let limit = limit.as_ref()?;
        Some(Change::new(text.blanks_before(text.back(limit.span.start, word)?), limit.span.end, ""))
    });
    dropped.collect()
}
