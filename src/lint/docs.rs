//! The words of lints as documents: one text for `--explain` and `docs/lints.md`.

use super::{Example, FixKind, GROUPS, Group, Level, Lint};

/// The whole of `docs/lints.md`.
pub fn page() -> String {
    let mut out = String::from(HEAD);
    for (group, lints) in GROUPS {
        out.push_str(&format!("\n## {}\n\n{}\n\n", heading(*group), group.about()));
        out.push_str("| lint | level | fix | what it reports |\n|---|---|---|---|\n");
        for lint in lints.iter() {
            let first = lint.what.split_inclusive(". ").next().unwrap_or_default().trim_end();
            let (name, level, fix) = (lint.name, level(lint), fix(lint));
            out.push_str(&format!("| [`{name}`](#{name}) | {level} | {fix} | {} |\n", first.replace('|', "\\|")));
        }
    }
    for (_, lints) in GROUPS {
        for lint in lints.iter() {
            out.push('\n');
            out.push_str(&explanation(lint));
        }
    }
    out
}

const HEAD: &str = "\
# Lints

What `qualify lint` finds: policies that are valid and yet wrong, risky or hard to read. `qualify lint --explain NAME` prints the
same words. Each example runs as a test: the lint finds something in it, and nothing in what stands under \"Use instead\".

An error is a bug; a warning is probably one; a note is worth knowing. `--deny`, `--warn` and `--allow` change that, and the
`[lint]` table of `qualify.toml`. `# allow(NAME): the reason` above a declaration, or at the end of its first line, says that a
finding is meant. See [the command](cli.md#lint).

A fix marked *safe* changes no decision and is made by `--fix`. One marked *unsafe* may change the decision of some lead, and is
made by `--fix --unsafe-fixes` alone.
";

/// What a lint is, as Markdown: `qualify lint --explain NAME`.
pub fn explanation(lint: &Lint) -> String {
    let mut out = format!("### {}\n\n", lint.name);
    out.push_str(&format!("Group `{}`; {}; {}.\n\n", lint.group.name(), level(lint), long_fix(lint)));
    out.push_str(&format!("{}\n\n**Why is this bad?** {}\n\n", lint.what, lint.why));
    out.push_str(&format!("**Example**\n\n{}\n", fenced(&lint.example)));
    out.push_str(&format!("**Use instead**\n\n{}", fenced(&lint.instead)));
    out
}

fn fenced(example: &Example) -> String {
    let mut out = format!("```qual\n{}\n```\n", example.policy.trim_end());
    if let Some(leads) = example.leads {
        out.push_str(&format!("\nwith these leads:\n\n```json\n{}\n```\n", leads.trim_end()));
    }
    out
}

fn heading(group: Group) -> String {
    let name = group.name().replace('-', " ");
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The level of a lint as people read it.
pub fn level(lint: &Lint) -> &'static str {
    match Level::from(lint.level) {
        Level::Allow => "off",
        Level::Note => "note",
        Level::Warn => "warning",
        Level::Deny => "error",
    }
}

fn fix(lint: &Lint) -> &'static str {
    match lint.fix {
        FixKind::None => "",
        FixKind::Safe => "safe",
        FixKind::ChangesDecisions => "unsafe",
    }
}

fn long_fix(lint: &Lint) -> &'static str {
    match lint.fix {
        FixKind::None => "no fix",
        FixKind::Safe => "`--fix` mends it and changes no decision",
        FixKind::ChangesDecisions => "`--fix --unsafe-fixes` mends it, and may change the decision of some lead",
    }
}
