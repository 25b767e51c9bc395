//! Curves of one number over another: gains, precision and recall, a figure over the values of a setting.

use super::scale::{share, ticks};
use super::{Anchor, Chart, line, lines, number, words};
use svg::node::element::path::Data;
use svg::node::element::{Circle, Path, SVG};

/// A line through points.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What it is; said below the chart where there is more than one.
    pub label: String,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// How it looks.
    pub look: Look,
}

/// How a curve looks; never by its colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// A full line.
    #[default]
    First,
    /// A broken line of another colour.
    Second,
    /// A thin dotted line that others are compared with.
    Even,
    /// A full line with a dot at every point, and how far it can well reach there.
    Dots,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::First | Look::Dots => "curve",
            Look::Second => "curve second",
            Look::Even => "curve even",
        }
    }

    /// What it looks like, for the words below.
    fn sign(self) -> &'static str {
        match self {
            Look::First => "──",
            Look::Second => "╌╌",
            Look::Even => "··",
            Look::Dots => "●",
        }
    }
}

/// Curves on one pair of scales.
#[derive(Clone, Debug)]
pub struct Curves {
    title: String,
    across: Scale,
    up: Scale,
    curves: Vec<Curve>,
    /// At a place across, from where to where a value can well lie.
    reaches: Vec<(f64, f64, f64)>,
}

#[derive(Clone, Debug)]
struct Scale {
    from: f64,
    to: f64,
    label: String,
    percent: bool,
}

impl Scale {
    fn write(&self, value: f64) -> String {
        if self.percent { format!("{}%", number(value * 100.0)) } else { number(value) }
    }
}

const TOP: f64 = 34.0;
const PLOT: f64 = 220.0;

impl Curves {
    /// A chart; across and up it holds at least these values, and shares are written in percent.
    pub fn new(title: impl Into<String>) -> Curves {
        let scale = || Scale { from: 0.0, to: 1.0, label: String::new(), percent: true };
        Curves { title: title.into(), across: scale(), up: scale(), curves: Vec::new(), reaches: Vec::new() }
    }

    /// What runs across, from where to where; in percent or as it is.
    pub fn across(mut self, label: impl Into<String>, from: f64, to: f64, percent: bool) -> Curves {
        self.across = Scale { from, to, label: label.into(), percent };
        self
    }

    /// What runs up, from where to where; in percent or as it is.
    pub fn up(mut self, label: impl Into<String>, from: f64, to: f64, percent: bool) -> Curves {
        self.up = Scale { from, to, label: label.into(), percent };
        self
    }

    /// And a curve.
    pub fn curve(mut self, label: impl Into<String>, look: Look, points: Vec<(f64, f64)>) -> Curves {
        self.curves.push(Curve { label: label.into(), points, look });
        self
    }

    /// At a place across, from where to where a value can well lie.
    pub fn reach(mut self, at: f64, low: f64, high: f64) -> Curves {
        self.reaches.push((at, low, high));
        self
    }

    /// The chart. The description says in words what can be read off it.
    pub fn chart(&self, description: &str) -> Chart {
        let mut chart = Chart::new(&self.title, description);
        let x = |value: f64| share(value, self.across.from, self.across.to);
        let y = |value: f64| TOP + PLOT - share(value, self.up.from, self.up.to) / 100.0 * PLOT;
        chart.say("said", 0.0, 12.0, Anchor::Start, &self.up.label, 100.0);
        let mut labels = Vec::new();
        for mark in ticks(self.up.from, self.up.to, 6) {
            chart.add(line("grid", (0.0, y(mark)), (100.0, y(mark))));
            labels.push(words("tick halo", 0.0, y(mark) - 3.0, Anchor::Start, &self.up.write(mark)));
        }
        let marks = ticks(self.across.from, self.across.to, 6);
        for mark in &marks {
            chart.add(line("grid", (x(*mark), TOP), (x(*mark), TOP + PLOT)));
        }
        for (at, low, high) in &self.reaches {
            chart.add(line("reach", (x(*at), y(*low)), (x(*at), y(*high))));
        }
        for curve in &self.curves {
            self.draw(&mut chart, curve);
        }
        for curve in self.curves.iter().filter(|curve| curve.look == Look::Dots) {
            for (across, up) in &curve.points {
                let dot = Circle::new().set("class", "point").set("r", 3.5);
                chart.add(dot.set("cx", super::percent(x(*across))).set("cy", number(y(*up))));
            }
        }
        labels.into_iter().for_each(|label| chart.add(label));
        let below: Vec<(f64, String)> = marks.iter().map(|mark| (x(*mark), self.across.write(*mark))).collect();
        let below: Vec<(f64, &str)> = below.iter().map(|(at, text)| (*at, text.as_str())).collect();
        let mut bottom = TOP + PLOT + 14.0;
        for ((at, text), free) in below.iter().zip(lines(&below, 1)) {
            if free.is_some() {
                chart.add(words("tick", *at, bottom, Anchor::at(*at), text));
            }
        }
        bottom += 17.0;
        chart.say("said", 100.0, bottom, Anchor::End, &self.across.label, 100.0);
        if self.curves.len() > 1 {
            for curve in &self.curves {
                bottom += 16.0;
                let text = format!("{} {}", curve.look.sign(), curve.label);
                chart.say("said", 0.0, bottom, Anchor::Start, &text, 100.0);
            }
        }
        chart.height = bottom + 6.0;
        chart
    }

    /// A curve in a box of its own that is stretched to the width.
    fn draw(&self, chart: &mut Chart, curve: &Curve) {
        let place = |(across, up): &(f64, f64)| {
            let x = share(*across, self.across.from, self.across.to) * 10.0;
            let y = 1000.0 - share(*up, self.up.from, self.up.to) * 10.0;
            ((x * 100.0).round() / 100.0, (y * 100.0).round() / 100.0)
        };
        let mut points = curve.points.iter().filter(|(across, up)| across.is_finite() && up.is_finite()).map(place);
        let Some(first) = points.next() else { return };
        let data = points.fold(Data::new().move_to(first), |data, point| data.line_to(point));
        chart.add(
            SVG::new()
                .set("x", 0)
                .set("y", number(TOP))
                .set("width", "100%")
                .set("height", number(PLOT))
                .set("viewBox", "0 0 1000 1000")
                .set("preserveAspectRatio", "none")
                .set("class", "plot")
                .add(
                    Path::new()
                        .set("class", curve.look.class())
                        .set("d", data)
                        .set("vector-effect", "non-scaling-stroke"),
                ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_drawn_and_named() {
        let curves = Curves::new("Gains")
            .across("leads", 0.0, 1.0, true)
            .up("conversions", 0.0, 1.0, true)
            .curve("the <score>", Look::First, vec![(0.0, 0.0), (0.2, 0.6), (1.0, 1.0)])
            .curve("by lot", Look::Even, vec![(0.0, 0.0), (1.0, 1.0)])
            .reach(0.5, 0.2, f64::NAN);
        let svg = curves.chart("six of ten in the best fifth").svg();
        assert!(svg.contains("M0,1000 L200,400 L1000,0") && svg.contains("curve even"), "{svg}");
        assert!(svg.contains("the &lt;score&gt;") && svg.contains("40%") && !svg.contains("NaN"), "{svg}");
    }
}
