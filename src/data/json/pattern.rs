//! Flat records that are written like earlier ones: a key, what stands between it and the value before, and a value
//! that tells the record's kind are known by one comparison.
//!
//! What is known so fills the slots as [`Json::record`] would; what is not written as before is left to that.

mod learn;

use super::MAX_DEPTH;
use super::build::Json;
use super::scan::{NEAR, digits_end, near_digits_end, near_special, same, special};
use crate::data::shape::Slots;
use crate::model::Months;
use crate::model::convert::{self, Raw};

const CHUNK: usize = 16;
const CHUNKS: usize = 3;
/// The longest stretch.
const LONGEST: usize = CHUNK * CHUNKS;
/// Stretches are shorter, a power of two.
const SHORT: usize = 64;
/// So many bytes from a stretch's beginning are looked at, a power of two: the stretch and the end of most values.
const WINDOW: usize = 128;
/// So many stretches that came after another are remembered.
const CHOICES: usize = 12;
/// More stretches are not learnt.
const MOST: usize = 400;
/// So many places has the table that tells what comes next.
const GUESSES: usize = 32;
/// No kind.
const NOTHING: u16 = u16::MAX;
/// No slot.
const NOWHERE: u16 = u16::MAX;

/// How records were written so far.
#[derive(Clone, Debug)]
pub(crate) struct Patterns {
    /// The first is before every record.
    steps: Vec<Step>,
    /// The slot of the text that tells a record's kind.
    kind_slot: Option<usize>,
    /// Of kinds below this number nobody needs the text.
    known_kinds: u16,
    /// The slot of an instant, of which nobody needs the text.
    time_slot: Option<usize>,
    /// By kind: nobody reads what is older.
    oldest: Vec<i64>,
    months: Months,
    tried: u64,
    failed: u64,
    /// Whether most records are written in ways of their own.
    in_vain: bool,
    /// Whether slots were filled, but for those of the kind and the instant.
    filled: bool,
}

/// What is known of a record beside what its slots hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its kind.
    pub kind: u16,
    /// Its instant; the slot holds something else where there is none.
    pub at: Option<i64>,
    /// Whether it is older than what is read of its kind: then its slots mean nothing.
    pub dull: bool,
}

/// A stretch of text from behind one value, or from the opening bracket, to the next value.
#[derive(Clone, Debug)]
struct Step {
    text: [[u8; CHUNK]; CHUNKS],
    /// A bit for each byte that belongs to it.
    valid: [u32; 2],
    length: u8,
    value: Value,
    /// The slot of the value, or [`NOWHERE`].
    slot: u16,
    /// What the stretch tells of the record's kind: its number, or [`NOTHING`], and where its text begins and ends.
    kind: u16,
    kind_text: (u8, u8),
    /// The kind, if it was known at the stretch's beginning: of another kind other keys follow.
    known: Option<u16>,
    /// What came next; 0 is none yet.
    next: [u16; CHOICES],
    /// The only one of these, where there is one only; else 0.
    only: u16,
    /// Which of these is next, most likely, by the eight bytes at a place of what follows.
    guess: Guess,
}

/// A small table of places among the steps, by a word of text.
#[derive(Clone, Copy, Debug)]
struct Guess {
    places: [u16; GUESSES],
    /// The word begins so many bytes behind the step's end.
    offset: u8,
    multiplier: u64,
}

impl Guess {
    #[inline(always)]
    fn of(&self, bytes: &[u8; LONGEST]) -> Option<usize> {
        let word = bytes.get(usize::from(self.offset)..)?.first_chunk::<8>()?;
        self.places.get(self.place(u64::from_le_bytes(*word))).map(|place| usize::from(*place))
    }

    #[inline(always)]
    fn place(&self, word: u64) -> usize {
        (word.wrapping_mul(self.multiplier) >> (u64::BITS - GUESSES.ilog2())) as usize
    }
}

/// What stands behind a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// The contents of a string; its opening quote belongs to the stretch.
    Text,
    /// The same, most likely an instant.
    Time,
    /// Most likely a number.
    Number,
    /// Anything.
    Any,
    /// Another stretch, or the end.
    Nothing,
    /// Nothing more: the closing bracket belongs to the stretch.
    End,
}

impl Step {
    fn new(text: &[u8], value: Value, slot: u16, tells: Option<(u16, u8, u8)>, known: Option<u16>) -> Step {
        let mut chunks = [[0; CHUNK]; CHUNKS];
        chunks.as_flattened_mut().iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        let (bits, length) = ((1u64 << text.len()) - 1, text.len() as u8);
        let valid = [bits as u32, (bits >> 32) as u32];
        let guess = Guess { places: [0; GUESSES], offset: 0, multiplier: 0 };
        let (kind, from, to) = tells.unwrap_or((NOTHING, 0, 0));
        Step {
            text: chunks,
            valid,
            length,
            value,
            slot,
            kind,
            kind_text: (from, to),
            known,
            next: [0; CHOICES],
            only: 0,
            guess,
        }
    }

    /// Whether this stretch is what follows. How long it is, is as good as random: all is compared in one go.
    #[inline(always)]
    fn begins(&self, bytes: &[u8; LONGEST]) -> bool {
        let (chunks, _) = bytes.as_chunks::<CHUNK>();
        let [first, second, third] = chunks else { return false };
        let ([a, b, c], [valid, valid_third]) = (&self.text, self.valid);
        !(same(a, first) | same(b, second) << CHUNK) & valid == 0
            && (valid_third == 0 || !same(c, third) & valid_third == 0)
    }
}

impl Patterns {
    /// For records whose kind is told by the text in a slot, which is not filled for kinds below a number. Nor is the
    /// slot of an instant, where that is known. `oldest`: by kind; of what is older no slot need be filled.
    pub fn new(kind_slot: Option<usize>, known_kinds: u16, time_slot: Option<usize>, oldest: Vec<i64>) -> Patterns {
        let mut first = Step::new(&[], Value::Nothing, NOWHERE, None, None);
        // Nothing begins with it: no text has this byte.
        (first.text, first.valid) = ([[0xff; CHUNK]; CHUNKS], [1, 0]);
        let steps = vec![first];
        Patterns {
            steps,
            kind_slot,
            known_kinds,
            time_slot,
            oldest,
            months: Months::new(),
            tried: 0,
            failed: 0,
            in_vain: false,
            filled: false,
        }
    }
}

impl Patterns {
    /// Whether the value for a slot is to be kept; none where it takes the place of an instant that was known.
    #[inline(always)]
    fn is_read(&self, slot: u16, kind: u16, time: Option<i64>) -> Option<bool> {
        if slot == NOWHERE {
            return Some(false);
        }
        match time {
            Some(_) if self.time_slot == Some(usize::from(slot)) => None,
            Some(at) => Some(!self.is_dull(kind, at)),
            None => Some(true),
        }
    }

    /// Whether nobody reads events of a kind at an instant.
    #[inline(always)]
    fn is_dull(&self, kind: u16, at: i64) -> bool {
        self.oldest.get(usize::from(kind)).is_some_and(|oldest| at < *oldest)
    }
}

/// The place of a step that is not the most likely one after another, and how many were looked at before it.
#[inline(never)]
fn search(steps: &[Step], last: &Step, bytes: &[u8; LONGEST]) -> Option<(usize, usize)> {
    let places = last.next.iter().map(|place| usize::from(*place)).take_while(|place| *place > 0);
    places.enumerate().find_map(|(choice, place)| steps.get(place)?.begins(bytes).then_some((place, choice)))
}

impl<'a> Json<'a> {
    /// At a record within `depth` brackets: if it is written like earlier ones, reads it into the slots, which may be
    /// filled, and goes past it; else the slots mean nothing.
    #[inline(always)]
    pub fn known(&mut self, patterns: &mut Patterns, slots: &mut Slots<'a>, depth: u32) -> Option<Known> {
        if depth + 1 >= MAX_DEPTH || patterns.in_vain {
            patterns.filled = true;
            return None;
        }
        if std::mem::replace(&mut patterns.filled, false) {
            slots.reset();
        }
        patterns.tried += 1;
        let start = self.cursor.at;
        let known = self.follow(patterns, slots, depth);
        if known.is_none() {
            patterns.failed += 1;
            patterns.in_vain = patterns.failed > 100 && patterns.failed > patterns.tried / 2;
            patterns.filled = true;
            self.cursor.at = start;
        }
        known
    }

    #[inline(always)]
    fn follow(&mut self, patterns: &mut Patterns, slots: &mut Slots<'a>, depth: u32) -> Option<Known> {
        let (text, limit) = (self.whole, self.cursor.bytes.len());
        let bytes = text.as_bytes();
        let mut at = self.cursor.at;
        let (mut kind, mut time, mut missed) = (NOTHING, None, None);
        let steps = patterns.steps.as_slice();
        let (mut last, mut last_place) = (steps.first()?, 0);
        loop {
            // It may reach beyond the record, which is looked at in the end. What lies in it is found without looking
            // whether there is so much.
            let window = bytes.get(at..)?.first_chunk::<WINDOW>()?;
            let begin = window.first_chunk::<LONGEST>()?;
            // Where there is no choice nothing waits for the text.
            let mut place = if last.only > 0 { usize::from(last.only) } else { last.guess.of(begin)? };
            let mut step = steps.get(place)?;
            if !step.begins(begin) {
                let choice;
                (place, choice) = search(steps, last, begin)?;
                step = steps.get(place)?;
                missed = Some((last_place, choice));
            }
            (last, last_place) = (step, place);
            if step.kind != NOTHING {
                kind = step.kind;
                if kind >= patterns.known_kinds {
                    let (from, to) = step.kind_text;
                    let written = text.get(at + usize::from(from)..at + usize::from(to))?;
                    slots.set(patterns.kind_slot?, Raw::Text(written));
                }
            }
            let from = usize::from(step.length) & (SHORT - 1);
            // Where the value ends, and the byte there.
            let (end, next) = match step.value {
                Value::Time if let Some((moment, length)) = instant(&mut patterns.months, window, from) => {
                    // Of equal keys the last counts: what depends on the instant may have been decided by the first.
                    if time.replace(moment).is_some() {
                        return None;
                    }
                    let end = from + length + 1;
                    (at + end, within(window, end))
                }
                Value::Text | Value::Time => {
                    let (end, quote, next) = match near_special(window.get(from..)?.first_chunk()?) {
                        Some(length) => {
                            let end = from + length;
                            (at + end, within(window, end), within(window, end + 1))
                        }
                        None => {
                            let end = special(bytes, at + from + NEAR);
                            (end, *bytes.get(end)?, bytes.get(end + 1).copied().unwrap_or(0))
                        }
                    };
                    if quote != b'"' {
                        return None;
                    }
                    if patterns.is_read(step.slot, kind, time)? {
                        slots.set(usize::from(step.slot), Raw::Text(text.get(at + from..end)?));
                        patterns.filled = true;
                    }
                    (end + 1, next)
                }
                Value::Number if matches!(within(window, from), b'1'..=b'9') => {
                    let (end, next) = match near_digits_end(*window.get(from..)?.first_chunk()?) {
                        Some(length) => (at + from + length, within(window, from + length)),
                        None => {
                            let end = digits_end(bytes, at + from);
                            (end, bytes.get(end).copied().unwrap_or(0))
                        }
                    };
                    if matches!(next, b'.' | b'e' | b'E') {
                        return None;
                    }
                    if patterns.is_read(step.slot, kind, time)? {
                        slots.set(usize::from(step.slot), Raw::Number(text.get(at + from..end)?));
                        patterns.filled = true;
                    }
                    (end, next)
                }
                Value::Number | Value::Any => {
                    self.cursor.at = at + from;
                    if patterns.is_read(step.slot, kind, time)? {
                        let value = self.value(depth + 1).ok()?;
                        slots.set(usize::from(step.slot), value);
                        patterns.filled = true;
                    } else {
                        self.cursor.skip(depth + 1).ok()?;
                    }
                    (self.cursor.at, self.cursor.peek())
                }
                Value::Nothing => (at + from, within(window, from)),
                Value::End => {
                    at += from;
                    break;
                }
            };
            at = end;
            if next == b'}' {
                at += 1;
                break;
            }
        }
        if at > limit || kind == NOTHING {
            return None;
        }
        self.cursor.at = at;
        if let Some((step, choice)) = missed
            && choice > 0
            && patterns.tried.is_multiple_of(8)
        {
            // Now and then what comes more often moves to the front.
            patterns.promote(step, choice);
        }
        Some(Known { kind, at: time, dull: time.is_some_and(|at| patterns.is_dull(kind, at)) })
    }
}

/// A byte of a window.
#[inline(always)]
fn within(window: &[u8; WINDOW], at: usize) -> u8 {
    // What is in the window anyway needs no other look.
    window[at & (WINDOW - 1)]
}

/// The instant in a text that ends with a quote, if it is written as nearly all are, and one that there is; and the
/// text's length.
#[inline(always)]
fn instant(months: &mut Months, window: &[u8; WINDOW], from: usize) -> Option<(i64, usize)> {
    let (instant, length) = months.quoted(window.get(from..)?.first_chunk()?)?;
    Some((convert::in_range(instant).ok()?, length))
}

#[cfg(test)]
mod tests {
    use super::super::NoLists;
    use super::*;
    use crate::data::shape::{Place, Shape};
    use crate::model::FieldPath;
    use crate::model::time::Moment;
    use bumpalo::Bump;
    use proptest::prelude::*;

    const FIELDS: [&str; 4] = ["type", "at", "path", "n"];

    /// By kind, in milliseconds: every instant is read of the first, some of the second, none of the third.
    const OLDEST: [i64; 3] = [i64::MIN, 1_900_000_000_000, i64::MAX];

    fn number(kind: &str) -> Option<u16> {
        ["view", "open", "a kind with a longer name"].iter().position(|known| *known == kind).map(|n| n as u16)
    }

    /// A record; few ways to write one, so that they come again.
    fn record() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            6 => prop_oneof![Just("view"), Just("open"), Just("a kind with a longer name"), Just("é")]
                .prop_map(|text| format!("\"{text}\"")),
            2 => "\"[a-z/ ]{0,40}\"",
            1 => "\"[a-zé]{25,200}\"",
            2 => "\"20[0-9]{2}-0[1-3]-[0-3][0-9]T[0-2][0-9]:3[0-9]:00(Z|[.]120Z|[+-]0[0-9]:30|)\"",
            2 => "[1-9][0-9]{0,4}",
            1 => "[1-9][0-9]{5,18}",
            2 => prop_oneof![
                Just("null"), Just("true"), Just("0"), Just("-7"), Just("1.5"), Just("1e3"), Just("{}"), Just("[1, {\"a\": \"]\"}]"),
                Just("\"\\u0041\\n\""), Just("\"open")
            ].prop_map(str::to_owned),
        ];
        let key = prop_oneof![8 => prop::sample::select(&FIELDS[..]), 1 => Just("other"), 1 => Just("a key of more than fifty bytes in all, which no stretch holds")];
        let entries = prop::collection::vec((key, value), 0..6);
        let blank = prop_oneof![4 => Just(""), 1 => Just(" ")];
        (entries, blank).prop_map(|(entries, blank)| {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{blank}\"{key}\":{blank}{value}{blank}")).collect();
            format!("{{{}}}", entries.join(","))
        })
    }

    fn spoil(record: &str, place: prop::sample::Index, with: &str) -> String {
        let mut chars: Vec<char> = record.chars().collect();
        let place = place.index(chars.len());
        chars.splice(place..=place, with.chars());
        chars.into_iter().collect()
    }

    /// Reads records one after the other, and each as if it were the only one; how many were known.
    fn agree(records: &[String]) -> Result<u32, TestCaseError> {
        let mut shape = Shape::new();
        let places: Vec<Place> = FIELDS.iter().map(|name| shape.field(&FieldPath::new(name))).collect();
        let shape = shape.finish();
        let (kind_slot, bump) = (places[0].slots().0, Bump::new());
        let mut patterns = Patterns::new(Some(kind_slot), 2, Some(places[1].slots().0), OLDEST.to_vec());
        let (mut json, mut quick, mut count) = (Json::new(&bump), Slots::new(&shape), 0);
        // What stands behind a record may be anything.
        let whole = bump.alloc_str(&(records.join("") + &" ".repeat(WINDOW)));
        let mut from = 0;
        for record in records {
            let end = from + record.len();
            let mut slots = Slots::new(&shape);
            json.set(whole, from, end);
            let expected = json.record(&shape, 0, &mut slots, 1, &mut NoLists).map(|()| json.cursor.at);
            json.set(whole, from, end);
            match json.known(&mut patterns, &mut quick, 1) {
                Some(known) => {
                    count += 1;
                    prop_assert_eq!(Ok(json.cursor.at), expected, "{}", record);
                    let Raw::Text(written) = places[0].get(&slots) else { panic!("no kind: {record}") };
                    prop_assert_eq!(Some(known.kind), number(written), "{}", record);
                    for (name, place) in FIELDS.iter().zip(&places) {
                        if known.dull && *name != "at" {
                            prop_assert!(known.at < OLDEST.get(usize::from(known.kind)).copied(), "{}", record);
                            continue;
                        }
                        match (*name, place.get(&slots), known.at) {
                            ("type", ..) if known.kind < 2 => {}
                            ("at", Raw::Text(text), Some(at)) => {
                                prop_assert_eq!(convert::moment(text), Ok(Moment::Instant(at)), "{}", record);
                            }
                            (_, slow, _) => prop_assert_eq!(place.get(&quick), slow, "{} of {}", name, record),
                        }
                    }
                }
                None => {
                    prop_assert_eq!(json.cursor.at, from);
                    if expected.is_ok() {
                        patterns.learn(&whole[..end], from, 1, &shape, number);
                    }
                }
            }
            from = end;
        }
        Ok(count)
    }

    proptest! {
        #[test]
        fn what_is_known_is_what_is_read(
            records in prop::collection::vec(record(), 1..12),
            spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[{}\\[\\]:,\"\\\\ 0e.n\n]{0,2}"), 0..4),
        ) {
            let mut all = records.clone();
            for (record, place, with) in &spoilt {
                let chosen: &String = record.get(records.as_slice());
                all.push(spoil(chosen, *place, with));
            }
            all.extend(records);
            agree(&all)?;
        }
    }

    #[test]
    fn records_alike_are_known() {
        let of = |n: usize| {
            let kind = ["view", "open", "a kind with a longer name"][n % 3];
            match n % 4 {
                0 => format!(r#"{{"type":"{kind}","at":"2026-01-0{n}","path":"/x","other":"y","n":1{n}}}"#),
                1 => format!(r#"{{ "at": "2026", "type": "{kind}" }}"#),
                2 => format!(r#"{{"type":"{kind}"}}"#),
                _ => format!(r#"{{"other":null,"type" : "{kind}","n":-{n}}}"#),
            }
        };
        let records: Vec<String> = (0..60).map(of).collect();
        // Each of the twelve ways is learnt once.
        assert_eq!(agree(&records).expect("alike"), 48);
    }
}
