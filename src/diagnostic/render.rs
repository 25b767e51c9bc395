//! Diagnostics as people read them: the only file that names miette.

use super::{Diagnostic, Severity};
use crate::base::SourceMap;

/// Whether to print colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// Terminal colours.
    Colored,
    /// Plain text.
    Plain,
}

/// Renders findings with excerpts of the policy, `width` columns wide, a blank line between two.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: ColorChoice, width: usize) -> String {
    let theme = match color {
        ColorChoice::Colored => miette::GraphicalTheme::unicode(),
        ColorChoice::Plain => miette::GraphicalTheme::unicode_nocolor(),
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let report = Report {
            diagnostic,
            source: sources
                .get(diagnostic.span().file)
                .map(|source| miette::NamedSource::new(&source.name, source.text.clone())),
        };
        if handler.render_report(&mut out, &report).is_err() {
            out.push_str(&diagnostic.message);
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

#[derive(Debug)]
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<miette::NamedSource<String>>,
}

impl std::fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let file = self.diagnostic.span().file;
        Some(Box::new(self.diagnostic.labels.iter().filter(move |label| label.span.file == file).map(|label| {
            let message = (!label.message.is_empty()).then(|| label.message.clone());
            miette::LabeledSpan::new(message, label.span.start as usize, (label.span.end - label.span.start) as usize)
        })))
    }
}
