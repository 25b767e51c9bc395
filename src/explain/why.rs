//! The smallest parts of a condition that decide it.
//!
//! Of an `and` that is false these are the conditions that are false, of one that is true all of them, of one that is
//! unknown the unknown ones; `or`, `implies`, `at least N of` and `at most N of` likewise.

use super::model::{Condition, Named, NamedKind, Reason, Truth};
use super::show;
use super::silence::silence;
use crate::check::hir::{CheckId, Expr, ExprKind, FitId, Program, ReasonId};
use crate::eval::Ledger;
use crate::model::{FieldId, Literal, Problem, Tri};
use crate::words::Spoken;
use std::collections::BTreeSet;

/// How deep names are followed: a `define` that rests on a `define` that rests on a fit, …
pub(super) const DEPTH: usize = 5;

/// The smallest parts that decide a condition, each with what it reads. Where the condition is nothing but a name, the
/// parts that decide what it names are below it. The ledger must be of the same policy.
pub fn why(program: &Program, ledger: &Ledger, condition: &Expr) -> Vec<Reason> {
    Why { program, ledger, spoken: None, unread: &[], need: Need::All }.reasons(condition, true, DEPTH)
}

/// A condition, its value and what decided it.
pub(super) fn condition(why: Why<'_>, expr: &Expr) -> Condition {
    Condition {
        source: show::source(why.program, expr.span),
        words: why.condition_words(expr, true),
        truth: why.truth(expr).into(),
        because: why.reasons(expr, true, DEPTH),
    }
}

/// Fields of the lead whose being missing makes an expression unknown, through all that it names.
pub(super) fn missing_fields(program: &Program, ledger: &Ledger, expr: &Expr) -> BTreeSet<FieldId> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let why = Why { program, ledger, spoken: None, unread: &[], need: Need::All };
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        let mut deciding = Vec::new();
        why.deciding(expr, true, &mut deciding);
        for (part, _) in deciding {
            part.walk_lead(&mut |expr| {
                if !seen.insert(expr.id) || why.known(expr) {
                    return;
                }
                match &expr.kind {
                    ExprKind::Field(field) => {
                        found.insert(*field);
                    }
                    ExprKind::Define(define) => open.push(&program.defines[define.index()].value),
                    ExprKind::Check(check) => open.push(&program.checks[check.index()].condition),
                    ExprKind::Fits(fit) => open.extend(why.checks(*fit, Tri::Unknown)),
                    _ => {}
                }
            });
        }
    }
    found
}

impl Expr {
    /// Visits this expression and all below it, but for those inside questions about events.
    fn walk_lead<'p>(&'p self, visit: &mut impl FnMut(&'p Expr)) {
        visit(self);
        if self.query().is_none() {
            for child in self.children() {
                child.walk_lead(visit);
            }
        }
    }
}

/// A policy and what was written down of one lead.
#[derive(Clone, Copy)]
pub(super) struct Why<'p> {
    pub(super) program: &'p Program,
    pub(super) ledger: &'p Ledger,
    /// What its conditions say in words; without it they are told as they are written.
    pub(super) spoken: Option<&'p Spoken>,
    /// The values of the lead's record that could not be read.
    pub(super) unread: &'p [Problem],
    pub(super) need: Need,
}

/// What a condition that does not hold is told for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It is needed.
    All,
    /// It is one of several, of which not all are needed.
    Any,
    /// It would have kept the lead where it stood.
    Kept,
}

impl<'p> Why<'p> {
    fn known(self, expr: &Expr) -> bool {
        self.ledger.value(expr.id).is_some_and(|value| *value != Literal::Missing)
    }

    /// A condition's value.
    pub(super) fn truth(self, expr: &Expr) -> Tri {
        match self.ledger.value(expr.id) {
            Some(Literal::Bool(value)) => Tri::from(*value),
            _ => Tri::Unknown,
        }
    }

    pub(super) fn reasons(self, condition: &'p Expr, wanted: bool, depth: usize) -> Vec<Reason> {
        let mut deciding = Vec::new();
        self.deciding(condition, wanted, &mut deciding);
        let mut reasons: Vec<Reason> = Vec::new();
        for (expr, wanted) in deciding {
            let reason = self.reason(expr, wanted, depth);
            // The same thing may be named in several places.
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn reason(self, expr: &'p Expr, wanted: bool, depth: usize) -> Reason {
        let (named, below) = self.named(expr);
        let (_, below_wanted) = peeled(expr, wanted);
        let mut because = Vec::new();
        if depth > 0 {
            for reason in below.into_iter().flat_map(|expr| self.reasons(expr, below_wanted, depth - 1)) {
                if !because.contains(&reason) {
                    because.push(reason);
                }
            }
        }
        Reason {
            source: show::source(self.program, expr.span),
            plain: self.plain(expr, wanted),
            truth: Truth::from(self.truth(expr)),
            readings: self.readings(expr),
            gap: self.gap(expr),
            named,
            because,
        }
    }

    /// Collects the smallest parts that decide a condition, each with the value that it would have to have for the
    /// condition to have the wanted one.
    fn deciding(self, expr: &'p Expr, wanted: bool, out: &mut Vec<(&'p Expr, bool)>) {
        let before = out.len();
        let truth = self.truth(expr);
        match &expr.kind {
            // Two parts that are told as one.
            _ if silence(self.program, expr).is_some() => out.push((expr, wanted)),
            ExprKind::And(all) => self.those(all, truth, truth == Tri::True, wanted, out),
            ExprKind::Or(any) => self.those(any, truth, truth == Tri::False, wanted, out),
            // What is true carries `at least`, what is false carries `at most`.
            ExprKind::AtLeastOf(_, of) => self.those(of, truth, false, wanted, out),
            ExprKind::AtMostOf(_, of) => self.those(of, !truth, false, !wanted, out),
            ExprKind::Implies(premise, conclusion) => {
                if truth == Tri::False || self.truth(premise) == !truth {
                    self.deciding(premise, !wanted, out);
                }
                if truth == Tri::False || self.truth(conclusion) == truth {
                    self.deciding(conclusion, wanted, out);
                }
            }
            ExprKind::Not(of) if is_compound(of) => self.deciding(of, !wanted, out),
            ExprKind::If(condition, then, other) => {
                // What it comes to picks the side: as it is, it neither helps nor hinders.
                self.deciding(condition, self.truth(condition) != Tri::False, out);
                match self.truth(condition) {
                    Tri::True => self.deciding(then, wanted, out),
                    Tri::False => self.deciding(other, wanted, out),
                    Tri::Unknown => {}
                }
            }
            _ => out.push((expr, wanted)),
        }
        if out.len() == before {
            out.push((expr, wanted));
        }
    }

    /// Of several conditions those with this value, or all.
    fn those(self, conditions: &'p [Expr], value: Tri, all: bool, wanted: bool, out: &mut Vec<(&'p Expr, bool)>) {
        for condition in conditions {
            if all || self.truth(condition) == value {
                self.deciding(condition, wanted, out);
            }
        }
    }

    /// What a condition names, when it is nothing but a name, and the conditions that decide that.
    fn named(self, expr: &'p Expr) -> (Option<Named>, Vec<&'p Expr>) {
        let program = self.program;
        let (kind, label, below) = match &expr.kind {
            ExprKind::Not(of) => return self.named(of),
            ExprKind::Define(define) => {
                let define = &program.defines[define.index()];
                let kind = if define.persona { NamedKind::Persona } else { NamedKind::Define };
                (kind, &define.label, vec![&define.value])
            }
            ExprKind::Check(check) => {
                let check = &program.checks[check.index()];
                (NamedKind::Check, &check.label, vec![&check.condition])
            }
            ExprKind::Fits(fit) => {
                let verdict = self.truth(expr);
                (NamedKind::Fit, &program.fits[fit.index()].label, self.checks(*fit, verdict))
            }
            ExprKind::FitUnknown(fit) => {
                let unknown = self.truth(expr).is_true();
                let checks = if unknown { self.checks(*fit, Tri::Unknown) } else { Vec::new() };
                (NamedKind::Fit, &program.fits[fit.index()].label, checks)
            }
            ExprKind::DisqualifiedBy(reason) => {
                let reason = &program.reasons[reason.index()];
                (NamedKind::Disqualified, &reason.label, vec![&reason.condition])
            }
            ExprKind::Disqualified => {
                let reasons = self.true_reasons().map(|reason| &program.reasons[reason.index()].condition).collect();
                let named = Named { kind: NamedKind::Disqualified, label: "Disqualified".to_owned() };
                return (Some(named), reasons);
            }
            _ => return (None, Vec::new()),
        };
        (Some(Named { kind, label: label.clone() }), below)
    }

    /// The conditions of a fit's checks that have this value.
    fn checks(self, fit: FitId, value: Tri) -> Vec<&'p Expr> {
        let checks = self.program.fits[fit.index()].checks.clone().map(CheckId);
        checks
            .map(|check| &self.program.checks[check.index()].condition)
            .filter(|condition| self.truth(condition) == value)
            .collect()
    }

    pub(super) fn true_reasons(self) -> impl Iterator<Item = ReasonId> {
        let reasons = &self.program.reasons;
        (0..reasons.len() as u16)
            .map(ReasonId)
            .filter(move |reason| self.truth(&reasons[reason.index()].condition).is_true())
    }
}

/// What stands under any `not`s, and the value that it would have to have.
pub(super) fn peeled(expr: &Expr, wanted: bool) -> (&Expr, bool) {
    match &expr.kind {
        ExprKind::Not(of) => peeled(of, !wanted),
        _ => (expr, wanted),
    }
}

/// Whether the parts of a condition are conditions, so that it is told by its parts.
pub(super) fn is_compound(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Implies(..)
        | ExprKind::AtLeastOf(..)
        | ExprKind::AtMostOf(..)
        | ExprKind::If(..) => true,
        ExprKind::Not(of) => is_compound(of),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Source, SourceMap, Span};
    use crate::check::hir::{Define, ExprId, Meta, Step};
    use crate::eval::Evaluator;
    use crate::model::time::{AsOf, Zone};
    use crate::model::{Field, FieldPath, Lead, Scalar, Schema, Sentinels, Type, Value};
    use bumpalo::Bump;
    use std::cell::Cell;

    const BOOL: Type = Type::One(Scalar::Bool);

    /// Makes conditions on the fields `a` to `d`.
    #[derive(Default)]
    struct Make {
        next: Cell<u32>,
    }

    impl Make {
        fn expr(&self, span: Span, kind: ExprKind) -> Expr {
            let id = self.next.get();
            self.next.set(id + 1);
            Expr { id: ExprId(id), ty: BOOL, span, kind }
        }

        fn field(&self, name: char) -> Expr {
            let place = name as usize - 'a' as usize;
            let span = Span { start: place as u32, end: place as u32 + 1, ..Span::default() };
            self.expr(span, ExprKind::Field(FieldId(place as u16)))
        }

        fn fields(&self, names: &str) -> Vec<Expr> {
            names.chars().map(|name| self.field(name)).collect()
        }

        fn of(&self, kind: ExprKind) -> Expr {
            self.expr(Span::default(), kind)
        }
    }

    /// A policy that defines one condition.
    fn program(make: &Make, value: Expr) -> Program {
        let field = |name: char| Field {
            name: name.to_string(),
            ty: BOOL,
            from: FieldPath::new(&name.to_string()),
            key: false,
            required: false,
            known_from: None,
            fixed: false,
            ask: None,
            format: None,
            missing: Sentinels::default(),
            used: true,
            span: Span::default(),
        };
        let mut sources = SourceMap::default();
        sources.add(Source::new("test.qual", "abcd"));
        Program {
            meta: Meta::default(),
            zone: Zone::default(),
            schema: Schema { fields: "abcd".chars().map(field).collect(), ..Schema::default() },
            stage_domain: None,
            lengths: Vec::new(),
            queries: Vec::new(),
            defines: vec![Define {
                name: "x".to_owned(),
                label: "X".to_owned(),
                persona: false,
                value,
                constant: false,
                span: Span::default(),
            }],
            checks: Vec::new(),
            fits: Vec::new(),
            scores: Vec::new(),
            parts: Vec::new(),
            bands: Vec::new(),
            matrices: Vec::new(),
            reasons: Vec::new(),
            stages: Vec::new(),
            routes: Vec::new(),
            always: Vec::new(),
            outcome: None,
            tests: Vec::new(),
            order: vec![Step::Define(crate::check::hir::DefineId(0))],
            expressions: make.next.get(),
            reads_events: false,
            sources,
            overrides: Vec::new(),
        }
    }

    /// The value of a condition and the fields that decide it, where the fields `a` to `d` are `t`, `f` or `u`.
    fn decided(condition: impl Fn(&Make) -> Expr, values: &str) -> String {
        let make = Make::default();
        let value = condition(&make);
        let program = program(&make, value);
        let fields: Vec<Value<'_>> = values
            .chars()
            .map(|value| match value {
                't' => Value::Bool(true),
                'f' => Value::Bool(false),
                _ => Value::Missing,
            })
            .collect();
        let lead = Lead { key: "k", fields: &fields, events: &[] };
        let arena = Bump::new();
        let evaluator = Evaluator::new(&program, AsOf::new(0, &program.zone));
        let (outcome, ledger) = evaluator.explain(&lead, &arena);
        let parts = why(&program, &ledger, &program.defines[0].value);
        let parts: Vec<&str> = parts.iter().map(|part| part.source.as_str()).collect();
        format!("{} {}", outcome.defines[0].tri().as_str(), parts.join(""))
    }

    #[test]
    fn and_is_told_by_what_is_false_or_unknown() {
        let and = |make: &Make| make.of(ExprKind::And(make.fields("abc")));
        assert_eq!(decided(and, "ttt"), "true abc");
        assert_eq!(decided(and, "tfu"), "false b");
        assert_eq!(decided(and, "fuf"), "false ac");
        assert_eq!(decided(and, "utu"), "unknown ac");
    }

    #[test]
    fn or_is_told_by_what_is_true_or_unknown() {
        let or = |make: &Make| make.of(ExprKind::Or(make.fields("abc")));
        assert_eq!(decided(or, "fff"), "false abc");
        assert_eq!(decided(or, "tfu"), "true a");
        assert_eq!(decided(or, "ffu"), "unknown c");
    }

    #[test]
    fn not_turns_what_is_inside() {
        let not = |make: &Make| {
            let or = make.of(ExprKind::Or(make.fields("ab")));
            make.of(ExprKind::Not(Box::new(or)))
        };
        assert_eq!(decided(not, "ff"), "true ab");
        assert_eq!(decided(not, "ft"), "false b");
        assert_eq!(decided(not, "fu"), "unknown b");
        // The `not` of a single comparison stays with it.
        let single = |make: &Make| make.of(ExprKind::Not(Box::new(make.field('a'))));
        assert_eq!(decided(single, "t"), "false ");
    }

    #[test]
    fn implies_is_told_by_either_side() {
        let implies = |make: &Make| {
            let (a, b) = (make.field('a'), make.field('b'));
            make.of(ExprKind::Implies(Box::new(a), Box::new(b)))
        };
        assert_eq!(decided(implies, "tf"), "false ab");
        assert_eq!(decided(implies, "ff"), "true a");
        assert_eq!(decided(implies, "tt"), "true b");
        assert_eq!(decided(implies, "ft"), "true ab");
        assert_eq!(decided(implies, "uf"), "unknown a");
        assert_eq!(decided(implies, "tu"), "unknown b");
        assert_eq!(decided(implies, "uu"), "unknown ab");
    }

    #[test]
    fn counts_are_told_by_what_carries_them() {
        let least = |make: &Make| make.of(ExprKind::AtLeastOf(2, make.fields("abcd")));
        assert_eq!(decided(least, "ttfu"), "true ab");
        assert_eq!(decided(least, "tfff"), "false bcd");
        assert_eq!(decided(least, "tffu"), "unknown d");
        let most = |make: &Make| make.of(ExprKind::AtMostOf(1, make.fields("abcd")));
        assert_eq!(decided(most, "tfff"), "true bcd");
        assert_eq!(decided(most, "ttfu"), "false ab");
        assert_eq!(decided(most, "tffu"), "unknown d");
        // Where no part carries it, the whole does.
        let always = |make: &Make| make.of(ExprKind::AtLeastOf(0, make.fields("ab")));
        assert_eq!(decided(always, "ff"), "true ");
    }

    #[test]
    fn parts_of_parts_decide() {
        // (a and b) or (c and d)
        let nested = |make: &Make| {
            let (one, two) = (make.of(ExprKind::And(make.fields("ab"))), make.of(ExprKind::And(make.fields("cd"))));
            make.of(ExprKind::Or(vec![one, two]))
        };
        assert_eq!(decided(nested, "tttf"), "true ab");
        assert_eq!(decided(nested, "ftuf"), "false ad");
        assert_eq!(decided(nested, "utft"), "unknown a");
        // if a then b else c
        let choice = |make: &Make| {
            let [a, b, c] = ['a', 'b', 'c'].map(|name| Box::new(make.field(name)));
            make.of(ExprKind::If(a, b, c))
        };
        assert_eq!(decided(choice, "tft"), "false ab");
        assert_eq!(decided(choice, "fft"), "true ac");
        assert_eq!(decided(choice, "uft"), "unknown a");
    }
}
