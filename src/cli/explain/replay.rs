//! `--replay`: an explanation that was kept is made again from what it carries.

use super::super::exit::{Exit, Failure};
use super::super::policy::{self, SetArgs};
use super::super::terminal::{Terminal, print};
use super::show::{self, Shown};
use super::subject::Subject;
use super::{Args, Format};
use crate::base::visible;
use crate::check::hir::StageId;
use crate::eval::Evaluator;
use crate::explain::{ChangesKind, Explanation, OutlookOptions, Replayed, SCHEMA_VERSION, changes, replayed};
use crate::model::time::AsOf;
use crate::words::Spoken;
use bumpalo::Bump;
use serde::Deserialize;
use std::io::Read;

/// Larger files are no explanations of ours.
const MOST: u64 = 256 << 20;

pub fn run(args: &Args, file: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    let kept = read(file, terminal)?;
    let (loaded, program) = policy::compiled(&args.policy, &SetArgs::of(kept.input.set.clone()))?;
    let spoken = Spoken::new(&program, &loaded.files);
    let as_of = AsOf::parse(&kept.as_of.utc, &program.zone)
        .ok_or_else(|| Failure::new(format!("{}: its as-of is no instant", super::input::name(file))))?;
    let evaluator = Evaluator::new(&program, as_of);
    let outlook = kept.outlook.as_ref();
    let ahead = OutlookOptions {
        until: outlook.and_then(|outlook| outlook.forecast.as_ref()).map(|forecast| forecast.until.0),
        plans: outlook.is_some_and(|outlook| outlook.plans.is_some()),
        to: outlook.and_then(|outlook| outlook.plans.as_ref()).and_then(|plans| {
            let place = program.stages.iter().position(|stage| stage.name == plans.goal.name)?;
            Some(StageId(place as u16))
        }),
        bounds: outlook.is_some_and(|outlook| outlook.bounds.is_some()),
        quick: false,
        history: outlook.is_some_and(|outlook| outlook.history.is_some()),
    };
    let subject = Subject::new(&evaluator, &spoken, kept.input.set.clone(), ahead);
    let arena = Bump::new();
    let (lead, unread) = kept.input.lead(&kept.key, &program, &arena);
    let mut now = subject.explain(&lead, &[]);
    now.problems.clone_from(&kept.problems);
    let found = replayed(&kept, &now);
    let mut text = String::new();
    for line in told(&kept, &now, &found) {
        text.push_str(&format!("{}\n", visible(&line)));
    }
    for unread in &unread {
        let (field, value) = (visible(&unread.field), visible(&unread.value));
        text.push_str(&format!("  not read by this policy: {field} = {value}\n"));
    }
    let holds = found.holds() && unread.is_empty();
    match args.format {
        Format::Json | Format::Markdown | Format::Html => print(&show::one(
            &Shown::Changes(Box::new(changes(ChangesKind::Replay, &kept, &now))),
            args.format,
            args.length(),
            terminal,
        )?)?,
        Format::Text => {
            if !found.holds() {
                let changes = Shown::Changes(Box::new(changes(ChangesKind::Replay, &kept, &now)));
                text.push('\n');
                text.push_str(&show::one(&changes, args.format, args.length(), terminal)?);
            }
            print(&text)?;
        }
    }
    Ok(if holds { Exit::Done } else { Exit::Findings })
}

fn read(file: &str, terminal: &Terminal) -> Result<Explanation, Failure> {
    let mut text = String::new();
    super::input::open(file, terminal)?
        .take(MOST)
        .read_to_string(&mut text)
        .map_err(|error| Failure::unreadable(file, &error))?;
    let name = super::input::name(file);
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let not_ours = |error: serde_json::Error| {
        Failure::new(format!("{name} is no explanation: {}", visible(&error.to_string())))
            .help("write one with `qualify explain POLICY LEADS --lead KEY --format json`")
    };
    let version: Version = serde_json::from_str(&text).map_err(not_ours)?;
    if version.schema_version != SCHEMA_VERSION {
        let message =
            format!("{name} has the form {}; this program reads the form {SCHEMA_VERSION}", version.schema_version);
        return Err(Failure::new(message).help("explain the lead anew"));
    }
    serde_json::from_str(&text).map_err(not_ours)
}

/// What is said of it, line by line.
fn told(kept: &Explanation, now: &Explanation, found: &Replayed) -> Vec<String> {
    let stage = |explanation: &Explanation| {
        explanation.stage.as_ref().map_or_else(|| "no stage".to_owned(), |stage| stage.label.clone())
    };
    let mut lines = Vec::new();
    lines.push(match found.holds() {
        true => format!("✓ still holds: {} is {} as of {}", kept.key, stage(now), kept.as_of.local),
        false if stage(kept) == stage(now) => {
            format!("✗ does not hold in every point: {} is {} still", kept.key, stage(now))
        }
        false => format!("✗ does not hold: {} was {} and is {}", kept.key, stage(kept), stage(now)),
    });
    match found.same_policy {
        true => lines.push("  the policy is the same, to the letter".to_owned()),
        false => lines.push(format!("  the policy is another: {} then, {} now", kept.policy.digest, now.policy.digest)),
    }
    if !found.same_engine {
        lines.push(format!("  the program is another: {} then, {} now", kept.engine, now.engine));
    }
    if !found.holds() {
        lines.push(format!(
            "  {} of its values differ, first at: {}",
            found.differences.len(),
            found.differences.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}
