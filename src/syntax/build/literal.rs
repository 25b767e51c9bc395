//! Literals and names: numbers, texts, dates, durations, amounts.

use super::grammar::Rule;
use super::{Builder, Node, child, children};
use crate::base::{Span, Spanned};
use crate::syntax::ast::*;
use crate::syntax::{errors, words};

/// What a name is given to; some words name only some things.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Field,
    Head,
    Other,
}

impl Builder<'_> {
    /// The name that a declaration gives; says so when it cannot be one.
    pub(super) fn declared(&mut self, parent: &Node, kind: Named) -> Option<Name> {
        let node = child(parent, Rule::new_name)?;
        let name = self.spelled(&node);
        let word = name.value.as_str();
        let head_word = kind == Named::Head && matches!(word, "fits" | "unknown" | "fails" | "missing");
        if words::RESERVED.contains(&word) && !head_word {
            self.report(errors::reserved_name(&name, kind == Named::Head));
        } else if kind == Named::Field && words::FIELD_CLAUSES.contains(&word) {
            self.report(errors::clause_word_as_field(&name));
        } else if kind != Named::Field && words::UNITS.contains(&word) {
            self.report(errors::unit_as_name(&name));
        } else if !words::is_name(word) {
            self.report(errors::misspelt_name(&name, kind == Named::Head));
        }
        Some(name)
    }

    /// A word as it is written.
    pub(super) fn spelled(&self, node: &Node) -> Name {
        Spanned { value: node.as_str().to_string(), span: self.span(node) }
    }

    /// The child that is a name in use.
    pub(super) fn name(&self, parent: &Node) -> Option<Name> {
        child(parent, Rule::name).map(|node| self.spelled(&node))
    }

    /// A dotted name; `node` is the whole of it.
    pub(super) fn path(&self, node: &Node) -> Path {
        let span = self.span(node);
        let mut start = span.start as usize;
        let mut parts = Vec::new();
        for part in node.as_str().split('.') {
            let end = start + part.len();
            parts.push(Spanned { value: part.to_string(), span: Span::new(self.file, start, end) });
            start = end + 1;
        }
        Path { parts, span }
    }

    /// The label, if the node has one.
    pub(super) fn label(&mut self, parent: &Node) -> Option<Text> {
        child(parent, Rule::string).map(|node| self.text(&node))
    }

    /// A text literal with its escapes resolved.
    pub(super) fn text(&mut self, node: &Node) -> Text {
        let span = self.span(node);
        let written = node.as_str();
        let inside = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        if !inside.contains('\\') {
            return Spanned { value: inside.to_string(), span };
        }
        let file = self.file;
        let mut value = String::with_capacity(inside.len());
        let mut rest = inside.char_indices();
        while let Some((at, c)) = rest.next() {
            if c != '\\' {
                value.push(c);
                continue;
            }
            let place = |length: usize| {
                let start = span.start as usize + 1 + at;
                Span::new(file, start, start + length)
            };
            match rest.next().map(|(_, c)| c) {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some(c @ ('"' | '\\')) => value.push(c),
                Some('u') => {
                    let after = inside.get(at + 2..).unwrap_or_default();
                    let code = after.strip_prefix('{').and_then(|code| code.split_once('}')).map(|(code, _)| code);
                    let found = code
                        .filter(|code| (1..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_hexdigit()))
                        .and_then(|code| u32::from_str_radix(code, 16).ok())
                        .and_then(char::from_u32);
                    if let (Some(c), Some(code)) = (found, code) {
                        value.push(c);
                        rest.by_ref().take(code.len() + 2).for_each(drop);
                    } else {
                        self.report(errors::bad_code_point(place(2)));
                    }
                }
                Some(c) => {
                    self.report(errors::unknown_escape(c, place(1 + c.len_utf8())));
                    value.push('\\');
                    value.push(c);
                }
                None => {}
            }
        }
        Spanned { value, span }
    }

    /// All texts of a list of texts.
    pub(super) fn texts(&mut self, parent: &Node) -> Vec<Text> {
        let Some(list) = child(parent, Rule::texts) else { return Vec::new() };
        children(&list, Rule::string).map(|node| self.text(&node)).collect()
    }

    /// A number as written, in millionths.
    pub(super) fn number(&mut self, node: &Node) -> Number {
        let span = self.span(node);
        let written = node.as_str().to_string();
        let micros = match read_number(&written) {
            Ok(micros) => micros,
            Err(problem) => {
                self.report(errors::bad_number(&written, problem, span));
                0
            }
        };
        Number { micros, written, span }
    }

    /// The number inside `parent`.
    pub(super) fn number_in(&mut self, parent: &Node) -> Option<Number> {
        child(parent, Rule::number).map(|node| self.number(&node))
    }

    /// `100k`, `+demo_points`; `node` is the amount itself.
    pub(super) fn amount(&mut self, node: &Node) -> Option<Amount> {
        let sign = child(node, Rule::sign).map(|sign| if sign.as_str() == "-" { Sign::Minus } else { Sign::Plus });
        let value = match self.number_in(node) {
            Some(number) => AmountValue::Number(number),
            None => AmountValue::Constant(self.name(node)?),
        };
        Some(Amount { sign, value, span: self.span(node) })
    }

    /// The amount inside `parent`.
    pub(super) fn amount_in(&mut self, parent: &Node) -> Option<Amount> {
        child(parent, Rule::amount).and_then(|node| self.amount(&node))
    }

    /// An amount of points: it has a sign.
    pub(super) fn points(&mut self, parent: &Node) -> Option<Amount> {
        let node = child(parent, Rule::points)?;
        let amount = self.amount_in(&node)?;
        if amount.sign.is_none() {
            self.report(errors::points_without_sign(self.source(amount.span), amount.span));
        }
        Some(amount)
    }

    /// The duration inside `parent`.
    pub(super) fn duration_in(&mut self, parent: &Node) -> Option<Duration> {
        let node = child(parent, Rule::duration)?;
        let number = self.number_in(&node)?;
        let unit = self.unit_in(&node)?;
        Some(self.duration(&number, unit, self.span(&node)))
    }

    /// A duration of `number` units.
    pub(super) fn duration(&mut self, number: &Number, unit: Unit, span: Span) -> Duration {
        let whole =
            (number.micros % 1_000_000 == 0 && !number.written.ends_with('%')).then_some(number.micros / 1_000_000);
        let count = whole.and_then(|count| u32::try_from(count).ok());
        if count.is_none() {
            self.report(errors::uneven_duration(&number.written, whole.is_some(), number.span));
        }
        Duration { count: count.unwrap_or(1), unit, span }
    }

    /// The unit of time inside `parent`.
    pub(super) fn unit_in(&self, parent: &Node) -> Option<Unit> {
        child(parent, Rule::unit).map(|node| unit(node.as_str()))
    }

    /// The day inside `parent`; an instant is an error.
    pub(super) fn day_in(&mut self, parent: &Node) -> Option<DateLit> {
        let node = child(parent, Rule::date)?;
        let span = self.span(&node);
        match self.moment(&node) {
            ExprKind::Date(date) => Some(DateLit { date, span }),
            ExprKind::Instant(_) => {
                self.report(errors::instant_for_day(node.as_str(), span));
                None
            }
            _ => None,
        }
    }

    /// A date or an instant.
    pub(super) fn moment(&mut self, node: &Node) -> ExprKind {
        let written = node.as_str();
        let span = self.span(node);
        let (day, clock) = match written.find(['T', 't']) {
            Some(at) => (written.get(..at).unwrap_or_default(), written.get(at..).unwrap_or_default()),
            None => (written, ""),
        };
        let Some(date) = self.day(day, span) else { return ExprKind::Junk };
        if clock.is_empty() {
            return ExprKind::Date(date);
        }
        if clock.get(1..).is_some_and(|clock| !clock.contains(['Z', 'z', '+', '-'])) {
            self.report(errors::instant_without_offset(written, span));
            return ExprKind::Junk;
        }
        // `hh:mm` without seconds is a time of day too.
        let digits = clock.get(1..).unwrap_or_default();
        let full = digits.as_bytes().get(5).is_none_or(|&byte| byte == b':');
        let instant = match full {
            true => written.parse(),
            false => format!("{day}T{}:00{}", digits.get(..5).unwrap_or_default(), digits.get(5..).unwrap_or_default())
                .parse(),
        };
        match instant {
            Ok(instant) => ExprKind::Instant(instant),
            Err(_) => {
                self.report(errors::no_such_instant(written, span));
                ExprKind::Junk
            }
        }
    }

    fn day(&mut self, written: &str, span: Span) -> Option<jiff::civil::Date> {
        let mut parts = written.split('-').map(|part| part.parse::<i16>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if written.len() != "2026-10-01".len() {
            self.report(errors::short_date(written, &format!("{year:04}-{month:02}-{day:02}"), span));
        }
        let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        if date.is_err() {
            let days = i8::try_from(month).ok().and_then(|month| jiff::civil::Date::new(year, month, 1).ok());
            self.report(errors::no_such_day(written, days.map(|first| first.days_in_month()), span));
        }
        date.ok()
    }
}

/// The unit that a word of the grammar names.
pub(super) fn unit(word: &str) -> Unit {
    match word.trim_end_matches('s') {
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => Unit::Day,
    }
}

/// Why a number cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum NumberProblem {
    /// It is no number: `1__0`, `10x`.
    Shape,
    /// More than six digits after the point.
    Fine,
    /// More than eighteen digits before the point.
    Large,
}

/// The value of a number as written, in millionths.
fn read_number(written: &str) -> Result<i128, NumberProblem> {
    let (digits, shift) = match written.as_bytes().last() {
        Some(b'%') => (written.strip_suffix('%'), -2),
        Some(b'k') => (written.strip_suffix('k'), 3),
        Some(b'M') => (written.strip_suffix('M'), 6),
        _ => (Some(written), 0),
    };
    let digits = digits.unwrap_or_default();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    for part in [whole, fraction] {
        let groups_well = part.split('_').all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
        if !groups_well {
            return Err(NumberProblem::Shape);
        }
    }
    let whole = whole.replace('_', "");
    let fraction = fraction.replace('_', "");
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    // 10^24 and more is too large whatever the suffix; cutting off here keeps the sums below inside an i128.
    if whole.len() > 24 {
        return Err(NumberProblem::Large);
    }
    if fraction.len() > 12 {
        return Err(NumberProblem::Fine);
    }
    let mantissa: i128 = format!("0{whole}{fraction}").parse().map_err(|_| NumberProblem::Shape)?;
    let exponent = 6 + shift - fraction.len() as i32;
    let power = 10i128.pow(exponent.unsigned_abs());
    let micros = match exponent >= 0 {
        true => mantissa.checked_mul(power).ok_or(NumberProblem::Large)?,
        false if mantissa % power == 0 => mantissa / power,
        false => return Err(NumberProblem::Fine),
    };
    match micros < 10i128.pow(24) {
        true => Ok(micros),
        false => Err(NumberProblem::Large),
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberProblem, read_number};

    #[test]
    fn numbers_are_read_in_millionths() {
        assert_eq!(read_number("100k"), Ok(100_000_000_000));
        assert_eq!(read_number("2.5M"), Ok(2_500_000_000_000));
        assert_eq!(read_number("20%"), Ok(200_000));
        assert_eq!(read_number("1_000"), Ok(1_000_000_000));
        assert_eq!(read_number("0.000001"), Ok(1));
        assert_eq!(read_number("1.2345678M"), Ok(1_234_567_800_000));
        assert_eq!(read_number("999999999999999999.999999"), Ok(999_999_999_999_999_999_999_999));
    }

    #[test]
    fn too_many_digits_are_refused() {
        assert_eq!(read_number("0.0000001"), Err(NumberProblem::Fine));
        assert_eq!(read_number("0.00001%"), Err(NumberProblem::Fine));
        assert_eq!(read_number("1000000000000000000"), Err(NumberProblem::Large));
        assert_eq!(read_number("1000000000000M"), Err(NumberProblem::Large));
        assert_eq!(read_number(&"9".repeat(500)), Err(NumberProblem::Large));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for written in ["1__0", "1_", "10x", "1e5", "100K", "1.2.3", "5k%"] {
            assert_eq!(read_number(written), Err(NumberProblem::Shape), "{written}");
        }
    }
}
