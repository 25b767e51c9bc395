//! Each form of the language document parses, and operators bind as it says.

use super::{DOGGIE, findings, parsed};
use crate::print::{expression, shown};
use qualify::syntax::ast::{Item, ItemKind};
use qualify::syntax::parse_constant;

fn items(text: &str) -> Vec<Item> {
    let (_, parsed) = parsed(text);
    assert_eq!(findings(text), "", "{text}");
    parsed.file.items
}

/// The expression as a bracketed tree.
fn tree(text: &str) -> String {
    let source = format!("define x: {text}");
    let items = items(&source);
    match items.as_slice() {
        [Item { value: ItemKind::Define { value, .. }, .. }] => expression(value),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_policy_of_the_language_document_is_read_whole() {
    let items = items(DOGGIE);
    assert_eq!(items.len(), 28);
    assert!(items.iter().all(|item| item.value != ItemKind::Junk));
}

#[test]
fn line_ends_and_indentation_carry_no_meaning() {
    let words: Vec<&str> = DOGGIE.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#')).collect();
    let flat = words.concat().replace('\n', " ");
    assert_eq!(items(DOGGIE), items(&flat));
    assert_eq!(items(DOGGIE), items(&DOGGIE.replace('\n', "\r\n")));
    assert_eq!(items(DOGGIE), items(&format!("\u{feff}{DOGGIE}")));
}

#[test]
fn expressions_bind_as_the_document_says() {
    for (text, expected) in [
        // if, implies, or, and, not
        ("if a then b else c or d", "(if a b (or c d))"),
        ("if a then b else if c then d else e", "(if a b (if c d e))"),
        ("a implies b", "(implies a b)"),
        ("a or b implies c and d", "(implies (or a b) (and c d))"),
        ("a or b or c", "(or a b c)"),
        ("(a or b) and c", "(and (or a b) c)"),
        ("not a is b", "(not (is a b))"),
        ("not a and b", "(and (not a) b)"),
        ("not (a or b)", "(not (or a b))"),
        ("(if a then b else c) + 1", "(+ (if a b c) 1)"),
        // of conditions
        ("any of [a, b]", "(any-of a b)"),
        ("all of [a, b is 1,]", "(all-of a (is b 1))"),
        ("at least 2 of [a, b, c]", "(at-least 2 a b c)"),
        ("at most n of [a]", "(at-most n a)"),
        // comparisons
        ("a is \"US\"", "(is a \"US\")"),
        ("a is not b", "(is-not a b)"),
        ("a < 1", "(< a 1)"),
        ("a <= 1.5", "(<= a 1.5)"),
        ("a > -1", "(> a (neg 1))"),
        ("a >= 100k USD", "(>= a 100k:USD)"),
        ("a between 1 and 5", "(between a 1 5)"),
        ("a between 1 and 5 and b", "(and (between a 1 5) b)"),
        ("a between 1 + 2 and b otherwise 3", "(between a (+ 1 2) (otherwise b 3))"),
        ("a is exactly \"US\"", "(exactly a \"US\")"),
        ("a is not exactly \"US\"", "(not-exactly a \"US\")"),
        ("a in [1, 2]", "(in a [1 2])"),
        ("a not in [\"x\"]", "(not-in a [\"x\"])"),
        ("domain(email) in free_mail", "(in (domain email) free_mail)"),
        // text operators
        ("t like \"vp *\"", "(like t \"vp *\")"),
        ("t like any of [\"a\", \"b\"]", "(like t any [\"a\" \"b\"])"),
        ("t mentions \"ceo\"", "(mentions t \"ceo\")"),
        ("t mentions any of titles", "(mentions t any titles)"),
        ("t mentions titles", "(mentions t titles)"),
        ("t contains [\"a\"]", "(contains t [\"a\"])"),
        ("t starts with \"/p\"", "(starts-with t \"/p\")"),
        ("t ends with any of [\"x\"]", "(ends-with t any [\"x\"])"),
        ("t matches \"^a\\\\d\"", "(matches t \"^a\\\\d\")"),
        ("pets has \"dog\"", "(has pets \"dog\")"),
        ("pets has any of [\"dog\"]", "(has pets any [\"dog\"])"),
        ("pets has all of wanted", "(has pets all wanted)"),
        // what is known
        ("a is known", "(known a)"),
        ("a.b is missing", "(missing a.b)"),
        ("icp fits", "(fits icp)"),
        ("icp fails and icp is unknown", "(and (fails icp) (unknown icp))"),
        ("disqualified", "disqualified"),
        ("disqualified by competitor", "(disqualified competitor)"),
        // time
        ("age of created_at <= 30 days", "(<= (age created_at) 30 days)"),
        ("age of b >= 28 years and age of b < 36 years", "(and (>= (age b) 28 years) (< (age b) 36 years))"),
        ("age of last visit > 1 hour", "(> (age (last visit)) 1 hour)"),
        ("age of (last visit within 3 days) > 1 hour", "(> (age (last visit within 3 days)) 1 hour)"),
        ("created_at within 30 days", "(within created_at 30 days)"),
        ("renews_on within next 90 days", "(within-next renews_on 90 days)"),
        ("(last visit) within 30 days", "(within (last visit) 30 days)"),
        ("t >= 2026-10-01", "(>= t 2026-10-01)"),
        ("t >= 2026-10-01T12:30:00Z", "(>= t 2026-10-01T12:30:00Z)"),
        ("t >= 2026-10-01T12:30+02:00", "(>= t 2026-10-01T10:30:00Z)"),
        ("t >= 2026-10-01T12:30:00.25-0500", "(>= t 2026-10-01T17:30:00.25Z)"),
        // arithmetic
        ("a otherwise b otherwise c", "(otherwise a (otherwise b c))"),
        ("a + 1 otherwise 0 > 5", "(> (otherwise (+ a 1) 0) 5)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a + b * c / d", "(+ a (/ (* b c) d))"),
        ("(a + b) * -c", "(* (+ a b) (neg c))"),
        ("-a * b", "(* (neg a) b)"),
        ("a - -1", "(- a (neg 1))"),
        ("min(a, max(b, 1)) + round(x)", "(+ (min a (max b 1)) (round x))"),
        ("length(text) > size(list)", "(> (length text) (size list))"),
        ("20% * 1_000 + 2.5M", "(+ (* 20% 1_000) 2.5M)"),
        // events
        ("any visit", "(any visit)"),
        ("no event within 60 days", "(no (event within 60 days))"),
        ("any event and no event within 1 day", "(and (any event) (no (event within 1 day)))"),
        (
            "at least 3 visit where (path is \"x\") within 14 days",
            "(at-least 3 (visit where (is path \"x\") within 14 days))",
        ),
        ("at most max_visits visit since 2026-01-01", "(at-most max_visits (visit since 2026-01-01))"),
        ("count of visit since lead.created_at > 2", "(> (count (visit since lead.created_at)) 2)"),
        ("total seconds of visit > 5", "(> (total seconds visit) 5)"),
        ("highest days of visit - lowest a.b of visit", "(- (highest days visit) (lowest a.b visit))"),
        ("distinct topic of webinar_attended >= 2", "(>= (distinct topic webinar_attended) 2)"),
        ("first visit < last visit", "(< (first visit) (last visit))"),
        ("any event where (type is \"x\" and any of [a, b])", "(any (event where (and (is type \"x\") (any-of a b))))"),
        // words that are names where a name stands
        (
            "total + time + one + lead + score + from + list",
            "(+ (+ (+ (+ (+ (+ total time) one) lead) score) from) list)",
        ),
        ("days > 3 days", "(> days 3 days)"),
        ("stage is mql and stage in [sal, sql]", "(and (is stage mql) (in stage [sal sql]))"),
        ("company.stage is lead.within", "(is company.stage lead.within)"),
        ("highest > 3 and total is lowest", "(and (> highest 3) (is total lowest))"),
        ("true and not false", "(and true (not false))"),
        ("a # a comment\n  and # another\n b", "(and a b)"),
        ("\"a\\\"b\\\\c\\n\\t\\u{e9}\" is t", "(is \"a\\\"b\\\\c\\n\\té\" t)"),
    ] {
        assert_eq!(tree(text), expected, "{text}");
    }
}

#[test]
fn every_declaration_has_its_forms() {
    for text in [
        "policy \"P\" version \"1\" owner \"o\" timezone \"UTC\"",
        "review every 1 month",
        "review every 3 months, last 2026-10-01",
        "agreed by \"m\" on 2026-10-01",
        "use \"common/a.qual\"",
        "lead { }",
        "lead missing [\"Select\", -1] { id text key required email text }",
        "lead { income money USD fixed known from mql ask \"?\" format \"%d\" missing [\"-\"] from \"x\" }",
        "lead { company { name text hq { city text } } required }",
        "lead { a list of text b list of one of [\"x\"] c ranked [\"x\", \"y\",] d stage }",
        "lead { text text int int money money EUR list list of date one one of [\"a\"] time time days int }",
        "lead { key_account bool policy text stages text event_count int }",
        "events { in \"a\" type \"t\" at \"w\" lead \"l\" }",
        "event a",
        "event a \"A\"",
        "event a from \"Page View\"",
        "event a \"A\" from \"x\" { b text day date }",
        "event a { }",
        "event a \"A\" is any of [b, c]",
        "list a = []",
        "list a \"A\" = [\"x\", 1, 2026-01-01]",
        "list a from \"a.txt\" list b \"B\" from \"b.csv\" column \"c\"",
        "define a: 1 define b \"B\": -2.5",
        "persona a: b persona c \"C\": d",
        "fit a { }",
        "fit a \"A\" needs 2 { b: c d \"D\": e }",
        "fit a needs n { b: c }",
        "score a { }",
        "score a \"A\" from -10 to max { b: +1 if c }",
        "score a to 5 { group b \"B\" from 0 to 3 { c \"C\": -1.5 if d } include e include f.g * 50% include h * factor }",
        "score a { group: +1 if b include: +1 if c points: +1 if d }",
        "score a { b: +5 per c c: +5 per d within 3 days, at most 10 points d: +n per event }",
        "score a { b: +5 per c, at most 3 times, at most 1 time a day, at most 2 times a week, at most cap }",
        "score a { b: +5 per c, at most 3 times a month, halving every 60 days }",
        "score a { b: +5 per c where (x is 1) since 2026-01-01, fading over 90 days }",
        "score a { b: -5 per c, losing 25% every 30 days c: +5 per d, losing 5 every 1 week, at most 3 points }",
        "score a { b: +5 per distinct topic of c within 9 days, at most 2 times }",
        "score a { b: -1 per 30 days since created_at, at most 10 points c: +1 per 1 week since last d where (e) }",
        "score a { b: by c { 10 to 49: +5 50 to 1k: -5 >= 500: +n missing: -5 otherwise: +0 } }",
        "score a { b: by c { is \"x\": +5 is not y: +1 in [\"z\"]: +1 not in w: +1 between 1 and 2: +1 is exactly \"q\": +2 } }",
        "score a { b: by c { mentions \"x\": +5 has any of [\"y\"]: +1 like any of l: +1 starts with \"z\": +1 } }",
        "score a { b: by c { -5 to -1: +1 2026-01-01 to 2026-02-01: +2 1 USD to 2 USD: +1 < 30 days: +4 } }",
        "score a { b: first of { c and d: +5 any e: -1 otherwise: -5 } c: first of { } }",
        "bands a of b { c d \"D\" from 5 e from limit }",
        "bands a \"A\" of b.c { d }",
        "matrix a of b by c { _: d, \"E-e\" fits: f, g unknown: f, g fails: f, g missing: h, h \"x y\": f, g }",
        "matrix a \"A\" of b.c by d.e { _ : f g: h }",
        "disqualify { a \"A\": b c: d } disqualify { }",
        "stages { a b \"B\": c d after b: e, keep while true e: f, keep while g }",
        "stages { a \"A\" }",
        "route { a: b c \"C\" within 1 hour: d e within 2 weeks: f g: otherwise }",
        "always: a always \"A\": b implies c",
        "outcome { lead \"l\" converted \"c\" at \"t\" amount \"a\" in USD }",
        "outcome { amount \"a\" }",
        "test \"t\" as of 2026-01-01 { }",
        "test \"t\" as of 2026-01-01T00:00:00Z { lead { a: 1, b.c: -2, d: { e: \"f\" }, g: [1, 2], h: mql, i: 1 USD, } }",
        "test \"t\" as of 2026-01-01 { event a 3 days ago event b on 2026-01-01, 2 times { c: true } event d at 2026-01-01T00:00:00Z, 1 time }",
        "test \"t\" as of 2026-01-01 { expect a expect b.c is 35 and d lead { } }",
        "",
        "# nothing but a comment",
    ] {
        for item in items(text) {
            assert_ne!(item.value, ItemKind::Junk, "{text}");
        }
    }
}

#[test]
fn declarations_hold_what_was_written() {
    for (text, expected) in [
        (
            "score a from 0 to 9 { b \"B\": +5 per c, at most 2 times a day, losing 25% every 1 week }",
            "(score a 0..9 (rule b \"B\" (per +5 c (times 2 day) (losing 25% 1 week))))",
        ),
        (
            "score a { b: by c { 1 to 2: +1 >= 3: -2 missing: +n otherwise: +0 } include d * 50% }",
            "(score a (rule b (by c (1 to 2 +1) ((>= _ 3) -2) (missing +n) (otherwise +0))) (include d 50%))",
        ),
        (
            "score a { group g to 5 { b: first of { c: +1 otherwise: -1 } } d: -1 per 30 days since last e, at most 4 }",
            "(score a (group g ..5 (rule b (first (c +1) (otherwise -1)))) (rule d (period -1 30 days (last e) (points 4))))",
        ),
        ("stages { a \"A\" b after a: c, keep while d }", "(stages (a \"A\") (b after a c keep d))"),
        ("route { a within 1 hour: b c: otherwise }", "(route (a 1 hour b) (c otherwise))"),
        ("matrix m of a by b { _: x, \"y z\" fits: p, q }", "(matrix m a b (x \"y z\") (fits p q))"),
        (
            "test \"t\" as of 2026-01-01 { lead { a: -1, b: { c: d } } event e 3 days ago, 2 times expect f }",
            "(test \"t\" 2026-01-01 (lead (a (neg 1)) (b (c d))) (event e 3 days ago 2) (expect f))",
        ),
        (
            "lead { id text key x list of one of [\"a\"] missing [1] c { d money USD } }",
            "(lead (id text key) (x list one-of \"a\" (missing 1)) (c {(d money USD)}))",
        ),
    ] {
        let items = items(text);
        assert_eq!(items.iter().map(shown).collect::<Vec<_>>().join(" "), expected, "{text}");
    }
}

#[test]
fn spans_are_tight() {
    let text = "define a :  ( b  or c )  # comment\n\nfit f { x: any visit  \n }  ";
    let (sources, parsed) = parsed(text);
    let [define, fit] = parsed.file.items.as_slice() else { panic!("two declarations") };
    assert_eq!(sources.text(define.span), "define a :  ( b  or c )");
    assert_eq!(sources.text(fit.span), "fit f { x: any visit  \n }");
    let ItemKind::Define { value, .. } = &define.value else { panic!("a define") };
    assert_eq!(sources.text(value.span), "( b  or c )");
    let ItemKind::Fit { checks, .. } = &fit.value else { panic!("a fit") };
    assert_eq!(sources.text(checks[0].span), "x: any visit");
}

#[test]
fn comments_are_kept_with_their_places() {
    let text = "# one \n define a: b # two\r\n\t# \"three\nlist l = [\"# none\", # four\n \"x\"]#five";
    let (sources, parsed) = parsed(text);
    let comments: Vec<(&str, bool)> =
        parsed.file.comments.iter().map(|comment| (comment.text.as_str(), comment.own_line)).collect();
    assert_eq!(comments, [("# one", true), ("# two", false), ("# \"three", true), ("# four", false), ("#five", false)]);
    assert!(parsed.file.comments.iter().all(|comment| sources.text(comment.span) == comment.text));
    assert_eq!(findings(text), "");
}

#[test]
fn constants_are_read_alone() {
    for (text, expected) in [
        ("100k USD", "100k:USD"),
        ("-3", "(neg 3)"),
        (" \"US\" ", "\"US\""),
        ("true", "true"),
        ("2026-10-01", "2026-10-01"),
        ("30 days", "30 days"),
        ("[\"a\", 1]", "[\"a\" 1]"),
        ("mql", "mql"),
    ] {
        match parse_constant(text) {
            Ok(value) => assert_eq!(expression(&value), expected),
            Err(errors) => panic!("{text}: {errors:?}"),
        }
    }
    for text in ["", "1 +", "a b", "1 2", "'x'", "2026-02-30", "\"", "1e5", "x(1)"] {
        assert!(parse_constant(text).is_err_and(|errors| !errors.is_empty()), "{text}");
    }
}
