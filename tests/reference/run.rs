//! One lead at one as-of: what its expressions are worth.

use super::events::Event;
use super::number::{self, Q};
use super::policy::Policy;
use super::read::Problem;
use super::score::Scored;
use super::text;
use super::time::Clock;
use super::types::{dotted, literal};
use super::value::{Ty, Value};
use num::Zero;
use qualify::syntax::ast::{
    AggregateOp, Among, Amount, AmountValue, ArithmeticOp, EventQuantifier, Expr, ExprKind, Path, Sign, VerdictOp,
};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

/// A lead, its events, and what was worked out of them so far.
pub struct Run<'a> {
    pub policy: &'a Policy<'a>,
    pub clock: Clock,
    pub fields: HashMap<String, Option<Value>>,
    pub events: Vec<Event>,
    pub problems: Vec<Problem>,
    /// Defines, bands and the like by name; a name that is being worked out stands there as `None`.
    pub known: RefCell<HashMap<String, Option<Option<Value>>>>,
    pub scored: RefCell<HashMap<String, Rc<Scored>>>,
}

/// Where an expression stands.
#[derive(Clone, Copy, Default)]
pub struct Scope<'s> {
    /// Inside `where ( )`: the event, and the name that it is asked for by.
    pub event: Option<(&'s Event, &'s str)>,
    /// Inside a case of `by`: what is looked at.
    pub subject: Option<&'s Expr>,
}

impl Run<'_> {
    /// A condition: true, false or unknown.
    pub fn truth(&self, e: &Expr, scope: Scope) -> Option<bool> {
        match self.eval(e, scope) {
            Some(Value::Bool(x)) => Some(x),
            None => None,
            Some(other) => panic!("no condition: {other:?}"),
        }
    }

    /// An expression: its value, or missing (for a condition: unknown).
    pub fn eval(&self, e: &Expr, scope: Scope) -> Option<Value> {
        let truth = |x: Option<bool>| x.map(Value::Bool);
        let int = |n: usize| Some(Value::Int(number::whole(n as i64)));
        match &*e.kind {
            ExprKind::Number(number) => {
                let value = number::micros(number.micros);
                Some(if literal(number) == Ty::Int { Value::Int(value) } else { Value::Number(value) })
            }
            ExprKind::Money(number, _) => Some(Value::Money(number::micros(number.micros))),
            ExprKind::Text(text) => Some(Value::Text(text.clone())),
            ExprKind::Bool(x) => Some(Value::Bool(*x)),
            ExprKind::Date(date) => Some(Value::Date(*date)),
            ExprKind::Instant(at) => Some(Value::Time(at.as_duration().as_nanos().div_euclid(1_000_000))),
            ExprKind::List(items) => {
                Some(Value::List(items.iter().filter_map(|item| self.eval(item, scope)).collect()))
            }
            ExprKind::Path(path) => self.path(path, scope),
            ExprKind::Subject => self.eval(scope.subject.expect("a subject"), Scope { subject: None, ..scope }),
            ExprKind::Call(name, arguments) => self.call(&name.value, arguments, e, scope),
            ExprKind::Negate(inner) => self.eval(inner, scope).map(negate),
            ExprKind::Arithmetic(op, a, b) => arithmetic(*op, self.eval(a, scope)?, self.eval(b, scope)?),
            ExprKind::Otherwise(a, b) => match self.eval(a, scope) {
                Some(value) => settled(widen(value, &self.type_of(e, scope))),
                None => self.eval_as(b, &self.type_of(e, scope), scope).and_then(settled),
            },
            ExprKind::If(condition, a, b) => {
                let branch = if self.truth(condition, scope)? { a } else { b };
                self.eval_as(branch, &self.type_of(e, scope), scope).and_then(settled)
            }
            ExprKind::Not(inner) => truth(self.truth(inner, scope).map(|x| !x)),
            ExprKind::And(all) => truth(and(all.iter().map(|x| self.truth(x, scope)))),
            ExprKind::Or(any) => truth(or(any.iter().map(|x| self.truth(x, scope)))),
            ExprKind::Implies(a, b) => truth(or([self.truth(a, scope).map(|x| !x), self.truth(b, scope)].into_iter())),
            ExprKind::Among(how, conditions) => truth(self.among(how, conditions, scope)),
            ExprKind::Compare(op, a, b) => truth(self.compare(*op, a, b, scope)),
            ExprKind::Between(x, low, high) => truth(self.between(x, low, high, scope)),
            ExprKind::Exactly(a, not, b) => {
                let (a, b) = (self.eval(a, scope)?, self.eval(b, scope)?);
                let same = text::trim(a.text()) == text::trim(b.text());
                Some(Value::Bool(same != *not))
            }
            ExprKind::In(x, not, set) => truth(self.is_in(x, *not, set, scope)),
            ExprKind::TextTest(x, op, pattern) => truth(self.text_test(x, *op, pattern, scope)),
            ExprKind::Has(x, pattern) => truth(self.has(x, pattern, scope)),
            ExprKind::IsKnown(x) => Some(Value::Bool(self.eval(x, scope).is_some())),
            ExprKind::IsMissing(x) => Some(Value::Bool(self.eval(x, scope).is_none())),
            ExprKind::Within(x, next, duration) => truth(self.within(x, *next, *duration, scope)),
            ExprKind::Verdict(fit, op) => truth(self.verdict(fit, *op)),
            ExprKind::Disqualified(None) => Some(Value::Bool(!self.disqualified_by().is_empty())),
            ExprKind::Disqualified(Some(reason)) => {
                Some(Value::Bool(self.disqualified_by().contains(&reason.value.as_str())))
            }
            ExprKind::EventTest(how, events) => {
                let count = number::whole(self.select(events, scope).len() as i64);
                Some(Value::Bool(match how {
                    EventQuantifier::Any => count > Q::zero(),
                    EventQuantifier::No => count == Q::zero(),
                    EventQuantifier::AtLeast(n) => count >= self.amount(n),
                    EventQuantifier::AtMost(n) => count <= self.amount(n),
                }))
            }
            ExprKind::Count(events) => int(self.select(events, scope).len()),
            ExprKind::Aggregate(op, field, events) => {
                let name = dotted(field);
                let chosen = self.select(events, scope);
                let known: Vec<Value> =
                    chosen.iter().filter_map(|event| self.event_value(event, &events.name.value, &name)).collect();
                self.aggregate(*op, known, &self.type_of(e, scope))
            }
            ExprKind::Edge(first, events) => {
                let times = self.select(events, scope).into_iter().map(|event| event.at);
                let edge = if *first { times.min() } else { times.max() };
                edge.map(Value::Time)
            }
            ExprKind::Duration(_) | ExprKind::Age(_) => panic!("ages and durations only stand in comparisons"),
            ExprKind::Junk => panic!("a checked policy has no junk"),
        }
    }

    /// An expression where a type is expected: listed texts and stages may stand there by name.
    pub fn eval_as(&self, e: &Expr, ty: &Ty, scope: Scope) -> Option<Value> {
        if let Some(value) = self.named(e, ty) {
            return Some(value);
        }
        if let ExprKind::Otherwise(a, b) = &*e.kind {
            return self.eval_as(a, ty, scope).or_else(|| self.eval_as(b, ty, scope));
        }
        self.eval(e, scope).map(|value| widen(value, ty))
    }

    /// What a bare name or a text literal names among the values of a type.
    fn named(&self, e: &Expr, ty: &Ty) -> Option<Value> {
        let said = match &*e.kind {
            ExprKind::Text(text) => text.as_str(),
            ExprKind::Path(path) if path.parts.len() == 1 => &path.parts[0].value,
            _ => return None,
        };
        let is_name = matches!(&*e.kind, ExprKind::Path(_));
        match ty {
            Ty::OneOf(listed) => {
                let found = listed.iter().find(|text| text::same(text, said))?;
                Some(Value::OneOf(found.clone()))
            }
            Ty::Ranked(listed) => {
                let at = listed.iter().position(|text| text::same(text, said))?;
                Some(Value::Ranked(at, listed[at].clone()))
            }
            Ty::Stage if is_name => {
                let rung = self.policy.stage(said)?;
                Some(Value::Stage(Some(rung), said.to_string()))
            }
            Ty::Band(bands) if is_name => {
                let at = self.policy.bands[bands].1.iter().position(|band| band.name.value == said)?;
                Some(Value::Band(at, said.to_string()))
            }
            Ty::Cell if is_name => Some(Value::Cell(said.to_string())),
            _ => None,
        }
    }

    fn path(&self, path: &Path, scope: Scope) -> Option<Value> {
        let name = dotted(path);
        if let Some((event, used_as)) = scope.event
            && let Some(value) = event.field(&self.clock, used_as, &name)
        {
            return value;
        }
        let name = name.strip_prefix("lead.").unwrap_or(&name);
        if let Some(value) = self.fields.get(name) {
            return value.clone();
        }
        self.declared(name)
    }

    /// A field of an event.
    pub fn event_value(&self, event: &Event, used_as: &str, name: &str) -> Option<Value> {
        event.field(&self.clock, used_as, name).unwrap_or_else(|| panic!("no field {name} of {used_as}"))
    }

    fn call(&self, name: &str, arguments: &[Expr], e: &Expr, scope: Scope) -> Option<Value> {
        let first = self.eval(&arguments[0], scope)?;
        match name {
            "domain" => text::domain(first.text()).map(Value::Text),
            "length" => Some(Value::Int(number::whole(text::trim(first.text()).chars().count() as i64))),
            "size" => match first {
                Value::List(items) => Some(Value::Int(number::whole(items.len() as i64))),
                other => panic!("no list: {other:?}"),
            },
            "round" => {
                let kind = if matches!(first, Value::Number(_)) { Value::Int(Q::zero()) } else { first.clone() };
                fitted(Some(number::round(first.q(), 0)), &kind)
            }
            "min" | "max" => {
                let second = self.eval(&arguments[1], scope)?;
                let wanted = if name == "min" { Ordering::Less } else { Ordering::Greater };
                let chosen = if second.order(&first, &self.clock) == wanted { second } else { first };
                settled(widen(chosen, &self.type_of(e, scope)))
            }
            other => panic!("no function {other}"),
        }
    }

    fn aggregate(&self, op: AggregateOp, known: Vec<Value>, ty: &Ty) -> Option<Value> {
        let kind = match ty {
            Ty::Int => Value::Int(Q::zero()),
            Ty::Money(_) => Value::Money(Q::zero()),
            _ => Value::Number(Q::zero()),
        };
        match op {
            AggregateOp::Total => fitted(Some(known.iter().map(Value::q).sum()), &kind),
            AggregateOp::Highest => fitted(known.iter().map(Value::q).max().cloned(), &kind),
            AggregateOp::Lowest => fitted(known.iter().map(Value::q).min().cloned(), &kind),
            AggregateOp::Distinct => {
                let mut different: Vec<Value> = Vec::new();
                for value in known {
                    if !different.iter().any(|other| other.same(&value, &self.clock)) {
                        different.push(value);
                    }
                }
                Some(Value::Int(number::whole(different.len() as i64)))
            }
        }
    }

    fn among(&self, how: &Among, conditions: &[Expr], scope: Scope) -> Option<bool> {
        let truths: Vec<Option<bool>> = conditions.iter().map(|x| self.truth(x, scope)).collect();
        let yes = number::whole(truths.iter().filter(|x| **x == Some(true)).count() as i64);
        let maybe = number::whole(truths.iter().filter(|x| **x != Some(false)).count() as i64);
        match how {
            Among::Any => or(truths.into_iter()),
            Among::All => and(truths.into_iter()),
            Among::AtLeast(n) => {
                let n = self.amount(n);
                if yes >= n {
                    Some(true)
                } else if maybe < n {
                    Some(false)
                } else {
                    None
                }
            }
            Among::AtMost(n) => {
                let n = self.amount(n);
                if maybe <= n {
                    Some(true)
                } else if yes > n {
                    Some(false)
                } else {
                    None
                }
            }
        }
    }

    fn verdict(&self, fit: &Expr, op: VerdictOp) -> Option<bool> {
        let ExprKind::Path(path) = &*fit.kind else { panic!("a fit's name") };
        let fits = self.fits(&path.parts[0].value).verdict;
        match op {
            VerdictOp::Fits => fits,
            VerdictOp::Fails => fits.map(|x| !x),
            VerdictOp::IsUnknown => Some(fits.is_none()),
        }
    }

    /// The number that stands for points, limits, thresholds and factors.
    pub fn amount(&self, amount: &Amount) -> Q {
        let size = match &amount.value {
            AmountValue::Number(number) => number::micros(number.micros),
            AmountValue::Constant(name) => self.declared(&name.value).expect("a constant is known").q().clone(),
        };
        if amount.sign == Some(Sign::Minus) { -size } else { size }
    }
}

/// Kleene's and.
pub fn and(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let truths: Vec<Option<bool>> = truths.collect();
    if truths.contains(&Some(false)) {
        Some(false)
    } else if truths.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// Kleene's or.
pub fn or(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    and(truths.map(|x| x.map(|x| !x))).map(|x| !x)
}

/// An int where a number is expected.
fn widen(value: Value, ty: &Ty) -> Value {
    match (value, ty) {
        (Value::Int(x), Ty::Number) => Value::Number(x),
        (value, _) => value,
    }
}

/// A result; a number with too many digits is missing.
fn settled(value: Value) -> Option<Value> {
    match value {
        Value::Number(x) => fitted(Some(x), &Value::Number(Q::zero())),
        other => Some(other),
    }
}

fn negate(value: Value) -> Value {
    match value {
        Value::Int(x) => Value::Int(-x),
        Value::Number(x) => Value::Number(-x),
        Value::Money(x) => Value::Money(-x),
        other => panic!("no number: {other:?}"),
    }
}

/// A result of the same kind as `like`; missing when it does not fit.
fn fitted(x: Option<Q>, like: &Value) -> Option<Value> {
    let x = x?;
    match like {
        Value::Int(_) => number::fits(&x, 18).then_some(Value::Int(x)),
        Value::Number(_) => number::fits(&x, 12).then_some(Value::Number(x)),
        Value::Money(_) => number::fits(&x, 14).then_some(Value::Money(x)),
        other => panic!("no number: {other:?}"),
    }
}

/// `+ -` are exact; `* /` are rounded to six places, money to four.
pub fn arithmetic(op: ArithmeticOp, a: Value, b: Value) -> Option<Value> {
    use Value::{Int, Money, Number};
    let (x, y) = (a.q(), b.q());
    let number = Number(Q::zero());
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => {
            let sum = if op == ArithmeticOp::Add { x + y } else { x - y };
            let kind = if matches!((&a, &b), (Int(_), Int(_)) | (Money(_), Money(_))) { &a } else { &number };
            fitted(Some(sum), kind)
        }
        ArithmeticOp::Multiply => match (&a, &b) {
            (Int(_), Int(_)) => fitted(Some(x * y), &a),
            (Money(_), _) => fitted(Some(number::round(&(x * y), 4)), &a),
            (_, Money(_)) => fitted(Some(number::round(&(x * y), 4)), &b),
            _ => fitted(Some(number::round(&(x * y), 6)), &number),
        },
        ArithmeticOp::Divide if y.is_zero() => None,
        ArithmeticOp::Divide => match (&a, &b) {
            (Money(_), Int(_) | Number(_)) => fitted(Some(number::round(&(x / y), 4)), &a),
            _ => fitted(Some(number::round(&(x / y), 6)), &number),
        },
    }
}
