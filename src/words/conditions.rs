//! Conditions as sentences, and values as parts of them.

use super::names::{Words, dotted, field_words};
use super::values;
use crate::model::DomainKind;
use crate::report::Text;
use crate::syntax::ast::{
    AggregateOp, Among, ArithmeticOp, CompareOp, Events, Expr, ExprKind, Name, Pattern, PatternQuantifier, TextOp,
    VerdictOp,
};

/// As many values of a list are told; the others are counted.
const TOLD: usize = 12;

impl Words<'_> {
    /// A condition in words, without a capital letter and a full stop.
    pub fn condition(&self, condition: &Expr) -> Text {
        self.say(condition, None, false)
    }

    /// A condition as its parts that must all hold, each in words: what stands between `and`s.
    pub fn conditions(&self, condition: &Expr) -> Vec<Text> {
        match &*condition.kind {
            ExprKind::And(all) | ExprKind::Among(Among::All, all) => {
                all.iter().flat_map(|one| self.conditions(one)).collect()
            }
            _ => vec![self.condition(condition)],
        }
    }

    /// That a condition does not hold, in words.
    pub fn opposite(&self, condition: &Expr) -> Text {
        self.say(condition, None, true)
    }

    /// A value in words.
    pub fn value(&self, value: &Expr) -> Text {
        self.value_in(value, None)
    }

    /// A condition; `not` turns it round.
    pub(super) fn say(&self, expr: &Expr, event: Option<&Name>, not: bool) -> Text {
        let part = |expr: &Expr| self.part(expr, event);
        match &*expr.kind {
            ExprKind::Not(inner) => self.say(inner, event, !not),
            _ if not && !turns(expr) => Text::new("it is not true that ").and(part(expr)),
            ExprKind::And(all) if event.is_none() && self.silence(all).is_some() => {
                let length = self.silence(all).unwrap_or_default();
                Text::new(format!("nothing more has happened for {length}"))
            }
            ExprKind::And(all) => Text::joined(all.iter().map(part), " and "),
            ExprKind::Or(all) => Text::joined(all.iter().map(part), " or "),
            ExprKind::Among(among, all) => self.among(among, all, event),
            ExprKind::Implies(condition, then) => Text::new("if ")
                .and(self.say(condition, event, false))
                .then(", then ")
                .and(self.say(then, event, false)),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right, event, not),
            ExprKind::Between(value, low, high) => self.between(value, low, high, event),
            ExprKind::Exactly(value, negated, text) => {
                let verb = if *negated != not { " is not exactly " } else { " is exactly " };
                self.value_in(value, event).then(verb).and(self.value_in(text, event))
            }
            ExprKind::In(value, negated, set) => {
                let none = *negated != not;
                self.value_in(value, event).and(self.is_one_of(value, set, none, event))
            }
            ExprKind::TextTest(value, op, pattern) => {
                self.value_in(value, event).then(" ").and(self.test_or_not(*op, pattern, not))
            }
            ExprKind::Has(value, pattern) => {
                let verb = if not { " do not include " } else { " include " };
                self.value_in(value, event).then(verb).and(self.patterns(pattern, Some(value), event))
            }
            ExprKind::IsKnown(value) | ExprKind::IsMissing(value) => {
                let known = matches!(&*expr.kind, ExprKind::IsKnown(_)) != not;
                self.value_in(value, event).then(if known { " is known" } else { " is not known" })
            }
            ExprKind::Within(value, next, length) => {
                let length = values::window(*length);
                let verb = match (*next, not) {
                    (true, false) => " is within the next ",
                    (true, true) => " is not within the next ",
                    (false, false) => " was within the last ",
                    (false, true) => " was not within the last ",
                };
                self.value_in(value, event).then(format!("{verb}{length}"))
            }
            ExprKind::Verdict(fit, verdict) => {
                let fit = self.value_in(fit, event);
                match (verdict, not) {
                    (VerdictOp::Fits, false) | (VerdictOp::Fails, true) => fit.then(" fits"),
                    (VerdictOp::Fits, true) | (VerdictOp::Fails, false) => fit.then(" does not fit"),
                    (VerdictOp::IsUnknown, false) => Text::new("it is not known whether ").and(fit).then(" fits"),
                    (VerdictOp::IsUnknown, true) => Text::new("it is known whether ").and(fit).then(" fits"),
                }
            }
            ExprKind::If(condition, then, other) => {
                let [condition, then, other] = [condition, then, other].map(|expr| self.say(expr, event, false));
                Text::new("if ").and(condition).then(", ").and(then).then(", otherwise ").and(other)
            }
            ExprKind::Otherwise(value, other) if matches!(&*other.kind, ExprKind::Bool(_)) => {
                let said = self.say(value, event, false);
                match &*other.kind {
                    ExprKind::Bool(true) => said.then(", or that is not known"),
                    _ => Text::new("it is known that ").and(said),
                }
            }
            ExprKind::Disqualified(reason) => self.disqualified(reason.as_ref(), not),
            ExprKind::EventTest(quantifier, events) => self.event_test(quantifier, events, not),
            ExprKind::Bool(value) => Text::new(if *value != not { "always" } else { "never" }),
            ExprKind::Path(path) => {
                let named = event.is_none() && self.is_labelled(path);
                match (named, not) {
                    (true, false) => self.name(path, event),
                    (true, true) => Text::new("“").and(self.name(path, event)).then("” does not hold"),
                    (false, _) => self.name(path, event).then(if not { " is no" } else { " is yes" }),
                }
            }
            _ => self.value_in(expr, event),
        }
    }

    /// A condition inside another: what would be misread stands in parentheses.
    fn part(&self, expr: &Expr, event: Option<&Name>) -> Text {
        let text = self.say(expr, event, false);
        match &*expr.kind {
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Implies(..)
            | ExprKind::If(..)
            | ExprKind::Among(..)
            | ExprKind::Otherwise(..) => Text::new("(").and(text).then(")"),
            _ => text,
        }
    }

    fn among(&self, among: &Among, all: &[Expr], event: Option<&Name>) -> Text {
        let count = |amount: &crate::syntax::ast::Amount| values::amount(self.program, amount);
        let head = match among {
            Among::Any => "at least one of these: ".to_owned(),
            Among::All => "all of these: ".to_owned(),
            Among::AtLeast(amount) => format!("at least {} of these: ", count(amount)),
            Among::AtMost(amount) => format!("at most {} of these: ", count(amount)),
        };
        Text::new(head).and(Text::joined(all.iter().map(|one| self.say(one, event, false)), "; "))
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr, event: Option<&Name>, not: bool) -> Text {
        let op = if not { turned(op) } else { op };
        // `sales_accepted is true`
        if let ExprKind::Bool(value) = &*right.kind {
            return self.say(left, event, *value != (op == CompareOp::Is));
        }
        if let ExprKind::Age(of) = &*left.kind {
            return self.value_in(of, event).then(self.age(op, right));
        }
        self.value_in(left, event).and(self.order(op, left, right, event))
    }

    /// `is 100,000 USD or more`, with the blank before it.
    pub fn order(&self, op: CompareOp, left: &Expr, right: &Expr, event: Option<&Name>) -> Text {
        let value = self.choice(left, right, event);
        let kind = Kind::of(self, left, right, event);
        let (before, after) = match (op, kind) {
            (CompareOp::Is, _) => ("is", ""),
            (CompareOp::IsNot, _) => ("is not", ""),
            (CompareOp::Less, Kind::Number) => ("is less than", ""),
            (CompareOp::LessOrEqual, Kind::Number) => ("is", " or less"),
            (CompareOp::Greater, Kind::Number) => ("is more than", ""),
            (CompareOp::GreaterOrEqual, Kind::Number) => ("is", " or more"),
            (CompareOp::Less, Kind::Rank) => ("is below", ""),
            (CompareOp::LessOrEqual, Kind::Rank) => ("is", " or lower"),
            (CompareOp::Greater, Kind::Rank) => ("is above", ""),
            (CompareOp::GreaterOrEqual, Kind::Rank) => ("is", " or higher"),
            (CompareOp::Less, Kind::Time) => ("is before", ""),
            (CompareOp::LessOrEqual, Kind::Time) => ("is not after", ""),
            (CompareOp::Greater, Kind::Time) => ("is after", ""),
            (CompareOp::GreaterOrEqual, Kind::Time) => ("is not before", ""),
        };
        Text::new(format!(" {before} ")).and(value).then(after)
    }

    fn age(&self, op: CompareOp, length: &Expr) -> String {
        let length = match &*length.kind {
            ExprKind::Duration(length) => values::duration(*length),
            _ => self.value(length).plain(),
        };
        match op {
            CompareOp::Is => format!(" was exactly {length} ago"),
            CompareOp::IsNot => format!(" was not exactly {length} ago"),
            CompareOp::Less => format!(" was less than {length} ago"),
            CompareOp::LessOrEqual => format!(" was at most {length} ago"),
            CompareOp::Greater => format!(" was more than {length} ago"),
            CompareOp::GreaterOrEqual => format!(" was at least {length} ago"),
        }
    }

    fn between(&self, value: &Expr, low: &Expr, high: &Expr, event: Option<&Name>) -> Text {
        if let ExprKind::Age(of) = &*value.kind {
            let (low, high) = (self.value(low), self.value(high));
            return self.value_in(of, event).then(" was between ").and(low).then(" and ").and(high).then(" ago");
        }
        let (low, high) = (self.choice(value, low, event), self.choice(value, high, event));
        self.value_in(value, event).then(" is from ").and(low).then(" to ").and(high)
    }

    /// ` is one of “a” or “b”`, ` is in the list “Free mail”`
    pub fn is_one_of(&self, value: &Expr, set: &Expr, none: bool, event: Option<&Name>) -> Text {
        if let Some(list) = self.list_named(set) {
            let verb = if none { " is not in the list “" } else { " is in the list “" };
            return Text::new(verb).and(self.link(self.list_label(list), "list", list)).then("”");
        }
        let verb = if none { " is none of " } else { " is " };
        Text::new(verb).and(self.listed(set, Some(value), event, "or"))
    }

    /// What a text operator says, without its left side: `mentions “ceo” or “founder”`.
    pub fn test(&self, op: TextOp, pattern: &Pattern) -> Text {
        self.test_or_not(op, pattern, false)
    }

    fn test_or_not(&self, op: TextOp, pattern: &Pattern, not: bool) -> Text {
        let verb = match (op, not) {
            (TextOp::Like, false) => "reads like ",
            (TextOp::Like, true) => "does not read like ",
            (TextOp::Mentions, false) => "mentions ",
            (TextOp::Mentions, true) => "does not mention ",
            (TextOp::Contains, false) => "contains ",
            (TextOp::Contains, true) => "does not contain ",
            (TextOp::StartsWith, false) => "starts with ",
            (TextOp::StartsWith, true) => "does not start with ",
            (TextOp::EndsWith, false) => "ends with ",
            (TextOp::EndsWith, true) => "does not end with ",
            (TextOp::Matches, false) => "matches the pattern ",
            (TextOp::Matches, true) => "does not match the pattern ",
        };
        match &*pattern.of.kind {
            ExprKind::Text(regex) if op == TextOp::Matches => Text::new(verb).code(regex.as_str()),
            _ => Text::new(verb).and(self.patterns(pattern, None, None)),
        }
    }

    fn patterns(&self, pattern: &Pattern, value: Option<&Expr>, event: Option<&Name>) -> Text {
        let word = if pattern.quantifier == PatternQuantifier::All { "and" } else { "or" };
        match self.list_named(&pattern.of) {
            Some(list) => {
                let head = if word == "and" { "everything in the list “" } else { "anything in the list “" };
                Text::new(head).and(self.link(self.list_label(list), "list", list)).then("”")
            }
            None => self.listed(&pattern.of, value, event, word),
        }
    }

    /// `“a”, “b” or “c”`; a long list is cut and counted.
    pub(super) fn listed(&self, of: &Expr, value: Option<&Expr>, event: Option<&Name>, word: &str) -> Text {
        let one = |entry: &Expr| match value {
            Some(value) => self.choice(value, entry, event),
            None => self.value_in(entry, event),
        };
        let ExprKind::List(entries) = &*of.kind else { return one(of) };
        let told = if entries.len() > TOLD + 1 { TOLD } else { entries.len() };
        let mut out = Text::default();
        for (place, entry) in entries.iter().take(told).enumerate() {
            let separator = match place {
                0 => "",
                _ if place + 1 == entries.len() => " ",
                _ => ", ",
            };
            out = out.then(separator);
            if place > 0 && place + 1 == entries.len() {
                out = out.then(format!("{word} "));
            }
            out = out.and(one(entry));
        }
        match entries.len() - told {
            0 => out,
            more => out.then(format!(" {word} {more} others")),
        }
    }

    /// The right side of a comparison: a choice by its label.
    pub fn choice(&self, left: &Expr, right: &Expr, event: Option<&Name>) -> Text {
        let name = match &*right.kind {
            ExprKind::Path(path) => dotted(path),
            ExprKind::Text(text) => text.clone(),
            _ => return self.value_in(right, event),
        };
        let Some(domain) = self.domain(left, event) else { return self.value_in(right, event) };
        let domain = self.program.schema.domain(domain);
        match domain.find(&name).and_then(|place| domain.choices.get(usize::from(place))) {
            Some(choice) if domain.kind == DomainKind::Stages => self.link(&choice.label, "stage", &choice.name),
            Some(choice) => Text::new(format!("“{}”", choice.label)),
            None => self.value_in(right, event),
        }
    }

    fn disqualified(&self, reason: Option<&Name>, not: bool) -> Text {
        let verb = if not { "the lead is not disqualified" } else { "the lead is disqualified" };
        let Some(reason) = reason else { return Text::new(verb) };
        let known = self.program.reasons.iter().find(|other| other.name == reason.value);
        let label = known.map_or(reason.value.as_str(), |reason| reason.label.as_str());
        Text::new(format!("{verb} for “")).and(self.link(label, "disqualify", &reason.value)).then("”")
    }

    /// A value, or a condition where a value may stand.
    pub(super) fn value_in(&self, value: &Expr, event: Option<&Name>) -> Text {
        let inner = |expr: &Expr| self.operand(expr, event);
        match &*value.kind {
            ExprKind::Number(number) => Text::new(values::number(number)),
            ExprKind::Money(number, currency) => {
                Text::new(format!("{} {}", values::money(number), currency.value.as_str()))
            }
            ExprKind::Text(text) => Text::new(format!("“{text}”")),
            ExprKind::Bool(value) => Text::new(if *value { "yes" } else { "no" }),
            ExprKind::Date(date) => Text::new(date.to_string()),
            ExprKind::Instant(instant) => Text::new(values::clock(instant.as_millisecond(), &self.program.zone)),
            ExprKind::Duration(duration) => Text::new(values::duration(*duration)),
            ExprKind::List(_) => self.listed(value, None, event, "and"),
            ExprKind::Path(path) => self.name(path, event),
            ExprKind::Call(name, arguments) => self.call(&name.value, arguments, event),
            ExprKind::Negate(inner) => Text::new("−").and(self.operand(inner, event)),
            ExprKind::Arithmetic(op, left, right) => {
                let word = match op {
                    ArithmeticOp::Add => " plus ",
                    ArithmeticOp::Subtract => " minus ",
                    ArithmeticOp::Multiply => " times ",
                    ArithmeticOp::Divide => " divided by ",
                };
                inner(left).then(word).and(inner(right))
            }
            ExprKind::Otherwise(value, other) => {
                inner(value).then(" (").and(inner(other)).then(" where it is not known)")
            }
            ExprKind::If(condition, then, other) => {
                let condition = self.say(condition, event, false);
                Text::new("if ").and(condition).then(", ").and(inner(then)).then(", otherwise ").and(inner(other))
            }
            ExprKind::Age(of) => Text::new("the age of ").and(inner(of)),
            ExprKind::Count(events) => Text::new("the number of ").and(self.events(events)),
            ExprKind::Aggregate(op, field, events) => {
                let field = field_words(&dotted(field));
                let head = match op {
                    AggregateOp::Total => format!("the total {field} of "),
                    AggregateOp::Highest => format!("the highest {field} of "),
                    AggregateOp::Lowest => format!("the lowest {field} of "),
                    AggregateOp::Distinct => format!("the number of different values of {field} of "),
                };
                Text::new(head).and(self.events(events))
            }
            ExprKind::Edge(first, events) => {
                Text::new(if *first { "the first " } else { "the last " }).and(self.one_event(events))
            }
            ExprKind::Subject | ExprKind::Junk => Text::default(),
            _ => self.say(value, event, false),
        }
    }

    /// A value inside another: what would be misread stands in parentheses.
    fn operand(&self, value: &Expr, event: Option<&Name>) -> Text {
        let text = self.value_in(value, event);
        match &*value.kind {
            ExprKind::Arithmetic(..) | ExprKind::If(..) => Text::new("(").and(text).then(")"),
            ExprKind::Call(_, arguments) if arguments.len() > 1 => Text::new("(").and(text).then(")"),
            _ => text,
        }
    }

    fn call(&self, name: &str, arguments: &[Expr], event: Option<&Name>) -> Text {
        let all = || Text::joined(arguments.iter().map(|argument| self.operand(argument, event)), " and ");
        match name {
            "domain" => Text::new("the domain of ").and(all()),
            "length" => Text::new("the length of ").and(all()),
            "size" => Text::new("the number of ").and(all()),
            "min" => Text::new("the smaller of ").and(all()),
            "max" => Text::new("the larger of ").and(all()),
            "round" => all().then(" rounded"),
            other => Text::new(format!("{other} of ")).and(all()),
        }
    }

    /// The one event of several that is meant.
    fn one_event(&self, events: &Events) -> Text {
        self.event_kind(events).and(self.event_rest(events))
    }
}

/// What kind of values are compared: the words differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Rank,
    Time,
}

impl Kind {
    fn of(words: &Words<'_>, left: &Expr, right: &Expr, event: Option<&Name>) -> Kind {
        let time = |expr: &Expr| words.is_time(expr, event);
        if words.domain(left, event).is_some() {
            Kind::Rank
        } else if time(left) || time(right) {
            Kind::Time
        } else {
            Kind::Number
        }
    }
}

/// Whether a condition has a form that says its opposite, true for the same leads and unknown for the same.
fn turns(expr: &Expr) -> bool {
    match &*expr.kind {
        // The stage of who is disqualified is neither below nor above another.
        ExprKind::Compare(op, left, _) => {
            let stage = matches!(&*left.kind, ExprKind::Path(path) if dotted(path) == "stage");
            !stage || matches!(op, CompareOp::Is | CompareOp::IsNot)
        }
        ExprKind::In(..) | ExprKind::Exactly(..) | ExprKind::IsKnown(_) | ExprKind::IsMissing(_) => true,
        ExprKind::Path(_) | ExprKind::Bool(_) | ExprKind::Disqualified(_) | ExprKind::Verdict(..) => true,
        ExprKind::TextTest(..) | ExprKind::Within(..) => true,
        ExprKind::Has(_, pattern) => pattern.quantifier != PatternQuantifier::All,
        ExprKind::EventTest(quantifier, _) => {
            use crate::syntax::ast::EventQuantifier::{Any, No};
            matches!(quantifier, Any | No)
        }
        _ => false,
    }
}

fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Is => CompareOp::IsNot,
        CompareOp::IsNot => CompareOp::Is,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}
