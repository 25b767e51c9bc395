//! Input: formats, compression, the first look at a file.

use super::ReadError;
use std::io::{Cursor, ErrorKind, Read};

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Ndjson,
    /// An array of objects, one object, or several one after the other.
    Json,
    /// A table with a header, RFC 4180; also with semicolons or tabs.
    Csv,
    /// Typed columns in row groups.
    Parquet,
    /// Typed columns in record batches: Arrow IPC, a file (Feather) or a stream.
    Arrow,
}

impl Format {
    /// The format that a file's ending tells, without `.gz` and `.zst`: `.ndjson .jsonl .json .csv .tsv .parquet
    /// .arrow .arrows .feather .ipc`, any case.
    /// None means that the content is to decide.
    pub fn of(path: &str) -> Option<Format> {
        let path = path.to_ascii_lowercase();
        let path = [".gz", ".zst"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(&path);
        match path.rsplit_once('.')?.1 {
            "ndjson" | "jsonl" => Some(Format::Ndjson),
            "json" => Some(Format::Json),
            "csv" | "tsv" => Some(Format::Csv),
            "parquet" => Some(Format::Parquet),
            "arrow" | "arrows" | "feather" | "ipc" => Some(Format::Arrow),
            _ => None,
        }
    }
}

/// A byte stream of which the beginning is known.
pub(super) struct Source {
    input: Box<dyn Read + Send>,
    /// What has been read already, and is given again first.
    head: Vec<u8>,
    packed: bool,
}

/// How much of the beginning is looked at.
const HEAD: usize = 1 << 16;

impl Source {
    /// Takes off compression (by the content, not the name) and a byte order mark.
    pub fn open(mut input: Box<dyn Read + Send>) -> Result<Source, ReadError> {
        let head = read_head(&mut input).map_err(|error| ReadError::io(&error, false, 0))?;
        let packed = head.starts_with(&[0x1f, 0x8b]) || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        let (mut input, mut head) = if packed {
            let gzip = head.first() == Some(&0x1f);
            let whole = Cursor::new(head).chain(input);
            let mut plain: Box<dyn Read + Send> = if gzip {
                Box::new(flate2::read::MultiGzDecoder::new(whole))
            } else {
                let decoder = zstd::stream::read::Decoder::new(whole);
                Box::new(decoder.map_err(|error| ReadError::io(&error, true, 0))?)
            };
            let head = read_head(&mut plain).map_err(|error| ReadError::io(&error, true, 0))?;
            (plain, head)
        } else {
            (input, head)
        };
        if head.starts_with(&[0xef, 0xbb, 0xbf]) {
            head.drain(..3);
        }
        check(&head)?;
        // Blank lines before everything else are no part of any format, but count as lines.
        if head.len() < HEAD {
            input = Box::new(std::io::empty());
        }
        Ok(Source { input, head, packed })
    }

    /// The beginning, at most 64 KiB.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// What has been read already, and what follows.
    pub fn parts(self) -> (Vec<u8>, Box<dyn Read + Send>) {
        (self.head, self.input)
    }

    /// Whether the stream was compressed.
    pub fn packed(&self) -> bool {
        self.packed
    }

    /// Reads about `want` bytes more onto a buffer; how many there were, 0 at the end.
    pub fn read(&mut self, buffer: &mut Vec<u8>, want: usize) -> std::io::Result<usize> {
        let known = buffer.len();
        buffer.resize(known + want.max(self.head.len()), 0);
        let read = self.fill(buffer.get_mut(known..).unwrap_or_default());
        buffer.truncate(known + read.as_ref().map_or(0, |read| *read));
        read
    }

    /// Reads bytes into a buffer that the beginning fits into; how many there were, 0 at the end.
    pub fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Some(begin) = buffer.get_mut(..self.head.len()).filter(|begin| !begin.is_empty()) {
            begin.copy_from_slice(&self.head);
            return Ok(std::mem::take(&mut self.head).len());
        }
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

fn read_head(input: &mut Box<dyn Read + Send>) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Formats that are not read, told by their first bytes.
fn check(head: &[u8]) -> Result<(), ReadError> {
    let utf16 = head.starts_with(&[0xff, 0xfe])
        || head.starts_with(&[0xfe, 0xff])
        || matches!(head, [0, second, ..] if *second != 0)
        || matches!(head, [first, 0, third, 0, ..] if *first != 0 && *third != 0);
    if utf16 {
        let help = "save the file as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8";
        return Err(ReadError::new("the file is UTF-16, not UTF-8").help(help));
    }
    if head.starts_with(b"PK\x03\x04") {
        let help = "save the sheet as CSV (UTF-8), or unpack the archive";
        return Err(ReadError::new("the file is a spreadsheet or a zip archive").help(help));
    }
    Ok(())
}
