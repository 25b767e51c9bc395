//! A policy made ready for analysis: cells, what each expression is on each cell, kinds of events.

use super::cells::Cells;
use super::events::{Events, events, most_points};
use super::facts::{Fact, Grain, facts};
use super::values::Set;
use crate::check::hir::{Expr, ExprKind, PartId, PartKind, Program, QueryId, Step};
use crate::eval::{Evaluator, Probe};
use crate::model::time::AsOf;
use crate::model::{Event, FieldId, Lead, Literal, Value};
use bumpalo::Bump;
use std::cell::RefCell;
use std::collections::HashMap;

/// What an expression on one field is in each of the field's cells.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) field: FieldId,
    /// By cell.
    pub(super) sets: Vec<Set>,
    /// Whether the cells are all that there is: otherwise a known value may be anything.
    pub(super) exact: bool,
    /// The union of all cells.
    pub(super) all: Set,
}

/// What a part of a score on one field is worth in each of the field's cells.
#[derive(Clone, Debug)]
pub(super) struct PartTable {
    pub(super) field: FieldId,
    pub(super) points: Vec<i64>,
    /// Whether the cells are all that there is.
    pub(super) exact: bool,
    /// Of `by` and `first of`: which case is taken.
    pub(super) taken: Option<Vec<Taken>>,
}

/// The case of a `by` or `first of` that gives the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Taken {
    /// This one, from 0.
    Case(u16),
    /// `missing`, also where it is not written.
    Missing,
    /// `otherwise`, also where it is not written.
    Otherwise,
    /// None: of `first of`, a condition is unknown and none is true.
    Nothing,
}

/// A field whose conditions times its cells are more is not worked out cell by cell: what is said of it is less exact.
const MOST_PLACES: usize = 1 << 20;

/// A policy at an as-of, ready for analysis.
#[derive(Debug)]
pub(super) struct Space<'p> {
    pub(super) program: &'p Program,
    pub(super) evaluator: Evaluator<'p>,
    pub(super) cells: Cells,
    pub(super) events: Events,
    /// By expression.
    pub(super) facts: Vec<Option<Fact>>,
    pub(super) steps: HashMap<Step, Fact>,
    /// By expression.
    pub(super) tables: Vec<Option<Table>>,
    /// By part.
    pub(super) parts: Vec<Option<PartTable>>,
    /// Where each field's cells begin among the cells of all.
    pub(super) offsets: Vec<usize>,
    /// What rules per event can earn at most, by rule and number of events.
    most: RefCell<HashMap<(PartId, u64), Option<i128>>>,
    /// Says when to stop.
    pub(super) stop: Stop,
}

/// Says when a search is to stop, whatever its budget.
#[derive(Default)]
pub(super) struct Stop(pub(super) Option<Box<dyn Fn() -> bool + Send>>);

impl Stop {
    /// Whether it is time.
    pub(super) fn now(&self) -> bool {
        self.0.as_ref().is_some_and(|stop| stop())
    }
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stop").field(&self.0.is_some()).finish()
    }
}

impl<'p> Space<'p> {
    pub(super) fn new(program: &'p Program, as_of: AsOf) -> Space<'p> {
        let evaluator = Evaluator::new(program, as_of);
        let cells = Cells::of(program, evaluator.as_of());
        let (facts, steps) = facts(program, &cells);
        let events = events(program, &evaluator, &cells);
        let mut offsets = vec![0];
        for field in 0..program.schema.fields.len() {
            offsets.push(offsets[field] + cells.field(FieldId(field as u16)).cells.len());
        }
        let mut space = Space {
            program,
            evaluator,
            cells,
            events,
            most: RefCell::default(),
            stop: Stop::default(),
            tables: vec![None; facts.len()],
            parts: vec![None; program.parts.len()],
            facts,
            steps,
            offsets,
        };
        space.tabulate();
        space
    }

    /// The number of cells of a field.
    pub(super) fn count(&self, field: FieldId) -> usize {
        self.offsets[field.index() + 1] - self.offsets[field.index()]
    }

    /// What a rule per event can earn at most for so many events; none is without limit.
    pub(super) fn most_points(&self, rule: PartId, count: u64) -> Option<i128> {
        if let Some(most) = self.most.borrow().get(&(rule, count)) {
            return *most;
        }
        let PartKind::Per(per) = &self.program.parts[rule.index()].kind else { return Some(0) };
        let most = most_points(&self.evaluator, rule, self.events.questions[per.query.index()].start, count);
        self.most.borrow_mut().insert((rule, count), most);
        most
    }

    /// The question of the policy that a question is, or narrows.
    pub(super) fn written(&self, query: QueryId) -> QueryId {
        let place = query.index().checked_sub(self.program.queries.len());
        place.and_then(|place| self.events.narrow.get(place)).map_or(query, |narrow| narrow.of)
    }

    /// Whether an event counts for a question: the engine's word.
    pub(super) fn counts<'a>(&self, probe: &mut Probe<'a>, query: usize, event: &'a Event<'a>) -> bool {
        let query = QueryId(query as u16);
        let place = query.index().checked_sub(self.program.queries.len());
        let narrow = place.and_then(|place| self.events.narrow.get(place));
        probe.counts(self.written(query), event) && narrow.is_none_or(|narrow| narrow.holds(event))
    }

    /// The value of a field's cell.
    pub(super) fn cell(&self, field: FieldId, cell: usize) -> &Literal {
        &self.cells.field(field).cells[cell].value
    }

    /// Evaluates one lead for each place among the cells, all fields side by side, and notes what every expression on
    /// one field alone comes to.
    fn tabulate(&mut self) {
        let program = self.program;
        let mut exprs: Vec<(&'p Expr, FieldId, bool)> = Vec::new();
        let mut in_case = Vec::new();
        for step in &program.order {
            if let Step::Part(part) = step
                && let PartKind::By { cases, .. } = &program.parts[part.index()].kind
            {
                cases.iter().for_each(|case| case.condition.walk(program, &mut |expr| in_case.push(expr.id)));
            }
            program.walk_step(*step, &mut |expr| {
                if let Some((field, exact)) = self.tabled(self.facts[expr.id.index()]) {
                    exprs.push((expr, field, exact));
                }
            });
        }
        let in_case: std::collections::HashSet<_> = in_case.into_iter().collect();
        exprs.retain(|(expr, ..)| !in_case.contains(&expr.id) && !matches!(expr.kind, ExprKind::Constant(_)));
        exprs.sort_by_key(|(expr, ..)| expr.id);
        exprs.dedup_by_key(|(expr, ..)| expr.id);
        let mut parts: Vec<(PartId, FieldId, bool)> = (0..program.parts.len())
            .map(|part| PartId(part as u16))
            .filter_map(|part| {
                let fact = self.steps.get(&Step::Part(part)).copied();
                self.tabled(fact).map(|(field, exact)| (part, field, exact))
            })
            .collect();
        let mut places = vec![0_usize; program.schema.fields.len()];
        let on = exprs.iter().map(|(_, field, _)| field).chain(parts.iter().map(|(_, field, _)| field));
        on.for_each(|field| places[field.index()] += self.count(*field));
        let tabled = |field: FieldId| (1..=MOST_PLACES).contains(&places[field.index()]);
        exprs.retain(|(_, field, _)| tabled(*field));
        parts.retain(|(_, field, _)| tabled(*field));
        let fields: Vec<FieldId> =
            (0..places.len()).map(|field| FieldId(field as u16)).filter(|field| tabled(*field)).collect();
        let rounds = fields.iter().map(|field| self.count(*field)).max().unwrap_or(0);
        let mut sets: Vec<Vec<Set>> = vec![Vec::new(); exprs.len()];
        let mut points: Vec<Vec<i64>> = vec![Vec::new(); program.parts.len()];
        let mut taken: HashMap<PartId, Vec<Taken>> = HashMap::new();
        let mut arena = Bump::new();
        for round in 0..rounds {
            arena.reset();
            let mut values = vec![Value::Missing; program.schema.fields.len()];
            for field in &fields {
                let cell = self.cell(*field, round.min(self.count(*field) - 1));
                values[field.index()] = cell.value(&arena);
            }
            let lead = Lead { key: "", fields: &values, events: &[] };
            let mut probe = self.evaluator.probe(&lead, &arena);
            for ((expr, field, _), sets) in exprs.iter().zip(&mut sets) {
                if round < self.count(*field) {
                    sets.push(Set::of(probe.value(expr), expr.ty));
                }
            }
            for (part, field, _) in &parts {
                if round < self.count(*field) {
                    points[part.index()].push(probe.outcome().points(*part));
                    if let Some(case) = taken_case(program, *part, &mut probe) {
                        taken.entry(*part).or_default().push(case);
                    }
                }
            }
        }
        for ((expr, field, exact), sets) in exprs.into_iter().zip(sets) {
            let Some(all) = sets.iter().copied().reduce(Set::union) else { continue };
            self.tables[expr.id.index()] = Some(Table { field, sets, exact, all });
        }
        for (part, field, exact) in parts {
            let points = std::mem::take(&mut points[part.index()]);
            self.parts[part.index()] = Some(PartTable { field, points, exact, taken: taken.remove(&part) });
        }
    }

    /// What a part is worth by cells that are all there are.
    pub(super) fn exact_part(&self, part: PartId) -> Option<&PartTable> {
        self.parts[part.index()].as_ref().filter(|table| table.exact)
    }

    /// The field of something that is on one field alone and the same within each cell; and whether the cells are all.
    fn tabled(&self, fact: Option<Fact>) -> Option<(FieldId, bool)> {
        let fact = fact?;
        let field = fact.field()?;
        match fact.grain {
            Grain::Values => Some((field, true)),
            Grain::Cells => Some((field, self.cells.field(field).covers)),
            Grain::Calculates => None,
        }
    }
}

/// Which case of a `by` or `first of` a lead takes.
pub(super) fn taken_case<'p>(program: &'p Program, part: PartId, probe: &mut Probe<'p>) -> Option<Taken> {
    match &program.parts[part.index()].kind {
        PartKind::By { value, cases, .. } => {
            let value = probe.value(value);
            if value.is_missing() {
                return Some(Taken::Missing);
            }
            let place = cases.iter().position(|case| probe.value_with(&case.condition, value).tri().is_true());
            Some(place.map_or(Taken::Otherwise, |place| Taken::Case(place as u16)))
        }
        PartKind::FirstOf { cases, .. } => {
            let mut unknown = false;
            for (place, case) in cases.iter().enumerate() {
                match probe.value(&case.condition).tri() {
                    crate::model::Tri::True => return Some(Taken::Case(place as u16)),
                    crate::model::Tri::Unknown => unknown = true,
                    crate::model::Tri::False => {}
                }
            }
            Some(if unknown { Taken::Nothing } else { Taken::Otherwise })
        }
        _ => None,
    }
}
