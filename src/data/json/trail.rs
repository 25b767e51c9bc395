//! The order in which a file's records spell their keys: most records are alike, so that the next key is known before
//! it is read, and one comparison tells it.

/// What keys came after what key in one record or nested record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    steps: Vec<Step>,
}

/// A key with its quotes, its colon, what stands before it (a bracket or comma), and all blanks between them, at most
/// [`Trail::LONGEST`] bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    head: u128,
    head_mask: u128,
    tail: u128,
    tail_mask: u128,
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
        // A mask of ones and a length of nothing: no key is like these two.
        let none = Step {
            head: 0,
            head_mask: u128::MAX,
            tail: 0,
            tail_mask: u128::MAX,
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
        let (head, tail) = chunk.split_at(16);
        let head = u128::from_le_bytes(*head.first_chunk::<16>()?);
        for next in &self.steps.get(last)?.next {
            if *next == 0 {
                return None;
            }
            let step = self.steps.get(usize::from(*next))?;
            if (head ^ step.head) & step.head_mask != 0 {
                continue;
            }
            if step.tail_mask != 0 {
                let tail = u128::from_le_bytes(*tail.first_chunk::<16>()?);
                if (tail ^ step.tail) & step.tail_mask != 0 {
                    continue;
                }
            }
            return Some((step, usize::from(*next)));
        }
        None
    }

    /// Remembers that this key, as it is written from what stands before it to the value, came after a step; its own
    /// step. Of a string the opening quote is `written` as well.
    pub(super) fn learn(&mut self, last: usize, written: &[u8], text: bool, of: Use) -> usize {
        if written.len() > Trail::LONGEST {
            return Trail::LOST;
        }
        let padded = padded(written);
        let half = |from: usize| {
            let bytes = padded.get(from..).and_then(|rest| rest.first_chunk::<16>()).copied().unwrap_or_default();
            let count = written.len().saturating_sub(from).min(16);
            let mask = if count == 16 { u128::MAX } else { (1 << (count * 8)) - 1 };
            (u128::from_le_bytes(bytes), mask)
        };
        let ((head, head_mask), (tail, tail_mask)) = (half(0), half(16));
        let length = written.len() as u8;
        let known = self.steps.iter().position(|step| step.head == head && step.tail == tail && step.length == length);
        let place = match known {
            Some(place) => place,
            None if self.steps.len() >= Trail::MOST => return Trail::LOST,
            None => {
                let slot = of.slot.map_or(Some(Step::NOWHERE), |slot| u16::try_from(slot).ok());
                let Some(slot) = slot else { return Trail::LOST };
                let (target, plain, next) = (of.target as u16, of.plain, [0; Trail::CHOICES]);
                let step = Step { head, head_mask, tail, tail_mask, length, text, plain, slot, target, next };
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
