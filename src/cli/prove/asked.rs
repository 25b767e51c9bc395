//! Questions about two conditions: `--implies A B` and its kin.

use super::Args;
use crate::analysis::{Analysis, Answer, Budget};
use crate::base::{FileId, Source, visible};
use crate::cli::exit::Failure;
use crate::syntax::{Loaded, ast, parse};
use schemars::JsonSchema;
use serde::Serialize;

/// How two conditions are said to relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The second is true whenever the first is.
    Implies,
    /// Both are the same for every lead, unknown included.
    Equivalent,
    /// They are never true at once.
    Disjoint,
}

/// What is asked, in the words of the command line.
#[derive(Debug)]
pub struct Wanted<'a> {
    relation: Relation,
    first: &'a str,
    second: &'a str,
}

/// What is asked of a program.
#[derive(Debug)]
pub struct Asked {
    /// How they are said to relate.
    pub relation: Relation,
    /// The conditions as they were given.
    pub conditions: [String; 2],
    /// Where the first stands among the program's promises; the second stands behind it.
    place: usize,
}

/// All that is asked.
pub fn wanted(args: &Args) -> Vec<Wanted<'_>> {
    let all = [
        (Relation::Implies, &args.implies),
        (Relation::Equivalent, &args.equivalent),
        (Relation::Disjoint, &args.disjoint),
    ];
    let pairs = all.into_iter().flat_map(|(relation, given)| given.chunks_exact(2).map(move |pair| (relation, pair)));
    pairs.map(|(relation, pair)| Wanted { relation, first: &pair[0], second: &pair[1] }).collect()
}

/// Adds the conditions to a policy, as promises that stand behind its own.
pub fn add(loaded: &mut Loaded, wanted: &[Wanted<'_>], promises: usize) -> Result<Vec<Asked>, Failure> {
    let mut asked = Vec::new();
    for (number, wanted) in wanted.iter().enumerate() {
        for text in [wanted.first, wanted.second] {
            condition(loaded, wanted.relation.option(), text)?;
        }
        let conditions = [wanted.first, wanted.second].map(|text| text.trim().to_owned());
        asked.push(Asked { relation: wanted.relation, conditions, place: promises + 2 * number });
    }
    Ok(asked)
}

fn condition(loaded: &mut Loaded, option: &str, text: &str) -> Result<(), Failure> {
    let source = Source::new(format!("<{option}>"), format!("always \"asked\":\n{text}\n"));
    let file = loaded.sources.add(source.clone());
    let parsed = parse(&source, file);
    let one = matches!(&parsed.file.items[..], [item] if matches!(item.value, ast::ItemKind::Always { .. }));
    if !parsed.diagnostics.is_empty() {
        return Err(Failure::Policy {
            diagnostics: parsed.diagnostics,
            sources: Box::new(std::mem::take(&mut loaded.sources)),
        });
    }
    if !one {
        return Err(Failure::new(format!("`{option} {}` is no condition", visible(text)))
            .help("write it as a policy does: `stage >= mql and icp fits`"));
    }
    debug_assert_ne!(file, FileId::default());
    loaded.files.push(parsed.file);
    Ok(())
}

impl Relation {
    fn option(self) -> &'static str {
        match self {
            Relation::Implies => "--implies",
            Relation::Equivalent => "--equivalent",
            Relation::Disjoint => "--disjoint",
        }
    }
}

impl Asked {
    /// Whether it holds.
    pub fn answer(&self, analysis: &Analysis<'_>) -> Answer {
        let promises = &analysis.program().always;
        let (Some(first), Some(second)) = (promises.get(self.place), promises.get(self.place + 1)) else {
            return Answer::NotDecided("it was not asked");
        };
        let (first, second) = (&first.condition, &second.condition);
        match self.relation {
            Relation::Implies => analysis.implies(first, second, Budget::FULL),
            Relation::Equivalent => analysis.equivalent(first, second, Budget::FULL),
            Relation::Disjoint => analysis.disjoint(first, second, Budget::FULL),
        }
    }

    /// How the two conditions stand for a lead, in the words of a policy: `true`, `false`, `unknown`.
    pub fn values(&self, analysis: &Analysis<'_>, witness: &crate::analysis::Witness) -> [&'static str; 2] {
        [0, 1].map(|side| {
            let value = analysis.promise(self.place + side, witness);
            match value {
                crate::model::Tri::True => "true",
                crate::model::Tri::False => "false",
                crate::model::Tri::Unknown => "unknown",
            }
        })
    }
}
