//! Moves a limit of a score or group by one.

use super::Operator;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a limit of a score or group by one.
pub const OPERATOR: Operator = Operator {
    name: "limit",
    does: "`from` or `to` of a score or group is one point higher or lower",
    example: ("score s from 0 to 50 { r: +1 if a }", "score s from 0 to 51 { r: +1 if a }"),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Group(group) = site else { return Vec::new() };
    group.from.iter().chain(&group.to).flat_map(number::amount).collect()
}
