//! Horizontal bars on one scale: the range of a score, a waterfall of points.

use super::scale::{share, ticks};
use super::{Anchor, Chart, NARROW, Tone, columns, cut, line, lines, number, rectangle, words};
use svg::node::element::{Circle, Group};

/// A bar from one value to another.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is; above it at the left.
    pub label: String,
    /// Its value in words; above it at the right.
    pub value: String,
    /// Where it begins. In a waterfall, the sum so far.
    pub start: f64,
    /// Where it ends; may lie below its beginning.
    pub end: f64,
    /// Its colour.
    pub tone: Tone,
    /// Places on it that have names.
    pub thresholds: Vec<Threshold>,
}

/// A place on a scale that has a name.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The place.
    pub at: f64,
    /// The name behind the value: `30 MQL`. What is too long for the width loses its end.
    pub label: String,
}

impl Bar {
    /// A bar.
    pub fn new(label: impl Into<String>, value: impl Into<String>, start: f64, end: f64) -> Bar {
        let (label, value) = (label.into(), value.into());
        Bar { label, value, start, end, tone: Tone::Plain, thresholds: Vec::new() }
    }

    /// With a colour.
    pub fn tone(mut self, tone: Tone) -> Bar {
        self.tone = tone;
        self
    }

    /// With a named place.
    pub fn threshold(mut self, at: f64, label: impl Into<String>) -> Bar {
        self.thresholds.push(Threshold { at, label: label.into() });
        self
    }
}

/// Bars below each other on one scale.
#[derive(Clone, Debug)]
pub struct Bars {
    title: String,
    from: f64,
    to: f64,
    bars: Vec<Bar>,
    connected: bool,
    axis: bool,
}

impl Bars {
    /// A chart whose scale holds at least these two values; it grows with its bars.
    pub fn new(title: impl Into<String>, from: f64, to: f64) -> Bars {
        Bars { title: title.into(), from, to, bars: Vec::new(), connected: false, axis: true }
    }

    /// And a bar.
    pub fn bar(mut self, bar: Bar) -> Bars {
        self.bars.push(bar);
        self
    }

    /// The end of each bar is joined to the beginning of the next: a waterfall.
    pub fn connected(mut self) -> Bars {
        self.connected = true;
        self
    }

    /// Without numbers along its foot.
    pub fn without_axis(mut self) -> Bars {
        self.axis = false;
        self
    }

    /// The chart. The description says in words what can be read off it.
    pub fn chart(&self, description: &str) -> Chart {
        let mut chart = Chart::new(&self.title, description);
        let values = self.bars.iter().flat_map(|bar| {
            [bar.start, bar.end].into_iter().chain(bar.thresholds.iter().map(|threshold| threshold.at))
        });
        let (mut from, mut to) = (self.from.min(self.to), self.from.max(self.to));
        for value in values.filter(|value| value.is_finite()) {
            (from, to) = (from.min(value), to.max(value));
        }
        let at = |value: f64| share(value, from, to);
        let rows: Vec<Row> = self.bars.iter().map(|bar| Row::new(bar, &at)).collect();
        let height: f64 = rows.iter().map(|row| row.height).sum();
        let marks = if self.axis { ticks(from, to, 6) } else { Vec::new() };
        for mark in &marks {
            chart.add(line("grid", (at(*mark), 0.0), (at(*mark), height)));
        }
        if from < 0.0 && to > 0.0 {
            chart.add(line("zero", (at(0.0), 0.0), (at(0.0), height)));
        }
        let mut top = 0.0;
        for (place, (bar, row)) in self.bars.iter().zip(&rows).enumerate() {
            row.draw(&mut chart, bar, top, &at);
            if self.connected && place + 1 < self.bars.len() {
                let x = at(bar.end);
                chart.add(line("joint", (x, top + BAR_TOP), (x, top + row.height + BAR_TOP + BAR)));
            }
            top += row.height;
        }
        for mark in &marks {
            let x = at(*mark);
            let anchor = if x < 2.0 {
                Anchor::Start
            } else if x > 98.0 {
                Anchor::End
            } else {
                Anchor::Middle
            };
            chart.add(words("tick", x, top + 14.0, anchor, &number(*mark)));
        }
        chart.height = top + if self.axis { 20.0 } else { 0.0 };
        chart
    }
}

const BAR_TOP: f64 = 22.0;
const BAR: f64 = 12.0;

/// How a bar is laid out.
struct Row {
    height: f64,
    /// The line of each threshold's label.
    lines: Vec<Option<usize>>,
}

impl Row {
    fn new(bar: &Bar, at: &dyn Fn(f64) -> f64) -> Row {
        let labels: Vec<(f64, &str)> =
            bar.thresholds.iter().map(|threshold| (at(threshold.at), threshold.label.as_str())).collect();
        let lines = lines(&labels, 4);
        let used = lines.iter().flatten().max().map_or(0, |line| line + 1);
        Row { height: BAR_TOP + BAR + 12.0 + 15.0 * used as f64, lines }
    }

    fn draw(&self, chart: &mut Chart, bar: &Bar, top: f64, at: &dyn Fn(f64) -> f64) {
        let value = cut(&bar.value, columns(60.0));
        // The label has what the value leaves.
        let left = columns(100.0).saturating_sub(unicode_width::UnicodeWidthStr::width(value.as_str()) + 2);
        chart.add(words("label", 0.0, top + 15.0, Anchor::Start, &cut(&bar.label, left.max(8))));
        chart.add(words("value", 100.0, top + 15.0, Anchor::End, &value));
        chart.add(rectangle("track", 0.0, 100.0, top + BAR_TOP, BAR));
        let (start, end) = (at(bar.start), at(bar.end));
        // A bar of nothing is still seen.
        let least = 3.0 / NARROW * 100.0;
        let (start, end) = match (end - start).abs() < least {
            true if start > 100.0 - least => (start - least, start),
            true => (start, start + least),
            false => (start, end),
        };
        // What reaches to both sides of nothing is a loss on one and a gain on the other.
        let (zero, crosses) = (at(0.0), bar.start < 0.0 && bar.end > 0.0 && bar.tone == Tone::Good);
        let pieces = match crosses {
            true => vec![(Tone::Bad, start, zero), (Tone::Good, zero, end)],
            false => vec![(bar.tone, start, end)],
        };
        for (tone, start, end) in pieces {
            chart.add(rectangle(&format!("bar {}", tone.class()), start, end, top + BAR_TOP, BAR).set("rx", 2));
        }
        for (threshold, place) in bar.thresholds.iter().zip(&self.lines) {
            let x = at(threshold.at);
            let below = top + BAR_TOP + BAR;
            chart.add(line("threshold", (x, top + BAR_TOP - 3.0), (x, below + 3.0)));
            if let Some(place) = place {
                let y = below + 14.0 + 15.0 * *place as f64;
                chart.say("said", x, y, Anchor::at(x), &threshold.label, 50.0);
            } else {
                let dot = Circle::new().set("class", "dot").set("cx", super::percent(x)).set("r", 2);
                chart.add(Group::new().add(dot.set("cy", number(below + 5.0))));
            }
        }
    }
}
