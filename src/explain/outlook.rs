//! What lies ahead of a lead and behind it, asked of `whatif`.

use super::model::{Name, Outlook, Threshold};
use crate::check::hir::{Expr, ExprKind, PartId, Program, StageId};
use crate::eval::{Evaluator, Points};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::{Lead, Literal};
use crate::syntax::ast::CompareOp;
use crate::whatif::{
    BoundsOptions, ForecastOptions, HistoryOptions, PlanOptions, Plans, TimePlan, WhatIf, bounds, forecast, history,
    plans,
};

/// What an outlook is to hold.
#[derive(Clone, Copy, Debug)]
pub struct OutlookOptions {
    /// The last instant to look ahead to, in milliseconds; none: no forecast.
    pub until: Option<i64>,
    /// Whether to tell what the missing fields could change.
    pub bounds: bool,
    /// Whether to tell what it would take to stand higher.
    pub plans: bool,
    /// The stage that plans are to reach; the next one unless given.
    pub to: Option<StageId>,
    /// Whether to tell the lead's life.
    pub history: bool,
}

impl OutlookOptions {
    /// Whether anything is told.
    pub fn any(&self) -> bool {
        self.until.is_some() || self.bounds || self.plans || self.history
    }
}

/// What asking about other instants and other leads needs to know of a policy, once for all leads.
#[derive(Debug)]
pub struct Ahead {
    time: TimePlan,
    what_if: WhatIf,
}

impl Ahead {
    /// Of the evaluator's policy.
    pub fn new(evaluator: &Evaluator<'_>) -> Ahead {
        Ahead { time: TimePlan::new(evaluator), what_if: WhatIf::new(evaluator) }
    }
}

/// What lies ahead of a lead and behind it. `ahead` is of the same evaluator.
pub fn outlook(evaluator: &Evaluator<'_>, ahead: &Ahead, lead: &Lead<'_>, options: OutlookOptions) -> Outlook {
    Outlook {
        forecast: options.until.map(|until| {
            let options = ForecastOptions { until, ..ForecastOptions::from(evaluator.as_of()) };
            forecast(evaluator, &ahead.time, lead, options)
        }),
        bounds: match options.bounds {
            true => bounds(evaluator, &ahead.what_if, lead, BoundsOptions::default()),
            false => None,
        },
        plans: match options.plans {
            true => planned(evaluator, ahead, lead, options.to),
            false => None,
        },
        history: options.history.then(|| history(evaluator, &ahead.time, lead, HistoryOptions::default())),
    }
}

/// What it would take, as it is told: without the policy's ids.
fn planned(evaluator: &Evaluator<'_>, ahead: &Ahead, lead: &Lead<'_>, to: Option<StageId>) -> Option<Plans> {
    let options = PlanOptions { to, ..PlanOptions::default() };
    let mut plans = plans(evaluator, &ahead.what_if, lead, options)?;
    plans.plans.iter_mut().for_each(|plan| plan.made.clear());
    Some(plans)
}

/// The values of a score at which bands begin, and those that stages ask for, lowest first.
pub(super) fn thresholds(program: &Program, score: PartId) -> Vec<Threshold> {
    let mut out: Vec<Threshold> = Vec::new();
    let mut add = |at: i64, name: &str, label: &str| {
        let threshold = Threshold { at: Points(at), begins: Name { name: name.to_owned(), label: label.to_owned() } };
        if !out.contains(&threshold) {
            out.push(threshold);
        }
    };
    for bands in program.bands.iter().filter(|bands| bands.of == score) {
        let choices = program.schema.domain(bands.domain).choices.iter().skip(1);
        for (choice, from) in choices.zip(&bands.from) {
            add(*from, &choice.name, &choice.label);
        }
    }
    for stage in &program.stages {
        let Some(condition) = &stage.condition else { continue };
        condition.walk(program, &mut |expr| {
            if let Some(at) = asked(program, expr, score) {
                add(at, &stage.name, &stage.label);
            }
        });
    }
    out.sort_by_key(|threshold| threshold.at);
    out
}

/// The least points that a comparison asks of a score, if it is one.
fn asked(program: &Program, expr: &Expr, score: PartId) -> Option<i64> {
    let ExprKind::Compare(CompareOp::GreaterOrEqual | CompareOp::Greater, left, right) = &expr.kind else {
        return None;
    };
    match left.kind {
        ExprKind::Points(part) if part == score => {}
        _ => return None,
    }
    let value = match &right.kind {
        ExprKind::Define(define) => &program.defines[define.index()].value.kind,
        other => other,
    };
    match value {
        ExprKind::Constant(Literal::Number(millionths)) => Some(millionths / (NUMBER_SCALE / POINTS_SCALE)),
        ExprKind::Constant(Literal::Int(whole)) => whole.checked_mul(POINTS_SCALE),
        _ => None,
    }
}
