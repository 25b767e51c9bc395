//! What will change by itself: the next instants at which a decision is another one if nothing happens.

use super::change::{Cause, ScoreChange, Turn};
use super::crossings::Range;
use super::history::CurvePoint;
use super::name::At;
use super::snapshot::{Snapshot, changes, rule_changes, score_changes};
use super::timeline::{TimePlan, Timeline, Turning};
use crate::check::hir::Program;
use crate::eval::{Evaluator, Points};
use crate::model::Lead;
use crate::model::time::{AsOf, LATEST};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// How far a forecast looks.
#[derive(Clone, Copy, Debug)]
pub struct ForecastOptions {
    /// The last instant that is looked at, in milliseconds.
    pub until: i64,
    /// At most so many changes.
    pub limit: usize,
    /// So many instants, evenly spread, are looked at for the curve besides those at which something changes; 0: there
    /// is no curve.
    pub samples: u32,
    /// At most so much work: evaluations, each counted once and once more for each event of the lead.
    pub work: u64,
}

impl ForecastOptions {
    /// Some 90 days from an as-of, 20 changes.
    pub fn from(as_of: &AsOf) -> ForecastOptions {
        let until = (as_of.instant + 90 * crate::model::time::DAY).min(LATEST);
        ForecastOptions { until, limit: 20, samples: 0, work: 20_000_000 }
    }
}

/// What changes by itself after the as-of, if nothing happens.
///
/// "Nothing happens" means: the data stays as it is. Fields keep their values, the stage field too; no event comes, and
/// events of the data that are dated after the as-of are left out, since nobody knows of them at the as-of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// The as-of.
    pub as_of: At,
    /// The last instant that was to be looked at.
    pub until: At,
    /// Up to this instant nothing changes but what `turns` and `drifts` tell: `until`, or earlier after as many
    /// changes as were asked for or when the work was too much.
    pub covered: At,
    /// The changes, in their order.
    pub turns: Vec<Turn>,
    /// The scores of which a part shrinks all the time: their points at the as-of and at `covered`.
    pub drifts: Vec<ScoreChange>,
    /// How many events of the data are dated after the as-of, and left out.
    pub events_to_come: usize,
    /// The points of each score of the policy up to `covered`, for drawing; empty where it was not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<CurvePoint>,
}

/// What changes by itself for a lead after the evaluator's as-of.
pub fn forecast(evaluator: &Evaluator<'_>, plan: &TimePlan, lead: &Lead<'_>, options: ForecastOptions) -> Forecast {
    let program = evaluator.program();
    let as_of = evaluator.as_of().instant;
    let known = lead.events.partition_point(|event| event.at <= as_of);
    let events_to_come = lead.events.len() - known;
    let lead = Lead { events: &lead.events[..known], ..*lead };
    let mut turns = Vec::new();
    let until = options.until.clamp(as_of, LATEST);
    let mut timeline = Timeline::new(evaluator, plan, &lead, false, options.work);
    let mut curve = Vec::new();
    let point = |at: i64, snapshot: &Snapshot| CurvePoint {
        at: At(at),
        points: program.scores.iter().map(|score| Points(snapshot.points[score.index()])).collect(),
    };
    let (start, covered) = timeline.walk(Range { from: as_of, to: until }, &mut |turning| {
        if options.samples > 0 {
            curve.push(point(turning.at - 1, turning.before));
            curve.push(point(turning.at, turning.after));
        }
        turns.push(turn(program, plan, &lead, &turning));
        if turns.len() >= options.limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let end = timeline.at(covered);
    let drifting = plan.drifting(program, &start.points, &end.points);
    let drifts = score_changes(program, &start, &end);
    let drifts = drifts.into_iter().filter(|change| drifting.iter().any(|name| **name == change.what.name)).collect();
    if options.samples > 0 {
        let step = ((covered - as_of) / i64::from(options.samples)).max(1);
        let mut at = as_of;
        while at <= covered {
            curve.push(point(at, &timeline.at(at)));
            at += step;
        }
        curve.sort_by_key(|point| point.at);
        curve.dedup_by_key(|point| point.at);
    }
    Forecast { as_of: At(as_of), until: At(until), covered: At(covered), turns, drifts, events_to_come, curve }
}

/// A change by names.
pub(super) fn turn(program: &Program, plan: &TimePlan, lead: &Lead<'_>, turning: &Turning<'_>) -> Turn {
    let mut causes: Vec<Cause> = Vec::new();
    for (_, reason) in turning.reasons {
        if let Some(cause) = Cause::new(program, lead.events, *reason)
            && !causes.contains(&cause)
        {
            causes.push(cause);
        }
    }
    Turn {
        at: At(turning.at),
        changes: changes(program, &plan.marks, turning.before, turning.after),
        scores: score_changes(program, turning.before, turning.after),
        rules: rule_changes(program, turning.before, turning.after),
        causes,
    }
}
