//! Golden cases of what `check` finds wrong: one policy a code, and beside it what is said about it.

use qualify::check::{CODES, check};
use qualify::diagnostic::{ColorChoice, render};
use qualify::syntax::{FileProblem, Files, load};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Codes whose case is no file: tested with the checker itself.
const NO_FILE: [&str; 2] = ["cannot-set", "too-large"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| FileProblem::NotFound)
    }
}

/// The names without ending of the files with this ending.
fn stems(ending: &str) -> BTreeSet<String> {
    let mut stems = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).expect("tests/errors") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|found| found == ending) {
            stems.insert(path.file_stem().expect("a name").to_string_lossy().into_owned());
        }
    }
    stems
}

/// What is said about a case, and the codes in it.
fn said(stem: &str) -> (String, Vec<&'static str>) {
    let name = format!("{stem}.qual");
    let text = std::fs::read_to_string(folder().join(&name)).expect("a policy");
    let loaded = load(&name, text, &Folder(folder()));
    let checked = check(&loaded, &[]);
    assert!(checked.program.is_none(), "{name} is a policy without errors");
    let codes = checked.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    (render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 100), codes)
}

#[test]
fn every_error_reads_as_it_should() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for stem in stems("qual") {
        let (actual, codes) = said(&stem);
        assert!(!CODES.contains(&stem.as_str()) || codes.contains(&stem.as_str()), "{stem}.qual finds {codes:?}");
        let golden = folder().join(format!("{stem}.stderr"));
        if update {
            std::fs::write(&golden, &actual).expect("the golden file can be written");
        } else if std::fs::read_to_string(&golden).ok().as_deref() != Some(&actual) {
            wrong.push(format!("{stem}:\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "run with UPDATE_GOLDEN=1 to accept\n{}", wrong.join("\n"));
}

#[test]
fn no_golden_file_is_left_over() {
    let policies = stems("qual");
    let orphans: Vec<String> = stems("stderr").into_iter().filter(|stem| !policies.contains(stem)).collect();
    assert!(orphans.is_empty(), "no policy for {orphans:?}");
}

#[test]
fn every_code_has_a_case() {
    let policies = stems("qual");
    let bare: Vec<&&str> = CODES.iter().filter(|code| !policies.contains(**code) && !NO_FILE.contains(code)).collect();
    assert!(bare.is_empty(), "no case for {bare:?}");
}

#[test]
fn the_table_of_codes_lists_all_of_them() {
    let mut codes = BTreeSet::new();
    let errors = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/errors");
    for entry in std::fs::read_dir(errors).expect("the errors") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        for (place, found) in text.match_indices("Diagnostic::error(") {
            let behind = text[place + found.len()..].trim_start();
            let code = behind.strip_prefix('"').and_then(|behind| behind.split('"').next());
            codes.insert(code.expect("a code stands right in its constructor").to_owned());
        }
    }
    let table: Vec<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!(table, CODES);
}
