//! A file that several threads read at once, each at its own place.

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

/// An open file and its length.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    file: Arc<Mutex<File>>,
    length: u64,
}

impl Shared {
    pub fn new(file: File) -> std::io::Result<Shared> {
        let length = file.metadata()?.len();
        Ok(Shared { file: Arc::new(Mutex::new(file)), length })
    }

    /// Reads onto a buffer from a place in the file; how many bytes there were.
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut file = self.file.lock().map_err(|_| std::io::Error::other("a thread ended early"))?;
        file.seek(SeekFrom::Start(at))?;
        file.read(buffer)
    }
}

impl Length for Shared {
    fn len(&self) -> u64 {
        self.length
    }
}

/// Reads on from a place.
pub(super) struct Cursor {
    shared: Shared,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.shared.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl ChunkReader for Shared {
    type T = BufReader<Cursor>;

    fn get_read(&self, start: u64) -> Result<BufReader<Cursor>> {
        Ok(BufReader::with_capacity(1024, Cursor { shared: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // Before any memory is asked for: what a broken file declares may be anything.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at byte {start} of a file of {} bytes",
                self.length
            )));
        }
        let mut buffer = Vec::with_capacity(length);
        let mut file = self.file.lock().map_err(|_| std::io::Error::other("a thread ended early"))?;
        file.seek(SeekFrom::Start(start))?;
        // From the file itself, so that no memory is cleared that is written right after.
        let read = (&mut *file).take(length as u64).read_to_end(&mut buffer)?;
        drop(file);
        if read < length {
            return Err(ParquetError::EOF(format!("the file ends at byte {} while it is read", start + read as u64)));
        }
        Ok(buffer.into())
    }
}
