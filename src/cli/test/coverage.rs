//! `qualify test --coverage`: which outcomes the tests show, for people at a terminal.

use crate::base::visible;
use crate::cli::terminal::{Paint, count, left, right, shown, style};
use crate::testing::coverage::{Coverage, Group, Item, Outcome, Tally};

/// The widest that a bar gets.
const BAR: usize = 20;

/// The report: how much is shown, then what is not; with `all`, also what is and by which tests.
pub fn text(report: &Coverage, all: bool, width: usize, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.with(style::HEADING, visible(&report.file)));
    let tests = count(report.tests.len() as u64, "test", "tests");
    let tally = report.outcomes;
    let outcomes = count(tally.all as u64, "outcome is", "outcomes are");
    out.push_str(&format!("  {} of {outcomes} shown by {tests}\n\n", percent(tally, paint)));
    for kind in &report.kinds {
        let heading = left(kind.kind.heading(), 28);
        let of = right(&format!("{} of {}", kind.tally.covered, kind.tally.all), 12);
        out.push_str(&format!("  {heading}{of}  {}  {}\n", percent(kind.tally, paint), bar(kind.tally, paint)));
    }
    section(&mut out, report, "Not shown by any test", Which::Missing, width, paint);
    if all {
        section(&mut out, report, "Shown", Which::Shown, width, paint);
        section(&mut out, report, "Cannot happen, for any lead", Which::Impossible, width, paint);
    } else if report.cannot_happen > 0 {
        let outcomes = count(report.cannot_happen as u64, "outcome", "outcomes");
        let line = format!("{outcomes} cannot happen, for any lead: not counted (--all lists them)");
        out.push_str(&format!("\n{}\n", paint.with(style::QUIET, line)));
    }
    idle(&mut out, report, paint);
    out
}

/// Which outcomes a section lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Missing,
    Shown,
    Impossible,
}

impl Which {
    fn of(outcome: &Outcome) -> Which {
        match (outcome.covered, outcome.cannot_happen) {
            (true, _) => Which::Shown,
            (false, true) => Which::Impossible,
            (false, false) => Which::Missing,
        }
    }
}

/// A percentage in a colour that says how good it is.
pub fn percent(tally: Tally, paint: Paint) -> String {
    let style = match tally.percent {
        percent if percent >= 90.0 => style::GOOD,
        percent if percent >= 60.0 => style::WARNING,
        _ => style::BAD,
    };
    paint.with(style, right(&format!("{:.1}%", tally.percent), 6))
}

/// A bar as long as the percentage.
pub fn bar(tally: Tally, paint: Paint) -> String {
    let full = (tally.covered * BAR).checked_div(tally.all).unwrap_or(BAR);
    let (full, rest) = ("█".repeat(full), "░".repeat(BAR - full));
    format!("{}{}", paint.with(style::FIGURE, full), paint.with(style::QUIET, rest))
}

/// Some of the outcomes: items with most of them first in each group.
fn section(out: &mut String, report: &Coverage, heading: &str, which: Which, width: usize, paint: Paint) {
    let of = |item: &Item| item.outcomes.iter().filter(|outcome| Which::of(outcome) == which).count();
    let total: usize = report.items.iter().map(of).sum();
    if total == 0 {
        return;
    }
    out.push_str(&format!("\n{} ({total})\n", paint.with(style::HEADING, heading)));
    let names = report.items.iter().filter(|item| of(item) > 0).map(|item| name(item).chars().count());
    let column = names.max().unwrap_or(0).min(30);
    let mut groups: Vec<Group> = report.items.iter().map(|item| item.group).collect();
    groups.dedup();
    for group in groups {
        let mut items: Vec<&Item> = report.items.iter().filter(|item| item.group == group && of(item) > 0).collect();
        if items.is_empty() {
            continue;
        }
        items.sort_by_key(|item| std::cmp::Reverse(of(item)));
        out.push_str(&format!("  {}\n", group.heading()));
        for item in items {
            let outcomes = item.outcomes.iter().filter(|outcome| Which::of(outcome) == which);
            for (place, outcome) in outcomes.enumerate() {
                let label = if place == 0 { shown(&name(item), column) } else { String::new() };
                let line = paint.with(style::QUIET, right(&outcome.line.to_string(), 6));
                let rest = width.saturating_sub(column + 12).max(20);
                let text = shown(&outcome.outcome, rest);
                out.push_str(&format!("  {line}  {}  {text}\n", left(&label, column)));
                if which == Which::Shown {
                    let tests = paint.with(style::QUIET, by(report, outcome, rest.saturating_sub(2)));
                    out.push_str(&format!("{}{tests}\n", " ".repeat(column + 14)));
                }
            }
        }
    }
}

/// A promise is known by its label, all else by its name.
fn name(item: &Item) -> String {
    if item.group == Group::Promises { item.label.clone() } else { item.name.clone() }
}

/// The first tests that show an outcome.
fn by(report: &Coverage, outcome: &Outcome, width: usize) -> String {
    let tests: Vec<&str> =
        outcome.tests.iter().filter_map(|test| report.tests.get(*test)).map(|test| test.name.as_str()).collect();
    let more = match tests.len() {
        0 | 1 => String::new(),
        many => format!(" and {} more", many - 1),
    };
    let first = tests.first().copied().unwrap_or_default();
    format!("{}{more}", shown(first, width.saturating_sub(more.len())))
}

/// Tests that show nothing that another does not show: they may still expect something that no other does.
fn idle(out: &mut String, report: &Coverage, paint: Paint) {
    let idle = report.tests.iter().filter(|test| test.alone == 0).count();
    if idle > 0 && report.tests.len() > 1 {
        let tests = count(idle as u64, "test shows", "tests show");
        let line = format!("{tests} no outcome that another does not show as well");
        out.push_str(&format!("\n{}\n", paint.with(style::QUIET, line)));
    }
}
