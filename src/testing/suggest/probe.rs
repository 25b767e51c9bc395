//! Leads that are tried: tests without expectations, made from each other by small changes.

use crate::check::hir::{Program, Test, TestEvent};
use crate::model::{FieldId, Literal};

/// A lead with its events that is tried.
pub type Probe = Test;

/// A lead of which nothing is known.
pub fn empty(program: &Program, as_of: i64) -> Probe {
    Test {
        label: String::new(),
        as_of,
        lead: vec![Literal::Missing; program.schema.fields.len()],
        events: Vec::new(),
        expects: Vec::new(),
        span: crate::base::Span::default(),
    }
}

/// The same lead and events.
pub fn copy(probe: &Probe) -> Probe {
    Test {
        label: String::new(),
        as_of: probe.as_of,
        lead: probe.lead.clone(),
        events: probe.events.clone(),
        expects: Vec::new(),
        span: probe.span,
    }
}

/// With another value of a field.
pub fn with_field(probe: &Probe, field: FieldId, value: &Literal) -> Probe {
    let mut probe = copy(probe);
    if let Some(slot) = probe.lead.get_mut(field.index()) {
        *slot = value.clone();
    }
    probe
}

/// With more events.
pub fn with_events(probe: &Probe, events: impl IntoIterator<Item = TestEvent>) -> Probe {
    let mut probe = copy(probe);
    probe.events.extend(events);
    probe
}

/// What two leads know together; where both know a field, the first is right.
pub fn merged(one: &Probe, other: &Probe) -> Probe {
    let mut probe = copy(one);
    for (slot, value) in probe.lead.iter_mut().zip(&other.lead) {
        if *slot == Literal::Missing {
            *slot = value.clone();
        }
    }
    probe.events.extend(other.events.iter().cloned());
    probe
}

/// Whether two leads are the same, whatever the order of their events in the data.
pub fn same(one: &Probe, other: &Probe) -> bool {
    let key = |event: &TestEvent| (event.at, event.ty, format!("{:?}", event.fields));
    let sorted = |probe: &Probe| {
        let mut events: Vec<_> = probe.events.iter().map(key).collect();
        events.sort();
        events
    };
    one.as_of == other.as_of && one.lead == other.lead && sorted(one) == sorted(other)
}

/// The least of a lead that still does what is wanted: fields, fields of events and events are left out one by one, then
/// long lists made shorter.
pub fn least(probe: Probe, wanted: &dyn Fn(&Probe) -> bool) -> Probe {
    let mut best = probe;
    // Events at large first, half of what is left each time, then one by one.
    let mut size = best.events.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < best.events.len() {
            let mut fewer = copy(&best);
            fewer.events.drain(from..(from + size).min(best.events.len()));
            if wanted(&fewer) {
                best = fewer;
            } else {
                from += size;
            }
        }
        size /= 2;
    }
    for field in 0..best.lead.len() {
        if best.lead[field] != Literal::Missing {
            let fewer = with_field(&best, FieldId(field as u16), &Literal::Missing);
            if wanted(&fewer) {
                best = fewer;
            }
        }
    }
    for event in 0..best.events.len() {
        for field in 0..best.events[event].fields.len() {
            if best.events[event].fields[field] == Literal::Missing {
                continue;
            }
            let mut fewer = copy(&best);
            fewer.events[event].fields[field] = Literal::Missing;
            if wanted(&fewer) {
                best = fewer;
            }
        }
    }
    best
}

/// How much there is to read of a lead.
pub fn size(probe: &Probe) -> usize {
    let known = |values: &[Literal]| values.iter().filter(|value| **value != Literal::Missing).count();
    let events: usize = probe.events.iter().map(|event| 2 + known(&event.fields)).sum();
    known(&probe.lead) + events
}
