//! Numbers in 64 bits: what has more is worked out by hand, or is a binary number beyond every limit.

use super::bound;
use crate::model::number::display;
use crate::sql::tree::{Sql, int, raw};

/// A whole number as the decimal that it stands for.
pub fn scaled(raw: i128, scale: u32) -> Sql {
    match i64::try_from(raw) {
        Ok(small) if scale > 0 && raw != 0 => int(raw).remark(display(small, scale).to_string()),
        _ => int(raw),
    }
}

/// A number in a column: a whole number, a binary one, or a text in plain decimal form.
pub fn number_in(column: Sql, scale: u32) -> Sql {
    let unit = 10i64.pow(scale);
    let zeros = "0".repeat(scale as usize);
    let template = format!(
        "CASE typeof(held_) WHEN 'integer' THEN held_ * {unit} WHEN 'real' THEN CAST(round(held_ * {unit}.0) AS INTEGER) \
         WHEN 'text' THEN CAST(substr(held_, 1, instr(held_ || '.', '.') - 1) || \
         substr(substr(held_, instr(held_ || '.', '.') + 1) || '{zeros}', 1, {scale}) AS INTEGER) END"
    );
    bound(column, "held_", &template)
}

/// A product, rounded half away from zero.
pub fn product(a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
    let cut = (a.1 + b.1).saturating_sub(scale);
    if cut == 0 {
        return a.0.bin("*", b.0);
    }
    // Two factors in two halves of nine digits each: no product of halves has more than 64 bits.
    let (up, middle, unit) = (10i128.pow(18 - cut), 10i128.pow(9 - cut), 10i128.pow(cut));
    raw(
        &format!(
            "(SELECT sign_ * (high_ * {up} + middle_ * {middle} + (low_ + {}) / {unit}) FROM (SELECT sign(a_) * sign(b_) AS sign_, \
             abs(a_) / 1000000000 * (abs(b_) / 1000000000) AS high_, \
             abs(a_) / 1000000000 * (abs(b_) % 1000000000) + abs(a_) % 1000000000 * (abs(b_) / 1000000000) AS middle_, \
             abs(a_) % 1000000000 * (abs(b_) % 1000000000) AS low_ FROM (SELECT {{}} AS a_, {{}} AS b_)))",
            unit / 2
        ),
        [a.0, b.0],
    )
}

/// A quotient, rounded half away from zero; nothing for a division by zero.
pub fn quotient(a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
    let (up, down) = if scale + b.1 >= a.1 { (scale + b.1 - a.1, 0) } else { (0, a.1 - scale - b.1) };
    let divisor = if down == 0 { b.0 } else { b.0.bin("*", int(10i128.pow(down))) };
    // By hand, a digit a step; times five and times two, for ten times a remainder may have more than 64 bits.
    raw(
        &format!(
            "(WITH RECURSIVE division (digits, whole, rest, by, sign_) AS (\
             SELECT 0, abs(a_) / abs(b_), abs(a_) % abs(b_), abs(b_), sign(a_) * sign(b_) FROM (SELECT {{}} AS a_, {{}} AS b_) \
             UNION ALL SELECT digits + 1, whole * 10 + rest * 5 / by * 2 + rest * 5 % by * 2 / by, rest * 5 % by * 2 % by, by, sign_ \
             FROM division WHERE digits < {up}) \
             SELECT sign_ * (whole + (rest >= by - rest)) FROM division WHERE digits = {up})"
        ),
        [a.0, divisor],
    )
}

/// A number rounded half away from zero.
pub fn round(value: Sql, from: u32, to: u32) -> Sql {
    let unit = 10i128.pow(from.saturating_sub(to));
    bound(value, "of_", &format!("((of_ + sign(of_) * {}) / {unit})", unit / 2))
}

/// A size times what is left of a whole number over all of it, rounded half up.
pub fn share_of(size: i128, left: Sql, over: i128) -> Sql {
    // By hand, three digits of the size a step.
    let mut digits = Vec::new();
    let mut rest = size;
    while rest > 0 {
        digits.push(rest % 1000);
        rest /= 1000;
    }
    let start = "SELECT {} AS left_, 0 AS whole, 0 AS rest".to_owned();
    let steps = digits.iter().rev().fold(start, |inner, digit| {
        format!(
            "SELECT left_, whole * 1000 + (rest * 1000 + {digit} * left_) / {over} AS whole, \
             (rest * 1000 + {digit} * left_) % {over} AS rest FROM ({inner})"
        )
    });
    raw(&format!("(SELECT whole + (2 * rest >= {over}) FROM ({steps}))"), [left])
}

/// A whole number of billionths of more than 64 bits as one of ten-thousandths.
pub fn nine_to_four(nine: Sql) -> Sql {
    // In two pieces: it may have more than 64 bits.
    raw(
        "(SELECT high / 100000 * 65536 + (high % 100000 * 65536 + low + 50000) / 100000 \
         FROM (SELECT high, CAST(nine - high * 65536.0 AS INTEGER) AS low \
         FROM (SELECT nine, CAST(nine / 65536.0 AS INTEGER) AS high FROM (SELECT round({}) AS nine))))",
        [nine],
    )
}

/// Points as people read them.
pub fn points_out(points: Sql) -> Sql {
    // Fifteen digits are told apart by a binary number; more are a text.
    bound(
        points,
        "points_",
        "CASE WHEN abs(points_) < 1000000000000000 THEN points_ / 10000.0 ELSE \
         CASE WHEN points_ < 0 THEN '-' ELSE '' END || (abs(points_) / 10000) || printf('.%04d', abs(points_) % 10000) END",
    )
}

/// Whether a trimmed text is this number, however it is written.
pub fn is_number(trimmed: Sql, micros: i128) -> Sql {
    let size = micros.unsigned_abs();
    let whole = if size < 1_000_000 { String::new() } else { (size / 1_000_000).to_string() };
    let part = format!("{:06}", size % 1_000_000);
    let part = part.trim_end_matches('0');
    // Without the sign, the zeros before it, and those behind a point.
    let digits = "ltrim(number_, '+-')";
    let bare = format!("ltrim({digits}, '0')");
    let same = match (whole.as_str(), part) {
        ("", "") => format!("({bare} = '' OR ({bare} <> '.' AND rtrim({bare}, '0') = '.'))"),
        (whole, "") => format!("({bare} = '{whole}' OR ({bare} <> '{whole}.' AND rtrim({bare}, '0') = '{whole}.'))"),
        (whole, part) => format!("rtrim({bare}, '0') = '{whole}.{part}'"),
    };
    let leading = if whole.is_empty() { format!(" AND {digits} LIKE '0%'") } else { String::new() };
    let sign = match micros {
        ..0 => " AND number_ LIKE '-%'",
        0 => "",
        1.. => " AND number_ NOT LIKE '-%'",
    };
    let one_sign = format!(" AND length(number_) - length({digits}) <= 1");
    bound(trimmed, "number_", &format!("({same}{leading}{sign}{one_sign})"))
}
