//! Scales: where a value lies, and round places along it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Where a value lies between two, in percent, inside of 0 to 100.
pub(super) fn share(value: f64, from: f64, to: f64) -> f64 {
    if to <= from || !value.is_finite() {
        return 0.0;
    }
    ((value - from) / (to - from) * 100.0).clamp(0.0, 100.0)
}

/// At most so many round values between two, both in: 0, 20, 40.
pub fn ticks(from: f64, to: f64, most: usize) -> Vec<f64> {
    let span = to - from;
    if !span.is_finite() || span <= 0.0 || most < 2 {
        return if from.is_finite() { vec![from] } else { Vec::new() };
    }
    let rough = span / (most as f64 - 1.0);
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let step = steps.iter().map(|step| step * power).find(|step| *step >= rough * 0.999).unwrap_or(rough);
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    (first..=last).take(most).map(|count| count as f64 * step).collect()
}

/// About so many round days between two instants in milliseconds, with what to write there: days, or the first days of
/// months or years. In another zone than UTC, hand over what its clock reads (as if that were UTC), and take what comes
/// back for that as well.
pub fn days(from: i64, to: i64, most: usize) -> Vec<(i64, String)> {
    let day_of = |at: i64| Timestamp::from_millisecond(at).ok().map(|at| TimeZone::UTC.to_datetime(at).date());
    let (Some(start), Some(end)) = (day_of(from), day_of(to)) else { return Vec::new() };
    let length = (end - start).get_days();
    // (days of a step, months of a step)
    let steps = [(1, 0), (2, 0), (7, 0), (14, 0), (0, 1), (0, 2), (0, 3), (0, 6), (0, 12), (0, 24), (0, 60), (0, 120)];
    let fits = |(days, months): &(i32, i32)| (length / (days + months * 30).max(1)) < most as i32;
    let (by_days, by_months) = steps.into_iter().find(fits).unwrap_or((0, 240));
    let mut day = match by_months {
        0 => Some(start),
        months => Date::new(start.year(), 1, 1).ok().map(|year| {
            let before = i32::from(start.month()) - 1;
            year.saturating_add((before - before % months).months())
        }),
    };
    let mut out = Vec::new();
    while let Some(at) = day.filter(|at| *at <= end && out.len() <= most * 2) {
        if let Ok(instant) = TimeZone::UTC.to_timestamp(at.at(0, 0, 0, 0)) {
            let instant = instant.as_millisecond();
            if (from..=to).contains(&instant) {
                let format = if by_months == 0 { "%-d %b" } else { "%b %Y" };
                out.push((instant, at.strftime(format).to_string()));
            }
        }
        day = at.checked_add(by_days.days().months(by_months)).ok();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_values() {
        assert_eq!(ticks(0.0, 100.0, 6), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(-15.0, 42.0, 5), [0.0, 20.0, 40.0]);
        assert_eq!(ticks(3.0, 3.0, 5), [3.0]);
        assert!(ticks(f64::NEG_INFINITY, 3.0, 5).is_empty());
    }

    #[test]
    fn round_days() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant").as_millisecond();
        let names = |from, to, most| days(at(from), at(to), most).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        let year = names("2026-01-15T00:00:00Z", "2026-11-01T00:00:00Z", 6);
        assert_eq!(year, ["Mar 2026", "May 2026", "Jul 2026", "Sep 2026", "Nov 2026"]);
        assert_eq!(names("2026-10-01T00:00:00Z", "2026-10-04T00:00:00Z", 6), ["1 Oct", "2 Oct", "3 Oct", "4 Oct"]);
        assert!(names("2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z", 6).is_empty());
    }
}
