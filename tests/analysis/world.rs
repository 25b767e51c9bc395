//! A small world: random policies on a few fields and events, and every lead that there is in it.

use crate::reference::generate::Rng;
use bumpalo::Bump;
use qualify::model::time::{AsOf, Zone};
use qualify::model::{Event, EventTypeId, Lead, Value};

const DAY: i64 = 86_400_000;

/// A random policy and the world of its leads.
pub struct World {
    pub text: String,
    fields: Vec<Field>,
    events: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Flag,
    Second,
    Choice,
    Number,
    Other,
    Pay,
    Title,
    Since,
    Stage,
}

use Field::{Choice, Flag, Number, Other, Pay, Second, Since, Stage, Title};

impl Field {
    fn declared(self) -> &'static str {
        match self {
            Flag => "a bool",
            Second => "z bool",
            Choice => "b one of [\"x\", \"y\", \"z\"]",
            Number => "n int",
            Other => "m int",
            Pay => "pay money USD",
            Title => "t text",
            Since => "since_then time",
            Stage => "was stage",
        }
    }

    /// The values of the world; the first is missing.
    fn values(self, as_of: &AsOf) -> Vec<Value<'static>> {
        let ago = |millis: i64| Value::Time(as_of.instant - millis);
        let mut all = vec![Value::Missing];
        all.extend(match self {
            Flag | Second => vec![Value::Bool(true), Value::Bool(false)],
            Choice => (0..3).map(Value::Choice).collect(),
            Number => [-1, 0, 2, 3, 5, 6, 9].map(Value::Int).to_vec(),
            Other => [0, 2, 3, 5, 8].map(Value::Int).to_vec(),
            Pay => [0, 999_999, 1_000_000, 2_500_000].map(Value::Money).to_vec(),
            Title => ["VP Sales", "sales", "ceo", "vp", "x"].map(Value::Text).to_vec(),
            Since => [0, 7 * DAY, 30 * DAY, 30 * DAY + 1, 90 * DAY, -DAY].map(ago).to_vec(),
            Stage => (0..3).map(Value::Choice).collect(),
        });
        all
    }
}

/// The leads of a world stand in one row: the fields count like digits, the histories last.
pub struct Leads<'a> {
    pub all: Vec<Lead<'a>>,
    /// By field of the schema after the key: how far apart leads stand that differ by one value of it; and how many
    /// values there are.
    pub strides: Vec<(usize, usize)>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64) -> World {
        let rng = &mut Rng::new(seed);
        let events = rng.chance(65);
        let mut kinds = vec![Flag, Second, Choice, Number, Other, Pay, Title, Since];
        rng.shuffle(&mut kinds);
        let mut fields = Vec::new();
        // Few enough that all leads can be tried.
        let (mut leads, most) = (1, if events { 240 } else { 2_400 });
        let as_of = AsOf::parse("2026-11-01", &Zone::default()).expect("an as-of");
        if rng.chance(30) {
            fields.push(Stage);
            leads = 4;
        }
        for kind in kinds {
            let count = kind.values(&as_of).len();
            if fields.len() < 5 && leads * count <= most {
                fields.push(kind);
                leads *= count;
            }
        }
        let mut maker = Maker { rng, fields: fields.clone(), events };
        World { text: maker.policy(), fields, events }
    }

    /// Every lead, at an as-of.
    pub fn leads<'a>(&self, arena: &'a Bump, as_of: &AsOf) -> Leads<'a> {
        let mut rows: Vec<Vec<Value<'a>>> = vec![vec![Value::Text("k")]];
        let mut strides = Vec::new();
        for field in &self.fields {
            let values = field.values(as_of);
            strides.push((rows.len(), values.len()));
            rows = values
                .iter()
                .flat_map(|value| {
                    rows.iter().map(|row| {
                        let mut longer = row.clone();
                        longer.push(*value);
                        longer
                    })
                })
                .collect();
        }
        let mut all = Vec::new();
        for events in self.histories(arena, as_of) {
            for row in &rows {
                let fields = arena.alloc_slice_copy(row);
                all.push(Lead { key: "k", fields, events });
            }
        }
        Leads { all, strides }
    }

    /// No event, one, two, and three of a kind.
    fn histories<'a>(&self, arena: &'a Bump, as_of: &AsOf) -> Vec<&'a [Event<'a>]> {
        if !self.events {
            return vec![&[]];
        }
        let kinds: [(u16, i64, &[Value<'static>]); 7] = [
            (0, DAY, &[Value::Int(1), Value::Choice(0)]),
            (0, 7 * DAY + 1, &[Value::Int(5), Value::Choice(1)]),
            (0, 40 * DAY, &[Value::Int(3), Value::Missing]),
            (0, 400 * DAY, &[Value::Missing, Value::Choice(0)]),
            (1, DAY, &[]),
            (1, 30 * DAY, &[]),
            (1, 61 * DAY, &[]),
        ];
        let mut picks: Vec<Vec<usize>> = vec![Vec::new()];
        for one in 0..kinds.len() {
            picks.push(vec![one]);
            picks.push(vec![one; 3]);
            picks.extend((one..kinds.len()).map(|other| vec![one, other]));
        }
        let history = |mut pick: Vec<usize>| {
            pick.sort_by_key(|kind| -kinds[*kind].1);
            let events = pick.into_iter().enumerate().map(|(index, kind)| {
                let (ty, age, fields) = kinds[kind];
                let spelling = if ty == 0 { "e" } else { "f" };
                Event { at: as_of.instant - age, ty: Some(EventTypeId(ty)), spelling, fields, index: index as u32 }
            });
            let events: Vec<Event<'a>> = events.collect();
            &*arena.alloc_slice_copy(&events)
        };
        picks.into_iter().map(history).collect()
    }
}

struct Maker<'r> {
    rng: &'r mut Rng,
    fields: Vec<Field>,
    events: bool,
}

impl Maker<'_> {
    fn days(&mut self) -> &'static str {
        self.rng.pick::<&str>(&["7 days", "30 days", "31 days", "60 days", "1 month"])
    }

    fn operator(&mut self) -> &'static str {
        self.rng.pick::<&str>(&[">=", "<", ">", "<=", "is", "is not"])
    }

    /// Events with or without a condition and a window.
    fn query(&mut self) -> String {
        let events = match self.rng.below(8) {
            0..=2 => "e".to_owned(),
            3 | 4 => "f".to_owned(),
            5 => format!("e where (v {} {})", self.operator(), self.rng.below(6)),
            6 => "e where (k is \"p\")".to_owned(),
            _ => "event".to_owned(),
        };
        if self.rng.chance(25) { events } else { format!("{events} within {}", self.days()) }
    }

    fn event_atom(&mut self) -> String {
        match self.rng.below(10) {
            0..=2 => format!("any {}", self.query()),
            3 | 4 => format!("no {}", self.query()),
            5 => format!("at least {} {}", 2 + self.rng.below(2), self.query()),
            6 => format!("at most 1 {}", self.query()),
            7 => format!("(count of {}) {} {}", self.query(), self.operator(), self.rng.below(4)),
            8 => {
                let what = *self.rng.pick(&["total", "highest", "lowest"]);
                format!("({what} v of e within {}) {} {}", self.days(), self.operator(), self.rng.below(8))
            }
            _ => {
                let edge = *self.rng.pick(&["last", "first"]);
                format!("age of ({edge} {}) {} {}", self.query(), self.rng.pick(&[">=", "<"]), self.days())
            }
        }
    }

    fn atom(&mut self) -> String {
        if self.events && self.rng.chance(35) || self.fields.is_empty() {
            return self.event_atom();
        }
        let twins = self.fields.contains(&Flag) && self.fields.contains(&Second);
        let both = self.fields.contains(&Number) && self.fields.contains(&Other);
        let rng = &mut *self.rng;
        match *rng.pick(&self.fields) {
            Flag => (*rng.pick(&["a", "not a", "a is known", "(a otherwise true)"])).to_owned(),
            Second => (*rng.pick(if twins { &["a is z", "a is not z", "z"] } else { &["z", "not z", "z"] })).to_owned(),
            Choice => match rng.below(3) {
                0 => "b in [\"x\", \"y\"]".to_owned(),
                1 => format!("b is not {:?}", rng.pick(&["x", "y", "z"])),
                _ => format!("b is {:?}", rng.pick(&["x", "y", "z"])),
            },
            Number | Other if both && rng.chance(30) => format!("n {} m", self.operator()),
            Number => match rng.below(5) {
                0 => format!("n between {} and 5", rng.below(5)),
                1 => "n is known".to_owned(),
                2 => format!("(n otherwise 0) >= {}", rng.below(8)),
                3 => format!("n * 2 > {}", rng.below(12)),
                _ => format!("n {} {}", self.operator(), self.rng.below(8)),
            },
            Other => format!("m {} {}", self.operator(), self.rng.below(8)),
            Pay => format!("pay {} {} USD", self.operator(), self.rng.pick(&["0", "100", "99.9999", "250"])),
            Title => {
                let test = *rng.pick(&[
                    "mentions \"sales\"",
                    "mentions any of [\"ceo\", \"vp\"]",
                    "starts with \"vp\"",
                    "contains \"s\"",
                    "is \"ceo\"",
                    "in [\"vp\", \"ceo\"]",
                    "is known",
                    "like \"* sales\"",
                ]);
                format!("t {test}")
            }
            Since => match rng.below(3) {
                0 => format!("since_then within {}", self.days()),
                1 => format!("age of since_then {} {}", *rng.pick(&[">=", "<", "<="]), self.days()),
                _ => "since_then within next 30 days".to_owned(),
            },
            Stage => format!("was {}", *rng.pick(&["is mql", ">= mql", "is not sql", "is known"])),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.rng.chance(33) {
            return self.atom();
        }
        let (left, right) = (self.condition(depth - 1), self.condition(depth - 1));
        match self.rng.below(8) {
            0..=2 => format!("({left}) and ({right})"),
            3 | 4 => format!("({left}) or ({right})"),
            5 => format!("({left}) implies ({right})"),
            6 => format!("at least {} of [{left}, {right}, {}]", 1 + self.rng.below(2), self.atom()),
            _ => format!("not ({left})"),
        }
    }

    fn worth(&mut self) -> String {
        let points = *self.rng.pick(&["-10", "-5", "+5", "+10", "+15", "+20"]);
        if self.events && self.rng.chance(45) {
            let mut limits = String::new();
            if self.rng.chance(50) {
                limits.push_str(&format!(", at most {} times", 1 + self.rng.below(3)));
            }
            match self.rng.below(8) {
                0 => limits.push_str(", at most 1 time a day"),
                1 => limits.push_str(", at most 12 points"),
                2 => limits.push_str(", halving every 30 days"),
                3 => limits.push_str(", losing 5 every 7 days"),
                _ => {}
            }
            return format!("{points} per {}{limits}", self.query());
        }
        match self.rng.below(6) {
            0 if self.fields.contains(&Number) => format!("by n {{ 0 to 3: {points}  5 to 7: +5  missing: -5 }}"),
            1 if self.fields.contains(&Choice) => format!("by b {{ is \"x\": {points}  otherwise: -5 }}"),
            2 => {
                let (one, other) = (self.condition(1), self.atom());
                format!("first of {{ {one}: {points}  {other}: +5  otherwise: -5 }}")
            }
            3 if self.fields.contains(&Since) => format!("{points} per 30 days since since_then, at most 30 points"),
            _ => format!("{points} if {}", self.condition(1)),
        }
    }

    fn policy(&mut self) -> String {
        let mut text = String::from("policy \"P\"\nlead {\n  id text key\n");
        for field in self.fields.clone() {
            text.push_str(&format!("  {}\n", field.declared()));
        }
        text.push_str("}\n");
        if self.events {
            text.push_str("event e { v int  k one of [\"p\", \"q\"] }\nevent f\n");
        }
        text.push_str(&format!("define d1: {}\n", self.condition(1)));
        text.push_str(&format!("persona who: {}\n", self.condition(1)));
        let needs = if self.rng.chance(50) { " needs 1" } else { "" };
        text.push_str(&format!("fit icp{needs} {{\n  one: {}\n  two: d1\n}}\n", self.condition(1)));
        let limits = *self.rng.pick(&["", " from 0", " from 0 to 30", " to 25"]);
        text.push_str(&format!("score s{limits} {{\n"));
        for place in 0..2 + self.rng.below(3) {
            let worth = self.worth();
            text.push_str(&format!("  r{place}: {worth}\n"));
        }
        let worth = self.worth();
        text.push_str(&format!("  group g to 10 {{\n    r9: {worth}\n  }}\n}}\n"));
        text.push_str("bands heat of s { cold  warm from 5  hot from 15 }\n");
        let by_field = self.fields.contains(&Choice) && self.rng.chance(40);
        text.push_str(match by_field {
            true => "matrix m1 of b by heat {\n  _: cold, warm, hot\n  x: p2, p1, p1\n  y: p3, p2, p1\n  z: p3, p3, p2\n  missing: p3, p3, p3\n}\n",
            false => "matrix m1 of icp by heat {\n  _: cold, warm, hot\n  fits: p2, p1, p1\n  unknown: p3, p2, p1\n  fails: p3, p3, p2\n}\n",
        });
        let (one, two) = (self.condition(1), self.atom());
        text.push_str(&format!("disqualify {{ out1: {one}  out2: {two} }}\n"));
        let keep = if self.fields.contains(&Stage) { ", keep while s >= 0" } else { "" };
        let after = *self.rng.pick(&["", " after mql"]);
        let line = *self.rng.pick(&[5, 10, 15]);
        let not = self.atom();
        let more = if self.rng.chance(25) { "m1 in [p1, p2]".to_owned() } else { self.atom() };
        text.push_str(&format!(
            "stages {{\n  cold_lead\n  mql: s >= {line} and not ({not}){keep}\n  sql{after}: icp fits and {more}\n}}\n"
        ));
        let slow = self.condition(1);
        text.push_str(&format!(
            "route {{\n  gone: disqualified\n  fast within 1 day: stage >= mql and heat is hot\n  slow: {slow}\n  rest: otherwise\n}}\n"
        ));
        let (one, two) = (self.condition(1), self.condition(1));
        text.push_str(&format!("always \"one\": ({one}) implies ({two})\n"));
        text.push_str("always \"two\": stage is sql implies s >= 0\n");
        text
    }
}
