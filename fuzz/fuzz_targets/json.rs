//! Any bytes as one JSON lead: read exactly when `serde_json` reads an object with a key.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use qualify::{Policy, Undecided};
use qualify::model::RejectKind;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(shared::policy);

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let ours = POLICY.decide(text, "2026-11-01");
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    let malformed = matches!(&ours, Err(Undecided::Rejected(reject)) if reject.kind == RejectKind::Malformed);
    match theirs {
        Ok(_) => assert!(!malformed, "serde_json reads it: {ours:?}"),
        // serde_json refuses numbers beyond a double's range and nesting beyond 128, which are no fault of the JSON.
        Err(problem) => {
            let words = problem.to_string();
            assert!(ours.is_err() || words.contains("out of range") || words.contains("recursion"), "{words}: {ours:?}");
        }
    }
});
