//! Time as the language sees it (§3): instants in milliseconds, days in the policy's zone, durations counted from the
//! as-of.

use crate::syntax::ast::Unit;
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Milliseconds in a day of 24 hours.
pub const DAY: i64 = 86_400_000;
/// 0000-01-01T00:00:00Z.
pub const EARLIEST: i64 = -62_167_219_200_000;
/// 9999-12-30T00:00:00Z: later instants are not read.
pub const LATEST: i64 = 253_402_128_000_000;

/// The policy's time zone.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
    name: String,
    utc: bool,
}

impl Default for Zone {
    fn default() -> Zone {
        Zone { zone: TimeZone::UTC, name: "UTC".to_owned(), utc: true }
    }
}

impl Zone {
    /// The zone with an IANA name, from the database that is built in.
    pub fn named(name: &str) -> Option<Zone> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).ok()?;
        let utc = matches!(name, "UTC" | "Etc/UTC");
        Some(Zone { zone, name: name.to_owned(), utc })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Milliseconds to add to an instant to get the local clock's reading as if it were UTC.
    fn offset(&self, instant: i64) -> i64 {
        if self.utc {
            return 0;
        }
        let timestamp = Timestamp::from_millisecond(instant.clamp(EARLIEST, LATEST)).unwrap_or(Timestamp::UNIX_EPOCH);
        i64::from(self.zone.to_offset(timestamp).seconds()) * 1000
    }

    /// The day of an instant, as days since 1970-01-01.
    pub fn day(&self, instant: i64) -> i32 {
        (instant + self.offset(instant)).div_euclid(DAY) as i32
    }

    /// The first instant of a day.
    pub fn start_of_day(&self, day: i32) -> i64 {
        if self.utc {
            return i64::from(day) * DAY;
        }
        let start = self.instant(i64::from(day) * DAY);
        // Where the clock skips midnight, the local time that does not exist is read with the offset before the
        // change and lies in the day already: the first instant of the day is the change itself.
        let mut first = start;
        let mut step = 3 * 3_600_000;
        while step >= 1 {
            if self.day(first - step) == day {
                first -= step;
            } else {
                step /= 2;
            }
        }
        first
    }

    /// The instant of a local clock's reading, given as if it were UTC: the earlier of two, the offset before a change
    /// for a reading that the clock skips.
    pub fn instant(&self, local: i64) -> i64 {
        if self.utc {
            return local;
        }
        let Ok(reading) = Timestamp::from_millisecond(local.clamp(EARLIEST, LATEST)) else { return local };
        let datetime = TimeZone::UTC.to_datetime(reading);
        match self.zone.to_ambiguous_timestamp(datetime).compatible() {
            Ok(timestamp) => timestamp.as_millisecond(),
            Err(_) => local,
        }
    }

    /// The instants from `from` to `to`, both in, at which the zone's offset may change, in their order.
    pub fn changes(&self, from: i64, to: i64) -> Vec<i64> {
        if self.utc || from > to {
            return Vec::new();
        }
        // `following` speaks of what is later than its instant.
        let before = (from - 1).clamp(EARLIEST, LATEST);
        let Ok(start) = Timestamp::from_millisecond(before) else { return Vec::new() };
        let changes = self.zone.following(start).map(|change| change.timestamp().as_millisecond());
        changes.take_while(|change| *change <= to).filter(|change| *change >= from).collect()
    }

    /// The local clock's reading at an instant, as if it were UTC.
    pub fn local(&self, instant: i64) -> i64 {
        instant + self.offset(instant)
    }
}

/// How dates or times of a field are written, with `%Y %m %d %H %M %S %z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    /// The format as written.
    pub written: String,
}

impl TimeFormat {
    /// The format, if it uses the known codes only, each at most once, and names a whole day.
    pub fn new(written: &str) -> Option<TimeFormat> {
        let mut seen = Vec::new();
        let mut chars = written.chars();
        while let Some(c) = chars.next() {
            if c == '%' {
                let code = chars.next()?;
                if !"YmdHMSz".contains(code) || seen.contains(&code) {
                    return None;
                }
                seen.push(code);
            }
        }
        let has = |code| seen.contains(&code);
        let whole_day = has('Y') && has('m') && has('d');
        let whole_time = (!has('S') || has('M')) && (!has('M') || has('H')) && (!has('z') || has('H'));
        (whole_day && whole_time).then(|| TimeFormat { written: written.to_owned() })
    }

    /// Reads text by this format: a day, a local clock's reading, or an instant.
    ///
    /// `%Y` is four digits, the others one or two; `%z` is `Z`, `±hh:mm` or `±hhmm`; all else stands for itself.
    pub fn read(&self, text: &str) -> Option<Moment> {
        let mut rest = text.as_bytes();
        let (mut year, mut month, mut day, mut clock) = (0, 0, 0, None);
        let (mut hour, mut minute, mut second, mut offset) = (0, 0, 0, None);
        let mut format = self.written.bytes();
        while let Some(expected) = format.next() {
            if expected != b'%' {
                rest = rest.strip_prefix(&[expected])?;
                continue;
            }
            match format.next()? {
                b'Y' => (year, rest) = digits(rest, 4)?,
                b'm' => (month, rest) = one_or_two_digits(rest)?,
                b'd' => (day, rest) = one_or_two_digits(rest)?,
                b'H' => {
                    (hour, rest) = one_or_two_digits(rest)?;
                    clock = Some(());
                }
                b'M' => (minute, rest) = one_or_two_digits(rest)?,
                b'S' => (second, rest) = one_or_two_digits(rest)?,
                _ => {
                    let length = if rest.first() == Some(&b'Z') {
                        1
                    } else if rest.get(3) == Some(&b':') {
                        6
                    } else {
                        5
                    };
                    let (written, behind) = rest.split_at_checked(length)?;
                    offset = Some(read_offset(written)?);
                    rest = behind;
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
        let days = day_number(year, month, day)?;
        if clock.is_none() {
            return Some(Moment::Day(days));
        }
        let reading = i64::from(days) * DAY + clock_millis(hour, minute, second)?;
        Some(match offset {
            Some(offset) => Moment::Instant(reading - offset),
            None => Moment::Local(reading),
        })
    }
}

/// What text says of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day since 1970-01-01.
    Day(i32),
    /// A local clock's reading, as if it were UTC.
    Local(i64),
    /// An instant.
    Instant(i64),
}

impl Moment {
    /// As an instant: the first of a day.
    #[inline]
    pub fn instant(self, zone: &Zone) -> i64 {
        match self {
            Moment::Day(day) => zone.start_of_day(day),
            Moment::Local(reading) => zone.instant(reading),
            Moment::Instant(instant) => instant,
        }
    }

    /// As a day.
    pub fn day(self, zone: &Zone) -> i32 {
        match self {
            Moment::Day(day) => day,
            Moment::Local(reading) => reading.div_euclid(DAY) as i32,
            Moment::Instant(instant) => zone.day(instant),
        }
    }

    /// Reads `YYYY-MM-DD`, then optionally `T` or a blank, `hh:mm[:ss[.f]]` and `Z`, `±hh:mm`, `±hhmm`. Digits after
    /// the milliseconds are cut off.
    #[inline]
    pub fn read(text: &[u8]) -> Option<Moment> {
        match text.first_chunk::<20>() {
            Some(chunk) if text.len() == 20 => match Moment::seconds(chunk) {
                Some(instant) => Some(Moment::Instant(instant)),
                None => Moment::read_any(text),
            },
            _ => Moment::read_any(text),
        }
    }

    /// The instant in `YYYY-MM-DDThh:mm:ssZ`, as nearly all data writes them. None for anything else.
    #[inline]
    pub fn seconds(text: &[u8; 20]) -> Option<i64> {
        let (reading, zone) = text.split_first_chunk::<19>()?;
        if zone == b"Z" { Moment::clock(reading) } else { None }
    }

    /// The reading of `YYYY-MM-DDThh:mm:ss`.
    #[inline(always)]
    fn clock(text: &[u8; 19]) -> Option<i64> {
        const NINES: u64 = 0x7676_7676_7676_7676;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        // Signs become 0, digits their value.
        let date = u64::from_le_bytes(*text.first_chunk()?) ^ u64::from_le_bytes(*b"0000-00-");
        let clock = u64::from_le_bytes(*text.get(8..)?.first_chunk()?) ^ u64::from_le_bytes(*b"00T00:00");
        let rest = u64::from(u32::from_le_bytes(*text.last_chunk()?) ^ u32::from_le_bytes(*b"0:00"));
        let signs = (date & 0xff00_00ff_0000_0000) | (clock & 0x0000_ff00_00ff_0000) | (rest & 0xff00);
        let high = (date | date.wrapping_add(NINES))
            | (clock | clock.wrapping_add(NINES))
            | (rest | rest.wrapping_add(NINES & 0xffff_ffff));
        if signs != 0 || high & HIGH != 0 {
            return None;
        }
        // Each byte and the one behind it as a number of two digits.
        let (date, clock, rest) = (date * 10 + (date >> 8), clock * 10 + (clock >> 8), rest * 10 + (rest >> 8));
        let two = |pairs: u64, place: u32| (pairs >> (place * 8) & 0xff) as i32;
        let days = day_number(two(date, 0) * 100 + two(date, 2), two(date, 5), two(clock, 0))?;
        Some(i64::from(days) * DAY + clock_millis(two(clock, 3), two(clock, 6), two(rest, 2))?)
    }

    pub(super) fn read_any(text: &[u8]) -> Option<Moment> {
        let (year, rest) = digits(text, 4)?;
        let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
        let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
        let days = day_number(year, month, day)?;
        let Some((b'T' | b' ', rest)) = rest.split_first() else { return rest.is_empty().then_some(Moment::Day(days)) };
        let (hour, rest) = digits(rest, 2)?;
        let (minute, mut rest) = digits(rest.strip_prefix(b":")?, 2)?;
        let (mut second, mut millis) = (0, 0);
        if let Some(behind) = rest.strip_prefix(b":") {
            (second, rest) = digits(behind, 2)?;
            if let Some(behind) = rest.strip_prefix(b".") {
                let count = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if count == 0 {
                    return None;
                }
                for place in 0..3 {
                    millis = millis * 10 + behind[..count].get(place).map_or(0, |digit| i64::from(digit - b'0'));
                }
                rest = &behind[count..];
            }
        }
        let reading = i64::from(days) * DAY + clock_millis(hour, minute, second)? + millis;
        if rest.is_empty() {
            return Some(Moment::Local(reading));
        }
        Some(Moment::Instant(reading - read_offset(rest)?))
    }
}

impl std::fmt::Display for Moment {
    /// As policies and data write it: `2026-10-01`, `2026-10-01T12:30:00`, `2026-10-01T12:30:00Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Moment::Day(day) => {
                let start = display_instant(i64::from(*day) * DAY);
                f.write_str(start.split('T').next().unwrap_or(&start))
            }
            Moment::Local(reading) => f.write_str(display_instant(*reading).trim_end_matches('Z')),
            Moment::Instant(instant) => f.write_str(&display_instant(*instant)),
        }
    }
}

/// `Z`, `±hh:mm`, `±hhmm` in milliseconds.
fn read_offset(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.split_first()? {
        (b'Z', rest) => return rest.is_empty().then_some(0),
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(b":").unwrap_or(rest), 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * i64::from(hours * 60 + minutes) * 60_000)
}

#[inline]
pub(super) fn digits(text: &[u8], count: usize) -> Option<(i32, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i32::from(digit);
    }
    Some((number, rest))
}

fn one_or_two_digits(text: &[u8]) -> Option<(i32, &[u8])> {
    digits(text, 2).or_else(|| digits(text, 1))
}

fn clock_millis(hour: i32, minute: i32, second: i32) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then_some(i64::from(hour * 3600 + minute * 60 + second) * 1000)
}

/// Days since 1970-01-01 of a day that exists, years 0000 to 9999.
#[inline]
pub(super) fn day_number(year: i32, month: i32, day: i32) -> Option<i32> {
    // Days before each month, counted from March, so that the leap day is the last of its year; and the month's days.
    const MONTHS: [(i16, u8); 13] = [
        (0, 0),
        (306, 31),
        (337, 28),
        (0, 31),
        (31, 30),
        (61, 31),
        (92, 30),
        (122, 31),
        (153, 31),
        (184, 30),
        (214, 31),
        (245, 30),
        (275, 31),
    ];
    let (before, length) = *MONTHS.get(usize::try_from(month).ok()?)?;
    // Proleptic Gregorian calendar; 400 years on, that no number is negative.
    let full = (year + 400) as u32;
    let leap = full.is_multiple_of(4) & (!full.is_multiple_of(100) | full.is_multiple_of(400));
    // A day of the month is as good as random: nothing is asked of it alone.
    let length = u32::from(length) + u32::from(leap & (month == 2));
    if (day as u32).wrapping_sub(1) >= length {
        return None;
    }
    let year = full - u32::from(month <= 2);
    let centuries = year / 100;
    let days = year * 365 + year / 4 - centuries + centuries / 4;
    Some(days as i32 + i32::from(before) + day - 1 - 865_565)
}

/// Days since 1970-01-01.
pub fn to_days(date: civil::Date) -> i32 {
    (TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_or(0, |timestamp| timestamp.as_millisecond()) / DAY) as i32
}

/// The day with this number.
pub fn from_days(day: i32) -> civil::Date {
    Timestamp::from_millisecond(i64::from(day) * DAY)
        .map_or(civil::Date::ZERO, |start| TimeZone::UTC.to_datetime(start).date())
}

/// An instant as RFC 3339 in UTC, milliseconds where there are any: `2026-10-01T12:30:00Z`.
pub fn display_instant(instant: i64) -> String {
    Timestamp::from_millisecond(instant).map_or_else(|_| instant.to_string(), |timestamp| timestamp.to_string())
}

/// A length of time as policies write it: a count and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// How many.
    pub count: u32,
    /// Of what; months and years are the calendar's in the policy's zone, the others exact.
    pub unit: Unit,
}

impl Length {
    /// In milliseconds; none for months and years.
    pub fn millis(self) -> Option<i64> {
        let unit = match self.unit {
            Unit::Minute => 60_000,
            Unit::Hour => 3_600_000,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
            Unit::Month | Unit::Year => return None,
        };
        Some(i64::from(self.count) * unit)
    }

    /// In calendar months; 0 for the other units.
    pub fn months(self) -> i64 {
        if !matches!(self.unit, Unit::Month | Unit::Year) {
            return 0;
        }
        i64::from(self.count) * if self.unit == Unit::Year { 12 } else { 1 }
    }
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// As-of less and plus a length; beyond the instants that are read, just before the first and at the last of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The instant that long before the as-of; what is at or after it is at most that old.
    pub back: i64,
    /// The instant that long after the as-of.
    pub ahead: i64,
    /// For dates: the first millisecond, as if in UTC, of the day that long before the as-of's day; with hours or
    /// minutes it may lie within a day.
    pub day_back: i64,
    /// For dates: likewise after the as-of's day.
    pub day_ahead: i64,
}

/// The instant that a policy is evaluated at.
#[derive(Clone, Debug)]
pub struct AsOf {
    /// The instant.
    pub instant: i64,
    /// Its day in the zone.
    pub day: i32,
}

impl AsOf {
    /// An instant, seen in a zone.
    pub fn new(instant: i64, zone: &Zone) -> AsOf {
        AsOf { instant, day: zone.day(instant) }
    }

    /// From text: a date, which is its last millisecond in the zone, or an instant.
    pub fn parse(text: &str, zone: &Zone) -> Option<AsOf> {
        let instant = match Moment::read(text.trim().as_bytes())? {
            Moment::Day(day) => Self::end_of_day(day, zone),
            moment => moment.instant(zone),
        };
        (EARLIEST..=LATEST).contains(&instant).then(|| AsOf::new(instant, zone))
    }

    /// The last millisecond of a day.
    pub fn end_of_day(day: i32, zone: &Zone) -> i64 {
        zone.start_of_day(day + 1) - 1
    }

    /// How far a length reaches from here.
    pub fn reach(&self, length: Length, zone: &Zone) -> Reach {
        let day_start = i64::from(self.day) * DAY;
        if let Some(millis) = length.millis() {
            return Reach {
                back: (self.instant - millis).max(EARLIEST - 1),
                ahead: (self.instant + millis).min(LATEST),
                day_back: day_start - millis,
                day_ahead: day_start + millis,
            };
        }
        let local = zone.local(self.instant);
        let months = length.months();
        let back = months_later(local, -months);
        let ahead = months_later(local, months);
        Reach {
            back: back.map_or(EARLIEST - 1, |reading| zone.instant(reading).max(EARLIEST - 1)),
            ahead: ahead.map_or(LATEST, |reading| zone.instant(reading).min(LATEST)),
            day_back: months_later(day_start, -months).unwrap_or(i64::MIN / 4),
            day_ahead: months_later(day_start, months).unwrap_or(i64::MAX / 4),
        }
    }
}

/// A local clock's reading so many calendar months later, or earlier: the same time of the same day, or of the month's
/// last. None beyond the calendar.
pub fn months_later(reading: i64, months: i64) -> Option<i64> {
    // ToSpan panics beyond jiff's own limit; no calendar reaches that far.
    let months = months.clamp(-12 * 19_998, 12 * 19_998);
    let datetime = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(reading).ok()?);
    let moved = datetime.checked_add(months.months()).ok()?;
    Some(TimeZone::UTC.to_timestamp(moved).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_to_the_second_are_read_as_others() {
        for text in [b"2025-03-20T08:05:43Z", b"0000-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"2023-02-29T10:00:00Z"]
        {
            assert_eq!(Moment::read(text), Moment::read_any(text));
            for place in 0..text.len() {
                for byte in 0..=u8::MAX {
                    let mut other = *text;
                    other[place] = byte;
                    assert_eq!(Moment::read(&other), Moment::read_any(&other), "{:?}", String::from_utf8_lossy(&other));
                }
            }
        }
    }

    fn instant(text: &str, zone: &Zone) -> String {
        Moment::read(text.as_bytes()).map_or("none".into(), |moment| display_instant(moment.instant(zone)))
    }

    #[test]
    fn reads_every_form() {
        let utc = Zone::default();
        assert_eq!(instant("2026-10-01", &utc), "2026-10-01T00:00:00Z");
        assert_eq!(instant("2026-10-01 12:30", &utc), "2026-10-01T12:30:00Z");
        assert_eq!(instant("2026-10-01T12:30:15.98765+02:00", &utc), "2026-10-01T10:30:15.987Z");
        assert_eq!(instant("2026-10-01T12:30:15-0530", &utc), "2026-10-01T18:00:15Z");
        for wrong in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-01",
            "2026-10-01T24:00",
            "2026-10-01T12",
            "2026-10-01x",
            "",
            "2026-10-01T12:30:00.",
            "2026-10-01T12:30+5",
        ] {
            assert_eq!(instant(wrong, &utc), "none", "{wrong}");
        }
    }

    #[test]
    fn days_agree_with_the_calendar() {
        for day in (-719_528..2_932_896).step_by(97) {
            let date = from_days(day);
            assert_eq!(to_days(date), day);
            assert_eq!(Moment::read(date.to_string().as_bytes()), Some(Moment::Day(day)), "{date}");
        }
    }

    #[test]
    fn clock_changes() {
        let zone = Zone::named("America/New_York").expect("a zone");
        // Twice: the earlier. Skipped: with the offset before the change.
        assert_eq!(instant("2026-11-01T01:30", &zone), "2026-11-01T05:30:00Z");
        assert_eq!(instant("2026-03-08T02:30", &zone), "2026-03-08T07:30:00Z");
        assert_eq!(instant("2026-11-02", &zone), "2026-11-02T05:00:00Z");
        // Midnight itself is skipped in this zone: the day begins with the change.
        let zone = Zone::named("America/Santiago").expect("a zone");
        assert_eq!(instant("2024-09-08", &zone), "2024-09-08T04:00:00Z");
        // Midnight occurs twice: the day begins with the first.
        let zone = Zone::named("America/Havana").expect("a zone");
        assert_eq!(instant("2024-11-03", &zone), "2024-11-03T04:00:00Z");
    }

    #[test]
    fn a_month_that_lacks_the_day_ends_with_its_last() {
        let zone = Zone::default();
        let as_of = AsOf::parse("2026-03-31T10:00:00Z", &zone).expect("an instant");
        let reach = as_of.reach(Length { count: 1, unit: Unit::Month }, &zone);
        assert_eq!(display_instant(reach.back), "2026-02-28T10:00:00Z");
        assert_eq!(display_instant(reach.ahead), "2026-04-30T10:00:00Z");
        let far = as_of.reach(Length { count: u32::MAX, unit: Unit::Year }, &zone);
        assert!(far.back < EARLIEST && far.ahead == LATEST);
    }

    #[test]
    fn a_date_is_its_last_millisecond() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let as_of = AsOf::parse("2026-11-01", &zone).expect("a date");
        assert_eq!(display_instant(as_of.instant), "2026-11-02T04:59:59.999Z");
    }

    #[test]
    fn formats() {
        let format = TimeFormat::new("%d.%m.%Y %H:%M %z").expect("a format");
        assert_eq!(
            format.read("01.10.2026 12:30 +0200").map(|m| display_instant(m.instant(&Zone::default()))),
            Some("2026-10-01T10:30:00Z".into())
        );
        assert_eq!(TimeFormat::new("%d.%m.%Y").and_then(|f| f.read("31.02.2026")), None);
        assert!(TimeFormat::new("%d.%m").is_none());
        assert!(TimeFormat::new("%Y-%j").is_none());
    }
}
