//! What lies ahead of a lead and behind it, asked of `whatif`.

use super::model::{Name, Outlook, Threshold};
use super::turned::turned;
use crate::check::hir::{Expr, ExprKind, PartId, Program, StageId};
use crate::eval::{Evaluator, Points};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::{FieldId, Lead, Literal, Scalar, Type};
use crate::syntax::ast::CompareOp;
use crate::whatif::{
    BlockerKind, BoundsOptions, ForecastOptions, HistoryOptions, Made, PlanOptions, PlanPart, Plans, TimePlan, WhatIf,
    bounds, forecast, history, plans,
};
use crate::words::Spoken;
use bumpalo::Bump;

/// So many evaluations make a quick look.
const QUICK: u64 = 400;

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
    /// Whether some plan is enough, found at a quick look.
    pub quick: bool,
}

impl OutlookOptions {
    /// Whether anything is told.
    pub fn any(&self) -> bool {
        self.until.is_some() || self.bounds || self.plans || self.history
    }
}

/// What asking about other instants and other leads needs to know of a policy, once for all leads.
#[derive(Debug)]
pub struct Ahead<'p> {
    time: TimePlan,
    what_if: WhatIf<'p>,
}

impl<'p> Ahead<'p> {
    /// Of the evaluator's policy.
    pub fn new(evaluator: &Evaluator<'p>) -> Ahead<'p> {
        Ahead { time: TimePlan::new(evaluator), what_if: WhatIf::new(evaluator) }
    }

    /// Of the evaluator's policy, for quick looks.
    pub fn quick(evaluator: &Evaluator<'p>) -> Ahead<'p> {
        Ahead { time: TimePlan::new(evaluator), what_if: WhatIf::quick(evaluator) }
    }
}

/// What lies ahead of a lead and behind it. `ahead` and `spoken` are of the same policy.
pub fn outlook(
    evaluator: &Evaluator<'_>,
    spoken: &Spoken,
    ahead: &Ahead<'_>,
    lead: &Lead<'_>,
    options: OutlookOptions,
) -> Outlook {
    let drawn = options.history;
    let forecast = options.until.map(|until| {
        let options = ForecastOptions { until, ..ForecastOptions::from(evaluator.as_of()) };
        // A page goes on drawing where the lead's life ends.
        let options = ForecastOptions { samples: if drawn { 100 } else { 0 }, ..options };
        forecast(evaluator, &ahead.time, lead, options)
    });
    let turned = forecast.as_ref().map(|forecast| turned(evaluator, spoken, lead, forecast));
    Outlook {
        turned: turned.unwrap_or_default(),
        forecast,
        bounds: match options.bounds {
            true => bounds(evaluator, &ahead.what_if, lead, BoundsOptions::default()),
            false => None,
        },
        plans: match options.plans {
            true => planned(evaluator, spoken, ahead, lead, options),
            false => None,
        },
        history: options.history.then(|| history(evaluator, &ahead.time, lead, HistoryOptions::default())),
    }
}

/// What it would take, as it is told: without the policy's ids.
fn planned(
    evaluator: &Evaluator<'_>,
    spoken: &Spoken,
    ahead: &Ahead<'_>,
    lead: &Lead<'_>,
    options: OutlookOptions,
) -> Option<Plans> {
    let (to, quick) = (options.to, options.quick);
    let options = match quick {
        true => PlanOptions { to, limit: 1, work: QUICK },
        false => PlanOptions { to, ..PlanOptions::default() },
    };
    let mut plans = plans(evaluator, &ahead.what_if, lead, options)?;
    for blocker in plans.impossible.iter_mut().chain(&mut plans.itself) {
        if let (BlockerKind::Condition, Some(words)) = (blocker.kind, spoken.condition(blocker.span, true)) {
            blocker.what.label = words.to_owned();
        }
    }
    for plan in &mut plans.plans {
        for (part, made) in plan.parts.iter_mut().zip(&plan.made) {
            if let (PlanPart::Answer { value, .. } | PlanPart::Change { to: value, .. }, Made::Field(field, text)) =
                (part, made)
                && let Some(words) = such_that(evaluator, spoken, lead, *field, text)
            {
                *value = words;
            }
        }
        plan.made.clear();
    }
    Some(plans)
}

/// What a text or a list has to be like: the conditions on it that come out otherwise with this one. One such text would
/// be an odd thing to ask for.
fn such_that(
    evaluator: &Evaluator<'_>,
    spoken: &Spoken,
    lead: &Lead<'_>,
    field: FieldId,
    value: &Literal,
) -> Option<String> {
    let program = evaluator.program();
    let ty = program.schema.field(field).ty;
    if !matches!(ty, Type::One(Scalar::Text) | Type::List(_)) {
        return None;
    }
    let arena = Bump::new();
    let mut fields = lead.fields.to_vec();
    if let Some(slot) = fields.get_mut(field.index()) {
        *slot = value.value(&arena);
    }
    let (_, before) = evaluator.explain(lead, &arena);
    let (_, after) = evaluator.explain(&Lead { fields: &fields, ..*lead }, &arena);
    let mut told: Vec<String> = Vec::new();
    for step in &program.order {
        program.walk_step(*step, &mut |expr| {
            let of = match &expr.kind {
                ExprKind::Exactly { value, .. }
                | ExprKind::In { value, .. }
                | ExprKind::Match { value, .. }
                | ExprKind::Has { value, .. }
                | ExprKind::Compare(_, value, _) => value,
                _ => return,
            };
            let reads = match &of.kind {
                ExprKind::Call(_, of) => {
                    of.iter().any(|of| matches!(of.kind, ExprKind::Field(other) if other == field))
                }
                ExprKind::Field(other) => *other == field,
                _ => false,
            };
            let (was, is) = (before.value(expr.id), after.value(expr.id));
            if let (true, Some(Literal::Bool(is))) = (reads && was != is, is)
                && let Some(words) = spoken.condition(expr.span, *is)
                && !told.iter().any(|told| told == words)
            {
                told.push(words.to_owned());
            }
        });
    }
    told.truncate(2);
    let name = format!("{} is ", crate::words::field_words(&program.schema.field(field).name));
    if let [one] = told.as_slice()
        && let Some(bare) = one.strip_prefix(&name)
    {
        return Some(bare.to_owned());
    }
    (!told.is_empty()).then(|| format!("so that {}", told.join(" and ")))
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
