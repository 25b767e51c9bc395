//! Leads in columns, decided block by block: conditions on a text are looked up by its code, events are counted where
//! they stand, and what else a policy asks is asked of the one evaluator.

mod held;

pub use held::count_held;

use crate::check::hir::{Expr, ExprKind};
use crate::data::{Batch, Cursor, EventEntry, EventStore, FieldColumn, LeadColumns, Plan};
use crate::eval::{self, Asking, Block, Column, Counts, Evaluator, Feeding, Leads, Memo, Outcomes, Row, SubjectId};
use crate::model::{Event, FieldId, Lead, Literal, Value};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;
use std::ops::Range;

/// So many leads are decided together: a multiple of 64.
pub const BLOCK: usize = 256;

/// Leads of a batch that stand in columns.
pub struct Blocks<'a> {
    columns: LeadColumns<'a>,
    /// By field of the lead, what is known of its texts by their code.
    texts: Vec<(FieldId, Texts<'a>)>,
    /// By `where` of a counter and type of event.
    wheres: Vec<Where<'a>>,
    types: usize,
    ask: Ask,
    /// What events inside the leads feed, where their order does not matter.
    feeding: Option<Feeding>,
    sorting: Vec<(i64, usize)>,
    /// Where the events of the next lead are expected in a second file.
    cursor: Cursor,
}

/// For each subject on a field the memory's row of each code.
type Texts<'a> = &'a [(SubjectId, &'a [Row])];

/// Whether something is asked of events that is no count: each lead gets its own then. Else they are counted where they
/// stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Events,
    Counts,
}

/// How a `where` is decided for events of a type.
enum Where<'a> {
    /// Not asked yet.
    New,
    /// It rests on one field, which stands in codes: what each came to, once it was asked.
    ByCode(FieldColumn<'a>, Vec<Option<bool>>),
    /// It compares whole numbers, of which some are known, with a number.
    Compare(CompareOp, FieldColumn<'a>, i64),
    /// Event by event.
    ByEvent,
}

/// Some leads, and what the policy says of them.
pub struct Decided<'b> {
    /// The leads; of their events only those that something asks for.
    pub leads: Leads<'b>,
    /// Each lead's key.
    pub keys: &'b [&'b str],
    /// What the policy says.
    pub outcomes: Outcomes<'b>,
    /// The number of the first one's record.
    pub first: u64,
}

impl<'a> Blocks<'a> {
    /// The leads of a batch, if they stand in columns and everything that is read of them is in order. `inside`: whether
    /// their events are inside them.
    pub fn open(
        batch: &'a Batch,
        plan: &Plan<'_>,
        evaluator: &Evaluator<'_>,
        memo: &mut Memo,
        inside: bool,
        bump: &'a Bump,
    ) -> Option<Vec<Blocks<'a>>> {
        let parts = batch.columns(plan, inside, bump)?;
        Some(parts.into_iter().map(|columns| Blocks::new(columns, evaluator, memo, bump)).collect())
    }

    fn new(columns: LeadColumns<'a>, evaluator: &Evaluator<'_>, memo: &mut Memo, bump: &'a Bump) -> Blocks<'a> {
        let mut texts = Vec::new();
        for (field, column) in &columns.fields {
            let FieldColumn::Codes(_, values) = column else { continue };
            let subjects = memo.subjects(*field).to_vec();
            let rows = subjects.into_iter().map(|subject| {
                let rows = values.iter().map(|value| evaluator.row(memo, subject, *value));
                let rows: &'a [Row] = bump.alloc_slice_copy(&rows.collect::<Vec<_>>());
                (subject, rows)
            });
            let rows: Vec<_> = rows.collect();
            if !rows.is_empty() {
                texts.push((*field, &*bump.alloc_slice_copy(&rows)));
            }
        }
        let types = evaluator.program().schema.events.len() + 1;
        let wheres = (0..evaluator.wheres() * types).map(|_| Where::New).collect();
        let ask = if evaluator.needs_events() { Ask::Events } else { Ask::Counts };
        let feeding = columns.event_types().and_then(|(types, by)| evaluator.feeding(types, by));
        Blocks { columns, texts, wheres, types, ask, feeding, sorting: Vec::new(), cursor: Cursor::default() }
    }

    /// How many leads there are.
    pub fn rows(&self) -> usize {
        self.columns.rows()
    }

    /// Decides some of the leads, beginning with a multiple of [`BLOCK`]. Events that are not inside come from `events`.
    pub fn decide<'b>(
        &'b mut self,
        rows: Range<usize>,
        plan: &Plan<'_>,
        events: Option<&'b EventStore>,
        evaluator: &'b Evaluator<'b>,
        memo: &mut Memo,
        arena: &'b Bump,
    ) -> Decided<'b>
    where
        'a: 'b,
    {
        let Blocks { columns, texts, wheres, types, ask, feeding, sorting, cursor } = self;
        let columns: &'b LeadColumns<'a> = columns;
        let width = evaluator.program().schema.fields.len();
        let keys = columns.keys.get(rows.clone()).unwrap_or_default();
        let known = known(columns, texts, rows.clone(), width, arena);
        let (leads, counts) = match ask {
            Ask::Counts => {
                let asked = rows.clone();
                let make = move || leads(columns, asked.clone(), width, arena, |_, _| &[]);
                let leads = Leads::later(keys.len(), arena, make);
                let counts = match events {
                    Some(events) => count_held(keys, leads, (events, cursor), plan, evaluator, memo, arena),
                    None => {
                        let counting = Counting { columns, wheres, types: *types, feeding: feeding.as_mut(), sorting };
                        counting.count(rows.start, leads, evaluator, memo, arena)
                    }
                };
                (leads, Some(counts))
            }
            Ask::Events => {
                let of_lead = |row: usize, key: &str| match events {
                    Some(events) => events.events(key, cursor, plan, arena),
                    None => events_inside(columns, row, sorting, arena),
                };
                (Leads::from(leads(columns, rows.clone(), width, arena, of_lead)), None)
            }
        };
        let first = columns.first + rows.start as u64;
        let outcomes = evaluator.evaluate_block(Block { leads, columns: known, counts }, memo, arena);
        Decided { leads, keys, outcomes, first }
    }
}

/// The leads with their fields.
fn leads<'b, 'a: 'b>(
    known: &LeadColumns<'a>,
    rows: Range<usize>,
    width: usize,
    arena: &'b Bump,
    mut events: impl FnMut(usize, &'b str) -> &'b [Event<'b>],
) -> &'b [Lead<'b>] {
    let values = arena.alloc_slice_fill_copy(rows.len() * width, Value::Missing);
    for (field, column) in &known.fields {
        let slots = values.iter_mut().skip(field.index()).step_by(width.max(1));
        slots.zip(rows.clone()).for_each(|(slot, row)| *slot = column.get(row));
    }
    if let Some(field) = known.key.map(|(field, _)| field) {
        let slots = values.iter_mut().skip(field.index()).step_by(width.max(1));
        slots.zip(rows.clone()).for_each(|(slot, row)| *slot = key(known, row));
    }
    let mut rest: &'b [Value<'b>] = values;
    let keys = known.keys.get(rows.clone()).unwrap_or_default();
    arena.alloc_slice_fill_iter(keys.iter().zip(rows).map(|(key, row)| {
        let (fields, behind) = rest.split_at(width.min(rest.len()));
        rest = behind;
        Lead { key, fields, events: events(row, key) }
    }))
}

/// The events of a lead, earliest first.
fn events_inside<'b, 'a: 'b>(
    columns: &LeadColumns<'a>,
    row: usize,
    sorting: &mut Vec<(i64, usize)>,
    arena: &'b Bump,
) -> &'b [Event<'b>] {
    let mut events = bumpalo::collections::Vec::new_in(arena);
    columns.events(row, sorting, &mut |entry| events.push(columns.event(&entry, arena)));
    events.reverse();
    events.into_bump_slice()
}

/// The fields as the evaluator reads columns.
fn known<'b, 'a: 'b>(
    columns: &LeadColumns<'a>,
    texts: &[(FieldId, Texts<'a>)],
    rows: Range<usize>,
    width: usize,
    arena: &'b Bump,
) -> &'b [Column<'b>] {
    let known = arena.alloc_slice_fill_copy(width, Column::Missing);
    for (field, column) in &columns.fields {
        let Some(slot) = known.get_mut(field.index()) else { continue };
        let words = rows.start / 64..rows.end.div_ceil(64);
        *slot = match *column {
            FieldColumn::Missing => Column::Missing,
            FieldColumn::Values(values) => Column::Values(values.get(rows.clone()).unwrap_or_default()),
            FieldColumn::Whole(values, bits) => Column::Whole {
                values: values.get(rows.clone()).unwrap_or_default(),
                known: bits.get(words).unwrap_or_default(),
            },
            FieldColumn::Codes(codes, values) => {
                let subjects = texts.iter().find(|(of, _)| of == field).map_or(&[][..], |(_, subjects)| *subjects);
                Column::Codes { codes: codes.get(rows.clone()).unwrap_or_default(), values, rows: subjects }
            }
            FieldColumn::Keys(..) | FieldColumn::Texts(_) => {
                Column::Values(arena.alloc_slice_fill_iter(rows.clone().map(|row| column.get(row))))
            }
        };
    }
    if let Some(slot) = columns.key.and_then(|(field, _)| known.get_mut(field.index())) {
        // Hardly any policy asks for the key.
        *slot = Column::Leads;
    }
    known
}

/// The value of the key's field.
fn key<'a>(columns: &LeadColumns<'a>, row: usize) -> Value<'a> {
    match columns.key {
        Some((_, Some(values))) => values.get(row).copied().unwrap_or(Value::Missing),
        _ => columns.keys.get(row).map_or(Value::Missing, |key| Value::Text(key)),
    }
}

/// Counts events where they stand.
struct Counting<'c, 'a> {
    columns: &'c LeadColumns<'a>,
    wheres: &'c mut [Where<'a>],
    types: usize,
    feeding: Option<&'c mut Feeding>,
    sorting: &'c mut Vec<(i64, usize)>,
}

impl<'a> Counting<'_, 'a> {
    /// Counts the events inside the leads.
    fn count<'b>(
        self,
        first: usize,
        leads: Leads<'b>,
        evaluator: &'b Evaluator<'b>,
        memo: &mut Memo,
        arena: &'b Bump,
    ) -> Counts<'b>
    where
        'a: 'b,
    {
        let Counting { columns, wheres, types, mut feeding, sorting } = self;
        let mut counts = evaluator.counts(leads.len(), arena);
        evaluator.ask(leads, memo, arena, &mut |asking| {
            let mut holds =
                |wheres: &mut [Where<'a>], lead: usize, entry: &EventEntry, condition: &'b Expr, number: usize| {
                    let ty = entry.ty.map_or(0, |ty| ty.index() + 1);
                    let Some(known) = wheres.get_mut(number * types + ty) else { return false };
                    known.holds(condition, lead, entry, columns, asking, arena)
                };
            if let Some(feeding) = &mut feeding {
                let spans = (0..leads.len()).map(|lead| columns.event_span(first + lead));
                let holds = &mut |(lead, entry): (usize, usize), ty: usize, condition: &'b Expr, number: usize| {
                    let known = wheres.get(number * types + ty).and_then(|known| known.quick(entry));
                    known.unwrap_or_else(|| {
                        let event = columns.entry(first + lead, entry);
                        event.is_some_and(|event| holds(wheres, lead, &event, condition, number))
                    })
                };
                feeding.count(evaluator, &mut counts, columns.event_codes(), spans, holds);
                return;
            }
            for lead in 0..leads.len() {
                columns.events(first + lead, sorting, &mut |entry| {
                    counts.add(evaluator, lead, entry.ty, entry.at, &mut |condition, number| {
                        holds(wheres, lead, &entry, condition, number)
                    });
                });
            }
        });
        counts
    }
}

impl<'a> Where<'a> {
    /// How a `where` is decided for events of the type that this one has.
    fn new(condition: &Expr, event: &EventEntry, columns: &LeadColumns<'a>) -> Where<'a> {
        let by_column = || {
            let ty = event.ty?;
            let place = one_field(condition)?;
            let column = columns.event_field(ty, usize::from(place(ty.index())?))?;
            match (column, &condition.kind) {
                (FieldColumn::Keys(_, _, values), _) => Some(Where::ByCode(column, vec![None; values.len()])),
                (FieldColumn::Whole(..), ExprKind::Compare(op, a, b)) => match (&a.kind, &b.kind) {
                    (ExprKind::EventField(_), ExprKind::Constant(Literal::Int(other))) => {
                        Some(Where::Compare(*op, column, *other))
                    }
                    _ => None,
                },
                _ => None,
            }
        };
        by_column().unwrap_or(Where::ByEvent)
    }

    /// What is known of an event by its place, without asking.
    #[inline]
    fn quick(&self, entry: usize) -> Option<bool> {
        match self {
            Where::ByCode(column, known) => *known.get(column.code(entry)?)?,
            Where::Compare(op, column, other) => {
                Some(column.whole(entry).is_some_and(|value| eval::holds(*op, value.cmp(other))))
            }
            Where::New | Where::ByEvent => None,
        }
    }

    #[inline(never)]
    fn holds<'b>(
        &mut self,
        condition: &'b Expr,
        lead: usize,
        entry: &EventEntry,
        columns: &LeadColumns<'a>,
        asking: &mut Asking<'b, '_, '_>,
        arena: &'b Bump,
    ) -> bool
    where
        'a: 'b,
    {
        if let Where::New = self {
            *self = Where::new(condition, entry, columns);
        }
        if let Some(known) = self.quick(entry.entry) {
            return known;
        }
        let known = match self {
            Where::ByCode(column, known) => column.code(entry.entry).and_then(|code| known.get_mut(code)),
            _ => None,
        };
        let event: &'b Event<'b> = arena.alloc(columns.event(entry, arena));
        let holds = asking.holds(lead, event, condition);
        if let Some(known) = known {
            *known = Some(holds);
        }
        holds
    }
}

/// The only field of an event that a condition rests on, by the place of its type; none where it rests on more.
fn one_field(condition: &Expr) -> Option<impl Fn(usize) -> Option<u16> + '_> {
    let (mut field, mut alone) = (None, true);
    look(condition, &mut |expr| match &expr.kind {
        ExprKind::EventField(places) => match field {
            None => field = Some(places),
            Some(known) => alone &= known == places,
        },
        ExprKind::Field(_) | ExprKind::EventType | ExprKind::EventDay => alone = false,
        _ => {}
    });
    let places = field.filter(|_| alone)?;
    Some(move |ty: usize| match &places[..] {
        [one] => Some(*one),
        many => many.get(ty).copied(),
    })
}

fn look<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    expr.children().into_iter().for_each(|child| look(child, visit));
}
