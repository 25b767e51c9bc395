//! What changed in a condition: a threshold, a window, entries of a list, what else is asked.

use super::Book;
use crate::syntax::ast::{Among, Amount, Duration, EventQuantifier, EventWindow, Events, Expr, ExprKind, Pattern};
use crate::words::{amount, duration};

/// As many entries of a list are told; the others are counted.
const TOLD: usize = 8;

/// Both books, the old one first.
#[derive(Clone, Copy)]
pub(super) struct Both<'b, 'p> {
    pub(super) old: &'b Book<'p>,
    pub(super) new: &'b Book<'p>,
}

/// `a → b`
pub(super) fn turned(old: impl std::fmt::Display, new: impl std::fmt::Display) -> String {
    format!("{old} → {new}")
}

/// Entries that came and went.
pub(super) fn entries(old: &[String], new: &[String]) -> Vec<String> {
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        from.iter().filter(|entry| !of.contains(entry)).cloned().collect()
    };
    let told = |all: Vec<String>, word: &str| {
        (!all.is_empty()).then(|| {
            let shown: Vec<String> = all.iter().take(TOLD).map(|entry| format!("“{entry}”")).collect();
            let more = match all.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{word} {}{more}", shown.join(", "))
        })
    };
    let added = told(missing(new, old), "added");
    let removed = told(missing(old, new), "removed");
    added.into_iter().chain(removed).collect()
}

impl<'p> Both<'_, 'p> {
    /// What changed between two conditions, in words.
    pub(super) fn condition(self, old: &Expr, new: &Expr) -> Vec<String> {
        let mut out = Vec::new();
        self.expr(old, new, &mut out);
        out
    }

    /// A condition that may be there or not.
    pub(super) fn maybe(self, what: &str, old: Option<&Expr>, new: Option<&Expr>) -> Vec<String> {
        match (old, new) {
            (Some(old), Some(new)) => self.condition(old, new),
            (Some(old), None) => vec![format!("no longer {what}: {}", self.old.say(old))],
            (None, Some(new)) => vec![format!("now {what}: {}", self.new.say(new))],
            (None, None) => Vec::new(),
        }
    }

    fn whole(self, old: &Expr, new: &Expr, out: &mut Vec<String>) {
        out.push(turned(self.old.say(old), self.new.say(new)));
    }

    fn expr(self, old: &Expr, new: &Expr, out: &mut Vec<String>) {
        // A constant may stand for another value.
        if old == new && self.old.say(old) == self.new.say(new) {
            return;
        }
        match (&*old.kind, &*new.kind) {
            (ExprKind::And(a), ExprKind::And(b)) => self.parts(a, b, "", out),
            (ExprKind::Or(a), ExprKind::Or(b)) => self.parts(a, b, "or ", out),
            (ExprKind::And(all), _) if all.contains(new) => self.parts(all, std::slice::from_ref(new), "", out),
            (_, ExprKind::And(all)) if all.contains(old) => self.parts(std::slice::from_ref(old), all, "", out),
            (ExprKind::Or(all), _) if all.contains(new) => self.parts(all, std::slice::from_ref(new), "or ", out),
            (_, ExprKind::Or(all)) if all.contains(old) => self.parts(std::slice::from_ref(old), all, "or ", out),
            (ExprKind::Among(was, a), ExprKind::Among(is, b)) => {
                if was != is {
                    out.push(turned(self.old.among(was), self.new.among(is)));
                }
                self.parts(a, b, "", out);
            }
            (ExprKind::Not(a), ExprKind::Not(b)) => self.expr(a, b, out),
            (ExprKind::Compare(op, a, limit), ExprKind::Compare(same, b, other)) if a == b && op == same => {
                out.push(format!("{}: {}", self.new.value(b), turned(self.old.value(limit), self.new.value(other))));
            }
            (ExprKind::In(a, not, set), ExprKind::In(b, same, other)) if a == b && not == same => {
                match (self.old.entries(set), self.new.entries(other)) {
                    (Some(was), Some(is)) => {
                        let value = self.new.value(b);
                        out.extend(entries(&was, &is).into_iter().map(|change| format!("{value}: {change}")));
                    }
                    _ => self.whole(old, new, out),
                }
            }
            (ExprKind::TextTest(a, op, of), ExprKind::TextTest(b, same, other)) if a == b && op == same => {
                self.patterns(b, of, other, old, new, out);
            }
            (ExprKind::Has(a, of), ExprKind::Has(b, other)) if a == b && of.quantifier == other.quantifier => {
                self.patterns(b, of, other, old, new, out);
            }
            (ExprKind::Within(a, next, was), ExprKind::Within(b, same, is)) if a == b && next == same => {
                out.push(format!("{}, window: {}", self.new.value(b), turned(duration(*was), duration(*is))));
            }
            (ExprKind::EventTest(was, a), ExprKind::EventTest(is, b)) if a.name == b.name => {
                if was != is {
                    out.push(turned(self.old.quantifier(was), self.new.quantifier(is)));
                }
                self.events(a, b, out);
            }
            (ExprKind::Count(a), ExprKind::Count(b)) if a.name == b.name => self.events(a, b, out),
            _ => self.whole(old, new, out),
        }
    }

    fn patterns(self, value: &Expr, was: &Pattern, is: &Pattern, old: &Expr, new: &Expr, out: &mut Vec<String>) {
        match (self.old.entries(&was.of), self.new.entries(&is.of)) {
            (Some(was), Some(is)) if was != is => {
                let value = self.new.value(value);
                out.extend(entries(&was, &is).into_iter().map(|change| format!("{value}: {change}")));
            }
            _ => self.whole(old, new, out),
        }
    }

    /// Conditions that are joined: those of one subject are compared with each other, the others came or went.
    fn parts(self, old: &[Expr], new: &[Expr], or: &str, out: &mut Vec<String>) {
        let (mut gone, mut come): (Vec<&Expr>, Vec<&Expr>) = (Vec::new(), new.iter().collect());
        for part in old {
            match come.iter().position(|other| *other == part) {
                Some(place) => self.expr(part, come.remove(place), out),
                None => gone.push(part),
            }
        }
        let mut place = 0;
        while let Some(part) = gone.get(place).copied() {
            match come.iter().position(|other| alike(part, other)) {
                Some(found) => {
                    let other = come.remove(found);
                    gone.remove(place);
                    self.expr(part, other, out);
                }
                None => place += 1,
            }
        }
        out.extend(gone.into_iter().map(|part| format!("no longer asked: {or}{}", self.old.say(part))));
        out.extend(come.into_iter().map(|part| format!("now asked: {or}{}", self.new.say(part))));
    }

    /// What changed of the events that count.
    pub(super) fn events(self, old: &Events, new: &Events, out: &mut Vec<String>) {
        if old.name != new.name {
            out.push(format!("counts {}", turned(self.old.kinds(old), self.new.kinds(new))));
        }
        match (&old.window, &new.window) {
            (was, is) if was == is => {}
            (Some(EventWindow::Within(was)), Some(EventWindow::Within(is))) => {
                out.push(format!("window: {}", turned(duration(*was), duration(*is))));
            }
            (was, is) => out.push(format!("window: {}", turned(self.old.window(was), self.new.window(is)))),
        }
        match (&old.condition, &new.condition) {
            (Some(was), Some(is)) if was != is => {
                out.push(format!("events where: {}", turned(self.old.where_of(old), self.new.where_of(new))));
            }
            (None, Some(_)) => out.push(format!("now only events{}", self.new.where_of(new))),
            (Some(_), None) => out.push(format!("no longer only events{}", self.old.where_of(old))),
            _ => {}
        }
    }

    /// A number that may be there or not.
    pub(super) fn limit(self, what: &str, old: Option<&Amount>, new: Option<&Amount>, out: &mut Vec<String>) {
        let none = || "none".to_owned();
        let was = old.map_or_else(none, |amount| self.old.amount(amount));
        let is = new.map_or_else(none, |amount| self.new.amount(amount));
        if was != is {
            out.push(format!("{what}: {}", turned(was, is)));
        }
    }
}

/// Whether two conditions speak of one thing.
fn alike(a: &Expr, b: &Expr) -> bool {
    match (&*a.kind, &*b.kind) {
        (ExprKind::Compare(op, a, _), ExprKind::Compare(same, b, _)) => op == same && a == b,
        (ExprKind::In(a, ..), ExprKind::In(b, ..)) => a == b,
        (ExprKind::TextTest(a, op, _), ExprKind::TextTest(b, same, _)) => a == b && op == same,
        (ExprKind::Has(a, _), ExprKind::Has(b, _)) => a == b,
        (ExprKind::Within(a, ..), ExprKind::Within(b, ..)) => a == b,
        (ExprKind::EventTest(_, a), ExprKind::EventTest(_, b)) => a.name == b.name,
        (ExprKind::Not(a), ExprKind::Not(b)) => alike(a, b),
        (ExprKind::Among(..), ExprKind::Among(..)) => true,
        _ => false,
    }
}

impl Book<'_> {
    fn among(&self, among: &Among) -> String {
        match among {
            Among::Any => "any of".to_owned(),
            Among::All => "all of".to_owned(),
            Among::AtLeast(count) => format!("at least {} of", self.amount(count)),
            Among::AtMost(count) => format!("at most {} of", self.amount(count)),
        }
    }

    fn quantifier(&self, quantifier: &EventQuantifier) -> String {
        match quantifier {
            EventQuantifier::Any => "any event".to_owned(),
            EventQuantifier::No => "no event".to_owned(),
            EventQuantifier::AtLeast(count) => format!("at least {} events", self.amount(count)),
            EventQuantifier::AtMost(count) => format!("at most {} events", self.amount(count)),
        }
    }

    fn kinds(&self, events: &Events) -> String {
        self.words.event_kinds(events).plain()
    }

    fn window(&self, window: &Option<EventWindow>) -> String {
        window.as_ref().map_or_else(|| "all time".to_owned(), |window| self.words.window(window).plain())
    }

    fn where_of(&self, events: &Events) -> String {
        self.words.event_condition(events).plain()
    }

    /// A condition in words.
    pub(super) fn say(&self, condition: &Expr) -> String {
        self.words.condition(condition).plain()
    }

    /// A value in words.
    pub(super) fn value(&self, value: &Expr) -> String {
        self.words.value(value).plain()
    }

    /// An amount in words.
    pub(super) fn amount(&self, of: &Amount) -> String {
        amount(self.known.program, of)
    }

    /// A length of time in words.
    pub(super) fn length(&self, length: Option<Duration>) -> String {
        length.map_or_else(|| "none".to_owned(), duration)
    }
}
