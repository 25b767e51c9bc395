//! The one namespace of a policy: what it declares at top level and the lead's fields.

use super::checker::Checker;
use super::errors;
use super::hir::{BandsId, DefineId, FitId, MatrixId, PartId};
use crate::base::Span;
use crate::model::{EventTypeId, FieldId};
use crate::syntax::ast;
use indexmap::IndexMap;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entity {
    Field(FieldId),
    /// A nested record of the lead.
    Record,
    Define(DefineId),
    Fit(FitId),
    Score(PartId),
    Bands(BandsId),
    Matrix(MatrixId),
    Event(EventTypeId),
    /// Its place in `Checker::groups`.
    EventGroup(usize),
    /// Its place in `Checker::lists`.
    List(usize),
    /// Declared with a mistake that is reported.
    Broken,
}

/// All names and where they are declared.
#[derive(Default)]
pub(super) struct Names {
    names: IndexMap<String, (Entity, Span)>,
}

impl Names {
    pub fn get(&self, name: &str) -> Option<Entity> {
        self.names.get(name).map(|(entity, _)| *entity)
    }

    pub fn span(&self, name: &str) -> Option<Span> {
        self.names.get(name).map(|(_, span)| *span)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, Entity)> {
        self.names.iter().map(|(name, (entity, _))| (name.as_str(), *entity))
    }
}

impl Checker<'_> {
    /// Declares a name; a name twice is an error that points at both places.
    pub fn declare(&mut self, name: &ast::Name, entity: Entity) {
        if let Some((_, first)) = self.names.names.get(&name.value) {
            let error = errors::duplicate_name(&name.value, *first, name.span, &self.loaded.sources);
            self.report(error);
            return;
        }
        self.names.names.insert(name.value.clone(), (entity, name.span));
    }

    /// Reports names that stand twice in a set of their own (checks, stages, bands); gives those that are first.
    pub fn unique<'n>(&mut self, names: impl IntoIterator<Item = &'n ast::Name>) {
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        for name in names {
            if let Some(first) = seen.get(name.value.as_str()) {
                let error = errors::duplicate_name(&name.value, *first, name.span, &self.loaded.sources);
                self.report(error);
            } else {
                seen.insert(&name.value, name.span);
            }
        }
    }

    /// Whether a name may be declared in text that could not be read; then it is not reported as unknown.
    pub fn may_be_junk(&self, name: &str) -> bool {
        self.file_missing || self.junk_words.contains(name)
    }
}
