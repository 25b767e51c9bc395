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
