//! Looking for leads by their keys among records: only what can hold a wanted key is decoded.

use super::exit::Failure;
use super::terminal::{Terminal, count, shown};
use super::{events, input, leads};
use crate::base::visible;
use crate::data::{Decoded, EventProblem, Plan, Seek};
use crate::diagnostic::did_you_mean;
use crate::model::text::trim;
use crate::model::{Lead, Problem, Reject};
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

/// What `tell` makes of each lead, in the order of the keys; of several records with one key the first.
pub fn find<T: Clone>(
    want: &Want<'_>,
    plan: &Plan<'_>,
    terminal: &Terminal,
    tell: &mut dyn FnMut(&Lead<'_>, &[Problem]) -> T,
) -> Result<Vec<T>, Failure> {
    let mut search = Search::new(want);
    // Standard input is read once: all that a failure needs to say is gathered on the way.
    let once = want.leads == "-";
    let seek = Seek::new(want.keys.iter().map(String::as_str), plan);
    let (keys, problems) = (&search.keys, &mut search.event_problems);
    let mut report = |problem| match problem {
        EventProblem::Value { key, problem, .. } if keys.contains(&key) => {
            problems.entry(key).or_default().push(problem);
        }
        _ => {}
    };
    let store = match want.events {
        Some(path) => Some(events::read_sought(path, plan, Some(&seek), terminal, &mut report)?),
        None => None,
    };
    let mut look = |decoded: Decoded<'_>| search.look(decoded, tell);
    leads::scan(want.leads, plan, (!once).then_some(&seek), store.as_ref(), terminal, &mut look)?;
    if search.found.iter().any(Option::is_none) && !once {
        // Once more, for what there is instead.
        search.records = 0;
        leads::scan(want.leads, plan, None, None, terminal, &mut |decoded| search.note(&decoded))?;
    }
    search.finish(want, terminal)
}

/// Looks for leads among the records.
struct Search<T> {
    /// Trimmed keys.
    keys: Vec<String>,
    /// What was made of each, and how many records have its key.
    found: Vec<Option<(T, u64)>>,
    records: u64,
    rejected: HashMap<String, Reject>,
    /// What is wrong with their events in a second file.
    event_problems: HashMap<String, Vec<Problem>>,
    /// Keys of other leads.
    others: Vec<String>,
}

impl<T: Clone> Search<T> {
    fn new(want: &Want<'_>) -> Search<T> {
        let keys: Vec<String> = want.keys.iter().map(|key| trim(key).to_owned()).collect();
        let found = keys.iter().map(|_| None).collect();
        Search { keys, found, records: 0, rejected: HashMap::new(), event_problems: HashMap::new(), others: Vec::new() }
    }

    fn look(&mut self, decoded: Decoded<'_>, tell: &mut dyn FnMut(&Lead<'_>, &[Problem]) -> T) {
        self.note(&decoded);
        let Decoded::Lead { lead, mut problems, .. } = decoded else { return };
        let mut made = None;
        for (key, found) in self.keys.iter().zip(&mut self.found) {
            if lead.key != key {
                continue;
            }
            match found {
                Some((_, times)) => *times += 1,
                None => {
                    if made.is_none() {
                        problems.append(&mut self.event_problems.remove(key).unwrap_or_default());
                    }
                    *found = Some((made.get_or_insert_with(|| tell(&lead, &problems)).clone(), 1));
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

    fn finish(mut self, want: &Want<'_>, terminal: &Terminal) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        for (place, found) in std::mem::take(&mut self.found).into_iter().enumerate() {
            let key = &self.keys[place];
            let Some((made, times)) = found else { return Err(self.not_found(key, want.leads)) };
            if times > 1 {
                let records = count(times, "record has", "records have");
                terminal.warn(&format!("{records} the key `{}`: the first is told of", shown(key, 60)), None);
            }
            all.push(made);
        }
        Ok(all)
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
            .maybe_help(near.map(|near| visible(&near).into_owned()))
    }
}
