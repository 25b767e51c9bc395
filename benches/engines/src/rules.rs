//! The rules of benches/workload/policy.qual once, to be said in every engine's language.

pub const SERVED: &[&str] =
    &["US", "CA", "GB", "IE", "DE", "FR", "NL", "BE", "SE", "DK", "NO", "FI", "AU", "NZ", "CH", "AT"];
pub const SECTORS: &[&str] = &[
    "Software", "Financial Services", "Healthcare", "Manufacturing", "Telecommunications", "Retail", "Insurance",
    "Logistics",
];
pub const FREE: &[&str] = &[
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "gmx.de", "gmx.net", "web.de",
    "mail.ru", "qq.com", "163.com", "protonmail.com", "live.com", "msn.com",
];
pub const RIVALS: &[&str] = &["rivalcrm.com", "leadblaster.io", "scorely.ai", "pipewise.com", "funneltron.net"];
pub const DECIDES: &str = r"\bchief\b|\bc[etimfor]o\b|\bvp\b|vice president|head of|director|senior manager|revenue operations|revops|demand gen|growth|marketing manager|\b(founder|owner|partner)\b";

/// A condition on one field; false where it is missing.
pub enum Test {
    In(&'static str, &'static [&'static str]),
    Between(&'static str, i64, i64),
    AtLeast(&'static str, i64),
    /// Of the title, in any case: the host has asked it of every lead, see `field`.
    Matches(&'static str),
    Missing(&'static str),
}

/// The patterns on the title.
pub fn patterns() -> Vec<&'static str> {
    let of = |test: &Test| if let Test::Matches(pattern) = test { Some(*pattern) } else { None };
    FIT.iter().filter_map(of).chain(POINTS.iter().filter_map(|(_, _, test)| of(test))).collect()
}

/// The field that says whether the title of a lead has a pattern.
pub fn field(pattern: &str) -> String {
    format!("title_{}", patterns().iter().position(|known| *known == pattern).expect("a pattern"))
}

/// Events of these types (none: of all), not older than so many days.
pub struct Events(pub &'static [&'static str], pub u32, pub More);

#[derive(Clone, Copy, PartialEq)]
pub enum More {
    Nothing,
    Pricing,
    Attended,
}

/// The checks of the fit.
pub const FIT: [Test; 5] = [
    Test::In("country", SERVED),
    Test::Between("employees", 50, 5000),
    Test::Matches(DECIDES),
    Test::In("industry", SECTORS),
    Test::AtLeast("budget", 25_000),
];

/// Points by group: 0 is capped at 25, 1 at 15, 2 stands alone.
pub const POINTS: [(usize, f64, Test); 15] = [
    (0, 8.0, Test::In("country", &["US", "CA", "GB"])),
    (0, 10.0, Test::Between("employees", 200, 2000)),
    (0, 6.0, Test::AtLeast("employees", 2001)),
    (0, 8.0, Test::AtLeast("annual_revenue", 10_000_000)),
    (0, 6.0, Test::In("industry", &["Software", "Financial Services"])),
    (1, 12.0, Test::Matches(r"\bc[etimfor]o\b|\bchief\b")),
    (1, 10.0, Test::Matches(r"\bvp\b|vice president|head of")),
    (1, 7.0, Test::Matches("director")),
    (1, -15.0, Test::Matches(r"\bintern\b|student|assistant")),
    (2, 10.0, Test::AtLeast("budget", 100_000)),
    (2, 8.0, Test::In("lead_source", &["Referral", "Partner"])),
    (2, -10.0, Test::In("lead_source", &["Purchased List"])),
    (2, -12.0, Test::In("domain", FREE)),
    (2, -50.0, Test::In("domain", RIVALS)),
    (2, -5.0, Test::Missing("title")),
];

/// Points of each event and the most of all.
pub const COUNTED: [(f64, f64, Events); 7] = [
    (1.0, 5.0, Events(&["email_open"], 30, More::Nothing)),
    (1.0, 10.0, Events(&["page_view"], 30, More::Nothing)),
    (4.0, 12.0, Events(&["page_view"], 90, More::Pricing)),
    (5.0, 15.0, Events(&["content_download"], 90, More::Nothing)),
    (8.0, 16.0, Events(&["webinar_attended"], 90, More::Attended)),
    (5.0, 10.0, Events(&["form_submit"], 180, More::Nothing)),
    (2.0, 4.0, Events(&["social_follow"], 180, More::Nothing)),
];
pub const DEMO: Events = Events(&["demo_request"], 30, More::Nothing);
pub const RECENT: Events = Events(&[], 90, More::Nothing);
pub const INTENT: Events = Events(&["webinar_attended", "content_download", "form_submit"], 30, More::Nothing);

/// What an engine finds of a lead.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    pub fit: bool,
    pub points: [f64; 15],
    pub counts: [f64; 7],
    pub learning: f64,
    pub demo: bool,
    pub recent: bool,
    pub intent: bool,
    pub rival: bool,
}

/// The score and the stage, from what an engine found: the least that is left to the host.
pub fn decide(found: &Found) -> (f64, &'static str) {
    let group = |wanted: usize| -> f64 {
        POINTS.iter().zip(found.points).filter(|((group, ..), _)| *group == wanted).map(|(_, points)| points).sum()
    };
    let counted: f64 = COUNTED.iter().zip(found.counts).map(|((each, most, _), count)| (each * count).min(*most)).sum();
    let engaged = (counted + found.learning.min(12.0)).min(45.0);
    let rest = if found.demo { 20.0 } else { 0.0 } - if found.recent { 0.0 } else { 10.0 };
    let score = (group(0).min(25.0) + group(1).min(15.0) + engaged + group(2) + rest).clamp(0.0, 100.0);
    let hundredths = (score * 100.0).round();
    let stage = match found.fit {
        _ if found.rival => "disqualified",
        true if hundredths >= 6000.0 && found.demo => "sql",
        true if hundredths >= 5000.0 && found.intent => "sal",
        true if hundredths >= 4000.0 => "mql",
        _ => "lead",
    };
    (score, stage)
}
