//! Explanations and differences in the formats of `qualify explain`.

use super::super::exit::Failure;
use super::super::terminal::Terminal;
use super::Format;
use crate::base::visible_json;
use crate::explain::page;
use crate::explain::text::{self, TextOptions};
use crate::explain::{Changes, Explanation, Length};
use serde::Serialize;

/// Something to show.
#[derive(Debug)]
pub enum Shown {
    /// Why a lead stands where it stands.
    Explanation(Box<Explanation>),
    /// What differs between two explanations.
    Changes(Box<Changes>),
}

impl Shown {
    /// The key of the lead that is told of.
    pub fn key(&self) -> &str {
        match self {
            Shown::Explanation(explanation) => &explanation.key,
            Shown::Changes(changes) => &changes.now.key,
        }
    }
}

/// One, with a line feed at its end.
pub fn one(shown: &Shown, format: Format, length: Length, terminal: &Terminal) -> Result<String, Failure> {
    let options = TextOptions { color: terminal.color, width: terminal.width.max(40), ..TextOptions::default() };
    match format {
        Format::Text => Ok(match shown {
            Shown::Explanation(explanation) => text::render(explanation, length, &options),
            Shown::Changes(changes) => text::render_changes(changes, &options),
        }),
        Format::Markdown => Ok(match shown {
            Shown::Explanation(explanation) => page::markdown(explanation, length),
            Shown::Changes(changes) => page::markdown_changes(changes),
        }),
        Format::Html => Ok(match shown {
            Shown::Explanation(explanation) => page::html(explanation, length),
            Shown::Changes(changes) => page::html_changes(changes),
        }),
        Format::Json => match shown {
            Shown::Explanation(explanation) => json(explanation),
            Shown::Changes(changes) => json(changes),
        },
    }
}

/// Several: texts below each other; of JSON an array, unless it is one.
pub fn all(pieces: &[Shown], format: Format, length: Length, terminal: &Terminal) -> Result<String, Failure> {
    if let [shown] = pieces {
        return one(shown, format, length, terminal);
    }
    if format == Format::Html {
        return Err(Failure::new("a page holds one lead").help("write a page for each with `--output FOLDER`"));
    }
    let all: Result<Vec<String>, Failure> = pieces.iter().map(|shown| one(shown, format, length, terminal)).collect();
    let all = all?;
    Ok(match format {
        Format::Text | Format::Markdown | Format::Html => all.join("\n"),
        Format::Json => {
            let all: Vec<&str> = all.iter().map(|text| text.trim_end()).collect();
            format!("[\n{}\n]\n", all.join(",\n"))
        }
    })
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
    Ok(format!("{}\n", visible_json(&json)))
}
