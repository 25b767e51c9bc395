//! One lead through all steps of a policy.

use super::counts::Counted;
use super::points::held;
use super::{Evaluator, FitOutcome, Memo, Outcome, Recorder, RuleEntry};
use crate::check::hir::{Axis, Expr, PartId, Program, StageId, Step};
use crate::model::{Event, Lead, Tri, Value};
use bumpalo::Bump;

/// What is at hand while a lead is evaluated.
pub(super) struct Run<'a, 'r, R> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) program: &'a Program,
    pub(super) lead: &'a Lead<'a>,
    pub(super) arena: &'a Bump,
    pub(super) out: Outcome<'a>,
    pub(super) recorder: &'r mut R,
    /// What a `by` looks at.
    pub(super) subject: Value<'a>,
    /// The event that a `where` looks at.
    pub(super) event: Option<&'a Event<'a>>,
    /// What the events came to, once a question has asked for it.
    pub(super) counted: Option<Counted<'a>>,
    /// What conditions on texts came to before.
    pub(super) memo: Option<&'r mut Memo>,
    /// Whether a row of the memory is being filled.
    pub(super) filling: bool,
}

pub(super) fn run<'a, 'r, R: Recorder>(
    evaluator: &'a Evaluator<'a>,
    lead: &'a Lead<'a>,
    arena: &'a Bump,
    recorder: &'r mut R,
    memo: Option<&'r mut Memo>,
) -> Outcome<'a> {
    let mut run = Run::new(evaluator, lead, arena, recorder, memo);
    run.steps();
    run.out
}

/// As [`run`], of these steps only.
pub(super) fn run_steps<'a, R: Recorder>(
    evaluator: &'a Evaluator<'a>,
    lead: &'a Lead<'a>,
    steps: &[Step],
    arena: &'a Bump,
    recorder: &mut R,
) -> Outcome<'a> {
    let mut run = Run::new(evaluator, lead, arena, recorder, None);
    steps.iter().for_each(|step| run.step(*step));
    run.out
}

/// As [`run`], and then the values of further conditions: the expectations of a test.
pub(super) fn run_expecting<'a, R: Recorder>(
    evaluator: &'a Evaluator<'a>,
    lead: &'a Lead<'a>,
    arena: &'a Bump,
    recorder: &mut R,
    expects: &'a [Expr],
) -> (Outcome<'a>, Vec<Tri>) {
    let mut run = Run::new(evaluator, lead, arena, recorder, None);
    run.steps();
    let expects = expects.iter().map(|expect| run.condition(expect)).collect();
    (run.out, expects)
}

impl<'a, 'r, R: Recorder> Run<'a, 'r, R> {
    pub(super) fn new(
        evaluator: &'a Evaluator<'a>,
        lead: &'a Lead<'a>,
        arena: &'a Bump,
        recorder: &'r mut R,
        memo: Option<&'r mut Memo>,
    ) -> Run<'a, 'r, R> {
        let program = evaluator.program;
        let out = Outcome {
            defines: arena.alloc_slice_fill_copy(program.defines.len(), Value::Missing),
            checks: arena.alloc_slice_fill_copy(program.checks.len(), Tri::Unknown),
            fits: arena.alloc_slice_fill_copy(
                program.fits.len(),
                FitOutcome { verdict: Tri::Unknown, passed: 0, failed: 0, unknown: 0 },
            ),
            points: arena.alloc_slice_fill_copy(program.parts.len(), 0),
            bands: arena.alloc_slice_fill_copy(program.bands.len(), 0),
            cells: arena.alloc_slice_fill_copy(program.matrices.len(), 0),
            reasons: arena.alloc_slice_fill_copy(program.reasons.len(), Tri::Unknown),
            disqualified: false,
            conditions: arena.alloc_slice_fill_copy(program.stages.len(), Tri::Unknown),
            standing: arena.alloc_slice_fill_copy(program.stages.len(), Tri::Unknown),
            reached: arena.alloc_slice_fill_copy(program.stages.len(), false),
            stage: 0,
            route: None,
            always: arena.alloc_slice_fill_copy(program.always.len(), Tri::Unknown),
        };
        Run {
            evaluator,
            program,
            lead,
            arena,
            out,
            recorder,
            subject: Value::Missing,
            event: None,
            counted: None,
            memo,
            filling: false,
        }
    }
}

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// Before the next lead.
    pub(super) fn forget(&mut self) {
        if let Some(memo) = &mut self.memo {
            memo.forget_lead();
        }
    }

    pub(super) fn steps(&mut self) {
        for step in &self.program.order {
            self.step(*step);
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Define(id) => self.out.defines[id.index()] = self.value(&self.program.defines[id.index()].value),
            Step::Check(id) => self.out.checks[id.index()] = self.condition(&self.program.checks[id.index()].condition),
            Step::Fit(id) => self.out.judge(self.program, id),
            Step::Part(id) => self.out.points[id.index()] = self.part(id),
            Step::Bands(id) => self.out.band(self.program, id),
            Step::Matrix(id) => self.out.cell(self.program, self.lead, id),
            Step::Reason(id) => {
                self.out.reasons[id.index()] = self.condition(&self.program.reasons[id.index()].condition)
            }
            Step::Disqualified => self.out.disqualify(),
            Step::StageReached(id) => self.stage_reached(id),
            Step::Stage => self.out.highest(),
            Step::Route => self.route(),
            Step::Always(id) => {
                self.out.always[id.index()] = self.condition(&self.program.always[id.index()].condition)
            }
        }
    }

    /// Where the lead stands on an axis, and how long the axis is.
    pub(super) fn place(&self, axis: &Axis) -> (usize, usize) {
        self.out.place(self.program, self.lead, axis)
    }

    fn stage_reached(&mut self, id: StageId) {
        let stage = &self.program.stages[id.index()];
        let condition = stage.condition.as_ref().map_or(Tri::True, |condition| self.condition(condition));
        let above = stage.after.map_or(Tri::True, |after| self.out.standing[after.index()]);
        let mut standing = condition.and(above);
        if let Some(keep) = &stage.keep_while
            && (R::RECORDS || standing != Tri::True)
        {
            let here = self.evaluator.stands_at(self.lead, id);
            if R::RECORDS || here {
                standing = standing.or(self.condition(keep).and(Tri::from(here)));
            }
        }
        self.out.conditions[id.index()] = condition;
        self.out.standing[id.index()] = standing;
        self.out.reached[id.index()] = standing.is_true();
    }

    fn route(&mut self) {
        for (place, route) in self.program.routes.iter().enumerate() {
            let taken = match &route.condition {
                Some(condition) => self.condition(condition).is_true(),
                None => true,
            };
            if taken && self.out.route.is_none() {
                self.out.route = Some(crate::check::hir::RouteId(place as u16));
                if !R::RECORDS {
                    break;
                }
            }
        }
    }

    /// Holds a sum between limits and writes down what that cost.
    pub(super) fn hold(&mut self, id: PartId, entry: RuleEntry, from: Option<i64>, to: Option<i64>) -> i64 {
        let net = held(entry.net, from, to);
        if R::RECORDS {
            self.recorder.part(id, RuleEntry { lost_to_limit: entry.net - net, net, ..entry });
        }
        net
    }
}
