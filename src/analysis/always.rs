//! Whether an answer holds at any as-of, not only at the one that was looked at.

use super::{Analysis, Goal};
use crate::check::hir::{EventWindow, Expr, ExprKind, PartKind, Program, QueryId, Step};
use crate::model::Literal;

impl<'p> Analysis<'p> {
    /// Whether what is found of a goal holds at every as-of: nothing that it rests on counts by the calendar, and no
    /// fixed date stands beside ages and windows.
    pub fn at_any_time(&self, goal: &Goal<'p>) -> bool {
        let program = self.program();
        let mut times = Times::default();
        for expr in goal.exprs() {
            expr.walk(program, &mut |expr| times.see(program, expr));
        }
        for step in goal.cone(program) {
            program.walk_step(step, &mut |expr| times.see(program, expr));
            if let Step::Part(part) = step {
                match &program.parts[part.index()].kind {
                    PartKind::Per(per) => {
                        times.window(program, per.query);
                        times.calendar |= [per.per_day, per.per_week, per.per_month].iter().any(Option::is_some);
                        times.moving |= per.decay.is_some();
                    }
                    PartKind::PerPeriod { .. } => times.moving = true,
                    _ => {}
                }
            }
        }
        !times.moving || !times.calendar && !times.fixed
    }
}

/// In which ways a goal looks at time.
#[derive(Default)]
struct Times {
    /// From the as-of.
    moving: bool,
    /// From a date that is written down.
    fixed: bool,
    /// By days, weeks and months of the calendar.
    calendar: bool,
}

impl Times {
    fn see(&mut self, program: &Program, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(Literal::Date(_) | Literal::Time(_)) => self.fixed = true,
            ExprKind::Age(..) | ExprKind::AgeBetween(..) | ExprKind::Within { .. } => self.moving = true,
            ExprKind::EventDay => self.calendar = true,
            _ => {}
        }
        if let Some(query) = expr.query() {
            self.window(program, query);
        }
    }

    fn window(&mut self, program: &Program, query: QueryId) {
        match &program.queries[query.index()].window {
            Some(EventWindow::Within(_)) => self.moving = true,
            Some(EventWindow::Since(since)) => since.walk(program, &mut |expr| {
                self.fixed |= matches!(expr.kind, ExprKind::Constant(Literal::Date(_) | Literal::Time(_)));
            }),
            None => {}
        }
    }
}
