//! No text whatever makes the parser panic, hang or overflow.

use super::{DOGGIE, parsed};
use proptest::prelude::*;
use qualify::base::Span;
use std::time::{Duration, Instant};

/// Parses, and checks that all places lie inside the text and between characters.
fn reads(text: &str) {
    let (_, parsed) = parsed(text);
    let inside = |span: Span| {
        assert!(span.start <= span.end, "{span:?} of {text:?}");
        assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    };
    for diagnostic in &parsed.diagnostics {
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'));
        diagnostic.labels.iter().for_each(|label| inside(label.span));
    }
    parsed.file.items.iter().for_each(|item| inside(item.span));
    parsed.file.comments.iter().for_each(|comment| inside(comment.span));
}

/// Cuts, doubles, swaps and overwrites pieces of the policy.
fn mutated(seed: &[(usize, usize, usize)]) -> String {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "'",
        "#",
        "\\",
        "\n",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "is",
        "5",
        "-",
        "+",
        ".",
        "fit x {",
        "define",
        "é",
        "\u{202e}",
        "within",
        "any",
        "of",
        "2026-13-01",
        "//",
        "/*",
        "“",
        "≥",
    ];
    let mut chars: Vec<char> = DOGGIE.chars().collect();
    for (kind, place, length) in seed {
        let start = place % chars.len();
        let end = (start + length % 12).min(chars.len());
        match kind % 4 {
            0 => drop(chars.drain(start..end)),
            1 => {
                let copy: Vec<char> = chars[start..end].to_vec();
                let at = length.wrapping_mul(31) % chars.len();
                chars.splice(at..at, copy);
            }
            2 => drop(chars.splice(start..end, PIECES[length % PIECES.len()].chars())),
            _ => drop(chars.splice(start..start, PIECES[length % PIECES.len()].chars())),
        }
        if chars.is_empty() {
            return String::new();
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        reads(&text);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        reads(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words(words in proptest::collection::vec(
        prop_oneof!["[a-z]{1,4}", "[0-9]{1,3}", "[-+*/<>=!&|.,:;(){}\\[\\]\"'#_%\\\\ \n]",
            Just("define a:".to_string()), Just("score s {".to_string()), Just("fit f {".to_string()),
            Just("lead {".to_string()), Just("test \"t\" as of 2026-01-01 {".to_string()), Just("is".to_string()),
            Just("within 3 days".to_string()), Just("any of [".to_string()), Just("stages {".to_string())], 0..60)) {
        reads(&words.join(" "));
    }

    #[test]
    fn any_mutation(seed in proptest::collection::vec(any::<(usize, usize, usize)>(), 1..20)) {
        reads(&mutated(&seed));
    }
}

#[test]
fn every_beginning_of_the_policy_is_read() {
    for end in (0..DOGGIE.len()).step_by(17) {
        reads(&DOGGIE[..end]);
    }
}

#[test]
fn nesting_is_limited() {
    for (open, close) in [("(", ")"), ("[", "]"), ("any of [", "]"), ("min(", ")"), ("any e where (", ")")] {
        let nested = |depth: usize| format!("define a: {}x{}", open.repeat(depth), close.repeat(depth));
        assert!(parsed(&nested(90)).1.diagnostics.is_empty(), "{open}");
        for depth in [101, 10_000] {
            let (_, found) = parsed(&nested(depth));
            assert_eq!(found.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), ["too-deep"], "{open}");
        }
    }
    let records = |depth: usize| format!("lead {}{}{}", "{ a ".repeat(depth), "{}", "}".repeat(depth));
    assert!(parsed(&records(90)).1.diagnostics.is_empty());
    assert_eq!(parsed(&records(1000)).1.diagnostics[0].code, "too-deep");
    let ifs = |depth: usize| format!("define a: {}x", "if a then b else ".repeat(depth));
    assert!(parsed(&ifs(100)).1.diagnostics.is_empty());
    assert_eq!(parsed(&ifs(101)).1.diagnostics[0].code, "too-deep");
    let both = format!("define a: {}x{}", "(if a then b else ".repeat(95), ")".repeat(95));
    assert!(parsed(&both).1.diagnostics.is_empty());
}

#[test]
fn chains_do_not_nest() {
    for (piece, codes) in [
        ("x + ", vec!["too-deep"]),
        ("x otherwise ", vec!["too-deep"]),
        ("- ", vec!["double-sign"]),
        ("not ", vec!["double-sign"]),
        ("x implies ", vec!["chained-implies"]),
        ("x is ", vec!["chained-comparison"]),
        ("x + not ", vec!["too-deep"]),
        ("x and ", vec![]),
        ("x or not y + 1 > 2 or ", vec![]),
    ] {
        let text = format!("define a: {}x", piece.repeat(5_000));
        let found: Vec<&str> = parsed(&text).1.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(found, codes, "{piece}");
    }
    let sum = format!("define a: {}x", "x + ".repeat(200));
    assert!(parsed(&sum).1.diagnostics.is_empty());
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let (_, found) = parsed(&"#".repeat(5 << 20));
    assert_eq!(found.diagnostics[0].code, "text-too-long");
}

#[test]
fn no_text_takes_long() {
    let size = 200_000;
    let repeated = |piece: &str| piece.repeat(size / piece.len());
    for text in [
        repeated("{"),
        repeated("}"),
        repeated("x "),
        repeated("\""),
        repeated("% "),
        repeated("define "),
        repeated("define a: x\n%\n"),
        repeated("a: +5 if "),
        format!("fit f {{ {} }}", repeated("a: x % ")),
        format!("fit f {{ {}", repeated("a: x is \n")),
        format!("score s {{ {} }}", repeated("a 5 ")),
        format!("lead {{ {} }}", repeated("a b c ")),
        format!("define a: {}", repeated("x in [1] ")),
        format!("define a: {}", repeated("list of ")),
        format!("lead {{ a {} text }}", repeated("list of ")),
        format!("list l = [{}]", repeated("1, ")),
        format!("test \"t\" as of 2026-01-01 {{ {} }}", repeated("lead { a 5 } ")),
        repeated("fit f {\n"),
        repeated("age of "),
        repeated("'"),
        repeated("“"),
        repeated("/*"),
        repeated("stages { a b "),
    ] {
        let start = Instant::now();
        reads(&text);
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(10), "{taken:?}: {:.40}", text);
    }
}
