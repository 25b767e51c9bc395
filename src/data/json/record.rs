//! Records: an object of which some keys are read into slots.

use super::MAX_DEPTH;
use super::build::Json;
use super::scan::{Fault, What};
use crate::data::shape::{Rank, Shape, Slots};

/// What to do with the list of events within a record.
pub(crate) trait Lists<'a> {
    /// At the list's value, within `depth` brackets: goes past it.
    fn list(&mut self, json: &mut Json<'a>, rank: Rank, depth: u32) -> Result<(), Fault>;
    /// An object comes anew that may hold the list: what its forerunner held does not count.
    fn forget(&mut self);
}

/// For records without a list.
pub(crate) struct NoLists;

impl<'a> Lists<'a> for NoLists {
    fn list(&mut self, json: &mut Json<'a>, _: Rank, depth: u32) -> Result<(), Fault> {
        json.skip(depth)
    }

    fn forget(&mut self) {}
}

impl<'a> Json<'a> {
    /// Reads a whole text as a record; false if it is valid JSON and no object.
    #[inline(always)]
    pub fn whole(&mut self, shape: &Shape, slots: &mut Slots<'a>, lists: &mut impl Lists<'a>) -> Result<bool, Fault> {
        let object = self.cursor.blanks() == b'{';
        if object {
            self.record(shape, 0, slots, 0, lists)?;
        } else {
            self.skip(0)?;
        }
        self.cursor.blanks();
        if self.cursor.at < self.cursor.bytes.len() {
            return Err(self.cursor.fault(What::Trailing));
        }
        Ok(object)
    }

    /// At an object within `depth` open brackets: reads what a node of a shape asks for, goes past the rest.
    #[inline(always)]
    pub fn record(
        &mut self,
        shape: &Shape,
        node: usize,
        slots: &mut Slots<'a>,
        depth: u32,
        lists: &mut impl Lists<'a>,
    ) -> Result<(), Fault> {
        let Some(node) = shape.nodes.get(node) else { return self.skip(depth) };
        if depth >= MAX_DEPTH {
            return Err(self.cursor.fault(What::TooDeep));
        }
        self.cursor.at += 1;
        if self.cursor.blanks() == b'}' {
            self.cursor.at += 1;
            return Ok(());
        }
        loop {
            let (from, to, escaped) = self.cursor.key()?;
            let found = if escaped {
                node.keys.find(self.contents(from, to, true).as_bytes())
            } else {
                self.cursor.bytes.get(from..to).and_then(|name| node.keys.find(name))
            };
            match found.and_then(|place| node.targets.get(place)) {
                None => self.skip(depth + 1)?,
                Some(target) => {
                    if let (Some(slot), false) = (target.slot, target.more) {
                        let value = self.value(depth + 1)?;
                        slots.set(slot, value);
                    } else {
                        self.target(shape, target, slots, depth + 1, lists)?;
                    }
                }
            }
            match self.cursor.blanks() {
                b',' => {
                    self.cursor.at += 1;
                    self.cursor.blanks();
                }
                b'}' => {
                    self.cursor.at += 1;
                    return Ok(());
                }
                _ => return Err(self.cursor.fault(What::ObjectNext)),
            }
        }
    }

    /// A value that is more than a slot's: a nested record, the list of events, or several at once, for which it is
    /// read several times.
    fn target(
        &mut self,
        shape: &Shape,
        target: &crate::data::shape::Target,
        slots: &mut Slots<'a>,
        depth: u32,
        lists: &mut impl Lists<'a>,
    ) -> Result<(), Fault> {
        let start = self.cursor.at;
        if let Some(child) = target.child {
            // Of equal keys the last counts, and all that the others held is gone.
            if let Some(node) = shape.nodes.get(child) {
                node.below.iter().for_each(|slot| slots.clear(*slot));
                if node.list_below {
                    lists.forget();
                }
            }
            if self.peek() == b'{' {
                self.nested(shape, child, slots, depth, lists)?;
            } else {
                self.skip(depth)?;
            }
        }
        if let Some(rank) = target.list {
            self.cursor.at = start;
            lists.list(self, rank, depth)?;
        }
        if let Some(slot) = target.slot {
            self.cursor.at = start;
            let value = self.value(depth)?;
            slots.set(slot, value);
        }
        Ok(())
    }

    /// As deep as the policy's paths have parts.
    #[inline(never)]
    fn nested(
        &mut self,
        shape: &Shape,
        node: usize,
        slots: &mut Slots<'a>,
        depth: u32,
        lists: &mut impl Lists<'a>,
    ) -> Result<(), Fault> {
        self.record(shape, node, slots, depth, lists)
    }
}
