//! A lead's whole life: its scores, bands and stage at every instant at which they changed.

use super::change::Turn;
use super::crossings::Range;
use super::forecast::turn;
use super::name::{At, Name};
use super::snapshot::{Mark, Snapshot, stage_name, visible_stage};
use super::timeline::{TimePlan, Timeline, Turning};
use crate::check::hir::Program;
use crate::eval::{Evaluator, Points, PolicyName};
use crate::model::time::EARLIEST;
use crate::model::{Lead, Value};
use bumpalo::Bump;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The number of the form of a [`History`]; it grows when a reader of the last one would misread the new one.
pub const HISTORY_VERSION: u32 = 1;

/// How a history is taken.
#[derive(Clone, Copy, Debug)]
pub struct HistoryOptions {
    /// The first instant that is told, in milliseconds; where the lead's life begins unless given.
    pub from: Option<i64>,
    /// The last instant; the as-of unless given.
    pub until: Option<i64>,
    /// So many instants, evenly spread, are looked at for the curve besides those at which something changes.
    pub samples: u32,
    /// At most so much work: evaluations, each counted once and once more for each event of the lead.
    pub work: u64,
}

impl Default for HistoryOptions {
    fn default() -> HistoryOptions {
        HistoryOptions { from: None, until: None, samples: 200, work: 100_000_000 }
    }
}

/// A lead's scores, bands and stage over its life. Each event counts from the instant that it came; the lead's fields
/// are those of today at every instant; `keep while` is asked of the stage at which the history itself stood before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// The number of this form.
    pub schema_version: u32,
    /// The lead's key.
    pub key: String,
    /// The policy.
    pub policy: PolicyName,
    /// The policy's time zone, its IANA name.
    pub zone: String,
    /// The first instant.
    pub from: At,
    /// The last instant.
    pub until: At,
    /// Up to this instant no change is left out: `until`, or earlier when the work was too much.
    pub covered: At,
    /// The first instant and every one at which something changed, in their order.
    pub moments: Vec<Moment>,
    /// Where the lead stood, from when to when, in order.
    pub stays: Vec<Stay>,
    /// The points of each score over time: just before and at every change, and between.
    pub curve: Vec<CurvePoint>,
    /// The scores, in the order of the curve's points.
    pub scores: Vec<Name>,
    /// How far apart the curve's instants between changes are, in milliseconds. Between them points only shrink.
    pub curve_step: i64,
    /// Where the policy says at the last instant that the lead stands, by the stage field of the data; null without
    /// stages. It can differ from the last stay's where the field holds another stage than the history came to.
    pub stage_by_field: Option<Name>,
}

/// An instant of a history, and how everything stands from it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// The instant.
    pub at: At,
    /// The stage, or `disqualified`; null without stages and reasons.
    pub stage: Option<Name>,
    /// The points of each score.
    pub scores: IndexMap<String, Points>,
    /// The band of each `bands`.
    pub bands: IndexMap<String, Name>,
    /// What changed; null for the first.
    pub turn: Option<Turn>,
}

/// A stage that a lead stood at without a break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stay {
    /// The stage, or `disqualified`.
    pub stage: Name,
    /// The first millisecond.
    pub from: At,
    /// The first millisecond at which it stood elsewhere; null when it still stands there at the end.
    pub until: Option<At>,
}

/// The points of all scores at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// The instant.
    pub at: At,
    /// The points of each score.
    pub points: Vec<Points>,
}

/// A change of stage, for a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageChange {
    /// The first millisecond at the stage.
    pub at: i64,
    /// The stage before; none for the first row of a lead.
    pub from: Option<Name>,
    /// The stage, or `disqualified`.
    pub to: Name,
    /// The points of each score at that instant.
    pub points: Vec<Points>,
}

/// The instant at which a lead's life begins for a history: its first event, or a field of type `time` (not `date`)
/// that is earlier, `created_at` say; none when nothing is known of that.
pub fn begin(program: &Program, lead: &Lead<'_>, until: i64) -> Option<i64> {
    let times = program.schema.fields.iter().enumerate().filter_map(|(place, _)| match lead.fields.get(place) {
        Some(Value::Time(instant)) => Some(*instant),
        _ => None,
    });
    let events = lead.events.first().map(|event| event.at).filter(|_| program.reads_events);
    times.chain(events).filter(|instant| *instant <= until && *instant > EARLIEST).min()
}

/// A lead's history up to the evaluator's as-of.
pub fn history(evaluator: &Evaluator<'_>, plan: &TimePlan, lead: &Lead<'_>, options: HistoryOptions) -> History {
    let program = evaluator.program();
    let until = options.until.unwrap_or(evaluator.as_of().instant);
    let born = begin(program, lead, until).unwrap_or(until);
    let from = options.from.unwrap_or(born).min(until);
    let mut timeline = lived(evaluator, plan, lead, born, from, options.work);
    let mut told = Told { program, plan, moments: Vec::new(), curve: Vec::new(), stages: Vec::new() };
    let first = timeline.at(from);
    told.first(from, &first);
    let (_, covered) = timeline.walk(Range { from, to: until }, &mut |turning| {
        told.turn(lead, &turning);
        ControlFlow::Continue(())
    });
    let Told { moments, mut curve, stages: told_stages, .. } = told;
    let curve_step = fill_curve(program, &mut timeline, &mut curve, &told_stages, (from, covered), options.samples);
    History {
        schema_version: HISTORY_VERSION,
        key: lead.key.to_owned(),
        policy: PolicyName { name: program.meta.label.clone(), version: program.meta.version.clone() },
        zone: program.zone.name().to_owned(),
        from: At(from),
        until: At(until),
        covered: At(covered),
        stays: stays(&moments),
        moments,
        curve,
        scores: program.scores.iter().map(|score| super::snapshot::part_name(program, *score)).collect(),
        curve_step,
        stage_by_field: stage_by_field(evaluator, lead, until),
    }
}

/// Only a lead's changes of stage, its first stage included.
pub fn stage_changes(
    evaluator: &Evaluator<'_>,
    plan: &TimePlan,
    lead: &Lead<'_>,
    options: HistoryOptions,
) -> (Vec<StageChange>, i64) {
    let program = evaluator.program();
    let until = options.until.unwrap_or(evaluator.as_of().instant);
    let born = begin(program, lead, until).unwrap_or(until);
    let from = options.from.unwrap_or(born).max(born).min(until);
    if plan.marks.first() != Some(&Mark::Stage) {
        return (Vec::new(), until);
    }
    let row = |at: i64, before: Option<u16>, after: &Snapshot| StageChange {
        at,
        from: before.map(|before| stage_name(program, before)),
        to: stage_name(program, after.marks[0]),
        points: program.scores.iter().map(|score| Points(after.points[score.index()])).collect(),
    };
    let mut timeline = lived(evaluator, plan, lead, born, from, options.work);
    let mut changes = vec![row(from, None, &timeline.at(from))];
    let (_, covered) = timeline.walk(Range { from, to: until }, &mut |turning| {
        if turning.before.marks[0] != turning.after.marks[0] {
            changes.push(row(turning.at, Some(turning.before.marks[0]), turning.after));
        }
        ControlFlow::Continue(())
    });
    (changes, covered)
}

/// A lead over time, that has lived until `from`: what `keep while` asks rests on all that was before.
fn lived<'a>(
    evaluator: &'a Evaluator<'a>,
    plan: &'a TimePlan,
    lead: &'a Lead<'a>,
    born: i64,
    from: i64,
    work: u64,
) -> Timeline<'a> {
    let mut timeline = Timeline::new(evaluator, plan, lead, true, work);
    if born < from {
        timeline.walk(Range { from: born, to: from }, &mut |_| ControlFlow::Continue(()));
    }
    timeline
}

/// What is told of a lead's life.
struct Told<'a> {
    program: &'a Program,
    plan: &'a TimePlan,
    moments: Vec<Moment>,
    curve: Vec<CurvePoint>,
    /// The stage from each moment on.
    stages: Vec<(i64, u16)>,
}

impl Told<'_> {
    fn turn(&mut self, lead: &Lead<'_>, turning: &Turning<'_>) {
        let told = turn(self.program, self.plan, lead, turning);
        self.curve_point(turning.at - 1, turning.before);
        self.curve_point(turning.at, turning.after);
        self.moment(turning.at, turning.after, Some(told));
    }

    fn first(&mut self, at: i64, snapshot: &Snapshot) {
        self.moment(at, snapshot, None);
        self.curve_point(at, snapshot);
    }

    fn curve_point(&mut self, at: i64, snapshot: &Snapshot) {
        let points = self.program.scores.iter().map(|score| Points(snapshot.points[score.index()])).collect();
        self.curve.push(CurvePoint { at: At(at), points });
    }

    fn moment(&mut self, at: i64, snapshot: &Snapshot, turn: Option<Turn>) {
        let program = self.program;
        let staged = self.plan.marks.first() == Some(&Mark::Stage);
        if staged {
            self.stages.push((at, snapshot.marks[0]));
        }
        let bands = self.plan.marks.iter().zip(&snapshot.marks).filter_map(|(mark, band)| match mark {
            Mark::Bands(id) => {
                let bands = &program.bands[id.index()];
                let choice = &program.schema.domain(bands.domain).choices[*band as usize];
                Some((bands.name.clone(), Name::new(&choice.name, &choice.label)))
            }
            _ => None,
        });
        let scores = program
            .scores
            .iter()
            .map(|score| (program.parts[score.index()].name.clone(), Points(snapshot.points[score.index()])));
        self.moments.push(Moment {
            at: At(at),
            stage: staged.then(|| stage_name(program, snapshot.marks[0])),
            scores: scores.collect(),
            bands: bands.collect(),
            turn,
        });
    }
}

/// Where the lead stood, from when to when.
fn stays(moments: &[Moment]) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for moment in moments {
        let Some(stage) = &moment.stage else { continue };
        match stays.last_mut() {
            Some(last) if last.stage == *stage => continue,
            Some(last) => last.until = Some(moment.at),
            None => {}
        }
        stays.push(Stay { stage: stage.clone(), from: moment.at, until: None });
    }
    stays
}

/// Adds instants between the changes; returns how far apart they are.
fn fill_curve(
    program: &Program,
    timeline: &mut Timeline<'_>,
    curve: &mut Vec<CurvePoint>,
    stages: &[(i64, u16)],
    (from, until): (i64, i64),
    samples: u32,
) -> i64 {
    let step = ((until - from) / i64::from(samples.max(1))).max(1);
    let mut known: BTreeSet<i64> = curve.iter().map(|point| point.at.0).collect();
    let mut at = from + step;
    for _ in 0..=samples {
        let here = at.min(until);
        if known.insert(here) {
            let standing = stages.partition_point(|(since, _)| *since <= here).checked_sub(1);
            timeline.stand(standing.and_then(|place| stages.get(place)).map(|(_, stage)| *stage));
            let snapshot = timeline.at(here);
            let points = program.scores.iter().map(|score| Points(snapshot.points[score.index()])).collect();
            curve.push(CurvePoint { at: At(here), points });
        }
        at = at.saturating_add(step);
    }
    curve.sort_by_key(|point| point.at);
    curve.dedup_by_key(|point| point.at);
    step
}

fn stage_by_field(evaluator: &Evaluator<'_>, lead: &Lead<'_>, until: i64) -> Option<Name> {
    let program = evaluator.program();
    if program.stages.is_empty() {
        return None;
    }
    let arena = Bump::new();
    let evaluator = evaluator.at(crate::model::time::AsOf::new(until, &program.zone));
    let outcome = evaluator.evaluate(lead, &arena);
    Some(stage_name(program, visible_stage(&outcome)))
}
