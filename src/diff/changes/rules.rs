//! What changed in a rule, a group and a score.

use super::Book;
use super::conditions::{Both, turned};
use crate::syntax::ast::{Amount, AmountValue, Case, CaseTest, Group, Include, Limit, Rule, Sign, Unit, Worth};
use crate::words::{duration, unit};

impl Book<'_> {
    /// Points with their sign.
    fn points(&self, points: &Amount) -> String {
        let text = self.amount(points);
        if text.starts_with('-') || text == "0" { text } else { format!("+{text}") }
    }

    /// A rule in words.
    pub(super) fn rule(&self, rule: &Rule) -> String {
        let limits =
            |limits: &[Limit]| -> String { limits.iter().map(|limit| format!(", {}", self.limit(limit))).collect() };
        match &rule.worth {
            Worth::If { points, condition } => format!("{} if {}", self.points(points), self.say(condition)),
            Worth::Per { points, distinct, events, limits: of } => {
                let kind = match distinct {
                    Some(field) => {
                        let name: Vec<&str> = field.parts.iter().map(|part| part.value.as_str()).collect();
                        format!("different {} of {}", name.join(" "), self.words.events(events).plain())
                    }
                    None => {
                        let window =
                            events.window.as_ref().map(|window| format!(" {}", self.words.window(window).plain()));
                        let kind = self.words.event_kind(events).plain();
                        format!("{kind}{}{}", window.unwrap_or_default(), self.words.event_condition(events).plain())
                    }
                };
                format!("{} for each {kind}{}", self.points(points), limits(of))
            }
            Worth::PerPeriod { points, period, since, limits: of } => {
                let period = crate::words::window(*period);
                format!("{} for every {period} since {}{}", self.points(points), self.value(since), limits(of))
            }
            Worth::By { value, cases } => {
                let told: Vec<String> =
                    cases.iter().map(|case| format!("{}: {}", self.case(case), self.points(&case.points))).collect();
                format!("by {} ({})", self.value(value), told.join(", "))
            }
            Worth::FirstOf { cases, otherwise } => {
                let mut told: Vec<String> = cases
                    .iter()
                    .map(|case| format!("{}: {}", self.say(&case.condition), self.points(&case.points)))
                    .collect();
                told.extend(otherwise.as_ref().map(|points| format!("otherwise: {}", self.points(points))));
                format!("the first that holds ({})", told.join(", "))
            }
        }
    }

    /// A limit in words.
    fn limit(&self, limit: &Limit) -> String {
        match limit {
            Limit::Points(points) => format!("at most {} points", self.amount(points).trim_start_matches('-')),
            Limit::Times { count, per, .. } => {
                let per = per.map_or_else(String::new, |per| format!(" a {}", unit(per)));
                let count = self.amount(count);
                format!("at most {count} time{}{per}", if count == "1" { "" } else { "s" })
            }
            Limit::Halving(every) => format!("halving every {}", duration(*every)),
            Limit::Fading(over) => format!("fading over {}", duration(*over)),
            Limit::Losing { amount, every } => format!("losing {} every {}", self.amount(amount), duration(*every)),
        }
    }

    /// A case of `by`, as the policy writes it.
    fn case(&self, case: &Case) -> String {
        match &case.test {
            CaseTest::Missing => "missing".to_owned(),
            CaseTest::Otherwise => "otherwise".to_owned(),
            CaseTest::Range(low, high) => format!("{} to {}", self.value(low), self.value(high)),
            CaseTest::Operator(operator) => crate::words::source(self.known.program, operator.span),
        }
    }

    /// An include in words.
    pub(super) fn include(&self, include: &Include) -> String {
        let of: Vec<&str> = include.of.parts.iter().map(|part| part.value.as_str()).collect();
        match &include.factor {
            Some(factor) => format!("{} of {}", self.amount(factor), of.join(".")),
            None => format!("all of {}", of.join(".")),
        }
    }

    /// A group or score in words.
    pub(super) fn group(&self, group: &Group) -> String {
        let end = |amount: &Option<Amount>| amount.as_ref().map(|amount| self.amount(amount));
        let parts = crate::words::plural(group.parts.len() as u64, "part");
        match (end(&group.from), end(&group.to)) {
            (Some(from), Some(to)) => format!("{parts}, from {from} to {to}"),
            (Some(from), None) => format!("{parts}, not below {from}"),
            (None, Some(to)) => format!("{parts}, at most {to}"),
            (None, None) => parts,
        }
    }
}

/// Which limit it is: of one kind there is one.
fn kind(limit: &Limit) -> (u8, Option<Unit>) {
    match limit {
        Limit::Points(_) => (0, None),
        Limit::Times { per, .. } => (1, *per),
        Limit::Halving(_) | Limit::Fading(_) | Limit::Losing { .. } => (2, None),
    }
}

impl Both<'_, '_> {
    /// What changed in a rule.
    pub(super) fn rule(self, old: &Rule, new: &Rule) -> Vec<String> {
        let mut out = Vec::new();
        match (&old.worth, &new.worth) {
            (Worth::If { points: was, condition: a }, Worth::If { points: is, condition: b }) => {
                self.points(was, is, &mut out);
                out.extend(self.condition(a, b));
            }
            (
                Worth::Per { points: was, distinct: field, events: a, limits },
                Worth::Per { points: is, distinct: same, events: b, limits: others },
            ) if field == same => {
                self.points(was, is, &mut out);
                self.events(a, b, &mut out);
                self.limits(limits, others, &mut out);
            }
            (
                Worth::PerPeriod { points: was, period: a, since, limits },
                Worth::PerPeriod { points: is, period: b, since: same, limits: others },
            ) if since == same => {
                self.points(was, is, &mut out);
                if (a.count, a.unit) != (b.count, b.unit) {
                    out.push(format!("period: {}", turned(duration(*a), duration(*b))));
                }
                self.limits(limits, others, &mut out);
            }
            (Worth::By { value, cases }, Worth::By { value: same, cases: others }) if value == same => {
                let told = |book: &Book<'_>, cases: &[Case]| -> Vec<(String, String)> {
                    cases.iter().map(|case| (book.case(case), book.points(&case.points))).collect()
                };
                self.cases(&told(self.old, cases), &told(self.new, others), &mut out);
            }
            (Worth::FirstOf { cases, otherwise }, Worth::FirstOf { cases: others, otherwise: rest }) => {
                let told = |book: &Book<'_>, cases: &[crate::syntax::ast::Choice], otherwise: &Option<Amount>| {
                    let mut told: Vec<(String, String)> =
                        cases.iter().map(|case| (book.say(&case.condition), book.points(&case.points))).collect();
                    told.extend(otherwise.as_ref().map(|points| ("otherwise".to_owned(), book.points(points))));
                    told
                };
                self.cases(&told(self.old, cases, otherwise), &told(self.new, others, rest), &mut out);
            }
            _ => out.push(turned(self.old.rule(old), self.new.rule(new))),
        }
        out
    }

    fn points(self, old: &Amount, new: &Amount, out: &mut Vec<String>) {
        let (was, is) = (self.old.points(old), self.new.points(new));
        if was != is {
            let constant = |amount: &Amount| matches!(amount.value, AmountValue::Constant(_));
            let word = if constant(old) || constant(new) { "points (set by a constant)" } else { "points" };
            let plain = |text: &str| text.trim_start_matches('+').to_owned();
            let signs = old.sign != new.sign && (old.sign == Some(Sign::Minus) || new.sign == Some(Sign::Minus));
            out.push(match signs {
                true => format!("{word}: {}", turned(was, is)),
                false => format!("{word}: {}", turned(plain(&was), plain(&is))),
            });
        }
    }

    fn limits(self, old: &[Limit], new: &[Limit], out: &mut Vec<String>) {
        for limit in old {
            let was = self.old.limit(limit);
            match new.iter().find(|other| kind(other) == kind(limit)) {
                Some(other) if self.new.limit(other) == was => {}
                Some(other) => out.push(turned(was, self.new.limit(other))),
                None => out.push(format!("no longer {was}")),
            }
        }
        let fresh = new.iter().filter(|limit| !old.iter().any(|other| kind(other) == kind(limit)));
        out.extend(fresh.map(|limit| format!("now {}", self.new.limit(limit))));
    }

    fn cases(self, old: &[(String, String)], new: &[(String, String)], out: &mut Vec<String>) {
        for (case, points) in new {
            match old.iter().find(|(other, _)| other == case) {
                Some((_, was)) if was == points => {}
                Some((_, was)) => out.push(format!("{case}: {}", turned(was, points))),
                None => out.push(format!("now {case}: {points}")),
            }
        }
        let gone = old.iter().filter(|(case, _)| !new.iter().any(|(other, _)| other == case));
        out.extend(gone.map(|(case, points)| format!("no longer {case}: {points}")));
        let shared = |a: &[(String, String)], b: &[(String, String)]| -> Vec<String> {
            a.iter().map(|(case, _)| case.clone()).filter(|case| b.iter().any(|(other, _)| other == case)).collect()
        };
        if shared(old, new) != shared(new, old) {
            out.push("the order in which its cases are asked".to_owned());
        }
    }

    /// What changed of a group itself.
    pub(super) fn group(self, old: &Group, new: &Group) -> Vec<String> {
        let mut out = Vec::new();
        self.limit("least points", old.from.as_ref(), new.from.as_ref(), &mut out);
        self.limit("most points", old.to.as_ref(), new.to.as_ref(), &mut out);
        out
    }
}
