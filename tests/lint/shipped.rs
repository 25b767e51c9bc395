//! The shipped examples: nothing is found in them. What is meant is allowed in the policy, with its reason.

use qualify::check::check;
use qualify::data::Folder;
use qualify::diagnostic::{ColorChoice, render};
use qualify::lint::{Context, Levels, lint};
use qualify::syntax::load;
use std::path::Path;

#[test]
fn nothing_is_found_in_the_shipped_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir(examples).expect("examples") {
        let policy = entry.expect("an entry").path().join("policy.qual");
        let Ok(text) = std::fs::read_to_string(&policy) else { continue };
        let name = policy.to_string_lossy();
        let loaded = load(&name, text, &Folder::of(&*name));
        let checked = check(&loaded, &[]);
        let program = checked.program.as_ref().expect("a valid policy");
        let found = lint(&Context::new(&loaded, program).on(super::TODAY), &Levels::default());
        wrong.push_str(&render(&found, &loaded.sources, ColorChoice::Plain, 100));
        seen += 1;
    }
    assert!(seen >= 8, "{seen} examples");
    assert!(wrong.is_empty(), "{wrong}");
}
