//! Whether any lead's decision can change: what both policies share settles much, what can only go one way settles more,
//! and for the rest a lead is looked for, which both policies then decide.

use super::ask::{Asked, Question, questions};
use super::day::rests_on_the_day;
use super::model::{Answer, Can};
use super::order::Order;
use super::pairs::{Known, pair};
use super::show::Showing;
use crate::analysis::{Analysis, Budget, Goal, Reachable, rests_on};
use crate::check::hir::{DefineId, Expr, PartId, Step};
use crate::check::join::{Join, Joined, Of};
use crate::check::keys::{Keys, Meanings};
use crate::model::number::POINTS_SCALE;
use crate::model::time::AsOf;
use crate::model::{Literal, Tri};
use crate::words::Spoken;

/// The answers to all questions, and the as-of that they were asked at.
pub(super) fn decide(
    old: Known<'_>,
    new: Known<'_>,
    spoken: [&Spoken; 2],
    meanings: &Meanings,
    caveat: Option<&str>,
    budget: Budget,
) -> (Vec<Answer>, AsOf) {
    let asked = questions(old, new);
    let mut join = Join::new(old.program, new.program, meanings);
    let conditions: Vec<Vec<(Vec<DefineId>, Vec<DefineId>)>> = asked
        .iter()
        .map(|asked| asked.questions.iter().map(|question| question.conditions(&mut join)).collect())
        .collect();
    let rests = rests(&mut join, old, new);
    let joined = join.finish();
    let analysis = Analysis::of(&joined.program);
    let keys = Keys::new(&joined.program, meanings);
    let search = Search {
        order: Order::new(&joined.program, &keys),
        showing: Showing::new(old.program, new.program, spoken, &joined, analysis.as_of()),
        joined: &joined,
        analysis: &analysis,
        caveat,
        budget,
    };
    rests.iter().for_each(|rest| search.one_way_only(rest));
    let pairs = asked.iter().zip(&conditions);
    let answers = pairs.map(|(asked, conditions)| search.answer(asked, conditions)).collect();
    (answers, analysis.as_of().clone())
}

/// Two groups that are one in two policies, and whether what only one of them has adds up to more.
struct Rest {
    old: PartId,
    new: PartId,
    new_has_more: DefineId,
    old_has_more: DefineId,
}

/// All groups and scores that differ, the inner ones first.
fn rests(join: &mut Join<'_>, old: Known<'_>, new: Known<'_>) -> Vec<Rest> {
    let mut pairs: Vec<(PartId, PartId)> = Vec::new();
    for found in pair(&old.scores(), &new.scores()).into_iter().filter(|pair| !pair.same) {
        let Some((a, b)) = found.both() else { continue };
        let scores = (old.program.scores[a], new.program.scores[b]);
        let ((were, known), (are, now)) = (old.parts(scores.0), new.parts(scores.1));
        let inner = pair(&known, &now).into_iter().filter(|pair| !pair.same).filter_map(|pair| pair.both());
        let mut inner: Vec<(PartId, PartId)> =
            inner.map(|(a, b)| (PartId(were[a] as u16), PartId(are[b] as u16))).collect();
        inner.reverse();
        pairs.extend(inner);
        pairs.push(scores);
    }
    let mut rests = Vec::new();
    for (a, b) in pairs {
        let (old, new) = (join.of(Of::Old).parts[a.index()], join.of(Of::New).parts[b.index()]);
        if old == new {
            continue;
        }
        if let (Some(was), Some(is)) = (join.rest(old, new), join.rest(new, old)) {
            let (new_has_more, old_has_more) = (join.more_points(is, was), join.more_points(was, is));
            rests.push(Rest { old, new, new_has_more, old_has_more });
        }
    }
    rests
}

struct Search<'j> {
    joined: &'j Joined,
    analysis: &'j Analysis<'j>,
    order: Order<'j>,
    showing: Showing<'j>,
    caveat: Option<&'j str>,
    budget: Budget,
}

/// What became of a question.
enum Found {
    Shown(Box<super::model::Shown>),
    Never,
    Open(String),
}

impl<'j> Search<'j> {
    fn answer(&self, asked: &Asked, conditions: &[(Vec<DefineId>, Vec<DefineId>)]) -> Answer {
        let mut open: Option<String> = None;
        let answer = |can: Can, reason: Option<String>, lead: Option<Box<super::model::Shown>>| Answer {
            kind: asked.kind,
            what: asked.what.clone(),
            can,
            reason,
            lead,
        };
        for (question, (yes, no)) in asked.questions.iter().zip(conditions) {
            match self.find(question, yes, no) {
                Found::Shown(shown) => return answer(Can::Yes, None, Some(shown)),
                Found::Never => {}
                Found::Open(why) => {
                    open.get_or_insert(why);
                }
            }
        }
        match open {
            Some(why) => answer(Can::NotDecided, Some(why), None),
            None => answer(Can::No, None, None),
        }
    }

    /// Whether a group can only gain, or only lose: by the parts that are not the same in both policies.
    fn one_way_only(&self, rest: &Rest) {
        let ways = [(rest.new, rest.old, rest.new_has_more), (rest.old, rest.new, rest.old_has_more)];
        for (group, than, has_more) in ways {
            if self.order.fewer(group, than) {
                continue;
            }
            let goal = Goal::Is(self.value(has_more), Tri::True);
            if self.analysis.reachable(&goal, Budget::QUICK) == Reachable::No
                && rests_on_the_day(&self.joined.program, &self.cone(&[has_more], &[])).is_none()
            {
                self.order.never_more(group, than);
            }
        }
    }

    fn value(&self, define: DefineId) -> &'j Expr {
        &self.joined.program.defines[define.index()].value
    }

    fn find(&self, question: &Question, yes: &[DefineId], no: &[DefineId]) -> Found {
        let never = || match self.caveat {
            Some(caveat) => Found::Open(caveat.to_owned()),
            None => Found::Never,
        };
        if yes.iter().any(|define| no.contains(define)) {
            return never();
        }
        let of = |defines: &[DefineId]| -> Vec<&'j Expr> { defines.iter().map(|define| self.value(*define)).collect() };
        if self.order.follows(&of(yes), &of(no)) || self.one_way(question) {
            return never();
        }
        let goals = yes.iter().map(|define| Goal::Is(self.value(*define), Tri::True));
        let not = no.iter().map(|define| Goal::Is(self.value(*define), Tri::False));
        let goal = Goal::All(goals.chain(not).collect());
        let mut found = self.analysis.reachable(&goal, self.budget);
        if let (Reachable::NotDecided(_), Some((old, new, more))) = (&found, question.points) {
            found = self.more_points(old, new, more).unwrap_or(found);
        }
        match found {
            Reachable::No => match rests_on_the_day(&self.joined.program, &self.cone(yes, no)) {
                None => never(),
                Some(why) => Found::Open(format!(
                    "no lead shows it as of the end of {}, but {why}: it may differ at another instant",
                    self.showing.day()
                )),
            },
            Reachable::Yes(witness) => {
                let mut small = self.analysis.simplest(&goal, (*witness).clone());
                // A record without what it must have is rejected.
                let fields = self.joined.program.schema.fields.iter().zip(&witness.fields);
                for ((field, value), slot) in fields.zip(&mut small.fields) {
                    if field.required && *slot == Literal::Missing {
                        *slot = value.clone();
                    }
                }
                let witness = small;
                match self.showing.shown(question, &witness) {
                    Some(shown) => Found::Shown(Box::new(shown)),
                    None => Found::Open(
                        "the policies read the data in two ways, and no record was found that shows it".to_owned(),
                    ),
                }
            }
            Reachable::NotDecided(why) => Found::Open(why.to_owned()),
        }
    }

    /// A lead whose points lie on either side of some line: such a line is easier to aim at than "more".
    fn more_points(&self, old: PartId, new: PartId, more: bool) -> Option<Reachable> {
        let (old, new) = (self.joined.old.parts[old.index()], self.joined.new.parts[new.index()]);
        let (low, high) = if more { (old, new) } else { (new, old) };
        let (least, most) = self.analysis.found(high);
        let lines = [most, least + POINTS_SCALE, (least + most) / 2, POINTS_SCALE, 5 * POINTS_SCALE, 20 * POINTS_SCALE];
        lines.into_iter().find_map(|line| {
            let goal = Goal::All(vec![Goal::AtLeast(high, line), Goal::AtMost(low, line - 1)]);
            let found = self.analysis.reachable(&goal, Budget::QUICK);
            matches!(found, Reachable::Yes(_)).then_some(found)
        })
    }

    /// Points that can only go the other way.
    fn one_way(&self, question: &Question) -> bool {
        question.points.is_some_and(|(old, new, more)| {
            let (old, new) = (self.joined.old.parts[old.index()], self.joined.new.parts[new.index()]);
            if more { self.order.fewer(new, old) } else { self.order.fewer(old, new) }
        })
    }

    /// All steps that the conditions rest on.
    fn cone(&self, yes: &[DefineId], no: &[DefineId]) -> Vec<Step> {
        let steps: Vec<Step> = yes.iter().chain(no).map(|define| Step::Define(*define)).collect();
        rests_on(&self.joined.program, &steps)
    }
}
