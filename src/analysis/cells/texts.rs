//! Cells of texts: one text for each combination of literals, lists and patterns that a text can match at once.

use super::collect::{Facts, Test, View};
use super::{Cell, Effort, Found, automata, numbers};
use crate::builtins::{Function, Matcher};
use crate::check::hir::Set;
use crate::model::{Literal, Value, text};
use bumpalo::Bump;
use std::collections::HashSet;

/// Bounds of the work for a field, so that a policy with thousands of patterns takes no longer than is bearable.
const MOST_TESTS: usize = 100_000;
const MOST_STEPS: usize = 60_000;
/// Where a sample is enough: patterns are then looked at one by one.
const FEW_STEPS: usize = 15_000;
const MOST_AUTOMATA: usize = 12;
/// Lists are gone through entry by entry up to so many entries in all; of longer ones a few stand for all.
const MOST_ENTRIES: usize = 20_000;
const SAMPLE: usize = 200;
/// Two texts in one are tried for so many conditions in all, with so many texts of each condition.
const MOST_PAIRS: usize = 4_000;
const FEW: usize = 3;
/// The longest text that is made for a condition on its length.
const LONGEST: i64 = 10_000;

/// The cells of a text field, its automata walked for so many steps.
pub(super) fn cells(facts: &Facts<'_>, effort: Effort) -> Found {
    let steps = match effort {
        Effort::Whole => MOST_STEPS,
        Effort::Quick => FEW_STEPS,
    };
    let mut judge = Judge::new(facts);
    let whole = Side::of(facts, View::Whole);
    let domain = Side::of(facts, View::Domain);
    let lengths = judge.lengths.clone();
    let covers = match (whole.is_empty(), domain.is_empty(), lengths.is_empty()) {
        (true, true, _) => {
            judge.add("something else");
            with_lengths(&mut judge, &lengths)
        }
        (false, true, true) => {
            let complete = whole.finite(&mut judge, |entry| vec![entry.to_owned()]);
            constructed(&whole, &mut judge, steps);
            complete && whole.walked(&mut judge, false, steps)
        }
        (true, false, true) => {
            let complete =
                domain.finite(&mut judge, |entry| vec![format!("someone@{entry}"), format!("someone@www.{entry}.")]);
            judge.add("someone@elsewhere.example");
            judge.add("someone");
            complete && domain.walked(&mut judge, true, steps)
        }
        _ => {
            whole.finite(&mut judge, |entry| vec![entry.to_owned()]);
            domain.finite(&mut judge, |entry| vec![format!("someone@{entry}")]);
            constructed(&whole, &mut judge, steps);
            for text in ["someone@elsewhere.example", "someone"] {
                judge.add(text);
            }
            mixed(&whole, &domain, &mut judge, steps);
            with_lengths(&mut judge, &lengths);
            false
        }
    };
    Found { covers: covers && judge.budget > 0, cells: judge.cells, every: false }
}

/// Tells texts apart by what the conditions say of them.
struct Judge<'p> {
    atoms: &'p [(View, Test<'p>)],
    lengths: Vec<i64>,
    seen: HashSet<Vec<u8>>,
    tried: HashSet<String>,
    cells: Vec<Cell>,
    arena: Bump,
    budget: usize,
    /// Whether any condition looks at the domain of the text.
    domains: bool,
}

impl<'p> Judge<'p> {
    fn new(facts: &'p Facts<'p>) -> Judge<'p> {
        Judge {
            domains: facts.atoms.iter().any(|(view, _)| *view == View::Domain),
            atoms: &facts.atoms,
            lengths: numbers::counts(facts, View::Length),
            seen: HashSet::new(),
            tried: HashSet::new(),
            cells: Vec::new(),
            arena: Bump::new(),
            budget: MOST_TESTS,
        }
    }

    /// Keeps a text that the conditions tell apart from all before it.
    fn add(&mut self, candidate: &str) {
        let candidate = text::trim(candidate);
        if candidate.is_empty() || self.budget == 0 || !self.tried.insert(candidate.to_owned()) {
            return;
        }
        self.budget = self.budget.saturating_sub(self.atoms.len() + 1);
        let signature = self.signature(candidate);
        if self.seen.insert(signature) {
            self.cells.push(Cell::of(Literal::Text(candidate.into())));
        }
        if self.arena.allocated_bytes() > 1 << 20 {
            self.arena.reset();
        }
    }

    fn signature(&self, candidate: &str) -> Vec<u8> {
        let domain = match self.domains.then(|| Function::Domain.evaluate(&[Value::Text(candidate)], &self.arena)) {
            Some(Value::Text(domain)) => Some(domain),
            _ => None,
        };
        let mut signature = Vec::with_capacity(self.atoms.len() + 2);
        for (view, test) in self.atoms {
            let seen = match view {
                View::Whole => Some(candidate),
                View::Domain => domain,
                View::Length | View::Size => continue,
            };
            signature.push(seen.map_or(2, |seen| u8::from(holds(test, seen, &self.arena))));
        }
        let place = numbers::count_place(&self.lengths, text::trim(candidate).chars().count() as i64);
        signature.extend((place as u16).to_le_bytes());
        signature
    }
}

/// Whether a condition holds of a text.
fn holds(test: &Test<'_>, candidate: &str, arena: &Bump) -> bool {
    match test {
        Test::Value(Literal::Text(value)) => text::same(value, candidate),
        Test::In(Set::Texts(set)) => set.contains(&*text::fold(candidate)),
        Test::Exactly(value) => text::trim(candidate) == *value,
        Test::Match(matcher) => matcher.matches(candidate, arena),
        Test::Known => true,
        _ => false,
    }
}

/// The conditions of one view.
struct Side<'p> {
    literals: Vec<&'p str>,
    exact: Vec<&'p str>,
    sets: Vec<&'p Set>,
    matchers: Vec<&'p Matcher>,
    known: bool,
}

impl<'p> Side<'p> {
    fn of(facts: &Facts<'p>, view: View) -> Side<'p> {
        let mut side =
            Side { literals: Vec::new(), exact: Vec::new(), sets: Vec::new(), matchers: Vec::new(), known: false };
        for (_, test) in facts.atoms.iter().filter(|(seen, _)| *seen == view) {
            match test {
                Test::Value(Literal::Text(value)) => side.literals.push(value),
                Test::Exactly(value) => side.exact.push(value),
                Test::In(set) => side.sets.push(set),
                Test::Match(matcher) => side.matchers.push(matcher),
                // A text's own being known is what "missing" is for; that of its domain is not.
                _ => side.known |= view == View::Domain,
            }
        }
        side
    }

    fn is_empty(&self) -> bool {
        !self.known
            && self.literals.is_empty()
            && self.exact.is_empty()
            && self.sets.is_empty()
            && self.matchers.is_empty()
    }

    /// Tries every literal and every entry of the lists; false when these are too many.
    fn finite(&self, judge: &mut Judge<'_>, written: impl Fn(&str) -> Vec<String>) -> bool {
        for literal in self.literals.iter().chain(&self.exact) {
            for text in written(literal) {
                judge.add(&text);
            }
        }
        for literal in &self.exact {
            for variant in case_variants(literal) {
                written(&variant).iter().for_each(|text| judge.add(text));
            }
        }
        let sizes = self.sets.iter().map(|set| if let Set::Texts(texts) = set { texts.len() } else { 0 });
        let complete = sizes.sum::<usize>() <= MOST_ENTRIES;
        for set in &self.sets {
            let Set::Texts(texts) = set else { continue };
            let mut entries: Vec<&str> = texts.iter().map(|entry| &**entry).collect();
            let short_first = |entry: &&str| (entry.len(), entry.to_owned().to_owned());
            if !complete && entries.len() > SAMPLE {
                entries.select_nth_unstable_by_key(SAMPLE, short_first);
                entries.truncate(SAMPLE);
            }
            entries.sort_unstable_by_key(short_first);
            for entry in entries {
                written(entry).iter().for_each(|text| judge.add(text));
            }
        }
        complete
    }

    /// Walks the automata of all conditions; whether every combination is now among the cells.
    fn walked(&self, judge: &mut Judge<'_>, domain: bool, steps: usize) -> bool {
        if self.matchers.is_empty() {
            return true;
        }
        if steps < MOST_STEPS {
            return false;
        }
        let count = self.literals.len() + self.exact.len() + self.sets.len() + self.matchers.len();
        if count > MOST_AUTOMATA {
            return false;
        }
        let mut languages = Vec::new();
        let literal = |text: &str| regex::escape(&text::fold(text));
        for text in self.literals.iter().chain(&self.exact) {
            languages.push(format!(r"\A{}\z", literal(text)));
        }
        for set in &self.sets {
            let Set::Texts(texts) = set else { continue };
            if texts.len() > SAMPLE {
                return false;
            }
            let mut entries: Vec<String> = texts.iter().map(|entry| literal(entry)).collect();
            entries.sort_unstable();
            languages.push(format!(r"\A(?:{})\z", entries.join("|")));
        }
        languages.extend(self.matchers.iter().map(|matcher| matcher.language()));
        if domain {
            // What a domain can be at all: with a dot, without `@`.
            languages.push(r"(?s)\A[^@]*\.[^@]*\z".to_owned());
        }
        let walk = automata::walk(&languages, steps);
        let before = judge.cells.len();
        let mut complete = walk.complete;
        for (signature, text) in &walk.found {
            if !domain {
                judge.add(text);
            } else if signature.last() == Some(&true) {
                judge.add(&format!("someone@{text}"));
                let sure = format!("someone@www.{text}.");
                judge.add(&sure);
                let value = Function::Domain.evaluate(&[Value::Text(&sure)], &judge.arena);
                complete &= value == Value::Text(text);
            }
        }
        debug_assert!(judge.cells.len() >= before);
        complete
    }
}

/// The same text in other cases.
fn case_variants(literal: &str) -> Vec<String> {
    let flip = |c: char| match (c.is_ascii_lowercase(), c.is_ascii()) {
        (true, _) => c.to_ascii_uppercase(),
        (false, true) => c.to_ascii_lowercase(),
        _ => c,
    };
    let flipped: String = literal.chars().map(flip).collect();
    let mut first = literal.chars();
    let capital: String = first.next().map(flip).into_iter().chain(first).collect();
    vec![flipped, text::fold(literal).into_owned(), capital]
}

/// Plain texts that match each pattern, two at once, all at once, and none.
fn constructed(side: &Side<'_>, judge: &mut Judge<'_>, steps: usize) {
    let mut plain: Vec<String> = Vec::new();
    let mut dressed: Vec<String> = Vec::new();
    // Of each condition a few texts that meet it: enough to meet two conditions at once.
    let mut few: Vec<(usize, String)> = Vec::new();
    for (place, matcher) in side.matchers.iter().enumerate() {
        let before = plain.len();
        for pattern in matcher.patterns().iter().take(SAMPLE) {
            match matcher {
                Matcher::Like(_) => {
                    plain.push(pattern.replace('*', "").replace('?', "x"));
                    dressed.push(pattern.replace('*', "some").replace('?', "x"));
                }
                Matcher::Mentions(_) => {
                    plain.push(pattern.clone());
                    dressed.push(format!("some {pattern} here"));
                }
                Matcher::Contains(_) | Matcher::StartsWith(_) | Matcher::EndsWith(_) => {
                    plain.push(pattern.clone());
                    dressed.push(format!("x{pattern}x"));
                    dressed.push(format!("some {pattern} here"));
                    dressed.push(format!("{pattern}x"));
                    dressed.push(format!("x{pattern}"));
                }
                Matcher::Matches(_) => {}
            }
        }
        if let Matcher::Matches(_) = matcher {
            let walk = automata::walk(&[matcher.language()], steps / 10);
            plain.extend(walk.found.into_iter().filter(|(signature, _)| signature == &[true]).map(|(_, text)| text));
        }
        few.extend(plain[before..].iter().take(FEW).map(|text| (place, text.clone())));
    }
    plain.iter().chain(&dressed).for_each(|text| judge.add(text));
    for none in ["something else", "x", "42", "q-9", "zz zz zz zz zz zz"] {
        judge.add(none);
    }
    // What stands together in a policy is asked together: near ones first, as far as the work goes.
    let mut work = MOST_PAIRS;
    for apart in 1..few.len() {
        for (first, second) in few.iter().zip(&few[apart..]).filter(|(first, second)| first.0 != second.0) {
            if work == 0 {
                break;
            }
            work = work.saturating_sub(2 * (judge.atoms.len() + 1));
            judge.add(&format!("{} {}", first.1, second.1));
            judge.add(&format!("{} {}", second.1, first.1));
        }
    }
    judge.add(&plain[..plain.len().min(40)].join(" "));
}

/// Beginnings of a text with each domain: what both views of it see at once.
fn mixed(whole: &Side<'_>, domain: &Side<'_>, judge: &mut Judge<'_>, steps: usize) {
    let mut domains: Vec<String> = domain.literals.iter().map(|text| (*text).to_owned()).collect();
    for set in &domain.sets {
        if let Set::Texts(texts) = set {
            let mut entries: Vec<&str> = texts.iter().map(|entry| &**entry).collect();
            entries.sort_unstable_by_key(|entry| (entry.len(), *entry));
            domains.extend(entries.into_iter().take(10).map(str::to_owned));
        }
    }
    for matcher in &domain.matchers {
        domains.extend(matcher.patterns().iter().take(20).map(|pattern| pattern.replace('*', "").replace('?', "x")));
    }
    domains.push("elsewhere.example".to_owned());
    let mut locals = vec!["someone".to_owned()];
    for matcher in &whole.matchers {
        match matcher {
            Matcher::Matches(_) => {
                let walk = automata::walk(&[matcher.language()], steps / 10);
                locals.extend(walk.found.into_iter().filter(|found| found.0 == [true]).map(|(_, text)| text));
            }
            _ => locals.extend(matcher.patterns().iter().map(|pattern| pattern.replace('*', "").replace('?', "x"))),
        }
    }
    for local in locals.iter().take(40) {
        for domain in domains.iter().take(60) {
            judge.add(&format!("{}@{domain}", local.trim_end_matches('@')));
            judge.add(&format!("someone@{domain}{local}"));
        }
    }
}

/// Texts of every length that a condition names, of the kinds found so far; false when one is too long to make.
fn with_lengths(judge: &mut Judge<'_>, lengths: &[i64]) -> bool {
    let bases: Vec<String> = judge
        .cells
        .iter()
        .filter_map(|cell| if let Literal::Text(text) = &cell.value { Some(text.to_string()) } else { None })
        .take(40)
        .collect();
    let made = lengths.iter().filter(|length| **length <= LONGEST);
    for length in made.chain([&1]) {
        for base in &bases {
            let count = base.chars().count() as i64;
            if count < *length {
                judge.add(&format!("{base}{}", "x".repeat((*length - count) as usize)));
            }
        }
        judge.add(&"x".repeat(*length as usize));
    }
    lengths.iter().all(|length| *length <= LONGEST)
}
