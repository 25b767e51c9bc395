//! Every lead of an example: what changes by itself, what its unknowns allow, what it would take; beside the text that
//! is expected.

use super::support::shell::{golden, root};
use super::{as_of, decision, points, state, with_lead};
use qualify::Policy;
use qualify::data::Folder;
use qualify::eval::Evaluator;
use qualify::model::Lead;
use qualify::model::time::{AsOf, DAY};
use qualify::syntax::load;
use qualify::whatif::{
    BoundsOptions, Cause, ForecastOptions, PlanOptions, PlanPart, TimePlan, WhatIf, bounds, forecast, plans,
};
use std::fmt::Write;

fn told(evaluator: &Evaluator<'_>, lead: &Lead<'_>) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let options =
        ForecastOptions { until: evaluator.as_of().instant + 60 * DAY, limit: 8, samples: 0, work: 5_000_000 };
    let ahead = forecast(evaluator, &TimePlan::new(evaluator), lead, options);
    let found = bounds(evaluator, &WhatIf::new(evaluator), lead, BoundsOptions::default()).expect("bounds");
    writeln!(out, "## {}: {}", lead.key, found.stage.name)?;
    for turn in &ahead.turns {
        write!(out, "{}:", turn.at)?;
        for change in &turn.changes {
            write!(out, " {} {} -> {};", change.what.name, change.from.name, change.to.name)?;
        }
        for score in &turn.scores {
            write!(out, " {} {} -> {};", score.what.name, score.from, score.to)?;
        }
        for cause in &turn.causes {
            match cause {
                Cause::Window { event, at, window } => write!(out, " ({} of {at} leaves {window})", event.name)?,
                other => write!(out, " ({other:?})")?,
            }
        }
        writeln!(out)?;
    }
    for drift in &ahead.drifts {
        writeln!(out, "{} shrinks from {} to {} at {}", drift.what.name, drift.from, drift.to, ahead.covered)?;
    }
    for (name, bound) in [("best", &found.best), ("worst", &found.worst)] {
        write!(out, "{name}: {}{}", bound.stage.name, if bound.exact { "" } else { " at least" })?;
        for answer in &bound.answers {
            write!(out, "; {} is {}", answer.field, answer.value)?;
        }
        writeln!(out)?;
    }
    for field in &found.fields {
        let stages: Vec<String> =
            field.answers.iter().map(|answer| format!("{} -> {}", answer.value, answer.stage.name)).collect();
        writeln!(out, "asks {}{}: {}", field.field, if field.raises { " (raises)" } else { "" }, stages.join(", "))?;
    }
    if let Some(found) = plans(evaluator, &WhatIf::new(evaluator), lead, PlanOptions::default()) {
        let smallest = if found.smallest { "" } else { " (not all was tried)" };
        writeln!(out, "to {}{smallest}:", found.goal.name)?;
        for blocker in &found.impossible {
            writeln!(out, "  impossible: {:?} {}", blocker.kind, blocker.what.name)?;
        }
        for plan in &found.plans {
            let parts: Vec<String> = plan
                .parts
                .iter()
                .map(|part| match part {
                    PlanPart::Answer { field, value, .. } => format!("{field} is {value}"),
                    PlanPart::Change { field, from, to, .. } => format!("{field} from {from} to {to}"),
                    PlanPart::Event { event, times, fields } => {
                        let fields: Vec<String> =
                            fields.iter().map(|field| format!(" with {} {}", field.field, field.value)).collect();
                        format!("{times} {}{}", event.name, fields.concat())
                    }
                })
                .collect();
            writeln!(out, "  {} -> {} ({})", parts.join(", "), plan.stage.name, plan.cost)?;
        }
    }
    writeln!(out)?;
    Ok(out)
}

#[test]
fn every_lead_of_the_example_is_told() {
    let path = root().join("examples/doggie-delights/policy.qual");
    let path = path.to_str().expect("a path");
    let loaded = load(path, std::fs::read(path).expect("a policy"), &Folder::of(path));
    let program = qualify::check::check(&loaded, &[]).program.expect("a policy");
    let evaluator = Evaluator::new(&program, as_of(&program, "2026-11-01"));
    let leads = std::fs::read_to_string(root().join("examples/doggie-delights/leads.ndjson")).expect("leads");
    let mut out = String::new();
    for line in leads.lines() {
        with_lead(&program, line, |lead| out.push_str(&told(&evaluator, lead).expect("text")));
    }
    golden(&root().join("tests/whatif/expected/doggie.txt"), &out).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// A lead whose quarter of an hour is full of changes, held against a clock that goes forward in small steps.
#[test]
fn nothing_is_left_out_when_the_clock_is_stepped() {
    let policy = Policy::compile(
        r#"
        timezone "America/St_Johns"
        lead { id text key  created_at time  renews date }
        event a
        event b { n int }
        fit f { fresh: age of created_at <= 7 minutes  soon: renews within next 1 day }
        score s from 0 to 40 {
          halves: +20 per a, halving every 3 minutes
          fades: -15 per b within 10 minutes, fading over 10 minutes, at most 2 times
          loses: +9 per a within 8 minutes, losing 2 every 1 minutes
          waits: -1 per 2 minutes since last b
          mixed: +3 if s2 - s3 between 1 and 4
        }
        score s2 { h: +10 per a, halving every 5 minutes }
        score s3 { h: +8 per b, fading over 12 minutes }
        bands heat of s { cold  warm from 5  hot from 20 }
        stages { lead  mql: s >= 12 and f is unknown  sal: s2 / 2 < s3 + 1  sql: s2 > s3 and f fits }
        always "sane": s2 + s3 >= 2.5
        "#,
    )
    .expect("a policy");
    let program = policy.program();
    let start = as_of(program, "2026-11-01T02:25:00Z");
    let evaluator = Evaluator::new(program, start.clone());
    let lead = r#"{"id": "1", "created_at": "2026-11-01T02:19:59.500Z", "renews": "2026-11-02", "events": [
        {"type": "a", "at": "2026-11-01T02:20:10Z"}, {"type": "b", "at": "2026-11-01T02:21:00.007Z"},
        {"type": "a", "at": "2026-11-01T02:24:00Z"}, {"type": "b", "at": "2026-11-01T02:24:59.999Z"}]}"#;
    let mut turns = 0;
    with_lead(program, lead, |lead| {
        let until = start.instant + 15 * 60_000;
        let options = ForecastOptions { until, limit: 1_000, samples: 0, work: 10_000_000 };
        let forecast = forecast(&evaluator, &TimePlan::new(&evaluator), lead, options);
        assert_eq!(forecast.covered, forecast.until);
        let at = |instant: i64| decision(&Evaluator::new(program, AsOf::new(instant, &program.zone)), lead);
        let mut rest = forecast.turns.iter().peekable();
        let mut stands = state(&at(start.instant));
        let mut now = start.instant;
        while now < until {
            now = (now + 71).min(until);
            while let Some(turn) = rest.next_if(|turn| turn.at.0 <= now) {
                assert_eq!(state(&at(turn.at.0 - 1)), stands, "before {}", turn.at);
                let after = at(turn.at.0);
                let changed = state(&after) != stands || points(&after) != points(&at(turn.at.0 - 1));
                assert!(changed, "nothing changes at {}", turn.at);
                stands = state(&after);
                turns += 1;
            }
            assert_eq!(state(&at(now)), stands, "at {now}");
        }
    });
    assert!(turns > 10, "only {turns} changes");
}
