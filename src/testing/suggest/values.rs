//! Values and events worth trying: both sides of everything that the policy tells apart.

use super::probe::Probe;
use super::reads::Reads;
use crate::analysis::Cells;
use crate::check::hir::{Decay, EventTypes, EventWindow, Expr, ExprKind, PartKind, Program, QueryId, TestEvent};
use crate::model::number::{MONEY_SCALE, NUMBER_SCALE};
use crate::model::time::{AsOf, DAY, Length};
use crate::model::{EventTypeId, FieldId, Literal, Scalar, Type};
use std::collections::BTreeSet;

/// At most so many values of a field are tried, so many kinds of events for a question.
const MOST_VALUES: usize = 40;
const MOST_KINDS: usize = 48;

/// What may be tried for each field and each question.
#[derive(Debug)]
pub struct Values<'p> {
    program: &'p Program,
    as_of: AsOf,
    cells: Cells,
    fields: Vec<Vec<Literal>>,
    queries: Vec<Query>,
}

/// What may be tried for a question about events.
#[derive(Debug, Default)]
struct Query {
    /// When events may be: the most telling instants.
    instants: Vec<i64>,
    /// How many there may be.
    counts: BTreeSet<usize>,
    /// Types and fields of one event.
    kinds: Vec<(EventTypeId, Vec<Literal>)>,
}

impl<'p> Values<'p> {
    /// Looks through a policy at an as-of.
    pub fn new(program: &'p Program, as_of: i64) -> Values<'p> {
        let as_of = AsOf::new(as_of, &program.zone);
        let cells = Cells::of(program, &as_of);
        let mut values = Values { program, as_of, cells, fields: Vec::new(), queries: Vec::new() };
        values.fields = (0..program.schema.fields.len()).map(|field| values.of_field(FieldId(field as u16))).collect();
        values.queries = (0..program.queries.len()).map(|query| values.of_query(QueryId(query as u16))).collect();
        values.limits();
        values
    }

    /// The values of a field; "missing" among them.
    pub fn field(&self, field: FieldId) -> &[Literal] {
        self.fields.get(field.index()).map_or(&[], Vec::as_slice)
    }

    fn of_field(&self, field: FieldId) -> Vec<Literal> {
        let mut values: Vec<Literal> = Vec::new();
        let mut add = |value: Literal| {
            if values.len() < MOST_VALUES && !values.contains(&value) {
                values.push(value);
            }
        };
        // Round numbers beside the lines of the policy read best; the cells know the rest.
        for line in self.lines(field) {
            near(&line, self.program.schema.field(field).ty).into_iter().for_each(&mut add);
        }
        let cells = self.cells.field(field);
        cells.values().cloned().for_each(&mut add);
        cells.cells.iter().flat_map(|cell| cell.ends()).filter(readable).for_each(&mut add);
        values
    }

    /// The constants that stand in expressions that read a field.
    fn lines(&self, field: FieldId) -> Vec<Literal> {
        let mut lines = Vec::new();
        for step in &self.program.order {
            let (mut reads, mut constants) = (false, Vec::new());
            self.program.walk_step(*step, &mut |expr: &Expr| match &expr.kind {
                ExprKind::Field(read) => reads |= *read == field,
                ExprKind::Constant(literal) => constants.push(literal.clone()),
                _ => {}
            });
            if reads {
                lines.extend(constants);
            }
        }
        lines
    }

    fn of_query(&self, id: QueryId) -> Query {
        let program = self.program;
        let query = &program.queries[id.index()];
        let back = |length: Length| self.as_of.reach(length, &program.zone).back;
        let mut instants = vec![self.as_of.instant, self.as_of.instant - DAY];
        match &query.window {
            None => {}
            Some(EventWindow::Within(length)) => {
                let length = program.lengths[length.index()];
                instants.extend([back(length), self.just_before(back(length), length)]);
                instants.push(back(Length { count: length.count + 1, ..length }));
            }
            Some(EventWindow::Since(time)) => {
                if let ExprKind::Constant(Literal::Date(day)) = time.kind {
                    instants.extend([program.zone.start_of_day(day), program.zone.start_of_day(day - 1)]);
                }
                if let ExprKind::Constant(Literal::Time(at)) = time.kind {
                    instants.extend([at, at - 60_000]);
                }
            }
        }
        let kinds = self.kinds(id);
        Query { instants, counts: BTreeSet::from([1, 2, 3]), kinds }
    }

    /// The day before an edge, as so many days ago where it can be said so.
    fn just_before(&self, edge: i64, length: Length) -> i64 {
        if length.millis().is_some_and(|millis| millis % DAY != 0) {
            let longer = Length { count: length.count + 1, ..length };
            return self.as_of.reach(longer, &self.program.zone).back;
        }
        let days = (self.as_of.instant - edge).div_euclid(DAY) + 1;
        self.as_of.instant - days * DAY
    }

    /// One event of each kind that the condition of a question tells apart.
    fn kinds(&self, id: QueryId) -> Vec<(EventTypeId, Vec<Literal>)> {
        let schema = &self.program.schema;
        let query = &self.program.queries[id.index()];
        let types: Vec<EventTypeId> = match &query.types {
            EventTypes::All => (0..schema.events.len() as u16).map(EventTypeId).take(2).collect(),
            EventTypes::One(ty) => vec![*ty],
            EventTypes::Any(types) => types.clone(),
        };
        let mut places: Vec<Box<[u16]>> = Vec::new();
        if let Some(condition) = &query.condition {
            condition.walk(self.program, &mut |expr| {
                if let ExprKind::EventField(read) = &expr.kind {
                    places.push(read.clone());
                }
            });
        }
        let mut kinds = Vec::new();
        for ty in types {
            let fields = schema.event(ty).fields.len();
            let mut combined: Vec<Vec<Literal>> = vec![vec![Literal::Missing; fields]];
            for read in &places {
                let place = if read.len() == 1 { read.first() } else { read.get(ty.index()) };
                let Some(place) = place.copied().filter(|place| usize::from(*place) < fields) else { continue };
                if combined.iter().any(|values| values[usize::from(place)] != Literal::Missing) {
                    continue;
                }
                let cells = self.cells.event_field(ty, place);
                let mut values: Vec<Literal> = Vec::new();
                let known = schema.event(ty).fields.get(usize::from(place)).map(|field| field.ty);
                if let (Some(condition), Some(known)) = (&query.condition, known) {
                    condition.walk(self.program, &mut |expr| {
                        if let ExprKind::Constant(literal) = &expr.kind {
                            values.extend(near(literal, known));
                        }
                    });
                }
                let of_cells = cells.into_iter().flat_map(|cells| cells.values().cloned());
                values.extend(of_cells.filter(readable));
                values.dedup();
                let before = std::mem::take(&mut combined);
                for value in values.into_iter().take(8) {
                    for values in before.iter().take(MOST_KINDS / 8) {
                        let mut values = values.clone();
                        values[usize::from(place)] = value.clone();
                        if !combined.contains(&values) {
                            combined.push(values);
                        }
                    }
                }
                combined.extend(before);
            }
            kinds.extend(combined.into_iter().map(|values| (ty, values)));
        }
        kinds.truncate(MOST_KINDS);
        kinds
    }

    /// Caps, decays and counts say when and how often events should be tried.
    fn limits(&mut self) {
        let program = self.program;
        let instant = self.as_of.instant;
        for part in &program.parts {
            let PartKind::Per(per) = &part.kind else { continue };
            let query = &mut self.queries[per.query.index()];
            for cap in
                [per.per_day, per.per_week, per.per_month, per.times].into_iter().flatten().filter(|cap| *cap < 60)
            {
                query.counts.extend([cap as usize, cap as usize + 1]);
            }
            if let (Some(most), points) = (per.most, per.points.unsigned_abs().max(1)) {
                let full = (most.unsigned_abs() / points) as usize;
                if full < 60 {
                    query.counts.extend([full, full + 1, full + 2]);
                }
            }
            if let Some(
                Decay::Halving { every }
                | Decay::Fading { over: every }
                | Decay::LosingShare { every, .. }
                | Decay::LosingPoints { every, .. },
            ) = &per.decay
            {
                query.instants.extend([instant - every, instant - every + DAY.min(every / 2)]);
            }
        }
        let mut counts = Vec::new();
        let mut periods = Vec::new();
        for step in &program.order {
            program.walk_step(*step, &mut |expr| match &expr.kind {
                ExprKind::AtLeastEvents(count, query) | ExprKind::AtMostEvents(count, query) if *count < 60 => {
                    counts.push((*query, *count as usize));
                }
                ExprKind::Within { value, next: false, length } => {
                    if let Some(query) = value.query() {
                        periods.push((query, program.lengths[length.index()]));
                    }
                }
                ExprKind::Age(_, value, length) => {
                    if let Some(query) = value.query() {
                        periods.push((query, program.lengths[length.index()]));
                    }
                }
                _ => {}
            });
        }
        for part in &program.parts {
            if let PartKind::PerPeriod { period, since, most, points } = &part.kind
                && let Some(query) = since.query()
            {
                let instants = &mut self.queries[query.index()].instants;
                instants.extend([instant - period, instant - period + DAY]);
                if let Some(full) = most.map(|most| most / points.abs().max(1)).filter(|full| *full < 100) {
                    instants.extend([instant - period * full, instant - period * (full + 1)]);
                }
            }
        }
        for (query, count) in counts {
            let known = &mut self.queries[query.index()].counts;
            known.extend([count.saturating_sub(1).max(1), count.max(1), count + 1]);
        }
        for (query, length) in periods {
            let edge = self.as_of.reach(length, &program.zone).back;
            let before = self.just_before(edge, length);
            self.queries[query.index()].instants.extend([edge, before]);
        }
        for query in &mut self.queries {
            let mut seen = BTreeSet::new();
            query.instants.retain(|at| seen.insert(*at));
        }
    }

    /// Leads one step away: another value of a field that is read, or more events that a question asks for.
    pub fn neighbours(&self, probe: &Probe, reads: &Reads) -> Vec<Probe> {
        let mut found = Vec::new();
        for field in &reads.fields {
            let own = probe.lead.get(field.index());
            let other = self.field(*field).iter().filter(|value| Some(*value) != own);
            found.extend(other.map(|value| super::probe::with_field(probe, *field, value)));
        }
        for query in &reads.queries {
            self.event_neighbours(probe, *query, &mut found);
        }
        found
    }

    fn event_neighbours(&self, probe: &Probe, id: QueryId, found: &mut Vec<Probe>) {
        let query = &self.queries[id.index()];
        let mut instants = query.instants.clone();
        if let Some(EventWindow::Since(time)) = &self.program.queries[id.index()].window
            && let ExprKind::Field(field) = time.kind
        {
            match probe.lead.get(field.index()) {
                Some(Literal::Time(at)) => instants.extend([*at, *at - DAY]),
                Some(Literal::Date(day)) => {
                    instants.extend([self.program.zone.start_of_day(*day), self.program.zone.start_of_day(*day - 1)])
                }
                _ => {}
            }
        }
        let event = |kind: &(EventTypeId, Vec<Literal>), at: i64| TestEvent { ty: kind.0, at, fields: kind.1.clone() };
        // Every kind once, now; the first few at every instant and every count.
        for kind in &query.kinds {
            found.push(super::probe::with_events(probe, [event(kind, self.as_of.instant)]));
        }
        let telling = query.kinds.iter().take(if query.kinds.len() > 12 { 12 } else { 6 });
        for kind in telling {
            for at in &instants {
                found.push(super::probe::with_events(probe, [event(kind, *at)]));
            }
            for count in query.counts.iter().filter(|count| **count > 1) {
                for apart in [0, DAY, 7 * DAY, 31 * DAY] {
                    for distinct in [false, true] {
                        let events = (0..*count).map(|number| {
                            let mut event = event(kind, self.as_of.instant - apart * number as i64);
                            if distinct {
                                self.tell_apart(&mut event, number);
                            }
                            event
                        });
                        found.push(super::probe::with_events(probe, events));
                    }
                }
            }
        }
        // An event of each kind at an instant may be twice at another: caps meet windows.
        for at in instants.iter().skip(2) {
            if let Some(kind) = query.kinds.first() {
                found.push(super::probe::with_events(probe, [event(kind, *at), event(kind, self.as_of.instant)]));
            }
        }
    }

    /// Another value of every text and number of an event that the policy does not look at.
    fn tell_apart(&self, event: &mut TestEvent, number: usize) {
        let types = self.program.schema.event(event.ty).fields.iter().map(|field| field.ty);
        for (value, ty) in event.fields.iter_mut().zip(types) {
            *value = match (&*value, ty) {
                (Literal::Missing, Type::One(Scalar::Text)) => Literal::Text(format!("No. {}", number + 1).into()),
                (Literal::Missing, Type::One(Scalar::Int)) => Literal::Int(number as i64 + 1),
                (Literal::Text(text), Type::One(Scalar::Text)) if number > 0 => {
                    Literal::Text(format!("{text}/{}", number + 1).into())
                }
                _ => continue,
            };
        }
    }
}

/// A constant as a value of a field's type, and the values right beside it.
fn near(line: &Literal, ty: Type) -> Vec<Literal> {
    let Type::One(scalar) = ty else { return Vec::new() };
    match (line, scalar) {
        (Literal::Int(value), Scalar::Int) => [*value, value - 1, value + 1].map(Literal::Int).to_vec(),
        (Literal::Number(value), Scalar::Int) => {
            let whole = value.div_euclid(NUMBER_SCALE);
            [whole, whole - 1, whole + 1].map(Literal::Int).to_vec()
        }
        (Literal::Int(value), Scalar::Number) => {
            let value = value.saturating_mul(NUMBER_SCALE);
            [value, value - NUMBER_SCALE, value + NUMBER_SCALE].map(Literal::Number).to_vec()
        }
        (Literal::Number(value), Scalar::Number) => {
            let step = if value % NUMBER_SCALE == 0 { NUMBER_SCALE } else { NUMBER_SCALE / 100 };
            [*value, value - step, value + step].map(Literal::Number).to_vec()
        }
        (Literal::Money(value), Scalar::Money(_)) => {
            [*value, value - MONEY_SCALE, value + MONEY_SCALE].map(Literal::Money).to_vec()
        }
        (Literal::Date(day), Scalar::Date) => [*day, day - 1, day + 1].map(Literal::Date).to_vec(),
        (Literal::Time(at), Scalar::Time) => [*at, at - DAY, at + DAY].map(Literal::Time).to_vec(),
        (Literal::Text(text), Scalar::Text) => vec![Literal::Text(text.clone())],
        _ => Vec::new(),
    }
}

/// Whether a value can stand in a test without astonishing: the ends of a type's range do not.
fn readable(value: &Literal) -> bool {
    match value {
        Literal::Int(value) => value.abs() < 1_000_000_000,
        Literal::Number(value) => value.abs() < 1_000_000_000 * NUMBER_SCALE,
        Literal::Money(value) => value.abs() < 1_000_000_000 * MONEY_SCALE,
        // 1900 to 2200.
        Literal::Date(day) => (-25_567..84_006).contains(day),
        Literal::Time(at) => (-25_567..84_006).contains(&at.div_euclid(DAY)),
        Literal::Text(text) => text.chars().count() <= 80,
        _ => true,
    }
}
