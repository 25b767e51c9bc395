//! A difference as text for a terminal.

use super::model::*;
use super::moves::{Moves, grouped, share};
use super::tell::Beside;
use crate::base::visible;
use std::fmt::Write as _;

/// How text is shown.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Headings.
    pub heading: fn(&str) -> String,
    /// What came, and what goes well.
    pub good: fn(&str) -> String,
    /// What went, and what to look at.
    pub bad: fn(&str) -> String,
    /// What is said by the way.
    pub quiet: fn(&str) -> String,
}

impl Ink {
    /// Without colours.
    pub const PLAIN: Ink = Ink { heading: plain, good: plain, bad: plain, quiet: plain };
}

fn plain(text: &str) -> String {
    text.to_owned()
}

/// A difference as text, a line feed at its end.
pub fn text(difference: &Difference, ink: Ink, width: usize) -> String {
    let mut out = String::new();
    let (old, new) = difference.heads();
    let line = |out: &mut String, text: &str| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line(&mut out, &(ink.heading)(&visible(&format!("{old} → {new}"))));
    line(&mut out, "");
    line(&mut out, &(ink.heading)("What changed in meaning"));
    if difference.changes.is_empty() {
        line(&mut out, "  nothing");
    }
    for change in &difference.changes {
        let sign = change.sign().to_string();
        let sign = match change.how {
            How::Added => (ink.good)(&sign),
            How::Removed => (ink.bad)(&sign),
            How::Changed | How::Renamed => sign,
        };
        let label = if change.label.is_empty() { String::new() } else { format!(" \u{201c}{}\u{201d}", change.label) };
        line(&mut out, &format!("  {sign} {}{}", visible(&change.title()), (ink.quiet)(&visible(&label))));
        for told in change.lines() {
            wrapped(&mut out, &told, 6, width);
        }
    }
    line(&mut out, "");
    line(&mut out, &(ink.heading)("For all leads"));
    wrapped(&mut out, &difference.sentence(), 2, width);
    if let Some(caveat) = &difference.caveat {
        wrapped(&mut out, &format!("Nothing is proved of all leads: {caveat}."), 2, width);
    }
    for (answers, lead) in difference.shown() {
        line(&mut out, "");
        for (place, answer) in answers.iter().enumerate() {
            let words =
                if place == 0 { format!("A lead can {}", answer.words()) } else { format!("  and {}", answer.words()) };
            line(&mut out, &format!("  {}", (ink.bad)(&visible(&words))));
            if let Some(reason) = &answer.reason {
                wrapped(&mut out, reason, 4, width);
            }
        }
        if let Some(shown) = lead {
            wrapped(&mut out, &shown.lead, 4, width);
            side_by_side(&mut out, &shown.beside(), ink, width);
        }
    }
    let never = difference.never();
    if !never.is_empty() {
        line(&mut out, "");
        wrapped(&mut out, &format!("No lead can: {never}."), 2, width);
    }
    let open = difference.answered(Can::NotDecided);
    if !open.is_empty() {
        line(&mut out, "");
        line(&mut out, &format!("  {}", (ink.heading)("Not decided, whether a lead can")));
        for answer in open {
            let reason = answer.reason.as_deref().unwrap_or_default();
            wrapped(&mut out, &format!("{}: {reason}", answer.words()), 4, width);
        }
    }
    if difference.answers.iter().any(|answer| answer.lead.is_some()) {
        line(&mut out, "");
        let as_of = format!("Leads are shown as of {}; both policies decided them.", difference.as_of.local);
        wrapped(&mut out, &as_of, 2, width);
    }
    if let Some(moves) = &difference.leads {
        line(&mut out, "");
        moved(&mut out, moves, ink, width);
    }
    out
}

/// What the change does to the leads that were given.
fn moved(out: &mut String, moves: &Moves, ink: Ink, width: usize) {
    let _ = writeln!(out, "{}", (ink.heading)("For these leads"));
    wrapped(out, &moves.sentence(), 2, width);
    let (rows, columns) = moves.axes();
    if rows.len() + columns.len() > 2 {
        let _ = writeln!(out, "\n  {}", (ink.heading)("From stage (rows) to stage (columns)"));
        let name = rows.iter().map(|row| visible(row).chars().count()).max().unwrap_or(0);
        let wide = columns.iter().map(|column| visible(column).chars().count().max(14)).collect::<Vec<_>>();
        let head: String =
            columns.iter().zip(&wide).map(|(column, wide)| format!("  {:>wide$}", visible(column))).collect();
        let _ = writeln!(out, "    {:name$}{}", "", (ink.quiet)(&head));
        for row in &rows {
            let cells = columns.iter().zip(&wide).map(|(column, wide)| {
                let count = moves.count(row, column);
                let cell = if count == 0 {
                    "·".to_owned()
                } else {
                    format!("{} {:>6}", grouped(count), share(count, moves.leads))
                };
                let cell = format!("{cell:>wide$}");
                let cell = if count > 0 && row != column { (ink.heading)(&cell) } else { cell };
                format!("  {cell}")
            });
            let _ = writeln!(out, "    {:name$}{}", visible(row), cells.collect::<String>());
        }
    }
    if !moves.causes.is_empty() || moves.together > 0 {
        let _ = writeln!(out, "\n  {}", (ink.heading)("What moves them"));
        for cause in &moves.causes {
            wrapped(out, &format!("{:>7}  {}", grouped(cause.leads), cause.words), 4, width);
        }
        if let Some(looked) = moves.looked() {
            wrapped(out, &looked, 4, width);
        }
    }
    if !moves.load.is_empty() {
        let _ = writeln!(out, "\n  {}", (ink.heading)("Leads of each route"));
        let name = moves.load.iter().map(|load| visible(&load.route).chars().count()).max().unwrap_or(0).max(5);
        let _ =
            writeln!(out, "    {}", (ink.quiet)(&format!("{:name$}  {:>9}  {:>9}  {:>9}", "", "old", "new", "change")));
        for load in &moves.load {
            let count = |count: Option<u64>| count.map_or_else(|| "none".to_owned(), grouped);
            let by = load.new.unwrap_or(0) as i64 - load.old.unwrap_or(0) as i64;
            let by = if by == 0 { "0".to_owned() } else { format!("{by:+}") };
            let _ = writeln!(
                out,
                "    {:name$}  {:>9}  {:>9}  {by:>9}",
                visible(&load.route),
                count(load.old),
                count(load.new)
            );
        }
    }
    for shift in &moves.shifts {
        let _ = writeln!(out, "\n  {}", (ink.heading)(&format!("Points of {} gained or lost", visible(&shift.score))));
        let bins = shift.bins();
        let name = bins.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let most = bins.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
        for (by, count) in &bins {
            let bar = "█".repeat((*count as u128 * 30).div_ceil(u128::from(most)) as usize);
            let _ = writeln!(out, "{}", format!("    {by:>name$}  {:>9}  {bar}", grouped(*count)).trim_end());
        }
    }
}

/// A paragraph, safe to print.
pub(super) fn wrapped(out: &mut String, text: &str, indent: usize, width: usize) {
    let room = width.saturating_sub(indent).max(20);
    let pad = " ".repeat(indent);
    let mut line = String::new();
    for word in visible(text).split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            let _ = writeln!(out, "{pad}{line}");
            line = "  ".to_owned();
        } else if !line.is_empty() && line != "  " {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{pad}{line}");
}

fn side_by_side(out: &mut String, rows: &[Beside], ink: Ink, width: usize) {
    let longest =
        |of: &dyn Fn(&Beside) -> usize, least: usize| rows.iter().map(of).max().unwrap_or(0).max(least).min(40);
    let what = longest(&|row| visible(&row.what).chars().count(), 4);
    let old = longest(&|row| visible(&row.old).chars().count(), 3);
    let head = format!("      {:what$}  {:old$}  {}", "", "old", "new");
    let _ = writeln!(out, "{}", (ink.quiet)(head.trim_end()));
    for row in rows {
        let (name, was, is) = (visible(&row.what), visible(&row.old), visible(&row.new));
        let is = if was == is { is.into_owned() } else { (ink.heading)(&is) };
        let _ = writeln!(out, "      {name:what$}  {was:old$}  {is}");
        for why in &row.why {
            wrapped(out, why, 8, width);
        }
    }
}
