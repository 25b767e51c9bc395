//! Errors about names: declared twice, unknown, standing where they have no meaning.

use super::{first_place, some_of};
use crate::base::{SourceMap, Span};
use crate::diagnostic::{Diagnostic, did_you_mean, nearest};
use crate::model::{Domain, DomainKind};

pub fn duplicate_name(name: &str, first: Span, second: Span, sources: &SourceMap) -> Diagnostic {
    let (first, second) = in_order(first, second);
    let error = Diagnostic::error("duplicate-name", format!("`{name}` is declared twice"), second)
        .here("a second time")
        .help("give one of them another name");
    first_place(error, first, second, sources, "declared here first")
}

/// Two places of one file as they stand in it, whichever was met first.
fn in_order(a: Span, b: Span) -> (Span, Span) {
    if a.file == b.file && b.start < a.start { (b, a) } else { (a, b) }
}

pub fn declared_twice(what: &str, first: Span, second: Span, sources: &SourceMap) -> Diagnostic {
    let error = Diagnostic::error("declared-twice", format!("`{what}` stands twice; a policy has one"), second)
        .here("a second time")
        .help("make one of the two");
    first_place(error, first, second, sources, "stands here first")
}

pub fn unknown_name(name: &str, elsewhere: Option<String>, candidates: Vec<&str>, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-name", format!("nothing is called `{name}`"), span)
        .here("unknown name")
        .maybe_help(elsewhere.or_else(|| did_you_mean(name, candidates)).or_else(|| missing_meant(name)))
}

/// What to write instead of a word for a missing value.
pub fn missing_meant(name: &str) -> Option<String> {
    matches!(name, "empty" | "null" | "none" | "nil" | "blank" | "undefined")
        .then(|| "ask for a missing value with `is missing`, for any other with `is known`".to_owned())
}

/// Why `page_viewed where (type …)` has no meaning.
pub fn type_of_one_event(event: &str) -> String {
    format!("only `event where ( )` has a `type`: what is asked about here is `{event}`")
}

/// Why a field that only some events of a group have cannot be named.
pub fn not_alike(group: &str) -> String {
    format!("`{group}` has the fields that all of its events declare alike, and this is none of them")
}

pub fn unquoted_text(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-name", format!("nothing is called `{name}`"), span)
        .here("unknown name")
        .help(missing_meant(name).unwrap_or_else(|| format!("write text in quotes: `\"{name}\"`")))
}

pub fn unknown_field<'a>(of: &str, name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = nearest_field(name, &names).map(|close| format!("did you mean `{close}`?"));
    let help = help.or_else(|| some_of(names).map(|names| format!("it has {names}")));
    Diagnostic::error("unknown-field", format!("{of} has no field `{name}`"), span)
        .here("unknown field")
        .maybe_help(help)
}

/// The nearest field: of the same record where there are such.
fn nearest_field<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let Some((record, last)) = name.rsplit_once('.') else { return nearest(name, names.iter().copied()) };
    let own = names.iter().filter_map(|known| known.rsplit_once('.')).filter(|(other, _)| *other == record);
    let own: Vec<&str> = own.map(|(_, last)| last).collect();
    if own.is_empty() {
        return nearest(name, names.iter().copied());
    }
    let close = nearest(last, own.iter().copied())?;
    names.iter().copied().find(|known| known.rsplit_once('.') == Some((record, close)))
}

pub fn unknown_part<'a>(score: &str, name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = did_you_mean(name, names.iter().copied());
    let help = help.or_else(|| some_of(names).map(|names| format!("it has {names}")));
    Diagnostic::error("unknown-part", format!("the score `{score}` has no rule, group or include `{name}`"), span)
        .here("unknown part")
        .maybe_help(help)
}

pub fn too_many_parts(score: &str, known: Option<String>, span: Span) -> Diagnostic {
    let help = known.map(|known| format!("the parts of a score are named without their group: `{known}`"));
    Diagnostic::error("no-parts", format!("parts of the score `{score}` have no parts of their own here"), span)
        .maybe_help(help)
}

pub fn unknown_check<'a>(fit: &str, name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = did_you_mean(name, names.iter().copied());
    let help = help.or_else(|| some_of(names).map(|names| format!("it has {names}")));
    Diagnostic::error("unknown-check", format!("the fit `{fit}` has no check `{name}`"), span)
        .here("unknown check")
        .maybe_help(help)
}

pub fn no_parts(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("no-parts", format!("`{name}` has no parts"), span)
        .help("a dot stands behind a score, a fit, a nested record or `lead` only")
}

pub fn unknown_choice<'a>(what: &str, name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = did_you_mean(name, names.iter().copied());
    let help = help.or_else(|| some_of(names).map(|names| format!("known are {names}")));
    Diagnostic::error("unknown-choice", format!("no {what} is called `{name}`"), span)
        .here(format!("unknown {what}"))
        .maybe_help(help)
}

pub fn not_listed(written: &str, domain: &Domain, span: Span) -> Diagnostic {
    let names = || domain.choices.iter().map(|choice| choice.name.as_str());
    let help = match nearest(written, names()) {
        Some(close) => Some(format!("did you mean `\"{close}\"`?")),
        None => {
            let quoted: Vec<String> = names().map(|name| format!("\"{name}\"")).collect();
            some_of(quoted.iter().map(String::as_str)).map(|names| format!("listed are {names}"))
        }
    };
    Diagnostic::error("not-listed", format!("`{written}` is not one of the listed texts"), span)
        .here("not listed")
        .maybe_help(help)
}

pub fn quoted_name(name: &str, domain: &Domain, span: Span) -> Diagnostic {
    let what = match domain.kind {
        DomainKind::Stages => "stages",
        DomainKind::Bands => "bands",
        _ => "cells",
    };
    Diagnostic::error("quoted-name", format!("{what} are named without quotes"), span).help(format!("write `{name}`"))
}

pub fn unknown_event<'a>(
    name: &str,
    span: Span,
    declared: Option<Span>,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let error = match declared {
        Some(_) => Diagnostic::error("unknown-event", format!("`{name}` is no event"), span).here("not an event"),
        None => Diagnostic::error("unknown-event", format!("no event is called `{name}`"), span).here("unknown event"),
    };
    let help = did_you_mean(name, names).unwrap_or_else(|| format!("declare it: `event {name}`"));
    let error = if declared.is_none() { error.help(help) } else { error };
    match declared {
        Some(place) if place.file == span.file => error.label(place, "declared here"),
        _ => error,
    }
}

pub fn unknown_function<'a>(
    name: &str,
    declared: bool,
    names: impl IntoIterator<Item = &'a str>,
    span: Span,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = did_you_mean(name, names.iter().copied());
    let help = help.or_else(|| declared.then(|| format!("`{name}` takes nothing in parentheses")));
    let help = help.or_else(|| some_of(names).map(|names| format!("the functions are {names}")));
    Diagnostic::error("unknown-function", format!("no function is called `{name}`"), span)
        .here("unknown function")
        .maybe_help(help)
}

pub fn unknown_reason<'a>(name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    let help = did_you_mean(name, seen.iter().copied());
    let help = help.or_else(|| some_of(seen).map(|names| format!("the reasons are {names}")));
    Diagnostic::error("unknown-reason", format!("no reason to disqualify is called `{name}`"), span)
        .here("unknown reason")
        .help(format!("declare it: `disqualify {{ {name}: … }}`"))
        .maybe_help(help)
}

pub fn not_a_list<'a>(text: &str, known: bool, names: impl IntoIterator<Item = &'a str>, span: Span) -> Diagnostic {
    let message = if known { format!("`{text}` is no list") } else { format!("no list is called `{text}`") };
    let help = did_you_mean(text, names);
    Diagnostic::error("not-a-list", message, span)
        .here("a literal, a list or a list's name stands here")
        .maybe_help(help.or_else(|| (!known).then(|| not_a_list_help(text))))
}

fn not_a_list_help(text: &str) -> String {
    match text {
        "one" => "write `any of […]` right of `has` and of text operators, and `[…]` alone right of `in`".to_owned(),
        text => format!("write text in quotes: `\"{text}\"`"),
    }
}

pub fn event_as_value(name: &str, spelling: Option<&str>, span: Span) -> Diagnostic {
    let help = match spelling {
        Some(spelling) => format!("types are compared as the data spells them: `type is \"{spelling}\"`"),
        None => format!("ask for it: `any {name} within 30 days`, `count of {name}`, `last {name}`"),
    };
    Diagnostic::error("event-as-value", format!("`{name}` is an event, not a value"), span).here("an event").help(help)
}

pub fn events_as_conditions(names: &[&str], offer: &str, span: Span) -> Diagnostic {
    let message = match names {
        [name] => format!("`{name}` is an event, not a condition"),
        names => format!("{} are events, not conditions", super::and_list(names)),
    };
    Diagnostic::error("event-as-value", message, span).help(format!("write `{offer}`"))
}

pub fn fit_as_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("fit-as-value", format!("`{name}` is a fit, which fits, fails or is unknown"), span)
        .here("a fit")
        .help(format!("say which: `{name} fits`, `{name} fails` or `{name} is unknown`"))
}

pub fn fit_is_known(name: &str, known: bool, span: Span) -> Diagnostic {
    let write = if known { format!("not ({name} is unknown)") } else { format!("{name} is unknown") };
    Diagnostic::error("fit-as-value", format!("`{name}` is a fit, which fits, fails or is unknown"), span)
        .help(format!("write `{write}`"))
}

pub fn not_a_fit(text: &str, what: &str, unknown: bool, span: Span) -> Diagnostic {
    let error = Diagnostic::error("not-a-fit", format!("`{text}` is {what}, not a fit"), span).here(what);
    if unknown { error.help(format!("write `{text} is missing`")) } else { error }
}

pub fn list_as_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("list-as-value", format!("`{name}` is a list, not a value"), span)
        .here("a list")
        .help(format!("a list stands right of an operator: `email in {name}`, `title mentions any of {name}`"))
}

pub fn record_as_value<'a>(name: &str, fields: impl IntoIterator<Item = &'a str>, span: Span) -> Diagnostic {
    let help = some_of(fields).map(|fields| format!("name one of its fields: {fields}"));
    Diagnostic::error("record-as-value", format!("`{name}` is a record, not a value"), span)
        .here("a record")
        .maybe_help(help)
}

pub fn no_stages(span: Span) -> Diagnostic {
    Diagnostic::error("no-stages", "the policy has no stages", span)
        .help("declare them, lowest first: `stages { lead  mql: … }`")
}

pub fn events_in_where(event: &str, span: Span) -> Diagnostic {
    Diagnostic::error("events-in-where", format!("a question about events stands inside `{event} where ( )`"), span)
        .help("ask it in a `define`, and write the name of that here")
}

pub fn circle(places: &[(String, String, Span)]) -> Diagnostic {
    let ways: Vec<String> = places.iter().map(|(who, whom, _)| needs(who, whom)).collect();
    let first = places.first().map(|(_, _, span)| *span).unwrap_or_default();
    let mut error = Diagnostic::error("circle", format!("a circle: {}", ways.join(", ")), first)
        .help("what is worked out cannot rest on itself: take one of these uses out");
    for (index, ((_, _, span), way)) in places.iter().zip(ways).enumerate() {
        error = if index == 0 { error.here(way) } else { error.label(*span, way) };
    }
    error
}

fn needs(who: &str, whom: &str) -> String {
    if who == whom { format!("`{who}` needs itself") } else { format!("`{who}` needs `{whom}`") }
}
