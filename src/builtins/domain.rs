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
    if let Some(host) = plain_host(text, arena) {
        return Value::Text(host);
    }
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

/// Bytes of a plain host, and the sign before it.
const PLAIN: u8 = 1;
const DOT: u8 = 2;
const CAPITAL: u8 = 4;
const AT: u8 = 8;
/// What no plain host holds.
const OTHER: u8 = 16;

/// What each byte is.
static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => PLAIN,
            b'A'..=b'Z' => CAPITAL,
            b'.' => DOT,
            b'@' => AT,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// The host of a plain address, `name@host` in ASCII letters with nothing to leave out: most are such.
fn plain_host<'a>(text: &'a str, arena: &'a Bump) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let mut seen = 0;
    let at = bytes.iter().rposition(|byte| {
        seen |= CLASSES[usize::from(*byte)];
        seen >= AT
    })?;
    if seen & OTHER != 0 || seen & DOT == 0 {
        return None;
    }
    // Before the last `@` anything may stand but what could be a scheme.
    let (name, host) = (bytes.get(..at)?, text.get(at + 1..)?);
    let colon = name.iter().fold(false, |seen, byte| seen | (*byte == b':'));
    if colon || host.ends_with('.') {
        return None;
    }
    let www = matches!(host.as_bytes(), [b'w' | b'W', b'w' | b'W', b'w' | b'W', b'.', ..]);
    if www {
        return None;
    }
    if seen & CAPITAL != 0 {
        let lower = arena.alloc_str(host);
        lower.make_ascii_lowercase();
        return Some(lower);
    }
    Some(host)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_read_as_others() {
        let arena = Bump::new();
        for name in ["a", "A.b", "a@b.de", "ü", ""] {
            for host in ["a.de", "a", "a.", ".", "www.a.de", "A.de", "a.de>", "x-1.co", "ü.de", "a_b.de", "a.de:1", ""]
            {
                let plain = format!("{name}@{host}");
                // In brackets it is read by the way for all texts.
                let (text, capitals) = (arena.alloc_str(&plain), arena.alloc_str(&plain.to_ascii_uppercase()));
                let bracketed = arena.alloc_str(&format!("<{plain}>"));
                assert_eq!(evaluate(text, &arena), evaluate(capitals, &arena), "{plain}");
                if !host.ends_with('>') {
                    assert_eq!(evaluate(text, &arena), evaluate(bracketed, &arena), "{plain}");
                }
            }
        }
    }
}
