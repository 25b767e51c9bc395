//! What the values of a policy rest on: which fields of the lead, and whether events.

use crate::check::hir::{Axis, EventTypes, Expr, ExprId, ExprKind, Included, PartId, PartKind, Program, QueryId, Step};
use crate::model::FieldId;
use std::collections::HashMap;

/// Fields of the lead, and whether events count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reliance {
    fields: Vec<u64>,
    /// Whether it asks for events.
    pub(super) events: bool,
}

impl Reliance {
    pub(super) fn insert(&mut self, field: FieldId) {
        let (word, bit) = (field.index() / 64, field.index() % 64);
        if self.fields.len() <= word {
            self.fields.resize(word + 1, 0);
        }
        self.fields[word] |= 1 << bit;
    }

    pub(super) fn remove(&mut self, field: FieldId) {
        if let Some(word) = self.fields.get_mut(field.index() / 64) {
            *word &= !(1 << (field.index() % 64));
        }
    }

    pub(super) fn contains(&self, field: FieldId) -> bool {
        self.fields.get(field.index() / 64).is_some_and(|word| word >> (field.index() % 64) & 1 == 1)
    }

    pub(super) fn add(&mut self, other: &Reliance) {
        if self.fields.len() < other.fields.len() {
            self.fields.resize(other.fields.len(), 0);
        }
        for (word, more) in self.fields.iter_mut().zip(&other.fields) {
            *word |= more;
        }
        self.events |= other.events;
    }

    /// The first field in both.
    pub(super) fn first_shared(&self, other: &Reliance) -> Option<FieldId> {
        self.fields.iter().zip(&other.fields).enumerate().find_map(|(word, (a, b))| {
            let both = a & b;
            (both != 0).then(|| FieldId((word * 64 + both.trailing_zeros() as usize) as u16))
        })
    }

    /// The fields in both, at most two of them: none, the only one, or that there are more.
    pub(super) fn shared(&self, other: &Reliance) -> Shared {
        let mut found = Shared::None;
        for (word, (a, b)) in self.fields.iter().zip(&other.fields).enumerate() {
            let both = a & b;
            match (both.count_ones(), found) {
                (0, _) => {}
                (1, Shared::None) => {
                    found = Shared::One(FieldId((word * 64 + both.trailing_zeros() as usize) as u16));
                }
                _ => return Shared::Many,
            }
        }
        found
    }
}

/// Which fields two reliances share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shared {
    None,
    One(FieldId),
    Many,
}

/// What everything of a policy rests on.
#[derive(Debug)]
pub(super) struct Reliances {
    /// By expression; of those inside a `where`, too.
    expressions: Vec<Reliance>,
    steps: HashMap<Step, Reliance>,
}

impl Reliances {
    pub(super) fn new(program: &Program) -> Reliances {
        let mut all =
            Reliances { expressions: vec![Reliance::default(); program.expressions as usize], steps: HashMap::new() };
        for step in &program.order {
            let reliance = all.of_step(program, *step);
            all.steps.insert(*step, reliance);
        }
        all
    }

    pub(super) fn expression(&self, id: ExprId) -> &Reliance {
        &self.expressions[id.index()]
    }

    /// What a step rests on; nothing when it is no step of the policy.
    pub(super) fn step(&self, step: Step) -> Reliance {
        self.steps.get(&step).cloned().unwrap_or_default()
    }

    /// What the stage rests on, with whether the lead is disqualified.
    pub(super) fn of_stage(&self) -> Reliance {
        let mut all = self.step(Step::Stage);
        all.add(&self.step(Step::Disqualified));
        all
    }

    fn of_step(&mut self, program: &Program, step: Step) -> Reliance {
        let mut all = Reliance::default();
        match step {
            Step::Define(id) => all = self.of(program, &program.defines[id.index()].value),
            Step::Check(id) => all = self.of(program, &program.checks[id.index()].condition),
            Step::Reason(id) => all = self.of(program, &program.reasons[id.index()].condition),
            Step::Always(id) => all = self.of(program, &program.always[id.index()].condition),
            Step::Fit(id) => {
                for check in program.fits[id.index()].checks.clone() {
                    all.add(&self.step(Step::Check(crate::check::hir::CheckId(check))));
                }
            }
            Step::Part(id) => all = self.of_part(program, id),
            Step::Bands(id) => all = self.step(Step::Part(program.bands[id.index()].of)),
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    match axis {
                        Axis::Bands(bands) => all.add(&self.step(Step::Bands(*bands))),
                        Axis::Fit(fit) => all.add(&self.step(Step::Fit(*fit))),
                        Axis::Field(field, _) => all.insert(*field),
                    }
                }
            }
            Step::Disqualified => {
                for place in 0..program.reasons.len() {
                    all.add(&self.step(Step::Reason(crate::check::hir::ReasonId(place as u16))));
                }
            }
            Step::StageReached(id) => {
                let stage = &program.stages[id.index()];
                for condition in stage.condition.iter().chain(&stage.keep_while) {
                    all.add(&self.of(program, condition));
                }
                if let Some(after) = stage.after {
                    all.add(&self.step(Step::StageReached(after)));
                }
            }
            Step::Stage => {
                for place in 0..program.stages.len() {
                    all.add(&self.step(Step::StageReached(crate::check::hir::StageId(place as u16))));
                }
            }
            Step::Route => {
                for condition in program.routes.iter().filter_map(|route| route.condition.as_ref()) {
                    all.add(&self.of(program, condition));
                }
            }
        }
        all
    }

    fn of_part(&mut self, program: &Program, id: PartId) -> Reliance {
        let mut all = Reliance::default();
        match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => {
                for part in parts {
                    all.add(&self.step(Step::Part(*part)));
                }
            }
            PartKind::Include { of: Included::Score(part), .. } => all = self.step(Step::Part(*part)),
            PartKind::Include { of: Included::Number(expr), .. }
            | PartKind::If { condition: expr, .. }
            | PartKind::PerPeriod { since: expr, .. } => all = self.of(program, expr),
            PartKind::Per(per) => {
                all = self.of_query(program, per.query);
                if let Some(field) = &per.distinct {
                    all.add(&self.of(program, field));
                }
            }
            PartKind::By { value, cases, .. } => {
                all = self.of(program, value);
                for case in cases {
                    all.add(&self.of(program, &case.condition));
                }
            }
            PartKind::FirstOf { cases, .. } => {
                for case in cases {
                    all.add(&self.of(program, &case.condition));
                }
            }
        }
        all
    }

    fn of_query(&mut self, program: &Program, query: QueryId) -> Reliance {
        let query = &program.queries[query.index()];
        let mut all = Reliance { events: true, ..Reliance::default() };
        match &query.types {
            EventTypes::All => (0..program.schema.events.len()).for_each(|place| all.insert(event(program, place))),
            EventTypes::One(ty) => all.insert(event(program, ty.index())),
            EventTypes::Any(types) => types.iter().for_each(|ty| all.insert(event(program, ty.index()))),
        }
        if let Some(condition) = &query.condition {
            all.add(&self.of(program, condition));
        }
        if let Some(crate::check::hir::EventWindow::Since(time)) = &query.window {
            all.add(&self.of(program, time));
        }
        all
    }

    fn of(&mut self, program: &Program, expr: &Expr) -> Reliance {
        let mut all = Reliance::default();
        for child in expr.children() {
            all.add(&self.of(program, child));
        }
        if let Some(query) = expr.query() {
            all.add(&self.of_query(program, query));
        }
        match &expr.kind {
            ExprKind::Field(field) => all.insert(*field),
            ExprKind::Define(id) => all.add(&self.step(Step::Define(*id))),
            ExprKind::Points(id) => all.add(&self.step(Step::Part(*id))),
            ExprKind::Check(id) => all.add(&self.step(Step::Check(*id))),
            ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => {
                all.add(&self.step(Step::Fit(*id)));
            }
            ExprKind::Band(id) => all.add(&self.step(Step::Bands(*id))),
            ExprKind::Cell(id) => all.add(&self.step(Step::Matrix(*id))),
            ExprKind::Stage => {
                all.add(&self.step(Step::Stage));
                all.add(&self.step(Step::Disqualified));
            }
            ExprKind::Disqualified => all.add(&self.step(Step::Disqualified)),
            ExprKind::DisqualifiedBy(id) => all.add(&self.step(Step::Reason(*id))),
            _ => {}
        }
        self.expressions[expr.id.index()] = all.clone();
        all
    }
}

/// Types of events are counted behind the fields.
pub(super) fn event(program: &Program, ty: usize) -> FieldId {
    FieldId((program.schema.fields.len() + ty) as u16)
}
