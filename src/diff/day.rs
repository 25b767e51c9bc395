//! Whether a claim that was proved at one instant holds at others.
//!
//! Ages and windows move with the as-of, so that what no lead shows today no lead shows tomorrow. That is not so where one
//! thing is looked at both by its age and by the calendar: a fixed date, a month or year, a cap by day, week or month.

use crate::check::hir::{EventWindow, Expr, ExprKind, LengthId, PartKind, Program, QueryId, Step};
use crate::model::{FieldId, Literal, Scalar, Type};
use std::collections::{BTreeMap, BTreeSet};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Field(FieldId),
    /// All events: their types may be looked at side by side.
    Events,
}

/// How the time of something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// By its age in exact units.
    Age,
    /// By its age in months and years.
    Months,
    /// By fixed dates.
    Date,
    /// By calendar days, weeks or months.
    Calendar,
    /// By its distance to another time.
    Other,
}

/// Why a claim about these steps holds at the analysis' as-of and perhaps at no other; none when it holds at all.
pub(super) fn rests_on_the_day(program: &Program, steps: &[Step]) -> Option<&'static str> {
    let mut seen: BTreeMap<About, BTreeSet<By>> = BTreeMap::new();
    for step in steps {
        let mut look = Look { program, seen: &mut seen };
        if let Step::Part(id) = step {
            look.part(&program.parts[id.index()].kind);
        }
        program.walk_step(*step, &mut |expr| look.expr(expr));
    }
    let mixed = |uses: &BTreeSet<By>| uses.len() > 1 || uses.contains(&By::Other);
    let found: Vec<&BTreeSet<By>> = seen.values().filter(|uses| mixed(uses)).collect();
    if found.is_empty() {
        return None;
    }
    let any = |by: By| found.iter().any(|uses| uses.contains(&by));
    Some(if any(By::Other) {
        "the policies compare times with each other"
    } else if any(By::Date) {
        "the policies look at the same thing by a fixed date and by its age"
    } else if any(By::Calendar) {
        "the policies count events both by calendar days and by their age"
    } else {
        "the policies look at the same thing in months and in days, and months have no one length"
    })
}

struct Look<'a> {
    program: &'a Program,
    seen: &'a mut BTreeMap<About, BTreeSet<By>>,
}

impl Look<'_> {
    fn add(&mut self, about: About, by: By) {
        self.seen.entry(about).or_default().insert(by);
    }

    fn length(&self, length: LengthId) -> By {
        if self.program.lengths[length.index()].millis().is_some() { By::Age } else { By::Months }
    }

    /// The field that an expression is.
    fn about(&self, expr: &Expr) -> Option<About> {
        match &expr.kind {
            ExprKind::Field(field) => Some(About::Field(*field)),
            ExprKind::Define(id) => self.about(&self.program.defines[id.index()].value),
            ExprKind::Otherwise(value, _) => self.about(value),
            ExprKind::Edge(..) | ExprKind::EventField(_) | ExprKind::EventDay => Some(About::Events),
            _ => None,
        }
    }

    /// Something that is no plain field stands for all that it is made of.
    fn aged(&mut self, value: &Expr, by: By) {
        match self.about(value) {
            Some(about) => self.add(about, by),
            None => self.add(About::Events, By::Other),
        }
    }

    fn query(&mut self, query: QueryId) {
        let query = &self.program.queries[query.index()];
        match &query.window {
            None => {}
            Some(EventWindow::Within(length)) => self.add(About::Events, self.length(*length)),
            Some(EventWindow::Since(time)) => match &time.kind {
                ExprKind::Constant(_) => self.add(About::Events, By::Date),
                _ => self.add(About::Events, By::Other),
            },
        }
    }

    fn part(&mut self, part: &PartKind) {
        match part {
            PartKind::Per(per) => {
                self.query(per.query);
                if per.decay.is_some() {
                    self.add(About::Events, By::Age);
                }
                if per.per_day.is_some() || per.per_week.is_some() || per.per_month.is_some() {
                    self.add(About::Events, By::Calendar);
                }
            }
            PartKind::PerPeriod { since, .. } => self.aged(since, By::Age),
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if let Some(query) = expr.query() {
            self.query(query);
        }
        let time = |expr: &Expr| matches!(expr.ty, Type::One(Scalar::Date | Scalar::Time));
        match &expr.kind {
            ExprKind::Age(_, value, length) | ExprKind::Within { value, length, .. } => {
                self.aged(value, self.length(*length));
            }
            ExprKind::AgeBetween(value, low, high) => {
                self.aged(value, self.length(*low));
                self.aged(value, self.length(*high));
            }
            ExprKind::EventDay => self.add(About::Events, By::Calendar),
            ExprKind::Compare(_, a, b) if time(a) || time(b) => self.fixed(&[a, b]),
            ExprKind::Between(a, b, c) if time(a) => self.fixed(&[a, b, c]),
            ExprKind::In { value, .. } if time(value) => self.fixed(&[value]),
            ExprKind::Has { value, .. } if matches!(value.ty, Type::List(Scalar::Date | Scalar::Time)) => {
                self.aged(value, By::Date);
            }
            _ => {}
        }
    }

    fn fixed(&mut self, sides: &[&Expr]) {
        let constant = |expr: &Expr| matches!(expr.kind, ExprKind::Constant(Literal::Date(_) | Literal::Time(_)));
        let open: Vec<&&Expr> = sides.iter().filter(|side| !constant(side)).collect();
        let by = if open.len() > 1 { By::Other } else { By::Date };
        for side in open {
            match self.about(side) {
                Some(about) => self.add(about, by),
                None => self.add(About::Events, By::Other),
            }
        }
    }
}
