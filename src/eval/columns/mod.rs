//! Many leads at once: every expression is worked out for all of them before the next one, as a column of values or
//! two masks of bits. What has no form of its own here is asked of the evaluator of one lead, so that there is one
//! meaning; what it says is the same either way.

mod column;
mod expr;
mod leads;
mod mask;
mod outcomes;
mod points;
mod sheet;
mod steps;
mod texts;

pub use column::{Kind, Values};
pub use leads::Leads;
pub use mask::{Mask, Tris, bit, count};
pub use outcomes::Outcomes;

use super::{Counts, Evaluator, Memo, Row, SubjectId};
use crate::model::Value;
use bumpalo::Bump;

/// Some leads that are decided together. A few hundred fit the processor's caches.
#[derive(Debug)]
pub struct Block<'a> {
    /// The leads; their events may be left out where `counts` is given and [`Evaluator::needs_events`] is false.
    pub leads: Leads<'a>,
    /// By field, what the reader knows of its values beside those that the leads hold; [`Column::Leads`] where there is
    /// nothing.
    pub columns: &'a [Column<'a>],
    /// What the events came to, where the reader has counted them.
    pub counts: Option<Counts<'a>>,
}

/// What a reader knows of a field's values, an entry a lead.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// No more than the leads hold.
    Leads,
    /// None is known.
    Missing,
    /// The values themselves.
    Values(&'a [Value<'a>]),
    /// Which entry of a dictionary each value is. A missing value has a code of its own.
    Codes {
        /// By lead.
        codes: &'a [u32],
        /// By code.
        values: &'a [Value<'a>],
        /// By subject on the field: the memory's row of each code (see [`Evaluator::row`]).
        rows: &'a [(SubjectId, &'a [Row])],
    },
    /// Whole numbers in the unit of [`crate::model::Value`], and a bit for each that is known: bit `i % 64` of word
    /// `i / 64`.
    Whole {
        /// By lead; 0 where missing.
        values: &'a [i64],
        /// Of the known.
        known: &'a [u64],
    },
}

impl<'p> Evaluator<'p> {
    /// As [`Evaluator::evaluate_with`], of many leads: the fastest way. What it returns lives in `arena`.
    pub fn evaluate_block<'a>(&'a self, block: Block<'a>, memo: &mut Memo, arena: &'a Bump) -> Outcomes<'a>
    where
        'p: 'a,
    {
        let mut sheet = sheet::Sheet::new(self, block, memo, arena);
        sheet.steps();
        sheet.finish()
    }
}
