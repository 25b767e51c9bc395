//! What each expression and step rests on: no field, one field, or more; and how fine it looks at that field.

use super::cells::{Cells, Exactness, constant, field_of, steady};
use crate::check::hir::{Axis, CheckId, Expr, ExprKind, Included, PartKind, Program, ReasonId, StageId, Step};
use crate::model::FieldId;
use std::collections::HashMap;

/// What something rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rests {
    /// On nothing that varies.
    Nothing,
    /// On one field of the lead.
    Field(FieldId),
    /// On several fields, or on events.
    More,
}

/// How fine something looks at what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    /// It calculates: two values of one cell may differ.
    Calculates,
    /// All values of a cell are alike.
    Cells,
    /// Only whether the field is known counts, or each value has a cell of its own.
    Values,
}

/// Both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) rests: Rests,
    pub(super) grain: Grain,
}

impl Fact {
    const CONSTANT: Fact = Fact { rests: Rests::Nothing, grain: Grain::Values };
    const MORE: Fact = Fact { rests: Rests::More, grain: Grain::Calculates };

    fn join(self, other: Fact) -> Fact {
        let rests = match (self.rests, other.rests) {
            (Rests::Nothing, rests) | (rests, Rests::Nothing) => rests,
            (Rests::Field(a), Rests::Field(b)) if a == b => self.rests,
            _ => Rests::More,
        };
        Fact { rests, grain: self.grain.min(other.grain) }
    }

    /// The field that it rests on alone.
    pub(super) fn field(self) -> Option<FieldId> {
        if let Rests::Field(field) = self.rests { Some(field) } else { None }
    }
}

/// The facts of a policy.
#[derive(Debug)]
pub(super) struct Facts<'p> {
    program: &'p Program,
    cells: &'p Cells,
    exprs: Vec<Option<Fact>>,
    steps: HashMap<Step, Fact>,
}

/// Works the facts out.
pub(super) fn facts<'p>(program: &'p Program, cells: &'p Cells) -> (Vec<Option<Fact>>, HashMap<Step, Fact>) {
    let exprs = vec![None; program.expressions as usize];
    let mut facts = Facts { program, cells, exprs, steps: HashMap::new() };
    for step in &program.order {
        let fact = facts.step(*step);
        facts.steps.insert(*step, fact);
    }
    (facts.exprs, facts.steps)
}

impl<'p> Facts<'p> {
    fn known(&self, step: Step) -> Fact {
        self.steps.get(&step).copied().unwrap_or(Fact::MORE)
    }

    fn all(&self, steps: impl IntoIterator<Item = Step>) -> Fact {
        steps.into_iter().fold(Fact::CONSTANT, |fact, step| fact.join(self.known(step)))
    }

    fn step(&mut self, step: Step) -> Fact {
        let program = self.program;
        match step {
            Step::Define(id) => self.expr(&program.defines[id.index()].value, None),
            Step::Check(id) => self.expr(&program.checks[id.index()].condition, None),
            Step::Reason(id) => self.expr(&program.reasons[id.index()].condition, None),
            Step::Always(id) => self.expr(&program.always[id.index()].condition, None),
            Step::Fit(id) => self.all(program.fits[id.index()].checks.clone().map(|check| Step::Check(CheckId(check)))),
            Step::Part(id) => self.part(&program.parts[id.index()].kind),
            Step::Bands(id) => self.known(Step::Part(program.bands[id.index()].of)),
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                self.axis(&matrix.rows).join(self.axis(&matrix.columns))
            }
            Step::Disqualified => {
                self.all((0..program.reasons.len()).map(|reason| Step::Reason(ReasonId(reason as u16))))
            }
            Step::StageReached(id) => self.reached(id),
            Step::Stage => self.all((0..program.stages.len()).map(|stage| Step::StageReached(StageId(stage as u16)))),
            Step::Route => {
                let conditions = program.routes.iter().filter_map(|route| route.condition.as_ref());
                conditions.fold(Fact::CONSTANT, |fact, condition| fact.join(self.expr(condition, None)))
            }
        }
    }

    fn reached(&mut self, id: StageId) -> Fact {
        let stage = &self.program.stages[id.index()];
        let mut fact = stage.condition.as_ref().map_or(Fact::CONSTANT, |condition| self.expr(condition, None));
        if let Some(after) = stage.after {
            fact = fact.join(self.known(Step::StageReached(after)));
        }
        if let Some(keep) = &stage.keep_while {
            let field = self.program.schema.stage_field;
            let stands =
                field.map_or(Fact::CONSTANT, |field| Fact { rests: Rests::Field(field), grain: Grain::Values });
            fact = fact.join(self.expr(keep, None)).join(stands);
        }
        fact
    }

    fn axis(&self, axis: &Axis) -> Fact {
        match axis {
            Axis::Bands(bands) => self.known(Step::Bands(*bands)),
            Axis::Fit(fit) => self.known(Step::Fit(*fit)),
            Axis::Field(field, _) => Fact { rests: Rests::Field(*field), grain: Grain::Values },
        }
    }

    fn part(&mut self, part: &'p PartKind) -> Fact {
        match part {
            PartKind::Group { parts, .. } => self.all(parts.iter().map(|part| Step::Part(*part))),
            PartKind::Include { of: Included::Score(part), .. } => self.known(Step::Part(*part)),
            PartKind::Include { of: Included::Number(expr), .. } => self.expr(expr, None),
            PartKind::If { condition, .. } => self.expr(condition, None),
            PartKind::Per(per) => {
                self.query(per.query);
                Fact::MORE
            }
            PartKind::PerPeriod { since, .. } => Fact { grain: Grain::Calculates, ..self.expr(since, None) },
            PartKind::By { value, cases, .. } => {
                let looked_at = self.expr(value, None);
                let mut fact = looked_at;
                if field_of(self.program, value, None).is_some() {
                    fact.grain = Grain::Cells;
                }
                for case in cases {
                    fact = fact.join(self.expr(&case.condition, Some((value, looked_at))));
                }
                fact
            }
            PartKind::FirstOf { cases, .. } => {
                cases.iter().fold(Fact::CONSTANT, |fact, case| fact.join(self.expr(&case.condition, None)))
            }
        }
    }

    fn query(&mut self, query: crate::check::hir::QueryId) {
        let query = &self.program.queries[query.index()];
        if let Some(condition) = &query.condition {
            self.expr(condition, None);
        }
        if let Some(crate::check::hir::EventWindow::Since(time)) = &query.window {
            self.expr(time, None);
        }
    }

    fn expr(&mut self, expr: &'p Expr, subject: Option<(&'p Expr, Fact)>) -> Fact {
        let fact = self.of_kind(expr, subject);
        self.exprs[expr.id.index()] = Some(fact);
        fact
    }

    fn of_kind(&mut self, expr: &'p Expr, subject: Option<(&'p Expr, Fact)>) -> Fact {
        let named = match &expr.kind {
            ExprKind::Constant(_) => return Fact::CONSTANT,
            ExprKind::Field(field) => {
                let every = self.cells.field(*field).exactness == Exactness::Every;
                let grain = if every { Grain::Values } else { Grain::Calculates };
                return Fact { rests: Rests::Field(*field), grain };
            }
            ExprKind::Subject => return subject.map_or(Fact::MORE, |(_, fact)| fact),
            ExprKind::Define(id) => Step::Define(*id),
            ExprKind::Points(id) => Step::Part(*id),
            ExprKind::Check(id) => Step::Check(*id),
            ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => Step::Fit(*id),
            ExprKind::Band(id) => Step::Bands(*id),
            ExprKind::Cell(id) => Step::Matrix(*id),
            ExprKind::Disqualified => Step::Disqualified,
            ExprKind::DisqualifiedBy(id) => Step::Reason(*id),
            ExprKind::Stage => {
                let fact = self.known(Step::Stage);
                return fact.join(if self.program.reasons.is_empty() {
                    Fact::CONSTANT
                } else {
                    self.known(Step::Disqualified)
                });
            }
            _ => return self.of_children(expr, subject),
        };
        self.known(named)
    }

    fn of_children(&mut self, expr: &'p Expr, subject: Option<(&'p Expr, Fact)>) -> Fact {
        let mut fact = Fact::CONSTANT;
        for child in expr.children() {
            fact = fact.join(self.expr(child, subject));
        }
        if let Some(query) = expr.query() {
            self.query(query);
            return Fact::MORE;
        }
        if matches!(expr.kind, ExprKind::EventField(_) | ExprKind::EventType | ExprKind::EventDay) {
            return Fact::MORE;
        }
        let looked_at = |value: &Expr| field_of(self.program, value, subject.map(|(value, _)| value)).is_some();
        // What rises or falls with a field turns at edges of its cells.
        let turns = |value: &Expr| subject.is_none() && steady(self.program, value).is_some();
        let fixed = |value: &Expr| constant(self.program, value).is_some();
        let plain = |value: &Expr| matches!(value.kind, ExprKind::Field(_));
        let grain = match &expr.kind {
            ExprKind::Compare(_, a, b) => {
                let one = |value: &Expr| looked_at(value) || turns(value);
                ((one(a) && fixed(b)) || (fixed(a) && one(b))).then_some(Grain::Cells)
            }
            ExprKind::Between(value, low, high) => {
                ((looked_at(value) || turns(value)) && fixed(low) && fixed(high)).then_some(Grain::Cells)
            }
            ExprKind::IsKnown(value) | ExprKind::IsMissing(value) if plain(value) => Some(Grain::Values),
            ExprKind::Exactly { value, .. }
            | ExprKind::In { value, .. }
            | ExprKind::Match { value, .. }
            | ExprKind::Has { value, .. }
            | ExprKind::Within { value, .. }
            | ExprKind::Age(_, value, _)
            | ExprKind::AgeBetween(value, ..)
            | ExprKind::IsKnown(value)
            | ExprKind::IsMissing(value) => looked_at(value).then_some(Grain::Cells),
            _ => None,
        };
        let grain = grain.map_or(fact.grain, |grain| grain.max(fact.grain));
        Fact { grain, ..fact }
    }
}
