//! An explanation as text for a terminal: aligned, readable without colours, safe whatever the data holds.

mod page;
mod phrase;
mod score;

use super::model::*;
use crate::base::visible;
use crate::eval::{CheckVerdict, FitVerdict};
use page::{Ink, Page, Piece, columns, cut, pad};

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to use terminal colours. Nothing is said by colour alone.
    pub color: bool,
    /// Columns of a line, at least 40.
    pub width: usize,
    /// Whether marks and rules are drawn in ASCII. Labels and data are shown as they are.
    pub ascii: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { color: false, width: 100, ascii: false }
    }
}

/// An explanation as text, a line feed at its end.
pub fn render(explanation: &Explanation, options: &TextOptions) -> String {
    let mut page = Page::new(*options);
    head(&mut page, explanation);
    for fit in &explanation.fits {
        page.blank();
        self::fit(&mut page, fit);
    }
    for score in &explanation.scores {
        page.blank();
        score::score(&mut page, score);
    }
    places(&mut page, explanation);
    stages(&mut page, &explanation.stages);
    questions(&mut page, &explanation.questions);
    broken(&mut page, &explanation.always);
    problems(&mut page, &explanation.problems);
    page.finish()
}

/// One of the parts that decide a condition, on one line and safe to print:
/// `income >= 100k USD (income is 90,000 USD, 10,000 USD short)`.
pub fn reason(reason: &Reason) -> String {
    reasons(std::slice::from_ref(reason), reason.truth)
}

/// What decides a condition of this value, on one line and safe to print:
/// `income >= 100k USD (income is 90,000 USD, 10,000 USD short)`.
pub fn reasons(reasons: &[Reason], truth: Truth) -> String {
    visible(&phrase::reasons(reasons, truth)).into_owned()
}

fn head(page: &mut Page, explanation: &Explanation) {
    page.row(&[], Ink::Strong, &cut(&explanation.key, 200));
    page.rule(0, page.width());
    let mut line = |name: &str, ink: Ink, text: &str| {
        page.row(&[(Ink::Dim, pad(name, 10))], ink, text);
    };
    if let Some(stage) = &explanation.stage {
        let text = if explanation.disqualified { stage.label.clone() } else { full(stage) };
        line("Stage", if explanation.disqualified { Ink::Bad } else { Ink::Strong }, &text);
    }
    for reason in explanation.disqualify.iter().filter(|reason| reason.condition.truth == Truth::True) {
        let why = phrase::condition(&reason.condition);
        line("", Ink::Plain, &format!("{} ({}) — {why}", reason.item.label, reason.item.name));
    }
    if let (true, Some(ladder)) = (explanation.disqualified, &explanation.ladder) {
        line("", Ink::Dim, &format!("would be {} otherwise", full(ladder)));
    }
    match &explanation.route {
        Some(route) => {
            let due = match (&route.deadline, &route.within) {
                (Some(deadline), Some(within)) => format!(", within {within}: by {}", deadline.local),
                _ => String::new(),
            };
            line("Route", Ink::Strong, &format!("{} ({}){due}", route.item.label, route.item.name));
        }
        None if !explanation.routes.is_empty() => line("Route", Ink::Plain, "none"),
        None => {}
    }
    let version =
        explanation.policy.version.as_ref().map_or_else(String::new, |version| format!(", version {version}"));
    line("Policy", Ink::Plain, &format!("{}{version}", explanation.policy.name));
    let as_of = &explanation.as_of;
    let zone = if explanation.zone == "UTC" { String::new() } else { format!("{}; ", explanation.zone) };
    line("As of", Ink::Plain, &format!("{} ({zone}{})", as_of.local, as_of.utc));
}

fn full(name: &Name) -> String {
    format!("{} ({})", name.label, name.name)
}

fn title(page: &mut Page, text: &str) {
    page.blank();
    page.row(&[], Ink::Strong, text);
}

/// A mark and the words for it.
type Mark = (Ink, &'static str, &'static str);

/// Rows of a mark, its words, a label and a text, aligned.
fn marked(page: &mut Page, rows: &[(Mark, String, String)]) {
    let words = rows.iter().map(|((_, _, word), _, _)| columns(word)).max().unwrap_or(0);
    let room = page.width() / 2;
    let widths = rows.iter().map(|(_, label, _)| columns(label)).filter(|width| *width <= room);
    let labels = widths.max().unwrap_or(0);
    for ((ink, mark, word), label, text) in rows {
        let mark: Piece = (*ink, format!("  {mark} {}  ", pad(word, words)));
        if columns(label) > labels {
            page.row(&[mark], Ink::Plain, label);
            page.row(&[(Ink::Plain, " ".repeat(6 + words))], Ink::Plain, text);
        } else {
            page.row(&[mark, (Ink::Plain, format!("{}  ", pad(label, labels)))], Ink::Plain, text);
        }
    }
}

fn fit(page: &mut Page, fit: &FitItem) {
    let (ink, verdict) = match fit.verdict {
        FitVerdict::Fits => (Ink::Good, "fits"),
        FitVerdict::Fails => (Ink::Bad, "fails"),
        FitVerdict::Unknown => (Ink::Open, "not known"),
    };
    let checks = fit.checks.len();
    let needed =
        if usize::from(fit.needs) == checks { "all needed".to_owned() } else { format!("{} needed", fit.needs) };
    page.row(
        &[
            (Ink::Strong, fit.item.label.clone()),
            (Ink::Dim, format!(" ({})", fit.item.name)),
            (Ink::Plain, " · ".to_owned()),
            (ink, verdict.to_owned()),
        ],
        Ink::Plain,
        &format!(": {} of {checks} checks pass, {needed}", fit.passed),
    );
    let rows: Vec<(Mark, String, String)> = fit
        .checks
        .iter()
        .map(|check| {
            let mark = match check.verdict {
                CheckVerdict::Passes => (Ink::Good, "✓", "passes"),
                CheckVerdict::Fails => (Ink::Bad, "✗", "fails"),
                CheckVerdict::Unknown => (Ink::Open, "?", "not known"),
            };
            (mark, check.item.label.clone(), phrase::condition(&check.condition))
        })
        .collect();
    marked(page, &rows);
}

/// Bands, matrices and personas.
fn places(page: &mut Page, explanation: &Explanation) {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    for bands in &explanation.bands {
        let next = bands.next.as_ref().map_or_else(String::new, |next| {
            format!(", {} short of {} (from {})", next.short, next.band.label, next.from)
        });
        let text = format!("{} is {}{next}", bands.of.name, bands.points);
        rows.push((bands.item.label.clone(), bands.band.label.clone(), text));
    }
    for matrix in &explanation.matrices {
        let side = |side: &AxisPlace| format!("{}: {}", side.of.label, side.place.label);
        let text = format!("{} × {}", side(&matrix.row), side(&matrix.column));
        rows.push((matrix.item.label.clone(), matrix.cell.label.clone(), text));
    }
    if !rows.is_empty() {
        let heading = match (explanation.bands.is_empty(), explanation.matrices.is_empty()) {
            (false, true) => "Bands",
            (true, false) => "Tables",
            _ => "Bands and tables",
        };
        title(page, heading);
        let width = |of: fn(&(String, String, String)) -> &String| rows.iter().map(|row| columns(of(row))).max();
        let (names, places) = (width(|row| &row.0).unwrap_or(0), width(|row| &row.1).unwrap_or(0));
        for (name, place, text) in &rows {
            let pieces =
                [(Ink::Plain, format!("  {}  ", pad(name, names))), (Ink::Strong, format!("{}  ", pad(place, places)))];
            page.row(&pieces, Ink::Plain, text);
        }
    }
    if !explanation.personas.is_empty() {
        title(page, "Personas");
        let rows: Vec<(Mark, String, String)> = explanation
            .personas
            .iter()
            .map(|persona| {
                let mark = match persona.condition.truth {
                    Truth::True => (Ink::Good, "✓", "yes"),
                    Truth::False => (Ink::Dim, "✗", "no"),
                    Truth::Unknown => (Ink::Open, "?", "not known"),
                };
                (mark, persona.item.label.clone(), phrase::condition(&persona.condition))
            })
            .collect();
        marked(page, &rows);
    }
}

fn stages(page: &mut Page, stages: &[Rung]) {
    if stages.is_empty() {
        return;
    }
    title(page, "Stages");
    let rows: Vec<(Mark, String, String)> = stages
        .iter()
        .map(|rung| {
            let mark = match rung.standing {
                Truth::True => (Ink::Good, "✓", "reached"),
                Truth::Unknown => (Ink::Open, "?", "not known"),
                Truth::False => (Ink::Bad, "✗", "not reached"),
            };
            (mark, rung.item.label.clone(), if rung.reached { reached(rung) } else { not_reached(rung) })
        })
        .collect();
    marked(page, &rows);
}

/// How a stage was reached.
fn reached(rung: &Rung) -> String {
    let met = rung.condition.as_ref().is_none_or(|condition| condition.truth == Truth::True)
        && rung.after.as_ref().is_none_or(|after| after.reached);
    match (met, &rung.condition, &rung.keep_while) {
        (true, Some(condition), _) => phrase::condition(condition),
        (false, _, Some(keep)) => format!("kept: {}", phrase::condition(&keep.condition)),
        _ => String::new(),
    }
}

/// What keeps a stage from being reached.
fn not_reached(rung: &Rung) -> String {
    let mut parts = Vec::new();
    if let Some(condition) = rung.condition.as_ref().filter(|condition| condition.truth != Truth::True) {
        parts.push(phrase::condition(condition));
    }
    if let Some(after) = rung.after.as_ref().filter(|after| !after.reached) {
        let open = if after.standing == Truth::Unknown { "known to be " } else { "" };
        parts.push(format!("comes after {}, which is not {open}reached", after.stage.label));
    }
    if let Some(keep) = rung.keep_while.as_ref().filter(|keep| keep.applies) {
        let kept =
            if keep.condition.truth == Truth::Unknown { "not known whether it is kept" } else { "no longer kept" };
        parts.push(format!("{kept}: {}", phrase::condition(&keep.condition)));
    }
    parts.join("; ")
}

fn questions(page: &mut Page, questions: &[OpenQuestion]) {
    if questions.is_empty() {
        return;
    }
    title(page, "Not known");
    let names = questions.iter().map(|question| columns(&question.field)).max().unwrap_or(0);
    for question in questions {
        let decides = decides(&question.decides);
        let text = match &question.ask {
            Some(ask) => format!("“{ask}” — {decides}"),
            None => decides,
        };
        page.row(
            &[(Ink::Open, "  ? ".to_owned()), (Ink::Plain, format!("{}  ", pad(&question.field, names)))],
            Ink::Plain,
            &text,
        );
    }
}

/// What a question decides, each kind of thing once.
fn decides(decides: &[Undecided]) -> String {
    let mut kinds: Vec<(UndecidedKind, Vec<String>)> = Vec::new();
    for undecided in decides {
        let label = format!("“{}”", undecided.label);
        match kinds.iter_mut().find(|(kind, _)| *kind == undecided.kind) {
            Some((_, labels)) => labels.push(label),
            None => kinds.push((undecided.kind, vec![label])),
        }
    }
    let told = kinds.into_iter().map(|(kind, labels)| {
        let (one, many) = match kind {
            UndecidedKind::Check => ("the check", "the checks"),
            UndecidedKind::Stage => ("the stage", "the stages"),
            UndecidedKind::Disqualify => ("whether disqualified:", "whether disqualified:"),
            UndecidedKind::Persona => ("the persona", "the personas"),
            UndecidedKind::Rule => ("the points of", "the points of"),
            UndecidedKind::Route => ("the route", "the routes"),
        };
        format!("{} {}", if labels.len() == 1 { one } else { many }, labels.join(", "))
    });
    format!("decides {}", told.collect::<Vec<_>>().join("; "))
}

fn broken(page: &mut Page, always: &[ConditionItem]) {
    let broken: Vec<_> = always.iter().filter(|always| always.condition.truth == Truth::False).collect();
    if broken.is_empty() {
        return;
    }
    title(page, "Should always hold, and does not");
    let row = |always: &&ConditionItem| {
        ((Ink::Bad, "✗", "broken"), always.item.label.clone(), phrase::condition(&always.condition))
    };
    marked(page, &broken.iter().map(row).collect::<Vec<_>>());
}

fn problems(page: &mut Page, problems: &[DataProblem]) {
    if problems.is_empty() {
        return;
    }
    title(page, "Data problems (these values count as missing)");
    let field = |problem: &DataProblem| match problem.report.event {
        Some(event) => format!("{} of event {}", problem.report.field, u64::from(event) + 1),
        None => problem.report.field.clone(),
    };
    let fields = problems.iter().map(|problem| columns(&field(problem))).max().unwrap_or(0).min(page.width() / 2);
    for problem in problems {
        page.row(
            &[(Ink::Bad, "  ! ".to_owned()), (Ink::Plain, format!("{}  ", pad(&cut(&field(problem), fields), fields)))],
            Ink::Dim,
            &match problem.report.value.as_str() {
                "" => problem.description.clone(),
                value => format!("{}: {}", cut(value, 50), problem.description),
            },
        );
    }
}
