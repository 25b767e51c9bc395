//! The order in which a file's records spell their keys: most records are alike, so that the next key is known before
//! it is read, and one comparison tells it.

use super::scan::same;

/// So many bytes are compared in one go.
const CHUNK: usize = 16;

/// What keys came after what key in one record or nested record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    steps: Vec<Step>,
}

/// A key with its quotes, its colon, what stands before it (a bracket or comma), and all blanks between them, at most
/// [`Trail::LONGEST`] bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    written: [[u8; CHUNK]; 2],
    /// A bit for each byte that belongs to it.
    valid: u32,
    /// With what stands before and behind the key.
    pub length: u8,
    /// Whether a string follows; its opening quote counts as part of the key.
    pub text: bool,
    /// Whether the value is at most a slot's.
    pub plain: bool,
    /// The slot of the value, or [`Step::NOWHERE`].
    pub slot: u16,
    /// The place among the keys that are read.
    pub target: u16,
    /// The keys that came next; 0 is none yet.
    next: [u16; Trail::CHOICES],
}

impl Step {
    pub const NOWHERE: u16 = u16::MAX;

    /// Whether this is what follows.
    #[inline(always)]
    fn begins(&self, [head, tail]: &[[u8; CHUNK]; 2]) -> bool {
        let [known_head, known_tail] = &self.written;
        !(same(known_head, head) | same(known_tail, tail) << CHUNK) & self.valid == 0
    }
}

/// What is to be done with a key's value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// The place among the keys that are read.
    pub target: usize,
    pub plain: bool,
    pub slot: Option<usize>,
}

impl Trail {
    /// Before the first key.
    pub const START: usize = 0;
    /// After a key that cannot be learnt.
    pub const LOST: usize = 1;
    /// The place of keys that are not read.
    pub const OTHER: usize = u16::MAX as usize;
    const LONGEST: usize = 32;
    /// So many keys that came after another are remembered.
    const CHOICES: usize = 8;
    /// More ways to write keys are not learnt.
    const MOST: usize = 1200;

    pub fn new() -> Trail {
        // No key is like these two.
        let none = Step {
            written: [[0; CHUNK]; 2],
            valid: u32::MAX,
            length: 0,
            text: false,
            plain: false,
            slot: Step::NOWHERE,
            target: u16::MAX,
            next: [0; Trail::CHOICES],
        };
        Trail { steps: vec![none, none] }
    }

    /// The step of the key at a byte and its place, if it is one that came next before.
    #[inline(always)]
    pub(super) fn follow(&self, last: usize, bytes: &[u8], at: usize) -> Option<(&Step, usize)> {
        let rest = bytes.get(at..)?;
        let near_end;
        let chunk = match rest.first_chunk::<{ Trail::LONGEST }>() {
            Some(chunk) => chunk,
            None => {
                near_end = padded(rest);
                &near_end
            }
        };
        let halves = chunk.as_chunks::<CHUNK>().0.first_chunk::<2>()?;
        for next in &self.steps.get(last)?.next {
            if *next == 0 {
                return None;
            }
            let step = self.steps.get(usize::from(*next))?;
            if step.begins(halves) {
                return Some((step, usize::from(*next)));
            }
        }
        None
    }

    /// Remembers that this key, as it is written from what stands before it to the value, came after a step; its own
    /// step. Of a string the opening quote is `written` as well.
    pub(super) fn learn(&mut self, last: usize, written: &[u8], text: bool, of: Use) -> usize {
        if written.len() > Trail::LONGEST {
            return Trail::LOST;
        }
        let mut halves = [[0; CHUNK]; 2];
        halves.as_flattened_mut().copy_from_slice(&padded(written));
        let valid = ((1u64 << written.len()) - 1) as u32;
        let length = written.len() as u8;
        let known = self.steps.iter().position(|step| step.written == halves && step.length == length);
        let place = match known {
            Some(place) => place,
            None if self.steps.len() >= Trail::MOST => return Trail::LOST,
            None => {
                let slot = of.slot.map_or(Some(Step::NOWHERE), |slot| u16::try_from(slot).ok());
                let Some(slot) = slot else { return Trail::LOST };
                let (target, plain, next) = (of.target as u16, of.plain, [0; Trail::CHOICES]);
                let step = Step { written: halves, valid, length, text, plain, slot, target, next };
                self.steps.push(step);
                self.steps.len() - 1
            }
        };
        // The same key before anything but a string is looked at later, for it would hide this one.
        let hidden = |other: &u16| {
            let other = self.steps.get(usize::from(*other));
            text && other.is_some_and(|other| other.length + 1 == length && other.target == of.target as u16)
        };
        let before = self.steps.get(last).and_then(|step| step.next.iter().position(hidden));
        if let Some(step) = self.steps.get_mut(last) {
            // The newest goes last where all are taken, so that the most usual ones stay.
            let free = step.next.iter().position(|next| *next == 0).unwrap_or(Trail::CHOICES - 1);
            step.next[free] = place as u16;
            if let Some(before) = before {
                step.next.swap(before, free);
            }
        }
        place
    }
}

/// The last bytes of a text with zeros behind them, which no key has.
#[inline(never)]
fn padded(bytes: &[u8]) -> [u8; Trail::LONGEST] {
    let mut padded = [0; Trail::LONGEST];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}
