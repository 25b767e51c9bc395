//! The reference evaluator on whole policies, against decisions that were worked out by hand.

#![allow(clippy::unwrap_used)]

mod reference;

use qualify::base::{FileId, Source};
use qualify::syntax::{ast, parse};
use reference::{Decision, decide, run_tests};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// The tree of a policy without errors of syntax.
fn tree(text: &str) -> Vec<ast::File> {
    let parsed = parse(&Source::new("policy.qual", text), FileId(0));
    assert!(parsed.diagnostics.is_empty(), "{:#?}\n{text}", parsed.diagnostics);
    vec![parsed.file]
}

/// The decision on a lead as of the last millisecond of 2026-11-01, or of another day or instant.
fn decided(text: &str, lead: &Json, as_of: &str) -> Decision {
    decide(&tree(text), &HashMap::new(), lead, None, as_of).expect("no reject")
}

/// What expressions are worth on a lead, each a define of its own.
fn worth(head: &str, expressions: &[(&str, &str)], lead: &Json, as_of: &str) {
    let defines: String = expressions.iter().enumerate().map(|(i, (e, _))| format!("define d{i}: {e}\n")).collect();
    let flat = decided(&format!("policy \"p\"\n{head}\n{defines}"), lead, as_of);
    for (i, (expression, wanted)) in expressions.iter().enumerate() {
        assert_eq!(flat[&format!("define.d{i}")], *wanted, "{expression}");
    }
}

/// What rules are worth.
fn points(head: &str, rules: &[(&str, &str)], lead: &Json, as_of: &str) {
    let written: String = rules.iter().enumerate().map(|(i, (rule, _))| format!("  r{i}: {rule}\n")).collect();
    let flat = decided(&format!("policy \"p\"\n{head}\nscore s {{\n{written}}}\n"), lead, as_of);
    for (i, (rule, wanted)) in rules.iter().enumerate() {
        assert_eq!(flat[&format!("rule.s.r{i}")], *wanted, "{rule}");
    }
}

/// The policy of the language document's first section.
const DOGGIE: &str = include_str!("reference/doggie.qual");

#[test]
fn todd_is_a_marketing_qualified_lead() {
    let files = tree(DOGGIE);
    let outcomes = run_tests(&files, &lists());
    assert_eq!(outcomes.len(), 1);
    assert!(!outcomes[0].expected.is_empty());
    assert!(outcomes[0].expected.iter().all(|truth| *truth == Some(true)), "{outcomes:?}");
}

fn lists() -> HashMap<String, Vec<String>> {
    HashMap::from([("free_mail".to_string(), vec!["gmail.com".to_string(), "gmx.de".to_string()])])
}

#[test]
fn todd_from_data() {
    let opened = json!({"type": "email_opened", "at": "2026-10-29T23:59:59.999-05:00"});
    let mut events = vec![opened; 7];
    events.push(json!({"type": "webinar_attended", "at": "2026-10-20T23:59:59.999-05:00", "topic": "Puppy food"}));
    let lead = json!({
        "id": "todd", "country": "us", "income": 120_000, "pets": "dog; dog", "seniority": "Manager",
        "Email Address": "todd@GMAIL.com", "title": "Brand manager", "company": {"size": 120}, "events": events,
    });
    let flat = decide(&tree(DOGGIE), &lists(), &lead, None, "2026-11-01").expect("no reject");
    let wanted = [
        ("fit.icp", "fits"),
        ("fit.icp.passed", "3"),
        ("check.icp.can_afford", "passes"),
        ("rule.engagement.opens", "35"),
        ("group.engagement.email", "25"),
        ("rule.engagement.webinars", "8.7055"),
        ("rule.engagement.calls", "0"),
        ("rule.engagement.quiet", "0"),
        ("score.engagement", "33.7055"),
        ("rule.profile.decides", "0"),
        ("rule.profile.size", "15"),
        ("rule.profile.private", "-10"),
        ("score.profile", "5"),
        ("include.lead_score.profile", "2.5"),
        ("score.lead_score", "36.2055"),
        ("band.interest", "warm"),
        ("matrix.priority", "p2"),
        ("persona.dog_dad", "true"),
        ("define.decision_maker", "false"),
        ("disqualified", ""),
        ("disqualified.competitor", "false"),
        ("stage", "mql"),
        ("stage.sal", "false"),
        ("stage.sal.condition", "unknown"),
        ("stage.sql.condition", "false"),
        ("route", "sdr"),
        ("route.deadline", "2026-11-03T04:59:59.999Z"),
        ("always.0", "true"),
        ("problems", "0"),
    ];
    for (name, value) in wanted {
        assert_eq!(flat.get(name).map(String::as_str), Some(value), "{name}: {flat:#?}");
    }
}

#[test]
fn kleene() {
    let head = "lead { id text key  t bool  f bool  u bool }";
    let lead = json!({"id": 1, "t": true, "f": false});
    let mut tests = Vec::new();
    for (a, b, and, or, implies) in [
        ("t", "t", "true", "true", "true"),
        ("t", "f", "false", "true", "false"),
        ("t", "u", "unknown", "true", "unknown"),
        ("f", "t", "false", "true", "true"),
        ("f", "f", "false", "false", "true"),
        ("f", "u", "false", "unknown", "true"),
        ("u", "t", "unknown", "true", "true"),
        ("u", "f", "false", "unknown", "unknown"),
        ("u", "u", "unknown", "unknown", "unknown"),
    ] {
        tests.push((format!("{a} and {b}"), and));
        tests.push((format!("{a} or {b}"), or));
        tests.push((format!("{a} implies {b}"), implies));
    }
    for (text, wanted) in [
        ("not u", "unknown"),
        ("u is known", "false"),
        ("(t and u) is missing", "true"),
        ("u otherwise true", "true"),
        ("if u then t else t", "unknown"),
        ("at least 1 of [t, u]", "true"),
        ("at least 2 of [t, u]", "unknown"),
        ("at least 2 of [t, f]", "false"),
        ("at most 1 of [t, u]", "unknown"),
        ("at most 1 of [t, f, f]", "true"),
        ("at most 0 of [t, u]", "false"),
        ("at most 2 of [t, u]", "true"),
        ("any of [f, u]", "unknown"),
        ("all of [f, u]", "false"),
        ("u is t", "unknown"),
        ("f is not t", "true"),
    ] {
        tests.push((text.to_string(), wanted));
    }
    let tests: Vec<(&str, &str)> = tests.iter().map(|(text, wanted)| (text.as_str(), *wanted)).collect();
    worth(head, &tests, &lead, "2026-11-01");
}

#[test]
fn arithmetic_is_rounded_at_once() {
    let head = "lead { id text key  n number  big number  i int  m money USD  z int  gone int }";
    let lead = json!({"id": 1, "n": 1.5, "big": 999_999_999_999.0, "i": 7, "m": "100.00005", "z": 0});
    let tests = [
        ("i / 2", "3.5"),
        ("i / 3", "2.333333"),
        ("i / 3 * 3", "6.999999"),
        ("-i / 3", "-2.333333"),
        ("2 / 3", "0.666667"),
        ("i / z", "missing"),
        ("big + 1", "missing"),
        ("big * n", "missing"),
        ("(big + 1) otherwise 5", "5"),
        ("gone + 1", "missing"),
        ("m", "100.0001"),
        ("m * 0.5", "50.0001"),
        ("0.5 * m", "50.0001"),
        ("m / 3", "33.3334"),
        ("m + 1 USD", "101.0001"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(m)", "100"),
        ("min(i, n)", "1.5"),
        ("max(i, gone)", "missing"),
        ("if i > 5 then 1 else 2.5", "1"),
        ("0.000001 * 0.5", "0.000001"),
        ("n * 20%", "0.3"),
        ("1 + 2 * 3 - 4", "3"),
        ("gone otherwise i otherwise 1", "7"),
        ("i between 7 and 8", "true"),
        ("i in [1, 7]", "true"),
        ("gone not in [1, 7]", "unknown"),
        ("i is 7.0", "true"),
    ];
    worth(head, &tests, &lead, "2026-11-01");
}

#[test]
fn reading_data() {
    let head = r#"lead missing ["Select"] {
      id text key  a text  b int  c number  d money USD  e bool  f date  g time
      h one of ["Software", "Straße"]  i ranked ["Low", "High"]  j list of int missing [-1]
      k date format "%d.%m.%Y"  company { name text  size int from "staff.count" }  l list of text  s stage
    }
    stages { new "Brand new"  won: any event }
    timezone "America/New_York""#;
    let lead = json!({
        "id": " x ", "a": 1.0, "b": "3.0", "c": "0.0000005", "d": {"amount": "12.50", "currency": "USD"},
        "e": "YES", "f": "2026-03-08T03:30:00Z", "g": "2026-03-08", "h": " STRASSE", "i": "high\u{a0}",
        "j": "1; 2;-1;;3", "k": "1.2.2026", "company": {"name": "Select", "staff": {"count": 5}}, "l": "select",
        "s": "BRAND NEW",
    });
    let tests = [
        ("a", "1"),
        ("b", "3"),
        ("c", "0.000001"),
        ("d", "12.5"),
        ("e", "true"),
        ("f", "2026-03-07"),
        ("g", "2026-03-08T05:00:00.000Z"),
        ("h is known", "false"),
        ("i >= \"High\"", "true"),
        ("size(j)", "3"),
        ("k", "2026-02-01"),
        ("company.name is missing", "true"),
        ("company.size", "5"),
        ("l is missing", "true"),
        ("s is new", "true"),
        ("problems_are_counted", "unknown"),
    ];
    let known = &tests[..tests.len() - 1];
    worth(head, known, &lead, "2026-11-01");
    let flat = decided(&format!("policy \"p\"\n{head}"), &lead, "2026-11-01");
    assert_eq!((flat["problems"].as_str(), flat["problem.h"].as_str()), ("1", "listed"));
    let reject =
        decide(&tree(&format!("policy \"p\"\n{head}")), &HashMap::new(), &json!({"id": " "}), None, "2026-11-01");
    assert_eq!(reject.unwrap_err().field, "id");
}

#[test]
fn data_problems() {
    let head = "lead { id text key  i int  n number  m money USD  b bool  t time  l list of int  o { x int } }";
    for (field, value) in [
        ("i", json!(3.5)),
        ("i", json!("1,000")),
        ("i", json!("1234567890123456789")),
        ("n", json!("1000000000000")),
        ("n", json!("999999999999.9999996")),
        ("n", json!("NaN")),
        ("n", json!("1e400")),
        ("n", json!([1])),
        ("m", json!({"amount": 1, "currency": "EUR"})),
        ("b", json!(2)),
        ("t", json!(1_700_000_000)),
        ("t", json!("2026-02-30")),
        ("l", json!("1;x")),
        ("l", json!(5)),
        ("o", json!("x")),
    ] {
        let flat = decided(&format!("policy \"p\"\n{head}"), &json!({"id": 1, (field): value}), "2026-11-01");
        assert_eq!(flat["problems"], "1", "{field}: {value}");
        assert!(flat.contains_key(&format!("problem.{field}")), "{flat:?}");
    }
    for (field, value) in
        [("i", json!("3e2")), ("n", json!("-0")), ("b", json!(1.0)), ("l", json!("")), ("t", json!(" "))]
    {
        let flat = decided(&format!("policy \"p\"\n{head}"), &json!({"id": 1, (field): value}), "2026-11-01");
        assert_eq!(flat["problems"], "0", "{field}: {value}");
    }
}

#[test]
fn ages_go_through_the_as_of() {
    let head = "lead { id text key  born date  made time  soon date }  timezone \"Europe/Berlin\"";
    // As-of 2026-03-31T23:59:59.999+02:00; a month less is 2026-02-28T23:59:59.999+01:00.
    let lead = json!({"id": 1, "born": "2026-02-28", "made": "2026-02-28T22:59:59.999Z", "soon": "2026-04-30"});
    let tests = [
        ("age of born >= 1 month", "true"),
        ("age of born > 1 month", "false"),
        ("age of made >= 1 month", "true"),
        ("age of made > 1 month", "false"),
        ("age of made <= 1 month", "true"),
        ("born within 1 month", "true"),
        ("made within 1 month", "true"),
        ("age of born >= 31 days", "true"),
        ("age of born > 31 days", "false"),
        ("age of born >= 745 hours", "false"),
        ("soon within next 1 month", "true"),
        ("soon within next 29 days", "false"),
        ("soon within next 30 days", "true"),
        ("age of soon < 1 day", "true"),
        ("soon within 30 days", "false"),
        ("made is 2026-02-28", "true"),
        ("made >= 2026-03-01", "false"),
        ("made is born", "true"),
        ("age of born between 1 month and 2 months", "true"),
    ];
    worth(head, &tests, &lead, "2026-03-31");
    let later = json!({"id": 1, "born": "2026-02-27", "made": "2026-02-28T23:00:00Z"});
    worth(head, &[("born within 1 month", "false"), ("age of made >= 1 month", "false")], &later, "2026-03-31");
    // 2026-10-25 has 25 hours in Berlin: a day is 24 hours, a month goes by the calendar.
    let autumn = json!({"id": 1, "made": "2026-09-25T22:59:59.999+02:00"});
    worth(head, &[("age of made >= 1 month", "true"), ("age of made >= 30 days", "true")], &autumn, "2026-10-25");
    let tests = [("made within 1 day", "false"), ("made within 25 hours", "true")];
    worth(head, &tests, &json!({"id": 1, "made": "2026-10-24T23:59:59.999+02:00"}), "2026-10-25");
}

/// Event types and a lead with events on 2026-11-01 (UTC, a Sunday) and before.
const EVENTS: &str = r#"lead { id text key  since_day date  gone date }
    event seen from "Page Seen" { path text  seconds int }
    event called { day text  seconds int }
    event touched is any of [seen, called]"#;

fn eventful() -> Json {
    let event = |ty: &str, at: &str, path: Json, seconds: Json| json!({"type": ty, "at": at, "path": path, "seconds": seconds, "day": "x"});
    json!({"id": 1, "since_day": "2026-10-26", "events": [
        event("Page Seen", "2026-11-01T23:59:59.999Z", json!("/a"), json!(10)),
        event("Page Seen", "2026-11-01T00:00:00Z", json!(" /A"), json!(20)),
        event("Page Seen", "2026-10-31T23:59:59.999Z", json!("/b"), json!(null)),
        event("Page Seen", "2026-10-26T00:00:00Z", json!(null), json!("x")),
        event("page seen", "2026-11-01T00:00:00Z", json!("/c"), json!(1)),
        event("called", "2026-10-25T23:59:59Z", json!(null), json!(5)),
        event("called", "2026-11-02T00:00:00Z", json!(null), json!(5)),
        {"type": "called"},
        7,
    ]})
}

#[test]
fn events_are_chosen() {
    let tests = [
        ("count of seen", "4"),
        ("count of called", "1"),
        ("count of touched", "5"),
        ("count of event", "6"),
        ("count of event where (type is \"page seen\")", "5"),
        ("count of seen within 1 day", "3"),
        ("count of seen within 23 hours", "1"),
        ("count of seen since since_day", "4"),
        ("count of seen since 2026-10-27", "3"),
        ("count of seen since gone", "4"),
        ("count of seen where (path is \"/a\")", "2"),
        ("count of seen where (not path is \"/a\")", "1"),
        ("count of seen where (day is 2026-11-01)", "2"),
        ("count of called where (day is \"X\")", "1"),
        ("count of seen where (lead.id is \"1\" and path is known)", "3"),
        ("total seconds of seen", "30"),
        ("total seconds of touched", "35"),
        ("highest seconds of seen", "20"),
        ("lowest seconds of touched", "5"),
        ("highest seconds of called within 1 day", "missing"),
        ("total seconds of called within 1 day", "0"),
        ("distinct path of seen", "2"),
        ("distinct day of seen", "3"),
        ("first seen", "2026-10-26T00:00:00.000Z"),
        ("last seen", "2026-11-01T23:59:59.999Z"),
        ("last called within 1 day", "missing"),
        ("(last called) within 8 days", "true"),
        ("any called within 1 day", "false"),
        ("no called within 1 day", "true"),
        ("at least 2 seen where (seconds >= 10)", "true"),
        ("at most 1 seen where (seconds >= 10)", "false"),
    ];
    worth(EVENTS, &tests, &eventful(), "2026-11-01");
    let flat = decided(&format!("policy \"p\"\n{EVENTS}"), &eventful(), "2026-11-01");
    // An unreadable field, an event without a time, an event that is none.
    assert_eq!(flat["problems"], "3");
}

#[test]
fn caps_keep_the_latest() {
    let rules = [
        ("+5 per seen", "20"),
        ("+5 per distinct path of seen", "10"),
        ("+5 per seen, at most 1 time a day", "15"),
        ("+5 per seen, at most 1 time a week", "5"),
        ("+5 per seen, at most 1 time a month", "10"),
        ("+5 per seen, at most 2 times", "10"),
        ("-5 per seen, at most 7.5 points", "-7.5"),
        ("+5 per seen, at most 7", "7"),
        // The two of today are no whole day old.
        ("+5 per seen, losing 5 every 1 day, at most 2 times a day", "10"),
        // 10, and 10 × (48 h − 23:59:59.999)/48 h = 5.00000006.
        ("+10 per seen where (seconds is known), fading over 2 days", "15"),
        // One a day: 10; after one day 7.5; after six 10 × 0.75⁶ = 1.7798.
        ("+10 per seen, at most 1 time a day, losing 25% every 1 day", "19.2798"),
        ("+8 per seen, at most 1 time, halving every 1 hour", "8"),
        ("+1 per event", "6"),
        ("+2 per 2 days since since_day", "6"),
        ("+2 per 2 days since since_day, at most 5 points", "5"),
        ("+2 per 1 day since last called", "14"),
        ("+2 per 1 day since gone", "0"),
    ];
    points(EVENTS, &rules, &eventful(), "2026-11-01");
}

#[test]
fn rules_of_other_forms() {
    let head = r#"lead { id text key  n number  gone int  title text  rank ranked ["Low", "Mid", "High"]  made time }
        define bonus: 2.5"#;
    let lead = json!({"id": 1, "n": 49.5, "title": "Head of Sales", "rank": "mid", "made": "2026-10-30"});
    let rules = [
        ("+5 if n > 49", "5"),
        ("-5 if n > 50", "0"),
        ("+5 if gone > 1", "0"),
        ("-bonus if n is known", "-2.5"),
        ("by n { 10 to 49: +1 50 to 100: +2 }", "0"),
        ("by n { 10 to 49: +1 >= 49.5: +2 otherwise: +3 }", "2"),
        ("by n { 10 to 49: +1 otherwise: +3 }", "3"),
        ("by gone { 1 to 2: +1 missing: -5 otherwise: +3 }", "-5"),
        ("by gone { 1 to 2: +1 otherwise: +3 }", "0"),
        ("by title { mentions \"ceo\": +1 like \"head*\": +2 }", "2"),
        ("by rank { \"Low\" to \"Mid\": +1 is \"High\": +2 }", "1"),
        ("by age of made { <= 1 day: +1 <= 7 days: +2 }", "2"),
        ("first of { gone > 1: +1  n > 1: +2 }", "2"),
        ("first of { gone > 1: +1  n < 1: +2  otherwise: +3 }", "0"),
        ("first of { n > 60: +1  n < 1: +2  otherwise: +3 }", "3"),
    ];
    points(head, &rules, &lead, "2026-11-01");
    let flat = decided(
        r#"policy "p"
        lead { id text key  n number  gone int }
        score inner from -10 to 10 { a: +25 if n > 1 }
        score outer from 0 {
          include inner * 33.3333%
          include n * 50%
          include gone
          group g to 3 { group h { b: +2 if n > 1  c: +2 if n > 2 }  d: -0.5 if n > 1 }
        }
        bands heat of outer { cold  warm from 10  hot from 31.0834 }"#,
        &json!({"id": 1, "n": 49.500001}),
        "2026-11-01",
    );
    for (name, wanted) in [
        ("score.inner", "10"),
        ("include.outer.inner", "3.3333"),
        ("include.outer.n", "24.75"),
        ("include.outer.gone", "0"),
        ("group.outer.h", "4"),
        ("group.outer.g", "3"),
        ("score.outer", "31.0833"),
        ("band.heat", "warm"),
    ] {
        assert_eq!(flat[name], wanted, "{name}");
    }
}

#[test]
fn stages_and_routes() {
    let policy = r#"policy "p"
        lead { id text key  n int  bad bool  today stage }
        disqualify { spam: bad  robot: n > 100 }
        stages {
          new
          mql: n >= 10, keep while n >= 5
          sal after mql: n >= 20
          won after sal: n >= 15, keep while true
        }
        route { out within 1 day: disqualified by spam  hot: stage >= sal  cold: stage < sal  rest within 1 month: otherwise }
        define a: stage is mql
        define b: stage is not mql
        define c: stage in [new, mql]
        define d: stage not in [new, mql]
        define e: stage between new and won
        define f: stage >= today"#;
    let flat = |lead: Json| decided(policy, &lead, "2026-01-31");
    let of = |lead: Json, name: &str| flat(lead)[name].clone();
    assert_eq!(of(json!({"id": 1, "n": 10}), "stage"), "mql");
    assert_eq!(of(json!({"id": 1, "n": 7}), "stage"), "new");
    assert_eq!(of(json!({"id": 1, "n": 7, "today": "sal"}), "stage"), "mql");
    assert_eq!(of(json!({"id": 1, "n": 16}), "stage"), "mql");
    assert_eq!(of(json!({"id": 1, "n": 20}), "stage"), "won");
    assert_eq!(of(json!({"id": 1, "today": "won"}), "stage"), "won");
    assert_eq!(of(json!({"id": 1, "today": "disqualified"}), "stage"), "new");
    assert_eq!(of(json!({"id": 1, "today": "disqualified"}), "problems"), "0");
    assert_eq!(of(json!({"id": 1}), "stage.mql.condition"), "unknown");
    let out = flat(json!({"id": 1, "bad": true, "n": 101}));
    let wanted = [
        ("stage", "disqualified"),
        ("disqualified", "spam,robot"),
        ("route", "out"),
        ("route.deadline", "2026-02-01T23:59:59.999Z"),
        ("define.a", "false"),
        ("define.b", "true"),
        ("define.c", "false"),
        ("define.d", "true"),
        ("define.e", "false"),
        ("define.f", "false"),
    ];
    for (name, value) in wanted {
        assert_eq!(out[name], value, "{name}");
    }
    let robot = flat(json!({"id": 1, "n": 101}));
    assert_eq!((robot["route"].as_str(), robot["route.deadline"].as_str()), ("rest", "2026-02-28T23:59:59.999Z"));
    assert_eq!(of(json!({"id": 1}), "define.f"), "unknown");
}

#[test]
fn fits_count_their_checks() {
    let policy = |needs: &str| {
        format!(
            "policy \"p\" lead {{ id text key  t bool  f bool  u bool }} fit a{needs} {{ x: t  y: f  z: u }} define d: a fails  define e: a is unknown"
        )
    };
    for (needs, wanted, fails, unknown) in [
        ("", "fails", "true", "false"),
        (" needs 1", "fits", "false", "false"),
        (" needs 2", "unknown", "unknown", "true"),
        (" needs 3", "fails", "true", "false"),
    ] {
        let flat = decided(&policy(needs), &json!({"id": 1, "t": true, "f": false}), "2026-11-01");
        assert_eq!(flat["fit.a"], wanted, "{needs}");
        assert_eq!((flat["define.d"].as_str(), flat["define.e"].as_str()), (fails, unknown), "{needs}");
        assert_eq!((flat["fit.a.passed"].as_str(), flat["fit.a.unknown"].as_str()), ("1", "1"));
    }
}

#[test]
fn text_operators_on_leads() {
    let head = "lead { id text key  t text  pets list of text }  list bad = [\"ceo\", \"dog\"]";
    let lead = json!({"id": 1, "t": " Head-of  Sales ", "pets": ["Dog ", "cat", null, ""]});
    let tests = [
        ("t mentions \"head of\"", "true"),
        ("t mentions any of bad", "false"),
        ("t is \"HEAD-OF  sales\"", "true"),
        ("t is exactly \"HEAD-OF  sales\"", "false"),
        ("t is exactly \"Head-of  Sales\"", "true"),
        ("t starts with \"head\"", "true"),
        ("t ends with any of [\"x\", \"LES\"]", "true"),
        ("t matches \"^head\\\\W+of\\\\s+\"", "true"),
        ("length(t)", "14"),
        ("pets has \"DOG\"", "true"),
        ("pets has any of bad", "true"),
        ("pets has all of [\"cat\", \"dog\"]", "true"),
        ("pets has all of bad", "false"),
        ("size(pets)", "2"),
        ("t in bad", "false"),
        ("t like \"*sales\"", "true"),
        ("domain(t) is missing", "true"),
    ];
    worth(head, &tests, &lead, "2026-11-01");
}

#[test]
fn decisions_are_fast_enough() {
    let files = tree(DOGGIE);
    let lead =
        json!({"id": 1, "title": "ceo", "events": vec![json!({"type": "email_opened", "at": "2026-10-01"}); 20]});
    let start = std::time::Instant::now();
    for _ in 0..50 {
        decide(&files, &lists(), &lead, None, "2026-11-01").unwrap();
    }
    println!("{:?} each", start.elapsed() / 50);
    assert!(start.elapsed().as_millis() < 5000, "{:?}", start.elapsed());
}
