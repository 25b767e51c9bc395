//! How two conditions relate for all leads.

use super::search::{Budget, Reachable};
use super::witness::Witness;
use super::{Analysis, Goal};
use crate::check::hir::Expr;
use crate::model::Tri;

/// The answer to a question about all leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It holds for every lead.
    Yes,
    /// It does not: for this lead, which the engine confirmed.
    No(Box<Witness>),
    /// Not decided, for this reason.
    NotDecided(&'static str),
}

impl Answer {
    /// Whether it is sure that it holds.
    pub fn is_yes(&self) -> bool {
        *self == Answer::Yes
    }
}

impl<'p> Analysis<'p> {
    /// Whether something can never be. A lead that shows otherwise has nothing that it does not need.
    pub fn never(&self, goal: &Goal<'p>, budget: Budget) -> Answer {
        match self.reachable(goal, budget) {
            Reachable::No => Answer::Yes,
            Reachable::Yes(witness) => Answer::No(Box::new(self.simplest(goal, *witness))),
            Reachable::NotDecided(why) => Answer::NotDecided(why),
        }
    }

    /// Whether `b` is true whenever `a` is. Neither may stand in a `where` or in a case of `by`.
    pub fn implies(&self, a: &'p Expr, b: &'p Expr, budget: Budget) -> Answer {
        let not = Goal::Not(Box::new(Goal::Is(b, Tri::True)));
        self.never(&Goal::All(vec![Goal::Is(a, Tri::True), not]), budget)
    }

    /// Whether `a` and `b` are never true at once.
    pub fn disjoint(&self, a: &'p Expr, b: &'p Expr, budget: Budget) -> Answer {
        self.never(&Goal::All(vec![Goal::Is(a, Tri::True), Goal::Is(b, Tri::True)]), budget)
    }

    /// Whether `a` and `b` have the same value for every lead, unknown included.
    pub fn equivalent(&self, a: &'p Expr, b: &'p Expr, budget: Budget) -> Answer {
        let mut open = Answer::Yes;
        for value in [Tri::True, Tri::False, Tri::Unknown] {
            let other = Goal::Not(Box::new(Goal::Is(b, value)));
            match self.never(&Goal::All(vec![Goal::Is(a, value), other]), budget) {
                Answer::Yes => {}
                Answer::No(witness) => return Answer::No(witness),
                undecided => open = undecided,
            }
        }
        open
    }
}
