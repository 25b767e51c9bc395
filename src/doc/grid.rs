//! Bands of scores, and tables over two things.

use super::{Doc, labelled, named};
use crate::check::hir::{Axis, Bands, Matrix};
use crate::eval::Points;
use crate::report::{Section, Table, Text};
use crate::words::anchor_of;

impl Doc<'_> {
    /// Names of ranges of scores.
    pub(super) fn bands(&self) -> Option<Section> {
        let mut section = Section::new("Bands", "bands").text("Names for ranges of a score.");
        for bands in &self.program.bands {
            section = section.block(self.band(bands));
        }
        (!self.program.bands.is_empty()).then_some(section)
    }

    fn band(&self, bands: &Bands) -> Section {
        let score = &self.program.parts[bands.of.index()];
        let choices = &self.program.schema.domain(bands.domain).choices;
        let mut table = Table::new(["Band", "Score"]);
        for (place, choice) in choices.iter().enumerate() {
            let from = place.checked_sub(1).and_then(|before| bands.from.get(before)).copied().map(Points);
            let below = bands.from.get(place).copied().map(Points);
            let range = match (from, below) {
                (Some(from), Some(below)) => format!("{from} or more, below {below}"),
                (Some(from), None) => format!("{from} or more"),
                (None, Some(below)) => format!("below {below}"),
                (None, None) => "any".to_owned(),
            };
            table
                .row([labelled(&choice.label, &choice.name), Text::new(range)])
                .anchor(anchor_of("band", &format!("{}.{}", bands.name, choice.name)));
        }
        let of = Text::new("Of ").and(match score.parent {
            None => self.words.link(&score.label, "score", &score.name),
            Some(_) => Text::new(&score.label),
        });
        named(&bands.label, "bands", &bands.name).text(of.then(".")).block(table)
    }

    /// Tables over two things.
    pub(super) fn matrices(&self) -> Option<Section> {
        let mut section = Section::new("Tables", "matrices").text("What two things say together.");
        for matrix in &self.program.matrices {
            section = section.block(self.matrix(matrix));
        }
        (!self.program.matrices.is_empty()).then_some(section)
    }

    fn matrix(&self, matrix: &Matrix) -> Section {
        let (rows, columns) = (self.heads(&matrix.rows), self.heads(&matrix.columns));
        let cells = &self.program.schema.domain(matrix.domain).choices;
        let heads = std::iter::once(String::new()).chain(columns.iter().cloned());
        let mut table = Table::new(heads).grid();
        for (row, head) in rows.iter().enumerate() {
            let cell = |column: usize| {
                let choice = matrix.cells.get(row * columns.len() + column)?;
                cells.get(usize::from(*choice)).map(|choice| choice.label.clone())
            };
            let cells = (0..columns.len()).map(|column| cell(column).unwrap_or_default());
            table.row(std::iter::once(head.clone()).chain(cells));
        }
        let text = Text::new("Down: ")
            .and(self.axis(&matrix.rows))
            .then(". Across: ")
            .and(self.axis(&matrix.columns))
            .then(".");
        named(&matrix.label, "matrix", &matrix.name).text(text).block(table)
    }

    fn axis(&self, axis: &Axis) -> Text {
        match axis {
            Axis::Bands(id) => {
                let bands = &self.program.bands[id.index()];
                self.words.link(&bands.label, "bands", &bands.name)
            }
            Axis::Fit(id) => {
                let fit = &self.program.fits[id.index()];
                self.words.link(&fit.label, "fit", &fit.name)
            }
            Axis::Field(id, _) => {
                let field = &self.program.schema.field(*id).name;
                self.words.link(&field.replace(['_', '.'], " "), "field", field)
            }
        }
    }

    fn heads(&self, axis: &Axis) -> Vec<String> {
        let labels = |domain| {
            let choices = &self.program.schema.domain(domain).choices;
            choices.iter().map(|choice| choice.label.clone()).collect::<Vec<_>>()
        };
        match axis {
            Axis::Bands(id) => labels(self.program.bands[id.index()].domain),
            Axis::Fit(_) => vec!["Fits".to_owned(), "Not known".to_owned(), "Does not fit".to_owned()],
            Axis::Field(_, domain) => {
                let mut heads = labels(*domain);
                heads.push("Not known".to_owned());
                heads
            }
        }
    }
}
