//! Fields of leads and events: their types and clauses, nested records flattened to dotted names.

use super::checker::Checker;
use super::names::Entity;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::time::TimeFormat;
use crate::model::{Choice, Currency, Domain, DomainKind, Field, FieldId, FieldPath, Scalar, Sentinels, Type, text};
use crate::syntax::ast::{self, FieldClause, TypeExpr};
use std::collections::{HashMap, HashSet};

/// Whose fields they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldsOf {
    Lead,
    Event,
}

/// Fields while they are flattened.
#[derive(Default)]
pub(super) struct Fields {
    pub fields: Vec<Field>,
    /// Dotted names of records.
    pub records: Vec<String>,
    /// Dotted names of fields whose type is wrong.
    pub broken: HashSet<String>,
}

/// What a record gives to the fields in it.
#[derive(Clone, Default)]
struct Outer {
    /// The record's dotted name and a dot.
    name: String,
    /// Where the data holds it, and a dot.
    from: String,
    fixed: bool,
    known_from: Option<u16>,
    missing: Sentinels,
}

/// The clauses of one field.
#[derive(Default)]
struct Clauses<'a> {
    key: Option<Span>,
    required: Option<Span>,
    fixed: Option<Span>,
    known_from: Option<&'a ast::Name>,
    from: Option<&'a ast::Text>,
    ask: Option<&'a ast::Text>,
    format: Option<&'a ast::Text>,
    missing: Option<(&'a [ast::Expr], Span)>,
}

impl<'a> Checker<'a> {
    /// The lead's fields; their names join the one namespace.
    pub fn lead_fields(&mut self) {
        let Some(lead) = &self.items.lead else { return };
        let (fields, missing) = (lead.fields, lead.missing);
        let missing = missing.map(|entries| self.sentinels(entries)).unwrap_or_default();
        let flat = self.fields(fields, FieldsOf::Lead, missing);
        self.schema.fields = flat.fields;
        self.records = flat.records;
        self.broken_fields = flat.broken;
        for field in fields {
            let name = field.name.value.as_str();
            let entity = if self.records.iter().any(|record| record == name) {
                Entity::Record
            } else if let Some(id) = self.lead_field(name) {
                Entity::Field(id)
            } else {
                Entity::Broken
            };
            self.declare(&field.name, entity);
        }
        self.key_and_stage_field();
    }

    /// The lead's field with this dotted name.
    pub fn lead_field(&self, name: &str) -> Option<FieldId> {
        self.schema.fields.iter().position(|field| field.name == name).map(|place| FieldId(place as u16))
    }

    fn key_and_stage_field(&mut self) {
        for place in 0..self.schema.fields.len() {
            let field = &self.schema.fields[place];
            let (span, name) = (field.span, field.name.clone());
            let is_stage = self.stage_domain.is_some_and(|domain| field_is(field, domain));
            if field.key {
                match self.schema.key {
                    Some(first) => {
                        let first = self.schema.field(first);
                        let error = errors::second_key(&first.name, first.span, &name, span);
                        self.report(error);
                    }
                    None => self.schema.key = Some(FieldId(place as u16)),
                }
            }
            if is_stage {
                match self.schema.stage_field {
                    Some(first) => {
                        let first = self.schema.field(first);
                        let error = errors::second_stage_field(&first.name, first.span, &name, span);
                        self.report(error);
                    }
                    None => self.schema.stage_field = Some(FieldId(place as u16)),
                }
            }
        }
    }

    /// Flattens fields; those with a wrong type are left out and remembered as broken.
    pub fn fields(&mut self, fields: &'a [ast::Field], of: FieldsOf, missing: Sentinels) -> Fields {
        let mut flat = Fields::default();
        self.flatten(fields, of, &Outer { missing, ..Outer::default() }, &mut flat);
        flat
    }

    fn flatten(&mut self, fields: &'a [ast::Field], of: FieldsOf, outer: &Outer, flat: &mut Fields) {
        // The lead's own fields are in the one namespace and reported there.
        let own_set = of == FieldsOf::Event || !outer.name.is_empty();
        if own_set {
            self.unique(fields.iter().map(|field| &field.name));
        }
        let mut seen = HashSet::new();
        for field in fields {
            if !seen.insert(field.name.value.as_str()) {
                continue;
            }
            self.field(field, of, outer, flat);
        }
    }

    fn field(&mut self, field: &'a ast::Field, of: FieldsOf, outer: &Outer, flat: &mut Fields) {
        let clauses = self.clauses(field, of);
        let name = format!("{}{}", outer.name, field.name.value);
        let from = format!("{}{}", outer.from, clauses.from.map_or(&field.name.value, |from| &from.value));
        let known_from = clauses.known_from.and_then(|stage| self.known_from(stage)).or(outer.known_from);
        let fixed = clauses.fixed.is_some() || outer.fixed;
        let mut missing = outer.missing.clone();
        if let Some((entries, _)) = clauses.missing {
            let own = self.sentinels(entries);
            missing.texts.extend(own.texts);
            missing.numbers.extend(own.numbers);
        }
        if let TypeExpr::Record(fields, _) = &field.ty {
            self.no_clauses_of_one_field(&clauses, &field.name.value);
            flat.records.push(name.clone());
            let inner = Outer { name: format!("{name}."), from: format!("{from}."), fixed, known_from, missing };
            self.flatten(fields, of, &inner, flat);
            return;
        }
        let Ok(ty) = self.field_type(&field.ty, &name) else {
            flat.broken.insert(name);
            return;
        };
        if let Some(span) = clauses.key
            && !matches!(ty, Type::One(Scalar::Text | Scalar::Int))
        {
            let what = self.describe(ty);
            self.report(errors::key_type(&name, &what, span));
        }
        let format = clauses.format.and_then(|format| self.format(format, ty));
        flat.fields.push(Field {
            name,
            ty,
            from: FieldPath::new(&from),
            key: clauses.key.is_some(),
            required: clauses.required.is_some(),
            known_from,
            fixed,
            ask: clauses.ask.map(|ask| ask.value.clone()),
            format,
            missing,
            used: clauses.key.is_some() || clauses.required.is_some(),
            span: field.name.span,
        });
    }

    /// The clauses of a field, each at most once, only those that belong there.
    fn clauses(&mut self, field: &'a ast::Field, of: FieldsOf) -> Clauses<'a> {
        let mut clauses = Clauses::default();
        let mut seen: HashMap<&'static str, Span> = HashMap::new();
        for clause in &field.clauses {
            let (word, span) = match clause {
                FieldClause::Key(span) => ("key", *span),
                FieldClause::Required(span) => ("required", *span),
                FieldClause::Fixed(span) => ("fixed", *span),
                FieldClause::KnownFrom(name) => ("known from", name.span),
                FieldClause::From(text) => ("from", text.span),
                FieldClause::Ask(text) => ("ask", text.span),
                FieldClause::Format(text) => ("format", text.span),
                FieldClause::Missing(_, span) => ("missing", *span),
            };
            if let Some(first) = seen.insert(word, span) {
                self.report(errors::duplicate_clause(word, first, span));
                continue;
            }
            if of == FieldsOf::Event && !matches!(word, "from" | "format" | "missing") {
                self.report(errors::clause_of_event_field(word, span));
                continue;
            }
            match clause {
                FieldClause::Key(span) => clauses.key = Some(*span),
                FieldClause::Required(span) => clauses.required = Some(*span),
                FieldClause::Fixed(span) => clauses.fixed = Some(*span),
                FieldClause::KnownFrom(name) => clauses.known_from = Some(name),
                FieldClause::From(text) => clauses.from = Some(text),
                FieldClause::Ask(text) => clauses.ask = Some(text),
                FieldClause::Format(text) => clauses.format = Some(text),
                FieldClause::Missing(entries, span) => clauses.missing = Some((entries, *span)),
            }
        }
        clauses
    }

    fn no_clauses_of_one_field(&mut self, clauses: &Clauses<'_>, record: &str) {
        let text = |text: Option<&ast::Text>| text.map(|text| text.span);
        let wrong = [
            ("key", clauses.key),
            ("required", clauses.required),
            ("ask", text(clauses.ask)),
            ("format", text(clauses.format)),
        ];
        for (word, span) in wrong {
            if let Some(span) = span {
                self.report(errors::clause_of_record(word, record, span));
            }
        }
    }

    fn known_from(&mut self, stage: &ast::Name) -> Option<u16> {
        if let Some(id) = self.stage_named(&stage.value) {
            return Some(id.0);
        }
        if self.may_be_junk(&stage.value) {
            return None;
        }
        if self.items.stages.is_empty() {
            self.report(errors::no_stages(stage.span));
        } else {
            let names = self.items.stages.iter().map(|stage| stage.name.value.as_str());
            let error = errors::unknown_choice("stage", &stage.value, stage.span, names);
            self.report(error);
        }
        None
    }

    fn format(&mut self, format: &ast::Text, ty: Type) -> Option<TimeFormat> {
        if !matches!(ty, Type::One(Scalar::Date | Scalar::Time) | Type::List(Scalar::Date | Scalar::Time)) {
            let what = self.describe(ty);
            self.report(errors::format_of_no_time(&what, format.span));
            return None;
        }
        let read = TimeFormat::new(&format.value);
        if read.is_none() {
            self.report(errors::bad_format(&format.value, format.span));
        }
        read
    }

    /// Texts and numbers that mean missing.
    fn sentinels(&mut self, entries: &[ast::Expr]) -> Sentinels {
        let mut sentinels = Sentinels::default();
        for entry in entries {
            match (&*entry.kind, negated_number(entry)) {
                (ast::ExprKind::Text(written), _) => sentinels.texts.push(text::fold(written).into_owned()),
                (_, Some(micros)) => sentinels.numbers.push(micros),
                (ast::ExprKind::Junk, _) => {}
                _ => {
                    self.report(errors::bad_sentinel(entry.span));
                }
            }
        }
        sentinels
    }

    /// The type of a field that is no record. `name` is what a list of choices is called in messages.
    pub fn field_type(&mut self, ty: &ast::TypeExpr, name: &str) -> Result<Type> {
        match ty {
            TypeExpr::List(inner, _) => match &**inner {
                // Reported with the syntax.
                TypeExpr::List(..) | TypeExpr::Record(..) => Err(Reported),
                TypeExpr::Name(word) if word.value == "stage" => self.fail(errors::list_of_stages(word.span)),
                inner => self.scalar_type(inner, name).map(Type::List),
            },
            ty => self.scalar_type(ty, name).map(Type::One),
        }
    }

    fn scalar_type(&mut self, ty: &ast::TypeExpr, name: &str) -> Result<Scalar> {
        match ty {
            TypeExpr::Name(word) => self.named_type(word),
            TypeExpr::Money(code) => self.currency(code).map(Scalar::Money),
            TypeExpr::OneOf(texts, span) => self.listed(DomainKind::OneOf, texts, name, *span),
            TypeExpr::Ranked(texts, span) => self.listed(DomainKind::Ranked, texts, name, *span),
            TypeExpr::List(..) | TypeExpr::Record(..) => Err(Reported),
        }
    }

    fn named_type(&mut self, word: &ast::Name) -> Result<Scalar> {
        Ok(match word.value.as_str() {
            "text" => Scalar::Text,
            "int" => Scalar::Int,
            "number" => Scalar::Number,
            "bool" => Scalar::Bool,
            "date" => Scalar::Date,
            "time" => Scalar::Time,
            "stage" => match self.stage_domain {
                Some(domain) => Scalar::Choice(domain),
                None if self.may_be_junk("stages") => return Err(Reported),
                None => return self.fail(errors::no_stages(word.span)),
            },
            // Any other word is reported with the syntax.
            _ => return Err(Reported),
        })
    }

    /// A currency that ISO 4217 lists.
    pub fn currency(&mut self, code: &ast::Name) -> Result<Currency> {
        let listed = iso_currency::Currency::from_code(&code.value).and_then(|_| Currency::new(&code.value));
        match listed {
            Some(currency) => Ok(currency),
            None => self.fail(errors::unknown_currency(&code.value, code.span)),
        }
    }

    fn listed(&mut self, kind: DomainKind, texts: &[ast::Text], name: &str, span: Span) -> Result<Scalar> {
        if texts.is_empty() {
            return self.fail(errors::no_choices(span));
        }
        let mut choices: Vec<Choice> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut broken = None;
        for written in texts {
            let name = text::trim(&written.value);
            let folded = text::fold(name).into_owned();
            if folded.is_empty() {
                broken = Some(self.report(errors::empty_choice(written.span)));
            } else if let Some(first) = seen.get(&folded) {
                broken = Some(self.report(errors::duplicate_choice(name, *first, written.span)));
            } else {
                seen.insert(folded.clone(), written.span);
                choices.push(Choice { name: name.to_owned(), label: name.to_owned(), folded });
            }
        }
        self.slot(choices.len(), span);
        match broken {
            Some(reported) if choices.is_empty() => Err(reported),
            _ => Ok(Scalar::Choice(self.domain(Domain { kind, name: name.to_owned(), choices }, span))),
        }
    }
}

fn field_is(field: &Field, domain: crate::model::DomainId) -> bool {
    field.ty == Type::One(Scalar::Choice(domain))
}

/// A number literal, also a negative one, in millionths.
pub(super) fn negated_number(expr: &ast::Expr) -> Option<i128> {
    match &*expr.kind {
        ast::ExprKind::Number(number) => Some(number.micros),
        ast::ExprKind::Negate(inner) => negated_number(inner).map(|micros| -micros),
        _ => None,
    }
}
