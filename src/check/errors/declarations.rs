//! Errors about declarations: fields, scores, bands, matrices, stages, routes, tests.

use super::and_list;
use crate::base::Span;
use crate::diagnostic::{Diagnostic, did_you_mean};

pub fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error("too-large", "the policy is too large", span).help("a policy has up to 65,000 parts of a kind")
}

pub fn unknown_timezone<'a>(name: &str, span: Span, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let help = did_you_mean(name, names);
    Diagnostic::error("unknown-timezone", format!("no time zone is called `{name}`"), span)
        .help("write a name of the IANA database: `Europe/Berlin`")
        .maybe_help(help)
}

// ---- fields ----

pub fn second_key(first_name: &str, first: Span, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("second-key", "a lead has one key", span)
        .here(format!("`{name}` is a second one"))
        .label(first, format!("`{first_name}` is the key"))
}

pub fn second_stage_field(first_name: &str, first: Span, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("second-stage-field", "a lead has one field of type `stage`", span)
        .here(format!("`{name}` is a second one"))
        .label(first, format!("`{first_name}` says where the lead stands today"))
}

pub fn key_type(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("key-type", format!("a key is `text` or `int`, and `{name}` is {what}"), span)
}

pub fn duplicate_clause(word: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("duplicate-clause", format!("`{word}` stands twice"), span)
        .here("a second time")
        .label(first, "stands here first")
}

pub fn clause_of_event_field(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error("misplaced-clause", format!("`{word}` is a clause of the lead's fields, not of an event's"), span)
        .help("take it out")
}

pub fn clause_of_record(word: &str, record: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "misplaced-clause",
        format!("`{word}` is a clause of one field, and `{record}` is a record"),
        span,
    )
    .help("write it behind a field of the record")
}

pub fn format_of_no_time(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("misplaced-clause", format!("`format` is a clause of dates and times, and this is {what}"), span)
        .help("take it out")
}

pub fn bad_format(format: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bad-format", format!("`{format}` is not a format of dates or times"), span).help(
        "a format names a whole day, each part once: `%Y-%m-%d`, `%d.%m.%Y %H:%M`, with `%S` and `%z` where they are",
    )
}

pub fn bad_sentinel(span: Span) -> Diagnostic {
    Diagnostic::error("literal-needed", "what means missing is a text or a number", span)
}

pub fn list_of_stages(span: Span) -> Diagnostic {
    Diagnostic::error("list-of-lists", "a lead stands in one stage, and no list holds stages", span)
        .help("write `list of text`")
}

pub fn unknown_currency(code: &str, span: Span) -> Diagnostic {
    let upper = code.to_uppercase();
    let help = (upper != code && iso_currency::Currency::from_code(&upper).is_some())
        .then(|| format!("did you mean `{upper}`?"));
    Diagnostic::error("unknown-currency", format!("`{code}` is not a currency"), span)
        .help("write its code by ISO 4217: `USD`, `EUR`")
        .maybe_help(help)
}

pub fn no_choices(span: Span) -> Diagnostic {
    Diagnostic::error("empty-list", "no texts are listed", span).help("write the texts that the field can hold")
}

pub fn empty_choice(span: Span) -> Diagnostic {
    Diagnostic::error("empty-text", "an empty text is a missing value and cannot be listed", span).help("take it out")
}

pub fn duplicate_choice(text: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("duplicate-choice", format!("`{text}` is listed twice; case does not count"), span)
        .here("a second time")
        .label(first, "listed here first")
}

// ---- events ----

pub fn duplicate_spelling(spelling: &str, other: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("duplicate-spelling", format!("two events are spelled `{spelling}` in the data"), span)
        .here("spelled alike")
        .label(first, format!("`{other}`"))
        .help("declare one event, or give one of them another spelling with `from`")
}

pub fn group_in_group(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("group-in-group", format!("`{name}` names several events itself"), span)
        .help("name the events that are meant")
}

// ---- fits and scores ----

pub fn empty_block(name: &str, needs: &str, span: Span) -> Diagnostic {
    Diagnostic::error("empty-block", format!("`{name}` is empty"), span).help(format!("write {needs} into it"))
}

pub fn reserved_check_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "reserved-word",
        format!("no check is called `{name}`: a fit counts its checks under that name"),
        span,
    )
    .help("give the check another name")
}

pub fn limits_reversed(from: Span, to: Span) -> Diagnostic {
    Diagnostic::error("limits-reversed", "`from` is below `to`", to).label(from, "not below the other limit")
}

pub fn cannot_include(text: &str, what: Option<&str>, span: Span) -> Diagnostic {
    let message = match what {
        Some(what) => format!("`{text}` is {what} and cannot be included"),
        None => format!("`{text}` cannot be included"),
    };
    Diagnostic::error("cannot-include", message, span)
        .help("include another score, a field that is a number, or a `define` that is one")
}

pub fn duplicate_limit(what: &str, first: Span, span: Span) -> Diagnostic {
    let message = match what {
        "decay" => "a rule has one decay".to_owned(),
        what => format!("`{what}` stands twice"),
    };
    Diagnostic::error("duplicate-limit", message, span).here("a second one").label(first, "the first")
}

pub fn limit_of_period(span: Span) -> Diagnostic {
    Diagnostic::error("misplaced-limit", "`per … since` takes `at most … points` only", span)
}

pub fn empty_duration(span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", "this length of time is above 0", span)
}

pub fn calendar_duration(what: &str, days: u64, span: Span) -> Diagnostic {
    Diagnostic::error("calendar-duration", format!("{what} is in minutes, hours, days or weeks"), span)
        .here("months and years differ in length")
        .help(format!("write `{days} days`"))
}

pub fn no_cases(span: Span) -> Diagnostic {
    Diagnostic::error("empty-block", "the rule has no cases", span).help("write at least one: `>= 10: +5`")
}

pub fn duplicate_case(word: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("duplicate-case", format!("`{word}` stands twice"), span)
        .here("a second time")
        .label(first, "stands here first")
}

pub fn wrong_case(missing: bool, span: Span) -> Diagnostic {
    let error = Diagnostic::error("wrong-case", "a case is one operator with literals", span);
    match missing {
        true => error.help("a missing value has a case of its own: `missing: -5`; any other is known"),
        false => error.help("write `>= 500`, `10 to 49`, `in [\"a\", \"b\"]`, `mentions \"ceo\"`"),
    }
}

pub fn otherwise_not_last(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("otherwise-not-last", format!("`otherwise` is the last {what}"), span)
        .here("no lead gets past this")
        .help("put it last")
}

// ---- bands and matrices ----

pub fn bands_of_no_score(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bands-of-no-score", format!("bands name ranges of a score, and `{text}` is none"), span)
}

pub fn first_band_from(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("band-threshold", "the first band has no `from`", span)
        .here(format!("`{name}` takes all below the second band"))
        .help("take it out, or write a lower band before it")
}

pub fn band_without_from(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("band-threshold", format!("`{name}` does not say where it begins"), span)
        .help(format!("write `{name} from 20`"))
}

pub fn bands_do_not_rise(name: &str, before: Span, span: Span) -> Diagnostic {
    Diagnostic::error("band-threshold", "bands rise, lowest first", span)
        .here(format!("`{name}` begins no higher"))
        .label(before, "than the band before it")
}

pub fn matrix_axis(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("matrix-axis", format!("a matrix cannot be made of `{text}`"), span)
        .help("it is made of bands, fits, and fields that are `one of […]` or `ranked […]`")
}

pub fn unknown_head<'a>(
    what: &str,
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
    of: &str,
    span: Span,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let help = did_you_mean(text, names.iter().copied());
    let help = help.unwrap_or_else(|| format!("`{of}` has {}", and_list(&names)));
    Diagnostic::error("matrix-heads", format!("`{of}` has no `{text}`"), span)
        .here(format!("the head of a {what}"))
        .help(help)
}

pub fn duplicate_head(what: &str, text: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("matrix-heads", format!("the {what} `{text}` stands twice"), span)
        .here("a second time")
        .label(first, "stands here first")
}

pub fn heads_left_out(what: &str, names: &[String], of: &str, span: Span) -> Diagnostic {
    let plural = if names.len() == 1 { "" } else { "s" };
    Diagnostic::error("matrix-heads", format!("the {what}{plural} {} {} left out", and_list(names), are(names)), span)
        .here(format!("all that `{of}` can be has a {what}"))
}

fn are(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

pub fn row_length(cells: usize, heads: usize, span: Span) -> Diagnostic {
    Diagnostic::error("matrix-row", format!("this row has {cells} cells, and there are {heads} columns"), span)
        .help("write a cell for each column")
}

// ---- stages and routes ----

pub fn first_stage(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("first-stage", format!("the first stage has no {}", what.trim_start_matches("a ")), span)
        .here(format!("every lead is at least `{name}`"))
        .help("take it out, or write a lower stage before it")
}

pub fn after_not_lower(name: &str, lower: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error("after-not-lower", format!("`after` names a lower stage, and `{name}` is not lower"), span)
        .help(format!("lower are {}", and_list(lower)))
}

pub fn keep_without_field(span: Span) -> Diagnostic {
    Diagnostic::error("keep-without-field", "`keep while` asks where the lead stands today, and no field says so", span)
        .help("declare a field of type `stage`: `lead { lifecycle stage }`")
}

pub fn outcome_without_lead(span: Span) -> Diagnostic {
    Diagnostic::error("outcome-without-lead", "`outcome` does not say which column holds the lead's key", span)
        .help("write `lead \"lead_id\"`, or declare a `key`")
}

// ---- tests ----

pub fn second_lead(first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("second-lead", "a test has one lead", span).here("a second one").label(first, "the first")
}

pub fn no_instant(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-a-time", format!("`{text}` is no date or instant"), span)
        .help("write `2026-10-01` or `2026-10-01T12:30:00Z`")
}

pub fn instant_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", "years are from 0000 to 9999", span)
}

pub fn test_event_of_group(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-event", format!("`{name}` is no single type of event"), span)
        .help("name one type: a test says what happened")
}

pub fn duplicate_entry(name: &str, first: Span, span: Span) -> Diagnostic {
    Diagnostic::error("duplicate-entry", format!("`{name}` is given twice"), span)
        .here("a second time")
        .label(first, "given here first")
}

pub fn record_needed(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-value", format!("`{name}` is a record"), span)
        .help(format!("write `{name}: {{ … }}`, or give one of its fields"))
}

pub fn no_record(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-value", format!("`{name}` is {what}, not a record"), span)
}

pub fn bad_value(name: &str, ty: &str, problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-value", format!("`{name}` is `{ty}`, and this value is {problem}"), span).here(problem)
}
