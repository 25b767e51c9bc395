//! What a policy says of a lead, by slots.

use crate::check::hir::{DefineId, FitId, PartId, RouteId};
use crate::model::{Tri, Value};

/// What a policy says of a lead. Every table is by the ids of [`crate::check::hir`].
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The value of each `define` and persona.
    pub defines: &'a mut [Value<'a>],
    /// Each check.
    pub checks: &'a mut [Tri],
    /// Each fit.
    pub fits: &'a mut [FitOutcome],
    /// The points of each score, group, include and rule, in ten-thousandths.
    pub points: &'a mut [i64],
    /// The band of each `bands`.
    pub bands: &'a mut [u16],
    /// The cell of each matrix.
    pub cells: &'a mut [u16],
    /// Each reason to disqualify.
    pub reasons: &'a mut [Tri],
    /// Whether any reason is true.
    pub disqualified: bool,
    /// Each stage's own condition; true for the first.
    pub conditions: &'a mut [Tri],
    /// Whether each stage is reached, as far as that is known: unknown where a value that is missing could reach it.
    pub standing: &'a mut [Tri],
    /// Which stages are reached: whose standing is true.
    pub reached: &'a mut [bool],
    /// The highest stage that is reached, also of a disqualified lead; 0 without stages.
    pub stage: u16,
    /// The route.
    pub route: Option<RouteId>,
    /// Each `always`.
    pub always: &'a mut [Tri],
}

/// What a fit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FitOutcome {
    /// True: fits; false: fails.
    pub verdict: Tri,
    /// How many checks pass.
    pub passed: u16,
    /// How many fail.
    pub failed: u16,
    /// How many are unknown.
    pub unknown: u16,
}

impl<'a> Outcome<'a> {
    /// The value of a define.
    pub fn define(&self, id: DefineId) -> Value<'a> {
        self.defines[id.index()]
    }

    /// What a fit came to.
    pub fn fit(&self, id: FitId) -> FitOutcome {
        self.fits[id.index()]
    }

    /// The points of a part, in ten-thousandths.
    pub fn points(&self, id: PartId) -> i64 {
        self.points[id.index()]
    }
}
