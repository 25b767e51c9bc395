//! What a policy declares, with the place of each: findings and allowances belong to declarations, not to lines.

use crate::base::Span;
use crate::syntax::ast::{Condition, Field, File, Group, Item, ItemKind, Part, Stage, TestStep, TypeExpr};

/// A declaration, or a part of one that has a name.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its names from the outermost: `engagement.email.opens`, `stages.mql`, `test "Todd"`.
    pub path: String,
    /// The whole of it.
    pub span: Span,
}

/// The declarations of all files with their parts; what contains stands before what it contains.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By file.
    files: Vec<Vec<Place>>,
}

impl Places {
    /// The declarations of these files.
    pub fn of(files: &[File]) -> Places {
        let mut places = Places::default();
        for item in files.iter().flat_map(|file| &file.items) {
            places.item(item);
        }
        places
    }

    /// The innermost declaration that a place lies in.
    pub fn innermost(&self, span: Span) -> Option<&Place> {
        self.of_file(span).iter().rev().find(|place| contains(place.span, span.start))
    }

    /// The first, outermost declaration that begins within a range of bytes.
    pub fn first_within(&self, range: Span) -> Option<&Place> {
        let begins = |place: &&Place| range.range().contains(&(place.span.start as usize));
        // What contains stands before what it contains: of equal beginnings the outermost comes first.
        self.of_file(range).iter().filter(begins).min_by_key(|place| place.span.start)
    }

    fn of_file(&self, span: Span) -> &[Place] {
        self.files.get(usize::from(span.file.0)).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, path: String, span: Span) {
        let file = usize::from(span.file.0);
        if self.files.len() <= file {
            self.files.resize_with(file + 1, Vec::new);
        }
        self.files[file].push(Place { path, span });
    }

    fn item(&mut self, item: &Item) {
        let span = item.span;
        match &item.value {
            ItemKind::Policy(_) => self.add("policy".to_owned(), span),
            ItemKind::Version(_) => self.add("version".to_owned(), span),
            ItemKind::Owner(owner) => self.add(format!("owner {:?}", owner.value), span),
            ItemKind::Timezone(_) => self.add("timezone".to_owned(), span),
            ItemKind::Review { .. } => self.add("review".to_owned(), span),
            ItemKind::Agreed { by, .. } => self.add(format!("agreed {:?}", by.value), span),
            ItemKind::Use(path) => self.add(format!("use {:?}", path.value), span),
            ItemKind::Lead { fields, .. } => {
                self.add("lead".to_owned(), span);
                self.fields("lead", fields);
            }
            ItemKind::Events(_) => self.add("events".to_owned(), span),
            ItemKind::Event { name, fields, .. } => {
                self.add(name.value.clone(), span);
                self.fields(&name.value, fields);
            }
            ItemKind::EventGroup { name, .. }
            | ItemKind::List { name, .. }
            | ItemKind::Define { name, .. }
            | ItemKind::Persona { name, .. }
            | ItemKind::Matrix { name, .. } => self.add(name.value.clone(), span),
            ItemKind::Bands { name, bands, .. } => {
                self.add(name.value.clone(), span);
                for band in bands {
                    self.add(format!("{}.{}", name.value, band.name.value), band.span);
                }
            }
            ItemKind::Fit { name, checks, .. } => {
                self.add(name.value.clone(), span);
                self.conditions(&name.value, checks);
            }
            ItemKind::Score(group) => self.group(group.name.value.clone(), group, span),
            ItemKind::Disqualify(reasons) => {
                self.add("disqualify".to_owned(), span);
                self.conditions("disqualify", reasons);
            }
            ItemKind::Stages(stages) => {
                self.add("stages".to_owned(), span);
                for Stage { name, span, .. } in stages {
                    self.add(format!("stages.{}", name.value), *span);
                }
            }
            ItemKind::Route(arms) => {
                self.add("route".to_owned(), span);
                for arm in arms {
                    self.add(format!("route.{}", arm.name.value), arm.span);
                }
            }
            ItemKind::Always { label, .. } => {
                let path =
                    label.as_ref().map_or_else(|| "always".to_owned(), |label| format!("always {:?}", label.value));
                self.add(path, span);
            }
            ItemKind::Outcome(_) => self.add("outcome".to_owned(), span),
            ItemKind::Test(test) => {
                let path = format!("test {:?}", test.label.value);
                self.add(path.clone(), span);
                for step in &test.steps {
                    match step {
                        TestStep::Lead(_, span) | TestStep::Expect(_, span) => self.add(path.clone(), *span),
                        TestStep::Event(event) => self.add(path.clone(), event.span),
                        TestStep::Junk(_) => {}
                    }
                }
            }
            ItemKind::Junk => {}
        }
    }

    fn fields(&mut self, of: &str, fields: &[Field]) {
        for field in fields {
            let path = format!("{of}.{}", field.name.value);
            self.add(path.clone(), field.span);
            if let TypeExpr::Record(inner, _) = &field.ty {
                self.fields(&path, inner);
            }
        }
    }

    fn conditions(&mut self, of: &str, conditions: &[Condition]) {
        for condition in conditions {
            self.add(format!("{of}.{}", condition.name.value), condition.span);
        }
    }

    fn group(&mut self, path: String, group: &Group, span: Span) {
        self.add(path.clone(), span);
        for part in &group.parts {
            match part {
                Part::Rule(rule) => self.add(format!("{path}.{}", rule.name.value), rule.span),
                Part::Group(inner) => self.group(format!("{path}.{}", inner.name.value), inner, inner.span),
                Part::Include(include) => {
                    let name = include.of.parts.last().map_or("include", |name| name.value.as_str());
                    self.add(format!("{path}.{name}"), include.span);
                }
                Part::Junk(_) => {}
            }
        }
    }
}

/// Whether a byte lies in a range of the same file; the end of a range counts too, for findings without length.
fn contains(span: Span, at: u32) -> bool {
    span.start <= at && at < span.end.max(span.start + 1)
}
