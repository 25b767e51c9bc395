//! Swaps two cases of `first of`.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Swaps two cases of `first of`.
pub const OPERATOR: Operator = Operator {
    name: "swap-cases",
    does: "two neighbouring cases of `first of` with different points change places",
    example: ("score s { r: first of { a: +5 b: +7 } }", "score s { r: first of { b: +7 a: +5 } }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Choices(cases, _) = site else { return Vec::new() };
    let differ = cases.windows(2).filter(|pair| pair[0].points != pair[1].points);
    differ.map(|pair| super::routes::swapped(pair[0].span, pair[1].span, text)).collect()
}
