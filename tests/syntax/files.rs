//! Policies of several files, and the files of lists.

use qualify::syntax::ast::{ItemKind, ListSource};
use qualify::syntax::{FileProblem, Files, Loaded, MemoryFiles, load};

fn said(loaded: &Loaded) -> Vec<String> {
    loaded
        .diagnostics
        .iter()
        .map(|found| {
            let (file, place) = loaded.sources.locate(found.span()).map_or(("", 0), |(file, place)| (file, place.line));
            format!("{file}:{place} {}: {}", found.code, found.message)
        })
        .collect()
}

/// The entries of the list with this name, each with its line.
fn entries(loaded: &Loaded, list: &str) -> Vec<(String, usize)> {
    let items = loaded.files.iter().flat_map(|file| &file.items);
    let path = items.into_iter().find_map(|item| match &item.value {
        ItemKind::List { name, source: ListSource::File { path, .. }, .. } if name.value == list => Some(path),
        _ => None,
    });
    let entries = loaded.lists.get(path.expect("the list is there")).expect("its file was read");
    entries
        .iter()
        .map(|entry| (entry.value.clone(), loaded.sources.locate(entry.span).expect("a place").1.line))
        .collect()
}

fn pairs(entries: &[(&str, usize)]) -> Vec<(String, usize)> {
    entries.iter().map(|(entry, line)| (entry.to_string(), *line)).collect()
}

#[test]
fn used_files_are_taken_once() {
    let files = MemoryFiles::new()
        .with("common/a.qual", "use \"b.qual\" define a: x")
        .with("common/b.qual", "use \"../c.qual\" define b: x")
        .with("c.qual", "define c: x");
    let loaded = load("icp.qual", "use \"common/a.qual\" use \"common/b.qual\" use \"./c.qual\"", &files);
    assert_eq!(said(&loaded), Vec::<String>::new());
    assert_eq!(loaded.files.len(), 4);
    let names: Vec<&str> = loaded.sources.files().iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["icp.qual", "common/a.qual", "common/b.qual", "c.qual"]);
}

#[test]
fn files_are_named_from_where_people_stand() {
    let loaded = load("policies/icp.qual", "use \"no.qual\"", &MemoryFiles::new());
    assert_eq!(said(&loaded), ["policies/icp.qual:1 missing-file: there is no file `policies/no.qual`"]);
}

#[test]
fn a_circle_is_shown() {
    let files = MemoryFiles::new().with("a.qual", "use \"b.qual\"").with("b.qual", "\nuse \"a.qual\"");
    let loaded = load("icp.qual", "use \"a.qual\"", &files);
    let circle = "files use each other in a circle: `a.qual` uses `b.qual` uses `a.qual`";
    assert_eq!(said(&loaded), [format!("b.qual:2 circular-use: {circle}")]);
    let loaded = load("dir/icp.qual", "use \"./icp.qual\"", &files);
    assert_eq!(
        said(&loaded),
        ["dir/icp.qual:1 circular-use: files use each other in a circle: `icp.qual` uses `icp.qual`"]
    );
}

#[test]
fn no_file_outside_of_the_folder_is_read() {
    struct Never;
    impl Files for Never {
        fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
            panic!("{path} was read")
        }
    }
    let text = r#"use "../x.qual" use "/x.qual" use "C:/x.qual" use "a\\x.qual" list l from "../x.txt" list m from """#;
    let loaded = load("icp.qual", text, &Never);
    assert_eq!(loaded.diagnostics.len(), 6);
    assert!(loaded.diagnostics.iter().all(|found| found.code == "bad-path" && found.help.is_some()));
}

#[test]
fn a_used_file_is_no_policy() {
    let files =
        MemoryFiles::new().with("a.qual", "policy \"A\"\ndefine a: x").with("b.qual", b"define b: x\n\xff".as_slice());
    let loaded = load("icp.qual", "policy \"B\" use \"a.qual\" use \"b.qual\"", &files);
    assert_eq!(
        said(&loaded),
        [
            "a.qual:1 policy-in-used-file: `a.qual` is a policy of its own",
            "b.qual:2 not-utf8: line 2 of `b.qual` is not UTF-8 text"
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    struct Locked;
    impl Files for Locked {
        fn read(&self, _: &str) -> Result<Vec<u8>, FileProblem> {
            Err(FileProblem::Unreadable("permission denied".to_string()))
        }
    }
    let loaded = load("icp.qual", "list l from \"x.txt\"", &Locked);
    assert_eq!(said(&loaded), ["icp.qual:1 unreadable-file: the file `x.txt` cannot be read: permission denied"]);
}

#[test]
fn lists_have_an_entry_a_line() {
    let text = "\u{feff}gmail.com\r\n\r\n  # a comment\r\n\tweb.de \u{a0}\r\nlast # kept";
    let files = MemoryFiles::new().with("lists/free.txt", text);
    let loaded = load("icp.qual", "list free from \"lists/free.txt\"", &files);
    assert_eq!(said(&loaded), Vec::<String>::new());
    assert_eq!(entries(&loaded, "free"), pairs(&[("gmail.com", 1), ("web.de", 4), ("last # kept", 5)]));
    let spans = loaded.sources.files()[1].text.clone();
    assert!(spans.contains("web.de"));
}

#[test]
fn lists_come_from_a_column() {
    let csv = "\u{feff}name,domain\r\n\"A, Inc\",a.example\r\nB,\r\n\"C\nD\", c.example \r\nshort\r\nE,e.example,more";
    let files =
        MemoryFiles::new().with("common/x.csv", csv).with("common/a.qual", "list l from \"x.csv\" column \"domain\"");
    let loaded = load("icp.qual", "use \"common/a.qual\" list n from \"common/x.csv\" column \"name\"", &files);
    assert_eq!(said(&loaded), Vec::<String>::new());
    assert_eq!(entries(&loaded, "l"), pairs(&[("a.example", 2), ("c.example", 4), ("e.example", 7)]));
    assert_eq!(entries(&loaded, "n"), pairs(&[("A, Inc", 2), ("B", 3), ("C\nD", 4), ("short", 6), ("E", 7)]));
    assert_eq!(loaded.sources.files().len(), 3);
}

#[test]
fn a_list_that_cannot_be_read_is_an_error() {
    let files = MemoryFiles::new().with("x.csv", "name,domain\n").with("y.txt", b"a\nb\xffc\n".as_slice());
    let text =
        "list a from \"x.csv\" column \"domian\"\nlist b from \"x.csv\"\nlist c from \"y.txt\"\nlist d from \"z.txt\"";
    let loaded = load("icp.qual", text, &files);
    assert_eq!(
        said(&loaded),
        [
            "icp.qual:1 missing-column: `x.csv` has no column `domian`",
            "icp.qual:2 missing-column: which column of `x.csv`?",
            "icp.qual:3 not-utf8: line 2 of `y.txt` is not UTF-8 text",
            "icp.qual:4 missing-file: there is no file `z.txt`",
        ]
    );
    let helps: Vec<&str> = loaded.diagnostics.iter().filter_map(|found| found.help.as_deref()).collect();
    assert_eq!(helps[0], "did you mean `domain`?");
    assert_eq!(helps[1], "write `from \"x.csv\" column \"name\"`");
}
