//! The lines that scores have to reach, and how many leads stand close to them.

use crate::base::Span;
use crate::check::hir::{Expr, ExprKind, Included, PartId, PartKind, Program, Step};
use crate::model::Literal;
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};

/// A line that a score has to reach. Points are in ten-thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The score.
    pub score: PartId,
    /// The line.
    pub at: i64,
    /// Where it stands.
    pub span: Span,
    /// What begins there: "the stage `mql`".
    pub begins: String,
    /// The least that one more event earns, and the rule that gives it.
    pub step: (i64, PartId),
    /// The score's own lower limit.
    floor: Option<i64>,
    /// Leads that are short of the line by one event at most.
    pub below: u64,
    /// Leads that are over the line by less than one event.
    pub above: u64,
    /// Leads that are not held at the lower limit.
    pub leads: u64,
}

impl Threshold {
    /// Takes in a lead's points.
    pub fn take(&mut self, points: i64) {
        // Who is held at the lower limit may be far below it.
        if self.floor.is_some_and(|floor| points <= floor) {
            return;
        }
        self.leads += 1;
        self.below += u64::from(points < self.at && points >= self.at - self.step.0);
        self.above += u64::from(points >= self.at && points < self.at + self.step.0);
    }
}

/// The lines of stages, routes and bands on scores that events earn points for.
pub fn thresholds(program: &Program) -> Vec<Threshold> {
    let mut found: Vec<Threshold> = Vec::new();
    let mut add = |score: PartId, at: i64, span: Span, begins: String| {
        let known = found.iter().any(|known| known.score == score && known.at == at);
        let Some(step) = step(program, score, NUMBER_SCALE).filter(|_| !known) else { return };
        let floor = match &program.parts[score.index()].kind {
            PartKind::Group { from, .. } => *from,
            _ => None,
        };
        found.push(Threshold { score, at, span, begins, step, floor, below: 0, above: 0, leads: 0 });
    };
    for stage in &program.stages {
        if let Some(condition) = &stage.condition {
            lines(program, condition, &mut |score, at, span| {
                add(score, at, span, format!("the stage `{}`", stage.name))
            });
        }
    }
    for bands in &program.bands {
        let choices = &program.schema.domain(bands.domain).choices;
        for (from, choice) in bands.from.iter().zip(choices.iter().skip(1)) {
            add(bands.of, *from, bands.span, format!("the band `{}`", choice.name));
        }
    }
    for route in &program.routes {
        if let Some(condition) = &route.condition {
            lines(program, condition, &mut |score, at, span| {
                add(score, at, span, format!("the route `{}`", route.name))
            });
        }
    }
    found
}

/// Comparisons of a score with a number, through definitions too.
fn lines(program: &Program, condition: &Expr, found: &mut dyn FnMut(PartId, i64, Span)) {
    let mut open = Vec::new();
    let mut visit = |expr: &Expr, open: &mut Vec<Step>| match &expr.kind {
        ExprKind::Compare(_, score, number) => {
            if let (ExprKind::Points(score), Some(at)) = (&score.kind, constant(program, number)) {
                found(*score, at, expr.span);
            }
        }
        ExprKind::Define(define) => open.push(Step::Define(*define)),
        _ => {}
    };
    condition.walk(program, &mut |expr| visit(expr, &mut open));
    let mut seen = Vec::new();
    while let Some(step) = open.pop() {
        if !seen.contains(&step) {
            seen.push(step);
            program.walk_step(step, &mut |expr| visit(expr, &mut open));
        }
    }
}

fn constant(program: &Program, expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Constant(Literal::Int(value)) => value.checked_mul(POINTS_SCALE),
        ExprKind::Constant(Literal::Number(value)) => Some(value / (NUMBER_SCALE / POINTS_SCALE)),
        ExprKind::Define(define) => constant(program, &program.defines[define.index()].value),
        ExprKind::Negate(inner) => constant(program, inner).map(|value| -value),
        _ => None,
    }
}

/// The least that one event earns under a rule of a score, through what it includes; the factor is in millionths.
fn step(program: &Program, part: PartId, factor: i64) -> Option<(i64, PartId)> {
    let scaled = |value: i64, factor: i64| i128::from(value) * i128::from(factor) / i128::from(NUMBER_SCALE);
    match &program.parts[part.index()].kind {
        PartKind::Group { parts, .. } => parts.iter().filter_map(|part| step(program, *part, factor)).min(),
        PartKind::Include { of: Included::Score(score), factor: own } => {
            step(program, *score, scaled(own.unwrap_or(NUMBER_SCALE), factor) as i64)
        }
        PartKind::Per(per) if per.points > 0 && per.distinct.is_none() => {
            let points = scaled(per.points, factor) as i64;
            (points > 0).then_some((points, part))
        }
        _ => None,
    }
}
