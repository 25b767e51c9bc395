//! Decisions as Parquet: the same cells as in the table.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};

const POLICY: &str = r#"
policy "P"
lead { id text key  country text  n number }
persona one: country is "US"
persona two: n >= 1
fit icp { us: country is "US" }
score s to 1000 { a: +1.25 if n >= 1  b: -0.0001 if country is "FR" }
bands heat of s { cold  warm from 1 }
matrix m of icp by heat { _: cold, warm  fits: x, y  unknown: z, z  fails: w, w }
disqualify { far: country is "AQ"  odd: n is -1 }
stages { lead  mql: icp fits }
route { out: disqualified  sales within 1 day: stage is mql }
"#;

fn qualify(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qualify")).args(args).current_dir(folder).output().unwrap()
}

/// A cell as the table has it.
fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Dictionary(_, _) => {
            let codes = column.as_dictionary::<Int32Type>();
            cell(codes.values().as_ref(), codes.keys().value(row) as usize)
        }
        DataType::List(_) => {
            let entries = column.as_list::<i32>().value(row);
            (0..entries.len()).map(|entry| cell(entries.as_ref(), entry)).collect::<Vec<_>>().join(";")
        }
        DataType::Decimal128(16, 4) => {
            qualify::model::number::display(column.as_primitive::<Decimal128Type>().value(row) as i64, 4).to_string()
        }
        DataType::Timestamp(_, Some(zone)) => {
            assert_eq!(&**zone, "UTC");
            qualify::model::time::display_instant(column.as_primitive::<TimestampMillisecondType>().value(row))
        }
        other => panic!("a column of {other}"),
    }
}

fn rows(path: &Path) -> Vec<String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let heads: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut lines = vec![heads.join(",")];
    for batch in reader.build().unwrap() {
        let batch: RecordBatch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let cells: Vec<String> = batch.columns().iter().map(|column| cell(column.as_ref(), row)).collect();
            lines.push(cells.join(","));
        }
    }
    lines
}

#[test]
fn the_cells_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("policy.qual"), POLICY).unwrap();
    let leads: String = (0..3000)
        .map(|row| {
            let country = ["\"US\"", "\"FR\"", "\"AQ\"", "null"][row % 4];
            format!("{{\"id\": \"{row}\", \"country\": {country}, \"n\": {}}}\n", row as i64 % 5 - 1)
        })
        .chain(["{}\n".to_owned()])
        .collect();
    std::fs::write(at("leads.ndjson"), leads).unwrap();
    let score = |more: &[&str]| {
        let args = [&["score", "policy.qual", "leads.ndjson", "--as-of", "2026-11-01"], more].concat();
        let ran = qualify(folder.path(), &args);
        assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    score(&["-o", "a.csv"]);
    let table = std::fs::read_to_string(at("a.csv")).unwrap().replace('"', "");
    let table: Vec<&str> = table.lines().collect();
    for more in
        [&["-o", "a.parquet"][..], &["-o", "a.parquet", "--threads", "2"], &["--format", "parquet", "-o", "a.parquet"]]
    {
        score(more);
        assert_eq!(rows(&at("a.parquet")), table);
    }
    assert_eq!(table.len(), 3001);
    assert!(table.iter().any(|row| row.contains("far;odd")), "two reasons");
    // What was written can be read: decisions as leads.
    std::fs::write(at("again.qual"), "policy \"Q\"\nlead { id text key from \"key\"  s number  personas list of text }\nstages { a  b: s >= 1 and personas has \"one\" }").unwrap();
    let ran = qualify(folder.path(), &["score", "again.qual", "a.parquet", "--as-of", "2026-11-01"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(text.lines().count(), 3001);
    assert!(text.lines().any(|line| line == "8,b,,,,"), "{}", &text[..200]);
}

#[test]
fn nothing_is_left_of_a_file_that_cannot_be_written_wholly() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("policy.qual"), POLICY).unwrap();
    std::fs::write(at("leads.parquet"), "PAR1 and nothing").unwrap();
    std::fs::write(at("a.parquet"), "before").unwrap();
    let ran = qualify(folder.path(), &["score", "policy.qual", "leads.parquet", "-o", "a.parquet"]);
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("leads.parquet") && said.contains("footer cannot be read"), "{said}");
    assert_eq!(std::fs::read_to_string(at("a.parquet")).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}
