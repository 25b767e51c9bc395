//! The open fields of a lead: missing, able to change the stage, and the values of each that are told apart.

use super::possible::Open;
use super::reliance::{Reliance, Reliances, Shared};
use super::snapshot::visible_stage;
use crate::analysis::cells::{Cell, Effort, Exactness, LazyCells};
use crate::check::hir::{Axis, Expr, ExprId, ExprKind, PartId, PartKind, Program, Step};
use crate::eval::{Evaluator, Ledger};
use crate::model::{FieldId, Lead, Literal, Value};
use bumpalo::Bump;
use std::collections::{BTreeMap, BTreeSet};

/// So many values of a field are tried at most; the others make its values a sample.
const MOST_VALUES: usize = 64;

/// What is needed of a policy to ask what would be otherwise; worked out once.
#[derive(Debug)]
pub struct WhatIf<'p> {
    pub(super) reliances: Reliances,
    pub(super) cells: LazyCells<'p>,
    /// What the stage rests on.
    pub(super) stage: Reliance,
    /// The steps that the stage rests on.
    pub(super) steps: BTreeSet<Step>,
}

impl<'p> WhatIf<'p> {
    /// The plan of an evaluator's policy at its as-of.
    pub fn new(evaluator: &Evaluator<'p>) -> WhatIf<'p> {
        WhatIf::of(evaluator, Effort::Whole)
    }

    /// The same for a quick look: of texts with many patterns a sample is tried.
    pub fn quick(evaluator: &Evaluator<'p>) -> WhatIf<'p> {
        WhatIf::of(evaluator, Effort::Quick)
    }

    fn of(evaluator: &Evaluator<'p>, effort: Effort) -> WhatIf<'p> {
        let program = evaluator.program();
        let reliances = Reliances::new(program);
        let stage = reliances.of_stage();
        WhatIf {
            stage,
            cells: LazyCells::of(program, evaluator.as_of(), effort),
            steps: steps_of_stage(program),
            reliances,
        }
    }
}

/// The steps that the stage rests on.
fn steps_of_stage(program: &Program) -> BTreeSet<Step> {
    let mut steps = BTreeSet::new();
    let mut open: Vec<Step> = program
        .order
        .iter()
        .copied()
        .filter(|step| matches!(step, Step::Reason(_) | Step::Disqualified | Step::StageReached(_) | Step::Stage))
        .collect();
    while let Some(step) = open.pop() {
        if !steps.insert(step) {
            continue;
        }
        match step {
            Step::Fit(id) => {
                open.extend(
                    program.fits[id.index()].checks.clone().map(|c| Step::Check(crate::check::hir::CheckId(c))),
                );
            }
            Step::Bands(id) => open.push(Step::Part(program.bands[id.index()].of)),
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    match axis {
                        Axis::Bands(bands) => open.push(Step::Bands(*bands)),
                        Axis::Fit(fit) => open.push(Step::Fit(*fit)),
                        Axis::Field(..) => {}
                    }
                }
            }
            Step::Part(id) => match &program.parts[id.index()].kind {
                PartKind::Group { parts, .. } => open.extend(parts.iter().map(|part| Step::Part(*part))),
                PartKind::Include { of: crate::check::hir::Included::Score(part), .. } => open.push(Step::Part(*part)),
                _ => {}
            },
            _ => {}
        }
        program.walk_step(step, &mut |expr| open.extend(named(expr)));
    }
    steps
}

/// The step that an expression names.
pub(super) fn named(expr: &Expr) -> Option<Step> {
    Some(match &expr.kind {
        ExprKind::Define(id) => Step::Define(*id),
        ExprKind::Points(id) => Step::Part(*id),
        ExprKind::Check(id) => Step::Check(*id),
        ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => Step::Fit(*id),
        ExprKind::Band(id) => Step::Bands(*id),
        ExprKind::Cell(id) => Step::Matrix(*id),
        ExprKind::DisqualifiedBy(id) => Step::Reason(*id),
        ExprKind::Disqualified => Step::Disqualified,
        _ => return None,
    })
}

/// Values that can be put in place of those that a lead has.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) opens: BTreeMap<FieldId, Open>,
    /// For each value of an open field, what it stands for.
    pub(super) cells: BTreeMap<FieldId, Vec<Cell>>,
    pub(super) all: Reliance,
    /// The fields whose values are only a sample, and why.
    pub(super) sampled: Vec<(FieldId, &'static str)>,
}

/// The missing fields of a lead that can change the stage. The key is not asked for, nor is the stage that the lead
/// stands at: neither is something that somebody could tell of it.
pub(super) fn missing_fields(program: &Program, plan: &WhatIf<'_>, lead: &Lead<'_>) -> Vec<FieldId> {
    let fields = program.schema.fields.iter().enumerate().map(|(place, field)| (FieldId(place as u16), field));
    fields
        .filter(|(id, field)| {
            !field.key
                && program.schema.stage_field != Some(*id)
                && lead.field(*id) == Value::Missing
                && plan.stage.contains(*id)
        })
        .map(|(id, _)| id)
        .collect()
}

/// Opens fields of a lead: finds their values, works out what each alone comes to, and puts together those that nothing
/// tells apart. Fields that cannot change the stage whatever the others are fall away. With `events`, more of those may
/// come.
pub(super) fn open(
    evaluator: &Evaluator<'_>,
    plan: &WhatIf<'_>,
    lead: &Lead<'_>,
    fields: &[FieldId],
    events: bool,
) -> Opened {
    let program = evaluator.program();
    let mut all = Reliance::default();
    for field in fields {
        all.insert(*field);
    }
    let holes: Vec<Value<'_>> = lead
        .fields
        .iter()
        .enumerate()
        .map(|(place, value)| match all.contains(FieldId(place as u16)) {
            true => Value::Missing,
            false => *value,
        })
        .collect();
    let with_holes = Lead { fields: &holes, ..*lead };
    let atoms = Atoms::of(program, plan, &all, events);
    let mut opened = Opened { opens: BTreeMap::new(), cells: BTreeMap::new(), all: all.clone(), sampled: Vec::new() };
    for field in fields {
        let found = plan.cells.field(*field);
        let (mut cells, mut signs) = (Vec::new(), Vec::new());
        let (mut values, mut ledgers, mut stages) = (Vec::new(), Vec::new(), Vec::new());
        // A known field cannot come to be missing: what is like a missing one is a value of its own.
        let first = usize::from(lead.field(*field) != Value::Missing);
        for cell in found.cells.iter().take(MOST_VALUES) {
            let (ledger, stage) = with_value(evaluator, &with_holes, *field, &cell.value);
            let sign = atoms.sign(*field, &cell.value, &ledger);
            let same = |sign| (first..signs.len()).find(|place| signs.get(*place) == Some(sign));
            match sign.as_ref().and_then(same) {
                Some(same) => widen(&mut cells, same, cell),
                None => {
                    signs.extend(sign);
                    cells.push(cell.clone());
                    values.push(cell.value.clone());
                    ledgers.push(ledger);
                    stages.push(stage);
                }
            }
        }
        let mut complete = found.exactness.is_complete();
        if let Exactness::Sampled(why) = &found.exactness {
            let why = why.first().map_or("its values are a sample", |why| why.as_str());
            opened.sampled.push((*field, why));
        } else if found.cells.len() > MOST_VALUES {
            complete = false;
            opened.sampled.push((*field, "it has too many values to try"));
        }
        if values.len() <= 1 && complete {
            opened.all.remove(*field);
            continue;
        }
        opened.cells.insert(*field, cells);
        opened.opens.insert(*field, Open { field: *field, values, complete, ledgers, stages });
    }
    opened
}

/// Puts a cell to another one that nothing tells apart from it, where the two make one range.
fn widen(cells: &mut [Cell], place: usize, other: &Cell) {
    let Some(cell) = cells.get_mut(place) else { return };
    match (cell.range, other.range) {
        (Some((low, high)), Some((next, last))) if high.checked_add(1) == Some(next) => cell.range = Some((low, last)),
        (Some((low, high)), Some((first, before))) if before.checked_add(1) == Some(low) => {
            cell.range = Some((first, high));
        }
        _ => {}
    }
}

/// The fields of a lead with other values.
pub(super) fn fields_with<'v>(
    lead: &Lead<'v>,
    values: impl IntoIterator<Item = (FieldId, &'v Literal)>,
    arena: &'v Bump,
) -> Vec<Value<'v>> {
    let mut fields = lead.fields.to_vec();
    for (field, value) in values {
        if let Some(slot) = fields.get_mut(field.index()) {
            *slot = value.value(arena);
        }
    }
    fields
}

/// Evaluates a lead with another value of a field.
fn with_value(evaluator: &Evaluator<'_>, lead: &Lead<'_>, field: FieldId, value: &Literal) -> (Ledger, u16) {
    let arena = Bump::new();
    let fields = fields_with(lead, [(field, value)], &arena);
    let lead = Lead { fields: &fields, ..*lead };
    let (outcome, ledger) = evaluator.explain(&lead, &arena);
    let stage = visible_stage(&outcome);
    (ledger, stage)
}

/// All through which an open field acts: the largest expressions and rules that rest on it alone.
struct Atoms {
    expressions: BTreeMap<FieldId, BTreeSet<ExprId>>,
    parts: BTreeMap<FieldId, BTreeSet<PartId>>,
    /// Fields that act through something that is written down nowhere.
    hidden: BTreeSet<FieldId>,
    /// Fields that are an axis of a matrix.
    axes: BTreeSet<FieldId>,
    /// Whether events may come: what rests on them too is not settled by a field.
    events: bool,
}

impl Atoms {
    fn of(program: &Program, plan: &WhatIf<'_>, open: &Reliance, events: bool) -> Atoms {
        let mut atoms = Atoms {
            expressions: BTreeMap::new(),
            parts: BTreeMap::new(),
            hidden: BTreeSet::new(),
            axes: BTreeSet::new(),
            events,
        };
        for step in &plan.steps {
            match step {
                Step::Matrix(id) => {
                    let matrix = &program.matrices[id.index()];
                    for axis in [&matrix.rows, &matrix.columns] {
                        if let Axis::Field(field, _) = axis {
                            atoms.axes.insert(*field);
                        }
                    }
                }
                Step::Part(id) => match atoms.shared(&plan.reliances.step(*step), open) {
                    Shared::None => {}
                    Shared::One(field) => {
                        atoms.parts.entry(field).or_default().insert(*id);
                    }
                    Shared::Many => atoms.part(program, plan, open, *id),
                },
                Step::Define(id) => atoms.visit(program, plan, open, &program.defines[id.index()].value),
                Step::Check(id) => atoms.visit(program, plan, open, &program.checks[id.index()].condition),
                Step::Reason(id) => atoms.visit(program, plan, open, &program.reasons[id.index()].condition),
                Step::StageReached(id) => {
                    let stage = &program.stages[id.index()];
                    for condition in stage.condition.iter().chain(&stage.keep_while) {
                        atoms.visit(program, plan, open, condition);
                    }
                }
                _ => {}
            }
        }
        atoms
    }

    /// The open fields that something rests on; more than one also for one together with events that may come.
    fn shared(&self, reliance: &Reliance, open: &Reliance) -> Shared {
        match reliance.shared(open) {
            Shared::One(_) if self.events && reliance.events => Shared::Many,
            shared => shared,
        }
    }

    fn part(&mut self, program: &Program, plan: &WhatIf<'_>, open: &Reliance, id: PartId) {
        match &program.parts[id.index()].kind {
            PartKind::If { condition: expr, .. }
            | PartKind::PerPeriod { since: expr, .. }
            | PartKind::Include { of: crate::check::hir::Included::Number(expr), .. } => {
                self.visit(program, plan, open, expr);
            }
            PartKind::By { value, cases, .. } => {
                self.visit(program, plan, open, value);
                for case in cases {
                    self.visit(program, plan, open, &case.condition);
                }
            }
            PartKind::FirstOf { cases, .. } => {
                // A case behind one that is true is not asked, so that nothing is written down of it.
                for case in cases {
                    self.hide(program, &case.condition);
                }
            }
            PartKind::Per(per) => {
                program.walk_query(per.query, &mut |expr| self.hide_one(plan, open, expr));
                if let Some(field) = &per.distinct {
                    self.hide_one(plan, open, field);
                }
            }
            PartKind::Group { .. } | PartKind::Include { .. } => {}
        }
    }

    fn visit(&mut self, program: &Program, plan: &WhatIf<'_>, open: &Reliance, expr: &Expr) {
        match self.shared(plan.reliances.expression(expr.id), open) {
            Shared::None => {}
            Shared::One(field) => {
                self.expressions.entry(field).or_default().insert(expr.id);
            }
            Shared::Many => {
                for child in expr.children() {
                    self.visit(program, plan, open, child);
                }
                if let Some(query) = expr.query() {
                    program.walk_query(query, &mut |expr| self.hide_one(plan, open, expr));
                }
            }
        }
    }

    fn hide(&mut self, program: &Program, expr: &Expr) {
        let mut fields = Vec::new();
        expr.walk(program, &mut |expr| {
            if let ExprKind::Field(field) = &expr.kind {
                fields.push(*field);
            }
            // What is named has been looked at where it is worked out.
        });
        self.hidden.extend(fields);
    }

    fn hide_one(&mut self, plan: &WhatIf<'_>, open: &Reliance, expr: &Expr) {
        let mut rest = open.clone();
        let reliance = plan.reliances.expression(expr.id);
        while let Some(field) = reliance.first_shared(&rest) {
            self.hidden.insert(field);
            rest.remove(field);
        }
    }

    /// What a value of a field comes to; none where that is not written down.
    fn sign(&self, field: FieldId, value: &Literal, ledger: &Ledger) -> Option<Vec<Option<Literal>>> {
        if self.hidden.contains(&field) {
            return None;
        }
        let mut sign = Vec::new();
        if self.axes.contains(&field) {
            sign.push(Some(value.clone()));
        }
        if let Some(expressions) = self.expressions.get(&field) {
            sign.extend(expressions.iter().map(|id| ledger.value(*id).cloned()));
        }
        if let Some(parts) = self.parts.get(&field) {
            sign.extend(parts.iter().map(|id| Some(Literal::Int(ledger.part(*id).net))));
        }
        Some(sign)
    }
}
