//! How the policy treats what it does not know.

use super::Doc;
use crate::check::hir::PartKind;
use crate::report::{Block, Fact, Section, Text};
use crate::words::anchor_of;

impl Doc<'_> {
    /// What happens where a value is missing.
    pub(super) fn unknown(&self) -> Section {
        let program = self.program;
        let mut facts = vec![
            Fact::new(
                "Not known is not “no”",
                "Every condition is true, false or not known. A comparison with a value that is missing is not known.",
            ),
            Fact::new(
                "And, or",
                "“a and b” is false when one side is false, whatever the other; “a or b” is true when one side is true. \
                 Otherwise one side that is not known leaves it not known.",
            ),
            Fact::new("Nothing done is known", "A lead without events has done nothing: none, not unknown."),
        ];
        if !program.fits.is_empty() {
            facts.push(Fact::new(
                "Who fits",
                "A check that is not known neither passes nor fails; it is a question to ask.",
            ));
        }
        if !program.scores.is_empty() {
            let naming = program
                .parts
                .iter()
                .filter(|part| matches!(&part.kind, PartKind::By { missing: Some(points), .. } if *points != 0));
            let naming: Vec<Text> = naming
                .map(|part| {
                    let score = &program.parts[part.score.index()].name;
                    self.words.link(&part.label, "rule", &format!("{score}.{}", part.name))
                })
                .collect();
            let text = Text::new("A rule whose condition is not known earns nothing and costs nothing.");
            let text = match naming.is_empty() {
                true => text,
                false => {
                    text.then(" These name points for a missing value: ").and(Text::joined(naming, ", ")).then(".")
                }
            };
            facts.push(Fact::new("Points", text));
        }
        if !program.reasons.is_empty() {
            facts.push(Fact::new("Disqualified", "Only a reason that is true disqualifies."));
        }
        if !program.stages.is_empty() {
            facts.push(Fact::new(
                "Stages",
                "A condition that is not known does not reach its stage; what is missing is reported.",
            ));
        }
        if !program.routes.is_empty() {
            facts.push(Fact::new("Routes", "A line whose condition is not known is passed over."));
        }
        facts.push(Fact::new(
            "Values that cannot be read",
            "A value of the wrong kind counts as missing, and the decision reports it.",
        ));
        let facts =
            facts.into_iter().enumerate().map(|(place, fact)| fact.at(anchor_of("unknown", &(place + 1).to_string())));
        Section::new("What is not known", "unknown")
            .text("Most leads have holes. This is how they are treated.")
            .block(Block::Facts(facts.collect()))
    }
}
