//! The house is as `src/ARCHITECTURE.md` says: who may import whom, tables that list their folders, files that open with
//! a sentence, nothing that panics on purpose.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A file's text up to its unit tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("a file");
    text.split("#[cfg(test)]").next().unwrap_or("").to_owned()
}

fn room(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root().join("src")).ok()?;
    let mut parts = inside.components();
    let first = parts.next()?.as_os_str().to_string_lossy().into_owned();
    parts.next().map(|_| first)
}

fn ranks() -> BTreeMap<String, u32> {
    let text = std::fs::read_to_string(root().join("src/ARCHITECTURE.md")).expect("the architecture");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|');
        let room = cells.next()?.trim().trim_matches(|c| c == '`' || c == '/').to_owned();
        Some((room, cells.next()?.trim().parse().ok()?))
    });
    rows.collect()
}

#[test]
fn rooms_import_only_what_is_below_them() {
    let ranks = ranks();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(room) = room(&file) else { continue };
        let rank = ranks.get(&room).unwrap_or_else(|| panic!("src/ARCHITECTURE.md has no row for `{room}/`"));
        for (place, line) in code(&file).lines().enumerate() {
            for (at, _) in line.match_indices("crate::") {
                let imported: String =
                    line[at + 7..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let Some(other) = ranks.get(&imported) else { continue };
                let doc = line.trim_start().starts_with("//");
                if imported != room && other >= rank && !doc {
                    wrong.push(format!("{}:{}: {room} imports {imported}", file.display(), place + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_row() {
    let ranks = ranks();
    for entry in std::fs::read_dir(root().join("src")).expect("src") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(ranks.contains_key(&name), "src/ARCHITECTURE.md has no row for `{name}/`");
        }
    }
    for room in ranks.keys() {
        assert!(root().join("src").join(room).is_dir(), "there is no room `{room}/`");
    }
}

#[test]
fn files_open_with_a_sentence_and_stay_short() {
    for file in rust_files(&root().join("src")) {
        let text = std::fs::read_to_string(&file).expect("a file");
        assert!(text.starts_with("//! "), "{} does not open with `//!`", file.display());
        let lines = text.lines().count();
        assert!(lines <= 900, "{} has {lines} lines", file.display());
    }
}

#[test]
fn nothing_panics_on_purpose() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        for (place, line) in code(&file).lines().enumerate() {
            let line = line.trim_start();
            let banned = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];
            if !line.starts_with("//") && banned.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{}: {line}", file.display(), place + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_builtins_lists_its_folder() {
    let helpers = ["mod", "functions", "matcher"];
    let mut files: Vec<String> = rust_files(&root().join("src/builtins"))
        .iter()
        .map(|file| file.file_stem().expect("a name").to_string_lossy().replace('_', " "))
        .filter(|name| !helpers.contains(&name.as_str()))
        .collect();
    files.sort();
    let mut table: Vec<&str> = qualify::builtins::ALL.iter().map(|builtin| builtin.name).collect();
    table.sort_unstable();
    assert_eq!(files, table);
}

#[test]
fn the_tables_of_lints_list_their_folders() {
    for (group, lints) in qualify::lint::GROUPS {
        let folder = root().join("src/lint").join(group.name().replace('-', "_"));
        // A file is a lint's when it says so; others help.
        let mut files: Vec<String> = rust_files(&folder)
            .iter()
            .filter(|file| code(file).contains("pub static LINT: Lint"))
            .map(|file| file.file_stem().expect("a name").to_string_lossy().replace('_', "-"))
            .collect();
        files.sort();
        let mut table: Vec<&str> = lints.iter().map(|lint| lint.name).collect();
        table.sort_unstable();
        assert_eq!(files, table, "{}", group.name());
        assert!(lints.iter().all(|lint| lint.group == *group), "a lint of another group is in {}", group.name());
    }
}

#[test]
fn only_the_rooms_that_may_name_certain_crates() {
    let owners = [("miette", "diagnostic"), ("pest", "syntax"), ("clap", "cli"), ("indicatif", "cli")];
    for file in rust_files(&root().join("src")) {
        let room = room(&file).unwrap_or_default();
        for (name, owner) in owners {
            let named = code(&file).lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.contains(&format!("{name}::")) || line.contains(&format!("use {name}")))
            });
            assert!(!named || room == owner || room.is_empty(), "{} names {name}", file.display());
        }
    }
}
