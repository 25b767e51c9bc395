//! What rests on what in a program.

use crate::check::hir::{Axis, CheckId, Expr, ExprKind, Included, PartKind, Program, ReasonId, StageId, Step};
use crate::model::FieldId;
use std::collections::HashSet;

/// What expressions name: the steps that give their values.
pub(super) fn named<'e>(program: &Program, exprs: impl IntoIterator<Item = &'e Expr>) -> HashSet<Step> {
    let mut named = HashSet::new();
    for expr in exprs {
        expr.walk(program, &mut |expr| named.extend(step_of(expr)));
    }
    named
}

/// These steps and all that they rest on.
pub(super) fn closure(program: &Program, from: impl IntoIterator<Item = Step>) -> HashSet<Step> {
    let mut open: Vec<Step> = from.into_iter().collect();
    let mut seen: HashSet<Step> = open.iter().copied().collect();
    while let Some(step) = open.pop() {
        for needed in needs(program, step) {
            if seen.insert(needed) {
                open.push(needed);
            }
        }
    }
    seen
}

/// The fields of the lead that a step reads, itself or by definitions, in the order in which they are met.
pub(super) fn fields(program: &Program, step: Step) -> Vec<FieldId> {
    through_definitions(program, step, &mut |_| true)
}

/// As [`fields`], without those of which only is asked whether they are known, or that something replaces.
pub(super) fn fields_that_matter(program: &Program, step: Step) -> Vec<FieldId> {
    through_definitions(program, step, &mut |expr| {
        !matches!(expr.kind, ExprKind::IsKnown(_) | ExprKind::IsMissing(_) | ExprKind::Otherwise(..))
    })
}

fn through_definitions(program: &Program, step: Step, enter: &mut dyn FnMut(&Expr) -> bool) -> Vec<FieldId> {
    let mut found = Vec::new();
    let mut open = vec![step];
    let mut seen = HashSet::from([step]);
    while let Some(step) = open.pop() {
        let mut read = |expr: &Expr| match &expr.kind {
            ExprKind::Field(field) if !found.contains(field) => found.push(*field),
            ExprKind::Define(id) if seen.insert(Step::Define(*id)) => open.push(Step::Define(*id)),
            _ => {}
        };
        for expr in outermost(program, step) {
            descend(program, expr, enter, &mut read);
        }
    }
    found
}

fn descend(program: &Program, expr: &Expr, enter: &mut dyn FnMut(&Expr) -> bool, read: &mut dyn FnMut(&Expr)) {
    read(expr);
    if !enter(expr) {
        return;
    }
    for child in expr.children() {
        descend(program, child, enter, read);
    }
    if let Some(query) = expr.query() {
        program.walk_query(query, &mut |expr| read(expr));
    }
}

/// The outermost expressions of a step.
fn outermost(program: &Program, step: Step) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = Vec::new();
    // Walking tells an expression before those below it: those that stand in none before them are outermost.
    let mut inside: HashSet<u32> = HashSet::new();
    program.walk_step(step, &mut |expr| {
        if !inside.contains(&expr.id.0) {
            found.push(expr);
            expr.walk(program, &mut |below| {
                inside.insert(below.id.0);
            });
        }
    });
    found
}

fn step_of(expr: &Expr) -> Option<Step> {
    Some(match &expr.kind {
        ExprKind::Define(id) => Step::Define(*id),
        ExprKind::Points(id) => Step::Part(*id),
        ExprKind::Check(id) => Step::Check(*id),
        ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => Step::Fit(*id),
        ExprKind::Band(id) => Step::Bands(*id),
        ExprKind::Cell(id) => Step::Matrix(*id),
        ExprKind::Stage => Step::Stage,
        ExprKind::Disqualified => Step::Disqualified,
        ExprKind::DisqualifiedBy(id) => Step::Reason(*id),
        _ => return None,
    })
}

/// What a step rests on right away.
fn needs(program: &Program, step: Step) -> Vec<Step> {
    let mut needed = Vec::new();
    program.walk_step(step, &mut |expr| needed.extend(step_of(expr)));
    match step {
        Step::Fit(id) => {
            needed.extend(program.fits[id.index()].checks.clone().map(|check| Step::Check(CheckId(check))))
        }
        Step::Part(id) => match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => needed.extend(parts.iter().map(|part| Step::Part(*part))),
            PartKind::Include { of: Included::Score(score), .. } => needed.push(Step::Part(*score)),
            _ => {}
        },
        Step::Bands(id) => needed.push(Step::Part(program.bands[id.index()].of)),
        Step::Matrix(id) => {
            let matrix = &program.matrices[id.index()];
            needed.extend([&matrix.rows, &matrix.columns].into_iter().filter_map(|axis| match axis {
                Axis::Bands(id) => Some(Step::Bands(*id)),
                Axis::Fit(id) => Some(Step::Fit(*id)),
                Axis::Field(..) => None,
            }));
        }
        Step::Disqualified => needed.extend((0..program.reasons.len()).map(|id| Step::Reason(ReasonId(id as u16)))),
        Step::Stage => {
            needed.push(Step::Disqualified);
            needed.extend((0..program.stages.len()).map(|id| Step::StageReached(StageId(id as u16))));
        }
        Step::StageReached(id) => needed.extend(program.stages[id.index()].after.map(Step::StageReached)),
        Step::Define(_) | Step::Check(_) | Step::Reason(_) | Step::Route | Step::Always(_) => {}
    }
    needed
}
