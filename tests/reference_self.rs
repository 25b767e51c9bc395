//! The reference evaluator against values that were worked out by hand.

#![allow(clippy::unwrap_used)]

mod reference;

use reference::number::{self, Q, Written, halving, micros, plain, whole};
use reference::{regex, text, time};

fn q(text: &str) -> Q {
    match number::parse(text) {
        Written::Number(number) => number,
        _ => panic!("no number: {text}"),
    }
}

#[test]
fn numbers_round_half_away_from_zero() {
    for (x, places, wanted) in [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),
        ("-2.4999", 0, "-2"),
        ("0.0000005", 6, "0.000001"),
        ("0.00000049", 6, "0"),
        ("1.00005", 4, "1.0001"),
        ("1e3", 2, "1000"),
        ("12.50", 4, "12.5"),
    ] {
        assert_eq!(plain(&number::round(&q(x), places)), wanted, "{x} to {places}");
    }
}

#[test]
fn numbers_in_text() {
    for bad in ["", "-", ".5", "5.", "1,000", "$5", "1e", "NaN", "inf", "0x10", "1 000", "--1"] {
        assert!(matches!(number::parse(bad), Written::No), "{bad}");
    }
    assert!(matches!(number::parse("1e400000000000000000000"), Written::Huge));
    assert_eq!(plain(&q("-0")), "0");
    assert_eq!(plain(&q("+1.50e2")), "150");
    assert_eq!(plain(&q("0e999999999999")), "0");
    assert_eq!(plain(&micros(-250_000)), "-0.25");
    assert!(number::fits(&q("999999999999.999999"), 12) && !number::fits(&q("1000000000000"), 12));
}

#[test]
fn halving_is_exact_to_the_last_place() {
    let day = 86_400_000;
    // 10 × 2^(−12/60) = 8.70550563296…
    assert_eq!(plain(&halving(&whole(10), 12 * day, 60 * day)), "8.7055");
    assert_eq!(plain(&halving(&whole(10), 60 * day, 60 * day)), "5");
    assert_eq!(plain(&halving(&whole(5), 10 * day, day)), "0.0049");
    assert_eq!(plain(&halving(&whole(-5), 0, day)), "-5");
    // 1 × 2^(−1/2) = 0.70710678…
    assert_eq!(plain(&halving(&whole(1), day, 2 * day)), "0.7071");
    // Nine places first: 0.00004999999996 becomes 0.00005 and then 0.0001.
    assert_eq!(plain(&halving(&q("0.00004999999996"), 0, day)), "0.0001");
    assert_eq!(plain(&halving(&q("0.0000499994"), 0, day)), "0");
}

#[test]
fn text_operators() {
    assert!(text::mentions("Head-of  Sales", "head of"));
    assert!(!text::mentions("oceorama", "ceo"));
    assert!(text::mentions("VP\u{3000}SALES\u{2014}EMEA", "sales emea"));
    assert!(text::mentions("x_ceo", "CEO") && !text::mentions("Überceo", "ceo"));
    assert!(
        text::same(" İstanbul\u{a0}", "istanbul") && text::same("ΟΔΟΣ", "οδος") && !text::same("straße", "STRASSE")
    );
    assert!(text::like("VP Sales", "vp *") && !text::like("EVP Sales", "vp *"));
    assert!(text::like("abc", "a?c") && text::like("", "**") && !text::like("ac", "a?c"));
    assert!(text::like("aXbXc", "a*b*c") && !text::like("ab", "a*b*c"));
    assert!(text::contains("Acme", "CM") && text::starts_with(" Acme", "ac") && text::ends_with("Acme\t", "ME"));
}

#[test]
fn domains() {
    for (said, wanted) in [
        ("bob@Acme.com", Some("acme.com")),
        ("Bob <bob@acme.com>", Some("acme.com")),
        ("https://user:pw@www.Acme.com:8080/x?y#z", Some("acme.com")),
        ("www.acme.com.", Some("acme.com")),
        ("acme.com/path@x.org", Some("x.org")),
        ("acme.com:80/path", Some("acme.com")),
        ("acme", None),
        ("://", None),
        ("bob@localhost", None),
        ("a@b@c.io", Some("c.io")),
        ("www.com", None),
    ] {
        assert_eq!(text::domain(said).as_deref(), wanted, "{said}");
    }
}

#[test]
fn regular_expressions() {
    for (said, pattern, wanted) in [
        ("Acme GmbH", "gmbh$", true),
        ("Acme", "^[a-c]+me$", true),
        ("ACME-12", r"\w+-\d{2}", true),
        ("ACME-1", r"\d{2}", false),
        ("oceorama", r"\bceo\b", false),
        ("the CEO.", r"\bceo\b", true),
        ("aaa", "^(a|aa){2}$", true),
        ("", "^$", true),
        ("ab\ncd", "b.c", false),
        ("ab\ncd", r"b\sc", true),
        ("x", "[^x]", false),
        ("x-y", r"x[\-z]y", true),
        ("abab", "^(ab)*$", true),
        ("aba", "^(ab)*$", false),
        ("((", r"\({2,}", true),
        ("abc", "a(x|)bc", true),
        ("", "(a*)*b", false),
    ] {
        assert_eq!(regex::matches(said, pattern), wanted, "{said:?} matches {pattern:?}");
    }
}

#[test]
fn local_times_in_gaps_and_folds() {
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let at = |said: &str| match time::read(&zone, said, None) {
        Some(time::Stamp::Instant(ms)) => time::rfc3339(ms),
        other => panic!("{said}: {other:?}"),
    };
    // 01:30 occurs twice on the day the clocks go back: the earlier.
    assert_eq!(at("2026-11-01 01:30"), "2026-11-01T05:30:00.000Z");
    // 02:30 is skipped when they go forward: read with the offset before.
    assert_eq!(at("2026-03-08T02:30:00"), "2026-03-08T07:30:00.000Z");
    assert_eq!(at("2026-03-08T02:30:00.1239+0530"), "2026-03-07T21:00:00.123Z");
    assert_eq!(at("1969-12-31T23:59:59.9999Z"), "1969-12-31T23:59:59.999Z");
    assert_eq!(at("1700000000000"), "2023-11-14T22:13:20.000Z");
    for bad in
        ["1700000000", "2026-02-30", "2026-1-2", "2026-01-02T3:00", "2026-01-02T24:00", "2026-01-02T10:00 Z", "x"]
    {
        assert_eq!(time::read(&zone, bad, None), None, "{bad}");
    }
}

#[test]
fn days_begin_where_the_clock_says() {
    let cairo = jiff::tz::TimeZone::get("Africa/Cairo").unwrap();
    // On 2026-04-24 the clock goes from 00:00 to 01:00: the day begins at 01:00, 22:00 UTC.
    let first = time::first_instant(&cairo, "2026-04-24".parse().unwrap());
    assert_eq!(time::rfc3339(first), "2026-04-23T22:00:00.000Z");
    let toronto = jiff::tz::TimeZone::get("America/Toronto").unwrap();
    // On 1919-03-30 the clock went from 23:30 of that day to 00:30 of the next.
    let first = time::first_instant(&toronto, "1919-03-31".parse().unwrap());
    assert_eq!(time::rfc3339(first), "1919-03-31T04:30:00.000Z");
    let new_york = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let clock = time::Clock::new(new_york, time::Stamp::Day("2026-11-01".parse().unwrap()));
    assert_eq!(time::rfc3339(clock.now), "2026-11-02T04:59:59.999Z");
}

#[test]
fn formats() {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let at = |said: &str, format: &str| match time::read(&zone, said, Some(format)) {
        Some(time::Stamp::Instant(ms)) => time::rfc3339(ms),
        Some(time::Stamp::Day(day)) => day.to_string(),
        None => "none".into(),
    };
    assert_eq!(at("31.12.2026", "%d.%m.%Y"), "2026-12-31");
    assert_eq!(at("2026-12-31", "%d.%m.%Y"), "none");
    assert_eq!(at("12/31/2026 08:05", "%m/%d/%Y %H:%M"), "2026-12-31T07:05:00.000Z");
    assert_eq!(at("20261231080509-0300", "%Y%m%d%H%M%S%z"), "2026-12-31T11:05:09.000Z");
    assert_eq!(at("31.02.2026", "%d.%m.%Y"), "none");
}
