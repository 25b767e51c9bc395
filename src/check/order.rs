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

    fn needs(&self, step: Step) -> &[(Step, Option<Span>)] {
        self.uses.get(&Owner::Step(step)).map(|uses| uses.steps.as_slice()).unwrap_or_default()
    }

    /// The order of all steps that decisions and tests need, what is needed first; reports circles.
    pub fn order(&mut self) -> Vec<Step> {
        self.inner_needs();
        let mut roots = self.roots();
        let expected = self.uses.get(&Owner::Expects).map(|uses| uses.steps.iter().map(|(step, _)| *step));
        roots.extend(expected.into_iter().flatten());
        let order = self.depth_first(roots);
        self.circles(order.clone());
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
    fn depth_first(&self, roots: Vec<Step>) -> Vec<Step> {
        let mut seen: HashSet<Step> = HashSet::new();
        let mut order = Vec::new();
        for root in roots {
            if !seen.insert(root) {
                continue;
            }
            let mut stack = vec![(root, 0)];
            while let Some((step, next)) = stack.pop() {
                match self.needs(step).get(next) {
                    Some((needed, _)) => {
                        stack.push((step, next + 1));
                        if seen.insert(*needed) {
                            stack.push((*needed, 0));
                        }
                    }
                    None => order.push(step),
                }
            }
        }
        order
    }

    /// Reports each circle once: the shortest one through every knot of steps that need each other.
    fn circles(&mut self, mut order: Vec<Step>) {
        // Defines that no decision needs may be circular too.
        let defines: Vec<Step> = self.define_ids().map(Step::Define).collect();
        order.extend(self.depth_first(defines));
        let mut knotted: HashSet<Step> = HashSet::new();
        let mut seen: HashSet<Step> = HashSet::new();
        let place: HashMap<Step, usize> = order.iter().enumerate().rev().map(|(place, step)| (*step, place)).collect();
        for step in order {
            if !seen.insert(step) || knotted.contains(&step) {
                continue;
            }
            // In depth-first order a circle always holds an edge to a step that comes later or to itself.
            let own = place.get(&step);
            let late = |needed: &Step| place.get(needed) >= own;
            if !self.needs(step).iter().any(|(needed, _)| late(needed)) {
                continue;
            }
            let Some(circle) = self.shortest_circle(step) else { continue };
            knotted.extend(self.knot(step));
            let places = self.circle_places(&circle);
            let error = errors::circle(&places);
            self.report(error);
        }
    }

    /// The shortest way from a step back to itself: the edges in order.
    fn shortest_circle(&self, start: Step) -> Option<Vec<(Step, Option<Span>)>> {
        let mut from: HashMap<Step, (Step, Option<Span>)> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(step) = queue.pop_front() {
            for (needed, span) in self.needs(step) {
                if *needed == start {
                    let mut way = vec![(start, *span)];
                    let mut at = step;
                    while at != start {
                        let (before, span) = from.get(&at)?;
                        way.push((at, *span));
                        at = *before;
                    }
                    way.reverse();
                    return Some(way);
                }
                if !from.contains_key(needed) {
                    from.insert(*needed, (step, *span));
                    queue.push_back(*needed);
                }
            }
        }
        None
    }

    /// All steps that need this one and that it needs.
    fn knot(&self, step: Step) -> HashSet<Step> {
        let forward: HashSet<Step> = self.depth_first(vec![step]).into_iter().collect();
        let mut backward: HashMap<Step, Vec<Step>> = HashMap::new();
        for from in &forward {
            for (to, _) in self.needs(*from) {
                backward.entry(*to).or_default().push(*from);
            }
        }
        let mut knot = HashSet::from([step]);
        let mut queue = vec![step];
        while let Some(at) = queue.pop() {
            for from in backward.get(&at).into_iter().flatten() {
                if knot.insert(*from) {
                    queue.push(*from);
                }
            }
        }
        knot
    }

    /// The circle in words: who, needs whom, and where it is written.
    fn circle_places(&self, circle: &[(Step, Option<Span>)]) -> Vec<(String, String, Span)> {
        let written: Vec<(Step, Span)> = circle.iter().filter_map(|(step, span)| Some((*step, (*span)?))).collect();
        let mut places = Vec::new();
        for (place, (step, span)) in written.iter().enumerate() {
            let before = if place == 0 { written.len() - 1 } else { place - 1 };
            places.push((self.step_name(written[before].0), self.step_name(*step), *span));
        }
        places
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
