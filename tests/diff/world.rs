//! A small world: random policies on a few fields and events, and every lead that there is in it.

use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::eval::{Evaluator, Outcome};
use qualify::model::time::AsOf;
use qualify::model::{Event, EventTypeId, Lead, Tri, Value};
use std::collections::BTreeSet;

/// Random numbers, the same on every machine.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

const DAYS: [&str; 5] = ["7 days", "30 days", "31 days", "60 days", "1 month"];

fn atom(rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => "a".to_owned(),
        1 => "not a".to_owned(),
        2 => format!("b is {:?}", rng.pick(&["x", "y", "z"])),
        3 => "b in [\"x\", \"y\"]".to_owned(),
        4 | 5 => format!("n {} {}", rng.pick(&[">=", "<", ">", "<="]), rng.below(10)),
        6 => format!("n between {} and 7", rng.below(7)),
        7 => "n is known".to_owned(),
        8 => format!("any {} within {}", rng.pick(&["e", "f"]), rng.pick(&DAYS)),
        9 => format!("at least 2 e within {}", rng.pick(&DAYS)),
        10 => format!("no f within {}", rng.pick(&DAYS)),
        _ => format!("(n otherwise 0) >= {}", rng.below(8)),
    }
}

pub fn condition(rng: &mut Rng, depth: usize) -> String {
    if depth == 0 || rng.chance(3) {
        return atom(rng);
    }
    let (left, right) = (condition(rng, depth - 1), condition(rng, depth - 1));
    match rng.below(5) {
        0 | 1 => format!("({left}) and ({right})"),
        2 | 3 => format!("({left}) or ({right})"),
        _ => format!("not ({left})"),
    }
}

fn rule(rng: &mut Rng, place: usize) -> String {
    let points = rng.pick(&[-10, -5, 5, 10, 15, 20]);
    let worth = match rng.below(5) {
        0 | 1 => format!("{points:+} if {}", condition(rng, 1)),
        2 => format!("{points:+} per e within {}, at most {} times", rng.pick(&DAYS), 1 + rng.below(3)),
        3 => format!("by n {{ 0 to 3: {points:+}  5 to 7: +5  missing: -5 }}"),
        _ => format!("{points:+} per f within {}", rng.pick(&DAYS)),
    };
    format!("  r{place}: {worth}\n")
}

/// A random policy.
pub fn policy(seed: u64) -> String {
    let rng = &mut Rng::new(seed);
    let mut text = String::from(
        "policy \"P\"\nlead {\n  id text key\n  a bool\n  b one of [\"x\", \"y\", \"z\"]\n  n int\n  was stage\n}\nevent e\nevent f\n",
    );
    text.push_str(&format!("define d1: {}\n", condition(rng, 1)));
    text.push_str(&format!("persona who: {}\n", condition(rng, 1)));
    let needs = if rng.chance(2) { " needs 1" } else { "" };
    text.push_str(&format!("fit icp{needs} {{\n  one: {}\n  two: d1\n}}\n", condition(rng, 1)));
    let to = rng.pick(&["", " from 0", " from 0 to 30", " to 25"]);
    text.push_str(&format!("score s{to} {{\n"));
    for place in 0..2 + rng.below(3) {
        text.push_str(&rule(rng, place));
    }
    text.push_str(&format!("  group g to 10 {{\n  {}  }}\n}}\n", rule(rng, 9)));
    text.push_str("bands heat of s { cold  warm from 5  hot from 15 }\n");
    text.push_str("matrix m of icp by heat {\n  _: cold, warm, hot\n  fits: p2, p1, p1\n  unknown: p3, p2, p1\n  fails: p3, p3, p2\n}\n");
    text.push_str(&format!("disqualify {{ out1: {}  out2: {} }}\n", condition(rng, 1), atom(rng)));
    let keep = if rng.chance(2) { ", keep while a" } else { "" };
    let after = rng.pick(&["", " after mql"]);
    text.push_str(&format!(
        "stages {{\n  lead\n  mql: s >= {} and not ({}){keep}\n  sql{after}: icp fits and {}\n}}\n",
        rng.pick(&[5, 10, 15]),
        atom(rng),
        atom(rng)
    ));
    text.push_str(&format!(
        "route {{\n  gone: disqualified\n  fast within 1 day: stage >= mql and heat is hot\n  slow: {}\n  rest: otherwise\n}}\n",
        condition(rng, 1)
    ));
    text
}

/// Every lead of the world, at an as-of.
pub fn leads<'a>(arena: &'a Bump, as_of: &AsOf) -> Vec<Lead<'a>> {
    const DAY: i64 = 86_400_000;
    let bools = [Value::Missing, Value::Bool(true), Value::Bool(false)];
    let choices = [Value::Missing, Value::Choice(0), Value::Choice(1), Value::Choice(2)];
    let numbers = [Value::Missing, Value::Int(0), Value::Int(3), Value::Int(6), Value::Int(9)];
    let stages = [Value::Missing, Value::Choice(1)];
    let age = |ty: u16, age: i64| (ty, as_of.instant - age);
    let events: [&[(u16, i64)]; 11] = [
        &[],
        &[age(0, DAY)],
        &[age(0, 30 * DAY)],
        &[age(0, 30 * DAY + 1)],
        &[age(0, 90 * DAY)],
        &[age(1, DAY)],
        &[age(1, 31 * DAY)],
        &[age(0, 8 * DAY), age(0, DAY)],
        &[age(0, 61 * DAY), age(0, 31 * DAY)],
        &[age(0, 3 * DAY), age(0, 2 * DAY), age(1, DAY)],
        &[age(0, 50 * DAY), age(1, 29 * DAY), age(0, 2 * DAY)],
    ];
    let mut leads = Vec::new();
    for events in events {
        let events = arena.alloc_slice_fill_iter(events.iter().enumerate().map(|(index, (ty, at))| Event {
            at: *at,
            ty: Some(EventTypeId(*ty)),
            spelling: if *ty == 0 { "e" } else { "f" },
            fields: &[],
            index: index as u32,
        }));
        for a in bools {
            for b in choices {
                for n in numbers {
                    for was in stages {
                        let fields = arena.alloc_slice_copy(&[Value::Text("k"), a, b, n, was]);
                        leads.push(Lead { key: "k", fields, events });
                    }
                }
            }
        }
    }
    leads
}

/// What differs between two outcomes, as kinds of changes name it.
pub fn differences(old: (&Program, &Outcome<'_>), new: (&Program, &Outcome<'_>)) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut note = |differs: bool, kind: &str, what: &str| {
        if differs {
            found.insert(format!("{kind} {what}"));
        }
    };
    let ((before, was), (after, is)) = (old, new);
    let stage = |program: &Program, outcome: &Outcome<'_>| program.stages[outcome.stage as usize].name.clone();
    let rank = |name: &str| ["lead", "mql", "sql"].iter().position(|stage| *stage == name);
    if !was.disqualified && !is.disqualified {
        let (was, is) = (rank(&stage(before, was)), rank(&stage(after, is)));
        note(is > was, "stage-up", "");
        note(is < was, "stage-down", "");
    }
    note(is.disqualified && !was.disqualified, "newly-disqualified", "");
    note(!is.disqualified && was.disqualified, "no-longer-disqualified", "");
    let reasons = |program: &Program, outcome: &Outcome<'_>| -> BTreeSet<String> {
        let all = program.reasons.iter().zip(outcome.reasons.iter());
        all.filter(|(_, value)| value.is_true()).map(|(reason, _)| reason.name.clone()).collect()
    };
    if was.disqualified && is.disqualified {
        note(reasons(before, was) != reasons(after, is), "reason", "");
    }
    let route = |program: &Program, outcome: &Outcome<'_>| {
        outcome.route.map(|route| {
            let route = &program.routes[route.index()];
            (route.name.clone(), route.within.map(|within| program.lengths[within.index()]))
        })
    };
    let (from, to) = (route(before, was), route(after, is));
    let names = (from.as_ref().map(|route| &route.0), to.as_ref().map(|route| &route.0));
    note(names.0 != names.1, "route", "");
    note(names.0 == names.1 && from != to, "deadline", "");
    note(is.bands[0] > was.bands[0], "band-up", "heat");
    note(is.bands[0] < was.bands[0], "band-down", "heat");
    let cell = |program: &Program, outcome: &Outcome<'_>| {
        program.schema.domain(program.matrices[0].domain).choices[outcome.cells[0] as usize].name.clone()
    };
    note(cell(before, was) != cell(after, is), "cell", "m");
    note(was.fits[0].verdict != is.fits[0].verdict, "fit", "icp");
    let persona = |program: &Program, outcome: &Outcome<'_>| {
        let place = program.defines.iter().position(|define| define.persona).expect("a persona");
        outcome.defines[place].tri() == Tri::True
    };
    note(persona(before, was) != persona(after, is), "persona", "who");
    let points = |program: &Program, outcome: &Outcome<'_>| outcome.points(program.scores[0]);
    note(points(after, is) > points(before, was), "more-points", "s");
    note(points(after, is) < points(before, was), "fewer-points", "s");
    found
}

/// All that differs for any lead of the world, at a few instants.
pub fn all_differences(old: &Program, new: &Program) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for as_of in ["2026-01-01", "2026-03-01T10:00:00Z", "2026-07-31"] {
        let arena = Bump::new();
        let as_of = AsOf::parse(as_of, &old.zone).expect("an as-of");
        let leads = leads(&arena, &as_of);
        let (before, after) = (Evaluator::new(old, as_of.clone()), Evaluator::new(new, as_of));
        for lead in &leads {
            let arena = Bump::new();
            let (was, is) = (before.evaluate(lead, &arena), after.evaluate(lead, &arena));
            found.extend(differences((old, &was), (new, &is)));
        }
    }
    found
}
