//! Drops what stands for missing values.

use super::Operator;
use crate::syntax::ast::{CaseTest, ExprKind};
use crate::testing::mutate::site::{Change, Site, Text};

/// Drops what stands for missing values.
pub const OPERATOR: Operator = Operator {
    name: "drop-missing",
    does: "`missing: -5` of a `by` is gone, and `otherwise` of a value or of cases",
    example: ("score s { r: by size { >= 10: +7 missing: -5 } }", "score s { r: by size { >= 10: +7 } }"),
    changes,
};

fn changes(site: &Site<'_>, text: &Text<'_>) -> Vec<Change> {
    match site {
        Site::Cases(cases) if cases.len() > 1 => {
            let missing = cases.iter().filter(|case| matches!(case.test, CaseTest::Missing));
            missing.map(|case| Change::new(text.blanks_before(case.span.start), case.span.end, "")).collect()
        }
        Site::Choices(cases, Some(points)) if !cases.is_empty() => {
            let start = text.back(points.span.start, ":").and_then(|colon| text.back(colon, "otherwise"));
            let dropped = start.map(|start| Change::new(text.blanks_before(start), points.span.end, ""));
            dropped.into_iter().collect()
        }
        Site::Expr(expr) => match &*expr.kind {
            ExprKind::Otherwise(value, default) => vec![Change::new(value.span.end, default.span.end, "")],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
