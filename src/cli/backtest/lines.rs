//! Tables and sentences for a screen of any width.

use crate::cli::terminal::{Paint, columns, left, right, shown, style};

/// The most columns of a label.
pub const LABEL: usize = 44;

/// A sentence; it goes on below where it is too long for the screen.
pub fn say_words(indent: usize, text: &str, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let (mut out, mut line) = (String::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && columns(&line) + 1 + columns(word) > room {
            out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    out
}

/// A table: the first column holds names, the others numbers, or words where nothing stands above them. What has no
/// room is left away from the right.
pub fn rows_of(heads: &[String], rows: &[(String, Vec<String>)], width: usize, paint: Paint) -> String {
    let labels = rows.iter().map(|(label, _)| columns(&shown(label, LABEL)));
    let label = labels.chain(heads.first().map(|head| columns(&shown(head, LABEL)))).max().unwrap_or(0);
    let mut room = width.saturating_sub(2 + label);
    let mut widths: Vec<usize> = Vec::new();
    for place in 1..heads.len() {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(place - 1)).map(|cell| columns(cell));
        let column = cells.chain(heads.get(place).map(|head| columns(head))).max().unwrap_or(0);
        if room < column + 2 {
            break;
        }
        room -= column + 2;
        widths.push(column);
    }
    let words = |place: usize| heads.get(place + 1).is_none_or(String::is_empty);
    let line = |name: &str, cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(place, (cell, width))| match words(place) {
            true => format!("  {}", left(cell, *width)),
            false => format!("  {}", right(cell, *width)),
        });
        let cells: String = cells.collect();
        let line = format!("  {}{cells}", left(&shown(name, LABEL), label));
        line.trim_end().to_owned()
    };
    let head = line(heads.first().map_or("", String::as_str), heads.get(1..).unwrap_or_default());
    let mut out = format!("{}\n", paint.with(style::QUIET, head));
    for (name, cells) in rows {
        out.push_str(&line(name, cells));
        out.push('\n');
    }
    out
}
