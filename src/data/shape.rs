//! What to read of a record: keys and paths, compiled to slots.

use super::json::Trail;
use super::keys::Keys;
use crate::model::FieldPath;
use crate::model::convert::Raw;

/// What to read of a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// The record itself first, then nested records.
    pub nodes: Vec<Node>,
    /// How many slots a record fills.
    pub slots: usize,
    /// Columns of flat records, by name, and their slots.
    pub columns: Vec<(String, usize)>,
    /// The column of flat records that would hold the list of events.
    pub list_column: Option<String>,
}

/// A record or nested record: the keys that are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub keys: Keys,
    /// What to do with a key's value, by its place in `keys`.
    pub targets: Vec<Target>,
    /// All slots of this record and those within it.
    pub below: Vec<usize>,
    /// Whether this record or one within it may hold the list of events.
    pub list_below: bool,
    names: Vec<String>,
}

/// What to do with a key's value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    /// The slot for the value itself.
    pub slot: Option<usize>,
    /// The nested record to read.
    pub child: Option<usize>,
    /// Whether it is the list of events.
    pub list: Option<Rank>,
    /// Whether it is more than a slot's.
    pub more: bool,
}

/// How the list of events was spelled: the whole name outranks the way through nested records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Nested,
    Whole,
}

/// Where a field's value is: under its whole name, else at the end of its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    whole: usize,
    nested: Option<usize>,
}

impl Place {
    /// The slot of the whole name, and that at the end of the path.
    pub fn slots(self) -> (usize, Option<usize>) {
        (self.whole, self.nested)
    }

    /// The value; null where there is none.
    #[inline(always)]
    pub fn get<'a>(self, slots: &Slots<'a>) -> Raw<'a> {
        match (slots.get(self.whole), self.nested) {
            (Some(raw), _) => raw,
            (None, Some(nested)) => slots.get(nested).unwrap_or(Raw::Null),
            (None, None) => Raw::Null,
        }
    }
}

impl Shape {
    /// A shape that reads nothing.
    pub fn new() -> Shape {
        Shape { nodes: vec![Node::default()], ..Shape::default() }
    }

    fn target(&mut self, node: usize, name: &str) -> &mut Target {
        let node = &mut self.nodes[node];
        let place = node.names.iter().position(|known| known == name).unwrap_or_else(|| {
            node.names.push(name.to_owned());
            node.targets.push(Target::default());
            node.targets.len() - 1
        });
        &mut node.targets[place]
    }

    fn slot(&mut self, node: usize, name: &str) -> usize {
        let next = self.slots;
        let slot = *self.target(node, name).slot.get_or_insert(next);
        self.slots = self.slots.max(slot + 1);
        slot
    }

    /// The node at the end of a path, made where it is not.
    fn descend(&mut self, parts: &[String]) -> usize {
        parts.iter().fold(0, |node, part| {
            let next = self.nodes.len();
            let child = *self.target(node, part).child.get_or_insert(next);
            if child == next {
                self.nodes.push(Node::default());
            }
            child
        })
    }

    /// Reads a field.
    pub fn field(&mut self, path: &FieldPath) -> Place {
        let whole = self.slot(0, &path.whole);
        if !self.columns.iter().any(|(name, _)| *name == path.whole) {
            self.columns.push((path.whole.clone(), whole));
        }
        let nested = match path.parts.split_last() {
            Some((last, way)) if !way.is_empty() => {
                let node = self.descend(way);
                Some(self.slot(node, last))
            }
            _ => None,
        };
        Place { whole, nested }
    }

    /// Reads the list of events.
    pub fn list(&mut self, path: &FieldPath) {
        self.list_column = Some(path.whole.clone());
        self.target(0, &path.whole).list = Some(Rank::Whole);
        if let Some((last, way)) = path.parts.split_last()
            && !way.is_empty()
        {
            let node = self.descend(way);
            self.target(node, last).list = Some(Rank::Nested);
        }
    }

    /// What to do with the value of a key of a node.
    pub fn target_of(&self, node: usize, name: &str) -> Option<&Target> {
        let node = self.nodes.get(node)?;
        node.targets.get(node.keys.find(name.as_bytes())?)
    }

    /// The slot at the end of a dotted path through nested records.
    pub fn nested_slot(&self, path: &str) -> Option<usize> {
        let (way, last) = path.rsplit_once('.')?;
        let node = way.split('.').try_fold(0, |node, part| self.target_of(node, part)?.child)?;
        self.target_of(node, last)?.slot
    }

    /// Compiles what was asked for.
    pub fn finish(mut self) -> Shape {
        // A child's place is always behind its parent's.
        for place in (0..self.nodes.len()).rev() {
            let (mut below, mut list_below) = (Vec::new(), false);
            for target in &self.nodes[place].targets {
                below.extend(target.slot);
                list_below |= target.list.is_some();
                if let Some(child) = target.child {
                    below.extend(&self.nodes[child].below);
                    list_below |= self.nodes[child].list_below;
                }
            }
            let node = &mut self.nodes[place];
            (node.below, node.list_below) = (below, list_below);
            node.keys = Keys::new(node.names.iter().map(String::as_str));
            for target in &mut node.targets {
                target.more = target.child.is_some() || target.list.is_some();
            }
        }
        self
    }
}

/// The raw values of a record.
pub(crate) trait Raws<'a> {
    /// The value at a place; null where there is none.
    fn raw(&self, place: Place) -> Raw<'a>;

    /// Looks at it where it stands.
    #[inline(always)]
    fn look<T>(&self, place: Place, at: impl FnOnce(&Raw<'a>) -> T) -> T {
        at(&self.raw(place))
    }
}

impl<'a> Raws<'a> for &Slots<'a> {
    #[inline(always)]
    fn raw(&self, place: Place) -> Raw<'a> {
        place.get(self)
    }

    #[inline(always)]
    fn look<T>(&self, place: Place, at: impl FnOnce(&Raw<'a>) -> T) -> T {
        let whole = self.values.get(place.whole).and_then(Option::as_ref);
        at(whole.or_else(|| self.values.get(place.nested?)?.as_ref()).unwrap_or(&Raw::Null))
    }
}

/// The raw values of a record, by slot; none where the data has nothing.
#[derive(Debug)]
pub(crate) struct Slots<'a> {
    values: Vec<Option<Raw<'a>>>,
    /// By node.
    trails: Vec<Trail>,
}

impl<'a> Slots<'a> {
    /// Empty slots for a shape.
    pub fn new(shape: &Shape) -> Slots<'a> {
        Slots::with_trails(shape, Vec::new())
    }

    /// Empty slots, where it is known in what order keys came before.
    pub fn with_trails(shape: &Shape, mut trails: Vec<Trail>) -> Slots<'a> {
        trails.resize_with(shape.nodes.len().max(1), Trail::new);
        Slots { values: vec![None; shape.slots], trails }
    }

    /// In what order keys came.
    pub fn into_trails(self) -> Vec<Trail> {
        self.trails
    }

    /// Takes away in what order the keys of a node came, while it is read.
    #[inline(always)]
    pub fn take_trail(&mut self, node: usize) -> Trail {
        self.trails.get_mut(node).map(std::mem::take).unwrap_or_default()
    }

    /// Gives it back.
    #[inline(always)]
    pub fn put_trail(&mut self, node: usize, trail: Trail) {
        if let Some(place) = self.trails.get_mut(node) {
            *place = trail;
        }
    }

    /// Empties all.
    #[inline(always)]
    pub fn reset(&mut self) {
        self.values.fill(None);
    }

    #[inline(always)]
    pub fn get(&self, slot: usize) -> Option<Raw<'a>> {
        self.values.get(slot).copied().flatten()
    }

    #[inline(always)]
    pub fn set(&mut self, slot: usize, value: Raw<'a>) {
        if let Some(place) = self.values.get_mut(slot) {
            *place = Some(value);
        }
    }

    /// Empties one.
    pub fn clear(&mut self, slot: usize) {
        if let Some(place) = self.values.get_mut(slot) {
            *place = None;
        }
    }
}
