//! What conditions say in plain English: each line of `tests/words.txt` is a condition and its words.
//! `UPDATE_GOLDEN=1` rewrites the words.

#![allow(clippy::unwrap_used)]

use qualify::check::check;
use qualify::syntax::{MemoryFiles, ast, load, parse_constant};
use qualify::words::{Words, sentence};
use std::path::Path;

const POLICY: &str = r#"
policy "Words"
timezone "America/New_York"
lead {
  id          text key
  email       text
  country     text
  title       text
  pets        list of text
  income      money USD
  employees   int
  industry    one of ["Software", "Retail"]
  seniority   ranked ["Manager", "Director", "VP"]
  newsletter  bool
  birth_date  date
  created_at  time
  renews_on   date
  company { size int }
  lifecycle   stage
}
event page_viewed "Looks at a page" { path text  seconds int }
event call { outcome text }
event any_contact "Contact" is any of [page_viewed, call]
list competitors "Our competitors" = ["a.example", "b.example"]
define decider "Decides on purchases": seniority >= "Director"
define enough: 30
persona todd "Todd": pets has "dog"
fit icp "Ideal customer" { in_us "Lives in the US": country is "US" }
score total "Lead score" { group site "Website" { look "Looks": +1 if newsletter } }
bands interest "Interest" of total { cold "Cold"  warm "Warm" from 20  hot "Hot" from 50 }
matrix priority "Priority" of icp by interest { _: cold, warm, hot  fits: p2, p1, p1  unknown: p2, p2, p2  fails: p3, p3, p3 }
disqualify { competitor "Works for a competitor": domain(email) in competitors }
stages { lead "Lead"  mql "Marketing qualified lead": total >= 10  sql "Sales qualified lead": total >= 20 }
"#;

#[test]
fn conditions_say_what_they_mean() {
    assert!(parse_constant("1").is_ok());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/words.txt");
    let golden = std::fs::read_to_string(&path).unwrap();
    let conditions: Vec<&str> = golden.lines().filter(|line| !line.is_empty() && !line.starts_with("  ")).collect();
    assert!(conditions.len() > 60, "only {} conditions", conditions.len());
    let defines: String =
        conditions.iter().enumerate().map(|(place, text)| format!("define d{place}: {text}\n")).collect();
    let loaded = load("policy.qual", format!("{POLICY}\n{defines}"), &MemoryFiles::new());
    let checked = check(&loaded, &[]);
    let plain = qualify::diagnostic::ColorChoice::Plain;
    let problems = qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, plain, 100);
    let program = checked.program.unwrap_or_else(|| panic!("{problems}"));
    let words = Words::new(&program, &loaded.files).unlinked();
    let mut actual = String::new();
    for item in &loaded.files[0].items {
        let ast::ItemKind::Define { name, value, .. } = &item.value else { continue };
        let Some(place) = name.value.strip_prefix('d').and_then(|place| place.parse::<usize>().ok()) else { continue };
        let said = sentence(words.condition(value)).plain();
        actual.push_str(&format!("{}\n  {said}\n\n", conditions[place]));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value != "0") {
        return std::fs::write(&path, actual).unwrap();
    }
    for (expected, actual) in golden.lines().zip(actual.lines()) {
        assert_eq!(expected, actual, "UPDATE_GOLDEN=1 rewrites the words");
    }
    assert_eq!(golden, actual);
}
