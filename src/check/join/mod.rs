//! Two policies as one: a lead is a lead of both, and what both say of it can be asked at once.
//!
//! Fields that both read alike are one field, event types that the data spells alike one type, rules and conditions that
//! mean the same one rule: what the policies share is worked out once, and only what differs stands side by side. Stages,
//! reasons to disqualify and routes, of which a policy has one ladder, become conditions.

mod copy;
mod exprs;
mod places;
mod schema;

use super::hir::{
    BandsId, CheckId, Define, DefineId, Expr, ExprId, ExprKind, FitId, LengthId, MatrixId, Meta, Part, PartId,
    PartKind, Program, QueryId, ReasonId, RouteId, StageId, Step,
};
use super::keys::{Key, Keys, Meanings};
use crate::base::Span;
use crate::model::{DomainId, FieldId, Literal, Scalar, Schema, Type};
use crate::syntax::ast::CompareOp;
use std::collections::{HashMap, HashSet};

/// Which of the two policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// Something that is true of a lead under one of the policies, or is not; never unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The lead is not disqualified and its stage is this one or a higher one.
    AtLeast(StageId),
    /// It is disqualified.
    Disqualified,
    /// It is disqualified for this reason, perhaps among others.
    Reason(ReasonId),
    /// It takes this route; none: no route.
    Route(Option<RouteId>),
    /// Its band is this one or a higher one.
    AtLeastBand(BandsId, u16),
    /// It stands at this cell.
    Cell(MatrixId, u16),
    /// It fits.
    Fits(FitId),
    /// It fails a fit.
    Fails(FitId),
    /// A persona is true of it.
    Persona(DefineId),
}

/// Where the pieces of one of the policies are in the joint one.
#[derive(Debug, Default)]
pub struct Side {
    /// By field.
    pub fields: Vec<FieldId>,
    /// By event type: the type, and its fields' places.
    pub events: Vec<(crate::model::EventTypeId, Vec<u16>)>,
    /// By part.
    pub parts: Vec<PartId>,
    domains: Vec<DomainId>,
    lengths: Vec<LengthId>,
    queries: Vec<QueryId>,
    defines: Vec<DefineId>,
    checks: Vec<CheckId>,
    fits: Vec<FitId>,
    bands: Vec<BandsId>,
    matrices: Vec<MatrixId>,
    reasons: Vec<ReasonId>,
    /// By stage: whether it is reached.
    reached: Vec<DefineId>,
    /// By stage: whether it or a higher one is the lead's, which is not disqualified.
    at_least: Vec<DefineId>,
    disqualified: Option<DefineId>,
    /// The stage as a value.
    stage: Option<DefineId>,
    /// By route: whether its condition is true.
    routes: Vec<DefineId>,
    /// By route: whether it is taken; the last is for no route.
    taken: Vec<DefineId>,
}

/// Two policies that are being joined.
#[derive(Debug)]
pub struct Join<'m> {
    out: Program,
    meanings: &'m Meanings,
    shared: Shared,
    done: HashSet<Step>,
    old: Side,
    new: Side,
}

/// What is known by its meaning.
#[derive(Debug, Default)]
struct Shared {
    fields: HashMap<Key, FieldId>,
    /// By event type, in the order of its fields.
    event_fields: Vec<Vec<Key>>,
    domains: HashMap<String, DomainId>,
    queries: HashMap<Key, QueryId>,
    defines: HashMap<Key, DefineId>,
    fits: HashMap<Key, FitId>,
    checks: HashMap<FitId, Vec<(Key, CheckId)>>,
    parts: HashMap<Key, PartId>,
    bands: HashMap<Key, BandsId>,
    matrices: HashMap<Key, MatrixId>,
    reasons: HashMap<Key, ReasonId>,
}

/// Two policies as one.
#[derive(Debug)]
pub struct Joined {
    /// Both; it has neither stages nor routes.
    pub program: Program,
    /// Where the old policy's pieces are.
    pub old: Side,
    /// Where the new policy's pieces are.
    pub new: Side,
}

impl<'m> Join<'m> {
    /// Joins two policies, in the zone of the new one.
    pub fn new(old: &Program, new: &Program, meanings: &'m Meanings) -> Join<'m> {
        let mut join = Join {
            out: nothing(old, new),
            meanings,
            shared: Shared::default(),
            done: HashSet::new(),
            old: Side::default(),
            new: Side::default(),
        };
        join.old = join.side(old);
        join.new = join.side(new);
        join.out.schema.key = new.schema.key.map(|key| join.new.fields[key.index()]);
        join.out.reads_events = old.reads_events || new.reads_events;
        join
    }

    /// The joint policy.
    pub fn finish(self) -> Joined {
        Joined { program: self.out, old: self.old, new: self.new }
    }

    /// The joint policy so far.
    pub fn program(&self) -> &Program {
        &self.out
    }

    /// Where the pieces of one of the policies are.
    pub fn of(&self, of: Of) -> &Side {
        match of {
            Of::Old => &self.old,
            Of::New => &self.new,
        }
    }

    /// A condition that is true when a claim is, else false.
    pub fn claim(&mut self, of: Of, claim: Claim) -> DefineId {
        let side = self.of(of);
        let kind = match claim {
            Claim::AtLeast(stage) => return side.at_least[stage.index()],
            Claim::Disqualified => match side.disqualified {
                Some(disqualified) => return disqualified,
                None => ExprKind::Constant(Literal::Bool(false)),
            },
            Claim::Reason(reason) => ExprKind::DisqualifiedBy(side.reasons[reason.index()]),
            Claim::Route(route) => {
                let place = route.map_or(side.taken.len().wrapping_sub(1), |route| route.index());
                match side.taken.get(place) {
                    Some(taken) => return *taken,
                    // A policy without routes gives none.
                    None => ExprKind::Constant(Literal::Bool(route.is_none())),
                }
            }
            Claim::AtLeastBand(bands, band) => {
                let bands = side.bands[bands.index()];
                let ty = Type::One(Scalar::Choice(self.out.bands[bands.index()].domain));
                let value = self.make(ty, ExprKind::Band(bands));
                let from = self.make(ty, ExprKind::Constant(Literal::Choice(band)));
                ExprKind::Compare(CompareOp::GreaterOrEqual, Box::new(value), Box::new(from))
            }
            Claim::Cell(matrix, cell) => {
                let matrix = side.matrices[matrix.index()];
                let ty = Type::One(Scalar::Choice(self.out.matrices[matrix.index()].domain));
                let value = self.make(ty, ExprKind::Cell(matrix));
                let cell = self.make(ty, ExprKind::Constant(Literal::Choice(cell)));
                ExprKind::Compare(CompareOp::Is, Box::new(value), Box::new(cell))
            }
            Claim::Fits(fit) => ExprKind::Fits(side.fits[fit.index()]),
            Claim::Fails(fit) => {
                let fits = ExprKind::Fits(side.fits[fit.index()]);
                ExprKind::Not(Box::new(self.condition(fits)))
            }
            Claim::Persona(define) => ExprKind::Define(side.defines[define.index()]),
        };
        let condition = self.condition(kind);
        let sure = self.sure(condition);
        self.define(sure)
    }

    /// A condition that is true when the first part has more points than the second.
    pub fn more_points(&mut self, part: PartId, than: PartId) -> DefineId {
        let number = Type::One(Scalar::Number);
        let part = self.make(number, ExprKind::Points(part));
        let than = self.make(number, ExprKind::Points(than));
        let more = self.condition(ExprKind::Compare(CompareOp::Greater, Box::new(part), Box::new(than)));
        self.define(more)
    }

    /// The sum of those parts of a group that another group does not have.
    pub fn rest(&mut self, group: PartId, other: PartId) -> Option<PartId> {
        let parts = |part: PartId| match &self.out.parts[part.index()].kind {
            PartKind::Group { parts, .. } => Some(parts.clone()),
            _ => None,
        };
        let (mut parts, others) = (parts(group)?, parts(other)?);
        for shared in others {
            if let Some(place) = parts.iter().position(|part| *part == shared) {
                parts.remove(place);
            }
        }
        let id = PartId(self.out.parts.len() as u16);
        self.out.parts.push(Part {
            name: String::new(),
            label: String::new(),
            score: id,
            parent: None,
            kind: PartKind::Group { parts, from: None, to: None },
            span: Span::default(),
        });
        self.step(Step::Part(id));
        Some(id)
    }

    fn event_types(&self) -> usize {
        self.out.schema.events.len()
    }

    fn make(&mut self, ty: Type, kind: ExprKind) -> Expr {
        let id = ExprId(self.out.expressions);
        self.out.expressions += 1;
        Expr { id, ty, span: Span::default(), kind }
    }

    fn condition(&mut self, kind: ExprKind) -> Expr {
        self.make(Type::One(Scalar::Bool), kind)
    }

    /// A condition that is false where it was unknown.
    fn sure(&mut self, condition: Expr) -> Expr {
        let no = self.condition(ExprKind::Constant(Literal::Bool(false)));
        self.condition(ExprKind::Otherwise(Box::new(condition), Box::new(no)))
    }

    /// A define of this value, to be worked out next; what is known already is not made again.
    fn define(&mut self, value: Expr) -> DefineId {
        let key = Keys::new(&self.out, self.meanings).expr(&value);
        let id = match self.shared.defines.get(&key) {
            Some(id) => *id,
            None => {
                let id = DefineId(self.out.defines.len() as u16);
                self.shared.defines.insert(key, id);
                self.out.defines.push(Define {
                    name: String::new(),
                    label: String::new(),
                    persona: false,
                    value,
                    constant: false,
                    span: Span::default(),
                });
                id
            }
        };
        self.step(Step::Define(id));
        id
    }

    fn named(&mut self, define: DefineId) -> Expr {
        self.condition(ExprKind::Define(define))
    }

    fn step(&mut self, step: Step) {
        if self.done.insert(step) {
            self.out.order.push(step);
        }
    }
}

/// A policy that says nothing, and names all days that either names.
fn nothing(old: &Program, new: &Program) -> Program {
    let mut meta = Meta { review: new.meta.review, ..Meta::default() };
    for program in [old, new] {
        meta.agreed.extend(program.meta.agreed.iter().cloned());
        meta.agreed.extend(program.meta.review.iter().filter_map(|(_, last)| Some((String::new(), (*last)?))));
        meta.agreed.extend(program.tests.iter().map(|test| (String::new(), program.zone.day(test.as_of))));
    }
    Program {
        meta,
        zone: new.zone.clone(),
        schema: Schema { event_source: new.schema.event_source.clone(), ..Schema::default() },
        stage_domain: None,
        lengths: Vec::new(),
        queries: Vec::new(),
        defines: Vec::new(),
        checks: Vec::new(),
        fits: Vec::new(),
        scores: Vec::new(),
        parts: Vec::new(),
        bands: Vec::new(),
        matrices: Vec::new(),
        reasons: Vec::new(),
        stages: Vec::new(),
        routes: Vec::new(),
        always: Vec::new(),
        outcome: None,
        tests: Vec::new(),
        order: Vec::new(),
        expressions: 0,
        reads_events: false,
        sources: new.sources.clone(),
        overrides: Vec::new(),
    }
}
