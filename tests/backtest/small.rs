//! Small files by hand: nothing is lost, and broken input is said plainly.

use crate::shell::{Ran, golden, root, run};
use serde_json::Value;
use std::path::Path;

const POLICY: &str = r#"policy "By hand"
lead {
  id         text key
  created_at time
  n          int
}
score points "Points" from 0 to 100 {
  include n
  gone   "Gone":   +5 if n < 0
  always "Always": +1 if n is known
}
bands heat of points {
  cold "Cold"
  warm "Warm" from 20
  hot  "Hot"  from 40
}
disqualify { negative "Negative": n < 0 }
define line "Line": 20
stages {
  lead "Lead"
  mql  "MQL": points >= line
}
outcome { lead "id" converted "won" at "at" amount "worth" in USD }
"#;

const LEADS: &str = "id,created_at,n\n\
    a,2026-01-01,50\n\
    b,2026-01-01,40\n\
    c,2026-01-02,25\n\
    d,2026-01-02,25\n\
    e,2026-01-03,10\n\
    f,2026-01-03,0\n\
    g,2026-01-03,-1\n\
    h,2026-01-03,30\n\
    i,,30\n\
    j,2026-01-03,30\n\
    k,2026-01-03,30\n\
    l,2026-05-30,30\n\
    a,2026-01-04,50\n\
    ,2026-01-04,50\n\
    m,2026-01-05,x\n";

const OUTCOMES: &str = "id,won,at,worth\n\
    a,true,2026-03-01,100\n\
    b,false,,\n\
    c,true,2026-03-02,50.5\n\
    d,false,,\n\
    e,true,2026-04-01,10\n\
    f,false,,\n\
    g,false,,\n\
    i,false,,\n\
    j,,,\n\
    k,true,2026-01-10,9\n\
    l,false,,\n\
    m,true,,5\n\
    nobody,true,2026-03-03,1\n\
    c,true,2026-03-20,1\n";

fn files(folder: &Path, policy: &str, leads: &str, outcomes: &str) {
    for (name, text) in [("p.qual", policy), ("leads.csv", leads), ("out.csv", outcomes)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn qualify(folder: &Path, line: &str) -> Ran {
    let mut ran = run(&format!("cd {} && qualify {line}", folder.display()));
    ran.stderr = ran.stderr.replace(&folder.display().to_string(), "FOLDER");
    ran
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.transcript()))
}

const BACKTEST: &str = "backtest p.qual leads.csv --outcomes out.csv";

#[test]
fn every_record_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let ran = qualify(folder.path(), &format!("{BACKTEST} --format json"));
    assert_eq!(ran.code, 3, "a record was rejected: {}", ran.stderr);
    let told = json(&ran);
    let data = &told["data"];
    let left: u64 = data["left_out"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(data["records"].as_u64().unwrap(), 15);
    assert_eq!(data["rejected"].as_u64().unwrap() + data["judged"].as_u64().unwrap() + left, 15, "{data:#}");
    let of = |name: &str| data["left_out"][name].as_u64().unwrap();
    assert_eq!((of("no_outcome"), of("outcome_unknown"), of("no_instant")), (1, 1, 1), "{data:#}");
    assert_eq!((of("settled"), of("after_end")), (1, 1), "{data:#}");
    assert_eq!(data["outcomes"]["without_lead"], 1);
    assert_eq!(data["outcomes"]["repeated"], 1);
    assert_eq!((&data["repeated_leads"], &data["undated_conversions"]), (&1.into(), &1.into()));
    // a twice, c, e and m convert: 100 twice, 51.5 of two deals, 10 and 5.
    assert_eq!((&told["total"]["converted"], told["total"]["amount"].as_f64()), (&5.into(), Some(266.5)));
    // Stages and disqualified ones are all leads.
    let stages: u64 = told["stages"].as_array().unwrap().iter().map(|stage| stage["leads"].as_u64().unwrap()).sum();
    assert_eq!(stages, data["judged"].as_u64().unwrap());
}

#[test]
fn the_screen() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let mut shown = String::new();
    for line in [
        format!("{BACKTEST} --cost 12.50 --capacity 20/month"),
        format!("{BACKTEST} --within 45d --at 2026-01-20 --full"),
        format!("{BACKTEST} --train-until 2026-01-16"),
        "sweep p.qual leads.csv --outcomes out.csv --vary line=10..50".to_owned(),
        "sweep p.qual leads.csv --as-of 2026-02-01 --vary points.always=0,1,2 --vary line=20,40".to_owned(),
        "sweep p.qual leads.csv --outcomes out.csv --vary line=20,40 --format csv".to_owned(),
        format!("{BACKTEST} --format markdown --cost 3"),
    ] {
        let ran = qualify(folder.path(), &line);
        shown.push_str(&format!("$ qualify {line}\n{}\n", ran.transcript()));
    }
    golden(&root().join("tests/backtest/screens.txt"), &shown).unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn broken_input_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let mut shown = String::new();
    let mut say = |policy: &str, leads: &str, outcomes: &str, line: &str| {
        files(folder.path(), policy, leads, outcomes);
        let ran = qualify(folder.path(), line);
        assert_eq!(ran.code, 2, "{line}: {}", ran.transcript());
        assert!(ran.stdout.is_empty(), "{line}: {}", ran.stdout);
        shown.push_str(&format!("$ qualify {line}\n{}\n", ran.transcript()));
    };
    for options in [
        "--at creatd+14d",
        "--at n+14d",
        "--at created+14q",
        "--at column:",
        "--at reached:mqll",
        "--within soon",
        "--known-until yesterday",
        "--cost free",
        "--capacity 200",
        "--line sal",
        "--score pints",
    ] {
        say(POLICY, LEADS, OUTCOMES, &format!("{BACKTEST} {options}"));
    }
    say(POLICY, LEADS, "id,won\na,true\n", BACKTEST);
    say(POLICY, LEADS, "key,won,at,worth\na,true,,\n", BACKTEST);
    say(POLICY, LEADS, "", BACKTEST);
    say(POLICY, "id,created_at,n\n", OUTCOMES, BACKTEST);
    let silent = POLICY.replace("outcome { lead", "# outcome { lead");
    say(&silent, LEADS, OUTCOMES, BACKTEST);
    say(POLICY, LEADS, OUTCOMES, &format!("{BACKTEST} --against nothing.qual"));
    for vary in [
        "points.n:2=1,2",
        "points.gone:1=1,2",
        "3:6=1,2",
        "99:1=1,2",
        "20:3=1,2",
        "other.qual:1:1=1,2",
        "line",
        "lime=1..2",
        "points.n=1..2",
        "line=5..1",
        "line=1..2 step 0",
        "line=a,b",
        "line=1..9999 step 1",
    ] {
        say(POLICY, LEADS, OUTCOMES, &format!("sweep p.qual leads.csv --outcomes out.csv --vary \"{vary}\""));
    }
    golden(&root().join("tests/backtest/broken.txt"), &shown).unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn the_json_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let all = "--cost 3 --capacity 9/week --train-until 2026-01-16 --against p.qual --resamples 20";
    for (schema, line) in [
        ("backtest", format!("{BACKTEST} --format json {all}")),
        ("backtest", format!("{BACKTEST} --format json")),
        ("sweep", "sweep p.qual leads.csv --outcomes out.csv --vary line=1..9 --format json".to_owned()),
        ("sweep", "sweep p.qual leads.csv --vary line=1..9 --as-of 2026-02-01 --format json".to_owned()),
    ] {
        let told = json(&qualify(folder.path(), &line));
        let schema = json(&run(&format!("qualify schema {schema}")));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{line}: {wrong:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_interval() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let other = POLICY.replace("+5 if n < 0", "+40 if n < 30");
    std::fs::write(folder.path().join("other.qual"), other).unwrap();
    let of = |seed: u32| {
        let line = format!("{BACKTEST} --against other.qual --resamples 200 --seed {seed} --format json");
        json(&qualify(folder.path(), &line))["against"]["measures"].clone()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn the_order_of_the_leads_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let straight = json(&qualify(folder.path(), &format!("{BACKTEST} --format json --train-until 2026-01-16")));
    let mut lines: Vec<&str> = LEADS.lines().collect();
    lines[1..].reverse();
    files(folder.path(), POLICY, &(lines.join("\n") + "\n"), OUTCOMES);
    let turned = json(&qualify(folder.path(), &format!("{BACKTEST} --format json --train-until 2026-01-16")));
    assert_eq!(straight, turned);
}

/// A setting of a sweep is what the policy with that number says.
#[test]
fn a_sweep_says_what_a_backtest_says() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), POLICY, LEADS, OUTCOMES);
    let sweep = json(&qualify(
        folder.path(),
        "sweep p.qual leads.csv --outcomes out.csv --vary line=10..50 --vary points.always=1,7 --format json",
    ));
    let rows = sweep["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 42);
    for row in rows.iter().step_by(5) {
        let (line, always) =
            (row["setting"]["line"].as_f64().unwrap(), row["setting"]["points.always"].as_f64().unwrap());
        let policy = POLICY.replace("\"Line\": 20", &format!("\"Line\": {line}"));
        let policy = policy.replace("+1 if n is known", &format!("+{always} if n is known"));
        files(folder.path(), &policy, LEADS, OUTCOMES);
        let alone = json(&qualify(folder.path(), &format!("{BACKTEST} --format json")));
        assert_eq!(row["outcome"]["auc"], alone["ranking"]["auc"], "{row:#}");
        for (rung, stage) in row["funnel"].as_array().unwrap().iter().zip(alone["stages"].as_array().unwrap()) {
            for (mine, theirs) in
                [("leads", "leads"), ("converted", "converted"), ("rate", "rate"), ("recall", "share_of_conversions")]
            {
                assert_eq!(rung[mine], stage["or_higher"][theirs], "{row:#}");
            }
        }
    }
}

/// Cases of rules, and numbers where they stand: each setting is what the policy with that number says.
#[test]
fn numbers_without_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let policy = POLICY.replace(
        "  gone   \"Gone\":   +5 if n < 0\n",
        "  gone   \"Gone\":   +5 if n < 0\n  size: by n { 10 to 29: +3  >= 30: +4  missing: -2  otherwise: +1 }\n",
    );
    let at = |text: &str| {
        let place = policy.find(text).unwrap();
        let before = &policy[..place];
        let line = before.matches('\n').count() + 1;
        (line, place - before.rfind('\n').map_or(0, |end| end + 1) + 1)
    };
    let (line, column) = at("20\nstages");
    let (gone, sign) = at("+5 if");
    let varied = [
        ("points.size:1".to_owned(), "+3 ", "+9 ", 9),
        ("points.size:2".to_owned(), "+4 ", "-7 ", -7),
        ("points.size:missing".to_owned(), "missing: -2", "missing: +6", 6),
        ("points.size:otherwise".to_owned(), "otherwise: +1", "otherwise: -30", -30),
        (format!("{line}:{column}"), "\"Line\": 20", "\"Line\": 33", 33),
        (format!("p.qual:{line}:{}", column + 1), "\"Line\": 20", "\"Line\": 40", 40),
        (format!("{gone}:{sign}"), "+5 if", "-8 if", -8),
        (format!("{gone}:{}", sign + 1), "+5 if", "+80 if", 80),
    ];
    for (name, from, to, value) in varied {
        files(folder.path(), &policy, LEADS, OUTCOMES);
        let line = format!("sweep p.qual leads.csv --outcomes out.csv --vary {name}={value} --format json");
        let swept = json(&qualify(folder.path(), &line));
        let row = &swept["rows"][0];
        files(folder.path(), &policy.replace(from, to), LEADS, OUTCOMES);
        let alone = json(&qualify(folder.path(), &format!("{BACKTEST} --format json")));
        assert_eq!(row["outcome"]["auc"], alone["ranking"]["auc"], "{name}: {row:#}");
        for (rung, stage) in row["funnel"].as_array().unwrap().iter().zip(alone["stages"].as_array().unwrap()) {
            assert_eq!(rung["leads"], stage["or_higher"]["leads"], "{name}: {row:#}");
        }
    }
}

/// Text of policies and data is never markup, and cannot steer a terminal.
#[test]
fn hostile_text_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    let label = "<script>alert(1)</script>";
    let policy = POLICY
        .replace("policy \"By hand\"", &format!("policy \"{label}\""))
        .replace("\"MQL\"", &format!("\"{label}\""));
    let policy = policy.replace("\"Always\"", "\"\\u{1b}[2J\"");
    files(folder.path(), &policy, LEADS, OUTCOMES);
    let all = "--cost 3 --capacity 9/week --train-until 2026-01-16 --against p.qual --resamples 20";
    let page = qualify(folder.path(), &format!("{BACKTEST} --format html {all}"));
    assert!(page.stdout.contains("&lt;script&gt;") && !page.stdout.contains("<script"), "{}", page.stderr);
    assert!(!page.stdout.contains("http://") || page.stdout.contains("http://www.w3.org/2000/svg"));
    let sweep = qualify(folder.path(), "sweep p.qual leads.csv --outcomes out.csv --vary line=1..9 --format html");
    assert!(sweep.stdout.contains("<svg") && !sweep.stdout.contains("<script"), "{}", sweep.stderr);
    for format in ["text --full", "markdown", "html", "json"] {
        let ran = qualify(folder.path(), &format!("{BACKTEST} --format {format}"));
        assert!(!ran.stdout.contains('\u{1b}'), "{format}");
    }
}
