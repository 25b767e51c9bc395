//! What the lints on data and points say, word for word, and where they keep silent.

use qualify::base::SourceMap;
use qualify::check::check;
use qualify::diagnostic::{ColorChoice, Diagnostic, render};
use qualify::lint::{Context, Group, Levels, lint, named};
use qualify::syntax::{MemoryFiles, load};
use std::path::Path;

/// What the lints of these groups find.
fn found(name: &str, policy: &str, groups: &[Group]) -> Result<(Vec<Diagnostic>, SourceMap), String> {
    let loaded = load(name, policy, &MemoryFiles::default());
    let checked = check(&loaded, &[]);
    let Some(program) = &checked.program else {
        let shown = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 100);
        return Err(format!("not valid:\n{policy}\n{shown}"));
    };
    let mut found = lint(&Context::new(&loaded, program), &Levels::default());
    found.retain(|found| named(found.code).is_some_and(|lint| groups.contains(&lint.group)));
    let sources = loaded.sources.clone();
    Ok((found, sources))
}

#[test]
fn words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases");
    for name in ["data", "scoring", "for_ever"] {
        let policy = std::fs::read_to_string(folder.join(format!("{name}.qual"))).expect("a policy");
        let groups: &[Group] = if name == "data" { &[Group::Data] } else { &[Group::Scoring] };
        // A lint that others own and that may say more some day.
        let (mut found, sources) = found(&format!("{name}.qual"), &policy, groups).expect("valid");
        let others = ["missing-undecided", "weights-contradict-points", "single-event-qualifies"];
        found.retain(|found| !others.contains(&found.code));
        let shown = render(&found, &sources, ColorChoice::Plain, 100);
        let expected = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &shown).expect("a folder");
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(shown, expected, "{name}: UPDATE_GOLDEN=1 rewrites it");
    }
}

/// A lint, what is declared, and how often it finds something.
const CASES: &[(&str, &str, usize)] = &[
    ("unused-field", r#"lead { id text key  n int required }"#, 0),
    ("unused-field", r#"lead { n int } test "t" as of 2026-01-01 { lead { n: 1 } expect n is 1 }"#, 0),
    ("unused-field", r#"lead { n int } test "t" as of 2026-01-01 { lead { n: 1 } expect true }"#, 1),
    ("unused-field", r#"lead { s stage } stages { lead  mql: true, keep while true }"#, 0),
    ("unused-field", r#"lead { a { b int  c int } } define d: lead.a.b persona p: d >= 1"#, 1),
    (
        "unused-field",
        r#"event x { p text } event y { p text } event g is any of [x, y] persona q: any g where (p is "1")"#,
        0,
    ),
    ("unused-event", r#"event x event y persona p: any x or (last event) within 3 days"#, 0),
    ("unused-event", r#"event x event y event g is any of [x, y] persona p: any g"#, 0),
    ("unused-event", r#"event x event y persona p: any x"#, 1),
    ("unused-definition", r#"define points: 5 score s { a: +points if true }"#, 0),
    ("unused-definition", r#"define some: 2 event x persona p: at least some x"#, 0),
    ("unused-definition", r#"lead { n int } define line: 2 persona p: n >= line"#, 0),
    ("unused-definition", r#"lead { n int } define a: n + 1 define b: a + 1 persona p: b is 3"#, 0),
    ("unused-definition", r#"lead { n int } define a: n + 1 define b: a + 1"#, 2),
    ("unused-definition", r#"lead { t text } list l = ["a"] persona p: t mentions any of l"#, 0),
    ("leaky-field", r#"lead { b bool known from mql } stages { lead  mql: b }"#, 0),
    ("leaky-field", r#"lead { b bool known from sql } stages { lead  mql: b otherwise true  sql: b }"#, 0),
    ("leaky-field", r#"lead { b bool known from sql } stages { lead  mql: b is missing or b  sql: b }"#, 0),
    ("leaky-field", r#"lead { b bool known from sql } stages { lead  mql: true  sql: b } route { x: b }"#, 0),
    (
        "leaky-field",
        r#"lead { n int known from sql } score s { a: by n { >= 3: +5 } } score t { include s }
           bands w of t { low high from 5 } stages { lead  mql: w is high  sql: t >= 5 }"#,
        1,
    ),
    ("pattern-too-wide", r#"lead { title text } persona p: title mentions "cto""#, 0),
    ("pattern-too-wide", r#"lead { title text } persona p: title contains "cto""#, 1),
    (
        "pattern-too-wide",
        r#"lead { title text } persona p: title contains any of ["cto", "director", "factory", "doctor"]"#,
        0,
    ),
    (
        "pattern-too-wide",
        r#"lead { title text } persona p: title contains "intern" and not (title mentions any of ["international", "internal"])"#,
        0,
    ),
    ("pattern-too-wide", r#"lead { path text } persona p: path contains "it" or path like "*/it/*""#, 0),
    ("pattern-too-wide", r#"lead { title one of ["CTO", "Director"] } persona p: title contains "cto""#, 0),
    ("pattern-too-wide", r#"event page { title text } persona p: any page where (title contains "it")"#, 0),
    ("pattern-too-wide", r#"lead { title text } persona p: title mentions any of ["team lead", "product owner"]"#, 0),
    ("pattern-too-wide", r#"lead { job text } persona p: job like "vp *" or job ends with "lead""#, 0),
    ("pattern-too-wide", r#"lead { note text } persona p: note matches "^.{40,}$""#, 0),
    ("pattern-too-wide", r#"lead { note text } persona p: note like "*""#, 1),
    ("sentinel-value", r#"lead { plan text  pets list of text } persona p: plan is "none" or pets has "none""#, 0),
    ("sentinel-value", r#"lead { tier one of ["Basic", "Select"] } persona p: tier is "Select""#, 0),
    ("sentinel-value", r#"lead { topic one of ["Select", "Basic"] } persona p: topic is "Select""#, 1),
    ("sentinel-value", r#"lead { n int } persona p: n is 0 or n >= -1"#, 0),
    ("sentinel-value", r#"lead { n int missing [-1] } persona p: n is -1"#, 1),
    ("sentinel-value", r#"lead { t text } score s { a: by t { is "unknown": -5 } }"#, 1),
    ("case-only-difference", r#"lead { t text } persona p: t is exactly "X" or t is "x" or t is exactly "x""#, 0),
    (
        "case-only-difference",
        r#"lead { t text } persona p: t is "x" test "t" as of 2026-01-01 { lead { t: "X" } expect t is "X" }"#,
        0,
    ),
    ("case-only-difference", r#"lead { t text  u text } persona p: t is "x" or u is "X""#, 0),
    ("list-entry-twice", r#"lead { t text } persona p: t matches any of ["\\d", "\\D"]"#, 0),
    ("list-entry-twice", r#"lead { n int } persona p: n in [1, 1_000, 1k]"#, 1),
    ("list-entry-twice", r#"lead missing ["a", "A "] { t text } persona p: t is known"#, 1),
    (
        "regex-could-be-mentions",
        r#"lead { t text } persona p: t matches "^\\d+$" or t matches "\\bceo" or t matches "c.o""#,
        0,
    ),
    ("regex-could-be-mentions", r#"lead { t one of ["a", "b"] } persona p: t matches "^a$""#, 0),
    ("regex-could-be-mentions", r#"lead { t text } persona p: t matches any of ["^a$", "b"]"#, 0),
    (
        "counted-twice",
        r#"event x score s { group g to 10 { a: +5 per x within 9 days  b: +5 per x within 3 days } }"#,
        0,
    ),
    ("counted-twice", r#"event x score s { a: +5 per x within 9 days } score t { b: +5 per x within 3 days }"#, 0),
    (
        "counted-twice",
        r#"event x { p text } score s { a: +5 per x within 9 days  b: +5 per distinct p of x within 9 days }"#,
        0,
    ),
    (
        "counted-twice",
        r#"event x { p text } score s { a: +5 per x where (p is "1") within 9 days  b: +5 per x where (p is "2") within 9 days }"#,
        0,
    ),
    ("counted-twice", r#"event x score s { a: +5 per x within 9 days  b: -5 per x within 3 days }"#, 0),
    ("counted-twice", r#"lead { n int } score s { a: +5 if n < 3  b: +5 if n >= 3 }"#, 0),
    ("counted-twice", r#"lead { n int } score s { a: +5 if n is known  b: +5 if n >= 3 }"#, 0),
    ("counted-twice", r#"lead { n int  m int } score s { a: +5 if n >= 3  b: +5 if m >= 3 or n >= 4 }"#, 0),
    (
        "counted-twice",
        r#"lead { t text } score s { a: +5 if t mentions any of ["ceo", "cto"]  b: +5 if t mentions any of ["cto", "engineer"] }"#,
        0,
    ),
    (
        "counted-twice",
        r#"lead { t text } score s { a: +5 if t mentions any of ["ceo", "cto"]  b: +5 if t mentions "cto" }"#,
        1,
    ),
    ("counted-twice", r#"lead { n money USD } score s { a: +5 if n >= 3 USD  b: by n { > 9 USD: +2 } }"#, 1),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { any x within 3 days: +9  any x within 9 days: +5 } }"#,
        0,
    ),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { any x within 3 days: -9  any x within 9 days: -5 } }"#,
        0,
    ),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { any x within 3 days: -5  any x within 9 days: -9 } }"#,
        1,
    ),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { no x within 9 days: -9  no x within 3 days: -5 } }"#,
        0,
    ),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { no x within 9 days: -5  no x within 3 days: -9 } }"#,
        1,
    ),
    (
        "weaker-evidence-pays-more",
        r#"event x score s { a: first of { no x within 9 days: +9  no x within 3 days: +5 } }"#,
        0,
    ),
    ("weaker-evidence-pays-more", r#"event x score s { a: by count of x within 9 days { 1 to 3: +2  >= 4: +9 } }"#, 0),
    ("weaker-evidence-pays-more", r#"event x score s { a: first of { at least 3 x: +2  any x: +9 } }"#, 1),
    ("window-and-decay-fight", r#"event x score s { a: +9 per x within 180 days, halving every 60 days }"#, 0),
    ("window-and-decay-fight", r#"event x score s { a: +9 per x within 6 months, fading over 180 days }"#, 0),
    ("window-and-decay-fight", r#"event x score s { a: +4 per x within 30 days, losing 1 every 7 days }"#, 0),
    ("window-and-decay-fight", r#"event x score s { a: +9 per x within 180 days, losing 25% every 30 days }"#, 0),
    ("window-and-decay-fight", r#"event x score s { a: +9 per x within 1 year, fading over 90 days }"#, 1),
    ("points-never-expire", r#"event x score s { a: +9 per x since 2026-01-01  b: +9 per x, fading over 30 days }"#, 0),
    ("points-never-expire", r#"event x score s { a: +9 per x  b: -5 per 30 days since last x }"#, 0),
    ("points-never-expire", r#"event x score s { a: +9 per x  b: -5 if no event within 30 days }"#, 0),
    ("points-never-expire", r#"event x score s { a: -9 per x  b: -9 if any x }"#, 0),
    ("points-never-expire", r#"event x score s { a: +9 if any x and no x within 9 days }"#, 0),
    ("no-negative-signal", r#"lead { n int } score s { a: +1 if n is 1  b: +1 if n is 2  c: +1 if n is 3 }"#, 0),
    (
        "no-negative-signal",
        r#"event x score s { a: +1 if any x  b: +1 per x  c: +1 if at least 3 x } disqualify { d: at least 9 x }"#,
        0,
    ),
    (
        "decay-on-fit",
        r#"lead { n int  m int  made time } score s { a: +1 if n is 1  b: +1 if m is 2  c: -1 per 30 days since made }"#,
        0,
    ),
    (
        "decay-on-fit",
        r#"lead { path text } event x { path text } score s { a: +1 if any x where (path is "/p") within 3 days }"#,
        0,
    ),
];

#[test]
fn precisely_there() {
    let mut wrong = Vec::new();
    for (name, declarations, count) in CASES {
        let lint = named(name).expect("a lint");
        match found("policy.qual", &format!("policy \"p\"\n{declarations}\n"), &[lint.group]) {
            Ok((mut found, sources)) => {
                found.retain(|found| found.code == *name);
                if found.len() != *count {
                    let shown = render(&found, &sources, ColorChoice::Plain, 100);
                    wrong.push(format!("{name}, not {count} times: {declarations}\n{shown}"));
                }
            }
            Err(invalid) => wrong.push(invalid),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
