//! How well a policy told who would convert: leads judged as of an instant that knows nothing later, held against what
//! became of them.
//!
//! [`Judge`] turns leads into [`Cases`]; [`OutcomeFile`] reads outcomes; [`backtest`] counts. How each figure is defined
//! is told in `docs/backtest.md`.

mod cases;
mod groups;
mod instant;
mod limits;
mod outcomes;
mod paired;
mod ranking;
mod report;
mod split;
pub mod stats;
mod sweep;

pub use cases::{Case, Cases, Judge, JudgeOptions, LeftOut, Without, passed, rules};
pub use groups::{Whole, part_name};
pub use instant::{Instant, NoInstant, later, short_length};
pub use limits::{Per, Workload};
pub use outcomes::{Known, OutcomeCounts, OutcomeFile, OutcomeTable};
pub use report::{
    Against, Amount, BACKTEST_VERSION, Backtest, Bin, Bootstrap, Capacity, Chosen, Costs, DataCounts, EventRecords,
    Expected, Gain, Group, Groups, Inversion, LaterValues, LeftOutCounts, Measure, MeasureKind, OutcomeRecords,
    Ranking, Ratio, RuleReport, RuleVerdict, Split, StageCost, StageGroup, Threshold, WithoutRule,
};
pub use sweep::{Counted, Rung, SWEEP_VERSION, Sweep, SweepOutcome, SweepRow};

use crate::check::hir::{PartId, Program, StageId};
use crate::eval::PolicyName;
use crate::model::FieldId;
use crate::model::time::{DAY, Length};
use crate::whatif::{At, Name};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a backtest is to tell.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// When each lead was judged, in words.
    pub judged: String,
    /// The last instant of which outcomes are known.
    pub until: Option<i64>,
    /// Conversions count when they come within so long after the decision; leads that had not that time are left out.
    pub within: Option<Length>,
    /// The score that leads are ranked by.
    pub score: Option<PartId>,
    /// The stage from which on leads are passed to sales.
    pub line: Option<StageId>,
    /// What a lead costs, in ten-thousandths.
    pub cost: Option<i64>,
    /// What sales can work.
    pub workload: Option<Workload>,
    /// Leads judged until this instant are the past that thresholds are chosen on.
    pub train_until: Option<i64>,
}

/// Applies the time that conversions have: those that come later do not count, leads that had not the time are left
/// out.
pub fn within(program: &Program, cases: &mut Cases, length: Length, until: Option<i64>) {
    for case in std::mem::take(&mut cases.all) {
        match in_time(program, case, length, until) {
            Ok(case) => cases.all.push(case),
            Err(why) => *cases.left_out.entry(why).or_default() += 1,
        }
    }
}

/// As [`within`], of one lead.
pub fn in_time(program: &Program, mut case: Case, length: Length, until: Option<i64>) -> Result<Case, LeftOut> {
    let end = later(case.at, length, &program.zone);
    let in_time = case.converted && case.converted_at.is_none_or(|at| at <= end);
    if !in_time && until.is_some_and(|until| until < end) {
        return Err(LeftOut::TooYoung);
    }
    if !in_time {
        (case.converted, case.converted_at, case.amount) = (false, None, 0);
    }
    Ok(case)
}

/// Holds what a policy said against what became of the leads.
pub fn backtest(
    judge: &Judge<'_>,
    program: &Program,
    file: &OutcomeFile,
    cases: &mut Cases,
    options: &Options,
) -> Backtest {
    if let Some(length) = options.within {
        within(program, cases, length, options.until);
    }
    let amounts = file.has_amounts();
    let ranks = options.score.is_some();
    let mut split_report = None;
    if let Some(until) = options.train_until {
        let (past, later): (Vec<Case>, Vec<Case>) =
            std::mem::take(&mut cases.all).into_iter().partition(|case| case.at <= until);
        if ranks {
            split_report = Some(split::split(until, &past, &later, amounts, options.workload.as_ref(), &program.zone));
        }
        *cases.left_out.entry(LeftOut::Past).or_default() += past.len() as u64;
        cases.all = later;
    }
    let all = cases.all.as_slice();
    let whole = Whole::new(all, amounts);
    Backtest {
        schema_version: BACKTEST_VERSION,
        policy: policy_name(program),
        judged: options.judged.clone(),
        known_until: options.until.map(At),
        score: options.score.map(|score| part_name(program, score)),
        line: options.line.and_then(|line| stage_name(program, line)),
        currency: file.currency().map(|currency| currency.as_str().to_owned()),
        data: counts(program, cases, options.until),
        total: whole.group(groups::name("all", "All leads"), all.iter()),
        stages: groups::stages(program, &whole, all),
        fits: groups::fits(program, &whole, all),
        bands: groups::bands(program, &whole, all),
        rules: groups::rules(judge, program, &whole, all, options.line),
        ranking: ranks.then(|| ranking::ranking(&whole, all)),
        cost: options.cost.map(|cost| limits::costs(program, all, cost)),
        capacity: options
            .workload
            .as_ref()
            .filter(|_| ranks)
            .map(|workload| limits::capacity(workload, &program.zone, all, options.line)),
        split: split_report,
        against: None,
    }
}

/// A policy by its name and version.
pub fn policy_name(program: &Program) -> PolicyName {
    PolicyName { name: program.meta.label.clone(), version: program.meta.version.clone() }
}

/// A stage by its name and label.
pub fn stage_name(program: &Program, id: StageId) -> Option<Name> {
    program.stages.get(id.index()).map(|stage| groups::name(&stage.name, &stage.label))
}

/// A policy that another is held against: its leads, its score, its line.
pub struct Other<'p> {
    /// The policy.
    pub program: &'p Program,
    /// Its leads.
    pub cases: &'p [Case],
    /// The score that it ranks by.
    pub score: Option<PartId>,
    /// The stage from which on it passes leads.
    pub line: Option<StageId>,
}

/// Holds two policies against each other, on the leads that both judge.
pub fn against(mine: &Other<'_>, other: &Other<'_>, resamples: u32, seed: u64) -> Against {
    let known: HashMap<u64, &Case> = other.cases.iter().map(|case| (case.record, case)).collect();
    let pairs = mine.cases.iter().filter_map(|case| Some((case, *known.get(&case.record)?)));
    let (a, b): (Vec<&Case>, Vec<&Case>) = pairs.unzip();
    let only_one = mine.cases.len() + other.cases.len() - 2 * a.len();
    let measures = paired::compare(
        (&a, mine.score.is_some(), mine.line),
        (&b, other.score.is_some(), other.line),
        resamples,
        seed,
    );
    Against {
        policy: policy_name(other.program),
        score: other.score.map(|score| part_name(other.program, score)),
        line: other.line.and_then(|line| stage_name(other.program, line)),
        leads: a.len() as u64,
        only_one: only_one as u64,
        bootstrap: Bootstrap {
            resamples,
            seed,
            generator: format!("PCG64, stream {:#x}; place = number * leads >> 64", paired::STREAM),
        },
        measures,
    }
}

fn counts(program: &Program, cases: &Cases, until: Option<i64>) -> DataCounts {
    let left = |why: LeftOut| cases.left_out.get(&why).copied().unwrap_or(0);
    let mut seen = HashSet::new();
    let repeated = cases.all.iter().filter(|case| !seen.insert(&case.key)).count() as u64;
    let mut waits: Vec<i64> =
        cases.all.iter().filter_map(|case| case.converted_at.map(|converted| converted - case.at)).collect();
    waits.sort_unstable();
    // The shortest wait that nine of ten conversions did not exceed.
    let most = waits.get((waits.len() * 9).div_ceil(10).saturating_sub(1)).copied();
    let young = most.zip(until).map_or(0, |(most, until)| {
        cases.all.iter().filter(|case| !case.converted && until - case.at < most).count() as u64
    });
    let mut later: BTreeMap<FieldId, u64> = BTreeMap::new();
    cases.all.iter().flat_map(|case| &case.later_values).for_each(|id| *later.entry(*id).or_default() += 1);
    let field = |id: FieldId| program.schema.field(id).name.clone();
    let later_values = later.into_iter().map(|(id, leads)| LaterValues { field: field(id), leads }).collect();
    DataCounts {
        records: cases.records,
        rejected: cases.rejected,
        judged: cases.all.len() as u64,
        left_out: LeftOutCounts {
            no_outcome: left(LeftOut::NoOutcome),
            outcome_unknown: left(LeftOut::Unknown),
            no_instant: left(LeftOut::NoInstant),
            not_reached: left(LeftOut::NotReached),
            not_created: left(LeftOut::NotCreated),
            settled: left(LeftOut::Settled),
            after_end: left(LeftOut::AfterEnd),
            too_young: left(LeftOut::TooYoung),
            past: left(LeftOut::Past),
        },
        repeated_leads: repeated,
        problems: cases.problems,
        young,
        days_to_convert: most.map(|most| most.div_euclid(DAY) as u64 + u64::from(most.rem_euclid(DAY) > 0)),
        undated_conversions: cases.all.iter().filter(|case| case.converted && case.converted_at.is_none()).count()
            as u64,
        later_events: cases.all.iter().map(|case| u64::from(case.later_events)).sum(),
        later_values,
        outcomes: OutcomeRecords::default(),
        events: None,
    }
}
