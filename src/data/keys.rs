//! A table of names that finds one by its bytes in a few instructions.

use crate::base::ends;

/// Names, found by their bytes. Of equal names the first counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    names: Vec<Name>,
    /// Places in `names` plus one by hash; 0 is free. A power of two, at most a quarter full.
    table: Vec<u16>,
    multiplier: u64,
    shift: u32,
}

#[derive(Clone, Debug)]
struct Name {
    head: u64,
    tail: u64,
    text: Box<[u8]>,
}

/// Odd numbers to try until no two names share a place.
pub(super) const MULTIPLIERS: [u64; 8] = [
    0x9e37_79b9_7f4a_7c15,
    0xbf58_476d_1ce4_e5b9,
    0x94d0_49bb_1331_11eb,
    0xd6e8_feb8_6659_fd93,
    0xff51_afd7_ed55_8ccd,
    0xc4ce_b9fe_1a85_ec53,
    0xa076_1d64_78bd_642f,
    0xe703_7ed1_a0b4_28db,
];

impl Keys {
    /// The table of these names; a name's place in the list is what [`Keys::find`] gives.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Keys {
        let names: Vec<Name> = names
            .into_iter()
            .take(usize::from(u16::MAX) - 1)
            .map(|name| {
                let (head, tail) = ends(name.as_bytes());
                Name { head, tail, text: name.as_bytes().into() }
            })
            .collect();
        if names.is_empty() {
            return Keys::default();
        }
        let size = (names.len() * 4).next_power_of_two().max(8);
        let mut keys = Keys { names, table: vec![0; size], multiplier: 0, shift: 64 - size.trailing_zeros() };
        let mut best = (usize::MAX, MULTIPLIERS[0]);
        for multiplier in MULTIPLIERS {
            keys.multiplier = multiplier;
            best = best.min((keys.fill(), multiplier));
        }
        keys.multiplier = best.1;
        keys.fill();
        keys
    }

    /// Fills the table; the number of names that are not at their first place.
    fn fill(&mut self) -> usize {
        self.table.fill(0);
        let mut displaced = 0;
        for (place, name) in self.names.iter().enumerate() {
            let mut at = self.hash(name.head, name.tail, name.text.len());
            while self.table[at] != 0 {
                displaced += 1;
                at = (at + 1) & (self.table.len() - 1);
            }
            self.table[at] = place as u16 + 1;
        }
        displaced
    }

    #[inline(always)]
    fn hash(&self, head: u64, tail: u64, length: usize) -> usize {
        let mixed = head ^ tail.rotate_left(29) ^ (length as u64) << 56;
        (mixed.wrapping_mul(self.multiplier) >> self.shift) as usize
    }

    /// The place of a name.
    #[inline(always)]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let (head, tail) = ends(name);
        let mut at = self.hash(head, tail, name.len());
        loop {
            // An empty table has no place at all.
            let place = usize::from(*self.table.get(at)?).checked_sub(1)?;
            let known = self.names.get(place)?;
            if known.head == head
                && known.tail == tail
                && known.text.len() == name.len()
                && (name.len() <= 16 || *known.text == *name)
            {
                return Some(place);
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_name_and_no_other() {
        let names: Vec<String> = (0..700).map(|n| "x".repeat(n % 40) + &n.to_string()).collect();
        let keys = Keys::new(names.iter().map(String::as_str));
        for (place, name) in names.iter().enumerate() {
            assert_eq!(keys.find(name.as_bytes()), Some(place), "{name}");
            assert_eq!(keys.find(format!("{name}y").as_bytes()), None);
        }
        assert_eq!(keys.find(b""), None);
        assert_eq!(Keys::default().find(b"a"), None);
        assert_eq!(Keys::new(["", "a"]).find(b""), Some(0));
        assert_eq!(Keys::new(["", "a"]).find(b"\0"), None);
    }

    #[test]
    fn of_equal_names_the_first_counts() {
        assert_eq!(Keys::new(["b", "a", "a"]).find(b"a"), Some(1));
    }
}
