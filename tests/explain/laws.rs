//! Laws of explanations, held against random policies and leads: the points that are shown add up to the score that is
//! shown, and what is named as lacking is what decides. More pairs with `EXPLAIN_POLICIES` (leads a policy: [`LEADS`]).

use crate::reference::generate::{Generated, lead, policy};
use crate::support::agree::compile;
use bumpalo::Bump;
use qualify::base::Span;
use qualify::check::hir::{CheckId, Expr, ExprKind, Program};
use qualify::data::{Batch, Decoded, EventsRead, Plan};
use qualify::eval::{Evaluator, Ledger};
use qualify::explain::page;
use qualify::explain::text::{self, TextOptions};
use qualify::explain::{
    Ahead, Changes, ChangesKind, Explanation, Lack, Length, OutlookOptions, changes, explain, outlook, replayed,
};
use qualify::model::time::AsOf;
use qualify::model::{Lead, Literal, Problem, Tri};
use qualify::syntax::{MemoryFiles, load};
use qualify::whatif::{ChangeKind, Turn};
use qualify::words::Spoken;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const POLICIES: u64 = 24;
const LEADS: u64 = 4;

/// Every random pair of a policy and a lead that is decided.
pub fn pairs(mut visit: impl FnMut(&str, &Program, &Ledger, Explanation)) -> u64 {
    policies(|what, evaluator, spoken, lead, problems| {
        let arena = Bump::new();
        let (outcome, ledger) = evaluator.explain(lead, &arena);
        let explanation = explain(evaluator, spoken, lead, &outcome, &ledger, problems);
        visit(what, evaluator.program(), &ledger, explanation);
    })
}

fn explained(evaluator: &Evaluator<'_>, spoken: &Spoken, lead: &Lead<'_>, problems: &[Problem]) -> Explanation {
    let arena = Bump::new();
    let (outcome, ledger) = evaluator.explain(lead, &arena);
    explain(evaluator, spoken, lead, &outcome, &ledger, problems)
}

/// What a policy says in words.
fn spoken(text: &str, files: &HashMap<String, String>, program: &Program) -> Spoken {
    let files = files.iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path.clone(), text.clone()));
    Spoken::new(program, &load("policy.qual", text.as_bytes(), &files).files)
}

/// Every random pair of a policy at its as-of and a lead that is decided.
fn policies(mut visit: impl FnMut(&str, &Evaluator<'_>, &Spoken, &Lead<'_>, &[Problem])) -> u64 {
    let policies = std::env::var("EXPLAIN_POLICIES").ok().and_then(|n| n.parse().ok()).unwrap_or(POLICIES);
    let mut pairs = 0;
    for seed in 0..policies {
        let made: Generated = policy(seed, 1 + seed as usize % 3);
        let program = compile(&made.text, &made.files()).unwrap_or_else(|shown| panic!("policy {seed}: {shown}"));
        let spoken = spoken(&made.text, &made.files(), &program);
        let as_of = AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of");
        let evaluator = Evaluator::new(&program, as_of);
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
        for number in 0..LEADS {
            let data = lead(&made.schema, seed * LEADS + number).to_string();
            let arena = Bump::new();
            let batch = Batch::of_json(&data);
            batch.decode(&plan, None, &arena, &mut |decoded| {
                if let Decoded::Lead { lead, problems, .. } = decoded {
                    pairs += 1;
                    visit(
                        &format!("policy {seed}, lead {number}\n{}\n{data}", made.text),
                        &evaluator,
                        &spoken,
                        &lead,
                        &problems,
                    );
                }
            });
        }
    }
    pairs
}

#[test]
fn every_change_of_stage_ahead_names_what_turned() {
    let mut seen = 0;
    policies(|what, evaluator, spoken, lead, _| {
        let until = evaluator.as_of().instant + 60 * 86_400_000;
        let (to, until) = (None, Some(until));
        let options = OutlookOptions { until, bounds: false, plans: false, to, history: false, quick: false };
        let found = outlook(evaluator, spoken, &Ahead::new(evaluator), lead, options);
        let forecast = found.forecast.expect("a forecast");
        let stage = |turn: &&Turn| turn.changes.iter().any(|change| change.kind == ChangeKind::Stage);
        for turn in forecast.turns.iter().filter(stage) {
            let told = found.turned.iter().find(|told| told.at == turn.at);
            assert!(told.is_some_and(|told| !told.why.is_empty()), "{what}\n{turn:#?}");
            seen += 1;
        }
    });
    assert!(seen > 0, "no stage changes");
}

/// The columns of points of a text: what their lines add up to, and what stands at the sum. In ten-thousandths.
pub fn columns(text: &str) -> Vec<(i64, i64)> {
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(rule) = line.strip_prefix(&[' ', ' ']) else { continue };
        if rule.is_empty() || rule.iter().any(|c| *c != '─') {
            continue;
        }
        let cell = |line: &[char]| -> Option<i64> {
            let cell: String = line.get(2..line.len().min(2 + rule.len()))?.iter().collect();
            points(cell.trim())
        };
        let above = lines[..place].iter().rev().take_while(|line| line.first() == Some(&' '));
        let sum = above.filter_map(|line| cell(line)).sum();
        found.push((sum, cell(&lines[place + 1]).expect("a sum")));
    }
    found
}

/// A number in ten-thousandths.
pub fn points(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: i64 = format!("{fraction:0<4}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * 10_000 + fraction))
}

#[test]
fn the_points_that_are_shown_add_up_to_the_score_that_is_shown() {
    let mut columns_seen = 0;
    let pairs = pairs(|what, _, _, explanation| {
        for length in [Length::Brief, Length::Screen, Length::Full] {
            let text = text::render(&explanation, length, &TextOptions { width: 140, ..TextOptions::default() });
            let found = columns(&text);
            for (added, shown) in &found {
                assert_eq!(added, shown, "{what}\n{text}");
            }
            match length {
                Length::Brief => assert!(found.is_empty() && text.lines().count() < 30, "{what}\n{text}"),
                Length::Screen => {}
                Length::Full => {
                    let shown: Vec<i64> = found.iter().map(|(_, shown)| *shown).collect();
                    let scores: Vec<i64> = explanation.scores.iter().map(|score| score.points.0).collect();
                    assert_eq!(shown, scores, "{what}\n{text}");
                }
            }
            columns_seen += found.len();
        }
    });
    assert!(columns_seen as u64 > pairs, "only {columns_seen} columns of {pairs} pairs");
}

/// The tables of points of a Markdown note: what their rows add up to, and what stands at the sum.
fn markdown_columns(text: &str) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut sum = 0;
    for line in text.lines() {
        if line == "| What | Points | How |" {
            sum = 0;
        }
        let Some(cells) = line.strip_prefix("| ") else { continue };
        let cells = cells.replace("\\|", "");
        let cells: Vec<&str> = cells.split(" | ").collect();
        let Some(points) = cells.get(1).and_then(|cell| points(&cell.replace('\\', ""))) else { continue };
        match cells[0].starts_with("**") && line.contains("the points above add up to it") {
            true => found.push((sum, points)),
            false => sum += points,
        }
    }
    found
}

/// The same of a page.
fn html_columns(html: &str) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut sum = 0;
    for part in html.split("<tr").skip(1) {
        if part.contains("<th scope") {
            sum = 0;
        }
        let Some((_, cell)) = part.split_once("data-label=\"Points\"><div>") else { continue };
        let Some(points) = cell.split('<').next().and_then(points) else { continue };
        match part.starts_with(" class=\"heavy\"") {
            true => found.push((sum, points)),
            false => sum += points,
        }
    }
    found
}

#[test]
fn the_points_of_notes_and_pages_add_up() {
    let mut seen = 0;
    pairs(|what, _, _, explanation| {
        for length in [Length::Screen, Length::Full] {
            let (markdown, html) = (page::markdown(&explanation, length), page::html(&explanation, length));
            let of_text =
                columns(&text::render(&explanation, length, &TextOptions { width: 140, ..TextOptions::default() }));
            for (form, found) in [(&markdown, markdown_columns(&markdown)), (&html, html_columns(&html))] {
                assert_eq!(found, of_text, "{what}\n{form}");
                assert!(found.iter().all(|(added, shown)| added == shown), "{what}\n{form}");
                seen += found.len();
            }
        }
    });
    assert!(seen > 100, "only {seen}");
}

/// What conditions are set to, by their text.
type Set = BTreeMap<String, bool>;

/// Works a condition out with some of its parts set.
struct Flip<'p> {
    program: &'p Program,
    ledger: &'p Ledger,
    set: &'p Set,
}

impl Flip<'_> {
    fn value(&self, expr: &Expr) -> Tri {
        if let Some(set) = self.set.get(&source(self.program, expr.span)) {
            return Tri::from(*set);
        }
        let values = |of: &[Expr]| of.iter().map(|expr| self.value(expr)).collect::<Vec<_>>();
        match &expr.kind {
            ExprKind::Not(of) => !self.value(of),
            ExprKind::And(of) => at_least(of.len(), &values(of)),
            ExprKind::Or(of) => at_least(1, &values(of)),
            ExprKind::AtLeastOf(n, of) => at_least(*n as usize, &values(of)),
            ExprKind::AtMostOf(n, of) => !at_least(*n as usize + 1, &values(of)),
            ExprKind::Implies(premise, conclusion) => (!self.value(premise)).or(self.value(conclusion)),
            ExprKind::If(condition, then, other) => match self.value(condition) {
                Tri::True => self.value(then),
                Tri::False => self.value(other),
                Tri::Unknown => Tri::Unknown,
            },
            ExprKind::Define(define) => self.value(&self.program.defines[define.index()].value),
            ExprKind::Check(check) => self.value(&self.program.checks[check.index()].condition),
            ExprKind::DisqualifiedBy(reason) => {
                Tri::from(self.value(&self.program.reasons[reason.index()].condition) == Tri::True)
            }
            ExprKind::Fits(fit) => {
                let fit = &self.program.fits[fit.index()];
                let checks = fit.checks.clone().map(CheckId);
                let checks: Vec<Tri> =
                    checks.map(|check| self.value(&self.program.checks[check.index()].condition)).collect();
                at_least(usize::from(fit.needs), &checks)
            }
            _ => match self.ledger.value(expr.id) {
                Some(Literal::Bool(value)) => Tri::from(*value),
                _ => Tri::Unknown,
            },
        }
    }
}

fn at_least(n: usize, values: &[Tri]) -> Tri {
    let of = |value| values.iter().filter(|other| **other == value).count();
    if of(Tri::True) >= n {
        Tri::True
    } else if of(Tri::True) + of(Tri::Unknown) < n {
        Tri::False
    } else {
        Tri::Unknown
    }
}

fn source(program: &Program, span: Span) -> String {
    let text = program.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
    bare(&text).to_owned()
}

/// Without parentheses that enclose the whole.
fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    bare(inner.trim())
}

/// As many parts as are needed, taken from the front or from the back, down to single conditions.
fn chosen(lack: &Lack, from_the_back: bool, out: &mut Vec<(String, bool)>) {
    if lack.parts.is_empty() {
        return out.push((lack.source.clone(), lack.wanted));
    }
    let needs = lack.needs as usize;
    let skip = if from_the_back { lack.parts.len() - needs } else { 0 };
    for part in lack.parts.iter().skip(skip).take(needs) {
        chosen(part, from_the_back, out);
    }
}

fn leaves(lack: &Lack, out: &mut Vec<String>) {
    match lack.parts.is_empty() {
        true => out.push(lack.source.clone()),
        false => lack.parts.iter().for_each(|part| leaves(part, out)),
    }
}

/// The names of what has parts: fits, checks, defines.
fn named(lack: &Lack, out: &mut Vec<String>) {
    if !lack.parts.is_empty() && !lack.plain.is_empty() {
        out.extend(lack.source.split([' ', '.']).next().map(str::to_owned));
    }
    lack.parts.iter().for_each(|part| named(part, out));
}

#[test]
fn what_is_named_as_lacking_is_what_decides() {
    let (mut flipped, mut minimal) = (0, 0);
    pairs(|what, program, ledger, explanation| {
        for told in &explanation.why_not {
            let stage = program.stages.iter().find(|stage| stage.name == told.item.name).expect("a stage");
            let (Some(condition), lacks) = (&stage.condition, told.fails.iter().chain(&told.unknown)) else { continue };
            let lacks: Vec<&Lack> = lacks.collect();
            let value = |set: &Set| Flip { program, ledger, set }.value(condition);
            assert_eq!(
                lacks.is_empty(),
                value(&Set::new()) == Tri::True || told.standing == qualify::explain::Truth::True
            );
            // The same text in two places may be wanted and not wanted: it cannot be set at one of them.
            let mut texts = Vec::new();
            condition.walk(program, &mut |expr| texts.push(source(program, expr.span)));
            for define in &program.defines {
                define.value.walk(program, &mut |expr| texts.push(source(program, expr.span)));
            }
            for check in &program.checks {
                check.condition.walk(program, &mut |expr| texts.push(source(program, expr.span)));
            }
            let mut all = Vec::new();
            lacks.iter().for_each(|lack| leaves(lack, &mut all));
            let repeated = |text: &String| {
                texts.iter().filter(|other| *other == text).count() > 1
                    || all.iter().filter(|other| *other == text).count() > 1
            };
            // Nor can what is named twice: it may be needed at one place and hold another up by failing.
            let mut names = Vec::new();
            lacks.iter().for_each(|lack| named(lack, &mut names));
            let named_twice = |name: &String| {
                let of = |text: &&String| text.split([' ', '.']).next() == Some(name.as_str());
                texts.iter().filter(of).count() > 1
            };
            if all.iter().any(repeated) || names.iter().any(named_twice) {
                continue;
            }
            for from_the_back in [false, true] {
                let mut picked = Vec::new();
                lacks.iter().for_each(|lack| chosen(lack, from_the_back, &mut picked));
                let set: Set = picked.iter().cloned().collect();
                if !lacks.is_empty() {
                    assert_eq!(value(&set), Tri::True, "{what}\n{told:#?}");
                    flipped += 1;
                }
                for (left_out, _) in &picked {
                    let mut fewer = set.clone();
                    fewer.remove(left_out);
                    assert_ne!(value(&fewer), Tri::True, "without {left_out}\n{what}\n{told:#?}");
                    minimal += 1;
                }
            }
        }
    });
    assert!(flipped > 40 && minimal > 40, "only {flipped} stages and {minimal} parts");
}

/// Whether all that is said to differ adds up, at every level.
fn differences_add_up(what: &str, changes: &Changes, then: &Explanation, now: &Explanation) -> usize {
    let mut seen = 0;
    for score in &changes.scores {
        let rules: i64 = score.rules.iter().map(|rule| rule.change.0).sum();
        assert_eq!(rules, score.change.0, "{what}\n{score:#?}");
        for rule in &score.rules {
            let causes: i64 = rule.causes.iter().map(|cause| cause.points.0).sum();
            assert_eq!(causes, rule.change.0, "{what}\n{rule:#?}");
            seen += 1;
        }
    }
    for score in &now.scores {
        let before = then.scores.iter().find(|other| other.item.name == score.item.name);
        let differs = before.is_none_or(|before| before.points != score.points);
        let told = changes.scores.iter().any(|changed| changed.what.name == score.item.name);
        assert!(told || !differs, "{what}: {} differs and is not told", score.item.name);
    }
    let _ = text::render_changes(changes, &TextOptions::default());
    seen
}

#[test]
fn differences_add_up_and_nothing_differs_from_itself() {
    let (mut seen, mut last) = (0, None::<Explanation>);
    policies(|what, evaluator, spoken, lead, problems| {
        let now = explained(evaluator, spoken, lead, problems);
        assert!(changes(ChangesKind::Since, &now, &now).is_empty(), "{what}");
        for days in [1, 20, 200] {
            let as_of = AsOf::new(evaluator.as_of().instant - days * 86_400_000, &evaluator.program().zone);
            let then = explained(&Evaluator::new(evaluator.program(), as_of), spoken, lead, problems);
            seen += differences_add_up(what, &changes(ChangesKind::Since, &then, &now), &then, &now);
        }
        if let Some(last) = &last {
            for kind in [ChangesKind::Against, ChangesKind::Compare, ChangesKind::Replay] {
                seen += differences_add_up(what, &changes(kind, last, &now), last, &now);
            }
        }
        last = Some(now);
    });
    assert!(seen > 200, "only {seen}");
}

#[test]
fn what_was_kept_holds_when_it_is_made_again() {
    policies(|what, evaluator, spoken, lead, problems| {
        let kept = explained(evaluator, spoken, lead, problems);
        let json = serde_json::to_string(&kept).expect("JSON");
        let kept: Explanation = serde_json::from_str(&json).expect("an explanation");
        let arena = Bump::new();
        let as_of = AsOf::parse(&kept.as_of.utc, &evaluator.program().zone).expect("an as-of");
        let again = Evaluator::new(evaluator.program(), as_of);
        let (lead, unread) = kept.input.lead(&kept.key, evaluator.program(), &arena);
        assert!(unread.is_empty(), "{what}\n{unread:?}");
        let now = explained(&again, spoken, &lead, problems);
        let found = replayed(&kept, &now);
        assert!(found.holds() && found.same_policy && found.same_engine, "{what}\n{found:#?}");
    });
}

#[test]
fn hostile_policies_and_leads_break_no_line() {
    let seen: BTreeSet<char> = pairs_text().chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert!(seen.is_empty(), "{seen:?}");
}

fn pairs_text() -> String {
    let mut all = String::new();
    pairs(|_, _, _, explanation| {
        all.push_str(&text::render(&explanation, Length::Full, &TextOptions::default()));
    });
    all
}

/// Text that means something to a terminal, a browser, a Markdown viewer or a spreadsheet.
const HOSTILE: &str = "=HYPERLINK(\"x\")\u{1b}[31m</td><script>alert(1)</script><img src=x onerror=y>](javascript:x)|`*_# \r\n- x\u{202e}";

#[test]
fn hostile_data_means_nothing_in_any_format() {
    let text = "policy \"A <b>policy</b> | `x`\"\nlead { id text key  name text  pick text ask \"</p><script>?\" }\nevent e from \"<script>e</script>\" { v text }\n\
        fit f \"<i>Fit</i>\" { a \"[a](b)\": name is \"x\"  b: pick is known }\n\
        score s \"Score <u>\" to 5 { r \"Rule | <s>\": +3 per e, at most 4 times  q \"*q*\": -1 if name is known }\n\
        stages { low \"Low\"  high \"High <b>\": f fits and s >= 9 }";
    let program = compile(text, &Default::default()).unwrap_or_else(|shown| panic!("{shown}"));
    let said = spoken(text, &Default::default(), &program);
    let evaluator = Evaluator::new(&program, AsOf::parse("2026-11-01", &program.zone).expect("an as-of"));
    let events: Vec<serde_json::Value> = (1..5)
        .map(|day| serde_json::json!({"type": "<script>e</script>", "at": format!("2026-10-0{day}"), "v": HOSTILE}))
        .collect();
    let data = serde_json::json!({"id": HOSTILE, "name": HOSTILE, "events": events}).to_string();
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(&program));
    let (batch, arena, mut seen) = (Batch::of_json(&data), Bump::new(), 0);
    batch.decode(&plan, None, &arena, &mut |decoded| {
        let Decoded::Lead { lead, problems, .. } = decoded else { panic!("{decoded:?}") };
        let one = explained(&evaluator, &said, &lead, &problems);
        let earlier = Evaluator::new(&program, AsOf::parse("2026-10-02", &program.zone).expect("an as-of"));
        let differs = changes(ChangesKind::Since, &explained(&earlier, &said, &lead, &problems), &one);
        let mut forms = vec![(
            text::render_changes(&differs, &TextOptions::default()),
            page::markdown_changes(&differs),
            page::html_changes(&differs),
        )];
        for length in [Length::Brief, Length::Screen, Length::Full] {
            forms.push((
                text::render(&one, length, &TextOptions::default()),
                page::markdown(&one, length),
                page::html(&one, length),
            ));
        }
        let key = one.key.clone();
        let line = [key.as_str(), "a-1.html", HOSTILE, HOSTILE];
        forms.push((String::new(), page::markdown_index(&[line]), page::html_index(&[line])));
        for (text, markdown, html) in forms {
            for form in [&text, &markdown, &html] {
                assert!(!form.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{form}");
            }
            for tag in ["<script", "<img", "<b>", "<i>", "<u>", "<s>"] {
                assert!(!html.contains(tag), "{tag}: {html}");
            }
            let bare = |text: &str, c: char| {
                let chars: Vec<char> = text.chars().collect();
                chars.iter().enumerate().any(|(at, found)| *found == c && (at == 0 || chars[at - 1] != '\\'))
            };
            for line in markdown.lines() {
                // Breaks in tables are ours.
                let line = line.replace("<br>", "").replace("](a-1.html)", "\\]").replace("- [x] ", "- ");
                assert!(!['<', '`', ']'].iter().any(|c| bare(&line, *c)), "{line}");
            }
            seen += 1;
        }
    });
    assert_eq!(seen, 5);
}
