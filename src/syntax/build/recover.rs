//! What happens behind an error: blocks go on with the next entry, and what was wrong is put into words.

use super::grammar::{Grammar, Rule};
use super::{Builder, Node};
use crate::base::Span;
use crate::syntax::errors::{self, Expected, Failure};
use crate::syntax::words;
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pairs;

/// The entries of a kind of block.
pub(super) struct Kind {
    /// The rules of its entries.
    entries: &'static [Rule],
    /// An entry alone; parsed again, it tells how far a broken one came.
    only: Rule,
    /// The words that start its entries, when they start with certain words.
    words: &'static [&'static str],
    /// The plausible start of an entry and the rest of a block from there on, for what follows a broken entry.
    rest: Option<(Rule, Rule)>,
}

/// How the entries of a block become nodes of the tree.
pub(super) struct Block<B, T> {
    pub(super) build: B,
    /// What stands for text that is no entry.
    pub(super) junk: fn(Span) -> Option<T>,
}

macro_rules! kinds {
    ($($name:ident: [$($entry:ident)*] $only:ident $words:expr $(, $start:ident $rest:ident)?;)*) => {
        $(pub(super) static $name: Kind = Kind {
            entries: &[$(Rule::$entry),*],
            only: Rule::$only,
            words: $words,
            rest: kinds!(@ $($start $rest)?),
        };)*
    };
    (@) => { None };
    (@ $start:ident $rest:ident) => { Some((Rule::$start, Rule::$rest)) };
}

kinds! {
    ITEMS: [
        policy version owner timezone review agreed use_file lead events_source event list define persona fit score
        bands matrix disqualify stages route always outcome test
    ] only_item words::DECLARATIONS, item_start file;
    FIELDS: [field] only_field &[], field_start all_fields;
    EVENTS_CLAUSES: [events_clause] only_events_clause &["in", "type", "at", "lead"];
    OUTCOME_CLAUSES: [outcome_clause] only_outcome_clause &["lead", "converted", "at", "amount"];
    CONDITIONS: [condition] only_condition &[], entry_start all_conditions;
    PARTS: [score_rule group include] only_part &[], entry_start all_parts;
    CASES: [case] only_case &[];
    CHOICES: [choice choice_otherwise] only_choice &[];
    BANDS: [band] only_band &[];
    MATRIX_ROWS: [matrix_head matrix_row] only_matrix_row &[];
    STAGES: [stage bottom_stage] only_stage &[], entry_start all_stages;
    ROUTE_ARMS: [route_arm] only_route_arm &[], entry_start all_route_arms;
    STEPS: [test_lead test_event expect] only_step &["lead", "event", "expect"], test_start all_steps;
    ENTRIES: [entry] only_entry &[];
}

/// Where an entry that is not well formed stops being so.
struct Stop {
    /// Where the entry begins.
    region: usize,
    at: usize,
    /// What could have stood there.
    expected: Expected,
}

/// What follows a broken entry.
struct Recovered<'t> {
    /// The entry before the junk is a part of what is broken.
    broke_before: bool,
    /// Further entries, and where in the text they begin.
    rest: Option<(usize, Pairs<'t, Rule>)>,
}

impl<'t> Builder<'t> {
    /// The entries of a block. What the grammar took as junk is reported, and reading goes on behind it.
    pub(super) fn block<T, B>(&mut self, parent: &Node, kind: &Kind, block: Block<B, T>) -> Vec<T>
    where
        B: Fn(&mut Self, &Node) -> Option<T>,
    {
        let mut found = Vec::new();
        self.entries_of(parent.clone().into_inner(), kind, &block, &mut found);
        found
    }

    fn entries_of<T, B>(&mut self, nodes: Pairs<Rule>, kind: &Kind, block: &Block<B, T>, found: &mut Vec<T>)
    where
        B: Fn(&mut Self, &Node) -> Option<T>,
    {
        let mut before: Option<(Node, usize)> = None;
        for node in nodes {
            if kind.entries.contains(&node.as_rule()) {
                let count = found.len();
                found.extend((block.build)(self, &node));
                before = Some((node, count));
            } else if is_junk(node.as_rule()) {
                let recovered = self.recover(kind, before.as_ref().map(|(node, _)| node), &node);
                match &before {
                    Some((_, count)) if recovered.broke_before => found.truncate(*count),
                    _ => {}
                }
                found.extend((block.junk)(self.span(&node)));
                if let Some((start, rest)) = recovered.rest {
                    let base = std::mem::replace(&mut self.base, start);
                    self.entries_of(rest, kind, block, found);
                    self.base = base;
                }
                before = None;
            } else {
                before = None;
            }
        }
    }

    /// Says what is wrong with `junk`, which stands behind the entry `before`.
    fn recover(&mut self, kind: &Kind, before: Option<&Node>, junk: &Node) -> Recovered<'t> {
        let mut recovered = Recovered { broke_before: false, rest: None };
        self.looks += 1;
        if self.is_full() || self.looks > super::MOST_LOOKS {
            return recovered;
        }
        let (start, end) = (self.base + junk.as_span().start(), self.base + junk.as_span().end());
        if let Some(before) = before {
            let first = self.base + before.as_span().start();
            if let Some((at, rest)) = self.split(kind, first, start, end) {
                recovered.broke_before = true;
                recovered.rest = Some((at, rest));
                let found = self.failure(kind, first, at);
                self.report_failure(found);
                return recovered;
            }
        }
        let together = before.and_then(|before| self.failure(kind, self.base + before.as_span().start(), end));
        let alone = self.failure(kind, start, end);
        let same_line = self.line(start) == before.map_or(start, |before| self.line(self.end(before)));
        // Junk is the rest of the entry before it when the two come further together, or when it starts on the same
        // line and does not look like an entry of its own.
        let found = match (together, alone) {
            (Some(together), _) if together.at > start => together,
            (Some(together), Some(alone))
                if same_line && (alone.at <= start || errors::is_near(&self.told(&together))) =>
            {
                together
            }
            (_, Some(alone)) => alone,
            (Some(together), None) => together,
            (None, None) => Stop { region: start, at: start, expected: Expected::default() },
        };
        self.report_failure(Some(found));
        recovered
    }

    /// Where the line of a place begins.
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// Where the last word of a node ends.
    fn end(&self, node: &Node) -> usize {
        self.span(node).end as usize
    }

    /// An entry that ends too early takes the name of the next one as its value: `a: country is ⏎ b: …`. When the line
    /// on which junk stands begins like an entry, that is where the next one begins.
    fn split(&self, kind: &Kind, first: usize, junk: usize, end: usize) -> Option<(usize, Pairs<'t, Rule>)> {
        let (start, rest) = kind.rest?;
        let line = self.text.get(..junk)?.rfind('\n')? + 1;
        let at = line + self.text.get(line..)?.find(|c: char| !c.is_ascii_whitespace())?;
        if at <= first || at >= junk {
            return None;
        }
        let tail = self.text.get(at..end)?;
        Grammar::parse(start, tail).ok()?;
        if Grammar::parse(kind.only, self.text.get(first..at)?).is_ok() {
            return None;
        }
        let mut pairs = Grammar::parse(rest, tail).ok()?;
        pairs.next().map(|all| (at, all.into_inner()))
    }

    /// How far an entry came that is not well formed, and what could have stood there.
    fn failure(&self, kind: &Kind, start: usize, end: usize) -> Option<Stop> {
        let error = Grammar::parse(kind.only, self.text.get(start..end)?).err()?;
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let mut expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => expected(positives),
            ErrorVariant::CustomError { .. } => Expected::default(),
        };
        if at == 0 {
            expected.words.extend(kind.words.iter().map(|word| word.to_string()));
        }
        Some(Stop { region: start, at: start + at, expected })
    }

    fn report_failure(&mut self, stop: Option<Stop>) {
        if let Some(stop) = stop
            && !self.is_mended(stop.region, stop.at)
        {
            let told = errors::failure(&self.told(&stop));
            self.report(told);
        }
    }

    fn told(&self, stop: &Stop) -> Failure<'t> {
        let (before, found) = self.around(stop.at);
        Failure {
            before: self.source(before),
            before_span: before,
            found: self.source(found),
            found_span: found,
            at_start: stop.at <= stop.region,
            same_line: self.line(before.end as usize) == self.line(found.start as usize),
            expected: stop.expected.clone(),
        }
    }

    /// Whether something on the lines from `start` to `at` was already reported before parsing.
    fn is_mended(&self, start: usize, at: usize) -> bool {
        let first = self.text.get(..start).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        let last = self.text.get(at..).and_then(|text| text.find('\n')).map_or(self.text.len(), |length| at + length);
        self.lexical.iter().any(|diagnostic| {
            let span = diagnostic.span().range();
            span.start <= last && span.end >= first
        })
    }

    /// The pieces of text before and behind a place, comments and blanks left out.
    fn around(&self, at: usize) -> (Span, Span) {
        let mut before = self.place(at, at);
        // The line of the place and the one before it are enough to find the piece that stands before.
        let text = self.text.get(..at).unwrap_or_default();
        let from = text.trim_end().rfind('\n').unwrap_or(0);
        let mut next = from;
        while let Some((start, end)) = self.piece(next) {
            if start >= at {
                break;
            }
            before = self.place(start, end);
            next = end;
        }
        let found = match self.piece(at) {
            Some((start, end)) => self.place(start, end),
            None => self.place(self.text.len(), self.text.len()),
        };
        (before, found)
    }

    /// The first word, number, text or sign from `at` on.
    fn piece(&self, at: usize) -> Option<(usize, usize)> {
        let mut start = at;
        loop {
            let rest = self.text.get(start..)?;
            let blanks = rest.len() - rest.trim_start().len();
            start += blanks;
            let rest = self.text.get(start..)?;
            if !rest.starts_with('#') {
                break;
            }
            start += rest.find('\n').unwrap_or(rest.len());
        }
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        let length = match first {
            '"' => string_length(rest),
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && !"_-.%".contains(c)).unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        Some((start, start + length))
    }
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_junk(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::junk_item
            | Rule::junk_entry
            | Rule::junk_field
            | Rule::junk_case
            | Rule::junk_band
            | Rule::junk_clause
            | Rule::junk_value
            | Rule::junk_step
    )
}

/// Rules that could have stood at a place, as people know them.
fn expected(rules: &[Rule]) -> Expected {
    let mut expected = Expected::default();
    for rule in rules {
        match rule {
            Rule::colon => expected.colon = true,
            Rule::comma => expected.comma = true,
            Rule::open => expected.open = true,
            Rule::close => expected.close = true,
            Rule::left_bracket | Rule::texts | Rule::value_list => expected.list = true,
            Rule::right_bracket => expected.right_bracket = true,
            Rule::right_parenthesis => expected.right_parenthesis = true,
            Rule::unit => expected.unit = true,
            Rule::currency | Rule::currency_code => expected.currency = true,
            Rule::not_op | Rule::boolean | Rule::value | Rule::expression | Rule::pattern => expected.value = true,
            Rule::amount | Rule::points => (expected.number, expected.name) = (true, true),
            Rule::number | Rule::duration => expected.number = true,
            Rule::string => expected.text = true,
            Rule::date => expected.date = true,
            Rule::new_name | Rule::name | Rule::path | Rule::events | Rule::event_name | Rule::head => {
                expected.name = true
            }
            Rule::field_type | Rule::type_name => expected.a_type = true,
            Rule::window => expected.words.extend(["within".to_string(), "since".to_string()]),
            Rule::sign_op | Rule::is_op | Rule::word_op => expected.operator = true,
            Rule::EOI => expected.end = true,
            _ => {
                let name = format!("{rule:?}");
                if let Some(word) = name.strip_prefix("k_") {
                    expected.words.push(word.to_string());
                }
            }
        }
    }
    if expected.operator {
        expected.words.extend(words::OPERATORS.iter().map(|word| word.to_string()));
    }
    expected
}
