//! A look at single signs before any grammar: what no policy can hold is reported here, and mended in a copy of the
//! same length, so that the grammar sees well-formed texts, balanced braces and bounded nesting.

mod braces;

use super::ast::Comment;
use super::comments::comment;
use super::errors;
use crate::base::{FileId, Span};
use crate::diagnostic::Diagnostic;
use braces::Braces;
use std::borrow::Cow;

/// The longest text that is read, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;
/// How many brackets may be open at once.
const MOST_OPEN: usize = 100;
/// How many `if … then … else` an expression may hold.
const MOST_IFS: usize = 100;
/// As many errors are reported.
const MOST_ERRORS: usize = 100;

/// What came of a look at a text.
pub(super) struct Scanned<'t> {
    /// The text to parse: the same bytes save where something was mended, and perhaps a few more at the end.
    pub text: Cow<'t, str>,
    pub comments: Vec<Comment>,
    pub diagnostics: Vec<Diagnostic>,
    /// The text is not to be parsed at all.
    pub fatal: bool,
}

/// Looks at a text.
pub(super) fn scan(text: &str, file: FileId) -> Scanned<'_> {
    let mut scan = Scan::new(text, file);
    if text.len() > LONGEST {
        scan.fatal(errors::too_long(text.len(), LONGEST, Span::new(file, 0, 0)));
    } else {
        scan.run();
    }
    scan.finish()
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    file: FileId,
    at: usize,
    /// The mended copy; none as long as nothing is mended.
    mended: Option<Vec<u8>>,
    comments: Vec<Comment>,
    diagnostics: Vec<Diagnostic>,
    fatal: bool,
    /// What is open: `{`, `(`, `[`.
    open: Vec<u8>,
    ifs: usize,
    braces: Braces,
    /// Whether only blanks stand before `at` on its line.
    line_start: bool,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, file: FileId) -> Self {
        Scan {
            text,
            bytes: text.as_bytes(),
            file,
            at: 0,
            mended: None,
            comments: Vec::new(),
            diagnostics: Vec::new(),
            fatal: false,
            open: Vec::new(),
            ifs: 0,
            braces: Braces::default(),
            line_start: true,
        }
    }

    fn run(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.mend(0, b"   ");
            self.at = 3;
        }
        self.lone_carriage_return();
        while !self.fatal
            && let Some(&byte) = self.bytes.get(self.at)
        {
            let start = self.at;
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line_start = true;
                    self.braces.new_line(self.at);
                    continue;
                }
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'#' => self.comment(),
                b'"' => self.string(),
                b'\'' => self.single_quotes(),
                b'{' | b'(' | b'[' => self.opener(byte),
                b'}' | b')' | b']' => self.closer(byte),
                b':' => {
                    self.entry();
                    self.at += 1;
                }
                b'/' if self.bytes.get(start + 1) == Some(&b'/') => self.line_comment(),
                b'/' if self.bytes.get(start + 1) == Some(&b'*') => self.block_comment(),
                b'$' | b'@' | b'^' | b'~' | b'?' | b';' | b'\\' | b'`' => {
                    self.blank_out(start, start + 1, errors::unknown_sign)
                }
                0..=31 | 127 => self.blank_out(start, start + 1, errors::invisible_sign),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => self.word(),
                128.. => self.beyond_ascii(),
                _ => self.at += 1,
            }
            self.line_start = false;
        }
        if !self.fatal {
            self.close_braces();
        }
    }

    fn finish(mut self) -> Scanned<'t> {
        let text = match self.mended.take() {
            // Only whole characters are ever written over.
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Cow::Owned(text),
                Err(_) => Cow::Borrowed(self.text),
            },
            None => Cow::Borrowed(self.text),
        };
        Scanned { text, comments: self.comments, diagnostics: self.diagnostics, fatal: self.fatal }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn fatal(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        self.fatal = true;
    }

    /// Writes over the copy; behind its end, appends.
    fn mend(&mut self, at: usize, new: &[u8]) {
        let bytes = self.bytes;
        let mended = self.mended.get_or_insert_with(|| bytes.to_vec());
        for (index, byte) in new.iter().enumerate() {
            match mended.get_mut(at + index) {
                Some(place) => *place = *byte,
                None => mended.push(*byte),
            }
        }
    }

    /// Puts blanks in the place of what stands there, line ends kept.
    fn blank(&mut self, start: usize, end: usize) {
        for at in start..end {
            if self.bytes.get(at) != Some(&b'\n') {
                self.mend(at, b" ");
            }
        }
    }

    fn blank_out(&mut self, start: usize, end: usize, error: fn(char, Span) -> Diagnostic) {
        if let Some(sign) = self.text.get(start..end).and_then(|signs| signs.chars().next()) {
            self.report(error(sign, self.span(start, end)));
        }
        self.blank(start, end);
        self.at = end;
    }

    /// A carriage return alone: some editors show a new line there, so that a comment would hide rules. One error.
    fn lone_carriage_return(&mut self) {
        let alone = |at: &usize| !matches!(self.bytes.get(at + 1), Some(b'\n'));
        let lone = memchr::memchr_iter(b'\r', self.bytes).find(alone);
        if let Some(at) = lone {
            self.report(errors::invisible_sign('\r', self.span(at, at + 1)));
        }
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', self.bytes.get(from..).unwrap_or_default())
            .map_or(self.bytes.len(), |length| from + length)
    }

    fn comment(&mut self) {
        let end = self.line_end(self.at);
        self.comments.push(comment(self.text, self.file, self.at, end));
        self.at = end;
    }

    fn string(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break self.at = at + 1,
                Some(b'\\') if !matches!(self.bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
                None | Some(b'\n' | b'\r') => {
                    self.report(errors::unterminated_text(self.span(start, at)));
                    // A backslash at the end would take the quotes for itself.
                    if self.bytes.get(at.saturating_sub(1)) == Some(&b'\\') && self.is_lone_backslash(start, at) {
                        self.mend(at - 1, b" ");
                    }
                    self.mend(at, b"\"");
                    break self.at = at + 1;
                }
                Some(_) => at += 1,
            }
        }
        // A text that lost its line end to the quotes begins a new line all the same.
        if self.bytes.get(self.at.saturating_sub(1)) == Some(&b'\n') {
            self.braces.new_line(self.at);
        }
    }

    /// Whether the last byte before `end` is a backslash that escapes.
    fn is_lone_backslash(&self, start: usize, end: usize) -> bool {
        let inside = self.bytes.get(start + 1..end).unwrap_or_default();
        inside.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
    }

    fn single_quotes(&mut self) {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        let inside = rest.find(['\'', '\n']).and_then(|length| rest.get(..length)).filter(|inside| {
            // The quotes close on their line.
            rest.get(inside.len()..).is_some_and(|behind| behind.starts_with('\''))
        });
        match inside {
            Some(inside) if !inside.contains(['"', '\\', '#']) => {
                let close = start + 1 + inside.len();
                self.report(errors::foreign_quotes(inside, self.span(start, close + 1)));
                self.mend(start, b"\"");
                self.mend(close, b"\"");
                self.at = close + 1;
            }
            _ => self.blank_out(start, start + 1, errors::unknown_sign),
        }
    }

    fn line_comment(&mut self) {
        let (start, end) = (self.at, self.line_end(self.at));
        self.report(errors::foreign_comment("//", self.span(start, start + 2)));
        self.blank(start, end);
        self.at = end;
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find("*/").map_or(self.bytes.len(), |length| start + length + 2);
        self.report(errors::foreign_comment("/*", self.span(start, start + 2)));
        self.blank(start, end);
        self.at = end;
    }

    fn opener(&mut self, byte: u8) {
        if self.open.len() >= MOST_OPEN {
            let span = self.span(self.at, self.at + 1);
            return self.fatal(errors::too_many_brackets(char::from(byte), MOST_OPEN, span));
        }
        self.open.push(byte);
        if byte == b'{' {
            self.entry();
            self.braces.open(self.at);
        }
        self.at += 1;
    }

    fn closer(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        if byte != b'}' {
            let opener = if byte == b')' { b'(' } else { b'[' };
            if self.open.last() == Some(&opener) {
                self.open.pop();
            }
            return;
        }
        self.entry();
        if self.open.pop().is_some() {
            self.braces.close(start, self.line_start);
        } else {
            self.report(errors::extra_brace(self.span(start, start + 1)));
            self.mend(start, b" ");
        }
    }

    /// An entry begins or ends here: what is open in expressions is over, closed or not.
    fn entry(&mut self) {
        self.ifs = 0;
        while self.open.last().is_some_and(|byte| *byte != b'{') {
            self.open.pop();
        }
        // `opener` has pushed its brace already; what stood open below it is over too.
        if let Some(brace) = self.open.pop() {
            while self.open.last().is_some_and(|byte| *byte != b'{') {
                self.open.pop();
            }
            self.open.push(brace);
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_').unwrap_or(rest.len());
        self.at = start + length;
        if self.bytes.get(self.at).is_some_and(|byte| *byte >= 128) && self.foreign_letters(start) {
            return;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        if word == "then" {
            self.ifs += 1;
            if self.ifs > MOST_IFS {
                self.fatal(errors::too_many_ifs(MOST_IFS, self.span(start, self.at)));
            }
        }
        if self.line_start {
            self.braces.word(start, word);
        }
    }

    /// A word with letters that names do not have, from `start` on; false when there is none.
    fn foreign_letters(&mut self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        if word.is_ascii() {
            return false;
        }
        self.report(errors::foreign_letters(word, self.span(start, start + length)));
        let plain: Vec<u8> = word.bytes().map(|byte| if byte.is_ascii() { byte } else { b'x' }).collect();
        self.mend(start, &plain);
        self.at = start + length;
        true
    }

    fn beyond_ascii(&mut self) {
        let start = self.at;
        let Some(sign) = self.text.get(start..).and_then(|rest| rest.chars().next()) else {
            self.at += 1;
            return;
        };
        let end = start + sign.len_utf8();
        let instead = match sign {
            '≥' => ">=",
            '≤' => "<=",
            '≠' => "is not",
            '×' | '·' => "*",
            '÷' => "/",
            '–' | '—' | '−' => "-",
            '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' => {
                return self.curly_quotes(start, end);
            }
            _ if sign.is_alphabetic() && self.foreign_letters(start) => return,
            _ if sign.is_whitespace() || sign.is_control() || is_invisible(sign) => {
                return self.blank_out(start, end, errors::invisible_sign);
            }
            _ => return self.blank_out(start, end, errors::unknown_sign),
        };
        self.report(errors::foreign_sign(&sign.to_string(), instead, self.span(start, end)));
        self.blank(start, end);
        self.mend(start, if instead == "is not" { b"is" } else { instead.as_bytes() });
        self.at = end;
    }

    /// `“US”`: the quotes become plain ones, the bytes to spare blanks outside of them.
    fn curly_quotes(&mut self, start: usize, end: usize) {
        let rest = self.text.get(end..).unwrap_or_default();
        let close = rest.find(['“', '”', '‟', '»', '«', '’', '‘', '"', '\n']);
        let inside = close.and_then(|length| rest.get(..length)).filter(|inside| {
            let closes = rest.get(inside.len()..).is_some_and(|behind| !behind.starts_with('\n'));
            closes && !inside.contains(['\\', '#'])
        });
        let Some(inside) = inside else {
            return self.blank_out(start, end, errors::unknown_sign);
        };
        let close_start = end + inside.len();
        let width = self.text.get(close_start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        self.report(errors::foreign_quotes(inside, self.span(start, close_start + width)));
        self.blank(start, end);
        self.mend(end - 1, b"\"");
        self.blank(close_start, close_start + width);
        self.mend(close_start, b"\"");
        self.at = close_start + width;
    }

    /// Finds where `}` are missing, if any, and puts them there.
    fn close_braces(&mut self) {
        if self.open.iter().all(|byte| *byte != b'{') {
            return;
        }
        for comment in std::mem::take(&mut self.comments) {
            self.blank(comment.span.start as usize, comment.span.end as usize);
            self.comments.push(comment);
        }
        let braces = std::mem::take(&mut self.braces);
        for gap in braces.gaps(self.text) {
            let piece_end =
                self.text.get(gap.before..).map_or(0, |rest| rest.find(char::is_whitespace).unwrap_or(rest.len()));
            let before = self.span(gap.before, (gap.before + piece_end).min(self.bytes.len()));
            self.report(errors::unclosed_brace(self.span(gap.open, gap.open + 1), before));
            self.put_brace(gap.before);
        }
        for at in braces.surplus(self.text) {
            self.mend(at, b" ");
        }
    }

    /// Puts a `}` into the blanks before `at`, behind others that were put there.
    fn put_brace(&mut self, at: usize) {
        let bytes = self.bytes;
        let mended = self.mended.get_or_insert_with(|| bytes.to_vec());
        if at >= bytes.len() {
            return mended.push(b'}');
        }
        let blanks =
            mended.get(..at).unwrap_or_default().iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        match mended.get_mut(at - blanks) {
            Some(place) if blanks > 0 => *place = b'}',
            _ => mended.push(b'}'),
        }
    }
}

/// Signs that show nothing and are no white space.
fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
