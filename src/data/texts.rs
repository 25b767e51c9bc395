//! Texts, each once.

use crate::base::same;
use std::hash::BuildHasher;

/// Texts, each once.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
    /// Numbers of texts plus one by hash; 0 is free. A power of two, at most half full.
    table: Vec<u32>,
    /// The text that was added last: most often it comes again.
    recent: u32,
}

impl Texts {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// About how many bytes they take.
    pub fn size(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>() + self.table.capacity() * size_of::<u32>()
    }

    /// Makes room for about as many as another holds.
    pub fn make_room(&mut self, other: &Texts) {
        self.text.reserve(other.text.len() + other.text.len() / 8);
        self.ends.reserve(other.ends.len() + other.ends.len() / 8);
        if self.ends.is_empty() {
            self.table = vec![0; other.table.len()];
        }
    }

    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let from = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(from);
        self.text.get(from..end).unwrap_or("")
    }

    /// The hash of a text, the same for all tables.
    pub fn hash(text: &str) -> u64 {
        foldhash::fast::FixedState::default().hash_one(text)
    }

    /// Where in the table a text is, or would be.
    fn place(&self, text: &str, hash: u64) -> usize {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some(number) = self.table.get(at).and_then(|number| number.checked_sub(1)) {
            if same(self.get(number).as_bytes(), text.as_bytes()) {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    pub fn find(&self, text: &str) -> Option<u32> {
        self.find_hashed(text, Texts::hash(text))
    }

    /// As [`Texts::find`], where the hash is known.
    pub fn find_hashed(&self, text: &str, hash: u64) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        self.table.get(self.place(text, hash))?.checked_sub(1)
    }

    pub fn add(&mut self, text: &str) -> u32 {
        if !self.ends.is_empty() && same(self.get(self.recent).as_bytes(), text.as_bytes()) {
            return self.recent;
        }
        if self.table.len() < (self.ends.len() + 1) * 2 {
            self.grow();
        }
        let place = self.place(text, Texts::hash(text));
        let number = self.table[place].checked_sub(1).unwrap_or_else(|| {
            self.text.push_str(text);
            self.ends.push(self.text.len());
            let number = self.ends.len() as u32 - 1;
            self.table[place] = number + 1;
            number
        });
        self.recent = number;
        number
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(64)];
        for number in 0..self.ends.len() as u32 {
            let text = self.get(number);
            let place = self.place(text, Texts::hash(text));
            self.table[place] = number + 1;
        }
    }
}
