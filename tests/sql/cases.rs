//! Mismatches that were found, each a small case that every engine must get right from then on.
//!
//! A file: `as of WHEN`, then parts that begin with `--- NAME`: list files, `policy.qual`, `lead` (JSON), and `expected`,
//! a column a line.

use crate::differ::{Came, Case, Speaker, ask, batches, compile};
use crate::expected::expected;
use crate::support::{root, update};
use qualify::model::time::AsOf;
use qualify::sql::{Options, columns};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::PathBuf;

/// A case.
pub struct Small {
    pub name: String,
    pub as_of: String,
    pub files: HashMap<String, String>,
    pub policy: String,
    pub lead: Json,
    pub expected: String,
}

fn folder() -> PathBuf {
    root().join("tests/sql/cases")
}

/// All cases.
pub fn all() -> Vec<Small> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder())
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    all.retain(|path| path.extension().is_some_and(|ending| ending == "case"));
    all.sort();
    all.iter().map(|path| read(path)).collect()
}

fn read(path: &std::path::Path) -> Small {
    let text = std::fs::read_to_string(path).expect("a case");
    let mut parts = text.split("--- ");
    let head = parts.next().unwrap_or_default();
    let as_of = head.trim().strip_prefix("as of ").expect("`as of`").to_owned();
    let mut files: HashMap<String, String> =
        parts.filter_map(|part| part.split_once('\n')).map(|(name, text)| (name.into(), text.into())).collect();
    let mut take = |name: &str| files.remove(name).unwrap_or_default();
    let (policy, lead, expected) = (take("policy.qual"), take("lead"), take("expected"));
    let lead = serde_json::from_str(&lead).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    Small { name, as_of, files, policy, lead, expected }
}

/// Writes a mismatch down.
pub fn write(name: &str, as_of: &str, files: &HashMap<String, String>, policy: &str, lead: &Json) -> PathBuf {
    let path = folder().join(format!("{name}.case"));
    let mut text = format!("as of {as_of}\n");
    for (name, content) in files.iter().filter(|(name, _)| policy.contains(name.as_str())) {
        text.push_str(&format!("--- {name}\n{content}"));
    }
    text.push_str(&format!("--- policy.qual\n{policy}--- lead\n{lead:#}\n--- expected\n"));
    std::fs::write(&path, &text).expect("a case");
    let case = read(&path);
    std::fs::write(&path, text + &said(&case)).expect("a case");
    path
}

/// What the evaluator says of a case, a column a line.
fn said(case: &Small) -> String {
    let Some(program) = compile(&case.policy, &case.files) else { return "an invalid policy\n".into() };
    let dialect = qualify::sql::dialect("duckdb").expect("a dialect");
    let columns = columns(&program, &Options { explain: true, ..Options::new(dialect) });
    let as_of = AsOf::parse(&case.as_of, &program.zone).expect("an as-of");
    let rows = expected(&program, as_of, &columns, &batches(std::slice::from_ref(&case.lead)), None);
    let Some(row) = rows.values().next() else { return "no decision\n".into() };
    let lines = columns.iter().zip(row).map(|(column, value)| {
        format!("{}: {}\n", column.name, value.as_deref().map_or("null".into(), |value| format!("{value:?}")))
    });
    lines.collect()
}

/// Every case is still what its file says.
pub fn hold() {
    for case in all() {
        let now = said(&case);
        if update() && now != case.expected {
            write(&case.name, &case.as_of, &case.files, &case.policy, &case.lead);
        } else {
            assert_eq!(now, case.expected, "tests/sql/cases/{}.case (UPDATE_GOLDEN=1 rewrites it)", case.name);
        }
    }
}

/// Every case on an engine: what is wrong.
pub fn run(speaker: &mut Speaker) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in all() {
        let Some(program) = compile(&case.policy, &case.files) else {
            wrong.push(format!("{}: the policy does not check", case.name));
            continue;
        };
        let batches = batches(std::slice::from_ref(&case.lead));
        // Spark takes seconds to plan each query: it sees the odd tables alone.
        let dresses: &[Option<u64>] = if speaker.engine.name == "spark" { &[Some(1)] } else { &[None, Some(1)] };
        for &dress in dresses {
            let asked = Case { program: &program, as_of: &case.as_of, batches: &batches, events: None, dress };
            if let Came::Differs(found) = ask(speaker, &asked) {
                wrong.push(format!("{}: {}", case.name, found.join("\n   ")));
            }
        }
    }
    wrong
}
