//! A random policy and a random lead: the evaluator and the reference agree.
#![no_main]

#[path = "../../tests/reference/mod.rs"]
mod reference;
#[path = "../../tests/support/agree.rs"]
mod agree;
#[path = "../../tests/support/flat.rs"]
mod flat;
#[path = "../../tests/support/ledger.rs"]
mod ledger;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut seed = [0; 16];
    for (slot, byte) in seed.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    let policy = u64::from_le_bytes(seed[..8].try_into().expect("eight bytes"));
    let lead = u64::from_le_bytes(seed[8..].try_into().expect("eight bytes"));
    let made = reference::generate::policy(policy, 1 + policy as usize % 3);
    let data = reference::generate::lead(&made.schema, lead);
    let found = agree::differences(&made.text, &made, &data).unwrap_or_else(|shown| panic!("{shown}"));
    assert!(found.is_empty(), "policy {policy}, lead {lead}: {}\n{}\n{data}", found.join("\n"), made.text);
});
