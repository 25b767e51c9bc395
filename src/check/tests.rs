//! Unit tests of the checker.

use super::{Checked, check};
use crate::diagnostic::{ColorChoice, render};
use crate::syntax::{Files, MemoryFiles, load};

fn check_with(text: &str, files: &dyn Files) -> (Checked, String) {
    let loaded = load("policy.qual", text, files);
    let checked = check(&loaded, &[]);
    let rendered = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 120);
    (checked, rendered)
}

struct Folder(std::path::PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, crate::syntax::FileProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| crate::syntax::FileProblem::NotFound)
    }
}

#[test]
fn the_examples_are_clean() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for story in std::fs::read_dir(&examples).expect("examples").flatten() {
        let path = story.path().join("policy.qual");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let (checked, rendered) = check_with(&text, &Folder(story.path()));
        assert!(checked.program.is_some(), "{}:\n{rendered}", path.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn tmp() {
    let Ok(text) = std::fs::read_to_string("/tmp/q/try.qual") else { return };
    let (checked, rendered) = check_with(&text, &MemoryFiles::new().with("lists/free-mail.txt", "gmail.com\n"));
    println!("{rendered}\n{}", checked.program.is_some());
    if let Some(p) = checked.program {
        println!("{:?}", p.order);
    }
}
