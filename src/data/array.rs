//! JSON arrays, and objects one after the other, cut into records by their brackets and strings.
//!
//! A broken record does no harm to the next one while brackets match; where they do not, nobody can tell where the next
//! record begins, and the rest of the file is one reject.

use super::batch::{Batch, Content, Flaw, Position};
use super::input::Source;
use super::lines::too_long;
use super::{BLOCK, MAX_RECORD, ReadError};
use crate::model::RejectKind;
use std::ops::Range;

/// Cuts input into batches of elements.
pub(super) struct ArrayReader {
    source: Source,
    /// Whether an array holds the elements; else they stand one after the other.
    array: bool,
    state: State,
    /// What has been read and is not in a batch yet.
    bytes: Vec<u8>,
    /// How far `bytes` has been looked through.
    at: usize,
    /// Where the element that is being looked through begins.
    from: usize,
    /// Whether it is too long: its bytes are not kept.
    overlong: bool,
    open: Brackets,
    in_string: bool,
    escaped: bool,
    spans: Vec<Range<usize>>,
    /// Of the first element that is not in a batch yet.
    next: u64,
    /// To be given once what came before it has been.
    flaw: Option<Flaw>,
    ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the array.
    Start,
    /// Where an element or, the first time, the array's end may stand.
    Before { first: bool },
    /// In an element.
    Within,
    /// Behind the array's end.
    End,
}

/// Open brackets of an element; of those deeper than 512 only the count.
#[derive(Default)]
struct Brackets {
    kinds: [u64; 8],
    count: usize,
}

impl Brackets {
    fn push(&mut self, object: bool) {
        if let Some(word) = self.kinds.get_mut(self.count / 64) {
            let bit = 1 << (self.count % 64);
            *word = if object { *word | bit } else { *word & !bit };
        }
        self.count += 1;
    }

    /// Closes the innermost; false if it is of the other kind.
    fn pop(&mut self, object: bool) -> bool {
        let Some(count) = self.count.checked_sub(1) else { return false };
        self.count = count;
        self.kinds.get(count / 64).is_none_or(|word| (word >> (count % 64) & 1 == 1) == object)
    }
}

impl ArrayReader {
    pub fn new(source: Source, array: bool) -> ArrayReader {
        ArrayReader {
            source,
            array,
            state: if array { State::Start } else { State::Before { first: true } },
            bytes: Vec::new(),
            at: 0,
            from: 0,
            overlong: false,
            open: Brackets::default(),
            in_string: false,
            escaped: false,
            spans: Vec::new(),
            next: 1,
            flaw: None,
            ended: false,
        }
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        loop {
            if let Some(flaw) = self.flaw.take() {
                if !self.spans.is_empty() {
                    self.flaw = Some(flaw);
                    return Ok(Some(self.cut()));
                }
                let first = Position { line: self.next, number: self.next };
                self.next += 1;
                return Ok(Some(Batch { content: Content::Flaw(flaw), first }));
            }
            if self.spans.last().is_some_and(|span| span.end >= BLOCK) {
                return Ok(Some(self.cut()));
            }
            if self.at < self.bytes.len() && !self.ended {
                self.scan();
                continue;
            }
            if self.ended {
                return Ok((!self.spans.is_empty()).then(|| self.cut()));
            }
            let (packed, next) = (self.source.packed(), self.next);
            let read = self.source.read(&mut self.bytes, BLOCK).map_err(|error| ReadError::io(&error, packed, next))?;
            if read == 0 {
                self.ended = true;
                self.end();
            }
        }
    }

    /// The elements so far as a batch; what follows them stays.
    fn cut(&mut self) -> Batch {
        let keep = match self.state {
            State::Within if !self.overlong => self.from,
            _ => self.at,
        };
        let tail = self.bytes.get(keep..).unwrap_or_default().to_vec();
        let mut bytes = std::mem::replace(&mut self.bytes, tail);
        bytes.truncate(keep);
        self.at -= keep;
        self.from = self.from.saturating_sub(keep);
        let spans = std::mem::take(&mut self.spans);
        let first = Position { line: self.next, number: self.next };
        self.next += spans.len() as u64;
        Batch { content: Content::Elements { bytes, spans }, first }
    }

    /// The input is at its end.
    fn end(&mut self) {
        match self.state {
            State::Within => {
                let ended_well = !self.array && self.open.count == 0 && !self.in_string;
                if ended_well && !self.overlong {
                    self.close(self.bytes.len());
                } else if self.overlong {
                    self.flaw = Some(too_long("record"));
                } else {
                    self.flaw = Some(malformed("the file ends within this record"));
                }
            }
            State::Before { .. } if self.array => {
                self.flaw = Some(malformed("the file ends before its array does"));
            }
            _ => {}
        }
    }

    /// The element ends before a byte.
    fn close(&mut self, end: usize) {
        if self.overlong || end.saturating_sub(self.from) > MAX_RECORD {
            self.overlong = false;
            self.flaw = Some(too_long("record"));
        } else {
            self.spans.push(self.from..end);
        }
    }

    fn stop(&mut self, detail: &'static str) {
        self.flaw = Some(malformed(detail));
        self.ended = true;
    }

    /// Looks through what has been read, up to its end or the next flaw.
    fn scan(&mut self) {
        while !self.ended {
            let Some(byte) = self.bytes.get(self.at).copied() else { break };
            match self.state {
                State::Within => self.within(),
                _ if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                State::Start => {
                    self.at += 1;
                    self.state = State::Before { first: true };
                }
                State::Before { first } => match byte {
                    b']' if self.array => {
                        self.at += 1;
                        self.state = State::End;
                        if !first {
                            self.flaw = Some(malformed("expected a record after the comma"));
                            return;
                        }
                    }
                    b',' if self.array => {
                        self.at += 1;
                        self.state = State::Before { first: false };
                        self.flaw = Some(malformed("expected a record before the comma"));
                        return;
                    }
                    _ => {
                        self.state = State::Within;
                        self.from = self.at;
                        self.open = Brackets::default();
                        (self.in_string, self.escaped) = (false, false);
                    }
                },
                State::End => return self.stop("more text after the end of the array"),
            }
            if self.flaw.is_some() {
                return;
            }
        }
        // Nothing of what lies between elements, or of an element that is too long, is kept.
        if self.spans.is_empty() && (self.overlong || self.state != State::Within) {
            self.bytes.clear();
            (self.at, self.from) = (0, 0);
        }
    }

    /// Looks through an element.
    fn within(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            if self.in_string {
                self.string();
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.open.push(byte == b'{'),
                b']' if self.open.count == 0 && self.array => {
                    self.close(self.at);
                    self.at += 1;
                    self.state = State::End;
                    return;
                }
                b'}' | b']' => {
                    if !self.open.pop(byte == b'}') {
                        self.at = self.bytes.len();
                        return self.stop("brackets do not match: the rest of the file cannot be read");
                    }
                    if self.open.count == 0 && !self.array {
                        self.at += 1;
                        self.close(self.at);
                        self.state = State::Before { first: true };
                        return;
                    }
                }
                b',' if self.open.count == 0 && self.array => {
                    self.close(self.at);
                    self.at += 1;
                    self.state = State::Before { first: false };
                    return;
                }
                b'\n' if self.open.count == 0 && !self.array => {
                    self.close(self.at);
                    self.at += 1;
                    self.state = State::Before { first: true };
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
        if self.overlong || self.bytes.len() - self.from > MAX_RECORD {
            self.overlong = true;
            // What came before it is given first; its own bytes are dropped.
            self.bytes.truncate(self.from);
            self.at = self.from;
        }
    }

    /// In a string: to its end, or as far as it has been read. A line's end, which no string may hold, ends it, so that
    /// a forgotten quote spoils one record only.
    fn string(&mut self) {
        if self.escaped {
            self.escaped = false;
            self.at += 1;
            return;
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            self.at = self.bytes.len();
            return;
        };
        self.at += length;
        match self.bytes.get(self.at) {
            Some(b'\\') => self.escaped = true,
            _ => self.in_string = false,
        }
        self.at += 1;
    }
}

fn malformed(detail: &'static str) -> Flaw {
    Flaw { kind: RejectKind::Malformed, detail: detail.into() }
}
