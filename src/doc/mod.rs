//! A policy as a document that sales and marketing read and sign.
//!
//! ```
//! let text = "policy \"Doggie Delights\"\nlead { id text key  country text }\n\
//!     fit icp { in_us \"Lives in the US\": country is \"US\" }\nstages { lead  mql: icp fits }";
//! let loaded = qualify::syntax::load("policy.qual", text, &qualify::syntax::MemoryFiles::new());
//! let program = qualify::check::check(&loaded, &[]).program.expect("a policy");
//! let page = qualify::doc::document(&program, &loaded);
//! assert!(page.markdown().contains("**Lives in the US**: Country is “US”."));
//! assert!(page.html().contains("id=\"check-icp-in_us\""));
//! ```

mod conditions;
mod examples;
mod grid;
mod head;
mod names;
mod points;
mod questions;
mod range;
mod stages;
mod unknown;
mod worth;

use crate::base::Span;
use crate::check::hir::Program;
use crate::report::{Page, Section, Text};
use crate::syntax::ast::ItemKind;
use crate::syntax::{Loaded, ast};
use crate::words::{Words, source};

/// The document of a policy. `loaded` is what the program was checked from. It holds no clock: one policy, one document.
pub fn document(program: &Program, loaded: &Loaded) -> Page {
    let doc = Doc { program, loaded, words: Words::new(program, &loaded.files) };
    let mut page = doc.head();
    let sections = [
        doc.stages(),
        doc.fits(),
        doc.disqualifiers(),
        doc.points(),
        doc.bands(),
        doc.matrices(),
        doc.routes(),
        doc.personas(),
        doc.promises(),
        doc.questions(),
        doc.definitions(),
        doc.lists(),
        Some(doc.unknown()),
        Some(doc.signatures()),
        doc.examples(),
        doc.fields(),
        doc.events(),
    ];
    for section in sections.into_iter().flatten() {
        page = page.section(section);
    }
    page.contents()
}

/// What all parts of the document rest on.
struct Doc<'p> {
    program: &'p Program,
    loaded: &'p Loaded,
    words: Words<'p>,
}

impl<'p> Doc<'p> {
    /// The declarations of all files, as they were written.
    fn items(&self) -> impl Iterator<Item = &'p ItemKind> + use<'p> {
        self.loaded.files.iter().flat_map(|file| &file.items).map(|item| &item.value)
    }

    /// The policy's own text on one line; the end of what is long is left out.
    fn source(&self, span: Span) -> String {
        const MOST: usize = 400;
        let text = source(self.program, span);
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// A name's label and, small, the name itself.
fn labelled(label: &str, name: &str) -> Text {
    Text::new(label).line().code(name)
}

/// A section of one thing that has a name.
fn named(label: &str, kind: &str, name: &str) -> Section {
    Section::new(label, crate::words::anchor_of(kind, name)).named(name)
}

/// The conditions of an `and` as a list, one alone as a sentence.
fn spoken(words: &Words<'_>, condition: &ast::Expr) -> Vec<Text> {
    words.conditions(condition).into_iter().map(crate::words::sentence).collect()
}
