//! What the steps of a policy can come to for a set of leads: never less than what is possible.
//!
//! It runs the steps in the evaluator's order with sets for values. What is on one field alone is read off the field's
//! cells; parts of a sum that are on the same field are added cell by cell; everything else is joined as if its sides
//! had nothing to do with each other, which can only make the sets larger.

mod expr;
mod points;

use super::space::Space;
use super::state::State;
use super::values::{Choices, Set, Tris};
use crate::check::hir::{Axis, DefineId, FitId, MatrixId, PartId, StageId, Step};
use crate::model::{DomainId, Scalar, Tri, Type, Value};

/// What each step can come to.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub(super) defines: Vec<Option<Set>>,
    pub(super) checks: Vec<Tris>,
    /// The verdict; the fewest and most checks that pass, fail, are unknown.
    pub(super) fits: Vec<FitBounds>,
    /// The fewest and most points; none is without limit.
    pub(super) points: Vec<Range>,
    pub(super) bands: Vec<(u16, u16)>,
    pub(super) cells: Vec<Choices>,
    pub(super) reasons: Vec<Tris>,
    pub(super) disqualified: Tris,
    pub(super) conditions: Vec<Tris>,
    pub(super) standing: Vec<Tris>,
    /// The stage of the ladder, not regarding disqualification.
    pub(super) stage: Choices,
    pub(super) routes: Vec<Tris>,
    /// Which routes may be the first that is true, by place; the last is "none".
    pub(super) route: Vec<bool>,
    pub(super) always: Vec<Tris>,
    /// What was assumed of points cannot be: there is no such lead.
    pub(super) empty: bool,
}

/// What a fit can come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct FitBounds {
    pub(super) verdict: Tris,
    pub(super) passed: (u16, u16),
    pub(super) failed: (u16, u16),
    pub(super) unknown: (u16, u16),
}

/// The least and greatest points, in ten-thousandths; none is unbounded (up to what numbers hold).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: Option<i64>,
    pub(super) high: Option<i64>,
}

impl Range {
    pub(super) fn one(points: i64) -> Range {
        Range { low: Some(points), high: Some(points) }
    }

    pub(super) fn is_one(self) -> bool {
        self.low.is_some() && self.low == self.high
    }

    pub(super) fn union(self, other: Range) -> Range {
        let with = |a: Option<i64>, b: Option<i64>, pick: fn(i64, i64) -> i64| a.zip(b).map(|(a, b)| pick(a, b));
        Range { low: with(self.low, other.low, i64::min), high: with(self.high, other.high, i64::max) }
    }
}

/// Works out the steps of `cone`, in the order of the policy.
pub(super) fn bounds(space: &Space<'_>, state: &State, cone: &[Step]) -> Bounds {
    let program = space.program;
    let mut run = Run { space, state, out: Bounds::nothing(space) };
    run.out.empty |= !state.orders_can_be(space);
    for step in cone {
        run.step(*step);
    }
    debug_assert_eq!(run.out.points.len(), program.parts.len());
    run.out
}

impl Bounds {
    /// Where leads can stand: at stages, or disqualified.
    pub(super) fn standings(&self) -> Choices {
        let mut stage = self.stage;
        if self.disqualified == Tris::TRUE {
            stage = Choices::NONE;
        }
        if self.disqualified.has(Tri::True) {
            stage.add(crate::model::OUTSIDE);
        }
        stage
    }

    fn nothing(space: &Space<'_>) -> Bounds {
        let program = space.program;
        let fit = FitBounds { verdict: Tris::ANY, passed: (0, 0), failed: (0, 0), unknown: (0, 0) };
        Bounds {
            defines: vec![None; program.defines.len()],
            checks: vec![Tris::ANY; program.checks.len()],
            fits: vec![fit; program.fits.len()],
            points: vec![Range { low: None, high: None }; program.parts.len()],
            bands: program.bands.iter().map(|bands| (0, bands.from.len() as u16)).collect(),
            cells: program.matrices.iter().map(|_| Choices::ANY).collect(),
            reasons: vec![Tris::ANY; program.reasons.len()],
            disqualified: if program.reasons.is_empty() { Tris::FALSE } else { Tris::KNOWN },
            conditions: vec![Tris::ANY; program.stages.len()],
            standing: vec![Tris::ANY; program.stages.len()],
            stage: Choices::all(program.stages.len()),
            routes: vec![Tris::ANY; program.routes.len()],
            route: vec![true; program.routes.len() + 1],
            always: vec![Tris::ANY; program.always.len()],
            empty: false,
        }
    }
}

/// One run over the steps.
pub(super) struct Run<'r, 'p> {
    pub(super) space: &'r Space<'p>,
    pub(super) state: &'r State,
    pub(super) out: Bounds,
}

impl<'r, 'p> Run<'r, 'p> {
    /// A run to ask further expressions of, after [`bounds`].
    pub(super) fn after(space: &'r Space<'p>, state: &'r State, out: Bounds) -> Run<'r, 'p> {
        Run { space, state, out }
    }

    fn step(&mut self, step: Step) {
        let program = self.space.program;
        match step {
            Step::Define(id) => {
                self.out.defines[id.index()] = Some(self.expr(&program.defines[id.index()].value, None))
            }
            Step::Check(id) => {
                self.out.checks[id.index()] = self.condition(&program.checks[id.index()].condition, None);
            }
            Step::Fit(id) => self.fit(id),
            Step::Part(id) => {
                let range = self.part(id);
                self.out.points[id.index()] = self.assumed(id, range);
            }
            Step::Bands(id) => {
                let bands = &program.bands[id.index()];
                let points = self.out.points[bands.of.index()];
                let band = |points: i64| bands.from.partition_point(|from| *from <= points) as u16;
                let most = bands.from.len() as u16;
                self.out.bands[id.index()] = (points.low.map_or(0, band), points.high.map_or(most, band));
            }
            Step::Matrix(id) => self.matrix(id),
            Step::Reason(id) => {
                self.out.reasons[id.index()] = self.condition(&program.reasons[id.index()].condition, None);
            }
            Step::Disqualified => {
                let reasons = &self.out.reasons;
                let may = reasons.iter().any(|reason| reason.has(Tri::True));
                let must = reasons.contains(&Tris::TRUE);
                self.out.disqualified = match (may, must) {
                    (_, true) => Tris::TRUE,
                    (true, false) => Tris::KNOWN,
                    (false, false) => Tris::FALSE,
                };
            }
            Step::StageReached(id) => self.stage_reached(id),
            Step::Stage => self.stage(),
            Step::Route => self.route(),
            Step::Always(id) => {
                self.out.always[id.index()] = self.condition(&program.always[id.index()].condition, None);
            }
        }
    }

    /// The points of a part that agree with what was assumed of them.
    fn assumed(&mut self, id: PartId, range: Range) -> Range {
        let mut range = range;
        for (_, low, high) in self.state.points.iter().filter(|(part, ..)| *part == id) {
            range.low = Some(range.low.map_or(*low, |found| found.max(*low)));
            range.high = Some(range.high.map_or(*high, |found| found.min(*high)));
        }
        self.out.empty |= range.low.zip(range.high).is_some_and(|(low, high)| low > high);
        range
    }

    fn fit(&mut self, id: FitId) {
        let fit = &self.space.program.fits[id.index()];
        // The count of checks that may and must be of each state.
        let count = |of: Tri, must: bool| {
            let checks = fit.checks.clone().map(|check| self.out.checks[check as usize]);
            checks.filter(|check| if must { *check == Tris::of(of) } else { check.has(of) }).count() as u16
        };
        let (passed, failed, unknown) = (
            (count(Tri::True, true), count(Tri::True, false)),
            (count(Tri::False, true), count(Tri::False, false)),
            (count(Tri::Unknown, true), count(Tri::Unknown, false)),
        );
        let total = fit.checks.len() as u16;
        let needs = fit.needs;
        let mut verdict = Tris::NONE;
        if passed.1 >= needs {
            verdict = verdict.union(Tris::TRUE);
        }
        // Fails: more checks fail than may.
        if failed.1 + needs > total {
            verdict = verdict.union(Tris::FALSE);
        }
        if passed.0 < needs && failed.0 + needs <= total && unknown.1 > 0 {
            verdict = verdict.union(Tris::UNKNOWN);
        }
        self.out.fits[id.index()] = FitBounds { verdict, passed, failed, unknown };
    }

    /// The places on an axis where a lead may stand, and how long the axis is.
    pub(super) fn places(&self, axis: &Axis) -> (Vec<usize>, usize) {
        match axis {
            Axis::Bands(bands) => {
                let (low, high) = self.out.bands[bands.index()];
                let count = self.space.program.bands[bands.index()].from.len() + 1;
                ((usize::from(low)..=usize::from(high)).collect(), count)
            }
            Axis::Fit(fit) => {
                let verdict = self.out.fits[fit.index()].verdict;
                let places = [Tri::True, Tri::Unknown, Tri::False].into_iter().enumerate();
                (places.filter(|(_, value)| verdict.has(*value)).map(|(place, _)| place).collect(), 3)
            }
            Axis::Field(field, domain) => {
                let count = self.space.program.schema.domain(*domain).choices.len();
                let alive = self.state.alive(self.space, *field).iter().enumerate().filter(|(_, alive)| **alive);
                // Cells: missing, then the choices in their order; an axis has missing last.
                (alive.map(|(cell, _)| if cell == 0 { count } else { cell - 1 }).collect(), count + 1)
            }
        }
    }

    fn matrix(&mut self, id: MatrixId) {
        let matrix = &self.space.program.matrices[id.index()];
        let (rows, _) = self.places(&matrix.rows);
        let (columns, count) = self.places(&matrix.columns);
        let mut cells = Choices::NONE;
        for row in rows {
            for column in &columns {
                cells.add(matrix.cells[row * count + column]);
            }
        }
        self.out.cells[id.index()] = cells;
    }

    /// Whether the lead's stage field may hold this stage or a higher one.
    fn stands_at(&self, stage: StageId) -> Tris {
        let Some(field) = self.space.program.schema.stage_field else { return Tris::FALSE };
        let alive = self.state.alive(self.space, field);
        let here = |cell: usize| cell > usize::from(stage.0);
        let cells = alive.iter().enumerate().filter(|(_, alive)| **alive);
        cells.fold(Tris::NONE, |found, (cell, _)| found.union(Tris::of(Tri::from(here(cell)))))
    }

    fn stage_reached(&mut self, id: StageId) {
        let stage = &self.space.program.stages[id.index()];
        let condition = stage.condition.as_ref().map_or(Tris::TRUE, |condition| self.condition(condition, None));
        let above = stage.after.map_or(Tris::TRUE, |after| self.out.standing[after.index()]);
        let mut standing = condition.and(above);
        if let Some(keep) = &stage.keep_while {
            standing = standing.or(self.condition(keep, None).and(self.stands_at(id)));
        }
        self.out.conditions[id.index()] = condition;
        self.out.standing[id.index()] = standing;
    }

    fn stage(&mut self) {
        let mut stage = Choices::NONE;
        for (place, standing) in self.out.standing.iter().enumerate().rev() {
            if standing.has(Tri::True) {
                stage.add(place as u16);
            }
            if *standing == Tris::TRUE {
                break;
            }
        }
        self.out.stage = stage;
    }

    fn route(&mut self) {
        let routes = &self.space.program.routes;
        self.out.route = vec![false; routes.len() + 1];
        for (place, route) in routes.iter().enumerate() {
            let taken = route.condition.as_ref().map_or(Tris::TRUE, |condition| self.condition(condition, None));
            self.out.routes[place] = taken;
            self.out.route[place] = taken.has(Tri::True);
            if taken == Tris::TRUE {
                self.out.routes[place + 1..].fill(Tris::ANY);
                return;
            }
        }
        self.out.route[routes.len()] = true;
    }

    pub(super) fn define(&self, id: DefineId) -> Set {
        let ty = self.space.program.defines[id.index()].value.ty;
        self.out.defines[id.index()].unwrap_or_else(|| Set::anything(ty))
    }

    /// The union of a field's cells that may be, as values of its type.
    pub(super) fn field(&self, field: crate::model::FieldId) -> Set {
        let ty = self.space.program.schema.field(field).ty;
        let alive = self.state.alive(self.space, field);
        let cells = &self.space.cells.field(field).cells;
        let arena = bumpalo::Bump::new();
        let mut set: Option<Set> = None;
        for (cell, _) in cells.iter().zip(alive).filter(|(_, alive)| **alive) {
            let one = match cell.range {
                Some((low, high)) => {
                    let scale = if ty == Type::One(Scalar::Int) { crate::model::number::NUMBER_SCALE } else { 1 };
                    let wide = |end: i64| i128::from(end) * i128::from(scale);
                    Set::Interval(super::values::Interval::new(wide(low), wide(high)))
                }
                None => Set::of(cell.value.value(&arena), ty),
            };
            set = Some(set.map_or(one, |set| set.union(one)));
        }
        set.unwrap_or_else(|| Set::of(Value::Missing, ty))
    }

    pub(super) fn range(&self, part: PartId) -> Range {
        self.out.points[part.index()]
    }

    pub(super) fn choices_of(&self, domain: DomainId) -> usize {
        self.space.program.schema.domain(domain).choices.len()
    }
}
