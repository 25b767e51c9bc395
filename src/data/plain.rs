//! Rows of a table that are lines: no quotes are in them but around cells, so that every line feed parts rows.

use super::batch::Column;
use super::shape::{Place, Raws, Slots};
use crate::model::convert::Raw;
use bumpalo::Bump;
use wide::u8x16;

/// Whole lines of a table, none of them blank, without carriage returns, with quotes only around whole cells.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What the input held.
    pub memory: Vec<u8>,
    /// Where in it the lines begin; they end with it, each with its line feed.
    pub start: usize,
    pub delimiter: u8,
    /// How many cells a row has.
    pub width: usize,
    /// The columns to read, by their place, and what each is.
    pub columns: Vec<(usize, Column)>,
    /// Where each cell ends, row by row, where all rows have as many as the header; else empty.
    pub ends: Vec<u32>,
    /// Whether quotes are around some cells.
    pub quoted: bool,
}

/// The cells of lines.
pub(super) struct Found {
    /// Where they end; empty where the rows are not all as long as the header.
    pub ends: Vec<u32>,
    /// Whether quotes are around some.
    pub quoted: bool,
}

/// What is known of the byte before the next 64.
struct State {
    /// Whether it ends a line; at first it does, so that a line feed ends a blank one.
    ended: u64,
    /// Whether it ends a cell.
    parted: u64,
    /// All ones where it stands within quotes.
    inside: u64,
    /// Whether it is a quote that closes.
    closed: u64,
    /// Whether there has been a quote.
    quoted: bool,
}

impl State {
    /// The ends of cells among the next 64 bytes; none where there is a blank line, a carriage return, or a quote that is
    /// neither the first nor the last of its cell nor written twice within one.
    #[inline(always)]
    fn cells(&mut self, chunk: &[u8; 64], delimiter: u8) -> Option<u64> {
        let (mut lines, mut cells, mut returns, mut any) = (0, 0, u8x16::splat(0), u8x16::splat(0));
        let (parts, _) = chunk.as_chunks::<16>();
        for (part, bytes) in parts.iter().enumerate() {
            let bytes = u8x16::new(*bytes);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            returns |= is(b'\r');
            any |= is(b'"');
            lines |= u64::from(is(b'\n').to_bitmask()) << (part * 16);
            cells |= u64::from(is(delimiter).to_bitmask()) << (part * 16);
        }
        cells |= lines;
        if lines & (lines << 1 | self.ended) != 0 || returns.any() {
            return None;
        }
        if any.any() || self.inside != 0 || self.closed != 0 {
            let quotes = parts.iter().enumerate().fold(0, |quotes, (part, bytes)| {
                quotes | u64::from(u8x16::new(*bytes).simd_eq(u8x16::splat(b'"')).to_bitmask()) << (part * 16)
            });
            // From each opening quote to before the one that closes.
            let inside = [1, 2, 4, 8, 16, 32].iter().fold(quotes, |bits, by| bits ^ bits << by) ^ self.inside;
            cells &= !inside;
            let (opening, closing) = (quotes & inside, quotes & !inside);
            // A quote that closes and opens again at once is one that is written twice.
            let closed = closing << 1 | self.closed;
            let misplaced = opening & !(cells << 1 | self.parted | closed) | closed & !(cells | opening);
            if misplaced != 0 || lines & inside != 0 {
                return None;
            }
            // All ones or none, by the last bit.
            self.inside = (inside >> 63).wrapping_neg();
            self.closed = closing >> 63;
            self.quoted = true;
        }
        (self.ended, self.parted) = (lines >> 63, cells >> 63);
        Some(cells)
    }
}

/// Where a table's cells end.
#[derive(Debug, Default)]
struct Ends {
    places: Vec<u32>,
    count: usize,
}

impl Ends {
    /// Adds the places of the bits of 64 bytes.
    #[inline(always)]
    fn add(&mut self, base: usize, mut bits: u64) {
        if self.places.len() < self.count + 64 {
            self.places.resize((self.count + 64).max(self.places.len() * 2), 0);
        }
        let Some(free) = self.places.get_mut(self.count..).and_then(|free| free.first_chunk_mut::<64>()) else {
            return;
        };
        let added = bits.count_ones() as usize;
        let mut next = |place: usize| {
            // Always in bounds, so that none are checked.
            free[place & 63] = (base as u32).wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
        };
        // How many there are is as good as random: so many are written in one go, and what is too much is written over.
        (0..12).for_each(&mut next);
        if added > 12 {
            (12..20).for_each(&mut next);
        }
        if added > 20 {
            (20..added).for_each(&mut next);
        }
        self.count += added;
    }
}

impl Lines {
    /// The lines.
    pub fn bytes(&self) -> &[u8] {
        self.memory.get(self.start..).unwrap_or_default()
    }

    /// Whole lines of a table, of which there are `rows`, if they are such. `memory` is used for the ends of cells. Quotes
    /// may only be around whole cells, and stand in them where all rows have as many cells as the header.
    pub fn cells(lines: &[u8], delimiter: u8, width: usize, rows: usize, mut memory: Vec<u32>) -> Option<Found> {
        memory.clear();
        let mut ends = Ends { places: memory, count: 0 };
        let quoted = Lines::scan(lines, delimiter, &mut ends)?;
        let Ends { places: mut ends, count } = ends;
        ends.truncate(count);
        let whole = u32::try_from(lines.len()).is_ok() && rows.checked_mul(width) == Some(count);
        let mut rows = ends.chunks_exact(width.max(1)).filter_map(|row| row.last());
        if !whole || !rows.all(|end| lines.get(*end as usize) == Some(&b'\n')) {
            ends.clear();
            return (!quoted).then_some(Found { ends, quoted });
        }
        Some(Found { ends, quoted })
    }

    /// Finds the ends of all cells; whether quotes are around some. None where something else is in the lines.
    fn scan(lines: &[u8], delimiter: u8, ends: &mut Ends) -> Option<bool> {
        let mut state = State { ended: 1, parted: 1, inside: 0, closed: 0, quoted: false };
        let (chunks, rest) = lines.as_chunks::<64>();
        for (place, chunk) in chunks.iter().enumerate() {
            ends.add(place * 64, state.cells(chunk, delimiter)?);
        }
        let mut last = [b' '; 64];
        last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        ends.add(chunks.len() * 64, state.cells(&last, delimiter)?);
        Some(state.quoted)
    }

    /// What is in each column to read, by slot, and the column of the list of events.
    pub fn by_slot(&self, slots: usize) -> (Vec<Option<usize>>, Option<usize>) {
        let (mut by_slot, mut list) = (vec![None; slots], None);
        for (place, column) in &self.columns {
            match column {
                Column::Slot(slot) => by_slot.iter_mut().skip(*slot).take(1).for_each(|known| *known = Some(*place)),
                Column::List => list = Some(*place),
            }
        }
        (by_slot, list)
    }

    /// Goes over the row at a byte: where each cell to read begins and ends, and then where the row ends, with its line
    /// feed, and how many cells it has.
    #[inline(always)]
    pub fn row(&self, start: usize, mut cell: impl FnMut(Column, usize, usize)) -> (usize, usize) {
        let bytes = self.bytes();
        let mut wanted = self.columns.iter().peekable();
        let (mut from, mut width, mut base) = (start, 0, start);
        loop {
            let mut padded = [b'\n'; 16];
            let chunk = match bytes.get(base..).and_then(|rest| rest.first_chunk::<16>()) {
                Some(chunk) => chunk,
                None => {
                    let rest = bytes.get(base..).unwrap_or_default();
                    padded.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
                    &padded
                }
            };
            let chunk = u8x16::new(*chunk);
            let ends = chunk.simd_eq(u8x16::splat(b'\n')).to_bitmask();
            let mut parts = chunk.simd_eq(u8x16::splat(self.delimiter)).to_bitmask();
            let end = ends.trailing_zeros();
            if ends != 0 {
                parts &= (1 << end) - 1;
            }
            while parts != 0 {
                let Some((next, column)) = wanted.peek() else {
                    // Nothing more is read: the cells are counted only.
                    width += parts.count_ones() as usize;
                    break;
                };
                let at = base + parts.trailing_zeros() as usize;
                parts &= parts - 1;
                if *next == width {
                    cell(*column, from, at);
                    wanted.next();
                }
                width += 1;
                from = at + 1;
            }
            if ends != 0 {
                let at = base + end as usize;
                if let Some((next, column)) = wanted.peek()
                    && *next == width
                {
                    cell(*column, from, at);
                }
                return (at + 1, width + 1);
            }
            base += 16;
        }
    }
}

/// A row whose cells are known: each is looked at when it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a, 'w> {
    pub bytes: &'a [u8],
    /// The bytes as text, if all of them are.
    pub text: Option<&'a str>,
    /// Where the row begins, and where its cells end.
    pub start: usize,
    pub ends: &'a [u32],
    /// Whether quotes may be around it.
    pub quoted: bool,
    /// By slot, its column.
    pub by_slot: &'w [Option<usize>],
    /// Where cells go in which quotes are written twice.
    pub bump: &'a Bump,
}

impl<'a> Cells<'a, '_> {
    /// What stands in a column.
    #[inline(always)]
    pub fn cell(&self, column: usize) -> Raw<'a> {
        let mut from = match column.checked_sub(1) {
            Some(before) => self.ends.get(before).map_or(0, |end| *end as usize + 1),
            None => self.start,
        };
        let mut to = self.ends.get(column).map_or(from, |end| *end as usize);
        if self.quoted && self.bytes.get(from) == Some(&b'"') {
            (from, to) = (from + 1, to.saturating_sub(1));
            let inner = self.bytes.get(from..to).unwrap_or_default();
            if memchr::memchr(b'"', inner).is_some() {
                return match std::str::from_utf8(inner) {
                    Ok(text) => Raw::Text(self.bump.alloc_str(&text.replace("\"\"", "\""))),
                    Err(_) => Raw::NotUtf8,
                };
            }
        }
        match self.text {
            Some(_) if from >= to => Raw::Null,
            Some(text) => text.get(from..to).map_or(Raw::NotUtf8, Raw::Text),
            None => match std::str::from_utf8(self.bytes.get(from..to).unwrap_or_default()) {
                Ok("") => Raw::Null,
                Ok(text) => Raw::Text(text),
                Err(_) => Raw::NotUtf8,
            },
        }
    }

    /// Fills the slots of the row.
    pub fn fill(&self, slots: &mut Slots<'a>) {
        for (slot, column) in self.by_slot.iter().enumerate() {
            if let Some(column) = column {
                slots.set(slot, self.cell(*column));
            }
        }
    }
}

impl<'a> Raws<'a> for Cells<'a, '_> {
    #[inline(always)]
    fn raw(&self, place: Place) -> Raw<'a> {
        // A table holds all under whole names.
        match self.by_slot.get(place.slots().0) {
            Some(Some(column)) => self.cell(*column),
            _ => Raw::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        #[test]
        fn cells_are_those_of_the_csv_crate(
            text in prop_oneof![
                "([a,]{0,20}[\n\"\r]?){0,6}\n",
                "([a-d]{0,9},[a-d]{0,30},[a-d]{0,40}\n){1,9}",
                "((\"[a,]{0,30}\"|[a-c]{0,40}),(\"[,a]{0,60}\"|[a]{0,4}),(\"[,b]{0,60}\"|é{0,9})\n){1,5}",
                "((\"[a,]{0,30}\"|[a-c]{0,40}),(\"[,a\n]{0,60}\"|[a\"]{0,4}),(\"[,b]{0,60}\"|é{0,9})\n){1,3}",
                "((\"(,|a|\"\"|é){0,40}\"|[a-c]{0,40}),(\"(\"\"|,){0,60}\"|a),(\"(b|\"\"){0,60}\"|b)\n){1,4}",
                "[a\",]{1,9},[a\",]{1,9},[a\",]{1,9}\n",
            ],
        ) {
            let rows = text.bytes().filter(|byte| *byte == b'\n').count();
            let found = Lines::cells(text.as_bytes(), b',', 3, rows, vec![7; 5]);
            let odd = text.contains(['"', '\r']) || text.starts_with('\n') || text.contains("\n\n");
            prop_assert!(found.is_some() || odd, "{:?}", text);
            let Some(Found { ends, quoted }) = found else { return Ok(()) };
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.map_or_else(|_| Vec::new(), |row| row.iter().map(str::to_owned).collect()))
                .collect();
            let whole = expected.iter().all(|row| row.len() == 3) && expected.len() == rows;
            prop_assert_eq!(whole, !ends.is_empty(), "{:?}", text);
            let (bump, mut start) = (Bump::new(), 0);
            for (ends, row) in ends.chunks(3).zip(&expected) {
                let cells = Cells { bytes: text.as_bytes(), text: Some(&text), start, ends, quoted, by_slot: &[], bump: &bump };
                for (column, cell) in row.iter().enumerate() {
                    let raw = if cell.is_empty() { Raw::Null } else { Raw::Text(cell) };
                    prop_assert_eq!(cells.cell(column), raw, "{:?}", text);
                }
                start = ends[2] as usize + 1;
            }
        }

        #[test]
        fn rows_are_cut_as_lines_are_split(
            rows in prop::collection::vec(prop::collection::vec("[a-zé;]{0,20}", 1..9), 1..6),
            picked in prop::collection::btree_set(0usize..9, 0..5),
        ) {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            let columns = picked.iter().map(|place| (*place, Column::Slot(*place))).collect();
            let lines = Lines { memory: text.clone().into_bytes(), start: 0, delimiter: b',', width: 0, columns, ends: Vec::new(), quoted: false };
            let mut from = 0;
            for (row, line) in rows.iter().zip(text.lines()) {
                let mut cells = Vec::new();
                let (end, width) = lines.row(from, |column, from, to| cells.push((column, from, to)));
                prop_assert_eq!(&text[from..end - 1], line);
                prop_assert_eq!(width, row.len());
                let found: Vec<(usize, &str)> = cells
                    .iter()
                    .map(|(column, from, to)| match column {
                        Column::Slot(slot) => (*slot, &text[*from..*to]),
                        Column::List => (usize::MAX, ""),
                    })
                    .collect();
                let expected: Vec<(usize, &str)> =
                    picked.iter().filter_map(|place| Some((*place, row.get(*place)?.as_str()))).collect();
                prop_assert_eq!(found, expected);
                from = end;
            }
            prop_assert_eq!(from, text.len());
        }
    }
}
