//! What the names of a policy mean, by their labels.

use super::values;
use crate::check::hir::{DefineId, ExprKind as Hir, Program};
use crate::model::text::readable;
use crate::model::{DomainId, Field, Literal, Scalar, Type};
use crate::report::{Text, anchor};
use crate::syntax::ast::{self, Expr, ExprKind, ItemKind};
use std::collections::HashMap;

/// A policy whose names are spoken by their labels.
///
/// Text that it makes links each name to the anchor that [`anchor_of`] gives it, as documents of a policy have them.
/// Where there are no such anchors, take [`Text::plain`].
#[derive(Debug)]
pub struct Words<'p> {
    /// The policy.
    pub program: &'p Program,
    /// Labels of event types, groups of them and lists, by name.
    events: HashMap<&'p str, String>,
    groups: HashMap<&'p str, &'p [ast::Name]>,
    lists: HashMap<&'p str, String>,
    /// Whether links are made.
    linked: bool,
}

/// The anchor of something that a policy names, as documents have it: `fit` and `icp`, `rule` and `engagement.opens`.
pub fn anchor_of(kind: &str, name: &str) -> String {
    anchor(kind, &name.split('.').collect::<Vec<_>>())
}

/// What a name of a policy is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'p> {
    Field(&'p Field),
    Define(DefineId),
    Fit(usize),
    Check(usize),
    CheckCount(usize, &'static str),
    Part(usize),
    Bands(usize),
    Matrix(usize),
    Stage,
}

impl<'p> Words<'p> {
    /// A policy and the trees that it was made from.
    pub fn new(program: &'p Program, files: &'p [ast::File]) -> Words<'p> {
        let mut words =
            Words { program, events: HashMap::new(), groups: HashMap::new(), lists: HashMap::new(), linked: true };
        let spoken = |label: &Option<ast::Text>, name: &str| {
            label.as_ref().map_or_else(|| readable(name), |label| label.value.clone())
        };
        for item in files.iter().flat_map(|file| &file.items) {
            match &item.value {
                ItemKind::Event { name, label, .. } => {
                    words.events.insert(&name.value, spoken(label, &name.value));
                }
                ItemKind::EventGroup { name, label, of } => {
                    words.events.insert(&name.value, spoken(label, &name.value));
                    words.groups.insert(&name.value, of);
                }
                ItemKind::List { name, label, .. } => {
                    words.lists.insert(&name.value, spoken(label, &name.value));
                }
                _ => {}
            }
        }
        words
    }

    /// Without links: for pages that have no anchors for what a policy names.
    pub fn unlinked(mut self) -> Words<'p> {
        self.linked = false;
        self
    }

    /// A label that leads to where it is told.
    pub fn link(&self, label: &str, kind: &str, name: &str) -> Text {
        if self.linked { Text::of_link(label, anchor_of(kind, name)) } else { Text::new(label) }
    }

    /// The label of an event type or of a group of them.
    pub fn event_label<'s>(&'s self, name: &'s str) -> &'s str {
        self.events.get(name).map_or(name, String::as_str)
    }

    /// The label of a list.
    pub fn list_label<'s>(&'s self, name: &'s str) -> &'s str {
        self.lists.get(name).map_or(name, String::as_str)
    }

    /// The list that an expression names.
    pub(super) fn list_named<'e>(&self, expr: &'e Expr) -> Option<&'e str> {
        let ExprKind::Path(path) = &*expr.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        self.lists.contains_key(name.value.as_str()).then_some(name.value.as_str())
    }

    /// What a dotted name means outside of events.
    pub(super) fn named(&self, dotted: &str) -> Option<Named<'p>> {
        let program = self.program;
        let bare = dotted.strip_prefix("lead.").unwrap_or(dotted);
        if let Some(field) = program.schema.fields.iter().find(|field| field.name == bare) {
            return Some(Named::Field(field));
        }
        if let Some((whole, part)) = dotted.split_once('.') {
            if let Some(fit) = program.fits.iter().position(|fit| fit.name == whole) {
                let word = match part {
                    "passed" => Some("pass"),
                    "failed" => Some("fail"),
                    "unknown" => Some("are unknown"),
                    _ => None,
                };
                if let Some(word) = word {
                    return Some(Named::CheckCount(fit, word));
                }
                let mut checks = program.fits[fit].checks.clone();
                return checks
                    .find(|check| program.checks.get(usize::from(*check)).is_some_and(|check| check.name == part))
                    .map(|check| Named::Check(usize::from(check)));
            }
            let score = program.scores.iter().find(|score| program.parts[score.index()].name == whole)?;
            let mut parts = program.parts.iter();
            return parts
                .position(|other| other.score == *score && other.parent.is_some() && other.name == part)
                .map(Named::Part);
        }
        if dotted == "stage" {
            return Some(Named::Stage);
        }
        if let Some(place) = program.defines.iter().position(|define| define.name == dotted) {
            return Some(Named::Define(DefineId(place as u16)));
        }
        if let Some(place) = program.fits.iter().position(|fit| fit.name == dotted) {
            return Some(Named::Fit(place));
        }
        if let Some(score) = program.scores.iter().find(|score| program.parts[score.index()].name == dotted) {
            return Some(Named::Part(score.index()));
        }
        if let Some(place) = program.bands.iter().position(|bands| bands.name == dotted) {
            return Some(Named::Bands(place));
        }
        program.matrices.iter().position(|matrix| matrix.name == dotted).map(Named::Matrix)
    }

    /// The choices that values of an expression are among.
    pub(super) fn domain(&self, expr: &Expr, event: Option<&ast::Name>) -> Option<DomainId> {
        let ExprKind::Path(path) = &*expr.kind else { return None };
        let dotted = dotted(path);
        if let Some(field) = event.and_then(|event| self.event_field(event, &dotted)) {
            return domain_of(field.ty);
        }
        match self.named(&dotted)? {
            Named::Field(field) => domain_of(field.ty),
            Named::Define(id) => domain_of(self.program.defines[id.index()].value.ty),
            Named::Bands(place) => Some(self.program.bands[place].domain),
            Named::Matrix(place) => Some(self.program.matrices[place].domain),
            Named::Stage => self.program.stage_domain,
            Named::Fit(_) | Named::Check(_) | Named::CheckCount(..) | Named::Part(_) => None,
        }
    }

    /// The field of an event type, or of the first type of a group that has it.
    pub(super) fn event_field(&self, event: &ast::Name, dotted: &str) -> Option<&'p Field> {
        let of_type = |name: &str| {
            let event = self.program.schema.events.iter().find(|event| event.name == name)?;
            event.fields.iter().find(|field| field.name == dotted)
        };
        of_type(&event.value).or_else(|| {
            let mut types = self.groups.get(event.value.as_str())?.iter();
            types.find_map(|name| of_type(&name.value))
        })
    }

    /// A name in words.
    pub(super) fn name(&self, path: &ast::Path, event: Option<&ast::Name>) -> Text {
        let dotted = dotted(path);
        if let Some(event) = event
            && (self.event_field(event, &dotted).is_some() || dotted == "type" || dotted == "day")
        {
            return Text::new(field_words(&dotted));
        }
        let program = self.program;
        match self.named(&dotted) {
            Some(Named::Field(field)) => Text::new(field_words(&field.name)),
            Some(Named::Define(id)) => self.define(id),
            Some(Named::Fit(place)) => {
                let fit = &program.fits[place];
                self.link(&fit.label, "fit", &fit.name)
            }
            Some(Named::Check(place)) => {
                let check = &program.checks[place];
                let fit = &program.fits[check.fit.index()];
                self.link(&check.label, "check", &format!("{}.{}", fit.name, check.name))
            }
            Some(Named::CheckCount(place, word)) => {
                let fit = &program.fits[place];
                Text::new("the number of checks of ")
                    .and(self.link(&fit.label, "fit", &fit.name))
                    .then(format!(" that {word}"))
            }
            Some(Named::Part(place)) => {
                let part = &program.parts[place];
                match part.parent {
                    None => self.link(&part.label, "score", &part.name),
                    Some(_) => {
                        let score = &program.parts[part.score.index()].name;
                        self.link(&part.label, "rule", &format!("{score}.{}", part.name)).then(" (points)")
                    }
                }
            }
            Some(Named::Bands(place)) => {
                let bands = &program.bands[place];
                self.link(&bands.label, "bands", &bands.name)
            }
            Some(Named::Matrix(place)) => {
                let matrix = &program.matrices[place];
                self.link(&matrix.label, "matrix", &matrix.name)
            }
            Some(Named::Stage) => Text::new("stage"),
            None => Text::new(field_words(&dotted)),
        }
    }

    /// A define: a constant by its value, another by its label.
    fn define(&self, id: DefineId) -> Text {
        let define = &self.program.defines[id.index()];
        match &define.value.kind {
            Hir::Constant(literal @ (Literal::Int(_) | Literal::Number(_) | Literal::Money(_))) => {
                Text::new(values::show_value(self.program, define.value.ty, literal))
            }
            _ => self.link(&define.label, if define.persona { "persona" } else { "define" }, &define.name),
        }
    }

    /// Whether a name stands for something that is true or false and has a label of its own.
    pub(super) fn is_labelled(&self, path: &ast::Path) -> bool {
        matches!(self.named(&dotted(path)), Some(Named::Define(_) | Named::Check(_)))
    }
}

pub(super) fn dotted(path: &ast::Path) -> String {
    path.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}

fn domain_of(ty: Type) -> Option<DomainId> {
    match ty {
        Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain)) => Some(domain),
        _ => None,
    }
}

/// A field's name as words inside a sentence: `company.employees` is "company employees".
pub fn field_words(dotted: &str) -> String {
    dotted.strip_prefix("lead.").unwrap_or(dotted).replace(['_', '.'], " ")
}
