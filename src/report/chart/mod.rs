//! Charts as SVG, written with the `svg` crate.
//!
//! A chart takes the width that it is given: places along it are shares of the width, text keeps its size. So one chart
//! reads on a telephone, on a desk and on paper. Colours are classes whose values follow light and dark. Every chart has
//! a title and a description for who does not see it; its texts are escaped by the library.
//!
//! ```
//! use qualify::report::chart::{Bar, Bars, Tone};
//!
//! let chart = Bars::new("Points", 0.0, 60.0)
//!     .bar(Bar::new("Reads our emails", "+25", 0.0, 25.0).tone(Tone::Good))
//!     .bar(Bar::new("Gone quiet", "-15", 25.0, 10.0).tone(Tone::Bad))
//!     .connected()
//!     .chart("25 points for emails, less 15");
//! assert!(chart.svg().starts_with("<svg") && chart.file().contains("<style>"));
//! ```

mod bars;
mod curves;
mod ladder;
mod scale;
mod steps;

pub use bars::{Bar, Bars, Threshold};
pub use curves::{Curve, Curves, Look};
pub use ladder::{Ladder, Rung};
pub use scale::{days, ticks};
pub use steps::{Period, Steps};

use crate::base::visible;
use svg::Document;
use svg::node::element::{Description, Element, Rectangle, Style, Text, Title};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The stylesheet of charts. A page has it once; a chart's own file holds it.
pub const STYLE: &str = include_str!("style.css");

/// The narrowest width that charts are laid out for, in pixels.
const NARROW: f64 = 320.0;
/// The width from which on there is room, in pixels; the stylesheet has the same.
const WIDE: f64 = 560.0;
/// The width of a character of small text, in pixels, on the wide side.
const CHARACTER: f64 = 6.6;

/// What a bar or period says by its colour. Charts say it in words too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A plain amount.
    #[default]
    Plain,
    /// A gain.
    Good,
    /// A loss.
    Bad,
    /// A sum.
    Total,
    /// Not known, or does not count.
    Muted,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Total => "total",
            Tone::Muted => "muted",
        }
    }
}

/// A finished chart.
#[derive(Clone, Debug)]
pub struct Chart {
    title: String,
    description: String,
    height: f64,
    body: Vec<Element>,
}

impl Chart {
    fn new(title: &str, description: &str) -> Chart {
        Chart {
            title: visible(title).into_owned(),
            description: visible(description).into_owned(),
            height: 0.0,
            body: Vec::new(),
        }
    }

    fn add(&mut self, element: impl Into<Element>) {
        self.body.push(element.into());
    }

    /// A text that may take a part of the width: cut for narrow places, longer where there is room.
    fn say(&mut self, class: &str, place: f64, top: f64, anchor: Anchor, text: &str, room: f64) {
        let narrow = cut(text, columns(room));
        let wide = cut(text, columns(room * WIDE / NARROW));
        if narrow == wide {
            return self.add(words(class, place, top, anchor, &wide));
        }
        self.add(words(&format!("{class} narrow"), place, top, anchor, &narrow));
        self.add(words(&format!("{class} wide"), place, top, anchor, &wide));
    }

    /// What it shows, in few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What can be read off it, in words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The chart for a page that has [`STYLE`].
    pub fn svg(&self) -> String {
        self.document("100%", None).to_string()
    }

    /// The chart as a file of its own, 800 pixels wide.
    pub fn file(&self) -> String {
        format!("{}\n", self.document("800", Some(Style::new(STYLE))))
    }

    fn document(&self, width: &str, style: Option<Style>) -> Document {
        let mut document = Document::new()
            .set("class", "chart")
            .set("role", "img")
            .set("width", width)
            .set("height", number(self.height))
            .add(Title::new(self.title.as_str()))
            .add(Description::new().add(svg::node::Text::new(self.description.as_str())));
        if let Some(style) = style {
            document = document.add(style);
            document = document.add(rectangle("ground", 0.0, 100.0, 0.0, self.height));
        }
        self.body.iter().fold(document, |document, element| document.add(element.clone()))
    }
}

/// A number as short as it can be.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn percent(value: f64) -> String {
    format!("{}%", number(value))
}

/// A rectangle over a part of the width, from and to in percent, top and height in pixels.
fn rectangle(class: &str, from: f64, to: f64, top: f64, height: f64) -> Rectangle {
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    Rectangle::new()
        .set("class", class)
        .set("x", percent(from))
        .set("y", number(top))
        .set("width", percent(to - from))
        .set("height", number(height))
}

/// A line, in percent across and pixels down.
fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Element {
    let line = svg::node::element::Line::new()
        .set("class", class)
        .set("x1", percent(from.0))
        .set("y1", number(from.1))
        .set("x2", percent(to.0))
        .set("y2", number(to.1));
    line.into()
}

/// Where a text stands by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }

    /// The one with which a text stays inside.
    fn at(place: f64) -> Anchor {
        match place {
            place if place < 15.0 => Anchor::Start,
            place if place > 85.0 => Anchor::End,
            _ => Anchor::Middle,
        }
    }
}

/// A text, in percent across and pixels down.
fn words(class: &str, place: f64, top: f64, anchor: Anchor, words: &str) -> Element {
    let text = Text::new(visible(words).into_owned())
        .set("class", class)
        .set("x", percent(place))
        .set("y", number(top))
        .set("text-anchor", anchor.name());
    text.into()
}

/// Text in at most so many columns.
fn cut(text: &str, most: usize) -> String {
    let text = visible(text);
    if text.width() <= most {
        return text.into_owned();
    }
    let mut out = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width + 1 > most {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

/// As many columns of small text fit into a part of the narrowest chart.
fn columns(percent: f64) -> usize {
    (percent / 100.0 * NARROW / CHARACTER).max(0.0) as usize
}

/// Labels in a row that do not overlap: the line for each, the first that is free there. None when `most` lines are full.
fn lines(labels: &[(f64, &str)], most: usize) -> Vec<Option<usize>> {
    let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); most];
    let place = |(at, text): &(f64, &str)| {
        let width = (text.width().min(columns(50.0)) as f64 + 2.0) * CHARACTER / NARROW * 100.0;
        match Anchor::at(*at) {
            Anchor::Start => (*at, at + width),
            Anchor::Middle => (at - width / 2.0, at + width / 2.0),
            Anchor::End => (at - width, *at),
        }
    };
    labels
        .iter()
        .map(|label| {
            let (from, to) = place(label);
            let free = |line: &Vec<(f64, f64)>| line.iter().all(|(start, end)| to <= *start || from >= *end);
            let line = taken.iter().position(free)?;
            taken[line].push((from, to));
            Some(line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_cut() {
        let chart = Bars::new("<script>&\"", 0.0, 1.0).bar(Bar::new("</svg><b>", "\u{202e}\0", 0.0, 1.0)).chart("<d>");
        let svg = chart.svg();
        assert!(!svg.contains("<script") && !svg.contains("</svg><b>") && svg.contains("&lt;/svg&gt;"), "{svg}");
        assert!(!svg.contains('\u{202e}') && !svg.contains('\0'));
        assert_eq!(cut("Marketing qualified", 10), "Marketing…");
        assert_eq!(number(-0.001), "0");
    }

    #[test]
    fn labels_that_overlap_go_below_each_other() {
        assert_eq!(
            lines(&[(20.0, "abcdef"), (22.0, "abcdef"), (80.0, "x"), (21.0, "y")], 2),
            [Some(0), Some(1), Some(0), None]
        );
    }
}
