//! Between which points a part of a score lies, whatever the lead.

use crate::analysis::{Analysis, Budget};
use crate::check::hir::{PartId, PartKind, Program};
use crate::eval::Points;

/// The lowest and the highest points; none where there is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub low: Option<i64>,
    pub high: Option<i64>,
    /// Whether leads reach both ends; else no lead lies outside of them, and that is all that is known.
    pub exact: bool,
}

impl Range {
    /// In few words: `0 to 25`.
    pub fn words(&self) -> String {
        match (self.low.map(Points), self.high.map(Points)) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("{low} or more"),
            (None, Some(high)) => format!("{high} or less"),
            (None, None) => "any".to_owned(),
        }
    }

    /// In a sentence: `from 0 to 25 points`; bounds that may not be reached say so.
    pub fn sentence(&self) -> String {
        match (self.low.map(Points), self.high.map(Points), self.exact) {
            (Some(low), Some(high), _) if low == high => format!("{low} points only"),
            (Some(low), Some(high), true) => format!("from {low} to {high} points"),
            (Some(low), Some(high), false) => format!("at least {low} and at most {high} points"),
            (Some(low), None, true) => format!("{low} points and more, without an end"),
            (Some(low), None, false) => format!("at least {low} points"),
            (None, Some(high), true) => format!("{high} points and less, without an end"),
            (None, Some(high), false) => format!("at most {high} points"),
            (None, None, _) => "any points".to_owned(),
        }
    }
}

/// How much work the range of a sum may take.
const SUMS: Budget = Budget { steps: 150, tries: 150 };

/// The ranges of all parts: exact where leads were found at both ends.
pub(super) struct Ranges<'p> {
    analysis: Analysis<'p>,
}

impl<'p> Ranges<'p> {
    pub fn of(program: &'p Program) -> Ranges<'p> {
        Ranges { analysis: Analysis::of(program) }
    }

    /// The range of a part.
    pub fn of_part(&self, id: PartId) -> Range {
        // A sum is worth more work than one rule.
        let sum = matches!(self.analysis.program().parts[id.index()].kind, PartKind::Group { .. });
        let range = self.analysis.range(id, if sum { SUMS } else { Budget::QUICK });
        let exact = |end: &crate::analysis::End| end.bound.is_none() || end.is_exact();
        Range { low: range.low.bound, high: range.high.bound, exact: exact(&range.low) && exact(&range.high) }
    }
}
