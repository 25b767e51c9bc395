//! The instants at which a lead's values can jump: events come, windows close, ages cross a length, days begin.
//!
//! Between two of them nothing changes but what shrinks with age and what counts whole periods, and each rule's points
//! then move one way only. An instant that is here may change nothing; none that does is left out.

use super::crossings::{Range, Side, day_begins, day_reach_passes, now_passes, reach_passes};
use crate::check::hir::{DefineId, EventTypes, EventWindow, Expr, ExprKind, LengthId, PartKind, Program, Step};
use crate::model::{FieldId, Lead, Literal, Value};
use std::collections::BTreeSet;

/// Why something can change at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// An event comes: its place among the lead's.
    Comes(u32),
    /// An event is too old for a window.
    Leaves(u32, LengthId),
    /// A time, that of a field if it is known, is a length before the as-of or after it.
    Crosses(Option<FieldId>, LengthId),
    /// A time, that of a field if it is known, is there.
    Passes(Option<FieldId>),
}

/// The instants of a range at which values can jump, in their order, and why.
pub(super) fn instants(program: &Program, lead: &Lead<'_>, range: Range) -> Vec<(i64, Reason)> {
    let mut collector = Collector { program, lead, range, subject: None, found: Vec::new() };
    collector.events();
    collector.windows();
    for step in &program.order {
        collector.subject = match step {
            Step::Part(id) => match &program.parts[id.index()].kind {
                PartKind::By { value, .. } => Some(value),
                _ => None,
            },
            _ => None,
        };
        program.walk_step(*step, &mut |expr| collector.expression(expr));
    }
    let mut found = collector.found;
    found.sort_unstable();
    found.dedup();
    found
}

/// A time that an expression can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    Instant(i64),
    Day(i32),
}

struct Collector<'a> {
    program: &'a Program,
    lead: &'a Lead<'a>,
    range: Range,
    /// What a `by` looks at.
    subject: Option<&'a Expr>,
    found: Vec<(i64, Reason)>,
}

impl Collector<'_> {
    fn events(&mut self) {
        if !self.program.reads_events {
            return;
        }
        for (place, event) in self.lead.events.iter().enumerate() {
            if self.range.contains(event.at) {
                self.found.push((event.at, Reason::Comes(place as u32)));
            }
        }
    }

    fn windows(&mut self) {
        let mut pairs: Vec<(LengthId, &EventTypes)> = Vec::new();
        for query in &self.program.queries {
            if let Some(EventWindow::Within(length)) = query.window
                && !pairs.contains(&(length, &query.types))
            {
                pairs.push((length, &query.types));
            }
        }
        for (length, types) in pairs {
            for (place, event) in self.lead.events.iter().enumerate().filter(|(_, event)| types.contains(event.ty)) {
                // An event as old as the window is in it: it leaves a millisecond later.
                let (program, found) = (self.program, &mut self.found);
                let written = program.lengths[length.index()];
                let last = written.millis().map(|millis| event.at.saturating_add(millis));
                let reason = Reason::Leaves(place as u32, length);
                reach_passes(written, Side::Back, event.at, &program.zone, self.range, &mut |at| {
                    if Some(at) != last {
                        found.push((at, reason));
                    }
                });
            }
        }
    }

    fn crosses(&mut self, instant: i64, length: LengthId, side: Side, reason: Reason) {
        let (program, found) = (self.program, &mut self.found);
        let written = program.lengths[length.index()];
        reach_passes(written, side, instant, &program.zone, self.range, &mut |at| found.push((at, reason)));
    }

    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Age(_, of, length) => self.ages(of, *length, Side::Back, false),
            ExprKind::AgeBetween(of, low, high) => {
                self.ages(of, *low, Side::Back, false);
                self.ages(of, *high, Side::Back, false);
            }
            ExprKind::Within { value, next, length } => {
                self.ages(value, *length, if *next { Side::Ahead } else { Side::Back }, true);
            }
            _ => {}
        }
    }

    fn ages(&mut self, of: &Expr, length: LengthId, side: Side, now: bool) {
        let written = self.program.lengths[length.index()];
        let zone = &self.program.zone;
        for (time, field) in self.times(of) {
            let reason = Reason::Crosses(field, length);
            match time {
                Time::Instant(instant) => self.crosses(instant, length, side, reason),
                Time::Day(day) => {
                    let found = &mut self.found;
                    day_reach_passes(written, side, day, zone, self.range, &mut |at| found.push((at, reason)));
                }
            }
            if !now {
                continue;
            }
            let reason = Reason::Passes(field);
            let found = &mut self.found;
            match time {
                Time::Instant(instant) => now_passes(instant, self.range, &mut |at| found.push((at, reason))),
                Time::Day(day) => {
                    for day in [i64::from(day), i64::from(day) + 1] {
                        day_begins(day, zone, self.range, &mut |at| found.push((at, reason)));
                    }
                }
            }
        }
    }

    /// All times that an expression can have.
    fn times(&self, of: &Expr) -> BTreeSet<(Time, Option<FieldId>)> {
        let (program, lead, subject) = (self.program, self.lead, self.subject);
        let mut times = Times { program, lead, subject, times: BTreeSet::new(), seen: BTreeSet::new() };
        times.expression(of);
        times.times
    }
}

struct Times<'a> {
    program: &'a Program,
    lead: &'a Lead<'a>,
    subject: Option<&'a Expr>,
    times: BTreeSet<(Time, Option<FieldId>)>,
    seen: BTreeSet<DefineId>,
}

impl Times<'_> {
    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Subject => {
                if let Some(subject) = self.subject {
                    self.expression(subject);
                }
            }
            ExprKind::Field(field) => self.value(self.lead.field(*field), Some(*field)),
            ExprKind::Constant(Literal::Time(instant)) => self.value(Value::Time(*instant), None),
            ExprKind::Constant(Literal::Date(day)) => self.value(Value::Date(*day), None),
            ExprKind::Edge(_, query) => {
                let types = &self.program.queries[query.index()].types;
                for event in self.lead.events.iter().filter(|event| types.contains(event.ty)) {
                    self.times.insert((Time::Instant(event.at), None));
                }
            }
            ExprKind::EventDay => {
                for event in self.lead.events {
                    self.times.insert((Time::Day(self.program.zone.day(event.at)), None));
                }
            }
            ExprKind::EventField(places) => {
                for event in self.lead.events {
                    let place = match &**places {
                        [one] => Some(*one),
                        many => event.ty.and_then(|ty| many.get(ty.index()).copied()),
                    };
                    let value = place.and_then(|place| event.fields.get(place as usize).copied());
                    self.value(value.unwrap_or(Value::Missing), None);
                }
            }
            ExprKind::Define(define) => {
                if self.seen.insert(*define) {
                    self.expression(&self.program.defines[define.index()].value);
                }
            }
            _ => {
                for child in expr.children() {
                    self.expression(child);
                }
            }
        }
    }

    fn value(&mut self, value: Value<'_>, field: Option<FieldId>) {
        match value {
            Value::Time(instant) => self.times.insert((Time::Instant(instant), field)),
            Value::Date(day) => self.times.insert((Time::Day(day), field)),
            _ => false,
        };
    }
}
