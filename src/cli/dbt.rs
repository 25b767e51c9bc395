//! `qualify dbt`: a policy as part of a dbt project.

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::terminal::{Terminal, count};
use crate::base::visible;
use crate::data::{Output, same_file};
use crate::dbt::{self, DIALECTS, files};
use crate::sql::dialect;
use std::io::Write;
use std::path::Path;

/// Write the policy as a dbt model with documented columns and the policy's own tests
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Write the policy as a dbt model: NAME.sql, a row a lead, and NAME.yml with what each column means, what must hold of \
every row (accepted stages, what is never null), and the policy's own tests as unit tests.

The instant that leads are judged at is the variable `qualify_as_of`, else the instant that the run began: \
`dbt build --vars '{qualify_as_of: \"2026-11-01T23:59:59.999Z\"}'`.",
    after_help = "\
Examples:
  qualify dbt policy.qual --into models/qualification
  qualify dbt policy.qual --into models --model qualified_leads --leads stg_leads --events stg_events
  qualify dbt policy.qual --into models --dialect snowflake --leads crm.leads --events crm.activities --explain"
)]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The folder of models to write into; it is made when it is not there
    #[arg(long, value_name = "DIR")]
    into: String,
    /// The model's name: lower-case letters, digits and `_`
    #[arg(long, value_name = "NAME", default_value = "qualified_leads")]
    model: String,
    /// The dialect of the warehouse
    #[arg(long, value_name = "DIALECT", default_value = "duckdb", value_parser = clap::builder::PossibleValuesParser::new(DIALECTS))]
    dialect: String,
    /// The model or seed of leads; `SOURCE.TABLE` is a source
    #[arg(long, value_name = "NAME", default_value = "leads")]
    leads: String,
    /// The model or seed of events; `SOURCE.TABLE` is a source
    #[arg(long, value_name = "NAME", default_value = "events")]
    events: String,
    /// A column for each rule's points too
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    set: SetArgs,
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !args.model.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') || !args.model.chars().all(plain) {
        return Err(Failure::new(format!("`{}` cannot name a model", visible(&args.model)))
            .help("use lower-case letters, digits and `_`, a letter first"));
    }
    let program = policy::program(&args.policy, &args.set)?;
    let dialect = dialect(&args.dialect)
        .ok_or_else(|| Failure::new(format!("there is no dialect `{}`", visible(&args.dialect))))?;
    let options =
        dbt::Options { dialect, model: args.model, leads: args.leads, events: args.events, explain: args.explain };
    let written = files(&program, &options)
        .map_err(|diagnostics| Failure::Policy { diagnostics, sources: Box::new(program.sources.clone()) })?;
    let folder = Path::new(&args.into);
    std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(&args.into, &error))?;
    for file in &written.files {
        let path = folder.join(&file.name).to_string_lossy().into_owned();
        if program.sources.files().iter().any(|source| same_file(&source.name, &path)) {
            return Err(Failure::new(format!("`{}` would be written over what is read", visible(&path)))
                .help("write into another folder"));
        }
        let unwritable = |error| Failure::unwritable(&path, &error);
        let mut output = Output::create(&path).map_err(unwritable)?;
        output.write_all(file.text.as_bytes()).map_err(unwritable)?;
        output.finish().map_err(unwritable)?;
        terminal.say(&format!("wrote {}", visible(&path)));
    }
    terminal
        .say(&format!("{} of the policy are unit tests of the model", count(written.tests as u64, "test", "tests")));
    Ok(Exit::Done)
}
