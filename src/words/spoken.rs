//! What the expressions of a policy say in words, to be looked up by their place in its text.

use super::names::Words;
use crate::base::Span;
use crate::check::hir::Program;
use crate::syntax::ast::{self, Expr, ItemKind};
use std::collections::HashMap;

/// Spans are all equal; a place is not.
type Place = (u16, u32, u32);

/// Every condition and every value of a policy in words.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    said: HashMap<Place, Said>,
}

#[derive(Clone, Debug)]
struct Said {
    holds: String,
    fails: String,
    value: String,
}

impl Spoken {
    /// A policy and the trees that it was made from.
    pub fn new(program: &Program, files: &[ast::File]) -> Spoken {
        let words = Words::new(program, files).unlinked();
        let mut said = HashMap::new();
        let items = files.iter().flat_map(|file| &file.items);
        for item in items.filter(|item| !matches!(item.value, ItemKind::Test(_))) {
            item.walk(&mut |expr: &Expr| {
                let told = Said {
                    holds: words.condition(expr).plain(),
                    fails: words.opposite(expr).plain(),
                    value: words.value(expr).plain(),
                };
                said.insert(place(expr.span), told);
            });
        }
        Spoken { said }
    }

    /// A condition in words: that it holds, or that it does not.
    pub fn condition(&self, span: Span, holds: bool) -> Option<&str> {
        let said = self.said.get(&place(span))?;
        Some(if holds { &said.holds } else { &said.fails })
    }

    /// A value in words.
    pub fn value(&self, span: Span) -> Option<&str> {
        self.said.get(&place(span)).map(|said| said.value.as_str())
    }
}

fn place(span: Span) -> Place {
    (span.file.0, span.start, span.end)
}
