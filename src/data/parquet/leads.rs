//! Leads as columns, where everything that a plan reads of a batch is in order: no lead and no event is built that
//! nobody asks for. Where something is not (a value that cannot be read, a record without a key) the batch is read
//! lead by lead, which tells what is wrong.

use super::cell::Column;
use super::entries::{Entries, Known};
use super::rows::{Bound, List};
use crate::data::batch::Position;
use crate::data::decode::{KeyReader, Row};
use crate::data::events::EventDecoder;
use crate::data::plan::{Plan, Reading};
use crate::model::{Event, EventTypeId, Field, FieldId, Scalar, Type, Value, convert, text};
use arrow_array::{Array, RecordBatch};
use bumpalo::Bump;
use std::collections::HashMap;

/// The leads of a batch of columns.
pub struct LeadColumns<'a> {
    /// Each lead's key.
    pub keys: &'a [&'a str],
    /// The number of the first one's record.
    pub first: u64,
    /// The fields that are read, but the key.
    pub fields: Vec<(FieldId, FieldColumn<'a>)>,
    /// The values of the key's field, where it is one.
    pub key: Option<(FieldId, &'a [Value<'a>])>,
    events: Option<EventColumns<'a>>,
}

/// The values of a field, one below the other.
#[derive(Clone, Copy, Debug)]
pub enum FieldColumn<'a> {
    /// By the place of each among some values. The last is missing.
    Codes(&'a [u32], &'a [Value<'a>]),
    /// Whole numbers, and a bit for each that is known.
    Whole(&'a [i64], &'a [u64]),
    /// As they are.
    Values(&'a [Value<'a>]),
    /// None is known.
    Missing,
}

impl<'a> FieldColumn<'a> {
    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Value<'a> {
        match self {
            FieldColumn::Codes(codes, values) => {
                let code = codes.get(row).map_or(usize::MAX, |code| *code as usize);
                values.get(code).copied().unwrap_or(Value::Missing)
            }
            FieldColumn::Whole(values, known) => {
                let is_known = known.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
                values.get(row).filter(|_| is_known).map_or(Value::Missing, |value| Value::Int(*value))
            }
            FieldColumn::Values(values) => values.get(row).copied().unwrap_or(Value::Missing),
            FieldColumn::Missing => Value::Missing,
        }
    }
}

/// The events inside the leads.
struct EventColumns<'a> {
    bound: Bound<'a>,
    /// By code of a type: the type, where it is read.
    types: Vec<Option<KnownType<'a>>>,
    codes: &'a [i32],
    at: Instants<'a>,
    /// The entries that are read, lead by lead, and where each lead's begin.
    read: &'a [u32],
    starts: &'a [u32],
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

/// The column of a place as values; none where one cannot be read. `rows`: of which rows it is asked.
fn values<'a>(
    columns: &Bound<'a>,
    reading: &Reading,
    field: &Field,
    plan: &Plan<'_>,
    rows: usize,
    asked: impl Fn(usize) -> bool,
    bump: &'a Bump,
) -> Option<FieldColumn<'a>> {
    let Some(column) = columns.column_of(reading.place) else { return Some(FieldColumn::Missing) };
    let read = |raw| convert::read(raw, field, plan.schema, plan.zone, bump);
    if let Some((codes, raws)) = column.dictionary()
        && raws.len() * 2 <= codes.len()
    {
        let mut found = bumpalo::collections::Vec::with_capacity_in(raws.len() + 1, bump);
        for raw in raws {
            found.push(read(*raw).ok()?);
        }
        found.push(Value::Missing);
        let missing = raws.len() as u32;
        let codes: &[u32] = match column.null_rows().filter(|nulls| nulls.null_count() > 0) {
            None => bump.alloc_slice_fill_iter(codes.iter().map(|code| *code as u32)),
            Some(nulls) => {
                let codes = codes.iter().enumerate();
                bump.alloc_slice_fill_iter(
                    codes.map(|(row, code)| if nulls.is_null(row) { missing } else { *code as u32 }),
                )
            }
        };
        return Some(FieldColumn::Codes(codes, found.into_bump_slice()));
    }
    if field.ty == Type::One(Scalar::Int)
        && field.missing.texts.is_empty()
        && field.missing.numbers.is_empty()
        && let Some((ints, known)) = whole(column, rows, bump)
    {
        return Some(FieldColumn::Whole(ints, known));
    }
    if let Some(texts) = texts(column, field, rows) {
        let values = texts.map(|text| text.map_or(Value::Missing, Value::Text));
        return Some(FieldColumn::Values(bump.alloc_slice_fill_iter(values)));
    }
    let mut found = bumpalo::collections::Vec::with_capacity_in(rows, bump);
    for row in 0..rows {
        found.push(if asked(row) { read(column.get(row, bump)).ok()? } else { Value::Missing });
    }
    Some(FieldColumn::Values(found.into_bump_slice()))
}

/// The texts of a plain column of text, none where one is missing; none at all for other columns and fields.
fn texts<'a>(
    column: &Column<'a>,
    field: &Field,
    rows: usize,
) -> Option<impl ExactSizeIterator<Item = Option<&'a str>> + use<'a>> {
    let plain = field.ty == Type::One(Scalar::Text) && field.missing.texts.is_empty() && field.missing.numbers.is_empty();
    let texts = column.texts().filter(|texts| plain && texts.len() == rows)?;
    let seen = |text: &'a str| Some(text::trim(text)).filter(|text| !text.is_empty());
    Some(texts.iter().map(move |text| text.and_then(seen)))
}

/// Whole numbers that all fit an `int`, and which of them are known.
fn whole<'a>(column: &Column<'a>, rows: usize, bump: &'a Bump) -> Option<(&'a [i64], &'a [u64])> {
    const MOST: i64 = 1_000_000_000_000_000_000;
    let (ints, nulls) = column.ints()?;
    if ints.len() != rows || ints.iter().any(|value| *value <= -MOST || *value >= MOST) {
        return None;
    }
    let known: &mut [u64] = bump.alloc_slice_fill_copy(rows.div_ceil(64), u64::MAX);
    if let Some(nulls) = nulls {
        for (word, bits) in known.iter_mut().zip(nulls.inner().bit_chunks().iter_padded()) {
            *word = bits;
        }
    }
    Some((ints, known))
}

impl<'a> LeadColumns<'a> {
    /// The leads of a batch; none where something is not in order. Events inside are read where `inside` says so.
    pub(in crate::data) fn new(
        batch: &'a RecordBatch,
        plan: &Plan<'_>,
        at: Position,
        inside: bool,
        bump: &'a Bump,
    ) -> Option<LeadColumns<'a>> {
        let rows = batch.num_rows();
        let mut bound = Bound::new(batch, &plan.lead, inside.then_some(plan), bump);
        let reader = KeyReader { plan, bump };
        let (mut keys, mut key_values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let plain = plan.key.zip(plan.schema.key).and_then(|(place, id)| {
            texts(bound.column_of(place)?, plan.schema.field(id), rows)
        });
        match plain {
            Some(texts) => {
                for text in texts {
                    keys.push(text?);
                    key_values.push(text.map_or(Value::Missing, Value::Text));
                }
            }
            None => {
                for row in 0..rows {
                    let (key, value) = reader.key(&Row { columns: &bound, row, bump }, at.number + row as u64).ok()?;
                    keys.push(key);
                    key_values.push(value);
                }
            }
        }
        let mut fields = Vec::new();
        for reading in &plan.fields {
            let field = plan.schema.fields.get(reading.field)?;
            let column = values(&bound, reading, field, plan, rows, |_| true, bump)?;
            if field.required && (0..rows).any(|row| column.get(row).is_missing()) {
                return None;
            }
            fields.push((FieldId(reading.field as u16), column));
        }
        let events = match bound.list.take() {
            None => None,
            Some((_, List::Other(_))) => return None,
            Some((rank, List::Records(entries))) => {
                let (types, codes, at) = types(&entries, plan, bump)?;
                let (read, starts) = read(&entries, rows, &types, codes, at, bump);
                let fields = event_fields(&entries, plan, &types, codes, bump)?;
                let widths = plan.inside.types.iter().map(|ty| ty.width).collect();
                bound.list = Some((rank, List::Records(entries)));
                Some(EventColumns { bound, types, codes, at, read, starts, fields, widths })
            }
        };
        let key = plan.schema.key.map(|id| (id, &*bump.alloc_slice_copy(&key_values)));
        Some(LeadColumns { keys: bump.alloc_slice_copy(&keys), first: at.line, fields, key, events })
    }

    /// How many leads there are.
    pub fn rows(&self) -> usize {
        self.keys.len()
    }

    /// Gives the events of a lead that are read, latest first.
    #[inline]
    pub fn events(&self, lead: usize, sorting: &mut Vec<(i64, usize)>, visit: &mut impl FnMut(EventEntry)) {
        let Some(events) = &self.events else { return };
        let Some((_, List::Records(entries))) = &events.bound.list else { return };
        let bound = |lead: usize| events.starts.get(lead).map_or(0, |start| *start as usize);
        let read = events.read.get(bound(lead)..bound(lead + 1)).unwrap_or_default();
        let first = entries.span(lead).start;
        if read.is_sorted_by_key(|entry| events.at.get(*entry as usize)) {
            read.iter().rev().for_each(|entry| events.give(first, *entry as usize, visit));
            return;
        }
        sorting.clear();
        sorting.extend(read.iter().map(|entry| (events.at.get(*entry as usize), *entry as usize)));
        sorting.sort_unstable();
        sorting.iter().rev().for_each(|(_, entry)| events.give(first, *entry, visit));
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
    let decoder = EventDecoder::new(plan, &plan.inside, bump);
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
            Some((reading.field, values(&entries.columns, reading, field, plan, codes.len(), asked, bump)?))
        });
        fields.collect::<Option<Vec<_>>>()
    };
    plan.inside.types.iter().enumerate().map(of_type).collect()
}
