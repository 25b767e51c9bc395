//! `naming`: names that tell nothing or read badly.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{Condition, Group as Score, ItemKind, Name, Part};

/// Longer than this, a name no longer fits the columns of reports.
const LONGEST: usize = 40;

/// Words that tell what a thing is and not what it is about.
const EMPTY: [&str; 14] = [
    "check",
    "condition",
    "criteria",
    "criterion",
    "def",
    "foo",
    "item",
    "part",
    "reason",
    "rule",
    "stage",
    "temp",
    "test",
    "tmp",
];

/// The lint.
pub static LINT: Lint = Lint {
    name: "naming",
    group: Group::Style,
    level: Severity::Note,
    what: "A name tells nothing (`rule_2`, `check1`, `x`), says again what it stands in (`icp.icp_size`), has `_` at its \
           end or twice in a row, or is longer than 40 letters.",
    why: "Names tie a rule to its explanation, its test and its column in reports. `engagement.rule_2` makes everybody \
          look it up.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { employees int  country text }

fit icp "Ideal customer" {
  check_1  "50 people or more": employees >= 50
  icp_home "Lives in the US":   country is "US"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { employees int  country text }

fit icp "Ideal customer" {
  size "50 people or more": employees >= 50
  home "Lives in the US":   country is "US"
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for item in context.items() {
        match &item.value {
            ItemKind::Fit { name, checks, .. } => {
                look(name, None, findings);
                conditions(checks, Some(name), findings);
            }
            ItemKind::Score(score) => group(score, None, findings),
            ItemKind::Disqualify(reasons) => conditions(reasons, None, findings),
            ItemKind::Stages(stages) => stages.iter().for_each(|stage| look(&stage.name, None, findings)),
            ItemKind::Route(arms) => arms.iter().for_each(|arm| look(&arm.name, None, findings)),
            ItemKind::Bands { name, .. }
            | ItemKind::Matrix { name, .. }
            | ItemKind::Define { name, .. }
            | ItemKind::Persona { name, .. }
            | ItemKind::List { name, .. }
            | ItemKind::Event { name, .. }
            | ItemKind::EventGroup { name, .. } => look(name, None, findings),
            _ => {}
        }
    }
}

fn conditions(all: &[Condition], inside: Option<&Name>, findings: &mut Findings) {
    all.iter().for_each(|condition| look(&condition.name, inside, findings));
}

fn group(score: &Score, inside: Option<&Name>, findings: &mut Findings) {
    look(&score.name, inside, findings);
    for part in &score.parts {
        match part {
            Part::Rule(rule) => look(&rule.name, Some(&score.name), findings),
            Part::Group(inner) => group(inner, Some(&score.name), findings),
            Part::Include(_) | Part::Junk(_) => {}
        }
    }
}

fn look(name: &Name, inside: Option<&Name>, findings: &mut Findings) {
    let written = name.value.as_str();
    let letters = written.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let again = inside.and_then(|inside| written.strip_prefix(inside.value.as_str())?.strip_prefix('_'));
    let (message, help) = if written.ends_with('_') || written.contains("__") {
        let tidy = written.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
        (format!("`{written}` has more `_` than it needs"), format!("call it `{tidy}`"))
    } else if written.len() == 1 || EMPTY.contains(&letters) {
        (
            format!("`{written}` does not tell what it is about"),
            "name it by what it looks at: `size`, `in_us`".to_owned(),
        )
    } else if written.len() > LONGEST {
        (
            format!("`{written}` is longer than {LONGEST} letters"),
            "say it in two or three words; the label has room for the rest".to_owned(),
        )
    } else if let (Some(rest), Some(inside)) = (again, inside) {
        (format!("`{}.{written}` says `{}` twice", inside.value, inside.value), format!("call it `{rest}`"))
    } else {
        return;
    };
    findings.push(findings.at(name.span, message).help(help));
}
