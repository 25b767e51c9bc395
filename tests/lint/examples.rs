//! What the words of each lint say is so.

use crate::TODAY;
use crate::leads::statistics;
use qualify::check::check;
use qualify::diagnostic::{ColorChoice, Diagnostic, Severity, render};
use qualify::lint::{Context, Example, Group, Levels, Lint, all, lint};
use qualify::syntax::{MemoryFiles, load};

/// What all lints find in an example, as diagnostics and as people read it.
fn found(example: &Example) -> (Vec<Diagnostic>, String) {
    let loaded = load("policy.qual", example.policy, &MemoryFiles::default());
    let checked = check(&loaded, &[]);
    let Some(program) = &checked.program else {
        panic!("not valid:\n{}", render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 100));
    };
    let data = example.leads.map(|leads| statistics(program, leads));
    let mut context = Context::new(&loaded, program).on(TODAY);
    if let Some(data) = &data {
        context = context.with_data(data);
    }
    let found = lint(&context, &Levels::default());
    let shown = render(&found, &loaded.sources, ColorChoice::Plain, 100);
    (found, shown)
}

fn own<'d>(lint: &Lint, found: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    found.iter().filter(|diagnostic| diagnostic.code == lint.name).collect()
}

#[test]
fn every_lint_finds_something_in_its_example() {
    for lint in all() {
        let (found, shown) = found(&lint.example);
        assert!(!own(lint, &found).is_empty(), "`{}` finds nothing in its example; all found:\n{shown}", lint.name);
    }
}

#[test]
fn every_lint_finds_nothing_in_its_remedy() {
    for lint in all() {
        let (found, shown) = found(&lint.instead);
        assert!(own(lint, &found).is_empty(), "`{}` in its remedy:\n{shown}", lint.name);
        assert_ne!(lint.example.policy, lint.instead.policy, "`{}`", lint.name);
    }
}

#[test]
fn words_are_whole() {
    for lint in all() {
        let name = lint.name;
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
        for (part, text) in [("what", lint.what), ("why", lint.why)] {
            assert!(text.ends_with('.') && !text.contains("  "), "{name}: {part}: {text:?}");
        }
        let with_leads = lint.example.leads.is_some() && lint.instead.leads.is_some();
        assert_eq!(with_leads, lint.group == Group::WithData, "{name}");
    }
}

/// A remedy is a policy to copy: it has no bug of another kind either.
#[test]
fn no_lint_finds_an_error_in_the_example_or_remedy_of_another() {
    for lint in all() {
        for example in [&lint.example, &lint.instead] {
            let (found, shown) = found(example);
            let others = found.iter().filter(|finding| finding.code != lint.name);
            let errors: Vec<_> = others.filter(|finding| finding.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "`{}`:\n{shown}", lint.name);
        }
    }
}
