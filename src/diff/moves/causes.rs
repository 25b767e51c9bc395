//! What made leads move: each change is put back alone, and a lead that then stays was moved by it.

use super::super::pairs::Pair;
use super::places::{Place, band, cell, personas, route, stage};
use super::sides::{Memory, Sides, outcomes_of};
use super::tally::Tally;
use crate::check::hir::{FitId, Program};
use crate::eval::Outcome;
use crate::model::Lead;
use bumpalo::Bump;

/// A lead that both policies decide.
pub(super) struct Both<'o, 'a> {
    pub(super) was: &'o Outcome<'a>,
    pub(super) lead: &'a Lead<'a>,
}

impl Sides<'_> {
    /// Looks for what made leads move, as many as are still to be looked at. The leads are as variants read them.
    pub(super) fn look<'a>(&'a self, moved: &[Both<'_, 'a>], memory: &mut Memory, arena: &'a Bump, tally: &mut Tally) {
        let left = tally.left.get_or_insert(super::tally::LOOKS);
        let moved = moved.get(..*left).unwrap_or(moved);
        *left -= moved.len();
        if moved.is_empty() {
            return;
        }
        tally.looked_at += moved.len() as u64;
        let leads = &*arena.alloc_slice_fill_iter(moved.iter().map(|moved| *moved.lead));
        let mut alone = vec![false; moved.len()];
        let variants = self.variants.iter().zip(&self.of.variants).zip(&mut memory.variants);
        for ((variant, (change, program, lens)), memo) in variants {
            let outcomes = outcomes_of(lens, variant, leads.iter(), memo, arena);
            for ((moved, outcome), alone) in moved.iter().zip(outcomes).zip(&mut alone) {
                // Pieces have their places of the new policy, unless the change took or gave one.
                if self.stays(moved.was, program, outcome) {
                    *alone = true;
                    *tally.causes.entry(*change).or_default() += 1;
                }
            }
        }
        tally.together += alone.iter().filter(|alone| !**alone).count() as u64;
    }

    /// Whether a variant decides as the old policy does.
    fn stays(&self, was: &Outcome<'_>, program: &Program, is: &Outcome<'_>) -> bool {
        let old = self.of.old;
        let (a, b) = (Place::of(old, was), Place::of(program, is));
        if stage(old, a) != stage(program, b) || route(old, a) != route(program, b) {
            return false;
        }
        let (new, pairs) = (self.of.new, &self.of.pairs);
        let verdict = |outcome: &Outcome<'_>, place: usize| outcome.fit(FitId(place as u16)).verdict;
        let bands = |a, b| band(old, was, a) == band(program, is, b);
        let cells = |a, b| cell(old, was, a) == cell(program, is, b);
        let fits = |a, b| verdict(was, a) == verdict(is, b);
        all(&pairs.bands, (&new.bands, &program.bands), |bands| &bands.name, bands)
            && all(&pairs.matrices, (&new.matrices, &program.matrices), |matrix| &matrix.name, cells)
            && all(&pairs.fits, (&new.fits, &program.fits), |fit| &fit.name, fits)
            && personas(old, was) == personas(program, is)
    }
}

/// Whether all pieces that both policies have, and a variant by its new name, are the same.
fn all<T>(
    pairs: &[Pair],
    (new, variant): (&[T], &[T]),
    name: impl Fn(&T) -> &str,
    same: impl Fn(usize, usize) -> bool,
) -> bool {
    pairs.iter().filter_map(|pair| pair.both()).all(|(a, b)| {
        let wanted = new.get(b).map(&name);
        variant.iter().position(|piece| Some(name(piece)) == wanted).is_none_or(|place| same(a, place))
    })
}
