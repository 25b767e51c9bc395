//! The policy's own tests as dbt's unit tests: the lead and its events as rows, and of the decision what the test speaks
//! of.

use super::answer::answer;
use super::jinja::{escaped, input};
use super::properties::text;
use super::{AS_OF, INCOMPLETE, Options};
use crate::check::hir::{ExprKind, Program, Test};
use crate::eval::{Decision, Evaluator, Tester};
use crate::model::time::{AsOf, display_instant, from_days};
use crate::model::{Field, Lead, Literal, Scalar, Type, number};
use crate::sql::{self, Column, ColumnType, OutputColumn, What, columns, layout};
use std::fmt::Write;

/// The unit tests of a policy.
pub struct Tests {
    /// What stands below `unit_tests:`.
    pub yaml: String,
    /// How many they are.
    pub made: usize,
}

/// The policy's tests. The query leaves leads out that lack a required field, save where a test's lead does.
pub fn tests(program: &Program, options: &Options) -> Tests {
    let mut tests = Tests { yaml: String::new(), made: 0 };
    let mut asked = sql::Options::new(options.dialect);
    asked.explain = options.explain;
    let (layout, columns) = (layout(program, &asked), columns(program, &asked));
    let tester = Tester::new(program);
    for (place, test) in program.tests.iter().enumerate() {
        let lacks = program.schema.fields.iter().zip(&test.lead);
        let lacks = lacks.into_iter().any(|(field, value)| field.required && !field.key && *value == Literal::Missing);
        let more = if lacks { format!("        {INCOMPLETE}: true\n") } else { String::new() };
        tests.made += 1;
        let writer = Writer { program, options, test };
        let leads = writer.rows(&layout.leads, vec![writer.lead(&layout.leads)]);
        let events = test.events.iter().map(|event| writer.event(&layout.events, event)).collect();
        let expected = tester.decide(test, |lead, outcome| {
            let evaluator = Evaluator::new(program, AsOf::new(test.as_of, &program.zone));
            let lead = Lead { key: &writer.key(), ..*lead };
            let decision = Decision::new(&evaluator, &lead, outcome, &[]);
            let spoken = columns.iter().filter(|column| column.what == What::Key || writer.speaks_of(column));
            let cells = spoken.map(|column| (column, answer(&evaluator, outcome, &decision, column.what)));
            cells.map(|(column, value)| format!("{}: {}", text(&column.name), cell(column, value))).collect::<Vec<_>>()
        });
        let given = |name: &str, rows: &str| {
            // Rows written as SQL are read as a template twice.
            let rows = text(&escaped(rows));
            format!("      - input: {}\n        format: sql\n        rows: {rows}\n", text(&input(name)))
        };
        let _ = write!(
            tests.yaml,
            "  - name: {}\n    description: {}\n    model: {}\n    overrides:\n      vars:\n        {AS_OF}: \"{}\"\n{more}    given:\n{}",
            text(&format!("{}_test_{}", options.model, place + 1)),
            text(&test.label),
            text(&options.model),
            display_instant(test.as_of),
            given(&options.leads, &leads),
        );
        if !layout.events.is_empty() {
            tests.yaml.push_str(&given(&options.events, &writer.rows(&layout.events, events)));
        }
        let _ = write!(tests.yaml, "    expect:\n      rows:\n        - {{{}}}\n", expected.join(", "));
    }
    tests
}

/// An expected value in YAML.
fn cell(column: &OutputColumn, value: Option<String>) -> String {
    match (value, column.what) {
        (None, _) => "null".to_owned(),
        (Some(value), What::Disqualified | What::Fit(_) | What::Check(_) | What::Count(..) | What::Points(_)) => value,
        (Some(value), _) => text(&value),
    }
}

struct Writer<'t> {
    program: &'t Program,
    options: &'t Options,
    test: &'t Test,
}

impl Writer<'_> {
    /// The lead's key: tests may leave it out.
    fn key(&self) -> String {
        let key = self.program.schema.key.and_then(|key| self.test.lead.get(key.index()));
        match key {
            Some(Literal::Text(text)) => text.to_string(),
            Some(Literal::Int(value)) => value.to_string(),
            _ => "1".to_owned(),
        }
    }

    /// Whether an expectation names what a column holds.
    fn speaks_of(&self, column: &OutputColumn) -> bool {
        let mut found = matches!(column.what, What::Stage) && !self.program.stages.is_empty();
        for expect in &self.test.expects {
            expect.walk(self.program, &mut |expr| {
                found |= match (&expr.kind, column.what) {
                    (ExprKind::Points(part), What::Points(of)) => *part == of,
                    (ExprKind::Check(check), What::Check(of)) => *check == of,
                    (ExprKind::Fits(fit) | ExprKind::FitUnknown(fit), What::Fit(of)) => *fit == of,
                    (ExprKind::CheckCount(fit, state), What::Count(of, counted)) => *fit == of && *state == counted,
                    (ExprKind::CheckCount(fit, _), What::Fit(of)) => *fit == of,
                    (ExprKind::Band(bands), What::Band(of)) => *bands == of,
                    (ExprKind::Cell(matrix), What::Cell(of)) => *matrix == of,
                    (ExprKind::Disqualified | ExprKind::DisqualifiedBy(_), What::DisqualifiedBy) => true,
                    (ExprKind::Disqualified, What::Disqualified) => true,
                    (ExprKind::Define(define), What::Personas) => self.program.defines[define.index()].persona,
                    _ => false,
                };
            });
        }
        found
    }

    /// Rows as a query.
    fn rows(&self, columns: &[Column], rows: Vec<Vec<String>>) -> String {
        let named = |values: Vec<String>| {
            let items = values.into_iter().zip(columns).map(|(value, column)| {
                let name = self.options.dialect.quote_name(&column.name);
                format!("{value} AS {name}")
            });
            format!("SELECT {}", items.collect::<Vec<_>>().join(", "))
        };
        if rows.is_empty() {
            let nothing = columns.iter().map(|column| self.literal(None, &column.ty)).collect();
            return format!("{} LIMIT 0", named(nothing));
        }
        rows.into_iter().map(named).collect::<Vec<_>>().join("\nUNION ALL\n")
    }

    fn lead(&self, columns: &[Column]) -> Vec<String> {
        let fields = &self.program.schema.fields;
        let value = |column: &Column| {
            let place = column.fields.first()?.index();
            let field = fields.get(place)?;
            if field.key { Some(self.key()) } else { self.spelled(field, self.test.lead.get(place)?) }
        };
        columns.iter().map(|column| self.value(value(column), column)).collect()
    }

    fn event(&self, columns: &[Column], event: &crate::check::hir::TestEvent) -> Vec<String> {
        let ty = self.program.schema.event(event.ty);
        let mut fixed =
            [self.program.schema.key.map(|_| self.key()), Some(ty.from.clone()), Some(display_instant(event.at))]
                .into_iter()
                .skip(usize::from(self.program.schema.key.is_none()));
        let value = |column: &Column, fixed: &mut dyn Iterator<Item = Option<String>>| match fixed.next() {
            Some(value) => value,
            None => {
                let (_, place) = column.event_fields.iter().find(|(id, _)| *id == event.ty)?;
                self.spelled(ty.fields.get(*place)?, event.fields.get(*place)?)
            }
        };
        columns.iter().map(|column| self.value(value(column, &mut fixed), column)).collect()
    }

    fn value(&self, value: Option<String>, column: &Column) -> String {
        self.literal(value.as_deref(), &column.ty)
    }

    fn literal(&self, value: Option<&str>, ty: &ColumnType) -> String {
        self.options.dialect.literal(value, ty)
    }

    /// A value as text; the entries of a list as a JSON array.
    fn spelled(&self, field: &Field, value: &Literal) -> Option<String> {
        Some(match value {
            Literal::Missing => return None,
            Literal::Bool(value) => value.to_string(),
            Literal::Int(value) => value.to_string(),
            Literal::Number(raw) => number::display(*raw, 6).to_string(),
            Literal::Money(raw) => number::display(*raw, 4).to_string(),
            Literal::Date(day) => from_days(*day).to_string(),
            Literal::Time(at) => display_instant(*at),
            Literal::Text(text) => text.to_string(),
            Literal::Choice(place) => match field.ty {
                Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain)) => {
                    self.program.schema.domain(domain).choices.get(*place as usize)?.name.clone()
                }
                _ => return None,
            },
            Literal::List(entries) => {
                let entries: Vec<Option<String>> = entries.iter().map(|entry| self.spelled(field, entry)).collect();
                serde_json::Value::from(entries).to_string()
            }
        })
    }
}
