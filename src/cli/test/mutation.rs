//! `qualify test --mutate`: the mutants that no test kills, for people at a terminal; the threads that try them.

use super::coverage::{bar, percent};
use crate::base::visible;
use crate::cli::terminal::{Paint, columns, count, left, right, shown, style};
use crate::testing::mutate::{Fate, MutantReport, Mutants, Mutation, Status};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tries all mutants, the work shared among threads; the result does not depend on how many.
pub fn judge(mutants: &Mutants<'_>) -> Vec<Fate> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(mutants.all.len()).max(1);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut bench = mutants.bench();
        let mut fates = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.all.get(place) else { return fates };
            fates.push((place, bench.judge(mutant)));
        }
    };
    let mut fates = vec![Fate::Survives; mutants.all.len()];
    let found = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        found.extend(workers.into_iter().filter_map(|worker| worker.join().ok()).flatten());
        found
    });
    for (place, fate) in found {
        if let Some(slot) = fates.get_mut(place) {
            *slot = fate;
        }
    }
    fates
}

/// The report: how many are killed, by operator, then those that are not; with `all`, also those that are.
pub fn text(report: &Mutation, all: bool, width: usize, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.with(style::HEADING, visible(&report.file)));
    let tests = count(report.tests as u64, "test", "tests");
    let mutants = count(report.mutants.all as u64, "mutant is", "mutants are");
    out.push_str(&format!("  {} of {mutants} killed by {tests}\n\n", percent(report.mutants, paint)));
    let mut operators: Vec<_> = report.operators.iter().collect();
    operators.sort_by_key(|operator| std::cmp::Reverse(operator.tally.all - operator.tally.covered));
    for operator in operators {
        let name = left(&operator.operator, 28);
        let of = right(&format!("{} of {}", operator.tally.covered, operator.tally.all), 12);
        let (percent, bar) = (percent(operator.tally, paint), bar(operator.tally, paint));
        out.push_str(&format!("  {name}{of}  {percent}  {bar}\n"));
    }
    section(&mut out, report, Status::Unseen, "No test's lead tells the difference", width, paint);
    section(&mut out, report, Status::Noticed, "A lead tells, but nothing is expected of it", width, paint);
    if all {
        section(&mut out, report, Status::Killed, "Killed", width, paint);
    }
    let left_out = [(report.invalid, "that `check` finds"), (report.same, "that mean the same")];
    let left_out: Vec<String> = left_out
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, why)| format!("{} {why}", count(*number as u64, "change", "changes")))
        .collect();
    if !left_out.is_empty() {
        out.push_str(&format!("\n{}\n", paint.with(style::QUIET, format!("left out: {}", left_out.join(", ")))));
    }
    out
}

fn section(out: &mut String, report: &Mutation, status: Status, heading: &str, width: usize, paint: Paint) {
    let those: Vec<&MutantReport> = report.all.iter().filter(|mutant| mutant.status == status).collect();
    if those.is_empty() {
        return;
    }
    out.push_str(&format!("\n{} ({})\n", paint.with(style::HEADING, heading), those.len()));
    let width = width.saturating_sub(11).max(20);
    let mut before: Option<&MutantReport> = None;
    for mutant in those {
        // Changes of one line come under it together.
        let place = |mutant: &MutantReport| (mutant.file.clone(), mutant.line, mutant.before.clone());
        if before.is_none_or(|before| place(before) != place(mutant)) {
            let file = if mutant.file == report.file { String::new() } else { format!("{}:", visible(&mutant.file)) };
            out.push_str(&format!("\n  {}\n", paint.with(style::QUIET, format!("{file}{}", mutant.line))));
            for line in mutant.before.lines() {
                out.push_str(&format!("      {}\n", paint.with(style::BAD, format!("- {}", shown(line, width)))));
            }
        }
        for line in changed(mutant, width) {
            out.push_str(&format!("      {}\n", paint.with(style::GOOD, format!("+ {line}"))));
        }
        if let Some(noticed) = &mutant.noticed {
            let (what, was) = (visible(&noticed.what), visible(&noticed.was));
            let said = format!("{what} is {}, not {was}: “{}”", visible(&noticed.now), noticed.test);
            out.push_str(&format!("        {}\n", paint.with(style::QUIET, shown(&said, width))));
        }
        if let (Status::Killed, Some(killer)) = (status, &mutant.killed_by) {
            let said = shown(&format!("“{killer}”"), width);
            out.push_str(&format!("        {}\n", paint.with(style::QUIET, said)));
        }
        before = Some(mutant);
    }
}

/// The lines with the change; of long ones what stands around it.
fn changed(mutant: &MutantReport, width: usize) -> Vec<String> {
    let before: Vec<&str> = mutant.before.lines().collect();
    if mutant.after.is_empty() {
        return vec!["(nothing)".to_owned()];
    }
    let lines = mutant.after.lines().enumerate().map(|(place, line)| {
        let line = line.replace('\t', "    ");
        if columns(&line) <= width {
            return shown(&line, width);
        }
        let same = before
            .get(place)
            .map_or(0, |before| line.chars().zip(before.chars()).take_while(|(now, was)| now == was).count());
        let skipped = same.saturating_sub(width / 2).min(line.chars().count().saturating_sub(width));
        match skipped {
            0 => shown(&line, width),
            _ => format!("…{}", shown(&line.chars().skip(skipped + 1).collect::<String>(), width - 1)),
        }
    });
    lines.collect()
}
