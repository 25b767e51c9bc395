//! Decisions as rows: a CSV row straight from an outcome, or a whole decision as a line of JSON.

use crate::base::{visible, visible_json};
use crate::check::hir::{DefineId, PartId, Program};
use crate::data::cell;
use crate::eval::{Decision, Evaluator, Leads, Mask, Outcomes, bit};
use crate::model::number::{self, POINTS_SCALE};
use crate::model::{DomainId, Problem, Tri, time};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;

/// The form of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RowFormat {
    /// A table: stage, fits, scores, bands, matrices, personas, route
    Csv,
    /// A JSON object a line: the whole decision with every rule (`qualify schema decision`)
    Ndjson,
    /// The table as typed columns: names as dictionaries, points as decimals, deadlines as instants
    Parquet,
}

/// Writes decisions in one form. Everything that is the same for all leads is worked out once.
pub struct RowWriter<'e> {
    evaluator: &'e Evaluator<'e>,
    format: RowFormat,
    /// Whether the rows go to a terminal, where no text of the data may steer it.
    terminal: bool,
    personas: Vec<DefineId>,
    scores: Vec<PartId>,
    /// Route and deadline as two cells, by route.
    routes: Vec<String>,
    /// What stands between key and scores, where there are few of these texts: see [`RowWriter::state`].
    middles: Vec<String>,
}

/// At most so many different texts are made beforehand.
const MOST_MIDDLES: usize = 512;

impl<'e> RowWriter<'e> {
    pub fn new(evaluator: &'e Evaluator<'e>, format: RowFormat, terminal: bool) -> RowWriter<'e> {
        let program = evaluator.program();
        let personas = program.defines.iter().enumerate().filter(|(_, define)| define.persona);
        let routes = program.routes.iter().map(|route| match route.within {
            Some(within) => {
                let reach = evaluator.as_of().reach(program.lengths[within.index()], &program.zone);
                format!("{},{}", route.name, time::display_instant(reach.ahead))
            }
            None => format!("{},", route.name),
        });
        let mut writer = RowWriter {
            evaluator,
            format,
            terminal,
            middles: Vec::new(),
            personas: personas.map(|(place, _)| DefineId(place as u16)).collect(),
            scores: program.scores.clone(),
            routes: routes.collect(),
        };
        writer.middles = writer.all_middles();
        writer
    }

    /// What stands between key and scores for every [`RowWriter::state`]; nothing where they are too many.
    fn all_middles(&self) -> Vec<String> {
        let program = self.evaluator.program();
        let (stages, reasons, fits) = (program.stages.len().max(1), program.reasons.len(), program.fits.len());
        if reasons > 6 || fits > 4 || (stages + (1 << reasons)) * 3usize.pow(fits as u32) > MOST_MIDDLES {
            return Vec::new();
        }
        let mut middles = Vec::new();
        for state in 0..stages + (1 << reasons) {
            for verdicts in 0..3usize.pow(fits as u32) {
                let stage =
                    if state < stages { Ok(state) } else { Err(|reason: usize| (state - stages) >> reason & 1 == 1) };
                let verdict = |fit: usize| match verdicts / 3usize.pow((fits - 1 - fit) as u32) % 3 {
                    0 => Tri::Unknown,
                    1 => Tri::True,
                    _ => Tri::False,
                };
                let mut middle = String::new();
                self.middle(stage, verdict, &mut middle);
                middles.push(middle);
            }
        }
        middles
    }

    /// Which of the texts between key and scores a lead has.
    #[inline]
    fn state(&self, lead: usize, outcomes: &Outcomes<'_>) -> usize {
        let program = self.evaluator.program();
        let reasons = || {
            let all = outcomes.reasons.iter().enumerate();
            all.fold(0, |bits, (place, tris)| bits | usize::from(bit(tris.yes, lead)) << place)
        };
        let state = match bit(outcomes.disqualified, lead) {
            true => program.stages.len().max(1) + reasons(),
            false => outcomes.stage.get(lead).map_or(0, |stage| usize::from(*stage)),
        };
        outcomes
            .fits
            .iter()
            .fold(state, |state, fit| state * 3 + usize::from(bit(fit.yes, lead)) + 2 * usize::from(bit(fit.no, lead)))
    }

    /// What stands between key and scores: the stage of a lead, or which reasons disqualify it, and its fits.
    fn middle(&self, stage: Result<usize, impl Fn(usize) -> bool>, verdict: impl Fn(usize) -> Tri, out: &mut String) {
        let program = self.evaluator.program();
        out.push(',');
        match &stage {
            Ok(stage) => out.push_str(program.stages.get(*stage).map_or("", |stage| &stage.name)),
            Err(_) => out.push_str("disqualified"),
        }
        out.push(',');
        if let Err(is) = stage {
            let reasons = program.reasons.iter().enumerate().filter(|(place, _)| is(*place));
            names(reasons.map(|(_, reason)| reason.name.as_str()), out);
        }
        for fit in 0..program.fits.len() {
            out.push_str(match verdict(fit) {
                Tri::True => ",fits",
                Tri::False => ",fails",
                Tri::Unknown => ",unknown",
            });
        }
    }

    /// What stands before the first row.
    pub fn header(&self) -> String {
        match self.format {
            RowFormat::Csv => columns(self.evaluator.program()).join(",") + "\n",
            RowFormat::Ndjson | RowFormat::Parquet => String::new(),
        }
    }

    /// Appends the rows of leads. `told`: of which of them; `problems`: what of their values could not be read.
    pub fn rows<'p>(
        &self,
        keys: &[&str],
        leads: Leads<'_>,
        outcomes: &Outcomes<'_>,
        told: Mask<'_>,
        problems: &dyn Fn(usize) -> Cow<'p, [Problem]>,
        out: &mut String,
    ) {
        let is_told = |lead: usize| bit(told, lead);
        match self.format {
            RowFormat::Csv => {
                let scores: Vec<&[i64]> = self.scores.iter().map(|score| outcomes.points(*score)).collect();
                for (lead, key) in keys.iter().enumerate().filter(|(lead, _)| is_told(*lead)) {
                    self.csv(key, lead, outcomes, &scores, out);
                }
            }
            // Its rows are columns.
            RowFormat::Parquet => {}
            RowFormat::Ndjson => {
                let outcomes = outcomes.all().iter().enumerate();
                for (lead, (place, outcome)) in leads.all().iter().zip(outcomes).filter(|(_, (lead, _))| is_told(*lead))
                {
                    let decision = Decision::new(self.evaluator, lead, outcome, &problems(place));
                    // Writing to memory what has only texts for keys cannot fail.
                    if let Ok(line) = serde_json::to_string(&decision) {
                        out.push_str(&visible_json(&line));
                        out.push('\n');
                    }
                }
            }
        }
    }

    fn csv(&self, key: &str, lead: usize, outcomes: &Outcomes<'_>, scores: &[&[i64]], out: &mut String) {
        let program = self.evaluator.program();
        if self.terminal {
            cell(&visible(key), out)
        } else {
            cell(key, out)
        }
        match self.middles.get(self.state(lead, outcomes)).filter(|_| !self.middles.is_empty()) {
            Some(middle) => out.push_str(middle),
            None => {
                let reason = |place: usize| outcomes.reasons.get(place).is_some_and(|tris| bit(tris.yes, lead));
                let stage = match bit(outcomes.disqualified, lead) {
                    true => Err(reason),
                    false => Ok(outcomes.stage.get(lead).map_or(0, |stage| usize::from(*stage))),
                };
                let verdict = |fit: usize| outcomes.fits.get(fit).map_or(Tri::Unknown, |tris| tris.get(lead));
                self.middle(stage, verdict, out);
            }
        }
        for of_leads in scores {
            out.push(',');
            points(of_leads.get(lead).copied().unwrap_or(0), out);
        }
        for (bands, places) in program.bands.iter().zip(outcomes.bands.iter()) {
            choice(program, bands.domain, places.get(lead).copied().unwrap_or(0), out);
        }
        for (matrix, places) in program.matrices.iter().zip(outcomes.cells.iter()) {
            choice(program, matrix.domain, places.get(lead).copied().unwrap_or(0), out);
        }
        out.push(',');
        let is = |persona: &&DefineId| {
            outcomes.defines.get(persona.index()).is_some_and(|values| values.get(lead).tri().is_true())
        };
        names(self.personas.iter().filter(is).map(|persona| program.defines[persona.index()].name.as_str()), out);
        out.push(',');
        out.push_str(outcomes.route(lead).and_then(|route| self.routes.get(route.index())).map_or(",", String::as_str));
        out.push('\n');
    }
}

/// The head of each column, in the order of [`RowWriter::csv`]. A declaration called like a fixed column gets its kind
/// before its name: `score_route`.
pub fn columns(program: &Program) -> Vec<String> {
    let fixed = ["key", "stage", "disqualified_by", "personas", "route", "route_deadline"];
    let mut taken: HashSet<String> = fixed.iter().map(|name| (*name).to_owned()).collect();
    let mut heads: Vec<String> = fixed[..3].iter().map(|name| (*name).to_owned()).collect();
    let mut add = |kind: &str, name: &str| {
        let mut head = name.to_owned();
        while !taken.insert(head.clone()) {
            head = format!("{kind}_{head}");
        }
        heads.push(head);
    };
    program.fits.iter().for_each(|fit| add("fit", &fit.name));
    program.scores.iter().for_each(|score| add("score", &program.parts[score.index()].name));
    program.bands.iter().for_each(|bands| add("bands", &bands.name));
    program.matrices.iter().for_each(|matrix| add("matrix", &matrix.name));
    heads.extend(fixed[3..].iter().map(|name| (*name).to_owned()));
    heads
}

/// Names with semicolons between them. They are names of the policy: nothing in them needs care but the semicolon,
/// which some spreadsheets take for the end of a cell.
fn names<'n>(mut names: impl Iterator<Item = &'n str>, out: &mut String) {
    let Some(first) = names.next() else { return };
    let Some(second) = names.next() else { return out.push_str(first) };
    out.push('"');
    out.push_str(first);
    for name in std::iter::once(second).chain(names) {
        out.push(';');
        out.push_str(name);
    }
    out.push('"');
}

fn choice(program: &Program, domain: DomainId, place: u16, out: &mut String) {
    out.push(',');
    if let Some(choice) = program.schema.domain(domain).choices.get(place as usize) {
        out.push_str(&choice.name);
    }
}

/// As [`number::display`] writes it, without the cost of formatting.
fn points(raw: i64, out: &mut String) {
    let size = raw.unsigned_abs();
    let scale = POINTS_SCALE.unsigned_abs();
    let (whole, mut fraction) = (size / scale, size % scale);
    if whole >= 10_000 {
        // Writing to memory cannot fail.
        let _ = write!(out, "{}", number::display(raw, 4));
        return;
    }
    if raw < 0 {
        out.push('-');
    }
    let digit = |value: u64| char::from(b'0' + (value % 10) as u8);
    for (least, place) in [(1000, 1000), (100, 100), (10, 10), (0, 1)] {
        if whole >= least {
            out.push(digit(whole / place));
        }
    }
    if fraction > 0 {
        out.push('.');
        let mut place = 1000;
        while fraction > 0 {
            out.push(digit(fraction / place));
            fraction %= place;
            place /= 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Block, Leads};
    use crate::model::time::AsOf;
    use crate::model::{Lead, Value};
    use bumpalo::Bump;

    #[test]
    fn what_is_made_beforehand_is_what_is_written() {
        let text = r#"policy "P"
            lead { id text key  a int  b int  c int }
            fit f { a: a > 1  b: b > 1 }
            fit g { c: c > 1 }
            score s { a: +1 if a > 0 }
            disqualify { x "X": a is 7  y "Y": b is 7  z "Z": c is 7 }
            stages { low  mid "Mid": f fits  high "High" after mid: g fits }"#;
        let loaded = crate::syntax::load("p.qual", text, &crate::syntax::MemoryFiles::default());
        let program = crate::check::check(&loaded, &[]).program.expect("a policy");
        let evaluator = Evaluator::new(&program, AsOf::new(0, &program.zone));
        let (arena, values) = (Bump::new(), [Value::Missing, Value::Int(0), Value::Int(5), Value::Int(7)]);
        let lead = |place: usize| {
            let fields = [Value::Missing, values[place % 4], values[place / 4 % 4], values[place / 16]];
            Lead { key: "k", fields: arena.alloc_slice_copy(&fields), events: &[] }
        };
        let leads: &[Lead<'_>] = arena.alloc_slice_fill_iter((0..64).map(lead));
        let block = Block { leads: Leads::from(leads), columns: &[], counts: None };
        let outcomes = evaluator.evaluate_block(block, &mut evaluator.memo(), &arena);
        let mut writer = RowWriter::new(&evaluator, RowFormat::Csv, false);
        let written = |writer: &RowWriter<'_>| {
            let mut out = String::new();
            writer.rows(&["k"; 64], leads.into(), &outcomes, outcomes.everyone(), &|_| Cow::default(), &mut out);
            out
        };
        let quick = written(&writer);
        assert_eq!(writer.middles.len(), (3 + 8) * 9);
        writer.middles.clear();
        assert_eq!(quick, written(&writer));
        assert!(quick.contains("k,disqualified,\"x;z\",unknown,fits,1,,,\n"), "{quick}");
        assert!(quick.contains("k,high,,fits,fits,1,,,\n"), "{quick}");
    }

    #[test]
    fn points_are_written_as_numbers_are_displayed() {
        for raw in (-120_000..120_000).chain([-100_000_000, 99_999_999, 100_000_000, 123_456_789, i64::MAX, i64::MIN]) {
            let mut out = String::new();
            points(raw, &mut out);
            assert_eq!(out, number::display(raw, 4).to_string());
        }
    }
}
