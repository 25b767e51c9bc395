//! JSON (RFC 8259) in one pass: everything is validated, only what is asked for is built.
//!
//! What is malformed does not depend on what is read: a value that nobody reads is checked as strictly as any other.
//! Text is checked for UTF-8 before it comes here.

mod build;
mod pattern;
mod record;
mod scan;
mod trail;

pub(crate) use build::Json;
pub(crate) use pattern::{Known, Patterns};
pub(crate) use record::{Lists, NoLists};
pub(crate) use scan::{Fault, What};
pub(crate) use trail::Trail;

/// Values may be nested this deep; a record itself is the first level.
pub(crate) const MAX_DEPTH: u32 = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::shape::{Shape, Slots};
    use crate::model::FieldPath;
    use crate::model::convert::Raw;
    use bumpalo::Bump;
    use proptest::prelude::*;
    use serde_json::Value;

    /// The text as a value, and whether passing over it agrees that it is one.
    fn read<'a>(text: &'a str, bump: &'a Bump) -> Result<Raw<'a>, Fault> {
        let shape = Shape::new().finish();
        let mut json = Json::new(bump);
        json.set(text, 0, text.len());
        let skipped = json.whole(&shape, &mut Slots::new(&shape), &mut NoLists).map(|_| ());
        json.set(text, 0, text.len());
        json.cursor.blanks();
        let built = json.value(0).and_then(|value| {
            json.cursor.blanks();
            if json.cursor.at < text.len() { Err(json.cursor.fault(What::Trailing)) } else { Ok(value) }
        });
        assert_eq!(skipped.err(), built.err(), "passing over and building differ: {text}");
        built
    }

    fn value(raw: Raw<'_>) -> Value {
        match raw {
            Raw::Null | Raw::NotUtf8 => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Number(written) => serde_json::from_str(written).expect("a number"),
            Raw::Text(text) => Value::String(text.to_owned()),
            Raw::Int(_) | Raw::Moment(_) => panic!("JSON has no typed columns"),
            Raw::Array(values) => Value::Array(values.iter().map(|entry| value(*entry)).collect()),
            Raw::Object(entries) => {
                Value::Object(entries.iter().map(|(name, entry)| ((*name).to_owned(), value(*entry))).collect())
            }
        }
    }

    fn agrees(text: &str) -> Result<(), TestCaseError> {
        let bump = Bump::new();
        let ours = read(text, &bump);
        match serde_json::from_str::<Value>(text) {
            Ok(expected) => {
                let ours = ours.map_err(|fault| TestCaseError::fail(format!("{text}: {fault:?}")))?;
                prop_assert_eq!(value(ours), expected, "{}", text);
            }
            // A limit of its own, not of the format.
            Err(error) if error.to_string().contains("out of range") => {}
            Err(error) => prop_assert!(ours.is_err(), "{}: {}", text, error),
        }
        Ok(())
    }

    /// A character of a string: itself, or one of its escapes.
    fn character() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-z0-9 ]",
            2 => any::<char>().prop_map(|c| serde_json::to_string(&c.to_string()).expect("text")[1..].trim_end_matches('"').to_owned()),
            1 => any::<char>().prop_map(|c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()),
            1 => prop_oneof![Just("\\n"), Just("\\/"), Just("\\\""), Just("\\\\"), Just("\\ud800"), Just("\\udc00"), Just("\\x")].prop_map(str::to_owned),
        ]
    }

    fn string() -> impl Strategy<Value = String> {
        prop::collection::vec(character(), 0..12).prop_map(|parts| format!("\"{}\"", parts.concat()))
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => prop_oneof![Just("a"), Just("b"), Just("c"), Just("a.b"), Just("a.b.c"), Just("\\u0061")]
                .prop_map(|name| format!("\"{name}\"")),
            1 => string(),
        ]
    }

    fn text() -> impl Strategy<Value = String> {
        let blank = || prop_oneof![6 => Just(""), 1 => "[ \t\r\n]{1,3}".prop_map(|_| " \n")];
        let leaf = prop_oneof![
            string(),
            "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
            prop_oneof![
                Just("true"),
                Just("false"),
                Just("null"),
                Just("01"),
                Just("-"),
                Just("nul"),
                Just("1."),
                Just("{}")
            ]
            .prop_map(str::to_owned),
        ];
        let tree = leaf.prop_recursive(5, 40, 6, move |inner| {
            let entry =
                (key(), blank(), inner.clone()).prop_map(|(key, blank, value)| format!("{key}{blank}:{blank}{value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(|values| format!("[{}]", values.join(","))),
                (prop::collection::vec(entry, 0..6), blank())
                    .prop_map(|(entries, blank)| format!("{{{blank}{}{blank}}}", entries.join(&format!("{blank},")))),
            ]
        });
        (blank(), tree, blank()).prop_map(|(before, tree, after)| format!("{before}{tree}{after}"))
    }

    proptest! {
        #[test]
        fn accepts_what_serde_json_accepts(text in text()) {
            agrees(&text)?;
        }

        #[test]
        fn one_character_wrong(text in text(), place in any::<prop::sample::Index>(), with in "[{}\\[\\]:,\"\\\\ 0e.tn\u{1}\n]?") {
            let mut chars: Vec<char> = text.chars().collect();
            if !chars.is_empty() {
                let place = place.index(chars.len());
                chars.splice(place..=place, with.chars());
            }
            agrees(&chars.into_iter().collect::<String>())?;
        }

        #[test]
        fn any_text(text in "[{}\\[\\]:,\" \\\\a0-9.eE+\\-truefalsn\u{1}\u{e9}]{0,40}") {
            agrees(&text)?;
        }

        #[test]
        fn paths_find_what_they_name(text in text()) {
            let Ok(expected @ Value::Object(_)) = serde_json::from_str::<Value>(&text) else { return Ok(()) };
            let mut shape = Shape::new();
            let paths = ["a", "a.b", "b", "a.b.c", "c.a"];
            let places: Vec<_> = paths.iter().map(|path| shape.field(&FieldPath::new(path))).collect();
            let shape = shape.finish();
            let bump = Bump::new();
            let mut json = Json::new(&bump);
            let mut slots = Slots::new(&shape);
            json.set(&text, 0, text.len());
            prop_assert_eq!(json.whole(&shape, &mut slots, &mut NoLists), Ok(true));
            for (path, place) in paths.iter().zip(places) {
                let nested = || path.split('.').try_fold(&expected, |value, part| value.get(part));
                let found = expected.get(path).or_else(nested).cloned().unwrap_or(Value::Null);
                prop_assert_eq!(value(place.get(&slots)), found, "{} of {}", path, text);
            }
        }
    }

    proptest! {
        /// What was read before tells where to look, never what is there.
        #[test]
        fn records_before_change_nothing(
            text in text(),
            before in text(),
            place in any::<prop::sample::Index>(),
            with in "[{}\\[\\]:,\"\\\\ 0e.tn\u{1}\n]{0,2}",
        ) {
            let mut chars: Vec<char> = text.chars().collect();
            if !chars.is_empty() {
                let place = place.index(chars.len());
                chars.splice(place..=place, with.chars());
            }
            let wrong: String = chars.into_iter().collect();
            let mut shape = Shape::new();
            let places: Vec<_> = ["a", "a.b", "b", "a.b.c", "c.a"].iter().map(|path| shape.field(&FieldPath::new(path))).collect();
            let shape = shape.finish();
            let bump = Bump::new();
            let mut json = Json::new(&bump);
            let mut used = Slots::new(&shape);
            for text in [&before, &text, &text, &wrong, &text] {
                let mut fresh = Slots::new(&shape);
                used.reset();
                // Blanks at the end: keys near the end of a text are not looked for in one go.
                let text = bump.alloc_str(&format!("{text}{:40}", ""));
                let mut read = Vec::new();
                for slots in [&mut used, &mut fresh] {
                    json.set(text, 0, text.len());
                    let result = json.whole(&shape, slots, &mut NoLists);
                    let values: Vec<_> = places.iter().map(|place| place.get(&*slots)).collect();
                    read.push((result, values));
                }
                prop_assert_eq!(&read[0], &read[1], "{}", text);
            }
        }
    }

    #[test]
    fn depth_has_a_limit() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
            let bump = Bump::new();
            assert!(read(&nested(512), &bump).is_ok());
            assert_eq!(read(&nested(513), &bump).map_err(|fault| fault.what), Err(What::TooDeep));
            assert_eq!(read(&nested(100_000), &bump).map_err(|fault| fault.what), Err(What::TooDeep));
        }
    }
}
