//! The report as a page: the policy's text beside its outcomes.

use super::model::{Coverage, Group, Item, Outcome};
use crate::base::SourceMap;
use crate::report::{Block, Page, Section, Table, Text, html_blocks, html_text};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeMap;

/// What the shell's stylesheet does not have: lines with outcomes beside them.
const STYLE: &str = include_str!("page.css");

/// The report as one self-contained HTML page. `sources` are the policy's.
pub fn page(report: &Coverage, sources: &SourceMap) -> String {
    let missing = report.outcomes.all - report.outcomes.covered;
    let tests = if report.tests.len() == 1 { "test" } else { "tests" };
    let mut page = Page::new(format!("What the tests show: {}", report.policy)).kind("Test coverage").intro(format!(
        "{:.1}% of {} outcomes are shown by {} {tests}.",
        report.outcomes.percent,
        report.outcomes.all,
        report.tests.len()
    ));
    let mut kinds = Table::new(["Outcomes", "Shown", "All", "Percent"]).number(1).number(2).number(3);
    for kind in &report.kinds {
        let tally = kind.tally;
        kinds.row([
            Text::new(kind.kind.heading()),
            Text::new(tally.covered.to_string()),
            Text::new(tally.all.to_string()),
            Text::new(format!("{:.1}%", tally.percent)),
        ]);
    }
    page = page.block(kinds);
    if report.cannot_happen > 0 {
        let outcomes = if report.cannot_happen == 1 { "outcome" } else { "outcomes" };
        page = page.block(Block::text(format!(
            "{} {outcomes} cannot happen, for any lead: they are not counted.",
            report.cannot_happen
        )));
    }
    if missing > 0 {
        page = page.section(gaps(report, missing));
    }
    let mut tests = Table::new(["Test", "Line", "Shows", "It alone"]).number(1).number(2).number(3);
    for test in &report.tests {
        let words = if test.passed { Text::new(&test.name) } else { Text::new(&test.name).strong(" fails") };
        let line = Text::of_link(test.line.to_string(), anchor(report, &test.file, test.line));
        tests.row([words, line, Text::new(test.shows.to_string()), Text::new(test.alone.to_string())]);
    }
    let tests = if report.tests.is_empty() {
        html! {}
    } else {
        html_blocks(&[Section::new("The tests", "tests").block(tests).into()], 2)
    };
    page.identity("policy", &report.policy).identity("file", &report.file).html_with(html! {
        style { (PreEscaped(STYLE)) }
        section id="source" {
            h2 { "The policy beside its outcomes" }
            p.quiet { "Red lines have outcomes that no test shows; green ones have none." }
            @for (place, file) in files(report).into_iter().enumerate() { (self::source(report, sources, file, place)) }
        }
        (tests)
    })
}

/// What no test shows, group by group.
fn gaps(report: &Coverage, missing: usize) -> Section {
    let mut section = Section::new(format!("Not shown by any test ({missing})"), "missing");
    let mut groups: Vec<Group> = report.items.iter().map(|item| item.group).collect();
    groups.dedup();
    for group in groups {
        let items = report.items.iter().filter(|item| item.group == group);
        let gaps: Vec<(&Item, &Outcome)> = items
            .flat_map(|item| {
                item.outcomes
                    .iter()
                    .filter(|outcome| !outcome.covered && !outcome.cannot_happen)
                    .map(move |gap| (item, gap))
            })
            .collect();
        if gaps.is_empty() {
            continue;
        }
        let mut table = Table::new([group.heading(), "Outcome", "Line"]).number(2);
        let mut before: Option<&Item> = None;
        for (item, gap) in gaps {
            let name = match before {
                Some(before) if std::ptr::eq(before, item) => Text::default(),
                _ if group == Group::Promises => Text::new(&item.label),
                _ => Text::new(&item.label).then(" ").code(&item.name),
            };
            before = Some(item);
            let line = Text::of_link(gap.line.to_string(), anchor(report, &gap.file, gap.line));
            table.row([name, words(&gap.outcome), line]);
        }
        section = section.block(table);
    }
    section
}

/// Words with `code` among them.
fn words(text: &str) -> Text {
    let parts = text.split('`').enumerate();
    parts.fold(Text::default(), |text, (place, part)| if place % 2 == 1 { text.code(part) } else { text.then(part) })
}

/// The files that have outcomes or tests, in the order of the policy.
fn files(report: &Coverage) -> Vec<&str> {
    let mut files: Vec<&str> = vec![&report.file];
    let others = report.items.iter().flat_map(|item| item.outcomes.iter().map(|outcome| outcome.file.as_str()));
    for file in others.chain(report.tests.iter().map(|test| test.file.as_str())) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// Where a line of the source stands on the page.
fn anchor(report: &Coverage, file: &str, line: usize) -> String {
    let place = files(report).iter().position(|known| *known == file).unwrap_or(0);
    format!("line-{}-{line}", place + 1)
}

fn source(report: &Coverage, sources: &SourceMap, file: &str, place: usize) -> Markup {
    let mut by_line: BTreeMap<usize, Vec<(&Item, &Outcome)>> = BTreeMap::new();
    for item in &report.items {
        for outcome in item.outcomes.iter().filter(|outcome| outcome.file == file) {
            by_line.entry(outcome.line).or_default().push((item, outcome));
        }
    }
    let text = sources.files().iter().find(|source| source.name == file).map_or("", |source| source.text.as_str());
    html! {
        h3 { (file) }
        div.beside role="region" tabindex="0" aria-label=(file) {
            @for (number, line) in text.lines().enumerate().map(|(number, line)| (number + 1, line)) {
                @let outcomes = by_line.get(&number).map_or(&[][..], Vec::as_slice);
                @let state = match outcomes {
                    [] => "",
                    some if some.iter().all(|(_, outcome)| outcome.covered || outcome.cannot_happen) => "shown",
                    _ => "gap",
                };
                div.line.(state) id=(format!("line-{}-{number}", place + 1)) {
                    span.at { (number) }
                    pre { (line) }
                    @if !outcomes.is_empty() { (self::outcomes(report, outcomes)) }
                }
            }
        }
    }
}

/// What is missing in the open, what is shown behind one line.
fn outcomes(report: &Coverage, outcomes: &[(&Item, &Outcome)]) -> Markup {
    let (possible, impossible): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(_, outcome)| !outcome.cannot_happen);
    let (shown, missing): (Vec<_>, Vec<_>) = possible.into_iter().partition(|(_, outcome)| outcome.covered);
    html! {
        div.outcomes {
            @for (_, outcome) in &missing {
                p.missing { span.mark.no role="img" aria-label="not shown" { "✗" } " " (html_text(&words(&outcome.outcome))) }
            }
            @for (_, outcome) in &impossible {
                p.quiet { "cannot happen: " (html_text(&words(&outcome.outcome))) }
            }
            @if !shown.is_empty() {
                details {
                    summary { span.mark.yes aria-hidden="true" { "✓" } " " (shown.len()) " shown" }
                    ul { @for (_, outcome) in &shown {
                        li { (html_text(&words(&outcome.outcome))) " " span.quiet { (by(report, outcome)) } }
                    } }
                }
            }
        }
    }
}

/// The tests that show an outcome: the first three by name.
fn by(report: &Coverage, outcome: &Outcome) -> String {
    let names: Vec<String> = outcome
        .tests
        .iter()
        .filter_map(|test| report.tests.get(*test))
        .take(3)
        .map(|test| format!("“{}”", test.name))
        .collect();
    let more = outcome.tests.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}
