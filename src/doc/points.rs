//! Points: what each score is made of.

use super::range::{Range, Ranges};
use super::worth::worth_span;
use super::{Doc, labelled, named};
use crate::check::hir::{Part, PartId, PartKind};
use crate::eval::Points;
use crate::model::number::POINTS_SCALE;
use crate::report::chart::{Bar, Bars, Tone};
use crate::report::{Block, Figure, Section, Table, Text};
use crate::syntax::ast::{self, AmountValue, CompareOp, ExprKind, ItemKind};
use crate::words::anchor_of;

impl<'p> Doc<'p> {
    /// Every score: how far it reaches, and what earns its points.
    pub(super) fn points(&self) -> Option<Section> {
        if self.program.scores.is_empty() {
            return None;
        }
        let ranges = Ranges::of(self.program);
        let text = "What is known of a lead, and what it does, earns or costs points. What is not known earns nothing and \
                    costs nothing, unless a line says so.";
        let mut section = Section::new("Points", "points").text(text);
        for score in &self.program.scores {
            let name = &self.program.parts[score.index()].name;
            let group = self.items().find_map(|item| match item {
                ItemKind::Score(group) if group.name.value == *name => Some(group),
                _ => None,
            });
            if let Some(group) = group {
                section = section.block(self.score(*score, group, &ranges));
            }
        }
        Some(section)
    }

    fn score(&self, id: PartId, group: &'p ast::Group, ranges: &Ranges<'_>) -> Section {
        let score = &self.program.parts[id.index()];
        let mut section = named(&score.label, "score", &score.name);
        if let Some(limits) = limits(&score.kind) {
            section = section.text(format!("The sum of what follows, {limits}."));
        } else {
            section = section.text("The sum of what follows.");
        }
        section = section.block(self.range_figure(id, ranges));
        if let Some(figure) = self.parts_figure(id, ranges) {
            section = section.block(figure);
        }
        let mut table = Table::new(["Rule", "What earns points", "Points", "Can come to"]).number(2).number(3);
        self.rows(&mut table, score, group, 0, ranges);
        section.block(table)
    }

    /// The rows of a group's parts, each group's below its own.
    fn rows(&self, table: &mut Table, score: &Part, group: &'p ast::Group, depth: usize, ranges: &Ranges<'_>) {
        for part in &group.parts {
            let name = match part {
                ast::Part::Rule(rule) => &rule.name.value,
                ast::Part::Group(group) => &group.name.value,
                ast::Part::Include(include) => match include.of.parts.last() {
                    Some(last) => &last.value,
                    None => continue,
                },
                ast::Part::Junk(_) => continue,
            };
            let Some((id, known)) = self.part(score, name) else { continue };
            let anchor = anchor_of("rule", &format!("{}.{name}", score.name));
            let range = Text::new(ranges.of_part(id).words());
            let label = labelled(&known.label, name);
            match part {
                ast::Part::Group(inner) => {
                    let held = limits(&known.kind).map_or_else(String::new, |limits| format!(", {limits}"));
                    let text = Text::new(format!("The sum of the lines below{held}."));
                    table.row([label, text, Text::default(), range]).anchor(anchor).depth(depth).heavy();
                    self.rows(table, score, inner, depth + 1, ranges);
                }
                ast::Part::Include(include) => {
                    let text = self.include(known, include).line().code(self.source(include.span));
                    table.row([label, text, Text::default(), range]).anchor(anchor).depth(depth);
                }
                ast::Part::Rule(rule) => {
                    let (text, points, cases) = self.worth(known, rule);
                    let text = match worth_span(rule) {
                        // What stands behind the name and label begins with a colon.
                        Some(span) => text.line().code(self.source(span).trim_start_matches([':', ' '])),
                        None => text,
                    };
                    table.row([label, text, Text::new(points), range]).anchor(anchor).depth(depth);
                    for (case, words, points) in cases {
                        table.row([case, words, Text::new(points), Text::default()]).depth(depth + 1);
                    }
                }
                ast::Part::Junk(_) => {}
            }
        }
    }

    /// A part of a score by its name.
    fn part(&self, score: &Part, name: &str) -> Option<(PartId, &'p Part)> {
        let root = score.score;
        let place = self
            .program
            .parts
            .iter()
            .position(|part| part.score == root && part.parent.is_some() && part.name == name)?;
        Some((PartId(place as u16), &self.program.parts[place]))
    }

    fn include(&self, part: &Part, include: &ast::Include) -> Text {
        let PartKind::Include { factor, .. } = &part.kind else { return Text::default() };
        let of = self.words.value(&ast::Expr::new(ExprKind::Path(include.of.clone()), include.span));
        match factor {
            Some(factor) => Text::new(format!("{} of ", crate::words::factor(*factor))).and(of).then("."),
            None => Text::new("All of ").and(of).then("."),
        }
    }

    /// How far a score reaches, with the bands and stages on the way.
    fn range_figure(&self, id: PartId, ranges: &Ranges<'_>) -> Figure {
        let score = &self.program.parts[id.index()];
        let range = ranges.of_part(id);
        let (from, to) = match &score.kind {
            PartKind::Group { from, to, .. } => (*from, *to),
            _ => (None, None),
        };
        let marks = self.thresholds(id);
        let known = marks.iter().map(|(at, _)| *at).chain([0]);
        // Where a score has no end, the picture ends a little behind what is known of it.
        let reach = known.clone().max().unwrap_or(0).max(10 * POINTS_SCALE);
        let low = range.low.or(from).unwrap_or_else(|| known.clone().min().unwrap_or(0).min(-reach / 2));
        let high = range.high.or(to).unwrap_or(reach + reach / 2);
        let shown = |points: i64| points as f64 / POINTS_SCALE as f64;
        let mut bar = Bar::new(&score.label, range.words(), shown(low), shown(high));
        for (at, label) in &marks {
            bar = bar.threshold(shown(*at), format!("{} {label}", Points(*at)));
        }
        let chart = Bars::new(
            format!("How far {} reaches", score.label),
            shown(from.unwrap_or(low)),
            shown(to.unwrap_or(high)),
        );
        let told: Vec<String> = marks.iter().map(|(at, label)| format!("{label} at {}", Points(*at))).collect();
        let on_the_way = if told.is_empty() { String::new() } else { format!(" On the way: {}.", told.join(", ")) };
        let description = format!("{} can be {}.{on_the_way}", score.label, range.sentence());
        Figure::new(chart.bar(bar).chart(&description)).caption(format!("Leads can have {}.", range.sentence()))
    }

    /// What each part can give or take.
    fn parts_figure(&self, id: PartId, ranges: &Ranges<'_>) -> Option<Figure> {
        let PartKind::Group { parts, from, to } = &self.program.parts[id.index()].kind else { return None };
        if !(2..=20).contains(&parts.len()) {
            return None;
        }
        let all: Vec<(&Part, Range)> =
            parts.iter().map(|part| (&self.program.parts[part.index()], ranges.of_part(*part))).collect();
        // Without an end there is no length to draw.
        let drawn: Vec<(&Part, i64, i64)> =
            all.iter().filter_map(|(part, range)| Some((*part, range.low?, range.high?))).collect();
        if drawn.len() != all.len() {
            return None;
        }
        let shown = |points: i64| points as f64 / POINTS_SCALE as f64;
        let mut bars =
            Bars::new(format!("What the parts of {} can give", self.program.parts[id.index()].label), 0.0, 0.0);
        let mut told = Vec::new();
        for ((part, low, high), (_, range)) in drawn.into_iter().zip(&all) {
            // A part may go far beyond what its score lets through: the picture ends there, the words do not.
            let most = to.map_or(i64::MAX, |to| to.abs().max(from.map_or(0, i64::abs)));
            let (low, high) = (low.max(-most), high.min(most));
            let tone = if high <= 0 { Tone::Bad } else { Tone::Good };
            bars = bars.bar(Bar::new(&part.label, range.words(), shown(low), shown(high)).tone(tone));
            told.push(format!("{} {}", part.label, range.words()));
        }
        let description = format!("{}.", told.join("; "));
        Some(
            Figure::new(bars.chart(&description))
                .caption("What each part can give or take.")
                .instead(Block::items(told)),
        )
    }

    /// Places on a score that have names: where bands begin, and what stages ask for.
    fn thresholds(&self, id: PartId) -> Vec<(i64, String)> {
        let name = &self.program.parts[id.index()].name;
        let mut out: Vec<(i64, String)> = Vec::new();
        for bands in self.program.bands.iter().filter(|bands| bands.of == id) {
            let choices = &self.program.schema.domain(bands.domain).choices;
            out.extend(
                bands.from.iter().zip(choices.iter().skip(1)).map(|(from, choice)| (*from, choice.label.clone())),
            );
        }
        let stages = self.items().find_map(|item| match item {
            ItemKind::Stages(stages) => Some(stages),
            _ => None,
        });
        for (written, stage) in stages.into_iter().flatten().zip(&self.program.stages) {
            if let Some(at) = written.condition.as_ref().and_then(|condition| self.threshold(condition, name)) {
                out.push((at, stage.label.clone()));
            }
        }
        out.sort();
        out
    }

    /// The points that a condition asks of a score, if it asks for at least so many whatever else it asks.
    fn threshold(&self, condition: &ast::Expr, score: &str) -> Option<i64> {
        match &*condition.kind {
            ExprKind::And(all) => all.iter().find_map(|one| self.threshold(one, score)),
            ExprKind::Compare(CompareOp::GreaterOrEqual, left, right) => {
                let ExprKind::Path(path) = &*left.kind else { return None };
                let named = path.parts.len() == 1 && path.parts.first().is_some_and(|name| name.value == score);
                named.then(|| self.points_of(right)).flatten()
            }
            _ => None,
        }
    }

    /// A number or a constant, in ten-thousandths.
    fn points_of(&self, value: &ast::Expr) -> Option<i64> {
        use crate::check::hir::ExprKind as Hir;
        use crate::model::Literal;
        match &*value.kind {
            ExprKind::Number(number) => i64::try_from(number.micros / 100).ok(),
            ExprKind::Negate(inner) => self.points_of(inner).map(|points| -points),
            ExprKind::Path(path) => {
                let [name] = path.parts.as_slice() else { return None };
                let define = self.program.defines.iter().find(|define| define.name == name.value)?;
                match &define.value.kind {
                    Hir::Constant(Literal::Int(value)) => value.checked_mul(POINTS_SCALE),
                    Hir::Constant(Literal::Number(value)) => Some(value / 100),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// An amount that is a constant says its name.
    pub(super) fn constant(&self, amount: &ast::Amount) -> Option<String> {
        match &amount.value {
            AmountValue::Constant(name) => Some(name.value.clone()),
            AmountValue::Number(_) => None,
        }
    }
}

/// `held between 0 and 100`
fn limits(kind: &PartKind) -> Option<String> {
    let PartKind::Group { from, to, .. } = kind else { return None };
    match (from.map(Points), to.map(Points)) {
        (Some(from), Some(to)) => Some(format!("held between {from} and {to}")),
        (Some(from), None) => Some(format!("but never below {from}")),
        (None, Some(to)) => Some(format!("but at most {to}")),
        (None, None) => None,
    }
}
