//! The texts and numbers that fields are compared with, and the sets that stand in a policy: for the lints beside.

use crate::base::Span;
use crate::lint::Context;
use crate::model::{DomainId, EventTypeId, Field, FieldId, Scalar, Schema, Type};
use crate::syntax::ast::{
    CaseTest, CompareOp, Events, Expr, ExprKind, FieldClause, Group, Item, ItemKind, ListSource, Name, Part, Path,
    TextOp, Worth,
};
use std::collections::HashMap;

/// A field of the lead or of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Of the lead.
    Lead(FieldId),
    /// Of an event: its type and its place there.
    Event(EventTypeId, u16),
}

impl Column {
    /// The field.
    pub fn field(self, schema: &Schema) -> &Field {
        match self {
            Column::Lead(field) => schema.field(field),
            Column::Event(ty, place) => &schema.event(ty).fields[usize::from(place)],
        }
    }

    /// The list of choices of a `one of`, `ranked` or stage field.
    pub fn domain(self, schema: &Schema) -> Option<DomainId> {
        match self.field(schema).ty {
            Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain)) => Some(domain),
            _ => None,
        }
    }
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `is`; true: `is not`
    Is(bool),
    /// `is exactly`, `is not exactly`
    Exactly,
    /// `in`; true: `not in`
    In(bool),
    /// `has`
    Has,
    /// A text operator.
    Text(TextOp),
    /// `<` and its kin.
    Order,
}

/// A literal.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Where it stands; entries of a list's file lie in that file.
    pub span: Span,
    /// What it is.
    pub value: EntryValue<'a>,
}

/// What a literal is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EntryValue<'a> {
    /// Text.
    Text(&'a str),
    /// A number in millionths.
    Number(i128),
    /// A day.
    Date(jiff::civil::Date),
    /// Anything else.
    Other,
}

impl<'a> Entry<'a> {
    /// The literal that an expression is.
    pub fn of(expr: &'a Expr) -> Entry<'a> {
        let value = match &*expr.kind {
            ExprKind::Text(text) => EntryValue::Text(text),
            ExprKind::Number(number) => EntryValue::Number(number.micros),
            ExprKind::Negate(inner) => match &*inner.kind {
                ExprKind::Number(number) => EntryValue::Number(-number.micros),
                _ => EntryValue::Other,
            },
            ExprKind::Date(date) => EntryValue::Date(*date),
            _ => EntryValue::Other,
        };
        Entry { span: expr.span, value }
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&'a str> {
        match self.value {
            EntryValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A comparison of a field with literals.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// The field.
    pub column: Column,
    /// How.
    pub how: How,
    /// With what.
    pub entries: Vec<Entry<'a>>,
    /// The name of the list that they come from.
    pub list: Option<&'a Name>,
    /// The field as written; none in a case of `by`.
    pub value: Option<Span>,
    /// The literals as written, brackets included, or the name of the list.
    pub with: Span,
    /// The whole comparison.
    pub span: Span,
}

/// Several literals that stand together.
#[derive(Clone, Debug)]
pub struct Set<'a> {
    /// The list that declares them.
    pub list: Option<&'a Name>,
    /// Whether they stand in a file of their own.
    pub file: bool,
    /// Whether they are the patterns of this operator.
    pub op: Option<TextOp>,
    /// The literals.
    pub entries: Vec<Entry<'a>>,
}

/// Everything that decisions compare fields with: tests are left out.
pub fn compared<'a>(context: &Context<'a>) -> Vec<Compared<'a>> {
    let mut reader = Reader::new(context);
    for item in context.items() {
        if !matches!(item.value, ItemKind::Test(_)) {
            reader.item(item);
        }
    }
    reader.found
}

/// All sets of literals but those of tests: declared lists, lists in expressions, texts that mean missing.
pub fn sets<'a>(context: &Context<'a>) -> Vec<Set<'a>> {
    let mut sets = Vec::new();
    let plain =
        |exprs: &'a [Expr], op| Set { list: None, file: false, op, entries: exprs.iter().map(Entry::of).collect() };
    for item in context.items() {
        match &item.value {
            ItemKind::Test(_) => continue,
            ItemKind::List { name, source, .. } => {
                let file = matches!(source, ListSource::File { .. });
                sets.push(Set { list: Some(name), file, op: None, entries: list_entries(context, source) });
            }
            ItemKind::Lead { missing, fields } => {
                sets.extend(missing.iter().map(|missing| plain(missing, None)));
                sets.extend(missing_clauses(fields).into_iter().map(|missing| plain(missing, None)));
            }
            ItemKind::Event { fields, .. } => {
                sets.extend(missing_clauses(fields).into_iter().map(|missing| plain(missing, None)));
            }
            _ => {}
        }
        item.walk(&mut |expr| {
            let (of, op) = match &*expr.kind {
                ExprKind::In(_, _, set) => (set, None),
                ExprKind::Has(_, pattern) => (&pattern.of, None),
                ExprKind::TextTest(_, op, pattern) => (&pattern.of, Some(*op)),
                _ => return,
            };
            if let ExprKind::List(entries) = &*of.kind {
                sets.push(plain(entries, op));
            }
        });
    }
    sets
}

fn missing_clauses(fields: &[crate::syntax::ast::Field]) -> Vec<&[Expr]> {
    let mut found = Vec::new();
    for field in fields {
        for clause in &field.clauses {
            if let FieldClause::Missing(entries, _) = clause {
                found.push(entries.as_slice());
            }
        }
        if let crate::syntax::ast::TypeExpr::Record(fields, _) = &field.ty {
            found.extend(missing_clauses(fields));
        }
    }
    found
}

fn list_entries<'a>(context: &Context<'a>, source: &'a ListSource) -> Vec<Entry<'a>> {
    match source {
        ListSource::Inline(entries, _) => entries.iter().map(Entry::of).collect(),
        ListSource::File { path, .. } => {
            let entries = context.loaded().lists.get(path).unwrap_or_default();
            entries.iter().map(|entry| Entry { span: entry.span, value: EntryValue::Text(&entry.value) }).collect()
        }
    }
}

struct Reader<'c, 'a> {
    context: &'c Context<'a>,
    fields: HashMap<&'a str, FieldId>,
    events: HashMap<&'a str, EventTypeId>,
    lists: HashMap<&'a str, (&'a Name, &'a ListSource)>,
    /// The event types that a `where` looks at.
    scope: Option<EventTypeId>,
    /// What a `by` looks at.
    subject: Option<Column>,
    found: Vec<Compared<'a>>,
}

impl<'c, 'a> Reader<'c, 'a> {
    fn new(context: &'c Context<'a>) -> Reader<'c, 'a> {
        let schema = &context.program().schema;
        let fields = schema.fields.iter().enumerate();
        let mut events: HashMap<&str, EventTypeId> = HashMap::new();
        for (place, event) in schema.events.iter().enumerate() {
            events.insert(&event.name, EventTypeId(place as u16));
        }
        let mut lists = HashMap::new();
        for item in context.items() {
            match &item.value {
                // The fields of a group are alike in all of its types: the first stands for them.
                ItemKind::EventGroup { name, of, .. } => {
                    let first = of.first().and_then(|first| events.get(first.value.as_str()).copied());
                    events.extend(first.map(|first| (name.value.as_str(), first)));
                }
                ItemKind::List { name, source, .. } => {
                    lists.insert(name.value.as_str(), (name, source));
                }
                _ => {}
            }
        }
        Reader {
            context,
            fields: fields.map(|(place, field)| (field.name.as_str(), FieldId(place as u16))).collect(),
            events,
            lists,
            scope: None,
            subject: None,
            found: Vec::new(),
        }
    }

    fn item(&mut self, item: &'a Item) {
        match &item.value {
            ItemKind::Score(group) => self.group(group),
            _ => item.expressions().into_iter().for_each(|expr| self.expr(expr)),
        }
    }

    fn group(&mut self, group: &'a Group) {
        for part in &group.parts {
            match part {
                Part::Group(group) => self.group(group),
                Part::Rule(rule) => self.worth(&rule.worth),
                Part::Include(_) | Part::Junk(_) => {}
            }
        }
    }

    fn worth(&mut self, worth: &'a Worth) {
        match worth {
            Worth::By { value, cases } => {
                self.expr(value);
                self.subject = self.column(value);
                for case in cases {
                    if let CaseTest::Operator(expr) = &case.test {
                        self.expr(expr);
                    }
                }
                self.subject = None;
            }
            Worth::Per { events, .. } => self.events(events),
            _ => worth.expressions().into_iter().for_each(|expr| self.expr(expr)),
        }
    }

    fn events(&mut self, events: &'a Events) {
        let before = std::mem::replace(&mut self.scope, self.events.get(events.name.value.as_str()).copied());
        if let Some(condition) = &events.condition {
            self.expr(condition);
        }
        self.scope = before;
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &*expr.kind {
            ExprKind::Compare(op, value, literal) => {
                let how = match op {
                    CompareOp::Is => How::Is(false),
                    CompareOp::IsNot => How::Is(true),
                    _ => How::Order,
                };
                self.comparison(expr, value, how, literal);
            }
            ExprKind::Exactly(value, _, literal) => self.comparison(expr, value, How::Exactly, literal),
            ExprKind::In(value, negated, set) => self.comparison(expr, value, How::In(*negated), set),
            ExprKind::Has(value, pattern) => self.comparison(expr, value, How::Has, &pattern.of),
            ExprKind::TextTest(value, op, pattern) => self.comparison(expr, value, How::Text(*op), &pattern.of),
            _ => {}
        }
        if let Some(events) = expr.events() {
            self.events(events);
        } else {
            expr.children().into_iter().for_each(|child| self.expr(child));
        }
    }

    fn comparison(&mut self, whole: &'a Expr, value: &'a Expr, how: How, with: &'a Expr) {
        let Some(column) = self.column(value) else { return };
        let mut list = None;
        let entries = match &*with.kind {
            ExprKind::List(entries) => entries.iter().map(Entry::of).collect(),
            ExprKind::Path(path) => match path.parts.as_slice() {
                [name] if self.lists.contains_key(name.value.as_str()) => {
                    let (declared, source) = self.lists[name.value.as_str()];
                    list = Some(declared);
                    list_entries(self.context, source)
                }
                _ => return,
            },
            _ => vec![Entry::of(with)],
        };
        let value = (!matches!(&*value.kind, ExprKind::Subject)).then_some(value.span);
        self.found.push(Compared { column, how, entries, list, value, with: with.span, span: whole.span });
    }

    /// The field that an expression is.
    fn column(&self, expr: &Expr) -> Option<Column> {
        match &*expr.kind {
            ExprKind::Path(path) => self.path(path),
            ExprKind::Subject => self.subject,
            _ => None,
        }
    }

    fn path(&self, path: &Path) -> Option<Column> {
        let joined = |parts: &[Name]| parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".");
        let name = joined(&path.parts);
        if let Some(ty) = self.scope {
            let fields = &self.context.program().schema.event(ty).fields;
            if let Some(place) = fields.iter().position(|field| field.name == name) {
                return Some(Column::Event(ty, place as u16));
            }
        }
        let name = match path.parts.as_slice() {
            [first, rest @ ..] if first.value == "lead" && !rest.is_empty() => joined(rest),
            _ => name,
        };
        self.fields.get(name.as_str()).map(|field| Column::Lead(*field))
    }
}
