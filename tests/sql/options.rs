//! What can be chosen about a query, on the engines: each choice gives the evaluator's rows.

use crate::differ::{Speaker, batches, compile};
use crate::engine::{Job, Table};
use crate::expected::{differences, expected, types};
use crate::reference::generate::{lead, policy};
use crate::tables::tables;
use crate::variable;
use qualify::check::hir::Program;
use qualify::data::Batch;
use qualify::model::time::AsOf;
use qualify::sql::{AsOfSource, Dialect, Options, What, Wrap, columns, layout, sql};
use serde_json::{Value as Json, json};

/// Every kind of question whose answer moves with the as-of, and lists short and long.
const POLICY: &str = r#"
policy "Choices"
timezone "America/New_York"
lead {
  id      text key
  country text
  tags    list of text
  joined  time
  born    date
  renews  date
}
event seen { what text  amount number  late bool }
event bought from "Bought It" { amount number from "paid.amount" }
list served = ["US", "ca", "Österreich"]
fit ok needs 3 {
  country:  country in served
  adult:    age of born >= 18 years
  recent:   joined within 2 months
  renewing: renews_soon
  tagged:   tags has any of ["vip", "Éclair"]
}
define renews_soon: renews within next 3 months
score heat from -50 to 100 {
  seen:   +5 per seen where (not late) within 90 days, at most 2 times a day
  decays: +8 per seen within 3 months, halving every 30 days
  bought: +1.5 per bought since joined, at most 20 points
  sums:   by total amount of seen within 1 year { >= 10: +10  otherwise: +1 }
  quiet:  -2 per 7 days since last event, at most 30 points
}
stages { lead  hot "Hot": ok fits and heat >= 5 }
route { sales within 2 months: stage is hot  nobody within 3 days: otherwise }
"#;

const AS_OF: &str = "2026-03-31T21:30:00.250Z";

/// A lead a number: dates around what the as-of reaches, events around windows.
fn leads() -> Vec<Json> {
    let day = |number: i64| format!("2026-{:02}-{:02}", 1 + number % 3, 1 + number * 7 % 28);
    (0..24i64)
        .map(|number| {
            let event = |kind: &str, at: i64| match kind {
                "seen" => json!({ "type": "seen", "at": format!("{}T{:02}:30:00.250Z", day(at), at % 24), "what": "Å",
                                  "amount": 1.5 + at as f64, "late": at % 3 == 0 }),
                _ => json!({ "type": "Bought It", "at": format!("{}T23:59:59Z", day(at + 1)), "paid": { "amount": 2 } }),
            };
            let country = ["us", "ÖSTERREICH", "fr", " CA "][number as usize % 4];
            json!({
                "id": format!("lead {number}'s"),
                "country": country,
                "tags": if number % 3 == 0 { json!(["ÉCLAIR", "x"]) } else { json!([]) },
                "joined": format!("2026-01-{:02}T21:30:00.{:03}Z", 31 - number % 2, 249 + number % 3),
                "born": format!("2008-{:02}-{:02}", 3 + number % 2, 30 - number % 2),
                "renews": format!("2026-0{}-30", 5 + number % 3),
                "events": (0..number % 5).flat_map(|at| [event("seen", at + number), event("bought", at)]).collect::<Vec<_>>(),
            })
        })
        .collect()
}

struct Asked<'a> {
    program: &'a Program,
    batches: &'a [Batch],
}

impl Asked<'_> {
    fn tables(&self, options: &Options) -> [Table; 2] {
        tables(self.program, options, self.batches, None, None)
    }

    /// What differs of an answer as of an instant.
    fn wrong(
        &self,
        options: &Options,
        as_of: &AsOf,
        answer: Result<(Vec<String>, Vec<Vec<Json>>), String>,
    ) -> Vec<String> {
        let columns = columns(self.program, options);
        match answer {
            Err(error) => vec![error],
            Ok((names, rows)) => differences(
                &expected(self.program, as_of.clone(), &columns, self.batches, None),
                &columns,
                &names,
                &rows,
            ),
        }
    }
}

/// What makes the tables that a dialect reads nested of flat ones: `leads` with a column `events`.
fn nested(dialect: &dyn Dialect, program: &Program, options: &Options) -> Vec<String> {
    let events = layout(program, options).events;
    let q = |name: &str| dialect.quote_name(name);
    let text = |name: &str| dialect.quote_text(name);
    let inside = &events[1..];
    let each =
        |of: &dyn Fn(&str) -> String| inside.iter().map(|column| of(&column.name)).collect::<Vec<_>>().join(", ");
    let record = match dialect.name() {
        "duckdb" => format!("list(struct_pack({}))", each(&|name| format!("{} := e.{}", q(name), q(name)))),
        "postgres" => {
            format!("jsonb_agg(jsonb_build_object({}))", each(&|name| format!("{}, e.{}", text(name), q(name))))
        }
        "sqlite" => {
            format!("json_group_array(json_object({}))", each(&|name| format!("{}, e.{}", text(name), q(name))))
        }
        "spark" => format!("collect_list(named_struct({}))", each(&|name| format!("{}, e.{}", text(name), q(name)))),
        _ => {
            let types: Vec<String> = inside
                .iter()
                .map(|column| format!("{} {}", q(&column.name), dialect.column_type(&column.ty)))
                .collect();
            format!(
                "groupArray(CAST(tuple({}) AS Tuple({})))",
                each(&|name| format!("e.{}", q(name))),
                types.join(", ")
            )
        }
    };
    vec![
        "DROP TABLE IF EXISTS nested_leads".into(),
        "DROP TABLE IF EXISTS grouped".into(),
        match dialect.name() {
            "clickhouse" => format!(
                "CREATE TABLE grouped ENGINE = Memory AS SELECT e.{0} AS owner, {record} AS events FROM events AS e GROUP BY e.{0}",
                q(&events[0].name)
            ),
            _ => format!(
                "CREATE TABLE grouped AS SELECT e.{0} AS owner, {record} AS events FROM events AS e GROUP BY e.{0}",
                q(&events[0].name)
            ),
        },
        format!(
            "CREATE TABLE nested_leads {} AS SELECT l.*, g.events FROM leads AS l LEFT JOIN grouped AS g ON g.owner = l.{}",
            if dialect.name() == "clickhouse" { "ENGINE = Memory" } else { "" },
            q(&events[0].name)
        ),
    ]
}

/// Every choice on an engine; what differs.
fn run(speaker: &mut Speaker) -> Vec<String> {
    let program = compile(POLICY, &Default::default()).expect("a policy");
    let batches = batches(&leads());
    let asked = Asked { program: &program, batches: &batches };
    let as_of = AsOf::parse(AS_OF, &program.zone).expect("an as-of");
    let later = AsOf::parse("2026-05-31T23:59:59.999Z", &program.zone).expect("an as-of");
    let base = Options { as_of: AsOfSource::At(as_of.clone()), ..Options::new(speaker.dialect) };
    let mut wrong = Vec::new();
    let mut say = |what: &str, found: Vec<String>| {
        if !found.is_empty() {
            wrong.push(format!("{what}: {}", found.iter().take(4).cloned().collect::<Vec<_>>().join("\n   ")));
        }
    };
    let tables = asked.tables(&base);
    // Views and tables of the warehouse cannot rest on what a session alone knows.
    let loaded: Vec<String> = match speaker.dialect.name() {
        "spark" => ["leads", "events"]
            .iter()
            .flat_map(|table| {
                [
                    format!("CREATE TABLE {table}_kept AS SELECT * FROM {table}"),
                    format!("DROP VIEW {table}"),
                    format!("ALTER TABLE {table}_kept RENAME TO {table}"),
                ]
            })
            .collect(),
        _ => Vec::new(),
    };
    let job = Job { tables: &tables, before: loaded, sql: "SELECT 1".into(), ..Job::default() };
    speaker.engine.ask(&job).unwrap_or_else(|error| panic!("{error}"));
    let text = |options: &Options| sql(&program, options).unwrap_or_else(|refused| panic!("{}", refused[0].message));
    let ask = |speaker: &mut Speaker, options: &Options, before: Vec<String>, sql: String, parameter: Option<&str>| {
        let types = types(&columns(&program, options));
        speaker.engine.ask(&Job { before, sql, types, as_of: parameter.map(str::to_owned), ..Job::default() })
    };

    // Spark takes seconds to plan each query: it is asked what the others are not.
    let slow = speaker.dialect.name() == "spark";
    for (what, options) in [
        ("plain", base.clone()),
        ("--explain", Options { explain: true, ..base.clone() }),
        ("--lists-as-tables", Options { lists_as_tables: true, explain: true, ..base.clone() }),
    ]
    .into_iter()
    .skip(if slow { 2 } else { 0 })
    {
        let answer = ask(speaker, &options, Vec::new(), text(&options), None);
        say(what, asked.wrong(&options, &as_of, answer));
    }

    let parameter = Options { as_of: AsOfSource::Parameter, explain: true, ..base.clone() };
    for (written, as_of) in
        [(AS_OF, &as_of), ("2026-05-31T23:59:59.999Z", &later)].into_iter().skip(if slow { 1 } else { 0 })
    {
        let answer = ask(speaker, &parameter, Vec::new(), text(&parameter), Some(written));
        say(&format!("--as-of parameter, {written}"), asked.wrong(&parameter, as_of, answer));
    }

    let now = Options { as_of: AsOfSource::Now, explain: true, ..base.clone() };
    let answer = ask(speaker, &now, Vec::new(), text(&now), None);
    let place = columns(&program, &now).iter().position(|column| column.what == What::AsOf).expect("a column");
    let said = answer.as_ref().ok().and_then(|(_, rows)| rows.first()?[place].as_str()).unwrap_or_default().to_owned();
    match AsOf::parse(&said, &program.zone) {
        Some(as_of) => say("--as-of now", asked.wrong(&now, &as_of, answer)),
        None => say("--as-of now", vec![format!("{answer:?}")]),
    }

    let statements = |text: String| text.split(";\n").map(str::to_owned).collect::<Vec<_>>();
    let view = Options { wrap: Wrap::View("decisions_view".into()), ..base.clone() };
    let answer = ask(speaker, &view, statements(text(&view)), "SELECT * FROM decisions_view".into(), None);
    say("--as view", asked.wrong(&view, &as_of, answer));
    let table = Options { wrap: Wrap::Table("decisions".into()), ..base.clone() };
    for _ in 0..if slow { 1 } else { 2 } {
        let answer = ask(speaker, &table, statements(text(&table)), "SELECT * FROM decisions".into(), None);
        say("--as table", asked.wrong(&table, &as_of, answer));
    }
    // Spark merges into tables of Delta and Iceberg alone.
    if !slow {
        let merge =
            Options { wrap: Wrap::Merge("decisions".into()), as_of: AsOfSource::At(later.clone()), ..base.clone() };
        let key = speaker.dialect.quote_name("key");
        let mut before = match speaker.dialect.name() {
            "sqlite" => vec![format!("CREATE UNIQUE INDEX decisions_key ON decisions ({key})")],
            "clickhouse" => vec![
                "CREATE TABLE kept AS decisions ENGINE = ReplacingMergeTree ORDER BY `key` SETTINGS allow_nullable_key = 1".into(),
                "INSERT INTO kept SELECT * FROM decisions".into(),
                "DROP TABLE decisions".into(),
                "RENAME TABLE kept TO decisions".into(),
            ],
            _ => Vec::new(),
        };
        before.push(format!("DELETE FROM decisions WHERE {key} LIKE '%1%'"));
        before.extend(statements(text(&merge)));
        let all = match speaker.dialect.name() {
            "clickhouse" => "SELECT * FROM decisions FINAL",
            _ => "SELECT * FROM decisions",
        };
        let answer = ask(speaker, &merge, before, all.into(), None);
        say("--as merge", asked.wrong(&merge, &later, answer));
    }

    let options = Options { nested: true, leads: "nested_leads".into(), explain: true, ..base };
    let answer = ask(speaker, &options, nested(speaker.dialect, &program, &options), text(&options), None);
    say("--nested", asked.wrong(&options, &as_of, answer));

    // Random policies whose as-of is a parameter.
    let away =
        Job { before: vec!["DROP VIEW IF EXISTS decisions_view".into()], sql: "SELECT 1".into(), ..Job::default() };
    speaker.engine.ask(&away).unwrap_or_else(|error| panic!("{error}"));
    let few = if slow { 0 } else { 3 };
    for seed in 0..variable("SQL_PARAMETERS").unwrap_or(few) {
        let made = policy(seed, 1 + seed as usize % 3);
        let Some(program) = compile(&made.text, &made.files()) else { continue };
        if crate::OLDER_ZONES.contains(&(speaker.engine.name, program.zone.name())) {
            continue;
        }
        let leads: Vec<Json> = (0..20).map(|number| lead(&made.schema, seed * 20 + number)).collect();
        let batches = crate::differ::batches(&leads);
        let asked = Asked { program: &program, batches: &batches };
        let options = Options { as_of: AsOfSource::Parameter, explain: true, ..Options::new(speaker.dialect) };
        let Ok(text) = sql(&program, &options) else { continue };
        let as_of = AsOf::parse(made.schema.as_of, &program.zone).expect("an as-of");
        let tables = asked.tables(&options);
        let tables: Vec<Table> = tables.into_iter().filter(|table| !table.columns.is_empty()).collect();
        let instant = crate::tables::millis(as_of.instant);
        let types = types(&columns(&program, &options));
        let job = Job { tables: &tables, sql: text, types, as_of: Some(instant), ..Job::default() };
        let answer = speaker.engine.ask(&job);
        say(&format!("--as-of parameter, policy seed {seed}"), asked.wrong(&options, &as_of, answer));
    }
    wrong
}

fn holds(name: &'static str) {
    let mut speaker = Speaker::new(name, name);
    let wrong = run(&mut speaker);
    assert!(wrong.is_empty(), "{} on {}:\n\n{}", wrong.len(), speaker.engine.version, wrong.join("\n\n"));
}

#[test]
fn choices_on_duckdb() {
    holds("duckdb");
}

#[test]
fn choices_on_postgres() {
    holds("postgres");
}

#[test]
fn choices_on_sqlite() {
    holds("sqlite");
}

#[test]
fn choices_on_clickhouse() {
    holds("clickhouse");
}

#[test]
fn choices_on_spark() {
    holds("spark");
}
