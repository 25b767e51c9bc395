//! What is counted while leads are scored.

use crate::check::hir::Program;
use crate::eval::Outcome;
use crate::model::{Lead, Problem, ProblemKind, Reject, Tri};
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

    /// Counts a lead that has a decision.
    pub fn lead(&mut self, program: &Program, line: u64, lead: &Lead<'_>, outcome: &Outcome<'_>) {
        self.leads += 1;
        if outcome.disqualified {
            self.disqualified += 1;
            count_true(&mut self.reasons, outcome.reasons);
        } else {
            add(&mut self.stages, outcome.stage as usize);
            self.rank(program, line, lead, outcome);
        }
        for ((counts, fit), declared) in self.fits.iter_mut().zip(outcome.fits.iter()).zip(&program.fits) {
            counts[match fit.verdict {
                Tri::True => 0,
                Tri::Unknown => 1,
                Tri::False => 2,
            }] += 1;
            if fit.verdict == Tri::Unknown {
                let checks = declared.checks.start as usize..declared.checks.end as usize;
                let counts = self.unknown.get_mut(checks.clone()).into_iter().flatten();
                for (count, check) in counts.zip(outcome.checks.get(checks).into_iter().flatten()) {
                    *count += u64::from(*check == Tri::Unknown);
                }
            }
        }
        match outcome.route {
            Some(route) => add(&mut self.routes, route.index()),
            None => self.unrouted += 1,
        }
        let mut broken = false;
        for (count, value) in self.always.iter_mut().zip(outcome.always.iter()) {
            if *value == Tri::False {
                *count += 1;
                broken = true;
            }
        }
        self.broken += u64::from(broken);
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

    fn rank(&mut self, program: &Program, line: u64, lead: &Lead<'_>, outcome: &Outcome<'_>) {
        let Some(last) = program.scores.last() else { return };
        if self.top.len() == TOP
            && self.top.last().is_some_and(|worst| worst.points.last() >= Some(&outcome.points(*last)))
        {
            return;
        }
        self.insert(TopLead {
            key: lead.key.to_owned(),
            line,
            stage: outcome.stage,
            points: program.scores.iter().map(|score| outcome.points(*score)).collect(),
        });
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

fn add(counts: &mut [u64], place: usize) {
    if let Some(count) = counts.get_mut(place) {
        *count += 1;
    }
}

fn count_true(counts: &mut [u64], values: &[Tri]) {
    for (count, value) in counts.iter_mut().zip(values) {
        *count += u64::from(value.is_true());
    }
}
