//! Walking the expressions of a [`Program`].

use super::hir::{EventWindow, Expr, ExprKind, Included, PartKind, Program, QueryId, Step};

impl Expr {
    /// The expressions right below this one; of a question about events only its field (see [`Expr::query`]).
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Constant(_)
            | ExprKind::Field(_)
            | ExprKind::EventField(_)
            | ExprKind::EventType
            | ExprKind::EventDay
            | ExprKind::Subject
            | ExprKind::Define(_)
            | ExprKind::Points(_)
            | ExprKind::Check(_)
            | ExprKind::CheckCount(..)
            | ExprKind::Fits(_)
            | ExprKind::FitUnknown(_)
            | ExprKind::Band(_)
            | ExprKind::Cell(_)
            | ExprKind::Stage
            | ExprKind::Disqualified
            | ExprKind::DisqualifiedBy(_)
            | ExprKind::AtLeastEvents(..)
            | ExprKind::AtMostEvents(..)
            | ExprKind::Count(_)
            | ExprKind::Edge(..) => Vec::new(),
            ExprKind::Not(a)
            | ExprKind::IsKnown(a)
            | ExprKind::IsMissing(a)
            | ExprKind::Negate(a)
            | ExprKind::Age(_, a, _)
            | ExprKind::AgeBetween(a, _, _)
            | ExprKind::Within { value: a, .. }
            | ExprKind::Exactly { value: a, .. }
            | ExprKind::In { value: a, .. }
            | ExprKind::Match { value: a, .. }
            | ExprKind::Has { value: a, .. }
            | ExprKind::Aggregate(_, a, _) => vec![a],
            ExprKind::Implies(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Otherwise(a, b)
            | ExprKind::Arithmetic(_, a, b) => vec![a, b],
            ExprKind::Between(a, b, c) | ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::And(all)
            | ExprKind::Or(all)
            | ExprKind::AtLeastOf(_, all)
            | ExprKind::AtMostOf(_, all)
            | ExprKind::Call(_, all) => all.iter().collect(),
        }
    }

    /// The question about events that this expression asks.
    pub fn query(&self) -> Option<QueryId> {
        match &self.kind {
            ExprKind::AtLeastEvents(_, query)
            | ExprKind::AtMostEvents(_, query)
            | ExprKind::Count(query)
            | ExprKind::Edge(_, query)
            | ExprKind::Aggregate(_, _, query) => Some(*query),
            _ => None,
        }
    }

    /// Visits this expression and all below it, those of its questions about events too.
    pub fn walk<'a>(&'a self, program: &'a Program, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(program, visit);
        }
        if let Some(query) = self.query() {
            program.walk_query(query, visit);
        }
    }
}

impl Program {
    /// Visits the expressions of a question about events.
    pub fn walk_query<'a>(&'a self, query: QueryId, visit: &mut impl FnMut(&'a Expr)) {
        let query = &self.queries[query.index()];
        if let Some(condition) = &query.condition {
            condition.walk(self, visit);
        }
        if let Some(EventWindow::Since(time)) = &query.window {
            time.walk(self, visit);
        }
    }

    /// Visits all expressions that a step works out itself, those below them too.
    pub fn walk_step<'a>(&'a self, step: Step, visit: &mut impl FnMut(&'a Expr)) {
        match step {
            Step::Define(id) => self.defines[id.index()].value.walk(self, visit),
            Step::Check(id) => self.checks[id.index()].condition.walk(self, visit),
            Step::Reason(id) => self.reasons[id.index()].condition.walk(self, visit),
            Step::Always(id) => self.always[id.index()].condition.walk(self, visit),
            Step::Part(id) => self.walk_part(&self.parts[id.index()].kind, visit),
            Step::StageReached(id) => {
                let stage = &self.stages[id.index()];
                for condition in stage.condition.iter().chain(&stage.keep_while) {
                    condition.walk(self, visit);
                }
            }
            Step::Route => {
                for condition in self.routes.iter().filter_map(|route| route.condition.as_ref()) {
                    condition.walk(self, visit);
                }
            }
            Step::Fit(_) | Step::Bands(_) | Step::Matrix(_) | Step::Disqualified | Step::Stage => {}
        }
    }

    fn walk_part<'a>(&'a self, part: &'a PartKind, visit: &mut impl FnMut(&'a Expr)) {
        match part {
            PartKind::Group { .. } | PartKind::Include { of: Included::Score(_), .. } => {}
            PartKind::Include { of: Included::Number(expr), .. } => expr.walk(self, visit),
            PartKind::If { condition, .. } => condition.walk(self, visit),
            PartKind::Per(per) => {
                self.walk_query(per.query, visit);
                if let Some(field) = &per.distinct {
                    field.walk(self, visit);
                }
            }
            PartKind::PerPeriod { since, .. } => since.walk(self, visit),
            PartKind::By { value, cases, .. } => {
                value.walk(self, visit);
                for case in cases {
                    case.condition.walk(self, visit);
                }
            }
            PartKind::FirstOf { cases, .. } => {
                for case in cases {
                    case.condition.walk(self, visit);
                }
            }
        }
    }
}
