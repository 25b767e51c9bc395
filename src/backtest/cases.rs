//! Leads as they were judged: what the policy said of each at its instant, and what became of it.

use super::instant::{Instant, created, instant_of};
use super::outcomes::{Known, OutcomeTable};
use crate::check::hir::{Included, PartId, PartKind, Program, StageId, Step};
use crate::data::{Decoded, EventStore};
use crate::eval::{Evaluator, Outcome};
use crate::model::time::{AsOf, EARLIEST};
use crate::model::{FieldId, Lead, Scalar, Tri, Type, Value};
use crate::whatif::{HistoryOptions, TimePlan, stage_changes};
use bumpalo::Bump;
use std::collections::HashMap;

/// A lead that was judged and whose outcome is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Where its record stands among the leads, from 1: what two policies are joined on.
    pub record: u64,
    /// Its key.
    pub key: Box<str>,
    /// When it was judged.
    pub at: i64,
    /// Whether it converted.
    pub converted: bool,
    /// When, if that is known.
    pub converted_at: Option<i64>,
    /// For how much, in ten-thousandths.
    pub amount: i64,
    /// The stage; 0 without stages.
    pub stage: u16,
    /// Whether it is disqualified.
    pub disqualified: bool,
    /// Events after the instant: none was looked at.
    pub later_events: u32,
    /// Fields with a date or time after the instant.
    pub later_values: Box<[FieldId]>,
    /// By [`crate::check::hir::BandsId`].
    pub bands: Box<[u16]>,
    /// By [`crate::check::hir::FitId`].
    pub fits: Box<[Tri]>,
    /// The points of the score that leads are ranked by, in ten-thousandths.
    pub score: i64,
    /// The points of each rule, in the order of [`Judge::rules`].
    pub rules: Box<[i64]>,
    /// What the policy would say without each rule; empty unless asked for.
    pub without: Box<[Without]>,
}

/// What the policy would say of a lead without a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Without {
    /// The points of the score.
    pub score: i64,
    /// Whether it would be passed on.
    pub passed: bool,
}

/// Why a lead is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// The file of outcomes does not name it.
    NoOutcome,
    /// It does, and does not say whether it converted.
    Unknown,
    /// The field or column of the instant is missing.
    NoInstant,
    /// It never reached the stage.
    NotReached,
    /// It did not exist yet.
    NotCreated,
    /// Its outcome was there already.
    Settled,
    /// It is judged after the last instant of which outcomes are known.
    AfterEnd,
    /// There was not enough time for its outcome.
    TooYoung,
    /// It belongs to the past that thresholds are chosen on.
    Past,
}

impl LeftOut {
    /// All reasons.
    pub const ALL: [LeftOut; 9] = [
        LeftOut::NoOutcome,
        LeftOut::Unknown,
        LeftOut::NoInstant,
        LeftOut::NotReached,
        LeftOut::NotCreated,
        LeftOut::Settled,
        LeftOut::AfterEnd,
        LeftOut::TooYoung,
        LeftOut::Past,
    ];
}

/// Everything that came of a file of leads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cases {
    /// The leads that were judged, as they stand in the data.
    pub all: Vec<Case>,
    /// Records of the file.
    pub records: u64,
    /// Records without a decision.
    pub rejected: u64,
    /// Values that could not be read.
    pub problems: u64,
    /// Leads that were not judged, by reason.
    pub left_out: HashMap<LeftOut, u64>,
}

/// What judges the leads.
#[derive(Debug)]
pub struct Judge<'p> {
    program: &'p Program,
    evaluator: Evaluator<'p>,
    instant: Instant,
    /// Instants by record, instead: those of another policy.
    given: Option<HashMap<u64, i64>>,
    created: Option<FieldId>,
    /// Fields that people fill in from a stage on; the stage field is there from none.
    hidden: Vec<(FieldId, u16)>,
    times: Vec<FieldId>,
    score: Option<PartId>,
    line: Option<StageId>,
    rules: Vec<PartId>,
    /// The order of evaluation without each rule; empty unless asked for.
    shorter: Vec<Vec<Step>>,
    history: TimePlan,
    until: Option<i64>,
}

/// How leads are judged.
#[derive(Clone, Debug)]
pub struct JudgeOptions {
    /// The instant of each.
    pub instant: Instant,
    /// Instants by record, instead.
    pub given: Option<HashMap<u64, i64>>,
    /// The score that leads are ranked by.
    pub score: Option<PartId>,
    /// The stage from which on leads are passed to sales.
    pub line: Option<StageId>,
    /// Whether each rule is left out once.
    pub without_rules: bool,
    /// The last instant of which outcomes are known.
    pub until: Option<i64>,
}

/// The rules of all scores: what is worth points itself.
pub fn rules(program: &Program) -> Vec<PartId> {
    let places = program.parts.iter().enumerate().filter(|(_, part)| {
        !matches!(part.kind, PartKind::Group { .. } | PartKind::Include { of: Included::Score(_), .. })
    });
    places.map(|(place, _)| PartId(place as u16)).collect()
}

impl<'p> Judge<'p> {
    /// What judges leads by a policy.
    pub fn new(program: &'p Program, options: JudgeOptions) -> Judge<'p> {
        let evaluator = Evaluator::new(program, AsOf::new(0, &program.zone));
        let fields = || program.schema.fields.iter().enumerate();
        let stage = program.schema.stage_field.map(|id| (id, u16::MAX));
        let known_later = fields()
            .filter_map(|(place, field)| field.known_from.map(|stage| (FieldId(place as u16), stage)))
            .filter(|(id, _)| stage.is_none_or(|(stage, _)| stage != *id));
        let times = fields().filter(|(_, field)| {
            field.used && !field.key && matches!(field.ty, Type::One(Scalar::Time | Scalar::Date))
        });
        let rules = rules(program);
        let shorter = match options.without_rules {
            true => rules.iter().map(|rule| without(program, *rule)).collect(),
            false => Vec::new(),
        };
        Judge {
            history: TimePlan::new(&evaluator),
            program,
            evaluator,
            instant: options.instant,
            given: options.given,
            created: created(program),
            hidden: known_later.chain(stage).collect(),
            times: times.map(|(place, _)| FieldId(place as u16)).collect(),
            score: options.score,
            line: options.line,
            rules,
            shorter,
            until: options.until,
        }
    }

    /// The rules, in the order of their points in a case.
    pub fn rules(&self) -> &[PartId] {
        &self.rules
    }

    /// Takes in a batch of leads.
    pub fn batch(
        &self,
        batch: &crate::data::Batch,
        plan: &crate::data::Plan<'_>,
        events: Option<&EventStore>,
        outcomes: &mut OutcomeTable,
        cases: &mut Cases,
    ) {
        let arena = Bump::new();
        let mut scratch = Bump::new();
        batch.decode(plan, events, &arena, &mut |record| {
            cases.records += 1;
            match record {
                Decoded::Reject(_) => cases.rejected += 1,
                Decoded::Lead { lead, problems, .. } => {
                    cases.problems += problems.len() as u64;
                    let known = outcomes.find(lead.key);
                    match self.lead(&lead, cases.records, known, &scratch) {
                        Ok(case) => cases.all.push(case),
                        Err(why) => *cases.left_out.entry(why).or_default() += 1,
                    }
                    scratch.reset();
                }
            }
        });
    }

    fn later_values(&self, lead: &Lead<'_>, at: i64) -> Box<[FieldId]> {
        let shown = self.times.iter().filter(|id| !self.hidden.iter().any(|(hidden, _)| hidden == *id));
        let later = |id: &&FieldId| instant_of(lead.field(**id), &self.program.zone).is_some_and(|value| value > at);
        shown.filter(later).copied().collect()
    }

    /// Judges a lead at its instant, by what was known then.
    pub fn lead(&self, lead: &Lead<'_>, record: u64, known: Option<Known>, arena: &Bump) -> Result<Case, LeftOut> {
        let known = known.ok_or(LeftOut::NoOutcome)?;
        let converted = known.converted.ok_or(LeftOut::Unknown)?;
        let at = match &self.given {
            Some(given) => *given.get(&record).ok_or(LeftOut::NoInstant)?,
            None => self.instant_of(lead, arena)?,
        };
        let begun = self.created.and_then(|field| instant_of(lead.field(field), &self.program.zone));
        if begun.is_some_and(|begun| begun > at) {
            return Err(LeftOut::NotCreated);
        }
        if known.at.is_some_and(|outcome| outcome <= at) {
            return Err(LeftOut::Settled);
        }
        if self.until.is_some_and(|until| until < at) {
            return Err(LeftOut::AfterEnd);
        }
        let standing = match self.instant {
            Instant::Reached(stage) => Some(stage),
            _ => None,
        };
        let evaluator = self.evaluator.at(AsOf::new(at, &self.program.zone)).standing(standing);
        let mut here = standing.map_or(0, |stage| stage.0);
        loop {
            let masked = Lead { fields: self.fields_known(lead, here, arena), ..*lead };
            let outcome = evaluator.evaluate(&masked, arena);
            let stage = if outcome.disqualified { 0 } else { outcome.stage };
            // A lead that stands higher may have fields that it had not below; with them it may stand higher still.
            if stage > here && self.hidden.iter().any(|(_, from)| (here + 1..=stage).contains(from)) {
                here = stage;
                continue;
            }
            let mut case = self.case(&outcome);
            case.without = self.without(&evaluator, &masked, &case, arena);
            (case.record, case.key, case.at) = (record, lead.key.into(), at);
            (case.converted, case.converted_at) = (converted, known.at.filter(|_| converted));
            case.amount = known.amount.unwrap_or(0);
            case.later_events = lead.events.iter().rev().take_while(|event| event.at > at).count() as u32;
            case.later_values = self.later_values(lead, at);
            return Ok(case);
        }
    }

    fn instant_of(&self, lead: &Lead<'_>, arena: &Bump) -> Result<i64, LeftOut> {
        let Instant::Reached(stage) = self.instant else {
            return self.instant.of(lead, &self.program.zone).ok_or(LeftOut::NoInstant);
        };
        // The stage field of today tells what was to come, and so do fields that are filled in behind the stage.
        let masked = Lead { fields: self.fields_known(lead, stage.0, arena), ..*lead };
        let options = HistoryOptions { until: self.until, ..HistoryOptions::default() };
        let (changes, _) = stage_changes(&self.evaluator, &self.history, &masked, options);
        let place = |name: &str| self.program.stages.iter().position(|stage| stage.name == name);
        let reached = |name: &str| place(name).is_some_and(|place| place >= stage.index());
        let first = changes.iter().find(|change| reached(&change.to.name));
        first.map(|change| change.at).filter(|at| *at > EARLIEST).ok_or(LeftOut::NotReached)
    }

    /// The fields that were known of a lead that stood at this stage.
    fn fields_known<'a>(&self, lead: &Lead<'a>, stage: u16, arena: &'a Bump) -> &'a [Value<'a>] {
        if self.hidden.is_empty() {
            return lead.fields;
        }
        let fields = arena.alloc_slice_copy(lead.fields);
        for (id, from) in &self.hidden {
            if let Some(field) = fields.get_mut(id.index()).filter(|_| *from > stage) {
                *field = Value::Missing;
            }
        }
        fields
    }

    fn case(&self, outcome: &Outcome<'_>) -> Case {
        Case {
            record: 0,
            key: Box::default(),
            at: 0,
            converted: false,
            converted_at: None,
            amount: 0,
            later_events: 0,
            later_values: Box::default(),
            stage: outcome.stage,
            disqualified: outcome.disqualified,
            bands: Box::from(&*outcome.bands),
            fits: outcome.fits.iter().map(|fit| fit.verdict).collect(),
            score: self.score.map_or(0, |score| outcome.points(score)),
            rules: self.rules.iter().map(|rule| outcome.points(*rule)).collect(),
            without: Box::default(),
        }
    }

    fn without(&self, evaluator: &Evaluator<'_>, lead: &Lead<'_>, case: &Case, arena: &Bump) -> Box<[Without]> {
        let same = Without { score: case.score, passed: passed(case, self.line) };
        let each = self.shorter.iter().zip(&case.rules).map(|(steps, points)| {
            // A rule without points changes nothing by going.
            if *points == 0 {
                return same;
            }
            let other = self.case(&evaluator.evaluate_steps(lead, steps, arena));
            Without { score: other.score, passed: passed(&other, self.line) }
        });
        each.collect()
    }
}

/// Whether a lead is passed on: it stands at the stage or higher.
pub fn passed(case: &Case, line: Option<StageId>) -> bool {
    line.is_some_and(|line| !case.disqualified && case.stage >= line.0)
}

/// The order of evaluation without a rule: its points stay 0.
fn without(program: &Program, rule: PartId) -> Vec<Step> {
    program.order.iter().copied().filter(|step| *step != Step::Part(rule)).collect()
}
