//! Questions about events.

use super::super::checker::{Checker, Scope};
use super::super::hir::{EventQuery, EventWindow, Expr, ExprKind, QueryId};
use super::super::{Reported, Result, errors};
use super::{BOOL, INT, NUMBER, TIME, is_temporal};
use crate::base::Span;
use crate::model::{Scalar, Type};
use crate::syntax::ast::{self, AggregateOp, EventQuantifier};
use std::rc::Rc;

impl<'a> Checker<'a> {
    /// `page_viewed where (condition) within 14 days`
    pub(in super::super) fn event_query(&mut self, events: &'a ast::Events) -> Result<QueryId> {
        if let Some(outer) = &self.scope.events {
            let error = errors::events_in_where(&outer.name, events.span);
            return self.fail(error);
        }
        let scope = self.event_scope(&events.name);
        let window = events.window.as_ref().map(|window| self.event_window(window)).transpose();
        let scope = scope?;
        self.read_events(&scope.types);
        let condition = events.condition.as_ref().map(|condition| {
            let outer = std::mem::replace(&mut self.scope, Scope { events: Some(Rc::clone(&scope)), subject: None });
            let condition = self.condition(condition);
            self.scope = outer;
            condition
        });
        let (condition, window) = (condition.transpose()?, window?);
        Ok(self.query(EventQuery { types: scope.types.clone(), condition, window, span: events.span }))
    }

    fn event_window(&mut self, window: &'a ast::EventWindow) -> Result<EventWindow> {
        match window {
            ast::EventWindow::Within(duration) => Ok(EventWindow::Within(self.length(duration))),
            ast::EventWindow::Since(time) => self.since(time).map(EventWindow::Since),
        }
    }

    /// A time that something is counted from: a date literal is the first instant of its day.
    pub(in super::super) fn since(&mut self, time: &'a ast::Expr) -> Result<Expr> {
        if let Some(name) = self.event_name(time) {
            return self.fail(errors::since_event(name, time.span));
        }
        let mut value = self.value(time, Some(TIME))?;
        if !is_temporal(value.ty) {
            let what = self.describe(value.ty);
            return self.fail(errors::since_no_time(&what, value.span));
        }
        super::convert(&mut value, TIME, &self.zone);
        Ok(value)
    }

    pub(super) fn event_test(
        &mut self,
        quantifier: &'a EventQuantifier,
        events: &'a ast::Events,
        span: Span,
    ) -> Result<Expr> {
        let bound = match quantifier {
            EventQuantifier::Any => Ok(1),
            EventQuantifier::No => Ok(0),
            EventQuantifier::AtLeast(amount) => self.whole(amount, 1, u32::MAX, "`at least`"),
            EventQuantifier::AtMost(amount) => self.whole(amount, 0, u32::MAX, "`at most`"),
        };
        let (query, bound) = (self.event_query(events), bound);
        let (query, bound) = (query?, bound?);
        let kind = match quantifier {
            EventQuantifier::Any | EventQuantifier::AtLeast(_) => ExprKind::AtLeastEvents(bound, query),
            EventQuantifier::No | EventQuantifier::AtMost(_) => ExprKind::AtMostEvents(bound, query),
        };
        Ok(self.make(BOOL, span, kind))
    }

    pub(super) fn count(&mut self, events: &'a ast::Events, span: Span) -> Result<Expr> {
        let query = self.event_query(events)?;
        Ok(self.make(INT, span, ExprKind::Count(query)))
    }

    /// `total seconds of EVENTS` and its kin.
    pub(super) fn aggregate(
        &mut self,
        op: AggregateOp,
        field: &'a ast::Path,
        events: &'a ast::Events,
        span: Span,
    ) -> Result<Expr> {
        let query = self.event_query(events);
        let field = self.field_of_events(field, &events.name, query.is_err());
        let (query, field) = (query?, field?);
        let ty = match (op, field.ty) {
            (AggregateOp::Distinct, Type::One(_)) => INT,
            (AggregateOp::Distinct, Type::List(_)) => {
                return self.fail(errors::distinct_lists(self.text(field.span), field.span));
            }
            (_, INT | NUMBER) => NUMBER,
            (_, ty @ Type::One(Scalar::Money(_))) => ty,
            (_, ty) => {
                let (what, text) = (self.describe(ty), self.text(field.span));
                return self.fail(errors::aggregate_of_no_number(word(op), text, &what, field.span));
            }
        };
        Ok(self.make(ty, span, ExprKind::Aggregate(op, Box::new(field), query)))
    }

    /// A field of the events that a question is about.
    pub(in super::super) fn field_of_events(
        &mut self,
        field: &ast::Path,
        events: &ast::Name,
        reported: bool,
    ) -> Result<Expr> {
        if reported && !self.scopes.contains_key(&events.value) {
            return Err(Reported);
        }
        let scope = self.event_scope(events)?;
        self.own_event_field(&scope, field)
    }

    /// `first EVENTS`, `last EVENTS`
    pub(super) fn edge(&mut self, first: bool, events: &'a ast::Events, span: Span) -> Result<Expr> {
        let query = self.event_query(events)?;
        Ok(self.make(TIME, span, ExprKind::Edge(first, query)))
    }

    /// `first EVENTS` or `last EVENTS` where a condition is needed.
    pub(super) fn edge_as_condition(&mut self, first: bool, events: &'a ast::Events, span: Span) -> Result<Expr> {
        self.event_query(events)?;
        let word = if first { "first" } else { "last" };
        let name = &events.name.value;
        let condition =
            events.condition.as_ref().map(|condition| format!(" where ({})", bare(self.text(condition.span))));
        let condition = condition.unwrap_or_default();
        let window = match &events.window {
            Some(ast::EventWindow::Within(duration)) => self.text(duration.span),
            _ => "30 days",
        };
        let offers =
            [format!("any {name}{condition} within {window}"), format!("({word} {name}{condition}) within {window}")];
        self.fail(errors::edge_as_condition(word, &offers, span))
    }
}

/// Without the parentheses around it.
fn bare(text: &str) -> &str {
    text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text)
}

fn word(op: AggregateOp) -> &'static str {
    match op {
        AggregateOp::Total => "total",
        AggregateOp::Highest => "highest",
        AggregateOp::Lowest => "lowest",
        AggregateOp::Distinct => "distinct",
    }
}
