//! Names and dotted names in expressions.

use super::super::checker::{Checker, PartSlot};
use super::super::events::EventScope;
use super::super::hir::{CheckState, EventTypes, Expr, ExprKind, FitId, PartId, ReasonId, Step};
use super::super::names::Entity;
use super::super::scores::PartItem;
use super::super::{Reported, Result, errors};
use super::literals::choice_word;
use super::{BOOL, DATE, INT, NUMBER, TEXT};
use crate::base::Span;
use crate::model::{DomainKind, FieldId, Scalar, Type};
use crate::syntax::ast;
use std::rc::Rc;

impl<'a> Checker<'a> {
    /// A dotted name. Bare names are looked up among the choices of what stands left first, then among the fields of
    /// the event at hand, then among the lead's names.
    pub(in super::super) fn path(&mut self, path: &'a ast::Path, expected: Option<Type>) -> Result<Expr> {
        let Some(first) = path.parts.first() else { return Err(Reported) };
        let alone = path.parts.len() == 1;
        if let (true, Some(Type::One(Scalar::Choice(domain)))) = (alone, expected) {
            if let Some(choice) = self.bare_choice(domain, first) {
                return Ok(choice);
            }
            if self.is_unknown(&first.value) {
                let choices = self.schema.domain(domain);
                let names = choices.choices.iter().map(|choice| choice.name.as_str());
                let error = if let Some(help) = errors::missing_meant(&first.value) {
                    errors::unknown_name(&first.value, Some(help), Vec::new(), first.span)
                } else if matches!(choices.kind, DomainKind::OneOf | DomainKind::Ranked) {
                    errors::not_listed(&first.value, choices, first.span)
                } else {
                    errors::unknown_choice(choice_word(choices.kind), &first.value, first.span, names)
                };
                return self.fail(error);
            }
        }
        if alone && expected == Some(TEXT) && self.is_unknown(&first.value) {
            return self.fail(errors::unquoted_text(&first.value, first.span));
        }
        if let Some(scope) = self.scope.events.clone()
            && let Some(found) = self.event_field(&scope, path)
        {
            return found;
        }
        if alone && first.value == "stage" {
            return self.stage_value(path.span);
        }
        if first.value == "lead" && !alone {
            return self.lead_path(&path.parts[1..], path.span);
        }
        match self.names.get(&first.value) {
            Some(Entity::Broken) => Err(Reported),
            Some(entity) if alone => self.entity(entity, &first.value, path.span),
            Some(Entity::Record) => self.lead_path(&path.parts, path.span),
            Some(Entity::Score(score)) => self.part_path(score, path),
            Some(Entity::Fit(fit)) => self.check_path(fit, path),
            Some(_) => self.fail(errors::no_parts(&first.value, path.parts[1].span)),
            None => Err(self.unknown_name(first, None)),
        }
    }

    fn is_unknown(&self, name: &str) -> bool {
        let of_event =
            self.scope.events.as_ref().is_some_and(|scope| scope.fields.iter().any(|field| field.name == name));
        !of_event && self.names.get(name).is_none() && name != "stage" && !self.may_be_junk(name)
    }

    fn entity(&mut self, entity: Entity, name: &str, span: Span) -> Result<Expr> {
        match entity {
            Entity::Field(id) => Ok(self.field_value(id, span)),
            Entity::Define(id) => {
                self.need(Step::Define(id), span);
                let ty = self.define_type(id)?;
                Ok(self.make(ty, span, ExprKind::Define(id)))
            }
            Entity::Score(id) => {
                self.need(Step::Part(id), span);
                Ok(self.make(NUMBER, span, ExprKind::Points(id)))
            }
            Entity::Bands(id) => {
                self.need(Step::Bands(id), span);
                let ty = Type::One(Scalar::Choice(self.bands_domains[id.index()]));
                Ok(self.make(ty, span, ExprKind::Band(id)))
            }
            Entity::Matrix(id) => {
                self.need(Step::Matrix(id), span);
                let ty = Type::One(Scalar::Choice(self.matrix_domains[id.index()]));
                Ok(self.make(ty, span, ExprKind::Cell(id)))
            }
            Entity::Fit(_) => self.fail(errors::fit_as_value(name, span)),
            Entity::Event(_) | Entity::EventGroup(_) => {
                let in_all = self.scope.events.as_ref().is_some_and(|scope| scope.types == EventTypes::All);
                let spelling = match entity {
                    Entity::Event(id) if in_all => Some(self.schema.event(id).from.clone()),
                    _ => None,
                };
                self.fail(errors::event_as_value(name, spelling.as_deref(), span))
            }
            Entity::List(_) => self.fail(errors::list_as_value(name, span)),
            Entity::Record => {
                let prefix = format!("{name}.");
                let fields = self.schema.fields.iter().filter(|field| field.name.starts_with(&prefix));
                let error = errors::record_as_value(name, fields.map(|field| field.name.as_str()), span);
                self.fail(error)
            }
            Entity::Broken => Err(Reported),
        }
    }

    pub(super) fn field_value(&mut self, id: FieldId, span: Span) -> Expr {
        self.read_field(id);
        let ty = self.schema.field(id).ty;
        self.make(ty, span, ExprKind::Field(id))
    }

    /// A field of the lead by its dotted name.
    fn lead_path(&mut self, parts: &[ast::Name], span: Span) -> Result<Expr> {
        let name = dotted(parts);
        if let Some(id) = self.lead_field(&name) {
            return Ok(self.field_value(id, span));
        }
        if self.broken_fields.contains(&name) || parts.iter().any(|part| self.may_be_junk(&part.value)) {
            return Err(Reported);
        }
        if self.records.contains(&name) {
            return self.entity(Entity::Record, &name, span);
        }
        let place = parts.last().map_or(span, |part| part.span);
        let names = self.schema.fields.iter().map(|field| field.name.as_str());
        let error = errors::unknown_field("the lead", &name, place, names);
        self.fail(error)
    }

    fn part_path(&mut self, score: PartId, path: &ast::Path) -> Result<Expr> {
        let Some(names) = self.part_names.get(&score) else { return Err(Reported) };
        let (Some(first), Some(second)) = (path.parts.first(), path.parts.get(1)) else { return Err(Reported) };
        let found = |name: &str| names.get(name).copied();
        if let Some(third) = path.parts.get(2) {
            let known = found(&third.value).map(|_| format!("{}.{}", first.value, third.value));
            return self.fail(errors::too_many_parts(&first.value, known, third.span));
        }
        match found(&second.value) {
            Some(id) => {
                self.need(Step::Part(id), path.span);
                Ok(self.make(NUMBER, path.span, ExprKind::Points(id)))
            }
            None if self.may_be_junk(&second.value) => Err(Reported),
            None => {
                let names = names.keys().map(String::as_str);
                let error = errors::unknown_part(&first.value, &second.value, second.span, names);
                self.fail(error)
            }
        }
    }

    fn check_path(&mut self, fit: FitId, path: &ast::Path) -> Result<Expr> {
        let [first, second] = path.parts.as_slice() else {
            return match path.parts.get(2) {
                Some(third) => self.fail(errors::no_parts(&path.parts[1].value, third.span)),
                None => Err(Reported),
            };
        };
        let state = match second.value.as_str() {
            "passed" => Some(CheckState::Passed),
            "failed" => Some(CheckState::Failed),
            "unknown" => Some(CheckState::Unknown),
            _ => None,
        };
        if let Some(state) = state {
            self.need(Step::Fit(fit), path.span);
            return Ok(self.make(INT, path.span, ExprKind::CheckCount(fit, state)));
        }
        let names = self.check_names(fit);
        match names.iter().find(|(name, _)| *name == second.value) {
            Some((_, id)) => {
                self.need(Step::Check(*id), path.span);
                Ok(self.make(BOOL, path.span, ExprKind::Check(*id)))
            }
            None if self.may_be_junk(&second.value) => Err(Reported),
            None => {
                let names = names.iter().map(|(name, _)| *name).chain(["passed", "failed", "unknown"]);
                let error = errors::unknown_check(&first.value, &second.value, second.span, names);
                self.fail(error)
            }
        }
    }

    fn stage_value(&mut self, span: Span) -> Result<Expr> {
        match self.stage_domain {
            Some(domain) => {
                self.need(Step::Stage, span);
                Ok(self.make(Type::One(Scalar::Choice(domain)), span, ExprKind::Stage))
            }
            None if self.may_be_junk("stages") => Err(Reported),
            None => self.fail(errors::no_stages(span)),
        }
    }

    /// A field of the event at hand, if the name begins as one.
    fn event_field(&mut self, scope: &Rc<EventScope>, path: &ast::Path) -> Option<Result<Expr>> {
        let name = dotted(&path.parts);
        let found = scope.fields.iter().find(|field| field.name == name).cloned();
        if let Some(field) = found {
            for (ty, place) in &field.places {
                self.read_event_field(*ty, *place);
            }
            let places = self.places(scope, &field.places);
            return Some(Ok(self.make(field.ty, path.span, ExprKind::EventField(places))));
        }
        if scope.broken.contains(&name) {
            return Some(Err(Reported));
        }
        if name == "day" {
            return Some(Ok(self.make(DATE, path.span, ExprKind::EventDay)));
        }
        if name == "type" && scope.types == EventTypes::All {
            return Some(Ok(self.make(TEXT, path.span, ExprKind::EventType)));
        }
        let first = path.parts.first()?;
        scope.records.contains(&first.value).then(|| {
            let place = path.parts.last().map_or(path.span, |part| part.span);
            let names = scope.fields.iter().map(|field| field.name.as_str());
            let error = errors::unknown_field(&format!("`{}`", scope.name), &name, place, names);
            self.fail(error)
        })
    }

    fn places(&self, scope: &EventScope, places: &[(crate::model::EventTypeId, u16)]) -> Box<[u16]> {
        if let (EventTypes::One(_), [(_, place)]) = (&scope.types, places) {
            return Box::new([*place]);
        }
        let mut all = vec![u16::MAX; self.schema.events.len()];
        for (ty, place) in places {
            all[ty.index()] = *place;
        }
        all.into_boxed_slice()
    }

    /// A field of events and of nothing else: in `total FIELD of EVENTS`.
    pub(in super::super) fn own_event_field(&mut self, scope: &Rc<EventScope>, path: &ast::Path) -> Result<Expr> {
        if let Some(found) = self.event_field(scope, path) {
            return found;
        }
        if scope.open || path.parts.iter().any(|part| self.may_be_junk(&part.value)) {
            return Err(Reported);
        }
        let names = scope.fields.iter().map(|field| field.name.as_str()).chain(["day"]);
        let all = scope.types == EventTypes::All;
        let names = names.chain(all.then_some("type"));
        let error = errors::unknown_field(&format!("`{}`", scope.name), &dotted(&path.parts), path.span, names);
        self.fail(error)
    }

    /// A reason to disqualify.
    pub(super) fn reason(&mut self, name: &ast::Name) -> Result<ReasonId> {
        match self.reasons.iter().position(|reason| reason.item.name.value == name.value) {
            Some(place) => Ok(ReasonId(place as u16)),
            None if self.may_be_junk(&name.value) => Err(Reported),
            None => {
                let names = self.reasons.iter().map(|reason| reason.item.name.value.as_str());
                let error = errors::unknown_reason(&name.value, name.span, names);
                self.fail(error)
            }
        }
    }

    /// Reports a name that is not declared. `candidates` are the names that could be meant; all values unless given.
    pub(in super::super) fn unknown_name(&mut self, name: &ast::Name, candidates: Option<Vec<&str>>) -> Reported {
        let open = self.scope.events.as_ref().is_some_and(|scope| scope.open);
        if self.may_be_junk(&name.value) || open {
            return Reported;
        }
        let elsewhere = match &self.scope.events {
            Some(scope) if name.value == "type" => Some(errors::type_of_one_event(&scope.name)),
            Some(scope) if self.some_declare(&scope.types, &name.value) => Some(errors::not_alike(&scope.name)),
            _ => self.elsewhere(&name.value),
        };
        let candidates = candidates.unwrap_or_else(|| {
            let events = self.scope.events.iter().flat_map(|scope| scope.fields.iter());
            let fields = events.map(|field| field.name.as_str());
            let nested = self.schema.fields.iter().map(|field| field.name.as_str());
            fields.chain(self.names.iter().map(|(name, _)| name)).chain(nested).collect()
        });
        let error = errors::unknown_name(&name.value, elsewhere, candidates, name.span);
        self.report(error)
    }

    /// Whether some events of a group declare a field.
    fn some_declare(&self, types: &EventTypes, field: &str) -> bool {
        let EventTypes::Any(types) = types else { return false };
        types.iter().any(|ty| self.schema.event(*ty).fields.iter().any(|known| known.name == field))
    }

    /// What a name that is not declared at top level is: a stage, a band, a rule, a field of an event.
    fn elsewhere(&self, name: &str) -> Option<String> {
        if let ("lead", Some(field)) = (name, self.schema.fields.first()) {
            return Some(format!("name one of its fields: `lead.{}`", field.name));
        }
        for (place, domain) in self.schema.domains.iter().enumerate() {
            if !domain.choices.iter().any(|choice| choice.name == name) {
                continue;
            }
            let of = match domain.kind {
                DomainKind::Stages => "stage".to_owned(),
                DomainKind::Bands | DomainKind::Cells => domain.name.clone(),
                DomainKind::OneOf | DomainKind::Ranked => {
                    let domain = crate::model::DomainId(place as u16);
                    let ty = Type::One(Scalar::Choice(domain));
                    let Some(field) = self.schema.fields.iter().find(|field| field.ty == ty) else { continue };
                    return Some(format!("it is one of the texts of `{0}`: write `{0} is \"{name}\"`", field.name));
                }
            };
            return Some(
                format!("it is a {} of `{of}`: write `{of} is {name}`", choice_word(domain.kind))
                    .replace("a stage of `stage`", "a stage"),
            );
        }
        let of_score = |part: &&PartSlot<'_>| {
            part.parent.is_some() && part.name == name && !matches!(part.item, PartItem::Include(_))
        };
        if let Some(part) = self.parts.iter().find(of_score) {
            return Some(format!("write `{}.{name}`", self.parts[part.score.index()].name));
        }
        if let Some(check) = self.checks.iter().find(|check| check.item.name.value == name) {
            return Some(format!("write `{}.{name}`", self.fits[check.fit.index()].name.value));
        }
        if self.reasons.iter().any(|reason| reason.item.name.value == name) {
            return Some(format!("write `disqualified by {name}`"));
        }
        if let Some(field) = self.schema.fields.iter().find(|field| field.name.ends_with(&format!(".{name}"))) {
            return Some(format!("write `{}`", field.name));
        }
        let event = self.schema.events.iter().find(|event| event.fields.iter().any(|field| field.name == name))?;
        Some(format!("it is a field of the event `{0}`: write `any {0} where ({name} …)`", event.name))
    }
}

/// Parts with dots between them.
pub(super) fn dotted(parts: &[ast::Name]) -> String {
    parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}
