//! The leads of a block, and what has been worked out of them so far.

use super::column::{Kind, Values};
use super::mask::{Mask, Tris, words};
use super::texts::Texts;
use super::{Block, Column, Outcomes};
use crate::check::hir::{PartId, Program, StageId};
use crate::eval::counts::{Counted, Counts};
use crate::eval::run::Run;
use crate::eval::{Evaluator, FitOutcome, Memo, Nothing, Outcome, Row};
use crate::model::{FieldId, Lead, Scalar, Tri, Type, Value};
use bumpalo::Bump;

/// What is at hand while a block is evaluated. Results stand in the outcomes, lead by lead, and most of them in columns
/// as well; a column that is not there yet is made of the outcomes.
pub struct Sheet<'a, 'm> {
    pub evaluator: &'a Evaluator<'a>,
    pub program: &'a Program,
    pub leads: &'a [Lead<'a>],
    pub arena: &'a Bump,
    pub outcomes: &'a mut [Outcome<'a>],
    pub memo: &'m mut Memo,
    /// How many steps and expressions had to be worked out lead by lead.
    pub lead_by_lead: usize,
    /// What a `by` looks at.
    pub subject: Values<'a>,
    /// A bit for every lead.
    pub all: Mask<'a>,
    columns: &'a [Column<'a>],
    counts: Option<Counts<'a>>,
    counted: Option<&'a [Counted<'a>]>,
    fields: &'a mut [Option<Values<'a>>],
    /// By subject of the memory.
    pub texts: &'a mut [Option<Texts<'a>>],
    pub defines: &'a mut [Option<Values<'a>>],
    pub checks: &'a mut [Option<Tris<'a>>],
    pub fits: &'a mut [Option<Tris<'a>>],
    pub reasons: &'a mut [Option<Tris<'a>>],
    pub standing: &'a mut [Option<Tris<'a>>],
    pub points: &'a mut [Option<&'a [i64]>],
    pub conditions: &'a mut [Option<Tris<'a>>],
    /// The parts whose points do not stand in the outcomes yet.
    pub unwritten: Vec<PartId>,
    /// The stages that do not stand in the outcomes yet.
    pub unwritten_stages: Vec<StageId>,
}

/// A row of a table for each lead.
fn rows<'a, T: Copy + 'a>(leads: usize, width: usize, fill: T, arena: &'a Bump) -> impl FnMut() -> &'a mut [T] {
    let mut rest = arena.alloc_slice_fill_copy(leads * width, fill);
    move || {
        let all = std::mem::take(&mut rest);
        let (row, behind) = all.split_at_mut(width.min(all.len()));
        rest = behind;
        row
    }
}

/// An outcome a lead, as if nothing were known.
fn outcomes<'a>(program: &Program, leads: usize, arena: &'a Bump) -> &'a mut [Outcome<'a>] {
    let nothing = FitOutcome { verdict: Tri::Unknown, passed: 0, failed: 0, unknown: 0 };
    let mut defines = rows(leads, program.defines.len(), Value::Missing, arena);
    let mut checks = rows(leads, program.checks.len(), Tri::Unknown, arena);
    let mut fits = rows(leads, program.fits.len(), nothing, arena);
    let mut points = rows(leads, program.parts.len(), 0, arena);
    let mut bands = rows(leads, program.bands.len(), 0, arena);
    let mut cells = rows(leads, program.matrices.len(), 0, arena);
    let mut reasons = rows(leads, program.reasons.len(), Tri::Unknown, arena);
    let mut conditions = rows(leads, program.stages.len(), Tri::Unknown, arena);
    let mut standing = rows(leads, program.stages.len(), Tri::Unknown, arena);
    let mut reached = rows(leads, program.stages.len(), false, arena);
    let mut always = rows(leads, program.always.len(), Tri::Unknown, arena);
    arena.alloc_slice_fill_with(leads, |_| Outcome {
        defines: defines(),
        checks: checks(),
        fits: fits(),
        points: points(),
        bands: bands(),
        cells: cells(),
        reasons: reasons(),
        disqualified: false,
        conditions: conditions(),
        standing: standing(),
        reached: reached(),
        stage: 0,
        route: None,
        always: always(),
    })
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
            outcomes: outcomes(program, leads, arena),
            lead_by_lead: 0,
            subject: Values::Same(Value::Missing),
            all: arena.alloc_slice_fill_copy(words(leads), u64::MAX),
            columns: block.columns,
            counts: block.counts,
            counted: None,
            fields: arena.alloc_slice_fill_copy(program.schema.fields.len(), None),
            texts: arena.alloc_slice_fill_copy(memo.subject_count(), None),
            memo,
            defines: arena.alloc_slice_fill_copy(program.defines.len(), None),
            checks: arena.alloc_slice_fill_copy(program.checks.len(), None),
            fits: arena.alloc_slice_fill_copy(program.fits.len(), None),
            reasons: arena.alloc_slice_fill_copy(program.reasons.len(), None),
            standing: arena.alloc_slice_fill_copy(program.stages.len(), None),
            points: arena.alloc_slice_fill_copy(program.parts.len(), None),
            conditions: arena.alloc_slice_fill_copy(program.stages.len(), None),
            unwritten: Vec::with_capacity(program.parts.len()),
            unwritten_stages: Vec::new(),
        }
    }

    /// The outcomes, with all that has been worked out.
    pub fn finish(mut self) -> Outcomes<'a> {
        self.write();
        Outcomes { all: self.outcomes, lead_by_lead: self.lead_by_lead }
    }

    /// The outcomes; of parts only scores have points, and of stages only the highest is told.
    pub fn finish_scores(mut self) -> Outcomes<'a> {
        let scores = &self.program.scores;
        self.unwritten.retain(|part| scores.contains(part));
        self.write_points();
        Outcomes { all: self.outcomes, lead_by_lead: self.lead_by_lead }
    }

    /// Writes to the outcomes what stands in columns alone.
    pub fn write(&mut self) {
        self.write_points();
        self.write_stages();
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
        let values = self.leads.iter().map(|lead| lead.field(field));
        if let Some(kind) = kind {
            if let Column::Whole { values, known } = self.column(field)
                && values.len() == self.len()
            {
                return Values::Whole { kind, values, known };
            }
            if let Some(whole) = Values::whole(kind, self.len(), self.arena, values.clone()) {
                return whole;
            }
        }
        Values::new(self.arena.alloc_slice_fill_iter(values), self.arena)
    }

    /// What each lead's events came to.
    pub fn counted(&mut self) -> &'a [Counted<'a>] {
        if let Some(counted) = self.counted {
            return counted;
        }
        let counts = match self.counts.take() {
            Some(counts) => counts,
            None => self.count(),
        };
        let all = &*self.arena.alloc_slice_fill_iter(counts.finish(self.leads.len()));
        self.counted = Some(all);
        all
    }

    fn count(&mut self) -> Counts<'a> {
        let mut counts = self.evaluator.counts(self.leads.len(), self.arena);
        let Some(first) = self.leads.first() else { return counts };
        let mut nothing = Nothing;
        let mut run = Run::new(self.evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (number, lead) in self.leads.iter().enumerate() {
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
        let rows = self.arena.alloc_slice_fill_copy(self.leads.len(), Row::NONE);
        let Some(first) = self.leads.first() else { return rows };
        let mut nothing = Nothing;
        let mut run = Run::new(self.evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (row, lead) in rows.iter_mut().zip(self.leads) {
            run.lead = lead;
            *row = run.look_up_for(subject, true);
        }
        run.forget();
        rows
    }

    /// Asks the evaluator of one lead, for each in turn, with all that is known of it so far.
    pub fn one_by_one(&mut self, mut ask: impl FnMut(&mut Run<'a, '_, Nothing>, usize)) {
        self.lead_by_lead += 1;
        self.write();
        let counted = if self.program.reads_events { self.counted() } else { &[] };
        let Some(first) = self.leads.first() else { return };
        let mut nothing = Nothing;
        let mut run = Run::new(self.evaluator, first, self.arena, &mut nothing, Some(&mut *self.memo));
        for (number, (lead, outcome)) in self.leads.iter().zip(self.outcomes.iter_mut()).enumerate() {
            run.lead = lead;
            run.counted = counted.get(number).copied();
            run.subject = self.subject.get(number);
            std::mem::swap(&mut run.out, outcome);
            ask(&mut run, number);
            std::mem::swap(&mut run.out, outcome);
            run.forget();
        }
    }
}
