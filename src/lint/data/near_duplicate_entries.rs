//! `near-duplicate-entries`: two entries of a list differ by a slip of the finger.

use super::compared::{Set, sets};
use crate::base::{Span, visible};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;
use crate::syntax::ast::{Field, ItemKind, TextOp, TypeExpr};
use std::collections::{BTreeSet, HashMap};

/// The lint.
pub static LINT: Lint = Lint {
    name: "near-duplicate-entries",
    group: Group::Data,
    level: Severity::Warning,
    what: "Two entries of a list differ only by two letters that changed places, by a letter that is doubled, or, in a \
           word of ten letters or more, by a letter that is left out.",
    why: "One of them is probably a slip, and then leads that ought to be in the list are not.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list free_mail = ["gmail.com", "gmx.de", "gmial.com"]

disqualify {
  private "Private address": domain(email) in free_mail
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list free_mail = ["gmail.com", "gmx.de"]

disqualify {
  private "Private address": domain(email) in free_mail
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// Lists that are longer are looked through for the first two slips only.
const LONG: usize = 5_000;
/// As many slips of a list are told.
const MOST: usize = 5;

fn run(context: &Context<'_>, findings: &mut Findings) {
    for set in sets(context) {
        if set.op == Some(TextOp::Matches) {
            continue;
        }
        let texts: Vec<(&str, Span)> =
            set.entries.iter().filter_map(|entry| Some((entry.text()?, entry.span))).collect();
        for (a, b) in slips(&texts).into_iter().take(MOST) {
            report(context, findings, Some(&set), texts[a], texts[b]);
        }
    }
    for item in context.items() {
        if let ItemKind::Lead { fields, .. } | ItemKind::Event { fields, .. } = &item.value {
            listed(context, findings, fields);
        }
    }
}

/// The texts of `one of` and `ranked`.
fn listed(context: &Context<'_>, findings: &mut Findings, fields: &[Field]) {
    for field in fields {
        let mut ty = &field.ty;
        while let TypeExpr::List(inner, _) = ty {
            ty = inner;
        }
        match ty {
            TypeExpr::OneOf(texts, _) | TypeExpr::Ranked(texts, _) => {
                let texts: Vec<(&str, Span)> = texts.iter().map(|text| (text.value.as_str(), text.span)).collect();
                for (a, b) in slips(&texts).into_iter().take(MOST) {
                    report(context, findings, None, texts[a], texts[b]);
                }
            }
            TypeExpr::Record(fields, _) => listed(context, findings, fields),
            _ => {}
        }
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings,
    set: Option<&Set<'_>>,
    (first, first_span): (&str, Span),
    (second, second_span): (&str, Span),
) {
    let message = format!("`{}` and `{}` are nearly the same", visible(first), visible(second));
    let help = "keep the one that was meant; if both are, say so with `# allow(near-duplicate-entries): reason`";
    let finding = match set {
        Some(Set { list: Some(list), file: true, .. }) => {
            let sources = &context.loaded().sources;
            let line = |span| sources.locate(span).map_or(0, |(_, location)| location.line);
            let file = sources.locate(second_span).map_or("", |(file, _)| file);
            let lines = format!("`{}`, lines {} and {}", visible(file), line(first_span), line(second_span));
            findings.at(list.span, message).here(lines)
        }
        _ => findings.at(second_span, message).here("is one of them a slip?").label(first_span, "the other"),
    };
    findings.push(finding.help(help));
}

/// Pairs of places whose texts differ by a slip, each text in one pair at most.
fn slips(texts: &[(&str, Span)]) -> Vec<(usize, usize)> {
    let folded: Vec<Vec<char>> = texts.iter().map(|(text, _)| fold(text).chars().collect()).collect();
    let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
    // Texts that differ by a slip share a key: the letters in order, each run of a letter once, the letters but one.
    let mut pairs = |keys: &mut dyn FnMut(usize) -> Vec<Vec<char>>, slip: &dyn Fn(&[char], &[char]) -> bool| {
        let mut by_key: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
        for place in 0..folded.len() {
            for key in keys(place) {
                by_key.entry(key).or_default().push(place);
            }
        }
        for places in by_key.into_values().filter(|places| (2..=20).contains(&places.len())) {
            for (at, a) in places.iter().enumerate() {
                for b in &places[at + 1..] {
                    let codes = is_code(texts[*a].0) || is_code(texts[*b].0);
                    if !codes && slip(&folded[*a], &folded[*b]) {
                        found.insert((*a, *b));
                    }
                }
            }
        }
    };
    let sorted = |place: usize| {
        let mut letters = folded[place].clone();
        letters.sort_unstable();
        vec![letters]
    };
    pairs(&mut { sorted }, &is_swap);
    let runs = |place: usize| {
        let mut letters = folded[place].clone();
        letters.dedup();
        vec![letters]
    };
    pairs(&mut { runs }, &is_doubling);
    if texts.len() <= LONG {
        let shorter = |place: usize| {
            let letters = &folded[place];
            let without = |gap: usize| letters.iter().enumerate().filter(move |(at, _)| *at != gap).map(|(_, c)| *c);
            let mut keys = vec![letters.clone()];
            if letters.len() > 10 {
                keys.extend((1..letters.len() - 2).map(|gap| without(gap).collect()));
            }
            keys
        };
        pairs(&mut { shorter }, &is_gap);
    }
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    found.into_iter().filter(|(_, b)| taken.insert(*b)).collect()
}

/// Codes, and texts with digits, are told apart by single signs.
fn is_code(text: &str) -> bool {
    let upper = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
    upper || text.chars().any(|c| c.is_ascii_digit())
}

/// The places at which two texts differ: from the first to behind the last, in each.
fn middle(a: &[char], b: &[char]) -> (usize, usize, usize) {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (start, a.len() - end, b.len() - end)
}

/// The word that a place stands in: how many letters it has, and how many stand before the place.
fn word(text: &[char], place: usize) -> (usize, usize) {
    let before = text[..place].iter().rev().take_while(|c| c.is_alphabetic()).count();
    let after = text[place..].iter().take_while(|c| c.is_alphabetic()).count();
    (before + after, before)
}

/// `gmial.com` and `gmail.com`: two letters beside each other changed places, in a word of five letters or more.
fn is_swap(a: &[char], b: &[char]) -> bool {
    let (start, end_a, end_b) = middle(a, b);
    let swapped = a.len() == b.len()
        && end_a == start + 2
        && end_b == start + 2
        && a[start] == b[start + 1]
        && a[start + 1] == b[start];
    let letters = swapped && a[start].is_alphabetic() && a[start + 1].is_alphabetic();
    // Pairs of words that are both words.
    const WORDS: &[[&str; 2]] = &[
        ["trial", "trail"],
        ["angel", "angle"],
        ["causal", "casual"],
        ["martial", "marital"],
        ["united", "untied"],
        ["sacred", "scared"],
        ["diary", "dairy"],
        ["quiet", "quite"],
        ["center", "centre"],
        ["meter", "metre"],
        ["theater", "theatre"],
        ["fiber", "fibre"],
        ["liter", "litre"],
    ];
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let spelling = |pair: &[&str; 2]| {
        let (a, b) = (text(a), text(b));
        (a.contains(pair[0]) && b.contains(pair[1])) || (a.contains(pair[1]) && b.contains(pair[0]))
    };
    letters && word(a, start).0 >= 5 && !WORDS.iter().any(spelling)
}

/// `Marketting` and `Marketing`: a letter is doubled, in a word of seven letters or more; not `ll`, which is spelled so
/// or so (`modelling`), nor at the word's end.
fn is_doubling(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let (start, end_short, end_long) = middle(short, long);
    if long.len() != short.len() + 1 || end_short != start || end_long != start + 1 {
        return false;
    }
    let c = long[start];
    let doubled = start > 0 && long[start - 1] == c;
    let (length, before) = word(short, start);
    doubled && c.is_alphabetic() && !matches!(c, 'l' | 's' | 'p') && length >= 7 && before + 1 < length
}

/// `Manufaturing` and `Manufacturing`: a letter inside a word of ten letters or more is left out; not `ou` for `o`, nor
/// `i` as in `aluminium`.
fn is_gap(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let (start, end_short, end_long) = middle(short, long);
    if long.len() != short.len() + 1 || end_short != start || end_long != start + 1 {
        return false;
    }
    let (length, before) = word(long, start);
    let inside = length >= 10 && before >= 2 && before + 3 <= length;
    inside && long[start].is_alphabetic() && !matches!(long[start], 'u' | 'i' | 'e' | 's') && !is_doubled(long, start)
}

fn is_doubled(text: &[char], place: usize) -> bool {
    place > 0 && text[place - 1] == text[place]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &str, b: &str) -> bool {
        slips(&[(a, Span::default()), (b, Span::default())]) == [(0, 1)]
    }

    #[test]
    fn slips_are_found() {
        assert!(near("gmail.com", "gmial.com"));
        assert!(near("Software", "Sotfware"));
        assert!(near("Marketing", "Marketting"));
        assert!(near("Manufacturing", "Manufaturing"));
    }

    #[test]
    fn other_words_are_none() {
        for (a, b) in [
            ("gmail.com", "ymail.com"),
            ("mail.com", "email.com"),
            ("gmx.de", "gmx.at"),
            ("yahoo.co.uk", "yahoo.com"),
            ("hotmail.com", "hotmail.co"),
            ("Director", "Directors"),
            ("internal", "external"),
            ("trial", "trail"),
            ("organisation", "organization"),
            ("modelling agency", "modeling agency"),
            ("behaviour analysis", "behavior analysis"),
            ("communication", "communications"),
            ("aluminium works", "aluminum works"),
            ("AB-1243", "AB-1234"),
            ("ABDCE", "ABCDE"),
            ("data center", "data centre"),
            ("consultant", "consulting"),
            ("trainee", "trainer"),
        ] {
            assert!(!near(a, b), "{a} {b}");
        }
    }
}
