//! Texts that are remembered, and what the conditions on each came to.

use crate::base::{ends, is_plain};
use crate::model::Tri;
use std::hash::BuildHasher;

/// What all conditions on a subject came to for one text. Valid until [`super::Memo::tidy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row(pub(super) u32);

impl Row {
    /// Not looked up yet.
    pub const NONE: Row = Row(u32::MAX);
    /// The text is missing.
    pub(super) const MISSING: Row = Row(0);
    /// The text is in none of the lists that are all that is asked of it.
    pub(super) const ELSEWHERE: Row = Row(1);
}

/// At most so many texts of a subject are remembered at a time, and so many bytes of them.
const MOST_ROWS: usize = 1 << 16;
const MOST_BYTES: usize = 4 << 20;
/// Longer texts are not remembered.
pub(super) const LONGEST: usize = 256;
/// After so many lookups a subject whose texts hardly repeat is no longer looked up.
pub(super) const TRIAL: u32 = 4096;

#[derive(Debug)]
pub(super) struct Table {
    /// The rows that were looked for last, by what is quickly seen of their text.
    recent: Vec<Recent>,
    /// Rows by the hash of their text.
    index: hashbrown::HashTable<u32>,
    hasher: foldhash::fast::RandomState,
    /// Where each row's text ends in `texts`, and its hash. Row 0 is of the missing text, row 1 of what is in no list.
    rows: Vec<(usize, u64)>,
    texts: String,
    /// Two bits for each condition: false, true, unknown.
    pub(super) bits: Vec<u64>,
    pub(super) words: usize,
    /// So many rows last; those behind them are of texts that are not remembered, until [`Table::begin_block`].
    lasting: usize,
    dear: bool,
    /// Whether no more texts are remembered for blocks, for they hardly repeat.
    pub(super) closed: bool,
    pub(super) missing_known: bool,
    elsewhere_known: bool,
    pub(super) lookups: u32,
    pub(super) misses: u32,
    pub(super) off: bool,
    /// Where all conditions are lists: what may be in one.
    pub(super) listed: Option<Listed>,
    /// What each condition is of texts that are in no list.
    pub(super) elsewhere: Vec<Tri>,
}

/// What is quickly seen of the texts of some lists: of most others that they are in none.
#[derive(Debug)]
pub(super) struct Listed {
    bits: Vec<u64>,
    /// How far a mixed number is shifted to be a place.
    shift: u32,
}

impl Listed {
    /// Of texts as lists hold them; none where they are too many to be worth it.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<Listed> {
        let count = texts.clone().count();
        if count > 1 << 16 {
            return None;
        }
        // Sixteen bits a text.
        let places = (count * 16).next_power_of_two().max(64);
        let mut listed = Listed { bits: vec![0; places / 64], shift: 64 - places.trailing_zeros() };
        for text in texts {
            let place = listed.place(text);
            if let Some(word) = listed.bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        Some(listed)
    }

    #[inline(always)]
    fn place(&self, text: &str) -> usize {
        (mixed(ends(text.as_bytes()), text.len()) >> self.shift) as usize
    }

    /// Whether a text may be in a list. Lists hold lower case without white space around it; what may come to that in
    /// another way than by being it may be in one.
    #[inline(always)]
    fn may_hold(&self, text: &str) -> bool {
        let place = self.place(text);
        if self.bits.get(place / 64).is_none_or(|word| word >> (place % 64) & 1 == 1) {
            return true;
        }
        !is_plain(text.as_bytes())
    }
}

/// The ends of a text and its length as one number, whose upper bits differ most.
#[inline(always)]
fn mixed((head, tail): (u64, u64), length: usize) -> u64 {
    (head ^ tail.rotate_left(27)).wrapping_add(length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A row, and what is quickly seen of its text.
#[derive(Clone, Copy, Debug)]
struct Recent {
    ends: (u64, u64),
    length: u32,
    row: u32,
}

impl Recent {
    /// How many there are, a power of two.
    const COUNT: usize = 1 << 8;
    /// A text as long as no text is.
    const NONE: Recent = Recent { ends: (0, 0), length: u32::MAX, row: 0 };

    /// Where a text of these ends and this length is kept.
    #[inline(always)]
    fn place(ends: (u64, u64), length: usize) -> usize {
        (mixed(ends, length) >> (64 - Recent::COUNT.trailing_zeros())) as usize
    }
}

impl Table {
    /// For so many conditions; `dear` if working one out costs more than remembering its text.
    pub(super) fn new(conditions: usize, dear: bool) -> Table {
        let words = (conditions * 2).div_ceil(64);
        let mut table = Table {
            recent: Vec::new(),
            index: hashbrown::HashTable::new(),
            hasher: foldhash::fast::RandomState::default(),
            rows: Vec::new(),
            lasting: 0,
            dear,
            closed: false,
            texts: String::new(),
            bits: Vec::new(),
            words,
            missing_known: false,
            elsewhere_known: false,
            lookups: 0,
            misses: 0,
            off: false,
            listed: None,
            elsewhere: Vec::new(),
        };
        table.clear();
        table
    }

    pub(super) fn clear(&mut self) {
        self.recent.clear();
        self.recent.resize(Recent::COUNT, Recent::NONE);
        self.index.clear();
        self.rows.clear();
        self.rows.extend([(0, 0); 2]);
        self.lasting = 2;
        self.texts.clear();
        self.bits.clear();
        self.bits.resize(2 * self.words, 0);
        self.missing_known = false;
        self.elsewhere_known = false;
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= MOST_ROWS || self.texts.len() >= MOST_BYTES
    }

    fn text(&self, row: u32) -> &[u8] {
        let row = row as usize;
        let from = row.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |(end, _)| *end);
        let end = self.rows.get(row).map_or(from, |(end, _)| *end);
        self.texts.as_bytes().get(from..end).unwrap_or_default()
    }

    /// The row of a text if it is one of those that were looked for last.
    #[inline(always)]
    pub(super) fn find_recent(&mut self, text: &str) -> Option<Row> {
        let ends = ends(text.as_bytes());
        let recent = self.recent.get(Recent::place(ends, text.len()))?;
        let alike = recent.ends == ends && recent.length as usize == text.len();
        if !alike || (text.len() > 16 && self.text(recent.row) != text.as_bytes()) {
            return None;
        }
        self.lookups = self.lookups.saturating_add(1);
        Some(Row(recent.row))
    }

    /// Whether a text is in none of the lists that are all that is asked of it: its row is then [`Row::ELSEWHERE`].
    #[inline(always)]
    pub(super) fn is_elsewhere(&mut self, text: &str) -> bool {
        if self.listed.as_ref().is_none_or(|listed| listed.may_hold(text)) {
            return false;
        }
        if !std::mem::replace(&mut self.elsewhere_known, true) {
            let values = std::mem::take(&mut self.elsewhere);
            values.iter().enumerate().for_each(|(place, value)| self.set(Row::ELSEWHERE, place, *value));
            self.elsewhere = values;
        }
        true
    }

    pub(super) fn find(&mut self, text: &str) -> (u64, Option<Row>) {
        let hash = self.hasher.hash_one(text);
        let found = self.index.find(hash, |row| self.text(*row) == text.as_bytes()).copied();
        self.lookups = self.lookups.saturating_add(1);
        if let Some(row) = found {
            self.remember(text, row);
        }
        (hash, found.map(Row))
    }

    fn remember(&mut self, text: &str, row: u32) {
        let ends = ends(text.as_bytes());
        if let (Some(slot), Ok(length)) =
            (self.recent.get_mut(Recent::place(ends, text.len())), u32::try_from(text.len()))
        {
            *slot = Recent { ends, length, row };
        }
    }

    /// A new row for a text, all of whose bits are 0.
    pub(super) fn add(&mut self, text: &str, hash: u64) -> Row {
        let row = self.rows.len() as u32;
        self.texts.push_str(text);
        self.rows.push((self.texts.len(), hash));
        self.lasting = self.rows.len();
        self.bits.resize(self.rows.len() * self.words, 0);
        let rows = &self.rows;
        self.index.insert_unique(hash, row, |row| rows.get(*row as usize).map_or(0, |(_, hash)| *hash));
        self.remember(text, row);
        Row(row)
    }

    /// A new row whose text is not remembered.
    pub(super) fn add_passing(&mut self) -> Row {
        let row = self.rows.len() as u32;
        self.rows.push((self.texts.len(), 0));
        self.bits.resize(self.rows.len() * self.words, 0);
        Row(row)
    }

    /// Whether there are rows whose texts are not remembered: none that lasts can be added behind them.
    pub(super) fn has_passing(&self) -> bool {
        self.rows.len() > self.lasting
    }

    /// Drops the rows whose texts are not remembered, and closes the table where it does not pay to remember more: that
    /// changes between blocks only, for a block's rows have to stay as they are.
    pub(super) fn begin_block(&mut self) {
        self.rows.truncate(self.lasting);
        self.bits.truncate(self.lasting * self.words);
        let bearable = if self.dear { self.lookups / 4 * 3 } else { self.lookups / 8 };
        self.closed |= self.lookups >= TRIAL && self.misses > bearable;
    }

    pub(super) fn set(&mut self, row: Row, place: usize, value: Tri) {
        let bits = match value {
            Tri::False => 0,
            Tri::True => 1,
            Tri::Unknown => 2,
        };
        if let Some(word) = self.bits.get_mut(row.0 as usize * self.words + place / 32) {
            *word |= bits << (place % 32 * 2);
        }
    }

    #[inline(always)]
    pub(super) fn get(&self, row: Row, place: usize) -> Tri {
        let word = self.bits.get(row.0 as usize * self.words + place / 32).copied().unwrap_or(0);
        match word >> (place % 32 * 2) & 3 {
            0 => Tri::False,
            1 => Tri::True,
            _ => Tri::Unknown,
        }
    }
}
