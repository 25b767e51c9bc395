//! What a change does to leads that are given: who moves where, why, and how the scores shift.

mod causes;
mod decided;
mod places;
mod sides;
mod tally;

pub use decided::Decided;
pub use sides::{Comparison, Memory, Mover, Reads, Sides};
pub use tally::Tally;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a change does to the leads that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moves {
    /// How many leads both policies decided, or one did.
    pub leads: u64,
    /// Records that neither policy decides.
    pub rejected: u64,
    /// How many leads are decided otherwise: another stage, route, band, cell, verdict or persona.
    pub moved: u64,
    /// From which stage to which: all pairs that a lead has.
    pub stages: Vec<Move>,
    /// From which route to which.
    pub routes: Vec<Move>,
    /// How many leads each route gets.
    pub load: Vec<Load>,
    /// What made leads move, the most first.
    pub causes: Vec<CauseOf>,
    /// How many of the leads that move were looked at for what made them move.
    pub looked_at: u64,
    /// Of these, how many move only because of several changes together.
    pub together: u64,
    /// How the points of each score shift.
    pub shifts: Vec<Shift>,
}

/// How many leads go from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Move {
    /// The stage or route under the old policy.
    pub old: String,
    /// The stage or route under the new policy.
    pub new: String,
    /// How many leads.
    pub leads: u64,
}

/// How many leads a route gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// The route.
    pub route: String,
    /// Leads under the old policy; null where it has no such route.
    pub old: Option<u64>,
    /// Leads under the new policy; null where it has no such route.
    pub new: Option<u64>,
}

/// A change that moves leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseOf {
    /// The change: its place among the changes, from 0.
    pub change: u64,
    /// What it is, in words.
    pub words: String,
    /// How many leads would stay as they were decided if this change alone were put back.
    pub leads: u64,
}

/// How the points of a score shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shift {
    /// The score.
    pub score: String,
    /// How many leads have the same points.
    pub same: u64,
    /// How many leads gain or lose so many points, rounded to whole points; those that gain or lose less than half a
    /// point stand at 0.
    pub by: Vec<(i64, u64)>,
}

/// Leads and their share of all, as people read them.
pub(in crate::diff) fn share(count: u64, all: u64) -> String {
    let (count, all) = (u128::from(count), u128::from(all.max(1)));
    let tenths = (count * 2_000 + all) / (2 * all);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

impl Moves {
    /// The stages of rows and columns.
    pub(in crate::diff) fn axes(&self) -> (Vec<&str>, Vec<&str>) {
        let mut rows: Vec<&str> = Vec::new();
        let mut columns: Vec<&str> = Vec::new();
        for pair in &self.stages {
            if !rows.contains(&pair.old.as_str()) {
                rows.push(&pair.old);
            }
        }
        // A stage stands at the same place of both.
        for name in rows.iter().copied().chain(self.stages.iter().map(|pair| pair.new.as_str())) {
            if self.stages.iter().any(|pair| pair.new == name) && !columns.contains(&name) {
                columns.push(name);
            }
        }
        (rows, columns)
    }

    /// How many leads go from one stage to another.
    pub(in crate::diff) fn count(&self, old: &str, new: &str) -> u64 {
        self.stages.iter().find(|pair| pair.old == old && pair.new == new).map_or(0, |pair| pair.leads)
    }

    /// What is said of all, in a sentence.
    pub(in crate::diff) fn sentence(&self) -> String {
        let leads = crate::words::plural(self.leads, "lead");
        let rejected = match self.rejected {
            0 => String::new(),
            count => format!("; {} rejected by both policies", crate::words::plural(count, "record")),
        };
        format!(
            "{} of {leads} ({}) {} decided otherwise{rejected}.",
            grouped(self.moved),
            share(self.moved, self.leads),
            if self.moved == 1 { "is" } else { "are" }
        )
    }

    /// How far the causes go.
    pub(in crate::diff) fn looked(&self) -> Option<String> {
        let mut said = Vec::new();
        if self.looked_at < self.moved {
            said.push(format!(
                "Told from {} of the {} leads that move: the first of each part of the file.",
                grouped(self.looked_at),
                grouped(self.moved)
            ));
        }
        if self.together > 0 {
            said.push(format!(
                "{} only by several changes together.",
                match self.together {
                    1 => "1 lead moves".to_owned(),
                    count => format!("{} leads move", grouped(count)),
                }
            ));
        }
        (!said.is_empty()).then(|| said.join(" "))
    }
}

/// A count with commas between thousands.
pub(in crate::diff) fn grouped(count: u64) -> String {
    crate::words::grouped(&count.to_string(), 4)
}

impl Shift {
    /// Points in at most 15 steps of one width, with the leads of each.
    pub(in crate::diff) fn bins(&self) -> Vec<(String, u64)> {
        let (Some(first), Some(last)) = (self.by.first().map(|(by, _)| *by), self.by.last().map(|(by, _)| *by)) else {
            return Vec::new();
        };
        let (first, last) = (first.min(0), last.max(0));
        let span = last - first;
        let width = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000]
            .into_iter()
            .find(|width| span / width < 15)
            .unwrap_or(i64::MAX / 4);
        let mut bins: BTreeMap<i64, u64> = BTreeMap::new();
        for (by, count) in &self.by {
            // What is lost and what is gained never share a bin.
            let bin = if *by < 0 { -((-by + width - 1) / width) } else { (by + width - 1) / width };
            *bins.entry(bin).or_default() += count;
        }
        *bins.entry(0).or_default() += self.same;
        let (low, high) = (bins.keys().next().copied().unwrap_or(0), bins.keys().next_back().copied().unwrap_or(0));
        let name = |bin: i64| match (bin, width) {
            (0, _) => "0".to_owned(),
            (bin, 1) => format!("{bin:+}"),
            (bin, width) if bin > 0 => format!("+{} to +{}", (bin - 1) * width + 1, bin * width),
            (bin, width) => format!("{} to {}", bin * width, (bin + 1) * width - 1),
        };
        (low..=high).map(|bin| (name(bin), bins.get(&bin).copied().unwrap_or(0))).collect()
    }
}
