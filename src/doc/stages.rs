//! The ladder of stages, and who works on a lead.

use super::{Doc, labelled, named, spoken};
use crate::report::chart::{Ladder, Rung};
use crate::report::{Block, Figure, Section, Table, Text};
use crate::syntax::ast::{self, ItemKind};
use crate::words::{anchor_of, sentence};

impl Doc<'_> {
    /// The ladder as a picture, then each stage in words.
    pub(super) fn stages(&self) -> Option<Section> {
        let written = self.items().find_map(|item| match item {
            ItemKind::Stages(stages) => Some(stages),
            _ => None,
        })?;
        let known = &self.program.stages;
        let mut ladder = Ladder::new("The ladder of stages");
        let mut told = Vec::new();
        for (stage, written) in known.iter().zip(written) {
            let note = written.condition.as_ref().map_or_else(
                || "every lead".to_owned(),
                |condition| {
                    let parts = self.words.conditions(condition).iter().map(Text::plain).collect::<Vec<_>>();
                    parts.join(", ")
                },
            );
            told.push(format!("{}: {note}", stage.label));
            let mut rung = Rung::new(&stage.label, note);
            if let Some(after) = stage.after {
                rung = rung.after(after.index());
            }
            ladder = ladder.rung(rung);
        }
        let description = format!("From the lowest stage to the highest. {}.", told.join(". "));
        let instead = Block::ordered(known.iter().map(|stage| self.words.link(&stage.label, "stage", &stage.name)));
        let mut section = Section::new("Stages", "stages")
            .text(
                "How far a lead has come. It stands at the highest stage whose condition is true; one that cannot be told \
                 for want of an answer is not reached.",
            )
            .block(Figure::new(ladder.chart(&description)).instead(instead));
        for (place, written) in written.iter().enumerate() {
            section = section.block(self.stage(place, written));
        }
        Some(section)
    }

    fn stage(&self, place: usize, written: &ast::Stage) -> Section {
        let Some(stage) = self.program.stages.get(place) else { return named("", "stage", &written.name.value) };
        let mut section = named(&stage.label, "stage", &stage.name);
        let Some(condition) = &written.condition else {
            return section.text("Where every lead begins.");
        };
        let after = stage.after.and_then(|after| self.program.stages.get(after.index()));
        let head = match after {
            Some(after) => Text::new("Reached by leads that also reach ")
                .and(self.words.link(&after.label, "stage", &after.name))
                .then(", when:"),
            None => Text::new("Reached when:"),
        };
        section = section.text(head).block(Block::items(spoken(&self.words, condition)));
        section = section.text(Text::default().code(self.source(condition.span)));
        if let Some(keep) = &written.keep_while {
            let here = if place + 1 < self.program.stages.len() { " or higher" } else { "" };
            let head =
                format!("A lead that stands here{here} already stays, without being asked for the above, while:");
            section = section
                .text(head)
                .block(Block::items(spoken(&self.words, keep)))
                .text(Text::default().code(self.source(keep.span)));
        }
        section
    }

    /// Who works on a lead, and how soon.
    pub(super) fn routes(&self) -> Option<Section> {
        let written = self.items().find_map(|item| match item {
            ItemKind::Route(arms) => Some(arms),
            _ => None,
        })?;
        let mut table = Table::new(["Goes to", "When", "How soon"]);
        let mut rest = false;
        for (arm, route) in written.iter().zip(&self.program.routes) {
            let when = match &arm.condition {
                Some(condition) => sentence(self.words.condition(condition)).line().code(self.source(condition.span)),
                None => {
                    rest = true;
                    Text::new("Every lead that is left.")
                }
            };
            let within = match route.within {
                Some(within) => format!("within {}", self.program.lengths[within.index()]),
                None => "no deadline".to_owned(),
            };
            table
                .row([labelled(&route.label, &route.name), when, Text::new(within)])
                .anchor(anchor_of("route", &route.name));
        }
        let text = match rest {
            true => "Who works on a lead: the first line that is true, from the top. What is not known is passed over.",
            false => {
                "Who works on a lead: the first line that is true, from the top. What is not known is passed over. A lead \
                 for which none is true goes to nobody."
            }
        };
        Some(Section::new("Routes and deadlines", "routes").text(text).block(table))
    }
}
