//! The pieces of one policy as pieces of the joint one.

use super::places::{Fresh, Made};
use super::{Join, Side};
use crate::base::Span;
use crate::check::hir::*;
use crate::check::keys::Keys;
use crate::model::{EventTypeId, Literal, OUTSIDE, Scalar, Type};
use crate::syntax::ast::CompareOp;

impl Join<'_> {
    /// Takes in one of the policies.
    pub(super) fn side(&mut self, program: &Program) -> Side {
        let keys = Keys::new(program, self.meanings);
        let mut side = Side::default();
        self.schema(program, &keys, &mut side);
        for length in &program.lengths {
            let lengths = &mut self.out.lengths;
            let place = lengths.iter().position(|other| other == length).unwrap_or_else(|| {
                lengths.push(*length);
                lengths.len() - 1
            });
            side.lengths.push(LengthId(place as u16));
        }
        let fresh = self.places(program, &keys, &mut side);
        Copy { program, side: &side, join: self }.all(&fresh);
        side
    }
}

/// Copies what one policy says; what it names is named by its place in the joint one.
pub(super) struct Copy<'p, 's, 'j, 'm> {
    pub(super) program: &'p Program,
    pub(super) side: &'s Side,
    pub(super) join: &'j mut Join<'m>,
}

impl Copy<'_, '_, '_, '_> {
    fn all(mut self, fresh: &Fresh) {
        let program = self.program;
        for id in &fresh.queries {
            let query = self.query(&program.queries[id.index()]);
            self.join.out.queries.push(query);
        }
        for made in &fresh.defines {
            let value = self.made(*made);
            let (persona, constant) = match made {
                Made::Own(id) => (false, program.defines[id.index()].constant),
                _ => (false, false),
            };
            let (name, label, span) = (String::new(), String::new(), Span::default());
            self.join.out.defines.push(Define { name, label, persona, value, constant, span });
        }
        for id in &fresh.fits {
            let fit = &program.fits[id.index()];
            let first = self.join.out.checks.len() as u16;
            for check in fit.checks.clone() {
                let check = &program.checks[usize::from(check)];
                let condition = self.expr(&check.condition);
                let fit = self.side.fits[check.fit.index()];
                let (name, label) = (check.name.clone(), check.label.clone());
                self.join.out.checks.push(Check { name, label, fit, condition, span: check.span });
            }
            let checks = first..self.join.out.checks.len() as u16;
            let (name, label) = (fit.name.clone(), fit.label.clone());
            self.join.out.fits.push(Fit { name, label, needs: fit.needs, checks, span: fit.span });
        }
        for id in &fresh.parts {
            let part = self.part(*id);
            self.join.out.parts.push(part);
        }
        for id in &fresh.bands {
            let bands = &program.bands[id.index()];
            let (name, label) = (bands.name.clone(), bands.label.clone());
            let (of, domain) = (self.side.parts[bands.of.index()], self.side.domains[bands.domain.index()]);
            self.join.out.bands.push(Bands { name, label, of, domain, from: bands.from.clone(), span: bands.span });
        }
        for id in &fresh.matrices {
            let matrix = &program.matrices[id.index()];
            let copied = Matrix {
                name: matrix.name.clone(),
                label: matrix.label.clone(),
                rows: self.axis(&matrix.rows),
                columns: self.axis(&matrix.columns),
                domain: self.side.domains[matrix.domain.index()],
                cells: matrix.cells.clone(),
                span: matrix.span,
            };
            self.join.out.matrices.push(copied);
        }
        for id in &fresh.reasons {
            let reason = &program.reasons[id.index()];
            let condition = self.expr(&reason.condition);
            let (name, label) = (reason.name.clone(), reason.label.clone());
            self.join.out.reasons.push(Reason { name, label, condition, span: reason.span });
        }
        for score in &program.scores {
            let score = self.side.parts[score.index()];
            if !self.join.out.scores.contains(&score) {
                self.join.out.scores.push(score);
            }
        }
        self.order();
    }

    /// What is worked out in which order: a ladder as soon as all that it needs is known.
    fn order(&mut self) {
        let side = self.side;
        let mut half = false;
        for step in &self.program.order {
            match step {
                Step::Define(id) => self.join.step(Step::Define(side.defines[id.index()])),
                Step::Check(id) => self.join.step(Step::Check(side.checks[id.index()])),
                Step::Fit(id) => self.join.step(Step::Fit(side.fits[id.index()])),
                Step::Part(id) => self.join.step(Step::Part(side.parts[id.index()])),
                Step::Bands(id) => self.join.step(Step::Bands(side.bands[id.index()])),
                Step::Matrix(id) => self.join.step(Step::Matrix(side.matrices[id.index()])),
                Step::Reason(id) => self.join.step(Step::Reason(side.reasons[id.index()])),
                Step::StageReached(id) => self.join.step(Step::Define(side.reached[id.index()])),
                Step::Disqualified | Step::Stage => {
                    if *step == Step::Disqualified {
                        side.disqualified.into_iter().for_each(|id| self.join.step(Step::Define(id)));
                    }
                    if std::mem::replace(&mut half, true) {
                        let ladder = side.at_least.iter().chain(&side.stage);
                        ladder.for_each(|id| self.join.step(Step::Define(*id)));
                    }
                }
                Step::Route => {
                    let routes = side.routes.iter().chain(&side.taken);
                    routes.for_each(|id| self.join.step(Step::Define(*id)));
                }
                Step::Always(_) => {}
            }
        }
    }

    fn axis(&self, axis: &Axis) -> Axis {
        match axis {
            Axis::Bands(id) => Axis::Bands(self.side.bands[id.index()]),
            Axis::Fit(id) => Axis::Fit(self.side.fits[id.index()]),
            Axis::Field(id, domain) => Axis::Field(self.side.fields[id.index()], self.side.domains[domain.index()]),
        }
    }

    fn query(&mut self, query: &EventQuery) -> EventQuery {
        let joint = |ty: &EventTypeId| self.side.events[ty.index()].0;
        let types = match &query.types {
            EventTypes::All => EventTypes::All,
            EventTypes::One(one) => EventTypes::One(joint(one)),
            EventTypes::Any(any) => {
                let mut types: Vec<EventTypeId> = any.iter().map(joint).collect();
                types.sort_unstable();
                types.dedup();
                EventTypes::Any(types)
            }
        };
        let condition = query.condition.as_ref().map(|condition| self.at(condition, Some(&query.types)));
        let window = query.window.as_ref().map(|window| match window {
            EventWindow::Within(length) => EventWindow::Within(self.side.lengths[length.index()]),
            EventWindow::Since(time) => EventWindow::Since(self.expr(time)),
        });
        EventQuery { types, condition, window, span: query.span }
    }

    fn made(&mut self, made: Made) -> Expr {
        let program = self.program;
        match made {
            Made::Own(id) => self.expr(&program.defines[id.index()].value),
            Made::Disqualified => {
                let reasons: Vec<Expr> = (self.side.reasons.iter())
                    .map(|reason| self.join.condition(ExprKind::DisqualifiedBy(*reason)))
                    .collect();
                self.any(reasons)
            }
            Made::Reached(id) => self.reached(id),
            Made::AtLeast(id) => {
                let disqualified = self.disqualified();
                let not = self.join.condition(ExprKind::Not(Box::new(disqualified)));
                if id.0 == 0 {
                    return not;
                }
                let above: Vec<DefineId> = self.side.reached[id.index()..].to_vec();
                let above: Vec<Expr> = above.into_iter().map(|reached| self.join.named(reached)).collect();
                let above = self.any(above);
                self.join.condition(ExprKind::And(vec![not, above]))
            }
            Made::Stage => self.stage(),
            Made::Route(place) => match &program.routes[place].condition {
                Some(condition) => {
                    let condition = self.expr(condition);
                    self.join.sure(condition)
                }
                None => self.constant(true),
            },
            Made::Taken(place) => {
                let mut all = Vec::new();
                for before in &self.side.routes[..place] {
                    let named = self.join.named(*before);
                    all.push(self.join.condition(ExprKind::Not(Box::new(named))));
                }
                if let Some(own) = self.side.routes.get(place) {
                    all.push(self.join.named(*own));
                }
                match all.len() {
                    1 => all.remove(0),
                    _ => self.join.condition(ExprKind::And(all)),
                }
            }
        }
    }

    fn constant(&mut self, value: bool) -> Expr {
        self.join.condition(ExprKind::Constant(Literal::Bool(value)))
    }

    fn any(&mut self, mut all: Vec<Expr>) -> Expr {
        match all.len() {
            0 => self.constant(false),
            1 => all.remove(0),
            _ => self.join.condition(ExprKind::Or(all)),
        }
    }

    fn disqualified(&mut self) -> Expr {
        match self.side.disqualified {
            Some(disqualified) => self.join.named(disqualified),
            None => self.constant(false),
        }
    }

    /// Whether a stage is reached, by its condition or because the lead is kept.
    fn reached(&mut self, id: StageId) -> Expr {
        let program = self.program;
        let stage = &program.stages[id.index()];
        let mut reached = match &stage.condition {
            Some(condition) => {
                let condition = self.expr(condition);
                self.join.sure(condition)
            }
            None => self.constant(true),
        };
        if let Some(after) = stage.after {
            let after = self.join.named(self.side.reached[after.index()]);
            reached = self.join.condition(ExprKind::And(vec![reached, after]));
        }
        if let (Some(keep), Some(field)) = (&stage.keep_while, program.schema.stage_field) {
            let ty = self.join.ty(program.schema.field(field).ty, self.side);
            let stands = self.join.make(ty, ExprKind::Field(self.side.fields[field.index()]));
            let here = self.join.make(ty, ExprKind::Constant(Literal::Choice(id.0)));
            let stands = ExprKind::Compare(CompareOp::GreaterOrEqual, Box::new(stands), Box::new(here));
            let stands = self.join.condition(stands);
            let keep = self.expr(keep);
            let kept = self.join.condition(ExprKind::And(vec![stands, keep]));
            let kept = self.join.sure(kept);
            reached = self.join.condition(ExprKind::Or(vec![reached, kept]));
        }
        reached
    }

    /// The stage as a value, for whoever does more than compare it with a stage.
    fn stage(&mut self) -> Expr {
        let domain = self.program.stage_domain.map(|domain| self.side.domains[domain.index()]);
        let Some(domain) = domain else { return self.constant(false) };
        let ty = Type::One(Scalar::Choice(domain));
        let mut value = self.join.make(ty, ExprKind::Constant(Literal::Choice(0)));
        for (place, reached) in self.side.reached.iter().enumerate().skip(1) {
            let reached = self.join.named(*reached);
            let here = self.join.make(ty, ExprKind::Constant(Literal::Choice(place as u16)));
            value = self.join.make(ty, ExprKind::If(Box::new(reached), Box::new(here), Box::new(value)));
        }
        let disqualified = self.disqualified();
        let outside = self.join.make(ty, ExprKind::Constant(Literal::Choice(OUTSIDE)));
        self.join.make(ty, ExprKind::If(Box::new(disqualified), Box::new(outside), Box::new(value)))
    }

    /// Whether the lead is not disqualified and its stage is one of `low..=high`.
    fn between(&mut self, low: usize, high: usize) -> Expr {
        let at_least = |copy: &mut Self, stage: usize| copy.side.at_least.get(stage).copied();
        let Some(low) = at_least(self, low) else { return self.constant(false) };
        let low = self.join.named(low);
        match at_least(self, high + 1) {
            None => low,
            Some(above) => {
                let above = self.join.named(above);
                let not = self.join.condition(ExprKind::Not(Box::new(above)));
                self.join.condition(ExprKind::And(vec![low, not]))
            }
        }
    }

    /// The stage compared with one of the policy's stages.
    fn stage_is(&mut self, op: CompareOp, stage: u16) -> Expr {
        let (stage, last) = (usize::from(stage), self.side.at_least.len());
        match op {
            CompareOp::Is => self.between(stage, stage),
            CompareOp::IsNot => {
                let is = self.between(stage, stage);
                self.join.condition(ExprKind::Not(Box::new(is)))
            }
            CompareOp::GreaterOrEqual => self.between(stage, last),
            CompareOp::Greater => self.between(stage + 1, last),
            CompareOp::LessOrEqual => self.between(0, stage),
            CompareOp::Less if stage == 0 => self.constant(false),
            CompareOp::Less => self.between(0, stage - 1),
        }
    }

    /// A condition on the stage, by what the ladder comes to.
    fn on_stage(&mut self, kind: &ExprKind) -> Option<Expr> {
        let constant = |expr: &Expr| match &expr.kind {
            ExprKind::Constant(Literal::Choice(choice)) if *choice != OUTSIDE => Some(*choice),
            _ => None,
        };
        let stage = |expr: &Expr| matches!(expr.kind, ExprKind::Stage);
        match kind {
            ExprKind::Compare(op, a, b) if stage(a) => Some(self.stage_is(*op, constant(b)?)),
            ExprKind::Compare(op, a, b) if stage(b) => {
                let turned = match op {
                    CompareOp::Less => CompareOp::Greater,
                    CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
                    CompareOp::Greater => CompareOp::Less,
                    CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
                    op => *op,
                };
                Some(self.stage_is(turned, constant(a)?))
            }
            ExprKind::Between(value, low, high) if stage(value) => {
                Some(self.between(usize::from(constant(low)?), usize::from(constant(high)?)))
            }
            ExprKind::In { value, set: Set::Choices(choices), negated } if stage(value) => {
                let is: Vec<Expr> = choices.iter().map(|choice| self.stage_is(CompareOp::Is, *choice)).collect();
                let is = self.any(is);
                Some(if *negated { self.join.condition(ExprKind::Not(Box::new(is))) } else { is })
            }
            _ => None,
        }
    }

    /// An expression on the lead.
    pub(super) fn expr(&mut self, expr: &Expr) -> Expr {
        self.at(expr, None)
    }

    /// An expression on the lead, or on an event of these types.
    pub(super) fn at(&mut self, expr: &Expr, types: Option<&EventTypes>) -> Expr {
        if let Some(made) = self.on_stage(&expr.kind) {
            return made;
        }
        let kind = self.kind(&expr.kind, types);
        let ty = self.join.ty(expr.ty, self.side);
        self.join.make(ty, kind)
    }
}
