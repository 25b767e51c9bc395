//! Words of the source become pieces of the layout, in their order, and comments come along.

use super::columns::{Cell, Row};
use super::layout::{Piece, flat};
use super::text::canonical;
use super::tokens::{Token, tokens};
use crate::base::Span;
use crate::syntax::ast::Comment;
use std::borrow::Cow;

/// Walks through the tokens of a text while the tree is written. Every token is asked for by name or taken as it is; no
/// comment can be passed over, since each comes out before the token that stands behind it.
pub(super) struct Writer<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    next: usize,
    comments: &'t [Comment],
    next_comment: usize,
    /// Whether a comment was written since the last token: no other can stand on its line.
    commented: bool,
    pub pieces: Vec<Piece<'t>>,
    /// How many blocks are open.
    pub depth: usize,
    /// What does not fit the tree; the first such thing.
    pub problem: Option<String>,
}

/// A place to return to.
pub(super) struct Mark {
    pieces: usize,
    next: usize,
    next_comment: usize,
    commented: bool,
    depth: usize,
}

impl<'t> Writer<'t> {
    pub fn new(text: &'t str, comments: &'t [Comment]) -> Writer<'t> {
        Writer {
            text,
            tokens: tokens(text),
            next: 0,
            comments,
            next_comment: 0,
            commented: false,
            pieces: Vec::with_capacity(text.len() / 3),
            depth: 0,
            problem: None,
        }
    }

    // ---- the source ----

    fn token_text(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// The next token; empty at the end.
    pub fn peek(&self) -> &'t str {
        self.peek_at(self.next)
    }

    /// The token at an index; empty behind the end.
    pub fn peek_at(&self, index: usize) -> &'t str {
        self.tokens.get(index).map_or("", |token| self.token_text(*token))
    }

    /// Whether the next token is this one.
    pub fn at(&self, word: &str) -> bool {
        self.peek() == word
    }

    /// How many pairs of parentheses around what `span` covers begin at the next token.
    pub fn parentheses(&self, span: Span) -> usize {
        if !self.at("(") {
            return 0;
        }
        let mut end = self.tokens.partition_point(|token| token.end < span.end);
        let mut start = self.next;
        while self.peek_at(start) == "(" && self.tokens.get(start).and_then(Token::mate) == Some(end) {
            start += 1;
            end = end.saturating_sub(1);
        }
        start - self.next
    }

    /// Whether the next token names an entry: a colon follows, perhaps behind a label.
    pub fn at_entry(&self) -> bool {
        let behind = self.peek_at(self.next + 1);
        behind == ":" || behind.starts_with('"') && self.peek_at(self.next + 2) == ":"
    }

    fn next_start(&self) -> u32 {
        self.tokens.get(self.next).map_or(u32::MAX, |token| token.start)
    }

    /// Whether an empty line stands before a place.
    fn empty_line_before(&self, start: u32) -> bool {
        let before = self.text.as_bytes().get(..start as usize).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|byte| byte.is_ascii_whitespace());
        blanks.filter(|byte| **byte == b'\n').count() > 1
    }

    pub fn mark(&self) -> Mark {
        Mark {
            pieces: self.pieces.len(),
            next: self.next,
            next_comment: self.next_comment,
            commented: self.commented,
            depth: self.depth,
        }
    }

    /// Forgets all that was written since a mark.
    pub fn back_to(&mut self, mark: &Mark) {
        self.pieces.truncate(mark.pieces);
        self.next = mark.next;
        self.next_comment = mark.next_comment;
        self.commented = mark.commented;
        self.depth = mark.depth;
    }

    /// How many columns take what was written since a mark, on one line; none when it needs more.
    pub fn flat_since(&self, mark: &Mark) -> Option<usize> {
        flat(self.pieces.get(mark.pieces..).unwrap_or_default())
    }

    // ---- comments ----

    fn comment(&self) -> Option<&'t Comment> {
        self.comments.get(self.next_comment).filter(|comment| comment.span.start < self.next_start())
    }

    /// A comment that stands on the line of the last token stays there.
    pub fn comment_behind(&mut self) {
        if let Some(comment) = self.comment().filter(|comment| !comment.own_line && !self.commented) {
            self.pieces.push(Piece::Behind(&comment.text));
            self.next_comment += 1;
            self.commented = true;
        }
    }

    /// All comments before the next token.
    pub fn comments_before(&mut self) {
        self.comment_behind();
        while let Some(comment) = self.comment() {
            self.pieces.push(Piece::Own(&comment.text));
            self.next_comment += 1;
            self.commented = true;
        }
    }

    /// The beginning of the next thing in a block: comments before it, each on its line; empty lines are kept, one of
    /// several, not before the first thing. Returns whether one stands before this thing or its comments.
    pub fn begin(&mut self, first: bool) -> bool {
        self.comment_behind();
        let mut first = first;
        let mut parted = false;
        while let Some(comment) = self.comment() {
            let empty = !first && self.empty_line_before(comment.span.start);
            parted |= empty;
            self.pieces.push(if empty { Piece::Empty } else { Piece::Hard });
            self.pieces.push(Piece::Own(&comment.text));
            self.next_comment += 1;
            self.commented = true;
            first = false;
        }
        let Some(token) = self.tokens.get(self.next) else { return parted };
        let empty = !first && !matches!(self.peek(), "}") && self.empty_line_before(token.start);
        self.pieces.push(if empty { Piece::Empty } else { Piece::Hard });
        parted || empty
    }

    // ---- words ----

    fn advance(&mut self) -> &'t str {
        let text = self.peek();
        self.next += 1;
        text
    }

    fn put(&mut self, text: impl Into<Cow<'t, str>>) {
        self.pieces.push(Piece::text(text));
        self.commented = false;
    }

    /// The next token as it is written.
    pub fn verbatim(&mut self) {
        self.comments_before();
        let text = self.advance();
        self.put(text);
    }

    /// The next token, which is this word.
    pub fn word(&mut self, word: &'static str) {
        self.is_next(word);
        self.comments_before();
        self.next += 1;
        self.put(word);
    }

    /// Words with blanks between them.
    pub fn words(&mut self, words: &[&'static str]) {
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            self.word(word);
        }
    }

    /// The next token, which is this sign. It stays at what stands before it: comments before it come behind it.
    pub fn sign(&mut self, sign: &'static str) {
        self.is_next(sign);
        self.next += 1;
        self.put(sign);
    }

    /// The next token, in this spelling.
    pub fn spelled(&mut self, spelling: impl Into<Cow<'t, str>>) {
        self.comments_before();
        self.next += 1;
        self.put(spelling);
    }

    /// The next token, a text in quotes.
    pub fn text(&mut self) {
        self.comments_before();
        let text = canonical(self.advance());
        self.put(text);
    }

    /// A word that is not in the source.
    pub fn added(&mut self, word: &'static str) {
        self.put(word);
    }

    /// A word that is not in the source, where the group around it breaks.
    pub fn added_if_broken(&mut self, word: &'static str) {
        self.pieces.push(Piece::IfBroken(word));
    }

    /// Leaves out the next token if it is this one.
    pub fn skip(&mut self, word: &str) -> bool {
        let found = self.at(word);
        self.next += usize::from(found);
        found
    }

    fn is_next(&mut self, word: &str) {
        if !self.at(word) {
            let found = self.peek().to_owned();
            self.problem(|| format!("`{word}` was expected where `{found}` stands"));
        }
    }

    /// Something that the formatter does not know.
    pub fn problem(&mut self, problem: impl FnOnce() -> String) {
        if self.problem.is_none() {
            self.problem = Some(problem());
        }
    }

    /// All that is left, which is comments.
    pub fn end(&mut self) {
        if self.next < self.tokens.len() {
            let found = self.peek().to_owned();
            self.problem(|| format!("`{found}` was left over"));
        }
        self.next = self.tokens.len();
        self.begin(self.pieces.is_empty());
    }

    // ---- between words ----

    /// A blank that never becomes a new line.
    pub fn blank(&mut self) {
        self.comment_behind();
        self.pieces.push(Piece::Blanks(1));
    }

    /// A new line where the group breaks, else blanks.
    pub fn line(&mut self, blanks: usize) {
        self.comment_behind();
        self.pieces.push(Piece::Line(blanks));
    }

    /// A new line in a group that breaks where what follows does not fit, else blanks.
    pub fn fill(&mut self, blanks: usize) {
        self.comment_behind();
        self.pieces.push(Piece::Fill(blanks));
    }

    /// A group: it stays on one line when it fits.
    pub fn group(&mut self, inside: impl FnOnce(&mut Self)) {
        self.pieces.push(Piece::Open);
        inside(self);
        self.pieces.push(Piece::Close);
    }

    /// New lines inside stand further to the right.
    pub fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.pieces.push(Piece::Indent);
        inside(self);
        self.pieces.push(Piece::Dedent);
    }

    /// Brackets around what breaks as a whole: `[`, lines, `]`.
    pub fn bracketed(
        &mut self,
        open: &'static str,
        close: &'static str,
        blanks: usize,
        inside: impl FnOnce(&mut Self),
    ) {
        self.group(|w| {
            if open == "{" {
                w.sign(open)
            } else {
                w.word(open)
            }
            if w.at(close) && w.comment().is_none() {
                w.pieces.push(Piece::Blanks(blanks));
                return w.word(close);
            }
            w.indented(|w| {
                w.line(blanks);
                inside(w);
                w.comments_before();
            });
            w.pieces.push(Piece::Line(blanks));
            w.word(close);
        });
    }

    /// `{`, things each on its line, `}`. Each writes itself and is a row; empty lines part the rows.
    pub fn block<T>(&mut self, things: &[T], each: impl Fn(&mut Self, &T) -> Row) {
        self.sign("{");
        if things.is_empty() && self.comment().is_none() {
            self.blank();
            return self.word("}");
        }
        self.depth += 1;
        self.pieces.push(Piece::Indent);
        let mut rows: Vec<Row> = Vec::with_capacity(things.len());
        for (index, thing) in things.iter().enumerate() {
            if self.begin(index == 0) {
                rows.push(Row::apart());
            }
            rows.push(each(self, thing));
        }
        self.begin(things.is_empty());
        // The line end of `}` stands no further to the right.
        self.pieces.pop();
        super::columns::align(&mut self.pieces, &rows, self.depth);
        self.pieces.push(Piece::Dedent);
        self.depth -= 1;
        self.pieces.push(Piece::Hard);
        self.word("}");
    }

    /// Blanks behind what was written since `mark`, as the cell of a column.
    pub fn cell(&mut self, row: &mut Row, mark: &Mark, column: usize, gap: usize, apart: usize) {
        self.comment_behind();
        let width = self.flat_since(mark);
        row.cells.push(Cell { width, blanks: self.pieces.len(), column, gap, apart });
        self.pieces.push(Piece::Blanks(gap));
    }
    /// Where the group around it breaks, a new line takes the place of the blanks of the last cell.
    pub fn last_cell_breaks(&mut self, row: &Row) {
        if let Some(place) = row.cells.last().and_then(|cell| self.pieces.get_mut(cell.blanks))
            && let Piece::Blanks(blanks) = *place
        {
            *place = Piece::Line(blanks);
        }
    }
    /// As [`Writer::last_cell_breaks`], only where what follows does not fit.
    pub fn last_cell_fills(&mut self, row: &Row) {
        if let Some(place) = row.cells.last().and_then(|cell| self.pieces.get_mut(cell.blanks))
            && let Piece::Blanks(blanks) = *place
        {
            *place = Piece::Fill(blanks);
        }
    }
}
