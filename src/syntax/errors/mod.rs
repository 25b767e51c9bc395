//! What is said about text that is no policy: a constructor for each error.

mod failure;
mod files;
mod lexical;

pub(super) use failure::{Expected, Failure, failure, is_near};
pub(super) use files::*;
pub(super) use lexical::*;

use super::ast::Name;
use super::build::NumberProblem;
use super::words;
use crate::base::Span;
use crate::diagnostic::Diagnostic;

// ---- names ----

pub(super) fn reserved_name(name: &Name, head: bool) -> Diagnostic {
    let word = &name.value;
    let help = match head {
        true => format!("quote it: `\"{word}\"`"),
        false => format!("take another name, such as `my_{word}`"),
    };
    Diagnostic::error("reserved-word", format!("`{word}` is a word of the language and cannot be a name"), name.span)
        .help(help)
}

pub(super) fn clause_word_as_field(name: &Name) -> Diagnostic {
    let word = &name.value;
    Diagnostic::error("reserved-word", format!("`{word}` starts a clause of a field and names no field"), name.span)
        .help(format!("take another name and say where it comes from: `lead_{word} text from \"{word}\"`"))
}

pub(super) fn unit_as_name(name: &Name) -> Diagnostic {
    let word = &name.value;
    Diagnostic::error("unit-as-name", format!("`{word}` is a unit of time and names only fields"), name.span)
        .help(format!("take another name, perhaps `{word}_since` or `in_{word}`"))
}

pub(super) fn misspelt_name(name: &Name, head: bool) -> Diagnostic {
    let word = &name.value;
    let plain = words::as_name(word);
    let help = match head && !matches!(plain.as_str(), "fits" | "unknown" | "fails" | "missing") {
        true => format!("write `\"{word}\"`: listed texts are quoted, and other heads are names, as `{plain}`"),
        false => format!("write `{plain}`"),
    };
    Diagnostic::error("misspelt-name", format!("`{word}` is not spelled as names are"), name.span)
        .here("names are lower case letters, digits and `_`, and start with a letter")
        .help(help)
}

// ---- literals ----

pub(super) fn unknown_escape(c: char, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-escape", format!("`\\{c}` means nothing in a text"), span).help(format!(
        "write `\\\\{c}` for a backslash and `{c}`; the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\u{{…}}`"
    ))
}

pub(super) fn bad_code_point(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-escape", "this `\\u` names no character", span)
        .help("write the number of the character in braces: `\\u{e9}` is é")
}

pub(super) fn bad_number(written: &str, problem: NumberProblem, span: Span) -> Diagnostic {
    match problem {
        NumberProblem::Fine => Diagnostic::error("too-many-digits", format!("`{written}` is too fine"), span)
            .help("a number has up to 6 digits after the point"),
        NumberProblem::Large => Diagnostic::error("too-many-digits", format!("`{written}` is too large"), span)
            .help("a number has up to 18 digits before the point"),
        NumberProblem::Shape => {
            Diagnostic::error("not-a-number", format!("`{written}` is not a number"), span).help(number_help(written))
        }
    }
}

fn number_help(written: &str) -> String {
    let digits = written.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(written.len());
    let (number, suffix) = (written.get(..digits).unwrap_or_default(), written.get(digits..).unwrap_or_default());
    let unit = match suffix {
        "min" | "mins" => Some("minutes"),
        "h" | "hr" | "hrs" => Some("hours"),
        "d" => Some("days"),
        "w" | "wk" | "wks" => Some("weeks"),
        "mo" => Some("months"),
        "y" | "yr" | "yrs" => Some("years"),
        other => words::UNITS.iter().copied().find(|unit| *unit == other),
    };
    match (unit, suffix) {
        (Some(unit), _) => format!("write `{number} {unit}`"),
        (_, "K") => format!("write `{number}k` for thousands"),
        (_, "m" | "mm" | "MM" | "mio") => format!("write `{number}M` for millions"),
        (_, "") => "write digits, with one `_` between groups if you like: `1_000`, `0.25`".to_string(),
        _ if suffix.len() == 3 && suffix.bytes().all(|b| b.is_ascii_uppercase()) => {
            format!("write `{number} {suffix}`")
        }
        _ => "numbers are written `1_000`, `0.25`, `100k`, `2.5M`, `20%`".to_string(),
    }
}

pub(super) fn uneven_duration(written: &str, whole: bool, span: Span) -> Diagnostic {
    match whole {
        true => Diagnostic::error("too-many-digits", format!("`{written}` is too long a time"), span)
            .help("a duration counts up to 4_294_967_295 units"),
        false => Diagnostic::error("uneven-duration", format!("a duration counts whole units, not `{written}`"), span)
            .help("take a smaller unit: `90 minutes` is an hour and a half"),
    }
}

pub(super) fn short_date(written: &str, instead: &str, span: Span) -> Diagnostic {
    Diagnostic::error("misspelt-date", format!("`{written}` is not spelled as dates are"), span)
        .help(format!("write `{instead}`"))
}

pub(super) fn no_such_day(written: &str, days: Option<i8>, span: Span) -> Diagnostic {
    Diagnostic::error("no-such-date", format!("there is no day `{written}`"), span).help(match days {
        Some(days) => format!("that month has {days} days"),
        None => "dates are written year, month, day: `2026-10-01`".to_string(),
    })
}

pub(super) fn no_such_instant(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("no-such-date", format!("there is no instant `{written}`"), span)
        .help("instants are written `2026-10-01T12:30:00Z` or `2026-10-01T12:30:00+02:00`")
}

pub(super) fn instant_without_offset(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("instant-without-offset", format!("`{written}` does not say in which zone"), span)
        .help(format!("write `{written}Z` for UTC, or an offset: `{written}+02:00`"))
}

pub(super) fn instant_for_day(written: &str, span: Span) -> Diagnostic {
    let day = written.get(..10).unwrap_or(written);
    Diagnostic::error("instant-for-day", "a day stands here, not an instant", span).help(format!("write `{day}`"))
}

pub(super) fn no_constant(text: &str, span: Span) -> Diagnostic {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_. @/".contains(c));
    let help = match bare {
        true => format!("if it is a text, quote it: `\"{text}\"`"),
        false => "write a number, a text in double quotes, a date, `true` or `false`".to_string(),
    };
    Diagnostic::error("not-a-constant", format!("`{text}` is not a constant"), span).help(help)
}

pub(super) fn bad_currency(currency: &Name) -> Diagnostic {
    let code = currency.value.to_ascii_uppercase();
    let help = match code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        true => format!("write `{code}`"),
        false => "write a currency code of three capitals: `money USD`".to_string(),
    };
    Diagnostic::error("unknown-currency", format!("`{}` is not a currency code", currency.value), currency.span)
        .help(help)
}

// ---- expressions ----

pub(super) fn foreign_operator(written: &str, instead: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-operator", format!("`{written}` is not an operator"), span)
        .help(format!("write `{instead}`"))
}

pub(super) fn and_beside_or(and_first: bool, places: [Span; 2], tight_and: &str, tight_or: &str) -> Diagnostic {
    let [first, second] = places;
    let (one, other) = if and_first { ("and", "or") } else { ("or", "and") };
    Diagnostic::error("and-beside-or", "`and` beside `or` can be read in two ways", second)
        .here(format!("`{other}` here"))
        .label(first, format!("`{one}` here"))
        .help(format!("write `{tight_and}` or `{tight_or}`"))
}

pub(super) fn chained_implies(first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("chained-implies", "`implies` does not chain", second)
        .label(first, "the first one")
        .help("write `a and b implies c`, or put parentheses around one of the two")
}

pub(super) fn chained_comparison(first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("chained-comparison", "two comparisons in a row", second)
        .label(first, "the first one")
        .help("write `x between 1 and 5`, or join two comparisons with `and`")
}

pub(super) fn between_without_and(low: &str, span: Span) -> Diagnostic {
    Diagnostic::error("between-without-and", "`between` needs two ends", span)
        .help(format!("write `between {low} and …`; both ends are included"))
}

pub(super) fn double_sign(sign: &str, span: Span) -> Diagnostic {
    Diagnostic::error("double-sign", format!("`{sign}` stands twice"), span)
        .help(format!("leave both out, or one `{sign}`"))
}

pub(super) fn needs_parentheses(word: &str, span: Span) -> Diagnostic {
    let form = if word == "if" { "(if … then … else …)" } else { "(not …)" };
    Diagnostic::error("missing-parentheses", format!("`{word}` needs parentheses here"), span)
        .help(format!("write `{form}`"))
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", "this is nested too deeply", span)
        .help("give parts of it a name with `define` and use the names")
}

pub(super) fn too_complex(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", "this file is too complex to read", span)
        .help("spread it over several files and take them in with `use`")
}

pub(super) fn dotted_call(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-function", format!("`{written}` is not a function"), span)
        .help("functions have plain names: `domain(email)`, `min(a, b)`")
}

pub(super) fn negated_state(written: &str, instead: &str, span: Span) -> Diagnostic {
    Diagnostic::error("negated-state", format!("`{written}` is not a test"), span).help(format!("write `{instead}`"))
}

pub(super) fn bare_where(written: &str, span: Span) -> Diagnostic {
    let help = match written.rsplit_once(" within ") {
        Some((condition, window)) => format!("write `where ({condition}) within {window}`"),
        None => format!("write `where ({written})`"),
    };
    Diagnostic::error("missing-parentheses", "the condition of `where` stands in parentheses", span).help(help)
}

pub(super) fn late_where(span: Span) -> Diagnostic {
    Diagnostic::error("late-where", "`where` stands before the time window", span)
        .help("write `page_viewed where (seconds > 5) within 14 days`")
}

pub(super) fn unexpected(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unexpected-text", format!("`{written}` does not belong here"), span)
}

// ---- blocks ----

pub(super) fn points_without_sign(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("points-without-sign", "points need a sign", span)
        .help(format!("write `+{written}` or `-{written}`"))
}

pub(super) fn no_such_period(unit: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-unit", format!("there is no limit for a `{unit}`"), span)
        .help("write `a day`, `a week` or `a month`")
}

pub(super) fn case_without_operator(written: &str, name: bool, span: Span) -> Diagnostic {
    let help = match name {
        true => format!("write `is {written}`"),
        false => format!("write `is {written}`, or `in [{written}, …]` for several"),
    };
    Diagnostic::error("case-without-operator", format!("the case `{written}` does not say how to compare"), span)
        .help(help)
}

pub(super) fn case_of_several(span: Span) -> Diagnostic {
    Diagnostic::error("case-of-several", "a case is one comparison", span)
        .help("write a range (`10 to 49`), or use `first of { … }` with whole conditions")
}

pub(super) fn behind_otherwise(span: Span, otherwise: Span) -> Diagnostic {
    Diagnostic::error("behind-otherwise", "nothing stands behind `otherwise`", span)
        .label(otherwise, "this is last")
        .help("move `otherwise` to the end")
}

pub(super) fn second_matrix_head(span: Span) -> Diagnostic {
    Diagnostic::error("two-matrix-heads", "this matrix has its columns already", span)
        .help("write one line `_ : column, column, …`")
}

pub(super) fn no_matrix_head(name: &Name) -> Diagnostic {
    Diagnostic::error("no-matrix-head", format!("the matrix `{}` does not name its columns", name.value), name.span)
        .help("begin with a line `_ : column, column, …`")
}

pub(super) fn stage_without_condition(name: &Name) -> Diagnostic {
    let word = &name.value;
    Diagnostic::error(
        "stage-without-condition",
        format!("the stage `{word}` does not say when it is reached"),
        name.span,
    )
    .help(format!("write `{word}: condition`; only the first stage stands without one"))
}

pub(super) fn list_of_lists(span: Span) -> Diagnostic {
    Diagnostic::error("list-of-lists", "a list holds no lists", span).help("write `list of text`")
}

pub(super) fn missing_comma(entry: &str, span: Span) -> Diagnostic {
    Diagnostic::error("missing-comma", "entries are separated by commas", Span { start: span.end, ..span })
        .help(format!("write `{entry},`"))
}
