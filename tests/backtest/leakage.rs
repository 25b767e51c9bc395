//! What comes after the decision changes nothing.

use crate::shell::run;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

const POLICY: &str = r#"policy "Small"
lead {
  id         text key
  created_at time
  people     int
  budget     int   known from mql
  deal       int   known from sql
  lifecycle  stage
}
event visit
event call { minutes int }
score points "Points" from 0 to 100 {
  size   "Size":   +20 if people >= 100
  visits "Visits": +10 per visit within 30 days, at most 3 times
  calls  "Calls":  +15 if any call where (minutes >= 5) within 30 days
  budget "Budget": +25 if budget >= 1000
  deal   "Deal":   +30 if deal >= 1
  today  "Today":  +40 if lifecycle >= sql
}
stages {
  lead "Lead"
  mql  "MQL": points >= 20, keep while points >= 5
  sql  "SQL" after mql: points >= 50
}
outcome { lead "id" converted "won" at "won_at" amount "worth" in EUR }
"#;

const OUTCOMES: &str = "id,won,won_at,worth\na,true,2026-03-20,100.50\nb,false,,\nc,true,2026-04-01,7\nd,false,,\n";
const EVENTS: &str = "id,type,at,minutes\na,visit,2026-01-05,\na,call,2026-01-08,9\nb,visit,2026-01-06,\nc,visit,2026-01-03,\nc,visit,2026-01-04,\n";

fn leads(later: [&str; 3]) -> String {
    let [budget, deal, stage] = later;
    format!(
        "id,created_at,people,budget,deal,lifecycle\n\
         a,2026-01-01,200,2000,,\n\
         b,2026-01-01,200,{budget},{deal},{stage}\n\
         c,2026-01-02,5,{budget},{deal},{stage}\n\
         d,2026-01-02,,,{deal},{stage}\n"
    )
}

fn told(folder: &Path, leads: &str, events: &str, options: &str) -> Value {
    for (name, text) in [("p.qual", POLICY), ("leads.csv", leads), ("events.csv", events), ("out.csv", OUTCOMES)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let at = |name: &str| folder.join(name).display().to_string();
    let (policy, leads, events, out) = (at("p.qual"), at("leads.csv"), at("events.csv"), at("out.csv"));
    let ran =
        run(&format!("qualify backtest {policy} {leads} --events {events} --outcomes {out} --format json {options}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut told: Value = serde_json::from_str(&ran.stdout).unwrap();
    // The one thing that may tell of later events: how many were not looked at, and read.
    told["data"]["later_events"] = Value::Null;
    told["data"]["events"] = Value::Null;
    told
}

#[test]
fn later_events_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut more = EVENTS.to_owned();
    for lead in ["a", "b", "c", "d"] {
        for day in 16..28 {
            writeln!(more, "{lead},visit,2026-01-{day:02}T00:00:01Z,\n{lead},call,2026-02-{day:02},60").unwrap();
        }
    }
    for at in
        ["--at created+14d", "--at 2026-01-16T00:00:00Z", "--at created_at+2w --within 90d --known-until 2026-06-01"]
    {
        let leads = leads(["", "", ""]);
        let before = told(folder.path(), &leads, EVENTS, at);
        let after = told(folder.path(), &leads, &more, at);
        assert_eq!(before, after, "{at}");
    }
    // An event at the very instant is known.
    let leads = leads(["", "", ""]);
    let one = format!("{EVENTS}d,visit,2026-01-16,\n");
    let before = told(folder.path(), &leads, EVENTS, "--at created+14d");
    assert_ne!(before, told(folder.path(), &leads, &one, "--at created+14d"));
}

#[test]
fn reaching_a_stage_does_not_look_ahead() {
    let folder = tempfile::tempdir().unwrap();
    let leads = leads(["", "", ""]);
    let options = "--at reached:mql --known-until 2026-06-01";
    let before = told(folder.path(), &leads, EVENTS, options);
    // a and b have size: they stand there from the day they came in; c reaches it with its second visit.
    assert_eq!(before["data"]["judged"], 3, "{before:#}");
    assert_eq!(before["data"]["left_out"]["not_reached"], 1);
    let more = format!("{EVENTS}a,visit,2026-03-01,\nb,call,2026-02-01,30\nc,visit,2026-01-20,\n");
    assert_eq!(before, told(folder.path(), &leads, &more, options));
}

#[test]
fn fields_of_later_stages_and_the_stage_of_today_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = "--at created+14d";
    let bare = told(folder.path(), &leads(["", "", ""]), EVENTS, at);
    // The deal is known from sql on, which none of b, c and d has reached; today's stage is never known.
    let with = told(folder.path(), &leads(["", "5", "sql"]), EVENTS, at);
    assert_eq!(bare, with);
    // The budget is known once a lead is an MQL, and b and c are: it lifts both to 45 and more.
    let known = told(folder.path(), &leads(["5000", "", ""]), EVENTS, at);
    let points = |told: &Value, place: usize| told["ranking"]["thresholds"][place]["at_least"].clone();
    assert_eq!((points(&bare, 0), points(&bare, 1)), (70.into(), 30.into()), "{bare:#}");
    assert_eq!((points(&known, 0), points(&known, 1)), (70.into(), 55.into()), "{known:#}");
}
