//! The small pools that policies draw their literals from and leads their values, so that the two often meet.

use qualify::syntax::ast::Unit;

/// Zones with changes of the clock at odd times: at midnight, by half an hour, never.
pub const ZONES: &[&str] = &[
    "America/New_York",
    "Europe/Berlin",
    "UTC",
    "Africa/Cairo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
];

/// As-ofs: ordinary ones, month ends, days on which the clocks change, instants.
pub const AS_OFS: &[&str] = &[
    "2026-11-01",
    "2026-03-08",
    "2026-03-31",
    "2026-10-25",
    "2028-02-29",
    "2026-12-31",
    "2026-06-15",
    "2026-11-01T06:30:00Z",
    "2026-05-31T12:34:56.789Z",
    "2026-03-29T00:30:00+00:00",
    "2027-01-01T00:00:00Z",
];

/// Lengths of time of every unit.
pub const DURATIONS: &[(u32, Unit)] = &[
    (30, Unit::Minute),
    (1, Unit::Hour),
    (36, Unit::Hour),
    (1, Unit::Day),
    (2, Unit::Day),
    (7, Unit::Day),
    (14, Unit::Day),
    (30, Unit::Day),
    (60, Unit::Day),
    (90, Unit::Day),
    (1, Unit::Week),
    (2, Unit::Week),
    (1, Unit::Month),
    (2, Unit::Month),
    (3, Unit::Month),
    (18, Unit::Month),
    (1, Unit::Year),
    (2, Unit::Year),
];

/// Texts of people, titles, places.
pub const TEXTS: &[&str] = &[
    "ceo",
    "Head of Sales",
    "head of",
    "VP Sales",
    "manager",
    "Straße",
    "İstanbul",
    "ΟΔΥΣΣΕΥΣ",
    "οδυσσεύς",
    "café",
    "cafe\u{301}",
    "dog",
    "Cat",
    "US",
    "x_y",
    "🚀 rocket",
    "Software",
    "co-founder & CTO",
    "n/a",
    "42",
    "1.50",
    "true",
    "Ünal Ö.",
    "\u{212a}elvin",
];

/// Addresses of people and pages.
pub const ADDRESSES: &[&str] = &[
    "bob@acme.com",
    "Bob <BOB@Sub.Acme.Com>",
    "https://www.acme.com:8080/x?y#z",
    "www.acme.com.",
    "acme",
    "acme.com",
    "http://user:pw@host.example/",
    "a@b@c.io",
    "ftp://x",
    "acme.com/path:80",
    "ACME.COM.",
    "gmail.com",
    "ann@gmail.com",
    "gmail.com?x=a.b",
];

/// Patterns for `like`.
pub const LIKES: &[&str] =
    &["*", "vp *", "*sales*", "?eo", "*@acme.com", "head*sales", "İ*", "i*", "???", "*ς", "*a*c*", "acme?com", "d?g"];

/// Patterns for `matches`.
pub const REGEXES: &[&str] = &[
    "^a",
    "ceo|cto",
    r"\bvp\b",
    r"[a-c]+\d?",
    "sales$",
    "^.{3,6}$",
    r"\w+@\w+\.com",
    "(head|vp) of",
    r"\S\s\S",
    "[^a-z ]",
    "ß",
    "ς",
    "[I-K]",
    r"\d{2,}",
    r"^\W",
    "s{2}",
    "(a|b)*c",
    r"\Bat",
    r"[\d_]",
    r"\D\.\D",
];

/// Words for `mentions`, `contains`, `starts with`, `ends with`.
pub const WORDS: &[&str] = &[
    "ceo", "head of", "sales", "VP", "manager", "dog", "Straße", "istanbul", "ΣΕΥΣ", "caf", "a", "acme", "co", "com",
    "O",
];

/// Whole numbers.
pub const INTS: &[&str] = &["0", "1", "2", "3", "5", "10", "49", "50", "100", "499", "500", "-1", "1_000"];

/// Whole numbers near the limit of their size.
pub const HUGE_INTS: &[&str] = &["999999999999999999", "-999999999999999999", "1000000000000"];

/// Numbers.
pub const NUMBERS: &[&str] =
    &["0", "0.5", "1", "1.5", "2.25", "-2.25", "10", "49.5", "0.000001", "100", "33.333333", "20%"];

/// Numbers near the limit of their size.
pub const HUGE_NUMBERS: &[&str] = &["999999999999.999999", "-999999999999.999999", "500000000000"];

/// Amounts of money.
pub const MONEY: &[&str] = &["0", "0.0001", "100", "99.9999", "1k", "50k", "100k", "2.5M"];

/// Amounts near the limit of their size.
pub const HUGE_MONEY: &[&str] = &["99999999999999.9999", "-50000000000000"];

/// Sizes of points.
pub const POINTS: &[&str] = &["1", "2", "5", "5", "10", "10", "15", "20", "0.5", "2.25", "0.3333", "100"];

/// Where scores are cut.
pub const CUTS: &[&str] = &["0", "1", "5", "10", "15", "20", "25.5", "30", "50", "80"];

/// Days, apart from those near the as-of.
pub const DATES: &[&str] = &["2026-01-01", "2026-02-28", "2026-10-01", "2025-12-31", "2028-02-29"];

/// The word for a unit.
pub fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    }
}

/// A length of time as policies write it.
pub fn duration(count: u32, unit: Unit) -> String {
    format!("{count} {}{}", unit_word(unit), if count == 1 { "" } else { "s" })
}

/// A text literal.
pub fn quoted(text: impl AsRef<str>) -> String {
    let mut out = String::from("\"");
    for c in text.as_ref().chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{a0}' => out.push_str("\\u{a0}"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
