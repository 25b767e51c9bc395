//! The digest of a policy: one short text that names exactly what was decided with.

use super::hir::Program;
use crate::base::SourceMap;
use crate::model::number::NUMBER_SCALE;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The first line of what is hashed: another way to hash gets another line.
const KIND: &[u8] = b"qualify policy digest 1\n";

/// The SHA-256 of all that a policy is made of: its file, the files that it `use`s, the files of its lists, in the order
/// in which they are first named, and the constants that were given other values (`--set`), by name.
///
/// Two policies with one digest decide alike with one version of the program. The digest sees comments and layout, for
/// it names what was signed. It does not see where the files lie, what the main file is called, or whether lines end
/// with a line feed or with carriage return and line feed: a checkout on another system has the same digest. Other
/// files' names stand in the policy's text.
///
/// ```
/// let policy = |text| qualify::Policy::compile(text).expect("a policy");
/// let a = policy("policy \"A\"\nlead { id text key }\nstages { lead }").program().digest();
/// let b = policy("policy \"A\"\r\nlead { id text key }\r\nstages { lead }").program().digest();
/// assert_eq!(a, b);
/// assert!(a.to_string().starts_with("sha256:"));
/// assert_eq!(a.short().len(), 12);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    fn of(sources: &SourceMap, overrides: &[(String, i128)]) -> Digest {
        let mut hash = Sha256::new();
        hash.update(KIND);
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for source in sources.files() {
            part(&source.text.replace("\r\n", "\n"));
        }
        for (name, value) in overrides {
            part(&format!("--set {name}={value}"));
        }
        Digest(hash.finalize().into())
    }

    /// Its first twelve hexadecimal digits, for a page's foot.
    pub fn short(&self) -> String {
        self.hex().chars().take(12).collect()
    }

    fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Program {
    /// What names this policy exactly, with all its files and the constants that were given other values.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.sources, &self.overrides)
    }

    /// The constants that were given other values, as people write them: `demo_points=25`.
    pub fn overridden(&self) -> Vec<String> {
        let shown = |value: i128| {
            let (size, scale) = (value.unsigned_abs(), NUMBER_SCALE as u128);
            let text = format!("{}{}.{:06}", if value < 0 { "-" } else { "" }, size / scale, size % scale);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        self.overrides.iter().map(|(name, value)| format!("{name}={}", shown(*value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::syntax::{MemoryFiles, load, parse_constant};

    fn program(name: &str, text: &str, list: &str, set: &[(&str, &str)]) -> Program {
        let files = MemoryFiles::new().with("l.txt", list);
        let overrides: Vec<_> =
            set.iter().map(|(name, value)| ((*name).to_owned(), parse_constant(value).expect("a constant"))).collect();
        check(&load(name, text, &files), &overrides).program.expect("a policy")
    }

    #[test]
    fn the_digest_sees_all_that_decides_and_no_place() {
        let text = "policy \"P\"\nlead { id text key }\nlist l from \"l.txt\"\ndefine n: 1\nstages { a }\n";
        let digest = |name, text: &str, list, set| program(name, text, list, set).digest();
        let first = digest("policy.qual", text, "x\n", &[]);
        assert_eq!(first, digest("elsewhere/other.qual", &text.replace('\n', "\r\n"), "x\r\n", &[]));
        let others = [
            digest("policy.qual", &format!("{text}# a comment"), "x\n", &[]),
            digest("policy.qual", text, "x\ny\n", &[]),
            digest("policy.qual", text, "x\n", &[("n", "1")]),
            digest("policy.qual", text, "x\n", &[("n", "-1")]),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(first, *other);
            assert!(!others[..place].contains(other));
        }
        assert_eq!(program("p", text, "x", &[("n", "-2.50")]).overridden(), ["n=-2.5"]);
    }
}
