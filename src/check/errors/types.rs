//! Errors about types: of operands, literals, constants, functions.

use crate::base::Span;
use crate::builtins::PatternProblem;
use crate::diagnostic::{Diagnostic, nearest};

pub fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", "definitions are nested too deeply here", span)
        .help("work out a part of it in a `define` that needs fewer others")
}

pub fn not_a_condition(what: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-condition", format!("a condition is needed, and this is {what}"), span)
        .here(what)
        .help(help)
}

pub fn edge_as_condition(word: &str, offers: &[String; 2], span: Span) -> Diagnostic {
    Diagnostic::error("not-a-condition", format!("a condition is needed, and `{word}` gives a time"), span)
        .here("a time")
        .help(format!("write `{}`; or, to ask when the {word} one was, `{}`", offers[0], offers[1]))
}

pub fn cannot_compare(left: &str, left_span: Span, right: &str, right_span: Span) -> Diagnostic {
    Diagnostic::error("cannot-compare", format!("{left} cannot be compared with {right}"), right_span)
        .here(right)
        .label(left_span, left)
}

pub fn other_currency(left: &str, left_span: Span, right: &str, right_span: Span) -> Diagnostic {
    Diagnostic::error("other-currency", format!("money in {left} and money in {right} do not mix"), right_span)
        .here(format!("money in {right}"))
        .label(left_span, format!("money in {left}"))
        .help(format!("give the amount in {left}"))
}

pub fn no_order(what: &str, left: Span, help: &str) -> Diagnostic {
    Diagnostic::error("no-order", format!("{what} has no order"), left).here(what).help(help)
}

pub fn list_compared(help: Option<&str>, span: Span) -> Diagnostic {
    Diagnostic::error("list-compared", "lists are not compared with `is`, `in` or an order", span)
        .help(help.map_or("ask what they hold, with `has`".to_owned(), |help| format!("write {help}")))
}

pub fn stage_is_disqualified(own: bool, span: Span) -> Diagnostic {
    let error = Diagnostic::error("stage-is-disqualified", "`disqualified` is no stage", span);
    if own {
        error.help("write `disqualified`, or `not disqualified`")
    } else {
        error.help("name a stage of the ladder")
    }
}

pub fn duration_alone(span: Span) -> Diagnostic {
    Diagnostic::error("duration-alone", "a duration is no value", span)
        .here("a duration")
        .help("write `age of x <= 30 days` or `x within 30 days`")
}

pub fn negative_duration(span: Span) -> Diagnostic {
    Diagnostic::error("duration-alone", "a duration is never negative", span)
        .help("for dates and times to come write `x within next 30 days`")
}

pub fn age_alone(text: &str, span: Span) -> Diagnostic {
    let text = if text.is_empty() { "age of x" } else { text };
    Diagnostic::error("age-alone", "an age is only compared with durations", span)
        .here("an age")
        .help(format!("write `{text} <= 30 days`"))
}

pub fn age_compared(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("age-alone", format!("an age is compared with a duration, and this is {what}"), span)
        .here(what)
        .help("write a duration: `30 days`, `2 years`")
}

pub fn age_of_no_time(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-time", format!("only dates and times have an age, and this is {what}"), span).here(what)
}

pub fn within_of_no_time(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-time", format!("`within` asks about a date or a time, and this is {what}"), span)
        .here(what)
}

pub fn since_no_time(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-time", format!("`since` needs a date or a time, and this is {what}"), span).here(what)
}

pub fn since_event(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-time", format!("`since` needs a date or a time, and `{name}` is an event"), span)
        .here("an event")
        .help(format!("write `last {name}` or `first {name}`"))
}

pub fn list_alone(span: Span) -> Diagnostic {
    Diagnostic::error("list-alone", "a list in brackets is no value here", span)
        .here("a list")
        .help("a list stands right of `in`, `has` or a text operator: `country in [\"US\", \"CA\"]`")
}

pub fn empty_list(span: Span) -> Diagnostic {
    Diagnostic::error("empty-list", "the list is empty", span).help("write at least one entry")
}

pub fn mixed_list(first: &str, first_span: Span, other: &str, span: Span) -> Diagnostic {
    Diagnostic::error("mixed-list", "the entries of a list are of one kind", span).here(other).label(first_span, first)
}

pub fn literal_needed(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("literal-needed", format!("`{text}` is no literal"), span)
        .here("a literal is needed")
        .help("write a text in quotes, a number, an amount or a date")
}

pub fn empty_text(span: Span) -> Diagnostic {
    Diagnostic::error("empty-text", "empty text is a missing value, which equals nothing", span)
        .help("ask for it with `is missing`")
}

pub fn quoted_date(written: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("quoted-literal", format!("this is text, and {what} stands beside it"), span)
        .here("text")
        .help(format!("write it without quotes: `{}`", written.trim()))
}

pub fn quoted_bool(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error("quoted-literal", "this is text, and a condition stands beside it", span)
        .here("text")
        .help(format!("write it without quotes: `{}`", written.trim()))
}

pub fn wrong_entry(found: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-entry", format!("{wanted} is needed, and this is {found}"), span).here(found)
}

pub fn wrong_file_entry(written: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-entry", format!("{wanted} is needed, and the list holds `{written}`"), span)
}

pub fn too_many_digits(written: &str, what: &str, holds: &str, span: Span) -> Diagnostic {
    Diagnostic::error("too-many-digits", format!("`{written}` has too many digits"), span)
        .help(format!("{what} up to {holds}"))
}

pub fn not_text(operator: &str, what: &str, help: Option<String>, span: Span) -> Diagnostic {
    Diagnostic::error("not-text", format!("`{operator}` asks about text, and this is {what}"), span)
        .here(what)
        .maybe_help(help)
}

pub fn all_of_patterns(operator: &str, entries: &[&str], span: Span) -> Diagnostic {
    let error =
        Diagnostic::error("all-of-patterns", format!("`all of` stands with `has` only, not with `{operator}`"), span);
    match entries {
        [] => error.help(format!("write one condition for each: `x {operator} \"a\" and x {operator} \"b\"`")),
        entries => {
            let each: Vec<String> = entries.iter().map(|entry| format!("x {operator} {entry}")).collect();
            error.help(format!("write one condition for each: `{}`", each.join(" and ")))
        }
    }
}

pub fn pattern_not_text(operator: &str, span: Span) -> Diagnostic {
    Diagnostic::error("literal-needed", format!("the right side of `{operator}` is text"), span)
        .here("a text is needed")
        .help("write it in quotes")
}

pub fn bad_pattern(problem: PatternProblem, span: Span) -> Diagnostic {
    Diagnostic::error("bad-pattern", problem.message, span).maybe_help(problem.help)
}

pub fn has_of_no_list(what: &str, help: Option<String>, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-list", format!("`has` asks about a list, and this is {what}"), span)
        .here(what)
        .maybe_help(help)
}

pub fn cannot_calculate(sign: &str, what: &str, help: Option<&str>, span: Span) -> Diagnostic {
    Diagnostic::error("cannot-calculate", format!("`{sign}` takes numbers and money, and this is {what}"), span)
        .here(what)
        .maybe_help(help.map(str::to_owned))
}

pub fn wrong_money(
    sign: &str,
    (left, left_span): (&str, Span),
    (right, right_span): (&str, Span),
    help: Option<String>,
) -> Diagnostic {
    let mut error =
        Diagnostic::error("cannot-calculate", format!("`{sign}` does not take {left} and {right}"), right_span)
            .here(right)
            .label(left_span, left)
            .help("money goes with money of its currency, or times or by a number");
    if let Some(help) = help {
        error = error.help(help);
    }
    error
}

pub fn different_types(left: &str, left_span: Span, right: &str, right_span: Span) -> Diagnostic {
    Diagnostic::error(
        "different-types",
        format!("both values are of one type; these are {left} and {right}"),
        right_span,
    )
    .here(right)
    .label(left_span, left)
}

pub fn wrong_arguments(function: &str, takes: &str, found: &[String], span: Span) -> Diagnostic {
    let found = if found.is_empty() { "nothing".to_owned() } else { found.join(" and ") };
    Diagnostic::error("wrong-arguments", format!("`{function}` takes {takes}"), span).here(format!("given {found}"))
}

pub fn aggregate_of_no_number(word: &str, field: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-number", format!("`{word}` needs a number or money, and `{field}` is {what}"), span)
        .here(what)
}

pub fn distinct_lists(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error("list-compared", format!("`{field}` is a list, and lists are not compared"), span)
        .here("a list")
        .help("`distinct` counts the different values of a field that holds one")
}

pub fn not_a_constant(name: &str, declared: Option<Span>, span: Span) -> Diagnostic {
    let error = Diagnostic::error("not-a-constant", format!("`{name}` is not a constant"), span)
        .here("a number is needed here")
        .help(format!("write a number, or a `define` that is one: `define {name}: 20`"));
    match declared {
        Some(place) if place.file == span.file => {
            error.label(place, "its value depends on the lead").help("write a number, or a `define` that is one")
        }
        _ => error,
    }
}

pub fn not_above_zero(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", format!("{what} is above 0"), span)
}

pub fn not_whole(what: &str, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-whole", format!("{what} is a whole number, and `{text}` is not"), span)
}

pub fn out_of_range(what: &str, low: u32, high: Option<u32>, span: Span) -> Diagnostic {
    let range = match high {
        Some(high) if high == low => format!("is {low}"),
        Some(high) => format!("is from {low} to {high}"),
        None => format!("is from {low} to 4_294_967_295"),
    };
    Diagnostic::error("out-of-range", format!("{what} {range} here"), span)
}

pub fn share_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", "a share is above 0 and at most 100 %", span)
}

pub fn override_unknown(name: &str, declared: bool, names: Vec<&str>) -> Diagnostic {
    let message = match declared {
        true => format!("`{name}` is no `define`, and only constants can be set"),
        false => format!("no `define` is called `{name}`"),
    };
    let mut error = Diagnostic::error("cannot-set", message, Span::default());
    error.labels.clear();
    error.maybe_help(nearest(name, names).map(|close| format!("did you mean `{close}`?")))
}

pub fn override_of_no_constant(name: &str, place: Span) -> Diagnostic {
    Diagnostic::error("cannot-set", format!("`{name}` is not a constant, and only constants can be set"), place)
        .help("a constant is made of numbers and other constants")
}

pub fn override_by_no_number(name: &str, place: Span) -> Diagnostic {
    Diagnostic::error("cannot-set", format!("`{name}` can be set to a number only"), place)
}
