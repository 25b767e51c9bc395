//! The policy's tests as worked examples: a lead, what it did, and what it gets.

use super::Doc;
use crate::check::hir::{Test, TestEvent};
use crate::eval::{Outcome, Points, Tester};
use crate::model::time::{DAY, from_days};
use crate::model::{Literal, Type};
use crate::report::{Anchors, Block, Section, Table, Text, anchor};
use crate::words::{plural, show_value};

impl Doc<'_> {
    /// The tests, each with what its lead gets today.
    pub(super) fn examples(&self) -> Option<Section> {
        if self.program.tests.is_empty() {
            return None;
        }
        let mut anchors = Anchors::default();
        let mut table = Table::new(["Example", "The lead and what it did", "What it gets"]);
        let tester = Tester::new(self.program);
        for test in &self.program.tests {
            let told = match self.program.schema.events.is_empty() {
                true => self.lead(test),
                false => self.lead(test).line().and(self.did(test)),
            };
            let gets = tester.decide(test, |_, outcome| self.gets(outcome));
            let day = from_days(self.program.zone.day(test.as_of));
            let label = Text::new(&test.label).line().quiet(format!("as of {day}"));
            table.row([label, told, gets]).anchor(anchors.unique(anchor("test", &[&test.label])));
        }
        let count = plural(self.program.tests.len() as u64, "example");
        let text = "Leads that were made up to show what the policy does, and what each of them gets. They are its tests: \
                    the program works them out whenever the policy changes.";
        let blocks = vec![Block::Table(table)];
        Some(Section::new("Worked examples", "examples").text(text).block(Block::fold(format!("All {count}"), blocks)))
    }

    /// What is known of the lead.
    fn lead(&self, test: &Test) -> Text {
        let fields = &self.program.schema.fields;
        let known = fields.iter().zip(&test.lead).filter(|(field, value)| !field.key && **value != Literal::Missing);
        let told: Vec<Text> = known
            .map(|(field, value)| {
                Text::new(format!("{}: {}", field.name.replace(['_', '.'], " "), self.shown(field.ty, value)))
            })
            .collect();
        if told.is_empty() { Text::new("Nothing is known.") } else { Text::joined(told, "; ").then(".") }
    }

    fn shown(&self, ty: Type, value: &Literal) -> String {
        match (ty, value) {
            (_, Literal::Bool(value)) => if *value { "yes" } else { "no" }.to_owned(),
            // Names of stages and listed texts by their label, texts as they are.
            (Type::One(crate::model::Scalar::Choice(domain)), Literal::Choice(choice)) => {
                let choices = &self.program.schema.domain(domain).choices;
                choices.get(usize::from(*choice)).map_or_else(String::new, |choice| choice.label.clone())
            }
            (_, Literal::Text(text)) => text.to_string(),
            (_, Literal::List(entries)) if entries.is_empty() => "none".to_owned(),
            (Type::List(scalar), Literal::List(entries)) => {
                let entries = entries.iter().map(|entry| self.shown(Type::One(scalar), entry));
                entries.collect::<Vec<_>>().join(", ")
            }
            _ => show_value(self.program, ty, value),
        }
    }

    /// The lead's events; those alike are counted.
    fn did(&self, test: &Test) -> Text {
        let mut told: Vec<(&TestEvent, u64)> = Vec::new();
        for event in &test.events {
            match told.last_mut() {
                Some((last, count)) if last.ty == event.ty && last.at == event.at && last.fields == event.fields => {
                    *count += 1;
                }
                _ => told.push((event, 1)),
            }
        }
        if told.is_empty() {
            return Text::default().quiet("It did nothing.");
        }
        let told = told.into_iter().map(|(event, count)| {
            let ty = self.program.schema.event(event.ty);
            let times = if count > 1 { format!(", {count} times") } else { String::new() };
            let known = ty.fields.iter().zip(&event.fields).filter(|(_, value)| **value != Literal::Missing);
            let fields: Vec<String> = known
                .map(|(field, value)| format!("{} {}", field.name.replace('_', " "), self.shown(field.ty, value)))
                .collect();
            let fields = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
            Text::new(format!("{}{fields}, {}{times}", ty.label, before(test.as_of - event.at)))
        });
        Text::joined(told, "; ").then(".")
    }

    /// Stage, fits, scores, bands, route.
    fn gets(&self, outcome: &Outcome<'_>) -> Text {
        let program = self.program;
        let mut told = Vec::new();
        if outcome.disqualified {
            let reasons = program.reasons.iter().zip(outcome.reasons.iter()).filter(|(_, value)| value.is_true());
            let reasons: Vec<&str> = reasons.map(|(reason, _)| reason.label.as_str()).collect();
            told.push(Text::default().strong("Disqualified").then(format!(": {}", reasons.join(", "))));
        } else if let Some(stage) = program.stages.get(usize::from(outcome.stage)) {
            told.push(Text::default().strong(&*stage.label));
        }
        for (fit, value) in program.fits.iter().zip(outcome.fits.iter()) {
            let verdict = match value.verdict {
                verdict if verdict.is_true() => "fits",
                crate::model::Tri::Unknown => "not known",
                _ => "does not fit",
            };
            told.push(Text::new(format!("{}: {verdict}", fit.label)));
        }
        for score in &program.scores {
            let part = &program.parts[score.index()];
            told.push(Text::new(format!("{}: {}", part.label, Points(outcome.points(*score)))));
        }
        let choice = |domain, place: u16| {
            let choices = &program.schema.domain(domain).choices;
            choices.get(usize::from(place)).map_or("", |choice| choice.label.as_str())
        };
        for (matrix, cell) in program.matrices.iter().zip(outcome.cells.iter()) {
            told.push(Text::new(format!("{}: {}", matrix.label, choice(matrix.domain, *cell))));
        }
        if let Some(route) = outcome.route.and_then(|route| program.routes.get(route.index())) {
            told.push(Text::new(format!("Goes to: {}", route.label)));
        }
        let mut told = told.into_iter();
        let first = told.next().unwrap_or_default();
        let rest = Text::joined(told, "; ");
        if rest.is_empty() { first } else { first.line().and(rest) }
    }
}

/// How long before the as-of.
fn before(age: i64) -> String {
    let (count, unit) = match age.unsigned_abs() {
        size if size >= DAY as u64 => (size / DAY as u64, "day"),
        size => (size / 3_600_000, "hour"),
    };
    match (age < 0, count) {
        (true, _) => format!("{} later", plural(count, unit)),
        (false, 0) => "just before".to_owned(),
        (false, _) => format!("{} before", plural(count, unit)),
    }
}
