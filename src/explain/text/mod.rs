//! An explanation as text for a terminal: aligned, readable without colours, safe whatever the data holds.

mod page;
pub(super) mod phrase;

use super::model::{Changes, Explanation, Reason, Truth};
use super::outline::{
    self, Block, Column, Detail, Entry, Fact, Length, Mark, Outline, Row, Section, Table, outline, signed,
};
use crate::base::visible;
use crate::eval::Points;
pub(super) use page::columns;
use page::{Ink, Page, cut, pad, pad_left};

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to use terminal colours. Nothing is said by colour alone.
    pub color: bool,
    /// Columns of a line, at least 40.
    pub width: usize,
    /// Whether marks and rules are drawn in ASCII. Labels and data are shown as they are.
    pub ascii: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { color: false, width: 100, ascii: false }
    }
}

/// The widest that labels are before their text goes below them.
const LABEL: usize = 34;

/// An explanation as text, a line feed at its end.
pub fn render(explanation: &Explanation, length: Length, options: &TextOptions) -> String {
    lay_out(&outline(explanation, length), length, options)
}

/// How many lines an outline takes in a window of 100 columns.
pub(super) fn lines_of(outline: &Outline) -> usize {
    lay_out(outline, Length::Screen, &TextOptions::default()).lines().count()
}

/// What differs between two explanations, side by side.
pub fn render_changes(changes: &Changes, options: &TextOptions) -> String {
    lay_out(&outline::changes(changes), Length::Screen, options)
}

fn lay_out(outline: &Outline, length: Length, options: &TextOptions) -> String {
    let mut page = Page::new(*options);
    page.title(&cut(&outline.title, 200), length != Length::Brief);
    for (place, section) in outline.sections.iter().enumerate() {
        if place > 0 {
            page.blank();
        }
        self::section(&mut page, section);
    }
    page.finish()
}

/// One of the parts that decide a condition, on one line and safe to print:
/// `income >= 100k USD (income is 90,000 USD, 10,000 USD short)`.
pub fn reason(reason: &Reason) -> String {
    reasons(std::slice::from_ref(reason), reason.truth)
}

/// What decides a condition of this value, on one line and safe to print:
/// `income >= 100k USD (income is 90,000 USD, 10,000 USD short)`.
pub fn reasons(reasons: &[Reason], truth: Truth) -> String {
    visible(&phrase::reasons(reasons, truth)).into_owned()
}

fn section(page: &mut Page, section: &Section) {
    if !section.title.is_empty() {
        page.row(&[], Ink::Strong, &section.title);
    }
    for block in &section.blocks {
        match block {
            Block::Text(text) => page.row(&[(Ink::Plain, "  ".to_owned())], Ink::Plain, text),
            Block::Table(table) => self::table(page, table),
            Block::Facts(facts) => self::facts(page, facts),
            Block::Rows(rows) => self::rows(page, rows),
            Block::Column(column) => self::column(page, column),
        }
    }
}

fn facts(page: &mut Page, facts: &[Fact]) {
    let names = facts.iter().map(|fact| columns(&fact.name)).max().unwrap_or(0).max(7) + 2;
    for fact in facts {
        let ink = if fact.name == "Stage" { Ink::Strong } else { Ink::Plain };
        page.row(&[(Ink::Dim, pad(&fact.name, names))], ink, &fact.text);
    }
}

/// The sign of a mark and its ink.
fn sign(mark: Mark) -> (Ink, &'static str) {
    match mark {
        Mark::Good => (Ink::Good, "✓"),
        Mark::Bad => (Ink::Bad, "✗"),
        Mark::Open => (Ink::Open, "?"),
        Mark::Off => (Ink::Dim, "–"),
        Mark::Plain => (Ink::Dim, "·"),
    }
}

fn rows(page: &mut Page, rows: &[Row]) {
    let room = LABEL.min(page.width() / 3);
    let widths = rows.iter().map(|row| columns(&row.label)).filter(|width| *width <= room);
    let labels = widths.max().unwrap_or(0);
    for row in rows {
        let (ink, sign) = sign(row.mark);
        let indent = 2 + 2 * row.depth;
        let mark = (ink, format!("{}{sign} ", " ".repeat(indent)));
        if row.label.is_empty() {
            page.row(&[mark], Ink::Plain, &row.text);
        } else if columns(&row.label) > labels {
            page.row(&[mark], Ink::Plain, &row.label);
            page.row(&[(Ink::Plain, " ".repeat(indent + 4))], Ink::Plain, &row.text);
        } else {
            page.row(&[mark, (Ink::Plain, format!("{}  ", pad(&row.label, labels)))], Ink::Plain, &row.text);
        }
    }
}

/// Columns as wide as what they hold, numbers with their points below each other, the last wrapped in what is left.
fn table(page: &mut Page, table: &Table) {
    let Some(last) = table.heads.len().checked_sub(1) else { return };
    let room = LABEL.min(page.width() / 4);
    let cell = |row: &[String], column: usize| cut(row.get(column).map_or("", String::as_str), room);
    let body = || table.rows.iter().chain(&table.sum);
    // Of a column of numbers: what stands before the point, and from it on.
    let parts: Vec<(usize, usize)> = (0..last)
        .map(|column| {
            let cells = body().map(|row| split(&cell(row, column)));
            let widths = cells.map(|(whole, fraction)| (columns(&whole), columns(&fraction)));
            widths.fold((0, 0), |most, width| (most.0.max(width.0), most.1.max(width.1)))
        })
        .collect();
    let set = |row: &[String], column: usize| -> String {
        let cell = cell(row, column);
        match table.numbers.contains(&column) {
            true => {
                let (whole, fraction) = split(&cell);
                format!("{}{}", pad_left(&whole, parts[column].0), pad(&fraction, parts[column].1))
            }
            false => cell,
        }
    };
    let widths: Vec<usize> = (0..last)
        .map(|column| {
            let cells = body().map(|row| columns(&set(row, column)));
            cells.chain([columns(&cell(&table.heads, column))]).max().unwrap_or(0)
        })
        .collect();
    let mut row = |cells: Vec<String>, last: &str, ink: Ink, words: Ink| {
        let mut pieces = vec![(Ink::Plain, "  ".to_owned())];
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let numbers = table.numbers.contains(&column);
            pieces.push((ink, if numbers { pad_left(cell, *width) } else { pad(cell, *width) }));
            pieces.push((Ink::Plain, "  ".to_owned()));
        }
        page.row(&pieces, words, last);
    };
    let whole = |cells: &[String]| -> (Vec<String>, String) {
        let first = (0..last).map(|column| set(cells, column)).collect();
        (first, cells.get(last).cloned().unwrap_or_default())
    };
    let heads = (0..last).map(|column| cell(&table.heads, column)).collect();
    row(heads, table.heads.last().map_or("", String::as_str), Ink::Dim, Ink::Dim);
    for cells in &table.rows {
        let (first, words) = whole(cells);
        row(first, &words, Ink::Plain, Ink::Dim);
    }
    if let Some(sum) = &table.sum {
        let (first, words) = whole(sum);
        row(first, &words, Ink::Strong, Ink::Plain);
    }
}

fn column(page: &mut Page, column: &Column) {
    let shown = column.entries.iter().filter_map(|entry| entry.points);
    let split_points: Vec<(String, String)> =
        shown.map(|points| split(&signed(points))).chain([split(&column.sum.to_string())]).collect();
    let before = split_points.iter().map(|(whole, _)| whole.len()).max().unwrap_or(0);
    let behind = split_points.iter().map(|(_, fraction)| fraction.len()).max().unwrap_or(0);
    let room = LABEL.min(page.width() / 3);
    let label = |entry: &Entry| 2 * entry.depth + columns(&entry.label);
    let labels = column.entries.iter().map(label).filter(|width| *width <= room).max().unwrap_or(0);
    let number = |text: &str| {
        let (whole, fraction) = split(text);
        format!("  {}{}  ", pad_left(&whole, before), pad(&fraction, behind))
    };
    for entry in &column.entries {
        let points = entry.points.map_or_else(|| " ".repeat(before + behind + 4), |points| number(&signed(points)));
        let name = format!("{}{}", " ".repeat(2 * entry.depth), entry.label);
        let ink = if entry.limit { Ink::Dim } else { Ink::Plain };
        let numbers = match entry.points {
            Some(Points(points)) if points < 0 => Ink::Bad,
            Some(Points(0)) | None => Ink::Dim,
            Some(_) => Ink::Good,
        };
        if columns(&name) > labels {
            page.row(&[(numbers, points)], ink, &name);
            page.row(&[(Ink::Plain, " ".repeat(before + behind + 8))], Ink::Dim, &entry.text);
        } else {
            page.row(&[(numbers, points), (ink, format!("{}  ", pad(&name, labels)))], Ink::Dim, &entry.text);
        }
        details(page, before + behind + 8 + 2 * entry.depth, &entry.details);
    }
    page.rule(2, before + behind);
    page.row(&[(Ink::Strong, number(&column.sum.to_string()))], Ink::Plain, &column.says);
    if !column.quiet.is_empty() {
        page.row(&[(Ink::Dim, "  No points from: ".to_owned())], Ink::Dim, &column.quiet.join(", "));
    }
}

fn details(page: &mut Page, indent: usize, details: &[Detail]) {
    let blank = || (Ink::Plain, " ".repeat(indent));
    let points = details.iter().map(|detail| match detail {
        Detail::Step { points, .. } | Detail::Event { points, .. } => points.to_string().len(),
        Detail::Note(_) => 0,
    });
    let points = points.max().unwrap_or(0);
    let types = details.iter().map(|detail| match detail {
        Detail::Event { ty, .. } => columns(&cut(ty, LABEL)),
        _ => 0,
    });
    let types = types.max().unwrap_or(0);
    for detail in details {
        match detail {
            Detail::Note(text) => page.row(&[blank()], Ink::Dim, text),
            Detail::Step { points: step, text } => {
                let number = format!("{}  ", pad_left(&step.to_string(), points));
                page.row(&[blank(), (Ink::Plain, number)], Ink::Dim, text);
            }
            Detail::Event { at, ty, points: earned, fate } => {
                let number = format!("{}  ", pad_left(&earned.to_string(), points));
                let text = format!("{at}  {}  {fate}", pad(&cut(ty, LABEL), types));
                page.row(&[blank(), (Ink::Plain, number)], Ink::Dim, &text);
            }
        }
    }
}

/// A number before the decimal point, and from it on.
fn split(text: &str) -> (String, String) {
    let at = text.find('.').unwrap_or(text.len());
    let (whole, fraction) = text.split_at(at);
    (whole.to_owned(), fraction.to_owned())
}
