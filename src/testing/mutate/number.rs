//! Numbers, durations and dates one unit further, written as policies write them.

use super::site::Change;
use crate::model::time::Length;
use crate::syntax::ast::{Amount, AmountValue, Duration, Expr, ExprKind, Number};

/// One unit of the last written digit up or down: 50 → 51, 0.5 → 0.6, 20% → 21%, 100k → 100_001.
pub fn moved(number: &Number, up: bool) -> Option<String> {
    let percent = number.written.ends_with('%');
    let scale = if percent { 10_000 } else { 1_000_000 };
    let mut step = scale;
    while step > 1 && number.micros % step != 0 {
        step /= 10;
    }
    let micros = if up { number.micros + step } else { number.micros - step };
    let grouped = number.written.contains('_') || micros.abs() >= 10_000 * scale;
    (micros >= 0).then(|| format!("{}{}", plain(micros, scale, grouped), if percent { "%" } else { "" }))
}

/// Both ways.
pub fn both_ways(number: &Number) -> Vec<Change> {
    [true, false].into_iter().filter_map(|up| moved(number, up)).map(|with| Change::of(number.span, with)).collect()
}

/// An amount that is a number, both ways.
pub fn amount(amount: &Amount) -> Vec<Change> {
    match &amount.value {
        AmountValue::Number(number) => both_ways(number),
        AmountValue::Constant(_) => Vec::new(),
    }
}

/// A length of time, one unit longer and one shorter.
pub fn duration(duration: &Duration) -> Vec<Change> {
    let counts = [duration.count.checked_add(1), duration.count.checked_sub(1)];
    let text = |count| Length { count, unit: duration.unit }.to_string();
    counts.into_iter().flatten().map(|count| Change::of(duration.span, text(count))).collect()
}

/// A literal that can be moved, both ways: a number, money, a length of time, a date.
pub fn literal(expr: &Expr) -> Vec<Change> {
    match &*expr.kind {
        ExprKind::Number(number) | ExprKind::Money(number, _) => both_ways(number),
        ExprKind::Negate(inner) => literal(inner),
        ExprKind::Duration(length) => duration(length),
        ExprKind::Date(date) => {
            let days = [date.tomorrow().ok(), date.yesterday().ok()];
            days.into_iter().flatten().map(|day| Change::of(expr.span, day.to_string())).collect()
        }
        _ => Vec::new(),
    }
}

/// A decimal with as many digits as it needs, `_` between thousands on demand.
fn plain(micros: i128, scale: i128, grouped: bool) -> String {
    let (whole, mut rest) = (micros / scale, micros % scale);
    let digits = whole.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if grouped && place > 0 && (digits.len() - place) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    if rest > 0 {
        let mut width = scale.to_string().len() - 1;
        while rest % 10 == 0 {
            rest /= 10;
            width -= 1;
        }
        out.push_str(&format!(".{rest:0width$}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_move_by_their_last_digit() {
        let number =
            |written: &str, micros: i128| Number { micros, written: written.to_owned(), span: Default::default() };
        let both =
            |number: &Number| (moved(number, true).unwrap_or_default(), moved(number, false).unwrap_or_default());
        assert_eq!(both(&number("50", 50_000_000)), ("51".to_owned(), "49".to_owned()));
        assert_eq!(both(&number("0.5", 500_000)), ("0.6".to_owned(), "0.4".to_owned()));
        assert_eq!(both(&number("20%", 200_000)), ("21%".to_owned(), "19%".to_owned()));
        assert_eq!(both(&number("12.5%", 125_000)), ("12.6%".to_owned(), "12.4%".to_owned()));
        assert_eq!(both(&number("100k", 100_000_000_000)), ("100_001".to_owned(), "99_999".to_owned()));
        assert_eq!(both(&number("5_000", 5_000_000_000)), ("5_001".to_owned(), "4_999".to_owned()));
        assert_eq!(moved(&number("0", 0), false), None);
    }
}
