//! The outcomes of scores, groups and rules.

use super::conditions::{cut, inside, source, window};
use super::goal::{Cap, Events, Held, Item, Sight, Taken};
use super::model::{Group, Kind};
use super::possible::Possible;
use crate::check::hir::{Case, ExprKind, Included, PartId, PartKind, Per, Program, Step};
use crate::eval::Points;
use crate::model::{DomainKind, Literal, Scalar, Type};

/// The items of a score: its parts in their order, then the score itself.
pub fn of_score<'p>(program: &'p Program, possible: &Possible<'p>, score: PartId, items: &mut Vec<Item<'p>>) {
    let parts = (0..program.parts.len() as u16).map(PartId).filter(|id| program.parts[id.index()].score == score);
    let rules = Rules { program, possible };
    items.extend(parts.map(|id| rules.part(id)));
}

struct Rules<'p, 'o> {
    program: &'p Program,
    possible: &'o Possible<'p>,
}

impl<'p> Rules<'p, '_> {
    fn part(&self, id: PartId) -> Item<'p> {
        let part = &self.program.parts[id.index()];
        let score = &self.program.parts[part.score.index()].name;
        let name = if id == part.score { score.clone() } else { format!("{score}.{}", part.name) };
        let mut item = Item::new(Group::Scores, name, &part.label, part.span, &[Step::Part(id)]);
        match &part.kind {
            PartKind::Group { parts, from, to } => self.limits(&mut item, id, parts, *from, *to),
            PartKind::Include { of: Included::Number(value), .. } => {
                self.fires(&mut item, id);
                if self.possible.missing(value) {
                    item.goal(Kind::Case, "missing", part.span, Sight::Missing(value, true));
                }
                inside(self.program, &mut item, value, None);
            }
            PartKind::Include { .. } => {}
            PartKind::If { condition, .. } => {
                self.fires(&mut item, id);
                inside(self.program, &mut item, condition, None);
            }
            PartKind::Per(per) => self.per(&mut item, id, per),
            PartKind::PerPeriod { since, most, .. } => {
                self.fires(&mut item, id);
                if self.possible.missing(since) {
                    let text = format!("`{}` is missing", source(self.program, since));
                    item.goal(Kind::Case, text, part.span, Sight::Missing(since, true));
                }
                self.most(&mut item, id, *most);
                inside(self.program, &mut item, since, None);
            }
            PartKind::By { value, cases, otherwise, .. } => {
                self.cases(&mut item, id, cases, *otherwise);
                if otherwise.is_none() && !self.takes_all(value.ty, cases) {
                    item.goal(Kind::Case, "no case", part.span, Sight::Case(id, Taken::None));
                }
                if self.possible.missing(value) {
                    item.goal(Kind::Case, "missing", part.span, Sight::Case(id, Taken::Missing));
                }
                inside(self.program, &mut item, value, None);
                for case in cases {
                    inside(self.program, &mut item, &case.condition, Some(value));
                }
            }
            PartKind::FirstOf { cases, otherwise } => {
                self.cases(&mut item, id, cases, *otherwise);
                if cases.iter().any(|case| self.possible.missing(&case.condition)) {
                    item.goal(Kind::Case, "none, one is unknown", part.span, Sight::Case(id, Taken::Missing));
                }
                if otherwise.is_none() {
                    item.goal(Kind::Case, "no case", part.span, Sight::Case(id, Taken::None));
                }
                for case in cases {
                    inside(self.program, &mut item, &case.condition, None);
                }
            }
        }
        item
    }

    fn fires(&self, item: &mut Item<'p>, id: PartId) {
        item.goal(Kind::Fires, "fires", item.span, Sight::Fires(id, true));
        item.goal(Kind::Fires, "does not fire", item.span, Sight::Fires(id, false));
    }

    fn per(&self, item: &mut Item<'p>, id: PartId, per: &'p Per) {
        self.fires(item, id);
        window(self.program, item, Events::Rule(id), per.query);
        if let Some(field) = &per.distinct {
            let field = source(self.program, field);
            let sight = Sight::Cap(id, Cap::Distinct, true);
            item.goal(Kind::Cap, format!("the same `{field}` twice counts once"), item.span, sight);
        }
        let caps = [
            (per.per_day, Cap::Day, " a day"),
            (per.per_week, Cap::Week, " a week"),
            (per.per_month, Cap::Month, " a month"),
            (per.times, Cap::Times, ""),
        ];
        for (count, cap, period) in caps {
            let Some(count) = count else { continue };
            let times = if count == 1 { "1 time".to_owned() } else { format!("{count} times") };
            item.goal(Kind::Cap, format!("just {times}{period}"), item.span, Sight::Cap(id, cap, false));
            item.goal(Kind::Cap, format!("more than {times}{period}"), item.span, Sight::Cap(id, cap, true));
        }
        self.most(item, id, per.most);
        if per.decay.is_some() {
            item.goal(Kind::Decay, "an event earns full points", item.span, Sight::Decay(id, false));
            item.goal(Kind::Decay, "an event has lost points to its age", item.span, Sight::Decay(id, true));
        }
    }

    /// `at most M points`; the lower limit holds rules that take points.
    fn most(&self, item: &mut Item<'p>, id: PartId, most: Option<i64>) {
        let Some(most) = most else { return };
        let positive = match &self.program.parts[id.index()].kind {
            PartKind::Per(per) => per.points > 0,
            PartKind::PerPeriod { points, .. } => *points > 0,
            _ => true,
        };
        let held = if positive { Held::AtTheTop } else { Held::AtTheBottom };
        let most = Points(most);
        item.goal(Kind::Limit, format!("within {most} points"), item.span, Sight::Limit(id, Held::Within));
        item.goal(Kind::Limit, format!("held at {most} points"), item.span, Sight::Limit(id, held));
    }

    fn limits(&self, item: &mut Item<'p>, id: PartId, parts: &[PartId], from: Option<i64>, to: Option<i64>) {
        let (low, high) = self.possible.sum(parts);
        let reachable = (from.filter(|from| low < i128::from(*from)), to.filter(|to| high > i128::from(*to)));
        if reachable == (None, None) {
            return;
        }
        item.goal(Kind::Limit, "within its limits", item.span, Sight::Limit(id, Held::Within));
        if let (Some(from), _) = reachable {
            item.goal(Kind::Limit, format!("held at {}", Points(from)), item.span, Sight::Limit(id, Held::AtTheBottom));
        }
        if let (_, Some(to)) = reachable {
            item.goal(Kind::Limit, format!("held at {}", Points(to)), item.span, Sight::Limit(id, Held::AtTheTop));
        }
    }

    fn cases(&self, item: &mut Item<'p>, id: PartId, cases: &'p [Case], otherwise: Option<i64>) {
        for (place, case) in cases.iter().enumerate() {
            let text = cut(self.program.sources.text(case.span), 60);
            item.goal(Kind::Case, format!("`{text}`"), case.span, Sight::Case(id, Taken::At(place as u16)));
        }
        if otherwise.is_some() {
            item.goal(Kind::Case, "otherwise", item.span, Sight::Case(id, Taken::Otherwise));
        }
    }

    /// Whether every known value is taken by a case, where that is easy to see: lists of choices, `true` and `false`.
    fn takes_all(&self, ty: Type, cases: &[Case]) -> bool {
        use crate::syntax::ast::CompareOp;
        let takes = |case: &Case, wanted: &Literal| match (&case.condition.kind, wanted) {
            (ExprKind::Compare(op, _, line), _) => match (&line.kind, wanted) {
                (ExprKind::Constant(Literal::Choice(line)), Literal::Choice(choice)) => match op {
                    CompareOp::Is => choice == line,
                    CompareOp::IsNot => choice != line,
                    CompareOp::Less => choice < line,
                    CompareOp::LessOrEqual => choice <= line,
                    CompareOp::Greater => choice > line,
                    CompareOp::GreaterOrEqual => choice >= line,
                },
                (ExprKind::Constant(line), _) => (line == wanted) == (*op == CompareOp::Is),
                _ => false,
            },
            (ExprKind::In { set: crate::check::hir::Set::Choices(set), negated, .. }, Literal::Choice(choice)) => {
                set.contains(choice) != *negated
            }
            _ => false,
        };
        let all = |wanted: Vec<Literal>| wanted.iter().all(|wanted| cases.iter().any(|case| takes(case, wanted)));
        match ty {
            Type::One(Scalar::Bool) => all(vec![Literal::Bool(true), Literal::Bool(false)]),
            Type::One(Scalar::Choice(domain)) if self.program.schema.domain(domain).kind != DomainKind::Stages => {
                let count = self.program.schema.domain(domain).choices.len() as u16;
                all((0..count).map(Literal::Choice).collect())
            }
            _ => false,
        }
    }
}
