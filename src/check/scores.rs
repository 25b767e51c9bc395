//! Scores: their parts get slots, then each rule is checked by its form.

use super::checker::{Checker, PartSlot, Scope, label};
use super::hir::{Case, Decay, Expr, ExprKind, Included, PartId, PartKind, Per, Step};
use super::names::Entity;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::time::Length;
use crate::model::{Scalar, Type, text};
use crate::syntax::ast::{self, CaseTest, Limit, Part, Unit, Worth};
use indexmap::IndexMap;
use std::collections::HashMap;

/// What a part is in the tree.
#[derive(Clone, Copy)]
pub(super) enum PartItem<'a> {
    Group(&'a ast::Group),
    Rule(&'a ast::Rule),
    Include(&'a ast::Include),
}

/// The limits of a `per` rule.
#[derive(Default)]
struct Limits {
    most: Option<i64>,
    times: Option<u32>,
    per_day: Option<u32>,
    per_week: Option<u32>,
    per_month: Option<u32>,
    decay: Option<Decay>,
}

impl<'a> Checker<'a> {
    /// Gives every score and part its slot; a score's names are one set however deep.
    pub fn declare_scores(&mut self) {
        for place in 0..self.items.scores.len() {
            let group = self.items.scores[place];
            let score = PartId(self.slot(self.parts.len(), group.name.span));
            self.declare(&group.name, Entity::Score(score));
            self.scores.push(score);
            self.parts.push(PartSlot {
                name: group.name.value.clone(),
                label: label(&group.label, &group.name.value),
                score,
                parent: None,
                item: PartItem::Group(group),
                span: group.name.span,
                below: Vec::new(),
                kind: None,
            });
            let mut names = Vec::new();
            self.declare_parts(&group.parts, score, score, &mut names);
            self.unique(names.iter().copied());
            let mut known: IndexMap<String, PartId> = IndexMap::new();
            for place in (score.index() + 1)..self.parts.len() {
                known.entry(self.parts[place].name.clone()).or_insert(PartId(place as u16));
            }
            self.part_names.insert(score, known);
        }
    }

    fn declare_parts(&mut self, parts: &'a [Part], score: PartId, parent: PartId, names: &mut Vec<&'a ast::Name>) {
        for part in parts {
            let (name, text, item) = match part {
                Part::Rule(rule) => (&rule.name, rule.label.as_ref(), PartItem::Rule(rule)),
                Part::Group(group) => (&group.name, group.label.as_ref(), PartItem::Group(group)),
                Part::Include(include) => match include.of.parts.last() {
                    Some(name) => (name, None, PartItem::Include(include)),
                    None => continue,
                },
                Part::Junk(span) => {
                    self.junk(*span);
                    continue;
                }
            };
            names.push(name);
            let id = PartId(self.slot(self.parts.len(), name.span));
            let label = text.map_or_else(|| text::readable(&name.value), |text| text.value.clone());
            let name = name.clone();
            if let Some(above) = self.parts.get_mut(parent.index()) {
                above.below.push(id);
            }
            self.parts.push(PartSlot {
                name: name.value,
                label,
                score,
                parent: Some(parent),
                item,
                span: name.span,
                below: Vec::new(),
                kind: None,
            });
            if let PartItem::Group(group) = item {
                self.declare_parts(&group.parts, score, id, names);
            }
        }
    }

    /// Checks all parts.
    pub fn scores(&mut self) {
        for place in 0..self.parts.len() {
            let id = PartId(place as u16);
            let item = self.parts[place].item;
            let kind = self.for_step(Step::Part(id), |checker| match item {
                PartItem::Group(group) => checker.group_part(id, group),
                PartItem::Include(include) => checker.include(id, include),
                PartItem::Rule(rule) => checker.rule(rule),
            });
            self.parts[place].kind = kind.ok();
        }
    }

    fn group_part(&mut self, id: PartId, group: &'a ast::Group) -> Result<PartKind> {
        let parts = std::mem::take(&mut self.parts[id.index()].below);
        for part in &parts {
            self.need_inner(Step::Part(*part));
        }
        if group.parts.is_empty() && !self.is_damaged(group.span) {
            self.report(errors::empty_block(&group.name.value, "a rule", group.name.span));
        }
        let from = group.from.as_ref().map(|from| self.points(from)).transpose();
        let to = group.to.as_ref().map(|to| self.points(to)).transpose();
        let (from, to) = (from?, to?);
        if let (Some(low), Some(high), Some(from), Some(to)) = (from, to, &group.from, &group.to)
            && low >= high
        {
            return self.fail(errors::limits_reversed(from.span, to.span));
        }
        Ok(PartKind::Group { parts, from, to })
    }

    fn include(&mut self, id: PartId, include: &'a ast::Include) -> Result<PartKind> {
        let factor = include.factor.as_ref().map(|factor| self.factor(factor)).transpose();
        let of = self.included(id, include);
        let (of, factor) = (of?, factor?);
        Ok(PartKind::Include { of, factor })
    }

    fn included(&mut self, id: PartId, include: &'a ast::Include) -> Result<Included> {
        let path = &include.of;
        let entity = match path.parts.as_slice() {
            [name] => self.names.get(&name.value),
            _ => None,
        };
        if let Some(Entity::Score(score)) = entity {
            self.need(Step::Part(score), path.span);
            self.parts[id.index()].label = self.parts[score.index()].label.clone();
            return Ok(Included::Score(score));
        }
        if let (None, [name]) = (entity, path.parts.as_slice()) {
            return Err(self.unknown_name(name, None));
        }
        let field_or_define = match path.parts.first().map(|name| self.names.get(&name.value)) {
            Some(Some(Entity::Field(_) | Entity::Record | Entity::Define(_))) => true,
            Some(Some(Entity::Broken)) => return Err(Reported),
            first => path.parts.len() > 1 && first == Some(None),
        };
        if !field_or_define {
            return self.fail(errors::cannot_include(self.text(path.span), None, path.span));
        }
        if let Some(Entity::Define(define)) = entity {
            self.parts[id.index()].label = self.defines[define.index()].label.clone();
        }
        let value = self.path(path, None)?;
        if matches!(value.ty, Type::One(Scalar::Int | Scalar::Number)) {
            return Ok(Included::Number(value));
        }
        let what = self.describe(value.ty);
        self.fail(errors::cannot_include(self.text(path.span), Some(&what), path.span))
    }

    /// A factor above 0, in millionths.
    fn factor(&mut self, amount: &ast::Amount) -> Result<i64> {
        let micros = self.amount(amount)?;
        if micros <= 0 {
            return self.fail(errors::not_above_zero("a factor", amount.span));
        }
        match crate::model::number::fit(micros) {
            Some(factor) => Ok(factor),
            None => {
                let holds = "12 digits before the point and 6 after it";
                self.fail(errors::too_many_digits(self.text(amount.span), "a factor has", holds, amount.span))
            }
        }
    }

    fn rule(&mut self, rule: &'a ast::Rule) -> Result<PartKind> {
        match &rule.worth {
            Worth::If { points, condition } => self.rule_if(points, condition),
            Worth::Per { points, distinct, events, limits } => self.rule_per(points, distinct.as_ref(), events, limits),
            Worth::PerPeriod { points, period, since, limits } => self.rule_per_period(points, period, since, limits),
            Worth::By { value, cases } => self.rule_by(value, cases, (rule.name.span, rule.span)),
            Worth::FirstOf { cases, otherwise } => {
                self.rule_first_of(cases, otherwise.as_ref(), (rule.name.span, rule.span))
            }
        }
    }

    fn rule_if(&mut self, points: &ast::Amount, condition: &'a ast::Expr) -> Result<PartKind> {
        let (points, condition) = (self.points(points), self.condition(condition));
        Ok(PartKind::If { points: points?, condition: condition? })
    }

    fn rule_per(
        &mut self,
        points: &ast::Amount,
        distinct: Option<&ast::Path>,
        events: &'a ast::Events,
        limits: &'a [Limit],
    ) -> Result<PartKind> {
        let points = self.points(points);
        let query = self.event_query(events);
        let distinct = distinct.map(|field| self.distinct_field(field, &events.name, query.is_err())).transpose();
        let limits = self.limits(limits);
        let (points, query, distinct, limits) = (points?, query?, distinct?, limits?);
        Ok(PartKind::Per(Box::new(Per {
            points,
            query,
            distinct,
            per_day: limits.per_day,
            per_week: limits.per_week,
            per_month: limits.per_month,
            times: limits.times,
            decay: limits.decay,
            most: limits.most,
        })))
    }

    fn distinct_field(&mut self, field: &ast::Path, events: &ast::Name, reported: bool) -> Result<Expr> {
        let field = self.field_of_events(field, events, reported)?;
        match field.ty {
            Type::One(_) => Ok(field),
            Type::List(_) => self.fail(errors::distinct_lists(self.text(field.span), field.span)),
        }
    }

    fn rule_per_period(
        &mut self,
        points: &ast::Amount,
        period: &ast::Duration,
        since: &'a ast::Expr,
        limits: &'a [Limit],
    ) -> Result<PartKind> {
        let points = self.points(points);
        let period = self.exact(period, "a period of points");
        let since = self.since(since);
        for limit in limits {
            if !matches!(limit, Limit::Points(_)) {
                self.report(errors::limit_of_period(limit_span(limit)));
            }
        }
        let limits = self.limits(limits);
        Ok(PartKind::PerPeriod { points: points?, period: period?, since: since?, most: limits?.most })
    }

    /// Limits and decay, each at most once.
    fn limits(&mut self, limits: &'a [Limit]) -> Result<Limits> {
        let mut found = Limits::default();
        let mut wrong = None;
        let mut seen: HashMap<&'static str, Span> = HashMap::new();
        for limit in limits {
            let (what, span) = (limit_word(limit), limit_span(limit));
            if let Some(first) = seen.insert(what, span) {
                wrong = Some(self.report(errors::duplicate_limit(what, first, span)));
            } else if let Err(reported) = self.limit(limit, &mut found) {
                wrong = Some(reported);
            }
        }
        wrong.map_or(Ok(found), Err)
    }

    fn limit(&mut self, limit: &'a Limit, found: &mut Limits) -> Result<()> {
        match limit {
            Limit::Points(amount) => found.most = Some(self.points_above_zero(amount, "a limit")?),
            Limit::Times { count, per, .. } => {
                let count = self.whole(count, 1, u32::MAX, "`at most … times`")?;
                let place = match per {
                    None => &mut found.times,
                    Some(Unit::Day) => &mut found.per_day,
                    Some(Unit::Week) => &mut found.per_week,
                    Some(Unit::Month) => &mut found.per_month,
                    // Reported with the syntax.
                    Some(Unit::Minute | Unit::Hour | Unit::Year) => return Err(Reported),
                };
                *place = Some(count);
            }
            Limit::Halving(every) => found.decay = Some(Decay::Halving { every: self.exact(every, "a decay")? }),
            Limit::Fading(over) => found.decay = Some(Decay::Fading { over: self.exact(over, "a decay")? }),
            Limit::Losing { amount, every } => found.decay = Some(self.losing(amount, every)?),
        }
        Ok(())
    }

    fn losing(&mut self, amount: &ast::Amount, every: &ast::Duration) -> Result<Decay> {
        let every = self.exact(every, "a decay");
        let share = matches!(&amount.value, ast::AmountValue::Number(number) if number.written.ends_with('%'));
        if !share {
            let points = self.points_above_zero(amount, "what an event loses");
            return Ok(Decay::LosingPoints { points: points?, every: every? });
        }
        let share = self.amount(amount)?;
        if share <= 0 || share > i128::from(crate::model::number::NUMBER_SCALE) {
            return self.fail(errors::share_out_of_range(amount.span));
        }
        Ok(Decay::LosingShare { share: share as i64, every: every? })
    }

    /// A length above 0 of minutes, hours, days or weeks, in milliseconds.
    fn exact(&mut self, duration: &ast::Duration, what: &str) -> Result<i64> {
        match (Length { count: duration.count, unit: duration.unit }).millis() {
            Some(millis) if millis > 0 => Ok(millis),
            Some(_) => self.fail(errors::empty_duration(duration.span)),
            None => {
                let days = if duration.unit == Unit::Month { 30 } else { 365 } * u64::from(duration.count);
                self.fail(errors::calendar_duration(what, days, duration.span))
            }
        }
    }

    fn rule_by(
        &mut self,
        value: &'a ast::Expr,
        cases: &'a [ast::Case],
        (name, rule): (Span, Span),
    ) -> Result<PartKind> {
        let age = self.is_age(value);
        let value = if age { self.aged(value) } else { self.value(value, None) };
        if cases.is_empty() && !self.is_damaged(rule) {
            self.report(errors::no_cases(name));
        }
        let subject = value.as_ref().ok().map(|value| (value.ty, age));
        let outer = std::mem::replace(&mut self.scope, Scope { events: None, subject });
        let cases = self.by_cases(cases, subject.is_none());
        self.scope = outer;
        let (value, (cases, missing, otherwise)) = (value?, cases?);
        Ok(PartKind::By { value, cases, missing, otherwise })
    }

    #[allow(clippy::type_complexity)]
    fn by_cases(&mut self, cases: &'a [ast::Case], no_subject: bool) -> Result<(Vec<Case>, Option<i64>, Option<i64>)> {
        let (mut found, mut missing, mut otherwise) = (Vec::new(), None, None);
        let mut wrong = None;
        let mut seen: HashMap<&'static str, Span> = HashMap::new();
        for (place, case) in cases.iter().enumerate() {
            let word = match &case.test {
                CaseTest::Missing => Some("missing"),
                CaseTest::Otherwise => Some("otherwise"),
                CaseTest::Range(..) | CaseTest::Operator(_) => None,
            };
            if let Some(word) = word
                && let Some(first) = seen.insert(word, case.span)
            {
                wrong = Some(self.report(errors::duplicate_case(word, first, case.span)));
                continue;
            }
            if word == Some("otherwise") && place + 1 < cases.len() {
                wrong = Some(self.report(errors::otherwise_not_last("case", case.span)));
            }
            let points = self.points(&case.points);
            let condition = match &case.test {
                CaseTest::Missing | CaseTest::Otherwise => None,
                _ if no_subject => continue,
                CaseTest::Range(low, high) => Some(self.case_range(low, high)),
                CaseTest::Operator(condition) => Some(self.case_operator(condition)),
            };
            match (points, condition, &case.test) {
                (Err(reported), _, _) | (_, Some(Err(reported)), _) => wrong = Some(reported),
                (Ok(points), Some(Ok(condition)), _) => found.push(Case { condition, points, span: case.span }),
                (Ok(points), None, CaseTest::Missing) => missing = Some(points),
                (Ok(points), None, _) => otherwise = Some(points),
            }
        }
        wrong.map_or(Ok((found, missing, otherwise)), Err)
    }

    /// `10 to 49`, both in.
    fn case_range(&mut self, low: &'a ast::Expr, high: &'a ast::Expr) -> Result<Expr> {
        let span = low.span.to(high.span);
        let Some((ty, age)) = self.scope.subject else { return Err(Reported) };
        let condition = self.range_of_subject((ty, age), low, high, span)?;
        self.literals_only(&condition)?;
        Ok(condition)
    }

    fn case_operator(&mut self, condition: &'a ast::Expr) -> Result<Expr> {
        if self.is_damaged(condition.span) {
            return Err(Reported);
        }
        let checked = self.condition(condition)?;
        self.literals_only(&checked)?;
        Ok(checked)
    }

    /// Cases are one operator on what the rule looks at, with literals and lists only.
    fn literals_only(&mut self, condition: &Expr) -> Result<()> {
        let literals: &[&Expr] = match &condition.kind {
            ExprKind::Compare(_, _, right) => &[right],
            ExprKind::Between(_, low, high) => &[low, high],
            _ => &[],
        };
        let wrong = literals.iter().find(|side| !matches!(side.kind, ExprKind::Constant(_)));
        if let Some(side) = wrong {
            return self.fail(errors::literal_needed(self.text(side.span), side.span));
        }
        let value = match &condition.kind {
            ExprKind::Compare(_, value, _)
            | ExprKind::Between(value, ..)
            | ExprKind::Exactly { value, .. }
            | ExprKind::In { value, .. }
            | ExprKind::Match { value, .. }
            | ExprKind::Has { value, .. }
            | ExprKind::Age(_, value, _)
            | ExprKind::AgeBetween(value, ..)
            | ExprKind::Within { value, .. } => Some(value),
            _ => None,
        };
        if value.is_some_and(|value| matches!(value.kind, ExprKind::Subject)) {
            return Ok(());
        }
        let missing = matches!(condition.kind, ExprKind::IsMissing(_) | ExprKind::IsKnown(_));
        self.fail(errors::wrong_case(missing, condition.span))
    }

    fn rule_first_of(
        &mut self,
        cases: &'a [ast::Choice],
        otherwise: Option<&ast::Amount>,
        (name, rule): (Span, Span),
    ) -> Result<PartKind> {
        if cases.is_empty() && !self.is_damaged(rule) {
            self.report(errors::no_cases(name));
        }
        let otherwise = otherwise.map(|points| self.points(points)).transpose();
        let cases: Vec<Result<Case>> = cases
            .iter()
            .map(|case| {
                let (points, condition) = (self.points(&case.points), self.condition(&case.condition));
                Ok(Case { condition: condition?, points: points?, span: case.span })
            })
            .collect();
        let cases = cases.into_iter().collect::<Result<Vec<Case>>>()?;
        Ok(PartKind::FirstOf { cases, otherwise: otherwise? })
    }
}

/// What may stand once: a limit of each kind, one decay.
fn limit_word(limit: &Limit) -> &'static str {
    match limit {
        Limit::Points(_) => "at most … points",
        Limit::Times { per: None, .. } => "at most … times",
        Limit::Times { per: Some(Unit::Day), .. } => "at most … times a day",
        Limit::Times { per: Some(Unit::Week), .. } => "at most … times a week",
        Limit::Times { per: Some(_), .. } => "at most … times a month",
        Limit::Halving(_) | Limit::Fading(_) | Limit::Losing { .. } => "decay",
    }
}

fn limit_span(limit: &Limit) -> Span {
    match limit {
        Limit::Points(amount) => amount.span,
        Limit::Times { span, .. } => *span,
        Limit::Halving(duration) | Limit::Fading(duration) => duration.span,
        Limit::Losing { amount, every } => amount.span.to(every.span),
    }
}
