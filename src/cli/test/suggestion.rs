//! `qualify test --suggest`: the text of the suggested tests, and how much they add.

use super::mutation;
use crate::base::visible;
use crate::check::check;
use crate::check::hir::Program;
use crate::cli::terminal::count;
use crate::syntax::ast::Expr;
use crate::syntax::{Loaded, parse};
use crate::testing::coverage::Tally;
use crate::testing::{Mutants, Mutation, Suggestions, coverage};

/// The tests with a word to the reader before them.
pub fn text(program: &Program, suggestions: &Suggestions) -> String {
    if suggestions.tests == 0 {
        return "# No tests to suggest.\n".to_owned();
    }
    let tests = count(suggestions.tests as u64, "test", "tests");
    let name = program.sources.files().first().map_or("", |source| source.name.as_str());
    format!(
        "# {tests} suggested for {}.\n# Each says what the policy does today, and passes. Is it what you want? Then keep it, and say why.\n\n{}",
        visible(name),
        suggestions.text
    )
}

/// How coverage and mutants are with the suggested tests, beside how they were.
pub fn gain(
    loaded: &Loaded,
    overrides: &[(String, Expr)],
    suggestions: &Suggestions,
    (outcomes, mutants): (Tally, Tally),
) -> Vec<String> {
    let tests = count(suggestions.tests as u64, "test suggested", "tests suggested");
    let mut with = loaded.clone();
    let source = crate::base::Source::new("", suggestions.text.as_str());
    if let Some(main) = with.files.first_mut() {
        main.items.extend(parse(&source, crate::base::FileId(u16::MAX)).file.items);
    }
    let Some(program) = check(&with, overrides).program else { return vec![tests] };
    let after = coverage(&program).outcomes;
    let all = Mutants::new(&with, &program, overrides);
    let killed = Mutation::new(&all, &mutation::judge(&all)).mutants;
    let mut lines = vec![format!(
        "{tests}: they raise coverage from {:.1}% to {:.1}%, and mutants killed from {:.1}% to {:.1}%",
        outcomes.percent, after.percent, mutants.percent, killed.percent
    )];
    let left = [(after.all - after.covered, "outcome", "outcomes"), (killed.all - killed.covered, "mutant", "mutants")];
    let left: Vec<String> = left
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(*number as u64, one, many))
        .collect();
    if !left.is_empty() {
        let left = left.join(" and ");
        lines.push(format!("no lead was found for {left}: they may not be possible, or mean the same as the policy"));
    }
    lines
}
