//! Walking the expressions of a tree.

use super::{Case, CaseTest, EventWindow, Events, Expr, ExprKind, Group, Item, ItemKind, Part, TestStep, When, Worth};

impl Expr {
    /// The expressions right below this one, those of its events too.
    pub fn children(&self) -> Vec<&Expr> {
        match &*self.kind {
            ExprKind::Number(_)
            | ExprKind::Money(..)
            | ExprKind::Text(_)
            | ExprKind::Bool(_)
            | ExprKind::Date(_)
            | ExprKind::Instant(_)
            | ExprKind::Duration(_)
            | ExprKind::Path(_)
            | ExprKind::Subject
            | ExprKind::Disqualified(_)
            | ExprKind::Junk => Vec::new(),
            ExprKind::Negate(a)
            | ExprKind::Not(a)
            | ExprKind::IsKnown(a)
            | ExprKind::IsMissing(a)
            | ExprKind::Within(a, ..)
            | ExprKind::Age(a)
            | ExprKind::Verdict(a, _) => vec![a],
            ExprKind::Arithmetic(_, a, b)
            | ExprKind::Otherwise(a, b)
            | ExprKind::Implies(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Exactly(a, _, b)
            | ExprKind::In(a, _, b) => vec![a, b],
            ExprKind::TextTest(a, _, pattern) | ExprKind::Has(a, pattern) => vec![a, &pattern.of],
            ExprKind::If(a, b, c) | ExprKind::Between(a, b, c) => vec![a, b, c],
            ExprKind::List(all)
            | ExprKind::Call(_, all)
            | ExprKind::And(all)
            | ExprKind::Or(all)
            | ExprKind::Among(_, all) => all.iter().collect(),
            ExprKind::EventTest(_, events)
            | ExprKind::Count(events)
            | ExprKind::Aggregate(_, _, events)
            | ExprKind::Edge(_, events) => events.expressions(),
        }
    }

    /// The events that this expression asks about.
    pub fn events(&self) -> Option<&Events> {
        match &*self.kind {
            ExprKind::EventTest(_, events)
            | ExprKind::Count(events)
            | ExprKind::Aggregate(_, _, events)
            | ExprKind::Edge(_, events) => Some(events),
            _ => None,
        }
    }

    /// Visits this expression and all below it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

impl Events {
    /// The condition on each event and the time since which they count.
    pub fn expressions(&self) -> Vec<&Expr> {
        let since = match &self.window {
            Some(EventWindow::Since(time)) => Some(time),
            _ => None,
        };
        self.condition.iter().chain(since).collect()
    }
}

impl Worth {
    /// The outermost expressions of a rule.
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Worth::If { condition, .. } => vec![condition],
            Worth::Per { events, .. } => events.expressions(),
            Worth::PerPeriod { since, .. } => vec![since],
            Worth::By { value, cases } => std::iter::once(value).chain(cases.iter().flat_map(of_case)).collect(),
            Worth::FirstOf { cases, .. } => cases.iter().map(|case| &case.condition).collect(),
        }
    }
}

fn of_case(case: &Case) -> Vec<&Expr> {
    match &case.test {
        CaseTest::Range(from, to) => vec![from, to],
        CaseTest::Operator(expr) => vec![expr],
        CaseTest::Missing | CaseTest::Otherwise => Vec::new(),
    }
}

impl Group {
    /// The outermost expressions of all rules, those of groups inside too.
    pub fn expressions(&self) -> Vec<&Expr> {
        self.parts.iter().flat_map(of_part).collect()
    }
}

fn of_part(part: &Part) -> Vec<&Expr> {
    match part {
        Part::Rule(rule) => rule.worth.expressions(),
        Part::Group(group) => group.expressions(),
        Part::Include(_) | Part::Junk(_) => Vec::new(),
    }
}

impl Item {
    /// The outermost expressions of a declaration: conditions, values, expectations of tests. Literals that are no
    /// expressions of their own (a list's entries, the values that a test gives) are not among them.
    pub fn expressions(&self) -> Vec<&Expr> {
        match &self.value {
            ItemKind::Define { value, .. } => vec![value],
            ItemKind::Persona { condition, .. } | ItemKind::Always { condition, .. } => vec![condition],
            ItemKind::Fit { checks: conditions, .. } | ItemKind::Disqualify(conditions) => {
                conditions.iter().map(|item| &item.condition).collect()
            }
            ItemKind::Score(group) => group.expressions(),
            ItemKind::Stages(stages) => {
                stages.iter().flat_map(|stage| stage.condition.iter().chain(&stage.keep_while)).collect()
            }
            ItemKind::Route(arms) => arms.iter().filter_map(|arm| arm.condition.as_ref()).collect(),
            ItemKind::Test(test) => test.steps.iter().flat_map(of_step).collect(),
            _ => Vec::new(),
        }
    }

    /// Visits all expressions of a declaration, those below the outermost too.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        for expr in self.expressions() {
            expr.walk(visit);
        }
    }
}

fn of_step(step: &TestStep) -> Vec<&Expr> {
    match step {
        TestStep::Expect(expr, _) => vec![expr],
        TestStep::Event(event) => match &event.when {
            When::At(instant) => vec![instant],
            When::Ago(_) | When::On(_) => Vec::new(),
        },
        TestStep::Lead(..) | TestStep::Junk(_) => Vec::new(),
    }
}
