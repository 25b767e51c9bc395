//! Exact decimals in 64 bits. Every kind of number of the language has at most 18 digits, so that it is a whole
//! number of millionths (number), of ten-thousandths (money, points) or of ones (int) in an `i64`; results in between
//! are `i128`.

/// Ones in a number's unit: six digits after the point.
pub const NUMBER_SCALE: i64 = 1_000_000;
/// Ones in a unit of money: four digits after the point.
pub const MONEY_SCALE: i64 = 10_000;
/// Ones in a point: four digits after the point.
pub const POINTS_SCALE: i64 = 10_000;
/// Every raw value is smaller than this in size: 18 digits.
pub const LIMIT: i64 = 1_000_000_000_000_000_000;
/// Points are held within ±999,999,999,999.9999, wherever they are summed.
pub const POINTS_LIMIT: i64 = 1_000_000_000_000 * POINTS_SCALE - 1;

/// Why text is not a number of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// It is no number at all.
    NotANumber,
    /// It has digits after the point, and a whole number is needed.
    NotWhole,
    /// It has more digits before the point than fit.
    TooLarge,
}

/// `numerator / denominator`, rounded half away from zero. `None` for a division by zero.
#[inline]
pub fn divide(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    // Nearly all numbers have 64 bits, and dividing those is several times cheaper.
    if let (Ok(n), Ok(d)) = (i64::try_from(numerator), i64::try_from(denominator))
        && d > 0
        && n != i64::MIN
    {
        let (quotient, remainder) = (n / d, (n % d).unsigned_abs());
        let away = i64::from(remainder >= d.unsigned_abs() - remainder);
        return Some(i128::from(quotient + if n < 0 { -away } else { away }));
    }
    let quotient = numerator / denominator;
    let remainder = (numerator % denominator).unsigned_abs();
    let away = i128::from(remainder >= denominator.unsigned_abs() - remainder);
    Some(if (numerator < 0) == (denominator < 0) { quotient + away } else { quotient - away })
}

/// As a raw value, if it has at most 18 digits.
#[inline]
pub fn fit(raw: i128) -> Option<i64> {
    (raw.unsigned_abs() < LIMIT as u128).then_some(raw as i64)
}

/// As 64 bits, held at their ends.
pub fn saturate(raw: i128) -> i64 {
    raw.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Points, held within ±[`POINTS_LIMIT`].
pub fn hold_points(raw: i128) -> i64 {
    raw.clamp(-i128::from(POINTS_LIMIT), i128::from(POINTS_LIMIT)) as i64
}

/// Reads `[+-] digits [. digits] [e [+-] digits]` as a decimal with `places` digits after the point (0, 4 or 6), more
/// of them rounded half away from zero. With `whole`, digits after the point other than 0 are an error instead.
pub fn parse(text: &[u8], places: u32, whole: bool) -> Result<i64, NumberProblem> {
    // Most numbers are a few digits.
    if (1..=12).contains(&text.len()) && text.iter().all(u8::is_ascii_digit) {
        let digits = text.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        return Ok(digits * 10i64.pow(places));
    }
    let (negative, rest) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let before = digits(rest);
    if before == 0 {
        return Err(NumberProblem::NotANumber);
    }
    let (integer, mut rest) = rest.split_at(before);
    let mut fraction: &[u8] = b"";
    if let Some(behind) = rest.strip_prefix(b".") {
        let count = digits(behind);
        if count == 0 {
            return Err(NumberProblem::NotANumber);
        }
        (fraction, rest) = behind.split_at(count);
    }
    let mut exponent: i64 = 0;
    if let Some(behind) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let (minus, behind) = match behind.first() {
            Some(b'-') => (true, &behind[1..]),
            Some(b'+') => (false, &behind[1..]),
            _ => (false, behind),
        };
        let count = digits(behind);
        if count == 0 {
            return Err(NumberProblem::NotANumber);
        }
        for digit in &behind[..count] {
            exponent = (exponent * 10 + i64::from(digit - b'0')).min(1 << 40);
        }
        exponent = if minus { -exponent } else { exponent };
        rest = &behind[count..];
    }
    if !rest.is_empty() {
        return Err(NumberProblem::NotANumber);
    }
    // The digit at position p (counted from the first) stands at 10^(point - 1 - p).
    let point = integer.len() as i64 + exponent;
    let last = point + i64::from(places);
    let mut raw: i128 = 0;
    let mut round_up = false;
    for (position, digit) in integer.iter().chain(fraction).enumerate() {
        let digit = i128::from(digit - b'0');
        let position = position as i64;
        if position < last {
            raw = raw * 10 + digit;
            if raw >= i128::from(LIMIT) {
                return Err(NumberProblem::TooLarge);
            }
        } else if position == last {
            round_up = digit >= 5;
        }
        if whole && position >= point && digit != 0 {
            return Err(NumberProblem::NotWhole);
        }
    }
    let written = (integer.len() + fraction.len()) as i64;
    if raw != 0 {
        for _ in written..last {
            raw *= 10;
            if raw >= i128::from(LIMIT) {
                return Err(NumberProblem::TooLarge);
            }
        }
    }
    raw += i128::from(round_up);
    let raw = fit(raw).ok_or(NumberProblem::TooLarge)?;
    Ok(if negative { -raw } else { raw })
}

/// A raw value in plain decimal form with `places` digits after the point, zeros at the end left out: `33.7055`, `-5`.
pub fn display(raw: i64, places: u32) -> impl std::fmt::Display {
    Decimal { raw, places }
}

struct Decimal {
    raw: i64,
    places: u32,
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10u64.pow(self.places);
        let size = self.raw.unsigned_abs();
        let (mut fraction, mut width) = (size % scale, self.places as usize);
        while fraction != 0 && fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        let sign = if self.raw < 0 { "-" } else { "" };
        if fraction == 0 {
            write!(f, "{sign}{}", size / scale)
        } else {
            write!(f, "{sign}{}.{fraction:0width$}", size / scale)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_rounds_half_away_from_zero() {
        assert_eq!(divide(5, 2), Some(3));
        assert_eq!(divide(-5, 2), Some(-3));
        assert_eq!(divide(5, -2), Some(-3));
        assert_eq!(divide(4, 3), Some(1));
        assert_eq!(divide(1, 0), None);
    }

    #[test]
    fn reads_decimals_exactly() {
        assert_eq!(parse(b"120000", 4, false), Ok(1_200_000_000));
        assert_eq!(parse(b"-0.00005", 4, false), Ok(-1));
        assert_eq!(parse(b"0.00004999", 4, false), Ok(0));
        assert_eq!(parse(b"1e3", 0, true), Ok(1000));
        assert_eq!(parse(b"3.0", 0, true), Ok(3));
        assert_eq!(parse(b"3.5", 0, true), Err(NumberProblem::NotWhole));
        assert_eq!(parse(b"35e-1", 0, true), Err(NumberProblem::NotWhole));
        assert_eq!(parse(b"1e400", 6, false), Err(NumberProblem::TooLarge));
        assert_eq!(parse(b"0e400", 6, false), Ok(0));
        assert_eq!(parse(b"1e-400", 6, false), Ok(0));
        assert_eq!(parse(b"5e-7", 6, false), Ok(1));
        assert_eq!(parse(b"999999999999999999", 0, true), Ok(LIMIT - 1));
        assert_eq!(parse(b"1000000000000000000", 0, true), Err(NumberProblem::TooLarge));
        assert_eq!(parse(b"999999999999.9999995", 6, false), Err(NumberProblem::TooLarge));
        for text in ["", "-", ".5", "5.", "1e", "NaN", "0x1", "1 000", "1,000", "--1", "Infinity"] {
            assert_eq!(parse(text.as_bytes(), 6, false), Err(NumberProblem::NotANumber), "{text}");
        }
    }

    #[test]
    fn displays_plainly() {
        assert_eq!(display(337_055, 4).to_string(), "33.7055");
        assert_eq!(display(-50_000, 4).to_string(), "-5");
        assert_eq!(display(-500, 4).to_string(), "-0.05");
        assert_eq!(display(7, 0).to_string(), "7");
    }
}
