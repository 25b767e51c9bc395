//! What the pieces of policies mean, as numbers: pieces have one number when they are written alike but for names, order
//! and place.
//!
//! A define counts as what it stands for, an event type as how the data spells it, a field as where the data holds it, a
//! list as its entries; `and`, `or`, the checks of a fit and the parts of a score have no order. Pieces with one number
//! mean the same; pieces that mean the same may have two.

use super::hir::{
    Axis, BandsId, DefineId, EventTypes, EventWindow, Expr, ExprKind, FitId, Included, LengthId, MatrixId, PartId,
    PartKind, Per, Program, QueryId, ReasonId, Set, StageId,
};
use crate::model::{DomainId, DomainKind, EventTypeId, Field, FieldId, Literal, Scalar, Type};
use crate::syntax::ast::CompareOp;
use std::cell::RefCell;
use std::collections::HashMap;

/// What a piece of a policy means. Only keys of one [`Meanings`] can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u32);

/// The meanings of all policies that are compared with each other.
#[derive(Debug, Default)]
pub struct Meanings {
    known: RefCell<HashMap<String, u32>>,
}

impl Meanings {
    fn key(&self, text: String) -> Key {
        let mut known = self.known.borrow_mut();
        let next = known.len() as u32;
        Key(*known.entry(text).or_insert(next))
    }
}

/// What the pieces of one policy mean.
#[derive(Debug)]
pub struct Keys<'p> {
    program: &'p Program,
    meanings: &'p Meanings,
    parts: RefCell<HashMap<PartId, Key>>,
    defines: RefCell<HashMap<DefineId, Key>>,
    queries: RefCell<HashMap<QueryId, Key>>,
}

/// Keys side by side, in any order.
fn sorted(mut keys: Vec<Key>) -> Vec<Key> {
    keys.sort_unstable();
    keys
}

impl<'p> Keys<'p> {
    /// For a policy.
    pub fn new(program: &'p Program, meanings: &'p Meanings) -> Keys<'p> {
        let (parts, defines, queries) = (RefCell::default(), RefCell::default(), RefCell::default());
        Keys { program, meanings, parts, defines, queries }
    }

    fn key(&self, text: String) -> Key {
        self.meanings.key(text)
    }

    /// How a field's value is read, and what values there are.
    pub fn field_of(&self, field: &Field) -> Key {
        let ty = self.ty(field.ty, true);
        let format = field.format.as_ref().map(|format| &format.written);
        self.key(format!("field {:?} {ty} {format:?} {:?}", field.from.whole, field.missing))
    }

    /// A field of the lead.
    pub fn field(&self, id: FieldId) -> Key {
        self.field_of(self.program.schema.field(id))
    }

    /// A type; of choices that data spells, with their names.
    fn ty(&self, ty: Type, spelled: bool) -> String {
        let (list, scalar) = match ty {
            Type::One(scalar) => ("", scalar),
            Type::List(scalar) => ("list of ", scalar),
        };
        match scalar {
            Scalar::Choice(domain) => format!("{list}{}", self.domain(domain, spelled)),
            scalar => format!("{list}{scalar:?}"),
        }
    }

    /// A list of choices.
    pub fn domain(&self, id: DomainId, spelled: bool) -> String {
        let domain = self.program.schema.domain(id);
        let names = domain.choices.iter().map(|choice| (&choice.folded, &choice.label));
        match domain.kind {
            DomainKind::OneOf | DomainKind::Ranked | DomainKind::Cells => {
                format!("{:?} {:?}", domain.kind, names.map(|(name, _)| name).collect::<Vec<_>>())
            }
            kind if spelled => format!("{kind:?} {:?}", names.collect::<Vec<_>>()),
            kind => format!("{kind:?} {}", domain.choices.len()),
        }
    }

    fn literal(&self, literal: &Literal, ty: Type) -> String {
        let (Type::One(scalar) | Type::List(scalar)) = ty;
        match (literal, scalar) {
            (Literal::Int(value), _) => format!("{}", i128::from(*value) * 1_000_000),
            (Literal::Number(value), _) => format!("{value}"),
            (Literal::Choice(choice), Scalar::Choice(domain)) => {
                let domain = self.program.schema.domain(domain);
                match (domain.kind, domain.choices.get(usize::from(*choice))) {
                    (DomainKind::OneOf | DomainKind::Ranked | DomainKind::Cells, Some(choice)) => {
                        format!("choice {:?}", choice.folded)
                    }
                    _ => format!("choice {choice}"),
                }
            }
            (Literal::List(entries), scalar) => {
                let entries: Vec<String> = entries.iter().map(|entry| self.literal(entry, Type::One(scalar))).collect();
                format!("{entries:?}")
            }
            (other, scalar) => match scalar {
                Scalar::Choice(_) => format!("{other:?}"),
                scalar => format!("{scalar:?} {other:?}"),
            },
        }
    }

    /// A length of time.
    pub fn length(&self, id: LengthId) -> String {
        let length = self.program.lengths[id.index()];
        match length.millis() {
            Some(millis) => format!("{millis}ms"),
            None => format!("{}mo", length.months()),
        }
    }

    /// An event type, as the data spells it.
    pub fn event(&self, id: EventTypeId) -> &'p str {
        &self.program.schema.event(id).from
    }

    fn types(&self, types: &EventTypes) -> String {
        match types {
            EventTypes::All => "all".to_owned(),
            EventTypes::One(one) => format!("{:?}", [self.event(*one)]),
            EventTypes::Any(any) => {
                let mut names: Vec<&str> = any.iter().map(|ty| self.event(*ty)).collect();
                names.sort_unstable();
                names.dedup();
                format!("{names:?}")
            }
        }
    }

    /// A question about events.
    pub fn query(&self, id: QueryId) -> Key {
        if let Some(key) = self.queries.borrow().get(&id) {
            return *key;
        }
        let query = &self.program.queries[id.index()];
        let types = self.types(&query.types);
        let condition = query.condition.as_ref().map(|condition| self.at_event(condition, &query.types));
        let window = match &query.window {
            None => String::new(),
            Some(EventWindow::Within(length)) => format!("within {}", self.length(*length)),
            Some(EventWindow::Since(time)) => format!("since {:?}", self.expr(time)),
        };
        let key = self.key(format!("events {types} {condition:?} {window}"));
        self.queries.borrow_mut().insert(id, key);
        key
    }

    /// An expression on the lead.
    pub fn expr(&self, expr: &Expr) -> Key {
        self.at(expr, None)
    }

    /// An expression on an event of these types.
    pub fn at_event(&self, expr: &Expr, types: &EventTypes) -> Key {
        self.at(expr, Some(types))
    }

    fn at(&self, expr: &Expr, types: Option<&EventTypes>) -> Key {
        let of = |expr: &Expr| self.at(expr, types);
        let all = |all: &[Expr]| all.iter().map(of).collect::<Vec<Key>>();
        let text = match &expr.kind {
            ExprKind::Constant(literal) => format!("constant {}", self.literal(literal, expr.ty)),
            ExprKind::Field(field) => return self.field(*field),
            ExprKind::EventField(places) => self.event_field(places, types),
            ExprKind::EventType => "event type".to_owned(),
            ExprKind::EventDay => "event day".to_owned(),
            ExprKind::Subject => "subject".to_owned(),
            ExprKind::Define(id) => return self.define(*id),
            ExprKind::Points(part) => format!("points {:?}", self.part(*part)),
            ExprKind::Check(check) => return self.expr(&self.program.checks[check.index()].condition),
            ExprKind::CheckCount(fit, state) => format!("count {state:?} {:?}", self.checks(*fit)),
            ExprKind::Fits(fit) => format!("fits {:?}", self.fit(*fit)),
            ExprKind::FitUnknown(fit) => format!("fit unknown {:?}", self.fit(*fit)),
            ExprKind::Band(bands) => format!("band {:?}", self.bands(*bands)),
            ExprKind::Cell(matrix) => format!("cell {:?}", self.matrix(*matrix)),
            ExprKind::Stage => format!("stage {:?}", self.ladder()),
            ExprKind::Disqualified => format!("disqualified {:?}", self.disqualified()),
            ExprKind::DisqualifiedBy(reason) => format!("disqualified by {:?}", self.reason(*reason)),
            ExprKind::Not(inner) => match &inner.kind {
                ExprKind::Not(same) => return of(same),
                _ => format!("not {:?}", of(inner)),
            },
            ExprKind::And(parts) => return self.joined(parts, true, types),
            ExprKind::Or(parts) => return self.joined(parts, false, types),
            ExprKind::Implies(a, b) => format!("implies {:?} {:?}", of(a), of(b)),
            ExprKind::AtLeastOf(count, parts) => format!("at least {count} of {:?}", sorted(all(parts))),
            ExprKind::AtMostOf(count, parts) => format!("at most {count} of {:?}", sorted(all(parts))),
            ExprKind::Compare(op, a, b) => self.compare(*op, of(a), of(b)),
            ExprKind::Between(value, low, high) => format!("between {:?} {:?} {:?}", of(value), of(low), of(high)),
            ExprKind::Exactly { value, text, negated } => format!("exactly {negated} {text:?} {:?}", of(value)),
            ExprKind::In { value, set, negated } => {
                format!("in {negated} {:?} {}", of(value), self.set(set, value.ty))
            }
            ExprKind::Match { value, matcher } => {
                let mut patterns: Vec<&String> = matcher.patterns().iter().collect();
                patterns.sort_unstable();
                patterns.dedup();
                format!("match {:?} {:?} {patterns:?}", of(value), std::mem::discriminant(&**matcher))
            }
            ExprKind::Has { value, entries, all } => {
                let mut names: Vec<String> = entries.iter().map(|entry| self.literal(entry, value.ty)).collect();
                names.sort_unstable();
                names.dedup();
                format!("has {} {:?} {names:?}", *all && names.len() > 1, of(value))
            }
            ExprKind::IsKnown(value) => format!("known {:?}", of(value)),
            ExprKind::IsMissing(value) => format!("missing {:?}", of(value)),
            ExprKind::Age(op, value, length) => format!("age {op:?} {:?} {}", of(value), self.length(*length)),
            ExprKind::AgeBetween(value, low, high) => {
                format!("age between {:?} {} {}", of(value), self.length(*low), self.length(*high))
            }
            ExprKind::Within { value, next, length } => {
                format!("within {next} {:?} {}", of(value), self.length(*length))
            }
            ExprKind::If(a, b, c) => format!("if {:?} {:?} {:?} {}", of(a), of(b), of(c), self.ty(expr.ty, false)),
            ExprKind::Otherwise(a, b) => format!("otherwise {:?} {:?} {}", of(a), of(b), self.ty(expr.ty, false)),
            ExprKind::Negate(a) => format!("negate {:?}", of(a)),
            ExprKind::Arithmetic(op, a, b) => format!("{op:?} {:?} {:?} {}", of(a), of(b), self.ty(expr.ty, false)),
            ExprKind::Call(function, arguments) => {
                format!("call {function:?} {:?} {}", all(arguments), self.ty(expr.ty, false))
            }
            ExprKind::AtLeastEvents(count, query) => format!("at least {count} {:?}", self.query(*query)),
            ExprKind::AtMostEvents(count, query) => format!("at most {count} {:?}", self.query(*query)),
            ExprKind::Count(query) => format!("count of {:?}", self.query(*query)),
            ExprKind::Aggregate(op, field, query) => {
                let field = self.at_event(field, &self.program.queries[query.index()].types);
                format!("{op:?} {field:?} {:?}", self.query(*query))
            }
            ExprKind::Edge(first, query) => format!("edge {first} {:?}", self.query(*query)),
        };
        self.key(text)
    }

    fn compare(&self, op: CompareOp, a: Key, b: Key) -> String {
        let (op, a, b) = match op {
            CompareOp::Less => (CompareOp::Greater, b, a),
            CompareOp::LessOrEqual => (CompareOp::GreaterOrEqual, b, a),
            CompareOp::Is | CompareOp::IsNot => (op, a.min(b), a.max(b)),
            op => (op, a, b),
        };
        format!("compare {op:?} {a:?} {b:?}")
    }

    /// What `and` and `or` join, however they are nested: each once, in no order.
    fn joined(&self, parts: &[Expr], and: bool, types: Option<&EventTypes>) -> Key {
        let mut found = Vec::new();
        self.flatten(parts, and, types, &mut found);
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [one] => *one,
            _ => self.key(format!("{} {found:?}", if and { "and" } else { "or" })),
        }
    }

    fn flatten(&self, parts: &[Expr], and: bool, types: Option<&EventTypes>, found: &mut Vec<Key>) {
        for part in parts {
            let mut inner = part;
            while let ExprKind::Define(id) = &inner.kind {
                inner = &self.program.defines[id.index()].value;
            }
            match &inner.kind {
                ExprKind::And(below) if and => self.flatten(below, and, types, found),
                ExprKind::Or(below) if !and => self.flatten(below, and, types, found),
                _ => found.push(self.at(inner, types)),
            }
        }
    }

    fn set(&self, set: &Set, ty: Type) -> String {
        match set {
            Set::Texts(texts) => {
                let mut texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                texts.sort_unstable();
                format!("{texts:?}")
            }
            Set::Choices(choices) => {
                let mut names: Vec<String> =
                    choices.iter().map(|choice| self.literal(&Literal::Choice(*choice), ty)).collect();
                names.sort_unstable();
                names.dedup();
                format!("{names:?}")
            }
            Set::Numbers(numbers) => format!("{numbers:?}"),
            Set::Values(values) => {
                let mut names: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                names.sort_unstable();
                names.dedup();
                format!("{names:?}")
            }
        }
    }

    /// A field of the event at hand: what it is in each type that may be at hand.
    fn event_field(&self, places: &[u16], types: Option<&EventTypes>) -> String {
        let schema = &self.program.schema;
        let mut found = Vec::new();
        for (ty, event) in schema.events.iter().enumerate() {
            let place = if let [one] = places { Some(one) } else { places.get(ty) };
            let asked = types.is_none_or(|types| types.contains(Some(EventTypeId(ty as u16))));
            let field = place.and_then(|place| event.fields.get(usize::from(*place)));
            if let (Some(field), true) = (field, asked) {
                found.push((&event.from, self.field_of(field)));
            }
        }
        found.sort_unstable();
        format!("event field {found:?}")
    }

    /// What a define stands for.
    pub fn define(&self, id: DefineId) -> Key {
        if let Some(key) = self.defines.borrow().get(&id) {
            return *key;
        }
        let key = self.expr(&self.program.defines[id.index()].value);
        self.defines.borrow_mut().insert(id, key);
        key
    }

    fn checks(&self, id: FitId) -> Vec<Key> {
        let checks = self.program.fits[id.index()].checks.clone();
        sorted(checks.map(|check| self.expr(&self.program.checks[usize::from(check)].condition)).collect())
    }

    /// A fit: what it checks and how much of it is needed.
    pub fn fit(&self, id: FitId) -> Key {
        let needs = self.program.fits[id.index()].needs;
        self.key(format!("fit {needs} {:?}", self.checks(id)))
    }

    /// What a part of a score is worth.
    pub fn part(&self, id: PartId) -> Key {
        if let Some(key) = self.parts.borrow().get(&id) {
            return *key;
        }
        let text = match &self.program.parts[id.index()].kind {
            PartKind::Group { parts, from, to } => {
                let mut found = Vec::new();
                self.flat_parts(parts, &mut found);
                format!("group {from:?} {to:?} {:?}", sorted(found))
            }
            PartKind::Include { of, factor } => {
                let factor = factor.filter(|factor| *factor != 1_000_000);
                match of {
                    Included::Score(score) => format!("include {factor:?} {:?}", self.part(*score)),
                    Included::Number(number) => {
                        format!("include number {factor:?} {:?} {}", self.expr(number), self.ty(number.ty, false))
                    }
                }
            }
            PartKind::If { points, condition } => format!("if {points} {:?}", self.expr(condition)),
            PartKind::Per(per) => self.per(per),
            PartKind::PerPeriod { points, period, since, most } => {
                format!("per period {points} {period} {most:?} {:?}", self.expr(since))
            }
            PartKind::By { value, cases, missing, otherwise } => {
                let cases: Vec<(Key, i64)> =
                    cases.iter().map(|case| (self.expr(&case.condition), case.points)).collect();
                let (missing, otherwise) = (missing.unwrap_or(0), otherwise.unwrap_or(0));
                format!("by {:?} {cases:?} {missing} {otherwise}", self.expr(value))
            }
            PartKind::FirstOf { cases, otherwise } => {
                let cases: Vec<(Key, i64)> =
                    cases.iter().map(|case| (self.expr(&case.condition), case.points)).collect();
                format!("first of {cases:?} {}", otherwise.unwrap_or(0))
            }
        };
        let key = self.key(text);
        self.parts.borrow_mut().insert(id, key);
        key
    }

    /// The parts of a sum; a group without limits is what it holds. Sums of fields may grow so large that they are held
    /// at the largest number: they stay together.
    fn flat_parts(&self, parts: &[PartId], found: &mut Vec<Key>) {
        let closed = |kind: &PartKind| {
            matches!(kind, PartKind::Include { of: Included::Number(_), .. } | PartKind::Group { .. })
        };
        let open = |part: &PartId| !closed(&self.program.parts[part.index()].kind);
        for part in parts {
            match &self.program.parts[part.index()].kind {
                PartKind::Group { parts, from: None, to: None } if parts.iter().all(open) => {
                    self.flat_parts(parts, found);
                }
                _ => found.push(self.part(*part)),
            }
        }
    }

    fn per(&self, per: &Per) -> String {
        let distinct =
            per.distinct.as_ref().map(|field| self.at_event(field, &self.program.queries[per.query.index()].types));
        let caps = (per.per_day, per.per_week, per.per_month, per.times);
        let query = self.query(per.query);
        format!("per {} {query:?} {distinct:?} {caps:?} {:?} {:?}", per.points, per.decay, per.most)
    }

    /// Bands: the score, and where each begins.
    pub fn bands(&self, id: BandsId) -> Key {
        let bands = &self.program.bands[id.index()];
        self.key(format!("bands {:?} {:?}", self.part(bands.of), bands.from))
    }

    /// A matrix: both dimensions and its cells.
    pub fn matrix(&self, id: MatrixId) -> Key {
        let matrix = &self.program.matrices[id.index()];
        let axis = |axis: &Axis| match axis {
            Axis::Bands(bands) => format!("bands {:?}", self.bands(*bands)),
            Axis::Fit(fit) => format!("fit {:?}", self.fit(*fit)),
            Axis::Field(field, _) => format!("field {:?}", self.field(*field)),
        };
        let choices = &self.program.schema.domain(matrix.domain).choices;
        let cells: Vec<Option<&String>> =
            matrix.cells.iter().map(|cell| choices.get(usize::from(*cell)).map(|choice| &choice.folded)).collect();
        self.key(format!("matrix {} {} {cells:?}", axis(&matrix.rows), axis(&matrix.columns)))
    }

    /// A reason to disqualify.
    pub fn reason(&self, id: ReasonId) -> Key {
        self.expr(&self.program.reasons[id.index()].condition)
    }

    /// All reasons to disqualify.
    pub fn disqualified(&self) -> Key {
        let reasons = (0..self.program.reasons.len()).map(|reason| self.reason(ReasonId(reason as u16)));
        let mut reasons = sorted(reasons.collect());
        reasons.dedup();
        self.key(format!("reasons {reasons:?}"))
    }

    /// What it takes to reach a stage, but for the stage that it is `after`.
    pub fn stage(&self, id: StageId) -> Key {
        let stage = &self.program.stages[id.index()];
        let condition = stage.condition.as_ref().map(|condition| self.expr(condition));
        let keep = stage.keep_while.as_ref().map(|keep| (self.expr(keep), self.program.schema.stage_field));
        let keep = keep.map(|(keep, field)| (keep, field.map(|field| self.field(field))));
        self.key(format!("stage {condition:?} {keep:?}"))
    }

    /// What it takes to reach a stage, with the stages that it is `after`.
    pub fn reached(&self, id: StageId) -> Key {
        let stage = &self.program.stages[id.index()];
        let after = stage.after.map(|after| self.reached(after));
        // Whoever is kept stands at this place of the ladder or higher.
        let place = stage.keep_while.as_ref().map(|_| id);
        self.key(format!("reached {:?} {after:?} {place:?}", self.stage(id)))
    }

    /// What it takes not to be disqualified and to be at a stage or higher.
    pub fn at_least(&self, id: StageId) -> Key {
        let above = (id.0..self.program.stages.len() as u16).map(|stage| self.reached(StageId(stage)));
        let above: Vec<Key> = if id.0 == 0 { Vec::new() } else { above.collect() };
        self.key(format!("at least {above:?} {:?}", self.disqualified()))
    }

    /// Whether the condition of a route is true.
    pub fn route(&self, place: usize) -> Key {
        let condition = self.program.routes[place].condition.as_ref().map(|condition| self.expr(condition));
        self.key(format!("route {condition:?}"))
    }

    /// Whether a route is the first whose condition is true; behind the last, whether none is.
    pub fn taken(&self, place: usize) -> Key {
        let before: Vec<Key> = (0..place).map(|before| self.route(before)).collect();
        let own = (place < self.program.routes.len()).then(|| self.route(place));
        let mut before = sorted(before);
        before.dedup();
        self.key(format!("taken {own:?} {before:?}"))
    }

    /// The whole ladder, whatever its stages are called, and who stands outside of it.
    pub fn ladder(&self) -> Key {
        let rung = |place: usize| {
            let id = StageId(place as u16);
            (self.stage(id), self.program.stages[place].after)
        };
        let rungs: Vec<_> = (0..self.program.stages.len()).map(rung).collect();
        self.key(format!("ladder {rungs:?} {:?}", self.disqualified()))
    }

    /// All routes in their order, whatever they are called.
    pub fn routes(&self) -> Key {
        let routes = self.program.routes.iter().map(|route| {
            let condition = route.condition.as_ref().map(|condition| self.expr(condition));
            (condition, route.within.map(|within| self.length(within)))
        });
        let routes: Vec<_> = routes.collect();
        self.key(format!("routes {routes:?}"))
    }
}
