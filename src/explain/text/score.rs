//! The table of a score: every part with its points and how they came about.

use super::page::{Ink, Page, columns, pad, pad_left};
use super::phrase;
use crate::eval::Points;
use crate::explain::model::{How, PartItem, ScoreItem};

/// More rules without points than this are told in one paragraph.
const MANY: usize = 8;
/// The widest that labels are before they are on a line of their own.
const LABEL: usize = 34;

/// A part that is shown with points. Those of a group's parts stand in a column further left than the group's own, so
/// that the rightmost column adds up to the score.
struct Row<'e> {
    part: &'e PartItem,
    depth: usize,
}

pub(super) fn score(page: &mut Page, score: &ScoreItem) {
    let mut rows = Vec::new();
    let mut quiet = Vec::new();
    collect(&score.parts, 0, &mut rows, &mut quiet);
    page.row(
        &[
            (Ink::Strong, score.item.label.clone()),
            (Ink::Dim, format!(" ({})", score.item.name)),
            (Ink::Plain, " · ".to_owned()),
            (Ink::Strong, score.points.to_string()),
        ],
        Ink::Plain,
        "",
    );
    let table = Table::new(score, &rows, &quiet);
    for row in &rows {
        table.row(page, &row.part.item.label, row.depth, Some(row.part.points), Ink::Plain, &phrase::how(row.part));
    }
    quiet_rules(page, &table, &quiet);
    if !rows.is_empty() {
        page.rule(2, table.label + table.points_width());
    }
    if !rows.is_empty() || score.sum != score.points {
        let held = match phrase::limits(score.from, score.to) {
            Some(limits) => format!("held {limits} → {}", score.points),
            None => String::new(),
        };
        table.row(page, "Sum", 0, Some(score.sum), Ink::Strong, &held);
    }
}

fn quiet_rules(page: &mut Page, table: &Table, quiet: &[&PartItem]) {
    if quiet.len() > MANY {
        let told: Vec<String> =
            quiet.iter().map(|part| format!("{}: {}", part.item.label, phrase::how(part))).collect();
        page.row(&[(Ink::Dim, "  No points: ".to_owned())], Ink::Dim, &told.join(" · "));
        return;
    }
    for part in quiet {
        table.row(page, &part.item.label, 0, Some(Points(0)), Ink::Dim, &phrase::how(part));
    }
}

/// Sorts parts into those with points and rules without.
fn collect<'e>(parts: &'e [PartItem], depth: usize, rows: &mut Vec<Row<'e>>, quiet: &mut Vec<&'e PartItem>) {
    for part in parts {
        if is_quiet(part) {
            leaves(part, quiet);
            continue;
        }
        rows.push(Row { part, depth });
        if let How::Group { parts, .. } = &part.how {
            collect(parts, depth + 1, rows, quiet);
        }
    }
}

fn is_quiet(part: &PartItem) -> bool {
    let parts_are = |parts: &[PartItem]| parts.iter().all(is_quiet);
    part.points == Points(0) && !matches!(&part.how, How::Group { parts, .. } if !parts_are(parts))
}

fn leaves<'e>(part: &'e PartItem, out: &mut Vec<&'e PartItem>) {
    match &part.how {
        How::Group { parts, .. } => parts.iter().for_each(|part| leaves(part, out)),
        _ => out.push(part),
    }
}

/// The widths of a score's columns.
struct Table {
    label: usize,
    /// By depth: digits before the point, and behind it with the point.
    points: Vec<(usize, usize)>,
}

impl Table {
    fn new(score: &ScoreItem, rows: &[Row<'_>], quiet: &[&PartItem]) -> Table {
        let mut table = Table { label: columns("Sum"), points: vec![(1, 0)] };
        table.fit("Sum", 0, score.sum);
        for row in rows {
            table.fit(&row.part.item.label, row.depth, row.part.points);
        }
        if quiet.len() <= MANY {
            quiet.iter().for_each(|part| table.fit(&part.item.label, 0, Points(0)));
        }
        table.label += 2;
        table
    }

    fn fit(&mut self, label: &str, depth: usize, points: Points) {
        let width = 2 * depth + columns(label);
        if width <= LABEL {
            self.label = self.label.max(width);
        }
        if self.points.len() <= depth {
            self.points.resize(depth + 1, (0, 0));
        }
        let (before, behind) = split(points);
        let widths = &mut self.points[depth];
        *widths = (widths.0.max(before.len()), widths.1.max(behind.len()));
    }

    /// All columns of points, two blanks between them.
    fn points_width(&self) -> usize {
        self.points.iter().map(|(before, behind)| before + behind + 2).sum::<usize>().saturating_sub(2)
    }

    fn row(&self, page: &mut Page, label: &str, depth: usize, points: Option<Points>, ink: Ink, text: &str) {
        let label = format!("{}{label}", "  ".repeat(depth));
        let label_ink = if ink == Ink::Strong { Ink::Plain } else { ink };
        let mut first = (label_ink, format!("  {}", pad(&label, self.label)));
        if columns(&label) > self.label {
            page.row(&[(label_ink, format!("  {label}"))], Ink::Plain, "");
            first.1 = " ".repeat(2 + self.label);
        }
        let mut cells = String::new();
        for (column, (before, behind)) in self.points.iter().enumerate().rev() {
            let cell = match points {
                Some(points) if column == depth => {
                    let (whole, fraction) = split(points);
                    format!("{}{}", pad_left(&whole, *before), pad(&fraction, *behind))
                }
                _ => " ".repeat(before + behind),
            };
            cells.push_str(&cell);
            cells.push_str("  ");
        }
        page.row(&[first, (ink, cells), (Ink::Plain, " ".to_owned())], label_ink, text);
    }
}

/// Points before the decimal point, and from it on.
fn split(points: Points) -> (String, String) {
    let text = points.to_string();
    let at = text.find('.').unwrap_or(text.len());
    let (whole, fraction) = text.split_at(at);
    (whole.to_owned(), fraction.to_owned())
}
