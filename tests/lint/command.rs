//! The command as people and their tools see it: forms of output, levels, baselines, fixes, exit codes.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// Runs `qualify` in a folder.
fn qualify(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qualify"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1").output().expect("the program")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with a policy in which much is found, and its name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder, "policy.qual", POLICY);
    folder
}

fn put(folder: &tempfile::TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect("a file")
}

const POLICY: &str = "\
policy \"Inbound, 100% leads\"

lead { country text ask \"Where, exactly?\"  employees int ask \"How many?\" }

# TODO: ask sales
fit icp \"Ideal customer\" {
  in_us  \"Lives in the US\": not (country is not \"US\")
  again  \"In the US\":       not (country is not \"US\")
  size   \"50 or more\":      employees >= 50
}

stages {
  early \"Early\"
  later \"Later\": icp fits
}
";

#[test]
fn json_is_as_its_schema_says() {
    let folder = folder();
    let output = qualify(folder.path(), &["lint", "policy.qual", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schema = qualify(folder.path(), &["schema", "lint"]);
    let schema: Value = serde_json::from_slice(&schema.stdout).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(report["version"], json!(1));
    let findings = report["policies"][0]["findings"].as_array().expect("findings");
    let negative = findings.iter().find(|finding| finding["code"] == "double-negative").expect("a finding");
    assert_eq!(negative["declaration"], "icp.in_us");
    assert_eq!(negative["severity"], "note");
    assert_eq!(negative["places"][0]["line"], 7);
    assert_eq!(negative["fix"]["changes_decisions"], false);
    assert_eq!(negative["fix"]["edits"][0]["replacement"], "country is \"US\"");
}

#[test]
fn sarif_is_as_the_standard_says() {
    let folder = folder();
    put(&folder, "broken policy.qual", "policy \"x\"\nfit f { a: b is 1 }\n");
    let output = qualify(folder.path(), &["lint", ".", "--format", "sarif"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let log: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/sarif/sarif-schema-2.1.0.json");
    let schema = std::fs::read_to_string(schema).expect("a schema");
    // The standard's pattern of languages has a bracket that nothing opens, which is no regular expression.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().expect("a place") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let negative = results.iter().find(|result| result["ruleId"] == "double-negative").expect("a result");
    let place = &negative["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "policy.qual");
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 7);
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "icp.in_us");
    assert_eq!(negative["level"], "note");
    assert!(negative["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"].is_string());
    let broken = results.iter().find(|result| result["ruleId"] == "unknown-name").expect("an error of the policy");
    assert_eq!(broken["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "broken%20policy.qual");
    assert_eq!(broken["level"], "error");
}

#[test]
fn github_annotations_cannot_be_broken_out_of() {
    let folder = folder();
    put(&folder, "a,b:c.qual", "policy \"x\"\nowner \"50%\\n::error::owned\"\nowner \"y\"\nversion \"1\"\n");
    let output = qualify(folder.path(), &["lint", "a,b:c.qual", "--format", "github"]);
    let text = stdout(&output);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
    assert!(text.contains("file=a%2Cb%3Ac.qual,line=2,endLine=2,"), "{text}");
    assert!(text.contains("::warning ") && text.contains(",title=not-agreed::"), "{text}");
    assert!(!text.contains("50%\\n") && text.contains("50%25"), "{text}");
}

#[test]
fn gitlab_issues_have_what_gitlab_needs() {
    let folder = folder();
    let output = qualify(folder.path(), &["lint", "./policy.qual", "--format", "gitlab"]);
    let issues: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut fingerprints: Vec<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), issues.len());
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "fingerprints are each once");
    for issue in &issues {
        assert_eq!(issue["location"]["path"], "policy.qual");
        assert!(issue["location"]["lines"]["begin"].is_u64() && issue["description"].is_string());
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap_or("")));
    }
}

#[test]
fn junit_has_a_failure_for_each_finding() {
    let folder = folder();
    put(&folder, "clean.qual", "policy \"x\"\nversion \"1\"\nowner \"a\"\nagreed by \"b\" on 2026-10-01\n");
    let output =
        qualify(folder.path(), &["lint", "policy.qual", "clean.qual", "--format", "junit", "--today", "2026-11-01"]);
    let text = stdout(&output);
    let json = qualify(folder.path(), &["lint", "policy.qual", "--format", "json", "--today", "2026-11-01"]);
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let findings = json["policies"][0]["findings"].as_array().expect("findings").len();
    assert_eq!(text.matches("<failure ").count(), findings, "{text}");
    assert!(
        text.starts_with("<?xml") && text.contains("<testsuite name=\"clean.qual\" tests=\"1\" failures=\"0\">"),
        "{text}"
    );
}

#[test]
fn levels_come_from_the_project_and_then_from_the_arguments() {
    let folder = folder();
    let lint = |args: &[&str]| qualify(folder.path(), &[&["lint", "policy.qual"], args].concat());
    assert_eq!(code(&lint(&[])), 0);
    assert_eq!(code(&lint(&["--deny", "warnings"])), 1);
    assert_eq!(code(&lint(&["--deny", "warnings", "--allow", "all"])), 0);
    put(&folder, "qualify.toml", "[lint]\nall = \"allow\"\nno-owner = \"deny\"\n");
    let denied = lint(&[]);
    assert_eq!(code(&denied), 1);
    assert!(stdout(&denied).ends_with("1 error in policy.qual\n"), "{}", stdout(&denied));
    assert_eq!(code(&lint(&["--warn", "no-owner"])), 0);
    put(&folder, "qualify.toml", "[lint]\nno-ownr = \"deny\"\n");
    let unknown = lint(&[]);
    assert_eq!(code(&unknown), 2);
    let said = stderr(&unknown);
    assert!(said.contains("qualify.toml:2: no lint is called `no-ownr`") && said.contains("`no-owner`"), "{said}");
}

#[test]
fn a_name_that_is_no_lint_is_an_error() {
    let folder = folder();
    for args in [["--deny", "no-ownr"], ["--explain", "no-ownr"]] {
        let policy: &[&str] = if args[0] == "--deny" { &["policy.qual"] } else { &[] };
        let output = qualify(folder.path(), &[&["lint"], &args[..], policy].concat());
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("did you mean `no-owner`?"), "{}", stderr(&output));
    }
    assert_eq!(code(&qualify(folder.path(), &["lint"])), 2);
}

#[test]
fn a_baseline_hides_what_was_there_and_tells_what_is_past() {
    let folder = folder();
    let lint = |args: &[&str]| {
        qualify(folder.path(), &[&["lint", "policy.qual", "--baseline", "base/lint.json"], args].concat())
    };
    let missing = lint(&[]);
    assert_eq!(code(&missing), 2);
    assert!(stderr(&missing).contains("--write-baseline"), "{}", stderr(&missing));
    std::fs::create_dir(folder.path().join("base")).expect("a folder");
    let written = lint(&["--write-baseline"]);
    assert!(code(&written) == 0 && stderr(&written).contains("written to base/lint.json"), "{}", stderr(&written));
    let clean = lint(&["--deny", "all"]);
    assert!(code(&clean) == 0 && stdout(&clean).contains("policy.qual: no findings"), "{}", stdout(&clean));
    // Edits elsewhere do not disturb it, nor does another folder to stand in.
    put(&folder, "policy.qual", &format!("# A new first line.\n\n{}", POLICY.replace(">= 50", ">= 55")));
    let moved = qualify(&folder.path().join("base"), &["lint", "../policy.qual", "--baseline", "lint.json"]);
    assert!(stdout(&moved).contains("../policy.qual: no findings"), "{}", stdout(&moved));
    // A new finding is told.
    put(&folder, "policy.qual", &POLICY.replace("employees >= 50", "not (employees is missing)"));
    let new = stdout(&lint(&[]));
    assert!(new.contains("two negatives") && new.matches("double-negative").count() == 1, "{new}");
    // What is gone is told.
    put(&folder, "policy.qual", &POLICY.replace("# TODO: ask sales\n", ""));
    let gone = stdout(&lint(&[]));
    assert!(gone.contains("1 entry applies no longer") && gone.contains("todo-comment in ../policy.qual"), "{gone}");
    put(&folder, "base/lint.json", "{}");
    let broken = lint(&[]);
    assert!(code(&broken) == 2 && stderr(&broken).contains("is no baseline"), "{}", stderr(&broken));
}

#[test]
fn fix_mends_files_and_diff_does_not() {
    let folder = folder();
    put(&folder, "parts/common.qual", "define home \"At home\": not (country is not \"US\")\n");
    put(
        &folder,
        "policy.qual",
        &POLICY.replace("\nlead", "\nuse \"parts/common.qual\"\n\nlead").replace("icp fits", "icp fits and home"),
    );
    let before = read(&folder, "policy.qual");
    let diff = qualify(folder.path(), &["lint", "policy.qual", "--fix", "--diff"]);
    assert_eq!(code(&diff), 1);
    let shown = stdout(&diff);
    assert!(shown.contains("--- policy.qual") && shown.contains("+++ parts/common.qual"), "{shown}");
    assert!(
        shown.contains(
            "-define home \"At home\": not (country is not \"US\")\n+define home \"At home\": country is \"US\"\n"
        ),
        "{shown}"
    );
    assert!(stderr(&diff).contains("would mend 3 findings in 2 files"), "{}", stderr(&diff));
    assert_eq!(read(&folder, "policy.qual"), before);
    let fixed = qualify(folder.path(), &["lint", "policy.qual", "--fix"]);
    assert!(stderr(&fixed).contains("mended 3 findings in 2 files"), "{}", stderr(&fixed));
    assert!(
        !stdout(&fixed).contains("double-negative") && stdout(&fixed).contains("duplicate-rule"),
        "{}",
        stdout(&fixed)
    );
    assert_eq!(read(&folder, "policy.qual"), before.replace("not (country is not \"US\")", "country is \"US\""));
    let again = qualify(folder.path(), &["lint", "policy.qual", "--fix", "--diff"]);
    assert!(code(&again) == 0 && stdout(&again).is_empty(), "{}", stdout(&again));
    assert_eq!(code(&qualify(folder.path(), &["lint", "policy.qual", "--diff"])), 2);
    assert_eq!(code(&qualify(folder.path(), &["lint", "-", "--fix"])), 2);
}

#[test]
fn a_project_is_linted_whole_and_parts_with_their_policies() {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "policy \"x\"\nversion \"1\"\nowner \"a\"\nagreed by \"b\" on 2026-10-01\n";
    put(&folder, "a.qual", &format!("{head}use \"common/part.qual\"\n"));
    put(&folder, "b.qual", &format!("{head}use \"common/part.qual\"\n"));
    put(&folder, "common/part.qual", "# TODO: more\n");
    put(&folder, "common/alone.qual", "# TODO: more\n");
    let output = qualify(folder.path(), &["lint", "."]);
    let text = stdout(&output);
    assert_eq!(text.matches("todo-comment").count(), 1, "{text}");
    assert!(text.ends_with("1 note in 2 policies\n"), "{text}");
    assert!(stderr(&output).contains("common/alone.qual has no `policy` line"), "{}", stderr(&output));
}

#[test]
fn an_invalid_policy_is_an_error_and_not_linted() {
    let folder = folder();
    put(&folder, "policy.qual", "policy \"x\"\nfit f { a: b is 1 }\n");
    let output = qualify(folder.path(), &["lint", "policy.qual"]);
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("nothing is called `b`") && !stdout(&output).contains("no-owner"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn text_of_a_policy_cannot_steer_a_terminal() {
    let folder = folder();
    let label = "\u{202e}x\u{200b}y";
    put(&folder, "policy.qual", &format!("policy \"{label}\"\nowner \"{label}\"\nowner \"b\"\n# TODO {label}\n"));
    for format in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let output = qualify(folder.path(), &["lint", "policy.qual", "--format", format]);
        let text = stdout(&output);
        assert!(!text.contains(['\u{202e}', '\u{200b}']), "{format}: {text:?}");
    }
}

#[test]
fn every_lint_is_listed_and_explained() {
    let folder = folder();
    let list = stdout(&qualify(folder.path(), &["lint", "--list"]));
    for lint in qualify::lint::all() {
        assert!(list.contains(&format!("  {} ", lint.name)), "{} is not listed:\n{list}", lint.name);
        let explained = stdout(&qualify(folder.path(), &["lint", "--explain", lint.name]));
        assert!(explained.starts_with(&format!("{}\n", lint.name)) && explained.contains("Use instead"), "{explained}");
    }
}

#[test]
fn the_page_of_lints_is_made_from_their_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lints.md");
    let page = qualify::lint::docs::page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &page).expect("docs/lints.md");
    }
    let written = std::fs::read_to_string(&path).expect("docs/lints.md");
    assert!(written == page, "docs/lints.md is not as the lints say; UPDATE_GOLDEN=1 rewrites it");
}
