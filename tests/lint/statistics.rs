//! What is gathered of real leads agrees with their decisions.

use crate::reference::generate::{Rng, policy};
use bumpalo::Bump;
use qualify::check::check;
use qualify::check::hir::{PartKind, Program};
use qualify::data::{Decoded, EventStore, EventsRead, Folder, LeadReader, Plan};
use qualify::eval::{CheckVerdict, Decision, Evaluator, FitVerdict};
use qualify::lint::with_data::Statistics;
use qualify::lint::{Context, Group, Levels, lint, named};
use qualify::model::time::AsOf;
use qualify::syntax::{MemoryFiles, load};
use std::fs::File;

/// Decides all leads of an example, and gathers what they look like.
fn gathered(example: &str, as_of: &str, events: bool, each: &mut dyn FnMut(&Program, Decision)) -> Statistics {
    let folder = format!("{}/examples/{example}", env!("CARGO_MANIFEST_DIR"));
    let path = format!("{folder}/policy.qual");
    let loaded = load(&path, std::fs::read(&path).expect("a policy"), &Folder::of(&path));
    let program = check(&loaded, &[]).program.expect("a program");
    let evaluator = Evaluator::new(&program, AsOf::parse(as_of, &program.zone).expect("a date"));
    let open = |name: &str| Box::new(File::open(format!("{folder}/{name}")).expect("a file"));
    let mut data = Statistics::new(&program);
    let decided = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
    // The statistics read the types of all events; decisions are the same.
    for (plan, gather) in [(decided, false), (Statistics::plan(&program), true)] {
        let store = events.then(|| EventStore::read(open("events.csv"), None, &plan, &mut |_| {}).expect("events"));
        let mut reader = LeadReader::open(open("leads.csv"), None, &plan).expect("leads");
        while let Some(batch) = reader.next_batch().expect("a batch") {
            let arena = Bump::new();
            batch.decode(&plan, store.as_ref(), &arena, &mut |decoded| {
                let Decoded::Lead { lead, problems, .. } = decoded else { return };
                let own = Bump::new();
                if gather {
                    data.lead(&evaluator, &lead, &problems, &own);
                } else {
                    let outcome = evaluator.evaluate(&lead, &own);
                    each(&program, Decision::new(&evaluator, &lead, &outcome, &problems));
                }
            });
        }
    }
    data
}

/// A fit's verdict from those of its checks.
fn verdict(checks: &[CheckVerdict], needs: usize) -> FitVerdict {
    let count = |wanted| checks.iter().filter(|check| **check == wanted).count();
    if count(CheckVerdict::Passes) >= needs {
        FitVerdict::Fits
    } else if count(CheckVerdict::Passes) + count(CheckVerdict::Unknown) < needs {
        FitVerdict::Fails
    } else {
        FitVerdict::Unknown
    }
}

fn agree(example: &str, as_of: &str, events: bool) {
    let (mut leads, mut passes, mut decides) = (0u64, Vec::new(), Vec::new());
    let (mut stages, mut routes, mut bands) = (Vec::new(), Vec::new(), Vec::new());
    let mut fires: Vec<u64> = Vec::new();
    let mut ifs: Vec<bool> = Vec::new();
    let data = gathered(example, as_of, events, &mut |program, decision| {
        leads += 1;
        passes.resize(program.checks.len(), 0);
        decides.resize(program.checks.len(), 0);
        stages.resize(program.stages.len(), 0);
        routes.resize(program.routes.len(), 0);
        bands.resize_with(program.bands.len(), || vec![0u64; 9]);
        fires.resize(program.parts.len(), 0);
        ifs = program.parts.iter().map(|part| matches!(part.kind, PartKind::If { .. })).collect();
        for (place, check) in program.checks.iter().enumerate() {
            let fit = &program.fits[check.fit.index()];
            let found = &decision.fits[&fit.name];
            let own = found.checks[&check.name];
            passes[place] += u64::from(own == CheckVerdict::Passes);
            let with = |given: CheckVerdict| {
                let checks: Vec<CheckVerdict> =
                    found.checks.iter().map(|(name, seen)| if *name == check.name { given } else { *seen }).collect();
                verdict(&checks, usize::from(fit.needs)) != found.verdict
            };
            let some = usize::from(fit.needs) < found.checks.len();
            decides[place] += u64::from(with(CheckVerdict::Passes) || (some && with(CheckVerdict::Fails)));
        }
        for (place, stage) in program.stages.iter().enumerate() {
            stages[place] += u64::from(decision.ladder.as_ref() == Some(&stage.name));
        }
        for (place, route) in program.routes.iter().enumerate() {
            routes[place] += u64::from(decision.route.as_ref().is_some_and(|taken| taken.name == route.name));
        }
        for (place, band) in program.bands.iter().enumerate() {
            let choices = &program.schema.domain(band.domain).choices;
            let at = choices.iter().position(|choice| choice.name == decision.bands[&band.name]).expect("a band");
            bands[place][at] += 1;
        }
        for (place, part) in program.parts.iter().enumerate() {
            let score = &program.parts[part.score.index()].name;
            if part.parent.is_some() {
                fires[place] += u64::from(decision.scores[score].parts[&part.name].0 != 0);
            }
        }
    });
    assert_eq!(data.leads, leads);
    assert!(data.says_something());
    assert_eq!(data.checks.iter().map(|check| check.passes).collect::<Vec<_>>(), passes);
    assert_eq!(data.checks.iter().map(|check| check.decides).collect::<Vec<_>>(), decides);
    assert!(data.checks.iter().all(|check| check.passes + check.fails + check.unknown == leads));
    assert_eq!(data.routes, routes);
    // The highest stage that is reached; the lower ones may be as well.
    assert!(data.stages.iter().zip(&stages).all(|(reached, highest)| reached >= highest));
    assert_eq!(data.stages.first(), Some(&leads));
    for (seen, counted) in data.bands.iter().zip(&bands) {
        assert_eq!(seen[..], counted[..seen.len()]);
    }
    for (place, seen) in data.parts.iter().enumerate().filter(|(place, _)| ifs[*place]) {
        assert_eq!(seen.fires, fires[place], "part {place}");
    }
    assert!(data.parts.iter().flat_map(|part| &part.cases).sum::<u64>() > 0);
}

#[test]
fn of_random_leads_of_random_policies() {
    let mut findings = 0;
    for seed in 0..40 {
        let made = policy(seed, 1 + seed as usize % 3);
        let files = made.files();
        let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| all.with(path.clone(), text.clone()));
        let loaded = load("policy.qual", made.text.as_bytes(), &files);
        let program = check(&loaded, &[]).program.expect("a program");
        let mut rng = Rng::new(seed);
        let leads: Vec<String> =
            (0..12).map(|_| crate::random_leads::lead(&program, &made.text, &mut rng).to_string()).collect();
        let data = crate::leads::statistics(&program, leads.join("\n").leak());
        assert!(data.checks.iter().all(|check| check.passes + check.fails + check.unknown == data.leads));
        assert!(data.parts.iter().all(|part| part.cases.iter().sum::<u64>() <= data.leads));
        assert!(data.routes.iter().sum::<u64>() <= data.leads);
        let context = Context::new(&loaded, &program).with_data(&data);
        for finding in lint(&context, &Levels::default()) {
            assert!(loaded.sources.locate(finding.span()).is_some(), "policy seed {seed}: {finding:?}");
            findings += usize::from(named(finding.code).is_some_and(|lint| lint.group == Group::WithData));
        }
    }
    assert!(findings > 40, "{findings}");
}

#[test]
fn of_companies_and_their_events() {
    agree("b2b-saas", "2024-02-20", true);
}

#[test]
#[ignore = "45,211 leads: half a minute without optimization"]
fn of_clients_of_a_bank() {
    agree("bank-marketing", "2026-11-01", false);
}
