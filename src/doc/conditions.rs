//! What is true of a lead or not: fits, reasons to disqualify, personas, promises, definitions.

use super::{Doc, named, spoken};
use crate::model::{Scalar, Type};
use crate::report::{Block, Check, Mark, Section, Text, anchor};
use crate::syntax::ast::{self, ItemKind};
use crate::words::{anchor_of, sentence};

impl Doc<'_> {
    /// Who the ideal customer is, as checklists.
    pub(super) fn fits(&self) -> Option<Section> {
        let mut section = Section::new("Who fits", "fits");
        for fit in &self.program.fits {
            let checks = self.items().find_map(|item| match item {
                ItemKind::Fit { name, checks, .. } if name.value == fit.name => Some(checks),
                _ => None,
            })?;
            let (needs, count) = (usize::from(fit.needs), checks.len());
            let rule = match (needs, count) {
                (_, 1) => "A lead fits when this holds.".to_owned(),
                (needs, count) if needs >= count => format!("A lead fits when all {count} of these hold."),
                (needs, count) => format!("A lead fits when at least {needs} of these {count} hold."),
            };
            let open = "It does not fit once that can no longer come true. Until then, while answers are missing, it is \
                        not known whether it fits.";
            let lines = checks.iter().zip(fit.checks.clone()).map(|(check, place)| {
                let label = self.program.checks.get(usize::from(place)).map_or("", |check| check.label.as_str());
                Check {
                    anchor: Some(anchor_of("check", &format!("{}.{}", fit.name, check.name.value))),
                    mark: Mark::Open,
                    label: Text::new(label),
                    words: sentence(self.words.condition(&check.condition)),
                    source: Some(self.source(check.condition.span)),
                }
            });
            section = section.block(
                named(&fit.label, "fit", &fit.name)
                    .text(Text::new("").strong(rule).then(" ").then(open))
                    .block(Block::Checks(lines.collect())),
            );
        }
        (!self.program.fits.is_empty()).then_some(section)
    }

    /// Who is never worked on.
    pub(super) fn disqualifiers(&self) -> Option<Section> {
        let conditions: Vec<&ast::Condition> = self
            .items()
            .filter_map(|item| match item {
                ItemKind::Disqualify(conditions) => Some(conditions),
                _ => None,
            })
            .flatten()
            .collect();
        let lines: Vec<Check> = conditions
            .iter()
            .map(|condition| {
                let known = self.program.reasons.iter().find(|reason| reason.name == condition.name.value);
                Check {
                    anchor: Some(anchor_of("disqualify", &condition.name.value)),
                    mark: Mark::No,
                    label: Text::new(known.map_or("", |reason| reason.label.as_str())),
                    words: sentence(self.words.condition(&condition.condition)),
                    source: Some(self.source(condition.condition.span)),
                }
            })
            .collect();
        if lines.is_empty() {
            return None;
        }
        let text = "A lead for which any of these is true is disqualified: it stands outside of the stages, whatever it \
                    scores. What is not known disqualifies nobody.";
        Some(Section::new("Who is disqualified", "disqualified").text(text).block(Block::Checks(lines)))
    }

    /// Kinds of people.
    pub(super) fn personas(&self) -> Option<Section> {
        let section = Section::new("Personas", "personas")
            .text("Kinds of people that a decision names. A lead may be of several kinds, or of none.");
        let mut found = Vec::new();
        for item in self.items() {
            if let ItemKind::Persona { name, condition, .. } = item {
                found.push(self.defined("persona", name, condition));
            }
        }
        (!found.is_empty()).then(|| section.block(Block::Checks(found)))
    }

    /// Definitions that are no personas.
    pub(super) fn definitions(&self) -> Option<Section> {
        let section = Section::new("Definitions", "definitions").text("What the policy means by its own words.");
        let mut found = Vec::new();
        for item in self.items() {
            if let ItemKind::Define { name, value, .. } = item {
                found.push(self.defined("define", name, value));
            }
        }
        (!found.is_empty()).then(|| section.block(Block::Checks(found)))
    }

    fn defined(&self, kind: &str, name: &ast::Name, value: &ast::Expr) -> Check {
        let define = self.program.defines.iter().find(|define| define.name == name.value);
        // A constant may have been given another value than is written.
        let constant = define.filter(|define| define.constant).and_then(|define| match &define.value.kind {
            crate::check::hir::ExprKind::Constant(literal) => {
                Some(crate::words::show_value(self.program, define.value.ty, literal))
            }
            _ => None,
        });
        Check {
            anchor: Some(anchor_of(kind, &name.value)),
            mark: Mark::Bare,
            label: Text::new(define.map_or("", |define| define.label.as_str())),
            words: match constant {
                Some(constant) => Text::new(constant),
                None if define.is_some_and(|define| define.value.ty == Type::One(Scalar::Bool)) => {
                    sentence(self.words.condition(value))
                }
                None => sentence(self.words.value(value)),
            },
            source: Some(format!("{}: {}", name.value, self.source(value.span))),
        }
    }

    /// What must be true of every lead.
    pub(super) fn promises(&self) -> Option<Section> {
        let mut anchors = crate::report::Anchors::default();
        let mut lines = Vec::new();
        let conditions = self.items().filter_map(|item| match item {
            ItemKind::Always { condition, .. } => Some(condition),
            _ => None,
        });
        for (always, condition) in self.program.always.iter().zip(conditions) {
            let words = spoken(&self.words, condition);
            lines.push(Check {
                anchor: Some(anchors.unique(anchor("always", &[&always.label]))),
                mark: Mark::Yes,
                label: Text::new(&always.label),
                words: Text::joined(words, " "),
                source: Some(self.source(condition.span)),
            });
        }
        let text =
            "These hold for every lead. The program checks them with every decision and says so when one is broken.";
        (!lines.is_empty()).then(|| Section::new("Promises", "promises").text(text).block(Block::Checks(lines)))
    }
}
