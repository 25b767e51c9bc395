//! Random scores: rules of every form, groups, includes.

use super::Gen;
use super::expr::{LEAD, level};
use super::pools::{self, quoted};
use super::schema::Kind;

impl Gen {
    /// Points with their sign: a number, or a constant.
    pub fn points(&mut self) -> String {
        let sign = if self.rng.chance(25) { "-" } else { "+" };
        let size = if !self.constants.is_empty() && self.rng.chance(15) {
            self.rng.pick(&self.constants).clone()
        } else {
            self.rng.pick(pools::POINTS).to_string()
        };
        format!("{sign}{size}")
    }

    /// A label, on most declarations.
    pub fn label(&mut self) -> String {
        if self.rng.chance(30) {
            return String::new();
        }
        let label = *self.rng.pick(&["Reads our emails", "Ünusual \"label\"", "A: b", "#1", "Gone quiet"]);
        format!(" {}", quoted(label))
    }

    /// `from A to B`, either or none.
    fn limits(&mut self, may_fall: bool) -> String {
        let mut text = String::new();
        if may_fall && self.rng.chance(40) {
            text.push_str(&format!(" from {}", self.rng.pick(&["0", "-20", "5"])));
        }
        match self.rng.below(6) {
            0 if self.constants.contains(&"big_points".to_string()) => text.push_str(" to big_points"),
            0..=2 => text.push_str(&format!(" to {}", self.rng.pick(&["25", "50", "100", "33.5"]))),
            _ => {}
        }
        text
    }

    /// A score, and its names of parts made known.
    pub fn score(&mut self, name: &str) -> String {
        let mut parts = Vec::new();
        let head = format!("score {name}{}{} {{", self.label(), self.limits(true));
        let body = self.parts(&mut parts, 1);
        self.declared.push((name.to_string(), "points"));
        for part in parts {
            self.declared.push((format!("{name}.{part}"), "points"));
        }
        format!("{head}\n{body}}}")
    }

    fn parts(&mut self, names: &mut Vec<String>, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut text = String::new();
        let wanted = if depth == 1 { 2 + self.rng.below(2 + self.size) } else { 1 + self.rng.below(3) };
        for _ in 0..wanted {
            if depth < 3 && self.rng.chance(15) {
                let name = format!("g{}", names.len());
                names.push(name.clone());
                let head = format!("{indent}group {name}{}{} {{\n", self.label(), self.limits(true));
                let body = self.parts(names, depth + 1);
                text.push_str(&format!("{head}{body}{indent}}}\n"));
                continue;
            }
            if self.rng.chance(20)
                && let Some((last, include)) = self.include(names)
            {
                names.push(last);
                text.push_str(&format!("{indent}{include}\n"));
                continue;
            }
            let name = format!("r{}", names.len());
            let rule = self.worth(depth);
            names.push(name.clone());
            text.push_str(&format!("{indent}{name}{}: {rule}\n", self.label()));
        }
        text
    }

    fn include(&mut self, taken: &[String]) -> Option<(String, String)> {
        let mut candidates: Vec<String> = self
            .declared
            .iter()
            .filter(|(name, ty)| matches!(*ty, "points" | "number") && !name.contains('.'))
            .map(|(name, _)| name.clone())
            .collect();
        let fields = self.fields(LEAD, |kind| matches!(kind, Kind::Int | Kind::Number));
        candidates.extend(fields.into_iter().filter(|(name, _)| !name.starts_with("lead.")).map(|(name, _)| name));
        if candidates.is_empty() {
            return None;
        }
        let name = self.rng.pick(&candidates).clone();
        let last = name.rsplit('.').next().unwrap_or("").to_string();
        if taken.contains(&last) {
            return None;
        }
        let factor = match self.rng.below(8) {
            0 if self.has_half => " * half",
            _ => *self.rng.pick(&["", "", " * 50%", " * 0.3333", " * 2", " * 12.5%"]),
        };
        Some((last, format!("include {name}{factor}")))
    }

    fn worth(&mut self, depth: usize) -> String {
        let points = self.points();
        match self.rng.below(12) {
            0..=2 => format!("{points} if {}", self.condition(2, LEAD).0),
            3..=6 => self.per(&points),
            7 => self.per_period(&points),
            8 | 9 => self.by(depth),
            _ => self.first_of(depth),
        }
    }

    fn per(&mut self, points: &str) -> String {
        let names = self.schema.event_names();
        let name = self.rng.pick(&names).clone();
        let mut fields: Vec<String> = self.schema.fields_of(&name).into_iter().map(|field| field.name).collect();
        if name != "event" {
            fields.push("day".into());
        }
        let distinct = if !fields.is_empty() && self.rng.chance(25) {
            format!("distinct {} of ", self.rng.pick(&fields))
        } else {
            String::new()
        };
        let events = self.events_named(&name, true);
        let mut limits: Vec<String> = Vec::new();
        if self.rng.chance(35) {
            let word = if self.rng.chance(60) { " points" } else { "" };
            let most = match self.constants.first() {
                Some(name) if self.rng.chance(20) => name.clone(),
                _ => self.rng.pick(&["3", "10", "25", "7.5"]).to_string(),
            };
            limits.push(format!("at most {most}{word}"));
        }
        for (period, percent) in [("", 30), (" a day", 25), (" a week", 15), (" a month", 15)] {
            if self.rng.chance(percent) {
                let k = (1 + self.rng.below(3)).to_string();
                let times = if k == "1" { "time" } else { "times" };
                let has_two = self.constants.contains(&"two".to_string());
                let k = if k == "2" && has_two { "two".to_string() } else { k };
                limits.push(format!("at most {k} {times}{period}"));
            }
        }
        if self.rng.chance(60) {
            let every = self.exact_duration();
            limits.push(match self.rng.below(4) {
                0 => format!("halving every {every}"),
                1 => format!("fading over {every}"),
                2 => format!("losing {} every {every}", self.rng.pick(&["25%", "10%", "33.3%", "100%"])),
                _ => format!("losing {} every {every}", self.rng.pick(&["1", "5", "0.75"])),
            });
        }
        self.rng.shuffle(&mut limits);
        let limits: String = limits.into_iter().map(|limit| format!(", {limit}")).collect();
        format!("{points} per {distinct}{events}{limits}")
    }

    fn per_period(&mut self, points: &str) -> String {
        let every = self.exact_duration();
        let fields = self.fields(LEAD, |kind| matches!(kind, Kind::Date | Kind::Time));
        let since = if fields.is_empty() || self.rng.chance(40) {
            let edge = if self.rng.chance(30) { "first" } else { "last" };
            format!("{edge} {}", self.events(true))
        } else {
            self.rng.pick(&fields).0.clone()
        };
        let limit = if self.rng.chance(60) { ", at most 12 points" } else { "" };
        format!("{points} per {every} since {since}{limit}")
    }

    fn first_of(&mut self, depth: usize) -> String {
        let indent = "  ".repeat(depth + 1);
        let mut text = String::from("first of {\n");
        for _ in 0..2 + self.rng.below(3) {
            let condition = self.condition(1, LEAD).0;
            text.push_str(&format!("{indent}{condition}: {}\n", self.points()));
        }
        if self.rng.chance(50) {
            text.push_str(&format!("{indent}otherwise: {}\n", self.points()));
        }
        text + &"  ".repeat(depth) + "}"
    }

    fn by(&mut self, depth: usize) -> String {
        let indent = "  ".repeat(depth + 1);
        let (looked_at, cases) = self.cases();
        let mut text = format!("by {looked_at} {{\n");
        for case in cases {
            text.push_str(&format!("{indent}{case}: {}\n", self.points()));
        }
        if self.rng.chance(50) {
            text.push_str(&format!("{indent}missing: {}\n", self.points()));
        }
        if self.rng.chance(40) {
            text.push_str(&format!("{indent}otherwise: {}\n", self.points()));
        }
        text + &"  ".repeat(depth) + "}"
    }

    /// What is looked at, and cases of its type.
    fn cases(&mut self) -> (String, Vec<String>) {
        let n = 1 + self.rng.below(4);
        let fields = self.fields(LEAD, |kind| *kind != Kind::Money);
        let some_field = self.rng.pick(&fields).clone();
        match self.rng.below(10) {
            0 | 1 => (self.number(1, LEAD).at(level::IMPLIES), (0..n).map(|_| self.number_case()).collect()),
            2 => {
                let names = self.fields(LEAD, |kind| *kind == Kind::Money);
                let Some((name, _)) = names.first().cloned() else { return ("id".into(), vec!["is \"x\"".into()]) };
                let case = |g: &mut Gen| match g.rng.below(3) {
                    0 => {
                        let high = g.money_literal();
                        format!("0 {} to {high}", g.schema.currency)
                    }
                    1 => format!(">= {}", g.money_literal()),
                    _ => format!("< {}", g.money_literal()),
                };
                (name, (0..n).map(|_| case(self)).collect())
            }
            3 => self.age_cases(n),
            4 if !self.bands.is_empty() => {
                let (name, bands) = self.rng.pick(&self.bands).clone();
                (name, (0..n).map(|_| self.rung_operator(&bands)).collect())
            }
            _ => {
                let (name, field) = some_field;
                let cases = (0..n).map(|_| self.field_case(&field.kind)).collect();
                (name, cases)
            }
        }
    }

    fn age_cases(&mut self, n: usize) -> (String, Vec<String>) {
        let Some(x) = self.moment(LEAD) else { return ("id".into(), vec!["is \"x\"".into()]) };
        let cases = (0..n).map(|_| format!("{} {}", self.rng.pick(&["<=", ">=", "<", ">"]), self.duration()));
        let cases = cases.collect();
        (format!("age of {}", x.at(level::ATOM)), cases)
    }

    fn number_case(&mut self) -> String {
        match self.rng.below(6) {
            0 | 1 => {
                let (low, high) = self.two_numbers();
                format!("{low} to {high}")
            }
            2 => format!("in [{}, {}]", self.number_literal().0, self.number_literal().0),
            _ => format!("{} {}", self.rng.pick(&[">=", "<=", ">", "<", "is", "is not"]), self.number_literal().0),
        }
    }

    fn field_case(&mut self, kind: &Kind) -> String {
        match kind {
            Kind::Int | Kind::Number => self.number_case(),
            Kind::Text => self.text_operator(),
            Kind::OneOf(listed) => self.listed_operator(listed, false),
            Kind::Ranked(listed) if self.rng.chance(25) => {
                let low = self.rng.below(listed.len());
                let high = low + self.rng.below(listed.len() - low);
                format!("{} to {}", quoted(&listed[low]), quoted(&listed[high]))
            }
            Kind::Ranked(listed) => self.listed_operator(listed, true),
            Kind::List(inner) => self.list_operator(inner),
            Kind::Date | Kind::Time => match self.rng.below(3) {
                0 => {
                    let (a, b) = (self.date_literal(), self.date_literal());
                    format!("{} to {}", (&a).min(&b), (&a).max(&b))
                }
                _ => format!("{} {}", self.rng.pick(&[">=", "<", "is"]), self.date_literal()),
            },
            Kind::Bool => (*self.rng.pick(&["is true", "is false", "is not true"])).into(),
            Kind::Stage => {
                let rungs: Vec<String> = self.schema.stages.iter().map(|(name, _)| name.clone()).collect();
                self.rung_operator(&rungs)
            }
            Kind::Money => panic!("not asked for"),
        }
    }
}
