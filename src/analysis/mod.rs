//! What can happen at all: which values a policy tells apart, which points, stages and routes any lead can reach.
//!
//! - [`cells`]: for each field the finitely many values that the policy's conditions tell apart.
//! - [`Analysis::range`]: the fewest and most points that a rule, group or score can have.
//! - [`Analysis::reachable`]: whether a [`Goal`] (a stage, a band, a case, a value of a condition) can be reached.
//! - [`Analysis::implies`], [`Analysis::disjoint`], [`Analysis::equivalent`]: how two conditions relate.
//!
//! # Why a claim can be trusted
//!
//! Two things work against each other. *Bounds* (`bounds/`) run the policy with sets for values, for all leads of a set
//! at once; where they do not know better they take the larger set, so that what they rule out is impossible. *Witnesses*
//! (`build`, `climb`) are leads; each is evaluated by [`crate::eval::Evaluator`], the only evaluator that there is, so
//! that what one shows is possible. The search (`search`) parts the set of all leads at the conditions that a question
//! turns on, until every part is ruled out or a witness is found. When bound and witness meet, the answer is exact; when
//! the budget, a number of steps and never a clock, ends before that, the answer is "not decided" and says why.
//!
//! # What the bounds know
//!
//! - What is on one field alone is worked out by the engine itself for each of the field's cells, and is exact as far as
//!   the cells cover all values ([`cells::FieldCells::covers`]); rules of a sum on the same field are added cell by cell.
//! - Questions about events are known by how many events count. One question may count all that another counts (a longer
//!   window, a looser `where`); that is worked out over the kinds of events that the policy tells apart.
//! - Caps by day, week and month are counted through the window; decay falls with age.
//! - Texts that were only sampled, comparisons of two fields, `total`, `highest`, `lowest` and the instants of `first`
//!   and `last` are left open: both answers are taken to be possible. Such an answer is never "no" by mistake, but may
//!   be "not decided".
//!
//! Claims hold at the analysis' as-of. Ages and windows move with it, so that they hold at other instants too, but for
//! policies that compare the same field or event with both a fixed date and an age.

mod always;
mod bounds;
mod build;
pub mod cells;
mod climb;
mod cone;
mod events;
mod facts;
mod goal;
mod narrow;
mod one_event;
mod orders;
mod pick;
mod relate;
mod rests;
mod search;
mod simplest;
mod space;
mod state;
mod survey;
mod sway;
pub mod values;
mod wishes;
mod witness;

pub use cells::Cells;
pub use goal::Goal;
pub use relate::Answer;
pub use rests::rests_on;
pub use search::{Budget, End, Reachable};
pub use space::Taken;
pub use survey::{Survey, survey};
pub use sway::Sway;
pub use witness::{Witness, WitnessEvent, show};

use crate::check::hir::{Expr, PartId, Program};
use crate::model::time::{AsOf, LATEST};
use crate::model::{Lead, Literal};
use bumpalo::Bump;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use values::Tris;

/// What can happen under a policy at an as-of.
#[derive(Debug)]
pub struct Analysis<'p> {
    space: space::Space<'p>,
    everything: OnceCell<bounds::Bounds>,
    /// The same, lent to one question after another.
    asked: RefCell<Option<bounds::Bounds>>,
    ranges: RefCell<HashMap<(PartId, u32), Range>>,
    found: RefCell<HashMap<PartId, (i64, i64)>>,
}

/// The range of a part's points.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The fewest.
    pub low: End,
    /// The most.
    pub high: End,
}

impl Range {
    /// Whether both ends are reached by a lead.
    pub fn is_exact(&self) -> bool {
        self.low.is_exact() && self.high.is_exact()
    }
}

impl<'p> Analysis<'p> {
    /// Makes a policy ready for analysis at an as-of.
    pub fn new(program: &'p Program, as_of: AsOf) -> Analysis<'p> {
        Analysis {
            space: space::Space::new(program, as_of),
            everything: OnceCell::new(),
            asked: RefCell::default(),
            ranges: RefCell::default(),
            found: RefCell::default(),
        }
    }

    /// As [`Analysis::new`], at the end of the latest day that the policy names anywhere: no clock is read.
    pub fn of(program: &'p Program) -> Analysis<'p> {
        Analysis::new(program, latest_named(program))
    }

    /// Asks `stop` now and then whether to end: what is not decided by then says so. Without it work ends with its budget.
    pub fn until(mut self, stop: impl Fn() -> bool + Send + 'static) -> Analysis<'p> {
        self.space.stop = space::Stop(Some(Box::new(stop)));
        self
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.space.program
    }

    /// The as-of of all claims.
    pub fn as_of(&self) -> &AsOf {
        self.space.evaluator.as_of()
    }

    /// The cells of all fields.
    pub fn cells(&self) -> &Cells {
        &self.space.cells
    }

    /// The fewest and most points of a rule, group, include or score, in ten-thousandths.
    pub fn range(&self, part: PartId, budget: Budget) -> Range {
        let key = (part, budget.steps);
        if let Some(range) = self.ranges.borrow().get(&key) {
            return range.clone();
        }
        let end = |up| search::extreme(&self.space, part, up, budget);
        let range = Range { low: end(false), high: end(true) };
        self.ranges.borrow_mut().insert(key, range.clone());
        range
    }

    /// Points that no lead is below or above, found without a search; none without limit.
    pub fn limits(&self, part: PartId) -> (Option<i64>, Option<i64>) {
        let range = self.everything().points[part.index()];
        (range.low, range.high)
    }

    /// Few and many points that leads have, found without a search: others may have fewer or more.
    pub fn found(&self, part: PartId) -> (i64, i64) {
        let found = || (search::found(&self.space, part, false), search::found(&self.space, part, true));
        *self.found.borrow_mut().entry(part).or_insert_with(found)
    }

    /// What a condition of the lead can be at most, found without a search: never less than what is possible. Not for
    /// expressions in `where` and in cases of `by`.
    pub fn values(&self, condition: &'p Expr) -> Tris {
        let root = state::State::all(&self.space);
        let bounds = self.asked.take().unwrap_or_else(|| self.everything().clone());
        let mut run = bounds::Run::after(&self.space, &root, bounds);
        let values = run.condition(condition, None);
        self.asked.replace(Some(run.out));
        values
    }

    /// Whether something can be reached.
    pub fn reachable(&self, goal: &Goal<'p>, budget: Budget) -> Reachable {
        search::reachable(&self.space, goal, budget)
    }

    /// Whether a lead reaches something: the engine's word.
    pub fn confirms(&self, goal: &Goal<'p>, witness: &Witness) -> bool {
        search::confirmed(&self.space, goal, &self.program().order, witness)
    }

    /// Whether a lead given as values reaches something: the engine's word.
    pub fn holds(&self, goal: &Goal<'p>, lead: &Lead<'_>) -> bool {
        let arena = Bump::new();
        let lead = arena.alloc(*lead);
        goal.holds(self.space.program, &mut self.space.evaluator.probe(lead, &arena))
    }

    /// Whether a case of a `by` or `first of` can be taken, where the cells of one field decide that: exact, without a
    /// search.
    pub fn may_be_taken(&self, part: PartId, taken: Taken) -> Option<bool> {
        let table = self.space.exact_part(part)?;
        let field = self.program().schema.field(table.field);
        // The first cell is missing: a record without its key or a required field is rejected.
        let first = usize::from(field.required || field.key);
        Some(table.taken.as_ref()?.iter().skip(first).any(|case| *case == taken))
    }

    /// A witness without what it does not need: known fields and events are left out as long as the goal is reached.
    pub fn simplest(&self, goal: &Goal<'p>, witness: Witness) -> Witness {
        simplest::simplest(&self.space, goal, witness)
    }

    /// The points of a part for a lead: the engine's word.
    pub fn points(&self, part: PartId, witness: &Witness) -> i64 {
        search::points(&self.space, part, &self.program().order, witness)
    }

    /// What a promise is for a lead, by its place in the policy: the engine's word.
    pub fn promise(&self, place: usize, witness: &Witness) -> crate::model::Tri {
        let arena = Bump::new();
        search::probe(&self.space, &self.program().order, witness, &arena)
            .outcome()
            .always
            .get(place)
            .copied()
            .unwrap_or(crate::model::Tri::Unknown)
    }

    fn everything(&self) -> &bounds::Bounds {
        self.everything
            .get_or_init(|| bounds::bounds(&self.space, &state::State::all(&self.space), &self.space.program.order))
    }
}

/// The end of the latest day that a policy names: in tests, signatures, its review, literals; at least 2026-01-01.
fn latest_named(program: &Program) -> AsOf {
    let mut latest = 1_767_225_600_000i64;
    let zone = &program.zone;
    let day = |day: i32| zone.start_of_day(day + 1) - 1;
    let meta = &program.meta;
    latest = meta.agreed.iter().map(|(_, on)| day(*on)).fold(latest, i64::max);
    latest = meta.review.iter().filter_map(|(_, last)| last.map(day)).fold(latest, i64::max);
    latest = program.tests.iter().map(|test| test.as_of).fold(latest, i64::max);
    let mut literal = |literal: &Literal| match literal {
        Literal::Date(named) => latest = latest.max(day(*named)),
        Literal::Time(named) => latest = latest.max(*named),
        _ => {}
    };
    for step in &program.order {
        program.walk_step(*step, &mut |expr| {
            if let crate::check::hir::ExprKind::Constant(found) = &expr.kind {
                literal(found);
            }
        });
    }
    AsOf::new(latest.min(LATEST - 1), zone)
}
