//! Whether any lead's decision can change: what both policies share settles much, what can only go one way settles more,
//! and for the rest a lead is looked for, which both policies then decide.

use super::ask::{Asked, Question, questions};
use super::day::rests_on_the_day;
use super::model::{Answer, Can};
use super::order::Order;
use super::pairs::Known;
use super::show::Showing;
use crate::analysis::{Analysis, Budget, Goal, Reachable, rests_on};
use crate::check::hir::{DefineId, Expr, Step};
use crate::check::join::{Join, Joined};
use crate::check::keys::{Keys, Meanings};
use crate::model::Tri;
use crate::model::time::AsOf;

/// The answers to all questions, and the as-of that they were asked at.
pub(super) fn decide(
    old: Known<'_>,
    new: Known<'_>,
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
    let joined = join.finish();
    let analysis = Analysis::of(&joined.program);
    let keys = Keys::new(&joined.program, meanings);
    let search = Search {
        order: Order::new(&joined.program, &keys),
        showing: Showing::new(old.program, new.program, &joined, analysis.as_of()),
        joined: &joined,
        analysis: &analysis,
        caveat,
        budget,
    };
    let pairs = asked.iter().zip(&conditions);
    let answers = pairs.map(|(asked, conditions)| search.answer(asked, conditions)).collect();
    (answers, analysis.as_of().clone())
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
        match self.analysis.reachable(&goal, self.budget) {
            Reachable::No => match rests_on_the_day(&self.joined.program, &self.cone(yes, no)) {
                None => never(),
                Some(why) => Found::Open(format!(
                    "no lead shows it as of the end of {}, but {why}: it may differ at another instant",
                    self.showing.day()
                )),
            },
            Reachable::Yes(witness) => {
                let witness = self.analysis.simplest(&goal, *witness);
                match self.showing.shown(question, &witness) {
                    Some(shown) => Found::Shown(Box::new(shown)),
                    None => Found::Open("the policies read the data in two ways, and no record was found that shows it".to_owned()),
                }
            }
            Reachable::NotDecided(why) => Found::Open(why.to_owned()),
        }
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
