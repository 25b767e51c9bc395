//! Lines of text of a given width: inks, columns, wrapping. All text passes through here, and nothing that steers a
//! terminal leaves it.

use super::TextOptions;
use crate::base::visible;
use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
    Open,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Ink::Plain => Style::new(),
            Ink::Strong => Style::new().bold(),
            Ink::Dim => Style::new().dimmed(),
            Ink::Good => AnsiColor::Green.on_default(),
            Ink::Bad => AnsiColor::Red.on_default(),
            Ink::Open => AnsiColor::Yellow.on_default(),
        }
    }
}

/// A piece of text in one ink.
pub(super) type Piece = (Ink, String);

/// Text as it is being laid out.
pub(super) struct Page {
    out: String,
    options: TextOptions,
}

/// Below this many columns a column of text goes on a line of its own.
const NARROW: usize = 24;

impl Page {
    pub(super) fn new(options: TextOptions) -> Page {
        Page { out: String::new(), options: TextOptions { width: options.width.max(40), ..options } }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn width(&self) -> usize {
        self.options.width
    }

    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A title, and a thin rule behind it to the width.
    pub(super) fn title(&mut self, title: &str, ruled: bool) {
        let left = self.options.width.saturating_sub(columns(title) + 1);
        let rule = if ruled && left >= 3 { format!(" {}", "─".repeat(left)) } else { String::new() };
        match rule.is_empty() {
            true => self.row(&[], Ink::Strong, title),
            false => self.row(&[(Ink::Strong, title.to_owned()), (Ink::Dim, rule)], Ink::Plain, ""),
        }
    }

    /// A thin rule from a column to the width of a text block.
    pub(super) fn rule(&mut self, indent: usize, width: usize) {
        let line = "─".repeat(width.min(self.options.width.saturating_sub(indent)));
        self.row(&[(Ink::Plain, " ".repeat(indent)), (Ink::Dim, line)], Ink::Plain, "");
    }

    /// The pieces in a row, then a text that is wrapped in what is left of the width, every line below the first.
    pub(super) fn row(&mut self, pieces: &[Piece], ink: Ink, text: &str) {
        let mut column = 0;
        let mut line = String::new();
        for (ink, piece) in pieces {
            let piece = self.clean(piece);
            column += piece.width();
            self.paint(&mut line, *ink, &piece);
        }
        let text = self.clean(text);
        let mut hang = column;
        if !text.is_empty() && self.options.width.saturating_sub(hang) < NARROW {
            self.end(&mut line);
            hang = 6;
            line = " ".repeat(hang);
        }
        let width = self.options.width.saturating_sub(hang).max(NARROW / 2);
        for (place, part) in wrap(&text, width).into_iter().enumerate() {
            if place > 0 {
                self.end(&mut line);
                line = " ".repeat(hang);
            }
            self.paint(&mut line, ink, &part);
        }
        self.end(&mut line);
    }

    /// As [`Page::row`], with a blank column of this width before the text.
    fn end(&mut self, line: &mut String) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
        line.clear();
    }

    fn paint(&self, line: &mut String, ink: Ink, text: &str) {
        let bare = text.trim_end_matches(' ');
        if !self.options.color || ink == Ink::Plain || bare.is_empty() {
            line.push_str(text);
            return;
        }
        let style = ink.style();
        line.push_str(&format!("{style}{bare}{style:#}"));
        line.push_str(&text[bare.len()..]);
    }

    fn clean(&self, text: &str) -> String {
        let seen = visible(text);
        if !self.options.ascii {
            return seen.into_owned();
        }
        let mut out = String::with_capacity(seen.len());
        for c in seen.chars() {
            match c {
                '✓' => out.push('+'),
                '✗' => out.push('x'),
                '─' => out.push('-'),
                '·' | '–' => out.push('-'),
                '—' => out.push_str("--"),
                '×' => out.push('x'),
                '→' => out.push_str("->"),
                '…' => out.push_str("..."),
                '“' | '”' => out.push('"'),
                c => out.push(c),
            }
        }
        out
    }
}

/// How many columns a text takes, once hidden characters are shown.
pub(in crate::explain) fn columns(text: &str) -> usize {
    visible(text).width()
}

/// A text with blanks behind it up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A text with blanks before it up to a width.
pub(super) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A text in at most so many columns, with `…` for what is cut; a closing quote or bracket stays.
pub(super) fn cut(text: &str, width: usize) -> String {
    let text = visible(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let closing = text.chars().next_back().filter(|c| matches!(c, '"' | ']' | ')'));
    let mut room = width.saturating_sub(1 + closing.map_or(0, |_| 1));
    let mut out = String::new();
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        out.push(c);
    }
    // A word that is cut in two is left out where that is not much.
    if let Some((words, cut)) = out.rsplit_once(' ')
        && cut.width() < 16
        && !words.is_empty()
    {
        out.truncate(words.len());
    }
    // What closes nothing that is still there goes too.
    let opened = |open: char, close: char| out.matches(open).count() > out.matches(close).count();
    let closing = closing.filter(|close| match close {
        ')' => opened('(', ')'),
        ']' => opened('[', ']'),
        _ => true,
    });
    out.push('…');
    out.extend(closing);
    out
}

/// Lines of at most so many columns, broken at blanks; longer words are broken where they must be.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.width() + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("犬犬 犬", 4), ["犬犬", "犬"]);
        assert!(wrap("", 4).is_empty());
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(cut("\"abcdefgh\"", 6), "\"abc…\"");
        assert_eq!(cut("[abcdefgh]", 6), "[abc…]");
        assert_eq!(cut("abcdef (gh)", 6), "abcd…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("犬犬犬", 4), "犬…");
        assert_eq!(cut("\u{1b}[2J", 20), "\\u{1b}[2J");
    }

    #[test]
    fn nothing_hidden_gets_through() {
        let mut page = Page::new(TextOptions { color: false, width: 60, ascii: true });
        page.row(&[(Ink::Good, "✓ \u{1b}[31m".to_owned())], Ink::Plain, "a\u{202e}b\nc");
        assert_eq!(page.finish(), "+ \\u{1b}[31ma\\u{202e}b\\u{a}c\n");
    }
}
