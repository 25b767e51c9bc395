//! The files of lists: one entry a line, or a column of a CSV file.

use super::{Loader, paths};
use crate::base::{FileId, Source, Span, Spanned};
use crate::syntax::ast::{ItemKind, ListSource, Text};
use crate::syntax::errors;
use std::collections::HashMap;

/// The longest file of a list that is read, in bytes: spans count in 32 bits.
const LONGEST: usize = 1 << 30;

/// The entries of the lists that stand in files.
#[derive(Clone, Debug, Default)]
pub struct ListEntries {
    entries: HashMap<(FileId, u32), Vec<Text>>,
}

impl ListEntries {
    /// The entries of the list whose file is written as `path`; the spans lie in the list's file. None when the file
    /// could not be read, which was reported.
    pub fn get(&self, path: &Text) -> Option<&[Text]> {
        self.entries.get(&key(path)).map(Vec::as_slice)
    }
}

fn key(path: &Text) -> (FileId, u32) {
    (path.span.file, path.span.start)
}

/// White space around a value: space, tab, line feed, carriage return, U+00A0 (§3).
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\u{a0}'])
}

impl Loader<'_> {
    /// Reads the files of all lists.
    pub(super) fn lists(&mut self) {
        let mut wanted: Vec<(Text, Option<Text>)> = Vec::new();
        for item in self.loaded.files.iter().flat_map(|file| &file.items) {
            if let ItemKind::List { source: ListSource::File { path, column }, .. } = &item.value {
                wanted.push((path.clone(), column.clone()));
            }
        }
        let importers: HashMap<FileId, String> = self.policies.iter().map(|(path, id)| (*id, path.clone())).collect();
        let mut read: HashMap<String, Option<FileId>> = HashMap::new();
        for (path, column) in wanted {
            let here = importers.get(&path.span.file).map_or("", String::as_str);
            let full = match paths::resolve(here, &path.value) {
                Ok(full) => full,
                Err(problem) => {
                    self.report(errors::bad_path(&path.value, problem, path.span));
                    continue;
                }
            };
            let file = match read.get(&full) {
                Some(file) => *file,
                None => {
                    let file = self.list_file(&full, &path);
                    read.insert(full, file);
                    file
                }
            };
            let Some(file) = file else { continue };
            let Some(source) = self.loaded.sources.get(file) else { continue };
            let comma_separated = path.value.to_ascii_lowercase().ends_with(".csv");
            let entries = match &column {
                Some(column) => from_csv(source, file, column).map_err(|columns| {
                    let names = columns.iter().map(String::as_str);
                    errors::no_such_column(&column.value, &path.value, names, column.span)
                }),
                None if comma_separated => {
                    let columns = headers(source);
                    Err(errors::column_is_missing(&path.value, columns.first().map(String::as_str), path.span))
                }
                None => Ok(from_lines(source, file)),
            };
            match entries {
                Ok(entries) => drop(self.loaded.lists.entries.insert(key(&path), entries)),
                Err(error) => self.report(error),
            }
        }
    }

    fn list_file(&mut self, full: &str, path: &Text) -> Option<FileId> {
        let shown = self.shown(full);
        let bytes = match self.files.read(full) {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.report(errors::unreadable(&shown, &problem, path.span));
                return None;
            }
        };
        if bytes.len() > LONGEST || self.loaded.sources.files().len() >= usize::from(u16::MAX) {
            self.report(errors::too_many_files(path.span));
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) => Some(self.loaded.sources.add(Source::new(shown, text))),
            Err(error) => {
                let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                self.report(errors::not_utf8(&shown, line, path.span));
                None
            }
        }
    }
}

/// One entry a line; empty lines and lines whose first visible character is `#` are none.
fn from_lines(source: &Source, file: FileId) -> Vec<Text> {
    let mut entries = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let value = trimmed(line.trim_start_matches('\u{feff}'));
        if !value.is_empty() && !value.starts_with('#') {
            let at = start + (value.as_ptr() as usize - line.as_ptr() as usize);
            entries.push(Spanned { value: value.to_string(), span: Span::new(file, at, at + value.len()) });
        }
        start += line.len();
    }
    entries
}

fn reader(source: &Source) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes())
}

/// The names of the columns.
fn headers(source: &Source) -> Vec<String> {
    let names = reader(source).headers().cloned().unwrap_or_default();
    names.iter().map(|name| trimmed(name.trim_start_matches('\u{feff}')).to_string()).collect()
}

/// The values of a column; the names of the columns when it is none of them. A span is the value's whole record.
fn from_csv(source: &Source, file: FileId, column: &Text) -> Result<Vec<Text>, Vec<String>> {
    let columns = headers(source);
    let Some(index) = columns.iter().position(|name| *name == column.value) else { return Err(columns) };
    let mut reader = reader(source);
    let mut entries = Vec::new();
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and records may differ in length: reading from memory has nothing left to fail at.
    while let Ok(true) = reader.read_record(&mut record) {
        let value = trimmed(record.get(index).unwrap_or_default());
        if value.is_empty() {
            continue;
        }
        let start = record.position().map_or(0, |place| place.byte() as usize);
        let end = reader.position().byte() as usize;
        let whole = source.text.get(start..end).unwrap_or_default();
        // The reader leaves the line feed of `\r\n` to the next record.
        let start = end - whole.trim_start_matches(['\r', '\n', '\u{feff}']).len();
        let written = source.text.get(start..end).unwrap_or_default();
        let span = Span::new(file, start, start + written.trim_end().len());
        entries.push(Spanned { value: value.to_string(), span });
    }
    Ok(entries)
}
