//! Moves a factor.

use super::Operator;
use crate::testing::mutate::number;
use crate::testing::mutate::site::{Change, Site, Text};

/// Moves a factor.
pub const OPERATOR: Operator = Operator {
    name: "factor",
    does: "the factor of an `include` is one unit more or less, or gone",
    example: (
        "score s { r: +1 if a } score t { include s * 50% }",
        "score s { r: +1 if a } score t { include s * 51% }",
    ),
    changes,
};

fn changes(site: &Site<'_>, _: &Text<'_>) -> Vec<Change> {
    let Site::Include(include) = site else { return Vec::new() };
    let Some(factor) = &include.factor else { return Vec::new() };
    let mut changes = number::amount(factor);
    changes.push(Change::new(include.of.span.end, factor.span.end, ""));
    changes
}
