//! From pieces to lines: groups stay on one line when they fit, else they break at their lines.

use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// The widest line, in columns, that has a place to break.
pub(super) const WIDTH: usize = 120;
/// How far a block is indented.
pub(super) const INDENT: usize = 2;

/// A piece of a layout.
#[derive(Clone, Debug)]
pub(super) enum Piece<'t> {
    /// Words and how many columns they take.
    Text(Cow<'t, str>, usize),
    /// Blanks; none at the beginning of a line.
    Blanks(usize),
    /// In a group that breaks a new line, else blanks.
    Line(usize),
    /// In a group that breaks a new line where what follows up to the next one does not fit, else blanks.
    Fill(usize),
    /// A new line.
    Hard,
    /// An empty line, then a new one.
    Empty,
    /// A comment behind what stands on the line.
    Behind(&'t str),
    /// A comment on a line of its own.
    Own(&'t str),
    /// Words in a group that breaks; nothing in one that does not.
    IfBroken(&'static str),
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// New lines stand further to the right from here on.
    Indent,
    /// They do so no more.
    Dedent,
}

impl<'t> Piece<'t> {
    pub fn text(text: impl Into<Cow<'t, str>>) -> Piece<'t> {
        let text = text.into();
        let width = if text.is_ascii() { text.len() } else { text.width() };
        Piece::Text(text, width)
    }

    /// How many columns it takes on one line; none when it needs a new one.
    fn flat(&self) -> Option<usize> {
        match self {
            Piece::Text(_, width) => Some(*width),
            Piece::Blanks(blanks) | Piece::Line(blanks) | Piece::Fill(blanks) => Some(*blanks),
            Piece::Hard | Piece::Empty | Piece::Behind(_) | Piece::Own(_) => None,
            _ => Some(0),
        }
    }
}

/// How many columns pieces take on one line; none when they need more than one.
pub(super) fn flat(pieces: &[Piece<'_>]) -> Option<usize> {
    pieces.iter().try_fold(0, |sum, piece| Some(sum + piece.flat()?))
}

/// Writes pieces as lines.
pub(super) fn lines(pieces: &[Piece<'_>]) -> String {
    let size = pieces.iter().map(|piece| if let Piece::Text(text, _) = piece { text.len() + 2 } else { 1 }).sum();
    let groups = Groups::of(pieces);
    let mut page = Page {
        pieces,
        groups,
        out: String::with_capacity(size),
        column: 0,
        indent: 0,
        pending: 0,
        margin: None,
        broken: Vec::new(),
    };
    for at in 0..pieces.len() {
        page.piece(at);
    }
    if !page.out.is_empty() {
        page.out.push('\n');
    }
    page.out
}

/// For each beginning of a group: where it ends, and how wide it is on one line.
struct Groups {
    /// By index of the piece; (0, None) where no group begins.
    of: Vec<(usize, Option<usize>)>,
}

impl Groups {
    fn of(pieces: &[Piece<'_>]) -> Groups {
        let mut of = vec![(0, None); pieces.len()];
        let mut open: Vec<(usize, Option<usize>)> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Open => open.push((at, Some(0))),
                Piece::Close => {
                    let Some((start, width)) = open.pop() else { continue };
                    if let Some(place) = of.get_mut(start) {
                        *place = (at, width);
                    }
                    add(&mut open, width);
                }
                piece => add(&mut open, piece.flat()),
            }
        }
        Groups { of }
    }
}

fn add(open: &mut [(usize, Option<usize>)], width: Option<usize>) {
    if let Some((_, sum)) = open.last_mut() {
        *sum = sum.zip(width).map(|(sum, width)| sum + width);
    }
}

struct Page<'p, 't> {
    pieces: &'p [Piece<'t>],
    groups: Groups,
    out: String,
    column: usize,
    indent: usize,
    /// As many line ends are to come before the next words.
    pending: usize,
    /// How far to the right those are to stand; none when that is settled when they come.
    margin: Option<usize>,
    /// Whether the groups that are open break.
    broken: Vec<bool>,
}

impl Page<'_, '_> {
    fn piece(&mut self, at: usize) {
        let Some(piece) = self.pieces.get(at) else { return };
        match piece {
            Piece::Text(text, width) => self.write(text, *width),
            Piece::Blanks(blanks) => self.blanks(*blanks),
            Piece::Line(_) if self.breaks() => self.line_end(1),
            Piece::Line(blanks) => self.blanks(*blanks),
            Piece::Fill(blanks) if self.breaks() && !self.fits(self.column + blanks, at + 1, 0) => self.line_end(1),
            Piece::Fill(blanks) => self.blanks(*blanks),
            Piece::Hard => self.line_end(1),
            Piece::Empty => self.line_end(2),
            Piece::Behind(comment) => {
                if self.pending == 0 && !self.out.is_empty() {
                    self.out.truncate(self.out.trim_end_matches(' ').len());
                    self.out.push_str("  ");
                }
                self.comment(comment);
            }
            Piece::Own(comment) => {
                if self.pending == 0 {
                    self.line_end(1);
                }
                self.comment(comment);
            }
            Piece::IfBroken(text) => {
                if self.breaks() {
                    self.write(text, text.len());
                }
            }
            Piece::Open => {
                let breaks = self.breaks() && self.group_breaks(at);
                self.broken.push(breaks);
            }
            Piece::Close => drop(self.broken.pop()),
            Piece::Indent => self.indent += INDENT,
            Piece::Dedent => self.indent = self.indent.saturating_sub(INDENT),
        }
    }

    /// A comment ends its line. One that comes before the first words of a line leaves them where they would stand
    /// without it.
    fn comment(&mut self, comment: &str) {
        let begun = self.margin.filter(|margin| self.pending > 0 && *margin < self.indent);
        self.write(comment, 0);
        self.line_end(1);
        self.margin = begun;
    }

    /// Whether the innermost group breaks; outside of all groups, lines do.
    fn breaks(&self) -> bool {
        self.broken.last().copied().unwrap_or(true)
    }

    fn group_breaks(&self, at: usize) -> bool {
        let (end, width) = self.groups.of.get(at).copied().unwrap_or_default();
        let column = if self.pending > 0 { self.margin.unwrap_or(self.indent) } else { self.column };
        match width {
            Some(width) if column + width <= WIDTH => !self.fits(column + width, end + 1, 1),
            _ => true,
        }
    }

    /// Whether what stands from `at` on up to the next place to break fits on a line that is filled up to `column`.
    /// `depth` is 1 where the place may stand in a group that begins on the way, else 0: those stay whole.
    fn fits(&self, mut column: usize, mut at: usize, depth: usize) -> bool {
        while let Some(piece) = self.pieces.get(at) {
            match piece {
                Piece::Line(_) | Piece::Fill(_) | Piece::Hard | Piece::Empty | Piece::Behind(_) => break,
                Piece::Own(_) => break,
                Piece::Open if depth == 0 => {
                    let (end, width) = self.groups.of.get(at).copied().unwrap_or_default();
                    let Some(width) = width else { return false };
                    column += width;
                    at = end;
                }
                Piece::Text(_, width) | Piece::Blanks(width) => column += width,
                Piece::IfBroken(text) => column += text.len(),
                _ => {}
            }
            if column > WIDTH {
                return false;
            }
            at += 1;
        }
        column <= WIDTH
    }

    fn line_end(&mut self, count: usize) {
        // No words end with blanks, but a comment may come where others were to follow.
        self.out.truncate(self.out.trim_end_matches(' ').len());
        if !self.out.is_empty() {
            self.pending = self.pending.max(count);
            self.margin = Some(self.indent);
        }
    }

    fn blanks(&mut self, count: usize) {
        if self.pending == 0 {
            self.out.extend(std::iter::repeat_n(' ', count));
            self.column += count;
        }
    }

    fn write(&mut self, text: &str, width: usize) {
        if self.pending > 0 {
            let margin = self.margin.unwrap_or(self.indent);
            self.out.extend(std::iter::repeat_n('\n', self.pending));
            self.out.extend(std::iter::repeat_n(' ', margin));
            self.column = margin;
            self.pending = 0;
        }
        self.out.push_str(text);
        self.column += width;
    }
}
