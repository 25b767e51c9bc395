//! Learning how records are written.

use super::{GUESSES, Guess, LONGEST, MOST, NOWHERE, Patterns, Step, Value};
use crate::data::json::scan::Cursor;
use crate::data::keys::MULTIPLIERS;
use crate::data::shape::{Node, Shape};
use std::collections::BTreeSet;

impl Step {
    fn is_like(&self, other: &Step) -> bool {
        let of = |step: &Step| (step.text, step.length, step.value, step.slot, (step.kind, step.kind_text), step.known);
        of(self) == of(other)
    }

    /// Whether another stretch begins with this one, which then hides it.
    fn hides(&self, other: &Step) -> bool {
        let (text, other_text) = (self.text.as_flattened(), other.text.as_flattened());
        self.length < other.length && text.get(..usize::from(self.length)) == other_text.get(..usize::from(self.length))
    }
}

impl Patterns {
    /// Remembers that a step came after another one; its place, or none where there are too many.
    fn add(&mut self, last: usize, step: Step) -> Option<usize> {
        let place = match self.steps.iter().skip(1).position(|known| known.is_like(&step)) {
            Some(place) => place + 1,
            None if self.steps.len() >= MOST => return None,
            None => {
                self.steps.push(step);
                self.steps.len() - 1
            }
        };
        let (new, mut next) = (self.steps.get(place)?, self.steps.get(last)?.next);
        if !next.contains(&(place as u16)) {
            let free = next.iter().position(|next| *next == 0)?;
            let hides = |other: &u16| self.steps.get(usize::from(*other)).is_some_and(|other| other.hides(new));
            let before = next.iter().take(free).position(hides).unwrap_or(free);
            *next.get_mut(free)? = place as u16;
            next.get_mut(before..=free)?.rotate_right(1);
            let guess = self.guess(&next);
            let step = self.steps.get_mut(last)?;
            step.only = if let [only, 0, ..] = next { only } else { 0 };
            (step.next, step.guess) = (next, guess);
        }
        Some(place)
    }

    /// The table that tells best which of these steps is next.
    fn guess(&self, next: &[u16]) -> Guess {
        let steps = || {
            next.iter()
                .filter(|place| **place > 0)
                .filter_map(|place| Some((*place, self.steps.get(usize::from(*place))?)))
        };
        let words = |offset: u8| {
            steps().filter_map(move |(place, step)| {
                let text = step.text.as_flattened().get(..usize::from(step.length))?;
                Some((u64::from_le_bytes(*text.get(usize::from(offset)..)?.first_chunk()?), place))
            })
        };
        let different = |offset: &u8| words(*offset).map(|(word, _)| word).collect::<BTreeSet<_>>().len();
        // Of places that tell equally much the first: it is more likely to be within all texts.
        let offset = (0..=(LONGEST - 8) as u8).rev().max_by_key(different).unwrap_or(0);
        let mut best = Guess { places: [0; GUESSES], offset, multiplier: 0 };
        let mut most = 0;
        for multiplier in MULTIPLIERS {
            let mut guess = Guess { places: [0; GUESSES], offset, multiplier };
            for (word, place) in words(offset) {
                let at = guess.place(word);
                if let Some(free) = guess.places.get_mut(at).filter(|known| **known == 0) {
                    *free = place;
                }
            }
            let told = guess.places.iter().filter(|place| **place > 0).count();
            if told > most || most == 0 {
                (best, most) = (guess, told.max(1));
            }
        }
        // The others: most likely one that ends before the word.
        let told = |place: u16| words(offset).any(|(_, known)| known == place);
        let other = steps().map(|(place, _)| place).find(|place| !told(*place)).or(next.first().copied());
        best.places.iter_mut().filter(|place| **place == 0).for_each(|place| *place = other.unwrap_or(0));
        best
    }

    /// Lets a choice be looked at before the one that is looked at before it now.
    #[inline(never)]
    pub(super) fn promote(&mut self, step: usize, choice: usize) {
        let Some(next) = self.steps.get(step).map(|step| step.next) else { return };
        let Some([before, this]) = next.get(choice.saturating_sub(1)..=choice) else { return };
        let of = |place: &u16| self.steps.get(usize::from(*place));
        if of(this).zip(of(before)).is_some_and(|(this, before)| !this.hides(before))
            && let Some(step) = self.steps.get_mut(step)
        {
            step.next.swap(choice - 1, choice);
        }
    }

    /// Learns how a record is written that has been read: `text` at `from`, within `depth` brackets. `number`: that of
    /// the kind by its text, if it may be known by that.
    pub fn learn(&mut self, text: &str, from: usize, depth: u32, shape: &Shape, number: impl Fn(&str) -> Option<u16>) {
        if let Some(node) = shape.nodes.first()
            && shape.nodes.len() == 1
            && node.targets.iter().all(|target| !target.more)
            && !self.in_vain
        {
            // It ends early where there is something that cannot be learnt.
            let _ = self.walk(Cursor::new(text, from), depth, node, number);
        }
    }

    fn walk(
        &mut self,
        mut cursor: Cursor<'_>,
        depth: u32,
        node: &Node,
        number: impl Fn(&str) -> Option<u16>,
    ) -> Option<()> {
        let (mut from, mut last, mut known) = (cursor.at, 0, None);
        // What the stretch that began at `from` has told so far, and where that ended.
        let mut told: Option<((u16, u8, u8), usize)> = None;
        loop {
            cursor.at += usize::from(last == 0 && cursor.at == from || cursor.peek() == b',');
            if cursor.blanks() == b'}' {
                if let Some((tells, end)) = told {
                    let stretch = cursor.bytes.get(from..end).filter(|stretch| stretch.len() <= LONGEST)?;
                    last = self.add(last, Step::new(stretch, Value::Nothing, NOWHERE, Some(tells), known))?;
                    (from, known) = (end, Some(tells.0));
                }
                // A bracket that follows at once needs no step.
                if cursor.at > from {
                    let stretch = cursor.bytes.get(from..=cursor.at).filter(|stretch| stretch.len() <= LONGEST)?;
                    self.add(last, Step::new(stretch, Value::End, NOWHERE, None, known))?;
                }
                return Some(());
            }
            let (start, end, escaped) = cursor.key().ok()?;
            let name = cursor.bytes.get(start..end).filter(|_| !escaped)?;
            let place = node.keys.find(name).and_then(|found| node.targets.get(found)?.slot);
            let slot = place.map_or(Some(NOWHERE), |slot| u16::try_from(slot).ok())?;
            let value = match cursor.peek() {
                b'"' => Value::Text,
                b'0'..=b'9' | b'-' => Value::Number,
                _ => Value::Any,
            };
            let behind = cursor.at + usize::from(value == Value::Text);
            let is_time = value == Value::Text && place.is_some() && place == self.time_slot;
            let tells = place.is_some() && place == self.kind_slot;
            if tells && (told.is_some() || known.is_some()) {
                return None;
            }
            if tells && value == Value::Text {
                let (start, end, escaped) = cursor.string().ok()?;
                if escaped {
                    return None;
                }
                let tells = (
                    number(cursor.slice(start, end))?,
                    u8::try_from(start - from).ok()?,
                    u8::try_from(end - from).ok()?,
                );
                told = Some((tells, cursor.at));
                cursor.blanks();
                continue;
            }
            let mut stretch = cursor.bytes.get(from..behind)?;
            let mut tells = told.take();
            if let Some((of_kind, end)) = tells
                && stretch.len() > LONGEST
            {
                let kind = cursor.bytes.get(from..end).filter(|stretch| stretch.len() <= LONGEST)?;
                last = self.add(last, Step::new(kind, Value::Nothing, NOWHERE, Some(of_kind), known))?;
                known = Some(of_kind.0);
                tells = None;
                stretch = cursor.bytes.get(end..behind)?;
            }
            if stretch.len() > LONGEST {
                return None;
            }
            let tells = tells.map(|(tells, _)| tells);
            let value = if is_time { Value::Time } else { value };
            last = self.add(last, Step::new(stretch, value, slot, tells, known))?;
            known = tells.map(|(kind, ..)| kind).or(known);
            cursor.skip(depth + 1).ok()?;
            from = cursor.at;
            cursor.blanks();
        }
    }
}
