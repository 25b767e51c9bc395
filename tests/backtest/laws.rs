//! Laws of the statistics, on random leads.

use proptest::prelude::*;
use qualify::backtest::stats::{Tie, auc, average_precision, best, quantile, rank_test, ties, totals, wilson};

fn cases() -> u32 {
    std::env::var("BACKTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(128)
}

fn leads() -> impl Strategy<Value = Vec<(i64, bool)>> {
    // Few values: many ties.
    prop::collection::vec((-5i64..6, any::<bool>()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn the_area_counts_pairs(leads in leads()) {
        let of = |converted: bool| leads.iter().filter(move |(_, own)| *own == converted).map(|(value, _)| *value);
        let (mut twice, mut pairs) = (0u64, 0u64);
        for yes in of(true) {
            for no in of(false) {
                pairs += 1;
                twice += match yes.cmp(&no) {
                    std::cmp::Ordering::Greater => 2,
                    std::cmp::Ordering::Equal => 1,
                    std::cmp::Ordering::Less => 0,
                };
            }
        }
        let expected = (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64);
        prop_assert_eq!(auc(&ties(leads.iter().copied())), expected);
    }

    #[test]
    fn order_does_not_matter(leads in leads(), seed in any::<u64>()) {
        let mut mixed = leads.clone();
        // Any permutation that the seed makes.
        for place in (1..mixed.len()).rev() {
            mixed.swap(place, (seed.rotate_left(place as u32) % (place as u64 + 1)) as usize);
        }
        prop_assert_eq!(ties(leads.into_iter()), ties(mixed.into_iter()));
    }

    #[test]
    fn turned_around_the_area_is_what_is_left(leads in leads()) {
        let turned = ties(leads.iter().map(|(value, converted)| (-value, *converted)));
        let straight = ties(leads.iter().copied());
        if let (Some(a), Some(b)) = (auc(&straight), auc(&turned)) {
            prop_assert!((a + b - 1.0).abs() < 1e-12);
            let (p, q) = (rank_test(&straight), rank_test(&turned));
            prop_assert_eq!(p.is_some(), q.is_some());
            if let (Some(p), Some(q)) = (p, q) {
                prop_assert!((p - q).abs() < 1e-9 && (0.0..=1.0).contains(&p));
            }
        }
    }

    #[test]
    fn the_best_hold_no_fewer_than_fewer_of_them(leads in leads()) {
        let ties = ties(leads.iter().copied());
        let (all, converted) = totals(&ties);
        let found: Vec<f64> = (0..=all + 1).map(|most| best(&ties, most)).collect();
        prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        prop_assert_eq!(found.first().copied(), Some(0.0));
        prop_assert!((found[all as usize] - converted as f64).abs() < 1e-9);
    }

    #[test]
    fn precision_lies_between_the_rate_of_the_worst_order_and_one(leads in leads()) {
        let ties = ties(leads.iter().copied());
        let (_, converted) = totals(&ties);
        let precision = average_precision(&ties);
        prop_assert_eq!(precision.is_some(), converted > 0);
        if let Some(precision) = precision {
            prop_assert!(precision > 0.0 && precision <= 1.0 + 1e-12);
        }
    }

    #[test]
    fn wilson_holds_the_rate(part in 0u64..500, rest in 0u64..500) {
        let all = part + rest;
        match wilson(part, all) {
            None => prop_assert_eq!(all, 0),
            Some((low, high)) => {
                let rate = part as f64 / all as f64;
                prop_assert!(0.0 <= low && low <= rate && rate <= high && high <= 1.0);
                // Who knows more is surer.
                let (closer, further) = wilson(part * 4, all * 4).unwrap();
                prop_assert!(further - closer <= high - low + 1e-12);
                // What converts and what does not are the same turned around.
                let (other_low, other_high) = wilson(rest, all).unwrap();
                prop_assert!((other_low + high - 1.0).abs() < 1e-12 && (other_high + low - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn quantiles_lie_inside_and_rise(mut values in prop::collection::vec(-1e6f64..1e6, 1..50), a in 0.0f64..1.0, b in 0.0f64..1.0) {
        values.sort_by(f64::total_cmp);
        let (low, high) = (quantile(&values, a.min(b)).unwrap(), quantile(&values, a.max(b)).unwrap());
        prop_assert!(values[0] <= low && low <= high + 1e-9 && high <= values[values.len() - 1] + 1e-9);
    }
}

#[test]
fn all_values_one_tell_nothing() {
    let one = [Tie { value: 3, leads: 10, converted: 4 }];
    assert_eq!(auc(&one), Some(0.5));
    assert_eq!(rank_test(&one), None);
}
