//! Events in columns: the types by their codes and the instants by their ticks, so that what is not read costs little.

use super::cell::Column;
use super::layout;
use super::rows::Bound;
use crate::data::plan::{EventPlan, EventsRead, Plan};
use crate::data::shape::Slots;
use crate::model::EventTypeId;
use crate::model::convert::Raw;
use crate::model::text;
use crate::model::time::{EARLIEST, LATEST};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_buffer::NullBuffer;
use bumpalo::Bump;
use std::ops::Range;

/// Lists of events.
pub(in crate::data) struct Entries<'a> {
    spans: Spans<'a>,
    /// Which entries are null.
    nulls: Option<&'a NullBuffer>,
    /// Whether a row has a list.
    lists: Column<'a>,
    pub(super) columns: Box<Bound<'a>>,
    quick: Option<Quick<'a>>,
    length: usize,
}

/// Where the entries of each row begin and end.
enum Spans<'a> {
    Small(&'a [i32]),
    Large(&'a [i64]),
    Fixed(usize),
}

/// Types as codes and instants as ticks, all of them known.
pub(in crate::data) struct Quick<'a> {
    pub(super) codes: &'a [i32],
    /// By code; none where the text is not plainly a type.
    pub(super) types: Vec<Option<Known<'a>>>,
    pub(super) ticks: &'a [i64],
    /// How many ticks are a millisecond.
    pub(super) by: i64,
}

/// A type of events as the data spells it.
#[derive(Clone, Copy)]
pub(in crate::data) struct Known<'a> {
    pub id: Option<EventTypeId>,
    pub spelling: &'a str,
    /// Its place among the types of the plan.
    pub place: usize,
    pub width: usize,
    pub(super) read: bool,
    fields: bool,
}

/// An entry of a list of events.
pub(in crate::data) enum Entry<'a> {
    /// It is null.
    Null,
    /// An event that nobody reads.
    Unread,
    /// An event of which no field is read.
    Bare(i64, Known<'a>),
    /// An event with fields to read.
    Fields(i64, Known<'a>),
    /// Anything.
    Any,
}

impl<'a> Entries<'a> {
    /// The entries of a column of lists of records; none for other columns.
    pub fn new(
        column: &'a dyn Array,
        plan: &Plan<'_>,
        parents: &[&'a NullBuffer],
        bump: &'a Bump,
    ) -> Option<Entries<'a>> {
        layout::entries(column.data_type())?;
        let (spans, values) = if let Some(lists) = column.as_list_opt::<i32>() {
            (Spans::Small(lists.value_offsets()), lists.values())
        } else if let Some(lists) = column.as_list_opt::<i64>() {
            (Spans::Large(lists.value_offsets()), lists.values())
        } else {
            let lists = column.as_fixed_size_list_opt()?;
            (Spans::Fixed(usize::try_from(lists.value_length()).ok()?), lists.values())
        };
        let records = values.as_struct_opt()?;
        let mut columns = Box::new(Bound::empty());
        columns.record(records, &plan.inside.shape, 0, None, &[], bump);
        let quick = Quick::new(&columns, plan, &plan.inside);
        let (length, nulls) = (records.len(), records.nulls());
        Some(Entries { spans, nulls, lists: Column::shell(column, parents), columns, quick, length })
    }

    /// Types and instants, where no entry is null and each can be read.
    pub fn whole(&self) -> Option<&Quick<'a>> {
        let quick = self.quick.as_ref().filter(|_| self.all_known())?;
        // The years 828 to 3111 in microseconds are all smaller than 2^55, which is seen without a branch for each.
        let small = quick.ticks.iter().fold(0, |bits, tick| bits | tick.wrapping_add(1 << 55)) as u64 >> 56 == 0;
        if small && EARLIEST.saturating_mul(quick.by) <= -(1 << 55) && LATEST.saturating_mul(quick.by) >= 1 << 55 {
            return Some(quick);
        }
        let fits = |tick: &i64| (EARLIEST..=LATEST).contains(&tick.div_euclid(quick.by));
        let least_and_most = [quick.ticks.iter().min(), quick.ticks.iter().max()];
        least_and_most.into_iter().flatten().all(fits).then_some(quick)
    }

    /// Whether no entry is null.
    pub fn all_known(&self) -> bool {
        self.nulls.is_none_or(|nulls| nulls.null_count() == 0)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether a row has a list.
    pub fn is_list(&self, row: usize) -> bool {
        !self.lists.is_null(row)
    }

    /// The entries of a row.
    #[inline]
    pub fn span(&self, row: usize) -> Range<usize> {
        match self.spans {
            Spans::Small(offsets) => {
                let at = |place: usize| offsets.get(place).map_or(0, |offset| *offset as usize);
                at(row)..at(row + 1)
            }
            Spans::Large(offsets) => {
                let at = |place: usize| offsets.get(place).map_or(0, |offset| *offset as usize);
                at(row)..at(row + 1)
            }
            Spans::Fixed(size) => row * size..(row + 1) * size,
        }
    }

    /// Fills the slots with an entry's values.
    pub fn fill(&self, entry: usize, slots: &mut Slots<'a>, bump: &'a Bump) {
        self.columns.fill(entry, slots, bump);
    }

    /// What an entry is.
    #[inline(always)]
    pub fn get(&self, entry: usize) -> Entry<'a> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(entry)) {
            return Entry::Null;
        }
        self.quick.as_ref().map_or(Entry::Any, |quick| quick.get(entry))
    }
}

impl<'a> Quick<'a> {
    /// What an event is that is none of the null ones.
    #[inline(always)]
    pub fn get(&self, entry: usize) -> Entry<'a> {
        let code = self.codes.get(entry).and_then(|code| usize::try_from(*code).ok());
        let Some(Some(known)) = code.and_then(|code| self.types.get(code)) else { return Entry::Any };
        if !known.read {
            return Entry::Unread;
        }
        let Some(tick) = self.ticks.get(entry) else { return Entry::Any };
        let at = tick.div_euclid(self.by);
        if !(EARLIEST..=LATEST).contains(&at) {
            return Entry::Any;
        }
        if known.fields { Entry::Fields(at, *known) } else { Entry::Bare(at, *known) }
    }

    /// Types and instants of these columns; none where they are of other types or have holes.
    pub fn new(columns: &Bound<'a>, plan: &Plan<'_>, events: &EventPlan) -> Option<Quick<'a>> {
        let (codes, texts) = columns.column_of(events.ty)?.codes()?;
        let (ticks, by) = columns.column_of(events.at)?.instants()?;
        let types = texts.iter().map(|raw| match raw {
            Raw::Text(written) if !text::trim(written).is_empty() => Some(Known::new(written, plan, events)),
            _ => None,
        });
        Some(Quick { codes, types: types.collect(), ticks, by })
    }
}

impl<'a> Known<'a> {
    pub fn new(spelling: &'a str, plan: &Plan<'_>, events: &EventPlan) -> Known<'a> {
        let place = events.spellings.find(spelling.as_bytes());
        match place.and_then(|place| Some((place, events.types.get(place)?))) {
            Some((place, ty)) => Known {
                id: Some(ty.id),
                spelling,
                place,
                width: ty.width,
                read: ty.read,
                fields: !ty.fields.is_empty(),
            },
            None => {
                let read = plan.reads == EventsRead::All;
                Known { id: None, spelling, place: 0, width: 0, read, fields: false }
            }
        }
    }
}
