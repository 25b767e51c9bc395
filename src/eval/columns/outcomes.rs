//! What a policy says of the leads of a block, part by part, and of it the outcome of each lead.

use super::column::Values;
use super::mask::{Mask, Tris, words};
use super::points::PartPoints;
use crate::check::hir::{FitId, PartId, Program, RouteId, Step};
use crate::eval::{FitOutcome, Outcome};
use crate::model::{Tri, Value};
use bumpalo::Bump;

/// What a policy says of the leads of a block: every table of an [`Outcome`] as a column or mask an entry.
#[derive(Debug)]
pub struct Outcomes<'a> {
    pub(super) program: &'a Program,
    pub(super) arena: &'a Bump,
    pub(super) leads: usize,
    /// The values of each `define` and persona.
    pub defines: &'a mut [Values<'a>],
    /// Each check.
    pub checks: &'a mut [Tris<'a>],
    /// The verdict of each fit.
    pub fits: &'a mut [Tris<'a>],
    /// The points of each part, in ten-thousandths.
    pub(super) parts: &'a mut [PartPoints<'a>],
    /// The band of each `bands`.
    pub bands: &'a mut [&'a [u16]],
    /// The cell of each matrix.
    pub cells: &'a mut [&'a [u16]],
    /// Each reason to disqualify.
    pub reasons: &'a mut [Tris<'a>],
    /// Whether any reason is true.
    pub disqualified: Mask<'a>,
    /// Each stage's own condition.
    pub conditions: &'a mut [Tris<'a>],
    /// Whether each stage is reached.
    pub standing: &'a mut [Tris<'a>],
    /// The highest stage that is reached.
    pub stage: &'a [u16],
    /// Who takes each route.
    pub routes: &'a mut [Mask<'a>],
    /// Each `always`.
    pub always: &'a mut [Tris<'a>],
    /// How many steps and expressions had to be worked out lead by lead.
    pub lead_by_lead: usize,
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

impl<'a> Outcomes<'a> {
    /// As if nothing were known.
    pub(super) fn new(program: &'a Program, leads: usize, arena: &'a Bump) -> Outcomes<'a> {
        let nobody: Mask<'a> = arena.alloc_slice_fill_copy(words(leads), 0);
        let unknown = Tris { yes: nobody, no: nobody };
        let zeros: &'a [u16] = arena.alloc_slice_fill_copy(leads, 0);
        let tris = |count: usize| arena.alloc_slice_fill_copy(count, unknown);
        Outcomes {
            program,
            arena,
            leads,
            defines: arena.alloc_slice_fill_copy(program.defines.len(), Values::Same(Value::Missing)),
            checks: tris(program.checks.len()),
            fits: tris(program.fits.len()),
            parts: arena.alloc_slice_fill_copy(program.parts.len(), PartPoints::Who(nobody, 0)),
            bands: arena.alloc_slice_fill_copy(program.bands.len(), zeros),
            cells: arena.alloc_slice_fill_copy(program.matrices.len(), zeros),
            reasons: tris(program.reasons.len()),
            disqualified: nobody,
            conditions: tris(program.stages.len()),
            standing: tris(program.stages.len()),
            stage: zeros,
            routes: arena.alloc_slice_fill_copy(program.routes.len(), nobody),
            always: tris(program.always.len()),
            lead_by_lead: 0,
        }
    }

    /// How many leads there are.
    pub fn len(&self) -> usize {
        self.leads
    }

    /// Whether there are no leads.
    pub fn is_empty(&self) -> bool {
        self.leads == 0
    }

    /// A bit for each lead.
    pub fn everyone(&self) -> Mask<'a> {
        self.arena.alloc_slice_fill_copy(words(self.leads), u64::MAX)
    }

    /// A bit for each lead of which `is` is true.
    pub fn those(&self, is: impl FnMut(usize) -> bool) -> Mask<'a> {
        super::mask::each(self.leads, self.arena, is)
    }

    /// The points of a part, in ten-thousandths.
    pub fn points(&self, part: PartId) -> &'a [i64] {
        self.parts.get(part.index()).map_or(&[], |points| points.each(self.leads, self.arena))
    }

    /// The checks of a fit.
    pub(super) fn checks_of(&self, fit: FitId) -> &[Tris<'a>] {
        let checks = self.program.fits.get(fit.index()).map(|fit| fit.checks.start as usize..fit.checks.end as usize);
        checks.and_then(|checks| self.checks.get(checks)).unwrap_or_default()
    }

    /// The route of a lead.
    pub fn route(&self, lead: usize) -> Option<RouteId> {
        self.routes.iter().position(|taken| super::bit(taken, lead)).map(|place| RouteId(place as u16))
    }

    /// An outcome a lead, in their order; made each time that it is asked for.
    pub fn all(&self) -> &'a [Outcome<'a>] {
        let all = self.blank();
        self.program.order.iter().for_each(|step| self.write(*step, all));
        all
    }

    /// An outcome a lead, as if nothing were known.
    pub(super) fn blank(&self) -> &'a mut [Outcome<'a>] {
        let Outcomes { program, arena, leads, .. } = *self;
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

    /// Writes to the outcomes of the leads what a step came to.
    pub(super) fn write(&self, step: Step, all: &mut [Outcome<'a>]) {
        match step {
            Step::Define(id) => {
                let Some(values) = self.defines.get(id.index()) else { return };
                each(all, |lead, outcome| put(outcome.defines, id.index(), values.get(lead)));
            }
            Step::Check(id) => tell(all, self.checks, id.index(), |outcome| outcome.checks),
            Step::Fit(id) => self.write_fit(id, all),
            Step::Part(id) => {
                let points = self.points(id);
                all.iter_mut().zip(points).for_each(|(outcome, points)| put(outcome.points, id.index(), *points));
            }
            Step::Bands(id) => {
                let bands = self.bands.get(id.index()).copied().unwrap_or_default();
                all.iter_mut().zip(bands).for_each(|(outcome, band)| put(outcome.bands, id.index(), *band));
            }
            Step::Matrix(id) => {
                let cells = self.cells.get(id.index()).copied().unwrap_or_default();
                all.iter_mut().zip(cells).for_each(|(outcome, cell)| put(outcome.cells, id.index(), *cell));
            }
            Step::Reason(id) => tell(all, self.reasons, id.index(), |outcome| outcome.reasons),
            Step::Disqualified => {
                each(all, |lead, outcome| outcome.disqualified = super::bit(self.disqualified, lead));
            }
            Step::StageReached(id) => {
                tell(all, self.conditions, id.index(), |outcome| outcome.conditions);
                tell(all, self.standing, id.index(), |outcome| outcome.standing);
                let Some(standing) = self.standing.get(id.index()) else { return };
                each(all, |lead, outcome| put(outcome.reached, id.index(), standing.get(lead).is_true()));
            }
            Step::Stage => all.iter_mut().zip(self.stage).for_each(|(outcome, stage)| outcome.stage = *stage),
            Step::Route => each(all, |lead, outcome| outcome.route = self.route(lead)),
            Step::Always(id) => tell(all, self.always, id.index(), |outcome| outcome.always),
        }
    }

    fn write_fit(&self, id: FitId, all: &mut [Outcome<'a>]) {
        let (checks, Some(verdict)) = (self.checks_of(id), self.fits.get(id.index())) else { return };
        each(all, |lead, outcome| {
            let count = |value: Tri| checks.iter().filter(|check| check.get(lead) == value).count() as u16;
            let (passed, failed) = (count(Tri::True), count(Tri::False));
            let unknown = checks.len() as u16 - passed - failed;
            put(outcome.fits, id.index(), FitOutcome { verdict: verdict.get(lead), passed, failed, unknown });
        });
    }
}

fn each<'a>(all: &mut [Outcome<'a>], mut write: impl FnMut(usize, &mut Outcome<'a>)) {
    all.iter_mut().enumerate().for_each(|(lead, outcome)| write(lead, outcome));
}

fn tell<'a>(
    all: &mut [Outcome<'a>],
    columns: &[Tris<'a>],
    place: usize,
    table: impl for<'o> Fn(&'o mut Outcome<'a>) -> &'o mut [Tri],
) {
    let Some(tris) = columns.get(place) else { return };
    each(all, |lead, outcome| put(table(outcome), place, tris.get(lead)));
}

fn put<T>(table: &mut [T], place: usize, value: T) {
    if let Some(slot) = table.get_mut(place) {
        *slot = value;
    }
}
