//! `qualify explain`: why a policy says what it says of a lead, why not more, and what changed.

mod folder;
mod replay;
mod show;
mod subject;

use super::exit::{Exit, Failure};
use super::policy::{self, SetArgs};
use super::search::{self, Want};
use super::terminal::{Terminal, print};
use super::when::{WhenArgs, length};
use super::{events, input};
use crate::base::visible;
use crate::check::hir::{Program, StageId};
use crate::diagnostic::did_you_mean;
use crate::eval::Evaluator;
use crate::explain::{Changes, ChangesKind, Explanation, Length, OutlookOptions, changes};
use crate::model::time::AsOf;
use crate::words::Spoken;
use show::Shown;
use subject::Subject;

/// Explain the decision on a lead: why it stands where it stands, why not higher, and where its points come from
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify explain policy.qual leads.csv --lead todd
  qualify explain policy.qual leads.csv --lead todd --brief
  qualify explain policy.qual leads.csv --lead todd --full --as-of 2026-11-01
  qualify explain policy.qual leads.csv --lead todd --since 2026-10-01
  qualify explain policy.qual leads.csv --lead todd --against last-year.qual
  qualify explain policy.qual leads.csv --compare todd fiona
  qualify explain policy.qual leads.csv --lead todd --format json > todd.json
  qualify explain policy.qual --replay todd.json
  qualify explain policy.qual leads.csv --all --format html --output explanations/")]
pub struct Args {
    /// The policy; `-` is standard input
    policy: String,
    /// The leads: CSV, NDJSON, JSON, Parquet or Arrow, also with .gz or .zst; `-` is standard input
    #[arg(required_unless_present = "replay")]
    leads: Option<String>,
    /// The lead's key, or its record's number where the policy declares no key; for several leads give it several times
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    lead: Vec<String>,
    /// Why the first of two leads stands above or below the second: what differs, rule by rule
    #[arg(long, value_name = "KEY", num_args = 2, allow_hyphen_values = true, conflicts_with_all = ["lead", "all", "since", "against"])]
    compare: Vec<String>,
    /// Every lead, a file each
    #[arg(long, conflicts_with = "lead", requires = "output")]
    all: bool,
    /// What changed since then: the same lead and policy at two instants
    #[arg(long, value_name = "WHEN", conflicts_with_all = ["against", "all"])]
    since: Option<String>,
    /// What another policy says otherwise: the same lead and instant under two policies
    #[arg(long, value_name = "POLICY", conflicts_with = "all")]
    against: Option<String>,
    /// Repeat an explanation that `--format json` printed, and say whether it still holds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lead", "compare", "all", "since", "against", "as_of", "set"])]
    replay: Option<String>,
    /// A second file with the events of the leads, joined on the key; those inside the leads are then not read
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    #[command(flatten)]
    when: WhenArgs,
    /// What it would take to reach this stage; the next one unless given
    #[arg(long, value_name = "STAGE", conflicts_with_all = ["compare", "since", "against", "replay"])]
    to: Option<String>,
    /// How far to look ahead for what will change by itself
    #[arg(long, value_name = "LENGTH", default_value = "90 days")]
    horizon: String,
    /// A few lines: where the lead stands, the top reasons for and against, the one next step
    #[arg(long)]
    brief: bool,
    /// Everything: every rule, every event, with the policy's lines
    #[arg(long, conflicts_with = "brief")]
    full: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Where to write it: a file; for several leads a folder, with a file each and an index
    #[arg(long, short, value_name = "PATH")]
    output: Option<String>,
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, as wide as the terminal
    Text,
    /// For programs: everything, and what is needed to repeat it
    Json,
    /// For a note in the CRM or a ticket
    Markdown,
    /// One self-contained page with charts
    Html,
}

impl Args {
    fn length(&self) -> Length {
        match (self.brief, self.full) {
            (true, _) => Length::Brief,
            (_, true) => Length::Full,
            _ => Length::Screen,
        }
    }

    /// What of the outlook is told: nothing more than is shown.
    fn ahead(&self, evaluator: &Evaluator<'_>) -> Result<OutlookOptions, Failure> {
        let length = length("--horizon", &self.horizon)?;
        let until = evaluator.as_of().reach(length, &evaluator.program().zone).ahead;
        let differences = !self.compare.is_empty() || self.since.is_some() || self.against.is_some();
        let ahead = !differences && (!self.brief || self.format == Format::Json);
        Ok(OutlookOptions {
            until: ahead.then_some(until),
            bounds: ahead,
            // The one next step belongs to the few lines too.
            plans: !differences,
            to: self.to.as_deref().map(|to| stage(evaluator.program(), to)).transpose()?,
            history: !differences && !self.brief && self.format == Format::Html,
            quick: self.brief && self.format != Format::Json,
        })
    }

    fn leads(&self) -> Result<&str, Failure> {
        self.leads.as_deref().ok_or_else(|| Failure::new("which leads? the file with them is missing"))
    }
}

/// A stage by its name or its label.
fn stage(program: &Program, written: &str) -> Result<StageId, Failure> {
    let found =
        program.stages.iter().position(|stage| stage.name == written || stage.label.eq_ignore_ascii_case(written));
    found.map(|place| StageId(place as u16)).ok_or_else(|| {
        let names: Vec<&str> = program.stages.iter().map(|stage| stage.name.as_str()).collect();
        let help = match (did_you_mean(written, names.iter().copied()), names.is_empty()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, true) => "the policy has no stages".to_owned(),
            (None, false) => format!("the stages are {}", names.join(", ")),
        };
        Failure::new(format!("no stage is called `{}`", visible(written))).help(visible(&help))
    })
}

pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs =
        [Some(&args.policy), args.leads.as_ref(), args.events.as_ref(), args.against.as_ref(), args.replay.as_ref()];
    input::one_standard_input(&inputs.into_iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    if let Some(file) = &args.replay {
        return replay::run(&args, file, terminal);
    }
    let (loaded, program) = policy::compiled(&args.policy, &args.set)?;
    let spoken = Spoken::new(&program, &loaded.files);
    let when = args.when.when(&program.zone)?;
    let evaluator = Evaluator::new(&program, when.as_of);
    let subject = Subject::new(&evaluator, &spoken, args.set.written(), args.ahead(&evaluator)?);
    if args.all {
        return folder::run(&args, &subject, terminal);
    }
    let keys: Vec<String> = if args.compare.is_empty() { args.lead.clone() } else { args.compare.clone() };
    if keys.is_empty() {
        return Err(Failure::new("which lead?").help("give its key with `--lead KEY`, or `--all --output FOLDER`"));
    }
    let want = Want { keys: &keys, leads: args.leads()?, events: args.events.as_deref() };
    let pieces = told(&args, &want, &subject, terminal)?;
    write(&args, &pieces, terminal)?;
    Ok(Exit::Done)
}

/// An explanation for each key, in their order.
fn found(want: &Want<'_>, subject: &Subject<'_>, terminal: &Terminal) -> Result<Vec<Explanation>, Failure> {
    let plan = events::plan(subject.evaluator.program());
    search::find(want, &plan, terminal, &mut |lead, problems| subject.explain(lead, problems))
}

/// What is told: an explanation for each lead, or what differs.
fn told(args: &Args, want: &Want<'_>, subject: &Subject<'_>, terminal: &Terminal) -> Result<Vec<Shown>, Failure> {
    let differences = |kind: ChangesKind, then: Vec<Explanation>, now: Vec<Explanation>| {
        let pairs = then.iter().zip(&now);
        let all: Vec<Changes> = pairs.map(|(then, now)| changes(kind, then, now)).collect();
        all.into_iter().map(|changes| Shown::Changes(Box::new(changes))).collect()
    };
    if let Some(path) = &args.against {
        if want.leads == "-" || args.events.as_deref() == Some("-") {
            return Err(Failure::new("`--against` reads the leads twice: standard input can be read once"));
        }
        let now = found(want, subject, terminal)?;
        let (loaded, other) = policy::compiled(path, &args.set)?;
        let spoken = Spoken::new(&other, &loaded.files);
        let as_of = AsOf::new(subject.evaluator.as_of().instant, &other.zone);
        let evaluator = Evaluator::new(&other, as_of);
        let then = found(want, &subject.with(&evaluator, &spoken), terminal)?;
        return Ok(differences(ChangesKind::Against, then, now));
    }
    if let Some(since) = &args.since {
        let program = subject.evaluator.program();
        let as_of = AsOf::parse(since.trim(), &program.zone).ok_or_else(|| {
            Failure::new(format!("`--since {}` is no date or time", visible(since)))
                .help("write a date, `2026-10-01`, or a time, `2026-10-01T09:30:00Z`")
        })?;
        if as_of.instant > subject.evaluator.as_of().instant {
            return Err(Failure::new("`--since` is later than the as-of").help("the earlier instant is `--since`"));
        }
        let earlier = Evaluator::new(program, as_of);
        let other = subject.with(&earlier, subject.spoken());
        let plan = events::plan(program);
        let pairs = search::find(want, &plan, terminal, &mut |lead, problems| {
            (other.explain(lead, problems), subject.explain(lead, problems))
        })?;
        let (then, now) = pairs.into_iter().unzip();
        return Ok(differences(ChangesKind::Since, then, now));
    }
    let mut found = found(want, subject, terminal)?;
    if !args.compare.is_empty() {
        let below = found.pop().into_iter().collect();
        return Ok(differences(ChangesKind::Compare, below, found));
    }
    Ok(found.into_iter().map(|found| Shown::Explanation(Box::new(found))).collect())
}

/// Writes to standard output, or where `--output` says.
fn write(args: &Args, pieces: &[Shown], terminal: &Terminal) -> Result<(), Failure> {
    match (&args.output, pieces) {
        (None, pieces) => print(&show::all(pieces, args.format, args.length(), terminal)?),
        (Some(path), [one]) => {
            let plain = Terminal { color: false, width: 100, ..*terminal };
            folder::write_file(path, &show::one(one, args.format, args.length(), &plain)?)
        }
        (Some(path), pieces) => folder::write_all(path, pieces, args, terminal),
    }
}
