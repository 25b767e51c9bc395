//! What parses, what does not, and what is said then.

mod errors;
mod files;
mod forms;
mod hostile;
mod print;

use qualify::base::{FileId, Source, SourceMap};
use qualify::syntax::{Parsed, parse};

/// The policy of the language document.
const DOGGIE: &str = include_str!("../policies/doggie.qual");

fn parsed(text: &str) -> (SourceMap, Parsed) {
    let mut sources = SourceMap::default();
    let id = sources.add(Source::new("policy.qual", text));
    let parsed = parse(&Source::new("policy.qual", text), id);
    assert_eq!(id, FileId(0));
    (sources, parsed)
}

/// The findings as lines: code, place, underlined text, message, help.
fn findings(text: &str) -> String {
    let (sources, parsed) = parsed(text);
    let mut out = String::new();
    for found in &parsed.diagnostics {
        let place = sources.locate(found.span()).map_or((0, 0), |(_, place)| (place.line, place.column));
        let underlined = sources.text(found.span());
        out.push_str(&format!("{}:{} {} `{}`: {}\n", place.0, place.1, found.code, underlined, found.message));
        for label in &found.labels {
            if !label.message.is_empty() {
                out.push_str(&format!("    `{}`: {}\n", sources.text(label.span), label.message));
            }
        }
        if let Some(help) = &found.help {
            out.push_str(&format!("    help: {help}\n"));
        }
    }
    out
}
