//! Counts in words: for the lints beside.

use super::Statistics;
use crate::base::visible;
use crate::check::hir::{Expr, ExprKind, Program};
pub use crate::words::thousands;

/// "0 of 45,211 leads".
pub fn of_leads(count: u64, data: &Statistics) -> String {
    format!("{} of {} leads", thousands(count), thousands(data.leads))
}

/// A share in whole percent.
pub fn percent(count: u64, of: u64) -> u64 {
    (count.saturating_mul(100) + of / 2) / of.max(1)
}

/// The most frequent texts with their counts: "`us` (1,203), `de` (88)".
pub fn listed<'t>(texts: impl IntoIterator<Item = (&'t str, u64)>, most: usize) -> String {
    let shown = |(text, count): (&str, u64)| {
        let short: String = text.chars().take(40).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        format!("`{}{dots}` ({})", visible(&short), thousands(count))
    };
    texts.into_iter().take(most).map(shown).collect::<Vec<_>>().join(", ")
}

/// What the data holds for the text field that a condition looks at, when it looks at one alone.
pub fn data_says(program: &Program, data: &Statistics, condition: &Expr) -> Option<String> {
    let mut fields = Vec::new();
    let mut events = false;
    condition.walk(program, &mut |expr| {
        if let ExprKind::Field(field) = expr.kind
            && !fields.contains(&field)
        {
            fields.push(field);
        }
        events |= expr.query().is_some();
    });
    let (false, [field]) = (events, fields.as_slice()) else { return None };
    let texts = data.texts.get(field.index())?;
    let said = listed(texts.most(), 5);
    (!said.is_empty()).then(|| format!("`{}` is most often {said}", program.schema.field(*field).name))
}
