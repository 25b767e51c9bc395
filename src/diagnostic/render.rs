//! Diagnostics as people read them: the only file that names miette.

use super::{Diagnostic, Label, Severity};
use crate::base::{FileId, SourceMap, visible, visible_excerpt};
use std::collections::HashMap;
use std::sync::Arc;

/// Whether to print colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// Terminal colours.
    Colored,
    /// Plain text.
    Plain,
}

/// Renders findings with excerpts of the policy, `width` columns wide, a blank line between two. Places in a further
/// file get an excerpt of their own.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: ColorChoice, width: usize) -> String {
    let theme = match color {
        ColorChoice::Colored => miette::GraphicalTheme::unicode(),
        ColorChoice::Plain => miette::GraphicalTheme::unicode_nocolor(),
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false)
        .with_show_related_as_nested(true);
    let mut out = String::new();
    let mut excerpts = Excerpts { sources, made: HashMap::new() };
    for diagnostic in diagnostics {
        if handler.render_report(&mut out, &Report::of(diagnostic, &mut excerpts)).is_err() {
            out.push_str(&visible(&diagnostic.message));
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// The part of a finding that lies in one file.
#[derive(Debug)]
struct Report {
    code: Option<&'static str>,
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    source: Option<Arc<Excerpt>>,
    labels: Vec<miette::LabeledSpan>,
    elsewhere: Vec<Report>,
}

impl Report {
    fn of(diagnostic: &Diagnostic, excerpts: &mut Excerpts<'_>) -> Report {
        let main = diagnostic.span().file;
        let mut others: Vec<FileId> = Vec::new();
        for label in &diagnostic.labels {
            if label.span.file != main && !others.contains(&label.span.file) {
                others.push(label.span.file);
            }
        }
        let labels = |file: FileId| diagnostic.labels.iter().filter(move |label| label.span.file == file);
        Report {
            code: Some(diagnostic.code),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Note => miette::Severity::Advice,
            },
            message: visible(&diagnostic.message).into_owned(),
            help: diagnostic.help.as_ref().map(|help| visible_excerpt(help).into_owned()),
            source: excerpts.of(main),
            labels: labels(main).map(underline).collect(),
            elsewhere: others.into_iter().map(|file| Report::related(file, labels(file), excerpts)).collect(),
        }
    }

    fn related<'d>(file: FileId, labels: impl Iterator<Item = &'d Label>, excerpts: &mut Excerpts<'_>) -> Report {
        let name = excerpts.sources.get(file).map_or("another file", |source| &source.name);
        Report {
            code: None,
            severity: miette::Severity::Advice,
            message: format!("see also {}", visible(name)),
            help: None,
            source: excerpts.of(file),
            labels: labels.map(underline).collect(),
            elsewhere: Vec::new(),
        }
    }
}

/// Texts as excerpts show them, each made once.
struct Excerpts<'s> {
    sources: &'s SourceMap,
    made: HashMap<FileId, Arc<Excerpt>>,
}

impl Excerpts<'_> {
    fn of(&mut self, file: FileId) -> Option<Arc<Excerpt>> {
        if let Some(made) = self.made.get(&file) {
            return Some(Arc::clone(made));
        }
        let source = self.sources.get(file)?;
        let excerpt = Arc::new(Excerpt::new(visible(&source.name).into_owned(), visible_excerpt(&source.text)));
        self.made.insert(file, Arc::clone(&excerpt));
        Some(excerpt)
    }
}

/// A text with the beginnings of its lines: miette reads a text from its first byte for every label.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    lines: Vec<usize>,
}

impl Excerpt {
    fn new(name: String, text: impl Into<String>) -> Excerpt {
        let text = text.into();
        let bytes = text.as_bytes();
        // What miette takes for the end of a line.
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Excerpt { name, text, lines }
    }
}

impl miette::SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let line = self.lines.partition_point(|start| *start <= span.offset()).saturating_sub(1);
        let first = line.saturating_sub(before + 1);
        let from = self.lines.get(first).copied().unwrap_or(0);
        let rest = self.text.get(from..).ok_or(miette::MietteError::OutOfBounds)?;
        let near = rest.read_span(&(span.offset() - from, span.len()).into(), before, after)?;
        let place = (near.span().offset() + from, near.span().len()).into();
        let (name, lines) = (self.name.clone(), near.line_count() + first);
        let contents =
            miette::MietteSpanContents::new_named(name, near.data(), place, near.line() + first, near.column(), lines);
        Ok(Box::new(contents))
    }
}

fn underline(label: &Label) -> miette::LabeledSpan {
    let message = (!label.message.is_empty()).then(|| visible(&label.message).into_owned());
    miette::LabeledSpan::new(message, label.span.start as usize, (label.span.end - label.span.start) as usize)
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        self.code.map(|code| Box::new(code) as Box<dyn std::fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|report| report as &dyn miette::Diagnostic)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Source, Span};

    #[test]
    fn places_in_other_files_are_shown() {
        let mut sources = SourceMap::default();
        let main = sources.add(Source::new("a.qual", "use \"b.qual\"\ndefine x: 1 # \u{1b}\n"));
        let other = sources.add(Source::new("b.qual", "define y: 2\ndefine x: 2\n"));
        let found = Diagnostic::error("name-twice", "`x` is declared twice", Span::new(main, 20, 21))
            .here("again here")
            .label(Span::new(other, 19, 20), "first here")
            .help("choose another name");
        let text = render(&[found], &sources, ColorChoice::Plain, 100);
        for part in ["`x` is declared twice", "a.qual:2:8", "again here", "b.qual:2:8", "first here", "choose another"]
        {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
