//! `pattern-too-wide`: a pattern matches texts that nobody meant.

use super::compared::{Column, Compared, EntryValue, How, compared};
use super::witnesses::{COMMON, IN_ADDRESSES, IN_COMPANIES, IN_TITLES, TWO_MEANINGS, Word};
use crate::base::{Span, quoted, visible};
use crate::builtins::Matcher;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;
use crate::syntax::ast::{self, ItemKind, Part, TextOp};
use bumpalo::Bump;
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "pattern-too-wide",
    group: Group::Data,
    level: Severity::Warning,
    what: "A pattern matches common texts that it cannot be meant for: a short word inside others (`contains \"cto\"` \
           matches \"Director\"), a rank that is something else as well (`mentions \"lead\"` matches \"Lead Generation \
           Intern\"), or nearly everything (`like \"*a*\"`). Each is shown with a text that it matches; another pattern of \
           the same rule that matches that text too excuses it.",
    why: "Points and stages go to people who were not meant, and nobody notices, for the rule reads well.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { title text }

fit icp {
  decides "Decides on purchases": title contains any of ["ceo", "cto"]
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { title text }

fit icp {
  decides "Decides on purchases": title mentions any of ["ceo", "cto"]
}
"#,
    ),
    fix: FixKind::ChangesDecisions,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let all = compared(context);
    let declarations = declarations(context);
    let home = |span: Span| {
        let inside = |home: &&Span| home.file == span.file && home.start <= span.start && span.end <= home.end;
        declarations
            .iter()
            .filter(inside)
            .min_by_key(|home| home.end - home.start)
            .map(|home| (home.file.0, home.start))
    };
    let homes: Vec<_> = all.iter().map(|compared| home(compared.span)).collect();
    let mut seen: BTreeSet<(u16, u32)> = BTreeSet::new();
    for (place, compared) in all.iter().enumerate() {
        let How::Text(op) = compared.how else { continue };
        let beside: Vec<&Compared<'_>> = all
            .iter()
            .zip(&homes)
            .enumerate()
            .filter(|(other, (beside, home))| {
                *other != place && beside.column == compared.column && home.is_some() && **home == homes[place]
            })
            .map(|(_, (beside, _))| beside)
            .collect();
        for entry in &compared.entries {
            let EntryValue::Text(pattern) = entry.value else { continue };
            // Entries of a list's file are not the policy's own.
            if !context.text(entry.span).starts_with('"') || seen.contains(&(entry.span.file.0, entry.span.start)) {
                continue;
            }
            let judged = Judged { context, compared, op, pattern, beside: &beside };
            if let Some(finding) = judged.finding(findings, entry.span) {
                seen.insert((entry.span.file.0, entry.span.start));
                findings.push(finding);
            }
        }
    }
}

/// The places of the declarations that decide together: rules, checks, reasons, definitions, stages, routes.
fn declarations(context: &Context<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for item in context.items() {
        match &item.value {
            ItemKind::Score(group) => rules(group, &mut spans),
            ItemKind::Fit { checks: conditions, .. } | ItemKind::Disqualify(conditions) => {
                spans.extend(conditions.iter().map(|condition| condition.span));
            }
            ItemKind::Stages(stages) => spans.extend(stages.iter().map(|stage| stage.span)),
            ItemKind::Route(arms) => spans.extend(arms.iter().map(|arm| arm.span)),
            _ => spans.push(item.span),
        }
    }
    spans
}

fn rules(group: &ast::Group, spans: &mut Vec<Span>) {
    for part in &group.parts {
        match part {
            Part::Group(group) => rules(group, spans),
            Part::Rule(rule) => spans.push(rule.span),
            Part::Include(_) | Part::Junk(_) => {}
        }
    }
}

/// What kind of text a field holds, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    Company,
    Address,
    Other,
}

fn kind(context: &Context<'_>, column: Column) -> Kind {
    let schema = &context.program().schema;
    // The title of an event may be that of a page, and of listed texts all are known.
    if matches!(column, Column::Event(..)) || column.domain(schema).is_some() {
        return Kind::Other;
    }
    let name = &column.field(schema).name;
    let words: Vec<&str> = name.split(['.', '_']).collect();
    let says = |names: &[&str]| words.iter().any(|word| names.contains(word));
    if says(&["email", "mail", "domain"]) {
        Kind::Address
    } else if says(&["path", "url", "page", "link", "topic", "subject", "website", "form", "message", "description"]) {
        Kind::Other
    } else if says(&["title", "role", "position", "job", "function", "occupation", "profession", "headline"]) {
        Kind::Title
    } else if says(&["company", "organisation", "organization", "employer", "account", "firm"]) {
        Kind::Company
    } else {
        Kind::Other
    }
}

/// A pattern under judgement.
struct Judged<'j, 'a> {
    context: &'j Context<'a>,
    compared: &'j Compared<'a>,
    op: TextOp,
    pattern: &'j str,
    /// What else the same rule asks of the same field.
    beside: &'j [&'j Compared<'a>],
}

impl Judged<'_, '_> {
    fn finding(&self, findings: &Findings, span: Span) -> Option<Diagnostic> {
        let arena = Bump::new();
        let matcher = Matcher::compile(self.op, &[self.pattern]).ok()?;
        let matches = |text: &str| matcher.matches(text, &arena);
        if let Some(finding) = self.nearly_everything(findings, span, &matches) {
            return Some(finding);
        }
        let kind = kind(self.context, self.compared.column);
        let words = match kind {
            Kind::Title => IN_TITLES,
            Kind::Company => IN_COMPANIES,
            Kind::Address => IN_ADDRESSES,
            Kind::Other => return None,
        };
        let searched = self.searched()?;
        if let Some((word, witness)) = self.witness(words, &searched, &matches).filter(|_| self.op != TextOp::Mentions)
        {
            let finding = findings
                .at(span, format!("`{word}` stands inside other words: `{witness}` matches"))
                .here("looks inside words too");
            return Some(self.instead(finding));
        }
        let (word, witness) = self.witness(TWO_MEANINGS, &searched, &matches).filter(|_| kind == Kind::Title)?;
        let help = match word {
            "lead" => "say what is led: `mentions any of [\"team lead\", \"tech lead\", \"lead engineer\"]`".to_owned(),
            "head" => "write `mentions \"head of\"`".to_owned(),
            "owner" => "say what is owned: `mentions any of [\"business owner\", \"shop owner\"]`, or `is \"owner\"`"
                .to_owned(),
            "executive" => "say which: `mentions any of [\"chief executive\", \"executive director\"]`".to_owned(),
            "officer" => "say which: `like \"chief * officer\"`".to_owned(),
            _ => format!("say more: `is \"{word}\"`, `ends with \"{word}\"`, or another word beside it"),
        };
        let finding = findings
            .at(span, format!("`{word}` is not only a rank: `{witness}` matches"))
            .here("matches both")
            .help(format!("{help}; or leave the others out: `and not (… mentions …)`"));
        Some(finding)
    }

    /// The one word that is looked for anywhere in a text, if that is what the pattern does.
    fn searched(&self) -> Option<String> {
        let folded = fold(self.pattern).into_owned();
        let word = match self.op {
            TextOp::Contains | TextOp::Mentions | TextOp::Matches => folded.as_str(),
            TextOp::Like => folded.strip_prefix('*')?.strip_suffix('*')?,
            TextOp::StartsWith | TextOp::EndsWith => return None,
        };
        let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
        plain.then(|| word.to_owned())
    }

    /// A text that the pattern matches although it is not meant, and that no other pattern of the rule matches.
    fn witness(
        &self,
        words: &'static [Word],
        searched: &str,
        matches: &dyn Fn(&str) -> bool,
    ) -> Option<(&'static str, &'static str)> {
        let found = words.iter().find(|word| word.word == searched)?;
        let witness = found.others.iter().find(|other| matches(other) && !self.excused(other))?;
        Some((found.word, witness))
    }

    fn excused(&self, witness: &str) -> bool {
        let arena = Bump::new();
        let says = |compared: &Compared<'_>, but: Option<&str>| {
            compared.entries.iter().filter_map(|entry| entry.text()).filter(|text| but != Some(*text)).any(|text| {
                match compared.how {
                    How::Text(op) => {
                        Matcher::compile(op, &[text]).is_ok_and(|matcher| matcher.matches(witness, &arena))
                    }
                    _ => fold(text) == fold(witness),
                }
            })
        };
        says(self.compared, Some(self.pattern)) || self.beside.iter().any(|beside| says(beside, None))
    }

    /// `like "*a*"`, `contains "e"`, `matches ".*"`.
    fn nearly_everything(&self, findings: &Findings, span: Span, matches: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
        let letters = self.pattern.chars().filter(|c| c.is_alphanumeric()).count();
        let wide = match self.op {
            TextOp::Like => self.pattern.contains('*') && letters <= 2,
            TextOp::Contains => letters <= 1 && self.pattern.chars().all(char::is_alphanumeric),
            // A regular expression that asks for a length asks for something.
            TextOp::Matches => ["x", "7", "-", "é"].iter().all(|text| matches(text)),
            TextOp::Mentions | TextOp::StartsWith | TextOp::EndsWith => false,
        };
        let matched: Vec<&str> = COMMON.iter().copied().filter(|text| matches(text)).collect();
        if !wide || matched.len() * 2 < COMMON.len() {
            return None;
        }
        let (pattern, all) = (visible(self.pattern), COMMON.len());
        let witness = matched.last().copied().unwrap_or_default();
        let finding = findings
            .at(span, format!("`{pattern}` matches nearly everything: `{witness}`, for one"))
            .here(format!("matches {} of {all} common texts", matched.len()))
            .help("say more of what is meant; whether there is a text at all is asked with `is known`");
        Some(finding)
    }

    /// Whole words instead: where all patterns are such, the text is mended.
    fn instead(&self, finding: Diagnostic) -> Diagnostic {
        let word = quoted(&fold(self.pattern).replace('*', ""));
        let finding = finding.help(format!("`mentions` looks for whole words: `mentions {word}`"));
        let entries = &self.compared.entries;
        let whole = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric()) && text.len() <= 8;
        let (Some(value), None, TextOp::Contains) = (self.compared.value, self.compared.list, self.op) else {
            return finding;
        };
        if !entries.iter().all(|entry| entry.text().is_some_and(whole)) {
            return finding;
        }
        let between = Span { start: value.end, end: self.compared.with.start, ..self.compared.span };
        let Some(at) = self.context.text(between).find("contains") else { return finding };
        let start = between.start + at as u32;
        let operator = Span { start, end: start + "contains".len() as u32, ..between };
        finding.fix(Fix::new("look for whole words").replace(operator, "mentions").changing_decisions())
    }
}
