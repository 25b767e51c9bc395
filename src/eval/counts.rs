//! All questions about events that are plain counts, answered in one pass over a lead's events.

use super::run::Run;
use super::wheres::Where;
use super::{Evaluator, Recorder, decay};
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprKind, PartId, PartKind, Per, Program, QueryId};
use crate::model::time::{AsOf, Reach};
use crate::model::{Event, EventTypeId, Literal, Value};
use bumpalo::Bump;

/// What the pass over the events does, for a policy at an as-of.
#[derive(Debug)]
pub(super) struct Counting<'p> {
    /// By question: its counter plus one; 0 where it is answered by a walk of its own.
    counters: Vec<u16>,
    /// By rule: its sum plus one; 0 where it is worked out by a walk of its own.
    sums: Vec<u16>,
    /// How many counters and sums there are.
    counter_count: usize,
    sum_count: usize,
    /// The `where`s that are asked.
    wheres: Vec<Where<'p>>,
    /// Whether all that is asked of events is answered by counters and sums.
    whole: bool,
    /// Whether the policy asks for the first or last event of a question, so that they have to be kept.
    edges: bool,
    /// Whether it matters in which order events come.
    ordered: bool,
    /// What events feed: those of undeclared types first, then type by type.
    feeds: Vec<Vec<Feed<'p>>>,
    /// By type plus one: no question reads older events of it; the latest instant of all where none reads it.
    oldest: Vec<i64>,
}

/// What an event of a type may count for.
#[derive(Debug)]
pub(super) struct Feed<'p> {
    /// The first instant at which it counts.
    pub(super) start: i64,
    /// Its `where`, and the number of that.
    pub(super) condition: Option<(&'p Expr, usize)>,
    pub(super) counter: u16,
    /// The rule that adds the points of each event, and its sum.
    pub(super) sum: Option<(&'p Per, PartId, u16)>,
}

/// What the events of a lead came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<'a> {
    counts: &'a [u32],
    edges: &'a [(i64, i64)],
    sums: &'a [(i128, u32)],
}

/// What the events of some leads come to: their counters, lead by lead.
#[derive(Debug)]
pub struct Counts<'a> {
    counts: &'a mut [u32],
    /// The instants of the first and the last event of each counter; empty where nothing asks for them.
    edges: &'a mut [(i64, i64)],
    sums: &'a mut [(i128, u32)],
    /// Counters and sums of one lead.
    widths: (usize, usize),
}

/// The same, counted to the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct AllCounted<'a> {
    counts: &'a [u32],
    edges: &'a [(i64, i64)],
    sums: &'a [(i128, u32)],
    widths: (usize, usize),
    leads: usize,
}

impl<'a> AllCounted<'a> {
    /// What the events of a lead came to.
    pub(super) fn lead(&self, lead: usize) -> Counted<'a> {
        let (wide, sum_wide) = self.widths;
        Counted {
            counts: self.counts.get(lead * wide..(lead + 1) * wide).unwrap_or_default(),
            edges: self.edges.get(lead * wide..(lead + 1) * wide).unwrap_or_default(),
            sums: self.sums.get(lead * sum_wide..(lead + 1) * sum_wide).unwrap_or_default(),
        }
    }

    /// A counter of each lead.
    pub(super) fn counter(&self, counter: usize) -> impl Iterator<Item = u64> + use<'a> {
        let counts = self.counts.get(counter..).unwrap_or_default();
        counts.iter().step_by(self.widths.0.max(1)).take(self.leads).map(|count| u64::from(*count))
    }
}

/// What a rule's points come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counter {
    Count(usize),
    Sum(usize),
}

impl Counter {
    /// The points of so many events of a rule without decay.
    #[inline(always)]
    pub(super) fn of_count(per: &Per, count: u64) -> i128 {
        let count = per.times.map_or(count, |times| count.min(u64::from(times)));
        // Nearly always 64 bits are enough.
        match i64::try_from(count).ok().and_then(|count| per.points.checked_mul(count)) {
            Some(points) => i128::from(points),
            None => i128::from(per.points) * i128::from(count),
        }
    }

    /// The points of all events of a rule.
    #[inline(always)]
    pub(super) fn points(self, per: &Per, counted: &Counted<'_>) -> i128 {
        match self {
            Counter::Count(counter) => Counter::of_count(per, counted.count(counter)),
            Counter::Sum(sum) => counted.sum(sum),
        }
    }
}

/// Where a window of constant length begins; none where that depends on the lead.
fn start(program: &Program, reaches: &[Reach], query: QueryId) -> Option<i64> {
    match &program.queries[query.index()].window {
        None => Some(i64::MIN),
        Some(EventWindow::Within(length)) => reaches.get(length.index()).map(|reach| reach.back),
        Some(EventWindow::Since(Expr { kind: ExprKind::Constant(literal), .. })) => Some(match literal {
            Literal::Time(instant) => *instant,
            Literal::Date(day) => program.zone.start_of_day(*day),
            _ => i64::MIN,
        }),
        Some(EventWindow::Since(_)) => None,
    }
}

/// Whether a `where` rests on the event and the lead's fields alone, so that it does not matter when it is asked.
fn is_plain(program: &Program, condition: &Expr) -> bool {
    let mut plain = true;
    condition.walk(program, &mut |expr| {
        plain &= expr.query().is_none()
            && !matches!(
                expr.kind,
                ExprKind::Subject
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
            );
    });
    plain
}

/// Whether a rule's points are a sum over its events that needs no calendar and no earlier values.
fn is_sum(per: &Per) -> bool {
    per.distinct.is_none() && per.per_day.is_none() && per.per_week.is_none() && per.per_month.is_none()
}

impl<'p> Counting<'p> {
    pub(super) fn new(program: &'p Program, reaches: &[Reach], as_of: &AsOf) -> Counting<'p> {
        let types = program.schema.events.len() + 1;
        let mut counting = Counting {
            counters: vec![0; program.queries.len()],
            sums: vec![0; program.parts.len()],
            counter_count: 0,
            sum_count: 0,
            wheres: Vec::new(),
            whole: true,
            feeds: Vec::new(),
            oldest: vec![i64::MAX; types],
            edges: false,
            ordered: false,
        };
        // Questions without `where` that ask the same share a counter.
        let mut known: Vec<(&EventTypes, i64, u16)> = Vec::new();
        let mut feeds: Vec<Vec<Feed<'p>>> = (0..types).map(|_| Vec::new()).collect();
        for (place, query) in program.queries.iter().enumerate() {
            let id = QueryId(place as u16);
            let from = start(program, reaches, id);
            for (ty, oldest) in counting.oldest.iter_mut().enumerate() {
                if query.types.contains(declared(ty)) {
                    *oldest = (*oldest).min(from.unwrap_or(i64::MIN));
                }
            }
            let plain = query.condition.as_ref().is_none_or(|condition| is_plain(program, condition));
            let (Some(from), true) = (from, plain) else {
                counting.whole = false;
                continue;
            };
            let rules = program.parts.iter().enumerate().filter_map(|(place, part)| match &part.kind {
                PartKind::Per(per) if per.query == id => Some((&**per, PartId(place as u16))),
                _ => None,
            });
            let mut sum = None;
            for (per, part) in rules {
                if !is_sum(per) {
                    counting.whole = false;
                } else if per.decay.is_some() {
                    counting.ordered |= per.times.is_some();
                    sum = Some((per, part, counting.sum_count as u16));
                    counting.sum_count += 1;
                    counting.sums[part.index()] = counting.sum_count as u16;
                }
            }
            let same = known.iter().find(|(types, start, _)| **types == query.types && *start == from);
            if let (Some((_, _, counter)), None, None) = (same, &query.condition, &sum) {
                counting.counters[place] = counter + 1;
                continue;
            }
            let counter = counting.counter_count as u16;
            counting.counter_count += 1;
            let condition = query.condition.as_ref().map(|condition| (condition, counting.wheres.len()));
            counting.wheres.extend(query.condition.as_ref().map(Where::new));
            counting.counters[place] = counter + 1;
            if query.condition.is_none() {
                known.push((&query.types, from, counter));
            }
            for (ty, feeds) in feeds.iter_mut().enumerate() {
                if from <= as_of.instant && query.types.contains(declared(ty)) {
                    feeds.push(Feed { start: from, condition, counter, sum });
                }
            }
        }
        for step in &program.order {
            program.walk_step(*step, &mut |expr| {
                counting.whole &= !matches!(expr.kind, ExprKind::Aggregate(..));
                counting.edges |= matches!(expr.kind, ExprKind::Edge(..));
            });
        }
        for mut of_type in feeds {
            // Longest windows first: an event that is too old for one is too old for all that follow.
            of_type.sort_by_key(|feed| feed.start);
            counting.feeds.push(of_type);
        }
        counting
    }

    /// Whether events may be counted in any order.
    pub(super) fn in_any_order(&self) -> bool {
        !self.edges && !self.ordered
    }

    /// How many counters there are.
    pub(super) fn counter_count(&self) -> usize {
        self.counter_count
    }

    /// What events of a type feed, the undeclared ones at 0, by its place.
    #[inline(always)]
    pub(super) fn feed(&self, ty: usize, place: usize) -> Option<&Feed<'p>> {
        self.feeds.get(ty)?.get(place)
    }

    /// All that events feed.
    pub(super) fn all_feeds(&self) -> impl Iterator<Item = &Feed<'p>> {
        self.feeds.iter().flatten()
    }

    #[inline(always)]
    pub(super) fn feeds(&self, ty: Option<EventTypeId>) -> &[Feed<'p>] {
        self.feeds.get(ty.map_or(0, |ty| ty.index() + 1)).map_or(&[], Vec::as_slice)
    }
}

fn declared(place: usize) -> Option<EventTypeId> {
    place.checked_sub(1).map(|ty| EventTypeId(ty as u16))
}

impl<'a> Counts<'a> {
    /// An event of a lead by its number among these. A lead's events have to come latest first. `holds`: whether a
    /// `where` is true for the event; each has a number below [`Evaluator::wheres`].
    #[inline]
    pub fn add<'p>(
        &mut self,
        evaluator: &'p Evaluator<'_>,
        lead: usize,
        ty: Option<EventTypeId>,
        at: i64,
        holds: &mut impl FnMut(&'p Expr, usize) -> bool,
    ) {
        let now = evaluator.as_of.instant;
        if at > now {
            return;
        }
        let (counts, sums) = (lead * self.widths.0, lead * self.widths.1);
        for feed in evaluator.counting.feeds(ty) {
            if at < feed.start {
                break;
            }
            if let Some((condition, number)) = feed.condition
                && !holds(condition, number)
            {
                continue;
            }
            let place = counts + usize::from(feed.counter);
            if let Some(count) = self.counts.get_mut(place) {
                if let Some(edge) = self.edges.get_mut(place) {
                    *edge = (at, if *count == 0 { at } else { edge.1 });
                }
                *count += 1;
            }
            if let Some((per, part, sum)) = feed.sum
                && let Some((sum, times)) = self.sums.get_mut(sums + usize::from(sum))
                && per.times.is_none_or(|most| *times < most)
            {
                *times += 1;
                let table = evaluator.tables.get(part.index()).and_then(Option::as_ref);
                *sum += i128::from(decay::points(per, table, now - at));
            }
        }
    }

    /// Adds to the counters of a lead a byte each.
    #[inline(always)]
    pub(super) fn add_bytes(&mut self, lead: usize, bytes: &[u64]) {
        let counts = self.counts.get_mut(lead * self.widths.0..(lead + 1) * self.widths.0).unwrap_or_default();
        for (counts, bytes) in counts.as_chunks_mut::<8>().0.iter_mut().zip(bytes) {
            for (count, byte) in counts.iter_mut().zip(bytes.to_le_bytes()) {
                *count += u32::from(byte);
            }
        }
    }

    /// Adds one to a counter of a lead, or none.
    #[inline(always)]
    pub(super) fn add_some(&mut self, lead: usize, counter: usize, one: bool) {
        if let Some(count) = self.counts.get_mut(lead * self.widths.0 + counter) {
            *count += u32::from(one);
        }
    }

    /// Adds the points of an event to a sum of a lead.
    #[inline(always)]
    pub(super) fn add_points(&mut self, lead: usize, sum: usize, points: i64) {
        if let Some((sum, times)) = self.sums.get_mut(lead * self.widths.1 + sum) {
            *sum += i128::from(points);
            *times += 1;
        }
    }

    /// What the events of so many leads came to.
    pub(super) fn finish(self, leads: usize) -> AllCounted<'a> {
        AllCounted { counts: self.counts, edges: self.edges, sums: self.sums, widths: self.widths, leads }
    }
}

impl Counted<'_> {
    /// The events of a counter.
    #[inline(always)]
    pub(super) fn count(&self, counter: usize) -> u64 {
        self.counts.get(counter).map_or(0, |count| u64::from(*count))
    }

    /// The instant of the first or the last event of a counter; missing without any.
    #[inline(always)]
    pub(super) fn edge<'v>(&self, counter: usize, first: bool) -> Value<'v> {
        match self.edges.get(counter).filter(|_| self.count(counter) > 0) {
            Some((at, last)) => Value::Time(if first { *at } else { *last }),
            None => Value::Missing,
        }
    }

    /// The points of a sum.
    #[inline(always)]
    pub(super) fn sum(&self, sum: usize) -> i128 {
        self.sums.get(sum).map_or(0, |(sum, _)| *sum)
    }
}

impl Evaluator<'_> {
    /// Empty counters for so many leads.
    pub fn counts<'a>(&self, leads: usize, arena: &'a Bump) -> Counts<'a> {
        self.counts_with(leads, self.counting.edges, arena)
    }

    fn counts_with<'a>(&self, leads: usize, edges: bool, arena: &'a Bump) -> Counts<'a> {
        // Eight counters of a lead are added to at once.
        let widths = (self.counting.counter_count.next_multiple_of(8), self.counting.sum_count);
        Counts {
            counts: arena.alloc_slice_fill_copy(leads * widths.0, 0),
            edges: arena.alloc_slice_fill_copy(if edges { leads * widths.0 } else { 0 }, (0, 0)),
            sums: arena.alloc_slice_fill_copy(leads * widths.1, (0, 0)),
            widths,
        }
    }

    /// How many different `where`s counters ask.
    pub fn wheres(&self) -> usize {
        self.counting.wheres.len()
    }

    /// Whether a `where` with this number is true for an event; none where its tree has to be walked.
    #[inline]
    pub(super) fn holds_at<'a>(&self, number: usize, event: &'a Event<'a>, arena: &'a Bump) -> Option<bool> {
        self.counting.wheres.get(number)?.holds(event, &self.program.zone, arena)
    }

    /// Whether something asks for events that is no plain count: leads have to have them then, counted or not.
    pub fn needs_events(&self) -> bool {
        !self.counting.whole
    }

    /// The counter of a question; none where it is answered by a walk of its own.
    pub(super) fn counter(&self, query: QueryId) -> Option<usize> {
        usize::from(*self.counting.counters.get(query.index())?).checked_sub(1)
    }

    /// What a rule's points come from, where a pass over the events has counted it.
    pub(super) fn counter_of(&self, id: PartId, per: &Per) -> Option<Counter> {
        if !is_sum(per) {
            return None;
        }
        let counter = self.counter(per.query)?;
        if per.decay.is_none() {
            return Some(Counter::Count(counter));
        }
        usize::from(*self.counting.sums.get(id.index())?).checked_sub(1).map(Counter::Sum)
    }

    /// No question of the policy looks at events of this type (none: of undeclared ones) that are older; the latest
    /// instant that there is where no question reads them at all. Explanations tell of older events too.
    pub fn oldest(&self, ty: Option<EventTypeId>) -> i64 {
        self.counting.oldest.get(ty.map_or(0, |ty| ty.index() + 1)).copied().unwrap_or(i64::MIN)
    }
}

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// What the events came to, and the counter of a question; none where it has to walk itself.
    #[inline]
    pub(super) fn counted(&mut self, query: QueryId) -> Option<(Counted<'a>, usize)> {
        let place = self.evaluator.counter(query)?;
        if self.counted.is_none() {
            self.count_all();
        }
        self.counted.map(|counted| (counted, place))
    }

    /// The points of all events of a rule; none where it has to walk itself.
    pub(super) fn counted_points(&mut self, id: PartId, per: &Per) -> Option<i128> {
        if R::RECORDS {
            return None;
        }
        let counter = self.evaluator.counter_of(id, per)?;
        if self.counted.is_none() {
            self.count_all();
        }
        self.counted.map(|counted| counter.points(per, &counted))
    }

    /// Whether a `where` is true for an event.
    #[inline]
    pub(super) fn holds_at(&mut self, event: &'a Event<'a>, condition: &'a Expr, number: usize) -> bool {
        let evaluator = self.evaluator;
        let short = evaluator.holds_at(number, event, self.arena);
        short.unwrap_or_else(|| self.at_event(event, condition).tri().is_true())
    }

    /// The pass: latest events first, as caps keep the latest.
    fn count_all(&mut self) {
        let evaluator = self.evaluator;
        // Whoever asks for a lead alone may ask for what the policy does not.
        let mut counts = evaluator.counts_with(1, true, self.arena);
        for event in self.lead.events.iter().rev() {
            counts.add(evaluator, 0, event.ty, event.at, &mut |condition, number| {
                self.holds_at(event, condition, number)
            });
        }
        self.counted = Some(counts.finish(1).lead(0));
    }
}
