//! Swaps two routes.

use super::Operator;
use crate::base::Span;
use crate::testing::mutate::site::{Change, Site, Text};

/// Swaps two routes.
pub const OPERATOR: Operator = Operator {
    name: "swap-routes",
    does: "two neighbouring routes change places",
    example: ("route { x: a y: b }", "route { y: b x: a }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Routes(routes) = site else { return Vec::new() };
    let pairs = routes.windows(2).filter(|pair| pair.iter().all(|route| route.condition.is_some()));
    pairs.map(|pair| swapped(pair[0].span, pair[1].span, text)).collect()
}

/// Two pieces of text in each other's place.
pub fn swapped(one: Span, two: Span, text: &Text<'_>) -> Change {
    let between = text.of(Span { start: one.end, end: two.start, ..one });
    Change::new(one.start, two.end, [text.of(two), between, text.of(one)].concat())
}
