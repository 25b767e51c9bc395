//! The passes in their order, the head of a policy, and the finished program.

use super::checker::{Checker, DefineState};
use super::hir::{Define, Meta, Outcomes, Part, Program};
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::time::{Length, Zone, to_days};
use crate::syntax::ast::{self, OutcomeClause};
use std::collections::HashMap;

impl<'a> Checker<'a> {
    /// Runs all passes. None when something is wrong.
    pub fn run(&mut self, overrides: &'a [(String, ast::Expr)]) -> Option<Program> {
        self.collect();
        self.zone();
        self.lead_fields();
        self.events();
        self.declare_scores();
        self.lists();
        self.overrides(overrides);
        self.all_defines();
        let fits = self.fits();
        self.scores();
        let bands = self.bands();
        let matrices = self.matrices();
        self.reasons();
        let stages = self.stages();
        let routes = self.routes();
        let always = self.always();
        let outcome = self.outcome();
        let tests = self.tests();
        let order = self.order();
        let reads_events = self.mark_used(&order);
        Some(Program {
            meta: self.meta(),
            zone: self.zone.clone(),
            stage_domain: self.stage_domain,
            defines: self.finished_defines()?,
            checks: self.checks.iter_mut().map(|check| check.done.take()).collect::<Option<_>>()?,
            fits: fits.ok()?,
            scores: self.scores.clone(),
            parts: self.finished_parts()?,
            bands: bands.ok()?,
            matrices: matrices.ok()?,
            reasons: self.reasons.iter_mut().map(|reason| reason.done.take()).collect::<Option<_>>()?,
            stages: stages.ok()?,
            routes: routes.ok()?,
            always: always.ok()?,
            outcome: outcome.ok()?,
            tests: tests.ok()?,
            order,
            expressions: self.next_expr,
            reads_events,
            lengths: std::mem::take(&mut self.lengths),
            queries: std::mem::take(&mut self.queries),
            schema: std::mem::take(&mut self.schema),
            sources: self.loaded.sources.clone(),
            overrides: self.overridden(),
        })
    }

    fn overridden(&self) -> Vec<(String, i128)> {
        let changed = self.defines.iter().filter_map(|slot| Some((slot, slot.instead?)));
        let mut all: Vec<(String, i128)> = changed
            .map(|(slot, (number, negative))| {
                (slot.name.value.clone(), if negative { -number.micros } else { number.micros })
            })
            .collect();
        all.sort();
        all
    }

    fn finished_defines(&mut self) -> Option<Vec<Define>> {
        let defines = self.defines.iter_mut();
        defines
            .map(|slot| match std::mem::replace(&mut slot.state, DefineState::Broken) {
                DefineState::Done(define, _) => Some(*define),
                _ => None,
            })
            .collect()
    }

    fn finished_parts(&mut self) -> Option<Vec<Part>> {
        let parts = self.parts.iter_mut();
        parts
            .map(|slot| {
                Some(Part {
                    name: slot.name.clone(),
                    label: slot.label.clone(),
                    score: slot.score,
                    parent: slot.parent,
                    kind: slot.kind.take()?,
                    span: slot.span,
                })
            })
            .collect()
    }

    fn zone(&mut self) {
        let Some(text) = self.items.timezone else { return };
        match Zone::named(&text.value) {
            Some(zone) => self.zone = zone,
            None => {
                let names: Vec<String> =
                    jiff::tz::TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
                let error = errors::unknown_timezone(&text.value, text.span, names.iter().map(String::as_str));
                self.report(error);
            }
        }
    }

    fn meta(&self) -> Meta {
        let items = &self.items;
        let text = |text: &ast::Text| text.value.clone();
        let review = items.review.map(|(every, last)| {
            let length = Length { count: every.count, unit: every.unit };
            (length, last.map(|last| to_days(last.date)))
        });
        Meta {
            label: items.policy.map_or_else(|| self.file_stem(), text),
            version: items.version.map(text),
            owners: items.owners.iter().map(|owner| text(owner)).collect(),
            review,
            agreed: items.agreed.iter().map(|(by, on)| (text(by), to_days(on.date))).collect(),
        }
    }

    /// The main file's name without its folder and ending.
    fn file_stem(&self) -> String {
        let name = self.loaded.sources.files().first().map_or("", |source| source.name.as_str());
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        name.strip_suffix(".qual").unwrap_or(name).to_owned()
    }

    /// Names of a file of outcomes; the key's own spelling unless said.
    fn outcome(&mut self) -> Result<Option<Outcomes>> {
        let Some((clauses, span)) = self.items.outcome else { return Ok(None) };
        let (mut lead, mut converted, mut at, mut amount) = (None, None, None, None);
        let mut wrong = None;
        let mut seen: HashMap<&'static str, Span> = HashMap::new();
        for clause in clauses {
            let (word, text) = match clause {
                OutcomeClause::Lead(text) => ("lead", text),
                OutcomeClause::Converted(text) => ("converted", text),
                OutcomeClause::At(text) => ("at", text),
                OutcomeClause::Amount(text, _) => ("amount", text),
            };
            if let Some(first) = seen.insert(word, text.span) {
                wrong = Some(self.report(errors::duplicate_clause(word, first, text.span)));
                continue;
            }
            let name = text.value.clone();
            match clause {
                OutcomeClause::Lead(_) => lead = Some(name),
                OutcomeClause::Converted(_) => converted = Some(name),
                OutcomeClause::At(_) => at = Some(name),
                OutcomeClause::Amount(_, currency) => {
                    match currency.as_ref().map(|code| self.currency(code)).transpose() {
                        Ok(currency) => amount = Some((name, currency)),
                        Err(reported) => wrong = Some(reported),
                    }
                }
            }
        }
        if let Some(reported) = wrong {
            return Err(reported);
        }
        let key = self.schema.key.map(|key| self.schema.field(key).from.whole.clone());
        match lead.or(key) {
            Some(lead) => Ok(Some(Outcomes { lead, converted, at, amount })),
            None if self.broken_fields.is_empty() => self.fail(errors::outcome_without_lead(span)),
            None => Err(Reported),
        }
    }
}
