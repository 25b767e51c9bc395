//! Random expressions about time and events.

use super::Gen;
use super::expr::{E, LEAD, Place, level};
use super::pools;
use super::schema::Kind;
use qualify::syntax::ast::Unit;

fn comparison(text: impl Into<String>) -> E {
    E(text.into(), level::COMPARISON)
}

impl Gen {
    /// One of the policy's lengths of time.
    pub fn duration(&mut self) -> String {
        let (count, unit) = *self.rng.pick(&self.schema.durations);
        pools::duration(count, unit)
    }

    /// One of the policy's lengths of time that are longer than a day, or a year.
    fn longer_than_a_day(&mut self) -> String {
        let longer = |(count, unit): &(u32, Unit)| *unit > Unit::Day || (*unit == Unit::Day && *count > 1);
        let found = self.schema.durations.iter().copied().find(longer);
        found.map_or("1 year".into(), |(count, unit)| pools::duration(count, unit))
    }

    /// A length of time in minutes to weeks.
    pub fn exact_duration(&mut self) -> String {
        let exact: Vec<(u32, Unit)> =
            self.schema.durations.iter().copied().filter(|(_, unit)| *unit <= Unit::Week).collect();
        if exact.is_empty() {
            return "30 days".into();
        }
        let (count, unit) = *self.rng.pick(&exact);
        pools::duration(count, unit)
    }

    /// A day.
    pub fn date_literal(&mut self) -> String {
        if self.rng.chance(40) {
            return self.schema.as_of[..10].to_string();
        }
        self.rng.pick(pools::DATES).to_string()
    }

    fn time_fields(&mut self, place: Place) -> Vec<String> {
        let fields = self.fields(place, |kind| matches!(kind, Kind::Date | Kind::Time));
        fields.into_iter().map(|(name, _)| name).collect()
    }

    /// A date or an instant.
    pub fn moment(&mut self, place: Place) -> Option<E> {
        let fields = self.time_fields(place);
        if place.event.is_none() && (fields.is_empty() || self.rng.chance(20)) {
            let edge = if self.rng.chance(50) { "first" } else { "last" };
            return Some(E(format!("{edge} {}", self.events(true)), level::OTHERWISE));
        }
        if fields.is_empty() {
            return None;
        }
        let field = self.rng.pick(&fields).clone();
        Some(E(field, level::ATOM))
    }

    /// A condition about time.
    pub fn time_test(&mut self, place: Place) -> Option<E> {
        let x = self.moment(place)?.at(level::ATOM);
        Some(comparison(match self.rng.below(15) {
            12 => format!("age of {x} between 1 day and {}", self.longer_than_a_day()),
            13 => format!("{x} in [{}, {}]", self.date_literal(), self.date_literal()),
            14 => format!("{x} {} 2026-10-20T12:30:00Z", self.rng.pick(&[">=", "<", "is"])),
            0..=3 => {
                let operator = *self.rng.pick(&[">=", "<=", ">", "<"]);
                format!("age of {x} {operator} {}", self.duration())
            }
            4..=6 => format!("{x} within {}", self.duration()),
            7 | 8 => format!("{x} within next {}", self.duration()),
            9 => format!("{x} {} {}", self.rng.pick(&[">=", "<=", ">", "<", "is", "is not"]), self.date_literal()),
            10 => {
                let (a, b) = (self.date_literal(), self.date_literal());
                format!("{x} between {} and {}", (&a).min(&b), (&a).max(&b))
            }
            _ => {
                let other = self.moment(place)?.at(level::ATOM);
                format!("{x} {} {other}", self.rng.pick(&[">=", "<", "is"]))
            }
        }))
    }

    /// `EVENTS`: a type, a group or all, with `where` and a window now and then.
    pub fn events(&mut self, may_have_window: bool) -> String {
        let names = self.schema.event_names();
        let name = self.rng.pick(&names).clone();
        self.events_named(&name, may_have_window)
    }

    /// `EVENTS` of one name.
    pub fn events_named(&mut self, name: &str, may_have_window: bool) -> String {
        let mut text = name.to_string();
        if self.rng.chance(35) {
            let condition = self.condition(1, Place { event: Some(name) });
            text.push_str(&format!(" where ({})", condition.0));
        }
        if may_have_window && self.rng.chance(60) {
            text.push_str(&self.window());
        }
        text
    }

    fn window(&mut self) -> String {
        if self.rng.chance(75) {
            return format!(" within {}", self.duration());
        }
        let fields = self.time_fields(LEAD);
        if fields.is_empty() || self.rng.chance(40) {
            return format!(" since {}", self.date_literal());
        }
        format!(" since {}", self.rng.pick(&fields))
    }

    /// A condition on events.
    pub fn event_test(&mut self, place: Place) -> Option<E> {
        if place.event.is_some() {
            return None;
        }
        let n = self.rng.below(4);
        Some(comparison(match self.rng.below(7) {
            0 | 1 => format!("any {}", self.events(true)),
            2 => format!("no {}", self.events(true)),
            3 | 4 => format!("at least {} {}", n + 1, self.events(true)),
            5 => format!("at most {n} {}", self.events(true)),
            _ => format!("(count of {}) >= {n}", self.events(true)),
        }))
    }

    /// `count of`, `total`, `highest`, `lowest`, `distinct`: a number, or money.
    pub fn aggregate(&mut self, wanted: &str) -> Option<E> {
        let names = self.schema.event_names();
        let name = self.rng.pick(&names).clone();
        let fields = self.schema.fields_of(&name);
        let some = |wanted: &dyn Fn(&Kind) -> bool| -> Vec<String> {
            fields.iter().filter(|field| wanted(&field.kind)).map(|field| field.name.clone()).collect()
        };
        let numbers = if wanted == "money" {
            some(&|kind| *kind == Kind::Money)
        } else {
            some(&|kind| matches!(kind, Kind::Int | Kind::Number))
        };
        let anything = some(&|_| true);
        let events = self.events_named(&name, true);
        let word = match self.rng.below(6) {
            0 | 1 => "total",
            2 => "highest",
            3 => "lowest",
            4 if wanted == "number" => "distinct",
            _ if wanted == "number" => "count",
            _ => "total",
        };
        let field = match word {
            "count" => None,
            "distinct" if anything.is_empty() => return None,
            "distinct" => Some(self.rng.pick(&anything).clone()),
            _ if numbers.is_empty() => return None,
            _ => Some(self.rng.pick(&numbers).clone()),
        };
        let text = match field {
            Some(field) => format!("{word} {field} of {events}"),
            None => format!("count of {events}"),
        };
        // Without parentheses now and then, where a comparison may follow.
        let binds = if self.rng.chance(30) { level::OTHERWISE } else { level::IF };
        Some(E(text, binds))
    }
}
