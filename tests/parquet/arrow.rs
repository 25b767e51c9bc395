//! Arrow files and streams: what is broken or odd about them is told, and nothing is lost unsaid.

use crate::hostile::{policy, rows};
use crate::reference::generate::Rng;
use crate::write::{arrow_bytes, of_columns};
use crate::{How, told};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use qualify::data::Format;
use std::sync::Arc;

const WAY: How = How::Stream(Format::Arrow);

/// 3,000 leads in record batches of 1,000.
fn whole(file: bool) -> Vec<u8> {
    arrow_bytes(&rows(), 1000, Default::default(), file)
}

fn fails(bytes: &[u8]) -> String {
    told(&policy(), bytes, WAY, None).map(|lines| lines.len()).map_err(|error| error.message).unwrap_err()
}

#[test]
fn a_file_and_a_stream_are_read_wholly() {
    let rows = told(&policy(), &whole(true), WAY, None).unwrap();
    assert_eq!(rows.len(), 3000);
    assert!(rows[2999].starts_with("3000: lead-2999 "), "{}", rows[2999]);
    assert_eq!(told(&policy(), &whole(false), WAY, None).unwrap(), rows);
    assert_eq!(told(&policy(), &whole(true), How::File { spread: true }, None).unwrap(), rows);
    // Those who write streams need not say where they end.
    let stream = whole(false);
    assert_eq!(told(&policy(), &stream[..stream.len() - 8], WAY, None).unwrap(), rows);
    // Their beginning tells them as well as their name.
    for bytes in [whole(true), stream] {
        assert_eq!(told(&policy(), &bytes, How::Stream(Format::Csv), None).unwrap(), rows);
    }
}

#[test]
fn what_is_no_arrow() {
    for text in ["", "id,title\na,b\n", "ARROW", "PAR1"] {
        let message = fails(text.as_bytes());
        assert!(message.contains("is not Arrow IPC") || message.contains("Parquet"), "{text}: {message}");
    }
    assert_eq!(fails(b"FEA1 and more"), "the file is Feather of version 1, which nobody writes any more");
    let message = fails(b"ARROW1\0\0");
    assert!(message.starts_with("the Arrow file is cut off or damaged ("), "{message}");
    let message = fails(&[0xff; 4]);
    assert_eq!(message, "the Arrow file is cut off or damaged (it ends before its columns are told)");
}

#[test]
fn a_file_that_is_cut_off() {
    let (file, stream) = (whole(true), whole(false));
    let footer = file.len() - stream.len();
    for length in [9, 100, file.len() / 2, file.len() - footer, file.len() - 7, file.len() - 1] {
        let message = fails(&file[..length]);
        assert!(message.starts_with("the Arrow file is cut off or damaged"), "{length}: {message}");
    }
    for length in [4, 100, stream.len() / 2, stream.len() - 12] {
        let message = fails(&stream[..length]);
        assert!(message.starts_with("the Arrow file is cut off or damaged"), "{length}: {message}");
    }
    let message = fails(&stream[..stream.len() / 2]);
    assert!(message.starts_with("the Arrow file is cut off or damaged after row 1000"), "{message}");
    let message = fails(&[stream, b"more".to_vec()].concat());
    assert!(message.contains("there is more behind its end"), "{message}");
}

/// Any byte may be wrong: what comes is all rows, other rows or an error, and never a stop.
#[test]
fn wrong_bytes() {
    let mut rng = Rng::new(11);
    let runs = std::env::var("PARQUET_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(80);
    let mut errors = 0;
    for run in 0..runs {
        let mut bytes = whole(run % 2 == 0);
        for _ in 0..1 + rng.below(3) {
            // Half of them where the columns are told.
            let at = if rng.chance(50) { rng.below(700) } else { rng.below(bytes.len()) };
            bytes[at] = rng.below(256) as u8;
        }
        errors += usize::from(told(&policy(), &bytes, WAY, None).is_err());
    }
    assert!(errors > runs / 8, "{errors} errors");
}

#[test]
fn columns_that_are_not_there_and_no_rows() {
    let column = |name| vec![(name, Arc::new(StringArray::from(vec!["a"])) as ArrayRef)];
    let bytes = |rows: &RecordBatch| arrow_bytes(rows, 10, Default::default(), true);
    assert_eq!(fails(&bytes(&of_columns(column("ident")))), "there is no column `id`");
    let lines = told(&policy(), &bytes(&of_columns(column("id"))), WAY, None).unwrap();
    assert_eq!(lines, ["1: a [Text(\"a\"), Missing, Missing]"]);
    let none = rows().slice(0, 0);
    assert_eq!(told(&policy(), &bytes(&none), WAY, None).unwrap(), Vec::<String>::new());
}
