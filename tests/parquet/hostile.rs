//! Broken and odd files of Parquet: each is told with its place, and nothing is lost unsaid.

use crate::reference::generate::Rng;
use crate::write::{codes, columns};
use crate::{How, program, told};
use arrow_array::*;
use parquet::file::properties::WriterProperties;
use qualify::check::hir::Program;
use std::sync::Arc;

pub fn policy() -> Program {
    program(
        "policy \"P\"\nlead { id text key  title text  n int }\nevent visit { path text }\nscore s { r: +1 per visit where (path is \"/\")  t: +1 if title mentions \"ceo\" and n > 3 }\nstages { a }",
    )
}

/// 3,000 leads.
pub fn rows() -> RecordBatch {
    let ids = StringArray::from_iter_values((0..3000).map(|row| format!("lead-{row}")));
    let titles = StringArray::from_iter((0..3000).map(|row| (row % 3 > 0).then(|| format!("title {}", row % 17))));
    let numbers = Int64Array::from_iter((0..3000).map(|row| (row % 5 > 0).then_some(row)));
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(ids) as ArrayRef),
        ("title", Arc::new(titles)),
        ("n", Arc::new(numbers)),
    ]);
    batch.unwrap()
}

/// 3,000 leads in row groups of 1,000.
fn whole() -> Vec<u8> {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1000)).build();
    crate::write::bytes(&rows(), properties)
}

const WAYS: [How; 2] = [How::File { spread: false }, How::File { spread: true }];

fn fails(bytes: &[u8]) -> String {
    let policy = policy();
    let [one, other] = WAYS.map(|how| told(&policy, bytes, how, None).map_err(|error| error.message));
    let (one, other) = (one.unwrap_err(), other.unwrap_err());
    assert_eq!(one, other);
    one
}

#[test]
fn a_whole_file_is_read_wholly() {
    for how in WAYS {
        let lines = told(&policy(), &whole(), how, None).unwrap();
        assert_eq!(lines.len(), 3000);
        assert!(lines[2999].starts_with("3000: lead-2999 "), "{}", lines[2999]);
    }
}

#[test]
fn what_is_no_parquet() {
    assert_eq!(fails(b""), "the file is not Parquet: it does not begin with `PAR1`");
    assert_eq!(fails(b"id,title\na,b\n"), "the file is not Parquet: it does not begin with `PAR1`");
    assert_eq!(fails(b"PARE and more"), "the Parquet file is encrypted");
    for cut in ["PAR1", "PAR1PAR1", "PAR1\0\0\0\0PAR1", "PAR1\u{7f}\u{7f}\u{7f}\u{7f}PAR1"] {
        let message = fails(cut.as_bytes());
        assert!(message.starts_with("the Parquet file is cut off or damaged: its footer cannot be read"), "{message}");
    }
}

#[test]
fn a_file_that_is_cut_off() {
    let whole = whole();
    for length in [4, 8, 100, whole.len() / 2, whole.len() - 1] {
        let message = fails(&whole[..length]);
        assert!(message.starts_with("the Parquet file is cut off or damaged"), "{message}");
    }
}

#[test]
fn a_page_that_is_damaged_is_told_with_its_rows() {
    let mut bytes = whole();
    // The pages of the second row group: somewhere in the middle of the data.
    let at = bytes.len() / 2;
    bytes[at - 400..at].fill(0xff);
    let message = fails(&bytes);
    assert!(message.starts_with("the Parquet file is damaged in row group 2 (rows 1001 to 2000)"), "{message}");
}

/// Any byte may be wrong: what comes is all rows, other rows or an error, and never a stop.
#[test]
fn wrong_bytes() {
    let (whole, policy) = (whole(), policy());
    let mut rng = Rng::new(7);
    let runs = std::env::var("PARQUET_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(80);
    let mut errors = 0;
    for _ in 0..runs {
        let mut bytes = whole.clone();
        let footer = bytes.len() - 900;
        for _ in 0..1 + rng.below(3) {
            // Half of them in the footer.
            let at = if rng.chance(50) { footer + rng.below(900) } else { rng.below(bytes.len()) };
            bytes[at] = rng.below(256) as u8;
        }
        for how in WAYS {
            match told(&policy, &bytes, how, None) {
                Ok(lines) => {
                    assert!(lines.iter().filter(|line| !line.starts_with("  ")).count() == 3000, "rows are lost")
                }
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > runs / 4, "{errors} errors");
}

#[test]
fn columns_that_are_not_there() {
    let ids = || Arc::new(StringArray::from(vec!["a"])) as ArrayRef;
    assert_eq!(fails(&columns(vec![("ident", ids())])), "there is no column `id`");
    let policy = policy();
    let lines = told(&policy, &columns(vec![("id", ids())]), WAYS[0], None).unwrap();
    assert_eq!(lines, ["1: a [Text(\"a\"), Missing, Missing]"]);
    let twice = columns(vec![("id", ids()), ("title", ids()), ("title", ids())]);
    assert_eq!(fails(&twice), "two columns are called `title`");
    let unread = columns(vec![("id", ids()), ("x", ids()), ("x", ids())]);
    assert!(told(&policy, &unread, WAYS[0], None).is_ok());
    let events = columns(vec![("id", ids()), ("type", ids())]);
    let error = told(&policy, &columns(vec![("id", ids())]), WAYS[0], Some((&events, WAYS[0]))).unwrap_err();
    assert_eq!(error.message, "there is no column `at`");
}

#[test]
fn columns_of_another_type() {
    let bytes = columns(vec![
        ("id", Arc::new(Int32Array::from(vec![Some(7), None, Some(8)])) as ArrayRef),
        ("title", Arc::new(Date32Array::from(vec![0, 1, 2]))),
        ("n", codes(&[Some("many"), Some("4"), None])),
        ("events", codes(&[Some("[]"), None, None])),
    ]);
    let lines = told(&policy(), &bytes, WAYS[0], None).unwrap();
    assert_eq!(
        lines,
        [
            "1: 7 [Text(\"7\"), Text(\"1970-01-01\"), Missing]",
            "  ! Problem { field: \"n\", event: None, value: \"many\", kind: NotANumber }",
            "  ! Problem { field: \"events\", event: None, value: \"[]\", kind: NotEvents }",
            "Reject { line: 2, key: None, field: Some(\"id\"), kind: NoKey, detail: \"`id` is missing\" }",
            "3: 8 [Text(\"8\"), Text(\"1970-01-03\"), Missing]",
        ]
    );
}

#[test]
fn no_rows_and_no_columns() {
    let none = columns(vec![("id", Arc::new(StringArray::from(Vec::<&str>::new())) as ArrayRef)]);
    assert_eq!(told(&policy(), &none, WAYS[0], None).unwrap(), Vec::<String>::new());
}
