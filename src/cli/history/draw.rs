//! A score over time as a picture: SVG, and characters on a terminal.

use crate::base::visible;
use crate::check::hir::{Expr, ExprKind, PartId, Program};
use crate::cli::exit::Failure;
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::{Literal, OUTSIDE};
use crate::report::chart::{Period, Steps, days};
use crate::syntax::ast::CompareOp;
use crate::whatif::History;

/// A value of a score that means something: where a band begins, what a stage asks for.
pub struct Line {
    /// The points.
    pub at: f64,
    /// What they mean.
    pub label: String,
}

/// The values of a score that bands and stages ask for, lowest first, each once.
pub fn thresholds(program: &Program, score: PartId) -> Vec<Line> {
    let mut lines: Vec<(i64, String)> = Vec::new();
    for bands in program.bands.iter().filter(|bands| bands.of == score) {
        let names = program.schema.domain(bands.domain).choices.iter().skip(1);
        lines.extend(bands.from.iter().zip(names).map(|(from, choice)| (*from, choice.name.clone())));
    }
    for stage in &program.stages {
        if let Some(condition) = &stage.condition {
            asked(condition, score, &mut |points| lines.push((points, stage.name.clone())));
        }
        if let Some(keep) = &stage.keep_while {
            asked(keep, score, &mut |points| lines.push((points, format!("stays {}", stage.name))));
        }
    }
    lines.sort();
    lines.dedup();
    let show = |(points, label): (i64, String)| Line {
        at: points as f64 / POINTS_SCALE as f64,
        label: visible(&label).into_owned(),
    };
    lines.into_iter().map(show).collect()
}

/// The points of `score >= N` anywhere in a condition.
fn asked(expr: &Expr, score: PartId, found: &mut impl FnMut(i64)) {
    if let ExprKind::Compare(CompareOp::GreaterOrEqual | CompareOp::Greater, a, b) = &expr.kind
        && matches!(a.kind, ExprKind::Points(id) if id == score)
        && let ExprKind::Constant(value) = &b.kind
    {
        match value {
            Literal::Int(value) => found(value.saturating_mul(POINTS_SCALE)),
            Literal::Number(value) => found(value / (NUMBER_SCALE / POINTS_SCALE)),
            _ => {}
        }
    }
    for child in expr.children() {
        asked(child, score, found);
    }
}

/// The points of a score over time.
pub fn curve(program: &Program, history: &History, score: PartId) -> Vec<(i64, f64)> {
    let place = program.scores.iter().position(|id| *id == score).unwrap_or(0);
    let points = history.curve.iter().filter_map(|point| Some((point.at.0, point.points.get(place)?.0)));
    points.map(|(at, points)| (at, points as f64 / POINTS_SCALE as f64)).collect()
}

/// The picture as a file.
pub fn svg(program: &Program, history: &History, score: Option<PartId>) -> Result<String, Failure> {
    let Some(score) = score else { return Err(Failure::new("the policy has no score to draw")) };
    let part = &program.parts[score.index()];
    let (from, until) = (history.from.0, history.until.0.max(history.from.0 + 1));
    let title = format!("{} of {}", visible(&part.label), visible(&history.key));
    let mut steps = Steps::new(title, from, until).between(0.0, 10.0);
    let points = curve(program, history, score);
    for (at, value) in &points {
        steps = steps.point(*at, *value);
    }
    for line in thresholds(program, score) {
        steps = steps.threshold(line.at, line.label);
    }
    for stay in &history.stays {
        let rank = program.stages.iter().position(|stage| stage.name == stay.stage.name);
        steps = steps.period(Period {
            from: stay.from.0,
            to: stay.until.map_or(until, |until| until.0),
            label: visible(&stay.stage.label).into_owned(),
            rank: rank.unwrap_or(if stay.stage.name == "disqualified" { 0 } else { OUTSIDE as usize }),
        });
    }
    let steps = steps.ticks(days(from, until, 6));
    let last = points.last().map_or(0.0, |(_, value)| *value);
    let stage = history.stays.last().map(|stay| format!(", {} at the end", visible(&stay.stage.label)));
    let changes = history.moments.len().saturating_sub(1);
    let said = format!("{changes} changes; {last} points at the end{}", stage.unwrap_or_default());
    Ok(steps.chart(&said).file())
}

/// The picture in so many columns and rows of characters: the highest value of each column's time.
pub fn characters(points: &[(i64, f64)], from: i64, until: i64, width: usize, height: usize, top: f64) -> Vec<String> {
    const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let span = (until - from).max(1) as f64;
    let mut columns: Vec<f64> = Vec::new();
    let mut place = 0;
    let mut last = points.first().map_or(0.0, |(_, value)| *value);
    for column in 0..width {
        let end = from as f64 + span * (column + 1) as f64 / width as f64;
        // What held at the column's beginning holds on until the next instant that is known.
        let mut highest = last;
        while let Some((at, value)) = points.get(place).filter(|(at, _)| *at as f64 <= end) {
            let _ = at;
            highest = highest.max(*value);
            last = *value;
            place += 1;
        }
        columns.push(highest);
    }
    let steps = height * 8;
    let levels: Vec<usize> = columns
        .iter()
        .map(
            |value| if top <= 0.0 { 0 } else { (value / top * steps as f64).round().clamp(0.0, steps as f64) as usize },
        )
        .collect();
    (0..height)
        .rev()
        .map(|row| levels.iter().map(|level| EIGHTHS[level.saturating_sub(row * 8).min(8)]).collect())
        .collect()
}
