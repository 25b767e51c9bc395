//! `qualify doc`: a policy as a document to read and sign.

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::print;
use crate::base::visible;
use crate::check::{Checked, hir::Program};
use crate::data::{Output, same_file};
use crate::diagnostic::Severity;
use crate::doc::document;
use crate::syntax::Loaded;
use std::io::Write;

/// Write the policy as a document that marketing and sales read and sign
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Write the policy as a document that marketing and sales read and sign: who fits, as a checklist; what \
earns points, and how far each score reaches; the stages, bands, tables, routes and promises; the questions to ask; \
worked examples; lines to sign on.

One policy gives one document, whenever it is made. Every rule has an anchor that stays as long as its name: \
`policy.html#rule-engagement-opens`.",
    after_help = "\
Examples:
  qualify doc policy.qual --output policy.html
  qualify doc policy.qual --output POLICY.md
  qualify doc policy.qual --format html > policy.html"
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The form of the document; by the ending of --output, else Markdown
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to a file, whole or not at all; `-` is standard output
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// GitHub's Markdown
    Markdown,
    /// One page that needs nothing else: light and dark, printable
    Html,
}

impl Format {
    /// The form that a file's ending says.
    fn of(path: &str) -> Option<Format> {
        let path = path.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&[".html", ".htm"]) {
            Some(Format::Html)
        } else if ends(&[".md", ".markdown"]) {
            Some(Format::Markdown)
        } else {
            None
        }
    }
}

pub fn run(args: Args) -> Result<Exit, Failure> {
    let (program, loaded) = read(&args)?;
    let page = document(&program, &loaded);
    let format = args.format.or_else(|| args.output.as_deref().and_then(Format::of)).unwrap_or(Format::Markdown);
    let text = match format {
        Format::Markdown => page.markdown(),
        Format::Html => page.html(),
    };
    match args.output.as_deref() {
        None | Some("-") => print(&text)?,
        Some(path) => {
            if program.sources.files().iter().any(|source| same_file(&source.name, path)) {
                return Err(Failure::new(format!("`{}` would be written over what is read", visible(path)))
                    .help("write to another file"));
            }
            let unwritable = |error| Failure::unwritable(path, &error);
            let mut output = Output::create(path).map_err(unwritable)?;
            output.write_all(text.as_bytes()).map_err(unwritable)?;
            output.finish().map_err(unwritable)?;
        }
    }
    Ok(Exit::Done)
}

/// The program and what it was made from.
fn read(args: &Args) -> Result<(Program, Loaded), Failure> {
    let policy::Policy { loaded, checked } = policy::read(&args.policy, &args.set)?;
    let Checked { program, mut diagnostics } = checked;
    match program {
        Some(program) => Ok((program, loaded)),
        None => {
            diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
            Err(Failure::Policy { diagnostics, sources: Box::new(loaded.sources) })
        }
    }
}
