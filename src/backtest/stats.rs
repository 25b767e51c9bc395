//! Well-known statistics of two groups: intervals of shares, areas under curves, tests of ranks.

/// The 97.5 % point of the normal distribution: what an interval of 95 % reaches to on both sides.
pub const Z: f64 = 1.959_963_984_540_054;

/// Wilson's interval (1927) of a share at 95 %; none of nothing.
pub fn wilson(part: u64, all: u64) -> Option<(f64, f64)> {
    if all == 0 {
        return None;
    }
    let (n, p) = (all as f64, part as f64 / all as f64);
    let z2 = Z * Z;
    let middle = p + z2 / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z2 / n;
    let low = if part == 0 { 0.0 } else { ((middle - reach) / whole).max(0.0) };
    let high = if part == all { 1.0 } else { ((middle + reach) / whole).min(1.0) };
    Some((low, high))
}

/// Leads with one value of a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tie {
    /// The value, in ten-thousandths of a point.
    pub value: i64,
    /// How many leads have it.
    pub leads: u64,
    /// How many of them converted.
    pub converted: u64,
}

/// Leads by value, the highest first, those of one value together.
pub fn ties(values: impl Iterator<Item = (i64, bool)>) -> Vec<Tie> {
    let mut values: Vec<(i64, bool)> = values.collect();
    values.sort_unstable_by_key(|(value, _)| std::cmp::Reverse(*value));
    let mut ties: Vec<Tie> = Vec::new();
    for (value, converted) in values {
        match ties.last_mut().filter(|tie| tie.value == value) {
            Some(tie) => {
                tie.leads += 1;
                tie.converted += u64::from(converted);
            }
            None => ties.push(Tie { value, leads: 1, converted: u64::from(converted) }),
        }
    }
    ties
}

/// All leads and those that converted.
pub fn totals(ties: &[Tie]) -> (u64, u64) {
    ties.iter().fold((0, 0), |(leads, converted), tie| (leads + tie.leads, converted + tie.converted))
}

/// The area under the ROC curve: of a lead that converts and one that does not, how often the first has the higher
/// value; equal ones count half. Exact but for the one division. None where one of the two does not exist.
pub fn auc(ties: &[Tie]) -> Option<f64> {
    // Twice the pairs that are in the right order.
    let (mut twice, mut above, mut lost) = (0u128, 0u128, 0u128);
    for tie in ties {
        let (yes, no) = (u128::from(tie.converted), u128::from(tie.leads - tie.converted));
        twice += no * (2 * above + yes);
        above += yes;
        lost += no;
    }
    let pairs = above * lost;
    (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64)
}

/// The average precision: the precision at every value that some lead has, weighted by the conversions that it adds.
/// None without conversions.
pub fn average_precision(ties: &[Tie]) -> Option<f64> {
    let (_, all) = totals(ties);
    let (mut leads, mut converted, mut sum) = (0u64, 0u64, 0.0);
    for tie in ties {
        leads += tie.leads;
        converted += tie.converted;
        sum += tie.converted as f64 / all as f64 * (converted as f64 / leads as f64);
    }
    (all > 0).then_some(sum)
}

/// The conversions among the first `most` leads; of those of one value, as many as an order by lot would give on
/// average.
pub fn best(ties: &[Tie], most: u64) -> f64 {
    let (mut left, mut sum) = (most, 0.0);
    for tie in ties {
        if left < tie.leads {
            return sum + left as f64 * tie.converted as f64 / tie.leads as f64;
        }
        left -= tie.leads;
        sum += tie.converted as f64;
    }
    sum
}

/// The probability that the two groups would lie at least so far apart by chance if the value said nothing: the test
/// of Mann and Whitney (1947), the normal approximation with ties and without a correction for continuity. None where
/// all values are one or a group is empty.
pub fn rank_test(ties: &[Tie]) -> Option<f64> {
    let (leads, yes) = totals(ties);
    let no = leads - yes;
    let area = auc(ties)?;
    let (n, y, o) = (leads as f64, yes as f64, no as f64);
    let same: f64 = ties.iter().map(|tie| tie.leads as f64).map(|t| t * t * t - t).sum();
    let variance = y * o / 12.0 * ((n + 1.0) - same / (n * (n - 1.0)));
    if variance <= 0.0 {
        return None;
    }
    let z = ((area - 0.5) * y * o).abs() / variance.sqrt();
    Some(libm::erfc(z / std::f64::consts::SQRT_2))
}

/// A quantile of sorted values, in between by the straight line (as `numpy.quantile`).
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * (place - place.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_at_the_edges() {
        assert_eq!(wilson(0, 0), None);
        let near = |found: Option<(f64, f64)>, low: f64, high: f64| {
            let (a, b) = found.expect("an interval");
            assert!((a - low).abs() < 1e-4 && (b - high).abs() < 1e-4, "{a} {b}");
        };
        // Newcombe (1998), table I.
        near(wilson(81, 263), 0.2553, 0.3662);
        near(wilson(15, 148), 0.0624, 0.1605);
        near(wilson(0, 20), 0.0, 0.1611);
        near(wilson(1, 29), 0.0061, 0.1718);
        near(wilson(29, 29), 0.8830, 1.0);
    }

    #[test]
    fn areas() {
        let values = [(3, true), (2, false), (2, true), (1, false)];
        let ties = ties(values.into_iter());
        assert_eq!(ties.len(), 3);
        assert_eq!(auc(&ties), Some(0.875));
        let precision = average_precision(&ties).expect("conversions");
        assert!((precision - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-15);
        assert_eq!(best(&ties, 2), 1.5);
        assert_eq!(best(&ties, 9), 2.0);
        assert_eq!(auc(&[]), None);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
    }
}
