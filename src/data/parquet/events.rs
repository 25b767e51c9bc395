//! The events inside leads, where everything that is read of them is in order: which of them are read is found once for
//! a batch, and none is built that nobody asks for.

use super::entries::{Entries, Known};
use super::leads::{FieldColumn, LeadColumns, values};
use crate::data::events::EventDecoder;
use crate::data::plan::Plan;
use crate::model::{Event, EventTypeId, Value};
use bumpalo::Bump;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// The events inside the leads.
pub(super) struct EventColumns<'a> {
    entries: Box<Entries<'a>>,
    /// By code of a type: the type, where it is read.
    types: Vec<Option<KnownType<'a>>>,
    codes: &'a [i32],
    at: Instants<'a>,
    rows: usize,
    bump: &'a Bump,
    /// The entries that are read, lead by lead, and where each lead's begin; once they are asked for.
    read: OnceCell<(&'a [u32], &'a [u32])>,
    /// By place of a type in the plan: its fields.
    fields: Vec<Vec<(usize, FieldColumn<'a>)>>,
    widths: Vec<usize>,
}

#[derive(Clone, Copy)]
struct KnownType<'a> {
    id: Option<EventTypeId>,
    spelling: &'a str,
    place: usize,
    /// Older ones are left out.
    oldest: i64,
}

impl<'a> KnownType<'a> {
    /// A type, if it is read.
    fn new(known: &Known<'a>, plan: &Plan<'_>) -> Option<KnownType<'a>> {
        let Known { id, spelling, place, .. } = *known;
        known.read.then(|| KnownType { id, spelling, place, oldest: plan.oldest_of(id) })
    }
}

/// When each event was, in ticks of which so many are a millisecond.
#[derive(Clone, Copy)]
struct Instants<'a> {
    ticks: &'a [i64],
    by: i64,
}

impl Instants<'_> {
    #[inline(always)]
    fn get(&self, entry: usize) -> i64 {
        let tick = self.ticks.get(entry).copied().unwrap_or_default();
        // Division by what is known while it is compiled is many times faster.
        match self.by {
            1 => tick,
            1000 => tick.div_euclid(1000),
            by => tick.div_euclid(by),
        }
    }
}

/// An event of a lead.
#[derive(Clone, Copy, Debug)]
pub struct EventEntry {
    /// Its place among all events of the batch.
    pub entry: usize,
    /// When.
    pub at: i64,
    /// Its type.
    pub ty: Option<EventTypeId>,
    /// Its place among the lead's events.
    pub index: u32,
}

impl<'a> LeadColumns<'a> {
    /// Gives the events of a lead that are read, latest first.
    #[inline]
    pub fn events(&self, lead: usize, sorting: &mut Vec<(i64, usize)>, visit: &mut impl FnMut(EventEntry)) {
        let Some(events) = &self.events else { return };
        let (read, starts) = *events.read.get_or_init(|| events.read());
        let bound = |lead: usize| starts.get(lead).map_or(0, |start| *start as usize);
        let read = read.get(bound(lead)..bound(lead + 1)).unwrap_or_default();
        let first = events.entries.span(lead).start;
        if read.is_sorted_by_key(|entry| events.at.get(*entry as usize)) {
            read.iter().rev().for_each(|entry| events.give(first, *entry as usize, visit));
            return;
        }
        sorting.clear();
        sorting.extend(read.iter().map(|entry| (events.at.get(*entry as usize), *entry as usize)));
        sorting.sort_unstable();
        sorting.iter().rev().for_each(|(_, entry)| events.give(first, *entry, visit));
    }

    /// By code the type of events (none: an undeclared one), where it is read at all, and how many ticks are a millisecond.
    pub fn event_types(&self) -> Option<(impl Iterator<Item = Option<Option<EventTypeId>>>, i64)> {
        let events = self.events.as_ref()?;
        Some((events.types.iter().map(|known| known.map(|known| known.id)), events.at.by))
    }

    /// The codes of the types of all events, and their ticks.
    pub fn event_codes(&self) -> (&'a [i32], &'a [i64]) {
        self.events.as_ref().map_or((&[], &[]), |events| (events.codes, events.at.ticks))
    }

    /// Where the events of a lead stand among those of all leads.
    #[inline]
    pub fn event_span(&self, lead: usize) -> Range<usize> {
        match &self.events {
            Some(events) if events.entries.is_list(lead) => events.entries.span(lead),
            _ => 0..0,
        }
    }

    /// An event of a lead by its place among those of all leads.
    #[inline]
    pub fn entry(&self, lead: usize, entry: usize) -> Option<EventEntry> {
        let events = self.events.as_ref()?;
        let ty = events.known(entry).id;
        Some(EventEntry {
            entry,
            at: events.at.get(entry),
            ty,
            index: entry.saturating_sub(self.event_span(lead).start) as u32,
        })
    }

    /// The column of a field of a type, if it is read.
    pub fn event_field(&self, ty: EventTypeId, field: usize) -> Option<FieldColumn<'a>> {
        let fields = self.events.as_ref()?.fields.get(ty.index())?;
        fields.iter().find(|(place, _)| *place == field).map(|(_, column)| *column)
    }

    /// The event of an entry.
    pub fn event<'b>(&self, entry: &EventEntry, bump: &'b Bump) -> Event<'b>
    where
        'a: 'b,
    {
        let EventEntry { entry: row, at, ty, index } = *entry;
        let Some(events) = &self.events else { return Event { at, ty, spelling: "", fields: &[], index } };
        let known = events.known(row);
        let width = ty.and_then(|_| events.widths.get(known.place)).copied().unwrap_or(0);
        let fields = bump.alloc_slice_fill_copy(width, Value::Missing);
        if ty.is_some() {
            for (place, column) in events.fields.get(known.place).map_or(&[][..], Vec::as_slice) {
                if let Some(slot) = fields.get_mut(*place) {
                    *slot = column.get(row);
                }
            }
        }
        Event { at, ty, spelling: known.spelling, fields, index }
    }
}

impl<'a> EventColumns<'a> {
    /// The events of so many leads; none where something is not in order.
    pub fn new(entries: Box<Entries<'a>>, plan: &Plan<'_>, rows: usize, bump: &'a Bump) -> Option<EventColumns<'a>> {
        let (types, codes, at) = types(&entries, plan, bump)?;
        let fields = event_fields(&entries, plan, &types, codes, bump)?;
        let widths = plan.inside.types.iter().map(|ty| ty.width).collect();
        Some(EventColumns { entries, types, codes, at, rows, bump, read: OnceCell::new(), fields, widths })
    }

    #[inline]
    fn known(&self, entry: usize) -> KnownType<'a> {
        let code = self.codes.get(entry).map_or(usize::MAX, |code| *code as usize);
        self.types.get(code).copied().flatten().unwrap_or(KnownType {
            id: None,
            spelling: "",
            place: usize::MAX,
            oldest: i64::MIN,
        })
    }

    fn read(&self) -> (&'a [u32], &'a [u32]) {
        read(&self.entries, self.rows, &self.types, self.codes, self.at, self.bump)
    }

    #[inline]
    fn give(&self, first: usize, entry: usize, visit: &mut impl FnMut(EventEntry)) {
        let code = self.codes.get(entry).map_or(usize::MAX, |code| *code as usize);
        if let Some(Some(known)) = self.types.get(code) {
            visit(EventEntry { entry, at: self.at.get(entry), ty: known.id, index: (entry - first) as u32 });
        }
    }
}

/// The entries that are read, lead by lead, and where each lead's begin.
fn read<'a>(
    entries: &Entries<'a>,
    rows: usize,
    types: &[Option<KnownType<'a>>],
    codes: &[i32],
    at: Instants<'a>,
    bump: &'a Bump,
) -> (&'a [u32], &'a [u32]) {
    // By code, the first tick that is read: none is as late as the last of all.
    let first = |known: &Option<KnownType>| known.map_or(i64::MAX, |known| known.oldest.saturating_mul(at.by));
    let firsts: Vec<i64> = types.iter().map(first).collect();
    let read = bump.alloc_slice_fill_copy(entries.len() + 1, 0u32);
    let starts = bump.alloc_slice_fill_copy(rows + 1, 0u32);
    let mut count = 0;
    for (lead, start) in starts.iter_mut().enumerate() {
        *start = count as u32;
        if lead == rows || !entries.is_list(lead) {
            continue;
        }
        let span = entries.span(lead);
        let (Some(codes), Some(ticks)) = (codes.get(span.clone()), at.ticks.get(span.clone())) else { continue };
        for ((entry, code), tick) in span.zip(codes).zip(ticks) {
            // Without a branch: which events are read is as good as random.
            if let Some(slot) = read.get_mut(count) {
                *slot = entry as u32;
            }
            count += usize::from(*tick >= firsts.get(*code as usize).copied().unwrap_or(i64::MAX));
        }
    }
    (read, starts)
}

/// Types by code, the code of each event, and its instant.
type Types<'a> = (Vec<Option<KnownType<'a>>>, &'a [i32], Instants<'a>);

/// The types and instants of events, where no entry is null and all can be read.
fn types<'a>(entries: &Entries<'a>, plan: &Plan<'_>, bump: &'a Bump) -> Option<Types<'a>> {
    if let Some(quick) = entries.whole() {
        let types = quick.types.iter().map(|known| {
            let known = (*known)?;
            Some(KnownType::new(&known, plan))
        });
        let at = Instants { ticks: quick.ticks, by: quick.by };
        return Some((types.collect::<Option<Vec<_>>>()?, quick.codes, at));
    }
    if !entries.all_known() {
        return None;
    }
    let mut decoder = EventDecoder::new(plan, &plan.inside, bump);
    let (ty, at) = (entries.columns.column_of(plan.inside.ty)?, entries.columns.column_of(plan.inside.at)?);
    let mut places: HashMap<&str, i32> = HashMap::new();
    let (mut types, mut codes, mut instants) = (Vec::new(), Vec::new(), Vec::new());
    for entry in 0..entries.len() {
        let spelling = decoder.spelling(ty.get(entry, bump)).ok()?;
        let code = *places.entry(spelling).or_insert_with(|| {
            types.push(KnownType::new(&Known::new(spelling, plan, &plan.inside), plan));
            types.len() as i32 - 1
        });
        let read = types.get(code as usize).is_some_and(Option::is_some);
        codes.push(code);
        instants.push(if read { decoder.instant(at.get(entry, bump)).ok()? } else { 0 });
    }
    Some((types, bump.alloc_slice_copy(&codes), Instants { ticks: bump.alloc_slice_copy(&instants), by: 1 }))
}

/// The fields of events by type.
fn event_fields<'a>(
    entries: &Entries<'a>,
    plan: &Plan<'_>,
    known: &[Option<KnownType<'a>>],
    codes: &'a [i32],
    bump: &'a Bump,
) -> Option<Vec<Vec<(usize, FieldColumn<'a>)>>> {
    let of_type = |(place, ty): (usize, &crate::data::plan::TypePlan)| {
        let fields = ty.fields.iter().map(|reading| {
            let field = plan.schema.event(ty.id).fields.get(reading.field)?;
            let asked = |row: usize| {
                let code = codes.get(row).map_or(usize::MAX, |code| *code as usize);
                known.get(code).copied().flatten().is_some_and(|known| known.id.is_some() && known.place == place)
            };
            Some((reading.field, values(&entries.columns, (reading, field), plan, codes.len(), asked, true, bump)?))
        });
        fields.collect::<Option<Vec<_>>>()
    };
    plan.inside.types.iter().enumerate().map(of_type).collect()
}
