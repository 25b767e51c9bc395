//! Leads of the benchmarks' first workload, always the same ones, as NDJSON and as two tables.

/// What the leads are scored at.
pub const AS_OF: &str = "2025-06-01T00:00:00Z";

pub struct Lead {
    pub id: String,
    /// In the order of `TEXTS`.
    pub texts: [Option<String>; 6],
    /// In the order of `NUMBERS`.
    pub numbers: [Option<i64>; 3],
    pub events: Vec<Event>,
}

pub struct Event {
    pub kind: &'static str,
    /// Milliseconds since 1970.
    pub at: i64,
    pub path: Option<&'static str>,
    pub minutes: Option<i64>,
    pub campaign: Option<String>,
}

pub const TEXTS: [&str; 6] = ["email", "name", "title", "country", "industry", "lead_source"];
pub const NUMBERS: [&str; 3] = ["employees", "annual_revenue", "budget"];

const LEVELS: [&str; 8] = [
    "Chief {} Officer",
    "VP {}",
    "Head of {}",
    "Director of {}",
    "{} Manager",
    "{} Specialist",
    "{} Intern",
    "Student",
];
const AREAS: [&str; 7] = ["Marketing", "Revenue Operations", "Sales", "Demand Gen", "Finance", "IT", "Legal"];
const COUNTRIES: [&str; 8] = ["US", "GB", "DE", "FR", "IN", "BR", "CA", "JP"];
const INDUSTRIES: [&str; 5] = ["Software", "Retail", "Healthcare", "Education", "Agriculture"];
const SOURCES: [&str; 5] = ["Organic Search", "Referral", "Partner", "Purchased List", "Direct"];
const MAILS: [&str; 4] = ["gmail.com", "gmx.de", "rivalcrm.com", "scorely.ai"];
const KINDS: [&str; 10] = [
    "email_open",
    "email_open",
    "page_view",
    "page_view",
    "page_view",
    "content_download",
    "webinar_attended",
    "form_submit",
    "demo_request",
    "ad_click",
];
const PATHS: [&str; 5] = ["/", "/blog", "/pricing", "/pricing/enterprise", "/docs"];

/// Numbers that look random (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// So many leads, eight events each on average.
pub fn made(count: usize) -> Vec<Lead> {
    let mut random = Random(1);
    (0..count).map(|number| lead(&mut random, number)).collect()
}

fn lead(random: &mut Random, number: usize) -> Lead {
    let domain = match random.below(10) {
        0..3 => random.pick(&MAILS).to_owned(),
        _ => format!("company{}.example", random.below(20_000)),
    };
    let texts = [
        format!("person.{number}@{domain}"),
        "Ada Example".to_owned(),
        random.pick(&LEVELS).replace("{}", random.pick(&AREAS)),
        random.pick(&COUNTRIES).to_owned(),
        random.pick(&INDUSTRIES).to_owned(),
        random.pick(&SOURCES).to_owned(),
    ];
    // The address is always there, the rest has holes.
    let mut place = 0;
    let texts = texts.map(|text| {
        place += 1;
        (place == 1 || random.below(100) >= 15).then_some(text)
    });
    let numbers = [5_000, 50_000_000, 200_000].map(|most| (random.below(100) >= 15).then(|| random.below(most) as i64));
    let mut events: Vec<Event> = (0..random.below(17)).map(|_| event(random)).collect();
    events.sort_by_key(|event| event.at);
    Lead { id: format!("L{number:08}"), texts, numbers, events }
}

fn event(random: &mut Random) -> Event {
    const DAY: i64 = 86_400_000;
    let kind = random.pick(&KINDS);
    let age = random.below(400 * DAY as u64) as i64 - 3 * DAY;
    Event {
        kind,
        at: 1_748_736_000_000 - age,
        path: (kind == "page_view").then(|| random.pick(&PATHS)),
        minutes: (kind == "webinar_attended").then(|| random.below(60) as i64),
        campaign: (kind == "email_open").then(|| format!("c-{}", random.below(40))),
    }
}

/// An instant as text.
fn instant(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).expect("an instant").to_string()
}

pub fn ndjson(leads: &[Lead]) -> String {
    let mut out = String::new();
    for lead in leads {
        let mut record = serde_json::Map::from_iter([("id".to_owned(), lead.id.clone().into())]);
        for (name, text) in TEXTS.iter().zip(&lead.texts) {
            record.extend(text.clone().map(|text| ((*name).to_owned(), text.into())));
        }
        for (name, number) in NUMBERS.iter().zip(lead.numbers) {
            record.extend(number.map(|number| ((*name).to_owned(), number.into())));
        }
        let events = lead.events.iter().map(|event| {
            let mut of = serde_json::json!({ "type": event.kind, "at": instant(event.at) });
            let record = of.as_object_mut().expect("an event");
            record.extend(event.path.map(|path| ("path".to_owned(), path.into())));
            record.extend(event.minutes.map(|minutes| ("minutes".to_owned(), minutes.into())));
            record.extend(event.campaign.clone().map(|campaign| ("campaign".to_owned(), campaign.into())));
            of
        });
        record.insert("events".to_owned(), events.collect());
        out.push_str(&serde_json::Value::Object(record).to_string());
        out.push('\n');
    }
    out
}

/// Leads and events, both in the order of the leads' keys.
pub fn tables(leads: &[Lead]) -> (String, String) {
    let mut flat = format!("id,{},{}\n", TEXTS.join(","), NUMBERS.join(","));
    let mut events = "lead_id,type,at,path,minutes,campaign\n".to_owned();
    for lead in leads {
        let texts: Vec<&str> = lead.texts.iter().map(|text| text.as_deref().unwrap_or_default()).collect();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        flat.push_str(&format!("{},{},{}\n", lead.id, texts.join(","), lead.numbers.map(number).join(",")));
        for event in &lead.events {
            let (path, campaign) = (event.path.unwrap_or_default(), event.campaign.as_deref().unwrap_or_default());
            let row = [&lead.id, event.kind, &instant(event.at), path, &number(event.minutes), campaign].join(",");
            events.push_str(&row);
            events.push('\n');
        }
    }
    (flat, events)
}
