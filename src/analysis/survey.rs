//! All that can happen under a policy: what its points, stages, bands, matrices and routes can be, what keeps its
//! promises, and which fields have a say in the stage.

use super::sway::{Sway, sways};
use super::{Analysis, Answer, Budget, Goal, Range, Reachable};
use crate::check::hir::{AlwaysId, Axis, BandsId, MatrixId, PartId, Program, RouteId, StageId};
use crate::model::Tri;

/// All that can happen under a policy.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Whether each `always` holds for every lead; against it stands a lead without anything that it does not need.
    pub promises: Vec<Answer>,
    /// The points of each part of a score.
    pub ranges: Vec<Range>,
    /// Whether any lead is disqualified.
    pub disqualified: Reachable,
    /// Whether each stage is some lead's.
    pub stages: Vec<Reachable>,
    /// Of each `bands`, whether each band is some lead's.
    pub bands: Vec<Vec<Reachable>>,
    /// Of each matrix, row by row, whether each place is some lead's.
    pub places: Vec<Vec<Vec<Reachable>>>,
    /// Whether each route is some lead's; the last is having none.
    pub routes: Vec<Reachable>,
    /// Whether each field of the lead can change the stage.
    pub fields: Vec<Sway>,
}

/// Looks at all of a policy. Promises come first, so that a time that ends early leaves them decided.
pub fn survey(analysis: &Analysis<'_>, budget: Budget) -> Survey {
    let program = analysis.program();
    let ids = |count: usize| 0..count as u16;
    let is = |goal: Goal<'_>| match analysis.reachable(&goal, budget) {
        Reachable::Yes(witness) => Reachable::Yes(Box::new(analysis.simplest(&goal, *witness))),
        found => found,
    };
    let promises =
        ids(program.always.len()).map(|id| analysis.never(&Goal::Always(AlwaysId(id), Tri::False), budget)).collect();
    let stages: Vec<Reachable> = ids(program.stages.len()).map(|id| is(Goal::Stage(StageId(id)))).collect();
    let disqualified = match program.reasons.is_empty() {
        true => Reachable::No,
        false => is(Goal::Disqualified(true)),
    };
    let ranges = ids(program.parts.len()).map(|part| analysis.range(PartId(part), budget)).collect();
    let bands = program.bands.iter().enumerate().map(|(place, bands)| {
        ids(bands.from.len() + 1).map(|band| is(Goal::Band(BandsId(place as u16), band))).collect()
    });
    let places = program.matrices.iter().enumerate().map(|(place, matrix)| {
        let id = MatrixId(place as u16);
        let (rows, columns) = (length(program, &matrix.rows), length(program, &matrix.columns));
        ids(rows).map(|row| ids(columns).map(|column| is(Goal::Place(id, row, column))).collect()).collect()
    });
    let mut routes: Vec<Reachable> =
        ids(program.routes.len()).map(|route| is(Goal::Route(Some(RouteId(route))))).collect();
    routes.push(if program.routes.is_empty() { Reachable::No } else { is(Goal::Route(None)) });
    let (bands, places) = (bands.collect(), places.collect());
    let fields = sways(analysis, &stages, &disqualified, budget);
    Survey { promises, ranges, disqualified, stages, bands, places, routes, fields }
}

/// How many rows or columns there are along an axis.
fn length(program: &Program, axis: &Axis) -> usize {
    match axis {
        Axis::Bands(bands) => program.bands[bands.index()].from.len() + 1,
        Axis::Fit(_) => 3,
        Axis::Field(_, domain) => program.schema.domain(*domain).choices.len() + 1,
    }
}
