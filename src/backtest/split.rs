//! Thresholds chosen on the past and judged on later leads.

use super::cases::Case;
use super::groups::{Whole, interval, name};
use super::limits::Workload;
use super::ranking::{at_least, bins, scores};
use super::report::{Chosen, Expected, Ratio, Split};
use super::stats::{Tie, auc, totals};
use crate::eval::Points;
use crate::model::time::Zone;
use crate::whatif::At;

/// Judges on later leads what the past would have chosen. The past: leads judged until an instant.
pub fn split(
    until: i64,
    past: &[Case],
    later: &[Case],
    amounts: bool,
    workload: Option<&Workload>,
    zone: &Zone,
) -> Split {
    let (past_whole, later_whole) = (Whole::new(past, amounts), Whole::new(later, amounts));
    let past_scores = scores(past);
    let mut aims: Vec<(String, Option<i64>)> = vec![
        ("tells the two apart best".to_owned(), youden(&past_scores)),
        ("keeps four of five conversions".to_owned(), keeps(&past_scores, 4, 5)),
        ("keeps half of the conversions".to_owned(), keeps(&past_scores, 1, 2)),
    ];
    if let Some(workload) = workload {
        let capacity = super::limits::capacity(workload, zone, past, None);
        aims.push((format!("gives sales {}", capacity.given), capacity.threshold.map(|points| points.0)));
    }
    let chosen = aims.into_iter().filter_map(|(aim, value)| {
        let value = value?;
        let then = at_least(&later_whole, later, value);
        Some(Chosen {
            aim,
            at_least: Points(value),
            past: at_least(&past_whole, past, value),
            later_interval: interval(then.converted, then.leads),
            later: then,
        })
    });
    let chosen = chosen.collect();
    let calibration = expected(&past_scores, later);
    let (brier, brier_of_rate) = brier(&past_scores, &calibration, later);
    Split {
        until: At(until),
        past: past_whole.group(name("past", "Past"), past.iter()),
        later: later_whole.group(name("later", "Later"), later.iter()),
        past_auc: auc(&past_scores).map(Ratio),
        later_auc: auc(&scores(later)).map(Ratio),
        chosen,
        calibration,
        brier: brier.map(Ratio),
        brier_of_rate: brier_of_rate.map(Ratio),
    }
}

/// The threshold with the greatest difference of the true and the false positive rate (Youden 1950); of several the
/// highest.
fn youden(scores: &[Tie]) -> Option<i64> {
    let (leads, yes) = totals(scores);
    let no = leads - yes;
    let (mut most, mut threshold) = (0i128, None);
    let (mut hits, mut misses) = (0u64, 0u64);
    for tie in scores {
        hits += tie.converted;
        misses += tie.leads - tie.converted;
        let gain = i128::from(hits) * i128::from(no) - i128::from(misses) * i128::from(yes);
        if gain > most {
            (most, threshold) = (gain, Some(tie.value));
        }
    }
    threshold
}

/// The highest threshold that keeps so many parts of all conversions.
fn keeps(scores: &[Tie], part: u64, of: u64) -> Option<i64> {
    let (_, all) = totals(scores);
    let mut converted = 0;
    let found = scores.iter().find(|tie| {
        converted += tie.converted;
        converted * of >= all * part
    });
    found.filter(|_| all > 0).map(|tie| tie.value)
}

/// The groups by score of the past, with what came of later leads in them.
fn expected(past: &[Tie], later: &[Case]) -> Vec<Expected> {
    let bins = bins(past);
    let from: Vec<i64> = bins.iter().filter_map(|bin| bin.first()).map(|tie| tie.value).collect();
    let place = |score: i64| from.partition_point(|from| *from <= score).saturating_sub(1);
    let mut counts = vec![(0u64, 0u64); bins.len()];
    for case in later {
        if let Some((leads, converted)) = counts.get_mut(place(case.score)) {
            *leads += 1;
            *converted += u64::from(case.converted);
        }
    }
    let each = bins.iter().zip(from.iter().zip(counts)).map(|(bin, (from, (leads, converted)))| {
        let (all, yes) = totals(bin);
        Expected {
            from: Points(*from),
            expected: Ratio::of(yes, all),
            leads,
            converted,
            rate: Ratio::of(converted, leads),
            interval: interval(converted, leads),
        }
    });
    each.collect()
}

/// The average square of what was expected less what came: of the groups' rates, and of the past's one rate.
fn brier(past: &[Tie], groups: &[Expected], later: &[Case]) -> (Option<f64>, Option<f64>) {
    let (leads, yes) = totals(past);
    if later.is_empty() || leads == 0 {
        return (None, None);
    }
    let square = |rate: f64, leads: u64, converted: u64| {
        converted as f64 * (1.0 - rate) * (1.0 - rate) + (leads - converted) as f64 * rate * rate
    };
    let all = later.len() as f64;
    let sum: f64 = groups
        .iter()
        .map(|group| group.expected.map_or(0.0, |rate| square(rate.0, group.leads, group.converted)))
        .sum();
    let converted = later.iter().filter(|case| case.converted).count() as u64;
    let plain = square(yes as f64 / leads as f64, later.len() as u64, converted);
    (Some(sum / all), Some(plain / all))
}
