//! A history for people: the stages, a chart of the score, the changes.

use super::draw;
use crate::base::visible;
use crate::check::hir::{PartId, Program};
use crate::cli::terminal::{Terminal, columns, left, right, shown};
use crate::model::time::{DAY, Zone, display_instant};
use crate::whatif::{Cause, History, Moment, Turn};
use anstyle::{AnsiColor, Style};

/// The page.
pub fn page(program: &Program, history: &History, score: Option<PartId>, rows: usize, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let zone = &program.zone;
    let width = terminal.width.clamp(40, 200);
    let version = history.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let policy = format!("{}{version}", shown(&history.policy.name, 80));
    let mut out = format!("{}  {}\n", paint.with(bold, shown(&history.key, 60)), paint.with(dim, policy));
    let (from, until) = (clock(history.from.0, zone), clock(history.until.0, zone));
    out.push_str(&paint.with(dim, format!("from {from} to {until} {}", zone.name())));
    out.push('\n');
    if !history.stays.is_empty() {
        out.push_str(&stages(history, zone, &paint));
    }
    if let Some(score) = score {
        out.push_str(&chart(program, history, score, width, &paint));
    }
    out.push_str(&changes(program, history, rows, width, &paint));
    let note = "fields are those of today at every instant; each event counts from when it came";
    out.push_str(&format!("\n{}\n", paint.with(dim, note)));
    if let (Some(by_field), Some(last)) = (&history.stage_by_field, history.stays.last())
        && *by_field != last.stage
    {
        let (by_field, last) = (shown(&by_field.label, 40), shown(&last.stage.label, 40));
        let text = format!("with the stage that the data says the lead stands at, it ends as {by_field}, not {last}");
        out.push_str(&format!("{}\n", paint.with(dim, text)));
    }
    out
}

/// An instant in the zone, seconds and milliseconds only where there are any.
fn clock(instant: i64, zone: &Zone) -> String {
    let reading = display_instant(zone.local(instant)).replace('T', " ");
    let reading = reading.trim_end_matches('Z');
    if !reading.contains('.')
        && let Some(minutes) = reading.strip_suffix(":00")
    {
        return minutes.to_owned();
    }
    reading.to_owned()
}

fn length(millis: i64) -> String {
    let of = |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match millis {
        0..60_000 => "less than a minute".to_owned(),
        60_000..3_600_000 => of(millis / 60_000, "minute"),
        3_600_000..DAY => of(millis / 3_600_000, "hour"),
        _ => of(millis / DAY, "day"),
    }
}

fn stages(history: &History, zone: &Zone, paint: &crate::cli::terminal::Paint) -> String {
    let width = history.stays.iter().map(|stay| columns(&shown(&stay.stage.label, 40))).max().unwrap_or(0);
    let mut out = format!("\n{}\n", paint.with(Style::new().bold(), "Stages"));
    for stay in &history.stays {
        let label = left(&shown(&stay.stage.label, 40), width);
        let end = stay.until.map_or(history.covered.0, |until| until.0);
        let long = length(end - stay.from.0);
        let long = if stay.until.is_none() { format!("{long} so far") } else { long };
        out.push_str(&format!("  {label}  since {}  {long}\n", left(&clock(stay.from.0, zone), 23)));
    }
    out
}

const HEIGHT: usize = 8;

fn chart(
    program: &Program,
    history: &History,
    score: PartId,
    width: usize,
    paint: &crate::cli::terminal::Paint,
) -> String {
    let part = &program.parts[score.index()];
    let points = draw::curve(program, history, score);
    let lines = draw::thresholds(program, score);
    let highest = points.iter().map(|(_, value)| *value).fold(0.0f64, f64::max);
    let above = lines.iter().map(|line| line.at).filter(|at| *at > highest).fold(f64::INFINITY, f64::min);
    // The next threshold is seen as well, unless it is far above.
    let top = if above.is_finite() && above <= highest * 2.0 + 10.0 { above } else { highest };
    let top = if top <= 0.0 { 1.0 } else { top };
    let row_of = |value: f64| (value / top * HEIGHT as f64).ceil() as usize;
    let mut out = format!("\n{}\n", paint.with(Style::new().bold(), visible(&part.label)));
    let plot = width.saturating_sub(10).min(100);
    let drawn = draw::characters(&points, history.from.0, history.covered.0, plot, HEIGHT, top);
    for (place, row) in drawn.iter().enumerate() {
        let number = HEIGHT - place;
        let here = lines.iter().find(|line| line.at > 0.0 && line.at <= top && row_of(line.at) == number);
        let value = match (here, place) {
            (Some(line), _) => format!("{}", line.at),
            (None, 0) => format!("{top}"),
            _ => String::new(),
        };
        let mut cells: Vec<char> = row.chars().collect();
        if let Some(line) = here {
            let label: Vec<char> = format!(" {} ", line.label).chars().collect();
            let start = cells.len().saturating_sub(label.len());
            let free = cells.iter().skip(start).all(|cell| *cell == ' ');
            for (at, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| **cell == ' ') {
                *cell = match label.get(at.wrapping_sub(start)) {
                    Some(letter) if free && at >= start => *letter,
                    _ => '┈',
                };
            }
        }
        let row: String = cells.into_iter().collect();
        let row = paint.with(AnsiColor::Cyan.on_default(), row.trim_end());
        out.push_str(&format!("{} │{row}\n", right(&value, 7)));
    }
    out.push_str(&format!("{} └{}\n", right("0", 7), "─".repeat(plot)));
    if !history.stays.is_empty() {
        out.push_str(&format!("{} {}\n", right("stage", 7), strip(history, plot)));
    }
    let day = |at: i64| display_instant(program.zone.local(at)).get(..10).unwrap_or_default().to_owned();
    let (first, last) = (day(history.from.0), day(history.covered.0));
    out.push_str(&format!("{}  {}{}\n", right("", 7), left(&first, plot.saturating_sub(columns(&last))), last));
    out
}

/// The stages below the chart: a bar where each begins, and its name where there is room.
fn strip(history: &History, width: usize) -> String {
    let (from, until) = (history.from.0, history.covered.0.max(history.from.0 + 1));
    let column = |at: i64| ((at - from) as f64 / (until - from) as f64 * width as f64) as usize;
    let mut cells = vec![' '; width + 1];
    for stay in &history.stays {
        let start = column(stay.from.0).min(width);
        let end = stay.until.map_or(width, |until| column(until.0)).min(width);
        for cell in cells.iter_mut().take(end + 1).skip(start) {
            *cell = ' ';
        }
        cells[start] = '│';
        for (place, letter) in shown(&stay.stage.name, 30).chars().enumerate() {
            if start + 1 + place < end {
                cells[start + 1 + place] = letter;
            }
        }
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

fn changes(
    program: &Program,
    history: &History,
    rows: usize,
    width: usize,
    paint: &crate::cli::terminal::Paint,
) -> String {
    let bold = Style::new().bold();
    let mut out = format!("\n{}\n", paint.with(bold, "Changes"));
    let skipped = history.moments.len().saturating_sub(rows);
    let told = history.moments.get(skipped..).unwrap_or_default();
    if skipped > 0 {
        let earlier = crate::cli::terminal::count(skipped as u64, "earlier change", "earlier changes");
        out.push_str(&format!("  … {earlier}: all are in --format json\n"));
    }
    let mut heads = vec!["when".to_owned()];
    let staged = told.iter().any(|moment| moment.stage.is_some());
    if staged {
        heads.push("stage".to_owned());
    }
    heads.extend(history.scores.iter().map(|score| score.name.clone()));
    heads.extend(told.first().iter().flat_map(|moment| moment.bands.keys().cloned()));
    let table: Vec<Vec<String>> = told.iter().map(|moment| row(program, moment, staged)).collect();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(place, head)| {
            let cells = table.iter().filter_map(|row| row.get(place)).map(|cell| columns(cell));
            cells.max().unwrap_or(0).max(columns(head))
        })
        .collect();
    let numbers = usize::from(staged) + 1..usize::from(staged) + 1 + history.scores.len();
    let set = |cells: &[String]| {
        let set = cells.iter().zip(&widths).enumerate().map(|(place, (cell, width))| {
            if numbers.contains(&place) { right(cell, *width) } else { left(cell, *width) }
        });
        set.collect::<Vec<_>>().join("  ")
    };
    out.push_str(&format!("  {}\n", paint.with(Style::new().dimmed(), set(&heads))));
    let room = width.saturating_sub(widths.iter().sum::<usize>() + 2 * widths.len() + 2);
    for (moment, cells) in told.iter().zip(&table) {
        let why = moment.turn.as_ref().map(|turn| why(turn, &program.zone)).unwrap_or_default();
        let line = set(cells);
        // What happened stands behind, or below where there is no room for it.
        match room >= 30 {
            true => {
                let line = format!("  {line}  {}", shown(&why, room));
                out.push_str(&format!("{}\n", line.trim_end()));
            }
            false if why.is_empty() => out.push_str(&format!("  {}\n", line.trim_end())),
            false => {
                out.push_str(&format!("  {}\n      {}\n", line.trim_end(), shown(&why, width.saturating_sub(6))));
            }
        }
    }
    out
}

fn row(program: &Program, moment: &Moment, staged: bool) -> Vec<String> {
    let mut cells = vec![clock(moment.at.0, &program.zone)];
    if staged {
        cells.push(moment.stage.as_ref().map(|stage| stage.name.clone()).unwrap_or_default());
    }
    cells.extend(moment.scores.values().map(ToString::to_string));
    cells.extend(moment.bands.values().map(|band| band.name.clone()));
    cells
}

/// What happened at a change.
fn why(turn: &Turn, zone: &Zone) -> String {
    let mut all: Vec<String> = turn
        .causes
        .iter()
        .map(|cause| match cause {
            Cause::Event { event, .. } => event.label.clone(),
            Cause::Window { event, at, window } => {
                let day = display_instant(zone.local(at.0));
                format!("{} of {} is older than {window}", event.label, day.get(..10).unwrap_or_default())
            }
            Cause::Age { field: Some(field), length } => format!("{field} passes {length}"),
            Cause::Age { field: None, length } => format!("{length} have passed"),
            Cause::Time { field: Some(field) } => format!("{field} has come"),
            Cause::Time { field: None } => "a day begins".to_owned(),
        })
        .collect();
    // Alike ones count.
    let mut counted: Vec<(String, usize)> = Vec::new();
    for one in all.drain(..) {
        match counted.iter_mut().find(|(other, _)| *other == one) {
            Some((_, times)) => *times += 1,
            None => counted.push((one, 1)),
        }
    }
    if counted.is_empty() {
        counted.extend(turn.rules.iter().map(|rule| (format!("{}: {} → {}", rule.what.label, rule.from, rule.to), 1)));
    }
    let told = counted.into_iter().map(|(one, times)| if times > 1 { format!("{one} ({times}×)") } else { one });
    told.collect::<Vec<_>>().join(", ")
}
