//! What is said where the grammar could not go on: what stood there, and what could have.

use crate::base::Span;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::syntax::words;

/// What could have stood at a place.
#[derive(Clone, Debug, Default)]
pub(in crate::syntax) struct Expected {
    pub colon: bool,
    pub comma: bool,
    pub open: bool,
    pub close: bool,
    pub list: bool,
    pub right_bracket: bool,
    pub right_parenthesis: bool,
    pub unit: bool,
    pub currency: bool,
    pub value: bool,
    pub number: bool,
    pub text: bool,
    pub date: bool,
    pub name: bool,
    pub a_type: bool,
    pub operator: bool,
    pub end: bool,
    /// Words of the language.
    pub words: Vec<String>,
}

/// A place where the grammar could not go on.
pub(in crate::syntax) struct Failure<'t> {
    /// The piece before it.
    pub before: &'t str,
    pub before_span: Span,
    /// The piece at it; empty at the end of the text.
    pub found: &'t str,
    pub found_span: Span,
    /// Whether not even the first piece of an entry was well formed.
    pub at_start: bool,
    /// Whether both pieces stand on one line.
    pub same_line: bool,
    pub expected: Expected,
}

impl Failure<'_> {
    fn expects(&self, word: &str) -> bool {
        self.expected.words.iter().any(|expected| expected == word)
    }

    /// The place between the two pieces: right behind the one before.
    fn gap(&self) -> Span {
        Span { start: self.before_span.end, end: self.before_span.end, ..self.before_span }
    }

    fn found_is_word(&self) -> bool {
        self.found.starts_with(|c: char| c.is_alphabetic())
    }

    fn behind(&self) -> String {
        match self.before {
            "" => String::new(),
            before => format!(" after `{before}`"),
        }
    }

    fn found_words(&self) -> String {
        match self.found {
            "" => "the text ends here".to_string(),
            found => format!("found `{found}`"),
        }
    }
}

/// The words for a failure: the first reading that fits.
pub(in crate::syntax) fn failure(failure: &Failure) -> Diagnostic {
    [condition_words, unit, currency, habits, ending, colon, points, open, declaration, field_type, word, when, value]
        .into_iter()
        .find_map(|reading| reading(failure))
        .unwrap_or_else(|| unexpected(failure))
}

/// A number before, and a word that could have been a unit.
fn unit(failure: &Failure) -> Option<Diagnostic> {
    let number = failure.before.starts_with(|c: char| c.is_ascii_digit());
    if !failure.expected.unit || !number {
        return None;
    }
    let only_a_unit = !failure.expected.operator;
    let (count, found) = (failure.before, failure.found);
    if failure.found_is_word() && failure.same_line {
        let lower = found.to_lowercase();
        let currency = found.len() == 3 && found.is_ascii() && !only_a_unit;
        if words::RESERVED.contains(&found) && !only_a_unit {
            return None;
        }
        if currency && did_you_mean(&lower, words::UNITS.iter().copied()).is_none() {
            return Some(lower_currency(failure, format!("write `{count} {}`", found.to_uppercase())));
        }
        let help = match did_you_mean(&lower, words::UNITS.iter().copied()) {
            Some(help) => Some(help),
            None => Some("units are `minutes hours days weeks months years`".to_string()),
        };
        return Some(
            Diagnostic::error("unknown-unit", format!("`{found}` is not a unit"), failure.found_span).maybe_help(help),
        );
    }
    only_a_unit.then(|| {
        Diagnostic::error("missing-unit", format!("`{count}` of what?"), failure.before_span)
            .help(format!("write `{count} days`, or another of `minutes hours weeks months years`"))
    })
}

/// Words that begin a decay.
const LIMITS: [&str; 3] = ["halving", "fading", "losing"];

/// What people write from habit.
fn habits(failure: &Failure) -> Option<Diagnostic> {
    let (message, help) = match failure.found {
        "," if failure.before.starts_with(|c: char| c.is_ascii_digit()) && failure.expected.operator => (
            "a number has no `,` in it".to_string(),
            format!("write `{}_000`, or `{}k`", failure.before, failure.before),
        ),
        "," if !failure.expected.comma => (
            "no `,` stands here".to_string(),
            "entries of a block follow each other without a sign between".to_string(),
        ),
        "=" if failure.expected.colon => {
            ("`=` does not belong here".to_string(), format!("write `{}:`", failure.before))
        }
        "+" if failure.expected.value && !failure.at_start => {
            ("`+` does not belong here".to_string(), "a number above zero has no sign".to_string())
        }
        "most" if failure.before == "at" && failure.expected.colon => {
            ("a `,` is missing before `at most`".to_string(), "limits follow each other with commas".to_string())
        }
        "every" | "over" if LIMITS.contains(&failure.before) && failure.expected.colon => (
            format!("a `,` is missing before `{}`", failure.before),
            "limits follow each other with commas".to_string(),
        ),
        "of" if failure.before == "one" && failure.expected.operator => {
            ("`one of` is a type of fields and does not belong here".to_string(), "write `any of`".to_string())
        }
        "." if failure.expected.value => ("a number begins with a digit".to_string(), "write `0.5`".to_string()),
        "." if failure.expected.operator && failure.before.ends_with(|c: char| c.is_ascii_digit()) => (
            "a digit behind the point is missing".to_string(),
            "a number has digits on both sides of its point".to_string(),
        ),
        "." if failure.expected.operator => {
            ("a name behind the point is missing".to_string(), "write the name right behind the point".to_string())
        }
        _ => return None,
    };
    Some(Diagnostic::error("unexpected-text", message, failure.found_span).help(help))
}

/// A bracket or parenthesis that is not closed.
fn ending(failure: &Failure) -> Option<Diagnostic> {
    let sign = match (failure.expected.right_parenthesis, failure.expected.right_bracket) {
        (true, _) => ")",
        (_, true) => "]",
        _ => return None,
    };
    if failure.expected.value && !failure.expected.operator && failure.before != "," && failure.found != "}" {
        return None;
    }
    Some(
        Diagnostic::error("missing-bracket", format!("`{sign}` is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .help(match sign {
                "]" => "close the list with `]`, and write commas between its entries",
                _ => "close the parenthesis with `)`",
            }),
    )
}

/// `name "label"` without its colon.
fn colon(failure: &Failure) -> Option<Diagnostic> {
    if !failure.expected.colon || failure.at_start || failure.expected.operator {
        return None;
    }
    Some(
        Diagnostic::error("missing-colon", format!("`:` is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .help(format!("write `{}:`", failure.before)),
    )
}

/// `if` without `then` or `else`.
fn condition_words(failure: &Failure) -> Option<Diagnostic> {
    let word = ["then", "else"].into_iter().find(|word| failure.expects(word))?;
    Some(
        Diagnostic::error("missing-word", format!("`{word}` is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .help("write `if condition then value else value`"),
    )
}

/// Points without a word that says what for.
fn points(failure: &Failure) -> Option<Diagnostic> {
    if !(failure.expects("if") && failure.expects("per")) {
        return None;
    }
    let points = failure.before;
    Some(
        Diagnostic::error("points-without-reason", format!("`{points}` points for what?"), failure.before_span)
            .label(failure.found_span, failure.found_words())
            .help(format!("write `+{points} if condition` or `+{points} per event`")),
    )
}

/// A block that does not open.
fn open(failure: &Failure) -> Option<Diagnostic> {
    if !failure.expected.open || failure.expected.value || failure.expected.operator || failure.expected.a_type {
        return None;
    }
    if let Some(help) = word_help(failure) {
        return Some(misspelt(failure, help));
    }
    Some(
        Diagnostic::error("missing-brace", format!("`{{` is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .help("write what belongs together in braces: `{ … }`"),
    )
}

/// A declaration that is none.
fn declaration(failure: &Failure) -> Option<Diagnostic> {
    if !failure.at_start || !failure.expects("policy") {
        return None;
    }
    let found = failure.found;
    if words::DECLARATIONS.contains(&found) || !failure.found_is_word() {
        return None;
    }
    let help = did_you_mean(found, words::DECLARATIONS.iter().copied())
        .unwrap_or_else(|| format!("a declaration starts with one of `{}`", words::DECLARATIONS.join(" ")));
    Some(
        Diagnostic::error("unknown-declaration", format!("no declaration starts with `{found}`"), failure.found_span)
            .help(help),
    )
}

/// A field without a type that is known.
fn field_type(failure: &Failure) -> Option<Diagnostic> {
    if !failure.expected.a_type {
        return None;
    }
    let types = words::TYPES.join("`, `");
    if !failure.found_is_word() || words::FIELD_CLAUSES.contains(&failure.found) {
        return Some(
            Diagnostic::error("missing-type", format!("a type is missing{}", failure.behind()), failure.gap())
                .label(failure.found_span, failure.found_words())
                .help(format!("write one of `{types}`")),
        );
    }
    let found = failure.found;
    let foreign = match found {
        "string" | "str" | "varchar" | "email" | "url" => Some("text"),
        "integer" | "count" => Some("int"),
        "float" | "double" | "decimal" | "num" => Some("number"),
        "boolean" => Some("bool"),
        "datetime" | "timestamp" => Some("time"),
        "enum" | "choice" => Some("one of [\"…\"]"),
        "array" | "set" => Some("list of text"),
        "currency" => Some("money USD"),
        _ => None,
    };
    let help = match foreign {
        Some(own) => format!("write `{own}`"),
        None => did_you_mean(found, words::TYPES.iter().copied()).unwrap_or_else(|| format!("types are `{types}`")),
    };
    Some(Diagnostic::error("unknown-type", format!("there is no type `{found}`"), failure.found_span).help(help))
}

/// The one word that is missing.
fn word(failure: &Failure) -> Option<Diagnostic> {
    let Expected { value, name, number, date, list, operator, end, ref words, .. } = failure.expected;
    let [word] = words.as_slice() else { return None };
    if failure.at_start || value || name || number || date || list || operator || end {
        return None;
    }
    Some(
        Diagnostic::error("missing-word", format!("`{word}` is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .maybe_help(word_help(failure)),
    )
}

/// A currency that is missing.
fn currency(failure: &Failure) -> Option<Diagnostic> {
    if !failure.expected.currency || failure.expected.operator {
        return None;
    }
    let found = failure.found;
    if failure.same_line && found.len() == 3 && found.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(lower_currency(failure, format!("write `{}`", found.to_uppercase())));
    }
    Some(
        Diagnostic::error("missing-currency", format!("a currency is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .help("write its code of three capitals: `money USD`"),
    )
}

fn lower_currency(failure: &Failure, help: String) -> Diagnostic {
    let message = format!("`{}` is not a currency code", failure.found);
    Diagnostic::error("unknown-currency", message, failure.found_span).help(help)
}

/// When an event of a test was.
fn when(failure: &Failure) -> Option<Diagnostic> {
    if !(failure.expected.number && failure.expects("on")) {
        return None;
    }
    Some(
        Diagnostic::error("missing-time", format!("when was `{}`?", failure.before), failure.before_span)
            .label(failure.found_span, failure.found_words())
            .help(format!("write `{} 3 days ago` or `{} on 2026-10-01`", failure.before, failure.before)),
    )
}

/// A value, name, text or date that is missing.
fn value(failure: &Failure) -> Option<Diagnostic> {
    let expected = &failure.expected;
    if failure.at_start || expected.operator {
        return None;
    }
    let what = match expected {
        Expected { value: true, .. } => "a value",
        Expected { name: true, number: true, .. } => "a number",
        Expected { name: true, .. } => "a name",
        Expected { number: true, .. } => "a duration",
        Expected { date: true, .. } => "a date",
        Expected { list: true, .. } => "a list",
        Expected { text: true, words, .. } if words.is_empty() => "a text",
        _ => return None,
    };
    if let Some(help) = word_help(failure) {
        return Some(misspelt(failure, help));
    }
    let code = match what {
        "a value" => "missing-value",
        "a name" => "missing-name",
        "a duration" => "missing-duration",
        "a number" => "missing-number",
        "a date" => "missing-date",
        "a list" => "missing-list",
        _ => "missing-text",
    };
    let help = match what {
        "a duration" if failure.found == "-" => Some("a duration is never negative".to_string()),
        "a duration" => Some("durations are a whole number and a unit: `30 days`".to_string()),
        "a date" => Some("dates are written `2026-10-01`".to_string()),
        "a list" => Some("lists are written `[\"a\", \"b\"]`".to_string()),
        "a text" if failure.found.starts_with(char::is_alphanumeric) => {
            Some(format!("texts are quoted: `\"{}\"`", failure.found))
        }
        "a text" => Some("texts are written in double quotes".to_string()),
        "a value" if failure.before == "is" && failure.found == "between" => {
            Some("leave out `is`: `x between 1 and 3`".to_string())
        }
        "a value" if failure.before == "is" && words::OPERATORS.contains(&failure.found) => {
            Some(format!("leave out `is`: `x {} …`", failure.found))
        }
        _ if words::RESERVED.contains(&failure.found) => {
            Some(format!("`{}` is a word of the language and no name", failure.found))
        }
        _ => None,
    };
    Some(
        Diagnostic::error(code, format!("{what} is missing{}", failure.behind()), failure.gap())
            .label(failure.found_span, failure.found_words())
            .maybe_help(help),
    )
}

/// Whether the word that was found is near one that could have stood there.
pub(in crate::syntax) fn is_near(failure: &Failure) -> bool {
    word_help(failure).is_some()
}

/// A word that is near one that could have stood there.
fn word_help(failure: &Failure) -> Option<String> {
    if !failure.found_is_word() || failure.found.len() < 3 {
        return None;
    }
    did_you_mean(failure.found, failure.expected.words.iter().map(String::as_str).filter(|word| word.len() > 2))
}

fn misspelt(failure: &Failure, help: String) -> Diagnostic {
    Diagnostic::error("unexpected-text", format!("`{}` does not belong here", failure.found), failure.found_span)
        .help(help)
}

fn unexpected(failure: &Failure) -> Diagnostic {
    let message = match failure.found {
        "" => format!("the text ends too early{}", failure.behind()),
        found => format!("`{found}` does not belong here"),
    };
    let listed = match failure.expected.words.as_slice() {
        [] => None,
        words if words.len() <= 4 && !failure.expected.operator => Some(format!(
            "{} could stand here",
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        )),
        _ => None,
    };
    Diagnostic::error("unexpected-text", message, failure.found_span).maybe_help(word_help(failure).or(listed))
}
