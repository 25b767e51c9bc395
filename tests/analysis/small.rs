//! Small random policies: what the analysis claims of all leads against every lead of a small world.
//!
//! `SMALL_POLICIES` sets how many policies, `SMALL_FIRST` the first seed; `SHOW_OPEN` prints what is left open.

use crate::program;
use crate::world::{Leads, World};
use bumpalo::Bump;
use qualify::analysis::{Analysis, Answer, Budget, Goal, Reachable, Survey, Sway, survey};
use qualify::check::hir::{AlwaysId, BandsId, CheckId, FitId, MatrixId, PartId, Program, ReasonId, RouteId, StageId};
use qualify::eval::{Evaluator, Outcome};
use qualify::model::time::AsOf;
use qualify::model::{FieldId, Tri};
use std::collections::BTreeMap;

const POLICIES: u64 = 25;

/// What a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Open,
}

impl Said {
    fn of(found: &Reachable) -> Said {
        match found {
            Reachable::Yes(_) => Said::Yes,
            Reachable::No => Said::No,
            Reachable::NotDecided(_) => Said::Open,
        }
    }
}

/// Questions asked, and those left open.
#[derive(Default)]
struct Tally {
    leads: u64,
    /// Questions, those open, those that no lead can be.
    asked: BTreeMap<&'static str, (u32, u32, u32)>,
}

impl Tally {
    fn count(&mut self, what: &'static str, said: Said, name: &dyn Fn() -> String) {
        let entry = self.asked.entry(what).or_default();
        entry.0 += 1;
        entry.1 += u32::from(said == Said::Open);
        entry.2 += u32::from(said == Said::No);
        if said == Said::Open && std::env::var("SHOW_OPEN").is_ok() {
            println!("open: {what}: {}", name());
        }
    }
}

#[test]
fn brute_force_and_analysis_never_contradict_each_other() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let policies = number("SMALL_POLICIES").unwrap_or(POLICIES);
    let first = number("SMALL_FIRST").unwrap_or(0);
    let mut tally = Tally::default();
    for seed in first..first + policies {
        one(seed, &mut tally);
    }
    let sum = tally.asked.values().fold((0, 0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1, sum.2 + count.2));
    let share = |open: u32, asked: u32| 100.0 * f64::from(open) / f64::from(asked.max(1));
    for (what, (asked, open, no)) in &tally.asked {
        println!("{what:<10} {asked:>7} asked, {no:>6} never, {open:>5} open ({:.2} %)", share(*open, *asked));
    }
    println!("{policies} policies, {} leads, {} questions, {} never", tally.leads, sum.0, sum.2);
    println!("{} left open: {:.2} %", sum.1, share(sum.1, sum.0));
    assert!(u64::from(sum.0) > 40 * policies && u64::from(sum.2) > 2 * policies, "{sum:?}");
    assert!(f64::from(sum.1) < 0.02 * f64::from(sum.0), "{} of {} are left open", sum.1, sum.0);
}

/// Something that an outcome shows.
type Shows = Box<dyn Fn(&Outcome<'_>) -> bool>;

/// Everything that is asked apart from the survey, and when an outcome shows it.
fn goals<'p>(program: &'p Program) -> Vec<(&'static str, Goal<'p>, Shows)> {
    let mut goals: Vec<(&'static str, Goal<'p>, Shows)> = Vec::new();
    let tris = [Tri::True, Tri::False, Tri::Unknown];
    let ids = |count: usize| 0..count as u16;
    let at = |id: u16| usize::from(id);
    for value in tris {
        for id in ids(program.checks.len()) {
            goals.push(("check", Goal::Check(CheckId(id), value), Box::new(move |out| out.checks[at(id)] == value)));
        }
        for id in ids(program.fits.len()) {
            let shows = move |out: &Outcome<'_>| out.fits[at(id)].verdict == value;
            goals.push(("fit", Goal::Fit(FitId(id), value), Box::new(shows)));
        }
        for id in ids(program.reasons.len()) {
            let shows = move |out: &Outcome<'_>| out.reasons[at(id)] == value;
            goals.push(("reason", Goal::Reason(ReasonId(id), value), Box::new(shows)));
        }
        for id in ids(program.always.len()) {
            let shows = move |out: &Outcome<'_>| out.always[at(id)] == value;
            goals.push(("always", Goal::Always(AlwaysId(id), value), Box::new(shows)));
        }
        for (a, define) in program.defines.iter().enumerate() {
            for (b, other) in program.defines.iter().enumerate() {
                if a != b {
                    let not = Goal::Not(Box::new(Goal::Is(&other.value, value)));
                    let both = Goal::All(vec![Goal::Is(&define.value, value), not]);
                    let shows = move |out: &Outcome<'_>| out.defines[a].tri() == value && out.defines[b].tri() != value;
                    goals.push(("relation", both, Box::new(shows)));
                }
            }
        }
    }
    for id in ids(program.stages.len()) {
        goals.push(("reached", Goal::Reached(StageId(id)), Box::new(move |out| out.reached[at(id)])));
        let shows = move |out: &Outcome<'_>| !out.disqualified && out.stage == id;
        goals.push(("stage", Goal::Stage(StageId(id)), Box::new(shows)));
    }
    for (place, matrix) in program.matrices.iter().enumerate() {
        let count = program.schema.domain(matrix.domain).choices.len();
        for cell in ids(count) {
            let shows = move |out: &Outcome<'_>| out.cells[place] == cell;
            goals.push(("cell", Goal::Cell(MatrixId(place as u16), cell), Box::new(shows)));
        }
    }
    for (place, bands) in program.bands.iter().enumerate() {
        for band in ids(bands.from.len() + 1) {
            let shows = move |out: &Outcome<'_>| out.bands[place] == band;
            goals.push(("band", Goal::Band(BandsId(place as u16), band), Box::new(shows)));
        }
    }
    for id in ids(program.routes.len()) {
        let route = Some(RouteId(id));
        goals.push(("route", Goal::Route(route), Box::new(move |out| out.route == route)));
    }
    goals.push(("route", Goal::Route(None), Box::new(|out| out.route.is_none())));
    goals
}

fn one(seed: u64, tally: &mut Tally) {
    let world = World::new(seed);
    let program = program(&world.text);
    let as_of = AsOf::parse("2026-11-01", &program.zone).expect("an as-of");
    let analysis = Analysis::new(&program, as_of.clone());
    let context = |what: &str| format!("seed {seed}: {what}\n{}", world.text);
    let budget = Budget::FULL;
    let told = survey(&analysis, budget);
    let goals = goals(&program);
    let answers: Vec<Reachable> = goals.iter().map(|(_, goal, _)| analysis.reachable(goal, budget)).collect();
    for ((what, goal, _), answer) in goals.iter().zip(&answers) {
        tally.count(what, Said::of(answer), &|| format!("seed {seed}: {:.200}", format!("{goal:?}")));
        if let Reachable::Yes(witness) = answer {
            assert!(analysis.confirms(goal, witness), "{}", context("a witness was not confirmed"));
        }
    }
    surveyed(seed, &program, &analysis, &told, tally);
    if std::env::var("SHOW_OPEN").is_ok_and(|show| show == "policies") {
        println!("seed {seed}\n{}", world.text);
    }
    // Every lead of the world.
    let arena = Bump::new();
    let leads = world.leads(&arena, &as_of);
    tally.leads += leads.all.len() as u64;
    let evaluator = Evaluator::new(&program, as_of);
    let denied: Vec<usize> = (0..answers.len()).filter(|place| answers[*place] == Reachable::No).collect();
    let mut standings = Vec::new();
    let mut arena = Bump::new();
    for lead in &leads.all {
        arena.reset();
        let out = evaluator.evaluate(lead, &arena);
        for place in &denied {
            let (what, goal, shows) = &goals[*place];
            assert!(!shows(&out), "{}\n{lead:?}", context(&format!("{what} was denied: {goal:?}")));
        }
        for (part, range) in told.ranges.iter().enumerate() {
            let points = out.points(PartId(part as u16));
            let within =
                range.low.bound.is_none_or(|low| low <= points) && range.high.bound.is_none_or(|high| points <= high);
            let name = &program.parts[part].name;
            assert!(within, "{}\n{lead:?}", context(&format!("{points} points of {name} are outside of {range:?}")));
        }
        standings.push((!out.disqualified).then_some(out.stage));
    }
    for (place, sway) in told.fields.iter().enumerate().skip(1) {
        let changed = sways(&leads, &standings, place - 1);
        assert!(!(changed && *sway == Sway::Never), "{}", context(&format!("field {place} can change the stage")));
    }
}

/// Whether two leads of the world differ in a field alone, and in their stage.
fn sways(leads: &Leads<'_>, standings: &[Option<u16>], field: usize) -> bool {
    let (stride, count) = leads.strides[field];
    (0..standings.len()).any(|place| {
        let digit = place / stride % count;
        standings[place] != standings[place - digit * stride]
    })
}

/// Counts the answers of a survey; what it shows is confirmed.
fn surveyed(seed: u64, program: &Program, analysis: &Analysis<'_>, told: &Survey, tally: &mut Tally) {
    let mut count = |what: &'static str, said: Said, name: &dyn std::fmt::Debug| {
        tally.count(what, said, &|| format!("seed {seed}: {name:?}"));
    };
    for (place, promise) in told.promises.iter().enumerate() {
        if let Answer::No(witness) = promise {
            assert_eq!(analysis.promise(place, witness), Tri::False, "seed {seed}: a promise is not broken");
        }
    }
    for (part, range) in told.ranges.iter().enumerate() {
        let name = &program.parts[part].name;
        for end in [&range.low, &range.high] {
            let exact = end.bound.is_none() || end.is_exact();
            count("range", if exact { Said::Yes } else { Said::Open }, &(name, end.bound, end.reached));
            assert_eq!(analysis.points(PartId(part as u16), &end.witness), end.reached, "seed {seed}: {name}");
        }
    }
    for (row, places) in told.places.iter().flatten().enumerate() {
        for (column, found) in places.iter().enumerate() {
            count("place", Said::of(found), &(row, column));
        }
    }
    for (field, sway) in told.fields.iter().enumerate().skip(1) {
        let said = match sway {
            Sway::Changes(_) => Said::Yes,
            Sway::Never => Said::No,
            Sway::NotDecided(_) => Said::Open,
        };
        count("field", said, &program.schema.field(FieldId(field as u16)).name);
    }
}
