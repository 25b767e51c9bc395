//! What will change by itself.

use super::screen::rows;
use super::{About, Mark, Row, Section};
use crate::explain::model::Explanation;
use crate::explain::show;
use crate::model::time::{AsOf, Zone};
use crate::whatif::{At, Cause, Change, ChangeKind, Forecast, ScoreChange, Turn};

/// So many changes on one screen.
const TURNS: usize = 3;

/// What will change by itself; on one screen the first changes of stage, bands and the like.
pub(super) fn ahead(explanation: &Explanation, all: bool) -> Section {
    let forecast = explanation.outlook.as_ref().and_then(|outlook| outlook.forecast.as_ref());
    let Some(forecast) = forecast else { return rows(About::Ahead, "", Vec::new()) };
    let clock = Clock::new(explanation, forecast.as_of);
    let title = format!("What will change by itself until {}", clock.day(forecast.until));
    rows(About::Ahead, &title, lines(forecast, explanation, &clock, all))
}

fn lines(forecast: &Forecast, explanation: &Explanation, clock: &Clock, all: bool) -> Vec<Row> {
    let mut lines = Vec::new();
    let telling = |turn: &&Turn| all || turn.changes.iter().any(|change| tells(change.kind));
    let turns: Vec<&Turn> = forecast.turns.iter().filter(telling).collect();
    let most = if all { usize::MAX } else { TURNS };
    for turn in turns.iter().take(most) {
        lines.push(Row::labelled(Mark::Plain, &clock.full(turn.at), told(turn, explanation, clock, all)));
    }
    if turns.len() > most {
        let more = super::standing::more(turns.len() - most, "change");
        lines.push(Row::new(0, Mark::Plain, format!("{more} more: --full shows all")));
    }
    if turns.is_empty() {
        let points = match forecast.turns.first() {
            Some(turn) => format!("; points change first on {}", clock.full(turn.at)),
            None => String::new(),
        };
        lines.push(Row::new(0, Mark::Plain, format!("no stage, band or route changes{points}")));
    }
    let matters = |drift: &&ScoreChange| all || explanation.matters.contains(&drift.what.name);
    for drift in forecast.drifts.iter().filter(matters) {
        let text =
            format!("{} loses points to age all the time: {} now, {} then", drift.what.label, drift.from, drift.to);
        lines.push(Row::new(0, Mark::Plain, text));
    }
    if forecast.covered < forecast.until && all {
        lines.push(Row::new(0, Mark::Plain, format!("looked ahead to {}", clock.full(forecast.covered))));
    }
    if forecast.events_to_come > 0 {
        let events = show::plural(forecast.events_to_come as u64, "event");
        lines.push(Row::new(0, Mark::Off, format!("{events} of the data dated later are left out")));
    }
    lines
}

/// Whether a change tells where the lead stands.
fn tells(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Stage | ChangeKind::Disqualify | ChangeKind::Band | ChangeKind::Fit | ChangeKind::Route)
}

fn told(turn: &Turn, explanation: &Explanation, clock: &Clock, all: bool) -> String {
    let change = |change: &Change| format!("{}: {} → {}", change.what.label, change.from.label, change.to.label);
    let points = |change: &ScoreChange| format!("{} {} → {}", change.what.label, change.from, change.to);
    let mut parts: Vec<String> = turn.changes.iter().filter(|change| all || tells(change.kind)).map(change).collect();
    // On one screen the scores that the stages speak of are enough.
    let matters = |change: &&ScoreChange| all || explanation.matters.contains(&change.what.name);
    parts.extend(turn.scores.iter().filter(matters).map(points));
    let causes: Vec<String> = turn.causes.iter().take(3).map(|cause| self::cause(cause, clock)).collect();
    match causes.is_empty() {
        true => parts.join(", "),
        false => format!("{} ({})", parts.join(", "), causes.join("; ")),
    }
}

fn cause(cause: &Cause, clock: &Clock) -> String {
    let field = |field: &Option<String>| field.clone().unwrap_or_else(|| "a time".to_owned());
    match cause {
        Cause::Event { event, at } => format!("{} comes, {}", event.label, clock.day(*at)),
        Cause::Window { event, at, window } => {
            format!("{} of {} is then over {window} old", event.label, clock.day(*at))
        }
        Cause::Age { field: name, length } => format!("{} is then {length} away", field(name)),
        Cause::Time { field: name } => format!("{} has then come", field(name)),
    }
}

/// Says instants in the policy's zone.
pub(super) struct Clock {
    zone: Zone,
    as_of: AsOf,
}

impl Clock {
    pub(super) fn new(explanation: &Explanation, as_of: At) -> Clock {
        let zone = Zone::named(&explanation.zone).unwrap_or_default();
        let as_of = AsOf::new(as_of.0, &zone);
        Clock { zone, as_of }
    }

    fn full(&self, at: At) -> String {
        show::instant(at.0, &self.as_of, &self.zone).local
    }

    fn day(&self, at: At) -> String {
        self.full(at).chars().take_while(|c| *c != ' ').collect()
    }
}
