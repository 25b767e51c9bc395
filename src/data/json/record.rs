//! Records: an object of which some keys are read into slots.

use super::MAX_DEPTH;
use super::build::Json;
use super::scan::{Fault, What, special, whole_end};
use super::trail::{Step, Trail, Use};
use crate::data::shape::{Node, Rank, Shape, Slots, Target};
use crate::model::convert::Raw;

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
        let place = node;
        let Some(node) = shape.nodes.get(place) else { return self.skip(depth) };
        if depth >= MAX_DEPTH {
            return Err(self.cursor.fault(What::TooDeep));
        }
        let mut trail = slots.take_trail(place);
        let result = self.entries(shape, node, &mut trail, slots, depth, lists);
        slots.put_trail(place, trail);
        result
    }

    /// At an object: as [`Json::record`]. The place in the text is held in a local variable, and told to the cursor for
    /// whatever is not a plain string or number.
    #[inline(always)]
    fn entries(
        &mut self,
        shape: &Shape,
        node: &Node,
        trail: &mut Trail,
        slots: &mut Slots<'a>,
        depth: u32,
        lists: &mut impl Lists<'a>,
    ) -> Result<(), Fault> {
        let bytes = self.cursor.bytes;
        let mut at = self.cursor.at;
        let mut last = Trail::START;
        // Here stands the opening bracket, then what follows each value.
        while bytes.get(at) != Some(&b'}') {
            // Most often it is the key that came after the last one before, written in the same way.
            let found = match trail.follow(last, bytes, at) {
                Some((step, place)) => {
                    last = place;
                    at += usize::from(step.length);
                    let slot = step.slot;
                    if step.text {
                        if step.plain {
                            let end = special(bytes, at);
                            if bytes.get(end) == Some(&b'"') {
                                if slot != Step::NOWHERE {
                                    slots.set(usize::from(slot), Raw::Text(self.cursor.slice(at, end)));
                                }
                                at = end + 1;
                                continue;
                            }
                        }
                        at -= 1;
                    } else if step.plain {
                        if let Some(end) = whole_end(bytes, at) {
                            if slot != Step::NOWHERE {
                                slots.set(usize::from(slot), Raw::Number(self.cursor.slice(at, end)));
                            }
                            at = end;
                            continue;
                        }
                        if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"null")) {
                            if slot != Step::NOWHERE {
                                slots.set(usize::from(slot), Raw::Null);
                            }
                            at += 4;
                            continue;
                        }
                    }
                    usize::from(step.target)
                }
                None => {
                    self.cursor.at = at;
                    let Some(found) = self.new_name(node, trail, &mut last)? else { return Ok(()) };
                    at = self.cursor.at;
                    found
                }
            };
            let target = node.targets.get(found);
            if target.is_none_or(|target| !target.more)
                && let Some((value, behind)) = self.cursor.plain(at)
            {
                if let Some(slot) = target.and_then(|target| target.slot) {
                    slots.set(slot, value);
                }
                at = behind;
                continue;
            }
            self.cursor.at = at;
            self.cursor.blanks();
            match target {
                None => self.skip(depth + 1)?,
                Some(Target { slot: Some(slot), more: false, .. }) => {
                    let value = self.value(depth + 1)?;
                    slots.set(*slot, value);
                }
                Some(target) => self.target(shape, target, slots, depth + 1, lists)?,
            }
            at = self.cursor.at;
        }
        self.cursor.at = at + 1;
        Ok(())
    }

    /// At the bracket or comma before a key: goes past the key and the colon, to the value. Its place among the keys
    /// that are read; beyond them for others; none where the object ends, and it is passed.
    #[inline(never)]
    fn new_name(&mut self, node: &Node, trail: &mut Trail, last: &mut usize) -> Result<Option<usize>, Fault> {
        let start = self.cursor.at;
        let first = *last == Trail::START;
        if first {
            self.cursor.at += 1;
        }
        match (self.cursor.blanks(), first) {
            (b'}', _) => {
                self.cursor.at += 1;
                return Ok(None);
            }
            (_, true) => {}
            (b',', false) => {
                self.cursor.at += 1;
                self.cursor.blanks();
            }
            (_, false) => return Err(self.cursor.fault(What::ObjectNext)),
        }
        let (from, to, escaped) = self.cursor.key()?;
        let found = if escaped {
            node.keys.find(self.contents(from, to, true).as_bytes())
        } else {
            self.cursor.bytes.get(from..to).and_then(|name| node.keys.find(name))
        };
        let target = found.unwrap_or(Trail::OTHER);
        let text = self.cursor.peek() == b'"';
        let known = node.targets.get(target);
        let of =
            Use { target, plain: known.is_none_or(|target| !target.more), slot: known.and_then(|target| target.slot) };
        *last = match self.cursor.bytes.get(start..self.cursor.at + usize::from(text)) {
            Some(written) if !escaped => trail.learn(*last, written, text, of),
            _ => Trail::LOST,
        };
        Ok(Some(target))
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
