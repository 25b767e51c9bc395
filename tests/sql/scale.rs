//! The worked run of `docs/scale.md`: a Spark cluster of several worker processes, Parquet in, partitioned Parquet out.

use crate::differ::Speaker;
use crate::engine::Job;
use crate::expected::{differences, expected, types};
use crate::setup;
use crate::support::{root, run};
use crate::tables::tables;
use qualify::model::time::AsOf;
use qualify::sql::{Options, columns, dialect};
use serde_json::Value as Json;
use std::process::Command;

#[test]
fn a_cluster_decides_as_one_machine_does() {
    setup::java();
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path();
    let path = |name: &str| folder.join(name).display().to_string();
    let mut speaker = Speaker::new("duckdb", "duckdb");
    let example = crate::examples::all().into_iter().find(|example| example.name == "saas-funnel").expect("it");
    let (batches, events) = (example.batches(), example.events.clone());
    let program = &example.program;
    let options = Options { explain: false, ..Options::new(dialect("spark").expect("a dialect")) };
    let tables = tables(program, &options, &batches, events.as_deref(), None);
    let copies = tables
        .iter()
        .map(|table| format!("COPY {} TO '{}' (FORMAT parquet)", table.name, path(&format!("{}.parquet", table.name))));
    let job = Job { tables: &tables, before: copies.collect(), sql: "SELECT 1".into(), ..Job::default() };
    speaker.engine.ask(&job).unwrap_or_else(|error| panic!("{error}"));

    let as_of = "2026-11-01T23:59:59.999Z";
    let view = path("policy.sql");
    let ran = run(&format!("qualify sql examples/saas-funnel/policy.qual --dialect spark --as-of {as_of} > {view}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut cluster = Command::new(setup::engines());
    cluster.arg(root().join("tests/sql/cluster.py"));
    cluster.args([path("leads.parquet"), path("events.parquet"), view, path("out")]);
    let said = crate::python::run(&mut cluster).unwrap_or_else(|said| panic!("{said}"));
    let line = said.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{said}"));
    println!("Spark cluster: {line}");
    let told: Json = serde_json::from_str(line).expect("JSON");
    assert_eq!(told["workers"], 2, "two worker processes: {line}");

    let columns = columns(program, &options);
    let expected =
        expected(program, AsOf::parse(as_of, &program.zone).expect("an as-of"), &columns, &batches, events.as_deref());
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let sql = format!(
        "SELECT {} FROM read_parquet('{}/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)",
        names.join(", "),
        path("out")
    );
    let (names, rows) = speaker.engine.ask(&Job { sql, types: types(&columns), ..Job::default() }).expect("rows");
    assert_eq!(differences(&expected, &columns, &names, &rows), Vec::<String>::new());
    let partitions = std::fs::read_dir(folder.join("out")).expect("the results");
    let partitions = partitions.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir())).count();
    assert!(partitions > 1, "a folder for each stage");
}
