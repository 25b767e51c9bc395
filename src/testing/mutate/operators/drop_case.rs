//! Drops a case.

use super::Operator;
use crate::syntax::ast::CaseTest;
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops a case.
pub const OPERATOR: Operator = Operator {
    name: "drop-case",
    does: "a case of `by` or `first of` is gone",
    example: ("score s { r: by size { 1 to 9: +5 >= 10: +7 } }", "score s { r: by size { >= 10: +7 } }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    let spans: Vec<_> = match site {
        Site::Cases(cases) if cases.len() > 1 => {
            cases.iter().filter(|case| !matches!(case.test, CaseTest::Missing)).map(|case| case.span).collect()
        }
        Site::Choices(cases, otherwise) if cases.len() + usize::from(otherwise.is_some()) > 1 => {
            cases.iter().map(|case| case.span).collect()
        }
        _ => Vec::new(),
    };
    spans.into_iter().map(|span| Change::new(text.blanks_before(span.start), span.end, "")).collect()
}
