//! What a policy decided of a lead, kept until another policy has read the lead its own way.

use crate::check::hir::{PartId, Program, RouteId};
use crate::eval::{FitOutcome, Outcome};
use crate::model::{Tri, Value};
use bumpalo::Bump;

/// What a policy decided of a lead, as far as decisions are compared by it.
#[derive(Clone, Debug)]
pub struct Decided {
    disqualified: bool,
    stage: u16,
    route: Option<RouteId>,
    bands: Box<[u16]>,
    cells: Box<[u16]>,
    fits: Box<[FitOutcome]>,
    /// By persona, in the order of the defines.
    personas: Box<[bool]>,
    /// By score.
    points: Box<[i64]>,
}

impl Decided {
    /// Keeps an outcome.
    pub(super) fn of(program: &Program, outcome: &Outcome<'_>) -> Decided {
        let personas = program.defines.iter().zip(outcome.defines.iter()).filter(|(define, _)| define.persona);
        Decided {
            disqualified: outcome.disqualified,
            stage: outcome.stage,
            route: outcome.route,
            bands: (*outcome.bands).into(),
            cells: (*outcome.cells).into(),
            fits: (*outcome.fits).into(),
            personas: personas.map(|(_, value)| value.tri().is_true()).collect(),
            points: program.scores.iter().map(|score| outcome.points(*score)).collect(),
        }
    }

    /// The outcome again; what decisions are not compared by is left out.
    pub(super) fn outcome<'a>(&self, program: &Program, arena: &'a Bump) -> Outcome<'a> {
        let mut personas = self.personas.iter();
        let defines = program.defines.iter().map(|define| match define.persona {
            true => Value::Bool(personas.next().copied().unwrap_or(false)),
            false => Value::Missing,
        });
        let defines: Vec<Value<'a>> = defines.collect();
        let of_part = |part: usize| {
            let score = program.scores.iter().position(|score| *score == PartId(part as u16));
            score.map_or(0, |score| self.points[score])
        };
        let unknown = |count: usize| arena.alloc_slice_fill_copy(count, Tri::Unknown);
        Outcome {
            defines: arena.alloc_slice_copy(&defines),
            checks: unknown(program.checks.len()),
            fits: arena.alloc_slice_copy(&self.fits),
            points: arena.alloc_slice_fill_with(program.parts.len(), of_part),
            bands: arena.alloc_slice_copy(&self.bands),
            cells: arena.alloc_slice_copy(&self.cells),
            reasons: unknown(program.reasons.len()),
            disqualified: self.disqualified,
            conditions: unknown(program.stages.len()),
            standing: unknown(program.stages.len()),
            reached: arena.alloc_slice_fill_copy(program.stages.len(), false),
            stage: self.stage,
            route: self.route,
            always: unknown(program.always.len()),
        }
    }
}
