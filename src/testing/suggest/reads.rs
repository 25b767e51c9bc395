//! What of a lead a part of the policy reads: fields and questions about events, through all that it names but scores.

use crate::check::hir::{CheckId, Expr, ExprKind, FitId, Included, PartId, PartKind, Program, QueryId, Step};
use crate::model::FieldId;
use std::collections::BTreeSet;

/// What is read.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Fields of the lead.
    pub fields: BTreeSet<FieldId>,
    /// Questions about events.
    pub queries: BTreeSet<QueryId>,
    /// Scores and parts of scores that are compared with something.
    pub parts: BTreeSet<PartId>,
    /// Whether the lead's stage is read.
    pub stage: bool,
}

/// What some steps read, each with all that it names.
pub fn of_steps(program: &Program, steps: impl IntoIterator<Item = Step>) -> Reads {
    let mut reads = Reads::default();
    let mut open: Vec<Step> = steps.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(step) = open.pop() {
        if !seen.insert(step) {
            continue;
        }
        match step {
            Step::Fit(fit) => open.extend(checks(program, fit)),
            Step::Bands(bands) => {
                reads.parts.insert(program.bands[bands.index()].of);
            }
            Step::Matrix(matrix) => {
                let matrix = &program.matrices[matrix.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    match axis {
                        crate::check::hir::Axis::Bands(bands) => open.push(Step::Bands(*bands)),
                        crate::check::hir::Axis::Fit(fit) => open.push(Step::Fit(*fit)),
                        crate::check::hir::Axis::Field(field, _) => {
                            reads.fields.insert(*field);
                        }
                    }
                }
            }
            Step::Stage => reads.stage = true,
            Step::StageReached(stage) => {
                open.extend(program.stages[stage.index()].after.map(Step::StageReached));
                if program.stages[stage.index()].keep_while.is_some() {
                    reads.fields.extend(program.schema.stage_field);
                }
            }
            Step::Disqualified => {
                open.extend((0..program.reasons.len() as u16).map(|id| Step::Reason(crate::check::hir::ReasonId(id))));
            }
            Step::Part(part) => match &program.parts[part.index()].kind {
                PartKind::Include { of: Included::Score(score), .. } => {
                    reads.parts.insert(*score);
                }
                PartKind::Group { .. } => {
                    reads.parts.insert(part);
                }
                PartKind::Per(per) => {
                    reads.queries.insert(per.query);
                }
                _ => {}
            },
            _ => {}
        }
        program.walk_step(step, &mut |expr| note(program, expr, &mut reads, &mut open));
    }
    reads
}

fn checks(program: &Program, fit: FitId) -> impl Iterator<Item = Step> {
    program.fits[fit.index()].checks.clone().map(|check| Step::Check(CheckId(check)))
}

fn note(program: &Program, expr: &Expr, reads: &mut Reads, open: &mut Vec<Step>) {
    if let Some(query) = expr.query() {
        reads.queries.insert(query);
    }
    match &expr.kind {
        ExprKind::Field(field) => {
            reads.fields.insert(*field);
        }
        ExprKind::Define(define) => open.push(Step::Define(*define)),
        ExprKind::Check(check) => open.push(Step::Check(*check)),
        ExprKind::Fits(fit) | ExprKind::FitUnknown(fit) | ExprKind::CheckCount(fit, _) => {
            open.extend(checks(program, *fit));
        }
        ExprKind::Points(part) => {
            reads.parts.insert(*part);
        }
        ExprKind::Band(bands) => open.push(Step::Bands(*bands)),
        ExprKind::Cell(matrix) => open.push(Step::Matrix(*matrix)),
        ExprKind::Stage => reads.stage = true,
        ExprKind::Disqualified => open.push(Step::Disqualified),
        ExprKind::DisqualifiedBy(reason) => open.push(Step::Reason(*reason)),
        _ => {}
    }
}

impl Reads {
    /// Also what the scores read that this rests on, and the ladder where the stage is read.
    pub fn deep(program: &Program, steps: impl IntoIterator<Item = Step>) -> Reads {
        let mut reads = of_steps(program, steps);
        let mut done = BTreeSet::new();
        let mut ladder = false;
        loop {
            let open: Vec<PartId> = reads.parts.difference(&done).copied().collect();
            let climb = reads.stage && !ladder;
            if open.is_empty() && !climb {
                return reads;
            }
            ladder |= climb;
            let mut steps = Vec::new();
            for part in open {
                done.insert(part);
                if let PartKind::Group { parts, .. } = &program.parts[part.index()].kind {
                    steps.extend(parts.iter().map(|part| Step::Part(*part)));
                }
            }
            if climb {
                let stages = 0..program.stages.len() as u16;
                steps.extend(stages.map(|stage| Step::StageReached(crate::check::hir::StageId(stage))));
            }
            let more = of_steps(program, steps);
            reads.fields.extend(more.fields);
            reads.queries.extend(more.queries);
            reads.parts.extend(more.parts);
            reads.stage |= more.stage;
        }
    }
}
