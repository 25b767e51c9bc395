//! A block through all steps of a policy.

use super::mask::{self, Mask, Tris, at_least, join};
use super::sheet::Sheet;
use crate::check::hir::{Axis, BandsId, FitId, MatrixId, StageId, Step};
use crate::model::{Tri, Value};

impl<'a> Sheet<'a, '_> {
    /// Works everything out, in the policy's order.
    pub fn steps(&mut self) {
        let program = self.program;
        for (place, step) in program.order.iter().enumerate() {
            self.step(*step);
            self.done = place + 1;
        }
    }

    fn step(&mut self, step: Step) {
        let program = self.program;
        match step {
            Step::Define(id) => {
                let Some(define) = program.defines.get(id.index()) else { return };
                let values = self.value(&define.value);
                keep(self.out.defines, id.index(), values);
            }
            Step::Check(id) => {
                let Some(check) = program.checks.get(id.index()) else { return };
                let tris = self.condition(&check.condition);
                keep(self.out.checks, id.index(), tris);
            }
            Step::Fit(id) => self.fit(id),
            Step::Part(id) => self.part(id),
            Step::Bands(id) => self.bands(id),
            Step::Matrix(id) => self.matrix(id),
            Step::Reason(id) => {
                let Some(reason) = program.reasons.get(id.index()) else { return };
                let tris = self.condition(&reason.condition);
                keep(self.out.reasons, id.index(), tris);
            }
            Step::Disqualified => self.disqualified(),
            Step::StageReached(id) => self.stage_reached(id),
            Step::Stage => self.highest(),
            Step::Route => self.route(),
            Step::Always(id) => {
                let Some(always) = program.always.get(id.index()) else { return };
                let tris = self.condition(&always.condition);
                keep(self.out.always, id.index(), tris);
            }
        }
    }

    /// A fit's verdicts, from its checks.
    fn fit(&mut self, id: FitId) {
        let Some(fit) = self.program.fits.get(id.index()) else { return };
        let checks = self.out.checks_of(id);
        let needs = usize::from(fit.needs);
        let words = |of: fn(&Tris<'a>) -> Mask<'a>, least: usize| -> Mask<'a> {
            self.arena.alloc_slice_fill_with(mask::words(self.len()), |word| {
                at_least(checks.iter().map(|check| of(check).get(word).copied().unwrap_or(0)), least)
            })
        };
        // Too few can pass when more fail than may: fewer are then true or unknown than it needs.
        let tris = Tris {
            yes: words(|tris| tris.yes, needs),
            no: words(|tris| tris.no, (checks.len() + 1).saturating_sub(needs)),
        };
        keep(self.out.fits, id.index(), tris);
    }

    /// The bands that a score is in.
    fn bands(&mut self, id: BandsId) {
        let Some(bands) = self.program.bands.get(id.index()) else { return };
        let points = self.out.points(bands.of);
        let band = |points: &i64| bands.from.partition_point(|from| from <= points) as u16;
        let places = &*self.arena.alloc_slice_fill_iter(points.iter().map(band));
        keep(self.out.bands, id.index(), places);
    }

    /// The cells of a matrix.
    fn matrix(&mut self, id: MatrixId) {
        let Some(matrix) = self.program.matrices.get(id.index()) else { return };
        let ((rows, _), (columns, length)) = (self.places(&matrix.rows), self.places(&matrix.columns));
        let cell = |(row, column): (&u16, &u16)| {
            matrix.cells.get(usize::from(*row) * length + usize::from(*column)).copied().unwrap_or(0)
        };
        let cells = &*self.arena.alloc_slice_fill_iter(rows.iter().zip(columns).map(cell));
        keep(self.out.cells, id.index(), cells);
    }

    /// Where the leads stand on an axis, and how long the axis is.
    fn places(&mut self, axis: &Axis) -> (&'a [u16], usize) {
        let (arena, leads) = (self.arena, self.len());
        match axis {
            Axis::Bands(bands) => {
                let length = self.program.bands.get(bands.index()).map_or(1, |bands| bands.from.len() + 1);
                (self.out.bands.get(bands.index()).copied().unwrap_or_default(), length)
            }
            Axis::Fit(fit) => {
                let Some(verdicts) = self.out.fits.get(fit.index()).copied() else { return (&[], 3) };
                let place = |lead| match verdicts.get(lead) {
                    Tri::True => 0,
                    Tri::Unknown => 1,
                    Tri::False => 2,
                };
                (arena.alloc_slice_fill_with(leads, place), 3)
            }
            Axis::Field(field, domain) => {
                let choices = self.program.schema.domain(*domain).choices.len();
                let values = self.field(*field);
                let place = |lead| match values.get(lead) {
                    Value::Choice(choice) => choice,
                    _ => choices as u16,
                };
                (arena.alloc_slice_fill_with(leads, place), choices + 1)
            }
        }
    }

    fn disqualified(&mut self) {
        let any = self.arena.alloc_slice_fill_copy(mask::words(self.len()), 0);
        for reason in self.out.reasons.iter() {
            any.iter_mut().zip(reason.yes).for_each(|(any, yes)| *any |= yes);
        }
        self.out.disqualified = any;
    }

    fn stage_reached(&mut self, id: StageId) {
        let program = self.program;
        let arena = self.arena;
        let Some(stage) = program.stages.get(id.index()) else { return };
        let certain = Tris { yes: self.all, no: self.none };
        let condition = stage.condition.as_ref().map_or(certain, |condition| self.condition(condition));
        let above = stage.after.and_then(|after| self.out.standing.get(after.index()).copied());
        let mut standing = condition.and(above.unwrap_or(certain), arena);
        if let Some(keep) = &stage.keep_while {
            let here = Tris::sure(self.stands_at(id), arena);
            standing = standing.or(self.condition(keep).and(here, arena), arena);
        }
        keep(self.out.conditions, id.index(), condition);
        keep(self.out.standing, id.index(), standing);
    }

    /// Who stands at a stage or a higher one.
    fn stands_at(&mut self, id: StageId) -> Mask<'a> {
        if let Some(standing) = self.evaluator.standing {
            return if standing.is_some_and(|standing| standing >= id) { self.all } else { self.none };
        }
        let Some(field) = self.program.schema.stage_field else { return self.none };
        let values = self.field(field);
        let stands = |lead| matches!(values.get(lead), Value::Choice(choice) if choice >= id.0);
        mask::each(self.len(), self.arena, stands)
    }

    /// The highest stage that each lead has reached.
    fn highest(&mut self) {
        let stages = self.arena.alloc_slice_fill_copy(self.len(), 0u16);
        for (place, standing) in self.out.standing.iter().enumerate().skip(1) {
            for (word, stages) in standing.yes.iter().zip(stages.chunks_mut(64)) {
                let mut bits = *word;
                while let Some(stage) = stages.get_mut(bits.trailing_zeros() as usize) {
                    *stage = place as u16;
                    bits &= bits - 1;
                }
            }
        }
        self.out.stage = stages;
    }

    fn route(&mut self) {
        let (program, arena) = (self.program, self.arena);
        let mut open = self.all;
        for (place, route) in program.routes.iter().enumerate() {
            let yes = route.condition.as_ref().map_or(self.all, |condition| self.condition(condition).yes);
            keep(self.out.routes, place, join(open, yes, arena, |open, yes| open & yes));
            open = join(open, yes, arena, |open, yes| open & !yes);
        }
    }
}

fn keep<T>(table: &mut [T], place: usize, value: T) {
    if let Some(slot) = table.get_mut(place) {
        *slot = value;
    }
}
