//! Single changes to a lead: answers to questions, other values of fields, events of today.

use super::open::{Opened, WhatIf, fields_with, missing_fields, open};
use super::reliance::event;
use super::settings::{Setting, settings};
use super::value::{show_cell, show_literal};
use crate::analysis::cells::Cell;
use crate::check::hir::{PartId, Program, Step};
use crate::eval::{Evaluator, Ledger, RuleEntry};
use crate::model::{Event, EventTypeId, FieldId, Lead, Literal, Scalar, Type, Value};
use bumpalo::Bump;
use std::collections::BTreeSet;

/// So many combinations of values of an event's fields are looked at.
const MOST_VARIANTS: usize = 48;

/// What is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// A missing field has this value.
    Answer(FieldId, Literal),
    /// A known field has another value.
    Change(FieldId, Literal),
    /// An event comes, at the as-of.
    Event(EventTypeId, Vec<Literal>),
}

/// A change, and what it is in words.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) what: What,
    /// The value in words; of an event nothing.
    pub(super) shown: String,
    /// What it touches: a field, or a type of events behind the fields.
    pub(super) touches: FieldId,
}

/// Changes that are made, and how often each: more than once only for events.
pub(super) type Moves = Vec<(usize, u32)>;

impl Move {
    /// What the change costs when it is made so often: an answer 1, another value 3, an event 2 and each more 1.
    pub(super) fn cost(&self, times: u32) -> u32 {
        match self.what {
            What::Answer(..) => 1,
            What::Change(..) => 3,
            What::Event(..) => 1 + times,
        }
    }
}

/// Whether a plan may change the field of a lead: it is not the key, not the stage that the lead stands at, not a
/// record of when something was, and not marked `fixed` unless it is not known.
pub(super) fn may_change(program: &Program, lead: &Lead<'_>, id: FieldId) -> bool {
    let field = program.schema.field(id);
    let missing = lead.field(id) == Value::Missing;
    let time = matches!(field.ty, Type::One(Scalar::Date | Scalar::Time) | Type::List(Scalar::Date | Scalar::Time));
    !field.key
        && program.schema.stage_field != Some(id)
        && (missing || !field.fixed)
        && (!time || missing && field.ask.is_some())
}

/// Changes that can be made to a lead.
pub(super) struct Changes {
    pub(super) moves: Vec<Move>,
    /// The fields opened for them.
    pub(super) opened: Opened,
    /// Whether every event that can come to something is among them.
    pub(super) whole: bool,
}

/// All changes that can be made to a lead and can change its stage.
pub(super) fn moves(evaluator: &Evaluator<'_>, plan: &WhatIf<'_>, lead: &Lead<'_>) -> Changes {
    let program = evaluator.program();
    let mut fields = missing_fields(program, plan, lead);
    fields.retain(|field| may_change(program, lead, *field));
    let known = (0..program.schema.fields.len()).map(|place| FieldId(place as u16));
    fields.extend(
        known.filter(|id| {
            lead.field(*id) != Value::Missing && plan.stage.contains(*id) && may_change(program, lead, *id)
        }),
    );
    let opened = open(evaluator, plan, lead, &fields, true);
    let mut moves = Vec::new();
    for (field, cells) in &opened.cells {
        let declared = program.schema.field(*field);
        let now = lead.field(*field).to_literal();
        for cell in cells.iter().skip(1).filter(|cell| !holds(cell, &now)) {
            let complete = opened.opens.get(field).is_some_and(|open| open.complete);
            let shown = match complete {
                true => show_cell(program, declared.ty, cell),
                false => show_literal(program, declared.ty, &cell.value),
            };
            let what = match now {
                Literal::Missing => What::Answer(*field, cell.value.clone()),
                _ => What::Change(*field, cell.value.clone()),
            };
            moves.push(Move { what, shown, touches: *field });
        }
    }
    let (settings, whole) = settings(program, plan, &opened);
    for ty in 0..program.schema.events.len() {
        if plan.stage.contains(event(program, ty)) {
            variants(evaluator, plan, lead, &settings, EventTypeId(ty as u16), &mut moves);
        }
    }
    Changes { moves, opened, whole }
}

/// Whether a cell is where a value lies, as far as that can be seen.
fn holds(cell: &Cell, value: &Literal) -> bool {
    let raw = match value {
        Literal::Int(raw) | Literal::Number(raw) | Literal::Money(raw) => *raw,
        value => return cell.value == *value,
    };
    cell.range.is_some_and(|(low, high)| raw >= low && raw <= high)
}

/// The events of a type that differ in what they come to, with as few of their fields known as that needs.
fn variants(
    evaluator: &Evaluator<'_>,
    plan: &WhatIf<'_>,
    lead: &Lead<'_>,
    settings: &[Setting],
    ty: EventTypeId,
    moves: &mut Vec<Move>,
) {
    let program = evaluator.program();
    let fields = &program.schema.event(ty).fields;
    let choices: Vec<Vec<Literal>> = (0..fields.len())
        .map(|place| match plan.cells.event_field(ty, place as u16) {
            Some(cells) if cells.used => cells.values().take(12).cloned().collect(),
            _ => vec![Literal::Missing],
        })
        .collect();
    let product = choices.iter().fold(1usize, |product, all| product.saturating_mul(all.len()));
    let mut combinations: Vec<Vec<Literal>> = (0..product.min(2_000))
        .map(|number| {
            let mut rest = number;
            choices
                .iter()
                .map(|all| {
                    let value = all.get(rest % all.len()).cloned().unwrap_or(Literal::Missing);
                    rest /= all.len();
                    value
                })
                .collect()
        })
        .collect();
    combinations.sort_by_key(|values| values.iter().filter(|value| **value != Literal::Missing).count());
    let in_setting = |setting: &Setting, event: Option<&[Literal]>| {
        let arena = Bump::new();
        let fields = fields_with(lead, setting.iter().map(|(field, value)| (*field, value)), &arena);
        let made = event.map(|values| ((ty, values), 1));
        let events = with_events(program, lead, evaluator.as_of().instant, made, &arena);
        let lead = Lead { key: lead.key, fields: &fields, events: &events };
        let (_, ledger) = evaluator.explain(&lead, &arena);
        Sign::of(program, plan, &ledger)
    };
    let sign = |event: Option<&[Literal]>| -> Vec<Sign> {
        settings.iter().map(|setting| in_setting(setting, event)).collect()
    };
    let mut signs = vec![sign(None)];
    for values in combinations.into_iter().take(MOST_VARIANTS) {
        let sign = sign(Some(&values));
        if !signs.contains(&sign) {
            signs.push(sign);
            let what = What::Event(ty, values);
            moves.push(Move { what, shown: String::new(), touches: event(program, ty.index()) });
        }
    }
}

/// What an event came to: the values, what questions about events saw, and where points came from.
#[derive(Debug, PartialEq)]
struct Sign {
    values: Vec<Option<Literal>>,
    seen: Vec<u64>,
    rules: Vec<RuleEntry>,
}

impl Sign {
    fn of(program: &Program, plan: &WhatIf<'_>, ledger: &Ledger) -> Sign {
        let mut sign = Sign { values: Vec::new(), seen: Vec::new(), rules: Vec::new() };
        for step in &plan.steps {
            program.walk_step(*step, &mut |expr| {
                sign.values.push(ledger.value(expr.id).cloned());
                sign.seen.push(ledger.seen(expr.id).map_or(0, |seen| seen.count));
            });
            if let Step::Part(PartId(id)) = step {
                sign.rules.push(*ledger.part(PartId(*id)));
            }
        }
        sign
    }
}

/// A lead's events up to an instant, and then so many more at that instant.
fn with_events<'v>(
    program: &'v Program,
    lead: &Lead<'v>,
    now: i64,
    more: impl IntoIterator<Item = ((EventTypeId, &'v [Literal]), u32)>,
    arena: &'v Bump,
) -> Vec<Event<'v>> {
    let known = lead.events.partition_point(|event| event.at <= now);
    let mut events: Vec<Event<'v>> = lead.events[..known].to_vec();
    let mut index = lead.events.iter().map(|event| event.index + 1).max().unwrap_or(0);
    for ((ty, values), times) in more {
        let fields = &*arena.alloc_slice_fill_iter(values.iter().map(|value| value.value(arena)));
        for _ in 0..times {
            let spelling = program.schema.event(ty).from.as_str();
            events.push(Event { at: now, ty: Some(ty), spelling, fields, index });
            index += 1;
        }
    }
    events
}

/// Gives a lead with changes made to a closure.
pub(super) fn with_moves<T>(
    evaluator: &Evaluator<'_>,
    lead: &Lead<'_>,
    moves: &[Move],
    made: &Moves,
    look: impl FnOnce(&Lead<'_>) -> T,
) -> T {
    let arena = Bump::new();
    let (mut changed, mut more) = (Vec::new(), Vec::new());
    for (place, times) in made {
        match moves.get(*place).map(|one| &one.what) {
            Some(What::Answer(field, value) | What::Change(field, value)) => changed.push((*field, value)),
            Some(What::Event(ty, values)) => more.push(((*ty, values.as_slice()), *times)),
            None => {}
        }
    }
    let fields = fields_with(lead, changed, &arena);
    let events = with_events(evaluator.program(), lead, evaluator.as_of().instant, more, &arena);
    look(&Lead { key: lead.key, fields: &fields, events: &events })
}

/// The types whose events a set of changes adds; each field or type at most once.
pub(super) fn touched(moves: &[Move], made: &Moves) -> BTreeSet<FieldId> {
    made.iter().filter_map(|(place, _)| moves.get(*place)).map(|one| one.touches).collect()
}
