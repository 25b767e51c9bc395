//! `qualify fmt`: policies in their one layout.

use super::exit::{Exit, Failure};
use super::input;
use super::project::Project;
use super::terminal::{Terminal, count, print, style};
use super::unified::unified;
use crate::base::{FileId, Source, SourceMap, visible};
use crate::data::{Folder, Output};
use crate::format::format;
use crate::syntax::{FileProblem, Files, ast, parse, used_file};
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Format policies: one layout, no options, every comment kept
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify fmt policy.qual
  qualify fmt .                        all *.qual below this folder
  qualify fmt --check policies         for CI: changes nothing, names what is not formatted
  qualify fmt --diff policy.qual
  qualify fmt - < policy.qual          from standard input to standard output

Files that a policy takes in by `use` are formatted with it.

Exit codes: 0 done; 1 with --check or --diff, something is not formatted; 2 could not run, or a file has syntax errors
(it is left as it is, the others are formatted).")]
pub struct Args {
    /// Policies, and folders with policies in them; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Change nothing, name the files that are not formatted
    #[arg(long)]
    check: bool,
    /// Change nothing, show what would change
    #[arg(long)]
    diff: bool,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    input::one_standard_input(&args.paths.iter().map(String::as_str).collect::<Vec<_>>())?;
    let project = Project::find(&args.paths)?;
    let mut run = Run { args, terminal, seen: HashSet::new(), changed: 0, unchanged: 0, failure: None };
    for path in project.policies.iter().chain(&project.parts) {
        if path == "-" {
            run.standard_input()?;
        } else {
            run.policy(path)?;
        }
    }
    run.close()
}

struct Run<'t> {
    args: Args,
    terminal: &'t Terminal,
    /// The files that were looked at.
    seen: HashSet<PathBuf>,
    changed: u64,
    unchanged: u64,
    /// Why a file could not be formatted: the last one, not reported yet.
    failure: Option<Failure>,
}

impl Run<'_> {
    fn writes(&self) -> bool {
        !self.args.check && !self.args.diff
    }

    fn fail(&mut self, failure: Failure) {
        if let Some(earlier) = self.failure.replace(failure) {
            self.terminal.report(&earlier);
        }
    }

    fn standard_input(&mut self) -> Result<(), Failure> {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text).map_err(|error| Failure::unreadable("-", &error))?;
        let Some((source, formatted, _)) = self.formatted("<stdin>", text) else { return Ok(()) };
        self.report(&source, &formatted)?;
        if self.writes() { print(&formatted) } else { Ok(()) }
    }

    /// A policy and the files that it takes in.
    fn policy(&mut self, path: &str) -> Result<(), Failure> {
        let folder = Folder::of(path);
        let (parent, own) = match path.rsplit_once('/') {
            Some((parent, own)) => (Some(parent), own),
            None => (None, path),
        };
        let mut waiting = vec![own.to_owned()];
        while let Some(file) = waiting.pop() {
            let name = parent.map_or_else(|| file.clone(), |parent| format!("{parent}/{file}"));
            if !self.seen.insert(Path::new(&name).canonicalize().unwrap_or_else(|_| PathBuf::from(&name))) {
                continue;
            }
            // The policy itself may be anything that can be read; what it uses lies in its folder.
            let text = if file == own {
                std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))
            } else {
                folder.read(&file).map_err(|problem| match problem {
                    FileProblem::NotFound => Failure::new(format!("there is no file `{}`", visible(&name))),
                    FileProblem::Unreadable(why) => Failure::new(format!("cannot read `{}`: {why}", visible(&name))),
                })
            };
            let text = match text {
                Ok(text) => text,
                Err(failure) => {
                    self.fail(failure);
                    continue;
                }
            };
            let Some((source, formatted, uses)) = self.formatted(&name, text) else { continue };
            self.report(&source, &formatted)?;
            if self.writes() && source.text != formatted {
                Output::whole(&name, &formatted).map_err(|error| Failure::unwritable(&name, &error))?;
            }
            waiting.extend(uses.iter().rev().filter_map(|written| used_file(&file, written)));
        }
        Ok(())
    }

    /// A text, its canonical layout, and what it uses; none when it has none, which is kept for the end.
    fn formatted(&mut self, name: &str, text: Vec<u8>) -> Option<(Source, String, Vec<String>)> {
        let Ok(text) = String::from_utf8(text) else {
            self.fail(Failure::new(format!("`{}` is not UTF-8 text", visible(name))));
            return None;
        };
        let source = Source::new(name, text);
        let parsed = parse(&source, FileId::default());
        if !parsed.diagnostics.is_empty() {
            let mut sources = SourceMap::default();
            sources.add(source);
            self.fail(Failure::Policy { diagnostics: parsed.diagnostics, sources: Box::new(sources) });
            return None;
        }
        let formatted = match format(&source, &parsed.file) {
            Ok(formatted) => formatted,
            Err(mistake) => {
                self.fail(
                    Failure::new(format!("`{}` was not formatted: {mistake}", visible(name)))
                        .help("please report this; the file is as it was"),
                );
                return None;
            }
        };
        let uses = parsed.file.items.into_iter().filter_map(|item| match item.value {
            ast::ItemKind::Use(path) => Some(path.value),
            _ => None,
        });
        Some((source, formatted, uses.collect()))
    }

    /// Counts a file, and says what is to be said about it.
    fn report(&mut self, source: &Source, formatted: &str) -> Result<(), Failure> {
        if source.text == formatted {
            self.unchanged += 1;
            return Ok(());
        }
        self.changed += 1;
        let paint = self.terminal.paint();
        if self.args.diff {
            print(&unified(&source.name, &source.text, formatted, paint))?;
        } else if self.args.check {
            print(&format!("not formatted: {}\n", input::name(shown(source))))?;
        }
        Ok(())
    }

    fn close(mut self) -> Result<Exit, Failure> {
        let paint = self.terminal.paint_errors();
        let names_input = self.args.paths.iter().any(|path| path == "-");
        if self.args.check || self.args.diff {
            if self.changed > 0 {
                let not = count(self.changed, "file is not formatted", "files are not formatted");
                self.terminal.say(&format!("{}; `qualify fmt` formats", paint.with(style::BAD, not)));
            } else if self.failure.is_none() && !names_input {
                let all = count(self.unchanged, "file is formatted", "files are formatted");
                self.terminal.say(&paint.with(style::GOOD, all));
            }
        } else if !names_input {
            let formatted = count(self.changed, "file formatted", "files formatted");
            self.terminal.say(&format!("{formatted}, {} unchanged", self.unchanged));
        }
        match self.failure.take() {
            Some(failure) => Err(failure),
            None if self.changed > 0 && !self.writes() => Ok(Exit::Findings),
            None => Ok(Exit::Done),
        }
    }
}

fn shown(source: &Source) -> &str {
    if source.name == "<stdin>" { "-" } else { &source.name }
}
