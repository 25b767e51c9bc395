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

/// Levels that differ from those of the lints themselves. They are set in layers (a project's file, then the arguments
/// of a command): a later layer outranks an earlier one. In a layer, what is said of a lint outranks what is said of its
/// group, and that what is said of all; what is said of `warnings` holds for all that are warnings by then.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    set: Vec<Set>,
    layer: usize,
}

#[derive(Clone, Copy, Debug)]
struct Set {
    layer: usize,
    selector: Selector,
    level: Level,
}

#[derive(Clone, Copy, Debug)]
enum Selector {
    All,
    Group(Group),
    Lint(&'static str),
    Warnings,
}

impl Selector {
    fn rank(self) -> u8 {
        match self {
            Selector::All => 0,
            Selector::Group(_) => 1,
            Selector::Lint(_) => 2,
            Selector::Warnings => 3,
        }
    }
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
        let layer = self.layer;
        let behind = self.set.partition_point(|set| (set.layer, set.selector.rank()) <= (layer, selector.rank()));
        self.set.insert(behind, Set { layer, selector, level });
        true
    }

    /// What is set from now on outranks what was set before.
    pub fn next_layer(&mut self) {
        self.layer += 1;
    }

    /// The level of a lint.
    pub fn of(&self, lint: &Lint) -> Level {
        self.set.iter().fold(Level::from(lint.level), |level, set| {
            let meant = match set.selector {
                Selector::All => true,
                Selector::Warnings => level == Level::Warn,
                Selector::Group(group) => lint.group == group,
                Selector::Lint(name) => lint.name == name,
            };
            if meant { set.level } else { level }
        })
    }

    /// All names that [`Levels::set`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let groups = super::GROUPS.iter().map(|(group, _)| group.name());
        ["all", "warnings"].into_iter().chain(groups).chain(all().map(|lint| lint.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(sets: &[(&str, Level)], lint: &str) -> Level {
        let mut levels = Levels::default();
        for (name, level) in sets {
            assert!(*name == "/" || levels.set(name, *level), "{name}");
            if *name == "/" {
                levels.next_layer();
            }
        }
        levels.of(named(lint).expect("a lint"))
    }

    #[test]
    fn what_is_more_exact_holds() {
        let sets = [("no-owner", Level::Warn), ("governance", Level::Deny), ("all", Level::Allow)];
        assert_eq!(level(&sets, "no-owner"), Level::Warn);
        assert_eq!(level(&sets, "no-version"), Level::Deny);
        assert_eq!(level(&sets, "double-negative"), Level::Allow);
    }

    #[test]
    fn warnings_are_what_is_a_warning_by_then() {
        let sets = [("warnings", Level::Deny), ("governance", Level::Allow)];
        assert_eq!(level(&sets, "no-owner"), Level::Allow);
        assert_eq!(level(&sets, "duplicate-rule"), Level::Deny);
        assert_eq!(level(&sets, "todo-comment"), Level::Allow);
    }

    #[test]
    fn a_later_layer_outranks() {
        let sets = [("no-owner", Level::Allow), ("/", Level::Allow), ("all", Level::Deny)];
        assert_eq!(level(&sets, "no-owner"), Level::Deny);
        assert!(!Levels::default().set("no-ownr", Level::Deny));
    }
}
