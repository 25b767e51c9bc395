//! What may be asked for: that an expression has a value, that a stage is reached, that a case is taken.

use super::bounds::Run;
use super::cone::{cone, named};
use super::space::{Taken, taken_case};
use super::values::{Set, Tris};
use crate::check::hir::{
    AlwaysId, BandsId, CheckId, Expr, FitId, MatrixId, PartId, PartKind, Program, ReasonId, RouteId, StageId, Step,
};
use crate::eval::Probe;
use crate::model::Tri;

/// Something that a lead may reach.
#[derive(Clone, Debug)]
pub enum Goal<'p> {
    /// An expression of the lead has this value. Not for expressions in `where` and in cases of `by`.
    Is(&'p Expr, Tri),
    /// A check has this value.
    Check(CheckId, Tri),
    /// A fit has this verdict.
    Fit(FitId, Tri),
    /// A reason to disqualify has this value.
    Reason(ReasonId, Tri),
    /// The lead is disqualified, or is not.
    Disqualified(bool),
    /// A stage is reached, by its condition or because it is kept.
    Reached(StageId),
    /// The stage is the lead's, which is not disqualified.
    Stage(StageId),
    /// A band is the lead's.
    Band(BandsId, u16),
    /// A cell of a matrix, by its choice, is the lead's.
    Cell(MatrixId, u16),
    /// The place of a matrix, by row and column, is the lead's.
    Place(MatrixId, u16, u16),
    /// The route is the lead's; none for no route.
    Route(Option<RouteId>),
    /// A case of `by` or `first of` gives the points.
    Taken(PartId, Taken),
    /// An `always` has this value.
    Always(AlwaysId, Tri),
    /// A part has at least so many points, in ten-thousandths.
    AtLeast(PartId, i64),
    /// A part has at most so many points, in ten-thousandths.
    AtMost(PartId, i64),
    /// All of these at once.
    All(Vec<Goal<'p>>),
    /// None of these can be reached.
    Not(Box<Goal<'p>>),
}

impl<'p> Goal<'p> {
    fn roots(&self, steps: &mut Vec<Step>, exprs: &mut Vec<&'p Expr>) {
        match self {
            Goal::Is(expr, _) => {
                exprs.push(expr);
                steps.extend(named(&expr.kind));
            }
            Goal::Check(id, _) => steps.push(Step::Check(*id)),
            Goal::Fit(id, _) => steps.push(Step::Fit(*id)),
            Goal::Reason(id, _) => steps.push(Step::Reason(*id)),
            Goal::Disqualified(_) => steps.push(Step::Disqualified),
            Goal::Reached(id) => steps.push(Step::StageReached(*id)),
            Goal::Stage(_) => steps.extend([Step::Stage, Step::Disqualified]),
            Goal::Band(id, _) => steps.push(Step::Bands(*id)),
            Goal::Cell(id, _) | Goal::Place(id, ..) => steps.push(Step::Matrix(*id)),
            Goal::Route(_) => steps.push(Step::Route),
            Goal::Taken(id, _) | Goal::AtLeast(id, _) | Goal::AtMost(id, _) => steps.push(Step::Part(*id)),
            Goal::Always(id, _) => steps.push(Step::Always(*id)),
            Goal::All(all) => all.iter().for_each(|goal| goal.roots(steps, exprs)),
            Goal::Not(goal) => goal.roots(steps, exprs),
        }
    }

    /// The expressions that it names.
    pub(super) fn exprs(&self) -> Vec<&'p Expr> {
        let (mut steps, mut exprs) = (Vec::new(), Vec::new());
        self.roots(&mut steps, &mut exprs);
        exprs
    }

    /// All steps that it takes to know whether it is reached.
    pub(super) fn cone(&self, program: &Program) -> Vec<Step> {
        let (mut steps, mut exprs) = (Vec::new(), Vec::new());
        self.roots(&mut steps, &mut exprs);
        cone(program, &steps, &exprs)
    }

    /// Whether it may hold, and whether it may not, for the leads of a run.
    pub(super) fn truth(&self, run: &mut Run<'_, 'p>) -> Tris {
        let is = |tris: Tris, value: Tri| {
            let mut found = Tris::NONE;
            for one in tris.iter() {
                found = found.union(Tris::of(Tri::from(one == value)));
            }
            found
        };
        let may = |yes: bool, no: bool| match (yes, no) {
            (true, true) => Tris::KNOWN,
            (true, false) => Tris::TRUE,
            (false, true) => Tris::FALSE,
            (false, false) => Tris::NONE,
        };
        match self {
            Goal::Is(expr, value) => is(run.condition(expr, None), *value),
            Goal::Check(id, value) => is(run.out.checks[id.index()], *value),
            Goal::Fit(id, value) => is(run.out.fits[id.index()].verdict, *value),
            Goal::Reason(id, value) => is(run.out.reasons[id.index()], *value),
            Goal::Disqualified(value) => is(run.out.disqualified, Tri::from(*value)),
            Goal::Reached(id) => is(run.out.standing[id.index()], Tri::True),
            Goal::Stage(id) => {
                let stage = run.out.stage;
                let here = may(stage.has(id.0), !stage.is_one() || !stage.has(id.0));
                here.and(is(run.out.disqualified, Tri::False))
            }
            Goal::Band(id, band) => {
                let (low, high) = run.out.bands[id.index()];
                may((low..=high).contains(band), low != *band || high != *band)
            }
            Goal::Cell(id, cell) => {
                let cells = run.out.cells[id.index()];
                may(cells.has(*cell), !cells.is_one() || !cells.has(*cell))
            }
            Goal::Place(id, row, column) => {
                let matrix = &run.space.program.matrices[id.index()];
                let one = |places: (Vec<usize>, usize), place: u16| {
                    let place = usize::from(place);
                    may(places.0.contains(&place), places.0.iter().any(|other| *other != place))
                };
                one(run.places(&matrix.rows), *row).and(one(run.places(&matrix.columns), *column))
            }
            Goal::Route(route) => {
                let place = route.map_or(run.out.routes.len(), |route| route.index());
                let others = run.out.route.iter().enumerate().any(|(other, may)| *may && other != place);
                may(run.out.route[place], others)
            }
            Goal::Taken(part, taken) => run.taken(*part, *taken),
            Goal::Always(id, value) => is(run.out.always[id.index()], *value),
            Goal::AtLeast(part, points) => {
                let range = run.range(*part);
                may(range.high.is_none_or(|high| high >= *points), range.low.is_none_or(|low| low < *points))
            }
            Goal::AtMost(part, points) => {
                let range = run.range(*part);
                may(range.low.is_none_or(|low| low <= *points), range.high.is_none_or(|high| high > *points))
            }
            Goal::All(all) => all.iter().fold(Tris::TRUE, |tris, goal| tris.and(goal.truth(run))),
            Goal::Not(goal) => !goal.truth(run),
        }
    }

    /// Whether a lead reaches it: the engine's word.
    pub(super) fn holds<'a>(&self, program: &'a Program, probe: &mut Probe<'a>) -> bool
    where
        'p: 'a,
    {
        let out = probe.outcome();
        match self {
            Goal::Is(expr, value) => probe.value(expr).tri() == *value,
            Goal::Check(id, value) => out.checks[id.index()] == *value,
            Goal::Fit(id, value) => out.fits[id.index()].verdict == *value,
            Goal::Reason(id, value) => out.reasons[id.index()] == *value,
            Goal::Disqualified(value) => out.disqualified == *value,
            Goal::Reached(id) => out.reached[id.index()],
            Goal::Stage(id) => !out.disqualified && out.stage == id.0,
            Goal::Band(id, band) => out.bands[id.index()] == *band,
            Goal::Cell(id, cell) => out.cells[id.index()] == *cell,
            Goal::Place(id, row, column) => probe.place(*id) == (usize::from(*row), usize::from(*column)),
            Goal::Route(route) => out.route == *route,
            Goal::Taken(part, taken) => taken_case(program, *part, probe) == Some(*taken),
            Goal::Always(id, value) => out.always[id.index()] == *value,
            Goal::AtLeast(part, points) => out.points(*part) >= *points,
            Goal::AtMost(part, points) => out.points(*part) <= *points,
            Goal::All(all) => all.iter().all(|goal| goal.holds(program, probe)),
            Goal::Not(goal) => !goal.holds(program, probe),
        }
    }
}

impl Run<'_, '_> {
    /// Whether a case may be taken, and whether another may.
    pub(super) fn taken(&mut self, part: PartId, taken: Taken) -> Tris {
        if let Some(table) = self.space.exact_part(part)
            && let Some(cases) = &table.taken
        {
            let alive = self.state.alive(self.space, table.field);
            let may = cases.iter().zip(alive).filter(|(_, alive)| **alive);
            return may.fold(Tris::NONE, |tris, (case, _)| tris.union(Tris::of(Tri::from(*case == taken))));
        }
        let may = self.may_take(part);
        let yes = may.contains(&taken);
        let no = may.iter().any(|other| *other != taken);
        match (yes, no) {
            (true, true) => Tris::KNOWN,
            (true, false) => Tris::TRUE,
            _ => Tris::FALSE,
        }
    }

    fn may_take(&mut self, part: PartId) -> Vec<Taken> {
        let mut may = Vec::new();
        let (cases, subject) = match &self.space.program.parts[part.index()].kind {
            PartKind::By { value, cases, .. } => {
                let looked_at = self.expr(value, None);
                if looked_at.may_be_missing() {
                    may.push(Taken::Missing);
                }
                if !looked_at.may_be_known() {
                    return may;
                }
                (cases, Some(looked_at.known()))
            }
            PartKind::FirstOf { cases, .. } => (cases, None::<Set>),
            _ => return may,
        };
        let (mut all_false, mut some_unknown) = (true, false);
        for (place, case) in cases.iter().enumerate() {
            let holds = self.condition(&case.condition, subject);
            if holds.has(Tri::True) {
                may.push(Taken::Case(place as u16));
            }
            if holds == Tris::TRUE {
                return may;
            }
            all_false &= holds.has(Tri::False);
            some_unknown |= holds.has(Tri::Unknown);
        }
        if all_false || subject.is_some() {
            may.push(Taken::Otherwise);
        }
        if some_unknown && subject.is_none() {
            may.push(Taken::Nothing);
        }
        may
    }
}
