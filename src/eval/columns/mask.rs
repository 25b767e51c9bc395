//! Bits, one a lead: what is true of some leads, in whole words.

use crate::model::{Tri, Value};
use bumpalo::Bump;

/// A bit a lead: bit `i % 64` of word `i / 64`. What stands behind the last lead means nothing.
pub type Mask<'a> = &'a [u64];

/// How many words so many leads need.
pub fn words(leads: usize) -> usize {
    leads.div_ceil(64)
}

/// A bit for each lead of which `is` is true.
#[inline(always)]
pub fn each<'a>(leads: usize, arena: &'a Bump, mut is: impl FnMut(usize) -> bool) -> Mask<'a> {
    arena.alloc_slice_fill_with(words(leads), |word| {
        let from = word * 64;
        let mut bits = 0;
        for lead in from..leads.min(from + 64) {
            bits |= u64::from(is(lead)) << (lead - from);
        }
        bits
    })
}

/// As [`each`], of a slice's entries: without a check of bounds for each.
#[inline(always)]
pub fn of<'a, T>(values: &[T], arena: &'a Bump, is: impl Fn(&T) -> bool) -> Mask<'a> {
    let mut chunks = values.chunks(64);
    arena.alloc_slice_fill_with(words(values.len()), |_| {
        let chunk = chunks.next().unwrap_or_default();
        chunk.iter().enumerate().fold(0, |bits, (place, value)| bits | u64::from(is(value)) << place)
    })
}

/// Whether the bit of a lead is set.
#[inline(always)]
pub fn bit(mask: Mask<'_>, lead: usize) -> bool {
    mask.get(lead / 64).is_some_and(|word| word >> (lead % 64) & 1 == 1)
}

/// How many bits of a mask are set, of so many leads.
pub fn count(mask: impl Iterator<Item = u64>, leads: usize) -> u64 {
    let of_word = |(word, bits): (usize, u64)| match leads.saturating_sub(word * 64) {
        left @ 0..64 => bits & ((1 << left) - 1),
        _ => bits,
    };
    mask.enumerate().map(|word| u64::from(of_word(word).count_ones())).sum()
}

/// The bits that are set in at least so many of the words.
pub fn at_least(words: impl Iterator<Item = u64>, least: usize) -> u64 {
    // A number for each bit, its digits in so many words.
    let mut digits = [0u64; 17];
    for word in words {
        let mut carry = word;
        for digit in &mut digits {
            (*digit, carry) = (*digit ^ carry, *digit & carry);
            if carry == 0 {
                break;
            }
        }
    }
    let (mut more, mut same) = (0, if least >> digits.len() == 0 { u64::MAX } else { 0 });
    for (place, digit) in digits.iter().enumerate().rev() {
        if least >> place & 1 == 1 {
            same &= digit;
        } else {
            more |= same & digit;
            same &= !digit;
        }
    }
    more | same
}

/// Word by word.
#[inline(always)]
pub fn join<'a>(a: Mask<'_>, b: Mask<'_>, arena: &'a Bump, with: impl Fn(u64, u64) -> u64) -> Mask<'a> {
    let mut pairs = a.iter().zip(b);
    arena.alloc_slice_fill_with(a.len().min(b.len()), |_| pairs.next().map_or(0, |(a, b)| with(*a, *b)))
}

/// Conditions of three values: the leads of which it is true, and of which it is false. No lead is in both.
#[derive(Clone, Copy, Debug)]
pub struct Tris<'a> {
    /// Of which it is true.
    pub yes: Mask<'a>,
    /// Of which it is false.
    pub no: Mask<'a>,
}

impl<'a> Tris<'a> {
    /// The same for all.
    pub fn all(value: Tri, leads: usize, arena: &'a Bump) -> Tris<'a> {
        let fill = |all: bool| &*arena.alloc_slice_fill_copy(words(leads), if all { u64::MAX } else { 0 });
        Tris { yes: fill(value == Tri::True), no: fill(value == Tri::False) }
    }

    /// Known for these leads, and then true where `yes` has a bit.
    pub fn known(yes: Mask<'_>, known: Mask<'_>, arena: &'a Bump) -> Tris<'a> {
        Tris {
            yes: join(yes, known, arena, |yes, known| yes & known),
            no: join(yes, known, arena, |yes, known| !yes & known),
        }
    }

    /// Never unknown.
    pub fn sure(yes: Mask<'a>, arena: &'a Bump) -> Tris<'a> {
        Tris { yes, no: join(yes, yes, arena, |yes, _| !yes) }
    }

    /// One a lead.
    pub fn each(leads: usize, arena: &'a Bump, mut of: impl FnMut(usize) -> Tri) -> Tris<'a> {
        let yes = arena.alloc_slice_fill_copy(words(leads), 0);
        let no = arena.alloc_slice_fill_copy(words(leads), 0);
        for lead in 0..leads {
            let mask = match of(lead) {
                Tri::True => &mut *yes,
                Tri::False => &mut *no,
                Tri::Unknown => continue,
            };
            if let Some(word) = mask.get_mut(lead / 64) {
                *word |= 1 << (lead % 64);
            }
        }
        Tris { yes, no }
    }

    /// The contrary.
    pub(super) fn not(self) -> Tris<'a> {
        Tris { yes: self.no, no: self.yes }
    }

    /// Both.
    pub(super) fn and(self, other: Tris<'a>, arena: &'a Bump) -> Tris<'a> {
        Tris { yes: join(self.yes, other.yes, arena, |a, b| a & b), no: join(self.no, other.no, arena, |a, b| a | b) }
    }

    /// Either.
    pub(super) fn or(self, other: Tris<'a>, arena: &'a Bump) -> Tris<'a> {
        self.not().and(other.not(), arena).not()
    }

    /// The leads of which it is known.
    pub fn is_known(self, arena: &'a Bump) -> Mask<'a> {
        join(self.yes, self.no, arena, |yes, no| yes | no)
    }

    /// Of a lead.
    #[inline(always)]
    pub fn get(self, lead: usize) -> Tri {
        match (bit(self.yes, lead), bit(self.no, lead)) {
            (true, _) => Tri::True,
            (_, true) => Tri::False,
            _ => Tri::Unknown,
        }
    }

    /// Of a lead, as a value.
    pub fn value(self, lead: usize) -> Value<'static> {
        self.get(lead).value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted() {
        let words = [u64::MAX, 0b1011, 0];
        for leads in [0, 1, 63, 64, 65, 66, 67, 128, 192] {
            let expected = (0..leads).filter(|lead| bit(&words, *lead)).count() as u64;
            assert_eq!(count(words.iter().copied(), leads), expected, "{leads}");
        }
    }

    #[test]
    fn bits_of_several_words_are_counted_together() {
        let mut state = 3u64;
        for many in [0, 1, 2, 3, 7, 8, 20, 70] {
            let words: Vec<u64> = (0..many)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    state ^ (state >> 29)
                })
                .collect();
            for least in (0..many + 3).chain([1 << 16, 1 << 17, usize::MAX]) {
                let found = at_least(words.iter().copied(), least);
                for bit in 0..64 {
                    let set = words.iter().filter(|word| **word >> bit & 1 == 1).count();
                    assert_eq!(found >> bit & 1 == 1, set >= least, "{many} {least}");
                }
            }
        }
    }

    const ALL: [Tri; 3] = [Tri::True, Tri::False, Tri::Unknown];

    #[test]
    fn three_values_are_those_of_one_lead() {
        let arena = Bump::new();
        // Each pair of values at many places, beyond one word.
        let (a, b) = (|lead: usize| ALL[lead % 3], |lead: usize| ALL[lead / 3 % 3]);
        for leads in [1, 63, 64, 65, 200] {
            let (x, y) = (Tris::each(leads, &arena, a), Tris::each(leads, &arena, b));
            for lead in 0..leads {
                assert_eq!(x.get(lead), a(lead));
                assert_eq!(x.not().get(lead), !a(lead));
                assert_eq!(x.and(y, &arena).get(lead), a(lead).and(b(lead)));
                assert_eq!(x.or(y, &arena).get(lead), a(lead).or(b(lead)));
                assert_eq!(bit(x.is_known(&arena), lead), a(lead) != Tri::Unknown);
            }
            for value in ALL {
                assert!((0..leads).all(|lead| Tris::all(value, leads, &arena).get(lead) == value));
            }
        }
    }
}
