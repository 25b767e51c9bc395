//! What the lints of this group ask of the analysis, and how they say it.

use crate::analysis::values::Tris;
use crate::analysis::{Budget, Goal, Reachable};
use crate::check::hir::{CheckId, Expr, ExprKind, PartId, PartKind, Program, StageId};
use crate::lint::Context;
use crate::model::number::{POINTS_SCALE, display};
use crate::model::{Literal, Tri};
use crate::syntax::ast::CompareOp;

/// More searches than these are not begun for the conditions of a policy: bounds alone decide the rest.
pub(super) const SEARCHES: usize = 120;

/// Whether something can never be reached. Not knowing is not "never".
pub(super) fn never<'p>(context: &Context<'p>, goal: &Goal<'p>) -> bool {
    context.analysis().reachable(goal, Budget::QUICK) == Reachable::No
}

/// A condition of the policy, with what it decides.
pub(super) struct Condition<'p> {
    /// What it belongs to.
    pub(super) of: Of,
    /// The condition.
    pub(super) expr: &'p Expr,
    /// What it belongs to, in words: `the rule `demo``.
    pub(super) name: String,
}

/// What a condition belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Check,
    Reason,
    Stage,
    Route,
    Rule,
    Define,
}

/// All conditions that the policy declares, the weightiest first.
pub(super) fn conditions<'p>(program: &'p Program) -> Vec<Condition<'p>> {
    let mut found = Vec::new();
    let mut add = |of: Of, expr: &'p Expr, what: &str, name: &str| {
        found.push(Condition { of, expr, name: format!("{what} `{name}`") });
    };
    for stage in &program.stages {
        if let Some(condition) = &stage.condition {
            add(Of::Stage, condition, "the stage", &stage.name);
        }
    }
    for reason in &program.reasons {
        add(Of::Reason, &reason.condition, "the reason", &reason.name);
    }
    for route in &program.routes {
        if let Some(condition) = &route.condition {
            add(Of::Route, condition, "the route", &route.name);
        }
    }
    for check in &program.checks {
        add(Of::Check, &check.condition, "the check", &check.name);
    }
    for define in &program.defines {
        if is_condition(&define.value) && used(program, define) {
            add(Of::Define, &define.value, if define.persona { "the persona" } else { "the definition" }, &define.name);
        }
    }
    for part in &program.parts {
        if let PartKind::If { condition, .. } = &part.kind {
            add(Of::Rule, condition, "the rule", &part.name);
        }
    }
    found
}

/// Whether it is worked out at all: what nothing uses has a lint of its own.
fn used(program: &Program, define: &crate::check::hir::Define) -> bool {
    let worked_out = |step: &crate::check::hir::Step| matches!(step, crate::check::hir::Step::Define(id) if std::ptr::eq(&program.defines[id.index()], define));
    program.order.iter().any(worked_out)
}

fn is_condition(expr: &Expr) -> bool {
    expr.ty == crate::model::Type::One(crate::model::Scalar::Bool)
}

/// Whether a condition, or one that it is made of, is a plain `true` or `false`: somebody wrote it on purpose.
pub(super) fn is_constant(program: &Program, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Define(id) => is_constant(program, &program.defines[id.index()].value),
        _ => false,
    }
}

/// The conditions that a condition is made of with `and`, `or`, `any of` and `all of`, itself first.
pub(super) fn operands(expr: &Expr) -> Vec<&Expr> {
    let mut found = vec![expr];
    if let ExprKind::And(all) | ExprKind::Or(all) = &expr.kind {
        all.iter().for_each(|one| found.extend(operands(one)));
    }
    found
}

/// Points compared with a number: the points, the comparison as seen from them, and the number in ten-thousandths.
pub(in crate::lint) struct Threshold {
    pub(in crate::lint) part: PartId,
    pub(in crate::lint) op: CompareOp,
    pub(in crate::lint) points: i64,
}

/// The threshold that a condition is.
pub(in crate::lint) fn threshold(program: &Program, expr: &Expr) -> Option<Threshold> {
    let ExprKind::Compare(op, a, b) = &expr.kind else { return None };
    let flipped = match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        op => *op,
    };
    match (points_of(program, a), number(program, b), number(program, a), points_of(program, b)) {
        (Some(part), Some(points), ..) => Some(Threshold { part, op: *op, points }),
        (.., Some(points), Some(part)) => Some(Threshold { part, op: flipped, points }),
        _ => None,
    }
}

fn points_of(program: &Program, expr: &Expr) -> Option<PartId> {
    match &expr.kind {
        ExprKind::Points(part) => Some(*part),
        ExprKind::Define(id) => points_of(program, &program.defines[id.index()].value),
        _ => None,
    }
}

fn number(program: &Program, expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Constant(Literal::Int(value)) => value.checked_mul(10_000),
        ExprKind::Constant(Literal::Number(value)) => Some(value / 100),
        ExprKind::Define(id) => number(program, &program.defines[id.index()].value),
        _ => None,
    }
}

/// Whether any threshold in a condition is one that no lead, or every lead, meets: that is reported there.
pub(super) fn told_by_thresholds(context: &Context<'_>, expr: &Expr) -> bool {
    let program = context.program();
    let mut told = false;
    deep(program, expr, &mut |expr| {
        if let Some(threshold) = threshold(program, expr) {
            told |= verdict(context, &threshold).is_some();
        }
    });
    told
}

/// Visits an expression and what stands below it, definitions and checks included.
pub(in crate::lint) fn deep<'p>(program: &'p Program, expr: &'p Expr, visit: &mut impl FnMut(&'p Expr)) {
    let mut open = vec![expr];
    let mut seen = std::collections::HashSet::new();
    while let Some(expr) = open.pop() {
        expr.walk(program, &mut |expr| {
            visit(expr);
            match &expr.kind {
                ExprKind::Define(id) if seen.insert((0, id.0)) => open.push(&program.defines[id.index()].value),
                ExprKind::Check(id) if seen.insert((1, id.0)) => open.push(&program.checks[id.index()].condition),
                ExprKind::Fits(id) if seen.insert((2, id.0)) => {
                    open.extend(
                        program.fits[id.index()].checks.clone().map(|check| &program.checks[check as usize].condition),
                    );
                }
                _ => {}
            }
        });
    }
}

/// Whether no lead meets a threshold (false), or every lead does (true); with the points that say so.
pub(super) fn verdict(context: &Context<'_>, threshold: &Threshold) -> Option<(bool, i64)> {
    let analysis = context.analysis();
    let (mut low, mut high) = analysis.limits(threshold.part);
    // Bounds first; the search only where they leave it open, and no two leads at hand differ.
    if decide(threshold, low, high).is_none() {
        let (few, many) = analysis.found(threshold.part);
        if meets(threshold, few) != meets(threshold, many) {
            return None;
        }
        let range = analysis.range(threshold.part, Budget::QUICK);
        (low, high) = (range.low.bound, range.high.bound);
    }
    decide(threshold, low, high)
}

/// Whether so many points meet a threshold.
fn meets(threshold: &Threshold, points: i64) -> bool {
    let line = threshold.points;
    match threshold.op {
        CompareOp::Is => points == line,
        CompareOp::IsNot => points != line,
        CompareOp::Less => points < line,
        CompareOp::LessOrEqual => points <= line,
        CompareOp::Greater => points > line,
        CompareOp::GreaterOrEqual => points >= line,
    }
}

fn decide(threshold: &Threshold, low: Option<i64>, high: Option<i64>) -> Option<(bool, i64)> {
    let line = threshold.points;
    match threshold.op {
        CompareOp::GreaterOrEqual => match (low, high) {
            (_, Some(high)) if high < line => Some((false, high)),
            (Some(low), _) if low >= line => Some((true, low)),
            _ => None,
        },
        CompareOp::Greater => match (low, high) {
            (_, Some(high)) if high <= line => Some((false, high)),
            (Some(low), _) if low > line => Some((true, low)),
            _ => None,
        },
        CompareOp::LessOrEqual => match (low, high) {
            (Some(low), _) if low > line => Some((false, low)),
            (_, Some(high)) if high <= line => Some((true, high)),
            _ => None,
        },
        CompareOp::Less => match (low, high) {
            (Some(low), _) if low >= line => Some((false, low)),
            (_, Some(high)) if high < line => Some((true, high)),
            _ => None,
        },
        CompareOp::Is => match (low, high) {
            (_, Some(high)) if high < line => Some((false, high)),
            (Some(low), _) if low > line => Some((false, low)),
            _ => None,
        },
        CompareOp::IsNot => None,
    }
}

/// The name of a part as policies write it: `engagement`, `engagement.opens`.
pub(super) fn name_of(program: &Program, part: PartId) -> String {
    let found = &program.parts[part.index()];
    if found.parent.is_none() {
        found.name.clone()
    } else {
        format!("{}.{}", program.parts[found.score.index()].name, found.name)
    }
}

/// Points in words: `-5 points`, `1 point`.
pub(super) fn points(raw: i64) -> String {
    format!("{} {}", display(raw, 4), if raw.abs() == POINTS_SCALE { "point" } else { "points" })
}

/// Whether no lead can reach a stage.
pub(super) fn impossible(context: &Context<'_>, stage: usize) -> bool {
    never(context, &Goal::Reached(StageId(stage as u16)))
}

/// Whether something that a condition rests on is reported already: a threshold, a fit, a stage that is never reached.
pub(super) fn told(context: &Context<'_>, expr: &Expr) -> bool {
    let program = context.program();
    let mut told = told_by_thresholds(context, expr);
    let mut fits = Vec::new();
    let mut stages = Vec::new();
    deep(program, expr, &mut |expr| match &expr.kind {
        ExprKind::Fits(fit) => fits.push(*fit),
        ExprKind::Compare(_, a, b) => {
            if let (ExprKind::Stage, ExprKind::Constant(Literal::Choice(stage))) = (&a.kind, &b.kind) {
                stages.push(*stage);
            }
            if let (ExprKind::Band(bands), ExprKind::Constant(Literal::Choice(band))) = (&a.kind, &b.kind) {
                told |= never(context, &Goal::Band(*bands, *band));
            }
        }
        _ => {}
    });
    told |= fits.into_iter().any(|fit| never(context, &Goal::Fit(fit, Tri::True)));
    told || stages
        .into_iter()
        .any(|stage| usize::from(stage) < program.stages.len() && impossible(context, usize::from(stage)))
}

/// What each condition of the policy comes to.
pub(super) fn verdicts<'p>(context: &Context<'p>) -> Vec<(Condition<'p>, Truth)> {
    let conditions = conditions(context.program());
    let truths = context.truths().iter().copied();
    conditions.into_iter().zip(truths).collect()
}

/// As [`verdicts`], worked out; once for all lints.
pub(in crate::lint) fn truths(context: &Context<'_>) -> Vec<Truth> {
    let mut search = SEARCHES;
    conditions(context.program()).iter().map(|condition| truth(context, condition.expr, &mut search)).collect()
}

/// What a check comes to.
pub(super) fn truth_of_check(context: &Context<'_>, check: CheckId) -> Truth {
    truth(context, &context.program().checks[check.index()].condition, &mut 1)
}

/// Whether a condition can be true, as far as bounds and (where `search` allows) the search tell.
pub(super) fn truth<'p>(context: &Context<'p>, expr: &'p Expr, search: &mut usize) -> Truth {
    let values = context.analysis().values(expr);
    let may = values.has(Tri::True);
    let must = values == Tris::TRUE;
    match (may, must) {
        (false, _) => Truth::Never,
        (_, true) => Truth::Always,
        _ if *search == 0 || is_simple(expr) => Truth::Sometimes,
        _ => {
            *search -= 1;
            if never(context, &Goal::Is(expr, Tri::True)) { Truth::Never } else { Truth::Sometimes }
        }
    }
}

/// Whether bounds alone decide a condition: it does not join others.
fn is_simple(expr: &Expr) -> bool {
    !matches!(
        expr.kind,
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Implies(..) | ExprKind::AtLeastOf(..) | ExprKind::AtMostOf(..)
    )
}

/// How often a condition is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// For no lead.
    Never,
    /// For some, as far as is known.
    Sometimes,
    /// For all.
    Always,
}

impl Truth {
    pub(super) fn is_never(self) -> bool {
        self == Truth::Never
    }
}
