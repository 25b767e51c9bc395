//! What a policy asks of each field: every condition on a field alone, and where a field meets more than that.

use super::Why;
use crate::builtins::{Function, Matcher};
use crate::check::hir::{
    Axis, EventTypes, EventWindow, Expr, ExprKind, Included, LengthId, PartKind, Program, QueryId, Set, Step,
};
use crate::model::{EventTypeId, FieldId, Literal, Scalar, Type};
use crate::syntax::ast::ArithmeticOp;
use std::collections::{BTreeMap, BTreeSet};

/// A field of the lead or of an event type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A field of the lead.
    Lead(FieldId),
    /// A field of an event type, by its place.
    Event(EventTypeId, u16),
}

/// What of a field a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The value itself.
    Whole,
    /// `domain(x)`
    Domain,
    /// `length(x)`
    Length,
    /// `size(x)`
    Size,
}

/// A condition on a value alone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test<'p> {
    /// Compared with a value.
    Value(&'p Literal),
    /// Looked up in a set.
    In(&'p Set),
    /// `is exactly`
    Exactly(&'p str),
    /// A text operator.
    Match(&'p Matcher),
    /// `has` entries.
    Has(&'p [Literal], bool),
    /// `age of x` compared with a length.
    Age(LengthId),
    /// `within D`, `within next D`.
    Within(LengthId, bool),
    /// Something that is worked out from the field alone, and rises or falls with it, compared with a value.
    Turns(FieldId, &'p Expr, &'p Literal),
    /// Whether there is a value: of `domain(x)` not the same as for the field.
    Known,
}

/// What a policy asks of a field.
#[derive(Debug, Default)]
pub(super) struct Facts<'p> {
    pub(super) atoms: Vec<(View, Test<'p>)>,
    pub(super) why: BTreeSet<Why>,
    pub(super) used: bool,
}

/// The facts of all fields that any step of the policy reads.
pub(super) fn collect(program: &Program) -> BTreeMap<Target, Facts<'_>> {
    let mut collector = Collector { program, facts: BTreeMap::new(), queries: BTreeSet::new() };
    let top = Context { subject: None, types: None };
    for step in &program.order {
        collector.step(*step, top);
    }
    for matrix in &program.matrices {
        for axis in [&matrix.rows, &matrix.columns] {
            if let Axis::Field(field, _) = axis {
                collector.fact(Target::Lead(*field)).used = true;
            }
        }
    }
    if let Some(field) = program.schema.stage_field
        && program.stages.iter().any(|stage| stage.keep_while.is_some())
    {
        collector.fact(Target::Lead(field)).used = true;
    }
    collector.facts
}

/// What `by` looks at, and the types of the event at hand.
#[derive(Clone, Copy)]
struct Context<'p> {
    subject: Option<&'p Expr>,
    types: Option<&'p EventTypes>,
}

struct Collector<'p> {
    program: &'p Program,
    facts: BTreeMap<Target, Facts<'p>>,
    queries: BTreeSet<QueryId>,
}

impl<'p> Collector<'p> {
    fn fact(&mut self, target: Target) -> &mut Facts<'p> {
        self.facts.entry(target).or_default()
    }

    fn step(&mut self, step: Step, context: Context<'p>) {
        let program = self.program;
        match step {
            Step::Define(id) => self.visit(&program.defines[id.index()].value, context),
            Step::Check(id) => self.visit(&program.checks[id.index()].condition, context),
            Step::Reason(id) => self.visit(&program.reasons[id.index()].condition, context),
            Step::Always(id) => self.visit(&program.always[id.index()].condition, context),
            Step::Part(id) => self.part(&program.parts[id.index()].kind, context),
            Step::StageReached(id) => {
                let stage = &program.stages[id.index()];
                for condition in stage.condition.iter().chain(&stage.keep_while) {
                    self.visit(condition, context);
                }
            }
            Step::Route => {
                for condition in program.routes.iter().filter_map(|route| route.condition.as_ref()) {
                    self.visit(condition, context);
                }
            }
            Step::Fit(_) | Step::Bands(_) | Step::Matrix(_) | Step::Disqualified | Step::Stage => {}
        }
    }

    fn part(&mut self, part: &'p PartKind, context: Context<'p>) {
        match part {
            PartKind::Group { .. } | PartKind::Include { of: Included::Score(_), .. } => {}
            PartKind::Include { of: Included::Number(expr), .. } => self.operand(expr, Why::Added, context),
            PartKind::If { condition, .. } => self.visit(condition, context),
            PartKind::Per(per) => {
                self.query(per.query);
                if let Some(field) = &per.distinct {
                    let types = Some(&self.program.queries[per.query.index()].types);
                    self.operand(field, Why::Added, Context { types, ..context });
                }
            }
            PartKind::PerPeriod { since, .. } => self.operand(since, Why::Added, context),
            PartKind::By { value, cases, .. } => {
                // Whether it is known decides as well.
                match self.resolve(value, context) {
                    Some(_) => self.test(value, Test::Known, context),
                    None => self.visit(value, context),
                }
                let inner = Context { subject: Some(value), ..context };
                for case in cases {
                    self.visit(&case.condition, inner);
                }
            }
            PartKind::FirstOf { cases, .. } => {
                for case in cases {
                    self.visit(&case.condition, context);
                }
            }
        }
    }

    fn query(&mut self, query: QueryId) {
        if !self.queries.insert(query) {
            return;
        }
        let query = &self.program.queries[query.index()];
        let context = Context { subject: None, types: Some(&query.types) };
        if let Some(condition) = &query.condition {
            self.visit(condition, context);
        }
        if let Some(EventWindow::Since(time)) = &query.window {
            self.operand(time, Why::Compared, Context { subject: None, types: None });
        }
    }

    /// The fields that an expression is, and what of them it looks at.
    fn resolve(&self, expr: &'p Expr, context: Context<'p>) -> Option<(Vec<Target>, View)> {
        match &expr.kind {
            ExprKind::Field(field) => Some((vec![Target::Lead(*field)], View::Whole)),
            ExprKind::EventField(places) => Some((event_targets(self.program, places, context.types?), View::Whole)),
            ExprKind::Subject => self.resolve(context.subject?, Context { subject: None, ..context }),
            ExprKind::Define(define) => self.resolve(&self.program.defines[define.index()].value, context),
            ExprKind::Otherwise(value, default) => {
                constant(self.program, default)?;
                self.resolve(value, context)
            }
            ExprKind::Call(function, arguments) => {
                let (targets, view) = self.resolve(arguments.first()?, context)?;
                let view = match (function, view) {
                    (Function::Domain, View::Whole) => View::Domain,
                    (Function::Length, View::Whole) => View::Length,
                    (Function::Size, View::Whole) => View::Size,
                    _ => return None,
                };
                Some((targets, view))
            }
            _ => None,
        }
    }

    /// Writes a condition down, or goes on below it when it is not on a field alone.
    fn test(&mut self, value: &'p Expr, test: Test<'p>, context: Context<'p>) {
        match self.resolve(value, context) {
            Some((targets, view)) => {
                for target in targets {
                    let fact = self.fact(target);
                    fact.atoms.push((view, test));
                    fact.used = true;
                }
            }
            None => self.operand(value, Why::Compared, context),
        }
    }

    fn visit(&mut self, expr: &'p Expr, context: Context<'p>) {
        match &expr.kind {
            ExprKind::Compare(_, a, b) => self.compare(a, b, context),
            ExprKind::Between(value, low, high) => {
                self.compare(value, low, context);
                self.compare(value, high, context);
            }
            ExprKind::Exactly { value, text, .. } => self.test(value, Test::Exactly(text), context),
            ExprKind::In { value, set, .. } => self.test(value, Test::In(set), context),
            ExprKind::Match { value, matcher } => self.test(value, Test::Match(matcher), context),
            ExprKind::Has { value, entries, all } => self.test(value, Test::Has(entries, *all), context),
            ExprKind::IsKnown(value) | ExprKind::IsMissing(value) => match value.ty {
                Type::One(Scalar::Bool) if self.resolve(value, context).is_none() => self.visit(value, context),
                _ => self.test(value, Test::Known, context),
            },
            ExprKind::Age(_, value, length) => self.test(value, Test::Age(*length), context),
            ExprKind::AgeBetween(value, low, high) => {
                self.test(value, Test::Age(*low), context);
                self.test(value, Test::Age(*high), context);
            }
            ExprKind::Within { value, next, length } => self.test(value, Test::Within(*length, *next), context),
            _ if expr.ty == Type::One(Scalar::Bool) => {
                match self.resolve(expr, context) {
                    Some((targets, _)) => {
                        for target in targets {
                            self.fact(target).used = true;
                        }
                    }
                    None => {
                        for child in expr.children() {
                            self.visit(child, context);
                        }
                    }
                }
                if let Some(query) = expr.query() {
                    self.query(query);
                }
            }
            _ => self.operand(expr, Why::Calculated, context),
        }
    }

    fn compare(&mut self, a: &'p Expr, b: &'p Expr, context: Context<'p>) {
        match (constant(self.program, a), constant(self.program, b)) {
            (_, Some(literal)) => self.against(a, literal, context),
            (Some(literal), None) => self.against(b, literal, context),
            (None, None) => {
                self.operand(a, Why::Compared, context);
                self.operand(b, Why::Compared, context);
            }
        }
    }

    fn against(&mut self, value: &'p Expr, literal: &'p Literal, context: Context<'p>) {
        // What events add up to is compared with it: a single event with this value is a good witness.
        if let ExprKind::Aggregate(_, field, query) = &value.kind {
            let types = Some(&self.program.queries[query.index()].types);
            let inner = Context { types, ..context };
            if let Some((targets, View::Whole)) = self.resolve(field, inner) {
                for target in targets {
                    self.fact(target).atoms.push((View::Whole, Test::Value(literal)));
                }
            }
        }
        if self.resolve(value, context).is_none()
            && context.types.is_none()
            && let Some(field) = steady(self.program, value)
        {
            let fact = self.fact(Target::Lead(field));
            fact.atoms.push((View::Whole, Test::Turns(field, value, literal)));
            fact.used = true;
            return;
        }
        self.test(value, Test::Value(literal), context);
    }

    /// An expression that is not a condition on a field alone: its fields are only sampled.
    fn operand(&mut self, expr: &'p Expr, why: Why, context: Context<'p>) {
        if constant(self.program, expr).is_some() {
            return;
        }
        if expr.ty == Type::One(Scalar::Bool) {
            return match self.resolve(expr, context) {
                Some((targets, _)) => {
                    for target in targets {
                        self.fact(target).used = true;
                    }
                }
                None => self.visit(expr, context),
            };
        }
        if let Some((targets, _)) = self.resolve(expr, context) {
            for target in targets {
                let fact = self.fact(target);
                fact.why.insert(why);
                fact.used = true;
            }
            return;
        }
        let inner_why = if why == Why::Compared { Why::Compared } else { Why::Calculated };
        if let ExprKind::Define(define) = &expr.kind {
            return self.operand(&self.program.defines[define.index()].value, inner_why, context);
        }
        let types = expr.query().map(|query| &self.program.queries[query.index()].types);
        let inner = Context { types: types.or(context.types), ..context };
        // What events add up to, whatever that is compared with, looks at their field in no other way.
        let child_why = if expr.query().is_some() { Why::Added } else { Why::Calculated };
        for child in expr.children() {
            self.operand(child, child_why, inner);
        }
        if let Some(query) = expr.query() {
            self.query(query);
        }
    }
}

/// The fields of types that an event's field may be.
fn event_targets(program: &Program, places: &[u16], types: &EventTypes) -> Vec<Target> {
    let of = |ty: EventTypeId| {
        let place = if let [one] = places { *one } else { places.get(ty.index()).copied().unwrap_or(u16::MAX) };
        (place != u16::MAX).then_some(Target::Event(ty, place))
    };
    match types {
        EventTypes::One(ty) => of(*ty).into_iter().collect(),
        EventTypes::Any(types) => types.iter().filter_map(|ty| of(*ty)).collect(),
        EventTypes::All => (0..program.schema.events.len()).filter_map(|ty| of(EventTypeId(ty as u16))).collect(),
    }
}

/// The constant that an expression is.
pub(in crate::analysis) fn constant<'p>(program: &'p Program, expr: &'p Expr) -> Option<&'p Literal> {
    match &expr.kind {
        ExprKind::Constant(literal) => Some(literal),
        ExprKind::Define(define) => constant(program, &program.defines[define.index()].value),
        _ => None,
    }
}

/// The lead's field that an expression looks at and nothing else: itself, its domain, length or size.
pub(in crate::analysis) fn field_of(program: &Program, expr: &Expr, subject: Option<&Expr>) -> Option<FieldId> {
    match &expr.kind {
        ExprKind::Field(field) => Some(*field),
        ExprKind::Subject => field_of(program, subject?, None),
        ExprKind::Define(define) => field_of(program, &program.defines[define.index()].value, subject),
        ExprKind::Otherwise(value, default) => {
            constant(program, default)?;
            field_of(program, value, subject)
        }
        ExprKind::Call(Function::Domain | Function::Length | Function::Size, arguments) => {
            let inner = arguments.first()?;
            if is_call(program, inner, subject) { None } else { field_of(program, inner, subject) }
        }
        _ => None,
    }
}

/// The lead's field that a number is worked out from, where it rises or falls with the field and rests on nothing else.
pub(in crate::analysis) fn steady(program: &Program, expr: &Expr) -> Option<FieldId> {
    let number = |expr: &Expr| matches!(expr.ty, Type::One(Scalar::Int | Scalar::Number | Scalar::Money(_)));
    let fixed = |expr: &Expr| constant(program, expr).is_some();
    match &expr.kind {
        ExprKind::Field(field) if number(expr) => Some(*field),
        ExprKind::Define(define) => steady(program, &program.defines[define.index()].value),
        ExprKind::Otherwise(value, default) => match value.kind {
            ExprKind::Field(field) if number(value) && fixed(default) => Some(field),
            _ => None,
        },
        ExprKind::Negate(of) => steady(program, of),
        ExprKind::Arithmetic(_, a, b) if fixed(b) => steady(program, a),
        ExprKind::Arithmetic(op, a, b) if fixed(a) && *op != ArithmeticOp::Divide => steady(program, b),
        ExprKind::Call(Function::Round, arguments) => steady(program, arguments.first()?),
        ExprKind::Call(Function::Min | Function::Max, arguments) => match arguments.as_slice() {
            [a, b] if fixed(b) => steady(program, a),
            [a, b] if fixed(a) => steady(program, b),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression looks at a part of a field already.
fn is_call(program: &Program, expr: &Expr, subject: Option<&Expr>) -> bool {
    match &expr.kind {
        ExprKind::Call(..) => true,
        ExprKind::Subject => subject.is_some_and(|subject| is_call(program, subject, None)),
        ExprKind::Define(define) => is_call(program, &program.defines[define.index()].value, subject),
        ExprKind::Otherwise(value, _) => is_call(program, value, subject),
        _ => false,
    }
}
