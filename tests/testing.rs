//! Coverage, mutants and suggested tests: what they print, and the laws that they keep.

mod reference;
mod support;

use qualify::syntax::{MemoryFiles, load};
use qualify::testing::mutate::{Text, operators, sites};
use std::path::PathBuf;
use support::shell::{golden, root, run};

const SMALL: &str = "tests/testing/small.qual";

/// A command line and the file that holds what it prints.
fn prints(name: &str, line: &str) {
    let file: PathBuf = root().join("tests/testing").join(name);
    let text = format!("$ {line}\n{}", run(line).transcript());
    if let Err(problem) = golden(&file, &text) {
        panic!("{problem}");
    }
}

#[test]
fn coverage_for_people() {
    prints("coverage.txt", &format!("qualify test {SMALL} --coverage"));
}

#[test]
fn mutants_for_people() {
    prints("mutate.txt", &format!("qualify test {SMALL} --mutate"));
}

/// The example of each operator is a change that it makes.
#[test]
fn every_operator_makes_its_example() {
    const HEAD: &str = "lead { a bool  b bool  size int  country text } event visit { pages int }\n";
    for operator in operators::ALL {
        let (before, after) = operator.example;
        let loaded = load("policy.qual", before, &MemoryFiles::default());
        assert!(loaded.diagnostics.is_empty(), "{}: {:?}", operator.name, loaded.diagnostics);
        let text = Text { text: before };
        let mut made = Vec::new();
        sites(&loaded.files[0], &mut |site| {
            made.extend((operator.changes)(&site, &text).iter().map(|change| change.apply(before)));
        });
        assert!(made.iter().any(|made| made == after), "{}: {made:#?}", operator.name);
        for made in made {
            let parsed = load("policy.qual", format!("{HEAD}{made}"), &MemoryFiles::default());
            assert!(parsed.diagnostics.is_empty(), "{}: {made}\n{:?}", operator.name, parsed.diagnostics);
        }
    }
}
