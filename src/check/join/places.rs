//! Where the pieces of one policy are in the joint one: a piece whose meaning is known already has a place.

use super::{Join, Side};
use crate::check::hir::*;
use crate::check::keys::{Key, Keys};
use std::collections::HashMap;

/// A define of the joint policy that is to be made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Made {
    /// A define of one of the policies.
    Own(DefineId),
    /// Whether any reason is true.
    Disqualified,
    /// Whether a stage is reached.
    Reached(StageId),
    /// Whether the lead is not disqualified and at this stage or higher.
    AtLeast(StageId),
    /// The stage as a value.
    Stage,
    /// Whether the condition of a route is true.
    Route(usize),
    /// Whether a route is taken; behind the last, whether none is.
    Taken(usize),
}

/// Pieces that the joint policy does not have yet, in the order of their places.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    pub(super) queries: Vec<QueryId>,
    pub(super) defines: Vec<Made>,
    pub(super) fits: Vec<FitId>,
    pub(super) parts: Vec<PartId>,
    pub(super) bands: Vec<BandsId>,
    pub(super) matrices: Vec<MatrixId>,
    pub(super) reasons: Vec<ReasonId>,
}

/// The place of a meaning: known, or the next one.
fn place<I: Copy, F>(
    known: &mut HashMap<Key, I>,
    key: Key,
    next: usize,
    id: impl Fn(u16) -> I,
    fresh: &mut Vec<F>,
    piece: F,
) -> I {
    *known.entry(key).or_insert_with(|| {
        let place = next + fresh.len();
        fresh.push(piece);
        id(place as u16)
    })
}

impl Join<'_> {
    /// Gives every piece its place.
    pub(super) fn places(&mut self, program: &Program, keys: &Keys<'_>, side: &mut Side) -> Fresh {
        let mut fresh = Fresh::default();
        let (shared, out) = (&mut self.shared, &self.out);
        let all = |count: usize| 0..count as u16;
        for id in all(program.queries.len()).map(QueryId) {
            let (key, next) = (keys.query(id), out.queries.len());
            side.queries.push(place(&mut shared.queries, key, next, QueryId, &mut fresh.queries, id));
        }
        for id in all(program.parts.len()).map(PartId) {
            let (key, next) = (keys.part(id), out.parts.len());
            side.parts.push(place(&mut shared.parts, key, next, PartId, &mut fresh.parts, id));
        }
        for id in all(program.bands.len()).map(BandsId) {
            let (key, next) = (keys.bands(id), out.bands.len());
            side.bands.push(place(&mut shared.bands, key, next, BandsId, &mut fresh.bands, id));
        }
        for id in all(program.matrices.len()).map(MatrixId) {
            let (key, next) = (keys.matrix(id), out.matrices.len());
            side.matrices.push(place(&mut shared.matrices, key, next, MatrixId, &mut fresh.matrices, id));
        }
        for id in all(program.reasons.len()).map(ReasonId) {
            let (key, next) = (keys.reason(id), out.reasons.len());
            side.reasons.push(place(&mut shared.reasons, key, next, ReasonId, &mut fresh.reasons, id));
        }
        let mut define = |key: Key, made: Made| {
            place(&mut shared.defines, key, out.defines.len(), DefineId, &mut fresh.defines, made)
        };
        for id in all(program.defines.len()).map(DefineId) {
            side.defines.push(define(keys.define(id), Made::Own(id)));
        }
        side.disqualified = Some(define(keys.disqualified(), Made::Disqualified));
        for id in all(program.stages.len()).map(StageId) {
            side.reached.push(define(keys.reached(id), Made::Reached(id)));
            side.at_least.push(define(keys.at_least(id), Made::AtLeast(id)));
        }
        if !program.stages.is_empty() {
            side.stage = Some(define(keys.ladder(), Made::Stage));
        }
        if !program.routes.is_empty() {
            for route in 0..=program.routes.len() {
                if route < program.routes.len() {
                    side.routes.push(define(keys.route(route), Made::Route(route)));
                }
                side.taken.push(define(keys.taken(route), Made::Taken(route)));
            }
        }
        self.fits(program, keys, side, &mut fresh);
        fresh
    }

    fn fits(&mut self, program: &Program, keys: &Keys<'_>, side: &mut Side, fresh: &mut Fresh) {
        let mut checks = self.out.checks.len() as u16;
        side.checks = vec![CheckId(0); program.checks.len()];
        for (at, fit) in program.fits.iter().enumerate() {
            let (id, next) = (FitId(at as u16), self.out.fits.len());
            let joint = place(&mut self.shared.fits, keys.fit(id), next, FitId, &mut fresh.fits, id);
            let key = |check: u16| keys.expr(&program.checks[usize::from(check)].condition);
            let known = self.shared.checks.entry(joint).or_insert_with(|| {
                let places = fit.checks.clone().map(|check| {
                    checks += 1;
                    (key(check), CheckId(checks - 1))
                });
                places.collect()
            });
            for check in fit.checks.clone() {
                if let Some((_, joint)) = known.iter().find(|(known, _)| *known == key(check)) {
                    side.checks[usize::from(check)] = *joint;
                }
            }
            side.fits.push(joint);
        }
    }
}
