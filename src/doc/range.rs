//! Between which points a part of a score lies, whatever the lead.

use crate::check::hir::{Included, Part, PartId, PartKind, Per, Program};
use crate::eval::Points;

/// The lowest and the highest points; none where there is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub low: Option<i64>,
    pub high: Option<i64>,
    /// Whether leads reach both ends; else the points only lie between them.
    pub exact: bool,
}

impl Range {
    fn at(points: i64) -> Range {
        Range { low: Some(points), high: Some(points), exact: true }
    }

    /// In few words: `0 to 25`, `-15 or 0`.
    pub fn words(&self) -> String {
        match (self.low.map(Points), self.high.map(Points)) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("{low} or more"),
            (None, Some(high)) => format!("{high} or less"),
            (None, None) => "any".to_owned(),
        }
    }

    /// In a sentence: `from 0 to 25 points`; bounds that may not be reached say so.
    pub fn sentence(&self) -> String {
        match (self.low.map(Points), self.high.map(Points), self.exact) {
            (Some(low), Some(high), true) if low == high => format!("{low} points only"),
            (Some(low), Some(high), true) => format!("from {low} to {high} points"),
            (Some(low), Some(high), false) => format!("at least {low} and at most {high} points"),
            (Some(low), None, true) => format!("{low} points and more, without an end"),
            (Some(low), None, false) => format!("at least {low} points"),
            (None, Some(high), true) => format!("{high} points and less, without an end"),
            (None, Some(high), false) => format!("at most {high} points"),
            (None, None, _) => "any points".to_owned(),
        }
    }

    fn with(self, other: Range) -> Range {
        Range {
            low: self.low.zip(other.low).map(|(a, b)| a.min(b)),
            high: self.high.zip(other.high).map(|(a, b)| a.max(b)),
            exact: self.exact && other.exact,
        }
    }
}

/// The ranges of all parts.
pub(super) struct Ranges {
    parts: Vec<Range>,
}

impl Ranges {
    /// Bounds by arithmetic: each part by itself, a sum of parts as if each could be at its end at once.
    pub fn of(program: &Program) -> Ranges {
        let unknown = Range { low: None, high: None, exact: false };
        let mut ranges = Ranges { parts: vec![unknown; program.parts.len()] };
        // Parts stand in the order in which they are worked out, so that what is included comes first.
        for step in &program.order {
            if let crate::check::hir::Step::Part(id) = step {
                ranges.parts[id.index()] = ranges.bounds(&program.parts[id.index()]);
            }
        }
        ranges
    }

    /// The range of a part.
    pub fn of_part(&self, id: PartId) -> Range {
        self.parts.get(id.index()).copied().unwrap_or(Range { low: None, high: None, exact: false })
    }

    fn bounds(&self, part: &Part) -> Range {
        match &part.kind {
            PartKind::Group { parts, from, to } => self.sum(parts, *from, *to),
            PartKind::Include { of: Included::Score(id), factor } => {
                let scaled = |points: i64| match factor {
                    Some(factor) => scale(points, *factor),
                    None => points,
                };
                let range = self.of_part(*id);
                Range { low: range.low.map(scaled), high: range.high.map(scaled), exact: range.exact }
            }
            PartKind::Include { .. } => Range { low: None, high: None, exact: false },
            PartKind::If { points, .. } => bounds_only(Range::at(0).with(Range::at(*points))),
            PartKind::Per(per) => self.per(per),
            PartKind::PerPeriod { points, most, .. } => bounds_only(toward(*points, *most)),
            PartKind::By { cases, missing, otherwise, .. } => {
                let given = cases.iter().map(|case| case.points).chain(*missing).chain(*otherwise);
                let nothing = (missing.is_none() || otherwise.is_none()).then_some(0);
                bounds_only(among(given.chain(nothing)))
            }
            PartKind::FirstOf { cases, otherwise } => {
                bounds_only(among(cases.iter().map(|case| case.points).chain(*otherwise).chain([0])))
            }
        }
    }

    fn per(&self, per: &Per) -> Range {
        let by_times = per.times.and_then(|times| per.points.checked_mul(i64::from(times))).map(i64::abs);
        let most = [by_times, per.most].into_iter().flatten().min();
        bounds_only(toward(per.points, most))
    }

    fn sum(&self, parts: &[PartId], from: Option<i64>, to: Option<i64>) -> Range {
        let add = |end: fn(&Range) -> Option<i64>| {
            parts.iter().map(|id| end(&self.of_part(*id))).try_fold(0i64, |sum, points| sum.checked_add(points?))
        };
        let hold = |points: i64| {
            let points = from.map_or(points, |from| points.max(from));
            to.map_or(points, |to| points.min(to))
        };
        let low = add(|range| range.low).map(hold).or(from);
        let high = add(|range| range.high).map(hold).or(to);
        Range { low, high, exact: false }
    }
}

fn bounds_only(range: Range) -> Range {
    Range { exact: false, ..range }
}

/// From nothing towards these points, at most so far.
fn toward(points: i64, most: Option<i64>) -> Range {
    match points {
        0.. => Range { low: Some(0), high: if points == 0 { Some(0) } else { most }, exact: false },
        _ => Range { low: most.map(|most| -most.abs()), high: Some(0), exact: false },
    }
}

fn among(all: impl Iterator<Item = i64>) -> Range {
    all.map(Range::at).reduce(Range::with).unwrap_or(Range::at(0))
}

/// Points times a factor in millionths, rounded half away from zero.
fn scale(points: i64, factor: i64) -> i64 {
    let product = i128::from(points) * i128::from(factor);
    let half = if product < 0 { -500_000 } else { 500_000 };
    i64::try_from((product + half) / 1_000_000).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX })
}
