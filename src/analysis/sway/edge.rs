//! Two leads that differ in a field alone, from leads for whom just what looks at the field decides.

use super::{changed, cone, fields_below, thresholds};
use crate::analysis::{Analysis, Budget, Goal, Reachable, Witness};
use crate::check::hir::{PartId, PartKind, StageId, Step};
use crate::model::{FieldId, Scalar, Tri, Type};

/// So many searches are made for the fields whose say has not shown.
pub(super) const MOST_EDGES: usize = 80;

/// Two leads as [`Sway::Changes`] has them, from leads for whom just what looks at the field decides: everything else is
/// left out of them as far as it can be.
pub(super) fn at_edge(
    analysis: &Analysis<'_>,
    field: FieldId,
    budget: Budget,
    left: &mut usize,
) -> Option<(Witness, Witness)> {
    let program = analysis.program();
    let steps = cone::cone(program, &[Step::Stage, Step::Disqualified], &[]);
    let mut on_it: Vec<Goal<'_>> = Vec::new();
    if program.schema.stage_field == Some(field) {
        // Kept, not reached.
        for (place, stage) in program.stages.iter().enumerate().filter(|(_, stage)| stage.keep_while.is_some()) {
            let Some(condition) = &stage.condition else { continue };
            let not = Goal::Not(Box::new(Goal::Is(condition, Tri::True)));
            on_it.push(Goal::All(vec![Goal::Reached(StageId(place as u16)), not]));
        }
    }
    for step in &steps {
        let by = matches!(step, Step::Part(part) if matches!(program.parts[part.index()].kind, PartKind::By { .. }));
        if let Step::Part(part) = step
            && analysis.space.steps.get(step).and_then(|fact| fact.field()) == Some(field)
        {
            let (few, many) = analysis.found(*part);
            if few < many {
                on_it.extend([Goal::AtLeast(*part, many), Goal::AtMost(*part, few)]);
            }
        }
        program.walk_step(*step, &mut |expr| {
            let condition = expr.ty == Type::One(Scalar::Bool) && !by;
            if condition && analysis.space.facts[expr.id.index()].and_then(|fact| fact.field()) == Some(field) {
                on_it.extend([Tri::True, Tri::False].map(|value| Goal::Is(expr, value)));
            }
        });
    }
    // What the rules on the field can give: so far above a threshold they still decide.
    let gains = (0..program.parts.len() as u16).map(PartId).filter(|part| {
        !matches!(program.parts[part.index()].kind, PartKind::Group { .. })
            && fields_below(program, &[Step::Part(*part)], &|_| false).contains(&field)
    });
    let gain = gains
        .map(|part| {
            let (few, many) = analysis.found(part);
            many.saturating_sub(few)
        })
        .fold(10_000, i64::max);
    let mut look = |goals: Vec<Goal<'_>>| {
        *left = left.checked_sub(1)?;
        let goal = Goal::All(goals);
        let Reachable::Yes(witness) = analysis.reachable(&goal, budget) else { return None };
        let simplest = analysis.simplest(&goal, (*witness).clone());
        changed(analysis, field, &simplest).or_else(|| changed(analysis, field, &witness))
    };
    let lines = thresholds(program);
    for goal in &on_it {
        for stage in (0..program.stages.len() as u16).rev() {
            for (part, line) in &lines {
                let mut at = vec![goal.clone(), Goal::Stage(StageId(stage)), Goal::AtLeast(*part, *line)];
                at.push(Goal::AtMost(*part, line.saturating_add(gain - 1)));
                if let Some(found) = look(at) {
                    return Some(found);
                }
            }
        }
    }
    for goal in &on_it {
        for stage in (0..program.stages.len() as u16).rev() {
            if let Some(found) = look(vec![goal.clone(), Goal::Stage(StageId(stage))]) {
                return Some(found);
            }
        }
    }
    None
}
