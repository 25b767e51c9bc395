//! Hooks and the action, as far as a machine without a network can run them.

use saphyr::{LoadableYamlNode, Yaml};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const POLICY: &str = r#"policy "Sample"

version "1"
owner   "a@sample.example"
review  every 3 months, last 2026-10-01
agreed  by "a@sample.example" on 2026-10-01

use "common/fields.qual"

fit icp "Ideal" {
  in_us "Lives in the US": country is "US"
}

stages {
  cold "Cold"
  warm "Warm": icp fits
}

test "from the US" as of 2026-11-01 {
  lead { country: "US" }
  expect stage is warm
}

test "from elsewhere" as of 2026-11-01 {
  lead { country: "FR" }
  expect stage is cold
}
"#;

const FIELDS: &str = "lead {\n  id      text key\n  country text  ask \"Which country do you live in?\"\n}\n";

/// A `gh` that writes down what it is asked, and keeps the comment.
const GH: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"$FAKE_GH/calls"
for word in "$@"; do case "$word" in body=@*) cp "${word#body=@}" "$FAKE_GH/comment.md" ;; esac; done
case "$*" in *--jq*) printf '%s' "${FAKE_EARLIER:-}" ;; esac
exit "${FAKE_EXIT:-0}"
"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A repository with a policy, and a fake `gh` beside it.
struct Sample {
    folder: TempDir,
}

struct Ran {
    log: String,
    code: i32,
}

impl Sample {
    fn new(policy: &str) -> Sample {
        let sample = Sample { folder: tempfile::tempdir().expect("a folder") };
        sample.put("repository/policy.qual", policy);
        sample.put("repository/common/fields.qual", FIELDS);
        sample.put("bin/gh", GH);
        sample.put("output", "");
        #[cfg(unix)]
        std::fs::set_permissions(sample.path("bin/gh"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .expect("a program");
        sample
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().expect("a folder")).expect("a folder");
        std::fs::write(self.path(name), text).expect("a file");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A command line in the repository, with `qualify` and the fake `gh` on the path.
    fn command(&self, line: &str) -> Command {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_qualify"));
        let own = binary.parent().expect("a folder").display().to_string();
        let path = format!("{}:{own}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command
            .args(["-c", line])
            .current_dir(self.path("repository"))
            .env("PATH", path)
            .env("FAKE_GH", self.folder.path());
        for name in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GH_TOKEN"] {
            command.env_remove(name);
        }
        command.env("TMPDIR", self.folder.path()).env_remove("RUNNER_TEMP").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs the action's script as GitHub does.
    fn review(&self, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(&root().join("ci/review.sh").display().to_string());
        command
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_REPOSITORY", "sample/policies")
            .env("GITHUB_STEP_SUMMARY", self.path("summary.md"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("QUALIFY_PULL_REQUEST", "7")
            .env("GH_TOKEN", "token")
            .envs(variables.iter().copied());
        ran(command)
    }
}

fn ran(mut command: Command) -> Ran {
    let output = command.output().expect("a shell");
    let log = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Ran { log, code: output.status.code().unwrap_or(-1) }
}

/// Lines of a log that the runner obeys: not those between `::stop-commands::TOKEN` and `::TOKEN::`.
fn commands(log: &str) -> Vec<&str> {
    let mut stopped: Option<String> = None;
    let mut found = Vec::new();
    for line in log.lines() {
        match &stopped {
            Some(end) if line == end => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(format!("::{token}::")),
                None if line.trim_start().starts_with("::") => found.push(line),
                None => {}
            },
        }
    }
    found
}

#[test]
fn a_sound_project_passes() {
    let sample = Sample::new(POLICY);
    let ran = sample.review(&[]);
    let report = sample.text("summary.md");
    assert_eq!(ran.code, 0, "{}\n{report}", ran.log);
    assert!(report.starts_with("<!-- qualify: review -->\n### Policies: all is well\n"), "{report}");
    assert_eq!(report.matches("| ✅ |").count(), 5, "{report}");
    assert!(sample.text("output").starts_with("passed=true\nreport="));
    // The comment is the report, and it is new.
    assert_eq!(sample.text("comment.md"), report);
    let calls = sample.text("calls");
    assert!(calls.contains("--method POST repos/sample/policies/issues/7/comments"), "{calls}");
}

/// What a pull request does to a policy stands in the comment; a policy that did not change is not told of.
#[test]
fn the_comment_tells_what_the_change_does() {
    let sample = Sample::new(POLICY);
    let git = |line: &str| {
        let line = format!("git -c user.name=t -c user.email=t@t.example {line}");
        let mut command = sample.command(&line);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        let done = ran(command);
        assert_eq!(done.code, 0, "{line}: {}", done.log);
        done.log
    };
    sample.put("repository/other/policy.qual", "policy \"Other\"\nlead { id text key }\nstages { lead }\n");
    git("init --quiet --initial-branch main");
    git("add --all");
    git("commit --quiet --message before");
    let base = git("rev-parse HEAD").trim().to_owned();
    sample.put("repository/policy.qual", &POLICY.replace(r#"country is "US""#, r#"country in ["US", "CA"]"#));
    let done = sample.review(&[("QUALIFY_BASE", &base)]);
    let comment = sample.text("comment.md");
    assert!(comment.contains("What the change does"), "{}\n{comment}", done.log);
    assert!(comment.contains("icp.in\\_us") || comment.contains("icp.in_us"), "{comment}");
    assert!(comment.contains("move up a stage"), "{comment}");
    let told = comment.split("What the change does").nth(1).unwrap_or_default();
    let told = told.split("</details>").next().unwrap_or_default();
    assert!(!told.contains("Other"), "{comment}");
    // Without a base, or with one that is none, the rest is told all the same.
    for base in ["", "--output=x", "0123456789012345678901234567890123456789"] {
        sample.review(&[("QUALIFY_BASE", base)]);
        let comment = sample.text("comment.md");
        assert!(comment.contains("| Layout |") && !comment.contains("What the change does"), "{base}: {comment}");
    }
}

#[test]
fn what_is_wrong_is_told_in_the_comment_of_before() {
    let policy = POLICY
        .replace("expect stage is cold", "expect   stage is warm")
        .replace("review  every 3 months, last 2026-10-01\n", "");
    let sample = Sample::new(&policy);
    let ran = sample.review(&[("FAKE_EARLIER", "41\n42\n"), ("QUALIFY_DENY", "warnings")]);
    let report = sample.text("comment.md");
    assert_eq!(ran.code, 1, "{}", ran.log);
    assert!(report.contains("### Policies: something was found"), "{report}");
    for part in [
        "| ❌ | Layout |",
        "| ✅ | Mistakes |",
        "| ❌ | Tests |",
        "```diff\n--- policy.qual\n+++ policy.qual\n",
        "-  expect   stage is warm",
        "1 test failed, 1 test passed",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    assert!(sample.text("output").starts_with("passed=false\n"));
    let calls = sample.text("calls");
    assert!(calls.contains("--method PATCH repos/sample/policies/issues/comments/42"), "{calls}");
    assert!(!calls.contains("POST"), "{calls}");
}

#[test]
fn findings_stand_at_their_lines() {
    let sample = Sample::new(&POLICY.replace("owner   \"a@sample.example\"\n", ""));
    let ran = sample.review(&[]);
    let annotations: Vec<&str> =
        commands(&ran.log).into_iter().filter(|line| line.contains("file=policy.qual")).collect();
    let expected = "::warning file=policy.qual,line=1,";
    assert!(
        matches!(annotations.as_slice(), [one] if one.starts_with(expected) && one.contains("no-owner")),
        "{}",
        ran.log
    );
}

#[test]
fn mistakes_stop_what_needs_a_policy_without_them() {
    let sample = Sample::new(&POLICY.replace("icp fits", "icp fit"));
    let ran = sample.review(&[]);
    let report = sample.text("comment.md");
    assert!(ran.code > 0, "{}", ran.log);
    assert!(report.contains("| ❌ | Mistakes |"), "{report}");
    assert!(report.contains("| ➖ | Tests | not run: the policies have errors |"), "{report}");
}

#[test]
fn text_of_policies_does_nothing_to_logs_and_comments() {
    let hostile = "::error::x ``` </details> <img src=x> | @everyone";
    let policy = POLICY.replace("from elsewhere", hostile).replace("expect stage is cold", "expect stage is warm");
    let policy = format!("{policy}# ````\n#   ::set-output name=a::b\n::stop-commands::x\n");
    for policy in [policy.clone(), policy.replace("::stop-commands::x\n", "")] {
        let sample = Sample::new(&policy);
        let ran = sample.review(&[]);
        assert!(ran.code > 0);
        for line in commands(&ran.log) {
            let known = ["::group::", "::endgroup::", "::warning", "::error", "::notice"];
            assert!(known.iter().any(|known| line.starts_with(known)), "{line}");
            assert!(!line.starts_with("::error::x"), "{line}");
        }
        // All that the policy says stands in fences.
        let report = sample.text("comment.md");
        let mut fence: Option<&str> = None;
        for line in report.lines() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match fence {
                Some(open) if line == open => fence = None,
                Some(_) => {}
                None if ticks >= 3 => fence = line.get(..ticks),
                None => assert!(!line.contains("<img") && !line.contains("::error"), "{line}\n{report}"),
            }
        }
        assert!(fence.is_none(), "{report}");
    }
}

#[test]
fn a_comment_that_cannot_be_posted_fails_nothing() {
    let sample = Sample::new(POLICY);
    let ran = sample.review(&[("FAKE_EXIT", "1")]);
    assert_eq!(ran.code, 0, "{}", ran.log);
    assert!(ran.log.contains("::warning::the report could not be posted"), "{}", ran.log);
    // Without a pull request, or when nobody wants a comment, none is tried.
    for variables in [[("QUALIFY_PULL_REQUEST", "")], [("QUALIFY_COMMENT", "false")], [("GH_TOKEN", "")]] {
        let sample = Sample::new(POLICY);
        assert_eq!(sample.review(&variables).code, 0);
        assert_eq!(sample.text("calls"), "", "{variables:?}");
    }
}

/// A YAML file of the project; it is what a parser makes of it, not how it looks.
fn yaml(text: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(text).unwrap_or_else(|error| panic!("no YAML: {error}\n{text}"));
    assert_eq!(documents.len(), 1, "one document");
    documents.remove(0)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The text that stands below some keys.
fn at<'y>(yaml: &'y Yaml<'_>, keys: &[&str]) -> &'y str {
    let found = keys.iter().try_fold(yaml, |yaml, key| yaml.as_mapping_get(key));
    found.and_then(Yaml::as_str).unwrap_or_else(|| panic!("no text at {keys:?}"))
}

/// The names below a key.
fn keys<'y>(yaml: &'y Yaml<'_>, key: &str) -> Vec<&'y str> {
    let found = yaml.as_mapping_get(key).and_then(Yaml::as_mapping);
    found.map(|found| found.keys().filter_map(Yaml::as_str).collect()).unwrap_or_default()
}

/// What stands in `${{ }}` in a text.
fn expressions(text: &str) -> Vec<&str> {
    text.split("${{").skip(1).map(|rest| rest.split("}}").next().unwrap_or_default().trim()).collect()
}

/// The values of a key of the hooks' file, a hook after the other.
fn hooks(key: &str) -> Vec<String> {
    let text = read(".pre-commit-hooks.yaml");
    let hooks = yaml(&text);
    hooks.as_sequence().expect("a list of hooks").iter().map(|hook| at(hook, &[key]).to_owned()).collect()
}

/// What pre-commit asks of a file of hooks.
#[test]
fn hooks_are_what_pre_commit_reads() {
    let text = read(".pre-commit-hooks.yaml");
    let hooks = yaml(&text);
    let known = ["id", "name", "description", "entry", "language", "files", "require_serial", "pass_filenames"];
    for hook in hooks.as_sequence().expect("a list of hooks") {
        let id = at(hook, &["id"]);
        for (key, value) in hook.as_mapping().expect("a hook") {
            let key = key.as_str().expect("a name");
            assert!(known.contains(&key), "{id}: `{key}`");
            let switch = matches!(key, "require_serial" | "pass_filenames");
            assert_eq!(value.as_bool().is_some(), switch, "{id}: `{key}` is true or false, the others are texts");
        }
        assert_eq!(at(hook, &["language"]), "rust", "{id}");
        assert!(at(hook, &["name"]).starts_with("qualify "), "{id}");
        assert!(at(hook, &["entry"]).starts_with(&id.replace('-', " ")), "{id}: what it is called is what it runs");
        let files = regex::Regex::new(at(hook, &["files"])).expect("a pattern");
        assert!(files.is_match("policies/a.qual") && !files.is_match("a.qual.orig"), "{id}");
        // A hook that looks at the whole project takes no names of files.
        let whole = at(hook, &["entry"]).ends_with(" .");
        let passes = hook.as_mapping_get("pass_filenames").and_then(Yaml::as_bool).unwrap_or(true);
        assert_ne!(whole, passes, "{id}");
    }
}

/// What GitHub asks of an action, and that nothing is used that is not declared.
#[test]
fn the_action_is_what_github_reads() {
    let text = read("action.yml");
    let action = yaml(&text);
    assert!(["name", "description"].iter().all(|key| !at(&action, &[key]).is_empty()));
    assert_eq!(at(&action, &["runs", "using"]), "composite");
    let inputs = keys(&action, "inputs");
    assert_eq!(inputs, ["paths", "deny", "coverage", "base", "comment", "token"]);
    for input in &inputs {
        assert!(!at(&action, &["inputs", input, "description"]).is_empty(), "{input}");
        at(&action, &["inputs", input, "default"]);
    }
    let runs = action.as_mapping_get("runs").expect("what it runs");
    let steps = runs.as_mapping_get("steps").and_then(Yaml::as_sequence).expect("its steps");
    let mut ids = Vec::new();
    for step in steps {
        assert_eq!(at(step, &["shell"]), "bash", "a step of a composite action names its shell");
        assert!(!at(step, &["name"]).is_empty() && !at(step, &["run"]).is_empty());
        ids.extend(step.as_mapping_get("id").and_then(Yaml::as_str));
        // Text of others goes through the environment, never into a script.
        assert_eq!(expressions(at(step, &["run"])), [""; 0]);
    }
    let mut used = Vec::new();
    for expression in expressions(&text) {
        match expression.split('.').collect::<Vec<_>>()[..] {
            ["inputs", name] => {
                assert!(inputs.contains(&name), "there is no input `{name}`");
                used.push(name);
            }
            ["steps", id, "outputs", name] => {
                assert!(ids.contains(&id), "there is no step `{id}`");
                assert!(read("ci/review.sh").contains(&format!("{name}=")), "no step sets `{name}`");
            }
            ["github", ..] => {}
            _ => panic!("`{expression}`"),
        }
    }
    assert!(inputs.iter().all(|input| used.contains(input)), "an input that nothing uses: {inputs:?}, {used:?}");
    for output in keys(&action, "outputs") {
        assert_eq!(expressions(at(&action, &["outputs", output, "value"])), [format!("steps.review.outputs.{output}")]);
    }
}

/// The files that docs/ci.md shows are YAML, and name hooks and inputs that there are.
#[test]
fn the_files_in_the_documentation_are_read() {
    let text = read("docs/ci.md");
    let (mut hooks_named, mut inputs_named) = (0, 0);
    for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let file = yaml(block);
        for repo in file.as_mapping_get("repos").and_then(Yaml::as_sequence).into_iter().flatten() {
            for hook in repo.as_mapping_get("hooks").and_then(Yaml::as_sequence).expect("hooks") {
                assert!(hooks("id").iter().any(|id| id == at(hook, &["id"])), "{}", at(hook, &["id"]));
                hooks_named += 1;
            }
        }
        let review = file.as_mapping_get("jobs").and_then(|jobs| jobs.as_mapping_get("review"));
        let steps = review.and_then(|review| review.as_mapping_get("steps")).and_then(Yaml::as_sequence);
        for step in steps.into_iter().flatten().filter(|step| at(step, &["uses"]).contains("/qualify@")) {
            let action = read("action.yml");
            let action = yaml(&action);
            for name in keys(step, "with") {
                assert!(keys(&action, "inputs").contains(&name), "there is no input `{name}`");
                inputs_named += 1;
            }
        }
    }
    assert!(hooks_named >= 6 && inputs_named >= 3, "{hooks_named} hooks and {inputs_named} inputs");
}

#[test]
fn hooks_run() {
    let ids = hooks("id");
    assert_eq!(ids, ["qualify-fmt", "qualify-check", "qualify-lint", "qualify-test"]);
    for (id, entry) in ids.iter().zip(hooks("entry")) {
        let files = if id == "qualify-fmt" { " policy.qual common/fields.qual" } else { "" };
        let sample = Sample::new(POLICY);
        let ran = ran(sample.command(&format!("{entry}{files}")));
        assert_eq!(ran.code, 0, "{id}: {}", ran.log);
    }
    // The first mends, and that is how pre-commit sees it.
    let sample = Sample::new(&POLICY.replace("  version", "version").replace("owner   ", "owner "));
    ran(sample.command(&format!("{} policy.qual", hooks("entry")[0])));
    assert_eq!(sample.text("repository/policy.qual"), POLICY);
    // The others fail on what they look for, in whatever file it is.
    for (entry, from, to) in [(1, "icp fits", "icp fit"), (3, "expect stage is cold", "expect stage is warm")] {
        let sample = Sample::new(&POLICY.replace(from, to));
        assert_ne!(ran(sample.command(&hooks("entry")[entry])).code, 0);
    }
}

/// What the action hands to the script, the script reads.
#[test]
fn the_action_and_its_script_agree() {
    let action = std::fs::read_to_string(root().join("action.yml")).expect("the action");
    let script = std::fs::read_to_string(root().join("ci/review.sh")).expect("the script");
    let given: Vec<&str> = action
        .lines()
        .filter_map(|line| line.trim().split_once(": ${{").map(|(name, _)| name))
        .filter(|name| name.starts_with("QUALIFY_") || *name == "GH_TOKEN")
        .collect();
    assert_eq!(given.len(), 7);
    for name in given {
        assert!(script.contains(&format!("${{{name}:-")), "the script does not read {name}");
    }
}
