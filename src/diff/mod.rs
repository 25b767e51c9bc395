//! What a change of a policy does: rule by rule, to all leads that could ever exist, and to the leads that are given.
//!
//! [`diff()`] compares two checked policies. Pieces that mean the same ([`crate::check::keys`]) are the same, whatever they
//! are called and wherever they stand. For all leads the two are joined ([`crate::check::join`]) and it is asked whether
//! any lead has another stage, route, band and so on; an answer "no" is a proof, an answer "yes" shows a lead that both
//! policies decided, and everything else is "not decided".

mod ask;
mod changes;
mod day;
mod decide;
mod lens;
mod model;
mod moves;
mod order;
mod page;
mod pairs;
mod putback;
mod show;
mod tell;
mod text;

pub use model::*;
pub use moves::*;
pub use text::{Ink, text};

use crate::analysis::Budget;
use crate::check::hir::Program;
use crate::check::keys::{Keys, Meanings};
use crate::explain::{PolicyHead, show_as_of};
use crate::model::{Field, Scalar, Type};
use crate::syntax::Loaded;
use crate::words::Spoken;
use changes::Book;
use pairs::Known;

/// A policy and what it was made of.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'p> {
    /// What it means.
    pub program: &'p Program,
    /// Its texts and trees.
    pub loaded: &'p Loaded,
}

/// What changes between two policies: what was changed in meaning, and whether any lead's decision can change.
pub fn diff(old: Policy<'_>, new: Policy<'_>, budget: Budget) -> Difference {
    let meanings = Meanings::default();
    let (old_keys, new_keys) = (Keys::new(old.program, &meanings), Keys::new(new.program, &meanings));
    let before = Known { program: old.program, keys: &old_keys };
    let after = Known { program: new.program, keys: &new_keys };
    let changes = changes::changes(&Book::new(before, old.loaded), &Book::new(after, new.loaded));
    let caveat = caveat(before, after);
    let spoken = |policy: Policy<'_>| Spoken::new(policy.program, &policy.loaded.files);
    let (was, is) = (spoken(old), spoken(new));
    let (decided, as_of) = decide::decide(before, after, [&was, &is], &meanings, caveat, budget);
    let mut answers = rejects(before, after);
    answers.extend(decided);
    Difference {
        schema_version: SCHEMA_VERSION,
        engine: concat!("qualify ", env!("CARGO_PKG_VERSION")).to_owned(),
        verdict: verdict(before, after, &answers, caveat.is_some()),
        caveat: caveat.map(str::to_owned),
        old: head(old.program),
        new: head(new.program),
        changes,
        as_of: show_as_of(&as_of, &new.program.zone),
        answers,
        leads: None,
    }
}

/// A policy's name, version and digest.
fn head(program: &Program) -> PolicyHead {
    PolicyHead {
        name: program.meta.label.clone(),
        version: program.meta.version.clone(),
        digest: program.digest().to_string(),
        file: program.sources.files().first().map(|source| source.name.clone()),
    }
}

/// Why nothing can be said of all leads: the policies read the data in two ways.
fn caveat(old: Known<'_>, new: Known<'_>) -> Option<&'static str> {
    let (before, after) = (&old.program.schema, &new.program.schema);
    let times = |program: &Program| {
        let time = |field: &Field| {
            field.used
                && matches!(field.ty, Type::One(Scalar::Date | Scalar::Time) | Type::List(Scalar::Date | Scalar::Time))
        };
        program.reads_events || program.schema.fields.iter().any(time)
    };
    if old.program.zone.name() != new.program.zone.name() && (times(old.program) || times(new.program)) {
        return Some("the policies count their days in two time zones");
    }
    if before.event_source != after.event_source && (old.program.reads_events || new.program.reads_events) {
        return Some("the policies read events from two places of the data");
    }
    None
}

/// Records that one of the policies rejects and the other does not.
fn rejects(old: Known<'_>, new: Known<'_>) -> Vec<Answer> {
    let needed = |known: Known<'_>| -> Vec<(String, crate::check::keys::Key)> {
        let needs = |field: &&Field| field.required || field.key;
        let fields = known.program.schema.fields.iter().filter(needs);
        fields.map(|field| (field.from.whole.clone(), known.keys.field_of(field))).collect()
    };
    let (before, after) = (needed(old), needed(new));
    let ask = |kind: Kind, these: &[(String, crate::check::keys::Key)], those: &[(String, crate::check::keys::Key)]| {
        let more: Vec<&(String, _)> =
            these.iter().filter(|(_, key)| !those.iter().any(|(_, other)| other == key)).collect();
        let name = more.first().map(|(name, _)| name.clone())?;
        let twice = those.iter().any(|(other, _)| *other == name);
        let (can, reason) = if twice {
            (Can::NotDecided, format!("the policies read `{name}` in two ways, and a record needs it"))
        } else {
            (Can::Yes, format!("a record without `{name}`"))
        };
        Some(Answer { kind, what: None, can, reason: Some(reason), lead: None })
    };
    let answers = [ask(Kind::Rejected, &after, &before), ask(Kind::Accepted, &before, &after)];
    answers.into_iter().flatten().collect()
}

fn verdict(old: Known<'_>, new: Known<'_>, answers: &[Answer], caveat: bool) -> Verdict {
    let any = |can: Can| answers.iter().any(|answer| answer.kind.decides() && answer.can == can);
    if any(Can::Yes) {
        return Verdict::Changes;
    }
    if any(Can::NotDecided) || caveat {
        return Verdict::NotDecided;
    }
    let points = answers.iter().any(|answer| answer.can != Can::No);
    let alone = |pairs: Vec<pairs::Pair>| pairs.iter().any(|pair| pair.both().is_none());
    let tell = alone(pairs::pair(&old.scores(), &new.scores()))
        || alone(pairs::pair(&old.bands(), &new.bands()))
        || alone(pairs::pair(&old.matrices(), &new.matrices()))
        || alone(pairs::pair(&old.fits(), &new.fits()))
        || alone(pairs::pair(&old.defines(true).1, &new.defines(true).1));
    if points || tell { Verdict::SameDecisions } else { Verdict::Equivalent }
}
