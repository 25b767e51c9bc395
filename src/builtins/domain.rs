//! `domain(text)`: the host of an e-mail address or a web address.

use super::Builtin;
use crate::model::text::trim;
use crate::model::{Scalar, Type, Value};
use bumpalo::Bump;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "domain",
    form: "domain(text)",
    docs: "The domain of an e-mail address or a web address, in lower case and without a leading `www.`. Text without a \
           dot there has no domain: the value is missing.",
    examples: &[
        (r#"domain("Todd <Todd@Doggie.Example>")"#, "doggie.example"),
        (r#"domain("https://user@www.shop.example:8080/dogs?x=1")"#, "shop.example"),
        (r#"domain("shop.example/dogs")"#, "shop.example"),
        (r#"domain("todd")"#, "missing"),
    ],
};

pub(super) fn check(arguments: &[Type]) -> Result<Type, &'static str> {
    match arguments {
        [Type::One(Scalar::Text)] => Ok(Type::One(Scalar::Text)),
        _ => Err("one text"),
    }
}

pub(super) fn evaluate<'a>(text: &'a str, arena: &'a Bump) -> Value<'a> {
    let text = trim(text);
    let host = if let Some(rest) = behind_scheme(text) {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        host.split(':').next().unwrap_or(host)
    } else if let Some((_, host)) = text.rsplit_once('@') {
        host.strip_suffix('>').unwrap_or(host)
    } else {
        text.split(['/', '?', '#', ':']).next().unwrap_or(text)
    };
    let host = trim(host);
    let lower = if host.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        host
    } else {
        let mut lower = bumpalo::collections::String::with_capacity_in(host.len() + 4, arena);
        lower.extend(host.chars().map(lower_char));
        lower.into_bump_str()
    };
    let lower = lower.strip_prefix("www.").unwrap_or(lower);
    let lower = lower.strip_suffix('.').unwrap_or(lower);
    if lower.contains('.') { Value::Text(lower) } else { Value::Missing }
}

/// What stands behind the first `://`. Most texts have no colon at all.
fn behind_scheme(text: &str) -> Option<&str> {
    let colon = memchr::memchr_iter(b':', text.as_bytes()).find(|colon| text[*colon..].starts_with("://"))?;
    Some(&text[colon + 3..])
}

/// The simple lower case; ς stays as it is, for the value may be shown.
fn lower_char(c: char) -> char {
    if c == 'ς' { c } else { crate::model::text::fold_char(c) }
}
