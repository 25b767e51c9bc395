//! Short texts as two numbers, by which they are told apart.

/// The first and the last eight bytes, which may overlap; shorter texts are packed into the first number so that no
/// two texts of one length are alike. Names of up to 16 bytes are wholly told by their length and these.
#[inline(always)]
pub fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(head), Some(tail)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return (u64::from_le_bytes(*head), u64::from_le_bytes(*tail));
    }
    if let (Some(head), Some(tail)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << 32, 0);
    }
    match *text {
        [a] => (u64::from(a), 0),
        [a, b] => (u64::from(a) | u64::from(b) << 8, 0),
        [a, b, c] => (u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16, 0),
        _ => (0, 0),
    }
}

/// Whether two texts are the same; most of them are keys, of some 20 bytes.
#[inline(always)]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() || a.len() > 32 {
        return a == b;
    }
    if let (Some(head), Some(tail)) = (a.first_chunk::<16>(), a.last_chunk::<16>())
        && let (Some(other_head), Some(other_tail)) = (b.first_chunk::<16>(), b.last_chunk::<16>())
    {
        let of = |bytes: &[u8; 16]| u128::from_le_bytes(*bytes);
        return (of(head) ^ of(other_head)) | (of(tail) ^ of(other_tail)) == 0;
    }
    // Shorter ones are wholly told by their ends.
    ends(a) == ends(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_or_differ_in_a_byte() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).collect();
            assert!(same(&text, &text.clone()));
            assert!(!same(&text, &[&text[..], b"x"].concat()));
            for place in 0..text.len() {
                let mut other = text.clone();
                other[place] ^= 1;
                assert!(!same(&text, &other));
            }
        }
    }
}
