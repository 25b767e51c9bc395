//! The as-of: given, or now. The only place of the program that looks at a clock.

use super::exit::Failure;
use crate::base::visible;
use crate::model::time::{AsOf, Length, Zone, display_instant, from_days};
use crate::syntax::ast::Unit;

/// The arguments that say when.
#[derive(Debug, clap::Args)]
pub struct WhenArgs {
    /// The instant that leads are judged at: a date (its end) or a time; now unless given
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
}

/// An as-of, and whether the clock gave it.
#[derive(Clone, Debug)]
pub struct When {
    /// The as-of.
    pub as_of: AsOf,
    /// Whether it is the time that the command was run at.
    pub now: bool,
}

impl WhenArgs {
    /// Whether an as-of was given.
    pub fn given(&self) -> bool {
        self.as_of.is_some()
    }

    /// The as-of in the policy's zone.
    pub fn when(&self, zone: &Zone) -> Result<When, Failure> {
        match &self.as_of {
            Some(text) => match AsOf::parse(text.trim(), zone) {
                Some(as_of) => Ok(When { as_of, now: false }),
                None => Err(Failure::new(format!("`--as-of {}` is no date or time", visible(text)))
                    .help("write a date, `2026-11-01`, or a time, `2026-11-01T09:30:00Z`")),
            },
            None => Ok(When { as_of: AsOf::new(now(), zone), now: true }),
        }
    }
}

/// A length of time as policies write it: `90 days`, `1 month`.
pub fn length(option: &str, text: &str) -> Result<Length, Failure> {
    let wrong = || {
        Failure::new(format!("`{option} {}` is no length of time", visible(text)))
            .help("write `90 days`, or `3 months`")
    };
    let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
    let unit = match unit.trim().trim_end_matches('s') {
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return Err(wrong()),
    };
    let count: u32 = count.parse().map_err(|_| wrong())?;
    Ok(Length { count, unit })
}

/// Says whether so much time has gone by since now: `10 seconds`, `2 minutes`.
pub fn after(option: &str, text: &str) -> Result<impl Fn() -> bool + Send + use<>, Failure> {
    let wrong = || {
        Failure::new(format!("`{option} {}` is no length of time", visible(text)))
            .help("write `10 seconds`, or `2 minutes`")
    };
    let (number, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "second" | "seconds" => 1,
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        _ => return Err(wrong()),
    };
    let (start, limit) = (std::time::Instant::now(), u64::from(number) * seconds);
    Ok(move || start.elapsed().as_secs() >= limit)
}

/// The day, in UTC.
pub fn today() -> jiff::civil::Date {
    from_days(Zone::default().day(now()))
}

/// Milliseconds since 1970-01-01T00:00:00Z.
fn now() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    elapsed.ok().and_then(|elapsed| i64::try_from(elapsed.as_millis()).ok()).unwrap_or(0)
}

impl When {
    /// `as of 2026-11-01 09:30 America/New_York`; of a day's last millisecond `as of the end of 2026-11-01 …`.
    pub fn describe(&self, zone: &Zone) -> String {
        let reading = display_instant(zone.local(self.as_of.instant));
        let (day, clock) = reading.split_once('T').unwrap_or((&reading, ""));
        let clock = clock.trim_end_matches('Z');
        let zone_name = zone.name();
        if self.as_of.instant == AsOf::end_of_day(self.as_of.day, zone) {
            return format!("as of the end of {day} {zone_name}");
        }
        let clock = clock.split('.').next().unwrap_or(clock);
        let clock = if self.now { clock } else { clock.strip_suffix(":00").unwrap_or(clock) };
        format!("as of {}{day} {clock} {zone_name}", if self.now { "now, " } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_when_in_the_zone() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let at = |text| {
            let args = WhenArgs { as_of: Some(String::from(text)) };
            args.when(&zone).map(|when| when.describe(&zone)).unwrap_or_default()
        };
        assert_eq!(at("2026-11-01"), "as of the end of 2026-11-01 America/New_York");
        assert_eq!(at("2026-11-01T12:30:00Z"), "as of 2026-11-01 07:30 America/New_York");
        assert_eq!(at("yesterday"), "");
    }
}
