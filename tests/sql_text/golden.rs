//! The SQL of the examples, as it is written down.

use super::{examples, options, program_of, root};
use qualify::sql::{DIALECTS, Options, sql};

/// Which example in which dialect, and whether each rule's points are columns.
const GOLDEN: &[(&str, &str, bool)] = &[
    ("b2b-saas", "duckdb", true),
    ("b2c-persona", "duckdb", false),
    ("b2c-persona", "clickhouse", false),
    ("b2c-persona", "postgres", false),
    ("bank-marketing", "duckdb", true),
    ("bank-marketing", "spark", true),
    ("doggie-delights", "bigquery", false),
    ("doggie-delights", "duckdb", false),
    ("doggie-delights", "sqlite", false),
    ("points-and-thresholds", "duckdb", true),
    ("points-and-thresholds", "snowflake", true),
    ("saas-funnel", "duckdb", false),
    ("seattle-condos", "duckdb", true),
    ("spotted-media", "duckdb", false),
];

fn holds(path: &std::path::Path, text: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
    match std::fs::read_to_string(path) {
        Ok(known) if known == text => Ok(()),
        Ok(known) => {
            let differs = known.lines().zip(text.lines()).find(|(a, b)| a != b);
            Err(format!("{}: {differs:?}", path.display()))
        }
        Err(_) => Err(format!("{} is not there: UPDATE_GOLDEN=1", path.display())),
    }
}

#[test]
fn the_sql_of_the_examples_is_as_written_down() {
    let folder = root().join("tests/sql_text/golden");
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for (story, dialect, explain) in GOLDEN {
        let program = program_of(&root().join("examples").join(story).join("policy.qual"));
        let dialect = DIALECTS.iter().copied().find(|known| known.name() == *dialect).expect("a dialect");
        let options = Options { explain: *explain, ..options(dialect, &program) };
        let name = format!("{story}.{}.sql", dialect.name());
        match sql(&program, &options) {
            Ok(text) => wrong.extend(holds(&folder.join(&name), &(text + "\n")).err()),
            Err(refused) => wrong.push(format!("{name}: {}", refused[0].message)),
        }
        names.push(name);
    }
    for entry in std::fs::read_dir(&folder).expect("golden files") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if !names.contains(&name) {
            wrong.push(format!("{name} is nobody's"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_text_does_not_hang_on_when_it_is_written() {
    for path in examples().iter().take(2) {
        let program = program_of(path);
        for dialect in DIALECTS {
            let now = Options::new(*dialect);
            assert_eq!(sql(&program, &now).ok(), sql(&program, &now).ok(), "{}", dialect.name());
        }
    }
}
