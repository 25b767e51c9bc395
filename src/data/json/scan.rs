//! The cursor: blanks, strings, numbers, literals, and skipping whole values without recursion.

use super::MAX_DEPTH;
use crate::model::convert::Raw;
use wide::u8x16;

/// What is wrong with JSON text, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong.
    pub what: What,
    /// The byte in the text.
    pub at: usize,
}

/// What can be wrong with JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The text ends within a value.
    End,
    /// No value where one is needed.
    Value,
    /// No key where one is needed.
    Key,
    /// No colon after a key.
    Colon,
    /// Neither a comma nor the end of the object.
    ObjectNext,
    /// Neither a comma nor the end of the array.
    ArrayNext,
    /// A number that is none.
    Number,
    /// A control character in a string.
    Control,
    /// An unknown escape in a string.
    Escape,
    /// Half of a surrogate pair.
    Surrogate,
    /// More text after the value.
    Trailing,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl What {
    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            What::End => "the record ends within a value",
            What::Value => "expected a value",
            What::Key => "expected a key in double quotes",
            What::Colon => "expected `:` after the key",
            What::ObjectNext => "expected `,` or `}`",
            What::ArrayNext => "expected `,` or `]`",
            What::Number => "not a JSON number",
            What::Control => "a control character in a string",
            What::Escape => "an unknown escape in a string",
            What::Surrogate => "half of a surrogate pair in a string",
            What::Trailing => "more text after the record",
            What::TooDeep => "nested deeper than 512 levels",
        }
    }
}

/// How many bytes are looked at in one go.
const STEP: usize = 16;

/// A bit for each byte that is a quote, a backslash or a control character.
#[inline(always)]
fn specials(chunk: &[u8; STEP]) -> u32 {
    let bytes = u8x16::new(*chunk);
    // With this bit turned the quote is next to the control characters, which stay among themselves.
    let turned = bytes ^ u8x16::splat(0x02);
    let found = turned.min(u8x16::splat(0x20)).simd_eq(turned) | bytes.simd_eq(u8x16::splat(b'\\'));
    found.to_bitmask()
}

/// A bit for each byte that is the same in both.
#[inline(always)]
pub(super) fn same(known: &[u8; STEP], chunk: &[u8; STEP]) -> u32 {
    u8x16::new(*chunk).simd_eq(u8x16::new(*known)).to_bitmask()
}

/// The next quote, backslash or control character; the end where there is none.
#[inline(always)]
pub(super) fn special(bytes: &[u8], at: usize) -> usize {
    if let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        return near_special(chunk).map_or_else(|| far_special(bytes, at + NEAR), |length| at + length);
    }
    far_special(bytes, at)
}

/// Most texts end within so many bytes.
pub(super) const NEAR: usize = 2 * STEP;

/// The next quote, backslash or control character.
#[inline(always)]
pub(super) fn near_special(chunk: &[u8; NEAR]) -> Option<usize> {
    // Two steps in one: whether a short text ends in the first or the second is as good as random.
    let ([first, second], _) = chunk.as_chunks::<STEP>() else { return None };
    let found = specials(first) | specials(second) << STEP;
    (found != 0).then(|| found.trailing_zeros() as usize)
}

#[inline(never)]
fn far_special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<STEP>()) {
        let found = specials(chunk);
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += STEP;
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..0x20) {
            return at;
        }
        at += 1;
    }
    at
}

/// The first byte that is no digit; the end where there is none.
#[inline(always)]
pub(super) fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    // Nearly all numbers are short, and of what length is as good as random.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        match near_digits_end(*chunk) {
            Some(length) => return at + length,
            None => at += chunk.len(),
        }
    }
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// The first byte that is no digit.
#[inline(always)]
pub(super) fn near_digits_end(chunk: [u8; 8]) -> Option<usize> {
    let others = not_digits(u64::from_le_bytes(chunk));
    (others != 0).then(|| others.trailing_zeros() as usize / 8)
}

/// Where a whole number ends that begins at a byte and not with a zero; none where something else stands there.
#[inline(always)]
pub(super) fn whole_end(bytes: &[u8], at: usize) -> Option<usize> {
    if !matches!(bytes.get(at), Some(b'1'..=b'9')) {
        return None;
    }
    let end = digits_end(bytes, at);
    (!matches!(bytes.get(end), Some(b'.' | b'e' | b'E'))).then_some(end)
}

/// The highest bit of each byte that is no digit.
#[inline(always)]
fn not_digits(bytes: u64) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const SIX: u64 = 0x7676_7676_7676_7676;
    let values = bytes ^ 0x3030_3030_3030_3030;
    // A digit's value plus 0x76 stays below 0x80.
    (values | (values & !HIGH).wrapping_add(SIX)) & HIGH
}

/// A place in JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    /// Whether the record ends at a line's end at the latest: that is no blank then.
    pub line: bool,
}

impl<'a> Cursor<'a> {
    /// A cursor at a byte of a text.
    pub fn new(text: &'a str, at: usize) -> Cursor<'a> {
        Cursor { text, bytes: text.as_bytes(), at, line: false }
    }

    /// The byte here; 0, which begins nothing in JSON, at the end.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    /// Goes past blanks, to the byte that is given.
    #[inline(always)]
    pub fn blanks(&mut self) -> u8 {
        loop {
            let byte = self.peek();
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') || (self.line && byte == b'\n') {
                return byte;
            }
            self.at += 1;
        }
    }

    /// A fault here; at the end it is that.
    #[cold]
    pub fn fault(&self, what: What) -> Fault {
        let what = if self.at >= self.bytes.len() && what != What::TooDeep { What::End } else { what };
        Fault { what, at: self.at.min(self.bytes.len()) }
    }

    /// The text between two places.
    #[inline(always)]
    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or("")
    }

    /// The next quote, backslash or control character.
    #[inline(always)]
    fn special(&self, at: usize) -> usize {
        special(self.bytes, at)
    }

    /// The value at a byte and where it ends, if it is a string without escapes, or a whole number.
    #[inline(always)]
    pub fn plain(&self, at: usize) -> Option<(Raw<'a>, usize)> {
        match self.bytes.get(at)? {
            b'"' => {
                let end = special(self.bytes, at + 1);
                let closed = self.bytes.get(end) == Some(&b'"');
                closed.then(|| (Raw::Text(self.slice(at + 1, end)), end + 1))
            }
            _ => whole_end(self.bytes, at).map(|end| (Raw::Number(self.slice(at, end)), end)),
        }
    }

    /// At an opening quote: goes past the string. Where its contents begin and end, and whether they hold escapes,
    /// which are valid.
    #[inline(always)]
    pub fn string(&mut self) -> Result<(usize, usize, bool), Fault> {
        let from = self.at + 1;
        let end = self.special(from);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok((from, end, false));
        }
        let (end, escaped) = self.string_with_escapes(end)?;
        Ok((from, end, escaped))
    }

    #[inline(never)]
    fn string_with_escapes(&mut self, first: usize) -> Result<(usize, bool), Fault> {
        self.at = first;
        loop {
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok((self.at - 1, true));
                }
                b'\\' => {
                    self.at += 1;
                    self.escape()?;
                }
                _ => return Err(self.fault(What::Control)),
            }
            self.at = self.special(self.at);
        }
    }

    /// After a backslash: goes past the escape, to the character that it means.
    pub fn escape(&mut self) -> Result<char, Fault> {
        let meant = match self.peek() {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.fault(What::Escape)),
        };
        self.at += 1;
        Ok(meant)
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.fault(What::Escape));
        }
        let pair = first < 0xdc00 && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"));
        if !pair {
            return Err(self.fault(What::Surrogate));
        }
        self.at += 2;
        let second = self.hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.fault(What::Surrogate));
        }
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(code).ok_or_else(|| self.fault(What::Surrogate))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()).to_digit(16).ok_or_else(|| self.fault(What::Escape))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    #[inline(always)]
    fn digits(&mut self) -> usize {
        let from = self.at;
        self.at = digits_end(self.bytes, from);
        self.at - from
    }

    /// At a value that is no string, object or array: goes past it.
    #[inline(always)]
    pub fn scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => Err(self.fault(What::Value)),
        }
    }

    /// Goes past a number.
    #[inline(always)]
    pub fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == b'-' {
            self.at += 1;
        }
        let zero = self.peek() == b'0';
        let count = self.digits();
        if count == 0 || (zero && count > 1) {
            return Err(self.fault(What::Number));
        }
        if matches!(self.peek(), b'.' | b'e' | b'E') { self.fraction() } else { Ok(()) }
    }

    #[inline(never)]
    fn fraction(&mut self) -> Result<(), Fault> {
        if self.peek() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.fault(What::Number));
            }
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.fault(What::Number));
            }
        }
        Ok(())
    }

    /// Goes past a literal.
    #[inline(always)]
    pub fn literal(&mut self, word: &[u8]) -> Result<(), Fault> {
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.fault(What::Value))
    }

    /// At a key's quote: goes past the key, the colon and blanks, to the value.
    #[inline(always)]
    pub fn key(&mut self) -> Result<(usize, usize, bool), Fault> {
        if self.peek() != b'"' {
            return Err(self.fault(What::Key));
        }
        let key = self.string()?;
        if self.blanks() != b':' {
            return Err(self.fault(What::Colon));
        }
        self.at += 1;
        self.blanks();
        Ok(key)
    }

    /// At a value within `depth` open brackets: goes past it.
    #[inline(always)]
    pub fn skip(&mut self, depth: u32) -> Result<(), Fault> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'{' | b'[' => self.skip_nested(depth),
            _ => self.scalar(),
        }
    }

    fn skip_nested(&mut self, depth: u32) -> Result<(), Fault> {
        let mut open = Brackets::default();
        loop {
            match self.peek() {
                bracket @ (b'{' | b'[') => {
                    if depth + open.count >= MAX_DEPTH {
                        return Err(self.fault(What::TooDeep));
                    }
                    let object = bracket == b'{';
                    open.push(object);
                    self.at += 1;
                    match (self.blanks(), object) {
                        (b'}', true) | (b']', false) => {
                            self.at += 1;
                            open.count -= 1;
                        }
                        (_, true) => {
                            self.key()?;
                            continue;
                        }
                        (_, false) => continue,
                    }
                }
                b'"' => {
                    self.string()?;
                }
                _ => self.scalar()?,
            }
            loop {
                if open.count == 0 {
                    return Ok(());
                }
                let object = open.top();
                match (self.blanks(), object) {
                    (b',', true) => {
                        self.at += 1;
                        self.blanks();
                        self.key()?;
                        break;
                    }
                    (b',', false) => {
                        self.at += 1;
                        self.blanks();
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        open.count -= 1;
                    }
                    (_, true) => return Err(self.fault(What::ObjectNext)),
                    (_, false) => return Err(self.fault(What::ArrayNext)),
                }
            }
        }
    }
}

/// Open brackets, a bit each: set for an object.
#[derive(Default)]
struct Brackets {
    bits: [u64; MAX_DEPTH as usize / 64],
    count: u32,
}

impl Brackets {
    #[inline(always)]
    fn push(&mut self, object: bool) {
        if let Some(word) = self.bits.get_mut(self.count as usize / 64) {
            let bit = 1 << (self.count % 64);
            *word = if object { *word | bit } else { *word & !bit };
        }
        self.count += 1;
    }

    #[inline(always)]
    fn top(&self) -> bool {
        let place = self.count.saturating_sub(1);
        self.bits.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}
