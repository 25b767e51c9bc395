//! Cells of lists: which of the looked-for entries they hold, and how many entries they have.

use super::collect::{Facts, Test, View};
use super::{Cell, Found, filler, numbers};
use crate::model::time::AsOf;
use crate::model::{Literal, Scalar, Schema, text};
use std::collections::HashSet;

/// All subsets of so many entries are tried.
const ALL_SUBSETS: usize = 8;
/// The longest list that is made.
const LONGEST: i64 = 10_000;

/// The cells of a list field. Every subset of the entries that a condition looks for is tried, and every size that one
/// names.
pub(super) fn cells(schema: &Schema, as_of: &AsOf, scalar: Scalar, facts: &Facts<'_>) -> Found {
    let mut entries: Vec<Literal> = Vec::new();
    let mut covers = true;
    for (view, test) in &facts.atoms {
        match (view, test) {
            (View::Whole, Test::Has(looked_for, _)) => {
                for entry in *looked_for {
                    if !entries.iter().any(|known| alike(known, entry)) {
                        entries.push(entry.clone());
                    }
                }
            }
            (View::Size, _) | (View::Whole, Test::Known) => {}
            _ => covers = false,
        }
    }
    let sizes = numbers::counts(facts, View::Size);
    covers &= sizes.iter().all(|size| *size <= LONGEST);
    let other = other_entry(schema, as_of, scalar, &entries);
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |holds: Vec<Literal>, found: &mut Vec<Cell>| {
        let signature = signature(facts, &sizes, &holds);
        if seen.insert(signature) {
            found.push(Cell::of(Literal::List(holds)));
        }
    };
    let mut try_sizes = |holds: &[Literal], found: &mut Vec<Cell>| {
        add(holds.to_vec(), found);
        // With entries of no meaning, or one of its own again, up to each size that a condition names.
        for size in sizes.iter().chain(sizes.last().map(|_| &1)).filter(|size| **size <= LONGEST) {
            let Some(fill) = other.as_ref().or(holds.first()) else { continue };
            if holds.len() < *size as usize {
                let mut filled = holds.to_vec();
                filled.resize(*size as usize, fill.clone());
                add(filled, found);
            }
        }
    };
    if entries.len() <= ALL_SUBSETS {
        for subset in 0..1u32 << entries.len() {
            let holds: Vec<Literal> = (0..entries.len())
                .filter(|place| subset >> place & 1 == 1)
                .map(|place| entries[place].clone())
                .collect();
            try_sizes(&holds, &mut found);
        }
    } else {
        covers = false;
        try_sizes(&[], &mut found);
        entries.iter().take(200).for_each(|entry| try_sizes(std::slice::from_ref(entry), &mut found));
        for (_, test) in &facts.atoms {
            if let Test::Has(looked_for, _) = test
                && looked_for.len() <= 200
            {
                try_sizes(looked_for, &mut found);
            }
        }
        if entries.len() <= 200 {
            try_sizes(&entries, &mut found);
        }
    }
    if let Some(other) = &other {
        try_sizes(std::slice::from_ref(other), &mut found);
    }
    Found { cells: found, covers, every: false }
}

/// An entry that no condition looks for; none when all are looked for.
fn other_entry(schema: &Schema, as_of: &AsOf, scalar: Scalar, entries: &[Literal]) -> Option<Literal> {
    let is_free = |candidate: &Literal| !entries.iter().any(|entry| alike(entry, candidate));
    let candidates: Vec<Literal> = match scalar {
        Scalar::Bool => vec![Literal::Bool(true), Literal::Bool(false)],
        Scalar::Choice(domain) => {
            (0..schema.domain(domain).choices.len()).map(|choice| Literal::Choice(choice as u16)).collect()
        }
        Scalar::Text => (0..).take(entries.len() + 1).map(text_entry).collect(),
        Scalar::Date => (0..=entries.len() as i32).map(|n| Literal::Date(as_of.day - n)).collect(),
        Scalar::Time => (0..=entries.len() as i64).map(|n| Literal::Time(as_of.instant - n)).collect(),
        _ => (1..=entries.len() as i64 + 1)
            .map(|n| match filler(schema, scalar) {
                Literal::Int(_) => Literal::Int(n),
                Literal::Number(one) => Literal::Number(one * n),
                Literal::Money(one) => Literal::Money(one * n),
                other => other,
            })
            .collect(),
    };
    candidates.into_iter().find(is_free)
}

fn text_entry(number: usize) -> Literal {
    Literal::Text(if number == 0 { "something else".into() } else { format!("something else {number}").into() })
}

/// Whether two entries are the same to the language.
fn alike(a: &Literal, b: &Literal) -> bool {
    match (a, b) {
        (Literal::Text(a), Literal::Text(b)) => text::same(a, b),
        (Literal::Int(_) | Literal::Number(_), Literal::Int(_) | Literal::Number(_)) => {
            numbers::borrowed(a).micros() == numbers::borrowed(b).micros()
        }
        _ => a == b,
    }
}

/// What the conditions say of a list: which are true, and between which sizes it is.
fn signature(facts: &Facts<'_>, sizes: &[i64], holds: &[Literal]) -> (Vec<bool>, usize) {
    let has = |entry: &Literal| holds.iter().any(|held| alike(held, entry));
    let truth = facts.atoms.iter().filter_map(|(view, test)| match (view, test) {
        (View::Whole, Test::Has(entries, all)) => {
            Some(if *all { entries.iter().all(has) } else { entries.iter().any(has) })
        }
        _ => None,
    });
    (truth.collect(), numbers::count_place(sizes, holds.len() as i64))
}
