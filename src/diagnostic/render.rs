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
            labels: labels(main).map(|label| excerpts.underline(label)).collect(),
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
            labels: labels.map(|label| excerpts.underline(label)).collect(),
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

    /// A label, cut where it goes on for longer than an excerpt of a long line does.
    fn underline(&mut self, label: &Label) -> miette::LabeledSpan {
        let message = (!label.message.is_empty()).then(|| visible(&label.message).into_owned());
        let (start, len) = (label.span.start as usize, (label.span.end - label.span.start) as usize);
        let len = match self.of(label.span.file) {
            Some(excerpt) if excerpt.is_long(start, start + len) => {
                excerpt.within(start, start + len.min(LONG / 2)).1 - start
            }
            _ => len,
        };
        miette::LabeledSpan::new(message, start, len)
    }
}

/// Lines of more bytes are not shown whole: a generated policy may be one line.
const LONG: usize = 600;
/// What of a long line is shown on both sides of a place.
const NEAR: usize = 60;

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

impl Excerpt {
    /// The line of a place, from 0.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Whether one of the lines from that of `from` to that of `to` is too long to be shown whole.
    fn is_long(&self, from: usize, to: usize) -> bool {
        let start = |line: usize| self.lines.get(line).copied().unwrap_or(self.text.len());
        (self.line(from)..=self.line(to)).any(|line| start(line + 1) - start(line) > LONG)
    }

    /// The part of the text that holds these bytes and cuts no character.
    fn within(&self, from: usize, to: usize) -> (usize, usize) {
        let (mut from, mut to) = (from.min(self.text.len()), to.min(self.text.len()));
        while !self.text.is_char_boundary(from) {
            from -= 1;
        }
        while !self.text.is_char_boundary(to) {
            to += 1;
        }
        (from, to)
    }

    /// A place in a long line with `around` bytes on both sides, on that line.
    fn cut(
        &self,
        start: usize,
        end: usize,
        around: usize,
    ) -> Result<Box<dyn miette::SpanContents<'_> + '_>, miette::MietteError> {
        let line = self.line(start);
        let first = self.lines.get(line).copied().unwrap_or(0);
        let last = self.lines.get(line + 1).map_or(self.text.len(), |next| next - 1).max(end);
        let (from, to) = self.within(start.saturating_sub(around).max(first), (end + around).min(last));
        // Two labels too far apart for one excerpt get one each.
        let shown = self.text.get(from..to).filter(|shown| shown.len() <= LONG);
        let (shown, before) = shown.zip(self.text.get(first..from)).ok_or(miette::MietteError::OutOfBounds)?;
        let (place, column) = ((from, to - from).into(), before.chars().count());
        let contents =
            miette::MietteSpanContents::new_named(self.name.clone(), shown.as_bytes(), place, line, column, 1);
        Ok(Box::new(contents))
    }
}

impl miette::SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let line = self.line(start);
        // A context of long lines is that of the place alone.
        let context = self.lines.get(line.saturating_sub(before)).copied().unwrap_or(0);
        let beyond = self.lines.get(self.line(end) + after).copied().unwrap_or(end).max(end);
        if self.is_long(context, beyond) {
            return self.cut(start, end, NEAR * before.max(after).min(1));
        }
        let first = line.saturating_sub(before + 1);
        let from = self.lines.get(first).copied().unwrap_or(0);
        let rest = self.text.get(from..).ok_or(miette::MietteError::OutOfBounds)?;
        let near = rest.read_span(&(start - from, span.len()).into(), before, after)?;
        let place = (near.span().offset() + from, near.span().len()).into();
        let (name, lines) = (self.name.clone(), near.line_count() + first);
        let contents =
            miette::MietteSpanContents::new_named(name, near.data(), place, near.line() + first, near.column(), lines);
        Ok(Box::new(contents))
    }
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
    fn a_long_line_is_cut_about_the_place() {
        let mut sources = SourceMap::default();
        let long = format!("# é\n{} HERE {} THERE {}\nlast", "é ".repeat(5_000), "ö ".repeat(5_000), "x".repeat(5_000));
        let place = |what: &str| long.find(what).map(|at| (at, at + what.len()));
        let (Some(here), Some(there), Some(last)) = (place("HERE"), place("THERE"), place("last")) else { panic!() };
        let file = sources.add(Source::new("a.qual", &*long));
        let span = |(start, end): (usize, usize)| Span::new(file, start, end);
        let whole = Span::new(file, 4, long.len() - 4);
        let found = [
            Diagnostic::error("one", "one", span(here)).here("here").label(span(there), "and there"),
            Diagnostic::error("two", "two", span(last)).here("the last"),
            Diagnostic::error("three", "three", whole).here("all of it"),
        ];
        let text = render(&found, &sources, ColorChoice::Plain, 100);
        assert!(text.len() < 4_000, "{} bytes", text.len());
        for part in ["a.qual:2:10002", "HERE", "and there", "THERE", "a.qual:3:1", "the last", "all of it"] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
    }

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
