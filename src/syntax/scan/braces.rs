//! Where a `}` is missing. Indentation means nothing in a policy, but where braces do not match it tells best what the
//! writer saw.

use crate::syntax::{build, words};

/// The braces of a text, and the words that begin its lines.
#[derive(Default)]
pub(super) struct Braces {
    marks: Vec<Mark>,
    line: usize,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    /// Where its line begins.
    line: usize,
    kind: MarkKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    Open,
    /// Whether it begins its line.
    Close(bool),
    /// A word that begins declarations begins the line.
    Declaration,
}

/// A `}` that is missing.
pub(super) struct Gap {
    /// The `{` that is not closed.
    pub open: usize,
    /// What the `}` is missing before.
    pub before: usize,
}

impl Braces {
    pub(super) fn new_line(&mut self, at: usize) {
        self.line = at;
    }

    pub(super) fn open(&mut self, at: usize) {
        self.marks.push(Mark { at, line: self.line, kind: MarkKind::Open });
    }

    pub(super) fn close(&mut self, at: usize, first: bool) {
        self.marks.push(Mark { at, line: self.line, kind: MarkKind::Close(first) });
    }

    /// A word that begins its line.
    pub(super) fn word(&mut self, at: usize, word: &str) {
        if words::DECLARATIONS.contains(&word) {
            self.marks.push(Mark { at, line: self.line, kind: MarkKind::Declaration });
        }
    }

    /// The braces that are missing, in order.
    pub(super) fn gaps(&self, text: &str) -> Vec<Gap> {
        self.walk(text).0
    }

    /// The closing braces that close nothing once the missing ones are there.
    pub(super) fn surplus(&self, text: &str) -> Vec<usize> {
        self.walk(text).1
    }

    fn walk(&self, text: &str) -> (Vec<Gap>, Vec<usize>) {
        let mut gaps = Vec::new();
        let mut surplus = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        for mark in &self.marks {
            let indent = indent(text, mark.line);
            match mark.kind {
                MarkKind::Open => open.push((mark.at, indent)),
                MarkKind::Declaration => {
                    // A declaration that is indented no deeper than an open block stands outside of it.
                    let outside = open.last().is_some_and(|(_, opened)| *opened >= indent);
                    if outside && text.get(mark.at..).is_some_and(build::starts_declaration) {
                        while let Some((at, _)) = open.pop_if(|(_, opened)| *opened >= indent) {
                            gaps.push(Gap { open: at, before: mark.at });
                        }
                    }
                }
                MarkKind::Close(first) => {
                    // A brace that begins a line further left than the innermost block closes an outer one.
                    let outer = first && open.iter().any(|(_, opened)| *opened == indent);
                    while outer && let Some((at, _)) = open.pop_if(|(_, opened)| *opened > indent) {
                        gaps.push(Gap { open: at, before: mark.at });
                    }
                    if open.pop().is_none() {
                        surplus.push(mark.at);
                    }
                }
            }
        }
        gaps.extend(open.into_iter().rev().map(|(at, _)| Gap { open: at, before: text.len() }));
        (gaps, surplus)
    }
}

fn indent(text: &str, line: usize) -> usize {
    text.get(line..).map_or(0, |rest| rest.len() - rest.trim_start_matches([' ', '\t', '\u{feff}']).len())
}
