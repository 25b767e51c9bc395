//! Questions about events in words.

use super::names::Words;
use super::values;
use crate::model::{Scalar, Type};
use crate::report::Text;
use crate::syntax::ast::{EventQuantifier, EventWindow, Events, Expr, ExprKind, Name};

impl Words<'_> {
    /// `at least 3 “Page viewed” events in the last 14 days`
    pub(super) fn event_test(&self, quantifier: &EventQuantifier, events: &Events, not: bool) -> Text {
        if let Some(told) = self.anything(quantifier, events, not) {
            return told;
        }
        let amount = |amount| values::amount(self.program, amount);
        let (head, one) = match (quantifier, not) {
            (EventQuantifier::Any, false) | (EventQuantifier::No, true) => ("at least one ".to_owned(), true),
            (EventQuantifier::No, _) | (EventQuantifier::Any, true) => ("no ".to_owned(), true),
            (EventQuantifier::AtLeast(count), _) => (format!("at least {} ", amount(count)), amount(count) == "1"),
            (EventQuantifier::AtMost(count), _) => (format!("at most {} ", amount(count)), amount(count) == "1"),
        };
        let kind = if one { self.event_kind(events) } else { self.event_kinds(events) };
        Text::new(head).and(kind).and(self.event_rest(events))
    }

    /// `nothing has happened in the last 60 days`, where the kind of event is all one.
    fn anything(&self, quantifier: &EventQuantifier, events: &Events, not: bool) -> Option<Text> {
        let something = match quantifier {
            EventQuantifier::Any => !not,
            EventQuantifier::No => not,
            EventQuantifier::AtLeast(_) | EventQuantifier::AtMost(_) => return None,
        };
        if events.name.value != "event" || events.condition.is_some() {
            return None;
        }
        let head = if something { "something has happened" } else { "nothing has happened" };
        Some(Text::new(head).and(self.event_rest(events)))
    }

    /// `60 days`, of `any event and no event within 60 days`.
    pub(super) fn silence(&self, all: &[Expr]) -> Option<String> {
        let [ever, lately] = all else { return None };
        let of = |expr: &Expr, wanted: &EventQuantifier| match &*expr.kind {
            ExprKind::EventTest(quantifier, events) if quantifier == wanted => {
                let bare = events.name.value == "event" && events.condition.is_none();
                bare.then(|| events.window.clone())
            }
            _ => None,
        };
        match (of(ever, &EventQuantifier::Any)?, of(lately, &EventQuantifier::No)?) {
            (None, Some(EventWindow::Within(length))) => Some(values::duration(length)),
            _ => None,
        }
    }

    /// `“Page viewed” events in the last 14 days where …`
    pub fn events(&self, events: &Events) -> Text {
        self.event_kinds(events).and(self.event_rest(events))
    }

    /// `“Page viewed” event`
    pub fn event_kind(&self, events: &Events) -> Text {
        match events.name.value.as_str() {
            "event" => Text::new("event of any kind"),
            name => Text::new("“").and(self.link(self.event_label(name), "event", name)).then("” event"),
        }
    }

    /// `“Page viewed” events`
    pub fn event_kinds(&self, events: &Events) -> Text {
        match events.name.value.as_str() {
            "event" => Text::new("events of any kind"),
            _ => self.event_kind(events).then("s"),
        }
    }

    pub(super) fn event_rest(&self, events: &Events) -> Text {
        let window = events.window.as_ref().map(|window| Text::new(" ").and(self.window(window)));
        window.unwrap_or_default().and(self.event_condition(events))
    }

    /// ` where path starts with “/pricing”`, or nothing.
    pub fn event_condition(&self, events: &Events) -> Text {
        match &events.condition {
            Some(condition) => Text::new(" where ").and(self.say(condition, Some(&events.name), false)),
            None => Text::default(),
        }
    }

    /// `in the last 14 days`, `since 2026-01-01`
    pub fn window(&self, window: &EventWindow) -> Text {
        match window {
            EventWindow::Within(length) => Text::new(format!("in the last {}", values::window(*length))),
            EventWindow::Since(time) => Text::new("since ").and(self.value(time)),
        }
    }

    /// Whether a value is a date or a time.
    pub(super) fn is_time(&self, expr: &Expr, event: Option<&Name>) -> bool {
        let time = |ty: Type| matches!(ty, Type::One(Scalar::Date | Scalar::Time));
        match &*expr.kind {
            ExprKind::Date(_) | ExprKind::Instant(_) | ExprKind::Edge(..) => true,
            ExprKind::Path(path) => {
                let dotted = super::names::dotted(path);
                if let Some(event) = event {
                    if dotted == "day" {
                        return true;
                    }
                    if let Some(field) = self.event_field(event, &dotted) {
                        return time(field.ty);
                    }
                }
                match self.named(&dotted) {
                    Some(super::names::Named::Field(field)) => time(field.ty),
                    Some(super::names::Named::Define(id)) => time(self.program.defines[id.index()].value.ty),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
