//! `# allow(name): reason`: what it covers, and what is said of allowances themselves.

use qualify::check::check;
use qualify::diagnostic::Severity;
use qualify::lint::{Context, Level, Levels, lint};
use qualify::syntax::{MemoryFiles, load};

/// The lints that the policies below are made for; small policies lack much else.
const LOOKED_AT: [&str; 9] = [
    "allow-without-reason",
    "double-negative",
    "duplicate-rule",
    "missing-label",
    "sensitive-attribute",
    "todo-comment",
    "unknown-allowance",
    "unused-allowance",
    "unused-definition",
];

/// The names and lines of what is found by [`LOOKED_AT`].
fn found(text: &str) -> Vec<(&'static str, usize)> {
    found_with(text, &Levels::default())
}

fn found_with(text: &str, levels: &Levels) -> Vec<(&'static str, usize)> {
    let head = "version \"1\"\nowner \"x\"\nagreed by \"y\" on 2026-10-01\n";
    let loaded = load("policy.qual", format!("{head}{text}"), &MemoryFiles::default());
    let checked = check(&loaded, &[]);
    let program = checked.program.as_ref().unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let found = lint(&Context::new(&loaded, program).on(super::TODAY), levels);
    let found = found.iter().filter(|finding| LOOKED_AT.contains(&finding.code));
    found.map(|finding| (finding.code, loaded.sources.locate(finding.span()).expect("a place").1.line - 3)).collect()
}

const FIELDS: &str = "lead { birth_date date ask \"Born?\" }\n";

#[test]
fn a_comment_above_covers_what_comes_next() {
    let rule = "  young: +1 if age of birth_date < 30 years\n";
    let score = |before: &str| {
        format!("{FIELDS}score warmth {{\n{before}{rule}{rule2} }}\n", rule2 = rule.replace("young", "old"))
    };
    assert_eq!(
        found(&score("")).iter().map(|(_, line)| *line).collect::<Vec<_>>(),
        [3, 4, 4],
        "{:?}",
        found(&score(""))
    );
    let allowed = found(&score("  # allow(sensitive-attribute): a reason\n"));
    assert_eq!(allowed, [("duplicate-rule", 5), ("sensitive-attribute", 5)]);
    // Other comments and empty lines may stand between.
    let allowed = found(&score("  # allow(sensitive-attribute): a reason\n\n  # young people\n"));
    assert!(!allowed.contains(&("sensitive-attribute", 6)), "{allowed:?}");
}

#[test]
fn a_comment_above_a_block_covers_all_of_it() {
    let policy = format!(
        "{FIELDS}# allow(sensitive-attribute): a reason\nfit buyer {{\n  young: age of birth_date < 30 years\n  older: age of birth_date >= 18 years\n}}\n"
    );
    assert_eq!(found(&policy), []);
}

#[test]
fn a_comment_at_the_end_covers_what_its_line_begins_with() {
    let policy = format!(
        "{FIELDS}fit buyer {{\n  young: age of birth_date < 30 years # allow(sensitive-attribute): a reason\n  older: age of birth_date >= 18 years\n}}\n"
    );
    assert_eq!(found(&policy), [("sensitive-attribute", 4)]);
    let behind = format!(
        "{FIELDS}fit buyer {{\n  young:\n    age of birth_date < 30 years # allow(sensitive-attribute): a reason\n}} # allow(sensitive-attribute): another\n"
    );
    // Both cover it, so that both are used.
    assert_eq!(found(&behind), []);
}

#[test]
fn several_names_share_a_reason() {
    let policy = format!(
        "{FIELDS}score warmth {{\n  q1: +1 if age of birth_date < 30 years # allow(sensitive-attribute, missing-label): a reason\n}}\n"
    );
    assert_eq!(found(&policy), []);
    let idle = policy.replace("missing-label", "todo-comment").replace("q1", "young");
    assert_eq!(found(&idle), [("unused-allowance", 3)]);
}

#[test]
fn an_allowance_without_a_reason_is_told() {
    for comment in ["# allow(todo-comment)", "# allow(todo-comment):", "# allow(todo-comment):  "] {
        let found = found(&format!(
            "# TODO\n{comment}\nlead {{ x int }} define team: x > 1\nstages {{ early  later: team }}\n"
        ));
        assert!(found.contains(&("allow-without-reason", 2)), "{comment}: {found:?}");
    }
}

#[test]
fn an_unknown_name_is_told_and_allows_nothing() {
    let found = found("list l = [\"a\"] # allow(unused-defintion): a reason\n");
    assert_eq!(found, [("unused-definition", 1), ("unknown-allowance", 1)]);
}

#[test]
fn an_allowance_that_hides_nothing_is_told_unless_its_lint_did_not_run() {
    let policy = "define team: 3 > 1 # allow(double-negative): a reason\nstages { early  later: team }\n";
    assert_eq!(found(policy), [("unused-allowance", 1)]);
    let mut levels = Levels::default();
    levels.set("double-negative", Level::Allow);
    assert_eq!(found_with(policy, &levels), []);
}

#[test]
fn comments_that_only_look_like_it_are_comments() {
    for comment in ["# allow everything", "# allowed(x): y", "# allow (", "# we allow(no-owner): never"] {
        assert_eq!(found(&format!("{comment}\nstages {{ a \"A\" }}\n")), [], "{comment}");
    }
}

#[test]
fn levels_set_the_severity() {
    let loaded = load("policy.qual", "policy \"x\"\nstages { a \"A\" }\n", &MemoryFiles::default());
    let checked = check(&loaded, &[]);
    let context = Context::new(&loaded, checked.program.as_ref().expect("a policy"));
    let mut levels = Levels::default();
    levels.set("all", Level::Allow);
    levels.set("no-owner", Level::Deny);
    let found = lint(&context, &levels);
    assert_eq!(
        found.iter().map(|finding| (finding.code, finding.severity)).collect::<Vec<_>>(),
        [("no-owner", Severity::Error)]
    );
}
