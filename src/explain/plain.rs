//! Single conditions in words: what they come to, and what they would have to come to.

use super::model::{EventsSeen, Reading, ReadingKind};
use super::readings::path;
use super::show;
use super::silence::{asks_for_anything, silence};
use super::text::phrase;
use super::why::{Need, Why, peeled};
use crate::check::hir::{CheckState, Expr, ExprKind, FitId, Included, PartId, PartKind};
use crate::model::time::DAY;
use crate::model::{Literal, Problem, Scalar, Tri, Type};
use crate::syntax::ast::CompareOp;
use crate::words::{field_words, spoken_value};

impl<'p> Why<'p> {
    /// A condition that is not told by its parts: `Lead score is 25; 30 or more is needed (5 short)`. Where it has the
    /// wanted value nothing more is needed: `Lead score is 31.1762 (30 or more)`.
    pub(super) fn plain(self, expr: &Expr, wanted: bool) -> String {
        let (expr, wanted) = peeled(expr, wanted);
        let truth = self.truth(expr);
        let met = truth == Tri::from(wanted);
        if let Some((length, _, lately)) = silence(self.program, expr) {
            return self.silence_in_words(length, lately, truth, met);
        }
        match &expr.kind {
            ExprKind::Compare(op, a, b) if matches!(&b.kind, ExprKind::Constant(Literal::Bool(_))) => {
                let is = matches!(&b.kind, ExprKind::Constant(Literal::Bool(true))) == (*op == CompareOp::Is);
                self.yes_or_no(a, is == wanted, truth, met)
            }
            ExprKind::Compare(op, a, b) if matches!(a.kind, ExprKind::CheckCount(..)) => {
                self.counted(expr, a, &self.bound(*op, wanted, a, b), met)
            }
            ExprKind::Compare(op, a, b) => self.compared(expr, a, &self.bound(*op, wanted, a, b), met),
            ExprKind::Between(value, low, high) => {
                let not = if wanted { "" } else { "not " };
                let bounds = format!("{not}from {} to {}", self.side(low), self.side(high));
                self.compared(expr, value, &bounds, met)
            }
            ExprKind::Fits(fit) => self.fit_in_words(*fit, wanted, met),
            ExprKind::FitUnknown(fit) => {
                let known = if truth.is_true() { "is not known" } else { "is known" };
                format!("“{}” {known}", self.program.fits[fit.index()].label)
            }
            ExprKind::Disqualified => format!("the lead is {}disqualified", if truth.is_true() { "" } else { "not " }),
            ExprKind::DisqualifiedBy(reason) => {
                let label = &self.program.reasons[reason.index()].label;
                format!("is {}disqualified: {label}", if truth.is_true() { "" } else { "not " })
            }
            ExprKind::Define(define) => self.named_condition(&self.program.defines[define.index()].label, truth),
            ExprKind::Check(check) => self.named_condition(&self.program.checks[check.index()].label, truth),
            ExprKind::Field(_) => self.yes_or_no(expr, wanted, truth, met),
            ExprKind::IsKnown(of) => self.known_or_not(of, wanted, met),
            ExprKind::IsMissing(of) => self.known_or_not(of, !wanted, met),
            _ => self.other(expr, wanted, met),
        }
    }

    /// `30 or more is needed`; of several of which not all are needed, `30 or more would do`.
    pub(super) fn asks(self, what: &str) -> String {
        match self.need {
            Need::All => format!("{what} is needed"),
            Need::Any => format!("{what} would do"),
            Need::Kept => format!("{what} would have kept it"),
        }
    }

    /// The same of what stands behind: `needed: pets include “dog”`.
    pub(super) fn asked_for(self, what: &str) -> String {
        match self.need {
            Need::All => format!("needed: {what}"),
            Need::Any => format!("it would do if {what}"),
            Need::Kept => format!("what would have kept it: {what}"),
        }
    }

    fn named_condition(self, label: &str, truth: Tri) -> String {
        match truth {
            Tri::True => format!("{label}: yes"),
            Tri::False => format!("{label}: no"),
            Tri::Unknown => format!("{label}: not known"),
        }
    }

    fn yes_or_no(self, of: &Expr, wanted: bool, truth: Tri, met: bool) -> String {
        let name = self.subject(of);
        let word = |yes: bool| if yes { "yes" } else { "no" };
        match (truth, met, self.question(of)) {
            (Tri::Unknown, _, Some(ask)) if self.unread(of).is_none() => {
                format!("“{ask}” has no answer yet; {}", self.asks(word(wanted)))
            }
            (Tri::Unknown, ..) => format!("{}; {}", self.not_known(of), self.asks(word(wanted))),
            (_, true, _) => format!("{name} is {}", word(wanted)),
            (_, false, _) => format!("{name} is {}; {}", word(!wanted), self.asks(word(wanted))),
        }
    }

    /// `income is not known`, `income is not known: “95,000” could not be read`, `age is not known (of birth date)`
    fn not_known(self, of: &Expr) -> String {
        let name = self.subject(of);
        let verb = if matches!(of.ty, Type::List(_)) { "are" } else { "is" };
        if let Some(unread) = self.unread(of) {
            return format!("{name} {verb} not known: “{}” could not be read", phrase::cut_value(&unread.value));
        }
        let missing = self.missing_names(of);
        let whose = if missing.is_empty() || missing == name { String::new() } else { format!(" ({missing})") };
        format!("{name} {verb} not known{whose}")
    }

    /// What the record has for a field, where that could not be read.
    fn unread(self, of: &Expr) -> Option<&'p Problem> {
        let ExprKind::Field(field) = &of.kind else { return None };
        let name = self.program.schema.field(*field).name.as_str();
        self.unread.iter().find(|problem| problem.event.is_none() && problem.field == name)
    }

    /// The question of a field that is a question.
    fn question(&self, of: &Expr) -> Option<&str> {
        match &of.kind {
            ExprKind::Field(field) => self.program.schema.field(*field).ask.as_deref(),
            _ => None,
        }
    }

    fn known_or_not(self, of: &Expr, known: bool, met: bool) -> String {
        let name = self.subject(of);
        match (known, met) {
            (true, true) => format!("{name} is known"),
            (false, true) => format!("{name} is not known"),
            (true, false) if self.need == Need::Any => format!("{name} is not known; knowing it would do"),
            (true, false) => format!("{name} is not known, and has to be"),
            (false, false) => format!("{name} is known, and must not be"),
        }
    }

    /// `Company fit is not met: 1 of 3 checks fails, all have to pass`
    fn fit_in_words(self, fit: FitId, wanted: bool, met: bool) -> String {
        let declared = &self.program.fits[fit.index()];
        let all = declared.checks.len();
        let truths = || declared.checks.clone().map(|check| self.truth(&self.program.checks[check as usize].condition));
        let of = |truth: Tri| truths().filter(|other| *other == truth).count();
        let (passed, failed, unknown) = (of(Tri::True), of(Tri::False), of(Tri::Unknown));
        let needs = usize::from(declared.needs);
        let label = format!("“{}”", declared.label);
        let verdict = match (passed >= needs, passed + unknown < needs) {
            (true, _) => format!("{label} is met: {passed} of {all} checks pass"),
            (_, true) => {
                format!("{label} is not met: {failed} of {all} checks fail{}", if failed == 1 { "s" } else { "" })
            }
            _ => format!("{label}: {}", unanswered(unknown, all)),
        };
        match (met, wanted) {
            (true, _) => verdict,
            (false, true) if needs == all => format!("{verdict}, all have to pass"),
            (false, true) => format!("{verdict}, {needs} have to pass"),
            (false, false) => format!("{verdict}; it must not be met"),
        }
    }

    /// `“Five checks”: 2 checks pass; 3 or more are needed`
    fn counted(self, expr: &Expr, left: &Expr, bound: &str, met: bool) -> String {
        let (ExprKind::CheckCount(fit, state), Some(count)) = (&left.kind, self.value_of(left)) else {
            return self.compared(expr, left, bound, met);
        };
        let (one, many) = match state {
            CheckState::Passed => ("check passes", "checks pass"),
            CheckState::Failed => ("check fails", "checks fail"),
            CheckState::Unknown => ("check not known", "checks not known"),
        };
        let checks = if count == "1" { one } else { many };
        let told = format!("“{}”: {count} {checks}", self.program.fits[fit.index()].label);
        match (met, self.need) {
            (true, _) if bound == count => told,
            (true, _) => format!("{told} ({bound})"),
            (false, Need::All) => format!("{told}; {bound} are needed"),
            (false, _) => format!("{told}; {}", self.asks(bound)),
        }
    }

    /// `income is 90,000 USD; 100,000 USD or more is needed (10,000 USD short)`
    fn compared(self, expr: &Expr, left: &Expr, bound: &str, met: bool) -> String {
        let name = self.subject(left);
        match (self.value_of(left), met) {
            (None, _) => format!("{}; {}", self.not_known(left), self.asks(bound)),
            (Some(value), true) if value.eq_ignore_ascii_case(bound) => format!("{name} is {value}"),
            (Some(value), true) => format!("{name} is {value} ({bound})"),
            (Some(value), false) => {
                let gap = match self.gap(expr) {
                    Some(gap) if gap.short => format!(" ({} short)", gap.text),
                    Some(gap) => format!(" ({} too much)", gap.text),
                    None => String::new(),
                };
                let unknown = if self.truth(expr) == Tri::Unknown { "; the other side is not known" } else { "" };
                format!("{name} is {value}; {}{gap}{unknown}", self.asks(bound))
            }
        }
    }

    /// The fields that a value is missing for.
    fn missing_names(self, expr: &Expr) -> String {
        let fields = super::why::missing_fields(self.program, self.ledger, expr);
        let names: Vec<String> =
            fields.iter().map(|field| field_words(&self.program.schema.field(*field).name)).collect();
        names.join(", ")
    }

    /// What is compared, by its label where it has one.
    pub(super) fn subject(self, expr: &Expr) -> String {
        let program = self.program;
        match &expr.kind {
            ExprKind::Field(field) => field_words(&program.schema.field(*field).name),
            ExprKind::Points(part) => {
                let declared = &program.parts[part.index()];
                match (declared.score == *part, self.spoken) {
                    (true, _) => declared.label.clone(),
                    (false, Some(_)) => format!("“{}”", declared.label),
                    (false, None) => format!("“{}” ({})", declared.label, path(program, *part)),
                }
            }
            ExprKind::Define(define) => program.defines[define.index()].label.clone(),
            ExprKind::Band(bands) => program.bands[bands.index()].label.clone(),
            ExprKind::Cell(matrix) => program.matrices[matrix.index()].label.clone(),
            ExprKind::Stage => "the stage".to_owned(),
            _ => self.value_words(expr),
        }
    }

    /// A value that was worked out: by what, in words.
    fn value_words(self, expr: &Expr) -> String {
        let spoken = self.spoken.and_then(|spoken| spoken.value(expr.span));
        spoken.map_or_else(|| phrase::source(&show::source(self.program, expr.span)), phrase::source)
    }

    /// A condition in words; as written where there are none.
    pub(super) fn condition_words(self, expr: &Expr, wanted: bool) -> String {
        let spoken = self.spoken.and_then(|spoken| spoken.condition(expr.span, wanted));
        match (spoken, wanted) {
            (Some(spoken), _) => phrase::words(spoken),
            (None, true) => phrase::source(&show::source(self.program, expr.span)),
            (None, false) => format!("not {}", phrase::source(&show::source(self.program, expr.span))),
        }
    }

    /// A value and, of a date or time, how long ago that was.
    fn value_of(self, expr: &Expr) -> Option<String> {
        let value = self.ledger.value(expr.id)?;
        let mut told = phrase::cut_value(&spoken_value(self.program, expr.ty, value)?);
        let note = show::note(value, self.ledger.as_of());
        if let Literal::Time(at) = value
            && (at - self.ledger.as_of().instant).abs() >= 2 * DAY
        {
            // By then nobody asks for the hour.
            told.truncate(told.find(' ').unwrap_or(told.len()));
        }
        Some(note.map_or(told.clone(), |note| format!("{told}, {note}")))
    }

    /// The other side of a comparison: as written, and its value where that is not written.
    fn side(self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Constant(literal @ Literal::Choice(_)) => {
                spoken_value(self.program, expr.ty, literal).unwrap_or_default()
            }
            ExprKind::Constant(_) => self.value_words(expr),
            ExprKind::Define(define) => match self.value_of(expr) {
                Some(value) if self.program.defines[define.index()].constant => value,
                Some(value) => format!("{value} ({})", self.program.defines[define.index()].label),
                None => format!("{} (not known)", self.subject(expr)),
            },
            _ => match self.value_of(expr) {
                Some(value) => format!("{} ({value})", self.subject(expr)),
                None => format!("{} (not known)", self.subject(expr)),
            },
        }
    }

    /// What a comparison asks for: `30 or more`, `“US”`, `anything but “US”`.
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

    /// Every other condition: what it asks in words, and what it found.
    fn other(self, expr: &Expr, wanted: bool, met: bool) -> String {
        let asked = self.condition_words(expr, wanted);
        if asks_for_anything(self.program, expr) {
            return self.anything_in_words(expr, &asked, met);
        }
        let readings = self.readings(expr);
        if let [Reading { kind: ReadingKind::Events, events: Some(events), .. }] = readings.as_slice() {
            let found = found(events);
            return if met { format!("{asked}: {found}") } else { format!("{}: {found}", self.asks(&asked)) };
        }
        if let Some(of) = tested(expr) {
            return self.test(of, &asked, met);
        }
        let told: Vec<&str> = readings.iter().map(|reading| reading.plain.as_str()).collect();
        let told = told.join(", ");
        match (met, told.is_empty()) {
            (_, true) => format!("{asked}: {}", if self.truth(expr) == Tri::True { "yes" } else { "no" }),
            (true, _) => format!("{asked} ({told})"),
            (false, _) => format!("{told}; {}", self.asked_for(&asked)),
        }
    }

    /// A test of one value: `title is “CEO” (mentions “ceo” or “founder”)`, `pets are “cat”; needed: pets include “dog”`.
    fn test(self, of: &Expr, asked: &str, met: bool) -> String {
        let name = self.subject(of);
        let rest = asked.strip_prefix(&name).map(str::trim_start).unwrap_or(asked);
        let bare = rest.strip_prefix("is ").or_else(|| rest.strip_prefix("was "));
        let many = matches!(of.ty, Type::List(_));
        let needed = match bare {
            Some(bare) => self.asks(bare),
            None => self.asked_for(asked),
        };
        match (self.value_of(of), met) {
            (None, _) => format!("{}; {needed}", self.not_known(of)),
            (Some(value), true) if bare == Some(&value) => format!("{name} is {value}"),
            (Some(value), true) if many => format!("{name}: {value} ({rest})"),
            (Some(value), false) if many => format!("{name}: {value}; {needed}"),
            (Some(value), true) => format!("{name} is {value} ({})", bare.unwrap_or(rest)),
            (Some(value), false) => format!("{name} is {value}; {needed}"),
        }
    }

    /// What was read, in words: `income is 120,000 USD`.
    pub(super) fn reading_words(self, expr: &Expr) -> String {
        let name = self.subject(expr);
        let many = matches!(expr.ty, Type::List(_));
        if let (ExprKind::Edge(..), Some(value)) = (&expr.kind, self.value_of(expr)) {
            return format!("{name} was {value}");
        }
        match self.value_of(expr) {
            None if many => format!("{name} are not known"),
            None => format!("{name} is not known"),
            Some(value) if many => format!("{name}: {value}"),
            Some(value) => format!("{name} is {value}"),
        }
    }

    /// What a rule takes in, in words: a score by its label, a field or a define by its name.
    pub(super) fn included_words(self, part: PartId) -> String {
        match &self.program.parts[part.index()].kind {
            PartKind::Include { of: Included::Score(score), .. } => self.program.parts[score.index()].label.clone(),
            PartKind::Include { of: Included::Number(expr), .. } => self.subject(expr),
            _ => String::new(),
        }
    }
}

/// Of how many checks nothing can be told: `none of its 3 checks has an answer`.
pub(super) fn unanswered(unknown: usize, all: usize) -> String {
    match unknown {
        1 if all == 1 => "its check has no answer".to_owned(),
        1 => format!("1 of its {all} checks has no answer"),
        _ if unknown == all => format!("none of its {all} checks has an answer"),
        _ => format!("{unknown} of its {all} checks have no answer"),
    }
}

/// The one value that a test looks at.
fn tested(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Exactly { value, .. }
        | ExprKind::In { value, .. }
        | ExprKind::Match { value, .. }
        | ExprKind::Has { value, .. }
        | ExprKind::Within { value, .. }
        | ExprKind::Age(_, value, _)
        | ExprKind::AgeBetween(value, ..) => Some(value),
        _ => None,
    }
}

/// The events that a question was answered with.
fn found(events: &EventsSeen) -> String {
    let latest = |at: &Option<super::model::Instant>, word: &str| {
        at.as_ref().map_or_else(String::new, |at| format!(", {word}{}", at.ago))
    };
    match (events.count, events.outside) {
        (0, 0) => "none so far".to_owned(),
        (0, 1) => format!("none in time (1 earlier{})", latest(&events.latest_outside, "")),
        (0, outside) => format!("none in time ({outside} earlier{})", latest(&events.latest_outside, "the latest ")),
        (1, _) => format!("1{}", latest(&events.latest, "")),
        (count, _) => format!("{count}{}", latest(&events.latest, "the latest ")),
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
