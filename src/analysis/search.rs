//! The search: parts the set of all leads where the question turns, drops parts that the bounds rule out, and tries a
//! lead in each of the others. What the bounds rule out is impossible; what a lead shows is possible: the engine
//! confirms it. What is neither within the budget is not decided.

use super::bounds::{Range, Run, bounds};
use super::build::build;
use super::climb::{climb, climb_points, far};
use super::goal::Goal;
use super::space::Space;
use super::state::State;
use super::wishes::{Wishes, for_goal, for_points};
use super::witness::Witness;
use crate::check::hir::{ExprId, PartId, Step};
use crate::eval::Probe;
use crate::model::Tri;
use bumpalo::Bump;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Whether something can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Reachable {
    /// It can: this lead shows it, and the engine confirmed it.
    Yes(Box<Witness>),
    /// It cannot, for any lead at this as-of.
    No,
    /// Not decided, for this reason.
    NotDecided(&'static str),
}

/// Why a question is left open.
pub(super) const OUT_OF_STEPS: &str = "there are too many combinations to try";
/// Why a question is left open.
pub(super) const OUT_OF_TIME: &str = "the time ended";
/// Why a question is left open.
pub(super) const NO_WITNESS: &str = "the bounds allow it, but no lead was found that shows it";

/// How much work a question may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Sets of leads that are parted.
    pub steps: u32,
    /// Leads that are tried by changing one thing at a time.
    pub tries: u32,
}

impl Budget {
    /// For linting: small.
    pub const QUICK: Budget = Budget { steps: 60, tries: 60 };
    /// For proofs: thorough.
    pub const FULL: Budget = Budget { steps: 400, tries: 400 };
}

/// A set of leads that is still open.
struct Node {
    state: State,
    /// Smaller comes first.
    order: (i64, Reverse<u32>),
    depth: u32,
    number: u32,
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Node) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    fn cmp(&self, other: &Node) -> std::cmp::Ordering {
        (Reverse(&self.order), self.depth, Reverse(self.number)).cmp(&(
            Reverse(&other.order),
            other.depth,
            Reverse(other.number),
        ))
    }
}

/// Evaluates a lead to look at what it comes to, by the steps of a cone: what is looked at rests on no other.
pub(super) fn probe<'a>(space: &'a Space<'_>, cone: &[Step], witness: &'a Witness, arena: &'a Bump) -> Probe<'a> {
    space.evaluator.probe_steps(arena.alloc(witness.lead(arena)), cone, arena)
}

/// Whether a lead reaches a goal of this cone: the engine's word.
pub(super) fn confirmed<'p>(space: &Space<'p>, goal: &Goal<'p>, cone: &[Step], witness: &Witness) -> bool {
    let arena = Bump::new();
    goal.holds(space.program, &mut probe(space, cone, witness, &arena))
}

/// The points of a part of this cone: the engine's word.
pub(super) fn points(space: &Space<'_>, part: PartId, cone: &[Step], witness: &Witness) -> i64 {
    let arena = Bump::new();
    probe(space, cone, witness, &arena).outcome().points(part)
}

/// Whether a goal can be reached.
pub(super) fn reachable<'p>(space: &Space<'p>, goal: &Goal<'p>, budget: Budget) -> Reachable {
    let cone = goal.cone(space.program);
    let root = State::all(space);
    let (possible, _) = look(space, &root, &cone, goal);
    if !possible {
        return Reachable::No;
    }
    if space.stop.now() {
        return Reachable::NotDecided(OUT_OF_TIME);
    }
    let wishes = for_goal(space, goal);
    let first = build(space, &root, &wishes);
    if confirmed(space, goal, &cone, &first) {
        return Reachable::Yes(Box::new(first));
    }
    if let Some(witness) = on_the_way(space, goal, &cone, &root, &first) {
        return Reachable::Yes(Box::new(witness));
    }
    let shared = shared(space, &cone);
    let mut few = budget.tries / 4;
    let mut tries = budget.tries - few;
    let mut as_few = few;
    let nothing = build(space, &root, &Wishes::default());
    for (start, tries) in [(first.clone(), &mut few), (nothing, &mut as_few)] {
        if let Some(witness) = climb(space, goal, &root, start, tries) {
            return Reachable::Yes(Box::new(witness));
        }
    }
    let mut heap = BinaryHeap::from([Node { state: root, order: (0, Reverse(0)), depth: 0, number: 0 }]);
    let (mut steps, mut number, mut open) = (0, 0, false);
    while let Some(node) = heap.pop() {
        if steps >= budget.steps {
            return match climb(space, goal, &State::all(space), first, &mut tries) {
                Some(witness) => Reachable::Yes(Box::new(witness)),
                None => Reachable::NotDecided(OUT_OF_STEPS),
            };
        }
        if space.stop.now() {
            return Reachable::NotDecided(OUT_OF_TIME);
        }
        steps += 1;
        let found = bounds(space, &node.state, &cone);
        let mut run = Run::after(space, &node.state, found);
        let split = run.pick(goal).or_else(|| run.pick_assumed()).or_else(|| run.pick_shared(&shared.0, &shared.1));
        let Some(split) = split else {
            // Nothing is left to part: some lead of the set should do.
            let start = build(space, &node.state, &wishes);
            match climb(space, goal, &node.state, start, &mut tries) {
                Some(witness) => return Reachable::Yes(Box::new(witness)),
                None => open = true,
            }
            continue;
        };
        for state in split.parts(space, &node.state) {
            let (possible, sure) = look(space, &state, &cone, goal);
            if !possible {
                continue;
            }
            let witness = build(space, &state, &wishes);
            let far = far(space, goal, &cone, &witness);
            if far == 0 {
                return Reachable::Yes(Box::new(witness));
            }
            number += 1;
            let order = (if sure { far / 2 } else { far }, Reverse(node.depth + 1));
            heap.push(Node { state, order, depth: node.depth + 1, number });
        }
    }
    if open { Reachable::NotDecided(NO_WITNESS) } else { Reachable::No }
}

/// The events of a lead are added in so many portions at most.
const PORTIONS: usize = 24;

/// A lead on the way from one of which nothing is known to one that goes too far, one field and a few events at a time.
fn on_the_way<'p>(space: &Space<'p>, goal: &Goal<'p>, cone: &[Step], root: &State, to: &Witness) -> Option<Witness> {
    let mut from = build(space, root, &Wishes::default());
    let reaches = |witness: &Witness| confirmed(space, goal, cone, witness);
    if reaches(&from) {
        return Some(from);
    }
    let size = to.events.len().div_ceil(PORTIONS).max(1);
    for portion in to.events.chunks(size) {
        from.events.extend_from_slice(portion);
        if reaches(&from) {
            return Some(from);
        }
    }
    for field in 0..to.fields.len() {
        if from.fields[field] != to.fields[field] {
            from.fields[field] = to.fields[field].clone();
            if reaches(&from) {
                return Some(from);
            }
        }
    }
    // The fields first, then the events.
    from.events.clear();
    for portion in to.events.chunks(size) {
        from.events.extend_from_slice(portion);
        if reaches(&from) {
            return Some(from);
        }
    }
    None
}

/// Whether a goal may be reached, and whether it is for sure, in a set of leads.
fn look<'p>(space: &Space<'p>, state: &State, cone: &[Step], goal: &Goal<'p>) -> (bool, bool) {
    let found = bounds(space, state, cone);
    if found.empty {
        return (false, false);
    }
    let truth = goal.truth(&mut Run::after(space, state, found));
    (truth.has(Tri::True), truth.is_one())
}

/// The end of a range of points.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// No lead is beyond it, in ten-thousandths; none when there is no limit but what numbers hold.
    pub bound: Option<i64>,
    /// The points of the lead that comes nearest to it.
    pub reached: i64,
    /// That lead.
    pub witness: Box<Witness>,
}

impl End {
    /// Whether a lead reaches the bound: the range ends here.
    pub fn is_exact(&self) -> bool {
        self.bound == Some(self.reached)
    }
}

/// The points of a part that a lead made for many (or for few) has: found without a search.
pub(super) fn found(space: &Space<'_>, part: PartId, up: bool) -> i64 {
    let witness = build(space, &State::all(space), &for_points(space, part, up));
    points(space, part, &super::cone::cone(space.program, &[Step::Part(part)], &[]), &witness)
}

/// The most points (or the fewest) of a part.
pub(super) fn extreme(space: &Space<'_>, part: PartId, up: bool, budget: Budget) -> End {
    let program = space.program;
    let cone = super::cone::cone(program, &[Step::Part(part)], &[]);
    let sign = if up { 1i64 } else { -1 };
    let bound_of = |range: Range| if up { range.high } else { range.low.map(|low| -low) };
    let points_of = |witness: &Witness| points(space, part, &cone, witness) * sign;
    let wishes = for_points(space, part, up);
    let root = State::all(space);
    let found = bounds(space, &root, &cone);
    let Some(top) = bound_of(found.points[part.index()]) else {
        let witness = build(space, &root, &wishes);
        let reached = points_of(&witness) * sign;
        return End { bound: None, reached, witness: Box::new(witness) };
    };
    let aged = Wishes { oldest: true, ..wishes.clone() };
    let mut best = build(space, &root, &wishes);
    let mut reached = points_of(&best);
    let other = build(space, &root, &aged);
    if points_of(&other) > reached {
        (reached, best) = (points_of(&other), other);
    }
    let shared = shared(space, &cone);
    let mut tries = budget.tries;
    let mut heap = BinaryHeap::from([Node { state: root, order: (-top, Reverse(0)), depth: 0, number: 0 }]);
    let (mut steps, mut number, mut unresolved) = (0, 0, i64::MIN);
    let climbs =
        |state: &State, best: &mut Witness, reached: &mut i64, start: Witness, target: i64, tries: &mut u32| {
            let (witness, points) = climb_points(space, (part, &cone), sign, state, start, target, tries);
            if points > *reached {
                (*reached, *best) = (points, witness);
            }
        };
    while let Some(node) = heap.pop() {
        let bound = -node.order.0;
        if bound <= reached {
            break;
        }
        if steps >= budget.steps || space.stop.now() {
            unresolved = unresolved.max(bound);
            break;
        }
        steps += 1;
        if node.depth > 0 {
            let witness = build(space, &node.state, &wishes);
            let points = points_of(&witness);
            if points > reached {
                (reached, best) = (points, witness);
            }
            if bound <= reached {
                break;
            }
        }
        let found = bounds(space, &node.state, &cone);
        let mut run = Run::after(space, &node.state, found);
        let Some(split) = run.pick_open_part(part).or_else(|| run.pick_shared(&shared.0, &shared.1)) else {
            let start = [&wishes, &aged].map(|wishes| build(space, &node.state, wishes));
            let Some(start) = start.into_iter().max_by_key(|start| points_of(start)) else { continue };
            climbs(&node.state, &mut best, &mut reached, start, bound, &mut tries);
            if reached < bound {
                unresolved = unresolved.max(bound);
            }
            continue;
        };
        for state in split.parts(space, &node.state) {
            let found = bounds(space, &state, &cone);
            let Some(bound) = bound_of(found.points[part.index()]).filter(|_| !found.empty) else { continue };
            if bound <= reached {
                continue;
            }
            if bound > reached {
                number += 1;
                heap.push(Node { state, order: (-bound, Reverse(node.depth + 1)), depth: node.depth + 1, number });
            }
        }
    }
    if unresolved > reached {
        let start = best.clone();
        climbs(&State::all(space), &mut best, &mut reached, start, unresolved, &mut tries);
    }
    let bound = reached.max(unresolved);
    End { bound: Some(bound * sign), reached: reached * sign, witness: Box::new(best) }
}

impl<'p> Run<'_, 'p> {
    /// As [`Run::pick_part`], but parts on one field alone are left to the end: their sums are exact already.
    fn pick_open_part(&mut self, part: PartId) -> Option<super::pick::Split> {
        self.pick_part_beyond_tables(part)
    }
}

/// The parts and tabled conditions of a cone: fields that several of them look at are parted last.
pub(super) fn shared(space: &Space<'_>, cone: &[Step]) -> (Vec<PartId>, Vec<ExprId>) {
    let (mut parts, mut exprs) = (Vec::new(), Vec::new());
    for step in cone {
        if let Step::Part(part) = step {
            parts.push(*part);
        }
        space.program.walk_step(*step, &mut |expr| {
            if space.tables[expr.id.index()].is_some() {
                exprs.push(expr.id);
            }
        });
    }
    (parts, exprs)
}
