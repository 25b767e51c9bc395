//! What an explanation tells, at each length and in which order: sections of blocks, before any layout.

mod brief;
mod changes;
mod full;
mod outlook;
mod plans;
mod points;
mod screen;
mod standing;
mod unknown;

pub(super) use changes::changes;
pub(super) use standing::{plainly, why_not_line};

use super::model::{Explanation, Truth};
use crate::eval::Points;

/// How much an explanation tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// A few lines: where the lead stands, the top reasons for and against, the one next step.
    Brief,
    /// One screen, for a reader who has never seen the policy.
    #[default]
    Screen,
    /// Everything: every rule, every event, with the policy's lines.
    Full,
}

/// What is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    /// The lead's key.
    pub title: String,
    pub sections: Vec<Section>,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Head,
    Why,
    Fit,
    Score,
    WhyNot,
    Plans,
    Ahead,
    Other,
    Repeat,
}

/// A part with a title.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    pub about: About,
    /// Empty for none.
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// A sentence or more.
    Text(String),
    /// A table.
    Table(Table),
    /// What it is, and what it comes to.
    Facts(Vec<Fact>),
    /// A list of things with marks, some below others.
    Rows(Vec<Row>),
    /// Points that add up.
    Column(Column),
}

/// A table. The last column holds words that may be long.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub heads: Vec<String>,
    /// The columns of numbers.
    pub numbers: Vec<usize>,
    pub rows: Vec<Vec<String>>,
    /// What the rows add up to.
    pub sum: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub name: String,
    pub text: String,
    pub mark: Mark,
}

/// How something stands. Every mark is a sign too, so that nothing is said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It holds, it helps.
    Good,
    /// It does not hold, it hinders.
    Bad,
    /// Not known.
    Open,
    /// It does not apply.
    Off,
    /// Neither.
    Plain,
}

impl From<Truth> for Mark {
    fn from(truth: Truth) -> Mark {
        match truth {
            Truth::True => Mark::Good,
            Truth::False => Mark::Bad,
            Truth::Unknown => Mark::Open,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub depth: usize,
    pub mark: Mark,
    /// A label in a column of its own; empty for none.
    pub label: String,
    pub text: String,
}

impl Row {
    pub(super) fn new(depth: usize, mark: Mark, text: impl Into<String>) -> Row {
        Row { depth, mark, label: String::new(), text: text.into() }
    }

    pub(super) fn labelled(mark: Mark, label: &str, text: impl Into<String>) -> Row {
        Row { depth: 0, mark, label: label.to_owned(), text: text.into() }
    }
}

/// Points that add up to a score: one column, limits as lines of their own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub entries: Vec<Entry>,
    pub sum: Points,
    /// What stands at the sum.
    pub says: String,
    /// Rules that give nothing, where they are not entries: their labels.
    pub quiet: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// None for a heading: a group, whose rules stand below it.
    pub points: Option<Points>,
    pub depth: usize,
    pub label: String,
    pub text: String,
    /// The text in fewer words, where there is one.
    pub brief: Option<String>,
    /// Whether it is what a limit takes or adds.
    pub limit: bool,
    /// How the points came about, line by line.
    pub details: Vec<Detail>,
}

/// A line below an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Detail {
    /// A step of the ledger.
    Step { points: Points, text: String },
    /// An event.
    Event { at: String, ty: String, points: Points, fate: String },
    /// Where the rule stands, and other remarks.
    Note(String),
}

/// What is told of an explanation at this length.
pub(super) fn outline(explanation: &Explanation, length: Length) -> Outline {
    let sections = match length {
        Length::Brief => brief::sections(explanation),
        Length::Screen => screen::sections(explanation),
        Length::Full => full::sections(explanation),
    };
    let told = sections.into_iter().filter(|section| !section.blocks.is_empty());
    Outline { title: explanation.key.clone(), sections: told.collect() }
}

/// The same for a page, which is as long as it has to be: nothing is left out for want of room.
pub(super) fn outline_of_page(explanation: &Explanation, length: Length) -> Outline {
    match length {
        Length::Screen => Outline { title: explanation.key.clone(), sections: screen::whole(explanation) },
        _ => outline(explanation, length),
    }
}

/// Points with their sign.
pub(super) fn signed(points: Points) -> String {
    if points.0 > 0 { format!("+{points}") } else { points.to_string() }
}
