//! What an event is still worth at its age.

use crate::check::hir::{Decay, Per};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE, divide, hold_points};
use num_bigint::BigUint;

/// The points of an event of this age (milliseconds, 0 or more), in ten-thousandths.
#[inline]
pub(super) fn points(per: &Per, table: Option<&ShareTable>, age: i64) -> i64 {
    let full = per.points;
    match &per.decay {
        None => full,
        Some(Decay::Halving { every }) => halving(full, age, *every),
        Some(Decay::Fading { over }) => fading(full, age, *over),
        Some(Decay::LosingShare { every, .. }) => table.map_or(0, |table| table.after(age / every)),
        Some(Decay::LosingPoints { points, every }) => {
            let left = i128::from(full.unsigned_abs()) - i128::from(*points) * i128::from(age / every);
            hold_points(left.max(0)) * full.signum()
        }
    }
}

/// N × 2^(−age/D), rounded to nine places, then to four. The exponential is `libm`'s, the same on every machine.
fn halving(full: i64, age: i64, every: i64) -> i64 {
    Halving::new(full, every).points(age)
}

/// A rule whose points halve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halving {
    full: i64,
    every: i64,
    size: f64,
    /// How many sixty-fourths of a halving are a millisecond.
    rate: f64,
}

impl Halving {
    fn new(full: i64, every: i64) -> Halving {
        Halving { full, every, size: (full as f64).abs(), rate: 64.0 / every as f64 }
    }

    /// Of a rule, if its points halve.
    pub(super) fn of(per: &Per) -> Option<Halving> {
        match per.decay {
            Some(Decay::Halving { every }) => Some(Halving::new(per.points, every)),
            _ => None,
        }
    }

    /// The points of an event of this age.
    #[inline(always)]
    pub(super) fn points(&self, age: i64) -> i64 {
        self.quick(age).unwrap_or_else(|| exact_halving(self.full, age, self.every))
    }
}

/// 2^(−i/8).
static EIGHTHS: [f64; 8] = [
    1.0,
    0.9170040432046712,
    0.8408964152537145,
    0.7711054127039704,
    std::f64::consts::FRAC_1_SQRT_2,
    0.6484197773255048,
    0.5946035575013605,
    0.5452538663326288,
];
/// 2^(−i/64).
static SIXTY_FOURTHS: [f64; 8] = [
    1.0,
    0.9892280131939755,
    0.9785720620877001,
    0.9680308967461472,
    0.9576032806985737,
    0.9472879907934828,
    0.93708381705515,
    0.9269895625416927,
];

impl Halving {
    /// As [`exact_halving`], without its exponential; none where the fourth place could turn on what little this one is off.
    #[inline(always)]
    fn quick(&self, age: i64) -> Option<i64> {
        // So large are points hardly ever; what is off is then below a hundred-thousandth of the fourth place.
        if self.size >= (1u64 << 30) as f64 {
            return None;
        }
        let steps = age as f64 * self.rate;
        // Behind sixty halvings nothing is left of such points, but let the exact way say so.
        if !(0.0..3840.0).contains(&steps) {
            return None;
        }
        let whole = steps as i32;
        let rest = (steps - f64::from(whole)) * (std::f64::consts::LN_2 / 64.0);
        // e^−rest; the term behind the last is below 10^−14. Two halves that do not wait for each other.
        let square = rest * rest;
        let fine = (1.0 - rest) + square * ((0.5 - rest * (1.0 / 6.0)) + square * (1.0 / 24.0 - rest * (1.0 / 120.0)));
        let coarse = EIGHTHS.get((whole >> 3 & 7) as usize)?
            * SIXTY_FOURTHS.get((whole & 7) as usize)?
            * f64::from_bits(((1023 - (whole >> 6)) as u64) << 52);
        let left = self.size * coarse * fine;
        let points = left as i64;
        let rest = left - points as f64;
        if (rest - 0.5).abs() < 0.001 {
            return None;
        }
        Some((points + i64::from(rest > 0.5)) * self.full.signum())
    }
}

#[cold]
fn exact_halving(full: i64, age: i64, every: i64) -> i64 {
    let left = libm::exp2(-(age as f64) / every as f64);
    let ninth = 1_000_000_000 / POINTS_SCALE;
    let nine_places = rounded(full as f64 * left * ninth as f64);
    divide(nine_places, i128::from(ninth)).map_or(0, hold_points)
}

/// Rounded half away from zero.
#[inline]
fn rounded(value: f64) -> i128 {
    // Below 2^52 what is behind the point is exact.
    if value.abs() < 4_503_599_627_370_496.0 {
        let whole = value as i64;
        let rest = value - whole as f64;
        return i128::from(whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5));
    }
    libm::round(value) as i128
}

fn fading(full: i64, age: i64, over: i64) -> i64 {
    if age >= over {
        return 0;
    }
    divide(i128::from(full) * i128::from(over - age), i128::from(over)).map_or(0, hold_points)
}

/// N × (1 − share)^periods for every number of periods, each rounded once.
#[derive(Debug)]
pub(super) struct ShareTable {
    points: i64,
    /// What is left after one period, in millionths.
    left: u32,
    /// After 0, 1, 2, … periods; ends where nothing is left or at [`ShareTable::LENGTH`].
    table: Vec<i64>,
}

impl ShareTable {
    const LENGTH: usize = 2048;

    pub(super) fn new(per: &Per) -> Option<ShareTable> {
        let Some(Decay::LosingShare { share, .. }) = per.decay else { return None };
        let left = (NUMBER_SCALE - share).clamp(0, NUMBER_SCALE) as u32;
        let mut table = Vec::new();
        let (mut numerator, mut denominator) = (BigUint::from(per.points.unsigned_abs()), BigUint::from(1u32));
        while table.len() < Self::LENGTH {
            let rounded = rounded_quotient(&numerator, &denominator) * per.points.signum();
            table.push(rounded);
            if rounded == 0 {
                break;
            }
            numerator *= left;
            denominator *= NUMBER_SCALE as u32;
        }
        Some(ShareTable { points: per.points, left, table })
    }

    fn after(&self, periods: i64) -> i64 {
        match self.table.get(periods as usize) {
            Some(points) => *points,
            None if self.table.len() < Self::LENGTH => 0,
            None => self.far(periods as u64),
        }
    }

    /// Behind the table: the power in binary fixed point, with more digits than any rounding can turn on. A tie is
    /// not possible there: the reduced fraction's denominator has more factors than the points.
    fn far(&self, periods: u64) -> i64 {
        const BITS: u64 = 512;
        let mut base = (BigUint::from(self.left) << BITS) / BigUint::from(NUMBER_SCALE as u32);
        let mut power = BigUint::from(1u32) << BITS;
        let mut rest = periods;
        while rest > 0 {
            if rest & 1 == 1 {
                power = (&power * &base) >> BITS;
            }
            base = (&base * &base) >> BITS;
            rest >>= 1;
        }
        let numerator = power * BigUint::from(self.points.unsigned_abs());
        rounded_quotient(&numerator, &(BigUint::from(1u32) << BITS)) * self.points.signum()
    }
}

/// The quotient, rounded half up; both are positive, and it is no larger than any points.
fn rounded_quotient(numerator: &BigUint, denominator: &BigUint) -> i64 {
    let doubled = (numerator * 2u32 + denominator) / (denominator * 2u32);
    i64::try_from(&doubled).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::hir::QueryId;

    const DAY: i64 = 86_400_000;

    fn per(points: i64, decay: Decay) -> Per {
        Per {
            points,
            query: QueryId(0),
            distinct: None,
            per_day: None,
            per_week: None,
            per_month: None,
            times: None,
            decay: Some(decay),
            most: None,
        }
    }

    fn at(per: &Per, days: f64) -> i64 {
        points(per, ShareTable::new(per).as_ref(), (days * DAY as f64) as i64)
    }

    #[test]
    fn halving_rounds_to_nine_places_then_four() {
        let rule = per(100_000, Decay::Halving { every: 60 * DAY });
        assert_eq!(at(&rule, 12.0), 87_055);
        assert_eq!(at(&rule, 60.0), 50_000);
        // 1 × 2^-5 = 0.03125 is half-way: away from zero.
        assert_eq!(at(&per(10_000, Decay::Halving { every: DAY }), 5.0), 313);
        assert_eq!(at(&per(-10_000, Decay::Halving { every: DAY }), 5.0), -313);
    }

    #[test]
    fn quick_halving_is_the_exact_one() {
        let mut state = 7u64;
        let mut next = |below: i64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as i64) % below
        };
        let mut quick = 0;
        for round in 0..300_000 {
            let full = match round % 4 {
                0 => (next(200) - 100) * POINTS_SCALE,
                1 => next(1 << 30) - next(1 << 30),
                2 => (1 << 30) - next(3),
                _ => next(2_000_000) - 1_000_000,
            };
            let every = if round % 3 == 0 { DAY * (1 + next(400)) } else { 1 + next(1 << 31) };
            let age = match round % 5 {
                // Whole halvings come out at halves.
                0 => every * next(64),
                1 => next(1 << 31) << next(12),
                _ => next(1 << 30) * next(40),
            };
            if let Some(points) = Halving::new(full, every).quick(age) {
                assert_eq!(points, exact_halving(full, age, every), "{full} after {age} of {every}");
                quick += 1;
            }
        }
        assert!(quick > 200_000, "{quick}");
        for (table, parts) in [(EIGHTHS, 8.0), (SIXTY_FOURTHS, 64.0)] {
            for (place, value) in table.iter().enumerate() {
                assert!((value - libm::exp2(-(place as f64) / parts)).abs() <= f64::EPSILON / 2.0);
            }
        }
    }

    #[test]
    fn rounds_as_the_library_does() {
        let mut value = 0.1f64;
        for step in 0..4000 {
            value *= 1.01;
            for probe in
                [value, -value, value.floor() + 0.5, -(value.floor() + 0.5), f64::from(step) + 0.499_999_999_999_999_94]
            {
                assert_eq!(rounded(probe), libm::round(probe) as i128, "{probe}");
            }
        }
    }

    #[test]
    fn fading_reaches_zero() {
        let rule = per(50_000, Decay::Fading { over: 90 * DAY });
        assert_eq!(at(&rule, 0.0), 50_000);
        assert_eq!(at(&rule, 30.0), 33_333);
        assert_eq!(at(&rule, 90.0), 0);
        assert_eq!(at(&rule, 91.0), 0);
    }

    #[test]
    fn losing_counts_whole_periods() {
        let share = per(100_000, Decay::LosingShare { share: 250_000, every: 30 * DAY });
        assert_eq!(at(&share, 29.9), 100_000);
        assert_eq!(at(&share, 60.0), 56_250);
        let all = per(100_000, Decay::LosingShare { share: 1_000_000, every: DAY });
        assert_eq!((at(&all, 0.5), at(&all, 1.0), at(&all, 5.0)), (100_000, 0, 0));
        let points = per(-120_000, Decay::LosingPoints { points: 50_000, every: 30 * DAY });
        assert_eq!((at(&points, 59.0), at(&points, 60.0), at(&points, 90.0)), (-70_000, -20_000, 0));
    }

    #[test]
    fn slow_losses_go_on_behind_the_table() {
        let rule = per(100_000_000, Decay::LosingShare { share: 100, every: 60_000 });
        let table = ShareTable::new(&rule).expect("a table");
        let exact = |periods: u32| {
            let numerator = BigUint::from(999_900u32).pow(periods) * BigUint::from(100_000_000u32);
            rounded_quotient(&numerator, &BigUint::from(1_000_000u32).pow(periods))
        };
        for periods in [2047, 2048, 3000, 9000] {
            assert_eq!(table.after(i64::from(periods)), exact(periods), "{periods}");
        }
        assert_eq!(table.after(50_000_000), 0);
    }
}
