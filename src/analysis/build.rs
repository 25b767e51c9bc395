//! From wishes to a lead: picks a cell for each field and lays out events.

use super::cells::{literal, units};
use super::narrow::place_of;
use super::space::Space;
use super::state::{MANY, State};
use super::wishes::{Distinct, EventWish, Wishes};
use super::witness::{Witness, WitnessEvent};
use crate::check::hir::{PartKind, QueryId};
use crate::eval::Probe;
use crate::model::time::{EARLIEST, from_days};
use crate::model::{Event, FieldId, Lead, Literal, Type, Value};
use bumpalo::Bump;

/// A lead of the state that is as much as wished for as this simple way finds.
pub(super) fn build(space: &Space<'_>, state: &State, wishes: &Wishes) -> Witness {
    let fields =
        (0..space.program.schema.fields.len()).map(|field| pick_value(space, state, wishes, FieldId(field as u16)));
    let mut witness = Witness { fields: fields.collect(), events: Vec::new() };
    if !state.orders.is_empty() {
        let wished = |field: FieldId| best_cell(space, state, wishes, field).unwrap_or(0);
        for (field, value) in state.ordered(space, &wished).unwrap_or_default() {
            witness.fields[field.index()] = end(space, field, value);
        }
    }
    add_events(space, state, wishes, &mut witness);
    witness
}

/// The cell that is wished for most; of equals the first: missing, then the plainest.
fn best_cell(space: &Space<'_>, state: &State, wishes: &Wishes, field: FieldId) -> Option<usize> {
    let alive = state.alive(space, field);
    let scores = wishes.cells.get(&field);
    let score = |cell: usize| scores.map_or(0, |scores| scores[cell]);
    (0..alive.len()).filter(|cell| alive[*cell]).max_by_key(|cell| (score(*cell), std::cmp::Reverse(*cell)))
}

fn pick_value(space: &Space<'_>, state: &State, wishes: &Wishes, field: FieldId) -> Literal {
    let Some(best) = best_cell(space, state, wishes, field) else { return Literal::Missing };
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

/// What speaks against a kind: questions that must not, and should not, count more; its age and fields; what it does
/// not help with.
type Cost = (u64, u64, i128, u64);

/// Adds the events that the state needs and that are wished for.
fn add_events(space: &Space<'_>, state: &State, wishes: &Wishes, witness: &mut Witness) {
    let questions = state.counts.len();
    let mut wanted: Vec<EventWish> = Vec::new();
    for (place, (least, _)) in state.counts.iter().enumerate() {
        if *least > 0 {
            wanted.push(EventWish::new(QueryId(place as u16), *least));
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
    wanted.sort_by_key(|wish| (space.events.questions[wish.query.index()].kinds.len(), std::cmp::Reverse(wish.count)));
    let mut counts = vec![0u32; questions];
    let mut is_wanted = vec![false; questions];
    wanted.iter().for_each(|wish| is_wanted[wish.query.index()] = true);
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
        let mut best: Option<(Cost, Vec<usize>, usize)> = None;
        for kind in &space.events.questions[wish.query.index()].kinds {
            let found = &space.events.kinds[*kind];
            if found.wildcard {
                continue;
            }
            // Where the lead's own fields have a say, the engine is asked.
            let mut event = None;
            let sure = |query: usize| found.must.has(query);
            let mut counted: Vec<usize> = Vec::new();
            for query in found.may.iter() {
                if sure(query) || {
                    let event = *event.get_or_insert_with(|| event_of(found, found.to, &arena));
                    space.counts(&mut probe, query, event)
                } {
                    counted.push(query);
                }
            }
            if !counted.contains(&wish.query.index()) {
                continue;
            }
            let over = |most: &[u32]| {
                counted.iter().filter(|query| counts[**query].saturating_add(missing) > most[**query]).count() as u64
            };
            let helps = counted.iter().filter(|query| is_wanted[**query]).count() as u64;
            let cost = (over(&hard), over(&soft), rank(space, found, wish, &wanted), u64::MAX - helps);
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, counted, *kind));
            }
        }
        let Some((_, counted, kind)) = best else { continue };
        let made = lay_out(space, wish, wishes.oldest, kind, missing, &mut probe, &arena);
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

/// How far a kind is from the age that is wished for, and its fields from being high or low.
fn rank(space: &Space<'_>, kind: &super::events::Kind, wish: &EventWish, wanted: &[EventWish]) -> i128 {
    if let Some(age) = wish.age {
        let instant = space.evaluator.as_of().instant.saturating_sub(age);
        return i128::from((instant.clamp(kind.from, kind.to) - instant).abs());
    }
    let mut rank = 0;
    for (places, up) in wanted.iter().filter_map(|wish| wish.prefer.as_ref()) {
        let Some(place) = place_of(places, kind.ty) else { continue };
        rank += match kind.fields.get(place).and_then(units) {
            Some(value) => {
                let size = i128::from(value.unsigned_abs().checked_ilog2().map_or(0, |size| size + 1));
                let high = if value < 0 { -size } else { size };
                if *up { -high } else { high }
            }
            None => 100,
        };
    }
    rank
}

/// Events of a kind: newest first, spread as the caps of the wish's rule ask for.
fn lay_out<'a>(
    space: &'a Space<'_>,
    wish: &EventWish,
    oldest: bool,
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
    if oldest {
        return (0..count).map(|_| at(kind.from.max(space.evaluator.as_of().instant - LONG_AGO))).collect();
    }
    let rule = wish.rule.and_then(|rule| match &space.program.parts[rule.index()].kind {
        PartKind::Per(per) => Some(&**per),
        _ => None,
    });
    let mut caps = rule.map_or((None, None, None), |per| (per.per_day, per.per_week, per.per_month));
    if wish.distinct == Some(Distinct::Day) {
        caps.0 = Some(1);
    }
    // Older events of the same fields count as well, as long as they are in the window.
    let alike = |other: &&super::events::Kind| {
        other.ty == kind.ty && other.fields == kind.fields && other.spelling == kind.spelling
    };
    let kinds = space.events.questions[wish.query.index()].kinds.iter().map(|kind| &space.events.kinds[*kind]);
    let from = kinds.filter(alike).map(|kind| kind.from).min().unwrap_or(kind.from);
    let mut events: Vec<WitnessEvent> = instants(space, caps, from, kind.to, count).into_iter().map(at).collect();
    if let Some(Distinct::Field(places)) = &wish.distinct
        && let Some(place) = place_of(places, kind.ty)
    {
        vary(space, wish.query, place, &mut events, probe, arena);
    }
    events
}

/// "Long ago" where nothing says how long.
const LONG_AGO: i64 = 5 * 365 * crate::model::time::DAY;

/// The latest instants that the caps of a rule leave.
fn instants(
    space: &Space<'_>,
    caps: (Option<u32>, Option<u32>, Option<u32>),
    from: i64,
    to: i64,
    count: u32,
) -> Vec<i64> {
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
        values = (0..space.program.schema.domain(domain).choices.len())
            .map(|choice| Literal::Choice(choice as u16))
            .collect();
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
            if space.counts(probe, query.index(), tried) {
                kept.push(other);
                break;
            }
        }
    }
    *events = kept;
}
