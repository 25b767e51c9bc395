//! `qualify history` and `qualify ask`: what they print, on good input and on bad.

use super::support::shell::{golden, root, run};
use serde_json::Value as Json;
use std::path::PathBuf;

const DOGGIE: &str = "examples/doggie-delights/policy.qual examples/doggie-delights/leads.ndjson --as-of 2026-11-01";

fn expected(name: &str) -> PathBuf {
    root().join("tests/whatif/expected").join(name)
}

fn json(line: &str) -> Json {
    let ran = run(line);
    assert_eq!(ran.code, 0, "{line}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|problem| panic!("{line}: {problem}\n{}", ran.stdout))
}

#[test]
fn commands_print_what_is_expected() {
    let cases = [
        ("todd.txt", format!("qualify history {DOGGIE} --lead todd")),
        ("todd.csv", format!("qualify history {DOGGIE} --lead todd --format csv")),
        ("todd-from.txt", format!("qualify history {DOGGIE} --lead todd --from 2026-10-21 --until 2026-10-25")),
        ("stages.csv", format!("qualify history {DOGGIE} --all")),
        ("stages.ndjson", format!("qualify history {DOGGIE} --all --format ndjson --threads 3")),
        ("ask.txt", format!("qualify ask {DOGGIE}")),
        ("ask.csv", format!("qualify ask {DOGGIE} --format csv --threads 2")),
        ("no-lead.txt", format!("qualify history {DOGGIE} --lead tod")),
        ("no-score.txt", format!("qualify history {DOGGIE} --lead todd --score led_score")),
        ("no-time.txt", format!("qualify history {DOGGIE} --lead todd --from soon")),
        ("all-as-text.txt", format!("qualify history {DOGGIE} --all --format svg")),
        ("from-late.txt", format!("qualify history {DOGGIE} --lead todd --from 2027-01-01")),
    ];
    let wrong: Vec<String> =
        cases.iter().filter_map(|(name, line)| golden(&expected(name), &run(line).transcript()).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_picture_shows_the_score_its_thresholds_and_the_stages() {
    let svg = run(&format!("qualify history {DOGGIE} --lead todd --format svg")).stdout;
    assert!(svg.trim_start().starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
    for said in ["Lead score of todd", "mql", "stays mql", "Lead", "22 Oct"] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
}

#[test]
fn json_is_as_the_schema_says() {
    for (name, line) in [
        ("history", format!("qualify history {DOGGIE} --lead todd --format json")),
        ("asks", format!("qualify ask {DOGGIE} --format json")),
    ] {
        let schema = json(&format!("qualify schema {name}"));
        let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
        let document = json(&line);
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn the_rows_of_all_leads_are_those_of_each() {
    let all = run(&format!("qualify history {DOGGIE} --all"));
    let keys: Vec<&str> = all.stdout.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert!(keys.contains(&"todd"));
    for key in ["todd", keys[0], keys[keys.len() - 1]] {
        let history = json(&format!("qualify history {DOGGIE} --lead {key} --format json"));
        let stays = history["stays"].as_array().expect("stays");
        let told: Vec<String> =
            stays.iter().map(|stay| format!("{key},{}", stay["from"].as_str().expect("an instant"))).collect();
        let rows: Vec<String> = all
            .stdout
            .lines()
            .filter(|line| line.split(',').next() == Some(key))
            .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(","))
            .collect();
        assert_eq!(told, rows);
    }
}

#[test]
fn hostile_data_stays_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let policy = "lead { id text key }\nevent e\nscore s \"S\u{202e}\" { e: +1 per e }\nstages { lead  mql: s >= 1 }";
    std::fs::write(path("p.qual"), policy).expect("a policy");
    let key = "=1+2\u{1b}[31m\u{202e}<b>";
    let lead = serde_json::json!({"id": key, "events": [
        {"type": "e", "at": "2026-10-01"}, {"type": "e", "at": "0000-01-01"}, {"type": "e", "at": "9999-12-29"},
        {"type": "e", "at": "soon"}, {"type": "\u{1b}", "at": "2026-10-02"}]});
    std::fs::write(path("l.ndjson"), format!("{lead}\n{{broken\n{{\"id\": \"empty\"}}\n")).expect("leads");
    let input = format!("{} {} --as-of 2026-11-01", path("p.qual"), path("l.ndjson"));
    let text = run(&format!("qualify history {input} --lead '{key}'"));
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(!text.stdout.contains('\u{1b}') && !text.stdout.contains('\u{202e}'), "{}", text.stdout);
    let svg = run(&format!("qualify history {input} --lead '{key}' --format svg"));
    assert!(!svg.stdout.contains("<b>") && !svg.stdout.contains('\u{202e}'), "{}", svg.stdout);
    let rows = run(&format!("qualify history {input} --all"));
    assert_eq!(rows.code, 3, "{}", rows.stderr);
    assert!(rows.stdout.lines().nth(1).is_some_and(|line| line.starts_with("\"'=1+2")), "{}", rows.stdout);
    assert!(rows.stdout.contains("empty,2026-11-01T23:59:59.999Z,,lead,0"), "{}", rows.stdout);
    let empty = run(&format!("qualify history {input} --lead empty"));
    assert_eq!(empty.code, 0, "{}", empty.stderr);
    let ask = run(&format!("qualify ask {input}"));
    assert_eq!(ask.code, 3, "{}", ask.stderr);
    assert!(ask.stdout.contains("2 leads"), "{}", ask.stdout);
}

#[test]
fn a_policy_without_stages_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("p.qual"), "lead { id text key  n int }\nscore s { n: +1 if n > 3 }").expect("a policy");
    std::fs::write(path("l.ndjson"), "{\"id\": \"a\", \"n\": 4}\n").expect("leads");
    let input = format!("{} {}", path("p.qual"), path("l.ndjson"));
    let ask = run(&format!("qualify ask {input}"));
    assert_eq!((ask.code, ask.stderr.contains("no stages")), (2, true), "{}", ask.stderr);
    let all = run(&format!("qualify history {input} --all"));
    assert_eq!((all.code, all.stderr.contains("no stages")), (2, true), "{}", all.stderr);
    let one = run(&format!("qualify history {input} --lead a --as-of 2026-11-01"));
    assert_eq!(one.code, 0, "{}", one.stderr);
}
