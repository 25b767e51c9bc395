//! The words of a difference, which text, Markdown and HTML share.

use super::model::*;
use crate::explain::{Changes, Explanation};

/// A row of two policies side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) what: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) why: Vec<String>,
}

impl Difference {
    /// What the change does, in a sentence.
    pub fn sentence(&self) -> String {
        match self.verdict {
            Verdict::Equivalent => {
                "No lead is decided otherwise, to the last point: the policies are equivalent.".to_owned()
            }
            Verdict::SameDecisions => "No lead's stage, route, band, cell, fit or persona can change.".to_owned(),
            Verdict::Changes => "Decisions can change.".to_owned(),
            Verdict::NotDecided => {
                "No lead was found whose decision changes, and it is not proved that there is none.".to_owned()
            }
        }
    }

    /// The answers of a kind.
    pub(super) fn answered(&self, can: Can) -> Vec<&Answer> {
        self.answers.iter().filter(|answer| answer.can == can).collect()
    }

    /// What leads can do, with the lead that shows it: a lead that shows several kinds of change stands once.
    pub(super) fn shown(&self) -> Vec<(Vec<&Answer>, Option<&Shown>)> {
        let mut found: Vec<(Vec<&Answer>, Option<&Shown>)> = Vec::new();
        for answer in self.answered(Can::Yes) {
            let lead = answer.lead.as_deref();
            let same = found.iter_mut().find(|(_, other)| {
                lead.zip(*other)
                    .is_some_and(|(lead, other)| lead.new.input == other.new.input && lead.old.input == other.old.input)
            });
            match same {
                Some((answers, _)) => answers.push(answer),
                None => found.push((vec![answer], lead)),
            }
        }
        found
    }

    /// What cannot be, in one line; empty when nothing was asked.
    pub(super) fn never(&self) -> String {
        let never: Vec<String> = self.answered(Can::No).into_iter().map(Answer::words).collect();
        never.join("; ")
    }

    /// Both policies' names and versions, where they tell them apart.
    pub(super) fn heads(&self) -> (String, String) {
        let name = |head: &crate::explain::PolicyHead| match &head.version {
            Some(version) => format!("{}, version {version}", head.name),
            None => head.name.clone(),
        };
        (name(&self.old), name(&self.new))
    }
}

impl Answer {
    /// What a lead can or cannot: `move up a stage`, `move to a higher band of Interest`.
    pub fn words(&self) -> String {
        let words = self.kind.words();
        match (&self.what, self.kind) {
            (Some(what), Kind::Persona) => format!("{words} {}", what.label),
            (Some(what), _) => format!("{words} of {}", what.label),
            (None, _) => words.to_owned(),
        }
    }
}

impl Change {
    /// Its sign: `+`, `-`, `~`, `=`.
    pub fn sign(&self) -> char {
        match self.how {
            How::Added => '+',
            How::Removed => '-',
            How::Changed => '~',
            How::Renamed => '=',
        }
    }

    /// What happened to it, in a word.
    pub(super) fn word(&self) -> &'static str {
        match self.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
            How::Renamed => "renamed",
        }
    }

    /// What it is, without its label.
    pub(super) fn title(&self) -> String {
        if self.name.is_empty() { self.what.word().to_owned() } else { format!("{} {}", self.what.word(), self.name) }
    }

    /// What changed, line by line.
    pub(super) fn lines(&self) -> Vec<String> {
        match self.how {
            How::Added => self.new.iter().filter(|words| !words.is_empty()).cloned().collect(),
            How::Removed => self.old.iter().filter(|words| !words.is_empty()).cloned().collect(),
            How::Changed => self.details.clone(),
            How::Renamed => {
                let name = |name: &Option<String>| name.clone().unwrap_or_default();
                vec![format!("{} → {}; it means the same", name(&self.old), name(&self.new))]
            }
        }
    }
}

impl Shown {
    /// What both policies say, side by side: stage and route, then all else that differs.
    pub(super) fn beside(&self) -> Vec<Beside> {
        let stage =
            |side: &Explanation| side.stage.as_ref().map_or_else(|| "none".to_owned(), |stage| stage.label.clone());
        let route = |side: &Explanation| {
            side.route.as_ref().map_or_else(
                || "none".to_owned(),
                |route| match &route.within {
                    Some(within) => format!("{} within {within}", route.item.label),
                    None => route.item.label.clone(),
                },
            )
        };
        let mut rows = Vec::new();
        let why_of = |name: &str| -> Vec<String> {
            let found = self.changes.standing.iter().find(|changed| changed.what.name == name);
            found.map_or_else(Vec::new, |changed| changed.why.clone())
        };
        if !self.new.stages.is_empty() || !self.old.stages.is_empty() {
            rows.push(Beside {
                what: "Stage".to_owned(),
                old: stage(&self.old),
                new: stage(&self.new),
                why: why_of("stage"),
            });
        }
        if !self.new.routes.is_empty() || !self.old.routes.is_empty() {
            rows.push(Beside {
                what: "Route".to_owned(),
                old: route(&self.old),
                new: route(&self.new),
                why: why_of("route"),
            });
        }
        let others =
            self.changes.standing.iter().filter(|changed| !matches!(changed.what.name.as_str(), "stage" | "route"));
        for changed in others {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            rows.push(Beside {
                what: changed.what.label.clone(),
                old: value(&changed.then),
                new: value(&changed.now),
                why: changed.why.clone(),
            });
        }
        rows.extend(points(&self.changes));
        for score in self.old.scores.iter().filter(|score| self.new.matters.contains(&score.item.name)) {
            let same = self.new.scores.iter().find(|other| other.item.name == score.item.name);
            if let Some(same) = same.filter(|same| same.points == score.points)
                && !self.changes.scores.iter().any(|changed| changed.what.name == score.item.name)
            {
                let points = same.points.to_string();
                rows.push(Beside { what: score.item.label.clone(), old: points.clone(), new: points, why: Vec::new() });
            }
        }
        rows
    }
}

/// Scores that differ, with the rules that make them differ.
fn points(changes: &Changes) -> Vec<Beside> {
    let value =
        |points: Option<crate::eval::Points>| points.map_or_else(|| "none".to_owned(), |points| points.to_string());
    let mut rows = Vec::new();
    for score in &changes.scores {
        let why = score
            .rules
            .iter()
            .flat_map(|rule| rule.causes.iter().map(|cause| format!("{}: {}", rule.what.label, cause.text)));
        rows.push(Beside {
            what: score.what.label.clone(),
            old: value(score.then),
            new: value(score.now),
            why: why.collect(),
        });
    }
    rows
}
