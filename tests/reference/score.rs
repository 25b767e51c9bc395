//! Scores: what each rule, group and include is worth.

use super::events::Event;
use super::number::{self, Q};
use super::run::{Run, Scope};
use super::time::{self, Ms};
use super::types::dotted;
use super::value::Value;
use num::{Signed, Zero};
use qualify::syntax::ast::{
    Amount, AmountValue, Case, CaseTest, Choice, Duration, Events, Expr, ExprKind, Group, Include, Limit, Part, Path,
    Unit, Worth,
};
use std::rc::Rc;

/// A score and its parts.
#[derive(Debug)]
pub struct Scored {
    /// The score after its limits.
    pub total: Q,
    /// Kind (`rule`, `group`, `include`), name and points of each part, however deep.
    pub parts: Vec<(&'static str, String, Q)>,
}

impl Run<'_> {
    /// The score with this name.
    pub fn score(&self, name: &str) -> Rc<Scored> {
        if let Some(known) = self.scored.borrow().get(name) {
            return known.clone();
        }
        let score = self.policy.score(name).unwrap_or_else(|| panic!("no score {name}"));
        let mut parts = Vec::new();
        let total = self.group(score, &mut parts);
        let scored = Rc::new(Scored { total, parts });
        self.scored.borrow_mut().insert(name.to_string(), scored.clone());
        scored
    }

    fn group(&self, group: &Group, parts: &mut Vec<(&'static str, String, Q)>) -> Q {
        let mut sum = Q::zero();
        for part in &group.parts {
            let (kind, name, points) = match part {
                Part::Rule(rule) => ("rule", rule.name.value.clone(), self.worth(&rule.worth)),
                Part::Group(inner) => ("group", inner.name.value.clone(), self.group(inner, parts)),
                Part::Include(include) => {
                    let last = include.of.parts.last().expect("a name");
                    ("include", last.value.clone(), self.include(include))
                }
                Part::Junk(_) => panic!("a checked policy has no junk"),
            };
            let points = held(points);
            sum += &points;
            parts.push((kind, name, points));
        }
        if let Some(low) = &group.from {
            sum = sum.max(self.amount(low));
        }
        if let Some(high) = &group.to {
            sum = sum.min(self.amount(high));
        }
        held(sum)
    }

    fn include(&self, include: &Include) -> Q {
        let path = Expr::new(ExprKind::Path(include.of.clone()), include.span);
        let Some(value) = self.eval(&path, Scope::default()) else { return Q::zero() };
        let factor = include.factor.as_ref().map_or(number::whole(1), |factor| self.amount(factor));
        number::round(&(value.q() * factor), 4)
    }

    fn worth(&self, worth: &Worth) -> Q {
        match worth {
            Worth::If { points, condition } => match self.truth(condition, Scope::default()) {
                Some(true) => self.amount(points),
                Some(false) | None => Q::zero(),
            },
            Worth::Per { points, distinct, events, limits } => {
                self.per(self.amount(points), distinct.as_ref(), events, limits)
            }
            Worth::PerPeriod { points, period, since, limits } => {
                self.per_period(self.amount(points), *period, since, limits)
            }
            Worth::By { value, cases } => self.by(value, cases),
            Worth::FirstOf { cases, otherwise } => self.first_of(cases, otherwise.as_ref()),
        }
    }

    fn per(&self, n: Q, distinct: Option<&Path>, events: &Events, limits: &[Limit]) -> Q {
        let mut left = self.select(events, Scope::default());
        if let Some(field) = distinct {
            left = self.latest_of_each(left, &events.name.value, &dotted(field));
        }
        for period in [Unit::Day, Unit::Week, Unit::Month] {
            if let Some(k) = self.times(limits, Some(period)) {
                left = self.latest_in_each(left, period, k);
            }
        }
        if let Some(k) = self.times(limits, None) {
            left = self.latest(left, k);
        }
        let sum = left.iter().map(|event| self.decayed(&n, self.clock.now - event.at, limits)).sum();
        self.at_most(sum, limits)
    }

    /// K of `at most K times` in this calendar period.
    fn times(&self, limits: &[Limit], period: Option<Unit>) -> Option<usize> {
        limits.iter().find_map(|limit| match limit {
            Limit::Times { count, per, .. } if *per == period => {
                let count = self.amount(count).to_integer();
                Some(count.try_into().unwrap_or(usize::MAX))
            }
            _ => None,
        })
    }

    /// The latest event of each known value of a field.
    fn latest_of_each<'r>(&self, events: Vec<&'r Event>, used_as: &str, field: &str) -> Vec<&'r Event> {
        let mut kept: Vec<(Value, &Event)> = Vec::new();
        for event in self.latest(events, usize::MAX).into_iter().rev() {
            let Some(value) = self.event_value(event, used_as, field) else { continue };
            if !kept.iter().any(|(other, _)| other.same(&value, &self.clock)) {
                kept.push((value, event));
            }
        }
        kept.into_iter().map(|(_, event)| event).collect()
    }

    /// The latest K events of each calendar day, week or month.
    fn latest_in_each<'r>(&self, events: Vec<&'r Event>, period: Unit, k: usize) -> Vec<&'r Event> {
        let start = |event: &Event| {
            let day = self.clock.day_of(event.at);
            match period {
                Unit::Day => day,
                Unit::Week => {
                    let since_monday = i64::from(day.weekday().to_monday_zero_offset());
                    day.checked_sub(jiff::SignedDuration::from_hours(24 * since_monday)).expect("a monday")
                }
                Unit::Month => day.first_of_month(),
                other => panic!("no calendar period: {other:?}"),
            }
        };
        let mut kept: Vec<&Event> = Vec::new();
        for event in self.latest(events, usize::MAX).into_iter().rev() {
            if kept.iter().filter(|other| start(other) == start(event)).count() < k {
                kept.push(event);
            }
        }
        kept
    }

    /// What an event of this age is worth.
    fn decayed(&self, n: &Q, age: Ms, limits: &[Limit]) -> Q {
        let length = |duration: &Duration| time::exact(*duration).expect("an exact period");
        let ratio = |a: Ms, b: Ms| Q::new(a.into(), b.into());
        let share = |size: Q| number::round(&size, 4);
        for limit in limits {
            match limit {
                Limit::Halving(every) => return number::halving(n, age, length(every)),
                Limit::Fading(over) => {
                    let over = length(over);
                    return if age >= over { Q::zero() } else { share(n * ratio(over - age, over)) };
                }
                Limit::Losing { amount, every } => {
                    let periods = age / length(every);
                    let loss = self.amount(amount);
                    let is_share =
                        matches!(&amount.value, AmountValue::Number(number) if number.written.ends_with('%'));
                    if is_share {
                        let kept = number::whole(1) - loss;
                        return share(n * power(&kept, periods));
                    }
                    let size = n.abs() - loss * number::whole(periods as i64);
                    return share(number::sign(n) * size.max(Q::zero()));
                }
                Limit::Points(_) | Limit::Times { .. } => {}
            }
        }
        n.clone()
    }

    /// `at most M points`, in size.
    fn at_most(&self, sum: Q, limits: &[Limit]) -> Q {
        let limit = limits.iter().find_map(|limit| match limit {
            Limit::Points(amount) => Some(self.amount(amount)),
            _ => None,
        });
        match limit {
            Some(limit) if sum.abs() > limit => number::sign(&sum) * limit,
            _ => sum,
        }
    }

    fn per_period(&self, n: Q, period: Duration, since: &Expr, limits: &[Limit]) -> Q {
        let Some(since) = self.instant(since, Scope::default()) else { return Q::zero() };
        let gone = self.clock.now - since;
        if gone < 0 {
            return Q::zero();
        }
        let periods = gone / time::exact(period).expect("an exact period");
        self.at_most(n * number::whole(periods as i64), limits)
    }

    fn by(&self, value: &Expr, cases: &[Case]) -> Q {
        let scope = Scope { event: None, subject: Some(value) };
        let subject = Expr::new(ExprKind::Subject, value.span);
        let looked_at = match &*value.kind {
            ExprKind::Age(of) => of,
            _ => value,
        };
        let is_missing = self.eval(looked_at, Scope::default()).is_none();
        for case in cases {
            let holds = match &case.test {
                CaseTest::Range(low, high) => self.between(&subject, low, high, scope) == Some(true),
                CaseTest::Operator(test) => self.truth(test, scope) == Some(true),
                CaseTest::Missing => is_missing,
                CaseTest::Otherwise => !is_missing,
            };
            if holds {
                return self.amount(&case.points);
            }
        }
        Q::zero()
    }

    fn first_of(&self, cases: &[Choice], otherwise: Option<&Amount>) -> Q {
        let mut one_is_unknown = false;
        for case in cases {
            match self.truth(&case.condition, Scope::default()) {
                Some(true) => return self.amount(&case.points),
                Some(false) => {}
                None => one_is_unknown = true,
            }
        }
        match otherwise {
            Some(points) if !one_is_unknown => self.amount(points),
            _ => Q::zero(),
        }
    }

    /// The place and name of the band that a score stands in: the last that begins at or below it.
    pub fn band(&self, name: &str) -> Value {
        let (of, bands) = self.policy.bands[name];
        let path = Expr::new(ExprKind::Path(of.clone()), of.span);
        let score = self.eval(&path, Scope::default()).expect("a score is known");
        let begun = |from: &Option<Amount>| from.as_ref().is_none_or(|from| *score.q() >= self.amount(from));
        let at = bands.iter().rposition(|band| begun(&band.from)).expect("the first band takes all below");
        Value::Band(at, bands[at].name.value.clone())
    }
}

/// Points have twelve digits before the point; a rule, group, include or score ends there.
fn held(points: Q) -> Q {
    let most = number::whole(1_000_000_000_000) - number::micros(100);
    points.min(most.clone()).max(-most)
}

/// `x` to a whole power.
fn power(x: &Q, times: Ms) -> Q {
    if x.is_zero() && times > 0 {
        return Q::zero();
    }
    // Far below the last place that is kept.
    if times > 20_000 && x.abs() < number::whole(1) {
        return Q::zero();
    }
    num::pow(x.clone(), times as usize)
}
