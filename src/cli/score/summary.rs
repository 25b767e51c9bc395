//! The summary of a run as people read it.

use super::tally::Tally;
use crate::base::visible;
use crate::check::hir::{Fit, PartId, Program};
use crate::cli::input;
use crate::cli::terminal::{Paint, columns, count, left, right, shown, style, thousands};
use crate::cli::when::When;
use crate::data::EventStore;
use crate::eval::Points;

/// The widest that labels get.
const LABEL: usize = 40;
/// The widest that bars get.
const BAR: usize = 40;

/// What a run came to.
pub struct Summary<'s> {
    pub program: &'s Program,
    pub when: &'s When,
    /// The path of the leads.
    pub leads: &'s str,
    /// The second file of events: its path, and what it holds after all leads were read.
    pub events: Option<(&'s str, &'s EventStore)>,
    /// Whether data problems reject their records.
    pub strict: bool,
    pub tally: &'s Tally,
}

/// One line of a list of counts.
struct Line {
    label: String,
    count: u64,
    note: String,
    style: anstyle::Style,
}

impl Summary<'_> {
    pub fn render(&self, paint: Paint, width: usize) -> String {
        let mut page = Page { out: String::new(), paint, width: width.max(40), label: self.label_width(width) };
        self.head(&mut page);
        if self.tally.leads > 0 {
            self.stages(&mut page);
            self.reasons(&mut page);
            self.routes(&mut page);
            self.fits(&mut page);
            self.top(&mut page);
            self.always(&mut page);
        }
        self.data(&mut page);
        page.out
    }

    /// Records of the second file of events that are rejected.
    pub fn event_rejects(&self) -> u64 {
        self.events.map_or(0, |(_, store)| store.counts().rejected)
    }

    /// Events whose lead is not among the leads, in words.
    pub fn unmatched(&self) -> Option<String> {
        let (_, store) = self.events?;
        let orphans = store.orphans();
        if orphans == 0 {
            return None;
        }
        let keys: Vec<String> = store.orphan_keys().take(3).map(|key| format!("`{}`", shown(key, 24))).collect();
        let more = if store.orphan_keys().nth(3).is_some() { ", …" } else { "" };
        let events = count(orphans, "event belongs", "events belong");
        Some(format!("{events} to no lead here ({}{more})", keys.join(", ")))
    }

    fn label_width(&self, width: usize) -> usize {
        let program = self.program;
        let labels = (program.stages.iter().map(|stage| &stage.label))
            .chain(program.reasons.iter().map(|reason| &reason.label))
            .chain(program.routes.iter().map(|route| &route.label))
            .chain(program.fits.iter().map(|fit| &fit.label));
        let longest = labels.map(|label| columns(&visible(label))).max().unwrap_or(0);
        longest.clamp(12, LABEL.min(width / 2))
    }

    fn head(&self, page: &mut Page) {
        let meta = &self.program.meta;
        let version = meta.version.as_ref().map_or(String::new(), |version| format!(", version {}", visible(version)));
        page.line(&page.paint.with(style::HEADING, format!("{}{version}", visible(&meta.label))));
        let leads = leads(self.tally.leads);
        let when = self.when.describe(&self.program.zone);
        page.line(&format!("{leads} of {}, {when}", input::name(self.leads)));
    }

    fn stages(&self, page: &mut Page) {
        let mut lines: Vec<Line> =
            lines(self.program.stages.iter().map(|stage| stage.label.as_str()), &self.tally.stages, style::FIGURE);
        if !self.program.reasons.is_empty() {
            let count = self.tally.disqualified;
            lines.push(Line { label: "Disqualified".to_owned(), count, note: String::new(), style: style::QUIET });
        }
        if !self.program.stages.is_empty() {
            page.counts("Stages", &lines, self.tally.leads, true);
        }
    }

    fn reasons(&self, page: &mut Page) {
        let reasons = self.program.reasons.iter().map(|reason| reason.label.as_str());
        let mut lines = lines(reasons, &self.tally.reasons, style::FIGURE);
        lines.retain(|line| line.count > 0);
        page.counts("Disqualified because", &lines, self.tally.leads, false);
    }

    fn routes(&self, page: &mut Page) {
        if self.program.routes.is_empty() {
            return;
        }
        let routes = self.program.routes.iter().map(|route| route.label.as_str());
        let mut lines = lines(routes, &self.tally.routes, style::FIGURE);
        for (line, route) in lines.iter_mut().zip(&self.program.routes) {
            if let Some(within) = route.within {
                line.note = format!("within {}", self.program.lengths[within.index()]);
            }
        }
        if self.tally.unrouted > 0 {
            let label = "No route".to_owned();
            lines.push(Line { label, count: self.tally.unrouted, note: String::new(), style: style::QUIET });
        }
        page.counts("Routes", &lines, self.tally.leads, false);
    }

    fn fits(&self, page: &mut Page) {
        if self.program.fits.is_empty() {
            return;
        }
        // On a narrow terminal the shares give way.
        let shares = page.width >= page.label + 2 + 3 * 18;
        let width = if shares { 18 } else { 10 };
        let heads: String = ["fits", "unknown", "fails"].iter().map(|head| right(head, width)).collect();
        page.heading("Fit", &heads);
        for (fit, counts) in self.program.fits.iter().zip(&self.tally.fits) {
            let cell = |count: &u64| match shares {
                true => page.cell(*count, self.tally.leads),
                false => right(&thousands(*count), width),
            };
            let cells: String = counts.iter().map(cell).collect();
            page.line(&format!("  {}{cells}", page.label(&fit.label)));
            self.unknown_checks(page, fit);
        }
    }

    /// The checks that keep a fit unknown for the most leads: what to ask for first.
    fn unknown_checks(&self, page: &mut Page, fit: &Fit) {
        let checks = fit.checks.clone().filter_map(|check| {
            let (check, count) = (self.program.checks.get(check as usize)?, self.tally.unknown.get(check as usize)?);
            Some((check, *count))
        });
        let mut checks: Vec<_> = checks.filter(|(_, count)| *count > 0).collect();
        checks.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (check, count) in checks.iter().take(3) {
            let label = shown(&check.label, page.width.saturating_sub(40));
            let line = format!("    not known of {}: {label}", leads(*count));
            page.line(&page.paint.with(style::QUIET, line));
        }
    }

    fn top(&self, page: &mut Page) {
        let Some((last, others)) = self.program.scores.split_last() else { return };
        if self.tally.top.is_empty() {
            return;
        }
        let label = |score: &PartId| visible(&self.program.parts[score.index()].label).into_owned();
        let mut scores: Vec<(String, usize)> = vec![(label(last), others.len())];
        scores.extend(others.iter().enumerate().map(|(place, score)| (label(score), place)));
        let keys: Vec<String> = self.tally.top.iter().map(|lead| shown(&lead.key, 28)).collect();
        let key = keys.iter().map(|key| columns(key)).max().unwrap_or(0).max(4);
        let stage = self.program.stages.iter().map(|stage| columns(&visible(&stage.label))).max().unwrap_or(0).min(28);
        let room = page.width.saturating_sub(2 + key + 2 + stage);
        let mut taken = 0;
        scores.retain(|(label, _)| {
            taken += 2 + columns(label).max(9);
            taken <= room
        });
        let table: Vec<Vec<String>> = scores
            .iter()
            .map(|(label, place)| {
                let points = self.tally.top.iter().map(|lead| lead.points.get(*place).copied().unwrap_or_default());
                let cells = at_the_point(points.map(|points| Points(points).to_string()).collect());
                let width = 2 + cells.iter().map(|cell| columns(cell)).max().unwrap_or(0).max(columns(label));
                std::iter::once(label).chain(&cells).map(|cell| right(cell, width)).collect()
            })
            .collect();
        let row = |place: usize| -> String { table.iter().filter_map(|column| column.get(place).cloned()).collect() };
        page.blank();
        let title = left("Best leads", 2 + key + 2 + stage);
        page.line(&format!("{}{}", page.paint.with(style::HEADING, title), page.paint.with(style::QUIET, row(0))));
        for (place, (lead, shown_key)) in self.tally.top.iter().zip(&keys).enumerate() {
            let at = self.program.stages.get(lead.stage as usize).map_or("", |stage| &stage.label);
            page.line(&format!("  {}  {}{}", left(shown_key, key), left(&shown(at, stage), stage), row(place + 1)));
        }
    }

    fn always(&self, page: &mut Page) {
        if self.program.always.is_empty() {
            return;
        }
        page.heading("Promises", "");
        for (always, broken) in self.program.always.iter().zip(&self.tally.always) {
            let label = visible(&always.label);
            if *broken == 0 {
                page.line(&format!("  {} {label}", page.paint.with(style::GOOD, "✓")));
            } else {
                let leads = format!("broken by {}", leads(*broken));
                let mark = page.paint.with(style::BAD, "✗");
                page.line(&format!("  {mark} {label}: {}", page.paint.with(style::BAD, leads)));
            }
        }
    }

    fn data(&self, page: &mut Page) {
        let tally = self.tally;
        let clean = tally.rejected() == 0 && tally.problem_count() == 0 && self.event_rejects() == 0;
        if clean && tally.leads == 0 && self.events.is_none() {
            return;
        }
        page.heading("Data", "");
        let rejected = tally.rejected();
        if rejected > 0 {
            let records = format!("{} without a decision", count(rejected, "record", "records"));
            page.line(&format!("  {}", page.paint.with(style::BAD, records)));
            // What --strict rejects follows, value by value.
            for ((reason, field), count) in &tally.rejects {
                page.detail(field.as_deref().unwrap_or("record"), describe(reason), *count);
            }
        }
        if tally.problem_count() > 0 {
            let values = count(tally.problem_count(), "value", "values");
            let records = count(tally.records_with_problems, "record", "records");
            let so = if self.strict { "rejected, --strict" } else { "taken as missing" };
            let text = format!("{values} of {records} could not be read ({so})");
            page.line(&format!("  {}", page.paint.with(style::WARNING, text)));
            for ((field, kind), count) in &tally.problems {
                page.detail(field, kind.describe(), *count);
            }
        }
        if let Some((path, store)) = self.events {
            let counts = store.counts();
            page.line(&format!("  {} read from {}", count(counts.records, "event", "events"), input::name(path)));
            let wrong = [
                (counts.rejected > 0)
                    .then(|| format!("{} broken or without a key", count(counts.rejected, "event is", "events are"))),
                self.unmatched(),
            ];
            for wrong in wrong.into_iter().flatten() {
                page.line(&format!("  {}", page.paint.with(style::WARNING, wrong)));
            }
        }
        if clean && tally.leads > 0 {
            page.line(&format!("  {} every record and every value could be read", page.paint.with(style::GOOD, "✓")));
        }
    }
}

fn leads(number: u64) -> String {
    count(number, "lead", "leads")
}

fn lines<'l>(labels: impl Iterator<Item = &'l str>, counts: &[u64], style: anstyle::Style) -> Vec<Line> {
    let lines = labels.zip(counts);
    lines.map(|(label, count)| Line { label: label.to_owned(), count: *count, note: String::new(), style }).collect()
}

/// Numbers made as long as each other, so that flush right they stand with their points one under the other.
fn at_the_point(numbers: Vec<String>) -> Vec<String> {
    let fraction = |number: &String| number.find('.').map_or(0, |point| number.len() - point);
    let longest = numbers.iter().map(fraction).max().unwrap_or(0);
    numbers.into_iter().map(|number| format!("{number}{}", " ".repeat(longest - fraction(&number)))).collect()
}

/// Why records have no decision, for people.
fn describe(reason: &str) -> &str {
    match reason {
        "malformed" => "broken JSON or CSV",
        "not-utf8" => "not UTF-8",
        "too-long" => "longer than a record may be",
        "too-deep" => "nested deeper than a record may be",
        "not-a-record" => "not an object",
        "no-key" => "no readable key",
        "no-required-field" => "required, and missing",
        other => other,
    }
}

/// The text that grows line by line.
struct Page {
    out: String,
    paint: Paint,
    width: usize,
    /// Columns for labels.
    label: usize,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn label(&self, text: &str) -> String {
        left(&shown(text, self.label), self.label)
    }

    /// A heading, with the heads of its columns.
    fn heading(&mut self, title: &str, heads: &str) {
        self.blank();
        let title = if heads.is_empty() { title.to_owned() } else { left(title, self.label + 2) };
        self.line(&format!("{}{}", self.paint.with(style::HEADING, title), self.paint.with(style::QUIET, heads)));
    }

    /// A count and its share in 18 columns.
    fn cell(&self, count: u64, total: u64) -> String {
        let share = right(&share(count, total), 7);
        let text = format!("{}{share}", right(&thousands(count), 11));
        if count == 0 { self.paint.with(style::QUIET, text) } else { text }
    }

    /// A list of counts with their shares and, where there is room, bars: a full one is all leads.
    fn counts(&mut self, title: &str, lines: &[Line], total: u64, bars: bool) {
        if lines.is_empty() {
            return;
        }
        self.heading(title, "");
        let room = self.width.saturating_sub(2 + self.label + 18 + 2).min(BAR);
        for line in lines {
            let after = if bars && room >= 10 { bar(line.count, total, room) } else { line.note.clone() };
            let after = self.paint.with(if bars { line.style } else { style::QUIET }, after);
            self.line(&format!("  {}{}  {after}", self.label(&line.label), self.cell(line.count, total)));
        }
    }

    /// A line under a sentence about data: where, what, how often.
    fn detail(&mut self, place: &str, what: &str, count: u64) {
        let place = left(&shown(place, 28), 28);
        self.line(&format!("    {} {place}  {what}", right(&thousands(count), 9)));
    }
}

/// A share with one decimal that never says 0 or 100 for less than that.
fn share(count: u64, total: u64) -> String {
    if total == 0 {
        return String::new();
    }
    let tenths = (count as f64 * 1000.0 / total as f64).round() as u64;
    match tenths {
        0 if count > 0 => "<0.1%".to_owned(),
        1000 if count < total => ">99.9%".to_owned(),
        _ => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// A bar of `room` columns for the whole, in eighths; what is not nothing is seen.
fn bar(count: u64, total: u64, room: usize) -> String {
    if count == 0 || total == 0 {
        return String::new();
    }
    let eighths = ((count as f64 / total as f64) * (room * 8) as f64).round().max(1.0) as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_round_to_nothing_or_all() {
        assert_eq!(share(0, 10), "0.0%");
        assert_eq!(share(1, 100_000), "<0.1%");
        assert_eq!(share(99_999, 100_000), ">99.9%");
        assert_eq!(share(10, 10), "100.0%");
        assert_eq!(share(1, 3), "33.3%");
    }

    #[test]
    fn bars_show_the_share() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(0, 10, 4), "");
    }
}
