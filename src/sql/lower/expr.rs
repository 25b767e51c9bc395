//! Expressions.

use super::Lower;
use super::clock::{known_then, word};
use crate::builtins::Function;
use crate::check::hir::{CheckState, Expr, ExprKind, Set, Step};
use crate::model::{DomainId, DomainKind, Literal, OUTSIDE, Scalar, Type};
use crate::sql::tree::{Sql, int, text, when};
use crate::syntax::ast::{AggregateOp, ArithmeticOp, CompareOp};

/// How many digits after the point a number's type has.
pub(super) fn scale(ty: Type) -> u32 {
    match ty {
        Type::One(Scalar::Number) => 6,
        Type::One(Scalar::Money(_)) => 4,
        _ => 0,
    }
}

impl Lower<'_> {
    /// An expression's value; nothing for an unknown condition.
    pub(super) fn value(&mut self, expr: &Expr) -> Sql {
        match &expr.kind {
            ExprKind::Constant(literal) => self.literal(literal, expr.ty),
            ExprKind::Field(field) => match self.fields[field.index()].clone() {
                Some(name) => self.lead_column(&name),
                None => Sql::Null,
            },
            ExprKind::EventField(places) => self.event_value(places),
            ExprKind::EventType => Sql::Of("e", "event_type".to_owned()),
            ExprKind::EventDay => self.event_day(),
            ExprKind::Subject => self.subject.as_ref().map_or(Sql::Null, |(value, _)| value.clone()),
            ExprKind::Define(id) => {
                let define = &self.program.defines[id.index()];
                match &define.value.kind {
                    ExprKind::Constant(literal) => self.literal(literal, define.value.ty),
                    _ => self.step_column(Step::Define(*id)),
                }
            }
            ExprKind::Points(part) => {
                let points = self.step_column(Step::Part(*part));
                self.d.rescale(points, 4, 6)
            }
            ExprKind::Check(check) => self.step_column(Step::Check(*check)),
            ExprKind::CheckCount(fit, state) => self.check_count(*fit, *state),
            ExprKind::Fits(fit) => self.step_column(Step::Fit(*fit)),
            ExprKind::FitUnknown(fit) => self.step_column(Step::Fit(*fit)).missing(),
            ExprKind::Band(bands) => self.step_column(Step::Bands(*bands)),
            ExprKind::Cell(matrix) => self.step_column(Step::Matrix(*matrix)),
            ExprKind::Stage => {
                let stage = self.step_column(Step::Stage);
                if self.program.reasons.is_empty() {
                    return stage;
                }
                when(self.step_column(Step::Disqualified), int(-1), Some(stage))
            }
            ExprKind::Disqualified => self.step_column(Step::Disqualified),
            ExprKind::DisqualifiedBy(reason) => {
                let reason = self.step_column(Step::Reason(*reason));
                crate::sql::tree::call("coalesce", [reason, Sql::Bool(false)])
            }
            ExprKind::Not(of) => Sql::Not(Box::new(self.value(of))),
            ExprKind::And(all) => Sql::And(all.iter().map(|one| self.value(one)).collect()),
            ExprKind::Or(any) => Sql::Or(any.iter().map(|one| self.value(one)).collect()),
            ExprKind::Implies(a, b) => Sql::Or(vec![Sql::Not(Box::new(self.value(a))), self.value(b)]),
            ExprKind::AtLeastOf(least, all) => self.tally(all, |sure, possible| {
                let least = int(*least);
                (sure.bin(">=", least.clone()), possible.bin("<", least))
            }),
            ExprKind::AtMostOf(most, all) => self.tally(all, |sure, possible| {
                let most = int(*most);
                (possible.bin("<=", most.clone()), sure.bin(">", most))
            }),
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b),
            ExprKind::Between(value, low, high) => {
                let from = self.compare(CompareOp::GreaterOrEqual, value, low);
                from.and(self.compare(CompareOp::LessOrEqual, value, high))
            }
            ExprKind::Exactly { value, text: exact, negated } => self.exactly(value, exact, *negated),
            ExprKind::In { value, set, negated } => self.is_in(value, set, *negated),
            ExprKind::Match { value, matcher } => self.matched(value, matcher),
            ExprKind::Has { value, entries, all } => self.has(value, entries, *all),
            ExprKind::IsKnown(of) => self.value(of).known(),
            ExprKind::IsMissing(of) => self.value(of).missing(),
            ExprKind::Age(op, of, length) => {
                let value = self.value(of);
                if is_date(of) { self.day_age(*op, value, *length) } else { self.age(*op, value, *length) }
            }
            ExprKind::AgeBetween(of, low, high) => {
                let value = self.value(of);
                let (from, to) = (CompareOp::GreaterOrEqual, CompareOp::LessOrEqual);
                if is_date(of) {
                    self.day_age(from, value.clone(), *low).and(self.day_age(to, value, *high))
                } else {
                    self.age(from, value.clone(), *low).and(self.age(to, value, *high))
                }
            }
            ExprKind::Within { value: of, next, length } => {
                let value = self.value(of);
                if is_date(of) { self.day_within(value, *next, *length) } else { self.within(value, *next, *length) }
            }
            ExprKind::If(condition, then, other) => {
                let condition = self.value(condition);
                let then = self.conform(then, expr.ty);
                let other = self.conform(other, expr.ty);
                let arms = vec![(Sql::Bool(true), then), (Sql::Bool(false), other)];
                Sql::Case(Some(Box::new(condition)), arms, None)
            }
            ExprKind::Otherwise(value, default) => {
                // A whole number that does not fit a number is missing only after the default was passed by.
                if value.ty == Type::One(Scalar::Int) && expr.ty == Type::One(Scalar::Number) {
                    let plain = self.value(value);
                    let fitted = self.conform(value, expr.ty);
                    let default = self.conform(default, expr.ty);
                    return when(plain.known(), fitted, Some(default));
                }
                let value = self.value(value);
                let default = self.conform(default, expr.ty);
                crate::sql::tree::call("coalesce", [value, default])
            }
            ExprKind::Negate(of) => Sql::Neg(Box::new(self.value(of))),
            ExprKind::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, expr.ty),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr.ty),
            ExprKind::AtLeastEvents(least, query) => {
                if *least == 0 {
                    return Sql::Bool(true);
                }
                self.count(*query).bin(">=", int(*least))
            }
            ExprKind::AtMostEvents(0, query) => self.count(*query).bin("=", int(0)),
            ExprKind::AtMostEvents(most, query) => self.count(*query).bin("<=", int(*most)),
            ExprKind::Count(query) => self.count(*query),
            ExprKind::Aggregate(op, field, query) => self.aggregate_of(*op, field, *query, expr.ty),
            ExprKind::Edge(first, query) => self.edge(*first, *query),
        }
    }

    /// A literal of a type.
    pub(super) fn literal(&self, literal: &Literal, ty: Type) -> Sql {
        match (literal, ty) {
            (Literal::Missing, _) => Sql::Null,
            (Literal::Bool(value), _) => Sql::Bool(*value),
            (Literal::Int(value), Type::One(Scalar::Number)) => self.d.number(i128::from(*value) * 1_000_000, 6),
            (Literal::Int(value), _) => int(*value),
            (Literal::Number(raw), _) => self.d.number(i128::from(*raw), 6),
            (Literal::Money(raw), _) => self.d.number(i128::from(*raw), 4),
            (Literal::Date(day), _) => self.d.date(*day),
            (Literal::Time(instant), _) => self.instant_literal(*instant),
            (Literal::Choice(choice), Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain))) => {
                self.choice(domain, *choice)
            }
            (Literal::Choice(choice), _) => int(*choice),
            (Literal::Text(written), _) => text(&**written),
            (Literal::List(_), _) => Sql::Null,
        }
    }

    /// A choice: its rank where there is an order, else its name.
    pub(super) fn choice(&self, domain: DomainId, choice: u16) -> Sql {
        if choice == OUTSIDE {
            return int(-1);
        }
        let name = self.program.schema.domain(domain).choices.get(choice as usize).map_or("", |choice| &choice.name);
        if self.ranked(domain) { int(choice).remark(name) } else { text(name) }
    }

    fn tally(&mut self, all: &[Expr], holds: impl FnOnce(Sql, Sql) -> (Sql, Sql)) -> Sql {
        let (mut sure, mut possible) = (Vec::new(), Vec::new());
        for one in all {
            let value = self.value(one);
            sure.push(when(value.clone(), int(1), Some(int(0))));
            let fails = when(Sql::Not(Box::new(value)), int(0), Some(int(1)));
            possible.push(fails);
        }
        let (yes, no) = holds(added(sure), added(possible));
        Sql::Case(None, vec![(yes, Sql::Bool(true)), (no, Sql::Bool(false))], None)
    }

    /// How many checks of a fit are in a state.
    pub(super) fn check_count(&mut self, fit: crate::check::hir::FitId, state: CheckState) -> Sql {
        let checks = self.program.fits[fit.index()].checks.clone();
        let counts = checks.map(|check| {
            let check = self.step_column(Step::Check(crate::check::hir::CheckId(check)));
            let is = match state {
                CheckState::Passed => check,
                CheckState::Failed => Sql::Not(Box::new(check)),
                CheckState::Unknown => check.missing(),
            };
            when(is, int(1), Some(int(0)))
        });
        let sum = added(counts.collect());
        self.d.counted(sum)
    }

    /// `a OP b`
    pub(super) fn compare(&mut self, op: CompareOp, a: &Expr, b: &Expr) -> Sql {
        let (Type::One(left), Type::One(right)) = (a.ty, b.ty) else { return Sql::Null };
        match (left, right) {
            (Scalar::Text, _) | (_, Scalar::Text) => {
                let patterns: Vec<String> = [a, b].iter().filter_map(|side| constant_text(side)).collect();
                let plain: Vec<&str> = patterns.iter().map(String::as_str).collect();
                let a = self.folded(a, &plain);
                let b = self.folded(b, &plain);
                a.bin(word(op), b)
            }
            (Scalar::Choice(domain), _) => self.compare_choices(op, a, b, domain),
            (Scalar::Time, Scalar::Date) => {
                let day = self.value(a);
                let day = self.day_of(day);
                day.bin(word(op), self.value(b))
            }
            (Scalar::Date, Scalar::Time) => {
                let day = self.value(b);
                let day = self.day_of(day);
                self.value(a).bin(word(op), day)
            }
            (Scalar::Bool, _) => {
                let (a, b) = (self.value(a), self.value(b));
                match (op, b) {
                    (CompareOp::Is, Sql::Bool(true)) | (CompareOp::IsNot, Sql::Bool(false)) => a,
                    (CompareOp::Is, Sql::Bool(false)) | (CompareOp::IsNot, Sql::Bool(true)) => Sql::Not(Box::new(a)),
                    (_, b) => a.bin(word(op), b),
                }
            }
            _ => {
                let most = scale(a.ty).max(scale(b.ty));
                let a = self.scaled(a, most);
                let b = self.scaled(b, most);
                a.bin(word(op), b)
            }
        }
    }

    /// A number with this many digits after the point.
    fn scaled(&mut self, expr: &Expr, to: u32) -> Sql {
        if let ExprKind::Constant(Literal::Int(value)) = &expr.kind {
            return self.d.number(i128::from(*value) * 10i128.pow(to), to);
        }
        let value = self.value(expr);
        self.d.rescale(value, scale(expr.ty), to)
    }

    fn compare_choices(&mut self, op: CompareOp, a: &Expr, b: &Expr, domain: DomainId) -> Sql {
        let (left, right) = (self.value(a), self.value(b));
        let plain = left.clone().bin(word(op), right.clone());
        if self.program.schema.domain(domain).kind != DomainKind::Stages {
            return plain;
        }
        // A disqualified lead's stage, -1, stands in no order.
        let outside: Vec<Sql> = [(a, left), (b, right)]
            .into_iter()
            .filter(|(side, _)| !matches!(side.kind, ExprKind::Constant(_) | ExprKind::Field(_)))
            .map(|(_, value)| value.bin("=", int(-1)))
            .collect();
        let right_constant = matches!(b.kind, ExprKind::Constant(_));
        let holds_so = matches!(op, CompareOp::Is | CompareOp::IsNot | CompareOp::Greater | CompareOp::GreaterOrEqual);
        if outside.is_empty() || self.program.reasons.is_empty() || (right_constant && holds_so) {
            return plain;
        }
        when(Sql::Or(outside), Sql::Bool(op == CompareOp::IsNot), Some(plain))
    }

    fn is_in(&mut self, value: &Expr, set: &Set, negated: bool) -> Sql {
        let found = match (set, value.ty) {
            (Set::Texts(texts), _) => {
                let mut texts: Vec<String> = texts.iter().map(|text| text.to_string()).collect();
                texts.sort();
                if let Type::One(Scalar::Choice(domain)) = value.ty {
                    return self.choices_where(value, domain, negated, |choice| texts.contains(&choice.folded));
                }
                let patterns: Vec<&str> = texts.iter().map(String::as_str).collect();
                let folded = self.folded(value, &patterns);
                if texts.is_empty() {
                    return known_then(folded, Sql::Bool(negated));
                }
                return self.in_texts(folded, texts, negated);
            }
            (Set::Choices(choices), Type::One(Scalar::Choice(domain))) => {
                choices.iter().map(|choice| self.choice(domain, *choice)).collect()
            }
            (Set::Numbers(numbers), _) => {
                let digits = if matches!(value.ty, Type::One(Scalar::Money(_))) { 4 } else { 6 };
                let own = self.scaled(value, digits);
                let all: Vec<Sql> = numbers.iter().map(|raw| self.d.number(*raw, digits)).collect();
                return in_list(own, all, negated);
            }
            (Set::Values(values), _) => {
                let values: Vec<Sql> = values.iter().map(|entry| self.same_as(value, entry)).collect();
                if values.is_empty() {
                    return known_then(self.value(value), Sql::Bool(negated));
                }
                let found = Sql::Or(values);
                return if negated { Sql::Not(Box::new(found)) } else { found };
            }
            _ => Vec::new(),
        };
        in_list(self.value(value), found, negated)
    }

    /// Whether a value is a literal, dates and times compared by their day.
    fn same_as(&mut self, value: &Expr, entry: &Literal) -> Sql {
        let own = self.value(value);
        self.entry_is(own, value.ty, entry)
    }

    fn entry_is(&mut self, own: Sql, ty: Type, entry: &Literal) -> Sql {
        let scalar = match ty {
            Type::One(scalar) | Type::List(scalar) => scalar,
        };
        match (scalar, entry) {
            (Scalar::Time, Literal::Date(day)) => {
                let date = self.d.date(*day);
                self.day_of(own).bin("=", date)
            }
            (Scalar::Date, Literal::Time(instant)) => own.bin("=", self.d.date(self.program.zone.day(*instant))),
            (Scalar::Number, Literal::Int(value)) => own.bin("=", self.d.number(i128::from(*value) * 1_000_000, 6)),
            (Scalar::Int, Literal::Number(raw)) => {
                self.d.rescale(own, 0, 6).bin("=", self.d.number(i128::from(*raw), 6))
            }
            _ => own.bin("=", self.literal(entry, Type::One(scalar))),
        }
    }

    fn has(&mut self, value: &Expr, entries: &[Literal], all: bool) -> Sql {
        let Type::List(scalar) = value.ty else { return Sql::Null };
        let found: Vec<Sql> = match scalar {
            Scalar::Text => {
                let list = self.folded_list(value);
                let entries = entries.iter().filter_map(|entry| match entry {
                    Literal::Text(written) => Some(crate::model::text::fold(written).into_owned()),
                    _ => None,
                });
                entries.map(|entry| self.d.has(list.clone(), text(entry))).collect()
            }
            Scalar::Choice(_) | Scalar::Bool | Scalar::Money(_) => {
                let list = self.value(value);
                entries.iter().map(|entry| self.d.has(list.clone(), self.literal(entry, Type::One(scalar)))).collect()
            }
            _ => {
                let list = self.value(value);
                let mut found = Vec::new();
                for entry in entries {
                    let d = self.d;
                    // The condition is made once; where it stands, the entry's name is put.
                    let holds = self.entry_is(Sql::Col("\u{0}".into()), value.ty, entry);
                    let held = crate::sql::layout::column_type(Type::One(scalar));
                    let any = d.any_entry(list.clone(), &|x| replaced(&holds, &d.listed(x, &held)));
                    found.push(crate::sql::lower::clock::known_then(list.clone(), any));
                }
                found
            }
        };
        if all { Sql::all(found) } else { Sql::Or(found) }
    }

    /// A whole number where a number is due.
    pub(super) fn conform(&mut self, expr: &Expr, ty: Type) -> Sql {
        let value = self.value(expr);
        self.conformed(value, expr.ty, ty)
    }

    pub(super) fn conformed(&mut self, value: Sql, from: Type, to: Type) -> Sql {
        if from != Type::One(Scalar::Int) || to != Type::One(Scalar::Number) || matches!(value, Sql::Dec(..)) {
            return value;
        }
        if matches!(value, Sql::Int(_)) {
            return self.d.rescale(value, 0, 6);
        }
        let wide = self.d.rescale(value, 0, 6);
        self.d.fit(wide, 6)
    }

    fn arithmetic(&mut self, op: ArithmeticOp, a: &Expr, b: &Expr, ty: Type) -> Sql {
        let (from_a, from_b, to) = (scale(a.ty), scale(b.ty), scale(ty));
        match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract => {
                let sign = if op == ArithmeticOp::Add { "+" } else { "-" };
                let (a, b) = (self.scaled(a, to), self.scaled(b, to));
                let sum = self.d.sum(sign, a, b, to);
                self.d.fit(sum, to)
            }
            ArithmeticOp::Multiply => {
                let (a, b) = (self.value(a), self.value(b));
                let product = self.d.product((a, from_a), (b, from_b), to);
                self.d.fit(product, to)
            }
            ArithmeticOp::Divide => {
                let (a, b) = (self.value(a), self.value(b));
                let quotient = self.d.quotient((a, from_a), (b, from_b), to);
                self.d.fit(quotient, to)
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr], ty: Type) -> Sql {
        let Some(first) = arguments.first() else { return Sql::Null };
        match (function, arguments.get(1)) {
            (Function::Domain, _) => self.domain(first),
            (Function::Length, _) => {
                let value = self.value(first);
                self.d.length(value)
            }
            (Function::Size, _) => {
                let list = self.value(first);
                self.d.size(list)
            }
            (Function::Round, _) => {
                let from = scale(first.ty);
                let value = self.value(first);
                if from == 0 {
                    return value;
                }
                let whole = self.d.round(value, from, 0);
                let to = scale(ty);
                let whole = self.d.rescale(whole, 0, to);
                self.d.fit(whole, to)
            }
            (Function::Min | Function::Max, Some(second)) => {
                let to = scale(first.ty).max(scale(second.ty));
                let (a, b) = (self.scaled(first, to), self.scaled(second, to));
                let least = function == Function::Min;
                let (left, right) = if least { ("<=", ">") } else { (">=", "<") };
                let arms = vec![(a.clone().bin(left, b.clone()), a.clone()), (a.bin(right, b.clone()), b)];
                let chosen = Sql::Case(None, arms, None);
                let mixed = first.ty != second.ty && ty == Type::One(Scalar::Number);
                if mixed { self.d.fit(chosen, 6) } else { chosen }
            }
            _ => Sql::Null,
        }
    }

    /// The day of an instant.
    pub(super) fn day_of(&mut self, millis: Sql) -> Sql {
        self.d.day(millis, &self.program.zone)
    }

    /// `total`, `highest`, `lowest`, `distinct`
    fn aggregate_of(&mut self, op: AggregateOp, field: &Expr, query: crate::check::hir::QueryId, ty: Type) -> Sql {
        let value = self.aggregate(op, field, query);
        match op {
            AggregateOp::Distinct => value,
            AggregateOp::Total => {
                let value = self.d.rescale(value, scale(field.ty), scale(ty));
                self.d.fit(value, scale(ty))
            }
            AggregateOp::Highest | AggregateOp::Lowest => self.conformed(value, field.ty, ty),
        }
    }
}

/// Whether an expression is a day.
pub(super) fn is_date(expr: &Expr) -> bool {
    expr.ty == Type::One(Scalar::Date)
}

/// A sum of whole numbers.
pub(super) fn added(mut all: Vec<Sql>) -> Sql {
    if all.is_empty() {
        return int(0);
    }
    let first = all.remove(0);
    all.into_iter().fold(first, |sum, one| sum.bin("+", one))
}

fn in_list(value: Sql, all: Vec<Sql>, negated: bool) -> Sql {
    match all.len() {
        0 => known_then(value, Sql::Bool(negated)),
        1 => {
            let op = if negated { "<>" } else { "=" };
            all.into_iter().next().map_or(Sql::Null, |one| value.bin(op, one))
        }
        _ => Sql::In(Box::new(value), all, negated),
    }
}

/// A constant text with case ignored.
fn constant_text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Constant(Literal::Text(written)) => Some(crate::model::text::fold(written).into_owned()),
        _ => None,
    }
}

/// The expression with the unnamed column replaced.
fn replaced(sql: &Sql, by: &Sql) -> Sql {
    use crate::sql::tree::Piece;
    let boxed = |of: &Sql| Box::new(replaced(of, by));
    let all = |many: &[Sql]| many.iter().map(|one| replaced(one, by)).collect::<Vec<_>>();
    match sql {
        Sql::Col(name) if name == "\u{0}" => by.clone(),
        Sql::Bin(op, a, b) => Sql::Bin(op, boxed(a), boxed(b)),
        Sql::And(many) => Sql::And(all(many)),
        Sql::Or(many) => Sql::Or(all(many)),
        Sql::Not(of) => Sql::Not(boxed(of)),
        Sql::Neg(of) => Sql::Neg(boxed(of)),
        Sql::Post(of, words) => Sql::Post(boxed(of), words),
        Sql::Call(name, arguments) => Sql::Call(name.clone(), all(arguments)),
        Sql::Cast(word, of, ty) => Sql::Cast(word, boxed(of), ty.clone()),
        Sql::Remark(of, remark) => Sql::Remark(boxed(of), remark.clone()),
        Sql::Raw(pieces) => Sql::Raw(
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Sql(of) => Piece::Sql(replaced(of, by)),
                    Piece::Text(text) => Piece::Text(text.clone()),
                })
                .collect(),
        ),
        other => other.clone(),
    }
}
