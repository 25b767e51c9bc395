//! The cells of fields.

use super::program;
use qualify::analysis::Cells;
use qualify::analysis::cells::{Exactness, FieldCells, Why};
use qualify::model::time::{AsOf, display_instant};
use qualify::model::{FieldId, Literal};

fn cells(text: &str, field: &str) -> FieldCells {
    let program = program(text);
    let as_of = AsOf::parse("2026-11-01", &program.zone).expect("an as-of");
    let id = program.schema.fields.iter().position(|known| known.name == field).expect("the field");
    Cells::of(&program, &as_of).field(FieldId(id as u16)).clone()
}

/// The values of the only field but the key of a policy with one check.
fn of(ty: &str, condition: &str) -> (Vec<String>, Exactness) {
    let text = format!("policy \"p\"\nlead {{ id text key  x {ty}  y {ty} }}\nfit f {{ c: {condition} }}");
    let found = cells(&text, "x");
    (found.values().map(show).collect(), found.exactness)
}

fn show(literal: &Literal) -> String {
    match literal {
        Literal::Missing => "missing".into(),
        Literal::Text(text) => format!("{text:?}"),
        Literal::Time(instant) => display_instant(*instant),
        Literal::Int(value) | Literal::Number(value) | Literal::Money(value) => value.to_string(),
        Literal::Date(day) => qualify::model::time::from_days(*day).to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Choice(choice) => format!("#{choice}"),
        Literal::List(values) => format!("{:?}", values.iter().map(show).collect::<Vec<_>>()),
    }
}

#[test]
fn numbers_fall_into_intervals() {
    let (values, exactness) = of("int", "x between 10 and 49 or x >= 500");
    assert_eq!(values, ["missing", "9", "10", "11", "49", "50", "500", "501"]);
    assert_eq!(exactness, Exactness::Exact);
    // 49.5 lies between 49 and 50: a whole number never does.
    assert_eq!(of("int", "x > 49.5").0, ["missing", "49", "50"]);
    assert_eq!(of("number", "x > 49.5").0, ["missing", "48000000", "49500000", "50000000"]);
    assert_eq!(of("money USD", "x >= 100k USD").0, ["missing", "999990000", "1000000000", "1000010000"]);
    assert_eq!(of("int", "x in [1, 3]").0, ["missing", "0", "1", "2", "3", "4"]);
}

#[test]
fn times_have_their_edges_at_the_as_of() {
    let (values, exactness) = of("time", "x within 30 days");
    assert_eq!(values, ["missing", "2026-10-02T23:59:59.998Z", "2026-10-02T23:59:59.999Z", "2026-11-02T00:00:00Z"]);
    assert_eq!(exactness, Exactness::Exact);
    assert_eq!(of("date", "age of x >= 30 days").0, ["missing", "2026-10-01", "2026-10-02", "2026-10-03"]);
    assert_eq!(of("date", "x is 2026-10-05").0, ["missing", "2026-10-04", "2026-10-05", "2026-10-06"]);
    assert_eq!(
        of("time", "x is 2026-10-05").0,
        ["missing", "2026-10-04T23:59:59.999Z", "2026-10-05T00:00:00Z", "2026-10-06T00:00:00Z"]
    );
}

#[test]
fn listed_values_are_all_there() {
    let (values, exactness) = of("one of [\"A\", \"B\"]", "x is \"A\"");
    assert_eq!((values, exactness), (vec!["missing".into(), "#0".into(), "#1".into()], Exactness::Every));
    assert_eq!(of("bool", "x").1, Exactness::Every);
}

#[test]
fn texts_have_a_witness_for_each_combination() {
    let (values, exactness) = of("text", "x is \"US\" or x in [\"CA\", \"GB\"]");
    assert_eq!(values, ["missing", "\"US\"", "\"ca\"", "\"something else\""]);
    assert_eq!(exactness, Exactness::Exact);
    let (values, exactness) = of("text", "x mentions \"ceo\" or x contains \"ceo\" or x starts with \"vp\"");
    assert_eq!(exactness, Exactness::Exact);
    // Mentions implies contains: six of eight.
    assert_eq!(values.len(), 1 + 6, "{values:?}");
    let (values, _) = of("text", "x is exactly \"FRIEND-26\"");
    assert_eq!(values, ["missing", "\"FRIEND-26\"", "\"friend-26\""]);
    let (values, exactness) = of("text", r#"x matches "^(test|qa)[0-9]+@""#);
    assert_eq!((values.len(), exactness), (3, Exactness::Exact));
}

#[test]
fn domains_have_an_address() {
    let (values, exactness) = of("text", "domain(x) in [\"gmail.com\", \"yahoo.com\"]");
    assert_eq!(values, ["missing", "\"someone@gmail.com\"", "\"someone@elsewhere.example\"", "\"someone\""]);
    assert_eq!(exactness, Exactness::Exact);
    let (values, exactness) = of("text", "domain(x) ends with \".edu\" or domain(x) contains \"mail\"");
    assert_eq!((values.len(), exactness), (1 + 5, Exactness::Exact), "{values:?}");
}

#[test]
fn long_lists_need_one_entry() {
    let entries: Vec<String> = (0..100_000).map(|n| format!("\"d{n}.example\"")).collect();
    let list = format!("[{}]", entries.join(", "));
    let text = format!("policy \"p\"\nlead {{ id text key  x text }}\nlist l = {list}\nfit f {{ c: domain(x) in l }}");
    let found = cells(&text, "x");
    assert_eq!(found.cells.len(), 4);
}

#[test]
fn lists_have_subsets_and_sizes() {
    let (values, exactness) = of("list of text", "x has \"dog\" and size(x) >= 3");
    assert_eq!(exactness, Exactness::Exact);
    // With and without a dog, of fewer than three, of three, of more.
    assert_eq!(values.len(), 1 + 2 * 3, "{values:?}");
    assert_eq!(of("list of text", "x has all of [\"a\", \"b\"] or x has \"c\"").0.len(), 1 + 4);
}

#[test]
fn what_relates_fields_is_sampled() {
    assert_eq!(of("int", "x > y").1, Exactness::Sampled(vec![Why::Compared]));
    assert_eq!(of("int", "x * y > 10").1, Exactness::Sampled(vec![Why::Calculated]));
    assert_eq!(of("bool", "x is y").1, Exactness::Every);
}

/// What rises or falls with a field turns at edges that are found by halving; beyond what numbers hold it is missing.
#[test]
fn what_is_worked_out_from_a_field_alone_has_edges() {
    let whole = |text: &str| text.parse::<i64>().expect("a whole number");
    let near = |condition: &str| -> Vec<i64> {
        let (values, exactness) = of("int", condition);
        assert_eq!(exactness, Exactness::Exact, "{condition}");
        values.iter().skip(1).map(|value| whole(value.as_str())).filter(|value| value.abs() < 1_000).collect()
    };
    assert_eq!(near("x * 2 > 10"), [5, 6]);
    assert_eq!(near("-x >= 3"), [-4, -3, -2]);
    assert_eq!(near("7 - x is 5"), [2, 3]);
    assert_eq!(near("max(x, 3) <= 4"), [3, 4, 5]);
    assert_eq!(near("(x otherwise 8) / 3 < 2"), [6, 7]);
}

/// Every literal of the examples is in a cell: nothing panics, everything used is found.
#[test]
fn the_examples_have_cells() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for story in std::fs::read_dir(examples).expect("examples").flatten() {
        let Some(program) = super::examples::example(&story.path()) else { continue };
        let as_of = AsOf::parse("2026-11-01", &program.zone).expect("an as-of");
        let cells = Cells::of(&program, &as_of);
        for (place, field) in program.schema.fields.iter().enumerate() {
            let found = cells.field(FieldId(place as u16));
            assert_eq!(found.cells[0].value, Literal::Missing);
            assert!(found.cells.len() >= 2, "{}", field.name);
            println!("{:<20} {:>3} {:?}", field.name, found.cells.len(), found.exactness);
        }
    }
}
