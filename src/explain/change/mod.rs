//! From two explanations to what differs and why.

mod cause;
mod standing;

use super::model::{
    Changes, ChangesKind, Explanation, How, Name, PartItem, RuleChanged, SCHEMA_VERSION, ScoreChanged, ScoreItem, Side,
};
use crate::eval::Points;

/// What differs between two explanations of leads: `now` is told of, `then` is what it is compared with.
pub fn changes(kind: ChangesKind, then: &Explanation, now: &Explanation) -> Changes {
    let mut scores: Vec<ScoreChanged> = names(then, now)
        .into_iter()
        .map(|name| {
            let of = |explanation: &'_ Explanation| explanation.scores.iter().position(|score| score.item.name == name);
            let before = of(then).and_then(|place| then.scores.get(place));
            let after = of(now).and_then(|place| now.scores.get(place));
            score(kind, before, after)
        })
        .filter(|score| score.then != score.now || !score.rules.is_empty())
        .collect();
    let matters = |score: &ScoreChanged| !now.matters.contains(&score.what.name);
    scores.sort_by_key(|score| (matters(score), std::cmp::Reverse(score.change.0.unsigned_abs())));
    Changes {
        schema_version: SCHEMA_VERSION,
        engine: now.engine.clone(),
        kind,
        then: side(then),
        now: side(now),
        above: above(then, now),
        standing: standing::standing(then, now),
        scores,
    }
}

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty() && self.scores.is_empty()
    }
}

fn side(explanation: &Explanation) -> Side {
    Side {
        key: explanation.key.clone(),
        policy: explanation.policy.name.clone(),
        version: explanation.policy.version.clone(),
        digest: explanation.policy.digest.clone(),
        as_of: explanation.as_of.clone(),
        stage: explanation.stage.clone(),
    }
}

/// Whether the second stands above the first: disqualified below all, then by stage, then by the scores that matter.
fn above(then: &Explanation, now: &Explanation) -> Option<bool> {
    let place = |explanation: &Explanation| {
        let stage = explanation.stages.iter().position(|rung| rung.highest);
        (!explanation.disqualified, stage)
    };
    let points = |explanation: &Explanation| -> Vec<i64> {
        let scores = explanation.scores.iter().filter(|score| now.matters.contains(&score.item.name));
        scores.map(|score| score.points.0).collect()
    };
    match place(now).cmp(&place(then)).then_with(|| points(now).cmp(&points(then))) {
        std::cmp::Ordering::Greater => Some(true),
        std::cmp::Ordering::Less => Some(false),
        std::cmp::Ordering::Equal => None,
    }
}

/// The scores of both, each once.
fn names<'e>(then: &'e Explanation, now: &'e Explanation) -> Vec<&'e str> {
    let mut names: Vec<&str> = now.scores.iter().map(|score| score.item.name.as_str()).collect();
    for score in &then.scores {
        if !names.contains(&score.item.name.as_str()) {
            names.push(&score.item.name);
        }
    }
    names
}

/// A line of a score's column: a rule, an include, or what a limit takes or adds.
struct Line<'e> {
    name: String,
    label: String,
    points: Points,
    /// None for a limit.
    part: Option<&'e PartItem>,
}

/// The lines that add up to a score.
fn lines(score: &ScoreItem) -> Vec<Line<'_>> {
    fn below<'e>(parts: &'e [PartItem], out: &mut Vec<Line<'e>>) {
        for part in parts {
            match &part.how {
                How::Group { sum, parts, .. } => {
                    below(parts, out);
                    limit(&part.item.name, &part.item.label, *sum, part.points, out);
                }
                _ => out.push(Line {
                    name: part.item.name.clone(),
                    label: part.item.label.clone(),
                    points: part.points,
                    part: Some(part),
                }),
            }
        }
    }
    fn limit<'e>(name: &str, label: &str, sum: Points, points: Points, out: &mut Vec<Line<'e>>) {
        let points = Points(points.0 - sum.0);
        out.push(Line { name: name.to_owned(), label: format!("Limit of {label}"), points, part: None });
    }
    let mut out = Vec::new();
    below(&score.parts, &mut out);
    limit(&score.item.name, &score.item.label, score.sum, score.points, &mut out);
    out
}

fn score(kind: ChangesKind, then: Option<&ScoreItem>, now: Option<&ScoreItem>) -> ScoreChanged {
    let item = now.or(then).map(|score| Name { name: score.item.name.clone(), label: score.item.label.clone() });
    let before = then.map(lines).unwrap_or_default();
    let after = now.map(lines).unwrap_or_default();
    let same = |a: &Line<'_>, b: &Line<'_>| a.name == b.name && a.part.is_some() == b.part.is_some();
    let mut rules = Vec::new();
    for line in &after {
        rules.extend(rule(kind, before.iter().find(|other| same(other, line)), Some(line)));
    }
    for line in before.iter().filter(|line| !after.iter().any(|other| same(other, line))) {
        rules.extend(rule(kind, Some(line), None));
    }
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.change.0.unsigned_abs()));
    let points = |score: Option<&ScoreItem>| score.map(|score| score.points);
    ScoreChanged {
        what: item.unwrap_or(Name { name: String::new(), label: String::new() }),
        then: points(then),
        now: points(now),
        change: difference(points(then), points(now)),
        rules,
    }
}

/// The difference between two points; what is not there counts as 0.
fn difference(then: Option<Points>, now: Option<Points>) -> Points {
    Points(now.map_or(0, |points| points.0) - then.map_or(0, |points| points.0))
}

fn rule(kind: ChangesKind, then: Option<&Line<'_>>, now: Option<&Line<'_>>) -> Option<RuleChanged> {
    let line = now.or(then)?;
    let limit = line.part.is_none();
    let points = |line: Option<&Line<'_>>| line.map(|line| line.points);
    let change = difference(points(then), points(now));
    if change.0 == 0 {
        return None;
    }
    let causes = match limit {
        true => cause::limit(change),
        false => cause::causes(kind, then.and_then(|line| line.part), now.and_then(|line| line.part), change),
    };
    let what = Name { name: line.name.clone(), label: line.label.clone() };
    Some(RuleChanged { what, limit, then: points(then), now: points(now), change, causes })
}
