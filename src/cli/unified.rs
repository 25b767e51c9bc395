//! What changes in a file, for people and for `patch`.

use super::terminal::{Paint, style};
use crate::base::{visible, visible_excerpt};
use similar::TextDiff;

/// A unified diff. In colours, for a terminal, hidden characters give way to a mark; without them it can be applied.
pub fn unified(name: &str, before: &str, after: &str, paint: Paint) -> String {
    let name = visible(name);
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
    if paint.with(style::GOOD, "x").starts_with('x') {
        return text;
    }
    let colored = text.split_inclusive('\n').map(|line| {
        let (words, end) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
        let words = visible_excerpt(words);
        let words = match line.chars().next() {
            Some('+') => paint.with(style::GOOD, words),
            Some('-') => paint.with(style::BAD, words),
            Some('@') => paint.with(style::FIGURE, words),
            _ => words.into_owned(),
        };
        words + end
    });
    colored.collect()
}
