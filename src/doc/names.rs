//! Lists, fields and events: what the policy reads.

use super::{Doc, labelled, named};
use crate::model::{DomainKind, Field, Scalar, Type};
use crate::report::{Block, Section, Table, Text};
use crate::syntax::ast::{ExprKind, ItemKind, ListSource};
use crate::words::{anchor_of, plural};

/// As many entries of a list are told.
const TOLD: usize = 500;
/// Longer lists are folded away.
const SHORT: usize = 12;

impl Doc<'_> {
    /// The lists with their entries.
    pub(super) fn lists(&self) -> Option<Section> {
        let mut section = Section::new("Lists", "lists");
        let mut any = false;
        for item in self.items() {
            let ItemKind::List { name, source, .. } = item else { continue };
            any = true;
            let (from, entries): (Option<Text>, Vec<String>) = match source {
                ListSource::Inline(entries, _) => {
                    let entries = entries.iter().map(|entry| match &*entry.kind {
                        ExprKind::Text(text) => text.clone(),
                        _ => self.words.value(entry).plain(),
                    });
                    (None, entries.collect())
                }
                ListSource::File { path, column } => {
                    let entries = self.loaded.lists.get(path).unwrap_or(&[]);
                    let mut from = Text::new(", from the file ").code(&*path.value);
                    if let Some(column) = column {
                        from = from.then(", column ").code(&*column.value);
                    }
                    (Some(from), entries.iter().map(|entry| entry.value.clone()).collect())
                }
            };
            let count = match entries.len() {
                1 => "1 entry".to_owned(),
                count => format!("{count} entries"),
            };
            let told = Text::joined(entries.iter().take(TOLD).map(Text::of_code), ", ");
            let told = match entries.len().saturating_sub(TOLD) {
                0 => told,
                more => told.then(format!(", and {more} more")),
            };
            let head = match from {
                Some(from) => Text::new(&count).and(from).then("."),
                None => Text::new(format!("{count}.")),
            };
            let mut list = named(self.words.list_label(&name.value), "list", &name.value).text(head);
            list = match entries.len() {
                0 => list,
                1..=SHORT => list.text(told),
                _ => list.block(Block::fold(format!("All {count}"), vec![Block::text(told)])),
            };
            section = section.block(list);
        }
        any.then_some(section)
    }

    /// The lead's fields.
    pub(super) fn fields(&self) -> Option<Section> {
        let fields = &self.program.schema.fields;
        if fields.is_empty() {
            return None;
        }
        let mut table = Table::new(["What is known of a lead", "Holds", "Comes from"]);
        for field in fields {
            let mut holds = self.holds(field.ty);
            let notes = [
                (field.key, "the key of the lead"),
                (field.required, "a lead without it is not decided"),
                (field.fixed, "does not change"),
                (!field.used, "not used by any rule"),
            ];
            for (_, note) in notes.iter().filter(|(holds, _)| *holds) {
                holds.push_str("; ");
                holds.push_str(note);
            }
            if let Some(stage) = field.known_from.and_then(|stage| self.program.stages.get(usize::from(stage))) {
                holds.push_str(&format!("; filled in from {} on", stage.label));
            }
            table
                .row([
                    labelled(&crate::model::text::readable(&field.name.replace('.', " ")), &field.name),
                    Text::new(holds),
                    Text::of_code(&field.from.whole),
                ])
                .anchor(anchor_of("field", &field.name));
        }
        let count = plural(fields.len() as u64, "field");
        let blocks = vec![Block::Table(table)];
        Some(Section::new("What is known of leads", "fields").block(Block::fold(format!("All {count}"), blocks)))
    }

    /// The event types and groups of them.
    pub(super) fn events(&self) -> Option<Section> {
        let mut table = Table::new(["What leads do", "Holds", "In the data"]);
        let mut count = 0;
        for item in self.items() {
            match item {
                ItemKind::Event { name, .. } => {
                    let Some(event) = self.program.schema.events.iter().find(|event| event.name == name.value) else {
                        continue;
                    };
                    let fields: Vec<String> = event.fields.iter().map(|field| self.field_holds(field)).collect();
                    table
                        .row([
                            labelled(&event.label, &event.name),
                            Text::new(fields.join("; ")),
                            Text::of_code(&event.from),
                        ])
                        .anchor(anchor_of("event", &event.name));
                }
                ItemKind::EventGroup { name, of, .. } => {
                    let of = of
                        .iter()
                        .map(|name| self.words.link(self.words.event_label(&name.value), "event", &name.value));
                    table
                        .row([
                            labelled(self.words.event_label(&name.value), &name.value),
                            Text::new("Any of: ").and(Text::joined(of, ", ")),
                            Text::default(),
                        ])
                        .anchor(anchor_of("event", &name.value));
                }
                _ => continue,
            }
            count += 1;
        }
        let blocks = vec![Block::Table(table)];
        (count > 0).then(|| {
            let title = format!("All {}", plural(count, "kind of event").replace("kind of events", "kinds of events"));
            Section::new("What leads do", "events").block(Block::fold(title, blocks))
        })
    }

    fn field_holds(&self, field: &Field) -> String {
        format!("{} ({})", field.name.replace(['_', '.'], " "), self.holds(field.ty))
    }

    /// What values of a type are, in words.
    fn holds(&self, ty: Type) -> String {
        let (Type::One(scalar) | Type::List(scalar)) = ty;
        let one = match scalar {
            Scalar::Bool => "yes or no".to_owned(),
            Scalar::Int => "whole number".to_owned(),
            Scalar::Number => "number".to_owned(),
            Scalar::Money(currency) => format!("money in {}", currency.as_str()),
            Scalar::Text => "text".to_owned(),
            Scalar::Date => "day".to_owned(),
            Scalar::Time => "time".to_owned(),
            Scalar::Choice(domain) => {
                let domain = self.program.schema.domain(domain);
                let choices: Vec<String> = domain.choices.iter().map(|choice| choice.label.clone()).collect();
                match domain.kind {
                    DomainKind::Stages => "stage".to_owned(),
                    DomainKind::Ranked => format!("from lowest to highest: {}", choices.join(", ")),
                    DomainKind::OneOf | DomainKind::Bands | DomainKind::Cells => {
                        format!("one of: {}", choices.join(", "))
                    }
                }
            }
        };
        match ty {
            Type::One(_) => one,
            Type::List(_) => format!("list of {one}"),
        }
    }
}
