//! Passing over what a policy does not read: the same records, values and rejects as reading every record on its own,
//! and broken JSON is never passed over in silence.

use bumpalo::Bump;
use proptest::prelude::*;
use qualify::Policy;
use qualify::data::{Decoded, Decoder, EventStore, EventsRead, Format, LeadReader, Plan, SortedEvents};
use qualify::eval::Evaluator;
use qualify::model::RejectKind;
use qualify::model::time::AsOf;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    Policy::compile(
        r#"
        lead { id text key  title text  country text  size int from "company.size"  mail text }
        event seen { path text }
        event bought { amount int }
        score s {
          vp: +3 if title mentions "vp"
          head: +2 if title like "head *" or title matches "chief"
          place: by country { in ["US", "CA"]: +4  is "DE": +1  missing: -1  otherwise: -2 }
          free: -5 if domain(mail) in ["free.example", "mail.example"]
          work: +1 if domain(mail) is "work.example"
          big: +1 if size >= 100
          looks: +1 per seen where (path starts with "/pricing" or path contains "demo") within 30 days, at most 3 times
          any_look: +2 if any seen within 30 days
          fresh: +4 per bought, halving every 10 days, at most 2 times
          bulk: +1 per bought within 90 days, at most 5 points
          quiet: -1 if no event within 60 days
          latest: +1 if (last seen) within 5 days
        }
        "#,
    )
    .expect("a policy")
});

/// What becomes of each record of a file.
fn records(input: &[u8], format: Format) -> Vec<String> {
    let plan = plan();
    records_by(&mut Decoder::new(&plan), &plan, input, format)
}

fn plan() -> Plan<'static> {
    let program = POLICY.program();
    Plan::new(&program.schema, &program.zone, EventsRead::of(program))
}

/// The same with what was learnt of other files.
fn records_by(decoder: &mut Decoder<'_>, plan: &Plan<'_>, input: &[u8], format: Format) -> Vec<String> {
    let mut reader =
        LeadReader::open(Box::new(std::io::Cursor::new(input.to_vec())), Some(format), plan).expect("opens");
    let mut out = Vec::new();
    while let Some(batch) = reader.next_batch().expect("reads") {
        let arena = Bump::new();
        decoder.decode(&batch, None, None, &arena, &mut |record| {
            out.push(match record {
                Decoded::Lead { lead, problems, .. } => format!("{lead:?} {problems:?}"),
                Decoded::Reject(reject) if reject.kind == RejectKind::Malformed => "malformed".to_owned(),
                Decoded::Reject(reject) => format!("{:?} {:?} {}", reject.kind, reject.key, reject.detail),
            });
        });
    }
    out
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z /.-]{0,20}".prop_map(|text| format!("\"{text}\"")),
        1 => prop_oneof![Just("\"Head of \\u0056P\""), Just("\"vp, sales\""), Just("\"US\""), Just("\"x\\ty\"")].prop_map(str::to_owned),
        2 => "-?[0-9]{1,4}".prop_map(|digits| digits.parse::<i64>().map_or_else(|_| "0".to_owned(), |n| n.to_string())),
        1 => prop_oneof![Just("null"), Just("true"), Just("[1,{\"id\":2}]"), Just("{\"size\":120,\"a\":[]}"), Just("1.5e3")].prop_map(str::to_owned),
    ]
}

/// Records much alike: the same keys in the same order, some left out, some twice, some that nobody reads.
fn record() -> impl Strategy<Value = String> {
    let keys = [
        "id",
        "mail",
        "name",
        "title",
        "country",
        "a_rather_long_key_that_nobody_reads_at_all",
        "company",
        "company.size",
        "created_at",
    ];
    let entry = |key: &'static str| {
        (prop::option::weighted(0.85, value()), prop::bool::weighted(0.1)).prop_map(move |(value, blank)| {
            value.map(|value| if blank { format!("\"{key}\" : {value}") } else { format!("\"{key}\":{value}") })
        })
    };
    let event =
        (prop_oneof![Just("seen"), Just("bought"), Just("other")], 0u32..120, prop::option::of(value()), any::<bool>())
            .prop_map(|(ty, days, extra, swapped)| {
                let at = format!("\"at\":\"2026-{:02}-{:02}T10:00:00Z\"", 7 + days / 30, 1 + days % 30);
                let ty = format!("\"type\":\"{ty}\"");
                let extra =
                    extra.map_or(String::new(), |extra| format!(",\"path\":{extra},\"amount\":{extra},\"ref\":\"x\""));
                if swapped { format!("{{{at},{ty}{extra}}}") } else { format!("{{{ty},{at}{extra}}}") }
            });
    let entries: Vec<_> = keys.into_iter().map(entry).collect();
    (entries, prop::collection::vec(event, 0..6)).prop_map(|(entries, events)| {
        let mut parts: Vec<String> = entries.into_iter().flatten().collect();
        parts.push(format!("\"events\":[{}]", events.join(",")));
        format!("{{{}}}", parts.join(","))
    })
}

fn mutated() -> impl Strategy<Value = String> {
    (record(), prop::option::weighted(0.3, (any::<prop::sample::Index>(), "[{}\\[\\]:,\"\\\\ 0e.tn\u{1}]?"))).prop_map(
        |(text, change)| {
            let mut chars: Vec<char> = text.chars().collect();
            if let Some((place, with)) = change {
                let place = place.index(chars.len());
                chars.splice(place..=place, with.chars());
            }
            chars.into_iter().collect()
        },
    )
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("SKIPPING_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    /// What was learnt of earlier records changes nothing, and what serde_json refuses is malformed.
    #[test]
    fn json_records_are_read_as_each_alone(lines in prop::collection::vec(mutated(), 1..12)) {
        let together = records(lines.join("\n").as_bytes(), Format::Ndjson);
        prop_assert_eq!(together.len(), lines.len());
        let (plan, all) = (plan(), lines.join("\n").into_bytes());
        let mut decoder = Decoder::new(&plan);
        for _ in 0..2 {
            prop_assert_eq!(&records_by(&mut decoder, &plan, &all, Format::Ndjson), &together);
        }
        for (line, found) in lines.iter().zip(together) {
            let alone = records(line.as_bytes(), Format::Ndjson);
            prop_assert_eq!(&found, &alone[0], "{}", line);
            let theirs = serde_json::from_str::<serde_json::Value>(line);
            prop_assert_eq!(found == "malformed", theirs.is_err(), "{}: {:?}", line, theirs);
        }
    }

    /// A line is read before it is known where it ends: what stands behind it is never part of it.
    #[test]
    fn a_record_ends_with_its_line(
        lines in prop::collection::vec((mutated(), "[ \\t\\r]{0,1}|[{}\\[\\],\"n ]{0,2}"), 1..8),
        breaks in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![3 => Just("\n"), 1 => Just("\r\n"), 1 => Just(" ")]), 0..4),
    ) {
        let mut chars: Vec<char> = lines.iter().flat_map(|(line, end)| [line.as_str(), end, "\n"]).flat_map(str::chars).collect();
        for (place, text) in breaks {
            let place = place.index(chars.len());
            chars.splice(place..place, text.chars());
        }
        let text: String = chars.into_iter().collect();
        let blank = |line: &&str| !line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let alone: Vec<String> = text.split('\n').filter(blank).flat_map(|line| records(line.as_bytes(), Format::Ndjson)).collect();
        prop_assert_eq!(records(text.as_bytes(), Format::Ndjson), alone, "{}", text);
    }

    /// Rows without quotes take a way of their own: the same as when every cell stands in quotes.
    #[test]
    fn plain_rows_are_read_as_quoted_ones(rows in prop::collection::vec(prop::collection::vec("[a-zA-Z0-9 /.@ü]{0,18}", 5), 1..40), ends in any::<bool>()) {
        let end = if ends { "\r\n" } else { "\n" };
        let table = |quote: &str| {
            let mut text = format!("id,note,title,country,mail{end}");
            for (number, row) in rows.iter().enumerate() {
                let cells: Vec<String> = row.iter().map(|cell| format!("{quote}{cell}{quote}")).collect();
                text.push_str(&format!("k{number}{}{end}", cells.join(",").get(cells[0].len()..).unwrap_or_default()));
            }
            text
        };
        prop_assert_eq!(records(table("").as_bytes(), Format::Csv), records(table("\"").as_bytes(), Format::Csv));
    }

    /// A memory of texts changes no decision, whatever was decided before, nor does leaving out old events.
    #[test]
    fn a_memory_changes_nothing(lines in prop::collection::vec(record(), 1..20)) {
        let program = POLICY.program();
        let as_of = AsOf::parse("2026-11-01", &program.zone).expect("a day");
        let evaluator = Evaluator::new(program, as_of);
        let whole = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
        let since = whole.clone().since(|ty| evaluator.oldest(ty));
        let mut memo = evaluator.memo();
        let outcomes = |plan: &Plan<'_>, memo: &mut Option<&mut qualify::eval::Memo>| {
            let input = lines.join("\n").into_bytes();
            let mut reader = LeadReader::open(Box::new(std::io::Cursor::new(input)), Some(Format::Ndjson), plan).expect("opens");
            let mut out = Vec::new();
            while let Some(batch) = reader.next_batch().expect("reads") {
                let arena = Bump::new();
                batch.decode(plan, None, &arena, &mut |record| {
                    if let Decoded::Lead { lead, .. } = record {
                        let lead_arena = Bump::new();
                        out.push(match memo {
                            Some(memo) => format!("{:?}", evaluator.evaluate_with(&lead, memo, &lead_arena)),
                            None => format!("{:?}", evaluator.evaluate(&lead, &lead_arena)),
                        });
                    }
                });
                if let Some(memo) = memo {
                    memo.tidy();
                }
            }
            out
        };
        let plain = outcomes(&whole, &mut None);
        prop_assert_eq!(&plain, &outcomes(&whole, &mut Some(&mut memo)));
        prop_assert_eq!(&plain, &outcomes(&since, &mut Some(&mut memo)));
    }
}

#[test]
fn a_memory_is_bounded() {
    let program = POLICY.program();
    let evaluator = Evaluator::new(program, AsOf::parse("2026-11-01", &program.zone).expect("a day"));
    let mut memo = evaluator.memo();
    let title = program.schema.fields.iter().position(|field| field.name == "title").expect("a field");
    let arena = Bump::new();
    for round in 0..3 {
        for number in 0..40_000 {
            let text = format!(
                "{} of number {}",
                if number % 3 == 0 { "VP" } else { "Head" },
                number % 30_000 + round * 20_000
            );
            let fields = arena.alloc_slice_fill_copy(program.schema.fields.len(), qualify::model::Value::Missing);
            fields[title] = qualify::model::Value::Text(arena.alloc_str(&text));
            let lead = qualify::model::Lead { key: "k", fields, events: &[] };
            let lead_arena = Bump::new();
            let with = format!("{:?}", evaluator.evaluate_with(&lead, &mut memo, &lead_arena).points);
            if number % 50 == 0 {
                assert_eq!(with, format!("{:?}", evaluator.evaluate(&lead, &lead_arena).points), "{text}");
            }
            if number % 1000 == 0 {
                memo.tidy();
            }
        }
    }
}

#[test]
fn rows_that_were_looked_up_by_value_decide_alike() {
    let program = POLICY.program();
    let evaluator = Evaluator::new(program, AsOf::parse("2026-11-01", &program.zone).expect("a day"));
    let mut memo = evaluator.memo();
    let place = |name: &str| program.schema.fields.iter().position(|field| field.name == name).expect("a field");
    for (name, text) in
        [("mail", "a@free.example"), ("mail", "a@work.example"), ("title", "VP"), ("title", "chief of all")]
    {
        let field = qualify::model::FieldId(place(name) as u16);
        let mut fields = vec![qualify::model::Value::Missing; program.schema.fields.len()];
        fields[field.0 as usize] = qualify::model::Value::Text(text);
        let subjects = memo.subjects(field).to_vec();
        assert_eq!(subjects.len(), 1, "{name}");
        let row = evaluator.row(&mut memo, subjects[0], fields[field.0 as usize]);
        assert_ne!(row, qualify::eval::Row::NONE);
        let arena = Bump::new();
        let lead = qualify::model::Lead { key: "k", fields: &fields, events: &[] };
        memo.set(subjects[0], row);
        let with = format!("{:?}", evaluator.evaluate_with(&lead, &mut memo, &arena));
        assert_eq!(with, format!("{:?}", evaluator.evaluate(&lead, &arena)));
        // The row decides, not the text: it was not looked up again.
        let blank = vec![qualify::model::Value::Missing; program.schema.fields.len()];
        let other = qualify::model::Lead { key: "k", fields: &blank, events: &[] };
        memo.set(subjects[0], row);
        let by_row = evaluator.evaluate_with(&other, &mut memo, &arena);
        assert!(by_row.points.iter().any(|points| *points != 0));
    }
}

/// Leads with their events as one store or read beside them.
fn with_events(leads: &str, events: &str, beside: bool) -> Result<(Vec<String>, u64), String> {
    let program = POLICY.program();
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let open = |text: &str| Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    let mut reader = LeadReader::open(open(leads), Some(Format::Csv), &plan).map_err(|error| error.to_string())?;
    let mut sorted = SortedEvents::open(open(events), Some(Format::Csv), &plan).map_err(|error| error.to_string())?;
    let whole =
        EventStore::read(open(events), Some(Format::Csv), &plan, &mut |_| {}).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    while let Some(batch) = reader.next_batch().map_err(|error| error.to_string())? {
        let arena = Bump::new();
        let near = if beside { Some(sorted.of(&batch, &mut |_| {}).map_err(|error| error.to_string())?) } else { None };
        batch.decode(&plan, Some(near.as_ref().unwrap_or(&whole)), &arena, &mut |record| {
            if let Decoded::Lead { lead, .. } = record {
                out.push(format!("{lead:?}"));
            }
        });
    }
    if beside {
        let passed = sorted.finish(&mut |_| {}).map_err(|error| error.to_string())?;
        assert_eq!(passed.counts(), whole.counts());
        return Ok((out, passed.orphans()));
    }
    Ok((out, whole.orphans()))
}

#[test]
fn events_beside_their_leads_are_the_same_events() {
    // Sorted by key: leads without events, events without leads, several batches of each.
    let (mut leads, mut events) = (String::from("id,title,country,mail\n"), String::from("id,type,at,path,amount\n"));
    for number in 0..9000u32 {
        let key = format!("k{number:06}");
        if number % 7 != 0 {
            leads.push_str(&format!("{key},Head of something long enough to fill a batch,US,a@b.example\n"));
        }
        for event in 0..number * 7919 % 13 {
            let day = 1 + (number + event * 5) % 28;
            events.push_str(&format!(
                "{key},{},2026-10-{day:02}T10:00:00Z,/pricing,{event}\n",
                if event % 2 == 0 { "seen" } else { "bought" }
            ));
        }
    }
    let (whole, orphans) = with_events(&leads, &events, false).expect("reads");
    assert!(orphans > 1000);
    assert_eq!(with_events(&leads, &events, true).expect("reads"), (whole, orphans));
}

#[test]
fn events_in_another_order_are_an_error() {
    let leads = "id,title\nb,x\na,x\nc,x\n";
    let events = |keys: &[&str]| {
        let rows: Vec<String> = keys.iter().map(|key| format!("{key},seen,2026-10-01T10:00:00Z,/\n")).collect();
        format!("id,type,at,path\n{}", rows.concat())
    };
    assert!(with_events(leads, &events(&["b", "a", "a", "c"]), true).is_ok());
    let wrong = with_events(leads, &events(&["b", "zz", "c"]), true).expect_err("no lead zz");
    assert!(wrong.contains("`zz`"), "{wrong}");
}
