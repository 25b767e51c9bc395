//! Levels of lints: from `qualify.toml`, then from the arguments.

use crate::base::visible;
use crate::cli::exit::Failure;
use crate::cli::project::{LintLevel, Settings};
use crate::diagnostic::did_you_mean;
use crate::lint::{Level, Levels};

/// The arguments that set levels. What is said of a lint outranks what is said of its group, and that what is said of
/// all.
#[derive(Debug, clap::Args)]
pub struct LevelArgs {
    /// Report findings of this lint, group, `all` or `warnings` as errors
    #[arg(long, value_name = "NAME")]
    deny: Vec<String>,
    /// Report findings of this lint, group or `all` as warnings
    #[arg(long, value_name = "NAME")]
    warn: Vec<String>,
    /// Do not report findings of this lint, group or `all`
    #[arg(long, value_name = "NAME")]
    allow: Vec<String>,
}

impl LevelArgs {
    /// The levels that hold for a policy.
    pub fn levels(&self, policy: &str) -> Result<Levels, Failure> {
        let mut levels = Levels::default();
        for setting in Settings::of(policy)?.lint {
            let level = match setting.level {
                LintLevel::Allow => Level::Allow,
                LintLevel::Note => Level::Note,
                LintLevel::Warn => Level::Warn,
                LintLevel::Deny => Level::Deny,
            };
            if !levels.set(&setting.name, level) {
                return Err(unknown(&setting.name, &format!("{}: ", visible(&setting.place))));
            }
        }
        levels.next_layer();
        for (names, level) in [(&self.allow, Level::Allow), (&self.warn, Level::Warn), (&self.deny, Level::Deny)] {
            for name in names {
                if !levels.set(name, level) {
                    return Err(unknown(name, ""));
                }
            }
        }
        Ok(levels)
    }
}

/// No lint has this name.
pub fn unknown(name: &str, place: &str) -> Failure {
    let help = did_you_mean(name, Levels::names());
    Failure::new(format!("{place}no lint is called `{}`", visible(name)))
        .help(help.unwrap_or_else(|| "`qualify lint --list` shows all lints and groups".to_owned()))
}
