//! How many instructions the main ways through the program take, held against a committed baseline: a slow change is
//! seen in review, on any machine, however busy. See `docs/benchmarks.md`.
//!
//! Counted on the debug build that the test run has anyway, which sees work that is done twice, not what an optimiser
//! leaves of it. `UPDATE_BASELINE=1` writes the baseline anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A count may differ from the baseline by so many percent: hash seeds and the length of paths differ from run to run.
const MARGIN: u64 = 8;
const BASELINE: &str = "tests/instructions/baseline.txt";

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len() as u64) as usize]
    }
}

/// A policy of 300 rules.
fn large_policy() -> String {
    let mut text = String::from(
        "policy \"Large\"\nlead { id text key  title text  country text  size int }\nevent seen { path text }\n",
    );
    for score in 0..10 {
        writeln!(text, "score s{score} \"Score {score}\" from 0 to 100 {{").expect("memory");
        for rule in 0..30 {
            let n = score * 30 + rule;
            let condition = match rule % 5 {
                0 => format!("title mentions any of [\"word{n}\", \"other {n}\"]"),
                1 => format!("country in [\"A{n}\", \"B{n}\", \"C{n}\"]"),
                2 => format!("size between {n} and {}", n + 50),
                3 => format!("at least {} seen where (path starts with \"/p{n}\") within {} days", 1 + n % 4, 7 + n),
                _ => format!("not (size > {n}) or title is known"),
            };
            writeln!(text, "  r{n} \"Rule {n}\": +{} if {condition}", 1 + n % 9).expect("memory");
        }
        text.push_str("}\n");
    }
    text
}

/// Leads as the workload in `benches/` has them, as JSON and as two tables.
fn leads(count: usize) -> [String; 3] {
    let (mut json, mut table) = (
        String::new(),
        String::from("id,email,title,country,industry,employees,annual_revenue,budget,lead_source,note\n"),
    );
    let mut events = String::from("id,type,at,path,minutes,referrer\n");
    let mut numbers = Numbers(7);
    for lead in 0..count {
        let title = numbers.of(&[
            "VP of Sales",
            "Marketing Manager",
            "Chief Revenue Officer",
            "Student",
            "Head of Growth",
            "Engineer",
        ]);
        let country = numbers.of(&["US", "DE", "CZ", "GB", "BR"]);
        let industry = numbers.of(&["Software", "Retail", "Mining"]);
        let email = format!("p{lead}@{}", numbers.of(&["gmail.com", "acme.example", "Scorely.ai", "work.example"]));
        let (employees, revenue, budget) = (numbers.below(6000), numbers.below(90_000_000), numbers.below(200_000));
        let source = numbers.of(&["Webinar", "Referral", "Purchased List"]);
        write!(json, "{{\"id\":\"L{lead}\",\"email\":\"{email}\",\"name\":\"Some Body\",\"title\":\"{title}\",\"country\":\"{country}\",\"industry\":\"{industry}\",\"employees\":{employees},\"annual_revenue\":{revenue},\"budget\":{budget},\"lead_source\":\"{source}\",\"created_at\":\"2024-01-01T00:00:00Z\",\"events\":[").expect("memory");
        writeln!(
            table,
            "L{lead},{email},{title},{country},{industry},{employees},{revenue},{budget},{source},nothing of note"
        )
        .expect("memory");
        for event in 0..numbers.below(16) {
            let ty = numbers.of(&[
                "email_open",
                "page_view",
                "page_view",
                "content_download",
                "webinar_attended",
                "unheard_of",
            ]);
            let at =
                format!("2025-{:02}-{:02}T0{}:30:00Z", 1 + numbers.below(5), 1 + numbers.below(28), numbers.below(10));
            let (path, minutes) = (numbers.of(&["/pricing/eu", "/blog/a-post", "/careers"]), numbers.below(60));
            let comma = if event > 0 { "," } else { "" };
            write!(json, "{comma}{{\"type\":\"{ty}\",\"at\":\"{at}\",\"path\":\"{path}\",\"minutes\":{minutes},\"referrer\":\"https://www.example.org/\"}}").expect("memory");
            writeln!(events, "L{lead},{ty},{at},{path},{minutes},https://www.example.org/").expect("memory");
        }
        json.push_str("]}\n");
    }
    [json, table, events]
}

/// The instructions of a run, as callgrind counts them.
fn count(arguments: &[&str]) -> u64 {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_qualify"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("valgrind runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{arguments:?}: {said}");
    let collected =
        said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim().to_owned());
    collected.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count in {said}"))
}

#[test]
fn the_main_ways_cost_what_they_did() {
    let has_valgrind = Command::new("valgrind").arg("--version").output().is_ok_and(|run| run.status.success());
    if !has_valgrind {
        let message = "valgrind is not installed: instructions are not counted (apt-get install valgrind)";
        assert!(std::env::var_os("COUNT_INSTRUCTIONS").is_none(), "{message}");
        eprintln!("SKIPPED: {message}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    };
    let large = file("large.qual", &large_policy());
    let [json, table, events] = leads(200);
    let (json, table, events) = (file("leads.ndjson", &json), file("leads.csv", &table), file("events.csv", &events));
    let policy = at("benches/workload/policy.qual").to_string_lossy().into_owned();
    let out = folder.path().join("out.csv").to_string_lossy().into_owned();
    let as_of = ["--as-of", "2025-06-01T00:00:00Z"];
    let counts: BTreeMap<&str, u64> = [
        ("check, 300 rules", count(&["check", &large])),
        ("score, 200 leads, NDJSON", count(&[&["score", &policy, &json, "--output", &out], &as_of[..]].concat())),
        (
            "score, 200 leads, CSV + CSV",
            count(&[&["score", &policy, &table, "--events", &events, "--output", &out], &as_of[..]].concat()),
        ),
        ("explain one lead", count(&[&["explain", &policy, &json, "--lead", "L77"], &as_of[..]].concat())),
    ]
    .into();
    let mut text = String::new();
    for (what, count) in &counts {
        writeln!(text, "{what}: {count}").expect("memory");
    }
    if std::env::var_os("UPDATE_BASELINE").is_some() {
        std::fs::create_dir_all(at("tests/instructions")).expect("a folder");
        std::fs::write(at(BASELINE), &text).expect("written");
        return;
    }
    let baseline = std::fs::read_to_string(at(BASELINE)).expect("the baseline");
    let known: BTreeMap<&str, u64> = baseline
        .lines()
        .filter_map(|line| line.rsplit_once(": "))
        .map(|(what, count)| (what, count.parse().expect("a count")))
        .collect();
    let mut wrong = String::new();
    for (what, now) in &counts {
        let before = known.get(what).copied().unwrap_or_default();
        if now.abs_diff(before) * 100 > before * MARGIN {
            writeln!(wrong, "{what}: {before} instructions before, {now} now").expect("memory");
        }
    }
    assert!(
        wrong.is_empty() && known.len() == counts.len(),
        "the cost has changed by more than {MARGIN} %; where that is meant, UPDATE_BASELINE=1 writes it down:\n{wrong}"
    );
}
