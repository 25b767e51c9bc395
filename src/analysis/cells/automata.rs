//! All combinations of patterns that a text can match at once, by walking their automata side by side.

use crate::model::text::{fold_char, is_outer_space};
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::{BTreeSet, HashSet, VecDeque};

/// What was found.
pub(super) struct Walk {
    /// For each combination the shortest text: folded, without outer white space, not empty.
    pub(super) found: Vec<(Vec<bool>, String)>,
    /// Whether there are no other combinations.
    pub(super) complete: bool,
}

/// Walks the automata of languages (regular expressions for the whole folded text) until every state was seen or
/// `steps` steps are used up.
pub(super) fn walk(languages: &[String], steps: usize) -> Walk {
    let nothing = Walk { found: Vec::new(), complete: false };
    let Some(alphabet) = alphabet(languages) else { return nothing };
    let mut machines = Vec::new();
    for language in languages {
        match Machine::new(language) {
            Some(machine) => machines.push(machine),
            None => return nothing,
        }
    }
    Walker { machines, alphabet, steps, seen: HashSet::new(), open: VecDeque::new() }.run().unwrap_or(nothing)
}

struct Machine {
    dfa: DFA,
    cache: Cache,
}

impl Machine {
    fn new(language: &str) -> Option<Machine> {
        let config = DFA::config().match_kind(MatchKind::All).cache_capacity(4 << 20);
        let syntax = syntax::Config::new().utf8(false);
        let dfa = DFA::builder().configure(config).syntax(syntax).build(language).ok()?;
        let cache = dfa.create_cache();
        Some(Machine { dfa, cache })
    }

    fn start(&mut self) -> Option<LazyStateID> {
        self.dfa.start_state_forward(&mut self.cache, &Input::new("").anchored(Anchored::Yes)).ok()
    }

    fn step(&mut self, state: LazyStateID, bytes: &[u8]) -> Option<LazyStateID> {
        let mut state = state;
        for byte in bytes {
            state = self.dfa.next_state(&mut self.cache, state, *byte).ok()?;
        }
        // Ids are good until the cache is cleared.
        (self.cache.clear_count() == 0).then_some(state)
    }

    fn accepts(&mut self, state: LazyStateID) -> Option<bool> {
        let end = self.dfa.next_eoi_state(&mut self.cache, state).ok()?;
        (self.cache.clear_count() == 0).then_some(end.is_match())
    }
}

/// The states of all machines, and whether the last character is outer white space.
type State = (Vec<LazyStateID>, bool);

struct Walker {
    machines: Vec<Machine>,
    alphabet: Vec<char>,
    steps: usize,
    seen: HashSet<State>,
    open: VecDeque<(State, String)>,
}

impl Walker {
    /// None when an automaton gave up.
    fn run(mut self) -> Option<Walk> {
        let start = self.machines.iter_mut().map(Machine::start).collect::<Option<Vec<LazyStateID>>>()?;
        let mut walk = Walk { found: Vec::new(), complete: true };
        let mut signatures = HashSet::new();
        self.open.push_back(((start, true), String::new()));
        while let Some(((states, blank), text)) = self.open.pop_front() {
            if !blank {
                let pairs = self.machines.iter_mut().zip(&states);
                let signature = pairs.map(|(machine, state)| machine.accepts(*state)).collect::<Option<Vec<bool>>>()?;
                if signatures.insert(signature.clone()) {
                    walk.found.push((signature, text.clone()));
                }
            }
            for place in 0..self.alphabet.len() {
                let c = self.alphabet[place];
                if is_outer_space(c) && text.is_empty() {
                    continue;
                }
                if self.steps == 0 {
                    walk.complete = false;
                    return Some(walk);
                }
                self.steps -= 1;
                let mut buffer = [0; 4];
                let bytes = c.encode_utf8(&mut buffer).as_bytes();
                let pairs = self.machines.iter_mut().zip(&states);
                let next = pairs.map(|(machine, state)| machine.step(*state, bytes)).collect::<Option<Vec<_>>>()?;
                let next = (next, is_outer_space(c));
                if self.seen.insert(next.clone()) {
                    let mut longer = text.clone();
                    longer.push(c);
                    self.open.push_back((next, longer));
                }
            }
        }
        Some(walk)
    }
}

/// A folded character for each set of characters that no language tells apart.
fn alphabet(languages: &[String]) -> Option<Vec<char>> {
    let mut cuts: BTreeSet<u32> = BTreeSet::from([0]);
    for language in languages {
        let hir = regex_syntax::ParserBuilder::new().utf8(false).build().parse(language).ok()?;
        cut(&hir, &mut cuts);
    }
    for c in [' ', '\t', '\n', '\r', '\u{a0}'] {
        cuts.extend([c as u32, c as u32 + 1]);
    }
    // Words of `\b` are ASCII.
    for (first, last) in [('0', '9'), ('a', 'z'), ('_', '_')] {
        cuts.extend([first as u32, last as u32 + 1]);
    }
    cuts.insert(0x80);
    let cuts: Vec<u32> = cuts.into_iter().collect();
    let ends = cuts.iter().skip(1).copied().chain([char::MAX as u32 + 1]);
    let mut found: Vec<char> = cuts.iter().zip(ends).filter_map(|(&first, end)| representative(first, end)).collect();
    // Plain letters first, that the texts found are plain.
    found.sort_by_key(|c| (!c.is_ascii_lowercase(), !c.is_ascii_digit(), !c.is_ascii(), *c));
    (found.len() <= 200).then_some(found)
}

/// A character that folding leaves as it is, a letter if there is one near.
fn representative(first: u32, end: u32) -> Option<char> {
    let folded = || (first..end).filter_map(char::from_u32).filter(|c| fold_char(*c) == *c);
    folded().take(200).find(|c| c.is_alphanumeric()).or_else(|| folded().next())
}

fn cut(hir: &Hir, cuts: &mut BTreeSet<u32>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            for c in String::from_utf8_lossy(&literal.0).chars() {
                cuts.extend([c as u32, c as u32 + 1]);
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                cuts.extend([range.start() as u32, range.end() as u32 + 1]);
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.ranges() {
                cuts.extend([u32::from(range.start()), u32::from(range.end()) + 1]);
            }
        }
        HirKind::Repetition(repetition) => cut(&repetition.sub, cuts),
        HirKind::Capture(capture) => cut(&capture.sub, cuts),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().for_each(|hir| cut(hir, cuts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::Matcher;
    use crate::syntax::ast::TextOp;

    fn languages(patterns: &[(TextOp, &str)]) -> Vec<String> {
        let compile = |(op, pattern): &(TextOp, &str)| Matcher::compile(*op, &[pattern]).expect("a pattern").language();
        patterns.iter().map(compile).collect()
    }

    #[test]
    fn all_combinations_are_found_and_match() {
        let patterns = [
            (TextOp::Mentions, "ceo"),
            (TextOp::Contains, "ceo"),
            (TextOp::StartsWith, "c"),
            (TextOp::Like, "*of sales"),
            (TextOp::Matches, r"\d{2}"),
        ];
        let walk = walk(&languages(&patterns), 1_000_000);
        assert!(walk.complete);
        // What mentions it contains it.
        assert!(walk.found.iter().all(|(signature, _)| signature[1] || !signature[0]));
        assert_eq!(walk.found.len(), 3 * 2 * 2 * 2);
        let arena = bumpalo::Bump::new();
        for (signature, text) in &walk.found {
            for ((op, pattern), expected) in patterns.iter().zip(signature) {
                let matcher = Matcher::compile(*op, &[pattern]).expect("a pattern");
                assert_eq!(matcher.matches(text, &arena), *expected, "{op:?} {pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_is_not_found() {
        let walk = walk(
            &languages(&[(TextOp::StartsWith, "vp"), (TextOp::EndsWith, "vp x"), (TextOp::Like, "??")]),
            1_000_000,
        );
        assert!(walk.complete);
        assert!(!walk.found.iter().any(|(signature, _)| signature[1] && signature[2]));
    }
}
