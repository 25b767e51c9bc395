//! A guard of cost: the instructions that the debug program takes on the main paths, held against `baseline.txt`.
//!
//! Valgrind counts them, so that a slow change is seen on any machine, however busy. A path that takes more than
//! `judge::SLOWER` above its baseline fails, and so does one far below it: then the baseline has to be written anew, so that the gain
//! is kept. `UPDATE_GOLDEN=1 cargo test --test cost` writes it. Counts of another compiler or processor cannot be held against it
//! directly: then each path is held against a piece of work of the test's own, built by the same compiler, with a wider margin.

#![allow(dead_code, reason = "shared modules hold more than this suite needs")]

#[path = "../support/package.rs"]
mod package;
#[path = "../support/python.rs"]
mod python;

mod baseline;
mod columns;
mod count;
mod judge;
mod leads;
mod reference;

use baseline::Counts;
use std::path::{Path, PathBuf};

/// The main paths: their name, and the arguments of the program. Paths of files are from the folder of inputs.
const PATHS: &[(&str, &[&str])] = &[
    (
        "explain one lead",
        &["explain", "doggie/policy.qual", "doggie/leads.ndjson", "--lead", "todd", "--as-of", "2026-11-01"],
    ),
    ("check and lint", &["lint", "doggie/policy.qual"]),
    (
        "score NDJSON",
        &["score", "policy.qual", "leads.ndjson", "--as-of", leads::AS_OF, "--threads", "1", "-o", "ndjson.out.csv"],
    ),
    (
        "score CSV and CSV",
        &[
            "score",
            "policy.qual",
            "leads.csv",
            "--events",
            "events.csv",
            "--as-of",
            leads::AS_OF,
            "--threads",
            "1",
            "-o",
            "csv.out.csv",
        ],
    ),
    (
        "score CSV and CSV, sorted",
        &[
            "score",
            "policy.qual",
            "leads.csv",
            "--events",
            "events.csv",
            "--sorted",
            "--as-of",
            leads::AS_OF,
            "--threads",
            "1",
            "-o",
            "sorted.out.csv",
        ],
    ),
    (
        "score Parquet, nested",
        &["score", "policy.qual", "leads.parquet", "--as-of", leads::AS_OF, "--threads", "1", "-o", "parquet.out.csv"],
    ),
];

/// How many leads are scored: enough that the start is the smaller part.
const LEADS: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value != "0")
}

/// A folder with all that the paths read.
fn inputs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |from: &str, to: &str| {
        let to = folder.path().join(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(root().join(from), to).unwrap_or_else(|problem| panic!("{from}: {problem}"));
    };
    copy("benches/workload/policy.qual", "policy.qual");
    for name in ["policy.qual", "leads.ndjson", "lists/free-mail.txt"] {
        copy(&format!("examples/doggie-delights/{name}"), &format!("doggie/{name}"));
    }
    let leads = leads::made(LEADS);
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(folder.path().join(name), bytes).expect("a file");
    write("leads.ndjson", leads::ndjson(&leads).into_bytes());
    let (flat, events) = leads::tables(&leads);
    write("leads.csv", flat.into_bytes());
    write("events.csv", events.into_bytes());
    write("leads.parquet", columns::nested(&leads));
    folder
}

#[test]
fn the_main_paths_cost_what_they_did() {
    if !cfg!(all(target_os = "linux", debug_assertions)) {
        eprintln!("the guard of cost counts debug builds on Linux, where valgrind runs: nothing was counted");
        return;
    }
    count::valgrind();
    let folder = inputs();
    let program = Path::new(env!("CARGO_BIN_EXE_qualify"));
    let (compiler, machine) = (count::compiler(program), count::machine());
    let program = count::stripped(program, folder.path());
    let mut jobs: Vec<(&str, PathBuf, &[&str])> =
        PATHS.iter().map(|(name, args)| (*name, program.clone(), *args)).collect();
    let file = root().join("tests/cost/baseline.txt");
    let before = std::fs::read_to_string(&file).ok().map(|text| Counts::parse(&text));
    let same = before.as_ref().is_some_and(|before| before.compiler == compiler && before.machine == machine);
    if updating() || !same {
        jobs.push((reference::NAME, std::env::current_exe().expect("this program"), reference::ARGS));
    }
    let now = Counts { compiler, machine, paths: count::all(&jobs, folder.path()) };
    for sorted in ["ndjson.out.csv", "csv.out.csv", "sorted.out.csv", "parquet.out.csv"] {
        let rows = std::fs::read_to_string(folder.path().join(sorted)).expect("decisions");
        assert_eq!(rows.lines().count(), LEADS + 1, "{sorted}: a row a lead");
        assert_eq!(
            rows,
            std::fs::read_to_string(folder.path().join("ndjson.out.csv")).expect("decisions"),
            "{sorted}: what is counted decides alike"
        );
    }
    if updating() {
        std::fs::write(&file, now.print()).expect("the baseline");
        return;
    }
    let before = before.expect("tests/cost/baseline.txt (UPDATE_GOLDEN=1 cargo test --test cost writes it)");
    if !same {
        eprintln!(
            "the baseline was counted with {} on {}, this is {} on {}: paths are held against a piece of work of the test's own",
            before.compiler, before.machine, now.compiler, now.machine
        );
    }
    now.paths.iter().for_each(|(name, count)| eprintln!("{name}: {}", judge::grouped(*count)));
    let wrong = judge::judge(&before, &now);
    assert!(wrong.is_empty(), "\n{}\n{}", wrong.join("\n"), judge::HELP);
}
