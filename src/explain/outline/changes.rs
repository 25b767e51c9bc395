//! What differs between two explanations, side by side.

use super::screen::section;
use super::{About, Block, Fact, Mark, Outline, Table, signed};
use crate::eval::Points;
use crate::explain::model::{Cause, Changes, ChangesKind, ScoreChanged, Side};

/// What is told of a comparison.
pub(in crate::explain) fn changes(changes: &Changes) -> Outline {
    let (then, now) = heads(changes);
    let key = &changes.now.key;
    let title = match changes.kind {
        ChangesKind::Since => format!("{key}: what changed since {}", changes.then.as_of.local),
        ChangesKind::Against => format!("{key}: what the other policy says otherwise"),
        ChangesKind::Compare => match changes.above {
            Some(true) => format!("why {key} stands above {}", changes.then.key),
            Some(false) => format!("why {key} stands below {}", changes.then.key),
            None => format!("{key} beside {}", changes.then.key),
        },
        ChangesKind::Replay => format!("{key}: what differs from the explanation that was kept"),
    };
    let mut facts = vec![(&then, &changes.then), (&now, &changes.now)];
    if changes.kind == ChangesKind::Compare {
        facts.reverse();
    }
    let facts = facts.into_iter().map(|(name, side)| Fact {
        name: name.clone(),
        text: self::side(side, changes.kind),
        mark: Mark::Plain,
    });
    let mut sections = vec![section(About::Head, "", vec![Block::Facts(facts.collect())])];
    if changes.is_empty() {
        let text = "nothing differs: the stage, every check and every point are the same".to_owned();
        sections.push(section(About::Other, "", vec![Block::Text(text)]));
    }
    if !changes.standing.is_empty() {
        let none = || "–".to_owned();
        let rows = changes.standing.iter().map(|changed| {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(none);
            vec![changed.what.label.clone(), text(&changed.then), text(&changed.now), changed.why.join("; ")]
        });
        let table = Table {
            heads: vec!["What".to_owned(), then.clone(), now.clone(), "Why".to_owned()],
            numbers: Vec::new(),
            rows: rows.collect(),
            sum: None,
        };
        sections.push(section(About::Other, "Where the lead stands", vec![Block::Table(table)]));
    }
    for score in &changes.scores {
        let title = format!("{}: {}", score.what.label, turn(score, changes));
        sections.push(section(About::Score, &title, vec![Block::Table(self::score(score, changes.kind, &then, &now))]));
    }
    let zone = |side: &Side| format!("{} ({})", side.as_of.local, side.as_of.utc);
    let facts = match changes.kind {
        // Two policies have been named above.
        ChangesKind::Against | ChangesKind::Replay => vec![fact("As of", zone(&changes.now))],
        ChangesKind::Since => vec![
            fact("Policy", policy(&changes.now)),
            fact("As of", format!("{}, and {}", zone(&changes.then), zone(&changes.now))),
        ],
        ChangesKind::Compare => vec![fact("Policy", policy(&changes.now)), fact("As of", zone(&changes.now))],
    };
    let facts = facts.into_iter().chain([fact("Made by", changes.engine.clone())]);
    sections.push(section(About::Repeat, "", vec![Block::Facts(facts.collect())]));
    Outline { title, sections }
}

/// What the two sides are called.
fn heads(changes: &Changes) -> (String, String) {
    match changes.kind {
        ChangesKind::Since => ("Then".to_owned(), "Now".to_owned()),
        ChangesKind::Against => ("Other".to_owned(), "This".to_owned()),
        ChangesKind::Compare => (changes.then.key.clone(), changes.now.key.clone()),
        ChangesKind::Replay => ("Kept".to_owned(), "Now".to_owned()),
    }
}

fn fact(name: &str, text: String) -> Fact {
    Fact { name: name.to_owned(), text, mark: Mark::Plain }
}

fn policy(side: &Side) -> String {
    let version = side.version.as_ref().map_or_else(String::new, |version| format!(", version {version}"));
    format!("{}{version} ({})", side.policy, super::standing::short(&side.digest))
}

fn side(side: &Side, kind: ChangesKind) -> String {
    let stage = side.stage.as_ref().map_or_else(|| "no stage".to_owned(), |stage| stage.label.clone());
    let policy = policy(side);
    match kind {
        ChangesKind::Since => format!("{stage}, as of {}", side.as_of.local),
        ChangesKind::Compare => format!("{stage}, as of {}", side.as_of.local),
        ChangesKind::Against => format!("{stage}, by {policy}"),
        ChangesKind::Replay => format!("{stage}, as of {}, by {policy}", side.as_of.local),
    }
}

fn turn(score: &ScoreChanged, changes: &Changes) -> String {
    let points = |points: Option<Points>| points.map_or_else(|| "not there".to_owned(), |points| points.to_string());
    if changes.kind == ChangesKind::Compare {
        let (then, now) = (points(score.then), points(score.now));
        return format!("{now} against {then} ({})", signed(score.change));
    }
    format!("{} → {} ({})", points(score.then), points(score.now), signed(score.change))
}

fn score(score: &ScoreChanged, kind: ChangesKind, then: &str, now: &str) -> Table {
    let points = |points: Option<Points>| points.map_or_else(|| "–".to_owned(), |points| points.to_string());
    let rows = score.rules.iter().map(|rule| {
        let label = rule.what.label.clone();
        vec![label, points(rule.then), points(rule.now), signed(rule.change), causes(&rule.causes)]
    });
    let sum = vec![
        score.what.label.clone(),
        points(score.then),
        points(score.now),
        signed(score.change),
        "the changes above add up to it".to_owned(),
    ];
    let change = if kind == ChangesKind::Compare { "Difference" } else { "Change" };
    Table {
        heads: ["Rule", then, now, change, "Why"].map(str::to_owned).to_vec(),
        numbers: vec![1, 2, 3],
        rows: rows.collect(),
        sum: Some(sum),
    }
}

fn causes(causes: &[Cause]) -> String {
    let told: Vec<String> = match causes {
        [one] => vec![one.text.clone()],
        causes => causes.iter().map(|cause| format!("{} {}", signed(cause.points), cause.text)).collect(),
    };
    told.join("; ")
}
