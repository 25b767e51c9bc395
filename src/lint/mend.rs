//! Mending a policy: the fixes of its findings, pass after pass, until nothing is left to mend.

use crate::base::{SourceMap, Span};
use crate::check::check;
use crate::check::hir::Program;
use crate::diagnostic::{Diagnostic, Edit, Fix, apply};
use crate::syntax::{FileProblem, Files, Loaded, load};
use std::collections::{BTreeMap, HashSet};

/// After so many passes it is over, even if lints undo each other's fixes.
const MOST_PASSES: usize = 50;

/// What mending did.
#[derive(Debug, Default)]
pub struct Mended {
    /// The files that changed.
    pub files: Vec<MendedFile>,
    /// How many findings were mended.
    pub fixed: usize,
}

/// A file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendedFile {
    /// Its name as people know it.
    pub name: String,
    /// Its text as it was.
    pub before: String,
    /// Its text now.
    pub after: String,
}

/// What a policy is and what becomes of it: see [`mend`].
pub struct Patient<'a> {
    /// Its file's name, as for [`load`].
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What it uses.
    pub files: &'a dyn Files,
    /// Whether fixes after which some lead may be decided otherwise are made too.
    pub changing_decisions: bool,
}

/// Mends a policy. `find` finds what is wrong with it. Fixes that overlap are made in different passes; a fix after which
/// the policy would not be valid is not made. Nothing is done to a policy that is not valid.
pub fn mend(patient: &Patient<'_>, find: &mut dyn FnMut(&Loaded, &Program) -> Vec<Diagnostic>) -> Mended {
    let mut changed = BTreeMap::new();
    let mut before = BTreeMap::new();
    let mut refused = HashSet::new();
    let mut fixed = 0;
    for _ in 0..MOST_PASSES {
        let loaded = reload(patient, &changed);
        let Some(program) = check(&loaded, &[]).program else { break };
        let found = find(&loaded, &program);
        let fixes = found.iter().filter_map(|finding| Some((finding, finding.fix.as_ref()?)));
        let fixes = fixes.filter(|(_, fix)| patient.changing_decisions || !fix.changes_decisions);
        let fixes: Vec<&Fix> = fixes
            .filter(|(finding, fix)| !refused.contains(&identity(finding, fix, &loaded.sources)))
            .map(|(_, fix)| fix)
            .collect();
        let chosen = apart(&fixes);
        if chosen.is_empty() {
            break;
        }
        let next = edited(&loaded.sources, &changed, &chosen);
        if is_valid(patient, &next) {
            fixed += chosen.len();
            remember(&mut before, &loaded.sources, &chosen);
            changed = next;
            continue;
        }
        // One of them breaks the policy: one at a time, and those that break it never again.
        let mut made = false;
        for fix in chosen {
            let next = edited(&loaded.sources, &changed, &[fix]);
            if is_valid(patient, &next) {
                fixed += 1;
                remember(&mut before, &loaded.sources, &[fix]);
                changed = next;
                made = true;
                break;
            }
            let finding = found.iter().find(|finding| finding.fix.as_ref() == Some(fix));
            refused.extend(finding.map(|finding| identity(finding, fix, &loaded.sources)));
        }
        if !made {
            break;
        }
    }
    let files = changed.into_iter().filter_map(|(name, after)| {
        let before: String = before.remove(&name)?;
        (before != after).then_some(MendedFile { name, before, after })
    });
    Mended { files: files.collect(), fixed }
}

/// Fixes none of whose edits touch those of another.
fn apart<'f>(fixes: &[&'f Fix]) -> Vec<&'f Fix> {
    let mut taken: Vec<Span> = Vec::new();
    let mut chosen = Vec::new();
    for fix in fixes {
        let free = fix.edits.iter().all(|edit| taken.iter().all(|other| !touch(edit.span, *other)));
        if free && !fix.edits.is_empty() {
            taken.extend(fix.edits.iter().map(|edit| edit.span));
            chosen.push(*fix);
        }
    }
    chosen
}

/// Whether two ranges overlap, or both insert at one place.
fn touch(a: Span, b: Span) -> bool {
    a.file == b.file && ((a.start < b.end && b.start < a.end) || a.start == b.start)
}

type Texts = BTreeMap<String, String>;

fn edited(sources: &SourceMap, changed: &Texts, fixes: &[&Fix]) -> Texts {
    let mut next = changed.clone();
    for (source, number) in sources.files().iter().zip(0u16..) {
        let edits = fixes.iter().flat_map(|fix| &fix.edits).filter(|edit| edit.span.file.0 == number);
        let edits: Vec<Edit> = edits.cloned().collect();
        if !edits.is_empty() {
            next.insert(source.name.clone(), apply(&source.text, &edits));
        }
    }
    next
}

/// Keeps the texts as they were before the first edit.
fn remember(before: &mut Texts, sources: &SourceMap, fixes: &[&Fix]) {
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        if let Some(source) = sources.get(edit.span.file) {
            before.entry(source.name.clone()).or_insert_with(|| source.text.clone());
        }
    }
}

/// A fix, wherever it stands by now.
fn identity(finding: &Diagnostic, fix: &Fix, sources: &SourceMap) -> String {
    let edits = fix.edits.iter().map(|edit| format!("{:?} → {:?}", sources.text(edit.span), edit.replacement));
    format!("{} {} {}", finding.code, finding.message, edits.collect::<Vec<_>>().join(" "))
}

fn is_valid(patient: &Patient<'_>, changed: &Texts) -> bool {
    check(&reload(patient, changed), &[]).program.is_some()
}

fn reload(patient: &Patient<'_>, changed: &Texts) -> Loaded {
    let folder = patient.name.rsplit_once(['/', '\\']).map(|(folder, _)| folder);
    let text = changed.get(patient.name).map_or(patient.text, String::as_str);
    load(patient.name, text, &Overlay { folder, changed, files: patient.files })
}

/// Files as they are, but for those that changed.
struct Overlay<'a> {
    folder: Option<&'a str>,
    /// By the name that people know.
    changed: &'a Texts,
    files: &'a dyn Files,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        let name = self.folder.map_or_else(|| path.to_owned(), |folder| format!("{folder}/{path}"));
        match self.changed.get(&name) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.files.read(path),
        }
    }
}
