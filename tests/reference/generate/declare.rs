//! Random declarations of the top level, in an order in which nothing rests on what comes later.

use super::Gen;
use super::expr::LEAD;
use super::pools::{self, quoted};
use super::schema::{Field, Kind};

impl Gen {
    /// All declarations, each as text.
    pub fn items(&mut self) -> Vec<String> {
        let mut items = self.head();
        self.name_stages();
        items.push(self.lead_block());
        items.extend(self.event_items());
        items.extend(self.list_items());
        items.extend(self.constants());
        for round in 0..1 + self.size {
            for _ in 0..1 + self.rng.below(2) {
                items.extend(self.define());
            }
            items.push(self.fit(round));
            let name = format!("score_{round}");
            items.push(self.score(&name));
            if self.rng.chance(70) {
                items.push(self.bands_of(round, &name));
            }
        }
        items.extend(self.matrix());
        if self.rng.chance(70) {
            items.extend(self.disqualify());
        }
        if !self.schema.stages.is_empty() {
            items.push(self.stages());
            self.stage_is_ready = true;
        }
        items.extend(self.define());
        items.push(self.persona());
        if self.rng.chance(80) {
            items.push(self.route());
        }
        for _ in 0..1 + self.rng.below(2) {
            items.push(format!("always {}: {}", quoted("holds"), self.condition(2, LEAD).0));
        }
        for _ in 0..self.rng.below(3) {
            items.push(self.test());
        }
        self.rng.shuffle(&mut items[1..]);
        items
    }

    fn head(&mut self) -> Vec<String> {
        let mut items = vec!["policy \"A random policy\"".to_string()];
        if self.schema.zone != "UTC" || self.rng.chance(20) {
            items.push(format!("timezone {}", quoted(self.schema.zone)));
        }
        if self.rng.chance(10) {
            items.push("outcome { lead \"lead_id\" converted \"won\" at \"won_at\" amount \"acv\" in USD }".into());
        }
        if self.rng.chance(30) {
            items.push("version \"2026.4\"".into());
            items.push("owner \"revops@example.com\"".into());
            items.push("review every 3 months, last 2026-10-01".into());
            items.push("agreed by \"sales\" on 2026-10-02".into());
        }
        items
    }

    fn name_stages(&mut self) {
        if self.rng.chance(15) && !self.schema.fields.iter().any(|field| field.kind == Kind::Stage) {
            return;
        }
        let names = ["lead", "mql", "sal", "sql", "customer"];
        let count = 2 + self.rng.below(4);
        for name in &names[..count] {
            let label = if self.rng.chance(50) { Some(format!("The {name} rung")) } else { None };
            self.schema.stages.push((name.to_string(), label));
        }
    }

    fn lead_block(&mut self) -> String {
        let mut block_missing = "";
        if self.rng.chance(15) {
            block_missing = " missing [\"Unknown\"]";
            for field in &mut self.schema.fields {
                if !matches!(field.kind, Kind::Stage) && !field.key {
                    field.sentinels.push("\"Unknown\"".into());
                }
            }
        }
        let mut lines = Vec::new();
        let mut company = Vec::new();
        for field in self.schema.fields.clone() {
            let mut bare = field.clone();
            bare.sentinels.retain(|sentinel| block_missing.is_empty() || sentinel != "\"Unknown\"");
            let currency = self.schema.currency;
            let mut text = bare.written(&mut self.rng, currency, true);
            if field.name == "sales_accepted" && !self.schema.stages.is_empty() {
                text.push_str(&format!(" known from {}", self.schema.stages[1].0));
            }
            if field.name.starts_with("company.") {
                company.push(text);
            } else {
                lines.push(format!("  {text}"));
            }
        }
        if !company.is_empty() {
            lines.push(format!("  company {{ {} }}", company.join("  ")));
        }
        format!("lead{block_missing} {{\n{}\n}}", lines.join("\n"))
    }

    fn event_items(&mut self) -> Vec<String> {
        let mut items = Vec::new();
        for event in self.schema.events.clone() {
            let mut text = format!("event {}{}", event.name, self.label());
            if event.spelled != event.name {
                text.push_str(&format!(" from {}", quoted(&event.spelled)));
            }
            if !event.fields.is_empty() {
                let currency = self.schema.currency;
                let mut fields = Vec::new();
                for field in &event.fields {
                    let written = field.written(&mut self.rng, currency, false);
                    match field.name.split_once('.') {
                        Some((record, _)) => fields.push(format!("  {record} {{ {written} }}")),
                        None => fields.push(format!("  {written}")),
                    }
                }
                text.push_str(&format!(" {{\n{}\n}}", fields.join("\n")));
            }
            items.push(text);
        }
        for (name, members) in self.schema.groups.clone() {
            let members: Vec<String> = members.iter().map(|at| self.schema.events[*at].name.clone()).collect();
            items.push(format!("event {name}{} is any of [{}]", self.label(), members.join(", ")));
        }
        let (within, ty, at) = (self.schema.events_in, self.schema.event_type, self.schema.event_at);
        let mut clauses = Vec::new();
        if within != "events" {
            clauses.push(format!("in {}", quoted(within)));
        }
        if ty != "type" {
            clauses.push(format!("type {}", quoted(ty)));
        }
        if at != "at" {
            clauses.push(format!("at {}", quoted(at)));
        }
        if !clauses.is_empty() {
            items.push(format!("events {{ {} }}", clauses.join(" ")));
        }
        items
    }

    fn list_items(&mut self) -> Vec<String> {
        let mut items = Vec::new();
        self.has_numbers = self.rng.chance(40);
        if self.has_numbers {
            items.push("list numbers = [1, 5, 10, 49.5]".into());
        }
        for list in self.schema.lists.clone() {
            items.push(match &list.file {
                Some(path) => format!("list {} from {}", list.name, quoted(path)),
                None => {
                    let entries: Vec<String> = list.entries.iter().map(quoted).collect();
                    format!("list {} = [{}]", list.name, entries.join(", "))
                }
            });
        }
        items
    }

    fn constants(&mut self) -> Vec<String> {
        let mut items = Vec::new();
        let sizes = [("demo_points", *self.rng.pick(&["5", "7.5"])), ("big_points", "20"), ("two", "2")];
        for (name, size) in sizes {
            if self.rng.chance(35) {
                items.push(format!("define {name}: {size}"));
                self.constants.push(name.into());
            }
        }
        self.has_half = self.rng.chance(35);
        if self.has_half {
            items.push("define half: 50%".into());
        }
        items
    }

    fn define(&mut self) -> Option<String> {
        let name = format!("d{}", self.declared.len());
        let (ty, value) = match self.rng.below(10) {
            0..=3 => ("condition", self.condition(2, LEAD).0),
            4 | 5 => ("number", self.number(2, LEAD).0),
            6 => {
                self.schema.fields.iter().find(|field| field.kind == Kind::Money)?;
                ("money", self.money(2, LEAD).0)
            }
            7 => ("text", self.text(LEAD)?.0),
            _ => {
                let moment = self.moment(LEAD)?.0;
                self.declared.push((name.clone(), "moment"));
                return Some(format!("define {name}{}: {moment}", self.label()));
            }
        };
        let text = format!("define {name}{}: {value}", self.label());
        self.declared.push((name, ty));
        Some(text)
    }

    fn persona(&mut self) -> String {
        let text = format!("persona p{}{}: {}", self.declared.len(), self.label(), self.condition(1, LEAD).0);
        self.declared.push((format!("p{}", self.declared.len()), "condition"));
        text
    }

    fn fit(&mut self, round: usize) -> String {
        let name = format!("fit_{round}");
        let count = 1 + self.rng.below(4);
        let needs = match self.rng.below(10) {
            0 if count > 1 && self.constants.contains(&"two".to_string()) => " needs two".into(),
            0..=4 => format!(" needs {}", 1 + self.rng.below(count)),
            _ => String::new(),
        };
        let mut text = format!("fit {name}{}{needs} {{\n", self.label());
        for at in 0..count {
            text.push_str(&format!("  c{at}{}: {}\n", self.label(), self.condition(1, LEAD).0));
        }
        self.declared.push((name.clone(), "fit"));
        for part in ["passed", "failed", "unknown"] {
            self.declared.push((format!("{name}.{part}"), "number"));
        }
        text + "}"
    }

    fn bands_of(&mut self, round: usize, score: &str) -> String {
        let name = format!("bands_{round}");
        let cuts = self.rng.some(pools::CUTS, 1, 3);
        let names = ["cold", "warm", "hot", "boiling"];
        let mut text = format!("bands {name}{} of {score} {{\n  cold{}\n", self.label(), self.label());
        for (at, cut) in cuts.iter().enumerate() {
            let has_big = self.constants.contains(&"big_points".to_string());
            let cut = if *cut == "20" && has_big { "big_points" } else { cut };
            text.push_str(&format!("  {}{} from {cut}\n", names[at + 1], self.label()));
        }
        let used = names[..cuts.len() + 1].iter().map(|name| name.to_string()).collect();
        self.bands.push((name, used));
        text + "}"
    }

    /// What a matrix may be over, and the heads that it then has.
    fn sides(&mut self) -> Vec<(String, Vec<String>)> {
        let mut sides: Vec<(String, Vec<String>)> = self.bands.clone();
        for (name, ty) in &self.declared {
            if *ty == "fit" {
                sides.push((name.clone(), vec!["fits".into(), "unknown".into(), "fails".into()]));
            }
        }
        for field in &self.schema.fields {
            if let Kind::OneOf(listed) | Kind::Ranked(listed) = &field.kind {
                let mut heads: Vec<String> = listed.iter().map(quoted).collect();
                heads.push("missing".into());
                sides.push((field.name.clone(), heads));
            }
        }
        sides
    }

    fn matrix(&mut self) -> Option<String> {
        let sides = self.sides();
        if sides.len() < 2 || self.rng.chance(25) {
            return None;
        }
        let two = self.rng.some(&sides, 2, 2);
        let (mut rows, mut columns) = (two[0].clone(), two[1].clone());
        if self.rng.chance(50) {
            std::mem::swap(&mut rows, &mut columns);
        }
        self.rng.shuffle(&mut rows.1);
        self.rng.shuffle(&mut columns.1);
        let cells = ["p1", "p2", "p3", "p4"];
        let mut used = Vec::new();
        let mut text = format!(
            "matrix priority{} of {} by {} {{\n  _: {}\n",
            self.label(),
            rows.0,
            columns.0,
            columns.1.join(", ")
        );
        for row in &rows.1 {
            let line: Vec<String> = columns.1.iter().map(|_| self.rng.pick(&cells).to_string()).collect();
            text.push_str(&format!("  {row}: {}\n", line.join(", ")));
            used.extend(line);
        }
        used.sort();
        used.dedup();
        self.matrices.push(("priority".into(), used));
        Some(text + "}")
    }

    fn disqualify(&mut self) -> Vec<String> {
        let mut blocks: Vec<String> = Vec::new();
        let names: Vec<&str> = self.rng.some(&["competitor", "student", "bounced"], 1, 2);
        for name in &names {
            // Most leads should stay in.
            let condition = format!("{} and {}", self.condition(0, LEAD).at(3), self.condition(0, LEAD).at(3));
            let rule = format!("  {name}{}: {condition}\n", self.label());
            match blocks.last_mut() {
                Some(block) if self.rng.chance(70) => block.push_str(&rule),
                _ => blocks.push(format!("disqualify {{\n{rule}")),
            }
        }
        self.reasons = names.into_iter().map(str::to_string).collect();
        blocks.into_iter().map(|block| block + "}").collect()
    }

    fn stages(&mut self) -> String {
        let mut text = String::from("stages {\n");
        let can_keep = self.schema.fields.iter().any(|field| field.kind == Kind::Stage);
        for (at, (name, label)) in self.schema.stages.clone().into_iter().enumerate() {
            let label = label.map(|label| format!(" {}", quoted(&label))).unwrap_or_default();
            if at == 0 {
                text.push_str(&format!("  {name}{label}\n"));
                continue;
            }
            let after = if self.rng.chance(35) {
                format!(" after {}", self.schema.stages[self.rng.below(at)].0.clone())
            } else {
                String::new()
            };
            let keep = match self.rng.below(3) {
                0 if can_keep => format!(", keep while {}", self.condition(1, LEAD).0),
                1 if can_keep && self.rng.chance(30) => ", keep while true".into(),
                _ => String::new(),
            };
            text.push_str(&format!("  {name}{label}{after}: {}{keep}\n", self.condition(1, LEAD).0));
        }
        text + "}"
    }

    fn route(&mut self) -> String {
        let mut text = String::from("route {\n");
        for name in ["out", "ae", "sdr"].iter().take(1 + self.rng.below(3)) {
            let within = if self.rng.chance(50) { format!(" within {}", self.duration()) } else { String::new() };
            text.push_str(&format!("  {name}{}{within}: {}\n", self.label(), self.condition(1, LEAD).0));
        }
        if self.rng.chance(70) {
            text.push_str(&format!("  nurture{}: otherwise\n", self.label()));
        }
        text + "}"
    }

    fn test(&mut self) -> String {
        let mut text = format!("test \"random\" as of {} {{\n", self.schema.as_of);
        let mut entries = Vec::new();
        for field in self.schema.fields.clone() {
            if self.rng.chance(60)
                && let Some(value) = self.test_value(&field)
            {
                entries.push(format!("{}: {value}", field.name));
            }
        }
        text.push_str(&format!("  lead {{ {} }}\n", entries.join(", ")));
        for _ in 0..self.rng.below(4) {
            let event = self.rng.pick(&self.schema.events).clone();
            let when = match self.rng.below(4) {
                0 => format!("on {}", self.date_literal()),
                1 => "at 2026-10-20T12:30:00Z".into(),
                _ => format!("{} ago", self.duration()),
            };
            let times = if self.rng.chance(25) { format!(", {} times", 2 + self.rng.below(5)) } else { String::new() };
            let mut fields = Vec::new();
            for field in &event.fields {
                if self.rng.chance(70)
                    && let Some(value) = self.test_value(field)
                {
                    fields.push(format!("{}: {value}", field.name));
                }
            }
            let fields = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
            text.push_str(&format!("  event {} {when}{times}{fields}\n", event.name));
        }
        for _ in 0..1 + self.rng.below(3) {
            text.push_str(&format!("  expect {}\n", self.condition(2, LEAD).0));
        }
        text + "}"
    }

    /// A literal that the field can read.
    fn test_value(&mut self, field: &Field) -> Option<String> {
        let list = |g: &mut Gen, literal: &dyn Fn(&mut Gen) -> String| {
            let n = g.rng.below(3);
            format!("[{}]", (0..n).map(|_| literal(g)).collect::<Vec<_>>().join(", "))
        };
        Some(match &field.kind {
            Kind::Text => self.text_literal(),
            Kind::Int => self.rng.pick(pools::INTS).to_string(),
            Kind::Number => self.number_literal().0,
            Kind::Money => self.money_literal(),
            Kind::Bool => self.rng.pick(&["true", "false"]).to_string(),
            Kind::Date => self.date_literal(),
            Kind::Time if self.rng.chance(50) => "2026-10-01T12:30:00+02:00".into(),
            Kind::Time => self.date_literal(),
            Kind::OneOf(listed) | Kind::Ranked(listed) => quoted(self.rng.pick(listed)),
            Kind::List(inner) => match &**inner {
                Kind::Int => list(self, &|g| g.rng.pick(pools::INTS).to_string()),
                Kind::OneOf(listed) => list(self, &|g| quoted(g.rng.pick(listed))),
                _ => list(self, &|g| g.text_literal()),
            },
            Kind::Stage => self.schema.stages[self.rng.below(self.schema.stages.len())].0.clone(),
        })
    }
}
