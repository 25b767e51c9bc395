//! What a step or an expression needs, directly and through others.

use crate::check::hir::{Axis, CheckId, Expr, ExprKind, Included, PartId, PartKind, Program, ReasonId, StageId, Step};
use std::collections::HashSet;

/// The step that an expression names.
pub(super) fn named(kind: &ExprKind) -> Vec<Step> {
    match kind {
        ExprKind::Define(id) => vec![Step::Define(*id)],
        ExprKind::Points(id) => vec![Step::Part(*id)],
        ExprKind::Check(id) => vec![Step::Check(*id)],
        ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => vec![Step::Fit(*id)],
        ExprKind::Band(id) => vec![Step::Bands(*id)],
        ExprKind::Cell(id) => vec![Step::Matrix(*id)],
        ExprKind::Disqualified => vec![Step::Disqualified],
        ExprKind::DisqualifiedBy(id) => vec![Step::Reason(*id)],
        ExprKind::Stage => vec![Step::Stage, Step::Disqualified],
        _ => Vec::new(),
    }
}

/// The steps that a step needs directly, through its expressions and by its nature.
pub(super) fn below(program: &Program, step: Step) -> Vec<Step> {
    let mut found = Vec::new();
    program.walk_step(step, &mut |expr| found.extend(named(&expr.kind)));
    let part = |part: &PartId| Step::Part(*part);
    match step {
        Step::Fit(id) => found.extend(program.fits[id.index()].checks.clone().map(|check| Step::Check(CheckId(check)))),
        Step::Part(id) => match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => found.extend(parts.iter().map(part)),
            PartKind::Include { of: Included::Score(score), .. } => found.push(part(score)),
            _ => {}
        },
        Step::Bands(id) => found.push(Step::Part(program.bands[id.index()].of)),
        Step::Matrix(id) => {
            let matrix = &program.matrices[id.index()];
            for axis in [&matrix.rows, &matrix.columns] {
                match axis {
                    Axis::Bands(bands) => found.push(Step::Bands(*bands)),
                    Axis::Fit(fit) => found.push(Step::Fit(*fit)),
                    Axis::Field(..) => {}
                }
            }
        }
        Step::Disqualified => {
            found.extend((0..program.reasons.len()).map(|reason| Step::Reason(ReasonId(reason as u16))));
        }
        Step::StageReached(id) => found.extend(program.stages[id.index()].after.map(Step::StageReached)),
        Step::Stage => found.extend((0..program.stages.len()).map(|stage| Step::StageReached(StageId(stage as u16)))),
        Step::Define(_) | Step::Check(_) | Step::Reason(_) | Step::Route | Step::Always(_) => {}
    }
    found
}

/// All steps that some steps and expressions need, these steps included, in the policy's order.
pub(super) fn cone(program: &Program, steps: &[Step], exprs: &[&Expr]) -> Vec<Step> {
    let mut open: Vec<Step> = steps.to_vec();
    for expr in exprs {
        expr.walk(program, &mut |expr| open.extend(named(&expr.kind)));
    }
    let mut seen: HashSet<Step> = HashSet::new();
    while let Some(step) = open.pop() {
        if seen.insert(step) {
            open.extend(below(program, step));
        }
    }
    program.order.iter().copied().filter(|step| seen.contains(step)).collect()
}
