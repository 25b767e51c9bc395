//! From the files of a policy to their trees: follows `use`, reads the files of lists.

mod files;
mod lists;
pub(super) mod paths;

pub use files::{FileProblem, Files, MemoryFiles};
pub use lists::ListEntries;

use super::{ast, errors, parse};
use crate::base::{FileId, Source, SourceMap, Span, Spanned};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

/// As many files may belong to one policy.
const MOST_FILES: usize = 1000;
/// As deep may files use each other.
const DEEPEST_USE: usize = 50;

/// A policy with all files that it takes in.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The texts: the policy first, then what it uses and the files of its lists, as they were read.
    pub sources: SourceMap,
    /// The trees: the policy first, then the files that it uses, in the order in which they are used first. The number
    /// of a file stands in its spans.
    pub files: Vec<ast::File>,
    /// The entries of the lists that stand in files.
    pub lists: ListEntries,
    /// What is wrong, file by file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads the policy `text`. `name` is its path as people gave it (or `<stdin>`): errors name files by it, and no other
/// file may be called like it. What it uses is read from `files`.
pub fn load(name: &str, text: impl Into<Vec<u8>>, files: &dyn Files) -> Loaded {
    let (folder, own) = match name.rsplit_once(['/', '\\']) {
        Some((folder, own)) => (Some(folder), own),
        None => (None, name),
    };
    let mut loader = Loader { files, folder, loaded: Loaded::default(), policies: HashMap::new(), way: Vec::new() };
    loader.policy(name.to_string(), own.to_string(), text.into(), None);
    loader.lists();
    loader.loaded
}

struct Loader<'f> {
    files: &'f dyn Files,
    /// The folder of the policy as people gave it.
    folder: Option<&'f str>,
    loaded: Loaded,
    /// Policy files that were read already, by path.
    policies: HashMap<String, FileId>,
    /// The paths from the policy to the file that is read now.
    way: Vec<String>,
}

impl Loader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.loaded.diagnostics.push(diagnostic);
    }

    /// How people know a file: its path, from where they stand.
    fn shown(&self, path: &str) -> String {
        match self.folder {
            Some(folder) => format!("{folder}/{path}"),
            None => path.to_string(),
        }
    }

    /// Parses a file and what it uses. `used` is where another file says so.
    fn policy(&mut self, name: String, path: String, bytes: Vec<u8>, used: Option<Span>) {
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(good))
            }
        };
        let source = Source::new(&name, text);
        let id = self.loaded.sources.add(source.clone());
        self.policies.insert(path.clone(), id);
        if let Some(at) = broken {
            // Signs that are no text stand for one replacement sign each: the place is still right.
            let span = Span::new(id, at, at + '\u{fffd}'.len_utf8());
            self.report(errors::not_utf8(&name, source.location(at as u32).line, span));
            let junk = Spanned { value: ast::ItemKind::Junk, span: Span::new(id, 0, source.text.len()) };
            return self.loaded.files.push(ast::File { items: vec![junk], comments: Vec::new() });
        }
        let parsed = parse(&source, id);
        let uses: Vec<ast::Text> = parsed
            .file
            .items
            .iter()
            .filter_map(|item| match &item.value {
                ast::ItemKind::Use(path) => Some(path.clone()),
                _ => None,
            })
            .collect();
        self.loaded.diagnostics.extend(parsed.diagnostics);
        if let Some(used) = used {
            for item in &parsed.file.items {
                if let ast::ItemKind::Policy(_) = item.value {
                    self.loaded.diagnostics.push(errors::policy_in_used_file(&name, item.span, used));
                }
            }
        }
        self.loaded.files.push(parsed.file);
        self.way.push(path);
        for used in uses {
            self.follow(&used);
        }
        self.way.pop();
    }

    /// Takes in the file that a `use` names.
    fn follow(&mut self, used: &ast::Text) {
        let here = self.way.last().cloned().unwrap_or_default();
        let path = match paths::resolve(&here, &used.value) {
            Ok(path) => path,
            Err(problem) => return self.report(errors::bad_path(&used.value, problem, used.span)),
        };
        if let Some(start) = self.way.iter().position(|on_the_way| *on_the_way == path) {
            let circle: Vec<&str> = self.way.iter().skip(start).map(String::as_str).chain([path.as_str()]).collect();
            return self.report(errors::circle(&circle, used.span));
        }
        if self.policies.contains_key(&path) {
            return;
        }
        if self.way.len() >= DEEPEST_USE || self.loaded.files.len() >= MOST_FILES {
            return self.report(errors::too_many_files(used.span));
        }
        match self.files.read(&path) {
            Ok(bytes) => {
                let name = self.shown(&path);
                self.policy(name, path, bytes, Some(used.span));
            }
            Err(problem) => {
                let shown = self.shown(&path);
                self.report(errors::unreadable(&shown, &problem, used.span));
            }
        }
    }
}
