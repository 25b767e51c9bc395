//! A policy with other numbers: what each setting would do to the same leads, which are read once.

use super::cases::{Case, passed};
use super::groups::{Whole, interval, name};
use super::report::Ratio;
use super::stats::{Tie, auc, average_precision};
use crate::check::hir::{Program, StageId};
use crate::eval::{Outcome, PolicyName};
use crate::whatif::{At, Name};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// The number of the form of a [`Sweep`]; it grows when a reader of the last one would misread the new one.
pub const SWEEP_VERSION: u32 = 1;

/// What a policy would do at every setting.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sweep {
    /// The number of this form.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyName,
    /// When leads were judged, in words.
    pub judged: String,
    /// The last instant of which outcomes are known; null without a file of outcomes.
    pub known_until: Option<At>,
    /// The score that leads are ranked by; null without scores.
    pub score: Option<Name>,
    /// The stage from which on leads are passed to sales; null without stages.
    pub line: Option<Name>,
    /// What is varied, in the order of the settings.
    pub varied: Vec<Name>,
    /// What the policy itself says, where its numbers stand as they are.
    pub now: SweepRow,
    /// Every setting.
    pub rows: Vec<SweepRow>,
    /// Records of leads.
    pub records: u64,
    /// Records without a decision.
    pub rejected: u64,
    /// Leads that are not judged for want of an outcome, an instant or time.
    pub left_out: u64,
    /// Leads judged after `--train-until`: they are not looked at.
    pub later: u64,
}

/// What a policy does at a setting.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SweepRow {
    /// The numbers.
    pub setting: IndexMap<String, f64>,
    /// Why the policy cannot be had with these; all else is then empty.
    pub invalid: Option<String>,
    /// Leads.
    pub leads: u64,
    /// Leads that are disqualified.
    pub disqualified: u64,
    /// Leads at each stage or higher, lowest first.
    pub funnel: Vec<Rung>,
    /// How well that told who would convert; null without a file of outcomes.
    pub outcome: Option<SweepOutcome>,
}

/// Leads at a stage or higher.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rung {
    /// The stage.
    #[serde(flatten)]
    pub stage: Name,
    /// How many.
    pub leads: u64,
    /// Their share of all leads.
    pub share: Option<Ratio>,
    /// How many of them converted; null without a file of outcomes.
    pub converted: Option<u64>,
    /// The share of them that converted.
    pub rate: Option<Ratio>,
    /// Wilson's interval of that at 95 %.
    pub interval: Option<[Ratio; 2]>,
    /// The share of all conversions.
    pub recall: Option<Ratio>,
}

/// How well a setting told who would convert.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct SweepOutcome {
    /// All conversions.
    pub converted: u64,
    /// The area under the ROC curve of the score.
    pub auc: Option<Ratio>,
    /// The average precision of the score.
    pub average_precision: Option<Ratio>,
}

/// What is counted at a setting.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    leads: u64,
    converted: u64,
    disqualified: u64,
    /// Leads and conversions at each stage or higher.
    stages: Vec<(u64, u64)>,
    scores: HashMap<i64, (u64, u64)>,
}

impl Counted {
    /// Nothing yet.
    pub fn new(program: &Program) -> Counted {
        Counted { stages: vec![(0, 0); program.stages.len()], ..Counted::default() }
    }

    /// A lead whose outcome is known.
    pub fn case(&mut self, case: &Case) {
        self.count(case.disqualified, case.converted, |stage| passed(case, Some(stage)));
        let (leads, converted) = self.scores.entry(case.score).or_default();
        *leads += 1;
        *converted += u64::from(case.converted);
    }

    /// A lead of which nothing more is known.
    pub fn outcome(&mut self, outcome: &Outcome<'_>) {
        self.count(outcome.disqualified, false, |stage| !outcome.disqualified && outcome.stage >= stage.0);
    }

    fn count(&mut self, disqualified: bool, converted: bool, reached: impl Fn(StageId) -> bool) {
        self.leads += 1;
        self.disqualified += u64::from(disqualified);
        self.converted += u64::from(converted);
        for (place, (leads, yes)) in self.stages.iter_mut().enumerate() {
            if reached(StageId(place as u16)) {
                *leads += 1;
                *yes += u64::from(converted);
            }
        }
    }

    /// What that comes to.
    pub fn row(&self, program: &Program, setting: IndexMap<String, f64>, outcomes: bool, ranks: bool) -> SweepRow {
        let whole = Whole { leads: self.leads, converted: self.converted, amounts: false };
        let rungs = program.stages.iter().zip(&self.stages).map(|(stage, (leads, converted))| Rung {
            stage: name(&stage.name, &stage.label),
            leads: *leads,
            share: Ratio::of(*leads, self.leads),
            converted: outcomes.then_some(*converted),
            rate: Ratio::of(*converted, *leads).filter(|_| outcomes),
            interval: interval(*converted, *leads).filter(|_| outcomes),
            recall: Ratio::of(*converted, whole.converted).filter(|_| outcomes),
        });
        let mut ties: Vec<Tie> = self
            .scores
            .iter()
            .map(|(value, (leads, converted))| Tie { value: *value, leads: *leads, converted: *converted })
            .collect();
        ties.sort_unstable_by_key(|tie| std::cmp::Reverse(tie.value));
        SweepRow {
            setting,
            invalid: None,
            leads: self.leads,
            disqualified: self.disqualified,
            funnel: rungs.collect(),
            outcome: outcomes.then(|| SweepOutcome {
                converted: self.converted,
                auc: auc(&ties).filter(|_| ranks).map(Ratio),
                average_precision: average_precision(&ties).filter(|_| ranks).map(Ratio),
            }),
        }
    }
}

impl SweepRow {
    /// A setting that cannot be had.
    pub fn invalid(setting: IndexMap<String, f64>, why: String) -> SweepRow {
        SweepRow { setting, invalid: Some(why), leads: 0, disqualified: 0, funnel: Vec::new(), outcome: None }
    }
}
