//! Finding leads among records: only what can hold a wanted key is decoded.

use super::super::exit::Failure;
use super::super::terminal::{Terminal, count, shown};
use super::super::{events, input, leads};
use crate::data::{Decoded, EventProblem, EventStore, Plan, Seek};
use crate::diagnostic::did_you_mean;
use crate::eval::Evaluator;
use crate::explain::{Ahead, Explanation, OutlookOptions, explain, outlook};
use crate::model::text::trim;
use crate::model::{Lead, Problem, Reject};
use crate::words::Spoken;
use bumpalo::Bump;
use std::collections::HashMap;

/// So many keys are remembered for "did you mean".
const REMEMBERED: usize = 100_000;

/// Which leads, and where they are.
#[derive(Clone, Copy, Debug)]
pub struct Want<'k> {
    /// Their keys.
    pub keys: &'k [String],
    /// The file of leads.
    pub leads: &'k str,
    /// The second file of events.
    pub events: Option<&'k str>,
}

/// What explains.
#[derive(Debug)]
pub struct Subject<'e> {
    /// The policy at an as-of.
    pub evaluator: &'e Evaluator<'e>,
    /// What it says in words.
    spoken: &'e Spoken,
    /// Constants that were given other values.
    set: Vec<String>,
    ahead: OutlookOptions,
    time: Ahead,
}

impl<'e> Subject<'e> {
    /// A policy at an as-of, constants that were given other values, and what is told of other instants.
    pub fn new(
        evaluator: &'e Evaluator<'e>,
        spoken: &'e Spoken,
        set: Vec<String>,
        ahead: OutlookOptions,
    ) -> Subject<'e> {
        Subject { evaluator, spoken, set, ahead, time: Ahead::new(evaluator) }
    }

    /// The same with another policy or as-of.
    pub fn with<'o>(&self, evaluator: &'o Evaluator<'o>, spoken: &'o Spoken) -> Subject<'o> {
        Subject::new(evaluator, spoken, self.set.clone(), self.ahead)
    }

    /// Explains a lead.
    pub fn explain(&self, lead: &Lead<'_>, problems: &[Problem]) -> Explanation {
        let arena = Bump::new();
        let (outcome, ledger) = self.evaluator.explain(lead, &arena);
        let mut explanation = explain(self.evaluator, self.spoken, lead, &outcome, &ledger, problems);
        explanation.input.set.clone_from(&self.set);
        if self.ahead.any() {
            explanation.outlook = Some(outlook(self.evaluator, self.spoken, &self.time, lead, self.ahead));
        }
        explanation
    }
}

/// An explanation for each key, in their order.
pub fn find(want: &Want<'_>, subject: &Subject<'_>, terminal: &Terminal) -> Result<Vec<Explanation>, Failure> {
    Ok(find_at(want, subject, None, terminal)?.0)
}

/// As [`find`], and the same leads at another as-of.
pub fn find_at(
    want: &Want<'_>,
    subject: &Subject<'_>,
    other: Option<&Evaluator<'_>>,
    terminal: &Terminal,
) -> Result<(Vec<Explanation>, Vec<Explanation>), Failure> {
    let plan = events::plan(subject.evaluator.program());
    let mut search = Search::new(want);
    // Standard input is read once: all that a failure needs to say is gathered on the way.
    let once = want.leads == "-";
    let seek = Seek::new(want.keys.iter().map(String::as_str), &plan);
    let store = want.events.map(|path| search.events(path, &plan, &seek, terminal)).transpose()?;
    let other = other.map(|evaluator| subject.with(evaluator, subject.spoken));
    let mut look = |decoded: Decoded<'_>| search.look(decoded, subject, other.as_ref());
    leads::scan(want.leads, &plan, (!once).then_some(&seek), store.as_ref(), terminal, &mut look)?;
    if search.found.iter().any(Option::is_none) && !once {
        // Once more, for what there is instead.
        search.records = 0;
        leads::scan(want.leads, &plan, None, None, terminal, &mut |decoded| search.note(&decoded))?;
    }
    search.finish(want, terminal)
}

/// Looks for leads among the records.
struct Search {
    /// Trimmed keys.
    keys: Vec<String>,
    found: Vec<Option<Found>>,
    records: u64,
    rejected: HashMap<String, Reject>,
    /// What is wrong with their events in a second file.
    event_problems: HashMap<String, Vec<Problem>>,
    /// Keys of other leads.
    others: Vec<String>,
}

struct Found {
    now: Explanation,
    then: Option<Explanation>,
    /// How many records have the key.
    times: u64,
}

impl Search {
    fn new(want: &Want<'_>) -> Search {
        let keys: Vec<String> = want.keys.iter().map(|key| trim(key).to_owned()).collect();
        let found = keys.iter().map(|_| None).collect();
        Search { keys, found, records: 0, rejected: HashMap::new(), event_problems: HashMap::new(), others: Vec::new() }
    }

    fn events(&mut self, path: &str, plan: &Plan<'_>, seek: &Seek, terminal: &Terminal) -> Result<EventStore, Failure> {
        events::read_sought(path, plan, Some(seek), terminal, &mut |problem| match problem {
            EventProblem::Value { key, problem, .. } if self.keys.contains(&key) => {
                self.event_problems.entry(key).or_default().push(problem);
            }
            _ => {}
        })
    }

    fn look(&mut self, decoded: Decoded<'_>, subject: &Subject<'_>, other: Option<&Subject<'_>>) {
        self.note(&decoded);
        let Decoded::Lead { lead, mut problems, .. } = decoded else { return };
        let mut made = None;
        for (key, found) in self.keys.iter().zip(&mut self.found) {
            if lead.key != key {
                continue;
            }
            match found {
                Some(found) => found.times += 1,
                None => {
                    if made.is_none() {
                        problems.append(&mut self.event_problems.remove(key).unwrap_or_default());
                    }
                    let (now, then) = made.get_or_insert_with(|| {
                        let then = other.map(|other| other.explain(&lead, &problems));
                        (subject.explain(&lead, &problems), then)
                    });
                    *found = Some(Found { now: now.clone(), then: then.clone(), times: 1 });
                }
            }
        }
    }

    /// Notes what a failure would need to say.
    fn note(&mut self, decoded: &Decoded<'_>) {
        self.records += 1;
        match decoded {
            Decoded::Lead { lead, .. } if self.others.len() < REMEMBERED => self.others.push(lead.key.to_owned()),
            Decoded::Lead { .. } => {}
            Decoded::Reject(reject) => {
                if let Some(key) = reject.key.as_deref().map(trim).filter(|key| self.keys.iter().any(|own| own == key))
                {
                    self.rejected.entry(key.to_owned()).or_insert_with(|| reject.clone());
                }
            }
        }
    }

    fn finish(mut self, want: &Want<'_>, terminal: &Terminal) -> Result<(Vec<Explanation>, Vec<Explanation>), Failure> {
        let (mut now, mut then) = (Vec::new(), Vec::new());
        for (place, found) in std::mem::take(&mut self.found).into_iter().enumerate() {
            let key = &self.keys[place];
            let Some(found) = found else { return Err(self.not_found(key, want.leads)) };
            if found.times > 1 {
                let records = count(found.times, "record has", "records have");
                terminal.warn(&format!("{records} the key `{key}`: the first is explained"), None);
            }
            now.push(found.now);
            then.extend(found.then);
        }
        Ok((now, then))
    }

    fn not_found(&self, key: &str, path: &str) -> Failure {
        let (shown_key, path) = (shown(key, 60), input::name(path));
        if let Some(reject) = self.rejected.get(key) {
            let detail = shown(&reject.detail, 200);
            return Failure::new(format!(
                "the record of `{shown_key}` in {path}, line {}, is rejected: {detail} ({})",
                reject.line,
                reject.kind.as_str()
            ));
        }
        let near = match key.is_empty() {
            true => None,
            false => did_you_mean(key, self.others.iter().map(String::as_str)),
        };
        Failure::new(format!("no lead `{shown_key}` among the {} of {path}", count(self.records, "record", "records")))
            .maybe_help(near.map(|near| crate::base::visible(&near).into_owned()))
    }
}
