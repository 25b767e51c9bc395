//! What a policy says of a lead at an instant, small and comparable, and how two of those differ.

use super::change::{Change, ChangeKind, ScoreChange};
use super::name::Name;
use crate::check::hir::{BandsId, CheckId, DefineId, FitId, MatrixId, PartId, Program, ReasonId};
use crate::eval::{Outcome, Points};
use crate::model::{OUTSIDE, Tri};

/// Something of an outcome that has a name and a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Stage,
    Reason(ReasonId),
    Bands(BandsId),
    Fit(FitId),
    Check(CheckId),
    Matrix(MatrixId),
    Persona(DefineId),
    Route,
    Always(usize),
}

/// All marks of a policy, in the order in which people want to hear of them.
pub(super) fn marks(program: &Program) -> Vec<Mark> {
    let mut marks = Vec::new();
    if !program.stages.is_empty() || !program.reasons.is_empty() {
        marks.push(Mark::Stage);
    }
    marks.extend((0..program.reasons.len()).map(|place| Mark::Reason(ReasonId(place as u16))));
    marks.extend((0..program.bands.len()).map(|place| Mark::Bands(BandsId(place as u16))));
    marks.extend((0..program.fits.len()).map(|place| Mark::Fit(FitId(place as u16))));
    marks.extend((0..program.checks.len()).map(|place| Mark::Check(CheckId(place as u16))));
    marks.extend((0..program.matrices.len()).map(|place| Mark::Matrix(MatrixId(place as u16))));
    let personas = program.defines.iter().enumerate().filter(|(_, define)| define.persona);
    marks.extend(personas.map(|(place, _)| Mark::Persona(DefineId(place as u16))));
    if !program.routes.is_empty() {
        marks.push(Mark::Route);
    }
    marks.extend((0..program.always.len()).map(Mark::Always));
    marks
}

/// What a policy says of a lead at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// The state of each mark.
    pub(super) marks: Box<[u16]>,
    /// The points of each part.
    pub(super) points: Box<[i64]>,
}

impl Snapshot {
    pub(super) fn new(marks: &[Mark], outcome: &Outcome<'_>) -> Snapshot {
        let state = |mark: &Mark| match mark {
            Mark::Stage => visible_stage(outcome),
            Mark::Reason(id) => u16::from(outcome.reasons[id.index()].is_true()),
            Mark::Bands(id) => outcome.bands[id.index()],
            Mark::Fit(id) => tri(outcome.fits[id.index()].verdict),
            Mark::Check(id) => tri(outcome.checks[id.index()]),
            Mark::Matrix(id) => outcome.cells[id.index()],
            Mark::Persona(id) => u16::from(outcome.defines[id.index()].tri().is_true()),
            Mark::Route => outcome.route.map_or(OUTSIDE, |route| route.0),
            Mark::Always(place) => u16::from(outcome.always[*place] == Tri::False),
        };
        Snapshot { marks: marks.iter().map(state).collect(), points: Box::from(&*outcome.points) }
    }
}

/// The stage as it is reported: [`OUTSIDE`] for a lead that is disqualified.
pub(super) fn visible_stage(outcome: &Outcome<'_>) -> u16 {
    if outcome.disqualified { OUTSIDE } else { outcome.stage }
}

fn tri(value: Tri) -> u16 {
    match value {
        Tri::True => 0,
        Tri::False => 1,
        Tri::Unknown => 2,
    }
}

/// A stage, or `disqualified`, by its number as it is reported.
pub(super) fn stage_name(program: &Program, stage: u16) -> Name {
    match program.stages.get(stage as usize) {
        Some(stage) => Name::new(&stage.name, &stage.label),
        None if stage == OUTSIDE => Name::new("disqualified", "Disqualified"),
        None => Name::new("none", "None"),
    }
}

/// The points of every score.
pub(super) fn scores_differ(program: &Program, before: &Snapshot, after: &Snapshot) -> bool {
    program.scores.iter().any(|score| before.points[score.index()] != after.points[score.index()])
}

/// What differs by name; scores and rules apart.
pub(super) fn changes(program: &Program, marks: &[Mark], before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((mark, old), new) in marks.iter().zip(&before.marks).zip(&after.marks) {
        if old != new {
            changes.push(change(program, *mark, *old, *new));
        }
    }
    changes
}

fn change(program: &Program, mark: Mark, old: u16, new: u16) -> Change {
    let tri = |names: [(&str, &str); 3], value: u16| {
        let (name, label) = names[usize::from(value.min(2))];
        Name::new(name, label)
    };
    let yes = |value: u16| if value == 1 { Name::new("true", "yes") } else { Name::new("false", "no") };
    let choice = |domain, place: u16| {
        let choice = &program.schema.domain(domain).choices[place as usize];
        Name::new(&choice.name, &choice.label)
    };
    let (kind, what, name): (ChangeKind, Name, Box<dyn Fn(u16) -> Name>) = match mark {
        Mark::Stage => (ChangeKind::Stage, Name::new("stage", "Stage"), Box::new(|stage| stage_name(program, stage))),
        Mark::Reason(id) => {
            let reason = &program.reasons[id.index()];
            (ChangeKind::Disqualify, Name::new(&reason.name, &reason.label), Box::new(yes))
        }
        Mark::Bands(id) => {
            let bands = &program.bands[id.index()];
            (ChangeKind::Band, Name::new(&bands.name, &bands.label), Box::new(move |band| choice(bands.domain, band)))
        }
        Mark::Fit(id) => {
            let fit = &program.fits[id.index()];
            let names = [("fits", "fits"), ("fails", "does not fit"), ("unknown", "not known")];
            (ChangeKind::Fit, Name::new(&fit.name, &fit.label), Box::new(move |value| tri(names, value)))
        }
        Mark::Check(id) => {
            let check = &program.checks[id.index()];
            let name = format!("{}.{}", program.fits[check.fit.index()].name, check.name);
            let names = [("passes", "passes"), ("fails", "fails"), ("unknown", "not known")];
            (ChangeKind::Check, Name::new(&name, &check.label), Box::new(move |value| tri(names, value)))
        }
        Mark::Matrix(id) => {
            let matrix = &program.matrices[id.index()];
            let what = Name::new(&matrix.name, &matrix.label);
            (ChangeKind::Matrix, what, Box::new(move |cell| choice(matrix.domain, cell)))
        }
        Mark::Persona(id) => {
            let persona = &program.defines[id.index()];
            (ChangeKind::Persona, Name::new(&persona.name, &persona.label), Box::new(yes))
        }
        Mark::Route => {
            let name = |route: u16| match program.routes.get(route as usize) {
                Some(route) => Name::new(&route.name, &route.label),
                None => Name::new("none", "None"),
            };
            (ChangeKind::Route, Name::new("route", "Route"), Box::new(name))
        }
        Mark::Always(place) => {
            let label = &program.always[place].label;
            (
                ChangeKind::Always,
                Name::new(label, label),
                Box::new(|value| match value {
                    1 => Name::new("broken", "is broken"),
                    _ => Name::new("holds", "holds"),
                }),
            )
        }
    };
    let (from, to) = (name(old), name(new));
    Change { kind, what, from, to }
}

/// The scores whose points differ.
pub(super) fn score_changes(program: &Program, before: &Snapshot, after: &Snapshot) -> Vec<ScoreChange> {
    differing(program, before, after, program.scores.iter().copied())
}

/// The rules whose points differ; groups, includes of scores and scores follow from them.
pub(super) fn rule_changes(program: &Program, before: &Snapshot, after: &Snapshot) -> Vec<ScoreChange> {
    let rules = (0..program.parts.len()).map(|place| PartId(place as u16));
    differing(program, before, after, rules.filter(|id| is_rule(program, *id)))
}

fn differing(
    program: &Program,
    before: &Snapshot,
    after: &Snapshot,
    parts: impl Iterator<Item = PartId>,
) -> Vec<ScoreChange> {
    let points = |snapshot: &Snapshot, id: PartId| snapshot.points[id.index()];
    parts
        .filter(|id| points(before, *id) != points(after, *id))
        .map(|id| ScoreChange {
            what: part_name(program, id),
            from: Points(points(before, id)),
            to: Points(points(after, id)),
        })
        .collect()
}

fn is_rule(program: &Program, id: PartId) -> bool {
    use crate::check::hir::{Included, PartKind};
    !matches!(program.parts[id.index()].kind, PartKind::Group { .. } | PartKind::Include { of: Included::Score(_), .. })
}

/// A part by its score's name and its own: `engagement.opens`.
pub(super) fn part_name(program: &Program, id: PartId) -> Name {
    let part = &program.parts[id.index()];
    if part.score == id {
        return Name::new(&part.name, &part.label);
    }
    let score = &program.parts[part.score.index()].name;
    Name::new(&format!("{score}.{}", part.name), &part.label)
}
