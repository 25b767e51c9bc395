//! `not-agreed`: not signed by every owner.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;
use crate::syntax::ast::{DateLit, ItemKind, Text};

/// The lint.
pub static LINT: Lint = Lint {
    name: "not-agreed",
    group: Group::Governance,
    level: Severity::Warning,
    what: "The policy is not signed by everybody who owns it. One owner keeps the policy for others: it needs a \
           signature, `agreed by`, of anybody. Of several owners each has to sign: with the same text, or with what \
           stands before the `@` of an address, ignoring case. A signature on a day to come does not count yet. A policy \
           without an owner needs no signature (see `no-owner`).",
    why: "A lead that marketing calls qualified and sales does not is nobody's lead. The policy holds when both have \
          signed it.",
    example: Example::new(
        r#"policy "Inbound leads"

owner  "marketing@example.com"
owner  "sales@example.com"
agreed by "marketing" on 2026-10-01

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

owner  "marketing@example.com"
owner  "sales@example.com"
agreed by "marketing" on 2026-10-01
agreed by "sales"     on 2026-10-02

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut owners: Vec<&Text> = Vec::new();
    let mut signed: Vec<(&Text, &DateLit)> = Vec::new();
    for item in context.items() {
        match &item.value {
            ItemKind::Owner(owner) => owners.push(owner),
            ItemKind::Agreed { by, on } => signed.push((by, on)),
            _ => {}
        }
    }
    let day = context.today().map_or_else(|| "2026-10-01".to_owned(), |today| today.to_string());
    let (early, signed): (Vec<_>, Vec<_>) =
        signed.into_iter().partition(|(_, on)| context.today().is_some_and(|today| on.date > today));
    for (by, on) in early {
        let message = format!("`{}` has not agreed yet: {} is a day to come", by.value, on.date);
        findings.push(findings.at(on.span, message).help("write the day of the signature when it is there"));
    }
    let missing: Vec<&Text> = match owners.as_slice() {
        [] => return,
        [only] if signed.is_empty() => vec![only],
        [_] => return,
        many => many.iter().copied().filter(|owner| !signed.iter().any(|(by, _)| signs(by, owner))).collect(),
    };
    for owner in missing {
        let message = match owners.len() {
            1 => "nobody has agreed to this policy".to_owned(),
            _ => format!("`{}` owns this policy and has not agreed to it", owner.value),
        };
        let who = owner.value.split('@').next().unwrap_or_default();
        let help = match owners.len() {
            1 => format!("let those who work by it sign: `agreed by \"sales\" on {day}`"),
            _ => format!("when they have: `agreed by \"{who}\" on {day}`"),
        };
        findings.push(findings.at(owner.span, message).help(help));
    }
}

/// Whether a signature is this owner's.
fn signs(by: &Text, owner: &Text) -> bool {
    let short = owner.value.split('@').next().unwrap_or_default();
    fold(&by.value) == fold(&owner.value) || fold(&by.value) == fold(short)
}
