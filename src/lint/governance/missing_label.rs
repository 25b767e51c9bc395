//! `missing-label`: people read a bare name.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{Group as Score, ItemKind, Name, Part, Text};

/// The lint.
pub static LINT: Lint = Lint {
    name: "missing-label",
    group: Group::Governance,
    level: Severity::Note,
    what: "A fit, a check, a score, a group, a rule, a reason to disqualify, a stage, a route or a persona has no label, \
           and its name alone does not read as words: it has a part of one or two letters, without a vowel or with a \
           digit. `company_size` is read as \"Company size\" and needs no label; `mql` and `sz50` do.",
    why: "Sales reads the labels: in the explanation of a lead, in the document that it signs, in reports. `Sz50` tells \
          it nothing.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { employees int }

fit icp "Ideal customer" {
  sz50: employees >= 50
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { employees int }

fit icp "Ideal customer" {
  sz50 "50 people or more": employees >= 50
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for item in context.items() {
        let mut look = |what: &str, name: &Name, label: &Option<Text>| {
            if label.is_none() && !reads_as_words(&name.value) {
                let finding = findings.at(name.span, format!("the {what} `{}` has no label", name.value));
                findings.push(finding.help("say what it means in a few words, in quotes behind its name"));
            }
        };
        match &item.value {
            ItemKind::Fit { name, label, checks, .. } => {
                look("fit", name, label);
                checks.iter().for_each(|check| look("check", &check.name, &check.label));
            }
            ItemKind::Score(score) => {
                look("score", &score.name, &score.label);
                parts(score, &mut look);
            }
            ItemKind::Disqualify(reasons) => {
                reasons.iter().for_each(|reason| look("reason to disqualify", &reason.name, &reason.label));
            }
            ItemKind::Stages(stages) => stages.iter().for_each(|stage| look("stage", &stage.name, &stage.label)),
            ItemKind::Route(arms) => arms.iter().for_each(|arm| look("route", &arm.name, &arm.label)),
            ItemKind::Persona { name, label, .. } => look("persona", name, label),
            _ => {}
        }
    }
}

fn parts(group: &Score, look: &mut dyn FnMut(&str, &Name, &Option<Text>)) {
    for part in &group.parts {
        match part {
            Part::Rule(rule) => look("rule", &rule.name, &rule.label),
            Part::Group(group) => {
                look("group", &group.name, &group.label);
                parts(group, look);
            }
            Part::Include(_) | Part::Junk(_) => {}
        }
    }
}

/// Small words that are words.
const SMALL: [&str; 20] = [
    "a", "an", "as", "at", "by", "do", "go", "if", "in", "is", "it", "no", "of", "on", "or", "to", "up", "us", "we",
    "my",
];

/// Whether every part of a name looks like a word.
fn reads_as_words(name: &str) -> bool {
    let word = |part: &str| {
        let vowel = part.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let digit = part.contains(|c: char| c.is_ascii_digit());
        SMALL.contains(&part) || (part.len() > 2 && vowel && !digit)
    };
    name.split('_').all(word)
}
