//! `# allow(name): reason`: findings that a policy says are meant.

use super::places::Places;
use crate::base::{SourceMap, Span};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Comment, File};

/// A comment that allows findings.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// The comment.
    pub comment: Span,
    /// The names of lints, each with its place in the comment.
    pub names: Vec<(String, Span)>,
    /// Why; none is a mistake.
    pub reason: Option<String>,
    /// What it covers; none when nothing follows it.
    pub covers: Option<Span>,
    /// By name: whether it hid a finding.
    pub used: Vec<bool>,
}

impl Allowance {
    fn hides(&mut self, finding: &Diagnostic) -> bool {
        let place = finding.span();
        let Some(covers) = self.covers else { return false };
        let inside = covers.file == place.file && covers.start <= place.start && place.start <= covers.end;
        let Some(index) = self.names.iter().position(|(name, _)| name == finding.code).filter(|_| inside) else {
            return false;
        };
        self.used[index] = true;
        true
    }
}

/// Whether a finding is allowed; every allowance that says so counts as used.
pub fn hides(allowances: &mut [Allowance], finding: &Diagnostic) -> bool {
    let mut hidden = false;
    for allowance in allowances {
        hidden |= allowance.hides(finding);
    }
    hidden
}

/// All allowances of some files.
pub fn read(files: &[File], places: &Places, sources: &SourceMap) -> Vec<Allowance> {
    let comments = files.iter().flat_map(|file| &file.comments);
    comments.filter_map(|comment| allowance(comment, places, sources)).collect()
}

fn allowance(comment: &Comment, places: &Places, sources: &SourceMap) -> Option<Allowance> {
    let written = &comment.text;
    let rest = written.trim_start_matches('#').trim_start().strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    let (inside, behind) = rest.split_once(')')?;
    let start = comment.span.start as usize + (written.len() - rest.len());
    let mut names = Vec::new();
    let mut at = start;
    for name in inside.split(',') {
        let blanks = name.len() - name.trim_start().len();
        let trimmed = name.trim();
        names.push((trimmed.to_owned(), Span::new(comment.span.file, at + blanks, at + blanks + trimmed.len())));
        at += name.len() + 1;
    }
    let reason = behind.trim_start().strip_prefix(':').map(str::trim).filter(|reason| !reason.is_empty());
    let used = vec![false; names.len()];
    let covers = covered(comment, places, sources);
    Some(Allowance { comment: comment.span, names, reason: reason.map(str::to_owned), covers, used })
}

/// On a line of its own a comment stands on what comes next; behind something, on what its line begins with.
fn covered(comment: &Comment, places: &Places, sources: &SourceMap) -> Option<Span> {
    let span = comment.span;
    let text = &sources.get(span.file)?.text;
    if comment.own_line {
        let rest = Span::new(span.file, span.end as usize, text.len());
        return places.first_within(rest).map(|place| place.span);
    }
    let line = text.get(..span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let blanks = text.get(line..span.start as usize).map_or(0, |line| line.len() - line.trim_start().len());
    let line = Span::new(span.file, line + blanks, span.start as usize);
    let begun = places.first_within(line).filter(|place| place.span.start == line.start);
    begun.or_else(|| places.innermost(line)).map(|place| place.span)
}
