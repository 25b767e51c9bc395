//! What the conditions on one text came to, remembered by the text: titles, countries and domains repeat from lead to
//! lead. A row of the memory is filled by the evaluator itself, so that it holds what the evaluator would say.

use super::remembered::{LONGEST, Listed, Row, TRIAL, Table};
use super::run::Run;
use super::{Evaluator, Nothing, Recorder};
use crate::builtins::{Function, Matcher};
use crate::check::hir::{Expr, ExprKind, PartKind, Program, Set, Step};
use crate::model::{FieldId, Lead, Scalar, Tri, Type, Value, text};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;

/// A text that conditions look at: a text field, or the domain in one, of the lead or of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectId(u16);

impl SubjectId {
    pub(super) fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// The subjects of a policy and where the conditions on them are remembered.
#[derive(Debug)]
pub(super) struct Subjects<'p> {
    subjects: Vec<Subject<'p>>,
    /// By expression: the subject plus one in the upper half, the place in a row in the lower; 0 for the others.
    places: Vec<u32>,
    /// By field of the lead: the subjects that rest on it alone.
    by_field: Vec<Vec<SubjectId>>,
}

#[derive(Debug)]
struct Subject<'p> {
    text: &'p Expr,
    /// The field of the lead; none for an event's.
    field: Option<FieldId>,
    conditions: Vec<&'p Expr>,
}

impl Subject<'_> {
    fn table(&self) -> Table {
        let mut table = Table::new(self.conditions.len(), self.conditions.iter().any(|condition| is_dear(condition)));
        if self.rests_on_text() {
            let sets = self.conditions.iter().filter_map(|condition| match &condition.kind {
                ExprKind::In { set: Set::Texts(texts), negated, .. } => Some((texts, *negated)),
                _ => None,
            });
            table.listed = Listed::new(sets.clone().flat_map(|(texts, _)| texts.iter().map(|text| &**text)));
            table.elsewhere = sets.map(|(_, negated)| Tri::from(negated)).collect();
        }
        table
    }

    /// Whether what is remembered of a subject is found by its text alone, without the lead: in lists.
    fn rests_on_text(&self) -> bool {
        let in_list = |expr: &&Expr| matches!(expr.kind, ExprKind::In { set: Set::Texts(_), .. });
        self.field.is_some() && self.conditions.iter().all(in_list)
    }
}

/// Two texts are the same subject when they are read in the same way.
fn same_text(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Field(a), ExprKind::Field(b)) => a == b,
        (ExprKind::EventField(a), ExprKind::EventField(b)) => a == b,
        (ExprKind::Call(Function::Domain, a), ExprKind::Call(Function::Domain, b)) => {
            matches!((&a[..], &b[..]), ([a], [b]) if same_text(a, b))
        }
        _ => false,
    }
}

/// Whether an expression is a text that may be a subject.
fn is_text(expr: &Expr) -> bool {
    expr.ty == Type::One(Scalar::Text)
        && match &expr.kind {
            ExprKind::Field(_) | ExprKind::EventField(_) => true,
            ExprKind::Call(Function::Domain, arguments) => {
                matches!(&arguments[..], [of] if matches!(of.kind, ExprKind::Field(_) | ExprKind::EventField(_)))
            }
            _ => false,
        }
}

fn field_of(text: &Expr) -> Option<FieldId> {
    match &text.kind {
        ExprKind::Field(field) => Some(*field),
        ExprKind::Call(_, arguments) => arguments.first().and_then(field_of),
        _ => None,
    }
}

/// The text that a condition looks at and nothing else.
fn looks_at(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Match { value, .. } | ExprKind::Exactly { value, .. } => Some(value),
        ExprKind::In { value, set: Set::Texts(_), .. } => Some(value),
        ExprKind::Compare(CompareOp::Is | CompareOp::IsNot, a, b) => match (&a.kind, &b.kind) {
            (_, ExprKind::Constant(_)) => Some(a),
            (ExprKind::Constant(_), _) => Some(b),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a condition costs more than looking its text up.
pub(super) fn is_dear(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Match { matcher, .. }
        if !matches!(**matcher, Matcher::StartsWith(_) | Matcher::EndsWith(_)))
}

impl<'p> Subjects<'p> {
    pub(super) fn new(program: &'p Program) -> Subjects<'p> {
        let mut found: Vec<Subject<'p>> = Vec::new();
        let mut add = |text: &'p Expr, condition: &'p Expr| {
            if !is_text(text) {
                return;
            }
            match found.iter_mut().find(|subject| same_text(subject.text, text)) {
                Some(subject) if subject.conditions.iter().any(|known| known.id == condition.id) => {}
                Some(subject) => subject.conditions.push(condition),
                None => found.push(Subject { text, field: field_of(text), conditions: vec![condition] }),
            }
        };
        for step in &program.order {
            // What a case says of the value that its `by` looks at, it says of that text.
            let by = match step {
                Step::Part(part) => match &program.parts[part.index()].kind {
                    PartKind::By { value, .. } => Some(value),
                    _ => None,
                },
                _ => None,
            };
            program.walk_step(*step, &mut |expr| match (looks_at(expr), by) {
                (Some(Expr { kind: ExprKind::Subject, .. }), Some(by)) => add(by, expr),
                (Some(text), _) => add(text, expr),
                (None, _) => {}
            });
        }
        found.retain(|subject| subject.conditions.len() > 1 || subject.conditions.iter().any(|expr| is_dear(expr)));
        found.truncate(usize::from(u16::MAX) - 1);
        let mut places = vec![0; program.expressions as usize];
        let mut by_field = vec![Vec::new(); program.schema.fields.len()];
        for (number, subject) in found.iter_mut().enumerate() {
            subject.conditions.truncate(usize::from(u16::MAX));
            for (place, condition) in subject.conditions.iter().enumerate() {
                if let Some(slot) = places.get_mut(condition.id.index()) {
                    *slot = (number as u32 + 1) << 16 | place as u32;
                }
            }
            if let Some(subjects) = subject.field.and_then(|field| by_field.get_mut(field.index())) {
                subjects.push(SubjectId(number as u16));
            }
        }
        Subjects { subjects: found, places, by_field }
    }

    /// The lead's field that a subject rests on alone.
    pub(super) fn field(&self, number: usize) -> Option<FieldId> {
        self.subjects.get(number).and_then(|subject| subject.field)
    }

    /// Whether what is remembered of a subject is found by its text alone.
    pub(super) fn rests_on_text(&self, number: usize) -> bool {
        self.subjects.get(number).is_some_and(Subject::rests_on_text)
    }

    /// A subject's text, of the value of its field.
    pub(super) fn text<'a>(&self, number: usize, value: Value<'a>, arena: &'a Bump) -> Value<'a> {
        match self.subjects.get(number).map(|subject| &subject.text.kind) {
            Some(ExprKind::Call(function, _)) => function.evaluate(&[value], arena),
            _ => value,
        }
    }

    /// Whether a subject is a text of the lead, not of an event.
    pub(super) fn is_of_lead(&self, number: usize) -> bool {
        self.field(number).is_some()
    }

    /// The subject of a condition, and its place in a row.
    #[inline(always)]
    pub(super) fn place(&self, condition: &Expr) -> Option<(usize, usize)> {
        let place = self.places.get(condition.id.index()).copied().unwrap_or(0);
        Some((((place >> 16) as usize).checked_sub(1)?, (place & 0xffff) as usize))
    }
}

/// What was remembered of texts; one for each thread, used again from lead to lead.
#[derive(Debug)]
pub struct Memo {
    tables: Vec<Table>,
    by_field: Vec<Vec<SubjectId>>,
    /// By subject: the row of the lead at hand.
    rows: Vec<Row>,
}

impl Memo {
    /// The subjects that rest on a field of the lead alone.
    pub fn subjects(&self, field: FieldId) -> &[SubjectId] {
        self.by_field.get(field.index()).map_or(&[], Vec::as_slice)
    }

    /// Says what row a subject of the next lead has; it is then not looked up by its text.
    #[inline(always)]
    pub fn set(&mut self, subject: SubjectId, row: Row) {
        if let Some(slot) = self.rows.get_mut(usize::from(subject.0)) {
            *slot = row;
        }
    }

    /// Empties what has grown to its bound, between leads: all rows that were given are gone.
    pub fn tidy(&mut self) {
        self.tables.iter_mut().filter(|table| table.is_full()).for_each(Table::clear);
        self.begin_block();
        self.rows.fill(Row::NONE);
    }

    /// Before the next block.
    pub(super) fn begin_block(&mut self) {
        self.tables.iter_mut().for_each(Table::begin_block);
    }

    #[inline(always)]
    pub(super) fn forget_lead(&mut self) {
        self.rows.fill(Row::NONE);
    }

    /// How many subjects there are.
    pub(super) fn subject_count(&self) -> usize {
        self.tables.len()
    }

    /// A word of each of these rows: two bits for each of 32 conditions, 0 false, 1 true, 2 unknown; unknown for rows
    /// that are not there.
    pub(super) fn words<'a>(&self, subject: usize, rows: &[Row], word: usize, arena: &'a Bump) -> &'a [u64] {
        let Some(table) = self.tables.get(subject) else { return &[] };
        let words = rows.iter().map(|row| {
            let at = (row.0 as usize).checked_mul(table.words).map(|at| at + word);
            at.and_then(|at| table.bits.get(at)).copied().unwrap_or(UNKNOWN)
        });
        arena.alloc_slice_fill_iter(words)
    }
}

/// All conditions of a word are unknown.
const UNKNOWN: u64 = 0xaaaa_aaaa_aaaa_aaaa;

impl Evaluator<'_> {
    /// A memory for texts, for [`Evaluator::evaluate_with`].
    pub fn memo(&self) -> Memo {
        let subjects = &self.subjects.subjects;
        Memo {
            tables: subjects.iter().map(Subject::table).collect(),
            by_field: self.subjects.by_field.clone(),
            rows: vec![Row::NONE; subjects.len()],
        }
    }

    /// The row of a subject for this value of its field; [`Row::NONE`] where it is not remembered.
    pub fn row(&self, memo: &mut Memo, subject: SubjectId, value: Value<'_>) -> Row {
        let Some(field) = self.subjects.subjects.get(usize::from(subject.0)).and_then(|subject| subject.field) else {
            return Row::NONE;
        };
        let arena = Bump::new();
        let fields = arena.alloc_slice_fill_copy(self.program.schema.fields.len(), Value::Missing);
        if let Some(slot) = fields.get_mut(field.index()) {
            *slot = value;
        }
        let lead = Lead { key: "", fields, events: &[] };
        let mut nothing = Nothing;
        let mut run = Run::new(self, &lead, &arena, &mut nothing, Some(&mut *memo));
        let row = run.look_up(usize::from(subject.0));
        memo.forget_lead();
        row
    }
}

impl<'a, R: Recorder> Run<'a, '_, R> {
    /// The value of a condition that is remembered by its text; none where it has to be worked out.
    #[inline(always)]
    pub(super) fn remembered(&mut self, condition: &'a Expr) -> Option<Value<'a>> {
        if R::RECORDS || self.filling {
            return None;
        }
        let memo = self.memo.as_ref()?;
        let (subject, place) = self.evaluator.subjects.place(condition)?;
        let row = match memo.rows.get(subject) {
            Some(row) if *row != Row::NONE => *row,
            _ => {
                let row = self.look_up(subject);
                if row == Row::NONE {
                    return None;
                }
                row
            }
        };
        Some(self.memo.as_ref()?.tables.get(subject)?.get(row, place).value())
    }

    /// The row of a subject for the lead or event at hand, made where it is new.
    pub(super) fn look_up(&mut self, number: usize) -> Row {
        self.look_up_for(number, false)
    }

    /// As [`Run::look_up`]; with `passing` the row may be good until the next block only, which spares much where texts
    /// hardly repeat.
    pub(super) fn look_up_for(&mut self, number: usize, passing: bool) -> Row {
        let evaluator = self.evaluator;
        let Some(subject) = evaluator.subjects.subjects.get(number) else { return Row::NONE };
        if self.memo.as_ref().and_then(|memo| memo.tables.get(number)).is_none_or(|table| table.off && !passing) {
            return Row::NONE;
        }
        let value = match subject.text.kind {
            ExprKind::Field(field) => self.lead.field(field),
            _ => self.value(subject.text),
        };
        self.look_up_value(number, value, passing)
    }

    /// As [`Run::look_up_for`], of a subject's value.
    #[inline]
    pub(super) fn look_up_value(&mut self, number: usize, value: Value<'a>, passing: bool) -> Row {
        let evaluator = self.evaluator;
        let Some(subject) = evaluator.subjects.subjects.get(number) else { return Row::NONE };
        let lasting = subject.field.is_some();
        let Some(table) = self.memo.as_mut().and_then(|memo| memo.tables.get_mut(number)) else { return Row::NONE };
        let (row, new) = match value {
            Value::Text(text) => {
                let (hash, found) = match table.find_recent(text) {
                    Some(row) => (0, Some(row)),
                    None if table.is_elsewhere(text) => (0, Some(Row::ELSEWHERE)),
                    None => table.find(text),
                };
                match found {
                    Some(row) => (row, false),
                    None if passing && table.closed => {
                        table.misses = table.misses.saturating_add(1);
                        (table.add_passing(), true)
                    }
                    None if table.has_passing() => return Row::NONE,
                    None => {
                        table.misses = table.misses.saturating_add(1);
                        if table.lookups >= TRIAL && table.misses > table.lookups / 4 * 3 {
                            table.off = true;
                        }
                        if table.off || text.len() > LONGEST || table.is_full() {
                            return Row::NONE;
                        }
                        (table.add(text, hash), true)
                    }
                }
            }
            _ => (Row::MISSING, !std::mem::replace(&mut table.missing_known, true)),
        };
        if new {
            self.fill(number, row, value, &subject.conditions);
        }
        if lasting && let Some(slot) = self.memo.as_mut().and_then(|memo| memo.rows.get_mut(number)) {
            *slot = row;
        }
        row
    }

    #[cold]
    fn fill(&mut self, number: usize, row: Row, value: Value<'a>, conditions: &'a [&'a Expr]) {
        let before = (std::mem::replace(&mut self.subject, value), std::mem::replace(&mut self.filling, true));
        let mut folded = None;
        for (place, condition) in conditions.iter().enumerate() {
            let tri = match (&condition.kind, value) {
                (ExprKind::In { set: Set::Texts(texts), negated, .. }, Value::Text(text)) => {
                    let folded = *folded.get_or_insert_with(|| text::fold_in(text, self.arena));
                    Tri::from(texts.contains(folded) != *negated)
                }
                _ => self.condition(condition),
            };
            if let Some(table) = self.memo.as_mut().and_then(|memo| memo.tables.get_mut(number)) {
                table.set(row, place, tri);
            }
        }
        (self.subject, self.filling) = before;
    }
}
