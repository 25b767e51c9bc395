//! A value over time that moves in steps, with thresholds and periods.

use super::scale::{share, ticks};
use super::{Anchor, Chart, Threshold, columns, line, lines, number, rectangle, words};
use svg::node::element::path::Data;
use svg::node::element::{Path, SVG, Title};

/// A stretch of time that has a name: a stage in which a lead stood.
#[derive(Clone, Debug)]
pub struct Period {
    /// Its beginning, in milliseconds.
    pub from: i64,
    /// Its end, in milliseconds.
    pub to: i64,
    /// Its name.
    pub label: String,
    /// How high it ranks, from 0: the higher, the stronger its colour.
    pub rank: usize,
}

/// A value over time.
#[derive(Clone, Debug)]
pub struct Steps {
    title: String,
    from: i64,
    to: i64,
    low: f64,
    high: f64,
    points: Vec<(i64, f64)>,
    ahead: Vec<(i64, f64)>,
    thresholds: Vec<Threshold>,
    periods: Vec<Period>,
    ticks: Vec<(i64, String)>,
    now: Option<(i64, String)>,
}

impl Steps {
    /// A chart from one instant to another, in milliseconds.
    pub fn new(title: impl Into<String>, from: i64, to: i64) -> Steps {
        Steps {
            title: title.into(),
            from,
            to,
            low: 0.0,
            high: 0.0,
            points: Vec::new(),
            ahead: Vec::new(),
            thresholds: Vec::new(),
            periods: Vec::new(),
            ticks: Vec::new(),
            now: None,
        }
    }

    /// The values that its height holds at least; it grows with its points and thresholds.
    pub fn between(mut self, low: f64, high: f64) -> Steps {
        (self.low, self.high) = (low.min(high), low.max(high));
        self
    }

    /// From this instant on the value is this. Instants rise.
    pub fn point(mut self, at: i64, value: f64) -> Steps {
        self.points.push((at, value));
        self
    }

    /// From this instant on the value will be this, if nothing happens: drawn as a dashed line behind the others.
    pub fn ahead(mut self, at: i64, value: f64) -> Steps {
        self.ahead.push((at, value));
        self
    }

    /// A value that has a name.
    pub fn threshold(mut self, at: f64, label: impl Into<String>) -> Steps {
        self.thresholds.push(Threshold { at, label: label.into() });
        self
    }

    /// A stretch of time that has a name; they stand in a strip below.
    pub fn period(mut self, period: Period) -> Steps {
        self.periods.push(period);
        self
    }

    /// What is written along the time, see [`super::days`].
    pub fn ticks(mut self, ticks: Vec<(i64, String)>) -> Steps {
        self.ticks = ticks;
        self
    }

    /// An instant that is marked: what lies behind it is a forecast.
    pub fn now(mut self, at: i64, label: impl Into<String>) -> Steps {
        self.now = Some((at, label.into()));
        self
    }

    /// The chart. The description says in words what can be read off it.
    pub fn chart(&self, description: &str) -> Chart {
        let mut chart = Chart::new(&self.title, description);
        let across = |at: i64| share(at as f64, self.from as f64, self.to as f64);
        let (low, high) = self.reach();
        let down = |value: f64| TOP + PLOT - share(value, low, high) / 100.0 * PLOT;
        let mut labels = Vec::new();
        for mark in ticks(low, high, 5) {
            chart.add(line("grid", (0.0, down(mark)), (100.0, down(mark))));
            labels.push(words("tick halo", 0.0, down(mark) - 3.0, Anchor::Start, &number(mark)));
        }
        for (at, _) in &self.ticks {
            chart.add(line("grid", (across(*at), TOP), (across(*at), TOP + PLOT)));
        }
        if let Some((at, _)) = &self.now {
            chart.add(rectangle("ahead", across(*at), 100.0, TOP, PLOT));
        }
        self.curve(&mut chart, low, high);
        labels.into_iter().for_each(|label| chart.add(label));
        // Of two thresholds that lie close only the lines tell them apart: labels need room above each other.
        let mut last = f64::INFINITY;
        let mut thresholds: Vec<&Threshold> = self.thresholds.iter().collect();
        thresholds.sort_by(|a, b| a.at.total_cmp(&b.at));
        for threshold in thresholds {
            let y = down(threshold.at);
            chart.add(line("threshold across", (0.0, y), (100.0, y)));
            let clear = last - y >= 12.0;
            if clear {
                chart.say("said halo", 100.0, y - 4.0, Anchor::End, &threshold.label, 60.0);
                last = y;
            }
        }
        if let Some((at, label)) = &self.now {
            let x = across(*at);
            chart.add(line("now", (x, TOP - 2.0), (x, TOP + PLOT + 4.0)));
            chart.say("said", x, 11.0, Anchor::at(x), label, 50.0);
        }
        let mut bottom = TOP + PLOT;
        if !self.periods.is_empty() {
            self.strip(&mut chart, bottom + 6.0, &across);
            bottom += 6.0 + STRIP;
        }
        let labels: Vec<(f64, &str)> = self.ticks.iter().map(|(at, label)| (across(*at), label.as_str())).collect();
        for ((x, label), free) in labels.iter().zip(lines(&labels, 1)) {
            if free.is_some() {
                chart.add(words("tick", *x, bottom + 15.0, Anchor::at(*x), label));
            }
        }
        chart.height = bottom + if self.ticks.is_empty() { 4.0 } else { 22.0 };
        chart
    }

    /// The lowest and the highest value shown.
    fn reach(&self) -> (f64, f64) {
        let values = self
            .points
            .iter()
            .chain(&self.ahead)
            .map(|(_, value)| *value)
            .chain(self.thresholds.iter().map(|one| one.at));
        let (mut low, mut high) = (self.low, self.high);
        for value in values.filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        // Room above the highest for its label.
        let room = (high - low).max(1.0) * 0.08;
        (low, high + room)
    }

    /// The line and what lies below it, in a box of its own that is stretched to the width.
    fn curve(&self, chart: &mut Chart, low: f64, high: f64) {
        let x = |at: i64| share(at as f64, self.from as f64, self.to as f64) * 10.0;
        let y = |value: f64| 1000.0 - share(value, low, high) * 10.0;
        // What holds when the time begins, and all that comes in it.
        let before = self.points.iter().rev().find(|(at, _)| *at <= self.from).map(|(_, value)| (self.from, *value));
        let inside = self.points.iter().copied().filter(|(at, _)| (self.from + 1..=self.to).contains(at));
        let points: Vec<(i64, f64)> = before.into_iter().chain(inside).collect();
        let Some((first, value)) = points.first().copied() else { return };
        let floor = round(y(low.max(0.0).min(high)));
        let mut line = Data::new().move_to((round(x(first)), round(y(value))));
        let mut area = Data::new().move_to((round(x(first)), floor)).vertical_line_to(round(y(value)));
        for (at, value) in points.iter().skip(1) {
            line = line.horizontal_line_to(round(x(*at))).vertical_line_to(round(y(*value)));
            area = area.horizontal_line_to(round(x(*at))).vertical_line_to(round(y(*value)));
        }
        // Behind the last known value the line goes on as a forecast.
        let end = self.ahead.first().map_or(1000.0, |(at, _)| round(x(*at)));
        line = line.horizontal_line_to(end);
        area = area.horizontal_line_to(end).vertical_line_to(floor).close();
        let mut ahead = Data::new();
        if let Some((at, value)) = self.ahead.first() {
            ahead = ahead.move_to((round(x(*at)), round(y(*value))));
            for (at, value) in self.ahead.iter().skip(1) {
                ahead = ahead.horizontal_line_to(round(x(*at))).vertical_line_to(round(y(*value)));
            }
            ahead = ahead.horizontal_line_to(1000);
        }
        let path = |class: &str, data: Data| {
            Path::new().set("class", class).set("d", data).set("vector-effect", "non-scaling-stroke")
        };
        let mut plot = SVG::new()
            .set("x", 0)
            .set("y", number(TOP))
            .set("width", "100%")
            .set("height", number(PLOT))
            .set("viewBox", "0 0 1000 1000")
            .set("preserveAspectRatio", "none")
            .set("class", "plot")
            .add(path("area", area))
            .add(path("curve", line));
        if !self.ahead.is_empty() {
            plot = plot.add(path("curve forecast", ahead));
        }
        chart.add(plot);
    }

    fn strip(&self, chart: &mut Chart, top: f64, across: &dyn Fn(i64) -> f64) {
        let highest = self.periods.iter().map(|period| period.rank).max().unwrap_or(0).max(1);
        for period in &self.periods {
            let (from, to) = (across(period.from), across(period.to));
            let strength = 0.1 + 0.32 * period.rank as f64 / highest as f64;
            let name = Title::new(crate::base::visible(&period.label).into_owned());
            chart.add(rectangle("period", from, to, top, STRIP).set("fill-opacity", number(strength)).add(name));
            // A little stays free at both sides.
            let room = to - from - 2.0;
            if columns(room) >= 3 {
                chart.say("said in", (from + to) / 2.0, top + 14.0, Anchor::Middle, &period.label, room);
            }
        }
    }
}

const TOP: f64 = 18.0;
const PLOT: f64 = 180.0;
const STRIP: f64 = 20.0;

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
