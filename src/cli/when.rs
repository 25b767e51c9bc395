//! The as-of: given, or now. The only place of the program that looks at a clock.

use super::exit::Failure;
use crate::base::visible;
use crate::model::time::{AsOf, Zone};

/// The arguments that say when.
#[derive(Debug, clap::Args)]
pub struct WhenArgs {
    /// The instant that leads are judged at: a date (its end) or a time; now unless given
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
}

/// An as-of, and whether the clock gave it.
#[derive(Clone, Debug)]
pub struct When {
    /// The as-of.
    pub as_of: AsOf,
    /// Whether it is the time that the command was run at.
    pub now: bool,
}

impl WhenArgs {
    /// The as-of in the policy's zone.
    pub fn when(&self, zone: &Zone) -> Result<When, Failure> {
        match &self.as_of {
            Some(text) => match AsOf::parse(text.trim(), zone) {
                Some(as_of) => Ok(When { as_of, now: false }),
                None => Err(Failure::new(format!("`--as-of {}` is no date or time", visible(text)))
                    .help("write a date, `2026-11-01`, or a time, `2026-11-01T09:30:00Z`")),
            },
            None => Ok(When { as_of: AsOf::new(now(), zone), now: true }),
        }
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
fn now() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    elapsed.ok().and_then(|elapsed| i64::try_from(elapsed.as_millis()).ok()).unwrap_or(0)
}
