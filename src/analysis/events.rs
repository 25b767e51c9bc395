//! The kinds of events that a policy tells apart, and which questions about events they count for.

use super::cells::{Cells, constant, units};
use super::narrow::{Asks, Narrow, Narrows, literal_amount};
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprId, ExprKind, LengthId, PartKind, Program, QueryId, Set};
use crate::eval::Evaluator;
use crate::model::time::{AsOf, DAY, EARLIEST, from_days, to_days};
use crate::model::{Event, EventTypeId, Lead, Literal, Value};
use bumpalo::Bump;
use std::collections::{BTreeSet, HashMap, HashSet};

/// So many combinations of an event's fields are tried, and so many kinds of a type are kept.
const MOST_COMBINATIONS: usize = 1_500;
const MOST_KINDS: usize = 100;

/// A set of small numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn none(count: usize) -> Bits {
        Bits(vec![0; count.div_ceil(64)])
    }

    pub(super) fn set(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(super) fn meets(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            (0..64).filter(move |place| bits >> place & 1 == 1).map(move |place| word * 64 + place)
        })
    }
}

/// Events that a policy does not tell apart: of one type, with these fields, from one instant to another.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) ty: Option<EventTypeId>,
    pub(super) spelling: Box<str>,
    pub(super) fields: Vec<Literal>,
    /// The first and last instant.
    pub(super) from: i64,
    pub(super) to: i64,
    /// The questions that it can count for, and those that it must.
    pub(super) may: Bits,
    pub(super) must: Bits,
    /// Whether it stands for events that were not tried: it can be no witness.
    pub(super) wildcard: bool,
}

/// What is known of a question about events.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Where its window begins, unless a field of the lead says so.
    pub(super) start: Option<i64>,
    /// Questions that count all events which this one counts, itself left out.
    pub(super) above: Vec<usize>,
    /// Questions whose events this one counts, itself left out.
    pub(super) below: Vec<usize>,
    /// The kinds that can count for it.
    pub(super) kinds: Vec<usize>,
    /// Whether an event counts by what the lead's fields are.
    pub(super) by_lead: bool,
}

/// All kinds and questions.
#[derive(Clone, Debug)]
pub(super) struct Events {
    pub(super) kinds: Vec<Kind>,
    /// Those that the policy writes, then those that conditions ask by their nature.
    pub(super) questions: Vec<Question>,
    /// The questions that conditions ask by their nature.
    pub(super) narrow: Vec<Narrow>,
    /// The conditions that ask them.
    pub(super) asks: HashMap<ExprId, Asks>,
}

/// Finds the kinds of events of a policy.
pub(super) fn events(program: &Program, evaluator: &Evaluator<'_>, cells: &Cells) -> Events {
    let as_of = evaluator.as_of();
    let mut questions: Vec<Question> = Vec::new();
    for query in &program.queries {
        let start = match &query.window {
            None => Some(EARLIEST),
            Some(EventWindow::Within(length)) => Some(as_of.reach(program.lengths[length.index()], &program.zone).back),
            Some(EventWindow::Since(time)) => match constant(program, time) {
                Some(Literal::Time(instant)) => Some(*instant),
                Some(Literal::Date(day)) => Some(program.zone.start_of_day(*day)),
                _ => None,
            },
        };
        let mut by_lead = start.is_none();
        if let Some(condition) = &query.condition {
            condition.walk(program, &mut |expr| by_lead |= leads_own(&expr.kind));
            by_lead |= !day_edges(program, as_of, condition).1;
        }
        questions.push(Question { start, above: Vec::new(), below: Vec::new(), kinds: Vec::new(), by_lead });
    }
    let mut narrows = Narrows::new(program, as_of);
    let mut asks = HashMap::new();
    for step in &program.order {
        program.walk_step(*step, &mut |expr| {
            if let Some(asked) = narrows.asks(expr) {
                asks.insert(expr.id, asked);
            }
        });
    }
    let narrow = narrows.all;
    for one in &narrow {
        let question =
            Question { above: Vec::new(), below: Vec::new(), kinds: Vec::new(), ..questions[one.of.index()] };
        questions.push(question);
    }
    let mut maker =
        Maker { program, evaluator, cells, as_of, questions: &questions, narrow: &narrow, kinds: Vec::new() };
    if !program.queries.is_empty() {
        maker.all();
    }
    let kinds = maker.kinds;
    relate(&mut questions, &kinds);
    Events { kinds, questions, narrow, asks }
}

/// The days at which a condition on the day of an event turns, and whether these are all.
fn day_edges(program: &Program, as_of: &AsOf, condition: &Expr) -> (Vec<i32>, bool) {
    let mut days = Vec::new();
    let (mut uses, mut known) = (0, 0);
    let is_day = |expr: &Expr| matches!(expr.kind, ExprKind::EventDay);
    let reach = |length: LengthId| as_of.reach(program.lengths[length.index()], &program.zone);
    condition.walk(program, &mut |expr| {
        uses += u32::from(is_day(expr));
        let both = |day: i32| [day, day + 1];
        let day_of = |literal: Option<&Literal>| match literal {
            Some(Literal::Date(day)) => Some(*day),
            Some(Literal::Time(instant)) => Some(program.zone.day(*instant)),
            _ => None,
        };
        let mut add = |literal: Option<&Literal>| {
            let day = day_of(literal);
            days.extend(day.into_iter().flat_map(both));
            day.is_some()
        };
        let age = |millis: i64| both(millis.div_euclid(DAY) as i32);
        known += u32::from(match &expr.kind {
            ExprKind::Compare(_, a, b) if is_day(a) => add(constant(program, b)),
            ExprKind::Compare(_, a, b) if is_day(b) => add(constant(program, a)),
            ExprKind::Between(value, low, high) if is_day(value) => {
                let low = add(constant(program, low));
                add(constant(program, high)) && low
            }
            ExprKind::In { value, set: Set::Values(values), .. } if is_day(value) => {
                values.iter().all(|value| add(Some(value)))
            }
            ExprKind::Age(_, value, length) if is_day(value) => {
                days.extend(age(reach(*length).day_back));
                true
            }
            ExprKind::AgeBetween(value, low, high) if is_day(value) => {
                days.extend(age(reach(*low).day_back));
                days.extend(age(reach(*high).day_back));
                true
            }
            ExprKind::Within { value, length, .. } if is_day(value) => {
                days.extend(age(reach(*length).day_back));
                days.extend(age(reach(*length).day_ahead));
                days.extend([as_of.day, as_of.day + 1]);
                true
            }
            ExprKind::IsKnown(value) | ExprKind::IsMissing(value) => is_day(value),
            _ => false,
        });
    });
    (days, uses == known)
}

/// Whether an expression reads what only the lead decides.
fn leads_own(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Field(_)
            | ExprKind::Define(_)
            | ExprKind::Points(_)
            | ExprKind::Check(_)
            | ExprKind::CheckCount(..)
            | ExprKind::Fits(_)
            | ExprKind::FitUnknown(_)
            | ExprKind::Band(_)
            | ExprKind::Cell(_)
            | ExprKind::Stage
            | ExprKind::Disqualified
            | ExprKind::DisqualifiedBy(_)
            | ExprKind::AtLeastEvents(..)
            | ExprKind::AtMostEvents(..)
            | ExprKind::Count(_)
            | ExprKind::Aggregate(..)
            | ExprKind::Edge(..)
    )
}

/// Which questions count all that others count.
fn relate(questions: &mut [Question], kinds: &[Kind]) {
    let count = questions.len();
    for (place, kind) in kinds.iter().enumerate() {
        for question in kind.may.iter() {
            questions[question].kinds.push(place);
        }
    }
    for this in 0..count {
        let mut above: Option<Bits> = None;
        for kind in &questions[this].kinds {
            let must = &kinds[*kind].must;
            match &mut above {
                Some(above) => above.keep(must),
                None => above = Some(must.clone()),
            }
        }
        let above: Vec<usize> = above.iter().flat_map(|above| above.iter()).filter(|other| *other != this).collect();
        for other in &above {
            questions[*other].below.push(this);
        }
        questions[this].above = above;
    }
}

struct Maker<'m, 'p> {
    program: &'p Program,
    evaluator: &'m Evaluator<'p>,
    cells: &'m Cells,
    as_of: &'m AsOf,
    questions: &'m [Question],
    narrow: &'m [Narrow],
    kinds: Vec<Kind>,
}

impl Maker<'_, '_> {
    fn all(&mut self) {
        let all = self.program.queries.iter().any(|query| query.types == EventTypes::All);
        for ty in 0..self.program.schema.events.len() {
            let id = EventTypeId(ty as u16);
            if self.program.queries.iter().any(|query| query.types.contains(Some(id))) {
                self.of_type(Some(id), &self.program.schema.events[ty].from.clone());
            }
        }
        if all {
            let mut spellings: BTreeSet<String> = BTreeSet::from(["Something else".to_owned()]);
            for query in self.program.queries.iter().filter(|query| query.types == EventTypes::All) {
                if let Some(condition) = &query.condition {
                    condition.walk(self.program, &mut |expr| spelled(&expr.kind, &mut spellings));
                }
            }
            let declared = &self.program.schema.events;
            spellings.retain(|spelling| declared.iter().all(|event| event.from != *spelling));
            for spelling in spellings {
                self.of_type(None, &spelling);
            }
        }
    }

    /// The kinds of one type.
    fn of_type(&mut self, ty: Option<EventTypeId>, spelling: &str) {
        let queries: Vec<usize> =
            (0..self.program.queries.len()).filter(|at| self.program.queries[*at].types.contains(ty)).collect();
        let (combinations, mut complete) = self.combinations(ty);
        complete &= ty.is_some()
            || self.program.queries.iter().all(|query| query.types != EventTypes::All || query.condition.is_none());
        let times = self.intervals(&queries);
        let by_day = queries.iter().any(|query| self.looks_at_day(*query));
        let fields_count = ty.map_or(0, |ty| self.program.schema.event(ty).fields.len());
        let summed = self.summed(ty);
        let lead_fields = vec![Value::Missing; self.program.schema.fields.len()];
        let arena = Bump::new();
        let lead = Lead { key: "", fields: &lead_fields, events: &[] };
        let mut probe = self.evaluator.probe(&lead, &arena);
        let mut seen: HashSet<Vec<bool>> = HashSet::new();
        let mut shown: HashSet<(Vec<bool>, usize, String)> = HashSet::new();
        let mut kept = Vec::new();
        for fields in &combinations {
            let mut last: Option<Vec<bool>> = None;
            let mut row = Vec::new();
            for (_, to) in &times {
                let holds = match &last {
                    Some(holds) if !by_day => holds.clone(),
                    _ => {
                        let values = arena.alloc_slice_fill_iter(fields.iter().map(|literal| literal.value(&arena)));
                        let spelling = arena.alloc_str(spelling);
                        let event = arena.alloc(Event { at: *to, ty, spelling, fields: values, index: 0 });
                        queries.iter().map(|query| probe.matches(QueryId(*query as u16), event)).collect()
                    }
                };
                last = Some(holds.clone());
                row.push(holds);
            }
            let mut holds = row.concat();
            let value = |place: usize| fields.get(place).and_then(literal_amount);
            holds.extend(self.narrow.iter().filter(|one| one.by.by_field()).map(|one| one.by.holds(ty, &value, 0, 0)));
            // Each value of a field that is added up is shown once, and the first events of each sort.
            let mut new = seen.insert(holds.clone());
            if kept.len() < MOST_KINDS {
                for place in &summed {
                    new |= shown.insert((holds.clone(), *place, format!("{:?}", fields.get(*place))));
                }
            }
            if new {
                kept.push((fields.clone(), row));
            }
        }
        complete &= kept.len() < MOST_KINDS * 8;
        for (fields, row) in kept.into_iter().take(MOST_KINDS * 8) {
            self.add(ty, spelling, fields, &row, &queries, &times);
        }
        if !complete {
            let open = vec![Literal::Missing; fields_count];
            for (from, to) in &times {
                let mut kind = self.blank(ty, spelling, open.clone(), *from, *to);
                kind.wildcard = true;
                for query in &queries {
                    if self.in_window(*query, *from) {
                        kind.may.set(*query);
                        if self.program.queries[*query].condition.is_none() && self.questions[*query].start.is_some() {
                            kind.must.set(*query);
                        }
                    }
                }
                self.narrow_down(&mut kind);
                self.kinds.push(kind);
            }
        }
    }

    fn blank(&self, ty: Option<EventTypeId>, spelling: &str, fields: Vec<Literal>, from: i64, to: i64) -> Kind {
        let count = self.questions.len();
        let (may, must) = (Bits::none(count), Bits::none(count));
        Kind { ty, spelling: spelling.into(), fields, from, to, may, must, wildcard: false }
    }

    /// Which of the questions that conditions ask by their nature a kind counts for.
    fn narrow_down(&self, kind: &mut Kind) {
        for (place, one) in self.narrow.iter().enumerate() {
            let of = one.of.index();
            let place = self.program.queries.len() + place;
            let value = |place: usize| kind.fields.get(place).and_then(literal_amount);
            let open = kind.wildcard && one.by.by_field();
            if !kind.may.has(of) || !open && !one.by.holds(kind.ty, &value, kind.from, kind.to) {
                continue;
            }
            kind.may.set(place);
            if kind.must.has(of) && !open {
                kind.must.set(place);
            }
        }
    }

    fn in_window(&self, query: usize, from: i64) -> bool {
        self.questions[query].start.is_none_or(|start| from >= start)
    }

    /// Adds the kinds of one combination of fields, newest first; neighbours in time that count alike are one.
    fn add(
        &mut self,
        ty: Option<EventTypeId>,
        spelling: &str,
        fields: Vec<Literal>,
        row: &[Vec<bool>],
        queries: &[usize],
        times: &[(i64, i64)],
    ) {
        let first = self.kinds.len();
        for ((from, to), holds) in times.iter().zip(row) {
            let mut kind = self.blank(ty, spelling, fields.clone(), *from, *to);
            for (query, holds) in queries.iter().zip(holds) {
                if !self.in_window(*query, *from) {
                    continue;
                }
                if self.questions[*query].by_lead {
                    kind.may.set(*query);
                } else if *holds {
                    kind.may.set(*query);
                    kind.must.set(*query);
                }
            }
            self.narrow_down(&mut kind);
            match self.kinds[first..].last_mut() {
                Some(newer) if newer.may == kind.may && newer.must == kind.must => newer.from = kind.from,
                _ => self.kinds.push(kind),
            }
        }
    }

    /// The intervals between the starts of windows and the days that conditions name, newest first.
    fn intervals(&self, queries: &[usize]) -> Vec<(i64, i64)> {
        let now = self.as_of.instant;
        let mut starts: BTreeSet<i64> = BTreeSet::from([EARLIEST]);
        for query in queries {
            starts.extend(self.questions[*query].start);
            starts.extend(self.narrow.iter().filter(|one| one.of.index() == *query).filter_map(|one| one.by.start()));
            if let Some(condition) = &self.program.queries[*query].condition {
                let zone = &self.program.zone;
                let days = day_edges(self.program, self.as_of, condition).0;
                starts.extend(days.into_iter().map(|day| zone.start_of_day(day)));
            }
        }
        let starts: Vec<i64> = starts.into_iter().filter(|start| *start >= EARLIEST && *start <= now).collect();
        let ends = starts.iter().skip(1).map(|start| start - 1).chain([now]);
        let mut intervals: Vec<(i64, i64)> = starts.iter().copied().zip(ends).collect();
        intervals.reverse();
        intervals
    }

    fn looks_at_day(&self, query: usize) -> bool {
        let mut found = false;
        if let Some(condition) = &self.program.queries[query].condition {
            condition.walk(self.program, &mut |expr| found |= matches!(expr.kind, ExprKind::EventDay));
        }
        found
    }

    /// The places of the fields that are added up, or of which the highest or lowest counts.
    fn summed(&self, ty: Option<EventTypeId>) -> Vec<usize> {
        let Some(ty) = ty else { return Vec::new() };
        let mut found = BTreeSet::new();
        let mut visit = |expr: &Expr| {
            if let ExprKind::Aggregate(_, field, query) = &expr.kind
                && self.program.queries[query.index()].types.contains(Some(ty))
                && let ExprKind::EventField(places) = &field.kind
            {
                let place =
                    if let [one] = &**places { *one } else { places.get(ty.index()).copied().unwrap_or(u16::MAX) };
                found.insert(place as usize);
            }
        };
        for step in &self.program.order {
            self.program.walk_step(*step, &mut visit);
        }
        found.into_iter().collect()
    }

    /// Combinations of the values of a type's fields that any condition looks at, and whether they are all.
    fn combinations(&self, ty: Option<EventTypeId>) -> (Vec<Vec<Literal>>, bool) {
        let Some(ty) = ty else { return (vec![Vec::new()], true) };
        let count = self.program.schema.event(ty).fields.len();
        let mut values: Vec<Vec<Literal>> = Vec::new();
        let mut complete = true;
        for place in 0..count {
            let found = self.cells.event_field(ty, place as u16);
            match found.filter(|found| found.used) {
                Some(found) => {
                    complete &= found.is_complete_alone();
                    // Known values first: they make the plainer events.
                    let mut of_field: Vec<Literal> =
                        found.cells.iter().skip(1).map(|cell| cell.value.clone()).collect();
                    of_field.push(Literal::Missing);
                    let mut once = HashMap::new();
                    of_field.retain(|value| once.insert(format!("{value:?}"), ()).is_none());
                    values.push(of_field);
                }
                None => values.push(vec![Literal::Missing]),
            }
        }
        // All at their highest and all at their lowest show sums at their ends.
        let known = |values: &Vec<Literal>, high: bool| {
            let known = values.iter().filter(|value| units(value).is_some());
            let best =
                if high { known.max_by_key(|value| units(value)) } else { known.min_by_key(|value| units(value)) };
            best.or(values.first()).cloned().unwrap_or(Literal::Missing)
        };
        let ends: Vec<Vec<Literal>> =
            [true, false].map(|high| values.iter().map(|values| known(values, high)).collect()).to_vec();
        let product: usize = values.iter().fold(1, |product, values| product.saturating_mul(values.len()));
        if product <= MOST_COMBINATIONS {
            let mut all: Vec<Vec<Literal>> = vec![Vec::new()];
            if count == 0 {
                return (all, complete);
            }
            for of_field in &values {
                all = all
                    .iter()
                    .flat_map(|begun| {
                        of_field.iter().map(move |value| {
                            let mut longer = begun.clone();
                            longer.push(value.clone());
                            longer
                        })
                    })
                    .collect();
            }
            let mut both = ends;
            both.append(&mut all);
            return (both, complete);
        }
        // Two fields at a time, the others as they come first.
        let base: Vec<Literal> = values.iter().map(|values| values[0].clone()).collect();
        let mut some = vec![base.clone()];
        for (a, b) in (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b))) {
            for one in &values[a] {
                for other in &values[b] {
                    if some.len() >= MOST_COMBINATIONS {
                        return (some, false);
                    }
                    let mut fields = base.clone();
                    fields[a] = one.clone();
                    fields[b] = other.clone();
                    some.push(fields);
                }
            }
        }
        (some, false)
    }
}

/// Texts that the type of any event is compared with.
fn spelled(kind: &ExprKind, spellings: &mut BTreeSet<String>) {
    match kind {
        ExprKind::Constant(Literal::Text(text)) => drop(spellings.insert(text.to_string())),
        ExprKind::Exactly { text, .. } => drop(spellings.insert(text.to_string())),
        ExprKind::In { set: Set::Texts(texts), .. } => {
            let mut texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            texts.sort_unstable();
            spellings.extend(texts.into_iter().take(20).map(str::to_owned));
        }
        ExprKind::Match { matcher, .. } => {
            spellings
                .extend(matcher.patterns().iter().take(20).map(|pattern| pattern.replace('*', "").replace('?', "x")));
        }
        _ => {}
    }
}

/// What a rule per event can earn at most: the points of the events that its caps leave, newest first.
pub(super) fn most_points(
    evaluator: &Evaluator<'_>,
    rule: crate::check::hir::PartId,
    start: Option<i64>,
    count: u64,
) -> Option<i128> {
    let program = evaluator.program();
    let PartKind::Per(per) = &program.parts[rule.index()].kind else { return Some(0) };
    let now = evaluator.as_of().instant;
    let times = per.times.map_or(count, |times| u64::from(times).min(count));
    let start = start.unwrap_or(EARLIEST);
    let zone = &program.zone;
    let mut best: Option<i128> = None;
    let mut take = |points: i128| best = Some(best.map_or(points, |best: i128| best.min(points)));
    if times < u64::from(u32::MAX) {
        take(i128::from(times) * i128::from(evaluator.event_points(rule, 0)).abs());
    }
    if let Some(most) = per.most {
        take(i128::from(most));
    }
    let by_day = per.distinct.as_ref().is_some_and(|field| matches!(field.kind, ExprKind::EventDay));
    let per_day = if by_day { Some(1) } else { per.per_day };
    for (cap, length) in [(per_day, Period::Day), (per.per_week, Period::Week), (per.per_month, Period::Month)] {
        let Some(cap) = cap else { continue };
        if per.decay.is_none() && start <= EARLIEST {
            continue;
        }
        let (mut sum, mut left) = (0i128, times);
        let today = zone.day(now);
        for period in 0..MOST_PERIODS {
            let at = period_end(today, length, period).map_or(now, |day| zone.start_of_day(day) - 1);
            if at < start || left == 0 {
                take(sum);
                break;
            }
            let taken = u64::from(cap).min(left);
            left -= taken;
            let points = i128::from(evaluator.event_points(rule, now - at)).abs();
            if points == 0 && per.decay.is_some() {
                take(sum);
                break;
            }
            sum += points * i128::from(taken);
        }
    }
    best
}

/// A calendar period that caps count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
}

/// The day on which the period after the one `back` periods ago begins; none for the present one.
fn period_end(today: i32, period: Period, back: i32) -> Option<i32> {
    if back == 0 {
        return None;
    }
    Some(match period {
        Period::Day => today - back + 1,
        Period::Week => today - (today + 3).rem_euclid(7) - 7 * (back - 1),
        Period::Month => {
            let date = from_days(today);
            let month = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 - (back - 1);
            let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
            match jiff::civil::Date::new(i16::try_from(year).unwrap_or(0), month as i8, 1) {
                Ok(first) => to_days(first),
                Err(_) => today - 31 * back,
            }
        }
    })
}

/// Windows of more periods than these are not counted through.
const MOST_PERIODS: i32 = 4_000;
