//! What real leads look like under a policy: gathered in one pass, in memory that does not grow with the leads.

use super::thresholds::{Threshold, thresholds};
use crate::check::hir::{Case, ExprId, PartId, PartKind, Program};
use crate::data::{EventsRead, Plan};
use crate::eval::{Evaluator, EventEntry, Fate, FitOutcome, Outcome, Recorder, RuleEntry, SeenEvents};
use crate::model::{Lead, Problem, ProblemKind, Scalar, Tri, Type, Value};
use bumpalo::Bump;
use std::collections::{BTreeMap, HashMap};

/// With fewer leads than this nothing is said of them: a rule that fires for one lead in fifty would be called dead.
pub const ENOUGH: u64 = 100;
/// So many different texts are counted of a field, so many different types of events that no policy declares.
const MOST_TEXTS: usize = 1_000;

/// What real leads look like under a policy, gathered in one pass over them. All tables are by the ids of
/// [`crate::check::hir`] and [`crate::model`].
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// How many leads were decided.
    pub leads: u64,
    /// How many of them must there be before anything is said.
    pub enough: u64,
    /// How many events they have, of undeclared types too.
    pub events: u64,
    /// Checks of fits.
    pub checks: Vec<CheckSeen>,
    /// `define`s and personas that are true.
    pub defines: Vec<u64>,
    /// Rules of scores.
    pub parts: Vec<PartSeen>,
    /// Reasons to disqualify that are true.
    pub reasons: Vec<u64>,
    /// Stages that are reached.
    pub stages: Vec<u64>,
    /// Routes that are taken.
    pub routes: Vec<u64>,
    /// Bands: leads in each.
    pub bands: Vec<Vec<u64>>,
    /// Fields of the lead that are missing.
    pub missing: Vec<u64>,
    /// The texts that text fields hold, as the data spells them.
    pub texts: Vec<Texts>,
    /// By field, texts that are not among the listed ones.
    pub not_listed: BTreeMap<String, Texts>,
    /// Events by declared type.
    pub types: Vec<u64>,
    /// Types that no event declares.
    pub undeclared: Texts,
    /// Lines that scores have to reach.
    pub thresholds: Vec<Threshold>,
    watch: Watch,
}

/// What became of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckSeen {
    /// Leads that pass it.
    pub passes: u64,
    /// Leads that fail it.
    pub fails: u64,
    /// Leads of which that is not known.
    pub unknown: u64,
    /// Leads whose fit would come out otherwise without it.
    pub decides: u64,
}

/// What became of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartSeen {
    /// Leads for which it is true, or whose events count.
    pub fires: u64,
    /// Leads that take each case.
    pub cases: Vec<u64>,
}

/// How often texts occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    counts: HashMap<Box<str>, u64>,
    /// All occurrences, those of texts that are not counted one by one too.
    pub total: u64,
}

impl Texts {
    fn add(&mut self, text: &str) {
        self.total += 1;
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < MOST_TEXTS {
            self.counts.insert(text.into(), 1);
        }
    }

    /// The texts with how often they occur, most frequent first; of as many in the order of their letters.
    pub fn most(&self) -> Vec<(&str, u64)> {
        let mut most: Vec<(&str, u64)> = self.counts.iter().map(|(text, count)| (&**text, *count)).collect();
        most.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        most
    }
}

/// What is watched while a lead is decided.
#[derive(Clone, Debug, Default)]
struct Watch {
    /// By expression: whether it was true.
    values: Vec<Seen>,
    /// Rules of which an event counts.
    counted: Vec<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    Nothing,
    Missing,
    True,
    Other,
}

impl Watch {
    fn clear(&mut self) {
        self.values.fill(Seen::Nothing);
        self.counted.fill(false);
    }

    fn of(&self, id: ExprId) -> Seen {
        self.values.get(id.index()).copied().unwrap_or_default()
    }
}

impl Recorder for Watch {
    const RECORDS: bool = true;

    fn value(&mut self, id: ExprId, value: Value<'_>) {
        if let Some(slot) = self.values.get_mut(id.index()) {
            *slot = match value {
                Value::Missing => Seen::Missing,
                Value::Bool(true) => Seen::True,
                _ => Seen::Other,
            };
        }
    }

    fn seen(&mut self, _: ExprId, _: SeenEvents) {}

    fn event(&mut self, rule: PartId, entry: EventEntry) {
        if entry.fate == Fate::Counts
            && let Some(counted) = self.counted.get_mut(rule.index())
        {
            *counted = true;
        }
    }

    fn part(&mut self, _: PartId, _: RuleEntry) {}
}

impl Statistics {
    /// Nothing yet.
    pub fn new(program: &Program) -> Statistics {
        let cases = |kind: &PartKind| match kind {
            PartKind::By { cases, .. } | PartKind::FirstOf { cases, .. } => cases.len(),
            _ => 0,
        };
        let parts = program.parts.iter().map(|part| PartSeen { fires: 0, cases: vec![0; cases(&part.kind)] });
        Statistics {
            enough: ENOUGH,
            checks: vec![CheckSeen::default(); program.checks.len()],
            defines: vec![0; program.defines.len()],
            parts: parts.collect(),
            reasons: vec![0; program.reasons.len()],
            stages: vec![0; program.stages.len()],
            routes: vec![0; program.routes.len()],
            bands: program.bands.iter().map(|bands| vec![0; bands.from.len() + 1]).collect(),
            missing: vec![0; program.schema.fields.len()],
            texts: vec![Texts::default(); program.schema.fields.len()],
            types: vec![0; program.schema.events.len()],
            thresholds: thresholds(program),
            watch: Watch {
                values: vec![Seen::Nothing; program.expressions as usize],
                counted: vec![false; program.parts.len()],
            },
            ..Statistics::default()
        }
    }

    /// Says something of so few leads already.
    pub fn at_least(mut self, leads: u64) -> Statistics {
        self.enough = leads;
        self
    }

    /// What is to be read of the data: what the policy reads, and the types of all events.
    pub fn plan(program: &Program) -> Plan<'_> {
        Plan::new(&program.schema, &program.zone, EventsRead::All)
    }

    /// Whether there are leads enough to say something.
    pub fn says_something(&self) -> bool {
        self.leads >= self.enough.max(1)
    }

    /// Takes in a lead and what could not be read of it.
    pub fn lead<'a>(
        &mut self,
        evaluator: &'a Evaluator<'a>,
        lead: &'a Lead<'a>,
        problems: &[Problem],
        arena: &'a Bump,
    ) {
        let program = evaluator.program();
        self.leads += 1;
        problems.iter().for_each(|problem| self.problem(problem));
        self.watch.clear();
        let outcome = evaluator.record(lead, arena, &mut self.watch);
        self.fields(program, lead);
        self.checks(program, &outcome);
        self.parts(program, &outcome);
        for (count, value) in self.defines.iter_mut().zip(outcome.defines.iter()) {
            *count += u64::from(value.tri().is_true());
        }
        for (count, reason) in self.reasons.iter_mut().zip(outcome.reasons.iter()) {
            *count += u64::from(reason.is_true());
        }
        for (count, reached) in self.stages.iter_mut().zip(outcome.reached.iter()) {
            *count += u64::from(*reached);
        }
        if let Some(count) = outcome.route.and_then(|route| self.routes.get_mut(route.index())) {
            *count += 1;
        }
        for (counts, band) in self.bands.iter_mut().zip(outcome.bands.iter()) {
            if let Some(count) = counts.get_mut(usize::from(*band)) {
                *count += 1;
            }
        }
        if !lead.events.is_empty() {
            self.thresholds.iter_mut().for_each(|threshold| threshold.take(outcome.points(threshold.score)));
        }
    }

    /// Takes in a value that could not be read: of a lead, or of a second file of events.
    pub fn problem(&mut self, problem: &Problem) {
        if problem.kind == ProblemKind::NotListed {
            self.not_listed.entry(problem.field.clone()).or_default().add(&problem.value);
        }
    }

    fn fields(&mut self, program: &Program, lead: &Lead<'_>) {
        for (place, field) in program.schema.fields.iter().enumerate() {
            match lead.fields.get(place) {
                Some(Value::Missing) | None => self.missing[place] += 1,
                Some(Value::Text(text)) if field.used && !field.key && field.ty == Type::One(Scalar::Text) => {
                    self.texts[place].add(text);
                }
                Some(_) => {}
            }
        }
        self.events += lead.events.len() as u64;
        for event in lead.events {
            match event.ty.and_then(|ty| self.types.get_mut(ty.index())) {
                Some(count) => *count += 1,
                None => self.undeclared.add(event.spelling),
            }
        }
    }

    fn checks(&mut self, program: &Program, outcome: &Outcome<'_>) {
        for (place, check) in program.checks.iter().enumerate() {
            let (seen, verdict) = (&mut self.checks[place], outcome.checks[place]);
            match verdict {
                Tri::True => seen.passes += 1,
                Tri::False => seen.fails += 1,
                Tri::Unknown => seen.unknown += 1,
            }
            let fit = &program.fits[check.fit.index()];
            seen.decides += u64::from(decides(outcome.fit(check.fit), fit.needs, fit.checks.len() as u16, verdict));
        }
    }

    fn parts(&mut self, program: &Program, outcome: &Outcome<'_>) {
        for (place, part) in program.parts.iter().enumerate() {
            let seen = &mut self.parts[place];
            let fires = match &part.kind {
                PartKind::If { condition, .. } => self.watch.of(condition.id) == Seen::True,
                PartKind::Per(_) => self.watch.counted[place],
                PartKind::PerPeriod { .. } => outcome.points[place] != 0,
                PartKind::By { value, cases, .. } => {
                    let known = self.watch.of(value.id) != Seen::Missing;
                    known && take(cases, &self.watch, &mut seen.cases)
                }
                PartKind::FirstOf { cases, .. } => take(cases, &self.watch, &mut seen.cases),
                PartKind::Group { .. } | PartKind::Include { .. } => continue,
            };
            seen.fires += u64::from(fires);
        }
    }
}

/// Counts the case that a lead takes.
fn take(cases: &[Case], watch: &Watch, counts: &mut [u64]) -> bool {
    let taken = cases.iter().position(|case| watch.of(case.condition.id) == Seen::True);
    if let Some(count) = taken.and_then(|taken| counts.get_mut(taken)) {
        *count += 1;
    }
    taken.is_some()
}

/// Whether a fit would come out otherwise if every lead passed this check; where fewer checks than all are needed, also
/// if every lead failed it.
fn decides(fit: FitOutcome, needs: u16, checks: u16, check: Tri) -> bool {
    let verdict = |passed: u16, unknown: u16| {
        if passed >= needs {
            Tri::True
        } else if passed + unknown < needs {
            Tri::False
        } else {
            Tri::Unknown
        }
    };
    let (passed, unknown) = match check {
        Tri::True => (fit.passed - 1, fit.unknown),
        Tri::False => (fit.passed, fit.unknown),
        Tri::Unknown => (fit.passed, fit.unknown - 1),
    };
    verdict(passed + 1, unknown) != fit.verdict || (needs < checks && verdict(passed, unknown) != fit.verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides() {
        let fit = |passed, failed, unknown, verdict| FitOutcome { passed, failed, unknown, verdict };
        // All of three: the one that fails alone decides, of two none does.
        assert!(decides(fit(2, 1, 0, Tri::False), 3, 3, Tri::False));
        assert!(!decides(fit(1, 2, 0, Tri::False), 3, 3, Tri::False));
        assert!(!decides(fit(3, 0, 0, Tri::True), 3, 3, Tri::True));
        // Two of three: a pass too many decides nothing.
        assert!(decides(fit(2, 1, 0, Tri::True), 2, 3, Tri::True));
        assert!(!decides(fit(3, 0, 0, Tri::True), 2, 3, Tri::True));
    }

    #[test]
    fn texts_are_counted_up_to_a_number() {
        let mut texts = Texts::default();
        for number in 0..2 * MOST_TEXTS {
            texts.add("often");
            texts.add(&number.to_string());
        }
        assert_eq!(texts.most().first(), Some(&("often", 2 * MOST_TEXTS as u64)));
        assert_eq!(texts.most().len(), MOST_TEXTS);
        assert_eq!(texts.total, 4 * MOST_TEXTS as u64);
    }
}
