//! All questions about events that are plain counts, answered in one pass over a lead's events.

use super::run::Run;
use super::{Evaluator, Recorder, decay};
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprKind, PartId, PartKind, Per, Program, QueryId};
use crate::model::time::{AsOf, Reach};
use crate::model::{EventTypeId, Literal};

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
    /// What events feed: those of undeclared types first, then type by type.
    feeds: Vec<Feed<'p>>,
    /// By type plus one: where its feeds begin and end.
    ranges: Vec<(u32, u32)>,
    /// By type plus one: no question reads older events of it; the latest instant of all where none reads it.
    oldest: Vec<i64>,
}

/// What an event of a type may count for.
#[derive(Debug)]
struct Feed<'p> {
    /// The first instant at which it counts.
    start: i64,
    condition: Option<&'p Expr>,
    counter: u16,
    /// The rule that adds the points of each event, and its sum.
    sum: Option<(&'p Per, PartId, u16)>,
}

/// The events of a question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub count: u64,
    /// The instants of the first and the last.
    pub first: i64,
    pub last: i64,
}

/// What the events of a lead came to.
#[derive(Debug)]
pub(super) struct Counted<'a> {
    counts: &'a mut [Count],
    sums: &'a mut [(i128, u32)],
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
            feeds: Vec::new(),
            ranges: Vec::new(),
            oldest: vec![i64::MAX; types],
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
            let Some(from) = from else { continue };
            if query.condition.as_ref().is_some_and(|condition| !is_plain(program, condition)) {
                continue;
            }
            let rules = program.parts.iter().enumerate().filter_map(|(place, part)| match &part.kind {
                PartKind::Per(per) if per.query == id => Some((&**per, PartId(place as u16))),
                _ => None,
            });
            let mut sum = None;
            for (per, part) in rules.filter(|(per, _)| is_sum(per)) {
                if per.decay.is_some() {
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
            counting.counters[place] = counter + 1;
            if query.condition.is_none() {
                known.push((&query.types, from, counter));
            }
            for (ty, feeds) in feeds.iter_mut().enumerate() {
                if from <= as_of.instant && query.types.contains(declared(ty)) {
                    feeds.push(Feed { start: from, condition: query.condition.as_ref(), counter, sum });
                }
            }
        }
        for mut of_type in feeds {
            // Longest windows first: an event that is too old for one is too old for all that follow.
            of_type.sort_by_key(|feed| feed.start);
            let from = counting.feeds.len() as u32;
            counting.feeds.append(&mut of_type);
            counting.ranges.push((from, counting.feeds.len() as u32));
        }
        counting
    }

    #[inline(always)]
    fn feeds(&self, ty: Option<EventTypeId>) -> &[Feed<'p>] {
        let range = self.ranges.get(ty.map_or(0, |ty| ty.index() + 1));
        let (from, to) = range.copied().unwrap_or_default();
        self.feeds.get(from as usize..to as usize).unwrap_or_default()
    }
}

fn declared(place: usize) -> Option<EventTypeId> {
    place.checked_sub(1).map(|ty| EventTypeId(ty as u16))
}

impl Evaluator<'_> {
    /// No question of the policy looks at events of this type (none: of undeclared ones) that are older; the latest
    /// instant that there is where no question reads them at all. Explanations tell of older events too.
    pub fn oldest(&self, ty: Option<EventTypeId>) -> i64 {
        self.counting.oldest.get(ty.map_or(0, |ty| ty.index() + 1)).copied().unwrap_or(i64::MIN)
    }
}

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// The events of a question; none where it has to walk itself.
    #[inline]
    pub(super) fn counted(&mut self, query: QueryId) -> Option<Count> {
        let place = usize::from(*self.evaluator.counting.counters.get(query.index())?).checked_sub(1)?;
        if self.counted.is_none() {
            self.count_all();
        }
        self.counted.as_ref()?.counts.get(place).copied()
    }

    /// The points of all events of a rule; none where it has to walk itself.
    pub(super) fn counted_points(&mut self, id: PartId, per: &Per) -> Option<i128> {
        if R::RECORDS || !is_sum(per) {
            return None;
        }
        let count = self.counted(per.query)?;
        if per.decay.is_none() {
            let counted = per.times.map_or(count.count, |times| count.count.min(u64::from(times)));
            return Some(i128::from(per.points) * i128::from(counted));
        }
        let place = usize::from(*self.evaluator.counting.sums.get(id.index())?).checked_sub(1)?;
        self.counted.as_ref()?.sums.get(place).map(|(sum, _)| *sum)
    }

    /// The pass: latest events first, as caps keep the latest.
    fn count_all(&mut self) {
        let evaluator = self.evaluator;
        let counting = &evaluator.counting;
        let now = evaluator.as_of.instant;
        let counted = Counted {
            counts: self.arena.alloc_slice_fill_copy(counting.counter_count, Count::default()),
            sums: self.arena.alloc_slice_fill_copy(counting.sum_count, (0, 0)),
        };
        for event in self.lead.events.iter().rev() {
            if event.at > now {
                continue;
            }
            for feed in counting.feeds(event.ty) {
                if event.at < feed.start {
                    break;
                }
                if let Some(condition) = feed.condition
                    && !self.at_event(event, condition).tri().is_true()
                {
                    continue;
                }
                if let Some(count) = counted.counts.get_mut(usize::from(feed.counter)) {
                    if count.count == 0 {
                        count.last = event.at;
                    }
                    count.count += 1;
                    count.first = event.at;
                }
                if let Some((per, part, sum)) = feed.sum
                    && let Some((sum, times)) = counted.sums.get_mut(usize::from(sum))
                    && per.times.is_none_or(|most| *times < most)
                {
                    *times += 1;
                    let table = evaluator.tables.get(part.index()).and_then(Option::as_ref);
                    *sum += i128::from(decay::points(per, table, now - event.at));
                }
            }
        }
        self.counted = Some(counted);
    }
}
