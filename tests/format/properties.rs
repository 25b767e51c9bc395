//! What holds of every policy, whatever its layout.

use super::reference::generate::policy;
use super::scatter::{Style, scattered};
use super::{formatted, keeps, tree};
use proptest::prelude::*;
use qualify::base::{FileId, Source};
use qualify::format::format;
use qualify::syntax::parse;

/// So many random policies; `QUALIFY_FORMAT_POLICIES=10000` for a long run.
fn policies() -> u64 {
    std::env::var("QUALIFY_FORMAT_POLICIES").ok().and_then(|number| number.parse().ok()).unwrap_or(24)
}

const PLAIN: Style = Style { comments: 0, empty_lines: false, extras: false };

#[test]
fn trees_and_comments_are_kept() {
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        keeps(&made.text);
        let comments = [2, 10, 40, 100][seed as usize % 4];
        let text = scattered(&made.text, seed, Style { comments, empty_lines: true, extras: true });
        assert_eq!(tree(&text).items, tree(&made.text).items, "the layout changed the tree: seed {seed}\n{text}");
        keeps(&text);
    }
}

#[test]
fn one_policy_has_one_layout() {
    for seed in 0..policies() {
        let made = policy(seed, 1 + seed as usize % 3);
        let one = formatted(&scattered(&made.text, seed, PLAIN));
        assert_eq!(one, formatted(&scattered(&made.text, seed + 1, PLAIN)), "seed {seed}");
        assert_eq!(one, formatted(&scattered(&made.text, seed, Style { extras: true, ..PLAIN })), "seed {seed}");
    }
}

/// Formats what has no errors of syntax; the formatter never makes a mistake, and never stops.
fn survives(text: &str) {
    let source = Source::new("policy.qual", text);
    let parsed = parse(&source, FileId(0));
    // What has errors is left alone by the program; the library says so too, or formats what it can.
    let result = format(&source, &parsed.file);
    if parsed.diagnostics.is_empty() {
        assert!(result.is_ok(), "{result:?}\n{text}");
        keeps(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words(words in proptest::collection::vec(
        prop_oneof!["[a-z]{1,4}", "[0-9]{1,3}", "[-+*/<>=,:;(){}\\[\\]\"#_%\\\\ \n]",
            Just("define a:".to_string()), Just("score s {".to_string()), Just("fit f {".to_string()),
            Just("lead {".to_string()), Just("test \"t\" as of 2026-01-01 {".to_string()), Just("is".to_string()),
            Just("}".to_string()), Just("any of [".to_string()), Just("stages {".to_string())], 0..40)) {
        survives(&words.join(" "));
    }

    #[test]
    fn any_cut(seed in 0..40u64, places in proptest::collection::vec(any::<(usize, usize)>(), 1..6)) {
        let mut chars: Vec<char> = policy(seed, 1).text.chars().collect();
        for (place, length) in places {
            let start = place % chars.len();
            let end = (start + length % 20).min(chars.len());
            chars.drain(start..end);
        }
        survives(&chars.into_iter().collect::<String>());
    }
}
