//! All that can happen under a policy: what its points, stages, bands, matrices and routes can be, what keeps its
//! promises, and which fields have a say in the stage.

use super::search::probe;
use super::{Analysis, Answer, Budget, Goal, Range, Reachable, Witness, cone};
use crate::check::hir::{
    AlwaysId, Axis, BandsId, Expr, ExprKind, MatrixId, PartId, PartKind, Program, RouteId, StageId, Step,
};
use crate::model::{FieldId, Literal, Scalar, Tri, Type};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;
use std::collections::HashSet;

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

/// Whether a field has a say in the stage.
#[derive(Clone, Debug, PartialEq)]
pub enum Sway {
    /// These two leads differ in this field alone, and in their stage: the engine's word.
    Changes(Box<(Witness, Witness)>),
    /// No lead's stage depends on it.
    Never,
    /// Not decided, for this reason.
    NotDecided(&'static str),
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

/// The fields that a step rests on, directly or through others; parts that are `dead` rest on none.
fn fields_below(program: &Program, steps: &[Step], dead: &dyn Fn(PartId) -> bool) -> HashSet<FieldId> {
    let mut found = HashSet::new();
    for step in cone::cone(program, steps, &[]) {
        if matches!(step, Step::Part(part) if dead(part)) {
            continue;
        }
        program.walk_step(step, &mut |expr| {
            if let ExprKind::Field(field) = expr.kind {
                found.insert(field);
            }
        });
        match step {
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    if let Axis::Field(field, _) = axis {
                        found.insert(*field);
                    }
                }
            }
            Step::StageReached(id) if program.stages[id.index()].keep_while.is_some() => {
                found.extend(program.schema.stage_field);
            }
            _ => {}
        }
    }
    found
}

/// Which fields can change the stage.
fn sways(analysis: &Analysis<'_>, stages: &[Reachable], out: &Reachable, budget: Budget) -> Vec<Sway> {
    let program = analysis.program();
    // A rule that always gives the same passes nothing on.
    let dead = |part: PartId| {
        let (low, high) = analysis.limits(part);
        low.is_some() && low == high
    };
    let below = match program.stages.is_empty() {
        true => HashSet::new(),
        false => fields_below(program, &[Step::Stage, Step::Disqualified], &dead),
    };
    let mut leads: Vec<Witness> = Vec::new();
    for found in stages {
        if let Reachable::Yes(witness) = found {
            leads.push((**witness).clone());
        }
    }
    if let Reachable::Yes(witness) = out {
        leads.push((**witness).clone());
    }
    let fields = 0..program.schema.fields.len() as u16;
    let mut margins: Option<Vec<Witness>> = None;
    fields
        .map(FieldId)
        .map(|field| {
            if !below.contains(&field) {
                return Sway::Never;
            }
            // The key of a witness stands for any: what it is made of is not looked at.
            if let Some(found) = leads.iter().find_map(|lead| changed(analysis, field, lead)) {
                return Sway::Changes(Box::new(found));
            }
            let margins = margins.get_or_insert_with(|| at_thresholds(analysis, budget));
            if let Some(found) = margins.iter().find_map(|lead| changed(analysis, field, lead)) {
                return Sway::Changes(Box::new(found));
            }
            match at_edge(analysis, field, budget) {
                Some(found) => Sway::Changes(Box::new(found)),
                None => Sway::NotDecided("no two leads were found that differ in it alone and stand at other stages"),
            }
        })
        .collect()
}

/// What stands in the column of stages.
fn standing(analysis: &Analysis<'_>, lead: &Witness) -> Option<u16> {
    let arena = Bump::new();
    let outcome = probe(&analysis.space, lead, &arena);
    let outcome = outcome.outcome();
    (!outcome.disqualified).then_some(outcome.stage)
}

/// The lead, and the same with another value of a field and at another stage.
fn changed(analysis: &Analysis<'_>, field: FieldId, lead: &Witness) -> Option<(Witness, Witness)> {
    let now = standing(analysis, lead);
    let declared = analysis.program().schema.field(field);
    for cell in analysis.cells().field(field).cells.iter().take(200) {
        for value in cell.ends() {
            if value == lead.fields[field.index()] || value == Literal::Missing && (declared.required || declared.key) {
                continue;
            }
            let mut other = lead.clone();
            other.fields[field.index()] = value;
            if standing(analysis, &other) != now {
                return Some((lead.clone(), other));
            }
        }
    }
    None
}

/// Thresholds of points: `lead_score >= 30` and its kin, with the least points that meet it.
fn thresholds(program: &Program) -> Vec<(PartId, i64)> {
    let mut found = Vec::new();
    let points_of = |expr: &Expr| if let ExprKind::Points(part) = expr.kind { Some(part) } else { None };
    let number = |expr: &Expr| match &expr.kind {
        ExprKind::Constant(Literal::Int(value)) => value.checked_mul(10_000),
        ExprKind::Constant(Literal::Number(value)) => Some(value / 100),
        ExprKind::Define(id) => match &program.defines[id.index()].value.kind {
            ExprKind::Constant(Literal::Int(value)) => value.checked_mul(10_000),
            ExprKind::Constant(Literal::Number(value)) => Some(value / 100),
            _ => None,
        },
        _ => None,
    };
    for step in cone::cone(program, &[Step::Stage, Step::Disqualified], &[]) {
        program.walk_step(step, &mut |expr| {
            if let ExprKind::Compare(op, a, b) = &expr.kind {
                let at = points_of(a).zip(number(b)).or_else(|| points_of(b).zip(number(a)));
                let more = i64::from(matches!(op, CompareOp::Greater | CompareOp::LessOrEqual));
                found.extend(at.map(|(part, points)| (part, points + more)));
            }
        });
        if let Step::Bands(id) = step {
            let bands = &program.bands[id.index()];
            found.extend(bands.from.iter().map(|from| (bands.of, *from)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// So many thresholds and stages are looked at.
const MOST_MARGINS: usize = 60;

/// Leads that stand at a threshold, and at a stage that it may decide.
fn at_thresholds(analysis: &Analysis<'_>, budget: Budget) -> Vec<Witness> {
    let program = analysis.program();
    let mut found = Vec::new();
    for (part, line) in thresholds(program).into_iter().take(MOST_MARGINS) {
        for (low, high) in [(line, line + 9_999), (line - 10_000, line - 1)] {
            let goal = Goal::All(vec![Goal::AtLeast(part, low), Goal::AtMost(part, high)]);
            if let Reachable::Yes(witness) = analysis.reachable(&goal, budget) {
                found.push(*witness);
            }
        }
    }
    found
}

/// So many searches are made for a field whose say has not shown.
const MOST_EDGES: usize = 60;

/// Two leads as [`Sway::Changes`] has them, from leads for whom just what looks at the field decides: everything else is
/// left out of them as far as it can be.
fn at_edge(analysis: &Analysis<'_>, field: FieldId, budget: Budget) -> Option<(Witness, Witness)> {
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
    let mut left = MOST_EDGES;
    let mut look = |goals: Vec<Goal<'_>>| {
        left = left.checked_sub(1)?;
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
