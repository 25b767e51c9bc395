//! Questions about a lead's events.

use super::run::Run;
use super::{Recorder, SeenEvents};
use crate::check::hir::{EventQuery, EventWindow, Expr, QueryId};
use crate::model::number::{self, NUMBER_SCALE};
use crate::model::{Event, Scalar, Tri, Type, Value, text};
use crate::syntax::ast::AggregateOp;
use bumpalo::Bump;
use std::cmp::Ordering;
use std::ops::ControlFlow;

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// The first instant of a query's window; the earliest of all without one.
    pub(super) fn window_start(&mut self, query: &'a EventQuery) -> i64 {
        match &query.window {
            None => i64::MIN,
            Some(EventWindow::Within(length)) => self.evaluator.reach(*length).back,
            Some(EventWindow::Since(time)) => match self.value(time) {
                Value::Time(instant) => instant,
                Value::Date(day) => self.program.zone.start_of_day(day),
                _ => i64::MIN,
            },
        }
    }

    /// Visits the events of a query's types whose `where` is true, latest first, and says of each whether it is in
    /// the window. Events outside come only with `outside`.
    pub(super) fn visit(
        &mut self,
        query: QueryId,
        outside: bool,
        mut visit: impl FnMut(&mut Self, &'a Event<'a>, bool) -> ControlFlow<()>,
    ) {
        let query = &self.program.queries[query.index()];
        let start = self.window_start(query);
        for event in self.lead.events.iter().rev() {
            if event.at > self.evaluator.as_of.instant {
                continue;
            }
            let inside = event.at >= start;
            if !inside && !outside {
                break;
            }
            if !query.types.contains(event.ty) {
                continue;
            }
            if let Some(condition) = &query.condition
                && !self.at_event(event, condition).tri().is_true()
            {
                continue;
            }
            if visit(self, event, inside).is_break() {
                break;
            }
        }
    }

    /// The value of an expression on an event; nothing of it is recorded.
    pub(super) fn at_event(&mut self, event: &'a Event<'a>, expr: &'a Expr) -> Value<'a> {
        let before = self.event.replace(event);
        let value = self.value(expr);
        self.event = before;
        value
    }

    /// The value of a field of the event at hand.
    pub(super) fn event_field(&self, places: &[u16]) -> Value<'a> {
        self.event.map_or(Value::Missing, |event| field_at(event, places))
    }

    /// How many events there are; counted up to `enough` at least.
    pub(super) fn count(&mut self, query: QueryId, enough: u64) -> u64 {
        if enough == 0 {
            return 0;
        }
        if let Some((counted, counter)) = self.counted(query) {
            return counted.count(counter);
        }
        let mut count = 0;
        self.visit(query, false, |_, _, _| {
            count += 1;
            if count >= enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        count
    }

    /// All events of a question, for the ledger.
    pub(super) fn seen(&mut self, query: QueryId) -> SeenEvents {
        let mut seen = SeenEvents::default();
        self.visit(query, true, |_, event, inside| {
            if inside {
                seen.count += 1;
                seen.first = Some(event.at);
                seen.latest = seen.latest.or(Some(event.at));
            } else {
                seen.outside += 1;
                seen.latest_outside = seen.latest_outside.or(Some(event.at));
            }
            ControlFlow::Continue(())
        });
        seen
    }

    /// The instant of the first or last event.
    pub(super) fn edge(&mut self, first: bool, query: QueryId) -> Value<'a> {
        if let Some((counted, counter)) = self.counted(query) {
            return counted.edge(counter, first);
        }
        let mut found = Value::Missing;
        self.visit(query, false, |_, event, _| {
            found = Value::Time(event.at);
            if first { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found
    }

    /// `total`, `highest`, `lowest`, `distinct FIELD of EVENTS`.
    pub(super) fn aggregate(&mut self, op: AggregateOp, field: &'a Expr, query: QueryId, ty: Type) -> Value<'a> {
        match op {
            AggregateOp::Distinct => {
                let mut seen = Seen::new(self.arena);
                let mut count = 0;
                self.visit(query, false, |run, event, _| {
                    count += i64::from(seen.insert(run.at_event(event, field), run.arena));
                    ControlFlow::Continue(())
                });
                Value::Int(count)
            }
            AggregateOp::Total => {
                let mut total: i128 = 0;
                self.visit(query, false, |run, event, _| {
                    total += match run.at_event(event, field) {
                        Value::Int(value) if ty == Type::One(Scalar::Int) => i128::from(value),
                        Value::Int(value) => i128::from(value) * i128::from(NUMBER_SCALE),
                        Value::Number(value) | Value::Money(value) => i128::from(value),
                        _ => 0,
                    };
                    ControlFlow::Continue(())
                });
                number::fit(total).map_or(Value::Missing, |total| match ty {
                    Type::One(Scalar::Int) => Value::Int(total),
                    Type::One(Scalar::Money(_)) => Value::Money(total),
                    _ => Value::Number(total),
                })
            }
            AggregateOp::Highest => self.extreme(field, query, ty, Ordering::Greater),
            AggregateOp::Lowest => self.extreme(field, query, ty, Ordering::Less),
        }
    }

    fn extreme(&mut self, field: &'a Expr, query: QueryId, ty: Type, wanted: Ordering) -> Value<'a> {
        let mut best = Value::Missing;
        self.visit(query, false, |run, event, _| {
            let value = run.at_event(event, field);
            if !value.is_missing()
                && (best.is_missing() || super::compare::order(value, best, &run.program.zone) == Some(wanted))
            {
                best = value;
            }
            ControlFlow::Continue(())
        });
        super::expr::conform(best, ty)
    }

    /// `at least N EVENTS`.
    pub(super) fn at_least_events(&mut self, least: u32, query: QueryId) -> Tri {
        Tri::from(self.count(query, u64::from(least)) >= u64::from(least))
    }

    /// `at most N EVENTS`.
    pub(super) fn at_most_events(&mut self, most: u32, query: QueryId) -> Tri {
        Tri::from(self.count(query, u64::from(most) + 1) <= u64::from(most))
    }
}

/// The value of a field of an event, by its place in the fields of each type.
#[inline]
pub(super) fn field_at<'a>(event: &Event<'a>, places: &[u16]) -> Value<'a> {
    let place = match places {
        [one] => Some(*one),
        many => event.ty.and_then(|ty| many.get(ty.index()).copied()),
    };
    place.and_then(|place| event.fields.get(place as usize).copied()).unwrap_or(Value::Missing)
}

/// Values that were seen before; text ignores case and outer white space.
pub(super) struct Seen<'a> {
    seen: hashbrown::HashSet<Key<'a>, foldhash::fast::FixedState, &'a Bump>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Text(&'a str),
    Other(i64),
}

impl<'a> Seen<'a> {
    pub(super) fn new(arena: &'a Bump) -> Seen<'a> {
        Seen { seen: hashbrown::HashSet::with_hasher_in(foldhash::fast::FixedState::default(), arena) }
    }

    /// Whether the value is known and new.
    pub(super) fn insert(&mut self, value: Value<'a>, arena: &'a Bump) -> bool {
        let key = match value {
            Value::Text(written) => Key::Text(text::fold_in(written, arena)),
            Value::Int(value) | Value::Number(value) | Value::Money(value) | Value::Time(value) => Key::Other(value),
            Value::Date(day) => Key::Other(i64::from(day)),
            Value::Choice(choice) => Key::Other(i64::from(choice)),
            Value::Bool(value) => Key::Other(i64::from(value)),
            Value::Missing | Value::List(_) => return false,
        };
        self.seen.insert(key)
    }
}
