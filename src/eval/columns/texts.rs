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
    /// The first word of each row: most subjects have no more.
    words: &'a [u64],
}

impl<'a> Sheet<'a, '_> {
    /// What a condition that is remembered by its text came to; none where it is not.
    pub fn remembered(&mut self, condition: &'a Expr) -> Option<Tris<'a>> {
        let (number, place) = self.evaluator.subjects.place(condition)?;
        if !self.evaluator.subjects.is_of_lead(number) {
            return None;
        }
        let texts = self.texts(number)?;
        let (word, shift) = (place / 32, place % 32 * 2);
        let words = match word {
            0 => texts.words,
            _ => self.memo.words(number, texts.rows, word, self.arena),
        };
        let yes = mask::of(words, self.arena, |word| word >> shift & 1 == 1);
        let unknown = mask::of(words, self.arena, |word| word >> shift & 2 == 2);
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
        let words = self.memo.words(number, rows, 0, self.arena);
        let texts = Texts { rows, gaps: rows.contains(&Row::NONE), words };
        if let Some(slot) = self.texts.get_mut(number) {
            *slot = Some(texts);
        }
        Some(texts)
    }

    /// The row of each lead's text.
    fn rows(&mut self, number: usize) -> &'a [Row] {
        let known = self.evaluator.subjects.field(number).map(|field| self.column(field));
        if let Some(Column::Codes { codes, rows }) = known
            && codes.len() == self.len()
            && let Some((_, rows)) = rows.iter().find(|(subject, _)| subject.number() == number)
        {
            let row = |code: &u32| rows.get(*code as usize).copied().unwrap_or(Row::NONE);
            return self.arena.alloc_slice_fill_iter(codes.iter().map(row));
        }
        self.look_up(number)
    }
}
