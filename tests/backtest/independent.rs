//! On `examples/b2b-saas` every figure of the report equals that of pandas, scikit-learn, SciPy and statsmodels.

use crate::python;
use crate::shell::{root, run};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

fn interpreter() -> &'static PathBuf {
    static DONE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = DONE.get_or_init(|| {
        let requirements = root().join("tests/backtest/requirements.txt");
        python::environment(&root().join("target/backtest-venv"), &requirements)
    });
    made.as_ref().unwrap_or_else(|missing| panic!("the independent calculation cannot be run: {missing}"))
}

/// Runs a backtest of the example, and has all of it worked out again.
fn agree(name: &str, policy: &str, days: u32, options: &str, more: &Value) {
    let folder = "examples/b2b-saas";
    let line = format!(
        "qualify backtest {folder}/{policy}.qual {folder}/leads.csv --events {folder}/events.csv \
         --outcomes {folder}/outcomes.csv --at created_at+{days}d --format json {options}"
    );
    let ran = run(&line);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let temporary = tempfile::tempdir().unwrap();
    let report = temporary.path().join("backtest.json");
    std::fs::write(&report, &ran.stdout).unwrap();
    let mut asked = json!({ "folder": root().join(folder), "backtest": report, "policy": policy, "days": days });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut python = Command::new(interpreter());
    python.arg(root().join("tests/backtest/independent.py")).arg(asked.to_string());
    let said = python::run(&mut python).unwrap_or_else(|said| panic!("{name}: {said}"));
    let count: u32 = said.split(' ').next().unwrap().parse().unwrap();
    assert!(count > 5_000, "{name}: only {count} figures were compared");
}

#[test]
fn all_leads_at_two_weeks() {
    agree("two weeks", "policy", 14, "", &json!({}));
}

#[test]
fn costs_capacity_and_a_split() {
    let options = "--cost 40 --capacity 200/month --train-until 2024-02-13";
    let more = json!({ "cost": 40, "capacity": 200, "train_until": "2024-02-13" });
    agree("split", "policy", 28, options, &more);
}

#[test]
fn two_policies_on_later_leads() {
    // The resamples are the same in both: the generator is documented.
    let options = "--train-until 2024-02-13 --against examples/b2b-saas/policy.qual --resamples 100 --seed 7";
    let more = json!({ "against": "policy", "train_until": "2024-02-13" });
    agree("paired", "better", 28, options, &more);
}

/// A calculation that agrees with everything would prove nothing.
#[test]
fn a_wrong_figure_is_noticed() {
    let folder = "examples/b2b-saas";
    let ran = run(&format!(
        "qualify backtest {folder}/policy.qual {folder}/leads.csv --events {folder}/events.csv \
         --outcomes {folder}/outcomes.csv --at created_at+14d --format json"
    ));
    let mut told: Value = serde_json::from_str(&ran.stdout).unwrap();
    told["ranking"]["auc"] = json!(told["ranking"]["auc"].as_f64().unwrap() + 0.000_001);
    let temporary = tempfile::tempdir().unwrap();
    let report = temporary.path().join("backtest.json");
    std::fs::write(&report, told.to_string()).unwrap();
    let asked = json!({ "folder": root().join(folder), "backtest": report, "policy": "policy", "days": 14 });
    let mut python = Command::new(interpreter());
    python.arg(root().join("tests/backtest/independent.py")).arg(asked.to_string());
    let said = python::run(&mut python).unwrap_err();
    assert!(said.contains(".ranking.auc: the report says"), "{said}");
}
