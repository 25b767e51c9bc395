//! Swaps two cells of a table.

use super::Operator;
use crate::testing::mutate::site::{Change, Site, Text};

/// Swaps two cells of a table.
pub const OPERATOR: Operator = Operator {
    name: "swap-cells",
    does: "two neighbouring cells of a row change places",
    example: (
        "matrix m of f by b {
 _: low, high
 fits: p2, p1
 unknown: p3, p3
 fails: p3, p3
}",
        "matrix m of f by b {
 _: low, high
 fits: p1, p2
 unknown: p3, p3
 fails: p3, p3
}",
    ),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let Site::Row(row) = site else { return Vec::new() };
    let differ = row.cells.windows(2).filter(|pair| pair[0].value != pair[1].value);
    differ
        .map(|pair| {
            let (one, two) = (pair[0].span, pair[1].span);
            let between = text.of(crate::base::Span { start: one.end, end: two.start, ..one });
            Change::new(one.start, two.end, format!("{}{between}{}", pair[1].value, pair[0].value))
        })
        .collect()
}
