//! All that can happen under a policy: what its points, stages, bands, matrices and routes can be, what keeps its
//! promises, and which fields have a say in the stage.

use super::search::probe;
use super::{Analysis, Answer, Budget, Goal, Range, Reachable, Witness, cone};
use crate::check::hir::{
    AlwaysId, Axis, BandsId, Expr, ExprKind, MatrixId, PartId, PartKind, Program, RouteId, StageId, Step,
};
use crate::model::{FieldId, Literal, Tri};
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
    let is = |goal: Goal<'_>| analysis.reachable(&goal, budget);
    let promises = ids(program.always.len()).map(|id| promise(analysis, AlwaysId(id), budget)).collect();
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

fn promise(analysis: &Analysis<'_>, id: AlwaysId, budget: Budget) -> Answer {
    let goal = Goal::Always(id, Tri::False);
    match analysis.never(&goal, budget) {
        Answer::No(witness) => Answer::No(Box::new(analysis.simplest(&goal, *witness))),
        answer => answer,
    }
}

/// The fields that a step rests on, directly or through others.
fn fields_below(program: &Program, steps: &[Step]) -> HashSet<FieldId> {
    let mut found = HashSet::new();
    for step in cone::cone(program, steps, &[]) {
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
    let below = match program.stages.is_empty() {
        true => HashSet::new(),
        false => fields_below(program, &[Step::Stage, Step::Disqualified]),
    };
    let mut leads: Vec<Witness> = Vec::new();
    for (place, found) in stages.iter().enumerate() {
        if let Reachable::Yes(witness) = found {
            leads.push(analysis.simplest(&Goal::Stage(StageId(place as u16)), (**witness).clone()));
            leads.push((**witness).clone());
        }
    }
    if let Reachable::Yes(witness) = out {
        leads.push(analysis.simplest(&Goal::Disqualified(true), (**witness).clone()));
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

/// Leads whose stage a rule on the field decides: so near to a threshold that what the rule gives carries them over.
fn at_edge(analysis: &Analysis<'_>, field: FieldId, budget: Budget) -> Option<(Witness, Witness)> {
    let program = analysis.program();
    let thresholds = thresholds(program);
    let rules = (0..program.parts.len() as u16).map(PartId).filter(|part| {
        !matches!(program.parts[part.index()].kind, PartKind::Group { .. })
            && fields_below(program, &[Step::Part(*part)]).contains(&field)
    });
    for rule in rules {
        let (low, high) = analysis.limits(rule);
        let (few, many) = analysis.found(rule);
        let (low, high) = (low.unwrap_or(few), high.unwrap_or(many));
        if low >= high {
            continue;
        }
        for (part, line) in &thresholds {
            for stage in 0..program.stages.len() as u16 {
                let mut near = vec![Goal::Stage(StageId(stage)), Goal::AtLeast(*part, *line)];
                near.push(Goal::AtLeast(rule, high));
                near.push(Goal::AtMost(*part, line + (high - low) - 1));
                let Reachable::Yes(witness) = analysis.reachable(&Goal::All(near), budget) else { continue };
                if let Some(found) = changed(analysis, field, &witness) {
                    return Some(found);
                }
            }
        }
    }
    None
}
