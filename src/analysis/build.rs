//! From wishes to a lead: picks a cell for each field and lays out events.

use super::cells::{literal, units};
use super::space::Space;
use super::state::{MANY, State};
use super::wishes::{EventWish, Wishes};
use super::witness::{Witness, WitnessEvent};
use crate::check::hir::{ExprKind, PartKind, Per, QueryId};
use crate::eval::Probe;
use crate::model::time::{EARLIEST, from_days};
use crate::model::{Event, FieldId, Lead, Literal, Type, Value};
use bumpalo::Bump;

/// A lead of the state that is as much as wished for as this simple way finds.
pub(super) fn build(space: &Space<'_>, state: &State, wishes: &Wishes) -> Witness {
    let fields = (0..space.program.schema.fields.len()).map(|field| pick_value(space, state, wishes, FieldId(field as u16)));
    let mut witness = Witness { fields: fields.collect(), events: Vec::new() };
    add_events(space, state, wishes, &mut witness);
    witness
}

fn pick_value(space: &Space<'_>, state: &State, wishes: &Wishes, field: FieldId) -> Literal {
    let alive = state.alive(space, field);
    let scores = wishes.cells.get(&field);
    let score = |cell: usize| scores.map_or(0, |scores| scores[cell]);
    let cells = (0..alive.len()).filter(|cell| alive[*cell]);
    // Of equals the first: missing, then the plainest.
    let Some(best) = cells.max_by_key(|cell| (score(*cell), std::cmp::Reverse(*cell))) else { return Literal::Missing };
    let cell = &space.cells.field(field).cells[best];
    if let Some(age) = wishes.ages.get(&field) {
        return aged(space, state, field, *age);
    }
    match (wishes.ends.get(&field), cell.range) {
        (Some(true), Some((_, high))) => end(space, field, high),
        (Some(false), Some((low, _))) => end(space, field, low),
        _ => cell.value.clone(),
    }
}

fn end(space: &Space<'_>, field: FieldId, units: i64) -> Literal {
    match space.program.schema.field(field).ty {
        Type::One(scalar) | Type::List(scalar) => literal(scalar, units),
    }
}

/// A time or date so long ago, or the nearest that may be.
fn aged(space: &Space<'_>, state: &State, field: FieldId, age: i64) -> Literal {
    let wanted = space.evaluator.as_of().instant.saturating_sub(age).max(EARLIEST);
    let wanted = match space.program.schema.field(field).ty {
        Type::One(crate::model::Scalar::Date) => i64::from(space.program.zone.day(wanted)),
        _ => wanted,
    };
    let alive = state.alive(space, field);
    let cells = space.cells.field(field).cells.iter().zip(alive).filter(|(_, alive)| **alive);
    let ranges = cells.filter_map(|(cell, _)| cell.range);
    let nearest = ranges.map(|(low, high)| wanted.clamp(low, high)).min_by_key(|at| (at - wanted).abs());
    nearest.map_or(Literal::Missing, |at| end(space, field, at))
}

/// Adds the events that the state needs and that are wished for.
fn add_events(space: &Space<'_>, state: &State, wishes: &Wishes, witness: &mut Witness) {
    let questions = state.counts.len();
    let mut wanted: Vec<EventWish> = Vec::new();
    for (place, (least, _)) in state.counts.iter().enumerate() {
        if *least > 0 {
            wanted.push(EventWish { query: QueryId(place as u16), count: *least, rule: None, age: None });
        }
    }
    wanted.extend(wishes.events.iter().cloned());
    if wanted.is_empty() {
        return;
    }
    // The most that may count for each question, and that should.
    let mut hard: Vec<u32> = state.counts.iter().map(|(_, most)| *most).collect();
    let mut soft = hard.clone();
    for (query, most) in &wishes.avoid {
        soft[query.index()] = soft[query.index()].min(*most);
    }
    hard.resize(questions, MANY);
    // What is needed by few kinds first, then the larger numbers.
    wanted.sort_by_key(|wish| {
        (space.events.questions[wish.query.index()].kinds.len(), std::cmp::Reverse(wish.count))
    });
    let mut counts = vec![0u32; questions];
    let arena = Bump::new();
    let lead_fields: Vec<Value<'_>> = witness.fields.iter().map(|literal| literal.value(&arena)).collect();
    let lead = Lead { key: "", fields: &lead_fields, events: &[] };
    let mut probe = space.evaluator.probe(&lead, &arena);
    let mut events: Vec<WitnessEvent> = Vec::new();
    for wish in &wanted {
        let missing = wish.count.saturating_sub(counts[wish.query.index()]);
        if missing == 0 {
            continue;
        }
        let mut best: Option<(u64, Vec<usize>, usize)> = None;
        for kind in &space.events.questions[wish.query.index()].kinds {
            let found = &space.events.kinds[*kind];
            if found.wildcard {
                continue;
            }
            let event = event_of(found, found.to, &arena);
            let counted: Vec<usize> =
                found.may.iter().filter(|query| probe.counts(QueryId(*query as u16), event)).collect();
            if !counted.contains(&wish.query.index()) {
                continue;
            }
            let over = |most: &[u32]| counted.iter().filter(|query| counts[**query].saturating_add(missing) > most[**query]).count() as u64;
            let helps = wanted.iter().filter(|other| counted.contains(&other.query.index())).count() as u64;
            let cost = over(&hard) * 1_000_000 + over(&soft) * 1_000 + 500u64.saturating_sub(helps);
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, counted, *kind));
            }
        }
        let Some((_, counted, kind)) = best else { continue };
        let made = lay_out(space, wish, kind, missing, &mut probe, &arena);
        for query in counted {
            counts[query] = counts[query].saturating_add(made.len() as u32);
        }
        events.extend(made);
    }
    events.sort_by_key(|event| event.at);
    witness.events = events;
}

pub(super) fn event_of<'a>(kind: &super::events::Kind, at: i64, arena: &'a Bump) -> &'a Event<'a> {
    let fields: Vec<Literal> = kind.fields.clone();
    let fields: &'a Vec<Literal> = arena.alloc(fields);
    let values = arena.alloc_slice_fill_iter(fields.iter().map(|literal| literal.value(arena)));
    arena.alloc(Event { at, ty: kind.ty, spelling: arena.alloc_str(&kind.spelling), fields: values, index: 0 })
}

/// Events of a kind: newest first, spread as the caps of the wish's rule ask for.
fn lay_out<'a>(
    space: &'a Space<'_>,
    wish: &EventWish,
    kind: usize,
    count: u32,
    probe: &mut Probe<'a>,
    arena: &'a Bump,
) -> Vec<WitnessEvent> {
    let kind = &space.events.kinds[kind];
    let at = |at: i64| WitnessEvent { ty: kind.ty, spelling: kind.spelling.clone(), at, fields: kind.fields.clone() };
    if let Some(age) = wish.age {
        let instant = space.evaluator.as_of().instant.saturating_sub(age);
        return vec![at(instant.clamp(kind.from, kind.to))];
    }
    let rule = wish.rule.and_then(|rule| match &space.program.parts[rule.index()].kind {
        PartKind::Per(per) => Some(&**per),
        _ => None,
    });
    let Some(per) = rule else { return (0..count).map(|_| at(kind.to)).collect() };
    let mut events: Vec<WitnessEvent> = instants(space, per, kind.from, kind.to, count).into_iter().map(at).collect();
    if let Some(field) = &per.distinct
        && let ExprKind::EventField(places) = &field.kind
        && let Some(ty) = kind.ty
    {
        let place = if let [one] = &**places { *one } else { places.get(ty.index()).copied().unwrap_or(u16::MAX) };
        vary(space, wish.query, usize::from(place), &mut events, probe, arena);
    }
    events
}

/// The latest instants that the caps of a rule leave.
fn instants(space: &Space<'_>, per: &Per, from: i64, to: i64, count: u32) -> Vec<i64> {
    let by_day = per.distinct.as_ref().is_some_and(|field| matches!(field.kind, ExprKind::EventDay));
    let caps = (if by_day { Some(1) } else { per.per_day }, per.per_week, per.per_month);
    if caps == (None, None, None) {
        return vec![to; count as usize];
    }
    let zone = &space.program.zone;
    let mut found = Vec::new();
    let mut used = ((0, 0u32), (0, 0u32));
    let mut day = zone.day(to);
    for _ in 0..4_000 {
        let at = (zone.start_of_day(day + 1) - 1).min(to);
        if at < from || found.len() >= count as usize {
            break;
        }
        let date = from_days(day);
        let periods = ((day + 3).div_euclid(7), i32::from(date.year()) * 12 + i32::from(date.month()));
        if used.0.0 != periods.0 {
            used.0 = (periods.0, 0);
        }
        if used.1.0 != periods.1 {
            used.1 = (periods.1, 0);
        }
        let left = |cap: Option<u32>, used: u32| cap.map_or(u32::MAX, |cap| cap.saturating_sub(used));
        let room = left(caps.0, 0).min(left(caps.1, used.0.1)).min(left(caps.2, used.1.1));
        let taken = room.min(count - found.len() as u32);
        used.0.1 += taken;
        used.1.1 += taken;
        found.extend(std::iter::repeat_n(at, taken as usize));
        day -= 1;
    }
    found
}

/// Gives each event another value of a field, as far as they still count.
fn vary<'a>(
    space: &'a Space<'_>,
    query: QueryId,
    place: usize,
    events: &mut Vec<WitnessEvent>,
    probe: &mut Probe<'a>,
    arena: &'a Bump,
) {
    let mut values: Vec<Literal> = Vec::new();
    let Some(first) = events.first().cloned() else { return };
    let ty = first.ty.and_then(|ty| space.program.schema.event(ty).fields.get(place)).map(|field| field.ty);
    // Other kinds show which values count.
    for kind in &space.events.questions[query.index()].kinds {
        let kind = &space.events.kinds[*kind];
        if kind.ty == first.ty
            && let Some(value) = kind.fields.get(place)
            && *value != Literal::Missing
            && !values.contains(value)
        {
            values.push(value.clone());
        }
    }
    let seeds = values.clone();
    for number in 1..=events.len() as i64 {
        for seed in seeds.iter().take(4) {
            match seed {
                Literal::Text(text) => {
                    values.push(Literal::Text(format!("{text}{number}").into()));
                    values.push(Literal::Text(format!("{text} {number}").into()));
                    values.push(Literal::Text(format!("{number} {text}").into()));
                }
                seed => {
                    if let (Some(of), Some(Type::One(scalar))) = (units(seed), ty) {
                        values.push(literal(scalar, of.saturating_add(number)));
                        values.push(literal(scalar, of.saturating_sub(number)));
                    }
                }
            }
        }
        if values.len() > events.len() * 4 {
            break;
        }
    }
    if let Some(Type::One(crate::model::Scalar::Choice(domain))) = ty {
        values = (0..space.program.schema.domain(domain).choices.len()).map(|choice| Literal::Choice(choice as u16)).collect();
    }
    if ty == Some(Type::One(crate::model::Scalar::Bool)) {
        values = vec![Literal::Bool(true), Literal::Bool(false)];
    }
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(format!("{value:?}")));
    let mut left = values.into_iter();
    let mut kept = Vec::new();
    for event in events.drain(..) {
        for value in left.by_ref() {
            let mut other = event.clone();
            if let Some(slot) = other.fields.get_mut(place) {
                *slot = value;
            }
            let owned: &'a Vec<Literal> = arena.alloc(other.fields.clone());
            let fields = arena.alloc_slice_fill_iter(owned.iter().map(|literal| literal.value(arena)));
            let spelling = arena.alloc_str(&other.spelling);
            let tried = arena.alloc(Event { at: other.at, ty: other.ty, spelling, fields, index: 0 });
            if probe.counts(query, tried) {
                kept.push(other);
                break;
            }
        }
    }
    *events = kept;
}
