//! What will change by itself.

use super::screen::{Room, rows};
use super::{About, Mark, Row, Section};
use crate::eval::Points;
use crate::explain::model::{Explanation, How, PartItem, Turned};
use crate::explain::show;
use crate::model::time::{AsOf, Zone};
use crate::whatif::{At, Cause, Change, ChangeKind, Forecast, ScoreChange, Turn};
use crate::words::{field_words, minute};

/// What will change by itself; on one screen the first changes of stage, bands and the like.
pub(super) fn ahead(explanation: &Explanation, room: Option<&Room>) -> Section {
    let forecast = explanation.outlook.as_ref().and_then(|outlook| outlook.forecast.as_ref());
    let Some(forecast) = forecast else { return rows(About::Ahead, "", Vec::new()) };
    let clock = Clock::new(explanation, forecast.as_of);
    let title = format!("What will change by itself until {}", clock.day(forecast.until));
    let needs = room.is_none_or(|room| room.needs);
    let also = room.map_or(0, |room| room.also);
    let turned = explanation.outlook.as_ref().map_or(&[][..], |outlook| &outlook.turned);
    let ahead = Ahead { explanation, forecast, turned, clock, all: room.is_none(), needs, also };
    rows(About::Ahead, &title, ahead.lines(room.map_or(usize::MAX, |room| room.turns)))
}

struct Ahead<'e> {
    explanation: &'e Explanation,
    forecast: &'e Forecast,
    turned: &'e [Turned],
    clock: Clock,
    all: bool,
    needs: bool,
    /// So many changes are told without what makes them.
    also: usize,
}

/// The turns that are told where there is no room for all: those of the stage before others, the earlier before the later.
fn chosen(turns: &[&Turn], most: usize) -> Vec<usize> {
    let stage = |turn: &Turn| {
        turn.changes.iter().any(|change| matches!(change.kind, ChangeKind::Stage | ChangeKind::Disqualify))
    };
    let mut places: Vec<usize> = (0..turns.len()).collect();
    places.sort_by_key(|place| (!stage(turns[*place]), *place));
    places.truncate(most);
    places
}

/// Whether a change tells where the lead stands.
fn tells(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Stage | ChangeKind::Disqualify | ChangeKind::Band | ChangeKind::Fit | ChangeKind::Route)
}

impl Ahead<'_> {
    fn lines(&self, most: usize) -> Vec<Row> {
        let (forecast, all) = (self.forecast, self.all);
        let mut lines = Vec::new();
        let telling = |turn: &&Turn| all || turn.changes.iter().any(|change| tells(change.kind));
        let turns: Vec<&Turn> = forecast.turns.iter().filter(telling).collect();
        let days: Vec<String> = turns.iter().map(|turn| self.clock.day(turn.at)).collect();
        let told = chosen(&turns, most);
        let mut also = self.also;
        let mut rest: Vec<usize> = Vec::new();
        let mut rest_at = None;
        for (place, turn) in turns.iter().enumerate() {
            let whole = told.contains(&place);
            if !whole && also == 0 {
                rest_at.get_or_insert(lines.len());
                rest.push(place);
                continue;
            }
            also -= usize::from(!whole);
            let alone = days.iter().filter(|day| **day == days[place]).count() == 1;
            let when = match (all, alone) {
                (true, _) => self.clock.full(turn.at),
                (false, true) => days[place].clone(),
                (false, false) => self.clock.minute(turn.at),
            };
            let text = if whole { self.told(turn) } else { self.shortly(turn) };
            lines.push(Row::labelled(Mark::Plain, &when, text));
        }
        if let Some(at) = rest_at {
            lines.insert(at, self.rest(&rest, &turns, &days));
        }
        let matters = |drift: &&ScoreChange| all || self.explanation.matters.contains(&drift.what.name);
        let drifts: Vec<&ScoreChange> = forecast.drifts.iter().filter(matters).collect();
        if turns.is_empty() {
            let points = match forecast.turns.first() {
                Some(turn) if drifts.is_empty() => format!("; points change first on {}", self.clock.day(turn.at)),
                _ => String::new(),
            };
            lines.push(Row::new(0, Mark::Plain, format!("no stage, band or route changes{points}")));
        }
        let most = if all { usize::MAX } else { usize::from(self.needs || turns.is_empty()) };
        for drift in drifts.iter().take(most) {
            let until = self.clock.day(forecast.covered);
            let text =
                format!("{} goes down little by little: {} now, {} on {until}", drift.what.label, drift.from, drift.to);
            lines.push(Row::new(0, Mark::Plain, text));
        }
        if forecast.covered < forecast.until && all {
            lines.push(Row::new(0, Mark::Plain, format!("looked ahead to {}", self.clock.full(forecast.covered))));
        }
        if forecast.events_to_come > 0 {
            let events = show::plural(forecast.events_to_come as u64, "event");
            lines.push(Row::new(0, Mark::Off, format!("{events} of the data dated later are left out")));
        }
        lines
    }

    /// Changes that there is no room for, on one line: when, and what changes.
    fn rest(&self, places: &[usize], turns: &[&Turn], days: &[String]) -> Row {
        let mut chains: Vec<(&str, String)> = Vec::new();
        for change in places.iter().flat_map(|place| &turns[*place].changes).filter(|change| tells(change.kind)) {
            let (what, to) = (change.what.label.as_str(), &change.to.label);
            match chains.iter_mut().find(|(known, _)| *known == what) {
                Some((_, chain)) => chain.push_str(&format!(" → {to}")),
                None => chains.push((what, format!("{} → {to}", change.from.label))),
            }
        }
        let what: Vec<String> = chains.into_iter().map(|(what, chain)| format!("{what} {chain}")).collect();
        let (first, last) = (places.first().map(|place| &days[*place]), places.last().map(|place| &days[*place]));
        let (first, last) = (first.cloned().unwrap_or_default(), last.cloned().unwrap_or_default());
        let what = what.join("; ");
        match places.len() {
            1 => Row::labelled(Mark::Plain, &first, self.parts(turns[places[0]]).join("; ")),
            _ => {
                let when = if first == last { format!("on {first}") } else { format!("from {first} to {last}") };
                Row::new(0, Mark::Plain, format!("{when}: {what}"))
            }
        }
    }

    /// What changes, and the first thing that makes it.
    fn shortly(&self, turn: &Turn) -> String {
        let told = self.parts(turn).join("; ");
        let cause = self.cause(turn, &told).and_then(|cause| cause.split("; ").next().map(str::to_owned));
        cause.map_or(told.clone(), |cause| format!("{told}: {cause}"))
    }

    fn parts(&self, turn: &Turn) -> Vec<String> {
        let also = |kind: ChangeKind| self.needs && kind == ChangeKind::Matrix;
        let told = turn.changes.iter().filter(|change| self.all || tells(change.kind) || also(change.kind));
        told.map(|change| self.change(change, turn)).collect()
    }

    fn told(&self, turn: &Turn) -> String {
        let all = self.all;
        let mut parts = self.parts(turn);
        if all {
            let points = |change: &ScoreChange| format!("{} {} → {}", change.what.label, change.from, change.to);
            parts.extend(turn.scores.iter().map(points));
        }
        let told = parts.join("; ");
        match self.cause(turn, &told) {
            Some(cause) => format!("{told}: {cause}"),
            None => told,
        }
    }

    /// `Stage: Marketing qualified lead → Lead`; of bands with what the score does.
    fn change(&self, change: &Change, turn: &Turn) -> String {
        let told = format!("{} {} → {}", change.what.label, change.from.label, change.to.label);
        let bands = self.explanation.bands.iter().find(|bands| bands.item.name == change.what.name);
        let score = bands.and_then(|bands| {
            turn.scores.iter().find(|score| score.what.name == bands.of.name).and_then(|score| self.crossing(score))
        });
        let points = bands.and_then(|bands| turn.scores.iter().find(|score| score.what.name == bands.of.name));
        match (score, points) {
            // By fading alone it passes the limit by next to nothing.
            (Some(score), Some(points)) if change.kind == ChangeKind::Band && whole(points) => {
                format!("{told} ({score}: {} → {})", points.from, points.to)
            }
            (Some(score), _) if change.kind == ChangeKind::Band => format!("{told} ({score})"),
            _ => told,
        }
    }

    /// `Engagement falls below 45`
    fn crossing(&self, change: &ScoreChange) -> Option<String> {
        let score = self.explanation.scores.iter().find(|score| score.item.name == change.what.name)?;
        let falls = change.to < change.from;
        let at = score.thresholds.iter().map(|threshold| threshold.at).find(|at| match falls {
            true => change.from >= *at && change.to < *at,
            false => change.from < *at && change.to >= *at,
        });
        Some(match at {
            Some(at) if falls => format!("{} falls below {at}", change.what.label),
            Some(at) => format!("{} rises to {at}", change.what.label),
            None => format!("{} {} → {}", change.what.label, change.from, change.to),
        })
    }

    /// What makes the change: what happens, and what that does to rules and scores.
    fn cause(&self, turn: &Turn, told: &str) -> Option<String> {
        let mut said: Vec<String> = Vec::new();
        let matters = |score: &&ScoreChange| self.explanation.matters.contains(&score.what.name);
        let stage = turn.changes.iter().any(|change| change.kind == ChangeKind::Stage);
        let turned = self.turned.iter().find(|turned| turned.at == turn.at);
        let why = turned.map_or(&[][..], |turned| &turned.why);
        said.extend(why.iter().filter(|_| stage).map(|why| match why.split_once(", the limit for ") {
            Some((crossing, whose)) if told.contains(crossing) => format!("that is the limit for {whose}"),
            _ => why.clone(),
        }));
        if stage && !self.all && why.is_empty() {
            let crossing = turn.scores.iter().filter(matters).find_map(|score| self.crossing(score));
            said.extend(crossing.filter(|crossing| !told.contains(crossing.as_str())));
        }
        let mut rules: Vec<&ScoreChange> = turn.rules.iter().filter(|rule| whole(rule)).collect();
        rules.sort_by_key(|rule| std::cmp::Reverse((rule.to.0 - rule.from.0).unsigned_abs()));
        let happens: Vec<String> = turn.causes.iter().take(2).map(|cause| self.happens(cause)).collect();
        for rule in rules.iter().take(2) {
            let points = Points(rule.to.0 - rule.from.0);
            // A rule that takes points off neither loses nor gains them.
            let word = match (points.0 < 0, rule.from.0 < 0 || rule.to.0 < 0) {
                (true, true) => "takes off",
                (false, true) => "no longer takes off",
                (true, false) => "loses",
                (false, false) => "gains",
            };
            let needs = self.asks(rule).filter(|_| self.needs);
            // A condition that now holds is said; one that no longer does was asked for.
            let now = rule.to.0 != 0;
            let needs = needs.map_or_else(String::new, |needs| match now {
                true => format!(" ({needs})"),
                false => format!(" (it needs this: {needs})"),
            });
            said.push(format!("“{}” {word} {}{needs}", rule.what.label, Points(points.0.abs())));
        }
        if !rules.is_empty() {
            said.extend(turned.iter().flat_map(|turned| turned.held.iter().take(2)).cloned());
        }
        if turn.causes.is_empty() && rules.is_empty() && !turn.rules.is_empty() {
            said.push("points fade with time".to_owned());
        }
        if self.needs || said.is_empty() {
            said.extend(happens);
        }
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// What a rule that no longer holds asks for, in words.
    fn asks(&self, change: &ScoreChange) -> Option<&str> {
        fn find<'e>(parts: &'e [PartItem], name: &str) -> Option<&'e PartItem> {
            parts.iter().find_map(|part| match &part.how {
                How::Group { parts, .. } => find(parts, name),
                _ => (part.item.name == name).then_some(part),
            })
        }
        let rule = self.explanation.scores.iter().find_map(|score| find(&score.parts, &change.what.name))?;
        match &rule.how {
            How::If { condition, .. } if !condition.words.is_empty() => Some(&condition.words),
            _ => None,
        }
    }

    fn happens(&self, cause: &Cause) -> String {
        let field = |field: &Option<String>| field.as_deref().map_or_else(|| "a time".to_owned(), field_words);
        match cause {
            Cause::Event { event, at } => format!("“{}” comes, {}", event.label, self.clock.day(*at)),
            Cause::Window { event, at, window } => {
                format!("“{}” of {} is then more than {window} old", event.label, self.clock.day(*at))
            }
            Cause::Age { field: name, length } => format!("{} is then {length} away", field(name)),
            Cause::Time { field: name } => format!("{} has then come", field(name)),
        }
    }
}

/// Whether a rule's points change by more than fading does in a millisecond.
fn whole(change: &ScoreChange) -> bool {
    (change.to.0 - change.from.0).abs() > 10
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

    fn minute(&self, at: At) -> String {
        minute(at.0, &self.zone)
    }

    fn day(&self, at: At) -> String {
        self.full(at).chars().take_while(|c| *c != ' ').collect()
    }
}
