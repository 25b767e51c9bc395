//! Building values, for what is read.

use super::scan::{Cursor, Fault, What};
use super::{MAX_DEPTH, scan};
use crate::model::convert::Raw;
use bumpalo::Bump;

/// JSON text that is being read, and the arena for what is built of it.
pub(crate) struct Json<'a> {
    pub(super) cursor: Cursor<'a>,
    /// The text with what stands behind the record.
    pub(super) whole: &'a str,
    bump: &'a Bump,
    /// Values of arrays and objects that are not closed yet.
    values: Vec<Raw<'a>>,
    entries: Vec<(&'a str, Raw<'a>)>,
}

impl<'a> Json<'a> {
    /// A reader that builds in an arena.
    pub fn new(bump: &'a Bump) -> Json<'a> {
        Json { cursor: Cursor::new("", 0), whole: "", bump, values: Vec::new(), entries: Vec::new() }
    }

    /// Goes to a byte of a text, of which the value ends before a byte.
    #[inline(always)]
    pub fn set(&mut self, text: &'a str, at: usize, end: usize) {
        self.cursor = Cursor::new(text.get(..end).unwrap_or(text), at);
        self.whole = text;
        self.values.clear();
        self.entries.clear();
    }

    /// Goes to the beginning of a line, of which it is not known where it ends.
    #[inline(always)]
    pub fn set_line(&mut self, text: &'a str, at: usize) {
        self.set(text, at, text.len());
        self.cursor.line = true;
    }

    /// The text that is being read, and the place in it.
    pub fn place(&self) -> (&'a str, usize) {
        (self.cursor.text, self.cursor.at)
    }

    /// The byte here; 0 at the end.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.cursor.peek()
    }

    /// Goes past blanks; where.
    pub fn blanks(&mut self) -> usize {
        self.cursor.blanks();
        self.cursor.at
    }

    /// At a value within `depth` open brackets: goes past it, checking it only.
    #[inline(always)]
    pub fn skip(&mut self, depth: u32) -> Result<(), Fault> {
        self.cursor.skip(depth)
    }

    /// At an opening bracket `[`: calls `each` at each entry, which has to go past it.
    #[inline(always)]
    pub fn each(&mut self, depth: u32, mut each: impl FnMut(&mut Self, u32) -> Result<(), Fault>) -> Result<(), Fault> {
        if depth >= MAX_DEPTH {
            return Err(self.cursor.fault(What::TooDeep));
        }
        self.cursor.at += 1;
        if self.cursor.blanks() == b']' {
            self.cursor.at += 1;
            return Ok(());
        }
        let mut place = 0;
        loop {
            each(self, place)?;
            place += 1;
            match self.cursor.blanks() {
                b',' => {
                    self.cursor.at += 1;
                    self.cursor.blanks();
                }
                b']' => {
                    self.cursor.at += 1;
                    return Ok(());
                }
                _ => return Err(self.cursor.fault(What::ArrayNext)),
            }
        }
    }

    /// At a value within `depth` open brackets: builds it.
    #[inline(always)]
    pub fn value(&mut self, depth: u32) -> Result<Raw<'a>, Fault> {
        match self.cursor.peek() {
            b'"' => self.text().map(Raw::Text),
            b'-' | b'0'..=b'9' => {
                let from = self.cursor.at;
                self.cursor.number()?;
                Ok(Raw::Number(self.cursor.slice(from, self.cursor.at)))
            }
            b't' => self.cursor.literal(b"true").map(|()| Raw::Bool(true)),
            b'f' => self.cursor.literal(b"false").map(|()| Raw::Bool(false)),
            b'n' => self.cursor.literal(b"null").map(|()| Raw::Null),
            b'[' => self.array(depth),
            b'{' => self.object(depth),
            _ => Err(self.cursor.fault(scan::What::Value)),
        }
    }

    #[inline(always)]
    fn text(&mut self) -> Result<&'a str, Fault> {
        let (from, to, escaped) = self.cursor.string()?;
        Ok(self.contents(from, to, escaped))
    }

    /// A string's contents.
    #[inline(always)]
    pub(super) fn contents(&self, from: usize, to: usize, escaped: bool) -> &'a str {
        if escaped { self.unescape(from, to) } else { self.cursor.slice(from, to) }
    }

    #[inline(never)]
    fn unescape(&self, from: usize, to: usize) -> &'a str {
        let mut out = bumpalo::collections::String::with_capacity_in(to - from, self.bump);
        let mut cursor = Cursor::new(self.cursor.slice(0, to), from);
        while let Some(length) = memchr::memchr(b'\\', &cursor.bytes[cursor.at..]) {
            out.push_str(cursor.slice(cursor.at, cursor.at + length));
            cursor.at += length + 1;
            // The string has been checked: its escapes are valid.
            out.push(cursor.escape().unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        out.push_str(cursor.slice(cursor.at, to));
        out.into_bump_str()
    }

    #[inline(never)]
    fn array(&mut self, depth: u32) -> Result<Raw<'a>, Fault> {
        let base = self.values.len();
        self.each(depth, |json, _| {
            let value = json.value(depth + 1)?;
            json.values.push(value);
            Ok(())
        })?;
        let built = self.bump.alloc_slice_copy(&self.values[base..]);
        self.values.truncate(base);
        Ok(Raw::Array(built))
    }

    #[inline(never)]
    fn object(&mut self, depth: u32) -> Result<Raw<'a>, Fault> {
        if depth >= MAX_DEPTH {
            return Err(self.cursor.fault(What::TooDeep));
        }
        let base = self.entries.len();
        self.cursor.at += 1;
        if self.cursor.blanks() == b'}' {
            self.cursor.at += 1;
            return Ok(Raw::Object(&[]));
        }
        loop {
            let (from, to, escaped) = self.cursor.key()?;
            let name = self.contents(from, to, escaped);
            let value = self.value(depth + 1)?;
            self.entries.push((name, value));
            match self.cursor.blanks() {
                b',' => {
                    self.cursor.at += 1;
                    self.cursor.blanks();
                }
                b'}' => {
                    self.cursor.at += 1;
                    break;
                }
                _ => return Err(self.cursor.fault(What::ObjectNext)),
            }
        }
        let built = self.bump.alloc_slice_copy(&self.entries[base..]);
        self.entries.truncate(base);
        Ok(Raw::Object(built))
    }
}
