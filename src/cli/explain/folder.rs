//! Explanations of several leads in a folder: a file each, and an index.

use super::super::exit::{Exit, Failure};
use super::super::leads::scan;
use super::super::terminal::{Terminal, count};
use super::super::{events, input};
use super::show::{self, Shown};
use super::subject::Subject;
use super::{Args, Format};
use crate::data::{Decoded, EventProblem, Output};
use crate::explain::page;
use crate::model::Problem;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;

/// Explains every lead.
pub fn run(args: &Args, subject: &Subject<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(folder) = &args.output else { return Err(Failure::new("`--all` needs `--output FOLDER`")) };
    let leads = args.leads()?;
    let plan = events::plan(subject.evaluator.program());
    let mut problems: HashMap<String, Vec<Problem>> = HashMap::new();
    let store = match &args.events {
        Some(path) => Some(events::read(path, &plan, terminal, &mut |problem| {
            if let EventProblem::Value { key, problem, .. } = problem {
                problems.entry(key).or_default().push(problem);
            }
        })?),
        None => None,
    };
    let mut writer = FolderWriter::new(folder, args, terminal)?;
    let (mut failed, mut rejected) = (None, 0u64);
    scan(leads, &plan, None, store.as_ref(), terminal, &mut |decoded| match decoded {
        _ if failed.is_some() => {}
        Decoded::Lead { lead, problems: mut own, .. } => {
            own.extend(problems.remove(lead.key).unwrap_or_default());
            let explanation = subject.explain(&lead, &own);
            failed = writer.add(&Shown::Explanation(Box::new(explanation))).err();
        }
        Decoded::Reject(_) => rejected += 1,
    })?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    writer.finish()?;
    if rejected > 0 {
        let records = count(rejected, "record of", "records of");
        let help = "`qualify score --rejects FILE` lists them";
        terminal.warn(&format!("{records} {} could not be read as a lead", input::name(leads)), Some(help));
        return Ok(Exit::Rejected);
    }
    Ok(Exit::Done)
}

/// Writes several explanations into a folder.
pub fn write_all(folder: &str, pieces: &[Shown], args: &Args, terminal: &Terminal) -> Result<(), Failure> {
    let mut writer = FolderWriter::new(folder, args, terminal)?;
    for piece in pieces {
        writer.add(piece)?;
    }
    writer.finish()
}

/// Writes a file, whole or not at all.
pub fn write_file(path: &str, text: &str) -> Result<(), Failure> {
    let unwritable = |error| Failure::unwritable(path, &error);
    let mut output = Output::create(path).map_err(unwritable)?;
    output.write_all(text.as_bytes()).map_err(unwritable)?;
    output.finish().map_err(unwritable)
}

struct FolderWriter<'a> {
    folder: &'a Path,
    args: &'a Args,
    terminal: Terminal,
    taken: HashSet<String>,
    entries: Vec<Entry>,
}

/// A line of the index.
#[derive(Debug)]
struct Entry {
    key: String,
    file: String,
    stage: String,
    scores: String,
}

impl<'a> FolderWriter<'a> {
    fn new(folder: &'a str, args: &'a Args, terminal: &Terminal) -> Result<FolderWriter<'a>, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        let terminal = Terminal { color: false, width: 100, ..*terminal };
        Ok(FolderWriter { folder: Path::new(folder), args, terminal, taken: HashSet::new(), entries: Vec::new() })
    }

    fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        write_file(&self.folder.join(file).to_string_lossy(), text)
    }

    fn add(&mut self, piece: &Shown) -> Result<(), Failure> {
        let file = self.file_name(piece.key());
        let text = show::one(piece, self.args.format, self.args.length(), &self.terminal)?;
        self.write(&file, &text)?;
        let (stage, scores) = match piece {
            Shown::Explanation(explanation) => {
                let scores = explanation.scores.iter().filter(|score| explanation.matters.contains(&score.item.name));
                let scores: Vec<String> =
                    scores.map(|score| format!("{} {}", score.item.label, score.points)).collect();
                (explanation.stage.as_ref().map(|stage| stage.label.clone()), scores.join(", "))
            }
            Shown::Changes(changes) => (changes.now.stage.as_ref().map(|stage| stage.label.clone()), String::new()),
        };
        let (key, stage) = (piece.key().to_owned(), stage.unwrap_or_default());
        self.entries.push(Entry { key, file, stage, scores });
        Ok(())
    }

    /// A name that is safe on every system: small letters, digits, `-`, `_` and `.`, told apart by a digest of the key
    /// where that loses something.
    fn file_name(&mut self, key: &str) -> String {
        let safe: String = key
            .chars()
            .take(60)
            .map(|c| match c.to_ascii_lowercase() {
                c @ ('a'..='z' | '0'..='9' | '_' | '-' | '.') => c,
                _ => '-',
            })
            .collect();
        let safe = safe.trim_matches(['.', '-']).to_owned();
        let stem = safe.split('.').next().unwrap_or("");
        let device = matches!(stem, "con" | "prn" | "aux" | "nul" | "index")
            || ((stem.starts_with("com") || stem.starts_with("lpt")) && stem.len() == 4);
        let digest = || {
            let digest = Sha256::digest(key.as_bytes());
            digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let stem = if safe == key && !safe.is_empty() && !device { safe } else { format!("{safe}-{}", digest()) };
        let stem = stem.trim_start_matches('-').to_owned();
        let ending = self.args.format.ending();
        let mut name = format!("{stem}.{ending}");
        // Two records with one key are two decisions.
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{stem}-{number}.{ending}");
            number += 1;
        }
        name
    }

    fn finish(self) -> Result<(), Failure> {
        let ending = self.args.format.ending();
        self.write(&format!("index.{ending}"), &index(&self.entries, self.args.format)?)?;
        let told = count(self.entries.len() as u64, "explanation", "explanations");
        self.terminal.say(&format!("{told} in {}", crate::base::visible(&self.folder.to_string_lossy())));
        Ok(())
    }
}

impl Format {
    /// The ending of its files.
    fn ending(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Json => "json",
            Format::Markdown => "md",
            Format::Html => "html",
        }
    }
}

fn index(entries: &[Entry], format: Format) -> Result<String, Failure> {
    use super::super::terminal::{columns, left};
    let visible = |text: &str| crate::base::visible(text).into_owned();
    Ok(match format {
        Format::Text => {
            let width =
                |of: fn(&Entry) -> &str| entries.iter().map(|entry| columns(&visible(of(entry)))).max().unwrap_or(0);
            let (keys, files) = (width(|entry| &entry.key), width(|entry| &entry.file));
            let stages = width(|entry| &entry.stage);
            let line = |entry: &Entry| {
                let line = format!(
                    "{}  {}  {}  {}",
                    left(&visible(&entry.key), keys),
                    left(&entry.file, files),
                    left(&visible(&entry.stage), stages),
                    visible(&entry.scores)
                );
                format!("{}\n", line.trim_end())
            };
            entries.iter().map(line).collect()
        }
        Format::Markdown | Format::Html => {
            let lines: Vec<[&str; 4]> =
                entries.iter().map(|entry| [&*entry.key, &*entry.file, &*entry.stage, &*entry.scores]).collect();
            if format == Format::Html { page::html_index(&lines) } else { page::markdown_index(&lines) }
        }
        Format::Json => {
            let entries: Vec<serde_json::Value> = entries
                .iter()
                .map(|entry| serde_json::json!({ "key": entry.key, "file": entry.file, "stage": entry.stage, "scores": entry.scores }))
                .collect();
            let json = serde_json::to_string_pretty(&entries)
                .map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
            format!("{}\n", crate::base::visible_json(&json))
        }
    })
}
