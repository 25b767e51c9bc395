//! What stands in the way of a stage: the first conditions that fail, and those that fail whatever is changed.

use super::moves::may_change;
use super::name::Name;
use super::open::named;
use super::possible::{Found, Possible};
use super::search::Rank;
use crate::base::Span;
use crate::check::hir::{Expr, ExprKind, Program, StageId, Step};
use crate::eval::{Ledger, Outcome};
use crate::model::{Lead, Literal, Tri, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something that keeps a lead from a stage whatever is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocker {
    /// What kind of thing it is.
    pub kind: BlockerKind,
    /// Its name and label; of a condition its text in the policy.
    pub what: Name,
    /// The known fields that it looks at and that no plan may change: marked `fixed`, dates and times, the stage field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<String>,
    /// Where the condition stands in the policy's text; not part of the JSON form.
    #[serde(skip)]
    #[schemars(skip)]
    pub span: Span,
}

/// Kinds of things that keep a lead from a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockerKind {
    /// A reason to disqualify stays true.
    Disqualified,
    /// A check of a fit cannot pass.
    Check,
    /// A condition cannot be true.
    Condition,
}

/// Finds the first condition that fails, on each of the ways to a stage: for a lead that is disqualified the first
/// reason; else of each of the stages what its ladder, its condition or its `keep while` lacks.
pub(super) fn obstacles<'p>(
    program: &'p Program,
    lead: &Lead<'_>,
    outcome: &Outcome<'_>,
    ledger: &Ledger,
    goals: std::ops::Range<Rank>,
    found: &mut impl FnMut(&'p Expr),
) {
    if outcome.disqualified {
        let first = outcome.reasons.iter().position(|reason| reason.is_true());
        if let Some(reason) = first.and_then(|place| program.reasons.get(place)) {
            found(&reason.condition);
        }
        return;
    }
    let mut done = BTreeSet::new();
    for place in goals {
        if let Ok(place) = u16::try_from(place) {
            below(program, lead, outcome, ledger, StageId(place), &mut done, found);
        }
    }
}

fn below<'p>(
    program: &'p Program,
    lead: &Lead<'_>,
    outcome: &Outcome<'_>,
    ledger: &Ledger,
    id: StageId,
    done: &mut BTreeSet<StageId>,
    found: &mut impl FnMut(&'p Expr),
) {
    if !done.insert(id) || outcome.reached[id.index()] {
        return;
    }
    let stage = &program.stages[id.index()];
    if let Some(keep) = stage.keep_while.as_ref().filter(|_| program.stands_at(lead, id)) {
        first_failing(program, ledger, keep, found);
    }
    match stage.after {
        Some(after) if !outcome.reached[after.index()] => below(program, lead, outcome, ledger, after, done, found),
        _ => {
            if let Some(condition) = &stage.condition {
                first_failing(program, ledger, condition, found);
            }
        }
    }
}

fn is_true(ledger: &Ledger, expr: &Expr) -> bool {
    ledger.value(expr.id) == Some(&Literal::Bool(true))
}

/// The first part of a condition that has to change.
fn first_failing<'p>(program: &'p Program, ledger: &Ledger, expr: &'p Expr, found: &mut impl FnMut(&'p Expr)) {
    match &expr.kind {
        ExprKind::And(all) => {
            if let Some(first) = all.iter().find(|one| !is_true(ledger, one)) {
                return first_failing(program, ledger, first, found);
            }
        }
        ExprKind::Define(id) => {
            let value = &program.defines[id.index()].value;
            if matches!(value.kind, ExprKind::And(_)) && !is_true(ledger, value) {
                return first_failing(program, ledger, value, found);
            }
        }
        ExprKind::Check(id) => return first_failing(program, ledger, &program.checks[id.index()].condition, found),
        ExprKind::Fits(id) => {
            let fit = &program.fits[id.index()];
            // Where all checks are needed, the first that does not pass has to.
            if usize::from(fit.needs) == fit.checks.len() {
                let mut checks = fit.checks.clone().map(|check| &program.checks[check as usize].condition);
                if let Some(first) = checks.find(|condition| !is_true(ledger, condition)) {
                    return first_failing(program, ledger, first, found);
                }
            }
        }
        _ => {}
    }
    found(expr);
}

/// How a condition stands: its value, those of what it is made of, and the points that it looks at.
pub(super) fn state(
    program: &Program,
    outcome: &Outcome<'_>,
    ledger: &Ledger,
    expr: &Expr,
    state: &mut Vec<Option<Literal>>,
) {
    let mut open = Vec::new();
    let mut seen = BTreeSet::new();
    let visit = |expr: &Expr, open: &mut Vec<Step>, state: &mut Vec<Option<Literal>>| {
        state.push(ledger.value(expr.id).cloned());
        if let Some(events) = ledger.seen(expr.id) {
            state.push(Some(Literal::Int(events.count as i64)));
        }
        open.extend(named(expr));
    };
    expr.walk(program, &mut |expr| visit(expr, &mut open, state));
    while let Some(step) = open.pop() {
        if !seen.insert(step) {
            continue;
        }
        match step {
            Step::Part(id) => state.push(Some(Literal::Int(outcome.points(id)))),
            Step::Fit(id) => {
                let fit = outcome.fit(id);
                state.push(Some(Literal::Int(i64::from(fit.passed))));
                state.push(Some(Literal::Int(i64::from(fit.failed))));
            }
            _ => program.walk_step(step, &mut |expr| visit(expr, &mut open, state)),
        }
    }
}

/// What keeps a lead from a stage whatever is changed.
pub(super) fn blockers(possible: &Possible<'_>, found: &Found, goal: Rank) -> Vec<Blocker> {
    let program = possible.program;
    let mut blockers = Vec::new();
    for (reason, truths) in program.reasons.iter().zip(&found.reasons) {
        if truths.must(Tri::True) {
            let what = Name::new(&reason.name, &reason.label);
            blockers.push(blocker(possible, BlockerKind::Disqualified, what, &reason.condition));
        }
    }
    if !blockers.is_empty() {
        return blockers;
    }
    let mut id = usize::try_from(goal).ok();
    while let Some(stage) = id.and_then(|id| program.stages.get(id)) {
        if let Some(condition) = &stage.condition
            && !possible.truths(condition, found).can(Tri::True)
        {
            impossible(possible, found, condition, &mut blockers);
        }
        id = stage.after.map(|after| after.index());
    }
    if blockers.is_empty() {
        // Each condition can be true, and not all of them together.
        let stage = usize::try_from(goal).ok().and_then(|goal| program.stages.get(goal));
        if let Some(condition) = stage.and_then(|stage| stage.condition.as_ref()) {
            blockers.push(of_text(possible, condition));
        }
    }
    blockers
}

fn impossible(possible: &Possible<'_>, found: &Found, expr: &Expr, blockers: &mut Vec<Blocker>) {
    let program = possible.program;
    match &expr.kind {
        ExprKind::And(all) => {
            let before = blockers.len();
            for one in all.iter().filter(|one| !possible.truths(one, found).can(Tri::True)) {
                impossible(possible, found, one, blockers);
            }
            if blockers.len() > before {
                return;
            }
        }
        ExprKind::Fits(id) => {
            let fit = &program.fits[id.index()];
            let checks = fit.checks.clone().map(usize::from);
            let failing: Vec<usize> = checks.filter(|check| !found.checks[*check].can(Tri::True)).collect();
            for check in &failing {
                let check = &program.checks[*check];
                let what = Name::new(&format!("{}.{}", fit.name, check.name), &check.label);
                blockers.push(blocker(possible, BlockerKind::Check, what, &check.condition));
            }
            if !failing.is_empty() {
                return;
            }
        }
        _ => {}
    }
    blockers.push(of_text(possible, expr));
}

fn of_text(possible: &Possible<'_>, expr: &Expr) -> Blocker {
    let text = possible.program.sources.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
    blocker(possible, BlockerKind::Condition, Name::new(&text, &text), expr)
}

fn blocker(possible: &Possible<'_>, kind: BlockerKind, what: Name, expr: &Expr) -> Blocker {
    let Possible { program, lead, .. } = *possible;
    let mut fixed: Vec<String> = Vec::new();
    expr.walk(program, &mut |expr| {
        if let ExprKind::Field(field) = &expr.kind
            && lead.field(*field) != Value::Missing
            && !may_change(program, lead, *field)
        {
            let name = &program.schema.field(*field).name;
            if !fixed.contains(name) {
                fixed.push(name.clone());
            }
        }
    });
    Blocker { kind, what, fixed, span: expr.span }
}
