//! Random policies, changed at random: whatever any lead of the small world shows must not be denied, and a policy that
//! is only written otherwise is equivalent.
//!
//! `DIFF_POLICIES` sets how many policies.

use crate::world::{Rng, all_differences, policy};
use crate::{compiled, difference};
use qualify::analysis::Budget;
use qualify::check::check;
use qualify::diff::{Can, Policy, Verdict, diff};
use qualify::syntax::{MemoryFiles, load};
use qualify::testing::Mutants;

fn policies() -> u64 {
    std::env::var("DIFF_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

fn first() -> u64 {
    std::env::var("DIFF_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[test]
fn no_lead_contradicts_a_claim() {
    let (mut asked, mut open, mut shown, mut equivalent) = (0u32, 0u32, 0u32, 0u32);
    let mut why = std::collections::BTreeMap::<String, (u32, u32)>::new();
    for seed in first()..first() + policies() {
        let text = policy(seed);
        let (loaded, program) = compiled(&text);
        let mutants = Mutants::new(&loaded, &program, &[]);
        let rng = &mut Rng::new(seed + 77);
        for _ in 0..2 {
            // One small change, and sometimes a second one.
            let mut changed = text.clone();
            for _ in 0..1 + rng.below(2) {
                let mutant = &mutants.all[rng.below(mutants.all.len())];
                let other = mutant.change.apply(&text);
                if changed == text {
                    changed = other;
                } else {
                    let (again, program) = compiled(&changed);
                    let more = Mutants::new(&again, &program, &[]);
                    changed = more.all[rng.below(more.all.len())].change.apply(&changed);
                }
                let files = MemoryFiles::new();
                if check(&load("policy.qual", changed.as_str(), &files), &[]).program.is_none() {
                    changed = text.clone();
                }
            }
            let (new_loaded, new) = compiled(&changed);
            let found = all_differences(&program, &new);
            let told = diff(
                Policy { program: &program, loaded: &loaded },
                Policy { program: &new, loaded: &new_loaded },
                Budget { steps: 80, tries: 80 },
            );
            let context = || format!("seed {seed}\n{text}\n--- changed to\n{changed}\n{:?}", told.verdict);
            let name = |kind: &qualify::diff::Kind| {
                serde_json::to_value(kind).ok().and_then(|kind| kind.as_str().map(str::to_owned)).expect("a name")
            };
            for difference in &found {
                let (kind, what) = difference.split_once(' ').expect("a kind");
                let answer = told.answers.iter().find(|answer| {
                    name(&answer.kind) == kind && answer.what.as_ref().map_or("", |what| &what.name) == what
                });
                let can = answer.map_or(Can::No, |answer| answer.can);
                assert_ne!(can, Can::No, "`{difference}` can be, and it is denied: {}", context());
            }
            for answer in &told.answers {
                asked += 1;
                open += u32::from(answer.can == Can::NotDecided);
                shown += u32::from(answer.can == Can::Yes);
                if answer.can == Can::NotDecided {
                    let reason = format!("{}: {}", name(&answer.kind), answer.reason.clone().unwrap_or_default());
                    if std::env::var("SHOW_OPEN").is_ok() {
                        println!(
                            "seed {seed} {}: {:#?}",
                            reason,
                            told.changes.iter().map(|c| (&c.name, &c.details, &c.old, &c.new)).collect::<Vec<_>>()
                        );
                    }
                    let there = found.iter().any(|found| found.starts_with(&format!("{} ", name(&answer.kind))));
                    let count = why.entry(reason).or_default();
                    count.0 += 1;
                    count.1 += u32::from(there);
                }
                assert_eq!(answer.can == Can::Yes, answer.lead.is_some(), "{}", context());
            }
            let decides = |difference: &String| !difference.contains("points");
            match told.verdict {
                Verdict::Equivalent => {
                    equivalent += 1;
                    assert!(found.is_empty(), "{found:?} {}", context());
                }
                Verdict::SameDecisions => assert!(!found.iter().any(decides), "{found:?} {}", context()),
                Verdict::Changes | Verdict::NotDecided => {}
            }
            if changed == text {
                assert_eq!(told.verdict, Verdict::Equivalent, "{}", context());
                assert!(told.changes.is_empty());
            }
        }
    }
    println!("{asked} answers, {shown} shown, {open} not decided; {equivalent} changes are none");
    for (why, (count, there)) in why {
        println!("{count:>5} ({there} are shown by a lead): {why}");
    }
    assert!(asked > 0 && shown > 0);
    assert!(f64::from(open) < 0.25 * f64::from(asked), "{open} of {asked} are left open");
}

#[test]
fn what_is_only_written_otherwise_is_equivalent() {
    for seed in first()..first() + policies() {
        let text = policy(seed);
        let define = text.lines().find(|line| line.starts_with("define d1: ")).expect("a define");
        let value = define.trim_start_matches("define d1: ");
        let rules: Vec<&str> = text.lines().filter(|line| line.starts_with("  r")).collect();
        let turned: Vec<&str> = rules.iter().rev().copied().collect();
        let rewrites = [
            ("another name", text.replace("d1", "another")),
            ("inlined", text.replace(&format!("{define}\n"), "").replace("two: d1", &format!("two: {value}"))),
            ("rules turned", text.replace(&rules[..rules.len() - 1].join("\n"), &turned[1..].join("\n"))),
            ("renamed rule", text.replace("  r0:", "  reads:")),
            ("a group around a rule", text.replacen(rules[0], &format!("  group h {{ {} }}", rules[0]), 1)),
            ("comments", format!("# c\n{}", text.replace('\n', " # x\n"))),
            ("reasons turned", {
                let line = text.lines().find(|line| line.starts_with("disqualify")).expect("reasons");
                let inner = line.trim_start_matches("disqualify { ").trim_end_matches(" }");
                let (one, two) = inner.split_once("  out2: ").expect("two reasons");
                text.replace(line, &format!("disqualify {{ out2: {two}  {one} }}"))
            }),
        ];
        for (what, rewritten) in rewrites {
            let told = difference(&text, &rewritten, Budget::QUICK);
            assert_eq!(
                told.verdict,
                Verdict::Equivalent,
                "{what}, seed {seed}\n{text}\n---\n{rewritten}\n{:#?}",
                told.changes
            );
            let changed = told.changes.iter().filter(|change| change.how != qualify::diff::How::Renamed);
            assert_eq!(changed.count(), 0, "{what}, seed {seed}\n{text}\n---\n{rewritten}\n{:#?}", told.changes);
        }
    }
}
