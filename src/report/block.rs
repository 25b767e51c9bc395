//! The blocks that a page is made of.

use super::Text;
use super::chart::Chart;

/// A part of a page.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading and what stands below it; sections nest.
    Section(Section),
    /// A paragraph.
    Paragraph(Text),
    /// A paragraph with a mark, set apart.
    Note(Mark, Text),
    /// A list.
    Items {
        /// Whether its order tells something.
        ordered: bool,
        /// Its items.
        items: Vec<Text>,
    },
    /// A checklist.
    Checks(Vec<Check>),
    /// A table.
    Table(Table),
    /// Names and what they are, in pairs.
    Facts(Vec<Fact>),
    /// Text that keeps its lines.
    Code(String),
    /// What is folded away behind one line; printed unfolded.
    Fold {
        /// The line.
        summary: Text,
        /// What is behind it.
        blocks: Vec<Block>,
    },
    /// A chart.
    Figure(Figure),
    /// Lines to sign on, and who signed already.
    Signatures(Vec<Signature>),
}

impl Block {
    /// A paragraph.
    pub fn text(text: impl Into<Text>) -> Block {
        Block::Paragraph(text.into())
    }

    /// A note.
    pub fn note(mark: Mark, text: impl Into<Text>) -> Block {
        Block::Note(mark, text.into())
    }

    /// A list without order.
    pub fn items<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Block {
        Block::Items { ordered: false, items: items.into_iter().map(Into::into).collect() }
    }

    /// A list whose order tells something.
    pub fn ordered<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Block {
        Block::Items { ordered: true, items: items.into_iter().map(Into::into).collect() }
    }

    /// Folded blocks.
    pub fn fold(summary: impl Into<Text>, blocks: Vec<Block>) -> Block {
        Block::Fold { summary: summary.into(), blocks }
    }
}

impl From<Section> for Block {
    fn from(section: Section) -> Block {
        Block::Section(section)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Block {
        Block::Table(table)
    }
}

impl From<Figure> for Block {
    fn from(figure: Figure) -> Block {
        Block::Figure(figure)
    }
}

/// A heading with its anchor, and what stands below it.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub title: Text,
    /// The anchor, without `#`; unique on its page.
    pub anchor: String,
    /// What it is called in the policy: shown small beside the heading.
    pub name: Option<String>,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A heading with its anchor.
    pub fn new(title: impl Into<Text>, anchor: impl Into<String>) -> Section {
        Section { title: title.into(), anchor: anchor.into(), name: None, blocks: Vec::new() }
    }

    /// What it is called in the policy.
    pub fn named(mut self, name: impl Into<String>) -> Section {
        self.name = Some(name.into());
        self
    }

    /// And a paragraph.
    pub fn text(self, text: impl Into<Text>) -> Section {
        self.block(Block::Paragraph(text.into()))
    }

    /// And a block.
    pub fn block(mut self, block: impl Into<Block>) -> Section {
        self.blocks.push(block.into());
        self
    }

    /// And a block, if there is one.
    pub fn maybe(self, block: Option<impl Into<Block>>) -> Section {
        match block {
            Some(block) => self.block(block),
            None => self,
        }
    }
}

/// What is said of something at a glance. A mark is never colour alone: it is a sign and, for readers of screens, a
/// word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An empty box: to be checked.
    Open,
    /// Passed, true, reached.
    Yes,
    /// Failed, false, not reached.
    No,
    /// Not known.
    Unknown,
    /// Does not apply, or nothing to say.
    None,
    /// No mark at all.
    Bare,
    /// Take care.
    Warning,
    /// Worth knowing.
    Info,
}

impl Mark {
    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Open => "☐",
            Mark::Yes => "✓",
            Mark::No => "✗",
            Mark::Unknown => "?",
            Mark::None => "–",
            Mark::Bare => "",
            Mark::Warning => "!",
            Mark::Info => "i",
        }
    }

    /// The word for who cannot see the sign.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Open => "to be checked",
            Mark::Yes => "yes",
            Mark::No => "no",
            Mark::Unknown => "unknown",
            Mark::None => "none",
            Mark::Bare => "",
            Mark::Warning => "warning",
            Mark::Info => "note",
        }
    }

    /// The class in the stylesheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Mark::Open => "open",
            Mark::Yes => "yes",
            Mark::No => "no",
            Mark::Unknown => "unknown",
            Mark::None => "none",
            Mark::Bare => "bare",
            Mark::Warning => "warning",
            Mark::Info => "info",
        }
    }
}

/// A line of a checklist.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its anchor.
    pub anchor: Option<String>,
    /// How it came out.
    pub mark: Mark,
    /// What is checked, in few words.
    pub label: Text,
    /// The same in full: a sentence, or what was found.
    pub words: Text,
    /// The policy's own text, shown small.
    pub source: Option<String>,
}

/// A table. Every row has as many cells as there are columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// Said above it; for readers of screens too.
    pub caption: Option<String>,
    /// The head of each column.
    pub columns: Vec<String>,
    /// How each column is set.
    pub align: Vec<Align>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether the first column heads its rows, as in a grid of two dimensions.
    pub row_heads: bool,
    /// Whether it stays a grid on narrow screens (it then scrolls); other tables become a list of cards.
    pub grid: bool,
}

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words: at the left.
    Left,
    /// Numbers: at the right.
    Right,
    /// Short words of a grid: in the middle.
    Center,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its anchor.
    pub anchor: Option<String>,
    /// Its cells.
    pub cells: Vec<Text>,
    /// How deep it lies below the rows above: shifts the first cell.
    pub depth: usize,
    /// Whether it sums up or heads others.
    pub heavy: bool,
}

impl Row {
    /// Gives it an anchor.
    pub fn anchor(&mut self, anchor: impl Into<String>) -> &mut Row {
        self.anchor = Some(anchor.into());
        self
    }

    /// Puts it so deep.
    pub fn depth(&mut self, depth: usize) -> &mut Row {
        self.depth = depth;
        self
    }

    /// Makes it stand out.
    pub fn heavy(&mut self) -> &mut Row {
        self.heavy = true;
        self
    }
}

impl Table {
    /// A table with these columns, all of words.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Table {
        let columns: Vec<String> = columns.into_iter().map(Into::into).collect();
        let align = vec![Align::Left; columns.len()];
        Table { caption: None, columns, align, rows: Vec::new(), row_heads: false, grid: false }
    }

    /// This column holds numbers.
    pub fn number(mut self, column: usize) -> Table {
        if let Some(align) = self.align.get_mut(column) {
            *align = Align::Right;
        }
        self
    }

    /// A grid of two dimensions: the first column heads its rows, the cells stand in the middle.
    pub fn grid(mut self) -> Table {
        self.row_heads = true;
        self.grid = true;
        self.align.iter_mut().skip(1).for_each(|align| *align = Align::Center);
        self
    }

    /// What it shows.
    pub fn caption(mut self, caption: impl Into<String>) -> Table {
        self.caption = Some(caption.into());
        self
    }

    /// Adds a row. Cells that are left out are empty, those too many are dropped.
    pub fn row<T: Into<Text>>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Row {
        let mut cells: Vec<Text> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.columns.len(), Text::default());
        self.rows.push(Row { cells, ..Row::default() });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }
}

/// A name and what it is.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The name.
    pub name: Text,
    /// What it is.
    pub value: Text,
    /// Its anchor.
    pub anchor: Option<String>,
}

impl Fact {
    /// A name and what it is.
    pub fn new(name: impl Into<Text>, value: impl Into<Text>) -> Fact {
        Fact { name: name.into(), value: value.into(), anchor: None }
    }

    /// With an anchor.
    pub fn at(mut self, anchor: impl Into<String>) -> Fact {
        self.anchor = Some(anchor.into());
        self
    }
}

/// A chart with what is said below it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The chart. Markdown cannot hold one: there its description stands instead.
    pub chart: Chart,
    /// What it shows.
    pub caption: Option<Text>,
    /// What stands in Markdown in its place; none: the chart's description.
    pub instead: Vec<Block>,
}

impl Figure {
    /// A chart.
    pub fn new(chart: Chart) -> Figure {
        Figure { chart, caption: None, instead: Vec::new() }
    }

    /// What it shows.
    pub fn caption(mut self, caption: impl Into<Text>) -> Figure {
        self.caption = Some(caption.into());
        self
    }

    /// What stands in Markdown in its place.
    pub fn instead(mut self, block: impl Into<Block>) -> Figure {
        self.instead.push(block.into());
        self
    }
}

/// Who signs.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Who: a team or a person.
    pub who: String,
    /// The day on which they agreed, if they did.
    pub on: Option<String>,
}
