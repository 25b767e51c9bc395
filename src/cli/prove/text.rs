//! What was found, for people.

use super::asked::Relation;
use super::report::{Bound, Possible, Promise, Question, Reach, Report, Score, Verdict};
use crate::cli::terminal::{Paint, Terminal, columns, count, left, right, shown, style};
use crate::explain::Length;
use crate::explain::text::{TextOptions, render};

/// The report as text, a line feed at its end.
pub fn text(report: &Report, terminal: &Terminal) -> String {
    let page = Page { paint: terminal.paint(), width: terminal.width.max(60), terminal };
    let version = report.version.as_deref().map_or_else(String::new, |version| format!(", version {version}"));
    let head = shown(&format!("{}{version}", report.policy), page.width);
    let mut out = format!(
        "{}\nall leads that could exist, as of {} ({})\n",
        page.paint.with(style::HEADING, head),
        report.as_of,
        report.zone
    );
    if !report.asked.is_empty() {
        page.heading(&mut out, "Asked");
        report.asked.iter().for_each(|question| page.question(&mut out, question));
        return out;
    }
    page.heading(&mut out, "Promises");
    if report.promises.is_empty() {
        out.push_str("  none: `always \"label\": condition` makes one\n");
    }
    report.promises.iter().for_each(|promise| page.promise(&mut out, promise));
    page.reaches(&mut out, "Stages", report.stages.iter().chain(&report.disqualified));
    page.scores(&mut out, &report.scores);
    for bands in &report.bands {
        page.reaches(&mut out, &format!("Bands: {}", bands.label), &bands.bands);
    }
    for matrix in &report.matrices {
        page.matrix(&mut out, matrix);
    }
    page.reaches(&mut out, "Routes", &report.routes);
    page.fields(&mut out, report);
    page.closing(&mut out, report);
    out
}

struct Page<'t> {
    paint: Paint,
    width: usize,
    terminal: &'t Terminal,
}

impl Page<'_> {
    fn heading(&self, out: &mut String, text: &str) {
        out.push('\n');
        out.push_str(&self.paint.with(style::HEADING, shown(text, self.width)));
        out.push('\n');
    }

    fn mark(&self, good: Option<bool>) -> String {
        match good {
            Some(true) => self.paint.with(style::GOOD, "✓"),
            Some(false) => self.paint.with(style::BAD, "✗"),
            None => self.paint.with(style::WARNING, "?"),
        }
    }

    /// Words below a line, broken at commas and blanks.
    fn below(&self, out: &mut String, indent: usize, text: &str) {
        let text = crate::base::visible(text);
        let room = self.width.saturating_sub(indent).max(20);
        let mut line = String::new();
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
    }

    fn promise(&self, out: &mut String, promise: &Promise) {
        let label = shown(&promise.label, self.width.saturating_sub(30).max(30));
        match promise.verdict {
            Verdict::Proved => out.push_str(&format!("  {} {label}: holds for every lead\n", self.mark(Some(true)))),
            Verdict::NotDecided => {
                let why = promise.reason.unwrap_or_default();
                out.push_str(&format!("  {} {label}: not decided\n", self.mark(None)));
                self.below(out, 6, why);
            }
            Verdict::Broken => {
                out.push_str(&format!("  {} {label}: this lead breaks it\n", self.mark(Some(false))));
                self.below(out, 6, promise.lead.as_deref().unwrap_or_default());
                let Some(explanation) = &promise.explanation else { return };
                let options = TextOptions {
                    color: self.terminal.color,
                    width: self.width.saturating_sub(6).max(40),
                    ..TextOptions::default()
                };
                out.push('\n');
                for line in render(explanation, Length::Brief, &options).lines().skip(1) {
                    out.push_str(format!("      {line}").trim_end());
                    out.push('\n');
                }
            }
        }
    }

    fn question(&self, out: &mut String, question: &Question) {
        let (first, second) = (shown(&question.first, 200), shown(&question.second, 200));
        let holds = question.verdict == Verdict::Proved;
        let words = match (question.relation, holds) {
            (Relation::Implies, true) => format!("whenever `{first}` is true, `{second}` is true"),
            (Relation::Implies, false) => format!("`{first}` can be true while `{second}` is not"),
            (Relation::Equivalent, true) => format!("`{first}` and `{second}` are the same for every lead"),
            (Relation::Equivalent, false) => format!("`{first}` and `{second}` are not the same for every lead"),
            (Relation::Disjoint, true) => format!("`{first}` and `{second}` are never true at once"),
            (Relation::Disjoint, false) => format!("`{first}` and `{second}` can be true at once"),
        };
        match question.verdict {
            Verdict::Proved => out.push_str(&format!("  {} {words}\n", self.mark(Some(true)))),
            Verdict::Broken => {
                out.push_str(&format!("  {} {words}\n", self.mark(Some(false))));
                self.below(out, 6, question.lead.as_deref().unwrap_or_default());
                if let Some([a, b]) = question.values {
                    self.below(out, 6, &format!("there the first is {a}, the second {b}"));
                }
            }
            Verdict::NotDecided => {
                let relation = match question.relation {
                    Relation::Implies => format!("whether `{first}` implies `{second}`"),
                    Relation::Equivalent => format!("whether `{first}` and `{second}` are the same"),
                    Relation::Disjoint => format!("whether `{first}` and `{second}` exclude each other"),
                };
                out.push_str(&format!("  {} {relation} is not decided\n", self.mark(None)));
                self.below(out, 6, question.reason.unwrap_or_default());
            }
        }
    }

    fn reaches<'r>(&self, out: &mut String, title: &str, all: impl IntoIterator<Item = &'r Reach>) {
        let all: Vec<&Reach> = all.into_iter().collect();
        if all.is_empty() {
            return;
        }
        self.heading(out, title);
        let label = |reach: &Reach| match &reach.name {
            Some(name) => shown(&format!("{} ({name})", reach.label), 50),
            None => shown(&reach.label, 50),
        };
        let width = all.iter().map(|reach| columns(&label(reach))).max().unwrap_or(0);
        for reach in all {
            let words = match reach.possible {
                // That no lead is left without a route is good news.
                Possible::Never if reach.name.is_none() => "never: every lead has one".to_owned(),
                Possible::Never => self.paint.with(style::BAD, "no lead can reach it"),
                Possible::NotDecided => format!("not decided: {}", reach.reason.unwrap_or_default()),
                Possible::Yes => {
                    let room = self.width.saturating_sub(width + 6).max(20);
                    shown(reach.lead.as_deref().unwrap_or_default(), room)
                }
            };
            let good = match reach.possible {
                Possible::Yes => Some(true),
                Possible::Never => Some(reach.name.is_none()),
                Possible::NotDecided => None,
            };
            out.push_str(&format!("  {} {}  {words}\n", self.mark(good), left(&label(reach), width)));
        }
    }

    fn scores(&self, out: &mut String, scores: &[Score]) {
        if scores.is_empty() {
            return;
        }
        self.heading(out, "Points");
        let mut rows: Vec<(usize, &Score)> = Vec::new();
        let mut open: Vec<(usize, &Score)> = scores.iter().rev().map(|score| (0, score)).collect();
        while let Some((depth, score)) = open.pop() {
            rows.push((depth, score));
            open.extend(score.parts.iter().rev().map(|part| (depth + 1, part)));
        }
        let label = |depth: usize, score: &Score| {
            let own = score.name.rsplit('.').next().unwrap_or_default();
            format!("{}{}", "  ".repeat(depth), shown(&format!("{} ({own})", score.label), 60))
        };
        let ends = |score: &Score| {
            let end = |bound: &Option<Bound>| match bound {
                None => "no end".to_owned(),
                Some(bound) if bound.exact => bound.points.to_string(),
                Some(bound) => format!("{}*", bound.points),
            };
            (end(&score.low), end(&score.high))
        };
        let width = rows.iter().map(|(depth, score)| columns(&label(*depth, score))).max().unwrap_or(0);
        let low = rows.iter().map(|(_, score)| columns(&ends(score).0)).max().unwrap_or(0);
        let high = rows.iter().map(|(_, score)| columns(&ends(score).1)).max().unwrap_or(0);
        for (depth, score) in &rows {
            let (from, to) = ends(score);
            let row =
                format!("  {}  {} to {}", left(&label(*depth, score), width), right(&from, low), right(&to, high));
            out.push_str(&if *depth == 0 { self.paint.with(style::HEADING, row) } else { row });
            out.push('\n');
        }
        let open = |bound: &Option<Bound>| bound.as_ref().is_some_and(|bound| !bound.exact);
        if rows.iter().any(|(_, score)| open(&score.low) || open(&score.high)) {
            out.push_str("  * no lead is beyond it; whether one has just these points is not decided\n");
        }
    }

    fn matrix(&self, out: &mut String, matrix: &super::report::Matrix) {
        self.heading(out, &format!("Matrix: {}", matrix.label));
        let all = matrix.places.len() as u64;
        let of = |possible: Possible| matrix.places.iter().filter(move |place| place.possible == possible);
        let yes = of(Possible::Yes).count() as u64;
        let good = if yes == all {
            Some(true)
        } else if of(Possible::Never).next().is_some() {
            Some(false)
        } else {
            None
        };
        out.push_str(&format!("  {} leads can stand at {yes} of {}\n", self.mark(good), count(all, "place", "places")));
        for (possible, words) in [(Possible::Never, "no lead can stand there"), (Possible::NotDecided, "not decided")] {
            for place in of(possible) {
                let name = shown(&format!("{} by {}: {}", place.row, place.column, place.cell), 60);
                let mark = self.mark(if possible == Possible::Never { Some(false) } else { None });
                out.push_str(&format!("  {mark} {name}  {words}\n"));
            }
        }
    }

    fn fields(&self, out: &mut String, report: &Report) {
        if report.stages.is_empty() || report.fields.is_empty() {
            return;
        }
        self.heading(out, "Fields that can change the stage");
        for (possible, words) in
            [(Possible::Yes, "can"), (Possible::Never, "never"), (Possible::NotDecided, "not decided")]
        {
            let names: Vec<&str> = report
                .fields
                .iter()
                .filter(|field| field.changes_stage == possible)
                .map(|field| field.name.as_str())
                .collect();
            if !names.is_empty() {
                let good = if possible == Possible::NotDecided { None } else { Some(possible == Possible::Yes) };
                let mark = if good == Some(false) { "-".to_owned() } else { self.mark(good) };
                let mut lines = String::new();
                self.below(&mut lines, 17, &names.join(", "));
                out.push_str(&format!("  {mark} {} {}", left(words, 12), lines.trim_start()));
            }
        }
    }

    fn closing(&self, out: &mut String, report: &Report) {
        let of = |verdict| report.promises.iter().filter(|promise| promise.verdict == verdict).count() as u64;
        let (broken, open) = (of(Verdict::Broken), of(Verdict::NotDecided));
        let promises = count(report.promises.len() as u64, "promise", "promises");
        let mut parts = Vec::new();
        if broken > 0 {
            parts.push(self.paint.with(style::BAD, format!("{broken} broken")));
        }
        if open > 0 {
            parts.push(self.paint.with(style::WARNING, format!("{open} not decided")));
        }
        if parts.is_empty() && !report.promises.is_empty() {
            parts.push(self.paint.with(style::GOOD, "all proved"));
        }
        if !parts.is_empty() {
            out.push_str(&format!("\n{promises}: {}\n", parts.join(", ")));
        }
    }
}
