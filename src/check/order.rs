//! What needs what: the order in which a policy is worked out, circles, and what decisions read.

use super::checker::Checker;
use super::errors;
use super::hir::{AlwaysId, BandsId, CheckId, DefineId, EventTypes, FitId, MatrixId, PartId, ReasonId, StageId, Step};
use super::names::Entity;
use crate::base::Span;
use crate::model::{EventTypeId, FieldId};
use crate::syntax::ast::{self, EventWindow, ExprKind};
use std::collections::{HashMap, HashSet, VecDeque};

/// On whose behalf an expression is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Step(Step),
    /// The `expect`s of tests.
    Expects,
    /// Nothing that is ever worked out.
    Nowhere,
}

/// What an owner needs and reads.
#[derive(Default)]
pub(super) struct Uses {
    /// The steps that it needs, and where it says so; none where it follows from what it is.
    pub steps: Vec<(Step, Option<Span>)>,
    pub fields: Vec<FieldId>,
    pub events: Vec<EventTypeId>,
    pub event_fields: Vec<(EventTypeId, u16)>,
    pub reads_events: bool,
}

/// A step needs another, and where it says so.
#[derive(Clone, Copy)]
struct Edge {
    from: Step,
    to: Step,
    span: Option<Span>,
}

/// As many circles are reported at most.
const MOST_CIRCLES: usize = 20;

impl Checker<'_> {
    fn own_uses(&mut self) -> &mut Uses {
        self.uses.entry(self.owner).or_default()
    }

    /// The owner needs a step, and says so here.
    pub fn need(&mut self, step: Step, span: Span) {
        self.own_uses().steps.push((step, Some(span)));
    }

    /// The owner needs a step by its nature: a score its parts.
    pub fn need_inner(&mut self, step: Step) {
        self.own_uses().steps.push((step, None));
    }

    pub fn read_field(&mut self, field: FieldId) {
        self.own_uses().fields.push(field);
    }

    pub fn read_event_field(&mut self, ty: EventTypeId, place: u16) {
        self.own_uses().event_fields.push((ty, place));
    }

    pub fn read_events(&mut self, types: &EventTypes) {
        let uses = self.own_uses();
        uses.reads_events = true;
        match types {
            EventTypes::All => {}
            EventTypes::One(ty) => uses.events.push(*ty),
            EventTypes::Any(types) => uses.events.extend(types),
        }
    }

    /// Everything that a decision holds, in the order written.
    fn roots(&self) -> Vec<Step> {
        let mut roots: Vec<Step> = Vec::new();
        let personas = self.define_ids().filter(|id| self.defines[id.index()].persona);
        roots.extend(personas.map(Step::Define));
        roots.extend((0..self.checks.len()).map(|place| Step::Check(CheckId(place as u16))));
        roots.extend((0..self.fits.len()).map(|place| Step::Fit(FitId(place as u16))));
        roots.extend((0..self.parts.len()).map(|place| Step::Part(PartId(place as u16))));
        roots.extend((0..self.items.bands.len()).map(|place| Step::Bands(BandsId(place as u16))));
        roots.extend((0..self.items.matrices.len()).map(|place| Step::Matrix(MatrixId(place as u16))));
        roots.extend((0..self.reasons.len()).map(|place| Step::Reason(ReasonId(place as u16))));
        roots.push(Step::Disqualified);
        roots.extend((0..self.items.stages.len()).map(|place| Step::StageReached(StageId(place as u16))));
        if !self.items.stages.is_empty() {
            roots.push(Step::Stage);
        }
        if !self.items.routes.is_empty() {
            roots.push(Step::Route);
        }
        roots.extend((0..self.items.always.len()).map(|place| Step::Always(AlwaysId(place as u16))));
        roots
    }

    fn needs(&self, step: Step, cut: &HashSet<(Step, Step)>) -> impl Iterator<Item = (Step, Option<Span>)> {
        let steps = self.uses.get(&Owner::Step(step)).map(|uses| uses.steps.as_slice()).unwrap_or_default();
        steps.iter().copied().filter(move |(needed, _)| cut.is_empty() || !cut.contains(&(step, *needed)))
    }

    /// The order of all steps that decisions and tests need, what is needed first; reports circles.
    pub fn order(&mut self) -> Vec<Step> {
        self.inner_needs();
        let mut roots = self.roots();
        let expected = self.uses.get(&Owner::Expects).map(|uses| uses.steps.iter().map(|(step, _)| *step));
        roots.extend(expected.into_iter().flatten());
        let order = self.depth_first(roots, &HashSet::new());
        self.circles(&order);
        order
    }

    /// What steps need by their nature.
    fn inner_needs(&mut self) {
        for place in 0..self.fits.len() {
            let checks = self.fits[place].checks.clone();
            self.for_step(Step::Fit(FitId(place as u16)), |checker| {
                checks.for_each(|check| checker.need_inner(Step::Check(CheckId(check))));
            });
        }
        let reasons = self.reasons.len() as u16;
        self.for_step(Step::Disqualified, |checker| {
            (0..reasons).for_each(|reason| checker.need_inner(Step::Reason(ReasonId(reason))));
        });
        let stages = self.items.stages.len() as u16;
        self.for_step(Step::Stage, |checker| {
            checker.need_inner(Step::Disqualified);
            (0..stages).for_each(|stage| checker.need_inner(Step::StageReached(StageId(stage))));
        });
    }

    /// All that is reachable, what is needed first. Chains may be long: no recursion.
    fn depth_first(&self, roots: Vec<Step>, cut: &HashSet<(Step, Step)>) -> Vec<Step> {
        let mut seen: HashSet<Step> = HashSet::new();
        let mut order = Vec::new();
        for root in roots {
            if !seen.insert(root) {
                continue;
            }
            let mut stack = vec![(root, self.needs(root, cut))];
            while let Some((step, needs)) = stack.last_mut() {
                match needs.next() {
                    Some((needed, _)) if seen.insert(needed) => stack.push((needed, self.needs(needed, cut))),
                    Some(_) => {}
                    None => {
                        order.push(*step);
                        stack.pop();
                    }
                }
            }
        }
        order
    }

    /// Reports circles: the shortest one that is left, as long as there is one; no two share a place in the text.
    fn circles(&mut self, order: &[Step]) {
        // Defines that no decision needs may be circular too.
        let mut roots = order.to_vec();
        roots.extend(self.define_ids().map(Step::Define));
        let mut cut: HashSet<(Step, Step)> = HashSet::new();
        for _ in 0..MOST_CIRCLES {
            let order = self.depth_first(roots.clone(), &cut);
            let place: HashMap<Step, usize> = order.iter().enumerate().map(|(place, step)| (*step, place)).collect();
            // What is needed stands first but in a circle.
            let late = |step: &Step| self.needs(*step, &cut).any(|(needed, _)| place.get(&needed) >= place.get(step));
            let circles = order
                .iter()
                .filter(|step| late(step))
                .take(MOST_CIRCLES)
                .filter_map(|step| self.shortest_circle(*step, &cut));
            let Some(circle) = circles.min_by_key(Vec::len) else { return };
            cut.extend(circle.iter().filter(|edge| edge.span.is_some()).map(|edge| (edge.from, edge.to)));
            let places = self.circle_places(&circle);
            let error = errors::circle(&places);
            self.report(error);
        }
    }

    /// The shortest way from a step back to itself: the edges in order.
    fn shortest_circle(&self, start: Step, cut: &HashSet<(Step, Step)>) -> Option<Vec<Edge>> {
        let mut way_to: HashMap<Step, Edge> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(step) = queue.pop_front() {
            for (needed, span) in self.needs(step, cut) {
                let edge = Edge { from: step, to: needed, span };
                if needed == start {
                    let mut way = vec![edge];
                    let mut at = step;
                    while at != start {
                        let edge = way_to.get(&at)?;
                        way.push(*edge);
                        at = edge.from;
                    }
                    way.reverse();
                    return Some(way);
                }
                if let std::collections::hash_map::Entry::Vacant(unknown) = way_to.entry(needed) {
                    unknown.insert(edge);
                    queue.push_back(needed);
                }
            }
        }
        None
    }

    /// The circle in words, from its first place in the text on: who, needs whom, and where it is written.
    fn circle_places(&self, circle: &[Edge]) -> Vec<(String, String, Span)> {
        let mut written: Vec<(Step, Span)> = circle.iter().filter_map(|edge| Some((edge.to, edge.span?))).collect();
        let first = written.iter().enumerate().min_by_key(|(_, (_, span))| (span.file, span.start));
        let first = first.map_or(0, |(place, _)| place);
        written.rotate_left(first);
        let before = written.iter().skip(written.len().saturating_sub(1)).chain(&written);
        let pairs = before.zip(&written);
        pairs.map(|((who, _), (whom, span))| (self.step_name(*who), self.step_name(*whom), *span)).collect()
    }

    /// A step as policies name it.
    fn step_name(&self, step: Step) -> String {
        match step {
            Step::Define(id) => self.defines[id.index()].name.value.clone(),
            Step::Check(id) => {
                let check = &self.checks[id.index()];
                format!("{}.{}", self.fits[check.fit.index()].name.value, check.item.name.value)
            }
            Step::Fit(id) => self.fits[id.index()].name.value.clone(),
            Step::Part(id) => {
                let part = &self.parts[id.index()];
                match part.parent {
                    None => part.name.clone(),
                    Some(_) => format!("{}.{}", self.parts[part.score.index()].name, part.name),
                }
            }
            Step::Bands(id) => self.items.bands[id.index()].name.value.clone(),
            Step::Matrix(id) => self.items.matrices[id.index()].name.value.clone(),
            Step::Reason(id) => format!("disqualified by {}", self.reasons[id.index()].item.name.value),
            Step::Disqualified => "disqualified".to_owned(),
            Step::StageReached(id) => self.items.stages[id.index()].name.value.clone(),
            Step::Stage => "stage".to_owned(),
            Step::Route => "route".to_owned(),
            Step::Always(_) => "always".to_owned(),
        }
    }

    /// Marks what decisions and tests read; says whether they read events.
    pub fn mark_used(&mut self, order: &[Step]) -> bool {
        let mut reads_events = false;
        let owners = order.iter().map(|step| Owner::Step(*step)).chain([Owner::Expects]);
        for owner in owners {
            let Some(uses) = self.uses.get(&owner) else { continue };
            reads_events |= uses.reads_events;
            for field in &uses.fields {
                self.schema.fields[field.index()].used = true;
            }
            for event in &uses.events {
                self.schema.events[event.index()].used = true;
            }
            for (event, place) in &uses.event_fields {
                self.schema.events[event.index()].fields[usize::from(*place)].used = true;
            }
        }
        reads_events
    }

    /// Defines, those that others name first. Names are not looked up for good here (a stage may be called as a define
    /// is): it only keeps long chains from nesting.
    pub fn define_order(&self) -> Vec<DefineId> {
        let mut seen: HashSet<DefineId> = HashSet::new();
        let mut order = Vec::new();
        for root in self.define_ids() {
            if !seen.insert(root) {
                continue;
            }
            let mut stack = vec![(root, self.named_defines(root))];
            while let Some((id, mut named)) = stack.pop() {
                match named.pop() {
                    Some(next) => {
                        stack.push((id, named));
                        if seen.insert(next) {
                            stack.push((next, self.named_defines(next)));
                        }
                    }
                    None => order.push(id),
                }
            }
        }
        order
    }

    fn named_defines(&self, id: DefineId) -> Vec<DefineId> {
        let mut named = Vec::new();
        first_names(self.defines[id.index()].value, &mut |name| {
            if let Some(Entity::Define(id)) = self.names.get(name) {
                named.push(id);
            }
        });
        named
    }
}

/// Visits the first part of every name in an expression.
fn first_names(expr: &ast::Expr, visit: &mut impl FnMut(&str)) {
    let mut all = |exprs: &[&ast::Expr]| exprs.iter().for_each(|expr| first_names(expr, visit));
    match &*expr.kind {
        ExprKind::Path(path) => path.parts.first().into_iter().for_each(|name| visit(&name.value)),
        ExprKind::List(exprs)
        | ExprKind::Call(_, exprs)
        | ExprKind::And(exprs)
        | ExprKind::Or(exprs)
        | ExprKind::Among(_, exprs) => exprs.iter().for_each(|expr| first_names(expr, visit)),
        ExprKind::Negate(a)
        | ExprKind::Not(a)
        | ExprKind::IsKnown(a)
        | ExprKind::IsMissing(a)
        | ExprKind::Within(a, ..)
        | ExprKind::Age(a)
        | ExprKind::TextTest(a, ..)
        | ExprKind::Has(a, _) => all(&[a]),
        ExprKind::Arithmetic(_, a, b)
        | ExprKind::Otherwise(a, b)
        | ExprKind::Implies(a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Exactly(a, _, b)
        | ExprKind::In(a, _, b) => all(&[a, b]),
        ExprKind::If(a, b, c) | ExprKind::Between(a, b, c) => all(&[a, b, c]),
        ExprKind::EventTest(_, events)
        | ExprKind::Count(events)
        | ExprKind::Aggregate(_, _, events)
        | ExprKind::Edge(_, events) => {
            if let Some(EventWindow::Since(time)) = &events.window {
                first_names(time, visit);
            }
            if let Some(condition) = &events.condition {
                first_names(condition, visit);
            }
        }
        ExprKind::Number(_)
        | ExprKind::Money(..)
        | ExprKind::Text(_)
        | ExprKind::Bool(_)
        | ExprKind::Date(_)
        | ExprKind::Instant(_)
        | ExprKind::Duration(_)
        | ExprKind::Subject
        | ExprKind::Verdict(..)
        | ExprKind::Disqualified(_)
        | ExprKind::Junk => {}
    }
}
