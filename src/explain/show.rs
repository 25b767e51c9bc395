//! Values, instants and policy text as people read them.

use super::model::{Instant, Shown};
use crate::check::hir::Program;
use crate::eval::Points;
use crate::model::number;
use crate::model::time::{AsOf, Zone, display_instant, from_days};
use crate::model::{Literal, Type};
use serde_json::Value as Json;

pub use crate::words::show_value;
pub(super) use crate::words::{bare_choice, clock, factor, period, plural, source};

/// A value for people and exactly.
pub(super) fn shown(program: &Program, ty: Type, value: &Literal) -> Shown {
    Shown { text: show_value(program, ty, value), value: exact(program, ty, value) }
}

/// Points for people and exactly.
pub(super) fn shown_points(points: i64) -> Shown {
    Shown { text: Points(points).to_string(), value: Json::String(Points(points).to_string()) }
}

/// A value exactly, as JSON.
pub(super) fn exact(program: &Program, ty: Type, value: &Literal) -> Json {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    match value {
        Literal::Missing => Json::Null,
        Literal::Bool(value) => Json::Bool(*value),
        Literal::Int(value) => Json::from(*value),
        Literal::Number(value) => Json::String(number::display(*value, 6).to_string()),
        Literal::Money(value) => Json::String(number::display(*value, 4).to_string()),
        Literal::Date(day) => Json::String(from_days(*day).to_string()),
        Literal::Time(instant) => Json::String(display_instant(*instant)),
        Literal::Choice(choice) => Json::String(bare_choice(program, scalar, *choice).to_owned()),
        Literal::Text(text) => Json::String(text.to_string()),
        Literal::List(values) => values.iter().map(|value| exact(program, Type::One(scalar), value)).collect(),
    }
}

/// An instant, seen from the as-of.
pub(super) fn instant(at: i64, as_of: &AsOf, zone: &Zone) -> Instant {
    Instant { utc: display_instant(at), local: clock(at, zone), ago: ago(as_of.instant - at) }
}

/// The as-of itself: a day's last millisecond is the end of that day.
pub fn as_of(as_of: &AsOf, zone: &Zone) -> Instant {
    let mut shown = instant(as_of.instant, as_of, zone);
    if as_of.instant == AsOf::end_of_day(as_of.day, zone) {
        shown.local = format!("{}, end of day", from_days(as_of.day));
    }
    shown
}

/// An age in milliseconds: `12 days ago`, `in 5 hours`. Whole units, as rules count them.
fn ago(age: i64) -> String {
    let size = age.unsigned_abs();
    let (count, unit) = match size {
        0..60_000 => {
            return if age == 0 {
                "now"
            } else if age > 0 {
                "just now"
            } else {
                "in a moment"
            }
            .to_owned();
        }
        60_000..3_600_000 => (size / 60_000, "minute"),
        3_600_000..86_400_000 => (size / 3_600_000, "hour"),
        _ => (size / 86_400_000, "day"),
    };
    from_now(age > 0, &plural(count, unit))
}

fn from_now(past: bool, length: &str) -> String {
    if past { format!("{length} ago") } else { format!("in {length}") }
}

/// How long ago a date or time was; none for other values.
pub(super) fn note(value: &Literal, as_of: &AsOf) -> Option<String> {
    match value {
        Literal::Time(at) => Some(ago(as_of.instant - at)),
        Literal::Date(day) if *day == as_of.day => Some("today".to_owned()),
        Literal::Date(day) => {
            let days = i64::from(as_of.day) - i64::from(*day);
            Some(from_now(days > 0, &plural(days.unsigned_abs(), "day")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_well() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let now = AsOf::parse("2026-11-01", &zone).expect("a date");
        assert_eq!(as_of(&now, &zone).local, "2026-11-01, end of day");
        let at = AsOf::parse("2026-10-20T14:00:00Z", &zone).expect("an instant");
        let seen = instant(at.instant, &now, &zone);
        assert_eq!((seen.local.as_str(), seen.ago.as_str()), ("2026-10-20 10:00 UTC-4", "12 days ago"));
        assert_eq!(clock(at.instant, &Zone::default()), "2026-10-20 14:00 UTC");
        assert_eq!(ago(-3 * 3_600_000), "in 3 hours");
    }
}
