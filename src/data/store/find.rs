//! Finding the events of a lead: where they are expected first, then by its key.

use super::{EventStore, Stored};
use crate::base::same;
use crate::data::plan::Plan;
use crate::data::texts::Texts;
use crate::model::{Event, EventTypeId};
use bumpalo::Bump;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Where the events of the next lead are expected: most often both stand in one order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor(usize);

/// Leads in the order in which they will be asked for, and where their events are.
#[derive(Debug, Default)]
pub(in crate::data) struct Expected {
    text: String,
    /// Where each key ends, and where its events are.
    leads: Vec<(usize, Place)>,
}

/// Where the events of a lead are among the parts of a store.
#[derive(Clone, Copy, Debug)]
pub(in crate::data) enum Place {
    /// There are none.
    Nowhere,
    /// In one part: its number, and the lead's in it.
    At(u32, u32),
    /// In several.
    Several,
}

impl Expected {
    pub fn add(&mut self, key: &str) {
        self.text.push_str(key);
        self.leads.push((self.text.len(), Place::Nowhere));
    }

    pub fn len(&self) -> usize {
        self.leads.len()
    }

    #[inline]
    pub fn key(&self, number: usize) -> Option<&str> {
        let (end, _) = self.leads.get(number)?;
        let from = number.checked_sub(1).and_then(|before| self.leads.get(before)).map_or(0, |(end, _)| *end);
        self.text.get(from..*end)
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|number| self.key(number))
    }

    pub fn set(&mut self, number: usize, place: Place) {
        if let Some((_, slot)) = self.leads.get_mut(number) {
            *slot = place;
        }
    }

    /// Where the events of a lead are; none where it is not expected here.
    #[inline]
    fn find(&self, key: &str, cursor: &mut Cursor) -> Option<Place> {
        // Leads that are rejected were expected as well.
        let is = |number: &usize| self.key(*number).is_some_and(|known| same(known.as_bytes(), key.as_bytes()));
        let number = (cursor.0..cursor.0 + 64).find(is)?;
        cursor.0 = number + 1;
        self.leads.get(number).map(|(_, place)| *place)
    }
}

/// The events of a lead, earliest first.
#[derive(Clone, Copy)]
pub enum Held<'a> {
    /// As a store holds them.
    Stored(&'a EventStore, &'a [Stored]),
    /// As they are evaluated.
    Built(&'a [Event<'a>]),
}

impl<'a> Held<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Held::Stored(_, events) => events.len(),
            Held::Built(events) => events.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type and the instant of an event.
    #[inline]
    pub fn at(&self, place: usize) -> Option<(Option<EventTypeId>, i64)> {
        match self {
            Held::Stored(_, events) => events.get(place).map(|event| (event.ty, event.at)),
            Held::Built(events) => events.get(place).map(|event| (event.ty, event.at)),
        }
    }

    /// An event.
    pub fn event(&self, place: usize, plan: &Plan<'_>, bump: &'a Bump) -> Option<Event<'a>> {
        match self {
            Held::Stored(store, events) => Some(store.event(events.get(place)?, plan, bump)),
            Held::Built(events) => events.get(place).copied(),
        }
    }
}

impl EventStore {
    /// Several stores as one, in the order of the file, and the leads that will be asked for.
    pub(in crate::data) fn chain(
        parts: impl Iterator<Item = Arc<EventStore>>,
        expected: Expected,
        plan: &Plan<'_>,
    ) -> EventStore {
        EventStore { parts: parts.collect(), expected, ..EventStore::empty(plan) }
    }

    /// The leads that the store was made for, where it was for some.
    pub fn expected(&self) -> impl Iterator<Item = &str> {
        self.expected.keys()
    }

    /// What keys are told by.
    pub(in crate::data) fn hash(key: &str) -> u64 {
        Texts::hash(key)
    }

    /// The key of a lead.
    pub(in crate::data) fn key(&self, lead: u32) -> &str {
        self.keys.get(lead)
    }

    /// Counts the lead as found, though nobody asks for its events.
    pub fn claim(&self, key: &str) {
        if let Some(lead) = self.keys.find(key) {
            self.claim_lead(lead);
        }
    }

    /// As [`EventStore::claim`], by the lead's number.
    #[inline]
    pub(in crate::data) fn claim_lead(&self, lead: u32) {
        if let Some(asked) = self.asked.get(lead as usize) {
            asked.store(true, Ordering::Relaxed);
        }
    }

    /// A lead's key and events, once the store is finished.
    #[inline]
    pub(in crate::data) fn stored(&self, lead: u32) -> (&str, &[Stored]) {
        let bound = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        let stored = self.events.get(bound(lead as usize)..bound(lead as usize + 1)).unwrap_or_default();
        (self.keys.get(lead), stored)
    }

    /// The events of a lead, earliest first. The lead counts as found.
    pub fn events<'a>(&'a self, key: &str, cursor: &mut Cursor, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        match self.held(key, cursor, plan, bump) {
            Held::Stored(store, events) => store.built(events, plan, bump),
            Held::Built(events) => events,
        }
    }

    /// The events of a lead as they are held. The lead counts as found.
    #[inline]
    pub fn held<'a>(&'a self, key: &str, cursor: &mut Cursor, plan: &Plan<'_>, bump: &'a Bump) -> Held<'a> {
        if !self.parts.is_empty() {
            return match self.expected.find(key, cursor) {
                Some(Place::Nowhere) => Held::Built(&[]),
                Some(Place::At(part, lead)) => match self.parts.get(part as usize) {
                    Some(part) => Held::Stored(part, part.stored(lead).1),
                    None => Held::Built(&[]),
                },
                Some(Place::Several) | None => Held::Built(self.joined(key, plan, bump)),
            };
        }
        let next = cursor.0;
        let found = if next < self.keys.len() && same(self.keys.get(next as u32).as_bytes(), key.as_bytes()) {
            Some(next as u32)
        } else {
            self.keys.find(key)
        };
        let Some(lead) = found else { return Held::Built(&[]) };
        cursor.0 = lead as usize + 1;
        self.claim_lead(lead);
        Held::Stored(self, self.stored(lead).1)
    }

    fn built<'a>(&'a self, stored: &[Stored], plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        bump.alloc_slice_fill_iter(stored.iter().map(|event| self.event(event, plan, bump)))
    }

    /// The events that several stores have of a lead.
    fn joined<'a>(&'a self, key: &str, plan: &Plan<'_>, bump: &'a Bump) -> &'a [Event<'a>] {
        let mut found: &[Event<'a>] = &[];
        let mut rows = 0;
        let hash = Texts::hash(key);
        for part in &self.parts {
            let Some(lead) = part.keys.find_hashed(key, hash) else { continue };
            part.claim_lead(lead);
            let more = part.built(part.stored(lead).1, plan, bump);
            if rows == 0 {
                found = more;
            } else {
                let later = more.iter().map(|event| Event { index: event.index + rows, ..*event });
                let mut all: Vec<Event<'a>> = found.iter().copied().chain(later).collect();
                all.sort_by_key(|event| (event.at, event.index));
                found = bump.alloc_slice_copy(&all);
            }
            rows += part.rows.get(lead as usize).copied().unwrap_or_default();
        }
        found
    }
}
