//! Plans: each reaches its stage, and none has a part that can be left out.

use super::bounds::rank;
use super::reference::generate::Rng;
use super::{as_of, decision, pairs, random_pairs, with_lead};
use bumpalo::Bump;
use qualify::Policy;
use qualify::analysis::cells::Cells;
use qualify::check::hir::{Program, StageId};
use qualify::eval::Evaluator;
use qualify::model::{Event, EventTypeId, FieldId, Lead, Literal, Value};
use qualify::whatif::{Made, PlanOptions, PlanPart, Plans, WhatIf, plans};

/// What a lead with changes made comes to.
fn with<T>(
    evaluator: &Evaluator<'_>,
    lead: &Lead<'_>,
    made: &[Made],
    look: impl FnOnce(&Evaluator<'_>, &Lead<'_>) -> T,
) -> T {
    let program = evaluator.program();
    let arena = Bump::new();
    let now = evaluator.as_of().instant;
    let mut fields: Vec<Value<'_>> = lead.fields.to_vec();
    let mut events: Vec<Event<'_>> = lead.events.iter().filter(|event| event.at <= now).copied().collect();
    for change in made {
        match change {
            Made::Field(field, value) => fields[field.index()] = value.value(&arena),
            Made::Events(ty, values, times) => {
                let fields = &*arena.alloc_slice_fill_iter(values.iter().map(|value| value.value(&arena)));
                for _ in 0..*times {
                    let spelling = &program.schema.event(*ty).from;
                    events.push(Event { at: now, ty: Some(*ty), spelling, fields, index: 1000 });
                }
            }
        }
    }
    look(evaluator, &Lead { fields: &fields, events: &events, ..*lead })
}

/// The stage of a lead with changes made.
fn stage_with(evaluator: &Evaluator<'_>, lead: &Lead<'_>, made: &[Made]) -> i32 {
    let decided = with(evaluator, lead, made, decision);
    rank(evaluator.program(), &decided.stage.expect("a stage"))
}

/// Whether a lead with changes made reaches a stage itself, and is not disqualified.
fn reaches(evaluator: &Evaluator<'_>, lead: &Lead<'_>, made: &[Made], goal: i32) -> bool {
    with(evaluator, lead, made, |evaluator, lead| {
        let arena = Bump::new();
        let outcome = evaluator.evaluate(lead, &arena);
        !outcome.disqualified && outcome.reached[usize::try_from(goal).expect("a stage")]
    })
}

/// What changes cost: an answer 1, another value 3, an event 2 and each more 1.
fn cost(lead: &Lead<'_>, made: &[Made]) -> u32 {
    let one = |change: &Made| match change {
        Made::Field(field, _) if lead.field(*field).is_missing() => 1,
        Made::Field(..) => 3,
        Made::Events(_, _, times) => 1 + times,
    };
    made.iter().map(one).sum()
}

/// Changes at random that a plan may make: each with a likelihood in percent.
fn changes(rng: &mut Rng, program: &Program, cells: &Cells, lead: &Lead<'_>, percent: usize) -> Vec<Made> {
    let mut changes = Vec::new();
    for place in 0..program.schema.fields.len() {
        let id = FieldId(place as u16);
        let declared = program.schema.field(id);
        let open = lead.field(id).is_missing() || !declared.fixed;
        if !declared.key && program.schema.stage_field != Some(id) && open && rng.chance(percent) {
            let values: Vec<_> = cells.field(id).values().skip(1).cloned().collect();
            let time = matches!(values.first(), Some(Literal::Time(_) | Literal::Date(_)));
            if !values.is_empty() && !time {
                changes.push(Made::Field(id, rng.pick(&values).clone()));
            }
        }
    }
    for ty in 0..program.schema.events.len() {
        if rng.chance(percent) {
            let ty = EventTypeId(ty as u16);
            let count = program.schema.event(ty).fields.len();
            let fields = (0..count).map(|place| {
                let cells = cells.event_field(ty, place as u16).expect("cells");
                rng.pick(&cells.values().cloned().collect::<Vec<_>>()).clone()
            });
            let fields = fields.collect();
            changes.push(Made::Events(ty, fields, 1 + rng.below(4) as u32));
        }
    }
    changes
}

/// All sets that leave out a part, or have fewer events of a kind.
fn smaller(made: &[Made]) -> Vec<Vec<Made>> {
    let mut all = Vec::new();
    for place in 0..made.len() {
        let mut fewer = made.to_vec();
        fewer.remove(place);
        all.push(fewer);
        if let Made::Events(ty, values, times) = &made[place] {
            for less in 1..*times {
                let mut fewer = made.to_vec();
                fewer[place] = Made::Events(*ty, values.clone(), less);
                all.push(fewer);
            }
        }
    }
    all
}

#[test]
fn plans_reach_their_stage_and_are_minimal() {
    let (mut given, mut none, mut impossible, mut itself, mut whole, mut tried) = (0, 0, 0, 0, 0, 0);
    random_pairs(pairs(80), |seed, program, made, lead| {
        let evaluator = Evaluator::new(program, as_of(program, made.schema.as_of));
        let plan = WhatIf::new(&evaluator);
        let mut rng = Rng::new(seed);
        let to = rng.chance(50).then(|| rng.below(program.stages.len().max(1)) as u16).map(StageId);
        let options = PlanOptions { to, work: 400, ..PlanOptions::default() };
        let Some(found) = plans(&evaluator, &plan, lead, options) else { return };
        let goal = rank(program, &found.goal.name);
        assert!(stage_with(&evaluator, lead, &[]) < goal, "pair {seed}");
        assert!(
            found.plans.len() <= 3 && found.plans.is_sorted_by_key(|plan| (plan.passes_by, plan.cost)),
            "pair {seed}"
        );
        for plan in &found.plans {
            assert!(stage_with(&evaluator, lead, &plan.made) >= goal, "pair {seed}: {plan:?} does not reach");
            for fewer in smaller(&plan.made) {
                assert!(stage_with(&evaluator, lead, &fewer) < goal, "pair {seed}: {plan:?} needs only {fewer:?}");
            }
            for change in &plan.made {
                let Made::Field(field, _) = change else { continue };
                let declared = program.schema.field(*field);
                assert!(!declared.key && program.schema.stage_field != Some(*field), "pair {seed}: {plan:?}");
                assert!(!declared.fixed || lead.field(*field).is_missing(), "pair {seed}: {plan:?}");
            }
            given += 1;
        }
        whole += i32::from(found.smallest);
        none += i32::from(found.plans.is_empty());
        impossible += i32::from(!found.impossible.is_empty());
        itself += i32::from(!found.itself.is_empty());
        let own = found.plans.iter().find(|plan| !plan.passes_by);
        assert!(found.impossible.is_empty() || found.plans.is_empty(), "pair {seed}");
        assert!(found.itself.is_empty() || own.is_none(), "pair {seed}: {found:?}");
        // At random: nothing reaches what is out of reach, and nothing that is cheaper than the cheapest plan does.
        let cells = Cells::of(program, evaluator.as_of());
        for percent in [50, 15].into_iter().flat_map(|percent| std::iter::repeat_n(percent, 20)) {
            let made_up = changes(&mut rng, program, &cells, lead, percent);
            if !found.impossible.is_empty() {
                let reached = stage_with(&evaluator, lead, &made_up);
                assert!(reached < goal, "pair {seed}: {made_up:?} reaches it: {:?}\n{}", found.impossible, made.text);
            }
            let nothing = found.plans.is_empty() && found.smallest && found.impossible.is_empty();
            let cheaper = own.is_some_and(|own| found.smallest && cost(lead, &made_up) < own.cost);
            if !found.itself.is_empty() || nothing || cheaper {
                let reached = reaches(&evaluator, lead, &made_up, goal);
                assert!(!reached, "pair {seed}: {made_up:?} reaches it: {found:?}\n{}", made.text);
                tried += 1;
            }
        }
    });
    println!(
        "{given} plans, {whole} searches whole, {none} without a plan, {impossible} impossible, {itself} to be passed by; \
         {tried} sets at random"
    );
    assert!(given >= 30 && impossible >= 3 && tried >= 30);
}

fn plans_of(policy: &str, lead: &str, to: Option<u16>) -> Option<Plans> {
    let policy = Policy::compile(policy).expect("a policy");
    let program = policy.program();
    let evaluator = Evaluator::new(program, as_of(program, "2026-11-01"));
    let mut found = None;
    with_lead(program, lead, |lead| {
        let options = PlanOptions { to: to.map(StageId), ..PlanOptions::default() };
        found = plans(&evaluator, &WhatIf::new(&evaluator), lead, options);
    });
    found
}

/// The plans, a line each.
fn lines(found: &Plans) -> Vec<String> {
    let part = |part: &PlanPart| match part {
        PlanPart::Answer { field, value, .. } => format!("{field} is {value}"),
        PlanPart::Change { field, from, to, .. } => format!("{field} from {from} to {to}"),
        PlanPart::Event { event, times, fields } => {
            let fields: Vec<String> = fields.iter().map(|one| format!(" {} {}", one.field, one.value)).collect();
            format!("{times} {}{}", event.name, fields.concat())
        }
    };
    let plan = |plan: &qualify::whatif::Plan| {
        let parts: Vec<String> = plan.parts.iter().map(part).collect();
        format!("{} -> {} ({})", parts.join(", "), plan.stage.name, plan.cost)
    };
    found.plans.iter().map(plan).collect()
}

const POLICY: &str = r#"
    lead {
      id text key
      country text fixed
      income money USD ask "What income?"
      email text
      accepted bool known from mql
      created_at time
    }
    event email_opened
    event webinar
    event call { outcome one of ["no need", "need confirmed"] }
    fit icp { c: country is "US"  i: income >= 100k USD }
    score s from 0 to 100 {
      opens: +5 per email_opened within 90 days, at most 25 points
      webinars: +10 per webinar within 180 days, at most 2 times
    }
    disqualify { rival: domain(email) is "catco.example" }
    stages {
      lead
      mql: icp fits and s >= 30
      sal after mql: accepted
      sql after sal: any call where (outcome is "need confirmed") within 60 days
    }
"#;

#[test]
fn the_cheapest_plans_come_first() {
    let found = plans_of(POLICY, r#"{"id": "1", "country": "US"}"#, None).expect("plans");
    assert!(found.smallest && found.impossible.is_empty());
    assert_eq!(lines(&found), ["income is 100,000 USD or more, 2 email_opened, 2 webinar -> mql (7)"]);
    let found = plans_of(POLICY, r#"{"id": "1", "country": "US"}"#, Some(3)).expect("plans");
    assert_eq!(
        lines(&found),
        ["income is 100,000 USD or more, accepted is yes, 2 email_opened, 2 webinar, \
             1 call outcome “need confirmed” -> sql (10)"]
    );
}

#[test]
fn what_is_fixed_stands_in_the_way() {
    let found = plans_of(POLICY, r#"{"id": "1", "country": "GB", "income": 5}"#, None).expect("plans");
    assert!(found.plans.is_empty());
    let blockers: Vec<&str> = found.impossible.iter().map(|blocker| blocker.what.name.as_str()).collect();
    assert_eq!(blockers, ["icp.c"]);
    // A known income can change.
    let lead = r#"{"id": "1", "country": "US", "income": 5, "events": [
        {"type": "webinar", "at": "2026-10-01"}, {"type": "webinar", "at": "2026-10-02"},
        {"type": "email_opened", "at": "2026-10-02"}, {"type": "email_opened", "at": "2026-10-02"}]}"#;
    let found = plans_of(POLICY, lead, None).expect("plans");
    assert_eq!(lines(&found), ["income from 5 USD to 100,000 USD or more -> mql (3)"]);
}

#[test]
fn the_highest_stage_needs_no_plan() {
    let policy = "lead { id text key }\nevent e\nstages { lead  mql: any e }";
    assert!(plans_of(policy, r#"{"id": "1", "events": [{"type": "e", "at": "2026-10-01"}]}"#, None).is_none());
    let found = plans_of(policy, r#"{"id": "1", "events": [{"type": "e", "at": "2027-10-01"}]}"#, None).expect("plans");
    assert_eq!(lines(&found), ["1 e -> mql (2)"]);
}

#[test]
fn a_field_that_matters_only_with_an_event_can_change() {
    let policy =
        "lead { id text key  email text }\nevent w\nstages { lead  mql: email like \"*@a.example\" and any w }";
    let found = plans_of(policy, r#"{"id": "1", "email": "x"}"#, None).expect("plans");
    assert!(found.impossible.is_empty());
    assert_eq!(found.plans.len(), 1, "{found:?}");
}

#[test]
fn plans_for_the_stage_come_before_those_that_pass_it_by() {
    let policy = "lead { id text key  land one of [\"US\", \"CA\", \"FR\"] fixed  size int }\nevent signed\nevent look\n\
        fit f { a: land in [\"US\", \"CA\"]  b: size >= 50 }\n\
        stages { lead  mql: f fits and at least 2 look  customer: any signed }";
    let found = plans_of(policy, r#"{"id": "1"}"#, None).expect("plans");
    assert_eq!(lines(&found), ["land is “US”, size is 50 or more, 2 look -> mql (5)", "1 signed -> customer (2)"]);
    assert_eq!(found.plans.iter().map(|plan| plan.passes_by).collect::<Vec<_>>(), [false, true]);
    let PlanPart::Answer { or, .. } = &found.plans[0].parts[0] else { panic!("{found:?}") };
    assert_eq!(or, &["“CA”"], "other answers that do as well");
}

#[test]
fn an_event_that_an_open_field_hides_is_found() {
    let reached = |condition: &str| {
        let policy = format!(
            "lead {{ id text key  land one of [\"US\", \"CA\"]  size int }}\nevent look {{ page text }}\nevent talk\n\
             score s {{ r: first of {{ land is not \"CA\": +1\n any look: +9 }} }}\ndefine talked: last talk\nstages {{ lead  mql: {condition} }}"
        );
        let found = plans_of(&policy, r#"{"id": "1"}"#, None).expect("plans");
        assert!(found.smallest && found.impossible.is_empty(), "{found:?}");
        lines(&found)
    };
    // By a condition on the event itself, of one field and of two.
    assert_eq!(reached("any look where (land is \"US\")"), ["land is “US”, 1 look -> mql (3)"]);
    assert_eq!(
        reached("any look where (land is \"US\" and size > 5 and page is \"/a\")"),
        ["land is “US”, size is 6 or more, 1 look page “/a” -> mql (4)"]
    );
    // By an earlier case of a rule, where a value of the field keeps it from being asked.
    assert_eq!(reached("s >= 9"), ["1 look -> mql (2)"]);
    // Where the time is not known from which events count, all of them do.
    assert_eq!(reached("any look since talked"), ["1 look -> mql (2)"]);
}

#[test]
fn a_value_that_does_what_a_missing_one_would_can_be_changed_to() {
    let policy =
        "lead { id text key  tier one of [\"A\", \"B\"] }\nstages { lead  mql: (tier is \"A\") otherwise true }";
    let found = plans_of(policy, r#"{"id": "1", "tier": "B"}"#, None).expect("plans");
    assert_eq!(lines(&found), ["tier from “B” to “A” -> mql (3)"]);
}
