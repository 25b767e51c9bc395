//! The parts of the query, put together.

use super::{Lower, Made, Pass, Place};
use crate::data::EventsRead;
use crate::model::{FieldId, Type};
use crate::sql::dialect::Nested;
use crate::sql::layout::{is_read, layout};
use crate::sql::tree::{Body, From, Item, Join, Part, Query, Select, Sql, col, raw, text};
use crate::sql::{AsOfSource, Column};
use std::collections::BTreeSet;

/// The part that a later pass reads leads from, before it has a name.
const LEVEL: &str = "\u{0}";

/// The parts of columns that were read, where reading is long.
const LEADS: &str = "lead_columns";
const EVENTS: &str = "event_columns";

impl Lower<'_> {
    /// Names the columns of the lead's fields.
    pub(super) fn name_fields(&mut self) {
        for (place, field) in self.program.schema.fields.iter().enumerate().filter(|(_, field)| is_read(field)) {
            let name = self.names.unique(&field.name.replace('.', "__"));
            self.places.insert(name.clone(), Place::default());
            self.fields[place] = Some(name);
        }
    }

    /// Joins the leads that a later pass rests on to events.
    pub(super) fn join_leads(&self, select: &mut Select, rests_on: &BTreeSet<String>, level: u32) {
        let mut leads = Select::of(From::Part(format!("{LEVEL}{}", level.saturating_sub(1))), "l");
        leads.distinct = true;
        leads.items.push(Item::new(Sql::Of("l", "lead_key".into()), "lead_key"));
        leads.items.extend(rests_on.iter().map(|name| Item::new(Sql::Of("l", name.clone()), name.clone())));
        select.joins.push(Join {
            kind: "JOIN",
            from: From::Query(Box::new(leads)),
            name: "l",
            on: vec![Sql::Of("l", "lead_key".into()).bin("=", Sql::Of("e", "lead_key".into()))],
        });
    }

    /// The whole query.
    pub(super) fn assemble(&mut self) -> Query {
        let output = self.output();
        let dynamic = !matches!(self.options.as_of, AsOfSource::At(_));
        if dynamic {
            self.as_of();
        }
        let mut parts = Vec::new();
        if !self.clock.is_empty() {
            let mut clock = Select { from: None, ..Select::of(From::Part(String::new()), "c") };
            clock.items = self.clock.iter().map(|(name, value)| Item::new(value.clone(), name.clone())).collect();
            parts.push(part("clock", "the as-of and what is counted from it", clock));
        }
        for (name, texts) in &self.lists {
            let values = texts.iter().map(|entry| text(entry.as_str())).collect();
            parts.push(Part { name: name.clone(), remark: "a list of texts".into(), body: Body::Values(values) });
        }
        let held = layout(self.program, self.options);
        if self.d.reads_early() {
            let select = self.read_columns(self.table(&self.options.leads), &held.leads);
            parts.push(part(LEADS, "leads: columns as they are read", select));
        }
        parts.push(part("lead_fields", "leads: what is missing, listed texts", self.lead_fields()));
        let mut last = "lead_fields".to_owned();
        self.made_parts(&mut parts, &mut last);
        if EventsRead::of(self.program) != EventsRead::None && self.program.schema.key.is_some() {
            if self.d.reads_early() {
                let table = self.events_table(&held.events);
                parts.push(part(EVENTS, "events: columns as they are read", self.read_columns(table, &held.events)));
            }
            parts.push(part(
                "event_fields",
                "events up to the as-of, and their age in milliseconds",
                self.event_fields(),
            ));
        }
        let columns = std::mem::take(&mut self.columns);
        let mut passes = std::mem::take(&mut self.passes);
        let mut ends: Vec<String> = Vec::new();
        let levels = passes.keys().copied().chain(columns.keys().map(|place| place.level)).max().unwrap_or(0);
        for level in 0..=levels {
            if let Some(pass) = passes.remove(&level) {
                self.pass(level, pass, &mut parts, &mut last);
            }
            for (_, layer) in columns.iter().filter(|(place, _)| place.level == level) {
                let mut kinds: Vec<&str> = Vec::new();
                for column in layer {
                    if !kinds.contains(&column.kind) {
                        kinds.push(column.kind);
                    }
                }
                let name = self.names.unique(&kinds.join("_and_"));
                let mut select = Select::of(From::Part(last.clone()), "l");
                select.items.push(Item::all("l"));
                select.items.extend(layer.iter().map(|column| column.item.clone()));
                parts.push(part(&name, &kinds.join(", "), select));
                last = name;
            }
            ends.push(last.clone());
        }
        for part in &mut parts {
            if let Body::Select(select) = &mut part.body {
                resolve(select, &ends);
            }
        }
        let mut result = Select::of(From::Part(last), "l");
        result.items = output;
        Query { head: self.head(), helpers: self.d.helpers(&self.program.zone), parts, result }
    }

    fn head(&self) -> Vec<String> {
        let meta = &self.program.meta;
        let version = meta.version.as_ref().map_or(String::new(), |version| format!(", version {version}"));
        vec![
            format!("{}{version}", meta.label),
            format!("{}", self.program.digest()),
            format!("Written by `qualify sql` for {}: a row a lead.", self.d.title()),
        ]
    }

    fn join_clock(&self, select: &mut Select) {
        if !self.clock.is_empty() {
            select.joins.push(Join { kind: "CROSS JOIN", from: From::Part("clock".into()), name: "c", on: Vec::new() });
            select.items.push(Item::all("c"));
        }
    }

    fn table(&self, name: &str) -> From {
        From::Table(name.split('.').map(|part| self.d.quote_name(part)).collect::<Vec<_>>().join("."))
    }

    fn lead_fields(&mut self) -> Select {
        let program = self.program;
        let leads = if self.d.reads_early() { From::Part(LEADS.into()) } else { self.table(&self.options.leads) };
        let mut select = Select::of(leads, "t");
        let held = layout(program, self.options).leads;
        let column_of = |field: FieldId| held.iter().find(|column| column.fields.contains(&field));
        match program.schema.key {
            Some(key) => {
                if let Some(column) = column_of(key) {
                    let raw = Sql::Of("t", column.name.clone());
                    let key_text = self.d.key_text(raw, &column.ty);
                    select.filter.push(self.d.has_text(key_text.clone()));
                    select.items.push(Item::new(self.d.trim(key_text), "lead_key"));
                }
            }
            None => {
                let number = self.d.row_number();
                select.items.push(Item::new(number, "lead_key"));
            }
        }
        for (place, field) in program.schema.fields.iter().enumerate() {
            let Some(name) = self.fields[place].clone() else { continue };
            let Some(column) = column_of(FieldId(place as u16)) else { continue };
            let value = self.field_value(Sql::Of("t", column.name.clone()), &column.ty, field);
            let sentinels = !field.missing.texts.is_empty() || !field.missing.numbers.is_empty();
            if field.required || (field.key && sentinels) {
                let known = value.clone().known();
                select.filter.push(match &self.options.incomplete_if {
                    Some(kept) if !field.key => Sql::Or(vec![known, raw(kept, [])]),
                    _ => known,
                });
            }
            let mut item = Item::new(value, name);
            if let Some(ask) = &field.ask {
                item = item.remark(ask.clone());
            }
            select.items.push(item);
        }
        self.join_clock(&mut select);
        select
    }

    /// The columns that are made of texts, in the order in which they rest on each other.
    fn made_parts(&mut self, parts: &mut Vec<Part>, last: &mut String) {
        let steps: [(&str, &str, &[Made]); 4] = [
            (
                "lead_texts",
                "texts with case ignored, addresses without what stands around the host",
                &[Made::Folded, Made::Address],
            ),
            ("lead_words", "the words of texts, hosts of addresses", &[Made::Words, Made::Host]),
            ("lead_hosts", "hosts without www", &[Made::Bare]),
            ("lead_domains", "domains of addresses", &[Made::Domain]),
        ];
        for (wanted, remark, kinds) in steps {
            let made: Vec<((Made, FieldId), String)> = self
                .made
                .iter()
                .filter(|((made, _), _)| kinds.contains(made))
                .map(|(key, name)| (*key, name.clone()))
                .collect();
            if made.is_empty() {
                continue;
            }
            let mut select = Select::of(From::Part(last.clone()), "l");
            select.items.push(Item::all("l"));
            for ((made, field), name) in made {
                let own = col(self.fields[field.index()].clone().unwrap_or_default());
                let from = |made: Made| col(self.made.get(&(made, field)).cloned().unwrap_or_default());
                let d = self.d;
                let list = matches!(self.program.schema.field(field).ty, Type::List(_));
                let value = match made {
                    Made::Folded if list => d.fold_list(own),
                    Made::Folded if self.sigma.contains(&field) => d.fold(own),
                    Made::Folded => d.lower(own),
                    Made::Words => d.words(from(Made::Folded)),
                    Made::Address => d.host(own),
                    Made::Host => d.lower_of_data(d.trim(from(Made::Address))),
                    Made::Bare => d.bare_host(from(Made::Host)),
                    Made::Domain => d.dotted(from(Made::Bare)),
                };
                select.items.push(Item::new(value, name));
            }
            let name = self.names.unique(wanted);
            parts.push(part(&name, remark, select));
            *last = name;
        }
    }

    fn event_fields(&mut self) -> Select {
        let program = self.program;
        let held = layout(program, self.options).events;
        let early = self.d.reads_early();
        let events = if early { From::Part(EVENTS.into()) } else { self.events_table(&held) };
        let mut select = Select::of(events, "t");
        let [key, ty, at] = [0, 1, 2].map(|place| held.get(place).cloned());
        if let (Some(key), Some(ty), Some(at)) = (key, ty, at) {
            let raw = Sql::Of("t", key.name.clone());
            let key_text = self.d.key_text(raw, &key.ty);
            let trimmed = self.d.trim(key_text);
            let spelled = Sql::Of("t", ty.name.clone());
            let instant = Sql::Of("t", at.name.clone());
            let millis = if early { instant.clone() } else { self.d.read(instant.clone(), &at.ty) };
            select.items.push(Item::new(trimmed, "lead_key"));
            select.items.push(Item::new(spelled.clone(), "event_type"));
            select.items.push(Item::new(millis.clone(), "at"));
            let as_of = match &self.options.as_of {
                AsOfSource::At(_) => self.as_of(),
                _ => Sql::Of("c", "as_of".into()),
            };
            let (age, past) = match early {
                true => (as_of.clone().bin("-", instant.clone()), instant.bin("<=", as_of)),
                false => (self.d.age(instant.clone(), as_of.clone()), self.d.is_past(instant, as_of)),
            };
            select.items.push(Item::new(age, "age"));
            if self.event_day {
                let day = self.d.day(millis.clone(), &program.zone);
                select.items.push(Item::new(day, "event_day"));
            }
            select.filter.push(past);
            match EventsRead::of(program) {
                EventsRead::Used => {
                    let types = program.schema.events.iter().filter(|ty| ty.used);
                    let types = types.map(|ty| text(ty.from.as_str())).collect();
                    select.filter.push(Sql::In(Box::new(spelled), types, false));
                }
                _ => select.filter.push(self.d.has_text(spelled)),
            }
        }
        for column in self.event_columns() {
            let name = self.event_field_name(&column.name);
            select.items.push(Item::new(Sql::Of("t", column.name.clone()), name));
        }
        self.join_clock(&mut select);
        select
    }

    /// The table of events, or what takes its place.
    fn events_table(&mut self, held: &[Column]) -> From {
        match self.nested(held) {
            Some(nested) => From::Table(nested),
            None => self.table(&self.options.events),
        }
    }

    /// Columns of a table as values.
    fn read_columns(&self, from: From, held: &[Column]) -> Select {
        let mut select = Select::of(from, "t");
        let read = |column: &Column| self.d.read(Sql::Of("t", column.name.clone()), &column.ty);
        select.items = held.iter().map(|column| Item::new(read(column), column.name.clone())).collect();
        select
    }

    /// The table of events that stand inside leads, when they do.
    fn nested(&mut self, held: &[Column]) -> Option<String> {
        let (true, Some(key), Some(first)) = (self.options.nested, self.program.schema.key, held.first()) else {
            return None;
        };
        let d = self.d;
        let leads = &self.options.leads;
        let leads = leads.split('.').map(|part| d.quote_name(part)).collect::<Vec<_>>().join(".");
        let columns: Vec<(String, String)> =
            held.iter().skip(1).map(|column| (d.quote_name(&column.name), d.column_type(&column.ty))).collect();
        let nested = Nested {
            leads: &leads,
            key: &d.quote_name(&self.program.schema.field(key).from.whole),
            list: &d.quote_name(&self.program.schema.event_source.inside.whole),
            event_key: &d.quote_name(&first.name),
            columns: &columns,
        };
        let table = d.nested_events(&nested);
        if table.is_none() {
            let span = self.program.queries.first().map(|query| query.span).unwrap_or_default();
            self.context = "the policy".into();
            self.refuse(span, "events inside leads");
        }
        table
    }

    /// A pass over the events, joined to the leads.
    fn pass(&mut self, level: u32, pass: Pass, parts: &mut Vec<Part>, last: &mut String) {
        let mut joined = Select::of(From::Part(last.clone()), "l");
        joined.items.push(Item::all("l"));
        let Pass { counted, kept, .. } = pass;
        let rests_on: BTreeSet<String> = counted.iter().flat_map(|column| column.rests_on.iter().cloned()).collect();
        let mut number = 0;
        const NAMES: [&str; 8] = ["a", "b", "c1", "d", "f", "g", "h", "i"];
        if !counted.is_empty() {
            let name = self.names.unique(if level == 0 { "activity" } else { "activity_of_leads" });
            let mut select = Select::of(From::Part("event_fields".into()), "e");
            let own = |name: &str| Sql::Of(if rests_on.is_empty() { "e" } else { "l" }, name.to_owned());
            select.items.push(Item::new(own("lead_key"), "lead_key"));
            select.items.extend(rests_on.iter().map(|name| Item::new(own(name), name.clone())));
            select.group = select.items.iter().filter_map(|item| item.value.clone()).collect();
            if !rests_on.is_empty() {
                self.join_leads(&mut select, &rests_on, level);
            }
            for column in &counted {
                let item = Item::new(column.value.clone(), column.name.clone());
                select.items.push(item.remark(column.remark.clone()));
                let value = Sql::Of("a", column.name.clone());
                let value = if column.zero { Self::or_zero(value) } else { value };
                joined.items.push(Item::new(value, column.name.clone()));
            }
            let remark = if level == 0 {
                "what leads did: one pass over the events"
            } else {
                "what leads did, as far as it rests on the lead"
            };
            parts.push(part(&name, remark, select));
            joined.joins.push(self.joined_to(&name, "a", &rests_on));
            number += 1;
        }
        for one in kept {
            // Few joins in one query; then another one.
            if number >= NAMES.len() {
                let name = self.names.unique("leads_and_activity");
                parts.push(part(&name, "leads and what they did", joined));
                *last = name;
                joined = Select::of(From::Part(last.clone()), "l");
                joined.items.push(Item::all("l"));
                number = 0;
            }
            let alias = NAMES[number];
            number += 1;
            joined.joins.push(self.joined_to(&one.part, alias, &one.rests_on));
            joined.items.push(Item::new(Self::or_zero(Sql::Of(alias, "points".into())), one.name));
            parts.extend(one.steps);
        }
        let name = self.names.unique("leads_and_activity");
        parts.push(part(&name, "leads and what they did", joined));
        *last = name;
    }

    fn joined_to(&self, name: &str, alias: &'static str, rests_on: &BTreeSet<String>) -> Join {
        let mut on = vec![Sql::Of(alias, "lead_key".into()).bin("=", Sql::Of("l", "lead_key".into()))];
        for column in rests_on {
            on.push(self.d.same(Sql::Of(alias, column.clone()), Sql::Of("l", column.clone())));
        }
        Join { kind: "LEFT JOIN", from: From::Part(name.to_owned()), name: alias, on }
    }
}

pub(super) fn part(name: &str, remark: &str, select: Select) -> Part {
    Part { name: name.to_owned(), remark: remark.to_owned(), body: Body::Select(select) }
}

/// Puts the names of the parts that later passes read leads from.
fn resolve(select: &mut Select, ends: &[String]) {
    let one = |from: &mut From| match from {
        From::Part(name) => {
            if let Some(level) = name.strip_prefix(LEVEL).and_then(|level| level.parse::<usize>().ok())
                && let Some(end) = ends.get(level)
            {
                name.clone_from(end);
            }
        }
        From::Query(query) => resolve(query, ends),
        From::Table(_) => {}
    };
    if let Some((from, _)) = &mut select.from {
        one(from);
    }
    for join in &mut select.joins {
        one(&mut join.from);
    }
}
