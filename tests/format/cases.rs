//! Pairs of input and output: `cases/NAME.qual` becomes `cases/NAME.out`; `UPDATE_GOLDEN=1` rewrites the outputs. And
//! the policies that we ship are in the layout that we ask of others.

use super::{formatted, keeps};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files with an ending below a folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn cases_come_out_as_written_down() {
    let folder = root().join("tests/format/cases");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value != "0");
    let mut wrong = Vec::new();
    let inputs = files(&folder, "qual");
    for input in &inputs {
        let output = keeps(&std::fs::read_to_string(input).unwrap());
        let expected = input.with_extension("out");
        if update {
            std::fs::write(&expected, &output).unwrap();
        }
        let written = std::fs::read_to_string(&expected).unwrap_or_default();
        if written != output {
            let diff = similar::TextDiff::from_lines(&written, &output);
            wrong.push(format!("{}:\n{}", input.display(), diff.unified_diff()));
        }
    }
    for output in files(&folder, "out") {
        assert!(inputs.contains(&output.with_extension("qual")), "{} has no input", output.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn shipped_policies_are_formatted() {
    let policies = [files(&root().join("examples"), "qual"), files(&root().join("benches"), "qual")].concat();
    assert!(policies.len() > 5);
    for path in policies {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(formatted(&text) == text, "`qualify fmt {}` changes it", path.display());
    }
}

/// The examples in the documents: blocks that say `qualify`.
#[test]
fn examples_in_documents_are_formatted() {
    let mut count = 0;
    for path in files(&root().join("docs"), "md") {
        let text = std::fs::read_to_string(&path).unwrap();
        for block in text.split("```qualify\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            count += 1;
            assert_eq!(formatted(block), block, "{}", path.display());
        }
    }
    assert!(count > 4);
}
