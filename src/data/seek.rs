//! Looking for a few keys among many records: what cannot hold one is not decoded.

use super::batch::Position;
use super::plan::Plan;
use crate::model::text::trim;
use aho_corasick::AhoCorasick;
use std::collections::HashSet;

/// Keys that are looked for, and a quick look at bytes: whether a record may hold one.
#[derive(Clone, Debug)]
pub struct Seek {
    keys: HashSet<String>,
    /// Where the policy declares no key: the numbers of the records.
    numbers: Option<HashSet<u64>>,
    /// Finds the keys as they most often stand; none when any record may hold one.
    finder: Option<Finder>,
    /// Whether a key may be written with an exponent: `1e3` is the key `1000`.
    numeric: bool,
    /// Whether a key may be written with a backslash that is not `\u`.
    escaped: bool,
    /// The characters of the keys.
    letters: HashSet<char>,
}

impl Seek {
    /// Looks for records with these keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>, plan: &Plan<'_>) -> Seek {
        let keys: HashSet<String> = keys.into_iter().map(|key| trim(key).to_owned()).collect();
        let numbers = plan.schema.key.is_none().then(|| keys.iter().filter_map(|key| key.parse().ok()).collect());
        let numeric = keys.iter().any(|key| key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-')));
        let escaped = keys.iter().any(|key| key.contains(|c: char| matches!(c, '"' | '\\' | '/') || c.is_control()));
        let finder = match keys.iter().any(String::is_empty) {
            true => None,
            false => Finder::new(&keys),
        };
        let letters = keys.iter().flat_map(|key| key.chars()).collect();
        Seek { keys, numbers, finder, numeric, escaped, letters }
    }

    /// Whether this key is looked for.
    pub(super) fn wants(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether the record at this place may be looked for.
    #[inline]
    pub(super) fn may_stand_at(&self, position: Position) -> bool {
        self.numbers.as_ref().is_none_or(|numbers| numbers.contains(&position.number))
    }

    /// Whether JSON text may hold a record with one of the keys: it holds the key as a whole value, or writes something
    /// in another way.
    #[inline]
    pub(super) fn may_hold(&self, json: &[u8]) -> bool {
        let Some(finder) = self.finder.as_ref().filter(|_| self.numbers.is_none()) else { return true };
        let whole = |start: usize, end: usize| {
            let before = start.checked_sub(1).and_then(|at| json.get(at)).copied().unwrap_or(b' ');
            let after = json.get(end).copied().unwrap_or(b' ');
            // `\t`, `\n` and `\r` are white space that is left out at the edges of a key.
            let white = start >= 2 && json.get(start - 2) == Some(&b'\\') && matches!(before, b't' | b'n' | b'r');
            (white || matches!(before, b'"' | b':' | b'-' | b',' | b'[' | b' ' | b'\t' | b'\r' | b'\n' | 0xa0))
                && matches!(after, b'"' | b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'.' | 0xc2)
        };
        finder.any(json, whole) || self.written_otherwise(json) || (self.numeric && exponent(json))
    }

    /// The first place from which on a table may hold one of the keys, where nothing before it stands in quotes; none
    /// where that cannot be told from its bytes.
    pub(super) fn first_in_table(&self, table: &[u8]) -> Option<usize> {
        let finder = self.finder.as_ref().filter(|_| self.numbers.is_none())?;
        let quote = || self.keys.iter().any(|key| key.contains('"'));
        if (self.numeric && exponent(table)) || (self.escaped && quote()) {
            return None;
        }
        Some(finder.first(table).unwrap_or(table.len()))
    }

    /// Whether an escaped character, by its four digits, may belong to a key or stand before or behind one.
    fn may_be(&self, digits: Option<&[u8]>) -> bool {
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else { return true };
        match char::from_u32(code) {
            Some(c) => self.letters.contains(&c) || trim(c.encode_utf8(&mut [0; 4])).is_empty(),
            // Half of a character that takes two.
            None => self.letters.iter().any(|c| u32::from(*c) > 0xffff),
        }
    }

    fn written_otherwise(&self, json: &[u8]) -> bool {
        let mut from = 0;
        while let Some(at) = json.get(from..).and_then(|rest| memchr::memchr(b'\\', rest)) {
            let rest = json.get(from + at + 1..).unwrap_or_default();
            if self.escaped || (rest.first() == Some(&b'u') && self.may_be(rest.get(1..5))) {
                return true;
            }
            from += at + 2;
        }
        false
    }
}

/// Finds bytes in bytes, none of them empty.
#[derive(Clone, Debug)]
enum Finder {
    /// One text, as fast as memory goes.
    One(Box<memchr::memmem::Finder<'static>>),
    Many(Box<AhoCorasick>),
}

impl Finder {
    fn new(keys: &HashSet<String>) -> Option<Finder> {
        match keys.iter().next() {
            Some(key) if keys.len() == 1 => {
                Some(Finder::One(Box::new(memchr::memmem::Finder::new(key.as_bytes()).into_owned())))
            }
            _ => AhoCorasick::new(keys).ok().map(|finder| Finder::Many(Box::new(finder))),
        }
    }

    /// Where the first stands.
    fn first(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Finder::One(finder) => finder.find(bytes),
            Finder::Many(finder) => match finder.try_find_overlapping_iter(bytes) {
                Ok(found) => found.map(|found| found.start()).min(),
                Err(_) => Some(0),
            },
        }
    }

    /// Whether any occurrence passes a test; those that overlap too.
    fn any(&self, bytes: &[u8], test: impl Fn(usize, usize) -> bool) -> bool {
        match self {
            Finder::One(finder) => {
                let length = finder.needle().len();
                let mut from = 0;
                while let Some(at) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
                    if test(from + at, from + at + length) {
                        return true;
                    }
                    from += at + 1;
                }
                false
            }
            Finder::Many(finder) => match finder.try_find_overlapping_iter(bytes) {
                Ok(mut found) => found.any(|found| test(found.start(), found.end())),
                Err(_) => true,
            },
        }
    }
}

/// Whether there is a number with an exponent: a digit, `e`, a digit or a sign.
fn exponent(json: &[u8]) -> bool {
    memchr::memchr2_iter(b'e', b'E', json).any(|at| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        at > 0
            && digit(json.get(at - 1))
            && json.get(at + 1).is_some_and(|next| matches!(next, b'0'..=b'9' | b'+' | b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Batch, Decoded, EventsRead};
    use bumpalo::Bump;

    /// The keys that are found of those that are looked for.
    fn found(key_type: &str, keys: &[&str], record: &str) -> Vec<String> {
        let policy = crate::Policy::compile(&format!("policy \"P\"\nlead {{ id {key_type} key }}\nstages {{ a }}"));
        let policy = policy.expect("a policy");
        let program = policy.program();
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::None);
        let seek = Seek::new(keys.iter().copied(), &plan);
        let (batch, arena) = (Batch::of_json(record), Bump::new());
        let mut found = Vec::new();
        batch.decode_sought(&plan, Some(&seek), None, &arena, &mut |decoded| {
            if let Decoded::Lead { lead, .. } = decoded {
                found.push(lead.key.to_owned());
            }
        });
        found
    }

    #[test]
    fn a_key_is_found_however_it_is_written() {
        for (ty, key, record) in [
            ("text", "todd", r#"{"id":"todd"}"#),
            ("text", "todd", r#"{"id": "\u0074odd"}"#),
            ("text", "todd", r#"{"id": "\u0020todd\u00a0"}"#),
            ("text", "🚀1", r#"{"id": "\ud83d\ude801", "x": 1}"#),
            ("text", "é", r#"{"id": "\u00E9"}"#),
            ("text", "todd", r#"{"id": " \ttodd\n "}"#),
            ("text", "todd", "{\"id\": \"\u{a0}todd\u{a0}\"}"),
            ("text", "a/b", r#"{"id": "a\/b"}"#),
            ("text", "a\"b", r#"{"id": "a\"b"}"#),
            ("text", "1000", r#"{"id": 1000}"#),
            ("text", "1000", r#"{"id": 1e3}"#),
            ("text", "1000", r#"{"id": 1000.0}"#),
            ("text", "0.5", r#"{"id": 5E-1}"#),
            ("int", "7", r#"{"id": 7.0}"#),
            ("int", "-12", r#"{"id": -1.2e1}"#),
            ("int", "0", r#"{"id": -0}"#),
            ("text", "aa", r#"{"id": "aa", "x": "aaa"}"#),
        ] {
            assert_eq!(found(ty, &[key], record), [key], "{record}");
            assert_eq!(found(ty, &["other", key, "more"], record), [key], "{record}");
            assert!(found(ty, &["other"], record).is_empty(), "{record}");
        }
    }

    #[test]
    fn what_cannot_hold_a_key_is_passed_over() {
        let policy = crate::Policy::compile("policy \"P\"\nlead { id text key }\nstages { a }").expect("a policy");
        let program = policy.program();
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::None);
        let may = |key: &str, record: &str| Seek::new([key], &plan).may_hold(record.as_bytes());
        assert!(!may("todd", r#"{"id": "toddler"}"#));
        assert!(!may("42", r#"{"id": "4242", "n": 142}"#));
        assert!(!may("todd", r#"{"id": "fiona", "note": "a \"quote\""}"#));
        assert!(!may("todd", r#"{"id": "fiona", "name": "Zo\u00eb \ud83d\ude80"}"#));
        assert!(may("todd", r#"{"id": "x", "name": "\u0064"}"#));
        assert!(may("42", r#"{"id": "x", "n": 42}"#));
        assert!(may("", r#"{"id": "x"}"#));
    }
}
