//! `--explain` and `--list`: what lints are.

use super::levels::unknown;
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::{Terminal, left, print, style};
use crate::lint::{GROUPS, docs, named};

/// Prints the words of a lint.
pub fn explain(name: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    let lint = named(name).ok_or_else(|| unknown(name, ""))?;
    let text = docs::explanation(lint);
    let mut out = String::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        match line.strip_prefix("### ") {
            Some(heading) => out.push_str(&terminal.paint().with(style::HEADING, heading)),
            None if in_fence && line.is_empty() => {}
            None if in_fence => out.push_str(&format!("    {line}")),
            None => out.push_str(&wrapped(&line.replace("**", ""), terminal.width.min(100))),
        }
        out.push('\n');
    }
    print(&out)?;
    Ok(Exit::Done)
}

/// A paragraph in lines of so many columns.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut taken = 0;
    for word in text.split(' ') {
        let columns = crate::cli::terminal::columns(word);
        if taken > 0 && taken + 1 + columns > width {
            out.push('\n');
            taken = 0;
        } else if taken > 0 {
            out.push(' ');
            taken += 1;
        }
        out.push_str(word);
        taken += columns;
    }
    out
}

/// Prints a line for each lint.
pub fn list(terminal: &Terminal) -> Result<Exit, Failure> {
    let paint = terminal.paint();
    let width = crate::lint::all().map(|lint| lint.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (group, lints) in GROUPS {
        out.push_str(&format!(
            "{}  {}\n",
            paint.with(style::HEADING, group.name()),
            paint.with(style::QUIET, group.about())
        ));
        for lint in lints.iter() {
            let first = lint.what.split_inclusive(". ").next().unwrap_or_default().trim_end();
            let indent = " ".repeat(width + 14);
            let text =
                wrapped(first, terminal.width.max(width + 40) - width - 14).replace('\n', &format!("\n{indent}"));
            out.push_str(&format!("  {}  {}  {text}\n", left(lint.name, width), left(docs::level(lint), 8)));
        }
        out.push('\n');
    }
    print(out.trim_end())?;
    print("\n")?;
    Ok(Exit::Done)
}
