//! NDJSON: input cut into batches at line ends.

use super::batch::{Batch, Content, Flaw, Position, is_blank};
use super::input::Source;
use super::{BLOCK, MAX_RECORD, ReadError};
use crate::model::RejectKind;

/// Cuts input into batches of whole lines.
pub(super) struct LineReader {
    source: Source,
    /// The beginning of a line whose end has not been read.
    tail: Vec<u8>,
    next: Position,
    numbered: bool,
    ended: bool,
    /// Within a line that is too long: it is passed over.
    overlong: bool,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
}

impl LineReader {
    pub fn new(source: Source, numbered: bool) -> LineReader {
        LineReader {
            source,
            tail: Vec::new(),
            next: Position { line: 1, number: 1 },
            numbered,
            ended: false,
            overlong: false,
            spare: Vec::new(),
        }
    }

    pub fn recycle(&mut self, bytes: Vec<u8>) {
        self.spare.push(bytes);
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        while !self.ended {
            let known = self.tail.len();
            let mut bytes = self.spare.pop().unwrap_or_default();
            // What an old buffer holds is written over: it need not be cleared.
            bytes.resize(known + BLOCK, 0);
            let (tail, space) = bytes.split_at_mut(known);
            tail.copy_from_slice(&self.tail);
            self.tail.clear();
            let (packed, line) = (self.source.packed(), self.next.line);
            let read = self.source.fill(space).map_err(|error| ReadError::io(&error, packed, line))?;
            bytes.truncate(known + read);
            if read == 0 {
                self.ended = true;
                if bytes.is_empty() || self.overlong {
                    return Ok(None);
                }
                return Ok(Some(self.batch(bytes)));
            }
            if self.overlong {
                // The line that is passed over ends here, or the block is passed over too.
                let Some(end) = memchr::memchr(b'\n', &bytes) else {
                    self.recycle(bytes);
                    continue;
                };
                self.overlong = false;
                self.next.line += 1;
                self.tail.extend_from_slice(&bytes[end + 1..]);
                self.recycle(bytes);
                continue;
            }
            match memchr::memrchr(b'\n', &bytes[known..]) {
                Some(end) => {
                    self.tail.extend_from_slice(&bytes[known + end + 1..]);
                    bytes.truncate(known + end + 1);
                    return Ok(Some(self.batch(bytes)));
                }
                None if bytes.len() > MAX_RECORD => {
                    self.overlong = true;
                    let first = self.next;
                    self.next.number += 1;
                    return Ok(Some(Batch { content: Content::Flaw(too_long("line")), first }));
                }
                None => self.tail = bytes,
            }
        }
        Ok(None)
    }

    fn batch(&mut self, bytes: Vec<u8>) -> Batch {
        let first = self.next;
        self.next.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        if self.numbered {
            self.next.number += bytes.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).count() as u64;
        }
        Batch { content: Content::Lines(bytes), first }
    }
}

/// A record longer than [`MAX_RECORD`].
pub(super) fn too_long(what: &str) -> Flaw {
    let detail = format!("the {what} is longer than {} MiB", MAX_RECORD >> 20).into();
    Flaw { kind: RejectKind::TooLong, detail }
}
