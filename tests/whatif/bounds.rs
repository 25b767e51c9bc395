//! The best and the worst stage against trying every completion, and random ones.

use super::reference::generate::Rng;
use super::{as_of, decision, pairs, random_pairs, with_lead};
use bumpalo::Bump;
use qualify::Policy;
use qualify::analysis::cells::Cells;
use qualify::check::hir::Program;
use qualify::eval::Evaluator;
use qualify::model::{FieldId, Lead, Literal, Value};
use qualify::whatif::{Bounds, BoundsOptions, WhatIf, bounds};

/// The rank of a stage by name: disqualified is the lowest.
pub fn rank(program: &Program, stage: &str) -> i32 {
    program.stages.iter().position(|other| other.name == stage).map_or(-1, |place| place as i32)
}

fn stage_with(evaluator: &Evaluator<'_>, lead: &Lead<'_>, answers: &[(FieldId, Literal)]) -> String {
    let arena = Bump::new();
    let mut fields: Vec<Value<'_>> = lead.fields.to_vec();
    for (field, value) in answers {
        fields[field.index()] = value.value(&arena);
    }
    decision(evaluator, &Lead { fields: &fields, ..*lead }).stage.unwrap_or_else(|| "none".to_owned())
}

/// Every missing field but the key and the stage field.
fn missing(program: &Program, lead: &Lead<'_>) -> Vec<FieldId> {
    let fields = (0..program.schema.fields.len()).map(|place| FieldId(place as u16));
    fields
        .filter(|id| lead.field(*id) == Value::Missing && Some(*id) != program.schema.stage_field)
        .filter(|id| !program.schema.field(*id).key)
        .collect()
}

#[test]
fn bounds_agree_with_every_completion() {
    let (mut brute, mut random, mut exact, mut all) = (0, 0, 0, 0);
    random_pairs(pairs(100), |seed, program, made, lead| {
        let evaluator = Evaluator::new(program, as_of(program, made.schema.as_of));
        let plan = WhatIf::new(&evaluator);
        let Some(found) = bounds(&evaluator, &plan, lead, BoundsOptions { work: 2_000 }) else { return };
        let (best, worst) = (rank(program, &found.best.stage.name), rank(program, &found.worst.stage.name));
        all += 2;
        exact += i32::from(found.best.exact) + i32::from(found.worst.exact);
        assert!(worst <= best, "pair {seed}");
        let cells = Cells::of(program, evaluator.as_of());
        let fields = missing(program, lead);
        let holds = |answers: &[(FieldId, Literal)]| {
            let stage = rank(program, &stage_with(&evaluator, lead, answers));
            assert!(!found.best.exact || stage <= best, "pair {seed}: {answers:?} reach more\n{}", made.text);
            assert!(!found.worst.exact || stage >= worst, "pair {seed}: {answers:?} reach less\n{}", made.text);
            stage
        };
        // Any completion stays within the bounds.
        let mut rng = Rng::new(seed);
        for _ in 0..30 {
            let answers: Vec<(FieldId, Literal)> = fields
                .iter()
                .map(|field| {
                    let values: Vec<Literal> =
                        cells.field(*field).cells.iter().flat_map(qualify::analysis::cells::Cell::ends).collect();
                    (*field, rng.pick(&values).clone())
                })
                .collect();
            holds(&answers);
            random += 1;
        }
        // All completions, where they are few: the bounds are reached.
        let relevant: Vec<FieldId> = fields.into_iter().filter(|field| cells.field(*field).used).collect();
        let product = relevant.iter().map(|field| cells.field(*field).cells.len()).product::<usize>();
        if product > 300 {
            return;
        }
        let (mut highest, mut lowest) = (i32::MIN, i32::MAX);
        for number in 0..product {
            let mut rest = number;
            let answers: Vec<(FieldId, Literal)> = relevant
                .iter()
                .map(|field| {
                    let values = &cells.field(*field).cells;
                    let value = values[rest % values.len()].value.clone();
                    rest /= values.len();
                    (*field, value)
                })
                .collect();
            let stage = holds(&answers);
            (highest, lowest) = (highest.max(stage), lowest.min(stage));
        }
        brute += 1;
        assert_eq!((highest, lowest), (best, worst), "pair {seed}\n{}\n{found:#?}", made.text);
    });
    println!("{brute} pairs tried whole, {random} completions at random; {exact} of {all} bounds exact");
    assert!(brute > 10 && exact * 10 > all * 8);
}

fn bounds_of(policy: &str, lead: &str) -> Bounds {
    let policy = Policy::compile(policy).expect("a policy");
    let program = policy.program();
    let evaluator = Evaluator::new(program, as_of(program, "2026-11-01"));
    let mut found = None;
    with_lead(program, lead, |lead| {
        found = bounds(&evaluator, &WhatIf::new(&evaluator), lead, BoundsOptions::default());
    });
    found.expect("bounds")
}

const POLICY: &str = r#"
    lead {
      id text key
      country text ask "Which country?"
      income money USD ask "What income?"
      size int
      email text
      shoe int
    }
    fit icp { c: country is "US"  i: income >= 100k USD }
    score s from 0 to 40 {
      size: by size { 10 to 49: +5  >= 50: +20  missing: -5 }
      rich: +15 if income >= 200k USD
      shoe: +0.5 if shoe > 40
    }
    disqualify { rival: domain(email) is "catco.example" }
    stages { lead  mql: icp fits  sql after mql: s >= 30 }
"#;

#[test]
fn bounds_say_what_each_answer_could_change() {
    let found = bounds_of(POLICY, r#"{"id": "1", "email": "a@b.example"}"#);
    assert_eq!((found.best.stage.name.as_str(), found.worst.stage.name.as_str()), ("sql", "lead"));
    assert!(found.best.exact && found.worst.exact);
    let answers: Vec<(&str, &str)> =
        found.best.answers.iter().map(|answer| (answer.field.as_str(), answer.value.as_str())).collect();
    assert_eq!(answers, [("size", "50 or more"), ("income", "200,000 USD or more"), ("country", "“US”")]);
    let fields: Vec<&str> = found.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["income", "country", "size"], "`shoe` cannot make up for anything");
    assert!(found.fields.iter().all(|field| !field.alone && field.raises && field.changes == Some(true)));
    assert_eq!(found.fields[2].best_without.as_ref().map(|stage| stage.name.as_str()), Some("mql"));
}

#[test]
fn an_unknown_address_could_disqualify() {
    let found = bounds_of(POLICY, r#"{"id": "1", "country": "GB", "income": 5, "size": 3}"#);
    assert_eq!((found.best.stage.name.as_str(), found.worst.stage.name.as_str()), ("lead", "disqualified"));
    assert_eq!(found.fields.len(), 1);
    assert_eq!(found.fields[0].field, "email");
    assert!(found.fields[0].alone && !found.fields[0].raises);
}

#[test]
fn a_lead_without_holes_has_no_bounds_to_speak_of() {
    let lead = r#"{"id": "1", "country": "US", "income": 150000, "size": 60, "email": "a@b.example", "shoe": 1}"#;
    let found = bounds_of(POLICY, lead);
    assert_eq!((found.best.stage.name.as_str(), found.worst.stage.name.as_str()), ("mql", "mql"));
    assert!(found.best.exact && found.worst.exact && found.fields.is_empty());
}

#[test]
fn an_answer_picks_the_row_of_a_matrix() {
    let policy = "lead { id text key  land one of [\"US\", \"CA\"]  mail text }\nfit f { a: mail is \"x\" }\n\
        matrix p of f by land { _: \"US\", \"CA\", missing\n fits: p1, p1, p1\n unknown: p1, p2, p1\n fails: p1, p2, p1 }\n\
        stages { lead  mql: p is not p2 }";
    let found = bounds_of(policy, r#"{"id": "1"}"#);
    assert_eq!((found.best.stage.name.as_str(), found.worst.stage.name.as_str()), ("mql", "lead"));
    assert!(found.best.exact && found.worst.exact);
}
