//! Random policies: what the analysis claims of all leads against what the evaluator says of many.
//!
//! `ANALYSIS_POLICIES` sets how many policies.

use crate::reference::generate::{Generated, lead, policy};
use crate::support::agree::compile;
use bumpalo::Bump;
use qualify::analysis::{Analysis, Budget, End, Goal, Reachable};
use qualify::check::hir::{AlwaysId, BandsId, CheckId, FitId, MatrixId, PartId, Program, ReasonId, RouteId, StageId};
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::model::time::AsOf;
use qualify::model::{Lead, Tri};
use std::collections::BTreeMap;

const POLICIES: u64 = 12;
const LEADS: u64 = 40;

/// Questions asked, and those left open.
#[derive(Default)]
struct Tally {
    asked: BTreeMap<&'static str, (u32, u32)>,
    open: Vec<String>,
}

impl Tally {
    fn count(&mut self, what: &'static str, open: bool, name: impl FnOnce() -> String) {
        let entry = self.asked.entry(what).or_default();
        entry.0 += 1;
        entry.1 += u32::from(open);
        if open {
            self.open.push(name());
        }
    }
}

#[test]
fn no_lead_contradicts_a_claim() {
    let policies = std::env::var("ANALYSIS_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(POLICIES);
    let first = std::env::var("ANALYSIS_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut tally = Tally::default();
    let mut failures = Vec::new();
    // These have shown a mistake before.
    for seed in [1046, 1128].into_iter().chain(first..first + policies) {
        let made = policy(seed, 1);
        let Ok(program) = compile(&made.text, &made.files()) else { continue };
        one(seed, &made, &program, &mut tally, &mut failures);
        if failures.len() >= 3 {
            break;
        }
    }
    let (asked, open) = tally.asked.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    for (what, (asked, open)) in &tally.asked {
        println!("{what:<10} {asked:>6} asked, {open:>5} open ({:.1} %)", 100.0 * f64::from(*open) / f64::from(*asked));
    }
    println!("{asked} questions, {open} left open: {:.2} %", 100.0 * f64::from(open) / f64::from(asked));
    if std::env::var("SHOW_OPEN").is_ok() {
        tally.open.iter().for_each(|open| println!("{open}"));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(u64::from(asked) > 10 * policies, "only {asked} questions");
    // A search that finds nothing would leave far more open.
    assert!(f64::from(open) < 0.15 * f64::from(asked), "{open} of {asked} are left open");
}

fn goals<'p>(program: &'p Program) -> Vec<(&'static str, Goal<'p>)> {
    let mut goals = Vec::new();
    let tris = [Tri::True, Tri::False, Tri::Unknown];
    let ids = |count: usize| 0..count as u16;
    for check in ids(program.checks.len()) {
        goals.extend(tris.map(|value| ("check", Goal::Check(CheckId(check), value))));
    }
    for fit in ids(program.fits.len()) {
        goals.extend(tris.map(|value| ("fit", Goal::Fit(FitId(fit), value))));
    }
    for reason in ids(program.reasons.len()) {
        goals.extend(tris.map(|value| ("reason", Goal::Reason(ReasonId(reason), value))));
    }
    for always in ids(program.always.len()) {
        goals.extend(tris.map(|value| ("always", Goal::Always(AlwaysId(always), value))));
    }
    for stage in ids(program.stages.len()) {
        goals.push(("stage", Goal::Stage(StageId(stage))));
        goals.push(("reached", Goal::Reached(StageId(stage))));
    }
    for (place, bands) in program.bands.iter().enumerate() {
        goals.extend(ids(bands.from.len() + 1).map(|band| ("band", Goal::Band(BandsId(place as u16), band))));
    }
    for (place, matrix) in program.matrices.iter().enumerate() {
        let count = program.schema.domain(matrix.domain).choices.len();
        goals.extend(ids(count).map(|cell| ("cell", Goal::Cell(MatrixId(place as u16), cell))));
    }
    if !program.routes.is_empty() {
        goals.extend(ids(program.routes.len()).map(|route| ("route", Goal::Route(Some(RouteId(route))))));
        goals.push(("route", Goal::Route(None)));
    }
    goals
}

fn one(seed: u64, made: &Generated, program: &Program, tally: &mut Tally, failures: &mut Vec<String>) {
    let as_of = AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of");
    let analysis = Analysis::new(program, as_of);
    let budget = Budget::FULL;
    let ranges: Vec<_> = (0..program.parts.len()).map(|part| analysis.range(PartId(part as u16), budget)).collect();
    for (place, range) in ranges.iter().enumerate() {
        let part = PartId(place as u16);
        for (end, sign) in [(&range.low, -1), (&range.high, 1)] {
            let open = end.bound.is_some() && !end.is_exact();
            tally.count("range", open, || {
                format!("seed {seed}: range of {} ({})", program.parts[place].name, show(end))
            });
            assert_eq!(analysis.points(part, &end.witness), end.reached, "seed {seed}: a witness was not confirmed");
            if end.bound.is_some_and(|bound| bound * sign < end.reached * sign) {
                failures.push(format!(
                    "seed {seed}: a witness beyond the bound of {}: {}",
                    program.parts[place].name,
                    show(end)
                ));
            }
        }
    }
    let answers: Vec<_> =
        goals(program).into_iter().map(|(what, goal)| (what, analysis.reachable(&goal, budget), goal)).collect();
    for (what, answer, goal) in &answers {
        let open = matches!(answer, Reachable::NotDecided(_));
        tally.count(what, open, || format!("seed {seed}: {goal:?}").chars().take(200).collect());
        if let Reachable::Yes(witness) = answer {
            assert!(analysis.confirms(goal, witness), "seed {seed}: a witness was not confirmed: {goal:?}");
        }
    }
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    for number in 0..LEADS {
        let data = lead(&made.schema, seed * LEADS + number);
        let arena = Bump::new();
        let batch = Batch::of_json(&data.to_string());
        batch.decode(&plan, None, &arena, &mut |record| {
            let Decoded::Lead { lead, .. } = record else { return };
            let wrong = contradictions(program, &analysis, &ranges, &answers, &lead);
            if !wrong.is_empty() {
                let text = wrong.join("\n");
                failures.push(format!(
                    "seed {seed}, lead {number}, as of {}:\n{text}\n{}\n{data}",
                    made.schema.as_of, made.text
                ));
            }
        });
        if failures.len() >= 3 {
            return;
        }
    }
}

fn contradictions<'p>(
    program: &'p Program,
    analysis: &Analysis<'p>,
    ranges: &[qualify::analysis::Range],
    answers: &[(&'static str, Reachable, Goal<'p>)],
    lead: &Lead<'_>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (place, range) in ranges.iter().enumerate() {
        let part = PartId(place as u16);
        if let Some(low) = range.low.bound
            && !analysis.holds(&Goal::AtLeast(part, low), lead)
        {
            wrong.push(format!("{} has fewer points than {}", program.parts[place].name, show(&range.low)));
        }
        if let Some(high) = range.high.bound
            && !analysis.holds(&Goal::AtMost(part, high), lead)
        {
            wrong.push(format!("{} has more points than {}", program.parts[place].name, show(&range.high)));
        }
    }
    for (_, answer, goal) in answers {
        if *answer == Reachable::No && analysis.holds(goal, lead) {
            wrong.push(format!("reached, and claimed to be unreachable: {goal:?}").chars().take(300).collect());
        }
    }
    wrong
}

fn show(end: &End) -> String {
    format!("bound {:?}, reached {}", end.bound, end.reached)
}
