//! What each dialect can say: the table of docs/sql.md.

use super::{options, program, root};
use qualify::sql::{ColumnType, DIALECTS, Options, sql};

/// Constructs of the language, and what a policy with them says.
const CONSTRUCTS: &[(&str, &str)] = &[
    ("`is`, `is not`, `in` of texts", r#"fit f { a: title is "x"  b: title is not "y"  c: title in ["a", "b"] }"#),
    ("`is exactly`", r#"fit f { a: title is exactly "X" }"#),
    ("`like`", r#"fit f { a: title like "vp *" }"#),
    ("`mentions`", r#"fit f { a: title mentions any of ["head of", "vp"] }"#),
    (
        "`contains`, `starts with`, `ends with`",
        r#"fit f { a: title contains "x"  b: title starts with "x"  c: title ends with "x" }"#,
    ),
    ("`matches`", r#"fit f { a: title matches "\\bc[etf]o\\b|^vp.{2,5}$" }"#),
    ("`domain`, `length`", r#"fit f { a: domain(title) is "x.example"  b: length(title) > 3 }"#),
    ("lists: `has`, `size`", r#"fit f { a: pets has all of ["dog", "cat"]  b: size(pets) > 1 }"#),
    ("`one of`, `ranked`", r#"fit f { a: kind is "A"  b: rank >= "High"  c: kind mentions "a" }"#),
    (
        "`+ -` and comparisons of numbers",
        r#"fit f { a: income + 1 USD > 5 USD  b: ratio - 1 < 2.5  c: people between 1 and 5 }"#,
    ),
    ("`*`", r#"fit f { a: income * ratio > 5 USD }"#),
    ("`/`", r#"fit f { a: income / people > 5 USD  b: income / income > 2 }"#),
    ("`min`, `max`, `round`", r#"fit f { a: min(people, 5) > max(ratio, 2)  b: round(ratio) is 2 }"#),
    (
        "`if`, `otherwise`, `is known`",
        r#"fit f { a: (if good then 1 else 2) is 1  b: (people otherwise 0) > 1  c: people is known }"#,
    ),
    (
        "`at least N of`, `at most N of`",
        r#"fit f { a: at least 2 of [good, people > 1, ratio > 1]  b: at most 1 of [good, people > 1] }"#,
    ),
    ("ages and `within` in days", r#"fit f { a: age of created <= 30 days  b: born within next 90 days }"#),
    ("ages and `within` in months", r#"fit f { a: age of created <= 3 months  b: age of born >= 18 years }"#),
    ("a time and a date compared", r#"fit f { a: created is 2026-01-01  b: created > born }"#),
    (
        "`any`, `no`, `count of` events",
        r#"fit f { a: any seen within 30 days  b: no event within 2 months  c: count of seen > 2 }"#,
    ),
    (
        "`total`, `highest`, `lowest`, `distinct`",
        r#"fit f { a: total amount of seen > 5  b: highest amount of seen > 2  c: distinct what of seen > 1 }"#,
    ),
    ("`first`, `last`", r#"fit f { a: (last seen) within 30 days  b: (first seen) < (last seen) }"#),
    ("`where` that rests on the lead", r#"fit f { a: any seen where (amount > lead.ratio) since created }"#),
    ("`per EVENTS`, `at most K times`", r#"score s { r: +5 per seen within 90 days, at most 3 times }"#),
    ("`per distinct`", r#"score s { r: +5 per distinct what of seen, at most 10 points }"#),
    (
        "`a day`, `a week`, `a month`",
        r#"score s { r: +5 per seen, at most 2 times a day, at most 3 times a week, at most 9 times a month }"#,
    ),
    ("`halving every`", r#"score s { r: +5 per seen, halving every 30 days }"#),
    ("`fading over`", r#"score s { r: +5 per seen, fading over 90 days }"#),
    (
        "`losing N%`, `losing N`",
        r#"score s { r: +5 per seen, losing 25% every 30 days  q: +9 per seen, losing 2 every 7 days }"#,
    ),
    (
        "`per D since TIME`",
        r#"score s { r: -5 per 30 days since last event, at most 20 points  q: +1 per 7 days since born }"#,
    ),
    (
        "`by`, `first of`",
        r#"score s { r: by people { 1 to 5: +1  >= 9: +2  missing: -1 }  q: first of { good: +1  otherwise: +2 } }"#,
    ),
    (
        "`group`, `include`, limits",
        r#"score s from 0 to 50 { group g to 5 { r: +9 if good }  include ratio * 50% }  score t { include s * 0.3 }"#,
    ),
    (
        "`bands`, `matrix`",
        "score s { r: +9 if good }  fit f { a: good }  bands b of s { low  high from 5 }\nmatrix m of f by b {\n _ : low, high\n fits : x, y\n unknown : x, x\n fails : x, x\n}",
    ),
    (
        "`disqualify`, `stages`, `keep while`, `route`",
        "disqualify { nope: people > 9 }\nstages { one  two: good, keep while people > 1 }\nroute { a within 2 months: stage is two  b: otherwise }",
    ),
    ("`persona`, `always`", "stages { one }\npersona p \"P\": good\nalways \"x\": people > 1"),
];

const HEAD: &str = r#"policy "P"
timezone "America/New_York"
lead {
  id      text key
  title   text
  pets    list of text
  kind    one of ["A", "B"]
  rank    ranked ["Low", "High"]
  income  money USD
  ratio   number
  people  int
  good    bool
  created time
  born    date
  at_now  stage
}
event seen { what text  amount number }
"#;

/// The table, a row a construct.
fn table() -> String {
    let mut out = String::from("| construct |");
    for dialect in DIALECTS {
        out.push_str(&format!(" {} |", dialect.title()));
    }
    out.push_str(&format!("\n|---|{}\n", "---|".repeat(DIALECTS.len())));
    for (name, text) in CONSTRUCTS {
        let head = if text.contains("stages") { HEAD.to_owned() } else { HEAD.replace("  at_now  stage\n", "") };
        let program = program(&format!("{head}{text}\n"));
        out.push_str(&format!("| {name} |"));
        for dialect in DIALECTS {
            let options = Options { explain: true, ..options(*dialect, &program) };
            let said = match sql(&program, &options) {
                Ok(_) => "yes".to_owned(),
                Err(refused) => format!("`{}`", refused[0].code),
            };
            out.push_str(&format!(" {said} |"));
        }
        out.push('\n');
    }
    out
}

/// The types of columns, a row a type of the language.
fn types() -> String {
    let types = [
        ("`text`, `one of`, `ranked`, `stage`", ColumnType::Text),
        ("`int`", ColumnType::Int),
        ("`number`", ColumnType::Number),
        ("`money`", ColumnType::Money),
        ("`bool`", ColumnType::Bool),
        ("`date`", ColumnType::Date),
        ("`time`", ColumnType::Time),
        ("`list of text`", ColumnType::List(Box::new(ColumnType::Text))),
    ];
    let mut out = String::from("| the language's type |");
    DIALECTS.iter().for_each(|dialect| out.push_str(&format!(" {} |", dialect.title())));
    out.push_str(&format!("\n|---|{}\n", "---|".repeat(DIALECTS.len())));
    for (name, ty) in types {
        out.push_str(&format!("| {name} |"));
        for dialect in DIALECTS {
            let held = dialect.column_type(&ty);
            let held = held.strip_prefix("Nullable(").and_then(|held| held.strip_suffix(')')).unwrap_or(&held);
            out.push_str(&format!(" `{held}` |"));
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_tables_of_what_dialects_can_say_are_in_the_docs() {
    let path = root().join("docs/sql.md");
    for (name, table) in [("constructs", table()), ("types", types())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let text = std::fs::read_to_string(&path).expect("docs/sql.md");
        let (before, rest) = text.split_once(&begin).expect("the place of the table");
        let (written, behind) = rest.split_once(&end).expect("the end of the table");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, format!("{before}{begin}{table}{end}{behind}")).expect("written");
        } else {
            assert_eq!(written, table, "UPDATE_GOLDEN=1 writes it anew");
        }
    }
}

#[test]
fn most_dialects_refuse_nothing() {
    let table = table();
    let names: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        for name in names.iter().filter(|name| **name != "sqlite" || !row.starts_with("| `matches`")) {
            let place = names.iter().position(|known| known == name).expect("a dialect");
            assert_eq!(cells[cells.len() - names.len() + place].trim_matches([' ', '|']), "yes", "{name}: {row}");
        }
    }
}
