//! A policy's declarations, found by name.

use super::text;
use super::value::Ty;
use jiff::tz::TimeZone;
use qualify::syntax::ast::{self, EventsClause, Expr, FieldClause, ItemKind, TypeExpr};
use std::collections::HashMap;
use std::rc::Rc;

/// A field of the lead or of an event, out of its records.
pub struct Leaf<'a> {
    /// Its name with the names of its records: `company.employees`.
    pub name: String,
    /// Where the data have it, below its record; one part for each record.
    pub path: Vec<String>,
    /// Its type.
    pub ty: Ty,
    /// Texts and numbers that mean missing.
    pub missing: Vec<&'a Expr>,
    /// `format "…"`
    pub format: Option<String>,
    /// `key`
    pub key: bool,
    /// `required`, or `key`
    pub required: bool,
}

/// `event NAME from "…" { … }`
pub struct EventType<'a> {
    pub name: String,
    /// How the data spell it.
    pub spelled: String,
    pub fields: Vec<Leaf<'a>>,
}

/// All declarations of a policy's files.
pub struct Policy<'a> {
    pub zone: TimeZone,
    pub fields: Vec<Leaf<'a>>,
    /// The records of the lead, outermost first: name, path, what means missing.
    pub records: Vec<(String, Vec<String>)>,
    /// Texts and numbers that mean missing in every field of the lead.
    pub missing: Vec<&'a Expr>,
    pub events_in: String,
    pub event_type: String,
    pub event_at: String,
    pub events: Vec<EventType<'a>>,
    pub groups: HashMap<String, Vec<String>>,
    pub lists: HashMap<String, &'a ast::ListSource>,
    pub list_files: HashMap<String, Vec<String>>,
    /// Defines and personas.
    pub defines: HashMap<String, &'a Expr>,
    pub define_order: Vec<(String, bool)>,
    pub fits: Vec<Fit<'a>>,
    pub scores: Vec<&'a ast::Group>,
    pub bands: HashMap<String, (&'a ast::Path, &'a [ast::Band])>,
    pub matrices: HashMap<String, Matrix<'a>>,
    pub disqualify: Vec<&'a ast::Condition>,
    pub stages: Vec<&'a ast::Stage>,
    pub routes: Vec<&'a ast::RouteArm>,
    pub always: Vec<&'a Expr>,
    pub tests: Vec<&'a ast::Test>,
}

/// `fit NAME needs N { … }`
pub struct Fit<'a> {
    pub name: &'a str,
    pub needs: Option<&'a ast::Amount>,
    pub checks: &'a [ast::Condition],
}

/// `matrix NAME of A by B { … }`
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub rows_of: &'a ast::Path,
    pub columns_of: &'a ast::Path,
    pub columns: &'a [ast::Head],
    pub rows: &'a [ast::MatrixRow],
}

impl<'a> Policy<'a> {
    /// Finds the declarations of a checked policy.
    pub fn new(files: &'a [ast::File], list_files: &HashMap<String, Vec<String>>) -> Policy<'a> {
        let mut policy = Policy {
            zone: TimeZone::UTC,
            fields: Vec::new(),
            records: Vec::new(),
            missing: Vec::new(),
            events_in: "events".into(),
            event_type: "type".into(),
            event_at: "at".into(),
            events: Vec::new(),
            groups: HashMap::new(),
            lists: HashMap::new(),
            list_files: list_files.clone(),
            defines: HashMap::new(),
            define_order: Vec::new(),
            fits: Vec::new(),
            scores: Vec::new(),
            bands: HashMap::new(),
            matrices: HashMap::new(),
            disqualify: Vec::new(),
            stages: Vec::new(),
            routes: Vec::new(),
            always: Vec::new(),
            tests: Vec::new(),
        };
        for item in files.iter().flat_map(|file| &file.items) {
            policy.add(&item.value);
        }
        policy
    }

    fn add(&mut self, item: &'a ItemKind) {
        match item {
            ItemKind::Timezone(zone) => self.zone = TimeZone::get(&zone.value).expect("a zone that exists"),
            ItemKind::Lead { missing, fields } => {
                self.missing = missing.iter().flatten().collect();
                let block = self.missing.clone();
                flatten(fields, "", &[], &block, &mut self.fields, &mut self.records);
            }
            ItemKind::Events(clauses) => {
                for clause in clauses {
                    match clause {
                        EventsClause::In(text) => self.events_in = text.value.clone(),
                        EventsClause::Type(text) => self.event_type = text.value.clone(),
                        EventsClause::At(text) => self.event_at = text.value.clone(),
                        EventsClause::Lead(_) => {}
                    }
                }
            }
            ItemKind::Event { name, from, fields, .. } => {
                let mut leaves = Vec::new();
                flatten(fields, "", &[], &[], &mut leaves, &mut Vec::new());
                let name = name.value.clone();
                let spelled = from.as_ref().map_or(name.clone(), |text| text.value.clone());
                self.events.push(EventType { name, spelled, fields: leaves });
            }
            ItemKind::EventGroup { name, of, .. } => {
                self.groups.insert(name.value.clone(), of.iter().map(|name| name.value.clone()).collect());
            }
            ItemKind::List { name, source, .. } => {
                self.lists.insert(name.value.clone(), source);
            }
            ItemKind::Define { name, value, .. } => self.define(name, value, false),
            ItemKind::Persona { name, condition, .. } => self.define(name, condition, true),
            ItemKind::Fit { name, needs, checks, .. } => {
                self.fits.push(Fit { name: &name.value, needs: needs.as_ref(), checks });
            }
            ItemKind::Score(score) => self.scores.push(score),
            ItemKind::Bands { name, of, bands, .. } => {
                self.bands.insert(name.value.clone(), (of, bands));
            }
            ItemKind::Matrix { name, rows_of, columns_of, columns, rows, .. } => {
                self.matrices.insert(name.value.clone(), Matrix { rows_of, columns_of, columns, rows });
            }
            ItemKind::Disqualify(reasons) => self.disqualify.extend(reasons),
            ItemKind::Stages(stages) => self.stages.extend(stages),
            ItemKind::Route(arms) => self.routes.extend(arms),
            ItemKind::Always { condition, .. } => self.always.push(condition),
            ItemKind::Test(test) => self.tests.push(test),
            ItemKind::Policy(_)
            | ItemKind::Version(_)
            | ItemKind::Owner(_)
            | ItemKind::Review { .. }
            | ItemKind::Agreed { .. }
            | ItemKind::Use(_)
            | ItemKind::Outcome(_) => {}
            ItemKind::Junk => panic!("a checked policy has no junk"),
        }
    }

    fn define(&mut self, name: &ast::Name, value: &'a Expr, persona: bool) {
        self.defines.insert(name.value.clone(), value);
        self.define_order.push((name.value.clone(), persona));
    }

    /// The field of the lead with this dotted name.
    pub fn field(&self, name: &str) -> Option<&Leaf<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The declared event type with this name.
    pub fn event(&self, name: &str) -> Option<&EventType<'a>> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The event type that the data spell so, to the letter.
    pub fn event_spelled(&self, spelled: &str) -> Option<&EventType<'a>> {
        self.events.iter().find(|event| event.spelled == spelled)
    }

    /// The declared event types that a name stands for; none for `event`, which is every type.
    pub fn types_of(&self, name: &str) -> Vec<String> {
        match self.groups.get(name) {
            Some(members) => members.iter().flat_map(|member| self.types_of(member)).collect(),
            None => vec![name.to_string()],
        }
    }

    /// The rung and name of a stage, by its name.
    pub fn stage(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name.value == name)
    }

    /// The rung of a stage, as data say it: by name or label.
    pub fn stage_of_data(&self, said: &str) -> Option<usize> {
        let by_name = self.stages.iter().position(|stage| text::same(&stage.name.value, said));
        by_name.or_else(|| self.stages.iter().position(|stage| text::same(&label(stage), said)))
    }

    /// The score with this name.
    pub fn score(&self, name: &str) -> Option<&'a ast::Group> {
        self.scores.iter().copied().find(|score| score.name.value == name)
    }
}

fn label(stage: &ast::Stage) -> String {
    stage.label.as_ref().map_or_else(|| text::readable(&stage.name.value), |label| label.value.clone())
}

fn flatten<'a>(
    fields: &'a [ast::Field],
    prefix: &str,
    path: &[String],
    missing: &[&'a Expr],
    leaves: &mut Vec<Leaf<'a>>,
    records: &mut Vec<(String, Vec<String>)>,
) {
    for field in fields {
        let name = format!("{prefix}{}", field.name.value);
        let mut leaf = Leaf {
            name: name.clone(),
            path: path.to_vec(),
            ty: Ty::Bool,
            missing: missing.to_vec(),
            format: None,
            key: false,
            required: false,
        };
        let mut from = field.name.value.clone();
        for clause in &field.clauses {
            match clause {
                FieldClause::Key(_) => (leaf.key, leaf.required) = (true, true),
                FieldClause::Required(_) => leaf.required = true,
                FieldClause::From(text) => from = text.value.clone(),
                FieldClause::Format(text) => leaf.format = Some(text.value.clone()),
                FieldClause::Missing(texts, _) => leaf.missing.extend(texts),
                FieldClause::Fixed(_) | FieldClause::KnownFrom(_) | FieldClause::Ask(_) => {}
            }
        }
        leaf.path.push(from);
        if let TypeExpr::Record(inner, _) = &field.ty {
            records.push((name.clone(), leaf.path.clone()));
            flatten(inner, &format!("{name}."), &leaf.path, &leaf.missing, leaves, records);
        } else {
            leaf.ty = ty(&field.ty);
            leaves.push(leaf);
        }
    }
}

/// The type that is written.
pub fn ty(written: &TypeExpr) -> Ty {
    let texts = |texts: &[ast::Text]| Rc::new(texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>());
    match written {
        TypeExpr::Name(name) => match name.value.as_str() {
            "text" => Ty::Text,
            "int" => Ty::Int,
            "number" => Ty::Number,
            "bool" => Ty::Bool,
            "date" => Ty::Date,
            "time" => Ty::Time,
            "stage" => Ty::Stage,
            other => panic!("a checked policy has no type {other}"),
        },
        TypeExpr::Money(currency) => Ty::Money(currency.value.clone()),
        TypeExpr::OneOf(listed, _) => Ty::OneOf(texts(listed)),
        TypeExpr::Ranked(listed, _) => Ty::Ranked(texts(listed)),
        TypeExpr::List(inner, _) => Ty::List(Box::new(ty(inner))),
        TypeExpr::Record(..) => panic!("records are flattened"),
    }
}
