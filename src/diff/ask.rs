//! The questions of a difference: for each kind of change, what a lead would have to be under both policies.

use super::model::Kind;
use super::pairs::{Known, Pair, pair};
use crate::check::hir::{BandsId, DefineId, FitId, MatrixId, PartId, ReasonId, RouteId, StageId};
use crate::check::join::{Claim, Join, Of};
use crate::explain::Name;

/// Something that is asked of both policies.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    /// The bands, matrix, fit, persona or score that it is about.
    pub(super) what: Option<Name>,
    /// A lead of any of these shows it.
    pub(super) questions: Vec<Question>,
}

/// What a lead has to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    /// Claims, and whether they hold.
    pub(super) claims: Vec<(Of, Claim, bool)>,
    /// Scores of the old and the new policy, and whether the new one has more points.
    pub(super) points: Option<(PartId, PartId, bool)>,
}

impl Question {
    fn of(claims: impl IntoIterator<Item = (Of, Claim, bool)>) -> Question {
        Question { claims: claims.into_iter().collect(), points: None }
    }

    /// The conditions that must be true, and those that must be false.
    pub(super) fn conditions(&self, join: &mut Join<'_>) -> (Vec<DefineId>, Vec<DefineId>) {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (of, claim, holds) in &self.claims {
            let side = if *holds { &mut yes } else { &mut no };
            side.push(join.claim(*of, *claim));
        }
        if let Some((old, new, more)) = self.points {
            let (old, new) = (join.of(Of::Old).parts[old.index()], join.of(Of::New).parts[new.index()]);
            yes.push(if more { join.more_points(new, old) } else { join.more_points(old, new) });
        }
        (yes, no)
    }
}

/// All that may be asked.
pub(super) fn questions(old: Known<'_>, new: Known<'_>) -> Vec<Asked> {
    let mut asked = Vec::new();
    let mut ask = |kind: Kind, what: Option<Name>, questions: Vec<Question>| {
        if !questions.is_empty() {
            asked.push(Asked { kind, what, questions });
        }
    };
    stages(old, new, &mut ask);
    if old.keys.disqualified() != new.keys.disqualified() {
        let way = |of: Of, other: Of| {
            vec![Question::of([(of, Claim::Disqualified, true), (other, Claim::Disqualified, false)])]
        };
        ask(Kind::NewlyDisqualified, None, way(Of::New, Of::Old));
        ask(Kind::NoLongerDisqualified, None, way(Of::Old, Of::New));
        ask(Kind::Reason, None, reasons(old, new));
    }
    routes(old, new, &mut ask);
    bands(old, new, &mut ask);
    cells(old, new, &mut ask);
    fits(old, new, &mut ask);
    personas(old, new, &mut ask);
    for pair in pair(&old.scores(), &new.scores()).into_iter().filter(|pair| !pair.same) {
        let Some((a, b)) = pair.both() else { continue };
        let (a, b) = (old.program.scores[a], new.program.scores[b]);
        let part = &new.program.parts[b.index()];
        let what = Name { name: part.name.clone(), label: part.label.clone() };
        for (kind, more) in [(Kind::MorePoints, true), (Kind::FewerPoints, false)] {
            let question = Question { claims: Vec::new(), points: Some((a, b, more)) };
            ask(kind, Some(what.clone()), vec![question]);
        }
    }
    asked
}

type Ask<'a> = &'a mut dyn FnMut(Kind, Option<Name>, Vec<Question>);

/// A claim under one policy that is not so under the other.
fn differs(of: Of, claim: Claim, other: Of, its: Claim) -> Question {
    Question::of([(of, claim, true), (other, its, false)])
}

fn stages(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    let pairs = pair(&old.stages(), &new.stages());
    if old.keys.ladder() == new.keys.ladder() && pairs.iter().all(|pair| pair.both().is_some()) {
        return;
    }
    let common: Vec<(usize, usize)> = pairs.iter().filter_map(|pair| pair.both()).collect();
    let stage = |place: usize| Claim::AtLeast(StageId(place as u16));
    // Neither is disqualified: those are told of apart.
    let within = |question: Question| {
        let mut question = question;
        question.claims.extend([(Of::Old, Claim::Disqualified, false), (Of::New, Claim::Disqualified, false)]);
        question
    };
    let rising = common.windows(2).all(|two| two[0].0 < two[1].0);
    let (mut up, mut down, mut other) = (Vec::new(), Vec::new(), Vec::new());
    if rising {
        // The lowest rung that both know has all leads at it or above.
        for (a, b) in common.iter().copied().filter(|(a, b)| *a > 0 || *b > 0) {
            up.push(within(differs(Of::New, stage(b), Of::Old, stage(a))));
            down.push(within(differs(Of::Old, stage(a), Of::New, stage(b))));
        }
    } else {
        for (a, b) in common.iter().copied() {
            for mut question in [at(Of::New, b, new, true), at(Of::Old, a, old, true)] {
                let of = if question.claims.first().is_some_and(|(of, ..)| *of == Of::New) { Of::Old } else { Of::New };
                let (place, known) = if of == Of::Old { (a, old) } else { (b, new) };
                // Not at this stage: below it, or above it.
                let mut above = question.clone();
                question.claims.push((of, stage(place), false));
                other.push(within(question));
                if place + 1 < known.program.stages.len() {
                    above.claims.push((of, stage(place + 1), true));
                    other.push(within(above));
                }
            }
        }
    }
    for alone in &pairs {
        match (alone.old, alone.new) {
            (None, Some(place)) => other.push(within(at(Of::New, place, new, true))),
            (Some(place), None) => other.push(within(at(Of::Old, place, old, true))),
            _ => {}
        }
    }
    ask(Kind::StageUp, None, up);
    ask(Kind::StageDown, None, down);
    ask(Kind::Stage, None, other);
}

/// A lead that is at this stage.
fn at(of: Of, place: usize, known: Known<'_>, holds: bool) -> Question {
    let mut question = Question::of([(of, Claim::AtLeast(StageId(place as u16)), holds)]);
    if place + 1 < known.program.stages.len() {
        question.claims.push((of, Claim::AtLeast(StageId(place as u16 + 1)), false));
    }
    question
}

/// Disqualified both times, for other reasons.
fn reasons(old: Known<'_>, new: Known<'_>) -> Vec<Question> {
    let both = |of: Of, claim: Claim, other: Of, its: Option<Claim>| {
        let mut question = Question::of([(of, claim, true), (other, Claim::Disqualified, true)]);
        question.claims.extend(its.map(|its| (other, its, false)));
        question
    };
    let reason = |place: usize| Claim::Reason(ReasonId(place as u16));
    let pairs = pair(&old.reasons(), &new.reasons()).into_iter().filter(|pair| !pair.same);
    let questions = pairs.flat_map(|pair| {
        let was = pair.old.map(|place| both(Of::Old, reason(place), Of::New, pair.new.map(reason)));
        let is = pair.new.map(|place| both(Of::New, reason(place), Of::Old, pair.old.map(reason)));
        was.into_iter().chain(is)
    });
    questions.collect()
}

fn routes(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    let pairs = pair(&old.routes(), &new.routes());
    if old.keys.routes() == new.keys.routes() && in_order(&pairs) {
        return;
    }
    let route = |place: usize| Claim::Route(Some(RouteId(place as u16)));
    let (mut other, mut deadline) = (Vec::new(), Vec::new());
    for pair in &pairs {
        match (pair.old, pair.new) {
            (Some(a), Some(b)) => {
                other.push(differs(Of::New, route(b), Of::Old, route(a)));
                other.push(differs(Of::Old, route(a), Of::New, route(b)));
                let within = |known: Known<'_>, place: usize| {
                    known.program.routes[place].within.map(|within| known.keys.length(within))
                };
                if within(old, a) != within(new, b) {
                    deadline.push(Question::of([(Of::Old, route(a), true), (Of::New, route(b), true)]));
                }
            }
            (None, Some(b)) => other.push(Question::of([(Of::New, route(b), true)])),
            (Some(a), None) => other.push(Question::of([(Of::Old, route(a), true)])),
            (None, None) => {}
        }
    }
    other.push(differs(Of::New, Claim::Route(None), Of::Old, Claim::Route(None)));
    other.push(differs(Of::Old, Claim::Route(None), Of::New, Claim::Route(None)));
    ask(Kind::Route, None, other);
    ask(Kind::Deadline, None, deadline);
}

/// Whether every piece has its partner at its own place.
fn in_order(pairs: &[Pair]) -> bool {
    pairs.iter().all(|pair| pair.both().is_some_and(|(old, new)| old == new))
}

fn bands(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    for found in pair(&old.bands(), &new.bands()).into_iter() {
        let Some((a, b)) = found.both() else { continue };
        let (before, after) = (&old.program.bands[a], &new.program.bands[b]);
        let choices = |known: Known<'_>, domain| -> Vec<String> {
            known.program.schema.domain(domain).choices.iter().map(|choice| choice.folded.clone()).collect()
        };
        let (was, is) = (choices(old, before.domain), choices(new, after.domain));
        let renamed = found.same && was.len() == is.len();
        let common: Vec<(usize, usize)> = if renamed {
            (0..is.len()).map(|place| (place, place)).collect()
        } else {
            let known = is.iter().enumerate();
            known.filter_map(|(b, name)| Some((was.iter().position(|other| other == name)?, b))).collect()
        };
        if found.same && common.len() == is.len() && common.iter().all(|(a, b)| a == b) {
            continue;
        }
        let what = Some(Name { name: after.name.clone(), label: after.label.clone() });
        let (old_id, new_id) = (BandsId(a as u16), BandsId(b as u16));
        let from = |of: Of, place: usize| match of {
            Of::Old => (of, Claim::AtLeastBand(old_id, place as u16)),
            Of::New => (of, Claim::AtLeastBand(new_id, place as u16)),
        };
        let here = |of: Of, place: usize, count: usize| {
            let (of, low) = from(of, place);
            let mut question = Question::of([(of, low, true)]);
            if place + 1 < count {
                let (of, high) = from(of, place + 1);
                question.claims.push((of, high, false));
            }
            question
        };
        let (mut up, mut down, mut other) = (Vec::new(), Vec::new(), Vec::new());
        let rising = common.windows(2).all(|two| two[0].0 < two[1].0);
        for (a, b) in common.iter().copied() {
            if rising && (a > 0 || b > 0) {
                let ((_, was), (_, is)) = (from(Of::Old, a), from(Of::New, b));
                up.push(differs(Of::New, is, Of::Old, was));
                down.push(differs(Of::Old, was, Of::New, is));
            } else if !rising {
                let mut below = here(Of::New, b, is.len());
                let mut above = below.clone();
                below.claims.push((Of::Old, from(Of::Old, a).1, false));
                other.push(below);
                if a + 1 < was.len() {
                    above.claims.push((Of::Old, from(Of::Old, a + 1).1, true));
                    other.push(above);
                }
            }
        }
        let alone = |of: Of, count: usize, known: &dyn Fn(usize) -> bool| -> Vec<Question> {
            (0..count).filter(|place| !known(*place)).map(|place| here(of, place, count)).collect()
        };
        other.extend(alone(Of::New, is.len(), &|place| common.iter().any(|(_, b)| *b == place)));
        other.extend(alone(Of::Old, was.len(), &|place| common.iter().any(|(a, _)| *a == place)));
        ask(Kind::BandUp, what.clone(), up);
        ask(Kind::BandDown, what.clone(), down);
        ask(Kind::Band, what, other);
    }
}

fn cells(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    for found in pair(&old.matrices(), &new.matrices()).into_iter().filter(|pair| !pair.same) {
        let Some((a, b)) = found.both() else { continue };
        let (before, after) = (&old.program.matrices[a], &new.program.matrices[b]);
        let was = &old.program.schema.domain(before.domain).choices;
        let is = &new.program.schema.domain(after.domain).choices;
        let (old_id, new_id) = (MatrixId(a as u16), MatrixId(b as u16));
        let mut questions = Vec::new();
        for (place, cell) in is.iter().enumerate() {
            let claim = Claim::Cell(new_id, place as u16);
            questions.push(match was.iter().position(|other| other.folded == cell.folded) {
                Some(other) => differs(Of::New, claim, Of::Old, Claim::Cell(old_id, other as u16)),
                None => Question::of([(Of::New, claim, true)]),
            });
        }
        let what = Name { name: after.name.clone(), label: after.label.clone() };
        ask(Kind::Cell, Some(what), questions);
    }
}

fn fits(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    for found in pair(&old.fits(), &new.fits()).into_iter().filter(|pair| !pair.same) {
        let Some((a, b)) = found.both() else { continue };
        let after = &new.program.fits[b];
        let (a, b) = (FitId(a as u16), FitId(b as u16));
        let questions = vec![
            differs(Of::New, Claim::Fits(b), Of::Old, Claim::Fits(a)),
            differs(Of::Old, Claim::Fits(a), Of::New, Claim::Fits(b)),
            differs(Of::New, Claim::Fails(b), Of::Old, Claim::Fails(a)),
            differs(Of::Old, Claim::Fails(a), Of::New, Claim::Fails(b)),
        ];
        ask(Kind::Fit, Some(Name { name: after.name.clone(), label: after.label.clone() }), questions);
    }
}

fn personas(old: Known<'_>, new: Known<'_>, ask: Ask<'_>) {
    let ((were, known), (are, now)) = (old.defines(true), new.defines(true));
    for found in pair(&known, &now).into_iter().filter(|pair| !pair.same) {
        let Some((a, b)) = found.both() else { continue };
        let after = &new.program.defines[are[b]];
        let (a, b) = (Claim::Persona(DefineId(were[a] as u16)), Claim::Persona(DefineId(are[b] as u16)));
        let questions = vec![differs(Of::New, b, Of::Old, a), differs(Of::Old, a, Of::New, b)];
        ask(Kind::Persona, Some(Name { name: after.name.clone(), label: after.label.clone() }), questions);
    }
}
