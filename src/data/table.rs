//! CSV (RFC 4180): rows cut out of the input, only the cells that are read.

use super::batch::{Batch, Column, Content, Flaw, Position, Row, Rows};
use super::header;
use super::input::Source;
use super::lines::too_long;
use super::plain::{self, Lines};
use super::seek::Seek;
use super::shape::Shape;
use super::{BLOCK, MAX_RECORD, ReadError, Warning};
use crate::model::{RejectKind, text};
use csv_core::ReadRecordResult;
use wide::u8x16;

/// Cuts a table into batches of rows.
pub(super) struct TableReader {
    source: Source,
    core: csv_core::Reader,
    delimiter: u8,
    input: Vec<u8>,
    at: usize,
    /// The line at `at`, from 1.
    line: u64,
    /// The line that the last row began on.
    row_line: u64,
    /// The last row ended with a carriage return, which may have a line feed.
    carriage: bool,
    at_end: bool,
    ended: bool,
    cells: Vec<u8>,
    ends: Vec<usize>,
    width: usize,
    /// The places of the columns to read, and what each is.
    columns: Vec<(usize, Column)>,
    number: u64,
    /// What is looked for: rows that cannot hold it are passed over.
    seek: Option<Seek>,
    /// Up to where the input at hand holds nothing that is looked for.
    nothing_until: usize,
    /// Memory to be used again.
    spare: Vec<(Vec<u8>, Vec<u32>)>,
}

/// What the reader found where a row should be.
enum Found {
    /// As many cells.
    Row(usize),
    Flaw(Flaw),
    End,
}

impl TableReader {
    /// Reads the header. `needed` columns have to be there, others are warned of.
    pub fn open(
        source: Source,
        shape: &Shape,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<TableReader, ReadError> {
        let delimiter = header::delimiter(source.head());
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let mut table = TableReader {
            source,
            core,
            delimiter,
            input: Vec::new(),
            at: 0,
            line: 1,
            row_line: 1,
            carriage: false,
            at_end: false,
            ended: false,
            cells: vec![0; 4096],
            ends: vec![0; 256],
            width: 0,
            columns: Vec::new(),
            number: 1,
            seek: None,
            nothing_until: 0,
            spare: Vec::new(),
        };
        match table.row()? {
            Found::End => {
                table.ended = true;
                return Ok(table);
            }
            Found::Flaw(flaw) => {
                return Err(ReadError::new(format!("the header cannot be read: {}", flaw.detail)));
            }
            Found::Row(width) => table.width = width,
        }
        let mut from = 0;
        let names: Vec<String> = table.ends[..table.width]
            .iter()
            .map(|end| {
                let name = String::from_utf8_lossy(table.cells.get(from..*end).unwrap_or_default());
                from = *end;
                text::trim(&name).to_owned()
            })
            .collect();
        table.columns = header::columns(&names, shape, needed, warnings)?;
        Ok(table)
    }

    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        if let Some(batch) = self.plain_lines()? {
            return Ok(Some(batch));
        }
        let mut rows = Rows { columns: self.columns.iter().map(|(_, column)| *column).collect(), ..Rows::default() };
        let number = self.number;
        while !self.ended && rows.bytes.len() < BLOCK && rows.rows.len() < MOST_ROWS {
            self.pass_over();
            if !self.blank_lines()? {
                self.ended = true;
                break;
            }
            if self.plain_row(&mut rows) {
                self.number += 1;
                continue;
            }
            let found = self.row()?;
            let line = self.row_line;
            let flaw = match found {
                Found::End => {
                    self.ended = true;
                    break;
                }
                Found::Flaw(flaw) => Some(flaw),
                Found::Row(width) if width != self.width => Some(wrong_width(width, self.width)),
                Found::Row(_) => {
                    for (place, _) in &self.columns {
                        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
                        let end = self.ends.get(*place).copied().unwrap_or(from);
                        rows.bytes.extend_from_slice(self.cells.get(from..end).unwrap_or_default());
                        rows.ends.push(rows.bytes.len());
                    }
                    None
                }
            };
            rows.rows.push(Row { line, flaw });
            self.number += 1;
        }
        let Some(line) = rows.rows.first().map(|row| row.line) else { return Ok(None) };
        Ok(Some(Batch { content: Content::Rows(rows), first: Position { line, number } }))
    }

    /// The lines of the input at hand as a batch, where all of them are plain rows.
    fn plain_lines(&mut self) -> Result<Option<Batch>, ReadError> {
        if self.seek.is_some() || self.carriage || self.ended || !self.whole_line()? {
            return Ok(None);
        }
        let rest = self.input.get(self.at..).unwrap_or_default();
        let Some(last) = memchr::memrchr(b'\n', rest) else { return Ok(None) };
        let mut lines = rest.get(..=last).unwrap_or_default();
        let mut count = memchr::memchr_iter(b'\n', lines).count();
        if count > MOST_ROWS
            && let Some(end) = memchr::memchr_iter(b'\n', lines).nth(MOST_ROWS - 1)
        {
            (lines, count) = (lines.get(..=end).unwrap_or_default(), MOST_ROWS);
        }
        let (mut spare, memory) = self.spare.pop().unwrap_or_default();
        let (delimiter, width) = (self.delimiter, self.width);
        let Some(plain::Found { ends, quoted }) = Lines::cells(lines, delimiter, width, count, memory) else {
            return Ok(None);
        };
        let first = Position { line: self.line, number: self.number };
        let (count, length) = (count as u64, lines.len());
        (self.line, self.number) = (self.line + count, self.number + count);
        let (memory, start) = if length >= rest.len() / 2 {
            // The lines keep the memory; what is behind them moves.
            let end = self.at + length;
            spare.extend_from_slice(self.input.get(end - 1..).unwrap_or_default());
            let mut memory = std::mem::replace(&mut self.input, spare);
            memory.truncate(end);
            let start = std::mem::replace(&mut self.at, 1);
            self.nothing_until = 0;
            (memory, start)
        } else {
            spare.extend_from_slice(lines);
            self.at += length;
            (spare, 0)
        };
        let columns = self.columns.clone();
        Ok(Some(Batch {
            content: Content::Plain(Lines { memory, start, delimiter, width, columns, ends, quoted }),
            first,
        }))
    }

    /// Reads on until the input at hand has the end of a line; false where it has none or is too long for one.
    fn whole_line(&mut self) -> Result<bool, ReadError> {
        self.fill()?;
        loop {
            let rest = self.input.get(self.at..).unwrap_or_default();
            if memchr::memchr(b'\n', rest).is_some() {
                return Ok(true);
            }
            if rest.is_empty() || rest.len() > MAX_RECORD || self.at_end {
                return Ok(false);
            }
            self.input.drain(..self.at);
            self.at = 0;
            self.nothing_until = 0;
            self.read()?;
        }
    }

    /// Takes the memory of a batch back.
    pub fn recycle(&mut self, lines: Lines) {
        let Lines { mut memory, ends, .. } = lines;
        memory.clear();
        self.spare.push((memory, ends));
    }

    /// From now on only rows that may hold what is looked for are given.
    pub fn sought(&mut self, seek: &Seek) {
        self.seek = Some(seek.clone());
    }

    /// Before a row: goes past whole lines that hold nothing that is looked for. Behind a quote a line's end may be no
    /// row's end, so that rows are read one by one up to the line behind it.
    fn pass_over(&mut self) {
        let Some(seek) = &self.seek else { return };
        let Some(rest) = self.input.get(self.at..).filter(|rest| !rest.is_empty()) else { return };
        if self.nothing_until <= self.at {
            let Some(first) = seek.first_in_table(rest) else {
                self.seek = None;
                return;
            };
            self.nothing_until = self.at + first;
        }
        let plain = rest.get(..self.nothing_until - self.at).unwrap_or_default();
        let plain = memchr::memchr(b'"', plain).and_then(|quote| plain.get(..quote)).unwrap_or(plain);
        if let Some(end) = memchr::memrchr(b'\n', plain) {
            self.line += memchr::memchr_iter(b'\n', &plain[..=end]).count() as u64;
            self.at += end + 1;
            self.carriage = false;
        }
    }

    /// More input, where all has been used. The last line gets the end that it may lack, so that a row that does not
    /// end with it is one whose quote is not closed.
    fn fill(&mut self) -> Result<(), ReadError> {
        if self.at < self.input.len() || self.at_end {
            return Ok(());
        }
        // The last byte stays: whether it ends a line counts at the end of all.
        let last = self.input.last().copied();
        self.input.clear();
        self.input.extend(last);
        self.at = self.input.len();
        self.nothing_until = 0;
        self.read()
    }

    /// Reads more onto the input.
    fn read(&mut self) -> Result<(), ReadError> {
        let last = self.input.last().copied();
        let packed = self.source.packed();
        let read = self.source.read(&mut self.input, BLOCK).map_err(|e| ReadError::io(&e, packed, self.line))?;
        if read == 0 {
            self.at_end = true;
            if last.is_some_and(|byte| byte != b'\n') {
                self.input.push(b'\n');
            }
        }
        Ok(())
    }

    /// Goes past blank lines, to a row's first byte; false at the end.
    fn blank_lines(&mut self) -> Result<bool, ReadError> {
        loop {
            self.fill()?;
            let Some(byte) = self.input.get(self.at).copied() else {
                return Ok(false);
            };
            if std::mem::take(&mut self.carriage) && byte != b'\n' {
                self.line += 1;
            }
            match byte {
                b'\n' => self.line += 1,
                b'\r' => self.carriage = true,
                _ => {
                    self.row_line = self.line;
                    return Ok(true);
                }
            }
            self.at += 1;
        }
    }

    /// Takes a row that lies whole in the input, has no quote in it and as many cells as the header; false, and nothing
    /// is taken, for all others. Most rows are such, and of them only the cells that are read are looked at twice.
    fn plain_row(&mut self, rows: &mut Rows) -> bool {
        let input = self.input.get(self.at..).unwrap_or_default();
        let (cells, marks) = (rows.bytes.len(), rows.ends.len());
        let mut columns = self.columns.iter().map(|(place, _)| *place).peekable();
        let (mut from, mut width, mut base) = (0, 0, 0);
        let length = 'row: loop {
            let Some(chunk) = input.get(base..).and_then(|rest| rest.first_chunk::<16>()) else { break None };
            let bytes = u8x16::new(*chunk);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let mut found = (is(self.delimiter) | is(b'\n') | is(b'\r') | is(b'"')).to_bitmask();
            while found != 0 {
                let at = base + found.trailing_zeros() as usize;
                found &= found - 1;
                let byte = input.get(at).copied().unwrap_or(b'"');
                if byte == b'"' || (byte == b'\r' && input.get(at + 1) != Some(&b'\n')) {
                    break 'row None;
                }
                if columns.next_if_eq(&width).is_some() {
                    rows.bytes.extend_from_slice(input.get(from..at).unwrap_or_default());
                    rows.ends.push(rows.bytes.len());
                }
                width += 1;
                from = at + 1;
                match byte {
                    b'\n' => break 'row Some(at + 1),
                    b'\r' => break 'row Some(at + 2),
                    _ => {}
                }
            }
            base += 16;
        };
        match length {
            Some(length) if width == self.width && length <= MAX_RECORD => {
                rows.rows.push(Row { line: self.row_line, flaw: None });
                self.at += length;
                self.line += 1;
                true
            }
            _ => {
                rows.bytes.truncate(cells);
                rows.ends.truncate(marks);
                false
            }
        }
    }

    /// Reads a row into `cells` and `ends`.
    fn row(&mut self) -> Result<Found, ReadError> {
        if !self.blank_lines()? {
            return Ok(Found::End);
        }
        let (mut length, mut width, mut taken, mut overlong) = (0, 0, 0, false);
        loop {
            self.fill()?;
            let input = self.input.get(self.at..).unwrap_or_default();
            if input.is_empty() {
                self.ended = true;
                let detail = "a quote is not closed: all that follows would be one cell".into();
                return Ok(Found::Flaw(Flaw { kind: RejectKind::Malformed, detail }));
            }
            let (cells, ends) = (&mut self.cells[length..], &mut self.ends[width..]);
            let (result, used, written, ended) = self.core.read_record(input, cells, ends);
            let used = input.get(..used).unwrap_or(input);
            self.line += memchr::memchr_iter(b'\n', used).count() as u64;
            self.at += used.len();
            length += written;
            width += ended;
            taken += used.len();
            // A byte more: the end of the line.
            if taken > MAX_RECORD + 1 {
                (overlong, length, width) = (true, 0, 0);
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if overlong => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if overlong => {}
                ReadRecordResult::OutputEndsFull if width > MAX_COLUMNS => (overlong, width) = (true, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    self.carriage = used.last() == Some(&b'\r');
                    return Ok(if overlong { Found::Flaw(too_long("row")) } else { Found::Row(width) });
                }
                ReadRecordResult::End => return Ok(Found::End),
            }
        }
    }
}

/// So many rows are a batch at most.
const MOST_ROWS: usize = 8192;
/// A row with more cells is too long.
const MAX_COLUMNS: usize = 100_000;

pub(super) fn wrong_width(width: usize, columns: usize) -> Flaw {
    let cells = if width == 1 { "1 cell".to_owned() } else { format!("{width} cells") };
    let detail = format!("the row has {cells}, the header {columns}").into();
    Flaw { kind: RejectKind::Malformed, detail }
}
