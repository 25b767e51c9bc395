//! Which scores and fits decide where a lead stands.

use crate::check::hir::{Axis, Expr, ExprKind, FitId, Included, PartId, PartKind, Program, Step};
use std::collections::HashSet;

/// The names of the fits and scores that the stages rest on, through all that these name, but for scores that only other
/// scores take in; in the policy's order. Of a policy without stages, or whose stages rest on none, all that no other
/// score takes in.
pub(super) fn matters(program: &Program) -> Vec<String> {
    let mut found = Found { program, seen: HashSet::new(), fits: HashSet::new(), scores: HashSet::new() };
    for place in 0..program.stages.len() {
        found.step(Step::StageReached(crate::check::hir::StageId(place as u16)));
    }
    let none = found.fits.is_empty() && found.scores.is_empty();
    let included = included(program);
    let fits = program.fits.iter().enumerate();
    let fits = fits.filter(|(place, _)| none || found.fits.contains(&FitId(*place as u16)));
    let scores = program.scores.iter();
    let scores = scores.filter(|score| if none { !included.contains(score) } else { found.scores.contains(score) });
    fits.map(|(_, fit)| fit.name.clone()).chain(scores.map(|score| program.parts[score.index()].name.clone())).collect()
}

/// Scores that another takes in.
fn included(program: &Program) -> HashSet<PartId> {
    let parts = program.parts.iter();
    parts
        .filter_map(|part| match &part.kind {
            PartKind::Include { of: Included::Score(score), .. } => Some(*score),
            _ => None,
        })
        .collect()
}

struct Found<'p> {
    program: &'p Program,
    seen: HashSet<Step>,
    fits: HashSet<FitId>,
    scores: HashSet<PartId>,
}

impl<'p> Found<'p> {
    fn step(&mut self, step: Step) {
        if !self.seen.insert(step) {
            return;
        }
        let mut named: Vec<&'p Expr> = Vec::new();
        self.program.walk_step(step, &mut |expr| named.push(expr));
        for expr in named {
            match &expr.kind {
                ExprKind::Define(define) => self.step(Step::Define(*define)),
                ExprKind::Check(check) => self.step(Step::Check(*check)),
                ExprKind::Fits(fit) | ExprKind::FitUnknown(fit) | ExprKind::CheckCount(fit, _) => self.fit(*fit),
                ExprKind::Points(part) => self.score(*part),
                ExprKind::Band(bands) => self.score(self.program.bands[bands.index()].of),
                ExprKind::Cell(matrix) => {
                    let matrix = &self.program.matrices[matrix.index()];
                    for axis in [&matrix.rows, &matrix.columns] {
                        match axis {
                            Axis::Bands(bands) => self.score(self.program.bands[bands.index()].of),
                            Axis::Fit(fit) => self.fit(*fit),
                            Axis::Field(..) => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn fit(&mut self, fit: FitId) {
        if self.fits.insert(fit) {
            for check in self.program.fits[fit.index()].checks.clone() {
                self.step(Step::Check(crate::check::hir::CheckId(check)));
            }
        }
    }

    fn score(&mut self, part: PartId) {
        self.scores.insert(self.program.parts[part.index()].score);
    }
}
