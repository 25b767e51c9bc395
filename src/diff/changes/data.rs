//! What changed in what is read: the zone, fields, events, lists.

use super::conditions::turned;
use super::{All, Told};
use crate::base::visible;
use crate::check::hir::Program;
use crate::diff::model::{Change, How, Piece};
use crate::diff::pairs::{Pair, pair};
use crate::model::{DomainKind, Field, Scalar, Type};

/// A type in a policy's words.
fn kind(program: &Program, ty: Type) -> String {
    let one = |scalar: Scalar| match scalar {
        Scalar::Bool => "bool".to_owned(),
        Scalar::Int => "int".to_owned(),
        Scalar::Number => "number".to_owned(),
        Scalar::Money(currency) => format!("money {}", currency.as_str()),
        Scalar::Text => "text".to_owned(),
        Scalar::Date => "date".to_owned(),
        Scalar::Time => "time".to_owned(),
        Scalar::Choice(domain) => {
            let domain = program.schema.domain(domain);
            let word = match domain.kind {
                DomainKind::OneOf => "one of",
                DomainKind::Ranked => "ranked",
                _ => return "stage".to_owned(),
            };
            let names: Vec<&str> = domain.choices.iter().map(|choice| choice.name.as_str()).collect();
            format!("{word} {}", names.join(", "))
        }
    };
    match ty {
        Type::One(scalar) => one(scalar),
        Type::List(scalar) => format!("list of {}", one(scalar)),
    }
}

/// What of a field decides how it is read: each clause in words.
fn clauses(program: &Program, field: &Field) -> Vec<(&'static str, String)> {
    let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let mut missing: Vec<String> = field.missing.texts.clone();
    missing.extend(field.missing.numbers.iter().map(|number| format!("{}", *number as f64 / 1e6)));
    vec![
        ("type", kind(program, field.ty)),
        ("from", field.from.whole.clone()),
        ("key", yes(field.key)),
        ("required", yes(field.required)),
        ("format", field.format.as_ref().map_or_else(|| "none".to_owned(), |format| format.written.clone())),
        ("means missing", if missing.is_empty() { "none".to_owned() } else { missing.join(", ") }),
    ]
}

fn told(program: &Program, field: &Field, prefix: &str) -> Told {
    let name = format!("{prefix}{}", field.name);
    Told { name, label: String::new(), words: kind(program, field.ty) }
}

fn differences(old: (&Program, &Field), new: (&Program, &Field)) -> Vec<String> {
    let (was, is) = (clauses(old.0, old.1), clauses(new.0, new.1));
    let pairs = was.into_iter().zip(is).filter(|((_, was), (_, is))| was != is);
    pairs.map(|((word, was), (_, is))| format!("{word}: {}", turned(visible(&was), visible(&is)))).collect()
}

impl<'p> All<'_, 'p> {
    fn push(
        &mut self,
        how: How,
        what: Piece,
        told: Told,
        old: Option<String>,
        new: Option<String>,
        details: Vec<String>,
    ) {
        self.changes.push(Change { how, what, name: told.name, label: told.label, old, new, details });
    }

    pub(super) fn data(&mut self) {
        let (old, new) = (self.before().program, self.after().program);
        let (was, is) = (old.zone.name().to_owned(), new.zone.name().to_owned());
        if was != is {
            let details = vec![turned(&was, &is)];
            let told = Told { name: "timezone".to_owned(), ..Told::default() };
            self.push(How::Changed, Piece::Timezone, told, Some(was), Some(is), details);
        }
        if old.schema.event_source != new.schema.event_source {
            let source = |program: &Program| {
                let source = &program.schema.event_source;
                let lead = source.lead.as_ref().map_or_else(String::new, |lead| format!(", lead {}", lead.whole));
                format!("in {}, type {}, at {}{lead}", source.inside.whole, source.ty.whole, source.at.whole)
            };
            let (was, is) = (source(old), source(new));
            let told = Told { name: "events".to_owned(), ..Told::default() };
            let details = vec![turned(&was, &is)];
            self.push(How::Changed, Piece::Data, told, Some(was), Some(is), details);
        }
        self.fields(&old.schema.fields, &new.schema.fields, "");
        let spelled = |program: &'p Program| -> Vec<(String, String)> {
            program.schema.events.iter().map(|event| (event.name.clone(), event.from.clone())).collect()
        };
        let (before, after) = (spelled(old), spelled(new));
        for (place, (name, from)) in after.iter().enumerate() {
            let event = &new.schema.events[place];
            let known = before
                .iter()
                .position(|(other, _)| other == name)
                .or_else(|| before.iter().position(|(_, other)| other == from));
            let told = Told { name: name.clone(), label: event.label.clone(), words: String::new() };
            match known {
                None => self.push(How::Added, Piece::Event, told, None, Some(format!("{from:?}")), Vec::new()),
                Some(other) => {
                    let (was, spelling) = &before[other];
                    if spelling != from {
                        let details = vec![format!("from: {}", turned(visible(spelling), visible(from)))];
                        self.push(
                            How::Changed,
                            Piece::Event,
                            told,
                            Some(spelling.clone()),
                            Some(from.clone()),
                            details,
                        );
                    } else if was != name {
                        self.push(How::Renamed, Piece::Event, told, Some(was.clone()), Some(name.clone()), Vec::new());
                    }
                    self.fields(&old.schema.events[other].fields, &event.fields, &format!("{name}."));
                }
            }
        }
        for (name, from) in &before {
            if !after.iter().any(|(other, spelling)| other == name || spelling == from) {
                let told = Told { name: name.clone(), ..Told::default() };
                self.push(How::Removed, Piece::Event, told, Some(format!("{from:?}")), None, Vec::new());
            }
        }
    }

    fn fields(&mut self, before: &'p [Field], after: &'p [Field], prefix: &str) {
        let (old, new) = (self.before(), self.after());
        let named = |fields: &[Field], key: &dyn Fn(&Field) -> crate::check::keys::Key| -> Vec<_> {
            fields.iter().map(|field| (field.name.clone(), key(field))).collect()
        };
        let were = named(before, &|field| old.keys.field_of(field));
        let are = named(after, &|field| new.keys.field_of(field));
        for Pair { old: a, new: b, .. } in pair(&were, &are) {
            match (a.map(|a| &before[a]), b.map(|b| &after[b])) {
                (Some(was), Some(is)) => {
                    let details = differences((old.program, was), (new.program, is));
                    let told = told(new.program, is, prefix);
                    let words = (Some(kind(old.program, was.ty)), Some(kind(new.program, is.ty)));
                    if !details.is_empty() {
                        self.push(How::Changed, Piece::Field, told, words.0, words.1, details);
                    } else if was.name != is.name {
                        let names = (Some(was.name.clone()), Some(is.name.clone()));
                        self.push(How::Renamed, Piece::Field, told, names.0, names.1, Vec::new());
                    }
                }
                (None, Some(is)) => {
                    let told = told(new.program, is, prefix);
                    let words = Some(told.words.clone());
                    self.push(How::Added, Piece::Field, told, None, words, Vec::new());
                }
                (Some(was), None) => {
                    let told = told(old.program, was, prefix);
                    let words = Some(told.words.clone());
                    self.push(How::Removed, Piece::Field, told, words, None, Vec::new());
                }
                (None, None) => {}
            }
        }
    }

    pub(super) fn lists(&mut self) {
        let (before, after) = (self.both.old.lists(), self.both.new.lists());
        for (name, label, entries) in &after {
            // A list that is new or gone means something only where it is used.
            let Some((_, _, were)) = before.iter().find(|(other, ..)| other == name) else { continue };
            let details = self.both.list(were, entries);
            if !details.is_empty() {
                let told = Told { name: name.clone(), label: label.clone(), words: String::new() };
                let count = |entries: &[String]| Some(crate::words::grouped(&entries.len().to_string(), 4));
                self.push(How::Changed, Piece::List, told, count(were), count(entries), details);
            }
        }
    }
}
