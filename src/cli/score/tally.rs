//! What is counted while leads are scored.

use crate::check::hir::Program;
use crate::eval::{Mask, Outcomes, Tris, bit, count};
use crate::model::{Problem, ProblemKind, Reject};
use std::collections::BTreeMap;

/// How many leads the summary names.
const TOP: usize = 10;

/// Counts of everything that the summary tells. Each thread has its own; they are added at the end.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Leads with a decision.
    pub leads: u64,
    /// Leads at each stage; disqualified ones are not among them.
    pub stages: Vec<u64>,
    /// Leads that are disqualified.
    pub disqualified: u64,
    /// Leads by reason to disqualify; one lead may have several.
    pub reasons: Vec<u64>,
    /// Leads by fit: fits, unknown, fails.
    pub fits: Vec<[u64; 3]>,
    /// Leads by check that is unknown, as is its fit.
    pub unknown: Vec<u64>,
    /// Leads by route.
    pub routes: Vec<u64>,
    /// Leads without a route.
    pub unrouted: u64,
    /// Leads by `always` that is false.
    pub always: Vec<u64>,
    /// Leads for which some `always` is false.
    pub broken: u64,
    /// Values that could not be read, by field and what is wrong.
    pub problems: BTreeMap<(String, ProblemKind), u64>,
    /// Records with such values, rejected ones included.
    pub records_with_problems: u64,
    /// Records that have no decision because of values that could not be read.
    pub strict: u64,
    /// Other records without a decision, by reason and field.
    pub rejects: BTreeMap<(&'static str, Option<String>), u64>,
    /// The best leads by the last score, best first; equal ones as in the data.
    pub top: Vec<TopLead>,
}

/// One of the best leads.
#[derive(Clone, Debug)]
pub struct TopLead {
    /// Its key as the data has it.
    pub key: String,
    /// Where it stands in the data.
    pub line: u64,
    /// Its stage.
    pub stage: u16,
    /// Its points by score.
    pub points: Vec<i64>,
}

impl TopLead {
    /// Better ones first.
    fn rank(&self) -> (std::cmp::Reverse<i64>, u64) {
        (std::cmp::Reverse(self.points.last().copied().unwrap_or_default()), self.line)
    }
}

impl Tally {
    pub fn new(program: &Program) -> Tally {
        Tally {
            stages: vec![0; program.stages.len()],
            reasons: vec![0; program.reasons.len()],
            fits: vec![[0; 3]; program.fits.len()],
            unknown: vec![0; program.checks.len()],
            routes: vec![0; program.routes.len()],
            always: vec![0; program.always.len()],
            ..Tally::default()
        }
    }

    /// How many records have no decision.
    pub fn rejected(&self) -> u64 {
        self.strict + self.rejects.values().sum::<u64>()
    }

    /// How many values could not be read.
    pub fn problem_count(&self) -> u64 {
        self.problems.values().sum()
    }

    /// Counts leads that have a decision; `told`: which of them. `lead`: the key of each and where it stands in the data.
    pub fn block<'l>(
        &mut self,
        program: &Program,
        outcomes: &Outcomes<'_>,
        told: Mask<'_>,
        lead: impl Fn(usize) -> (&'l str, u64),
    ) {
        let leads = outcomes.len();
        let of = |word: usize, mask: Mask<'_>| mask.get(word).copied().unwrap_or(0);
        let count =
            |bits: &dyn Fn(usize) -> u64| count(told.iter().enumerate().map(|(word, told)| told & bits(word)), leads);
        let all = count(&|_| u64::MAX);
        self.leads += all;
        self.disqualified += count(&|word| of(word, outcomes.disqualified));
        for (slot, reason) in self.reasons.iter_mut().zip(outcomes.reasons.iter()) {
            *slot += count(&|word| of(word, reason.yes));
        }
        let standing = |word: usize, from: usize| {
            let above = outcomes.standing.iter().skip(from);
            above.fold(0, |any, standing| any | of(word, standing.yes)) & !of(word, outcomes.disqualified)
        };
        let mut above = 0;
        for (place, slot) in self.stages.iter_mut().enumerate().rev() {
            // Who has reached none stands at the first.
            let here = match place {
                0 => count(&|word| !of(word, outcomes.disqualified)),
                _ => count(&|word| standing(word, place)),
            };
            *slot += here - above;
            above = here;
        }
        for ((counts, fit), declared) in self.fits.iter_mut().zip(outcomes.fits.iter()).zip(&program.fits) {
            let (fits, fails) = (count(&|word| of(word, fit.yes)), count(&|word| of(word, fit.no)));
            let unknown = all - fits - fails;
            counts.iter_mut().zip([fits, unknown, fails]).for_each(|(count, more)| *count += more);
            if unknown > 0 {
                let checks = declared.checks.start as usize..declared.checks.end as usize;
                let counts = self.unknown.get_mut(checks.clone()).into_iter().flatten();
                for (slot, check) in counts.zip(outcomes.checks.get(checks).into_iter().flatten()) {
                    let known = |word: usize, tris: &Tris<'_>| of(word, tris.yes) | of(word, tris.no);
                    *slot += count(&|word| !(known(word, fit) | known(word, check)));
                }
            }
        }
        let mut unrouted = all;
        for (slot, taken) in self.routes.iter_mut().zip(outcomes.routes.iter()) {
            let taken = count(&|word| of(word, taken));
            *slot += taken;
            unrouted -= taken;
        }
        self.unrouted += unrouted;
        for (slot, always) in self.always.iter_mut().zip(outcomes.always.iter()) {
            *slot += count(&|word| of(word, always.no));
        }
        self.broken += count(&|word| outcomes.always.iter().fold(0, |any, always| any | of(word, always.no)));
        self.rank(program, outcomes, told, lead);
    }

    /// Counts the values of a record that could not be read.
    pub fn problems(&mut self, problems: &[Problem]) {
        self.records_with_problems += u64::from(!problems.is_empty());
        problems.iter().for_each(|problem| self.problem(problem));
    }

    /// Counts a value that could not be read.
    pub fn problem(&mut self, problem: &Problem) {
        *self.problems.entry((problem.field.clone(), problem.kind)).or_default() += 1;
    }

    /// Counts a record that cannot be read.
    pub fn reject(&mut self, reject: &Reject) {
        *self.rejects.entry((reject.kind.as_str(), reject.field.clone())).or_default() += 1;
    }

    fn rank<'l>(
        &mut self,
        program: &Program,
        outcomes: &Outcomes<'_>,
        told: Mask<'_>,
        lead: impl Fn(usize) -> (&'l str, u64),
    ) {
        let Some(last) = program.scores.last() else { return };
        let points = outcomes.points(*last);
        let most = points.iter().copied().max();
        for (place, of_lead) in points.iter().enumerate() {
            let worst =
                self.top.last().filter(|_| self.top.len() == TOP).and_then(|worst| worst.points.last().copied());
            if worst >= most {
                return;
            }
            if worst >= Some(*of_lead) || !bit(told, place) || bit(outcomes.disqualified, place) {
                continue;
            }
            let (key, line) = lead(place);
            self.insert(TopLead {
                key: key.to_owned(),
                line,
                stage: outcomes.stage.get(place).copied().unwrap_or(0),
                points: program.scores.iter().filter_map(|score| outcomes.points(*score).get(place).copied()).collect(),
            });
        }
    }

    fn insert(&mut self, lead: TopLead) {
        let place = self.top.partition_point(|known| known.rank() <= lead.rank());
        self.top.insert(place, lead);
        self.top.truncate(TOP);
    }

    /// Adds another thread's counts.
    pub fn merge(&mut self, other: Tally) {
        self.leads += other.leads;
        self.disqualified += other.disqualified;
        self.unrouted += other.unrouted;
        self.broken += other.broken;
        self.strict += other.strict;
        self.records_with_problems += other.records_with_problems;
        for (mine, theirs) in [
            (&mut self.stages, other.stages),
            (&mut self.reasons, other.reasons),
            (&mut self.unknown, other.unknown),
            (&mut self.routes, other.routes),
            (&mut self.always, other.always),
        ] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        for (mine, theirs) in self.fits.iter_mut().zip(other.fits) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        for (what, count) in other.problems {
            *self.problems.entry(what).or_default() += count;
        }
        for (what, count) in other.rejects {
            *self.rejects.entry(what).or_default() += count;
        }
        other.top.into_iter().for_each(|lead| self.insert(lead));
    }
}
