//! A zone's clock: the instants at which it was and will be changed.

use crate::model::time::{DAY, EARLIEST, Zone, display_instant};
use crate::sql::dialect::Helper;
use crate::sql::tree::{Sql, raw};

/// The calendar repeats itself after so many milliseconds, 400 years, and with it what a zone's rule says.
const CYCLE: i64 = 146_097 * DAY;

/// The first year whose changes follow from the zone's rule.
const RULED: i64 = 2_145_916_800_000;

/// How many changes stand in a line.
const LINE: usize = 4;

/// Whether a zone has a rule for all years to come.
fn is_ruled(zone: &Zone) -> bool {
    !zone.changes(RULED, RULED + 400 * DAY).is_empty()
}

/// The part that says when the clock is changed, and what is added to an instant from then on.
pub fn part(zone: &Zone) -> Helper {
    let last = if is_ruled(zone) { RULED + CYCLE } else { RULED };
    let offset = |instant: i64| zone.local(instant) - instant;
    let start = EARLIEST - 400 * DAY;
    let mut rows = vec![(start, start, offset(EARLIEST))];
    for change in zone.changes(EARLIEST + 1, last) {
        let (before, after) = (offset(change - 1), offset(change));
        if before != after {
            // From this reading on the local clock is past the change: a reading that is there twice is the earlier one, and
            // one that is skipped is read as before the change.
            rows.push((change, change + before.max(after), after));
        }
    }
    let rows: Vec<String> = rows.iter().map(|(at, local, offset)| format!("({at}, {local}, {offset})")).collect();
    let rows: Vec<String> = rows.chunks(LINE).map(|line| line.join(", ")).collect();
    let again = if is_ruled(zone) {
        format!("; after {} as 400 years before", &display_instant(last)[..4])
    } else {
        String::new()
    };
    Helper {
        name: "zone_changes",
        remark: format!("changes of the clock of {}, in milliseconds{again}", zone.name()),
        text: format!(
            "  SELECT column1 AS at, column2 AS local_from, column3 AS utc_offset FROM (VALUES\n    {}\n  )",
            rows.join(",\n    ")
        ),
    }
}

/// An instant (a local clock's reading) within the years that the part knows.
pub fn within(instant: Sql, zone: &Zone) -> Sql {
    if !is_ruled(zone) {
        return instant;
    }
    raw(&format!("{{}} - max(0, ({{}} - {RULED}) / {CYCLE}) * {CYCLE}"), [instant.clone(), instant])
}
