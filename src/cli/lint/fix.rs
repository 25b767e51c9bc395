//! `--fix`: mends what has one right answer.

use super::Run;
use crate::cli::exit::{Exit, Failure};
use crate::cli::project::Project;
use crate::cli::terminal::{count, print};
use crate::cli::unified::unified;
use crate::data::{Folder, Output};
use crate::lint::{Context, Mended, Patient, lint, mend};
use std::io::Read;

/// The arguments that say what is mended.
#[derive(Debug, clap::Args)]
pub struct FixArgs {
    /// Mend what has one right answer and changes no decision, then report what is left
    #[arg(long)]
    pub fix: bool,
    /// With --fix: show what would change, and change nothing
    #[arg(long, requires = "fix")]
    diff: bool,
    /// With --fix: also mend what may change the decision of some lead
    #[arg(long, requires = "fix")]
    unsafe_fixes: bool,
}

impl Run<'_> {
    /// Mends all policies, or shows how; then that is all there is to do.
    pub fn fix(&self, project: &Project) -> Result<Option<Exit>, Failure> {
        let args = &self.args.fix;
        if project.policies.iter().any(|path| path == "-") && !args.diff {
            return Err(
                Failure::new("`--fix` cannot write to standard input").help("`--fix --diff` shows what it would do")
            );
        }
        let mut fixed = 0;
        let mut changed = 0;
        for path in &project.policies {
            let mended = self.mend(path)?;
            fixed += mended.fixed as u64;
            changed += mended.files.len() as u64;
            for file in &mended.files {
                match args.diff {
                    true => print(&unified(&file.name, &file.before, &file.after, self.terminal.paint()))?,
                    false => Output::whole(&file.name, &file.after)
                        .map_err(|error| Failure::unwritable(&file.name, &error))?,
                }
            }
        }
        let (fixed, files) = (count(fixed, "finding", "findings"), count(changed, "file", "files"));
        match (args.diff, changed) {
            (true, 0) => self.terminal.say("there is nothing to mend"),
            (true, _) => self.terminal.say(&format!("would mend {fixed} in {files}")),
            (false, 0) => {}
            (false, _) => self.terminal.say(&format!("mended {fixed} in {files}")),
        }
        Ok(args.diff.then_some(if changed > 0 { Exit::Findings } else { Exit::Done }))
    }

    fn mend(&self, path: &str) -> Result<Mended, Failure> {
        let mut bytes = Vec::new();
        let name = if path == "-" { "<stdin>" } else { path };
        let read = match path {
            "-" => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
            path => std::fs::read(path).map(|read| bytes = read),
        };
        read.map_err(|error| Failure::unreadable(path, &error))?;
        // What is no text is not mended; the findings say so.
        let Ok(text) = String::from_utf8(bytes) else { return Ok(Mended::default()) };
        let levels = self.args.levels.levels(path)?;
        let files = Folder::of(name);
        let patient = Patient { name, text: &text, files: &files, changing_decisions: self.args.fix.unsafe_fixes };
        Ok(mend(&patient, &mut |loaded, program| lint(&Context::new(loaded, program).on(self.today), &levels)))
    }
}
