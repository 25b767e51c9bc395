//! The state of a check: what is declared, what was found, and the helpers that every part of it uses.

use super::collect::Items;
use super::events::{EventGroup, EventScope};
use super::hir::{
    Check, CheckId, Define, DefineId, EventQuery, Expr, ExprId, ExprKind, FitId, LengthId, PartId, PartKind, QueryId,
    Reason, StageId, Step, TextSet,
};
use super::lists::List;
use super::names::Names;
use super::order::{Owner, Uses};
use super::scores::PartItem;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::model::time::{Length, Zone};
use crate::model::{Domain, DomainId, DomainKind, Schema, Type};
use crate::syntax::{Loaded, ast};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// A define or persona while it is checked.
pub(super) struct DefineSlot<'a> {
    pub name: &'a ast::Name,
    pub label: String,
    pub persona: bool,
    pub value: &'a ast::Expr,
    /// A value from outside that replaces it, and whether it is negative.
    pub instead: Option<(&'a ast::Number, bool)>,
    pub state: DefineState,
}

/// How far the check of a define has come.
pub(super) enum DefineState {
    Untouched,
    InProgress,
    /// Its type, and its value in millionths when it is a constant.
    Done(Box<Define>, Option<i128>),
    Broken,
}

/// A fit while it is checked.
pub(super) struct FitSlot<'a> {
    pub name: &'a ast::Name,
    pub label: String,
    pub needs: Option<&'a ast::Amount>,
    pub checks: std::ops::Range<u16>,
    /// Whether a check may be left out of the tree.
    pub damaged: bool,
}

/// A check of a fit while it is checked.
pub(super) struct CheckSlot<'a> {
    pub item: &'a ast::Condition,
    pub fit: FitId,
    pub done: Option<Check>,
}

/// A score, group, include or rule while it is checked.
pub(super) struct PartSlot<'a> {
    pub name: String,
    pub label: String,
    pub score: PartId,
    pub parent: Option<PartId>,
    pub item: PartItem<'a>,
    /// The parts right below it.
    pub below: Vec<PartId>,
    pub span: Span,
    pub kind: Option<PartKind>,
}

/// A reason to disqualify while it is checked.
pub(super) struct ReasonSlot<'a> {
    pub item: &'a ast::Condition,
    pub done: Option<Reason>,
}

/// What names mean where an expression stands.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// The events at hand, in `where ( )`.
    pub events: Option<Rc<EventScope>>,
    /// What a `by` looks at: its type, and whether its age is meant.
    pub subject: Option<(Type, bool)>,
}

pub(super) struct Checker<'a> {
    pub loaded: &'a Loaded,
    pub items: Items<'a>,
    pub diagnostics: Vec<Diagnostic>,
    pub names: Names,
    /// Words of text that could not be parsed: names that may be declared there are not unknown.
    pub junk_words: HashSet<&'a str>,
    /// Whether a file that the policy uses could not be read: then no name is unknown.
    pub file_missing: bool,
    pub zone: Zone,
    pub schema: Schema,
    /// Dotted names of the lead's nested records.
    pub records: Vec<String>,
    /// Dotted names of the lead's fields whose type is wrong.
    pub broken_fields: HashSet<String>,
    pub stage_domain: Option<DomainId>,
    pub groups: Vec<EventGroup>,
    /// Records and broken fields of each event type.
    pub event_records: Vec<(Vec<String>, HashSet<String>)>,
    pub scopes: HashMap<String, Rc<EventScope>>,
    pub lists: Vec<List<'a>>,
    /// By the place of a list of texts: what `in` looks a value up in, once something asks it.
    pub text_sets: HashMap<usize, Arc<TextSet>>,
    pub defines: Vec<DefineSlot<'a>>,
    pub fits: Vec<FitSlot<'a>>,
    pub checks: Vec<CheckSlot<'a>>,
    pub scores: Vec<PartId>,
    pub parts: Vec<PartSlot<'a>>,
    /// The names in each score, however deep.
    pub part_names: HashMap<PartId, IndexMap<String, PartId>>,
    pub bands_domains: Vec<DomainId>,
    pub matrix_domains: Vec<DomainId>,
    pub reasons: Vec<ReasonSlot<'a>>,
    pub lengths: Vec<Length>,
    pub queries: Vec<EventQuery>,
    pub next_expr: u32,
    pub scope: Scope,
    /// How deep expressions are nested, through defines too.
    pub depth: u32,
    pub owner: Owner,
    pub uses: HashMap<Owner, Uses>,
    too_large: bool,
    /// Whether it was said that defines nest too deeply.
    pub too_deep: bool,
}

impl<'a> Checker<'a> {
    pub fn new(loaded: &'a Loaded) -> Checker<'a> {
        Checker {
            loaded,
            items: Items::default(),
            diagnostics: Vec::new(),
            names: Names::default(),
            junk_words: HashSet::new(),
            file_missing: false,
            zone: Zone::default(),
            schema: Schema::default(),
            records: Vec::new(),
            broken_fields: HashSet::new(),
            stage_domain: None,
            groups: Vec::new(),
            event_records: Vec::new(),
            scopes: HashMap::new(),
            lists: Vec::new(),
            text_sets: HashMap::new(),
            defines: Vec::new(),
            fits: Vec::new(),
            checks: Vec::new(),
            scores: Vec::new(),
            parts: Vec::new(),
            part_names: HashMap::new(),
            bands_domains: Vec::new(),
            matrix_domains: Vec::new(),
            reasons: Vec::new(),
            lengths: Vec::new(),
            queries: Vec::new(),
            next_expr: 0,
            scope: Scope::default(),
            depth: 0,
            owner: Owner::Nowhere,
            uses: HashMap::new(),
            too_large: false,
            too_deep: false,
        }
    }

    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported
    }

    pub fn fail<T>(&mut self, diagnostic: Diagnostic) -> Result<T> {
        Err(self.report(diagnostic))
    }

    /// The policy's text at a place.
    pub fn text(&self, span: Span) -> &'a str {
        self.loaded.sources.text(span)
    }

    /// The next place in a table of at most 65,000.
    pub fn slot(&mut self, length: usize, span: Span) -> u16 {
        if length < 65_000 {
            return length as u16;
        }
        if !self.too_large {
            self.too_large = true;
            self.report(errors::too_large(span));
        }
        65_000
    }

    pub fn make(&mut self, ty: Type, span: Span, kind: ExprKind) -> Expr {
        let id = ExprId(self.next_expr);
        self.next_expr += 1;
        Expr { id, ty, span, kind }
    }

    /// A length of time, each once.
    pub fn length(&mut self, duration: &ast::Duration) -> LengthId {
        let length = Length { count: duration.count, unit: duration.unit };
        if let Some(place) = self.lengths.iter().position(|known| *known == length) {
            return LengthId(place as u16);
        }
        let id = LengthId(self.slot(self.lengths.len(), duration.span));
        self.lengths.push(length);
        id
    }

    pub fn query(&mut self, query: EventQuery) -> QueryId {
        let id = QueryId(self.slot(self.queries.len(), query.span));
        self.queries.push(query);
        id
    }

    /// A list of choices; listed texts that are the same are one.
    pub fn domain(&mut self, domain: Domain, span: Span) -> DomainId {
        let listed = matches!(domain.kind, DomainKind::OneOf | DomainKind::Ranked);
        let same = |known: &Domain| {
            known.kind == domain.kind
                && known.choices.len() == domain.choices.len()
                && known.choices.iter().zip(&domain.choices).all(|(a, b)| a.name == b.name)
        };
        if listed && let Some(place) = self.schema.domains.iter().position(same) {
            return DomainId(place as u16);
        }
        let id = DomainId(self.slot(self.schema.domains.len(), span));
        self.schema.domains.push(domain);
        id
    }

    /// Checks something on behalf of one step: what it needs and reads is the step's.
    pub fn within<T>(&mut self, owner: Owner, work: impl FnOnce(&mut Self) -> T) -> T {
        let owner = std::mem::replace(&mut self.owner, owner);
        let scope = std::mem::take(&mut self.scope);
        let result = work(self);
        self.owner = owner;
        self.scope = scope;
        result
    }

    pub fn for_step<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Owner::Step(step), work)
    }

    pub fn check_names(&self, fit: FitId) -> Vec<(&'a str, CheckId)> {
        let range = self.fits[fit.index()].checks.clone();
        range.map(|id| (self.checks[id as usize].item.name.value.as_str(), CheckId(id))).collect()
    }

    pub fn define_ids(&self) -> impl Iterator<Item = DefineId> + use<> {
        (0..self.defines.len()).map(|place| DefineId(place as u16))
    }

    pub fn stage_named(&self, name: &str) -> Option<StageId> {
        self.items.stages.iter().position(|stage| stage.name.value == name).map(|place| StageId(place as u16))
    }
}

/// A label as written, or the name made readable.
pub(super) fn label(label: &Option<ast::Text>, name: &str) -> String {
    label.as_ref().map_or_else(|| crate::model::text::readable(name), |label| label.value.clone())
}
