//! A sweep as a table, as rows, as a page with a chart.

use crate::backtest::{Rung, Sweep, SweepRow};
use crate::cli::backtest::words::{between, percent, ratio};
use crate::cli::backtest::{rows_of, say_words};
use crate::cli::terminal::{Paint, count, shown, style, thousands};
use crate::data::cell;
use crate::report::chart::{Curves, Look};
use crate::report::{Block, Figure, Mark, Page, Section, Table};

/// The line's rung of a row.
fn line<'r>(told: &Sweep, row: &'r SweepRow) -> Option<&'r Rung> {
    let line = told.line.as_ref()?;
    row.funnel.iter().find(|rung| rung.stage.name == line.name)
}

fn setting(row: &SweepRow) -> Vec<String> {
    row.setting.values().map(|value| value.to_string()).collect()
}

/// What stands above the numbers of a setting, and the numbers.
fn columns(told: &Sweep, row: Option<&SweepRow>) -> Vec<String> {
    let outcomes = told.now.outcome.is_some();
    let mut out = Vec::new();
    let mut put = |head: String, cell: &dyn Fn(&SweepRow) -> String| {
        out.push(row.map_or(head, cell));
    };
    let on_line = |row: &SweepRow, say: &dyn Fn(&Rung) -> String| line(told, row).map_or_else(|| "–".to_owned(), say);
    if outcomes {
        if told.line.is_some() {
            put("passed".to_owned(), &|row| on_line(row, &|rung| thousands(rung.leads)));
            put("share".to_owned(), &|row| on_line(row, &|rung| percent(rung.share)));
            put("converted".to_owned(), &|row| on_line(row, &|rung| thousands(rung.converted.unwrap_or(0))));
            put("rate".to_owned(), &|row| on_line(row, &|rung| percent(rung.rate)));
            put("95% interval".to_owned(), &|row| on_line(row, &|rung| between(rung.interval)));
            put("recall".to_owned(), &|row| on_line(row, &|rung| percent(rung.recall)));
        }
        put("AUC".to_owned(), &|row| ratio(row.outcome.and_then(|outcome| outcome.auc), 3));
    } else {
        for (place, rung) in told.now.funnel.iter().enumerate() {
            let of = |row: &SweepRow| {
                row.funnel
                    .get(place)
                    .map_or_else(|| "–".to_owned(), |rung| format!("{} {}", thousands(rung.leads), percent(rung.share)))
            };
            put(rung.stage.name.clone(), &of);
        }
        put("disqualified".to_owned(), &|row| thousands(row.disqualified));
    }
    out
}

/// When leads were judged.
fn judged(told: &Sweep) -> String {
    if told.now.outcome.is_some() { format!("judged {}", told.judged) } else { told.judged.clone() }
}

/// The table.
pub fn table(told: &Sweep, width: usize, paint: Paint) -> String {
    let version = told.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let mut out = format!("{}\n", paint.with(style::HEADING, shown(&format!("{}{version}", told.policy.name), width)));
    let mut head = format!("{} {}", count(told.now.leads, "lead", "leads"), judged(told));
    if let Some(outcome) = &told.now.outcome {
        let rate = crate::backtest::Ratio::of(outcome.converted, told.now.leads);
        head.push_str(&format!("; {} converted, {}", thousands(outcome.converted), percent(rate)));
    }
    out.push_str(&say_words(0, &head, width));
    let aside = [
        (told.rejected, "rejected"),
        (told.later, "judged later: not looked at here"),
        (told.left_out, "not judged: `qualify backtest` says why"),
    ];
    for (number, what) in aside.iter().filter(|(number, _)| *number > 0) {
        out.push_str(&say_words(2, &format!("{} {what}", thousands(*number)), width));
    }
    if let (Some(line), true) = (&told.line, told.now.outcome.is_some()) {
        let label = shown(&line.label, 60);
        out.push_str(&say_words(2, &format!("passed: {label} or higher; recall: of all conversions"), width));
    } else {
        out.push_str(&say_words(2, "leads at each stage or higher", width));
    }
    out.push('\n');
    let names: Vec<String> = told.varied.iter().map(|name| name.name.clone()).collect();
    let mut heads = vec![names.join(", ")];
    heads.extend(columns(told, None));
    let rows = std::iter::once(&told.now).chain(&told.rows).enumerate().map(|(place, row)| {
        let values = setting(row).join(", ");
        let name = if place == 0 { format!("{values} (now)") } else { values };
        match &row.invalid {
            Some(_) => (name, Vec::new()),
            None => (name, columns(told, Some(row))),
        }
    });
    out.push_str(&rows_of(&heads, &rows.collect::<Vec<_>>(), width, paint));
    for row in told.rows.iter().filter(|row| row.invalid.is_some()).take(3) {
        let why = shown(row.invalid.as_deref().unwrap_or_default(), 200);
        out.push_str(&say_words(2, &format!("! {} is no policy: {why}", setting(row).join(", ")), width));
    }
    out
}

/// A row for each setting.
pub fn csv(told: &Sweep) -> String {
    let mut out = String::new();
    let mut heads: Vec<String> = told.varied.iter().map(|name| name.name.clone()).collect();
    heads.extend(["leads".to_owned(), "disqualified".to_owned()]);
    let outcomes = told.now.outcome.is_some();
    for rung in &told.now.funnel {
        heads.push(format!("{}_or_higher", rung.stage.name));
        if outcomes {
            heads.extend(["converted", "rate", "recall"].map(|what| format!("{}_{what}", rung.stage.name)));
        }
    }
    if outcomes {
        heads.extend(["converted", "auc", "average_precision"].map(str::to_owned));
    }
    heads.push("invalid".to_owned());
    out.push_str(&heads.join(","));
    out.push_str("\r\n");
    let figure =
        |value: Option<crate::backtest::Ratio>| value.map_or_else(String::new, |value| value.rounded().to_string());
    for row in &told.rows {
        let mut cells = setting(row);
        if row.invalid.is_none() {
            cells.extend([row.leads.to_string(), row.disqualified.to_string()]);
            for rung in &row.funnel {
                cells.push(rung.leads.to_string());
                if outcomes {
                    cells.push(rung.converted.unwrap_or(0).to_string());
                    cells.extend([figure(rung.rate), figure(rung.recall)]);
                }
            }
            if let Some(outcome) = &row.outcome {
                cells.push(outcome.converted.to_string());
                cells.extend([figure(outcome.auc), figure(outcome.average_precision)]);
            }
        }
        cells.resize(heads.len() - 1, String::new());
        out.push_str(&cells.join(","));
        out.push(',');
        cell(row.invalid.as_deref().unwrap_or_default(), &mut out);
        out.push_str("\r\n");
    }
    out
}

/// The page.
pub fn page(told: &Sweep) -> Page {
    let version = told.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let title = format!("{}{version}", told.policy.name);
    let intro = format!("{} {}.", count(told.now.leads, "lead", "leads"), judged(told).replace('`', ""));
    let mut page = Page::new(title.as_str()).kind("Sweep").intro(intro);
    if told.varied.len() == 1 {
        page = page.section(charts(told));
    }
    let mut heads: Vec<String> = told.varied.iter().map(|name| name.name.clone()).collect();
    heads.extend(columns(told, None));
    let mut table = (0..heads.len()).fold(Table::new(heads), Table::number);
    for (place, row) in std::iter::once(&told.now).chain(&told.rows).enumerate() {
        let mut cells = setting(row);
        if let (0, Some(first)) = (place, cells.first_mut()) {
            first.push_str(" (now)");
        }
        if row.invalid.is_none() {
            cells.extend(columns(told, Some(row)));
        }
        table.row(cells);
    }
    let mut section = Section::new("Settings", "settings").block(table);
    for row in told.rows.iter() {
        if let Some(why) = &row.invalid {
            let text = format!("{} is no policy: {why}", setting(row).join(", "));
            section = section.block(Block::note(Mark::Warning, text));
        }
    }
    page.section(section)
        .identity("policy", title)
        .identity("judged", told.judged.replace('`', ""))
        .identity("program", concat!("qualify ", env!("CARGO_PKG_VERSION")))
}

/// The line's figures over the one number that is varied.
fn charts(told: &Sweep) -> Section {
    let name = told.varied.first().map_or("", |name| name.label.as_str());
    let points = |figure: &dyn Fn(&SweepRow) -> Option<f64>| -> Vec<(f64, f64)> {
        let rows = told.rows.iter().filter(|row| row.invalid.is_none());
        rows.filter_map(|row| Some((*row.setting.values().next()?, figure(row)?))).collect()
    };
    let values = || told.rows.iter().filter_map(|row| row.setting.values().next().copied());
    let (from, to) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let (from, to) = if from < to { (from, to) } else { (from - 1.0, from + 1.0) };
    let label = told.line.as_ref().map_or("the line", |line| line.label.as_str());
    let share = |what: &dyn Fn(&Rung) -> Option<crate::backtest::Ratio>| {
        points(&|row: &SweepRow| what(line(told, row)?).map(|ratio| ratio.0))
    };
    let mut section = Section::new(name, "chart");
    let mut chart = Curves::new(format!("{label} or higher"))
        .across(name, from, to, false)
        .up("share", 0.0, 1.0, true)
        .curve("of all leads", Look::First, share(&|rung| rung.share));
    if told.now.outcome.is_some() {
        chart = chart.curve("recall: of all conversions", Look::Second, share(&|rung| rung.recall)).curve(
            "rate: of them that convert",
            Look::Dots,
            share(&|rung| rung.rate),
        );
    }
    section = section.block(Figure::new(chart.chart("What each setting does to the leads that are passed to sales.")));
    if told.now.outcome.is_some() {
        let auc = points(&|row: &SweepRow| row.outcome?.auc.map(|auc| auc.0));
        let low = auc.iter().map(|(_, auc)| *auc).fold(0.5, f64::min);
        let high = auc.iter().map(|(_, auc)| *auc).fold(0.5, f64::max);
        let chart = Curves::new("AUC of the score")
            .across(name, from, to, false)
            .up("AUC", (low - 0.02).max(0.0), (high + 0.02).min(1.0), false)
            .curve("AUC", Look::Dots, auc);
        section = section.block(Figure::new(chart.chart("How well the score ranks leads at each setting.")));
    }
    section
}
