//! Findings for people.

use super::baseline::Hidden;
use super::report::Linted;
use crate::base::visible;
use crate::cli::terminal::{Paint, Terminal, count, style};
use crate::diagnostic::{Diagnostic, Severity};

/// All findings with excerpts, a line on each policy, and what the baseline did.
pub fn text(linted: &[Linted], baseline: Option<&Hidden>, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut out = String::new();
    for policy in linted {
        let found: Vec<Diagnostic> = policy.found.iter().map(|found| found.diagnostic.clone()).collect();
        out.push_str(&terminal.findings(&found, &policy.sources));
        out.push_str(&closing(policy, paint));
    }
    if linted.len() > 1 {
        let of = |severity| linted.iter().map(|policy| policy.count(severity)).sum();
        let all = counts(of(Severity::Error), of(Severity::Warning), of(Severity::Note), paint);
        let all = if all.is_empty() { paint.with(style::GOOD, "no findings") } else { all };
        out.push_str(&format!("\n{} in {}\n", all, count(linted.len() as u64, "policy", "policies")));
    }
    if let Some(baseline) = baseline {
        out.push_str(&told(baseline));
    }
    out
}

fn closing(policy: &Linted, paint: Paint) -> String {
    let name = visible(if policy.policy == "<stdin>" { "standard input" } else { &policy.policy });
    let of = |severity| policy.count(severity);
    let found = counts(of(Severity::Error), of(Severity::Warning), of(Severity::Note), paint);
    if found.is_empty() {
        return format!("{name}: {}\n", paint.with(style::GOOD, "no findings"));
    }
    let fixes = policy.found.iter().filter_map(|found| found.diagnostic.fix.as_ref());
    let (unsafe_ones, safe): (Vec<_>, Vec<_>) = fixes.partition(|fix| fix.changes_decisions);
    let fixable = match (safe.len(), unsafe_ones.len()) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; `--fix` mends {safe}"),
        (0, more) => format!("; `--fix --unsafe-fixes` mends {more}"),
        (safe, more) => format!("; `--fix` mends {safe}, `--unsafe-fixes` {more} more"),
    };
    format!("{found} in {name}{fixable}\n")
}

fn counts(errors: u64, warnings: u64, notes: u64, paint: Paint) -> String {
    let found = [
        (errors > 0).then(|| paint.with(style::BAD, count(errors, "error", "errors"))),
        (warnings > 0).then(|| paint.with(style::WARNING, count(warnings, "warning", "warnings"))),
        (notes > 0).then(|| count(notes, "note", "notes")),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    match found.as_slice() {
        [first, second, third] => format!("{first}, {second} and {third}"),
        few => few.join(" and "),
    }
}

/// What the baseline hides, and what in it is past.
fn told(baseline: &Hidden) -> String {
    let mut out = String::new();
    let file = visible(&baseline.file);
    if baseline.hidden > 0 {
        let hidden = count(baseline.hidden, "finding is", "findings are");
        out.push_str(&format!("{hidden} hidden by {file}\n"));
    }
    if !baseline.past.is_empty() {
        let past = count(baseline.past.len() as u64, "entry applies", "entries apply");
        out.push_str(&format!("{past} no longer in {file}; `--write-baseline` leaves them out:\n"));
        for entry in &baseline.past {
            let (lint, file, at) = (visible(&entry.lint), visible(&entry.file), visible(&entry.declaration));
            out.push_str(&format!("  {lint} in {file}, {at}: {}\n", visible(&entry.message)));
        }
    }
    out
}
