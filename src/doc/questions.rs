//! Questions to ask, and what their answers decide.

use super::Doc;
use crate::check::hir::{Axis, Expr, ExprKind, Program, Step};
use crate::model::FieldId;
use crate::report::{Section, Table, Text};
use crate::words::{Words, anchor_of};
use std::collections::BTreeSet;

impl Doc<'_> {
    /// The questions that the policy has, each with what its answer decides.
    pub(super) fn questions(&self) -> Option<Section> {
        let fields = &self.program.schema.fields;
        let decides: Vec<(Step, BTreeSet<FieldId>)> =
            self.program.order.iter().map(|step| (*step, reads(self.program, *step))).collect();
        let mut table = Table::new(["Question", "Fills in", "Decides"]);
        let mut silent = Vec::new();
        for (place, field) in fields.iter().enumerate() {
            let id = FieldId(place as u16);
            let rests = decides.iter().filter(|(_, reads)| reads.contains(&id));
            let rests: Vec<Text> = rests.filter_map(|(step, _)| told(self.program, &self.words, *step)).collect();
            match &field.ask {
                Some(ask) => {
                    let decides = match rests.is_empty() {
                        true => Text::new("nothing"),
                        false => Text::joined(rests, ", "),
                    };
                    let name = Text::of_link(field.name.replace(['_', '.'], " "), anchor_of("field", &field.name));
                    table.row([Text::new(ask), name, decides]);
                }
                None if decides.iter().any(|(step, reads)| matches!(step, Step::Check(_)) && reads.contains(&id)) => {
                    silent.push(Text::of_link(field.name.replace(['_', '.'], " "), anchor_of("field", &field.name)));
                }
                None => {}
            }
        }
        if table.rows.is_empty() {
            return None;
        }
        let text = "To put on forms, or to ask in a call. What nobody answers stays unknown.";
        let mut section = Section::new("Questions to ask", "questions").text(text).block(table);
        if !silent.is_empty() {
            let text = Text::new("Who fits rests on these too, and no question asks for them: ");
            section = section.text(text.and(Text::joined(silent, ", ")).then("."));
        }
        Some(section)
    }
}

/// The fields that a step reads, also through definitions.
fn reads(program: &Program, step: Step) -> BTreeSet<FieldId> {
    let mut out = BTreeSet::new();
    if let Step::Matrix(id) = step {
        let matrix = &program.matrices[id.index()];
        for axis in [&matrix.rows, &matrix.columns] {
            if let Axis::Field(id, _) = axis {
                out.insert(*id);
            }
        }
    }
    let mut defines = BTreeSet::new();
    let mut look = |expr: &Expr, open: &mut Vec<usize>| match expr.kind {
        ExprKind::Field(id) => {
            out.insert(id);
        }
        ExprKind::Define(id) if defines.insert(id.index()) => open.push(id.index()),
        _ => {}
    };
    let mut open = Vec::new();
    program.walk_step(step, &mut |expr| look(expr, &mut open));
    while let Some(define) = open.pop() {
        program.defines[define].value.walk(program, &mut |expr| look(expr, &mut open));
    }
    out
}

/// What a step decides, as a link to it; none for what is told elsewhere.
fn told(program: &Program, words: &Words<'_>, step: Step) -> Option<Text> {
    match step {
        Step::Check(id) => {
            let check = &program.checks[id.index()];
            let fit = &program.fits[check.fit.index()];
            Some(words.link(&check.label, "check", &format!("{}.{}", fit.name, check.name)))
        }
        Step::Part(id) => {
            let part = &program.parts[id.index()];
            let score = &program.parts[part.score.index()].name;
            Some(words.link(&part.label, "rule", &format!("{score}.{}", part.name)))
        }
        Step::Reason(id) => {
            let reason = &program.reasons[id.index()];
            Some(words.link(&reason.label, "disqualify", &reason.name))
        }
        Step::StageReached(id) => {
            let stage = &program.stages[id.index()];
            Some(words.link(&stage.label, "stage", &stage.name))
        }
        Step::Define(id) if program.defines[id.index()].persona => {
            let persona = &program.defines[id.index()];
            Some(words.link(&persona.label, "persona", &persona.name))
        }
        Step::Matrix(id) => {
            let matrix = &program.matrices[id.index()];
            Some(words.link(&matrix.label, "matrix", &matrix.name))
        }
        Step::Route => Some(Text::of_link("Routes", "routes")),
        _ => None,
    }
}
