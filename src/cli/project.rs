//! Projects: the policies below a folder, and the settings that hold for them.

use super::exit::Failure;
use crate::base::{Source, visible};
use crate::data::same_file;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The ending of policy files.
const ENDING: &str = "qual";
/// The name of the file with a project's settings.
const SETTINGS: &str = "qualify.toml";

/// Policy files as they were named or found, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Files that were named, `-` among them, and files with a `policy` line.
    pub policies: Vec<String>,
    /// Files without a `policy` line that were found in a folder: policies take them in by `use`.
    pub parts: Vec<String>,
}

impl Project {
    /// The files and folders that were named. A file stays as it is; a folder gives all `*.qual` below it, in the order
    /// of their names. Hidden files and folders (`.git`) are passed over, links to folders are not followed.
    pub fn find(paths: &[String]) -> Result<Project, Failure> {
        let mut project = Project::default();
        for path in paths {
            if path == "-" || !Path::new(path).is_dir() {
                project.add(path.clone(), true);
                continue;
            }
            let mut found = Vec::new();
            walk(Path::new(path), &mut found)?;
            if found.is_empty() {
                return Err(Failure::new(format!("there is no policy in `{}`", visible(path)))
                    .help("the name of a policy ends in `.qual`"));
            }
            for file in found {
                let name = file.to_string_lossy().into_owned();
                let text = std::fs::read(&file).map_err(|error| Failure::unreadable(&name, &error))?;
                project.add(name, is_policy(&String::from_utf8_lossy(&text)));
            }
        }
        Ok(project)
    }

    fn add(&mut self, name: String, policy: bool) {
        let known = |all: &[String]| all.iter().any(|other| *other == name || name != "-" && same_file(other, &name));
        if known(&self.policies) || known(&self.parts) {
            return;
        }
        if policy { self.policies.push(name) } else { self.parts.push(name) }
    }
}

/// All policy files below a folder.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error| Failure::unreadable(&folder.to_string_lossy(), &error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push((entry.path(), entry.file_type().map_err(unreadable)?));
        }
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    for (path, kind) in entries {
        if kind.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
            // `./a.qual` is what people call `a.qual`.
            found.push(path.strip_prefix("./").map(Path::to_owned).unwrap_or(path));
        }
    }
    Ok(())
}

/// Whether a text has a `policy` line: the word, then a text, outside of any block. Works on broken texts too.
fn is_policy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at += memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).unwrap_or(bytes.len()),
            b'"' => {
                at += 1;
                while let Some(byte) = bytes.get(at).filter(|byte| !matches!(byte, b'"' | b'\n')) {
                    at += if *byte == b'\\' { 2 } else { 1 };
                }
            }
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            byte if is_word(byte) => {
                let rest = text.get(at..).unwrap_or_default();
                let length = rest.bytes().position(|byte| !is_word(&byte)).unwrap_or(rest.len());
                let (word, behind) = rest.split_at(length);
                if depth == 0 && word == "policy" && behind.trim_start().starts_with('"') {
                    return true;
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// What `qualify.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The `[lint]` table, in the order of the file.
    pub lint: Vec<LintSetting>,
}

/// A line of the `[lint]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintSetting {
    /// The lint, or a group of lints; not looked up here.
    pub name: String,
    /// What becomes of its findings.
    pub level: LintLevel,
    /// File and line for messages: `qualify.toml:3`.
    pub place: String,
}

/// What becomes of a lint's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LintLevel {
    /// Nothing is reported.
    Allow,
    /// A note.
    Note,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    lint: BTreeMap<String, Spanned<LintLevel>>,
}

impl Settings {
    /// The settings that hold for a policy: those of the nearest `qualify.toml` in its folder or above. For standard
    /// input that is the current folder. Without such a file nothing is set.
    pub fn of(policy: &str) -> Result<Settings, Failure> {
        let folder = match policy {
            "-" | "<stdin>" => Path::new(""),
            path => Path::new(path).parent().unwrap_or(Path::new("")),
        };
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(folder) = here.canonicalize() else { return Ok(Settings::default()) };
        let Some(file) = folder.ancestors().map(|folder| folder.join(SETTINGS)).find(|file| file.is_file()) else {
            return Ok(Settings::default());
        };
        let name = shown(&file);
        let text = std::fs::read_to_string(&file).map_err(|error| Failure::unreadable(&name, &error))?;
        read(&name, &text)
    }
}

/// How people know the file: from where they stand, if it lies there.
fn shown(file: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    file.strip_prefix(here).unwrap_or(file).to_string_lossy().into_owned()
}

fn read(name: &str, text: &str) -> Result<Settings, Failure> {
    let source = Source::new(name, text);
    let written: Written = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| {
            let location = source.location(span.start as u32);
            format!(":{}:{}", location.line, location.column)
        });
        let why = error.message().trim_end().replace('\n', "; ");
        Failure::new(format!("{}{place}: {}", visible(name), visible(&why)))
            .help("`[lint]` holds lines like `todo-comment = \"allow\"`; levels are allow, note, warn and deny")
    })?;
    let mut lint: Vec<_> = written.lint.into_iter().collect();
    lint.sort_by_key(|(_, level)| level.span().start);
    let setting = |(lint, level): (String, Spanned<LintLevel>)| LintSetting {
        name: lint,
        place: format!("{name}:{}", source.location(level.span().start as u32).line),
        level: level.into_inner(),
    };
    Ok(Settings { lint: lint.into_iter().map(setting).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: Result<Settings, Failure>) -> String {
        match result {
            Err(Failure::Message { message, .. }) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_policy_has_a_policy_line() {
        assert!(is_policy("# a comment\n\nversion \"1\" policy\n  \"Inbound\""));
        assert!(is_policy("list a = [\"}\"]\npolicy \"x\""));
        for part in
            ["", "define policy: 3", "# policy \"x\"", "lead { policy \"x\" }", "owner \"policy \\\"x\"", "policy"]
        {
            assert!(!is_policy(part), "{part}");
        }
    }

    #[test]
    fn folders_give_their_policies_and_parts() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        put("b/policy.qual", "policy \"b\"");
        put("a.qual", "policy \"a\"");
        put("b/common/part.qual", "define x: 1");
        put(".hidden/policy.qual", "policy \"h\"");
        put("b/notes.txt", "policy \"n\"");
        let root = folder.path().to_string_lossy().into_owned();
        let again = format!("{root}/b/../a.qual");
        let project = Project::find(&[root.clone(), again]).expect("a project");
        assert_eq!(project.policies, [format!("{root}/a.qual"), format!("{root}/b/policy.qual")]);
        assert_eq!(project.parts, [format!("{root}/b/common/part.qual")]);
        put("empty/notes.txt", "");
        assert!(Project::find(&[format!("{root}/empty")]).is_err());
    }

    #[test]
    fn settings_are_found_upward_and_keep_their_order() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("a/b")).expect("a folder");
        let text = "# levels\n[lint]\nunused-field = \"deny\"\nall = \"warn\"\n";
        std::fs::write(folder.path().join("a/qualify.toml"), text).expect("a file");
        let policy = folder.path().join("a/b/policy.qual");
        let settings = Settings::of(&policy.to_string_lossy()).expect("settings");
        let lint: Vec<_> = settings.lint.iter().map(|setting| (setting.name.as_str(), setting.level)).collect();
        assert_eq!(lint, [("unused-field", LintLevel::Deny), ("all", LintLevel::Warn)]);
        assert!(settings.lint[0].place.ends_with("qualify.toml:3"), "{:?}", settings.lint);
    }

    #[test]
    fn wrong_settings_say_where() {
        let unknown = message(read("qualify.toml", "[lint]\n[format]\nwidth = 80\n"));
        assert_eq!(unknown, "qualify.toml:2:2: unknown field `format`, expected `lint`");
        let level = message(read("qualify.toml", "[lint]\nnaming = \"of\"\n"));
        assert!(level.starts_with("qualify.toml:2:10: unknown variant `of`"), "{level}");
        let broken = message(read("qualify.toml", "[lint\n"));
        assert!(broken.starts_with("qualify.toml:1:6: "), "{broken}");
    }
}
