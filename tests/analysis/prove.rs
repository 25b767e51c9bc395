//! `qualify prove`: what it prints, what it answers, how it ends.

use crate::support::shell::{golden, root, run};
use serde_json::Value;

const BROKEN: &str = "tests/analysis/prove/broken.qual --time-limit '1 hour'";

fn prints(name: &str, line: &str) {
    let text = format!("$ {line}\n{}", run(line).transcript());
    if let Err(problem) = golden(&root().join("tests/analysis/prove").join(name), &text) {
        panic!("{problem}");
    }
}

fn json(line: &str) -> Value {
    let ran = run(line);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.transcript()))
}

#[test]
fn a_survey_for_people() {
    prints("broken.txt", &format!("qualify prove {BROKEN}"));
    prints("doggie.txt", "qualify prove examples/doggie-delights/policy.qual --time-limit '1 hour'");
}

#[test]
fn questions() {
    prints(
        "asked.txt",
        &format!(
            "qualify prove {BROKEN} --implies 'stage is sql' 'icp.in_us' --implies icp.in_us 'stage is sql' \
             --equivalent 'icp fits' 'icp.in_us and icp.size' --equivalent 'icp fails' 'not icp.in_us' \
             --disjoint 'stage is vip' 'icp fits' --disjoint 'interest is hot' 'icp fails'"
        ),
    );
    prints("equal.txt", &format!("qualify prove {BROKEN} --implies 'spent <= income' 'income >= spent'"));
}

#[test]
fn mistakes() {
    prints("unknown.txt", &format!("qualify prove {BROKEN} --implies 'icp fit' 'stage is sqll'"));
    prints("number.txt", &format!("qualify prove {BROKEN} --disjoint lead_score 'icp fits'"));
    prints("two.txt", &format!("qualify prove {BROKEN} --disjoint 'icp fits\npersona a: icp fits' 'icp fits'"));
    prints("limit.txt", "qualify prove examples/doggie-delights/policy.qual --time-limit soon");
    prints("as-of.txt", &format!("qualify prove {BROKEN} --as-of yesterday"));
    prints("missing.txt", "qualify prove tests/analysis/prove/nowhere.qual");
}

/// Without time nothing is claimed that needs a search, and that is no failure unless it was asked to be one.
#[test]
fn what_is_not_decided_is_said() {
    let line = "qualify prove examples/saas-funnel/policy.qual --time-limit '0 seconds' --format json";
    let report = json(line);
    let open = |list: &Value, key: &str| list.as_array().expect("a list").iter().any(|one| one[key] == "not-decided");
    assert!(open(&report["stages"], "possible"), "{report}");
    assert_eq!(run(line).code, 0);
    let undecided = open(&report["promises"], "verdict");
    assert_eq!(run(&format!("{line} --strict")).code, i32::from(undecided));
}

/// The JSON form is as its schema says, and the lead that breaks a promise explains itself: replayed, it is the same.
#[test]
fn the_report_for_programs() {
    let schema = json("qualify schema proof");
    let valid = jsonschema::validator_for(&schema).expect("a schema");
    let report = json(&format!("qualify prove {BROKEN} --format json"));
    if let Some(error) = valid.iter_errors(&report).next() {
        panic!("{error}");
    }
    let verdicts: Vec<&str> =
        report["promises"].as_array().expect("promises").iter().filter_map(|one| one["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["proved", "broken", "broken", "proved"]);
    for promise in report["promises"].as_array().expect("promises").iter().filter(|one| one["verdict"] == "broken") {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), promise["explanation"].to_string()).expect("written");
        let policy = BROKEN.split(' ').next().expect("a path");
        let ran = run(&format!("qualify explain {policy} --replay {}", file.path().display()));
        assert_eq!(ran.code, 0, "{}", ran.transcript());
        let broken = &promise["explanation"]["always"];
        let own = broken.as_array().expect("promises").iter().find(|one| one["label"] == promise["label"]);
        assert_eq!(own.map(|own| &own["truth"]), Some(&Value::from("false")), "{broken}");
    }
    let asked = json(&format!("qualify prove {BROKEN} --format json --implies 'stage is sql' 'stage >= mql'"));
    assert!(valid.is_valid(&asked));
    assert_eq!(asked["asked"][0]["verdict"], "proved");
}

/// The shipped examples keep what they promise; these are quick to look at.
#[test]
fn the_examples_keep_their_promises() {
    for name in ["seattle-condos", "points-and-thresholds"] {
        let report = json(&format!("qualify prove examples/{name}/policy.qual --format json --time-limit '1 hour'"));
        for promise in report["promises"].as_array().expect("promises") {
            assert_eq!(promise["verdict"], "proved", "{name}: {}", promise["label"]);
        }
    }
}
