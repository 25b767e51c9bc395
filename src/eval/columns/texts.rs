//! Conditions on texts: a row of the memory a lead, and of it two bits a condition.

use super::Column;
use super::mask::{self, Tris};
use super::sheet::Sheet;
use crate::check::hir::Expr;
use crate::eval::Row;
use crate::model::Tri;

/// What is remembered of a subject's texts.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// By lead.
    rows: &'a [Row],
    /// Whether some text is not remembered.
    gaps: bool,
    /// The first word of each row, turned round: for each 64 leads, 64 words that hold a bit a lead. Most subjects have no
    /// more.
    turned: &'a [u64],
}

impl<'a> Sheet<'a, '_> {
    /// What a condition that is remembered by its text came to; none where it is not.
    pub fn remembered(&mut self, condition: &'a Expr) -> Option<Tris<'a>> {
        let (number, place) = self.evaluator.subjects.place(condition)?;
        if !self.evaluator.subjects.is_of_lead(number) {
            return None;
        }
        let texts = self.texts(number)?;
        let turned = match place / 32 {
            0 => texts.turned,
            word => self.turned(number, texts.rows, word),
        };
        let bits = |bit: usize| {
            let words = turned.chunks_exact(64).map(|block| block.get(bit).copied().unwrap_or(0));
            &*self.arena.alloc_slice_fill_iter(words)
        };
        let (yes, unknown) = (bits(place % 32 * 2), bits(place % 32 * 2 + 1));
        let tris = Tris { yes, no: mask::join(yes, unknown, self.arena, |yes, unknown| !(yes | unknown)) };
        if !texts.gaps {
            return Some(tris);
        }
        let values = self.arena.alloc_slice_fill_with(self.len(), |lead| tris.get(lead));
        self.one_by_one(|run, lead| {
            if texts.rows.get(lead) == Some(&Row::NONE)
                && let Some(value) = values.get_mut(lead)
            {
                // Not looked up once more.
                let filling = std::mem::replace(&mut run.filling, true);
                *value = run.condition(condition);
                run.filling = filling;
            }
        });
        Some(Tris::each(values.len(), self.arena, |lead| values.get(lead).copied().unwrap_or(Tri::Unknown)))
    }

    fn texts(&mut self, number: usize) -> Option<Texts<'a>> {
        if let Some(known) = self.texts.get(number)? {
            return Some(*known);
        }
        let rows = self.rows(number);
        let texts = Texts { rows, gaps: rows.contains(&Row::NONE), turned: self.turned(number, rows, 0) };
        if let Some(slot) = self.texts.get_mut(number) {
            *slot = Some(texts);
        }
        Some(texts)
    }

    /// A word of each row, turned round.
    fn turned(&self, number: usize, rows: &[Row], word: usize) -> &'a [u64] {
        let words = self.memo.words(number, rows, word, self.arena);
        let turned = self.arena.alloc_slice_fill_copy(mask::words(rows.len()) * 64, 0);
        turned.iter_mut().zip(words).for_each(|(to, word)| *to = *word);
        turned.as_chunks_mut::<64>().0.iter_mut().for_each(turn);
        turned
    }

    /// The row of each lead's text.
    fn rows(&mut self, number: usize) -> &'a [Row] {
        let known = self.evaluator.subjects.field(number).map(|field| self.column(field));
        if let Some(Column::Codes { codes, rows, .. }) = known
            && codes.len() == self.len()
            && let Some((_, rows)) = rows.iter().find(|(subject, _)| subject.number() == number)
        {
            let row = |code: &u32| rows.get(*code as usize).copied().unwrap_or(Row::NONE);
            return self.arena.alloc_slice_fill_iter(codes.iter().map(row));
        }
        self.look_up(number)
    }
}

/// Makes bit `i` of word `j` what was bit `j` of word `i`.
fn turn(words: &mut [u64; 64]) {
    let (mut width, mut mask) = (32, u64::from(u32::MAX));
    while width > 0 {
        for pair in words.chunks_exact_mut(width * 2) {
            let (low, high) = pair.split_at_mut(width);
            for (low, high) in low.iter_mut().zip(high) {
                let change = ((*low >> width) ^ *high) & mask;
                *low ^= change << width;
                *high ^= change;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_turned_round() {
        let mut state = 1u64;
        let words: [u64; 64] = std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ (state >> 29)
        });
        let mut turned = words;
        turn(&mut turned);
        for (i, word) in words.iter().enumerate() {
            for (j, other) in turned.iter().enumerate() {
                assert_eq!(word >> j & 1, other >> i & 1, "{i} {j}");
            }
        }
    }
}
