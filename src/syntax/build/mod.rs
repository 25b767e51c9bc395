//! From what the grammar accepts to the tree: the only folder that names grammar rules.

mod blocks;
mod climb;
mod data;
mod expr;
mod grammar;
mod literal;
mod recover;
mod score;
mod test;

pub(super) use literal::NumberProblem;

use super::ast::{Expr, Item, ItemKind};
use super::errors;
use crate::base::{FileId, Span, Spanned};
use crate::diagnostic::Diagnostic;
use grammar::{Grammar, Rule};
use pest::Parser;

/// A node of what the grammar accepted.
type Node<'i> = pest::iterators::Pair<'i, Rule>;

/// As many errors are reported for a file; more help nobody.
const MOST_ERRORS: usize = 100;

/// Junk is looked at as often; more would make a long text of nothing else slow.
const MOST_LOOKS: usize = 2 * MOST_ERRORS;

/// A text that is made into a tree.
struct Builder<'t> {
    file: FileId,
    /// The text as people wrote it: what errors quote.
    original: &'t str,
    /// The text as it is parsed: the same bytes save where `scan` mended something, and perhaps a few more at the end.
    text: &'t str,
    /// Where in `text` the piece begins that is parsed now.
    base: usize,
    /// How deep the expression is that is built now.
    depth: usize,
    /// Errors that were found before parsing; what the grammar says about the same lines is not worth saying.
    lexical: &'t [Diagnostic],
    /// How often junk was looked at: each look may read the whole text again.
    looks: usize,
    diagnostics: Vec<Diagnostic>,
}

/// The declarations of a text. `original` is what people wrote, `text` the same with `lexical` errors mended.
pub(super) fn items(original: &str, text: &str, file: FileId, lexical: &[Diagnostic]) -> (Vec<Item>, Vec<Diagnostic>) {
    let mut builder = Builder::new(original, text, file, lexical);
    let items = match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => {
            let block =
                recover::Block { build: Builder::item, junk: |span| Some(Spanned { value: ItemKind::Junk, span }) };
            pairs.next().map(|file| builder.block(&file, &recover::ITEMS, block)).unwrap_or_default()
        }
        Err(_) => {
            // `junk_item` takes any text: only a limit of the parser ends here.
            let span = Span::new(file, 0, original.len());
            builder.report(errors::too_complex(span));
            vec![Spanned { value: ItemKind::Junk, span }]
        }
    };
    (items, builder.diagnostics)
}

/// One literal.
pub(super) fn constant(text: &str) -> Result<Expr, Vec<Diagnostic>> {
    let mut builder = Builder::new(text, text, FileId::default(), &[]);
    let Ok(mut pairs) = Grammar::parse(Rule::constant, text) else {
        return Err(vec![errors::no_constant(text, Span::new(FileId::default(), 0, text.len()))]);
    };
    let value = pairs.next().and_then(|node| builder.value_in(&node));
    match value {
        Some(value) if builder.diagnostics.is_empty() => Ok(value),
        _ => Err(builder.diagnostics),
    }
}

/// Whether a text begins like a declaration.
pub(super) fn starts_declaration(text: &str) -> bool {
    Grammar::parse(Rule::item_start, text).is_ok()
}

impl<'t> Builder<'t> {
    fn new(original: &'t str, text: &'t str, file: FileId, lexical: &'t [Diagnostic]) -> Self {
        Builder { file, original, text, base: 0, depth: 0, lexical, looks: 0, diagnostics: Vec::new() }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_ERRORS
    }

    fn place(&self, start: usize, end: usize) -> Span {
        // What was mended may have split a character, or stand behind the end.
        let last = self.original.len();
        let (mut start, mut end) = (start.min(last), end.min(last));
        while !self.original.is_char_boundary(start) {
            start -= 1;
        }
        while !self.original.is_char_boundary(end) {
            end += 1;
        }
        Span::new(self.file, start, end)
    }

    /// The place of a node, up to the end of its last word or sign: where an optional part lacks, the grammar counts
    /// the blanks before it to the node.
    fn span(&self, node: &Node) -> Span {
        let start = node.as_span().start();
        let mut end = node.as_span().end();
        let mut last = node.clone().into_inner().next_back();
        while let Some(inner) = last {
            end = inner.as_span().end();
            last = inner.into_inner().next_back();
        }
        self.place(self.base + start, self.base + end)
    }

    /// The text of a place, as people wrote it.
    fn source(&self, span: Span) -> &'t str {
        self.original.get(span.range()).unwrap_or_default()
    }

    /// Goes `levels` down in an expression; false when that is too deep, which is reported.
    fn descend(&mut self, levels: usize, span: Span) -> bool {
        if self.depth + levels > climb::DEEPEST {
            self.report(errors::too_deep(span));
            return false;
        }
        self.depth += levels;
        true
    }

    fn ascend(&mut self, levels: usize) {
        self.depth = self.depth.saturating_sub(levels);
    }

    fn item(&mut self, node: &Node) -> Option<Item> {
        let value = match node.as_rule() {
            Rule::policy => self.label(node).map(ItemKind::Policy),
            Rule::version => self.label(node).map(ItemKind::Version),
            Rule::owner => self.label(node).map(ItemKind::Owner),
            Rule::timezone => self.label(node).map(ItemKind::Timezone),
            Rule::use_file => self.label(node).map(ItemKind::Use),
            Rule::review => self.review(node),
            Rule::agreed => self.agreed(node),
            Rule::lead => Some(self.lead(node)),
            Rule::events_source => Some(self.events_source(node)),
            Rule::event => self.event(node),
            Rule::list => self.list(node),
            Rule::define => self.define(node),
            Rule::persona => self.persona(node),
            Rule::fit => self.fit(node),
            Rule::score => self.group(node).map(ItemKind::Score),
            Rule::bands => self.bands(node),
            Rule::matrix => self.matrix(node),
            Rule::disqualify => Some(ItemKind::Disqualify(self.conditions(node))),
            Rule::stages => Some(self.stages(node)),
            Rule::route => Some(self.route(node)),
            Rule::always => Some(self.always(node)),
            Rule::outcome => Some(self.outcome(node)),
            Rule::test => self.test(node),
            _ => None,
        };
        // A part that was reported and has no stand-in leaves junk: its declaration is not usable.
        Some(Spanned { value: value.unwrap_or(ItemKind::Junk), span: self.span(node) })
    }

    fn review(&mut self, node: &Node) -> Option<ItemKind> {
        let every = self.duration_in(node)?;
        Some(ItemKind::Review { every, last: self.day_in(node) })
    }

    fn agreed(&mut self, node: &Node) -> Option<ItemKind> {
        Some(ItemKind::Agreed { by: self.label(node)?, on: self.day_in(node)? })
    }
}

/// The first child by a rule.
fn child<'i>(node: &Node<'i>, rule: Rule) -> Option<Node<'i>> {
    children(node, rule).next()
}

/// All children by a rule.
fn children<'i>(node: &Node<'i>, rule: Rule) -> impl Iterator<Item = Node<'i>> + use<'i> {
    node.clone().into_inner().filter(move |child| child.as_rule() == rule)
}
