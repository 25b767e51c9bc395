//! The charts of a page: where points come from, the score over time, the stages.

use crate::eval::Points;
use crate::explain::model::{Explanation, Truth};
use crate::explain::outline::{Column, signed};
use crate::model::time::Zone;
use crate::report::chart::{Bar, Bars, Chart, Ladder, Period, Rung, Steps, Tone, days};
use crate::report::{Block, Figure, Table};
use crate::whatif::{At, ChangeKind, History};

/// Points as a chart takes them.
fn value(points: Points) -> f64 {
    points.0 as f64 / 10_000.0
}

/// A waterfall: each line of a column from where the one before ended.
pub(super) fn waterfall(column: &Column, explanation: &Explanation) -> Option<Figure> {
    let shown: Vec<_> =
        column.entries.iter().filter(|entry| entry.points.is_some_and(|points| points.0 != 0)).collect();
    if shown.is_empty() {
        return None;
    }
    let name = column.says.split(':').next().unwrap_or("");
    let mut bars = Bars::new(format!("Where the points of {name} come from"), 0.0, value(column.sum)).connected();
    let mut sum = 0.0;
    for entry in &shown {
        let points = entry.points.unwrap_or(Points(0));
        let end = sum + value(points);
        let tone = match points.0 < 0 {
            true => Tone::Bad,
            false => Tone::Good,
        };
        let tone = if entry.limit { Tone::Muted } else { tone };
        bars = bars.bar(Bar::new(entry.label.as_str(), signed(points), sum, end).tone(tone));
        sum = end;
    }
    let mut total = Bar::new(name, column.sum.to_string(), 0.0, value(column.sum)).tone(Tone::Total);
    let score = explanation.scores.iter().find(|score| score.item.label == name);
    for threshold in score.iter().flat_map(|score| &score.thresholds) {
        total = total.threshold(value(threshold.at), format!("{} {}", threshold.begins.label, threshold.at));
    }
    let told: Vec<String> =
        shown.iter().map(|entry| format!("{} {}", entry.label, signed(entry.points.unwrap_or(Points(0))))).collect();
    let chart = bars.bar(total).chart(&format!("{}: {} in all", told.join(", "), column.sum));
    Some(figure(chart))
}

/// A chart that Markdown needs no words for.
fn figure(chart: Chart) -> Figure {
    Figure::new(chart)
}

/// The stages, and where the lead stands.
pub(super) fn ladder(explanation: &Explanation) -> Option<Figure> {
    if explanation.stages.len() < 2 || explanation.disqualified {
        return None;
    }
    let mut ladder = Ladder::new("The stages");
    for rung in &explanation.stages {
        let note = match (rung.highest, rung.standing) {
            (true, _) => "stands here",
            (_, Truth::True) => "reached",
            (_, Truth::Unknown) => "not known",
            (_, Truth::False) => "not reached",
        };
        let mut shown = Rung::new(rung.item.label.as_str(), note);
        if rung.highest {
            shown = shown.here();
        }
        ladder = ladder.rung(shown);
    }
    let here = explanation.stage.as_ref().map_or("", |stage| stage.label.as_str());
    Some(figure(ladder.chart(&format!("the lead stands at {here}"))))
}

/// Each score that matters over the lead's life, with what begins where, and the stages below.
pub(super) fn history(explanation: &Explanation) -> Vec<Figure> {
    let history = explanation.outlook.as_ref().and_then(|outlook| outlook.history.as_ref());
    let Some(history) = history.filter(|history| history.from < history.until) else { return Vec::new() };
    let zone = Zone::named(&explanation.zone).unwrap_or_default();
    let scores = history.scores.iter().enumerate();
    let mattering = scores.filter(|(_, score)| explanation.matters.contains(&score.name));
    mattering.take(2).map(|(place, _)| of_score(explanation, history, place, &zone)).collect()
}

fn of_score(explanation: &Explanation, history: &History, place: usize, zone: &Zone) -> Figure {
    let label = history.scores.get(place).map_or("", |score| score.label.as_str());
    let name = history.scores.get(place).map_or("", |score| score.name.as_str());
    let forecast = explanation.outlook.as_ref().and_then(|outlook| outlook.forecast.as_ref());
    let forecast = forecast.filter(|forecast| forecast.curve.len() > 1);
    let now = history.until;
    let last = forecast.map_or(now, |forecast| forecast.covered);
    let (from, until) = (zone.local(history.from.0), zone.local(last.0));
    let mut steps = Steps::new(format!("{label} over time"), from, until).ticks(days(from, until, 6));
    for point in &history.curve {
        if let Some(points) = point.points.get(place) {
            steps = steps.point(zone.local(point.at.0), value(*points));
        }
    }
    if let Some(forecast) = forecast {
        for point in &forecast.curve {
            if let Some(points) = point.points.get(place) {
                steps = steps.ahead(zone.local(point.at.0), value(*points));
            }
        }
        steps = steps.now(zone.local(now.0), "as of");
    }
    let score = explanation.scores.iter().find(|score| score.item.name == name);
    for threshold in score.iter().flat_map(|score| &score.thresholds) {
        steps = steps.threshold(value(threshold.at), format!("{} {}", threshold.begins.label, threshold.at));
    }
    let rank = |name: &str| explanation.stages.iter().position(|rung| rung.item.name == name).unwrap_or(0);
    let mut stays: Vec<(At, &str, &str)> =
        history.stays.iter().map(|stay| (stay.from, stay.stage.name.as_str(), stay.stage.label.as_str())).collect();
    for turn in forecast.into_iter().flat_map(|forecast| &forecast.turns) {
        let stage = turn.changes.iter().find(|change| change.kind == ChangeKind::Stage);
        stays.extend(stage.map(|stage| (turn.at, stage.to.name.as_str(), stage.to.label.as_str())));
    }
    for (place, (since, name, label)) in stays.iter().enumerate() {
        let to = stays.get(place + 1).map_or(until, |(at, ..)| zone.local(at.0));
        steps = steps.period(Period { from: zone.local(since.0), to, label: (*label).to_owned(), rank: rank(name) });
    }
    let told: Vec<String> =
        history.stays.iter().map(|stay| format!("{} from {}", stay.stage.label, day(zone, stay.from.0))).collect();
    let description = match told.is_empty() {
        true => format!("{label} from {} to {}", day(zone, history.from.0), day(zone, history.until.0)),
        false => told.join(", "),
    };
    let mut table = Table::new(["Stage", "From", "To"]);
    for stay in &history.stays {
        let to = stay.until.map_or_else(|| "still".to_owned(), |until| day(zone, until.0));
        table.row([stay.stage.label.clone(), day(zone, stay.from.0), to]);
    }
    Figure::new(steps.chart(&description)).caption(description).instead(Block::from(table))
}

fn day(zone: &Zone, instant: i64) -> String {
    crate::model::time::from_days(zone.day(instant)).to_string()
}
