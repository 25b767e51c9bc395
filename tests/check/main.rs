//! The checker: what is allowed, and what it becomes.

mod forms;
mod meaning;

use qualify::check::hir::Program;
use qualify::check::{Checked, check};
use qualify::diagnostic::{ColorChoice, render};
use qualify::syntax::{FileProblem, Files, MemoryFiles, ast, load, parse_constant};

fn constant(text: &str) -> ast::Expr {
    parse_constant(text).expect("a constant")
}

fn check_set(text: &str, set: &[(&str, &str)]) -> (Checked, String) {
    let files = MemoryFiles::new()
        .with("lists/free-mail.txt", "# free mail\ngmail.com\nYahoo.com\n")
        .with("lists/empty.txt", "# nothing yet\n");
    let loaded = load("policy.qual", text, &files);
    let set: Vec<(String, ast::Expr)> = set.iter().map(|(name, value)| ((*name).to_owned(), constant(value))).collect();
    let checked = check(&loaded, &set);
    let rendered = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 120);
    (checked, rendered)
}

/// The program of a policy without errors.
fn program(text: &str) -> Program {
    let (checked, rendered) = check_set(text, &[]);
    checked.program.unwrap_or_else(|| panic!("{text}\n{rendered}"))
}

/// The codes of what is wrong with a policy.
fn codes(text: &str) -> Vec<&'static str> {
    check_set(text, &[]).0.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

struct Folder(std::path::PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| FileProblem::NotFound)
    }
}

#[test]
fn the_examples_are_clean() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for story in std::fs::read_dir(root.join("examples")).expect("examples").flatten() {
        let path = story.path().join("policy.qual");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let loaded = load("policy.qual", text, &Folder(story.path()));
        let checked = check(&loaded, &[]);
        let rendered = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 120);
        assert!(checked.program.is_some(), "{}:\n{rendered}", path.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn a_policy_can_be_too_large() {
    let texts: String = (0..65_001).map(|text| format!("\"{text}\",")).collect();
    assert_eq!(codes(&format!("lead {{ kind one of [{texts}] }}")), ["too-large"]);
}

#[test]
fn long_chains_do_not_nest() {
    let chain: String = (1..5_000).map(|link| format!("define d{link}: d{} + 1\n", link - 1)).collect();
    let text = format!("lead {{ n int }}\n{chain}define d0: n\npersona p: d4999 > 5");
    let program = program(&text);
    assert_eq!(program.order.len(), 5_002);
}
