//! How bad the findings of each lint are, as people set it.

use super::{Group, Lint, all, named};
use crate::diagnostic::Severity;

/// What becomes of a lint's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing is reported.
    Allow,
    /// A note.
    Note,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

impl Level {
    /// The severity of a finding; none when it is not reported.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Note => Some(Severity::Note),
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Level {
        match severity {
            Severity::Note => Level::Note,
            Severity::Warning => Level::Warn,
            Severity::Error => Level::Deny,
        }
    }
}

/// Levels that differ from those of the lints themselves. What is set later holds.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    set: Vec<(Selector, Level)>,
}

#[derive(Clone, Copy, Debug)]
enum Selector {
    All,
    Warnings,
    Group(Group),
    Lint(&'static str),
}

impl Levels {
    /// Sets the level of a lint, of a group, of `all`, or of `warnings` (those that are warnings so far). False when
    /// nothing is called so.
    pub fn set(&mut self, name: &str, level: Level) -> bool {
        let selector = match name {
            "all" => Selector::All,
            "warnings" => Selector::Warnings,
            _ => {
                let group = super::GROUPS.iter().map(|(group, _)| *group).find(|group| group.name() == name);
                match group.map(Selector::Group).or_else(|| named(name).map(|lint| Selector::Lint(lint.name))) {
                    Some(selector) => selector,
                    None => return false,
                }
            }
        };
        self.set.push((selector, level));
        true
    }

    /// The level of a lint.
    pub fn of(&self, lint: &Lint) -> Level {
        self.set.iter().fold(Level::from(lint.level), |level, (selector, set)| {
            let meant = match selector {
                Selector::All => true,
                Selector::Warnings => level == Level::Warn,
                Selector::Group(group) => lint.group == *group,
                Selector::Lint(name) => lint.name == *name,
            };
            if meant { *set } else { level }
        })
    }

    /// All names that [`Levels::set`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let groups = super::GROUPS.iter().map(|(group, _)| group.name());
        ["all", "warnings"].into_iter().chain(groups).chain(all().map(|lint| lint.name))
    }
}
