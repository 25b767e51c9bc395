//! What leads cost, and what sales can work.

use super::cases::{Case, passed};
use super::ranking::scores;
use super::report::{Amount, Capacity, Costs, Ratio, StageCost};
use super::{groups, stats};
use crate::check::hir::{Program, StageId};
use crate::eval::Points;
use crate::model::number::POINTS_SCALE;
use crate::model::time::Zone;

/// How many leads sales can work in a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How many.
    pub leads: u64,
    /// In how long.
    pub per: Per,
}

/// A time in which leads are worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Per {
    Day,
    Week,
    /// The twelfth of a year of 365.25 days.
    Month,
    /// 365.25 days.
    Year,
}

impl Per {
    /// Hundredths of its days, and how often it goes into them.
    fn days(self) -> (u128, u128) {
        match self {
            Per::Day => (100, 1),
            Per::Week => (700, 1),
            Per::Month => (36_525, 12),
            Per::Year => (36_525, 1),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Per::Day => "day",
            Per::Week => "week",
            Per::Month => "month",
            Per::Year => "year",
        }
    }
}

impl Workload {
    /// From text: `200/month`.
    pub fn parse(text: &str) -> Option<Workload> {
        let (leads, per) = text.split_once('/')?;
        let per = match per.trim() {
            "day" => Per::Day,
            "week" => Per::Week,
            "month" => Per::Month,
            "year" => Per::Year,
            _ => return None,
        };
        Some(Workload { leads: leads.trim().parse().ok()?, per })
    }

    /// How many leads that is in so many days, rounded down.
    pub fn in_days(&self, days: u64) -> u64 {
        let (length, times) = self.per.days();
        let leads = u128::from(self.leads) * u128::from(days) * 100 * times / length;
        u64::try_from(leads).unwrap_or(u64::MAX)
    }
}

/// What a lead costs, and what that makes at every stage. `per_lead` is in ten-thousandths.
pub fn costs(program: &Program, cases: &[Case], per_lead: i64) -> Costs {
    let total = i128::from(per_lead) * cases.len() as i128;
    let each = |leads: u64| (leads > 0).then(|| Ratio(total as f64 / (leads as f64 * POINTS_SCALE as f64)));
    let stages = program.stages.iter().enumerate().map(|(place, stage)| {
        let leads = cases.iter().filter(|case| passed(case, Some(StageId(place as u16)))).count() as u64;
        StageCost { stage: groups::name(&stage.name, &stage.label), leads, cost: each(leads) }
    });
    Costs {
        per_lead: Amount(i128::from(per_lead)),
        total: Amount(total),
        per_stage: stages.collect(),
        per_customer: each(cases.iter().filter(|case| case.converted).count() as u64),
    }
}

/// The threshold that gives sales no more leads than they can work. Disqualified leads are not worked.
pub fn capacity(workload: &Workload, zone: &Zone, cases: &[Case], line: Option<StageId>) -> Capacity {
    let days = || cases.iter().map(|case| zone.day(case.at));
    let length = days().max().zip(days().min()).map_or(0, |(last, first)| i64::from(last) - i64::from(first) + 1);
    let days = u64::try_from(length).unwrap_or(0);
    let most = workload.in_days(days);
    let (mut leads, mut converted, mut threshold) = (0, 0, None);
    let open = cases.iter().filter(|case| !case.disqualified);
    for tie in stats::ties(open.map(|case| (case.score, case.converted))) {
        if leads + tie.leads > most {
            break;
        }
        leads += tie.leads;
        converted += tie.converted;
        threshold = Some(Points(tie.value));
    }
    let all = stats::totals(&scores(cases)).1;
    let passed = || cases.iter().filter(|case| passed(case, line));
    Capacity {
        given: format!("{} leads a {}", workload.leads, workload.per.name()),
        days,
        most,
        threshold,
        leads,
        converted,
        lost: all - converted,
        lost_share: Ratio::of(all - converted, all),
        passed: line.map(|_| passed().count() as u64),
        passed_converted: line.map(|_| passed().filter(|case| case.converted).count() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads() {
        let of = |text: &str, days| Workload::parse(text).map(|workload| workload.in_days(days));
        assert_eq!(of("200/month", 30), Some(197));
        assert_eq!(of("7 / week", 10), Some(10));
        assert_eq!(of("200", 10), None);
        assert_eq!(of("x/day", 10), None);
        assert_eq!(of("1/fortnight", 10), None);
    }
}
