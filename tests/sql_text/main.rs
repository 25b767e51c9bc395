//! The text of SQL: golden files of the examples, what dialects can say, text that wants to be more than text.

mod constructs;
mod golden;
mod hostile;

use qualify::check::check;
use qualify::check::hir::Program;
use qualify::data::Folder;
use qualify::model::time::AsOf;
use qualify::sql::{AsOfSource, Dialect, Options};
use qualify::syntax::{MemoryFiles, load};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The checked policy of a text.
fn program(text: &str) -> Program {
    let loaded = load("policy.qual", text.as_bytes(), &MemoryFiles::new());
    let checked = check(&loaded, &[]);
    let plain = qualify::diagnostic::ColorChoice::Plain;
    let shown = qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, plain, 100);
    checked.program.unwrap_or_else(|| panic!("{shown}"))
}

/// The checked policy of a file.
fn program_of(path: &Path) -> Program {
    let name = path.to_string_lossy();
    let text = std::fs::read(path).expect("a policy");
    check(&load(&name, text, &Folder::of(path)), &[]).program.expect("a policy without errors")
}

/// The example policies.
fn examples() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(root().join("examples")).expect("examples");
    let mut found: Vec<PathBuf> = folders
        .map(|entry| entry.expect("an entry").path().join("policy.qual"))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

/// Options as of the first of November.
fn options(dialect: &'static dyn Dialect, program: &Program) -> Options {
    let as_of = AsOf::parse("2026-11-01T12:00:00Z", &program.zone).expect("an instant");
    Options { as_of: AsOfSource::At(as_of), ..Options::new(dialect) }
}
