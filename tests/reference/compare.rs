//! Comparisons, sets, text operators and ages.

use super::regex;
use super::run::{Run, Scope, and, or};
use super::text;
use super::value::{Ty, Value};
use qualify::syntax::ast::{CompareOp, Duration, Expr, ExprKind, ListSource, Pattern, PatternQuantifier, TextOp};
use std::cmp::Ordering;

/// Whether two things that are ordered so fulfil the operator.
fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Is => order == Ordering::Equal,
        CompareOp::IsNot => order != Ordering::Equal,
        CompareOp::Less => order == Ordering::Less,
        CompareOp::LessOrEqual => order != Ordering::Greater,
        CompareOp::Greater => order == Ordering::Greater,
        CompareOp::GreaterOrEqual => order != Ordering::Less,
    }
}

impl Run<'_> {
    /// `is`, `is not`, `<`, `<=`, `>`, `>=`
    pub fn compare(&self, op: CompareOp, a: &Expr, b: &Expr, scope: Scope) -> Option<bool> {
        if let (Some(x), ExprKind::Duration(duration)) = (age(a, scope), &*b.kind) {
            return self.age_order(x, *duration, scope).map(|order| holds(op, order));
        }
        let (left, right) = self.both(a, b, scope);
        if outside(&left) || outside(&right) {
            return Some(op == CompareOp::IsNot);
        }
        let (left, right) = (left?, right?);
        Some(match op {
            CompareOp::Is => left.same(&right, &self.clock),
            CompareOp::IsNot => !left.same(&right, &self.clock),
            _ => holds(op, left.order(&right, &self.clock)),
        })
    }

    /// The value of the left side, and of the right side where the left one's type is expected.
    fn both(&self, a: &Expr, b: &Expr, scope: Scope) -> (Option<Value>, Option<Value>) {
        let ty = self.type_of(a, scope);
        (self.eval(a, scope), self.eval_as(b, &ty, scope))
    }

    /// `x between low and high`, both ends in.
    pub fn between(&self, x: &Expr, low: &Expr, high: &Expr, scope: Scope) -> Option<bool> {
        let at_least = self.compare(CompareOp::GreaterOrEqual, x, low, scope);
        let at_most = self.compare(CompareOp::LessOrEqual, x, high, scope);
        and([at_least, at_most].into_iter())
    }

    /// `x in set`, `x not in set`
    pub fn is_in(&self, x: &Expr, not: bool, set: &Expr, scope: Scope) -> Option<bool> {
        let value = self.eval(x, scope);
        if outside(&value) {
            return Some(not);
        }
        let value = value?;
        let ty = self.type_of(x, scope);
        let found = match self.entries(set, &ty, scope) {
            Entries::Texts(texts) => Some(texts.iter().any(|entry| text::same(entry, value.text()))),
            Entries::Values(values) => or(values
                .into_iter()
                .map(|entry| entry.map(|entry| !outside_value(&entry) && value.same(&entry, &self.clock)))),
        };
        found.map(|found| found != not)
    }

    /// The entries of a list that is written here or has a name.
    fn entries(&self, list: &Expr, ty: &Ty, scope: Scope) -> Entries {
        match &*list.kind {
            ExprKind::List(items) => Entries::Values(items.iter().map(|item| self.eval_as(item, ty, scope)).collect()),
            ExprKind::Path(path) => {
                let name = &path.parts[0].value;
                match self.policy.lists.get(name) {
                    Some(ListSource::Inline(items, _)) => {
                        Entries::Values(items.iter().map(|item| self.eval_as(item, ty, scope)).collect())
                    }
                    Some(ListSource::File { .. }) => {
                        let entries = self.policy.list_files.get(name);
                        Entries::Texts(entries.unwrap_or_else(|| panic!("the entries of {name}")).clone())
                    }
                    None => panic!("no list {name}"),
                }
            }
            _ => Entries::Values(vec![self.eval_as(list, ty, scope)]),
        }
    }

    /// `like`, `mentions`, `contains`, `starts with`, `ends with`, `matches`
    pub fn text_test(&self, x: &Expr, op: TextOp, pattern: &Pattern, scope: Scope) -> Option<bool> {
        let value = self.eval(x, scope)?;
        let holds = |pattern: &str| match op {
            TextOp::Like => text::like(value.text(), pattern),
            TextOp::Mentions => text::mentions(value.text(), pattern),
            TextOp::Contains => text::contains(value.text(), pattern),
            TextOp::StartsWith => text::starts_with(value.text(), pattern),
            TextOp::EndsWith => text::ends_with(value.text(), pattern),
            TextOp::Matches => regex::matches(value.text(), pattern),
        };
        let patterns: Vec<String> = match self.entries(&pattern.of, &Ty::Text, scope) {
            Entries::Texts(texts) => texts,
            Entries::Values(values) => values.into_iter().flatten().map(|value| value.text().to_string()).collect(),
        };
        Some(match pattern.quantifier {
            PatternQuantifier::One | PatternQuantifier::Any => patterns.iter().any(|pattern| holds(pattern)),
            PatternQuantifier::All => patterns.iter().all(|pattern| holds(pattern)),
        })
    }

    /// `has`, `has any of`, `has all of`
    pub fn has(&self, x: &Expr, pattern: &Pattern, scope: Scope) -> Option<bool> {
        let Ty::List(inner) = self.type_of(x, scope) else { panic!("has is asked of lists") };
        let Value::List(items) = self.eval(x, scope)? else { panic!("has is asked of lists") };
        let holds = |wanted: &Value| items.iter().any(|item| item.same(wanted, &self.clock));
        let wanted: Vec<Value> = match self.entries(&pattern.of, &inner, scope) {
            Entries::Texts(texts) => texts.into_iter().map(Value::Text).collect(),
            Entries::Values(values) => values.into_iter().flatten().collect(),
        };
        Some(match pattern.quantifier {
            PatternQuantifier::One | PatternQuantifier::Any => wanted.iter().any(holds),
            PatternQuantifier::All => wanted.iter().all(holds),
        })
    }

    /// The age of `x` compared with a duration.
    fn age_order(&self, x: &Expr, duration: Duration, scope: Scope) -> Option<Ordering> {
        Some(match self.eval(x, scope)? {
            Value::Date(day) => self.clock.compare_age_of_day(day, duration),
            Value::Time(at) => self.clock.compare_age_of_instant(at, duration),
            other => panic!("no time: {other:?}"),
        })
    }

    /// `x within D`: its age is from 0 to D; `x within next D`: it lies from the as-of to D later.
    pub fn within(&self, x: &Expr, next: bool, duration: Duration, scope: Scope) -> Option<bool> {
        Some(match (self.eval(x, scope)?, next) {
            (Value::Date(day), true) => self.clock.day_is_within_next(day, duration),
            (Value::Time(at), true) => at >= self.clock.now && at <= self.clock.after(duration),
            (Value::Date(day), false) => {
                day <= self.clock.today && self.clock.compare_age_of_day(day, duration) != Ordering::Greater
            }
            (Value::Time(at), false) => {
                at <= self.clock.now && self.clock.compare_age_of_instant(at, duration) != Ordering::Greater
            }
            (other, _) => panic!("no time: {other:?}"),
        })
    }
}

/// What a list holds: values, or the texts of a file.
enum Entries {
    Values(Vec<Option<Value>>),
    Texts(Vec<String>),
}

/// The `x` of `age of x`, also behind the subject of `by`.
fn age<'e>(e: &'e Expr, scope: Scope<'e>) -> Option<&'e Expr> {
    match &*e.kind {
        ExprKind::Age(x) => Some(x),
        ExprKind::Subject => age(scope.subject?, Scope { subject: None, ..scope }),
        _ => None,
    }
}

/// Whether this is the stage of a disqualified lead.
fn outside(value: &Option<Value>) -> bool {
    value.as_ref().is_some_and(outside_value)
}

fn outside_value(value: &Value) -> bool {
    matches!(value, Value::Stage(None, _))
}
