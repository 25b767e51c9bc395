//! What the parts of a score are worth.

use super::events::Seen;
use super::run::Run;
use super::{Evaluator, EventEntry, Fate, Recorder, RuleEntry, decay};
use crate::check::hir::{Case, Expr, Included, PartId, PartKind, Per};
use crate::model::number::{NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE, divide, hold_points, saturate};
use crate::model::time::from_days;
use crate::model::{Event, Tri, Value};
use std::ops::ControlFlow;

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// The points of a part, in ten-thousandths.
    pub(super) fn part(&mut self, id: PartId) -> i64 {
        let part = &self.program.parts[id.index()];
        let sure = |points: i64| RuleEntry { raw: points, net: points, ..RuleEntry::default() };
        let (entry, from, to) = match &part.kind {
            PartKind::Group { parts, from, to } => {
                let sum = parts.iter().map(|part| i128::from(self.out.points(*part))).sum();
                (sure(saturate(sum)), *from, *to)
            }
            PartKind::Include { of, factor } => (sure(self.include(of, *factor)), None, None),
            PartKind::If { points, condition } => {
                let holds = self.condition(condition).is_true();
                (sure(if holds { *points } else { 0 }), None, None)
            }
            PartKind::Per(per) => (self.per(id, per), per.most.map(|most| -most), per.most),
            PartKind::PerPeriod { points, period, since, most } => {
                let periods = self.periods(since, *period);
                let sum = saturate(i128::from(*points) * i128::from(periods));
                (sure(sum), most.map(|most| -most), *most)
            }
            PartKind::By { value, cases, missing, otherwise } => {
                (sure(self.by(value, cases, *missing, *otherwise)), None, None)
            }
            PartKind::FirstOf { cases, otherwise } => (sure(self.first_of(cases, *otherwise)), None, None),
        };
        self.hold(id, entry, from, to)
    }

    fn include(&mut self, of: &'a Included, factor: Option<i64>) -> i64 {
        match of {
            Included::Score(part) => included(Err(self.out.points(*part)), factor),
            Included::Number(expr) => included(Ok(self.value(expr)), factor),
        }
    }

    fn periods(&mut self, since: &'a Expr, period: i64) -> i64 {
        let since = self.value(since);
        self.evaluator.periods(since, period)
    }

    fn by(&mut self, value: &'a Expr, cases: &'a [Case], missing: Option<i64>, otherwise: Option<i64>) -> i64 {
        let value = self.value(value);
        if value.is_missing() {
            return missing.unwrap_or(0);
        }
        let before = std::mem::replace(&mut self.subject, value);
        let taken = cases.iter().find(|case| self.condition(&case.condition).is_true());
        self.subject = before;
        taken.map_or(otherwise.unwrap_or(0), |case| case.points)
    }

    fn first_of(&mut self, cases: &'a [Case], otherwise: Option<i64>) -> i64 {
        let mut unknown = false;
        for case in cases {
            match self.condition(&case.condition) {
                Tri::True => return case.points,
                Tri::Unknown => unknown = true,
                Tri::False => {}
            }
        }
        if unknown { 0 } else { otherwise.unwrap_or(0) }
    }

    /// A rule per event; latest events first, so that every cap keeps the latest of what is left.
    fn per(&mut self, id: PartId, per: &'a Per) -> RuleEntry {
        if let Some(sum) = self.counted_points(id, per) {
            return RuleEntry { net: saturate(sum), ..RuleEntry::default() };
        }
        let mut caps = Caps::new(per);
        let mut seen = per.distinct.as_ref().map(|field| (field, Seen::new(self.arena)));
        let table = self.evaluator.tables[id.index()].as_ref();
        let now = self.evaluator.as_of.instant;
        let (mut sum, mut counted) = (0i128, 0u64);
        let mut lost = Lost::default();
        self.visit(per.query, R::RECORDS, |run, event, inside| {
            let fate = run.fate(event, inside, &mut caps, &mut seen);
            let points = if fate == Fate::Counts { decay::points(per, table, now - event.at) } else { 0 };
            sum += i128::from(points);
            counted += 1;
            if R::RECORDS {
                lost.add(fate, per.points, points);
                run.recorder.event(id, EventEntry { index: event.index, at: event.at, fate, points });
            } else if caps.times == Some(0) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        let net = saturate(sum);
        let raw = i128::from(per.points) * i128::from(counted);
        RuleEntry {
            raw: saturate(raw),
            outside: saturate(lost.outside),
            duplicates: saturate(lost.duplicates),
            over_cap: saturate(lost.over_cap),
            lost_to_decay: saturate(lost.decay),
            lost_to_limit: 0,
            net,
        }
    }

    fn fate(
        &mut self,
        event: &'a Event<'a>,
        inside: bool,
        caps: &mut Caps<'a>,
        seen: &mut Option<(&'a Expr, Seen<'a>)>,
    ) -> Fate {
        if !inside {
            return Fate::OutsideWindow;
        }
        if let Some((field, seen)) = seen {
            let value = self.at_event(event, field);
            if value.is_missing() {
                return Fate::NoValue;
            }
            if !seen.insert(value, self.arena) {
                return Fate::Duplicate;
            }
        }
        if caps.calendar {
            let day = self.program.zone.day(event.at);
            if let Some(over) = caps.over(day) {
                return over;
            }
        }
        match &mut caps.times {
            Some(0) => Fate::OverTimes,
            Some(left) => {
                *left -= 1;
                Fate::Counts
            }
            None => Fate::Counts,
        }
    }
}

impl Evaluator<'_> {
    /// Whole periods since a time or date; none when it is missing or later than the as-of.
    pub(super) fn periods(&self, since: Value<'_>, period: i64) -> i64 {
        let start = match since {
            Value::Time(instant) => instant,
            Value::Date(day) => self.program.zone.start_of_day(day),
            _ => return 0,
        };
        ((self.as_of.instant - start) / period.max(1)).max(0)
    }
}

/// What an include adds: a number, or the points of a score.
pub(super) fn included(of: Result<Value<'_>, i64>, factor: Option<i64>) -> i64 {
    // What one unit of the included number is in ten-thousandths of a point.
    let (raw, unit) = match of {
        Err(points) => (i128::from(points), 1),
        Ok(number) => (number.micros().unwrap_or(0), i128::from(NUMBER_SCALE / POINTS_SCALE)),
    };
    match factor {
        Some(factor) => divide(raw * i128::from(factor), unit * i128::from(NUMBER_SCALE)),
        None => divide(raw, unit),
    }
    .map_or(0, hold_points)
}

/// Points between limits, and between those of all points.
#[inline(always)]
pub(super) fn held(points: i64, from: Option<i64>, to: Option<i64>) -> i64 {
    points.min(to.unwrap_or(POINTS_LIMIT)).max(from.unwrap_or(-POINTS_LIMIT))
}

/// Points that did not come to count, by the reason.
#[derive(Default)]
struct Lost {
    outside: i128,
    duplicates: i128,
    over_cap: i128,
    decay: i128,
}

impl Lost {
    fn add(&mut self, fate: Fate, full: i64, points: i64) {
        let full = i128::from(full);
        match fate {
            Fate::Counts => self.decay += full - i128::from(points),
            Fate::OutsideWindow => self.outside += full,
            Fate::NoValue | Fate::Duplicate => self.duplicates += full,
            Fate::OverDay | Fate::OverWeek | Fate::OverMonth | Fate::OverTimes => self.over_cap += full,
        }
    }
}

/// How many more events may count. Events come latest first, so that those of a period come in a row.
struct Caps<'a> {
    per: &'a Per,
    /// Whether any cap is by the calendar.
    calendar: bool,
    day: Period,
    week: Period,
    month: Period,
    /// How many more in all.
    times: Option<u32>,
}

/// A calendar period and how many of its events count so far.
#[derive(Clone, Copy, Default)]
struct Period {
    number: Option<i32>,
    count: u32,
}

impl Period {
    /// Counts an event of this period unless the cap is full.
    fn take(&mut self, number: i32, cap: u32) -> bool {
        if self.number != Some(number) {
            *self = Period { number: Some(number), count: 0 };
        }
        let free = self.count < cap;
        self.count += u32::from(free);
        free
    }
}

impl<'a> Caps<'a> {
    fn new(per: &'a Per) -> Caps<'a> {
        Caps {
            per,
            calendar: per.per_day.is_some() || per.per_week.is_some() || per.per_month.is_some(),
            day: Period::default(),
            week: Period::default(),
            month: Period::default(),
            times: per.times,
        }
    }

    /// The calendar cap that an event of this day is over, if it is over one.
    fn over(&mut self, day: i32) -> Option<Fate> {
        if self.per.per_day.is_some_and(|cap| !self.day.take(day, cap)) {
            return Some(Fate::OverDay);
        }
        // 1970-01-01 is a Thursday; weeks begin on Monday.
        if self.per.per_week.is_some_and(|cap| !self.week.take((day + 3).div_euclid(7), cap)) {
            return Some(Fate::OverWeek);
        }
        let month = |day: i32| {
            let date = from_days(day);
            i32::from(date.year()) * 12 + i32::from(date.month())
        };
        if self.per.per_month.is_some_and(|cap| !self.month.take(month(day), cap)) {
            return Some(Fate::OverMonth);
        }
        None
    }
}
