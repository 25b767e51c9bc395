//! Exact numbers: reading them from text, rounding them, writing them plainly.

use num::bigint::Sign;
use num::{BigInt, BigRational, Integer, One, Signed, ToPrimitive, Zero};
use std::sync::OnceLock;

/// Every number of a decision.
pub type Q = BigRational;

/// A whole number.
pub fn whole(n: i64) -> Q {
    Q::from_integer(n.into())
}

/// A number given in millionths.
pub fn micros(n: i128) -> Q {
    Q::new(n.into(), 1_000_000.into())
}

/// 10 to the power of `digits`.
fn ten(digits: u32) -> BigInt {
    BigInt::from(10).pow(digits)
}

/// The nearest number with `places` digits after the point; halves go away from zero.
pub fn round(x: &Q, places: u32) -> Q {
    let scaled = x.abs() * Q::from_integer(ten(places));
    let half = Q::new(1.into(), 2.into());
    let rounded = (scaled + half).floor();
    let size = rounded / Q::from_integer(ten(places));
    if x.is_negative() { -size } else { size }
}

/// Whether at most `digits` digits stand before the point.
pub fn fits(x: &Q, digits: u32) -> bool {
    x.abs() < Q::from_integer(ten(digits))
}

/// Plain decimal form, without zeros at the end; `x` has finitely many decimals.
pub fn plain(x: &Q) -> String {
    let mut places = 0;
    let mut scaled = x.abs();
    while !scaled.is_integer() {
        scaled *= whole(10);
        places += 1;
        assert!(places < 1500, "{x} has no plain decimal form");
    }
    let mut digits = scaled.to_integer().to_string();
    if places > 0 {
        while digits.len() <= places {
            digits.insert(0, '0');
        }
        digits.insert(digits.len() - places, '.');
    }
    if x.is_negative() { format!("-{digits}") } else { digits }
}

/// What a text says that may be a number.
pub enum Written {
    /// This number.
    Number(Q),
    /// A number with far too many digits before the point.
    Huge,
    /// No number.
    No,
}

/// Reads sign, digits, point and digits, exponent.
pub fn parse(text: &str) -> Written {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (before, after) = match mantissa.split_once('.') {
        Some((before, after)) if digits(after) => (before, after),
        Some(_) => return Written::No,
        None => (mantissa, ""),
    };
    if !digits(before) {
        return Written::No;
    }
    let exponent: BigInt = match exponent {
        None => BigInt::zero(),
        Some(text) => {
            let (sign, size) = match text.strip_prefix('-') {
                Some(size) => (-1, size),
                None => (1, text.strip_prefix('+').unwrap_or(text)),
            };
            if !digits(size) {
                return Written::No;
            }
            size.parse::<BigInt>().expect("digits") * sign
        }
    };
    let mantissa: BigInt = format!("{before}{after}").parse().expect("digits");
    if mantissa.is_zero() {
        return Written::Number(Q::zero());
    }
    let power = exponent - BigInt::from(after.len());
    let length = BigInt::from(mantissa.to_string().len());
    if &power + &length > BigInt::from(700) {
        return Written::Huge;
    }
    if &power + &length < BigInt::from(-700) {
        // Nothing of it is left after rounding; its sign and that it is not whole are kept.
        let tiny = Q::new(1.into(), ten(700));
        return Written::Number(if negative { -tiny } else { tiny });
    }
    let power = power.to_i64().expect("small");
    let size = Q::from_integer(mantissa);
    let scale = Q::from_integer(ten(power.unsigned_abs() as u32));
    let size = if power < 0 { size / scale } else { size * scale };
    Written::Number(if negative { -size } else { size })
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// Bits behind the point in [`halving`].
const BITS: u64 = 192;

/// `n × 2^(−age/period)`, rounded to nine places and then to four.
pub fn halving(n: &Q, age: i128, period: i128) -> Q {
    let (halvings, rest) = age.div_mod_floor(&period);
    let whole_part = if halvings > 4000 { return Q::zero() } else { BigInt::one() << (halvings as u64) };
    let value = n / Q::from_integer(whole_part);
    let value = if rest == 0 { value } else { value * two_to_minus(rest, period) };
    round(&round(&value, 9), 4)
}

/// 2^(−rest/period) for 0 < rest < period, to about 190 binary digits: e^(−y) with y = ln 2 · rest/period.
fn two_to_minus(rest: i128, period: i128) -> Q {
    let y: BigInt = ln2() * BigInt::from(rest) / BigInt::from(period);
    let one = BigInt::one() << BITS;
    let (mut sum, mut term, mut k) = (one.clone(), one, 0);
    while !term.is_zero() {
        k += 1;
        term = ((&term * &y) >> BITS) / k;
        if k % 2 == 1 { sum -= &term } else { sum += &term }
    }
    Q::new(sum, BigInt::one() << BITS)
}

/// ln 2 = Σ 1/(k·2^k), times 2^BITS.
fn ln2() -> &'static BigInt {
    static LN2: OnceLock<BigInt> = OnceLock::new();
    LN2.get_or_init(|| (1..BITS + 20).map(|k| (BigInt::one() << (BITS + 20 - k)) / k).sum::<BigInt>() >> 20)
}

/// The sign of a number as -1, 0, 1.
pub fn sign(x: &Q) -> Q {
    match x.numer().sign() {
        Sign::Minus => whole(-1),
        Sign::NoSign => whole(0),
        Sign::Plus => whole(1),
    }
}
