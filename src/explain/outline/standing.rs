//! Where a lead stands, why there, and why not higher.

use super::{Fact, Mark, Row};
use crate::eval::FitVerdict;
use crate::explain::model::*;
use crate::explain::plain::unanswered;
use crate::explain::show::plural;
use crate::explain::text::phrase;

/// The stage, the scores that matter, bands and cells, the route, personas; with `why` also what bands, cells and the
/// route come from.
pub(super) fn head(explanation: &Explanation, why: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, mark: Mark, text: String| facts.push(Fact { name: name.to_owned(), text, mark });
    if let Some(stage) = &explanation.stage {
        match explanation.disqualified {
            true => {
                let otherwise = explanation.ladder.as_ref().map(|ladder| format!(" (otherwise {})", ladder.label));
                fact("Stage", Mark::Bad, format!("{}{}", stage.label, otherwise.unwrap_or_default()));
            }
            false => fact("Stage", Mark::Good, format!("{}{}", stage.label, rank(explanation))),
        }
    }
    let scores: Vec<String> = mattering(explanation).map(score).collect();
    if !scores.is_empty() {
        fact(if scores.len() == 1 { "Score" } else { "Scores" }, Mark::Plain, scores.join(" · "));
    }
    let bands = explanation.bands.iter().map(|bands| self::bands(explanation, bands, why));
    let cells = explanation.matrices.iter().map(|matrix| match why {
        true => {
            format!(
                "{}: {} ({}, {})",
                matrix.item.label,
                matrix.cell.label,
                axis(explanation, &matrix.row),
                axis(explanation, &matrix.column)
            )
        }
        false => format!("{}: {}", matrix.item.label, matrix.cell.label),
    });
    let placed: Vec<String> = bands.chain(cells).collect();
    if !placed.is_empty() {
        fact("Bands", Mark::Plain, placed.join(" · "));
    }
    let personas: Vec<&str> = explanation
        .personas
        .iter()
        .filter(|persona| persona.condition.truth == Truth::True)
        .map(|persona| persona.item.label.as_str())
        .collect();
    if !personas.is_empty() {
        fact("Persona", Mark::Plain, personas.join(" · "));
    }
    match &explanation.route {
        Some(route) if why => fact("Route", Mark::Plain, self::route(route) + &route_because(explanation)),
        Some(route) => fact("Route", Mark::Plain, self::route(route)),
        None if !explanation.routes.is_empty() => fact("Route", Mark::Plain, "none".to_owned()),
        None => {}
    }
    facts
}

/// `Interest: Warm (Engagement 23.6762: +15 Reads our emails, +8.6762 Attends webinars)`
fn bands(explanation: &Explanation, bands: &BandsItem, why: bool) -> String {
    let told = format!("{}: {}", bands.item.label, bands.band.label);
    if mattering(explanation).any(|score| score.item.label == bands.of.label) {
        return told;
    }
    let parts = explanation.scores.iter().find_map(|score| match score.item.name == bands.of.name {
        true => Some(score.parts.as_slice()),
        false => group(&score.parts, &bands.of.name),
    });
    let inside = parts.filter(|_| why).map_or_else(String::new, super::points::inside);
    format!("{told} ({} {}{inside})", bands.of.label, bands.points)
}

/// The parts of a group.
fn group<'e>(parts: &'e [PartItem], name: &str) -> Option<&'e [PartItem]> {
    parts.iter().find_map(|part| match &part.how {
        How::Group { parts, .. } if part.item.name == name => Some(parts.as_slice()),
        How::Group { parts, .. } => group(parts, name),
        _ => None,
    })
}

/// `Interest Warm`, `“Ideal customer” is met`
fn axis(explanation: &Explanation, axis: &AxisPlace) -> String {
    let fit = explanation.fits.iter().find(|fit| fit.item.name == axis.of.name && fit.item.label == axis.of.label);
    let verdict = match fit.map(|fit| fit.verdict) {
        Some(FitVerdict::Fits) => "is met",
        Some(FitVerdict::Fails) => "is not met",
        Some(FitVerdict::Unknown) => "is not known",
        None => return format!("{} {}", axis.of.label, axis.place.label),
    };
    format!("“{}” {verdict}", axis.of.label)
}

/// Why a lead takes its route, behind it.
fn route_because(explanation: &Explanation) -> String {
    let taken = explanation.routes.iter().find(|route| route.taken);
    match taken.map(|route| &route.condition) {
        Some(Some(condition)) => format!("; {}", plainly(&condition.because, 0)),
        Some(None) if explanation.routes.len() > 1 => "; no other route applies".to_owned(),
        _ => String::new(),
    }
}

/// Where a stage stands on the ladder: `, the highest stage`, `, stage 2 of 5`.
fn rank(explanation: &Explanation) -> String {
    let all = explanation.stages.len();
    let place = explanation.stages.iter().position(|rung| rung.highest);
    match place {
        _ if all < 2 => String::new(),
        Some(0) => format!(", the lowest of {all} stages"),
        Some(place) if place + 1 == all => format!(", the highest of {all} stages"),
        Some(place) => format!(", stage {} of {all}", place + 1),
        None => String::new(),
    }
}

/// `Lead score 31.1762 (from 0 to 100)`
fn score(score: &ScoreItem) -> String {
    let limits = match (score.from, score.to) {
        (Some(from), Some(to)) => format!(" (from {from} to {to})"),
        (Some(from), None) => format!(" (from {from})"),
        (None, Some(to)) => format!(" (to {to})"),
        (None, None) => String::new(),
    };
    format!("{} {}{limits}", score.item.label, score.points)
}

pub(super) fn route(route: &RouteTaken) -> String {
    let due = match (&route.deadline, &route.within) {
        (Some(deadline), Some(within)) => format!(", within {within}: by {}", to_the_minute(&deadline.local)),
        _ => String::new(),
    };
    format!("{}{due}", route.item.label)
}

/// `2026-11-02 03:59:59 UTC-6` to the minute, in the zone that is told below.
fn to_the_minute(local: &str) -> &str {
    local.get(.."2026-11-02 03:59".len()).unwrap_or(local)
}

/// The scores that decide where the lead stands, but for those that another of them takes in whole.
pub(super) fn mattering(explanation: &Explanation) -> impl Iterator<Item = &ScoreItem> {
    let matters = move |score: &&ScoreItem| explanation.matters.contains(&score.item.name);
    let takes_in = |parts: &[PartItem], name: &str| {
        parts.iter().any(|part| matches!(&part.how, How::Include { of, factor: None, .. } if of == name))
    };
    explanation.scores.iter().filter(matters).filter(move |score| {
        let others = explanation.scores.iter().filter(matters);
        !others.clone().any(|other| takes_in(&other.parts, &score.item.name))
    })
}

/// Why the lead stands where it stands.
pub(super) fn why(explanation: &Explanation, lower: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    if explanation.disqualified {
        rows.extend(disqualified_by(explanation).map(|why| Row::new(0, Mark::Bad, why)));
        return rows;
    }
    // At the bottom there is nothing but why not higher.
    if let Some(place) = explanation.stages.iter().position(|rung| rung.highest)
        && (place > 0 || explanation.why_not.is_empty())
        && let Some(rung) = explanation.stages.get(place)
    {
        reached(rung, explanation, lower, &mut rows);
    }
    rows
}

/// What disqualifies, each with why.
pub(super) fn disqualified_by(explanation: &Explanation) -> impl Iterator<Item = String> {
    let by = explanation.disqualify.iter().filter(|reason| reason.condition.truth == Truth::True);
    by.map(|reason| format!("{}: {}", reason.item.label, plainly(&reason.condition.because, 3)))
}

/// `Why not Marketing qualified lead`; of a lead at the bottom also why it stands there.
pub(super) fn why_not_title(explanation: &Explanation) -> String {
    let bottom = explanation.stages.first().is_some_and(|rung| rung.highest);
    match (bottom, &explanation.stage) {
        (true, Some(stage)) => format!("Why {} and not higher (every lead starts there)", stage.label),
        _ => "Why not higher".to_owned(),
    }
}

/// Whether a fit is what the next stage lacks, where its checks are told.
pub(super) fn lacks_fit(explanation: &Explanation, fit: &FitItem) -> bool {
    fn names(lacks: &[Lack], label: &str) -> bool {
        lacks
            .iter()
            .any(|lack| (lack.fit && lack.plain.starts_with(&format!("“{label}”"))) || names(&lack.parts, label))
    }
    let Some(next) = explanation.why_not.first() else { return false };
    names(&next.fails, &fit.item.label) || names(&next.unknown, &fit.item.label)
}

/// Whether a fit says why the lead stands where it stands.
pub(super) fn stands_by_fit(explanation: &Explanation, fit: &FitItem) -> bool {
    fn names(reasons: &[Reason], label: &str) -> bool {
        reasons.iter().any(|reason| {
            let named = reason.named.as_ref();
            named.is_some_and(|named| named.kind == NamedKind::Fit && named.label == label)
                || names(&reason.because, label)
        })
    }
    let rung = explanation.stages.iter().find(|rung| rung.highest);
    let conditions = rung
        .into_iter()
        .flat_map(|rung| rung.condition.iter().chain(rung.keep_while.as_ref().map(|keep| &keep.condition)));
    conditions.into_iter().any(|condition| names(&condition.because, &fit.item.label))
}

/// Why a stage is reached.
pub(super) fn reached(rung: &Rung, explanation: &Explanation, lower: bool, rows: &mut Vec<Row>) {
    let met = rung.condition.as_ref().is_none_or(|condition| condition.truth == Truth::True)
        && rung.after.as_ref().is_none_or(|after| after.reached);
    match (&rung.condition, &rung.keep_while) {
        (Some(condition), _) if met => because(&condition.because, Mark::Good, 0, rows),
        (None, _) if met => rows.push(Row::new(0, Mark::Good, "every lead starts here")),
        (_, Some(keep)) => {
            rows.push(Row::new(0, Mark::Good, "it stood here before, and is kept while this holds:"));
            because(&keep.condition.because, Mark::Good, 1, rows);
        }
        _ => {}
    }
    if let (true, Some(after)) = (met, &rung.after) {
        let before = explanation.stages.iter().find(|rung| lower && rung.item.name == after.stage.name);
        let why = before.and_then(|lower| match (&lower.condition, &lower.keep_while) {
            (Some(condition), _) if condition.truth == Truth::True => Some(plainly(&condition.because, 3)),
            (_, Some(keep)) if keep.applies => Some(format!("kept, since {}", plainly(&keep.condition.because, 3))),
            _ => None,
        });
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        rows.push(Row::new(0, Mark::Good, format!("{} comes before and is reached{why}", after.stage.label)));
    }
}

/// The parts that decide a condition: each speaks for what the condition came to.
pub(super) fn because(reasons: &[Reason], mark: Mark, depth: usize, rows: &mut Vec<Row>) {
    for reason in reasons {
        // A define speaks by its label and by what decides it; a fit's checks stand elsewhere.
        let named = reason.named.as_ref().filter(|named| named.kind != NamedKind::Fit && !reason.because.is_empty());
        let text = match named {
            Some(named) => format!("{}: {}", named.label, plainly(&reason.because, 3)),
            None => reason.plain.clone(),
        };
        rows.push(Row::new(depth, mark, text));
    }
}

/// What decides a condition, on one line; what has a name by what decides that.
pub(in crate::explain) fn plainly(reasons: &[Reason], depth: usize) -> String {
    let told: Vec<String> = reasons
        .iter()
        .map(|reason| {
            let named = reason.named.as_ref().is_some_and(|named| named.kind != NamedKind::Fit);
            match named && depth > 0 && !reason.because.is_empty() {
                true => plainly(&reason.because, depth - 1),
                false => reason.plain.clone(),
            }
        })
        .collect();
    // Of several things that are asked of one value, the value is told once.
    let mut out = String::new();
    let mut last = "";
    for part in &told {
        let (head, rest) = part.split_once("; ").unwrap_or((part, ""));
        match !rest.is_empty() && head == last {
            true => out.push_str(&format!("; {rest}")),
            false if out.is_empty() => out.push_str(part),
            false => out.push_str(&format!("; {part}")),
        }
        last = head;
    }
    out
}

/// A fit's checks with their values; those that pass on one line where they are not to have lines of their own.
pub(super) fn checks(fit: &FitItem, passing: bool) -> Vec<Row> {
    let one = |check: &CheckItem| {
        Row::labelled(Mark::from(check.condition.truth), &check.item.label, plainly(&check.condition.because, 3))
    };
    let passes = |check: &&CheckItem| check.condition.truth == Truth::True;
    let pass: Vec<&CheckItem> = fit.checks.iter().filter(passes).collect();
    if passing || pass.len() < 2 {
        return fit.checks.iter().map(one).collect();
    }
    let labels: Vec<&str> = pass.iter().map(|check| check.item.label.as_str()).collect();
    let together = Row::new(0, Mark::Good, labels.join(" · "));
    let others = fit.checks.iter().filter(|check| !passes(check)).map(one);
    std::iter::once(together).chain(others).collect()
}

/// `“Ideal customer” is met: 3 of 3 checks pass`, as conditions say it.
pub(super) fn fit_met(fit: &FitItem) -> String {
    format!("“{}” is met: {} of {} checks pass", fit.item.label, fit.passed, fit.checks.len())
}

/// `Ideal customer is met: 3 of 3 checks pass (all are needed)`
pub(super) fn fit_title(fit: &FitItem) -> String {
    let all = fit.checks.len();
    let needed = match usize::from(fit.needs) == all {
        true => "all are needed".to_owned(),
        false => format!("{} needed", fit.needs),
    };
    let verdict = match fit.verdict {
        FitVerdict::Fits => format!("is met: {} of {all} checks pass", fit.passed),
        FitVerdict::Fails => {
            format!("is not met: {} of {all} checks fail{}", fit.failed, if fit.failed == 1 { "s" } else { "" })
        }
        FitVerdict::Unknown => {
            format!("is not known yet: {}", unanswered(usize::from(fit.unknown), all))
        }
    };
    format!("“{}” {verdict} ({needed})", fit.item.label)
}

/// Why a higher stage is not reached. Parts of parts have lines of their own, but for those that are to be folded: of
/// anything but fits, or of fits too.
pub(super) fn why_not(told: &WhyNot, depth: usize, fold: Fold, rows: &mut Vec<Row>) {
    let before = rows.len();
    for lack in told.fails.iter().chain(&told.unknown) {
        self::lack(lack, depth, fold, rows);
    }
    let own = rows.len() == before;
    for reason in &told.not_applicable {
        rows.push(Row::new(depth, Mark::Off, not_applicable(reason, own)));
    }
    if !told.not_kept.is_empty() {
        rows.push(Row::new(depth, Mark::Off, "it stood here before, and was not kept:"));
        for lack in &told.not_kept {
            self::lack(lack, depth + 1, fold, rows);
        }
    }
}

/// What is told on one line though it has parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// Nothing.
    Nothing,
    /// All but fits.
    Conditions,
    /// Everything.
    Everything,
}

/// Why a stage's condition is not asked; `own`: it holds.
fn not_applicable(reason: &NotApplicable, own: bool) -> String {
    match reason {
        NotApplicable::After { stage, standing } => {
            let reached = if *standing == Truth::Unknown { "not known to be reached" } else { "not reached" };
            let holds = if own { "its own condition holds, but it" } else { "does not apply yet: it" };
            format!("{holds} comes after {}, which is {reached}", stage.label)
        }
        NotApplicable::Disqualified { by } => {
            let by: Vec<&str> = by.iter().map(|by| by.label.as_str()).collect();
            format!("does not apply: the lead is disqualified ({})", by.join(", "))
        }
    }
}

fn lack(lack: &Lack, depth: usize, fold: Fold, rows: &mut Vec<Row>) {
    let parts = lack.parts.len();
    let mark = Mark::from(match lack.truth {
        Truth::Unknown => Truth::Unknown,
        _ => Truth::False,
    });
    if parts == 0 {
        rows.push(Row::new(depth, mark, &lack.plain));
        return;
    }
    if fold == Fold::Everything || (fold == Fold::Conditions && !lack.fit) {
        rows.push(Row::new(depth, mark, folded(lack)));
        return;
    }
    let how_many = match lack.needs as usize {
        needs if needs == parts => None,
        1 => Some("any one of these is enough".to_owned()),
        needs => Some(format!("any {needs} of these are enough")),
    };
    match (lack.plain.is_empty(), how_many) {
        (true, how_many) => {
            let text = how_many.unwrap_or_else(|| "all of these together".to_owned());
            rows.push(Row::new(depth, mark, format!("{text}:")));
        }
        (false, Some(how_many)) => {
            rows.push(Row::new(depth, mark, format!("{}; {how_many}:", lack.plain)));
        }
        (false, _) => rows.push(Row::new(depth, mark, &lack.plain)),
    }
    for part in &lack.parts {
        self::lack(part, depth + 1, fold, rows);
    }
}

/// What something with parts lacks, on one line: `Well enough known: no; any one of these is enough: title is not known;
/// knowing it would do, or seats …`. A fit's checks are told by their labels.
fn folded(lack: &Lack) -> String {
    if lack.fit {
        let checks = lack.parts.iter().filter_map(|part| part.plain.split(": ").next());
        let checks: Vec<&str> = checks.collect();
        return format!("{}: {}", lack.plain, checks.join(", "));
    }
    let all: Vec<String> = lack.parts.iter().map(lack_line).collect();
    let one = lack.needs == 1 && all.len() > 1;
    let unknown: Option<Vec<&str>> =
        all.iter().map(|part| part.strip_suffix(" is not known; knowing it would do")).collect();
    if let (true, Some(unknown)) = (one, unknown) {
        return format!("{}; knowing {} would do", lack.plain, unknown.join(" or "))
            .trim_start_matches("; ")
            .to_owned();
    }
    let parts = all.join(if one { ", or " } else { ", and " });
    match lack.plain.is_empty() {
        true => parts,
        false => format!("{}; {parts}", lack.plain),
    }
}

/// What keeps a higher stage away, on one line: what has to come before it first, then so many of its own conditions.
pub(in crate::explain) fn why_not_line(told: &WhyNot, most: usize) -> String {
    let lacks = told.fails.iter().chain(&told.unknown);
    let mut parts: Vec<String> = lacks.map(lack_line).collect();
    let own = parts.is_empty();
    parts.extend(told.not_kept.iter().map(lack_line));
    let left = parts.len().saturating_sub(most);
    parts.truncate(most);
    let before = told.not_applicable.iter().map(|reason| match reason {
        NotApplicable::After { stage, .. } if !own => format!("comes after {}", stage.label),
        reason => not_applicable(reason, own),
    });
    let mut all: Vec<String> = before.collect();
    all.append(&mut parts);
    if left > 0 {
        all.push(format!("and {left} more condition{}", if left == 1 { "" } else { "s" }));
    }
    all.join("; ")
}

fn lack_line(lack: &Lack) -> String {
    match (lack.plain.is_empty(), lack.parts.as_slice()) {
        (false, [part]) if !lack.fit => lack_line(part),
        (false, _) => lack.plain.clone(),
        (true, parts) => {
            let parts: Vec<String> = parts.iter().map(lack_line).collect();
            parts.join(if lack.needs == 1 { ", or " } else { ", and " })
        }
    }
}

/// What is not known, each with what it decides.
pub(super) fn questions(questions: &[OpenQuestion]) -> Vec<Row> {
    let row = |question: &OpenQuestion| {
        let text = match &question.ask {
            Some(ask) => format!("“{ask}” {}", phrase::decides(&question.decides)),
            None => phrase::decides(&question.decides),
        };
        Row::labelled(Mark::Open, &crate::words::field_words(&question.field), text)
    };
    questions.iter().map(row).collect()
}

/// Values that could not be read.
pub(super) fn problems(problems: &[DataProblem]) -> Vec<Row> {
    let row = |problem: &DataProblem| {
        let field = match problem.report.event {
            Some(event) => format!("{} of event {}", problem.report.field, u64::from(event) + 1),
            None => problem.report.field.clone(),
        };
        let text = match problem.report.value.as_str() {
            "" => problem.description.clone(),
            value => format!("{}: {}", phrase::cut_value(value), problem.description),
        };
        Row::labelled(Mark::Bad, &field, text)
    };
    problems.iter().map(row).collect()
}

/// What is broken of what should always hold.
pub(super) fn broken(always: &[ConditionItem]) -> Vec<Row> {
    let broken = always.iter().filter(|always| always.condition.truth == Truth::False);
    broken.map(|always| Row::labelled(Mark::Bad, &always.item.label, plainly(&always.condition.because, 3))).collect()
}

/// What makes an explanation repeatable.
pub(super) fn repeat(explanation: &Explanation) -> Vec<Fact> {
    let version =
        explanation.policy.version.as_ref().map_or_else(String::new, |version| format!(", version {version}"));
    let as_of = &explanation.as_of;
    let fact = |name: &str, text: String| Fact { name: name.to_owned(), text, mark: Mark::Plain };
    let digest = short(&explanation.policy.digest);
    vec![
        fact("Policy", format!("{}{version}, digest {digest}", explanation.policy.name)),
        fact(
            "As of",
            match as_of.local.ends_with(explanation.zone.as_str()) {
                true => format!("{}; told by {}", as_of.local, explanation.engine),
                false => format!("{}, {}; told by {}", as_of.local, explanation.zone, explanation.engine),
            },
        ),
    ]
}

/// What the signs before lines mean.
pub(super) fn signs() -> Fact {
    let text = "✓ holds, ✗ does not hold, ? is not known, – does not apply here".to_owned();
    Fact { name: "Signs".to_owned(), text, mark: Mark::Plain }
}

/// `1 more question`
pub(super) fn more(count: usize, noun: &str) -> String {
    plural(count as u64, noun)
}

/// A digest as people compare it: its first twelve digits.
pub(super) fn short(digest: &str) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
    hex.chars().take(12).collect()
}
