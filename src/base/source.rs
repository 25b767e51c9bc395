//! The files that a policy is made of.

use super::Span;

/// The number of a file in its [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// One file of policy text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name as people know it: the path that was given, or `<stdin>`.
    pub name: String,
    /// Its text.
    pub text: String,
    lines: Vec<u32>,
}

impl Source {
    /// A file named `name` that holds `text`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i as u32 + 1)).collect();
        Source { name: name.into(), text, lines }
    }

    /// Line and column of a byte offset; an offset behind the end is the end.
    pub fn location(&self, offset: u32) -> Location {
        let offset = (offset as usize).min(self.text.len());
        let line = self.lines.partition_point(|&start| start as usize <= offset).max(1) - 1;
        let start = self.lines[line] as usize;
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        Location { line: line + 1, column: column + 1 }
    }
}

/// A place that people can find: both count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All files of one policy; the first is the policy itself, the others are what it `use`s.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Source>,
}

impl SourceMap {
    /// Adds a file and returns its number.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId((self.files.len() - 1) as u16)
    }

    /// The file with this number, if there is one.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// All files in the order they were added.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The text that a span covers; empty when the span does not fit the files.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|source| source.text.get(span.range())).unwrap_or("")
    }

    /// File name and place of the start of a span.
    pub fn locate(&self, span: Span) -> Option<(&str, Location)> {
        let source = self.get(span.file)?;
        Some((&source.name, source.location(span.start)))
    }
}
