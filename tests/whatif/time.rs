//! Forecasts and histories against evaluating at each instant.

use super::reference::generate::Rng;
use super::{as_of, decision, pairs, points, random_pairs, state};
use qualify::check::hir::{Decay, PartKind, Program, StageId};
use qualify::eval::Evaluator;
use qualify::model::Lead;
use qualify::model::time::{AsOf, DAY};
use qualify::whatif::{ForecastOptions, HistoryOptions, TimePlan, forecast, history};
use std::collections::BTreeSet;

/// Instants at which something is likely to change if it is forgotten: lengths after events and times, a millisecond
/// before and after, beginnings of days; and any.
fn likely(program: &Program, lead: &Lead<'_>, rng: &mut Rng, from: i64, to: i64) -> Vec<i64> {
    let mut bases: Vec<i64> = lead.events.iter().map(|event| event.at).collect();
    for value in lead.fields {
        match value {
            qualify::model::Value::Time(at) => bases.push(*at),
            qualify::model::Value::Date(day) => bases.push(program.zone.start_of_day(*day)),
            _ => {}
        }
    }
    bases.push(from);
    let mut found = Vec::new();
    for length in &program.lengths {
        for base in &bases {
            let millis = length.millis().unwrap_or(length.months() * 30 * DAY + rng.between(-3, 3) * DAY);
            for moved in [base + millis, base - millis] {
                found.extend((-1..=1).map(|step| moved + step));
                let day = program.zone.start_of_day(program.zone.day(moved));
                found.extend((-1..=1).map(|step| day + step));
            }
        }
    }
    found.retain(|at| *at > from && *at <= to);
    rng.shuffle(&mut found);
    found.truncate(40);
    found.extend((0..40).map(|_| rng.between(from + 1, to)));
    found.extend((0..20).map(|_| (from + rng.between(1, 100_000)).min(to)));
    found
}

fn drifts(program: &Program) -> bool {
    program.parts.iter().any(|part| match &part.kind {
        PartKind::Per(per) => matches!(per.decay, Some(Decay::Halving { .. } | Decay::Fading { .. })),
        _ => false,
    })
}

#[test]
fn forecasts_are_exact() {
    let (mut turns, mut looked, mut short) = (0usize, 0usize, 0usize);
    random_pairs(pairs(120), |seed, program, made, lead| {
        let now = as_of(program, made.schema.as_of);
        let evaluator = Evaluator::new(program, now.clone());
        let plan = TimePlan::new(&evaluator);
        let mut rng = Rng::new(seed);
        let horizon = *rng.pick(&[DAY / 24, DAY, 40 * DAY, 400 * DAY]);
        let options = ForecastOptions { until: now.instant + horizon, limit: 60, samples: 0, work: 20_000 };
        let forecast = forecast(&evaluator, &plan, lead, options);
        short += usize::from(forecast.covered < forecast.until);
        let known = lead.events.iter().take_while(|event| event.at <= now.instant).count();
        let lead = Lead { events: &lead.events[..known], ..*lead };
        let at = |instant: i64| decision(&Evaluator::new(program, AsOf::new(instant, &program.zone)), &lead);
        let mut stands = vec![(now.instant, state(&at(now.instant)), points(&at(now.instant)))];
        for turn in &forecast.turns {
            let (before, after) = (at(turn.at.0 - 1), at(turn.at.0));
            let (old, new) = ((state(&before), points(&before)), (state(&after), points(&after)));
            assert_ne!(old, new, "pair {seed}: nothing changes at {}", turn.at);
            assert_eq!(turn.changes.is_empty(), old.0 == new.0, "pair {seed} at {}: {:?}", turn.at, turn.changes);
            stands.push((turn.at.0, new.0, new.1));
            turns += 1;
        }
        for instant in likely(program, &lead, &mut rng, now.instant, forecast.covered.0) {
            let place = stands.partition_point(|(since, ..)| *since <= instant) - 1;
            let (since, state_then, points_then) = &stands[place];
            let real = at(instant);
            assert_eq!(state(&real), *state_then, "pair {seed}: {instant}, after {since}\n{}", made.text);
            if !drifts(program) {
                assert_eq!(points(&real), *points_then, "pair {seed}: {instant}, after {since}\n{}", made.text);
            }
            looked += 1;
        }
    });
    println!("{turns} changes, {looked} instants between, {short} cut short");
    assert!(turns > 100 && looked > 1000);
}

#[test]
fn histories_agree_with_evaluating_at_each_instant() {
    let (mut turns, mut looked, mut short) = (0usize, 0usize, 0usize);
    random_pairs(pairs(120), |seed, program, made, lead| {
        let now = as_of(program, made.schema.as_of);
        let evaluator = Evaluator::new(program, now.clone());
        let plan = TimePlan::new(&evaluator);
        let mut rng = Rng::new(seed);
        let options = HistoryOptions { samples: 10, work: 20_000, ..HistoryOptions::default() };
        let history = history(&evaluator, &plan, lead, options);
        short += usize::from(history.covered < history.until);
        let at = |instant: i64, stage: Option<&str>| {
            let mut stage = stage.map(str::to_owned);
            loop {
                let standing = program.stages.iter().position(|other| Some(&other.name) == stage.as_ref());
                let evaluator = Evaluator::new(program, AsOf::new(instant, &program.zone));
                let decided = decision(&evaluator.standing(standing.map(|place| StageId(place as u16))), lead);
                if decided.stage == stage {
                    return decided;
                }
                stage = decided.stage.clone();
            }
        };
        let stage = |place: usize| history.moments[place].stage.as_ref().map(|stage| stage.name.as_str());
        for (place, moment) in history.moments.iter().enumerate() {
            let before = if place == 0 { None } else { stage(place - 1) };
            let real = at(moment.at.0, before);
            let scores: Vec<i64> = moment.scores.values().map(|points| points.0).collect();
            assert_eq!(points(&real), scores, "pair {seed} at {}", moment.at);
            if !program.stages.is_empty() {
                assert_eq!(real.stage.as_deref(), stage(place), "pair {seed} at {}", moment.at);
            }
            if place > 0 {
                let old = at(moment.at.0 - 1, before);
                let turn = &moment.turn;
                // A decision names what should always hold by its label: of two with one label one may take the other's
                // place.
                let labels: BTreeSet<&str> = program.always.iter().map(|always| always.label.as_str()).collect();
                if labels.len() == program.always.len() {
                    assert_ne!((state(&old), points(&old)), (state(&real), points(&real)), "pair {seed}: {turn:?}");
                }
                turns += 1;
            }
        }
        if history.from < history.covered {
            for instant in likely(program, lead, &mut rng, history.from.0, history.covered.0) {
                let place = history.moments.partition_point(|moment| moment.at.0 <= instant) - 1;
                let moment = &history.moments[place];
                let standing = if place == 0 { None } else { stage(place - 1) };
                let (then, real) = (at(moment.at.0, standing), at(instant, stage(place)));
                assert_eq!(state(&real), state(&then), "pair {seed}: {instant}, after {}\n{}", moment.at, made.text);
                if !drifts(program) {
                    assert_eq!(points(&real), points(&then), "pair {seed}: {instant}, after {}", moment.at);
                }
                looked += 1;
            }
        }
        for point in &history.curve {
            let place = history.moments.partition_point(|moment| moment.at <= point.at).saturating_sub(1);
            let real = at(point.at.0, stage(place));
            let told: Vec<i64> = point.points.iter().map(|points| points.0).collect();
            assert_eq!(points(&real), told, "pair {seed}: the curve at {}", point.at);
        }
    });
    println!("{turns} changes, {looked} instants between, {short} cut short");
    assert!(turns > 100 && looked > 1000);
}
