//! Leads from batches of records.

use super::batch::{Batch, Content, Flaw, Handler, Position};
use super::events::EventDecoder;
use super::json::{Fault, Json, Lists, Patterns, Trail};
use super::parquet::{Bound, Entries, Entry, KnownValues, LeadColumns};
use super::plain::Cells;
use super::plan::Plan;
use super::seek::Seek;
use super::shape::{Place, Rank, Raws, Slots};
use super::store::{Cursor, EventStore};
use crate::model::convert::{self, Raw, Way};
use crate::model::{Event, Lead, Problem, ProblemKind, Reject, RejectKind, Value, text};
use bumpalo::Bump;

/// What became of a record.
#[derive(Debug)]
pub enum Decoded<'a> {
    /// It is a lead.
    Lead {
        /// The line of the file that it begins on, from 1; of a JSON array the record's number.
        line: u64,
        /// The lead.
        lead: Lead<'a>,
        /// Its data problems: the lead's fields as declared, then its events' as they stand in the data.
        problems: Vec<Problem>,
    },
    /// It has no decision.
    Reject(Reject),
}

impl Batch {
    /// Reads the batch's records in their order. What is given borrows from the batch, the arena and the events.
    ///
    /// With `events`, those of a second file, the events inside the leads are not read.
    pub fn decode<'a>(
        &'a self,
        plan: &Plan<'_>,
        events: Option<&'a EventStore>,
        bump: &'a Bump,
        sink: &mut dyn FnMut(Decoded<'a>),
    ) {
        Decoder::new(plan).decode(self, None, events, bump, sink);
    }

    /// The leads as columns, where they stand in columns and everything that is read of them is in order; else none, and
    /// [`Batch::decode`] tells what is wrong. `inside`: whether the events inside the leads are read.
    pub fn columns<'a>(&'a self, plan: &Plan<'_>, inside: bool, bump: &'a Bump) -> Option<Vec<LeadColumns<'a>>> {
        match &self.content {
            Content::Columns(columns) => columns.leads(plan, self.first, inside, bump),
            _ => None,
        }
    }

    /// As [`Batch::decode`], of the leads only those with a key that is looked for. Rejects may be of any record that was
    /// looked at.
    pub fn decode_sought<'a>(
        &'a self,
        plan: &Plan<'_>,
        seek: Option<&Seek>,
        events: Option<&'a EventStore>,
        bump: &'a Bump,
        sink: &mut dyn FnMut(Decoded<'a>),
    ) {
        Decoder::new(plan).decode(self, seek, events, bump, sink);
    }
}

/// Reads leads from batches of one input. It gives what [`Batch::decode`] gives, and is faster from batch to batch, for
/// it remembers how records are written.
#[derive(Debug)]
pub struct Decoder<'p> {
    plan: &'p Plan<'p>,
    leads: Vec<Trail>,
    events: Vec<Trail>,
    patterns: Patterns,
}

impl<'p> Decoder<'p> {
    /// A reader of what a plan asks for.
    pub fn new(plan: &'p Plan<'p>) -> Decoder<'p> {
        let kinds = u16::try_from(plan.inside.types.len()).unwrap_or(0);
        let patterns =
            Patterns::new(Some(plan.inside.kind_slot()), kinds, plan.inside.time_slot(), plan.oldest_inside());
        Decoder { plan, leads: Vec::new(), events: Vec::new(), patterns }
    }

    /// As [`Batch::decode_sought`].
    pub fn decode<'a>(
        &mut self,
        batch: &'a Batch,
        seek: Option<&Seek>,
        events: Option<&'a EventStore>,
        bump: &'a Bump,
        sink: &mut dyn FnMut(Decoded<'a>),
    ) {
        self.read(batch, seek, events, false, bump, sink);
    }

    /// Leads whose events are taken from the second file by others: they have none here.
    pub fn decode_alone<'a>(
        &mut self,
        batch: &'a Batch,
        events: &'a EventStore,
        bump: &'a Bump,
        sink: &mut dyn FnMut(Decoded<'a>),
    ) {
        self.read(batch, None, Some(events), true, bump, sink);
    }

    fn read<'a>(
        &mut self,
        batch: &'a Batch,
        seek: Option<&Seek>,
        events: Option<&'a EventStore>,
        alone: bool,
        bump: &'a Bump,
        sink: &mut dyn FnMut(Decoded<'a>),
    ) {
        let plan = self.plan;
        let mut leads = Leads {
            plan,
            seek,
            store: events,
            alone,
            cursor: Cursor::default(),
            bump,
            decoder: EventDecoder::new(plan, &plan.inside, bump),
            slots: Slots::with_trails(&plan.inside.shape, std::mem::take(&mut self.events)),
            patterns: &mut self.patterns,
            events: Vec::new(),
            sorted: true,
            rank: None,
            event_problems: Vec::new(),
            problems: Vec::new(),
            known: Vec::new(),
            sink,
        };
        let inside = events.is_none().then_some(plan);
        batch.records_after(&plan.lead, &mut self.leads, seek, inside, bump, &mut leads);
        self.events = leads.slots.into_trails();
    }
}

/// A row of columns.
pub(super) struct Row<'b, 'a> {
    pub columns: &'b Bound<'a>,
    pub row: usize,
    pub bump: &'a Bump,
}

impl<'a> Raws<'a> for Row<'_, 'a> {
    #[inline(always)]
    fn raw(&self, place: Place) -> Raw<'a> {
        self.columns.raw(place, self.row, self.bump)
    }
}

/// Reads the key of a lead.
pub(super) struct KeyReader<'a, 'p> {
    pub plan: &'p Plan<'p>,
    pub bump: &'a Bump,
}

impl<'a> KeyReader<'a, '_> {
    /// The key, and its value; or why there is none.
    #[inline(always)]
    pub fn key(&self, raws: &impl Raws<'a>, number: u64) -> Result<(&'a str, Value<'a>), String> {
        let text = |raw: &Raw<'a>| match raw {
            Raw::Text(written) => Some(text::trim(written)).filter(|written| !written.is_empty()),
            _ => None,
        };
        if self.plan.key_way == Way::Text
            && let Some(written) = self.plan.key.and_then(|place| raws.look(place, text))
        {
            return Ok((written, Value::Text(written)));
        }
        self.any_key(raws, number)
    }

    #[inline(never)]
    fn any_key(&self, raws: &impl Raws<'a>, number: u64) -> Result<(&'a str, Value<'a>), String> {
        let (Some(place), Some(id)) = (self.plan.key, self.plan.schema.key) else {
            return Ok((self.bump.alloc_str(decimal(number, &mut [0; 20])), Value::Missing));
        };
        let field = self.plan.schema.field(id);
        let raw = raws.raw(place);
        let unreadable = |kind| fault(&field.name, kind, &raw.excerpt());
        match convert::read(raw, field, self.plan.schema, self.plan.zone, self.bump).map_err(unreadable)? {
            Value::Missing => Err(format!("`{}` is missing", field.name)),
            value @ Value::Text(written) => Ok((written, value)),
            value => Ok((convert::read_text(raw, self.bump).map_err(unreadable)?, value)),
        }
    }
}

struct Leads<'a, 'p> {
    plan: &'p Plan<'p>,
    seek: Option<&'p Seek>,
    store: Option<&'a EventStore>,
    /// Whether the leads get none of its events.
    alone: bool,
    cursor: Cursor,
    bump: &'a Bump,
    decoder: EventDecoder<'a, 'p>,
    /// Of one event.
    slots: Slots<'a>,
    /// How events were written so far.
    patterns: &'p mut Patterns,
    events: Vec<Event<'a>>,
    sorted: bool,
    /// How the list that was read is spelled.
    rank: Option<Rank>,
    event_problems: Vec<Problem>,
    problems: Vec<Problem>,
    /// By field of the plan: values by the codes of the columns at hand.
    known: Vec<Option<KnownValues<'a>>>,
    sink: &'p mut dyn FnMut(Decoded<'a>),
}

impl<'a> Leads<'a, '_> {
    #[inline(always)]
    fn clear(&mut self) {
        self.events.clear();
        self.event_problems.clear();
        self.sorted = true;
        self.rank = None;
    }

    #[inline(always)]
    fn event(&mut self, json: &mut Json<'a>, depth: u32, index: u32) -> Result<(), Fault> {
        if json.peek() != b'{' {
            let raw = json.value(depth)?;
            self.event_problems.push(not_events(raw, Some(index)));
            return Ok(());
        }
        if let Some(known) = json.known(self.patterns, &mut self.slots, depth) {
            if known.dull {
                return Ok(());
            }
            let event = self.decoder.decode_as(known, &self.slots, index, &mut self.event_problems);
            self.add(event, index);
            return Ok(());
        }
        self.unknown_event(json, depth, index)
    }

    #[inline(never)]
    fn unknown_event(&mut self, json: &mut Json<'a>, depth: u32, index: u32) -> Result<(), Fault> {
        self.slots.reset();
        let (text, from) = json.place();
        let shape = &self.decoder.events.shape;
        json.record(shape, 0, &mut self.slots, depth, &mut super::json::NoLists)?;
        self.patterns.learn(text, from, depth, shape, |written| self.decoder.kind(written));
        self.slots_read(index);
        Ok(())
    }

    /// The event that the slots hold.
    #[inline(always)]
    fn slots_read(&mut self, index: u32) {
        let event = self.decoder.decode(&&self.slots, index, &mut self.event_problems);
        self.add(event, index);
    }

    #[inline(always)]
    fn add(&mut self, event: Option<super::events::Decoded<'a>>, index: u32) {
        if let Some(event) = event {
            let super::events::Decoded { at, ty, spelling, fields } = event;
            self.sorted &= self.events.last().is_none_or(|last| last.at <= at);
            self.events.push(Event { at, ty, spelling, fields, index });
        }
    }

    #[inline(always)]
    fn key(&self, raws: &impl Raws<'a>, number: u64) -> Result<(&'a str, Value<'a>), String> {
        KeyReader { plan: self.plan, bump: self.bump }.key(raws, number)
    }

    /// `known`: the value of a field by its place in the plan, where it has been read before.
    #[inline(always)]
    fn lead(
        &mut self,
        position: Position,
        raws: &impl Raws<'a>,
        known: impl Fn(&Self, usize) -> Option<Result<Value<'a>, ProblemKind>>,
    ) -> Decoded<'a> {
        let schema = self.plan.schema;
        let line = position.line;
        let (key, key_value) = match self.key(raws, position.number) {
            Ok(key) => key,
            Err(detail) => {
                let field = schema.key.map(|id| schema.field(id).name.clone());
                return reject(line, None, field, RejectKind::NoKey, detail);
            }
        };
        let fields = self.bump.alloc_slice_fill_copy(schema.fields.len(), Value::Missing);
        if let Some(place) = schema.key.and_then(|id| fields.get_mut(id.index())) {
            *place = key_value;
        }
        for (place, reading) in self.plan.fields.iter().enumerate() {
            let (Some(field), Some(value)) = (schema.fields.get(reading.field), fields.get_mut(reading.field)) else {
                continue;
            };
            let read = match known(self, place) {
                Some(read) => read.map(|read| *value = read),
                None => raws.look(reading.place, |raw| {
                    convert::read_into(value, reading.way, raw, field, schema, self.plan.zone, self.bump)
                }),
            };
            if let Err(kind) = read {
                let raw = raws.raw(reading.place);
                self.problems.push(Problem { field: field.name.clone(), event: None, value: raw.excerpt(), kind });
            }
            if field.required && value.is_missing() {
                let found = self.problems.last().filter(|problem| problem.field == field.name);
                let detail = match found {
                    Some(problem) => fault(&field.name, problem.kind, &problem.value),
                    None => format!("`{}` is missing", field.name),
                };
                let name = Some(field.name.clone());
                // The lead is there, and its events are nobody else's.
                if let Some(store) = self.store {
                    store.claim(key);
                }
                return reject(line, Some(key.to_owned()), name, RejectKind::NoRequiredField, detail);
            }
        }
        let events = match self.store {
            Some(_) if self.alone => &[],
            Some(store) => store.events(key, &mut self.cursor, self.plan, self.bump),
            None => {
                if !self.sorted {
                    self.events.sort_unstable_by_key(|event| (event.at, event.index));
                }
                self.problems.append(&mut self.event_problems);
                self.bump.alloc_slice_copy(&self.events)
            }
        };
        Decoded::Lead { line, lead: Lead { key, fields, events }, problems: std::mem::take(&mut self.problems) }
    }
}

impl<'a> Lists<'a> for Leads<'a, '_> {
    fn list(&mut self, json: &mut Json<'a>, rank: Rank, depth: u32) -> Result<(), Fault> {
        if self.store.is_some() || self.rank.is_some_and(|known| known > rank) {
            return json.skip(depth);
        }
        self.clear();
        self.rank = Some(rank);
        if json.peek() == b'[' {
            return json.each(depth, |json, index| self.event(json, depth + 1, index));
        }
        let raw = json.value(depth)?;
        if raw != Raw::Null {
            self.event_problems.push(not_events(raw, None));
        }
        Ok(())
    }

    fn forget(&mut self) {
        if self.rank == Some(Rank::Nested) {
            self.clear();
        }
    }
}

impl<'a> Handler<'a> for Leads<'a, '_> {
    fn begin(&mut self) {
        self.clear();
        self.problems.clear();
    }

    fn record(&mut self, position: Position, slots: &Slots<'a>) {
        if let Some(seek) = self.seek
            && self.key(&slots, position.number).is_ok_and(|(key, _)| !seek.wants(key))
        {
            return;
        }
        let decoded = self.lead(position, &slots, |_, _| None);
        (self.sink)(decoded);
    }

    fn cells(&mut self, position: Position, cells: &Cells<'a, '_>, _: &mut Slots<'a>) {
        if let Some(seek) = self.seek
            && self.key(cells, position.number).is_ok_and(|(key, _)| !seek.wants(key))
        {
            return;
        }
        let decoded = self.lead(position, cells, |_, _| None);
        (self.sink)(decoded);
    }

    fn columns(&mut self, columns: &Bound<'a>) {
        let Plan { schema, zone, fields, .. } = self.plan;
        let known = fields.iter().map(|reading| {
            let field = schema.fields.get(reading.field)?;
            columns.known(reading.place, |raw| convert::read(raw, field, schema, zone, self.bump))
        });
        self.known = known.collect();
    }

    fn column_row(&mut self, position: Position, columns: &Bound<'a>, row: usize, _: &mut Slots<'a>, bump: &'a Bump) {
        let raws = Row { columns, row, bump };
        if let Some(seek) = self.seek
            && self.key(&raws, position.number).is_ok_and(|(key, _)| !seek.wants(key))
        {
            return;
        }
        let decoded =
            self.lead(position, &raws, |leads, place| leads.known.get(place)?.as_ref().map(|known| known.get(row)));
        (self.sink)(decoded);
    }

    fn cell_list(&mut self, raw: Raw<'a>) {
        if self.store.is_none() && raw != Raw::Null {
            self.event_problems.push(not_events(raw, None));
        }
    }

    fn event_rows(&mut self, entries: &Entries<'a>, row: usize) {
        for (index, entry) in entries.span(row).enumerate() {
            let index = index as u32;
            let (at, ty, fields) = match entries.get(entry) {
                Entry::Unread => continue,
                Entry::Bare(at, ty) | Entry::Fields(at, ty) if self.plan.too_old(ty.id, at) => continue,
                Entry::Null => {
                    self.event_problems.push(not_events(Raw::Null, Some(index)));
                    continue;
                }
                Entry::Any => {
                    entries.fill(entry, &mut self.slots, self.bump);
                    self.slots_read(index);
                    continue;
                }
                Entry::Bare(at, ty) => (at, ty, self.decoder.bare(ty.width)),
                Entry::Fields(at, ty) => {
                    entries.fill(entry, &mut self.slots, self.bump);
                    (at, ty, self.decoder.fields_of(ty.place, &&self.slots, index, &mut self.event_problems))
                }
            };
            self.sorted &= self.events.last().is_none_or(|last| last.at <= at);
            self.events.push(Event { at, ty: ty.id, spelling: ty.spelling, fields, index });
        }
    }

    fn flaw(&mut self, position: Position, slots: &Slots<'a>, flaw: Flaw) {
        // A broken record may have told its key already.
        let key = self.plan.key.and_then(|_| self.key(&slots, position.number).ok());
        let reject =
            reject(position.line, key.map(|(key, _)| key.to_owned()), None, flaw.kind, flaw.detail.into_owned());
        (self.sink)(reject);
    }
}

fn reject<'a>(line: u64, key: Option<String>, field: Option<String>, kind: RejectKind, detail: String) -> Decoded<'a> {
    Decoded::Reject(Reject { line, key, field, kind, detail })
}

/// A value that cannot be read, for people.
pub(super) fn fault(field: &str, kind: ProblemKind, value: &str) -> String {
    format!("`{field}` cannot be read: {}: `{value}`", kind.describe())
}

fn not_events(raw: Raw<'_>, event: Option<u32>) -> Problem {
    Problem { field: "events".to_owned(), event, value: raw.excerpt(), kind: ProblemKind::NotEvents }
}

/// A number in decimal form.
fn decimal(mut number: u64, digits: &mut [u8; 20]) -> &str {
    let mut from = digits.len();
    loop {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    std::str::from_utf8(&digits[from..]).unwrap_or("")
}
