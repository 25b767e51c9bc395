//! Random expressions as text, well typed, with as few parentheses as the order of operators allows.

use super::Gen;
use super::pools::{self, quoted};
use super::schema::{Field, Kind};

/// An expression's text and how tightly it binds: see [`level`].
#[derive(Clone, Debug)]
pub struct E(pub String, pub u8);

/// How tightly forms bind, loosest first.
pub mod level {
    pub const IF: u8 = 0;
    pub const IMPLIES: u8 = 1;
    pub const JUNCTION: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARISON: u8 = 4;
    pub const OTHERWISE: u8 = 5;
    pub const SUM: u8 = 6;
    pub const PRODUCT: u8 = 7;
    pub const UNARY: u8 = 8;
    pub const ATOM: u8 = 9;
}
use level::*;

impl E {
    /// The text where something that binds at least so tightly is needed.
    pub fn at(&self, needed: u8) -> String {
        if self.1 < needed { format!("({})", self.0) } else { self.0.clone() }
    }
}

fn atom(text: impl Into<String>) -> E {
    E(text.into(), ATOM)
}

fn comparison(text: impl Into<String>) -> E {
    E(text.into(), COMPARISON)
}

/// Where an expression stands: inside `where ( )` of these events, or not.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    pub event: Option<&'p str>,
}

/// Outside of `where ( )`.
pub const LEAD: Place = Place { event: None };

impl Gen {
    /// The fields that can be named, and how.
    pub fn fields(&mut self, place: Place, wanted: impl Fn(&Kind) -> bool) -> Vec<(String, Field)> {
        let mut own: Vec<Field> = Vec::new();
        if let Some(name) = place.event {
            own = self.schema.fields_of(name);
            if name == "event" {
                own.push(Field::new("type", Kind::Text));
            } else if own.iter().all(|field| field.name != "day") {
                own.push(Field::new("day", Kind::Date));
            }
        }
        let mut found: Vec<(String, Field)> = Vec::new();
        for field in self.schema.fields.clone() {
            let shadowed = own.iter().any(|other| other.name == field.name);
            let prefix = if shadowed || self.rng.chance(10) { "lead." } else { "" };
            found.push((format!("{prefix}{}", field.name), field));
        }
        // An event's own fields are asked for more often.
        for field in own {
            for _ in 0..3 {
                found.push((field.name.clone(), field.clone()));
            }
        }
        found.retain(|(_, field)| wanted(&field.kind));
        found
    }

    fn field(&mut self, place: Place, wanted: impl Fn(&Kind) -> bool) -> Option<(String, Field)> {
        let fields = self.fields(place, wanted);
        if fields.is_empty() { None } else { Some(self.rng.pick(&fields).clone()) }
    }

    /// A define or part of the policy that was declared before and has this type.
    fn declared(&mut self, ty: &str) -> Option<E> {
        let names: Vec<String> =
            self.declared.iter().filter(|(_, other)| *other == ty).map(|(name, _)| name.clone()).collect();
        if names.is_empty() { None } else { Some(atom(self.rng.pick(&names).clone())) }
    }

    /// A condition.
    pub fn condition(&mut self, depth: usize, place: Place) -> E {
        if depth > 0 && self.rng.chance(55) {
            return self.connective(depth - 1, place);
        }
        for _ in 0..20 {
            if let Some(found) = self.simple_condition(depth, place) {
                return found;
            }
        }
        atom("true")
    }

    fn connective(&mut self, depth: usize, place: Place) -> E {
        let part = |g: &mut Gen, needed: u8| g.condition(depth, place).at(needed);
        match self.rng.below(12) {
            0 | 1 => E(format!("{} and {}", part(self, NOT), part(self, NOT)), JUNCTION),
            2 | 3 => E(format!("{} or {}", part(self, NOT), part(self, NOT)), JUNCTION),
            4 => E(format!("{} and {} and {}", part(self, NOT), part(self, NOT), part(self, NOT)), JUNCTION),
            5 | 6 => E(format!("not {}", part(self, COMPARISON)), NOT),
            7 => E(format!("{} implies {}", part(self, JUNCTION), part(self, JUNCTION)), IMPLIES),
            8 | 9 => {
                let n = 2 + self.rng.below(3);
                let list: Vec<String> = (0..n).map(|_| part(self, IF)).collect();
                let how = match self.rng.below(6) {
                    0 => "any of".into(),
                    1 => "all of".into(),
                    2 | 3 => format!("at least {} of", 1 + self.rng.below(n)),
                    _ => format!("at most {} of", self.rng.below(n)),
                };
                comparison(format!("{how} [{}]", list.join(", ")))
            }
            10 => {
                E(format!("if {} then {} else {}", part(self, IMPLIES), part(self, IMPLIES), part(self, IMPLIES)), IF)
            }
            _ => {
                let default = if self.rng.chance(50) { "true" } else { "false" };
                E(format!("{} otherwise {default}", part(self, SUM)), OTHERWISE)
            }
        }
    }

    fn simple_condition(&mut self, depth: usize, place: Place) -> Option<E> {
        match self.rng.below(32) {
            0..=3 => self.number_test(depth, place),
            4 | 5 => self.money_test(depth, place),
            6..=10 => self.text_test(place),
            11 | 12 => self.listed_test(place),
            13 => self.list_test(place),
            14 => self.bool_test(place),
            15..=18 => self.time_test(place),
            19 | 20 => self.known_test(depth, place),
            21..=24 => self.event_test(place),
            25 => self.declared("condition"),
            26 => self.verdict(),
            27 => self.band_test(),
            28 => self.cell_test(),
            29 | 30 => self.stage_test(place),
            _ => self.disqualified_test(),
        }
    }

    fn operator(&mut self) -> &'static str {
        *self.rng.pick(&[">=", ">=", "<=", ">", "<", "is", "is not"])
    }

    fn number_test(&mut self, depth: usize, place: Place) -> Option<E> {
        let x = self.number(depth.min(1), place).at(OTHERWISE);
        Some(comparison(match self.rng.below(10) {
            0 | 1 => {
                let (low, high) = self.two_numbers();
                format!("{x} between {low} and {high}")
            }
            2 => {
                let not = if self.rng.chance(40) { "not " } else { "" };
                let list: Vec<String> = (0..2 + self.rng.below(3)).map(|_| self.number_literal().0).collect();
                format!("{x} {not}in [{}]", list.join(", "))
            }
            3 => format!("{x} {} {}", self.operator(), self.number(depth.min(1), place).at(OTHERWISE)),
            4 if self.has_numbers => format!("{x} in numbers"),
            _ => format!("{x} {} {}", self.operator(), self.number_literal().0),
        }))
    }

    /// A number literal that may bear a minus.
    pub fn number_literal(&mut self) -> E {
        let pool = if self.rng.chance(60) { pools::INTS } else { pools::NUMBERS };
        let text = *self.rng.pick(pool);
        E(text.into(), if text.starts_with('-') { UNARY } else { ATOM })
    }

    /// Two number literals, the lower first.
    pub fn two_numbers(&mut self) -> (String, String) {
        let value = |text: &str| text.replace('_', "").parse::<f64>().unwrap_or(0.2);
        let (a, b) = (self.number_literal().0, self.number_literal().0);
        if value(&a) <= value(&b) { (a, b) } else { (b, a) }
    }

    /// A number.
    pub fn number(&mut self, depth: usize, place: Place) -> E {
        if depth > 0 && self.rng.chance(45) {
            return self.arithmetic(depth - 1, place);
        }
        let found = match self.rng.below(14) {
            0..=5 => self.field(place, |kind| matches!(kind, Kind::Int | Kind::Number)).map(|(name, _)| atom(name)),
            6 => self.field(place, |kind| *kind == Kind::Text).map(|(name, _)| atom(format!("length({name})"))),
            7 => self.field(place, |kind| matches!(kind, Kind::List(_))).map(|(name, _)| atom(format!("size({name})"))),
            8 | 9 if place.event.is_none() => self.aggregate("number"),
            10 => self.declared("number"),
            11 | 12 => self.declared("points"),
            _ => None,
        };
        found.unwrap_or_else(|| self.number_literal())
    }

    fn arithmetic(&mut self, depth: usize, place: Place) -> E {
        let part = |g: &mut Gen, needed: u8| g.number(depth, place).at(needed);
        match self.rng.below(10) {
            0 => E(format!("{} + {}", part(self, SUM), part(self, PRODUCT)), SUM),
            1 => E(format!("{} - {}", part(self, SUM), part(self, PRODUCT)), SUM),
            2 => E(format!("{} * {}", part(self, PRODUCT), part(self, UNARY)), PRODUCT),
            3 | 4 => E(format!("{} / {}", part(self, PRODUCT), part(self, UNARY)), PRODUCT),
            5 => E(format!("-{}", part(self, ATOM)), UNARY),
            6 => E(format!("{} otherwise {}", part(self, SUM), part(self, OTHERWISE)), OTHERWISE),
            7 => atom(format!("round({})", part(self, IF))),
            8 => {
                let name = if self.rng.chance(50) { "min" } else { "max" };
                atom(format!("{name}({}, {})", part(self, IF), part(self, IF)))
            }
            _ => {
                let condition = self.condition(0, place).at(IMPLIES);
                E(format!("if {condition} then {} else {}", part(self, IMPLIES), part(self, IMPLIES)), IF)
            }
        }
    }

    /// A money literal.
    pub fn money_literal(&mut self) -> String {
        format!("{} {}", self.rng.pick(pools::MONEY), self.schema.currency)
    }

    fn money_test(&mut self, depth: usize, place: Place) -> Option<E> {
        self.field(place, |kind| *kind == Kind::Money)?;
        let x = self.money(depth.min(1), place).at(OTHERWISE);
        let right = if self.rng.chance(75) { self.money_literal() } else { self.money(0, place).at(OTHERWISE) };
        Some(comparison(match self.rng.below(8) {
            0 => format!("{x} between 0 {0} and {right}", self.schema.currency),
            1 => format!("{x} in [{}, {}]", self.money_literal(), self.money_literal()),
            _ => format!("{x} {} {right}", self.operator()),
        }))
    }

    /// Money.
    pub fn money(&mut self, depth: usize, place: Place) -> E {
        if depth == 0 || self.rng.chance(50) {
            let found = match self.rng.below(10) {
                0 if place.event.is_none() => self.aggregate("money"),
                1 => self.declared("money"),
                2 => None,
                _ => self.field(place, |kind| *kind == Kind::Money).map(|(name, _)| atom(name)),
            };
            return found.unwrap_or_else(|| atom(self.money_literal()));
        }
        let part = |g: &mut Gen, needed: u8| g.money(depth - 1, place).at(needed);
        let number = self.number(0, place).at(UNARY);
        match self.rng.below(8) {
            0 => E(format!("{} + {}", part(self, SUM), part(self, PRODUCT)), SUM),
            1 => E(format!("{} - {}", part(self, SUM), part(self, PRODUCT)), SUM),
            2 => E(format!("{} * {number}", part(self, PRODUCT)), PRODUCT),
            3 => E(format!("{number} * {}", part(self, UNARY)), PRODUCT),
            4 => E(format!("{} / {number}", part(self, PRODUCT)), PRODUCT),
            5 => E(format!("{} otherwise {}", part(self, SUM), part(self, OTHERWISE)), OTHERWISE),
            6 => atom(format!("max({}, {})", part(self, IF), part(self, IF))),
            _ => atom(format!("round({})", part(self, IF))),
        }
    }

    /// Text.
    pub fn text(&mut self, place: Place) -> Option<E> {
        let field = self.field(place, |kind| *kind == Kind::Text).map(|(name, _)| name)?;
        Some(match self.rng.below(12) {
            0..=2 => atom(format!("domain({field})")),
            3 => self.declared("text").unwrap_or(atom(field)),
            4 => {
                let literal = quoted(self.rng.pick(pools::TEXTS));
                E(format!("{field} otherwise {literal}"), OTHERWISE)
            }
            _ => atom(field),
        })
    }

    /// A text literal as policies compare with.
    pub fn text_literal(&mut self) -> String {
        let pool = if self.rng.chance(25) { pools::ADDRESSES } else { pools::TEXTS };
        let text = if self.rng.chance(15) {
            self.rng.pick(&["acme.com", "host.example", "gmail.com", "sub.acme.com", "page_viewed", "PAGE VIEWED"])
        } else {
            self.rng.pick(pool)
        };
        quoted(text)
    }

    fn texts(&mut self) -> String {
        let n = 1 + self.rng.below(3);
        let texts: Vec<String> = (0..n).map(|_| self.text_literal()).collect();
        format!("[{}]", texts.join(", "))
    }

    /// A list of texts, written out or by name.
    pub fn list_of_texts(&mut self) -> String {
        if self.rng.chance(35) {
            let names: Vec<String> = self.schema.lists.iter().map(|list| list.name.clone()).collect();
            return self.rng.pick(&names).clone();
        }
        self.texts()
    }

    fn text_test(&mut self, place: Place) -> Option<E> {
        let x = self.text(place)?.at(OTHERWISE);
        let test = self.text_operator();
        Some(comparison(format!("{x} {test}")))
    }

    /// A text operator with its right side.
    pub fn text_operator(&mut self) -> String {
        let (operator, pool): (&str, &[&str]) = match self.rng.below(14) {
            0 | 1 => return format!("is {}", self.text_literal()),
            2 => return format!("is not {}", self.text_literal()),
            3 => return format!("is exactly {}", self.text_literal()),
            4 => return format!("is not exactly {}", self.text_literal()),
            5 => return format!("in {}", self.list_of_texts()),
            6 => return format!("not in {}", self.list_of_texts()),
            7 | 8 => ("mentions", pools::WORDS),
            9 => ("like", pools::LIKES),
            10 => ("contains", pools::WORDS),
            11 => ("starts with", pools::WORDS),
            12 => ("ends with", pools::WORDS),
            _ => ("matches", pools::REGEXES),
        };
        if self.rng.chance(60) {
            return format!("{operator} {}", quoted(self.rng.pick(pool)));
        }
        if !matches!(operator, "like" | "matches") && self.rng.chance(25) {
            let lists: Vec<String> = self.schema.lists.iter().map(|list| list.name.clone()).collect();
            return format!("{operator} any of {}", self.rng.pick(&lists));
        }
        let (a, b) = (quoted(self.rng.pick(pool)), quoted(self.rng.pick(pool)));
        format!("{operator} any of [{a}, {b}]")
    }

    fn listed_test(&mut self, place: Place) -> Option<E> {
        let (name, field) = self.field(place, |kind| matches!(kind, Kind::OneOf(_) | Kind::Ranked(_)))?;
        let (listed, ranked) = match &field.kind {
            Kind::OneOf(listed) => (listed.clone(), false),
            Kind::Ranked(listed) => (listed.clone(), true),
            _ => return None,
        };
        let test = self.listed_operator(&listed, ranked);
        let x = if self.rng.chance(10) { format!("{name} otherwise {}", quoted(&listed[0])) } else { name };
        Some(comparison(format!("{x} {test}")))
    }

    /// An operator of `one of` and `ranked` with its right side.
    pub fn listed_operator(&mut self, listed: &[String], ranked: bool) -> String {
        let low = self.rng.below(listed.len());
        let high = low + self.rng.below(listed.len() - low);
        let (a, b) = (quoted(&listed[low]), quoted(&listed[high]));
        match self.rng.below(if ranked { 8 } else { 4 }) {
            0 => format!("is {a}"),
            1 => format!("is not {a}"),
            2 if low != high => format!("in [{a}, {b}]"),
            2 => format!("in [{a}]"),
            3 if low != high => format!("not in [{a}, {b}]"),
            3 => format!("not in [{a}]"),
            4 => format!("between {a} and {b}"),
            5 => format!("<= {a}"),
            6 => format!("< {b}"),
            _ => format!(">= {a}"),
        }
    }

    fn list_test(&mut self, place: Place) -> Option<E> {
        let (name, field) = self.field(place, |kind| matches!(kind, Kind::List(_)))?;
        let Kind::List(inner) = &field.kind else { return None };
        if self.rng.chance(15) {
            return Some(comparison(format!("size({name}) {} {}", self.operator(), self.rng.below(4))));
        }
        let test = self.list_operator(inner);
        Some(comparison(format!("{name} {test}")))
    }

    /// `has` with its right side.
    pub fn list_operator(&mut self, inner: &Kind) -> String {
        let entry = |g: &mut Gen| match inner {
            Kind::Int => g.rng.pick(pools::INTS).to_string(),
            Kind::OneOf(listed) => quoted(g.rng.pick(listed)),
            _ => quoted(g.rng.pick(pools::TEXTS)),
        };
        match self.rng.below(4) {
            0 | 1 => format!("has {}", entry(self)),
            2 if *inner == Kind::Text && self.rng.chance(40) => format!("has any of {}", self.list_of_texts()),
            2 => format!("has any of [{}, {}]", entry(self), entry(self)),
            _ => format!("has all of [{}, {}]", entry(self), entry(self)),
        }
    }

    fn bool_test(&mut self, place: Place) -> Option<E> {
        let (name, _) = self.field(place, |kind| *kind == Kind::Bool)?;
        Some(match self.rng.below(4) {
            0 => comparison(format!("{name} is true")),
            1 => comparison(format!("{name} is not false")),
            _ => atom(name),
        })
    }

    fn known_test(&mut self, depth: usize, place: Place) -> Option<E> {
        let word = if self.rng.chance(50) { "known" } else { "missing" };
        let x = match self.rng.below(6) {
            0 => self.number(depth.min(1), place).at(OTHERWISE),
            1 => self.text(place)?.at(OTHERWISE),
            2 if depth > 0 => format!("({})", self.condition(depth - 1, place).0),
            _ => self.field(place, |_| true)?.0,
        };
        Some(comparison(format!("{x} is {word}")))
    }

    fn verdict(&mut self) -> Option<E> {
        let fit = self.declared("fit")?.0;
        let how = *self.rng.pick(&["fits", "fits", "fails", "is unknown"]);
        Some(comparison(format!("{fit} {how}")))
    }

    fn band_test(&mut self) -> Option<E> {
        if self.bands.is_empty() {
            return None;
        }
        let (name, bands) = self.rng.pick(&self.bands).clone();
        let test = self.rung_operator(&bands);
        Some(comparison(format!("{name} {test}")))
    }

    /// An operator of bands and stages with its right side.
    pub fn rung_operator(&mut self, rungs: &[String]) -> String {
        let low = self.rng.below(rungs.len());
        let high = low + self.rng.below(rungs.len() - low);
        let (a, b) = (&rungs[low], &rungs[high]);
        match self.rng.below(8) {
            0 => format!("is {a}"),
            1 => format!("is not {a}"),
            2 if low != high => format!("in [{a}, {b}]"),
            2 => format!("in [{a}]"),
            3 => format!("not in [{b}]"),
            4 => format!("between {a} and {b}"),
            5 => format!("< {b}"),
            6 => format!("<= {a}"),
            _ => format!(">= {b}"),
        }
    }

    fn cell_test(&mut self) -> Option<E> {
        if self.matrices.is_empty() {
            return None;
        }
        let (name, cells) = self.rng.pick(&self.matrices).clone();
        let (a, b) = (self.rng.pick(&cells).clone(), self.rng.pick(&cells).clone());
        let test = match self.rng.below(4) {
            0 => format!("is {a}"),
            1 => format!("is not {a}"),
            2 if a != b => format!("in [{a}, {b}]"),
            2 => format!("in [{a}]"),
            _ => format!("not in [{b}]"),
        };
        Some(comparison(format!("{name} {test}")))
    }

    fn stage_test(&mut self, place: Place) -> Option<E> {
        let rungs: Vec<String> = self.schema.stages.iter().map(|(name, _)| name.clone()).collect();
        let mut left: Vec<String> = self.fields(place, |kind| *kind == Kind::Stage).into_iter().map(|f| f.0).collect();
        if self.stage_is_ready {
            left.extend(["stage".to_string(), "stage".to_string()]);
        }
        if left.is_empty() || rungs.is_empty() {
            return None;
        }
        let x = self.rng.pick(&left).clone();
        if x == "stage" && left.len() > 2 && self.rng.chance(10) {
            return Some(comparison(format!("stage > {}", left[0])));
        }
        Some(comparison(format!("{x} {}", self.rung_operator(&rungs))))
    }

    fn disqualified_test(&mut self) -> Option<E> {
        if self.reasons.is_empty() {
            return None;
        }
        Some(match self.rng.below(3) {
            0 => comparison(format!("disqualified by {}", self.rng.pick(&self.reasons))),
            _ => atom("disqualified"),
        })
    }
}
