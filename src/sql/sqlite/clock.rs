//! Days and instants, counted from 1970; a zone's clock by its changes.

use super::{bound, zone_changes};
use crate::model::time::{DAY, EARLIEST, Zone};
use crate::sql::tree::{Sql, int, raw};

/// Days from the year 0 to 1970: what is cut off after it is added was positive.
const DAYS: i128 = 719_528;

/// The day of a date.
pub fn day_number(date: Sql) -> Sql {
    raw("(CAST(strftime('%s', {}) AS INTEGER) / 86400)", [date])
}

/// The day of milliseconds since 1970, by the clock that they are read from.
fn day_of(local: Sql) -> Sql {
    raw(&format!("(({{}} + {}) / {DAY} - {DAYS})", -EARLIEST), [local])
}

/// What is added to an instant to get the local clock's reading.
fn offset(millis: Sql, zone: &Zone) -> Sql {
    offset_by("at", millis, zone)
}

fn offset_by(column: &str, value: Sql, zone: &Zone) -> Sql {
    let value = zone_changes::within(value, zone);
    raw(
        &format!(
            "(SELECT z.utc_offset FROM zone_changes AS z WHERE z.{column} <= {{}} ORDER BY z.{column} DESC LIMIT 1)"
        ),
        [value],
    )
}

/// Whether a zone has no clock changes at all, for it is UTC.
pub fn is_utc(zone: &Zone) -> bool {
    matches!(zone.name(), "UTC" | "Etc/UTC")
}

/// A column's instant in milliseconds: they are there, or a text as in RFC 3339 is, whose finer digits are cut off.
pub fn millis(instant: Sql) -> Sql {
    bound(
        instant,
        "instant_",
        "CASE typeof(instant_) WHEN 'text' THEN \
         CAST(strftime('%s', substr(instant_, 1, 19) || ltrim(substr(instant_, 20), '.0123456789')) AS INTEGER) * 1000 \
         + CASE WHEN substr(instant_, 20, 1) = '.' THEN CAST(CAST(substr(instant_, 20) AS REAL) * 1000 + 1e-7 AS INTEGER) ELSE 0 END \
         ELSE CAST(instant_ AS INTEGER) END",
    )
}

/// Milliseconds as a text as in RFC 3339.
pub fn instant(millis: Sql) -> Sql {
    bound(
        millis,
        "millis_",
        &format!(
            "strftime('%Y-%m-%dT%H:%M:%S', (millis_ + {0}) / 1000 - {1}, 'unixepoch') || printf('.%03dZ', (millis_ + {0}) % 1000)",
            -EARLIEST,
            -EARLIEST / 1000
        ),
    )
}

/// The day of an instant in a zone.
pub fn day(millis: Sql, zone: &Zone) -> Sql {
    if is_utc(zone) {
        return day_of(millis);
    }
    let offset = offset(millis.clone(), zone);
    day_of(millis.bin("+", offset))
}

/// The first instant of a day in a zone.
pub fn start_of_day(day: Sql, zone: &Zone) -> Sql {
    let midnight = day.bin("*", int(DAY));
    if is_utc(zone) {
        return midnight;
    }
    let offset = offset_by("local_from", midnight.clone(), zone);
    midnight.bin("-", offset)
}

/// The instant of an instant's local clock reading so many months later.
pub fn months_later(millis: Sql, months: i64, zone: &Zone) -> Sql {
    let local = if is_utc(zone) {
        millis
    } else {
        let offset = offset(millis.clone(), zone);
        millis.bin("+", offset)
    };
    let day = date_months_later(day_of(raw("local_", [])), months);
    let moved = raw(
        &format!("(SELECT {{}} * {DAY} + (local_ + {}) % {DAY} AS moved_ FROM (SELECT {{}} AS local_))", -EARLIEST),
        [day, local],
    );
    if is_utc(zone) {
        return raw("(SELECT moved_ FROM {})", [moved]);
    }
    let offset = offset_by("local_from", raw("moved_", []), zone);
    raw("(SELECT moved_ - {} FROM {})", [offset, moved])
}

/// So many months later; a day that the month lacks becomes its last.
pub fn date_months_later(day: Sql, months: i64) -> Sql {
    let template = format!(
        "CAST(strftime('%s', min(date(day_, 'start of month', '{months:+} months', '+' || (strftime('%d', day_) - 1) || ' days'), \
         date(day_, 'start of month', '{:+} months', '-1 day'))) AS INTEGER) / 86400",
        months + 1
    );
    raw(&format!("(SELECT {template} FROM (SELECT date({{}} * 86400, 'unixepoch') AS day_))"), [day])
}
