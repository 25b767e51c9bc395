//! Rows of a table that are lines: no quote is in them, so that every delimiter parts cells and every line feed rows.

use super::batch::Column;
use wide::u8x16;

/// Whole lines of a table, none of them blank, without quotes and carriage returns.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The lines, each with its line feed.
    pub bytes: Vec<u8>,
    pub delimiter: u8,
    /// How many cells a row has.
    pub width: usize,
    /// The columns to read, by their place, and what each is.
    pub columns: Vec<(usize, Column)>,
}

impl Lines {
    /// Whether whole lines of a table are such.
    pub fn are_plain(lines: &[u8]) -> bool {
        let (chunks, rest) = lines.as_chunks::<16>();
        // Whether the line before has just ended: at first there is none, and a line feed ends a blank one.
        let mut ended = 1;
        let mut plain = |chunk: &[u8; 16]| {
            let bytes = u8x16::new(*chunk);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let ends = is(b'\n').to_bitmask();
            let blank = ends & (ends << 1 | ended);
            ended = ends >> 15 & 1;
            blank == 0 && !(is(b'"') | is(b'\r')).any()
        };
        let mut last = [b' '; 16];
        last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        chunks.iter().all(&mut plain) && plain(&last)
    }

    /// Goes over the row at a byte: where each cell to read begins and ends, and then where the row ends, with its line
    /// feed, and how many cells it has.
    #[inline(always)]
    pub fn row(&self, start: usize, mut cell: impl FnMut(Column, usize, usize)) -> (usize, usize) {
        let mut wanted = self.columns.iter().peekable();
        let (mut from, mut width, mut base) = (start, 0, start);
        loop {
            let mut padded = [b'\n'; 16];
            let chunk = match self.bytes.get(base..).and_then(|rest| rest.first_chunk::<16>()) {
                Some(chunk) => chunk,
                None => {
                    let rest = self.bytes.get(base..).unwrap_or_default();
                    padded.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
                    &padded
                }
            };
            let bytes = u8x16::new(*chunk);
            let ends = bytes.simd_eq(u8x16::splat(b'\n')).to_bitmask();
            let mut parts = bytes.simd_eq(u8x16::splat(self.delimiter)).to_bitmask();
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_plain_without_quotes_and_blank_ones(text in "([a,]{0,20}[\n\"\r]?){0,6}\n") {
            let odd = text.contains(['"', '\r']) || text.starts_with('\n') || text.contains("\n\n");
            prop_assert_eq!(Lines::are_plain(text.as_bytes()), !odd, "{:?}", text);
        }

        #[test]
        fn rows_are_cut_as_lines_are_split(
            rows in prop::collection::vec(prop::collection::vec("[a-zé;]{0,20}", 1..9), 1..6),
            picked in prop::collection::btree_set(0usize..9, 0..5),
        ) {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            let columns = picked.iter().map(|place| (*place, Column::Slot(*place))).collect();
            let lines = Lines { bytes: text.clone().into_bytes(), delimiter: b',', width: 0, columns };
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
