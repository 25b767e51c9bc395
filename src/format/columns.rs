//! Columns: which cells of neighbouring rows begin at one place, and how many blanks that takes.

use super::layout::{INDENT, Piece, WIDTH, flat};

/// How much longer than others a name or a label may be before it stands apart.
pub(super) const APART: usize = 24;

/// A cell of a row: what is followed by blanks that may grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// How wide it is; none when it takes more than one line.
    pub width: Option<usize>,
    /// The piece behind it that takes the blanks.
    pub blanks: usize,
    /// The column that it belongs to.
    pub column: usize,
    /// How many blanks stand behind the longest one.
    pub gap: usize,
    /// One that is so many columns longer than the next shorter one stands apart: it pushes nobody.
    pub apart: usize,
}

/// A row of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Its cells, from the left.
    pub cells: Vec<Cell>,
    /// How wide is what stands behind the last cell; none when that takes more than one line.
    pub rest: Option<usize>,
    /// It takes no part in this column and those behind it, and parts the rows before it from those behind it there.
    pub barrier: Option<usize>,
}

impl Row {
    /// A row that parts those before it from those behind it.
    pub fn apart() -> Row {
        Row { barrier: Some(0), ..Row::default() }
    }
}

/// Gives the rows of a block, `depth` blocks deep, the blanks that align them.
pub(super) fn align(pieces: &mut [Piece<'_>], rows: &[Row], depth: usize) {
    let columns = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column + 1).max().unwrap_or(0);
    let room = WIDTH.saturating_sub(depth * INDENT);
    for column in 0..columns {
        for run in rows.split(|row| row.barrier.is_some_and(|barrier| barrier <= column)) {
            align_run(pieces, run, column, room);
        }
    }
}

/// A cell on its way: where it ends, and how much has to follow it on its line.
struct Place {
    end: usize,
    behind: usize,
    cell: Cell,
    /// Whether the content of its row may stand below.
    below: bool,
}

fn align_run(pieces: &mut [Piece<'_>], rows: &[Row], column: usize, room: usize) {
    let mut places: Vec<Place> = rows.iter().filter_map(|row| place(pieces, row, column, room)).collect();
    places.sort_by_key(|place| place.end);
    let mut rest = places.as_slice();
    while !rest.is_empty() {
        let apart = rest.windows(2).position(|pair| match pair {
            [one, next] => next.end - one.end > next.cell.apart,
            _ => false,
        });
        let (cluster, others) = rest.split_at(apart.map_or(rest.len(), |at| at + 1));
        rest = others;
        align_cluster(pieces, cluster, room);
    }
}

fn align_cluster(pieces: &mut [Piece<'_>], mut cluster: &[Place], room: usize) {
    while let Some(longest) = cluster.last() {
        let end = longest.end;
        let too_wide = cluster.iter().filter(|place| end + place.cell.gap + place.behind > room);
        // A few rows may give way to the column of the others: their content then stands below. Where there are more, the
        // longest cells stand out, as if they had no neighbours.
        let (mut count, mut may_break) = (0, true);
        for place in too_wide {
            count += 1;
            may_break &= place.below;
        }
        if count == 0 || may_break && count * 3 <= cluster.len() {
            for place in cluster {
                set(pieces, place.cell.blanks, end - place.end + place.cell.gap);
            }
            return;
        }
        let shorter = cluster.iter().take_while(|place| place.end < end).count();
        cluster = cluster.get(..shorter).unwrap_or_default();
    }
}

/// Where the cell of a column ends, blanks of earlier columns counted; none when it takes no part.
fn place(pieces: &[Piece<'_>], row: &Row, column: usize, room: usize) -> Option<Place> {
    let mut end = 0;
    let mut cells = row.cells.iter();
    let cell = loop {
        let cell = cells.next()?;
        end += cell.width?;
        if cell.column == column {
            break *cell;
        }
        end += blanks(pieces, cell.blanks);
    };
    let last = row.cells.last()?;
    let below = matches!(pieces.get(last.blanks), Some(Piece::Line(_)));
    let filled = matches!(pieces.get(cell.blanks), Some(Piece::Fill(_)));
    let next = cells.as_slice().first().map_or(row.rest, |next| next.width);
    // What stands behind this cell's blanks.
    let mut behind = 0;
    for next in cells {
        behind += next.width? + next.gap;
    }
    match row.rest.map(|rest| behind + rest) {
        Some(whole) if end + cell.gap + whole <= room => behind = whole,
        // The row breaks: what breaks behind its last cell has nothing there to align.
        _ if below && last.column == cell.column => return None,
        _ if below => behind = behind.saturating_sub(last.gap),
        // It breaks behind the next cell at the earliest, or in the midst of something.
        _ => behind = next.filter(|next| filled && end + cell.gap + next <= room).unwrap_or(0),
    }
    Some(Place { end, behind, cell, below })
}

fn blanks(pieces: &[Piece<'_>], at: usize) -> usize {
    pieces.get(at..=at).and_then(flat).unwrap_or(0)
}

fn set(pieces: &mut [Piece<'_>], at: usize, count: usize) {
    if let Some(Piece::Blanks(blanks) | Piece::Line(blanks) | Piece::Fill(blanks)) = pieces.get_mut(at) {
        *blanks = count;
    }
}
