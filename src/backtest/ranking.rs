//! How a score ranks leads: every threshold, the best tenths, groups of equal size.

use super::cases::Case;
use super::groups::{Whole, interval};
use super::report::{Amount, Bin, Gain, Ranking, Ratio, Threshold};
use super::stats::{Tie, auc, average_precision, best, ties};
use crate::eval::Points;
use crate::model::number::POINTS_SCALE;
use std::collections::HashMap;

/// Into so many groups leads are put by their score.
const BINS: u64 = 10;

/// How a score ranks these leads.
pub fn ranking(whole: &Whole, cases: &[Case]) -> Ranking {
    let scores = scores(cases);
    let mut gains = Vec::new();
    for tenths in 1..=10u8 {
        let leads = whole.leads * u64::from(tenths) / 10;
        let converted = best(&scores, leads);
        let share = (whole.converted > 0).then(|| Ratio(converted / whole.converted as f64));
        let lift = share.filter(|_| leads > 0).map(|share| Ratio(share.0 / (leads as f64 / whole.leads as f64)));
        gains.push(Gain { tenths, leads, converted: Ratio(converted), share_of_conversions: share, lift });
    }
    Ranking {
        auc: auc(&scores).map(Ratio),
        average_precision: average_precision(&scores).map(Ratio),
        thresholds: thresholds(whole, cases, &scores),
        gains,
        calibration: bins(&scores).iter().map(|ties| bin(ties)).collect(),
    }
}

/// Leads by score, highest first.
pub fn scores(cases: &[Case]) -> Vec<Tie> {
    ties(cases.iter().map(|case| (case.score, case.converted)))
}

fn thresholds(whole: &Whole, cases: &[Case], scores: &[Tie]) -> Vec<Threshold> {
    let mut amounts: HashMap<i64, i128> = HashMap::new();
    for case in cases.iter().filter(|case| case.converted) {
        *amounts.entry(case.score).or_default() += i128::from(case.amount);
    }
    let (mut leads, mut converted, mut amount) = (0, 0, 0i128);
    let each = scores.iter().map(|tie| {
        leads += tie.leads;
        converted += tie.converted;
        amount += amounts.get(&tie.value).copied().unwrap_or(0);
        threshold(whole, tie.value, leads, converted, amount)
    });
    each.collect()
}

/// What comes of a threshold that so many leads have.
pub fn threshold(whole: &Whole, at_least: i64, leads: u64, converted: u64, amount: i128) -> Threshold {
    Threshold {
        at_least: Points(at_least),
        leads,
        converted,
        precision: Ratio::of(converted, leads),
        recall: Ratio::of(converted, whole.converted),
        false_positive_rate: Ratio::of(leads - converted, whole.leads - whole.converted),
        lift: whole.lift(converted, leads),
        amount: whole.amounts.then_some(Amount(amount)),
    }
}

/// What comes of any threshold.
pub fn at_least(whole: &Whole, cases: &[Case], value: i64) -> Threshold {
    let above = || cases.iter().filter(|case| case.score >= value);
    let converted = above().filter(|case| case.converted);
    let amount = converted.clone().map(|case| i128::from(case.amount)).sum();
    threshold(whole, value, above().count() as u64, converted.count() as u64, amount)
}

/// Ten groups of about equal size by score, lowest first. A group takes whole values, and ends as soon as it and those
/// below it hold their tenths of all leads.
pub fn bins(scores: &[Tie]) -> Vec<Vec<Tie>> {
    let all: u64 = scores.iter().map(|tie| tie.leads).sum();
    let (mut bins, mut open, mut leads) = (Vec::new(), Vec::new(), 0);
    for tie in scores.iter().rev() {
        open.push(*tie);
        leads += tie.leads;
        // Its place among the groups may be past some, where one value holds more than a tenth.
        if leads * BINS >= all * (bins_closed(&bins, all) + 1) {
            bins.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        bins.push(open);
    }
    bins
}

/// How many tenths the groups so far hold whole.
fn bins_closed(bins: &[Vec<Tie>], all: u64) -> u64 {
    let leads: u64 = bins.iter().flatten().map(|tie| tie.leads).sum();
    (leads * BINS).checked_div(all).unwrap_or(0)
}

fn bin(ties: &[Tie]) -> Bin {
    let leads: u64 = ties.iter().map(|tie| tie.leads).sum();
    let converted: u64 = ties.iter().map(|tie| tie.converted).sum();
    let sum: i128 = ties.iter().map(|tie| i128::from(tie.value) * i128::from(tie.leads)).sum();
    Bin {
        from: Points(ties.first().map_or(0, |tie| tie.value)),
        to: Points(ties.last().map_or(0, |tie| tie.value)),
        leads,
        mean: Ratio(sum as f64 / (leads.max(1) as f64 * POINTS_SCALE as f64)),
        converted,
        rate: Ratio::of(converted, leads),
        interval: interval(converted, leads),
    }
}
