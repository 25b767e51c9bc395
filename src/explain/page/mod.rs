//! Explanations as Markdown and as one HTML page: the same outline as the text, on the blocks that all pages share.

mod charts;
mod index;

pub use index::{html_index, markdown_index};

use super::model::{Changes, Explanation};
use super::outline::{
    self, About, Block, Column, Detail, Length, Mark, Outline, Row, Section, outline_of_page, signed,
};
use crate::report::{self, Anchors, Check, Page, Table, Text, anchor, markdown_blocks, markdown_escape};

/// An explanation as Markdown, for a note or a ticket.
pub fn markdown(explanation: &Explanation, length: Length) -> String {
    markdown_of(&outline_of_page(explanation, length))
}

/// What differs between two explanations, as Markdown.
pub fn markdown_changes(changes: &Changes) -> String {
    markdown_of(&outline::changes(changes))
}

fn markdown_of(outline: &Outline) -> String {
    // A note has no use for the anchors of a page: headings are written here.
    let mut out = format!("# {}\n\n", markdown_escape(&outline.title));
    for section in &outline.sections {
        if section.about == About::Repeat {
            out.push_str("---\n\n");
        }
        if !section.title.is_empty() {
            out.push_str(&format!("## {}\n\n", markdown_escape(&section.title)));
        }
        out.push_str(&markdown_blocks(&blocks(section), 3));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// An explanation as one self-contained HTML page.
pub fn html(explanation: &Explanation, length: Length) -> String {
    let told = outline_of_page(explanation, length);
    let stage = explanation.stage.as_ref().map(|stage| stage.label.clone());
    let title = match &stage {
        Some(stage) => format!("{}: {stage}", explanation.key),
        None => explanation.key.clone(),
    };
    let mut page = Page::new(title).kind("Why a lead stands where it stands");
    let mut anchors = Anchors::default();
    for section in &told.sections {
        match section.about {
            About::Head => {
                for block in blocks(section) {
                    page = page.block(block);
                }
                if let Some(figure) = charts::ladder(explanation) {
                    page = page.block(figure);
                }
            }
            About::Repeat => {
                for block in &section.blocks {
                    if let Block::Facts(facts) = block {
                        for fact in facts {
                            page = page.identity(fact.name.clone(), fact.text.clone());
                        }
                    }
                }
            }
            _ => page = page.section(self::section(section, explanation, &mut anchors)),
        }
        if section.about == About::WhyNot {
            for figure in charts::history(explanation) {
                let anchor = anchors.unique("over-time".to_owned());
                page = page.section(report::Section::new("Over time", anchor).block(figure));
            }
        }
    }
    page.html()
}

/// What differs between two explanations, as one HTML page.
pub fn html_changes(changes: &Changes) -> String {
    let told = outline::changes(changes);
    let mut page = Page::new(told.title.clone()).kind("What differs, and why");
    let mut anchors = Anchors::default();
    for section in &told.sections {
        if section.title.is_empty() {
            for block in blocks(section) {
                page = page.block(block);
            }
            continue;
        }
        let mut out = report::Section::new(section.title.clone(), anchors.unique(anchor("part", &[&section.title])));
        for block in blocks(section) {
            out = out.block(block);
        }
        page = page.section(out);
    }
    page.html()
}

fn section(section: &Section, explanation: &Explanation, anchors: &mut Anchors) -> report::Section {
    let name = anchors.unique(anchor("part", &[&section.title]));
    let mut out = report::Section::new(section.title.clone(), name);
    if let Some(Block::Column(column)) = section.blocks.first() {
        out = out.maybe(charts::waterfall(column, explanation));
    }
    for block in blocks(section) {
        out = out.block(block);
    }
    out
}

/// A section's blocks as those of a page.
fn blocks(section: &Section) -> Vec<report::Block> {
    let mut out = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Text(text) => out.push(report::Block::text(text.as_str())),
            Block::Facts(facts) => {
                let facts = facts.iter().map(|fact| report::Fact::new(fact.name.as_str(), fact.text.as_str()));
                out.push(report::Block::Facts(facts.collect()));
            }
            Block::Rows(rows) if section.about == About::Plans && rows.iter().all(|row| !row.label.is_empty()) => {
                out.push(report::Block::ordered(rows.iter().map(|row| row.text.as_str())));
            }
            Block::Rows(rows)
                if rows.iter().all(|row| row.depth == 0 && matches!(row.mark, Mark::Plain | Mark::Off)) =>
            {
                let items = rows.iter().map(|row| match row.label.is_empty() {
                    true => Text::new(row.text.as_str()),
                    false => Text::default().strong(row.label.as_str()).then(format!(": {}", row.text)),
                });
                out.push(report::Block::items(items));
            }
            Block::Rows(rows) => out.push(report::Block::Checks(checks(rows))),
            Block::Table(table) => out.push(self::table(table).into()),
            Block::Column(column) => self::column(column, &mut out),
        }
    }
    out
}

fn mark(mark: Mark) -> report::Mark {
    match mark {
        Mark::Good => report::Mark::Yes,
        Mark::Bad => report::Mark::No,
        Mark::Open => report::Mark::Unknown,
        Mark::Off | Mark::Plain => report::Mark::None,
    }
}

/// Rows as a checklist: what lies below a row stands in its words, line by line.
fn checks(rows: &[Row]) -> Vec<Check> {
    let mut out: Vec<Check> = Vec::new();
    for row in rows {
        match out.last_mut() {
            Some(above) if row.depth > 0 => {
                if !above.words.is_empty() {
                    above.words.spans.push(report::Span::Break);
                }
                let indent = "\u{2003}".repeat(row.depth - 1);
                let label = if row.label.is_empty() { String::new() } else { format!("{}: ", row.label) };
                above.words.spans.push(report::Span::Plain(format!(
                    "{indent}{} {label}{}",
                    mark(row.mark).sign(),
                    row.text
                )));
            }
            _ => {
                let (label, words) = match row.label.is_empty() {
                    true => (row.text.trim_end_matches(':'), ""),
                    false => (row.label.as_str(), row.text.as_str()),
                };
                out.push(Check {
                    anchor: None,
                    mark: mark(row.mark),
                    label: Text::new(label),
                    words: Text::new(words),
                    source: None,
                });
            }
        }
    }
    out
}

fn table(table: &outline::Table) -> Table {
    let mut out = Table::new(table.heads.clone());
    for column in &table.numbers {
        out = out.number(*column);
    }
    for row in &table.rows {
        out.row(row.iter().map(String::as_str));
    }
    if let Some(sum) = &table.sum {
        out.row(sum.iter().map(String::as_str)).heavy();
    }
    out
}

fn column(column: &Column, out: &mut Vec<report::Block>) {
    let mut table = Table::new(["What", "Points", "How"]).number(1);
    for entry in &column.entries {
        let points = entry.points.map(signed).unwrap_or_default();
        let mut how = Text::new(entry.text.as_str());
        for detail in &entry.details {
            how = how.line();
            how = match detail {
                Detail::Note(text) => how.quiet(text.as_str()),
                Detail::Step { points, text } => how.then(format!("{points} {text}")),
                Detail::Event { at, ty, points, fate } => how.then(format!("{at} {ty}: {points}, {fate}")),
            };
        }
        let label =
            if entry.limit { Text::default().quiet(entry.label.as_str()) } else { Text::new(entry.label.as_str()) };
        table.row([label, Text::new(points), how]).depth(entry.depth);
    }
    let sum = Text::new(column.says.split(':').next().unwrap_or(""));
    let says = column.says.split_once(": ").map_or("", |(_, says)| says);
    table.row([sum, Text::new(column.sum.to_string()), Text::new(says)]).heavy();
    out.push(table.into());
    if !column.quiet.is_empty() {
        out.push(report::Block::Paragraph(Text::new("No points from: ").then(column.quiet.join(", "))));
    }
}
