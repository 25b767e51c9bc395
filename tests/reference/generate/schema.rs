//! Random fields, events and lists: what a policy knows of its data, and what leads are made from.

use super::pools;
use super::rng::Rng;
use qualify::syntax::ast::Unit;

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text,
    Int,
    Number,
    Money,
    Bool,
    Date,
    Time,
    OneOf(Vec<String>),
    Ranked(Vec<String>),
    List(Box<Kind>),
    Stage,
}

/// A field of the lead or of an event.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name with the names of its records.
    pub name: String,
    /// Where leads hold it.
    pub path: Vec<String>,
    pub kind: Kind,
    pub format: Option<&'static str>,
    /// Texts and numbers, as JSON, that mean missing.
    pub sentinels: Vec<String>,
    pub key: bool,
    pub required: bool,
}

/// An event type.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub spelled: String,
    pub fields: Vec<Field>,
}

/// What leads are made from.
#[derive(Clone, Debug)]
pub struct Schema {
    pub zone: &'static str,
    /// A date or an instant.
    pub as_of: &'static str,
    pub currency: &'static str,
    pub fields: Vec<Field>,
    pub events: Vec<Event>,
    /// Names of groups and their event types' places.
    pub groups: Vec<(String, Vec<usize>)>,
    pub events_in: &'static str,
    pub event_type: &'static str,
    pub event_at: &'static str,
    /// The lengths of time that this policy uses.
    pub durations: Vec<(u32, Unit)>,
    /// Names and labels of the stages.
    pub stages: Vec<(String, Option<String>)>,
    /// Names and entries of the lists, and the files of those that come from files.
    pub lists: Vec<List>,
}

/// A list of texts.
#[derive(Clone, Debug)]
pub struct List {
    pub name: String,
    pub entries: Vec<String>,
    pub file: Option<String>,
}

/// Names of fields for each type; some are words that mean something elsewhere in the language.
const NAMES: &[(&str, &[&str])] = &[
    ("text", &["email", "title", "country", "time", "website"]),
    ("int", &["employees", "visits", "one", "points"]),
    ("number", &["ratio", "growth", "total"]),
    ("money", &["income", "budget"]),
    ("bool", &["opted_in", "sales_accepted"]),
    ("date", &["birth_date", "renews_on", "day"]),
    ("time", &["created_at", "signed_up", "week"]),
    ("one of", &["industry", "plan"]),
    ("ranked", &["seniority", "tier"]),
    ("list of text", &["pets", "tags"]),
    ("list of int", &["sizes"]),
    ("list of one of", &["channels"]),
];

impl Schema {
    /// A random schema; `size` from 1 (small) up.
    pub fn new(rng: &mut Rng, size: usize) -> Schema {
        let fixed_as_of = rng.chance(40);
        let mut schema = Schema {
            zone: if rng.chance(30) { "UTC" } else { *rng.pick(pools::ZONES) },
            as_of: if fixed_as_of { "2026-11-01" } else { *rng.pick(pools::AS_OFS) },
            currency: *rng.pick(&["USD", "EUR", "JPY"]),
            fields: vec![Field::new("id", Kind::Text)],
            events: Vec::new(),
            groups: Vec::new(),
            events_in: *rng.pick(&["events", "events", "activities"]),
            event_type: *rng.pick(&["type", "type", "kind"]),
            event_at: *rng.pick(&["at", "at", "occurred_at"]),
            durations: rng.some(pools::DURATIONS, 3, 5),
            stages: Vec::new(),
            lists: Vec::new(),
        };
        (schema.fields[0].key, schema.fields[0].required) = (true, true);
        schema.add_fields(rng, size);
        schema.add_events(rng, size);
        for name in ["free_mail", "competitors", "titles"].iter().take(1 + rng.below(3)) {
            let pool: Vec<&str> = [pools::WORDS, pools::ADDRESSES, pools::TEXTS].concat();
            let entries = rng.some(&pool, 2, 5).into_iter().map(str::to_string).collect();
            let file = rng.chance(35).then(|| format!("lists/{name}.txt"));
            schema.lists.push(List { name: name.to_string(), entries, file });
        }
        schema
    }

    fn add_fields(&mut self, rng: &mut Rng, size: usize) {
        for (kind, names) in NAMES {
            let wanted = if *kind == "text" { 2 } else { usize::from(rng.chance(45 + 15 * size)) };
            for name in rng.some(names, wanted.min(size + 1), wanted) {
                let mut field = Field::new(name, kind_of(rng, kind));
                if rng.chance(15) {
                    field.path = vec![format!("Column {name}")];
                } else if rng.chance(10) {
                    field.path = vec![format!("props.{name}")];
                }
                field.add_clauses(rng);
                self.fields.push(field);
            }
        }
        if rng.chance(40) {
            for (name, kind) in [("name", Kind::Text), ("size", Kind::Int)] {
                let mut field = Field::new(&format!("company.{name}"), kind);
                field.path = vec!["company".into(), name.into()];
                self.fields.push(field);
            }
        }
        if rng.chance(50) {
            self.fields.push(Field::new("lifecycle", Kind::Stage));
        }
    }

    fn add_events(&mut self, rng: &mut Rng, size: usize) {
        let names = ["email_opened", "webinar_attended", "page_viewed", "discovery_call"];
        for name in rng.some(&names, 2, 2 + size) {
            let spelled = if rng.chance(30) { name.replace('_', " ").to_uppercase() } else { name.to_string() };
            let mut fields = Vec::new();
            let topic = Kind::Text;
            let outcome = Kind::OneOf(vec!["no need".into(), "need confirmed".into(), "Later".into()]);
            let candidates = [
                ("topic", topic, 70),
                ("seconds", Kind::Int, 50),
                ("amount", Kind::Money, 30),
                ("outcome", outcome, 30),
                ("rating", Kind::Number, 25),
                ("live", Kind::Bool, 20),
                ("due", Kind::Date, 15),
                ("source.page", Kind::Text, 10),
                ("day", Kind::Text, 4),
            ];
            for (name, kind, percent) in candidates {
                if rng.chance(percent) {
                    let mut field = Field::new(name, kind);
                    if name.contains('.') {
                        field.path = name.split('.').map(str::to_string).collect();
                    } else if rng.chance(15) {
                        field.path = vec![format!("properties.{name}")];
                    }
                    fields.push(field);
                }
            }
            self.events.push(Event { name: name.to_string(), spelled, fields });
        }
        if rng.chance(70) {
            let all: Vec<usize> = (0..self.events.len()).collect();
            let members = rng.some(&all, 2, 3);
            let days: Vec<bool> =
                members.iter().map(|at| self.events[*at].fields.iter().any(|field| field.name == "day")).collect();
            if !days.contains(&true) {
                self.groups.push(("engaged".into(), members));
            }
        }
    }

    /// The fields that an event type or all members of a group have.
    pub fn fields_of(&self, used_as: &str) -> Vec<Field> {
        if let Some((_, members)) = self.groups.iter().find(|(name, _)| name == used_as) {
            let first = &self.events[members[0]];
            let alike = |field: &&Field| {
                members.iter().all(|at| {
                    self.events[*at].fields.iter().any(|other| other.name == field.name && other.kind == field.kind)
                })
            };
            return first.fields.iter().filter(alike).cloned().collect();
        }
        self.events.iter().find(|event| event.name == used_as).map(|event| event.fields.clone()).unwrap_or_default()
    }

    /// The names that events are asked for by.
    pub fn event_names(&self) -> Vec<String> {
        let types = self.events.iter().map(|event| event.name.clone());
        types.chain(self.groups.iter().map(|(name, _)| name.clone())).chain(["event".to_string()]).collect()
    }
}

fn kind_of(rng: &mut Rng, kind: &str) -> Kind {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect::<Vec<_>>();
    match kind {
        "text" => Kind::Text,
        "int" => Kind::Int,
        "number" => Kind::Number,
        "money" => Kind::Money,
        "bool" => Kind::Bool,
        "date" => Kind::Date,
        "time" => Kind::Time,
        "one of" => Kind::OneOf(rng.some(&texts(&["Software", "retail", "Finance & Co", "Straße", "Σίσυφος"]), 2, 4)),
        "ranked" => Kind::Ranked(texts(&["Individual", "Manager", "Director", "VP", "C-level"])),
        "list of text" => Kind::List(Box::new(Kind::Text)),
        "list of int" => Kind::List(Box::new(Kind::Int)),
        _ => Kind::List(Box::new(Kind::OneOf(texts(&["web", "Phone", "event"])))),
    }
}

impl Field {
    /// A field that leads hold under its name.
    pub fn new(name: &str, kind: Kind) -> Field {
        let path = vec![name.to_string()];
        Field { name: name.into(), path, kind, format: None, sentinels: Vec::new(), key: false, required: false }
    }

    fn add_clauses(&mut self, rng: &mut Rng) {
        self.required = rng.chance(2);
        if matches!(self.kind, Kind::Date | Kind::Time) && rng.chance(20) {
            let formats: &[&str] = match self.kind {
                Kind::Date => &["%d.%m.%Y", "%m/%d/%Y"],
                _ => &["%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%Y%m%d%H%M%S%z"],
            };
            self.format = Some(*rng.pick(formats));
        }
        let takes_sentinels = !matches!(self.kind, Kind::Bool | Kind::Stage);
        if takes_sentinels && self.format.is_none() && rng.chance(15) {
            let sentinels = ["\"Select\"".to_string(), "-1".to_string(), "\"n/a\"".to_string()];
            self.sentinels = rng.some(&sentinels, 1, 2);
        }
    }

    /// The field as policies write it.
    pub fn written(&self, rng: &mut Rng, currency: &str, of_lead: bool) -> String {
        let name = self.name.rsplit('.').next().unwrap_or("");
        let mut clauses: Vec<String> = Vec::new();
        if self.key {
            clauses.push("key".into());
        } else if self.required {
            clauses.push("required".into());
        }
        let own = self.path.last().map_or("", |path| path);
        if own != name {
            clauses.push(format!("from {}", pools::quoted(own)));
        }
        clauses.extend(self.format.map(|format| format!("format {}", pools::quoted(format))));
        if !self.sentinels.is_empty() {
            clauses.push(format!("missing [{}]", self.sentinels.join(", ")));
        }
        if of_lead && !self.key && rng.chance(15) {
            clauses.push(format!("ask {}", pools::quoted(format!("What is your {name}?"))));
        }
        if of_lead && !self.key && rng.chance(5) {
            clauses.push("fixed".into());
        }
        rng.shuffle(&mut clauses);
        format!("{name} {} {}", written_kind(&self.kind, currency), clauses.join(" ")).trim_end().to_string()
    }
}

fn written_kind(kind: &Kind, currency: &str) -> String {
    let listed = |texts: &[String]| texts.iter().map(pools::quoted).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Text => "text".into(),
        Kind::Int => "int".into(),
        Kind::Number => "number".into(),
        Kind::Money => format!("money {currency}"),
        Kind::Bool => "bool".into(),
        Kind::Date => "date".into(),
        Kind::Time => "time".into(),
        Kind::OneOf(texts) => format!("one of [{}]", listed(texts)),
        Kind::Ranked(texts) => format!("ranked [{}]", listed(texts)),
        Kind::List(inner) => format!("list of {}", written_kind(inner, currency)),
        Kind::Stage => "stage".into(),
    }
}
