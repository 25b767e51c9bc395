//! A dbt project with policies in it builds and passes its tests, without a network.

use crate::differ::{Speaker, batches, compile};
use crate::engine::{Job, Table};
use crate::expected::{differences, expected, types};
use crate::setup;
use crate::support::run;
use crate::tables::tables;
use qualify::data::Batch;
use qualify::model::time::AsOf;
use qualify::sql::{Options, columns, dialect};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

/// Names, labels and texts that mean something to SQL, YAML and templates.
const HOSTILE: &str = r##"
policy "It's \"{{ 1 / 0 }}\" {% raw %} {# -- */ $$ \\ '; DROP TABLE leads; --"
timezone "Asia/Kolkata"
lead {
  id      text key
  country text from "the \"country\"; -- {{ x }} 'of'"
  pets    list of text
  born    date
  budget  money USD
}
event talked from "it's {{ a }} \"type\" \\ --" { about text from "a'b\"c {{ d }}" }
list odd = ["{{ 'x' }}", "a'b", "c\"d", "e\\f", "*/ -- $$", "{% endraw %}"]
fit icp "{{ fits }} {%" {
  from_odd "{# it's #}": country in odd
  has_odd  "a \"pet\"":  pets has "d'og {{ y }}"
  adult:   age of born >= 18 years
}
score points "'; {{" {
  said  "said {%": +10 per talked where (about contains "{{ z }}' -- \\") within 30 days
  rich:  +5 if budget >= 10.5 USD
}
stages { lead "{{ lead }}"  mql "'mql' {%": icp fits and points >= 15 }
always "never {{ 'true' }}": not (country is "{% x %}")
test "the odd one: {{ 2 * 3 }} '\" \\" as of 2026-11-01 {
  lead { id: "x{{'", country: "*/ -- $$", pets: ["D'OG {{ Y }}", "a\"b"], born: 2000-02-29, budget: 10.5 USD }
  event talked 3 days ago { about: "so {{ z }}' -- \\" }
  expect stage is mql and points is 15 and icp.has_odd and icp fits
}
test "nobody" as of 2026-11-01T10:00:00Z {
  lead { country: "{% endraw %}" }
  expect icp is unknown and stage is lead and points is 0
}
"##;

/// A project's own files: dbt's settings, and leads and events as models on Parquet files.
fn project(folder: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write(
        "dbt_project.yml",
        "name: crm\nversion: \"1.0\"\nprofile: crm\nmodels:\n  crm:\n    +materialized: table\nflags:\n  send_anonymous_usage_stats: false\n",
    );
    let warehouse = folder.join("warehouse.duckdb");
    let warehouse = warehouse.display();
    write(
        "profiles.yml",
        &format!("crm:\n  target: dev\n  outputs:\n    dev: {{type: duckdb, path: \"{warehouse}\", threads: 1}}\n"),
    );
}

/// Puts a policy's tables into the project as models `NAME_leads` and `NAME_events`.
fn stage(speaker: &mut Speaker, folder: &Path, name: &str, tables: &[Table]) {
    for table in tables {
        let file = folder.join(format!("{name}_{}.parquet", table.name));
        let copy = format!("COPY {} TO '{}' (FORMAT parquet)", table.name, file.display());
        let job =
            Job { tables: std::slice::from_ref(table), before: vec![copy], sql: "SELECT 1".into(), ..Job::default() };
        speaker.engine.ask(&job).unwrap_or_else(|error| panic!("{error}"));
        let model = format!("SELECT * FROM read_parquet('{}')\n", file.display());
        std::fs::write(folder.join(format!("models/{name}_{}.sql", table.name)), model).expect("a model");
    }
}

fn dbt(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let python = setup::dbt();
    let mut command = Command::new(python.with_file_name("dbt"));
    command.args(arguments).args(["--no-use-colors", "--no-version-check"]).current_dir(folder);
    command.env("DBT_PROFILES_DIR", folder).env("DO_NOT_TRACK", "1").env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false");
    crate::python::run(&mut command)
}

#[test]
fn a_project_builds_and_passes_its_tests() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path();
    project(folder);
    std::fs::create_dir_all(folder.join("models")).expect("a folder");
    let mut speaker = Speaker::new("duckdb", "duckdb");
    let as_of = "2026-11-01T23:59:59.999Z";

    let hostile_file = folder.join("hostile.qual");
    std::fs::write(&hostile_file, HOSTILE).expect("a policy");
    let doggie = crate::examples::all().into_iter().find(|example| example.name == "doggie-delights").expect("it");
    let funnel = crate::examples::all().into_iter().find(|example| example.name == "saas-funnel").expect("it");
    let hostile = compile(HOSTILE, &HashMap::new()).unwrap_or_else(|| panic!("the hostile policy does not check"));
    let odd_leads: Vec<Json> = vec![
        serde_json::json!({"id": "a'b", "the \"country\"; -- {{ x }} 'of'": "A'B", "pets": ["d'og {{ y }}"], "born": "1990-01-01", "budget": 10.5,
            "events": [{"type": "it's {{ a }} \"type\" \\ --", "at": "2026-10-30T00:00:00Z", "a'b\"c {{ d }}": "{{ z }}' -- \\"}]}),
        serde_json::json!({"id": "{{ 1 }}"}),
        serde_json::json!({"id": "{% x %}", "the \"country\"; -- {{ x }} 'of'": "{% x %}"}),
    ];
    let odd: Vec<Batch> = batches(&odd_leads);
    let policies = [
        (
            "doggie",
            &doggie.program,
            "examples/doggie-delights/policy.qual".to_owned(),
            doggie.batches(),
            doggie.events.clone(),
        ),
        (
            "funnel",
            &funnel.program,
            "examples/saas-funnel/policy.qual".to_owned(),
            funnel.batches(),
            funnel.events.clone(),
        ),
        ("hostile", &hostile, hostile_file.display().to_string(), odd, None),
    ];
    let mut unit_tests = 0;
    for (name, program, path, batches, events) in &policies {
        let options = Options { explain: true, ..Options::new(dialect("duckdb").expect("a dialect")) };
        let mut tables = tables(program, &options, batches, events.as_deref(), None).to_vec();
        tables.retain(|table| !table.columns.is_empty());
        stage(&mut speaker, folder, name, &tables);
        let into = folder.join("models/policies");
        let ran = run(&format!(
            "qualify dbt {path} --into {} --model {name} --leads {name}_leads --events {name}_events --explain",
            into.display()
        ));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        // Those too whose leads lack a required field.
        let said = ran.stderr.lines().find(|line| line.ends_with(" of the policy are unit tests of the model"));
        let count = said.and_then(|line| line.split(' ').next());
        let made: usize = count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{}", ran.stderr));
        assert_eq!(made, program.tests.len(), "{}", ran.stderr);
        unit_tests += made;
    }

    let vars = format!("{{\"qualify_as_of\": \"{as_of}\"}}");
    let said = dbt(folder, &["build", "--vars", &vars]).unwrap_or_else(|said| panic!("{said}"));
    assert!(said.contains("ERROR=0"), "{said}");
    assert_eq!(said.matches("START unit_test").count(), unit_tests, "{said}");
    assert!(unit_tests > 30, "{unit_tests} unit tests");
    println!("dbt: {}", said.lines().last().unwrap_or_default());

    // What stands in the warehouse is what the evaluator says.
    let attach = format!("ATTACH '{}' AS warehouse (READ_ONLY)", folder.join("warehouse.duckdb").display());
    let mut before = vec![attach];
    for (name, program, _, batches, events) in &policies {
        let options = Options { explain: true, ..Options::new(dialect("duckdb").expect("a dialect")) };
        let columns = columns(program, &options);
        let expected = expected(
            program,
            AsOf::parse(as_of, &program.zone).expect("an as-of"),
            &columns,
            batches,
            events.as_deref(),
        );
        let sql = format!("SELECT * FROM warehouse.main.{name}");
        let job = Job { before: std::mem::take(&mut before), sql, types: types(&columns), ..Job::default() };
        let (names, rows) = speaker.engine.ask(&job).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(differences(&expected, &columns, &names, &rows), Vec::<String>::new(), "{name}");
        assert!(!rows.is_empty());
    }

    // dbt opens the warehouse again.
    let job = Job { before: vec!["DETACH warehouse".into()], sql: "SELECT 1".into(), ..Job::default() };
    speaker.engine.ask(&job).unwrap_or_else(|error| panic!("{error}"));

    // A policy whose test is wrong fails there too, and an as-of that is no instant is refused.
    let properties = folder.join("models/policies/hostile.yml");
    let text = std::fs::read_to_string(&properties).expect("the properties");
    assert!(text.contains("\"points\": 15"), "{text}");
    std::fs::write(&properties, text.replace("\"points\": 15", "\"points\": 14")).expect("the properties");
    let said = dbt(folder, &["test", "--select", "hostile,test_type:unit"]).expect_err("a wrong expectation fails");
    assert!(said.contains("FAIL"), "{said}");
    let said = dbt(folder, &["compile", "--select", "hostile", "--vars", "{\"qualify_as_of\": \"2026-11-01\"}"])
        .expect_err("a date is no instant");
    assert!(said.contains("qualify_as_of is no instant"), "{said}");
}
