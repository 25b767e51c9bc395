//! `--baseline`: findings that a policy had when it began to be linted. They are known by lint, declaration and words, so
//! that edits elsewhere do not disturb them.

use super::report::{Found, Linted};
use crate::base::visible;
use crate::cli::exit::Failure;
use crate::cli::terminal::count;
use crate::data::Output;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The arguments that name the file.
#[derive(Debug, clap::Args)]
pub struct BaselineArgs {
    /// Hide the findings that this file lists, so that an old policy can start clean
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Write the present findings to the baseline
    #[arg(long, requires = "baseline")]
    pub write_baseline: bool,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    version: u32,
    findings: Vec<Entry>,
}

/// A finding that was there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The policy's file, from the folder of the baseline.
    pub file: String,
    /// The declaration.
    pub declaration: String,
    /// The lint.
    pub lint: String,
    /// Its words; each run of digits is a `#`.
    pub message: String,
    /// How many there are of this kind.
    pub count: u64,
}

/// What a baseline did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hidden {
    /// The file.
    pub file: String,
    /// How many findings it hides.
    pub hidden: u64,
    /// Entries that no longer apply.
    pub past: Vec<Entry>,
}

type Key = (String, String, String, String);

impl BaselineArgs {
    /// Takes the findings that the baseline lists out. With `--write-baseline` it lists nothing yet.
    pub fn hide(&self, linted: &mut [Linted]) -> Result<Option<Hidden>, Failure> {
        let Some(file) = self.baseline.as_ref().filter(|_| !self.write_baseline) else { return Ok(None) };
        let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::new(format!("there is no baseline `{}`", visible(file)))
                .help("`--write-baseline` makes it from the present findings"),
            _ => Failure::unreadable(file, &error),
        })?;
        let baseline: Baseline = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("`{}` is no baseline: {error}", visible(file))))?;
        if baseline.version != 1 {
            return Err(Failure::new(format!("`{}` is a baseline of version {}", visible(file), baseline.version))
                .help("this program knows version 1"));
        }
        let mut left: BTreeMap<Key, u64> = BTreeMap::new();
        for entry in baseline.findings {
            *left.entry((entry.file, entry.declaration, entry.lint, entry.message)).or_default() += entry.count;
        }
        let mut hidden = 0;
        for policy in linted.iter_mut() {
            let all = policy.found.len();
            policy.found.retain(|found| match left.get_mut(&key(found, file)).filter(|left| **left > 0) {
                Some(left) => {
                    *left -= 1;
                    false
                }
                None => true,
            });
            policy.hidden = all - policy.found.len();
            hidden += policy.hidden as u64;
        }
        let past = left.into_iter().filter(|(_, count)| *count > 0).map(entry).collect();
        Ok(Some(Hidden { file: file.clone(), hidden, past }))
    }

    /// Writes all findings to the file; says so.
    pub fn write(&self, linted: &[Linted]) -> Result<String, Failure> {
        let Some(file) = &self.baseline else { return Ok(String::new()) };
        let mut counts: BTreeMap<Key, u64> = BTreeMap::new();
        for found in linted.iter().flat_map(|policy| &policy.found) {
            *counts.entry(key(found, file)).or_default() += 1;
        }
        let all = counts.values().sum();
        let baseline = Baseline { version: 1, findings: counts.into_iter().map(entry).collect() };
        let json = serde_json::to_string_pretty(&baseline).map_err(|error| Failure::new(error.to_string()))?;
        Output::whole(file, &format!("{json}\n")).map_err(|error| Failure::unwritable(file, &error))?;
        Ok(format!("{} written to {}", count(all, "finding", "findings"), visible(file)))
    }
}

fn entry(((file, declaration, lint, message), count): (Key, u64)) -> Entry {
    Entry { file, declaration, lint, message, count }
}

fn key(found: &Found, baseline: &str) -> Key {
    (from(&found.file, baseline), found.declaration.clone(), found.diagnostic.code.to_owned(), found.gist())
}

/// A file's path from the folder of the baseline, whatever folder the command runs in.
fn from(file: &str, baseline: &str) -> String {
    let absolute = |path: &Path| std::path::absolute(path).ok().map(|path| tidy(&path));
    let folder = Path::new(baseline).parent().map_or_else(PathBuf::new, Path::to_owned);
    let folder = if folder.as_os_str().is_empty() { Path::new(".").to_owned() } else { folder };
    let (Some(path), Some(folder)) = (absolute(Path::new(file)), absolute(&folder)) else { return file.to_owned() };
    if file.starts_with('<') {
        return file.to_owned();
    }
    let up = folder.ancestors().position(|ancestor| path.starts_with(ancestor));
    let shared = up.and_then(|up| folder.ancestors().nth(up));
    let Some(rest) = shared.and_then(|shared| path.strip_prefix(shared).ok()) else { return file.to_owned() };
    let names = rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    std::iter::repeat_n("..".to_owned(), up.unwrap_or(0)).chain(names).collect::<Vec<_>>().join("/")
}

/// A path without `.` and `..`.
fn tidy(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_from_the_folder_of_the_baseline() {
        assert_eq!(from("policies/a.qual", "lint.json"), "policies/a.qual");
        assert_eq!(from("./policies/../b.qual", "policies/lint.json"), "../b.qual");
        assert_eq!(from("policies/a.qual", "policies/lint.json"), "a.qual");
        assert_eq!(from("<stdin>", "lint.json"), "<stdin>");
    }
}
