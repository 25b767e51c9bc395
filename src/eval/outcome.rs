//! What a policy says of a lead, by slots.

use crate::check::hir::{Axis, BandsId, DefineId, FitId, MatrixId, PartId, Program, RouteId};
use crate::model::{Lead, OUTSIDE, Tri, Value};

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

/// What follows from results that are there already.
impl<'a> Outcome<'a> {
    /// A fit's verdict, from its checks.
    #[inline]
    pub(super) fn judge(&mut self, program: &Program, id: FitId) {
        let fit = &program.fits[id.index()];
        let mut outcome = FitOutcome { verdict: Tri::Unknown, passed: 0, failed: 0, unknown: 0 };
        for check in fit.checks.clone() {
            match self.checks[check as usize] {
                Tri::True => outcome.passed += 1,
                Tri::False => outcome.failed += 1,
                Tri::Unknown => outcome.unknown += 1,
            }
        }
        if outcome.passed >= fit.needs {
            outcome.verdict = Tri::True;
        } else if outcome.passed + outcome.unknown < fit.needs {
            outcome.verdict = Tri::False;
        }
        self.fits[id.index()] = outcome;
    }

    /// The band that a score is in.
    #[inline]
    pub(super) fn band(&mut self, program: &Program, id: BandsId) {
        let bands = &program.bands[id.index()];
        let points = self.points(bands.of);
        self.bands[id.index()] = bands.from.partition_point(|from| *from <= points) as u16;
    }

    /// The cell of a matrix.
    #[inline]
    pub(super) fn cell(&mut self, program: &Program, lead: &Lead<'_>, id: MatrixId) {
        let matrix = &program.matrices[id.index()];
        let (row, _) = self.place(program, lead, &matrix.rows);
        let (column, columns) = self.place(program, lead, &matrix.columns);
        self.cells[id.index()] = matrix.cells[row * columns + column];
    }

    /// Where the lead stands on an axis, and how long the axis is.
    pub(super) fn place(&self, program: &Program, lead: &Lead<'_>, axis: &Axis) -> (usize, usize) {
        match axis {
            Axis::Bands(bands) => (self.bands[bands.index()] as usize, program.bands[bands.index()].from.len() + 1),
            Axis::Fit(fit) => match self.fit(*fit).verdict {
                Tri::True => (0, 3),
                Tri::Unknown => (1, 3),
                Tri::False => (2, 3),
            },
            Axis::Field(field, domain) => {
                let choices = program.schema.domain(*domain).choices.len();
                match lead.field(*field) {
                    Value::Choice(choice) => (choice as usize, choices + 1),
                    _ => (choices, choices + 1),
                }
            }
        }
    }

    /// Whether any reason is true.
    #[inline]
    pub(super) fn disqualify(&mut self) {
        self.disqualified = self.reasons.contains(&Tri::True);
    }

    /// The highest stage that is reached.
    #[inline]
    pub(super) fn highest(&mut self) {
        self.stage = self.reached.iter().rposition(|reached| *reached).unwrap_or(0) as u16;
    }

    /// The stage as conditions see it.
    #[inline]
    pub(super) fn stage_value(&self) -> Value<'a> {
        Value::Choice(if self.disqualified { OUTSIDE } else { self.stage })
    }
}
