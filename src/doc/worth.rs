//! What a rule is worth, in words: what earns, how much, in which time, up to where, and how it fades.

use super::Doc;
use crate::base::Span;
use crate::check::hir::{Part, PartKind};
use crate::eval::Points;
use crate::report::Text;
use crate::syntax::ast::{self, CaseTest, CompareOp, ExprKind, Limit, Unit, Worth};
use crate::words::{duration, sentence};

/// A case of a rule: what it is called, what it asks in words, its points.
pub(super) type Case = (Text, Text, String);

impl Doc<'_> {
    /// What earns points in words, the points, and the cases if it has any.
    pub(super) fn worth(&self, part: &Part, rule: &ast::Rule) -> (Text, String, Vec<Case>) {
        match (&rule.worth, &part.kind) {
            (Worth::If { points, condition }, PartKind::If { points: worth, .. }) => {
                let text = sentence(self.words.condition(condition));
                (self.with_constant(text, points), signed(*worth), Vec::new())
            }
            (Worth::Per { points, distinct, events, limits }, PartKind::Per(per)) => {
                let kind = match distinct {
                    Some(_) => self.words.event_kinds(events),
                    None => self.words.event_kind(events),
                };
                let kind = match &events.window {
                    Some(window) => kind.then(" ").and(self.words.window(window)),
                    None => kind,
                };
                let kind = kind.and(self.words.event_condition(events));
                let text = match distinct {
                    Some(field) => {
                        let name = field.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ");
                        Text::new(format!("Each different {} among ", name.replace('_', " "))).and(kind)
                    }
                    None => Text::new("Each ").and(kind),
                };
                let text = if events.window.is_some() { text.then(".") } else { text.then(", however long ago.") };
                let text = limits.iter().fold(text, |text, limit| text.then(" ").then(self.limit(limit)));
                (self.with_constant(text, points), format!("{} each", signed(per.points)), Vec::new())
            }
            (Worth::PerPeriod { points, period, since, limits }, PartKind::PerPeriod { points: worth, .. }) => {
                let text = Text::new(format!("Every {} gone by since ", crate::words::window(*period)))
                    .and(self.words.value(since))
                    .then(".");
                let text = limits.iter().fold(text, |text, limit| text.then(" ").then(self.limit(limit)));
                (self.with_constant(text, points), format!("{} each", signed(*worth)), Vec::new())
            }
            (Worth::By { value, cases }, PartKind::By { cases: known, missing, otherwise, .. }) => {
                let text = Text::new("By ").and(self.words.value(value)).then(": the first line below that holds.");
                let mut known = known.iter();
                let told = cases.iter().filter_map(|case| {
                    let points = match &case.test {
                        CaseTest::Missing => (*missing)?,
                        CaseTest::Otherwise => (*otherwise)?,
                        CaseTest::Range(..) | CaseTest::Operator(_) => known.next()?.points,
                    };
                    Some((self.case(value, &case.test), Text::default(), signed(points)))
                });
                let told: Vec<Case> = told.collect();
                (text, String::new(), told)
            }
            (Worth::FirstOf { cases, otherwise: written }, PartKind::FirstOf { cases: known, otherwise }) => {
                let text = Text::new("The first line below that is true.");
                let mut told: Vec<Case> = cases
                    .iter()
                    .zip(known)
                    .enumerate()
                    .map(|(place, (case, known))| {
                        let words = sentence(self.words.condition(&case.condition));
                        let words = words.line().code(self.source(case.condition.span));
                        (Text::new((place + 1).to_string()), words, signed(known.points))
                    })
                    .collect();
                if let (Some(_), Some(points)) = (written, otherwise) {
                    let words = Text::new("When every line above is false.");
                    told.push((Text::new("Otherwise"), words, signed(*points)));
                }
                (text, String::new(), told)
            }
            _ => (Text::default(), String::new(), Vec::new()),
        }
    }

    /// Points that a constant gives name it.
    fn with_constant(&self, text: Text, points: &ast::Amount) -> Text {
        match self.constant(points) {
            Some(name) => {
                let label = self.program.defines.iter().find(|define| define.name == name);
                let label = label.map_or(name.as_str(), |define| define.label.as_str());
                text.then(" The points are set by ").and(self.words.link(label, "define", &name)).then(".")
            }
            None => text,
        }
    }

    fn limit(&self, limit: &Limit) -> String {
        let amount = |amount: &ast::Amount| crate::words::amount(self.program, amount);
        match limit {
            Limit::Points(points) => format!("At most {} points in all.", amount(points).trim_start_matches('-')),
            Limit::Times { count, per, .. } => {
                let count = amount(count);
                let times = if count == "1" { "once".to_owned() } else { format!("{count} times") };
                match per {
                    None if count == "1" => "Counts once, the latest.".to_owned(),
                    None => format!("Counts at most {times}, the latest."),
                    Some(Unit::Week) => format!("Counts at most {times} a week, from Monday."),
                    Some(unit) => format!("Counts at most {times} a {}.", crate::words::unit(*unit)),
                }
            }
            Limit::Halving(every) => format!("Worth half as much after every {}.", duration(*every)),
            Limit::Fading(over) => format!("Fades evenly to nothing over {}.", duration(*over)),
            Limit::Losing { amount: lost, every } => {
                let lost = amount(lost);
                let lost = if lost.ends_with('%') { lost } else { format!("{lost} points") };
                format!("Loses {lost} of its worth after every {}.", duration(*every))
            }
        }
    }

    /// A case of `by` in words.
    fn case(&self, value: &ast::Expr, test: &CaseTest) -> Text {
        let text = match test {
            CaseTest::Missing => return Text::new("Not known"),
            CaseTest::Otherwise => return Text::new("Anything else that is known"),
            CaseTest::Range(low, high) => {
                self.words.choice(value, low, None).then(" to ").and(self.words.choice(value, high, None))
            }
            CaseTest::Operator(operator) => match &*operator.kind {
                ExprKind::Compare(CompareOp::Is, _, right) => self.words.choice(value, right, None),
                ExprKind::Compare(op, _, right) => self.words.order(*op, value, right, None),
                ExprKind::Between(_, low, high) => {
                    let low = self.words.choice(value, low, None);
                    low.then(" to ").and(self.words.choice(value, high, None))
                }
                ExprKind::In(_, negated, set) => self.words.is_one_of(value, set, *negated, None),
                ExprKind::TextTest(_, op, pattern) => self.words.test(*op, pattern),
                _ => self.words.condition(operator),
            },
        };
        let words = crate::words::sentence(trimmed(text));
        without_stop(words)
    }
}

/// The policy's text of what a rule is worth; cases stand in lines of their own.
pub(super) fn worth_span(rule: &ast::Rule) -> Option<Span> {
    let end = match &rule.worth {
        Worth::By { value, .. } => value.span.end,
        Worth::FirstOf { .. } => return None,
        _ => rule.span.end,
    };
    let start = rule.label.as_ref().map_or(rule.name.span.end, |label| label.span.end);
    Some(Span { file: rule.span.file, start, end })
}

/// Without the verb that a case leaves out: ` is 500 or more` is `500 or more`.
fn trimmed(mut text: Text) -> Text {
    use crate::report::Span;
    if let Some(Span::Plain(first)) = text.spans.first_mut() {
        let bare = first.trim_start();
        *first = bare.strip_prefix("is ").unwrap_or(bare).to_owned();
    }
    text
}

fn without_stop(mut text: Text) -> Text {
    use crate::report::Span;
    if let Some(Span::Plain(last)) = text.spans.last()
        && last == "."
    {
        text.spans.pop();
    }
    text
}

/// Points with their sign.
fn signed(points: i64) -> String {
    if points > 0 { format!("+{}", Points(points)) } else { Points(points).to_string() }
}
