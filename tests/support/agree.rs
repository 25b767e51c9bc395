//! Holding the evaluator against the reference: one policy, one lead, what differs.

use super::flat::flat;
use super::ledger::adds_up;
use crate::reference;
use crate::reference::generate::Generated;
use bumpalo::Bump;
use qualify::base::{FileId, Source};
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::eval::{Block, Evaluator};
use qualify::model::time::AsOf;
use qualify::syntax::{MemoryFiles, ast, load, parse};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// Every observable by its name.
pub type Flat = BTreeMap<String, String>;

/// A checked policy, or its errors as people read them.
pub fn compile(text: &str, files: &HashMap<String, String>) -> Result<Program, String> {
    let files = files.iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path.clone(), text.clone()));
    let loaded = load("policy.qual", text.as_bytes(), &files);
    let checked = check(&loaded, &[]);
    let shown = || {
        let plain = qualify::diagnostic::ColorChoice::Plain;
        qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, plain, 100)
    };
    match checked.program {
        Some(program) => Ok(program),
        None => Err(shown()),
    }
}

/// The program's answer, once plainly and once with the ledger; both are the same.
pub fn ours(program: &Program, lead: &Json, as_of: &str) -> Result<Flat, String> {
    let as_of = AsOf::parse(as_of, &program.zone).expect("an as-of");
    let evaluator = Evaluator::new(program, as_of);
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let arena = Bump::new();
    let batch = Batch::of_json(&lead.to_string());
    let mut answer = Err("no record".to_owned());
    batch.decode(&plan, None, &arena, &mut |record| {
        answer = match record {
            Decoded::Reject(reject) => Err(reject.kind.as_str().to_owned()),
            Decoded::Lead { lead, problems, .. } => {
                let lead = arena.alloc(lead);
                let plain = flat(&evaluator, &evaluator.evaluate(lead, &arena), &problems);
                let (outcome, ledger) = evaluator.explain(lead, &arena);
                assert_eq!(plain, flat(&evaluator, &outcome, &problems), "recording changed the result");
                adds_up(program, &outcome, &ledger);
                let block = Block { leads: std::slice::from_ref(lead).into(), columns: &[], counts: None };
                let outcomes = evaluator.evaluate_block(block, &mut evaluator.memo(), &arena);
                assert_eq!(
                    plain,
                    flat(&evaluator, &outcomes.all()[0], &problems),
                    "a block of one lead is decided otherwise"
                );
                Ok(plain)
            }
        }
    });
    answer
}

/// What differs between the program and the reference, a line each; none when they agree.
pub fn differences(text: &str, made: &Generated, lead: &Json) -> Result<Vec<String>, String> {
    let program = compile(text, &made.files())?;
    Ok(differences_of(&program, &trees(text), made, lead))
}

/// The trees that the reference walks.
pub fn trees(text: &str) -> Vec<ast::File> {
    vec![parse(&Source::new("policy.qual", text), FileId(0)).file]
}

/// As [`differences`], of a policy that is compiled already.
pub fn differences_of(program: &Program, trees: &[ast::File], made: &Generated, lead: &Json) -> Vec<String> {
    let ours = ours(program, lead, made.schema.as_of);
    let theirs = reference::decide(trees, &made.lists(), lead, None, made.schema.as_of);
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, comparable(theirs, program)),
        (Err(_), Err(_)) => return Vec::new(),
        (Ok(_), Err(reject)) => return vec![format!("decided, and the reference rejects: {reject:?}")],
        (Err(reject), Ok(_)) => return vec![format!("rejected ({reject}), and the reference decides")],
    };
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    names
        .into_iter()
        // Only the reference works out definitions that nothing needs.
        .filter(|name| !name.starts_with("define.") || ours.contains_key(*name))
        .filter(|name| ours.get(*name) != theirs.get(*name))
        .map(|name| format!("{name}: ours {:?}, the reference's {:?}", ours.get(name), theirs.get(name)))
        .collect()
}

/// Of the reference's answer the problems of fields that the program reads; which one it was is not compared.
fn comparable(theirs: Flat, program: &Program) -> Flat {
    let read = |name: &str| program.schema.fields.iter().any(|field| field.used && field.name == name);
    theirs
        .into_iter()
        .filter(|(name, _)| name != "problems" && name.strip_prefix("problem.").is_none_or(read))
        .map(|(name, value)| if name.starts_with("problem.") { (name, "yes".to_owned()) } else { (name, value) })
        .collect()
}
