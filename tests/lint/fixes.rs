//! What fixes leave: a policy that checks, without the finding, and that decides as before unless the lint says otherwise.

use crate::random_leads::lead;
use crate::reference::generate::Rng;
use crate::support::agree::{compile, ours};
use qualify::base::{FileId, Span};
use qualify::diagnostic::{Diagnostic, Edit, Fix};
use qualify::lint::{Context, FixKind, Group, Levels, Mended, Patient, all, lint, mend};
use qualify::syntax::MemoryFiles;
use std::collections::HashMap;

const LEADS: usize = 200;

fn mended(text: &str, changing_decisions: bool, find: &mut dyn FnMut(&Context<'_>) -> Vec<Diagnostic>) -> Mended {
    let files = MemoryFiles::default();
    let patient = Patient { name: "policy.qual", text, files: &files, changing_decisions };
    mend(&patient, &mut |loaded, program| find(&Context::new(loaded, program).on(super::TODAY)))
}

fn only(name: &str) -> Levels {
    let mut levels = Levels::default();
    levels.set("all", qualify::lint::Level::Allow);
    levels.set(name, qualify::lint::Level::Warn);
    levels
}

#[test]
fn every_fix_mends_its_example() {
    for rule in all().filter(|rule| rule.fix != FixKind::None && rule.group != Group::WithData) {
        let text = rule.example.policy;
        let mut before = Vec::new();
        let mended = mended(text, true, &mut |context| {
            let mut found = lint(context, &Levels::default());
            found.retain(|finding| finding.code == rule.name);
            if before.is_empty() {
                before = found.clone();
            }
            found
        });
        let fixable = before.iter().filter(|finding| finding.fix.is_some()).count();
        assert!(fixable > 0, "`{}` says that it has a fix, and has none in its example", rule.name);
        let [file] = mended.files.as_slice() else { panic!("`{}` mends nothing", rule.name) };
        assert!(mended.fixed >= fixable, "`{}` mends {} of {fixable}", rule.name, mended.fixed);
        let says = before.iter().filter_map(|finding| finding.fix.as_ref()).any(|fix| fix.changes_decisions);
        assert_eq!(says, rule.fix == FixKind::ChangesDecisions, "`{}`", rule.name);
        if !says {
            same_decisions(rule.name, text, &file.after);
        }
    }
}

#[test]
fn a_lint_without_a_fix_has_none() {
    for rule in all().filter(|rule| rule.fix == FixKind::None) {
        let levels = only(rule.name);
        let mended = mended(rule.example.policy, true, &mut |context| lint(context, &levels));
        assert_eq!(mended.fixed, 0, "`{}`", rule.name);
    }
}

/// Both policies decide random leads alike.
pub fn same_decisions(name: &str, before: &str, after: &str) {
    let compiled = |text| compile(text, &HashMap::new()).unwrap_or_else(|shown| panic!("{name}:\n{shown}\n{text}"));
    let (old, new) = (compiled(before), compiled(after));
    let mut rng = Rng::new(7);
    for _ in 0..LEADS {
        let lead = lead(&old, before, &mut rng);
        let (old, new) = (ours(&old, &lead, "2026-11-01"), ours(&new, &lead, "2026-11-01"));
        assert_eq!(old, new, "{name}: {lead}\n{after}");
    }
}

const SMALL: &str = "policy \"x\"\nlead { a int }\nfit f { c: a > 1 }\n";

/// Reports fixes at texts of the policy, as long as they are there.
fn reporting<'a>(edits: &'a [(&'a str, &'a str)]) -> impl FnMut(&Context<'_>) -> Vec<Diagnostic> + 'a {
    move |context| {
        let text = &context.loaded().sources.files()[0].text;
        let found = edits.iter().filter_map(|(from, to)| {
            let at = text.find(from)?;
            let span = Span::new(FileId(0), at, at + from.len());
            let edit = Edit { span, replacement: (*to).to_owned() };
            let fix = Fix { message: "x".to_owned(), edits: vec![edit], changes_decisions: false };
            Some(Diagnostic::error("x", format!("{from} {to}"), span).fix(fix))
        });
        found.collect()
    }
}

fn after(mended: &Mended) -> &str {
    mended.files.first().map_or("", |file| file.after.as_str())
}

#[test]
fn fixes_that_overlap_are_made_in_different_passes() {
    let done = mended(SMALL, false, &mut reporting(&[("a > 1", "a >= 1"), ("> 1 }", "> 2 }"), (">= 1", "> 3")]));
    assert_eq!(after(&done), SMALL.replace("a > 1", "a > 3"));
    assert_eq!(done.fixed, 2);
}

#[test]
fn a_fix_that_breaks_the_policy_is_not_made_and_the_others_are() {
    let done = mended(SMALL, false, &mut reporting(&[("fit f", "fit"), ("a > 1", "a > 2"), ("\"x\"", "\"y\"")]));
    assert_eq!(after(&done), SMALL.replace("a > 1", "a > 2").replace("\"x\"", "\"y\""));
    assert_eq!(done.fixed, 2);
}

#[test]
fn fixes_that_undo_each_other_end() {
    let done = mended(SMALL, false, &mut reporting(&[("a > 1", "a >= 1"), ("a >= 1", "a > 1")]));
    assert!(done.fixed <= 50);
}
