//! Hostile and odd input: each has one decided outcome, told in `docs/data.md`.

use bumpalo::Bump;
use qualify::base::Span;
use qualify::data::{
    Decoded, EventProblem, EventStore, EventsRead, Format, LeadReader, Output, Plan, ReadError, Seek, cell,
};
use qualify::model::time::{Zone, display_instant};
use qualify::model::{
    EventType, Field, FieldId, FieldPath, Lead, Problem, Reject, Scalar, Schema, Sentinels, Type, Value,
};
use std::io::{Read, Write};

fn field(name: &str, ty: Type) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        from: FieldPath::new(name),
        key: name == "id",
        required: false,
        known_from: None,
        fixed: false,
        ask: None,
        format: None,
        missing: Sentinels::default(),
        used: true,
        span: Span::default(),
    }
}

/// `id text key`, `name text`, `n int`, `tags list of text`, `size number from "company.size"`, and an event `visit`.
fn schema() -> Schema {
    let mut size = field("size", Type::One(Scalar::Number));
    size.from = FieldPath::new("company.size");
    let visit = EventType {
        name: "visit".to_owned(),
        label: "Visit".to_owned(),
        from: "Site Visit".to_owned(),
        fields: vec![field("path", Type::One(Scalar::Text)), field("seconds", Type::One(Scalar::Int))],
        used: true,
        span: Span::default(),
    };
    Schema {
        fields: vec![
            field("id", Type::One(Scalar::Text)),
            field("name", Type::One(Scalar::Text)),
            field("n", Type::One(Scalar::Int)),
            field("tags", Type::List(Scalar::Text)),
            size,
        ],
        key: Some(FieldId(0)),
        events: vec![visit],
        ..Schema::default()
    }
}

fn show(value: Value<'_>) -> String {
    match value {
        Value::Missing => "-".to_owned(),
        Value::Text(text) => text.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Number(value) => format!("{}e-6", value),
        Value::List(values) => format!("[{}]", values.iter().map(|value| show(*value)).collect::<Vec<_>>().join("|")),
        other => format!("{other:?}"),
    }
}

fn show_all(values: &[Value<'_>]) -> String {
    values.iter().map(|value| show(*value)).collect::<Vec<_>>().join(" ")
}

fn show_problem(problem: &Problem) -> String {
    let event = problem.event.map_or_else(String::new, |index| format!(" of event {index}"));
    format!("! {}{event} {}: {}", problem.field, problem.kind.as_str(), problem.value)
}

fn show_reject(reject: &Reject) -> String {
    let key = reject.key.as_deref().map_or_else(String::new, |key| format!(" {key}"));
    let field = reject.field.as_deref().map_or_else(String::new, |field| format!(" {field}"));
    format!("{}:{key} x {}{field}: {}", reject.line, reject.kind.as_str(), reject.detail)
}

fn show_lead(line: u64, lead: &Lead<'_>, problems: &[Problem]) -> Vec<String> {
    let mut lines = vec![format!("{line}: {} = {}", lead.key, show_all(&lead.fields[1..]))];
    lines.extend(lead.events.iter().map(|event| {
        let ty = if event.ty.is_some() { "visit" } else { "other" };
        let at = display_instant(event.at);
        format!("  {at} {ty} `{}` #{} {}", event.spelling, event.index, show_all(event.fields)).trim_end().to_owned()
    }));
    lines.extend(problems.iter().map(show_problem));
    lines
}

struct Case {
    schema: Schema,
    format: Option<Format>,
    events: EventsRead,
}

impl Case {
    fn of(format: impl Into<Option<Format>>) -> Case {
        Case { schema: schema(), format: format.into(), events: EventsRead::All }
    }

    fn run(&self, input: Box<dyn Read + Send>) -> Result<Vec<String>, ReadError> {
        let zone = Zone::default();
        let plan = Plan::new(&self.schema, &zone, self.events);
        let mut reader = LeadReader::open(input, self.format, &plan)?;
        let mut lines: Vec<String> = reader.warnings().iter().map(|warning| format!("? {}", warning.message)).collect();
        let mut bump = Bump::new();
        while let Some(batch) = reader.next_batch()? {
            batch.decode(&plan, None, &bump, &mut |decoded| match decoded {
                Decoded::Lead { line, lead, problems } => lines.extend(show_lead(line, &lead, &problems)),
                Decoded::Reject(reject) => lines.push(show_reject(&reject)),
            });
            bump.reset();
            reader.recycle(batch);
        }
        Ok(lines)
    }

    /// The same whether input comes at once or a byte at a time.
    fn read(&self, input: impl AsRef<[u8]>) -> Vec<String> {
        let bytes = input.as_ref().to_vec();
        let lines = self.run(Box::new(std::io::Cursor::new(bytes.clone()))).expect("readable input");
        let dripping = self.run(Box::new(Drip(bytes, 0))).expect("readable input");
        assert_eq!(lines, dripping);
        lines
    }

    fn fails(&self, input: impl AsRef<[u8]>) -> ReadError {
        let bytes = input.as_ref().to_vec();
        self.run(Box::new(std::io::Cursor::new(bytes))).expect_err("input that cannot be read")
    }
}

/// Gives a byte at a time.
struct Drip(Vec<u8>, usize);

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match (self.0.get(self.1), buffer.first_mut()) {
            (Some(byte), Some(place)) => {
                *place = *byte;
                self.1 += 1;
                Ok(1)
            }
            _ => Ok(0),
        }
    }
}

fn ndjson(input: impl AsRef<[u8]>) -> Vec<String> {
    Case::of(Format::Ndjson).read(input)
}

fn json(input: impl AsRef<[u8]>) -> Vec<String> {
    Case::of(Format::Json).read(input)
}

fn csv(input: impl AsRef<[u8]>) -> Vec<String> {
    Case::of(Format::Csv).read(input)
}

#[test]
fn ndjson_with_everything() {
    let input = "\u{feff}{\"id\":\" a \",\"name\":\"x\",\"n\":3.0,\"tags\":[\"p\",null,\" q \"],\"company\":{\"size\":1.5},\"rest\":{\"deep\":[1]}}\r\n\
        \r\n  \n{\"id\":7,\"company.size\":2,\"company\":{\"size\":3},\"tags\":\"p; q;\"}\n{\"id\":\"c\"}";
    assert_eq!(ndjson(input), ["1: a = x 3 [p|q] 1500000e-6", "4: 7 = - - [p|q] 2000000e-6", "5: c = - - - -"]);
}

#[test]
fn empty_input() {
    for format in [None, Some(Format::Ndjson), Some(Format::Json), Some(Format::Csv)] {
        for input in ["", "\n\r\n", "\u{feff}"] {
            assert_eq!(Case::of(format).read(input), ["? the file is empty"], "{format:?} {input:?}");
        }
    }
    assert_eq!(json("[]"), [""; 0]);
    assert_eq!(json(" [ ] \n"), [""; 0]);
    assert_eq!(csv("id,name,n,tags,company.size\n"), [""; 0]);
    assert_eq!(csv("id,name,n,tags,company.size"), [""; 0]);
}

#[test]
fn broken_json_spoils_one_record() {
    let input = "{\"id\":\"a\"}\n{\"id\":\"b\",\"n\":1,}\n{\"id\":\"c\"\n\"d\"\n{\"id\":\"e\"} x\nnope\n{\"id\":\"f\",\"z\":\"\\ud800\"}\n{\"id\":\"g\",\"z\":\"\u{1}\"}\n{\"id\":\"h\",\"z\":01}\n{\"id\":\"i\"}";
    assert_eq!(
        ndjson(input),
        [
            "1: a = - - - -",
            "2: b x malformed: column 17: expected a key in double quotes, found `}`",
            "3: c x malformed: column 10: the record ends within a value",
            "4: x not-a-record: expected an object, `{…}`",
            "5: e x malformed: column 12: more text after the record, found `x`",
            "6: x malformed: column 1: expected a value, found `n`",
            "7: f x malformed: column 22: half of a surrogate pair in a string",
            "8: g x malformed: column 16: a control character in a string",
            "9: h x malformed: column 17: not a JSON number, found `}`",
            "10: i = - - - -",
        ]
    );
}

#[test]
fn not_utf8_spoils_one_record() {
    let input = b"{\"id\":\"a\"}\n{\"id\":\"b\",\"name\":\"\xff\"}\n{\"id\":\"\xc3\xa9\"}\n";
    assert_eq!(ndjson(input), ["1: a = - - - -", "2: x not-utf8: column 19: not UTF-8", "3: é = - - - -"]);
    // Two cells that are a character only together.
    assert_eq!(
        csv(b"id,name,n,tags,company.size\na\xc3,\xa9,1,,\n"),
        ["2: x no-key id: `id` cannot be read: not UTF-8: `(not UTF-8)`"]
    );
    let input = b"id,name,n,tags,company.size\na,\xff,1,,\n\xff,x,2,,\nb,x,3,,\n";
    assert_eq!(
        csv(input),
        [
            "2: a = - 1 - -",
            "! name not-utf8: (not UTF-8)",
            "3: x no-key id: `id` cannot be read: not UTF-8: `(not UTF-8)`",
            "4: b = x 3 - -"
        ]
    );
}

#[test]
fn nul_bytes() {
    assert_eq!(
        ndjson("{\"id\":\"a\0\"}\n{\"id\":\"b\"}\0\n"),
        [
            "1: x malformed: column 9: a control character in a string",
            "2: b x malformed: column 11: more text after the record",
        ]
    );
    assert_eq!(csv("id,name,n,tags,company.size\na,x\0y,,,\n"), ["2: a = x\0y - - -"]);
}

#[test]
fn nesting_has_a_limit() {
    let deep = |depth: usize| format!("{{\"id\":\"a\",\"z\":{}1{}}}\n", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(ndjson(deep(511)), ["1: a = - - - -"]);
    assert_eq!(
        ndjson(deep(512) + "{\"id\":\"b\"}"),
        ["1: a x too-deep: column 526: nested deeper than 512 levels", "2: b = - - - -"]
    );
    assert_eq!(ndjson(deep(10_000)).len(), 1);
    assert_eq!(
        json(format!("[{},{{\"id\":\"b\"}}]", deep(10_000).trim())),
        ["1: a x too-deep: byte 526: nested deeper than 512 levels", "2: b = - - - -"]
    );
}

#[test]
fn numbers_of_any_size() {
    let digits = "9".repeat(400);
    let input = format!(
        "{{\"id\":\"a\",\"n\":1e400}}\n{{\"id\":\"b\",\"n\":{digits}}}\n{{\"id\":\"c\",\"n\":1e-400}}\n{{\"id\":{digits}9}}\n"
    );
    let lines = ndjson(input);
    assert_eq!(lines[0], "1: a = - - - -");
    assert_eq!(lines[1], "! n too-large: 1e400");
    assert!(lines[3].starts_with("! n too-large: 9999"), "{}", lines[3]);
    assert!(lines[3].chars().count() < 130, "a value is shown with 100 characters at most");
    assert_eq!(lines[5], "! n not-whole: 1e-400");
    assert!(
        lines[6].starts_with("4: x no-key id: `id` cannot be read: too many digits before the point"),
        "{}",
        lines[6]
    );
}

#[test]
fn of_equal_keys_the_last_counts() {
    let input = "{\"id\":\"a\",\"n\":1,\"n\":2,\"company\":{\"size\":1},\"company\":{},\"events\":[{\"type\":\"x\",\"at\":\"2026-01-01\"}],\"events\":[]}\n\
        {\"id\":\"b\",\"n\":1,\"n\":null,\"\\u006e\":4}";
    assert_eq!(ndjson(input), ["1: a = - 2 - -", "2: b = - 4 - -"]);
}

#[test]
fn keys_and_required_fields() {
    assert_eq!(
        ndjson("{}\n{\"id\":null}\n{\"id\":\"  \"}\n{\"id\":[1]}\n{\"id\":-0.50}"),
        [
            "1: x no-key id: `id` is missing",
            "2: x no-key id: `id` is missing",
            "3: x no-key id: `id` is missing",
            "4: x no-key id: `id` cannot be read: not of the field's type: `[1]`",
            "5: -0.5 = - - - -",
        ]
    );
    let mut case = Case::of(Format::Ndjson);
    case.schema.fields[2].required = true;
    case.schema.fields[2].used = false;
    assert_eq!(
        case.read("{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\"}\n{\"id\":\"c\",\"n\":\"many\"}"),
        [
            "1: a = - 1 - -",
            "2: b x no-required-field n: `n` is missing",
            "3: c x no-required-field n: `n` cannot be read: not a number: `many`",
        ]
    );
    case.schema.key = None;
    case.schema.fields[2].required = false;
    let lines = case.read("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n[]\n{\"id\":\"c\"}");
    let keys: Vec<&str> = lines.iter().map(|line| line.split(" = ").next().expect("a part")).collect();
    assert_eq!(keys, ["1: 1", "3: 2", "4: x not-a-record: expected an object, `{…}`", "5: 4"]);
}

#[test]
fn events_inside_leads() {
    let input = r#"{"events":[{"seconds":"4","at":"2026-01-03","type":"Site Visit"},{"type":"site visit","at":"2026-01-01T00:00:00+01:00"},
        {"type":"Site Visit","at":1767225600000,"path":"/a"},{"type":"Site Visit","at":"2026-01-01","path":"/b","seconds":"x"},
        {"at":"2026-01-01"},{"type":"Site Visit"},{"type":"Site Visit","at":1767225600},null,{"type":5,"at":"2026-02-01T00:00:00Z"}],"id":"a"}"#
        .replace('\n', " ")
        + "\n{\"id\":\"b\",\"events\":null}\n{\"id\":\"c\",\"events\":\"[]\"}\n{\"id\":\"d\",\"events\":{}}";
    assert_eq!(
        ndjson(&input),
        [
            "1: a = - - - -",
            "  2025-12-31T23:00:00Z other `site visit` #1",
            "  2026-01-01T00:00:00Z visit `Site Visit` #2 /a -",
            "  2026-01-01T00:00:00Z visit `Site Visit` #3 /b -",
            "  2026-01-03T00:00:00Z visit `Site Visit` #0 - 4",
            "  2026-02-01T00:00:00Z other `5` #8",
            "! visit.seconds of event 3 not-a-number: x",
            "! type of event 4 event-without-type: ",
            "! at of event 5 event-without-time: ",
            "! at of event 6 epoch-seconds: 1767225600",
            "! events of event 7 not-events: null",
            "2: b = - - - -",
            "3: c = - - - -",
            "! events not-events: []",
            "4: d = - - - -",
            "! events not-events: {}",
        ]
    );
    let mut case = Case::of(Format::Ndjson);
    case.events = EventsRead::Used;
    assert_eq!(case.read(&input).iter().filter(|line| line.contains("other")).count(), 0);
    case.events = EventsRead::None;
    assert_eq!(case.read(&input), ["1: a = - - - -", "2: b = - - - -", "3: c = - - - -", "4: d = - - - -"]);
}

#[test]
fn events_at_the_end_of_a_path() {
    let mut case = Case::of(Format::Ndjson);
    case.schema.event_source.inside = FieldPath::new("company.log");
    let event = |at: &str| format!("[{{\"type\":\"t\",\"at\":\"{at}\"}}]");
    let (a, b) = (event("2026-01-01"), event("2026-01-02"));
    let input = format!(
        "{{\"id\":\"a\",\"company\":{{\"log\":{a},\"size\":1}}}}\n{{\"id\":\"b\",\"company.log\":{b},\"company\":{{\"log\":{a}}}}}\n\
         {{\"id\":\"c\",\"company\":{{\"log\":{a}}},\"company.log\":{b}}}\n{{\"id\":\"d\",\"company\":{{\"log\":{a}}},\"company\":1}}"
    );
    assert_eq!(
        case.read(input),
        [
            "1: a = - - - 1000000e-6",
            "  2026-01-01T00:00:00Z other `t` #0",
            "2: b = - - - -",
            "  2026-01-02T00:00:00Z other `t` #0",
            "3: c = - - - -",
            "  2026-01-02T00:00:00Z other `t` #0",
            "4: d = - - - -",
        ]
    );
}

#[test]
fn json_arrays() {
    assert_eq!(
        json(
            "[{\"id\":\"a]\\\"\"}, {\"id\":\"b\",\"tags\":[\"x\"]}\n,\n{\"id\":\"c\" \"n\":1},{\"id\":\"d}\n},{\"id\":\"e\"}]  \n"
        ),
        [
            "1: a]\" = - - - -",
            "2: b = - - [x] -",
            "3: c x malformed: byte 11: expected `,` or `}`, found `\"`",
            "4: x malformed: byte 10: a control character in a string",
            "5: e = - - - -",
        ]
    );
    assert_eq!(
        json("[{\"id\":\"a\"},,7,\"s\",{\"id\":\"b\"},]"),
        [
            "1: a = - - - -",
            "2: x malformed: expected a record before the comma",
            "3: x not-a-record: expected an object, `{…}`",
            "4: x not-a-record: expected an object, `{…}`",
            "5: b = - - - -",
            "6: x malformed: expected a record after the comma",
        ]
    );
    let rest = |input: &str| json(input).last().cloned().unwrap_or_default();
    assert_eq!(
        rest("[{\"id\":\"a\"},{\"id\":[}]},{}]"),
        "2: x malformed: brackets do not match: the rest of the file cannot be read"
    );
    assert_eq!(rest("[{\"id\":\"a\"}] {}"), "2: x malformed: more text after the end of the array");
    assert_eq!(rest("[{\"id\":\"a\"}"), "1: x malformed: the file ends within this record");
    assert_eq!(rest("[{\"id\":\"a\"},"), "2: x malformed: the file ends before its array does");
    assert_eq!(rest("[{\"id\":\"a\"},{\"id\":\"b"), "2: x malformed: the file ends within this record");
    assert_eq!(rest("["), "1: x malformed: the file ends before its array does");
}

#[test]
fn one_object_or_several() {
    assert_eq!(json("{\n  \"id\": \"a\",\n  \"n\": 1\n}\n"), ["1: a = - 1 - -"]);
    assert_eq!(json("{\n\"id\":\"a\"\n}\n{\n\"id\":\"b\"\n}"), ["1: a = - - - -", "2: b = - - - -"]);
    assert_eq!(json("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"), ["1: a = - - - -", "2: b = - - - -"]);
    assert_eq!(json("{\"id\":\"a\",\n{\"id\":\"b\"}\n")[1], "2: b = - - - -");
    assert_eq!(json("{\n\"id\":\"a\"\n"), ["1: x malformed: the file ends within this record"]);
}

#[test]
fn formats_are_told_by_name_or_content() {
    for (path, format) in [
        ("leads.ndjson", Some(Format::Ndjson)),
        ("a.b/leads.JSONL.gz", Some(Format::Ndjson)),
        ("leads.json.zst", Some(Format::Json)),
        ("leads.csv", Some(Format::Csv)),
        ("leads.tsv.gz", Some(Format::Csv)),
        ("leads.txt", None),
        ("-", None),
        ("leads.gz", None),
    ] {
        assert_eq!(Format::of(path), format, "{path}");
    }
    let guess = Case::of(None);
    assert_eq!(guess.read(" \n[{\"id\":\"a\"}]"), ["1: a = - - - -"]);
    assert_eq!(guess.read("\n{\"id\":\"a\"}\n"), ["2: a = - - - -"]);
    assert_eq!(guess.read("id,name,n,tags,company.size\na,,,,\n"), ["2: a = - - - -"]);
}

#[test]
fn tables() {
    let input = "\u{feff}id, name ,n,tags,company.size,extra\r\n\r\na,\"x \"\"y\"\"\nz\",1,p;q,2.5,\"b\nc\"\r\n b ,,,,,\r\nc,1,2\r\nd,1,2,3,4,5,6\r\n\"e\",z,,,1e1,";
    assert_eq!(
        csv(input),
        [
            "3: a = x \"y\"\nz 1 [p|q] 2500000e-6",
            "6: b = - - - -",
            "7: x malformed: the row has 3 cells, the header 6",
            "8: x malformed: the row has 7 cells, the header 6",
            "9: e = z - - 10000000e-6",
        ]
    );
}

#[test]
fn tables_with_other_delimiters_and_line_ends() {
    assert_eq!(csv("id;name;n;tags;company.size\na;\"1,5\";2;;\n"), ["2: a = 1,5 2 - -"]);
    assert_eq!(csv("id\tname\tn\ttags\tcompany.size\na\tx;y\t2\t\t\n"), ["2: a = x;y 2 - -"]);
    assert_eq!(csv("id,name,n,tags,company.size\ra,x,1,,\r\rb,y,2,,\r"), ["2: a = x 1 - -", "4: b = y 2 - -"]);
}

#[test]
fn quotes_that_are_not_closed() {
    let input = "id,name,n,tags,company.size\na,x,,,\nb,\"y,,,\nc,z,,,\n";
    let wrong = "3: x malformed: a quote is not closed: all that follows would be one cell";
    assert_eq!(csv(input), ["2: a = x - - -", wrong]);
    assert_eq!(csv(input.trim_end()), ["2: a = x - - -", wrong]);
}

#[test]
fn columns_that_are_not_there() {
    let case = Case::of(Format::Csv);
    assert_eq!(
        case.read("id,nam,n\na,x,1\n"),
        [
            "? there is no column `name`",
            "? there is no column `tags`",
            "? there is no column `company.size`",
            "2: a = - 1 - -"
        ]
    );
    let error = case.fails("idd,name\na,x\n");
    assert_eq!(
        (error.message.as_str(), error.help.as_deref()),
        ("there is no column `id`", Some("did you mean `idd`?"))
    );
    let error = case.fails("Customer,name\na,x\n");
    assert_eq!(error.help.as_deref(), Some("the columns are `Customer`, `name`"));
    let error = case.fails("id,name,name\n");
    assert_eq!(error.message, "two columns are called `name`: number 2 and 3");
    assert_eq!(case.read("id,name,n,tags,company.size,,\na,x,1,,,,\n"), ["2: a = x 1 - -"]);
    assert_eq!(case.read("id,name,n,tags,company.size,events\na,x,1,,,\nb,x,1,,,[]\n")[2], "! events not-events: []");
}

#[test]
fn utf16_and_other_formats_are_named() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for input in [wide("\u{feff}id,name"), wide("{\"id\":1}")] {
        for format in [None, Some(Format::Csv), Some(Format::Ndjson)] {
            assert_eq!(Case::of(format).fails(&input).message, "the file is UTF-16, not UTF-8");
        }
    }
    assert!(Case::of(None).fails(b"PAR1....").message.contains("Parquet"));
    assert!(Case::of(Format::Csv).fails(b"PK\x03\x04....").message.contains("spreadsheet"));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn compressed_input() {
    let lines: String = (0..50_000).map(|n| format!("{{\"id\":\"{n}\",\"n\":{n}}}\n")).collect();
    let case = Case::of(Format::Ndjson);
    let plain = case.run(Box::new(std::io::Cursor::new(lines.clone()))).expect("readable");
    let half = lines.len() / 2;
    let members = [gzip(&lines.as_bytes()[..half]), gzip(&lines.as_bytes()[half..])].concat();
    // With a checksum, as the command `zstd` writes it.
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("an encoder");
    encoder.include_checksum(true).expect("a checksum");
    encoder.write_all(lines.as_bytes()).expect("memory");
    let zstd = encoder.finish().expect("memory");
    for packed in [members, zstd] {
        assert_eq!(case.run(Box::new(std::io::Cursor::new(packed.clone()))).expect("readable"), plain);
        let error = case.fails(&packed[..packed.len() - 100]);
        assert!(error.message.starts_with("the compressed file is cut off or damaged after line "), "{error}");
        let mut damaged = packed;
        let middle = damaged.len() / 2;
        damaged[middle..middle + 200].fill(0x5a);
        assert!(case.fails(&damaged).message.contains("cut off or damaged"));
    }
}

/// A head, the same byte very often, a tail: without the memory for it.
struct Long {
    head: &'static [u8],
    filler: u8,
    left: usize,
    tail: &'static [u8],
}

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(buffer);
        }
        let length = self.left.min(buffer.len());
        if length > 0 {
            buffer[..length].fill(self.filler);
            self.left -= length;
            return Ok(length);
        }
        self.tail.read(buffer)
    }
}

#[test]
fn a_record_of_100_megabytes() {
    let long = |head, tail| Box::new(Long { head, filler: b'x', left: 100 << 20, tail });
    let lines =
        Case::of(Format::Ndjson).run(long(b"{\"id\":\"a\"}\n{\"id\":\"b", b"\"}\n{\"id\":\"c\"}\n")).expect("readable");
    assert_eq!(lines, ["1: a = - - - -", "2: x too-long: the line is longer than 16 MiB", "3: c = - - - -"]);
    let lines = Case::of(Format::Ndjson).run(long(b"{\"id\":\"b", b"")).expect("readable");
    assert_eq!(lines, ["1: x too-long: the line is longer than 16 MiB"]);
    let lines =
        Case::of(Format::Json).run(long(b"[{\"id\":\"a\"},{\"id\":\"b", b"\"},{\"id\":\"c\"}]")).expect("readable");
    assert_eq!(lines, ["1: a = - - - -", "2: x too-long: the record is longer than 16 MiB", "3: c = - - - -"]);
    let lines = Case::of(Format::Csv)
        .run(long(b"id,name,n,tags,company.size\na,,,,\nb,\"", b"\",,,\nc,,,,\n"))
        .expect("readable");
    assert_eq!(lines, ["2: a = - - - -", "3: x too-long: the row is longer than 16 MiB", "4: c = - - - -"]);
}

#[test]
fn records_across_blocks() {
    // Lines of many lengths, so that blocks end everywhere in them.
    let name = |n: usize| "é".repeat(n * 7919 % 3000);
    let records: Vec<String> = (0..3000).map(|n| format!("{{\"id\":\"{n}\",\"name\":\"{}\"}}", name(n))).collect();
    let expected: Vec<String> = (0..3000)
        .map(|n| format!("{} = {} - - -", n, if name(n).is_empty() { "-".to_owned() } else { name(n) }))
        .collect();
    let strip = |lines: Vec<String>| -> Vec<String> {
        lines.into_iter().filter_map(|line| line.split_once(": ").map(|(_, rest)| rest.to_owned())).collect()
    };
    let run =
        |format, text: String| strip(Case::of(format).run(Box::new(std::io::Cursor::new(text))).expect("readable"));
    assert_eq!(run(Format::Ndjson, records.join("\n")), expected);
    assert_eq!(run(Format::Json, format!("[{}]", records.join(",\n"))), expected);
    let rows: String = (0..3000).map(|n| format!("{n},{},,,\n", name(n))).collect();
    assert_eq!(run(Format::Csv, format!("id,name,n,tags,company.size\n{rows}")), expected);
}

#[test]
fn a_second_file_of_events() {
    let mut schema = schema();
    schema.event_source.lead = Some(FieldPath::new("person"));
    let zone = Zone::default();
    let plan = Plan::new(&schema, &zone, EventsRead::All);
    let table = "person,type,at,path,seconds\n b ,Site Visit,2026-01-02,/x,3\na,Other,2026-01-05,,\nb,Site Visit,2026-01-01,/y,many\n\
        ,Other,2026-01-01,,\nb,,2026-01-01,,\nb,Other,soon,,\nz,Other,2026-01-01,,\nz,Other,2026-01-02,,\nb,Other\n";
    let lines = "{\"person\":\"b\",\"type\":\"Site Visit\",\"at\":\"2026-01-02\",\"path\":\"/x\",\"seconds\":3}\n\
        {\"at\":\"2026-01-05\",\"person\":\"a\",\"type\":\"Other\"}\n";
    let read = |text: &'static str, format| {
        let mut wrong = Vec::new();
        let store = EventStore::read(Box::new(text.as_bytes()), format, &plan, &mut |problem| {
            wrong.push(match problem {
                EventProblem::Value { line, key, problem } => format!("{line}: {key} {}", show_problem(&problem)),
                EventProblem::Reject(reject) => show_reject(&reject),
            });
        });
        store.map(|store| (store, wrong))
    };
    let decode = |store: &EventStore| {
        // Events inside the leads do not count.
        let leads = "{\"id\":\"b\",\"events\":[{\"type\":\"Other\",\"at\":\"2026-03-01\"}]}\n{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"q\"}\n";
        let mut reader = LeadReader::open(Box::new(leads.as_bytes()), Some(Format::Ndjson), &plan).expect("readable");
        let bump = Bump::new();
        let mut lines = Vec::new();
        let batch = reader.next_batch().expect("readable").expect("a batch");
        batch.decode(&plan, Some(store), &bump, &mut |decoded| match decoded {
            Decoded::Lead { line, lead, problems } => lines.extend(show_lead(line, &lead, &problems)),
            Decoded::Reject(reject) => lines.push(show_reject(&reject)),
        });
        lines
    };
    let (store, wrong) = read(table, Some(Format::Csv)).expect("readable");
    assert_eq!(
        wrong,
        [
            "4: b ! visit.seconds of event 1 not-a-number: many",
            "5: x no-key person: `person` is missing",
            "6: b ! type of event 2 event-without-type: ",
            "7: b ! at of event 3 event-without-time: soon",
            "10: x malformed: the row has 2 cells, the header 5",
        ]
    );
    let counts = store.counts();
    assert_eq!((counts.records, counts.kept, counts.rejected, counts.unreadable), (9, 5, 2, 2));
    assert_eq!(
        decode(&store),
        [
            "1: b = - - - -",
            "  2026-01-01T00:00:00Z visit `Site Visit` #1 /y -",
            "  2026-01-02T00:00:00Z visit `Site Visit` #0 /x 3",
            "2: a = - - - -",
            "  2026-01-05T00:00:00Z other `Other` #0",
            "3: b = - - - -",
            "  2026-01-01T00:00:00Z visit `Site Visit` #1 /y -",
            "  2026-01-02T00:00:00Z visit `Site Visit` #0 /x 3",
            "4: q = - - - -",
        ]
    );
    assert_eq!(store.orphans(), 2);
    assert_eq!(store.orphan_keys().collect::<Vec<_>>(), ["z"]);

    let (store, wrong) = read(lines, None).expect("readable");
    assert_eq!(wrong, [""; 0]);
    assert_eq!(decode(&store)[1], "  2026-01-02T00:00:00Z visit `Site Visit` #0 /x 3");
    assert_eq!(store.orphans(), 0);

    let error = read("lead,type,at\n", Some(Format::Csv)).expect_err("no column of the key");
    assert_eq!(error.message, "there is no column `person`");
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["out.csv", "out.csv.gz", "out.csv.zst"] {
        let path = folder.path().join(name);
        let written = path.to_str().expect("a name");
        let mut dropped = Output::create(written).expect("a file");
        dropped.write_all(b"half").expect("written");
        drop(dropped);
        assert!(!path.exists());
        let mut output = Output::create(written).expect("a file");
        output.write_all(b"id\n1\n").expect("written");
        output.finish().expect("renamed");
        let bytes = std::fs::read(&path).expect("a file");
        let mut plain = Vec::new();
        match name.rsplit('.').next() {
            Some("gz") => flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).map(drop),
            Some("zst") => zstd::stream::copy_decode(&bytes[..], &mut plain),
            _ => std::io::copy(&mut &bytes[..], &mut plain).map(drop),
        }
        .expect("unpacked");
        assert_eq!(plain, b"id\n1\n");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 3, "no temporary file is left");
    assert!(Output::create(folder.path().to_str().expect("a name")).is_err());
    assert!(Output::create(folder.path().join("no/such/out.csv").to_str().expect("a name")).is_err());
    if cfg!(unix) {
        let output = Output::create("/dev/null").expect("a device");
        output.finish().expect("nothing to rename");
        assert!(!std::fs::metadata("/dev/null").expect("still there").is_file());
    }
}

#[test]
fn cells_are_no_formulas() {
    for (text, expected) in [
        ("plain", "plain"),
        ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""),
        ("=1+1", "\"'=1+1\""),
        ("@x", "\"'@x\""),
        ("-5", "\"'-5\""),
        ("\tx", "\"'\tx\""),
        ("+\"x\"", "\"'+\"\"x\"\"\""),
        ("", ""),
    ] {
        let mut out = String::new();
        cell(text, &mut out);
        assert_eq!(out, expected, "{text}");
    }
}

#[test]
fn batches_can_be_decoded_on_any_thread() {
    fn moves<T: Send>() {}
    fn shared<T: Sync>() {}
    moves::<LeadReader>();
    moves::<qualify::data::Batch>();
    shared::<qualify::data::Batch>();
    shared::<Plan<'static>>();
    shared::<EventStore>();
}

#[test]
fn a_policy_reads_files_of_its_folder_only() {
    use qualify::data::Folder;
    use qualify::syntax::{FileProblem, Files};
    let outside = tempfile::tempdir().expect("a folder");
    let inside = outside.path().join("policy");
    std::fs::create_dir_all(inside.join("lists")).expect("a folder");
    std::fs::write(outside.path().join("secret"), "s").expect("a file");
    std::fs::write(inside.join("lists/a.txt"), "a").expect("a file");
    let folder = Folder::of(inside.join("policy.qual"));
    assert_eq!(folder.read("lists/a.txt"), Ok(b"a".to_vec()));
    assert_eq!(folder.read("lists/b.txt"), Err(FileProblem::NotFound));
    assert_eq!(folder.read("lists/a.txt/b"), Err(FileProblem::NotFound));
    let outside_of = |path| matches!(folder.read(path), Err(FileProblem::Unreadable(why)) if why.contains("outside"));
    assert!(outside_of("../secret"));
    assert!(matches!(folder.read("lists"), Err(FileProblem::Unreadable(_))));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("secret"), inside.join("out")).expect("a link");
        std::os::unix::fs::symlink(inside.join("lists/a.txt"), inside.join("in")).expect("a link");
        assert!(outside_of("out"));
        assert_eq!(folder.read("in"), Ok(b"a".to_vec()));
    }
}

/// Looking for one key finds the same records, whatever stands around them: quotes, line ends in cells, keys inside other
/// cells and other keys, input that is cut anywhere.
#[test]
fn looking_for_a_key_finds_the_same_records_as_reading_all() {
    struct Slow(Vec<u8>, usize);
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let size = buffer.len().min(self.1).min(self.0.len());
            buffer[..size].copy_from_slice(&self.0[..size]);
            self.0.drain(..size);
            Ok(size)
        }
    }
    let (schema, zone) = (schema(), Zone::default());
    let plan = Plan::new(&schema, &zone, EventsRead::None);
    let found = |text: &str, piece: usize, seek: Option<&Seek>, key: &str| {
        let input = Box::new(Slow(text.as_bytes().to_vec(), piece));
        let mut reader = LeadReader::open(input, Some(Format::Csv), &plan).expect("a table");
        if let Some(seek) = seek {
            reader.sought(seek);
        }
        let mut found = Vec::new();
        while let Some(batch) = reader.next_batch().expect("a batch") {
            let arena = Bump::new();
            batch.decode_sought(&plan, seek, None, &arena, &mut |decoded| match decoded {
                Decoded::Lead { lead, line, .. } if lead.key == key => {
                    found.push((line, lead.fields.iter().map(|value| show(*value)).collect::<Vec<_>>()));
                }
                _ => {}
            });
        }
        found
    };
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let cells = [
        "k7",
        "k",
        "xk7",
        "k7x",
        "\"k7\"",
        "\"a\nk7,\"",
        "\"say \"\"k7\"\"\"",
        "a\"b",
        "",
        " k7 ",
        "7",
        "7.0",
        "7e0",
        "é",
    ];
    let mut all = 0;
    for round in 0..400 {
        let end = if round % 3 == 0 { "\r\n" } else { "\n" };
        let mut text = format!("name,id,n{end}");
        for _ in 0..next(30) {
            let mut cell = || cells[next(if round % 2 == 0 { 14 } else { 4 }) as usize];
            let row = format!("{},{},{}{end}", cell(), cell(), cell());
            text.push_str(&row);
        }
        for key in ["k7", "7"] {
            let seek = Seek::new([key], &plan);
            for piece in [3, 64, 100_000] {
                let (whole, sought) = (found(&text, piece, None, key), found(&text, piece, Some(&seek), key));
                assert_eq!(whole, sought, "{key} in pieces of {piece}:\n{text}");
                all += whole.len();
            }
        }
    }
    assert!(all > 1_000, "only {all}");
}
