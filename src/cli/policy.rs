//! Policies from disk or standard input, with `--set`.

use super::exit::Failure;
use crate::base::visible;
use crate::check::hir::{ExprKind, PartId, Program, StageId, Step};
use crate::check::{Checked, check};
use crate::data::Folder;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::syntax::{Loaded, ast, load, parse_constant};
use std::io::Read;

/// The arguments that change a policy's constants.
#[derive(Debug, Default, clap::Args)]
pub struct SetArgs {
    /// Use another value for a `define` that is a constant: `--set demo_points=25`
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

impl SetArgs {
    /// As if these had been given.
    pub fn of(set: Vec<String>) -> SetArgs {
        SetArgs { set }
    }

    /// What was given.
    pub fn written(&self) -> Vec<String> {
        self.set.clone()
    }

    /// The new values by name.
    pub fn overrides(&self) -> Result<Vec<(String, ast::Expr)>, Failure> {
        let mut overrides: Vec<(String, ast::Expr)> = Vec::new();
        for set in &self.set {
            let shown = visible(set);
            let Some((name, value)) = set.split_once('=').map(|(name, value)| (name.trim(), value.trim())) else {
                return Err(Failure::new(format!("`--set {shown}` has no `=`")).help("write `--set NAME=VALUE`"));
            };
            let value = parse_constant(value).map_err(|problems| {
                let why = problems.first().map_or("no constant", |problem| problem.message.as_str());
                Failure::new(format!("`--set {shown}`: {}", visible(why)))
                    .help("write a number as a policy does: `25`, `-2.5`, `100k`, `20%`")
            })?;
            if overrides.iter().any(|(known, _)| known == name) {
                return Err(Failure::new(format!("`--set` names `{}` twice", visible(name))));
            }
            overrides.push((name.to_owned(), value));
        }
        Ok(overrides)
    }
}

/// A policy as it was read and checked.
#[derive(Debug)]
pub struct Policy {
    /// Its texts and trees.
    pub loaded: Loaded,
    /// What the checker says.
    pub checked: Checked,
}

/// Reads and checks the policy at `path`; `-` is standard input.
pub fn read(path: &str, set: &SetArgs) -> Result<Policy, Failure> {
    let overrides = set.overrides()?;
    let (name, text) = if path == "-" {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text).map_err(|error| Failure::unreadable("-", &error))?;
        ("<stdin>", text)
    } else {
        (path, std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?)
    };
    let loaded = load(name, text, &Folder::of(name));
    let checked = check(&loaded, &overrides);
    Ok(Policy { loaded, checked })
}

/// As [`read`], for commands that need a policy without errors: the program, after its errors, if it has any, are
/// returned as a failure.
pub fn program(path: &str, set: &SetArgs) -> Result<Program, Failure> {
    compiled(path, set).map(|(_, program)| program)
}

/// As [`program`], with the texts and trees that it was made of.
pub fn compiled(path: &str, set: &SetArgs) -> Result<(Loaded, Program), Failure> {
    let Policy { loaded, checked } = read(path, set)?;
    match checked.program {
        Some(program) => Ok((loaded, program)),
        None => {
            let mut diagnostics = checked.diagnostics;
            diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
            Err(Failure::Policy { diagnostics, sources: Box::new(loaded.sources) })
        }
    }
}

/// How many errors and how many warnings there are.
pub fn severities(diagnostics: &[Diagnostic]) -> (u64, u64) {
    let of = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count() as u64;
    (of(Severity::Error), of(Severity::Warning))
}

/// The score that leads are looked at by: the one that is named; else the first that a stage asks for, or the last one.
pub fn main_score(program: &Program, named: Option<&str>) -> Result<Option<PartId>, Failure> {
    let name_of = |id: &PartId| program.parts[id.index()].name.as_str();
    if let Some(name) = named {
        return match program.scores.iter().find(|id| name_of(id) == name) {
            Some(id) => Ok(Some(*id)),
            None => Err(Failure::new(format!("the policy has no score `{}`", visible(name)))
                .maybe_help(did_you_mean(name, program.scores.iter().map(name_of)))),
        };
    }
    let mut asked = None;
    for stage in 0..program.stages.len() {
        program.walk_step(Step::StageReached(StageId(stage as u16)), &mut |expr| {
            if let ExprKind::Points(id) = &expr.kind
                && program.scores.contains(id)
            {
                asked.get_or_insert(*id);
            }
        });
    }
    Ok(asked.or(program.scores.last().copied()))
}
