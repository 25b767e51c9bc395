//! Random leads: holes, values at the policy's thresholds and one step beside them, data problems.

use super::pools;
use super::rng::Rng;
use super::schema::{Event, Field, Kind, Schema};
use crate::reference::time::{self, Clock, Ms};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use qualify::base::Span;
use qualify::syntax::ast::Duration;
use serde_json::{Map, Value as Json, json};

/// Makes one lead.
struct Maker<'s> {
    schema: &'s Schema,
    rng: Rng,
    clock: Clock,
    /// Instants that were used; some are used again.
    used: Vec<Ms>,
}

/// A random lead, its events inside it.
pub fn lead(schema: &Schema, seed: u64) -> Json {
    let zone = TimeZone::get(schema.zone).expect("a zone");
    let as_of = time::read(&zone, schema.as_of, None).expect("an as-of");
    let clock = Clock::new(zone, as_of);
    let mut maker = Maker { schema, rng: Rng::new(seed ^ 0xa5a5_5a5a), clock, used: Vec::new() };
    maker.lead(seed)
}

impl Maker<'_> {
    fn lead(&mut self, seed: u64) -> Json {
        let mut object = Map::new();
        let holes = 20 + self.rng.below(20);
        let problems = if self.rng.chance(50) { 0 } else { 10 };
        for field in &self.schema.fields {
            let value = if field.key {
                if self.rng.chance(1) { Some(json!(" ")) } else { Some(json!(format!("lead-{seed}"))) }
            } else {
                self.field(field, if field.required { 5 } else { holes }, problems)
            };
            if let Some(value) = value {
                self.put(&mut object, &field.path, value);
            }
        }
        if self.rng.chance(2) {
            object.insert("company".into(), json!("Acme"));
        }
        let count = if self.rng.chance(12) { 0 } else { self.rng.below(9) };
        let events: Vec<Json> = (0..count).map(|_| self.event(problems)).collect();
        match self.rng.below(20) {
            0 if count == 0 => {}
            1 if count == 0 => drop(object.insert(self.schema.events_in.into(), Json::Null)),
            2 if problems > 0 => drop(object.insert(self.schema.events_in.into(), json!("none"))),
            _ => drop(object.insert(self.schema.events_in.into(), Json::Array(events))),
        }
        Json::Object(object)
    }

    /// Puts a value where the data hold it: under the path as one key, or in objects.
    fn put(&mut self, object: &mut Map<String, Json>, path: &[String], value: Json) {
        let is_nested = path.len() > 1;
        let path = path.join(".");
        let Some((first, rest)) = path.split_once('.') else {
            object.insert(path, value);
            return;
        };
        if !is_nested && self.rng.chance(30) {
            object.insert(path, value);
            return;
        }
        let inner = object.entry(first).or_insert_with(|| json!({}));
        if let Some(inner) = inner.as_object_mut() {
            inner.insert(rest.into(), value);
        }
    }

    /// A field's value as JSON; none is a hole.
    fn field(&mut self, field: &Field, holes: usize, problems: usize) -> Option<Json> {
        if self.rng.chance(holes) {
            return match self.rng.below(6) {
                0 => Some(Json::Null),
                1 => Some(json!("")),
                2 => Some(json!(" \u{a0}\t")),
                3 if !field.sentinels.is_empty() => Some(self.sentinel(&field.sentinels)),
                _ => None,
            };
        }
        if self.rng.chance(problems) {
            return Some(self.nonsense());
        }
        Some(self.value(&field.kind, field.format))
    }

    fn sentinel(&mut self, sentinels: &[String]) -> Json {
        match self.rng.pick(sentinels).trim_matches('"') {
            "-1" if self.rng.chance(50) => json!(-1),
            "-1" => json!("-1.0"),
            text => Json::String(self.dressed(text)),
        }
    }

    /// A value that few fields can read.
    fn nonsense(&mut self) -> Json {
        let odd = [
            json!("NaN"),
            json!("-inf"),
            json!("1e400"),
            json!("1e-400"),
            json!(1e300),
            json!("12345678901234567890"),
            json!(9_999_999_999_999_999_i64),
            json!("1,000"),
            json!("$5"),
            json!("3.5"),
            json!(3.5),
            json!(-0.0),
            json!("-0"),
            json!("+7"),
            json!(".5"),
            json!("5."),
            json!(true),
            json!("yes"),
            json!("TRUE"),
            json!(2),
            json!([]),
            json!(["x", null, ""]),
            json!([[1]]),
            json!({"amount": "12.50", "currency": self.schema.currency}),
            json!({"amount": 5, "currency": "GBP"}),
            json!({"a": 1}),
            json!(1_700_000_000),
            json!(1_790_000_000_000_i64),
            json!("1790000000000"),
            json!("2026-13-01"),
            json!("2026-02-29"),
            json!("2026-10-01T25:00"),
            json!("10/01/2026"),
            json!("2026-10-01 10:30:15.98765 +0200"),
            json!("no such text"),
            json!("disqualified"),
            json!("a;b; ;c"),
            json!("1;2;x"),
        ];
        self.rng.pick(&odd).clone()
    }

    fn value(&mut self, kind: &Kind, format: Option<&str>) -> Json {
        match kind {
            Kind::Text => self.text(),
            Kind::Int => {
                let text = self.threshold(pools::INTS, pools::HUGE_INTS, 0);
                self.number(text)
            }
            Kind::Number => {
                let pool: &[&str] = if self.rng.chance(50) { pools::NUMBERS } else { pools::INTS };
                let text = self.threshold(pool, pools::HUGE_NUMBERS, 6);
                self.number(text)
            }
            Kind::Money => {
                let text = self.threshold(pools::MONEY, pools::HUGE_MONEY, 4);
                let number = self.number(text);
                if self.rng.chance(20) {
                    return json!({"amount": number, "currency": self.schema.currency});
                }
                number
            }
            Kind::Bool => self
                .rng
                .pick(&[json!(true), json!(false), json!(1), json!(0), json!("Yes"), json!("no"), json!(" TRUE ")])
                .clone(),
            Kind::Date => self.date(format),
            Kind::Time => {
                let at = self.instant();
                self.written_instant(at, format)
            }
            Kind::OneOf(listed) | Kind::Ranked(listed) => {
                let text = self.rng.pick(listed).clone();
                Json::String(self.dressed(&text))
            }
            Kind::List(inner) => self.list(inner),
            Kind::Stage => self.stage(),
        }
    }

    /// A number of a pool or one step beside it, as plain text.
    fn threshold(&mut self, pool: &[&str], huge: &[&str], places: u32) -> String {
        let text = if self.rng.chance(3) { *self.rng.pick(huge) } else { *self.rng.pick(pool) };
        let micros = micros_of(text);
        let step = 10_i128.pow(6 - places);
        let beside = match self.rng.below(6) {
            0 => micros + step,
            1 => micros - step,
            2 if self.rng.chance(30) => -micros,
            _ => micros,
        };
        let (size, sign) = (beside.abs(), if beside < 0 { "-" } else { "" });
        let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }

    /// A number in one of the ways that data have.
    fn number(&mut self, text: String) -> Json {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits > 15 {
            return Json::String(text);
        }
        let has_point = text.contains('.');
        match self.rng.below(12) {
            0 => Json::String(text),
            1 => Json::String(format!(" {text}\u{a0}")),
            2 if has_point => Json::String(format!("{text}0000004")),
            3 if has_point => Json::String(format!("{text}00000")),
            2 | 3 => Json::String(format!("{text}.0")),
            4 => Json::String(format!("{text}e0")),
            5 => json!(text.parse::<f64>().unwrap_or(0.0)),
            _ if has_point => json!(text.parse::<f64>().unwrap_or(0.0)),
            _ => json!(text.parse::<i64>().unwrap_or(0)),
        }
    }

    fn text(&mut self) -> Json {
        if self.rng.chance(4) {
            return self.rng.pick(&[json!(42), json!(1.5), json!(-0.0), json!(1e21), json!(2.0)]).clone();
        }
        let pool = match self.rng.below(10) {
            0..=3 => pools::ADDRESSES,
            4..=7 => pools::TEXTS,
            _ => pools::WORDS,
        };
        let text = *self.rng.pick(pool);
        Json::String(self.dressed(text))
    }

    /// A text with odd case, white space, separators and neighbours.
    fn dressed(&mut self, text: &str) -> String {
        let mut text = text.to_string();
        if self.rng.chance(30) {
            text = text.chars().map(|c| self.other_case(c)).collect();
        }
        if self.rng.chance(15) {
            let separator = *self.rng.pick(&["-", "  ", "_", "\u{2003}", "·", "\u{3000}", "\t", "\u{301}"]);
            text = text.replace(' ', separator);
        }
        if self.rng.chance(12) {
            let beside = *self.rng.pick(&["x", " x", "-x", "ς", "1", "🚀", " ceo", ".", "\u{301}", "ª", " of sales"]);
            text = if self.rng.chance(50) { format!("{text}{beside}") } else { format!("{beside}{text}") };
        }
        if self.rng.chance(20) {
            let (before, after) = (self.white(), self.white());
            text = format!("{before}{text}{after}");
        }
        text
    }

    fn white(&mut self) -> &'static str {
        *self.rng.pick(&["", " ", "\t", "\u{a0}", " \n", "\r\n"])
    }

    fn other_case(&mut self, c: char) -> char {
        let mut upper = c.to_uppercase();
        match (self.rng.below(3), c) {
            (0, 'ß') => 'ẞ',
            (0, 'i') => 'İ',
            (0, 'σ') => 'ς',
            (0, 'k') => '\u{212a}',
            (1, c) => c.to_lowercase().next().unwrap_or(c),
            _ if upper.len() == 1 => upper.next().unwrap_or(c),
            _ => c,
        }
    }

    fn list(&mut self, inner: &Kind) -> Json {
        let n = self.rng.below(4);
        let mut entries: Vec<Json> = (0..n).map(|_| self.value(inner, None)).collect();
        if self.rng.chance(15) {
            entries.push(Json::Null);
        }
        if self.rng.chance(15) {
            entries.push(json!(" "));
        }
        let texts: Option<Vec<&str>> = entries.iter().map(Json::as_str).collect();
        match texts {
            Some(texts) if !texts.is_empty() && self.rng.chance(25) => Json::String(texts.join(";")),
            _ => Json::Array(entries),
        }
    }

    fn stage(&mut self) -> Json {
        if self.rng.chance(8) {
            return json!("Disqualified");
        }
        let Some((name, label)) = self.schema.stages.get(self.rng.below(self.schema.stages.len().max(1))) else {
            return Json::Null;
        };
        let text = match label {
            Some(label) if self.rng.chance(40) => label.clone(),
            _ => name.clone(),
        };
        Json::String(text)
    }

    fn duration(&mut self) -> Duration {
        let (count, unit) = *self.rng.pick(&self.schema.durations);
        Duration { count, unit, span: Span::default() }
    }

    /// An instant at or beside something that the policy may ask about.
    fn instant(&mut self) -> Ms {
        if !self.used.is_empty() && self.rng.chance(20) {
            return *self.rng.pick(&self.used);
        }
        let beside = Ms::from(*self.rng.pick(&[0, 0, 0, 1, -1, 60_000, -3_600_000]));
        let duration = self.duration();
        let today = self.clock.today;
        let base = match self.rng.below(16) {
            0..=4 => self.clock.before(duration),
            5 => {
                let twice = Duration { count: duration.count * 2, ..duration };
                self.clock.before(twice)
            }
            6 => self.clock.after(duration),
            7 => self.clock.now,
            8 | 9 => self.clock.first_instant(days_before(today, self.rng.between(0, 20))),
            10 => {
                let monday = days_before(today, i64::from(today.weekday().to_monday_zero_offset()));
                self.clock.first_instant(days_before(monday, 7 * self.rng.between(0, 3)))
            }
            11 => self.clock.first_instant(today.first_of_month()),
            12 => self.change_of_clock(),
            13 => {
                let text = *self.rng.pick(pools::DATES);
                self.clock.first_instant(text.parse().expect("a date"))
            }
            _ => self.clock.now - Ms::from(self.rng.between(0, 40 * 86_400)) * 1000,
        };
        self.used.push(base + beside);
        base + beside
    }

    /// A change of the clock before the as-of, or the as-of if the zone never changes.
    fn change_of_clock(&mut self) -> Ms {
        let now = jiff::Timestamp::from_millisecond(self.clock.now as i64).expect("an instant");
        let skip = self.rng.below(2);
        let change = self.clock.zone.preceding(now).nth(skip).map(|change| change.timestamp().as_millisecond());
        change.filter(|ms| *ms > 0).map_or(self.clock.now, Ms::from)
    }

    fn date(&mut self, format: Option<&str>) -> Json {
        if self.rng.chance(10) {
            let at = self.instant();
            return self.written_instant(at, format);
        }
        let duration = self.duration();
        let date = match self.rng.below(8) {
            0 => self.clock.today,
            1 => days_before(self.clock.today, self.rng.between(-40, 400)),
            2 => self.rng.pick(pools::DATES).parse().expect("a date"),
            3 => time::day_of(&self.clock.zone, self.clock.after(duration)),
            _ => time::day_of(&self.clock.zone, self.clock.before(duration)),
        };
        let date = days_before(date, *self.rng.pick(&[0, 0, 1, -1]));
        match format {
            Some(format) => Json::String(date.strftime(format).to_string()),
            None => Json::String(date.to_string()),
        }
    }

    /// An instant in one of the ways that data spell it.
    fn written_instant(&mut self, at: Ms, format: Option<&str>) -> Json {
        let stamp = jiff::Timestamp::from_millisecond(at as i64).expect("an instant");
        let local = self.clock.zone.to_datetime(stamp);
        let utc = TimeZone::UTC.to_datetime(stamp);
        let millis = at.rem_euclid(1000);
        if let Some(format) = format {
            let shown = if format.contains("%z") { utc } else { local };
            return Json::String(shown.strftime(&format.replace("%z", "+0000")).to_string());
        }
        let shifted = utc + jiff::SignedDuration::from_mins(330);
        match self.rng.below(10) {
            0 => Json::String(local.strftime("%Y-%m-%dT%H:%M:%S").to_string() + &format!(".{millis:03}")),
            1 => Json::String(local.strftime("%Y-%m-%d %H:%M").to_string()),
            2 => json!(at as i64),
            3 => Json::String(at.to_string()),
            4 => Json::String(local.date().to_string()),
            5 => Json::String(shifted.strftime("%Y-%m-%d %H:%M:%S").to_string() + &format!(".{millis:03}999+0530")),
            6 => Json::String(shifted.strftime("%Y-%m-%dT%H:%M:%S").to_string() + &format!(".{millis:03}+05:30")),
            _ => Json::String(time::rfc3339(at)),
        }
    }

    fn event(&mut self, problems: usize) -> Json {
        let mut object = Map::new();
        let declared = self.rng.pick(&self.schema.events).clone();
        let said = match self.rng.below(20) {
            0 => json!("newsletter_unsubscribed"),
            1 => json!(declared.spelled.to_uppercase()),
            2 if problems > 0 => Json::Null,
            3 if problems > 0 => json!(7),
            _ => json!(declared.spelled),
        };
        self.put(&mut object, &[self.schema.event_type.into()], said);
        let at = self.instant();
        let at = if self.rng.chance(problems / 3) { self.nonsense() } else { self.written_instant(at, None) };
        self.put(&mut object, &[self.schema.event_at.into()], at);
        self.event_fields(&declared, problems, &mut object);
        Json::Object(object)
    }

    fn event_fields(&mut self, declared: &Event, problems: usize, object: &mut Map<String, Json>) {
        for field in &declared.fields {
            if let Some(value) = self.field(field, 20, problems / 2) {
                self.put(object, &field.path, value);
            }
        }
    }
}

/// A number of a pool in millionths.
fn micros_of(text: &str) -> i128 {
    let text = text.replace('_', "");
    let (text, scale) = match text.chars().last() {
        Some('k') => (&text[..text.len() - 1], 1_000_000_000.0),
        Some('M') => (&text[..text.len() - 1], 1_000_000_000_000.0),
        Some('%') => (&text[..text.len() - 1], 10_000.0),
        _ => return decimal_micros(&text),
    };
    (text.parse::<f64>().expect("a number") * scale) as i128
}

fn decimal_micros(text: &str) -> i128 {
    let (negative, size) = text.strip_prefix('-').map_or((false, text), |size| (true, size));
    let (before, after) = size.split_once('.').unwrap_or((size, ""));
    let micros: i128 = format!("{before}{after:0<6}").parse().expect("digits");
    if negative { -micros } else { micros }
}

fn days_before(date: Date, days: i64) -> Date {
    date.checked_sub(jiff::SignedDuration::from_hours(24 * days)).expect("a day")
}
