//! The leads of a block, and what has been worked out of them so far.

use super::column::{Kind, Values};
use super::mask::{Mask, words};
use super::texts::Texts;
use super::{Block, Column, Leads, Outcomes};
use crate::check::hir::Program;
use crate::eval::counts::{AllCounted, Counts};
use crate::eval::run::Run;
use crate::eval::{Evaluator, Memo, Nothing, Outcome, Row};
use crate::model::{FieldId, Lead, Scalar, Type, Value};
use bumpalo::Bump;

/// What is at hand while a block is evaluated. Results stand in columns; outcomes lead by lead are made where the
/// evaluator of one lead is asked.
pub struct Sheet<'a, 'm> {
    pub evaluator: &'a Evaluator<'a>,
    pub program: &'a Program,
    pub leads: Leads<'a>,
    pub arena: &'a Bump,
    pub memo: &'m mut Memo,
    /// What a `by` looks at.
    pub subject: Values<'a>,
    /// A bit for every lead.
    pub all: Mask<'a>,
    /// No bits.
    pub none: Mask<'a>,
    /// What has been worked out.
    pub out: Outcomes<'a>,
    /// How many of the policy's steps that is.
    pub done: usize,
    /// The same lead by lead, and how many steps of it; where something has asked for it.
    written: Option<(&'a mut [Outcome<'a>], usize)>,
    columns: &'a [Column<'a>],
    counts: Option<Counts<'a>>,
    counted: Option<AllCounted<'a>>,
    fields: &'a mut [Option<Values<'a>>],
    /// By subject of the memory.
    pub texts: &'a mut [Option<Texts<'a>>],
}

impl<'a, 'm> Sheet<'a, 'm> {
    pub fn new(evaluator: &'a Evaluator<'a>, block: Block<'a>, memo: &'m mut Memo, arena: &'a Bump) -> Sheet<'a, 'm> {
        let program = evaluator.program;
        let leads = block.leads.len();
        memo.begin_block();
        Sheet {
            evaluator,
            program,
            leads: block.leads,
            arena,
            subject: Values::Same(Value::Missing),
            all: arena.alloc_slice_fill_copy(words(leads), u64::MAX),
            none: arena.alloc_slice_fill_copy(words(leads), 0),
            out: Outcomes::new(program, leads, arena),
            done: 0,
            written: None,
            columns: block.columns,
            counts: block.counts,
            counted: None,
            fields: arena.alloc_slice_fill_copy(program.schema.fields.len(), None),
            texts: arena.alloc_slice_fill_copy(memo.subject_count(), None),
            memo,
        }
    }

    /// All that has been worked out.
    pub fn finish(self) -> Outcomes<'a> {
        self.out
    }

    /// How many leads there are.
    pub fn len(&self) -> usize {
        self.leads.len()
    }

    /// What a reader knows of a field.
    pub fn column(&self, field: FieldId) -> Column<'a> {
        self.columns.get(field.index()).copied().unwrap_or(Column::Leads)
    }

    /// A field's values.
    pub fn field(&mut self, field: FieldId) -> Values<'a> {
        if let Some(Some(known)) = self.fields.get(field.index()) {
            return *known;
        }
        let values = self.read_field(field);
        if let Some(slot) = self.fields.get_mut(field.index()) {
            *slot = Some(values);
        }
        values
    }

    fn read_field(&self, field: FieldId) -> Values<'a> {
        let kind = match self.program.schema.field(field).ty {
            Type::One(Scalar::Int) => Some(Kind::Int),
            Type::One(Scalar::Number) => Some(Kind::Number),
            Type::One(Scalar::Money(_)) => Some(Kind::Money),
            Type::One(Scalar::Date) => Some(Kind::Date),
            Type::One(Scalar::Time) => Some(Kind::Time),
            Type::One(Scalar::Choice(_)) => Some(Kind::Choice),
            Type::One(Scalar::Bool | Scalar::Text) | Type::List(_) => None,
        };
        let column = self.column(field);
        let values = match column {
            Column::Missing => return Values::Same(Value::Missing),
            Column::Whole { values, known } => {
                if let (Some(kind), true) = (kind, values.len() == self.len()) {
                    return Values::Whole { kind, values, known };
                }
                self.values_of_leads(field)
            }
            Column::Values(values) if values.len() == self.len() => values,
            Column::Codes { codes, values, .. } if codes.len() == self.len() => {
                let value = |code: &u32| values.get(*code as usize).copied().unwrap_or(Value::Missing);
                self.arena.alloc_slice_fill_iter(codes.iter().map(value))
            }
            Column::Leads | Column::Values(_) | Column::Codes { .. } => self.values_of_leads(field),
        };
        let whole = kind.and_then(|kind| Values::whole(kind, self.len(), self.arena, values.iter().copied()));
        whole.unwrap_or_else(|| Values::new(values, self.arena))
    }

    fn values_of_leads(&self, field: FieldId) -> &'a [Value<'a>] {
        self.arena.alloc_slice_fill_iter(self.leads.all().iter().map(|lead| lead.field(field)))
    }

    /// What each lead's events came to.
    pub fn counted(&mut self) -> AllCounted<'a> {
        if let Some(counted) = self.counted {
            return counted;
        }
        let counts = match self.counts.take() {
            Some(counts) => counts,
            None => self.count(),
        };
        let all = counts.finish(self.leads.len());
        self.counted = Some(all);
        all
    }

    fn count(&mut self) -> Counts<'a> {
        let mut counts = self.evaluator.counts(self.leads.len(), self.arena);
        let leads = self.leads.all();
        let Some(first) = leads.first() else { return counts };
        let mut nothing = Nothing;
        let mut run = Run::new(self.evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (number, lead) in leads.iter().enumerate() {
            run.lead = lead;
            for event in lead.events.iter().rev() {
                counts.add(self.evaluator, number, event.ty, event.at, &mut |condition, place| {
                    run.holds_at(event, condition, place)
                });
            }
            run.forget();
        }
        counts
    }

    /// The memory's row of each lead's text.
    pub fn look_up(&mut self, subject: usize) -> &'a [Row] {
        let evaluator = self.evaluator;
        let rows = self.arena.alloc_slice_fill_copy(self.leads.len(), Row::NONE);
        let mut nothing = Nothing;
        let field = evaluator.subjects.field(subject);
        if let Some(Column::Values(values)) = field.map(|field| self.column(field))
            && values.len() == rows.len()
            && evaluator.subjects.rests_on_text(subject)
        {
            // What is remembered of a text needs nothing else of the lead.
            let none = self.arena.alloc(Lead { key: "", fields: &[], events: &[] });
            let mut run = Run::new(evaluator, none, self.arena, &mut nothing, Some(&mut *self.memo));
            for (row, value) in rows.iter_mut().zip(values) {
                let text = evaluator.subjects.text(subject, *value, self.arena);
                *row = run.look_up_value(subject, text, true);
            }
            run.forget();
            return rows;
        }
        let leads = self.leads.all();
        let Some(first) = leads.first() else { return rows };
        let mut run = Run::new(evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (row, lead) in rows.iter_mut().zip(leads) {
            run.lead = lead;
            *row = run.look_up_for(subject, true);
        }
        run.forget();
        rows
    }

    /// Asks the evaluator of one lead, for each in turn, with all that is known of it so far.
    pub fn one_by_one(&mut self, mut ask: impl FnMut(&mut Run<'a, '_, Nothing>, usize)) {
        self.out.lead_by_lead += 1;
        let counted = self.program.reads_events.then(|| self.counted());
        let leads = self.leads.all();
        let Some(first) = leads.first() else { return };
        let (outcomes, written) = self.written.take().unwrap_or_else(|| (self.out.blank(), 0));
        for step in self.program.order.get(written..self.done).unwrap_or_default() {
            self.out.write(*step, outcomes);
        }
        let mut nothing = Nothing;
        let mut run = Run::new(self.evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (number, (lead, outcome)) in leads.iter().zip(outcomes.iter_mut()).enumerate() {
            run.lead = lead;
            run.counted = counted.map(|counted| counted.lead(number));
            run.subject = self.subject.get(number);
            std::mem::swap(&mut run.out, outcome);
            ask(&mut run, number);
            std::mem::swap(&mut run.out, outcome);
            run.forget();
        }
        self.written = Some((outcomes, self.done));
    }
}
