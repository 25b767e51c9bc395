//! Batches: bytes that hold whole records, and going through them.
//!
//! Reading input cuts it into batches without looking into records; what is in them is decoded batch by batch, on any
//! thread and in any order.

use super::MAX_RECORD;
use super::json::{Fault, Json, Lists, Trail, What};
use super::parquet::{Bound, Columns, Entries};
use super::plain::Cells;
use super::plan::Plan;
use super::seek::Seek;
use super::shape::{Shape, Slots};
use crate::model::RejectKind;
use crate::model::convert::Raw;
use bumpalo::Bump;
use simdutf8::basic::from_utf8;
use std::borrow::Cow;
use std::ops::Range;

/// Some records of the input, in their order, with their place in it.
#[derive(Debug)]
pub struct Batch {
    pub(super) content: Content,
    /// Of the first record.
    pub(super) first: Position,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The line that it begins on, from 1; of a JSON array the record's number.
    pub line: u64,
    /// The record's number, from 1. Only counted where it is the key.
    pub number: u64,
}

#[derive(Debug)]
pub(super) enum Content {
    /// A record a line.
    Lines(Vec<u8>),
    /// Records that stand anywhere.
    Elements { bytes: Vec<u8>, spans: Vec<Range<usize>> },
    /// Rows of a table.
    Rows(Rows),
    /// Rows of a table that are lines.
    Plain(super::plain::Lines),
    /// Rows of typed columns.
    Columns(Columns),
    /// A record that cannot be read.
    Flaw(Flaw),
}

/// Rows of a table: only the cells that are read.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The cells, one after the other.
    pub bytes: Vec<u8>,
    /// Where each cell ends; a row without flaw has one for each column.
    pub ends: Vec<usize>,
    pub rows: Vec<Row>,
    /// What each cell is.
    pub columns: Vec<Column>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub line: u64,
    pub flaw: Option<Flaw>,
}

/// What a cell is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Slot(usize),
    List,
}

/// Why a record cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Flaw {
    pub kind: RejectKind,
    pub detail: Cow<'static, str>,
}

/// Gets the records of a batch.
pub(crate) trait Handler<'a>: Lists<'a> {
    /// Before each record.
    fn begin(&mut self);
    /// A record.
    fn record(&mut self, position: Position, slots: &Slots<'a>);
    /// A row of a table whose cells are known; the slots are empty.
    #[inline(always)]
    fn cells(&mut self, position: Position, cells: &Cells<'a, '_>, slots: &mut Slots<'a>) {
        cells.fill(slots);
        self.record(position, slots);
        slots.reset();
    }
    /// A cell where a list of events would stand.
    fn cell_list(&mut self, raw: Raw<'a>);
    /// Before the rows of a batch of columns.
    fn columns(&mut self, _: &Bound<'a>) {}
    /// A row of columns; its events have come before.
    fn column_row(
        &mut self,
        position: Position,
        columns: &Bound<'a>,
        row: usize,
        slots: &mut Slots<'a>,
        bump: &'a Bump,
    ) {
        columns.fill(row, slots, bump);
        self.record(position, slots);
    }
    /// The list of events of a row of columns.
    fn event_rows(&mut self, _: &Entries<'a>, _row: usize) {}

    /// A record that cannot be read, and what has been read of it before that was seen.
    fn flaw(&mut self, position: Position, slots: &Slots<'a>, flaw: Flaw);
}

impl Batch {
    /// One record: a JSON object, line breaks or not.
    pub fn of_json(text: &str) -> Batch {
        let bytes = text.as_bytes().to_vec();
        let spans = std::iter::once(0..bytes.len()).collect();
        Batch { content: Content::Elements { bytes, spans }, first: Position { line: 1, number: 1 } }
    }

    /// Gives every record to a handler; of those that are looked for at least each that has a wanted key. With a
    /// `plan` the events inside records are read.
    pub(super) fn records<'a>(
        &'a self,
        shape: &Shape,
        seek: Option<&Seek>,
        plan: Option<&Plan<'_>>,
        bump: &'a Bump,
        handler: &mut impl Handler<'a>,
    ) {
        self.records_after(shape, &mut Vec::new(), seek, plan, bump, handler);
    }

    /// As [`Batch::records`], where it is known in what order keys came before.
    pub(super) fn records_after<'a>(
        &'a self,
        shape: &Shape,
        trails: &mut Vec<Trail>,
        seek: Option<&Seek>,
        plan: Option<&Plan<'_>>,
        bump: &'a Bump,
        handler: &mut impl Handler<'a>,
    ) {
        let slots = Slots::with_trails(shape, std::mem::take(trails));
        let mut walk = Walk { shape, seek, slots, json: Json::new(bump), at: self.first };
        match &self.content {
            Content::Lines(bytes) if seek.is_some_and(|seek| !seek.may_hold(bytes)) => {}
            Content::Lines(bytes) => match from_utf8(bytes) {
                Ok(text) => walk.lines(bytes, Some(text), handler),
                Err(_) => walk.lines(bytes, None, handler),
            },
            Content::Elements { bytes, spans } => {
                let text = from_utf8(bytes).ok();
                for span in spans {
                    walk.json(bytes, text, span.clone(), "byte", handler);
                    walk.at.line += 1;
                }
            }
            Content::Rows(rows) => walk.rows(rows, handler),
            Content::Plain(lines) => walk.plain(lines, bump, handler),
            Content::Columns(columns) => columns.records(shape, plan, self.first, bump, handler),
            Content::Flaw(flaw) => {
                handler.begin();
                handler.flaw(walk.at, &walk.slots, flaw.clone());
            }
        }
        *trails = walk.slots.into_trails();
    }
}

struct Walk<'a, 's> {
    shape: &'s Shape,
    seek: Option<&'s Seek>,
    slots: Slots<'a>,
    json: Json<'a>,
    at: Position,
}

impl<'a> Walk<'a, '_> {
    #[inline(always)]
    fn lines(&mut self, bytes: &'a [u8], text: Option<&'a str>, handler: &mut impl Handler<'a>) {
        let mut from = 0;
        while let Some(rest) = bytes.get(from..).filter(|rest| !rest.is_empty()) {
            if let Some(end) = text.and_then(|text| self.line(text, from, handler)) {
                self.at.line += 1;
                self.at.number += 1;
                from = end + 1;
                continue;
            }
            let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| from + length);
            if end - from > MAX_RECORD {
                self.slots.reset();
                handler.begin();
                handler.flaw(self.at, &self.slots, super::lines::too_long("line"));
                self.at.number += 1;
            } else if !is_blank(bytes.get(from..end).unwrap_or_default()) {
                self.json(bytes, text, from..end, "column", handler);
            }
            self.at.line += 1;
            from = end + 1;
        }
    }

    /// Reads a line that is a record, and nothing else, before it is known where it ends; where that is. None for any
    /// other line, of which nothing has been told then.
    #[inline(always)]
    fn line(&mut self, text: &'a str, from: usize, handler: &mut impl Handler<'a>) -> Option<usize> {
        let bytes = text.as_bytes();
        if bytes.get(from) != Some(&b'{') || self.seek.is_some() {
            return None;
        }
        self.slots.reset();
        handler.begin();
        self.json.set_line(text, from);
        self.json.record(self.shape, 0, &mut self.slots, 0, handler).ok()?;
        let end = self.json.blanks();
        if !matches!(bytes.get(end), None | Some(b'\n')) || end - from > MAX_RECORD {
            return None;
        }
        handler.record(self.at, &self.slots);
        Some(end)
    }

    /// A record of JSON. The batch's text is there when all of it is UTF-8.
    #[inline(never)]
    fn json(
        &mut self,
        bytes: &'a [u8],
        text: Option<&'a str>,
        span: Range<usize>,
        place: &str,
        handler: &mut impl Handler<'a>,
    ) {
        if let Some(seek) = self.seek
            && (!seek.may_stand_at(self.at) || !seek.may_hold(bytes.get(span.clone()).unwrap_or_default()))
        {
            self.at.number += 1;
            return;
        }
        self.slots.reset();
        handler.begin();
        let (text, from, end) = match text {
            Some(text) => (text, span.start, span.end),
            None => match std::str::from_utf8(bytes.get(span).unwrap_or_default()) {
                Ok(text) => (text, 0, text.len()),
                Err(error) => {
                    let detail = format!("{place} {}: not UTF-8", error.valid_up_to() + 1).into();
                    handler.flaw(self.at, &self.slots, Flaw { kind: RejectKind::NotUtf8, detail });
                    self.at.number += 1;
                    return;
                }
            },
        };
        self.json.set(text, from, end);
        match self.json.whole(self.shape, &mut self.slots, handler) {
            Ok(true) => handler.record(self.at, &self.slots),
            Ok(false) => {
                let detail = "expected an object, `{…}`".into();
                handler.flaw(self.at, &self.slots, Flaw { kind: RejectKind::NotARecord, detail });
            }
            Err(fault) => handler.flaw(self.at, &self.slots, flaw(fault, text.get(..end).unwrap_or(text), from, place)),
        }
        self.at.number += 1;
    }

    fn plain(&mut self, lines: &'a super::plain::Lines, bump: &'a Bump, handler: &mut impl Handler<'a>) {
        let bytes = lines.bytes();
        let whole = from_utf8(bytes).ok();
        if !lines.ends.is_empty() {
            return self.cells(lines, whole, bump, handler);
        }
        let mut from = 0;
        while from < bytes.len() {
            self.slots.reset();
            handler.begin();
            let mut list = None;
            let (end, width) = lines.row(from, |column, from, to| {
                let raw = match whole.and_then(|text| text.get(from..to)) {
                    Some("") => Raw::Null,
                    Some(text) => Raw::Text(text),
                    None => match std::str::from_utf8(bytes.get(from..to).unwrap_or_default()) {
                        Ok("") => Raw::Null,
                        Ok(text) => Raw::Text(text),
                        Err(_) => Raw::NotUtf8,
                    },
                };
                match column {
                    Column::Slot(slot) => self.slots.set(slot, raw),
                    Column::List => list = Some(raw),
                }
            });
            if end - from > MAX_RECORD + 1 {
                self.slots.reset();
                handler.flaw(self.at, &self.slots, super::lines::too_long("row"));
            } else if width == lines.width {
                if let Some(raw) = list {
                    handler.cell_list(raw);
                }
                handler.record(self.at, &self.slots);
            } else {
                self.slots.reset();
                handler.flaw(self.at, &self.slots, super::table::wrong_width(width, lines.width));
            }
            self.at.line += 1;
            self.at.number += 1;
            from = end;
        }
    }

    /// Rows that all have as many cells as the header.
    #[inline(always)]
    fn cells(
        &mut self,
        lines: &'a super::plain::Lines,
        text: Option<&'a str>,
        bump: &'a Bump,
        handler: &mut impl Handler<'a>,
    ) {
        let (by_slot, list) = lines.by_slot(self.shape.slots);
        let bytes = lines.bytes();
        let mut start = 0;
        self.slots.reset();
        for ends in lines.ends.chunks_exact(lines.width.max(1)) {
            handler.begin();
            let cells = Cells { bytes, text, start, ends, quoted: lines.quoted, by_slot: &by_slot, bump };
            let end = ends.last().map_or(start, |end| *end as usize + 1);
            if end - start > MAX_RECORD + 1 {
                handler.flaw(self.at, &self.slots, super::lines::too_long("row"));
            } else {
                if let Some(list) = list {
                    handler.cell_list(cells.cell(list));
                }
                handler.cells(self.at, &cells, &mut self.slots);
            }
            self.at.line += 1;
            self.at.number += 1;
            start = end;
        }
    }

    fn rows(&mut self, rows: &'a Rows, handler: &mut impl Handler<'a>) {
        let mut ends = rows.ends.iter();
        let mut from = 0;
        let whole = from_utf8(&rows.bytes).ok();
        for row in &rows.rows {
            self.slots.reset();
            self.at.line = row.line;
            handler.begin();
            if let Some(flaw) = &row.flaw {
                handler.flaw(self.at, &self.slots, flaw.clone());
                self.at.number += 1;
                continue;
            }
            for column in &rows.columns {
                let Some(end) = ends.next().copied() else { break };
                // A cell may end within a character where the next one goes on with it: neither is UTF-8 then.
                let text = whole
                    .and_then(|text| text.get(from..end))
                    .or_else(|| std::str::from_utf8(rows.bytes.get(from..end).unwrap_or_default()).ok());
                from = end;
                let raw = match text {
                    Some("") => Raw::Null,
                    Some(text) => Raw::Text(text),
                    None => Raw::NotUtf8,
                };
                match column {
                    Column::Slot(slot) => self.slots.set(*slot, raw),
                    Column::List => handler.cell_list(raw),
                }
            }
            handler.record(self.at, &self.slots);
            self.at.number += 1;
        }
    }
}

/// Whether a line holds no record.
#[inline(always)]
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

#[cold]
fn flaw(fault: Fault, text: &str, from: usize, place: &str) -> Flaw {
    let kind = if fault.what == What::TooDeep { RejectKind::TooDeep } else { RejectKind::Malformed };
    let near = text.get(fault.at..).and_then(|rest| rest.chars().next());
    let near = match near {
        Some(found) if matches!(fault.what, What::TooDeep | What::Surrogate) || found.is_control() => String::new(),
        Some(found) => format!(", found `{found}`"),
        None => String::new(),
    };
    let detail = format!("{place} {}: {}{near}", fault.at.saturating_sub(from) + 1, fault.what.describe());
    Flaw { kind, detail: detail.into() }
}
