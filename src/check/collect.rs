//! The first pass: all declarations of all files, sorted by kind; every top-level name gets its slot.

use super::checker::{CheckSlot, Checker, DefineSlot, DefineState, FitSlot, ReasonSlot, label};
use super::errors;
use super::hir::{BandsId, DefineId, FitId, MatrixId};
use super::names::Entity;
use crate::base::Span;
use crate::diagnostic::Severity;
use crate::model::{Choice, Domain, DomainKind, text};
use crate::syntax::ast::{self, ItemKind};
use std::collections::HashMap;

/// A `lead { }` block.
pub(super) struct LeadItem<'a> {
    pub missing: Option<&'a [ast::Expr]>,
    pub fields: &'a [ast::Field],
}

/// An `event NAME { }`.
pub(super) struct EventItem<'a> {
    pub name: &'a ast::Name,
    pub label: String,
    pub from: Option<&'a ast::Text>,
    pub fields: &'a [ast::Field],
}

/// An `event NAME is any of [..]`.
pub(super) struct GroupItem<'a> {
    pub name: &'a ast::Name,
    pub of: &'a [ast::Name],
}

/// A `list`.
pub(super) struct ListItem<'a> {
    pub name: &'a ast::Name,
    pub source: &'a ast::ListSource,
}

/// A `bands`.
pub(super) struct BandsItem<'a> {
    pub name: &'a ast::Name,
    pub label: String,
    pub of: &'a ast::Path,
    pub bands: &'a [ast::Band],
    /// Whether something may be left out of the tree.
    pub damaged: bool,
}

/// A `matrix`.
pub(super) struct MatrixItem<'a> {
    pub name: &'a ast::Name,
    pub label: String,
    pub rows_of: &'a ast::Path,
    pub columns_of: &'a ast::Path,
    pub columns: &'a [ast::Head],
    pub rows: &'a [ast::MatrixRow],
    /// Whether something may be left out of the tree.
    pub damaged: bool,
}

/// An `always`.
pub(super) struct AlwaysItem<'a> {
    pub label: Option<&'a ast::Text>,
    pub condition: &'a ast::Expr,
    pub span: Span,
}

/// The declarations of all files, by kind.
#[derive(Default)]
pub(super) struct Items<'a> {
    pub policy: Option<&'a ast::Text>,
    pub version: Option<&'a ast::Text>,
    pub timezone: Option<&'a ast::Text>,
    pub owners: Vec<&'a ast::Text>,
    pub review: Option<(&'a ast::Duration, Option<&'a ast::DateLit>)>,
    pub agreed: Vec<(&'a ast::Text, &'a ast::DateLit)>,
    pub lead: Option<LeadItem<'a>>,
    pub events_block: Option<&'a [ast::EventsClause]>,
    pub events: Vec<EventItem<'a>>,
    pub groups: Vec<GroupItem<'a>>,
    pub lists: Vec<ListItem<'a>>,
    pub scores: Vec<&'a ast::Group>,
    pub bands: Vec<BandsItem<'a>>,
    pub matrices: Vec<MatrixItem<'a>>,
    pub stages: Vec<&'a ast::Stage>,
    /// Whether a stage may be left out of the tree.
    pub stages_damaged: bool,
    pub routes: Vec<&'a ast::RouteArm>,
    pub always: Vec<AlwaysItem<'a>>,
    pub outcome: Option<(&'a [ast::OutcomeClause], Span)>,
    pub tests: Vec<(&'a ast::Test, Span)>,
}

impl<'a> Checker<'a> {
    /// Sorts the declarations and gives every top-level name but the lead's fields, scores and lists its slot.
    pub fn collect(&mut self) {
        let mut once: HashMap<&'static str, Span> = HashMap::new();
        let loaded = self.loaded;
        for (place, file) in loaded.files.iter().enumerate() {
            for item in &file.items {
                // A `policy` line in a file that another one uses is reported with the files.
                if place > 0 && matches!(item.value, ItemKind::Policy(_)) {
                    continue;
                }
                if let Some(what) = stands_once(&item.value) {
                    let place = keyword(item.span, what);
                    if let Some(first) = once.get(what) {
                        let error = errors::declared_twice(what, *first, place, &loaded.sources);
                        self.report(error);
                        continue;
                    }
                    once.insert(what, place);
                }
                if !matches!(item.value, ItemKind::Test(_)) && self.is_damaged(item.span) {
                    self.junk(item.span);
                }
                self.item(&item.value, item.span);
            }
        }
    }

    fn item(&mut self, item: &'a ItemKind, span: Span) {
        match item {
            ItemKind::Policy(text) => self.items.policy = Some(text),
            ItemKind::Version(text) => self.items.version = Some(text),
            ItemKind::Owner(text) => self.items.owners.push(text),
            ItemKind::Timezone(text) => self.items.timezone = Some(text),
            ItemKind::Review { every, last } => self.items.review = Some((every, last.as_ref())),
            ItemKind::Agreed { by, on } => self.items.agreed.push((by, on)),
            ItemKind::Use(path) => {
                let at = |span: Span| (span.file, span.start) == (path.span.file, path.span.start);
                let reported = self.loaded.diagnostics.iter().any(|diagnostic| at(diagnostic.span()));
                self.file_missing |= reported;
            }
            ItemKind::Lead { missing, fields } => {
                self.items.lead = Some(LeadItem { missing: missing.as_deref(), fields });
            }
            ItemKind::Events(clauses) => self.items.events_block = Some(clauses),
            ItemKind::Event { name, label: text, from, fields } => {
                let label = label(text, &name.value);
                self.items.events.push(EventItem { name, label, from: from.as_ref(), fields });
            }
            ItemKind::EventGroup { name, of, .. } => self.items.groups.push(GroupItem { name, of }),
            ItemKind::List { name, source, .. } => self.items.lists.push(ListItem { name, source }),
            ItemKind::Define { name, label, value } => self.collect_define(name, label, value, false),
            ItemKind::Persona { name, label, condition } => self.collect_define(name, label, condition, true),
            ItemKind::Fit { name, label, needs, checks } => {
                self.collect_fit(name, label, needs.as_ref(), checks, self.is_damaged(span))
            }
            ItemKind::Score(group) => self.items.scores.push(group),
            ItemKind::Bands { name, label: text, of, bands } => {
                let label = label(text, &name.value);
                self.collect_bands(BandsItem { name, label, of, bands, damaged: self.is_damaged(span) });
            }
            ItemKind::Matrix { name, label: text, rows_of, columns_of, columns, rows } => {
                let label = label(text, &name.value);
                let damaged = self.is_damaged(span);
                self.collect_matrix(MatrixItem { name, label, rows_of, columns_of, columns, rows, damaged });
            }
            ItemKind::Disqualify(reasons) => {
                self.reasons.extend(reasons.iter().map(|item| ReasonSlot { item, done: None }));
            }
            ItemKind::Stages(stages) => self.collect_stages(stages, span),
            ItemKind::Route(arms) => self.items.routes.extend(arms),
            ItemKind::Always { label, condition } => {
                let span = label.as_ref().map_or(keyword(span, "always"), |label| label.span);
                self.items.always.push(AlwaysItem { label: label.as_ref(), condition, span });
            }
            ItemKind::Outcome(clauses) => self.items.outcome = Some((clauses, keyword(span, "outcome"))),
            ItemKind::Test(test) => self.items.tests.push((test, test.label.span)),
            ItemKind::Junk => self.junk(span),
        }
    }

    /// Whether the syntax of a text is wrong somewhere: then something may be left out of the tree.
    pub fn is_damaged(&self, span: Span) -> bool {
        let inside = |place: Span| place.file == span.file && span.start <= place.start && place.start <= span.end;
        let errors = self.loaded.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.into_iter().any(|diagnostic| inside(diagnostic.span()))
    }

    /// Remembers the words of text that could not be read.
    pub fn junk(&mut self, span: Span) {
        let words = self.text(span).split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        self.junk_words.extend(words.filter(|word| !word.is_empty()));
    }

    fn collect_define(
        &mut self,
        name: &'a ast::Name,
        text: &'a Option<ast::Text>,
        value: &'a ast::Expr,
        persona: bool,
    ) {
        let id = DefineId(self.slot(self.defines.len(), name.span));
        self.declare(name, Entity::Define(id));
        let label = label(text, &name.value);
        self.defines.push(DefineSlot { name, label, persona, value, instead: None, state: DefineState::Untouched });
    }

    fn collect_fit(
        &mut self,
        name: &'a ast::Name,
        text: &'a Option<ast::Text>,
        needs: Option<&'a ast::Amount>,
        checks: &'a [ast::Condition],
        damaged: bool,
    ) {
        let fit = FitId(self.slot(self.fits.len(), name.span));
        self.declare(name, Entity::Fit(fit));
        let first = self.slot(self.checks.len(), name.span);
        self.checks.extend(checks.iter().map(|item| CheckSlot { item, fit, done: None }));
        let end = self.slot(self.checks.len(), name.span);
        self.fits.push(FitSlot { name, label: label(text, &name.value), needs, checks: first..end, damaged });
    }

    fn collect_bands(&mut self, item: BandsItem<'a>) {
        let id = BandsId(self.slot(self.items.bands.len(), item.name.span));
        self.declare(item.name, Entity::Bands(id));
        let choices = item.bands.iter().map(|band| choice(&band.name.value, label(&band.label, &band.name.value)));
        let choices = choices.collect();
        let domain = Domain { kind: DomainKind::Bands, name: item.name.value.clone(), choices };
        let domain = self.domain(domain, item.name.span);
        self.bands_domains.push(domain);
        self.items.bands.push(item);
    }

    fn collect_matrix(&mut self, item: MatrixItem<'a>) {
        let id = MatrixId(self.slot(self.items.matrices.len(), item.name.span));
        self.declare(item.name, Entity::Matrix(id));
        let mut choices: Vec<Choice> = Vec::new();
        for cell in item.rows.iter().flat_map(|row| &row.cells) {
            if !choices.iter().any(|choice| choice.name == cell.value) {
                choices.push(choice(&cell.value, text::readable(&cell.value)));
            }
        }
        let domain = Domain { kind: DomainKind::Cells, name: item.name.value.clone(), choices };
        let domain = self.domain(domain, item.name.span);
        self.matrix_domains.push(domain);
        self.items.matrices.push(item);
    }

    fn collect_stages(&mut self, stages: &'a [ast::Stage], span: Span) {
        self.items.stages.extend(stages);
        self.items.stages_damaged = self.is_damaged(span);
        let choices = stages.iter().map(|stage| choice(&stage.name.value, label(&stage.label, &stage.name.value)));
        let choices = choices.collect();
        let domain = Domain { kind: DomainKind::Stages, name: "stages".to_owned(), choices };
        self.stage_domain = Some(self.domain(domain, span));
    }
}

fn choice(name: &str, label: String) -> Choice {
    Choice { name: name.to_owned(), label, folded: text::fold(name).into_owned() }
}

/// The keyword that a declaration begins with.
fn keyword(span: Span, word: &str) -> Span {
    Span { end: span.end.min(span.start + word.len() as u32), ..span }
}

/// What stands once in all files together.
fn stands_once(item: &ItemKind) -> Option<&'static str> {
    Some(match item {
        ItemKind::Policy(_) => "policy",
        ItemKind::Version(_) => "version",
        ItemKind::Timezone(_) => "timezone",
        ItemKind::Review { .. } => "review",
        ItemKind::Lead { .. } => "lead",
        ItemKind::Events(_) => "events",
        ItemKind::Stages(_) => "stages",
        ItemKind::Route(_) => "route",
        ItemKind::Outcome(_) => "outcome",
        _ => return None,
    })
}
