//! Every physical and logical type, and what the language reads of it.

use crate::write::{arrow_bytes, codes, columns, of_columns, timestamps};
use crate::{How, program, told};
use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::types::{Date32Type, Int32Type, Int64Type};
use arrow_array::*;
use arrow_buffer::{NullBuffer, i256};
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use qualify::data::Format;
use std::sync::Arc;

/// What a field of a type reads of a column, without the record's own words.
fn read(ty: &str, column: ArrayRef) -> Vec<String> {
    let policy = program(&format!("policy \"P\"\nlead {{ id text key  x {ty} }}\nstages {{ a  b: x is known }}"));
    let ids = StringArray::from_iter_values((0..column.len()).map(|row| format!("r{row}")));
    let rows = vec![("id", Arc::new(ids) as ArrayRef), ("x", column)];
    let lines = told(&policy, &columns(rows.clone()), How::File { spread: false }, None).unwrap();
    let arrow = arrow_bytes(&of_columns(rows), 2, Default::default(), true);
    assert_eq!(told(&policy, &arrow, How::Stream(Format::Arrow), None).unwrap(), lines);
    lines
        .iter()
        .map(|line| match line.split_once(", ") {
            Some((_, value)) if !line.starts_with("  ") => value.trim_end_matches(']').to_owned(),
            _ => line.split_once("value: ").unwrap().1.trim_end_matches(" }").to_owned(),
        })
        .collect()
}

fn array(values: impl Array + 'static) -> ArrayRef {
    Arc::new(values)
}

#[test]
fn whole_numbers_of_every_width() {
    for column in [
        array(Int8Array::from(vec![Some(7), None])),
        array(Int16Array::from(vec![Some(7), None])),
        array(Int32Array::from(vec![Some(7), None])),
        array(Int64Array::from(vec![Some(7), None])),
        array(UInt8Array::from(vec![Some(7), None])),
        array(UInt16Array::from(vec![Some(7), None])),
        array(UInt32Array::from(vec![Some(7), None])),
        array(UInt64Array::from(vec![Some(7), None])),
        array(Float32Array::from(vec![Some(7.0), None])),
        array(Float64Array::from(vec![Some(7.0), None])),
        array(Decimal32Array::from(vec![Some(700), None]).with_precision_and_scale(6, 2).unwrap()),
        array(Decimal64Array::from(vec![Some(700), None]).with_precision_and_scale(12, 2).unwrap()),
        array(Decimal128Array::from(vec![Some(700), None]).with_precision_and_scale(30, 2).unwrap()),
        array(Decimal256Array::from(vec![Some(i256::from_i128(700)), None]).with_precision_and_scale(50, 2).unwrap()),
        array(StringArray::from(vec![Some(" 7 "), None])),
        codes(&[Some("7"), None]),
    ] {
        assert_eq!(read("int", column.clone()), ["Int(7)", "Missing"], "{}", column.data_type());
        assert_eq!(read("number", column.clone()), ["Number(7000000)", "Missing"]);
        assert_eq!(read("money USD", column.clone()), ["Money(70000)", "Missing"]);
        let text = "Text(\"7\")";
        assert_eq!(read("text", column.clone()), [text, "Missing"]);
        assert_eq!(read("text missing [7]", column), ["Missing", "Missing"]);
    }
}

#[test]
fn numbers_that_cannot_be_read() {
    let wide = UInt64Array::from(vec![u64::MAX]);
    assert_eq!(read("int", array(wide.clone())), ["Missing", "\"18446744073709551615\", kind: TooLarge"]);
    assert_eq!(read("text", array(wide)), ["Text(\"18446744073709551615\")"]);
    let limit = Int64Array::from(vec![i64::MIN, 999_999_999_999_999_999]);
    assert_eq!(
        read("int", array(limit)),
        ["Missing", "\"-9223372036854775808\", kind: TooLarge", "Int(999999999999999999)"]
    );
    let odd = Float64Array::from(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 3.5, 1e300, -0.0, 0.1]);
    assert_eq!(
        read("int", array(odd.slice(0, 4))),
        [
            "Missing",
            "\"NaN\", kind: NotANumber",
            "Missing",
            "\"Infinity\", kind: NotANumber",
            "Missing",
            "\"-Infinity\", kind: NotANumber",
            "Missing",
            "\"3.5\", kind: NotWhole"
        ]
    );
    let numbers = read("number", array(odd));
    assert_eq!(numbers[6], "Number(3500000)");
    assert!(numbers[8].starts_with("\"1000000") && numbers[8].ends_with("kind: TooLarge"), "{}", numbers[8]);
    assert_eq!(numbers[9..], ["Number(0)", "Number(100000)"]);
    // A float of 32 bits is read by its own digits.
    assert_eq!(read("number", array(Float32Array::from(vec![0.1]))), ["Number(100000)"]);
    let cents = Decimal128Array::from(vec![-5, 123_456_789]).with_precision_and_scale(20, 7).unwrap();
    assert_eq!(read("number", array(cents)), ["Number(-1)", "Number(12345679)"]);
    assert_eq!(read("int", array(BooleanArray::from(vec![true]))), ["Missing", "\"true\", kind: WrongType"]);
}

#[test]
fn yes_and_no() {
    assert_eq!(
        read("bool", array(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ["Bool(true)", "Bool(false)", "Missing"]
    );
    assert_eq!(
        read("bool", array(Int8Array::from(vec![1, 0, 2]))),
        ["Bool(true)", "Bool(false)", "Missing", "\"2\", kind: WrongType"]
    );
    assert_eq!(read("bool", codes(&[Some("Yes"), Some("no")])), ["Bool(true)", "Bool(false)"]);
}

const NOON: i64 = 1_790_856_000_123;

#[test]
fn instants_of_every_unit() {
    for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
        let cut = if unit == TimeUnit::Second { 123 } else { 0 };
        for zone in [Some("UTC"), Some("+02:00"), Some("America/New_York")] {
            let found = read("time", timestamps(unit, zone, &[Some(NOON), None, Some(-1)]));
            assert_eq!(
                found,
                [
                    format!("Time({})", NOON - cut),
                    "Missing".into(),
                    format!("Time({})", if cut > 0 { -1000 } else { -1 })
                ]
            );
        }
        // Without a zone it is a clock's reading in the policy's.
        let local = read("time", timestamps(unit, None, &[Some(NOON)]));
        assert_eq!(local, [format!("Time({})", NOON - cut)]);
        assert_eq!(
            read("date", timestamps(unit, Some("UTC"), &[Some(NOON)])),
            [format!("Date({})", NOON.div_euclid(86_400_000))]
        );
        // A format is for texts.
        assert_eq!(read("time format \"%d.%m.%Y\"", timestamps(unit, Some("UTC"), &[Some(0)])), ["Time(0)"]);
    }
    let finer = TimestampNanosecondArray::from(vec![-1, 1_999_999]).with_timezone("UTC");
    assert_eq!(read("time", array(finer)), ["Time(-1)", "Time(1)"]);
    assert_eq!(
        read("text", timestamps(TimeUnit::Millisecond, Some("UTC"), &[Some(NOON)])),
        ["Text(\"2026-10-01T12:00:00.123Z\")"]
    );
    let far = TimestampSecondArray::from(vec![i64::MAX, 300_000_000_000]).with_timezone("UTC");
    let far = read("time", array(far));
    assert!(far[1].ends_with("kind: NotATime") && far[3].ends_with("kind: NotATime"), "{far:?}");
    assert_eq!(
        read("int", timestamps(TimeUnit::Second, None, &[Some(0)])),
        ["Missing", "\"1970-01-01T00:00:00\", kind: WrongType"]
    );
}

#[test]
fn a_clocks_reading_is_in_the_policys_zone() {
    let policy = program(
        "policy \"P\"\ntimezone \"America/New_York\"\nlead { id text key  x time  d date }\nstages { a  b: x is known and d is known }",
    );
    let noon = timestamps(TimeUnit::Microsecond, None, &[Some(NOON)]);
    let late = timestamps(TimeUnit::Microsecond, Some("UTC"), &[Some(NOON - 10 * 3_600_000)]);
    let bytes = columns(vec![("id", array(StringArray::from(vec!["a"]))), ("x", noon), ("d", late)]);
    let lines = told(&policy, &bytes, How::File { spread: false }, None).unwrap();
    // 12:00 in New York is 16:00 in UTC; 02:00 in UTC is the evening before there.
    assert_eq!(lines, [format!("1: a [Text(\"a\"), Time({}), Date(20726)]", NOON + 4 * 3_600_000)]);
}

#[test]
fn days() {
    let days = Date32Array::from(vec![Some(20_727), None]);
    assert_eq!(read("date", array(days.clone())), ["Date(20727)", "Missing"]);
    assert_eq!(read("time", array(days.clone())), ["Time(1790812800000)", "Missing"]);
    assert_eq!(read("text", array(days)), ["Text(\"2026-10-01\")", "Missing"]);
    assert_eq!(read("date", array(Date64Array::from(vec![NOON]))), ["Date(20727)"]);
    let far = read("date", array(Date32Array::from(vec![i32::MAX, i32::MIN, 2_932_896])));
    assert_eq!(far[4..], ["Date(2932896)"]);
    assert!(far[1].ends_with("kind: NotATime") && far[3].ends_with("kind: NotATime"), "{far:?}");
}

#[test]
fn digits_are_epoch_milliseconds() {
    assert_eq!(
        read("time", array(Int64Array::from(vec![NOON, 1_790_856_000, -5]))),
        [
            format!("Time({NOON})"),
            "Missing".into(),
            "\"1790856000\", kind: Seconds".into(),
            "Missing".into(),
            "\"-5\", kind: NotATime".into()
        ]
    );
}

#[test]
fn texts_of_every_kind() {
    for column in [
        array(StringArray::from(vec![Some(" a "), None, Some("")])),
        array(LargeStringArray::from(vec![Some(" a "), None, Some("")])),
        array(StringViewArray::from(vec![Some(" a "), None, Some("")])),
        array(BinaryArray::from(vec![Some(b" a ".as_slice()), None, Some(b"")])),
        array(LargeBinaryArray::from(vec![Some(b" a ".as_slice()), None, Some(b"")])),
        codes(&[Some(" a "), None, Some("")]),
    ] {
        assert_eq!(read("text", column.clone()), ["Text(\"a\")", "Missing", "Missing"], "{}", column.data_type());
        assert_eq!(read("one of [\"A\", \"B\"]", column), ["Choice(0)", "Missing", "Missing"]);
    }
    assert_eq!(
        read("text", array(BinaryArray::from(vec![b"\xff".as_slice()]))),
        ["Missing", "\"(not UTF-8)\", kind: NotUtf8"]
    );
    let fixed = FixedSizeBinaryArray::try_from_iter([b"ab"].iter()).unwrap();
    assert_eq!(read("text", array(fixed)), ["Text(\"ab\")"]);
    assert_eq!(read("text", array(NullArray::new(2))), ["Missing", "Missing"]);
}

#[test]
fn lists() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("dog"), None, Some(" cat ")]);
    lists.append_null();
    lists.append_value(Vec::<Option<&str>>::new());
    let lists = lists.finish();
    assert_eq!(
        read("list of text", array(lists)),
        ["List([Text(\"dog\"), Text(\"cat\")])", "Missing", "List([])"].map(str::to_owned)
    );
    let numbers = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), Some(2)]), None]);
    assert_eq!(read("list of int", array(numbers)), ["List([Int(1), Int(2)])", "Missing"]);
    let fixed = FixedSizeListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1), Some(2)])], 2);
    assert_eq!(read("list of int", array(fixed)), ["List([Int(1), Int(2)])"]);
    let days = LargeListArray::from_iter_primitive::<Date32Type, _, _>(vec![Some(vec![Some(1)])]);
    assert_eq!(read("list of date", array(days)), ["List([Date(1)])"]);
    assert_eq!(read("list of text", array(StringArray::from(vec!["a; b"]))), ["List([Text(\"a\"), Text(\"b\")])"]);
}

#[test]
fn what_has_no_type_of_the_language() {
    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    map.keys().append_value("amount");
    map.values().append_value("12.5");
    map.keys().append_value("currency");
    map.values().append_value("usd");
    map.append(true).unwrap();
    let map = array(map.finish());
    assert_eq!(read("money USD", Arc::clone(&map)), ["Money(125000)"]);
    assert_eq!(read("text", map), ["Missing", "\"{amount: 12.5, currency: usd}\", kind: WrongType"]);
    let fields =
        Fields::from(vec![Field::new("amount", DataType::Int32, true), Field::new("currency", DataType::Utf8, true)]);
    let parts: Vec<ArrayRef> = vec![array(Int32Array::from(vec![5])), array(StringArray::from(vec!["EUR"]))];
    let records = array(StructArray::new(fields, parts, None));
    assert_eq!(read("money EUR", Arc::clone(&records)), ["Money(50000)"]);
    assert_eq!(read("money USD", records), ["Missing", "\"{amount: 5, currency: EUR}\", kind: OtherCurrency"]);
    let clock = array(Time64MicrosecondArray::from(vec![1]));
    assert_eq!(read("time", clock), ["Missing", "\"{}\", kind: WrongType"]);
}

#[test]
fn nested_records_and_the_whole_name() {
    let policy = program(
        "policy \"P\"\nlead { id text key  n int from \"company.size\"  m int from \"a.b.c\" }\nstages { s  t: n is known and m is known }",
    );
    let size: ArrayRef = array(Int32Array::from(vec![Some(1), Some(2), None]));
    let company = |nulls: Vec<bool>| {
        let field =
            Fields::from(vec![Field::new("size", DataType::Int32, true), Field::new("other", DataType::Int32, true)]);
        array(StructArray::new(field, vec![Arc::clone(&size), Arc::clone(&size)], Some(NullBuffer::from(nulls))))
    };
    let ids = || array(StringArray::from(vec!["a", "b", "c"]));
    let whole = array(Int64Array::from(vec![None, Some(9), Some(8)]));
    let told = |bytes: &[u8]| told(&policy, bytes, How::File { spread: false }, None).unwrap();
    let nested = columns(vec![("id", ids()), ("company", company(vec![true, false, true])), ("a.b.c", whole.clone())]);
    assert_eq!(
        told(&nested),
        [
            "1: a [Text(\"a\"), Int(1), Missing]",
            "2: b [Text(\"b\"), Missing, Int(9)]",
            "3: c [Text(\"c\"), Missing, Int(8)]"
        ]
    );
    // A column of exactly the name comes first, also where it is null.
    let both = columns(vec![
        ("id", ids()),
        ("company", company(vec![true; 3])),
        ("company.size", whole.clone()),
        ("a", whole),
    ]);
    assert_eq!(
        told(&both),
        [
            "1: a [Text(\"a\"), Missing, Missing]",
            "2: b [Text(\"b\"), Int(9), Missing]",
            "3: c [Text(\"c\"), Int(8), Missing]"
        ]
    );
}
