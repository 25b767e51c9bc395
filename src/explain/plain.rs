//! Single conditions in words: what they come to, and what they would have to come to.

use super::model::{EventsSeen, Reading, ReadingKind};
use super::readings::path;
use super::show;
use super::text::phrase;
use super::why::{Why, peeled};
use crate::check::hir::{Expr, ExprKind, FitId};
use crate::model::{DomainKind, Literal, Scalar, Tri, Type};
use crate::syntax::ast::CompareOp;

impl Why<'_> {
    /// A condition that is not told by its parts: `Lead score is 25; 30 or more is needed (5 short)`. Where it has the
    /// wanted value nothing more is needed: `Lead score is 31.1762 (30 or more)`.
    pub(super) fn plain(self, expr: &Expr, wanted: bool) -> String {
        let (expr, wanted) = peeled(expr, wanted);
        let truth = self.truth(expr);
        let met = truth == Tri::from(wanted);
        match &expr.kind {
            ExprKind::Compare(op, a, b) => self.compared(expr, a, &self.bound(*op, wanted, a, b), met),
            ExprKind::Between(value, low, high) => {
                let not = if wanted { "" } else { "not " };
                let bounds = format!("{not}between {} and {}", self.side(low), self.side(high));
                self.compared(expr, value, &bounds, met)
            }
            ExprKind::Fits(fit) => self.fit_in_words(*fit, wanted, met),
            ExprKind::FitUnknown(fit) => {
                let known = if truth.is_true() { "is not known" } else { "is known" };
                format!("whether {} fits {known}", self.program.fits[fit.index()].label)
            }
            ExprKind::Disqualified => format!("is {}disqualified", if truth.is_true() { "" } else { "not " }),
            ExprKind::DisqualifiedBy(reason) => {
                let label = &self.program.reasons[reason.index()].label;
                format!("is {}disqualified: {label}", if truth.is_true() { "" } else { "not " })
            }
            ExprKind::Define(define) => self.named_condition(&self.program.defines[define.index()].label, truth),
            ExprKind::Check(check) => self.named_condition(&self.program.checks[check.index()].label, truth),
            ExprKind::Field(_) => {
                let name = self.subject(expr);
                match (truth, met) {
                    (Tri::Unknown, _) => format!("{name} is not known"),
                    (_, true) => format!("{name} is {}", truth.as_str()),
                    (_, false) => format!("{name} is {}; {wanted} is needed", truth.as_str()),
                }
            }
            _ => self.other(expr, wanted, met),
        }
    }

    fn named_condition(self, label: &str, truth: Tri) -> String {
        match truth {
            Tri::True => format!("{label}: yes"),
            Tri::False => format!("{label}: no"),
            Tri::Unknown => format!("{label}: not known"),
        }
    }

    fn fit_in_words(self, fit: FitId, wanted: bool, met: bool) -> String {
        let declared = &self.program.fits[fit.index()];
        let checks = declared.checks.len();
        let reading = self.fit(fit);
        let verdict = match reading.value.value.as_bool() {
            Some(true) => format!("{} fits", declared.label),
            Some(false) => format!("{} does not fit", declared.label),
            None => format!("not known whether {} fits", declared.label),
        };
        let passed = reading.note.unwrap_or_default();
        match (met, wanted) {
            (true, _) => format!("{verdict}: {passed}"),
            (false, true) if usize::from(declared.needs) == checks => format!("{verdict}: {passed}, all are needed"),
            (false, true) => format!("{verdict}: {passed}, {} are needed", declared.needs),
            (false, false) => format!("{verdict}: {passed}; it must fail"),
        }
    }

    /// `income is 90,000 USD; 100k USD or more is needed (10,000 USD short)`
    fn compared(self, expr: &Expr, left: &Expr, bound: &str, met: bool) -> String {
        let name = self.subject(left);
        let value = self.value_of(left);
        match (&value, met) {
            (None, _) => {
                let missing = self.missing_names(left);
                let whose = if missing.is_empty() || missing == name { String::new() } else { format!(" ({missing})") };
                format!("{name} is not known{whose}; {bound} is needed")
            }
            (Some(value), true) if value.eq_ignore_ascii_case(bound) => format!("{name} is {value}"),
            (Some(value), true) => format!("{name} is {value} ({bound})"),
            (Some(value), false) => {
                let gap = match self.gap(expr) {
                    Some(gap) if gap.short => format!(" ({} short)", gap.text),
                    Some(gap) => format!(" ({} too much)", gap.text),
                    None => String::new(),
                };
                let unknown = if self.truth(expr) == Tri::Unknown { "; the other side is not known" } else { "" };
                format!("{name} is {value}; {bound} is needed{gap}{unknown}")
            }
        }
    }

    /// The fields that a value is missing for.
    fn missing_names(self, expr: &Expr) -> String {
        let fields = super::why::missing_fields(self.program, self.ledger, expr);
        let names: Vec<&str> = fields.iter().map(|field| self.program.schema.field(*field).name.as_str()).collect();
        names.join(", ")
    }

    /// What is compared, by its label where it has one.
    fn subject(self, expr: &Expr) -> String {
        let program = self.program;
        match &expr.kind {
            ExprKind::Field(field) => program.schema.field(*field).name.clone(),
            ExprKind::Points(part) => {
                let declared = &program.parts[part.index()];
                match declared.score == *part {
                    true => declared.label.clone(),
                    false => format!("“{}” ({})", declared.label, path(program, *part)),
                }
            }
            ExprKind::Define(define) => program.defines[define.index()].label.clone(),
            ExprKind::Band(bands) => program.bands[bands.index()].label.clone(),
            ExprKind::Cell(matrix) => program.matrices[matrix.index()].label.clone(),
            ExprKind::Stage => "the stage".to_owned(),
            _ => phrase::source(&show::source(program, expr.span)),
        }
    }

    fn value_of(self, expr: &Expr) -> Option<String> {
        match self.ledger.value(expr.id) {
            None | Some(Literal::Missing) => None,
            Some(value) => Some(phrase::cut_value(&self.choice_label(expr, value))),
        }
    }

    /// Bands, cells and stages by their labels, everything else as it is shown anywhere.
    fn choice_label(self, expr: &Expr, value: &Literal) -> String {
        if let (Literal::Choice(choice), Type::One(Scalar::Choice(domain))) = (value, expr.ty) {
            let domain = self.program.schema.domain(domain);
            if !matches!(domain.kind, DomainKind::OneOf | DomainKind::Ranked)
                && let Some(choice) = domain.choices.get(usize::from(*choice))
            {
                return choice.label.clone();
            }
        }
        show::show_value(self.program, expr.ty, value)
    }

    /// The other side of a comparison: as written, and its value where that is not written.
    fn side(self, expr: &Expr) -> String {
        let written = phrase::source(&show::source(self.program, expr.span));
        match &expr.kind {
            ExprKind::Constant(literal @ Literal::Choice(_)) => self.choice_label(expr, literal),
            ExprKind::Constant(literal) => {
                let value = show::show_value(self.program, expr.ty, literal);
                // `1_000` is for policies; a constant that has a name is told by its value too.
                let named = written.starts_with(|c: char| c.is_ascii_lowercase()) && !value.starts_with(&written);
                match (named, written.contains('_')) {
                    (true, _) => format!("{value} ({written})"),
                    (false, true) => value,
                    (false, false) => written,
                }
            }
            ExprKind::Define(define) => match self.value_of(expr) {
                Some(value) => format!("{value} ({})", self.program.defines[define.index()].label),
                None => format!("{} (not known)", self.subject(expr)),
            },
            _ => match self.value_of(expr) {
                Some(value) => format!("{} ({value})", self.subject(expr)),
                None => format!("{} (not known)", self.subject(expr)),
            },
        }
    }

    /// What a comparison asks for: `30 or more`, `"US"`, `anything but "US"`.
    fn bound(self, op: CompareOp, wanted: bool, left: &Expr, right: &Expr) -> String {
        let side = self.side(right);
        let op = if wanted { op } else { opposite(op) };
        let time = matches!(left.ty, Type::One(Scalar::Date | Scalar::Time));
        let rank = matches!(left.ty, Type::One(Scalar::Choice(_)));
        let (more, less) = match (time, rank) {
            (true, _) => ("later", "earlier"),
            (_, true) => ("higher", "lower"),
            _ => ("more", "less"),
        };
        let (over, under) = match (time, rank) {
            (true, _) => ("after", "before"),
            (_, true) => ("above", "below"),
            _ => ("more than", "less than"),
        };
        match op {
            CompareOp::Is => side,
            CompareOp::IsNot => format!("anything but {side}"),
            CompareOp::GreaterOrEqual => format!("{side} or {more}"),
            CompareOp::LessOrEqual => format!("{side} or {less}"),
            CompareOp::Greater => format!("{over} {side}"),
            CompareOp::Less => format!("{under} {side}"),
        }
    }

    /// Every other condition: as the policy writes it, and what it reads.
    fn other(self, expr: &Expr, wanted: bool, met: bool) -> String {
        let written = phrase::source(&show::source(self.program, expr.span));
        let asked = if wanted { written.clone() } else { format!("not {written}") };
        let readings = self.readings(expr);
        if let [Reading { kind: ReadingKind::Events, events: Some(events), .. }] = readings.as_slice() {
            let found = found(events);
            return if met { format!("{asked}: {found}") } else { format!("{found}; needed: {asked}") };
        }
        let told: Vec<String> = readings.iter().map(|reading| self.reading_in_words(reading)).collect();
        let told = told.join(", ");
        match (met, told.is_empty()) {
            (_, true) => format!("{asked}: {}", self.truth(expr).as_str()),
            (true, _) => format!("{asked} ({told})"),
            (false, _) => format!("{told}; needed: {asked}"),
        }
    }

    fn reading_in_words(self, reading: &Reading) -> String {
        if reading.kind != ReadingKind::Events && reading.value.value.is_null() && reading.events.is_none() {
            return format!("{} is not known", phrase::source(&reading.source));
        }
        phrase::reading(reading, false)
    }
}

/// The events that a question was answered with.
fn found(events: &EventsSeen) -> String {
    match (events.count, events.outside) {
        (0, 0) => "none so far".to_owned(),
        (0, 1) => match &events.latest_outside {
            Some(at) => format!("none in time (1 earlier, {})", at.ago),
            None => "none in time (1 earlier)".to_owned(),
        },
        (0, outside) => match &events.latest_outside {
            Some(at) => format!("none in time ({outside} earlier, the latest {})", at.ago),
            None => format!("none in time ({outside} earlier)"),
        },
        _ => phrase::events(events),
    }
}

fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Is => CompareOp::IsNot,
        CompareOp::IsNot => CompareOp::Is,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}
