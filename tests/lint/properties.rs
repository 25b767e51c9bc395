//! Random policies: lint never panics, and what fixes leave checks and decides the same.

use crate::reference::generate::{lead, policy};
use crate::support::agree::{compile, ours};
use qualify::check::check;
use qualify::lint::{Context, Levels, Patient, lint, mend};
use qualify::syntax::{MemoryFiles, load};

/// Policies; more with `LINT_POLICIES`.
const POLICIES: u64 = 60;
const LEADS: u64 = 4;

#[test]
fn fixes_of_random_policies_leave_what_they_decide() {
    let policies = std::env::var("LINT_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(POLICIES);
    let levels = Levels::default();
    let (mut findings, mut fixed) = (0, 0);
    for seed in 0..policies {
        let made = policy(seed, 1 + seed as usize % 3);
        let files = made.files();
        let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| all.with(path.clone(), text.clone()));
        let find = |loaded: &_, program: &_| lint(&Context::new(loaded, program).on(super::TODAY), &levels);
        let loaded = load("policy.qual", made.text.as_bytes(), &files);
        let checked = check(&loaded, &[]);
        let program = checked.program.as_ref().unwrap_or_else(|| panic!("policy seed {seed} does not check"));
        let found = find(&loaded, program);
        for finding in &found {
            assert!(loaded.sources.locate(finding.span()).is_some(), "policy seed {seed}: {finding:?}");
        }
        findings += found.len();
        let patient = Patient { name: "policy.qual", text: &made.text, files: &files, changing_decisions: false };
        let mended = mend(&patient, &mut |loaded, program| find(loaded, program));
        fixed += mended.fixed;
        let after = |name: &str| mended.files.iter().find(|file| file.name == name).map(|file| file.after.clone());
        let text = after("policy.qual").unwrap_or_else(|| made.text.clone());
        let files = made.files().into_iter().map(|(path, text)| (path.clone(), after(&path).unwrap_or(text))).collect();
        let new =
            compile(&text, &files).unwrap_or_else(|shown| panic!("policy seed {seed} is broken:\n{shown}\n{text}"));
        if mended.fixed == 0 {
            continue;
        }
        for number in 0..LEADS {
            let data = lead(&made.schema, seed * LEADS + number);
            let (before, after) = (ours(program, &data, made.schema.as_of), ours(&new, &data, made.schema.as_of));
            assert_eq!(before, after, "policy seed {seed}, lead {number}\n{text}\n{data}");
        }
    }
    println!("{policies} policies: {findings} findings, {fixed} mended");
    assert!(findings as u64 > policies && fixed as u64 > policies / 10, "{findings} findings, {fixed} mended");
}
