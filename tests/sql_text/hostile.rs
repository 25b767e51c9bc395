//! Text of policies that wants to be more than text.

use super::{options, program};
use qualify::sql::{DIALECTS, Options, sql};

/// Endings and beginnings of texts, comments and templates.
const HOSTILE: [&str; 12] = [
    "'; DROP TABLE leads; --",
    "\\\\'; DROP TABLE leads; --",
    "\\\\",
    "ends with \\\\",
    "*/ DROP /*",
    "$$ $tag$",
    "\\\" \\\" `tick`",
    "line\\n-- line",
    "{{ jinja }} {% x %} {# y #}",
    "\\u{2028}\\u{202e}\\u{0}",
    ":as_of ? $1 @as_of %s",
    "''''",
];

/// The text without what stands in quotes and comments; none when something is left open.
fn bare(sql: &str, backslashes: bool, ticks: bool, tick_escapes: bool) -> Option<String> {
    let chars: Vec<char> = sql.chars().collect();
    let mut out = String::new();
    let mut place = 0;
    while place < chars.len() {
        let rest = &chars[place..];
        match rest {
            ['-', '-', ..] => {
                place += rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            }
            ['/', '*', ..] => {
                let end = rest.windows(2).skip(2).position(|pair| pair == ['*', '/'])?;
                // No comment begins in a comment.
                if rest[2..end + 2].windows(2).any(|pair| pair == ['/', '*']) {
                    return None;
                }
                place += end + 4;
            }
            [quote @ ('\'' | '"' | '`'), ..] if *quote != '`' || ticks => {
                let escapes =
                    (*quote == '\'' && (backslashes || out.ends_with('E'))) || (*quote == '`' && tick_escapes);
                let mut at = 1;
                loop {
                    match rest.get(at)? {
                        '\\' if escapes => at += 2,
                        c if c == quote => {
                            if rest.get(at + 1) == Some(quote) && !(escapes && backslashes) {
                                at += 2;
                            } else {
                                break;
                            }
                        }
                        _ => at += 1,
                    }
                }
                out.push('_');
                place += at + 1;
            }
            [c, ..] => {
                out.push(*c);
                place += 1;
            }
            [] => {}
        }
    }
    Some(out)
}

#[test]
fn hostile_text_stays_text() {
    for hostile in HOSTILE {
        let text = format!(
            r#"
policy "{hostile}"
version "{hostile}"
lead {{
  id      text key from "id {hostile}"
  title   text ask "{hostile}"
  kind    one of ["{hostile}", "plain"]
  pets    list of text missing ["{hostile}"]
}}
event seen from "{hostile}" {{ what text from "what {hostile}" }}
list bad = ["{hostile}", "x"]
fit f "{hostile}" {{
  a "{hostile}": title is "x{hostile}"
  b: title in bad
  c: kind is "{hostile}"
  d: pets has "x{hostile}"
  e: title contains "x{hostile}" or title like "x{hostile}*" or title mentions "x {hostile}"
  g: any seen where (what is exactly "x{hostile}")
}}
score s "{hostile}" {{ r "{hostile}": +1 per distinct what of seen, at most 1 time a day }}
disqualify {{ nope "{hostile}": title starts with "x{hostile}" }}
stages {{ one "{hostile}"  two "{hostile}": s >= 1 }}
route {{ out "{hostile}": otherwise }}
always "{hostile}": s >= 0
"#
        );
        let program = program(&text);
        for dialect in DIALECTS {
            for lists_as_tables in [false, true] {
                let options = Options {
                    leads: "we\"ird`.le'ads --".into(),
                    explain: true,
                    lists_as_tables,
                    ..options(*dialect, &program)
                };
                let Ok(text) = sql(&program, &options) else { continue };
                let backslashes = !matches!(dialect.name(), "duckdb" | "postgres" | "sqlite");
                let ticks = matches!(dialect.name(), "bigquery" | "spark" | "clickhouse");
                let bare = bare(&text, backslashes, ticks, matches!(dialect.name(), "bigquery" | "clickhouse"))
                    .unwrap_or_else(|| panic!("{}: something is left open: {hostile}\n{text}", dialect.name()));
                for word in ["DROP", "jinja", "$", ";", "{", "tick"] {
                    assert!(!bare.contains(word), "{}: {hostile} gets out:\n{text}", dialect.name());
                }
                let comments: Vec<&str> = text.lines().filter_map(|line| line.split("-- ").nth(1)).collect();
                assert!(!comments.is_empty() && !text.contains('\u{202e}') || text.contains('\''));
                assert!(!text.contains('\0'), "{}", dialect.name());
            }
        }
    }
}
