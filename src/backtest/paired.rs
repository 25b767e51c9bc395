//! Two policies on the same leads: the difference of what they do, with an interval by resampling leads in pairs.
//!
//! Resamples can be made again anywhere. The generator is PCG64 (XSL RR 128/64, as in `rand_pcg` and NumPy), its state
//! and stream set as `Pcg64::new(seed, STREAM)` does. For every resample as many leads are drawn as there are, one 64
//! bit number each: the lead's place, in the order of the data, is the number times the count of leads, divided by 2⁶⁴
//! and rounded down.

use super::cases::{Case, passed};
use super::report::{Measure, MeasureKind, Ratio};
use super::stats::{Tie, auc, average_precision, best, quantile};
use crate::check::hir::StageId;
use rand_core::Rng;
use rand_pcg::Pcg64;

/// The stream of the generator.
pub const STREAM: u128 = 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96;

/// What is compared.
const MEASURES: [MeasureKind; 7] = [
    MeasureKind::Auc,
    MeasureKind::AveragePrecision,
    MeasureKind::BestTenth,
    MeasureKind::BestThreeTenths,
    MeasureKind::Passed,
    MeasureKind::Precision,
    MeasureKind::Recall,
];

/// A policy's leads, in one order for both policies.
struct Side {
    /// Whether each lead is passed on.
    passed: Vec<bool>,
    /// Where each lead's score stands among all scores, the highest first.
    rank: Vec<usize>,
    /// The scores, highest first.
    values: Vec<i64>,
    /// Whether there is a score, and a stage.
    has: (bool, bool),
}

impl Side {
    fn new(cases: &[&Case], ranks: bool, line: Option<StageId>) -> Side {
        let mut values: Vec<i64> = cases.iter().map(|case| case.score).collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        values.dedup();
        let rank = cases.iter().map(|case| values.partition_point(|value| *value > case.score)).collect();
        let passed = cases.iter().map(|case| passed(case, line)).collect();
        Side { passed, rank, values, has: (ranks, line.is_some()) }
    }

    /// All measures of leads that are there so often; none where a measure has no meaning.
    fn measures(&self, converted: &[bool], times: &[u32]) -> [Option<f64>; MEASURES.len()] {
        let mut ties: Vec<Tie> =
            self.values.iter().map(|value| Tie { value: *value, leads: 0, converted: 0 }).collect();
        let (mut leads, mut yes, mut gone, mut won) = (0u64, 0u64, 0u64, 0u64);
        for (place, times) in times.iter().map(|times| u64::from(*times)).enumerate() {
            let hit = if converted[place] { times } else { 0 };
            leads += times;
            yes += hit;
            if let Some(tie) = ties.get_mut(self.rank[place]) {
                tie.leads += times;
                tie.converted += hit;
            }
            if self.passed[place] {
                gone += times;
                won += hit;
            }
        }
        ties.retain(|tie| tie.leads > 0);
        let (ranks, stages) = self.has;
        let of = |part: u64, all: u64| (stages && all > 0).then(|| part as f64 / all as f64);
        let share = |tenths: u64| (ranks && yes > 0).then(|| best(&ties, leads * tenths / 10) / yes as f64);
        [
            auc(&ties).filter(|_| ranks),
            average_precision(&ties).filter(|_| ranks),
            share(1),
            share(3),
            of(gone, leads),
            of(won, gone),
            of(won, yes),
        ]
    }
}

/// A policy's cases, whether it has a score, and the stage from which on it passes leads.
pub type Policy<'c> = (&'c [&'c Case], bool, Option<StageId>);

/// Compares two policies. Their cases are of the same leads in the same order.
pub fn compare(policy: Policy<'_>, other: Policy<'_>, resamples: u32, seed: u64) -> Vec<Measure> {
    let converted: Vec<bool> = policy.0.iter().map(|case| case.converted).collect();
    let sides = [Side::new(policy.0, policy.1, policy.2), Side::new(other.0, other.1, other.2)];
    let once = vec![1; converted.len()];
    let [mine, theirs] = sides.each_ref().map(|side| side.measures(&converted, &once));
    let mut differences: [Vec<f64>; MEASURES.len()] = Default::default();
    let mut generator = Pcg64::new(u128::from(seed), STREAM);
    let mut times = vec![0u32; converted.len()];
    for _ in 0..resamples {
        times.fill(0);
        for _ in 0..converted.len() {
            let place = (u128::from(generator.next_u64()) * converted.len() as u128) >> 64;
            if let Some(times) = times.get_mut(place as usize) {
                *times += 1;
            }
        }
        let [a, b] = sides.each_ref().map(|side| side.measures(&converted, &times));
        for ((list, a), b) in differences.iter_mut().zip(a).zip(b) {
            list.extend(a.zip(b).map(|(a, b)| a - b));
        }
    }
    let rows = MEASURES.iter().zip(mine).zip(theirs).zip(&mut differences);
    rows.map(|(((measure, mine), theirs), list)| {
        list.sort_unstable_by(f64::total_cmp);
        let ends = quantile(list, 0.025).zip(quantile(list, 0.975));
        Measure {
            measure: *measure,
            policy: mine.map(Ratio),
            other: theirs.map(Ratio),
            difference: mine.zip(theirs).map(|(mine, theirs)| Ratio(mine - theirs)),
            interval: ends.map(|(low, high)| [Ratio(low), Ratio(high)]),
        }
    })
    .collect()
}
