//! Days and instants in the policy's zone: reading them, moving the as-of, writing them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use qualify::syntax::ast::{Duration, Unit};

/// An instant: milliseconds since 1970. Wide enough that no sum overflows.
pub type Ms = i128;

/// Before and after every instant that there is.
const FOREVER: Ms = 1 << 100;

/// What a text or literal says about time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stamp {
    /// A calendar day.
    Day(Date),
    /// An instant.
    Instant(Ms),
}

/// The as-of and the zone.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The policy's zone.
    pub zone: TimeZone,
    /// The as-of instant.
    pub now: Ms,
    /// The as-of's day in the zone.
    pub today: Date,
}

impl Clock {
    /// A clock that stands at `as_of`; a day stands for its last millisecond.
    pub fn new(zone: TimeZone, as_of: Stamp) -> Clock {
        let now = match as_of {
            Stamp::Instant(ms) => ms,
            Stamp::Day(date) => first_instant(&zone, date.tomorrow().expect("a day after")) - 1,
        };
        let today = day_of(&zone, now);
        Clock { zone, now, today }
    }

    /// The day of an instant.
    pub fn day_of(&self, ms: Ms) -> Date {
        day_of(&self.zone, ms)
    }

    /// The first instant of a day.
    pub fn first_instant(&self, date: Date) -> Ms {
        first_instant(&self.zone, date)
    }

    /// The as-of, `duration` earlier.
    pub fn before(&self, duration: Duration) -> Ms {
        self.moved(duration, -1)
    }

    /// The as-of, `duration` later.
    pub fn after(&self, duration: Duration) -> Ms {
        self.moved(duration, 1)
    }

    fn moved(&self, duration: Duration, direction: i64) -> Ms {
        if let Some(length) = exact(duration) {
            return self.now + Ms::from(direction) * length;
        }
        if duration.count == 0 {
            return self.now;
        }
        let local = local_of(&self.zone, self.now);
        match add_months(local.date(), direction * months(duration)) {
            Some(date) => instant_of(&self.zone, date.to_datetime(local.time())),
            None => Ms::from(direction) * FOREVER,
        }
    }

    /// Whether a day's age is at least, exactly or at most a duration: the day compared with as-of's day less the
    /// duration, `Greater` for an older day.
    pub fn compare_age_of_day(&self, day: Date, duration: Duration) -> std::cmp::Ordering {
        match exact(duration) {
            Some(length) => (days_between(day, self.today) * DAY).cmp(&length),
            None => match add_months(self.today, -months(duration)) {
                Some(cutoff) => cutoff.cmp(&day),
                None => std::cmp::Ordering::Less,
            },
        }
    }

    /// The same for an instant.
    pub fn compare_age_of_instant(&self, at: Ms, duration: Duration) -> std::cmp::Ordering {
        self.before(duration).cmp(&at)
    }

    /// Whether a day lies from as-of's day to `duration` later.
    pub fn day_is_within_next(&self, day: Date, duration: Duration) -> bool {
        let soon = match exact(duration) {
            Some(length) => days_between(self.today, day) * DAY <= length,
            None => add_months(self.today, months(duration)).is_none_or(|end| day <= end),
        };
        day >= self.today && soon
    }
}

const DAY: Ms = 86_400_000;

/// The length of a duration that has one, in milliseconds.
pub fn exact(duration: Duration) -> Option<Ms> {
    let unit: Ms = match duration.unit {
        Unit::Minute => 60_000,
        Unit::Hour => 3_600_000,
        Unit::Day => DAY,
        Unit::Week => 7 * DAY,
        Unit::Month | Unit::Year => return None,
    };
    Some(Ms::from(duration.count) * unit)
}

fn months(duration: Duration) -> i64 {
    i64::from(duration.count) * if duration.unit == Unit::Year { 12 } else { 1 }
}

/// A day some months away; a day that the month lacks becomes its last day. None outside the calendar.
fn add_months(date: Date, months: i64) -> Option<Date> {
    let month = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    if !(-9000..=9000).contains(&year) {
        return None;
    }
    let first = Date::new(year as i16, month as i8, 1).ok()?;
    Date::new(year as i16, month as i8, date.day().min(first.days_in_month())).ok()
}

fn days_between(from: Date, to: Date) -> Ms {
    Ms::from(from.until(to).expect("two days").get_days())
}

fn timestamp(ms: Ms) -> Timestamp {
    Timestamp::from_millisecond(ms as i64).expect("an instant of the calendar")
}

fn local_of(zone: &TimeZone, ms: Ms) -> DateTime {
    zone.to_datetime(timestamp(ms))
}

/// The day of an instant.
pub fn day_of(zone: &TimeZone, ms: Ms) -> Date {
    local_of(zone, ms).date()
}

/// The first instant of a day.
pub fn first_instant(zone: &TimeZone, date: Date) -> Ms {
    let midnight = date.at(0, 0, 0, 0);
    let instant = instant_of(zone, midnight);
    if local_of(zone, instant) == midnight {
        return instant;
    }
    // Midnight is skipped: the day begins when the clock changes.
    let change = zone.preceding(timestamp(instant + 1)).next().expect("a change of the clock");
    Ms::from(change.timestamp().as_millisecond())
}

/// The instant of a local time: the earlier of two; a skipped one with the offset before the change.
pub fn instant_of(zone: &TimeZone, local: DateTime) -> Ms {
    let instant = zone.to_ambiguous_timestamp(local).compatible().expect("an instant of the calendar");
    Ms::from(instant.as_duration().as_nanos().div_euclid(1_000_000))
}

/// RFC 3339, in UTC, with milliseconds.
pub fn rfc3339(ms: Ms) -> String {
    let local = local_of(&TimeZone::UTC, ms);
    format!("{}.{:03}Z", local.strftime("%Y-%m-%dT%H:%M:%S"), ms.rem_euclid(1000))
}

/// Reads a date or an instant as data spell them; `None` when it is neither.
pub fn read(zone: &TimeZone, text: &str, format: Option<&str>) -> Option<Stamp> {
    let text = super::text::trim(text);
    if let Some(format) = format {
        return read_format(zone, text, format);
    }
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return read_epoch(text);
    }
    let mut reader = Reader { text, zone };
    reader.standard()
}

/// Epoch milliseconds; below 10¹¹ they are seconds by mistake.
fn read_epoch(digits: &str) -> Option<Stamp> {
    let ms: Ms = digits.parse().ok()?;
    let known = Timestamp::from_millisecond(i64::try_from(ms).ok()?).is_ok();
    (ms >= 100_000_000_000 && known).then_some(Stamp::Instant(ms))
}

struct Reader<'t> {
    text: &'t str,
    zone: &'t TimeZone,
}

/// The parts of a date and time as they are read.
#[derive(Default)]
struct Parts {
    date: (i64, i64, i64),
    time: Option<(i64, i64, i64, i64)>,
    offset: Option<i64>,
}

impl Reader<'_> {
    fn standard(&mut self) -> Option<Stamp> {
        let year = self.digits(4, 4)?;
        self.eat("-")?;
        let month = self.digits(2, 2)?;
        self.eat("-")?;
        let day = self.digits(2, 2)?;
        let mut parts = Parts { date: (year, month, day), ..Parts::default() };
        if self.text.is_empty() {
            return parts.stamp(self.zone);
        }
        self.eat("T").or_else(|| self.eat(" "))?;
        let hour = self.digits(2, 2)?;
        self.eat(":")?;
        let minute = self.digits(2, 2)?;
        let (mut second, mut millis) = (0, 0);
        if self.eat(":").is_some() {
            second = self.digits(2, 2)?;
            if self.eat(".").is_some() {
                millis = self.fraction()?;
            }
        }
        parts.time = Some((hour, minute, second, millis));
        if !self.text.is_empty() {
            parts.offset = Some(self.offset()?);
        }
        if !self.text.is_empty() {
            return None;
        }
        parts.stamp(self.zone)
    }

    fn eat(&mut self, start: &str) -> Option<()> {
        self.text = self.text.strip_prefix(start)?;
        Some(())
    }

    /// A number of `low` to `high` digits, as many as there are.
    fn digits(&mut self, low: usize, high: usize) -> Option<i64> {
        let length = self.text.chars().take(high).take_while(|c| c.is_ascii_digit()).count();
        if length < low {
            return None;
        }
        let (number, rest) = self.text.split_at(length);
        self.text = rest;
        number.parse().ok()
    }

    /// Digits behind the point of the second, cut off after milliseconds.
    fn fraction(&mut self) -> Option<i64> {
        let length = self.text.chars().take_while(|c| c.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        let (digits, rest) = self.text.split_at(length);
        self.text = rest;
        format!("{digits}000")[..3].parse().ok()
    }

    /// `Z`, `±hh:mm` or `±hhmm`, in seconds.
    fn offset(&mut self) -> Option<i64> {
        if self.eat("Z").is_some() {
            return Some(0);
        }
        let sign = if self.eat("-").is_some() { -1 } else { self.eat("+").map(|()| 1)? };
        let hours = self.digits(2, 2)?;
        let _ = self.eat(":");
        let minutes = self.digits(2, 2)?;
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

impl Parts {
    fn stamp(&self, zone: &TimeZone) -> Option<Stamp> {
        let (year, month, day) = self.date;
        let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let Some((hour, minute, second, millis)) = self.time else { return Some(Stamp::Day(date)) };
        let time = Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            millis as i32 * 1_000_000,
        )
        .ok()?;
        let local = date.to_datetime(time);
        Some(Stamp::Instant(match self.offset {
            None => instant_of(zone, local),
            Some(offset) => {
                let utc = local.checked_sub(SignedDuration::from_secs(offset)).ok()?;
                instant_of(&TimeZone::UTC, utc)
            }
        }))
    }
}

/// Reads a text as `%Y %m %d %H %M %S %z` and the characters between them say.
fn read_format(zone: &TimeZone, text: &str, format: &str) -> Option<Stamp> {
    let mut reader = Reader { text, zone };
    let mut parts = Parts { date: (1970, 1, 1), ..Parts::default() };
    let mut marks = format.chars();
    while let Some(mark) = marks.next() {
        if mark != '%' {
            reader.eat(&mark.to_string())?;
            continue;
        }
        let time = |parts: &Parts| parts.time.unwrap_or_default();
        match marks.next()? {
            'Y' => parts.date.0 = reader.digits(4, 4)?,
            'm' => parts.date.1 = reader.digits(1, 2)?,
            'd' => parts.date.2 = reader.digits(1, 2)?,
            'H' => parts.time = Some((reader.digits(1, 2)?, time(&parts).1, time(&parts).2, 0)),
            'M' => parts.time = Some((time(&parts).0, reader.digits(1, 2)?, time(&parts).2, 0)),
            'S' => parts.time = Some((time(&parts).0, time(&parts).1, reader.digits(1, 2)?, 0)),
            'z' => parts.offset = Some(reader.offset()?),
            _ => return None,
        }
    }
    if reader.text.is_empty() { parts.stamp(zone) } else { None }
}
