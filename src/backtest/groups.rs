//! Leads in groups: by stage, band, fit and rule, each with its rate.

use super::cases::{Case, Judge, passed};
use super::report::{Amount, Group, Groups, Inversion, Ratio, RuleReport, RuleVerdict, StageGroup, WithoutRule};
use super::stats::{Tie, auc, best, rank_test, ties, wilson};
use crate::check::hir::{PartId, Program, StageId};
use crate::eval::Points;
use crate::model::Tri;
use crate::whatif::Name;

/// What every group is compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole {
    /// All leads.
    pub leads: u64,
    /// All conversions.
    pub converted: u64,
    /// Whether there are amounts.
    pub amounts: bool,
}

impl Whole {
    /// Of these leads.
    pub fn new(cases: &[Case], amounts: bool) -> Whole {
        let converted = cases.iter().filter(|case| case.converted).count() as u64;
        Whole { leads: cases.len() as u64, converted, amounts }
    }

    /// A rate by that of all.
    pub fn lift(&self, converted: u64, leads: u64) -> Option<Ratio> {
        let own = Ratio::of(converted, leads)?;
        let all = Ratio::of(self.converted, self.leads).filter(|all| all.0 > 0.0)?;
        Some(Ratio(own.0 / all.0))
    }

    /// A group of leads.
    pub fn group<'c>(&self, name: Name, cases: impl Iterator<Item = &'c Case>) -> Group {
        let (mut leads, mut converted, mut amount) = (0, 0, 0i128);
        for case in cases {
            leads += 1;
            if case.converted {
                converted += 1;
                amount += i128::from(case.amount);
            }
        }
        Group {
            name,
            leads,
            converted,
            share_of_leads: Ratio::of(leads, self.leads),
            rate: Ratio::of(converted, leads),
            interval: interval(converted, leads),
            lift: self.lift(converted, leads),
            share_of_conversions: Ratio::of(converted, self.converted),
            amount: self.amounts.then_some(Amount(amount)),
        }
    }
}

/// Wilson's interval.
pub fn interval(part: u64, all: u64) -> Option<[Ratio; 2]> {
    wilson(part, all).map(|(low, high)| [Ratio(low), Ratio(high)])
}

/// A name of the policy.
pub fn name(name: &str, label: &str) -> Name {
    Name { name: name.to_owned(), label: label.to_owned() }
}

/// A rule or score by its score's name and its own.
pub fn part_name(program: &Program, id: PartId) -> Name {
    let part = &program.parts[id.index()];
    if part.score == id {
        return name(&part.name, &part.label);
    }
    name(&format!("{}.{}", program.parts[part.score.index()].name, part.name), &part.label)
}

/// Leads by stage.
pub fn stages(program: &Program, whole: &Whole, cases: &[Case]) -> Vec<StageGroup> {
    let mut out = Vec::new();
    for (place, stage) in program.stages.iter().enumerate() {
        let here = cases.iter().filter(|case| !case.disqualified && usize::from(case.stage) == place);
        let higher = cases.iter().filter(|case| passed(case, Some(StageId(place as u16))));
        let named = || name(&stage.name, &stage.label);
        out.push(StageGroup { group: whole.group(named(), here), or_higher: Some(whole.group(named(), higher)) });
    }
    if !program.reasons.is_empty() {
        let gone = cases.iter().filter(|case| case.disqualified);
        let group = whole.group(name("disqualified", "Disqualified"), gone);
        out.push(StageGroup { group, or_higher: None });
    }
    out
}

/// Leads by the verdict of each fit.
pub fn fits(program: &Program, whole: &Whole, cases: &[Case]) -> Vec<Groups> {
    let verdicts =
        [(Tri::True, "fits", "fits"), (Tri::Unknown, "unknown", "not known"), (Tri::False, "fails", "fails")];
    let each = program.fits.iter().enumerate().map(|(place, fit)| {
        let groups = verdicts.iter().map(|(verdict, id, label)| {
            whole.group(name(id, label), cases.iter().filter(|case| case.fits.get(place) == Some(verdict)))
        });
        Groups { of: name(&fit.name, &fit.label), groups: groups.collect(), inverted: Vec::new() }
    });
    each.collect()
}

/// Leads by the band of each `bands`.
pub fn bands(program: &Program, whole: &Whole, cases: &[Case]) -> Vec<Groups> {
    let each = program.bands.iter().enumerate().map(|(place, bands)| {
        let choices = program.schema.domain(bands.domain).choices.iter().enumerate();
        let groups: Vec<Group> = choices
            .map(|(band, choice)| {
                let here =
                    cases.iter().filter(|case| case.bands.get(place).is_some_and(|own| usize::from(*own) == band));
                whole.group(name(&choice.name, &choice.label), here)
            })
            .collect();
        let inverted = inversions(&groups);
        Groups { of: name(&bands.name, &bands.label), groups, inverted }
    });
    each.collect()
}

/// Neighbours that have leads, of which the higher converts less.
fn inversions(groups: &[Group]) -> Vec<Inversion> {
    let filled: Vec<&Group> = groups.iter().filter(|group| group.leads > 0).collect();
    let mut out = Vec::new();
    for pair in filled.windows(2) {
        let [lower, higher] = pair else { continue };
        // Without division: a/b < c/d.
        let less = u128::from(higher.converted) * u128::from(lower.leads)
            < u128::from(lower.converted) * u128::from(higher.leads);
        if less {
            let clear = match (lower.interval, higher.interval) {
                (Some([low, _]), Some([_, high])) => high < low,
                _ => false,
            };
            out.push(Inversion { lower: lower.name.label.clone(), higher: higher.name.label.clone(), clear });
        }
    }
    out
}

/// The most values of a rule that are told apart.
const VALUES: usize = 12;

/// Every rule of the policy, in its order.
pub fn rules(
    judge: &Judge<'_>,
    program: &Program,
    whole: &Whole,
    cases: &[Case],
    line: Option<StageId>,
) -> Vec<RuleReport> {
    let ranks = !program.scores.is_empty();
    let scores = ties(cases.iter().map(|case| (case.score, case.converted)));
    let passed_now = cases.iter().filter(|case| passed(case, line)).count() as u64;
    let each = judge.rules().iter().enumerate().map(|(place, id)| {
        let points = |case: &Case| case.rules.get(place).copied().unwrap_or(0);
        let own = ties(cases.iter().map(|case| (points(case), case.converted)));
        let p = rank_test(&own);
        let area = auc(&own);
        let by_points = match own.len() {
            0..=1 => Vec::new(),
            2..=VALUES => own.iter().map(|tie| by_value(whole, tie, cases, &points)).collect(),
            _ => Vec::new(),
        };
        RuleReport {
            name: part_name(program, *id),
            verdict: verdict(&own, area, p),
            with_points: whole.group(name("with_points", "with points"), cases.iter().filter(|case| points(case) != 0)),
            without_points: whole
                .group(name("without_points", "without points"), cases.iter().filter(|case| points(case) == 0)),
            by_points,
            auc: area.map(Ratio),
            p_value: p.map(Ratio),
            without: ranks.then(|| without(place, cases, &scores, line.map(|_| passed_now))),
        }
    });
    each.collect()
}

fn by_value(whole: &Whole, tie: &Tie, cases: &[Case], points: &dyn Fn(&Case) -> i64) -> Group {
    let label = Points(tie.value).to_string();
    whole.group(name(&label, &label), cases.iter().filter(|case| points(case) == tie.value))
}

fn verdict(own: &[Tie], area: Option<f64>, p: Option<f64>) -> RuleVerdict {
    match own {
        [] => RuleVerdict::Never,
        [one] if one.value == 0 => RuleVerdict::Never,
        [_] => RuleVerdict::Same,
        _ => match (area, p) {
            (Some(area), Some(p)) if p < 0.05 && area > 0.5 => RuleVerdict::Helps,
            (Some(area), Some(p)) if p < 0.05 && area < 0.5 => RuleVerdict::Backwards,
            _ => RuleVerdict::NoDifference,
        },
    }
}

fn without(place: usize, cases: &[Case], scores: &[Tie], most: Option<u64>) -> WithoutRule {
    let each = || cases.iter().filter_map(|case| Some((case.without.get(place)?, case.converted)));
    let other = ties(each().map(|(without, converted)| (without.score, converted)));
    let area = auc(&other);
    WithoutRule {
        auc: area.map(Ratio),
        auc_change: area.zip(auc(scores)).map(|(without, with)| Ratio(without - with)),
        passed: each().filter(|(without, _)| without.passed).count() as u64,
        passed_converted: each().filter(|(without, converted)| without.passed && *converted).count() as u64,
        best_change: most.map(|most| Ratio(best(&other, most) - best(scores, most))),
    }
}
