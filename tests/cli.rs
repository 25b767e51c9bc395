//! The program as people and scripts meet it: what it prints, its exit codes, the files that it leaves.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const POLICY: &str = r#"
policy "Small things"
version "1"
define webinar_points: 10
lead {
  id      text key
  name    text
  country text       ask "Which country do you live in?"
  income  money USD
  kind    one of ["Home", "Shop"]
}
event webinar { topic text }
persona rich "Well off": income >= 500k USD
persona local "Next door": country is "US" and kind is "Home"
fit icp "Ideal customer" {
  in_us      "Lives in the US": country is "US"
  can_afford "Can afford it":   income >= 100k USD
}
score engagement "Engagement" from 0 to 100 { webinars: +webinar_points per webinar within 90 days }
score total "Total" { include engagement  rich: +0.5 if rich }
bands interest of engagement { cold  warm from 10 }
matrix priority of icp by interest {
  _       : cold, warm
  fits    : p2,   p1
  unknown : p3,   p2
  fails   : p3,   p3
}
disqualify {
  far   "Lives too far away": country is "AQ"
  silly "Is a joke":          name is "Mickey Mouse"
}
stages { lead "Lead"  mql "Marketing qualified lead": icp fits and engagement >= 10 }
route {
  out   "Nobody": disqualified
  sales "Sales" within 1 day: stage is mql
}
always "nobody is rich": not rich
test "a fitting lead" as of 2026-11-01 {
  lead { country: "US", income: 120k USD }
  event webinar 2 days ago
  expect stage is mql and engagement is 10
}
"#;

const LEADS: &str = r#"{"id": "todd", "country": "US", "income": 120000, "kind": "Home", "events": [{"type": "webinar", "at": "2026-10-20"}]}
{"id": "far", "name": "Mickey Mouse", "country": "AQ", "income": 90000}
{"id": "hole", "income": "lots", "kind": "Castle"}
"#;

/// A folder with a policy and leads in it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().expect("a folder") };
        place.put("policy.qual", POLICY);
        place.put("leads.ndjson", LEADS);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qualify"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("FORCE_COLOR");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().expect("the program"))
    }

    fn run_with(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        // A program that stops before it has read everything closes the pipe.
        let _ = child.stdin.take().expect("its input").write_all(input.as_ref());
        Ran::of(&child.wait_with_output().expect("its output"))
    }

    /// `score policy.qual leads.ndjson --as-of 2026-11-01` and more.
    fn score(&self, more: &[&str]) -> Ran {
        let first = ["score", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01"];
        self.run(&[&first, more].concat())
    }
}

#[derive(Debug, PartialEq)]
struct Ran {
    out: String,
    err: String,
    code: i32,
}

impl Ran {
    fn of(output: &Output) -> Ran {
        Ran {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }

    #[track_caller]
    fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// Text with nothing in it that steers a terminal.
#[track_caller]
fn is_tame(text: &str) {
    let wild = |c: char| {
        (c.is_control() && c != '\n' && c != '\r') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(wild), "{text:?}");
}

#[track_caller]
fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|problem| panic!("{problem}:\n{text}"))
}

#[track_caller]
fn fits(schema: &serde_json::Value, value: &serde_json::Value) {
    let validator = jsonschema::validator_for(schema).expect("a JSON Schema");
    let problems: Vec<String> =
        validator.iter_errors(value).map(|problem| format!("{}: {problem}", problem.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{value:#}");
}

// check

#[test]
fn a_clean_policy_says_so() {
    let ran = Place::new().run(&["check", "policy.qual"]).ends(0);
    assert_eq!(
        ran.out,
        "policy.qual: no problems (5 fields, 1 event, 1 fit, 2 scores, 2 stages, 2 routes, 1 promise, 1 test)\n"
    );
    assert_eq!(ran.err, "");
}

#[test]
fn errors_are_shown_with_the_text_and_counted() {
    let place = Place::new();
    place.put("bad.qual", POLICY.replace("country is \"US\"", "contry is \"US\"").replace("+0.5", "+0,5"));
    place.put("one.qual", POLICY.replace("stage is mql\n", "stage is mlq\n"));
    let ran = place.run(&["check", "bad.qual", "policy.qual", "one.qual"]).ends(1);
    has(&ran.out, &["contry is", "did you mean `country`?", "3 errors in bad.qual", "policy.qual: no problems"]);
    has(&ran.out, &["did you mean `mql`?", "1 error in one.qual"]);
}

#[test]
fn a_mistake_in_a_used_file_shows_both_files() {
    let place = Place::new();
    place.put("more.qual", "define webinar_points: 12\n");
    place.put("two.qual", format!("{POLICY}\nuse \"more.qual\"\n"));
    let ran = place.run(&["check", "two.qual"]).ends(1);
    has(&ran.out, &["two.qual:", "more.qual:1:8", "1 error in two.qual"]);
}

#[test]
fn a_policy_from_standard_input() {
    let place = Place::new();
    has(&place.run_with(&["check", "-"], POLICY).ends(0).out, &["standard input: no problems"]);
    let ran = place.run_with(&["check", "-", "--format", "json"], "policy 7").ends(1);
    assert_eq!(json(&ran.out)[0]["file"], "<stdin>");
    place.run_with(&["check", "-", "-"], POLICY).ends(2);
}

#[test]
fn check_as_json_fits_its_schema() {
    let place = Place::new();
    place.put("bad.qual", POLICY.replace("country is \"US\"", "contry is \"US\""));
    let schema = json(&place.run(&["schema", "policy"]).ends(0).out);
    let report = json(&place.run(&["check", "--format", "json", "policy.qual", "bad.qual"]).ends(1).out);
    fits(&schema, &report);
    assert_eq!(report[0]["policy"]["scores"][1]["parts"][0]["name"], "engagement");
    assert_eq!(report[1]["policy"], serde_json::Value::Null);
    let finding = &report[1]["findings"][0];
    assert_eq!(finding["code"], "unknown-name");
    assert_eq!(finding["places"][0]["line"], 14);
}

#[test]
fn what_cannot_be_read_is_an_error_of_its_own() {
    let place = Place::new();
    let ran = place.run(&["check", "nowhere.qual"]).ends(2);
    assert_eq!(ran.err, "error: cannot read `nowhere.qual`: no such file or directory\n");
    place.run(&["check"]).ends(2);
    place.run(&["chekc", "policy.qual"]).ends(2);
    has(&place.run(&["score", "policy.qual", "."]).ends(2).err, &["it is a folder"]);
    place.put("bad.qual", "policy \"x\" score {");
    for command in ["score", "explain"] {
        let more: &[&str] = if command == "explain" { &["--lead", "x"] } else { &[] };
        let ran = place.run(&[&[command, "bad.qual", "leads.ndjson"], more].concat()).ends(2);
        assert!(ran.out.is_empty() && ran.err.contains("bad.qual:1:"), "{ran:?}");
    }
}

// score

#[test]
fn rows_as_a_table() {
    let ran = Place::new().score(&[]).ends(0);
    assert_eq!(
        ran.out,
        "\
key,stage,disqualified_by,icp,engagement,total,interest,priority,personas,route,route_deadline
todd,mql,,fits,10,10,warm,p1,local,sales,2026-11-02T23:59:59.999Z
far,disqualified,\"far;silly\",fails,0,0,cold,p3,,out,
hole,lead,,unknown,0,0,cold,p3,,,
"
    );
    assert_eq!(
        ran.err,
        "3 leads scored as of 2026-11-01T23:59:59.999Z; 2 values could not be read (--problems FILE lists them)\n"
    );
}

#[test]
fn rows_as_json_fit_their_schema() {
    let place = Place::new();
    let schema = json(&place.run(&["schema", "decision"]).ends(0).out);
    let ran = place.score(&["--format", "ndjson"]).ends(0);
    let decisions: Vec<serde_json::Value> = ran.out.lines().map(json).collect();
    decisions.iter().for_each(|decision| fits(&schema, decision));
    assert_eq!(decisions[0]["scores"]["total"]["parts"]["engagement"], 10);
    assert_eq!(decisions[2]["questions"][0]["ask"], "Which country do you live in?");
    assert_eq!(decisions[2]["problems"][0]["problem"], "not-a-number");
}

#[test]
fn silence_when_all_is_well() {
    let place = Place::new();
    place.put("leads.ndjson", "{\"id\": 1}\n");
    assert_eq!(place.score(&[]).ends(0).err, "");
    let ran = place.run(&["score", "policy.qual", "leads.ndjson"]).ends(0);
    has(&ran.err, &["1 lead scored as of 2", "(now; --as-of WHEN makes it the same tomorrow)"]);
}

#[test]
fn files_by_their_ending() {
    let place = Place::new();
    assert_eq!(place.score(&["--output", "out.csv"]).ends(0).out, "");
    assert_eq!(place.text("out.csv"), place.score(&[]).out);
    place.score(&["--output", "out.ndjson.gz"]).ends(0);
    let packed = std::fs::File::open(place.path("out.ndjson.gz")).expect("the file");
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("gzip");
    assert_eq!(text, place.score(&["--format", "ndjson", "--output", "-"]).out);
}

#[test]
fn leads_packed_and_from_standard_input() {
    let place = Place::new();
    let rows = place.score(&[]).out;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(LEADS.as_bytes()).expect("to pack");
    let packed = packed.finish().expect("to pack");
    place.put("leads.ndjson.gz", &packed);
    let score = |leads: &'static str| ["score", "policy.qual", leads, "--as-of", "2026-11-01"];
    assert_eq!(place.run(&score("leads.ndjson.gz")).ends(0).out, rows);
    assert_eq!(place.run_with(&score("-"), LEADS).ends(0).out, rows);
    assert_eq!(place.run_with(&score("-"), &packed).ends(0).out, rows);
    let swapped = ["score", "-", "leads.ndjson", "--as-of", "2026-11-01"];
    assert_eq!(place.run_with(&swapped, POLICY).ends(0).out, rows);
    place.run_with(&["score", "-", "-"], POLICY).ends(2);
}

#[test]
fn problems_and_rejects_are_listed() {
    let place = Place::new();
    place.put("leads.ndjson", format!("{LEADS}{{\"name\": \"nobody\"}}\n{{\"id\": \n[]\n"));
    let ran = place.score(&["--problems", "problems.csv", "--rejects", "rejects.ndjson"]).ends(3);
    assert_eq!(ran.out.lines().count(), 4);
    has(&ran.err, &["3 records rejected; 2 values could not be read\n"]);
    assert_eq!(
        place.text("problems.csv"),
        "\
source,line,key,field,event,reason,value
leads,3,hole,income,,not-a-number,lots
leads,3,hole,kind,,not-listed,Castle
"
    );
    let rejects: Vec<serde_json::Value> = place.text("rejects.ndjson").lines().map(json).collect();
    let told: Vec<_> = rejects.iter().map(|row| (row["line"].as_u64(), row["reason"].as_str())).collect();
    let reasons = [(Some(4), Some("no-key")), (Some(5), Some("malformed")), (Some(6), Some("not-a-record"))];
    assert_eq!(told, reasons);
}

#[test]
fn strict_rejects_what_has_problems() {
    let place = Place::new();
    let ran = place.score(&["--strict", "--rejects", "rejects.csv"]).ends(3);
    assert_eq!(ran.out.lines().count(), 3);
    assert_eq!(
        place.text("rejects.csv"),
        "source,line,key,field,event,reason,value\nleads,3,hole,income,,not-a-number,lots\n"
    );
    assert_eq!(ran.err, "2 leads scored as of 2026-11-01T23:59:59.999Z; 1 record rejected\n");
}

#[test]
fn events_of_a_second_file() {
    let place = Place::new();
    place.put("leads.csv", "id,country,income\ntodd,US,120000\nhole,,\n");
    let rows = "id,type,at,topic\nhole,webinar,2026-10-30,a\ntodd,webinar,soon,b\ngone,webinar,2026-10-30,\n,webinar,2026-10-30,\n";
    place.put("events.csv", rows);
    let args = ["score", "policy.qual", "leads.csv", "--as-of", "2026-11-01", "--events", "events.csv"];
    let more = ["--problems", "problems.ndjson", "--rejects", "rejects.csv"];
    let ran = place.run(&[&args[..], &more[..]].concat()).ends(3);
    has(&ran.out, &["todd,lead,,fits,0,", "hole,lead,,unknown,10,"]);
    has(&ran.err, &["warning: leads.csv: there is no column `name`", "1 event record rejected"]);
    has(&ran.err, &["1 event belongs to no lead here (`gone`)"]);
    let problem = json(&place.text("problems.ndjson"));
    assert_eq!((&problem["source"], &problem["line"]), (&"events".into(), &3.into()));
    has(&place.text("rejects.csv"), &["events,5,,id,,no-key,"]);
    has(
        &place.run(&[&args[..], &["--summary"]].concat()).err,
        &["an event without a readable time", "(taken as missing)"],
    );

    let ran = place.run(&[&args[..], &more[..], &["--strict"]].concat()).ends(3);
    assert!(!ran.out.contains("todd") && ran.out.contains("hole"), "{ran:#?}");
    has(&place.text("rejects.csv"), &["events,3,todd,at,0,event-without-time,soon"]);
    let explain = ["explain", "policy.qual", "leads.csv", "--lead", "todd", "--events", "events.csv"];
    has(&place.run(&explain).ends(0).out, &["an event without a readable time"]);
}

/// Leads and events in no order: a lead that comes twice, one without events, events without a lead, broken ones.
fn two_files(place: &Place) {
    let (mut leads, mut events) = (String::from("id,country,income\n"), String::from("id,type,at,topic\n"));
    for number in 0..900u32 {
        let key = number * 7919 % 901;
        leads.push_str(&format!("k{key},US,{}\n", if number % 100 == 7 { "lots" } else { "120000" }));
    }
    leads.push_str("k5,US,120000\n,US,1\nk6,US\n");
    for number in 0..20_000u32 {
        let key = number * 7907 % 1103;
        let at = if number % 97 == 3 { "soon".to_owned() } else { format!("2026-10-{:02}", 1 + number % 28) };
        let key = if number % 211 == 9 { String::new() } else { format!("k{key}") };
        events.push_str(&format!("{key},{},{at},x\n", if number % 3 == 0 { "other" } else { "webinar" }));
    }
    events.push_str("k1,webinar\n");
    place.put("leads.csv", leads);
    place.put("events.csv", events);
}

#[test]
fn events_without_room_in_memory_change_nothing() {
    let place = Place::new();
    two_files(&place);
    let score = |more: &[&str], stdin: bool| {
        let leads = if stdin { "-" } else { "leads.csv" };
        let first = ["score", "policy.qual", leads, "--events", "events.csv", "--as-of", "2026-11-01", "--summary"];
        let reports = ["--problems", "problems.csv", "--rejects", "rejects.ndjson"];
        let args = [&first[..], &reports, more].concat();
        let ran = if stdin { place.run_with(&args, place.text("leads.csv")) } else { place.run(&args) };
        (ran, place.text("problems.csv"), place.text("rejects.ndjson"))
    };
    for (more, stdin) in [
        (&["--format", "csv"][..], true),
        (&["--format", "ndjson"], false),
        (&["--strict"], false),
        (&["--strict", "--format", "ndjson"], true),
    ] {
        let whole = score(more, stdin);
        has(&whole.0.err, &["events belong to no lead"]);
        for (memory, threads) in [("1B", "3"), ("600KB", "1")] {
            let apart = score(&[more, &["--memory", memory, "--threads", threads]].concat(), stdin);
            assert_eq!(apart, whole, "{more:?}, {memory}, {threads} threads, standard input: {stdin}");
        }
    }
}

/// Both files in one order, which is not that of the alphabet, over many batches: leads without events and events without
/// leads, leads twice, quotes, rows that are too short, values that cannot be read.
fn two_sorted_files(place: &Place, orphans: bool) {
    let (mut leads, mut events) = (String::from("id,name,country,income\n"), String::from("topic,id,type,at\n"));
    for number in 0..7000u32 {
        let key = format!("k{:x}-{number}", number.wrapping_mul(2_654_435_761));
        let name = ["Ada", "\"Ada, \"\"the\"\" first\"", "", "\"Mickey Mouse\""][number as usize / 3000];
        let income = if number % 500 == 7 { "lots" } else { "120000" };
        let end = if orphans && number % 999 == 5 { ",more" } else { "" };
        if !orphans || number % 10 != 3 {
            let row = format!("{key},{name},US,{income}{end}\n");
            leads.push_str(&row.repeat(if number % 700 == 1 { 2 } else { 1 }));
        }
        for event in 0..number * 7919 % 13 {
            let at = if event == 9 { "soon".to_owned() } else { format!("2026-10-{:02}", 1 + (number + event) % 28) };
            let ty = if event % 3 == 0 { "other" } else { "webinar" };
            events.push_str(&format!("\"x, y\",{key},{ty},{at}\n"));
        }
        if number == 5000 {
            events.push_str("x,,webinar,2026-10-01\nx,k,webinar\n");
        }
    }
    place.put("leads.csv", leads);
    place.put("events.csv", events);
}

#[test]
fn sorted_files_are_scored_as_in_memory() {
    let place = Place::new();
    for orphans in [false, true] {
        two_sorted_files(&place, orphans);
        for more in [&["--threads", "1"][..], &["--threads", "3"], &["--format", "ndjson"], &["--strict"]] {
            let score = |way: &[&str]| {
                let first = ["score", "policy.qual", "leads.csv", "--events", "events.csv", "--as-of", "2026-11-01"];
                let reports = ["--problems", "problems.csv", "--rejects", "rejects.csv", "--summary"];
                let ran = place.run(&[&first[..], &reports, more, way].concat());
                let sorted = |name: &str| {
                    let text = place.text(name);
                    let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
                    rows.sort();
                    rows
                };
                (ran.code, ran.out, ran.err, sorted("problems.csv"), sorted("rejects.csv"))
            };
            let (whole, beside) = (score(&[]), score(&["--sorted"]));
            if orphans {
                // They are not sorted by their bytes: events without a lead may be events elsewhere.
                has(&beside.2, &["not in one order"]);
            } else {
                assert!(whole.1.lines().count() > 6000, "{}", whole.2);
                assert_eq!(beside, whole, "{more:?}");
            }
        }
    }
}

/// Both files sorted by the bytes of their keys: few keys are leads, with gaps of many batches of events between them.
fn sparse_sorted_files(place: &Place, every: u32, gap: std::ops::Range<u32>) {
    let (mut leads, mut events) = (String::from("id,name,country,income\n"), String::from("topic,id,type,at\n"));
    for number in 0..40_000u32 {
        let key = format!("k{number:05}");
        if number % every == 0 && !gap.contains(&number) {
            leads.push_str(&format!("{key},Ada,US,120000\n").repeat(1 + usize::from(number % 900 == 0)));
        }
        for event in 0..number * 7919 % 5 {
            events.push_str(&format!("x,{key},webinar,2026-10-{:02}\n", 1 + (number + event) % 28));
        }
    }
    place.put("leads.csv", leads);
    place.put("events.csv", events);
}

#[test]
fn events_without_a_lead_do_not_stop_those_of_the_leads_behind_them() {
    let place = Place::new();
    let cases = [(10, 0..0), (1, 1000..39_000), (39_999, 0..0), (3, 0..38_000), (300, 5000..40_000), (1, 2..40_000)];
    for (every, gap) in cases {
        sparse_sorted_files(&place, every, gap.clone());
        for threads in ["1", "2"] {
            let score = |way: &[&str]| {
                let first = ["score", "policy.qual", "leads.csv", "--events", "events.csv", "--as-of", "2026-11-01"];
                let ran = place.run(&[&first[..], &["--summary", "--threads", threads], way].concat());
                (ran.code, ran.out, ran.err)
            };
            let (whole, beside) = (score(&[]), score(&["--sorted"]));
            has(&whole.2, &["events belong to no lead"]);
            assert_eq!(beside, whole, "one of {every}, without {gap:?}, {threads} threads");
        }
    }
}

#[test]
fn a_temporary_file_that_cannot_be_written_is_an_error() {
    let place = Place::new();
    two_files(&place);
    let mut command =
        place.command(&["score", "policy.qual", "leads.csv", "--events", "events.csv", "--memory", "1KB"]);
    let ran = Ran::of(&command.env("TMPDIR", place.path("nowhere")).output().expect("the program"));
    assert_eq!((ran.out.as_str(), ran.code), ("", 2));
    has(&ran.err, &["events.csv", "--memory", "temporary file", "nowhere", "TMPDIR", "--sorted"]);
    let names = place.names();
    let wrong = place.run(&["score", "policy.qual", "leads.csv", "--events", "events.csv", "--memory", "lots"]);
    assert_eq!(wrong.code, 2);
    has(&wrong.err, &["such as `500MB`"]);
    // Nothing is left behind.
    let inside = place.path("temporary");
    std::fs::create_dir(&inside).expect("a folder");
    let mut command =
        place.command(&["score", "policy.qual", "leads.csv", "--events", "events.csv", "--memory", "1KB"]);
    command.env("TMPDIR", &inside).output().expect("the program");
    assert_eq!(std::fs::read_dir(&inside).expect("a folder").count(), 0);
    std::fs::remove_dir(&inside).expect("an empty folder");
    assert_eq!(place.names(), names);
}

#[test]
fn a_broken_promise_is_a_finding() {
    let place = Place::new();
    place.put("leads.ndjson", "{\"id\": \"r\", \"income\": 600000}\n{\"id\": [1]}\n");
    let ran = place.score(&[]).ends(1);
    has(&ran.out, &["r,lead,,unknown,0,0.5,cold,p3,rich,,"]);
    has(&ran.err, &["1 lead breaks an `always`"]);
}

#[test]
fn constants_can_be_set() {
    let place = Place::new();
    has(&place.score(&["--set", "webinar_points=25"]).ends(0).out, &["todd,mql,,fits,25,25,"]);
    has(&place.score(&["--set", "webinar_pints=25"]).ends(2).err, &["did you mean `webinar_points`?"]);
    has(&place.score(&["--set", "rich=25"]).ends(2).err, &["rich"]);
    has(&place.score(&["--set", "webinar_points"]).ends(2).err, &["write `--set NAME=VALUE`"]);
    has(&place.score(&["--set", "webinar_points=\u{1b}x"]).ends(2).err, &["\\u{1b}"]);
    has(&place.score(&["--set", "webinar_points=1", "--set", "webinar_points=2"]).ends(2).err, &["twice"]);
    has(&place.run(&["test", "policy.qual", "--set", "webinar_points=9"]).ends(1).out, &["1 test failed"]);
}

#[test]
fn a_wrong_as_of_says_how_to_write_it() {
    let ran = Place::new().run(&["score", "policy.qual", "leads.ndjson", "--as-of", "yesterday"]).ends(2);
    has(&ran.err, &["`--as-of yesterday` is no date or time", "help: write a date, `2026-11-01`"]);
}

#[test]
fn threads_change_nothing() {
    let place = Place::new();
    let mut leads = String::new();
    for number in 0..20_000 {
        let (country, income) = (["US", "GB", "AQ"][number % 3], 60_000 + number * 7 % 90_000);
        let broken = if number % 500 == 0 { "\"lots\"".to_owned() } else { income.to_string() };
        leads.push_str(&format!("{{\"id\": \"lead {number}\", \"country\": \"{country}\", \"income\": {broken}, "));
        leads.push_str("\"events\": [{\"type\": \"webinar\", \"at\": \"2026-10-20T10:00:00Z\"}]}\n");
        if number % 700 == 0 {
            leads.push_str("{\"id\": }\n");
        }
    }
    place.put("leads.ndjson", leads);
    let run = |threads: &str| {
        let ran = place.score(&["--threads", threads, "--summary", "--problems", "p.ndjson", "--rejects", "r.csv"]);
        (ran.ends(3), place.text("p.ndjson"), place.text("r.csv"))
    };
    let one = run("1");
    assert_eq!(one.0.out.lines().count(), 20_001);
    assert_eq!(one, run("4"));
    assert_eq!(one, run("3"));
}

#[test]
fn the_summary_tells_all() {
    let place = Place::new();
    place.put("leads.ndjson", format!("{LEADS}{{\"id\": \"r\", \"income\": 600000}}\n{{}}\n"));
    let err = place.score(&["--summary"]).ends(1).err;
    has(&err, &["Small things, version 1\n", "4 leads of leads.ndjson, as of the end of 2026-11-01 UTC"]);
    has(&err, &["Marketing qualified lead          1  25.0%  ██████████\n", "Lives too far away", "within 1 day"]);
    has(&err, &["✗ nobody is rich: broken by 1 lead", "1 record without a decision", "no readable key"]);
    has(&err, &["2 values of 1 record could not be read (taken as missing)", "not among the listed texts"]);
    has(&err, &["not known of 2 leads: Lives in the US", "Best leads", "  todd  Marketing qualified lead"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_the_summary() {
    let place = Place::new();
    let line = format!("{} score policy.qual leads.ndjson --as-of 2026-11-01", env!("CARGO_BIN_EXE_qualify"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(place.folder.path()).stdin(Stdio::null());
    // Without `script` there is no terminal to be had.
    let Ok(output) = script.env("TERM", "xterm").env_remove("NO_COLOR").output() else { return };
    let ran = Ran::of(&output).ends(0);
    has(&ran.out, &["\u{1b}[1mStages\u{1b}[0m", "3 leads of leads.ndjson", "Best leads"]);
    assert!(!ran.out.contains("key,stage"), "{}", ran.out);
}

// Hostile data, closed pipes, broken input

#[test]
fn text_of_the_data_does_nothing_to_terminals_and_spreadsheets() {
    let place = Place::new();
    let keys =
        ["\u{1b}]0;owned\u{7}", "=HYPERLINK(\\\"x\\\")", "+1", "-1", "@x", "\u{202e}txt.exe", "a\u{9b}31mb", "x\u{7f}"];
    let mut leads = String::new();
    for key in keys {
        let escaped = key.replace('\u{1b}', "\\u001b").replace('\u{7}', "\\u0007");
        leads.push_str(&format!("{{\"id\": \"{escaped}\", \"income\": \"{escaped}\", \"country\": \"{escaped}\"}}\n"));
    }
    place.put("leads.ndjson", &leads);
    let ran = place.score(&["--summary", "--problems", "problems.csv"]).ends(0);
    is_tame(&ran.err);
    has(&ran.out, &["\n\"'+1\",", "\n\"'-1\","]);
    for table in [&ran.out, &place.text("problems.csv")] {
        has(table, &["\"'=HYPERLINK(\"\"x\"\")\"", "\"'@x\""]);
        let mut cells = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        for cell in cells.records().flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
    is_tame(&place.score(&["--format", "ndjson"]).ends(0).out);
    for key in keys {
        let key = key.replace("\\\"", "\"");
        for format in ["text", "json"] {
            let args = ["explain", "policy.qual", "leads.ndjson", "--lead", &key, "--format", format];
            is_tame(&place.run(&args).ends(0).out);
        }
        let missing = format!("{key} ");
        let args = ["explain", "policy.qual", "leads.ndjson", "--lead", &missing.replace('x', "y")];
        is_tame(&place.run(&args).err);
    }
}

#[test]
fn text_of_the_policy_does_nothing_to_terminals() {
    let place = Place::new();
    let hostile =
        POLICY.replace("Ideal customer", "Ideal \u{202e}customer").replace("US\"\n  can", "US\" # \u{9b}31m\n  cann");
    place.put("hostile.qual", hostile.replace("Lead\"", "Lead \\u{1b}[31m\""));
    for args in
        [&["check", "hostile.qual"][..], &["check", "hostile.qual", "--format", "json"], &["test", "hostile.qual"]]
    {
        let ran = place.run(args);
        is_tame(&ran.out);
        is_tame(&ran.err);
    }
    let ran = place.run(&["score", "hostile.qual", "leads.ndjson", "--summary"]);
    is_tame(&ran.err);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    let leads: String = (0..30_000).map(|number| format!("{{\"id\": \"{number}\"}}\n")).collect();
    place.put("leads.ndjson", leads);
    for threads in ["1", "2"] {
        let args = ["score", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01", "--threads", threads];
        let mut child =
            place.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        out.read_line(&mut line).expect("a line");
        drop(out);
        let ran = Ran::of(&child.wait_with_output().expect("an end")).ends(0);
        assert_eq!((line.starts_with("key,stage"), ran.err.as_str()), (true, ""));
    }
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let place = Place::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let leads: String = (0..60_000).map(|number| format!("{{\"id\": \"{number}\", \"kind\": \"x\"}}\n")).collect();
    packed.write_all(leads.as_bytes()).expect("to pack");
    let packed = packed.finish().expect("to pack");
    place.put("leads.ndjson", &packed[..packed.len() - 100]);
    place.put("out.csv", "as it was\n");
    let before = place.names();
    let ran = place.score(&["--output", "out.csv", "--problems", "p.csv", "--rejects", "r.csv"]).ends(2);
    has(&ran.err, &["leads.ndjson: the compressed file is cut off or damaged"]);
    assert_eq!(place.text("out.csv"), "as it was\n");
    assert_eq!(place.names(), before);
}

#[test]
fn nothing_is_written_over_what_is_read_or_twice() {
    let place = Place::new();
    has(&place.score(&["--output", "leads.ndjson"]).ends(2).err, &["over what is read"]);
    has(&place.score(&["--output", "./leads.ndjson"]).ends(2).err, &["over what is read"]);
    has(&place.score(&["--output", "a.csv", "--problems", "a.csv"]).ends(2).err, &["written twice"]);
    has(&place.score(&["--output", "nowhere/a.csv"]).ends(2).err, &["cannot write `nowhere/a.csv`"]);
    assert_eq!(place.text("leads.ndjson"), LEADS);
}

#[test]
fn no_file_is_written_over_under_another_name() {
    let place = Place::new();
    place.put("free.txt", "gmail.com\n");
    let policy = format!("{}\nlist free_mail from \"free.txt\"\n", place.text("policy.qual"));
    place.put("policy.qual", policy);
    has(&place.score(&["--output", "a.csv", "--problems", "./a.csv"]).ends(2).err, &["written twice"]);
    has(&place.score(&["--problems", "/dev/stdout"]).ends(2).err, &["written twice"]);
    has(&place.score(&["--format", "csv", "--output", "./free.txt"]).ends(2).err, &["over what is read"]);
    assert_eq!(place.text("free.txt"), "gmail.com\n");
    for (option, file, endings) in [
        ("--output", "a.xlsx", ".csv, .ndjson, .jsonl or .parquet"),
        ("--output", "a", ".csv, .ndjson, .jsonl or .parquet"),
        ("--problems", "p.parquet", ".csv, .ndjson or .jsonl"),
    ] {
        has(&place.score(&[option, file]).ends(2).err, &[&format!("does not end with {endings}")]);
    }
    place.score(&["--format", "csv", "--output", "a"]).ends(0);
    has(&place.score(&["--threads", "0"]).ends(2).err, &["0 is not in 1..=256"]);
    has(&place.score(&["--threads", "30000"]).ends(2).err, &["30000 is not in 1..=256"]);
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_is_never_replaced() {
    let place = Place::new();
    for device in ["/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"] {
        let path = place.folder.path().join("all.txt");
        let mut all = std::fs::File::create(&path).expect("a file");
        all.write_all(b"before\n").expect("written");
        let mut score = std::process::Command::new(env!("CARGO_BIN_EXE_qualify"));
        score.args(["score", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01", "--output", device]);
        let status = score.current_dir(place.folder.path()).stdout(all).status().expect("to run");
        assert!(status.success(), "{device}");
        has(&place.text("all.txt"), &["before\nkey,stage,", "\ntodd,"]);
    }
}

#[test]
fn decisions_tell_what_is_wrong_with_events_of_a_second_file() {
    let place = Place::new();
    place.put(
        "st.qual",
        "policy \"ST\"\nlead { id text key }\nevent e { v number }\nscore s { c: +10 per e where (v > 1) }\n",
    );
    place.put("st.csv", "id\n1\n");
    place.put("e.csv", "type,at,id,v\ne,bad,1,x\n,2026-10-01,1,x\ne,2026-10-01,1,x\n");
    let args = ["score", "st.qual", "st.csv", "--events", "e.csv", "--as-of", "2026-11-01", "--format", "ndjson"];
    let ran = place.run(&args).ends(0);
    assert_eq!(json(&ran.out)["problems"].as_array().map(Vec::len), Some(3));
    has(&ran.err, &["3 values could not be read"]);
    let ran = place.run(&[&args[..], &["--strict", "--summary"]].concat()).ends(3);
    has(&ran.err, &["1 record without a decision\n  3 values of 3 records could not be read (rejected, --strict)"]);
    has(&ran.err, &["an event without a readable time"]);
    assert!(!ran.err.contains("event-without-time") && ran.out.is_empty(), "{ran:#?}");
}

// explain, test

#[test]
fn explains_one_lead() {
    let place = Place::new();
    let explain = |lead: &'static str, more: &[&'static str]| {
        let args = ["explain", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01", "--lead", lead];
        place.run(&[&args, more].concat())
    };
    has(&explain("todd", &[]).ends(0).out, &["Marketing qualified lead", "Lives in the US", "income is 120,000 USD"]);
    assert_eq!(json(&explain("todd", &["--format", "json"]).ends(0).out)["key"], "todd");
    has(&explain("todd", &["--set", "webinar_points=25"]).ends(0).out, &["1 event × 25"]);
    let ran = explain("tod", &[]).ends(2);
    assert_eq!(ran.err, "error: no lead `tod` among the 3 records of leads.ndjson\nhelp: did you mean `todd`?\n");
}

#[test]
fn explains_into_files_and_folders() {
    let place = Place::new();
    let explain = |more: &[&str]| {
        let args = ["explain", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01"];
        place.run(&[&args, more].concat())
    };
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    // One lead is a file, the same as on standard output.
    assert_eq!(explain(&["--lead", "todd", "--output", "todd.txt"]).ends(0).out, "");
    assert_eq!(read("todd.txt"), explain(&["--lead", "todd"]).ends(0).out);
    explain(&["--lead", "todd", "--format", "html", "--output", "todd.html"]).ends(0);
    has(&read("todd.html"), &["<!DOCTYPE html>", "todd"]);
    has(&explain(&["--lead", "todd", "--output", "no/such/todd.txt"]).ends(2).err, &["no/such/todd.txt"]);
    // Several are a folder with an index.
    for (format, ending) in [("text", "txt"), ("json", "json"), ("markdown", "md"), ("html", "html")] {
        let folder = format!("some-{format}");
        explain(&["--lead", "todd", "--lead", "far", "--format", format, "--output", &folder]).ends(0);
        let index = read(&format!("{folder}/index.{ending}"));
        has(&index, &["todd", "far", &format!("todd.{ending}"), "Marketing qualified lead"]);
        assert!(place.path(&format!("{folder}/far.{ending}")).is_file() && !index.contains("hole"));
    }
    // All are every lead, and rejects are told of.
    place
        .put("leads.ndjson", format!("{LEADS}{{\"country\": \"US\"}}\n{{\"id\": \"../con:\"}}\n{{\"id\": \"CON\"}}\n"));
    let ran = explain(&["--all", "--output", "all"]).ends(3);
    has(&ran.err, &["1 record of leads.ndjson could not be read as a lead", "5 explanations in all"]);
    let mut files: Vec<String> = std::fs::read_dir(place.path("all"))
        .expect("a folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files.len(), 6, "{files:?}");
    assert!(files.iter().all(|file| file.ends_with(".txt") && file != "con.txt"), "{files:?}");
    has(&read("all/index.txt"), &["todd", "far", "hole", "CON"]);
    assert_eq!(read("all/todd.txt"), explain(&["--lead", "todd"]).ends(0).out);
    has(&explain(&["--all"]).ends(2).err, &["--output"]);
}

#[test]
fn explains_what_differs_and_what_still_holds() {
    let place = Place::new();
    let explain = |policy: &'static str, more: &[&str]| {
        let args = ["explain", policy, "leads.ndjson", "--as-of", "2026-11-01"];
        place.run(&[&args, more].concat())
    };
    place.put("dear.qual", POLICY.replace("define webinar_points: 10", "define webinar_points: 3"));
    let ran = explain("policy.qual", &["--lead", "todd", "--against", "dear.qual"]).ends(0);
    has(
        &ran.out,
        &["what the other policy says otherwise", "the points of an event: 3 → 10", "Marketing qualified lead"],
    );
    let ran = explain("policy.qual", &["--lead", "todd", "--against", "policy.qual"]).ends(0);
    has(&ran.out, &["nothing differs"]);
    place.put("two.md", "");
    explain("policy.qual", &["--lead", "todd", "--lead", "far", "--against", "dear.qual", "--output", "differ"])
        .ends(0);
    assert!(place.path("differ/far.txt").is_file() && place.path("differ/index.txt").is_file());
    has(&explain("policy.qual", &["--lead", "todd", "--against", "none.qual"]).ends(2).err, &["none.qual"]);

    explain("policy.qual", &["--lead", "todd", "--format", "json", "--output", "todd.json"]).ends(0);
    let ran = place.run(&["explain", "policy.qual", "--replay", "todd.json"]).ends(0);
    has(&ran.out, &["✓ still holds: todd is Marketing qualified lead", "the policy is the same, to the letter"]);
    let ran = place.run(&["explain", "dear.qual", "--replay", "todd.json"]).ends(1);
    has(&ran.out, &["✗ does not hold: todd was Marketing qualified lead", "the policy is another"]);
    place.put("broken.json", "{\"schema_version\": 2");
    has(
        &place.run(&["explain", "policy.qual", "--replay", "broken.json"]).ends(2).err,
        &["broken.json is no explanation"],
    );
    place.put("old.json", "{\"schema_version\": 1}");
    has(&place.run(&["explain", "policy.qual", "--replay", "old.json"]).ends(2).err, &["has the form 1"]);
}

#[test]
fn explains_why_there_is_nothing_to_explain() {
    let place = Place::new();
    place.put("policy.qual", POLICY.replace("country text  ", "country text required"));
    place.put(
        "leads.ndjson",
        "{\"id\": \"todd\"}\n{\"id\": \"twice\", \"country\": \"US\"}\n{\"id\": \"twice\", \"country\": \"GB\"}\n",
    );
    let ran = place.run(&["explain", "policy.qual", "leads.ndjson", "--lead", "todd"]).ends(2);
    has(&ran.err, &["the record of `todd` in leads.ndjson, line 1, is rejected", "no-required-field"]);
    let ran = place.run(&["explain", "policy.qual", "leads.ndjson", "--lead", " twice "]).ends(0);
    has(&ran.err, &["warning: 2 records have the key `twice`: the first is told of"]);
}

#[test]
fn failed_tests_show_what_failed() {
    let place = Place::new();
    let wrong = "expect stage is lead and\n         engagement is 20\n  expect icp.can_afford is known\n}";
    place.put("wrong.qual", POLICY.replace("expect stage is mql and engagement is 10\n}", wrong));
    let ran = place.run(&["test", "policy.qual", "wrong.qual"]).ends(1);
    has(
        &ran.out,
        &["policy.qual\n  ✓ a fitting lead\n", "wrong.qual\n  ✗ a fitting lead\n", "1 test failed, 1 test passed"],
    );
    has(&ran.out, &["expect stage is lead and", "engagement is 20", "(stage is mql)", "engagement is 10"]);

    let report = json(&place.run(&["test", "wrong.qual", "--format", "json"]).ends(1).out);
    let failure = &report[0]["tests"][0]["failures"][0];
    assert_eq!(failure["expected"], "stage is lead and engagement is 20");
    assert_eq!(failure["truth"], "false");

    let junit = place.run(&["test", "policy.qual", "wrong.qual", "--format", "junit"]).ends(1).out;
    has(
        &junit,
        &[
            "<testsuites name=\"qualify\" tests=\"2\" failures=\"1\">",
            "<testcase name=\"a fitting lead\" classname=\"policy.qual\"",
        ],
    );
    has(&junit, &["<failure message=\"expected stage is lead and engagement is 20; it is false\""]);
}

#[test]
fn no_tests_fail_when_asked_to() {
    let place = Place::new();
    place.put("none.qual", POLICY.split("test \"").next().expect("the policy"));
    has(&place.run(&["test", "none.qual"]).ends(0).out, &["no tests"]);
    has(&place.run(&["test", "none.qual", "--fail-on-empty"]).ends(1).err, &["error: there are no tests"]);
    place.run(&["test", "none.qual", "policy.qual", "--fail-on-empty"]).ends(0);
}

// schema, completions, man, help, colours

#[test]
fn the_schema_of_leads_fits_leads() {
    let place = Place::new();
    let schema = json(&place.run(&["schema", "lead", "policy.qual"]).ends(0).out);
    let lead = |text: &str| json(text);
    fits(&schema, &lead(LEADS.lines().next().expect("a lead")));
    fits(&schema, &lead(r#"{"id": 7, "income": {"amount": "9.5", "currency": "USD"}, "kind": null, "more": []}"#));
    fits(&schema, &lead(r#"{"id": 7, "events": [{"type": "other", "at": 1760000000000, "x": 1}]}"#));
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    for wrong in [
        r#"{}"#,
        r#"{"id": "x", "kind": "Castle"}"#,
        r#"{"id": "x", "income": "lots"}"#,
        r#"{"id": "x", "events": [{"type": "webinar"}]}"#,
        r#"{"id": "x", "events": [{"type": "webinar", "at": "2026-10-20", "topic": [1]}]}"#,
    ] {
        assert!(!validator.is_valid(&lead(wrong)), "{wrong}");
    }
}

#[test]
fn completions_and_manual_pages() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        has(&place.run(&["completions", shell]).ends(0).out, &["explain"]);
    }
    has(&place.run(&["man"]).ends(0).out, &[".TH qualify 1"]);
    std::fs::create_dir(place.path("man")).expect("a folder");
    place.run(&["man", "--dir", "man"]).ends(0);
    assert!(place.path("man/qualify-score.1").is_file());
    place.run(&["man", "--dir", "nowhere"]).ends(2);
}

#[test]
fn every_command_helps_with_examples() {
    let place = Place::new();
    has(&place.run(&["--help"]).ends(0).out, &["Exit codes:", "NO_COLOR"]);
    has(&place.run(&["--version"]).ends(0).out, &["qualify "]);
    for command in ["check", "score", "explain", "test", "schema", "completions", "man"] {
        has(&place.run(&[command, "--help"]).ends(0).out, &["Examples:\n  qualify ", command]);
    }
    assert_eq!(place.run(&[]).ends(2).out, "");
}

#[test]
fn colours_when_wanted() {
    let place = Place::new();
    place.put("bad.qual", "policy 7");
    let colored = |args: &[&str], plain: bool| {
        let mut command = place.command(args);
        if plain {
            command.env("NO_COLOR", "1");
        }
        let ran = Ran::of(&command.output().expect("the program"));
        ran.out.contains('\u{1b}') || ran.err.contains('\u{1b}')
    };
    assert!(!colored(&["check", "policy.qual", "bad.qual"], false));
    assert!(colored(&["check", "policy.qual", "bad.qual", "--color", "always"], false));
    assert!(colored(&["--color=always", "score", "--help"], false));
    assert!(colored(&["check", "policy.qual", "--color", "always"], true));
    assert!(!colored(&["check", "bad.qual"], true));
    assert!(!colored(&["check", "bad.qual", "--color", "never"], false));
    let args = ["score", "policy.qual", "leads.ndjson", "--summary", "--color", "always"];
    assert!(colored(&args, false));
}
