//! A block through all steps of a policy.

use super::mask::Tris;
use super::sheet::Sheet;
use crate::check::hir::{FitId, StageId, Step};
use crate::model::Tri;

impl<'a> Sheet<'a, '_> {
    /// Works everything out, in the policy's order.
    pub fn steps(&mut self) {
        let program = self.program;
        for step in &program.order {
            self.step(*step);
        }
    }

    fn step(&mut self, step: Step) {
        let program = self.program;
        match step {
            Step::Define(id) => {
                let Some(define) = program.defines.get(id.index()) else { return };
                let values = self.value(&define.value);
                for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                    if let Some(slot) = outcome.defines.get_mut(id.index()) {
                        *slot = values.get(lead);
                    }
                }
                keep(self.defines, id.index(), values);
            }
            Step::Check(id) => {
                let Some(check) = program.checks.get(id.index()) else { return };
                let tris = self.condition(&check.condition);
                for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                    write(outcome.checks, id.index(), tris.get(lead));
                }
                keep(self.checks, id.index(), tris);
            }
            Step::Fit(id) => self.fit(id),
            Step::Part(id) => self.part(id),
            Step::Bands(id) => {
                self.write_points();
                self.outcomes.iter_mut().for_each(|outcome| outcome.band(program, id));
            }
            Step::Matrix(id) => {
                let leads = self.leads.iter().zip(self.outcomes.iter_mut());
                leads.for_each(|(lead, outcome)| outcome.cell(program, lead, id));
            }
            Step::Reason(id) => {
                let Some(reason) = program.reasons.get(id.index()) else { return };
                let tris = self.condition(&reason.condition);
                for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                    write(outcome.reasons, id.index(), tris.get(lead));
                }
                keep(self.reasons, id.index(), tris);
            }
            Step::Disqualified => self.outcomes.iter_mut().for_each(|outcome| outcome.disqualify()),
            Step::StageReached(id) => self.stage_reached(id),
            Step::Stage => self.highest(),
            Step::Route => self.route(),
            Step::Always(id) => {
                let Some(always) = program.always.get(id.index()) else { return };
                let tris = self.condition(&always.condition);
                for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                    write(outcome.always, id.index(), tris.get(lead));
                }
            }
        }
    }

    fn fit(&mut self, id: FitId) {
        self.outcomes.iter_mut().for_each(|outcome| outcome.judge(self.program, id));
        let verdicts = Tris::each(self.len(), self.arena, |lead| {
            self.outcomes.get(lead).map_or(Tri::Unknown, |outcome| outcome.fit(id).verdict)
        });
        keep(self.fits, id.index(), verdicts);
    }

    fn stage_reached(&mut self, id: StageId) {
        let program = self.program;
        let arena = self.arena;
        let Some(stage) = program.stages.get(id.index()) else { return };
        let certain = Tris::all(Tri::True, self.len(), arena);
        let condition = stage.condition.as_ref().map_or(certain, |condition| self.condition(condition));
        let above = stage.after.and_then(|after| self.standing.get(after.index()).copied().flatten());
        let mut standing = condition.and(above.unwrap_or(certain), arena);
        if let Some(keep) = &stage.keep_while {
            let here = Tris::each(self.len(), arena, |lead| {
                Tri::from(self.leads.get(lead).is_some_and(|lead| self.evaluator.stands_at(lead, id)))
            });
            standing = standing.or(self.condition(keep).and(here, arena), arena);
        }
        keep(self.conditions, id.index(), condition);
        keep(self.standing, id.index(), standing);
        self.unwritten_stages.push(id);
    }

    /// Writes the latest stages to the outcomes.
    pub fn write_stages(&mut self) {
        for id in std::mem::take(&mut self.unwritten_stages) {
            let column = |table: &[Option<Tris<'a>>]| table.get(id.index()).copied().flatten();
            let (Some(condition), Some(standing)) = (column(self.conditions), column(self.standing)) else { continue };
            for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                let standing = standing.get(lead);
                write(outcome.conditions, id.index(), condition.get(lead));
                write(outcome.standing, id.index(), standing);
                write(outcome.reached, id.index(), standing.is_true());
            }
        }
    }

    /// The highest stage that each lead has reached.
    fn highest(&mut self) {
        for (place, standing) in self.standing.iter().enumerate() {
            let Some(standing) = standing else { continue };
            for (word, outcomes) in standing.yes.iter().zip(self.outcomes.chunks_mut(64)) {
                let mut bits = *word;
                while let Some(outcome) = outcomes.get_mut(bits.trailing_zeros() as usize) {
                    outcome.stage = place as u16;
                    bits &= bits - 1;
                }
            }
        }
    }

    fn route(&mut self) {
        let program = self.program;
        for (place, route) in program.routes.iter().enumerate() {
            let condition = route.condition.as_ref().map(|condition| self.condition(condition));
            for (lead, outcome) in self.outcomes.iter_mut().enumerate() {
                if outcome.route.is_none() && condition.is_none_or(|condition| condition.get(lead).is_true()) {
                    outcome.route = Some(crate::check::hir::RouteId(place as u16));
                }
            }
        }
    }
}

fn keep<T>(table: &mut [Option<T>], place: usize, value: T) {
    if let Some(slot) = table.get_mut(place) {
        *slot = Some(value);
    }
}

fn write<T>(table: &mut [T], place: usize, value: T) {
    if let Some(slot) = table.get_mut(place) {
        *slot = value;
    }
}
