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

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Whether all bytes of a text are visible ASCII and none is a capital: such text is as it is whatever is made of white
/// space and case.
#[inline]
pub fn is_plain(text: &[u8]) -> bool {
    match text.len() {
        // The two ends are the whole text, or twice the one.
        4..=16 => {
            let (head, tail) = ends(text);
            odd(head) | if text.len() < 8 { 0 } else { odd(tail) } == 0
        }
        _ => text.iter().all(|byte| (b'!'..=b'~').contains(byte) && !byte.is_ascii_uppercase()),
    }
}

/// A bit for each byte of a number that is not ASCII, not visible or a capital.
#[inline(always)]
fn odd(word: u64) -> u64 {
    let low = word & !HIGH;
    // The highest bit of each byte tells whether it is at least so much: nothing is carried into the next.
    let at_least = |byte: u64| low + ONES * (0x80 - byte);
    let capital = at_least(0x41) & !at_least(0x5b);
    (word | capital | !at_least(0x21) | at_least(0x7f)) & HIGH
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

    #[test]
    fn plain_text_is_seen_by_its_ends() {
        let bytes = [b'a', b'z', b'0', b'.', b'!', b'~', b' ', b'A', b'Z', b'@', b'[', 0x7f, 0x80, 0xff, 0, b'\n'];
        for length in 0..20 {
            for place in 0..length.max(1) {
                for byte in bytes {
                    let mut text = vec![b'x'; length];
                    if let Some(slot) = text.get_mut(place) {
                        *slot = byte;
                    }
                    let plain = text.iter().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase());
                    assert_eq!(is_plain(&text), plain, "{text:?}");
                }
            }
        }
    }
}
